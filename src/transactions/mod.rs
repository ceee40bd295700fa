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
//!
//! # Example
//! ```
//! use chrono::NaiveDate;
//! use goodwill::{Ledger, TimeUnit, Transaction};
//!
//! let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
//! let row = |who, d, amount: i64| Transaction::new(who, day(d), amount.into());
//! let ledger = Ledger::from_transactions([
//!     row("ann", 1, 50),  // the first purchase makes the customer
//!     row("ann", 8, 20),
//!     row("ann", 8, 10),  // the same day: one occasion of 30
//!     row("ann", 15, 0),  // at price 0: an occasion
//!     row("bob", 2, -5),  // a refund before any purchase: money, no occasion
//!     row("bob", 9, 40),
//!     row("cat", 3, -7),  // only refunds
//! ])?;
//! let summaries = ledger.summaries(day(31))?;
//! let [ann, bob, cat] = summaries.as_slice() else { unreachable!() };
//! assert_eq!((ann.occasions, ann.rows, ann.mean_repeat_spend), (3, 4, Some(15.0)));
//! assert_eq!((bob.first, bob.occasions, bob.net_revenue), (Some(day(9)), 1, 35.into()));
//! assert_eq!((cat.first, cat.occasions, cat.net_revenue), (None, 0, (-7).into()));
//!
//! let histories = ledger.histories(day(31), TimeUnit::Day)?;
//! assert_eq!(histories.len(), 2); // cat has none
//! let ann = histories.get(0).unwrap();
//! assert_eq!((ann.frequency(), ann.recency(), ann.age()), (2, 14.0, 30.0));
//! # Ok::<(), goodwill::Error>(())
//! ```

mod amounts;
mod audit;
mod cohort_period;
mod columns;
mod conventions;
mod customer_id;
mod grouping;
mod histories;
mod ledger;
mod opportunities;
mod rows;
mod sort_key;
mod spends;
mod split;
mod summary;
#[cfg(feature = "serde")]
mod validate;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub use audit::{
    Audit, AuditCell, AuditGroup, CohortStack, Margin, PeriodProfits, ProfitBridge, ProfitDecile,
    StackCell,
};
pub use cohort_period::CohortPeriod;
pub use conventions::{Conventions, Occasion, Refunds};
pub use customer_id::CustomerId;
pub use histories::{Histories, History};
pub use ledger::Ledger;
pub use opportunities::{Opportunities, OpportunityHistory};
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
