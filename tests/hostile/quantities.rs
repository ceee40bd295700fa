//! Floors 0 to 2: probabilities, shares, times, estimates, present values.

use goodwill::{
    ConstantRetention, DiscountRate, Estimate, FirstMargin, Horizon, Probability, Share, TimeUnit,
    present_value,
};
use rust_decimal::Decimal;

use crate::{NUMBERS, assert_out_of_domain, sound};

#[test]
fn probabilities_lie_between_0_and_1() {
    for value in NUMBERS {
        match Probability::new(value) {
            Ok(p) => {
                assert!((0.0..=1.0).contains(&p.get()) && p.get().is_sign_positive());
                assert!((0.0..=1.0).contains(&p.complement().get()));
            }
            error => {
                assert!(!(0.0..=1.0).contains(&value));
                assert_out_of_domain(error, "probability", None);
            }
        }
    }
    let said = Probability::new(f64::NAN).unwrap_err().to_string();
    assert_eq!(said, "probability must lie in [0, 1], but is NaN");
}

#[test]
fn shares_lie_between_0_and_1() {
    let tiny = Decimal::new(1, 28);
    for (value, ok) in [
        (Decimal::ZERO, true),
        (-Decimal::ZERO, true),
        (tiny, true),
        (-tiny, false),
        (Decimal::ONE, true),
        ("1.0000000000000000000000000001".parse().unwrap(), false),
        (Decimal::MAX, false),
        (Decimal::MIN, false),
    ] {
        assert_eq!(Share::new(value).is_ok(), ok, "{value}");
    }
    assert_out_of_domain(Share::percent(u32::MAX), "share", None);
}

#[test]
fn horizons_are_finite_or_for_ever() {
    let units = [TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year];
    for length in NUMBERS {
        for unit in units {
            match Horizon::new(length, unit) {
                Ok(horizon) => {
                    let days = horizon.in_unit(TimeUnit::Day).unwrap();
                    assert!(days >= 0.0 && days.is_sign_positive());
                }
                error => assert_out_of_domain(error, "horizon", None),
            }
        }
    }
    assert!(Horizon::days(-5e-324).is_err() && Horizon::years(f64::NAN).is_err());
    assert!(Horizon::weeks(f64::INFINITY).is_err() && Horizon::months(-1.0).is_err());
}

#[test]
fn discount_rates_leave_something() {
    for rate in NUMBERS {
        match DiscountRate::annual(rate) {
            Ok(discount) => {
                assert!(rate > -1.0);
                let delta = discount.continuous_per(TimeUnit::Day);
                assert!(delta.is_finite(), "{rate}: {delta}");
                assert!(discount.per(TimeUnit::Week) > -1.0);
                for years in [0.0, 1.0, 1e300] {
                    sound(present_value::discount_factor(discount, Horizon::years(years).unwrap()));
                }
                sound(present_value::discount_factor(discount, Horizon::FOREVER));
            }
            error => assert_out_of_domain(error, "discount rate", None),
        }
    }
}

#[test]
fn proportions_have_an_interval_or_a_reason() {
    for (successes, n) in [(0, 1), (1, 1), (0, u64::MAX), (u64::MAX, u64::MAX), (1, 0), (2, 1)] {
        for level in NUMBERS.into_iter().filter_map(|level| Probability::new(level).ok()) {
            if let Ok(estimate) = Estimate::proportion(successes, n, level) {
                assert!(0.0 <= estimate.lower() && estimate.lower() <= estimate.value());
                assert!(estimate.value() <= estimate.upper() && estimate.upper() <= 1.0);
            }
        }
    }
    let half = Probability::constant(0.5);
    assert_out_of_domain(Estimate::proportion(2, 1, half), "successes", None);
    assert_out_of_domain(Estimate::proportion(1, 2, Probability::ONE), "level", None);
    let said = Estimate::proportion(0, 0, half).unwrap_err().to_string();
    assert_eq!(said, "sample must not be empty");
}

#[test]
fn retention_values_are_finite_or_refused() {
    for retention in NUMBERS.into_iter().filter_map(|r| Probability::new(r).ok()) {
        let base = ConstantRetention::new(TimeUnit::Month, retention);
        sound(base.expected_periods());
        for rate in NUMBERS.into_iter().filter_map(|d| DiscountRate::annual(d).ok()) {
            for margin in NUMBERS {
                for horizon in [0.0, 1.0, 1e18, f64::MAX] {
                    for first in [FirstMargin::Now, FirstMargin::AfterRenewal] {
                        let horizon = Horizon::months(horizon).unwrap();
                        sound(base.lifetime_value(margin, rate, horizon, first));
                        sound(base.lifetime_value(margin, rate, Horizon::FOREVER, first));
                    }
                }
            }
        }
    }
    let loyal = ConstantRetention::new(TimeUnit::Year, Probability::ONE);
    let value = |margin, horizon| {
        loyal.lifetime_value(margin, DiscountRate::NONE, horizon, FirstMargin::Now)
    };
    assert_out_of_domain(value(f64::NAN, Horizon::FOREVER), "margin", None);
    let half = Horizon::years(0.5).unwrap();
    assert_out_of_domain(value(1.0, half), "horizon in periods", None);
    let said = value(1.0, Horizon::FOREVER).unwrap_err().to_string();
    assert!(said.starts_with("lifetime value for ever is undefined: "), "{said}");
}
