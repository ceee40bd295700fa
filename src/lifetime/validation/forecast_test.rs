//! A forecast beside what happened.

use crate::error::{Error, Result};
use crate::math::equal_parts;
use crate::math::exact_sum::ExactSum;
use crate::math::rank_correlation::{kendall, spearman};
use crate::money::to_f64;
use crate::quantity::Share;
use crate::transactions::{Histories, Holdout};

use super::classes::FrequencyClasses;
use super::errors::ForecastErrors;

/// A forecast per customer beside what he then did: purchases, or money.
///
/// Results do not depend on the order of the customers. Where a cut falls among customers with one and the same
/// forecast, each of them counts with the mean of what they did, as if they were drawn by lot.
///
/// # Units
/// Those of the forecast, the same for both columns.
///
/// # Example
/// ```
/// use goodwill::Share;
/// use goodwill::lifetime::ForecastTest;
///
/// let test = ForecastTest::new(&[4.0, 2.0, 1.0, 1.0, 0.0], &[6.0, 1.0, 0.0, 2.0, 0.0])?;
/// assert_eq!(test.errors().mae(), 1.0);
/// let best = test.captured(Share::percent(20)?)?; // the best of the five
/// assert_eq!((best.by_forecast, best.in_hindsight), (6.0 / 9.0, 6.0 / 9.0));
/// assert!((test.spearman()? - 7.25 / 9.5).abs() < 1e-15); // ranks that are shared are means
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ForecastTest {
    forecast: Vec<f64>,
    actual: Vec<f64>,
}

/// One of several groups of customers, best forecast first: does what was promised arrive, group by group?
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ForecastGroup {
    /// How many customers; 0 where there are fewer customers than groups.
    pub customers: u64,
    /// Their forecasts added up.
    pub forecast: f64,
    /// What they did, added up.
    pub actual: f64,
}

/// What the best customers brought, as a share of what all did.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Captured {
    /// By those with the highest forecasts.
    pub by_forecast: f64,
    /// By those who turned out to be the best: the most that any forecast could have found.
    pub in_hindsight: f64,
}

/// Customers with one forecast.
struct Tied {
    customers: usize,
    forecast: f64,
    /// Of each.
    mean: f64,
}

impl ForecastTest {
    /// A forecast and what happened, one row a customer.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch); [`Empty`](crate::ErrorKind::Empty) without customers;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a value outside [−10¹⁰⁰, 10¹⁰⁰].
    pub fn new(forecast: &[f64], actual: &[f64]) -> Result<Self> {
        if forecast.len() != actual.len() {
            let (left, right) = (("forecast", forecast.len()), ("actual", actual.len()));
            return Err(Error::length_mismatch(left, right));
        }
        if forecast.is_empty() {
            return Err(Error::empty("forecast"));
        }
        for (row, (&forecast, &actual)) in forecast.iter().zip(actual).enumerate() {
            for (name, value) in [("forecast", forecast), ("actual", actual)] {
                if !(-1e100..=1e100).contains(&value) {
                    return Err(Error::out_of_domain(name, value, "[-1e100, 1e100]").at_row(row));
                }
            }
        }
        Ok(Self { forecast: forecast.to_vec(), actual: actual.to_vec() })
    }

    /// Expected purchases beside those of a holdout, rows as in [`Holdout::purchases`].
    ///
    /// # Errors
    /// As [`new`](ForecastTest::new).
    pub fn of_purchases(expected: &[f64], holdout: &Holdout) -> Result<Self> {
        let actual: Vec<f64> = holdout.purchases.iter().map(|&n| f64::from(n)).collect();
        Self::new(expected, &actual)
    }

    /// Takes in the customers of another shard, after the own ones.
    pub fn merge(&mut self, other: &Self) {
        self.forecast.extend_from_slice(&other.forecast);
        self.actual.extend_from_slice(&other.actual);
    }

