//! Values in order, best first: what cuts and concentration are read from, and what shards merge.

#[cfg(feature = "serde")]
use crate::error::Error;
use crate::error::Result;
use crate::quantity::Share;

use super::pyramid::checked;
use super::selection::Place;
use super::value::Value;

/// The values of a base, best first: the mergeable summary from which cuts are read.
///
/// Each shard ranks its own customers and hands over the ranking; the merged ranking is the one that all
/// customers together would give. The cuts read from it ([`Pyramid::thresholds`](super::Pyramid::thresholds),
/// [`Abc::thresholds`](super::Abc::thresholds)) then place the customers of each shard.
///
/// # Example
/// ```
/// use goodwill::tiering::{Pyramid, Ranking, Ties};
///
/// let mut north = Ranking::of(&[9.0, 1.0, 5.0])?;
/// north.merge(&Ranking::of(&[7.0, 3.0])?);
/// assert_eq!(north.values(), [9.0, 7.0, 5.0, 3.0, 1.0]);
/// let cuts = Pyramid::quantiles(5)?.thresholds(&north, Ties::TogetherUp)?;
/// assert_eq!(cuts.assign(&[7.0, 3.0])?.assignments(), [1, 3]); // the customers of the south
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Vec<V>", into = "Vec<V>"))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "V: Value + serde::Serialize",
        deserialize = "V: Value + serde::Deserialize<'de>"
    ))
)]
pub struct Ranking<V: Value> {
    /// Best first, in their canonical form.
    values: Vec<V>,
}

impl<V: Value> Ranking<V> {
    /// Ranks values in any order.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a value; [`OutOfDomain`](crate::ErrorKind::OutOfDomain)
    /// with its row for a value that is not finite.
    pub fn of(values: &[V]) -> Result<Self> {
        let ranked = V::ranked(values);
        // What is not a number stands at an end.
        if [ranked.first(), ranked.last()]
            .iter()
            .any(|end| end.is_none_or(|v| v.checked().is_err()))
        {
            checked(values)?;
        }
        Ok(Self { values: ranked })
    }

    /// Takes in the customers of another shard: one pass over both.
    pub fn merge(&mut self, other: &Self) {
        let own = std::mem::take(&mut self.values);
        let mut merged = Vec::with_capacity(own.len() + other.values.len());
        let (mut own, mut others) = (own.into_iter().peekable(), other.values.iter().peekable());
        while let (Some(mine), Some(theirs)) = (own.peek(), others.peek()) {
            if mine.key() >= theirs.key() {
                merged.extend(own.next());
            } else {
                merged.extend(others.next());
            }
        }
        merged.extend(own);
        merged.extend(others);
        self.values = merged;
    }

    /// The values, best first, at least one.
    #[must_use]
    pub fn values(&self) -> &[V] {
        &self.values
    }

    /// What all customers are worth together.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where the total does not fit.
    pub fn total(&self) -> Result<V> {
        let mut total = V::Total::default();
        V::add_all(&self.values, &mut total)?;
        V::read(&total)
    }

    /// The customer at a rank, 1 being the best; `None` for rank 0 or past the end.
    pub(super) fn place(&self, rank: usize) -> Option<Place<V>> {
        let value = *self.values.get(rank.checked_sub(1)?)?;
        let key = value.key();
        let larger = self.values.partition_point(|value| value.key() > key);
        let to_the_last = self.values.partition_point(|value| value.key() >= key);
        Some(Place { value, admitted: rank - larger, is_torn: rank < to_the_last })
    }

    /// The fewest of the best who together bring at least `share` of a `total` that is above 0.
    pub(super) fn fewest_for(&self, share: Share, total: V) -> Result<usize> {
        /// Customers between two readings of the total: reading costs as much as many additions.
        const STRIDE: usize = 1024;
        let goal = total.part(share)?;
        let mut passed = V::Total::default();
        let mut customers = 0;
        for block in self.values.chunks(STRIDE) {
            let mut with_block = passed.clone();
            V::add_all(block, &mut with_block)?;
            if V::read(&with_block)? >= goal || block.iter().any(|value| *value < V::ZERO) {
                break;
            }
            passed = with_block;
            customers += block.len();
        }
        for value in &self.values[customers..] {
            if V::read(&passed)? >= goal {
                break;
            }
            value.add_to(&mut passed)?;
            customers += 1;
        }
        Ok(customers)
    }
}

#[cfg(feature = "serde")]
impl<V: Value> TryFrom<Vec<V>> for Ranking<V> {
    type Error = Error;

    fn try_from(values: Vec<V>) -> Result<Self> {
        Self::of(&values)
    }
}

#[cfg(feature = "serde")]
impl<V: Value> From<Ranking<V>> for Vec<V> {
    fn from(ranking: Ranking<V>) -> Self {
        ranking.values
    }
}
