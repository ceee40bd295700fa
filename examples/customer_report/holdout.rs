//! The forecast against what happened, beside forecasts that need no model.

use std::sync::Arc;

use chrono::NaiveDate;
use goodwill::lifetime::{Baseline, ForecastErrors, ForecastGroup, ForecastTest, FrequencyClasses};
use goodwill::{Conventions, Histories, Horizon, Ledger, Share, Split};
use serde::Serialize;

use crate::analysis::Warnings;
use crate::arguments::Arguments;
use crate::models::FittedPurchases;

/// Repeat purchases before the split from which on customers are one class.
const MOST: u32 = 7;

#[derive(Serialize)]
pub(crate) struct Holdout {
    pub(crate) days: u32,
    pub(crate) expected_purchases: Option<f64>,
    pub(crate) actual_purchases: u64,
    pub(crate) bias: Option<f64>,
    pub(crate) mae: Option<f64>,
    pub(crate) rmse: Option<f64>,
    pub(crate) spearman: Option<f64>,
    pub(crate) kendall: Option<f64>,
    pub(crate) newcomers: usize,
    pub(crate) baselines: Vec<BaselineRow>,
    pub(crate) by_frequency: Option<FrequencyClasses>,
    pub(crate) deciles: Option<Vec<ForecastGroup>>,
    pub(crate) captured: Vec<CapturedRow>,
}

/// A forecast without a model, and how much of its error the model saves.
#[derive(Serialize)]
pub(crate) struct BaselineRow {
    pub(crate) name: String,
    pub(crate) expected_purchases: Option<f64>,
    pub(crate) mae: Option<f64>,
    pub(crate) rmse: Option<f64>,
    pub(crate) skill_mae: Option<f64>,
    pub(crate) skill_rmse: Option<f64>,
}

/// What those with the highest forecasts bought, of all purchases.
#[derive(Serialize)]
pub(crate) struct CapturedRow {
    pub(crate) percent_of_customers: u32,
    pub(crate) by_forecast: Option<f64>,
    pub(crate) in_hindsight: Option<f64>,
}

/// What the model and the baselines expected of the days after the split, and what happened.
pub(crate) fn judge(
    arguments: &Arguments,
    model: Option<&FittedPurchases>,
    histories: &Histories,
    (day, split): (NaiveDate, &Split<Arc<str>>),
    warnings: &mut Warnings,
) -> Holdout {
    const EXPECTED: &str = "holdout.expected_purchases, holdout.bias, holdout.mae, holdout.rmse, \
         holdout.spearman, holdout.kendall, holdout.by_frequency, holdout.deciles, \
         holdout.captured[].by_forecast, holdout.captured[].in_hindsight, \
         holdout.baselines[].skill_mae, holdout.baselines[].skill_rmse";
    let actual = &split.holdout;
    let test = model.and_then(|model| {
        let all = Horizon::days(f64::from(actual.days))
            .and_then(|horizon| model.expected_purchases(histories, horizon))
            .and_then(|expected| ForecastTest::of_purchases(&expected, actual));
        warnings.keep(EXPECTED, all)
    });
    let errors = test.as_ref().map(ForecastTest::errors);
    let mut holdout = Holdout {
        days: actual.days,
        expected_purchases: errors.as_ref().map(ForecastErrors::forecast),
        actual_purchases: actual.total(),
        bias: errors.as_ref().map(ForecastErrors::bias),
        mae: errors.as_ref().map(ForecastErrors::mae),
        rmse: errors.as_ref().map(ForecastErrors::rmse),
        spearman: None,
        kendall: None,
        newcomers: actual.newcomers,
        baselines: baselines(arguments, errors.as_ref(), (day, split), warnings),
        by_frequency: None,
        deciles: None,
        captured: Vec::new(),
    };
    if let Some(test) = test {
        let order = test.spearman().and_then(|spearman| Ok((spearman, test.kendall()?)));
        let order = warnings.keep("holdout.spearman, holdout.kendall", order);
        (holdout.spearman, holdout.kendall) = order.unzip();
        let classes = test.by_frequency(histories, MOST);
        holdout.by_frequency = warnings.keep("holdout.by_frequency", classes);
        holdout.deciles = warnings.keep("holdout.deciles", test.deciles());
        holdout.captured = captured(&test, warnings);
    }
    holdout
}

fn baselines(
    arguments: &Arguments,
    model: Option<&ForecastErrors>,
    (day, split): (NaiveDate, &Split<Arc<str>>),
    warnings: &mut Warnings,
) -> Vec<BaselineRow> {
    const ERRORS: &str = "holdout.baselines[].expected_purchases, holdout.baselines[].mae, \
         holdout.baselines[].rmse, holdout.baselines[].skill_mae, holdout.baselines[].skill_rmse";
    const SKILLS: &str = "holdout.baselines[].skill_mae, holdout.baselines[].skill_rmse";
    let known: &Ledger<Arc<str>> = &split.calibration;
    if split.holdout.purchases.is_empty() {
        return Vec::new();
    }
    let lost = arguments.lost_after.get();
    // Lost are those who have been silent for so many days or more.
    let hiatus = Horizon::days(f64::from(lost) - 1.0).map(Baseline::Hiatus);
    let rules = [
        ("everybody buys like the average customer".to_owned(), Ok(Baseline::Mean)),
        ("everybody repeats the last period".to_owned(), Ok(Baseline::LastPeriod)),
        (format!("who is silent for {lost} days is gone, others go on"), hiatus),
    ];
    let row = |(name, baseline): (String, goodwill::Result<Baseline>)| {
        let errors = baseline
            .and_then(|own| own.forecast(known, day, split.holdout.days, &Conventions::default()))
            .and_then(|forecast| ForecastTest::of_purchases(&forecast, &split.holdout))
            .map(|test| test.errors());
        let errors = warnings.keep(ERRORS, errors);
        let skill = model
            .zip(errors.as_ref())
            .and_then(|(model, errors)| warnings.keep(SKILLS, model.skill_against(errors)));
        BaselineRow {
            name,
            expected_purchases: errors.as_ref().map(ForecastErrors::forecast),
            mae: errors.as_ref().map(ForecastErrors::mae),
            rmse: errors.as_ref().map(ForecastErrors::rmse),
            skill_mae: skill.map(|skill| skill.mae),
            skill_rmse: skill.map(|skill| skill.rmse),
        }
    };
    rules.into_iter().map(row).collect()
}

fn captured(test: &ForecastTest, warnings: &mut Warnings) -> Vec<CapturedRow> {
    const FIELDS: &str = "holdout.captured[].by_forecast, holdout.captured[].in_hindsight";
    let row = |percent: u32| {
        let found = Share::percent(percent).and_then(|share| test.captured(share));
        let found = warnings.keep(FIELDS, found);
        CapturedRow {
            percent_of_customers: percent,
            by_forecast: found.map(|found| found.by_forecast),
            in_hindsight: found.map(|found| found.in_hindsight),
        }
    };
    [10, 20].map(row).into()
}
