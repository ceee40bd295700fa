//! Least squares with any number of drivers.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::centred::Centred;
use super::concave::{NoTop, factor};
use super::exact_sum::ExactSum;

/// Drivers that say the same to more than this are not told apart: half of the digits are then left.
const ALIKE: f64 = 1e-8;

/// The correlations of the drivers with each other and with the outcome.
#[derive(Clone, Debug)]
pub(crate) struct Correlations {
    pub(crate) between: DMatrix<f64>,
    pub(crate) outcome: DVector<f64>,
}

/// A regression in standardised form.
#[derive(Clone, Debug)]
pub(crate) struct Standardised {
    pub(crate) coefficients: DVector<f64>,
    pub(crate) inverse: DMatrix<f64>,
}

impl Correlations {
    pub(crate) fn of(drivers: &[Centred], outcome: &Centred) -> Self {
        let between = between(drivers);
        let outcome = drivers.iter().map(|driver| driver.correlation(outcome)).collect::<Vec<_>>();
        Self { between, outcome: DVector::from_vec(outcome) }
    }

    /// The standardised coefficients, or the driver that says the same as those before it.
    pub(crate) fn regression(&self) -> Result<Standardised, usize> {
        let factor = told_apart(&self.between)?;
        Ok(Standardised { coefficients: factor.solve(&self.outcome), inverse: factor.inverse() })
    }

    /// R² of the regression on each subset of the drivers; bit j of the position stands for driver j.
    ///
    /// The drivers must be told apart by [`regression`](Self::regression).
    pub(crate) fn r_squared_of_subsets(&self) -> Vec<f64> {
        let count = self.outcome.len();
        let of = |subset: usize| -> f64 {
            let kept: Vec<usize> = (0..count).filter(|j| subset >> j & 1 == 1).collect();
            let outcome = self.outcome.select_rows(&kept);
            let between = self.between.select_rows(&kept).select_columns(&kept);
            let solved = between.cholesky().map(|factor| factor.solve(&outcome));
            solved.map_or(f64::NAN, |coefficients| coefficients.dot(&outcome))
        };
        (0..1_usize << count).map(|subset| if subset == 0 { 0.0 } else { of(subset) }).collect()
    }
}

/// The correlations of columns with each other.
pub(crate) fn between(columns: &[Centred]) -> DMatrix<f64> {
    DMatrix::from_fn(columns.len(), columns.len(), |i, j| {
        if i == j { 1.0 } else { columns[i].correlation(&columns[j]) }
    })
}

/// The factor of correlations, or the column that says the same as those before it.
pub(crate) fn told_apart(between: &DMatrix<f64>) -> Result<Cholesky<f64, Dyn>, usize> {
    factor(between, ALIKE).map_err(|no_top| match no_top {
        NoTop::Flat(i) => i,
        NoTop::Rising(_) => 0,
    })
}

/// A regression in the units of the columns.
#[derive(Clone, Debug)]
pub(crate) struct Regression {
    pub(crate) coefficients: Vec<f64>,
    pub(crate) covariance: DMatrix<f64>,
    pub(crate) degrees: f64,
}

/// Fits the outcome on the drivers and a constant, or names the driver that says the same as those before it.
/// There are at least two rows more than drivers.
pub(crate) fn fit(drivers: &[Centred], outcome: &Centred) -> Result<Regression, usize> {
    let Standardised { coefficients, inverse } = Correlations::of(drivers, outcome).regression()?;
    let scale: Vec<f64> = drivers.iter().map(|driver| driver.with(driver).sqrt()).collect();
    let spread = outcome.with(outcome).sqrt();
    // In units of the largest deviations first.
    let inner: Vec<f64> = (0..drivers.len()).map(|j| coefficients[j] * spread / scale[j]).collect();
    let mut squares = ExactSum::new();
    for (row, value) in outcome.values().iter().enumerate() {
        let fitted: f64 = inner.iter().zip(drivers).map(|(b, x)| b * x.values()[row]).sum();
        squares.add((value - fitted).powi(2));
    }
    let degrees = (outcome.values().len() - drivers.len() - 1) as f64;
    let variance = squares.value() / degrees;
    let back = |j: usize| outcome.unit / drivers[j].unit;
    Ok(Regression {
        coefficients: (0..drivers.len()).map(|j| inner[j] * back(j)).collect(),
        covariance: DMatrix::from_fn(drivers.len(), drivers.len(), |i, j| {
            variance * inverse[(i, j)] / (scale[i] * scale[j]) * back(i) * back(j)
        }),
        degrees,
    })
}
