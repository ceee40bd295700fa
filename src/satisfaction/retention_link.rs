//! From satisfaction to retention: how likely a customer stays, by how satisfied he is.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, HypothesisTest, two_sided_z};
use crate::math::concave::NoTop;
use crate::math::logistic_regression::{Group, fit, logistic};
use crate::quantity::Probability;

/// The chance that a customer stays as a curve of his satisfaction, fitted on answers and what became of those who
/// gave them.
///
/// # Formula
/// ```text
/// P(stay | s) = Λ(η),  Λ(η) = 1/(1 + e^−η)
/// one slope:   η = a + b·(s − s₀),  s₀ the middle of the scores
/// two slopes:  η = a + b₋·min(s − s₀, 0) + b₊·max(s − s₀, 0)
/// ```
/// by maximum likelihood; intervals from the inverse of the information (delta method), made on η and carried over
/// for a chance.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::RetentionLink;
///
/// // Of 10 who gave 4 half stayed, of 10 who gave 5 nine.
/// let satisfaction: Vec<f64> = (0..20).map(|i| if i < 10 { 4.0 } else { 5.0 }).collect();
/// let stayed: Vec<bool> = (0..20).map(|i| i < 5 || (10..19).contains(&i)).collect();
/// let link = RetentionLink::fit(&satisfaction, &stayed)?;
/// // With two scores the curve goes through both shares, and the slope is the log odds ratio ln 9.
/// let level = Probability::constant(0.95);
/// assert!((link.retention(5.0, level)?.value() - 0.9).abs() < 1e-14);
/// assert!((link.slope(level)?.value() - 9.0_f64.ln()).abs() < 1e-13);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Anderson and Mittal (2000), Journal of Service Research 3(2), 107–120, for the asymmetry; Hosmer and Lemeshow
/// (2000), Applied Logistic Regression.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RetentionLink {
    reference: f64,
    /// a, then b; or a, b₋, b₊.
    coefficients: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    log_likelihood: f64,
    log_likelihood_null: f64,
    customers: u64,
}

/// The chance of staying and its opposite, each to its last digits, and the slopes of the first on the coefficients.
pub(super) struct Chance {
    pub(super) stay: f64,
    pub(super) leave: f64,
    pub(super) slopes: Vec<f64>,
}

impl Chance {
    /// How much likelier it is to stay than by another: of the two chances that are nearer to 0.
    pub(super) fn more_than(&self, other: &Self) -> f64 {
        if self.stay > 0.5 && other.stay > 0.5 {
            other.leave - self.leave
        } else {
            self.stay - other.stay
        }
    }
}

impl RetentionLink {
    /// One slope. One row a customer, in any order: it changes no bit.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for columns of other lengths;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a satisfaction outside [−10⁶, 10⁶];
    /// [`Undefined`](crate::ErrorKind::Undefined) where all stayed or all left, all are equally satisfied, or
    /// satisfaction tells those who stay and those who leave completely apart.
    pub fn fit(satisfaction: &[f64], stayed: &[bool]) -> Result<Self> {
        let least = satisfaction.iter().copied().fold(f64::INFINITY, f64::min);
        let most = satisfaction.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self::fit_by(satisfaction, stayed, 0.5 * (least + most), 2)
    }

