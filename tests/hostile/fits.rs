//! Fits of data that say too little: a typed error that names the parameters, never a number that means nothing.

use goodwill::{
    BgNbd, ErrorKind, Fit, FitOptions, GammaGamma, Histories, ParetoNbd, Prior, Result, Spends,
    TimeUnit,
};

use crate::support::rows;
use crate::table::{FLOATS, UNITS};
use crate::{assert_kind, assert_message, kind};

pub(crate) fn histories(rows: &[(u32, f64, f64)]) -> Histories {
    let x: Vec<u32> = rows.iter().map(|row| row.0).collect();
    let recency: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let age: Vec<f64> = rows.iter().map(|row| row.2).collect();
    Histories::new(TimeUnit::Week, &x, &recency, &age).unwrap()
}

fn spends(rows: &[(u32, f64)]) -> Spends {
    let x: Vec<u32> = rows.iter().map(|row| row.0).collect();
    let mean: Vec<f64> = rows.iter().map(|row| row.1).collect();
    Spends::new(&x, &mean).unwrap()
}

/// A report of finite numbers, or one of the two errors that a fit of real rows can have.
#[track_caller]
pub(crate) fn assert_honest<M: std::fmt::Debug>(got: Result<Fit<M>>) {
    match got {
        Ok(fit) => {
            let numbers = [fit.log_likelihood(), fit.aic(), fit.bic()];
            let errors = fit.standard_errors().into_iter().map(|(_, error)| error);
            let all = errors.chain(numbers).chain(fit.covariance().iter().flatten().copied());
            assert!(all.into_iter().all(f64::is_finite), "{fit:?}");
            assert!(fit.standard_errors().iter().all(|&(_, error)| error > 0.0), "{fit:?}");
            assert!(fit.evaluations() > 0 && fit.customers() > 0);
            assert!(fit.left_out() < 3);
        }
        Err(error) => {
            assert!(["NotIdentified", "NotConverged"].contains(&kind(&error)), "{error}");
            assert!(!error.to_string().contains("NaN"), "{error}");
        }
    }
}

#[test]
fn purchases_that_say_too_little() {
    let data: [&[(u32, f64, f64)]; 15] = [
        &[(0, 0.0, 0.0)],
        &[(0, 0.0, 39.0); 9],
        &[(1, 39.0, 39.0)],
        &[(1, 5e-324, 5e-324)],
        &[(1, 1.0, 1e300)],
        &[(u32::MAX, 1.0, 39.0)],
        &[(u32::MAX, 39.0, 39.0); 9],
        &[(3, 30.0, 39.0); 9],
        &[(3, 39.0, 39.0), (0, 0.0, 39.0)],
        &[(1, 1e-300, 1e-300), (2, 1e300, 1e300)],
        &[(1, 1e300, 1e300), (2, 1e300, 1e300)],
        &[(1, 1.0, 1e300), (0, 0.0, 1e300)],
        &[(5, 1.0, 39.0), (4, 1.0, 39.0), (6, 2.0, 39.0)],
        &[(5, 39.0, 39.0), (4, 39.0, 39.0), (6, 39.0, 39.0)],
        &[(1, 1e-8, 1e8), (1_000_000, 1e8, 1e8), (0, 0.0, 1e-8)],
    ];
    for data in data {
        assert_honest(BgNbd::fit(&histories(data)));
        assert_honest(ParetoNbd::fit(&histories(data)));
        for iterations in [0, 1, 3] {
            let options = FitOptions::new().max_iterations(iterations);
            assert_honest(BgNbd::fit_with(&histories(data), &options));
            assert_honest(ParetoNbd::fit_with(&histories(data), &options));
        }
    }
    assert_message(BgNbd::fit(&histories(&[])), "histories must not be empty");
    assert_message(
        BgNbd::fit(&histories(&[(0, 0.0, 39.0)])),
        "the data do not identify r, a, b of the BG/NBD model: no customer has bought again, so that any \
         small rate of purchase fits; observe longer",
    );
}

/// Where Pareto/NBD runs to a limit, the error names it.
#[test]
fn limits_of_pareto_nbd() {
    assert_message(ParetoNbd::fit(&histories(&[])), "histories must not be empty");
    assert_message(
        ParetoNbd::fit(&histories(&[(0, 0.0, 39.0)])),
        "the data do not identify r, s, beta of the Pareto/NBD model: no customer has bought again, so that \
         any small rate of purchase fits; observe longer",
    );
    let limit =
        |rows: &[(u32, f64, f64)]| match ParetoNbd::fit(&histories(rows)).unwrap_err().kind() {
            ErrorKind::NotIdentified { parameters, limit, .. } => (parameters.join(" "), *limit),
            other => panic!("{other:?}"),
        };
    // Who buys, buys to the last day.
    let stay = |i: u32| match i % 7 + i % 3 {
        0 => (0, 0.0, 39.0),
        x => (x, 39.0, 39.0),
    };
    let (parameters, text) = limit(&(0..60).map(stay).collect::<Vec<_>>());
    assert!(parameters.contains('s') || parameters.contains("beta"), "{parameters}");
    assert!(text.starts_with("nobody seems to leave"), "{text}");
    // Equal customers, who all left at the same time.
    let alike: Vec<_> = (0..60_u32).map(|i| (3 + i % 2, 20.0 + f64::from(i % 5), 39.0)).collect();
    let (parameters, text) = limit(&alike);
    assert!(parameters.contains('r'), "{parameters}");
    assert!(text.starts_with("the rates of purchase do not differ"), "{text}");
}

