//! Rows to columns: bucketed by the customers' keys, then sorted inside each bucket.

use crate::parallel::{map_runs, run_of};

use super::amounts::Amount;
use super::columns::{Cell, Columns};
use super::customer_id::CustomerId;
use super::rows::{Chunks, Row};
use super::sort_key::SortKeys;

/// Rows that a bucket should hold: its sort stays in the second-level cache.
const BUCKET: usize = 2_048;
/// More buckets than this cost more in scattered writes than they save.
const MOST_BUCKETS: usize = 4_096;

/// Customers in order with their columns. `None` where a day's money or rows overflow.
pub(super) fn group<C: CustomerId, A: Amount>(
    chunks: Chunks<C, A>,
) -> Option<(Vec<C>, Columns<A>)> {
    let keys = SortKeys::of(&chunks);
    let buckets = into_buckets(chunks, &keys);
    let parts = map_runs(buckets.len(), run_of(buckets.len()), |run| {
        let buckets = &buckets[run];
        let mut columns = Columns::with_capacity(buckets.iter().map(Vec::len).sum());
        let mut customers = Vec::new();
        let mut bucket_sort = BucketSort::default();
        for bucket in buckets {
            bucket_sort.append(bucket, &keys, &mut customers, &mut columns)?;
        }
        Some((customers, columns))
    });
    drop(buckets);
    parts.into_iter().reduce(|all, part| {
        let ((mut customers, mut columns), (more_customers, more_columns)) = (all?, part?);
        customers.extend(more_customers);
        columns.append(more_columns);
        Some((customers, columns))
    })?
}

/// Puts rows into buckets of ascending ranges of keys.
fn into_buckets<C: CustomerId, A>(chunks: Chunks<C, A>, keys: &SortKeys) -> Vec<Vec<Row<C, A>>> {
    // Keys of text are read from scattered memory, so once; integers are their own.
    let known: Option<Vec<u64>> =
        (!keys.is_radix()).then(|| chunks.iter().map(|row| keys.key(&row.customer)).collect());
    let key = |(position, row): (usize, &Row<C, A>)| match &known {
        Some(known) => known[position],
        None => keys.key(&row.customer),
    };
    let (mut least, mut most) = (u64::MAX, 0);
    for key in chunks.iter().enumerate().map(key) {
        least = least.min(key);
        most = most.max(key);
    }
    let count = (chunks.len() / BUCKET).next_power_of_two().min(MOST_BUCKETS);
    let key_bits = u64::BITS - most.saturating_sub(least).leading_zeros();
    let shift = key_bits.saturating_sub(count.trailing_zeros());
    let bucket_of = |position: usize, row: &Row<C, A>| {
        (key((position, row)) - least).checked_shr(shift).unwrap_or(0) as usize
    };
    let mut sizes = vec![0_usize; count];
    for (position, row) in chunks.iter().enumerate() {
        sizes[bucket_of(position, row)] += 1;
    }
    let mut buckets: Vec<Vec<Row<C, A>>> = sizes.into_iter().map(Vec::with_capacity).collect();
    for (position, row) in chunks.into_iter().enumerate() {
        buckets[bucket_of(position, &row)].push(row);
    }
    buckets
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
        bucket: &[Row<C, A>],
        keys: &SortKeys,
        customers: &mut Vec<C>,
        columns: &mut Columns<A>,
    ) -> Option<()> {
        let by_customer = |a: &Row<C, A>, b: &Row<C, A>| a.customer.cmp(&b.customer);
        self.order.clear();
        if !self.sort_packed(bucket, keys) {
            self.order.extend(0..bucket.len() as u32);
            let row = |position: &u32| &bucket[*position as usize];
            self.order.sort_unstable_by(|a, b| {
                let (a, b) = (row(a), row(b));
                let by_key = keys.key(&a.customer).cmp(&keys.key(&b.customer));
                let by_id = by_key.then_with(|| by_customer(a, b));
                by_id.then(a.day.cmp(&b.day))
            });
        }
        let row = |position: &u32| &bucket[*position as usize];
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
    fn sort_packed<C: CustomerId, A>(&mut self, bucket: &[Row<C, A>], keys: &SortKeys) -> bool {
        self.keys.clear();
        self.keys.extend(bucket.iter().map(|row| keys.key(&row.customer)));
        let (mut least, mut most) = ((u64::MAX, i32::MAX), (0, i32::MIN));
        for (row, &key) in bucket.iter().zip(&self.keys) {
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
        self.packed.extend(bucket.iter().zip(&self.keys).enumerate().map(packed));
        self.packed.sort_unstable();
        let position = |packed: &u64| (packed & ((1 << position_bits) - 1)) as u32;
        self.order.extend(self.packed.iter().map(position));
        true
    }
}
