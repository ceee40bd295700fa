//! Lifetime value where customers give notice: a constant chance to stay.

use crate::error::{Error, Result};
use crate::present_value::annuity_due;
use crate::quantity::Probability;
use crate::time::{DiscountRate, Horizon, TimeUnit};

use super::model::finite;

/// A base of customers who each stay for another period with the same probability.
///
/// The closed form of the textbooks. It is biased low where customers differ (those who stay are those who
/// always would), so take it as a floor or for a quick answer.
///
/// # Example
/// ```
/// use goodwill::{ConstantRetention, DiscountRate, FirstMargin, Horizon, Probability, TimeUnit};
///
/// let loyal = ConstantRetention::new(TimeUnit::Year, Probability::constant(0.8));
/// let rate = DiscountRate::annual(0.10)?;
/// // A margin of 100 a year, the first one after the first renewal: 100 × 0.8 / (1.1 − 0.8).
/// let value = loyal.lifetime_value(100.0, rate, Horizon::FOREVER, FirstMargin::AfterRenewal)?;
/// assert!((value - 266.666_666_666_666_67).abs() < 1e-11);
/// // A 20-dollar purchase 40 times a year, by a customer who stays the whole 10 years, undiscounted.
/// let for_life = ConstantRetention::new(TimeUnit::Year, Probability::ONE);
/// let ten = Horizon::years(10.0)?;
/// assert_eq!(for_life.lifetime_value(800.0, DiscountRate::NONE, ten, FirstMargin::Now)?, 8_000.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Gupta and Lehmann (2003), "Customers as Assets", Journal of Interactive Marketing 17(1), 9–24.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ConstantRetention {
    period: TimeUnit,
    retention: Probability,
}

/// When the first margin of a customer comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum FirstMargin {
    /// At once, certain and undiscounted.
    Now,
    /// One period from now, if the customer is retained.
    AfterRenewal,
}

impl ConstantRetention {
    /// Customers who stay for another `period` with probability `retention`.
    #[must_use]
    pub fn new(period: TimeUnit, retention: Probability) -> Self {
        Self { period, retention }
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

    /// The present value of a margin per period for as long as the customer stays.
    ///
    /// # Formula
    /// ```text
    /// now:           m·Σ qᵗ for t = 0 … N − 1;   for ever m·(1 + d)/(1 + d − r)
    /// after renewal: m·Σ qᵗ for t = 1 … N;       for ever m·r/(1 + d − r)          q = r/(1 + d)
    /// ```
    ///
    /// # Units
    /// `margin` per period; N is the horizon in periods.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a margin that is not finite, or a horizon that is not
    /// whole periods; [`Undefined`](crate::ErrorKind::Undefined) for ever unless r < 1 + d.
    pub fn lifetime_value(
        &self,
        margin: f64,
        discount: DiscountRate,
        horizon: Horizon,
        first: FirstMargin,
    ) -> Result<f64> {
        if !margin.is_finite() {
            return Err(Error::out_of_domain("margin", margin, "(-∞, ∞)"));
        }
        let rate = discount.per(self.period);
        let kept = self.retention.get() / (1.0 + rate);
        // 1 − r/(1 + d), from the small churn and rate rather than from two numbers near 1.
        let shrink = (rate + self.retention.complement().get()) / (1.0 + rate);
        let periods = horizon.in_unit(self.period).map(whole).transpose()?;
        let payments = annuity_due(shrink, periods).ok_or_else(|| {
            Error::undefined(
                "lifetime value for ever",
                format!(
                    "it needs retention < 1 + discount, but has {} and {}",
                    self.retention, rate
                ),
            )
        })?;
        let timing = match first {
            FirstMargin::Now => 1.0,
            FirstMargin::AfterRenewal => kept,
        };
        finite("lifetime value", margin * payments * timing)
    }
}

/// A number of periods that is whole but for rounding of the day counts.
fn whole(periods: f64) -> Result<f64> {
    /// The day counts have eight digits; a dozen products of them stay within this.
    const ROUNDING: f64 = 1e-12;
    let nearest = periods.round();
    if (periods - nearest).abs() <= ROUNDING * nearest {
        Ok(nearest)
    } else {
        Err(Error::out_of_domain("horizon in periods", periods, "the whole numbers"))
    }
}
