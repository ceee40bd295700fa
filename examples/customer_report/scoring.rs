//! The models: fitted, tested on the holdout, and put to every customer.

use std::sync::Arc;

use goodwill::{
    Conventions, CustomerSummary, DiscountRate, Fit, GammaGamma, Histories, Horizon, SpendModel,
    Spends, Valuation, money,
};

use crate::analysis::{Observed, Warnings};
use crate::arguments::Arguments;
use crate::calls::calls;
use crate::format::several;
use crate::holdout::{self, Holdout};
use crate::models::{self, FittedPurchases};
use crate::outlook::{self, Forecast};
use crate::report::{Call, Customer, ModelReport, Named};

/// What is missing without a model of how customers buy.
const PURCHASES: &str = "purchases.parameters, forecast, purchases.standard_errors, \
     purchases.log_likelihood, purchases.aic, purchases.bic, customers[].probability_alive, \
     customers[].expected_purchases, customers[].lifetime_value, holdout.expected_purchases, \
     holdout.bias, holdout.mae, holdout.rmse, holdout.spearman, holdout.kendall, \
     holdout.by_frequency, holdout.deciles, holdout.baselines[].skill_mae, \
     holdout.baselines[].skill_rmse";
/// What is missing without a model of what they spend.
const SPEND: &str = "spend.parameters, forecast.revenue, spend.standard_errors, spend.log_likelihood, \
     spend.aic, spend.bic, customers[].expected_spend, customers[].lifetime_value";

/// What the models say.
pub(crate) struct Scores<'a> {
    pub(crate) purchases: ModelReport,
    pub(crate) spend: ModelReport,
    pub(crate) holdout: Option<Holdout>,
    pub(crate) forecast: Option<Forecast>,
    pub(crate) customers: Vec<Customer<'a>>,
    pub(crate) calls: Vec<Call<'a>>,
}

/// One row per customer who had bought when the models look at him.
struct Forecasts {
    histories: Histories,
    mean_spend: Vec<Option<f64>>,
    alive: Option<Vec<f64>>,
    purchases: Option<Vec<f64>>,
    spend: Vec<Option<f64>>,
    value: Option<Vec<f64>>,
}

/// Fits both models on the days to the split, or to the as-of day without one, and scores the customers as
/// of that day.
pub(crate) fn score<'a>(
    arguments: &Arguments,
    observed: &'a Observed,
    summaries: &[CustomerSummary<'a, Arc<str>>],
    warnings: &mut Warnings,
) -> Result<Scores<'a>, String> {
    let plain = |error: goodwill::Error| error.to_string();
    let split = match observed.split {
        Some(day) => {
            let conventions = Conventions::default();
            Some(observed.ledger.split(day, observed.as_of, &conventions).map_err(plain)?)
        }
        None => None,
    };
    let known = split.as_ref().map_or(&observed.ledger, |split| &split.calibration);
    let day = observed.split.unwrap_or(observed.as_of);
    let histories = known.histories(day, arguments.unit()).map_err(plain)?;
    let spends = known.spends(day).map_err(plain)?;
    let buyers: Vec<_> = known.summaries(day).map_err(plain)?;
    let buyers: Vec<_> = buyers.iter().filter(|buyer| buyer.occasions > 0).collect();

    let eligible = spends.iter().filter(|own| own.frequency() > 0 && own.mean() > 0.0).count();
    let (purchases_fit, choice) = if histories.is_empty() {
        warnings.add(PURCHASES, format!("nobody had bought by {day}"));
        (None, None)
    } else {
        let (fit, choice) = models::fit(arguments.model, &histories);
        (fit.map_err(|error| warnings.add(PURCHASES, error)).ok(), Some(choice))
    };
    let spend_fit = if eligible == 0 {
        warnings.add(SPEND, format!("by {day}, nobody had repeat purchases that cost more than 0"));
        None
    } else {
        warnings.keep(SPEND, GammaGamma::fit(&spends))
    };
    let model = purchases_fit.as_ref();
    let holdout = split
        .as_ref()
        .map(|split| holdout::judge(arguments, model, &histories, (day, split), warnings));
    let forecast = outlook::forecast(
        arguments,
        (model, spend_fit.as_ref()),
        (&histories, &spends),
        (day, split.as_ref().map(|split| &split.holdout)),
        warnings,
    );
    let spend_model = spend_fit.as_ref().map(Fit::model);
    let mean_spend = buyers.iter().map(|buyer| buyer.mean_repeat_spend).collect();
    let forecasts =
        forecasts(arguments, (model, spend_model), histories, mean_spend, &spends, warnings)?;

    let mut customers: Vec<Customer> =
        observed.ledger.customers().iter().map(|id| nothing_known(id)).collect();
    for (row, buyer) in buyers.iter().enumerate() {
        if let Some(position) = observed.ledger.position(buyer.customer) {
            forecasts.write(row, &mut customers[position]);
        }
    }
    warn_of_unknown(&customers, summaries, observed, warnings);
    let calls = calls(&customers);
    Ok(Scores {
        purchases: ModelReport {
            model: model.map_or_else(|| models::title(arguments.model), |model| model.name),
            unit: arguments.unit_name(),
            choice,
            parameters: model.map(|model| Named(model.parameters.clone())),
            standard_errors: model.map(|model| Named(model.standard_errors.clone())),
            log_likelihood: model.map(|model| model.log_likelihood),
            aic: model.map(|model| model.aic),
            bic: model.map(|model| model.bic),
            customers: forecasts.histories.len(),
        },
        spend: spend_report(spend_fit.as_ref(), eligible),
        holdout,
        forecast,
        customers,
        calls,
    })
}

