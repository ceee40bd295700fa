//! The mean of a score over those who answered, and its interval.

use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::math::distribution::student_quantile;
use crate::math::exact_sum::ExactSum;

use super::sampling::Sampling;
use super::survey::Tally;

/// A mean over those who answered, how much they differ, and how many they are.
///
/// # Formula
/// ```text
/// x̄ ± t · √(s²/n),   s² = n/(n − 1) · Σ wᵢ(xᵢ − x̄)² / Σ wᵢ,   P(|T| > t) = 1 − level at n − 1 degrees of freedom
/// ```
/// n is the effective number of answers.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{MeanScore, Sampling};
///
/// let days = MeanScore::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0, 6.0, 4.0])?;
/// assert_eq!((days.value(), days.n()), (5.0, 10));
/// let sure = days.interval(&Sampling::new(Probability::constant(0.95)))?;
/// assert!((sure.lower() - 3.609_596_097_879_893).abs() < 1e-10);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Student (1908), Biometrika 6(1), 1–25; the effective number: Kish (1965), Survey Sampling, section 11.7.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MeanScore {
    value: f64,
    /// Over the answers, divided by their number.
    variance: f64,
    n: u64,
    effective: f64,
}

impl MeanScore {
    /// The mean of one number a customer; the order of the rows changes no bit.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without values; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with
    /// the row for one outside [−10¹⁰⁰, 10¹⁰⁰].
    pub fn of(values: &[f64]) -> Result<Self> {
        if values.is_empty() {
            return Err(Error::empty("values"));
        }
        let mut total = ExactSum::new();
        for (row, &value) in values.iter().enumerate() {
            if !(-1e100..=1e100).contains(&value) {
                let domain = "[-1e100, 1e100]";
                return Err(Error::out_of_domain("value", value, domain).at_row(row));
            }
            total.add(value);
        }
        let n = values.len() as f64;
        let mean = total.mean(n);
        let mut squares = ExactSum::new();
        for &value in values {
            squares.add((value - mean).powi(2));
        }
        let variance = squares.value() / n;
        Ok(Self { value: mean, variance, n: values.len() as u64, effective: n })
    }

    pub(crate) fn of_tally(tally: &Tally, value: impl Fn(f64) -> f64) -> Self {
        let (mean, variance) = tally.moments(value);
        Self { value: mean, variance, n: tally.n(), effective: tally.effective() }
    }

    /// The mean.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// How many answered.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The squared standard error, for an effective number of answers above 1.
    pub(crate) fn squared_error(&self, sampling: &Sampling) -> Result<f64> {
        let correction = self.effective / sampling.corrected(self.n, self.effective)?;
        if self.effective > 1.0 {
            Ok(self.variance * correction / (self.effective - 1.0))
        } else {
            Err(Error::undefined("the doubt of a mean", "one answer says nothing of the others"))
        }
    }

    /// The degrees of freedom.
    pub(crate) fn degrees(&self) -> f64 {
        self.effective - 1.0
    }

    /// Student's interval of the mean. It is not cut at the ends of the scale. Where all gave the same answer it has
    /// no width, as no spread was seen: few answers then say less than it seems.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for fewer answers than the minimum, or an effective number
    /// of them of 1 or less; [`Inconsistent`](crate::ErrorKind::Inconsistent) for more than the population;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1.
    pub fn interval(&self, sampling: &Sampling) -> Result<Estimate> {
        crate::estimate::two_sided_z(sampling.level())?;
        let error = self.squared_error(sampling)?.sqrt();
        let t = student_quantile(sampling.level().complement().get(), self.degrees());
        student_interval(self.value, error, t, sampling.level())
    }
}

/// The mean; the order of the values changes no bit.
pub(crate) fn exact_mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut n) = (ExactSum::new(), 0.0);
    for value in values {
        total.add(value);
        n += 1.0;
    }
    total.mean(n)
}

/// value ± t·error, or why not.
pub(crate) fn student_interval(
    value: f64,
    error: f64,
    t: f64,
    level: crate::quantity::Probability,
) -> Result<Estimate> {
    let half = t * error;
    if half.is_finite() && value.is_finite() {
        Ok(Estimate::from_interval(value, value - half, value + half, level))
    } else {
        Err(Error::undefined("an interval", "too few answers for so high a level"))
    }
}
