//! The Net Promoter Score.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};

use super::sampling::Sampling;
use super::scale::{Direction, Scale};
use super::survey::Responses;

/// Promoters less detractors, in points from −100 to 100.
///
/// # Formula
/// ```text
/// NPS = 100 · (p₊ − p₋),   p₊ promoters 9–10, p₋ detractors 0–6, passives 7–8
/// variance of one answer: p₊ + p₋ − (p₊ − p₋)²
/// ```
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{Answers, Nps, Sampling, Scale};
///
/// let answers = Answers::from_scores(Scale::ZERO_TO_TEN, &[1, 7, 7, 8, 9, 10])?;
/// let nps = Nps::of(&answers)?;
/// assert!((nps.score() - 16.666_666_666_666_67).abs() < 1e-13);
/// let few = Sampling::new(Probability::constant(0.95));
/// assert!(nps.interval(&few).is_err()); // six answers are too few, unless asked for
/// assert!(nps.interval(&few.minimum(6)?)?.lower() < 0.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Reichheld (2003), "The One Number You Need to Grow", Harvard Business Review 81(12), 46–54; the variance in Rocks
/// (2016), The American Statistician 70(4), 365–372.
#[doc(alias = "net promoter score")]
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Nps {
    promoters: f64,
    passives: f64,
    detractors: f64,
    n: u64,
    effective: f64,
}

impl Nps {
    /// The score of answers from 0 to 10 on how likely the customer is to recommend us.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without scores; [`Inconsistent`](crate::ErrorKind::Inconsistent) for
    /// another scale than [`Scale::ZERO_TO_TEN`].
    pub fn of(answers: &impl Responses) -> Result<Self> {
        let scale = answers.tally()?.scale();
        Scale::ZERO_TO_TEN.demand(scale, "the net promoter score")?;
        Self::with_breaks(answers, 6, 9)
    }

    /// The score with other breaks: detractors gave `detractors_to` or less, promoters `promoters_from` or more.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without scores; [`Inconsistent`](crate::ErrorKind::Inconsistent) unless
    /// the highest score is the best and lowest ≤ `detractors_to` < `promoters_from` ≤ highest.
    ///
    /// # Example
    /// ```
    /// use goodwill::satisfaction::{Answers, Nps, Scale};
    ///
    /// let answers = Answers::from_scores(Scale::ONE_TO_FIVE, &[5, 5, 4, 4, 3])?;
    /// assert_eq!(Nps::with_breaks(&answers, 3, 5)?.score(), 20.0);
    /// assert_eq!(Nps::with_breaks(&answers, 2, 4)?.score(), 80.0);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn with_breaks(
        answers: &impl Responses,
        detractors_to: u8,
        promoters_from: u8,
    ) -> Result<Self> {
        let tally = answers.tally()?;
        let scale = tally.scale();
        let inside = scale.contains(detractors_to) && scale.contains(promoters_from);
        if !(inside && detractors_to < promoters_from)
            || scale.direction() != Direction::HigherIsBetter
        {
            return Err(Error::inconsistent(format!(
                "detractors to {detractors_to} and promoters from {promoters_from} do not part {scale}"
            )));
        }
        let (to, from) = (f64::from(detractors_to), f64::from(promoters_from));
        Ok(Self {
            promoters: tally.share(|score| score >= from),
            passives: tally.share(|score| to < score && score < from),
            detractors: tally.share(|score| score <= to),
            n: tally.n(),
            effective: tally.effective(),
        })
    }

    /// The score, from −100 to 100.
    #[must_use]
    pub fn score(&self) -> f64 {
        100.0 * (self.promoters - self.detractors)
    }

    /// The share of promoters, between 0 and 1.
    #[must_use]
    pub fn promoters(&self) -> f64 {
        self.promoters
    }

    /// The share of passives, between 0 and 1.
    #[must_use]
    pub fn passives(&self) -> f64 {
        self.passives
    }

    /// The share of detractors, between 0 and 1.
    #[must_use]
    pub fn detractors(&self) -> f64 {
        self.detractors
    }

    /// How many answered.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The squared standard error of the score, in points².
    pub(crate) fn squared_error(&self, sampling: &Sampling) -> Result<f64> {
        let n = sampling.corrected(self.n, self.effective)?;
        Ok(1e4 * variance(self.promoters, self.detractors) / n)
    }

    /// The adjusted Wald interval, from −100 to 100: three answers are added, ¾ of a promoter, 1½ passives, ¾ of
    /// a detractor. The value stays the score; at low levels an extreme score may lie outside.
    ///
    /// # Formula
    /// ```text
    /// ñ = n + 3,  p̃₊ = (n·p₊ + ¾)/ñ,  p̃₋ = (n·p₋ + ¾)/ñ:   100 · (p̃₊ − p̃₋ ± z·√((p̃₊ + p̃₋ − (p̃₊ − p̃₋)²)/ñ))
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for fewer answers than the minimum;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for more than the population;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1.
    ///
    /// # Reference
    /// Rocks (2016), The American Statistician 70(4), 365–372.
    pub fn interval(&self, sampling: &Sampling) -> Result<Estimate> {
        self.wald_after(0.75, sampling)
    }

    /// The plain Wald interval, for comparison: too narrow in small samples, see [coverage](crate::coverage).
    ///
    /// # Errors
    /// As [`interval`](Nps::interval).
    pub fn wald_interval(&self, sampling: &Sampling) -> Result<Estimate> {
        self.wald_after(0.0, sampling)
    }

    /// Wald's interval after `added` promoters, as many detractors and twice as many passives.
    fn wald_after(&self, added: f64, sampling: &Sampling) -> Result<Estimate> {
        let z = two_sided_z(sampling.level())?;
        let n = sampling.corrected(self.n, self.effective)?;
        let adjusted = |share: f64| (share + added / n) / (1.0 + 4.0 * added / n);
        let (up, down) = (adjusted(self.promoters), adjusted(self.detractors));
        let half = z * (variance(up, down) / (n + 4.0 * added)).sqrt();
        let net = up - down;
        let (lower, upper) = ((net - half).max(-1.0), (net + half).min(1.0));
        let level = sampling.level();
        Ok(Estimate::from_interval(self.score(), 100.0 * lower, 100.0 * upper, level))
    }
}

/// Of one answer of 1, 0 or −1. Written so that rounding leaves it at 0 or above.
fn variance(up: f64, down: f64) -> f64 {
    up * (1.0 - up) + down * (1.0 - down) + 2.0 * up * down
}
