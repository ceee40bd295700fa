//! A tier programme that does not flap: who is in which level, period by period, and what the service costs.

mod policy;
mod replay;

pub use policy::{Demotion, Level, Programme, Review, Standing};
pub use replay::{LevelUse, Replay, ValueHistory};
