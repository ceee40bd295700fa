//! The chance of winning a customer back, learned from past attempts.

use nalgebra::{DMatrix, DVector};

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};
use crate::math::concave::NoTop;
use crate::math::logistic_regression::{Group, fit, logistic};
use crate::quantity::Probability;

const QUANTITY: &str = "chance of winning back";

/// How likely a call wins a customer back, by what was known of those who were called before: a logistic regression.
///
/// It learns from attempts only: of customers whom nobody called it knows nothing, and where those who were called were
/// picked for their chance, it carries that choice along.
///
/// # Formula
/// ```text
/// chance = Λ(η),   η = a + Σ bₖ·xₖ,   Λ(η) = 1/(1 + e^−η)
/// ```
/// by maximum likelihood. Standard errors are from the inverse of the information; an interval of a chance is made on
/// η and carried over.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::churn::ChanceModel;
///
/// // Ten were called after a month, four came back; ten after six months, one came back.
/// let months: Vec<f64> = (0..20).map(|i| if i < 10 { 1.0 } else { 6.0 }).collect();
/// let won: Vec<bool> = (0..20).map(|i| i < 4 || i == 10).collect();
/// let model = ChanceModel::fit(&[("months", &months)], &won)?;
/// assert!((model.chance(&[1.0])?.get() - 0.4).abs() < 1e-14);
/// // The slope: a fifth of the logarithm of the odds ratio (1/9)/(4/6).
/// assert!((model.coefficients()[1] - (1.0_f64 / 6.0).ln() / 5.0).abs() < 1e-13);
/// let after_three = model.chance_interval(&[3.0], Probability::constant(0.95))?;
/// assert!((after_three.value() - 0.245_6).abs() < 1e-4);
/// assert!(after_three.lower() < 0.12 && after_three.upper() > 0.45); // twenty calls say little
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Hosmer and Lemeshow (2000), Applied Logistic Regression, chapters 1 and 2; Thomas, Blattberg and Fox (2004), Journal
/// of Marketing Research 41, 31–45, for reacquisition as an outcome to be modelled.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ChanceModel {
    names: Vec<String>,
    /// The constant a first.
    coefficients: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    /// The same of columns between −1 and 1, by which chances are read: far from 0 the constant and the slopes of the
    /// columns as given nearly cancel.
    #[cfg_attr(feature = "serde", serde(skip))]
    scaled: Scaled,
    log_likelihood: f64,
    attempts: usize,
    won: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Scaled {
    scales: Vec<Scale>,
    coefficients: DVector<f64>,
    covariance: DMatrix<f64>,
}

impl ChanceModel {
    /// One row an attempt, in any order: it changes no bit. `known` holds a name and a column for each thing that was
    /// known before the call; without any, the chance is the share that was won.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without an attempt; [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for
    /// columns of other lengths; [`OutOfDomain`](crate::ErrorKind::OutOfDomain), with the row, outside ±10¹⁵;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a column that is the same for all, or says nothing that those
    /// before it do not say; [`Undefined`](crate::ErrorKind::Undefined) where all attempts succeeded or all failed, or
    /// the columns tell the ones from the others completely, so that a coefficient has no end.
    pub fn fit(known: &[(&str, &[f64])], won: &[bool]) -> Result<Self> {
        if won.is_empty() {
            return Err(Error::empty("attempts"));
        }
        for (_, column) in known {
            if column.len() != won.len() {
                let lengths = (("known", column.len()), ("won", won.len()));
                return Err(Error::length_mismatch(lengths.0, lengths.1));
            }
        }
        let scales: Vec<Scale> =
            known.iter().map(|(name, column)| Scale::new(name, column)).collect::<Result<_>>()?;
        let successes = won.iter().filter(|won| **won).count();
        if successes == 0 || successes == won.len() {
            let reason = "it needs attempts that succeeded and attempts that failed";
            return Err(Error::undefined(QUANTITY, reason));
        }
        let groups = groups(known, &scales, won);
        let top = fit(&groups, known.len() + 1).map_err(|no_top| failure(&no_top, known))?;
        let log_likelihood = top.value;
        let scaled = Scaled { scales, coefficients: top.point, covariance: top.covariance };
        let (coefficients, covariance) = scaled.unscaled();
        let model = Self {
            names: known.iter().map(|(name, _)| (*name).to_owned()).collect(),
            coefficients,
            covariance,
            scaled,
            log_likelihood,
            attempts: won.len(),
            won: successes,
        };
        let mut numbers = model.covariance.iter().flatten().chain(&model.coefficients);
        if numbers.all(|number| number.is_finite()) {
            Ok(model)
        } else {
            Err(Error::undefined(
                QUANTITY,
                "a coefficient leaves the range of f64; scale what is known",
            ))
        }
    }

    /// What is known of an attempt, in the order of the coefficients after the constant.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The constant a, then b of each column: by how much one unit more raises the logarithm of the odds.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The standard error of each coefficient.
    #[must_use]
    pub fn standard_errors(&self) -> Vec<f64> {
        (0..self.coefficients.len()).map(|i| self.covariance[i][i].sqrt()).collect()
    }

    /// The covariance matrix of the coefficients, the inverse of the information.
    #[must_use]
    pub fn covariance(&self) -> &[Vec<f64>] {
        &self.covariance
    }

    /// The natural logarithm of the likelihood at the coefficients.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// How many attempts it was fitted on.
    #[must_use]
    pub fn attempts(&self) -> usize {
        self.attempts
    }

    /// How many of them succeeded.
    #[must_use]
    pub fn won(&self) -> usize {
        self.won
    }

