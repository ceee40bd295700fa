//! Intervals and forecasts of hostile bases, horizons, levels and plans: finite and in order, or a typed error.

use std::fmt::Debug;

use goodwill::lifetime::{
    AcquisitionPlan, BgBb, ConfidenceInterval, Domain, Futures, Interval, Outlook,
    ParametricBootstrap, RevenueOutlook, Sbg, Tenure, Tenures,
};
use goodwill::{
    BgNbd, Error, ErrorKind, Fit, FitOptions, GammaGamma, Histories, Horizon, Opportunities, Prior,
    Probability, PurchaseModel, Result, Spend, Spends, TimeUnit,
};

use crate::table::{COUNTS, FLOATS, horizons};
use crate::{assert_kind, assert_message, kind, row};

pub(crate) const LEVEL: Probability = Probability::constant(0.95);

/// A fit of ten customers that leans on priors of this standard deviation.
fn fit(sd: f64) -> Fit<BgNbd> {
    let x = [0, 2, 0, 1, 0, 5, 0, 0, 3, 0];
    let recency = [0.0, 12.0, 0.0, 3.0, 0.0, 30.0, 0.0, 0.0, 9.0, 0.0];
    let histories = Histories::new(TimeUnit::Week, &x, &recency, &[39.0; 10]).unwrap();
    let start = [("r", 0.25), ("alpha", 4.0), ("a", 0.8), ("b", 2.5)];
    let prior = |median| Prior::number(median, sd).unwrap();
    let options = FitOptions::new()
        .start(start)
        .prior("r", prior(0.25))
        .prior("alpha", Prior::time(4.0, TimeUnit::Week, sd).unwrap())
        .prior("a", prior(0.8))
        .prior("b", prior(2.5));
    BgNbd::fit_with(&histories, &options).unwrap()
}

pub(crate) fn spend_fit() -> Fit<GammaGamma> {
    let prior = |median| Prior::number(median, 0.3).unwrap();
    let options = FitOptions::new()
        .start([("p", 6.0), ("q", 4.0), ("v", 15.0)])
        .prior("p", prior(6.0))
        .prior("q", prior(4.0))
        .prior("v", Prior::money(15.0, 0.3).unwrap());
    let spends = Spends::new(&[2, 5, 1], &[20.0, 30.0, 45.0]).unwrap();
    GammaGamma::fit_with(&spends, &options).unwrap()
}

/// Customers at the ends of what one may be.
fn base() -> Histories {
    let rows = [
        (0, 0.0, 0.0),
        (0, 0.0, 1e300),
        (1, f64::MIN_POSITIVE, f64::MIN_POSITIVE),
        (2, 30.43, 38.86),
        (1_000, 40.0, 40.0),
        (u32::MAX, 1e-8, 1e8),
        (7, 1e300, 1e300),
    ];
    let x = rows.map(|own| own.0);
    Histories::new(TimeUnit::Week, &x, &rows.map(|own| own.1), &rows.map(|own| own.2)).unwrap()
}

fn spends(histories: &Histories) -> Spends {
    let means = [1e-300, 22.35, 1e300].into_iter().cycle();
    let spend = |(history, mean): (goodwill::History, f64)| match history.frequency() {
        0 => Spend::UNKNOWN,
        x => Spend::new(x, mean).unwrap(),
    };
    histories.iter().zip(means).map(spend).collect()
}

pub(crate) const KINDS: [&str; 3] = ["Undefined", "OutOfDomain", "NotIdentified"];

#[track_caller]
pub(crate) fn assert_ordered<K: Copy>(ends: (f64, f64), own: &Interval<K>)
where
    Interval<K>: Debug,
{
    assert!(ends.0 <= ends.1 && ends.0.is_finite() && ends.1.is_finite(), "{own:?}");
}

#[track_caller]
pub(crate) fn assert_sure(got: Result<Vec<ConfidenceInterval>>) {
    match got {
        Ok(all) => {
            for own in all {
                assert_ordered((own.lower(), own.upper()), &own);
                assert!(own.contains(own.value()) && !own.contains(f64::NAN), "{own:?}");
            }
        }
        Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
    }
}

