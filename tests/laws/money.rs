//! Money is exact or an error: sums, differences and products against schoolbook arithmetic.

use goodwill::money::{Sum, difference, from_f64, product, sum, to_f64};
use goodwill::{ErrorKind, Result};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::big::Big;
use crate::generate::{any_money, shuffled};
use crate::support::{assert_kind, assert_message};

/// The exact value where a `Decimal` holds it, normalised to the digit; otherwise `Overflow`.
#[track_caller]
fn assert_exact(got: Result<Decimal>, want: &Big) {
    match (got, want.decimal()) {
        (Ok(got), Some(want)) => {
            // To the scale: 1.0 is not 1 here.
            assert_eq!((got.mantissa(), got.scale()), (want.mantissa(), want.scale()));
            assert_eq!(got.serialize(), got.normalize().serialize(), "normalised");
        }
        (Err(error), None) => {
            assert!(matches!(error.kind(), ErrorKind::Overflow { .. }), "{error}");
        }
        (got, want) => panic!("{got:?} is not {want:?}"),
    }
}

fn state(amounts: &[Decimal]) -> Sum {
    let mut state = Sum::default();
    for &amount in amounts {
        state.add(amount).unwrap();
    }
    state
}

fn merged(a: &Sum, b: &Sum) -> Sum {
    let mut merged = *a;
    merged.merge(b).unwrap();
    merged
}

proptest! {
    #![proptest_config(crate::cases(2_000))]

    #[test]
    fn a_sum_is_exact_in_any_order((amounts, others) in shuffled(vec(any_money(), 0..24))) {
        assert_exact(sum(amounts.iter().copied()), &Big::sum(amounts.iter().copied()));
        prop_assert_eq!(sum(amounts.iter().copied()), sum(others.iter().copied()));
        prop_assert_eq!(state(&amounts), state(&others));
    }

    #[test]
    fn sums_merge(
        a in vec(any_money(), 0..9),
        b in vec(any_money(), 0..9),
        c in vec(any_money(), 0..9),
    ) {
        let (x, y, z) = (state(&a), state(&b), state(&c));
        prop_assert_eq!(merged(&x, &y), state(&[a.as_slice(), &b].concat()));
        prop_assert_eq!(merged(&x, &y), merged(&y, &x));
        prop_assert_eq!(merged(&merged(&x, &y), &z), merged(&x, &merged(&y, &z)));
        prop_assert_eq!(merged(&x, &Sum::default()), x);
        let (p, q) = (Big::sum(a.iter().copied()), Big::sum(b.iter().copied()));
        prop_assert_eq!(x.cmp(&y), p.cmp(&q), "sums order as their values do");
    }

    #[test]
    fn a_sum_survives_json(amounts in vec(any_money(), 0..9)) {
        let state = state(&amounts);
        let text = serde_json::to_string(&state).unwrap();
        prop_assert_eq!(serde_json::from_str::<Sum>(&text).unwrap(), state);
    }

    #[test]
    fn a_difference_is_exact_and_comes_back(a in any_money(), b in any_money()) {
        assert_exact(difference(a, b), &Big::of(a).minus(&Big::of(b)));
        if let Ok(gap) = difference(a, b) {
            prop_assert_eq!(sum([gap, b]), Ok(a.normalize()));
            prop_assert_eq!(difference(a, gap), Ok(b.normalize()));
        }
        prop_assert_eq!(difference(a, a), Ok(Decimal::ZERO));
    }

    #[test]
    fn a_product_is_exact(a in any_money(), b in any_money()) {
        assert_exact(product(a, b), &Big::product(a, b));
        prop_assert_eq!(product(a, b).ok(), product(b, a).ok());
        prop_assert_eq!(product(a, Decimal::ONE), Ok(a.normalize()));
        prop_assert_eq!(product(a, Decimal::ZERO), Ok(Decimal::ZERO));
    }

    #[test]
    fn a_product_of_few_digits_never_overflows(
        a in -1_000_000_i64..1_000_000,
        b in -1_000_000_i64..1_000_000,
        s in 0_u32..14,
        t in 0_u32..14,
    ) {
        let (a, b) = (Decimal::new(a, s), Decimal::new(b, t));
        assert_exact(product(a, b), &Big::product(a, b));
        // a·b in units of 10^-(s + t), which two factors below 10^6 cannot fill.
        let mantissa = a.mantissa() * b.mantissa();
        prop_assert_eq!(product(a, b), Ok(Decimal::from_i128_with_scale(mantissa, s + t).normalize()));
    }

    #[test]
    fn products_distribute(a in -99_999_i64..99_999, b in any_money(), c in any_money()) {
        let a = Decimal::new(a, 2);
        let split = [product(a, b), product(a, c)].into_iter().collect::<Result<Vec<_>>>();
        if let (Ok(parts), Ok(whole)) = (split, sum([b, c]).and_then(|bc| product(a, bc))) {
            prop_assert_eq!(sum(parts), Ok(whole));
        }
    }

    #[test]
    fn money_becomes_the_nearest_double(a in any_money()) {
        prop_assert_eq!(to_f64(a).to_bits(), Big::of(a).nearest().to_bits());
    }

    /// Fifteen digits survive the way to a model and back.
    #[test]
    fn a_double_becomes_the_money_it_was_written_as(
        mantissa in -999_999_999_999_999_i64..=999_999_999_999_999,
        shift in 0_u32..50,
        scale in 0_u32..=20,
        any in -1e15_f64..1e15,
    ) {
        let money = Decimal::new(mantissa >> shift, scale).normalize();
        prop_assert_eq!(from_f64(to_f64(money)), Ok(money));
        let small = any * 0.1_f64.powi(scale as i32);
        let error = (to_f64(from_f64(small).unwrap()) - small).abs();
        prop_assert!(error <= 5.1e-15 * small.abs() + 1e-28, "{small}");
    }
}

/// What `Decimal`'s own arithmetic gets wrong.
#[test]
fn amounts_that_tempt_rounding() {
    let text = |amount: &str| amount.parse::<Decimal>().unwrap();
    let large = text("7922816251426433759354395033.5");
    let cents = text("0.04");
    for order in [[large, cents, cents], [cents, large, cents], [cents, cents, large]] {
        assert_kind(sum(order), "Overflow");
    }
    assert_eq!(sum([large, cents, cents, text("-7922816251426433759354395033")]), Ok(text("0.58")));
    let refused = |got: Result<Decimal>, what: &str| {
        assert_kind(got.clone(), "Overflow");
        assert_message(got, &format!("{what} has more digits than the type holds exactly"));
    };
    refused(
        product(text("0.0000000000000000000000000001"), text("0.1")),
        "the product 0.0000000000000000000000000001 × 0.1",
    );
    assert_eq!(
        product(text("0.0000000000000000000000000010"), text("0.1")),
        Ok(Decimal::new(1, 28))
    );
    assert_eq!(product(Decimal::MAX, Decimal::ONE), Ok(Decimal::MAX));
    refused(product(Decimal::MAX, text("1.1")), "the product 79228162514264337593543950335 × 1.1");
    assert_eq!(sum([Decimal::MAX, Decimal::MAX, Decimal::MIN]), Ok(Decimal::MAX));
    assert_eq!(difference(Decimal::MIN, Decimal::MIN), Ok(Decimal::ZERO));
    refused(difference(Decimal::MIN, Decimal::ONE), "a total of money");
}
