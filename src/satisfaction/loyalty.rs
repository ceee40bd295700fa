//! Loyalty by satisfaction: the top-box effect and false loyalty.

use crate::error::Result;

use super::compare::{Change, Comparable};
use super::proportion::Proportion;
use super::sampling::Sampling;
use super::scale::{Direction, Scale};
use super::survey::{Answer, Answers, sum};

/// Who stayed, by how satisfied he was. Tables of shards [`merge`](LoyaltyTable::merge).
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{LoyaltyTable, Sampling, Scale};
///
/// let mut table = LoyaltyTable::new(Scale::ONE_TO_FIVE);
/// for (score, stayed, left) in [(5, 80, 20), (4, 40, 60), (3, 10, 20), (2, 6, 24), (1, 2, 18)] {
///     (0..stayed).try_for_each(|_| table.record(score, true))?;
///     (0..left).try_for_each(|_| table.record(score, false))?;
/// }
/// // 80 % of those who gave 5 stayed, and 40 % of those who gave 4.
/// let effect = table.top_box_effect(&Sampling::new(Probability::constant(0.95)))?;
/// assert_eq!(effect.difference.value(), 0.4);
/// // Of the 138 who stayed, 18 were not satisfied.
/// let matrix = table.matrix(2)?;
/// assert_eq!((matrix.loyal, matrix.falsely_loyal), (120, 18));
/// assert_eq!(matrix.false_loyalty()?.share(), 18.0 / 138.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Jones and Sasser (1995), Harvard Business Review 73(6), 88–99.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LoyaltyTable {
    stayed: Answers,
    left: Answers,
}

/// Satisfaction against loyalty, in customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LoyaltyMatrix {
    /// Satisfied, and stayed.
    pub loyal: u64,
    /// Not satisfied, and stayed all the same: for want of a choice, for habit, for the points.
    pub falsely_loyal: u64,
    /// Satisfied, and left.
    pub mercenary: u64,
    /// Not satisfied, and left.
    pub defected: u64,
}

impl LoyaltyMatrix {
    /// The share of those who stayed that was not satisfied.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) where nobody stayed; [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴
    /// customers.
    pub fn false_loyalty(&self) -> Result<Proportion> {
        Proportion::new(self.falsely_loyal, sum(self.falsely_loyal, self.loyal)?)
    }
}

impl LoyaltyTable {
    /// No customers yet.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        Self { stayed: Answers::new(scale), left: Answers::new(scale) }
    }

    /// Adds a customer: his score, and whether he stayed (bought again, or says he will).
    ///
    /// # Errors
    /// As [`Answers::record`].
    pub fn record(&mut self, score: u8, stayed: bool) -> Result<()> {
        let of = if stayed { &mut self.stayed } else { &mut self.left };
        of.record(Answer::Score(score))
    }

    /// The customers of both.
    ///
    /// # Errors
    /// As [`Answers::merge`].
    pub fn merge(&self, other: &Self) -> Result<Self> {
        let (stayed, left) = (self.stayed.merge(&other.stayed)?, self.left.merge(&other.left)?);
        Ok(Self { stayed, left })
    }

    /// The share that stayed, for each score from the worst to the best; `None` where nobody gave it.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴ customers.
    pub fn by_score(&self) -> Result<Vec<Option<Proportion>>> {
        let share = |(&stayed, &left): (&u64, &u64)| match sum(stayed, left)? {
            0 => Ok(None),
            all => Proportion::new(stayed, all).map(Some),
        };
        let pairs = self.stayed.counts().iter().zip(self.left.counts());
        let mut shares = pairs.map(share).collect::<Result<Vec<_>>>()?;
        if self.stayed.scale().direction() == Direction::LowerIsBetter {
            shares.reverse();
        }
        Ok(shares)
    }

    /// How much more often those with the best score stay than those with the next.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) where nobody gave one of the two scores; what
    /// [`change_since`](Comparable::change_since) returns; [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴
    /// customers.
    pub fn top_box_effect(&self, sampling: &Sampling) -> Result<Change> {
        let shares = self.by_score()?;
        let at = |from_best: usize| {
            let share = shares.iter().rev().nth(from_best).copied().flatten();
            share.ok_or_else(|| crate::error::Error::empty("the best two scores"))
        };
        at(0)?.change_since(&at(1)?, sampling)
    }

    /// The matrix of satisfaction and loyalty; satisfied are those who gave one of the `best` best scores.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for no score or for all;
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴ customers.
    pub fn matrix(&self, best: usize) -> Result<LoyaltyMatrix> {
        let ((loyal, falsely_loyal), (mercenary, defected)) =
            (self.stayed.parted(best)?, self.left.parted(best)?);
        Ok(LoyaltyMatrix { loyal, falsely_loyal, mercenary, defected })
    }
}
