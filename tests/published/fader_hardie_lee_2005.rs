//! Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way", Marketing Science 24(2), 275–284.

use goodwill::{
    BgNbd, DiscountRate, Discounting, Fit, Histories, History, Horizon, PurchaseModel, TimeUnit,
    Valuation, customer_lifetime_values,
};

use crate::assert_exact_fit;
use crate::purchase_model::{assert_grid, assert_holdout, logged_histories, published_histories};
use crate::support::assert_close;

fn published() -> BgNbd {
    BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap()
}

/// Table 2: r .243, α 4.414, a .793, b 2.426, LL −9582.4.
#[test]
fn table_2_estimates() {
    let model = *fit_published().model();
    let printed =
        [(model.r(), 0.243), (model.alpha(), 4.414), (model.a(), 0.793), (model.b(), 2.426)];
    for (got, want) in printed {
        assert!((got - want).abs() < 5e-4, "{got} is printed as {want}");
    }
    assert!((fit_published().log_likelihood() + 9582.4).abs() < 0.05);
}

/// The authors' spreadsheet: 1.226 purchases in 39 weeks of the customer (2, 30.43, 38.86).
#[test]
fn expected_purchases_of_the_spreadsheet() {
    let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86).unwrap();
    let got = published().expected_purchases(&customer, Horizon::weeks(39.0).unwrap()).unwrap();
    assert!((got - 1.226).abs() < 5e-4, "{got}");
}

/// E[X(t)] and P(X(t) = n) of the authors' spreadsheets. The first was made with the authors' own
/// estimates, unrounded: close to the optimum, but not it, which shows at 78 weeks.
#[test]
fn newcomers_of_the_spreadsheet() {
    let expected = [
        (0.1429, 0.0078),
        (1.0, 0.0532),
        (3.0, 0.1506),
        (31.8571, 1.0405),
        (32.0, 1.0437),
        (78.0, 1.8576),
    ];
    for (weeks, want) in expected {
        let horizon = Horizon::weeks(weeks).unwrap();
        let got = fit_published().model().expected_purchases_of_newcomer(horizon).unwrap();
        let digits = if weeks < 78.0 { 5e-5 } else { 4e-4 };
        assert!((got - want).abs() <= digits, "{weeks}: {got} is printed as {want}");
    }
    let none = published()
        .purchase_probability_of_newcomer(0, Horizon::weeks(39.0).unwrap())
        .unwrap()
        .get();
    assert_close(none, 0.573_786_4, 1e-7, "P(X(39) = 0)");
    let ten = published()
        .purchase_probability_of_newcomer(10, Horizon::weeks(2.0).unwrap())
        .unwrap()
        .get();
    assert_close(ten, 1.078_69e-7, 5e-6, "P(X(2) = 10)");
}

fn fit_published() -> Fit<BgNbd> {
    BgNbd::fit(&published_histories()).unwrap()
}

fn assert_exact(fit: &Fit<BgNbd>, entry: &str) {
    assert_exact_fit(fit, &fit.model().parameters(), entry);
}

#[test]
fn exact_estimates_on_the_published_summary() {
    assert_exact(&fit_published(), "bgnbd_cdnow_pub");
}

#[test]
fn exact_estimates_on_the_purchase_log() {
    assert_exact(&BgNbd::fit(&logged_histories()).unwrap(), "bgnbd_cdnow_exactdays");
}

/// Figure 4 and Table 3 of the paper: the 39-week holdout, here at the exact estimates.
#[test]
fn holdout_of_39_weeks() {
    assert_holdout("bgnbd", |histories| BgNbd::fit(histories).unwrap().into_model());
}

/// Every closed form over the whole grid of ten parameter sets, to 1e-10.
#[test]
fn closed_forms_over_the_grid() {
    let model = |[r, alpha, a, b]: [f64; 4]| BgNbd::new(TimeUnit::Week, r, alpha, a, b);
    assert_grid("bgnbd", 873, model, BgNbd::log_likelihood_of);
}

/// The two definitions of lifetime value in use, at the published parameters (formulas.md 4.2).
#[test]
fn two_definitions_of_lifetime_value() {
    let histories = Histories::new(TimeUnit::Week, &[2], &[30.43], &[38.86]).unwrap();
    let monthly = DiscountRate::new(0.01, TimeUnit::Month).unwrap();
    let year = Valuation::new(Horizon::months(12.0).unwrap(), monthly);
    let value = |valuation| {
        customer_lifetime_values(&published(), &[1.0], &histories, &valuation).unwrap()[0]
    };
    assert!((value(year) - 1.4796).abs() < 5e-5);
    let steps = year.discounting(Discounting::EndOfStep(Horizon::months(1.0).unwrap()));
    assert!((value(steps) - 1.4722).abs() < 5e-5);
}

/// For ever, the published customer's discounted purchases grow without bound as the rate falls, since a ≤ 1.
#[test]
fn for_ever_at_falling_rates() {
    let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86).unwrap();
    for (delta, want, digits) in
        [(0.0027_f64, 5.1564, 5e-5), (1e-4, 21.5, 5e-2), (1e-6, 78.8, 5e-2)]
    {
        let rate = DiscountRate::new(delta.exp_m1(), TimeUnit::Week).unwrap();
        let got = published().discounted_purchases(&customer, Horizon::FOREVER, rate).unwrap();
        assert!((got - want).abs() < digits, "{delta}: {got} is not {want}");
    }
    let undiscounted =
        published().discounted_purchases(&customer, Horizon::FOREVER, DiscountRate::NONE);
    let message = undiscounted.unwrap_err().to_string();
    assert!(message.contains("a = 0.793"), "{message}");
}
