//! Schmittlein, Morrison and Colombo (1987), "Counting Your Customers", Management Science 33(1), 1–24: Pareto/NBD,
//! with the numbers that later papers print of it on CDNOW.

use goodwill::{Fit, History, Horizon, ParetoNbd, PurchaseModel, TimeUnit};

use crate::assert_exact_fit;
use crate::purchase_model::{assert_grid, assert_holdout, logged_histories, published_histories};

fn fit_published() -> Fit<ParetoNbd> {
    ParetoNbd::fit(&published_histories()).unwrap()
}

fn assert_exact(fit: &Fit<ParetoNbd>, entry: &str) {
    assert_exact_fit(fit, &fit.model().parameters(), entry);
}

/// Table 2 of Fader, Hardie and Lee (2005) in Marketing Science: r .553, α 10.578, s .606, β 11.669, LL −9595.0.
#[test]
fn estimates_on_cdnow() {
    let fit = fit_published();
    let printed = [(0.553, 5e-4), (10.578, 5e-4), (0.606, 5e-4), (11.669, 2e-3)];
    for ((name, got), (want, digits)) in fit.model().parameters().into_iter().zip(printed) {
        assert!((got - want).abs() < digits, "{name}: {got} is printed as {want}");
    }
    assert!((fit.log_likelihood() + 9595.0).abs() < 0.05);
}

/// The customer of the walkthrough of the R package BTYD: P(alive) .9979, 25.46 purchases in 52 weeks.
#[test]
fn customer_of_the_walkthrough() {
    let model = ParetoNbd::new(TimeUnit::Week, 0.5534, 10.5802, 0.6061, 11.6562).unwrap();
    let customer = History::new(TimeUnit::Week, 26, 30.86, 31.0).unwrap();
    let alive = model.probability_alive(&customer).get();
    assert!((alive - 0.997_918).abs() < 5e-7, "{alive}");
    let published = ParetoNbd::new(TimeUnit::Week, 0.553, 10.578, 0.606, 11.669).unwrap();
    let year = published.expected_purchases(&customer, Horizon::weeks(52.0).unwrap()).unwrap();
    assert!((year - 25.46).abs() < 5e-3, "{year}");
    // Printed .2941633, at the unrounded estimates of a loose optimiser.
    let silent = History::new(TimeUnit::Week, 0, 0.0, 39.0).unwrap();
    let alive = model.probability_alive(&silent).get();
    assert!((alive - 0.294_163_3).abs() < 3e-5, "{alive}");
}

/// The newcomers of BTYD's tests, at r .55, α 10.56, s .61, β 11.64: E[X(1)] = .05078, E[X(9)] = .38909.
#[test]
fn newcomers_of_the_walkthrough() {
    let model = ParetoNbd::new(TimeUnit::Week, 0.55, 10.56, 0.61, 11.64).unwrap();
    for (weeks, want) in [(1.0, 0.050_78), (9.0, 0.389_09)] {
        let horizon = Horizon::weeks(weeks).unwrap();
        let got = model.expected_purchases_of_newcomer(horizon).unwrap();
        assert!((got - want).abs() < 5e-6, "{weeks}: {got} is printed as {want}");
    }
}

#[test]
fn exact_estimates_on_the_published_summary() {
    assert_exact(&fit_published(), "paretonbd_cdnow_pub");
}

#[test]
fn exact_estimates_on_the_purchase_log() {
    assert_exact(&ParetoNbd::fit(&logged_histories()).unwrap(), "paretonbd_cdnow_exactdays");
}

#[test]
fn holdout_of_39_weeks() {
    assert_holdout("paretonbd", |histories| ParetoNbd::fit(histories).unwrap().into_model());
}

/// Every closed form over the whole grid of twelve parameter sets, α ≷ β, s at and near 1, to 1e-10.
#[test]
fn closed_forms_over_the_grid() {
    let model = |[r, alpha, s, beta]: [f64; 4]| ParetoNbd::new(TimeUnit::Week, r, alpha, s, beta);
    assert_grid("paretonbd", 962, model, ParetoNbd::log_likelihood_of);
}
