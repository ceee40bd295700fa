//! The cost of churn, line by line in exact decimals.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;
use crate::quantity::Share;

/// What a year's lost customers cost: customers, revenue, profit.
///
/// # Formula
/// ```text
/// lost customers = customers × churn;  lost revenue = lost × revenue each;  lost profit = lost revenue × margin
/// ```
/// Every product is exact; one that has more digits than `Decimal` holds is an error.
///
/// # Example
/// ```
/// use goodwill::{ChurnCost, Share};
///
/// // 64,000 customers, 5 % lost, 40,000 dollars each, a margin of 10 %.
/// let cost = ChurnCost::new(64_000, Share::percent(5)?, 40_000.into(), Share::percent(10)?)?;
/// assert_eq!(cost.lost_customers(), 3_200.into());
/// assert_eq!(cost.lost_revenue(), 128_000_000.into());
/// assert_eq!(cost.lost_profit(), 12_800_000.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ChurnCost {
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    customers: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    revenue: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    profit: Decimal,
}

impl ChurnCost {
    /// The cost of losing a share of the customers.
    ///
    /// # Units
    /// `churn`, `revenue_per_customer` and the results are of the same period, usually a year.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a revenue below 0;
    /// [`Overflow`](crate::ErrorKind::Overflow) where a product needs more digits than `Decimal` holds.
    pub fn new(
        customers: u64,
        churn: Share,
        revenue_per_customer: Decimal,
        margin: Share,
    ) -> Result<Self> {
        if revenue_per_customer < Decimal::ZERO {
            return Err(Error::out_of_domain(
                "revenue per customer",
                revenue_per_customer,
                "[0, ∞)",
            ));
        }
        let lost = money::product(customers.into(), churn.get())?;
        let revenue = money::product(lost, revenue_per_customer)?;
        let profit = money::product(revenue, margin.get())?;
        Ok(Self { customers: lost, revenue, profit })
    }

    /// Customers lost; a share of a whole base need not be whole.
    #[must_use]
    pub fn lost_customers(&self) -> Decimal {
        self.customers
    }

    /// The revenue they brought.
    #[must_use]
    pub fn lost_revenue(&self) -> Decimal {
        self.revenue
    }

    /// The profit in it.
    #[must_use]
    pub fn lost_profit(&self) -> Decimal {
        self.profit
    }
}
