//! What the purchase models see of a customer: how often, how recently, how long.

use chrono::NaiveDate;

use crate::error::{Error, Result};
use crate::math::gamma::LnProduct;
use crate::time::{TimeUnit, is_span};

use super::conventions::Conventions;
use super::customer_id::CustomerId;
use super::ledger::Ledger;

/// One customer as a purchase model sees him: x repeat purchases, the last at `t_x`, observed until T.
///
/// # Units
/// `recency` and `age` count `unit`s from the first purchase. Note that this recency, last − first, is the
/// `t_x` of the literature and not the "days since last" of RFM.
///
/// # Example
/// ```
/// use goodwill::{History, TimeUnit};
///
/// // Two repeat purchases, the last 30.43 weeks after the first, 38.86 weeks ago in all.
/// let history = History::new(TimeUnit::Week, 2, 30.43, 38.86)?;
/// assert_eq!(history.frequency(), 2);
/// assert!(History::new(TimeUnit::Week, 2, 40.0, 38.86).is_err());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "HistoryFields", into = "HistoryFields"))]
pub struct History {
    unit: TimeUnit,
    frequency: u32,
    recency: f64,
    age: f64,
}

impl History {
    /// A history from (x, `t_x`, T).
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `0 ≤ recency ≤ age < ∞`, in days too;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where repeat purchases and recency contradict each
    /// other: without a repeat the recency is 0, with one it is not.
    pub fn new(unit: TimeUnit, frequency: u32, recency: f64, age: f64) -> Result<Self> {
        if !is_span(age, unit) {
            return Err(Error::out_of_domain("age", age, "[0, ∞)"));
        }
        if !(0.0..=age).contains(&recency) {
            return Err(Error::out_of_domain("recency", recency, "[0, age]"));
        }
        if (frequency == 0) != (recency == 0.0) {
            return Err(Error::inconsistent(format!(
                "a customer with {frequency} repeat purchases cannot have recency {recency}"
            )));
        }
        Ok(Self { unit, frequency, recency: recency + 0.0, age: age + 0.0 })
    }

    /// The unit of recency and age.
    #[must_use]
    pub fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// x: purchase occasions after the first.
    #[doc(alias = "x")]
    #[must_use]
    pub fn frequency(&self) -> u32 {
        self.frequency
    }

    /// `t_x`: from the first to the last purchase.
    #[doc(alias = "t_x")]
    #[must_use]
    pub fn recency(&self) -> f64 {
        self.recency
    }

    /// T: from the first purchase to the as-of date.
    #[doc(alias = "T")]
    #[must_use]
    pub fn age(&self) -> f64 {
        self.age
    }

    /// The same customer in another unit. A recency above 0 stays above 0, however small.
    #[inline]
    #[must_use]
    pub fn in_unit(&self, unit: TimeUnit) -> Self {
        if unit == self.unit {
            return *self;
        }
        let factor = unit.per(self.unit);
        let least = if self.frequency > 0 { f64::MIN_POSITIVE } else { 0.0 };
        let recency = (self.recency * factor).max(least);
        Self { unit, frequency: self.frequency, recency, age: (self.age * factor).max(recency) }
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct HistoryFields {
    unit: TimeUnit,
    frequency: u32,
    recency: f64,
    age: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<HistoryFields> for History {
    type Error = Error;

    fn try_from(fields: HistoryFields) -> Result<Self> {
        Self::new(fields.unit, fields.frequency, fields.recency, fields.age)
    }
}

#[cfg(feature = "serde")]
impl From<History> for HistoryFields {
    fn from(history: History) -> Self {
        let History { unit, frequency, recency, age } = history;
        Self { unit, frequency, recency, age }
    }
}

/// The histories of a customer base, as columns with one unit and one as-of date.
///
/// # Example
/// ```
/// use goodwill::{Histories, TimeUnit};
///
/// let histories = Histories::new(TimeUnit::Week, &[2, 0], &[30.43, 0.0], &[38.86, 38.86])?;
/// assert_eq!(histories.len(), 2);
/// assert_eq!(histories.get(0).unwrap().recency(), 30.43);
/// let error = Histories::new(TimeUnit::Week, &[0, 1], &[0.0, 9.0], &[5.0, 5.0]).unwrap_err();
/// assert_eq!(error.to_string(), "recency must lie in [0, age], but is 9 (row 1)");
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "HistoriesFields"))]
pub struct Histories {
    unit: TimeUnit,
    as_of: Option<NaiveDate>,
    frequency: Vec<u32>,
    recency: Vec<f64>,
    age: Vec<f64>,
    ln_intervals: Option<Vec<f64>>,
}

