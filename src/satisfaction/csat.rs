//! CSAT: the boxes at the top, and the mean as an index.

use crate::error::{Error, Result};

use super::mean::MeanScore;
use super::proportion::Proportion;
use super::scale::Direction;
use super::survey::{Responses, Tally};

/// Customer satisfaction by its three usual readings.
///
/// # Formula
/// ```text
/// top box, top two boxes:  answers in the best one or two scores / all scores    (a share; × 100 is "CSAT")
/// index:                   100 · (x̄ − worst) / (best − worst)
/// ```
///
/// # Example
/// ```
/// use goodwill::satisfaction::{Answers, Csat, Scale};
///
/// let answers = Answers::from_counts(Scale::ONE_TO_FIVE, vec![5, 5, 10, 50, 30], 7, 0)?;
/// let csat = Csat::of(&answers)?;
/// assert_eq!((csat.top_box.share(), csat.top_two.share()), (0.3, 0.8));
/// assert_eq!(csat.index.value(), 73.75);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Measures of the trade without one source; why the top box is read apart: Jones and Sasser (1995), Harvard Business
/// Review 73(6), 88–99.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Csat {
    /// The share of the best score.
    pub top_box: Proportion,
    /// The share of the two best scores.
    pub top_two: Proportion,
    /// The mean, 0 where all give the worst score and 100 where all give the best.
    pub index: MeanScore,
}

impl Csat {
    /// Reads any scale of three points or more, in its direction.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without scores; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a
    /// scale of two points, where two boxes are all.
    pub fn of(answers: &impl Responses) -> Result<Self> {
        Ok(Self {
            top_box: Proportion::top(answers, 1)?,
            top_two: Proportion::top(answers, 2)?,
            index: index(&answers.tally()?),
        })
    }
}

/// The mean as an index from 0, the worst, to 100, the best.
fn index(tally: &Tally) -> MeanScore {
    let scale = tally.scale();
    let range = f64::from(scale.highest() - scale.lowest());
    MeanScore::of_tally(tally, |score| {
        let above = match scale.direction() {
            Direction::HigherIsBetter => score - f64::from(scale.lowest()),
            Direction::LowerIsBetter => f64::from(scale.highest()) - score,
        };
        100.0 * above / range
    })
}

/// The share that is expected to buy again, from what customers say they will do.
///
/// `conversion` is the caller's knowledge of how many of those who gave each score really bought, from the
/// lowest score to the highest: an intent is not yet a purchase.
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without scores; [`LengthMismatch`](crate::ErrorKind::LengthMismatch)
/// unless there is one conversion for each point; [`Inconsistent`](crate::ErrorKind::Inconsistent) where a better
/// score converts less than a worse one.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{Answers, Scale, repurchase_intent};
///
/// let answers = Answers::from_counts(Scale::ONE_TO_FIVE, vec![10, 10, 20, 40, 20], 0, 0)?;
/// let conversion = [0.0, 0.0, 0.1, 0.3, 0.8].map(Probability::constant);
/// assert!((repurchase_intent(&answers, &conversion)?.value() - 0.3).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn repurchase_intent(
    answers: &impl Responses,
    conversion: &[crate::quantity::Probability],
) -> Result<MeanScore> {
    let tally = answers.tally()?;
    let scale = tally.scale();
    if conversion.len() != scale.points() {
        return Err(Error::length_mismatch(
            ("conversions", conversion.len()),
            ("points of the scale", scale.points()),
        ));
    }
    let falls = |pair: &[crate::quantity::Probability]| match scale.direction() {
        Direction::HigherIsBetter => pair[1] < pair[0],
        Direction::LowerIsBetter => pair[1] > pair[0],
    };
    if conversion.windows(2).any(falls) {
        return Err(Error::inconsistent("a better score converts less than a worse one"));
    }
    let lowest = f64::from(scale.lowest());
    Ok(MeanScore::of_tally(&tally, |score| conversion[(score - lowest) as usize].get()))
}
