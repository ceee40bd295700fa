//! How sure a customer's tier is, and how firm the cuts are.

use std::cmp::Reverse;

use crate::error::{Error, Result};
#[cfg(feature = "rand")]
use crate::estimate::Estimate;
use crate::estimate::checked as checked_level;
use crate::quantity::Probability;

use super::pyramid::{Tiering, checked};
#[cfg(feature = "rand")]
use super::ranking::Ranking;
#[cfg(feature = "rand")]
use super::thresholds::Thresholds;
#[cfg(feature = "rand")]
use super::value::Value;
use super::value::sealed::Value as _;

/// How sure each customer's tier and rank are, from draws of the values.
///
/// A draw is one value for each customer: a bootstrap sample of his purchases, or a draw of a model's
/// prediction. Each draw is cut on its own, so that the doubt about the cuts is in it.
///
/// # Example
/// ```
/// use goodwill::tiering::{Pyramid, TierDoubt, Ties};
/// use goodwill::Probability;
///
/// let draws = [vec![9.0, 5.0, 4.0, 1.0], vec![8.0, 4.0, 5.0, 2.0], vec![9.0, 6.0, 3.0, 2.0]];
/// let halves = Pyramid::quantiles(2)?;
/// let level = Probability::constant(0.9);
/// let doubt = TierDoubt::from_draws(&draws, level, |values| halves.assign(values, Ties::TogetherUp))?;
/// assert_eq!(doubt.probability(1, 0), Some(Probability::constant(2.0 / 3.0)));
/// assert_eq!(doubt.rank_interval(1), Some((2, 3)));
/// assert_eq!(doubt.too_close_to_call().collect::<Vec<_>>(), [1, 2]);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TierDoubt {
    draws: usize,
    tiers: usize,
    level: Probability,
    /// In how many draws each customer is in each tier, customer by customer.
    counts: Vec<u32>,
    /// Each customer's best and worst rank within the level.
    ranks: Vec<(usize, usize)>,
}

impl TierDoubt {
    /// Cuts every draw by `cut` and counts.
    ///
    /// Ranks count from 1 for the best; equal values share the better rank; the middle ranks are never
    /// left out. Memory grows as customers × draws.
    ///
    /// # Formula
    /// ```text
    /// P(tier)       = draws in which the customer is in it / D
    /// rank interval = from the (k + 1)-th to the (D − k)-th of his D ranks in order,   k = ⌊D·(1 − level)/2⌋
    /// ```
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a draw or a customer;
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for draws of different lengths;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value that is not finite, or a level that is not
    /// strictly between 0 and 1; [`Inconsistent`](crate::ErrorKind::Inconsistent) where `cut` makes different
    /// numbers of tiers, or does not answer for every customer; what `cut` returns.
    ///
    /// # Example
    /// See [`TierDoubt`].
    ///
    /// # Reference
    /// Goldstein and Spiegelhalter (1996), Journal of the Royal Statistical Society A 159(3), 385–443: intervals of ranks
    /// from draws.
    pub fn from_draws(
        draws: &[Vec<f64>],
        level: Probability,
        cut: impl Fn(&[f64]) -> Result<Tiering<f64>>,
    ) -> Result<Self> {
        /// 1 − 0.9 falls short of a tenth by rounding, and of 20 draws one is left out at each end.
        const ROUNDING: f64 = 1e-9;
        let level = checked_level(level)?;
        let Some(first) = draws.first() else { return Err(Error::empty("draws")) };
        let n = first.len();
        let (mut tiers, mut counts) = (0, Vec::new());
        let mut ranks: Vec<Vec<usize>> = vec![Vec::with_capacity(draws.len()); n];
        for draw in draws {
            if draw.len() != n {
                return Err(Error::length_mismatch(("first draw", n), ("a draw", draw.len())));
            }
            checked(draw)?;
            let tiering = cut(draw)?;
            if counts.is_empty() {
                tiers = tiering.tiers().len();
                counts = vec![0; n * tiers];
            }
            if tiering.tiers().len() != tiers || tiering.assignments().len() != n {
                let what = "every draw must give each customer one of the same number of tiers";
                return Err(Error::inconsistent(what));
            }
            for (customer, &tier) in tiering.assignments().iter().enumerate() {
                counts[customer * tiers + tier as usize] += 1;
            }
            for (own, rank) in ranks.iter_mut().zip(competition_ranks(draw)) {
                own.push(rank);
            }
        }
        let left_out = draws.len() as f64 * (0.5 * level.complement().get()) * (1.0 + ROUNDING);
        let left_out = (left_out as usize).min((draws.len() - 1) / 2);
        let interval = |mut own: Vec<usize>| {
            own.sort_unstable();
            (own[left_out], own[own.len() - 1 - left_out])
        };
        let ranks = ranks.into_iter().map(interval).collect();
        Ok(Self { draws: draws.len(), tiers, level, counts, ranks })
    }

