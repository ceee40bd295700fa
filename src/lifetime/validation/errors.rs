//! How far a forecast misses, in one number each, and how much better it is than a simple rule.

use crate::error::{Error, Result};
use crate::math::count;
use crate::math::exact_sum::ExactSum;

use super::super::model::finite;

/// How far the forecasts of a group of customers lie from what happened: a summary that merges.
///
/// # Formula
/// ```text
/// MAE = Σ |ŷ − y| / n,   RMSE = √(Σ (ŷ − y)² / n),   bias = Σ (ŷ − y) / n
/// ```
/// Sums are exact, so that order and shards change no bit. An error below 1e-150 counts as 0 in the square.
///
/// # Units
/// Those of the forecast: purchases, or money.
///
/// # Example
/// ```
/// use goodwill::lifetime::ForecastTest;
///
/// let errors = ForecastTest::new(&[1.0, 0.5, 3.0], &[2.0, 0.0, 3.0])?.errors();
/// assert_eq!((errors.mae(), errors.bias()), (0.5, -0.5 / 3.0));
/// assert_eq!(errors.rmse(), (1.25_f64 / 3.0).sqrt());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(into = "ErrorFields"))]
pub struct ForecastErrors {
    /// At least one.
    customers: u64,
    forecast: ExactSum,
    actual: ExactSum,
    /// Of forecast − actual.
    excess: ExactSum,
    absolute: ExactSum,
    squared: ExactSum,
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize)]
struct ErrorFields {
    customers: u64,
    forecast: f64,
    actual: f64,
    bias: f64,
    mae: f64,
    rmse: f64,
}

#[cfg(feature = "serde")]
impl From<ForecastErrors> for ErrorFields {
    fn from(errors: ForecastErrors) -> Self {
        Self {
            customers: errors.customers,
            forecast: errors.forecast(),
            actual: errors.actual(),
            bias: errors.bias(),
            mae: errors.mae(),
            rmse: errors.rmse(),
        }
    }
}

impl ForecastErrors {
    /// Of one customer.
    pub(super) fn one(forecast: f64, actual: f64) -> Self {
        let mut errors = Self {
            customers: 0,
            forecast: ExactSum::new(),
            actual: ExactSum::new(),
            excess: ExactSum::new(),
            absolute: ExactSum::new(),
            squared: ExactSum::new(),
        };
        errors.add(forecast, actual);
        errors
    }

    pub(super) fn add(&mut self, forecast: f64, actual: f64) {
        let error = forecast - actual;
        self.customers += 1;
        self.forecast.add(forecast);
        self.actual.add(actual);
        self.excess.add(forecast);
        self.excess.add(-actual);
        self.absolute.add(error.abs());
        self.squared.add(error * error);
    }

    /// Takes in the customers of another group.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for more customers than are counted, which leaves it as it was.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        count::add(&mut self.customers, other.customers, "a number of customers")?;
        self.forecast.merge(&other.forecast);
        self.actual.merge(&other.actual);
        self.excess.merge(&other.excess);
        self.absolute.merge(&other.absolute);
        self.squared.merge(&other.squared);
        Ok(())
    }

    /// How many customers, at least one.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.customers
    }

    /// The forecasts added up.
    #[must_use]
    pub fn forecast(&self) -> f64 {
        self.forecast.value()
    }

    /// What happened, added up.
    #[must_use]
    pub fn actual(&self) -> f64 {
        self.actual.value()
    }

    /// Mean absolute error: how far the forecast of a customer is off.
    #[doc(alias = "MAE")]
    #[must_use]
    pub fn mae(&self) -> f64 {
        self.absolute.value() / self.n()
    }

    /// Root mean square error, in which large misses weigh more.
    #[doc(alias = "RMSE")]
    #[must_use]
    pub fn rmse(&self) -> f64 {
        (self.squared.value() / self.n()).sqrt()
    }

    /// Mean of forecast − actual: below 0 where the forecast is too low.
    #[must_use]
    pub fn bias(&self) -> f64 {
        self.excess.value() / self.n()
    }

    fn n(&self) -> f64 {
        self.customers as f64
    }

    /// How much of a baseline's error this forecast saves.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where the two are not of the same customers and outcomes;
    /// [`Undefined`](crate::ErrorKind::Undefined) where the baseline is never off, or the ratio leaves the range of
    /// `f64`.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::ForecastTest;
    ///
    /// let happened = [2.0, 0.0, 4.0];
    /// let model = ForecastTest::new(&[1.5, 0.5, 3.0], &happened)?.errors();
    /// let mean = ForecastTest::new(&[2.0, 2.0, 2.0], &happened)?.errors();
    /// assert_eq!(model.skill_against(&mean)?.mae, 0.5); // half of the baseline's error is gone
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn skill_against(&self, baseline: &Self) -> Result<Skill> {
        if self.customers != baseline.customers || self.actual != baseline.actual {
            return Err(Error::inconsistent(format!(
                "a forecast of {} customers who brought {:?} cannot be held against a baseline of {} who brought {:?}",
                self.customers,
                self.actual(),
                baseline.customers,
                baseline.actual()
            )));
        }
        let mae = Skill::of(self.mae(), baseline.mae())?;
        Ok(Skill { mae, rmse: Skill::of(self.rmse(), baseline.rmse())? })
    }
}

/// How much of a baseline's error a forecast saves: 1 for a perfect forecast, 0 for one no better than the baseline,
/// below 0 for a worse one.
///
/// # Formula
/// ```text
/// skill = 1 − error / error of the baseline
/// ```
///
/// # Example
/// See [`ForecastErrors::skill_against`].
///
/// # Reference
/// Murphy (1988), Monthly Weather Review 116, 2417–2424, for the form of the score; it squares the error.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Skill {
    /// By the mean absolute error.
    pub mae: f64,
    /// By the root mean square error.
    pub rmse: f64,
}

impl Skill {
    fn of(error: f64, baseline: f64) -> Result<f64> {
        if !(baseline > 0.0) {
            return Err(Error::undefined("skill", "the error of the baseline is 0"));
        }
        finite("skill", 1.0 - error / baseline)
    }
}
