//! Two waves, or several groups: what changed, and whether it could be chance.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};
use crate::math::distribution::{chi_squared_upper, student_quantile, student_tails};
use crate::quantity::Probability;

use super::mean::{MeanScore, student_interval};
use super::nps::Nps;
use super::proportion::Proportion;
use super::sampling::Sampling;

/// How much a score changed, and how often chance alone gives a change as large.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Change {
    /// Later − earlier, in the unit of the score.
    pub difference: Estimate,
    /// The chance of a change as large where nothing changed, two-sided.
    pub p_value: Probability,
}

/// A score that two independent samples can be compared by: [`Proportion`], [`Nps`], [`MeanScore`]. Sealed.
pub trait Comparable: sealed::Sealed {
    /// What changed since an earlier, independent sample.
    ///
    /// A finite population of `sampling` is that of either wave.
    ///
    /// # Formula
    /// ```text
    /// Proportion:  Newcombe's interval from both Wilson intervals;  z = Δ/√(p̄(1 − p̄)(1/n₁ + 1/n₂)), p̄ pooled
    /// Nps:         the same from both adjusted Wald intervals;      z = Δ/√(V₁/n₁ + V₂/n₂)
    /// MeanScore:   Δ ± t·√(s₁²/n₁ + s₂²/n₂);                        t at Welch's degrees of freedom
    /// ```
    ///
    /// # Errors
    /// Those of either interval; [`Undefined`](crate::ErrorKind::Undefined) where no answer of either sample
    /// differs from another and yet the scores do, or both are a census: there is nothing to test.
    ///
    /// # Reference
    /// Newcombe (1998), Statistics in Medicine 17, 873–890, method 10; Zou and Donner (2008), Statistics in Medicine
    /// 27, 1693–1702, for other scores than shares; Welch (1947), Biometrika 34, 28–35.
    fn change_since(&self, earlier: &Self, sampling: &Sampling) -> Result<Change>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Proportion {}
    impl Sealed for super::Nps {}
    impl Sealed for super::MeanScore {}
}

impl Comparable for Proportion {
    fn change_since(&self, earlier: &Self, sampling: &Sampling) -> Result<Change> {
        let difference = square_and_add(&self.wilson(sampling)?, &earlier.wilson(sampling)?);
        let n = sampling.corrected(self.n(), self.effective())?;
        let n_then = sampling.corrected(earlier.n(), earlier.effective())?;
        let part = 1.0 / (1.0 + n_then / n);
        let pooled = if difference.value() == 0.0 || part.is_nan() {
            self.share()
        } else {
            part * self.share() + (1.0 - part) * earlier.share()
        };
        let squared = pooled * (1.0 - pooled) * (1.0 / n + 1.0 / n_then);
        let p_value = normal_p_value(difference.value(), squared)?;
        Ok(Change { difference, p_value })
    }
}

impl Comparable for Nps {
    fn change_since(&self, earlier: &Self, sampling: &Sampling) -> Result<Change> {
        let squared = self.squared_error(sampling)? + earlier.squared_error(sampling)?;
        let difference = square_and_add(&self.interval(sampling)?, &earlier.interval(sampling)?);
        let p_value = normal_p_value(difference.value(), squared)?;
        Ok(Change { difference, p_value })
    }
}

impl Comparable for MeanScore {
    fn change_since(&self, earlier: &Self, sampling: &Sampling) -> Result<Change> {
        two_sided_z(sampling.level())?;
        let (a, b) = (self.squared_error(sampling)?, earlier.squared_error(sampling)?);
        let squared = a + b;
        let difference = self.value() - earlier.value();
        if squared == 0.0 {
            let difference =
                Estimate::from_interval(difference, difference, difference, sampling.level());
            return Ok(Change { difference, p_value: normal_p_value(difference.value(), 0.0)? });
        }
        let (u, v) = (a / squared, b / squared);
        let degrees = 1.0 / (u * u / self.degrees() + v * v / earlier.degrees());
        let t = student_quantile(sampling.level().complement().get(), degrees);
        let error = squared.sqrt();
        let tails = student_tails(difference / error, degrees);
        Ok(Change {
            difference: student_interval(difference, error, t, sampling.level())?,
            p_value: Probability::rounded(tails).ok_or_else(no_test)?,
        })
    }
}

