//! Lifetime value of hostile spends, margins, steps and rates; and constant retention.

use goodwill::lifetime::{Margin, RetentionModel};
use goodwill::{
    BgNbd, ConstantRetention, DiscountRate, Discounting, FirstMargin, Histories, History, Horizon,
    Probability, TimeUnit, Valuation, customer_lifetime_value, customer_lifetime_value_if_alive,
    customer_lifetime_values,
};

use crate::table::{FLOATS, UNITS, horizons};
use crate::{assert_finite, assert_kind, assert_message};

fn shop() -> BgNbd {
    BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap()
}

fn customer() -> History {
    History::new(TimeUnit::Week, 2, 30.43, 38.86).unwrap()
}

fn year() -> Valuation {
    Valuation::new(Horizon::years(1.0).unwrap(), DiscountRate::annual(0.1).unwrap())
}

#[test]
fn spends_and_margins() {
    for margin in FLOATS {
        let Ok(valuation) = year().margin(margin) else {
            assert!(!margin.is_finite());
            let want = format!("margin must lie in (-∞, ∞), but is {margin}");
            assert_message(year().margin(margin), &want);
            continue;
        };
        assert!(margin.is_finite());
        for spend in FLOATS {
            let scored = customer_lifetime_value(&shop(), spend, &customer(), &valuation);
            let if_alive =
                customer_lifetime_value_if_alive(&shop(), spend, &customer(), &valuation);
            for got in [scored, if_alive] {
                if spend.is_finite() {
                    assert_finite(got, &["Undefined"], || format!("{spend} at {margin}"));
                } else {
                    let want = format!("expected spend must lie in (-∞, ∞), but is {spend}");
                    assert_message(got, &want);
                }
            }
        }
    }
}

#[test]
fn steps() {
    let yearly = |step| year().discounting(Discounting::EndOfStep(step));
    let mut filled = 0;
    for step in horizons().into_iter().step_by(3) {
        // A step of a millionth of the horizon is allowed, and takes a million expectations.
        if step.in_unit(TimeUnit::Day).is_some_and(|days| days > 0.0 && days < 1.0) {
            continue;
        }
        let got = customer_lifetime_value(&shop(), 1.0, &customer(), &yearly(step));
        filled += u32::from(assert_finite(got, &["Undefined"], || format!("{step:?}")).is_some());
    }
    assert!(filled > 0);
    for length in [0.0, 1e-300, 1e-8] {
        let got = yearly(Horizon::days(length).unwrap());
        assert_kind(customer_lifetime_value(&shop(), 1.0, &customer(), &got), "Undefined");
    }
    assert_message(
        customer_lifetime_value(&shop(), 1.0, &customer(), &yearly(Horizon::FOREVER)),
        "lifetime value by steps is undefined: steps do not end for ever",
    );
    assert_message(
        customer_lifetime_value(&shop(), 1.0, &customer(), &yearly(Horizon::days(300.0).unwrap())),
        "lifetime value by steps is undefined: steps of 300 days do not fill a horizon of 365.2425 days",
    );
    // No horizon is filled by any step, and worth nothing.
    let nothing = Valuation::new(Horizon::days(0.0).unwrap(), DiscountRate::NONE);
    let nothing = nothing.discounting(Discounting::EndOfStep(Horizon::days(1.0).unwrap()));
    let got = customer_lifetime_value(&shop(), 1.0, &customer(), &nothing).unwrap();
    assert_eq!(got.to_bits(), 0);
}

#[test]
fn rates_and_horizons() {
    for rate in FLOATS.iter().filter_map(|&rate| DiscountRate::annual(rate).ok()) {
        for length in [0.0, 1e-300, 1.0, 1e8, 1e300] {
            let horizon = Horizon::years(length).unwrap();
            let got = Valuation::new(horizon, rate);
            let got = customer_lifetime_value(&shop(), 1.0, &customer(), &got);
            assert_finite(got, &["Undefined"], || format!("{rate:?} {horizon:?}"));
        }
    }
}

#[test]
fn the_batch() {
    let two = Histories::new(TimeUnit::Week, &[0; 2], &[0.0; 2], &[1.0; 2]).unwrap();
    assert_message(
        customer_lifetime_values(&shop(), &[1.0], &two, &year()),
        "expected spends and histories must have the same length, but have 1 and 2",
    );
    assert_message(
        customer_lifetime_values(&shop(), &[1.0, f64::NAN], &two, &year()),
        "expected spend must lie in (-∞, ∞), but is NaN (row 1)",
    );
    let both = customer_lifetime_values(&shop(), &[f64::INFINITY, f64::NAN], &two, &year());
    assert_message(both, "expected spend must lie in (-∞, ∞), but is inf (row 0)");
    let none = Histories::new(TimeUnit::Week, &[], &[], &[]).unwrap();
    assert_eq!(customer_lifetime_values(&shop(), &[], &none, &year()), Ok(vec![]));
    let ever = Valuation::new(Horizon::FOREVER, DiscountRate::NONE);
    assert_kind(customer_lifetime_values(&shop(), &[1.0; 2], &two, &ever), "Undefined");
}

#[test]
fn constant_retention() {
    let kinds = ["OutOfDomain", "Undefined"];
    for retention in FLOATS.iter().filter_map(|&retention| Probability::new(retention).ok()) {
        for period in UNITS {
            let base = ConstantRetention::new(period, retention);
            let what = || format!("{base:?}");
            let periods = assert_finite(base.expected_periods(), &["Undefined"], what);
            assert_eq!(periods.is_none(), retention == Probability::ONE);
            for rate in FLOATS.iter().filter_map(|&rate| DiscountRate::annual(rate).ok()) {
                for horizon in horizons().into_iter().step_by(3) {
                    for first in [FirstMargin::Now, FirstMargin::AfterRenewal] {
                        for margin in [-1.0, 0.0, 1.0, f64::MAX, 5e-324] {
                            let margin = Margin::new(margin, period).unwrap();
                            let got = base.lifetime_value(&margin, horizon, rate, first);
                            let what =
                                || format!("{base:?} {margin:?} {rate:?} {horizon:?} {first:?}");
                            assert_finite(got, &kinds, what);
                        }
                    }
                }
            }
        }
    }
    let loyal = ConstantRetention::new(TimeUnit::Year, Probability::ONE);
    let one = Margin::new(1.0, TimeUnit::Year).unwrap();
    let value = |rate, horizon| loyal.lifetime_value(&one, horizon, rate, FirstMargin::Now);
    assert_message(
        value(DiscountRate::NONE, Horizon::FOREVER),
        "discounted lifetime for ever is undefined: it needs retention < 1 + discount net of growth, but has 1 and 0",
    );
    assert_message(
        value(DiscountRate::NONE, Horizon::years(2.5).unwrap()),
        "horizon in periods must lie in the whole numbers, but is 2.5",
    );
    assert_message(
        loyal.expected_periods(),
        "expected periods is undefined: a customer who always stays, stays for ever",
    );
}
