//! Churn at the ends of the calendar, and its cost at the ends of money.

use chrono::NaiveDate;
use goodwill::{ChurnCost, Ledger, LostAfter, Probability, Share, Transaction};
use rust_decimal::Decimal;

use crate::support::day;
use crate::table::{dates, decimals};
use crate::{assert_kind, assert_message, kind};

#[test]
fn periods_at_the_ends_of_the_calendar() {
    let dates = dates();
    let rows = dates
        .iter()
        .enumerate()
        .map(|(i, &date)| Transaction::new(i as u32 % 3, date, decimals()[i]));
    let ledger = Ledger::from_transactions(rows).unwrap();
    for rule in [1, 365, u32::MAX].map(|days| LostAfter::days(days).unwrap()) {
        for &to in &dates {
            let known = ledger.until(to);
            match known.lost_customers(to, rule) {
                Ok(lost) => {
                    assert!(lost.iter().all(|one| one.customer < known.customers().len()));
                    let summaries = known.summaries(to).unwrap();
                    let judged = summaries.iter().filter(|one| rule.is_lost(one) == Some(true));
                    assert_eq!(lost.len(), judged.count());
                }
                Err(error) => assert_eq!(kind(&error), "Overflow", "{error}"),
            }
            for &from in &dates {
                match known.churn(from, to, rule) {
                    Ok(churn) => {
                        assert!(from < to && churn.lost <= churn.opening);
                        let rate = churn.rate(Probability::constant(0.95));
                        assert_eq!(rate.is_ok(), churn.opening > 0);
                    }
                    Err(error) if from < to => assert_eq!(kind(&error), "Overflow", "{error}"),
                    got => assert_kind(got, "Inconsistent"),
                }
            }
        }
    }
    let none: Ledger<u32> = Ledger::default();
    let rule = LostAfter::days(1).unwrap();
    assert!(none.lost_customers(NaiveDate::MIN, rule).unwrap().is_empty());
    let churn = none.churn(NaiveDate::MIN, NaiveDate::MAX, rule).unwrap();
    assert_message(churn.rate(Probability::constant(0.5)), "sample must not be empty");
    assert_message(
        ledger.churn(day(2024, 2, 1), day(2024, 2, 1), rule),
        "a period from 2024-02-01 to 2024-02-01 has no length",
    );
    assert_kind(ledger.churn(NaiveDate::MIN, day(2024, 2, 1), rule), "Inconsistent");
    assert_kind(ledger.lost_customers(NaiveDate::MIN, rule), "Inconsistent");
}

#[test]
fn the_cost_of_churn() {
    let shares: Vec<Share> =
        decimals().into_iter().filter_map(|value| Share::new(value).ok()).collect();
    for customers in [0, 1, 64_000, u64::MAX] {
        for &churn in &shares {
            for &margin in &shares {
                for revenue in decimals() {
                    match ChurnCost::new(customers, churn, revenue, margin) {
                        Ok(cost) => {
                            assert!(revenue >= Decimal::ZERO);
                            assert!(cost.lost_profit() <= cost.lost_revenue());
                            assert!(cost.lost_customers() <= customers.into());
                        }
                        got if revenue < Decimal::ZERO => assert_kind(got, "OutOfDomain"),
                        got => assert_kind(got, "Overflow"),
                    }
                }
            }
        }
    }
    assert_message(
        ChurnCost::new(1, Share::ONE, Decimal::NEGATIVE_ONE, Share::ONE),
        "revenue per customer must lie in [0, ∞), but is -1",
    );
    assert_message(
        ChurnCost::new(2, Share::ONE, Decimal::MAX, Share::ONE),
        "the product 2 × 79228162514264337593543950335 has more digits than the type holds exactly",
    );
}
