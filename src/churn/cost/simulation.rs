//! How sure a total is while its assumptions are not.

use rand::RngExt;
use rand_distr::{Distribution, Triangular};

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;
use crate::math::quantile::quantile;
use crate::math::random::generator;
use crate::money::to_f64;
use crate::quantity::Probability;

use super::range::{InputRange, Shape};

/// A total under assumptions drawn at random, again and again.
///
/// Needs the feature `rand`.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SimulatedTotal {
    mean: f64,
    /// In ascending order.
    totals: Vec<f64>,
}

impl SimulatedTotal {
    /// The mean of the totals.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The total below which this share of the draws lies, interpolated: 0.5 is the median, 0 the least, 1 the most.
    #[must_use]
    pub fn quantile(&self, share: Probability) -> f64 {
        quantile(&self.totals, share.get())
    }

    /// All totals, in ascending order.
    #[must_use]
    pub fn totals(&self) -> &[f64] {
        &self.totals
    }
}

/// Draws every assumption from its range, independently, `replicates` times, and takes the total each time.
///
/// Needs the feature `rand`.
///
/// `total` takes the assumptions in the order of `inputs`. Equal seeds give equal bits, and an assumption added at the
/// end leaves the draws of the others as they are.
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without an input or a replicate; what `total` returns;
/// [`Undefined`](crate::ErrorKind::Undefined) where it gives a number that is not finite, or their mean is not.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::churn::{InputRange, simulate_total};
///
/// let inputs = [
///     InputRange::uniform("customers", 90.into(), 100.into(), 110.into())?,
///     InputRange::triangular("value each", 5.into(), 10.into(), 15.into())?,
/// ];
/// let total = simulate_total(&inputs, 10_000, 42, |x| Ok(x[0] * x[1]))?;
/// assert!((total.mean() - 1_000.0).abs() < 5.0);
/// let [low, high] = [0.05, 0.95].map(|share| total.quantile(Probability::constant(share)));
/// assert!(450.0 < low && low < 700.0 && 1_300.0 < high && high < 1_650.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn simulate_total(
    inputs: &[InputRange],
    replicates: usize,
    seed: u64,
    total: impl Fn(&[f64]) -> Result<f64>,
) -> Result<SimulatedTotal> {
    if inputs.is_empty() {
        return Err(Error::empty("inputs"));
    }
    if replicates == 0 {
        return Err(Error::empty("replicates"));
    }
    let draws: Vec<Draw> = inputs.iter().map(Draw::of).collect::<Result<_>>()?;
    let mut values = vec![0.0; inputs.len()];
    let mut totals = Vec::new();
    let mut sum = ExactSum::new();
    for replicate in 0..replicates {
        let mut generator = generator(seed, replicate as u64);
        values.iter_mut().zip(&draws).for_each(|(value, draw)| *value = draw.value(&mut generator));
        let total = total(&values)? + 0.0;
        if !total.is_finite() {
            return Err(Error::undefined("total", "it is not finite for some of the draws"));
        }
        sum.add(total);
        totals.push(total);
    }
    let mean = sum.value() / replicates as f64;
    if !mean.is_finite() {
        return Err(Error::undefined("mean total", "it leaves the range of f64"));
    }
    totals.sort_unstable_by(f64::total_cmp);
    Ok(SimulatedTotal { mean, totals })
}

/// One assumption, ready to be drawn.
struct Draw {
    low: f64,
    high: f64,
    /// `None` where all values are as likely.
    peaked: Option<Triangular<f64>>,
}

impl Draw {
    fn of(range: &InputRange) -> Result<Self> {
        let [low, base, high] = [range.low(), range.base(), range.high()].map(to_f64);
        let peaked = match range.shape() {
            Shape::Uniform => None,
            Shape::Triangular => Some(Triangular::new(low, high, base).map_err(|_| {
                Error::inconsistent(format!("{} cannot be drawn from its range", range.name()))
            })?),
        };
        Ok(Self { low, high, peaked })
    }

    /// One uniform number a draw, so that the next assumption's does not depend on the shape of this one.
    fn value(&self, generator: &mut impl rand::Rng) -> f64 {
        let value = match &self.peaked {
            Some(triangular) => triangular.sample(generator),
            None => generator.random_range(self.low..=self.high),
        };
        // A last digit of rounding may lie outside.
        value.clamp(self.low, self.high)
    }
}
