//! Hostile JSON for every type that can be read: an error, never a value that its constructor would refuse.

use goodwill::lifetime::CustomerEquity;
use goodwill::money::Sum;
use goodwill::tiering::{Abc, Ranking, Reason, SpecialCases, Thresholds, Treatment};
use goodwill::{
    BgNbd, Concentration, ConstantRetention, Conventions, DiscountRate, Discounting, FirstMargin,
    GammaGamma, Histories, History, Horizon, Ledger, LostAfter, Occasion, ParetoNbd, Probability,
    Pyramid, Refunds, Share, Spend, Spends, Ties, TimeUnit, Transaction,
};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::support::day;

/// Read from text, which is what arrives.
pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())
}

#[track_caller]
pub(crate) fn refused<T: DeserializeOwned + std::fmt::Debug>(values: &[Value]) {
    for value in values {
        if let Ok(got) = read::<T>(value) {
            panic!("{value} was read as {got:?}");
        }
    }
}

#[track_caller]
pub(crate) fn refused_with<T: DeserializeOwned + std::fmt::Debug>(value: &Value, message: &str) {
    let got = read::<T>(value).map(|value| format!("{value:?}")).unwrap_err();
    assert!(got.starts_with(message), "{value}: {got}");
}

#[test]
fn numbers_with_a_domain() {
    refused::<Probability>(&[json!(1.5), json!(-0.1), json!("0.5"), json!(null), json!([0.5])]);
    refused_with::<Probability>(&json!(1.5), "probability must lie in [0, 1], but is 1.5");
    assert_eq!(read(&json!(0.5)), Ok(Probability::constant(0.5)));
    assert!(serde_json::from_str::<Probability>("NaN").is_err());
    assert!(serde_json::from_str::<Probability>("1e999").is_err());

    refused::<Share>(&[json!("1.01"), json!("-0.01"), json!("NaN"), json!(""), json!(null)]);
    refused_with::<Share>(&json!("1.01"), "share must lie in [0, 1], but is 1.01");
    assert_eq!(read(&json!("0.050")), Ok(Share::percent(5).unwrap()));

    refused::<LostAfter>(&[json!(0), json!(-1), json!(1.5), json!(4_294_967_296_u64)]);
    refused_with::<LostAfter>(&json!(0), "lost after must lie in [1, ∞), but is 0");

    let horizon = |length: f64| json!({ "finite": { "length": length, "unit": "week" } });
    refused::<Horizon>(&[horizon(-1.0), json!("never"), json!({ "finite": { "length": 1.0 } })]);
    refused_with::<Horizon>(&horizon(-1.0), "horizon must lie in [0, ∞), but is -1");
    assert_eq!(read(&horizon(2.0)), Ok(Horizon::weeks(2.0).unwrap()));
    assert_eq!(read(&json!("forever")), Ok(Horizon::FOREVER));

    let rate = |rate: f64| json!({ "rate": rate, "period": "year" });
    refused::<DiscountRate>(&[rate(-1.0), rate(-2.0), json!(0.1), json!({ "rate": 0.1 })]);
    refused_with::<DiscountRate>(&rate(-1.0), "discount rate must lie in (-1, ∞), but is -1");
    assert_eq!(read(&rate(0.1)), Ok(DiscountRate::annual(0.1).unwrap()));

    let sum = |whole: &str, fraction: &str| json!({ "whole": whole, "fraction": fraction });
    let ten_to_28 = "10000000000000000000000000000";
    refused::<Sum>(&[
        sum("1", ten_to_28),
        sum("1", "-1"),
        sum("1.5", "0"),
        sum("170141183460469231731687303715884105728", "0"),
        json!({ "whole": "1" }),
        json!({ "whole": 1, "fraction": 0 }),
    ]);
    assert_eq!(read(&sum("-1", "0")), Ok(Sum::from(rust_decimal::Decimal::NEGATIVE_ONE)));
}

