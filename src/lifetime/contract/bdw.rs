//! Beta-discrete-Weibull: customers under contract whose own chances to leave differ, and change with tenure.

use crate::error::Result;
use crate::lifetime::fit::{Fit, FitOptions, positive};
use crate::lifetime::model::{finite, out_of_range};
use crate::lifetime::options::Scale;
use crate::math::beta::{ln_beta, ln_beta_ratio};
use crate::math::gamma::{digamma_difference, trigamma, trigamma_difference};
use crate::math::logistic::{STRAIGHT_AFTER, Tail, ln_1p_exp, ln_integral, trapezoid_step};
use crate::math::newton::Evaluation;
use crate::time::TimeUnit;

use super::model::{RetentionModel, endless, sealed::RetentionKernel};
use super::sbg::{check_rate, estimation, start_odds};
use super::series::sum;
use super::tenures::{Count, Tenures};

/// The beta-discrete-Weibull model of customers under contract.
///
/// # Assumptions
/// 1. A customer is still there after t renewals with probability (1 − θ)^{tᶜ}: with c > 1 he himself leaves ever
///    more readily, with c < 1 ever less, with c = 1 as readily as at first, which is [`Sbg`](super::Sbg).
/// 2. Customers differ: θ is beta distributed with parameters α and β. All share c.
///
/// # Formula
/// ```text
/// S(t)     = B(α, β + tᶜ)/B(α, β)
/// P(T = t) = S(t − 1) − S(t)
/// DEL      = Σ S(t)/(1 + d)ᵗ for t = 0, 1, …;   at d = 0 finite only where αc > 1
/// ```
/// The sums have no closed form: 1,024 terms, the rest by Euler and Maclaurin's formula.
///
/// # Units
/// α, β and c are pure numbers; t counts renewals, one [`period`](RetentionModel::period) apart.
///
/// # Example
/// ```
/// use goodwill::TimeUnit;
/// use goodwill::lifetime::{Bdw, RetentionModel, Sbg};
///
/// // With c = 1 it is sBG; with c > 1 the retention of a cohort can fall again.
/// let (bdw, sbg) = (Bdw::new(TimeUnit::Year, 0.7, 1.3, 1.0)?, Sbg::new(TimeUnit::Year, 0.7, 1.3)?);
/// assert_eq!(bdw.survival(4)?, sbg.survival(4)?);
/// let tiring = Bdw::new(TimeUnit::Year, 5.0, 40.0, 1.5)?;
/// assert!(tiring.retention(4)? < tiring.retention(1)?);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fader, Hardie, Liu, Davin and Steenburgh (2018), "How to Project Customer Retention Revisited: The Role of
/// Duration Dependence", Journal of Interactive Marketing 43, 1–16.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct Bdw {
    period: TimeUnit,
    alpha: f64,
    beta: f64,
    c: f64,
}

impl Bdw {
    /// The model with known parameters.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless every parameter lies in `(0, ∞)`.
    pub fn new(period: TimeUnit, alpha: f64, beta: f64, c: f64) -> Result<Self> {
        let (alpha, beta) = (positive("alpha", alpha)?, positive("beta", beta)?);
        Ok(Self { period, alpha, beta, c: positive("c", c)? })
    }

    /// The maximum-likelihood model of the tenures, with default options.
    ///
    /// # Errors
    /// As [`fit_with`](Bdw::fit_with).
    ///
    /// # Example
    /// See [`fit_with`](Bdw::fit_with).
    pub fn fit(tenures: &Tenures) -> Result<Fit<Self>> {
        Self::fit_with(tenures, &FitOptions::default())
    }

    /// The maximum-likelihood model of the tenures.
    ///
    /// # Errors
    /// As [`Sbg::fit_with`](super::Sbg::fit_with); it takes three renewals.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Bdw, Tenures};
    /// use goodwill::{FitOptions, TimeUnit};
    ///
    /// // The "High End" cohort of the paper of 2007: retention does not rise as it does under sBG.
    /// let left = [1_000, 869, 743, 653, 593, 551, 517, 491];
    /// let cohort = Tenures::from_survivors(TimeUnit::Year, &left)?;
    /// let fit = Bdw::fit_with(&cohort, &FitOptions::new())?;
    /// assert!(fit.model().c() > 1.0);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn fit_with(tenures: &Tenures, options: &FitOptions) -> Result<Fit<Self>> {
        let period = tenures.period();
        let estimation = estimation("BdW", ["alpha", "beta", "c"], tenures, options)?;
        let starts = start_odds(tenures).map(|(alpha, beta)| [alpha, beta, 1.0]);
        let model = |[alpha, beta, c]: [f64; 3]| Self { period, alpha, beta, c };
        estimation
            .maximise(&starts, [Scale::NUMBER; 3], model, |point| model(point).evaluate(tenures))
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

