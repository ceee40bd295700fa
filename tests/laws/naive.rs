//! The purchase log again, the naive way: every amount of every (customer, day), nothing added up before it
//! is asked for.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use goodwill::{CustomerSummary, Occasion, Refunds, Transaction};
use rust_decimal::Decimal;

use crate::big::Big;

/// All amounts of one customer, by day.
pub(crate) type Days = BTreeMap<NaiveDate, Vec<Decimal>>;

/// All amounts, by customer and day.
pub(crate) fn log(rows: &[Transaction<u32>]) -> BTreeMap<u32, Days> {
    let mut log: BTreeMap<u32, Days> = BTreeMap::new();
    for row in rows {
        let own = log.entry(row.customer).or_default();
        own.entry(row.date).or_default().push(row.amount);
    }
    log
}

/// The rows up to and including a day.
pub(crate) fn until(rows: &[Transaction<u32>], date: NaiveDate) -> Vec<Transaction<u32>> {
    rows.iter().filter(|row| row.date <= date).cloned().collect()
}

fn refund(amount: Decimal) -> bool {
    amount.mantissa() < 0
}

pub(crate) fn bought(amounts: &[Decimal]) -> Big {
    Big::sum(amounts.iter().filter(|amount| !refund(**amount)).copied())
}

pub(crate) fn refunded(amounts: &[Decimal]) -> Big {
    Big::sum(amounts.iter().filter(|amount| refund(**amount)).copied())
}

pub(crate) fn is_occasion(amounts: &[Decimal], rule: Occasion) -> bool {
    match rule {
        Occasion::PurchaseDay => amounts.iter().any(|amount| amount.mantissa() >= 0),
        Occasion::PaidDay => bought(amounts) > Big::ZERO,
        _ => Big::sum(amounts.iter().copied()) > Big::ZERO,
    }
}

/// The days that are purchase occasions.
pub(crate) fn occasions(days: &Days, rule: Occasion) -> Vec<NaiveDate> {
    days.iter().filter(|(_, amounts)| is_occasion(amounts, rule)).map(|(&date, _)| date).collect()
}

/// What is left of each day's purchases once every refund, in order, has taken from the latest purchases up to
/// its day; and what no purchase covered, as a positive amount.
pub(crate) fn matched(days: &Days) -> (BTreeMap<NaiveDate, Big>, Big) {
    let mut left: BTreeMap<NaiveDate, Big> =
        days.iter().map(|(&date, amounts)| (date, bought(amounts))).collect();
    let mut unmatched = Big::ZERO;
    for (&date, amounts) in days {
        let mut due = refunded(amounts).negated();
        for open in left.range_mut(..=date).rev().map(|(_, open)| open) {
            let taken = due.min(*open);
            *open = open.minus(&taken);
            due = due.minus(&taken);
        }
        unmatched = unmatched.plus(&due);
    }
    (left, unmatched)
}

/// What `CustomerSummary` should say of a customer; `None` where a `Decimal` cannot hold it.
#[derive(Debug, PartialEq)]
pub(crate) struct Summary {
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    occasions: usize,
    rows: usize,
    net: Decimal,
    refunds: Decimal,
    unmatched: Decimal,
    days_since_last: Option<i64>,
    mean_days_between: Option<u64>,
    mean_repeat_spend: Option<u64>,
}

impl Summary {
    pub(crate) fn of(
        days: &Days,
        as_of: NaiveDate,
        occasion: Occasion,
        refunds: Refunds,
    ) -> Option<Self> {
        let dates = occasions(days, occasion);
        let (first, last) = (dates.first().copied(), dates.last().copied());
        let all = || days.values().flatten().copied();
        let (left, unmatched) = if refunds == Refunds::AgainstEarlier {
            matched(days)
        } else {
            let nets = days.iter().map(|(&date, day)| (date, Big::sum(day.iter().copied())));
            (nets.collect(), Big::ZERO)
        };
        let repeats = dates.iter().skip(1).map(|date| &left[date]);
        let spent = repeats.fold(Big::ZERO, |sum, day| sum.plus(day));
        spent.decimal()?;
        let count = dates.len() as f64 - 1.0;
        let per_repeat = |total: f64| (count > 0.0).then(|| (total / count).to_bits());
        let span =
            first.zip(last).map(|(first, last)| (last.signed_duration_since(first)).num_days());
        Some(Self {
            first,
            last,
            occasions: dates.len(),
            rows: all().count(),
            net: Big::sum(all()).decimal()?,
            refunds: Big::sum(all().filter(|amount| refund(*amount))).decimal()?,
            unmatched: unmatched.negated().decimal()?,
            days_since_last: last.map(|last| as_of.signed_duration_since(last).num_days()),
            mean_days_between: span.and_then(|span| per_repeat(span as f64)),
            mean_repeat_spend: per_repeat(spent.nearest()),
        })
    }
}

impl From<&CustomerSummary<'_, u32>> for Summary {
    fn from(summary: &CustomerSummary<'_, u32>) -> Self {
        Self {
            first: summary.first,
            last: summary.last,
            occasions: summary.occasions as usize,
            rows: summary.rows as usize,
            net: summary.net_revenue,
            refunds: summary.refunds,
            unmatched: summary.unmatched_refunds,
            days_since_last: summary.days_since_last.map(i64::from),
            mean_days_between: summary.mean_days_between.map(f64::to_bits),
            mean_repeat_spend: summary.mean_repeat_spend.map(f64::to_bits),
        }
    }
}
