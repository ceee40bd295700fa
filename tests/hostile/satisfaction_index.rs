//! Indicators, delivered value and mystery shoppers from hostile numbers.

use goodwill::Probability;
use goodwill::satisfaction::*;
use rust_decimal::Decimal;

use crate::table::{FLOATS, decimals};
use crate::{assert_finite, assert_kind, assert_message, kind};

const RANGES: [(f64, f64); 6] = [(0.0, 1.0); 6];

#[test]
fn indicators() {
    assert_eq!(Indicator::ComplaintRate.direction(), Direction::LowerIsBetter);
    let even = IndicatorWeights::new([f64::MAX; 6]).unwrap();
    assert!((even.get()[5] - 1.0 / 6.0).abs() < 1e-16);
    let unit = IndicatorRanges::new(RANGES).unwrap();
    let refuse = IndicatorIndex::new(unit, even, MissingIndicator::Refuse);
    let spread = IndicatorIndex::new(unit, even, MissingIndicator::Spread);
    let none = Indicators::new();
    assert_message(
        refuse.score(&none),
        "the satisfaction index is undefined: Reputation was not measured",
    );
    assert_message(
        spread.score(&none),
        "the satisfaction index is undefined: nothing that weighs was measured",
    );
    let one = none.with(Indicator::ReturnRate, 1.0).unwrap();
    let other = none.with(Indicator::Reputation, 1.0).unwrap();
    assert_message(spread.change(&one, &other), "Reputation was measured only once");
    let bad = none.with(Indicator::PriceSensitivity, 1.5).unwrap();
    assert_message(spread.score(&bad), "reading must lie in its range, but is 1.5 (row 5)");
    for value in FLOATS {
        if let Ok(read) = none.with(Indicator::ComplaintRate, value) {
            assert_eq!(read.reading(Indicator::ComplaintRate), Some(value));
            assert_eq!(unit.points(&read).is_ok(), (0.0..=1.0).contains(&value));
            if let Ok(got) = spread.score(&read) {
                assert!((0.0..=100.0).contains(&got.index()), "{value}");
                assert_eq!(got.points(Indicator::Reputation), None);
                assert!(got.part(Indicator::ComplaintRate) >= got.index());
                let change = spread.change(&read, &read).unwrap();
                assert!(change.total().abs() <= 0.0);
                assert!(change.contribution(Indicator::ComplaintRate).abs() <= 0.0);
            }
        }
        let mut weights = [0.0; 6];
        weights[2] = value;
        assert_eq!(IndicatorWeights::new(weights).is_ok(), value > 0.0 && value.is_finite());
        let mut ranges = RANGES;
        ranges[3].0 = value;
        assert_eq!(IndicatorRanges::new(ranges).is_ok(), (-1e100..1.0).contains(&value));
        let rows = [[value; 6], [1.0, 2.0, 3.0, 0.5, f64::MIN_POSITIVE, 1e100]];
        match IndicatorWeights::by_entropy(&rows) {
            Ok(got) => assert!((got.get().iter().sum::<f64>() - 1.0).abs() < 1e-15, "{value}"),
            Err(error) => assert_eq!(kind(&error), "OutOfDomain", "{value}"),
        }
    }
    assert_kind(IndicatorWeights::by_entropy(&[]), "Undefined");
    assert_kind(IndicatorWeights::by_entropy(&[[1.0; 6]]), "Undefined");
    assert_kind(IndicatorWeights::by_entropy(&[[1.0; 6]; 2]), "Undefined");
    assert_kind(IndicatorWeights::by_entropy(&[[0.0; 6]; 2]), "Undefined");
    assert_kind(ComplaintRate::of(0, 0, SilenceRule::SilentEach(0)), "Empty");
    assert_message(
        ComplaintRate::of(10, 199, SilenceRule::FIVE_PERCENT_COMPLAIN),
        "200 discontent are more than 199 customers",
    );
    let all = ComplaintRate::of(u64::MAX, u64::MAX, SilenceRule::SilentEach(0)).unwrap();
    assert!(all.all >= 1.0 && all.hidden <= 0.0);
}

#[test]
fn price_rises() {
    let level = Probability::constant(0.95);
    let one = PriceRise::new((1.into(), 2.into()), (1e-100, 1e100)).unwrap();
    assert_message(
        price_elasticity(&[one], level),
        "the price elasticity is undefined: an interval needs two price rises, not 1",
    );
    assert_kind(price_elasticity(&[one; 2], Probability::ONE), "OutOfDomain");
    assert_message(
        PriceRise::new((2.into(), 2.into()), (1.0, 1.0)),
        "the price did not rise: 2 to 2",
    );
    for before in decimals() {
        for after in decimals() {
            match PriceRise::new((before, after), (1.0, 0.5)) {
                Ok(rise) => {
                    let got = price_elasticity(&[rise, one], level).map(|got| got.lower());
                    assert_finite(got, &[], || format!("{before} to {after}"));
                    assert!(before < after);
                }
                Err(error) => assert!(["OutOfDomain", "Inconsistent"].contains(&kind(&error))),
            }
        }
    }
    for value in FLOATS {
        let got = PriceRise::new((1.into(), 2.into()), (value, 1.0));
        assert_eq!(got.is_ok(), (1e-100..=1e100).contains(&value), "{value}");
    }
}

