//! The customer-base audit: groups, the bridge, deciles and the cohort stack of arbitrary ledgers.

use std::collections::BTreeMap;

use goodwill::churn::CohortPeriod;
use goodwill::money::{difference, product, sum, to_f64};
use goodwill::transactions::{Audit, AuditGroup, Margin};
use goodwill::{Conventions, ErrorKind, Ledger, Result, Share, Transaction};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::generate::{DAYS, after, cents, convention, conventions, date, rows, till_rows};
use crate::naive;
use crate::support::assert_kind;

/// Margins of six customers in two periods, of one of the three kinds.
fn margins() -> impl Strategy<Value = (u8, Vec<Share>, Vec<Decimal>)> {
    let percent = (0_u32..=100).prop_map(|percent| Share::percent(percent).unwrap());
    (0_u8..3, vec(percent, 12), vec(cents(), 12))
}

fn margin<'a>(kind: u8, rates: &'a [Share], costs: &'a [Decimal]) -> Margin<'a> {
    match kind {
        0 => Margin::Rate(Share::ONE),
        1 => Margin::Rates(rates),
        _ => Margin::Costs(costs),
    }
}

/// Days 1 to 5, and 6 or later to the end.
fn audit(
    rows: &[Transaction<u32>],
    (kind, rates, costs): &(u8, Vec<Share>, Vec<Decimal>),
    gap: u64,
    rules: Conventions,
) -> Result<Audit> {
    let ledger = Ledger::from_transactions(rows.iter().cloned()).unwrap();
    // Each customer has his own margin, whoever else is in the ledger.
    let own: Vec<usize> = ledger.customers().iter().map(|id| (id / 1_000_003) as usize).collect();
    let pick = |from: usize| -> (Vec<Share>, Vec<Decimal>) {
        (
            own.iter().map(|&i| rates[from + i]).collect(),
            own.iter().map(|&i| costs[from + i]).collect(),
        )
    };
    let ((rates, costs), (later_rates, later_costs)) = (pick(0), pick(6));
    ledger.audit(
        (date(1)..=date(5), margin(*kind, &rates, &costs)),
        (date(6 + gap)..=date(DAYS), margin(*kind, &later_rates, &later_costs)),
        &rules,
    )
}

/// Customers; occasions, revenue and profit in each period.
type Naive = (u64, [u64; 2], [Decimal; 2], [Decimal; 2]);

/// The bridge adds up, to the digit; too many digits are said to be too many.
fn reconciles(audit: &Audit, digits: u32) -> std::result::Result<(), TestCaseError> {
    let bridge = audit.bridge(digits);
    let change = bridge.clone().and_then(|bridge| bridge.change());
    match (bridge, change) {
        (Ok(bridge), Ok(change)) => {
            prop_assert_eq!(difference(bridge.closing, bridge.opening).unwrap(), change);
            for (earlier, total) in [(true, bridge.opening), (false, bridge.closing)] {
                let cell = |group| if earlier { audit.earlier(group) } else { audit.later(group) };
                match AuditGroup::ALL.into_iter().map(cell).collect::<Result<Vec<_>>>() {
                    Ok(cells) => {
                        let profit = sum(cells.iter().map(|cell| cell.profit)).unwrap();
                        prop_assert_eq!(profit, total);
                    }
                    // The revenue of a group, which the bridge does not need, is too long.
                    Err(error) => assert_kind(Err::<(), _>(error), "Overflow"),
                }
            }
        }
        (Err(error), _) | (_, Err(error)) => {
            prop_assert!(matches!(error.kind(), ErrorKind::Overflow { .. }), "{error}");
            prop_assert!(!has_room(audit, digits), "{error}, {audit:?}");
        }
    }
    Ok(())
}

/// Whether all of these together, counted in units of so many digits, are below a part of 2⁹⁶: then no sum of them overflows.
fn fits(amounts: impl IntoIterator<Item = Decimal>, digits: u32) -> bool {
    let size: f64 = amounts.into_iter().map(|amount| to_f64(amount).abs()).sum();
    size * 10_f64.powi(digits as i32) < 0.1 * 2_f64.powi(96)
}