    /// The chance of a call to someone of whom this is known, in the order of [`names`](ChanceModel::names).
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for another number of values;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain), with its place, for one outside ±10¹⁵;
    /// [`Undefined`](crate::ErrorKind::Undefined) where η leaves the range of `f64`.
    pub fn chance(&self, known: &[f64]) -> Result<Probability> {
        Probability::new(logistic(self.eta(&self.row(known)?)?))
    }

    /// The same with its interval.
    ///
    /// # Errors
    /// As [`chance`](ChanceModel::chance); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly
    /// between 0 and 1.
    pub fn chance_interval(&self, known: &[f64], level: Probability) -> Result<Estimate> {
        let z = two_sided_z(level)?;
        let row = self.row(known)?;
        let eta = self.eta(&row)?;
        let reach = z * row.dot(&self.scaled.covariance.tr_mul(&row)).sqrt();
        if reach.is_finite() {
            let [value, lower, upper] = [eta, eta - reach, eta + reach].map(logistic);
            Ok(Estimate::from_interval(value, lower, upper, level))
        } else {
            Err(Error::undefined(QUANTITY, "its interval leaves the range of f64"))
        }
    }

    fn row(&self, known: &[f64]) -> Result<DVector<f64>> {
        if known.len() != self.names.len() {
            let lengths = (("known", known.len()), ("names", self.names.len()));
            return Err(Error::length_mismatch(lengths.0, lengths.1));
        }
        checked(known)?;
        let scaled = known.iter().zip(&self.scaled.scales).map(|(&value, scale)| scale.of(value));
        Ok(DVector::from_iterator(known.len() + 1, [1.0].into_iter().chain(scaled)))
    }

    fn eta(&self, row: &DVector<f64>) -> Result<f64> {
        let eta = row.dot(&self.scaled.coefficients);
        if eta.is_finite() {
            Ok(eta)
        } else {
            Err(Error::undefined(QUANTITY, "η leaves the range of f64"))
        }
    }
}

impl Scaled {
    /// Coefficients and covariance in the units of the columns.
    fn unscaled(&self) -> (Vec<f64>, Vec<Vec<f64>>) {
        let size = self.scales.len() + 1;
        // The transpose of what turns the coefficients.
        let turn = DMatrix::from_fn(size, size, |j, i| match (i, j.checked_sub(1)) {
            (0, None) => 1.0,
            (0, Some(column)) => -self.scales[column].centre / self.scales[column].unit,
            (_, Some(column)) if i == j => 1.0 / self.scales[column].unit,
            _ => 0.0,
        });
        let coefficients = turn.tr_mul(&self.coefficients);
        let covariance = turn.tr_mul(&self.covariance.tr_mul(&turn));
        let row = |i: usize| (0..size).map(|j| covariance[(i, j)]).collect();
        (coefficients.as_slice().to_vec(), (0..size).map(row).collect())
    }
}

/// How a column becomes one between −1 and 1: (x − centre)/unit.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scale {
    centre: f64,
    unit: f64,
}

impl Scale {
    fn new(name: &str, column: &[f64]) -> Result<Self> {
        checked(column)?;
        let least = column.iter().copied().fold(f64::INFINITY, f64::min);
        let most = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (centre, unit) = (f64::midpoint(least, most), 0.5 * (most - least));
        if unit > 0.0 {
            Ok(Self { centre, unit })
        } else {
            Err(Error::inconsistent(format!("{name} is the same for all attempts")))
        }
    }

    fn of(&self, value: f64) -> f64 {
        // −0 and 0 are the same.
        (value - self.centre) / self.unit + 0.0
    }
}

fn checked(values: &[f64]) -> Result<()> {
    let is_bad = |value: &f64| !(-1e15..=1e15).contains(value);
    values.iter().position(is_bad).map_or(Ok(()), |row| {
        Err(Error::out_of_domain("known", values[row], "[-1e15, 1e15]").at_row(row))
    })
}

/// Attempts of which the same is known, in an order that the input's does not change.
fn groups(known: &[(&str, &[f64])], scales: &[Scale], won: &[bool]) -> Vec<Group> {
    let row = |row: usize| -> Vec<f64> {
        let scaled = known.iter().zip(scales).map(|((_, own), scale)| scale.of(own[row]));
        [1.0].into_iter().chain(scaled).collect()
    };
    let mut rows: Vec<(Vec<f64>, bool)> =
        won.iter().enumerate().map(|(i, &won)| (row(i), won)).collect();
    let order = |a: &[f64], b: &[f64]| {
        let mut each = a.iter().zip(b).map(|(a, b)| a.total_cmp(b));
        each.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    };
    rows.sort_unstable_by(|a, b| order(&a.0, &b.0));
    let group = |rows: &[(Vec<f64>, bool)]| {
        let with = rows.iter().filter(|row| row.1).count() as u64;
        Group { known: rows[0].0.clone(), with, without: rows.len() as u64 - with }
    };
    rows.chunk_by(|a, b| order(&a.0, &b.0).is_eq()).map(group).collect()
}

fn failure(no_top: &NoTop, known: &[(&str, &[f64])]) -> Error {
    match no_top {
        NoTop::Flat(i) => {
            let name = i.checked_sub(1).map_or("the constant", |i| known[i].0);
            Error::inconsistent(format!(
                "{name} says nothing that the columns before it do not say"
            ))
        }
        NoTop::Rising(point) => {
            let slopes = point.iter().skip(1).map(|slope| slope.abs());
            let steepest = slopes.enumerate().reduce(|a, b| if b.1 > a.1 { b } else { a });
            let name = steepest.map_or("the constant", |(i, _)| known[i].0);
            Error::undefined(
                QUANTITY,
                format!(
                    "the coefficient of {name} has no end: success and failure are told apart completely"
                ),
            )
        }
    }
}
