//! Probabilities, shares, horizons, rates, present values and estimates.

use goodwill::{
    DiscountRate, Estimate, Horizon, LostAfter, Probability, Share, TimeUnit, present_value,
};
use rust_decimal::Decimal;

use crate::table::{FLOATS, UNITS, decimals, horizons};
use crate::{assert_finite, assert_kind, assert_message};

/// A constructor for what is known when the program is compiled.
const HALF: Probability = Probability::constant(0.5);

#[test]
fn probabilities() {
    for value in FLOATS {
        let inside = (0.0..=1.0).contains(&value);
        for got in [Probability::new(value), Probability::try_from(value)] {
            assert_eq!(got.is_ok(), inside, "{value}");
            match got {
                Ok(probability) => {
                    assert!(probability.get().is_sign_positive(), "{value}: −0 is 0");
                    let opposite = probability.complement().get();
                    assert!((0.0..=1.0).contains(&opposite) && opposite.is_sign_positive());
                    assert_eq!(f64::from(probability).to_bits(), probability.get().to_bits());
                    assert_eq!(probability.to_string(), probability.get().to_string());
                }
                Err(error) => assert_kind::<Probability>(Err(error), "OutOfDomain"),
            }
        }
    }
    assert_message(Probability::new(f64::NAN), "probability must lie in [0, 1], but is NaN");
    assert_message(Probability::new(-1.0), "probability must lie in [0, 1], but is -1");
    assert_message(Probability::new(f64::INFINITY), "probability must lie in [0, 1], but is inf");
    assert_eq!(Probability::new(0.5), Ok(HALF));
    assert!(Probability::constant(-0.0).get().is_sign_positive());
    assert!(std::panic::catch_unwind(|| Probability::constant(f64::NAN)).is_err());
    assert!(std::panic::catch_unwind(|| Probability::constant(1.0 + f64::EPSILON)).is_err());
}

#[test]
fn shares() {
    for value in decimals() {
        let inside = value >= Decimal::ZERO && value <= Decimal::ONE;
        match Share::new(value) {
            Ok(share) => {
                assert!(inside, "{value}");
                assert_eq!(share.get().serialize(), value.abs().normalize().serialize());
                assert_eq!(share.to_string(), value.abs().normalize().to_string());
            }
            Err(error) => {
                assert!(!inside, "{value}");
                assert_message::<Share>(
                    Err(error),
                    &format!("share must lie in [0, 1], but is {value}"),
                );
            }
        }
    }
    for percent in [0, 1, 100] {
        assert_eq!(Share::percent(percent).unwrap().get() * Decimal::from(100), percent.into());
    }
    assert_message(Share::percent(101), "share must lie in [0, 1], but is 1.01");
    assert_kind(Share::percent(u32::MAX), "OutOfDomain");
}

#[test]
fn the_horizon() {
    type Constructor = fn(f64) -> goodwill::Result<Horizon>;
    let named: [(TimeUnit, Constructor); 4] = [
        (TimeUnit::Day, Horizon::days),
        (TimeUnit::Week, Horizon::weeks),
        (TimeUnit::Month, Horizon::months),
        (TimeUnit::Year, Horizon::years),
    ];
    for length in FLOATS {
        for (unit, constructor) in named {
            let inside = length >= 0.0 && length.is_finite();
            for got in [Horizon::new(length, unit), constructor(length)] {
                // What is beyond f64 in days may be refused, but not be infinite.
                assert!(got.is_ok() == inside || length > 1e300 && got.is_err(), "{length}");
                let Ok(horizon) = got else {
                    assert_kind(got, "OutOfDomain");
                    continue;
                };
                assert_eq!(horizon, horizon, "a horizon is itself");
                for other in UNITS {
                    let there = horizon.in_unit(other).unwrap();
                    assert!(there >= 0.0 && there.is_finite(), "{horizon:?} is {there} {other:?}s");
                }
            }
        }
    }
    assert_message(Horizon::weeks(-1.0), "horizon must lie in [0, ∞), but is -1");
    assert_message(Horizon::years(f64::INFINITY), "horizon must lie in [0, ∞), but is inf");
    assert_eq!(Horizon::FOREVER.in_unit(TimeUnit::Day), None);
    assert!(UNITS.iter().all(|unit| unit.days() >= 1.0));
}

#[test]
fn the_discount_rate() {
    for rate in FLOATS {
        for unit in UNITS {
            let got = DiscountRate::new(rate, unit);
            assert_eq!(got.is_ok(), rate > -1.0 && rate.is_finite(), "{rate}");
            let Ok(discount) = got else {
                assert_kind(got, "OutOfDomain");
                continue;
            };
            for other in UNITS {
                let delta = discount.continuous_per(other);
                assert!(delta.is_finite(), "δ of {discount:?} per {other:?} is {delta}");
                let compound = discount.per(other);
                // A day's rate may compound beyond f64, and to a loss of all.
                assert!(compound >= -1.0, "{discount:?} per {other:?} is {compound}");
            }
        }
        assert_eq!(DiscountRate::annual(rate).ok(), DiscountRate::new(rate, TimeUnit::Year).ok());
    }
    assert_message(DiscountRate::annual(-1.0), "discount rate must lie in (-1, ∞), but is -1");
    assert_message(DiscountRate::annual(f64::NAN), "discount rate must lie in (-1, ∞), but is NaN");
}

