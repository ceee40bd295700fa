//! Indicators, delivered value and mystery shoppers: worked numbers of the requirements, published tables, and
//! `satisfaction/indicators.json`.

use goodwill::Probability;
use goodwill::satisfaction::*;
use rust_decimal::Decimal;

use crate::support::{assert_close, json, number};

#[track_caller]
fn assert_printed(got: f64, printed: f64, decimals: i32) {
    assert!((got - printed).abs() <= 0.5 * 10_f64.powi(-decimals), "{got} is printed {printed}");
}

/// Cohen (1960), the table of 200 judgements: 0.492.
#[test]
fn cohen_1960() {
    let table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]];
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for (row, counts) in table.iter().enumerate() {
        for (column, &count) in counts.iter().enumerate() {
            a.extend(vec![row; count]);
            b.extend(vec![column; count]);
        }
    }
    let got = cohen_kappa(&a, &b).unwrap();
    assert_printed(got.kappa, 0.492, 3);
    assert_close(
        got.kappa,
        number(&json("satisfaction/indicators.json")["cohen 1960"]),
        1e-15,
        "κ",
    );
    assert_close(got.observed, 0.7, 1e-15, "observed");
    assert_close(got.expected, 0.41, 1e-15, "expected");
}

/// Fleiss (1971), table 1: thirty patients, six psychiatrists, five diagnoses; 0.556, 0.220 and 0.430.
#[test]
fn fleiss_1971() {
    #[rustfmt::skip]
    let rows: [[u64; 5]; 30] = [
        [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0],
        [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0],
        [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1], [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0],
        [0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0],
        [1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
    ];
    let got = fleiss_kappa(&rows).unwrap();
    assert_printed(got.kappa, 0.430, 3);
    assert_printed(got.observed, 0.556, 3);
    assert_printed(got.expected, 0.220, 3);
    let exact = number(&json("satisfaction/indicators.json")["fleiss 1971"]);
    assert_close(got.kappa, exact, 1e-15, "κ");
}

/// Shrout and Fleiss (1979), tables 2 and 4: six targets, four judges; ICC(2,1) = .29.
#[test]
fn shrout_fleiss_1979() {
    let rows = [
        [9.0, 2.0, 5.0, 8.0],
        [6.0, 1.0, 3.0, 2.0],
        [8.0, 4.0, 6.0, 8.0],
        [7.0, 1.0, 2.0, 6.0],
        [10.0, 5.0, 6.0, 9.0],
        [6.0, 2.0, 4.0, 7.0],
    ];
    let got = intraclass_correlation(&rows).unwrap();
    assert_printed(got, 0.29, 2);
    let exact = number(&json("satisfaction/indicators.json")["shrout fleiss 1979"]);
    assert_close(got, exact, 1e-14, "ICC(2,1)");
}

/// Four aircraft by six attributes, after Hwang and Yoon (1981), section 3.2. What is asserted is the script's: the weights
/// of the exact entropies. Those that the text is quoted with could not be checked against it; they are the quotients of
/// 1 − entropy in four decimals, 0.0054, 0.0171, 0.0011, 0.0069, 0.0297 and 0.0230, which leaves two decimals of a weight.
#[test]
fn hwang_yoon_1981() {
    let weights = IndicatorWeights::by_entropy(&[
        [2.0, 1_500.0, 20_000.0, 5.5, 5.0, 9.0],
        [2.5, 2_700.0, 18_000.0, 6.5, 3.0, 5.0],
        [1.8, 2_000.0, 21_000.0, 4.5, 7.0, 7.0],
        [2.2, 1_800.0, 20_000.0, 5.0, 5.0, 5.0],
    ])
    .unwrap();
    let exact = &json("satisfaction/indicators.json")["hwang yoon 1981"];
    let rounded = [0.0054, 0.0171, 0.0011, 0.0069, 0.0297, 0.0230].map(|rest| rest / 0.0832);
    for (i, got) in weights.get().into_iter().enumerate() {
        assert_close(got, number(&exact[i]), 1e-13, "weight");
        assert_printed(got, rounded[i], 2);
    }
}

/// A reading that weighs nothing may be missing even where the rule refuses.
#[test]
fn what_weighs_nothing_may_be_missing() {
    let ranges = IndicatorRanges::new([(0.0, 1.0); 6]).unwrap();
    let weights = IndicatorWeights::new([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]).unwrap();
    let index = IndicatorIndex::new(ranges, weights, MissingIndicator::Refuse);
    let reputation = Indicators::new().with(Indicator::Reputation, 0.25).unwrap();
    assert_close(index.score(&reputation).unwrap().index(), 25.0, 0.0, "index");
}

#[test]
fn elasticity_by_mpmath() {
    let rise = |p: (i64, i64), q| PriceRise::new((p.0.into(), p.1.into()), q).unwrap();
    let rises = [
        rise((100, 110), (1_000.0, 900.0)),
        rise((110, 120), (900.0, 850.0)),
        rise((50, 60), (400.0, 330.0)),
    ];
    let got = price_elasticity(&rises, Probability::constant(0.95)).unwrap();
    let exact = &json("satisfaction/indicators.json")["elasticity"];
    assert_close(got.value(), number(&exact[0]), 1e-14, "ε");
    assert_close(got.lower(), number(&exact[1]), 1e-12, "lower");
    assert_close(got.upper(), number(&exact[2]), 1e-12, "upper");
}

/// R6: 5 % of the dissatisfied complain; 10 voiced complaints stand for 200, of whom 190 are silent.
#[test]
fn ten_voiced_complaints() {
    let rate = ComplaintRate::of(10, 200, SilenceRule::FIVE_PERCENT_COMPLAIN).unwrap();
    assert_close(rate.all, 1.0, 0.0, "all");
    assert_close(rate.hidden, 0.95, 1e-15, "hidden");
    assert_close(rate.voiced, 0.05, 1e-15, "voiced");
}

/// R9: 83, 85 and 88 have the mean 85.33 and gain 5.
#[test]
fn three_waves_of_a_mystery_shopper() {
    let mut visits = MysteryVisits::new();
    for (wave, score) in [(1, 83.0), (2, 85.0), (3, 88.0)] {
        visits.record("A", wave, score).unwrap();
        visits.record("B", wave, 85.0).unwrap();
        visits.record("C", wave, 85.0).unwrap();
    }
    let trend = visits.trend("A").unwrap();
    assert_printed(trend.mean, 85.33, 2);
    assert_close(trend.gain, 5.0, 0.0, "gain");
    assert_close(trend.slope, 2.5, 1e-15, "slope");
    assert_eq!(trend.waves, 3);
    // Each wave counts the same, however many visits it had: 70, 90 and 90, 80 on average.
    visits.record("D", 1, 70.0).unwrap();
    (0..2).for_each(|_| visits.record("D", 5, 90.0).unwrap());
    let trend = visits.trend("D").unwrap();
    assert_eq!(
        [trend.mean, trend.gain, trend.slope].map(f64::to_bits),
        [80.0, 20.0, 5.0].map(f64::to_bits)
    );
    let ranks = |wave| {
        let ranking = visits.ranking(wave).unwrap();
        ranking.into_iter().map(|one| (one.outlet, one.rank)).collect::<Vec<_>>()
    };
    let name = |outlet: &str, rank| (outlet.to_owned(), rank);
    assert_eq!(ranks(1), [name("B", 1), name("C", 1), name("A", 3), name("D", 4)]);
    assert_eq!(ranks(2), [name("A", 1), name("B", 1), name("C", 1)]);
    assert_eq!(ranks(3), [name("A", 1), name("B", 2), name("C", 2)]);
}

/// A critical item by each rule: 3 of 4 points met, the missing one critical.
#[test]
fn critical_items() {
    let items = vec![CheckItem::new(3.0), CheckItem::critical(1.0)];
    for (rule, score) in [
        (CriticalRule::Zero, 0.0),
        (CriticalRule::AtMost(60.0), 60.0),
        (CriticalRule::AtMost(90.0), 75.0),
        (CriticalRule::Report, 75.0),
    ] {
        let list = CheckList::new(items.clone(), rule).unwrap();
        let visit = list.score(&[Some(1.0), Some(0.0)]).unwrap();
        assert_eq!((visit.score.to_bits(), &visit.failed[..]), (f64::to_bits(score), &[1][..]));
        assert_close(visit.unruled, 75.0, 0.0, "before the rule");
        let good = list.score(&[Some(0.5), Some(1.0)]).unwrap();
        assert_close(good.score, 62.5, 0.0, "no critical item failed");
        assert!(good.failed.is_empty());
        // Half met is not met in full.
        assert_eq!(list.score(&[Some(1.0), Some(0.5)]).unwrap().failed, [1]);
        assert_close(list.score(&[Some(0.5), None]).unwrap().score, 50.0, 0.0, "not applicable");
    }
}

/// R7 by hand, in money with cents.
#[test]
fn delivered_value_by_hand() {
    let cents = |amounts: [i64; 4]| amounts.map(|amount| Decimal::new(amount, 2));
    let offer = |name, values, costs| {
        Offer::new(name, OfferUnit::Money, cents(values), cents(costs)).unwrap()
    };
    let own = offer("own", [10_010, 2_000, 500, 300], [7_000, 250, 100, 60]);
    let near = offer("near", [10_000, 1_900, 600, 300], [6_800, 300, 100, 50]);
    let far = offer("far", [9_000, 1_000, 500, 300], [7_000, 400, 300, 60]);
    let got = DeliveredValue::of(&own, &[near, far]).unwrap();
    assert_eq!(got.delivered(), Decimal::new(5_400, 2));
    let leads = got.rivals().iter().map(|gap| (gap.name(), gap.lead())).collect::<Vec<_>>();
    assert_eq!(leads, [("near", Decimal::new(-150, 2)), ("far", Decimal::new(2_360, 2))]);
    assert_eq!(got.rivals()[0].by_lever(Lever::MoneyCost), Decimal::new(-200, 2));
    assert_eq!(got.rivals()[0].by_lever(Lever::TimeCost), Decimal::new(50, 2));
    assert_eq!(got.shortfall(), Decimal::new(150, 2));
    // The least effort first; no more time can be saved than it costs, and no more effort than 0.60.
    let lever = |lever, effort: i64| LeverMove::new(lever, effort.into(), None).unwrap();
    let moves =
        [lever(Lever::MoneyCost, 4), lever(Lever::PsychicCost, 1), lever(Lever::ImageValue, 2)];
    let plan = got.smallest_change(&moves).unwrap();
    let want =
        [(Lever::PsychicCost, Decimal::new(60, 2)), (Lever::ImageValue, Decimal::new(90, 2))];
    assert_eq!((plan.changes(), plan.effort()), (&want[..], Decimal::new(240, 2)));
    // The image cannot be bettered by more than 0.50; the price falls by the rest.
    let image = LeverMove::new(Lever::ImageValue, 2.into(), Some(Decimal::new(50, 2))).unwrap();
    let plan = got.smallest_change(&[moves[0], moves[1], image]).unwrap();
    let moved: Vec<Decimal> = plan.changes().iter().map(|change| change.1).collect();
    assert_eq!(moved, [60, 50, 40].map(|cents| Decimal::new(cents, 2)));
    assert_eq!(plan.effort(), Decimal::new(320, 2));
}
