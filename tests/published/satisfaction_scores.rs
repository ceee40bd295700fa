//! Scores of satisfaction against `satisfaction/scores.json`: corrections, weights, gaps, effort, components.

use goodwill::satisfaction::*;
use goodwill::{Estimate, Probability};
use serde_json::Value;

use crate::support::{assert_close, json, number};

const LEVEL: Probability = Probability::constant(0.95);
const SURE: Sampling = Sampling::new(LEVEL);

fn all(entry: &str) -> Vec<Value> {
    json("satisfaction/scores.json")[entry].as_array().unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// An array of whole numbers.
fn whole<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

/// Value, lower and upper end.
#[track_caller]
fn assert_estimate(got: &Estimate, want: &Value, what: &str) {
    let want = numbers(want);
    for (got, want) in [got.value(), got.lower(), got.upper()].into_iter().zip(want) {
        // Student's quantile is known to 1e-12.
        assert!(
            (got - want).abs() <= 1e-11 * want.abs() + 1e-13,
            "{what}: {got:e} is not {want:e}"
        );
    }
}

#[test]
fn holm_1979() {
    let cases = all("holm");
    assert_eq!(cases.len(), 4);
    for case in cases {
        let p: Vec<Probability> =
            numbers(&case["p"]).into_iter().map(|p| Probability::new(p).unwrap()).collect();
        for (got, want) in holm(&p).into_iter().zip(numbers(&case["corrected"])) {
            assert_close(got.get(), want, 1e-15, "Holm");
        }
    }
}

#[test]
fn kish_1965() {
    let cases = all("kish");
    assert_eq!(cases.len(), 4);
    for case in cases {
        let (weights, want) = (numbers(&case["weights"]), number(&case["effective"]));
        assert_close(effective_sample_size(&weights).unwrap(), want, 1e-14, "Kish");
        // Answers that weigh so tell as much.
        let mut answers = WeightedAnswers::new(Scale::ONE_TO_FIVE);
        for (row, &weight) in weights.iter().enumerate() {
            answers.record(Answer::Score(1 + row as u8 % 5), weight).unwrap();
        }
        assert_close(answers.tally().unwrap().effective(), want, 1e-14, "of the answers");
    }
}

#[test]
fn servqual_of_ten_customers() {
    let case = &json("satisfaction/scores.json")["servqual"];
    let expected: Vec<[u8; 22]> = whole(&case["expected"]);
    let perceived: Vec<[u8; 22]> = whole(&case["perceived"]);
    let points: Vec<[u8; 5]> = whole(&case["points"]);
    let customer = |i: usize| {
        let answers = ServiceAnswers::new(expected[i], perceived[i]).unwrap();
        answers.weighted(points[i]).unwrap()
    };
    let customers: Vec<ServiceAnswers> = (0..10).map(customer).collect();
    let quality = Servqual::of(&customers).unwrap();
    let sure = |score: &MeanScore| score.interval(&SURE).unwrap();
    for (score, want) in quality.gaps.iter().zip(case["gaps"].as_array().unwrap()) {
        assert_estimate(&sure(score), want, "gap");
    }
    assert_estimate(&sure(&quality.unweighted), &case["unweighted"], "unweighted");
    assert_estimate(&sure(&quality.weighted), &case["weighted"], "weighted");
    assert_estimate(&sure(&quality.servperf), &case["servperf"], "SERVPERF");
}

#[test]
fn effort_scores() {
    let case = &json("satisfaction/scores.json")["effort"];
    let answers = |scale, counts: &Value| Answers::from_counts(scale, whole(counts), 4, 2).unwrap();
    let one = effort_1(&answers(Scale::EFFORT, &case["one"])).unwrap();
    assert_estimate(&one.interval(&SURE).unwrap(), &case["mean of one"], "CES 1.0");
    let two = Ease::of(&answers(Scale::ONE_TO_SEVEN, &case["two"])).unwrap();
    assert_estimate(&two.mean.interval(&SURE).unwrap(), &case["mean of two"], "CES 2.0");
    assert_estimate(&two.agree.wilson(&SURE).unwrap(), &case["agree"], "agree");
}

#[test]
fn effects_of_a_gap() {
    let cases = all("effects");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let rows: Vec<Vec<f64>> = case["rows"].as_array().unwrap().iter().map(numbers).collect();
        let gaps: Vec<Experience> =
            rows.iter().map(|row| Experience::new(0.0, row[0]).unwrap()).collect();
        let satisfaction: Vec<f64> = rows.iter().map(|row| row[1]).collect();
        let got = GapEffect::fit(&gaps, &satisfaction, LEVEL).unwrap();
        assert_close(got.as_expected, number(&case["as expected"]), 1e-13, "as expected");
        assert_estimate(&got.shortfall, &case["shortfall"], "shortfall");
        assert_estimate(&got.surplus, &case["surplus"], "surplus");
        assert_estimate(&got.asymmetry, &case["asymmetry"], "asymmetry");
    }
}

#[test]
fn reliabilities_of_a_difference() {
    let cases = all("differences");
    assert_eq!(cases.len(), 5);
    for case in cases {
        let [s_p, r_p, s_e, r_e, r] = numbers(&case["case"])[..] else { panic!("{case}") };
        let [r_p, r_e] = [r_p, r_e].map(|r| Probability::new(r).unwrap());
        let got = difference_reliability((s_p, r_p), (s_e, r_e), r).unwrap();
        let want = number(&case["reliability"]);
        assert!((got - want).abs() <= 1e-15, "{got} is not {want}");
    }
}

#[test]
fn first_components() {
    let cases = all("acsi");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let rows: Vec<[u8; 3]> = whole(&case["rows"]);
        let got = Acsi::first_component(&rows).unwrap().weights();
        for (got, want) in got.into_iter().zip(numbers(&case["weights"])) {
            assert!((got - want).abs() <= 1e-14, "{got} is not {want}");
        }
    }
}
