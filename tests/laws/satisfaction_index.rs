//! Laws of the indicators, of delivered value and of mystery shoppers.

use goodwill::satisfaction::*;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn ranges() -> IndicatorRanges {
    IndicatorRanges::new([(0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 0.4), (0.0, 1.0), (-1.0, 3.0)])
        .unwrap()
}

/// Readings at this share of each range.
fn readings(shares: [f64; 6]) -> Indicators {
    let spread = [1.0, 1.0, 1.0, 0.4, 1.0, 4.0];
    let low = [0.0, 0.0, 0.0, 0.0, 0.0, -1.0];
    (0..6).fold(Indicators::new(), |all, i| {
        let reading = (low[i] + spread[i] * shares[i]).min(low[i] + spread[i]);
        all.with(Indicator::ALL[i], reading).unwrap()
    })
}

fn six() -> impl Strategy<Value = [f64; 6]> {
    prop::array::uniform6(0.0..=1.0)
}

fn weights() -> impl Strategy<Value = [f64; 6]> {
    prop::array::uniform6(0.001_f64..5.0)
}

fn index(weights: [f64; 6]) -> IndicatorIndex {
    let weights = IndicatorWeights::new(weights).unwrap();
    IndicatorIndex::new(ranges(), weights, MissingIndicator::Spread)
}

fn offers() -> impl Strategy<Value = Offer> {
    let amounts = || prop::array::uniform4(0_i64..100_000);
    let exact = |amounts: [i64; 4]| amounts.map(|amount| Decimal::new(amount, 2));
    (amounts(), amounts()).prop_map(move |(values, costs)| {
        Offer::new("one", OfferUnit::Money, exact(values), exact(costs)).unwrap()
    })
}

/// Three categories, given by 2 to 30 pairs of judgements that are not all alike.
fn judgements() -> impl Strategy<Value = Vec<(u8, u8)>> {
    prop::collection::vec((0_u8..3, 0_u8..3), 2..30)
        .prop_filter("two categories", |all| all.iter().any(|&(a, b)| a != all[0].0 || b != a))
}

