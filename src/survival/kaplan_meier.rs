//! How many are still there after a time: the Kaplan–Meier curve.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};
use crate::quantity::Probability;
use crate::survival::life_table::LifeTable;
use crate::time::TimeUnit;

/// How the interval around a survival curve is made, with G = Σ d/(n(n − d)) and z the normal quantile.
///
/// Where the curve is 1 or 0 the band closes on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Band {
    /// S ± z·S·√G: it may leave [0, 1].
    Plain,
    /// S·exp(± z·√G): it may exceed 1.
    Log,
    /// S^exp(± z·√G / ln S): it stays inside (0, 1).
    #[default]
    LogLog,
}

impl Band {
    fn around(self, survival: f64, greenwood: f64, z: f64) -> (f64, f64) {
        if survival <= 0.0 || survival >= 1.0 {
            return (survival, survival);
        }
        let reach = z * greenwood.sqrt();
        match self {
            Self::Plain => (survival * (1.0 - reach), survival * (1.0 + reach)),
            Self::Log => (survival * (-reach).exp(), survival * reach.exp()),
            Self::LogLog => {
                let log = survival.ln();
                let of = |reach: f64| (log * (reach / log).exp()).exp();
                (of(-reach), of(reach))
            }
        }
    }
}

/// One step of a [`KaplanMeier`] curve.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SurvivalPoint {
    /// From here to the next point the curve keeps its value.
    pub time: f64,
    /// Under observation just before this time.
    pub at_risk: u64,
    /// Events at this time.
    pub events: u64,
    /// The share that lasts longer than this, with its band.
    pub survival: Estimate,
    /// Greenwood's standard error of the survival.
    pub standard_error: f64,
}

/// The share of spans that last longer than a time, though many were cut short by the end of observation.
///
/// # Formula
/// ```text
/// S(t) = Π_{tᵢ ≤ t} (1 − dᵢ/nᵢ),   se(S) = S·√G,   G(t) = Σ_{tᵢ ≤ t} dᵢ / (nᵢ·(nᵢ − dᵢ))
/// ```
/// with dᵢ events among the nᵢ at risk at time tᵢ.
///
/// # Units
/// Times count the [`unit`](LifeTable::unit) of the table.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::survival::{Band, KaplanMeier, LifeTable};
///
/// // Months until a subscriber left; `false`: still with us.
/// let table = LifeTable::from_days(&[6, 6, 6, 6, 7, 9, 10], &[true, true, true, false, true, false, true])?;
/// let curve = KaplanMeier::new(&table, Band::LogLog, Probability::constant(0.95))?;
/// assert!((curve.at(6.5)?.value() - 4.0 / 7.0).abs() < 1e-15); // 1 − 3/7
/// assert!((curve.at(8.0)?.value() - 8.0 / 21.0).abs() < 1e-15); // · (1 − 1/3)
/// assert_eq!(curve.median().value, Some(7.0));
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457–481; Greenwood (1926),
/// Reports on Public Health 33; bands: Kalbfleisch and Prentice (2002), section 1.4.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct KaplanMeier {
    unit: TimeUnit,
    band: Band,
    level: Probability,
    points: Vec<SurvivalPoint>,
}

/// The time by which a share has ended, and the interval that the band of the curve gives it. `None` where the
/// curve, or an end of its band, does not come down so far.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SurvivalQuantile {
    /// The first time at which no more than the rest is left.
    pub value: Option<f64>,
    /// The same of the lower end of the band.
    pub lower: Option<f64>,
    /// The same of the upper end of the band.
    pub upper: Option<f64>,
}

impl KaplanMeier {
    /// The curve of a table, with a band at the confidence level.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a span; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for
    /// a level that is not strictly between 0 and 1.
    pub fn new(table: &LifeTable, band: Band, level: Probability) -> Result<Self> {
        let z = two_sided_z(level)?;
        if table.is_empty() {
            return Err(Error::empty("life table"));
        }
        let (mut survival, mut greenwood) = (1.0, 0.0);
        let mut points = Vec::new();
        for row in table.rows().filter(|row| row.events + row.censored > 0) {
            let (n, d) = (row.at_risk as f64, row.events as f64);
            survival *= (n - d) / n;
            greenwood += if row.events < row.at_risk { d / (n * (n - d)) } else { 0.0 };
            let (lower, upper) = band.around(survival, greenwood, z);
            points.push(SurvivalPoint {
                time: row.time,
                at_risk: row.at_risk,
                events: row.events,
                survival: Estimate::from_interval(survival, lower, upper, level),
                standard_error: survival * greenwood.sqrt(),
            });
        }
        Ok(Self { unit: table.unit(), band, level, points })
    }

