//! Are they content? Answers to survey questions, the scores read from them, and how sure they are.
//!
//! | question | start at |
//! |---|---|
//! | What did they answer, and who did not? | [`Answers`], [`WeightedAnswers`], [`Scale`], [`Level`] |
//! | How content are they, by the usual scores? | [`Csat`], [`Nps`], [`effort_1`], [`Ease`], [`Acsi`], [`Servqual`], [`ToleranceZone`] |
//! | How sure is that, and what changed? | [`Sampling`], [`Proportion`], [`MeanScore`], [`Comparable`], [`pairwise`] |
//! | How many must be asked, and what does each answer weigh? | [`sample_size`], [`stratified_sample_sizes`], [`post_stratification_weights`] |
//! | Was what they expected met? | [`Experience`], [`Rule`], [`GapEffect`], [`difference_reliability`] |
//! | Do the content stay, and who stays all the same? | [`LoyaltyTable`], [`repurchase_intent`], [`RetentionLink`] |
//! | One index of what they say and do? | [`IndicatorIndex`], [`price_elasticity`] |
//! | Do we deliver more than rivals? | [`DeliveredValue`] |
//! | What should we better first? | [`Drivers`], [`quadrants`], [`PenaltyReward`] |
//! | What does a visitor meet, and do auditors agree? | [`CheckList`], [`MysteryVisits`], [`cohen_kappa`], [`intraclass_correlation`] |
//! | Who complains, who is silent, and does answering pay? | [`SilenceRule`], [`Resolution`], [`ComplaintDesk`], [`recovery`] |
//! | What is a point of satisfaction worth? | [`ValueOfSatisfaction`], [`ReturnOnQuality`], [`ReturnOnImprovement`] |

mod acsi;
mod agreement;
mod compare;
mod complaints;
mod csat;
mod delivered_value;
mod design;
mod disconfirmation;
mod effort;
mod importance;
mod indicators;
mod loyalty;
mod mean;
mod mystery_shopper;
mod nps;
mod penalty_reward;
mod price_sensitivity;
mod proportion;
mod retention_link;
mod return_on_improvement;
mod return_on_quality;
mod sampling;
mod scale;
mod servqual;
mod survey;
mod weighted_answers;

pub use acsi::Acsi;
pub use agreement::{Kappa, cohen_kappa, fleiss_kappa, intraclass_correlation};
pub use compare::{Change, Comparable, Pair, holm, pairwise};
pub use complaints::{
    Complaint, ComplaintDesk, Discontent, Dissatisfied, Resolution, SilenceRule,
    complaints_per_thousand, recovery,
};
pub use csat::{Csat, repurchase_intent};
pub use delivered_value::{
    DeliveredValue, GapToRival, Lever, LeverMove, Offer, OfferUnit, ValuePlan,
};
pub use design::{
    Allocation, Stratum, effective_sample_size, post_stratification_weights, sample_size,
    stratified_sample_sizes,
};
pub use disconfirmation::{Experience, GapEffect, Outcome, Outcomes, Rule, difference_reliability};
pub use effort::{Ease, effort_1};
pub use importance::{Attribute, CrossHair, Drivers, OnLine, Quadrant, quadrants};
pub use indicators::{
    ComplaintRate, Indicator, IndicatorChange, IndicatorIndex, IndicatorRanges, IndicatorWeights,
    Indicators, MissingIndicator, ScoredIndicators,
};
pub use loyalty::{LoyaltyMatrix, LoyaltyTable};
pub use mean::MeanScore;
pub use mystery_shopper::{
    CheckItem, CheckList, CriticalRule, MysteryVisits, OutletScore, OutletTrend, VisitScore,
};
pub use nps::Nps;
pub use penalty_reward::{AttributeKind, PenaltyReward};
pub use price_sensitivity::{PriceRise, price_elasticity};
pub use proportion::Proportion;
pub use retention_link::RetentionLink;
pub use return_on_improvement::{ReturnOnImprovement, revenue_leverage, sales_rise};
pub use return_on_quality::{Market, ReturnOnQuality, ValueOfRetention, ValueOfSatisfaction};
pub use sampling::Sampling;
pub use scale::{Direction, Level, Scale};
pub use servqual::{Dimension, ServiceAnswers, Servqual, Tolerance, ToleranceZone};
pub use survey::{Answer, Answers, Responses, Tally};
pub use weighted_answers::WeightedAnswers;
