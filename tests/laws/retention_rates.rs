//! Churn and retention measured: cohorts, snapshots, rhythms, rates, reasons and campaigns against naive counts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use goodwill::churn::{
    Arm, BaseChange, Campaign, ChurnCut, ChurnRate, CohortCell, CohortPeriod, Control,
    ExpectedChurn, OneTimeBuyers, OwnRhythm, Reason, ReasonReport, Retention, Standing,
};
use goodwill::{Horizon, Ledger, LostAfter, Probability, Transaction};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::generate::{cents, date};
use crate::support::assert_close;
use crate::{assert_at_most, naive};

const LEVEL: Probability = Probability::constant(0.95);

/// Purchases of a few customers over two years.
fn rows() -> impl Strategy<Value = Vec<Transaction<u32>>> {
    let row = (0_u32..9, 0_u64..730, cents())
        .prop_map(|(who, after, amount)| Transaction::new(who, date(after), amount));
    proptest::collection::vec(row, 0..60)
}

fn ledger(rows: &[Transaction<u32>]) -> Ledger<u32> {
    Ledger::from_transactions(rows.iter().cloned()).unwrap()
}

fn month(date: NaiveDate) -> i32 {
    date.year() * 12 + date.month0() as i32
}

fn days_between(earlier: NaiveDate, later: NaiveDate) -> i64 {
    later.signed_duration_since(earlier).num_days()
}