#[test]
fn spend_that_says_too_little() {
    let data: [&[(u32, f64)]; 12] = [
        &[(1, 5.0)],
        &[(1, 5.0); 9],
        &[(1, f64::MIN_POSITIVE)],
        &[(1, 1e300); 3],
        &[(1, 1e300), (1, f64::MIN_POSITIVE)],
        &[(u32::MAX, 5.0), (1, 5.0)],
        &[(u32::MAX, 5.0); 9],
        &[(1, 1e300), (2, 1e-300), (3, 1.0)],
        &[(1, 5e-324), (2, 5e-324), (3, 1e-323)],
        &[(2, 5.0), (3, 5.0), (4, 5.0)],
        &[(2, 5.0), (3, 5.0 + 1e-15), (4, 5.0)],
        &[(0, 0.0), (1, -5.0), (1, 5.0)],
    ];
    for data in data {
        assert_honest(GammaGamma::fit(&spends(data)));
        for iterations in [0, 1, 3] {
            let options = FitOptions::new().max_iterations(iterations);
            assert_honest(GammaGamma::fit_with(&spends(data), &options));
        }
    }
    for nothing in [&[][..], &[(0, 0.0)], &[(3, 0.0), (4, -5.0), (0, 0.0)]] {
        assert_message(GammaGamma::fit(&spends(nothing)), "repeat spend above 0 must not be empty");
    }
}

#[test]
fn too_few_iterations_are_not_a_fit() {
    let rows: Vec<(u32, f64, f64)> =
        rows("cdnow_customers.csv").iter().map(|row| (row[1] as u32, row[2], row[3])).collect();
    let data = histories(&rows);
    for iterations in [0, 1, 2] {
        let got = BgNbd::fit_with(&data, &FitOptions::new().max_iterations(iterations));
        let error = got.unwrap_err();
        match error.kind() {
            ErrorKind::NotConverged { model, iterations: spent, point, .. } => {
                assert_eq!((*model, *spent), ("BG/NBD", iterations));
                assert_eq!(point.len(), 4);
                assert!(point.iter().all(|(_, value)| *value > 0.0 && value.is_finite()));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_kind(BgNbd::fit_with(&data, &FitOptions::new().max_iterations(0)), "NotConverged");
    // The unit is a name for the numbers, so that they fit in any.
    for unit in UNITS {
        let x: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let recency: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let age: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let fit = BgNbd::fit(&Histories::new(unit, &x, &recency, &age).unwrap()).unwrap();
        assert!((fit.into_model().r() - 0.242_594).abs() < 1e-4);
    }
}

#[test]
fn options_of_all_sizes() {
    let data = histories(&[(2, 30.0, 39.0), (0, 0.0, 39.0), (1, 3.0, 39.0)]);
    let spent = spends(&[(2, 30.0), (1, 7.0), (3, 11.0)]);
    for value in FLOATS {
        assert_honest_or_refused(BgNbd::fit_with(&data, &FitOptions::new().tolerance(value)));
        let start = [("r", value), ("alpha", 1.0), ("a", value), ("b", 1.0)];
        assert_honest_or_refused(BgNbd::fit_with(&data, &FitOptions::new().start(start)));
        for sd in FLOATS {
            let priors = [
                Prior::number(value, sd),
                Prior::time(value, TimeUnit::Year, sd),
                Prior::money(value, sd),
            ];
            let inside = value > 0.0 && value.is_finite() && sd > 0.0 && sd <= 5.0;
            for prior in priors {
                assert_eq!(prior.is_ok(), inside, "{value} {sd}");
                let Ok(prior) = prior else { continue };
                for name in ["r", "alpha", "v"] {
                    let options = FitOptions::new().prior(name, prior);
                    assert_honest_or_refused(BgNbd::fit_with(&data, &options));
                    assert_honest_or_refused(GammaGamma::fit_with(&spent, &options));
                }
            }
        }
    }
    assert_message(Prior::number(1.0, 6.0), "sd of the prior must lie in (0, 5], but is 6");
}

/// As [`assert_honest`], or an option that is refused.
#[track_caller]
fn assert_honest_or_refused<M: std::fmt::Debug>(got: Result<Fit<M>>) {
    match got {
        Err(error) if ["OutOfDomain", "Inconsistent"].contains(&kind(&error)) => {}
        other => {
            if let Ok(fit) = &other {
                assert!(fit.penalised_log_likelihood() <= fit.log_likelihood());
            }
            assert_honest(other);
        }
    }
}