fn spend_report(fit: Option<&Fit<GammaGamma>>, customers: usize) -> ModelReport {
    ModelReport {
        model: "Gamma-Gamma",
        unit: "money",
        choice: None,
        parameters: fit.map(|fit| Named(fit.model().parameters().to_vec())),
        standard_errors: fit.map(|fit| Named(fit.standard_errors())),
        log_likelihood: fit.map(Fit::log_likelihood),
        aic: fit.map(Fit::aic),
        bic: fit.map(Fit::bic),
        customers,
    }
}

fn forecasts(
    arguments: &Arguments,
    (model, spend_model): (Option<&FittedPurchases>, Option<&GammaGamma>),
    histories: Histories,
    mean_spend: Vec<Option<f64>>,
    spends: &Spends,
    warnings: &mut Warnings,
) -> Result<Forecasts, String> {
    let plain = |error: goodwill::Error| error.to_string();
    let horizon = Horizon::months(arguments.horizon_months).map_err(plain)?;
    let discount = DiscountRate::annual(arguments.annual_discount).map_err(plain)?;
    let margin = money::to_f64(arguments.margin.get());
    let valuation = Valuation::new(horizon, discount).margin(margin).map_err(plain)?;

    let alive = model.map(|model| model.probabilities_alive(&histories));
    let purchases = model.and_then(|model| {
        let all = model.expected_purchases(&histories, horizon);
        warnings.keep("customers[].expected_purchases", all)
    });
    let spend = match spend_model {
        Some(model) => expected_spends(model, spends, warnings),
        None => vec![None; spends.len()],
    };
    let value = model.filter(|_| spend_model.is_some()).and_then(|model| {
        // Who has no expected spend gets no value below.
        let known: Vec<f64> = spend.iter().map(|spend| spend.unwrap_or(0.0)).collect();
        let all = model.lifetime_values(&known, &histories, &valuation);
        warnings.keep("customers[].lifetime_value", all)
    });
    Ok(Forecasts { histories, mean_spend, alive, purchases, spend, value })
}

/// Expected spend of every customer; where there is none, one warning for each kind of reason.
fn expected_spends(
    model: &GammaGamma,
    spends: &Spends,
    warnings: &mut Warnings,
) -> Vec<Option<f64>> {
    let all: Vec<goodwill::Result<f64>> =
        spends.iter().map(|spend| model.expected_spend(&spend)).collect();
    // A one-time buyer, one whose repeat purchases are not of the model, or any other.
    let kinds: [fn(u32, f64) -> bool; 3] =
        [|x, _| x == 0, |x, mean| x > 0 && mean <= 0.0, |x, mean| x > 0 && mean > 0.0];
    for kind in kinds {
        let failed = || {
            let own = spends.iter().zip(&all);
            own.filter(|(spend, _)| kind(spend.frequency(), spend.mean()))
                .filter_map(|(_, result)| result.as_ref().err())
        };
        if let Some(first) = failed().next() {
            let reason = format!(
                "{} without an expected spend; the first: {first}",
                several(failed().count(), "customer")
            );
            warnings.add("customers[].expected_spend, customers[].lifetime_value", reason);
        }
    }
    all.into_iter().map(Result::ok).collect()
}

fn nothing_known(id: &str) -> Customer<'_> {
    Customer {
        id,
        frequency: None,
        recency: None,
        age: None,
        mean_spend: None,
        probability_alive: None,
        expected_purchases: None,
        expected_spend: None,
        lifetime_value: None,
        tier: None,
    }
}

impl Forecasts {
    /// Writes one row to its customer.
    fn write(&self, row: usize, customer: &mut Customer) {
        let of = |column: &Option<Vec<f64>>| column.as_ref().map(|column| column[row]);
        let history = self.histories.get(row);
        customer.frequency = history.map(|history| history.frequency());
        customer.recency = history.map(|history| history.recency());
        customer.age = history.map(|history| history.age());
        customer.mean_spend = self.mean_spend[row];
        customer.probability_alive = of(&self.alive);
        customer.expected_purchases = of(&self.purchases);
        customer.expected_spend = self.spend[row];
        customer.lifetime_value = self.spend[row].and(of(&self.value));
    }
}

/// Says of whom the models know nothing: those who came after the split, and those who only have refunds.
fn warn_of_unknown(
    customers: &[Customer],
    summaries: &[CustomerSummary<'_, Arc<str>>],
    observed: &Observed,
    warnings: &mut Warnings,
) {
    const FIELDS: &str = "customers[].frequency, customers[].recency, customers[].age, \
                          customers[].mean_spend, customers[].probability_alive, \
                          customers[].expected_purchases, customers[].expected_spend, \
                          customers[].lifetime_value";
    let unknown = || customers.iter().zip(summaries).filter(|(own, _)| own.frequency.is_none());
    let refunds_only = unknown().filter(|(_, summary)| summary.occasions == 0).count();
    let newcomers = unknown().count() - refunds_only;
    if let (1.., Some(split)) = (newcomers, observed.split) {
        let newcomers = several(newcomers, "customer");
        warnings.add(
            FIELDS,
            format!("{newcomers} first bought after the split {split}: unknown to the models"),
        );
    }
    if refunds_only > 0 {
        let refunds_only = several(refunds_only, "customer");
        warnings.add(
            FIELDS,
            format!("{refunds_only} with refunds but no purchase: unknown to the models"),
        );
    }
}
