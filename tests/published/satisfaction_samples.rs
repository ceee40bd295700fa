//! Samples and comparisons of satisfaction: Newcombe's table, `satisfaction/intervals.json` and `samples.json`, and figures
//! by hand.

use goodwill::satisfaction::*;
use goodwill::survival::Band;
use goodwill::{Estimate, Probability};

use crate::support::{assert_close, json, number};

const LEVEL: Probability = Probability::constant(0.95);
const SURE: Sampling = Sampling::new(LEVEL);

#[track_caller]
fn assert_ends(got: &Estimate, want: (f64, f64), within: f64) {
    let off = (got.lower() - want.0).abs().max((got.upper() - want.1).abs());
    assert!(off <= within, "{got:?} is not {want:?}");
}

fn share(successes: u64, n: u64) -> Proportion {
    Proportion::new(successes, n).unwrap()
}

/// Newcombe (1998), table II, method 10, to the four decimals that it prints: five of its eight contrasts.
#[test]
fn newcombe_1998() {
    let few = SURE.minimum(2).unwrap();
    for (a, b, ends) in [
        (share(56, 70), share(48, 80), (0.0524, 0.3339)),
        (share(9, 10), share(3, 10), (0.1705, 0.8090)),
        (share(5, 56), share(0, 29), (-0.0381, 0.1926)),
        (share(0, 10), share(0, 20), (-0.1611, 0.2775)),
        (share(10, 10), share(0, 20), (0.6791, 1.0)),
    ] {
        assert_ends(&a.change_since(&b, &few).unwrap().difference, ends, 5e-5);
    }
}

/// Waves of other sizes: the pooled share weighs them by their answers.
#[test]
fn waves_of_other_sizes() {
    let exact = json("satisfaction/intervals.json");
    let change = share(160, 200).change_since(&share(20, 30), &SURE).unwrap();
    let want = &exact["newcombe 20/30 160/200"];
    assert_ends(&change.difference, (number(&want[0]), number(&want[1])), 1e-14);
    assert_close(change.p_value.get(), number(&exact["pooled 20/30 160/200"]), 1e-12, "p");
}

/// All promote in both waves of ten: nothing changed, and ten answers leave a doubt of it all the same.
#[test]
fn waves_that_all_promote() {
    let all = Nps::of(&Answers::from_scores(Scale::ZERO_TO_TEN, &[10; 10]).unwrap()).unwrap();
    let change = all.change_since(&all, &SURE).unwrap();
    let below = 100.0 - all.interval(&SURE).unwrap().lower();
    assert_ends(&change.difference, (-below, below), 1e-13);
    assert!(below > 20.0, "{change:?}");
    assert_close(change.p_value.get(), 1.0, 0.0, "p");
}

/// Each of three intervals is at 1 − 0.05/3, each p-value raised by Holm.
#[test]
fn three_groups() {
    let groups = [share(80, 100), share(70, 100), share(60, 100)];
    let pairs = pairwise(&groups, &SURE).unwrap();
    let each = Sampling::new(Probability::new(1.0 - 0.05 / 3.0).unwrap());
    let p = |from: usize, to: usize| {
        groups[to].change_since(&groups[from], &SURE).unwrap().p_value.get()
    };
    let raised = [2.0 * p(0, 1), 3.0 * p(0, 2), (2.0 * p(0, 1)).max(p(1, 2))];
    for (pair, raised) in pairs.iter().zip(raised) {
        let alone = groups[pair.to].change_since(&groups[pair.from], &each).unwrap().difference;
        assert_ends(&pair.change.difference, (alone.lower(), alone.upper()), 1e-14);
        assert_eq!(pair.change.difference.level(), LEVEL);
        assert_close(pair.change.p_value.get(), raised, 1e-14, "Holm");
    }
}

#[test]
fn weighted_mean() {
    let rows = [(5, 0.5), (4, 2.0), (4, 1.0), (2, 1.0), (5, 4.0), (1, 0.25), (3, 1.5), (4, 3.0)];
    let mut answers = WeightedAnswers::new(Scale::ONE_TO_FIVE);
    for (score, weight) in rows {
        answers.record(Answer::Score(score), weight).unwrap();
    }
    let index = Csat::of(&answers).unwrap().index.interval(&SURE.minimum(8).unwrap()).unwrap();
    let want = &json("satisfaction/intervals.json")["weighted mean"];
    let points = |i: usize| 25.0 * (number(&want[i]) - 1.0);
    assert_close(index.value(), points(0), 1e-14, "mean");
    assert_ends(&index, (points(1), points(2)), 1e-9);
}

/// Cochran (1977), equations 5.45 to 5.50, and a stratum that is asked in full.
#[test]
fn stratified_samples() {
    let exact = json("satisfaction/intervals.json");
    let sizes = |strata: [(u64, f64); 2], margin, allocation| {
        let strata = strata.map(|(n, deviation)| Stratum::new(n, deviation).unwrap());
        stratified_sample_sizes(&strata, margin, LEVEL, allocation).unwrap()
    };
    let want = |entry: &str| [0, 1].map(|i| number(&exact[entry][i]) as u64);
    let two = [(1_000, 10.0), (9_000, 30.0)];
    assert_eq!(sizes(two, 2.0, Allocation::Proportional), want("proportional"));
    assert_eq!(sizes(two, 2.0, Allocation::Neyman), want("neyman"));
    let full = sizes([(5_000, 2.0), (10, 50.0)], 0.05, Allocation::Neyman);
    assert_eq!(full, want("neyman with a full stratum"));
}

