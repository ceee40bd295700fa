//! Growth at the ends of its numbers.

use goodwill::growth::*;
use goodwill::{DiscountRate, Probability, Result, TimeUnit};
use rust_decimal::Decimal;
use serde_json::json;

use crate::json::{read, refused, refused_with};
use crate::table::{FLOATS, decimals};
use crate::{assert_finite, assert_kind, assert_message, kind};

const KINDS: [&str; 3] = ["OutOfDomain", "Inconsistent", "Undefined"];

/// Those of the table that a constructor takes as its first argument.
pub(crate) fn taken<T>(of: impl Fn(f64) -> Result<T>) -> Vec<T> {
    let all: Vec<T> = FLOATS.into_iter().filter_map(|value| of(value).ok()).collect();
    assert!(!all.is_empty());
    all
}

/// All fields of a result, as it is serialised, are numbers: JSON writes NaN and ∞ as null.
#[track_caller]
pub(crate) fn assert_all_finite(got: &impl serde::Serialize, what: impl Fn() -> String) {
    let text = serde_json::to_string(got).unwrap();
    assert!(!text.contains("null"), "{}: {text}", what());
}

#[test]
fn responses() {
    for ceiling in FLOATS {
        for speed in FLOATS {
            let got = Response::new(ceiling, speed);
            let inside = (1e-9..=1.0).contains(&ceiling) && (1e-9..=1e9).contains(&speed);
            let Ok(response) = got else {
                assert!(!inside);
                assert_kind(got, "OutOfDomain");
                continue;
            };
            assert!(inside);
            assert_eq!((response.ceiling(), response.speed()), (ceiling, speed));
            for spend in FLOATS {
                let what = || format!("{response:?} at {spend}");
                let rate = assert_finite(response.rate(spend), &["OutOfDomain"], what);
                assert_eq!(rate.is_some(), (0.0..=1e12).contains(&spend));
                assert!(rate.is_none_or(|rate| (0.0..=ceiling).contains(&rate)));
                let cost = response.marginal_cost(spend);
                assert_finite(cost, &["OutOfDomain", "Undefined"], what);
            }
        }
        for spend in FLOATS {
            for rate in FLOATS {
                match Response::from_point(ceiling, spend, rate) {
                    Ok(response) => {
                        let reached = response.rate(spend).unwrap();
                        assert!((reached - rate).abs() <= 1e-6 * rate, "{reached} {rate}");
                    }
                    Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
                }
            }
        }
    }
    assert_message(Response::new(0.0, 1.0), "ceiling must lie in [1e-9, 1], but is 0");
    assert_message(Response::new(0.5, f64::NAN), "speed must lie in [1e-9, 1e9], but is NaN");
    assert_message(
        Response::from_point(0.4, 10.0, 0.4),
        "a rate of 0.4 is not above 0 and below its ceiling of 0.4",
    );
    assert_message(
        Response::from_point(0.4, 10.0, f64::NAN),
        "a rate of NaN is not above 0 and below its ceiling of 0.4",
    );
    let half = Response::new(0.5, 1.0).unwrap();
    assert_message(half.rate(-1.0), "spend must lie in [0, 1e12], but is -1");
    assert_message(
        half.marginal_cost(1e9),
        "marginal cost is undefined: at a spend of 1000000000 more of it changes nothing",
    );
    refused::<Response>(&[json!([0.0, 1.0]), json!({ "ceiling": 0.5 })]);
    let bad = json!({ "ceiling": 1.5, "speed": 1.0 });
    refused_with::<Response>(&bad, "ceiling must lie in [1e-9, 1], but is 1.5");
    assert_eq!(read(&json!({ "ceiling": 0.5, "speed": 1.0 })), Ok(half));
}

#[test]
fn equity() {
    let (lazy, quick) = (Response::new(1e-9, 1e-9).unwrap(), Response::new(1.0, 1e9).unwrap());
    let mut solved = 0;
    for margin in FLOATS {
        for rate in taken(DiscountRate::annual) {
            for (win, keep) in [(lazy, lazy), (quick, quick), (lazy, quick), (quick, lazy)] {
                let firm = match CustomerEquity::new(margin, rate, TimeUnit::Year, win, keep) {
                    Ok(firm) => firm,
                    Err(error) => {
                        assert!(KINDS.contains(&kind(&error)), "{error}");
                        continue;
                    }
                };
                solved += 1;
                let what = || format!("{firm:?}");
                let best = firm.optimum();
                assert_all_finite(&best, what);
                assert!(best.gap() < 1e-6, "{firm:?} {best:?}");
                for spend in FLOATS {
                    match firm.at(spend, spend) {
                        Ok(point) => {
                            assert_all_finite(&point, what);
                            assert!(point.gap().is_finite() && point.gap() >= 0.0);
                        }
                        Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
                    }
                    match firm.pools(spend, spend) {
                        Ok(pools) => {
                            let plan = allocate(&pools, 1e6).unwrap();
                            assert_all_finite(&plan, what);
                            assert!(plan.spend <= 1e6);
                        }
                        Err(error) => assert_eq!(kind(&error), "OutOfDomain", "{error}"),
                    }
                }
            }
        }
    }
    assert!(solved > 50);
    let rate = DiscountRate::NONE;
    assert_message(
        CustomerEquity::new(1.0, rate, TimeUnit::Year, quick, quick),
        "customer equity is undefined: 1 + d = 1 does not suit a retention of up to 1",
    );
    assert_message(
        CustomerEquity::new(0.0, rate, TimeUnit::Year, quick, lazy),
        "margin must lie in [1e-9, 1e12], but is 0",
    );
    let firm = CustomerEquity::new(1.0, rate, TimeUnit::Year, quick, lazy).unwrap();
    assert_message(firm.at(-1.0, 0.0), "acquisition spend must lie in [0, 1e12], but is -1");
    assert_message(firm.at(0.0, f64::NAN), "retention spend must lie in [0, 1e12], but is NaN");
    assert_message(firm.pools(0.0, 1e13), "members must lie in [0, 1e12], but is 10000000000000");
}

