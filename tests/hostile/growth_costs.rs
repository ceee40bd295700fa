//! What winning customers costs, at the ends of its numbers.

use goodwill::growth::*;
use goodwill::{DiscountRate, Probability, TimeUnit};
use rust_decimal::Decimal;
use serde_json::json;

use crate::growth::taken;
use crate::json::{read, refused_with};
use crate::table::{FLOATS, decimals};
use crate::{assert_finite, assert_kind, assert_message, kind};

const KINDS: [&str; 3] = ["OutOfDomain", "Inconsistent", "Undefined"];

#[test]
fn payback() {
    for cost in FLOATS {
        for margin in FLOATS {
            for rate in taken(DiscountRate::annual) {
                let listed = Payback::of(cost, &[margin; 3], rate, TimeUnit::Week);
                match listed {
                    Ok(Payback::AtOnce | Payback::After(1..=2) | Payback::Never) => {}
                    Ok(other) => panic!("{other:?} is beyond the list"),
                    Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
                }
                for stay in taken(Probability::new) {
                    match Payback::constant(cost, margin, stay, rate, TimeUnit::Week) {
                        Ok(payback) => {
                            assert!((0.0..=1e12).contains(&cost) && (0.0..=1e12).contains(&margin));
                            assert_eq!(
                                payback == Payback::AtOnce,
                                margin >= cost * (1.0 - 1e-12),
                                "{cost} {margin}"
                            );
                        }
                        Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
                    }
                }
            }
        }
    }
    let year = TimeUnit::Year;
    let of = |cost, margins: &[f64]| Payback::of(cost, margins, DiscountRate::NONE, year);
    assert_eq!(of(1.0, &[]), Ok(Payback::Never));
    assert_eq!(of(0.0, &[]), Ok(Payback::AtOnce));
    assert_message(of(f64::NAN, &[]), "acquisition cost must lie in [0, 1e12], but is NaN");
    assert_message(
        of(0.0, &[1.0, f64::INFINITY]),
        "margin must lie in [-1e12, 1e12], but is inf (row 1)",
    );
    let slow = Payback::constant(1e12, 1e-9, Probability::ONE, DiscountRate::NONE, year);
    assert_message(slow, "payback period is undefined: it takes more than 2^53 periods");
    let falling = DiscountRate::annual(-0.999_999).unwrap();
    assert_kind(Payback::of(1e12, &[0.0; 1_000], falling, year), "Undefined");
}

#[test]
fn acquisition_costs() {
    let mut costs = AcquisitionCosts::default();
    for (i, spend) in decimals().into_iter().enumerate() {
        match costs.add(i % 2, spend, i as u64) {
            Ok(()) => assert!(spend >= Decimal::ZERO),
            got => {
                assert!(spend < Decimal::ZERO);
                assert_message(
                    got,
                    &format!("acquisition spend must lie in [0, ∞), but is {spend}"),
                );
            }
        }
    }
    assert_kind(costs.total(), "Overflow");
    assert_kind(costs.by_channel(), "Overflow");
    let mut costs = AcquisitionCosts::default();
    costs.add("letters", 10.into(), u64::MAX).unwrap();
    let full = "a number of customers won has more digits than the type holds exactly";
    assert_message(costs.add("letters", 10.into(), 1), full);
    assert_eq!(costs.total().unwrap().spend, 10.into(), "nothing was added");
    costs.add("fair", 10.into(), 1).unwrap();
    assert_message(costs.total(), full);
    assert_message(costs.merge(&costs), full);
    let nobody = {
        let mut costs = AcquisitionCosts::default();
        costs.add("fair", 10.into(), 0).unwrap();
        costs.add("walk-in", 0.into(), 5).unwrap();
        costs
    };
    let lines = nobody.by_channel().unwrap();
    assert_message(
        lines[0].1.per_customer(),
        "the cost of a customer is undefined: nobody was won",
    );
    assert_message(lines[1].1.value_to_cost(1.0), "value to cost is undefined: nothing was spent");
    for value in FLOATS {
        let ratio = nobody.total().unwrap().value_to_cost(value);
        assert_finite(ratio, &["OutOfDomain"], || value.to_string());
    }
    let json = |spend: &str, channels: &[&str]| {
        let spend = json!({ "whole": spend, "fraction": "0" });
        let entry = |name: &&str| json!({ "channel": name, "spend": spend, "customers_won": 1 });
        json!(channels.iter().map(entry).collect::<Vec<_>>())
    };
    let bad = "a channel stands twice, or has spent less than nothing (row ";
    refused_with::<AcquisitionCosts<String>>(&json("-1", &["a"]), &format!("{bad}0)"));
    refused_with::<AcquisitionCosts<String>>(&json("1", &["a", "b", "a"]), &format!("{bad}2)"));
    let mut want = AcquisitionCosts::default();
    want.add("a".to_owned(), 1.into(), 1).unwrap();
    assert_eq!(read(&json("1", &["a"])), Ok(want));
}

