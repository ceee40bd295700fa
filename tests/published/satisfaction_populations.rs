//! Samples of small populations, of unequal weights and of too few answers, against `satisfaction/samples.json`.

use goodwill::satisfaction::*;
use goodwill::{Estimate, Probability, Result};

use crate::support::{assert_close, assert_kind, assert_message, json, number};

const LEVEL: Probability = Probability::constant(0.95);
const SURE: Sampling = Sampling::new(LEVEL);
const XS: [f64; 10] = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0, 6.0, 4.0];
const YS: [f64; 8] = [6.0, 7.0, 7.0, 8.0, 9.0, 9.0, 5.0, 8.0];

#[track_caller]
fn assert_ends(got: Result<Estimate>, entry: &str, rel: f64) {
    let (got, want) = (got.unwrap(), &json("satisfaction/samples.json")[entry]);
    assert_close(got.lower(), number(&want[0]), rel, entry);
    assert_close(got.upper(), number(&want[1]), rel, entry);
}

#[track_caller]
fn assert_change(got: Result<Change>, entry: &str, rel: f64) {
    let got = got.unwrap();
    assert_ends(Ok(got.difference), entry, rel);
    let want = number(&json("satisfaction/samples.json")[entry][2]);
    assert_close(got.p_value.get(), want, 1e-11, entry);
}

/// Passives make up the number.
fn nps(promoters: u64, detractors: u64, n: u64) -> Nps {
    let counts = vec![detractors, 0, 0, 0, 0, 0, 0, n - promoters - detractors, 0, 0, promoters];
    Nps::of(&Answers::from_counts(Scale::ZERO_TO_TEN, counts, 0, 0).unwrap()).unwrap()
}

#[test]
fn intervals_of_small_populations() {
    let (share, of_150) = (Proportion::new(20, 30).unwrap(), SURE.population(150));
    assert_ends(share.wilson(&of_150), "wilson", 1e-14);
    assert_ends(share.adjusted_wald(&of_150), "adjusted wald", 1e-14);
    assert_ends(share.wald(&of_150), "wald", 1e-14);
    let (net, of_80) = (nps(18, 2, 31), SURE.population(80));
    assert_ends(net.interval(&of_80), "nps", 1e-13);
    assert_ends(net.wald_interval(&of_80), "nps wald", 1e-13);
    let mean = MeanScore::of(&XS).unwrap();
    assert_ends(mean.interval(&SURE.population(25)), "mean", 1e-11);
}

/// Both waves are of the same customers.
#[test]
fn changes_in_small_populations() {
    let (now, then) = (Proportion::new(56, 70).unwrap(), Proportion::new(48, 80).unwrap());
    assert_change(now.change_since(&then, &SURE.population(200)), "share change", 1e-13);
    let (now, then) = (nps(40, 20, 100), nps(18, 2, 31));
    assert_change(now.change_since(&then, &SURE.population(150)), "nps change", 1e-13);
    let (now, then) = (MeanScore::of(&YS).unwrap(), MeanScore::of(&XS).unwrap());
    let of_25 = SURE.minimum(8).unwrap().population(25);
    assert_change(now.change_since(&then, &of_25), "mean change", 1e-11);
}

/// Kish's number of answers stands for the twelve.
#[test]
fn intervals_of_unequal_weights() {
    let scores = [10, 9, 3, 7, 10, 0, 6, 9, 8, 10, 2, 7];
    let quarters = [1, 12, 3, 8, 2, 5, 20, 4, 4, 1, 6, 9];
    let mut answers = WeightedAnswers::new(Scale::ZERO_TO_TEN);
    for (score, quarters) in scores.into_iter().zip(quarters) {
        answers.record(Answer::Score(score), f64::from(quarters) / 4.0).unwrap();
    }
    let (share, net) = (Proportion::top(&answers, 2).unwrap(), Nps::of(&answers).unwrap());
    let kish = number(&json("satisfaction/samples.json")["kish"][0]);
    assert_close(share.effective(), kish, 1e-15, "Kish's n");
    assert_ends(share.wilson(&SURE), "weighted wilson", 1e-14);
    assert_ends(share.adjusted_wald(&SURE), "weighted adjusted wald", 1e-14);
    assert_ends(net.interval(&SURE), "weighted nps", 1e-13);
    assert_ends(net.wald_interval(&SURE), "weighted nps wald", 1e-13);
    let of_40 = SURE.population(40);
    assert_ends(share.wilson(&of_40), "weighted wilson of 40", 1e-14);
    assert_ends(net.interval(&of_40), "weighted nps of 40", 1e-13);
}

/// Nine answers are one too few by default; every interval says so, and ten are enough.
#[test]
fn too_few_answers() {
    let told = |n: u64| {
        let (share, net) = (Proportion::new(4, n).unwrap(), nps(4, 2, n));
        let mean = MeanScore::of(&XS[..n as usize]).unwrap();
        let changes = [
            share.change_since(&share, &SURE),
            net.change_since(&net, &SURE),
            mean.change_since(&mean, &SURE),
        ];
        let alone = [
            share.wilson(&SURE),
            share.adjusted_wald(&SURE),
            share.wald(&SURE),
            net.interval(&SURE),
            net.wald_interval(&SURE),
            mean.interval(&SURE),
            complaints_per_thousand(4, n, &SURE),
        ];
        alone.into_iter().chain(changes.map(|change| change.map(|change| change.difference)))
    };
    for got in told(9) {
        assert_kind(got.clone(), "Undefined");
        assert_message(
            got,
            "an interval is undefined: it is asked to rest on 10 answers or more, and there are 9",
        );
    }
    assert!(told(10).all(|got| got.is_ok()));
}
