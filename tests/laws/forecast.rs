//! What a forecast obeys: parts and whole reconcile, and a plan changes nothing of known customers.

#![allow(clippy::float_cmp)] // zero is zero, and shifts by whole numbers are exact

use goodwill::lifetime::{
    AcquisitionPlan, BaseForecast, ForecastLine, Futures, MbgCnbdK, Outcome, Outlook, Simulated,
};
use goodwill::{
    FitOptions, Histories, MbgNbd, ParetoNbd, Probability, PurchaseModel, SpendModel, TimeUnit,
};

use crate::intervals::{Shop, a_shop, ages, shop, weeks};
use crate::support::assert_close;

const LEVEL: Probability = Probability::constant(0.95);

fn plan() -> AcquisitionPlan {
    AcquisitionPlan::new(weeks(13.0), &[90, 0, 200, 40]).unwrap()
}

/// The forecasts of purchases and of revenue.
fn forecasts<M: Simulated>(
    shop: &Shop<M>,
    plan: &AcquisitionPlan,
    draws: u32,
) -> [BaseForecast; 2] {
    let futures = Futures::new(6).draws(draws);
    let outlook = Outlook::new(&shop.fit, &shop.histories);
    let money = outlook.with_spend(&shop.spend_fit, &shop.spends).unwrap();
    [outlook.forecast(plan, &futures).unwrap(), money.forecast(plan, &futures).unwrap()]
}

pub(crate) fn lines(forecast: &BaseForecast) -> impl Iterator<Item = &ForecastLine> {
    forecast.periods.iter().chain([&forecast.whole])
}

pub(crate) fn value(outcome: &Outcome) -> f64 {
    assert_eq!(outcome.expected.value().to_bits(), outcome.counted.value().to_bits());
    outcome.expected.value()
}

#[test]
fn parts_and_periods_add_up() {
    let shop = a_shop();
    for (forecast, in_money) in forecasts(&shop, &plan(), 1_999).iter().zip([false, true]) {
        assert_eq!(forecast.periods.len(), 4);
        for line in lines(forecast) {
            let parts = value(&line.by_known) + value(&line.by_newcomers);
            assert_eq!(parts.to_bits(), value(&line.total).to_bits());
        }
        for part in [
            |line: &ForecastLine| value(&line.by_known),
            |line: &ForecastLine| value(&line.by_newcomers),
            |line: &ForecastLine| value(&line.total),
        ] {
            let sum: f64 = forecast.periods.iter().map(part).sum();
            assert_close(part(&forecast.whole), sum, 1e-15, "all periods");
        }
        assert_eq!(forecast.periods.iter().map(|line| line.newcomers).sum::<u64>(), 330);
        assert_eq!(forecast.whole.newcomers, 330);
        // The known customers alone are those of the outlook.
        let outlook = Outlook::new(&shop.fit, &shop.histories);
        let money = outlook.with_spend(&shop.spend_fit, &shop.spends).unwrap();
        let futures = Futures::new(6).draws(1_999);
        let (expected, counted) = if in_money {
            (
                money.expected_revenue_of_base(weeks(52.0), LEVEL).unwrap(),
                money.revenue_of_base(weeks(52.0), &futures).unwrap(),
            )
        } else {
            (
                outlook.expected_purchases_of_base(weeks(52.0), LEVEL).unwrap(),
                outlook.purchases_of_base(weeks(52.0), &futures).unwrap(),
            )
        };
        let own = &forecast.whole.by_known;
        assert_close(own.expected.value(), expected.value(), 1e-13, "until the end");
        assert_close(own.expected.lower(), expected.lower(), 1e-9, "until the end");
        if in_money {
            // What a customer spends is drawn period by period here, at once there. An end of so many futures has a
            // standard error of 0.06σ, and lies 1.96σ from the value: the two of them within 4·√2·0.06/1.96.
            let reach = |end: f64| end - counted.value();
            assert_close(reach(own.counted.upper()), reach(counted.upper()), 0.17, "upper end");
            assert_close(reach(own.counted.lower()), reach(counted.lower()), 0.17, "lower end");
        } else {
            assert_eq!(
                (own.counted.lower(), own.counted.upper()),
                (counted.lower(), counted.upper())
            );
        }
    }
}

#[test]
fn a_plan_changes_nothing_of_known_customers() {
    let shop = a_shop();
    let nobody = AcquisitionPlan::nobody(weeks(13.0), 4).unwrap();
    let [with, without] = [plan(), nobody].map(|plan| forecasts(&shop, &plan, 99));
    for (with, without) in with.iter().zip(&without) {
        for (with, without) in lines(with).zip(lines(without)) {
            assert_eq!(with.by_known, without.by_known);
            assert_eq!(without.total, without.by_known);
            assert_eq!(without.by_newcomers.counted.upper().to_bits(), 0);
            assert_eq!(without.by_newcomers.expected.upper().to_bits(), 0);
        }
    }
}

/// First purchases come to the others, one a newcomer, and cost what a newcomer spends.
#[test]
fn first_purchases_are_counted_or_not() {
    let shop = a_shop();
    let counted = forecasts(&shop, &plan(), 99);
    let left_out = forecasts(&shop, &plan().without_first_purchases(), 99);
    let each = shop.spend_fit.model().expected_spend_of_newcomer().unwrap();
    for (line, other) in lines(&counted[0]).zip(lines(&left_out[0])) {
        let first = line.newcomers as f64;
        let (own, other) = (&line.by_newcomers, &other.by_newcomers);
        assert!((value(own) - value(other) - first).abs() <= 1e-13 * value(own));
        assert_eq!(own.counted.lower() - other.counted.lower(), first);
        assert_eq!(own.counted.upper() - other.counted.upper(), first);
    }
    for (line, other) in lines(&counted[1]).zip(lines(&left_out[1])) {
        let first = line.newcomers as f64 * each;
        let difference = value(&line.by_newcomers) - value(&other.by_newcomers);
        assert!((difference - first).abs() <= 1e-13 * value(&line.by_newcomers));
    }
}

