//! The ledger of churn, the years ahead, ranges and simulation at the ends of money and of numbers.

use goodwill::churn::{
    ChurnLedger, Control, CostLine, CostView, InputRange, Loss, Reason, ReasonReport, Tornado,
    YearsAhead, simulate_total,
};
use goodwill::money::round_half_even;
use goodwill::{DiscountRate, Probability, Share};
use rust_decimal::Decimal;
use serde_json::json;

use crate::table::{FLOATS, decimals};
use crate::{assert_kind, assert_message, kind};

#[test]
fn models_become_money() {
    for value in FLOATS {
        for places in [0, 2, 12, 28, 29, u32::MAX] {
            match round_half_even(value, places) {
                Ok(money) => {
                    assert!(value.is_finite() && places <= 28);
                    assert_eq!(money.scale(), money.normalize().scale());
                    assert!(!money.is_zero() || money.is_sign_positive(), "no −0");
                }
                Err(error) if !value.is_finite() || places > 28 => {
                    assert_eq!(kind(&error), "OutOfDomain");
                }
                Err(error) => assert_eq!(kind(&error), "Overflow", "{value} to {places}"),
            }
        }
    }
    let text = |value, places| round_half_even(value, places).unwrap().to_string();
    // Ties, at either sign, go to the even digit.
    assert_eq!([0.5, 1.5, 2.5, -0.5, -2.5].map(|x| text(x, 0)), ["0", "2", "2", "0", "-2"]);
    assert_eq!(text(1e22, 28), "10000000000000000000000", "zeros behind the point are none");
    assert_eq!(text(0.1, 28), "0.1000000000000000055511151231", "the exact double");
    let message = "amount must lie in (-∞, ∞), but is NaN";
    assert_message(round_half_even(f64::NAN, 2), message);
    assert_message(round_half_even(1.0, 29), "places must lie in [0, 28], but is 29");
    assert_message(
        round_half_even(1e300, 2),
        "the amount 1e300 has more digits than the type holds exactly",
    );
}

#[test]
fn ledgers() {
    for amount in decimals() {
        let all = Loss {
            revenue: amount,
            margin: amount,
            sunk_set_up: amount,
            residual: amount,
            successor_residual: amount,
            vacant_margin: amount,
            acquisition: amount,
            word_of_mouth: amount,
            costs_avoided: amount,
        };
        for customers in decimals() {
            match all.times(customers) {
                Ok(many) => {
                    assert_eq!(many.revenue.is_zero(), amount.is_zero() || customers.is_zero());
                }
                got if customers < Decimal::ZERO => assert_kind(got, "OutOfDomain"),
                got => assert_kind(got, "Overflow"),
            }
        }
        let mut ledger = ChurnLedger::default();
        let added = ledger.add(None, Decimal::ONE, &all);
        if amount < Decimal::ZERO {
            assert_kind(added, "OutOfDomain");
            assert_eq!(ledger, ChurnLedger::default(), "a refused entry leaves no trace");
            continue;
        }
        assert_eq!(added, Ok(()));
        assert_eq!(ledger.total(CostView::NotReplaced), Ok(amount));
        assert_eq!(ledger.counted_twice(), Ok(amount));
        assert_eq!(ledger.lines().unwrap().len(), 10);
        match ledger.by_reason() {
            Ok(reasons) => assert_eq!(reasons[0].customers, Decimal::ONE),
            got => assert_kind(got, "Overflow"),
        }
        let json = serde_json::to_string(&ledger).unwrap();
        assert_eq!(serde_json::from_str::<ChurnLedger>(&json).unwrap(), ledger);
    }
    let none = ChurnLedger::default();
    assert_eq!(none.customers(), Ok(Decimal::ZERO));
    assert_eq!(none.amount(CostLine::Shortfall), Ok(Decimal::ZERO));
    assert_eq!(CostLine::Shortfall.sign(CostView::Replaced), 1);
}

