//! The shipped file, against what an independent script computes of it in exact and 25-digit arithmetic.

use serde_json::Value;

use crate::support::{json as fixture, relative_error};
use crate::{json, run};

/// How closely a number must agree: the estimates are within 1e-10 of the optimum, and what follows from them
/// within a small multiple.
fn tolerance(path: &str) -> f64 {
    match path {
        _ if path.contains("log_likelihood") => 1e-11,
        _ if path.contains("parameters") || path.contains("standard_errors") => 1e-8,
        _ if path.contains("age") || path.contains("recency") => 1e-15,
        _ => 1e-9,
    }
}

fn assert_agrees(got: &Value, want: &Value, path: &str) {
    match (got, want) {
        (Value::Object(_), Value::Object(fields)) => {
            for (name, want) in fields {
                assert_agrees(&got[name], want, &format!("{path}.{name}"));
            }
            assert_eq!(got.as_object().unwrap().len(), fields.len(), "fields of {path}");
        }
        (Value::Array(got), Value::Array(want)) => {
            assert_eq!(got.len(), want.len(), "{path}");
            for (i, (got, want)) in got.iter().zip(want).enumerate() {
                assert_agrees(got, want, &format!("{path}[{i}]"));
            }
        }
        (Value::Number(got), Value::Number(want)) if want.is_f64() => {
            let (got, want) = (got.as_f64().unwrap(), want.as_f64().unwrap());
            let error = relative_error(got, want);
            assert!(error <= tolerance(path), "{path}: {got} is not {want}, {error:e}");
        }
        _ => assert_eq!(got, want, "{path}"),
    }
}

#[test]
fn golden_numbers_of_the_shipped_file() {
    let report = json(&[]);
    let expected = fixture("customer_report/cdnow.json");
    for (section, want) in expected.as_object().unwrap() {
        assert_agrees(&report[section], want, section);
    }
    let sections: Vec<&String> = report.as_object().unwrap().keys().collect();
    // Settings are not in it, and the forecast is told in a file of its own.
    assert_eq!(sections.len(), expected.as_object().unwrap().len() + 2);
    assert_eq!(report["settings"]["split"], "1997-09-30");
    assert_eq!(report["settings"]["lost_after"], 180);
    assert_eq!(report["settings"]["cuts"].as_array().unwrap().len(), 4);
}

/// The keys in the order in which they are promised.
#[test]
fn golden_order_of_the_sections() {
    let text = String::from_utf8(run(&["--json"]).stdout).unwrap();
    let keys = ["settings", "base", "pyramid", "concentration", "segments"];
    let rest = [
        "whale_curve",
        "purchases",
        "spend",
        "holdout",
        "forecast",
        "customers",
        "retention",
        "churn_cost",
        "warnings",
    ];
    let mut from = 0;
    for key in keys.into_iter().chain(rest) {
        let at = text[from..].find(&format!("\n  \"{key}\": ")).unwrap_or_else(|| panic!("{key}"));
        from += at + 1;
    }
}

/// The text says the same numbers, in words.
#[test]
fn golden_text() {
    let output = run(&[]);
    assert!(output.status.success() && output.stderr.is_empty());
    let text = String::from_utf8(output.stdout).unwrap();
    for told in [
        "244,091.94",
        "important         24       35,525.16",
        "The best 20 % of the customers bring 67.4 % of the revenue.",
        "alpha               4.4136            0.3782",
        "1,653.4",
        "everybody repeats the last period                    2,457.0   0.897   1.971      12.5 %",
        "7 or more                             64       6.157     6.359",
        "The 10 % with the highest forecasts made 46.9 % of the purchases",
        "lost revenue, a year                                113,067.82",
        "no purchase for 180 days or more",
        "1997-01-01   781 100  16  12   9",
        "Half of the customers count as lost 180 days after",
    ] {
        assert!(text.contains(told), "{told:?} is not in the report");
    }
    let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 100, "{widest} columns");
}

/// The months of the horizon, the discount and the margin reach the values.
#[test]
fn settings_reach_the_values() {
    let first = |report: &Value| report["customers"][0]["lifetime_value"].as_f64().unwrap();
    let plain = first(&json(&["--annual-discount", "0"]));
    let tenth = first(&json(&["--annual-discount", "0", "--margin", "0.1"]));
    assert!(relative_error(tenth, 0.1 * plain) < 1e-14);
    assert!(first(&json(&["--annual-discount", "0.5"])) < plain);
    assert!(first(&json(&["--annual-discount", "0", "--horizon-months", "24"])) > plain);
    let none = json(&["--horizon-months", "0"]);
    assert_eq!(none["customers"][0]["lifetime_value"].as_f64(), Some(0.0));
    // P(alive) does not know the unit; the parameters do.
    let (weeks, days) = (json(&[]), json(&["--unit", "day"]));
    let alive = |report: &Value| report["customers"][0]["probability_alive"].as_f64().unwrap();
    assert!(relative_error(alive(&days), alive(&weeks)) < 1e-8);
    let alpha = |report: &Value| report["purchases"]["parameters"]["alpha"].as_f64().unwrap();
    assert!(relative_error(alpha(&days), 7.0 * alpha(&weeks)) < 1e-8);
}
