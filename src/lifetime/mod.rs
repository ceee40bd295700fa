//! What they are worth: models of purchases and spend, and the lifetime value they give.
//!
//! A model is its parameters: [`BgNbd::new`] takes known ones, [`BgNbd::fit`] finds them, and both give the same
//! value. Where customers leave silently (a shop), use a [`PurchaseModel`] with a [`SpendModel`]; where they
//! give notice (a subscription), use a [`RetentionModel`] on [`Tenures`].
//!
//! | question | start at |
//! |---|---|
//! | Who is still with us, and how often will he buy? | [`BgNbd`], [`ParetoNbd`], [`PurchaseModel`] |
//! | … where many buy once, or customers buy in a rhythm? | [`MbgNbd`], [`MbgCnbdK`], [`BgCnbdK`] |
//! | … by what we know of him beside? | [`WithCovariates`] |
//! | … where there are fixed opportunities to buy? | [`BgBb`] |
//! | What will he spend on an occasion? | [`GammaGamma`], [`SpendModel`], [`SpendIndependence`] |
//! | What is he still worth? | [`customer_lifetime_value`], [`Valuation`] |
//! | What is he worth who is not known yet? | [`newcomer_value`], [`prospect_value`] |
//! | What is the whole base worth? | [`CustomerEquity`] |
//! | How long do subscribers stay, and what are they worth? | [`Sbg`], [`Bdw`], [`ConstantRetention`], [`RetentionModel`] |
//! | What if margins grow, or customers come and go? | [`Margin`], [`PurchaseCycle`], [`MigrationModel`] |
//! | How sure is what is expected? | [`Fit::confidence`], [`Outlook`], [`ConfidenceInterval`] |
//! | What will be counted, in all and by period? | [`PredictionInterval`], `Futures`, `BaseForecast` (feature `rand`) |
//! | Is the forecast any good? | [`ForecastTest`], [`Backtest`], [`TrackingCurve`], [`Baseline`] |
//! | Which model, and does it last? | [`compare`], [`likelihood_ratio`], [`CohortFits`] |
//! | How is a fit told what is known, and kept? | [`FitOptions`], [`Prior`], `ModelFile` (feature `serde`) |

mod bg_bb;
mod bg_nbd;
mod closed_forms;
mod clv;
mod cnbd_k;
mod contract;
mod covariates;
mod derivatives;
mod equity;
mod fit;
#[cfg(feature = "rand")]
mod forecast;
mod gamma_gamma;
mod intervals;
mod margin;
mod markov;
mod mbg_nbd;
mod model;
#[cfg(feature = "serde")]
mod model_file;
mod options;
mod pareto_nbd;
mod sample;
mod shared;
#[cfg(feature = "rand")]
mod simulation;
mod spend_model;
mod validation;

pub use bg_bb::BgBb;
pub use bg_nbd::{AfterEveryPurchase, AfterRepeatPurchase, BetaGeometricNbd, BgNbd};
pub use closed_forms::{ProfitCurve, PurchaseCycle};
pub use clv::{
    Discounting, Valuation, customer_lifetime_value, customer_lifetime_value_if_alive,
    customer_lifetime_values, customer_lifetime_values_each,
};
pub use cnbd_k::{BgCnbdK, CnbdK, MbgCnbdK};
pub use contract::{Bdw, ConstantRetention, RetentionModel, Sbg, Tenure, Tenures};
pub use covariates::{
    Covariates, Effect, EffectEstimate, EffectOn, EffectTie, Effects, WithCovariates,
};
pub use equity::{
    CustomerEquity, EquityReport, GroupEquity, newcomer_value, newcomer_value_less_acquisition,
    prospect_value,
};
pub use fit::{Fit, FitOptions};
#[cfg(feature = "rand")]
pub use forecast::{AcquisitionPlan, BaseForecast, DescribedPlan, ForecastLine, Outcome, PlanFor};
pub use gamma_gamma::{GammaGamma, SpendIndependence, Verdict};
pub use intervals::{
    ConfidenceInterval, CustomersOf, DescribedHistories, Domain, Expectation, Interval, Outlook,
    Parametric, Prediction, PredictionInterval, RevenueOutlook,
};
#[cfg(feature = "rand")]
pub use intervals::{Futures, ParametricBootstrap, Simulated, SimulatedSpend};
pub use margin::{GrowthStart, Margin};
pub use markov::MigrationModel;
pub use mbg_nbd::MbgNbd;
pub use model::PurchaseModel;
#[cfg(feature = "serde")]
pub use model_file::ModelFile;
pub use options::Prior;
pub use pareto_nbd::ParetoNbd;
pub use spend_model::SpendModel;
pub use validation::{
    ActivityHits, Backtest, Baseline, Candidate, Captured, CohortFits, Comparable, ComparisonRow,
    ForecastErrors, ForecastGroup, ForecastTest, FrequencyClass, FrequencyClasses, HoldoutReport,
    ModelKind, Skill, TrackingCurve, TrackingPeriod, TrackingPeriods, active_after, compare,
    likelihood_ratio,
};

pub use crate::present_value::FirstMargin;
