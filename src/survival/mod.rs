//! Time until an event: how long customers stay, how long complaints stay open, what shortens either.
//!
//! Most spans are still running when they are looked at: they are *censored*, and dropping them, or counting
//! them as ended, is wrong in opposite directions. A [`LifeTable`] keeps both kinds by number; it is the state
//! that merges, and [`KaplanMeier`], [`NelsonAalen`] and [`log_rank`] are read from it. [`CauseTable`] tells
//! several ways of ending apart, and [`Cox`] says what shortens a life and by how much.
//!
//! # Conventions
//!
//! - At equal times, events come before censorings: who is censored at t was at risk at t.
//! - Who enters late (left truncation) is at risk after his entry, not on it.
//! - A curve is a step function that includes the events at its time; before the first it is 1.

mod aalen_johansen;
mod cox;
mod kaplan_meier;
mod life_table;
mod log_rank;
mod nelson_aalen;

pub use aalen_johansen::{CauseTable, CumulativeIncidence, IncidencePoint};
pub use cox::{Cox, CoxFit, CoxTies, TimeTransform};
pub use kaplan_meier::{Band, KaplanMeier, SurvivalPoint, SurvivalQuantile};
pub use life_table::{LifeTable, LifeTableRow};
pub use log_rank::{EventWeights, log_rank, stratified_log_rank};
pub use nelson_aalen::{HazardPoint, NelsonAalen, TiedEvents};