#[test]
fn histories_and_spends() {
    let history = |x: i64, recency: f64, age: f64| json!({ "unit": "week", "frequency": x, "recency": recency, "age": age });
    refused::<History>(&[
        history(0, 1.0, 2.0),
        history(1, 0.0, 2.0),
        history(1, 3.0, 2.0),
        history(-1, 1.0, 2.0),
        history(1, -1.0, 2.0),
        json!({ "unit": "fortnight", "frequency": 1, "recency": 1.0, "age": 2.0 }),
    ]);
    assert_eq!(read(&history(1, 1.0, 2.0)), Ok(History::new(TimeUnit::Week, 1, 1.0, 2.0).unwrap()));

    let columns = |x: &[u32], recency: &[f64], age: &[f64]| json!({ "unit": "week", "as_of": null, "frequency": x, "recency": recency, "age": age });
    refused::<Histories>(&[
        columns(&[0, 1], &[0.0], &[1.0, 1.0]),
        columns(&[0, 1], &[0.0, 1.0], &[1.0]),
        columns(&[0, 1], &[0.0, 2.0], &[1.0, 1.0]),
        json!({ "unit": "week", "as_of": "2024-02-30", "frequency": [], "recency": [], "age": [] }),
        json!({ "unit": "week", "as_of": null, "frequency": [0], "recency": [null], "age": [1.0] }),
    ]);
    refused_with::<Histories>(
        &columns(&[0, 1], &[0.0, 2.0], &[1.0, 1.0]),
        "recency must lie in [0, age], but is 2 (row 1)",
    );
    assert_eq!(
        read(&columns(&[0, 1], &[0.0, 1.0], &[1.0, 1.0])),
        Ok(Histories::new(TimeUnit::Week, &[0, 1], &[0.0, 1.0], &[1.0, 1.0]).unwrap())
    );

    let spend = |x: u32, mean: Value| json!({ "frequency": x, "mean": mean });
    refused::<Spend>(&[spend(0, json!(5.0)), spend(1, json!(null)), spend(1, json!("5"))]);
    let spends = |x: &[u32], mean: &[f64]| json!({ "frequency": x, "mean": mean });
    refused::<Spends>(&[spends(&[1], &[]), spends(&[1, 0], &[5.0, 5.0])]);
    assert_eq!(read(&spends(&[1, 0], &[5.0, 0.0])), Ok(Spends::new(&[1, 0], &[5.0, 0.0]).unwrap()));
}

#[test]
fn concentrations() {
    let base = Concentration::of(&[7.0, 1.0, 2.0]).unwrap();
    assert_eq!(serde_json::to_value(&base).unwrap(), json!([7.0, 2.0, 1.0]));
    assert_eq!(read(&json!([2.0, 7.0, 1.0])), Ok(base));
    refused_with::<Concentration<f64>>(&json!([]), "values must not be empty");
    refused_with::<Concentration<f64>>(
        &json!([0.0, 0.0]),
        "concentration is undefined: all values are 0",
    );
    refused_with::<Concentration<f64>>(
        &json!([3.0, -1.0]),
        "concentration is undefined: a value is -1.0, below 0",
    );
    let exact = Concentration::of(&[Decimal::new(70, 1), Decimal::ONE]).unwrap();
    assert_eq!(serde_json::to_value(&exact).unwrap(), json!(["7", "1"]));
    assert_eq!(read(&json!(["1", "7.00"])), Ok(exact));
}

#[test]
fn equities() {
    let group = |name: &str, customers: u64, value: &[&str]| json!([name, { "customers": customers, "value": value }]);
    let base =
        CustomerEquity::of(&["b", "a", "b"].map(str::to_owned), &[1e300, -5.5, 0.1]).unwrap();
    let written = json!([group("a", 1, &["-5.5e0"]), group("b", 2, &["1e300", "1e-1"])]);
    assert_eq!(serde_json::to_value(&base).unwrap(), written);
    assert_eq!(read(&json!([written[1], written[0]])), Ok(base), "in whatever order");
    assert_eq!(read(&json!([])), Ok(CustomerEquity::<String>::default()));
    let refused_with = refused_with::<CustomerEquity<String>>;
    let none = json!([group("a", 1, &["2e0"]), group("b", 0, &[])]);
    refused_with(&none, "customers of a group must lie in [1, ∞), but is 0 (row 1)");
    let twice = json!([group("a", 1, &["2e0"]), group("a", 1, &["3e0"])]);
    refused_with(&twice, "a group comes twice (row 1)");
    let many = json!([group("a", u64::MAX, &["2e0"]), group("b", 1, &["3e0"])]);
    refused_with(&many, "the number of customers has more digits than the type holds exactly");
    for part in ["NaN", "inf", "-inf", "1e999", "", "x"] {
        let message = format!("part of a sum must lie in (-∞, ∞), but is {part}");
        refused_with(&json!([group("a", 1, &[part])]), &message);
    }
    refused::<CustomerEquity<String>>(&[
        json!({}),
        json!(null),
        json!([["a", { "customers": -1, "value": [] }]]),
        json!([["a", { "customers": 1.5, "value": [] }]]),
        json!([["a", { "customers": 1 }]]),
        json!([["a", { "customers": 1, "value": [2.0] }]]),
        json!([["a", { "customers": 1, "value": [], "mean": 3.0 }]]),
        json!([[7, { "customers": 1, "value": [] }]]),
    ]);
}

