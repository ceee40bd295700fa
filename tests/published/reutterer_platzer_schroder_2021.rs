//! Reutterer, Platzer and Schröder (2021), "Leveraging purchase regularity for predicting customer behavior the easy
//! way", International Journal of Research in Marketing 38(1), 194–215: BG/CNBD-k and MBG/CNBD-k.

use goodwill::{
    BgCnbdK, BgNbd, DiscountRate, FitOptions, Histories, History, Horizon, MbgCnbdK, MbgNbd,
    PurchaseModel, Result, TimeUnit,
};
use serde_json::Value;

use crate::purchase_model::logged_histories;
use crate::support::{assert_close, json, number};

fn assert_row(
    model: &impl PurchaseModel,
    log_likelihood: impl Fn(&Histories) -> Result<f64>,
    row: &Value,
) {
    let (x, recency, age) = (number(&row["x"]) as u32, number(&row["tx"]), number(&row["T"]));
    let h = History::new(TimeUnit::Week, x, recency, age).unwrap();
    let weeks = |text: &str| Horizon::weeks(text.parse().unwrap()).unwrap();
    // Equal times between purchases.
    let sum = if x > 0 { f64::from(x) * (recency / f64::from(x)).ln() } else { 0.0 };
    let one = Histories::new(TimeUnit::Week, &[x], &[recency], &[age]).unwrap();
    let one = one.with_ln_intervals(&[sum]).unwrap();
    let k = number(&row["k"]);
    let factorial: f64 = (1..k as u32).map(f64::from).product();
    let of_intervals = (k - 1.0) * sum - f64::from(x) * factorial.ln();
    let rate = DiscountRate::new(0.02_f64.exp_m1(), TimeUnit::Week).unwrap();
    for (name, want) in row["values"].as_object().unwrap() {
        let got = match name.rsplit_once('_').unwrap_or((name, "")) {
            ("loglik", _) => log_likelihood(&one).unwrap() - of_intervals,
            ("p", _) => model.probability_alive(&h).get(),
            ("expected", span) => model.expected_purchases(&h, weeks(span)).unwrap(),
            ("still_alive", span) => model.probability_alive_after(&h, weeks(span)).unwrap().get(),
            ("some", span) => model.probability_of_purchase(&h, weeks(span)).unwrap().get(),
            ("two", span) => model.purchase_probability(&h, 2, weeks(span)).unwrap().get(),
            ("discounted", "forever") => {
                model.discounted_purchases(&h, Horizon::FOREVER, rate).unwrap()
            }
            ("discounted", span) => model.discounted_purchases(&h, weeks(span), rate).unwrap(),
            other => panic!("no such quantity: {other:?}"),
        };
        let want = number(want);
        if name == "loglik" {
            // A sum of terms of any size that may vanish.
            assert!((got - want).abs() <= 1e-12 * (1.0 + want.abs()), "{got} is not {want}: {row}");
        } else {
            assert_close(got, want, 1e-10, &format!("{name} of {row}"));
        }
    }
}

/// Every quantity of four models and six customers, from the definition of the model.
#[test]
fn values_of_regular_buyers() {
    let reference = json("values/cnbd_k.json");
    let rows = reference["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 24);
    for row in rows {
        let [r, alpha, a, b] = [0, 1, 2, 3].map(|i| number(&row["parameters"][i]));
        let k = number(&row["k"]) as u32;
        if row["modified"] == true {
            let model = MbgCnbdK::new(TimeUnit::Week, k, r, alpha, a, b).unwrap();
            assert_row(&model, |one| model.log_likelihood(one), row);
        } else {
            let model = BgCnbdK::new(TimeUnit::Week, k, r, alpha, a, b).unwrap();
            assert_row(&model, |one| model.log_likelihood(one), row);
        }
    }
}

/// CDNOW has no rhythm: k = 1, and then the fit is that of the plain model; k counts as a parameter.
#[test]
fn music_has_no_rhythm() {
    let histories = logged_histories();
    let plain = MbgNbd::fit(&histories).unwrap();
    let fit = MbgCnbdK::fit(&histories, 4).unwrap();
    assert_eq!(fit.model().k(), 1);
    assert_eq!(fit.model().parameters(), plain.model().parameters());
    assert_close(fit.log_likelihood(), plain.log_likelihood(), 0.0, "ln L");
    assert_close(fit.aic(), plain.aic() + 2.0, 1e-15, "AIC");
    let known = MbgCnbdK::fit_at(&histories, 1, &FitOptions::new()).unwrap();
    assert_close(known.aic(), plain.aic(), 0.0, "AIC");
    let two = MbgCnbdK::fit_at(&histories, 2, &FitOptions::new()).unwrap();
    assert!(two.log_likelihood() < plain.log_likelihood());
    assert_close(
        two.model().log_likelihood(&histories).unwrap(),
        two.log_likelihood(),
        1e-14,
        "ln L",
    );
    let fit = BgCnbdK::fit(&histories, 2).unwrap();
    assert_eq!(fit.model().parameters(), BgNbd::fit(&histories).unwrap().model().parameters());
}
