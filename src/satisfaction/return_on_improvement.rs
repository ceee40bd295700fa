//! What an improvement must bring to pay, and what it brought.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};
use crate::math::distribution::student_quantile;
use crate::math::exact_sum::ExactSum;
use crate::quantity::Probability;

use super::mean::student_interval;

/// An improvement that costs a share of revenue and raises sales.
///
/// # Formula
/// ```text
/// break-even margin = spend/rise;   net at margin m = m·rise − spend;   return = net/spend
/// ```
/// Spend and rise as shares of the revenue before.
///
/// # Example
/// ```
/// use goodwill::satisfaction::ReturnOnImprovement;
///
/// // 3 % of revenue goes into new products, and sales rise by 23.5 %.
/// let products = ReturnOnImprovement::new(0.03, 0.235)?;
/// assert!((products.break_even_margin() - 0.127_659_574_468_085_1).abs() < 1e-15);
/// assert!((products.net(0.30)? - 0.0405).abs() < 1e-15);
/// assert!((products.return_at(0.30)? - 1.35).abs() < 1e-14);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ReturnOnImprovement {
    spend: f64,
    rise: f64,
}

impl ReturnOnImprovement {
    /// An improvement that costs `spend` and raises sales by `rise`.
    ///
    /// # Units
    /// Both are shares of the revenue before: 0.03 is 3 %.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend or a rise outside [10⁻⁹, 10⁶]: sales that do not
    /// rise pay for nothing at any margin.
    pub fn new(spend: f64, rise: f64) -> Result<Self> {
        for (name, value) in [("spend", spend), ("rise of sales", rise)] {
            if !(1e-9..=1e6).contains(&value) {
                return Err(Error::out_of_domain(name, value, "[1e-9, 1e6]"));
            }
        }
        Ok(Self { spend, rise })
    }

    /// The margin on the additional sales at which the improvement just pays. Above 1, no margin does.
    #[must_use]
    pub fn break_even_margin(&self) -> f64 {
        self.spend / self.rise
    }

    /// What is left of the additional margin after the spend, as a share of the revenue before.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a margin outside [0, 1].
    pub fn net(&self, margin: f64) -> Result<f64> {
        Ok(checked_margin(margin)? * self.rise - self.spend)
    }

    /// The same for each unit of the spend.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a margin outside [0, 1].
    pub fn return_at(&self, margin: f64) -> Result<f64> {
        Ok(self.net(margin)? / self.spend)
    }

    /// The rise of sales that just pays for a spend: spend / margin.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend outside [10⁻⁹, 10⁶] or a margin outside [10⁻⁹, 1].
    ///
    /// # Example
    /// ```
    /// use goodwill::satisfaction::ReturnOnImprovement;
    ///
    /// assert!((ReturnOnImprovement::rise_needed(0.03, 0.25)? - 0.12).abs() < 1e-15);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn rise_needed(spend: f64, margin: f64) -> Result<f64> {
        if !(1e-9..=1e6).contains(&spend) {
            return Err(Error::out_of_domain("spend", spend, "[1e-9, 1e6]"));
        }
        if !(1e-9..=1.0).contains(&margin) {
            return Err(Error::out_of_domain("margin", margin, "[1e-9, 1]"));
        }
        Ok(spend / margin)
    }

    /// The return at a margin of a measured rise, as of [`sales_rise`], with its interval. The rise may be below 0.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend outside [10⁻⁹, 10⁶] or a margin outside [0, 1].
    pub fn interval(spend: f64, rise: &Estimate, margin: f64) -> Result<Estimate> {
        if !(1e-9..=1e6).contains(&spend) {
            return Err(Error::out_of_domain("spend", spend, "[1e-9, 1e6]"));
        }
        let margin = checked_margin(margin)?;
        let of = |rise: f64| (margin * rise - spend) / spend;
        let [value, lower, upper] = [rise.value(), rise.lower(), rise.upper()].map(of);
        if lower.is_finite() && upper.is_finite() {
            Ok(Estimate::from_interval(value, lower, upper, rise.level()))
        } else {
            Err(Error::undefined("return on improvement", "it leaves the range of f64"))
        }
    }
}