#[test]
fn delivered_value() {
    let points = |name, amount| Offer::new(name, OfferUnit::Points, [amount; 4], [Decimal::ONE; 4]);
    let one = points("one", Decimal::ONE).unwrap();
    assert_eq!((one.name(), one.unit()), ("one", OfferUnit::Points));
    for amount in decimals() {
        let Ok(offer) = points("far", amount) else {
            assert!(amount < Decimal::ZERO);
            assert_kind(LeverMove::new(Lever::TimeCost, amount, None), "OutOfDomain");
            assert_kind(LeverMove::new(Lever::TimeCost, Decimal::ONE, Some(amount)), "OutOfDomain");
            continue;
        };
        assert_eq!(offer.amount(Lever::ImageValue), amount);
        assert_eq!(offer.total_cost(), Ok(4.into()));
        assert_eq!(offer.total_value().is_ok(), offer.delivered().is_ok());
        let Ok(got) = DeliveredValue::of(&one, &[offer]) else { continue };
        assert_eq!((got.delivered(), got.rivals()[0].name()), (Decimal::ZERO, "far"));
        assert!(got.shortfall() >= got.rivals()[0].by_lever(Lever::MoneyCost));
        assert!(got.rivals()[0].lead().abs() >= got.shortfall());
        let free = LeverMove::new(Lever::ImageValue, Decimal::ZERO, None).unwrap();
        let plan = got.smallest_change(&[free]).unwrap();
        assert_eq!(
            (plan.effort(), plan.changes().is_empty()),
            (Decimal::ZERO, amount <= Decimal::ONE)
        );
    }
    assert_kind(DeliveredValue::of(&one, &[]), "Empty");
    let money = Offer::new("", OfferUnit::Money, [Decimal::ONE; 4], [Decimal::ZERO; 4]).unwrap();
    assert_message(
        DeliveredValue::of(&one, &[one.clone(), money]),
        "money and points cannot be compared (row 1)",
    );
    let best = DeliveredValue::of(&one, &[points("best", 3.into()).unwrap()]).unwrap();
    assert!(Lever::TimeCost.is_cost() && !Lever::ImageValue.is_cost());
    let time = LeverMove::new(Lever::TimeCost, Decimal::ONE, None).unwrap();
    assert_message(
        best.smallest_change(&[time]),
        "the change that closes the gap is undefined: the moves leave a gap of 7",
    );
    assert_message(best.smallest_change(&[time, time]), "a lever is given twice (row 1)");
}

#[test]
fn mystery_shoppers() {
    let rule = CriticalRule::Zero;
    assert_kind(CheckList::new(Vec::new(), rule), "Empty");
    let mut visits = MysteryVisits::new();
    assert_message(visits.trend("a"), "visits of the outlet must not be empty");
    assert_message(visits.ranking(0), "visits of the wave must not be empty");
    for value in FLOATS {
        let items = vec![CheckItem::critical(value), CheckItem::new(1.0)];
        let list = CheckList::new(items, rule);
        assert_eq!(list.is_ok(), (1e-100..=1e100).contains(&value), "{value}");
        if let Ok(list) = list {
            let best = list.score(&[Some(1.0), Some(1.0)]).unwrap();
            assert!((0.0..=100.0).contains(&best.score) && best.score >= 99.999, "{value}");
            assert_message(
                list.score(&[None, None]),
                "the score of a visit is undefined: no item applied",
            );
            assert_kind(list.score(&[None]), "LengthMismatch");
        }
        let good = CheckList::new(vec![CheckItem::new(1.0)], rule).unwrap();
        assert_eq!(good.score(&[Some(value)]).is_ok(), (0.0..=1.0).contains(&value));
        let most = CheckList::new(vec![CheckItem::new(1.0)], CriticalRule::AtMost(value));
        assert_eq!(most.is_ok(), (0.0..=100.0).contains(&value));
        assert_eq!(visits.record("a", u32::MAX, value).is_ok(), (0.0..=100.0).contains(&value));
    }
    assert_kind(visits.trend("a"), "Undefined");
    visits.record("a", 0, 100.0).unwrap();
    let twice = visits.merge(&visits);
    assert_eq!(twice.ranking(0).unwrap()[0].visits, 2);
    assert!(twice.trend("a").unwrap().slope < 0.0);
}

#[test]
fn agreement() {
    assert_kind(cohen_kappa::<u8>(&[], &[]), "Empty");
    assert_kind(cohen_kappa(&[1], &[]), "LengthMismatch");
    assert_message(
        cohen_kappa(&[1, 1], &[1, 1]),
        "kappa is undefined: all judgements are of one category",
    );
    assert!(cohen_kappa(&[1, 2], &[2, 1]).unwrap().kappa <= -1.0);
    assert_kind(fleiss_kappa::<[u64; 2]>(&[]), "Empty");
    assert_kind(fleiss_kappa(&[[1, 0]]), "OutOfDomain");
    assert_kind(fleiss_kappa(&[[2, 0], [2, 0]]), "Undefined");
    assert_message(
        fleiss_kappa(&[vec![1, 1], vec![2]]),
        "each row needs the categories and the auditors of the first (row 1)",
    );
    assert_kind(fleiss_kappa(&[[u64::MAX; 2], [u64::MAX; 2]]), "Overflow");
    let large = fleiss_kappa(&[[1_u64 << 60, 0], [0, 1 << 60]]).unwrap();
    assert!((large.kappa - 1.0).abs() < 1e-15);
    assert_kind(intraclass_correlation::<[f64; 2]>(&[]), "Empty");
    assert_kind(intraclass_correlation(&[[1.0, 2.0]]), "Undefined");
    assert_kind(intraclass_correlation(&[[0.1; 3]; 3]), "Undefined");
    assert_kind(intraclass_correlation(&[vec![1.0, 2.0], vec![1.0]]), "Inconsistent");
    for value in FLOATS {
        let got = intraclass_correlation(&[[value, 1.0], [2.0, value], [-value, 3.0]]);
        assert_finite(got, &["OutOfDomain", "Undefined"], || format!("{value}"));
    }
}
