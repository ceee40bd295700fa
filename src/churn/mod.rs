//! What losing costs: who was lost by a declared rule, and what that loss is in exact money.
//!
//! Churn is counted, not modelled: the caller declares when a customer without a contract counts as lost.
//! BG/NBD's P(alive) is no such rule, since it is 1 for every one-time buyer.

mod cost;
mod rates;

pub use cost::ChurnCost;
pub use rates::{Churn, LostAfter, LostCustomer};
