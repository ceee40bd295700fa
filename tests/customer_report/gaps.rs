//! What cannot be computed: the report goes on, and every null has its warning.

use serde_json::Value;

use crate::{customer, file, json, text};

/// The shipped file, to which rows can be added.
const CDNOW: &str = include_str!("../../examples/data/cdnow.csv");

fn warnings(report: &Value) -> Vec<&str> {
    report["warnings"].as_array().unwrap().iter().map(|own| own.as_str().unwrap()).collect()
}

#[test]
fn one_customer_is_a_report_without_models() {
    let path = file("customer,date,amount\nann,2024-01-05,10\n");
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
    assert!(
        warnings[2].ends_with("by 2024-01-05, nobody had repeat purchases that cost more than 0")
    );
    assert_eq!(warnings.len(), 3);
    let text = text(&[&path]);
    assert!(text.contains("Cannot be computed: the data do not identify"));
    assert!(text.contains("WHAT LOSING CUSTOMERS COSTS"));
}

#[test]
fn customers_with_refunds_only_are_in_the_base_and_in_no_model() {
    let path = file(format!("{CDNOW}refunder,1997-08-01,-20.00\n"));
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
    assert!(
        warnings[1].ends_with(": 1 customer with refunds but no purchase: unknown to the models")
    );
    assert_eq!(warnings.len(), 2);
}

#[test]
fn a_base_of_refunds_has_no_shares() {
    let path = file("customer,date,amount\nann,2024-01-05,-10\nbob,2024-01-06,-5\n");
    let report = json(&[&path]);
    assert_eq!(
        (&report["base"]["occasions"], &report["base"]["revenue"]),
        (&0.into(), &"-15".into())
    );
    assert_eq!(report["pyramid"][3]["share_of_value"], Value::Null);
    assert_eq!(report["churn_cost"]["lost_customers"], 0); // who never bought is not lost
    let warnings = warnings(&report);
    let said = |warning: &str| assert!(warnings.contains(&warning), "{warnings:#?}");
    said(
        "pyramid[].share_of_value: all customers together bring -15, so there is nothing to share",
    );
    assert!(warnings.iter().any(|own| own.ends_with(": nobody had bought by 2024-01-06")));
    assert!(warnings.iter().any(|own| own.contains(": 2 customers with refunds but no purchase")));
    assert!(text(&[&path]).contains("Cannot be computed: all customers together bring -15"));
}

#[test]
fn refunds_that_eat_the_revenue_leave_the_rest_of_the_report() {
    let path = file(format!("{CDNOW}1,1998-06-30,-250000\n"));
    let report = json(&[&path, "--split", "1997-09-30"]);
    assert_eq!(report["base"]["revenue"], "-5908.06");
    assert_eq!(report["pyramid"][0]["share_of_value"], Value::Null);
    assert_eq!(report["pyramid"][0]["mean"].as_f64().map(f64::round), Some(1480.0));
    // The refund has not happened yet when the models look.
    let whole = json(&[]);
    assert_eq!(report["purchases"], whole["purchases"]);
    assert_eq!(report["holdout"], whole["holdout"]);
    assert_eq!(customer(&report, "1")["lifetime_value"], customer(&whole, "1")["lifetime_value"]);
    assert_eq!(customer(&report, "1")["tier"], "small");
}

#[test]
fn newcomers_after_the_split_have_a_tier_and_no_score() {
    let path = file(format!(
        "{CDNOW}new,1997-10-01,5000\nnewer,1998-01-01,1\nnew,1998-02-01,1\nback,1997-03-01,-1\nback,1998-03-01,9\n"
    ));
    let report = json(&[&path, "--split", "1997-09-30"]);
    assert_eq!(report["holdout"]["newcomers"], 3); // "back" had a refund before, and no purchase
    assert_eq!(report["holdout"]["actual_purchases"], 1882);
    assert_eq!(report["purchases"]["customers"], 2357);
    let own = customer(&report, "new");
    assert_eq!((&own["tier"], &own["frequency"]), (&"important".into(), &Value::Null));
    assert_eq!(
        warnings(&report),
        ["customers[].frequency, customers[].recency, customers[].age, customers[].mean_spend, \
          customers[].probability_alive, customers[].expected_purchases, customers[].expected_spend, \
          customers[].lifetime_value: 3 customers first bought after the split 1997-09-30: unknown to the \
          models"]
    );
}

