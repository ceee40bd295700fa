//! Confidence by the parametric bootstrap: how the estimate would have come out in other samples.

use rand::RngExt;

use super::futures::left_out;
use super::kinds::ConfidenceInterval;
use super::parametric::Parametric;
use crate::error::{Error, ErrorKind, Result};
use crate::estimate::checked as checked_level;
use crate::lifetime::fit::Fit;
use crate::lifetime::model::finite;
use crate::math::random::generator;
use crate::parallel::map_runs;
use crate::quantity::Probability;

/// Models fitted to samples that were simulated from a fitted model: how the estimate would have come out, had the
/// same customers lived other lives. It needs no normal distribution, as the delta method of
/// [`Fit::confidence`] does, and takes a fit for each sample.
///
/// Needs the feature `rand`.
///
/// # Example
/// ```
/// use goodwill::lifetime::{Domain, ParametricBootstrap};
/// use goodwill::{BgNbd, Horizon, Probability, PurchaseModel, TimeUnit};
///
/// let ages = [39.0; 1_500];
/// let fit = BgNbd::fit(&BgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5)?.simulate(&ages, 7)?)?;
/// let again = |model: &BgNbd, seed| BgNbd::fit(&model.simulate(&ages, seed)?);
/// let bootstrap = ParametricBootstrap::new(&fit, 99, 42, again)?;
///
/// let (year, level) = (Horizon::years(1.0)?, Probability::constant(0.9));
/// let newcomer = |model: &BgNbd| model.expected_purchases_of_newcomer(year);
/// let interval = bootstrap.confidence(level, newcomer)?;
/// let delta = fit.confidence(level, Domain::Positive, newcomer)?;
/// assert_eq!(interval.value(), delta.value());
/// assert!((interval.lower() / delta.lower() - 1.0).abs() < 0.05);
/// assert!((interval.upper() / delta.upper() - 1.0).abs() < 0.05);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Efron and Tibshirani (1993), An Introduction to the Bootstrap, sections 6.5 and 13.3.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ParametricBootstrap<M> {
    model: M,
    models: Vec<M>,
    failed: usize,
}

impl<M: Parametric> ParametricBootstrap<M> {
    /// Draws so many samples and fits each. `refit` simulates a sample like the one of the fit from the model and the
    /// seed, which differs from sample to sample, and fits it.
    ///
    /// Samples that cannot be fitted ([`NotIdentified`](crate::ErrorKind::NotIdentified) or
    /// [`NotConverged`](crate::ErrorKind::NotConverged)) are counted in [`failed`](ParametricBootstrap::failed).
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a sample; any other error of `refit`.
    pub fn new(
        fit: &Fit<M>,
        samples: u32,
        seed: u64,
        refit: impl Fn(&M, u64) -> Result<Fit<M>> + Send + Sync,
    ) -> Result<Self> {
        if samples == 0 {
            return Err(Error::empty("samples"));
        }
        let fits = map_runs(samples as usize, 1, |run| {
            let seed = generator(seed, run.start as u64).random::<u64>();
            refit(fit.model(), seed)
        });
        let (mut models, mut failed) = (Vec::with_capacity(fits.len()), 0);
        for refitted in fits {
            match refitted {
                Ok(refitted) => models.push(refitted.into_model()),
                Err(error) if could_not_fit(&error) => failed += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(Self { model: fit.model().clone(), models, failed })
    }

    /// How sure is a quantity that the model gives?
    ///
    /// # Formula
    /// ```text
    /// from the k-th to the (B + 1 − k)-th of the B samples' values in order,   k = ⌊(B + 1)·(1 − level)/2⌋
    /// ```
    /// A sample that could not be fitted lies, for all that is known, beyond either end: it counts on both.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1; what
    /// `quantity` returns; [`Undefined`](crate::ErrorKind::Undefined) for what is not finite, and where the samples
    /// that could be fitted are too few for the level.
    ///
    /// # Example
    /// See [`ParametricBootstrap`].
    pub fn confidence(
        &self,
        level: Probability,
        quantity: impl Fn(&M) -> Result<f64>,
    ) -> Result<ConfidenceInterval> {
        let level = checked_level(level)?;
        let of = |model: &M| finite("quantity", quantity(model)?);
        let value = of(&self.model)?;
        let mut values = self.models.iter().map(of).collect::<Result<Vec<f64>>>()?;
        values.sort_unstable_by(f64::total_cmp);
        let samples = values.len() + self.failed;
        let beyond = left_out(samples, level);
        if beyond <= self.failed {
            let failed = self.failed;
            return Err(Error::undefined(
                "bootstrap interval",
                format!(
                    "{samples} samples, of which {failed} could not be fitted, are too few for a level of {level}"
                ),
            ));
        }
        let end = beyond - self.failed;
        Ok(ConfidenceInterval::new(value, values[end - 1], values[values.len() - end], level))
    }

    /// The models of the samples.
    #[must_use]
    pub fn models(&self) -> &[M] {
        &self.models
    }

    /// How many samples could not be fitted.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.failed
    }
}

fn could_not_fit(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotIdentified { .. } | ErrorKind::NotConverged { .. })
}
