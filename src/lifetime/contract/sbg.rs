//! sBG: customers under contract whose own chances to leave differ, and stay as they are.

use crate::error::{Error, Result};
use crate::lifetime::fit::{Estimation, Fit, FitOptions, positive};
use crate::lifetime::model::finite;
use crate::lifetime::options::Scale;
use crate::math::beta::ln_beta_ratio;
use crate::math::gamma::pochhammer;
use crate::math::hypergeometric::ln_hypergeometric_complement;
use crate::math::newton::Evaluation;
use crate::time::TimeUnit;

use super::model::{RetentionModel, endless, sealed::RetentionKernel};
use super::tenures::{Count, Tenures};

/// The shifted-beta-geometric model of customers under contract.
///
/// # Assumptions
/// 1. At each renewal a customer leaves with his own probability θ, the same every time.
/// 2. Customers differ: θ is beta distributed with parameters α and β.
///
/// So the retention rate of a cohort rises although nobody grows more loyal: those who tend to leave, have left.
///
/// # Formula
/// ```text
/// S(t)     = B(α, β + t)/B(α, β)
/// P(T = t) = B(α + 1, β + t − 1)/B(α, β)
/// r(t)     = S(t)/S(t − 1) = (β + t − 1)/(α + β + t − 1)
/// ln L     = Σ left(t)·ln P(T = t) + Σ active(t)·ln S(t)
/// DEL      = ₂F₁(1, β; α + β; 1/(1 + d));   at d = 0: (α + β − 1)/(α − 1), α > 1
/// DERL     = (β + n − 1)/(α + β + n − 1)·₂F₁(1, β + n; α + β + n; 1/(1 + d)) after n − 1 renewals
/// mean elasticity           = ₂F₁(1, β + n − 1; α + β + n − 1; 1/(1 + d))
/// elasticity of expectation = ₂F₁(2, β + n; α + β + n; 1/(1 + d)) / ₂F₁(1, β + n; α + β + n; 1/(1 + d))
/// ```
///
/// # Units
/// α and β are pure numbers; t counts renewals, one [`period`](RetentionModel::period) apart.
///
/// # Example
/// ```
/// use goodwill::lifetime::{RetentionModel, Sbg};
/// use goodwill::{DiscountRate, Horizon, TimeUnit};
///
/// let model = Sbg::new(TimeUnit::Year, 0.7637, 1.2958)?;
/// assert!((model.survival(4)?.get() - 0.3255).abs() < 1e-4);
/// assert!(model.retention(4)? > model.retention(1)?);
/// // At a margin of 100 a year and a rate of 10 %, someone who signs is worth 362.
/// let rate = DiscountRate::annual(0.10)?;
/// assert!((model.discounted_lifetime(Horizon::FOREVER, rate)? - 3.621).abs() < 1e-3);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fader and Hardie (2007), "How to Project Customer Retention", Journal of Interactive Marketing 21(1), 76–90,
/// equations (5) to (7); Fader and Hardie (2010), "Customer-Base Valuation in a Contractual Setting: The Perils of
/// Ignoring Heterogeneity", Marketing Science 29(1), 85–93, equations (6) and (8).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct Sbg {
    period: TimeUnit,
    alpha: f64,
    beta: f64,
}

impl Sbg {
    /// The model with known parameters.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless both parameters lie in `(0, ∞)`.
    pub fn new(period: TimeUnit, alpha: f64, beta: f64) -> Result<Self> {
        Ok(Self { period, alpha: positive("alpha", alpha)?, beta: positive("beta", beta)? })
    }

    /// The maximum-likelihood model of the tenures, with default options.
    ///
    /// # Errors
    /// As [`fit_with`](Sbg::fit_with).
    ///
    /// # Example
    /// See [`fit_with`](Sbg::fit_with).
    pub fn fit(tenures: &Tenures) -> Result<Fit<Self>> {
        Self::fit_with(tenures, &FitOptions::default())
    }

