//! What keeping customers pays: less churn, rewards for staying, and what returning customers bring.

mod band;
mod break_even;
mod cut_gain;
mod relation;
mod returning;
mod switching;

pub use band::{BandVerdict, ChurnSpan, ProfitBand, retention_lift};
pub use break_even::{RetentionSpend, StayingCustomer};
pub use cut_gain::CutGain;
pub use relation::{ProfitLift, RelationProfit, RelationWorth, RelationYear};
pub use returning::ReturningProfit;
pub use switching::SwitchingCost;