/// 6,000 and 2,000 customers gave 100 and 300 answers: each of the first stands for nine of the second.
#[test]
fn weights_after_the_survey() {
    let weights = post_stratification_weights(&[6_000, 2_000], &[100, 300]).unwrap();
    assert_close(weights[0], 3.0, 1e-15, "few answers");
    assert_close(weights[1], 1.0 / 3.0, 1e-15, "many answers");
}

/// 80 % of those at 5 stay, 40 % at 4, 30 % at 3; 18 of the 138 who stay gave 3 or less.
#[test]
fn r26_loyalty_by_satisfaction() {
    let mut table = LoyaltyTable::new(Scale::ONE_TO_FIVE);
    for (score, stayed, left) in [(5, 80, 20), (4, 40, 60), (3, 9, 21), (2, 6, 24), (1, 3, 17)] {
        (0..stayed).for_each(|_| table.record(score, true).unwrap());
        (0..left).for_each(|_| table.record(score, false).unwrap());
    }
    let effect = table.top_box_effect(&SURE).unwrap();
    assert_eq!(effect, share(80, 100).change_since(&share(40, 100), &SURE).unwrap());
    assert_close(effect.difference.value(), 0.4, 1e-15, "top box");
    let matrix = table.matrix(2).unwrap();
    let cells = [matrix.loyal, matrix.falsely_loyal, matrix.mercenary, matrix.defected];
    assert_eq!(cells, [120, 18, 80, 62]);
    assert_eq!(matrix.false_loyalty(), Ok(share(18, 138)));
}

/// R14: 95 of 100 who are answered well buy again; 37 of 100 who are not.
#[test]
fn r14_recovery() {
    let more = recovery((95, 100), (37, 100), &SURE).unwrap();
    assert_eq!(more, share(95, 100).change_since(&share(37, 100), &SURE).unwrap());
    assert_close(more.difference.value(), 0.58, 1e-15, "recovered");
}

/// Settled after 2 and 6 days, and one that has waited 6: whenever it ends, half are settled after 6.
#[test]
fn a_median_that_is_just_known() {
    let day = |of| chrono::NaiveDate::from_ymd_opt(2024, 3, of).unwrap();
    let complaints = [(1, Some(3)), (1, Some(7)), (14, None)]
        .map(|(opened, settled)| Complaint::new(day(opened), settled.map(day)).unwrap());
    let median = |at| Resolution::of(&complaints, day(at)).unwrap().median_days();
    assert_eq!((median(20), median(19)), (Some(6.0), None));
}

/// Settled after 1, 2, 2, 5 and 9 days, open for 2, 4 and 9: who is open counts as long as he has waited.
#[test]
fn how_soon_complaints_are_settled() {
    let day = |of| chrono::NaiveDate::from_ymd_opt(2024, 3, of).unwrap();
    let took = [1, 2, 2, 5, 9].map(|days| Complaint::new(day(1), Some(day(1 + days))));
    let waits = [2, 4, 9].map(|days| Complaint::new(day(20 - days), None));
    let all: Vec<Complaint> = took.into_iter().chain(waits).map(Result::unwrap).collect();
    let resolution = Resolution::of(&all, day(20)).unwrap();
    let table = resolution.life_table().unwrap();
    let curve = resolution.curve(Band::LogLog, LEVEL).unwrap();
    let exact = json("satisfaction/samples.json");
    let steps = exact["complaints"].as_array().unwrap();
    assert_eq!((curve.points().len(), table.events(), table.len()), (steps.len(), 5, 8));
    for ((row, point), step) in table.rows().zip(curve.points()).zip(steps) {
        let counts = [row.time as u64, row.at_risk, row.events, row.censored];
        assert_eq!(counts, [0, 1, 2, 3].map(|i| number(&step[i]) as u64));
        let ends = [point.survival.lower(), point.survival.upper()];
        let got = [point.time, point.survival.value(), point.standard_error, ends[0], ends[1]];
        for (got, i) in got.into_iter().zip([0, 4, 5, 6, 7]) {
            assert_close(got, number(&step[i]), 1e-13, "the curve");
        }
    }
    let median = curve.median();
    assert_eq!((median.value, median.lower, median.upper), (Some(5.0), Some(1.0), None));
}

/// A conversion may be the same for two scores; a bootstrap draws each answer it was given, and no other.
#[test]
fn intents_and_draws() {
    let answers = Answers::from_counts(Scale::ONE_TO_FIVE, vec![10, 10, 20, 40, 20], 0, 0).unwrap();
    let conversion = [0.0, 0.0, 0.1, 0.3, 0.8].map(Probability::constant);
    assert_close(repurchase_intent(&answers, &conversion).unwrap().value(), 0.3, 1e-15, "intent");
    let ends = Answers::from_counts(Scale::ONE_TO_FIVE, vec![1, 0, 0, 0, 1], 0, 0).unwrap();
    let drawn = ends.bootstrap(200, 3, LEVEL, |drawn| {
        let counts = drawn.counts();
        assert_eq!((counts[0] + counts[4], &counts[1..4]), (2, &[0, 0, 0][..]));
        Ok(counts[4] as f64)
    });
    assert_ends(&drawn.unwrap(), (0.0, 2.0), 0.0);
}
