//! Files that are unusual and still have a report.

use serde_json::Value;

use crate::{file, json, run};

#[test]
fn spelling_of_a_file() {
    // A byte-order mark, a semicolon, columns in another order, bytes that are no UTF-8 in an unused column,
    // an exponent, spaces, a date with a time, rows without a customer.
    let text = b"\xef\xbb\xbfwhen;note;who;paid\n\
        2024-01-05 12:30:00;\xff\xfe;ann;1e+05\n\
        2024-02-05T08:00:00Z;x;bob; 2.50 \n\
        2024-03-05;x; ;7\n\
        2024-03-05;x;;seven\n";
    let file = file(text);
    let columns = ["--customer", "who", "--date", "when", "--amount", "paid", "--delimiter", ";"];
    let report = json(&[&[file.as_str()], columns.as_slice()].concat());
    let base = &report["base"];
    assert_eq!(base["revenue"], "100002.5");
    assert_eq!(
        (base["rows_read"].as_u64(), base["rows_without_customer"].as_u64()),
        (Some(4), Some(2))
    );
    assert_eq!(
        (&base["first"], &base["last"], &base["as_of"]),
        (&Value::from("2024-01-05"), &Value::from("2024-02-05"), &Value::from("2024-02-05"),)
    );
    assert_eq!(report["holdout"], Value::Null);
}

#[test]
fn a_product_of_two_columns_is_exact() {
    let text =
        "customer,date,Quantity,UnitPrice\nann,1/12/2010 8:26,3,0.1\nann,2/12/2010 8:26,-3,2.55\n";
    let file = file(text);
    let report =
        json(&[&file, "--amount", "Quantity*UnitPrice", "--date-format", "%d/%m/%Y %H:%M"]);
    assert_eq!(report["base"]["revenue"], "-7.35");
    assert_eq!(report["base"]["refunds"], "-7.65");
    assert_eq!(report["base"]["last"], "2010-12-02");
}

#[test]
fn rows_after_the_as_of_date_are_cut_and_counted() {
    let file = file("customer,date,amount\nann,2024-01-01,5\nann,2024-02-01,7\nbob,2024-03-01,9\n");
    let report = json(&[&file, "--as-of", "2024-02-10"]);
    assert_eq!(report["base"]["rows_after_as_of"], 1);
    assert_eq!(report["base"]["customers"], 1);
    assert_eq!(report["base"]["revenue"], "12");
}

#[test]
fn bad_rows_are_counted_where_asked() {
    let file = file(
        "customer,date,amount\nann,2024-01-01,5\nbob,never,5\ncat,2024-01-02,five\ndan,2024-01-03\n",
    );
    let report = json(&[&file, "--skip-bad-rows"]);
    assert_eq!(
        (&report["base"]["rows_skipped"], &report["base"]["customers"]),
        (&3.into(), &1.into())
    );
    let warnings = report["warnings"].to_string();
    assert!(warnings.contains("3 bad rows skipped") && warnings.contains("line 3"), "{warnings}");
}

#[test]
fn who_only_has_refunds_is_in_the_base_but_not_in_the_models() {
    let file = file("customer,date,amount\nann,2024-01-01,50\nbob,2024-01-02,-20\n");
    let report = json(&[&file, "--cuts", "50,50"]);
    assert_eq!(
        (&report["base"]["customers"], &report["base"]["revenue"]),
        (&2.into(), &"30".into())
    );
    let bob = &report["customers"][1];
    assert_eq!((&bob["frequency"], &bob["tier"]), (&Value::Null, &"tier 2".into()));
    // Shares of value are of the total, which is above 0; concentration is not of losses.
    assert_eq!(report["pyramid"][0]["share_of_value"].as_f64(), Some(50.0 / 30.0));
    assert_eq!(report["concentration"]["gini"], Value::Null);
    assert_eq!(report["churn_cost"]["lost_customers"], 0);
}

#[test]
fn a_total_below_0_leaves_gaps_with_their_reasons() {
    let file = file("customer,date,amount\nann,2024-01-01,-50\nbob,2024-01-02,-20\n");
    let report = json(&[&file]);
    assert_eq!(report["base"]["revenue"], "-70");
    assert_eq!(report["pyramid"][3]["share_of_value"], Value::Null);
    assert_eq!(report["purchases"]["parameters"], Value::Null);
    let text = String::from_utf8(run(&[&file]).stdout).unwrap();
    assert!(text.contains("nobody had bought by 2024-01-02"), "{text}");
}

#[test]
fn one_customer_is_too_few_for_a_fit_but_not_for_a_report() {
    let file =
        file("customer,date,amount\nann,2024-01-01,50\nann,2024-02-01,20\nann,2024-02-09,0\n");
    let report = json(&[&file]);
    assert_eq!(report["base"]["occasions"], 3);
    assert_eq!(report["customers"][0]["frequency"], 2);
    assert_eq!(report["customers"][0]["mean_spend"].as_f64(), Some(10.0));
    assert_eq!(report["purchases"]["log_likelihood"], Value::Null);
    // Half of one customer, rounded half up.
    assert_eq!(report["pyramid"][2]["customers"], 1);
}

#[test]
fn who_came_after_the_split_is_a_newcomer() {
    let file = file("customer,date,amount\nann,2024-01-01,5\nann,2024-03-01,7\nbob,2024-03-02,9\n");
    let report = json(&[&file, "--split", "2024-02-01"]);
    let holdout = &report["holdout"];
    assert_eq!(
        (&holdout["days"], &holdout["actual_purchases"], &holdout["newcomers"]),
        (&30.into(), &1.into(), &1.into(),)
    );
    assert_eq!(report["customers"][1]["age"], Value::Null);
    assert_eq!(report["customers"][0]["age"].as_f64(), Some(31.0 / 7.0));
}

/// Ids in byte order, whatever the order of the rows.
#[test]
fn customers_stand_in_byte_order() {
    let file = file(
        "customer,date,amount\n\u{e4},2024-01-01,1\nb,2024-01-01,1\nB,2024-01-01,1\n10,2024-01-01,1\n9,2024-01-01,1\n",
    );
    let report = json(&[&file]);
    let ids: Vec<&str> = report["customers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["10", "9", "B", "b", "\u{e4}"]);
}
