//! RFM as the trade defines it, and what other packages get wrong in it.

use goodwill::Ties;
use goodwill::tiering::{BreakEven, RfmMeasures, RfmScore, RfmWeights};
use rust_decimal::Decimal;

use crate::support::{assert_close, cdnow, cdnow_end};

const TIES: [Ties; 3] = [Ties::TogetherUp, Ties::TogetherDown, Ties::InputOrder];

fn count(scores: impl Iterator<Item = u8>, groups: u8) -> Vec<usize> {
    let mut counts = vec![0; usize::from(groups)];
    scores.for_each(|score| counts[usize::from(score) - 1] += 1);
    counts
}

/// Hughes (2005), Strategic Database Marketing, chapter 5: break-even response = cost per contact / net profit per
/// response; the index is 0 at it. His cell code is R·100 + F·10 + M.
#[test]
fn break_even_response_and_cell_code() {
    let break_even = BreakEven::new(Decimal::new(55, 2), Decimal::from(40)).unwrap();
    assert_close(break_even.response(), 0.01375, 1e-15, "break-even");
    let exactly = break_even.result(800, 11).unwrap();
    assert_eq!((exactly.profit, exactly.index), (Decimal::ZERO, Some(0.0)));
    let none = break_even.result(800, 0).unwrap();
    assert_eq!((none.profit, none.index), (Decimal::from(-440), Some(-100.0)));
    let (r, f, m) = (5, 3, 1);
    let code = u32::from(r) * 100 + u32::from(f) * 10 + u32::from(m);
    assert_eq!(RfmScore::new(r, f, m).unwrap().to_string(), code.to_string());
}

/// A weighted score is `w_R·R + w_F·F + w_M·M`: by hand, .5·5 + .3·3 + .2·1 = 3.6 and .5·1 + .3·5 + .2·3 = 2.6.
#[test]
fn weighted_score() {
    let (days, purchases) = (vec![1, 9, 3, 5, 7], vec![3, 5, 1, 2, 4]);
    let measures = RfmMeasures::new(days, purchases, vec![1.0, 3.0, 2.0, 4.0, 5.0]).unwrap();
    let scores = measures.independent(5, Ties::TogetherUp).unwrap();
    let told: Vec<String> = scores.iter().flatten().map(|own| own.to_string()).collect();
    assert_eq!(told, ["531", "153", "412", "324", "245"]);
    let weighted = scores.weighted(&RfmWeights::new(0.5, 0.3, 0.2).unwrap());
    for (got, want) in weighted.iter().zip([3.6, 2.6, 2.7, 2.9, 3.2]) {
        assert_close(got.unwrap(), want, 1e-15, "w·(R, F, M)");
    }
}

/// rfm (R) adds 1 to each quantile: 1,000 customers with amounts between 0 and 1 all get the score 1, and the same amounts
/// × 1,000 get 201/199/201/200/199. Here scores do not know the unit, and fifths are fifths.
#[test]
fn scores_do_not_depend_on_the_unit_of_money() {
    let amounts: Vec<f64> = (0..1_000).map(|i| f64::from((i * 619) % 1_000) / 1_000.0).collect();
    let scores = |factor: f64| {
        let money: Vec<f64> = amounts.iter().map(|amount| amount * factor).collect();
        let measures = RfmMeasures::new(vec![1; 1_000], vec![1; 1_000], money).unwrap();
        measures.independent(5, Ties::TogetherUp).unwrap()
    };
    assert_eq!(scores(1.0), scores(1_000.0));
    let monetary = scores(1.0).iter().map(|own| own.unwrap().monetary()).collect::<Vec<_>>();
    assert_eq!(count(monetary.into_iter(), 5), [200; 5]);
}

/// openretailscience breaks ties by the customer's id, so that equal spend lands in different tiers.
#[test]
fn equal_customers_have_equal_scores() {
    let measures = RfmMeasures::new(vec![7; 9], vec![2; 9], vec![10.0; 9]).unwrap();
    for (ties, want) in [(Ties::TogetherUp, "555"), (Ties::TogetherDown, "111")] {
        for score in measures.independent(5, ties).unwrap().iter() {
            assert_eq!(score.unwrap().to_string(), want);
        }
    }
}

/// `ClusterAudienceKit` gives the best customer the score 1 and calls those with 4 champions. Here the best is 5 on every axis, under every rule.
#[test]
fn five_is_the_best_on_every_axis() {
    let n = 10_u32;
    let days = (0..n).collect();
    let purchases = (0..n).map(|i| n - i).collect();
    let money = (0..n).map(|i| f64::from(n - i)).collect();
    let measures = RfmMeasures::new(days, purchases, money).unwrap();
    for ties in TIES {
        let scores = measures.independent(5, ties).unwrap();
        let texts: Vec<String> = scores.iter().flatten().map(|own| own.to_string()).collect();
        // Two in each fifth; the package's own gave 1,1,1,2,2,3,3,4,4,5.
        let want = ["555", "555", "444", "444", "333", "333", "222", "222", "111", "111"];
        assert_eq!(texts, want);
    }
}

/// Packages that set losses to 0 cannot tell who returned more than he bought from who spent nothing.
#[test]
fn a_negative_amount_is_below_zero() {
    let measures = RfmMeasures::new(vec![1; 3], vec![1; 3], vec![0.0, -50.0, 10.0]).unwrap();
    let scores = measures.independent(3, Ties::TogetherUp).unwrap();
    let monetary: Vec<u8> = scores.iter().map(|own| own.unwrap().monetary()).collect();
    assert_eq!(monetary, [2, 1, 3]);
}

/// Quartiles of CDNOW's purchases: 1,218 of 2,357 bought once, so two of the three edges are equal; pymc-marketing
/// then drops labels, and the best customers are no longer a 4. Here the scale stays: counted from the file by a script
/// of its own (ranks by pairs), per rule for ties.
#[test]
fn equal_frequencies_do_not_collapse_the_scale() {
    let ledger = cdnow();
    let summaries = ledger.summaries(cdnow_end()).unwrap();
    let measures = RfmMeasures::of_summaries(&summaries).unwrap();
    let wants = [[0, 0, 1_621, 736], [1_218, 0, 612, 527], [589, 589, 590, 589]];
    for (ties, want) in TIES.into_iter().zip(wants) {
        let scores = measures.independent(4, ties).unwrap();
        assert_eq!(count(scores.iter().map(|own| own.unwrap().frequency()), 4), want, "{ties:?}");
    }
}
