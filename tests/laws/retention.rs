//! Constant retention against the sum it is the closed form of.

use goodwill::lifetime::{Margin, RetentionModel};
use goodwill::{
    ConstantRetention, DiscountRate, ErrorKind, FirstMargin, Horizon, Probability, Result, TimeUnit,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::assert_at_most;
use crate::support::assert_close;

const FIRST: [FirstMargin; 2] = [FirstMargin::Now, FirstMargin::AfterRenewal];

fn yearly(retention: f64) -> ConstantRetention {
    ConstantRetention::new(TimeUnit::Year, Probability::new(retention).unwrap())
}

/// The value of an amount in every period.
fn value_of(
    base: ConstantRetention,
    amount: f64,
    rate: DiscountRate,
    horizon: Horizon,
    first: FirstMargin,
) -> Result<f64> {
    let margin = Margin::new(amount, base.period()).unwrap();
    base.lifetime_value(&margin, horizon, rate, first)
}

fn annual(rate: f64) -> DiscountRate {
    DiscountRate::annual(rate).unwrap()
}

fn years(count: u32) -> Horizon {
    Horizon::years(f64::from(count)).unwrap()
}

/// Σ m·qᵗ, smallest terms first.
fn explicit(margin: f64, q: f64, count: u32, first: FirstMargin) -> f64 {
    let from = match first {
        FirstMargin::Now => 0,
        FirstMargin::AfterRenewal => 1,
    };
    (from..from + count).rev().map(|t| margin * q.powi(t as i32)).sum()
}

proptest! {
    #![proptest_config(crate::cases(1_024))]

    #[test]
    fn value_is_the_explicit_sum(
        r in 0.0_f64..=1.0,
        d in -0.5_f64..2.0,
        margin in -1e4_f64..1e4,
        count in 0_u32..120,
        first in select(&FIRST[..]),
    ) {
        let got = value_of(yearly(r), margin, annual(d), years(count), first).unwrap();
        let want = explicit(margin, r / (1.0 + d), count, first);
        prop_assert!((got - want).abs() <= 1e-12 * want.abs(), "{got} is not {want}");
    }

    #[test]
    fn near_1_the_sum_is_as_exact(
        churn in prop_oneof![Just(0.0), -40.0_f64..-3.0],
        rate in -40.0_f64..-3.0,
        count in 1_u32..200,
        first in select(&FIRST[..]),
    ) {
        // Both exponents of e: churn and rate down to 10⁻¹⁷.
        let (r, d) = (1.0 - if churn < 0.0 { churn.exp() } else { 0.0 }, rate.exp());
        let got = value_of(yearly(r), 1.0, annual(d), years(count), first).unwrap();
        assert_close(got, explicit(1.0, r / (1.0 + d), count, first), 1e-12, "near 1");
        let ever = value_of(yearly(r), 1.0, annual(d), Horizon::FOREVER, first).unwrap();
        let shrink = ((1.0 - r) + d) / (1.0 + d);
        let want = match first {
            FirstMargin::Now => 1.0,
            FirstMargin::AfterRenewal => r / (1.0 + d),
        } / shrink;
        assert_close(ever, want, 1e-13, "for ever");
    }

    #[test]
    fn value_rises_with_retention_and_falls_with_the_rate(
        r in [0.0_f64..1.0, 0.0..1.0],
        d in [0.0_f64..1.0, 0.0..1.0],
        margin in 0.0_f64..1e4,
        count in 0_u32..60,
        first in select(&FIRST[..]),
    ) {
        let (low, high) = (r[0].min(r[1]), r[0].max(r[1]));
        let (cheap, dear) = (d[0].min(d[1]), d[0].max(d[1]));
        prop_assume!(high < 1.0 + cheap);
        for horizon in [years(count), Horizon::FOREVER] {
            let value = |r, d| value_of(yearly(r), margin, annual(d), horizon, first).unwrap();
            assert_at_most(value(low, cheap), value(high, cheap), 1e-13, "more retention");
            assert_at_most(value(low, dear), value(low, cheap), 1e-13, "a higher rate");
            let ever = value_of(yearly(high), margin, annual(cheap), Horizon::FOREVER, first)
                .unwrap();
            assert_at_most(value(high, cheap), ever, 1e-13, "for ever is the longest");
            let more =
                value_of(yearly(high), 2.0 * margin, annual(cheap), horizon, first).unwrap();
            prop_assert_eq!(more.to_bits(), (2.0 * value(high, cheap)).to_bits());
        }
    }

    #[test]
    fn for_ever_is_the_textbook_form(
        r in 0.0_f64..0.99,
        d in 0.0_f64..1.0,
        margin in -1e4_f64..1e4,
    ) {
        let value =
            |first| value_of(yearly(r), margin, annual(d), Horizon::FOREVER, first).unwrap();
        let textbook = margin * r / (1.0 + d - r);
        prop_assert!((value(FirstMargin::AfterRenewal) - textbook).abs() <= 1e-13 * textbook.abs());
        prop_assert!(
            (value(FirstMargin::Now) - (textbook + margin)).abs()
                <= 1e-12 * margin.abs() / (1.0 + d - r)
        );
        let want = 1.0 / (1.0 - r);
        assert_close(yearly(r).expected_periods().unwrap(), want, 1e-15, "expected periods");
        // Without a rate, every period brings its margin.
        let undiscounted =
            value_of(yearly(r), 1.0, DiscountRate::NONE, Horizon::FOREVER, FirstMargin::Now);
        assert_close(undiscounted.unwrap(), want, 1e-15, "periods");
    }

    #[test]
    fn for_ever_needs_retention_below_1_plus_the_rate(r in 0.0_f64..=1.0, d in -0.9_f64..0.2) {
        prop_assume!((r - 1.0 - d).abs() > 1e-9);
        let value = value_of(yearly(r), 1.0, annual(d), Horizon::FOREVER, FirstMargin::Now);
        prop_assert_eq!(value.is_ok(), r < 1.0 + d);
        if let Err(error) = value {
            prop_assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
        }
    }

    /// Monthly retention at the monthly equivalent of the annual rate: twelve payments a year.
    #[test]
    fn the_rate_is_converted_to_the_period(
        r in 0.0_f64..=1.0,
        d in 0.0_f64..1.0,
        count in 0_u32..40,
    ) {
        let monthly = ConstantRetention::new(TimeUnit::Month, Probability::new(r).unwrap());
        let got = value_of(monthly, 1.0, annual(d), years(count), FirstMargin::Now).unwrap();
        let want = explicit(1.0, r / (1.0 + d).powf(1.0 / 12.0), 12 * count, FirstMargin::Now);
        prop_assert!((got - want).abs() <= 1e-12 * want);
        if count > 0 {
            let part = value_of(yearly(r), 1.0,
                annual(d),
                Horizon::months(7.0).unwrap(),
                FirstMargin::Now,
            );
            let error = part.unwrap_err();
            prop_assert!(matches!(error.kind(), ErrorKind::OutOfDomain { .. }), "{error}");
        }
    }
}