#[test]
fn every_horizon() {
    let (fit, spend_fit, histories) = (fit(0.5), spend_fit(), base());
    let paid = spends(&histories);
    let outlook = Outlook::new(&fit, &histories);
    let money: RevenueOutlook<'_, _, _> = outlook.with_spend(&spend_fit, &paid).unwrap();
    let futures = Futures::new(1).draws(39);
    let ever = [Horizon::FOREVER, Horizon::days(0.0).unwrap(), Horizon::weeks(39.0).unwrap()];
    for horizon in horizons().into_iter().chain(ever) {
        assert_sure(outlook.expected_purchases(horizon, LEVEL));
        assert_sure(outlook.expected_purchases_of_base(horizon, LEVEL).map(|own| vec![own]));
        assert_sure(money.expected_revenues(horizon, LEVEL));
        assert_sure(money.expected_revenue_of_base(horizon, LEVEL).map(|own| vec![own]));
        let counted = [
            outlook.purchases(horizon, &futures),
            outlook.purchases_of_base(horizon, &futures).map(|own| vec![own]),
            money.revenues(horizon, &futures),
            money.revenue_of_base(horizon, &futures).map(|own| vec![own]),
        ];
        for got in counted {
            match got {
                Ok(all) => all.iter().for_each(|own| {
                    assert_ordered((own.lower(), own.upper()), own);
                    assert!(own.value().is_finite() && own.level() == LEVEL);
                }),
                Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
            }
        }
    }
    assert_sure(outlook.probabilities_alive(LEVEL));
    // A model of a ≤ 1 keeps customers for ever; nothing can be drawn for ever in any case.
    let nobody = Histories::new(TimeUnit::Week, &[], &[], &[]).unwrap();
    let empty = Outlook::new(&fit, &nobody);
    assert_message(
        empty.purchases_of_base(Horizon::FOREVER, &futures),
        "prediction for ever is undefined: it has no end; give a horizon",
    );
    let none = empty.purchases_of_base(Horizon::weeks(39.0).unwrap(), &futures).unwrap();
    assert_eq!((none.value(), none.lower(), none.upper()), (0.0, 0.0, 0.0));
    assert!(empty.purchases(Horizon::weeks(39.0).unwrap(), &futures).unwrap().is_empty());
    assert!(empty.probabilities_alive(LEVEL).unwrap().is_empty());
}

/// Opportunities and tenures at the ends of what they may be.
#[test]
fn discrete_time() {
    let (x, last, n) = ([0, 1, 0, 6], [0, 1, 0, 6], [6, 6, 0, 6]);
    let seen =
        Opportunities::with_weights(TimeUnit::Year, &x, &last, &n, &[500, 200, 1, 300]).unwrap();
    let (few, last) = ([0, 1, 1, 2, 2, 3, 3, 4], [0, 1, 4, 2, 4, 3, 4, 4]);
    let members = [190, 90, 40, 50, 60, 30, 50, 90];
    let known = Opportunities::with_weights(TimeUnit::Year, &few, &last, &[4; 8], &members);
    let fit = BgBb::fit(&known.unwrap()).unwrap();
    let outlook: Outlook<'_, BgBb, Opportunities> = Outlook::new(&fit, &seen);
    let tenures = [Tenure::Active(0), Tenure::Left(1), Tenure::Active(u32::MAX)];
    let tenures = Tenures::from_customers(TimeUnit::Year, tenures).unwrap();
    let cohort = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468, 382, 326]).unwrap();
    let sbg = Sbg::fit(&cohort).unwrap();
    let subscribers = Outlook::new(&sbg, &tenures);
    let futures = Futures::new(1).draws(39);
    let ever = [Horizon::FOREVER, Horizon::days(0.0).unwrap(), Horizon::years(3.0).unwrap()];
    for horizon in horizons().into_iter().chain(ever) {
        assert_sure(outlook.expected_purchases(horizon, LEVEL));
        assert_sure(outlook.expected_purchases_of_base(horizon, LEVEL).map(|own| vec![own]));
        assert_sure(subscribers.expected_survivors(horizon, LEVEL).map(|own| vec![own]));
        // A million opportunities of a thousand customers are drawn at once, not one by one.
        let counted = [
            outlook.purchases(horizon, &futures),
            outlook.purchases_of_base(horizon, &futures).map(|own| vec![own]),
            subscribers.survivors(horizon, &futures).map(|own| vec![own]),
        ];
        for got in counted {
            match got {
                Ok(all) => all.iter().for_each(|own| {
                    assert_ordered((own.lower(), own.upper()), own);
                    assert!(own.value().is_finite() && own.level() == LEVEL);
                }),
                Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
            }
        }
    }
    let endless = "prediction for ever is undefined: it has no end; give a horizon";
    assert_message(outlook.purchases_of_base(Horizon::FOREVER, &futures), endless);
    assert_message(subscribers.survivors(Horizon::FOREVER, &futures), endless);
    let year = Horizon::years(1.0).unwrap();
    let half = Horizon::years(0.5).unwrap();
    let whole = "horizon in periods must lie in the whole numbers, but is 0.5";
    assert_message(outlook.purchases(half, &futures), whole);
    assert_message(subscribers.survivors(half, &futures), whole);
    let months = Opportunities::new(TimeUnit::Month, &[1], &[1], &[2]).unwrap();
    assert_message(
        Outlook::new(&fit, &months).purchases_of_base(year, &futures),
        "a model in periods of a Year cannot judge opportunities a Month apart",
    );
    let months = Tenures::from_survivors(TimeUnit::Month, &[9, 3]).unwrap();
    assert_message(
        Outlook::new(&sbg, &months).survivors(year, &futures),
        "a model in periods of a Year cannot judge tenures in periods of a Month",
    );
    let crowd = Opportunities::with_weights(TimeUnit::Year, &[1], &[1], &[2], &[1 << 60]).unwrap();
    assert_message(
        Outlook::new(&fit, &crowd).purchases_of_base(year, &futures),
        "customers must lie in [0, 10⁸], but is 1152921504606846976",
    );
    let crowd = Tenures::from_survivors(TimeUnit::Year, &[u64::MAX]).unwrap();
    assert_message(
        Outlook::new(&sbg, &crowd).survivors(year, &futures),
        "a binomially distributed number is undefined: its parameters are out of the range of the generator",
    );
}

