//! Laws of satisfaction: scores in range, better answers never lower them, merging, free weights.

use goodwill::satisfaction::*;
use goodwill::{Estimate, Probability, satisfaction};
use proptest::prelude::*;

use crate::generate::log_uniform;

const SURE: Sampling = Sampling::new(Probability::constant(0.95));

fn scores() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0_u8..=10, 10..60)
}

/// What he expected and perceived, and a part of his points.
type Customer = ([u8; 22], [u8; 22], u8);

/// Of very different size.
fn weights() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.01_f64..100.0, 1 => log_uniform(1e-90, 1e90), 1 => Just(0.0)]
}

fn weighted(rows: &[(u8, f64)]) -> WeightedAnswers {
    let mut all = WeightedAnswers::new(Scale::ZERO_TO_TEN);
    for &(score, weight) in rows {
        all.record(Answer::Score(score), weight).unwrap();
    }
    all
}

fn answers(scores: &[u8]) -> Answers {
    Answers::from_scores(Scale::ZERO_TO_TEN, scores).unwrap()
}

/// Every interval of the scores of these answers.
fn all_intervals(answers: &impl Responses) -> Vec<Estimate> {
    let (nps, csat) = (Nps::of(answers).unwrap(), Csat::of(answers).unwrap());
    let mut all = vec![nps.interval(&SURE), nps.wald_interval(&SURE), csat.index.interval(&SURE)];
    for share in [csat.top_box, csat.top_two, Proportion::top(answers, 5).unwrap()] {
        all.extend([share.wilson(&SURE), share.adjusted_wald(&SURE), share.wald(&SURE)]);
    }
    all.into_iter().map(Result::unwrap).collect()
}

fn ends(of: &Estimate) -> [f64; 3] {
    [of.value(), of.lower(), of.upper()]
}

