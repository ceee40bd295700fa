//! The Customer Effort Score, in its two versions.

use crate::error::Result;

use super::mean::MeanScore;
use super::proportion::Proportion;
use super::scale::Scale;
use super::survey::Responses;

/// CES 1.0: "how much effort did you personally have to put forth?", from 1, very low, to 5; low is good.
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without scores; [`Inconsistent`](crate::ErrorKind::Inconsistent) for another
/// scale than [`Scale::EFFORT`].
///
/// # Example
/// ```
/// use goodwill::satisfaction::{Answers, Scale, effort_1};
///
/// assert_eq!(effort_1(&Answers::from_scores(Scale::EFFORT, &[1, 2, 2, 5])?)?.value(), 2.5);
/// assert!(effort_1(&Answers::from_scores(Scale::ONE_TO_FIVE, &[1, 2, 2, 5])?).is_err());
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Dixon, Freeman and Toman (2010), Harvard Business Review 88(7/8), 116–122.
#[doc(alias = "CES")]
pub fn effort_1(answers: &impl Responses) -> Result<MeanScore> {
    let tally = answers.tally()?;
    Scale::EFFORT.demand(tally.scale(), "the effort score 1.0")?;
    Ok(MeanScore::of_tally(&tally, |score| score))
}

/// CES 2.0: "the company made it easy for me to handle my issue", from 1 to 7; high is good.
///
/// # Formula
/// ```text
/// mean = Σ score / n,   agree = answers of 5, 6 or 7 / n,   n those who gave a score
/// ```
///
/// # Example
/// See [`of`](Ease::of).
///
/// # Reference
/// Dixon, Toman and DeLisi (2013), The Effortless Experience, Portfolio.
#[doc(alias = "CES")]
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Ease {
    /// The mean, from 1 to 7.
    pub mean: MeanScore,
    /// The share that agrees: 5, 6 or 7.
    pub agree: Proportion,
}

impl Ease {
    /// Reads answers on [`Scale::ONE_TO_SEVEN`].
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without scores; [`Inconsistent`](crate::ErrorKind::Inconsistent) for
    /// another scale.
    ///
    /// # Example
    /// ```
    /// use goodwill::satisfaction::{Answers, Ease, Scale};
    ///
    /// let ease = Ease::of(&Answers::from_scores(Scale::ONE_TO_SEVEN, &[7, 6, 5, 4, 3])?)?;
    /// assert_eq!((ease.mean.value(), ease.agree.share()), (5.0, 0.6));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn of(answers: &impl Responses) -> Result<Self> {
        let tally = answers.tally()?;
        Scale::ONE_TO_SEVEN.demand(tally.scale(), "the effort score 2.0")?;
        let mean = MeanScore::of_tally(&tally, |score| score);
        Ok(Self { mean, agree: Proportion::top(answers, 3)? })
    }
}
