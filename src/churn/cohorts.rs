//! Who stays: customers by the period in which they came, and what each later period brought.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::math::count;
use crate::money::{Sum, to_f64};
use crate::quantity::Probability;
use crate::time::date_of;
use crate::transactions::{CohortPeriod, CustomerId, Ledger};

/// What is meant by a customer who stayed until the k-th period after his first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Retention {
    /// He bought in that very period. The share can rise again: a customer who paused comes back.
    Bounded,
    /// He bought in that period or a later one. The share only falls; the latest periods are too low, since who will
    /// still come back is not known yet.
    Rolling,
}

/// One cell of the retention triangle.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(tag = "state", rename_all = "lowercase"))]
pub enum CohortCell {
    /// The period is over.
    Observed(CohortCount),
    /// The period is still running on the as-of date: too low, and in no mean.
    Partial(CohortCount),
    /// The period has not begun: not 0, but not known.
    Future,
}

impl CohortCell {
    /// The count of a period that is over.
    #[must_use]
    pub fn observed(&self) -> Option<&CohortCount> {
        match self {
            Self::Observed(count) => Some(count),
            Self::Partial(_) | Self::Future => None,
        }
    }
}

/// What a cohort did in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CohortCount {
    /// The size of the cohort.
    pub customers: u64,
    /// Those who bought in the period.
    pub active: u64,
    /// Those who bought in the period or a later one.
    pub staying: u64,
    /// What the cohort spent in the period, refunds taken off.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub revenue: Decimal,
}

impl CohortCount {
    fn stayed(&self, retention: Retention) -> u64 {
        match retention {
            Retention::Bounded => self.active,
            Retention::Rolling => self.staying,
        }
    }

    /// The share of the cohort that stayed.
    #[must_use]
    pub fn retention(&self, retention: Retention) -> f64 {
        self.stayed(retention) as f64 / self.customers as f64
    }
}

/// The retention triangle: one row a cohort, one column a period after the first.
///
/// Shards that hold whole customers [`merge`](Cohorts::merge); where a customer's rows are spread over shards, merge
/// the ledgers first.
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use goodwill::churn::{CohortPeriod, Cohorts, Retention};
/// use goodwill::{Ledger, Transaction};
///
/// let day = |month, d| NaiveDate::from_ymd_opt(2024, month, d).unwrap();
/// let row = |who, date| Transaction::new(who, date, 10.into());
/// let ledger = Ledger::from_transactions([
///     row("ann", day(1, 5)), row("ann", day(3, 8)), row("bob", day(1, 9)), row("zoe", day(2, 1)),
/// ])?;
/// let cohorts = ledger.cohorts(day(3, 31), CohortPeriod::Month)?;
/// let january: Vec<f64> = cohorts.cells(0)?.iter()
///     .filter_map(|cell| Some(cell.observed()?.retention(Retention::Bounded))).collect();
/// assert_eq!(january, [1.0, 0.0, 0.5]); // ann paused in February
/// assert_eq!(cohorts.survivors(0)?, [2, 1, 1]);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cohorts {
    as_of: NaiveDate,
    period: CohortPeriod,
    /// By the number of the first period.
    rows: BTreeMap<i32, Cohort>,
}

/// The periods in which something happened, by how many after the first they are: what is long silent takes no room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
struct Cohort {
    /// From the first on, as far as no period is missing: found at once.
    near: Vec<Age>,
    far: BTreeMap<usize, Age>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
struct Age {
    active: u64,
    /// How many bought for the last time.
    last: u64,
    revenue: Sum,
}

impl Cohort {
    fn at(&self, age: usize) -> Age {
        self.near.get(age).or_else(|| self.far.get(&age)).copied().unwrap_or_default()
    }

    fn at_mut(&mut self, age: usize) -> &mut Age {
        if age == self.near.len() {
            let mut next = Some(Age::default());
            while let Some(own) = next {
                self.near.push(own);
                next = self.far.remove(&self.near.len());
            }
        }
        match self.near.get_mut(age) {
            Some(near) => near,
            None => self.far.entry(age).or_default(),
        }
    }

    /// In ascending order.
    fn ages(&self) -> impl Iterator<Item = (usize, &Age)> {
        self.near.iter().enumerate().chain(self.far.iter().map(|(&age, own)| (age, own)))
    }

    /// Everybody buys in his first period.
    fn customers(&self) -> u64 {
        self.at(0).active
    }

    /// How many bought in each period or a later one.
    fn staying(&self, periods: usize) -> Vec<u64> {
        let mut staying = self.customers();
        let mut of = |age| {
            let here = staying;
            staying -= self.at(age).last;
            here
        };
        (0..periods).map(&mut of).collect()
    }

