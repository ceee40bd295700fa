//! Satisfaction: the requirements' worked numbers, published examples, and `satisfaction/intervals.json`.

use goodwill::satisfaction::*;
use goodwill::{Probability, Share};

use crate::support::{assert_close, json, number};

const SURE: Sampling = Sampling::new(Probability::constant(0.95));

#[track_caller]
fn assert_interval(got: goodwill::Estimate, entry: &str, rel: f64) {
    let want = &json("satisfaction/intervals.json")[entry];
    assert_close(got.lower(), number(&want[0]), rel, entry);
    assert_close(got.upper(), number(&want[1]), rel, entry);
}

#[test]
fn intervals_and_tests() {
    let exact = json("satisfaction/intervals.json");
    let p = Proportion::new(20, 30).unwrap();
    assert_interval(p.wilson(&SURE).unwrap(), "wilson 20 of 30", 1e-14);
    assert_interval(p.adjusted_wald(&SURE).unwrap(), "adjusted wald 20 of 30", 1e-14);
    assert_interval(p.wald(&SURE).unwrap(), "wald 20 of 30", 1e-14);
    let of_150 = Proportion::new(80, 100).unwrap().wilson(&SURE.population(150)).unwrap();
    assert_interval(of_150, "wilson 80 of 100 of 150", 1e-14);
    let (a, b) = (Proportion::new(56, 70).unwrap(), Proportion::new(48, 80).unwrap());
    let change = a.change_since(&b, &SURE).unwrap();
    assert_interval(change.difference, "newcombe 56/70 48/80", 1e-13);
    let (a, b) = (Proportion::new(80, 100).unwrap(), Proportion::new(70, 100).unwrap());
    let p_value = b.change_since(&a, &SURE).unwrap().p_value.get();
    assert_close(p_value, number(&exact["pooled 80 70"]), 1e-12, "p");

    let xs = MeanScore::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0, 6.0, 4.0]).unwrap();
    let ys = MeanScore::of(&[6.0, 7.0, 7.0, 8.0, 9.0, 9.0, 5.0, 8.0]).unwrap();
    assert_interval(xs.interval(&SURE).unwrap(), "mean", 1e-11);
    let change = ys.change_since(&xs, &SURE.minimum(8).unwrap()).unwrap();
    assert_interval(change.difference, "welch", 1e-11);
    assert_close(change.p_value.get(), number(&exact["welch p"]), 1e-11, "Welch");
}

/// formulas 4.3: real counts of CDCgov/prime-reportstream#5281, P = 18, passives 11, D = 2.
#[test]
fn net_promoters() {
    let counts = vec![0, 0, 0, 0, 0, 0, 2, 5, 6, 9, 9];
    let nps = Nps::of(&Answers::from_counts(Scale::ZERO_TO_TEN, counts, 1, 0).unwrap()).unwrap();
    assert_close(nps.score(), 1_600.0 / 31.0, 1e-14, "NPS");
    let shares = [nps.promoters(), nps.passives(), nps.detractors()];
    for (got, count) in shares.into_iter().zip([18.0, 11.0, 2.0]) {
        assert_close(got, count / 31.0, 1e-15, "share");
    }
    assert_interval(nps.wald_interval(&SURE).unwrap(), "nps 18 11 2 wald", 1e-13);
    assert_interval(nps.interval(&SURE).unwrap(), "nps 18 11 2 adjusted", 1e-13);
    let later = vec![20, 0, 0, 0, 0, 0, 0, 40, 0, 0, 40];
    let later = Nps::of(&Answers::from_counts(Scale::ZERO_TO_TEN, later, 0, 0).unwrap()).unwrap();
    let change = later.change_since(&nps, &SURE).unwrap();
    assert_interval(change.difference, "nps change", 1e-13);
    let want = number(&json("satisfaction/intervals.json")["nps change p"]);
    assert_close(change.p_value.get(), want, 1e-12, "p");
}

/// The peers' defects: breaks ignored, the interval reversed, 0 left out of the detractors, the position of
/// an answer taken for its score, any 0–10 question shown as NPS.
#[test]
fn the_peers_defects() {
    let of = |scores: &[u8]| Answers::from_scores(Scale::ZERO_TO_TEN, scores).unwrap();
    assert_eq!(Nps::of(&of(&[0, 10])).unwrap().detractors().to_bits(), 0.5_f64.to_bits());
    let all: Vec<u8> = (0..=10).collect();
    let nps = Nps::of(&of(&all)).unwrap();
    assert_close(nps.promoters(), 2.0 / 11.0, 0.0, "9 and 10");
    assert_close(nps.detractors(), 7.0 / 11.0, 0.0, "0 to 6");
    let other = Nps::with_breaks(&of(&all), 4, 8).unwrap();
    assert_close(other.promoters(), 3.0 / 11.0, 0.0, "8 to 10");
    assert_close(other.detractors(), 5.0 / 11.0, 0.0, "0 to 4");
    let interval = nps.interval(&SURE).unwrap();
    assert!(interval.lower() < nps.score() && nps.score() < interval.upper());
    let error = Nps::of(&Answers::from_scores(Scale::ONE_TO_TEN, &[9, 10]).unwrap()).unwrap_err();
    let message =
        "the net promoter score needs answers on 0–10 (10 is best), not on 1–10 (10 is best)";
    assert_eq!(error.to_string(), message);
}