impl Histories {
    /// Histories from columns: row i is (x, `t_x`, T) of customer i.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch), or the error of [`History::new`] with the
    /// first row that has one.
    pub fn new(unit: TimeUnit, frequency: &[u32], recency: &[f64], age: &[f64]) -> Result<Self> {
        let rows = frequency.len();
        for (name, length) in [("recency", recency.len()), ("age", age.len())] {
            if length != rows {
                return Err(Error::length_mismatch(("frequency", rows), (name, length)));
            }
        }
        let row = |i| History::new(unit, frequency[i], recency[i], age[i]).map_err(|e| e.at_row(i));
        Self::from_rows(unit, None, (0..rows).map(row))
    }

    fn from_rows(
        unit: TimeUnit,
        as_of: Option<NaiveDate>,
        rows: impl Iterator<Item = Result<History>>,
    ) -> Result<Self> {
        let mut all = Self {
            unit,
            as_of,
            frequency: Vec::new(),
            recency: Vec::new(),
            age: Vec::new(),
            ln_intervals: None,
        };
        for row in rows {
            let row = row?;
            all.frequency.push(row.frequency);
            all.recency.push(row.recency);
            all.age.push(row.age);
        }
        Ok(all)
    }

    /// The same histories with what their times between purchases say of regularity: of each customer the sum of
    /// their natural logarithms, in the unit of the histories; 0 without a repeat purchase.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless
    /// the sum is finite, 0 without a repeat purchase, and at most x·ln(`t_x`/x), which equal times would have.
    ///
    /// # Example
    /// ```
    /// use goodwill::{Histories, TimeUnit};
    ///
    /// // Purchases at 0, 2 and 6 weeks.
    /// let plain = Histories::new(TimeUnit::Week, &[2], &[6.0], &[8.0])?;
    /// let histories = plain.with_ln_intervals(&[2_f64.ln() + 4_f64.ln()])?;
    /// assert_eq!(histories.ln_intervals().unwrap()[0], 2_f64.ln() + 4_f64.ln());
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn with_ln_intervals(self, ln_intervals: &[f64]) -> Result<Self> {
        if ln_intervals.len() != self.len() {
            let given = ("ln_intervals", ln_intervals.len());
            return Err(Error::length_mismatch(("frequency", self.len()), given));
        }
        for (i, &sum) in ln_intervals.iter().enumerate() {
            let x = f64::from(self.frequency[i]);
            let most = if x > 0.0 { x * (self.recency[i].ln() - x.ln()) } else { 0.0 };
            let least = if x > 0.0 { f64::MIN } else { 0.0 };
            if !(sum >= least && sum <= most + 1e-9 * (x + most.abs())) {
                let domain = "[-f64::MAX, x ln(recency/x)], 0 without a repeat purchase";
                return Err(Error::out_of_domain("ln_intervals", sum, domain).at_row(i));
            }
        }
        Ok(Self { ln_intervals: Some(ln_intervals.to_vec()), ..self })
    }

    /// Of each customer the sum of the natural logarithms of his times between purchases, in the unit of the
    /// histories; `None` of columns given without.
    #[must_use]
    pub fn ln_intervals(&self) -> Option<&[f64]> {
        self.ln_intervals.as_deref()
    }

    /// The same columns of some of the customers.
    pub(crate) fn subset(&self, keep: impl Fn(usize) -> bool) -> Self {
        let rows: Vec<usize> = (0..self.len()).filter(|&row| keep(row)).collect();
        let of = |column: &[f64]| -> Vec<f64> { rows.iter().map(|&row| column[row]).collect() };
        Self {
            frequency: rows.iter().map(|&row| self.frequency[row]).collect(),
            recency: of(&self.recency),
            age: of(&self.age),
            ln_intervals: self.ln_intervals.as_deref().map(of),
            ..*self
        }
    }

