//! Rows to columns: bucketed by the customers' keys, then sorted inside each bucket.

use std::borrow::Borrow;

use crate::parallel::{map_parts, map_runs, run_of};

use super::amounts::Amount;
use super::columns::{Cell, Columns};
use super::customer_id::CustomerId;
use super::rows::{Row, RowSource};
use super::sort_key::SortKeys;

/// Rows that a bucket should hold: its sort stays in the second-level cache.
const BUCKET: usize = 2_048;
/// More buckets than this cost more in scattered writes than they save.
const MOST_BUCKETS: usize = 4_096;

/// Customers in order with their columns, from rows in parts. `None` where a day's money or rows overflow.
pub(super) fn group<C: CustomerId, A: Amount>(
    rows: Vec<impl RowSource<C, A>>,
) -> Option<(Vec<C>, Columns<A>)> {
    let keys = SortKeys::of(|| rows.iter().flat_map(RowSource::customers));
    let parts = into_buckets(rows, &keys);
    let buckets = parts.first().map_or(0, Vec::len);
    let finished = map_runs(buckets, run_of(buckets), |run| {
        let count = parts.iter().flat_map(|part| &part[run.clone()]).map(Vec::len).sum();
        let mut columns = Columns::with_capacity(count);
        let mut customers = Vec::new();
        let mut bucket_sort = BucketSort::default();
        let mut rows: Vec<&Row<C, A>> = Vec::new();
        for bucket in run {
            match parts.as_slice() {
                [only] => {
                    bucket_sort.append(&only[bucket], &keys, &mut customers, &mut columns)?;
                }
                several => {
                    rows.clear();
                    rows.extend(several.iter().flat_map(|part| &part[bucket]));
                    bucket_sort.append(&rows, &keys, &mut customers, &mut columns)?;
                }
            }
        }
        Some((customers, columns))
    });
    drop(parts);
    let finished: Vec<_> = finished.into_iter().collect::<Option<_>>()?;
    let (customers, columns): (Vec<_>, Vec<_>) = finished.into_iter().unzip();
    let customers = customers.into_iter().reduce(|mut all, more| {
        all.extend(more);
        all
    });
    Some((customers.unwrap_or_default(), Columns::concat(columns)))
}

/// Puts rows into buckets of ascending ranges of keys: those of each part of the rows apart.
fn into_buckets<C: CustomerId, A: Amount, S: RowSource<C, A>>(
    parts: Vec<S>,
    keys: &SortKeys,
) -> Vec<Vec<Vec<Row<C, A>>>> {
    let rows: usize = parts.iter().map(RowSource::rows).sum();
    let count = (rows / BUCKET).next_power_of_two().min(MOST_BUCKETS);
    let keyed = map_parts(parts, |rows| {
        // Keys of text are read from scattered memory, so once; integers are their own.
        let known = (!keys.is_radix())
            .then(|| rows.customers().map(|customer| keys.key(customer)).collect::<Vec<_>>());
        let (mut least, mut most) = (u64::MAX, 0);
        for (position, customer) in rows.customers().enumerate() {
            let key = key_of(known.as_deref(), keys, position, customer);
            least = least.min(key);
            most = most.max(key);
        }
        (rows, known, least, most)
    });
    let least = keyed.iter().map(|part| part.2).min().unwrap_or(0);
    let most = keyed.iter().map(|part| part.3).max().unwrap_or(0);
    let key_bits = u64::BITS - most.saturating_sub(least).leading_zeros();
    let shift = key_bits.saturating_sub(count.trailing_zeros());
    map_parts(keyed, |(rows, known, ..)| {
        let bucket_of = |position: usize, customer: &C| {
            let key = key_of(known.as_deref(), keys, position, customer);
            (key - least).checked_shr(shift).unwrap_or(0) as usize
        };
        let mut sizes = vec![0_usize; count];
        for (position, customer) in rows.customers().enumerate() {
            sizes[bucket_of(position, customer)] += 1;
        }
        let mut buckets: Vec<Vec<Row<C, A>>> = sizes.into_iter().map(Vec::with_capacity).collect();
        for (position, row) in rows.into_rows().enumerate() {
            buckets[bucket_of(position, &row.customer)].push(row);
        }
        buckets
    })
}

#[inline]
fn key_of<C: CustomerId>(
    known: Option<&[u64]>,
    keys: &SortKeys,
    position: usize,
    customer: &C,
) -> u64 {
    known.map_or_else(|| keys.key(customer), |known| known[position])
}

/// Sorts buckets one after the other, with memory that is kept between them.
#[derive(Default)]
struct BucketSort {
    keys: Vec<u64>,
    packed: Vec<u64>,
    order: Vec<u32>,
}

impl BucketSort {
    fn append<C: CustomerId, A: Amount>(
        &mut self,
        bucket: &[impl Borrow<Row<C, A>>],
        keys: &SortKeys,
        customers: &mut Vec<C>,
        columns: &mut Columns<A>,
    ) -> Option<()> {
        let by_customer = |a: &Row<C, A>, b: &Row<C, A>| a.customer.cmp(&b.customer);
        self.order.clear();
        if !self.sort_packed(bucket, keys) {
            self.order.extend(0..bucket.len() as u32);
            let row = |position: &u32| -> &Row<C, A> { bucket[*position as usize].borrow() };
            self.order.sort_unstable_by(|a, b| {
                let (a, b) = (row(a), row(b));
                let by_key = keys.key(&a.customer).cmp(&keys.key(&b.customer));
                let by_id = by_key.then_with(|| by_customer(a, b));
                by_id.then(a.day.cmp(&b.day))
            });
        }
        let row = |position: &u32| -> &Row<C, A> { bucket[*position as usize].borrow() };
        for own in self.order.chunk_by(|a, b| row(a).customer == row(b).customer) {
            customers.push(row(&own[0]).customer.clone());
            columns.push_customer(own.iter().map(|position| {
                let row = row(position);
                (row.day, Cell::of_row(row.amount))
            }))?;
        }
        Some(())
    }

    /// Sorts by key and day as one number each, key above day above position, where keys are exact and the
    /// three fit 64 bits.
    fn sort_packed<C: CustomerId, A>(
        &mut self,
        bucket: &[impl Borrow<Row<C, A>>],
        keys: &SortKeys,
    ) -> bool {
        let rows = || bucket.iter().map(Borrow::borrow);
        self.keys.clear();
        self.keys.extend(rows().map(|row| keys.key(&row.customer)));
        let (mut least, mut most) = ((u64::MAX, i32::MAX), (0, i32::MIN));
        for (row, &key) in rows().zip(&self.keys) {
            least = (least.0.min(key), least.1.min(row.day));
            most = (most.0.max(key), most.1.max(row.day));
        }
        let bits = |range: u64| u64::BITS - range.leading_zeros();
        let position_bits = bits(bucket.len() as u64);
        let day_bits = bits(u64::from(most.1.abs_diff(least.1)));
        let key_bits = bits(most.0.saturating_sub(least.0));
        if !keys.is_exact() || key_bits + day_bits + position_bits > u64::BITS {
            return false;
        }
        let packed = |(position, (row, key)): (usize, (&Row<C, A>, &u64))| {
            let key = key - least.0;
            let day = u64::from(row.day.abs_diff(least.1));
            ((key << day_bits | day) << position_bits) | position as u64
        };
        self.packed.clear();
        self.packed.extend(rows().zip(&self.keys).enumerate().map(packed));
        self.packed.sort_unstable();
        let position = |packed: &u64| (packed & ((1 << position_bits) - 1)) as u32;
        self.order.extend(self.packed.iter().map(position));
        true
    }
}
