//! Forecasts that need no model: what any forecast has to beat.

use std::fmt;

use chrono::NaiveDate;

use crate::error::{Error, Result};
use crate::time::{Horizon, TimeUnit, day_number};
use crate::transactions::{Conventions, CustomerId, Histories, History, Ledger};

/// A forecast that needs no model.
///
/// # Formula
/// ```text
/// Mean         t·Σ x / Σ T, the same for everybody
/// LastPeriod   his repeat purchases in the last t before the split
/// Hiatus(c)    t·x/T where T − t_x ≤ c, else 0; 0 too without a repeat purchase
/// ```
///
/// # Units
/// Purchases in the holdout.
///
/// # Example
/// See [`forecast`](Baseline::forecast).
///
/// # Reference
/// Wübben and Wangenheim (2008), Journal of Marketing 72(3), 82–93: "Instant customer base analysis". They take
/// hiatuses of six to nine months from managers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Baseline {
    /// Everybody does what customers do on average.
    Mean,
    /// Everybody repeats what he did in the last period of the holdout's length.
    LastPeriod,
    /// Who has been silent for longer than this is gone; everybody else goes on at his own mean rate.
    Hiatus(Horizon),
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mean => f.write_str("mean"),
            Self::LastPeriod => f.write_str("last period repeated"),
            Self::Hiatus(hiatus) => match hiatus.in_unit(TimeUnit::Day) {
                Some(days) => write!(f, "hiatus of {days} days"),
                None => f.write_str("hiatus without end"),
            },
        }
    }
}

impl Baseline {
    /// What it says of every customer with a purchase by the split, in the order of their ids: the rows are those of
    /// [`Holdout::purchases`](crate::Holdout::purchases).
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where a row lies after the split;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a holdout of no day;
    /// [`Undefined`](crate::ErrorKind::Undefined) for the mean where nobody was observed for a day.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::lifetime::Baseline;
    /// use goodwill::{Conventions, Horizon, Ledger, Transaction};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let row = |who, d| Transaction::new(who, day(d), 7.into());
    /// let ledger = Ledger::from_transactions([row("ann", 1), row("ann", 3), row("bob", 1), row("bob", 20)])?;
    /// let usual = Conventions::default();
    /// let forecast = |baseline: Baseline| baseline.forecast(&ledger, day(21), 10, &usual);
    /// assert_eq!(forecast(Baseline::Mean)?, [0.5, 0.5]); // 2 purchases in 40 days
    /// assert_eq!(forecast(Baseline::LastPeriod)?, [0.0, 1.0]); // bob's of the 20th
    /// assert_eq!(forecast(Baseline::Hiatus(Horizon::days(14.0)?))?, [0.0, 0.5]);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn forecast<C: CustomerId>(
        self,
        calibration: &Ledger<C>,
        split: NaiveDate,
        holdout_days: u32,
        conventions: &Conventions,
    ) -> Result<Vec<f64>> {
        if holdout_days == 0 {
            return Err(Error::out_of_domain("holdout", "0 days", "[1 day, ∞)"));
        }
        let histories = calibration.histories_with(split, TimeUnit::Day, conventions)?;
        let days = f64::from(holdout_days);
        match self {
            Self::Mean => mean(&histories, days),
            Self::LastPeriod => last_period(calibration, split, holdout_days, *conventions),
            Self::Hiatus(hiatus) => {
                let goes_on = active_after(&histories, hiatus);
                let own = histories.iter().zip(goes_on).map(|(history, goes_on)| {
                    let buys = goes_on && history.frequency() > 0;
                    if buys { days * f64::from(history.frequency()) / history.age() } else { 0.0 }
                });
                Ok(own.collect())
            }
        }
    }
}

/// Who is still active, by the rule of thumb: his last purchase lies no longer ago than the hiatus, the last digits of
/// a converted time apart.
///
/// # Formula
/// ```text
/// T − t_x ≤ hiatus
/// ```
///
/// # Example
/// ```
/// use goodwill::lifetime::active_after;
/// use goodwill::{Histories, Horizon, TimeUnit};
///
/// let histories = Histories::new(TimeUnit::Week, &[1, 1], &[1.0, 8.0], &[39.0, 39.0])?;
/// assert_eq!(active_after(&histories, Horizon::months(8.0)?), [false, true]);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Wübben and Wangenheim (2008), Journal of Marketing 72(3), 82–93.
#[must_use]
pub fn active_after(histories: &Histories, hiatus: Horizon) -> Vec<bool> {
    let most = hiatus.in_unit(histories.unit()).unwrap_or(f64::INFINITY);
    let rounding = |history: &History| 4.0 * f64::EPSILON * history.age();
    let is_active = |own: History| own.age() - own.recency() <= most + rounding(&own);
    histories.iter().map(is_active).collect()
}

fn mean(histories: &Histories, days: f64) -> Result<Vec<f64>> {
    // Whole days and purchases: the sums are exact.
    let purchases: u64 = histories.iter().map(|history| u64::from(history.frequency())).sum();
    let observed: f64 = histories.iter().map(|history| history.age()).sum();
    if !(observed > 0.0) {
        return Err(Error::undefined("mean rate", "nobody was observed for a day"));
    }
    Ok(vec![days * purchases as f64 / observed; histories.len()])
}

fn last_period<C: CustomerId>(
    calibration: &Ledger<C>,
    split: NaiveDate,
    holdout_days: u32,
    conventions: Conventions,
) -> Result<Vec<f64>> {
    let begin = i64::from(day_number(split)) - i64::from(holdout_days);
    let repeats = |days: Vec<i32>| {
        let late = days.iter().skip(1).filter(|&&day| i64::from(day) > begin);
        late.count() as f64
    };
    Ok(calibration.occasion_days(split, &conventions)?.map(repeats).collect())
}
