//! The doubt about tiers, counted by hand.

use goodwill::tiering::{Ranking, TierDoubt, cut_stability};
use goodwill::{Concentration, Probability, Pyramid, Ties};
use proptest::collection::vec;
use proptest::prelude::*;

/// A few draws of the values of a few customers, with ties.
fn draws() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (1_usize..8, 1_usize..50)
        .prop_flat_map(|(n, draws)| vec(vec((-3_i32..9).prop_map(f64::from), n), draws))
}

fn doubt(draws: &[Vec<f64>], level: f64, tiers: u16) -> TierDoubt {
    let pyramid = Pyramid::quantiles(tiers).unwrap();
    let level = Probability::new(level).unwrap();
    TierDoubt::from_draws(draws, level, |values| pyramid.assign(values, Ties::TogetherUp)).unwrap()
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn probabilities_and_ranks_are_counts(draws in draws(), percent in 5_usize..100, tiers in 1_u16..5) {
        let level = percent as f64 / 100.0;
        let got = doubt(&draws, level, tiers);
        let pyramid = Pyramid::quantiles(tiers).unwrap();
        let cut = |draw: &Vec<f64>| pyramid.assign(draw, Ties::TogetherUp).unwrap();
        let assigned: Vec<Vec<u32>> = draws.iter().map(|draw| cut(draw).assignments().to_vec()).collect();
        for customer in 0..draws[0].len() {
            let share = |tier: usize| {
                let hits = assigned.iter().filter(|own| own[customer] as usize == tier).count();
                hits as f64 / draws.len() as f64
            };
            let mut most = (0, 0.0);
            for tier in 0..usize::from(tiers) {
                let p = got.probability(customer, tier).unwrap().get();
                prop_assert_eq!(p.to_bits(), share(tier).to_bits());
                if p > most.1 {
                    most = (tier, p);
                }
            }
            prop_assert_eq!(got.likeliest(customer).map(|(tier, p)| (tier, p.get())), Some(most));
            let is_close = got.too_close_to_call().any(|close| close == customer);
            prop_assert_eq!(is_close, most.1 < level);
            let mut ranks: Vec<usize> = draws
                .iter()
                .map(|draw| 1 + draw.iter().filter(|&&other| other > draw[customer]).count())
                .collect();
            ranks.sort_unstable();
            // ⌊D·(1 − level)/2⌋ in whole numbers.
            let (all, k) = (draws.len(), draws.len() * (100 - percent) / 200);
            prop_assert_eq!(got.rank_interval(customer), Some((ranks[k], ranks[all - 1 - k])));
        }
    }

    #[test]
    fn the_order_of_draws_and_customers_does_not_matter(mut draws in draws(), level in 0.05_f64..0.99) {
        let before = doubt(&draws, level, 3);
        draws.reverse();
        prop_assert_eq!(&before, &doubt(&draws, level, 3));
        for draw in &mut draws {
            draw.reverse();
        }
        let mirrored = doubt(&draws, level, 3);
        let n = draws[0].len();
        for customer in 0..n {
            prop_assert_eq!(before.rank_interval(customer), mirrored.rank_interval(n - 1 - customer));
            prop_assert_eq!(before.likeliest(customer), mirrored.likeliest(n - 1 - customer));
        }
    }

    /// Without a spread there is no doubt, whatever the sample.
    #[test]
    fn equal_customers_cannot_be_cut_otherwise(value in 1_i32..99, n in 1_usize..20, seed in any::<u64>()) {
        let level = Probability::constant(0.9);
        let values = vec![f64::from(value); n];
        let base = Ranking::of(&values).unwrap();
        let halves = Pyramid::quantiles(2).unwrap();
        let firm = cut_stability(&base, 20, seed, level, |s| halves.thresholds(s, Ties::TogetherUp)).unwrap();
        prop_assert_eq!((firm.floors[0].lower(), firm.floors[0].upper()), (value.into(), value.into()));
        prop_assert_eq!((firm.keep_their_tier.lower(), firm.keep_their_tier.upper()), (1.0, 1.0));
        let gini = Concentration::of(&values).unwrap().interval(20, seed, level, |s| Ok(s.gini())).unwrap();
        prop_assert_eq!((gini.lower(), gini.upper()), (0.0, 0.0));
    }
}

/// However low the level is, the draws in the middle are within.
#[test]
fn the_middle_stays_within() {
    let draws = [vec![1.0, 2.0], vec![2.0, 1.0]];
    for level in [1e-300, 1e-10, 0.5] {
        assert_eq!(doubt(&draws, level, 2).rank_interval(0), Some((1, 2)), "{level}");
    }
}