#[test]
fn levels_and_draws() {
    let (fit, histories) = (fit(0.5), base());
    let (outlook, horizon) = (Outlook::new(&fit, &histories), Horizon::weeks(1.0).unwrap());
    for level in FLOATS.into_iter().filter_map(|level| Probability::new(level).ok()) {
        let within = level.get() > 0.0 && level.get() < 1.0;
        let futures = Futures::new(1).level(level).draws(39);
        let counted = outlook.purchases_of_base(horizon, &futures);
        assert!(
            !within || level.get() > 0.9 || counted.is_ok_and(|own| own.upper() >= own.lower())
        );
        if !within {
            let said = format!("level must lie in (0, 1), but is {level}");
            assert_message(outlook.purchases_of_base(horizon, &futures), &said);
            assert_message(outlook.expected_purchases_of_base(horizon, level), &said);
            assert_message(fit.parameter_intervals(level), &said);
        }
        assert_sure(
            fit.parameter_intervals(level).map(|all| all.into_iter().map(|own| own.1).collect()),
        );
    }
    for draws in COUNTS {
        let got = outlook.purchases_of_base(horizon, &Futures::new(1).draws(draws));
        match got {
            Ok(own) => assert!(draws == 1_000 && own.upper() >= own.lower()),
            Err(error) => {
                let said = format!("draws must lie in [2/(1 - level) - 1, 10⁶], but is {draws}");
                assert_eq!(error.to_string(), said);
            }
        }
    }
    assert_kind(outlook.purchases(horizon, &Futures::new(1).draws(38)), "OutOfDomain");
    assert_eq!(outlook.purchases(horizon, &Futures::new(1).draws(39)).unwrap().len(), 7);
}

#[test]
fn quantities_of_every_kind() {
    let fit = fit(0.5);
    for domain in [Domain::AnyNumber, Domain::Positive, Domain::Probability] {
        for value in FLOATS {
            // A constant, and one that the first parameter moves.
            let constant = fit.confidence(LEVEL, domain, |_| Ok(value));
            let moving = fit.confidence(LEVEL, domain, |model| Ok(value * model.r()));
            for got in [constant, moving] {
                assert_sure(got.map(|own| vec![own]));
            }
        }
    }
    assert_message(
        fit.confidence(LEVEL, Domain::Positive, |_| Ok(-1.0)),
        "quantity must lie in (0, ∞), but is -1",
    );
    assert_message(
        fit.confidence(LEVEL, Domain::Probability, |_| Ok(1.5)),
        "quantity must lie in (0, 1), but is 1.5",
    );
    assert_message(
        fit.confidence(LEVEL, Domain::AnyNumber, |_| Ok(f64::NAN)),
        "quantity is undefined: the value leaves the range of f64",
    );
    let own: Error = ErrorKind::Empty { name: "own" }.into();
    assert_message(
        fit.confidence(LEVEL, Domain::AnyNumber, |_| Err(own.clone())),
        "own must not be empty",
    );
    let nobody = Histories::new(TimeUnit::Week, &[], &[], &[]).unwrap();
    let (spend_fit, no_spends) = (spend_fit(), Spends::default());
    let money = Outlook::new(&fit, &nobody).with_spend(&spend_fit, &no_spends).unwrap();
    for value in FLOATS {
        let got = money.confidence(LEVEL, Domain::AnyNumber, |m, s| Ok(value * m.r() * s.p()));
        assert_sure(got.map(|own| vec![own]));
    }
}

