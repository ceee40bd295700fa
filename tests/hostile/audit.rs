//! Audits of hostile money at the ends of the calendar.

use chrono::NaiveDate;
use goodwill::money::difference;
use goodwill::transactions::{AuditGroup, CohortPeriod, Margin};
use goodwill::{Conventions, Ledger, Share, Transaction};
use rust_decimal::Decimal;

use crate::support::day;
use crate::table::{dates, decimals};
use crate::{assert_kind, assert_message, kind};

fn ledger(amounts: &[Decimal]) -> Ledger<u32> {
    let dates = dates();
    let row = |(i, &amount): (usize, &Decimal)| {
        Transaction::new(i as u32 % 4, dates[i % dates.len()], amount)
    };
    Ledger::from_transactions(amounts.iter().enumerate().map(row)).unwrap()
}

#[test]
fn audits_of_hostile_money() {
    let (usual, decimals, dates) = (Conventions::default(), decimals(), dates());
    let ledger = ledger(&decimals);
    let shares: Vec<Share> = decimals.iter().filter_map(|&value| Share::new(value).ok()).collect();
    let rates: Vec<Share> = shares.iter().copied().cycle().take(4).collect();
    for (i, &cut) in dates.iter().enumerate() {
        let costs: Vec<Decimal> = (0..4).map(|j| decimals[(i + j) % decimals.len()]).collect();
        for margin in
            [Margin::Rate(shares[i % shares.len()]), Margin::Rates(&rates), Margin::Costs(&costs)]
        {
            let Some(next) = cut.succ_opt() else { continue };
            let periods = (NaiveDate::MIN..=cut, next..=NaiveDate::MAX);
            match ledger.audit((periods.0, margin), (periods.1, Margin::Rate(Share::ONE)), &usual) {
                Ok(audit) => {
                    let text = serde_json::to_string(&audit).unwrap();
                    assert_eq!(text.matches("\"group\":").count(), 5);
                    if let Err(error) = audit.merge(&audit) {
                        assert_eq!(kind(&error), "Overflow");
                    }
                    for group in AuditGroup::ALL {
                        for cell in [audit.earlier(group), audit.later(group)] {
                            match cell {
                                Ok(cell) => {
                                    let ratios = [cell.frequency, cell.spend, cell.margin];
                                    assert!(
                                        ratios.iter().flatten().all(|own| own.is_finite()),
                                        "{cell:?}"
                                    );
                                }
                                Err(error) => assert_eq!(kind(&error), "Overflow"),
                            }
                        }
                    }
                    for digits in [0, 2, 28] {
                        match audit.bridge(digits).and_then(|own| Ok((own, own.change()?))) {
                            Ok((bridge, change)) => {
                                assert_eq!(
                                    difference(bridge.closing, bridge.opening).unwrap(),
                                    change
                                );
                            }
                            Err(error) => assert_eq!(kind(&error), "Overflow", "{error}"),
                        }
                    }
                    assert_message(audit.bridge(29), "digits must lie in [0, 28], but is 29");
                }
                Err(error) => assert_eq!(kind(&error), "Overflow", "{error}"),
            }
            match ledger.profits_of_period(NaiveDate::MIN..=cut, margin, &usual) {
                Ok(profits) => {
                    assert!(profits.customers() <= 4);
                    let both = profits.merge(&profits).unwrap();
                    assert_eq!(both.customers(), 2 * profits.customers());
                    match both.groups(3) {
                        Ok(parts) => assert!(
                            parts.iter().filter_map(|own| own.share_of_profit).all(f64::is_finite)
                        ),
                        Err(error) => assert_eq!(kind(&error), "Overflow", "{error}"),
                    }
                }
                Err(error) => assert_eq!(kind(&error), "Overflow", "{error}"),
            }
        }
        for period in
            [CohortPeriod::Week, CohortPeriod::Month, CohortPeriod::Quarter, CohortPeriod::Year]
        {
            let known = ledger.until(cut);
            let stack = known.cohort_stack(cut, period, &usual).unwrap();
            match stack.cells() {
                Ok(cells) => {
                    assert!(cells.iter().all(|cell| cell.period <= cut || stack.is_running(cell)));
                }
                Err(error) => assert_eq!(kind(&error), "Overflow", "{error}"),
            }
            if let Err(error) = stack.merge(&stack) {
                assert_eq!(kind(&error), "Overflow", "{error}");
            }
        }
    }
}

#[test]
fn audits_that_make_no_sense() {
    let usual = Conventions::default();
    let (one, two) = (day(2023, 1, 1)..=day(2023, 12, 31), day(2024, 1, 1)..=day(2024, 12, 31));
    let row = |date| Transaction::new(1_u32, date, 5.into());
    let ledger = Ledger::from_transactions([row(day(2024, 3, 1))]).unwrap();
    let all = Margin::Rate(Share::ONE);
    let audit = |earlier, later| ledger.audit((earlier, all), (later, all), &usual);
    assert_message(
        audit(two.clone(), one.clone()),
        "the periods 2024-01-01 to 2024-12-31 and 2023-01-01 to 2023-12-31 must follow each other",
    );
    assert_kind(audit(two.clone(), two.clone()), "Inconsistent");
    assert_kind(audit(one.clone(), day(2024, 2, 1)..=day(2024, 1, 1)), "Inconsistent");
    assert_kind(
        audit(NaiveDate::MIN..=NaiveDate::MIN, NaiveDate::MIN..=NaiveDate::MAX),
        "Inconsistent",
    );
    assert_message(
        audit(day(2022, 1, 1)..=day(2022, 1, 1), one.clone()),
        "the ledger has a row on 2024-03-01, after the as-of date 2023-12-31: cut it with `until`",
    );
    assert_message(
        ledger.audit((one.clone(), Margin::Costs(&[])), (two.clone(), all), &usual),
        "customers and costs must have the same length, but have 1 and 0",
    );
    assert_message(
        ledger.profits_of_period(one.clone(), Margin::Rates(&[Share::ONE; 2]), &usual),
        "customers and margin rates must have the same length, but have 1 and 2",
    );
    assert_message(
        ledger.profits_of_period(day(2024, 1, 2)..=day(2024, 1, 1), all, &usual),
        "a period from 2024-01-02 to 2024-01-01 has no day",
    );
    let whole = audit(one.clone(), two.clone()).unwrap();
    let other = audit(one.clone(), day(2024, 2, 1)..=day(2024, 12, 31)).unwrap();
    assert_message(whole.merge(&other), "audits of different periods cannot be merged");
    let profits = |period| ledger.profits_of_period(period, all, &usual).unwrap();
    assert_message(
        profits(one.clone()).merge(&profits(two.clone())),
        "profits of different periods cannot be merged",
    );
    assert!(profits(one).deciles().unwrap().iter().all(|own| own.customers == 0));
    assert_message(profits(two).groups(0), "groups must lie in [1, 10^6], but is 0");
    let stack = |period| ledger.cohort_stack(day(2024, 3, 1), period, &usual).unwrap();
    assert_message(
        stack(CohortPeriod::Year).merge(&stack(CohortPeriod::Week)),
        "stacks by Year on 2024-03-01 and by Week on 2024-03-01 cannot be merged",
    );
    assert_kind(ledger.cohort_stack(day(2024, 2, 1), CohortPeriod::Week, &usual), "Inconsistent");
}
