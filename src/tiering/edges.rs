//! The lower edges of tiers: who stands above them, and what each tier holds.

use crate::error::Result;

use super::pyramid::Ties;
use super::selection::{Census, Place};
use super::value::Value;

/// The lower edge of a tier: better values are above it, and as many equal ones as it still admits.
struct Edge<V: Value> {
    value: V,
    key: V::Key,
    left: usize,
}

impl<V: Value> Edge<V> {
    fn new(value: V, left: usize) -> Self {
        Self { value, key: value.key(), left }
    }

    /// Whether the next customer of the input is above the edge. To be asked of all who may be equal, in order.
    fn admits(&mut self, key: V::Key) -> bool {
        let is_admitted = key == self.key && self.left > 0;
        self.left -= usize::from(is_admitted);
        key > self.key || is_admitted
    }
}

/// The lower edges of all tiers but the last, best first.
pub(super) struct Edges<V: Value> {
    /// The first edges, above which nobody stands.
    above_all: usize,
    edges: Vec<Edge<V>>,
}

/// What a tier holds.
pub(super) struct Holding<V: Value> {
    pub(super) customers: usize,
    pub(super) total: V::Total,
    pub(super) lowest: Option<V>,
}

impl<V: Value> Edges<V> {
    /// Edges below these values, everyone of such a value being above.
    pub(super) fn above(floors: &[V]) -> Self {
        let edges = floors.iter().map(|&floor| Edge::new(floor, usize::MAX)).collect();
        Self { above_all: 0, edges }
    }

    /// Edges below these ranks, 1 being the best and rank 0 above everybody; ties go as `ties` says.
    pub(super) fn at_ranks(
        ranks: &[usize],
        ties: Ties,
        places: impl FnOnce(&[usize]) -> Vec<Option<Place<V>>>,
    ) -> Self {
        let above_all = ranks.iter().take_while(|&&rank| rank == 0).count();
        let edge = |place: Place<V>| {
            let left = match ties {
                Ties::InputOrder => place.admitted,
                Ties::TogetherDown if place.is_torn => 0,
                Ties::TogetherUp | Ties::TogetherDown => usize::MAX,
            };
            Edge::new(place.value, left)
        };
        let edges = places(&ranks[above_all..]).into_iter().flatten().map(edge).collect();
        Self { above_all, edges }
    }

    /// How many edges every customer of a bucket is below; none where some may be above and some below.
    fn below_by_bucket(&self, census: &Census) -> Vec<Option<u32>> {
        let mut below = vec![Some(self.above_all as u32); census.customers.len()];
        for edge in &self.edges {
            let own = census.bucket_of(edge.value);
            below[own] = None;
            below[..own].iter_mut().flatten().for_each(|count| *count += 1);
        }
        below
    }

    /// How many edges the next customer of the input is below.
    fn below(&mut self, key: V::Key) -> u32 {
        let below: usize = self.edges.iter_mut().map(|edge| usize::from(!edge.admits(key))).sum();
        (self.above_all + below) as u32
    }

    /// How many edges each customer is below, in the order of the input.
    pub(super) fn count_below(mut self, values: &[V], census: &Census) -> Vec<u32> {
        let below = self.below_by_bucket(census);
        let places = census.buckets.iter().zip(values);
        places
            .map(|(&bucket, value)| match below[bucket as usize] {
                Some(count) => count,
                None => self.below(value.key()),
            })
            .collect()
    }

