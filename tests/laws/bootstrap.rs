//! The ends of bootstrap intervals against the exact law of a resample, by which the level is told.

use goodwill::satisfaction::{Answers, Csat, Scale};
use goodwill::tiering::{Ranking, cut_stability};
use goodwill::{Concentration, Estimate, Probability, Pyramid, Ties};

use crate::support::assert_close;

/// Four customers, or four answers.
const FOUR: [u8; 4] = [1, 4, 6, 9];
const DRAWS: usize = 40_000;
/// At both, the law's quantiles are alone within the error of so many draws, and those of 90 % and 97.5 % are others.
const LEVELS: [f64; 2] = [0.80, 0.95];

/// A statistic's values, ascending, with their chances.
type Law = Vec<(f64, f64)>;

/// A statistic of all 4⁴ resamples, which are equally likely.
fn law(statistic: impl Fn([f64; 4]) -> f64) -> Law {
    let digit = |resample: usize, place: u32| FOUR[resample / 4_usize.pow(place) % 4];
    let drawn = |resample| [0, 1, 2, 3].map(|place| f64::from(digit(resample, place)));
    sorted((0..256).map(|resample| (statistic(drawn(resample)), 1.0 / 256.0)).collect())
}

fn sorted(mut law: Law) -> Law {
    law.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    law
}

/// The first value up to which the chances add up to `p`.
fn quantile(law: &Law, p: f64) -> f64 {
    let mut below = 0.0;
    let reaches = |&&(_, chance): &&(f64, f64)| {
        below += chance;
        below >= p
    };
    law.iter().find(reaches).unwrap_or(&law[law.len() - 1]).0
}

/// The ends are the law's quantiles at both tails; which of them, five standard errors of the draws decide.
#[track_caller]
fn assert_ends(got: &Estimate, law: &Law, draws: usize) {
    let tail = 0.5 * (1.0 - got.level().get());
    for (end, p) in [(got.lower(), tail), (got.upper(), 1.0 - tail)] {
        let error = 5.0 * (p * (1.0 - p) / draws as f64).sqrt();
        let (least, most) = (quantile(law, p - error), quantile(law, p + error));
        let slack = 1e-14 * most.abs();
        assert!(
            least - slack <= end && end <= most + slack,
            "{end} for {least} to {most}, {got:?}"
        );
    }
}

fn mean(drawn: [f64; 4]) -> f64 {
    drawn.iter().sum::<f64>() / 4.0
}

/// Half the mean difference of all pairs, over the mean.
fn gini(drawn: [f64; 4]) -> f64 {
    let differences = drawn.iter().flat_map(|a| drawn.iter().map(move |b| (a - b).abs()));
    differences.sum::<f64>() / (32.0 * mean(drawn))
}

#[test]
fn the_ends_are_those_of_all_resamples() {
    let (means, ginis) = (law(mean), law(gini));
    let answers = Answers::from_scores(Scale::ZERO_TO_TEN, &FOUR).unwrap();
    let base = Concentration::of(&FOUR.map(f64::from)).unwrap();
    for level in LEVELS.map(Probability::constant) {
        let of_positions = |drawn: &[usize]| {
            let sum: u32 = drawn.iter().map(|&position| u32::from(FOUR[position])).sum();
            Ok(f64::from(sum) / 4.0)
        };
        assert_ends(&Estimate::bootstrap(4, DRAWS, 5, level, of_positions).unwrap(), &means, DRAWS);
        // The index is ten times the mean of 0 to 10.
        let of_answers = |drawn: &Answers| Ok(Csat::of(drawn)?.index.value() / 10.0);
        assert_ends(&answers.bootstrap(DRAWS, 6, level, of_answers).unwrap(), &means, DRAWS);
        let of_base = |sample: &Concentration<f64>| Ok(sample.gini());
        assert_ends(&base.interval(DRAWS, 7, level, of_base).unwrap(), &ginis, DRAWS);
    }
}

/// The floor of the upper half of 1 to 101 is a sample's 51st from above: at least v where 51 draws or more are, and each is
/// with the chance (102 − v)/101.
fn law_of_the_median() -> Law {
    let at_least = |v: u32| {
        if v == 1 {
            return 1.0;
        }
        let p = f64::from(102 - v) / 101.0;
        let (mut fewer, mut exactly) = (0.0, (1.0 - p).powi(101));
        for hits in 0..51 {
            fewer += exactly;
            exactly *= f64::from(101 - hits) / f64::from(hits + 1) * p / (1.0 - p);
        }
        1.0 - fewer
    };
    let chance = |v: u32| at_least(v) - if v < 101 { at_least(v + 1) } else { 0.0 };
    (1..=101).map(|v| (f64::from(v), chance(v))).collect()
}

#[test]
fn the_interval_of_a_cut_is_the_exact_one() {
    const SAMPLES: usize = 10_000;
    let law = law_of_the_median();
    assert_close(law.iter().map(|row| row.1).sum(), 1.0, 1e-12, "all chances");
    // Each rank that the cut moves changes the tier of one of 101.
    let kept = sorted(law.iter().map(|&(v, p)| ((101.0 - (v - 51.0).abs()) / 101.0, p)).collect());
    let values: Vec<f64> = (1..=101).map(f64::from).collect();
    let base = Ranking::of(&values).unwrap();
    let halves = Pyramid::quantiles(2).unwrap();
    for level in LEVELS.map(Probability::constant) {
        let cut = |s: &Ranking<f64>| halves.thresholds(s, Ties::TogetherUp);
        let firm = cut_stability(&base, SAMPLES, 7, level, cut).unwrap();
        let floor = firm.floors[0];
        assert_eq!(floor.value().to_bits(), 51.0_f64.to_bits());
        assert_ends(&floor, &law, SAMPLES);
        assert_ends(&firm.keep_their_tier, &kept, SAMPLES);
        let again = cut_stability(&base, SAMPLES, 7, level, cut).unwrap();
        assert_eq!(firm, again);
    }
}
