//! Are they content? Answers to survey questions, the scores read from them, and how sure they are.

mod acsi;
mod compare;
mod complaints;
mod csat;
mod design;
mod disconfirmation;
mod effort;
mod loyalty;
mod mean;
mod nps;
mod proportion;
mod sampling;
mod scale;
mod servqual;
mod survey;

pub use acsi::Acsi;
pub use compare::{Change, Comparable, Pair, holm, pairwise};
pub use complaints::{
    Complaint, ComplaintDesk, Discontent, Dissatisfied, Resolution, SilenceRule,
    complaints_per_thousand, recovery,
};
pub use csat::{Csat, repurchase_intent};
pub use design::{
    Allocation, Stratum, effective_sample_size, post_stratification_weights, sample_size,
    stratified_sample_sizes,
};
pub use disconfirmation::{Experience, GapEffect, Outcome, Outcomes, Rule, difference_reliability};
pub use effort::{Ease, effort_1};
pub use loyalty::{LoyaltyMatrix, LoyaltyTable};
pub use mean::MeanScore;
pub use nps::Nps;
pub use proportion::Proportion;
pub use sampling::Sampling;
pub use scale::{Direction, Level, Scale};
pub use servqual::{Dimension, ServiceAnswers, Servqual, Tolerance, ToleranceZone};
pub use survey::{Answer, Answers, Responses, Tally, WeightedAnswers};
