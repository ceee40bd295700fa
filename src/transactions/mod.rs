//! From purchases to customers: [`Transaction`]s make a [`Ledger`], which every analysis reads.
//!
//! # Conventions
//! - A **purchase** is a row with an amount of 0 or more (CDNOW has purchases at price 0 and the published fits
//!   count them); a row below 0 is a **refund**.
//! - An **occasion** is a day on which the customer bought: purchases of one day are one occasion
//!   ([`Occasion`] decides which days count).
//! - The **first** occasion makes the customer; `frequency` counts the occasions after it.
//! - A refund is money, never an occasion ([`Refunds`] decides which day's money it reduces). It may come before
//!   any purchase; a customer who only has refunds has no occasion, no first and last day, and no history,
//!   but his money is in every total.
//! - A row after the as-of date is an error, unless cut with [`Ledger::until`]: what has not happened yet
//!   does not exist, and a refund is dated like any other row.

mod amounts;
mod columns;
mod conventions;
mod customer_id;
mod grouping;
mod histories;
mod ledger;
mod rows;
mod sort_key;
mod spends;
mod split;
mod summary;
#[cfg(feature = "serde")]
mod validate;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub use conventions::{Conventions, Occasion, Refunds};
pub use customer_id::CustomerId;
pub use histories::{Histories, History};
pub use ledger::Ledger;
pub use spends::{Spend, Spends};
pub use split::{Holdout, Split};
pub use summary::CustomerSummary;

/// One row of a purchase log: who, when, how much. Refunds are negative.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Transaction<C> {
    /// Who bought.
    pub customer: C,
    /// The day.
    pub date: NaiveDate,
    /// What was paid; negative for a refund.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub amount: Decimal,
}

impl<C> Transaction<C> {
    /// A transaction from its parts.
    pub fn new(customer: C, date: NaiveDate, amount: Decimal) -> Self {
        Self { customer, date, amount }
    }
}
