//! The ledger: what each customer did on each day.

use std::cmp::Ordering;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money::Sum;
use crate::parallel::threads;
use crate::time::{date_of, day_number};

use super::Transaction;
use super::amounts::{Amount, Amounts};
use super::columns::{Cell, Columns, Finished};
use super::conventions::Conventions;
use super::customer_id::CustomerId;
use super::grouping::group;
use super::rows::{RowSource, Rows, Slice};

/// What each customer did on each day: the one structure that every analysis of purchases reads.
///
/// Made from transactions in any order; the same rows give the same ledger, bit for bit. Two ledgers
/// [`merge`](Ledger::merge), so shards of a purchase log can be read apart, and merging is the same as
/// reading all rows at once. Customers are kept in the order of their ids, days ascending; money is exact.
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use goodwill::{Ledger, Transaction};
///
/// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
/// let row = |who, d, cents| Transaction::new(who, day(d), rust_decimal::Decimal::new(cents, 2));
/// let ledger = Ledger::from_transactions([row("zoe", 9, 500), row("ann", 1, 2000), row("ann", 8, 1050)])?;
///
/// let summaries = ledger.summaries(day(31))?;
/// assert_eq!(*summaries[0].customer, "ann");
/// assert_eq!(summaries[0].net_revenue.to_string(), "30.5");
/// assert_eq!(summaries[0].occasions, 2);
/// assert_eq!(summaries[0].days_since_last, Some(23));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "LedgerFields<C>"))]
#[cfg_attr(
    feature = "serde",
    serde(bound(deserialize = "C: CustomerId + serde::Deserialize<'de>"))
)]
pub struct Ledger<C> {
    customers: Vec<C>,
    columns: Finished,
}

impl<C> Default for Ledger<C> {
    /// The ledger of no rows, which changes nothing it is merged with.
    fn default() -> Self {
        Self { customers: Vec::new(), columns: Finished::default() }
    }
}

impl<C: CustomerId> Ledger<C> {
    /// A ledger of transactions in any order.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) only for a day of 2³² rows or of more money than 10³⁸.
    pub fn from_transactions(
        transactions: impl IntoIterator<Item = Transaction<C>>,
    ) -> Result<Self> {
        let grouped = match Rows::collect(transactions.into_iter()) {
            Rows::Narrow { scale, chunks } => Self::narrow(chunks.parts(threads()), scale),
            Rows::Wide(chunks) => group(chunks.parts(threads())).map(|(customers, columns)| Self {
                customers,
                columns: columns.finish(Amounts::of),
            }),
        };
        grouped.ok_or_else(day_overflow)
    }

