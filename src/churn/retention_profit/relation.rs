//! The profit of a customer grows with the years of the relation, so that less churn pays more.

use rust_decimal::Decimal;

use crate::churn::periods::ChurnCut;
use crate::error::{Error, Result};
use crate::money::{sum, to_f64};
use crate::present_value::FirstMargin;
use crate::quantity::Probability;
use crate::time::{DiscountRate, TimeUnit};

/// What a customer brings in one year of the relation, by where it comes from. What is not named is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RelationYear {
    /// The profit that any customer brings.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub base: Decimal,
    /// More, since he buys more than at first.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub more_purchases: Decimal,
    /// More, since he costs less to serve.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub lower_cost: Decimal,
    /// More, from those whom he brings.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub referrals: Decimal,
    /// More, since he asks for no discount.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub price_premium: Decimal,
}

impl RelationYear {
    /// All of it. Exact.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold it.
    pub fn profit(&self) -> Result<Decimal> {
        sum([self.base, self.more_purchases, self.lower_cost, self.referrals, self.price_premium])
    }
}

/// A new customer's profit by year of the relation: the last year given repeats for ever.
///
/// # Formula
/// ```text
/// value at retention r = −acquisition + Σ πₜ·qᵗ⁻¹ (first margin now) or Σ πₜ·qᵗ (after renewal), t = 1, 2 …;   q = r/(1 + d)
/// lift = value after the cut/value before − 1
/// ```
///
/// # Units
/// Years: retention, churn and profit are of a year.
///
/// # Example
/// ```
/// use goodwill::churn::{ChurnCut, RelationProfit, RelationYear};
/// use goodwill::{DiscountRate, FirstMargin, Probability};
///
/// // One unit a year, 10 % discount: half of 10 % churn is worth ×1.407, not ×2.
/// let flat = RelationProfit::new(0.into(), &[RelationYear { base: 1.into(), ..RelationYear::default() }])?;
/// let (rate, first) = (DiscountRate::annual(0.10)?, FirstMargin::AfterRenewal);
/// let points = ChurnCut::Points(Probability::constant(0.05));
/// let lift = flat.lift(Probability::constant(0.10), points, rate, first)?;
/// assert!((lift.before - 4.5).abs() < 1e-14);
/// assert!((lift.after - 6.333_333_333_333_333).abs() < 1e-14);
/// assert!((lift.relative()? - 0.407_407_407_407_407_4).abs() < 1e-14);
/// // Where the profit grows with the years, the same cut brings more.
/// let years = [30, 42, 44, 49, 55].map(|profit| RelationYear { base: profit.into(), ..RelationYear::default() });
/// let growing = RelationProfit::new(51.into(), &years)?;
/// assert!(growing.lift(Probability::constant(0.10), points, rate, first)?.relative()? > 0.5);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Reichheld and Sasser (1990), "Zero Defections: Quality Comes to Services", Harvard Business Review 68(5), 105–111:
/// a credit card costs 51 dollars to win and brings 30, 42, 44, 49, 55 in its first five years.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RelationProfit {
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    acquisition: Decimal,
    years: Vec<RelationYear>,
}

/// What a new customer is worth, by where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RelationWorth {
    /// Of the base profits.
    pub base: f64,
    /// Of more purchases.
    pub more_purchases: f64,
    /// Of lower cost.
    pub lower_cost: f64,
    /// Of referrals.
    pub referrals: f64,
    /// Of the price premium.
    pub price_premium: f64,
    /// All of these, less the acquisition.
    pub total: f64,
}

/// What less churn does to the worth of a customer.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ProfitLift {
    /// The churn after the cut.
    pub churn: Probability,
    /// The worth of a customer before.
    pub before: f64,
    /// The worth after.
    pub after: f64,
}

impl ProfitLift {
    /// By how much the worth rises, as a share of what it was: 0.25 is 25 % more.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where a customer was worth nothing or less, or the quotient leaves the
    /// range of `f64`.
    pub fn relative(&self) -> Result<f64> {
        let lift = (self.after - self.before) / self.before;
        if self.before > 0.0 && lift.is_finite() {
            return Ok(lift);
        }
        let reason = format!("a customer was worth {} before", self.before);
        Err(Error::undefined("the relative lift of profit", reason))
    }
}

impl RelationProfit {
    /// The profit of each year of the relation, and what it costs to win the customer.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a year; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an
    /// acquisition below 0.
    pub fn new(acquisition: Decimal, years: &[RelationYear]) -> Result<Self> {
        if acquisition < Decimal::ZERO {
            return Err(Error::out_of_domain("acquisition", acquisition, "[0, ∞)"));
        }
        if years.is_empty() {
            return Err(Error::empty("years of the relation"));
        }
        Ok(Self { acquisition, years: years.to_vec() })
    }

    /// What a new customer is worth at a yearly retention.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) unless r < 1 + d, or where it leaves the range of `f64`.
    pub fn worth(
        &self,
        retention: Probability,
        discount: DiscountRate,
        first: FirstMargin,
    ) -> Result<RelationWorth> {
        let rate = discount.per(TimeUnit::Year);
        let shrink = (rate + retention.complement().get()) / (1.0 + rate);
        if !(shrink > 0.0) {
            let reason =
                format!("it needs retention < 1 + discount, but has {retention} and {rate}");
            return Err(Error::undefined("worth of a customer for ever", reason));
        }
        let kept = retention.get() / (1.0 + rate);
        let mut weight = match first {
            FirstMargin::Now => 1.0,
            FirstMargin::AfterRenewal => kept,
        };
        let last = self.years.len() - 1;
        let weights: Vec<f64> = (0..self.years.len())
            .map(|year| {
                let own = weight;
                weight *= kept;
                if year == last { own / shrink } else { own }
            })
            .collect();
        let of = |part: fn(&RelationYear) -> Decimal| {
            let parts = self.years.iter().zip(&weights);
            parts.map(|(year, weight)| to_f64(part(year)) * weight).sum::<f64>()
        };
        let mut worth = RelationWorth {
            base: of(|year| year.base),
            more_purchases: of(|year| year.more_purchases),
            lower_cost: of(|year| year.lower_cost),
            referrals: of(|year| year.referrals),
            price_premium: of(|year| year.price_premium),
            total: 0.0,
        };
        worth.total = worth.base
            + worth.more_purchases
            + worth.lower_cost
            + worth.referrals
            + worth.price_premium
            - to_f64(self.acquisition);
        if worth.total.is_finite() {
            return Ok(worth);
        }
        Err(Error::undefined("worth of a customer for ever", "it leaves the range of f64"))
    }

    /// What a cut in the yearly churn does to that worth.
    ///
    /// # Errors
    /// As [`worth`](RelationProfit::worth) and [`ChurnCut::apply`].
    pub fn lift(
        &self,
        churn: Probability,
        cut: ChurnCut,
        discount: DiscountRate,
        first: FirstMargin,
    ) -> Result<ProfitLift> {
        let after = cut.apply(churn)?;
        let worth = |churn: Probability| self.worth(churn.complement(), discount, first);
        let (before, then) = (worth(churn)?.total, worth(after)?.total);
        Ok(ProfitLift { churn: after, before, after: then })
    }
}
