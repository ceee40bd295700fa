//! Fader and Hardie (2010), "Customer-Base Valuation in a Contractual Setting: The Perils of Ignoring Heterogeneity",
//! Marketing Science 29(1), 85–93.

use goodwill::lifetime::{RetentionModel, Sbg};
use goodwill::{DiscountRate, Horizon, TimeUnit};
use serde_json::Value;

use crate::purchase_model::GridError;
use crate::support::{json, number, relative_error};

/// At the estimates that the guide of 2014 prints for the cohort 1,000 → 631 → 468 → 382 → 326, and 10 %: equations
/// (6) and (8), and the two elasticities.
#[test]
fn values_of_the_published_cohort() {
    let model = Sbg::new(TimeUnit::Year, 0.7637, 1.2958).unwrap();
    let rate = DiscountRate::annual(0.1).unwrap();
    let new = model.discounted_lifetime(Horizon::FOREVER, rate).unwrap();
    assert!((new - 3.62099).abs() < 5e-6, "{new}");
    let residual = [2.88309, 3.94051, 4.67646, 5.23609, 5.68365];
    for (renewals, want) in residual.into_iter().enumerate() {
        let got = model.discounted_residual_lifetime(renewals as u32, Horizon::FOREVER, rate);
        let got = got.unwrap();
        assert!((got - want).abs() < 5e-6, "{got} is not {want}");
    }
    let mean = model.mean_elasticity_of_residual_lifetime(0, rate).unwrap();
    assert!((mean - 3.6210).abs() < 5e-5, "{mean}");
    let of_mean = model.elasticity_of_expected_residual_lifetime(0, rate).unwrap();
    assert!((of_mean - 6.2474).abs() < 5e-5, "{of_mean}");
}

/// DEL and DERL over the whole grid, to 1e-10.
#[test]
fn lifetimes_over_the_grid() {
    let errors = grid_errors();
    for GridError { row, error, .. } in &errors {
        assert!(*error <= 1e-10, "{row}: relative error {error:e}");
    }
    assert_eq!(errors.iter().filter(|own| own.quantity == "DERL").count(), 135);
}

pub(crate) fn grid_errors() -> Vec<GridError> {
    let mut errors = Vec::new();
    let mut push = |quantity: &str, row: String, got: f64, want: &Value| {
        let error = relative_error(got, number(want));
        errors.push(GridError { quantity: quantity.to_owned(), row, error });
    };
    for row in json("values/sbg.json")["values"].as_array().unwrap() {
        if row["d"].is_null() {
            continue;
        }
        let model = Sbg::new(TimeUnit::Year, number(&row["alpha"]), number(&row["beta"])).unwrap();
        let rate = DiscountRate::annual(number(&row["d"])).unwrap();
        let got = model.discounted_lifetime(Horizon::FOREVER, rate).unwrap();
        push("DEL", format!("DEL of {model:?}"), got, &row["DEL"]);
        for (n, want) in row["DERL"].as_object().unwrap() {
            let renewals = n.parse::<u32>().unwrap() - 1;
            let got = model.discounted_residual_lifetime(renewals, Horizon::FOREVER, rate);
            push("DERL", format!("DERL({n}) of {model:?}"), got.unwrap(), want);
        }
    }
    errors
}
