//! How heavy the tail of the best customers is.

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;

use super::ranking::Ranking;
use super::value::Value;

/// The exponent α of a Pareto tail, P(X > x) ∝ x^−α: the smaller, the more the very best matter.
///
/// An α of log 5/log 4 ≈ 1.161 is the rule 80/20; at 1 or below the mean itself is ruled by single customers.
///
/// # Formula
/// ```text
/// α̂ = k / Σ_{i ≤ k} ln(x₍ᵢ₎ / x₍ₖ₊₁₎),   standard error α̂/√k,   x₍₁₎ the best
/// ```
///
/// # Example
/// ```
/// use goodwill::tiering::{ParetoTail, Ranking};
///
/// let base = Ranking::of(&[8.0, 4.0, 2.0, 1.0])?;
/// let tail = ParetoTail::of(&base, 3)?; // the logarithms are 3, 2 and 1 times ln 2
/// assert!((tail.exponent() - 0.5 / 2.0_f64.ln()).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Hill (1975), Annals of Statistics 3(5), 1163–1174.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ParetoTail {
    exponent: f64,
    standard_error: f64,
    customers: usize,
}

impl ParetoTail {
    /// Hill's estimate from the best `k` customers, measured against the next one.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless 1 ≤ k < n;
    /// [`Undefined`](crate::ErrorKind::Undefined) where the next customer is not worth more than 0, or the
    /// best k are all worth the same as he.
    pub fn of<V: Value>(base: &Ranking<V>, k: usize) -> Result<Self> {
        let values = base.values();
        let Some(&next) = values.get(k).filter(|_| k > 0) else {
            return Err(Error::out_of_domain("k", k, "[1, n)"));
        };
        if !(next > V::ZERO) {
            let reason = format!("the customer after the best {k} has the value {next:?}");
            return Err(Error::undefined("Pareto exponent", reason));
        }
        let from = libm::log(next.to_f64());
        let mut excess = ExactSum::new();
        for value in &values[..k] {
            let ratio = value.to_f64() / next.to_f64();
            let is_exact = ratio < 1e300;
            excess.add(if is_exact { libm::log(ratio) } else { libm::log(value.to_f64()) - from });
        }
        let exponent = k as f64 / excess.value();
        if !exponent.is_finite() {
            let reason = format!("the best {k} customers and the next are all worth the same");
            return Err(Error::undefined("Pareto exponent", reason));
        }
        Ok(Self { exponent, standard_error: exponent / (k as f64).sqrt(), customers: k })
    }

    /// The exponent α̂.
    #[must_use]
    pub fn exponent(&self) -> f64 {
        self.exponent
    }

    /// Its asymptotic standard error.
    #[must_use]
    pub fn standard_error(&self) -> f64 {
        self.standard_error
    }

    /// How many customers it was read from.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.customers
    }
}