#[test]
fn budgets() {
    let response = Response::new(0.5, 1.0).unwrap();
    let pools: Vec<Pool> = FLOATS
        .iter()
        .flat_map(|&n| FLOATS.map(|value| Pool::new(n, response, value)))
        .flatten()
        .collect();
    assert!(pools.len() > 100);
    for budget in FLOATS {
        match allocate(&pools, budget) {
            Ok(plan) => {
                assert!((0.0..=1e15).contains(&budget) && plan.spend <= budget);
                assert_eq!(plan.lines.len(), pools.len());
                assert_all_finite(&plan, || budget.to_string());
            }
            got => {
                assert!(!(0.0..=1e15).contains(&budget));
                assert_kind(got, "OutOfDomain");
            }
        }
    }
    let extremes = [(1e12, 1e12, 1e-9), (1e12, 1e12, 1e9), (0.0, 1e12, 1e9), (1e12, 0.0, 1e-9)];
    let extremes = extremes
        .map(|(n, value, speed)| Pool::new(n, Response::new(1.0, speed).unwrap(), value).unwrap());
    for budget in [0.0, 5e-324, 1e-9, 1.0, 1e15] {
        let plan = allocate(&extremes, budget).unwrap();
        assert!(plan.spend <= budget && plan.gain >= 0.0, "{plan:?}");
        assert_all_finite(&plan, || budget.to_string());
    }
    assert_message(allocate(&[], 1.0), "pools must not be empty");
    assert_message(allocate(&pools, -1.0), "budget must lie in [0, 1e15], but is -1");
    assert_message(Pool::new(-1.0, response, 1.0), "members must lie in [0, 1e12], but is -1");
    assert_message(Pool::new(1.0, response, f64::NAN), "value must lie in [0, 1e12], but is NaN");
}

#[test]
fn referrals() {
    let periods = [TimeUnit::Day, TimeUnit::Year];
    for new in FLOATS {
        for money in FLOATS {
            let all = Referrals::new(new, money)
                .and_then(|all| all.came_anyway(new, money))
                .and_then(|all| all.reward(money));
            let referrals = match all {
                Ok(referrals) => referrals,
                Err(error) => {
                    assert_eq!(kind(&error), "OutOfDomain", "{error}");
                    continue;
                }
            };
            for own in FLOATS {
                let what = || format!("{referrals:?} {own}");
                if let Ok(one) = referrals.one_step(own) {
                    assert_all_finite(&one, what);
                }
                for rate in taken(DiscountRate::annual) {
                    match referrals.endless_chain(own, rate, periods[1]) {
                        Ok(endless) => assert_all_finite(&endless, what),
                        Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
                    }
                    match referrals.chain(own, 20, 1e12, rate, periods[0]) {
                        Ok(chain) => assert_all_finite(&chain, what),
                        Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
                    }
                }
            }
        }
    }
    let two = Referrals::new(2.0, 10.0).unwrap();
    let chain = |steps, people| two.chain(0.0, steps, people, DiscountRate::NONE, TimeUnit::Year);
    assert_message(chain(10_001, 1.0), "steps must lie in [0, 10000], but is 10001");
    assert_message(chain(1, f64::NAN), "people must lie in [0, 1e12], but is NaN");
    assert!(chain(0, 5.0).unwrap().new_by_step.is_empty());
    assert_eq!(chain(10_000, 5.0).unwrap().value.total.to_bits(), 50.0_f64.to_bits());
    assert_message(two.one_step(f64::NAN), "own value must lie in [-1e12, 1e12], but is NaN");
    assert_message(
        two.endless_chain(0.0, DiscountRate::annual(1.0).unwrap(), TimeUnit::Year),
        "an endless chain of referrals is undefined: each brings 2 in a period of 1 + d = 2",
    );
    assert_message(Referrals::new(-1.0, 0.0), "new customers must lie in [0, 1e6], but is -1");
    assert_message(
        two.came_anyway(f64::INFINITY, 0.0),
        "customers who came anyway must lie in [0, 1e6], but is inf",
    );
    assert_message(two.reward(-1.0), "reward must lie in [0, 1e12], but is -1");
}

