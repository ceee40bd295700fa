//! The share of the answers that are good, and its intervals.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};

use super::sampling::Sampling;
use super::survey::{Responses, Tally};

/// A share of those who answered, between 0 and 1, and how many they are.
///
/// [`wilson`](Proportion::wilson) is the interval to use; how often each interval holds the truth is counted on
/// the page on [coverage](crate::coverage).
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{Answers, Proportion, Sampling, Scale};
///
/// let answers = Answers::from_counts(Scale::ONE_TO_FIVE, vec![1, 2, 7, 12, 8], 3, 0)?;
/// let satisfied = Proportion::top(&answers, 2)?; // 20 of the 30 who gave a score
/// assert_eq!(satisfied.share(), 20.0 / 30.0);
/// let sure = satisfied.wilson(&Sampling::new(Probability::constant(0.95)))?;
/// assert!((sure.lower() - 0.487_800_516_445_438).abs() < 1e-14);
/// assert!((sure.upper() - 0.807_695_019_163_239).abs() < 1e-14);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Proportion {
    share: f64,
    n: u64,
    effective: f64,
}

impl Proportion {
    /// Counted elsewhere: `successes` of `n`.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) for n = 0; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for more
    /// successes than n.
    pub fn new(successes: u64, n: u64) -> Result<Self> {
        if n == 0 {
            return Err(Error::empty("answers"));
        }
        if successes > n {
            return Err(Error::out_of_domain("successes", successes, "[0, n]"));
        }
        Ok(Self { share: successes as f64 / n as f64, n, effective: n as f64 })
    }

    /// The share of the `best` best scores of the scale: the top-1 box, the top-2 box.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without scores; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for no
    /// box or for all.
    pub fn top(answers: &impl Responses, best: usize) -> Result<Self> {
        let tally = answers.tally()?;
        let points = tally.scale().points();
        if !(1..points).contains(&best) {
            return Err(Error::out_of_domain("boxes", best, "[1, points of the scale)"));
        }
        let (low, high) = (tally.scale().score(0), tally.scale().score(points - 1));
        let reach = (best - 1) as f64;
        Ok(Self::of(&tally, |score| match tally.scale().direction() {
            super::Direction::HigherIsBetter => score >= high - reach,
            super::Direction::LowerIsBetter => score <= low + reach,
        }))
    }

    pub(crate) fn of(tally: &Tally, is_in: impl Fn(f64) -> bool) -> Self {
        Self { share: tally.share(is_in), n: tally.n(), effective: tally.effective() }
    }

    /// The share, between 0 and 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.share
    }

    /// How many answered.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// How many equally weighted answers tell as much.
    #[must_use]
    pub fn effective(&self) -> f64 {
        self.effective
    }

    /// Wilson's interval; see [`Estimate::proportion`].
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for fewer answers than the minimum;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for more than the population;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1.
    ///
    /// # Reference
    /// Wilson (1927), Journal of the American Statistical Association 22, 209–212.
    pub fn wilson(&self, sampling: &Sampling) -> Result<Estimate> {
        let n = sampling.corrected(self.n, self.effective)?;
        Estimate::wilson(self.share, n, sampling.level())
    }

    /// The adjusted Wald interval: z²/2 successes and as many failures are added. The value stays the share.
    ///
    /// # Formula
    /// ```text
    /// ñ = n + z²,  p̃ = (n·p̂ + z²/2) / ñ:   p̃ ± z·√(p̃(1 − p̃)/ñ),   as far as it lies in [0, 1]
    /// ```
    ///
    /// # Errors
    /// As [`wilson`](Proportion::wilson).
    ///
    /// # Reference
    /// Agresti and Coull (1998), The American Statistician 52(2), 119–126.
    pub fn adjusted_wald(&self, sampling: &Sampling) -> Result<Estimate> {
        let z = two_sided_z(sampling.level())?;
        self.interval(sampling, 0.5 * z * z, z)
    }

    /// The plain Wald interval, for comparison only: at n = 30 it holds the truth in 26 % of samples at worst,
    /// and in 88.3 % on average over p = 0.01, 0.02, … 0.99, where 95 % is asked for.
    ///
    /// # Formula
    /// ```text
    /// p̂ ± z·√(p̂(1 − p̂)/n),   as far as it lies in [0, 1]
    /// ```
    ///
    /// # Errors
    /// As [`wilson`](Proportion::wilson).
    ///
    /// # Reference
    /// Brown, Cai and DasGupta (2001), Statistical Science 16(2), 101–133: how it fails.
    pub fn wald(&self, sampling: &Sampling) -> Result<Estimate> {
        self.interval(sampling, 0.0, two_sided_z(sampling.level())?)
    }

    /// Wald's interval after `added` successes and as many failures.
    fn interval(&self, sampling: &Sampling, added: f64, z: f64) -> Result<Estimate> {
        let n = sampling.corrected(self.n, self.effective)?;
        let p = (self.share + added / n) / (1.0 + 2.0 * added / n);
        let half = z * (p * (1.0 - p) / (n + 2.0 * added)).sqrt();
        let (lower, upper) = ((p - half).max(0.0), (p + half).min(1.0));
        Ok(Estimate::from_interval(self.share, lower, upper, sampling.level()))
    }
}
