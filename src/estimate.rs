//! A measured number with its doubt, [`Estimate`], and the test of a hypothesis, [`HypothesisTest`].

use crate::error::{Error, ErrorKind, Result};
use crate::math::distribution::{chi_squared_upper, normal_two_sided};
#[cfg(feature = "rand")]
use crate::math::{quantile::quantile, random::generator};
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
        Self::wilson(successes as f64 / n as f64, n as f64, level)
    }

    /// Wilson's interval of a share, where n need not be whole: n = ∞ is a census.
    pub(crate) fn wilson(p: f64, n: f64, level: Probability) -> Result<Self> {
        let z = two_sided_z(level)?;
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        // (centre − half)/(1 + z²/n) without the difference, of which a small share would leave no digit.
        let lower_end = |p: f64| {
            let upwards = p + z * z / (2.0 * n) + half;
            if upwards > 0.0 { p * (p / upwards) } else { 0.0 }
        };
        let upper = if p < 0.5 {
            (p + z * z / (2.0 * n) + half) / (1.0 + z * z / n)
        } else {
            1.0 - lower_end(1.0 - p)
        };
        Ok(Self { value: p, lower: lower_end(p), upper, level })
    }

    /// A statistic of a sample of `n`, with the percentile interval of `replicates` samples drawn from it with
    /// replacement.
    ///
    /// Needs the feature `rand`.
    ///
    /// `statistic` takes the positions that were drawn, in ascending order; the value is that of every position
    /// once. Equal seeds give equal bits.
    ///
    /// # Errors
    /// [`Empty`](ErrorKind::Empty) without a sample or a replicate; [`OutOfDomain`](ErrorKind::OutOfDomain)
    /// for more than 10⁹ of either or a level that is not strictly between 0 and 1; what `statistic` returns;
    /// [`Undefined`](ErrorKind::Undefined) where it gives a number that is not finite.
    ///
    /// # Example
    /// ```
    /// use goodwill::{Estimate, Probability};
    ///
    /// let minutes = [3.0, 7.0, 8.0, 12.0, 25.0];
    /// let mean = |drawn: &[usize]| Ok(drawn.iter().map(|&i| minutes[i]).sum::<f64>() / 5.0);
    /// let wait = Estimate::bootstrap(5, 2_000, 42, Probability::constant(0.9), mean)?;
    /// assert_eq!(wait.value(), 11.0);
    /// assert!(wait.lower() > 5.0 && wait.upper() < 18.0);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
    #[cfg(feature = "rand")]
    pub fn bootstrap(
        n: usize,
        replicates: usize,
        seed: u64,
        level: Probability,
        statistic: impl Fn(&[usize]) -> Result<f64>,
    ) -> Result<Self> {
        use rand::RngExt;

        /// Positions and values of more fit no memory.
        const MOST: usize = 1_000_000_000;
        for (name, count) in [("sample", n), ("replicates", replicates)] {
            match count {
                0 => return Err(Error::empty(name)),
                1..=MOST => {}
                _ => return Err(Error::out_of_domain(name, count, "[1, 1e9]")),
            }
        }
        let level = checked(level)?;
        let finite = |positions: &[usize]| {
            let value = statistic(positions)?;
            let excuse = "the statistic is not finite";
            if value.is_finite() { Ok(value) } else { Err(Error::undefined("statistic", excuse)) }
        };
        let mut positions: Vec<usize> = (0..n).collect();
        let value = finite(&positions)?;
        let mut values = Vec::with_capacity(replicates);
        for replicate in 0..replicates {
            let mut generator = generator(seed, replicate as u64);
            positions.fill_with(|| generator.random_range(0..n));
            positions.sort_unstable();
            values.push(finite(&positions)?);
        }
        values.sort_unstable_by(f64::total_cmp);
        let tail = 0.5 * level.complement().get();
        let (lower, upper) = (quantile(&values, tail), quantile(&values, 1.0 - tail));
        Ok(Self { value, lower, upper, level })
    }

    /// An estimate from its interval.
    pub(crate) fn from_interval(value: f64, lower: f64, upper: f64, level: Probability) -> Self {
        Self { value, lower, upper, level }
    }

    /// The same interval, said to hold at another level.
    pub(crate) fn at_level(self, level: Probability) -> Self {
        Self { level, ..self }
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

/// Whether the data speak against a hypothesis, such as that two groups are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct HypothesisTest {
    /// How far the data lie from the hypothesis.
    pub statistic: f64,
    /// Of the distribution of the statistic under the hypothesis: χ² where it is a sum of squares, Student's t
    /// otherwise; `None` for the standard normal.
    pub degrees_of_freedom: Option<f64>,
    /// The chance of data that lie as far away or farther, if the hypothesis holds.
    pub p_value: Probability,
}

impl HypothesisTest {
    /// A standard normal, if the hypothesis holds; either sign speaks against it.
    pub(crate) fn normal(statistic: f64) -> Result<Self> {
        let p_value =
            Probability::new(libm::erfc(statistic.abs() * std::f64::consts::FRAC_1_SQRT_2))?;
        Ok(Self { statistic, degrees_of_freedom: None, p_value })
    }

    /// A sum of squares of `degrees_of_freedom` standard normals, if the hypothesis holds.
    pub(crate) fn chi_squared(statistic: f64, degrees_of_freedom: f64) -> Result<Self> {
        let p_value = Probability::new(chi_squared_upper(statistic, degrees_of_freedom))?;
        Ok(Self { statistic, degrees_of_freedom: Some(degrees_of_freedom), p_value })
    }
}

/// The standard normal quantile z of a two-sided interval at a confidence level.
pub(crate) fn two_sided_z(level: Probability) -> Result<f64> {
    Ok(normal_two_sided(checked(level)?.complement().get()))
}

/// A confidence level: strictly between 0 and 1.
pub(crate) fn checked(level: Probability) -> Result<Probability> {
    if level.get() > 0.0 && level.get() < 1.0 {
        Ok(level)
    } else {
        Err(Error::out_of_domain("level", level, "(0, 1)"))
    }
}
