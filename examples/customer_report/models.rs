//! Which model of purchases the report uses: the one asked for, or the one that fits best.

use clap::ValueEnum;
use goodwill::lifetime::{AcquisitionPlan, BaseForecast, Futures, Outlook, Simulated};
use goodwill::{
    BgNbd, Fit, GammaGamma, Histories, Horizon, MbgCnbdK, MbgNbd, ParetoNbd, Result, Spends,
    Valuation, customer_lifetime_values,
};
use serde::Serialize;

/// What `--model` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModelName {
    BgNbd,
    MbgNbd,
    ParetoNbd,
    MbgCnbdK,
    /// The one of these with the lowest BIC
    Auto,
}

/// A model that can be asked for, and how it is fitted.
type Candidate = (ModelName, &'static str, fn(&Histories) -> Result<FittedPurchases>);

/// The most regular buying that is looked for: Erlang-k with k up to this.
const MOST_REGULAR: u32 = 5;

const CANDIDATES: [Candidate; 4] = [
    (ModelName::BgNbd, "BG/NBD", |histories| {
        BgNbd::fit(histories)
            .map(|fit| FittedPurchases::new("BG/NBD", &fit, |model| model.parameters().to_vec()))
    }),
    (ModelName::MbgNbd, "MBG/NBD", |histories| {
        MbgNbd::fit(histories)
            .map(|fit| FittedPurchases::new("MBG/NBD", &fit, |model| model.parameters().to_vec()))
    }),
    (ModelName::ParetoNbd, "Pareto/NBD", |histories| {
        ParetoNbd::fit(histories).map(|fit| {
            FittedPurchases::new("Pareto/NBD", &fit, |model| model.parameters().to_vec())
        })
    }),
    (ModelName::MbgCnbdK, "MBG/CNBD-k", |histories| {
        let parameters = |model: &MbgCnbdK| {
            let k = ("k", f64::from(model.k()));
            model.parameters().into_iter().chain([k]).collect()
        };
        MbgCnbdK::fit(histories, MOST_REGULAR)
            .map(|fit| FittedPurchases::new("MBG/CNBD-k", &fit, parameters))
    }),
];

/// How the model was chosen.
#[derive(Serialize)]
pub(crate) struct Choice {
    pub(crate) asked: String,
    pub(crate) why: String,
    pub(crate) candidates: Vec<Tried>,
}

/// A model that was fitted: its BIC, or why it has none.
#[derive(Serialize)]
pub(crate) struct Tried {
    pub(crate) model: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bic: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// P(alive), expected purchases and values of every customer; the forecast of all, also in money.
type Alive = Box<dyn Fn(&Histories) -> Vec<f64>>;
type Expected = Box<dyn Fn(&Histories, Horizon) -> Result<Vec<f64>>>;
type Values = Box<dyn Fn(&[f64], &Histories, &Valuation) -> Result<Vec<f64>>>;
type Ahead = Box<dyn Fn(&Histories, &AcquisitionPlan, &Futures) -> Result<BaseForecast>>;
type Money<'a> = (&'a Fit<GammaGamma>, &'a Spends);
type AheadInMoney =
    Box<dyn Fn(&Histories, Money, &AcquisitionPlan, &Futures) -> Result<BaseForecast>>;

/// A fitted model of purchases, whichever it is.
pub(crate) struct FittedPurchases {
    pub(crate) name: &'static str,
    pub(crate) parameters: Vec<(&'static str, f64)>,
    pub(crate) standard_errors: Vec<(&'static str, f64)>,
    pub(crate) log_likelihood: f64,
    pub(crate) aic: f64,
    pub(crate) bic: f64,
    alive: Alive,
    expected: Expected,
    values: Values,
    ahead: Ahead,
    ahead_in_money: AheadInMoney,
}

impl FittedPurchases {
    fn new<M: Simulated + Copy + 'static>(
        name: &'static str,
        fit: &Fit<M>,
        parameters: impl Fn(&M) -> Vec<(&'static str, f64)>,
    ) -> Self {
        let model = *fit.model();
        let (own, own_in_money) = (fit.clone(), fit.clone());
        Self {
            name,
            parameters: parameters(&model),
            standard_errors: fit.standard_errors(),
            log_likelihood: fit.log_likelihood(),
            aic: fit.aic(),
            bic: fit.bic(),
            alive: Box::new(move |histories| {
                model.probabilities_alive(histories).into_iter().map(f64::from).collect()
            }),
            expected: Box::new(move |histories, horizon| {
                model.all_expected_purchases(histories, horizon)
            }),
            values: Box::new(move |spend, histories, valuation| {
                customer_lifetime_values(&model, spend, histories, valuation)
            }),
            ahead: Box::new(move |histories, plan, futures| {
                Outlook::new(&own, histories).forecast(plan, futures)
            }),
            ahead_in_money: Box::new(move |histories, (spend, spends), plan, futures| {
                let outlook = Outlook::new(&own_in_money, histories);
                outlook.with_spend(spend, spends)?.forecast(plan, futures)
            }),
        }
    }

    pub(crate) fn probabilities_alive(&self, histories: &Histories) -> Vec<f64> {
        (self.alive)(histories)
    }

    pub(crate) fn expected_purchases(
        &self,
        histories: &Histories,
        horizon: Horizon,
    ) -> Result<Vec<f64>> {
        (self.expected)(histories, horizon)
    }

    pub(crate) fn forecast(
        &self,
        histories: &Histories,
        plan: &AcquisitionPlan,
        futures: &Futures,
    ) -> Result<BaseForecast> {
        (self.ahead)(histories, plan, futures)
    }

    pub(crate) fn forecast_revenue(
        &self,
        histories: &Histories,
        money: Money,
        plan: &AcquisitionPlan,
        futures: &Futures,
    ) -> Result<BaseForecast> {
        (self.ahead_in_money)(histories, money, plan, futures)
    }

    pub(crate) fn lifetime_values(
        &self,
        spend: &[f64],
        histories: &Histories,
        valuation: &Valuation,
    ) -> Result<Vec<f64>> {
        (self.values)(spend, histories, valuation)
    }
}

/// The name in the report of a model that was asked for; of `auto`, that none was found.
pub(crate) fn title(asked: ModelName) -> &'static str {
    let named = CANDIDATES.iter().find(|(name, ..)| *name == asked);
    named.map_or("none", |(_, title, _)| title)
}

/// Fits what was asked for. The error is of the model asked for, or says why none could be fitted.
pub(crate) fn fit(
    asked: ModelName,
    histories: &Histories,
) -> (std::result::Result<FittedPurchases, String>, Choice) {
    let mut candidates = Vec::new();
    let mut best: Option<FittedPurchases> = None;
    let mut first_error = None;
    for (name, title, fit) in CANDIDATES {
        if asked != ModelName::Auto && asked != name {
            continue;
        }
        match fit(histories) {
            Ok(fitted) => {
                candidates.push(Tried { model: title, bic: Some(fitted.bic), error: None });
                if best.as_ref().is_none_or(|best| fitted.bic < best.bic) {
                    best = Some(fitted);
                }
            }
            Err(error) => {
                let error = error.to_string();
                candidates.push(Tried { model: title, bic: None, error: Some(error.clone()) });
                first_error.get_or_insert(error);
            }
        }
    }
    let why = match (asked, &best) {
        (ModelName::Auto, Some(best)) => format!("{} has the lowest BIC", best.name),
        (ModelName::Auto, None) => "none could be fitted".to_owned(),
        (_, _) => "it was asked for".to_owned(),
    };
    let asked = asked.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned());
    let fitted = best.ok_or_else(|| first_error.unwrap_or_default());
    (fitted, Choice { asked, why, candidates })
}
