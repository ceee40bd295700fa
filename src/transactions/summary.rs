//! One line per customer: who bought when, how often and for how much.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money::{Sum, to_f64};
use crate::parallel::map_each;
use crate::time::{date_of, day_number};

use super::amounts::Amount;
use super::columns::Finished;
use super::conventions::{Conventions, Occasion, Refunds};
use super::customer_id::CustomerId;
use super::ledger::Ledger;

/// What one customer did up to the as-of date.
///
/// # Units
/// Money in the unit of the transactions, time in days.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CustomerSummary<'a, C> {
    /// Who.
    pub customer: &'a C,
    /// The day of the first purchase; `None` for a customer who only has refunds.
    pub first: Option<NaiveDate>,
    /// The day of the last purchase.
    pub last: Option<NaiveDate>,
    /// Purchase occasions, the first one included.
    pub occasions: u32,
    /// Rows in the log, refunds included.
    pub rows: u32,
    /// All money, refunds taken off.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub net_revenue: Decimal,
    /// The refunds in it, at most 0.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub refunds: Decimal,
    /// Refunds, at most 0, that no earlier purchase covers; 0 but under [`Refunds::AgainstEarlier`].
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub unmatched_refunds: Decimal,
    /// Days from the last purchase to the as-of date: the recency of RFM.
    pub days_since_last: Option<u32>,
    /// (last − first) / (occasions − 1); `None` before the second occasion.
    pub mean_days_between: Option<f64>,
    /// Mean money of the occasions after the first; `None` before the second occasion.
    pub mean_repeat_spend: Option<f64>,
}

impl<C> CustomerSummary<'_, C> {
    /// Occasions after the first: the frequency of the purchase models. `None` without a purchase.
    #[must_use]
    pub fn frequency(&self) -> Option<u32> {
        self.occasions.checked_sub(1)
    }
}

impl<C: CustomerId> Ledger<C> {
    /// One [`CustomerSummary`] per customer, in the order of their ids, under the default [`Conventions`].
    ///
    /// # Errors
    /// As [`summaries_with`](Ledger::summaries_with).
    ///
    /// # Example
    /// See [`Ledger`].
    pub fn summaries(&self, as_of: NaiveDate) -> Result<Vec<CustomerSummary<'_, C>>> {
        self.summaries_with(as_of, &Conventions::default())
    }

    /// One [`CustomerSummary`] per customer, in the order of their ids.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where a row lies after `as_of`, or a refund where
    /// refunds are refused; [`Overflow`](crate::ErrorKind::Overflow) where a customer's money has more
    /// digits than `Decimal` holds.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Conventions, Ledger, Refunds, Transaction};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let row = |d, amount: i64| Transaction::new("ann", day(d), amount.into());
    /// let ledger = Ledger::from_transactions([row(1, 100), row(5, 30), row(9, -50)])?;
    ///
    /// let on_the_day = &ledger.summaries(day(9))?[0];
    /// assert_eq!(on_the_day.mean_repeat_spend, Some(30.0)); // the refund is money of the 9th
    /// let conventions = Conventions::new().refunds(Refunds::AgainstEarlier);
    /// let earlier = &ledger.summaries_with(day(9), &conventions)?[0];
    /// assert_eq!(earlier.mean_repeat_spend, Some(0.0)); // it took the 5th, then 20 of the 1st
    /// assert_eq!(on_the_day.net_revenue, earlier.net_revenue);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn summaries_with(
        &self,
        as_of: NaiveDate,
        conventions: &Conventions,
    ) -> Result<Vec<CustomerSummary<'_, C>>> {
        let columns = self.columns_as_of(as_of)?;
        let Conventions { occasion, refunds } = *conventions;
        let occasions = columns.occasions(occasion);
        if refunds == Refunds::Refuse {
            refuse_refunds(columns)?;
        }
        let reader = Reader { ids: self.customers(), columns, occasions, as_of, refunds };
        match Narrow::of(columns).and_then(|money| reader.read(money.scale, |cell| money.at(cell)))
        {
            Some(summaries) => Ok(summaries),
            None => reader.read_wide(),
        }
    }
}

/// The money of narrow columns as mantissas at one scale.
struct Narrow<'a> {
    scale: u32,
    net: &'a [i64],
    net_unit: i128,
    /// Empty where there are none.
    refunds: &'a [i64],
    refunds_unit: i128,
}

impl<'a> Narrow<'a> {
    fn of(columns: &'a Finished) -> Option<Self> {
        /// Ten to this, times any mantissa of 64 bits, fits 128 bits.
        const MOST_ZEROS: u32 = 18;
        let (net_scale, net) = columns.net.as_narrow()?;
        let (refunds_scale, refunds) = match &columns.refunds {
            Some(refunds) => refunds.as_narrow()?,
            None => (net_scale, [].as_slice()),
        };
        let scale = net_scale.max(refunds_scale);
        let unit = |own: u32| (scale - own <= MOST_ZEROS).then(|| 10_i128.pow(scale - own));
        let (net_unit, refunds_unit) = (unit(net_scale)?, unit(refunds_scale)?);
        Some(Self { scale, net, net_unit, refunds, refunds_unit })
    }

    /// Net amount and refunds of a cell.
    fn at(&self, cell: usize) -> (i128, i128) {
        let refunds = self.refunds.get(cell).copied().unwrap_or(0);
        (i128::from(self.net[cell]) * self.net_unit, i128::from(refunds) * self.refunds_unit)
    }
}

