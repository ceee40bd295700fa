//! Answers to one question, counted: the sufficient statistic of every score.

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;

use super::scale::{Direction, Level, Scale};

/// What one customer answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Answer {
    /// A score of the scale.
    Score(u8),
    /// "Don't know", or "not applicable".
    DontKnow,
    /// He was asked and gave no answer.
    Missing,
}

impl From<Level> for Answer {
    fn from(level: Level) -> Self {
        Self::Score(level.score())
    }
}

/// How many customers gave each answer to one question. Counts of shards [`merge`](Answers::merge).
///
/// "Don't know" and missing answers are counted apart, and are in no score.
///
/// # Example
/// ```
/// use goodwill::satisfaction::{Answer, Answers, Scale};
///
/// let mut answers = Answers::from_scores(Scale::ONE_TO_FIVE, &[5, 4, 4, 2])?;
/// answers.record(Answer::DontKnow)?;
/// assert_eq!((answers.scored()?, answers.dont_know(), answers.missing()), (4, 1, 0));
/// assert_eq!(answers.counts(), [0, 1, 0, 2, 1]);
/// let error = answers.record(Answer::Score(6)).unwrap_err();
/// assert_eq!(error.to_string(), "score must lie in the points of its scale, but is 6");
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "AnswersFields"))]
pub struct Answers {
    scale: Scale,
    /// From the lowest score to the highest.
    counts: Vec<u64>,
    dont_know: u64,
    missing: u64,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct AnswersFields {
    scale: Scale,
    counts: Vec<u64>,
    dont_know: u64,
    missing: u64,
}

#[cfg(feature = "serde")]
impl TryFrom<AnswersFields> for Answers {
    type Error = Error;

    fn try_from(fields: AnswersFields) -> Result<Self> {
        let AnswersFields { scale, counts, dont_know, missing } = fields;
        Self::from_counts(scale, counts, dont_know, missing)
    }
}

impl Answers {
    /// No answers yet.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        Self { scale, counts: vec![0; scale.points()], dont_know: 0, missing: 0 }
    }

    /// Counts that were made elsewhere, from the lowest score to the highest.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) unless there is one count for each point.
    pub fn from_counts(
        scale: Scale,
        counts: Vec<u64>,
        dont_know: u64,
        missing: u64,
    ) -> Result<Self> {
        if counts.len() != scale.points() {
            return Err(Error::length_mismatch(
                ("counts", counts.len()),
                ("points of the scale", scale.points()),
            ));
        }
        Ok(Self { scale, counts, dont_know, missing })
    }

    /// One score a customer.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a score that is not of the scale.
    pub fn from_scores(scale: Scale, scores: &[u8]) -> Result<Self> {
        Self::from_answers(scale, scores.iter().map(|&score| Answer::Score(score)))
    }

    /// One answer a customer.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a score that is not of the scale.
    pub fn from_answers(scale: Scale, answers: impl IntoIterator<Item = Answer>) -> Result<Self> {
        let mut all = Self::new(scale);
        for (row, answer) in answers.into_iter().enumerate() {
            all.record(answer).map_err(|error| error.at_row(row))?;
        }
        Ok(all)
    }

    /// Counts one more answer.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a score that is not of the scale;
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴ answers.
    pub fn record(&mut self, answer: Answer) -> Result<()> {
        let count = match answer {
            Answer::Score(score) => &mut self.counts[self.scale.position(score)?],
            Answer::DontKnow => &mut self.dont_know,
            Answer::Missing => &mut self.missing,
        };
        *count = sum(*count, 1)?;
        Ok(())
    }

