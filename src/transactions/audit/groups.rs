//! Customers by what they did in two periods, and what each group brought in each.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::math::count;
use crate::money::{Sum, to_f64};
use crate::time::day_number;
use crate::transactions::{Conventions, CustomerId, Ledger};

use super::margin::Margin;

/// What a customer did in two periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum AuditGroup {
    /// Bought for the first time in the later period.
    New,
    /// Bought in both.
    Retained,
    /// Bought in the later one, not in the earlier one, and somewhen before the later one.
    Reactivated,
    /// Bought in the earlier one only.
    Lapsed,
    /// Bought in neither. His refunds and costs count all the same.
    Dormant,
}

impl AuditGroup {
    /// All five, in the order of the table.
    pub const ALL: [Self; 5] =
        [Self::New, Self::Retained, Self::Reactivated, Self::Lapsed, Self::Dormant];

    fn of((before, later): (bool, bool), first: Option<i32>, later_start: i32) -> Self {
        match (before, later) {
            (true, true) => Self::Retained,
            (true, false) => Self::Lapsed,
            (false, false) => Self::Dormant,
            (false, true) if first.is_some_and(|first| first < later_start) => Self::Reactivated,
            (false, true) => Self::New,
        }
    }
}

/// What a group brought in one period: purchases × spend × margin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Activity {
    pub(super) occasions: u64,
    pub(super) revenue: Sum,
    pub(super) profit: Sum,
}

impl Activity {
    fn merge(&mut self, other: &Self) -> Result<()> {
        count::add(&mut self.occasions, other.occasions, "a number of occasions")?;
        self.revenue.merge(&other.revenue)?;
        self.profit.merge(&other.profit)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) customers: u64,
    pub(super) earlier: Activity,
    pub(super) later: Activity,
}

impl Group {
    fn merge(&mut self, other: &Self) -> Result<()> {
        count::add(&mut self.customers, other.customers, "a number of customers")?;
        self.earlier.merge(&other.earlier)?;
        self.later.merge(&other.later)
    }
}

/// The customer base over two periods: who came, stayed, came back and went, how often each group bought, what it
/// spent, and what was left of it. A summary that merges.
///
/// # Example
/// See [`Ledger::audit`].
///
/// # Reference
/// Fader, Hardie and Ross (2022), The Customer-Base Audit, Wharton School Press: the second lens, on two periods.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(into = "AuditFields"))]
pub struct Audit {
    earlier: RangeInclusive<NaiveDate>,
    later: RangeInclusive<NaiveDate>,
    pub(super) groups: [Group; 5],
}

/// One group of customers in one of the two periods.
///
/// # Formula
/// ```text
/// profit = customers × occasions/customer × revenue/occasion × profit/revenue
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AuditCell {
    /// How many customers are in the group.
    pub customers: u64,
    /// Their purchase occasions in the period.
    pub occasions: u64,
    /// Their money, refunds taken off.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub revenue: Decimal,
    /// What is left of it.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub profit: Decimal,
    /// Occasions a customer; `None` in a group of nobody.
    pub frequency: Option<f64>,
    /// Revenue an occasion; `None` without one.
    pub spend: Option<f64>,
    /// Profit a unit of revenue; `None` where the revenue is 0.
    pub margin: Option<f64>,
}

impl AuditCell {
    fn of(customers: u64, activity: &Activity) -> Result<Self> {
        let (revenue, profit) = (activity.revenue.total()?, activity.profit.total()?);
        let ratio = |of: f64, to: f64| (to.abs() > 0.0).then(|| of / to);
        let occasions = activity.occasions as f64;
        Ok(Self {
            customers,
            occasions: activity.occasions,
            revenue,
            profit,
            frequency: ratio(occasions, customers as f64),
            spend: ratio(to_f64(revenue), occasions),
            margin: ratio(to_f64(profit), to_f64(revenue)),
        })
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize)]
struct AuditFields {
    earlier: (NaiveDate, NaiveDate),
    later: (NaiveDate, NaiveDate),
    groups: Vec<GroupFields>,
}

/// Exact totals as they are kept, so that one that a `Decimal` cannot hold can be written too.
#[cfg(feature = "serde")]
#[derive(serde::Serialize)]
struct GroupFields {
    group: AuditGroup,
    customers: u64,
    earlier: (u64, Sum, Sum),
    later: (u64, Sum, Sum),
}

#[cfg(feature = "serde")]
impl From<Audit> for AuditFields {
    fn from(audit: Audit) -> Self {
        let ends = |period: RangeInclusive<NaiveDate>| (*period.start(), *period.end());
        let activity = |own: Activity| (own.occasions, own.revenue, own.profit);
        let group = |(group, own): (AuditGroup, Group)| GroupFields {
            group,
            customers: own.customers,
            earlier: activity(own.earlier),
            later: activity(own.later),
        };
        let groups = AuditGroup::ALL.into_iter().zip(audit.groups).map(group).collect();
        Self { earlier: ends(audit.earlier), later: ends(audit.later), groups }
    }
}

