//! Who stands at a rank, without sorting everybody.

use super::value::Value;

/// The customer at a rank, counted from the best.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<K> {
    /// His value.
    pub(super) key: K,
    /// How many of those with this value are within the rank, at least 1.
    pub(super) admitted: usize,
    /// Whether others with this value are beyond it.
    pub(super) is_torn: bool,
}

/// Bits of a coarse rank.
const BITS: u32 = 16;

/// The customers at these ranks, 1 being the best; `None` for rank 0.
///
/// Values are counted by coarse rank, and only those that share a bucket with a wanted rank are compared.
pub(super) fn places<V: Value>(values: &[V], ranks: &[usize]) -> Vec<Option<Place<V::Key>>> {
    // As many buckets as values, up to one for every coarse rank.
    let bits = (usize::BITS - values.len().leading_zeros()).min(BITS);
    let bucket_of_value = |value: &V| value.coarse_rank() >> (BITS - bits);
    let mut above = vec![0_usize; 1 << bits];
    for value in values {
        above[bucket_of_value(value)] += 1;
    }
    // From counts to how many stand in better buckets, the best bucket being the last.
    let mut better = 0;
    for count in above.iter_mut().rev() {
        better += std::mem::replace(count, better);
    }
    let bucket_of = |rank: usize| above.partition_point(|&better| better >= rank);
    let mut wanted: Vec<usize> = ranks.iter().map(|&rank| bucket_of(rank)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut members: Vec<Vec<V::Key>> = wanted.iter().map(|_| Vec::new()).collect();
    let mut slots = vec![usize::MAX; 1 << bits];
    for (slot, &bucket) in wanted.iter().enumerate() {
        if let Some(free) = slots.get_mut(bucket) {
            *free = slot;
        }
    }
    for value in values {
        if let Some(members) = members.get_mut(slots[bucket_of_value(value)]) {
            members.push(value.key());
        }
    }
    let place = |&rank: &usize| {
        let bucket = bucket_of(rank);
        let members = members.get_mut(*slots.get(bucket)?)?;
        let within = rank.checked_sub(above[bucket] + 1)?;
        let (_, &mut key, _) = members.select_nth_unstable_by(within, |a, b| b.cmp(a));
        let larger = members.iter().filter(|&&member| member > key).count();
        let equal = members.iter().filter(|&&member| member == key).count();
        let admitted = within + 1 - larger;
        Some(Place { key, admitted, is_torn: admitted < equal })
    };
    ranks.iter().map(place).collect()
}
