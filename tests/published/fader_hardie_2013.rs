//! Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary Value", note 025.

use goodwill::lifetime::{SpendIndependence, Verdict};
use goodwill::{Error, ErrorKind, Fit, GammaGamma, Probability, Spend, SpendModel, Spends};
use serde_json::Value;

use crate::assert_exact_fit;
use crate::purchase_model::GridError;
use crate::support::{assert_close, cdnow, cdnow_split, json, number, relative_error, rows};

/// The authors' spreadsheet at p 6.25, q 3.74, v 15.44: the mean of the population and ten customers.
#[test]
fn expected_spend_of_the_spreadsheet() {
    let model = GammaGamma::new(6.25, 3.74, 15.44).unwrap();
    assert!((model.expected_spend_of_newcomer().unwrap() - 35.2190).abs() < 5e-5);
    let printed = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17];
    let model = *fit_published().model();
    for (spend, want) in published_spends().iter().zip(printed) {
        let got = model.expected_spend(&spend).unwrap();
        assert!((got - want).abs() < 0.02, "{got} is printed as {want}");
    }
}

fn published_spends() -> Spends {
    let rows = rows("cdnow_customers_monetary.csv");
    let frequency: Vec<u32> = rows.iter().map(|row| row[1] as u32).collect();
    let mean: Vec<f64> = rows.iter().map(|row| row[4]).collect();
    Spends::new(&frequency, &mean).unwrap()
}

fn fit_published() -> Fit<GammaGamma> {
    GammaGamma::fit(&published_spends()).unwrap()
}

fn assert_exact(fit: &Fit<GammaGamma>, entry: &str) {
    assert_exact_fit(fit, &fit.model().parameters(), entry);
}

#[test]
fn exact_estimates_on_the_published_summary() {
    assert_exact(&fit_published(), "gammagamma_cdnow_pub");
}

#[test]
fn exact_estimates_on_the_purchase_log() {
    let spends = cdnow().until(cdnow_split()).spends(cdnow_split()).unwrap();
    let fit = GammaGamma::fit(&spends).unwrap();
    assert_exact(&fit, "gammagamma_cdnow_exactdays");
    assert_eq!(fit.left_out(), 2_357 - 946);
}

/// By hand: x 1, 2, 3, 4 and m 1, 3, 2, 6 have Σ(x − x̄)(m − m̄) = 7, squares 5 and 14, r = 7/√70.
#[test]
fn spend_and_frequency() {
    let level = Probability::constant(0.95);
    let spends = Spends::new(&[1, 2, 3, 4, 0], &[1.0, 3.0, 2.0, 6.0, 0.0]).unwrap();
    let test = SpendIndependence::test(&spends, 0.3, level).unwrap();
    let r = 7.0 / 70.0_f64.sqrt();
    assert_close(test.correlation.value(), r, 1e-15, "r");
    assert_close(
        test.correlation.upper(),
        (r.atanh() + 1.959_963_984_540_054).tanh(),
        1e-14,
        "upper",
    );
    assert_eq!((test.customers, test.verdict), (4, Verdict::Open));
    // CDNOW: the authors print 0.11 (0.06 without one customer).
    let published = SpendIndependence::test(&published_spends(), 0.3, level).unwrap();
    assert_eq!(format!("{:.2}", published.correlation.value()), "0.11");
    assert_eq!((published.customers, published.verdict), (946, Verdict::Holds));
}

/// What is defined on the grid, with its errors.
pub(crate) fn grid_errors() -> Vec<GridError> {
    let reference = json("values/gammagamma.json");
    let mut errors = Vec::new();
    for (name, set) in reference["sets"].as_object().unwrap() {
        let model = model_of(set);
        for row in set["rows"].as_array().unwrap().iter().filter(|row| row["mp"] != "undefined") {
            let got = quantity(&model, row).unwrap();
            errors.push(GridError {
                quantity: row["quantity"].as_str().unwrap().to_owned(),
                row: format!("{name} {row}: {got}"),
                error: relative_error(got, number(&row["mp"])),
            });
        }
    }
    errors
}

/// The model of a set of the grid.
fn model_of(set: &Value) -> GammaGamma {
    let [p, q, v] = ["p", "q", "v"].map(|parameter| number(&set["params"][parameter]));
    GammaGamma::new(p, q, v).unwrap()
}

fn quantity(model: &GammaGamma, row: &Value) -> goodwill::Result<f64> {
    // The mean of a customer without a repeat purchase is not read.
    let spend = match row["x"].as_f64().unwrap_or(0.0) as u32 {
        0 => Spend::UNKNOWN,
        x => Spend::new(x, number(&row["m"])).unwrap(),
    };
    match row["quantity"].as_str().unwrap() {
        "cond_avg_value" => model.expected_spend(&spend),
        "population_mean" => model.expected_spend_of_newcomer(),
        _ => model.log_likelihood(&[spend].into_iter().collect()),
    }
}

/// Every closed form over the whole grid of four parameter sets, to 1e-10.
#[test]
fn closed_forms_over_the_grid() {
    let reference = json("values/gammagamma.json");
    let mut seen = 0;
    for (name, set) in reference["sets"].as_object().unwrap() {
        let model = model_of(set);
        for row in set["rows"].as_array().unwrap() {
            let got = quantity(&model, row);
            seen += 1;
            if row["mp"] == "undefined" {
                let kind = got.as_ref().map_err(Error::kind);
                assert!(matches!(kind, Err(ErrorKind::Undefined { .. })), "{name} {row}: {got:?}");
                continue;
            }
            let error = relative_error(got.unwrap(), number(&row["mp"]));
            // The population mean divides by q − 1: the double nearest to q = 1.0000001 moves it by 6e-10,
            // which no computation from that double can know.
            let q = model.q();
            let newcomer = row["x"].as_f64().unwrap_or(0.0) <= 0.0;
            let input = if newcomer { 0.5 * f64::EPSILON * q / (q - 1.0).abs() } else { 0.0 };
            assert!(error <= 1e-10 + input, "{name} {row}: relative error {error:e}");
        }
    }
    assert_eq!(seen, 388);
}