#[test]
fn ledgers_refuse() {
    let price = Reason::new("price", Control::Within);
    assert_message(
        ChurnLedger::new(&[price.clone(), price.clone()]),
        "there are two reasons called price (row 1)",
    );
    let mut ledger = ChurnLedger::new(std::slice::from_ref(&price)).unwrap();
    let loss = Loss::default();
    assert_message(
        ledger.add(Some(1), Decimal::ONE, &loss),
        "reason must lie in [0, number of reasons), but is 1",
    );
    let fewer = "lost customers must lie in [0, ∞), but is -1";
    assert_message(ledger.add(None, Decimal::NEGATIVE_ONE, &loss), fewer);
    assert_message(loss.times(Decimal::NEGATIVE_ONE), fewer);
    let cheap = Loss { acquisition: Decimal::NEGATIVE_ONE, ..loss };
    assert_message(
        ledger.add(None, Decimal::ONE, &cheap),
        "acquisition must lie in [0, ∞), but is -1",
    );
    let far = Loss { residual: Decimal::MAX, successor_residual: Decimal::MIN, ..loss };
    assert_kind(ledger.add(None, Decimal::ONE, &far), "Overflow");
    assert_message(
        ledger.merge(&ChurnLedger::default()),
        "ledgers of different reasons cannot be merged",
    );
    let report = ReasonReport::new(std::slice::from_ref(&price)).unwrap();
    assert_eq!(report.reasons(), [price]);
    assert_eq!(ChurnLedger::by_report(&report, &loss), Ok(ledger.clone()));
    assert_message(
        ChurnLedger::by_report(&report, &Loss { residual: Decimal::ONE, ..loss }),
        "the report holds the residual values, and each has another of 1",
    );
    // Totals beyond the type stay exact until they are read.
    let huge = Loss { residual: Decimal::MAX, ..loss };
    ledger.add(None, Decimal::MAX, &huge).unwrap();
    ledger.add(Some(0), Decimal::MAX, &huge).unwrap();
    assert_kind(ledger.total(CostView::NotReplaced), "Overflow");
    assert_kind(ledger.customers(), "Overflow");
    assert_kind(ledger.lines(), "Overflow");
    assert_eq!(ledger.by_reason().unwrap()[1].not_replaced, Decimal::MAX);
}

#[test]
fn ledgers_read_only_what_losses_add_up_to() {
    let ledger = serde_json::to_value(ChurnLedger::default()).unwrap();
    let read = |value| serde_json::from_value::<ChurnLedger>(value).map_err(|e| e.to_string());
    assert_eq!(read(ledger.clone()), Ok(ChurnLedger::default()));
    let refused = |change: fn(&mut serde_json::Value)| {
        let mut changed = ledger.clone();
        change(&mut changed);
        read(changed).unwrap_err()
    };
    let sum = |whole: &str| json!({ "whole": whole, "fraction": "0" });
    assert_eq!(
        refused(|value| value["groups"] = json!([])),
        "reasons and unknown and groups must have the same length, but have 1 and 0"
    );
    let impossible = "no losses add up to this ledger";
    let mut more = ledger.clone();
    // A residual of 5 with neither a successor nor a shortfall.
    more["groups"][0]["amounts"][3] = sum("5");
    assert_eq!(read(more.clone()).unwrap_err(), impossible);
    more["groups"][0]["amounts"][5] = sum("5");
    assert_eq!(read(more).unwrap().total(CostView::NotReplaced), Ok(5.into()));
    for place in [2, 5, 7, 8, 9] {
        let mut below = ledger.clone();
        below["groups"][0]["amounts"][place] = sum("-1");
        assert_eq!(read(below).unwrap_err(), impossible, "{place}");
    }
}

