//! Calibration and holdout: fit on what came before a day, judge by what came after.

use chrono::NaiveDate;

use crate::error::{Error, Result};
use crate::time::{TimeUnit, day_number, days_between};

use super::conventions::Conventions;
use super::customer_id::CustomerId;
use super::ledger::Ledger;

/// A ledger cut in two at a day.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Split<C> {
    /// The rows up to and including the split day.
    pub calibration: Ledger<C>,
    /// What the same customers did afterwards.
    pub holdout: Holdout,
}

/// What the customers of the calibration did in the holdout.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Holdout {
    /// Days from the split to the as-of date.
    pub days: u32,
    /// Purchase occasions after the split, all of them repeats: the rows are those of
    /// [`Ledger::histories_with`] on the calibration.
    pub purchases: Vec<u32>,
    /// Customers first seen after the split: nobody's forecast.
    pub newcomers: usize,
}

impl Holdout {
    /// The length of the holdout.
    #[must_use]
    pub fn length(&self, unit: TimeUnit) -> f64 {
        f64::from(self.days) / unit.days()
    }

    /// Purchase occasions in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.purchases.iter().map(|&purchases| u64::from(purchases)).sum()
    }
}

impl<C: CustomerId> Ledger<C> {
    /// Cuts the ledger at the end of `split` into calibration and holdout, observed to `as_of`.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where `split` is not before `as_of`, or a row lies
    /// after `as_of`.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Conventions, Ledger, Transaction};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let row = |who, d| Transaction::new(who, day(d), 7.into());
    /// let ledger = Ledger::from_transactions([row("ann", 1), row("ann", 20), row("zoe", 25)])?;
    /// let split = ledger.split(day(10), day(31), &Conventions::default())?;
    /// assert_eq!(split.holdout.purchases, [1]); // ann's
    /// assert_eq!(split.holdout.newcomers, 1); // zoe
    /// assert_eq!(split.holdout.days, 21);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn split(
        &self,
        split: NaiveDate,
        as_of: NaiveDate,
        conventions: &Conventions,
    ) -> Result<Split<C>> {
        if split >= as_of {
            return Err(Error::inconsistent(format!(
                "the split {split} must lie before the as-of date {as_of}"
            )));
        }
        let columns = self.columns_as_of(as_of)?;
        let occasions = columns.occasions(conventions.occasion);
        let end = day_number(split);
        let mut purchases = Vec::new();
        let mut newcomers = 0;
        for customer in 0..self.customers().len() {
            let bought = columns.customer_cells(customer).filter(|&cell| occasions[cell]);
            let (mut before, mut after) = (0_u32, 0_u32);
            for cell in bought {
                *(if columns.days[cell] <= end { &mut before } else { &mut after }) += 1;
            }
            match (before, after) {
                (0, 0) => {}
                (0, _) => newcomers += 1,
                _ => purchases.push(after),
            }
        }
        let days = days_between(split, as_of).unsigned_abs();
        Ok(Split {
            calibration: self.until(split),
            holdout: Holdout { days, purchases, newcomers },
        })
    }
}
