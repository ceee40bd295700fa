//! Sums, differences and products at the ends of `Decimal`.

use goodwill::money::{Sum, difference, from_f64, product, sum, to_f64};
use rust_decimal::Decimal;

use crate::table::{FLOATS, decimals};
use crate::{assert_kind, assert_message};

/// Never rounded: what is `Ok` comes back by the inverse operation, what is not is an overflow.
#[test]
fn pairs_of_amounts() {
    let all = decimals();
    for &a in &all {
        assert!(to_f64(a).is_finite());
        let text: f64 = a.to_string().parse().unwrap();
        assert!((to_f64(a) - text).abs() <= 0.0, "{a}");
        for &b in &all {
            match sum([a, b]) {
                Ok(total) => assert_eq!(difference(total, b), Ok(a), "{a} + {b}"),
                got => assert_kind(got, "Overflow"),
            }
            assert_eq!(sum([a, b]), sum([b, a]));
            match difference(a, b) {
                Ok(gap) => assert_eq!(sum([gap, b]), Ok(a), "{a} − {b}"),
                got => assert_kind(got, "Overflow"),
            }
            match product(a, b) {
                Ok(got) => {
                    assert_eq!(got.scale(), got.normalize().scale(), "{a} × {b}");
                    assert_eq!(got.is_zero(), a.is_zero() || b.is_zero(), "{a} × {b} = {got}");
                }
                got => assert_kind(got, "Overflow"),
            }
        }
    }
}

/// 15 digits of an amount come back, as far as there are 28 after the point.
#[test]
fn expected_amounts() {
    for amount in FLOATS {
        match from_f64(amount) {
            Ok(money) => {
                let error = (to_f64(money) - amount).abs();
                assert!(error <= 5.1e-15 * amount.abs() + 1e-28, "{amount} became {money}");
                assert_eq!(money.scale(), money.normalize().scale());
            }
            got => {
                assert!(!(amount.abs() < 7.9e28), "{amount}");
                assert_message(
                    got,
                    &format!("the amount {amount:e} has more digits than the type holds exactly"),
                );
            }
        }
    }
    for cents in [1, 7, 310, 12_345_678, 999_999_999_999_999_i64] {
        let money = Decimal::new(cents, 2).normalize();
        assert_eq!(from_f64(to_f64(money)), Ok(money));
    }
}

#[test]
fn running_totals() {
    let mut total = Sum::default();
    for amount in decimals() {
        total.add(amount).unwrap();
        total.merge(&Sum::from(amount)).unwrap();
    }
    assert_eq!(sum([]), Ok(Decimal::ZERO));
    assert_eq!(Sum::default().total(), Ok(Decimal::ZERO));
    // Doubling reaches the end of the state, which is an error and leaves the state as it was.
    let mut large = Sum::from(Decimal::MAX);
    let error = loop {
        let before = large;
        if let Err(error) = large.merge(&before) {
            assert_eq!(large, before);
            break error;
        }
    };
    assert_message::<()>(
        Err(error),
        "a total of money has more digits than the type holds exactly",
    );
    assert_kind(large.total(), "Overflow");
}

#[test]
fn messages() {
    let text = |amount: &str| amount.parse::<Decimal>().unwrap();
    assert_message(
        sum([text("7922816251426433759354395033.5"), text("0.04"), text("0.04")]),
        "a total of money has more digits than the type holds exactly",
    );
    assert_message(
        product(text("0.0000000000000000000000000001"), text("0.1")),
        "the product 0.0000000000000000000000000001 × 0.1 has more digits than the type holds exactly",
    );
    assert_kind(difference(Decimal::MIN, Decimal::ONE), "Overflow");
}
