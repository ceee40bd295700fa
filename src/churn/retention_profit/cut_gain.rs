//! What a cut in churn keeps within the year, in exact decimals.

use rust_decimal::Decimal;

use crate::churn::cost::ChurnCost;
use crate::churn::periods::ChurnCut;
use crate::error::Result;
use crate::money;
use crate::quantity::Share;

/// Customers, revenue and profit that a cut in churn keeps within the year. Exact.
///
/// # Formula
/// ```text
/// kept = cost of the churn before − cost of the churn after;   in points c − p, in per cent c·(1 − s)
/// ```
///
/// # Example
/// ```
/// use goodwill::Share;
/// use goodwill::churn::{ChurnCut, CutGain};
///
/// let [five, ten] = [Share::percent(5)?, Share::percent(10)?];
/// let of = |cut| CutGain::new(64_000, five, cut, 40_000.into(), ten);
/// // Five *points* less of 5 % is no churn at all; five *per cent* less is 4.75 %.
/// assert_eq!(of(ChurnCut::Points(five))?.profit(), 12_800_000.into());
/// assert_eq!(of(ChurnCut::PerCent(five))?.profit(), 640_000.into());
/// assert_eq!(of(ChurnCut::PerCent(five))?.customers(), 160.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CutGain {
    before: ChurnCost,
    after: ChurnCost,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    customers: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    revenue: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    profit: Decimal,
}

impl CutGain {
    /// The gain of a cut of the churn of so many customers.
    ///
    /// # Errors
    /// As [`ChurnCost::new`] and [`ChurnCut::apply`].
    pub fn new(
        customers: u64,
        churn: Share,
        cut: ChurnCut<Share>,
        revenue_per_customer: Decimal,
        margin: Share,
    ) -> Result<Self> {
        let cost = |churn| ChurnCost::new(customers, churn, revenue_per_customer, margin);
        let (before, after) = (cost(churn)?, cost(cut.apply(churn)?)?);
        Ok(Self {
            before,
            after,
            customers: money::difference(before.lost_customers(), after.lost_customers())?,
            revenue: money::difference(before.lost_revenue(), after.lost_revenue())?,
            profit: money::difference(before.lost_profit(), after.lost_profit())?,
        })
    }

    /// The cost of the churn before the cut.
    #[must_use]
    pub fn before(&self) -> &ChurnCost {
        &self.before
    }

    /// The cost of the churn that is left.
    #[must_use]
    pub fn after(&self) -> &ChurnCost {
        &self.after
    }

    /// Customers kept who would have left.
    #[must_use]
    pub fn customers(&self) -> Decimal {
        self.customers
    }

    /// Their revenue.
    #[must_use]
    pub fn revenue(&self) -> Decimal {
        self.revenue
    }

    /// The profit in it.
    #[must_use]
    pub fn profit(&self) -> Decimal {
        self.profit
    }
}