impl Finished {
    /// Which cells are purchase occasions.
    pub(super) fn occasions(&self, occasion: Occasion) -> Vec<bool> {
        if occasion == Occasion::PurchaseDay {
            return self.purchases.iter().map(|&purchases| purchases > 0).collect();
        }
        let zero = Sum::default();
        let is_occasion = |cell: &super::columns::Cell<Sum>| match occasion {
            Occasion::NetPositiveDay => cell.net > zero,
            // Purchases are worth more than 0 exactly where they exceed the refunds' size.
            _ => cell.net > cell.refunds,
        };
        self.wide_cells().iter().map(is_occasion).collect()
    }
}

fn refuse_refunds(columns: &Finished) -> Result<()> {
    for customer in 0..columns.offsets.len() - 1 {
        let mut cells = columns.customer_cells(customer);
        if let Some(cell) = cells.find(|&cell| columns.purchases[cell] < columns.rows[cell]) {
            let what =
                format!("refunds are refused, but there is one on {}", date_of(columns.days[cell]));
            return Err(Error::inconsistent(what).at_row(customer));
        }
    }
    Ok(())
}

/// Everything a pass over the customers needs but the money.
struct Reader<'a, C> {
    ids: &'a [C],
    columns: &'a Finished,
    occasions: Vec<bool>,
    as_of: NaiveDate,
    refunds: Refunds,
}

impl<'a, C: Sync> Reader<'a, C> {
    /// Reads every customer; `money` gives a cell's net amount and its refunds. `None` where a total overflows.
    fn read<A: Amount>(
        &self,
        scale: u32,
        money: impl Fn(usize) -> (A, A) + Send + Sync,
    ) -> Option<Vec<CustomerSummary<'a, C>>> {
        map_each(self.ids.len(), Matching::default, |matching, position| {
            self.customer(position, scale, &money, matching)
        })
    }

    /// As [`read`](Self::read) for money of any size, and with an error that names the customer.
    fn read_wide(&self) -> Result<Vec<CustomerSummary<'a, C>>> {
        let cells = self.columns.wide_cells();
        let money = |cell: usize| (cells[cell].net, cells[cell].refunds);
        let mut matching = Matching::<Sum>::default();
        let customer = |position| {
            let summary = self.customer(position, 0, &money, &mut matching);
            summary.ok_or_else(|| Error::overflow(format!("the money of customer {position}")))
        };
        (0..self.ids.len()).map(customer).collect()
    }

    fn customer<A: Amount>(
        &self,
        customer: usize,
        scale: u32,
        money: &impl Fn(usize) -> (A, A),
        matching: &mut Matching<A>,
    ) -> Option<CustomerSummary<'a, C>> {
        let cells = self.columns.customer_cells(customer);
        let matched = self.refunds == Refunds::AgainstEarlier;
        if matched {
            matching.run(cells.clone().map(money))?;
        }
        let mut net = A::default();
        let mut refunds = A::default();
        let mut repeat = A::default();
        let mut rows = 0_u32;
        let mut occasions = 0_u32;
        let (mut first, mut last) = (0, 0);
        for cell in cells.clone() {
            let (day_net, day_refunds) = money(cell);
            net = net.plus(day_net)?;
            refunds = refunds.plus(day_refunds)?;
            rows = rows.checked_add(self.columns.rows[cell])?;
            if !self.occasions[cell] {
                continue;
            }
            last = self.columns.days[cell];
            if occasions == 0 {
                first = last;
            } else {
                repeat = repeat.plus(if matched {
                    matching.left[cell - cells.start]
                } else {
                    day_net
                })?;
            }
            occasions += 1;
        }
        let unmatched =
            if matched { A::default().minus(matching.unmatched)? } else { A::default() };
        let repeats = (occasions > 1).then(|| f64::from(occasions - 1));
        Some(CustomerSummary {
            customer: &self.ids[customer],
            first: (occasions > 0).then(|| date_of(first)),
            last: (occasions > 0).then(|| date_of(last)),
            occasions,
            rows,
            net_revenue: net.decimal(scale)?,
            refunds: refunds.decimal(scale)?,
            unmatched_refunds: unmatched.decimal(scale)?,
            days_since_last: (occasions > 0).then(|| day_number(self.as_of).abs_diff(last)),
            mean_days_between: repeats.map(|repeats| f64::from(last - first) / repeats),
            mean_repeat_spend: match repeats {
                Some(repeats) => Some(to_f64(repeat.decimal(scale)?) / repeats),
                None => None,
            },
        })
    }
}

/// Refunds set against the latest earlier purchases, one customer at a time.
#[derive(Default)]
struct Matching<A> {
    /// What is left of each day's purchases.
    left: Vec<A>,
    /// Days with something left, the latest last.
    open: Vec<usize>,
    /// Refunds beyond all purchases, as a positive amount.
    unmatched: A,
}

impl<A: Amount> Matching<A> {
    fn run(&mut self, days: impl Iterator<Item = (A, A)>) -> Option<()> {
        let zero = A::default();
        self.left.clear();
        self.open.clear();
        self.unmatched = zero;
        for (day, (net, refunds)) in days.enumerate() {
            let bought = net.minus(refunds)?;
            self.left.push(bought);
            if bought > zero {
                self.open.push(day);
            }
            let mut due = zero.minus(refunds)?;
            while due > zero {
                let Some(&latest) = self.open.last() else {
                    self.unmatched = self.unmatched.plus(due)?;
                    break;
                };
                let taken = due.min(self.left[latest]);
                due = due.minus(taken)?;
                self.left[latest] = self.left[latest].minus(taken)?;
                if self.left[latest] == zero {
                    self.open.pop();
                }
            }
        }
        Some(())
    }
}
