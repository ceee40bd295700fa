//! The columns that models see: histories and spends, one and many.

use goodwill::{Histories, History, Spend, Spends, TimeUnit};

use crate::table::{COUNTS, FLOATS, UNITS};
use crate::{assert_kind, assert_message, row};

#[test]
fn one_history() {
    for x in COUNTS {
        for recency in FLOATS {
            for age in FLOATS {
                let got = History::new(TimeUnit::Week, x, recency, age);
                let domain = (0.0..f64::INFINITY).contains(&age) && (0.0..=age).contains(&recency);
                let consistent = (x == 0) == (recency <= 0.0);
                let Ok(history) = got else {
                    // What is beyond f64 in days may be refused, but not be infinite.
                    assert!(!domain || !consistent || age > 1e300, "({x}, {recency}, {age})");
                    let contradicts = domain && !consistent && age <= 1e300;
                    let kinds = if contradicts { "Inconsistent" } else { "OutOfDomain" };
                    if age.is_nan() || age <= 1e300 {
                        assert_kind(got, kinds);
                    }
                    continue;
                };
                assert!(domain && consistent, "({x}, {recency}, {age})");
                assert!(history.recency().is_sign_positive() && history.age().is_sign_positive());
                for unit in UNITS {
                    let other = history.in_unit(unit);
                    assert!(other.age().is_finite(), "{history:?} in {unit:?} is {other:?}");
                    let (recency, age) = (other.recency(), other.age());
                    let again = History::new(unit, other.frequency(), recency, age);
                    assert_eq!(again, Ok(other), "{history:?} in {unit:?} is a history");
                }
            }
        }
    }
    let refused = |x, recency, age| History::new(TimeUnit::Week, x, recency, age);
    assert_message(refused(1, 1.0, f64::NAN), "age must lie in [0, ∞), but is NaN");
    assert_message(refused(1, -0.5, 1.0), "recency must lie in [0, age], but is -0.5");
    let message = "a customer with 0 repeat purchases cannot have recency 1";
    assert_message(refused(0, 1.0, 1.0), message);
    let message = "a customer with 2 repeat purchases cannot have recency 0";
    assert_message(refused(2, 0.0, 1.0), message);
}

#[test]
fn columns_of_histories() {
    let new =
        |x: &[u32], recency: &[f64], age: &[f64]| Histories::new(TimeUnit::Week, x, recency, age);
    let none = new(&[], &[], &[]).unwrap();
    assert_eq!((none.len(), none.as_of(), none.unit()), (0, None, TimeUnit::Week));
    assert_message(
        new(&[0, 0], &[0.0], &[0.0, 0.0]),
        "frequency and recency must have the same length, but have 2 and 1",
    );
    assert_message(
        new(&[0], &[0.0], &[]),
        "frequency and age must have the same length, but have 1 and 0",
    );
    // Of all bad rows the lowest, whatever is wrong with it.
    for bad in FLOATS.into_iter().filter(|age| age.abs() <= 1e300 || !age.is_finite()) {
        for row_of_bad in 0..4 {
            let mut age = [9.0, 9.0, 9.0, 9.0, f64::NAN];
            age[row_of_bad] = bad;
            let got = new(&[0; 5], &[0.0; 5], &age);
            let fine = (0.0..f64::INFINITY).contains(&bad);
            let error = got.unwrap_err();
            assert_eq!(row(&error), Some(if fine { 4 } else { row_of_bad }));
        }
    }
    let got = new(&[0, 3, 0], &[0.0, 0.0, f64::NAN], &[1.0, 1.0, f64::NAN]);
    assert_message(got, "a customer with 3 repeat purchases cannot have recency 0 (row 1)");
}

#[test]
fn spend_on_repeat_purchases() {
    for x in COUNTS {
        for mean in FLOATS {
            let got = Spend::new(x, mean);
            let Ok(spend) = got else {
                assert!(!mean.is_finite() || x == 0);
                assert_kind(got, if mean.is_finite() { "Inconsistent" } else { "OutOfDomain" });
                continue;
            };
            assert!(mean.is_finite() && (x > 0 || mean.abs() <= 0.0));
            assert!(spend.mean().abs() > 0.0 || spend.mean().is_sign_positive(), "−0 is 0");
            assert_eq!(spend.frequency(), x);
        }
    }
    assert_message(Spend::new(1, f64::NAN), "mean spend must lie in (-∞, ∞), but is NaN");
    assert_message(
        Spend::new(0, 1.0),
        "a customer without a repeat purchase cannot have a mean spend of 1",
    );
    assert_message(
        Spends::new(&[1], &[]),
        "frequency and mean must have the same length, but have 1 and 0",
    );
    let lowest = Spends::new(&[1, 1, 0], &[1.0, f64::INFINITY, f64::NAN]);
    assert_message(lowest, "mean spend must lie in (-∞, ∞), but is inf (row 1)");
    assert!(Spends::new(&[], &[]).unwrap().iter().next().is_none());
}
