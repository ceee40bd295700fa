//! Equal values are equal to their mean and have no spread, however many they are and whatever their last digits.

use goodwill::satisfaction::{
    Answer, Csat, MeanScore, MysteryVisits, Sampling, Scale, WeightedAnswers,
};
use goodwill::tiering::{Axis, Boundary, Matrix, OnBoundary};
use goodwill::{Estimate, Probability};
use proptest::collection::vec;
use proptest::prelude::*;

fn of_few() -> Sampling {
    Sampling::new(Probability::constant(0.95)).minimum(2).unwrap()
}

fn bits(got: Estimate) -> [u64; 3] {
    [got.lower(), got.value(), got.upper()].map(f64::to_bits)
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn their_mean_has_no_doubt(value in -1e6_f64..1e6, n in 2_usize..60) {
        let got = MeanScore::of(&vec![value; n]).unwrap().interval(&of_few()).unwrap();
        prop_assert_eq!(bits(got), [value.to_bits(); 3]);
    }

    #[test]
    fn a_weighted_index_of_one_answer_has_no_doubt(score in 1_u8..8, weights in vec(0.5_f64..2.0, 3..40)) {
        let mut answers = WeightedAnswers::new(Scale::ONE_TO_SEVEN);
        for weight in weights {
            answers.record(Answer::Score(score), weight).unwrap();
        }
        let got = Csat::of(&answers).unwrap().index.interval(&of_few()).unwrap();
        let index = f64::from(score - 1) / 6.0 * 100.0;
        prop_assert_eq!(bits(got), [got.value().to_bits(); 3]);
        prop_assert!((got.value() - index).abs() <= 1e-14 * index, "{} is not {}", got.value(), index);
    }

    #[test]
    fn they_all_lie_on_their_mean(value in -1e6_f64..1e6, n in 1_usize..60) {
        let column = vec![value; n];
        for on_boundary in [OnBoundary::High, OnBoundary::Low] {
            let axis = Axis { boundary: Boundary::Mean, on_boundary };
            let matrix = Matrix::of(&column, &column, axis, axis).unwrap();
            prop_assert_eq!(matrix.boundaries(), (value, value));
            let is_high = on_boundary == OnBoundary::High;
            prop_assert!(matrix.quadrants().iter().all(|quadrant| quadrant.first_is_high == is_high));
        }
    }

    #[test]
    fn outlets_with_one_score_tie(score in 0.0_f64..100.0, visits in vec(1_usize..20, 2..6)) {
        let mut all = MysteryVisits::new();
        for (outlet, visits) in visits.iter().enumerate() {
            for _ in 0..*visits {
                all.record(&outlet.to_string(), 1, score).unwrap();
            }
        }
        for outlet in all.ranking(1).unwrap() {
            prop_assert_eq!((outlet.rank, outlet.score), (1, score));
        }
    }
}
