//! Who stands at a rank, without sorting everybody.

use super::value::Value;

/// The customer at a rank, counted from the best.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<V> {
    /// His value.
    pub(super) value: V,
    /// How many of those with this value are within the rank, at least 1.
    pub(super) admitted: usize,
    /// Whether others with this value are beyond it.
    pub(super) is_torn: bool,
}

/// A base counted by coarse rank: customers of a better bucket are worth more than those of another.
#[derive(Debug)]
pub(super) struct Census {
    /// The bucket of each customer, in the order of the input.
    pub(super) buckets: Vec<u32>,
    /// How many customers each bucket holds, the best bucket being the last.
    pub(super) customers: Vec<usize>,
    /// How many of the first bits of a key name the bucket.
    pub(super) bits: u32,
}

impl Census {
    pub(super) fn of<V: Value>(values: &[V]) -> Self {
        /// So few that sign and exponent fit, and so many that a coarse rank fills them.
        const BITS: std::ops::RangeInclusive<u32> = 12..=16;
        // Some four customers a bucket or more.
        let bits = (values.len() / 4).checked_ilog2().unwrap_or(0);
        let bits = bits.clamp(*BITS.start(), *BITS.end());
        let mut customers = vec![0; 1 << bits];
        let count = |&value: &V| {
            let bucket = bucket_of(value, bits);
            customers[bucket] += 1;
            bucket as u32
        };
        let buckets = values.iter().map(count).collect();
        Self { buckets, customers, bits }
    }

    /// Where a value belongs.
    #[inline]
    pub(super) fn bucket_of<V: Value>(&self, value: V) -> usize {
        bucket_of(value, self.bits)
    }

    /// The customers at these ranks, 1 being the best; `None` for rank 0 and past the end.
    ///
    /// Only those who share a bucket with a wanted rank are compared.
    pub(super) fn places<V: Value>(&self, values: &[V], ranks: &[usize]) -> Vec<Option<Place<V>>> {
        // How many stand in better buckets, the best bucket being the last.
        let mut above = self.customers.clone();
        let mut better = 0;
        for count in above.iter_mut().rev() {
            better += std::mem::replace(count, better);
        }
        let bucket_of_rank = |rank: usize| above.partition_point(|&better| better >= rank);
        let mut wanted: Vec<usize> = ranks.iter().map(|&rank| bucket_of_rank(rank)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut members: Vec<Vec<V>> = wanted.iter().map(|_| Vec::new()).collect();
        let mut slots = vec![usize::MAX; above.len()];
        for (slot, &bucket) in wanted.iter().enumerate() {
            if let Some(free) = slots.get_mut(bucket) {
                *free = slot;
            }
        }
        for (&bucket, &value) in self.buckets.iter().zip(values) {
            if let Some(members) = members.get_mut(slots[bucket as usize]) {
                members.push(value);
            }
        }
        let place = |&rank: &usize| {
            let bucket = bucket_of_rank(rank);
            let members = members.get_mut(*slots.get(bucket)?)?;
            let within = rank.checked_sub(above[bucket] + 1)?;
            if within >= members.len() {
                return None;
            }
            let falling = |a: &V, b: &V| b.key().cmp(&a.key());
            let (_, &mut value, _) = members.select_nth_unstable_by(within, falling);
            let larger = members.iter().filter(|member| member.key() > value.key()).count();
            let equal = members.iter().filter(|member| member.key() == value.key()).count();
            let admitted = within + 1 - larger;
            Some(Place { value, admitted, is_torn: admitted < equal })
        };
        ranks.iter().map(place).collect()
    }
}

/// The first bits of a coarse rank.
#[inline]
fn bucket_of<V: Value>(value: V, bits: u32) -> usize {
    value.coarse_rank() >> (u16::BITS - bits)
}
