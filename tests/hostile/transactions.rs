//! Ledgers of hostile rows, and the columns that models see.

use chrono::NaiveDate;
use goodwill::{
    Conventions, Histories, History, Ledger, Occasion, Refunds, Spend, Spends, TimeUnit,
    Transaction,
};
use rust_decimal::Decimal;

use crate::support::day;
use crate::table::{COUNTS, FLOATS, SUBNORMAL, UNITS, dates, decimals};
use crate::{assert_kind, assert_message, kind, row};

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
                read_at(&known, as_of, &Conventions::new().occasion(occasion).refunds(refunds));
            }
        }
        if ledger.last_day().is_some_and(|last| last > as_of) {
            assert_kind(ledger.summaries(as_of).map(|_| ()), "Inconsistent");
            assert_kind(ledger.histories(as_of, TimeUnit::Day), "Inconsistent");
            assert_kind(ledger.spends(as_of), "Inconsistent");
        }
    }
}

fn read_at(ledger: &Ledger<u32>, as_of: NaiveDate, conventions: &Conventions) {
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
    assert!(spends.is_empty() && spends.get(usize::MAX).is_none() && spends.len() == 0);
}

#[test]
fn one_row_of_every_kind() {
    for date in dates() {
        for amount in decimals() {
            let ledger = Ledger::from_transactions([Transaction::new(7, date, amount)]).unwrap();
            let summaries = ledger.summaries(NaiveDate::MAX).unwrap();
            assert_eq!(summaries[0].net_revenue.serialize(), amount.normalize().serialize());
            assert_eq!(ledger.first_day(), Some(date));
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

#[test]
fn one_history() {
    for x in COUNTS {
        for recency in FLOATS {
            for age in FLOATS {
                let got = History::new(TimeUnit::Week, x, recency, age);
                let domain = (0.0..f64::INFINITY).contains(&age) && (0.0..=age).contains(&recency);
                let consistent = (x == 0) == (recency <= 0.0);
                let Ok(history) = got else {
                    assert!(!domain || !consistent, "({x}, {recency}, {age})");
                    assert_kind(got, if domain { "Inconsistent" } else { "OutOfDomain" });
                    continue;
                };
                assert!(domain && consistent, "({x}, {recency}, {age})");
                assert!(history.recency().is_sign_positive() && history.age().is_sign_positive());
                for unit in UNITS {
                    let other = history.in_unit(unit);
                    assert!(other.age().is_finite(), "{history:?} in {unit:?} is {other:?}");
                    let (recency, age) = (other.recency(), other.age());
                    let again = History::new(unit, other.frequency(), recency, age);
                    assert_eq!(again, Ok(other), "{history:?} in {unit:?} is a history");
                }
            }
        }
    }
    let refused = |x, recency, age| History::new(TimeUnit::Week, x, recency, age);
    assert_message(refused(1, 1.0, f64::NAN), "age must lie in [0, ∞), but is NaN");
    assert_message(refused(1, -SUBNORMAL, 1.0), "recency must lie in [0, age], but is -5e-324");
    let message = "a customer with 0 repeat purchases cannot have recency 1";
    assert_message(refused(0, 1.0, 1.0), message);
    let message = "a customer with 2 repeat purchases cannot have recency 0";
    assert_message(refused(2, -0.0, 1.0), message);
}

#[test]
fn columns_of_histories() {
    let new =
        |x: &[u32], recency: &[f64], age: &[f64]| Histories::new(TimeUnit::Week, x, recency, age);
    assert_eq!(new(&[], &[], &[]).map(|histories| histories.len()), Ok(0));
    assert_message(
        new(&[0, 0], &[0.0], &[0.0, 0.0]),
        "frequency and recency must have the same length, but have 2 and 1",
    );
    assert_message(
        new(&[0], &[0.0], &[]),
        "frequency and age must have the same length, but have 1 and 0",
    );
    // Of all bad rows the lowest, whatever is wrong with it.
    for bad in FLOATS {
        for row_of_bad in 0..4 {
            let mut age = [9.0, 9.0, 9.0, 9.0, f64::NAN];
            age[row_of_bad] = bad;
            let got = new(&[0; 5], &[0.0; 5], &age);
            let fine = (0.0..f64::INFINITY).contains(&bad);
            let error = got.unwrap_err();
            assert_eq!(row(&error), Some(if fine { 4 } else { row_of_bad }));
        }
    }
    let got = new(&[0, 3, 0], &[0.0, 0.0, f64::NAN], &[1.0, 1.0, f64::NAN]);
    assert_message(got, "a customer with 3 repeat purchases cannot have recency 0 (row 1)");
}

#[test]
fn spend_on_repeat_purchases() {
    for x in COUNTS {
        for mean in FLOATS {
            let got = Spend::new(x, mean);
            let Ok(spend) = got else {
                assert!(!mean.is_finite() || x == 0);
                assert_kind(got, if mean.is_finite() { "Inconsistent" } else { "OutOfDomain" });
                continue;
            };
            assert!(mean.is_finite() && (x > 0 || mean.abs() <= 0.0));
            assert!(spend.mean().abs() > 0.0 || spend.mean().is_sign_positive(), "−0 is 0");
            assert_eq!(spend.frequency(), x);
        }
    }
    assert_message(Spend::new(1, f64::NAN), "mean spend must lie in (-∞, ∞), but is NaN");
    assert_message(
        Spend::new(0, 1.0),
        "a customer without a repeat purchase cannot have a mean spend of 1",
    );
    assert_message(
        Spends::new(&[1], &[]),
        "frequency and mean must have the same length, but have 1 and 0",
    );
    let lowest = Spends::new(&[1, 1, 0], &[1.0, f64::INFINITY, f64::NAN]);
    assert_message(lowest, "mean spend must lie in (-∞, ∞), but is inf (row 1)");
    assert!(Spends::new(&[], &[]).unwrap().iter().next().is_none());
}
