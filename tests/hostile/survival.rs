//! Survival: spans, causes, curves, tests, regression.

use goodwill::survival::{
    Band, CauseTable, Cox, CoxTies, CumulativeIncidence, EventWeights, KaplanMeier, LifeTable,
    NelsonAalen, TiedEvents, TimeTransform, log_rank, stratified_log_rank,
};
use goodwill::{Estimate, Probability, TimeUnit};

use crate::table::FLOATS;
use crate::{assert_finite, assert_kind, assert_message, row};

const LEVEL: Probability = Probability::constant(0.95);

fn valid(duration: f64) -> bool {
    duration.is_finite() && duration >= 0.0
}

fn life(durations: &[f64], observed: &[bool]) -> LifeTable {
    LifeTable::new(TimeUnit::Day, durations, observed).unwrap()
}

fn assert_estimate(estimate: Estimate, what: impl Fn() -> String) {
    let parts = [estimate.value(), estimate.lower(), estimate.upper()];
    assert!(parts.iter().all(|part| part.is_finite()), "{}: {estimate:?}", what());
}

#[test]
fn spans() {
    for duration in FLOATS {
        for observed in [true, false] {
            let got = LifeTable::new(TimeUnit::Week, &[1.0, duration], &[true, observed]);
            assert_eq!(got.is_ok(), valid(duration), "{duration}");
            if let Err(error) = got {
                assert_eq!(row(&error), Some(1));
            }
        }
        for entry in FLOATS {
            let got = LifeTable::with_entries(TimeUnit::Week, &[entry], &[duration], &[true]);
            assert_eq!(got.is_ok(), valid(duration) && valid(entry) && entry < duration);
        }
    }
    let table = LifeTable::from_days(&[0, u32::MAX, u32::MAX], &[true, true, false]).unwrap();
    assert_eq!((table.len(), table.events(), table.is_empty()), (3, 2, false));
    assert_eq!(table.rows().count(), 2);
    let none = LifeTable::from_days(&[], &[]).unwrap();
    assert!(none.is_empty() && none.rows().next().is_none());
    assert_message(
        LifeTable::from_days(&[1], &[]),
        "durations and observed must have the same length, but have 1 and 0",
    );
    assert_kind(LifeTable::new(TimeUnit::Day, &[], &[true]), "LengthMismatch");
    assert_kind(LifeTable::with_entries(TimeUnit::Day, &[], &[1.0], &[true]), "LengthMismatch");
    assert_message(
        LifeTable::with_entries(TimeUnit::Day, &[0.0, 3.0], &[1.0, 3.0], &[true, true]),
        "observation cannot begin at 3 and end at 3 (row 1)",
    );
    assert_message(
        LifeTable::new(TimeUnit::Day, &[f64::NAN], &[true]),
        "duration must lie in [0, ∞), but is NaN (row 0)",
    );
    let weeks = LifeTable::new(TimeUnit::Week, &[1.0], &[true]).unwrap();
    assert_message(weeks.merge(&none), "a table of Weeks and one of Days cannot be merged");
    assert_eq!((weeks.unit(), none.merge(&table).unwrap()), (TimeUnit::Week, table));
}

#[test]
fn tables_from_json() {
    let change = |time: f64, events: u64, censored: u64, entered: u64| serde_json::json!({"time": time, "events": events, "censored": censored, "entered": entered});
    let read = |initial: u64, changes: &[serde_json::Value]| {
        let json = serde_json::json!({"unit": "day", "initial": initial, "changes": changes});
        serde_json::from_value::<LifeTable>(json).map_err(|error| error.to_string())
    };
    let table = LifeTable::new(TimeUnit::Day, &[1.0, 2.0], &[true, false]).unwrap();
    assert_eq!(read(2, &[change(1.0, 1, 0, 0), change(2.0, 0, 1, 0)]), Ok(table));
    let refused = [
        (read(2, &[change(1.0, 1, 0, 0)]), "1 spans have no end"),
        (read(1, &[change(1.0, 1, 1, 0)]), "more spans end than are at risk (row 0)"),
        (read(1, &[change(1.0, u64::MAX, 1, 0)]), "more spans end than are at risk (row 0)"),
        (read(1, &[change(1.0, 0, 0, u64::MAX)]), "more spans end than are at risk (row 0)"),
        (read(1, &[change(-1.0, 1, 0, 0)]), "duration must lie in [0, ∞), but is -1 (row 0)"),
        (
            read(2, &[change(1.0, 1, 0, 0), change(1.0, 1, 0, 0)]),
            "times must ascend, but 1 comes late (row 1)",
        ),
    ];
    for (got, want) in refused {
        assert_eq!(got.unwrap_err(), want);
    }
    // −0 is 0: merged tables have one time.
    let zero = read(1, &[change(-0.0, 1, 0, 0)]).unwrap();
    assert_eq!(zero, life(&[0.0], &[true]));
    assert_eq!(zero.merge(&life(&[0.0], &[true])).unwrap().rows().count(), 1);
    let most = read(u64::MAX, &[change(1.0, u64::MAX, 0, 0)]).unwrap();
    assert_message(
        most.merge(&most),
        "the number of spans has more digits than the type holds exactly",
    );
    assert_eq!(most.len(), u64::MAX);
    let causes = |json: serde_json::Value| {
        serde_json::from_value::<CauseTable>(json).map_err(|error| error.to_string())
    };
    assert_eq!(causes(serde_json::json!([])).unwrap_err(), "causes must not be empty");
    let one = serde_json::to_value(life(&[1.0, 2.0], &[true, true])).unwrap();
    let other = serde_json::to_value(life(&[1.0, 2.0], &[true, false])).unwrap();
    let unlike = "the tables of the causes do not count the same spans";
    assert_eq!(causes(serde_json::json!([one, other])).unwrap_err(), unlike);
}

