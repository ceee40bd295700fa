//! Is the forecast any good? What was said before a day, beside what was done after it.

mod activity;
mod backtest;
mod baselines;
mod classes;
mod comparison;
mod drift;
mod errors;
mod forecast_test;
mod ratio;
mod tracking;

pub use activity::ActivityHits;
pub use backtest::{Backtest, HoldoutReport};
pub use baselines::{Baseline, active_after};
pub use classes::{FrequencyClass, FrequencyClasses};
pub use comparison::{Candidate, Comparable, ComparisonRow, ModelKind, compare, likelihood_ratio};
pub use drift::CohortFits;
pub use errors::{ForecastErrors, Skill};
pub use forecast_test::{Captured, ForecastGroup, ForecastTest};
pub use tracking::{TrackingCurve, TrackingPeriod, TrackingPeriods};
