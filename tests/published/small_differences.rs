//! Answers that a subtraction of near numbers would lose, against 60 digits: `small_differences.json`.

use goodwill::satisfaction::{
    Answer, Answers, Csat, PriceRise, Proportion, Sampling, Scale, SilenceRule, ValueOfRetention,
    WeightedAnswers, price_elasticity,
};
use goodwill::tiering::BreakEven;
use goodwill::{DiscountRate, Probability, Share, TimeUnit};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::{assert_close, json, number};

const LEVEL: Probability = Probability::constant(0.95);

fn exact(name: &str) -> Value {
    json("small_differences.json")[name].clone()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Of 15 million answers, half the worst and half the best: mean 50, variance 2,500.
#[test]
fn a_mean_of_very_many_answers_has_an_interval() {
    let counts = vec![7_500_000, 0, 0, 0, 7_500_000];
    let answers = Answers::from_counts(Scale::ONE_TO_FIVE, counts, 0, 0).unwrap();
    let students = exact("student");
    let t =
        students.as_array().unwrap().iter().find(|row| row[0] == "14999999" && row[1] == "0.05");
    let reach = number(&t.unwrap()[2]) * (2_500.0 / 14_999_999.0_f64).sqrt();
    let got = Csat::of(&answers).unwrap().index.interval(&Sampling::new(LEVEL)).unwrap();
    assert_close(got.upper() - 50.0, reach, 1e-12, "the reach of the mean");
}

/// One of hardly any weight among a few: its share is far below the interval's reach.
#[test]
fn the_ends_of_a_tiny_share_keep_their_digits() {
    for case in exact("wilson").as_array().unwrap() {
        let mut answers = WeightedAnswers::new(Scale::ONE_TO_FIVE);
        for (group, score) in [("yes", 5), ("no", 1)] {
            for weight in case[group].as_array().unwrap() {
                answers.record(Answer::Score(score), number(weight)).unwrap();
            }
        }
        let share = Proportion::top(&answers, 1).unwrap();
        let got = share.wilson(&Sampling::new(LEVEL)).unwrap();
        for (got, want) in [got.value(), got.lower(), got.upper()].into_iter().zip(0..) {
            assert_close(got, number(&case["ends"][want]), 1e-14, &format!("end {want} of {case}"));
            assert!((0.0..=1.0).contains(&got));
        }
    }
}

#[test]
fn who_never_leaves_is_worth_one_over_the_rate() {
    for case in exact("value_of_retention").as_array().unwrap() {
        let rate = DiscountRate::annual(number(&case[0])).unwrap();
        let retention = Probability::new(number(&case[1])).unwrap();
        let worth = ValueOfRetention::of(1.0, retention, rate, TimeUnit::Year).unwrap();
        assert_close(worth.value, number(&case[2]), 1e-14, "worth");
        assert_close(worth.slope, number(&case[3]), 1e-14, "slope");
    }
}

#[test]
fn a_cent_on_a_million_is_a_rise() {
    let price = (decimal("1000000.00"), decimal("1000000.01"));
    let rises = [0.5, 0.25].map(|after| PriceRise::new(price, (1.0, after)).unwrap());
    let elasticity = price_elasticity(&rises, LEVEL).unwrap();
    assert_close(elasticity.value(), number(&exact("elasticity")), 1e-14, "elasticity");
}

#[test]
fn hardly_anyone_is_silent() {
    let share = Share::new(decimal("0.999999999999")).unwrap();
    let got = SilenceRule::ShareComplains(share).dissatisfied(1_000_000_000).unwrap();
    assert_close(got.silent, number(&exact("silent")), 1e-14, "silent");
}

#[test]
fn a_mailing_that_earns_a_cent() {
    let plan = BreakEven::new(Decimal::ONE, decimal("1000000000.01")).unwrap();
    let got = plan.result(1_000_000_000, 1).unwrap();
    assert_eq!(got.profit, decimal("0.01"));
    assert_close(got.index.unwrap(), number(&exact("mailing_index")), 1e-14, "index");
}