    /// How many customers, at least one.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.forecast.len()
    }

    /// Each forecast with what happened, in the order of the rows.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (f64, f64)> + '_ {
        self.forecast.iter().copied().zip(self.actual.iter().copied())
    }

    /// How far the forecasts miss.
    #[must_use]
    pub fn errors(&self) -> ForecastErrors {
        let mut errors = ForecastErrors::one(self.forecast[0], self.actual[0]);
        for (forecast, actual) in self.iter().skip(1) {
            errors.add(forecast, actual);
        }
        errors
    }

    /// Do customers who bought equally often before the split then do what was expected of them? Those of `most`
    /// repeat purchases or more are one class.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) where the histories are not of these rows.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::ForecastTest;
    /// use goodwill::{Histories, TimeUnit};
    ///
    /// let before = Histories::new(TimeUnit::Week, &[0, 9, 0, 8], &[0.0, 5.0, 0.0, 6.0], &[9.0; 4])?;
    /// let test = ForecastTest::new(&[0.5, 4.0, 0.5, 3.0], &[0.0, 5.0, 2.0, 4.0])?;
    /// let classes = test.by_frequency(&before, 7)?.rows();
    /// assert_eq!((classes[0].frequency, classes[0].actual_mean), (0, 1.0));
    /// assert_eq!((classes[1].frequency, classes[1].or_more), (7, true));
    /// assert_eq!(classes[1].expected_mean, 3.5);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Fader, Hardie and Lee (2005), Marketing Science 24(2), 275–284, figure 4.
    pub fn by_frequency(&self, histories: &Histories, most: u32) -> Result<FrequencyClasses> {
        if histories.len() != self.customers() {
            let (left, right) = (("forecast", self.customers()), ("histories", histories.len()));
            return Err(Error::length_mismatch(left, right));
        }
        let mut classes = FrequencyClasses::new(most);
        for ((forecast, actual), history) in self.iter().zip(histories.iter()) {
            classes.add(history.frequency(), forecast, actual);
        }
        Ok(classes)
    }

    /// Spearman's ρ: do those with the higher forecast do more? 1 where both orders are the same, −1 where they are
    /// opposite; equal values take the mean of their ranks.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where all forecasts or all outcomes are equal.
    ///
    /// # Reference
    /// Spearman (1904), The American Journal of Psychology 15, 72–101.
    pub fn spearman(&self) -> Result<f64> {
        spearman(&self.forecast, &self.actual).ok_or_else(no_order)
    }

    /// Kendall's τ-b: of two customers drawn by lot, how much likelier is it that the one with the higher forecast
    /// does more than that he does less? Pairs that a column cannot tell apart are taken off both sides.
    ///
    /// # Formula
    /// ```text
    /// τ_b = (C − D) / √((n₀ − n₁)(n₀ − n₂)),   n₀ = n(n − 1)/2;   n₁, n₂: pairs tied in one column
    /// ```
    ///
    /// # Errors
    /// As [`spearman`](ForecastTest::spearman).
    ///
    /// # Reference
    /// Kendall (1945), Biometrika 33, 239–251.
    pub fn kendall(&self) -> Result<f64> {
        kendall(&self.forecast, &self.actual).ok_or_else(no_order)
    }

    /// Ten groups of as equal size as can be, best forecast first.
    ///
    /// # Errors
    /// As [`groups`](ForecastTest::groups).
    pub fn deciles(&self) -> Result<Vec<ForecastGroup>> {
        self.groups(10)
    }

    /// Groups of as equal size as can be, best forecast first: group k of g ends at customer ⌊n·k/g + ½⌋.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for no group, or more than 10⁶.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::ForecastTest;
    ///
    /// let test = ForecastTest::new(&[2.0, 1.0, 1.0, 0.0], &[3.0, 2.0, 0.0, 0.0])?;
    /// let halves = test.groups(2)?;
    /// // One of the two in the middle is in the upper half, whichever: 1 purchase on average.
    /// assert_eq!((halves[0].customers, halves[0].forecast, halves[0].actual), (2, 3.0, 4.0));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn groups(&self, groups: usize) -> Result<Vec<ForecastGroup>> {
        let ends = equal_parts::ends(self.customers(), groups)?;
        let tied = ties(&self.forecast, &self.actual);
        let (mut place, mut taken, mut start) = (0, 0, 0);
        let group = |end: usize| {
            let customers = end - std::mem::replace(&mut start, end);
            let (mut forecast, mut actual) = (ExactSum::new(), ExactSum::new());
            let mut left = customers;
            while left > 0 {
                let own = left.min(tied[place].customers - taken);
                forecast.add_product(own as f64, tied[place].forecast);
                actual.add_product(own as f64, tied[place].mean);
                (left, taken) = (left - own, taken + own);
                if taken == tied[place].customers {
                    (place, taken) = (place + 1, 0);
                }
            }
            ForecastGroup {
                customers: customers as u64,
                forecast: forecast.value(),
                actual: actual.value(),
            }
        };
        Ok(ends.into_iter().map(group).collect())
    }

    /// How much of what happened did the customers bring who were forecast to be the best `share` of all? A customer
    /// on the cut counts in part.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where all customers together brought nothing, or less.
    pub fn captured(&self, share: Share) -> Result<Captured> {
        let mut total = ExactSum::new();
        for &actual in &self.actual {
            total.add(actual);
        }
        let total = total.value();
        if !(total > 0.0) {
            let reason = format!("all customers together brought {total:?}, not above 0");
            return Err(Error::undefined("captured value", reason));
        }
        let size = to_f64(share.get()) * self.customers() as f64;
        let of_best = |key: &[f64]| best(&ties(key, &self.actual), size) / total;
        Ok(Captured { by_forecast: of_best(&self.forecast), in_hindsight: of_best(&self.actual) })
    }
}

fn no_order() -> Error {
    Error::undefined("rank correlation", "all forecasts, or all outcomes, are equal")
}

/// Customers by their key, the highest first, with the mean of what those with one key did.
fn ties(key: &[f64], actual: &[f64]) -> Vec<Tied> {
    let mut order: Vec<usize> = (0..key.len()).collect();
    let compare = |i: &usize, j: &usize| (key[*j] + 0.0).total_cmp(&(key[*i] + 0.0));
    order.sort_unstable_by(compare);
    let tied = |rows: &[usize]| {
        let mut sum = ExactSum::new();
        for &row in rows {
            sum.add(actual[row]);
        }
        let mean = sum.mean(rows.len() as f64);
        Tied { customers: rows.len(), forecast: key[rows[0]] + 0.0, mean }
    };
    order.chunk_by(|i, j| compare(i, j).is_eq()).map(tied).collect()
}

/// What the first `size` customers did.
fn best(tied: &[Tied], size: f64) -> f64 {
    let (mut sum, mut left) = (ExactSum::new(), size);
    for own in tied {
        let taken = left.min(own.customers as f64);
        sum.add_product(taken, own.mean);
        left -= taken;
    }
    sum.value()
}