    /// The ledger of transactions that lie in memory: as [`from_transactions`](Ledger::from_transactions), but they
    /// are read where they are, on several threads with the feature `rayon`.
    ///
    /// # Errors
    /// As [`from_transactions`](Ledger::from_transactions).
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Ledger, Transaction};
    ///
    /// let day = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap();
    /// let rows = [("zoe", 7), ("ann", 5)].map(|(who, paid)| Transaction::new(who, day, paid.into()));
    /// let ledger = Ledger::from_slice(&rows)?;
    /// assert_eq!(ledger.customers(), ["ann", "zoe"]);
    /// assert_eq!(ledger.summaries(day)?[1].net_revenue, 7.into());
    /// assert_eq!(ledger, Ledger::from_transactions(rows)?);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn from_slice(transactions: &[Transaction<C>]) -> Result<Self> {
        let Some(parts) = Slice::parts(transactions, threads()) else {
            return Self::from_transactions(transactions.iter().cloned());
        };
        let scale = parts.first().map_or(0, Slice::scale);
        Self::narrow(parts, scale).ok_or_else(day_overflow)
    }

    /// The ledger of rows whose money is whole at a scale.
    fn narrow(rows: Vec<impl RowSource<C, i64>>, scale: u32) -> Option<Self> {
        let (customers, columns) = group(rows)?;
        let columns = columns.finish(|money| Amounts::narrow(money, scale));
        Some(Self { customers, columns })
    }

    /// The ledger of both ledgers' rows.
    ///
    /// # Errors
    /// As [`from_transactions`](Ledger::from_transactions).
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Ledger, Transaction};
    ///
    /// let day = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap();
    /// let row = |who: u32| Transaction::new(who, day, 7.into());
    /// let whole = Ledger::from_transactions([row(1), row(2), row(1)])?;
    /// let parts = Ledger::from_transactions([row(1)])?.merge(&Ledger::from_transactions([row(2), row(1)])?)?;
    /// assert_eq!(parts, whole);
    /// assert_eq!(parts.summaries(day)?[0].net_revenue, 14.into()); // 7 of each part
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if let Some(scale) = self.columns.scale().zip(other.columns.scale()).map(|(a, b)| a.max(b))
        {
            let cells = self.columns.narrow_cells(scale).zip(other.columns.narrow_cells(scale));
            let form = |money| Amounts::narrow(money, scale);
            let merged =
                cells.and_then(|(left, right)| self.merge_cells(&left, other, &right, form));
            if let Some(ledger) = merged {
                return Ok(ledger);
            }
        }
        let (left, right) = (self.columns.wide_cells(), other.columns.wide_cells());
        self.merge_cells(&left, other, &right, Amounts::of).ok_or_else(day_overflow)
    }

    fn merge_cells<A: Amount>(
        &self,
        left: &[Cell<A>],
        other: &Self,
        right: &[Cell<A>],
        form: impl Fn(Vec<A>) -> Amounts,
    ) -> Option<Self> {
        let mut columns = Columns::with_capacity(left.len() + right.len());
        let mut customers = Vec::with_capacity(self.customers.len().max(other.customers.len()));
        let (mut i, mut j) = (0, 0);
        while i < self.customers.len() || j < other.customers.len() {
            let order = match (self.customers.get(i), other.customers.get(j)) {
                (Some(mine), Some(theirs)) => mine.cmp(theirs),
                (Some(_), None) => Ordering::Less,
                _ => Ordering::Greater,
            };
            let (mut mine, mut theirs) = (0..0, 0..0);
            if order.is_le() {
                mine = self.columns.customer_cells(i);
                customers.push(self.customers[i].clone());
                i += 1;
            }
            if order.is_ge() {
                theirs = other.columns.customer_cells(j);
                if order.is_gt() {
                    customers.push(other.customers[j].clone());
                }
                j += 1;
            }
            let mut cells: Vec<(i32, Cell<A>)> = Vec::with_capacity(mine.len() + theirs.len());
            cells.extend(mine.map(|cell| (self.columns.days[cell], left[cell])));
            cells.extend(theirs.map(|cell| (other.columns.days[cell], right[cell])));
            cells.sort_by_key(|&(day, _)| day);
            columns.push_customer(cells.into_iter())?;
        }
        Some(Self { customers, columns: columns.finish(form) })
    }

    /// What was known at the end of a day: the rows up to and including `date`.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Ledger, Transaction};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let row = |d| Transaction::new("ann", day(d), 7.into());
    /// let ledger = Ledger::from_transactions([row(1), row(8), row(15)])?;
    /// assert!(ledger.summaries(day(8)).is_err()); // a row lies after the 8th
    /// assert_eq!(ledger.until(day(8)).summaries(day(8))?[0].occasions, 2);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    #[must_use]
    pub fn until(&self, date: NaiveDate) -> Self {
        let end = day_number(date);
        let narrow = self.columns.scale().and_then(|scale| {
            let cells = self.columns.narrow_cells(scale)?;
            Some(self.cut(end, &cells, |money| Amounts::narrow(money, scale)))
        });
        narrow.unwrap_or_else(|| self.cut(end, &self.columns.wide_cells(), Amounts::of))
    }

    fn cut<A: Amount>(
        &self,
        end: i32,
        cells: &[Cell<A>],
        form: impl Fn(Vec<A>) -> Amounts,
    ) -> Self {
        let mut columns = Columns::with_capacity(cells.len());
        let mut customers = Vec::with_capacity(self.customers.len());
        for (customer, id) in self.customers.iter().enumerate() {
            let mut kept = self.columns.customer_cells(customer);
            kept.end =
                kept.start + self.columns.days[kept.clone()].partition_point(|&day| day <= end);
            if kept.is_empty() {
                continue;
            }
            customers.push(id.clone());
            // Days are distinct, so no two cells add up and none can overflow.
            let _ = columns.push_customer(kept.map(|cell| (self.columns.days[cell], cells[cell])));
        }
        Self { customers, columns: columns.finish(form) }
    }

    /// Where a customer stands in [`customers`](Ledger::customers) and so in every result of this ledger.
    #[must_use]
    pub fn position(&self, customer: &C) -> Option<usize> {
        self.customers.binary_search(customer).ok()
    }

    /// The days on which a customer bought, in order; none for one who is not in the ledger.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Ledger, Transaction};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let row = |d, amount: i64| Transaction::new("ann", day(d), amount.into());
    /// let ledger = Ledger::from_transactions([row(8, 7), row(1, 7), row(8, 9), row(9, -7)])?;
    /// let days: Vec<NaiveDate> = ledger.purchase_days(&"ann").collect();
    /// assert_eq!(days, [day(1), day(8)]); // on the 9th he only brought something back
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn purchase_days(&self, customer: &C) -> impl Iterator<Item = NaiveDate> {
        let days = self.position(customer).map(|position| self.days_of(position));
        days.into_iter().flatten().filter(|day| day.bought).map(|day| date_of(day.number))
    }
}

