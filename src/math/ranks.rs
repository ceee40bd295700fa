//! Numbers of which few differ, as small integers.

use std::collections::HashMap;

use super::hashing::NumberHash;

/// The distinct ones among numbers that are not negative, up to 2^[`BITS`](Ranks::BITS).
#[derive(Debug, Default)]
pub(crate) struct Ranks {
    places: HashMap<u64, u64, NumberHash>,
}

impl Ranks {
    /// How many bits a place takes.
    pub(crate) const BITS: u32 = 12;

    /// Where the number stands among the distinct ones as they came; `None` for one too many.
    #[inline]
    pub(crate) fn place(&mut self, number: f64) -> Option<u64> {
        if let Some(&place) = self.places.get(&number.to_bits()) {
            return Some(place);
        }
        let place = self.places.len() as u64;
        (place >> Self::BITS == 0).then(|| *self.places.entry(number.to_bits()).or_insert(place))
    }

    /// The distinct numbers, rising, and the rank of each place.
    pub(crate) fn sorted(&self) -> (Vec<f64>, Vec<u64>) {
        // The bits of numbers that are not negative order as the numbers do.
        let mut sorted: Vec<(u64, u64)> =
            self.places.iter().map(|(&bits, &place)| (bits, place)).collect();
        sorted.sort_unstable();
        let mut ranks = vec![0; sorted.len()];
        for (rank, &(_, place)) in (0..).zip(&sorted) {
            ranks[place as usize] = rank;
        }
        (sorted.into_iter().map(|(bits, _)| f64::from_bits(bits)).collect(), ranks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_become_ranks() {
        let mut own = Ranks::default();
        let places: Vec<_> = [3.0, 1.0, 3.0, 2.5].map(|number| own.place(number)).to_vec();
        assert_eq!(places, [Some(0), Some(1), Some(0), Some(2)]);
        assert_eq!(own.sorted(), (vec![1.0, 2.5, 3.0], vec![2, 0, 1]));
    }

    #[test]
    fn one_too_many_has_no_place() {
        let mut own = Ranks::default();
        let last = (1_i32 << Ranks::BITS) - 1;
        assert!((0..=last).all(|i| own.place(f64::from(i)) == Some(u64::from(i.unsigned_abs()))));
        assert_eq!(own.place(f64::from(last + 1)), None);
        assert_eq!(own.place(f64::from(last)), Some(u64::from(last.unsigned_abs())));
    }
}