fn rates() -> Vec<DiscountRate> {
    let rate = |&rate| UNITS.map(|unit| DiscountRate::new(rate, unit).ok());
    FLOATS.iter().flat_map(rate).flatten().collect()
}

#[test]
fn present_values() {
    for rate in rates() {
        for horizon in horizons() {
            let got = present_value::discount_factor(rate, horizon);
            let what = || format!("{rate:?} {horizon:?}");
            if let Some(factor) = assert_finite(got, &["Undefined"], what) {
                assert!(factor >= 0.0);
            }
        }
    }
    let negative = DiscountRate::annual(-0.1).unwrap();
    assert_message(
        present_value::discount_factor(negative, Horizon::FOREVER),
        "discount factor is undefined: at a negative rate, money infinitely late is worth infinitely much",
    );
}

#[test]
fn proportions() {
    let counts = [0, 1, 2, 20, u64::from(u32::MAX), 1 << 53, u64::MAX - 1, u64::MAX];
    for level in FLOATS.iter().filter_map(|&level| Probability::new(level).ok()) {
        for n in counts {
            for successes in counts {
                let got = Estimate::proportion(successes, n, level);
                let level_inside = level.get() > 0.0 && level.get() < 1.0;
                match got {
                    Ok(e) => {
                        assert!(n > 0 && successes <= n && level_inside);
                        assert!(0.0 <= e.lower() && e.upper() <= 1.0, "{e:?}");
                        assert!(e.lower() <= e.value() && e.value() <= e.upper(), "{e:?}");
                        assert_eq!(e.level(), level);
                    }
                    got if n == 0 => assert_kind(got, "Empty"),
                    got => {
                        assert!(successes > n || !level_inside, "{successes} of {n} at {level}");
                        assert_kind(got, "OutOfDomain");
                    }
                }
            }
        }
    }
    let half = Probability::constant(0.5);
    assert_message(Estimate::proportion(0, 0, half), "sample must not be empty");
    assert_message(Estimate::proportion(3, 2, half), "successes must lie in [0, n], but is 3");
    assert_message(
        Estimate::proportion(1, 2, Probability::ONE),
        "level must lie in (0, 1), but is 1",
    );
}

#[test]
fn the_rule_of_loss() {
    for days in [1, 180, u32::MAX] {
        assert_eq!(LostAfter::days(days).unwrap().get(), days);
        assert_eq!(LostAfter::try_from(days).map(u32::from), Ok(days));
    }
    assert_message(LostAfter::days(0), "lost after must lie in [1, ∞), but is 0");
    assert_kind(LostAfter::try_from(0), "OutOfDomain");
}

#[test]
fn bootstrap() {
    let half = Probability::constant(0.5);
    for n in [0, 1, 3] {
        for replicates in [0, 1, 10] {
            for value in FLOATS {
                let got = Estimate::bootstrap(n, replicates, u64::MAX, half, |_| Ok(value));
                let what = || format!("{n} {replicates} {value}");
                let got = assert_finite(got.map(|got| got.value()), &["Empty", "Undefined"], what);
                assert_eq!(got.is_some(), n > 0 && replicates > 0 && value.is_finite());
            }
        }
    }
    let nothing = |_: &[usize]| Ok(0.0);
    assert_message(Estimate::bootstrap(0, 1, 0, half, nothing), "sample must not be empty");
    assert_message(Estimate::bootstrap(1, 0, 0, half, nothing), "replicates must not be empty");
    for (n, replicates, name) in [(usize::MAX, 1, "sample"), (1, usize::MAX, "replicates")] {
        let message = format!("{name} must lie in [1, 1e9], but is {}", usize::MAX);
        assert_message(Estimate::bootstrap(n, replicates, 0, half, nothing), &message);
    }
}

#[test]
fn the_end_of_a_horizon() {
    use chrono::NaiveDate;
    for day in [NaiveDate::MIN, NaiveDate::MAX, NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()] {
        for horizon in horizons() {
            match horizon.date_after(day) {
                Ok(Some(end)) => {
                    let days = horizon.in_unit(TimeUnit::Day).unwrap();
                    let gap = end.signed_duration_since(day).num_days() as f64;
                    assert_eq!(gap.to_bits(), days.ceil().to_bits());
                }
                Ok(None) => assert!(horizon.in_unit(TimeUnit::Day).is_none()),
                Err(error) => assert_kind::<()>(Err(error), "Undefined"),
            }
        }
    }
    assert_message(
        Horizon::days(1.0).unwrap().date_after(NaiveDate::MAX),
        "end of the horizon is undefined: 1 days after +262142-12-31 are beyond the calendar",
    );
}