impl<C> Ledger<C> {
    /// The customers with at least one row, in the order of their ids.
    #[must_use]
    pub fn customers(&self) -> &[C] {
        &self.customers
    }

    /// How many rows it was made from.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.columns.rows.iter().map(|&rows| u64::from(rows)).sum()
    }

    /// The day of the first row; `None` for an empty ledger.
    #[must_use]
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.columns.days.iter().min().map(|&day| date_of(day))
    }

    /// The day of the last row; `None` for an empty ledger.
    #[must_use]
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.columns.days.iter().max().map(|&day| date_of(day))
    }

    /// The money of one customer's days within a range, refunds taken off.
    pub(crate) fn revenue(
        &self,
        customer: usize,
        days: std::ops::RangeInclusive<NaiveDate>,
    ) -> Result<Decimal> {
        let (first, last) = (day_number(*days.start()), day_number(*days.end()));
        let mut total = Sum::default();
        for cell in self.columns.customer_cells(customer) {
            if (first..=last).contains(&self.columns.days[cell]) {
                total.merge(&self.columns.net.sum_at(cell))?;
            }
        }
        total.total()
    }

    /// One customer's days in order.
    pub(crate) fn days_of(&self, customer: usize) -> impl Iterator<Item = Day> {
        self.columns.customer_cells(customer).map(|cell| Day {
            number: self.columns.days[cell],
            bought: self.columns.purchases[cell] > 0,
            net: self.columns.net.sum_at(cell),
        })
    }

    /// The days of each customer's purchase occasions, rising, of the customers who have one: the rows of
    /// [`histories_with`](Ledger::histories_with).
    pub(crate) fn occasion_days(
        &self,
        as_of: NaiveDate,
        conventions: &Conventions,
    ) -> Result<impl Iterator<Item = Vec<i32>>> {
        let columns = self.columns_as_of(as_of)?;
        let occasions = columns.occasions(conventions.occasion);
        let days = move |customer: usize| {
            let own = columns.customer_cells(customer).filter(|&cell| occasions[cell]);
            own.map(|cell| columns.days[cell]).collect::<Vec<i32>>()
        };
        Ok((0..self.customers.len()).map(days).filter(|days| !days.is_empty()))
    }

    /// Refuses rows after the as-of day.
    pub(crate) fn check_as_of(&self, as_of: NaiveDate) -> Result<()> {
        self.columns_as_of(as_of).map(|_| ())
    }

    /// The columns, for a reader that names the days it reads.
    pub(super) fn columns(&self) -> &Finished {
        &self.columns
    }

    /// The columns, for a reader that has to know the as-of day: refuses rows after it.
    pub(super) fn columns_as_of(&self, as_of: NaiveDate) -> Result<&Finished> {
        match self.last_day() {
            Some(last) if last > as_of => Err(Error::inconsistent(format!(
                "the ledger has a row on {last}, after the as-of date {as_of}: cut it with `until`"
            ))),
            _ => Ok(&self.columns),
        }
    }
}

/// What one customer did on one day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Day {
    pub(crate) number: i32,
    /// Whether there was a purchase, not only refunds.
    pub(crate) bought: bool,
    /// The money, refunds taken off.
    pub(crate) net: Sum,
}

fn day_overflow() -> Error {
    Error::overflow("the rows or the money of one customer's day")
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct LedgerFields<C> {
    customers: Vec<C>,
    columns: Finished,
}

#[cfg(feature = "serde")]
impl<C: CustomerId> TryFrom<LedgerFields<C>> for Ledger<C> {
    type Error = Error;

    fn try_from(fields: LedgerFields<C>) -> Result<Self> {
        fields.columns.validate(fields.customers.len())?;
        if !fields.customers.is_sorted_by(|a, b| a < b) {
            return Err(Error::inconsistent("the customers of a ledger must ascend"));
        }
        Ok(Self { customers: fields.customers, columns: fields.columns })
    }
}
