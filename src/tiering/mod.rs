//! Who matters: tiers of customers by value, the doubt about them, and the concentration of value.
//!
//! Tiering takes one value per customer (exact [`Decimal`](rust_decimal::Decimal) or `f64`) and never asks what
//! it is: revenue, profit, or a model's forecast.
//!
//! | question | start at |
//! |---|---|
//! | Who are the best by share of customers, or by quantiles? | [`Pyramid`] |
//! | Who brings which share of the value? | [`Abc`] |
//! | Who is above fixed thresholds, or between natural breaks? | [`Thresholds`], [`Thresholds::natural_breaks`] |
//! | Where does effort stop paying? | [`ComputedAbc`] |
//! | How are tiers cut over shards, or where the base does not fit in memory? | [`Ranking`], `QuantileSketch` (feature `sketch`) |
//! | Where do zeros, losses and missing values go? | [`SpecialCases`] |
//! | How sure is a tier, and how firm a cut? | [`TierDoubt`], `cut_stability` (feature `rand`) |
//! | How concentrated is the value? | [`Concentration`], [`gini_with_losses`], [`ParetoTail`] |
//! | Who bought lately, often, for much? | [`RfmMeasures`], [`Segmentation`] |
//! | Who could move up? | [`potential`] |
//! | Who costs more than he brings, and what to do? | [`WhaleCurve`], [`Turnaround`] |
//! | Who moved up and down, and where does it lead? | [`Migration`], [`TransitionMatrix`] |
//! | Whom to grow, keep, harvest, release? | [`Matrix`], [`weighted_scores`] |
//! | Does a tier programme flap? | [`Programme`] |

mod abc;
mod computed_abc;
mod concentration;
mod doubt;
mod edges;
mod migration;
mod natural_breaks;
mod pareto_tail;
mod potential;
mod profit;
mod programme;
mod pyramid;
mod ranking;
mod rfm;
mod selection;
#[cfg(feature = "sketch")]
mod sketch;
mod special_cases;
mod thresholds;
mod value;
mod value_growth;

pub use crate::transition::TransitionMatrix;
pub use abc::Abc;
pub use computed_abc::{ComputedAbc, CurvePoint};
pub use concentration::{Concentration, gini_with_losses};
pub use doubt::TierDoubt;
#[cfg(feature = "rand")]
pub use doubt::{CutStability, cut_stability};
pub use migration::{Migration, Moves, Snapshot};
pub use pareto_tail::ParetoTail;
pub use potential::{Candidate, Evidence, Reason, potential};
pub use profit::{
    CustomerProfit, Levers, LossMaker, Remedy, Service, ServiceRates, Turnaround, WhaleCurve,
};
pub use programme::{Demotion, Level, LevelUse, Programme, Replay, Review, Standing, ValueHistory};
pub use pyramid::{Pyramid, Tier, Tiering, Ties};
pub use ranking::Ranking;
pub use rfm::{
    BreakEven, MailingResult, RfmCuts, RfmMeasures, RfmScore, RfmScores, RfmSegment, RfmSegments,
    RfmWeights, SegmentRule, Segmentation,
};
#[cfg(feature = "sketch")]
pub use sketch::QuantileSketch;
pub use special_cases::{SpecialCases, Treatment};
pub use thresholds::Thresholds;
pub use value::Value;
pub use value_growth::{
    Axis, Boundary, Criterion, Direction, GrowthAction, LoyaltyType, Matrix, Normalisation,
    OnBoundary, Quadrant, weighted_scores,
};
