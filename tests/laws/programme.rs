//! What no programme does, whatever its rules.

use goodwill::money;
use goodwill::tiering::{Demotion, Level, Programme, Review, ValueHistory};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

fn level(name: &str, entry: i32, stay: i32, cost: i64) -> Level<f64> {
    Level::new(name, f64::from(entry), f64::from(stay), Decimal::new(cost, 2)).unwrap()
}

fn base() -> Level<f64> {
    Level::base("base", Decimal::new(5, 2)).unwrap()
}

/// One to four levels, with any rules.
fn programmes() -> impl Strategy<Value = Programme<f64>> {
    let steps = vec((1_i32..6, 0_i32..4, 0_i64..900), 0..4);
    let review = prop_oneof![Just(Review::EveryPeriod), (0_u32..5).prop_map(Review::Anniversary)];
    let demotion = select(&[Demotion::AsEarned, Demotion::OneStep][..]);
    (steps, 0_u32..4, 0_u32..3, review, demotion).prop_map(
        |(steps, stay, grace, review, demotion)| {
            let (mut entry, mut lowest) = (0, i32::MIN);
            let mut levels = vec![base()];
            for (up, slack, cost) in steps {
                entry += up;
                lowest = lowest.max(entry - slack);
                levels.push(level("level", entry, lowest, cost));
            }
            levels.reverse();
            let programme = Programme::new(levels).unwrap().minimum_stay(stay).grace(grace);
            programme.review(review).demotion(demotion)
        },
    )
}

fn values() -> impl Strategy<Value = Vec<Option<f64>>> {
    vec(proptest::option::weighted(0.9, (-1_i32..20).prop_map(f64::from)), 1..30)
}

