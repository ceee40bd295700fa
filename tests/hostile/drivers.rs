//! Importance and the worth of satisfaction from hostile scores, outcomes and money.

use chrono::NaiveDate;
use goodwill::satisfaction::*;
use goodwill::survival::Band;
use goodwill::{DiscountRate, Estimate, Probability, TimeUnit};

use crate::table::FLOATS;
use crate::{assert_finite, assert_kind, assert_message, kind};

const LEVEL: Probability = Probability::constant(0.95);

#[test]
fn importance() {
    let wave = [1.0, 2.0, 3.0, 5.0, 4.0];
    assert_kind(Drivers::of(&[], &wave), "Empty");
    assert_kind(Drivers::of(&[&[]], &wave), "LengthMismatch");
    assert_kind(Drivers::of(&[&[]], &[]), "Undefined");
    assert_message(
        Drivers::of(&[wave.as_slice(); 16], &wave),
        "number of drivers must lie in [1, 15], but is 16",
    );
    assert_message(
        Drivers::of(&[&wave, &wave], &wave),
        "importance is undefined: driver 2 says the same as those before it",
    );
    assert_message(
        Drivers::of(&[&[0.1; 5]], &wave),
        "importance is undefined: driver 1 is the same in all rows",
    );
    assert_kind(Drivers::of(&[&wave], &[2.0; 5]), "Undefined");
    assert_kind(Drivers::of(&[&wave[..2]], &wave[..2]), "Undefined");
    for value in FLOATS {
        for other in FLOATS {
            match Drivers::of(&[&[value, 0.0, other, value, 1.0]], &wave) {
                Ok(found) => {
                    let all = [found.correlations(), found.standardised_coefficients()].concat();
                    assert!(all.iter().chain(found.shares()).all(|number| number.is_finite()));
                    assert!((found.shares()[0] - found.r_squared()).abs() < 1e-12);
                }
                Err(error) => assert!(["OutOfDomain", "Undefined"].contains(&kind(&error))),
            }
            match Attribute::new(value, other) {
                Ok(one) => {
                    assert!(one.gap().is_finite());
                    for cross_hair in [CrossHair::Mean, CrossHair::Median] {
                        let alone = quadrants(&[one], cross_hair, OnLine::Low);
                        assert_eq!(alone.unwrap(), [Quadrant::LowPriority]);
                    }
                }
                got => assert_kind(got, "OutOfDomain"),
            }
            let at = CrossHair::At { importance: value, performance: other };
            let got = quadrants(&[Attribute::new(0.0, 0.0).unwrap()], at, OnLine::High);
            assert_eq!(got.is_ok(), value.abs() <= 1e6 && other.abs() <= 1e6);
        }
    }
    assert_kind(quadrants(&[], CrossHair::Mean, OnLine::High), "Empty");
    let five = Scale::ONE_TO_FIVE;
    let some: [u8; 5] = [1, 3, 5, 3, 1];
    assert_kind(PenaltyReward::fit(&[], five, 1, &wave, LEVEL), "Empty");
    for boxes in [0, 3, usize::MAX] {
        assert_kind(PenaltyReward::fit(&[&some], five, boxes, &wave, LEVEL), "OutOfDomain");
    }
    assert_kind(PenaltyReward::fit(&[&[6; 5]], five, 1, &wave, LEVEL), "OutOfDomain");
    assert_kind(PenaltyReward::fit(&[&some[1..]], five, 1, &wave, LEVEL), "LengthMismatch");
    assert_message(
        PenaltyReward::fit(&[&[1, 3, 3, 4, 1]], five, 1, &wave, LEVEL),
        "penalty and reward is undefined: that attribute 1 is good is the same in all rows",
    );
    for value in FLOATS {
        let overall = [value, 1.0, 2.0, 3.0, -value];
        let got = PenaltyReward::fit(&[&some], five, 1, &overall, LEVEL);
        let upper = got.map(|found| found[0].asymmetry.upper());
        assert_finite(upper, &["OutOfDomain"], || format!("{value}"));
    }
}

