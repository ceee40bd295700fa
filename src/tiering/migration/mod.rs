//! Movement between tiers: who went up, down, came and left, with his money, and where it leads.

mod chain;
mod moves;

pub use chain::TransitionMatrix;
pub use moves::{Migration, Moves, Snapshot};