#[test]
fn levels_of_spending() {
    for spend in decimals() {
        match SpendLevels::new(&[(spend, 1), (Decimal::MAX, u64::MAX)]) {
            Ok(levels) => {
                assert!(spend >= Decimal::ZERO && spend < Decimal::MAX);
                for value in FLOATS {
                    match levels.best(value) {
                        Ok(best) => assert!(best.is_none_or(|best| best.customers > 0)),
                        got => assert_kind(got, "OutOfDomain"),
                    }
                }
            }
            Err(error) => {
                assert!(["OutOfDomain", "Inconsistent", "Overflow"].contains(&kind(&error)));
            }
        }
    }
    assert_message(SpendLevels::new(&[]), "levels of spending must not be empty");
    let money = |rows: &[(i64, u64)]| {
        SpendLevels::new(&rows.iter().map(|&(spend, n)| (spend.into(), n)).collect::<Vec<_>>())
    };
    assert_message(money(&[(1, 1), (-1, 1)]), "spend must lie in [0, ∞), but is -1 (row 1)");
    let order = "a level of spending must be above the one before, and win no fewer (row 1)";
    assert_message(money(&[(1, 1), (1, 1)]), order);
    assert_message(money(&[(1, 2), (2, 1)]), order);
    let none = money(&[(0, 0), (5, 0)]).unwrap();
    assert_eq!(none.levels()[1].marginal_cost, None);
    assert_message(
        CostRatio::of(&none.levels()[1], &none.levels()[1]),
        "the ratio of average costs is undefined: a level wins or keeps nobody, or at no cost",
    );
    let some = money(&[(5, 1), (9, 2)]).unwrap();
    let ratio = CostRatio::of(&some.levels()[1], &some.levels()[0]).unwrap();
    for won in FLOATS {
        for kept in FLOATS {
            match ratio.shift(won, kept) {
                Ok(_) => assert!(won > 0.0 && kept > 0.0),
                got => assert_kind(got, "OutOfDomain"),
            }
        }
    }
    assert_message(
        ratio.shift(1.0, f64::NAN),
        "value of a customer kept must lie in [1e-9, 1e12], but is NaN",
    );
}

#[test]
fn claims() {
    for multiple in decimals() {
        for cost in decimals() {
            match CostClaim::new(multiple).and_then(|claim| claim.acquisition_cost(cost)) {
                Ok(got) => assert!(multiple >= Decimal::ZERO && got >= Decimal::ZERO),
                Err(error) => assert!(["OutOfDomain", "Overflow"].contains(&kind(&error))),
            }
        }
    }
    for least in FLOATS {
        for most in FLOATS {
            let claim = EffortClaim::new(least, most);
            match claim.and_then(|claim| claim.acquisition_effort(most)) {
                Ok([low, high]) => assert!(low.is_finite() && high.is_finite() && low <= high),
                Err(error) => assert!(["OutOfDomain", "Inconsistent"].contains(&kind(&error))),
            }
        }
    }
    assert_message(CostClaim::new(Decimal::NEGATIVE_ONE), "multiple must lie in [0, ∞), but is -1");
    assert_message(
        CostClaim::FIVE_TIMES.acquisition_cost(Decimal::NEGATIVE_ONE),
        "retention cost must lie in [0, ∞), but is -1",
    );
    assert_message(EffortClaim::new(2.0, 1.0), "2 to 1 times is no range");
    assert_message(
        ReplacementClaim::new(u32::MAX).needed_for(u64::MAX),
        "a number of new customers has more digits than the type holds exactly",
    );
}
