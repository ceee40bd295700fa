//! A forecast made on what was known on a day, judged by what came after it; on one day, or on several.

use chrono::{Days, NaiveDate};

use crate::error::{Error, Result};
use crate::lifetime::model::PurchaseModel;
use crate::time::{Horizon, TimeUnit};
use crate::transactions::{Conventions, CustomerId, Histories, Ledger};

use super::baselines::Baseline;
use super::errors::{ForecastErrors, Skill};
use super::forecast_test::ForecastTest;

/// How to judge a forecast of purchases by what came after it: the unit in which the model sees the customers, the
/// baselines beside it, and what counts as a purchase.
///
/// # Example
/// ```
/// use goodwill::lifetime::{Backtest, Baseline};
/// use goodwill::{BgNbd, Ledger, TimeUnit, Transaction};
///
/// let day = |d| chrono::NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
/// let row = |who, d| Transaction::new(who, day(d), 7.into());
/// let ledger = Ledger::from_transactions([row("ann", 1), row("ann", 8), row("ann", 22), row("bob", 2)])?;
/// let known = |_: &_| BgNbd::new(TimeUnit::Day, 0.5, 10.0, 1.0, 2.0); // a fit needs more customers
/// let test = Backtest::new(TimeUnit::Day, &[Baseline::Mean]);
/// let reports = test.over(&ledger, &[day(9), day(16)], 7, day(31), known)?;
/// assert_eq!(reports[1].model.actual(), 1.0); // ann's purchase of the 22nd
/// assert_eq!(reports[0].baselines[0].1.forecast(), 2.0 * 7.0 / 15.0); // one purchase in 15 days
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Backtest {
    unit: TimeUnit,
    baselines: Vec<Baseline>,
    conventions: Conventions,
}

/// How far the purchases of a model and of the baselines were off after one split.
///
/// # Example
/// See [`Backtest`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct HoldoutReport {
    /// The last day that the forecasts know.
    pub split: NaiveDate,
    /// The last day that they are judged by.
    pub as_of: NaiveDate,
    /// Customers first seen after the split, of whom there is no forecast.
    pub newcomers: usize,
    /// Of the model.
    pub model: ForecastErrors,
    /// Of each baseline.
    pub baselines: Vec<(Baseline, ForecastErrors)>,
}

impl Backtest {
    /// A test beside these baselines, under the default [`Conventions`].
    #[must_use]
    pub fn new(unit: TimeUnit, baselines: &[Baseline]) -> Self {
        Self { unit, baselines: baselines.to_vec(), conventions: Conventions::default() }
    }

    /// The same test under other conventions.
    #[must_use]
    pub fn conventions(self, conventions: Conventions) -> Self {
        Self { conventions, ..self }
    }

    /// Judges one forecast, made at the end of `split`, by the days from there to `as_of`. `expected` is asked for the
    /// purchases of each history within the horizon.
    ///
    /// # Errors
    /// As [`Ledger::split`], [`Ledger::histories_with`], [`Baseline::forecast`] and [`ForecastTest::new`]; what
    /// `expected` returns.
    pub fn at<C: CustomerId>(
        &self,
        ledger: &Ledger<C>,
        split: NaiveDate,
        as_of: NaiveDate,
        expected: impl FnOnce(&Histories, Horizon) -> Result<Vec<f64>>,
    ) -> Result<HoldoutReport> {
        let parts = ledger.split(split, as_of, &self.conventions)?;
        let (known, holdout) = (&parts.calibration, &parts.holdout);
        let histories = known.histories_with(split, self.unit, &self.conventions)?;
        let errors = |forecast: &[f64]| {
            ForecastTest::of_purchases(forecast, holdout).map(|test| test.errors())
        };
        let model = errors(&expected(&histories, Horizon::days(f64::from(holdout.days))?)?)?;
        let judged = |&baseline: &Baseline| {
            let forecast = baseline.forecast(known, split, holdout.days, &self.conventions)?;
            Ok((baseline, errors(&forecast)?))
        };
        let baselines = self.baselines.iter().map(judged).collect::<Result<_>>()?;
        Ok(HoldoutReport { split, as_of, newcomers: holdout.newcomers, model, baselines })
    }

    /// Fits a model anew at each of several splits and judges it by the `holdout_days` that follow: was one good
    /// forecast luck? The ledger is known to hold all days to `as_of`.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a split; [`Inconsistent`](crate::ErrorKind::Inconsistent) where a
    /// holdout ends after `as_of`; as [`at`](Backtest::at), and what `fit` returns, of the first split that fails.
    pub fn over<C: CustomerId, M: PurchaseModel>(
        &self,
        ledger: &Ledger<C>,
        splits: &[NaiveDate],
        holdout_days: u32,
        as_of: NaiveDate,
        fit: impl Fn(&Histories) -> Result<M>,
    ) -> Result<Vec<HoldoutReport>> {
        if splits.is_empty() {
            return Err(Error::empty("splits"));
        }
        ledger.check_as_of(as_of)?;
        let report = |&split: &NaiveDate| {
            let end = split.checked_add_days(Days::new(holdout_days.into()));
            let Some(end) = end.filter(|end| *end <= as_of) else {
                return Err(Error::inconsistent(format!(
                    "the holdout of {holdout_days} days after {split} ends after the as-of date {as_of}"
                )));
            };
            self.at(&ledger.until(end), split, end, |histories, horizon| {
                fit(histories)?.all_expected_purchases(histories, horizon)
            })
        };
        splits.iter().map(report).collect()
    }
}

impl HoldoutReport {
    /// How much of each baseline's error the model saves.
    ///
    /// # Errors
    /// As [`ForecastErrors::skill_against`].
    pub fn skills(&self) -> Result<Vec<(Baseline, Skill)>> {
        let skill = |(baseline, errors): &(Baseline, ForecastErrors)| {
            Ok((*baseline, self.model.skill_against(errors)?))
        };
        self.baselines.iter().map(skill).collect()
    }
}
