//! Confidence: how sure an expectation is, by the delta method.

use nalgebra::DVector;

use super::kinds::ConfidenceInterval;
use super::parametric::{Free, Parametric};
use crate::error::{Error, Result};
use crate::estimate::two_sided_z;
use crate::lifetime::fit::Fit;
use crate::lifetime::model::{finite, out_of_range};
use crate::quantity::Probability;

/// Which values a quantity can have, so that no interval of it leaves them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Domain {
    /// Any: the interval is value ± z·σ.
    AnyNumber,
    /// 0 or above: the logarithm is ln(value) ± z·σ/value.
    Positive,
    /// From 0 to 1: the log odds are ln(p/(1 − p)) ± z·σ/(p·(1 − p)).
    Probability,
}

impl<M: Parametric> Fit<M> {
    /// How sure is each parameter? The interval of each, with its name, in the order of the model.
    ///
    /// A parameter is estimated, never counted: of it there is no prediction interval.
    ///
    /// # Formula
    /// ```text
    /// θ·exp(± z·σ/θ),   Φ(z) = (1 + level)/2
    /// ```
    /// with σ its standard error: θ is positive, and its logarithm is nearer to normal. Of the effects of covariates it
    /// is γ ± z·σ.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1;
    /// [`NotIdentified`](crate::ErrorKind::NotIdentified) where a log parameter has a standard error above 2;
    /// [`Undefined`](crate::ErrorKind::Undefined) where an end leaves the range of `f64`.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Sbg, Tenures};
    /// use goodwill::{Probability, TimeUnit};
    ///
    /// // 1,000 subscribers, of whom so many were left after each of four renewals.
    /// let fit = Sbg::fit(&Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468, 382, 326])?)?;
    /// let intervals = fit.parameter_intervals(Probability::constant(0.95))?;
    /// let (name, alpha) = intervals[0];
    /// assert_eq!(name, "alpha");
    /// // ln 0.7637 ± 1.96·σ/0.7637, with σ of the fit.
    /// let half = 1.959_963_984_540_054 * fit.standard_errors()[0].1 / alpha.value();
    /// assert!((alpha.upper() - alpha.value() * half.exp()).abs() < 1e-12);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Lehmann and Casella (1998), Theory of Point Estimation, 2nd ed., section 6.3.
    pub fn parameter_intervals(
        &self,
        level: Probability,
    ) -> Result<Vec<(&'static str, ConfidenceInterval)>> {
        let z = two_sided_z(level)?;
        Free::of(self)?;
        let values = self.model().values();
        let interval = |(i, ((name, sigma), value)): (usize, ((&'static str, f64), f64))| {
            let domain = if M::is_positive(i) { Domain::Positive } else { Domain::AnyNumber };
            Ok((name, around(value, sigma, domain, z, level)?))
        };
        self.standard_errors().into_iter().zip(values).enumerate().map(interval).collect()
    }

    /// How sure is a quantity that the model gives: an expectation, a share, a value?
    ///
    /// # Formula
    /// ```text
    /// σ² = gᵀ·Cov(ln θ)·g,   g = ∂quantity/∂ln θ         (of the effects of covariates, γ for ln θ)
    /// ```
    /// (delta method), and the interval as [`Domain`] says. g is taken by differences of fourth order, which agree
    /// with the derivative to about 10 digits. A whole number that the fit chose, as the k of
    /// [`CnbdK`](crate::lifetime::CnbdK), is taken as known.
    ///
    /// # Errors
    /// As [`parameter_intervals`](Fit::parameter_intervals); what `quantity` returns, which is asked for parameters
    /// near the estimates too; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value outside the domain, or on
    /// its edge and not staying there; [`Undefined`](crate::ErrorKind::Undefined) for what is not finite.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Domain, Sbg, Tenures};
    /// use goodwill::{Probability, TimeUnit};
    ///
    /// let fit = Sbg::fit(&Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468, 382, 326])?)?;
    /// // How likely is a subscriber to leave at the first renewal: α/(α + β), 36.9 per cent were seen to.
    /// let first = |model: &Sbg| Ok(model.alpha() / (model.alpha() + model.beta()));
    /// let leaves = fit.confidence(Probability::constant(0.95), Domain::Probability, first)?;
    /// assert!((leaves.value() - 0.370_8).abs() < 1e-4);
    /// assert!(leaves.contains(0.369) && !leaves.contains(0.33) && !leaves.contains(0.41));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Oehlert (1992), "A Note on the Delta Method", The American Statistician 46(1), 27–29;
    /// doi:10.1080/00031305.1992.10475842.
    pub fn confidence(
        &self,
        level: Probability,
        domain: Domain,
        quantity: impl Fn(&M) -> Result<f64>,
    ) -> Result<ConfidenceInterval> {
        let z = two_sided_z(level)?;
        let value = finite("quantity", quantity(self.model())?)?;
        let variance = variances(self, |model| Ok(vec![quantity(model)?]))?[0];
        around(value, variance.sqrt(), domain, z, level)
    }
}

/// The variances of quantities that a fitted model gives, one for each.
pub(super) fn variances<M: Parametric>(
    fit: &Fit<M>,
    quantities: impl Fn(&M) -> Result<Vec<f64>>,
) -> Result<Vec<f64>> {
    let free = Free::of(fit)?;
    let moved = |i: usize, by: f64| {
        let mut values = free.values.clone();
        values[i] += by;
        quantities(&Free::model(fit, &values)?)
    };
    let mut gradients = Vec::with_capacity(free.values.len());
    for (i, &step) in free.steps.iter().enumerate() {
        let near = (moved(i, step)?, moved(i, -step)?);
        let far = (moved(i, 2.0 * step)?, moved(i, -2.0 * step)?);
        let slope =
            |k: usize| (8.0 * (near.0[k] - near.1[k]) - (far.0[k] - far.1[k])) / (12.0 * step);
        gradients.push((0..near.0.len()).map(slope).collect::<Vec<f64>>());
    }
    let variance = |k: usize| {
        let g = DVector::from_iterator(gradients.len(), gradients.iter().map(|own| own[k]));
        finite("variance", free.factor.tr_mul(&g).norm_squared())
    };
    (0..gradients[0].len()).map(variance).collect()
}

/// The interval of a value with its standard deviation.
pub(super) fn around(
    value: f64,
    sigma: f64,
    domain: Domain,
    z: f64,
    level: Probability,
) -> Result<ConfidenceInterval> {
    let outside = |domain| Err(Error::out_of_domain("quantity", value, domain));
    // What is certain is certain on every scale, at the edge of its domain too.
    let is_certain = sigma <= 0.0;
    let (lower, upper) = match domain {
        Domain::AnyNumber => (value - z * sigma, value + z * sigma),
        Domain::Positive if value > 0.0 => {
            let half = z * sigma / value;
            (value * (-half).exp(), value * half.exp())
        }
        Domain::Positive if value >= 0.0 && is_certain => (value, value),
        Domain::Positive => return outside("(0, ∞)"),
        Domain::Probability if value > 0.0 && value < 1.0 => {
            let (odds, half) = (value / (1.0 - value), z * sigma / (value * (1.0 - value)));
            let at = |odds: f64| Probability::of_odds(odds).get();
            (at(odds * (-half).exp()), at(odds * half.exp()))
        }
        Domain::Probability if (0.0..=1.0).contains(&value) && is_certain => (value, value),
        Domain::Probability => return outside("(0, 1)"),
    };
    if !(lower.is_finite() && upper.is_finite()) {
        return Err(out_of_range("interval"));
    }
    Ok(ConfidenceInterval::new(value, lower.min(value), upper.max(value), level))
}
