//! What every model of customers under contract can say.

use crate::error::{Error, Result};
use crate::lifetime::margin::Margin;
use crate::lifetime::model::{finite, out_of_range, probability};
use crate::quantity::Probability;
use crate::time::{DiscountRate, Horizon, TimeUnit};

use super::series::{countable, sum};
use crate::present_value::FirstMargin;

/// A model of how long customers under contract stay. Sealed.
///
/// A customer pays at once for his first period and, for as long as he renews, at each renewal. `renewals` counts
/// those he has made: 0 in the first period. The n-th period of the papers has n − 1.
///
/// # Units
/// Renewals are one [`period`](RetentionModel::period) apart; horizons and rates are converted to it by the
/// named day counts of [`TimeUnit`].
pub trait RetentionModel: sealed::RetentionKernel {
    /// From one renewal to the next.
    fn period(&self) -> TimeUnit {
        self.time_unit()
    }

    /// What part of those who begin is still there after this many renewals? S(t), 1 at 0.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where its terms leave the range of `f64`.
    fn survival(&self, renewals: u32) -> Result<Probability> {
        probability("survival", self.ln_survival(0.0, f64::from(renewals)).exp())
    }

    /// What part of those who come up to this renewal, 1 the first, makes it? The retention rate
    /// S(t)/S(t − 1).
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for renewal 0; [`Undefined`](crate::ErrorKind::Undefined)
    /// as [`survival`](RetentionModel::survival).
    fn retention(&self, renewal: u32) -> Result<Probability> {
        probability("retention", self.ln_survival(before(renewal)?, 1.0).exp())
    }

    /// What part of those who come up to this renewal, 1 the first, leaves? 1 − the retention rate.
    ///
    /// # Errors
    /// As [`retention`](RetentionModel::retention).
    #[doc(alias = "hazard")]
    fn churn(&self, renewal: u32) -> Result<Probability> {
        probability("churn", self.hazard(before(renewal)?))
    }

    /// What part of those who begin leaves at this renewal, 1 the first? P(T = t) = S(t − 1) − S(t).
    ///
    /// # Errors
    /// As [`retention`](RetentionModel::retention).
    #[doc(alias = "pmf")]
    fn churn_probability(&self, renewal: u32) -> Result<Probability> {
        let before = before(renewal)?;
        let left = self.ln_survival(0.0, before).exp() * self.hazard(before);
        probability("churn probability", left)
    }

    /// How many payments does someone who begins make, each at its present value? The first is made at once. At
    /// rate 0 and for ever, this is the expected number of periods he stays.
    ///
    /// # Formula
    /// ```text
    /// DEL = Σ S(t)/(1 + d)ᵗ for t = 0 … N − 1
    /// ```
    ///
    /// # Units
    /// Payments; N is the horizon in periods, at most 10⁶ unless for ever. Times a margin per period, it is the
    /// lifetime value.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a horizon that is not whole periods;
    /// [`Undefined`](crate::ErrorKind::Undefined) for ever at a rate where that is infinite.
    ///
    /// # Reference
    /// Fader and Hardie (2010), Marketing Science 29(1), 85–93, equation (6).
    #[doc(alias = "DEL")]
    fn discounted_lifetime(&self, horizon: Horizon, discount: DiscountRate) -> Result<f64> {
        let periods = countable(horizon, self.time_unit())?;
        let rate = discount.per(self.time_unit());
        finite("discounted lifetime", self.payments(0.0, periods, rate)?)
    }

