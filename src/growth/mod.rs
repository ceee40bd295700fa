//! Where to spend for growth: what winning a customer costs, what the next one costs, how to part a budget between
//! winning and keeping, what a customer who refers others is worth, whom to court first, and how much of the growth
//! hangs on new customers.
//!
//! Both sides of the debate are right, each about its own firm. A young firm has many prospects and few customers:
//! its money goes to the new. An old one has the customers already: its money goes to keeping them.
//!
//! ```
//! use goodwill::growth::{CustomerEquity, Response, allocate};
//! use goodwill::{DiscountRate, TimeUnit};
//!
//! // 100 a year from each customer; at most 40 % of the prospects can be won, and 70 % of the customers kept.
//! let rate = DiscountRate::annual(0.10)?;
//! let firm = CustomerEquity::new(100.0, rate, TimeUnit::Year, Response::new(0.4, 0.1)?, Response::new(0.7, 0.06)?)?;
//! let young = allocate(&firm.pools(10_000.0, 1_000.0)?, 50_000.0)?;
//! let old = allocate(&firm.pools(1_000.0, 10_000.0)?, 50_000.0)?;
//! let for_the_new = |plan: &goodwill::growth::Allocation| (100.0 * plan.lines[0].spend / plan.spend).round();
//! assert_eq!((for_the_new(&young), for_the_new(&old)), (84.0, 5.0)); // per cent of the same budget
//! # Ok::<(), goodwill::Error>(())
//! ```

mod acquisition;
mod allocation;
mod claims;
mod customer_equity;
mod marginal;
mod payback;
mod prospects;
mod referral;
mod response;
mod sources;

pub use acquisition::{AcquisitionCost, AcquisitionCosts};
pub use allocation::{Allocation, Pool, PoolSpend, allocate};
pub use claims::{CostClaim, EffortClaim, ReplacementClaim};
pub use customer_equity::{CustomerEquity, EquityPoint};
pub use marginal::{BudgetShift, CostRatio, SpendLevel, SpendLevels};
pub use payback::Payback;
pub use prospects::{
    Prospect, ProspectClass, ProspectOrder, ProspectRanking, RankedProspect, Shortlist,
};
pub use referral::{ReferralChain, ReferralValue, Referrals};
pub use response::Response;
pub use sources::GrowthSources;

use crate::error::{Error, Result};

/// An argument inside a closed range of plain size, so that no product of such leaves `f64`.
fn within(
    name: &'static str,
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    domain: &'static str,
) -> Result<f64> {
    if range.contains(&value) {
        Ok(value + 0.0) // −0 becomes 0
    } else {
        Err(Error::out_of_domain(name, value, domain))
    }
}

/// An amount of money that is planned, of either sign.
fn planned(name: &'static str, value: f64) -> Result<f64> {
    within(name, value, -1e12..=1e12, "[-1e12, 1e12]")
}

/// A cost that is planned.
fn cost(name: &'static str, value: f64) -> Result<f64> {
    within(name, value, 0.0..=1e12, "[0, 1e12]")
}
