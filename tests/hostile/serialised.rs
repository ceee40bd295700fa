//! Values read back: what no constructor makes, no reader makes.

use chrono::NaiveDate;
use goodwill::money::Sum;
use goodwill::{
    BgNbd, DiscountRate, GammaGamma, Histories, History, Horizon, Ledger, LostAfter, Probability,
    Pyramid, Share, Spend, Spends, TimeUnit, Transaction,
};
use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

#[track_caller]
fn refused<T: DeserializeOwned + std::fmt::Debug>(json: Value) -> String {
    serde_json::from_value::<T>(json).unwrap_err().to_string()
}

#[track_caller]
fn returns<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value, "{text}");
}

#[test]
fn quantities() {
    assert_eq!(refused::<Probability>(json!(1.5)), "probability must lie in [0, 1], but is 1.5");
    assert!(refused::<Share>(json!("1.01")).starts_with("share must lie in [0, 1]"));
    assert!(!refused::<Share>(json!(0.5)).is_empty(), "a share is text, so that no digit is lost");
    assert!(refused::<LostAfter>(json!(0)).starts_with("lost after must lie in"));
    refused::<DiscountRate>(json!({ "rate": -1.0, "period": "year" }));
    refused::<Horizon>(json!({ "finite": { "length": -1.0, "unit": "week" } }));
    refused::<TimeUnit>(json!("fortnight"));
    refused::<Sum>(json!({ "whole": "1", "fraction": "-1" }));
    refused::<Sum>(json!({ "whole": "1.5", "fraction": "0" }));
    returns(&Probability::constant(0.1));
    returns(&Share::percent(7).unwrap());
    returns(&Horizon::FOREVER);
    returns(&Horizon::weeks(39.0).unwrap());
    returns(&DiscountRate::annual(0.1).unwrap());
    returns(&LostAfter::days(180).unwrap());
    returns(&Sum::from(-Decimal::new(1, 28)));
    returns(&Sum::from(Decimal::MIN));
}

#[test]
fn models_and_their_data() {
    refused::<BgNbd>(json!({ "unit": "week", "r": 0.0, "alpha": 1.0, "a": 1.0, "b": 1.0 }));
    refused::<BgNbd>(json!({ "r": 1.0, "alpha": 1.0, "a": 1.0, "b": 1.0 }));
    refused::<GammaGamma>(json!({ "p": 1.0, "q": -1.0, "v": 1.0 }));
    refused::<History>(json!({ "unit": "day", "frequency": 0, "recency": 1.0, "age": 2.0 }));
    let said = refused::<Histories>(json!({
        "unit": "day", "as_of": null, "frequency": [0, 1], "recency": [0.0, 3.0], "age": [2.0, 2.0]
    }));
    assert_eq!(said, "recency must lie in [0, age], but is 3 (row 1)");
    refused::<Spend>(json!({ "frequency": 0, "mean": 1.0 }));
    refused::<Spends>(json!({ "frequency": [1], "mean": [] }));
    refused::<Pyramid>(json!([["half", "0.5"]]));
    refused::<Pyramid>(json!([]));
    returns(&BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap());
    returns(&GammaGamma::new(6.25, 3.74, 15.44).unwrap());
    returns(&Histories::new(TimeUnit::Day, &[1], &[1.0], &[2.0]).unwrap());
    returns(&Spends::new(&[1, 0], &[1.5, 0.0]).unwrap());
    returns(&Pyramid::classic());
}

/// A ledger of two customers, one of them with a refund, as JSON to tamper with.
fn ledger() -> Value {
    let day = |d| NaiveDate::from_ymd_opt(2024, 1, d).unwrap();
    let row = |who: u8, d, cents| Transaction::new(who, day(d), Decimal::new(cents, 2));
    let rows = [row(1, 1, 1050), row(1, 5, 995), row(2, 3, -250)];
    let ledger = Ledger::from_transactions(rows).unwrap();
    returns(&ledger);
    returns(&Ledger::<u8>::default());
    serde_json::to_value(ledger).unwrap()
}

#[test]
fn ledgers() {
    let tampered = |pointer: &str, value: Value| {
        let mut json = ledger();
        *json.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        refused::<Ledger<u8>>(json)
    };
    let said = tampered("/customers", json!([2, 1]));
    assert_eq!(said, "the customers of a ledger must ascend");
    tampered("/customers", json!([1, 1]));
    tampered("/customers", json!([1]));
    tampered("/columns/offsets", json!([0, 3, 2]));
    tampered("/columns/offsets", json!([0, 0, 3]));
    tampered("/columns/offsets", json!([1, 2, 3]));
    let days = ledger()["columns"]["days"].clone();
    tampered("/columns/days", json!([days[1], days[0], days[2]]));
    tampered("/columns/days", json!([days[0], days[0], days[2]]));
    tampered("/columns/days/0", json!(i32::MIN));
    tampered("/columns/rows/0", json!(0));
    tampered("/columns/purchases/0", json!(2));
    tampered("/columns/purchases/2", json!(1));
    tampered("/columns/net/narrow/scale", json!(29));
    tampered("/columns/net/narrow/mantissas", json!([1000, 900, -200]));
    tampered("/columns/net/narrow/mantissas", json!([1050]));
    tampered("/columns/refunds/narrow/mantissas", json!([0, 0, 250]));
    tampered("/columns/refunds/narrow/mantissas", json!([0, 0, 0]));
    tampered("/columns/refunds", Value::Null);
    let wide = json!({ "wide": [{ "whole": "1", "fraction": "0" }, { "whole": "2", "fraction": "0" },
        { "whole": "-3", "fraction": "0" }] });
    tampered("/columns/net", wide);
}
