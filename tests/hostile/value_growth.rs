//! Criteria and matrices of hostile scores.

use goodwill::tiering::{
    Axis, Boundary, Criterion, Direction, GrowthAction, LoyaltyType, Matrix, Normalisation,
    OnBoundary, Quadrant, weighted_scores,
};

use crate::table::FLOATS;
use crate::{assert_kind, assert_message, kind};

const DIRECTIONS: [Direction; 2] = [Direction::HigherIsBetter, Direction::LowerIsBetter];
const NORMALISATIONS: [Normalisation; 3] =
    [Normalisation::MinMax, Normalisation::ZScore, Normalisation::Rank];

#[test]
fn criteria() {
    let higher = Direction::HigherIsBetter;
    assert_message(Criterion::new(&[], 1.0, higher), "criterion must not be empty");
    assert_message(weighted_scores(&[], Normalisation::Rank), "criteria must not be empty");
    assert_message(
        Criterion::new(&[0.0, f64::NAN], 1.0, higher),
        "value must lie in (-∞, ∞), but is NaN (row 1)",
    );
    for weight in FLOATS {
        if let Err(error) = Criterion::new(&[1.0], weight, higher) {
            assert_eq!(kind(&error), "OutOfDomain");
            assert!(!(0.0..=1e300).contains(&weight));
        }
    }
    for a in FLOATS {
        for b in FLOATS {
            let values = [a, b, 1.0];
            for direction in DIRECTIONS {
                let Ok(criterion) = Criterion::new(&values, 1e300, direction) else {
                    assert!(values.iter().any(|value| !value.is_finite()));
                    continue;
                };
                let light = Criterion::new(&[1.0, 2.0, 4.0], 5e-324, direction).unwrap();
                for normalisation in NORMALISATIONS {
                    match weighted_scores(&[criterion, light], normalisation) {
                        Ok(scores) => {
                            assert!(scores.iter().all(|score| score.is_finite()), "{values:?}");
                        }
                        Err(error) => assert_eq!(kind(&error), "Undefined"),
                    }
                }
            }
        }
    }
    let one = Criterion::new(&[1.0], 1.0, higher).unwrap();
    let two = Criterion::new(&[1.0, 2.0], 0.0, higher).unwrap();
    assert_kind(weighted_scores(&[one, two], Normalisation::Rank), "Undefined");
    assert_message(
        weighted_scores(&[two, two], Normalisation::Rank),
        "at least one weight must be above 0",
    );
    let three = Criterion::new(&[1.0, 2.0, 3.0], 1.0, higher).unwrap();
    assert_kind(weighted_scores(&[two, three], Normalisation::Rank), "LengthMismatch");
    assert_message(
        weighted_scores(&[one], Normalisation::ZScore),
        "normalised value is undefined: all customers are equal",
    );
    let tiny = Criterion::new(&[5e-324, 0.0], 1.0, higher).unwrap();
    assert_message(
        weighted_scores(&[tiny], Normalisation::MinMax),
        "normalised value is undefined: all values are too near 0",
    );
}

#[test]
fn matrices() {
    let axis = |boundary| Axis { boundary, on_boundary: OnBoundary::High };
    let mean = axis(Boundary::Mean);
    assert_message(Matrix::of(&[], &[], mean, mean), "scores must not be empty");
    assert_kind(Matrix::of(&[1.0], &[], mean, mean), "LengthMismatch");
    assert_message(
        Matrix::of(&[1.0], &[1.0], mean, axis(Boundary::At(f64::NAN))),
        "boundary must lie in (-∞, ∞), but is NaN",
    );
    for a in FLOATS {
        for b in FLOATS {
            for boundary in [Boundary::At(a), Boundary::Mean, Boundary::Median] {
                for on_boundary in [OnBoundary::High, OnBoundary::Low] {
                    let own = Axis { boundary, on_boundary };
                    match Matrix::of(&[a, b], &[b, 1.0], own, mean) {
                        Ok(matrix) => {
                            let (one, other) = matrix.boundaries();
                            assert!(one.is_finite() && other.is_finite(), "{a} {b}");
                            let places =
                                [(true, true), (true, false), (false, true), (false, false)];
                            let all = places.map(|(first_is_high, second_is_high)| {
                                matrix.customers(Quadrant { first_is_high, second_is_high })
                            });
                            assert_eq!(all.iter().sum::<usize>(), matrix.quadrants().len());
                        }
                        Err(error) => {
                            assert!(["OutOfDomain", "Overflow"].contains(&kind(&error)), "{error}");
                        }
                    }
                }
            }
        }
    }
    let low = Quadrant { first_is_high: false, second_is_high: false };
    assert_eq!(low.growth_action(), GrowthAction::Release);
    assert_eq!(low.loyalty_type(), LoyaltyType::Defector);
}
