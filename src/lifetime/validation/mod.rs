//! Is the forecast any good? What was said before a day, beside what was done after it.

mod activity;
mod backtest;
mod baselines;
mod classes;
mod errors;
mod forecast_test;

pub use activity::ActivityHits;
pub use backtest::{Backtest, HoldoutReport};
pub use baselines::{Baseline, active_after};
pub use classes::{FrequencyClass, FrequencyClasses};
pub use errors::{ForecastErrors, Skill};
pub use forecast_test::{Captured, ForecastGroup, ForecastTest};
