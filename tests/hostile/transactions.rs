//! Ledgers of hostile rows: amounts that tempt rounding, dates at the ends of the calendar, odd ids.

use chrono::NaiveDate;
use goodwill::{Conventions, CustomerId, Ledger, Occasion, Refunds, TimeUnit, Transaction};
use rust_decimal::Decimal;

use crate::support::day;
use crate::table::{UNITS, dates, decimals};
use crate::{assert_kind, assert_message, kind};

const OCCASIONS: [Occasion; 3] =
    [Occasion::PurchaseDay, Occasion::PaidDay, Occasion::NetPositiveDay];
const REFUNDS: [Refunds; 3] = [Refunds::OnTheDay, Refunds::AgainstEarlier, Refunds::Refuse];

/// Everything that reads a ledger, at every date and under every convention.
fn read(ledger: &Ledger<u32>) {
    assert_eq!(ledger.first_day().is_none(), ledger.rows() == 0);
    let shared = ledger.merge(&Ledger::default()).unwrap();
    assert_eq!(&shared, ledger);
    assert!(ledger.customers().iter().all(|id| ledger.position(id).is_some()));
    for as_of in dates() {
        let known = ledger.until(as_of);
        assert!(known.last_day().is_none_or(|last| last <= as_of));
        for occasion in OCCASIONS {
            for refunds in REFUNDS {
                read_at(&known, as_of, Conventions::new().occasion(occasion).refunds(refunds));
            }
        }
        if ledger.last_day().is_some_and(|last| last > as_of) {
            assert_kind(ledger.summaries(as_of).map(|_| ()), "Inconsistent");
            assert_kind(ledger.histories(as_of, TimeUnit::Day), "Inconsistent");
            assert_kind(ledger.spends(as_of), "Inconsistent");
        }
    }
}

fn read_at(ledger: &Ledger<u32>, as_of: NaiveDate, conventions: Conventions) {
    let conventions = &conventions;
    match ledger.summaries_with(as_of, conventions) {
        Ok(summaries) => {
            assert_eq!(summaries.len(), ledger.customers().len());
            for summary in summaries {
                assert_eq!(summary.frequency().is_none(), summary.first.is_none());
                let means = [summary.mean_days_between, summary.mean_repeat_spend];
                assert!(means.iter().flatten().all(|mean| mean.is_finite()), "{summary:?}");
            }
            ledger.spends_with(as_of, conventions).unwrap();
        }
        Err(error) => {
            assert!(["Overflow", "Inconsistent"].contains(&kind(&error)), "{error}");
            let error = ledger.spends_with(as_of, conventions).unwrap_err();
            assert!(["Overflow", "Inconsistent"].contains(&kind(&error)), "{error}");
        }
    }
    for unit in UNITS {
        for history in ledger.histories_with(as_of, unit, conventions).unwrap().iter() {
            assert!(history.recency() <= history.age() && history.age().is_finite());
        }
    }
    for split in dates() {
        match ledger.split(split, as_of, conventions) {
            Ok(parts) => {
                assert!(split < as_of && parts.calibration.last_day() <= Some(split));
                assert!(parts.holdout.length(TimeUnit::Year) > 0.0);
                assert!(parts.holdout.total() <= ledger.rows());
            }
            got => {
                assert!(split >= as_of);
                assert_kind(got, "Inconsistent");
            }
        }
    }
}

#[test]
fn no_rows() {
    let none: Ledger<u32> = Ledger::from_transactions([]).unwrap();
    assert_eq!(none, Ledger::default());
    assert_eq!((none.first_day(), none.last_day(), none.rows()), (None, None, 0));
    read(&none);
    let histories = none.histories(NaiveDate::MIN, TimeUnit::Week).unwrap();
    assert!(
        histories.is_empty() && histories.get(0).is_none() && histories.iter().next().is_none()
    );
    let spends = none.spends(NaiveDate::MAX).unwrap();
    assert!(spends.is_empty() && spends.get(usize::MAX).is_none());
    assert_eq!(Ledger::<u32>::from_slice(&[]).unwrap(), Ledger::default());
}

#[test]
fn one_row_of_every_kind() {
    for date in dates() {
        for amount in decimals() {
            let ledger = Ledger::from_transactions([Transaction::new(7, date, amount)]).unwrap();
            let summaries = ledger.summaries(NaiveDate::MAX).unwrap();
            assert_eq!(summaries[0].net_revenue.serialize(), amount.normalize().serialize());
            assert_eq!(ledger.first_day(), Some(date));
            assert_eq!(Ledger::from_slice(&[Transaction::new(7, date, amount)]).unwrap(), ledger);
        }
    }
}

#[test]
fn all_amounts_of_one_customer() {
    let rows = |id: fn(usize) -> u32| {
        let dates = dates();
        let row = move |(i, amount)| Transaction::new(id(i), dates[i % dates.len()], amount);
        decimals().into_iter().enumerate().map(row)
    };
    // All on one customer, each on his own, and on one day.
    read(&Ledger::from_transactions(rows(|_| 3)).unwrap());
    read(&Ledger::from_transactions(rows(|i| i as u32)).unwrap());
    let one_day = rows(|i| i as u32 % 2).map(|row| Transaction { date: day(2024, 2, 29), ..row });
    read(&Ledger::from_transactions(one_day).unwrap());
}