/// Two periods are the one of double length, as expected and in every future.
#[test]
fn a_period_is_its_halves() {
    let shop = a_shop();
    let halves = AcquisitionPlan::nobody(weeks(13.0), 2).unwrap();
    let whole = AcquisitionPlan::nobody(weeks(26.0), 1).unwrap();
    let futures = Futures::new(6).draws(99);
    let outlook = Outlook::new(&shop.fit, &shop.histories);
    let halves = outlook.forecast(&halves, &futures).unwrap().whole.total;
    let whole = outlook.forecast(&whole, &futures).unwrap();
    assert_eq!(whole.periods[0], whole.whole);
    let whole = whole.whole.total;
    assert_close(value(&halves), value(&whole), 1e-14, "two halves");
    assert_eq!(
        (halves.counted.lower(), halves.counted.upper()),
        (whole.counted.lower(), whole.counted.upper())
    );
}

#[test]
fn no_time_is_no_purchase() {
    let shop = a_shop();
    let plan = AcquisitionPlan::new(weeks(0.0), &[7, 3]).unwrap();
    for forecast in forecasts(&shop, &plan.clone().without_first_purchases(), 39) {
        for line in lines(&forecast) {
            for outcome in [&line.by_known, &line.by_newcomers, &line.total] {
                let (sure, counted) = (&outcome.expected, &outcome.counted);
                assert_eq!([sure.value(), sure.lower(), sure.upper()], [0.0; 3]);
                assert_eq!([counted.value(), counted.lower(), counted.upper()], [0.0; 3]);
            }
        }
    }
    // First purchases take no time.
    let [purchases, _] = forecasts(&shop, &plan, 39);
    assert_eq!(value(&purchases.whole.total).to_bits(), 10.0_f64.to_bits());
    assert_eq!(purchases.whole.total.counted.upper().to_bits(), 10.0_f64.to_bits());
}

/// The repeat purchases in a period of so many newcomers in each, part by part of their period, where `until` is what
/// one makes until an age. The midpoint rule is right to 1/(24·PARTS²) of the integral's curvature, where nobody stops
/// coming.
pub(crate) fn by_parts(until: impl Fn(f64) -> f64, newcomers: &[u32], period: usize) -> f64 {
    const PARTS: u32 = 4_000;
    let (mut sum, end) = (0.0, 13.0 * (period as f64 + 1.0));
    for part in 0..PARTS {
        for (before, &many) in newcomers[..=period].iter().enumerate() {
            let start = 13.0 * (before as f64 + (f64::from(part) + 0.5) / f64::from(PARTS));
            let earlier = (end - 13.0 - start).max(0.0);
            sum += f64::from(many) * (until(end - start) - until(earlier));
        }
    }
    sum / f64::from(PARTS)
}

/// What a newcomer buys until an age of so many weeks.
pub(crate) fn of_newcomer(model: &impl PurchaseModel, age: f64) -> f64 {
    model.expected_purchases_of_newcomer(weeks(age)).unwrap()
}

/// Newcomers of every moment of a period, one by one, against the integral over the period.
fn newcomers_come_at_random_times<M: Simulated>(shop: &Shop<M>) {
    let comers = [100, 0, 30];
    let plan = AcquisitionPlan::new(weeks(13.0), &comers).unwrap().without_first_purchases();
    let futures = Futures::new(6).draws(39);
    let forecast = Outlook::new(&shop.fit, &shop.histories).forecast(&plan, &futures).unwrap();
    for (period, line) in forecast.periods.iter().enumerate() {
        let want = by_parts(|age| of_newcomer(shop.fit.model(), age), &comers, period);
        assert_close(value(&line.by_newcomers), want, 2e-7, "newcomers");
    }
}

#[test]
fn newcomers_of_every_model() {
    let ages = ages(600);
    newcomers_come_at_random_times(&a_shop());
    let model = MbgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5).unwrap();
    newcomers_come_at_random_times(&shop(model.simulate(&ages, 2).unwrap(), MbgNbd::fit));
    let model = ParetoNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 12.0).unwrap();
    newcomers_come_at_random_times(&shop(model.simulate(&ages, 1).unwrap(), ParetoNbd::fit));
    let model = MbgCnbdK::new(TimeUnit::Week, 2, 0.8, 2.5, 0.8, 2.5).unwrap();
    let at = |histories: &Histories| MbgCnbdK::fit_at(histories, 2, &FitOptions::new());
    newcomers_come_at_random_times(&shop(model.simulate(&ages, 1).unwrap(), at));
}

/// The middle of the futures is what is expected, period by period, of either part: what is drawn and what is computed
/// are one model.
pub(crate) fn assert_middle_is_expected(at: impl Fn(Futures) -> BaseForecast, most: f64) {
    let futures = |level| Futures::new(6).level(Probability::constant(level)).draws(1_999);
    let (middle, wide) = (at(futures(0.02)), at(futures(0.95)));
    for (middle, wide) in lines(&middle).zip(lines(&wide)) {
        for of in [|line: &ForecastLine| line.by_known, |line: &ForecastLine| line.by_newcomers] {
            let (middle, wide) = (of(middle).counted, of(wide).counted);
            let sigma = (wide.upper() - wide.lower()) / (2.0 * 1.96);
            let median = 0.5 * (middle.lower() + middle.upper());
            let off = (median - middle.value()) / sigma;
            assert!(off.abs() < most, "{off} of {middle:?} ± {sigma}");
        }
    }
}
