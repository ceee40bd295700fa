//! Berger and Nasr (1998), "Customer lifetime value: marketing models and applications", Journal of Interactive
//! Marketing 12(1), 17–30: the five cases, against explicit sums and integrals at high precision.

use goodwill::lifetime::{MigrationModel, ProfitCurve, PurchaseCycle};
use goodwill::{DiscountRate, FirstMargin, Horizon, Probability, TimeUnit};
use serde_json::Value;

use crate::support::{assert_close, json, number};

fn years(value: &Value) -> Horizon {
    if value.is_null() { Horizon::FOREVER } else { Horizon::years(number(value)).unwrap() }
}

fn annual(value: &Value) -> DiscountRate {
    DiscountRate::annual(number(value)).unwrap()
}

/// Cases 1, 2a and 2b. The first has the inputs of the paper's example: 260 and 50 a year, 75 % stay, 20 %, ten years.
/// Its value, 568.78, is that of the script; the print of the paper was not at hand.
#[test]
fn purchase_cycles() {
    let all = json("lifetime_value.json");
    let cases = all["cycles"].as_array().unwrap();
    assert_eq!(cases.len(), 7);
    for case in cases {
        let retention = Probability::new(number(&case["r"])).unwrap();
        let cycle = PurchaseCycle::new(years(&case["c"]), number(&case["gc"]), retention).unwrap();
        let cycle = cycle.promoted(years(&case["s"]), number(&case["m"])).unwrap();
        let (horizon, rate) = (years(&case["n"]), annual(&case["d"]));
        let value = cycle.lifetime_value(horizon, rate).unwrap();
        assert_close(value, number(&case["value"]), 1e-14, &case.to_string());
        let less = cycle.lifetime_value_less_acquisition(100.0, horizon, rate).unwrap();
        assert_close(less, number(&case["value"]) - 100.0, 2e-14, "less acquisition");
    }
    assert_close(number(&cases[0]["value"]), 568.78, 1e-5, "the example, in cents");
}

/// Cases 3 and 4.
#[test]
fn profit_curves() {
    let all = json("lifetime_value.json");
    let cases = all["curves"].as_array().unwrap();
    assert_eq!(cases.len(), 22);
    for case in cases {
        let [v, h, n] = ["v", "h", "ceiling"].map(|name| number(&case[name]));
        let curve = ProfitCurve::new(TimeUnit::Year, v, h, number(&case["g"]) as u32, n).unwrap();
        let retention = Probability::new(number(&case["r"])).unwrap();
        let (horizon, rate) = (years(&case["n"]), annual(&case["d"]));
        let value = if case["continuous"] == true {
            curve.continuous_lifetime_value(retention, horizon, rate).unwrap()
        } else {
            curve.lifetime_value(retention, horizon, rate).unwrap()
        };
        assert_close(value, number(&case["value"]), 1e-13, &case.to_string());
    }
}

/// Case 5: Dwyer's recursion of customers by recency of purchase, as a chain. Contributions at the start of nine
/// years, promotion in the middle of eight to those who bought in the year.
#[test]
fn migration_by_recency() {
    let year = Horizon::years(1.0).unwrap();
    let again = [0.3, 0.2, 0.15, 0.05].map(Probability::constant);
    let model = MigrationModel::by_recency(year, &again).unwrap();
    let rate = DiscountRate::annual(0.2).unwrap();
    let value = |amount, length| {
        let margins = [amount, 0.0, 0.0, 0.0, 0.0];
        let horizon = Horizon::years(length).unwrap();
        model.lifetime_values(&margins, horizon, rate, FirstMargin::Now).unwrap()[0]
    };
    let got = value(40.0, 9.0) - value(4.0, 8.0) / 1.2_f64.sqrt();
    assert_close(got, number(&json("lifetime_value.json")["dwyer"]), 1e-14, "Dwyer's recursion");
}