    /// One slope below `reference` and one above it, as losing a point may weigh more than winning one.
    ///
    /// # Errors
    /// As [`fit`](RetentionLink::fit), also where the scores on one side of the reference do not tell its slope; and
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a reference outside [−10⁶, 10⁶].
    ///
    /// # Example
    /// ```
    /// use goodwill::Probability;
    /// use goodwill::satisfaction::RetentionLink;
    ///
    /// // Ten each gave 1, 2, 3; of them 2, 8 and 9 stayed.
    /// let satisfaction: Vec<f64> = (0..30).map(|i| f64::from(1 + i / 10)).collect();
    /// let stayed: Vec<bool> = (0..30).map(|i| i % 10 < [2, 8, 9][i / 10]).collect();
    /// let link = RetentionLink::fit_asymmetric(&satisfaction, &stayed, 2.0)?;
    /// let level = Probability::constant(0.95);
    /// assert!((link.slope_below(level)?.value() - 16.0_f64.ln()).abs() < 1e-13);
    /// assert!((link.slope_above(level)?.value() - 2.25_f64.ln()).abs() < 1e-13);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn fit_asymmetric(satisfaction: &[f64], stayed: &[bool], reference: f64) -> Result<Self> {
        if !(-1e6..=1e6).contains(&reference) {
            return Err(Error::out_of_domain("reference", reference, "[-1e6, 1e6]"));
        }
        Self::fit_by(satisfaction, stayed, reference, 3)
    }

    fn fit_by(
        satisfaction: &[f64],
        stayed: &[bool],
        reference: f64,
        parameters: usize,
    ) -> Result<Self> {
        if satisfaction.len() != stayed.len() {
            let lengths = (("satisfaction", satisfaction.len()), ("stayed", stayed.len()));
            return Err(Error::length_mismatch(lengths.0, lengths.1));
        }
        for (row, &score) in satisfaction.iter().enumerate() {
            checked(score).map_err(|error| error.at_row(row))?;
        }
        let undefined = |reason: &str| Err(Error::undefined("satisfaction to retention", reason));
        if !(stayed.contains(&true) && stayed.contains(&false)) {
            return undefined("it needs customers who stayed and customers who left");
        }
        let mut rows: Vec<(f64, bool)> =
            satisfaction.iter().map(|score| score + 0.0).zip(stayed.iter().copied()).collect();
        rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        if rows[0].0.total_cmp(&rows[rows.len() - 1].0).is_eq() {
            return undefined("all are equally satisfied");
        }
        // In units of the longest distance from the reference, for equal footing.
        let unit = rows.iter().map(|(score, _)| (score - reference).abs()).fold(0.0, f64::max);
        let groups: Vec<Group> = rows
            .chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq())
            .map(|rows| {
                let with = rows.iter().filter(|row| row.1).count() as u64;
                let known = regressors(rows[0].0 - reference, unit, parameters);
                Group { known, with, without: rows.len() as u64 - with }
            })
            .collect();
        let top = match fit(&groups, parameters) {
            Ok(top) => top,
            Err(NoTop::Flat(_)) => {
                return undefined("the scores do not tell a slope on each side of the reference");
            }
            Err(NoTop::Rising(_)) => {
                return undefined(
                    "satisfaction tells those who stay and who leave apart completely",
                );
            }
        };
        let size = |i: usize| if i == 0 { 1.0 } else { unit };
        let covariance = |i: usize, j: usize| top.covariance[(i, j)] / (size(i) * size(j));
        let link = Self {
            reference,
            coefficients: (0..parameters).map(|i| top.point[i] / size(i)).collect(),
            covariance: (0..parameters)
                .map(|i| (0..parameters).map(|j| covariance(i, j)).collect())
                .collect(),
            log_likelihood: top.value,
            log_likelihood_null: null(stayed),
            customers: stayed.len() as u64,
        };
        let finite = link.covariance.iter().flatten().chain(&link.coefficients);
        if finite.into_iter().all(|value| value.is_finite()) {
            Ok(link)
        } else {
            undefined("a slope leaves the range of f64; scale the scores")
        }
    }

    /// s₀: the satisfaction at which η is a.
    #[must_use]
    pub fn reference(&self) -> f64 {
        self.reference
    }

    /// a and the slope; or a, the slope below and the slope above.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Their covariance matrix, the inverse of the information.
    #[must_use]
    pub fn covariance(&self) -> &[Vec<f64>] {
        &self.covariance
    }

    /// The natural logarithm of the likelihood at the coefficients.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// How many customers it was fitted on.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.customers
    }

    /// By how much a point of satisfaction raises the logarithm of the odds of staying.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1;
    /// [`Undefined`](crate::ErrorKind::Undefined) where there are two slopes.
    pub fn slope(&self, level: Probability) -> Result<Estimate> {
        if self.coefficients.len() == 2 {
            self.coefficient(1, level)
        } else {
            Err(Error::undefined("the slope", "there is one below and one above the reference"))
        }
    }

    /// The slope below the reference; the same as above where there is one.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1.
    pub fn slope_below(&self, level: Probability) -> Result<Estimate> {
        self.coefficient(1, level)
    }

    /// The slope above the reference; the same as below where there is one.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1.
    pub fn slope_above(&self, level: Probability) -> Result<Estimate> {
        self.coefficient(self.coefficients.len() - 1, level)
    }

    fn coefficient(&self, i: usize, level: Probability) -> Result<Estimate> {
        let mut gradient = vec![0.0; self.coefficients.len()];
        gradient[i] = 1.0;
        self.estimate(self.coefficients[i], &gradient, level)
    }

    /// Whether satisfaction says anything of who stays: twice the rise of ln L is χ², if not.
    ///
    /// # Errors
    /// None that a fit leaves possible.
    pub fn likelihood_ratio_test(&self) -> Result<HypothesisTest> {
        let rise = 2.0 * (self.log_likelihood - self.log_likelihood_null).max(0.0);
        HypothesisTest::chi_squared(rise, (self.coefficients.len() - 1) as f64)
    }

    /// Whether the slopes differ: (b₋ − b₊) over its standard error is standard normal, if not.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where there is one slope.
    pub fn asymmetry_test(&self) -> Result<HypothesisTest> {
        let [_, below, above] = self.coefficients[..] else {
            return Err(Error::undefined("the asymmetry", "there is one slope"));
        };
        HypothesisTest::normal((below - above) / self.standard_error(&[0.0, 1.0, -1.0]))
    }

    /// The chance that a customer of this satisfaction stays.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a satisfaction outside [−10⁶, 10⁶], or a level that is not
    /// strictly between 0 and 1.
    pub fn retention(&self, satisfaction: f64, level: Probability) -> Result<Estimate> {
        let known = self.known(satisfaction)?;
        let eta = self.estimate(self.eta(&known), &known, level)?;
        let [value, lower, upper] = [eta.value(), eta.lower(), eta.upper()].map(logistic);
        Ok(Estimate::from_interval(value, lower, upper, level))
    }

    /// The chance alone, with its slopes on the coefficients.
    pub(super) fn chance(&self, satisfaction: f64) -> Result<Chance> {
        let known = self.known(satisfaction)?;
        let eta = self.eta(&known);
        let (stay, leave) = (logistic(eta), logistic(-eta));
        let slopes = known.iter().map(|x| stay * leave * x).collect();
        Ok(Chance { stay, leave, slopes })
    }

    /// A value with these slopes on the coefficients, and its interval.
    pub(super) fn estimate(
        &self,
        value: f64,
        gradient: &[f64],
        level: Probability,
    ) -> Result<Estimate> {
        let reach = two_sided_z(level)? * self.standard_error(gradient);
        if value.is_finite() && reach.is_finite() {
            Ok(Estimate::from_interval(value, value - reach, value + reach, level))
        } else {
            Err(Error::undefined("an interval", "it leaves the range of f64"))
        }
    }

    fn standard_error(&self, gradient: &[f64]) -> f64 {
        let row = |row: &Vec<f64>| row.iter().zip(gradient).map(|(v, g)| v * g).sum::<f64>();
        let parts = self.covariance.iter().zip(gradient);
        parts.map(|(of, g)| g * row(of)).sum::<f64>().sqrt()
    }

    fn known(&self, satisfaction: f64) -> Result<Vec<f64>> {
        let distance = checked(satisfaction)? - self.reference;
        Ok(regressors(distance, 1.0, self.coefficients.len()))
    }

    fn eta(&self, known: &[f64]) -> f64 {
        known.iter().zip(&self.coefficients).map(|(x, b)| x * b).sum()
    }
}