    /// The tier of each customer, in the order of the input, and what the tiers hold, best first.
    ///
    /// Customers are added up by bucket and a whole bucket given to its tier; one by one only where an edge runs
    /// through a bucket, or where it is the lowest of a tier.
    pub(super) fn divide(
        mut self,
        values: &[V],
        census: Census,
    ) -> Result<(Vec<u32>, Vec<Holding<V>>)> {
        let mut tiers: Vec<Holding<V>> = (0..=self.above_all + self.edges.len())
            .map(|_| Holding { customers: 0, total: V::Total::default(), lowest: None })
            .collect();
        let mut tier_of_bucket = self.below_by_bucket(&census);
        let mut below = None;
        for (tier, &customers) in tier_of_bucket.iter_mut().zip(&census.customers) {
            if customers > 0 && tier.is_some() && *tier != below {
                below = tier.take();
            }
        }
        let mut lots = vec![V::Lot::default(); census.customers.len()];
        let mut assignments = census.buckets;
        for (place, &value) in assignments.iter_mut().zip(values) {
            let bucket = *place as usize;
            if let Some(tier) = tier_of_bucket[bucket] {
                value.add_to_lot(census.bits, &mut lots[bucket])?;
                *place = tier;
                continue;
            }
            *place = self.below(value.key());
            let own = &mut tiers[*place as usize];
            own.customers += 1;
            value.add_to(&mut own.total)?;
            if own.lowest.is_none_or(|lowest| value.key() < lowest.key()) {
                own.lowest = Some(value);
            }
        }
        for (bucket, (tier, lot)) in tier_of_bucket.iter().zip(&lots).enumerate() {
            let customers = census.customers[bucket];
            if let Some(tier) = tier.filter(|_| customers > 0) {
                let own = &mut tiers[tier as usize];
                own.customers += customers;
                V::settle(lot, (bucket, census.bits), customers, &mut own.total)?;
            }
        }
        Ok((assignments, tiers))
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Census, Edges, Ties, Value};

    /// Values of a few exponents and of any, of both signs, many of them equal.
    fn values(n: usize) -> Vec<f64> {
        let mut state = 7_u64;
        let mut value = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            match state >> 61 {
                0 => f64::from_bits(state << 5 >> 12 | state << 63).max(f64::MIN / 1e9),
                1 => -0.01 * (state >> 50) as f64,
                2 => (state >> 59) as f64,
                3 => f64::from_bits(state << 20 >> 20),
                _ => 0.01 * (state >> 44) as f64,
            }
        };
        (0..n).map(|_| value()).map(|value| value.clamp(-1e299, 1e299)).collect()
    }

    /// The tiers are those of customers who are taken one by one.
    fn assert_divides<V: Value>(values: &[V], ties: Ties) {
        let census = Census::of(values);
        let n = values.len();
        let ranks = [0, n / 100, n / 5, n / 2, n / 2 + 1, n - 1];
        let edges = || Edges::at_ranks(&ranks, ties, |ranks| census.places(values, ranks));
        let (counted, mut one_by_one) = (edges().count_below(values, &census), edges());
        let want: Vec<u32> = values.iter().map(|value| one_by_one.below(value.key())).collect();
        let (assignments, tiers) = edges().divide(values, Census::of(values)).unwrap();
        assert_eq!(assignments, want);
        assert_eq!(counted, want);
        assert_eq!(tiers.len(), ranks.len() + 1);
        for (tier, holding) in tiers.iter().enumerate() {
            let members: Vec<V> =
                (0..n).filter(|&i| want[i] as usize == tier).map(|i| values[i]).collect();
            let mut total = V::Total::default();
            members.iter().try_for_each(|member| member.add_to(&mut total)).unwrap();
            assert_eq!(V::read(&holding.total).unwrap(), V::read(&total).unwrap());
            assert_eq!(holding.customers, members.len());
            let lowest = members.iter().map(|member| member.key()).min();
            assert!(holding.lowest.map(V::key) == lowest);
        }
    }

    #[test]
    fn whole_buckets_change_nothing() {
        // Of 12 bits, of 14, and of 16.
        for n in [5, 1_000, 100_000, 300_000] {
            for ties in [Ties::TogetherUp, Ties::TogetherDown, Ties::InputOrder] {
                let values = values(n);
                assert_divides(&values, ties);
                let cents = |value: &f64| Decimal::new((value % 1e9 * 100.0) as i64, 2);
                assert_divides(&values.iter().map(cents).collect::<Vec<_>>(), ties);
            }
        }
    }
}