/// The change back is the same the other way; without a test there is none either way.
#[track_caller]
fn assert_mirrored<T: Comparable>(a: &T, b: &T, is_told: bool) {
    match (a.change_since(b, &SURE), b.change_since(a, &SURE)) {
        (Ok(up), Ok(down)) if is_told => {
            let ([v, l, u], [w, m, o]) = (ends(&up.difference), ends(&down.difference));
            for (got, want) in [(v, -w), (l, -o), (u, -m)] {
                assert!((got - want).abs() < 1e-13 * (1.0 + want.abs()), "{up:?} {down:?}");
            }
            assert!((up.p_value.get() - down.p_value.get()).abs() < 1e-12, "{up:?} {down:?}");
        }
        (Err(up), Err(down)) if !is_told => {
            assert_eq!(up, down);
            let told =
                "a p-value is undefined: no answer differs from another, or all customers answered";
            assert_eq!(up.to_string(), told);
        }
        (up, down) => panic!("{up:?} {down:?}, told: {is_told}"),
    }
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
            for &s in scores {
                // Those of 3 say that they do not know, of 4 nothing.
                let answer = match s { 3 => Answer::DontKnow, 4 => Answer::Missing, _ => Answer::Score(s) };
                all.record(answer, 0.1 + f64::from(s)).unwrap();
            }
            all
        };
        let all = weighted(&scores);
        let count = |of| scores.iter().map(|&score| u64::from(score == of)).sum::<u64>();
        prop_assert_eq!((all.dont_know(), all.missing()), (count(3), count(4)));
        prop_assert_eq!(all.tally().map_or(0, |tally| tally.n()), scores.len() as u64 - count(3) - count(4));
        prop_assert_eq!(weighted(right).merge(&weighted(left)).unwrap(), weighted(&scores));
    }

    #[test]
    fn weights_scale_freely(scores in scores(), factor in 1e-6_f64..1e6) {
        let weighted = |factor: f64| {
            let weights = (1..).map(|i| factor * f64::from(i));
            weighted(&scores.iter().copied().zip(weights).collect::<Vec<_>>())
        };
        for (one, other) in all_intervals(&weighted(1.0)).into_iter().zip(all_intervals(&weighted(factor))) {
            for (got, want) in ends(&other).into_iter().zip(ends(&one)) {
                prop_assert!((got - want).abs() < 1e-12 * (100.0 + want.abs()), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn equal_weights_are_none(scores in scores()) {
        let twos: Vec<(u8, f64)> = scores.iter().map(|&score| (score, 2.0)).collect();
        let plain = all_intervals(&answers(&scores));
        for (one, other) in all_intervals(&weighted(&twos)).into_iter().zip(plain) {
            for (got, want) in ends(&one).into_iter().zip(ends(&other)) {
                prop_assert!((got - want).abs() < 1e-12 * (100.0 + want.abs()), "{one:?} {other:?}");
            }
        }
    }

    /// Between waves without any spread, in which all say one thing and then all another, there is no test.
    #[test]
    fn a_change_mirrors(a in scores(), b in scores(), alike in any::<bool>()) {
        let wave = |scores: &[u8]| if alike { answers(&vec![scores[0]; scores.len()]) } else { answers(scores) };
        let (one, two) = (wave(&a), wave(&b));
        let (x, y) = (Csat::of(&one).unwrap(), Csat::of(&two).unwrap());
        assert_mirrored(&x.top_two, &y.top_two, true);
        let (promote, withhold) = (Nps::of(&one).unwrap(), Nps::of(&two).unwrap());
        let is_one = |nps: &Nps| [nps.promoters(), nps.passives(), nps.detractors()].contains(&1.0);
        let same = (promote.score() - withhold.score()).abs() == 0.0;
        assert_mirrored(&promote, &withhold, same || !(is_one(&promote) && is_one(&withhold)));
        let told = |scores: &[u8]| alike || scores.iter().all(|score| *score == scores[0]);
        assert_mirrored(&x.index, &y.index, a[0] == b[0] || !(told(&a) && told(&b)));
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

    /// The samples hold the mean within the margin; with one answer less in each stratum they do not.
    #[test]
    fn stratified_samples_just_reach_the_margin(
        sizes in prop::collection::vec((2_u64..3_000, 0.1_f64..40.0), 1..6), margin in 0.3_f64..2.0, neyman in any::<bool>(),
    ) {
        let strata: Vec<Stratum> = sizes.iter().map(|&(n, s)| Stratum::new(n, s).unwrap()).collect();
        let allocation = if neyman { Allocation::Neyman } else { Allocation::Proportional };
        let sample = stratified_sample_sizes(&strata, margin, SURE.level(), allocation).unwrap();
        let all: f64 = sizes.iter().map(|&(n, _)| n as f64).sum();
        let variance = |less: u64| -> f64 {
            let of = |(&(n, s), &asked): (&(u64, f64), &u64)| {
                let (n, asked) = (n as f64, (asked - less) as f64);
                (n / all * s).powi(2) * (1.0 / asked - 1.0 / n)
            };
            sizes.iter().zip(&sample).map(of).sum()
        };
        let most = (margin / 1.959_963_984_540_054).powi(2);
        prop_assert!(variance(0) <= most * (1.0 + 1e-9), "{} {}", variance(0), most);
        if sample.iter().all(|&asked| asked > 1) {
            prop_assert!(variance(1) >= most * (1.0 - 1e-9), "{} {}", variance(1), most);
        }
    }

    /// The same for scales on which the lowest is best, and for scores of several questions.
    #[test]
    fn a_better_answer_never_lowers_other_scores(
        rows in prop::collection::vec((prop::array::uniform22(1_u8..=7), prop::array::uniform22(1_u8..=7)), 1..8),
        at in any::<prop::sample::Index>(), item in 0_usize..22,
    ) {
        let at = at.index(rows.len());
        let mut better = rows.clone();
        better[at].1[item] = (better[at].1[item] + 1).min(7);
        let quality = |rows: &[([u8; 22], [u8; 22])]| {
            let one = |row: &([u8; 22], [u8; 22])| ServiceAnswers::new(row.0, row.1).unwrap().weighted([30, 25, 20, 15, 10]).unwrap();
            let all = Servqual::of(&rows.iter().map(one).collect::<Vec<_>>()).unwrap();
            let acsi: Vec<[u8; 3]> = rows.iter().map(|row| std::array::from_fn(|i| row.1[i * 7])).collect();
            let seventh = |row: &([u8; 22], [u8; 22])| row.1[item];
            let ease = Answers::from_scores(Scale::ONE_TO_SEVEN, &rows.iter().map(seventh).collect::<Vec<_>>()).unwrap();
            let ease = Ease::of(&ease).unwrap();
            // The more the perceived, the less the effort.
            let effort: Vec<u8> = rows.iter().map(|row| 6 - seventh(row).min(5)).collect();
            let effort = Answers::from_scores(Scale::EFFORT, &effort).unwrap();
            let csat = Csat::of(&effort).unwrap();
            [
                all.weighted.value(), all.unweighted.value(), all.servperf.value(),
                Acsi::new([3.0, 2.0, 1.0]).unwrap().of(&acsi).unwrap().value(),
                ease.mean.value(), ease.agree.share(), -effort_1(&effort).unwrap().value(),
                csat.index.value(), csat.top_box.share(), csat.top_two.share(),
            ]
        };
        for (before, after) in quality(&rows).into_iter().zip(quality(&better)) {
            prop_assert!(after >= before - 1e-12, "{before} fell to {after}");
        }
    }

    /// What is written and read again is the same to the bit, and merges on as if it had not been.
    #[test]
    fn weighted_answers_are_stored_exactly(
        rows in prop::collection::vec((0_u8..=10, weights()), 0..40), at in any::<prop::sample::Index>(),
    ) {
        let all = weighted(&rows);
        let again = |answers: &WeightedAnswers| -> WeightedAnswers {
            serde_json::from_str(&serde_json::to_string(answers).unwrap()).unwrap()
        };
        prop_assert_eq!(&again(&all), &all);
        let (left, right) = rows.split_at(at.index(rows.len().max(1)).min(rows.len()));
        let merged = again(&weighted(left)).merge(&again(&weighted(right))).unwrap();
        prop_assert_eq!(&merged, &all);
        let bits = |answers: &WeightedAnswers| {
            let tally = answers.tally().ok()?;
            Some((tally.n(), tally.effective().to_bits(), tally.shares()))
        };
        prop_assert_eq!(bits(&merged), bits(&all));
    }

    #[test]
    fn outcomes_and_loyalty_merge(
        rows in prop::collection::vec((1_u8..=5, 1_u8..=5, any::<bool>()), 1..40),
        at in any::<prop::sample::Index>(),
        effort in any::<bool>(),
    ) {
        let (left, right) = rows.split_at(at.index(rows.len()));
        let outcomes = |rows: &[(u8, u8, bool)]| {
            let one = |row: &(u8, u8, bool)| Experience::new(row.0.into(), row.1.into()).unwrap();
            Rule::KOTLER.count(&rows.iter().map(one).collect::<Vec<_>>())
        };
        let all = outcomes(&rows);
        prop_assert_eq!(outcomes(left).merge(&outcomes(right)), Ok(all));
        prop_assert_eq!(outcomes(right).merge(&outcomes(left)), Ok(all));
        let count = |is: fn(u8, u8) -> bool| rows.iter().filter(|row| is(row.0, row.1)).count() as u64;
        prop_assert_eq!(all.dissatisfied, count(|expected, perceived| perceived < expected));
        prop_assert_eq!(all.satisfied, count(|expected, perceived| perceived == expected));
        prop_assert_eq!(all.delighted, count(|expected, perceived| perceived > expected));
        // Promising less disappoints no more; promising 5 points less disappoints nobody.
        let experiences: Vec<Experience> =
            rows.iter().map(|row| Experience::new(row.0.into(), row.1.into()).unwrap()).collect();
        let less = |points| Rule::KOTLER.with_lower_promise(&experiences, points).unwrap().dissatisfied;
        prop_assert!(less(1.0) <= all.dissatisfied && less(2.0) <= less(1.0) && less(5.0) == 0);

        let scale = if effort { Scale::EFFORT } else { Scale::ONE_TO_FIVE };
        let table = |rows: &[(u8, u8, bool)]| {
            let mut table = LoyaltyTable::new(scale);
            for &(score, _, stayed) in rows { table.record(score, stayed).unwrap(); }
            table
        };
        let all = table(&rows);
        prop_assert_eq!(&table(left).merge(&table(right)).unwrap(), &all);
        prop_assert_eq!(&table(right).merge(&table(left)).unwrap(), &all);
        // By score from the worst to the best, and the matrix, counted by hand.
        for (above_worst, share) in all.by_score().unwrap().into_iter().enumerate() {
            let of = |row: &&(u8, u8, bool)| scale.above_worst(row.0) == Ok(above_worst);
            let (n, stayed) =
                (rows.iter().filter(of).count(), rows.iter().filter(of).filter(|row| row.2).count());
            prop_assert_eq!(share, Proportion::new(stayed as u64, n as u64).ok());
        }
        for best in 1..5 {
            let matrix = all.matrix(best).unwrap();
            let count = |good: bool, stayed: bool| {
                let is = |row: &&(u8, u8, bool)| {
                    (scale.above_worst(row.0).unwrap() >= 5 - best) == good && row.2 == stayed
                };
                rows.iter().filter(is).count() as u64
            };
            prop_assert_eq!(
                [matrix.loyal, matrix.falsely_loyal, matrix.mercenary, matrix.defected],
                [count(true, true), count(false, true), count(true, false), count(false, false)]
            );
        }
    }

    /// Rows in any order give the same bits.
    #[test]
    fn the_order_of_the_customers_changes_no_bit(
        rows in prop::collection::vec((prop::array::uniform22(1_u8..=7), prop::array::uniform22(1_u8..=7), 0_u8..=50), 2..20),
        questions in prop::collection::vec(prop::array::uniform3(1_u8..=10), 2..30),
        turn in 1_usize..20,
    ) {
        let customer = |&(expected, perceived, points): &Customer| {
            let weights = [points, 50 - points, 25, 15, 10];
            ServiceAnswers::new(expected, perceived).unwrap().weighted(weights).unwrap()
        };
        let quality = |rows: &[Customer]| {
            Servqual::of(&rows.iter().map(customer).collect::<Vec<_>>()).unwrap()
        };
        let all = quality(&rows);
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        turned.swap(0, 1);
        prop_assert_eq!(&quality(&turned), &all);
        // The parts are those of the customers, by hand.
        let mean = |of: &dyn Fn(&Customer) -> f64| {
            rows.iter().map(of).sum::<f64>() / rows.len() as f64
        };
        for (dimension, gap) in Dimension::ALL.into_iter().zip(&all.gaps) {
            let of = |items: &[u8; 22]| {
                dimension.items().map(|item| f64::from(items[item])).sum::<f64>()
            };
            let by_hand = mean(&|row| of(&row.1) - of(&row.0)) / dimension.items().len() as f64;
            prop_assert!((gap.value() - by_hand).abs() < 1e-13);
        }
        let unweighted = all.gaps.iter().map(MeanScore::value).sum::<f64>() / 5.0;
        prop_assert!((all.unweighted.value() - unweighted).abs() < 1e-13);
        prop_assert!((1.0..=7.0).contains(&all.servperf.value()));
        prop_assert!((-6.0..=6.0).contains(&all.weighted.value()));

        let weights = Acsi::first_component(&questions);
        let mut turned = questions.clone();
        turned.rotate_left(turn % questions.len());
        turned.swap(0, 1);
        prop_assert_eq!(Acsi::first_component(&turned), weights.clone());
        let index = Acsi::new([3.0, 2.0, 1.0]).unwrap();
        prop_assert_eq!(index.of(&turned).unwrap(), index.of(&questions).unwrap());
        if let Ok(weights) = weights {
            prop_assert!((weights.weights().iter().sum::<f64>() - 1.0).abs() < 1e-14);
            prop_assert!(weights.weights().iter().all(|&weight| weight >= 0.0));
            // No other weights of the same length tell more: w'Cw ≤ λ.
            let spread = |weights: [f64; 3]| {
                let length = weights.iter().map(|w| w * w).sum::<f64>().sqrt();
                let scores: Vec<f64> = questions
                    .iter()
                    .map(|row| (0..3).map(|i| weights[i] * f64::from(row[i])).sum::<f64>() / length)
                    .collect();
                let mean = scores.iter().sum::<f64>() / scores.len() as f64;
                scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>()
            };
            let best = spread(weights.weights());
            for other in [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0; 3], [2.0, 1.0, 0.5]] {
                prop_assert!(spread(other) <= best * (1.0 + 1e-12));
            }
        }
    }

    /// Complaints in any order; merged shards are the whole; open ones are never dropped.
    #[test]
    fn resolutions_merge(
        rows in prop::collection::vec((0_u64..100, prop::option::of(0_u64..90)), 0..30),
        at in any::<prop::sample::Index>(),
    ) {
        let rows: Vec<(u64, Option<u64>)> =
            rows.into_iter().map(|(opened, took)| (opened, took.map(|took| took.min(100 - opened)))).collect();
        let day = crate::generate::date;
        let complaint = |&(opened, took): &(u64, Option<u64>)| {
            Complaint::new(day(opened), took.map(|took| day(opened + took))).unwrap()
        };
        let complaints: Vec<Complaint> = rows.iter().map(complaint).collect();
        let of = |complaints: &[Complaint]| Resolution::of(complaints, day(100)).unwrap();
        let all = of(&complaints);
        let (left, right) = complaints.split_at(at.index(rows.len().max(1)).min(rows.len()));
        prop_assert_eq!(&of(left).merge(&of(right)).unwrap(), &all);
        prop_assert_eq!(&of(right).merge(&of(left)).unwrap(), &all);
        prop_assert_eq!(all.settled() + all.open(), rows.len() as u64);
        let waited = rows.iter().filter(|row| row.1.is_none()).map(|row| 100 - row.0 as u32);
        prop_assert_eq!(all.longest_wait(), waited.max());
        for days in [0, 5, 20, 45] {
            let old = rows.iter().filter(|row| 100 - row.0 >= days);
            let within = old.clone().filter(|row| row.1.is_some_and(|took| took <= days)).count();
            let want = Proportion::new(within as u64, old.count() as u64);
            prop_assert_eq!(all.settled_within(days as u32), want);
        }
        // The median is that of the whole whenever every way the open ones may end gives the same.
        if let Some(median) = all.median_days() {
            let worst: Vec<f64> = rows.iter().map(|row| row.1.map_or(1e9, |took| took as f64)).collect();
            let best: Vec<f64> =
                rows.iter().map(|row| row.1.unwrap_or(100 - row.0) as f64).collect();
            for mut ends in [worst, best] {
                ends.sort_unstable_by(f64::total_cmp);
                let n = ends.len();
                prop_assert!((0.5 * (ends[(n - 1) / 2] + ends[n / 2]) - median).abs() < 1e-12);
            }
        }
    }

    /// Never below the p-value itself, in the same order, whatever the order of the tests; and by the definition.
    #[test]
    fn holm_is_its_definition(p_values in prop::collection::vec((0_u32..=40).prop_map(|p| f64::from(p) / 40.0), 0..12), turn in 0_usize..12) {
        let chances = |p_values: &[f64]| -> Vec<Probability> {
            p_values.iter().map(|&p| Probability::new(p).unwrap()).collect()
        };
        let corrected = satisfaction::holm(&chances(&p_values));
        // Of those at or below: the largest of p times how many are not below it.
        for (&p, corrected) in p_values.iter().zip(&corrected) {
            let left = |p: f64| p_values.iter().filter(|&&other| other >= p).count() as f64;
            let up_to = p_values.iter().filter(|&&other| other <= p);
            let want = up_to.map(|&other| (other * left(other)).min(1.0)).fold(0.0, f64::max);
            prop_assert!((corrected.get() - want).abs() < 1e-15 && corrected.get() >= p);
        }
        let mut turned = p_values.clone();
        turned.rotate_left(turn % p_values.len().max(1));
        let mut back = satisfaction::holm(&chances(&turned));
        back.rotate_right(turn % p_values.len().max(1));
        prop_assert_eq!(back, corrected);
    }

    #[test]
    fn effective_answers_are_one_to_n(weights in prop::collection::vec(log_uniform(1e-3, 1e3), 1..30), factor in log_uniform(1e-9, 1e9)) {
        let of = |weights: &[f64]| satisfaction::effective_sample_size(weights).unwrap();
        let n = weights.len() as f64;
        prop_assert!((1.0 - 1e-12..=n * (1.0 + 1e-12)).contains(&of(&weights)));
        prop_assert!((of(&vec![factor; weights.len()]) - n).abs() < 1e-12 * n);
        let scaled: Vec<f64> = weights.iter().rev().map(|weight| factor * weight).collect();
        prop_assert!((of(&scaled) - of(&weights)).abs() < 1e-12 * n);
    }

    /// Without noise the two slopes are found, with intervals of no width; the order of the rows changes no bit.
    #[test]
    fn the_effect_of_a_gap_is_found(
        gaps in prop::collection::vec(-4.0_f64..4.0, 4..30),
        [at, short, more] in prop::array::uniform3(-3.0_f64..3.0),
        noise in prop::collection::vec(-1.0_f64..1.0, 30),
    ) {
        let mut gaps = gaps;
        gaps.extend([-3.0, -1.0, 0.0, 1.0, 3.0]);
        let rows: Vec<Experience> = gaps.iter().map(|&gap| Experience::new(0.0, gap).unwrap()).collect();
        let line: Vec<f64> = gaps.iter().map(|gap| at + short * gap.min(0.0) + more * gap.max(0.0)).collect();
        let found = GapEffect::fit(&rows, &line, SURE.level()).unwrap();
        for (estimate, want) in [(found.shortfall, short), (found.surplus, more), (found.asymmetry, short - more)] {
            for got in [estimate.value(), estimate.lower(), estimate.upper()] {
                prop_assert!((got - want).abs() < 1e-11, "{got} {want}");
            }
        }
        prop_assert!((found.as_expected - at).abs() < 1e-12);
        let noisy: Vec<f64> = line.iter().zip(noise.iter().cycle()).map(|(y, noise)| y + noise).collect();
        let one = GapEffect::fit(&rows, &noisy, SURE.level()).unwrap();
        let backwards = |column: &[f64]| column.iter().rev().copied().collect::<Vec<_>>();
        let mut reversed = rows.clone();
        reversed.reverse();
        prop_assert_eq!(GapEffect::fit(&reversed, &backwards(&noisy), SURE.level()).unwrap(), one);
        let difference = one.shortfall.value() - one.surplus.value();
        prop_assert!((one.asymmetry.value() - difference).abs() < 1e-12);
    }
}
