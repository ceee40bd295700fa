//! Two snapshots of the base: who left, who came, and whose money grew or shrank.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::math::count;
use crate::money::{Sum, difference, to_f64};
use crate::quantity::Probability;
use crate::time::day_number;
use crate::transactions::{CustomerId, Ledger};

/// How a base of customers under contract changed between two snapshots, in customers and in recurring money.
///
/// Every opening customer is lost or kept, and the money reconciles: opening − lost − contraction + expansion +
/// new + reactivated = closing. Shards that hold whole customers [`merge`](BaseChange::merge).
///
/// # Example
/// ```
/// use goodwill::churn::BaseChange;
/// use goodwill::Probability;
///
/// // Monthly fees: ann pays more, bob less, cid left, zoe is new.
/// let opening = [("ann", 100.into()), ("bob", 100.into()), ("cid", 50.into())];
/// let closing = [("ann", 120.into()), ("bob", 70.into()), ("zoe", 40.into())];
/// let change = BaseChange::new(opening, closing, |_| false)?;
/// assert!((change.customer_churn(Probability::constant(0.95))?.value() - 1.0 / 3.0).abs() < 1e-15);
/// assert_eq!(change.revenue_churn()?, 80.0 / 250.0); // cid's 50 and 30 of bob's
/// assert_eq!(change.gross_retention()?, 170.0 / 250.0);
/// assert_eq!(change.net_retention()?, 190.0 / 250.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct BaseChange {
    /// Customers in the opening snapshot.
    pub opening: u64,
    /// Those of them who are not in the closing one.
    pub lost: u64,
    /// Customers in the closing snapshot only, who had never been customers.
    pub new: u64,
    /// Customers in the closing snapshot only, who had been customers before the opening.
    pub reactivated: u64,
    /// The money of the opening snapshot.
    pub opening_revenue: Sum,
    /// The opening money of the lost.
    pub lost_revenue: Sum,
    /// By how much kept customers pay less.
    pub contraction: Sum,
    /// By how much kept customers pay more.
    pub expansion: Sum,
    /// The money of the new.
    pub new_revenue: Sum,
    /// The money of the reactivated.
    pub reactivated_revenue: Sum,
}

/// A snapshot by customer, refusing what cannot be a snapshot.
fn snapshot<C: Ord>(
    name: &'static str,
    rows: impl IntoIterator<Item = (C, Decimal)>,
) -> Result<BTreeMap<C, Decimal>> {
    let mut customers = BTreeMap::new();
    for (row, (customer, revenue)) in rows.into_iter().enumerate() {
        if revenue < Decimal::ZERO {
            return Err(Error::out_of_domain("recurring revenue", revenue, "[0, ∞)").at_row(row));
        }
        if customers.insert(customer, revenue).is_some() {
            let what = format!("a customer stands twice in the {name} snapshot");
            return Err(Error::inconsistent(what).at_row(row));
        }
    }
    Ok(customers)
}

impl BaseChange {
    /// The change from one snapshot to the next. Each lists its customers once, in any order, with the recurring money
    /// of the period (a fee of 0 is a customer too); `known` says of a customer who is only in the closing
    /// snapshot whether he had been one before the opening.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for money below 0;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a customer who stands twice in a snapshot;
    /// [`Overflow`](crate::ErrorKind::Overflow) where money leaves the range of a total.
    pub fn new<C: Ord>(
        opening: impl IntoIterator<Item = (C, Decimal)>,
        closing: impl IntoIterator<Item = (C, Decimal)>,
        known: impl Fn(&C) -> bool,
    ) -> Result<Self> {
        let before = snapshot("opening", opening)?;
        let mut after = snapshot("closing", closing)?;
        let mut change = Self { opening: before.len() as u64, ..Self::default() };
        for (customer, paid) in before {
            change.opening_revenue.add(paid)?;
            match after.remove(&customer) {
                None => {
                    change.lost += 1;
                    change.lost_revenue.add(paid)?;
                }
                Some(pays) if pays < paid => {
                    change.contraction.add(paid)?;
                    change.contraction.merge(&Sum::from(pays).negated()?)?;
                }
                Some(pays) => {
                    change.expansion.add(pays)?;
                    change.expansion.merge(&Sum::from(paid).negated()?)?;
                }
            }
        }
        for (customer, pays) in after {
            if known(&customer) {
                change.reactivated += 1;
                change.reactivated_revenue.add(pays)?;
            } else {
                change.new += 1;
                change.new_revenue.add(pays)?;
            }
        }
        Ok(change)
    }