impl<C: CustomerId> Ledger<C> {
    /// Audits the base over an earlier and a later period, each with its margin. The ledger must hold no row after
    /// the later period; cut it with [`until`](Ledger::until).
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where the periods do not follow each other, or a row lies
    /// after them; [`LengthMismatch`](crate::ErrorKind::LengthMismatch) where a margin by customer is not one for
    /// each; [`Overflow`](crate::ErrorKind::Overflow) where a customer's money or profit has more digits than
    /// `Decimal` holds.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::transactions::{AuditGroup, Margin};
    /// use goodwill::{Conventions, Ledger, Share, Transaction};
    ///
    /// let day = |y, m| NaiveDate::from_ymd_opt(y, m, 1).unwrap();
    /// let row = |who, y, m, amount: i64| Transaction::new(who, day(y, m), amount.into());
    /// let ledger = Ledger::from_transactions([
    ///     row("ann", 2023, 5, 100), row("ann", 2024, 2, 90), row("ann", 2024, 9, 60), // stays
    ///     row("bob", 2023, 6, 40),                                                     // lapses
    ///     row("cat", 2024, 7, 30),                                                     // is new
    /// ])?;
    /// let year = |y| day(y, 1)..=NaiveDate::from_ymd_opt(y, 12, 31).unwrap();
    /// let half = Margin::Rate(Share::percent(50)?);
    /// let audit = ledger.audit((year(2023), half), (year(2024), half), &Conventions::default())?;
    ///
    /// let ann = audit.later(AuditGroup::Retained)?;
    /// assert_eq!((ann.customers, ann.frequency, ann.spend), (1, Some(2.0), Some(75.0)));
    /// let bridge = audit.bridge(2)?;
    /// assert_eq!((bridge.opening, bridge.closing), (70.into(), 90.into()));
    /// assert_eq!((bridge.lapsed, bridge.new), ((-20).into(), 15.into()));
    /// // Ann bought twice as often: +50; for 75 instead of 100 a time: −25.
    /// assert_eq!((bridge.frequency, bridge.spend), (50.into(), (-25).into()));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn audit(
        &self,
        (earlier, earlier_margin): (RangeInclusive<NaiveDate>, Margin<'_>),
        (later, later_margin): (RangeInclusive<NaiveDate>, Margin<'_>),
        conventions: &Conventions,
    ) -> Result<Audit> {
        let follow = earlier.end() < later.start();
        if !(follow && !earlier.is_empty() && !later.is_empty()) {
            return Err(Error::inconsistent(format!(
                "the periods {} to {} and {} to {} must follow each other",
                earlier.start(),
                earlier.end(),
                later.start(),
                later.end()
            )));
        }
        earlier_margin.check(self.customers().len())?;
        later_margin.check(self.customers().len())?;
        let columns = self.columns_as_of(*later.end())?;
        let occasions = columns.occasions(conventions.occasion);
        let number = |period: &RangeInclusive<NaiveDate>| {
            day_number(*period.start())..=day_number(*period.end())
        };
        let (in_earlier, in_later) = (number(&earlier), number(&later));
        let mut groups = [Group::default(); 5];
        for customer in 0..self.customers().len() {
            let mut own = Group { customers: 1, ..Group::default() };
            let mut first = None;
            for cell in columns.customer_cells(customer) {
                let day = columns.days[cell];
                if occasions[cell] {
                    first = first.or(Some(day));
                }
                let activity = match day {
                    day if in_earlier.contains(&day) => &mut own.earlier,
                    day if in_later.contains(&day) => &mut own.later,
                    _ => continue,
                };
                activity.occasions += u64::from(occasions[cell]);
                activity.revenue.merge(&columns.net.sum_at(cell))?;
            }
            own.earlier.profit = earlier_margin.profit(customer, &own.earlier.revenue)?;
            own.later.profit = later_margin.profit(customer, &own.later.revenue)?;
            let bought = (own.earlier.occasions > 0, own.later.occasions > 0);
            let group = AuditGroup::of(bought, first, *in_later.start());
            groups[group as usize].merge(&own)?;
        }
        Ok(Audit { earlier, later, groups })
    }
}

impl Audit {
    /// The audit of both groups of customers.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for other periods;
    /// [`Overflow`](crate::ErrorKind::Overflow) where a total leaves its range.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if (&self.earlier, &self.later) != (&other.earlier, &other.later) {
            return Err(Error::inconsistent("audits of different periods cannot be merged"));
        }
        let mut both = self.clone();
        for (own, other) in both.groups.iter_mut().zip(&other.groups) {
            own.merge(other)?;
        }
        Ok(both)
    }

    /// A group in the earlier period.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a total.
    pub fn earlier(&self, group: AuditGroup) -> Result<AuditCell> {
        let own = &self.groups[group as usize];
        AuditCell::of(own.customers, &own.earlier)
    }

    /// The same customers in the later period.
    ///
    /// # Errors
    /// As [`earlier`](Audit::earlier).
    pub fn later(&self, group: AuditGroup) -> Result<AuditCell> {
        let own = &self.groups[group as usize];
        AuditCell::of(own.customers, &own.later)
    }
}
