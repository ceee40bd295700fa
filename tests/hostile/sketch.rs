//! Sketches of hostile values.

use goodwill::Pyramid;
use goodwill::tiering::QuantileSketch;

use crate::table::FLOATS;
use crate::{assert_kind, assert_message};

#[test]
fn sketches() {
    for relative_error in FLOATS {
        let Ok(mut sketch) = QuantileSketch::new(relative_error) else {
            assert!(!(0.001..=0.5).contains(&relative_error));
            continue;
        };
        assert_eq!(sketch.relative_error().to_bits(), relative_error.to_bits());
        assert_kind(sketch.value_at_rank(1), "Undefined");
        assert_kind(Pyramid::classic().approximate_thresholds(&sketch), "Undefined");
        let mut finite = 0;
        for value in FLOATS {
            match sketch.add(value) {
                Ok(()) => finite += 1,
                refused => assert_kind(refused, "OutOfDomain"),
            }
            assert_eq!(sketch.customers(), finite);
        }
        assert!((1..=finite).all(|rank| sketch.value_at_rank(rank).unwrap().is_finite()));
        assert_message(
            sketch.value_at_rank(0),
            "value at a rank is undefined: nobody is at rank 0",
        );
        assert_kind(sketch.value_at_rank(finite + 1), "Undefined");
    }
    let mut fine = QuantileSketch::new(0.01).unwrap();
    assert_message(
        fine.merge(&QuantileSketch::new(0.02).unwrap()),
        "relative errors must be equal, but are 0.01 and 0.02",
    );
    assert_kind(QuantileSketch::new(f64::NAN), "OutOfDomain");
    fine.add(f64::MAX).unwrap();
    assert_eq!(fine.value_at_rank(1), Ok(f64::MAX));
    // Doubled 50 times, and once more.
    for _ in 0..50 {
        fine.merge(&fine.clone()).unwrap();
    }
    assert_eq!(fine.customers(), 1 << 50);
    let message = "the number of customers has more digits than the type holds exactly";
    assert_message(fine.merge(&fine.clone()), message);
    assert_message(fine.add(1.0), message);
    assert_eq!(fine.value_at_rank(1 << 50), Ok(f64::MAX), "the last is the first");
}

/// Subnormal values count as 0, as documented; the smallest normal one too.
#[test]
fn tiny_values_are_zeros() {
    for tiny in [5e-324, -5e-324, f64::MIN_POSITIVE, -f64::MIN_POSITIVE, 0.0, -0.0] {
        let mut sketch = QuantileSketch::new(0.1).unwrap();
        for value in [1.0, tiny, -1.0] {
            sketch.add(value).unwrap();
        }
        assert_eq!(sketch.value_at_rank(2).unwrap().to_bits(), 0, "{tiny}");
    }
}
