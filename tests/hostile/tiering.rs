//! Pyramids and concentration of hostile values.

use goodwill::{Concentration, Pyramid, Share, Ties};
use rust_decimal::Decimal;

use crate::table::{FLOATS, decimals};
use crate::{assert_finite, assert_kind, assert_message, kind, row};

const TIES: [Ties; 3] = [Ties::TogetherUp, Ties::TogetherDown, Ties::InputOrder];

fn share(text: &str) -> Share {
    Share::new(text.parse().unwrap()).unwrap()
}

#[test]
fn pyramids() {
    let none: [(&str, Share); 0] = [];
    assert_message(Pyramid::by_share_of_customers(none), "pyramid must not be empty");
    let all = Pyramid::by_share_of_customers([("all", Share::ONE)]).unwrap();
    assert_eq!(all.assign(&[2.0, 1.0], Ties::TogetherUp).unwrap().tiers()[0].customers, 2);
    let off = [("most", share("0.9999999999999999999999999999"))];
    assert_message(
        Pyramid::by_share_of_customers(off),
        "the shares of the tiers must add up to 1, but add up to 0.9999999999999999999999999999",
    );
    let exactly = [off[0], ("rest", share("0.0000000000000000000000000001"))];
    let exactly = Pyramid::by_share_of_customers(exactly).unwrap();
    assert_eq!(exactly.tiers().len(), 2);
    assert_kind(Pyramid::by_share_of_customers(vec![("all", Share::ONE); 9]), "Inconsistent");
    let nobody = vec![("nobody", Share::ZERO); 3];
    assert_kind(Pyramid::by_share_of_customers(nobody.clone()), "Inconsistent");
    let padded = Pyramid::by_share_of_customers([nobody, vec![("all", Share::ONE)]].concat());
    for ties in TIES {
        for pyramid in [&exactly, padded.as_ref().unwrap(), &Pyramid::classic()] {
            for n in 1..4 {
                let tiering = pyramid.assign(&vec![1.0; n], ties).unwrap();
                assert_eq!(tiering.tiers().iter().map(|tier| tier.customers).sum::<usize>(), n);
                assert_eq!(tiering.tier_of(usize::MAX), None);
            }
        }
    }
}

#[test]
fn tiers_of_floats() {
    for ties in TIES {
        for a in FLOATS {
            for b in FLOATS {
                let values = [1.0, a, 2.0, b];
                let got = Pyramid::classic().assign(&values, ties);
                let Ok(tiering) = got else {
                    let error = got.unwrap_err();
                    match values.iter().position(|value| !value.is_finite()) {
                        Some(bad) => {
                            assert_eq!((kind(&error), row(&error)), ("OutOfDomain", Some(bad)));
                        }
                        None => assert_eq!(kind(&error), "Overflow", "{values:?}: {error}"),
                    }
                    continue;
                };
                assert!(a.is_finite() && b.is_finite());
                for tier in tiering.tiers() {
                    let numbers = [Some(tier.value), tier.mean, tier.share_of_value, tier.cutoff];
                    assert!(
                        numbers.into_iter().flatten().all(f64::is_finite),
                        "{values:?}: {tier:?}"
                    );
                }
                assert!(tiering.total().is_finite());
                assert_eq!(tiering.assignments().len(), 4);
            }
        }
    }
    let none: [f64; 0] = [];
    assert_message(Pyramid::classic().assign(&none, Ties::TogetherUp), "values must not be empty");
    assert_message(
        Pyramid::classic().assign(&[0.0, f64::NAN, f64::INFINITY], Ties::InputOrder),
        "value must lie in (-∞, ∞), but is NaN (row 1)",
    );
    let halves = [("upper", share("0.5")), ("lower", share("0.5"))];
    let halves = Pyramid::by_share_of_customers(halves).unwrap();
    assert_kind(halves.assign(&[f64::MAX; 4], Ties::InputOrder), "Overflow");
    // The whole fits where the parts cancel.
    let largest = [f64::MAX, f64::MIN, f64::MAX, f64::MIN];
    let whole = Pyramid::by_share_of_customers([("all", Share::ONE)]).unwrap();
    assert_eq!(whole.assign(&largest, Ties::InputOrder).unwrap().total().to_bits(), 0);
}