    /// β: the larger, the longer they stay.
    #[must_use]
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// c: above 1, a customer leaves ever more readily; below 1, ever less.
    #[must_use]
    pub fn c(&self) -> f64 {
        self.c
    }

    /// The parameters with their names, in the order of the paper.
    #[must_use]
    pub fn parameters(&self) -> [(&'static str, f64); 3] {
        [("alpha", self.alpha), ("beta", self.beta), ("c", self.c)]
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
        let renewals_by = |age: f64| age.powf(1.0 / self.c);
        super::simulate::tenures(
            self,
            [self.alpha, self.beta],
            customers,
            renewals,
            seed,
            renewals_by,
        )
    }

    /// (from + span)ᶜ − fromᶜ: how much a customer ages by.
    fn ageing(&self, from: f64, span: f64) -> f64 {
        if from > 0.0 {
            from.powf(self.c) * (self.c * (span / from).ln_1p()).exp_m1()
        } else {
            span.powf(self.c)
        }
    }

    /// Σ ln L with its derivatives in (α, β, c).
    pub(super) fn evaluate(&self, tenures: &Tenures) -> Evaluation<3> {
        let mut sum = Evaluation::ZERO;
        for count in tenures.counts() {
            let Count { renewal, left, active } = *count;
            let t = f64::from(renewal);
            if active > 0 {
                add(&mut sum, &self.ln_survival_with_derivatives(t), active as f64);
            }
            if left > 0 {
                add(&mut sum, &self.ln_churn_with_derivatives(t), left as f64);
            }
        }
        sum
    }

    /// ln S(t) with its derivatives.
    fn ln_survival_with_derivatives(&self, t: f64) -> Evaluation<3> {
        let (alpha, beta) = (self.alpha, self.beta);
        if !(t > 0.0) {
            return Evaluation::ZERO;
        }
        let (age, log) = (t.powf(self.c), t.ln());
        // d tᶜ/dc, and d²/dc² is log times that.
        let faster = age * log;
        let later = beta + age;
        // With respect to tᶜ.
        let (slope, bend) = (-digamma_difference(later, alpha), -trigamma_difference(later, alpha));
        let of_all = digamma_difference(alpha + beta, age);
        let curve_of_all = trigamma_difference(alpha + beta, age);
        let end = trigamma(alpha + later);
        let cross = -faster * end;
        Evaluation {
            value: ln_beta_ratio(alpha, beta, age),
            gradient: [-of_all, digamma_difference(beta, age) - of_all, faster * slope],
            hessian: [
                [-curve_of_all, -curve_of_all, cross],
                [-curve_of_all, trigamma_difference(beta, age) - curve_of_all, faster * bend],
                [cross, faster * bend, faster * (faster * bend + log * slope)],
            ],
        }
    }

    /// ln P(T = t) = ln S(t − 1) + ln(1 − eᴰ), D = ln S(t) − ln S(t − 1), with its derivatives.
    fn ln_churn_with_derivatives(&self, t: f64) -> Evaluation<3> {
        let before = self.ln_survival_with_derivatives(t - 1.0);
        let after = self.ln_survival_with_derivatives(t);
        let fall = self.ln_survival(t - 1.0, 1.0);
        let lost = -fall.exp_m1();
        let odds = fall.exp() / lost;
        let step: [f64; 3] = std::array::from_fn(|i| after.gradient[i] - before.gradient[i]);
        let mut sum = before;
        sum.value += lost.ln();
        for i in 0..3 {
            sum.gradient[i] -= odds * step[i];
            for j in 0..3 {
                let bend = after.hessian[i][j] - before.hessian[i][j];
                sum.hessian[i][j] -= odds * (bend + (1.0 + odds) * step[i] * step[j]);
            }
        }
        sum
    }

    /// Σ kᵖ·S(from + k)/S(from)·(1 + d)^{−k} for k = 0, 1, ….
    fn sum_for_ever(&self, from: f64, rate: f64, power: i32) -> Result<f64> {
        check_rate(rate)?;
        let needed = f64::from(power) + 1.0;
        if !(rate > 0.0 || self.alpha * self.c > needed) {
            let reason = "at rate 0 that is infinite unless αc > ";
            return Err(endless(format!("{reason}{needed}, and αc = {}", self.alpha * self.c)));
        }
        let delta = rate.ln_1p();
        let term = |k: f64| k.powi(power) * (self.ln_survival(from, k) - delta * k).exp();
        sum(None, term).ok_or_else(|| out_of_range("discounted lifetime for ever"))
    }

    /// The elasticity of a customer's own residual lifetime, if he ages by tᶜ at hazard −ln(1 − θ).
    fn own_elasticity(&self, hazard: f64, from: f64, delta: f64) -> Option<f64> {
        // From the first renewal on: the chance to make that one is in both sums.
        let next = |k: f64| (-hazard * self.ageing(from + 1.0, k) - delta * k).exp();
        let payments = sum(None, next)?;
        let weighted = sum(None, |k| k * next(k))?;
        Some(1.0 + weighted / payments)
    }
}

/// Adds `weight` times the other function.
fn add(sum: &mut Evaluation<3>, other: &Evaluation<3>, weight: f64) {
    sum.value += weight * other.value;
    for i in 0..3 {
        sum.gradient[i] += weight * other.gradient[i];
        for j in 0..3 {
            sum.hessian[i][j] += weight * other.hessian[i][j];
        }
    }
}

impl RetentionKernel for Bdw {
    fn time_unit(&self) -> TimeUnit {
        self.period
    }