fn checked(satisfaction: f64) -> Result<f64> {
    if (-1e6..=1e6).contains(&satisfaction) {
        Ok(satisfaction)
    } else {
        Err(Error::out_of_domain("satisfaction", satisfaction, "[-1e6, 1e6]"))
    }
}

fn regressors(distance: f64, unit: f64, parameters: usize) -> Vec<f64> {
    match parameters {
        2 => vec![1.0, distance / unit],
        _ => vec![1.0, distance.min(0.0) / unit, distance.max(0.0) / unit],
    }
}

/// ln L where all have the same chance.
fn null(stayed: &[bool]) -> f64 {
    let n = stayed.len() as f64;
    let with = stayed.iter().filter(|stayed| **stayed).count() as f64;
    with * (with / n).ln() + (n - with) * (1.0 - with / n).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By mpmath, 40 digits: the logistic function at the second η less that at the first.
    #[test]
    fn chances_near_one_have_a_difference() {
        let cases = [
            (30.0, 31.0, 5.915_145_860_369_441e-14),
            (36.0, 37.0, 1.466_218_067_669_162_3e-16),
            (40.0, 41.0, 2.685_472_065_956_6e-18),
            (-3.0, 2.0, 0.833_371_204_800_315_7),
            (-40.0, -39.0, 7.299_869_917_724_197e-18),
        ];
        for (before, after, want) in cases {
            let [old, new] = [before, after].map(|eta: f64| Chance {
                stay: logistic(eta),
                leave: logistic(-eta),
                slopes: Vec::new(),
            });
            let got = new.more_than(&old);
            assert!(((got - want) / want).abs() < 1e-14, "{before} to {after}: {got:e}");
        }
    }
}
