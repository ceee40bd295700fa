//! The forecast of the base: the shipped file against `forecast.json`, and what it obeys.

use serde_json::Value;

use crate::support::{json as fixture, number, path, relative_error};
use crate::{file, json, text};

/// The quarters, then all of the horizon.
fn lines<'a>(report: &'a Value, of: &str) -> Vec<&'a Value> {
    let forecast = &report["forecast"][of];
    forecast["periods"].as_array().unwrap().iter().chain([&forecast["whole"]]).collect()
}

/// What is expected agrees to eight digits; the ends of what will be counted within the error of two quantiles, each of
/// its own futures.
#[track_caller]
fn assert_outcome(got: &Value, want: &Value, what: &str) {
    let (expected, counted) = (&got["expected"], &got["counted"]);
    assert_eq!((&expected["kind"], &counted["kind"]), (&"confidence".into(), &"prediction".into()));
    assert_eq!(expected["value"], counted["value"]);
    for (name, place) in [("value", 0), ("lower", 1), ("upper", 2)] {
        let error = relative_error(number(&expected[name]), number(&want["expected"][place]));
        assert!(error < 1e-8, "{what}, {name}: {error:e}");
    }
    assert_counted(counted, want, what);
}

#[track_caller]
fn assert_counted(counted: &Value, want: &Value, what: &str) {
    let ends = [number(&want["counted"][0]), number(&want["counted"][1])];
    let sigma = (ends[1] - ends[0]) / (2.0 * 1.96);
    // A quantile of 2.5 per cent of D futures has a standard error of 2.67·σ/√D; four of those, of 399 and 999.
    let slack = 4.0 * 2.67 * sigma * (1.0 / 399.0 + 1.0 / 999.0_f64).sqrt();
    for (name, end) in [("lower", ends[0]), ("upper", ends[1])] {
        let got = number(&counted[name]);
        assert!((got - end).abs() < slack, "{what}, {name}: {got} is not {end} ± {slack}");
    }
}

#[test]
fn forecast_of_the_shipped_file() {
    let (report, want) = (json(&[]), fixture("customer_report/forecast.json"));
    for of in ["purchases", "revenue"] {
        let got = lines(&report, of);
        assert_eq!(got.len(), 5);
        for (line, want) in got.into_iter().zip(want[of].as_array().unwrap()) {
            assert_outcome(&line["total"], want, of);
            assert_eq!(line["total"], line["by_known"]);
            assert_eq!(line["newcomers"], 0);
            assert_eq!(line["by_newcomers"]["counted"]["upper"], 0.0);
        }
    }
    // All of it is what is expected of the customers, one by one.
    let customers = report["customers"].as_array().unwrap();
    let sum: f64 = customers.iter().map(|own| number(&own["expected_purchases"])).sum();
    let whole = &report["forecast"]["purchases"]["whole"]["total"]["expected"]["value"];
    assert!(relative_error(number(whole), sum) < 1e-12);
    let forecast = &report["forecast"];
    assert_eq!(forecast["from"], "1997-09-30");
    let until = ["1997-12-31", "1998-04-01", "1998-07-01", "1998-10-01"];
    assert_eq!(forecast["until"], Value::from(until.to_vec()));
    // The holdout is reported as it is: too few were predicted.
    let tested = &forecast["holdout"];
    assert_counted(&tested["predicted"], &want["holdout"], "holdout");
    assert_eq!(tested["actual"], report["holdout"]["actual_purchases"]);
    assert_eq!(tested["held"], false);
}

/// The text says the same numbers, and the page that explains them too.
#[test]
fn forecast_in_words() {
    let report = text(&[]);
    let told = ["WHAT THE BASE WILL DO", "sure to lie in", "1,882 were counted, outside"];
    for told in told {
        assert!(report.contains(told), "{told:?} is not in the report");
    }
    let page = std::fs::read_to_string(path("docs/INTERVALS.md")).unwrap();
    let from = report.find("  purchases                 expected").unwrap();
    let rows: Vec<&str> = report[from..].lines().skip(1).take(5).collect();
    for row in rows {
        // Two blanks or more part the columns.
        let cells: Vec<&str> =
            row.split("  ").map(str::trim).filter(|own| !own.is_empty()).collect();
        assert_eq!(cells.len(), 4, "{row}");
        let row = format!("| {} |", cells.join(" | "));
        assert!(page.contains(&row), "docs/INTERVALS.md shall say {row}");
    }
    let tested = report.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(tested.contains("1,469 to 1,862 repeat purchases were predicted"), "{tested}");
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(page.contains("1,469 to 1,862 repeat purchases were predicted"));
}

#[test]
fn planned_newcomers_come_apart() {
    let (plain, planned) = (json(&[]), json(&["--newcomers", "500"]));
    for of in ["purchases", "revenue"] {
        for (line, alone) in lines(&planned, of).into_iter().zip(lines(&plain, of)) {
            assert_eq!(line["by_known"], alone["by_known"]);
            let value = |part: &str| number(&line[part]["expected"]["value"]);
            // As far as JSON is read.
            let parts = value("by_known") + value("by_newcomers");
            assert!(relative_error(value("total"), parts) < 1e-15);
        }
    }
    let whole = &planned["forecast"]["purchases"]["whole"];
    assert_eq!(whole["newcomers"], 2_000);
    assert!(number(&whole["by_newcomers"]["counted"]["lower"]) > 2_000.0);
    assert!(text(&["--newcomers", "500"]).contains("2,000 newcomers"));
}

#[test]
fn what_cannot_be_forecast_says_why() {
    let none = json(&["--horizon-months", "0"]);
    let whole = &none["forecast"]["revenue"]["whole"]["total"];
    assert_eq!([&whole["expected"]["upper"], &whole["counted"]["upper"]], [&Value::from(0.0); 2]);
    let one = file("customer,date,amount\nann,2024-01-01,5\n");
    let report = json(&[&one]);
    assert_eq!(report["forecast"], Value::Null);
    let warnings = report["warnings"].to_string();
    assert!(warnings.contains("forecast, purchases.standard_errors"), "{warnings}");
    assert!(text(&[&one]).contains("WHAT THE BASE WILL DO"));
    // Purchases that cost nothing say nothing of spend.
    let mut rows = std::fs::read_to_string(path("examples/data/cdnow.csv")).unwrap();
    rows.push_str("zero,1997-01-02,5\nzero,1997-02-02,0\n");
    let rows = file(rows);
    let report = json(&[&rows, "--split", "1997-09-30"]);
    assert_eq!(report["forecast"]["spend_like_newcomers"], 1);
    let revenue = &report["forecast"]["revenue"]["whole"]["total"]["counted"];
    assert!(number(&revenue["lower"]) > 60_000.0, "{revenue}");
    assert!(text(&[&rows]).contains("The revenue takes 1 customer, whose repeat purchases cost 0"));
}