fn finest(amounts: &[Decimal]) -> u32 {
    amounts.iter().map(|amount| amount.normalize().scale()).max().unwrap_or(0)
}

/// Whether the lines of a bridge and its two quotients surely have room: these are worked out as whole numbers of 128 bits,
/// from a product that has 96, and 28 digits after the point.
fn has_room(audit: &Audit, digits: u32) -> bool {
    let cells = AuditGroup::ALL.map(|group| [audit.earlier(group), audit.later(group)]);
    let Ok(cells) = cells.into_iter().flatten().collect::<Result<Vec<_>>>() else { return false };
    let profits: Vec<Decimal> = cells.iter().map(|cell| cell.profit).collect();
    let at = 2 * AuditGroup::ALL.iter().position(|group| *group == AuditGroup::Retained).unwrap();
    let (earlier, later) = (&cells[at], &cells[at + 1]);
    let has_quotient = |by: Decimal, of: Decimal| {
        let money = [earlier.profit, by, of];
        let scales = money.map(|amount| amount.normalize().scale());
        let [profit, by, of] = money.map(|amount| to_f64(amount).abs());
        let tens = |digits: u32| 10_f64.powi(digits as i32);
        let (whole, product) = (0.1 * 2_f64.powi(127), profit * by);
        let quotient = product / of;
        of == 0.0
            || scales[0] + scales[1] <= Decimal::MAX_SCALE
                && product * tens(scales[0] + scales[1]) < 0.1 * 2_f64.powi(96)
                && product * tens(scales[2] + digits) < whole
                && of * tens(scales[0] + scales[1]) < whole
                && quotient * tens(digits.max(finest(&profits))) < 0.01 * 2_f64.powi(96)
    };
    fits(profits.iter().copied(), digits.max(finest(&profits)))
        && has_quotient(later.occasions.into(), earlier.occasions.into())
        && has_quotient(later.revenue, earlier.revenue)
}

