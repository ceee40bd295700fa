//! What lost customers cost: the year's figures, a ledger of named lines with two totals, the years ahead, and which
//! assumption moves the total most.

mod ledger;
mod line;
mod range;
#[cfg(feature = "rand")]
mod simulation;
mod tornado;
mod year;
mod years_ahead;

pub use ledger::{ChurnLedger, LedgerLine, ReasonCost};
pub use line::{CostLine, CostView, Loss};
pub use range::InputRange;
#[cfg(feature = "rand")]
pub use simulation::{SimulatedTotal, simulate_total};
pub use tornado::{Tornado, TornadoBar};
pub use year::ChurnCost;
pub use years_ahead::{Flow, YearAhead, YearsAhead};
