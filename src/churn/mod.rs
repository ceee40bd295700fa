//! What losing costs: who was lost by a declared rule, who comes back, why customers leave, and what that loss is
//! in exact money.
//!
//! Who was lost is counted by a rule: the caller declares when a customer without a contract counts as lost.
//! BG/NBD's P(alive) is no such rule, since it is 1 for every one-time buyer; what a model expects to be lost is a type
//! of its own, [`ExpectedChurn`].
//!
//! | question | start at |
//! |---|---|
//! | Who counts as lost, and at what rate? | [`LostAfter`], [`OwnRhythm`], [`Churn`], [`ExpectedChurn`] |
//! | What is a rate over another period, or after a cut? | [`ChurnRate`], [`ChurnCut`] |
//! | Who comes back, by cohort? | [`Cohorts`], [`Retention`] |
//! | How did the base and its money change? | [`BaseChange`], [`SameCustomerRevenue`] |
//! | Why did they leave, and did the campaign work? | [`ReasonReport`], [`Campaign`] |
//! | What did losing them cost? | [`ChurnCost`], [`ChurnLedger`] |
//! | … and in the years ahead? | [`YearsAhead`] |
//! | Which assumption moves that most? | [`Tornado`], `simulate_total` (feature `rand`) |
//! | Whom does word of mouth win or lose? | [`WordOfMouth`], [`WordChain`], [`TarpRule`] |
//! | What does keeping them pay? | [`retention_lift`], [`CutGain`], [`RelationProfit`], [`ProfitBand`] |
//! | What may it cost, and what holds them? | [`StayingCustomer`], [`SwitchingCost`] |
//! | Whom to win back, when, and whom to let go? | [`WinBackPlan`], [`CallTiming`], [`ChanceModel`] |
//! | What does a campaign earn at best, and on whom? | [`CampaignProfit`], [`TargetOrder`] |

mod campaign;
mod campaign_profit;
mod campaign_targets;
mod cohorts;
mod cost;
mod money_domain;
mod periods;
mod rates;
mod reasons;
mod retention_profit;
mod rhythm;
mod snapshots;
mod win_back;
mod word_of_mouth;

pub use crate::transactions::CohortPeriod;
pub use campaign::{Arm, Campaign, campaign_sample_size, gains_by_segment};
pub use campaign_profit::{CampaignProfit, CampaignTarget, CampaignTerms};
pub use campaign_targets::TargetOrder;
pub use cohorts::{CohortCell, CohortCount, Cohorts, Retention};
pub use cost::{
    ChurnCost, ChurnLedger, CostLine, CostView, Flow, InputRange, LedgerLine, Loss, ReasonCost,
    Tornado, TornadoBar, YearAhead, YearsAhead,
};
#[cfg(feature = "rand")]
pub use cost::{SimulatedTotal, simulate_total};
pub use periods::{ChurnCut, ChurnRate};
pub use rates::{Churn, ExpectedChurn, LostAfter, LostCustomer, LostRule, Standing};
pub use reasons::{Control, Reason, ReasonLine, ReasonReport};
pub use retention_profit::{
    BandVerdict, ChurnSpan, CutGain, ProfitBand, ProfitLift, RelationProfit, RelationWorth,
    RelationYear, RetentionSpend, ReturningProfit, StayingCustomer, SwitchingCost, retention_lift,
};
pub use rhythm::{OneTimeBuyers, OwnRhythm};
pub use snapshots::{BaseChange, SameCustomerRevenue};
pub use win_back::{
    BestList, CLAIMED_CHANCE_LOST_CUSTOMER, CLAIMED_CHANCE_NEW_PROSPECT, CallMoment, CallTiming,
    ChanceModel, ContactLimits, CostBasis, FadingChance, LetGo, LetGoReason, ValueIfAlive,
    WinBackCandidate, WinBackPlan,
};
pub use word_of_mouth::{Bound, TarpRule, Teller, WordChain, WordClaim, WordEvent, WordOfMouth};
