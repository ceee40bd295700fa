//! What winning a customer costs, by channel.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::math::count;
use crate::money::{Sum, to_f64};

use super::planned;

/// Money spent and customers won, by channel. Records of shards [`merge`](AcquisitionCosts::merge).
///
/// # Example
/// ```
/// use goodwill::growth::AcquisitionCosts;
///
/// let mut costs = AcquisitionCosts::default();
/// costs.add("fair", 12_000.into(), 40)?;
/// costs.add("letters", 3_000.into(), 24)?;
/// costs.add("fair", 4_000.into(), 10)?;
/// let fair = costs.by_channel()?[0].1;
/// assert_eq!((fair.spend, fair.customers_won), (16_000.into(), 50));
/// assert_eq!(fair.per_customer()?, 320.0);
/// assert_eq!(costs.total()?.per_customer()?, 19_000.0 / 74.0);
/// // A customer who is worth 960 is worth three times what the fair pays for him.
/// assert_eq!(fair.value_to_cost(960.0)?, 3.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(
        try_from = "Vec<Entry<C>>",
        into = "Vec<Entry<C>>",
        bound(
            serialize = "C: Ord + Clone + serde::Serialize",
            deserialize = "C: Ord + serde::Deserialize<'de>"
        )
    )
)]
pub struct AcquisitionCosts<C: Ord> {
    channels: BTreeMap<C, Spent>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Spent {
    money: Sum,
    won: u64,
}

impl Spent {
    fn and(&self, other: &Self) -> Result<Self> {
        let mut money = self.money;
        money.merge(&other.money)?;
        let mut won = self.won;
        count::add(&mut won, other.won, "a number of customers won")?;
        Ok(Self { money, won })
    }

    fn cost(&self) -> Result<AcquisitionCost> {
        Ok(AcquisitionCost { spend: self.money.total()?, customers_won: self.won })
    }
}

/// What was spent, and how many customers it won.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AcquisitionCost {
    /// Money spent, exact.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub spend: Decimal,
    /// Customers won by it.
    pub customers_won: u64,
}

impl AcquisitionCost {
    /// Spend / customers won: the *average* cost, which says nothing of what the next customer costs
    /// ([`SpendLevels`](super::SpendLevels) does).
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where nobody was won.
    #[doc(alias = "CAC")]
    pub fn per_customer(&self) -> Result<f64> {
        if self.customers_won == 0 {
            return Err(Error::undefined("the cost of a customer", "nobody was won"));
        }
        Ok(to_f64(self.spend) / self.customers_won as f64)
    }

    /// How many times the average cost a customer is worth.
    ///
    /// # Errors
    /// As [`per_customer`](AcquisitionCost::per_customer); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value
    /// outside [−10¹², 10¹²]; [`Undefined`](crate::ErrorKind::Undefined) where nothing was spent.
    #[doc(alias = "LTV:CAC")]
    pub fn value_to_cost(&self, lifetime_value: f64) -> Result<f64> {
        let ratio = planned("lifetime value", lifetime_value)? / self.per_customer()?;
        if ratio.is_finite() {
            Ok(ratio)
        } else {
            Err(Error::undefined("value to cost", "nothing was spent"))
        }
    }
}

impl<C: Ord> Default for AcquisitionCosts<C> {
    fn default() -> Self {
        Self { channels: BTreeMap::new() }
    }
}

impl<C: Ord> AcquisitionCosts<C> {
    /// Adds what was spent in a channel, and the customers that it won.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend below 0; [`Overflow`](crate::ErrorKind::Overflow)
    /// beyond the range of a total or of 2⁶⁴ customers. Nothing is added then.
    pub fn add(&mut self, channel: C, spend: Decimal, customers_won: u64) -> Result<()> {
        if spend < Decimal::ZERO {
            return Err(Error::out_of_domain("acquisition spend", spend, "[0, ∞)"));
        }
        self.put(channel, &Spent { money: Sum::from(spend), won: customers_won })
    }

    fn put(&mut self, channel: C, more: &Spent) -> Result<()> {
        let before = self.channels.get(&channel).copied().unwrap_or_default();
        self.channels.insert(channel, before.and(more)?);
        Ok(())
    }

    /// The channels of both.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) as of [`add`](AcquisitionCosts::add).
    pub fn merge(&self, other: &Self) -> Result<Self>
    where
        C: Clone,
    {
        let mut both = self.clone();
        other.channels.iter().try_for_each(|(name, spent)| both.put(name.clone(), spent))?;
        Ok(both)
    }

    /// The cost of each channel, in the order of the channels.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a total.
    pub fn by_channel(&self) -> Result<Vec<(&C, AcquisitionCost)>> {
        self.channels.iter().map(|(name, spent)| Ok((name, spent.cost()?))).collect()
    }

    /// The cost of all channels together.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) as of [`add`](AcquisitionCosts::add), or where `Decimal` cannot hold
    /// the total.
    pub fn total(&self) -> Result<AcquisitionCost> {
        let none = Spent::default();
        self.channels.values().try_fold(none, |all, spent| all.and(spent))?.cost()
    }
}

/// One channel, as it is stored.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Entry<C> {
    channel: C,
    spend: Sum,
    customers_won: u64,
}

#[cfg(feature = "serde")]
impl<C: Ord> TryFrom<Vec<Entry<C>>> for AcquisitionCosts<C> {
    type Error = Error;

    fn try_from(entries: Vec<Entry<C>>) -> Result<Self> {
        let mut costs = Self::default();
        for (row, entry) in entries.into_iter().enumerate() {
            if entry.spend < Sum::default() || costs.channels.contains_key(&entry.channel) {
                let what = "a channel stands twice, or has spent less than nothing";
                return Err(Error::inconsistent(what).at_row(row));
            }
            costs.put(entry.channel, &Spent { money: entry.spend, won: entry.customers_won })?;
        }
        Ok(costs)
    }
}

#[cfg(feature = "serde")]
impl<C: Ord> From<AcquisitionCosts<C>> for Vec<Entry<C>> {
    fn from(costs: AcquisitionCosts<C>) -> Self {
        let entry = |(channel, spent): (C, Spent)| Entry {
            channel,
            spend: spent.money,
            customers_won: spent.won,
        };
        costs.channels.into_iter().map(entry).collect()
    }
}