/// The interval of a difference from those of its parts: each end is as far off as both parts' together.
fn square_and_add(now: &Estimate, then: &Estimate) -> Estimate {
    let difference = now.value() - then.value();
    let down = (now.value() - now.lower()).hypot(then.upper() - then.value());
    let up = (now.upper() - now.value()).hypot(then.value() - then.lower());
    Estimate::from_interval(difference, difference - down, difference + up, now.level())
}

fn no_test() -> Error {
    Error::undefined("a p-value", "no answer differs from another, or all customers answered")
}

/// Both tails of the normal distribution beyond a difference with this squared standard error.
fn normal_p_value(difference: f64, squared: f64) -> Result<Probability> {
    if squared > 0.0 {
        let tails = chi_squared_upper(difference * difference / squared, 1.0);
        Probability::rounded(tails).ok_or_else(no_test)
    } else if difference == 0.0 {
        Ok(Probability::ONE)
    } else {
        Err(no_test())
    }
}

/// One of the comparisons of several groups.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Pair {
    /// Where the group that is subtracted stands in the input.
    pub from: usize,
    /// Where the other stands; after `from`.
    pub to: usize,
    /// `to` − `from`: all intervals hold together at the level asked for, and the p-value is Holm's.
    pub change: Change,
}

/// Every group against every other, corrected for the number of comparisons: Bonferroni's intervals, Holm's
/// p-values. Pairs (0, 1), (0, 2), …, (1, 2), ….
///
/// # Errors
/// [`Undefined`](crate::ErrorKind::Undefined) for fewer than two groups; what
/// [`change_since`](Comparable::change_since) returns.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{Proportion, Sampling, pairwise};
///
/// let regions = [Proportion::new(80, 100)?, Proportion::new(70, 100)?, Proportion::new(60, 100)?];
/// let pairs = pairwise(&regions, &Sampling::new(Probability::constant(0.95)))?;
/// // North against south: p = 0.0020 alone, three times as much among three comparisons.
/// assert_eq!((pairs[1].from, pairs[1].to), (0, 2));
/// assert!((pairs[1].change.p_value.get() - 0.006_084_693_445_356).abs() < 1e-14);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Holm (1979), Scandinavian Journal of Statistics 6(2), 65–70.
pub fn pairwise<T: Comparable>(groups: &[T], sampling: &Sampling) -> Result<Vec<Pair>> {
    two_sided_z(sampling.level())?;
    if groups.len() < 2 {
        return Err(Error::undefined("a comparison", "it needs two groups or more"));
    }
    let count = groups.len() * (groups.len() - 1) / 2;
    let together = sampling.shared_by(count)?;
    let mut pairs = Vec::with_capacity(count);
    for from in 0..groups.len() {
        for to in from + 1..groups.len() {
            let mut change = groups[to].change_since(&groups[from], &together)?;
            change.difference = change.difference.at_level(sampling.level());
            pairs.push(Pair { from, to, change });
        }
    }
    let p_values: Vec<Probability> = pairs.iter().map(|pair| pair.change.p_value).collect();
    for (pair, p_value) in pairs.iter_mut().zip(holm(&p_values)) {
        pair.change.p_value = p_value;
    }
    Ok(pairs)
}

/// p-values of several tests, raised so that any false alarm is as rare as asked for; in the order given.
///
/// # Formula
/// ```text
/// sorted upwards, p₍ᵢ₎ becomes max over j ≤ i of min(1, (m − j + 1)·p₍ⱼ₎)
/// ```
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::holm;
///
/// let corrected = holm(&[0.01, 0.04, 0.03, 0.005].map(Probability::constant));
/// let rounded: Vec<f64> = corrected.iter().map(|p| (p.get() * 1e6).round() / 1e6).collect();
/// assert_eq!(rounded, [0.03, 0.06, 0.06, 0.02]);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Holm (1979), Scandinavian Journal of Statistics 6(2), 65–70.
#[must_use]
pub fn holm(p_values: &[Probability]) -> Vec<Probability> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].get().total_cmp(&p_values[b].get()));
    let mut corrected = p_values.to_vec();
    let mut least = Probability::ZERO;
    for (done, &position) in order.iter().enumerate() {
        let tests_left = (p_values.len() - done) as f64;
        let raised = p_values[position].get() * tests_left;
        let raised = Probability::new(raised).unwrap_or(Probability::ONE);
        if raised > least {
            least = raised;
        }
        corrected[position] = least;
    }
    corrected
}
