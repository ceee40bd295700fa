//! How possible futures are drawn.

use nalgebra::DVector;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::kinds::PredictionInterval;
use super::parametric::{Free, Parametric};
use crate::error::{Error, Result};
use crate::estimate::checked as checked_level;
use crate::lifetime::fit::Fit;
use crate::lifetime::model::{PurchaseModel, sealed::PurchaseSimulation};
use crate::lifetime::spend_model::{SpendModel, sealed::SpendSimulation};
use crate::math::random::generator;
use crate::quantity::Probability;

/// A purchase model whose parameters can be redrawn and whose customers can be simulated. Sealed.
///
/// Needs the feature `rand`.
pub trait Simulated: PurchaseModel + Parametric + PurchaseSimulation {}

impl<M: PurchaseModel + Parametric + PurchaseSimulation> Simulated for M {}

/// A spend model whose parameters can be redrawn and whose customers can be simulated. Sealed.
///
/// Needs the feature `rand`.
pub trait SimulatedSpend: SpendModel + Parametric + SpendSimulation {}

impl<S: SpendModel + Parametric + SpendSimulation> SimulatedSpend for S {}

/// How many possible futures a prediction interval is read from, and at which level.
///
/// Needs the feature `rand`.
///
/// | option | meaning | default | range |
/// |---|---|---|---|
/// | [`level`](Futures::level) | how often an interval shall hold what happens | 0.95 | `(0, 1)` |
/// | [`draws`](Futures::draws) | possible futures | 999 | 2/(1 − level) − 1 … 10⁶ |
///
/// An option outside its range is an error of the prediction.
///
/// # Formula
/// Of each future, the parameters are drawn first, from the estimates' distribution (normal in their logarithms), then
/// whether each customer is still with us, his rates and his purchases, from what his history leaves open. Of D
/// futures in order of size,
/// ```text
/// the interval reaches from the k-th to the (D + 1 − k)-th,   k = ⌊(D + 1)·(1 − level)/2⌋
/// ```
/// so that one more such future lies in it with probability (D + 1 − 2k)/(D + 1) ≥ level.
///
/// # Reference
/// Davison and Hinkley (1997), Bootstrap Methods and their Application, section 2.4; on drawing parameters: Krinsky
/// and Robb (1986), The Review of Economics and Statistics 68(4), 715–719; doi:10.2307/1924536.
///
/// # Example
/// See [`Outlook::purchases_of_base`](super::Outlook::purchases_of_base).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Futures {
    seed: u64,
    draws: u32,
    level: Probability,
}

impl Futures {
    /// The defaults, with a seed: equal seeds give equal bits.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, draws: 999, level: Probability::constant(0.95) }
    }

    /// How often an interval shall hold what happens.
    #[must_use]
    pub fn level(self, level: Probability) -> Self {
        Self { level, ..self }
    }

    /// How many possible futures are drawn.
    #[must_use]
    pub fn draws(self, draws: u32) -> Self {
        Self { draws, ..self }
    }

    pub(in crate::lifetime) fn checked(self) -> Result<Drawing> {
        const MOST: u32 = 1_000_000;
        let level = checked_level(self.level)?;
        let left_out = left_out(self.draws as usize, level);
        if left_out == 0 || self.draws > MOST {
            return Err(Error::out_of_domain("draws", self.draws, "[2/(1 - level) - 1, 10⁶]"));
        }
        Ok(Drawing { seed: self.seed, draws: self.draws as usize, level, left_out })
    }
}

/// k of D draws: so many lie at or below the lower end.
pub(super) fn left_out(draws: usize, level: Probability) -> usize {
    // What is whole but for rounding counts whole.
    ((draws as f64 + 1.0) * (0.5 * level.complement().get()) + 1e-9) as usize
}

/// What is drawn from a stream of random numbers of its own, so that asking for more of one changes nothing of the
/// others.
#[derive(Clone, Copy)]
pub(in crate::lifetime) enum Stream {
    Parameters,
    SpendParameters,
    Known,
    KnownSpend,
    Newcomers,
    NewcomerSpend,
    Customer,
    CustomerSpend,
}

/// [`Futures`] that can be drawn.
#[derive(Clone, Copy)]
pub(in crate::lifetime) struct Drawing {
    seed: u64,
    pub(in crate::lifetime) draws: usize,
    pub(in crate::lifetime) level: Probability,
    left_out: usize,
}

impl Drawing {
    pub(in crate::lifetime) fn generator(&self, draw: usize, stream: Stream) -> ChaCha8Rng {
        const STREAMS: u64 = 8;
        generator(self.seed, draw as u64 * STREAMS + stream as u64)
    }

    /// The models of every future.
    pub(in crate::lifetime) fn models<M: Parametric>(
        &self,
        fit: &Fit<M>,
        stream: Stream,
    ) -> Result<Vec<M>> {
        let free = Free::of(fit)?;
        let model = |draw: usize| {
            let mut generator = self.generator(draw, stream);
            let normal = |_, _| StandardNormal.sample(&mut generator);
            let z = DVector::from_fn(free.values.len(), normal);
            let mut drawn = DVector::from_column_slice(&free.values);
            drawn.gemv(1.0, &free.factor, &z, 1.0);
            Free::model(fit, drawn.as_slice())
        };
        (0..self.draws).map(model).collect()
    }

    /// The interval around a value, of what was counted in every future.
    pub(in crate::lifetime) fn interval(
        &self,
        value: f64,
        counted: Vec<f64>,
    ) -> PredictionInterval {
        self.around(value, self.ends(counted))
    }

    /// What is counted in the future of each model, around what is expected.
    pub(super) fn predict<M>(
        &self,
        expected: f64,
        models: &[M],
        count: impl Fn(usize, &M) -> Result<f64>,
    ) -> Result<PredictionInterval> {
        let counted = models.iter().enumerate().map(|(draw, model)| count(draw, model));
        Ok(self.interval(expected, counted.collect::<Result<_>>()?))
    }

    pub(super) fn around(&self, value: f64, (lower, upper): (f64, f64)) -> PredictionInterval {
        PredictionInterval::new(value, lower, upper, self.level)
    }

    /// Between which numbers all but the outermost futures lie.
    pub(super) fn ends(&self, mut counted: Vec<f64>) -> (f64, f64) {
        counted.sort_unstable_by(f64::total_cmp);
        (counted[self.left_out - 1], counted[counted.len() - self.left_out])
    }
}
