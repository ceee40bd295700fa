//! A measured number with its doubt: [`Estimate`].

use crate::error::{Error, ErrorKind, Result};
use crate::quantity::Probability;

/// A value measured from data, with the interval that holds the truth at the stated confidence level.
///
/// # Example
/// ```
/// use goodwill::{Estimate, Probability};
///
/// // 3 of 20 customers were lost.
/// let churn = Estimate::proportion(3, 20, Probability::constant(0.95))?;
/// assert_eq!(churn.value(), 0.15);
/// assert!((churn.lower() - 0.052_368_745_896_216).abs() < 1e-14);
/// assert!((churn.upper() - 0.360_418_864_740_757).abs() < 1e-14);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Estimate {
    value: f64,
    lower: f64,
    upper: f64,
    level: Probability,
}

impl Estimate {
    /// A share of customers, `successes` of `n`, with Wilson's interval.
    ///
    /// # Formula
    /// ```text
    /// (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n),   p̂ = successes / n,   Φ(z) = (1 + level) / 2
    /// ```
    ///
    /// # Errors
    /// [`Empty`](ErrorKind::Empty) for n = 0; [`OutOfDomain`](ErrorKind::OutOfDomain) for more successes
    /// than n, or a level that is not strictly between 0 and 1.
    ///
    /// # Reference
    /// Wilson (1927), Journal of the American Statistical Association 22, 209–212.
    pub fn proportion(successes: u64, n: u64, level: Probability) -> Result<Self> {
        if n == 0 {
            return Err(ErrorKind::Empty { name: "sample" }.into());
        }
        if successes > n {
            return Err(Error::out_of_domain("successes", successes, "[0, n]"));
        }
        if !(level.get() > 0.0 && level.get() < 1.0) {
            return Err(Error::out_of_domain("level", level, "(0, 1)"));
        }
        let z = two_sided_quantile(level);
        let trials = n;
        let (p, n) = (successes as f64 / n as f64, n as f64);
        let (centre, shrink) = (p + z * z / (2.0 * n), 1.0 + z * z / n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let lower = if successes == 0 { 0.0 } else { (centre - half) / shrink };
        let upper = if successes == trials { 1.0 } else { (centre + half) / shrink };
        Ok(Self { value: p, lower, upper, level })
    }

    /// The measured value.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The lower end of the interval.
    #[must_use]
    pub fn lower(&self) -> f64 {
        self.lower
    }

    /// The upper end of the interval.
    #[must_use]
    pub fn upper(&self) -> f64 {
        self.upper
    }

    /// The confidence level of the interval.
    #[must_use]
    pub fn level(&self) -> Probability {
        self.level
    }
}

/// The z with Φ(z) − Φ(−z) = level: Newton's method on erfc, whose derivative is the normal density.
fn two_sided_quantile(level: Probability) -> f64 {
    /// More than the steps from 0 to any quantile: one step adds at most ½ below and doubles digits near it.
    const STEPS: usize = 100;
    let tail = level.complement().get();
    let mut z = 0.0_f64;
    for _ in 0..STEPS {
        let excess = libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2) - tail;
        let density = (2.0 / std::f64::consts::PI).sqrt() * (-0.5 * z * z).exp();
        let step = excess / density;
        z += step;
        if step.abs() <= 1e-16 * z.abs() {
            break;
        }
    }
    z
}