    /// How many payments does a customer with this many renewals still make, each at its present value? The next
    /// renewal is about to be decided and counts undiscounted, if it is made.
    ///
    /// # Formula
    /// ```text
    /// DERL = Σ S(t)/S(n − 1)·(1 + d)^{−(t − n)} for t = n … n + N − 1,   n = renewals + 1
    /// ```
    ///
    /// # Units
    /// As [`discounted_lifetime`](RetentionModel::discounted_lifetime).
    ///
    /// # Errors
    /// As [`discounted_lifetime`](RetentionModel::discounted_lifetime).
    ///
    /// # Reference
    /// Fader and Hardie (2010), Marketing Science 29(1), 85–93, equation (8).
    #[doc(alias = "DERL")]
    fn discounted_residual_lifetime(
        &self,
        renewals: u32,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<f64> {
        let periods = countable(horizon, self.time_unit())?;
        let rate = discount.per(self.time_unit());
        let renewed = f64::from(renewals) + 1.0;
        let kept = self.ln_survival(renewed - 1.0, 1.0).exp();
        finite("discounted residual lifetime", kept * self.payments(renewed, periods, rate)?)
    }

    /// What is someone worth who begins: the present value of a margin per period, for as long as he stays. What it
    /// cost to win him is not in it; see
    /// [`newcomer_value_less_acquisition`](crate::lifetime::newcomer_value_less_acquisition).
    ///
    /// # Formula
    /// ```text
    /// now:           m·Σ (1 + g)ᵗ·S(t)/(1 + d)ᵗ for t = 0 … N − 1
    /// after renewal: m·Σ (1 + g)^{t − 1}·S(t)/(1 + d)ᵗ for t = 1 … N
    /// ```
    /// and 1 + g times as much where the growth starts at the first margin. With a constant retention r and for
    /// ever, m·(1 + d)/(1 + d − r(1 + g)) and m·r/(1 + d − r(1 + g)).
    ///
    /// # Units
    /// That of the margin; N is the horizon in periods, at most 10⁶ unless for ever.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a horizon that is not whole periods;
    /// [`Undefined`](crate::ErrorKind::Undefined) for ever where the sum is infinite, or where it leaves the range
    /// of `f64`.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{GrowthStart, Margin, RetentionModel};
    /// use goodwill::{ConstantRetention, DiscountRate, FirstMargin, Horizon, Probability, TimeUnit};
    ///
    /// let loyal = ConstantRetention::new(TimeUnit::Year, Probability::constant(0.8));
    /// let (rate, ever) = (DiscountRate::annual(0.10)?, Horizon::FOREVER);
    /// let multiple = Margin::new(1.0, TimeUnit::Year)?;
    /// let plain = loyal.lifetime_value(&multiple, ever, rate, FirstMargin::AfterRenewal)?;
    /// assert!((plain - 0.8 / 0.3).abs() < 1e-14);
    /// // Growing by 5 % a year, the first margin ungrown: 0.8 / (1.1 − 0.8 × 1.05).
    /// let growing = multiple.growing(0.05, TimeUnit::Year, GrowthStart::AfterFirst)?;
    /// let more = loyal.lifetime_value(&growing, ever, rate, FirstMargin::AfterRenewal)?;
    /// assert!((more - 0.8 / 0.26).abs() < 1e-13);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Gupta and Lehmann (2003), "Customers as Assets", Journal of Interactive Marketing 17(1), 9–24: the margin
    /// multiple.
    #[doc(alias = "CLV")]
    #[doc(alias = "margin multiple")]
    fn lifetime_value(
        &self,
        margin: &Margin,
        horizon: Horizon,
        discount: DiscountRate,
        first: FirstMargin,
    ) -> Result<f64> {
        let unit = self.time_unit();
        let (periods, net) = (countable(horizon, unit)?, margin.net_rate(discount, unit)?);
        let multiple = match first {
            FirstMargin::Now => self.payments(0.0, periods, net)?,
            FirstMargin::AfterRenewal => {
                let kept = self.ln_survival(0.0, 1.0).exp() / (1.0 + discount.per(unit));
                kept * self.payments(1.0, periods, net)?
            }
        };
        finite("lifetime value", margin.first(unit) * multiple)
    }

    /// What is a customer with this many renewals still worth? His next renewal is about to be decided; its margin,
    /// the stated one, comes in undiscounted if it is made.
    ///
    /// # Formula
    /// ```text
    /// m·Σ (1 + g)^{t − n}·S(t)/S(n − 1)·(1 + d)^{−(t − n)} for t = n … n + N − 1,   n = renewals + 1
    /// ```
    ///
    /// # Units
    /// As [`lifetime_value`](RetentionModel::lifetime_value).
    ///
    /// # Errors
    /// As [`lifetime_value`](RetentionModel::lifetime_value).
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Margin, RetentionModel, Sbg};
    /// use goodwill::{DiscountRate, Horizon, TimeUnit};
    ///
    /// let model = Sbg::new(TimeUnit::Year, 0.7637, 1.2958)?;
    /// let (margin, rate) = (Margin::new(100.0, TimeUnit::Year)?, DiscountRate::annual(0.10)?);
    /// // Who has renewed once is worth 3.94 margins, who has not yet 2.88.
    /// let once = model.residual_lifetime_value(1, &margin, Horizon::FOREVER, rate)?;
    /// assert!((once - 394.05).abs() < 0.05);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Fader and Hardie (2010), Marketing Science 29(1), 85–93, equation (8).
    fn residual_lifetime_value(
        &self,
        renewals: u32,
        margin: &Margin,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<f64> {
        let unit = self.time_unit();
        let (periods, net) = (countable(horizon, unit)?, margin.net_rate(discount, unit)?);
        let renewed = f64::from(renewals) + 1.0;
        let kept = self.ln_survival(renewed - 1.0, 1.0).exp();
        let multiple = kept * self.payments(renewed, periods, net)?;
        finite("residual lifetime value", margin.first(unit) * multiple)
    }

    /// By how many per cent does the discounted residual lifetime of customers with this many renewals rise, if
    /// every retention rate to come rises by 1 % for good? The elasticity of their expectation, for ever.
    ///
    /// # Formula
    /// ```text
    /// Σ k·S(n−1+k)·(1 + d)^{−k} / Σ S(n−1+k)·(1 + d)^{−k} for k = 1, 2, …,   n = renewals + 1
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) at a rate where one of the sums is infinite.
    fn elasticity_of_expected_residual_lifetime(
        &self,
        renewals: u32,
        discount: DiscountRate,
    ) -> Result<f64> {
        let rate = discount.per(self.time_unit());
        let renewed = f64::from(renewals) + 1.0;
        let later = self.weighted_payments_for_ever(renewed, rate)?;
        finite(
            "elasticity of the expected residual lifetime",
            1.0 + later / self.payments_for_ever(renewed, rate)?,
        )
    }

