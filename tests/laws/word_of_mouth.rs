//! Word of mouth: exact products, and chains against trees drawn one by one and a long sum.

use goodwill::churn::{Bound, TarpRule, Teller, WordChain, WordClaim, WordEvent, WordOfMouth};
use goodwill::{ErrorKind, Probability, Share};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_distr::{Binomial, Distribution, Poisson};
use rand_pcg::Pcg64;
use rust_decimal::Decimal;

use crate::big::Big;
use crate::support::assert_close;

proptest! {
    #![proptest_config(crate::cases(512))]

    /// In whole numbers: tellers, thousandths of people each, per cent, cents.
    #[test]
    fn one_telling_is_a_product(
        tellers in 0_u32..1_000_000,
        each in 0_i64..100_000,
        percent in 0_u32..=100,
        margin in 0_i64..10_000_000,
    ) {
        let people = Decimal::new(each, 3);
        let claim =
            WordClaim::new(Teller::Satisfied, WordEvent::IsTold, people, Bound::AtLeast, "a test");
        let influenced = Share::percent(percent).unwrap();
        let word =
            WordOfMouth::new(tellers.into(), &claim.unwrap(), influenced, Decimal::new(margin, 2));
        let word = word.unwrap();
        let all = i128::from(tellers) * i128::from(each);
        let of = |number, scale| Decimal::from_i128_with_scale(number, scale).normalize();
        prop_assert_eq!(word.people(), of(all, 3));
        prop_assert_eq!(word.customers(), of(all * i128::from(percent), 5));
        prop_assert_eq!(word.margin(), of(all * i128::from(percent) * i128::from(margin), 7));
        prop_assert_eq!(word.teller(), Teller::Satisfied);
    }

    #[test]
    fn complaints_reach_everybody_who_is_told(
        silent in any::<u32>(),
        told in any::<u32>(),
        complaints in any::<u32>(),
    ) {
        let rule = TarpRule { silent, told, influenced: Share::ONE };
        let dissatisfied = i128::from(complaints) * (1 + i128::from(silent));
        let want = dissatisfied * i128::from(told) + i128::from(complaints);
        match rule.word_of_mouth(complaints.into(), Decimal::ONE) {
            Ok(word) => {
                prop_assert_eq!(word.people(), Decimal::from_i128_with_scale(want, 0));
                prop_assert_eq!(word.margin(), word.people());
            }
            Err(error) => {
                prop_assert!(matches!(error.kind(), ErrorKind::Overflow { .. }), "{error}");
                let one = Big::product(complaints.into(), Decimal::ONE);
                prop_assert!(want > 1 << 95 && one.decimal().is_some());
            }
        }
    }

    /// Generations add up; without a bound they are a geometric row; a population holds everybody reached; a large
    /// one is no bound.
    #[test]
    fn a_chain_adds_up(
        told in 0.0_f64..30.0,
        passes_on in 0.0_f64..=1.0,
        generations in 1_u32..40,
        population in 1.0_f64..1e7,
        tellers in 0.0_f64..1e4,
    ) {
        let chain = WordChain::new(told, Probability::new(passes_on).unwrap()).unwrap();
        let offspring = chain.offspring();
        let bounded = chain.generations(generations).unwrap().population(population).unwrap();
        let reached = bounded.reached(tellers).unwrap();
        let rows = bounded.by_generation(tellers).unwrap();
        prop_assert_eq!(rows.len(), generations as usize);
        prop_assert!(rows.iter().all(|row| *row >= 0.0));
        prop_assert!((rows.iter().sum::<f64>() - reached).abs() <= reached * 1e-13);
        prop_assert!((0.0..=population).contains(&reached));
        // Never more than the tree without a bound, of which it is the start.
        let tree: f64 = (0..generations).map(|g| tellers * told * offspring.powi(g as i32)).sum();
        prop_assert!(reached <= tree * (1.0 + 1e-12));
        let followed = chain.generations(generations).unwrap();
        if offspring < 1.0 {
            assert_close(followed.reached(tellers).unwrap(), tree, 1e-11, "the row");
            let sum: f64 = followed.by_generation(tellers).unwrap().iter().sum();
            assert_close(sum, tree, 1e-12, "by generation");
            // What settles is its own successor and lies above all that came before.
            let settled = chain.population(population).unwrap().reached(tellers).unwrap();
            prop_assert!(settled >= reached * (1.0 - 1e-13) && settled <= population);
            let next = chain.generations(1).unwrap().population(population).unwrap();
            let next = next.reached(tellers + passes_on * settled).unwrap();
            prop_assert!((next - settled).abs() <= 1e-12 * population, "{next} after {settled}");
        } else {
            let without = [
                chain.reached(tellers),
                followed.reached(tellers),
                chain.population(population).unwrap().reached(tellers),
            ];
            for error in without.map(Result::unwrap_err) {
                prop_assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
            }
        }
    }
}

/// Trees drawn person by person: each hearer talks or not, each who talks tells a Poisson number. The mean of their sizes
/// is the closed form, within four standard errors.
#[test]
fn the_mean_of_drawn_trees() {
    const TREES: u32 = 40_000;
    for (told, passes_on, generations) in [(3.0, 0.2, 3_u32), (11.0, 0.04, 200), (5.0, 0.18, 500)] {
        let mut generator = Pcg64::seed_from_u64(29);
        let [mut sum, mut squares] = [0.0; 2];
        for _ in 0..TREES {
            let (mut talking, mut size) = (1_u64, 0.0);
            for _ in 0..generations {
                if talking == 0 {
                    break;
                }
                let heard: f64 =
                    Poisson::new(told * talking as f64).unwrap().sample(&mut generator);
                size += heard;
                talking = Binomial::new(heard as u64, passes_on).unwrap().sample(&mut generator);
            }
            sum += size;
            squares += size * size;
        }
        let n = f64::from(TREES);
        let error = ((squares / n - (sum / n).powi(2)) / n).sqrt();
        let chain = WordChain::new(told, Probability::new(passes_on).unwrap()).unwrap();
        let want = chain.generations(generations).unwrap().reached(1.0).unwrap();
        assert!((sum / n - want).abs() < 4.0 * error, "{} is not {want} ± {error}", sum / n);
    }
}

/// A town of 200,000 drawn telling by telling: each meets one of the town at random.
#[test]
fn the_size_of_a_drawn_town() {
    use rand::RngExt;

    const TOWN: usize = 200_000;
    let (told, passes_on) = (6.0, 0.3);
    let mut generator = Pcg64::seed_from_u64(31);
    let mut knows = vec![false; TOWN];
    let (mut talking, mut reached) = (2_000_u64, Vec::new());
    let mut total = 0.0;
    for _ in 0..6 {
        let tellings: f64 = Poisson::new(told * talking as f64).unwrap().sample(&mut generator);
        let mut new = 0;
        for _ in 0..tellings as u64 {
            let who = generator.random_range(0..TOWN);
            new += u64::from(!std::mem::replace(&mut knows[who], true));
        }
        total += new as f64;
        reached.push(total);
        talking = Binomial::new(new, passes_on).unwrap().sample(&mut generator);
    }
    let chain = WordChain::new(told, Probability::constant(passes_on)).unwrap();
    for (generation, got) in (1..).zip(reached) {
        let chain = chain.generations(generation).unwrap().population(TOWN as f64).unwrap();
        let want = chain.reached(2_000.0).unwrap();
        assert!((got / want - 1.0).abs() < 0.02, "generation {generation}: {got} is not {want}");
    }
}
