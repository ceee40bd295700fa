//! BG/CNBD-k and MBG/CNBD-k: parameters, times between purchases, and the ends of histories.

use goodwill::{
    BgCnbdK, DiscountRate, FitOptions, Histories, Horizon, MbgCnbdK, Probability, PurchaseModel,
    TimeUnit,
};

use crate::json::refused_with;
use crate::purchase_model as table;
use crate::table::FLOATS;
use crate::{assert_finite, assert_kind, assert_message};

#[test]
fn parameters() {
    for k in [1, 2, 100] {
        let new = |[r, alpha, a, b]: [f64; 4]| MbgCnbdK::new(TimeUnit::Week, k, r, alpha, a, b);
        table::parameters(["r", "alpha", "a", "b"], new, |model| {
            assert_eq!(model.k(), k);
            [model.r(), model.alpha(), model.a(), model.b()]
        });
    }
    for k in [0, 101, u32::MAX] {
        let message = format!("k must lie in [1, 100], but is {k}");
        assert_message(BgCnbdK::new(TimeUnit::Week, k, 1.0, 1.0, 1.0, 1.0), &message);
        let none = Histories::new(TimeUnit::Week, &[], &[], &[]).unwrap();
        assert_message(BgCnbdK::fit(&none, k), &message);
        assert_message(BgCnbdK::fit_at(&none, k, &FitOptions::new()), &message);
    }
}

#[test]
fn times_between_purchases() {
    let plain = || Histories::new(TimeUnit::Week, &[2, 0], &[6.0, 0.0], &[8.0, 8.0]).unwrap();
    let outside = |value: f64| {
        format!(
            "ln_intervals must lie in [-f64::MAX, x ln(recency/x)], 0 without a repeat purchase, but is {value}"
        )
    };
    for value in FLOATS {
        let got = plain().with_ln_intervals(&[value, 0.0]);
        let most = 2.0 * 3.0_f64.ln();
        if value.is_finite() && value <= most + 1e-9 {
            assert_eq!(got.unwrap().ln_intervals(), Some(&[value, 0.0][..]));
        } else {
            assert_message(got, &format!("{} (row 0)", outside(value)));
        }
        let got = plain().with_ln_intervals(&[0.0, value]);
        if value == 0.0 {
            assert_eq!(got.unwrap().ln_intervals(), Some(&[0.0, value][..]));
        } else {
            assert_message(got, &format!("{} (row 1)", outside(value)));
        }
    }
    assert_message(
        plain().with_ln_intervals(&[0.0]),
        "frequency and ln_intervals must have the same length, but have 2 and 1",
    );
    assert_eq!(plain().ln_intervals(), None);
    let json = serde_json::to_value(plain().with_ln_intervals(&[1.0, 0.0]).unwrap()).unwrap();
    let read: Histories = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(read.ln_intervals(), Some(&[1.0, 0.0][..]));
    let mut broken = json;
    broken["ln_intervals"] = serde_json::json!([9.0, 0.0]);
    refused_with::<Histories>(&broken, &format!("{} (row 0)", outside(9.0)));

    let missing = "log-likelihood is undefined: a k above 1 needs the times between purchases: take the \
                   histories from a Ledger, or give them with_ln_intervals";
    assert_message(MbgCnbdK::fit(&plain(), 2), missing);
    assert_message(MbgCnbdK::fit_at(&plain(), 2, &FitOptions::new()), missing);
    let model = MbgCnbdK::new(TimeUnit::Week, 2, 1.0, 1.0, 1.0, 1.0).unwrap();
    assert_message(model.log_likelihood(&plain()), missing);
    assert_kind(MbgCnbdK::fit_with(&plain(), 1, &FitOptions::new()), "NotIdentified");
    let least = plain().with_ln_intervals(&[f64::MIN, 0.0]).unwrap();
    assert_kind(
        MbgCnbdK::new(TimeUnit::Week, 100, 1.0, 1.0, 1.0, 1.0).unwrap().log_likelihood(&least),
        "Undefined",
    );
}

#[test]
fn ends_of_histories() {
    let sizes = [1e-8, 0.3, 20.0, 1e8];
    let rate = DiscountRate::annual(0.1).unwrap();
    for (i, [r, alpha, a, b]) in table::choices(&sizes).into_iter().enumerate().step_by(13) {
        let k = [2, 3, 7][i % 3];
        let model = BgCnbdK::new(TimeUnit::Week, k, r, alpha, a, b).unwrap();
        for history in table::histories().into_iter().step_by(29) {
            for horizon in [Horizon::weeks(0.0), Horizon::weeks(39.0), Ok(Horizon::FOREVER)] {
                let horizon = horizon.unwrap();
                let what = || format!("{model:?} {history:?} {horizon:?}");
                let all = [
                    model.expected_purchases(&history, horizon),
                    model.probability_alive_after(&history, horizon).map(Probability::get),
                    model.probability_of_purchase(&history, horizon).map(Probability::get),
                    model.purchase_probability(&history, 3, horizon).map(Probability::get),
                    model.discounted_purchases(&history, horizon, rate),
                ];
                for got in all {
                    let got = assert_finite(got, &["Undefined"], what);
                    assert!(got.is_none_or(|got| got >= 0.0), "{}: {got:?}", what());
                }
            }
        }
    }
}
