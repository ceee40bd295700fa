//! The tracking curve: repeat purchases expected and seen, period by period and added up.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::error::{Error, Result};
use crate::lifetime::model::PurchaseModel;
use crate::math::count;
use crate::math::exact_sum::ExactSum;
use crate::time::{Horizon, date_of, day_number};
use crate::transactions::{Conventions, CustomerId, Ledger};

/// The periods of a tracking curve: equal spans of whole days from a first day on, as many as end by the as-of date.
///
/// # Example
/// See [`TrackingCurve`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TrackingPeriods {
    first: NaiveDate,
    days: u32,
    split: NaiveDate,
    as_of: NaiveDate,
    periods: u32,
}

impl TrackingPeriods {
    /// Periods of `days` days from `first` on, that day included. Customers are tracked who came by the end of `split`,
    /// the last day that the model knows.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for periods of no day, or where not 1 to 10⁵ of them end by `as_of`;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a split after `as_of`.
    pub fn new(first: NaiveDate, days: u32, split: NaiveDate, as_of: NaiveDate) -> Result<Self> {
        if days == 0 {
            return Err(Error::out_of_domain("days of a period", days, "[1, ∞)"));
        }
        if split > as_of {
            let what = format!("the split {split} lies after the as-of date {as_of}");
            return Err(Error::inconsistent(what));
        }
        let span = i64::from(day_number(as_of)) - i64::from(day_number(first)) + 1;
        let periods = span.div_euclid(i64::from(days));
        match u32::try_from(periods) {
            Ok(periods @ 1..=100_000) => Ok(Self { first, days, split, as_of, periods }),
            _ => Err(Error::out_of_domain("periods", periods, "[1, 10^5]")),
        }
    }

    /// The last day of a period, counted from 0; −1 is the day before the first.
    fn end(&self, period: i64) -> i32 {
        // Within the span of dates, by construction.
        (i64::from(day_number(self.first)) - 1 + (period + 1) * i64::from(self.days)) as i32
    }

    /// The period of a day, counted from 0.
    fn of(&self, day: i32) -> Option<usize> {
        let since = i64::from(day) - i64::from(day_number(self.first));
        let period = usize::try_from(since.div_euclid(i64::from(self.days))).ok()?;
        (period < self.periods as usize).then_some(period)
    }
}

/// Repeat purchases of all customers as a model expects them and as they were, period by period: a summary that merges.
///
/// The expectation is that of newcomers: it knows the day on which each customer came, and nothing else of him.
///
/// # Formula
/// ```text
/// expected by the end of day t = Σᵢ E[X(t − day of i's first purchase)]
/// ```
///
/// # Example
/// ```
/// use goodwill::lifetime::{TrackingCurve, TrackingPeriods};
/// use goodwill::{BgNbd, Conventions, Ledger, TimeUnit, Transaction};
///
/// let day = |d| chrono::NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
/// let row = |who, d| Transaction::new(who, day(d), 7.into());
/// let ledger = Ledger::from_transactions([row("ann", 1), row("ann", 9), row("bob", 7), row("zoe", 20)])?;
/// let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
/// let weeks = TrackingPeriods::new(day(1), 7, day(14), day(31))?; // zoe came after the split
/// let curve = TrackingCurve::of(&model, &ledger, &weeks, &Conventions::default())?;
/// let rows = curve.rows();
/// assert_eq!((rows.len(), rows[1].end, rows[1].actual), (4, day(14), 1));
/// assert!((rows[0].expected - 0.045_9).abs() < 1e-4); // six days of ann
/// assert!(rows[2].in_holdout && rows[2].actual_to_date == 1);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fader, Hardie and Lee (2005), Marketing Science 24(2), 275–284, figures 2 and 3.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(into = "Vec<TrackingPeriod>"))]
pub struct TrackingCurve {
    periods: TrackingPeriods,
    expected: Vec<ExactSum>,
    actual: Vec<u64>,
}

/// One period of a tracking curve.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct TrackingPeriod {
    /// The last day of the period.
    pub end: NaiveDate,
    /// Whether it ends after the split, so that the model could not know all of it.
    pub in_holdout: bool,
    /// Repeat purchases that the model expects in it.
    pub expected: f64,
    /// Those that were made.
    pub actual: u64,
    /// Expected from the first day to the end of the period.
    pub expected_to_date: f64,
    /// Made from the first day to the end of the period.
    pub actual_to_date: u64,
}

impl TrackingCurve {
    /// The curve of a model on a ledger.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where a row lies after the as-of date; as
    /// [`expected_purchases_of_newcomer`](PurchaseModel::expected_purchases_of_newcomer).
    pub fn of<C: CustomerId, M: PurchaseModel>(
        model: &M,
        ledger: &Ledger<C>,
        periods: &TrackingPeriods,
        conventions: &Conventions,
    ) -> Result<Self> {
        let count = periods.periods as usize;
        let mut actual = vec![0; count];
        let mut arrivals: BTreeMap<i32, u64> = BTreeMap::new();
        for days in ledger.occasion_days(periods.as_of, conventions)? {
            let came = days[0];
            if came > day_number(periods.split) {
                continue;
            }
            *arrivals.entry(came).or_default() += 1;
            for period in days[1..].iter().filter_map(|&day| periods.of(day)) {
                actual[period] += 1;
            }
        }
        let mut expected = vec![ExactSum::new(); count];
        let mut known: BTreeMap<i32, f64> = BTreeMap::new();
        let mut until = |days: i32| -> Result<f64> {
            if let Some(&known) = known.get(&days) {
                return Ok(known);
            }
            let horizon = Horizon::days(f64::from(days))?;
            Ok(*known.entry(days).or_insert(model.expected_purchases_of_newcomer(horizon)?))
        };
        for (came, customers) in arrivals {
            let mut before = until((periods.end(-1) - came).max(0))?;
            for (period, sum) in (0..).zip(&mut expected) {
                let after = until((periods.end(period) - came).max(0))?;
                sum.add_product(customers as f64, after - before);
                before = after;
            }
        }
        Ok(Self { periods: *periods, expected, actual })
    }

    /// The curve of both groups of customers.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for other periods;
    /// [`Overflow`](crate::ErrorKind::Overflow) for more purchases in all than are counted.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.periods != other.periods {
            return Err(Error::inconsistent(
                "tracking curves of different periods cannot be merged",
            ));
        }
        let mut both = self.clone();
        for (own, other) in both.expected.iter_mut().zip(&other.expected) {
            own.merge(other);
        }
        let mut to_date = 0;
        for (own, other) in both.actual.iter_mut().zip(&other.actual) {
            count::add(own, *other, "a number of purchases")?;
            count::add(&mut to_date, *own, "a number of purchases")?;
        }
        Ok(both)
    }

    /// The periods in order.
    #[must_use]
    pub fn rows(&self) -> Vec<TrackingPeriod> {
        let (mut expected_to_date, mut actual_to_date) = (ExactSum::new(), 0);
        let row = |(period, (expected, &actual)): (i64, (&ExactSum, &u64))| {
            expected_to_date.merge(expected);
            actual_to_date += actual;
            let end = date_of(self.periods.end(period));
            TrackingPeriod {
                end,
                in_holdout: end > self.periods.split,
                expected: expected.value(),
                actual,
                expected_to_date: expected_to_date.value(),
                actual_to_date,
            }
        };
        (0..).zip(self.expected.iter().zip(&self.actual)).map(row).collect()
    }
}

impl From<TrackingCurve> for Vec<TrackingPeriod> {
    fn from(curve: TrackingCurve) -> Self {
        curve.rows()
    }
}
