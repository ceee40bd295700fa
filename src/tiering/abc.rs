//! ABC analysis: tiers by share of value, declared or computed.

use crate::error::{Error, Result};
use crate::quantity::Share;

use super::edges::Edges;
use super::pyramid::{Pyramid, Tiering, Ties, summarise};
use super::ranking::Ranking;
use super::selection::Census;
use super::thresholds::Thresholds;
use super::value::Value;

/// ABC analysis: named tiers, each a share of the value, best first.
///
/// The customers of a tier and those above it are the fewest who together bring its cumulative share: the one
/// who crosses the line belongs to the upper tier.
///
/// # Example
/// ```
/// use goodwill::Ties;
/// use goodwill::tiering::Abc;
///
/// let values = [60.0, 25.0, 8.0, 4.0, 2.0, 1.0];
/// let tiering = Abc::classic().assign(&values, Ties::TogetherUp)?;
/// assert_eq!(tiering.assignments(), [0, 0, 1, 1, 2, 2]);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Dickie (1951), "ABC Inventory Analysis Shoots for Dollars, not Pennies", Factory Management and Maintenance, July; the
/// cuts at 80 and 95 % are the trade's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct Abc {
    /// Names and shares, which add up to 1 here as there.
    shares: Pyramid,
}

impl Abc {
    /// A to 80 % of the value, B to 95 %, C the rest.
    #[must_use]
    pub fn classic() -> Self {
        let tiers = [("A", 80, 80), ("B", 15, 95), ("C", 5, 100)];
        Self { shares: Pyramid::of_percents(&tiers) }
    }

    /// Tiers of any number, best first, each with its share of the value.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a tier; [`Inconsistent`](crate::ErrorKind::Inconsistent)
    /// unless the shares add up to exactly 1.
    pub fn by_share_of_value<S: Into<String>>(
        tiers: impl IntoIterator<Item = (S, Share)>,
    ) -> Result<Self> {
        Ok(Self { shares: Pyramid::by_share_of_customers(tiers)? })
    }

    /// The tiers' names and shares of the value, best first.
    #[must_use]
    pub fn tiers(&self) -> impl ExactSizeIterator<Item = (&str, Share)> {
        self.shares.tiers()
    }

    /// How many customers are above each lower edge but the last.
    fn ranks<V: Value>(&self, ranking: &Ranking<V>) -> Result<Vec<usize>> {
        let total = ranking.total()?;
        if !(total > V::ZERO) {
            let reason = format!("the values add up to {total:?}, not above 0");
            return Err(Error::undefined("share of value", reason));
        }
        self.shares.inner_edges().map(|share| ranking.fewest_for(share, total)).collect()
    }

    /// Puts every customer into a tier by his value.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a value; [`OutOfDomain`](crate::ErrorKind::OutOfDomain)
    /// with its row for a value that is not finite; [`Undefined`](crate::ErrorKind::Undefined) where the values
    /// do not add up to more than 0; [`Overflow`](crate::ErrorKind::Overflow) for a total that does not fit.
    pub fn assign<V: Value>(&self, values: &[V], ties: Ties) -> Result<Tiering<V>> {
        let ranking = Ranking::of(values)?;
        let ranks = self.ranks(&ranking)?;
        let places = |ranks: &[usize]| ranks.iter().map(|&rank| ranking.place(rank)).collect();
        let edges = Edges::at_ranks(&ranks, ties, places);
        summarise(self.shares.names(), values, edges, Census::of(values))
    }

    /// The thresholds of these tiers in a base, for shards, newcomers and later periods.
    ///
    /// # Errors
    /// As [`assign`](Abc::assign); [`Inconsistent`](crate::ErrorKind::Inconsistent) for [`Ties::InputOrder`];
    /// [`Undefined`](crate::ErrorKind::Undefined) where nobody is in the best tier.
    pub fn thresholds<V: Value>(&self, base: &Ranking<V>, ties: Ties) -> Result<Thresholds<V>> {
        Thresholds::at_ranks(self.shares.names(), base, &self.ranks(base)?, ties)
    }
}
