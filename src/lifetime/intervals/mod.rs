//! How sure a forecast is: two kinds of interval, of an expectation and of what will be counted.

mod confidence;
mod covariates;
pub(super) mod customers;
mod discrete;
mod kinds;
pub(super) mod outlook;
mod parametric;

#[cfg(feature = "rand")]
mod bootstrap;
#[cfg(feature = "rand")]
mod discrete_prediction;
#[cfg(feature = "rand")]
pub(super) mod draws;
#[cfg(feature = "rand")]
pub(super) mod futures;
#[cfg(feature = "rand")]
mod prediction;

pub use confidence::Domain;
pub use covariates::DescribedHistories;
pub use customers::CustomersOf;
pub use kinds::{ConfidenceInterval, Expectation, Interval, Prediction, PredictionInterval};
pub use outlook::{Outlook, RevenueOutlook};
pub use parametric::Parametric;

#[cfg(feature = "rand")]
pub use bootstrap::ParametricBootstrap;
#[cfg(feature = "rand")]
pub use futures::{Futures, Simulated, SimulatedSpend};
