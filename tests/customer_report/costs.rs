//! Segments, and the whale curve of columns of costs.

use serde_json::json as value;

use crate::{file, json, refusal, text};

const LOG: &str = "customer,date,amount,goods,service\n\
    ann,2024-01-05,100.00,50.10,9.90\n\
    ann,2024-03-01,60.00,30.00,0\n\
    bob,2024-02-01,50.00,40.00,30.00\n\
    eve,2024-03-09,20.00,10.00,10.00\n\
    eve,2024-04-09,20.00,10.00,90.00\n";

#[test]
fn costs_make_a_whale_curve() {
    let log = file(LOG);
    let report = json(&[&log, "--cost", "goods", "--cost", "service", "--as-of", "2024-03-31"]);
    // Ann 160 − 90, Bob 50 − 70, Eve 20 − 20 before the last row, which lies after the day.
    let want = value!({
        "costs": "180", "profit": "50", "peak": "70", "losses": "-20", "profitable": 1,
        "loss_makers": 1, "peak_share": 1.4, "top_20_percent_share": 0.6 * 70.0 / 50.0,
        "cross_subsidy": 20.0 / 70.0
    });
    for (name, want) in want.as_object().unwrap() {
        let got = &report["whale_curve"][name];
        let is_near = got.as_f64().zip(want.as_f64()).is_some_and(|(a, b)| (a - b).abs() < 1e-15);
        assert!(got == want || is_near, "{name}: {got} is not {want}");
    }
    assert_eq!(report["settings"]["columns"]["costs"], value!(["goods", "service"]));
    let told = text(&[&log, "--cost", "goods", "--cost", "service", "--as-of", "2024-03-31"]);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "costs goods, service",
        "of those who bring a loss -20.00",
        "bring 140.0 % of the total; 28.6 % of it pays for the others",
    ] {
        assert!(told.contains(line), "{line:?} is not in\n{told}");
    }
}

#[test]
fn a_loss_of_the_whole_has_no_shares_and_says_why() {
    let log = file(LOG);
    let report = json(&[&log, "--cost", "service", "--cost", "goods", "--cost", "amount"]);
    assert_eq!(report["whale_curve"]["peak_share"], value!(null));
    assert_eq!(report["whale_curve"]["cross_subsidy"], value!(null));
    let told = text(&[&log, "--cost", "service", "--cost", "goods", "--cost", "amount"]);
    assert!(told.contains("no customer brings a profit"), "{told}");
}

#[test]
fn without_costs_there_is_no_curve() {
    let log = file(LOG);
    assert_eq!(json(&[&log])["whale_curve"], value!(null));
    assert!(!text(&[&log]).contains("WHALE"));
    let said = refusal(&[&log, "--cost", "postage"]);
    assert!(said.contains("has no column \"postage\""), "{said}");
    let said = refusal(&[&file(LOG.replace("30.00,0", "30.00,free")), "--cost", "service"]);
    assert!(
        said.ends_with("line 3: service \"free\" is not a plain number such as -12.50 or 1e+05")
    );
}

/// Three buyers: the thirds of the scores, by hand. Fifths of 3 end after 1, 1, 2, 2 and 3 customers.
#[test]
fn segments_name_the_buyers() {
    let report = json(&[&file(LOG)]);
    let segments: Vec<(&str, u64)> = report["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| (own["segment"].as_str().unwrap(), own["customers"].as_u64().unwrap()))
        .collect();
    // Eve: last, often, least money: 5-5-1. Ann: 3-5-5. Bob: 1-1-3.
    assert_eq!(segments, [("loyal", 1), ("potential loyalists", 1), ("hibernating", 1)]);
    let refunds = file("customer,date,amount\nann,2024-01-05,-5\n");
    assert_eq!(json(&[&refunds])["segments"], value!([]));
}
