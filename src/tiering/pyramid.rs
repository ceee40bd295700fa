//! The customer pyramid: tiers by share of customers.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;
use crate::quantity::Share;

use super::edges::{Edges, Holding};
use super::ranking::Ranking;
use super::selection::Census;
#[cfg(feature = "sketch")]
use super::sketch::QuantileSketch;
use super::thresholds::Thresholds;
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
    cumulative: Vec<Share>,
}

impl Pyramid {
    /// The trade's pyramid: important 1 %, secondary 19 %, ordinary 30 %, small 50 % of the customers.
    ///
    /// # Reference
    /// A rule of the trade (客户金字塔) without a published source: the four shares are a convention, not a finding. Tiers
    /// by worth: Zeithaml, Rust and Lemon (2001), California Management Review 43(4), 118–142.
    #[doc(alias = "客户金字塔")]
    #[must_use]
    pub fn classic() -> Self {
        let tiers =
            [("important", 1, 1), ("secondary", 19, 20), ("ordinary", 30, 50), ("small", 50, 100)];
        Self::of_percents(&tiers)
    }

    /// The pyramid by metals: platinum 20 %, gold 30 %, iron 30 %, lead 20 % of the customers.
    ///
    /// # Reference
    /// Zeithaml, Rust and Lemon (2001), California Management Review 43(4), 118–142, for the four tiers; they
    /// cut by profitability, and the shares 20, 50 and 80 % are those of later texts.
    #[must_use]
    pub fn platinum_gold_iron_lead() -> Self {
        let tiers = [("platinum", 20, 20), ("gold", 30, 50), ("iron", 30, 80), ("lead", 20, 100)];
        Self::of_percents(&tiers)
    }

    /// Names with their per cent, alone and added up to 100.
    pub(super) fn of_percents(tiers: &[(&str, u32, u32)]) -> Self {
        let percents = |of: fn(&(&str, u32, u32)) -> u32| {
            tiers.iter().map(of).flat_map(Share::percent).collect()
        };
        Self {
            names: tiers.iter().map(|(name, ..)| (*name).to_owned()).collect(),
            shares: percents(|tier| tier.1),
            cumulative: percents(|tier| tier.2),
        }
    }

    /// Quantiles: `count` tiers of as many customers each, named `1 of count`, …; 4 are quartiles.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) for no tier.
    ///
    /// # Example
    /// ```
    /// use goodwill::{Pyramid, Ties};
    ///
    /// let thirds = Pyramid::quantiles(3)?;
    /// let tiering = thirds.assign(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], Ties::TogetherUp)?;
    /// assert_eq!(tiering.assignments(), [2, 2, 1, 1, 0, 0]);
    /// assert_eq!(tiering.tiers()[0].name, "1 of 3");
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn quantiles(count: u16) -> Result<Self> {
        // Rounded up at the last digit, so that an exact half of a customer still rounds up.
        const UNIT: i128 = 10_i128.pow(28);
        let edge = |i: u16| {
            money::decimal((i128::from(i) * UNIT + i128::from(count) - 1) / i128::from(count), 28)
        };
        let mut below = Decimal::ZERO;
        let mut tiers = Vec::with_capacity(count.into());
        for i in 1..=count {
            let above = if i == count { Decimal::ONE } else { edge(i).unwrap_or(Decimal::ONE) };
            tiers.push((format!("{i} of {count}"), Share::new(money::difference(above, below)?)?));
            below = above;
        }
        Self::by_share_of_customers(tiers)
    }

