//! The scores of the customers, one by one and weighted into one number.

use std::fmt;

use crate::error::{Error, Result};

use super::grade::Grade;

/// One customer's scores for recency, frequency and money, each from 1 to n, n being the best.
///
/// Written as the trade's cell code, `543`; with a score above 9 as `10-4-3`, so that no two cells look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RfmScore {
    recency: Grade,
    frequency: Grade,
    monetary: Grade,
}

impl RfmScore {
    /// Scores that are known.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless each lies in `[1, 100]`.
    ///
    /// # Example
    /// ```
    /// use goodwill::tiering::RfmScore;
    ///
    /// assert_eq!(RfmScore::new(5, 4, 3)?.to_string(), "543");
    /// assert_eq!(RfmScore::new(10, 1, 1)?.to_string(), "10-1-1");
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn new(recency: u8, frequency: u8, monetary: u8) -> Result<Self> {
        let checked = |name, score: u8| {
            let grade = Grade::new(score).filter(|&score| score.get() <= 100);
            grade.ok_or_else(|| Error::out_of_domain(name, score, "[1, 100]"))
        };
        Ok(Self {
            recency: checked("recency", recency)?,
            frequency: checked("frequency", frequency)?,
            monetary: checked("monetary", monetary)?,
        })
    }

    pub(super) fn of_grades(recency: Grade, frequency: Grade, monetary: Grade) -> Self {
        Self { recency, frequency, monetary }
    }

    /// The score of recency: n for those who bought last.
    #[must_use]
    pub fn recency(self) -> u8 {
        self.recency.get()
    }

    /// The score of frequency: n for those who bought most often.
    #[must_use]
    pub fn frequency(self) -> u8 {
        self.frequency.get()
    }

    /// The score of money: n for those who spent most.
    #[must_use]
    pub fn monetary(self) -> u8 {
        self.monetary.get()
    }

    /// The mean of frequency and money, a half rounded up: what the second axis of the classic map shows.
    #[must_use]
    pub fn frequency_and_money(self) -> u8 {
        (self.frequency() + self.monetary()).div_ceil(2)
    }
}

impl fmt::Display for RfmScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scores = [self.recency(), self.frequency(), self.monetary()];
        let between = if scores.iter().all(|&score| score < 10) { "" } else { "-" };
        write!(f, "{}{between}{}{between}{}", scores[0], scores[1], scores[2])
    }
}

/// The scores of all customers, in the order of the measures.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RfmScores {
    groups: u8,
    scores: Vec<Option<RfmScore>>,
}

impl RfmScores {
    pub(super) fn new(groups: u8, scores: Vec<Option<RfmScore>>) -> Self {
        Self { groups, scores }
    }

    /// The best score there is.
    #[must_use]
    pub fn best(&self) -> u8 {
        self.groups
    }

    /// How many customers there are, those without a score included.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.scores.len()
    }

    /// The score of one customer; `None` for one who never bought, or past the end.
    #[must_use]
    pub fn score_of(&self, customer: usize) -> Option<RfmScore> {
        self.scores.get(customer).copied().flatten()
    }

    /// Every customer's score, in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<RfmScore>> {
        self.scores.iter().copied()
    }

    /// Each customer's scores as one number, by which they can be put into tiers.
    ///
    /// # Formula
    /// ```text
    /// w_R·R + w_F·F + w_M·M
    /// ```
    ///
    /// # Example
    /// ```
    /// use goodwill::tiering::{RfmMeasures, RfmWeights};
    /// use goodwill::Ties;
    ///
    /// let measures = RfmMeasures::new(vec![1, 9], vec![1, 2], vec![5.0, 6.0])?;
    /// let weights = RfmWeights::new(0.5, 0.25, 0.25)?;
    /// let weighted = measures.independent(2, Ties::InputOrder)?.weighted(&weights);
    /// assert_eq!(weighted, [Some(1.5), Some(1.5)]);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    #[must_use]
    pub fn weighted(&self, weights: &RfmWeights) -> Vec<Option<f64>> {
        let weigh = |score: RfmScore| {
            let part = |weight: f64, score: u8| weight * f64::from(score);
            part(weights.recency, score.recency())
                + part(weights.frequency, score.frequency())
                + part(weights.monetary, score.monetary())
        };
        self.iter().map(|score| score.map(weigh)).collect()
    }
}

/// How much each score counts in a weighted RFM.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RfmWeights {
    recency: f64,
    frequency: f64,
    monetary: f64,
}

impl RfmWeights {
    /// Weights of 0 or more; with a sum of 1 the weighted score lies between 1 and n.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a weight outside `[0, 1e300]`;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where all are 0.
    ///
    /// # Example
    /// See [`RfmScores::weighted`].
    pub fn new(recency: f64, frequency: f64, monetary: f64) -> Result<Self> {
        let named = [("recency", recency), ("frequency", frequency), ("monetary", monetary)];
        for (name, weight) in named {
            if !(0.0..=1e300).contains(&weight) {
                return Err(Error::out_of_domain(name, weight, "[0, 1e300]"));
            }
        }
        if named.iter().all(|&(_, weight)| !(weight > 0.0)) {
            return Err(Error::inconsistent("at least one weight must be above 0"));
        }
        Ok(Self { recency: recency + 0.0, frequency: frequency + 0.0, monetary: monetary + 0.0 })
    }
}