    /// The answers of both.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for another scale;
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴ answers.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        self.scale.demand(other.scale, "merging")?;
        let pairs = self.counts.iter().zip(&other.counts);
        Ok(Self {
            scale: self.scale,
            counts: pairs.map(|(&a, &b)| sum(a, b)).collect::<Result<_>>()?,
            dont_know: sum(self.dont_know, other.dont_know)?,
            missing: sum(self.missing, other.missing)?,
        })
    }

    /// The scale.
    #[must_use]
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// How many gave each score, from the lowest to the highest.
    #[must_use]
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// How many gave a score.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴ answers.
    pub fn scored(&self) -> Result<u64> {
        self.counts.iter().try_fold(0, |total, &count| sum(total, count))
    }

    /// How many said that they do not know.
    #[must_use]
    pub fn dont_know(&self) -> u64 {
        self.dont_know
    }

    /// How many gave no answer.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// How many gave one of the `best` best scores, and how many another.
    pub(crate) fn parted(&self, best: usize) -> Result<(u64, u64)> {
        let points = self.scale.points();
        if !(1..points).contains(&best) {
            return Err(Error::out_of_domain("boxes", best, "[1, points of the scale)"));
        }
        let parted = |low: &[u64], high: &[u64]| -> Result<(u64, u64)> {
            let total = |counts: &[u64]| counts.iter().try_fold(0, |all, &count| sum(all, count));
            Ok((total(low)?, total(high)?))
        };
        match self.scale.direction() {
            Direction::HigherIsBetter => {
                let (bad, good) = self.counts.split_at(points - best);
                parted(good, bad)
            }
            Direction::LowerIsBetter => {
                let (good, bad) = self.counts.split_at(best);
                parted(good, bad)
            }
        }
    }

    /// A score of these answers, with the percentile interval of `replicates` samples drawn from those who gave
    /// one, with replacement. See [`Estimate::bootstrap`](crate::Estimate::bootstrap).
    ///
    /// Needs the feature `rand`.
    ///
    /// # Errors
    /// As [`Estimate::bootstrap`](crate::Estimate::bootstrap).
    ///
    /// # Example
    /// ```
    /// use goodwill::Probability;
    /// use goodwill::satisfaction::{Answers, Nps, Scale};
    ///
    /// let answers = Answers::from_counts(Scale::ZERO_TO_TEN, vec![0, 0, 0, 0, 0, 0, 2, 5, 6, 9, 9], 0, 0)?;
    /// let nps = answers.bootstrap(2_000, 7, Probability::constant(0.95), |drawn| Ok(Nps::of(drawn)?.score()))?;
    /// assert!((nps.value() - 51.612_903_225_806_45).abs() < 1e-12);
    /// assert!(nps.lower() > 20.0 && nps.upper() < 80.0);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    #[cfg(feature = "rand")]
    pub fn bootstrap(
        &self,
        replicates: usize,
        seed: u64,
        level: crate::quantity::Probability,
        score: impl Fn(&Self) -> Result<f64>,
    ) -> Result<crate::estimate::Estimate> {
        /// Each draw is held in memory.
        const MOST: u64 = 1 << 28;
        let n = self.scored()?;
        if n > MOST {
            return Err(Error::out_of_domain("scored answers", n, "[1, 2^28] for the bootstrap"));
        }
        let mut ends = Vec::with_capacity(self.counts.len());
        let mut end = 0;
        for &count in &self.counts {
            end += count as usize;
            ends.push(end);
        }
        crate::estimate::Estimate::bootstrap(n as usize, replicates, seed, level, |drawn| {
            let mut counts = vec![0; ends.len()];
            for &position in drawn {
                counts[ends.partition_point(|&end| end <= position)] += 1;
            }
            score(&Self { scale: self.scale, counts, dont_know: 0, missing: 0 })
        })
    }
}

/// Of two counts.
pub(super) fn sum(a: u64, b: u64) -> Result<u64> {
    a.checked_add(b).ok_or_else(|| Error::overflow("a count of answers"))
}

/// The shares of the scores, and how many answers stand behind them: what every score is read from.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tally {
    pub(super) scale: Scale,
    pub(super) weights: Vec<f64>,
    pub(super) n: u64,
    pub(super) effective: f64,
}

impl Tally {
    /// The scale.
    #[must_use]
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// How many customers gave a score.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// How many equally weighted answers tell as much, (Σw)² / Σw² (Kish); `n` where all weigh the same.
    #[must_use]
    pub fn effective(&self) -> f64 {
        self.effective
    }

    /// The share of each score, from the lowest to the highest.
    #[must_use]
    pub fn shares(&self) -> Vec<f64> {
        let total: f64 = self.weights.iter().sum();
        self.weights.iter().map(|weight| weight / total).collect()
    }

    /// The share of the scores that `is_in` takes.
    pub(crate) fn share(&self, is_in: impl Fn(f64) -> bool) -> f64 {
        let (mut inside, mut outside) = (0.0, 0.0);
        for (position, weight) in self.weights.iter().enumerate() {
            *(if is_in(self.scale.score(position)) { &mut inside } else { &mut outside }) += weight;
        }
        inside / (inside + outside)
    }

    /// Mean and variance (over the answers, not of the mean) of a value for each score.
    pub(crate) fn moments(&self, value: impl Fn(f64) -> f64) -> (f64, f64) {
        let values: Vec<f64> =
            (0..self.weights.len()).map(|i| value(self.scale.score(i))).collect();
        let total: f64 = self.weights.iter().sum();
        let mean_of = |of: &dyn Fn(f64) -> f64| {
            let mut sum = ExactSum::new();
            values
                .iter()
                .zip(&self.weights)
                .for_each(|(&x, &weight)| sum.add_product(weight, of(x)));
            sum.mean(total)
        };
        let mean = mean_of(&|value| value);
        (mean, mean_of(&|value| (value - mean).powi(2)))
    }
}

/// What can be tallied: [`Answers`] and [`WeightedAnswers`](super::WeightedAnswers). Sealed.
pub trait Responses: sealed::Sealed {
    /// The shares of the scores and the answers behind them.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) where nobody gave a score.
    fn tally(&self) -> Result<Tally>;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Answers {}
    impl Sealed for super::super::WeightedAnswers {}
}

impl Responses for Answers {
    fn tally(&self) -> Result<Tally> {
        let n = self.scored()?;
        if n == 0 {
            return Err(Error::empty("answers"));
        }
        let weights = self.counts.iter().map(|&count| count as f64).collect();
        Ok(Tally { scale: self.scale, weights, n, effective: n as f64 })
    }
}
