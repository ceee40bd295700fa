//! Time with its unit: [`TimeUnit`], [`Horizon`], [`DiscountRate`].
//!
//! Months cannot be added to weeks by accident: data, models, horizons and rates each carry their unit, and
//! every conversion goes through the named day counts of [`TimeUnit::days`].

use chrono::{Days, NaiveDate};

use crate::error::{Error, Result};

/// The unit in which a model counts time.
///
/// # Units
/// A day is 1, a week 7, a month 30.436875 and a year 365.2425 days (the Gregorian means; twelve months are
/// a year exactly).
///
/// # Example
/// ```
/// use goodwill::TimeUnit;
///
/// assert_eq!(TimeUnit::Month.days() * 12.0, TimeUnit::Year.days());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum TimeUnit {
    /// One day.
    Day,
    /// Seven days.
    Week,
    /// 30.436875 days, a twelfth of the Gregorian mean year.
    Month,
    /// 365.2425 days, the Gregorian mean year.
    Year,
}

impl TimeUnit {
    /// The length of the unit in days.
    #[must_use]
    pub const fn days(self) -> f64 {
        match self {
            Self::Day => 1.0,
            Self::Week => 7.0,
            Self::Month => 30.436_875,
            Self::Year => 365.242_5,
        }
    }

    /// How many of `self` one of `other` is.
    pub(crate) fn per(self, other: Self) -> f64 {
        if self == other { 1.0 } else { other.days() / self.days() }
    }
}

/// How far ahead a forecast or a value looks: a span of time, or for ever.
///
/// # Example
/// ```
/// use goodwill::{Horizon, TimeUnit};
///
/// assert_eq!(Horizon::weeks(39.0)?.in_unit(TimeUnit::Day), Some(273.0));
/// assert_eq!(Horizon::months(12.0)?, Horizon::years(1.0)?);
/// assert_eq!(Horizon::FOREVER.in_unit(TimeUnit::Week), None);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "HorizonFields", into = "HorizonFields"))]
pub struct Horizon(Span);

#[derive(Clone, Copy, Debug)]
enum Span {
    Finite(f64, TimeUnit),
    Forever,
}

impl Horizon {
    /// No end.
    pub const FOREVER: Self = Self(Span::Forever);

    /// A horizon of `length` units.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `length` lies in `[0, ∞)`, in days
    /// too.
    pub fn new(length: f64, unit: TimeUnit) -> Result<Self> {
        if is_span(length, unit) {
            Ok(Self(Span::Finite(length + 0.0, unit)))
        } else {
            Err(Error::out_of_domain("horizon", length, "[0, ∞)"))
        }
    }

    /// A horizon in days. See [`new`](Horizon::new).
    ///
    /// # Errors
    /// As [`new`](Horizon::new).
    pub fn days(length: f64) -> Result<Self> {
        Self::new(length, TimeUnit::Day)
    }

    /// A horizon in weeks of 7 days. See [`new`](Horizon::new).
    ///
    /// # Errors
    /// As [`new`](Horizon::new).
    pub fn weeks(length: f64) -> Result<Self> {
        Self::new(length, TimeUnit::Week)
    }

    /// A horizon in months of 30.436875 days. See [`new`](Horizon::new).
    ///
    /// # Errors
    /// As [`new`](Horizon::new).
    pub fn months(length: f64) -> Result<Self> {
        Self::new(length, TimeUnit::Month)
    }

    /// A horizon in years of 365.2425 days. See [`new`](Horizon::new).
    ///
    /// # Errors
    /// As [`new`](Horizon::new).
    pub fn years(length: f64) -> Result<Self> {
        Self::new(length, TimeUnit::Year)
    }

    /// The length in another unit, or `None` for ever.
    #[must_use]
    pub fn in_unit(self, unit: TimeUnit) -> Option<f64> {
        match self.0 {
            Span::Finite(length, own) if own == unit => Some(length),
            Span::Finite(length, own) => Some(length * own.days() / unit.days()),
            Span::Forever => None,
        }
    }

    /// The day on which the horizon ends, seen from a day: a day that has begun counts whole. `None` for ever.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for a day after the end of the calendar.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::Horizon;
    ///
    /// let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
    /// assert_eq!(Horizon::weeks(39.0)?.date_after(day(1997, 9, 30))?, Some(day(1998, 6, 30)));
    /// assert_eq!(Horizon::days(0.1)?.date_after(day(1997, 9, 30))?, Some(day(1997, 10, 1)));
    /// assert_eq!(Horizon::FOREVER.date_after(day(1997, 9, 30))?, None);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn date_after(self, day: NaiveDate) -> Result<Option<NaiveDate>> {
        let Some(days) = self.in_unit(TimeUnit::Day) else { return Ok(None) };
        // A cast of what is beyond u64 is its end, which is beyond the calendar too.
        let end = day.checked_add_days(Days::new(days.ceil() as u64));
        end.map(Some).ok_or_else(|| {
            Error::undefined(
                "end of the horizon",
                format!("{days} days after {day} are beyond the calendar"),
            )
        })
    }
}