#[test]
fn models_and_pyramids() {
    let bg_nbd =
        |r: f64, unit: &str| json!({ "unit": unit, "r": r, "alpha": 1.0, "a": 1.0, "b": 1.0 });
    refused::<BgNbd>(&[
        bg_nbd(0.0, "week"),
        bg_nbd(-1.0, "week"),
        bg_nbd(1.0, "Week"),
        json!({ "unit": "week", "r": 1.0, "alpha": 1.0, "a": 1.0 }),
        json!({ "unit": "week", "r": 1.0, "alpha": 1.0, "a": 1.0, "b": null }),
    ]);
    refused_with::<BgNbd>(&bg_nbd(0.0, "week"), "r must lie in (0, ∞), but is 0");
    assert_eq!(
        read(&bg_nbd(1.0, "week")),
        Ok(BgNbd::new(TimeUnit::Week, 1.0, 1.0, 1.0, 1.0).unwrap())
    );
    let pareto_nbd =
        |s: f64| json!({ "unit": "week", "r": 1.0, "alpha": 1.0, "s": s, "beta": 1.0 });
    refused_with::<ParetoNbd>(&pareto_nbd(0.0), "s must lie in (0, ∞), but is 0");
    assert_eq!(
        read(&pareto_nbd(1.0)),
        Ok(ParetoNbd::new(TimeUnit::Week, 1.0, 1.0, 1.0, 1.0).unwrap())
    );
    let gamma_gamma = |v: f64| json!({ "p": 1.0, "q": 1.0, "v": v });
    refused::<GammaGamma>(&[gamma_gamma(0.0), gamma_gamma(-0.0), json!({ "p": 1.0, "q": 1.0 })]);
    assert_eq!(read(&gamma_gamma(1.0)), Ok(GammaGamma::new(1.0, 1.0, 1.0).unwrap()));
    let base = |retention: f64| json!({ "period": "year", "retention": retention });
    refused::<ConstantRetention>(&[base(1.5), base(-0.5), json!({ "period": "year" })]);
    assert_eq!(read(&base(1.0)), Ok(ConstantRetention::new(TimeUnit::Year, Probability::ONE)));

    let pyramid = |upper: &str, lower: &str| json!([["upper", upper], ["lower", lower]]);
    refused::<Pyramid>(&[
        json!([]),
        pyramid("0.5", "0.4"),
        pyramid("0.5", "0.5000000000000000000000000001"),
        pyramid("1.5", "-0.5"),
        json!([["all"]]),
    ]);
    refused_with::<Pyramid>(
        &pyramid("0.5", "0.4"),
        "the shares of the tiers must add up to 1, but add up to 0.9",
    );
    let halves = [("upper", Share::percent(50).unwrap()), ("lower", Share::percent(50).unwrap())];
    let halves = Pyramid::by_share_of_customers(halves).unwrap();
    assert_eq!(read(&pyramid("0.5", "0.5")), Ok(halves));
    refused::<Abc>(&[json!([]), pyramid("0.5", "0.4")]);
    let cuts =
        |upper: f64, lower: f64| json!({ "names": ["a", "b", "c"], "floors": [upper, lower] });
    refused::<Thresholds<f64>>(&[cuts(1.0, 2.0), json!({ "names": ["a"], "floors": [1.0] })]);
    assert_eq!(read::<Thresholds<f64>>(&cuts(2.0, 2.0)).unwrap().floors(), [2.0, 2.0]);
    refused::<Ranking<f64>>(&[json!([]), json!([null])]);
    let ranking = read::<Ranking<f64>>(&json!([1.0, 3.0])).unwrap();
    assert_eq!(ranking.values(), [3.0, 1.0], "whatever the order in the file");
}

#[test]
fn options() {
    refused::<TimeUnit>(&[json!("Week"), json!("quarter"), json!(7)]);
    refused::<Treatment>(&[json!("Ranked"), json!({ "own_tier": 3 })]);
    refused::<SpecialCases>(&[json!({ "zeros": "ranked" })]);
    refused::<Reason>(&[json!("Trend")]);
    refused::<Ties>(&[json!("TogetherUp"), json!(null)]);
    refused::<FirstMargin>(&[json!("Now"), json!("later")]);
    refused::<Occasion>(&[json!("PaidDay"), json!("")]);
    refused::<Refunds>(&[json!("ignore")]);
    refused::<Conventions>(&[json!({ "occasion": "paid_day" }), json!("default")]);
    refused::<Discounting>(&[
        json!("end_of_step"),
        json!({ "end_of_step": { "finite": { "length": -1.0, "unit": "day" } } }),
    ]);
    refused::<Transaction<u32>>(&[
        json!({ "customer": 1, "date": "2024-02-30", "amount": "1" }),
        json!({ "customer": 1, "date": "2024-02-29", "amount": "1e99" }),
        json!({ "customer": -1, "date": "2024-02-29", "amount": "1" }),
    ]);
    let for_ever = Discounting::EndOfStep(Horizon::FOREVER);
    assert_eq!(read(&json!({ "end_of_step": "forever" })), Ok(for_ever));
}