proptest! {
    #![proptest_config(crate::cases(384))]

    #[test]
    fn the_bridge_reconciles_at_a_till(
        rows in till_rows(),
        margins in margins(),
        gap in 0_u64..4,
        rules in conventions(),
        digits in 0_u32..9,
    ) {
        let audit = audit(&rows, &margins, gap, convention(rules)).unwrap();
        reconciles(&audit, digits)?;
        let bridge = audit.bridge(digits).unwrap();
        let retained = (
            audit.earlier(AuditGroup::Retained).unwrap(),
            audit.later(AuditGroup::Retained).unwrap(),
        );
        // What is rounded is within half a unit of the last digit of the quotient.
        if let (Some(spend), Some(margin)) = (retained.0.spend, retained.0.margin) {
            let half = 0.5 * 0.1_f64.powi(digits as i32);
            let float = |amount| goodwill::money::to_f64(amount);
            let more = (retained.1.occasions as f64 - retained.0.occasions as f64) * spend * margin;
            prop_assert!((float(bridge.frequency) - more).abs() <= half + 1e-9 * (1.0 + more.abs()));
            let size = float(retained.1.revenue).abs() * margin.abs() + float(bridge.closing).abs();
            let left = float(retained.1.profit) - float(retained.1.revenue) * margin;
            prop_assert!((float(bridge.margin.unwrap()) - left).abs() <= half + 1e-9 * (1.0 + size));
        }
    }

    #[test]
    fn the_bridge_reconciles_for_any_money(rows in rows(), margins in margins(), digits in 0_u32..=28) {
        match audit(&rows, &margins, 0, Conventions::default()) {
            Ok(audit) => reconciles(&audit, digits)?,
            Err(error) => {
                prop_assert!(matches!(error.kind(), ErrorKind::Overflow { .. }), "{error}");
                // Rates of whole per cents add two digits.
                let money: Vec<Decimal> = rows.iter().map(|row| row.amount).chain(margins.2).collect();
                prop_assert!(!fits(money.iter().copied(), finest(&money) + 2), "{error}, {rows:?}");
            }
        }
    }

    /// Every customer is in the group that his days say, with all his money.
    #[test]
    fn groups_by_the_log(rows in till_rows(), margins in margins(), gap in 0_u64..4, rules in conventions()) {
        let audit = audit(&rows, &margins, gap, convention(rules)).unwrap();
        let (kind, rates, costs) = &margins;
        let mut want: BTreeMap<AuditGroup, Naive> = BTreeMap::new();
        for (id, days) in naive::log(&rows) {
            let bought = naive::occasions(&days, rules.0);
            let periods = [date(1)..=date(5), date(6 + gap)..=date(DAYS)];
            let counts = periods.clone().map(|own| bought.iter().filter(|day| own.contains(day)).count() as u64);
            let known_before = bought.first().is_some_and(|first| first < periods[1].start());
            let group = match (counts[0] > 0, counts[1] > 0, known_before) {
                (true, true, _) => AuditGroup::Retained,
                (true, false, _) => AuditGroup::Lapsed,
                (false, true, true) => AuditGroup::Reactivated,
                (false, true, false) => AuditGroup::New,
                (false, false, _) => AuditGroup::Dormant,
            };
            let own = want.entry(group).or_default();
            own.0 += 1;
            for (i, period) in periods.iter().enumerate() {
                let money = rows.iter().filter(|row| row.customer == id && period.contains(&row.date));
                let revenue = sum(money.map(|row| row.amount)).unwrap();
                let at = 6 * i + (id / 1_000_003) as usize;
                let profit = match kind {
                    0 => revenue,
                    1 => product(revenue, rates[at].get()).unwrap(),
                    _ => difference(revenue, costs[at]).unwrap(),
                };
                own.1[i] += counts[i];
                own.2[i] = sum([own.2[i], revenue]).unwrap();
                own.3[i] = sum([own.3[i], profit]).unwrap();
            }
        }
        for group in AuditGroup::ALL {
            let (customers, occasions, revenue, profit) = want.remove(&group).unwrap_or_default();
            for (i, cell) in [audit.earlier(group), audit.later(group)].into_iter().enumerate() {
                let cell = cell.unwrap();
                prop_assert_eq!((cell.customers, cell.occasions), (customers, occasions[i]));
                prop_assert_eq!((cell.revenue, cell.profit), (revenue[i], profit[i]));
                let parts = cell.frequency.zip(cell.spend).zip(cell.margin);
                if let Some(((frequency, spend), margin)) = parts {
                    let whole = customers as f64 * frequency * spend * margin;
                    let profit = goodwill::money::to_f64(cell.profit);
                    prop_assert!((whole - profit).abs() <= 1e-12 * profit.abs());
                }
            }
        }
    }

    /// Customers dealt to shards, audited apart and merged.
    #[test]
    fn shards_of_customers_merge(rows in till_rows(), margins in margins(), part in 0_u32..6) {
        let rules = Conventions::default();
        let (left, right): (Vec<_>, Vec<_>) =
            rows.iter().cloned().partition(|row| row.customer / 1_000_003 < part);
        let whole = audit(&rows, &margins, 1, rules).unwrap();
        let parts = [&left, &right].map(|rows| audit(rows, &margins, 1, rules).unwrap());
        prop_assert_eq!(&parts[0].merge(&parts[1]).unwrap(), &whole);
        prop_assert_eq!(&parts[1].merge(&parts[0]).unwrap(), &whole);

        let ledger = |rows: &[Transaction<u32>]| Ledger::from_transactions(rows.iter().cloned()).unwrap();
        let profits = |rows: &[Transaction<u32>]| {
            let margin = Margin::Rate(margins.1[0]);
            ledger(rows).profits_of_period(date(2)..=date(9), margin, &rules).unwrap()
        };
        prop_assert_eq!(profits(&left).merge(&profits(&right)).unwrap(), profits(&rows));
        let stack = |rows: &[Transaction<u32>]| {
            ledger(rows).cohort_stack(date(DAYS), CohortPeriod::Week, &rules).unwrap()
        };
        prop_assert_eq!(stack(&left).merge(&stack(&right)).unwrap(), stack(&rows));
    }

    #[test]
    fn deciles_part_the_buyers(
        rows in till_rows(),
        costs in vec(cents(), 6),
        groups in 1_usize..12,
        rules in conventions(),
    ) {
        let rules = convention(rules);
        let ledger = Ledger::from_transactions(rows.iter().cloned()).unwrap();
        let costs = &costs[..ledger.customers().len()];
        let margin = Margin::Costs(costs);
        let period = date(3)..=date(DAYS);
        let profits = ledger.profits_of_period(period.clone(), margin, &rules).unwrap();
        let parts = profits.groups(groups).unwrap();
        // A period from the 3rd on, and one before it: who bought later is new, back or retained.
        let audit = ledger.audit((date(1)..=date(2), margin), (period, margin), &rules).unwrap();
        let buyers = [AuditGroup::New, AuditGroup::Retained, AuditGroup::Reactivated]
            .map(|group| audit.later(group).unwrap());
        prop_assert_eq!(parts.len(), groups);
        prop_assert_eq!(parts.iter().map(|own| own.customers).sum::<u64>(), profits.customers() as u64);
        prop_assert_eq!(buyers.iter().map(|own| own.customers).sum::<u64>(), profits.customers() as u64);
        let total = sum(buyers.iter().map(|own| own.profit)).unwrap();
        prop_assert_eq!(sum(parts.iter().map(|own| own.profit)).unwrap(), total);
        prop_assert_eq!(
            sum(parts.iter().map(|own| own.revenue)).unwrap(),
            sum(buyers.iter().map(|own| own.revenue)).unwrap()
        );
        prop_assert_eq!(
            parts.iter().map(|own| own.occasions).sum::<u64>(),
            buyers.iter().map(|own| own.occasions).sum::<u64>()
        );
        let mean = |own: &goodwill::transactions::ProfitDecile| {
            goodwill::money::to_f64(own.profit) / own.customers as f64
        };
        let full: Vec<f64> = parts.iter().filter(|own| own.customers > 0).map(mean).collect();
        prop_assert!(full.is_sorted_by(|a, b| b - a <= 1e-9), "{:?}", full);
        let shares: Vec<f64> = parts.iter().filter_map(|own| own.share_of_profit).collect();
        prop_assert_eq!(shares.len(), if total > Decimal::ZERO { groups } else { 0 });
        if total > Decimal::ZERO {
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }

    /// Every cell by the log; the stack holds all money.
    #[test]
    fn the_stack_holds_all_money(rows in till_rows(), rules in conventions()) {
        let ledger = Ledger::from_transactions(rows.iter().cloned()).unwrap();
        let stack = ledger.cohort_stack(date(DAYS), CohortPeriod::Week, &convention(rules)).unwrap();
        let cells = stack.cells().unwrap();
        prop_assert_eq!(
            sum(cells.iter().map(|cell| cell.revenue)).unwrap(),
            sum(rows.iter().map(|row| row.amount)).unwrap()
        );
        let log = naive::log(&rows);
        let monday = |day: chrono::NaiveDate| day.week(chrono::Weekday::Mon).first_day();
        for cell in &cells {
            let mut want = (0, 0, Vec::new());
            for (id, days) in &log {
                let bought = naive::occasions(days, rules.0);
                if bought.first().map(|&first| monday(first)) != cell.cohort {
                    continue;
                }
                let own = bought.iter().filter(|&&day| monday(day) == cell.period).count() as u64;
                want.0 += u64::from(own > 0);
                want.1 += own;
                let paid = rows.iter().filter(|row| row.customer == *id && monday(row.date) == cell.period);
                want.2.extend(paid.map(|row| row.amount));
            }
            prop_assert_eq!((cell.buyers, cell.occasions), (want.0, want.1));
            prop_assert_eq!(cell.revenue, sum(want.2).unwrap());
            prop_assert_eq!(stack.is_running(cell), after(cell.period, 6) > date(DAYS));
        }
        prop_assert!(cells.is_sorted_by_key(|cell| (cell.period, cell.cohort)));
    }
}
