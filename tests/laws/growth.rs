//! Laws of growth: the optimum's certificate, budgets, referrals, payback, prospects, and sums that add up.

use goodwill::churn::BaseChange;
use goodwill::growth::*;
use goodwill::{DiscountRate, ErrorKind, Probability, TimeUnit};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::generate::{any_money, cents, log_uniform};
use crate::support::assert_close;
use crate::{assert_at_most, big::Big};

fn response() -> impl Strategy<Value = (f64, f64)> {
    (0.01_f64..=1.0, log_uniform(1e-4, 1e2))
}

fn firm() -> impl Strategy<Value = (f64, f64, (f64, f64), (f64, f64))> {
    let keeping = (0.01_f64..0.99, log_uniform(1e-4, 1e2));
    (log_uniform(1e-1, 1e5), 0.0_f64..0.5, response(), keeping)
}

fn equity((margin, d, win, keep): (f64, f64, (f64, f64), (f64, f64))) -> CustomerEquity {
    let [win, keep] = [win, keep].map(|(c, k)| Response::new(c, k).unwrap());
    let rate = DiscountRate::annual(d).unwrap();
    CustomerEquity::new(margin, rate, TimeUnit::Year, win, keep).unwrap()
}

/// Members, ceiling, speed, value.
type Four = (f64, f64, f64, f64);

fn pools() -> impl Strategy<Value = Vec<Four>> {
    let members = prop_oneof![4 => log_uniform(1.0, 1e4), 1 => Just(0.0)];
    vec((members, 0.01_f64..=1.0, log_uniform(1e-3, 1e1), 0.0_f64..1e4), 1..6)
}

fn built(pools: &[Four]) -> Vec<Pool> {
    let pool = |&(n, ceiling, speed, value): &Four| {
        Pool::new(n, Response::new(ceiling, speed).unwrap(), value).unwrap()
    };
    pools.iter().map(pool).collect()
}

fn referrals() -> impl Strategy<Value = Referrals> {
    (0.0_f64..3.0, -100.0_f64..1e3, 0.0_f64..3.0, 0.0_f64..100.0, 0.0_f64..50.0).prop_map(
        |(new, value, anyway, saved, reward)| {
            let both = Referrals::new(new, value).unwrap().came_anyway(anyway, saved).unwrap();
            both.reward(reward).unwrap()
        },
    )
}

/// Often equal in one thing or another.
fn prospects() -> impl Strategy<Value = Vec<(f64, f64, f64, f64)>> {
    let few = |most: u32| (0..=most).prop_map(move |n| f64::from(n) / f64::from(most));
    let row = (few(4), few(3), (0_i32..6).prop_map(|n| f64::from(n) * 100.0), few(2));
    vec(row.prop_map(|(fit, chance, value, cost)| (fit, chance, value, cost * 80.0)), 0..20)
}

fn prospect(&(fit, chance, value, cost): &(f64, f64, f64, f64)) -> Prospect {
    Prospect::new(fit, Probability::new(chance).unwrap(), value, cost).unwrap()
}

fn orders() -> impl Strategy<Value = ProspectOrder> {
    prop_oneof![Just(ProspectOrder::Net), Just(ProspectOrder::Return), Just(ProspectOrder::Fit)]
}

/// What a customer brought before and after.
type Row = (Option<Decimal>, Option<Decimal>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let side = || proptest::option::weighted(0.7, cents());
    vec((side(), side()).prop_filter("a customer", |row| *row != (None, None)), 0..20)
}

fn sources(rows: &[Row]) -> GrowthSources {
    let mut sources = GrowthSources::default();
    for &(before, after) in rows {
        sources.add(before, after).unwrap();
    }
    sources
}

