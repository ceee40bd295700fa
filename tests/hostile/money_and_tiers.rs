//! Exact money at its limits, tiers and concentration of hostile values, the cost of churn.

use goodwill::money::{Sum, difference, product, sum, to_f64};
use goodwill::{ChurnCost, Concentration, ErrorKind, Pyramid, Share, Ties};
use rust_decimal::Decimal;

use crate::{NUMBERS, assert_out_of_domain, explained, sound};

fn decimals() -> Vec<Decimal> {
    let small = Decimal::new(1, 28);
    let large: Decimal = "7922816251426433759354395033.5".parse().unwrap();
    let plain = [Decimal::ZERO, -Decimal::ZERO, Decimal::ONE, Decimal::new(4, 2), Decimal::MAX];
    [small, large].into_iter().chain(plain).flat_map(|value| [value, -value]).collect()
}

#[test]
fn sums_and_products_are_exact_or_overflow() {
    for a in decimals() {
        for b in decimals() {
            for result in [sum([a, b]), difference(a, b), product(a, b)] {
                match result {
                    Ok(value) => assert_eq!(value.scale(), value.normalize().scale()),
                    Err(error) => assert!(matches!(error.kind(), ErrorKind::Overflow { .. })),
                }
            }
            assert_eq!(sum([a, b, -a, -b]).unwrap(), Decimal::ZERO);
        }
        assert!(to_f64(a).is_finite());
    }
    assert!(product(Decimal::new(1, 28), Decimal::new(1, 1)).is_err());
    assert!(sum([Decimal::MAX, Decimal::ONE]).is_err());
    assert_eq!(sum([]).unwrap(), Decimal::ZERO);
}

#[test]
fn totals_beyond_all_money_overflow() {
    let mut total = Sum::default();
    total.add(Decimal::MAX).unwrap();
    // Doubled until it no longer fits; a refused merge changes nothing.
    let doubled = (0..64).find(|_| {
        let before = total;
        let refused = total.merge(&before).is_err();
        assert!(!refused || total == before);
        refused
    });
    assert_eq!(doubled, Some(31));
    assert!(total.total().is_err());
}

#[test]
fn tiers_of_hostile_values() {
    for first in NUMBERS {
        for second in NUMBERS {
            for ties in [Ties::TogetherUp, Ties::TogetherDown, Ties::InputOrder] {
                let values = [1.0, first, second];
                match Pyramid::classic().assign(&values, ties) {
                    Ok(tiering) => {
                        assert!(tiering.total().is_finite());
                        assert_eq!(tiering.assignments().len(), 3);
                        for tier in tiering.tiers() {
                            let numbers =
                                [Some(tier.value), tier.mean, tier.cutoff, tier.share_of_value];
                            assert!(numbers.into_iter().flatten().all(f64::is_finite), "{tier:?}");
                        }
                    }
                    Err(error) => explained(&error),
                }
            }
            if let Ok(concentration) = Concentration::of(&[1.0, first, second]) {
                assert!((0.0..=2.0 / 3.0 + 1e-15).contains(&concentration.gini()));
                for share in [Share::ZERO, Share::ONE, Share::percent(20).unwrap()] {
                    sound(concentration.top_share(share));
                    assert!(concentration.customers_for_share(share).unwrap() <= 3);
                }
                assert!(
                    concentration.lorenz_curve().unwrap().iter().all(|point| point.1.is_finite())
                );
            }
        }
    }
    let tiers = |values: &[f64]| Pyramid::classic().assign(values, Ties::TogetherUp);
    assert_out_of_domain(tiers(&[1.0, f64::NAN, f64::INFINITY]), "value", Some(1));
    assert_eq!(tiers(&[]).unwrap_err().to_string(), "values must not be empty");
    assert!(matches!(tiers(&[f64::MAX; 9]).unwrap_err().kind(), ErrorKind::Overflow { .. }));
    // Beyond f64 on the way, but not in the end.
    let whole = Pyramid::by_share_of_customers([("all", Share::ONE)]).unwrap();
    let cancelling = [f64::MAX, f64::MAX, f64::MIN, f64::MIN, 5e-324];
    let total = whole.assign(&cancelling, Ties::InputOrder).unwrap().total();
    assert_eq!(total.to_bits(), 5e-324_f64.to_bits());
    let concentration = |values: &[f64]| Concentration::of(values).unwrap_err().to_string();
    assert_eq!(
        concentration(&[1.0, -5e-324]),
        "concentration is undefined: row 1 has the value -5e-324, below 0"
    );
    assert_eq!(concentration(&[0.0, -0.0]), "concentration is undefined: all values are 0");
    assert_out_of_domain(Concentration::of(&[f64::NAN]), "value", Some(0));
}

#[test]
fn decimal_tiers_are_exact_or_overflow() {
    for a in decimals() {
        for b in decimals() {
            match Pyramid::classic().assign(&[a, b], Ties::InputOrder) {
                Ok(tiering) => assert_eq!(tiering.total(), sum([a, b]).unwrap()),
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Overflow { .. }), "{error}");
                }
            }
            if let Ok(concentration) = Concentration::of(&[a, b]) {
                assert!((0.0..=0.5).contains(&concentration.gini()));
                let _ = concentration.lorenz_curve().map_err(|error| explained(&error));
                let _ = concentration.top_share(Share::ONE).map(|share| assert!(share.is_finite()));
                let _ = concentration.customers_for_share(Share::percent(80).unwrap());
            }
        }
    }
}

#[test]
fn pyramids_must_be_whole() {
    let thirds = Share::new("0.3333333333333333333333333333".parse().unwrap()).unwrap();
    let three = [("a", thirds), ("b", thirds), ("c", thirds)];
    let said = Pyramid::by_share_of_customers(three).unwrap_err().to_string();
    assert!(said.ends_with("but add up to 0.9999999999999999999999999999"), "{said}");
    let none: [(&str, Share); 0] = [];
    assert_eq!(
        Pyramid::by_share_of_customers(none).unwrap_err().to_string(),
        "pyramid must not be empty"
    );
    let rest = Share::new("0.9999999999999999999999999999".parse().unwrap()).unwrap();
    let tiny = Share::new(Decimal::new(1, 28)).unwrap();
    let uneven =
        Pyramid::by_share_of_customers([("few", tiny), ("all", rest), ("none", Share::ZERO)]);
    let sizes = uneven.unwrap().assign(&[1.0; 5], Ties::InputOrder).unwrap();
    let sizes: Vec<usize> = sizes.tiers().iter().map(|tier| tier.customers).collect();
    assert_eq!(sizes, [0, 5, 0]);
}

#[test]
fn churn_costs_are_exact_or_overflow() {
    for revenue in decimals() {
        for share in [Share::ZERO, Share::ONE, Share::new(Decimal::new(1, 28)).unwrap()] {
            for customers in [0, 1, u64::MAX] {
                match ChurnCost::new(customers, share, revenue, share) {
                    Ok(cost) => assert!(cost.lost_profit() <= cost.lost_revenue()),
                    Err(error) => explained(&error),
                }
            }
        }
    }
    let whole = Share::ONE;
    assert_out_of_domain(
        ChurnCost::new(1, whole, -Decimal::ONE, whole),
        "revenue per customer",
        None,
    );
}
