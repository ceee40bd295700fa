//! Do later customers behave like earlier ones? One fit a cohort, against one fit of all.

use chrono::{Days, NaiveDate};

use crate::error::{Error, Result};
use crate::estimate::HypothesisTest;
use crate::lifetime::fit::Fit;
use crate::time::day_number;
use crate::transactions::{Histories, History};

use super::ratio::{chi_squared, irregular, is_regular};

/// One fit for each group of customers, with the test of whether one fit does for all.
///
/// # Formula
/// ```text
/// 2·(Σ_c ln L_c − ln L of all) ~ χ² with (C − 1)·k degrees of freedom, if all C groups share the k parameters
/// ```
///
/// # Example
/// See [`by_acquisition`](CohortFits::by_acquisition).
///
/// # Reference
/// Wilks (1938), Annals of Mathematical Statistics 9, 60–62.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CohortFits<M> {
    /// Of all customers together.
    pub pooled: Fit<M>,
    /// Of each group, in order.
    pub cohorts: Vec<Fit<M>>,
    /// A small p-value says that the groups differ: forecasts for new customers should not rest on old ones.
    pub drift: HypothesisTest,
}

impl<M> CohortFits<M> {
    /// Fits by the day of the first purchase: cohort i came from `starts[i]` until the day before the next start.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for histories without an as-of date, starts that do not ascend, or
    /// with the row for a customer who came before the first start; as [`by_group`](CohortFits::by_group).
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::CohortFits;
    /// use goodwill::{BgNbd, Ledger, TimeUnit, Transaction};
    ///
    /// // CDNOW's customers of January and February 1997, by the end of September.
    /// let csv = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow.csv"));
    /// let day = |m, d| chrono::NaiveDate::from_ymd_opt(1997, m, d).unwrap();
    /// let rows = csv.lines().skip(1).map(|line| {
    ///     let field: Vec<&str> = line.split(',').collect();
    ///     Transaction::new(field[0], field[1].parse().unwrap(), field[2].parse().unwrap())
    /// });
    /// let known = Ledger::from_transactions(rows)?.until(day(9, 30));
    /// let histories = known.histories(day(9, 30), TimeUnit::Week)?;
    /// let months = [day(1, 1), day(2, 1), day(3, 1)];
    /// let fits = CohortFits::by_acquisition(&histories, &months, BgNbd::fit)?;
    /// assert_eq!(fits.cohorts[0].customers(), 781);
    /// assert!((fits.drift.statistic - 3.060_645).abs() < 1e-6);
    /// assert!(fits.drift.p_value.get() > 0.9); // no sign that the months differ
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn by_acquisition(
        histories: &Histories,
        starts: &[NaiveDate],
        fit: impl Fn(&Histories) -> Result<Fit<M>>,
    ) -> Result<Self> {
        let Some(as_of) = histories.as_of() else {
            let what = "histories without an as-of date have no cohorts: take them from a ledger";
            return Err(Error::inconsistent(what));
        };
        if !starts.is_sorted_by(|a, b| a < b) {
            return Err(Error::inconsistent("the starts of the cohorts must ascend"));
        }
        let unit = histories.unit().days();
        let cohort = |(row, history): (usize, History)| {
            let age = (history.age() * unit).round();
            let came = f64::from(day_number(as_of)) - age;
            let after = starts.partition_point(|&start| f64::from(day_number(start)) <= came);
            after.checked_sub(1).ok_or_else(|| {
                let came = match as_of.checked_sub_days(Days::new(age as u64)) {
                    Some(date) => format!("on {date}"),
                    None => format!("{age} days before {as_of}"),
                };
                let what = format!("a customer came {came}, before the first cohort");
                Error::inconsistent(what).at_row(row)
            })
        };
        let cohorts = histories.iter().enumerate().map(cohort).collect::<Result<Vec<usize>>>()?;
        Self::by_group(histories, &cohorts, starts.len(), fit)
    }

    /// Fits by any grouping that does not depend on what customers did since their first purchase: row i is in group
    /// `group_of[i]` of `groups`, counted from 0.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for fewer than
    /// two groups, or with the row for a group that there is not; [`Empty`](crate::ErrorKind::Empty) for a group of
    /// nobody; what `fit` returns, of all or of the first group that fails;
    /// [`Undefined`](crate::ErrorKind::Undefined) where the fits have a prior, a whole number chosen by the data, or are
    /// less likely apart than together.
    pub fn by_group(
        histories: &Histories,
        group_of: &[usize],
        groups: usize,
        fit: impl Fn(&Histories) -> Result<Fit<M>>,
    ) -> Result<Self> {
        if group_of.len() != histories.len() {
            let (left, right) = (("histories", histories.len()), ("groups", group_of.len()));
            return Err(Error::length_mismatch(left, right));
        }
        if groups < 2 || groups > histories.len().max(2) {
            return Err(Error::out_of_domain("groups", groups, "[2, number of customers]"));
        }
        if let Some(row) = group_of.iter().position(|&group| group >= groups) {
            let error = Error::out_of_domain("group", group_of[row], "[0, groups)");
            return Err(error.at_row(row));
        }
        let mut sizes = vec![0_usize; groups];
        for &group in group_of {
            sizes[group] += 1;
        }
        if sizes.contains(&0) {
            return Err(Error::empty("a group of customers"));
        }
        let pooled = fit(histories)?;
        let own = |group: usize| fit(&histories.subset(|row| group_of[row] == group));
        let cohorts = (0..groups).map(own).collect::<Result<Vec<_>>>()?;
        let drift = drift(&pooled, &cohorts)?;
        Ok(Self { pooled, cohorts, drift })
    }
}

fn drift<M>(pooled: &Fit<M>, cohorts: &[Fit<M>]) -> Result<HypothesisTest> {
    const TEST: &str = "test for drift";
    if !(is_regular(pooled) && cohorts.iter().all(is_regular)) {
        return Err(irregular(TEST));
    }
    let apart: f64 = cohorts.iter().map(Fit::log_likelihood).sum();
    let degrees = (cohorts.len() - 1) * pooled.free_parameters();
    chi_squared(TEST, (pooled.log_likelihood(), apart), degrees)
}
