//! The index of the American Customer Satisfaction Index.

use nalgebra::DMatrix;

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;

use super::indicators::summing_to_one;
use super::mean::MeanScore;
use super::scale::Scale;

/// How much each question weighs in the index. They are above or at 0 and sum to 1.
///
/// The three questions of the index are overall satisfaction, how it compares with what was expected, and with
/// the ideal, each from 1 to 10.
///
/// # Formula
/// ```text
/// 100 · Σ wᵢ (x̄ᵢ − 1) / 9
/// ```
///
/// # Example
/// ```
/// use goodwill::satisfaction::Acsi;
///
/// // The weights of the State of Ohio.
/// let ohio = Acsi::new([0.3885, 0.3190, 0.2925])?;
/// assert!((ohio.index([8.2, 7.6, 7.4])? - 75.273_333_333_333_33).abs() < 1e-12);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fornell, Johnson, Anderson, Cha and Bryant (1996), Journal of Marketing 60(4), 7–18.
#[doc(alias = "ACSI")]
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "[f64; 3]", into = "[f64; 3]"))]
pub struct Acsi {
    weights: [f64; 3],
}

impl TryFrom<[f64; 3]> for Acsi {
    type Error = Error;

    fn try_from(weights: [f64; 3]) -> Result<Self> {
        Self::new(weights)
    }
}

impl From<Acsi> for [f64; 3] {
    fn from(index: Acsi) -> Self {
        index.weights
    }
}

impl Acsi {
    /// The three questions weigh the same.
    pub const EQUAL: Self = Self { weights: [1.0 / 3.0; 3] };

    /// Weights that are given; only their proportions matter.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the position for one below 0 or not finite;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where all are 0.
    pub fn new(weights: [f64; 3]) -> Result<Self> {
        Ok(Self { weights: summing_to_one(weights)? })
    }

    /// Weights by which the index tells most of how customers differ: the first principal component of the
    /// three questions' covariance, one row a customer. The order of the rows changes no bit.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a score outside 1 to 10;
    /// [`Undefined`](crate::ErrorKind::Undefined) for fewer than two customers, or where no component comes
    /// first; [`Inconsistent`](crate::ErrorKind::Inconsistent) where a question loads negatively: the three do
    /// not measure one thing.
    pub fn first_component(rows: &[[u8; 3]]) -> Result<Self> {
        /// Nearer than this, which of two components is first is decided by rounding.
        const TIE: f64 = 1e-9;
        check(rows)?;
        let undefined = |reason| Err(Error::undefined("the first principal component", reason));
        if rows.len() < 2 {
            return undefined("it needs two customers or more");
        }
        let n = rows.len() as f64;
        let mean: [f64; 3] = std::array::from_fn(|i| {
            rows.iter().map(|row| u64::from(row[i])).sum::<u64>() as f64 / n
        });
        let covariance = DMatrix::from_fn(3, 3, |i, j| {
            let mut total = ExactSum::new();
            for row in rows {
                total.add_product(f64::from(row[i]) - mean[i], f64::from(row[j]) - mean[j]);
            }
            total.mean(n)
        });
        let eigen = covariance.symmetric_eigen();
        let mut order = [0, 1, 2];
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        let (first, second) = (eigen.eigenvalues[order[0]], eigen.eigenvalues[order[1]]);
        if !(first > 0.0) {
            return undefined("all customers answered the same");
        }
        if !(first - second > TIE * first) {
            return undefined("two components explain as much");
        }
        let component = eigen.eigenvectors.column(order[0]);
        let sign = component.sum().signum();
        // A question that does not vary loads 0, but for rounding.
        let loadings: [f64; 3] = std::array::from_fn(|i| {
            let loading = sign * component[i];
            if loading.abs() < TIE { 0.0 } else { loading }
        });
        if let Some(position) = loadings.iter().position(|&loading| loading < 0.0) {
            let what = format!("question {} loads negatively on the index", position + 1);
            return Err(Error::inconsistent(what));
        }
        Self::new(loadings)
    }

    /// The weights; they sum to 1.
    #[must_use]
    pub fn weights(&self) -> [f64; 3] {
        self.weights
    }

    /// The index of three means, from 0 to 100.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the position for a mean outside [1, 10].
    pub fn index(&self, means: [f64; 3]) -> Result<f64> {
        let mut index = 0.0;
        for (position, (mean, weight)) in means.into_iter().zip(self.weights).enumerate() {
            if !(1.0..=10.0).contains(&mean) {
                return Err(Error::out_of_domain("mean", mean, "[1, 10]").at_row(position));
            }
            index += weight * (mean - 1.0);
        }
        Ok((100.0 * index / 9.0).min(100.0)) // the weights may sum to 1 + ε
    }

    /// The index over customers, one row each, with their differences.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without rows; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the
    /// row for a score outside 1 to 10.
    ///
    /// # Example
    /// ```
    /// use goodwill::satisfaction::Acsi;
    ///
    /// let index = Acsi::EQUAL.of(&[[10, 10, 10], [1, 1, 1], [7, 6, 5]])?;
    /// assert!((index.value() - 100.0 * (27.0 + 0.0 + 15.0) / 27.0 / 3.0).abs() < 1e-13);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn of(&self, rows: &[[u8; 3]]) -> Result<MeanScore> {
        check(rows)?;
        let of_row = |row: &[u8; 3]| self.index(row.map(f64::from));
        MeanScore::of(&rows.iter().map(of_row).collect::<Result<Vec<_>>>()?)
    }
}

fn check(rows: &[[u8; 3]]) -> Result<()> {
    for (position, row) in rows.iter().enumerate() {
        for &score in row {
            Scale::ONE_TO_TEN.above_worst(score).map_err(|error| error.at_row(position))?;
        }
    }
    Ok(())
}
