//! RFM scores against ranks counted by pairs, and segments against every rule asked.

use goodwill::Ties;
use goodwill::tiering::{RfmCuts, RfmMeasures, RfmScore, RfmScores, SegmentRule, Segmentation};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const TIES: [Ties; 3] = [Ties::TogetherUp, Ties::TogetherDown, Ties::InputOrder];

type Row = (u32, u32, i32);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop_oneof![
        vec((0_u32..6, 1_u32..4, -2_i32..4), 1..40),
        vec((0_u32..400, 1_u32..30, -500_i32..5_000), 1..40),
    ]
}

fn measures(rows: &[Row]) -> RfmMeasures<f64> {
    let days = rows.iter().map(|row| row.0).collect();
    let purchases = rows.iter().map(|row| row.1).collect();
    RfmMeasures::new(days, purchases, rows.iter().map(|row| f64::from(row.2)).collect()).unwrap()
}

/// The score of each value, higher ones being better, from the ranks that pairs give.
fn graded(values: &[i64], groups: usize, ties: Ties) -> Vec<u8> {
    let n = values.len();
    let grade = |i: usize| {
        let above = values.iter().filter(|&&other| other > values[i]).count();
        let equal = values.iter().filter(|&&other| other == values[i]).count();
        let rank = match ties {
            Ties::TogetherUp => above + 1,
            Ties::TogetherDown => above + equal,
            Ties::InputOrder => {
                above + 1 + values[..i].iter().filter(|&&other| other == values[i]).count()
            }
        };
        let better = (1..groups).take_while(|j| rank > (2 * n * j + groups) / (2 * groups));
        (groups - better.count()) as u8
    };
    (0..n).map(grade).collect()
}

fn columns(scores: &RfmScores) -> [Vec<u8>; 3] {
    let own = |of: fn(RfmScore) -> u8| scores.iter().map(|score| of(score.unwrap())).collect();
    [own(RfmScore::recency), own(RfmScore::frequency), own(RfmScore::monetary)]
}

