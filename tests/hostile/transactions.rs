//! Ledgers of hostile rows: amounts that tempt rounding, dates at the ends of the calendar, odd ids.

use chrono::NaiveDate;
use goodwill::{
    Conventions, ErrorKind, Histories, History, Ledger, LostAfter, Occasion, Refunds, Spend,
    Spends, TimeUnit, Transaction,
};
use rust_decimal::Decimal;

use crate::{NUMBERS, assert_out_of_domain, explained};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn amounts() -> Vec<Decimal> {
    let texts = ["0", "0.04", "-0.04", "1e-28", "-1e-28", "7922816251426433759354395033.5"];
    let parse = |text: &str| Decimal::from_scientific(text).unwrap_or_else(|_| decimal(text));
    let ends = [Decimal::MAX, Decimal::MIN, -Decimal::ZERO, Decimal::new(i64::MAX, 28)];
    texts.iter().map(|text| parse(text)).chain(ends).collect()
}

fn conventions() -> impl Iterator<Item = Conventions> {
    let occasions = [Occasion::PurchaseDay, Occasion::PaidDay, Occasion::NetPositiveDay];
    let refunds = [Refunds::OnTheDay, Refunds::AgainstEarlier, Refunds::Refuse];
    occasions.into_iter().flat_map(move |occasion| {
        refunds.map(|refunds| Conventions::new().occasion(occasion).refunds(refunds))
    })
}

/// Reads a ledger in every way; what cannot be held exactly is `Overflow`, and nothing else fails.
fn read(ledger: &Ledger<u8>, as_of: NaiveDate) {
    for conventions in conventions() {
        if let Err(error) = ledger.summaries_with(as_of, &conventions) {
            let refused = matches!(error.kind(), ErrorKind::Inconsistent { .. });
            let overflow = matches!(error.kind(), ErrorKind::Overflow { .. });
            assert!(overflow || refused, "{error}");
        }
        for unit in [TimeUnit::Day, TimeUnit::Year] {
            let histories = ledger.histories_with(as_of, unit, &conventions).unwrap();
            assert!(histories.iter().all(|own| own.recency() <= own.age()));
        }
        let _ = ledger.spends_with(as_of, &conventions).map_err(|error| explained(&error));
        let split = as_of.pred_opt().unwrap();
        ledger.split(split, as_of, &conventions).unwrap();
    }
    let rule = LostAfter::days(u32::MAX).unwrap();
    let _ = ledger.lost_customers(as_of, LostAfter::days(1).unwrap()).map_err(|e| explained(&e));
    let _ = ledger.churn(NaiveDate::MIN, as_of, rule).map_err(|error| explained(&error));
}

#[test]
fn every_pair_of_amounts_and_dates() {
    let dates = [NaiveDate::MIN, NaiveDate::from_ymd_opt(2024, 2, 29).unwrap(), NaiveDate::MAX];
    for first in amounts() {
        for second in amounts() {
            for date in dates {
                for customer in [0_u8, 255] {
                    let rows = [
                        Transaction::new(0, NaiveDate::MIN, first),
                        Transaction::new(customer, date, second),
                        Transaction::new(customer, date, -second),
                    ];
                    let ledger = Ledger::from_transactions(rows.clone()).unwrap();
                    assert_eq!(ledger.rows(), 3);
                    read(&ledger, NaiveDate::MAX);
                    read(&ledger.until(NaiveDate::MIN), NaiveDate::MAX);
                    // Parts that cancel: the whole is what it is however it was split.
                    let parts = rows.map(|row| Ledger::from_transactions([row]).unwrap());
                    let merged = parts[2].merge(&parts[0]).unwrap().merge(&parts[1]).unwrap();
                    assert_eq!(merged, ledger);
                }
            }
        }
    }
}

#[test]
fn a_rest_below_all_digits_is_kept_or_overflow() {
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
    let ledger = |texts: &[&str]| {
        let row = |text: &&str| Transaction::new(1_u8, day, decimal(text));
        Ledger::from_transactions(texts.iter().map(row)).unwrap()
    };
    // `Decimal`'s own sums depend on the order here.
    let tempting = ["7922816251426433759354395033.5", "0.04", "0.04"];
    let error = ledger(&tempting).summaries(day).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the money of customer 0 has more digits than the type holds exactly"
    );
    let whole = ledger(&[&tempting[..], &["-7922816251426433759354395033.5"]].concat());
    assert_eq!(whole.summaries(day).unwrap()[0].net_revenue, decimal("0.08"));
}

