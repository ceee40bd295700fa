//! Fader and Hardie (2007), "How to Project Customer Retention", Journal of Interactive Marketing 21(1), 76–90: the
//! "Regular" and "High End" cohorts; with Fader and Hardie (2014), "A Spreadsheet-Literate Non-Statistician's Guide
//! to the Beta-Geometric Model", which works the first cohort.

use goodwill::lifetime::{RetentionModel, Sbg, Tenures};
use goodwill::{Fit, TimeUnit};

use crate::purchase_model::GridError;
use crate::support::{assert_close, json, number, relative_error};

/// A cohort of 1,000 whose survivors are printed in per cent.
fn cohort(percents: &[f64]) -> Tenures {
    let survivors: Vec<u64> = percents.iter().map(|p| (10.0 * p).round() as u64).collect();
    Tenures::from_survivors(TimeUnit::Year, &survivors).unwrap()
}

fn fit(percents: &[f64]) -> Fit<Sbg> {
    Sbg::fit(&cohort(percents)).unwrap()
}

#[track_caller]
fn assert_printed(got: f64, want: f64, half_digit: f64) {
    assert!((got - want).abs() <= half_digit, "{got} is printed as {want}");
}

/// Table and figures of 2014: α .7637, β 1.2958, LL −1401.56, and the survivors fitted and forecast from them.
#[test]
fn regular_cohort_of_the_guide() {
    let fit = fit(&[100.0, 63.1, 46.8, 38.2, 32.6]);
    let model = fit.model();
    assert_printed(model.alpha(), 0.7637, 5e-5);
    assert_printed(model.beta(), 1.2958, 5e-5);
    assert_printed(fit.log_likelihood(), -1401.56, 5e-3);
    let printed = [629.2, 472.1, 383.3, 325.5, 284.5, 253.7, 229.6, 210.3, 194.3, 180.9];
    for (t, want) in printed.into_iter().enumerate() {
        assert_printed(1_000.0 * model.survival(t as u32 + 1).unwrap().get(), want, 0.05);
    }
}

/// α .668 and β 3.806 from seven renewals, LL −1611.16; the five after them; and the same from four only, which
/// shows how little four say.
#[test]
fn high_end_cohort() {
    let seen = [100.0, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1];
    let fit_of_seven = fit(&seen);
    let model = fit_of_seven.model();
    assert_printed(model.alpha(), 0.668, 5e-4);
    assert_printed(model.beta(), 3.806, 5e-4);
    assert_printed(fit_of_seven.log_likelihood(), -1611.16, 5e-3);
    for (t, want) in [(8, 46.0), (9, 43.6), (10, 41.4), (11, 39.5), (12, 37.8)] {
        assert_printed(100.0 * model.survival(t).unwrap().get(), want, 0.05);
    }
    let fit_of_four = fit(&seen[..5]);
    assert_printed(fit_of_four.model().alpha(), 1.2810, 5e-5);
    assert_printed(fit_of_four.model().beta(), 7.7904, 5e-5);
}

/// Six fits against their optimum at high precision, with standard errors, fitted survival and retention.
#[test]
fn exact_estimates() {
    let reference = json("values/sbg.json");
    let fits = reference["fits"].as_object().unwrap();
    for (name, exact) in fits {
        let series = &reference["series"][name.split('_').next().unwrap()];
        let renewals = number(&exact["n"]) as usize;
        let percents: Vec<f64> = series.as_array().unwrap().iter().map(number).collect();
        let fit = fit(&percents[..=renewals]);
        let model = fit.model();
        assert_close(model.alpha(), number(&exact["alpha"]), 1e-10, name);
        assert_close(model.beta(), number(&exact["beta"]), 1e-10, name);
        assert_close(fit.log_likelihood(), number(&exact["loglik"]), 1e-13, name);
        for i in 0..2 {
            assert_close(fit.standard_errors()[i].1, number(&exact["se"][i]), 1e-8, name);
        }
        for (t, want) in exact["fitted_survival"].as_array().unwrap().iter().enumerate() {
            assert_close(model.survival(t as u32).unwrap().get(), number(want), 1e-10, name);
        }
        for (t, want) in exact["retention"].as_array().unwrap().iter().enumerate().skip(1) {
            let got = model.retention(t as u32).unwrap().get();
            assert_close(got, number(want), 1e-10, name);
        }
    }
    assert_eq!(fits.len(), 6);
}

/// Survival and P(T = t) over the whole grid of nine parameter sets, to 1e-13.
#[test]
fn closed_forms_over_the_grid() {
    let errors = grid_errors();
    for GridError { row, error, .. } in &errors {
        assert!(*error <= 1e-12, "{row}: relative error {error:e}");
    }
    assert_eq!(errors.len(), 126);
}

pub(crate) fn grid_errors() -> Vec<GridError> {
    let mut errors = Vec::new();
    for row in json("values/sbg.json")["values"].as_array().unwrap() {
        let model = Sbg::new(TimeUnit::Year, number(&row["alpha"]), number(&row["beta"])).unwrap();
        for (t, want) in row["survival"].as_object().into_iter().flatten() {
            let got = model.survival(t.parse().unwrap()).unwrap().get();
            let (quantity, row) = ("survival".to_owned(), format!("S({t}) of {model:?}"));
            errors.push(GridError { quantity, row, error: relative_error(got, number(want)) });
        }
        for (t, want) in row["pmf"].as_object().into_iter().flatten() {
            let got = model.churn_probability(t.parse().unwrap()).unwrap().get();
            let (quantity, row) = ("pmf".to_owned(), format!("P(T = {t}) of {model:?}"));
            errors.push(GridError { quantity, row, error: relative_error(got, number(want)) });
        }
    }
    errors
}