    fn merge(&mut self, other: &Self) -> Result<()> {
        for (age, other) in other.ages() {
            let own = self.at_mut(age);
            for (own, more) in [(&mut own.active, other.active), (&mut own.last, other.last)] {
                count::add(own, more, "the number of customers of a cohort")?;
            }
            own.revenue.merge(&other.revenue)?;
        }
        Ok(())
    }
}

impl<C: CustomerId> Ledger<C> {
    /// The retention triangle of the base on a day: customers by the period of their first purchase. Who only has
    /// refunds is in no cohort; refunds before a customer's first purchase are left out with their money.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where a row lies after `as_of`;
    /// [`Overflow`](crate::ErrorKind::Overflow) where a cohort's money leaves the range of a total.
    pub fn cohorts(&self, as_of: NaiveDate, period: CohortPeriod) -> Result<Cohorts> {
        self.check_as_of(as_of)?;
        let mut cohorts: BTreeMap<i32, Cohort> = BTreeMap::new();
        for customer in 0..self.customers().len() {
            let mut days = self.days_of(customer).skip_while(|day| !day.bought).peekable();
            let Some(first) = days.peek().map(|day| period.number(date_of(day.number))) else {
                continue;
            };
            let cohort = cohorts.entry(first).or_default();
            let mut last = None;
            for day in days {
                let age = (period.number(date_of(day.number)) - first) as usize;
                let own = cohort.at_mut(age);
                own.revenue.merge(&day.net)?;
                if day.bought && last != Some(age) {
                    own.active += 1;
                    last = Some(age);
                }
            }
            if let Some(last) = last {
                cohort.at_mut(last).last += 1;
            }
        }
        Ok(Cohorts { as_of, period, rows: cohorts })
    }
}

impl Cohorts {
    /// The triangle of both groups of customers.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for another as-of date or period;
    /// [`Overflow`](crate::ErrorKind::Overflow) where a cohort's money or customers leave their range.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if (self.as_of, self.period) != (other.as_of, other.period) {
            return Err(Error::inconsistent(format!(
                "cohorts by {:?} on {} and by {:?} on {} cannot be merged",
                self.period, self.as_of, other.period, other.as_of
            )));
        }
        let mut both = self.clone();
        for (first, cohort) in &other.rows {
            both.rows.entry(*first).or_default().merge(cohort)?;
        }
        Ok(both)
    }

    /// The as-of date.
    #[must_use]
    pub fn as_of(&self) -> NaiveDate {
        self.as_of
    }

    /// The periods.
    #[must_use]
    pub fn period(&self) -> CohortPeriod {
        self.period
    }

    /// The first day of each cohort's first period, in ascending order: the rows of the triangle.
    #[must_use]
    pub fn starts(&self) -> Vec<NaiveDate> {
        let start = |&first: &i32| self.period.first_day(first).unwrap_or(NaiveDate::MIN);
        self.rows.keys().map(start).collect()
    }

    /// How many columns the triangle has: the periods that its oldest cohort has seen, the first included.
    #[must_use]
    pub fn periods(&self) -> usize {
        self.rows.keys().next().map_or(0, |&oldest| self.seen(oldest))
    }

    /// How many periods a cohort has seen, the first included.
    fn seen(&self, first: i32) -> usize {
        (self.period.number(self.as_of) - first) as usize + 1
    }

    fn cohort(&self, row: usize) -> Result<(i32, &Cohort)> {
        let cohort = self.rows.iter().nth(row).map(|(&first, cohort)| (first, cohort));
        cohort.ok_or_else(|| Error::out_of_domain("cohort", row, "[0, number of cohorts)"))
    }

    /// The cells of one cohort, from its first period, as many as the triangle has [`periods`](Cohorts::periods).
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a row that the triangle does not have;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the money of a cell.
    pub fn cells(&self, row: usize) -> Result<Vec<CohortCell>> {
        let (first, cohort) = self.cohort(row)?;
        let staying = cohort.staying(self.seen(first));
        let cell = |age: usize| match staying.get(age) {
            None => Ok(CohortCell::Future),
            Some(&staying) => {
                let Age { active, revenue, .. } = cohort.at(age);
                let customers = cohort.customers();
                let count = CohortCount { customers, active, staying, revenue: revenue.total()? };
                let is_over = self.is_over(first, age);
                Ok(if is_over { CohortCell::Observed(count) } else { CohortCell::Partial(count) })
            }
        };
        (0..self.periods()).map(cell).collect()
    }

    /// Whether the period has ended by the end of the as-of date.
    fn is_over(&self, first: i32, age: usize) -> bool {
        let next = self.period.first_day(first + age as i32 + 1);
        next.and_then(|next| next.pred_opt()).is_some_and(|last| last <= self.as_of)
    }

    /// How many of a cohort's customers bought in each period or later, over the periods that have ended: survivors
    /// for the contractual models and for a life table. The first is the size of the cohort; the numbers never rise.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a row that the triangle does not have.
    pub fn survivors(&self, row: usize) -> Result<Vec<u64>> {
        let (first, cohort) = self.cohort(row)?;
        let mut periods = self.seen(first);
        // Only the last period can still be running.
        if !self.is_over(first, periods - 1) {
            periods -= 1;
        }
        Ok(cohort.staying(periods))
    }

    /// The cohorts whose k-th period has ended, as (customers, stayed).
    fn eligible(&self, age: usize, retention: Retention) -> impl Iterator<Item = (u64, u64)> {
        self.observed(age).map(move |cohort| {
            let stayed = match retention {
                Retention::Bounded => cohort.at(age).active,
                Retention::Rolling => {
                    cohort.ages().filter(|(own, _)| *own >= age).map(|(_, own)| own.last).sum()
                }
            };
            (cohort.customers(), stayed)
        })
    }

    /// The cohorts whose k-th period has ended.
    fn observed(&self, age: usize) -> impl Iterator<Item = &Cohort> {
        let over = move |first| age < self.seen(first) && self.is_over(first, age);
        self.rows.iter().filter_map(move |(&first, cohort)| over(first).then_some(cohort))
    }

    /// The share that stayed until `age` periods after the first, every cohort alike: the mean of the cohorts' shares.
    ///
    /// # Formula
    /// ```text
    /// Σ (stayed/customers) / cohorts,   over the cohorts whose period of that age has ended
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where no cohort's period of that age has ended.
    ///
    /// # Example
    /// See [`pooled_retention`](Cohorts::pooled_retention).
    ///
    /// # Reference
    /// A definition of the trade. Why the mean of ratios is not the ratio of totals: Cochran (1977), Sampling Techniques,
    /// chapter 6.
    pub fn mean_retention(&self, age: usize, retention: Retention) -> Result<f64> {
        let shares = self.eligible(age, retention).map(|(all, stayed)| stayed as f64 / all as f64);
        let (cohorts, sum) = shares.fold((0_u32, 0.0), |(n, sum), share| (n + 1, sum + share));
        if cohorts > 0 { Ok(sum / f64::from(cohorts)) } else { Err(not_over(age)) }
    }

    /// The share that stayed until `age` periods after the first, every customer alike: those who stayed over all who
    /// could have, with Wilson's interval. 10 customers at 20 % and 100 at 0 % are 1.82 % together, and 10 % on the
    /// mean of the cohorts.
    ///
    /// # Formula
    /// ```text
    /// Σ stayed / Σ customers,   over the cohorts whose period of that age has ended
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where no cohort's period of that age has ended;
    /// [`Overflow`](crate::ErrorKind::Overflow) for more customers than `u64` counts; as [`Estimate::proportion`].
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::churn::{CohortPeriod, Retention};
    /// use goodwill::{Ledger, Probability, Transaction};
    ///
    /// let day = |month, d| NaiveDate::from_ymd_opt(2024, month, d).unwrap();
    /// let row = |who, date| Transaction::new(who, date, 10.into());
    /// // Of January's two customers one came back after a month, of February's only customer none.
    /// let ledger = Ledger::from_transactions([
    ///     row("ann", day(1, 5)), row("ann", day(2, 8)), row("bob", day(1, 9)), row("zoe", day(2, 1)),
    /// ])?;
    /// let cohorts = ledger.cohorts(day(3, 31), CohortPeriod::Month)?;
    /// let pooled = cohorts.pooled_retention(1, Retention::Bounded, Probability::constant(0.95))?;
    /// assert_eq!(pooled.value(), 1.0 / 3.0);
    /// assert_eq!(cohorts.mean_retention(1, Retention::Bounded)?, 0.25);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Wilson (1927), Journal of the American Statistical Association 22, 209–212, for the interval.
    pub fn pooled_retention(
        &self,
        age: usize,
        retention: Retention,
        level: Probability,
    ) -> Result<Estimate> {
        let (mut all, mut stayed) = (0, 0);
        for (own, left) in self.eligible(age, retention) {
            for (sum, more) in [(&mut all, own), (&mut stayed, left)] {
                count::add(sum, more, "the number of customers of the cohorts")?;
            }
        }
        if all == 0 {
            return Err(not_over(age));
        }
        Estimate::proportion(stayed, all, level)
    }

    /// The money of the period `age` over that of the first, of all cohorts whose period has ended.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where there is none, or they spent nothing in their first period;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a total.
    pub fn pooled_revenue_retention(&self, age: usize) -> Result<f64> {
        let (mut first, mut later, mut any) = (Sum::default(), Sum::default(), false);
        for cohort in self.observed(age) {
            first.merge(&cohort.at(0).revenue)?;
            later.merge(&cohort.at(age).revenue)?;
            any = true;
        }
        let (first, later) = (first.total()?, later.total()?);
        match any {
            false => Err(not_over(age)),
            true if first > Decimal::ZERO => Ok(to_f64(later) / to_f64(first)),
            true => Err(Error::undefined(
                "revenue retention",
                format!("the cohorts spent {first} in their first period"),
            )),
        }
    }
}

fn not_over(age: usize) -> Error {
    Error::undefined("retention", format!("no cohort has been observed for {age} whole periods"))
}
