//! Fader, Hardie and Lee (2005), "RFM and CLV: Using Iso-Value Curves for Customer Base Analysis", Journal of
//! Marketing Research 42(4), 415–430: discounted expected residual transactions of Pareto/NBD.

use goodwill::{DiscountRate, History, Horizon, ParetoNbd, PurchaseModel, TimeUnit};

use crate::support::{assert_close, json, number};

/// The paper's 15 % a year is .0027 a week, continuously.
#[test]
fn rate_of_the_paper() {
    let delta = DiscountRate::annual(0.15).unwrap().continuous_per(TimeUnit::Week);
    assert!((delta - 0.0027).abs() < 5e-5, "{delta}");
}

/// The printed form, with Tricomi's U, at whole s too, where it is a limit; and its part up to a horizon.
#[test]
fn discounted_expected_residual_transactions() {
    let newcomer = History::new(TimeUnit::Week, 0, 0.0, 0.0).unwrap();
    for set in json("pareto_nbd.json").as_array().unwrap() {
        let [r, alpha, s, beta] = [0, 1, 2, 3].map(|i| number(&set["params"][i]));
        let model = ParetoNbd::new(TimeUnit::Week, r, alpha, s, beta).unwrap();
        for row in set["discounted"].as_array().unwrap() {
            let rate = DiscountRate::new(number(&row["delta"]).exp_m1(), TimeUnit::Week).unwrap();
            let value = |horizon| model.discounted_purchases(&newcomer, horizon, rate).unwrap();
            let until = Horizon::weeks(number(&row["t"])).unwrap();
            assert_close(value(Horizon::FOREVER), number(&row["ever"]), 1e-12, "for ever");
            assert_close(value(until), number(&row["until"]), 1e-12, "until a horizon");
        }
    }
}