/// Horizons are equal when they are the same number of days.
impl PartialEq for Horizon {
    fn eq(&self, other: &Self) -> bool {
        self.in_unit(TimeUnit::Day) == other.in_unit(TimeUnit::Day)
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum HorizonFields {
    Finite { length: f64, unit: TimeUnit },
    Forever,
}

#[cfg(feature = "serde")]
impl TryFrom<HorizonFields> for Horizon {
    type Error = Error;

    fn try_from(fields: HorizonFields) -> Result<Self> {
        match fields {
            HorizonFields::Finite { length, unit } => Self::new(length, unit),
            HorizonFields::Forever => Ok(Self::FOREVER),
        }
    }
}

#[cfg(feature = "serde")]
impl From<Horizon> for HorizonFields {
    fn from(horizon: Horizon) -> Self {
        match horizon.0 {
            Span::Finite(length, unit) => Self::Finite { length, unit },
            Span::Forever => Self::Forever,
        }
    }
}

/// What waiting costs: a compound rate with its period.
///
/// # Formula
/// ```text
/// δ = ln(1 + d) per period; one unit of money after t periods is worth e^{−δt} = (1 + d)^{−t} today
/// ```
///
/// # Example
/// ```
/// use goodwill::{DiscountRate, TimeUnit};
///
/// let rate = DiscountRate::annual(0.10)?;
/// assert!((rate.continuous_per(TimeUnit::Year) - 0.095_310_179_804_324_86).abs() < 1e-16);
/// // A compound rate is converted, never divided by twelve.
/// assert!((rate.per(TimeUnit::Month) - 0.007_974_140_428_903_741).abs() < 1e-17);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "DiscountFields", into = "DiscountFields"))]
pub struct DiscountRate {
    rate: f64,
    period: TimeUnit,
}

impl DiscountRate {
    /// Money later is worth as much as money now.
    pub const NONE: Self = Self { rate: 0.0, period: TimeUnit::Year };

    /// A compound rate per period: 0.10 is ten per cent.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `rate` lies in `(−1, ∞)`.
    pub fn new(rate: f64, period: TimeUnit) -> Result<Self> {
        if rate > -1.0 && rate < f64::INFINITY {
            Ok(Self { rate: rate + 0.0, period })
        } else {
            Err(Error::out_of_domain("discount rate", rate, "(-1, ∞)"))
        }
    }

    /// A compound rate per year. See [`new`](DiscountRate::new).
    ///
    /// # Errors
    /// As [`new`](DiscountRate::new).
    pub fn annual(rate: f64) -> Result<Self> {
        Self::new(rate, TimeUnit::Year)
    }

    /// The compound rate for another period.
    #[must_use]
    pub fn per(self, unit: TimeUnit) -> f64 {
        if unit == self.period { self.rate } else { self.continuous_per(unit).exp_m1() }
    }

    /// The continuous rate δ for a period.
    #[must_use]
    pub fn continuous_per(self, unit: TimeUnit) -> f64 {
        self.rate.ln_1p() * self.period.per(unit)
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct DiscountFields {
    rate: f64,
    period: TimeUnit,
}

#[cfg(feature = "serde")]
impl TryFrom<DiscountFields> for DiscountRate {
    type Error = Error;

    fn try_from(fields: DiscountFields) -> Result<Self> {
        Self::new(fields.rate, fields.period)
    }
}

#[cfg(feature = "serde")]
impl From<DiscountRate> for DiscountFields {
    fn from(rate: DiscountRate) -> Self {
        Self { rate: rate.rate, period: rate.period }
    }
}

/// Whether it is a span of time that is finite in every unit.
pub(crate) fn is_span(length: f64, unit: TimeUnit) -> bool {
    length >= 0.0 && length * unit.days() < f64::INFINITY
}

/// Days from `earlier` to `later`; never overflows within chrono's range.
pub(crate) fn days_between(earlier: NaiveDate, later: NaiveDate) -> i32 {
    day_number(later) - day_number(earlier)
}

/// Days since the epoch of the proleptic Gregorian calendar, the ledger's column type.
pub(crate) fn day_number(date: NaiveDate) -> i32 {
    use chrono::Datelike;
    date.num_days_from_ce()
}

/// The date of a [`day_number`]; days beyond chrono's range, which no date gives, are its ends.
pub(crate) fn date_of(day: i32) -> NaiveDate {
    let end = if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or(end)
}