#[test]
fn r5_satisfaction_is_perception_less_expectation() {
    let rows = [(4.0, 3.0), (4.0, 4.0), (4.0, 5.0)];
    let rows: Vec<_> = rows.iter().map(|&(e, p)| Experience::new(e, p).unwrap()).collect();
    let kotler = Rule::KOTLER.count(&rows);
    assert_eq!((kotler.dissatisfied, kotler.satisfied, kotler.delighted), (1, 1, 1));
    let strict = Rule::STRICT.count(&rows);
    assert_eq!((strict.dissatisfied, strict.satisfied, strict.delighted), (2, 1, 0));
    // Delighted are those above the line, not those on it.
    let far = Rule::KOTLER.delighted_above(1.0).unwrap().count(&rows);
    assert_eq!((far.dissatisfied, far.satisfied, far.delighted), (1, 2, 0));
}

#[test]
fn r6_r8_r14_complaints() {
    let r6 = SilenceRule::FIVE_PERCENT_COMPLAIN.dissatisfied(10).unwrap();
    assert_eq!(format!("{} of {}", r6.silent, r6.all), "190 of 200");
    let r14 = SilenceRule::TWENTY_SILENT_EACH.dissatisfied(10).unwrap();
    assert_eq!(format!("{} of {}", r14.silent, r14.all), "200 of 210");
    let percent = |of| Share::percent(of).unwrap();
    let r8 = Discontent::of(1_000, percent(25), percent(5)).unwrap();
    let lines = [r8.dissatisfied(), r8.complaints(), r8.silent()].map(|line| line.to_string());
    assert_eq!(lines, ["250", "12.5", "237.5"]);
}

/// The State of Ohio's weights, and gaps that a text on SERVQUAL prints.
#[test]
fn acsi_of_ohio() {
    let ohio = Acsi::new([0.3885, 0.3190, 0.2925]).unwrap();
    assert_close(ohio.index([8.2, 7.6, 7.4]).unwrap(), 75.273_333_333_333_33, 1e-14, "Ohio");
    // Equal covariances weigh equally; a question asked the wrong way round is refused.
    let equal = Acsi::first_component(&[[1, 1, 1], [4, 4, 4], [9, 9, 9]]).unwrap();
    equal.weights().iter().for_each(|&weight| assert_close(weight, 1.0 / 3.0, 1e-14, "weight"));
    let error = Acsi::first_component(&[[1, 1, 9], [5, 5, 5], [9, 9, 1]]).unwrap_err();
    assert_eq!(error.to_string(), "question 3 loads negatively on the index");
    let zone = ToleranceZone::new(5.0, 5.1, 6.4).unwrap();
    assert!((zone.superiority() + 1.3).abs() < 1e-14 && (zone.adequacy() - 0.1).abs() < 1e-14);
}

/// Cochran (1977), equation 4.3: n₀ = 96.04 of N = 100 customers want 96.04/(1 + 95.04/100) = 49.24, upwards; without the
/// − 1 it would be 48.99.
#[test]
fn a_sample_of_few_customers() {
    let half = Probability::constant(0.5);
    assert_eq!(sample_size(0.1, half, SURE.level(), Some(100)), Ok(50));
    assert_eq!(sample_size(0.1, half, SURE.level(), None), Ok(97));
}

/// Scales on which the lowest score is the best, by hand: of 1, 1, 2, 4, 5 two give the best, three one of the best two, and
/// the mean of 2.6 is 60 points from the worst.
#[test]
fn where_the_lowest_is_best() {
    let effort = Answers::from_scores(Scale::EFFORT, &[1, 1, 2, 4, 5]).unwrap();
    let csat = Csat::of(&effort).unwrap();
    assert_close(csat.top_box.share(), 0.4, 1e-15, "top box");
    assert_close(csat.top_two.share(), 0.6, 1e-15, "top two");
    assert_close(csat.index.value(), 60.0, 1e-14, "index");
    let falling = [0.9, 0.6, 0.3, 0.1, 0.0].map(Probability::constant);
    // (0.9 + 0.9 + 0.6 + 0.1 + 0)/5.
    assert_close(repurchase_intent(&effort, &falling).unwrap().value(), 0.5, 1e-15, "intent");
    let mut rising = falling;
    rising.reverse();
    let error = repurchase_intent(&effort, &rising).unwrap_err();
    assert_eq!(error.to_string(), "a better score converts less than a worse one");
    // "Much better than expected" is the lowest score: 2 points above the middle.
    let [best, worst] = [1, 5].map(|score| Experience::direct(Scale::EFFORT, score).unwrap().gap());
    assert_eq!((best.to_bits(), worst.to_bits()), (2.0_f64.to_bits(), (-2.0_f64).to_bits()));
}

/// Both ends of the zone of tolerance belong to the better side.
#[test]
fn on_the_edges_of_the_zone() {
    use Tolerance::{Above, Below, Within};

    let at = |perceived| ToleranceZone::new(4.0, perceived, 6.0).unwrap().position();
    assert_eq!([3.9, 4.0, 5.9, 6.0, 6.1].map(at), [Below, Within, Within, Above, Above]);
}

/// 30 complainants of 12,000 customers are 2.5 per thousand. A desk that keeps 58 % of 200 at 250 each, for 20,000.
#[test]
fn complaints_in_figures() {
    let rate = complaints_per_thousand(30, 12_000, &SURE).unwrap();
    assert_close(rate.value(), 2.5, 1e-15, "per thousand");
    let [stay, leave] = [95, 37].map(|of| Share::percent(of).unwrap());
    let desk = ComplaintDesk::new(200, stay, leave, 250.into(), 20_000.into()).unwrap();
    let lines = [desk.kept(), desk.gain(), desk.net()].map(|line| line.to_string());
    assert_eq!(lines, ["116", "29000", "9000"]);
}
