//! The report as a value: what `--json` prints, in its order, and what the text is written from.
//!
//! A field that could not be computed is `None`, and a [`Warning`] says why. Without one are those that are
//! `None` by definition: `retention.median_days` where fewer than half are lost, `settings.split`, `holdout` and
//! `forecast.holdout` where there is no split, `whale_curve` without costs, and a customer's `mean_spend` where
//! he has no repeat purchase.

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use crate::holdout::Holdout;
use crate::models::Choice;
use crate::outlook::Forecast;
use crate::retention::RetentionReport;

#[derive(Serialize)]
pub(crate) struct Report<'a> {
    pub(crate) settings: Settings,
    pub(crate) base: Base,
    pub(crate) pyramid: Option<Vec<TierRow>>,
    pub(crate) concentration: Concentration,
    pub(crate) segments: Option<Vec<SegmentRow>>,
    pub(crate) whale_curve: Option<Whale>,
    pub(crate) purchases: ModelReport,
    pub(crate) spend: ModelReport,
    pub(crate) holdout: Option<Holdout>,
    pub(crate) forecast: Option<Forecast>,
    pub(crate) customers: Vec<Customer<'a>>,
    pub(crate) retention: RetentionReport,
    pub(crate) churn_cost: ChurnCost,
    pub(crate) warnings: Vec<Warning>,
    /// Not in the JSON: it follows from `customers`.
    #[serde(skip)]
    pub(crate) calls: Vec<Call<'a>>,
}

#[derive(Serialize)]
pub(crate) struct Settings {
    pub(crate) file: String,
    pub(crate) columns: ColumnNames,
    pub(crate) date_format: String,
    pub(crate) delimiter: String,
    pub(crate) split: Option<String>,
    pub(crate) as_of: String,
    pub(crate) unit: &'static str,
    pub(crate) horizon_months: f64,
    pub(crate) annual_discount: f64,
    pub(crate) margin: f64,
    pub(crate) lost_after: u32,
    pub(crate) cohort: &'static str,
    pub(crate) cuts: Vec<f64>,
    pub(crate) skip_bad_rows: bool,
    pub(crate) occasions: &'static str,
    pub(crate) refunds: &'static str,
    pub(crate) ties: &'static str,
}

#[derive(Serialize)]
pub(crate) struct ColumnNames {
    pub(crate) customer: String,
    pub(crate) date: String,
    pub(crate) amount: String,
    pub(crate) costs: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct Base {
    pub(crate) customers: usize,
    pub(crate) transactions: u64,
    pub(crate) occasions: u64,
    #[serde(serialize_with = "money")]
    pub(crate) revenue: Option<Decimal>,
    #[serde(serialize_with = "money")]
    pub(crate) refunds: Option<Decimal>,
    /// The first and the last day with a row.
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) as_of: String,
    pub(crate) rows_read: u64,
    pub(crate) rows_without_customer: u64,
    pub(crate) rows_skipped: u64,
    pub(crate) rows_after_as_of: u64,
    #[serde(skip)]
    pub(crate) buyers: usize,
    #[serde(skip)]
    pub(crate) repeat_buyers: usize,
}

#[derive(Serialize)]
pub(crate) struct TierRow {
    pub(crate) tier: String,
    pub(crate) customers: usize,
    #[serde(serialize_with = "money")]
    pub(crate) value: Option<Decimal>,
    pub(crate) share_of_customers: f64,
    pub(crate) share_of_value: Option<f64>,
    pub(crate) mean: Option<f64>,
    #[serde(serialize_with = "money")]
    pub(crate) cutoff: Option<Decimal>,
}

#[derive(Serialize)]
pub(crate) struct Concentration {
    pub(crate) gini: Option<f64>,
    pub(crate) top_20_percent_share: Option<f64>,
    pub(crate) customers_for_80_percent: Option<usize>,
}

