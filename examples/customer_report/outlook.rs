//! What the base will do over the horizon, by quarters of it, and how the interval fared on the held-back days.

use chrono::NaiveDate;
use goodwill::lifetime::{AcquisitionPlan, BaseForecast, Futures, PredictionInterval};
use goodwill::{Fit, GammaGamma, Histories, Holdout, Horizon, Result, Spend, Spends, TimeUnit};
use serde::Serialize;

use crate::analysis::Warnings;
use crate::arguments::Arguments;
use crate::models::FittedPurchases;

/// The same report gives the same intervals.
const SEED: u64 = 1;
/// Possible futures that the intervals are read from.
const DRAWS: u32 = 399;
/// Parts of the horizon.
const QUARTERS: u32 = 4;

/// The forecast of the base. `holdout` is `None` by definition where there is no split.
#[derive(Serialize)]
pub(crate) struct Forecast {
    pub(crate) from: NaiveDate,
    /// The last day of each quarter of the horizon; `None` beyond the calendar.
    pub(crate) until: Vec<Option<NaiveDate>>,
    pub(crate) purchases: BaseForecast,
    pub(crate) revenue: Option<BaseForecast>,
    /// Of how many customers nothing but that is known: their repeat purchases cost 0 or less on average.
    pub(crate) spend_like_newcomers: usize,
    pub(crate) holdout: Option<Tested>,
}

/// What was predicted of the held-back days, and what was counted in them.
#[derive(Serialize)]
pub(crate) struct Tested {
    pub(crate) days: u32,
    pub(crate) predicted: PredictionInterval,
    pub(crate) actual: u64,
    pub(crate) held: bool,
}

/// The forecast from a day on, of the customers who were known then.
pub(crate) fn forecast(
    arguments: &Arguments,
    (model, spend): (Option<&FittedPurchases>, Option<&Fit<GammaGamma>>),
    (histories, spends): (&Histories, &Spends),
    (from, held_back): (NaiveDate, Option<&Holdout>),
    warnings: &mut Warnings,
) -> Option<Forecast> {
    // Without a model, why there is none is told of everything it would say.
    let model = model?;
    let futures = Futures::new(SEED).draws(DRAWS);
    let plan = warnings.keep("forecast", plan(arguments))?;
    let purchases = warnings.keep("forecast", model.forecast(histories, &plan, &futures))?;
    let known: Spends = spends.iter().map(of_the_model).collect();
    let taken = spends.iter().zip(known.iter()).filter(|(spend, known)| spend != known).count();
    let revenue = spend.and_then(|spend| {
        let got = model.forecast_revenue(histories, (spend, &known), &plan, &futures);
        warnings.keep("forecast.revenue", got)
    });
    let tested = held_back.map(|held_back| tested(model, histories, held_back, &futures));
    let holdout = tested.and_then(|tested| warnings.keep("forecast.holdout", tested));
    let until: Vec<_> = (1..=QUARTERS).map(|quarter| end(arguments, from, quarter)).collect();
    if until.contains(&None) {
        warnings.add("forecast.until[]", "the horizon ends beyond the calendar");
    }
    Some(Forecast { from, until, purchases, revenue, spend_like_newcomers: taken, holdout })
}

fn plan(arguments: &Arguments) -> Result<AcquisitionPlan> {
    let quarter = Horizon::months(arguments.horizon_months / f64::from(QUARTERS))?;
    AcquisitionPlan::new(quarter, &[arguments.newcomers; QUARTERS as usize])
}

fn end(arguments: &Arguments, from: NaiveDate, quarter: u32) -> Option<NaiveDate> {
    let months = arguments.horizon_months * f64::from(quarter) / f64::from(QUARTERS);
    let end = Horizon::new(months, TimeUnit::Month).and_then(|horizon| horizon.date_after(from));
    end.ok().flatten()
}

/// Of whose repeat purchases cost 0 or less the spend model knows nothing: he counts as a newcomer to it.
fn of_the_model(spend: Spend) -> Spend {
    if spend.frequency() > 0 && spend.mean() <= 0.0 { Spend::UNKNOWN } else { spend }
}

fn tested(
    model: &FittedPurchases,
    histories: &Histories,
    held_back: &Holdout,
    futures: &Futures,
) -> Result<Tested> {
    let days = Horizon::days(f64::from(held_back.days))?;
    let forecast = model.forecast(histories, &AcquisitionPlan::nobody(days, 1)?, futures)?;
    let (predicted, actual) = (forecast.whole.total.counted, held_back.total());
    let held = predicted.contains(actual as f64);
    Ok(Tested { days: held_back.days, predicted, actual, held })
}
