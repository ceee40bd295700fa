//! Laws of satisfaction: scores in range, better answers never lower them, merging, free weights.

use goodwill::satisfaction::*;
use goodwill::{Probability, satisfaction};
use proptest::prelude::*;

const SURE: Sampling = Sampling::new(Probability::constant(0.95));

fn scores() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0_u8..=10, 10..60)
}

fn answers(scores: &[u8]) -> Answers {
    Answers::from_scores(Scale::ZERO_TO_TEN, scores).unwrap()
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn scores_lie_in_their_range(scores in scores()) {
        let all = answers(&scores);
        let (nps, csat) = (Nps::of(&all).unwrap(), Csat::of(&all).unwrap());
        prop_assert!((-100.0..=100.0).contains(&nps.score()));
        prop_assert!((-1e-12..=100.0 + 1e-12).contains(&csat.index.value()));
        prop_assert!(csat.top_box.share() <= csat.top_two.share());
        let naive = scores.iter().map(|&s| f64::from(s)).sum::<f64>() / scores.len() as f64;
        prop_assert!((csat.index.value() - 10.0 * naive).abs() < 1e-11);
        for interval in [nps.interval(&SURE).unwrap(), nps.wald_interval(&SURE).unwrap()] {
            prop_assert!(-100.0 <= interval.lower() && interval.upper() <= 100.0);
            prop_assert!(interval.lower() <= interval.upper());
        }
        for interval in [csat.top_two.wilson(&SURE), csat.top_two.adjusted_wald(&SURE)] {
            let interval = interval.unwrap();
            prop_assert!(0.0 <= interval.lower() && interval.upper() <= 1.0);
            prop_assert!(interval.lower() <= interval.upper());
        }
    }

    #[test]
    fn a_better_answer_never_lowers_a_score(scores in scores(), at in any::<prop::sample::Index>()) {
        let mut better = scores.clone();
        let at = at.index(scores.len());
        better[at] = (better[at] + 1).min(10);
        let (before, after) = (answers(&scores), answers(&better));
        prop_assert!(Nps::of(&before).unwrap().score() <= Nps::of(&after).unwrap().score());
        let (before, after) = (Csat::of(&before).unwrap(), Csat::of(&after).unwrap());
        prop_assert!(before.index.value() <= after.index.value() + 1e-12);
        prop_assert!(before.top_two.share() <= after.top_two.share());
    }

    #[test]
    fn merged_shards_are_the_whole(scores in scores(), at in any::<prop::sample::Index>()) {
        let (left, right) = scores.split_at(at.index(scores.len()));
        prop_assert_eq!(answers(left).merge(&answers(right)).unwrap(), answers(&scores));
        let weighted = |scores: &[u8]| {
            let mut all = WeightedAnswers::new(Scale::ZERO_TO_TEN);
            for &s in scores { all.record(s, 0.1 + f64::from(s)).unwrap(); }
            all
        };
        prop_assert_eq!(weighted(right).merge(&weighted(left)).unwrap(), weighted(&scores));
    }

    #[test]
    fn weights_scale_freely(scores in scores(), factor in 1e-6_f64..1e6) {
        let weighted = |factor: f64| {
            let mut all = WeightedAnswers::new(Scale::ZERO_TO_TEN);
            for (i, &s) in scores.iter().enumerate() {
                all.record(s, factor * (1.0 + i as f64)).unwrap();
            }
            Nps::of(&all).unwrap().interval(&SURE).unwrap()
        };
        let (one, other) = (weighted(1.0), weighted(factor));
        prop_assert!((one.value() - other.value()).abs() < 1e-10);
        prop_assert!((one.lower() - other.lower()).abs() < 1e-10);
    }

    #[test]
    fn equal_weights_are_none(scores in scores()) {
        let mut weighted = WeightedAnswers::new(Scale::ZERO_TO_TEN);
        for &s in &scores { weighted.record(s, 2.0).unwrap(); }
        let (a, b) = (Nps::of(&weighted).unwrap(), Nps::of(&answers(&scores)).unwrap());
        let (a, b) = (a.interval(&SURE).unwrap(), b.interval(&SURE).unwrap());
        prop_assert!((a.lower() - b.lower()).abs() < 1e-11 && (a.upper() - b.upper()).abs() < 1e-11);
    }

    #[test]
    fn a_change_mirrors(a in scores(), b in scores()) {
        let (a, b) = (answers(&a), answers(&b));
        let (a, b) = (Csat::of(&a).unwrap().top_two, Csat::of(&b).unwrap().top_two);
        if let (Ok(up), Ok(down)) = (a.change_since(&b, &SURE), b.change_since(&a, &SURE)) {
            prop_assert!((up.difference.lower() + down.difference.upper()).abs() < 1e-14);
            prop_assert!((up.p_value.get() - down.p_value.get()).abs() < 1e-12);
        }
    }

    #[test]
    fn neyman_needs_no_more(sizes in prop::collection::vec((50_u64..5_000, 0.1_f64..9.0), 1..6)) {
        let strata: Vec<Stratum> =
            sizes.iter().map(|&(n, s)| Stratum::new(n, s).unwrap()).collect();
        let total = |allocation| -> u64 {
            satisfaction::stratified_sample_sizes(&strata, 0.5, SURE.level(), allocation)
                .unwrap()
                .iter()
                .sum()
        };
        // Rounding upwards may add one in each stratum.
        prop_assert!(total(Allocation::Neyman) <= total(Allocation::Proportional) + sizes.len() as u64);
    }
}
