//! Whom to win back: what a call to each lost customer is worth, the list that fits a budget, when to call, and whom
//! to let go.

mod best_list;
mod candidate;
mod chance_model;
mod exact_list;
mod limited_list;
mod plan;
mod timing;
mod value_if_alive;

pub use best_list::BestList;
pub use candidate::{
    CLAIMED_CHANCE_LOST_CUSTOMER, CLAIMED_CHANCE_NEW_PROSPECT, CostBasis, WinBackCandidate,
};
pub use chance_model::ChanceModel;
pub use limited_list::ContactLimits;
pub use plan::{LetGo, LetGoReason, WinBackPlan};
pub use timing::{CallMoment, CallTiming, FadingChance};
pub use value_if_alive::ValueIfAlive;
