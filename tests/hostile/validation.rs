//! Forecast tests of hostile numbers, and splits at the ends of the calendar.

use chrono::NaiveDate;
use goodwill::lifetime::{ActivityHits, Backtest, Baseline, ForecastTest, active_after};
use goodwill::{
    BgNbd, Conventions, ErrorKind, Histories, Horizon, Ledger, Share, TimeUnit, Transaction,
};

use crate::support::day;
use crate::table::{COUNTS, FLOATS, UNITS, dates, horizons};
use crate::{assert_finite, assert_kind, assert_message, kind};

/// Everything that is read from a test.
fn read(test: &ForecastTest) {
    let what = || format!("{test:?}");
    let errors = test.errors();
    for number in [errors.forecast(), errors.actual(), errors.mae(), errors.rmse(), errors.bias()] {
        assert!(number.is_finite(), "{test:?}: {errors:?}");
    }
    assert!(errors.mae() >= 0.0 && errors.rmse() >= 0.0 && errors.customers() > 0);
    match errors.skill_against(&errors) {
        Ok(skill) => assert_eq!((skill.mae, skill.rmse), (0.0, 0.0)),
        got => assert_kind(got, "Undefined"),
    }
    for agreement in [test.spearman(), test.kendall()] {
        let agreement = assert_finite(agreement, &["Undefined"], what);
        assert!(agreement.is_none_or(|own| (-1.0..=1.0).contains(&own)), "{test:?}");
    }
    for groups in [1, 2, 10, 1_000] {
        let parts = test.groups(groups).unwrap();
        assert_eq!(parts.len(), groups);
        assert!(parts.iter().all(|own| own.forecast.is_finite() && own.actual.is_finite()));
    }
    for percent in [0, 1, 50, 100] {
        let share = Share::percent(percent).unwrap();
        let found = test.captured(share);
        assert_finite(found.clone().map(|own| own.by_forecast), &["Undefined"], what);
        assert_finite(found.map(|own| own.in_hindsight), &["Undefined"], what);
    }
}

#[test]
fn tests_of_hostile_numbers() {
    for forecast in FLOATS {
        for actual in FLOATS {
            match ForecastTest::new(&[1.0, forecast, 1.0], &[actual, 2.0, 0.0]) {
                Ok(mut test) => {
                    assert_eq!(test.customers(), 3);
                    assert_eq!(test.iter().len(), 3);
                    read(&test);
                    let own = test.clone();
                    test.merge(&own);
                    read(&test);
                    let twice = test.errors();
                    let mut errors = own.errors();
                    errors.merge(&own.errors()).unwrap();
                    assert_eq!(errors, twice);
                }
                Err(error) => {
                    assert_eq!(kind(&error), "OutOfDomain");
                    let fits = |value: f64| (-1e100..=1e100).contains(&value);
                    assert!(!fits(forecast) || !fits(actual), "{error}");
                }
            }
        }
    }
    assert_message(ForecastTest::new(&[], &[]), "forecast must not be empty");
    assert_message(
        ForecastTest::new(&[1.0], &[]),
        "forecast and actual must have the same length, but have 1 and 0",
    );
    assert_message(
        ForecastTest::new(&[1.0, 2.0], &[0.0, f64::NAN]),
        "actual must lie in [-1e100, 1e100], but is NaN (row 1)",
    );
    let test = ForecastTest::new(&[1.0, 2.0], &[0.0, -0.0]).unwrap();
    assert_message(test.groups(0), "groups must lie in [1, 10^6], but is 0");
    assert_kind(test.groups(usize::MAX), "OutOfDomain");
    assert_eq!(test.deciles().unwrap().iter().map(|own| own.customers).sum::<u64>(), 2);
    let all = Share::percent(100).unwrap();
    assert_message(
        test.captured(all),
        "captured value is undefined: all customers together brought 0.0, not above 0",
    );
    assert_message(
        test.kendall(),
        "rank correlation is undefined: all forecasts, or all outcomes, are equal",
    );
}

#[test]
fn skill_that_cannot_be() {
    let of =
        |forecast: f64, actual: f64| ForecastTest::new(&[forecast], &[actual]).unwrap().errors();
    assert_message(
        of(1.0, 2.0).skill_against(&of(1.0, 3.0)),
        "a forecast of 1 customers who brought 2.0 cannot be held against a baseline of 1 who brought 3.0",
    );
    assert_message(
        of(1.0, 2.0).skill_against(&of(2.0, 2.0)),
        "skill is undefined: the error of the baseline is 0",
    );
    // The ratio leaves the range of f64.
    assert_message(
        of(1e100, 0.0).skill_against(&of(5e-324, 0.0)),
        "skill is undefined: the value leaves the range of f64",
    );
    assert_eq!(of(0.0, 0.0).skill_against(&of(1.0, 0.0)).unwrap().mae.to_bits(), 1.0_f64.to_bits());
}

