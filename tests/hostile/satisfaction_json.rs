//! Satisfaction from hostile JSON, and from the plain values that its types are made of.

use goodwill::Result;
use goodwill::satisfaction::*;
use serde_json::{Value, json};

use crate::json::{read, refused, refused_with};
use crate::table::FLOATS;
use crate::{assert_kind, assert_message};

#[test]
fn scales() {
    let scale = |lowest: i64, highest: i64, direction: &str| json!({ "lowest": lowest, "highest": highest, "direction": direction });
    refused::<Scale>(&[
        scale(1, 256, "higher_is_better"),
        scale(-1, 5, "higher_is_better"),
        scale(1, 5, "HigherIsBetter"),
        json!({ "lowest": 1, "highest": 5 }),
        json!("1–5"),
    ]);
    let message = "highest score must lie in (lowest score, 255], but is ";
    refused_with::<Scale>(&scale(5, 5, "higher_is_better"), &format!("{message}5"));
    refused_with::<Scale>(&scale(5, 1, "lower_is_better"), &format!("{message}1"));
    assert_eq!(read(&scale(1, 5, "lower_is_better")), Ok(Scale::EFFORT));
    assert_eq!(read(&scale(0, 10, "higher_is_better")), Ok(Scale::ZERO_TO_TEN));
}

#[test]
fn answers() {
    let scale = json!({ "lowest": 1, "highest": 3, "direction": "higher_is_better" });
    let answers =
        |counts: &[i64]| json!({ "scale": scale, "counts": counts, "dont_know": 1, "missing": 2 });
    refused::<Answers>(&[
        answers(&[1, 2, -3]),
        json!({ "scale": scale, "counts": [1, 2, 3], "dont_know": 1 }),
        json!({ "scale": scale, "counts": [1, 2, 0.5], "dont_know": 1, "missing": 2 }),
        json!({ "scale": { "lowest": 3, "highest": 1, "direction": "higher_is_better" }, "counts": [],
            "dont_know": 0, "missing": 0 }),
    ]);
    let message = "counts and points of the scale must have the same length, but have 2 and 3";
    refused_with::<Answers>(&answers(&[1, 2]), message);
    let small = Scale::new(1, 3, Direction::HigherIsBetter).unwrap();
    let want = Answers::from_counts(small, vec![1, 2, 3], 1, 2).unwrap();
    assert_eq!(read(&answers(&[1, 2, 3])), Ok(want));

    let weighted = |weights: &[&[&str]], squares: &[&str], scored: i64| json!({ "scale": scale, "weights": weights, "squares": squares, "scored": scored, "dont_know": 4, "missing": 5 });
    let none: &[&str] = &[];
    refused::<WeightedAnswers>(&[
        weighted(&[&["1"], none, &["x"]], &["2"], 2),
        weighted(&[&["1"], none, &["inf"]], &["2"], 2),
        weighted(&[&["1"], none, &["1"]], &["2"], -2),
        json!({ "scale": scale, "weights": [[1.0], [], [1.0]], "squares": [2.0], "scored": 2, "dont_know": 4, "missing": 5 }),
    ]);
    let nan = weighted(&[&["1"], none, &["NaN"]], &["2"], 2);
    refused_with::<WeightedAnswers>(&nan, "part of a sum must lie in (-∞, ∞), but is NaN (row 0)");
    let short = "weights and points of the scale must have the same length, but have 1 and 3";
    refused_with::<WeightedAnswers>(&weighted(&[none], none, 0), short);
    let impossible = |weights: &[&[&str]], squares: &[&str], scored: i64| {
        let message = format!("no {scored} answers have these weights and squares");
        refused_with::<WeightedAnswers>(&weighted(weights, squares, scored), &message);
    };
    impossible(&[&["1"], none, none], none, 0); // weight of nobody
    impossible(&[none, none, none], &["1"], 0);
    impossible(&[none, none, none], none, 1); // an answer of no weight
    impossible(&[&["1"], none, &["1"]], &["-2"], 2);
    impossible(&[&["-1"], none, &["3"]], &["10"], 2);
    impossible(&[&["1"], none, &["1"]], &["2"], 1); // one answer that tells as much as two
    impossible(&[&["1"], none, &["1"]], &["5"], 2); // 4/5 of an answer
    let mut unscored = WeightedAnswers::new(small);
    (0..4).for_each(|_| unscored.record(Answer::DontKnow, 0.5).unwrap());
    (0..5).for_each(|_| unscored.record(Answer::Missing, 0.5).unwrap());
    let mut want = unscored.clone();
    want.record(Answer::Score(1), 3.0).unwrap();
    want.record(Answer::Score(3), 1.0).unwrap();
    assert_eq!(read(&weighted(&[&["3"], none, &["1"]], &["10"], 2)), Ok(want));
    let empty = weighted(&[none, none, none], none, 0);
    assert_eq!(read(&empty), Ok(unscored));
}