    /// The maximum-likelihood model of the tenures.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a customer; [`NotIdentified`](crate::ErrorKind::NotIdentified)
    /// where nobody left, where only one renewal was seen, or where a parameter runs to the edge of its domain;
    /// [`NotConverged`](crate::ErrorKind::NotConverged) where the iterations do not suffice.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Sbg, Tenures};
    /// use goodwill::{FitOptions, TimeUnit};
    ///
    /// let cohort = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468, 382, 326])?;
    /// let fit = Sbg::fit_with(&cohort, &FitOptions::new())?;
    /// assert!((fit.model().alpha() - 0.763_665_06).abs() < 1e-8);
    /// assert!((fit.model().beta() - 1.295_830_27).abs() < 1e-8);
    /// assert!((fit.log_likelihood() + 1_401.559_424).abs() < 1e-6);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn fit_with(tenures: &Tenures, options: &FitOptions) -> Result<Fit<Self>> {
        let period = tenures.period();
        let estimation = estimation("sBG", ["alpha", "beta"], tenures, options)?;
        let starts = start_odds(tenures).map(|(alpha, beta)| [alpha, beta]);
        let model = |[alpha, beta]: [f64; 2]| Self { period, alpha, beta };
        estimation
            .maximise(&starts, [Scale::NUMBER; 2], model, |point| model(point).evaluate(tenures))
    }

    /// The natural logarithm of the likelihood of the tenures.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for tenures in another period;
    /// [`Undefined`](crate::ErrorKind::Undefined) where it leaves the range of `f64`.
    pub fn log_likelihood(&self, tenures: &Tenures) -> Result<f64> {
        tenures.must_count(self.period)?;
        finite("log-likelihood", self.evaluate(tenures).value)
    }

    /// α: the larger, the sooner customers leave.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// β: the larger, the longer they stay. Both together: the larger, the less customers differ.
    #[must_use]
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// The parameters with their names, in the order of the paper.
    #[must_use]
    pub fn parameters(&self) -> [(&'static str, f64); 2] {
        [("alpha", self.alpha), ("beta", self.beta)]
    }

    /// Customers drawn at random from the model and observed for `renewals` renewals. Equal seeds give equal
    /// customers.
    ///
    /// Needs the feature `rand`.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for parameters too extreme to draw from.
    #[cfg(feature = "rand")]
    pub fn simulate(&self, customers: usize, renewals: u32, seed: u64) -> Result<Tenures> {
        super::simulate::tenures(self, [self.alpha, self.beta], customers, renewals, seed, |t| t)
    }

    /// Σ ln L with its derivatives in (α, β).
    pub(super) fn evaluate(&self, tenures: &Tenures) -> Evaluation<2> {
        let mut sum = Evaluation::ZERO;
        for count in tenures.counts() {
            let Count { renewal, left, active } = *count;
            let (left, active, t) = (left as f64, active as f64, f64::from(renewal));
            if left > 0.0 {
                sum.value += left * self.alpha.ln();
                sum.gradient[0] += left / self.alpha;
                sum.hessian[0][0] -= left / (self.alpha * self.alpha);
            }
            // (β)ₜ of those who stayed, (β)ₜ₋₁ of those who left, over (α + β)ₜ of all.
            for (weight, stayed) in [(left, (t - 1.0).max(0.0)), (active, t)] {
                let kept = pochhammer(self.beta, stayed);
                sum.value += weight * kept.ln;
                sum.gradient[1] += weight * kept.d1;
                sum.hessian[1][1] += weight * kept.d2;
            }
            let due = pochhammer(self.alpha + self.beta, t);
            let all = left + active;
            sum.value -= all * due.ln;
            for i in 0..2 {
                sum.gradient[i] -= all * due.d1;
                for j in 0..=i {
                    sum.hessian[i][j] -= all * due.d2;
                }
            }
        }
        sum.mirrored()
    }
}

