//! The customer-base audit: what changed between two periods, who brings the profit of one, and which cohorts carry the
//! revenue of all.

mod bridge;
mod cohort_stack;
mod deciles;
mod groups;
mod margin;

pub use bridge::ProfitBridge;
pub use cohort_stack::{CohortStack, StackCell};
pub use deciles::{PeriodProfits, ProfitDecile};
pub use groups::{Audit, AuditCell, AuditGroup};
pub use margin::Margin;