/// A segment that holds a customer.
#[derive(Serialize)]
pub(crate) struct SegmentRow {
    pub(crate) segment: String,
    pub(crate) customers: usize,
    #[serde(serialize_with = "money")]
    pub(crate) value: Option<Decimal>,
    pub(crate) share_of_value: Option<f64>,
    pub(crate) mean_days_since_last: Option<f64>,
    pub(crate) mean_purchases: Option<f64>,
    pub(crate) mean_value: Option<f64>,
}

#[derive(Serialize)]
pub(crate) struct Whale {
    #[serde(serialize_with = "money")]
    pub(crate) costs: Option<Decimal>,
    #[serde(serialize_with = "money")]
    pub(crate) profit: Option<Decimal>,
    #[serde(serialize_with = "money")]
    pub(crate) peak: Option<Decimal>,
    #[serde(serialize_with = "money")]
    pub(crate) losses: Option<Decimal>,
    pub(crate) profitable: usize,
    pub(crate) loss_makers: usize,
    pub(crate) peak_share: Option<f64>,
    pub(crate) top_20_percent_share: Option<f64>,
    pub(crate) cross_subsidy: Option<f64>,
}

#[derive(Serialize)]
pub(crate) struct ModelReport {
    pub(crate) model: &'static str,
    pub(crate) unit: &'static str,
    /// Of the model of purchases: which were tried, and why this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) choice: Option<Choice>,
    pub(crate) parameters: Option<Named>,
    pub(crate) standard_errors: Option<Named>,
    pub(crate) log_likelihood: Option<f64>,
    pub(crate) aic: Option<f64>,
    pub(crate) bic: Option<f64>,
    /// Whose data the fit used, or would have used.
    pub(crate) customers: usize,
}

/// Numbers with their names, in the order of the model's paper.
pub(crate) struct Named(pub(crate) Vec<(&'static str, f64)>);

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

#[derive(Serialize)]
pub(crate) struct Customer<'a> {
    pub(crate) id: &'a str,
    pub(crate) frequency: Option<u32>,
    pub(crate) recency: Option<f64>,
    pub(crate) age: Option<f64>,
    pub(crate) mean_spend: Option<f64>,
    pub(crate) probability_alive: Option<f64>,
    pub(crate) expected_purchases: Option<f64>,
    pub(crate) expected_spend: Option<f64>,
    pub(crate) lifetime_value: Option<f64>,
    pub(crate) tier: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct ChurnCost {
    pub(crate) rule: String,
    pub(crate) lost_customers: Option<usize>,
    #[serde(serialize_with = "money")]
    pub(crate) lost_revenue: Option<Decimal>,
    #[serde(serialize_with = "money")]
    pub(crate) lost_profit: Option<Decimal>,
}

/// A repeat buyer who may be slipping away.
pub(crate) struct Call<'a> {
    pub(crate) id: &'a str,
    pub(crate) frequency: u32,
    /// Since the last purchase, in the unit of the purchase model.
    pub(crate) silence: f64,
    pub(crate) probability_alive: f64,
    /// His lifetime value, were it certain that he is still a customer.
    pub(crate) value_given_alive: f64,
    /// That value × the chance that he is gone.
    pub(crate) at_stake: f64,
}

/// Why something is missing, or what else to know about the report.
pub(crate) struct Warning {
    /// The fields of the JSON that are null for this reason, separated by commas; none for a mere note.
    pub(crate) fields: &'static str,
    pub(crate) reason: String,
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.fields {
            "" => serializer.serialize_str(&self.reason),
            fields => serializer.collect_str(&format_args!("{fields}: {}", self.reason)),
        }
    }
}

/// Money is text, so that no reader rounds it.
#[allow(clippy::ref_option, reason = "serde's signature")]
fn money<S: Serializer>(amount: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match amount {
        Some(amount) => serializer.collect_str(&amount.normalize()),
        None => serializer.serialize_none(),
    }
}
