//! The customers of one period from the most profitable down, in groups of equal size.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::math::equal_parts;
use crate::money::{Sum, to_f64};
use crate::time::day_number;
use crate::transactions::{Conventions, CustomerId, Ledger};

use super::margin::Margin;

/// Who bought in a period, the most profitable first: a summary that merges, from which deciles are read.
///
/// # Example
/// See [`Ledger::profits_of_period`].
///
/// # Reference
/// Fader, Hardie and Ross (2022), The Customer-Base Audit, Wharton School Press: the first lens, on one period.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PeriodProfits {
    first: NaiveDate,
    last: NaiveDate,
    /// Best first, by profit, then revenue, then occasions.
    customers: Vec<Buyer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
struct Buyer {
    profit: Sum,
    revenue: Sum,
    occasions: u32,
}

/// One of several groups of customers of equal size, the most profitable first.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ProfitDecile {
    /// How many customers; 0 where there are fewer customers than groups.
    pub customers: u64,
    /// Their purchase occasions.
    pub occasions: u64,
    /// Their money, refunds taken off.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub revenue: Decimal,
    /// What is left of it.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub profit: Decimal,
    /// Their part of all profit; `None` where all together bring nothing, or less.
    pub share_of_profit: Option<f64>,
}

impl<C: CustomerId> Ledger<C> {
    /// The customers who bought in a period, by what is left of their revenue.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a period that ends before it begins;
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) where a margin by customer is not one for each;
    /// [`Overflow`](crate::ErrorKind::Overflow) where a customer's money or profit has more digits than `Decimal` holds.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::transactions::Margin;
    /// use goodwill::{Conventions, Ledger, Share, Transaction};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let row = |who, amount: i64| Transaction::new(who, day(who), amount.into());
    /// let ledger = Ledger::from_transactions((1..=20).map(|who| row(who, 10 * i64::from(who))))?;
    /// let half = Margin::Rate(Share::percent(50)?);
    /// let march = ledger.profits_of_period(day(1)..=day(31), half, &Conventions::default())?;
    /// let best = march.deciles()?[0];
    /// assert_eq!((best.customers, best.profit), (2, 195.into())); // half of 200 + 190
    /// assert_eq!(best.share_of_profit, Some(195.0 / 1_050.0));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn profits_of_period(
        &self,
        period: RangeInclusive<NaiveDate>,
        margin: Margin<'_>,
        conventions: &Conventions,
    ) -> Result<PeriodProfits> {
        let (first, last) = period.into_inner();
        if first > last {
            let what = format!("a period from {first} to {last} has no day");
            return Err(Error::inconsistent(what));
        }
        margin.check(self.customers().len())?;
        let columns = self.columns();
        let occasions = columns.occasions(conventions.occasion);
        let days = day_number(first)..=day_number(last);
        let mut customers = Vec::new();
        for customer in 0..self.customers().len() {
            let mut own = Buyer { profit: Sum::default(), revenue: Sum::default(), occasions: 0 };
            for cell in columns.customer_cells(customer) {
                if days.contains(&columns.days[cell]) {
                    own.occasions += u32::from(occasions[cell]);
                    own.revenue.merge(&columns.net.sum_at(cell))?;
                }
            }
            if own.occasions > 0 {
                own.profit = margin.profit(customer, &own.revenue)?;
                customers.push(own);
            }
        }
        customers.sort_unstable_by(|a, b| b.cmp(a));
        Ok(PeriodProfits { first, last, customers })
    }
}

impl PeriodProfits {
    /// Those of both groups of customers.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for another period.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if (self.first, self.last) != (other.first, other.last) {
            return Err(Error::inconsistent("profits of different periods cannot be merged"));
        }
        let mut both = self.clone();
        both.customers.extend_from_slice(&other.customers);
        both.customers.sort_unstable_by(|a, b| b.cmp(a));
        Ok(both)
    }

    /// How many customers bought.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.customers.len()
    }

    /// Ten groups of as equal size as can be, the most profitable first.
    ///
    /// # Errors
    /// As [`groups`](PeriodProfits::groups).
    pub fn deciles(&self) -> Result<Vec<ProfitDecile>> {
        self.groups(10)
    }

    /// Groups of as equal size as can be, the most profitable first: group k of g ends at customer ⌊n·k/g + ½⌋.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for no group, or more than 10⁶;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a total.
    pub fn groups(&self, groups: usize) -> Result<Vec<ProfitDecile>> {
        let ends = equal_parts::ends(self.customers.len(), groups)?;
        let total = of(&self.customers)?.profit.total()?;
        let starts = [0].into_iter().chain(ends.iter().copied());
        let group = |(start, end): (usize, usize)| {
            let own = &self.customers[start..end];
            let sum = of(own)?;
            let profit = sum.profit.total()?;
            let share = || to_f64(profit) / to_f64(total);
            Ok(ProfitDecile {
                customers: own.len() as u64,
                occasions: own.iter().map(|buyer| u64::from(buyer.occasions)).sum(),
                revenue: sum.revenue.total()?,
                profit,
                share_of_profit: (total > Decimal::ZERO).then(share),
            })
        };
        starts.zip(ends.iter().copied()).map(group).collect()
    }
}

/// All money of some customers.
fn of(customers: &[Buyer]) -> Result<Buyer> {
    let mut all = Buyer { profit: Sum::default(), revenue: Sum::default(), occasions: 0 };
    for own in customers {
        all.profit.merge(&own.profit)?;
        all.revenue.merge(&own.revenue)?;
    }
    Ok(all)
}
