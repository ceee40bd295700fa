//! A constant chance to stay, where customers give notice.

use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::lifetime::fit::Fit;
use crate::lifetime::model::finite;
use crate::present_value::annuity_due;
use crate::quantity::Probability;
use crate::time::TimeUnit;

use super::model::{RetentionModel, endless, sealed::RetentionKernel};
use super::tenures::Tenures;

/// A base of customers who each stay for another period with the same probability.
///
/// The closed form of the textbooks. It is biased low where customers differ (those who stay are those who
/// always would), so take it as a floor or for a quick answer.
///
/// # Example
/// ```
/// use goodwill::lifetime::{Margin, RetentionModel};
/// use goodwill::{ConstantRetention, DiscountRate, FirstMargin, Horizon, Probability, TimeUnit};
///
/// let loyal = ConstantRetention::new(TimeUnit::Year, Probability::constant(0.8));
/// let rate = DiscountRate::annual(0.10)?;
/// // A margin of 100 a year, the first one after the first renewal: 100 × 0.8 / (1.1 − 0.8).
/// let (margin, ever) = (Margin::new(100.0, TimeUnit::Year)?, Horizon::FOREVER);
/// let value = loyal.lifetime_value(&margin, ever, rate, FirstMargin::AfterRenewal)?;
/// assert!((value - 266.666_666_666_666_67).abs() < 1e-11);
/// // A 20-dollar purchase 40 times a year, by a customer who stays the whole 10 years, undiscounted.
/// let for_life = ConstantRetention::new(TimeUnit::Year, Probability::ONE);
/// let (margin, ten) = (Margin::new(800.0, TimeUnit::Year)?, Horizon::years(10.0)?);
/// let value = for_life.lifetime_value(&margin, ten, DiscountRate::NONE, FirstMargin::Now)?;
/// assert_eq!(value, 8_000.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Gupta and Lehmann (2003), "Customers as Assets", Journal of Interactive Marketing 17(1), 9–24.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ConstantRetention {
    period: TimeUnit,
    pub(in crate::lifetime) retention: Probability,
}

impl ConstantRetention {
    /// Customers who stay for another `period` with probability `retention`.
    #[must_use]
    pub fn new(period: TimeUnit, retention: Probability) -> Self {
        Self { period, retention }
    }

    /// The maximum-likelihood retention: the part of all renewals that came up and were made. Its interval is
    /// [`interval`](ConstantRetention::interval).
    ///
    /// # Formula
    /// ```text
    /// r̂ = made/due,   ln L = made·ln r + (due − made)·ln(1 − r),   variance r̂(1 − r̂)/due
    /// ```
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) where no renewal has come up;
    /// [`NotIdentified`](crate::ErrorKind::NotIdentified) where all or none were made.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{ConstantRetention, RetentionModel, Tenures};
    /// use goodwill::TimeUnit;
    ///
    /// let cohort = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468, 382, 326])?;
    /// let fit = ConstantRetention::fit(&cohort)?;
    /// // 1,807 of 2,481 renewals.
    /// assert_eq!(fit.model().retention(1)?.get(), 1_807.0 / 2_481.0);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn fit(tenures: &Tenures) -> Result<Fit<Self>> {
        let (due, made) = tenures.renewals();
        if !(due > 0.0) {
            return Err(Error::empty("renewals that came up"));
        }
        let retention = Probability::new(made / due)?;
        let model = Self { period: tenures.period(), retention };
        let churn = (due - made) / due;
        let variance = retention.get() * churn / due;
        Fit::closed_form(
            "constant retention",
            model,
            ("retention", retention.get()),
            model.log_likelihood(tenures)?,
            variance,
            tenures.customers() as usize,
        )
    }

    /// The retention of the tenures with Wilson's interval: all renewals as independent trials.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) where no renewal has come up;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{ConstantRetention, Tenures};
    /// use goodwill::{Probability, TimeUnit};
    ///
    /// let cohort = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468, 382, 326])?;
    /// let retention = ConstantRetention::interval(&cohort, Probability::constant(0.95))?;
    /// assert!(retention.lower() > 0.71 && retention.upper() < 0.75);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn interval(tenures: &Tenures, level: Probability) -> Result<Estimate> {
        let (due, made) = tenures.renewals();
        Estimate::proportion(made as u64, due as u64, level)
    }

    /// The natural logarithm of the likelihood of the tenures.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for tenures in another period;
    /// [`Undefined`](crate::ErrorKind::Undefined) where the tenures are impossible at this retention.
    pub fn log_likelihood(&self, tenures: &Tenures) -> Result<f64> {
        tenures.must_count(self.period)?;
        let (due, made) = tenures.renewals();
        let part = |count: f64, chance: f64| if count > 0.0 { count * chance.ln() } else { 0.0 };
        let lost = self.retention.complement().get();
        finite("log-likelihood", part(made, self.retention.get()) + part(due - made, lost))
    }

    /// How long a customer stays on average from now, in periods: 1/(1 − r).
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for a retention of 1.
    pub fn expected_periods(&self) -> Result<f64> {
        let churn = self.retention.complement().get();
        if churn > 0.0 {
            Ok(1.0 / churn)
        } else {
            Err(Error::undefined("expected periods", "a customer who always stays, stays for ever"))
        }
    }

    /// 1 − r/(1 + d), from the small churn and rate rather than from two numbers near 1.
    fn shrink(&self, rate: f64) -> f64 {
        (rate + self.retention.complement().get()) / (1.0 + rate)
    }

    fn needs_below(&self, rate: f64) -> String {
        let r = self.retention;
        format!("it needs retention < 1 + discount net of growth, but has {r} and {rate}")
    }
}

impl RetentionKernel for ConstantRetention {
    fn time_unit(&self) -> TimeUnit {
        self.period
    }

    fn ln_survival(&self, _from: f64, span: f64) -> f64 {
        if span > 0.0 { span * self.retention.get().ln() } else { 0.0 }
    }

    fn payments(&self, _from: f64, periods: Option<u32>, rate: f64) -> Result<f64> {
        let payments = annuity_due(self.shrink(rate), periods.map(f64::from));
        payments.ok_or_else(|| endless(self.needs_below(rate)))
    }

    fn payments_for_ever(&self, from: f64, rate: f64) -> Result<f64> {
        self.payments(from, None, rate)
    }

    fn weighted_payments_for_ever(&self, from: f64, rate: f64) -> Result<f64> {
        let payments = self.payments_for_ever(from, rate)?;
        Ok(self.retention.get() / (1.0 + rate) * payments * payments)
    }

    /// Customers do not differ: the elasticity of each is that of all.
    fn mean_elasticity(&self, from: f64, rate: f64) -> Result<f64> {
        self.payments_for_ever(from, rate)
    }
}

impl RetentionModel for ConstantRetention {}