proptest! {
    #![proptest_config(crate::cases(512))]

    /// From wherever a member stands, a value that stays moves him in one direction only, and in the end not at all.
    #[test]
    fn a_constant_value_never_flaps(
        programme in programmes(),
        past in values(),
        value in -1_i32..20,
    ) {
        let mut standing = None;
        for value in past.into_iter().flatten() {
            standing = Some(programme.step(standing, value).unwrap());
        }
        let mut levels = Vec::new();
        for _ in 0..60 {
            let now = programme.step(standing, f64::from(value)).unwrap();
            levels.push(now.level);
            standing = Some(now);
        }
        let is_one_way = levels.windows(2).all(|own| own[0] <= own[1])
            || levels.windows(2).all(|own| own[0] >= own[1]);
        prop_assert!(is_one_way, "{:?}", levels);
        prop_assert!(levels[30..].windows(2).all(|own| own[0] == own[1]), "{:?}", levels);
        let history = ValueHistory::new(30, vec![Some(f64::from(value)); 30]).unwrap();
        let replay = programme.replay(&history).unwrap();
        prop_assert_eq!((replay.promotions(), replay.demotions(), replay.flaps()), (0, 0, 0));
        prop_assert_eq!(replay.flap_rate(), Some(0.0));
    }

    #[test]
    fn a_replay_adds_up(programme in programmes(), first in values(), second in values()) {
        let periods = first.len().min(second.len());
        let both = [&first[..periods], &second[..periods]].concat();
        let replay = |values: &[Option<f64>]| {
            programme.replay(&ValueHistory::new(periods, values.to_vec()).unwrap()).unwrap()
        };
        let (one, other, whole) =
            (replay(&first[..periods]), replay(&second[..periods]), replay(&both));
        prop_assert_eq!(whole.flaps(), one.flaps() + other.flaps());
        prop_assert_eq!(whole.promotions(), one.promotions() + other.promotions());
        prop_assert_eq!(whole.demotions(), one.demotions() + other.demotions());
        prop_assert_eq!(whole.cost(), money::sum([one.cost(), other.cost()]).unwrap());
        let costs = whole.uses().iter().zip(programme.levels()).map(|(own, level)| {
            money::product(own.member_periods.into(), level.service_cost()).unwrap()
        });
        prop_assert_eq!(whole.cost(), money::sum(costs).unwrap());
        let (mut ups, mut downs, mut flaps) = (0, 0, 0);
        for customer in 0..2 {
            let mut last = 0_i64;
            for period in 0..periods {
                let level = whole.level_of(customer, period);
                prop_assert_eq!(level.is_some(), both[customer * periods + period].is_some());
                let before = period.checked_sub(1).and_then(|own| whole.level_of(customer, own));
                let Some((now, before)) = level.zip(before) else {
                    last = 0;
                    continue;
                };
                let step = (before as i64 - now as i64).signum();
                ups += u64::from(step > 0);
                downs += u64::from(step < 0);
                flaps += u64::from(step * last < 0);
                last = if step == 0 { last } else { step };
            }
        }
        prop_assert_eq!((ups, downs, flaps), (whole.promotions(), whole.demotions(), whole.flaps()));
    }

    /// Without any rule a level is what the period earned.
    #[test]
    fn a_programme_without_rules_has_no_memory(values in values()) {
        let levels = [level("high", 9, 9, 1), level("low", 4, 4, 1), base()];
        let programme = Programme::new(levels).unwrap();
        let history = ValueHistory::new(values.len(), values.clone()).unwrap();
        let replay = programme.replay(&history).unwrap();
        for (period, value) in values.iter().enumerate() {
            let want = value.map(|value| usize::from(value < 9.0) + usize::from(value < 4.0));
            prop_assert_eq!(replay.level_of(0, period), want);
        }
    }

    /// Nobody falls more than one level in a period where he falls by steps, nor before his minimum stay.
    #[test]
    fn the_rules_are_kept(values in values(), stay in 0_u32..5, grace in 0_u32..4) {
        let levels = [level("high", 12, 9, 1), level("mid", 8, 6, 1), level("low", 4, 3, 1), base()];
        let programme = Programme::new(levels).unwrap().minimum_stay(stay).grace(grace);
        let programme = programme.demotion(Demotion::OneStep);
        let mut standing = None;
        for value in values.into_iter().flatten() {
            let before: Option<goodwill::tiering::Standing> = standing;
            let now = programme.step(before, value).unwrap();
            if let Some(before) = before.filter(|before| now.level > before.level) {
                prop_assert_eq!(now.level, before.level + 1);
                prop_assert!(before.periods >= stay && before.failures >= grace);
            }
            standing = Some(now);
        }
    }

    /// Between anniversaries nobody falls, whatever he fails; he rises in any period, and each level counts its own.
    #[test]
    fn levels_are_lost_on_anniversaries_only(values in values(), every in 1_u32..5) {
        let levels = [level("high", 12, 9, 1), level("mid", 8, 6, 1), level("low", 4, 3, 1), base()];
        let programme = Programme::new(levels).unwrap().review(Review::Anniversary(every));
        let (entry, stay) = ([12.0, 8.0, 4.0], [9.0, 6.0, 3.0]);
        let best = |value: f64, asks: [f64; 3]| asks.iter().filter(|&&asked| value < asked).count();
        let mut standing = None;
        let (mut level, mut since) = (usize::MAX, 0);
        for value in values.into_iter().flatten() {
            let (earned, kept) = (best(value, entry), best(value, stay));
            let is_due = since > 0 && since % every == 0;
            let next = if earned < level {
                earned
            } else if is_due && kept > level {
                kept
            } else {
                level
            };
            since = if next == level { since + 1 } else { 1 };
            level = next;
            let now = programme.step(standing, value).unwrap();
            prop_assert_eq!((now.level, now.periods), (level, since), "{} after {:?}", value, standing);
            standing = Some(now);
        }
    }

    /// Hysteresis: a member keeps his level from the threshold to stay on, itself included; a newcomer needs the one to
    /// enter, itself included.
    #[test]
    fn staying_asks_less_than_entering(entry in 1_i32..20, slack in 0_i32..5, value in -5_i32..25) {
        let stay = entry - slack;
        let programme = Programme::new(vec![level("gold", entry, stay, 0), base()]).unwrap();
        let member = programme.step(None, f64::from(entry)).unwrap();
        prop_assert_eq!(member.level, 0);
        let gold = |standing| programme.step(standing, f64::from(value)).unwrap().level == 0;
        prop_assert_eq!(gold(Some(member)), value >= stay);
        prop_assert_eq!(gold(None), value >= entry);
        let outside = programme.step(Some(member), f64::from(stay - 1)).unwrap();
        prop_assert_eq!(gold(Some(outside)), value >= entry);
    }
}

/// Gold is reviewed when it has been held for two periods, four and six: in the third, the fifth and the seventh. Failures
/// between are forgiven, that in the seventh is not.
#[test]
fn a_review_is_due_on_each_anniversary() {
    let levels = |review: Review, values: &[f64]| -> Vec<Option<usize>> {
        let programme = Programme::new([level("gold", 10, 8, 0), base()]).unwrap().review(review);
        let history = values.iter().copied().map(Some).collect();
        let replay = programme.replay(&ValueHistory::new(values.len(), history).unwrap()).unwrap();
        (0..values.len()).map(|period| replay.level_of(0, period)).collect()
    };
    let spells = [10.0, 1.0, 9.0, 1.0, 9.0, 1.0, 1.0, 1.0];
    let want = [0, 0, 0, 0, 0, 0, 1, 1].map(Some);
    assert_eq!(levels(Review::Anniversary(2), &spells), want);
    let want = [0, 1, 1, 1, 1, 1, 1, 1].map(Some);
    assert_eq!(levels(Review::Anniversary(1), &spells), want);
    assert_eq!(levels(Review::EveryPeriod, &spells), want);
    assert_eq!(levels(Review::Anniversary(7), &spells), [0, 0, 0, 0, 0, 0, 0, 1].map(Some));
}