    /// Tiers of any number, best first, each with its share of the customers.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a tier; [`Inconsistent`](crate::ErrorKind::Inconsistent)
    /// unless the shares add up to exactly 1.
    ///
    /// # Example
    /// ```
    /// use goodwill::{Pyramid, Share};
    ///
    /// let halves = [("upper", Share::percent(50)?), ("lower", Share::percent(50)?)];
    /// let halves = Pyramid::by_share_of_customers(halves)?;
    /// assert_eq!(halves.tiers().last(), Some(("lower", Share::percent(50)?)));
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
        let cumulative = cumulative.into_iter().map(Share::new).collect::<Result<_>>()?;
        Ok(Self { names, shares, cumulative })
    }

    /// The tiers' names and shares, best first.
    pub fn tiers(&self) -> impl ExactSizeIterator<Item = (&str, Share)> {
        self.names.iter().map(String::as_str).zip(self.shares.iter().copied())
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The shares above each lower edge but the last.
    pub(super) fn inner_edges(&self) -> impl Iterator<Item = Share> {
        self.cumulative[..self.cumulative.len() - 1].iter().copied()
    }

    /// How many of `n` customers are above each lower edge but the last.
    fn ranks(&self, n: usize) -> Result<Vec<usize>> {
        self.inner_edges().map(|share| whole_customers(share.get(), n)).collect()
    }

    /// The thresholds of these tiers in a base, for shards, newcomers and later periods.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for [`Ties::InputOrder`], which thresholds cannot
    /// express; [`Undefined`](crate::ErrorKind::Undefined) where nobody is in the best tier.
    ///
    /// # Example
    /// See [`Ranking`].
    pub fn thresholds<V: Value>(&self, base: &Ranking<V>, ties: Ties) -> Result<Thresholds<V>> {
        Thresholds::at_ranks(&self.names, base, &self.ranks(base.values().len())?, ties)
    }

    /// The thresholds of these tiers in a sketched base, each within the sketch's relative error: only customers
    /// within that error of a cut may land on its other side. Equal values stay together.
    ///
    /// Needs the feature `sketch`.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where nobody is in the best tier.
    ///
    /// # Example
    /// See [`QuantileSketch`].
    #[cfg(feature = "sketch")]
    pub fn approximate_thresholds(&self, base: &QuantileSketch) -> Result<Thresholds<f64>> {
        let ranks = self.ranks(base.customers())?;
        let floors = ranks.into_iter().map(|rank| base.value_at_rank(rank));
        Thresholds::from_parts(self.names.clone(), floors.collect::<Result<_>>()?)
    }

    /// Puts every customer into a tier by his value.
    ///
    /// The first ⌊n × cumulative share + ½⌋ customers, ranked by value, make up each tier and those above
    /// it, so that tiers always add up to the base; ties at a cut go as `ties` says.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a value; [`OutOfDomain`](crate::ErrorKind::OutOfDomain)
    /// with its row for a
    /// value that is not finite; [`Overflow`](crate::ErrorKind::Overflow) for a tier whose total does not fit.
    ///
    /// # Example
    /// See [`Pyramid`].
    pub fn assign<V: Value>(&self, values: &[V], ties: Ties) -> Result<Tiering<V>> {
        checked(values)?;
        let census = Census::of(values);
        let ranks = self.ranks(values.len())?;
        let edges = Edges::at_ranks(&ranks, ties, |ranks| census.places(values, ranks));
        summarise(&self.names, values, edges, census)
    }
}

/// At least one value, and all of them numbers.
pub(super) fn checked<V: Value>(values: &[V]) -> Result<()> {
    if values.is_empty() {
        return Err(Error::empty("values"));
    }
    for (row, value) in values.iter().enumerate() {
        value.checked().map_err(|error| error.at_row(row))?;
    }
    Ok(())
}

/// Puts everyone into the tier between the edges that stand below and above him.
pub(super) fn summarise<V: Value>(
    names: &[String],
    values: &[V],
    edges: Edges<V>,
    census: Census,
) -> Result<Tiering<V>> {
    let (assignments, holdings) = edges.divide(values, census)?;
    let mut whole = V::Total::default();
    holdings.iter().try_for_each(|own| V::merge(&mut whole, &own.total))?;
    let total = V::read(&whole)?;
    let base = (values.len(), total);
    let tier = |(name, own): (&String, Holding<V>)| {
        let value = V::read(&own.total)?;
        Ok(Tier::new(name.clone(), own.customers, value, own.lowest, base))
    };
    let tiers = names.iter().zip(holdings).map(tier).collect::<Result<_>>()?;
    Ok(Tiering { assignments, tiers, total })
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
    assignments: Vec<u32>,
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

impl<V: Value> Tier<V> {
    /// A tier of a base of so many customers and so much value.
    pub(super) fn new(
        name: String,
        customers: usize,
        value: V,
        cutoff: Option<V>,
        (all, total): (usize, V),
    ) -> Self {
        Self {
            name,
            customers,
            value,
            share_of_customers: customers as f64 / all as f64,
            share_of_value: (total > V::ZERO)
                .then(|| value.to_f64() / total.to_f64())
                .filter(|share| share.is_finite()),
            mean: (customers > 0).then(|| value.to_f64() / customers as f64),
            cutoff: cutoff.map(V::canonical),
        }
    }
}

impl<V: Value> Tiering<V> {
    pub(super) fn new(assignments: Vec<u32>, tiers: Vec<Tier<V>>, total: V) -> Self {
        Self { assignments, tiers, total }
    }

    /// The tiers, best first.
    #[must_use]
    pub fn tiers(&self) -> &[Tier<V>] {
        &self.tiers
    }

    /// Each customer's tier, counted from 0 for the best, in the order of the input.
    #[must_use]
    pub fn assignments(&self) -> &[u32] {
        &self.assignments
    }

    /// The tier of one customer, or `None` past the end.
    #[must_use]
    pub fn tier_of(&self, customer: usize) -> Option<usize> {
        self.assignments.get(customer).map(|&tier| tier as usize)
    }

    /// What all customers are worth together.
    #[must_use]
    pub fn total(&self) -> V {
        self.total
    }
}
