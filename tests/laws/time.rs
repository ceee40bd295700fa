//! Horizons and rates change their unit without changing what they mean.

use goodwill::{DiscountRate, Horizon, TimeUnit, present_value};
use proptest::prelude::*;
use proptest::sample::select;

use crate::generate::log_uniform;
use crate::support::assert_close;

const UNITS: [TimeUnit; 4] = [TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year];

fn unit() -> impl Strategy<Value = TimeUnit> {
    select(&UNITS[..])
}

fn rate() -> impl Strategy<Value = f64> {
    prop_oneof![-0.9_f64..3.0, log_uniform(1e-12, 1e-2)]
}

proptest! {
    #![proptest_config(crate::cases(1_024))]

    #[test]
    fn horizons_convert_by_the_named_days(
        length in log_uniform(1e-6, 1e9),
        own in unit(),
        other in unit(),
        third in unit(),
    ) {
        let horizon = Horizon::new(length, own).unwrap();
        prop_assert_eq!(horizon.in_unit(own), Some(length));
        let there = horizon.in_unit(other).unwrap();
        assert_close(there * other.days(), length * own.days(), 1e-15, "the same days");
        let back = Horizon::new(there, other).unwrap();
        assert_close(back.in_unit(own).unwrap(), length, 1e-15, "there and back");
        assert_close(
            back.in_unit(third).unwrap(),
            horizon.in_unit(third).unwrap(),
            1e-15,
            "by way of another",
        );
        let read: Horizon = serde_json::from_value(serde_json::to_value(horizon).unwrap()).unwrap();
        prop_assert_eq!(read, horizon);
        prop_assert_eq!(read.in_unit(own), Some(length), "in its own unit to the bit");
    }

    #[test]
    fn rates_compound(rate in rate(), own in unit(), other in unit(), third in unit()) {
        let discount = DiscountRate::new(rate, own).unwrap();
        prop_assert_eq!(discount.per(own).to_bits(), rate.to_bits());
        let delta = discount.continuous_per(other);
        assert_close(delta, rate.ln_1p() * (other.days() / own.days()), 1e-15, "δ per unit");
        let json = serde_json::to_value(discount).unwrap();
        prop_assert_eq!(serde_json::from_value::<DiscountRate>(json).unwrap(), discount);
        // Below −20 a compound rate is −1 to all its digits.
        prop_assume!((-20.0..600.0).contains(&delta));
        let there = DiscountRate::new(discount.per(other), other).unwrap();
        let (got, want) = (there.continuous_per(third), discount.continuous_per(third));
        // 1 + d keeps an ulp of max(1, 1 + d), which is this much of δ.
        let kept = 1e-15 * (1.0 + 1.0 / (1.0 + there.per(other))) * (third.days() / other.days());
        prop_assert!((got - want).abs() <= kept + 1e-14 * want.abs(), "{got} is not {want}");
    }

    #[test]
    fn twelve_months_make_a_year(rate in rate()) {
        let monthly = DiscountRate::annual(rate).unwrap().per(TimeUnit::Month);
        prop_assert!(((12.0 * monthly.ln_1p()).exp_m1() - rate).abs() <= 1e-14 * (1.0 + rate));
        prop_assert!(((1.0 + monthly).powi(12) - (1.0 + rate)).abs() <= 1e-14 * (1.0 + rate));
        let weekly = DiscountRate::new(rate, TimeUnit::Week).unwrap().per(TimeUnit::Day);
        prop_assert!(((1.0 + weekly).powi(7) - (1.0 + rate)).abs() <= 1e-14 * (1.0 + rate));
    }

    #[test]
    fn discount_factors_multiply(rate in rate(), years in [0.0_f64..40.0, 0.0..40.0]) {
        let rate_of = DiscountRate::annual(rate).unwrap();
        let factor = |years| {
            present_value::discount_factor(rate_of, Horizon::years(years).unwrap()).unwrap()
        };
        prop_assert_eq!(factor(0.0).to_bits(), 1.0_f64.to_bits());
        assert_close(factor(1.0), 1.0 / (1.0 + rate), 1e-14, "a year");
        assert_close(
            factor(years[0]) * factor(years[1]),
            factor(years[0] + years[1]),
            1e-12,
            "one after the other",
        );
        let ever = present_value::discount_factor(rate_of, Horizon::FOREVER);
        prop_assert_eq!(
            ever.ok(),
            if rate > 0.0 {
                Some(0.0)
            } else if rate < 0.0 {
                None
            } else {
                Some(1.0)
            }
        );
    }
}