fn checked_margin(margin: f64) -> Result<f64> {
    if (0.0..=1.0).contains(&margin) {
        Ok(margin)
    } else {
        Err(Error::out_of_domain("margin", margin, "[0, 1]"))
    }
}

/// By how much sales rose, as a share of those before, over shops or customers seen before and after: what an
/// improvement brought. The order of the rows changes no bit.
///
/// # Formula
/// ```text
/// R = Σ after/Σ before;   (R − 1) ± t·√(Σ (afterᵢ − R·beforeᵢ)² / (n(n − 1))) / mean(before),  n − 1 degrees of freedom
/// ```
///
/// # Errors
/// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for columns of other lengths;
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for sales outside [0, 10¹²], or a level that is not
/// strictly between 0 and 1; [`Undefined`](crate::ErrorKind::Undefined) for fewer than two rows, or sales before
/// of less than 10⁻⁶ in all.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::sales_rise;
///
/// let (before, after) = ([100.0, 200.0, 300.0], [120.0, 260.0, 361.0]);
/// let rise = sales_rise(&before, &after, Probability::constant(0.95))?;
/// assert!((rise.value() - 0.235).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Cochran (1977), Sampling Techniques, chapter 6, for the ratio.
pub fn sales_rise(before: &[f64], after: &[f64], level: Probability) -> Result<Estimate> {
    two_sided_z(level)?;
    if before.len() != after.len() {
        let lengths = (("before", before.len()), ("after", after.len()));
        return Err(Error::length_mismatch(lengths.0, lengths.1));
    }
    let total = |name: &'static str, column: &[f64]| {
        let mut total = ExactSum::new();
        for (row, &value) in column.iter().enumerate() {
            if !(0.0..=1e12).contains(&value) {
                return Err(Error::out_of_domain(name, value, "[0, 1e12]").at_row(row));
            }
            total.add(value);
        }
        Ok(total.value())
    };
    let (earlier, later) = (total("sales before", before)?, total("sales after", after)?);
    let n = before.len() as f64;
    if !(n >= 2.0 && earlier >= 1e-6) {
        let what = "it needs two rows or more, and sales before";
        return Err(Error::undefined("the rise of sales", what));
    }
    let ratio = later / earlier;
    let mut squares = ExactSum::new();
    for (before, after) in before.iter().zip(after) {
        squares.add((after - ratio * before).powi(2));
    }
    let error = (squares.value() * n / (n - 1.0)).sqrt() / earlier;
    let t = student_quantile(level.complement().get(), n - 1.0);
    student_interval((later - earlier) / earlier, error, t, level)
}

/// What follows from a rise of the customer level: revenue rises by so many per cent for each per cent of it.
///
/// # Formula
/// ```text
/// (change of revenue) / (change of the customer level), both as shares
/// ```
///
/// # Errors
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a change of the level outside [10⁻⁹, 10⁶] or of revenue
/// outside [−1, 10⁶].
///
/// # Example
/// ```
/// use goodwill::satisfaction::revenue_leverage;
///
/// // The customer level rises by 20 %, revenue by 40 %.
/// assert_eq!(revenue_leverage(0.20, 0.40)?, 2.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn revenue_leverage(level_change: f64, revenue_change: f64) -> Result<f64> {
    if !(1e-9..=1e6).contains(&level_change) {
        return Err(Error::out_of_domain("change of the level", level_change, "[1e-9, 1e6]"));
    }
    if !(-1.0..=1e6).contains(&revenue_change) {
        return Err(Error::out_of_domain("change of revenue", revenue_change, "[-1, 1e6]"));
    }
    Ok(revenue_change / level_change)
}