fn values(rows: &[Row]) -> [Vec<i64>; 3] {
    [
        rows.iter().map(|row| -i64::from(row.0)).collect(),
        rows.iter().map(|row| i64::from(row.1)).collect(),
        rows.iter().map(|row| i64::from(row.2)).collect(),
    ]
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn independent_scores_are_the_ranks_in_groups(
        rows in rows(),
        groups in 2_u8..12,
        ties in select(&TIES[..]),
    ) {
        let got = columns(&measures(&rows).independent(groups, ties).unwrap());
        let want = values(&rows).map(|own| graded(&own, groups.into(), ties));
        prop_assert_eq!(got, want);
    }

    #[test]
    fn scores_rise_with_their_measure(rows in rows(), groups in 2_u8..12, ties in select(&TIES[..])) {
        let scores = columns(&measures(&rows).independent(groups, ties).unwrap());
        for (own, scores) in values(&rows).iter().zip(&scores) {
            for i in 0..own.len() {
                for j in 0..own.len() {
                    prop_assert!(own[i] <= own[j] || scores[i] >= scores[j]);
                    prop_assert!(ties == Ties::InputOrder || own[i] != own[j] || scores[i] == scores[j]);
                }
            }
        }
    }

    #[test]
    fn permuted_customers_take_their_scores_along(
        (rows, order) in rows().prop_flat_map(|rows| {
            let order: Vec<usize> = (0..rows.len()).collect();
            (Just(rows), Just(order).prop_shuffle())
        }),
        groups in 2_u8..12,
        ties in select(&TIES[..2]),
    ) {
        let permuted: Vec<Row> = order.iter().map(|&i| rows[i]).collect();
        let (one, other) = (measures(&rows), measures(&permuted));
        for nested in [false, true] {
            let scores = |own: &RfmMeasures<f64>| {
                if nested { own.nested(groups, ties) } else { own.independent(groups, ties) }.unwrap()
            };
            let (before, after) = (scores(&one), scores(&other));
            for (at, &from) in order.iter().enumerate() {
                prop_assert_eq!(after.score_of(at), before.score_of(from));
            }
        }
    }

    /// Hughes: the next measure is scored among those who are alike in the ones before.
    #[test]
    fn nested_scores_are_independent_within_their_cells(
        rows in rows(),
        groups in 2_u8..7,
        ties in select(&TIES[..]),
    ) {
        let [r, f, m] = columns(&measures(&rows).nested(groups, ties).unwrap());
        let own = values(&rows);
        prop_assert_eq!(&r, &graded(&own[0], groups.into(), ties));
        for i in 0..rows.len() {
            let check = |values: &[i64], scores: &[u8], alike: &dyn Fn(usize) -> bool| {
                let members: Vec<usize> = (0..rows.len()).filter(|&j| alike(j)).collect();
                let inside: Vec<i64> = members.iter().map(|&j| values[j]).collect();
                let want = graded(&inside, groups.into(), ties);
                let place = members.iter().position(|&j| j == i).unwrap();
                assert_eq!(scores[i], want[place]);
            };
            check(&own[1], &f, &|j| r[j] == r[i]);
            check(&own[2], &m, &|j| r[j] == r[i] && f[j] == f[i]);
        }
    }

    /// A score by cuts looks at nobody else, so shards give what the whole gives.
    #[test]
    fn cuts_score_each_customer_alone(rows in rows(), at in any::<prop::sample::Index>()) {
        let cuts =
            RfmCuts::new(vec![2, 5, 90], vec![2, 3, 9], vec![0.0, 2.0, 1_000.0]).unwrap();
        let whole = measures(&rows).by_cuts(&cuts);
        let at = at.index(rows.len());
        prop_assert_eq!(measures(&rows[at..=at]).by_cuts(&cuts).score_of(0), whole.score_of(at));
        for (row, score) in rows.iter().zip(whole.iter()) {
            let score = score.unwrap();
            let recency = 1 + [90, 5, 2].iter().filter(|&&cut| row.0 <= cut).count();
            let frequency = 1 + [2, 3, 9].iter().filter(|&&cut| row.1 >= cut).count();
            let monetary = 1 + [0, 2, 1_000].iter().filter(|&&cut| row.2 >= cut).count();
            let want = RfmScore::new(recency as u8, frequency as u8, monetary as u8).unwrap();
            prop_assert_eq!(score, want);
        }
    }

    /// Random boxes are a segmentation exactly if every score lies in one and only one of them.
    #[test]
    fn a_segmentation_is_total_and_without_overlap(
        groups in 2_u8..4,
        ends in vec((1_u8..4, 1_u8..4, 1_u8..4, 1_u8..4), 1..5),
        split in 1_u8..3,
    ) {
        let rule = |i: usize, (a, b, c, d): (u8, u8, u8, u8)| {
            let within = |low: u8, high: u8| low.min(high).min(groups)..=low.max(high).min(groups);
            SegmentRule::new(format!("{i}")).recency(within(a, b)).monetary(within(c, d))
        };
        let split = split.min(groups - 1);
        let halves = [
            SegmentRule::new("low").frequency_and_money(1..=split),
            SegmentRule::new("high").frequency_and_money(split + 1..=groups),
        ];
        let halves = Segmentation::new(groups, halves).unwrap();
        let boxes: Vec<_> = ends.iter().enumerate().map(|(i, &own)| rule(i, own)).collect();
        let fitting = |r: u8, m: u8| {
            let inside = |x: u8, a: u8, b: u8| {
                (a.min(b).min(groups)..=a.max(b).min(groups)).contains(&x)
            };
            ends.iter().filter(|&&(a, b, c, d)| inside(r, a, b) && inside(m, c, d)).count()
        };
        let mut is_total = true;
        for r in 1..=groups {
            for f in 1..=groups {
                for m in 1..=groups {
                    is_total &= fitting(r, m) == 1;
                    let score = RfmScore::new(r, f, m).unwrap();
                    prop_assert_eq!(halves.segment_of(score), Some(usize::from(2 * split < f + m)));
                }
            }
        }
        prop_assert_eq!(Segmentation::new(groups, boxes).is_ok(), is_total);
    }

    #[test]
    fn segments_partition_the_buyers_and_their_money(rows in rows(), ties in select(&TIES[..])) {
        let measures = measures(&rows);
        let scores = measures.independent(5, ties).unwrap();
        let segmentation = Segmentation::classic();
        let segments = segmentation.assign(&measures, &scores).unwrap();
        for (place, score) in scores.iter().enumerate() {
            let want = segmentation.segment_of(score.unwrap()).map(|own| own as u32);
            prop_assert_eq!(segments.assignments()[place], want);
        }
        let customers: usize = segments.segments().iter().map(|own| own.customers).sum();
        prop_assert_eq!(customers, rows.len());
        let value: f64 = segments.segments().iter().map(|own| own.value).sum();
        let whole: i32 = rows.iter().map(|row| row.2).sum();
        prop_assert_eq!((value, segments.total()), (f64::from(whole), f64::from(whole)));
        let text = serde_json::to_string(&segmentation).unwrap();
        prop_assert_eq!(serde_json::from_str::<Segmentation>(&text).unwrap(), segmentation);
    }
}

/// Every one of the 125 scores has exactly one of the eleven names, and each name is used.
#[test]
fn the_classic_eleven_take_every_score_once() {
    let classic = Segmentation::classic();
    let mut cells = vec![0; classic.names().len()];
    for r in 1..=5 {
        for f in 1..=5 {
            for m in 1..=5 {
                cells[classic.segment_of(RfmScore::new(r, f, m).unwrap()).unwrap()] += 1;
            }
        }
    }
    assert_eq!((cells.len(), cells.iter().sum::<usize>()), (11, 125));
    assert!(cells.iter().all(|&cells| cells > 0), "{cells:?}");
}
