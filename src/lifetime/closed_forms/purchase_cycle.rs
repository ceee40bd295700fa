//! Customers who buy in cycles and are promoted to between purchases: Berger and Nasr's cases 1 and 2.

use crate::error::{Error, Result};
use crate::lifetime::contract::series::cycles;
use crate::lifetime::model::finite;
use crate::present_value::annuity_due;
use crate::quantity::Probability;
use crate::time::{DiscountRate, Horizon};

use super::{amount, force, positive_days};

/// A customer who buys at the start of each cycle, stays for the next one with a constant probability, and costs
/// promotion in between.
///
/// One purchase a year is Berger and Nasr's case 1, several a year or one in several years is case 2.
///
/// # Example
/// ```
/// use goodwill::lifetime::PurchaseCycle;
/// use goodwill::{DiscountRate, Horizon, Probability};
///
/// // An insurer: 260 a year, 75 % stay, 50 a year on promotion, over ten years at 20 %.
/// let year = Horizon::years(1.0)?;
/// let insured = PurchaseCycle::new(year, 260.0, Probability::constant(0.75))?.promoted(year, 50.0)?;
/// let value = insured.lifetime_value(Horizon::years(10.0)?, DiscountRate::annual(0.2)?)?;
/// assert!((value - 568.78).abs() < 0.005);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Berger and Nasr (1998), Journal of Interactive Marketing 12(1), 17–30, cases 1 and 2.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PurchaseCycle {
    cycle: Horizon,
    contribution: f64,
    retention: Probability,
    /// How often, and what each time.
    promotion: Option<(Horizon, f64)>,
}

impl PurchaseCycle {
    /// A customer who brings a contribution now and, with probability `retention` each time, again at the end of every
    /// cycle.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cycle that is not a finite time above 0, or a
    /// contribution that is not finite.
    pub fn new(cycle: Horizon, contribution: f64, retention: Probability) -> Result<Self> {
        positive_days("purchase cycle", cycle)?;
        let contribution = amount("contribution", contribution)?;
        Ok(Self { cycle, contribution, retention, promotion: None })
    }

    /// With `cost` spent in the middle of every such span, on customers who are still there at its start.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a span that is not a finite time above 0, or a cost that is
    /// not finite.
    pub fn promoted(self, every: Horizon, cost: f64) -> Result<Self> {
        positive_days("span of promotion", every)?;
        Ok(Self { promotion: Some((every, amount("cost of promotion", cost)?)), ..self })
    }

    /// What such a customer is worth from his first purchase, this one included. What it cost to win him is not in it;
    /// see [`lifetime_value_less_acquisition`](PurchaseCycle::lifetime_value_less_acquisition).
    ///
    /// # Formula
    /// ```text
    /// GC·Σ rᵏ/(1 + d)^{kc} for k = 0 … N/c  −  M·Σ r^{(i − 1)s/c}/(1 + d)^{(i − ½)s} for i = 1 … N/s
    /// ```
    /// with the cycle c, the span of promotion s and the horizon N in years: N/c + 1 purchases, the last at the
    /// horizon.
    ///
    /// # Units
    /// That of the contribution and the cost.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a horizon that is not whole cycles and whole spans of
    /// promotion; [`Undefined`](crate::ErrorKind::Undefined) for ever where a sum is infinite, or where the value
    /// leaves the range of `f64`.
    ///
    /// # Example
    /// See [`PurchaseCycle`].
    ///
    /// # Reference
    /// Berger and Nasr (1998), cases 1, 2a and 2b.
    pub fn lifetime_value(&self, horizon: Horizon, discount: DiscountRate) -> Result<f64> {
        let cycle = positive_days("purchase cycle", self.cycle)?;
        let purchases = cycles(horizon, cycle)?.map(|count| count + 1.0);
        let mut value = self.contribution * self.series(cycle, purchases, discount)?;
        if let Some((every, cost)) = self.promotion {
            let span = positive_days("span of promotion", every)?;
            let middle = (-force(discount, 0.5 * span)).exp();
            value -= cost * middle * self.series(span, cycles(horizon, span)?, discount)?;
        }
        finite("lifetime value", value)
    }

    /// [`lifetime_value`](PurchaseCycle::lifetime_value) less what it cost to win him.
    ///
    /// # Errors
    /// As [`lifetime_value`](PurchaseCycle::lifetime_value);
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cost that is not finite.
    pub fn lifetime_value_less_acquisition(
        &self,
        acquisition_cost: f64,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<f64> {
        let cost = amount("acquisition cost", acquisition_cost)?;
        finite("lifetime value", self.lifetime_value(horizon, discount)? - cost)
    }

    /// Σ qᵏ of what comes every `days`, with q the chance to be still there and the discount of that time.
    fn series(&self, days: f64, count: Option<f64>, discount: DiscountRate) -> Result<f64> {
        let cycle = positive_days("purchase cycle", self.cycle)?;
        let stays = (-self.retention.complement().get()).ln_1p() * (days / cycle);
        let shrink = -(stays - force(discount, days)).exp_m1();
        annuity_due(shrink, count).ok_or_else(|| {
            let (r, rate) = (self.retention, force(discount, cycle).exp_m1());
            let reason =
                format!("it needs retention < 1 + discount, but has {r} and {rate} a cycle");
            Error::undefined("lifetime value for ever", reason)
        })
    }
}