#[test]
fn money_that_a_decimal_cannot_hold() {
    let at = |amount| Transaction::new("ann", day(2024, 1, 1), amount);
    let ledger = Ledger::from_transactions([at(Decimal::MAX), at(Decimal::MAX)]).unwrap();
    assert_message(
        ledger.summaries(day(2024, 1, 1)).map(|_| ()),
        "the money of customer 0 has more digits than the type holds exactly",
    );
    assert_eq!(Ledger::from_slice(&[at(Decimal::MAX), at(Decimal::MAX)]).unwrap(), ledger);
    // A third row takes it back into range.
    let whole = ledger.merge(&Ledger::from_transactions([at(Decimal::MIN)]).unwrap()).unwrap();
    assert_eq!(whole.summaries(day(2024, 1, 1)).unwrap()[0].net_revenue, Decimal::MAX);
    // Beyond 10³⁸ a day's money is an error of the ledger itself.
    let mut large = ledger;
    let error = loop {
        match large.merge(&large) {
            Ok(doubled) => large = doubled,
            Err(error) => break error,
        }
    };
    assert_message::<()>(
        Err(error),
        "the rows or the money of one customer's day has more digits than the type holds exactly",
    );
}

#[test]
fn rows_after_the_as_of_date_and_refunds() {
    let row = |who, d, amount: i64| Transaction::new(who, day(2024, 3, d), amount.into());
    let ledger =
        Ledger::from_transactions([row("ann", 1, 5), row("bob", 2, -5), row("zoe", 9, -1)])
            .unwrap();
    assert_message(
        ledger.summaries(day(2024, 3, 8)).map(|_| ()),
        "the ledger has a row on 2024-03-09, after the as-of date 2024-03-08: cut it with `until`",
    );
    let refuse = Conventions::new().refunds(Refunds::Refuse);
    assert_message(
        ledger.summaries_with(day(2024, 3, 9), &refuse).map(|_| ()),
        "refunds are refused, but there is one on 2024-03-02 (row 1)",
    );
    assert_message(
        ledger.split(day(2024, 3, 9), day(2024, 3, 9), &refuse),
        "the split 2024-03-09 must lie before the as-of date 2024-03-09",
    );
}

/// Three rows, two of which cancel: however they are dealt and merged, one ledger.
#[test]
fn every_pair_of_amounts_and_dates() {
    for first in decimals() {
        for second in decimals() {
            let mut back = second;
            back.set_sign_negative(second.is_sign_positive());
            for date in [NaiveDate::MIN, day(2024, 2, 29), NaiveDate::MAX] {
                for customer in [0_u8, u8::MAX] {
                    let rows = [
                        Transaction::new(0, NaiveDate::MIN, first),
                        Transaction::new(customer, date, second),
                        Transaction::new(customer, date, back),
                    ];
                    let ledger = Ledger::from_transactions(rows.clone()).unwrap();
                    assert_eq!(ledger.rows(), 3);
                    let parts = rows.map(|row| Ledger::from_transactions([row]).unwrap());
                    let merged = parts[2].merge(&parts[0]).unwrap().merge(&parts[1]).unwrap();
                    assert_eq!(merged, ledger);
                    assert_eq!(merged.until(NaiveDate::MAX), ledger);
                    // The refunds of customer 0 can be too many digits where his net is not.
                    match ledger.summaries(NaiveDate::MAX) {
                        Ok(summaries) => assert_eq!(summaries[0].net_revenue, first),
                        Err(error) => assert!(customer == 0 && kind(&error) == "Overflow"),
                    }
                }
            }
        }
    }
}

#[test]
fn ids_of_every_kind_group_and_order() {
    fn customers<C: CustomerId + std::fmt::Debug>(ids: &[C]) -> Vec<C> {
        let at = day(2024, 1, 1);
        let rows = ids.iter().chain(ids).map(|id| Transaction::new(id.clone(), at, Decimal::ONE));
        let ledger = Ledger::from_transactions(rows).unwrap();
        assert!(ledger.summaries(at).unwrap().iter().all(|own| own.rows == 2));
        let sorted = ledger.customers().to_vec();
        // What a key says of two ids is what their order says.
        for pair in sorted.windows(2) {
            assert!(pair[0].radix_key() < pair[1].radix_key() || pair[0].radix_key().is_none());
            assert!(pair[0].sort_bytes() < pair[1].sort_bytes() || pair[0].sort_bytes().is_none());
        }
        sorted
    }
    assert_eq!(customers(&[i64::MAX, -1, i64::MIN, 0]), [i64::MIN, -1, 0, i64::MAX]);
    assert_eq!(customers(&[u64::MAX, 0]), [0, u64::MAX]);
    assert_eq!(customers(&[i8::MAX, -1, i8::MIN]), [i8::MIN, -1, i8::MAX]);
    assert_eq!(customers(&[usize::MAX, 0]), [0, usize::MAX]);
    assert_eq!(customers(&[i128::MAX, i128::MIN]), [i128::MIN, i128::MAX]);
    let long = "x".repeat(100);
    let texts = ["", "\0", "a", "a\0", "ab", "b", long.as_str(), "\u{10ffff}", "a\0b"];
    let mut sorted = texts;
    sorted.sort_unstable();
    assert_eq!(customers(&texts), sorted);
    let longer: Vec<String> =
        (0..300).map(|i| format!("{long}{}{long}", i * 7_919 % 1_000)).collect();
    let mut sorted = longer.clone();
    sorted.sort_unstable();
    assert_eq!(customers(&longer), sorted);
}

#[test]
fn purchase_days() {
    let rows = dates().into_iter().map(|date| Transaction::new("ann", date, Decimal::ONE));
    let ledger = Ledger::from_transactions(rows).unwrap();
    let mut all = dates();
    all.sort_unstable();
    assert_eq!(ledger.purchase_days(&"ann").collect::<Vec<_>>(), all);
    assert_eq!(ledger.purchase_days(&"bob").count(), 0);
}