#[test]
fn curves() {
    for level in [0.0, 1.0].map(Probability::constant) {
        let table = life(&[1.0], &[true]);
        assert_kind(KaplanMeier::new(&table, Band::Log, level), "OutOfDomain");
        assert_kind(NelsonAalen::new(&table, TiedEvents::InTurn, level), "OutOfDomain");
    }
    let none = life(&[], &[]);
    assert_message(KaplanMeier::new(&none, Band::Log, LEVEL), "life table must not be empty");
    assert_kind(NelsonAalen::new(&none, TiedEvents::InTurn, LEVEL), "Empty");
    let extreme = Probability::new(1.0 - f64::EPSILON).unwrap();
    let sets: [&[f64]; 4] =
        [&[0.0], &[f64::MAX, f64::MAX], &[5e-324, 1.0, f64::MAX], &[1.0, 1.0, 2.0]];
    for durations in sets {
        for censored in 0..durations.len() {
            let observed: Vec<bool> = (0..durations.len()).map(|i| i != censored).collect();
            let table = life(durations, &observed);
            for level in [LEVEL, extreme] {
                for band in [Band::Plain, Band::Log, Band::LogLog] {
                    let curve = KaplanMeier::new(&table, band, level).unwrap();
                    let what = || format!("{durations:?} {censored} {band:?}");
                    assert_eq!((curve.unit(), curve.band()), (TimeUnit::Day, band));
                    for point in curve.points() {
                        assert_estimate(point.survival, what);
                        assert!(point.standard_error.is_finite());
                    }
                    for time in FLOATS {
                        for got in [curve.at(time), curve.restricted_mean(time)] {
                            let kinds = ["OutOfDomain", "Undefined"];
                            if assert_finite(got.clone().map(|got| got.value()), &kinds, what)
                                .is_some()
                            {
                                assert_estimate(got.unwrap(), what);
                            }
                        }
                    }
                    for p in [0.0, 0.5, 1.0] {
                        let quantile = curve.quantile(Probability::constant(p));
                        assert!(quantile.value.is_none_or(|time| durations.contains(&time)));
                    }
                    assert_eq!(curve.median(), curve.quantile(Probability::constant(0.5)));
                }
                for ties in [TiedEvents::AtOnce, TiedEvents::InTurn] {
                    let curve = NelsonAalen::new(&table, ties, level).unwrap();
                    assert_eq!((curve.unit(), curve.ties()), (TimeUnit::Day, ties));
                    for point in curve.points() {
                        assert_estimate(point.cumulative, || format!("{durations:?} {ties:?}"));
                    }
                }
            }
        }
    }
    let short = KaplanMeier::new(&life(&[3.0, 4.0], &[true, false]), Band::LogLog, LEVEL).unwrap();
    assert_message(
        short.at(5.0),
        "survival is undefined: nobody was observed beyond 4, and some last longer",
    );
}