/// An estimation from tenures that can say something, or why they cannot.
pub(super) fn estimation<const N: usize>(
    model: &'static str,
    names: [&'static str; N],
    tenures: &Tenures,
    options: &FitOptions,
) -> Result<Estimation<N>> {
    let customers = tenures.customers() as usize;
    if customers == 0 {
        return Err(Error::empty("tenures"));
    }
    let estimation = Estimation { model, names, customers, left_out: 0, options: *options };
    if options.know(&names) {
        return Ok(estimation);
    }
    let seen = tenures.counts().last().map_or(0, |count| count.renewal);
    if seen < N as u32 {
        return Err(estimation.not_identified(
            &names,
            &[],
            "fewer renewals have been seen than it has parameters; observe longer",
        ));
    }
    if tenures.left() == 0 {
        return Err(estimation.not_identified(
            &["alpha"],
            &[],
            "nobody has left, so that any small chance to leave fits; observe longer",
        ));
    }
    Ok(estimation)
}

/// Three α and β with the odds of leaving that are seen over all renewals.
pub(super) fn start_odds(tenures: &Tenures) -> [(f64, f64); 3] {
    let (due, made) = tenures.renewals();
    let odds = (made.max(0.5) / (due - made).max(0.5)).clamp(1e-6, 1e6);
    [1.0, 0.2, 20.0].map(|alpha| (alpha, alpha * odds))
}

impl RetentionKernel for Sbg {
    fn time_unit(&self) -> TimeUnit {
        self.period
    }

    fn ln_survival(&self, from: f64, span: f64) -> f64 {
        ln_beta_ratio(self.alpha, self.beta + from, span)
    }

    fn hazard(&self, from: f64) -> f64 {
        self.alpha / (self.alpha + (self.beta + from))
    }

    fn payments_for_ever(&self, from: f64, rate: f64) -> Result<f64> {
        let (alpha, b) = (self.alpha, self.beta + from);
        if rate > 0.0 {
            return Ok(hypergeometric(1.0, b, alpha + b, rate));
        }
        check_rate(rate)?;
        if alpha > 1.0 {
            return Ok((b + (alpha - 1.0)) / (alpha - 1.0));
        }
        Err(endless(format!(
            "customers stay infinitely long on average where α ≤ 1, and α = {alpha}"
        )))
    }

    fn weighted_payments_for_ever(&self, from: f64, rate: f64) -> Result<f64> {
        let (alpha, b) = (self.alpha, self.beta + from);
        if rate > 0.0 {
            let twice = hypergeometric(2.0, b + 1.0, alpha + b + 1.0, rate);
            return Ok(b / (alpha + b) / (1.0 + rate) * twice);
        }
        check_rate(rate)?;
        if alpha > 2.0 {
            return Ok(b / (alpha - 1.0) * ((b + (alpha - 1.0)) / (alpha - 2.0)));
        }
        Err(endless(format!(
            "at rate 0 the elasticity of the expectation needs α > 2, and α = {alpha}"
        )))
    }

    /// E[Σ (1 − θ)ᵏ/(1 + d)ᵏ], which is E[(1 + d)/(d + θ)].
    fn mean_elasticity(&self, from: f64, rate: f64) -> Result<f64> {
        self.payments_for_ever(from, rate)
    }
}

impl RetentionModel for Sbg {}

/// ₂F₁(a, b; c; 1/(1 + d)).
fn hypergeometric(a: f64, b: f64, c: f64, rate: f64) -> f64 {
    ln_hypergeometric_complement(a, b, c, 1.0 / (1.0 + rate), rate / (1.0 + rate)).exp()
}

/// That no rate below 0 is asked about for ever.
pub(super) fn check_rate(rate: f64) -> Result<()> {
    if rate >= 0.0 {
        return Ok(());
    }
    Err(endless("at a negative rate, payments infinitely late are worth infinitely much"))
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    period: TimeUnit,
    alpha: f64,
    beta: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for Sbg {
    type Error = Error;

    fn try_from(fields: Fields) -> Result<Self> {
        Self::new(fields.period, fields.alpha, fields.beta)
    }
}

#[cfg(feature = "serde")]
impl From<Sbg> for Fields {
    fn from(Sbg { period, alpha, beta }: Sbg) -> Self {
        Self { period, alpha, beta }
    }
}