/// Two customers: 1 bought on two days and returned something, 2 bought once.
fn ledger() -> Value {
    let row = |id: u32, d, amount: i64| Transaction::new(id, day(2024, 3, d), amount.into());
    let rows = [row(1, 1, 50), row(1, 9, 20), row(1, 9, -3), row(2, 5, 7)];
    serde_json::to_value(Ledger::from_transactions(rows).unwrap()).unwrap()
}

/// The ledger with something at a place in it replaced.
fn with(place: &str, value: Value) -> Value {
    let mut ledger = ledger();
    *ledger.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = value;
    ledger
}

#[test]
fn ledgers() {
    let columns = &ledger()["columns"];
    assert_eq!(columns["offsets"], json!([0, 2, 3]));
    assert_eq!(columns["net"], json!({ "narrow": { "scale": 0, "mantissas": [50, 17, 7] } }));
    assert_eq!(columns["refunds"], json!({ "narrow": { "scale": 0, "mantissas": [0, -3, 0] } }));
    let whole = read::<Ledger<u32>>(&ledger()).unwrap();
    assert_eq!(serde_json::to_value(&whole).unwrap(), ledger());

    let days = columns["days"].as_array().unwrap();
    let narrow = |scale: u32, mantissas: [i64; 3]| json!({ "narrow": { "scale": scale, "mantissas": mantissas } });
    let wide = |whole: &str| {
        let sum = |whole: &str| json!({ "whole": whole, "fraction": "0" });
        json!({ "wide": [sum(whole), sum("17"), sum("7")] })
    };
    refused::<Ledger<u32>>(&[
        with("/customers", json!([2, 1])),
        with("/customers", json!([1, 1])),
        with("/customers", json!([1])),
        with("/customers", json!([1, 2, 3])),
        with("/customers", json!([])),
        with("/columns/offsets", json!([0, 3, 2])),
        with("/columns/offsets", json!([0, 0, 3])),
        with("/columns/offsets", json!([0, 3, 3])),
        with("/columns/offsets", json!([1, 2, 3])),
        with("/columns/offsets", json!([0, 2, 4])),
        with("/columns/offsets", json!([0, 99, 3])),
        with("/columns/offsets", json!([0, u64::MAX, 3])),
        with("/columns/offsets", json!([0, 2])),
        with("/columns/offsets", json!([])),
        with("/columns/days", json!([days[1], days[0], days[2]])),
        with("/columns/days", json!([days[0], days[0], days[2]])),
        with("/columns/days", json!([days[0], days[1]])),
        with("/columns/days/1", json!(i32::MAX)),
        with("/columns/days/0", json!(i32::MIN)),
        with("/columns/rows/0", json!(0)),
        with("/columns/rows", json!([1])),
        with("/columns/purchases/0", json!(2)),
        with("/columns/purchases/1", json!(2)),
        with("/columns/purchases", json!([])),
        with("/columns/net", narrow(29, [50, 17, 7])),
        with("/columns/net", narrow(u32::MAX, [50, 17, 7])),
        with("/columns/net", narrow(1, [500, 170, 70])),
        with("/columns/net/narrow/mantissas", json!([50, 17])),
        with("/columns/net", wide("50")),
        with("/columns/refunds", narrow(0, [0, 3, 0])),
        with("/columns/refunds", narrow(0, [-3, 0, 0])),
        with("/columns/refunds", narrow(0, [0, 0, 0])),
        with("/columns/refunds", narrow(29, [0, -3, 0])),
        with("/columns/refunds", json!(null)),
        with("/columns/refunds/narrow/mantissas", json!([0, -3])),
        with("/columns", json!(null)),
    ]);
    // Net above what was bought: a day's purchases cannot be below 0.
    refused::<Ledger<u32>>(&[with("/columns/net", narrow(0, [-50, 17, 7]))]);
    refused::<Ledger<u32>>(&[with("/columns/net", narrow(0, [50, -4, 7]))]);
    refused_with::<Ledger<u32>>(
        &with("/customers", json!([2, 1])),
        "the customers of a ledger must ascend",
    );
    refused_with::<Ledger<u32>>(
        &with("/columns/net", narrow(29, [50, 17, 7])),
        "scale must lie in [0, 28], but is 29",
    );
    refused_with::<Ledger<u32>>(
        &with("/columns/rows/0", json!(0)),
        "a day must have rows, and no more purchases than rows (row 0)",
    );
    // Two rows that are both refunds: nothing was bought, so the net is the refund.
    let only_refunds = with("/columns/purchases/1", json!(0));
    refused::<Ledger<u32>>(&[only_refunds]);
}
