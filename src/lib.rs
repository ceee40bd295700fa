//! Who your customers are, what they are worth, and what losing them costs: customer analytics as types and
//! functions.
//!
//! ```
//! use goodwill::{BgNbd, History, Horizon, PurchaseModel, TimeUnit};
//!
//! // A customer of the CDNOW record shop: two repeat purchases, the last after 30.43 of 38.86 weeks.
//! let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86)?;
//! let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
//! let next = model.expected_purchases(&customer, Horizon::weeks(39.0)?)?;
//! assert_eq!((next * 1_000.0).round() / 1_000.0, 1.226); // as published
//! # Ok::<(), goodwill::Error>(())
//! ```
//!
//! It is a pure library: feed it values you already hold, get values back. No I/O, no clock, no global state; the
//! same input gives the same bits, in whatever order (unless ties are asked for by [`Ties::InputOrder`]), and however it
//! was split and merged.
//!
//! # The map, by question
//!
//! | question | answer |
//! |---|---|
//! | Who are my customers, and what did they do? | [`Ledger::from_transactions`], [`Ledger::summaries`] |
//! | What did we know on an earlier day? | [`Ledger::until`], [`Ledger::split`] |
//! | What changed since last year, and why the profit? | [`Ledger::audit`], [`ProfitBridge`](transactions::ProfitBridge) |
//! | Who matters? | [`Pyramid::assign`], [`Abc::assign`], [`Thresholds::assign`] |
//! | Who could matter more? | [`tiering::potential`] |
//! | How sure is that? | [`tiering::TierDoubt`] |
//! | Does the 80/20 rule hold here? | [`Concentration`] |
//! | Who bought lately, often, for much? | [`RfmMeasures`], [`Segmentation`](tiering::Segmentation) |
//! | Who costs more than he brings, and what to do? | [`WhaleCurve`], [`Turnaround`](tiering::Turnaround) |
//! | Who moves up and down, and where does it lead? | [`Migration`] |
//! | Whom to grow, keep, harvest, release? | [`Matrix`](tiering::Matrix), [`tiering::weighted_scores`] |
//! | Does our tier programme flap, and what does it cost? | [`Programme`] |
//! | Who is still with us, and how often will he buy? | [`BgNbd::fit`], [`ParetoNbd::fit`], [`PurchaseModel`] |
//! | … where many buy once and never again? | [`MbgNbd`] |
//! | … where customers buy in a rhythm? | [`MbgCnbdK`], [`BgCnbdK`] |
//! | Who buys otherwise, by what we know of him? | [`WithCovariates`](lifetime::WithCovariates), [`Covariates`](lifetime::Covariates) |
//! | When will he buy next? | [`PurchaseModel::next_purchase_within`], [`Horizon::date_after`] |
//! | How do I keep a fitted model, and read it elsewhere? | `lifetime::ModelFile` |
//! | What will he spend on an occasion? | [`GammaGamma::fit`], [`SpendModel`] |
//! | How sure is that, and what will be counted? | [`Fit::confidence`], [`lifetime::Outlook`], [`lifetime::PredictionInterval`] (made with the feature `rand`) |
//! | What is he still worth? | [`customer_lifetime_value`], [`Valuation`] |
//! | … each by his own margin, one with promotion, one who comes and goes? | [`customer_lifetime_values_each`](lifetime::customer_lifetime_values_each), [`PurchaseCycle`](lifetime::PurchaseCycle), [`MigrationModel`](lifetime::MigrationModel) |
//! | Is the forecast any good, and better than a simple rule? | [`ForecastTest`](lifetime::ForecastTest), [`Backtest`](lifetime::Backtest) |
//! | What is the whole base worth, by cohort and tier? | [`CustomerEquity`](lifetime::CustomerEquity) |
//! | Who takes which opportunity, and will he come again? | [`BgBb`](lifetime::BgBb), [`Opportunities`] |
//! | How long do subscribers stay, and what are they worth? | [`Sbg`](lifetime::Sbg), [`RetentionModel`](lifetime::RetentionModel) |
//! | Are they content, and how sure is that? | [`satisfaction`] |
//! | What drives it, and what is a point of it worth? | [`satisfaction::Drivers`], [`satisfaction::ValueOfSatisfaction`] |
//! | What moved satisfaction, and do our auditors agree? | [`satisfaction::IndicatorIndex`], [`satisfaction::MysteryVisits`], [`satisfaction::fleiss_kappa`] |
//! | Why buy from us and not from them? | [`satisfaction::DeliveredValue`] |
//! | Who was lost, and at what rate? | [`Ledger::lost_customers`], [`Ledger::churn`] |
//! | Who comes back, by cohort? | [`Ledger::cohorts`], [`churn::Cohorts`] |
//! | How did the base and its money change? | [`churn::BaseChange`], [`Ledger::same_customer_revenue`] |
//! | How long do they stay, and what shortens it? | [`survival::KaplanMeier`], [`survival::log_rank`], [`survival::Cox`] |
//! | Why did they leave, and did the campaign work? | [`churn::ReasonReport`], [`churn::Campaign`] |
//! | What does losing them cost, now and in the years ahead? | [`ChurnLedger`], [`churn::YearsAhead`] |
//! | Whom does word of mouth win or lose? | [`churn::WordOfMouth`], [`churn::WordChain`] |
//! | Does keeping them pay, and what may it cost? | [`churn::ProfitBand`], [`churn::RelationProfit`], [`churn::StayingCustomer`] |
//! | Which assumption moves that most, and how sure is it? | [`churn::Tornado`], [`churn::InputRange`] |
//! | Whom to win back, when, and whom to let go? | [`churn::WinBackPlan`], [`churn::CallTiming`], [`churn::ChanceModel`] |
//! | What does a retention campaign earn at best, and on whom? | [`churn::CampaignProfit`], [`churn::TargetOrder`] |
//! | What does winning one cost, and when is it earned back? | [`growth::AcquisitionCosts`], [`growth::Payback`] |
//! | How to part a budget between winning and keeping? | [`growth::CustomerEquity`], [`growth::allocate`] |
//! | What is a customer worth who brings others? | [`growth::Referrals`] |
//! | Whom to court first, and what hangs on the new? | [`growth::ProspectRanking`], [`growth::GrowthSources`] |
//!
//! # Conventions
//!
//! - Money that was paid is [`Decimal`](rust_decimal::Decimal) and exact; see [`money`]. What a model expects is `f64`.
//! - Every time carries its [`TimeUnit`]; a week is 7, a month 30.436875, a year 365.2425 days.
//! - The as-of date is always the caller's. A row after it is an error, unless cut with [`Ledger::until`].
//! - `frequency` counts *repeat* purchases; `recency` is last − first. The recency of RFM is
//!   [`days_since_last`](CustomerSummary::days_since_last).
//! - What counts as a purchase, and whose money a refund takes, is stated in [`transactions`].
//! - Results list customers in the order of their ids, or in the order of the caller's input.
//! - Everything that can fail returns [`Result`]; an [`Error`] says what is wrong and why: of a value outside its domain the
//!   argument, the value, the domain and, where it comes from a row, the row.
//!
//! # Features
//!
//! - `serde` (default): serialise models and results, all but `tiering::QuantileSketch`; what can be read back is validated
//!   when read.
//! - `rayon`: build ledgers, read summaries, fit and score on several threads; the results are the same bits.
//! - `rand`: prediction intervals, forecasts by period, bootstrap intervals and simulated customers, from a seed that the
//!   caller gives.
//! - `sketch`: cut bases that do not fit in memory, within a stated relative error (`tiering::QuantileSketch`).
//!
//! The trade's terms in Chinese and English, with the type of each: [`glossary`]. How exact the models are, quantity by
//! quantity: [`accuracy`]. How to read a forecast, its errors and its intervals: [`forecast_guide`],
//! and how often intervals are right: [`interval_guide`]; how often those of a survey are: [`coverage`].

