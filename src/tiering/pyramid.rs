//! The customer pyramid: tiers by share of customers.

use std::cmp::Reverse;

use rust_decimal::Decimal;

use crate::error::{Error, ErrorKind, Result};
use crate::money;
use crate::quantity::Share;

use super::value::Value;

/// Where equal values go when a cut falls between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Ties {
    /// All into the upper tier: equal customers are treated alike, and the benefit of the doubt is theirs.
    TogetherUp,
    /// All into the lower tier: equal customers are treated alike, and no tier exceeds its share.
    TogetherDown,
    /// As the input lists them: tiers have exactly the planned sizes, earlier customers first.
    InputOrder,
}

/// The customer pyramid: named tiers, each a share of the customers, best first.
///
/// # Example
/// ```
/// use goodwill::{Pyramid, Ties};
///
/// let values: Vec<f64> = (1..=1_000).map(f64::from).collect();
/// let tiering = Pyramid::classic().assign(&values, Ties::TogetherUp)?;
/// let sizes: Vec<_> = tiering.tiers().iter().map(|tier| tier.customers).collect();
/// assert_eq!(sizes, [10, 190, 300, 500]);
/// assert_eq!(tiering.tiers()[0].cutoff, Some(991.0));
/// assert_eq!(tiering.tier_of(999), Some(0)); // the customer worth 1,000
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "Vec<(String, Share)>", into = "Vec<(String, Share)>")
)]
pub struct Pyramid {
    names: Vec<String>,
    shares: Vec<Share>,
    /// The shares added up.
    cumulative: Vec<Decimal>,
}

impl Pyramid {
    /// The trade's pyramid: important 1 %, secondary 19 %, ordinary 30 %, small 50 % of the customers.
    #[doc(alias = "客户金字塔")]
    #[must_use]
    pub fn classic() -> Self {
        let tier = |name: &str, percent, cumulative| {
            (name.to_owned(), Share::percent(percent), Decimal::new(cumulative, 2))
        };
        let tiers = [
            tier("important", 1, 1),
            tier("secondary", 19, 20),
            tier("ordinary", 30, 50),
            tier("small", 50, 100),
        ];
        let mut pyramid = Self { names: Vec::new(), shares: Vec::new(), cumulative: Vec::new() };
        for (name, share, cumulative) in tiers {
            pyramid.names.push(name);
            pyramid.shares.extend(share);
            pyramid.cumulative.push(cumulative);
        }
        pyramid
    }

    /// Tiers of any number, best first, each with its share of the customers.
    ///
    /// # Errors
    /// [`Empty`](ErrorKind::Empty) without a tier; [`Inconsistent`](ErrorKind::Inconsistent) unless the
    /// shares add up to exactly 1.
    ///
    /// # Example
    /// ```
    /// use goodwill::{Pyramid, Share};
    ///
    /// let halves = [("upper", Share::percent(50)?), ("lower", Share::percent(50)?)];
    /// assert!(Pyramid::by_share_of_customers(halves).is_ok());
    /// assert!(Pyramid::by_share_of_customers([("all but one", Share::percent(99)?)]).is_err());
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn by_share_of_customers<S: Into<String>>(
        tiers: impl IntoIterator<Item = (S, Share)>,
    ) -> Result<Self> {
        let (names, shares): (Vec<String>, Vec<Share>) =
            tiers.into_iter().map(|(name, share)| (name.into(), share)).unzip();
        if names.is_empty() {
            return Err(Error::empty("pyramid"));
        }
        let mut sum = money::Sum::default();
        let mut cumulative = Vec::with_capacity(shares.len());
        for share in &shares {
            sum.add(share.get())?;
            cumulative.push(sum.total()?);
        }
        let total = sum.total()?;
        if total != Decimal::ONE {
            let what = format!("the shares of the tiers must add up to 1, but add up to {total}");
            return Err(Error::inconsistent(what));
        }
        Ok(Self { names, shares, cumulative })
    }

    /// The tiers' names and shares, best first.
    pub fn tiers(&self) -> impl ExactSizeIterator<Item = (&str, Share)> {
        self.names.iter().map(String::as_str).zip(self.shares.iter().copied())
    }

    /// Puts every customer into a tier by his value.
    ///
    /// The first ⌊n × cumulative share + ½⌋ customers, ranked by value, make up each tier and those above
    /// it, so that tiers always add up to the base; ties at a cut go as `ties` says.
    ///
    /// # Errors
    /// [`Empty`](ErrorKind::Empty) without a value; [`OutOfDomain`](ErrorKind::OutOfDomain) with its row for a
    /// value that is not finite; [`Overflow`](ErrorKind::Overflow) for a tier whose total does not fit.
    ///
    /// # Example
    /// See [`Pyramid`].
    pub fn assign<V: Value>(&self, values: &[V], ties: Ties) -> Result<Tiering<V>> {
        if values.is_empty() {
            return Err(ErrorKind::Empty { name: "values" }.into());
        }
        for (row, value) in values.iter().enumerate() {
            value.checked().map_err(|error| error.at_row(row))?;
        }
        let cuts = self.cuts(values, ties)?;
        let tier_of = |row: usize, key: V::Key| {
            cuts.iter().position(|cut| cut.is_above(row, key)).unwrap_or(self.names.len() - 1)
        };
        let assignments: Vec<usize> =
            values.iter().enumerate().map(|(row, value)| tier_of(row, value.key())).collect();
        self.summarise(values, assignments)
    }