fn audits() -> impl Strategy<Value = Vec<[f64; 3]>> {
    prop::collection::vec(prop::array::uniform3(0.0..100.0), 3..12)
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn the_index_lies_between_its_points(shares in six(), weights in weights()) {
        let got = index(weights).score(&readings(shares)).unwrap();
        let points = Indicator::ALL.map(|one| got.points(one).unwrap());
        let (least, most) = points.iter().fold((100.0_f64, 0.0_f64), |(a, b), &x| (a.min(x), b.max(x)));
        prop_assert!(least - 1e-12 <= got.index() && got.index() <= most + 1e-12);
        let best = Indicator::ALL.map(|one| f64::from(one.direction() == Direction::HigherIsBetter));
        prop_assert!(index(weights).score(&readings(best)).unwrap().index() <= 100.0);
        let own = IndicatorWeights::new(weights).unwrap().get();
        prop_assert!((own.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        let naive: f64 = (0..6).map(|i| own[i] * points[i]).sum();
        prop_assert!((got.index() - naive).abs() < 1e-12);
        let parts: f64 = Indicator::ALL.iter().map(|&one| got.part(one)).sum();
        prop_assert_eq!(parts.to_bits(), got.index().to_bits());
    }

    /// To the last bit, and in any order.
    #[test]
    fn contributions_add_up_to_the_change(a in six(), b in six(), weights in weights()) {
        let index = index(weights);
        let (before, after) = (readings(a), readings(b));
        let change = index.change(&before, &after).unwrap();
        let of = |one: &Indicator| change.contribution(*one);
        let forward: f64 = Indicator::ALL.iter().map(of).sum();
        let backward: f64 = Indicator::ALL.iter().rev().map(of).sum();
        let scored = |x| index.score(x).unwrap().index();
        let total = scored(&after) - scored(&before);
        prop_assert!((total - change.total()).abs() <= 0.0);
        prop_assert!((forward - total).abs() <= 0.0 && (backward - total).abs() <= 0.0);
        let back = index.change(&after, &before).unwrap();
        prop_assert!((back.total() + total).abs() <= 0.0);
    }

    #[test]
    fn a_better_reading_never_lowers_the_index(a in six(), at in 0_usize..6, up in 0.0..1.0, weights in weights()) {
        let mut better = a;
        better[at] = match Indicator::ALL[at].direction() {
            Direction::HigherIsBetter => a[at] + up * (1.0 - a[at]),
            Direction::LowerIsBetter => a[at] * (1.0 - up),
        };
        let index = index(weights);
        let [before, after] = [a, better].map(|x| index.score(&readings(x)).unwrap().index());
        prop_assert!(after >= before - 1e-12, "{} fell to {}", before, after);
    }

    #[test]
    fn weights_scale_freely(weights in weights(), power in -300_i32..300, free in 1e-3..1e3) {
        let own = IndicatorWeights::new(weights).unwrap();
        let twice = weights.map(|weight| weight * 2.0_f64.powi(power));
        prop_assert_eq!(IndicatorWeights::new(twice).unwrap(), own);
        prop_assert_eq!(IndicatorWeights::new(own.get()).unwrap(), own, "read back");
        let scaled = IndicatorWeights::new(weights.map(|weight| weight * free)).unwrap();
        for (a, b) in own.get().iter().zip(scaled.get()) {
            prop_assert!((a - b).abs() < 1e-15);
        }
    }

    #[test]
    fn a_missing_indicator_is_as_if_it_weighed_nothing(a in six(), weights in weights(), at in 0_usize..6) {
        let mut without = weights;
        without[at] = 0.0;
        let all = readings(a);
        let left = Indicator::ALL.iter().filter(|&&one| one as usize != at);
        let partial = left.fold(Indicators::new(), |some, &one| {
            some.with(one, all.reading(one).unwrap()).unwrap()
        });
        let [a, b] = [index(weights).score(&partial), index(without).score(&all)].map(|x| x.unwrap().index());
        prop_assert!((a - b).abs() < 1e-12);
        let error = index(weights).change(&all, &partial).unwrap_err().to_string();
        prop_assert_eq!(error, format!("{:?} was measured only once", Indicator::ALL[at]));
        let total = index(without).change(&all, &partial).unwrap().total();
        prop_assert!(total.abs() <= 0.0, "{}", total);
    }

    /// Only the shares within an indicator count, and the order of rows does not.
    #[test]
    fn entropy_knows_no_unit_and_no_order(
        rows in prop::collection::vec(prop::array::uniform6(0.1..100.0), 2..8),
        at in 0_usize..6,
        unit in 1e-3..1e3,
    ) {
        let own = IndicatorWeights::by_entropy(&rows).unwrap().get();
        let reversed: Vec<_> = rows.iter().rev().copied().collect();
        prop_assert_eq!(IndicatorWeights::by_entropy(&reversed).unwrap(), IndicatorWeights::by_entropy(&rows).unwrap());
        let mut scaled = rows.clone();
        for row in &mut scaled {
            row[at] *= unit;
        }
        let scaled = IndicatorWeights::by_entropy(&scaled).unwrap().get();
        let n = rows.len() as f64;
        let divergence: Vec<f64> = (0..6).map(|i| {
            let total: f64 = rows.iter().map(|row| row[i]).sum();
            1.0 + rows.iter().map(|row| row[i] / total).map(|p| p * p.ln()).sum::<f64>() / n.ln()
        }).collect();
        for i in 0..6 {
            prop_assert!((own[i] - scaled[i]).abs() < 1e-9);
            prop_assert!((own[i] - divergence[i] / divergence.iter().sum::<f64>()).abs() < 1e-9);
        }
    }

    /// The levers' leads are the difference of what is delivered, exactly, and the plan closes the gap, exactly.
    #[test]
    fn gaps_add_up_and_close(own in offers(), rivals in prop::collection::vec(offers(), 1..4), efforts in prop::array::uniform8(0_i64..9)) {
        let got = DeliveredValue::of(&own, &rivals).unwrap();
        let mut worst = Decimal::ZERO;
        for (gap, rival) in got.rivals().iter().zip(&rivals) {
            let lead = goodwill::money::difference(got.delivered(), rival.delivered().unwrap()).unwrap();
            prop_assert_eq!(gap.lead(), lead);
            let parts = Lever::ALL.map(|lever| gap.by_lever(lever));
            prop_assert_eq!(goodwill::money::sum(parts).unwrap(), lead);
            worst = worst.min(lead);
        }
        prop_assert_eq!(goodwill::money::sum([got.shortfall(), worst]).unwrap(), Decimal::ZERO);
        let mut moves = Vec::new();
        for (lever, effort) in Lever::ALL.into_iter().zip(efforts) {
            moves.push(LeverMove::new(lever, effort.into(), None).unwrap());
        }
        let plan = got.smallest_change(&moves).unwrap();
        let closed = goodwill::money::sum(plan.changes().iter().map(|one| one.1)).unwrap();
        prop_assert_eq!(closed, got.shortfall());
        for &(lever, change) in plan.changes() {
            prop_assert!(change > Decimal::ZERO);
            prop_assert!(!lever.is_cost() || change <= own.amount(lever));
        }
        // No single value is cheaper to raise by the whole gap.
        for effort in &efforts[..4] {
            let alone = goodwill::money::product(got.shortfall(), (*effort).into()).unwrap();
            prop_assert!(plan.effort() <= alone);
        }
    }

    #[test]
    fn visits_merge_and_keep_no_order(
        visits in prop::collection::vec((0_u8..4, 0_u32..4, 0.0..=100.0), 1..30),
        at in any::<prop::sample::Index>(),
    ) {
        let record = |rows: &[(u8, u32, f64)]| {
            let mut all = MysteryVisits::new();
            for (outlet, wave, score) in rows { all.record(&outlet.to_string(), *wave, *score).unwrap(); }
            all
        };
        let all = record(&visits);
        let (a, b) = visits.split_at(at.index(visits.len()));
        prop_assert_eq!(&record(a).merge(&record(b)), &all);
        prop_assert_eq!(&record(b).merge(&record(a)), &all);
        let ranking = all.ranking(visits[0].1).unwrap();
        for one in &ranking {
            let better = ranking.iter().filter(|other| other.score > one.score).count() as u64;
            prop_assert_eq!(one.rank, better + 1);
        }
        let here = visits.iter().filter(|visit| visit.1 == visits[0].1).count() as u64;
        prop_assert_eq!(ranking.iter().map(|one| one.visits).sum::<u64>(), here);
    }

    #[test]
    fn a_visit_scores_between_its_marks(marks in prop::collection::vec(0.0..=1.0, 1..9), scale in 1e-3..1e3) {
        let list = |by: f64| {
            let items = (1..=marks.len()).map(|i| CheckItem::new(by * i as f64)).collect();
            CheckList::new(items, CriticalRule::Zero).unwrap()
        };
        let given: Vec<_> = marks.iter().copied().map(Some).collect();
        let (got, scaled) = (list(1.0).score(&given).unwrap(), list(scale).score(&given).unwrap());
        let (least, most) = marks.iter().fold((1.0_f64, 0.0_f64), |(a, b), &x| (a.min(x), b.max(x)));
        prop_assert!(100.0 * least - 1e-12 <= got.score && got.score <= 100.0 * most + 1e-12);
        prop_assert!((got.score - scaled.score).abs() < 1e-12);
    }

    /// Neither who is called first nor how a category is named matters; full agreement is 1.
    #[test]
    fn kappa_knows_no_order_and_no_names(pairs in judgements()) {
        let (a, b): (Vec<u8>, Vec<u8>) = pairs.iter().copied().unzip();
        let got = cohen_kappa(&a, &b).unwrap();
        prop_assert_eq!(cohen_kappa(&b, &a).unwrap(), got);
        let renamed = |all: &[u8]| all.iter().map(|x| (x + 1) % 3).collect::<Vec<_>>();
        prop_assert_eq!(cohen_kappa(&renamed(&a), &renamed(&b)).unwrap(), got);
        prop_assert!((-1.0..=1.0).contains(&got.kappa));
        let naive = (got.observed - got.expected) / (1.0 - got.expected);
        prop_assert!((got.kappa - naive).abs() < 1e-12);
        let rows: Vec<[u64; 3]> = pairs.iter().map(|&(a, b)| {
            let mut row = [0; 3];
            row[usize::from(a)] += 1;
            row[usize::from(b)] += 1;
            row
        }).collect();
        let fleiss = fleiss_kappa(&rows).unwrap();
        // Two auditors who are not told apart: Scott's pi, never above Cohen's kappa.
        prop_assert!((fleiss.observed - got.observed).abs() < 1e-15);
        prop_assert!(fleiss.kappa <= got.kappa + 1e-12);
        let turned: Vec<_> = rows.iter().rev().map(|row| [row[2], row[0], row[1]]).collect();
        prop_assert_eq!(fleiss_kappa(&turned).unwrap(), fleiss);
    }

    /// The zero and the unit of the scores, and the order of subjects and auditors, change nothing.
    #[test]
    fn intraclass_correlation_knows_no_unit(rows in audits(), shift in -100.0..100.0, unit in 0.1..10.0) {
        let got = intraclass_correlation(&rows).unwrap();
        prop_assert!(got <= 1.0);
        let moved: Vec<_> = rows.iter().map(|row| row.map(|x| unit * x + shift)).collect();
        prop_assert!((intraclass_correlation(&moved).unwrap() - got).abs() < 1e-9);
        let turned: Vec<_> = rows.iter().rev().map(|row| [row[2], row[0], row[1]]).collect();
        prop_assert!((intraclass_correlation(&turned).unwrap() - got).abs() < 1e-12);
        let agreed: Vec<_> = rows.iter().map(|row| [row[0]; 3]).collect();
        prop_assert!((intraclass_correlation(&agreed).unwrap() - 1.0).abs() < 1e-9);
    }

    /// Demand of one elasticity is found again, whatever the rises.
    #[test]
    fn a_constant_elasticity_is_found(
        elasticity in -5.0..0.0, rises in prop::collection::vec((1_i64..10_000, 1_i64..10_000, 1.0..1e6), 2..9),
    ) {
        let rises: Vec<_> = rises.iter().map(|&(before, more, quantity)| {
            let ratio: f64 = (before + more) as f64 / before as f64;
            let after = quantity * ratio.powf(elasticity);
            PriceRise::new((before.into(), (before + more).into()), (quantity, after)).unwrap()
        }).collect();
        let got = price_elasticity(&rises, goodwill::Probability::constant(0.9)).unwrap();
        prop_assert!((got.value() - elasticity).abs() < 1e-9);
        prop_assert!(got.lower() <= got.value() && got.value() <= got.upper());
    }
}