    /// The same elasticity of each customer by himself, averaged over the customers with this many renewals:
    /// each knows his own retention. It is smaller, since those who gain most weigh no more than the others.
    ///
    /// # Formula
    /// ```text
    /// E[Σ k·sₖ·(1 + d)^{−k} / Σ sₖ·(1 + d)^{−k}],   sₖ a customer's own chance to make k more renewals;
    /// with a constant own churn θ: E[(1 + d)/(d + θ)]
    /// ```
    ///
    /// # Errors
    /// As [`discounted_lifetime`](RetentionModel::discounted_lifetime) for ever.
    ///
    /// # Reference
    /// Fader and Hardie (2010), Marketing Science 29(1), 85–93.
    fn mean_elasticity_of_residual_lifetime(
        &self,
        renewals: u32,
        discount: DiscountRate,
    ) -> Result<f64> {
        let rate = discount.per(self.time_unit());
        finite(
            "mean elasticity of the residual lifetime",
            self.mean_elasticity(f64::from(renewals), rate)?,
        )
    }
}

/// The renewals made before this one.
fn before(renewal: u32) -> Result<f64> {
    if renewal == 0 {
        return Err(Error::out_of_domain("renewal", renewal, "[1, ∞)"));
    }
    Ok(f64::from(renewal) - 1.0)
}

/// That a sum for ever is infinite.
pub(super) fn endless(reason: impl Into<String>) -> Error {
    Error::undefined("discounted lifetime for ever", reason)
}

pub(super) mod sealed {
    use super::{Result, TimeUnit, out_of_range, sum};

    /// What a retention model has to compute, in its own period; `from` counts renewals made.
    pub trait RetentionKernel {
        fn time_unit(&self) -> TimeUnit;
        /// ln S(from + span) − ln S(from), the span not necessarily whole.
        fn ln_survival(&self, from: f64, span: f64) -> f64;
        /// 1 − S(from + 1)/S(from).
        fn hazard(&self, from: f64) -> f64 {
            -self.ln_survival(from, 1.0).exp_m1()
        }
        /// Σ S(from + k)/S(from)·(1 + d)^{−k} for k = 0 … N − 1, or for ever.
        fn payments(&self, from: f64, periods: Option<u32>, rate: f64) -> Result<f64> {
            if periods.is_none() {
                return self.payments_for_ever(from, rate);
            }
            let delta = rate.ln_1p();
            let term = |k: f64| (self.ln_survival(from, k) - delta * k).exp();
            sum(periods, term).ok_or_else(|| out_of_range("discounted lifetime"))
        }
        /// Σ S(from + k)/S(from)·(1 + d)^{−k} for k = 0, 1, ….
        fn payments_for_ever(&self, from: f64, rate: f64) -> Result<f64>;
        /// The same with each term k times.
        fn weighted_payments_for_ever(&self, from: f64, rate: f64) -> Result<f64>;
        /// The mean elasticity of customers with `from` renewals.
        fn mean_elasticity(&self, from: f64, rate: f64) -> Result<f64>;
    }
}