pub mod churn;
pub mod estimate;
pub mod growth;
pub mod lifetime;
pub mod money;
pub mod present_value;
pub mod satisfaction;
pub mod survival;
pub mod tiering;
pub mod transactions;

mod error;
mod math;
mod parallel;
mod quantity;
mod time;
mod transition;

pub use churn::{Churn, ChurnCost, ChurnLedger, LostAfter, LostCustomer};
pub use error::{Error, ErrorKind, Result};
pub use estimate::{Estimate, HypothesisTest};
pub use lifetime::{
    BgCnbdK, BgNbd, ConstantRetention, Discounting, FirstMargin, Fit, FitOptions, GammaGamma,
    MbgCnbdK, MbgNbd, ParetoNbd, Prior, PurchaseModel, SpendModel, Valuation,
    customer_lifetime_value, customer_lifetime_value_if_alive, customer_lifetime_values,
};
pub use quantity::{Probability, Share};
pub use tiering::{
    Abc, Concentration, Migration, Programme, Pyramid, Ranking, RfmMeasures, Thresholds, Tier,
    Tiering, Ties, Value, WhaleCurve,
};
pub use time::{DiscountRate, Horizon, TimeUnit};
pub use transactions::{
    Conventions, CustomerId, CustomerSummary, Histories, History, Holdout, Ledger, Occasion,
    Opportunities, OpportunityHistory, Refunds, Spend, Spends, Split, Transaction,
};

#[doc = include_str!("../docs/GLOSSARY.md")]
pub mod glossary {}

#[doc = include_str!("../docs/ACCURACY.md")]
pub mod accuracy {}

#[doc = include_str!("../docs/FORECAST.md")]
pub mod forecast_guide {}

#[doc = include_str!("../docs/INTERVALS.md")]
pub mod interval_guide {}

#[doc = include_str!("../docs/COVERAGE.md")]
pub mod coverage {}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