    /// How many customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frequency.len()
    }

    /// Whether there is no customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frequency.is_empty()
    }

    /// The unit of recency and age.
    #[must_use]
    pub fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// The day up to which the customers were observed; `None` for columns given without one.
    #[must_use]
    pub fn as_of(&self) -> Option<NaiveDate> {
        self.as_of
    }

    /// Customer i, or `None` past the end.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<History> {
        Some(History {
            unit: self.unit,
            frequency: *self.frequency.get(i)?,
            recency: *self.recency.get(i)?,
            age: *self.age.get(i)?,
        })
    }

    /// Every customer, in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = History> + '_ {
        (0..self.len()).map(|i| History {
            unit: self.unit,
            frequency: self.frequency[i],
            recency: self.recency[i],
            age: self.age[i],
        })
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct HistoriesFields {
    unit: TimeUnit,
    as_of: Option<NaiveDate>,
    frequency: Vec<u32>,
    recency: Vec<f64>,
    age: Vec<f64>,
    #[serde(default)]
    ln_intervals: Option<Vec<f64>>,
}

#[cfg(feature = "serde")]
impl TryFrom<HistoriesFields> for Histories {
    type Error = Error;

    fn try_from(fields: HistoriesFields) -> Result<Self> {
        let mut histories =
            Self::new(fields.unit, &fields.frequency, &fields.recency, &fields.age)?;
        histories.as_of = fields.as_of;
        match fields.ln_intervals {
            Some(ln_intervals) => histories.with_ln_intervals(&ln_intervals),
            None => Ok(histories),
        }
    }
}

impl<C: CustomerId> Ledger<C> {
    /// The histories of all customers with a purchase, in the order of their ids, under the default
    /// [`Conventions`].
    ///
    /// # Errors
    /// As [`histories_with`](Ledger::histories_with).
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Ledger, TimeUnit, Transaction};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let row = |d| Transaction::new("ann", day(d), 7.into());
    /// let ledger = Ledger::from_transactions([row(1), row(8), row(15), row(15)])?;
    /// let ann = ledger.histories(day(29), TimeUnit::Week)?.get(0).unwrap();
    /// assert_eq!((ann.frequency(), ann.recency(), ann.age()), (2, 2.0, 4.0));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn histories(&self, as_of: NaiveDate, unit: TimeUnit) -> Result<Histories> {
        self.histories_with(as_of, unit, &Conventions::default())
    }

    /// The histories of all customers with a purchase, in the order of their ids: those summaries that
    /// have an occasion.
    ///
    /// # Errors
    /// As [`summaries_with`](Ledger::summaries_with).
    pub fn histories_with(
        &self,
        as_of: NaiveDate,
        unit: TimeUnit,
        conventions: &Conventions,
    ) -> Result<Histories> {
        let columns = self.columns_as_of(as_of)?;
        let occasions = columns.occasions(conventions.occasion);
        let end = crate::time::day_number(as_of);
        let ln_unit = unit.days().ln();
        let mut ln_intervals = Vec::new();
        let history = |customer: usize| {
            let mut bought = columns.customer_cells(customer).filter(|&cell| occasions[cell]);
            let first = columns.days[bought.next()?];
            let mut frequency = 0;
            let mut last = first;
            let mut intervals = LnProduct::ONE;
            for cell in bought {
                frequency += 1;
                intervals.multiply(f64::from(columns.days[cell] - last));
                last = columns.days[cell];
            }
            ln_intervals.push(intervals.ln() - f64::from(frequency) * ln_unit);
            let time = |days: i32| f64::from(days) / unit.days();
            Some(History::new(unit, frequency, time(last - first), time(end - first)))
        };
        let rows = (0..self.customers().len()).filter_map(history);
        let histories = Histories::from_rows(unit, Some(as_of), rows)?;
        Ok(Histories { ln_intervals: Some(ln_intervals), ..histories })
    }
}
