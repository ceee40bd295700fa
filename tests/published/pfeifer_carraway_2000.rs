//! Pfeifer and Carraway (2000), "Modeling customer relationships as Markov chains", Journal of Interactive Marketing
//! 14(2), 43–55: a purchase brings 40, a mailing costs 4, chances of 30, 20, 15 and 5 %, 20 % a period.
//!
//! Every expected value is computed from these inputs by `lifetime_value.py`; the print of the paper was not at hand.

use goodwill::lifetime::MigrationModel;
use goodwill::tiering::TransitionMatrix;
use goodwill::{DiscountRate, FirstMargin, Horizon, Probability};
use serde_json::Value;

use crate::support::{assert_close, json, number};

const MARGINS: [f64; 5] = [36.0, -4.0, -4.0, -4.0, 0.0];

fn recency(again: &[f64]) -> MigrationModel {
    let again: Vec<_> = again.iter().map(|&chance| Probability::new(chance).unwrap()).collect();
    MigrationModel::by_recency(Horizon::years(1.0).unwrap(), &again).unwrap()
}

fn assert_values(got: &[f64], want: &Value) {
    assert_eq!(got.len(), want.as_array().unwrap().len());
    for (state, &got) in got.iter().enumerate() {
        assert_close(got, number(&want[state]), 1e-14, &format!("state {state}"));
    }
}

#[test]
fn the_example() {
    let want = &json("lifetime_value.json")["recency"];
    let model = recency(&[0.3, 0.2, 0.15, 0.05]);
    let value = |horizon, rate, first| {
        let rate = DiscountRate::annual(rate).unwrap();
        model.lifetime_values(&MARGINS, horizon, rate, first).unwrap()
    };
    // Four periods after the first are a horizon of five.
    let four = value(Horizon::years(5.0).unwrap(), 0.2, FirstMargin::Now);
    assert_values(&four, &want["four"]);
    let ever = value(Horizon::FOREVER, 0.2, FirstMargin::Now);
    assert_values(&ever, &want["ever"]);
    assert_values(&value(Horizon::FOREVER, 0.2, FirstMargin::AfterRenewal), &want["later"]);
    // Undiscounted it is finite too: who is gone brings nothing.
    assert_values(&value(Horizon::FOREVER, 0.0, FirstMargin::Now), &want["undiscounted"]);
    let thousandths = |values: &[f64]| -> Vec<f64> {
        values.iter().map(|value| (value * 1e3).round() / 1e3).collect()
    };
    assert_eq!(thousandths(&four), [50.115, 4.22, 0.592, -1.98, 0.0]);
    assert_eq!(thousandths(&ever), [52.32, 5.554, 1.251, -1.82, 0.0]);
}

/// Who is worth less than nothing is no longer mailed: all others gain.
#[test]
fn stopping_earlier_is_worth_more() {
    let want = &json("lifetime_value.json")["recency"];
    let model = recency(&[0.3, 0.2, 0.15]);
    let rate = DiscountRate::annual(0.2).unwrap();
    let margins = [36.0, -4.0, -4.0, 0.0];
    let ever = model.lifetime_values(&margins, Horizon::FOREVER, rate, FirstMargin::Now).unwrap();
    assert_values(&ever, &want["shorter"]);
    for (state, &later) in ever[..3].iter().enumerate() {
        assert!(later > number(&want["ever"][state]));
    }
}

/// Rust, Lemon and Zeithaml (2004), Journal of Marketing 68(1), 109–127: a purchase of 45 at 40 % every 2/5 of a year,
/// among three brands.
#[test]
fn brand_switching() {
    let rows = vec![vec![0.7, 0.2, 0.1], vec![0.25, 0.6, 0.15], vec![0.1, 0.3, 0.6]];
    let often = Horizon::years(0.4).unwrap();
    let model = MigrationModel::new(often, TransitionMatrix::new(rows).unwrap()).unwrap();
    let two = Horizon::years(2.0).unwrap();
    let rate = DiscountRate::annual(0.12).unwrap();
    let (start, margins) = ([0.5, 0.3, 0.2], [45.0 * 0.4, 0.0, 0.0]);
    let got = model.expected_lifetime_value(&start, &margins, two, rate, FirstMargin::Now).unwrap();
    assert_close(got, number(&json("lifetime_value.json")["brands"]), 1e-14, "ours");
}
