//! Summaries, histories and spends against the naive log.

use goodwill::{
    Conventions, ErrorKind, Histories, History, Ledger, Occasion, Refunds, Spend, TimeUnit,
    Transaction, money,
};
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use crate::big::Big;
use crate::generate::{DAYS, OCCASIONS, convention, conventions, date, rows, till_rows};
use crate::naive;

fn ledger(rows: &[Transaction<u32>]) -> Ledger<u32> {
    Ledger::from_transactions(rows.iter().cloned()).unwrap()
}

fn with(occasion: Occasion, refunds: Refunds) -> Conventions {
    Conventions::new().occasion(occasion).refunds(refunds)
}

proptest! {
    #![proptest_config(crate::cases(1_024))]

    #[test]
    fn summaries_are_those_of_the_naive_log(
        rows in rows(),
        rules in conventions(),
        over in 0_u64..400,
    ) {
        let as_of = date(DAYS + over);
        let ledger = ledger(&rows);
        let want: Vec<_> = naive::log(&rows)
            .values()
            .map(|days| naive::Summary::of(days, as_of, rules.0, rules.1))
            .collect();
        match ledger.summaries_with(as_of, &convention(rules)) {
            Ok(got) => {
                let ids: Vec<u32> = got.iter().map(|summary| *summary.customer).collect();
                prop_assert_eq!(ids, ledger.customers());
                let got: Vec<_> = got.iter().map(|summary| Some(summary.into())).collect();
                prop_assert_eq!(got, want);
            }
            Err(error) => {
                prop_assert!(matches!(error.kind(), ErrorKind::Overflow { .. }), "{error}");
                let first = want.iter().position(Option::is_none);
                let customer = first.expect("every customer's money fits");
                prop_assert!(
                    error.to_string().contains(&format!("customer {customer} ")),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn revenue_is_the_sum_of_all_rows_under_every_rule(rows in till_rows()) {
        let ledger = ledger(&rows);
        let total = money::sum(rows.iter().map(|row| row.amount)).unwrap();
        let returned = money::sum(rows.iter().map(|row| row.amount.min(Decimal::ZERO))).unwrap();
        for occasion in OCCASIONS {
            for refunds in [Refunds::OnTheDay, Refunds::AgainstEarlier] {
                let summaries =
                    ledger.summaries_with(date(DAYS), &with(occasion, refunds)).unwrap();
                let sum = |of: fn(&goodwill::CustomerSummary<'_, u32>) -> Decimal| {
                    money::sum(summaries.iter().map(of)).unwrap()
                };
                prop_assert_eq!(sum(|summary| summary.net_revenue), total);
                prop_assert_eq!(sum(|summary| summary.refunds), returned);
                prop_assert_eq!(
                    summaries.iter().map(|summary| summary.rows as usize).sum::<usize>(),
                    rows.len()
                );
            }
        }
    }

    /// What is left of the days and what no purchase covers add up to the net; with one occasion more or less, the
    /// mean repeat spend says how much of it came after the first.
    #[test]
    fn refunds_against_earlier_purchases_lose_no_money(rows in till_rows()) {
        let log = naive::log(&rows);
        let ledger = ledger(&rows);
        let earlier = with(Occasion::PurchaseDay, Refunds::AgainstEarlier);
        let summaries = ledger.summaries_with(date(DAYS), &earlier).unwrap();
        for summary in &summaries {
            let days = &log[summary.customer];
            prop_assert!(summary.refunds <= Decimal::ZERO);
            prop_assert!(summary.unmatched_refunds <= Decimal::ZERO);
            prop_assert!(summary.unmatched_refunds >= summary.refunds);
            let (left, _) = naive::matched(days);
            let left_in_all = left.values().fold(Big::ZERO, |sum, day| sum.plus(day));
            let net = left_in_all.plus(&Big::of(summary.unmatched_refunds));
            prop_assert_eq!(net.decimal(), Some(summary.net_revenue));
            if let (Some(first), Some(mean)) = (summary.first, summary.mean_repeat_spend) {
                let repeat = mean * f64::from(summary.occasions - 1);
                let want = left_in_all.minus(&left[&first]).nearest();
                prop_assert!((repeat - want).abs() <= 1e-9, "{repeat} is not {want}");
            }
        }
    }

    #[test]
    fn refunds_are_refused_where_there_is_one(
        rows in till_rows(),
        occasion in select(&OCCASIONS[..]),
    ) {
        let refuse = with(occasion, Refunds::Refuse);
        let ledger = ledger(&rows);
        let got = ledger.summaries_with(date(DAYS), &refuse);
        let with_refund = ledger.customers().iter().position(|id| {
            rows.iter().any(|row| row.customer == *id && row.amount < Decimal::ZERO)
        });
        match with_refund {
            None => {
                let on_the_day =
                    ledger.summaries_with(date(DAYS), &with(occasion, Refunds::OnTheDay));
                prop_assert_eq!(got, on_the_day);
            }
            Some(first) => match got.unwrap_err().kind() {
                ErrorKind::Inconsistent { row, .. } => prop_assert_eq!(*row, Some(first)),
                other => prop_assert!(false, "{other:?}"),
            },
        }
    }

    #[test]
    fn histories_and_spends_are_the_summaries_with_an_occasion(
        rows in till_rows(),
        rules in conventions(),
        over in 0_u64..400,
        unit in select(&[TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year][..]),
    ) {
        let as_of = date(DAYS + over);
        let ledger = ledger(&rows);
        let summaries = ledger.summaries_with(as_of, &convention(rules)).unwrap();
        let histories = ledger.histories_with(as_of, unit, &convention(rules)).unwrap();
        let spends = ledger.spends_with(as_of, &convention(rules)).unwrap();
        let buyers: Vec<_> = summaries.iter().filter(|summary| summary.occasions > 0).collect();
        prop_assert_eq!(histories.len(), buyers.len());
        prop_assert_eq!(histories.iter().len(), buyers.len());
        prop_assert_eq!((histories.as_of(), histories.unit()), (Some(as_of), unit));
        prop_assert_eq!(spends.len(), buyers.len());
        for (i, summary) in buyers.iter().enumerate() {
            let (first, last) = (summary.first.unwrap(), summary.last.unwrap());
            let days =
                |later: chrono::NaiveDate| later.signed_duration_since(first).num_days() as f64;
            let (recency, age) = (days(last) / unit.days(), days(as_of) / unit.days());
            let want = History::new(unit, summary.occasions - 1, recency, age).unwrap();
            prop_assert_eq!(histories.get(i), Some(want));
            prop_assert_eq!(summary.frequency(), Some(want.frequency()));
            let mean = summary.mean_repeat_spend.unwrap_or(0.0);
            prop_assert_eq!(spends.get(i), Some(Spend::new(want.frequency(), mean).unwrap()));
        }
        let json = serde_json::to_value(&histories).unwrap();
        prop_assert_eq!(serde_json::from_value::<Histories>(json).unwrap(), histories);
    }

    #[test]
    fn a_row_after_the_as_of_date_is_an_error_unless_cut(
        rows in till_rows(),
        after in 0..DAYS,
    ) {
        let as_of = date(after);
        let ledger = ledger(&rows);
        let late = rows.iter().any(|row| row.date > as_of);
        prop_assert_eq!(ledger.summaries(as_of).is_err(), late);
        prop_assert_eq!(ledger.histories(as_of, TimeUnit::Day).is_err(), late);
        prop_assert_eq!(ledger.spends(as_of).is_err(), late);
        prop_assert!(ledger.until(as_of).summaries(as_of).is_ok());
    }
}
