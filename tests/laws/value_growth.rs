//! Weighted scores and quadrants do not depend on units, order or names.

use goodwill::tiering::{
    Axis, Boundary, Criterion, Direction, Matrix, Normalisation, OnBoundary, Quadrant,
    weighted_scores,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const NORMALISATIONS: [Normalisation; 3] =
    [Normalisation::MinMax, Normalisation::ZScore, Normalisation::Rank];

/// Few different values, at least two.
fn values() -> impl Strategy<Value = Vec<f64>> {
    vec((-20_i32..60).prop_map(f64::from), 1..30).prop_map(|mut values| {
        let other = values[0] + 1.0;
        values.push(other);
        values
    })
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn one_criterion_is_its_normalisation(values in values(), weight in 0.01_f64..9.0) {
        let criterion = |direction| Criterion::new(&values, weight, direction).unwrap();
        let (higher, lower) =
            (criterion(Direction::HigherIsBetter), criterion(Direction::LowerIsBetter));
        let n = values.len() as f64;
        let (low, high) =
            values.iter().fold((f64::MAX, f64::MIN), |(l, h), &x| (l.min(x), h.max(x)));
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        let rank = |x: f64| {
            let below = values.iter().filter(|&&own| own < x).count() as f64;
            let equal = values.iter().filter(|&&own| (own - x).abs() < 0.5).count() as f64;
            (below + 0.5 * (equal - 1.0)) / (n - 1.0)
        };
        for normalisation in NORMALISATIONS {
            let scores = weighted_scores(&[higher], normalisation).unwrap();
            let reversed = weighted_scores(&[lower], normalisation).unwrap();
            for ((&x, score), reversed) in values.iter().zip(scores).zip(reversed) {
                let (want, other) = match normalisation {
                    Normalisation::MinMax => ((x - low) / (high - low), (high - x) / (high - low)),
                    Normalisation::ZScore => {
                        let z = (x - mean) / variance.sqrt();
                        (z, -z)
                    }
                    Normalisation::Rank => (rank(x), 1.0 - rank(x)),
                };
                prop_assert!((score - want).abs() < 1e-12, "{} {}", score, want);
                prop_assert!((reversed - other).abs() < 1e-12, "{} {}", reversed, other);
            }
        }
    }

    #[test]
    fn scores_do_not_know_units_and_weights_only_their_ratio(
        values in values(),
        weights in (0.01_f64..9.0, 0.0_f64..9.0),
        unit in select(&[2.0_f64, 0.25, 1_024.0][..]),
        normalisation in select(&NORMALISATIONS[..]),
    ) {
        let other: Vec<f64> = values.iter().rev().copied().collect();
        let scores = |unit: f64, scale: f64| {
            let own: Vec<f64> = values.iter().map(|value| value * unit).collect();
            let higher = Direction::HigherIsBetter;
            let one = Criterion::new(&own, weights.0 * scale, higher).unwrap();
            let two = Criterion::new(&other, weights.1 * scale, higher).unwrap();
            weighted_scores(&[one, two], normalisation).unwrap()
        };
        // Powers of two round nothing, so the bits are the same.
        prop_assert_eq!(scores(unit, 1.0), scores(1.0, 1.0));
        prop_assert_eq!(scores(1.0, 8.0), scores(1.0, 1.0));
    }

    #[test]
    fn quadrants_follow_the_boundaries(
        values in values(),
        at in (-20_i32..60).prop_map(f64::from),
        on_boundary in select(&[OnBoundary::High, OnBoundary::Low][..]),
    ) {
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let n = values.len();
        let median = 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
        let mean = values.iter().sum::<f64>() / n as f64;
        let other: Vec<f64> = values.iter().rev().copied().collect();
        let axis = |boundary| Axis { boundary, on_boundary };
        for (boundary, cut) in
            [(Boundary::At(at), at), (Boundary::Median, median), (Boundary::Mean, mean)]
        {
            let matrix =
                Matrix::of(&values, &other, axis(boundary), axis(Boundary::At(at))).unwrap();
            prop_assert_eq!(matrix.boundaries(), (cut, at));
            let is_high = |x: f64, cut: f64| match on_boundary {
                OnBoundary::High => x >= cut,
                OnBoundary::Low => x > cut,
            };
            let mut passed = 0;
            for ((&x, &y), &quadrant) in values.iter().zip(&other).zip(matrix.quadrants()) {
                let want =
                    Quadrant { first_is_high: is_high(x, cut), second_is_high: is_high(y, at) };
                prop_assert_eq!(quadrant, want);
                passed += usize::from(quadrant == matrix.quadrants()[0]);
            }
            prop_assert_eq!(matrix.customers(matrix.quadrants()[0]), passed);
        }
    }
}
