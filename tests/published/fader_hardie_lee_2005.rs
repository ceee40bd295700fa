//! Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way", Marketing Science 24(2), 275–284.

use goodwill::lifetime::{CohortFits, TrackingCurve, TrackingPeriods};
use goodwill::{
    BgNbd, Conventions, DiscountRate, Discounting, Fit, Histories, History, Horizon, PurchaseModel,
    TimeUnit, Valuation, customer_lifetime_values,
};

use crate::assert_exact_fit;
use crate::purchase_model::{assert_grid, assert_holdout, logged_histories, published_histories};
use crate::support::{assert_close, cdnow, cdnow_end, cdnow_split, day, json, number};

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

/// Figures 2 and 3: repeat purchases week by week over 78 weeks, by an independent script.
#[test]
fn tracking_curve_of_78_weeks() {
    let model = *BgNbd::fit(&logged_histories()).unwrap().model();
    let weeks = TrackingPeriods::new(day(1997, 1, 1), 7, cdnow_split(), cdnow_end()).unwrap();
    let curve = TrackingCurve::of(&model, &cdnow(), &weeks, &Conventions::default()).unwrap();
    let (rows, want) = (curve.rows(), json("validation.json"));
    let want = want["tracking"].as_array().unwrap();
    assert_eq!((rows.len(), want.len()), (78, 78));
    for (i, (row, want)) in rows.iter().zip(want).enumerate() {
        assert_eq!(row.end.to_string(), want["end"].as_str().unwrap());
        assert_eq!((row.actual, row.in_holdout), (want["actual"].as_u64().unwrap(), i >= 39));
        assert_close(row.expected, number(&want["expected"]), 1e-8, "expected in the week");
    }
    // At the end, 4 per cent too few.
    let off = rows[77].expected_to_date / rows[77].actual_to_date as f64 - 1.0;
    assert!((off + 0.041_113).abs() < 1e-6, "{off}");
}

/// One fit a month of acquisition, by an independent script: no sign of drift.
#[test]
fn fits_by_month_of_acquisition() {
    let months = [day(1997, 1, 1), day(1997, 2, 1), day(1997, 3, 1)];
    let fits = CohortFits::by_acquisition(&logged_histories(), &months, BgNbd::fit).unwrap();
    let want = &json("validation.json")["drift"];
    for (fit, want) in fits.cohorts.iter().zip(want["cohorts"].as_array().unwrap()) {
        assert_eq!(fit.customers() as u64, want["customers"].as_u64().unwrap());
        for (i, (name, value)) in fit.model().parameters().into_iter().enumerate() {
            assert_close(value, number(&want["parameters"][i]), 1e-9, name);
        }
        assert_close(fit.log_likelihood(), number(&want["log_likelihood"]), 1e-13, "ln L");
    }
    // A difference of sums near 9,580: about 12 digits of it are left.
    assert_close(fits.drift.statistic, number(&want["statistic"]), 1e-10, "statistic");
    assert_eq!(fits.drift.degrees_of_freedom, Some(8.0));
    assert_close(fits.drift.p_value.get(), number(&want["p_value"]), 1e-10, "p-value");
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