#[test]
fn tiers_of_decimals() {
    let all = decimals();
    for ties in TIES {
        for &a in &all {
            for &b in &all {
                let values = [Decimal::ONE, a, b];
                let pyramid = [("a", share("0.4")), ("b", share("0.6"))];
                match Pyramid::by_share_of_customers(pyramid).unwrap().assign(&values, ties) {
                    Ok(tiering) => {
                        for tier in tiering.tiers() {
                            let numbers = [tier.mean, tier.share_of_value];
                            assert!(numbers.into_iter().flatten().all(f64::is_finite), "{tier:?}");
                        }
                    }
                    got => assert_kind(got, "Overflow"),
                }
            }
        }
    }
    let none: [Decimal; 0] = [];
    assert_kind(Pyramid::classic().assign(&none, Ties::TogetherUp), "Empty");
}

/// Every measure of a concentration that exists.
fn measure(values: &[f64]) {
    let shares: Vec<Share> =
        decimals().into_iter().filter_map(|value| Share::new(value).ok()).collect();
    let got = Concentration::of(values);
    let Ok(concentration) = got else {
        let error = got.unwrap_err();
        match values.iter().position(|value| !value.is_finite()) {
            Some(bad) => assert_eq!((kind(&error), row(&error)), ("OutOfDomain", Some(bad))),
            None => {
                assert!(["Undefined", "Overflow"].contains(&kind(&error)), "{values:?}: {error}");
            }
        }
        return;
    };
    assert!(values.iter().all(|&value| value >= 0.0));
    let n = values.len() as f64;
    let gini = concentration.gini();
    assert!((0.0..=(n - 1.0) / n).contains(&gini), "{values:?}: {gini}");
    for (x, y) in concentration.lorenz_curve().unwrap() {
        assert!((0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y), "{values:?}: {x} {y}");
    }
    for share in shares {
        let what = || format!("{values:?}: {share}");
        let top = assert_finite(concentration.top_share(share), &[], what).unwrap();
        assert!((0.0..=1.0 + 1e-15).contains(&top), "{values:?}: {top}");
        assert!(concentration.customers_for_share(share).unwrap() <= values.len());
    }
}

#[test]
fn concentration_of_floats() {
    for a in FLOATS {
        measure(&[a]);
        for b in FLOATS {
            measure(&[a, b, 1.0]);
            measure(&[a, b, a, 0.0]);
        }
    }
    let none: [f64; 0] = [];
    assert_message(Concentration::of(&none), "values must not be empty");
    assert_message(Concentration::of(&[0.0, -0.0]), "concentration is undefined: all values are 0");
    assert_message(
        Concentration::of(&[1.0, -2.5, -9.0]),
        "concentration is undefined: row 1 has the value -2.5, below 0",
    );
    assert_message(
        Concentration::of(&[-1.0, f64::NAN]),
        "value must lie in (-∞, ∞), but is NaN (row 1)",
    );
}

#[test]
fn concentration_of_decimals() {
    let all = decimals();
    for &a in &all {
        for &b in &all {
            match Concentration::of(&[a, b]) {
                Ok(concentration) => {
                    assert!((0.0..=0.5).contains(&concentration.gini()), "{a} {b}");
                    let curve = concentration.lorenz_curve().unwrap();
                    assert_eq!(
                        (curve.first(), curve.last()),
                        (Some(&(0.0, 0.0)), Some(&(1.0, 1.0)))
                    );
                    for share in all.iter().filter_map(|&value| Share::new(value).ok()) {
                        let what = || format!("{a} {b} {share}");
                        assert_finite(concentration.top_share(share), &[], what);
                        if let Err(error) = concentration.customers_for_share(share) {
                            assert_eq!(kind(&error), "Overflow");
                        }
                    }
                }
                Err(error) => assert!(["Undefined", "Overflow"].contains(&kind(&error)), "{error}"),
            }
        }
    }
}
