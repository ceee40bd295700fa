//! Which cohorts carry each period: money by calendar period and by the period in which the customers came.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::math::count;
use crate::money::Sum;
use crate::time::{date_of, day_number};
use crate::transactions::{CohortPeriod, Conventions, CustomerId, Ledger};

/// Buyers, purchases and money of each calendar period, by the period of the customers' first purchase: does the base
/// live on new customers or on old ones? A summary that merges.
///
/// # Example
/// See [`Ledger::cohort_stack`].
///
/// # Reference
/// Fader, Hardie and Ross (2022), The Customer-Base Audit, Wharton School Press: the fifth lens, the cohorts of the
/// whole base over time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(into = "Vec<CellFields>"))]
pub struct CohortStack {
    as_of: NaiveDate,
    period: CohortPeriod,
    /// By (period, cohort).
    cells: BTreeMap<(i32, Option<i32>), Cell>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cell {
    buyers: u64,
    occasions: u64,
    revenue: Sum,
}

/// What one cohort brought in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct StackCell {
    /// The first day of the period.
    pub period: NaiveDate,
    /// The first day of the period in which the cohort came; `None` for customers who only have refunds.
    pub cohort: Option<NaiveDate>,
    /// Customers of the cohort who bought in the period.
    pub buyers: u64,
    /// Their purchase occasions.
    pub occasions: u64,
    /// The cohort's money in the period, refunds taken off.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub revenue: Decimal,
}

/// A cell as it is kept, so that money that a `Decimal` cannot hold can be written too.
#[cfg(feature = "serde")]
#[derive(serde::Serialize)]
struct CellFields {
    period: NaiveDate,
    cohort: Option<NaiveDate>,
    buyers: u64,
    occasions: u64,
    revenue: Sum,
}

#[cfg(feature = "serde")]
impl From<CohortStack> for Vec<CellFields> {
    fn from(stack: CohortStack) -> Self {
        let fields = |(&(period, cohort), cell): (&(i32, Option<i32>), &Cell)| CellFields {
            period: stack.start(period),
            cohort: cohort.map(|cohort| stack.start(cohort)),
            buyers: cell.buyers,
            occasions: cell.occasions,
            revenue: cell.revenue,
        };
        stack.cells.iter().map(fields).collect()
    }
}

impl<C: CustomerId> Ledger<C> {
    /// Every period's buyers, purchases and money by the cohort that brought them. All money is in it: that of refunds
    /// before a customer's first purchase too.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where a row lies after `as_of`;
    /// [`Overflow`](crate::ErrorKind::Overflow) where the money or a count of a cell leaves its range.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::transactions::CohortPeriod;
    /// use goodwill::{Conventions, Ledger, Transaction};
    ///
    /// let day = |m, d| NaiveDate::from_ymd_opt(2024, m, d).unwrap();
    /// let row = |who, m, d, amount: i64| Transaction::new(who, day(m, d), amount.into());
    /// let ledger = Ledger::from_transactions([row("ann", 1, 5, 20), row("ann", 2, 1, 30), row("bob", 2, 9, 50)])?;
    /// let stack = ledger.cohort_stack(day(2, 29), CohortPeriod::Month, &Conventions::default())?;
    /// let february = &stack.cells()?[1..];
    /// assert_eq!((february[0].cohort, february[0].revenue), (Some(day(1, 1)), 30.into())); // ann came in January
    /// assert_eq!((february[1].cohort, february[1].revenue), (Some(day(2, 1)), 50.into()));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn cohort_stack(
        &self,
        as_of: NaiveDate,
        period: CohortPeriod,
        conventions: &Conventions,
    ) -> Result<CohortStack> {
        let columns = self.columns_as_of(as_of)?;
        let occasions = columns.occasions(conventions.occasion);
        let number = |cell: usize| period.number(date_of(columns.days[cell]));
        let mut cells: BTreeMap<(i32, Option<i32>), Cell> = BTreeMap::new();
        for customer in 0..self.customers().len() {
            let own = columns.customer_cells(customer);
            let cohort = own.clone().find(|&cell| occasions[cell]).map(number);
            let mut last = None;
            for at in own {
                let now = number(at);
                let cell = cells.entry((now, cohort)).or_default();
                cell.revenue.merge(&columns.net.sum_at(at))?;
                if occasions[at] {
                    cell.occasions += 1;
                    cell.buyers += u64::from(last.replace(now) != Some(now));
                }
            }
        }
        Ok(CohortStack { as_of, period, cells })
    }
}

impl CohortStack {
    /// The stack of both groups of customers.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for another as-of date or period;
    /// [`Overflow`](crate::ErrorKind::Overflow) where the money of a cell leaves the range of a total.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if (self.as_of, self.period) != (other.as_of, other.period) {
            return Err(Error::inconsistent(format!(
                "stacks by {:?} on {} and by {:?} on {} cannot be merged",
                self.period, self.as_of, other.period, other.as_of
            )));
        }
        let mut both = self.clone();
        for (key, other) in &other.cells {
            let own = both.cells.entry(*key).or_default();
            count::add(&mut own.buyers, other.buyers, "the number of buyers of a cell")?;
            count::add(&mut own.occasions, other.occasions, "the number of occasions of a cell")?;
            own.revenue.merge(&other.revenue)?;
        }
        Ok(both)
    }

    /// The cells in which something happened, by period and then by cohort, the oldest first; those of customers who only
    /// have refunds come first in their period.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the money of a cell.
    pub fn cells(&self) -> Result<Vec<StackCell>> {
        let cell = |(&(period, cohort), own): (&(i32, Option<i32>), &Cell)| {
            Ok(StackCell {
                period: self.start(period),
                cohort: cohort.map(|cohort| self.start(cohort)),
                buyers: own.buyers,
                occasions: own.occasions,
                revenue: own.revenue.total()?,
            })
        };
        self.cells.iter().map(cell).collect()
    }

    /// Whether the last day of a cell's period is later than the as-of date: it is still running, and too low.
    #[must_use]
    pub fn is_running(&self, cell: &StackCell) -> bool {
        let next = self.period.first_day(self.period.number(cell.period) + 1);
        next.is_none_or(|next| day_number(next) - 1 > day_number(self.as_of))
    }

    /// The first day of a period; the calendar's first where it begins before that.
    fn start(&self, number: i32) -> NaiveDate {
        self.period.first_day(number).unwrap_or(NaiveDate::MIN)
    }
}