#[test]
fn ids_of_every_kind_group_and_order() {
    fn customers<C: goodwill::CustomerId + std::fmt::Debug>(ids: &[C]) -> Vec<C> {
        let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap();
        let rows = ids.iter().chain(ids).map(|id| Transaction::new(id.clone(), day, Decimal::ONE));
        let ledger = Ledger::from_transactions(rows).unwrap();
        assert!(ledger.summaries(day).unwrap().iter().all(|own| own.rows == 2));
        ledger.customers().to_vec()
    }
    assert_eq!(customers(&[i64::MAX, -1, i64::MIN, 0]), [i64::MIN, -1, 0, i64::MAX]);
    assert_eq!(customers(&[u64::MAX, 0]), [0, u64::MAX]);
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
fn empty_ledgers_read_as_nothing() {
    let empty = Ledger::<u8>::default();
    assert_eq!(Ledger::<u8>::from_transactions([]).unwrap(), empty);
    assert_eq!((empty.first_day(), empty.last_day(), empty.rows()), (None, None, 0));
    read(&empty, NaiveDate::MAX);
    assert!(empty.summaries(NaiveDate::MIN).unwrap().is_empty());
    assert_eq!(empty.position(&1), None);
}

#[test]
fn dates_that_contradict_each_other_are_named() {
    let day = |d| NaiveDate::from_ymd_opt(2024, 1, d).unwrap();
    let ledger = Ledger::from_transactions([Transaction::new(1_u8, day(9), Decimal::ONE)]).unwrap();
    let said = |error: goodwill::Error| error.to_string();
    let late =
        "the ledger has a row on 2024-01-09, after the as-of date 2024-01-08: cut it with `until`";
    assert_eq!(said(ledger.summaries(day(8)).unwrap_err()), late);
    let conventions = Conventions::default();
    assert_eq!(said(ledger.split(day(1), day(8), &conventions).unwrap_err()), late);
    assert_eq!(
        said(ledger.split(day(9), day(9), &conventions).unwrap_err()),
        "the split 2024-01-09 must lie before the as-of date 2024-01-09"
    );
    let rule = LostAfter::days(1).unwrap();
    assert_eq!(
        said(ledger.churn(day(9), day(9), rule).unwrap_err()),
        "a period from 2024-01-09 to 2024-01-09 has no length"
    );
    assert_out_of_domain(LostAfter::days(0), "lost after", None);
    let refund = Ledger::from_transactions([
        Transaction::new(1_u8, day(1), Decimal::ONE),
        Transaction::new(2_u8, day(3), -Decimal::ONE),
    ]);
    let refuse = Conventions::new().refunds(Refunds::Refuse);
    assert_eq!(
        said(refund.unwrap().summaries_with(day(9), &refuse).unwrap_err()),
        "refunds are refused, but there is one on 2024-01-03 (row 1)"
    );
}

#[test]
fn histories_and_spends_refuse_the_lowest_bad_row() {
    for age in NUMBERS {
        for recency in NUMBERS {
            for frequency in [0, 1, u32::MAX] {
                let Ok(history) = History::new(TimeUnit::Week, frequency, recency, age) else {
                    continue;
                };
                assert!(0.0 <= recency && recency <= age && age.is_finite());
                assert_eq!(frequency == 0, history.recency() == 0.0);
                assert!(history.age().is_sign_positive() && history.recency().is_sign_positive());
            }
        }
        match Spend::new(1, age) {
            Ok(spend) => assert!(spend.mean().is_finite()),
            error => assert_out_of_domain(error, "mean spend", None),
        }
    }
    let columns = |age: &[f64]| Histories::new(TimeUnit::Day, &[1, 1, 1], &[1.0, 1.0, 1.0], age);
    assert_out_of_domain(columns(&[9.0, f64::NAN, f64::NAN]), "age", Some(1));
    assert_out_of_domain(columns(&[9.0, 9.0, 0.5]), "recency", Some(2));
    let said = columns(&[9.0]).unwrap_err().to_string();
    assert_eq!(said, "frequency and age must have the same length, but have 3 and 1");
    let said = History::new(TimeUnit::Day, 0, 1.0, 2.0).unwrap_err().to_string();
    assert_eq!(said, "a customer with 0 repeat purchases cannot have recency 1");
    assert_out_of_domain(Spends::new(&[1, 1], &[1.0, f64::INFINITY]), "mean spend", Some(1));
    assert!(Spends::new(&[0], &[1.0]).is_err() && Spends::new(&[0], &[]).is_err());
    assert!(Histories::new(TimeUnit::Day, &[], &[], &[]).unwrap().is_empty());
}