#[test]
fn a_split_before_everything_leaves_only_newcomers() {
    let path = file("customer,date,amount\nann,2024-01-05,10\nbob,2024-02-05,10\n");
    let report = json(&[&path, "--split", "2023-01-01"]);
    assert_eq!(report["holdout"]["newcomers"], 2);
    assert_eq!(report["holdout"]["expected_purchases"], Value::Null);
    assert!(text(&[&path, "--split", "2023-01-01"]).contains("nobody had bought by 2023-01-01"));
}

#[test]
fn repeat_purchases_that_cost_nothing_have_no_expected_spend() {
    let free = "free,1997-01-01,5\nfree,1997-02-01,0\nback,1997-01-01,9\nback,1997-02-01,1\nback,1997-02-01,-3\n";
    let path = file(format!("{CDNOW}{free}"));
    let report = json(&[&path, "--split", "1997-09-30"]);
    assert_eq!(
        (&report["purchases"]["customers"], &report["spend"]["customers"]),
        (&2359.into(), &946.into())
    );
    for (id, mean) in [("free", 0.0), ("back", -2.0)] {
        let own = customer(&report, id);
        assert_eq!((&own["mean_spend"], &own["frequency"]), (&mean.into(), &1.into()));
        assert!(own["expected_purchases"].is_f64() && own["expected_spend"].is_null());
        assert!(own["lifetime_value"].is_null());
    }
    assert_eq!(
        warnings(&report),
        [
            "customers[].expected_spend, customers[].lifetime_value: 2 customers without an expected spend; \
          the first: expected spend is undefined: the mean repeat spend is -2, and the model is of amounts \
          above 0"
        ]
    );
}

/// Whatever the file, each report is complete in words and in JSON (`json` checks the nulls).
#[test]
fn odd_files_have_reports() {
    let header = "customer,date,amount\n";
    let rows = |of: &dyn Fn(u32) -> String| (0..60).map(of).collect::<String>();
    let day = |i: u32| format!("2024-{:02}-{:02}", 1 + i / 28, 1 + i % 28);
    let cases: [(&str, String); 9] = [
        ("zeros", rows(&|i| format!("c{},{},0\n", i % 9, day(i)))),
        ("same_day", rows(&|i| format!("c{},2024-01-01,{i}\n", i % 9))),
        ("one_each", rows(&|i| format!("c{i},{},{i}\n", day(i)))),
        ("equal_spend", rows(&|i| format!("c{},{},10\n", i % 7, day(i * 5 % 56)))),
        ("heavy_tail", rows(&|i| format!("c{},{},1e{}\n", i % 11, day(i), i % 11))),
        ("huge", rows(&|i| format!("c{},{},{}000000000000000000000\n", i % 5, day(i), i + 1))),
        ("tiny", rows(&|i| format!("c{},{},{}e-28\n", i % 5, day(i), i + 1))),
        ("ends_of_time", "a,-9999-01-01,1\na,9999-12-31,2\nb,0001-01-01,3\n".to_owned()),
        (
            "all_kinds",
            "a,2024-01-01,1\nb,2024-01-01,-1\na,2024-01-09,0\nc,2024-02-01,7\n".to_owned(),
        ),
    ];
    for (name, rows) in cases {
        let path = file(format!("{header}{rows}"));
        for arguments in [
            &["--cuts", "1,19,30,50"][..],
            &["--split", "2024-01-20", "--as-of", "2024-03-01"],
            &["--as-of", "2024-01-15"],
        ] {
            let arguments = [&[path.as_str()], arguments].concat();
            json(&arguments);
            assert!(text(&arguments).contains("\nWARNINGS\n"), "{name}");
        }
    }
}
