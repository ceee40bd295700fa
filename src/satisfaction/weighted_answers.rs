//! Answers that do not stand for equally many customers.

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;

use super::scale::Scale;
use super::survey::{Answer, Responses, Tally, sum};

/// Answers of which some stand for more customers than others, as after
/// [`post_stratification_weights`](super::post_stratification_weights).
///
/// Only the proportions of the weights matter. The totals are exact, so that order and merging change no bit.
/// "Don't know" and missing answers are counted apart, each as one customer, and are in no score.
///
/// # Example
/// ```
/// use goodwill::satisfaction::{Answer, Responses, Scale, WeightedAnswers};
///
/// let mut answers = WeightedAnswers::new(Scale::ONE_TO_FIVE);
/// answers.record(Answer::Score(5), 3.0)?;
/// answers.record(Answer::Score(1), 1.0)?;
/// answers.record(Answer::DontKnow, 2.0)?;
/// assert_eq!((answers.dont_know(), answers.missing()), (1, 0));
/// let tally = answers.tally()?;
/// assert_eq!(tally.shares(), [0.25, 0.0, 0.0, 0.0, 0.75]);
/// assert_eq!(tally.effective(), 1.6); // (3 + 1)² / (3² + 1²)
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "WeightedFields"))]
pub struct WeightedAnswers {
    scale: Scale,
    weights: Vec<ExactSum>,
    squares: ExactSum,
    scored: u64,
    dont_know: u64,
    missing: u64,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct WeightedFields {
    scale: Scale,
    weights: Vec<ExactSum>,
    squares: ExactSum,
    scored: u64,
    dont_know: u64,
    missing: u64,
}

#[cfg(feature = "serde")]
impl TryFrom<WeightedFields> for WeightedAnswers {
    type Error = Error;

    fn try_from(fields: WeightedFields) -> Result<Self> {
        let WeightedFields { scale, weights, squares, scored, dont_know, missing } = fields;
        if weights.len() != scale.points() {
            return Err(Error::length_mismatch(
                ("weights", weights.len()),
                ("points of the scale", scale.points()),
            ));
        }
        let answers = Self { scale, weights, squares, scored, dont_know, missing };
        let nothing = ExactSum::new();
        let stands = if scored == 0 {
            answers.weights.iter().all(|weight| *weight == nothing) && answers.squares == nothing
        } else {
            // Whatever n weights above 0 are, they tell as much as 1 to n equal ones.
            let effective = answers.tally()?.effective;
            let most = scored as f64 * (1.0 + 1e-9);
            answers.weights.iter().all(|weight| weight.value() >= 0.0)
                && (1.0 - 1e-9..=most).contains(&effective)
        };
        if stands {
            Ok(answers)
        } else {
            let what = format!("no {scored} answers have these weights and squares");
            Err(Error::inconsistent(what))
        }
    }
}

impl WeightedAnswers {
    /// No answers yet.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        let weights = vec![ExactSum::new(); scale.points()];
        Self { scale, weights, squares: ExactSum::new(), scored: 0, dont_know: 0, missing: 0 }
    }

    /// Adds an answer that stands for `weight` customers. A weight of 0 counts as no answer.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a score that is not of the scale, or a weight outside
    /// 0 and [10⁻¹⁰⁰, 10¹⁰⁰], where its square keeps its digits; [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴
    /// answers.
    pub fn record(&mut self, answer: Answer, weight: f64) -> Result<()> {
        if let Answer::Score(score) = answer {
            self.scale.position(score)?;
        }
        if weight == 0.0 {
            return Ok(());
        }
        if !(1e-100..=1e100).contains(&weight) {
            return Err(Error::out_of_domain("weight", weight, "0 and [1e-100, 1e100]"));
        }
        match answer {
            Answer::Score(score) => {
                self.scored = sum(self.scored, 1)?;
                self.weights[self.scale.position(score)?].add(weight);
                self.squares.add_product(weight, weight);
            }
            Answer::DontKnow => self.dont_know = sum(self.dont_know, 1)?,
            Answer::Missing => self.missing = sum(self.missing, 1)?,
        }
        Ok(())
    }

    /// The answers of both.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for another scale.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        self.scale.demand(other.scale, "merging")?;
        let mut all = self.clone();
        for (weight, more) in all.weights.iter_mut().zip(&other.weights) {
            weight.merge(more);
        }
        all.squares.merge(&other.squares);
        all.scored = sum(self.scored, other.scored)?;
        all.dont_know = sum(self.dont_know, other.dont_know)?;
        all.missing = sum(self.missing, other.missing)?;
        Ok(all)
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
}

impl Responses for WeightedAnswers {
    fn tally(&self) -> Result<Tally> {
        if self.scored == 0 {
            return Err(Error::empty("answers"));
        }
        let weights: Vec<f64> = self.weights.iter().map(ExactSum::value).collect();
        let total = weights.iter().sum::<f64>();
        let effective = total * total / self.squares.value();
        Ok(Tally { scale: self.scale, weights, n: self.scored, effective })
    }
}