#[test]
fn levels() {
    refused::<Level>(&[json!("meh"), json!(5), json!("HighlySatisfied"), json!(""), json!(null)]);
    let message = "level of satisfaction must lie in the five named levels, but is 满意";
    refused_with::<Level>(&json!("满意"), message);
    for level in Level::ALL {
        for name in level.names() {
            assert_eq!(read(&json!(name)), Ok(level));
            assert_eq!(Level::try_from(name.to_uppercase()), Ok(level));
        }
        assert_eq!(json!(level), json!(level.names()[0]));
    }
    assert_kind(Level::try_from(String::from("5")), "OutOfDomain");
}

/// Three or six numbers taken for weights, and pairs for ranges: by JSON as by the conversion as by the constructor.
#[test]
fn weights_and_ranges() {
    type Weights = Result<[f64; 6]>;
    let by_new = |weights: [f64; 6]| -> Weights { IndicatorWeights::new(weights).map(|w| w.get()) };
    let by_into = |weights: [f64; 6]| -> Weights {
        let weights: Result<IndicatorWeights> = weights.try_into();
        weights.map(|weights| weights.get())
    };
    let six = [1.0, 2.0, 3.0, 0.0, 4.0, 0.0];
    for position in 0..6 {
        for value in FLOATS {
            let mut weights = six;
            weights[position] = value;
            assert_eq!(by_into(weights), by_new(weights), "{value} at {position}");
            assert_eq!(by_new(weights).is_ok(), value >= 0.0 && value.is_finite(), "{value}");
        }
    }
    assert_message(by_into([0.0; 6]), &by_new([0.0; 6]).unwrap_err().to_string());
    assert_eq!(
        read(&json!(six)),
        Ok(IndicatorWeights::new(six).unwrap()),
        "as the constructor makes them"
    );
    refused::<IndicatorWeights>(&[
        json!([1, 2, 3, -1, 4, 0]),
        json!([0, 0, 0, 0, 0, 0]),
        json!([1, 2, 3]),
        json!([1, 2, 3, 4, 5, 6, 7]),
        json!([1, 2, 3, 4, 5, null]),
        json!("123456"),
    ]);

    for position in 0..3 {
        for value in FLOATS {
            let mut weights = [0.5, 0.25, 0.25];
            weights[position] = value;
            let by_into: Result<Acsi> = weights.try_into();
            assert_eq!(by_into, Acsi::new(weights), "{value} at {position}");
            assert_eq!(by_into.is_ok(), value >= 0.0 && value.is_finite(), "{value}");
        }
    }
    refused::<Acsi>(&[json!([1, 1]), json!([1, 1, 1, 1]), json!([1, 1, null]), json!({})]);
    refused_with::<Acsi>(&json!([0, 0, 0]), &Acsi::new([0.0; 3]).unwrap_err().to_string());
    let negative = Acsi::new([1.0, -1.0, 1.0]).unwrap_err().to_string();
    refused_with::<Acsi>(&json!([1, -1, 1]), &negative);
    assert_eq!(
        read(&json!([0.3885, 0.3190, 0.2925])),
        Ok(Acsi::new([0.3885, 0.3190, 0.2925]).unwrap())
    );
    assert_eq!(read(&json!(Acsi::EQUAL)), Ok(Acsi::EQUAL));

    let ranges = [(0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 0.4), (0.0, 1.0), (-1.0, 3.0)];
    for value in FLOATS {
        for position in 0..6 {
            let mut ends = ranges;
            ends[position].1 = value;
            let by_into: Result<IndicatorRanges> = ends.try_into();
            assert_eq!(by_into, IndicatorRanges::new(ends), "{value} at {position}");
        }
    }
    let mut reversed = ranges;
    reversed[5] = (3.0, -1.0);
    let message = IndicatorRanges::new(reversed).unwrap_err().to_string();
    refused_with::<IndicatorRanges>(&json!(reversed), &message);
    assert_eq!(read(&json!(ranges)), Ok(IndicatorRanges::new(ranges).unwrap()));
}

/// What is checked as a whole: offers, check-lists, visits.
#[test]
fn lists_are_checked_as_a_whole() {
    refused::<Offer>(&[
        json!({}),
        json!({ "name": "", "unit": "money", "values": [], "costs": [] }),
    ]);
    refused::<CheckList>(&[json!({}), json!({ "items": [] }), json!([])]);
    let shown = |value: &Value| value.to_string();
    assert_eq!(shown(&json!(SilenceRule::TWENTY_SILENT_EACH)), r#"{"silent_each":20}"#);
    assert_eq!(read(&json!({ "silent_each": 20 })), Ok(SilenceRule::TWENTY_SILENT_EACH));
    let five = json!({ "share_complains": "0.05" });
    assert_eq!(read(&five), Ok(SilenceRule::FIVE_PERCENT_COMPLAIN));
    refused::<SilenceRule>(&[
        json!({ "share_complains": "1.05" }),
        json!({ "silent_each": -1 }),
        json!({ "silent_each": 4_294_967_296_u64 }),
    ]);
}
