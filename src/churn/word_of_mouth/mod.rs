//! What customers say of the firm, and whom that wins or loses: one telling, or a chain of them.

mod chain;
mod claim;
mod outcome;

pub use chain::WordChain;
pub use claim::{Bound, Teller, WordClaim, WordEvent};
pub use outcome::{TarpRule, WordOfMouth};