#[test]
fn comparisons() {
    for rho in FLOATS {
        for gamma in FLOATS {
            assert_eq!(EventWeights::new(rho, gamma).is_ok(), valid(rho) && valid(gamma));
        }
    }
    let table = |events: usize| life(&[1.0, 2.0, 3.0], &[events > 0, events > 1, events > 2]);
    assert_message(
        log_rank(&[table(3)], EventWeights::EQUAL),
        "a comparison needs two groups, and has 1",
    );
    assert_kind(stratified_log_rank::<Vec<LifeTable>>(&[], EventWeights::EQUAL), "Inconsistent");
    assert_message(
        stratified_log_rank(&[vec![table(1), table(2)], vec![table(1)]], EventWeights::EQUAL),
        "1 groups here, and 2 in the first stratum (row 1)",
    );
    assert_message(
        log_rank(&[table(0), table(0)], EventWeights::EQUAL),
        "log-rank test is undefined: the events do not tell the groups apart",
    );
    assert_kind(log_rank(&[table(1), life(&[], &[])], EventWeights::EQUAL), "Undefined");
    // The third group never meets the others: two differences are one.
    let [a, b, c] = [
        life(&[2.0, 1.0, 7.0], &[true, false, true]),
        life(&[3.0, 6.0, 3.0, 7.0, 9.0], &[true, true, false, true, true]),
        life(&[10.0, 2.0, 9.0, 11.0, 4.0], &[true, true, true, true, false]),
    ];
    let none = life(&[], &[]);
    let apart = [[a, b, none.clone()], [none.clone(), none, c]];
    assert_kind(stratified_log_rank(&apart, EventWeights::EQUAL), "Undefined");
    let weeks = LifeTable::new(TimeUnit::Week, &[1.0], &[true]).unwrap();
    assert_kind(log_rank(&[table(1), weeks], EventWeights::EQUAL), "Inconsistent");
    for exponent in [0.0, 1.0, 1e300, f64::MAX] {
        let weights = EventWeights::new(exponent, exponent).unwrap();
        let got = log_rank(&[table(3), table(2)], weights).map(|test| test.statistic);
        assert_finite(got, &["Undefined"], || format!("{exponent}"));
    }
}

#[test]
fn causes() {
    let build = |number, causes: &[Option<usize>]| {
        CauseTable::new(TimeUnit::Day, number, &vec![1.0; causes.len()], causes)
    };
    assert_message(build(0, &[]), "causes must not be empty");
    for many in [1_001, usize::MAX] {
        let want = format!("number of causes must lie in [1, 1000], but is {many}");
        assert_message(build(many, &[]), &want);
    }
    let written = serde_json::to_value(life(&[1.0], &[false])).unwrap();
    let read =
        |many: usize| serde_json::from_value::<CauseTable>(vec![written.clone(); many].into());
    assert_eq!(read(1_000).unwrap(), build(1_000, &[None]).unwrap());
    assert_eq!(
        read(1_001).unwrap_err().to_string(),
        "number of causes must lie in [1, 1000], but is 1001"
    );
    assert_message(
        build(2, &[None, Some(2)]),
        "cause must lie in [0, number of causes), but is 2 (row 1)",
    );
    assert_kind(CauseTable::new(TimeUnit::Day, 1, &[1.0], &[]), "LengthMismatch");
    assert_kind(CauseTable::new(TimeUnit::Day, 1, &[f64::NAN], &[None]), "OutOfDomain");
    let none = build(1, &[]).unwrap();
    assert_message(CumulativeIncidence::new(&none, LEVEL), "cause table must not be empty");
    let table = build(2, &[Some(0), Some(1), None]).unwrap();
    assert_eq!((table.causes(), table.any_cause().events()), (2, 2));
    assert_kind(table.of_cause(2), "OutOfDomain");
    assert_message(table.merge(&none), "a table of 2 causes and one of 1 cannot be merged");
    assert_kind(CumulativeIncidence::new(&table, Probability::ONE), "OutOfDomain");
    let curves = CumulativeIncidence::new(&table, LEVEL).unwrap();
    assert_eq!(curves.unit(), TimeUnit::Day);
    for estimate in &curves.points()[0].incidence {
        assert_estimate(*estimate, || "incidence".to_owned());
    }
}

