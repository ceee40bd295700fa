//! Churn counted again by hand, and its cost in whole numbers.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use goodwill::{
    ChurnCost, ErrorKind, Ledger, LostAfter, Occasion, Probability, Share, Transaction,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::big::Big;
use crate::generate::{DAYS, any_money, date, till_rows};
use crate::naive;

/// The day of each customer's last purchase up to a day.
fn last_purchases(rows: &[Transaction<u32>], until: NaiveDate) -> BTreeMap<u32, NaiveDate> {
    let log = naive::log(&naive::until(rows, until));
    let last = |days| naive::occasions(days, Occasion::PurchaseDay).last().copied();
    log.iter().filter_map(|(&id, days)| Some((id, last(days)?))).collect()
}

fn is_lost(last: NaiveDate, at: NaiveDate, rule: u32) -> bool {
    at.signed_duration_since(last).num_days() >= i64::from(rule)
}

/// Rows spread over eight years.
fn long_rows() -> impl Strategy<Value = Vec<Transaction<u32>>> {
    till_rows().prop_map(|rows| {
        let spread = |row: Transaction<u32>| {
            let after = row.date.signed_duration_since(date(0)).num_days() as u64;
            let cents = row.amount.mantissa().unsigned_abs() as u64;
            Transaction { date: date(after * 182 + cents % 5), ..row }
        };
        rows.into_iter().map(spread).collect()
    })
}

/// The end of the eight years.
fn end() -> NaiveDate {
    date(DAYS * 183)
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn churn_is_the_naive_count(
        rows in till_rows(),
        from in 0..DAYS,
        length in 1_u64..30,
        days in 1_u32..20,
    ) {
        let (from, to) = (date(from), date(from + length));
        let ledger = Ledger::from_transactions(rows.iter().cloned()).unwrap().until(to);
        let churn = ledger.churn(from, to, LostAfter::days(days).unwrap()).unwrap();
        let (before, after) = (last_purchases(&rows, from), last_purchases(&rows, to));
        let opening: Vec<u32> = before
            .iter()
            .filter(|(_, last)| !is_lost(**last, from, days))
            .map(|(&id, _)| id)
            .collect();
        let lost = opening.iter().filter(|id| is_lost(after[id], to, days)).count();
        prop_assert_eq!((churn.opening, churn.lost), (opening.len() as u64, lost as u64));
        match churn.rate(Probability::constant(0.9)) {
            Ok(rate) => prop_assert_eq!(
                rate.value().to_bits(),
                (lost as f64 / opening.len() as f64).to_bits()
            ),
            Err(error) => {
                prop_assert!(matches!(error.kind(), ErrorKind::Empty { .. }), "{error}");
                prop_assert!(opening.is_empty());
            }
        }
    }

    #[test]
    fn lost_kept_and_those_who_never_bought_are_all(rows in long_rows(), days in 1_u32..1_500) {
        let rule = LostAfter::days(days).unwrap();
        let ledger = Ledger::from_transactions(rows.iter().cloned()).unwrap();
        let lost = ledger.lost_customers(end(), rule).unwrap();
        let summaries = ledger.summaries(end()).unwrap();
        let judged: Vec<Option<bool>> =
            summaries.iter().map(|summary| rule.is_lost(summary)).collect();
        let count = |of: Option<bool>| judged.iter().filter(|&&judgement| judgement == of).count();
        prop_assert_eq!(lost.len(), count(Some(true)));
        prop_assert_eq!(lost.len() + count(Some(false)) + count(None), ledger.customers().len());
        prop_assert_eq!(
            count(None),
            summaries.iter().filter(|summary| summary.occasions == 0).count()
        );
        prop_assert!(lost.is_sorted_by(|a, b| a.customer < b.customer));
        prop_assert!(lost.iter().all(|one| judged[one.customer] == Some(true)));
    }

    /// The last purchase's day is the 365th.
    #[test]
    fn lost_revenue_is_the_naive_sum_of_the_year(rows in long_rows(), days in 1_u32..1_500) {
        let ledger = Ledger::from_transactions(rows.iter().cloned()).unwrap();
        let last = last_purchases(&rows, end());
        for lost in ledger.lost_customers(end(), LostAfter::days(days).unwrap()).unwrap() {
            let id = ledger.customers()[lost.customer];
            let in_year = |row: &&Transaction<u32>| {
                let before = last[&id].signed_duration_since(row.date).num_days();
                row.customer == id && (0..365).contains(&before)
            };
            let want = Big::sum(rows.iter().filter(in_year).map(|row| row.amount));
            prop_assert_eq!(Some(lost.last_year_revenue), want.decimal());
        }
    }

    /// 10⁻⁴ of the customers, cents of revenue, 10⁻³ of margin: whole numbers all the way.
    #[test]
    fn the_cost_reconciles_in_whole_numbers(
        customers in 0_u64..10_000_000_000,
        churn in 0_i64..=10_000,
        revenue in 0_i64..=100_000_000,
        margin in 0_i64..=1_000,
    ) {
        let cost = ChurnCost::new(
            customers,
            Share::new(Decimal::new(churn, 4)).unwrap(),
            Decimal::new(revenue, 2),
            Share::new(Decimal::new(margin, 3)).unwrap(),
        )
        .unwrap();
        let lost = i128::from(customers) * i128::from(churn);
        let lost_revenue = lost * i128::from(revenue);
        let at = |mantissa, scale| Decimal::from_i128_with_scale(mantissa, scale).normalize();
        prop_assert_eq!(cost.lost_customers().serialize(), at(lost, 4).serialize());
        prop_assert_eq!(cost.lost_revenue().serialize(), at(lost_revenue, 6).serialize());
        prop_assert_eq!(
            cost.lost_profit().serialize(),
            at(lost_revenue * i128::from(margin), 9).serialize()
        );
    }

    /// With any digits: exact, or an overflow.
    #[test]
    fn the_cost_is_exact_or_an_error(
        customers in any::<u64>(),
        churn in any_money(),
        revenue in any_money(),
    ) {
        let fraction = |amount: Decimal| Share::new(amount.abs().fract()).unwrap();
        let (churn, revenue) = (fraction(churn), revenue.abs());
        match ChurnCost::new(customers, churn, revenue, Share::ONE) {
            Ok(cost) => {
                prop_assert_eq!(
                    Big::of(cost.lost_customers()),
                    Big::product(customers.into(), churn.get())
                );
                prop_assert_eq!(
                    Big::of(cost.lost_revenue()),
                    Big::product(cost.lost_customers(), revenue)
                );
                prop_assert_eq!(cost.lost_profit(), cost.lost_revenue());
            }
            Err(error) => {
                prop_assert!(matches!(error.kind(), ErrorKind::Overflow { .. }), "{error}");
                let lost = Big::product(customers.into(), churn.get()).decimal();
                prop_assert!(
                    lost.is_none_or(|lost| Big::product(lost, revenue).decimal().is_none())
                );
            }
        }
    }
}
