//! Tiers by fixed thresholds: what a programme announces, and what every other cut comes down to.

use crate::error::{Error, Result};

use super::edges::Edges;
use super::pyramid::{Tiering, Ties, checked, summarise};
use super::ranking::Ranking;
use super::selection::Census;
use super::value::Value;

/// Named tiers by the least value that admits to each, best first; the last tier takes everybody.
///
/// Thresholds last: cut once on a base, and newcomers, other shards and later periods are placed by the same
/// rule. Equal values are never in different tiers.
///
/// # Example
/// ```
/// use goodwill::tiering::Thresholds;
///
/// let card = Thresholds::new([("gold", 1_000.0), ("silver", 200.0)], "basic")?;
/// let tiering = card.assign(&[250.0, 1_000.0, -3.0])?;
/// assert_eq!(tiering.assignments(), [1, 0, 2]);
/// assert_eq!(card.tier_of(199.99)?, 2);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Parts<V>", into = "Parts<V>"))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "V: Value + serde::Serialize",
        deserialize = "V: Value + serde::Deserialize<'de>"
    ))
)]
pub struct Thresholds<V: Value> {
    names: Vec<String>,
    /// The least value of every tier but the last; falling or level.
    floors: Vec<V>,
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Parts<V> {
    names: Vec<String>,
    floors: Vec<V>,
}

#[cfg(feature = "serde")]
impl<V: Value> TryFrom<Parts<V>> for Thresholds<V> {
    type Error = Error;

    fn try_from(parts: Parts<V>) -> Result<Self> {
        Self::from_parts(parts.names, parts.floors)
    }
}

#[cfg(feature = "serde")]
impl<V: Value> From<Thresholds<V>> for Parts<V> {
    fn from(thresholds: Thresholds<V>) -> Self {
        Self { names: thresholds.names, floors: thresholds.floors }
    }
}

impl<V: Value> Thresholds<V> {
    /// Tiers with the least value that admits to each, best first, and the name of the tier below them all.
    ///
    /// A tier whose floor is that of the tier above it is empty.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a floor that is not finite;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for one above the floor of a better tier, with its
    /// position.
    pub fn new<S: Into<String>>(
        tiers: impl IntoIterator<Item = (S, V)>,
        last: impl Into<String>,
    ) -> Result<Self> {
        let (mut names, floors): (Vec<String>, Vec<V>) =
            tiers.into_iter().map(|(name, floor)| (name.into(), floor)).unzip();
        names.push(last.into());
        Self::from_parts(names, floors)
    }

    pub(super) fn from_parts(names: Vec<String>, floors: Vec<V>) -> Result<Self> {
        if names.len() != floors.len() + 1 {
            return Err(Error::length_mismatch(
                ("tiers but the last", names.len().saturating_sub(1)),
                ("floors", floors.len()),
            ));
        }
        for (position, floor) in floors.iter().enumerate() {
            floor.checked().map_err(|error| error.at_row(position))?;
            if position > 0 && *floor > floors[position - 1] {
                let what = format!("the floor {floor:?} of a tier is above that of a better one");
                return Err(Error::inconsistent(what).at_row(position));
            }
        }
        Ok(Self { names, floors: floors.into_iter().map(V::canonical).collect() })
    }

    /// The thresholds with which each of the edges at these ranks admits whom `ties` says.
    ///
    /// An edge above everybody has no floor in the base; it gets the floor of the tier above it, or where there
    /// is none, nobody can be admitted.
    pub(super) fn at_ranks(
        names: &[String],
        ranking: &Ranking<V>,
        ranks: &[usize],
        ties: Ties,
    ) -> Result<Self> {
        if ties == Ties::InputOrder {
            let what = "thresholds cannot part equal values: ties must stay together";
            return Err(Error::inconsistent(what));
        }
        let values = ranking.values();
        let mut floors = Vec::with_capacity(ranks.len());
        for &rank in ranks {
            let admitted = match ranking.place(rank) {
                None => 0,
                Some(place) if place.is_torn && ties == Ties::TogetherDown => rank - place.admitted,
                Some(_) => rank,
            };
            let Some(&floor) = admitted.checked_sub(1).and_then(|last| values.get(last)) else {
                let reason = "nobody of the base is in its best tier";
                return Err(Error::undefined("threshold", reason));
            };
            floors.push(floor);
        }
        Self::from_parts(names.to_vec(), floors)
    }

    /// The tiers' names, best first.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The least value of every tier but the last, best first.
    #[must_use]
    pub fn floors(&self) -> &[V] {
        &self.floors
    }

    /// The tier of one value, counted from 0 for the best.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value that is not finite.
    pub fn tier_of(&self, value: V) -> Result<usize> {
        let key = value.checked()?.key();
        Ok(self.floors.partition_point(|floor| floor.key() > key))
    }

    /// Puts every customer into a tier by his value.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a value; [`OutOfDomain`](crate::ErrorKind::OutOfDomain)
    /// with its row for a value that is not finite; [`Overflow`](crate::ErrorKind::Overflow) for a tier whose
    /// total does not fit.
    pub fn assign(&self, values: &[V]) -> Result<Tiering<V>> {
        checked(values)?;
        summarise(&self.names, values, Edges::above(&self.floors), Census::of(values))
    }
}