#[test]
fn prospects() {
    let chances = taken(Probability::new);
    let mut all = Vec::new();
    for fit in FLOATS {
        for value in FLOATS {
            for cost in FLOATS {
                match Prospect::new(fit, chances[all.len() % chances.len()], value, cost) {
                    Ok(prospect) => {
                        assert!(prospect.net().is_finite());
                        all.push(prospect);
                    }
                    got => assert_kind(got, "OutOfDomain"),
                }
            }
        }
    }
    for order in [ProspectOrder::Net, ProspectOrder::Return, ProspectOrder::Fit] {
        for needed in FLOATS {
            let Ok(ranking) = ProspectRanking::of(&all, needed, order) else {
                assert!(!(0.0..=1.0).contains(&needed));
                continue;
            };
            assert_eq!(ranking.ranked().len(), all.len());
            assert!(ranking.ranked().is_sorted_by_key(|one| one.class));
            assert!(ranking.ranked().iter().all(|one| one.net_return.is_none_or(f64::is_finite)));
            for budget in FLOATS {
                match ranking.within(budget) {
                    Ok(list) => assert!(list.cost <= budget && list.net.is_finite()),
                    got => {
                        assert!(!(0.0..=1e15).contains(&budget));
                        assert_kind(got, "OutOfDomain");
                    }
                }
            }
        }
    }
    let none = ProspectRanking::of(&[], 0.5, ProspectOrder::Net).unwrap();
    assert_eq!((none.ranked().len(), none.within(1.0).unwrap().next), (0, None));
    let refused = ProspectRanking::of(&[], f64::NAN, ProspectOrder::Net);
    assert_message(refused, "needed fit must lie in [0, 1], but is NaN");
    assert_message(none.within(f64::NAN), "budget must lie in [0, 1e15], but is NaN");
    let half = Probability::constant(0.5);
    assert_message(Prospect::new(1.1, half, 0.0, 0.0), "fit must lie in [0, 1], but is 1.1");
    assert_message(
        Prospect::new(1.0, half, 0.0, -1.0),
        "cost to win must lie in [0, 1e12], but is -1",
    );
}

#[test]
fn sources() {
    let mut sources = GrowthSources::default();
    for money in decimals() {
        for other in decimals() {
            let sides = [(Some(money), Some(other)), (Some(money), None), (None, Some(other))];
            for (before, after) in sides {
                sources.add(before, after).unwrap();
            }
        }
    }
    let money: [fn(&GrowthSources) -> Result<Decimal>; 7] = [
        GrowthSources::before,
        GrowthSources::after,
        GrowthSources::change,
        GrowthSources::new_money,
        GrowthSources::kept_change,
        GrowthSources::lost_money,
        GrowthSources::change_without_new,
    ];
    let mut one = GrowthSources::default();
    one.add(Some(Decimal::MIN), Some(Decimal::MAX)).unwrap();
    for of in money {
        for sources in [sources, one] {
            if let Err(error) = of(&sources) {
                assert_eq!(kind(&error), "Overflow", "{error}");
            }
        }
    }
    assert_kind(one.change(), "Overflow");
    assert_kind(one.new_share_of_change(), "Overflow");
    assert_message(
        sources.add(None, None),
        "somebody who was no customer before or after is none at all",
    );
    let none = GrowthSources::default();
    assert_eq!((none.customers(), none.change()), ([0; 3], Ok(Decimal::ZERO)));
    assert_message(
        none.new_share_of_change(),
        "the share of new customers in the growth is undefined: the change is 0",
    );
    assert_message(
        none.new_share_of_after(),
        "the share of new customers is undefined: all customers bring 0",
    );
    let group = |customers: u64, before: &str, after: &str| {
        let sum = |whole: &str| json!({ "whole": whole, "fraction": "0" });
        json!({ "customers": customers, "before": sum(before), "after": sum(after) })
    };
    let json = |new, kept, lost| json!({ "new": new, "kept": kept, "lost": lost });
    let (nobody, kept) = (group(0, "0", "0"), group(1, "3", "4"));
    refused::<GrowthSources>(&[
        json(group(1, "1", "1"), kept.clone(), nobody.clone()),
        json(nobody.clone(), group(0, "3", "4"), nobody.clone()),
        json(nobody.clone(), kept.clone(), group(1, "1", "1")),
    ]);
    let mut want = GrowthSources::default();
    want.add(Some(3.into()), Some(4.into())).unwrap();
    assert_eq!(read(&json(nobody.clone(), kept, nobody)), Ok(want));
    let full = json(group(u64::MAX, "0", "0"), group(0, "0", "0"), group(0, "0", "0"));
    let mut full: GrowthSources = read(&full).unwrap();
    assert_message(
        full.merge(&full),
        "a number of customers has more digits than the type holds exactly",
    );
    assert_kind(full.add(None, Some(Decimal::ONE)), "Overflow");
    assert_eq!(full.customers(), [u64::MAX, 0, 0], "nothing was added");
}
