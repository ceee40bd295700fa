//! Programmes with hostile thresholds, options and histories.

use goodwill::tiering::{Demotion, Level, Programme, Review, ValueHistory};
use rust_decimal::Decimal;

use crate::table::{COUNTS, FLOATS, decimals};
use crate::{assert_kind, assert_message, kind};

#[test]
fn levels() {
    for entry in FLOATS {
        for stay in FLOATS {
            match Level::new("level", entry, stay, Decimal::ONE) {
                Ok(level) => {
                    assert!(stay <= entry && entry.is_finite() && stay.is_finite());
                    assert_eq!((level.name(), level.service_cost()), ("level", Decimal::ONE));
                }
                Err(error) => {
                    assert!(["OutOfDomain", "Inconsistent"].contains(&kind(&error)), "{error}");
                }
            }
        }
    }
    assert_message(
        Level::new("gold", 1.0, 2.0, Decimal::ONE),
        "to stay must not ask more than to enter: 2.0 and 1.0",
    );
    assert_message(
        Level::<f64>::base("base", Decimal::NEGATIVE_ONE),
        "service cost must lie in [0, ∞), but is -1",
    );
    let level = |entry| Level::new("level", entry, 0.0, Decimal::ONE).unwrap();
    let base = || Level::base("base", Decimal::ONE).unwrap();
    let none: [Level<f64>; 0] = [];
    assert_message(Programme::new(none), "programme must not be empty");
    assert_message(
        Programme::new([level(1.0)]),
        "the last level, and no other, must be the base (row 0)",
    );
    assert_kind(Programme::new([base(), base()]), "Inconsistent");
    assert_message(
        Programme::new([level(1.0), level(1.0), base()]),
        "a lower level must ask less to enter, and no more to stay (row 1)",
    );
    assert_eq!(Programme::new([base()]).unwrap().levels().len(), 1);
}

#[test]
fn replays() {
    assert_message(ValueHistory::new(0, vec![Some(1.0)]), "history must not be empty");
    assert_kind(ValueHistory::<f64>::new(1, vec![]), "Empty");
    assert_message(
        ValueHistory::new(2, vec![Some(1.0); 3]),
        "3 values are not a whole number of 2 periods",
    );
    assert_message(
        ValueHistory::new(2, vec![None, Some(f64::NAN)]),
        "value must lie in (-∞, ∞), but is NaN (row 1)",
    );
    let levels = || {
        let level = |name, entry, stay| Level::new(name, entry, stay, Decimal::ONE).unwrap();
        let base = Level::base("base", Decimal::ZERO).unwrap();
        [level("top", f64::MAX, 0.0), level("mid", 1.0, f64::MIN), base]
    };
    let values: Vec<Option<f64>> =
        FLOATS.iter().map(|&value| value.is_finite().then_some(value)).collect();
    let history = ValueHistory::new(values.len() / 2, values.clone()).unwrap();
    assert_eq!(history.customers(), 2);
    for count in COUNTS {
        for review in [Review::EveryPeriod, Review::Anniversary(count)] {
            for demotion in [Demotion::AsEarned, Demotion::OneStep] {
                let programme = Programme::new(levels()).unwrap().minimum_stay(count);
                let programme = programme.grace(count).review(review).demotion(demotion);
                let replay = programme.replay(&history).unwrap();
                let members: u64 = replay.uses().iter().map(|own| own.member_periods).sum();
                assert_eq!(members as usize, values.iter().flatten().count());
                assert!(replay.flaps() <= replay.promotions() + replay.demotions());
                assert!(replay.flap_rate().is_some_and(|rate| (0.0..=1.0).contains(&rate)));
                assert!(replay.cost() >= Decimal::ZERO);
                assert_eq!(replay.level_of(usize::MAX, usize::MAX), None);
                assert_eq!(replay.level_of(0, values.len() / 2), None);
                let standing = programme.step(None, -5.0).unwrap();
                assert_eq!((standing.level, standing.periods), (2, 1));
            }
        }
    }
    let programme = Programme::new(levels()).unwrap();
    assert_kind(programme.step(None, f64::NAN), "OutOfDomain");
    let low = programme.step(None, -5.0).unwrap();
    let alone = Programme::new([Level::base("base", Decimal::MAX).unwrap()]).unwrap();
    assert_message(alone.step(Some(low), 1.0), "level must lie in [0, levels), but is 2");
    let once = ValueHistory::new(1, vec![Some(1.0)]).unwrap();
    assert_eq!(alone.replay(&once).unwrap().flap_rate(), None);
    let twice = ValueHistory::new(2, vec![Some(1.0); 2]).unwrap();
    assert_kind(alone.replay(&twice), "Overflow");
    for entry in decimals() {
        let level = Level::new("level", entry, entry, Decimal::ONE).unwrap();
        let programme =
            Programme::new([level, Level::base("base", Decimal::ZERO).unwrap()]).unwrap();
        for value in decimals() {
            assert_eq!(programme.step(None, value).unwrap().level, usize::from(value < entry));
        }
    }
}