proptest! {
    #![proptest_config(crate::cases(256))]

    /// The certificate from its own formulas; and no other pair of spends does better.
    #[test]
    fn the_optimum_is_certified(firm in firm(), shift in (0.0_f64..3.0, 0.0_f64..3.0)) {
        let best = equity(firm).optimum();
        let (margin, d, win, keep) = firm;
        let cost = |(c, k): (f64, f64), spend: f64| (k * spend).exp() / (c * k);
        let kept = keep.0 * (1.0 - (-keep.1 * best.retention_spend).exp());
        let value = (margin * (1.0 + d) - best.retention_spend) / (1.0 + d - kept);
        assert_close(best.lifetime_value, value, 1e-11, "V");
        let (to_win, to_keep) = (cost(win, best.acquisition_spend), cost(keep, best.retention_spend));
        for (spend, marginal) in [(best.acquisition_spend, to_win), (best.retention_spend, to_keep)] {
            if spend > 0.0 {
                assert_close(marginal, value, 1e-9, "marginal cost");
            } else {
                assert_at_most(value, marginal, 1e-9, "the first unit does not pay");
            }
        }
        prop_assert!(best.gap() < 1e-9, "{}", best.gap());
        let other = [(best.acquisition_spend, shift.0, win.1), (best.retention_spend, shift.1, keep.1)]
            .map(|(spend, by, speed)| if spend > 0.0 { spend * by } else { by / speed });
        let other = equity(firm).at(other[0], other[1]).unwrap();
        prop_assert!(other.equity <= best.equity + 1e-9 * best.lifetime_value);
        let here = equity(firm).at(best.acquisition_spend, best.retention_spend).unwrap();
        prop_assert_eq!(here, best);
    }

    /// More budget is never worse, none is exceeded, the last unit brings as much everywhere, and the shadow price says what
    /// the next one brings.
    #[test]
    fn a_budget_is_parted_evenly(four in pools(), budget in log_uniform(1e1, 1e7)) {
        let pools = built(&four);
        let plan = allocate(&pools, budget).unwrap();
        prop_assert!(plan.spend <= budget);
        let most = 1.0 + plan.shadow_price;
        for (line, &(n, ceiling, speed, value)) in plan.lines.iter().zip(&four) {
            let back = ceiling * speed * (-speed * line.spend_each).exp() * value;
            assert_close(line.spend, n * line.spend_each, 0.0, "spend of a pool");
            assert_close(line.marginal_return, back, 1e-9, "return");
            if line.spend_each > 0.0 {
                assert_close(back, most, 1e-9, "the last unit brings as much");
                assert_close(line.marginal_cost, value / most, 1e-9, "marginal cost");
            } else {
                assert_at_most(back, most, 1e-9, "the first unit brings no more");
            }
        }
        prop_assert!(plan.shadow_price >= 0.0);
        if plan.shadow_price > 0.0 {
            assert_close(plan.spend, budget, 1e-6, "a budget that binds is spent");
        }
        let more = allocate(&pools, budget * 1.1).unwrap();
        let scale: f64 = plan.lines.iter().zip(&four).map(|(line, one)| line.won * one.3).sum();
        let (extra, step) = (more.gain - plan.gain, budget * 0.1);
        prop_assert!(extra >= -1e-12 * scale, "more budget is never worse");
        prop_assert!(extra <= step * plan.shadow_price + 1e-9 * scale, "λ bounds what more brings");
        prop_assert!(extra >= step * more.shadow_price * (1.0 - 1e-6) - 1e-9 * scale);
        prop_assert!(more.shadow_price <= plan.shadow_price);
    }

    #[test]
    fn pools_in_any_order_get_the_same(four in pools(), budget in 0.0_f64..1e6, turn in 0_usize..5) {
        let plan = allocate(&built(&four), budget).unwrap();
        let turn = turn % four.len();
        let mut turned = four.clone();
        turned.rotate_left(turn);
        let mut again = allocate(&built(&turned), budget).unwrap();
        again.lines.rotate_right(turn);
        prop_assert_eq!(again, plan);
    }

    /// A budget that is large enough gives each his optimal spend.
    #[test]
    fn without_a_budget_it_is_the_optimum(firm in firm(), counts in (0.0_f64..1e4, 0.0_f64..1e4)) {
        let best = equity(firm).optimum();
        let plan = allocate(&equity(firm).pools(counts.0, counts.1).unwrap(), 1e15).unwrap();
        prop_assert_eq!(plan.shadow_price.to_bits(), 0);
        assert_close(plan.lines[0].spend_each, best.acquisition_spend, 0.0, "A");
        let worth = best.lifetime_value;
        // Where R is tiny, rounding of V·C·k near 1 is all there is of it.
        let slack = 1e-9 * (1.0 / firm.3.1 + best.retention_spend);
        prop_assert!((plan.lines[1].spend_each - best.retention_spend).abs() <= slack, "R at {worth}");
    }

    #[test]
    fn a_response_reaches_its_point(ceiling in 0.01_f64..=1.0, spend in log_uniform(1e-3, 1e6), part in 0.001_f64..0.999) {
        let response = Response::from_point(ceiling, spend, part * ceiling).unwrap();
        assert_close(response.rate(spend).unwrap(), part * ceiling, 1e-13, "the point");
        prop_assert!(response.rate(2.0 * spend).unwrap() < 2.0 * response.rate(spend).unwrap());
        let h = spend * 1e-5;
        let [up, down] = [spend + h, spend - h].map(|s| response.rate(s).unwrap());
        let slope = (up - down) / (2.0 * h);
        assert_close(response.marginal_cost(spend).unwrap(), 1.0 / slope, 1e-4, "marginal cost");
    }

    /// The chain without discounting, one step long, is the one step; and ever longer, the endless one.
    #[test]
    fn chains_meet(referrals in referrals(), own in -500.0_f64..500.0, d in 0.0_f64..0.5) {
        let rate = DiscountRate::annual(d).unwrap();
        let one = referrals.chain(own, 1, 1e6, DiscountRate::NONE, TimeUnit::Year).unwrap();
        prop_assert_eq!(one.value, referrals.one_step(own).unwrap());
        let new = one.new_by_step[0];
        match referrals.endless_chain(own, rate, TimeUnit::Year) {
            Ok(endless) => {
                prop_assert!(new < 1.0 + d);
                if new < 0.8 * (1.0 + d) {
                    let long = referrals.chain(own, 300, 1e12, rate, TimeUnit::Year).unwrap().value;
                    let scale = endless.own.abs() + endless.by_new.abs() + endless.by_saving.abs();
                    for (got, want) in [
                        (long.own, endless.own),
                        (long.by_new, endless.by_new),
                        (long.by_saving, endless.by_saving),
                        (long.total, endless.total),
                    ] {
                        prop_assert!((got - want).abs() <= 1e-11 * scale, "{got} {want}");
                    }
                }
            }
            Err(error) => {
                prop_assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
                prop_assert!(new >= 1.0 + d);
            }
        }
    }

    /// Nobody comes twice, and a chain longer by a step only adds to it.
    #[test]
    fn chains_run_out_of_people(referrals in referrals(), people in 0.0_f64..200.0, steps in 1_u32..30) {
        let chain = |steps| {
            referrals.chain(0.0, steps, people, DiscountRate::NONE, TimeUnit::Year).unwrap()
        };
        let (short, long) = (chain(steps - 1), chain(steps));
        prop_assert_eq!(&long.new_by_step[..short.new_by_step.len()], &short.new_by_step[..]);
        let came: f64 = long.new_by_step.iter().sum();
        prop_assert!(came <= people * (1.0 + 1e-12));
        if long.is_exhausted {
            assert_close(came, people, 1e-12, "all came");
        }
    }

    /// The constant margin is the list of its expected margins; a dearer customer never pays back sooner.
    #[test]
    fn payback_is_the_first_period_that_pays(
        cost in 0.0_f64..1e3,
        margin in 1.0_f64..200.0,
        stay in 0.0_f64..1.0,
        d in 0.0_f64..0.3,
        more in 0.0_f64..100.0,
    ) {
        let rate = DiscountRate::annual(d).unwrap();
        let constant = |cost| {
            Payback::constant(cost, margin, Probability::new(stay).unwrap(), rate, TimeUnit::Year).unwrap()
        };
        let margins: Vec<f64> = (0..400).map(|k| margin * stay.powi(k)).collect();
        let listed = Payback::of(cost, &margins, rate, TimeUnit::Year).unwrap();
        let q = stay / (1.0 + d);
        // Beyond the list only a part of q⁴⁰⁰ is left.
        if q < 0.9 {
            prop_assert_eq!(constant(cost), listed);
        }
        prop_assert!(constant(cost + more) >= constant(cost));
        if let Payback::After(n) = constant(cost) {
            let sum = |n: u64| (0..=n).map(|k| margin * q.powi(k as i32)).sum::<f64>();
            prop_assert!(n > 1_000 || sum(n) >= cost * (1.0 - 1e-11));
            prop_assert!(n > 1_000 || sum(n - 1) < cost);
        }
    }

    /// Any order of the input gives the same list, but for the rows of equals, which keep their order.
    #[test]
    fn prospects_are_ordered(
        all in prospects(),
        order in orders(),
        needed in 0.0_f64..=1.0,
        turn in 0_usize..20,
        budget in 0.0_f64..500.0,
    ) {
        let rank = |all: &[(f64, f64, f64, f64)]| {
            let prospects: Vec<Prospect> = all.iter().map(prospect).collect();
            ProspectRanking::of(&prospects, needed, order).unwrap()
        };
        let ranking = rank(&all);
        let mut seen: Vec<usize> = ranking.ranked().iter().map(|one| one.row).collect();
        for pair in ranking.ranked().windows(2) {
            let [a, b] = [pair[0], pair[1]].map(|one| all[one.row]);
            let key = |(fit, chance, value, cost): (f64, f64, f64, f64)| {
                let net = chance * value - cost;
                let class = match (net > 0.0, fit >= needed) {
                    (true, true) => 0,
                    (true, false) => 1,
                    (false, true) => 2,
                    (false, false) => 3,
                };
                let by = match order {
                    ProspectOrder::Net => net,
                    ProspectOrder::Fit => fit,
                    ProspectOrder::Return if cost > 0.0 => net / cost,
                    ProspectOrder::Return if net > 0.0 => f64::MAX,
                    ProspectOrder::Return => f64::MIN,
                };
                (class, [-by, -net, cost, -fit, -chance, -value])
            };
            let (before, after) = (key(a), key(b));
            prop_assert!(before <= after, "{before:?} {after:?}");
            if before == after {
                prop_assert!(pair[0].row < pair[1].row);
            }
        }
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..all.len()).collect::<Vec<_>>());
        let mut turned = all.clone();
        turned.rotate_left(turn % all.len().max(1));
        let what = |ranking: &ProspectRanking| {
            ranking.ranked().iter().map(|one| (one.class, one.prospect)).collect::<Vec<_>>()
        };
        prop_assert_eq!(what(&rank(&turned)), what(&ranking));
        // The list is a prefix of those who pay, and the next one would exceed the budget.
        let list = ranking.within(budget).unwrap();
        let paying: Vec<usize> =
            ranking.ranked().iter().filter(|one| one.net > 0.0).map(|one| one.row).collect();
        prop_assert_eq!(&list.rows[..], &paying[..list.rows.len()]);
        prop_assert_eq!(list.next, paying.get(list.rows.len()).copied());
        let spent = |rows: &[usize]| rows.iter().map(|&row| all[row].3).sum::<f64>();
        prop_assert!(list.cost <= budget && (list.cost - spent(&list.rows)).abs() < 1e-9);
        let net: f64 = list.rows.iter().map(|&row| all[row].1 * all[row].2 - all[row].3).sum();
        prop_assert!((list.net - net).abs() < 1e-9);
        if let Some(next) = list.next {
            prop_assert!(list.cost + all[next].3 > budget);
        }
    }

    /// before + new + change of the kept − lost = after, to the digit; and parts merge.
    #[test]
    fn growth_adds_up(rows in rows(), cut in 0_usize..20) {
        let all = sources(&rows);
        let total = |of: fn(&Row) -> Option<Decimal>| {
            Big::sum(rows.iter().filter_map(of))
        };
        prop_assert_eq!(Big::of(all.before().unwrap()), total(|row| row.0));
        prop_assert_eq!(Big::of(all.after().unwrap()), total(|row| row.1));
        let [before, new, kept, lost, after, change, without] = [
            all.before(), all.new_money(), all.kept_change(), all.lost_money(), all.after(),
            all.change(), all.change_without_new(),
        ].map(|money| Big::of(money.unwrap()));
        prop_assert_eq!(before.plus(&new).plus(&kept), after.plus(&lost));
        prop_assert_eq!(before.plus(&change), after);
        prop_assert_eq!(without.plus(&new), change);
        prop_assert_eq!(all.customers().iter().sum::<u64>(), rows.len() as u64);
        let (left, right) = rows.split_at(cut.min(rows.len()));
        prop_assert_eq!(sources(left).merge(&sources(right)).unwrap(), all);
        let mut backwards = rows.clone();
        backwards.reverse();
        prop_assert_eq!(sources(&backwards), all);
    }

    /// It says of recurring fees what the two snapshots say.
    #[test]
    fn growth_agrees_with_the_snapshots(rows in rows()) {
        let rows: Vec<Row> =
            rows.iter().map(|&(a, b)| (a.map(|x| x.abs()), b.map(|x| x.abs()))).collect();
        let of = |side: fn(&Row) -> Option<Decimal>| {
            rows.iter().enumerate().filter_map(move |(id, row)| Some((id, side(row)?)))
        };
        let change = BaseChange::new(of(|row| row.0), of(|row| row.1), |_| false).unwrap();
        let all = sources(&rows);
        prop_assert_eq!(all.customers(), [change.new, change.opening - change.lost, change.lost]);
        prop_assert_eq!(all.new_money(), change.new_revenue.total());
        prop_assert_eq!(all.lost_money(), change.lost_revenue.total());
        prop_assert_eq!(all.before(), change.opening_revenue.total());
        prop_assert_eq!(all.after(), change.closing_revenue().unwrap().total());
    }

    /// Channels in any order and grouping; the whole is the sum of its channels.
    #[test]
    fn acquisition_costs_merge(
        rows in vec((0_u8..4, any_money(), 0_u64..1_000), 0..20),
        cut in 0_usize..20,
    ) {
        let costs = |rows: &[(u8, Decimal, u64)]| {
            let mut costs = AcquisitionCosts::default();
            for &(channel, spend, won) in rows {
                costs.add(channel, spend.abs(), won).unwrap();
            }
            costs
        };
        let all = costs(&rows);
        let (left, right) = rows.split_at(cut.min(rows.len()));
        prop_assert_eq!(&costs(left).merge(&costs(right)).unwrap(), &all);
        prop_assert_eq!(&costs(right).merge(&costs(left)).unwrap(), &all);
        let json = serde_json::to_string(&all).unwrap();
        prop_assert_eq!(&serde_json::from_str::<AcquisitionCosts<u8>>(&json).unwrap(), &all);
        if let (Ok(total), Ok(channels)) = (all.total(), all.by_channel()) {
            let spend = Big::sum(channels.iter().map(|(_, one)| one.spend));
            prop_assert_eq!(Big::of(total.spend), spend);
            prop_assert_eq!(total.customers_won, rows.iter().map(|row| row.2).sum::<u64>());
            for (channel, one) in channels {
                let own = rows.iter().filter(|row| row.0 == *channel);
                prop_assert_eq!(one.customers_won, own.map(|row| row.2).sum::<u64>());
                let average = one.per_customer();
                prop_assert_eq!(average.is_ok(), one.customers_won > 0);
                if let Ok(each) = average {
                    let spend: f64 = one.spend.to_string().parse().unwrap();
                    assert_close(each * one.customers_won as f64, spend, 1e-15, "average");
                    let ratio = one.value_to_cost(300.0);
                    prop_assert_eq!(ratio.is_ok(), spend > 0.0);
                    assert_close(ratio.unwrap_or(300.0 / each), 300.0 / each, 0.0, "value to cost");
                }
            }
        }
    }

    /// The best level against all of them, by its own arithmetic; marginal costs add up to the spend.
    #[test]
    fn the_best_level_earns_most(
        steps in vec((1_i64..1_000_000, 0_u64..100), 1..8),
        value in 0.0_f64..2e4,
    ) {
        let mut at = (0, 0);
        let rows: Vec<(Decimal, u64)> = steps
            .iter()
            .map(|&(cents, won)| {
                at = (at.0 + cents, at.1 + won);
                (Decimal::new(at.0, 2), at.1)
            })
            .collect();
        let levels = SpendLevels::new(&rows).unwrap();
        let mut spent = 0.0;
        for (level, &(cents, won)) in levels.levels().iter().zip(&steps) {
            let step = level.marginal_cost.map(|cost| cost * won as f64);
            prop_assert_eq!(step.is_none(), won == 0);
            spent += step.unwrap_or(cents as f64 / 100.0);
            let average = level.average_cost.map(|cost| cost * level.customers as f64);
            for total in average.into_iter().chain([spent]) {
                assert_close(total, level.spend.to_string().parse().unwrap(), 1e-12, "spend");
            }
        }
        let earns = |(spend, won): (Decimal, u64)| {
            won as f64 * value - spend.to_string().parse::<f64>().unwrap()
        };
        let best = rows.iter().map(|&row| earns(row)).fold(0.0, f64::max);
        let got = levels.best(value).unwrap().map_or(0.0, |level| earns((level.spend, level.customers)));
        assert_close(got, best, 0.0, "best");
    }
}