    /// The lower edge of every tier but the last.
    fn cuts<V: Value>(&self, values: &[V], ties: Ties) -> Result<Vec<Cut<V::Key>>> {
        let mut ranked: Vec<(Reverse<V::Key>, usize)> =
            values.iter().enumerate().map(|(row, value)| (Reverse(value.key()), row)).collect();
        let mut cuts = Vec::with_capacity(self.names.len() - 1);
        let mut sorted_to = 0;
        for &share in &self.cumulative[..self.cumulative.len() - 1] {
            let size = whole_customers(share, values.len())?;
            if size == 0 {
                cuts.push(Cut::Nobody);
                continue;
            }
            // What lies above an earlier cut stays there, so only the rest is searched.
            let start = sorted_to.min(size - 1);
            let (_, &mut (Reverse(key), row), below) =
                ranked[start..].select_nth_unstable(size - 1 - start);
            let torn = below.iter().any(|&(Reverse(other), _)| other == key);
            sorted_to = size;
            cuts.push(match ties {
                Ties::InputOrder => Cut::AtRow(key, row),
                Ties::TogetherDown if torn => Cut::Over(key),
                Ties::TogetherUp | Ties::TogetherDown => Cut::From(key),
            });
        }
        Ok(cuts)
    }

    fn summarise<V: Value>(&self, values: &[V], assignments: Vec<usize>) -> Result<Tiering<V>> {
        struct Running<V: Value> {
            customers: usize,
            total: V::Total,
            cutoff: Option<V>,
        }
        let empty = || Running::<V> { customers: 0, total: V::Total::default(), cutoff: None };
        let mut running: Vec<Running<V>> = self.names.iter().map(|_| empty()).collect();
        for (&value, &tier) in values.iter().zip(&assignments) {
            let own = &mut running[tier];
            own.customers += 1;
            value.add_to(&mut own.total)?;
            if own.cutoff.is_none_or(|lowest| value < lowest) {
                own.cutoff = Some(value);
            }
        }
        let mut whole = V::Total::default();
        running.iter().try_for_each(|own| V::merge(&mut whole, &own.total))?;
        let total = V::read(&whole)?;
        let mut tiers = Vec::with_capacity(running.len());
        for (name, own) in self.names.iter().zip(running) {
            let value = V::read(&own.total)?;
            tiers.push(Tier {
                name: name.clone(),
                customers: own.customers,
                value,
                share_of_customers: own.customers as f64 / values.len() as f64,
                share_of_value: (total > V::ZERO)
                    .then(|| value.to_f64() / total.to_f64())
                    .filter(|share| share.is_finite()),
                mean: (own.customers > 0).then(|| value.to_f64() / own.customers as f64),
                cutoff: own.cutoff,
            });
        }
        Ok(Tiering { assignments, tiers, total })
    }
}

/// ⌊n × share + ½⌋, exactly.
fn whole_customers(share: Decimal, n: usize) -> Result<usize> {
    let unit = 10_i128.pow(share.scale());
    (n as i128)
        .checked_mul(share.mantissa())
        .and_then(|part| part.checked_mul(2)?.checked_add(unit))
        .map(|twice| (twice / (2 * unit)) as usize)
        .ok_or_else(|| Error::overflow(format!("{share} of {n} customers")))
}

/// The lower edge of a tier.
enum Cut<K> {
    /// No one is above it.
    Nobody,
    /// This value and better.
    From(K),
    /// Better than this value.
    Over(K),
    /// Better than this value, and those equal to it up to this row.
    AtRow(K, usize),
}

impl<K: Ord + Copy> Cut<K> {
    fn is_above(&self, row: usize, key: K) -> bool {
        match *self {
            Self::Nobody => false,
            Self::From(cut) => key >= cut,
            Self::Over(cut) => key > cut,
            Self::AtRow(cut, last) => (Reverse(key), row) <= (Reverse(cut), last),
        }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Vec<(String, Share)>> for Pyramid {
    type Error = Error;

    fn try_from(tiers: Vec<(String, Share)>) -> Result<Self> {
        Self::by_share_of_customers(tiers)
    }
}

#[cfg(feature = "serde")]
impl From<Pyramid> for Vec<(String, Share)> {
    fn from(pyramid: Pyramid) -> Self {
        pyramid.names.into_iter().zip(pyramid.shares).collect()
    }
}

/// Which tier each customer is in, and what the tiers are worth.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tiering<V> {
    assignments: Vec<usize>,
    tiers: Vec<Tier<V>>,
    total: V,
}

/// One tier of a [`Tiering`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Tier<V> {
    /// Its name.
    pub name: String,
    /// How many customers are in it.
    pub customers: usize,
    /// What they are worth together; the tiers' values add up to the base.
    pub value: V,
    /// Its customers / all customers.
    pub share_of_customers: f64,
    /// Its value / all value; `None` where the total is not above 0, or too near it for `f64`.
    pub share_of_value: Option<f64>,
    /// Its value / its customers; `None` for an empty tier.
    pub mean: Option<f64>,
    /// The lowest value in it; `None` for an empty tier.
    pub cutoff: Option<V>,
}

impl<V: Value> Tiering<V> {
    /// The tiers, best first.
    #[must_use]
    pub fn tiers(&self) -> &[Tier<V>] {
        &self.tiers
    }

    /// Each customer's tier, counted from 0 for the best, in the order of the input.
    #[must_use]
    pub fn assignments(&self) -> &[usize] {
        &self.assignments
    }

    /// The tier of one customer, or `None` past the end.
    #[must_use]
    pub fn tier_of(&self, customer: usize) -> Option<usize> {
        self.assignments.get(customer).copied()
    }

    /// What all customers are worth together.
    #[must_use]
    pub fn total(&self) -> V {
        self.total
    }
}
