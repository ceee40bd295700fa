//! RFM of hostile measures, cuts, rules and weights.

use goodwill::tiering::{
    BreakEven, RfmCuts, RfmMeasures, RfmScore, RfmWeights, SegmentRule, Segmentation,
};
use goodwill::{Ledger, Ties, Transaction};
use rust_decimal::Decimal;

use crate::support::day;
use crate::table::{COUNTS, FLOATS, decimals};
use crate::{assert_kind, assert_message, kind, row};

const TIES: [Ties; 3] = [Ties::TogetherUp, Ties::TogetherDown, Ties::InputOrder];

#[test]
fn measures_and_scores() {
    let none: Vec<f64> = Vec::new();
    assert_message(RfmMeasures::new(vec![], vec![], none), "customers must not be empty");
    assert_message(
        RfmMeasures::new(vec![1, 2], vec![1, 0], vec![1.0, 1.0]),
        "purchases must lie in [1, ∞), but is 0 (row 1)",
    );
    assert_kind(RfmMeasures::new(vec![1], vec![1, 2], vec![1.0, 1.0]), "LengthMismatch");
    assert_kind(RfmMeasures::new(vec![1, 2], vec![1, 2], vec![1.0]), "LengthMismatch");
    let no_summary: [goodwill::CustomerSummary<'_, u32>; 0] = [];
    assert_message(RfmMeasures::of_summaries(&no_summary), "summaries must not be empty");
    for days in COUNTS {
        for purchases in COUNTS {
            for revenue in FLOATS {
                let columns = (vec![days, 5], vec![purchases, 5], vec![revenue, 5.0]);
                let measures = match RfmMeasures::new(columns.0, columns.1, columns.2) {
                    Ok(measures) => measures,
                    Err(error) => {
                        assert!(purchases == 0 || !revenue.is_finite());
                        assert_eq!((kind(&error), row(&error)), ("OutOfDomain", Some(0)));
                        continue;
                    }
                };
                assert!(revenue.is_finite() && purchases > 0);
                for groups in [0, 1, 2, 5, 100, 101, u8::MAX] {
                    for ties in TIES {
                        let both =
                            [measures.independent(groups, ties), measures.nested(groups, ties)];
                        for scores in both {
                            let Ok(scores) = scores else {
                                assert!(!(2..=100).contains(&groups));
                                assert_kind(scores, "OutOfDomain");
                                continue;
                            };
                            assert_eq!((scores.best(), scores.customers()), (groups, 2));
                            for score in scores.iter().flatten() {
                                let own = [score.recency(), score.frequency(), score.monetary()];
                                assert!(own.iter().all(|own| (1..=groups).contains(own)));
                                assert!((1..=groups).contains(&score.frequency_and_money()));
                            }
                            assert_eq!(scores.score_of(usize::MAX), None);
                        }
                    }
                }
            }
        }
    }
    let decimals = decimals();
    let n = decimals.len();
    let measures = RfmMeasures::new(vec![1; n], vec![1; n], decimals).unwrap();
    assert_eq!(measures.nested(5, Ties::InputOrder).unwrap().customers(), n);
    assert_message(
        measures.independent(1, Ties::TogetherUp),
        "groups must lie in [2, 100], but is 1",
    );
}

#[test]
fn cuts() {
    let none: Vec<f64> = Vec::new();
    assert_message(RfmCuts::new(vec![], vec![], none), "cuts must not be empty");
    assert_kind(RfmCuts::new(vec![1], vec![1, 2], vec![1.0]), "LengthMismatch");
    assert_kind(RfmCuts::new(vec![1], vec![1], vec![1.0, 2.0]), "LengthMismatch");
    assert_message(
        RfmCuts::new(vec![1, 1], vec![1, 2], vec![1.0, 2.0]),
        "the cuts of days since last must ascend (row 1)",
    );
    assert_kind(RfmCuts::new(vec![1, 2], vec![2, 1], vec![1.0, 2.0]), "Inconsistent");
    assert_kind(RfmCuts::new(vec![1, 2], vec![1, 2], vec![0.0, -0.0]), "Inconsistent");
    assert_kind(RfmCuts::new(vec![1], vec![2], vec![f64::NAN]), "OutOfDomain");
    for count in [100, 255, 256, 300] {
        let cuts: Vec<u32> = (0..count).collect();
        let money: Vec<f64> = cuts.iter().map(|&cut| f64::from(cut)).collect();
        assert_kind(RfmCuts::new(cuts.clone(), cuts, money), "OutOfDomain");
    }
    let ends =
        RfmCuts::new(vec![0, u32::MAX], vec![0, u32::MAX], vec![f64::MIN, f64::MAX]).unwrap();
    let measures =
        RfmMeasures::new(vec![0, u32::MAX], vec![u32::MAX, 1], vec![f64::MAX, f64::MIN]).unwrap();
    let scores = measures.by_cuts(&ends);
    let texts: Vec<String> = scores.iter().flatten().map(|score| score.to_string()).collect();
    assert_eq!(texts, ["333", "222"]);
}

#[test]
fn segments() {
    assert_kind(RfmScore::new(0, 1, 1), "OutOfDomain");
    assert_message(RfmScore::new(1, 1, 101), "monetary must lie in [1, 100], but is 101");
    let all = || SegmentRule::new("all");
    assert_message(Segmentation::new(5, []), "no segment takes the score 111");
    assert_message(
        Segmentation::new(5, [all(), SegmentRule::new("top").monetary(5..=5)]),
        "all and top both take the score 115",
    );
    assert_kind(Segmentation::new(1, [all()]), "OutOfDomain");
    assert_kind(Segmentation::new(101, [all()]), "OutOfDomain");
    assert_kind(Segmentation::new(5, vec![all(); 256]), "Inconsistent");
    let reversed = std::ops::RangeInclusive::new(5, 4);
    for range in [0..=5, reversed, 1..=6, 0..=0, 255..=255] {
        let rules = [
            all().recency(range.clone()),
            all().frequency(range.clone()),
            all().monetary(range.clone()),
            all().frequency_and_money(range),
        ];
        for rule in rules {
            assert_kind(Segmentation::new(5, [rule]), "OutOfDomain");
        }
    }
    assert_message(
        Segmentation::new(5, [all().recency(3..=6)]),
        "recency must lie in a range within [1, groups], but is 3 to 6 (row 0)",
    );
    assert_eq!(Segmentation::new(100, [all()]).unwrap().names(), ["all"]);
    let classic = Segmentation::classic();
    assert_eq!(classic.names().len(), 11);
    assert_eq!(classic.segment_of(RfmScore::new(6, 1, 1).unwrap()), None);

    let measures = RfmMeasures::new(vec![1, 2], vec![1, 2], vec![f64::MAX, f64::MAX]).unwrap();
    let tenths = measures.independent(10, Ties::TogetherUp).unwrap();
    assert_message(
        classic.assign(&measures, &tenths),
        "the segments are of scores to 5, but the scores go to 10",
    );
    let one = RfmMeasures::new(vec![1], vec![1], vec![1.0]).unwrap();
    let fifths = measures.independent(5, Ties::TogetherUp).unwrap();
    assert_kind(classic.assign(&one, &fifths), "LengthMismatch");
    assert_kind(classic.assign(&measures, &fifths), "Overflow");
    let now = day(2026, 3, 1);
    let without = |never: u32| {
        let amount = |customer: u32| if customer == never { -Decimal::ONE } else { Decimal::TEN };
        let row = |customer: u32| Transaction::new(customer, now, amount(customer));
        let ledger = Ledger::from_transactions([1, 2, 3].map(row)).unwrap();
        RfmMeasures::of_summaries(&ledger.summaries(now).unwrap()).unwrap()
    };
    let scores = without(1).independent(5, Ties::TogetherUp).unwrap();
    let own = classic.assign(&without(1), &scores).unwrap();
    assert_eq!(
        own.assignments().iter().map(Option::is_some).collect::<Vec<_>>(),
        [false, true, true]
    );
    assert_eq!(own.total(), Decimal::from(20));
    assert_message(
        classic.assign(&without(3), &scores),
        "only one of measures and scores tells of a customer who bought (row 0)",
    );
    let cancels = RfmMeasures::new(vec![1, 2], vec![1, 2], vec![f64::MAX, f64::MIN]).unwrap();
    let segments =
        classic.assign(&cancels, &cancels.independent(5, Ties::TogetherUp).unwrap()).unwrap();
    assert_eq!(segments.total().to_bits(), 0);
    assert_eq!(segments.assignments().len(), 2);
    for segment in segments.segments() {
        assert_eq!(segment.share_of_value, None);
        assert!(segment.mean_value.is_none_or(f64::is_finite));
    }
}

#[test]
fn weights() {
    let measures = RfmMeasures::new(vec![1, 2], vec![1, 2], vec![1.0, 2.0]).unwrap();
    let scores = measures.independent(100, Ties::TogetherUp).unwrap();
    for r in FLOATS {
        for f in FLOATS {
            match RfmWeights::new(r, f, 0.0) {
                Ok(weights) => {
                    for weighted in scores.weighted(&weights) {
                        assert!(weighted.unwrap().is_finite(), "{r} {f}");
                    }
                }
                Err(error) => {
                    assert!(["OutOfDomain", "Inconsistent"].contains(&kind(&error)), "{error}");
                }
            }
        }
    }
    assert_message(RfmWeights::new(0.0, -0.0, 0.0), "at least one weight must be above 0");
    assert_message(
        RfmWeights::new(1.0, 1.0, f64::NAN),
        "monetary must lie in [0, 1e300], but is NaN",
    );
}

#[test]
fn break_even() {
    for cost in decimals() {
        for profit in decimals() {
            let Ok(break_even) = BreakEven::new(cost, profit) else {
                assert!(cost < Decimal::ZERO || profit <= Decimal::ZERO);
                continue;
            };
            assert!(break_even.response() >= 0.0 && break_even.response().is_finite());
            for contacts in [0, 1, 1_000, u64::MAX] {
                for responses in [0, 1, 1_000, u64::MAX] {
                    match break_even.result(contacts, responses) {
                        Ok(result) => {
                            assert!((0.0..=1.0).contains(&result.response));
                            assert!(result.index.is_none_or(f64::is_finite));
                        }
                        Err(error) => assert!(
                            ["Empty", "OutOfDomain", "Overflow"].contains(&kind(&error)),
                            "{error}"
                        ),
                    }
                }
            }
        }
    }
    assert_kind(BreakEven::new(Decimal::NEGATIVE_ONE, Decimal::ONE), "OutOfDomain");
    let free = BreakEven::new(Decimal::ZERO, Decimal::ONE).unwrap();
    assert_eq!(free.result(1, 0).unwrap().index, None);
    assert_message(free.result(1, 2), "responses must lie in [0, contacts], but is 2");
}