/// Parameters of which next to nothing is known have no interval.
#[test]
fn loose_parameters() {
    let (fit, histories) = (fit(5.0), base());
    let said = fit.parameter_intervals(LEVEL).unwrap_err();
    let ErrorKind::NotIdentified { model, parameters, point, limit } = said.kind() else {
        panic!("{said}");
    };
    assert_eq!((*model, point.len()), ("BG/NBD", 4));
    assert!(parameters.contains(&"b") && limit.contains("50 times larger or smaller"), "{said}");
    let (outlook, horizon) = (Outlook::new(&fit, &histories), Horizon::weeks(1.0).unwrap());
    assert_kind(outlook.expected_purchases(horizon, LEVEL), "NotIdentified");
    assert_kind(outlook.purchases_of_base(horizon, &Futures::new(1)), "NotIdentified");
}

#[test]
fn spends_that_do_not_belong() {
    let (fit, spend_fit, histories) = (fit(0.5), spend_fit(), base());
    let outlook = Outlook::new(&fit, &histories);
    let few = Spends::default();
    assert_message(
        outlook.with_spend(&spend_fit, &few).map(|_| ()),
        "histories and spends must have the same length, but have 7 and 0",
    );
    let wrong: Spends = (0..7).map(|_| Spend::new(1_000, 5.0).unwrap()).collect();
    let error = outlook.with_spend(&spend_fit, &wrong).map(|_| ()).unwrap_err();
    assert_eq!(row(&error), Some(0));
    assert_eq!(error.to_string(), "a history of 0 repeat purchases has the spend of 1000 (row 0)");
    // Repeat purchases that brought nothing are not of the model; taken as unknown they are.
    let one = Histories::new(TimeUnit::Week, &[2], &[5.0], &[9.0]).unwrap();
    let horizon = Horizon::weeks(9.0).unwrap();
    let free: Spends = [Spend::new(2, 0.0).unwrap()].into_iter().collect();
    let unknown: Spends = [Spend::UNKNOWN].into_iter().collect();
    let outlook = Outlook::new(&fit, &one);
    let money = outlook.with_spend(&spend_fit, &free).unwrap();
    assert_kind(money.expected_revenues(horizon, LEVEL), "Undefined");
    assert_kind(money.revenue_of_base(horizon, &Futures::new(1)), "Undefined");
    let money = outlook.with_spend(&spend_fit, &unknown).unwrap();
    assert!(money.expected_revenue_of_base(horizon, LEVEL).is_ok_and(|own| own.value() > 0.0));
}

#[test]
fn plans() {
    let week = Horizon::weeks(1.0).unwrap();
    for horizon in horizons() {
        match AcquisitionPlan::new(horizon, &[1, 2]) {
            Ok(plan) => {
                assert_eq!((plan.period(), plan.periods()), (horizon, 2));
                assert_eq!((plan.newcomers(1), plan.newcomers(2)), (Some(2), None));
            }
            Err(error) => assert_eq!(kind(&error), "OutOfDomain", "{error}"),
        }
    }
    assert_message(
        AcquisitionPlan::new(Horizon::FOREVER, &[1]),
        "period in days must lie in [0, ∞), all together too, but is inf",
    );
    assert_message(AcquisitionPlan::new(week, &[]), "periods must not be empty");
    assert_kind(AcquisitionPlan::nobody(week, 0), "Empty");
    assert_message(
        AcquisitionPlan::nobody(week, u32::MAX),
        "periods must lie in [1, 3660], but is 3661",
    );
    assert_message(
        AcquisitionPlan::new(week, &[u32::MAX, u32::MAX]),
        "newcomers must lie in [0, 10⁷], but is 8589934590",
    );
    let plan = AcquisitionPlan::new(week, &[3]).unwrap();
    assert!(plan.counts_first_purchases());
    assert!(!plan.without_first_purchases().counts_first_purchases());
    // Read through the constructor.
    let text = |newcomers: &str| {
        format!(
            r#"{{"period":{{"finite":{{"length":1.0,"unit":"week"}}}},"newcomers":{newcomers},"counts_first_purchases":false}}"#
        )
    };
    let read = |newcomers| serde_json::from_str::<AcquisitionPlan>(&text(newcomers));
    let own = read("[3]").unwrap();
    assert_eq!(own, AcquisitionPlan::new(week, &[3]).unwrap().without_first_purchases());
    assert_eq!(serde_json::to_string(&own).unwrap(), text("[3]"));
    let said = read("[]").unwrap_err().to_string();
    assert!(said.starts_with("periods must not be empty"), "{said}");
}

