//! How much to spend on winning each prospect, and on keeping each customer.

use crate::error::{Error, Result};
use crate::math::root::first_that;
use crate::time::{DiscountRate, TimeUnit};

use super::allocation::Pool;
use super::response::Response;
use super::{cost, within};

/// The value of all future customers as a function of what is spent on winning and on keeping them.
///
/// # Formula
/// ```text
/// V(R) = m + (m − R/r)·r/(1 + d − r),   equity per prospect = a·V(R) − A,   a = a(A), r = r(R) as of Response
/// ```
/// m the margin of a period, first received when the customer is won; d the discount rate of a period; A the spend on a
/// prospect; R the spend on keeping a customer, in each period after the first.
///
/// # Example
/// ```
/// use goodwill::growth::{CustomerEquity, Response};
/// use goodwill::{DiscountRate, TimeUnit};
///
/// let (winning, keeping) = (Response::new(0.4, 0.1)?, Response::new(0.7, 0.06)?);
/// let rate = DiscountRate::annual(0.10)?;
/// let best = CustomerEquity::new(100.0, rate, TimeUnit::Year, winning, keeping)?.optimum();
/// assert!((best.acquisition_spend - 18.259_596).abs() < 1e-6);
/// assert!((best.retention_spend - 31.245_830).abs() < 1e-6);
/// assert!((best.equity - 33.827_906_9).abs() < 1e-7);
/// // The certificate: one more customer won, and one more kept, cost what a customer is worth.
/// assert!((best.lifetime_value - 155.218_758_2).abs() < 1e-7);
/// assert!(best.gap() < 1e-12);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Blattberg and Deighton (1996), Harvard Business Review 74(4), 136–144; Pfeifer (2005), Journal of Targeting,
/// Measurement and Analysis for Marketing 13(2), 179–188, for the optimum.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CustomerEquity {
    margin: f64,
    /// d.
    rate: f64,
    acquisition: Response,
    retention: Response,
}

/// Customer equity at one pair of spends.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct EquityPoint {
    /// A: money spent on each prospect.
    pub acquisition_spend: f64,
    /// R: money spent a period on keeping each customer.
    pub retention_spend: f64,
    /// a: the share of the prospects won.
    pub acquisition_rate: f64,
    /// r: the share of the customers kept a period.
    pub retention_rate: f64,
    /// V: what a customer is worth when he has just been won or kept.
    pub lifetime_value: f64,
    /// What one more customer won costs.
    pub marginal_acquisition_cost: f64,
    /// What one more customer kept costs.
    pub marginal_retention_cost: f64,
    /// What a prospect is worth: a·V − A.
    pub equity: f64,
}

impl CustomerEquity {
    /// `margin`, and what the two responses answer to, are of one `period`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a margin outside [10⁻⁹, 10¹²];
    /// [`Undefined`](crate::ErrorKind::Undefined) unless 10⁻⁹ ≤ 1 + d − (ceiling of retention) ≤ 10⁶: a customer who
    /// can be kept for ever is worth infinitely much.
    pub fn new(
        margin: f64,
        rate: DiscountRate,
        period: TimeUnit,
        acquisition: Response,
        retention: Response,
    ) -> Result<Self> {
        let margin = within("margin", margin, 1e-9..=1e12, "[1e-9, 1e12]")?;
        let rate = rate.per(period);
        if !(1e-9..=1e6).contains(&(rate + (1.0 - retention.ceiling()))) {
            let (growth, ceiling) = (1.0 + rate, retention.ceiling());
            let reason = format!("1 + d = {growth} does not suit a retention of up to {ceiling}");
            return Err(Error::undefined("customer equity", reason));
        }
        Ok(Self { margin, rate, acquisition, retention })
    }

    /// The equity where `acquisition_spend` goes to each prospect, and `retention_spend` a period to each customer.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend outside [0, 10¹²];
    /// [`Undefined`](crate::ErrorKind::Undefined) where a spend is so large that more of it changes nothing.
    pub fn at(&self, acquisition_spend: f64, retention_spend: f64) -> Result<EquityPoint> {
        let acquisition_spend = cost("acquisition spend", acquisition_spend)?;
        let retention_spend = cost("retention spend", retention_spend)?;
        self.acquisition.marginal_cost(acquisition_spend)?;
        self.retention.marginal_cost(retention_spend)?;
        Ok(self.point(acquisition_spend, retention_spend))
    }

    /// The spends of the largest equity. Spending nothing on one of the two is an answer too.
    ///
    /// # Formula
    /// ```text
    /// 1/r′(R) = V(R), then 1/a′(A) = V;   R = 0 where 1/r′(0) ≥ m,  A = 0 where 1/a′(0) ≥ V
    /// ```
    #[must_use]
    pub fn optimum(&self) -> EquityPoint {
        let kept = |spend: f64| {
            let worth = (1.0 + self.rate) * self.margin - spend;
            self.retention.slope(spend) * worth <= self.rate + self.retention.missed(spend)
        };
        // It holds where nothing is left of the margin, if not before.
        let retention_spend = first_that(kept).unwrap_or((1.0 + self.rate) * self.margin);
        let value = self.lifetime_value(retention_spend);
        self.point(self.acquisition.spend_bringing(1.0, value), retention_spend)
    }

    /// What one period's money can do: win some of the `prospects`, keep some of the `customers`. To be parted by
    /// [`allocate`](super::allocate), in this order. Whoever is won or kept is worth V at the best retention spend: the
    /// budget binds now, and not for ever.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a number of either outside [0, 10¹²].
    pub fn pools(&self, prospects: f64, customers: f64) -> Result<[Pool; 2]> {
        let value = self.optimum().lifetime_value;
        let prospects = Pool::new(prospects, self.acquisition, value)?;
        Ok([prospects, Pool::new(customers, self.retention, value)?])
    }

    fn lifetime_value(&self, retention_spend: f64) -> f64 {
        let shrink = self.rate + self.retention.missed(retention_spend);
        ((1.0 + self.rate) * self.margin - retention_spend) / shrink
    }

    fn point(&self, acquisition_spend: f64, retention_spend: f64) -> EquityPoint {
        let acquisition_rate = self.acquisition.reached(acquisition_spend);
        let lifetime_value = self.lifetime_value(retention_spend);
        EquityPoint {
            acquisition_spend,
            retention_spend,
            acquisition_rate,
            retention_rate: self.retention.reached(retention_spend),
            lifetime_value,
            marginal_acquisition_cost: 1.0 / self.acquisition.slope(acquisition_spend),
            marginal_retention_cost: 1.0 / self.retention.slope(retention_spend),
            equity: acquisition_rate * lifetime_value - acquisition_spend,
        }
    }
}

impl EquityPoint {
    /// How far the point is from the optimum: the largest relative gap between a marginal cost and V. Where nothing is
    /// spent, a marginal cost may also be above V. 0 but for rounding at the optimum.
    #[must_use]
    pub fn gap(&self) -> f64 {
        let gap = |spend: f64, marginal: f64| {
            let above = (marginal - self.lifetime_value) / marginal;
            if spend > 0.0 { above.abs() } else { (-above).max(0.0) }
        };
        let winning = gap(self.acquisition_spend, self.marginal_acquisition_cost);
        winning.max(gap(self.retention_spend, self.marginal_retention_cost))
    }
}