#[test]
fn retention() {
    let (scores, stayed) =
        ([1.0, 2.0, 3.0, 4.0, 5.0, 5.0], [false, true, false, true, true, false]);
    assert_kind(RetentionLink::fit(&[], &[]), "Undefined");
    assert_kind(RetentionLink::fit(&scores, &[]), "LengthMismatch");
    assert_kind(RetentionLink::fit(&scores, &[true; 6]), "Undefined");
    assert_kind(RetentionLink::fit(&[3.0; 6], &stayed), "Undefined");
    assert_message(
        RetentionLink::fit(&scores[..5], &[false, false, true, true, true]),
        "satisfaction to retention is undefined: satisfaction tells those who stay and who leave apart completely",
    );
    for reference in [1.0, 5.0, 9.0] {
        assert_kind(RetentionLink::fit_asymmetric(&scores, &stayed, reference), "Undefined");
    }
    for value in FLOATS {
        for other in FLOATS {
            let got = RetentionLink::fit(&[value, other, value, other, 1.0, 2.0], &stayed);
            let Ok(link) = got else {
                assert!(["OutOfDomain", "Undefined"].contains(&kind(&got.unwrap_err())));
                continue;
            };
            assert!(link.log_likelihood() < 0.0 && link.customers() == 6);
            assert!(link.reference().is_finite() && link.covariance().len() == 2);
            assert!(link.coefficients().iter().all(|one| one.is_finite()));
            assert!(link.likelihood_ratio_test().unwrap().p_value.get() <= 1.0);
        }
        let got = RetentionLink::fit_asymmetric(&scores, &stayed, value);
        match got {
            Ok(link) => assert!(link.coefficients().iter().all(|one| one.is_finite())),
            Err(error) => assert!(["OutOfDomain", "Undefined"].contains(&kind(&error))),
        }
    }
    let link = RetentionLink::fit(&scores, &stayed).unwrap();
    assert_kind(link.asymmetry_test(), "Undefined");
    assert_kind(link.slope(Probability::ONE), "OutOfDomain");
    assert_eq!(link.slope_below(LEVEL), link.slope_above(LEVEL));
    let two = RetentionLink::fit_asymmetric(&scores, &stayed, 3.0);
    if let Ok(two) = two {
        assert_kind(two.slope(LEVEL), "Undefined");
    }
    let year = TimeUnit::Year;
    for value in FLOATS {
        let got = link.retention(value, LEVEL).map(|got| got.upper());
        assert_finite(got, &["OutOfDomain"], || format!("{value}"));
        for rate in [0.0, 0.1, -0.5, 1e300] {
            let rate = DiscountRate::annual(rate).unwrap();
            for margin in FLOATS {
                let (before, after) = ([value], [3.0]);
                let got =
                    ValueOfSatisfaction::of(&link, &before, &after, &[margin], rate, year, LEVEL);
                let allowed = ["OutOfDomain", "Undefined"];
                assert_finite(got.map(|got| got.total.upper()), &allowed, || {
                    format!("{value} {margin}")
                });
                let got = ValueOfRetention::of(margin, Probability::ONE, rate, year);
                assert_finite(got.map(|got| got.slope), &allowed, || format!("{margin}"));
                let got = ReturnOnQuality::of(&[margin, value], &[value, 1.0], rate, year);
                assert_finite(got.map(|got| got.ratio()), &allowed, || format!("{value} {margin}"));
            }
        }
    }
    let rate = DiscountRate::NONE;
    assert_kind(ValueOfSatisfaction::of(&link, &[], &[], &[], rate, year, LEVEL), "Empty");
    assert_kind(
        ValueOfSatisfaction::of(&link, &[1.0], &[], &[], rate, year, LEVEL),
        "LengthMismatch",
    );
}

#[test]
fn returns() {
    let rate = DiscountRate::NONE;
    assert_kind(ReturnOnQuality::of(&[1.0], &[], rate, TimeUnit::Year), "Undefined");
    let plain = ReturnOnQuality::of(&[], &[2.0], rate, TimeUnit::Year).unwrap();
    assert!(plain.gain() <= 0.0 && plain.spend() >= 2.0 && plain.net() <= -2.0);
    let rise = Estimate::proportion(1, 3, LEVEL).unwrap();
    for value in FLOATS {
        let [none, all] = [Probability::ZERO, Probability::ONE];
        match Market::new(all, none, all, value, all) {
            Ok(market) => {
                assert!(market.shares(all, 3).unwrap().iter().all(|share| *share <= 1.0));
                assert_kind(market.shares(all, usize::MAX), "OutOfDomain");
            }
            Err(error) => assert!(["OutOfDomain", "Undefined"].contains(&kind(&error))),
        }
        let got = ReturnOnQuality::interval(&rise, value).map(|got| got.upper());
        assert_finite(got, &["OutOfDomain", "Undefined"], || format!("{value}"));
        for other in FLOATS {
            if let Ok(one) = ReturnOnImprovement::new(value, other) {
                assert!(one.break_even_margin().is_finite());
                let got = one.net(value).and_then(|_| one.return_at(value));
                assert_finite(got, &["OutOfDomain"], || format!("{value}"));
            }
            let all = [
                ReturnOnImprovement::rise_needed(value, other),
                ReturnOnImprovement::interval(value, &rise, other).map(|got| got.upper()),
                sales_rise(&[value, 1.0], &[other, 2.0], LEVEL).map(|got| got.upper()),
                revenue_leverage(value, other),
            ];
            for got in all {
                assert_finite(got, &["OutOfDomain", "Undefined"], || format!("{value} {other}"));
            }
        }
    }
    assert_kind(sales_rise(&[], &[], LEVEL), "Undefined");
    assert_kind(sales_rise(&[1.0], &[], LEVEL), "LengthMismatch");
    let none = Resolution::of(&[], NaiveDate::MIN).unwrap();
    assert!(none.life_table().unwrap().is_empty());
    assert_kind(none.curve(Band::LogLog, LEVEL), "Empty");
    let ages = Complaint::new(NaiveDate::MIN, None).unwrap();
    let long = Resolution::of(&[ages], NaiveDate::MAX).unwrap();
    assert!(long.curve(Band::Plain, LEVEL).unwrap().median().value.is_none());
}
