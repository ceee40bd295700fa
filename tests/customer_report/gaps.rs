//! What cannot be computed: the report goes on, and every null has its warning.

use serde_json::Value;

use crate::{customer, file, json, text};

/// Fails on a null that no warning names, but for those that are null by definition: `settings.split` and
/// `holdout` without a split, a customer's `mean_spend` without a repeat purchase.
pub(crate) fn every_null_has_its_warning(report: &Value) {
    let mut explained: Vec<&str> = Vec::new();
    for warning in report["warnings"].as_array().unwrap() {
        let warning = warning.as_str().unwrap();
        explained.extend(warning.split(": ").next().unwrap().split(", "));
    }
    if report["settings"]["split"].is_null() {
        explained.extend(["settings.split", "holdout"]);
    }
    visit("", report, &mut |path, owner| {
        let by_definition = path == "customers[].mean_spend" && owner["frequency"] == 0;
        assert!(by_definition || explained.contains(&path), "{path} is null without a warning");
    });
}

/// Calls `found` with the path of every null and the object it is in.
fn visit(path: &str, value: &Value, found: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let own = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if field.is_null() {
                    found(&own, value);
                }
                visit(&own, field, found);
            }
        }
        Value::Array(elements) => {
            let own = format!("{path}[]");
            elements.iter().for_each(|element| visit(&own, element, found));
        }
        _ => {}
    }
}

fn warnings(report: &Value) -> Vec<&str> {
    report["warnings"].as_array().unwrap().iter().map(|own| own.as_str().unwrap()).collect()
}

#[test]
fn one_customer_is_a_report_without_models() {
    let path = file("one.csv", "customer,date,amount\nann,2024-01-05,10\n");
    let report = json(&[&path]);
    assert_eq!(report["purchases"]["parameters"], Value::Null);
    assert_eq!(report["purchases"]["customers"], 1);
    assert_eq!(report["customers"][0]["frequency"], 0);
    assert_eq!(report["customers"][0]["tier"], "ordinary");
    let warnings = warnings(&report);
    assert_eq!(
        warnings[0],
        "pyramid[].mean, pyramid[].cutoff: no customer is in these tiers: important, secondary, small"
    );
    assert!(warnings[1].starts_with("purchases.parameters, "));
    assert!(warnings[2].ends_with("by 2024-01-05, nobody had repeat purchases that cost more than 0"));
    assert_eq!(warnings.len(), 3);
    let text = text(&[&path]);
    assert!(text.contains("Cannot be computed: the data do not identify"));
    assert!(text.contains("WHAT LOSING CUSTOMERS COSTS"));
}

#[test]
fn customers_with_refunds_only_are_in_the_base_and_in_no_model() {
    let (cdnow, _) = cdnow();
    let path = file("refund_only.csv", format!("{cdnow}refunder,1997-08-01,-20.00\n"));
    let report = json(&[&path, "--split", "1997-09-30"]);
    assert_eq!(report["base"]["customers"], 2358);
    assert_eq!(report["base"]["refunds"], "-20");
    assert_eq!(report["base"]["revenue"], "244071.94");
    let own = customer(&report, "refunder");
    assert_eq!((&own["frequency"], &own["lifetime_value"]), (&Value::Null, &Value::Null));
    assert_eq!(own["tier"], "small");
    assert_eq!(report["purchases"]["customers"], 2357);
    // A loss makes shares of concentration meaningless, and nothing else.
    assert_eq!(report["concentration"]["gini"], Value::Null);
    assert!(report["pyramid"][0]["share_of_value"].is_f64());
    let warnings = warnings(&report);
    assert!(warnings[0].contains("concentration.gini"), "{warnings:?}");
    assert!(warnings[1].ends_with(": 1 customer with refunds but no purchase: unknown to the models"));
    assert_eq!(warnings.len(), 2);
}

/// The shipped file's content, and nobody's business.
fn cdnow() -> (String, ()) {
    (include_str!("../../examples/data/cdnow.csv").to_owned(), ())
}
