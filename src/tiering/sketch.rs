//! Cuts of bases too large to keep: quantiles within a stated relative error.

use std::fmt;

use sketches_ddsketch::{Config, DDSketch};

use crate::error::{Error, Result};

/// What a customer at a rank is worth, within a relative error, without keeping the values: the mergeable
/// summary for bases that do not fit in memory.
///
/// Needs the feature `sketch`.
///
/// Prefer the exact [`Ranking`](super::Ranking), 8 bytes a customer, wherever the values fit: it also parts
/// equal values by a declared rule, and it can be serialised, which a sketch is not. The sketch keeps counts by
/// logarithmic bins, about ln(largest / smallest) / (2 × relative error) of them for gains and as many for losses,
/// whatever the number of customers.
///
/// Zeros and losses are ranked like other values. Where they, or missing values, have a tier of their own, leave them
/// out here, and give the cuts to [`SpecialCases::assign`](super::SpecialCases::assign).
///
/// # Formula
/// ```text
/// |x̃₍ₖ₎ − x₍ₖ₎| ≤ α·|x₍ₖ₎| for every rank k; bins (γⁱ, γⁱ⁺¹], γ = (1 + α) / (1 − α)
/// ```
/// Bins are never joined, so that the bound holds for the smallest values too, but for rounding near 10⁻¹². Values
/// nearer to 0 than 2.3 × 10⁻³⁰⁸ count as 0.
///
/// # Example
/// ```
/// use goodwill::Pyramid;
/// use goodwill::tiering::QuantileSketch;
///
/// let (mut north, mut south) = (QuantileSketch::new(0.01)?, QuantileSketch::new(0.01)?);
/// (1..=500).try_for_each(|value| north.add(f64::from(value)))?;
/// (501..=1_000).try_for_each(|value| south.add(f64::from(value)))?;
/// north.merge(&south)?;
/// assert!((north.value_at_rank(200)? - 801.0).abs() <= 8.01);
/// let cuts = Pyramid::classic().approximate_thresholds(&north)?;
/// assert!((cuts.floors()[2] - 501.0).abs() <= 5.01);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Masson, Rim and Lee (2019), Proceedings of the VLDB Endowment 12(12), 2195–2205.
#[derive(Clone)]
pub struct QuantileSketch {
    bins: DDSketch,
    relative_error: f64,
}

impl fmt::Debug for QuantileSketch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QuantileSketch")
            .field("relative_error", &self.relative_error)
            .field("customers", &self.customers())
            .finish_non_exhaustive()
    }
}

impl QuantileSketch {
    /// A sketch of nobody.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a relative error outside 0.001 to 0.5.
    pub fn new(relative_error: f64) -> Result<Self> {
        if !(0.001..=0.5).contains(&relative_error) {
            return Err(Error::out_of_domain("relative error", relative_error, "[0.001, 0.5]"));
        }
        let least = f64::MIN_POSITIVE;
        let gamma = (1.0 + relative_error) / (1.0 - relative_error);
        // As many as all positive numbers need, so that none are ever joined; only used ones take room.
        let most_bins = ((f64::MAX.ln() - least.ln()) / gamma.ln()) as u32 + 256;
        let bins = DDSketch::new(Config::new(relative_error, most_bins, least));
        Ok(Self { bins, relative_error })
    }

    /// Takes in one customer's value.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value that is not finite;
    /// [`Overflow`](crate::ErrorKind::Overflow) for more than 2⁵⁰ customers.
    pub fn add(&mut self, value: f64) -> Result<()> {
        if !value.is_finite() {
            return Err(Error::out_of_domain("value", value, "(-∞, ∞)"));
        }
        self.must_hold(1)?;
        self.bins.add(value + 0.0);
        Ok(())
    }

    /// Ranks are told apart by `f64`.
    fn must_hold(&self, more: usize) -> Result<()> {
        const MOST: u64 = 1 << 50;
        if self.customers() as u64 + more as u64 <= MOST {
            Ok(())
        } else {
            Err(Error::overflow("the number of customers"))
        }
    }

    /// Takes in the customers of another shard; the result is the sketch of all together.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for sketches of different relative errors;
    /// [`Overflow`](crate::ErrorKind::Overflow) for more than 2⁵⁰ customers.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.must_hold(other.customers())?;
        self.bins.merge(&other.bins).map_err(|_| {
            let (own, other) = (self.relative_error, other.relative_error);
            Error::inconsistent(format!("relative errors must be equal, but are {own} and {other}"))
        })
    }

    /// How many customers it holds.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.bins.count()
    }

    /// The bound on the relative error of every value read.
    #[must_use]
    pub fn relative_error(&self) -> f64 {
        self.relative_error
    }

    /// What the customer at a rank is worth, 1 being the best, within the relative error.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for rank 0 or one past the last customer.
    pub fn value_at_rank(&self, rank: usize) -> Result<f64> {
        let outside = || Error::undefined("value at a rank", format!("nobody is at rank {rank}"));
        let below = self.customers().checked_sub(rank).filter(|_| rank > 0).ok_or_else(outside)?;
        let (lowest, highest) = self.bins.min().zip(self.bins.max()).ok_or_else(outside)?;
        // The sketch reads position ⌊q·(n − 1)⌋ from the lowest; the half keeps rounding away from its edges.
        let q = (below as f64 + 0.5) / (self.customers() as f64 - 1.0);
        match self.bins.quantile(q) {
            // A bin's middle can lie beyond all values; no value is nearer to it than the last one.
            Ok(Some(value)) => Ok(value.clamp(lowest, highest)),
            // Beyond 1: the best, who is known.
            _ => Ok(highest),
        }
    }
}