#[test]
fn the_years_ahead() {
    let stay = |shares: &[f64]| -> Vec<Probability> {
        shares.iter().map(|&share| Probability::new(share).unwrap()).collect()
    };
    for customers in decimals() {
        for revenue in decimals() {
            let survival = stay(&[1.0, 1.0 - f64::EPSILON, 5e-324, 0.0]);
            for rate in [0.0, -0.999_999, 1e300] {
                let rate = DiscountRate::annual(rate).unwrap();
                match YearsAhead::new(customers, revenue, Share::ONE, &survival, rate) {
                    Ok(ahead) => {
                        assert!(customers >= Decimal::ZERO && revenue >= Decimal::ZERO);
                        assert_eq!(ahead.years()[3].gone.customers, customers.normalize());
                        assert_eq!(ahead.years()[0].kept.revenue, ahead.years()[3].gone.revenue);
                        assert_eq!(ahead.years()[3].kept.present_value, Decimal::ZERO);
                        // Totals may overflow where no year does.
                        for total in [ahead.present_value_kept(), ahead.present_value_gone()] {
                            match total {
                                Ok(total) => assert!(total >= Decimal::ZERO),
                                got => assert_kind(got, "Overflow"),
                            }
                        }
                    }
                    got if customers < Decimal::ZERO || revenue < Decimal::ZERO => {
                        assert_kind(got, "OutOfDomain");
                    }
                    got => assert_kind(got, "Overflow"),
                }
            }
        }
    }
    let one = |survival: &[f64], rate: f64| {
        let rate = DiscountRate::annual(rate).unwrap();
        YearsAhead::new(1.into(), 1.into(), Share::ONE, &stay(survival), rate)
    };
    assert_message(one(&[], 0.1), "survival must not be empty");
    assert_message(one(&[0.5, 0.6], 0.1), "survival rises from 0.5 to 0.6 (row 1)");
    assert_kind(one(&[0.9; 400], -1.0 + f64::EPSILON), "Overflow");
    assert_message(
        YearsAhead::new(1.into(), Decimal::NEGATIVE_ONE, Share::ONE, &[], DiscountRate::NONE),
        "revenue per customer must lie in [0, ∞), but is -1",
    );
}

#[test]
fn ranges_and_what_is_made_of_them() {
    for low in decimals() {
        for high in decimals() {
            let range = InputRange::triangular("x", low, low, high);
            if low > high {
                assert_kind(range, "Inconsistent");
                continue;
            }
            let range = range.unwrap();
            assert_eq!((range.name(), range.low(), range.base()), ("x", low, low));
            let even = InputRange::uniform("x", low, high, high).unwrap();
            for range in [&range, &even] {
                let inputs = std::slice::from_ref(range);
                match Tornado::new(inputs, |x| Ok(x[0])) {
                    Ok(tornado) => {
                        assert_eq!((tornado.base(), range.high()), (range.base(), high));
                        assert!(tornado.bars()[0].swing >= Decimal::ZERO);
                    }
                    got => assert_kind(got, "Overflow"),
                }
                let drawn = simulate_total(inputs, 3, u64::MAX, |x| Ok(x[0])).unwrap();
                assert!(drawn.mean().is_finite() && drawn.totals().len() == 3);
                assert!(drawn.quantile(Probability::constant(0.5)).is_finite());
            }
        }
    }
    assert_message(
        InputRange::triangular("hearers", 3.into(), 2.into(), 4.into()),
        "hearers must lie within its own range, but low 3, base 2 and high 4 do not ascend",
    );
    let broken = json!({ "name": "x", "shape": "uniform", "low": "1", "base": "0", "high": "2" });
    assert_eq!(
        serde_json::from_value::<InputRange>(broken).unwrap_err().to_string(),
        "x must lie within its own range, but low 1, base 0 and high 2 do not ascend"
    );
    let one = [InputRange::uniform("x", 0.into(), 1.into(), 2.into()).unwrap()];
    assert_message(Tornado::new(&[], |_| Ok(Decimal::ONE)), "inputs must not be empty");
    assert_message(simulate_total(&[], 1, 0, |_| Ok(1.0)), "inputs must not be empty");
    assert_message(simulate_total(&one, 0, 0, |_| Ok(1.0)), "replicates must not be empty");
    for value in FLOATS {
        let got = simulate_total(&one, 2, 0, |_| Ok(value));
        match got {
            Ok(total) => assert!((total.mean() - value).abs() <= 0.0),
            Err(error) if value.is_finite() => {
                assert_eq!(
                    error.to_string(),
                    "mean total is undefined: it leaves the range of f64"
                );
            }
            Err(error) => assert_eq!(
                error.to_string(),
                "total is undefined: it is not finite for some of the draws"
            ),
        }
    }
    // What the caller's total refuses is handed on.
    let refuse = |_: &[Decimal]| round_half_even(f64::NAN, 0);
    assert_message(Tornado::new(&one, refuse), "amount must lie in (-∞, ∞), but is NaN");
}