#[test]
fn regression() {
    let durations = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let observed = [true, true, true, true, true, false];
    let mixed = [1.0, 0.0, 1.0, 0.0, 0.0, 1.0];
    let cox = || Cox::new(&durations, &observed).unwrap();
    for value in FLOATS {
        assert_eq!(Cox::new(&[value], &[true]).is_ok(), valid(value));
        let late = cox().entries(&[value, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(late.is_ok(), valid(value) && value < 1.0, "{value}");
        let mut column = mixed;
        column[0] = value;
        let Ok(with) = cox().covariate("x", &column) else {
            assert!(!value.is_finite(), "{value}");
            continue;
        };
        for ties in [CoxTies::Efron, CoxTies::Breslow] {
            let what = || format!("{value} {ties:?}");
            match with.fit(ties) {
                Ok(fit) => {
                    let numbers =
                        [fit.coefficients()[0], fit.covariance()[0][0], fit.log_likelihood()];
                    assert!(numbers.iter().all(|number| number.is_finite()), "{}", what());
                    assert!(
                        fit.standard_errors()[0] > 0.0 && fit.log_likelihood_null().is_finite()
                    );
                    assert!(fit.concordance().is_some_and(|c| (0.0..=1.0).contains(&c)));
                    let ratios = fit.hazard_ratios(LEVEL).map(|ratios| ratios[0].upper());
                    assert_finite(ratios, &["Undefined"], what);
                    let ratio = fit.likelihood_ratio_test().unwrap();
                    let want = 2.0 * (fit.log_likelihood() - fit.log_likelihood_null()).max(0.0);
                    assert!(
                        (ratio.statistic - want).abs() <= 1e-12 * (1.0 + want.abs()),
                        "{}",
                        what()
                    );
                    let wald = fit.wald_tests().unwrap()[0].statistic;
                    let want = (fit.coefficients()[0] / fit.standard_errors()[0]).powi(2);
                    assert!((wald - want).abs() <= 1e-12 * (1.0 + want.abs()), "{}", what());
                    for transform in
                        [TimeTransform::Identity, TimeTransform::Rank, TimeTransform::Log]
                    {
                        let tests = fit.proportionality_tests(transform).unwrap();
                        assert_eq!(tests.len(), 1);
                        assert!(tests[0].statistic.is_finite() && tests[0].statistic >= 0.0);
                        assert_eq!(tests[0].degrees_of_freedom, Some(1.0));
                    }
                }
                Err(error) => assert_kind::<()>(Err(error), "Undefined"),
            }
        }
    }
    assert_kind(Cox::new(&[1.0], &[]), "LengthMismatch");
    assert_kind(cox().entries(&[]), "LengthMismatch");
    assert_kind(cox().strata(&[1]), "LengthMismatch");
    assert_kind(cox().covariate("x", &[1.0]), "LengthMismatch");
    assert_message(cox().covariate("x", &[7.0; 6]), "covariate x is the same for all");
    assert_message(
        cox().covariate("x", &[0.0, -0.0, 0.0, 0.0, 0.0, 0.0]),
        "covariate x is the same for all",
    );
    let twice = cox().covariate("x", &mixed).unwrap().covariate("x", &mixed);
    assert_message(twice, "there is already a covariate x");
    assert_kind(cox().covariate("x", &[f64::MAX, f64::MIN, 0.0, 0.0, 0.0, 0.0]), "Inconsistent");
    assert_message(cox().fit(CoxTies::Efron), "covariates must not be empty");
    let same = cox().covariate("x", &mixed).unwrap().covariate("y", &mixed).unwrap();
    assert_message(
        same.fit(CoxTies::Efron),
        "covariate y says nothing that those before it do not say at every event",
    );
    let alive = Cox::new(&durations, &[false; 6]).unwrap().covariate("x", &mixed).unwrap();
    assert_message(
        alive.fit(CoxTies::Efron),
        "Cox regression is undefined: no span ended by the event",
    );
    // Those with x leave before all others: no coefficient is large enough.
    let apart = cox().covariate("x", &[1.0, 1.0, 1.0, 0.0, 0.0, 0.0]).unwrap();
    assert_kind(apart.fit(CoxTies::Efron), "Undefined");
    // One stratum each: nothing to compare.
    let alone = cox().covariate("x", &mixed).unwrap().strata(&[1, 2, 3, 4, 5, 6]).unwrap();
    assert_kind(alone.fit(CoxTies::Efron), "Inconsistent");
    let fit = cox().covariate("x", &mixed).unwrap().fit(CoxTies::Efron).unwrap();
    assert_eq!((fit.names(), fit.spans(), fit.events()), (["x".to_owned()].as_slice(), 6, 5));
    assert_kind(fit.hazard_ratios(Probability::ZERO), "OutOfDomain");
    // The mean of three times of 0.1, rounded, is not 0.1.
    for time in [1.0, 0.1] {
        let once = Cox::new(&[time; 3], &[true; 3]).unwrap();
        let fit = once.covariate("x", &[0.0, 1.0, 3.0]).unwrap().fit(CoxTies::Breslow).unwrap();
        for transform in [TimeTransform::Identity, TimeTransform::Rank, TimeTransform::Log] {
            assert_kind(fit.proportionality_tests(transform), "Undefined");
        }
    }
}