    /// The share of draws in which a customer is in a tier; `None` past the end of either.
    #[must_use]
    pub fn probability(&self, customer: usize, tier: usize) -> Option<Probability> {
        self.of(customer)?.get(tier).and_then(|&count| self.share(count))
    }

    /// A customer's likeliest tier and its probability; of equal ones the better tier.
    #[must_use]
    pub fn likeliest(&self, customer: usize) -> Option<(usize, Probability)> {
        let own = self.of(customer)?;
        let (tier, &count) =
            own.iter().enumerate().max_by_key(|&(tier, count)| (count, Reverse(tier)))?;
        Some((tier, self.share(count)?))
    }

    /// The best and the worst rank of a customer at the level, 1 being the best of all.
    #[must_use]
    pub fn rank_interval(&self, customer: usize) -> Option<(usize, usize)> {
        self.ranks.get(customer).copied()
    }

    /// The customers whose likeliest tier is less probable than the level, in the order of the input.
    pub fn too_close_to_call(&self) -> impl Iterator<Item = usize> {
        let is_close = |&customer: &usize| {
            self.likeliest(customer).is_some_and(|(_, probability)| probability < self.level)
        };
        (0..self.ranks.len()).filter(is_close)
    }

    fn of(&self, customer: usize) -> Option<&[u32]> {
        self.counts.chunks(self.tiers.max(1)).nth(customer)
    }

    fn share(&self, count: u32) -> Option<Probability> {
        Probability::new(f64::from(count) / self.draws as f64).ok()
    }
}

/// 1 + how many are worth more, for each.
fn competition_ranks(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by_key(|&customer| Reverse(values[customer].key()));
    let mut ranks = vec![0; values.len()];
    for (above, pair) in order.iter().enumerate() {
        let before = above.checked_sub(1).map(|i| order[i]);
        let equal = before.filter(|&other| values[other].key() == values[*pair].key());
        ranks[*pair] = equal.map_or(above + 1, |other| ranks[other]);
    }
    ranks
}

/// How firm the cuts of a base are, as the customers might have been others.
///
/// Needs the feature `rand`.
#[cfg(feature = "rand")]
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CutStability {
    /// The floor of each tier but the last, best first, with its interval.
    pub floors: Vec<Estimate>,
    /// The share of the customers who keep their tier under the cuts of another sample; its value is 1, that of
    /// the base itself.
    pub keep_their_tier: Estimate,
}

/// How firm the cuts of a base are: `replicates` samples of its customers with replacement are cut anew.
///
/// Needs the feature `rand`.
///
/// # Formula
/// ```text
/// of sample s:  floor_s of each tier;   kept_s = customers of the base whose tier by the cuts of s is their own / n
/// ```
/// Each with the percentile interval of its replicates.
///
/// # Errors
/// As [`Estimate::bootstrap`]; what `cut` returns; [`Inconsistent`](crate::ErrorKind::Inconsistent) where it
/// makes different numbers of tiers.
///
/// # Example
/// ```
/// use goodwill::tiering::{Pyramid, Ranking, Ties, cut_stability};
/// use goodwill::Probability;
///
/// let base = Ranking::of(&(1..=200).map(f64::from).collect::<Vec<_>>())?;
/// let (halves, level) = (Pyramid::quantiles(2)?, Probability::constant(0.95));
/// let firm = cut_stability(&base, 200, 42, level, |s| halves.thresholds(s, Ties::TogetherUp))?;
/// assert_eq!(firm.floors[0].value(), 101.0);
/// assert!(firm.floors[0].lower() > 80.0 && firm.floors[0].upper() < 122.0);
/// assert!(firm.keep_their_tier.lower() > 0.9);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
#[cfg(feature = "rand")]
pub fn cut_stability<V: Value>(
    base: &Ranking<V>,
    replicates: usize,
    seed: u64,
    level: Probability,
    cut: impl Fn(&Ranking<V>) -> Result<Thresholds<V>>,
) -> Result<CutStability> {
    let values = base.values();
    let own = cut(base)?;
    let cut_sample = |positions: &[usize]| {
        let sample: Vec<V> = positions.iter().map(|&position| values[position]).collect();
        let cuts = cut(&Ranking::of(&sample)?)?;
        if cuts.floors().len() == own.floors().len() {
            Ok(cuts)
        } else {
            Err(Error::inconsistent("every sample must be cut into the same number of tiers"))
        }
    };
    let estimate = |statistic: &dyn Fn(&Thresholds<V>) -> Result<f64>| {
        Estimate::bootstrap(values.len(), replicates, seed, level, |positions| {
            statistic(&cut_sample(positions)?)
        })
    };
    let floor = |tier: usize| estimate(&|cuts| Ok(cuts.floors()[tier].to_f64()));
    let floors = (0..own.floors().len()).map(floor).collect::<Result<_>>()?;
    let keep_their_tier = estimate(&|cuts| {
        let mut kept = 0;
        for &value in values {
            kept += usize::from(cuts.tier_of(value)? == own.tier_of(value)?);
        }
        Ok(kept as f64 / values.len() as f64)
    })?;
    Ok(CutStability { floors, keep_their_tier })
}