/// The days on which each customer bought.
fn purchase_days(rows: &[Transaction<u32>]) -> BTreeMap<u32, Vec<NaiveDate>> {
    let log = naive::log(rows);
    let days = |days| naive::occasions(days, goodwill::Occasion::PurchaseDay);
    let all = log.iter().map(|(&id, own)| (id, days(own)));
    all.filter(|(_, days)| !days.is_empty()).collect()
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn the_triangle_is_the_naive_count(rows in rows(), after in 0_u64..800) {
        let as_of = date(after);
        let rows = naive::until(&rows, as_of);
        let cohorts = ledger(&rows).cohorts(as_of, CohortPeriod::Month).unwrap();
        let bought = purchase_days(&rows);
        let mut firsts: Vec<i32> = bought.values().map(|days| month(days[0])).collect();
        firsts.sort_unstable();
        firsts.dedup();
        let starts: Vec<i32> = cohorts.starts().into_iter().map(month).collect();
        prop_assert_eq!(&starts, &firsts);
        for (row, first) in firsts.iter().enumerate() {
            let members: Vec<&Vec<NaiveDate>> =
                bought.values().filter(|days| month(days[0]) == *first).collect();
            let cells = cohorts.cells(row).unwrap();
            prop_assert_eq!(cells.len(), cohorts.periods());
            let mut survivors = Vec::new();
            for (age, cell) in cells.iter().enumerate() {
                let period = first + age as i32;
                let over = as_of.succ_opt().map(month).unwrap() > period;
                let count = match cell {
                    CohortCell::Observed(count) => { prop_assert!(over); count }
                    CohortCell::Partial(count) => { prop_assert!(!over && month(as_of) == period); count }
                    CohortCell::Future => { prop_assert!(period > month(as_of)); continue }
                };
                let active = members.iter().filter(|days| days.iter().any(|&d| month(d) == period));
                let staying = members.iter().filter(|days| days.iter().any(|&d| month(d) >= period));
                prop_assert_eq!(count.customers, members.len() as u64);
                prop_assert_eq!(count.active, active.count() as u64);
                prop_assert_eq!(count.staying, staying.count() as u64);
                prop_assert!(count.retention(Retention::Bounded) <= count.retention(Retention::Rolling));
                if over {
                    survivors.push(count.staying);
                }
            }
            prop_assert_eq!(&cohorts.survivors(row).unwrap(), &survivors);
            prop_assert!(survivors.is_sorted_by(|a, b| a >= b));
        }
    }

    #[test]
    fn means_are_over_what_has_been_observed(rows in rows(), age in 0_usize..14) {
        let as_of = date(700);
        let rows = naive::until(&rows, as_of);
        let cohorts = ledger(&rows).cohorts(as_of, CohortPeriod::Month).unwrap();
        let cells: Vec<_> = (0..cohorts.starts().len())
            .filter_map(|row| cohorts.cells(row).unwrap().get(age)?.observed().copied())
            .collect();
        for retention in [Retention::Bounded, Retention::Rolling] {
            let mean = cohorts.mean_retention(age, retention);
            prop_assert_eq!(mean.is_ok(), !cells.is_empty());
            if let Ok(mean) = mean {
                let shares = cells.iter().map(|cell| cell.retention(retention));
                prop_assert!((mean - shares.clone().sum::<f64>() / cells.len() as f64).abs() < 1e-14);
                let pooled = cohorts.pooled_retention(age, retention, LEVEL).unwrap().value();
                let most = shares.clone().fold(0.0, f64::max);
                let least = shares.fold(1.0, f64::min);
                prop_assert!(least - 1e-15 <= pooled && pooled <= most + 1e-15);
                if age == 0 {
                    prop_assert!((pooled - 1.0).abs() < 1e-15);
                }
            }
        }
    }

    /// Shards of whole customers.
    #[test]
    fn triangles_merge(rows in rows(), period in 0_usize..4) {
        let period = [CohortPeriod::Week, CohortPeriod::Month, CohortPeriod::Quarter, CohortPeriod::Year][period];
        let as_of = date(730);
        let of = |keep: &dyn Fn(u32) -> bool| {
            let rows: Vec<_> = rows.iter().filter(|row| keep(row.customer)).cloned().collect();
            ledger(&rows).cohorts(as_of, period).unwrap()
        };
        let merged = of(&|id| id % 3 == 0).merge(&of(&|id| id % 3 > 0)).unwrap();
        prop_assert_eq!(&merged, &of(&|_| true));
        // Every purchase lies in a period that begins on or before it, less than a year and a day away.
        let starts = merged.starts();
        for days in purchase_days(&rows).values() {
            let start = *starts.iter().rfind(|start| **start <= days[0]).unwrap();
            prop_assert!(days_between(start, days[0]) < 366);
        }
        if period == CohortPeriod::Week {
            prop_assert!(starts.iter().all(|start| start.weekday() == chrono::Weekday::Mon));
        }
    }

    #[test]
    fn money_of_the_triangle_is_the_money_after_the_first_purchase(rows in rows()) {
        let as_of = date(730);
        let cohorts = ledger(&rows).cohorts(as_of, CohortPeriod::Quarter).unwrap();
        let mut total = Decimal::ZERO;
        for row in 0..cohorts.starts().len() {
            for cell in cohorts.cells(row).unwrap() {
                if let CohortCell::Observed(count) | CohortCell::Partial(count) = cell {
                    total = total.checked_add(count.revenue).unwrap();
                }
            }
        }
        let bought = purchase_days(&rows);
        let counted = rows.iter().filter(|row| bought.get(&row.customer).is_some_and(|days| row.date >= days[0]));
        let want = counted.fold(Decimal::ZERO, |sum, row| sum.checked_add(row.amount).unwrap());
        prop_assert_eq!(total, want);
    }

    #[test]
    fn a_rhythm_is_the_naive_rule(rows in rows(), times in 0.5_f64..4.0, longest in any::<bool>()) {
        let as_of = date(730);
        let share = if longest { 1.0 } else { 0.0 };
        let rule = |once| OwnRhythm::new(Probability::new(share).unwrap(), times, once).unwrap();
        let ledger = ledger(&rows);
        let bought = purchase_days(&rows);
        let gaps = |days: &[NaiveDate]| -> Vec<i64> { days.windows(2).map(|two| days_between(two[0], two[1])).collect() };
        let end = |gaps: &[i64]| if longest { gaps.iter().max().copied() } else { gaps.iter().min().copied() };
        let base = end(&bought.values().flat_map(|days| gaps(days)).collect::<Vec<_>>());
        for once in [OneTimeBuyers::Unknown, OneTimeBuyers::LikeTheBase] {
            let standings = ledger.standings(as_of, rule(once)).unwrap();
            for (id, standing) in ledger.customers().iter().zip(standings) {
                let want = bought.get(id).map_or(Standing::NeverBought, |days| {
                    let silence = days_between(*days.last().unwrap(), as_of);
                    let base = if once == OneTimeBuyers::LikeTheBase { base } else { None };
                    match end(&gaps(days)).or(base) {
                        None => Standing::Unknown,
                        Some(gap) if silence as f64 > times * gap as f64 => Standing::Lost,
                        Some(_) => Standing::Kept,
                    }
                });
                prop_assert_eq!(standing, want);
            }
        }
        let fixed = ledger.standings(as_of, LostAfter::days(180).unwrap()).unwrap();
        prop_assert!(fixed.iter().all(|standing| *standing != Standing::Unknown));
    }

    #[test]
    fn a_change_of_the_base_reconciles(
        before in proptest::collection::btree_map(0_u32..30, 0_u32..100, 1..20),
        after in proptest::collection::btree_map(0_u32..30, 0_u32..100, 0..20),
        split in 0_u32..30,
    ) {
        let money = |map: &BTreeMap<u32, u32>, keep: &dyn Fn(u32) -> bool| -> Vec<(u32, Decimal)> {
            map.iter().filter(|(id, _)| keep(**id)).map(|(&id, &m)| (id, Decimal::new(i64::from(m), 1))).collect()
        };
        let known = |id: &u32| id.is_multiple_of(5);
        let of = |keep: &dyn Fn(u32) -> bool| BaseChange::new(money(&before, keep), money(&after, keep), known).unwrap();
        let change = of(&|_| true);
        let ids = |map: &BTreeMap<u32, u32>| map.keys().copied().collect::<BTreeSet<u32>>();
        let (old, new) = (ids(&before), ids(&after));
        prop_assert_eq!(change.opening, old.len() as u64);
        prop_assert_eq!(change.lost, old.difference(&new).count() as u64);
        prop_assert_eq!(change.new + change.reactivated, new.difference(&old).count() as u64);
        prop_assert_eq!(change.reactivated, new.difference(&old).filter(|id| known(id)).count() as u64);
        let total = after.values().map(|&m| Decimal::new(i64::from(m), 1)).fold(Decimal::ZERO, |a, b| a.checked_add(b).unwrap());
        prop_assert_eq!(change.closing_revenue().unwrap().total().unwrap(), total);
        if let Ok(gross) = change.gross_retention() {
            prop_assert!((gross + change.revenue_churn().unwrap() - 1.0).abs() < 1e-14);
            assert_at_most(gross, change.net_retention().unwrap(), 1e-15, "net");
            assert_at_most(gross, 1.0, 0.0, "gross");
        }
        prop_assert_eq!(of(&|id| id < split).merge(&of(&|id| id >= split)).unwrap(), change);
    }

    #[test]
    fn rescaling_there_and_back_is_the_identity(lost in 1e-6_f64..0.999, days in 1.0_f64..400.0, other in 1.0_f64..400.0) {
        let horizon = |days| Horizon::days(days).unwrap();
        let rate = ChurnRate::new(Probability::new(lost).unwrap(), horizon(days)).unwrap();
        let there = rate.over(horizon(other));
        if there.get() < 1.0 - 1e-9 {
            let back = ChurnRate::new(there, horizon(other)).unwrap().over(horizon(days)).get();
            assert_close(back, lost, 1e-6, "there and back");
        }
        // Two periods one after the other.
        let both = rate.over(horizon(days + other)).complement().get();
        let apart = rate.over(horizon(days)).complement().get() * there.complement().get();
        prop_assert!((both - apart).abs() < 1e-12);
        prop_assert!((rate.over(horizon(days)).get() - lost).abs() < 1e-15);
    }

    #[test]
    fn cuts_lower_the_rate(churn in 0.0_f64..=1.0, part in 0.0_f64..=1.0) {
        let [churn, part] = [churn, part].map(|p| Probability::new(p).unwrap());
        let relative = ChurnCut::PerCent(part).apply(churn).unwrap();
        prop_assert!(relative <= churn);
        match ChurnCut::Points(part).apply(churn) {
            Ok(left) => prop_assert!(left <= relative),
            Err(_) => prop_assert!(part > churn),
        }
    }

    #[test]
    fn expected_churn_is_the_mean_of_lots(alive in proptest::collection::vec(0.0_f64..=1.0, 1..50), turn in 0_usize..50) {
        let of = |alive: &[f64]| {
            let alive: Vec<_> = alive.iter().map(|&p| Probability::new(p).unwrap()).collect();
            ExpectedChurn::new(&alive).unwrap()
        };
        let mut turned = alive.clone();
        turned.rotate_left(turn % alive.len());
        prop_assert_eq!(of(&alive), of(&turned));
        let lost: f64 = alive.iter().map(|p| 1.0 - p).sum();
        prop_assert!((of(&alive).lost - lost).abs() < 1e-12);
        let certain: Vec<f64> = alive.iter().map(|p| p.round()).collect();
        prop_assert!(of(&certain).deviation.abs() < 1e-15);
    }

    #[test]
    fn reasons_reconcile(losses in proptest::collection::vec((prop_oneof![Just(None), (0_usize..7).prop_map(Some)], 0_i64..1_000), 0..50), split in 0_usize..50) {
        let reasons = Reason::usual();
        let of = |losses: &[(Option<usize>, i64)]| {
            let mut report = ReasonReport::new(&reasons).unwrap();
            for &(reason, value) in losses {
report.add(reason, value.into()).unwrap();
}
            report
        };
        let report = of(&losses);
        let split = split.min(losses.len());
        prop_assert_eq!(&of(&losses[..split]).merge(&of(&losses[split..])).unwrap(), &report);
        for (lines, by_money) in [(report.by_customers().unwrap(), false), (report.by_money().unwrap(), true)] {
            prop_assert_eq!(lines.len(), reasons.len());
            let customers: u64 = lines.iter().map(|line| line.customers).sum();
            prop_assert_eq!(customers + report.unknown_customers(), losses.len() as u64);
            for two in lines.windows(2) {
                prop_assert!(two[0].cumulative_share <= two[1].cumulative_share + 1e-15);
                let falls = if by_money { two[0].value >= two[1].value } else { two[0].customers >= two[1].customers };
                prop_assert!(falls);
            }
            for line in &lines {
                let own = losses.iter().filter(|(reason, _)| reason.is_some_and(|r| reasons[r].name == line.reason));
                let (count, value) = own.fold((0, 0), |(n, sum), (_, value)| (n + 1, sum + value));
                prop_assert_eq!((line.customers, line.value), (count, Decimal::from(value)));
            }
        }
        let within = losses.iter().filter(|(reason, _)| reason.is_some_and(|r| reasons[r].control == Control::Within));
        prop_assert_eq!(report.recoverable().unwrap(), Decimal::from(within.map(|(_, value)| value).sum::<i64>()));
    }

    #[test]
    fn a_campaign_is_judged_by_its_arms(
        treated in proptest::collection::vec((any::<bool>(), 0_u32..9, 0_i64..500), 2..40),
        control in proptest::collection::vec((any::<bool>(), 0_u32..9, 0_i64..500), 2..40),
        split in 0_usize..40,
    ) {
        let of = |customers: &[(bool, u32, i64)]| {
            let mut arm = Arm::default();
            for &(kept, n, money) in customers {
                arm.add(kept, n, Decimal::new(money, 1)).unwrap();
            }
            arm
        };
        let campaign = Campaign { treated: of(&treated), control: of(&control) };
        let swapped = Campaign { treated: of(&control), control: of(&treated) };
        let pairs = [
            (campaign.retention_gain(LEVEL), swapped.retention_gain(LEVEL)),
            (campaign.purchase_gain(LEVEL), swapped.purchase_gain(LEVEL)),
            (campaign.money_gain(LEVEL), swapped.money_gain(LEVEL)),
        ];
        for (gain, loss) in pairs {
            if let (Ok(gain), Ok(loss)) = (gain, loss) {
                prop_assert!((gain.value() + loss.value()).abs() < 1e-12);
                prop_assert!((gain.lower() + loss.upper()).abs() < 1e-9);
                prop_assert!(gain.lower() <= gain.value() && gain.value() <= gain.upper());
            }
        }
        let mean = |arm: &[(bool, u32, i64)]| arm.iter().map(|c| c.2 as f64 / 10.0).sum::<f64>() / arm.len() as f64;
        if let Ok(gain) = campaign.money_gain(LEVEL) {
            prop_assert!((gain.value() - (mean(&treated) - mean(&control))).abs() < 1e-11);
        }
        let split = split.min(treated.len());
        let mut merged = of(&treated[..split]);
        merged.merge(&of(&treated[split..])).unwrap();
        let merged = Campaign { treated: merged, control: of(&control) };
        prop_assert_eq!(merged.money_gain(LEVEL), campaign.money_gain(LEVEL));
        if let Ok(test) = campaign.retention_test() {
            let p = test.p_value.get();
            prop_assert!((test.statistic.abs() > 1.959_963_984_540_054) == (p < 0.05));
        }
    }
}