#[test]
fn forecasts() {
    let (fit, spend_fit) = (fit(0.5), spend_fit());
    let rows = base();
    let paid = spends(&rows);
    let outlook = Outlook::new(&fit, &rows);
    let money = outlook.with_spend(&spend_fit, &paid).unwrap();
    let futures = Futures::new(1).draws(39);
    for horizon in horizons() {
        let Ok(plan) = AcquisitionPlan::new(horizon, &[2, 0, 1]) else { continue };
        for got in [outlook.forecast(&plan, &futures), money.forecast(&plan, &futures)] {
            match got {
                Ok(forecast) => {
                    assert_eq!((forecast.period, forecast.periods.len()), (horizon, 3));
                    for line in forecast.periods.iter().chain([&forecast.whole]) {
                        for own in [&line.by_known, &line.by_newcomers, &line.total] {
                            assert_sure(Ok(vec![own.expected]));
                            assert_ordered(
                                (own.counted.lower(), own.counted.upper()),
                                &own.counted,
                            );
                        }
                    }
                }
                Err(error) => assert!(KINDS.contains(&kind(&error)), "{horizon:?}: {error}"),
            }
        }
    }
    let plan = AcquisitionPlan::new(Horizon::weeks(1.0).unwrap(), &[1]).unwrap();
    assert_kind(outlook.forecast(&plan, &Futures::new(1).draws(0)), "OutOfDomain");
}

#[test]
fn bootstraps() {
    let fit = fit(0.5);
    assert_message(
        ParametricBootstrap::new(&fit, 0, 1, |_, _| Err(ErrorKind::Empty { name: "own" }.into())),
        "samples must not be empty",
    );
    assert_message(
        ParametricBootstrap::new(&fit, 3, 1, |_, _| Err(ErrorKind::Empty { name: "own" }.into())),
        "own must not be empty",
    );
    let few = |model: &BgNbd, seed| BgNbd::fit(&model.simulate(&[39.0; 3], seed)?);
    let failed = ParametricBootstrap::new(&fit, 19, 1, few).unwrap();
    assert_eq!(failed.failed() + failed.models().len(), 19);
    assert_message(
        failed.confidence(Probability::constant(0.9), |model| Ok(model.r())),
        "bootstrap interval is undefined: 19 samples, of which 19 could not be fitted, are too few for a level of 0.9",
    );
    for level in [Probability::ZERO, Probability::ONE] {
        assert_kind(failed.confidence(level, |model| Ok(model.r())), "OutOfDomain");
    }
    let same = |_: &BgNbd, _| Ok(self::fit(0.5));
    let same = ParametricBootstrap::new(&fit, 19, 1, same).unwrap();
    let own = same.confidence(Probability::constant(0.9), |model| Ok(model.r())).unwrap();
    assert_eq!((own.lower(), own.upper()), (own.value(), own.value()));
    assert_kind(same.confidence(LEVEL, |model| Ok(model.r())), "Undefined");
    assert_kind(same.confidence(LEVEL, |_| Ok(f64::INFINITY)), "Undefined");
}

/// Any fitted model has intervals, of discrete time too.
#[test]
fn models_without_purchases() {
    let (times, last) = ([0, 1, 1, 2, 2, 3, 3, 4], [0, 1, 4, 2, 4, 3, 4, 4]);
    let members = [190, 90, 40, 50, 60, 30, 50, 90];
    let seen = Opportunities::with_weights(TimeUnit::Month, &times, &last, &[4; 8], &members);
    let fit = BgBb::fit(&seen.unwrap()).unwrap();
    let takes = |model: &BgBb| Ok(model.alpha() / (model.alpha() + model.beta()));
    let own = fit.confidence(LEVEL, Domain::Probability, takes).unwrap();
    assert!(own.lower() > 0.2 && own.upper() < 0.9 && own.contains(own.value()), "{own:?}");
}