    /// The change of both groups of customers.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where money or customers leave the range of a total.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        let mut both = *self;
        for (own, more) in [
            (&mut both.opening, other.opening),
            (&mut both.lost, other.lost),
            (&mut both.new, other.new),
            (&mut both.reactivated, other.reactivated),
        ] {
            count::add(own, more, "a number of customers")?;
        }
        both.opening_revenue.merge(&other.opening_revenue)?;
        both.lost_revenue.merge(&other.lost_revenue)?;
        both.contraction.merge(&other.contraction)?;
        both.expansion.merge(&other.expansion)?;
        both.new_revenue.merge(&other.new_revenue)?;
        both.reactivated_revenue.merge(&other.reactivated_revenue)?;
        Ok(both)
    }

    /// The money of the closing snapshot.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where money leaves the range of a total.
    pub fn closing_revenue(&self) -> Result<Sum> {
        let mut closing = self.opening_revenue;
        closing.merge(&self.lost_revenue.negated()?)?;
        closing.merge(&self.contraction.negated()?)?;
        closing.merge(&self.expansion)?;
        closing.merge(&self.new_revenue)?;
        closing.merge(&self.reactivated_revenue)?;
        Ok(closing)
    }

    /// Lost / opening customers, with Wilson's interval: the logo churn.
    ///
    /// # Errors
    /// As [`Estimate::proportion`]; [`Empty`](crate::ErrorKind::Empty) without an opening customer.
    #[doc(alias = "logo_churn")]
    pub fn customer_churn(&self, level: Probability) -> Result<Estimate> {
        Estimate::proportion(self.lost, self.opening, level)
    }

    /// (Lost + contraction) / opening money.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where the opening money is 0;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a total.
    pub fn revenue_churn(&self) -> Result<f64> {
        self.of_opening(&[self.lost_revenue, self.contraction])
    }

    /// The share of the opening money that is still paid, what customers pay more left out: at most 1.
    ///
    /// # Formula
    /// ```text
    /// (opening − lost − contraction) / opening
    /// ```
    ///
    /// # Errors
    /// As [`revenue_churn`](BaseChange::revenue_churn).
    ///
    /// # Example
    /// See [`BaseChange`].
    ///
    /// # Reference
    /// A definition of the trade (gross revenue retention) without one source.
    #[doc(alias = "GRR")]
    pub fn gross_retention(&self) -> Result<f64> {
        self.of_opening(&[
            self.opening_revenue,
            self.lost_revenue.negated()?,
            self.contraction.negated()?,
        ])
    }

    /// What the opening customers pay now over what they paid: above 1 where those who stay grow faster than others leave.
    /// New and reactivated customers are not in it.
    ///
    /// # Formula
    /// ```text
    /// (opening − lost − contraction + expansion) / opening
    /// ```
    ///
    /// # Errors
    /// As [`revenue_churn`](BaseChange::revenue_churn).
    ///
    /// # Example
    /// See [`BaseChange`].
    ///
    /// # Reference
    /// A definition of the trade (net revenue retention) without one source.
    #[doc(alias = "NRR")]
    pub fn net_retention(&self) -> Result<f64> {
        self.of_opening(&[
            self.opening_revenue,
            self.lost_revenue.negated()?,
            self.contraction.negated()?,
            self.expansion,
        ])
    }

    fn of_opening(&self, parts: &[Sum]) -> Result<f64> {
        let opening = self.opening_revenue.total()?;
        if opening <= Decimal::ZERO {
            return Err(Error::undefined("revenue rate", "the opening customers pay nothing"));
        }
        let mut sum = Sum::default();
        parts.iter().try_for_each(|part| sum.merge(part))?;
        Ok(to_f64(sum.total()?) / to_f64(opening))
    }
}