    /// The unit of the times.
    #[must_use]
    pub fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// How the band is made.
    #[must_use]
    pub fn band(&self) -> Band {
        self.band
    }

    /// The steps in ascending order of time, one where spans end, by an event or by censoring.
    #[must_use]
    pub fn points(&self) -> &[SurvivalPoint] {
        &self.points
    }

    /// The share that lasts longer than `time`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `0 ≤ time < ∞`;
    /// [`Undefined`](crate::ErrorKind::Undefined) after the last time observed, unless the curve has come down
    /// to 0.
    pub fn at(&self, time: f64) -> Result<Estimate> {
        let passed = self.passed(time)?;
        let start = Estimate::from_interval(1.0, 1.0, 1.0, self.level);
        Ok(passed.checked_sub(1).map_or(start, |last| self.points[last].survival))
    }

    /// How many points lie at or before `time`, which the curve must reach.
    fn passed(&self, time: f64) -> Result<usize> {
        if !(0.0..f64::INFINITY).contains(&time) {
            return Err(Error::out_of_domain("time", time, "[0, ∞)"));
        }
        let passed = self.points.partition_point(|point| point.time <= time);
        match self.points.last() {
            Some(last) if time > last.time && last.survival.value() > 0.0 => {
                let reason =
                    format!("nobody was observed beyond {}, and some last longer", last.time);
                Err(Error::undefined("survival", reason))
            }
            _ => Ok(passed),
        }
    }

    /// The time by which half have ended.
    #[must_use]
    pub fn median(&self) -> SurvivalQuantile {
        self.quantile(Probability::constant(0.5))
    }

    /// The time by which the share `ended` has ended: the first at which the curve is no higher than 1 − ended.
    ///
    /// # Reference
    /// Brookmeyer and Crowley (1982), Biometrics 38, 29–41, for the interval.
    #[must_use]
    pub fn quantile(&self, ended: Probability) -> SurvivalQuantile {
        /// A curve that should touch the line may miss it by rounding.
        const ROUNDING: f64 = 1e-12;
        let left = ended.complement().get() * (1.0 + ROUNDING);
        let first = |of: fn(&Estimate) -> f64| {
            self.points.iter().find(|point| of(&point.survival) <= left).map(|point| point.time)
        };
        SurvivalQuantile {
            value: first(Estimate::value),
            lower: first(Estimate::lower),
            upper: first(Estimate::upper),
        }
    }

    /// The mean time until `limit` of spans that are cut off there: what a customer stays of the next year.
    ///
    /// # Formula
    /// ```text
    /// μ(τ) = ∫₀^τ S(t) dt,   Var μ = Σ_{tᵢ ≤ τ} (∫_{tᵢ}^τ S(t) dt)²·dᵢ / (nᵢ·(nᵢ − dᵢ))
    /// ```
    /// with the interval μ ± z·√Var.
    ///
    /// # Errors
    /// As [`at`](KaplanMeier::at); [`Undefined`](crate::ErrorKind::Undefined) where the variance leaves the range of
    /// `f64`.
    ///
    /// # Reference
    /// Irwin (1949), Journal of Hygiene 47, 188–189; Klein and Moeschberger (2003), section 4.5.
    pub fn restricted_mean(&self, limit: f64) -> Result<Estimate> {
        let passed = self.passed(limit)?;
        let (mut mean, mut variance) = (0.0, 0.0);
        let mut end = limit;
        // From the right, so that the area after each point is known when it is reached.
        for point in self.points[..passed].iter().rev() {
            mean += point.survival.value() * (end - point.time);
            end = point.time;
            let (n, d) = (point.at_risk as f64, point.events as f64);
            variance +=
                if point.events < point.at_risk { mean * mean * d / (n * (n - d)) } else { 0.0 };
        }
        mean += end;
        let reach = two_sided_z(self.level)? * f64::sqrt(variance);
        if !reach.is_finite() {
            return Err(Error::undefined(
                "restricted mean",
                "its variance leaves the range of f64",
            ));
        }
        Ok(Estimate::from_interval(mean, mean - reach, mean + reach, self.level))
    }
}
