//! Profit per customer after the cost to serve him, the whale curve, and what to do about those who cost money.

mod account;
mod turnaround;
mod whale;

pub use account::{CustomerProfit, Service, ServiceRates};
pub use turnaround::{Levers, LossMaker, Remedy, Turnaround};
pub use whale::WhaleCurve;