#[test]
fn classes_and_hits_of_other_rows() {
    let test = ForecastTest::new(&[1.0, 2.0], &[0.0, 4.0]).unwrap();
    let histories = |x: &[u32]| {
        let recency: Vec<f64> = x.iter().map(|&x| f64::from(x.min(1))).collect();
        Histories::new(TimeUnit::Week, x, &recency, &vec![1.0; x.len()]).unwrap()
    };
    for x in COUNTS {
        for most in COUNTS {
            let mut classes = test.by_frequency(&histories(&[x, 0]), most).unwrap();
            let other = classes.clone();
            classes.merge(&other).unwrap();
            let rows = classes.rows();
            assert_eq!(rows.iter().map(|own| own.customers).sum::<u64>(), 4);
            assert!(rows.iter().all(|own| own.frequency <= most && own.expected_mean.is_finite()));
        }
    }
    assert_message(
        test.by_frequency(&histories(&[1]), 7),
        "forecast and histories must have the same length, but have 2 and 1",
    );
    let ledger =
        Ledger::from_transactions([Transaction::new(1, day(2024, 1, 1), 1.into())]).unwrap();
    let holdout =
        ledger.split(day(2024, 1, 1), day(2024, 1, 2), &Conventions::default()).unwrap().holdout;
    assert_message(
        ActivityHits::of(&[true, false], &holdout),
        "active and purchases must have the same length, but have 2 and 1",
    );
    let mut none = ActivityHits::default();
    none.merge(&ActivityHits::default()).unwrap();
    assert_message(none.accuracy(), "accuracy is undefined: there is no customer");
    assert_kind(ForecastTest::of_purchases(&[1.0, 2.0], &holdout), "LengthMismatch");
    assert_kind(ForecastTest::of_purchases(&[f64::INFINITY], &holdout), "OutOfDomain");
    for unit in UNITS {
        let one = Histories::new(unit, &[0], &[0.0], &[7.0]).unwrap();
        for horizon in horizons() {
            let want = horizon.in_unit(unit).is_none_or(|most| most >= 7.0 - 1e-14);
            assert_eq!(active_after(&one, horizon), [want], "{horizon:?}");
        }
    }
}

#[test]
fn backtests_at_the_ends_of_the_calendar() {
    let dates = dates();
    let rows = dates.iter().map(|&date| Transaction::new(1_u32, date, 1.into()));
    let ledger = Ledger::from_transactions(rows).unwrap();
    let usual = Conventions::default();
    let baselines = [Baseline::Mean, Baseline::LastPeriod, Baseline::Hiatus(Horizon::FOREVER)];
    let test = Backtest::new(TimeUnit::Year, &baselines).conventions(usual);
    let model = BgNbd::new(TimeUnit::Day, 0.5, 10.0, 1.0, 2.0).unwrap();
    for &split in &dates {
        let known = ledger.until(split);
        for baseline in baselines {
            for length in COUNTS {
                match baseline.forecast(&known, split, length, &usual) {
                    Ok(forecast) => {
                        assert!(forecast.iter().all(|own| own.is_finite() && *own >= 0.0));
                    }
                    got if length == 0 => assert_kind(got, "OutOfDomain"),
                    got => assert_kind(got, "Undefined"),
                }
            }
        }
        for &end in &dates {
            let zeros = |histories: &Histories, _| Ok(vec![0.0; histories.len()]);
            match test.at(&ledger.until(end), split, end, zeros) {
                Ok(report) => {
                    assert!(split < end && report.newcomers <= 1);
                    if let Err(error) = report.skills() {
                        assert_eq!(kind(&error), "Undefined", "{error}");
                    }
                }
                Err(error) => {
                    let kinds = ["Inconsistent", "Empty", "Undefined"];
                    assert!(kinds.contains(&kind(&error)), "{error}");
                }
            }
        }
        for length in COUNTS {
            let got = test.over(&ledger, &[split], length, NaiveDate::MAX, |_| Ok(model));
            if let Err(error) = got {
                assert!(["Inconsistent", "Undefined", "Empty"].contains(&kind(&error)), "{error}");
            }
        }
    }
    let over = |splits: &[NaiveDate], length, as_of| {
        test.over(&ledger.until(day(2024, 3, 1)), splits, length, as_of, |_| Ok(model))
    };
    assert_message(over(&[], 1, day(2024, 3, 1)), "splits must not be empty");
    assert_message(
        over(&[day(2024, 2, 28)], 3, day(2024, 3, 1)),
        "the holdout of 3 days after 2024-02-28 ends after the as-of date 2024-03-01",
    );
    assert_kind(over(&[day(2024, 2, 28)], 1, day(2024, 2, 20)), "Inconsistent");
    let failing = test.over(&ledger, &[day(2024, 2, 28)], 1, NaiveDate::MAX, |histories| {
        BgNbd::fit(histories).map(goodwill::Fit::into_model)
    });
    assert!(matches!(failing.unwrap_err().kind(), ErrorKind::NotIdentified { .. }));
    assert_message(
        Baseline::Mean.forecast(&ledger.until(NaiveDate::MIN), NaiveDate::MIN, 0, &usual),
        "holdout must lie in [1 day, ∞), but is 0 days",
    );
}
