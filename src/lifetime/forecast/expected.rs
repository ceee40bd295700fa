//! What is expected of each period.

use super::AcquisitionPlan;
use super::arrivals::Arrivals;
use super::lines;
use crate::error::{Error, Result};
use crate::lifetime::intervals::CustomersOf;
use crate::lifetime::intervals::outlook::{revenue, total};
use crate::lifetime::model::{PurchaseModel, finite};
use crate::lifetime::spend_model::SpendModel;
use crate::math::double_exponential;
use crate::math::gauss_legendre::Rule;
use crate::time::Horizon;
use crate::transactions::Spends;

const PURCHASES: &str = "expected purchases";
const REVENUE: &str = "expected revenue";

/// Purchases of known customers, of newcomers and of both.
pub(super) fn purchases<M, H: CustomersOf<M>>(
    model: &M,
    customers: &H,
    arrivals: &Arrivals<'_>,
) -> Result<Vec<f64>> {
    let until = |end| total(PURCHASES, &customers.all_expected(model, end)?);
    let known = by_period(PURCHASES, arrivals.frame, until)?;
    lines(PURCHASES, known, of_newcomers::<M, H>(model, arrivals)?)
}

/// What these purchases bring.
pub(super) fn revenues<M, H: CustomersOf<M>, S: SpendModel>(
    model: &M,
    customers: &H,
    (spend, spends): (&S, &Spends),
    arrivals: &Arrivals<'_>,
) -> Result<Vec<f64>> {
    let spends = spend.all_expected_spends(spends)?;
    let until = |end| revenue(REVENUE, &customers.all_expected(model, end)?, &spends);
    let known = by_period(REVENUE, arrivals.frame, until)?;
    let mut newcomers = of_newcomers::<M, H>(model, arrivals)?;
    if newcomers.iter().any(|&purchases| purchases > 0.0) {
        let each = spend.expected_spend_of_newcomer()?;
        for purchases in &mut newcomers {
            *purchases *= each;
        }
    }
    lines(REVENUE, known, newcomers)
}

/// What comes in each period, from what comes until its end.
fn by_period(
    quantity: &'static str,
    plan: &AcquisitionPlan,
    until: impl Fn(Horizon) -> Result<f64>,
) -> Result<Vec<f64>> {
    let mut before = 0.0;
    let of = |period: usize| {
        let after = until(plan.end(period)?)?;
        let own = rise(quantity, before, after)?;
        before = after;
        Ok(own)
    };
    (1..=plan.periods()).map(of).collect()
}

fn of_newcomers<M, H: CustomersOf<M>>(model: &M, arrivals: &Arrivals<'_>) -> Result<Vec<f64>> {
    let mut all = vec![0.0; arrivals.frame.periods()];
    for (covariates, plan) in &arrivals.kinds {
        let by_age = repeats_by_age(&H::own(model, covariates)?, plan)?;
        for (sum, more) in all.iter_mut().zip(plan.purchases(&by_age)) {
            *sum += more;
        }
    }
    Ok(all)
}

/// The repeat purchases of a newcomer in the period of his coming, in the one after it, and so on: eₗ of
/// [`Outlook::forecast`](crate::lifetime::Outlook::forecast).
fn repeats_by_age<M: PurchaseModel>(model: &M, plan: &AcquisitionPlan) -> Result<Vec<f64>> {
    let unit = model.unit();
    let period = plan.period().in_unit(unit).unwrap_or(f64::INFINITY);
    let until = |age: f64| {
        let horizon = Horizon::new(age * period, unit);
        horizon.and_then(|end| model.expected_purchases_of_newcomer(end)).unwrap_or(f64::NAN)
    };
    let mut before = 0.0;
    let of = |age: usize| {
        let age = age as f64;
        // E[X] is smooth but for a pole at minus a scale of the model, which may be near the first period alone.
        let after = if age > 0.0 {
            let both =
                |(away, weight)| weight * (until(age + 0.5 - away) + until(age + 0.5 + away));
            Rule::SIXTEEN.pairs().map(both).sum()
        } else {
            double_exponential::integrate(Some(1.0), 1.0, until)
        };
        let after = finite("expected purchases of a newcomer", after)?;
        let own = rise("expected purchases of a newcomer", before, after)?;
        before = after;
        Ok(own)
    };
    (0..plan.periods()).map(of).collect()
}

fn rise(quantity: &'static str, before: f64, after: f64) -> Result<f64> {
    if after >= before {
        return Ok(after - before);
    }
    Err(Error::undefined(
        quantity,
        "the periods are so short that what comes in one is lost in rounding",
    ))
}