/// What the same customers spent in one period and in a later one, where there is no contract: their revenue may
/// fall because they left, or because they had less to buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SameCustomerRevenue {
    /// Customers who bought in the earlier period.
    pub customers: u64,
    /// Those of them who bought in the later period too.
    pub bought_again: u64,
    /// What the customers spent in the earlier period, refunds taken off.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub before: Decimal,
    /// What the same customers spent in the later period, refunds taken off.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub after: Decimal,
}

impl SameCustomerRevenue {
    /// The same-customer revenue change: (after − before) / before.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where nothing was spent before;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the difference.
    pub fn change(&self) -> Result<f64> {
        if self.before > Decimal::ZERO {
            return Ok(to_f64(difference(self.after, self.before)?) / to_f64(self.before));
        }
        let reason = format!("the customers spent {} before", self.before);
        Err(Error::undefined("same-customer revenue change", reason))
    }
}

impl<C: CustomerId> Ledger<C> {
    /// What the customers who bought in `before` spent then, and in `after`.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) unless `before` ends ahead of the first day of `after`;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a total.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Ledger, Transaction};
    ///
    /// let day = |month, d| NaiveDate::from_ymd_opt(2024, month, d).unwrap();
    /// let row = |who, date, amount: i64| Transaction::new(who, date, amount.into());
    /// let ledger = Ledger::from_transactions([
    ///     row("ann", day(1, 5), 40), row("bob", day(1, 9), 10), row("ann", day(2, 5), 30),
    ///     row("zoe", day(2, 7), 99),
    /// ])?;
    /// let same = ledger.same_customer_revenue(day(1, 1)..=day(1, 31), day(2, 1)..=day(2, 29))?;
    /// assert_eq!((same.customers, same.bought_again), (2, 1));
    /// assert!((same.change()? + 0.4).abs() < 1e-15); // 30 of 50; zoe came later
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn same_customer_revenue(
        &self,
        before: RangeInclusive<NaiveDate>,
        after: RangeInclusive<NaiveDate>,
    ) -> Result<SameCustomerRevenue> {
        if before.end() >= after.start() || before.is_empty() || after.is_empty() {
            let [a, b] = [&before, &after].map(|p| format!("{} to {}", p.start(), p.end()));
            return Err(Error::inconsistent(format!("{a} is not a period before {b}")));
        }
        let [before, after] =
            [before, after].map(|p| day_number(*p.start())..=day_number(*p.end()));
        let (mut customers, mut bought_again) = (0, 0);
        let (mut spent_before, mut spent_after) = (Sum::default(), Sum::default());
        for customer in 0..self.customers().len() {
            let (mut early, mut late) = (Sum::default(), Sum::default());
            let (mut bought_early, mut bought_late) = (false, false);
            for day in self.days_of(customer) {
                if before.contains(&day.number) {
                    early.merge(&day.net)?;
                    bought_early |= day.bought;
                } else if after.contains(&day.number) {
                    late.merge(&day.net)?;
                    bought_late |= day.bought;
                }
            }
            if bought_early {
                customers += 1;
                bought_again += u64::from(bought_late);
                spent_before.merge(&early)?;
                spent_after.merge(&late)?;
            }
        }
        Ok(SameCustomerRevenue {
            customers,
            bought_again,
            before: spent_before.total()?,
            after: spent_after.total()?,
        })
    }
}