    fn ln_survival(&self, from: f64, span: f64) -> f64 {
        let before = self.beta + from.powf(self.c);
        match self.ageing(from, span) {
            // So old that nobody is left.
            f64::INFINITY if before < f64::INFINITY => f64::NEG_INFINITY,
            age => ln_beta_ratio(self.alpha, before, age),
        }
    }

    fn payments_for_ever(&self, from: f64, rate: f64) -> Result<f64> {
        self.sum_for_ever(from, rate, 0)
    }

    fn weighted_payments_for_ever(&self, from: f64, rate: f64) -> Result<f64> {
        self.sum_for_ever(from, rate, 1)
    }

    /// ∫ of the own elasticity over θ ~ Beta(α, β + fromᶜ), with y = logit θ.
    fn mean_elasticity(&self, from: f64, rate: f64) -> Result<f64> {
        check_rate(rate)?;
        let (a, b) = (self.alpha, self.beta + from.powf(self.c));
        // At rate 0 the own elasticity grows as θ^{−1/c}.
        let left_rate = if rate > 0.0 { a } else { a - 1.0 / self.c };
        if !(left_rate > 0.0) {
            let reason = "at rate 0 that is infinite unless αc > 1, and αc = ";
            return Err(endless(format!("{reason}{}", a * self.c)));
        }
        let delta = rate.ln_1p();
        let h = |y: f64| {
            let own = self.own_elasticity(ln_1p_exp(y), from, delta);
            a * y - (a + b) * ln_1p_exp(y) + own.unwrap_or(f64::NAN).ln()
        };
        let mean = (a / b).ln();
        let bend = a * b / (a + b);
        let left = Tail { rate: left_rate, from: mean.min(delta.max(1e-30).ln()) - STRAIGHT_AFTER };
        let right = Tail { rate: b, from: mean.max(0.0) + STRAIGHT_AFTER };
        let integral = ln_integral(h, mean, trapezoid_step(bend, a, b), left, right);
        Ok((integral - ln_beta(a, b)).exp())
    }
}

impl RetentionModel for Bdw {}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    period: TimeUnit,
    alpha: f64,
    beta: f64,
    c: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for Bdw {
    type Error = crate::error::Error;

    fn try_from(fields: Fields) -> Result<Self> {
        Self::new(fields.period, fields.alpha, fields.beta, fields.c)
    }
}

#[cfg(feature = "serde")]
impl From<Bdw> for Fields {
    fn from(Bdw { period, alpha, beta, c }: Bdw) -> Self {
        Self { period, alpha, beta, c }
    }
}
