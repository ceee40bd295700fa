//! Where growth came from: new customers, those who stayed, and those who left.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::math::count;
use crate::money::{Sum, to_f64};

/// The change of a firm's revenue or profit from one period to the next, by customers: new, kept and lost. Exact, and it
/// always adds up: before + new + change of the kept − lost = after. Parts [`merge`](GrowthSources::merge).
///
/// For recurring fees, with growth and contraction of the kept apart, see [`BaseChange`](crate::churn::BaseChange).
///
/// # Example
/// ```
/// use goodwill::growth::GrowthSources;
///
/// // A young firm: three of its four customers are new. An old one: nobody is.
/// let mut young = GrowthSources::default();
/// let mut old = GrowthSources::default();
/// for (before, after) in [(Some(40), Some(45)), (None, Some(30)), (None, Some(30)), (None, Some(20))] {
///     young.add(before.map(Into::into), after.map(Into::into))?;
/// }
/// for (before, after) in [(Some(400), Some(440)), (Some(300), Some(330)), (Some(20), None)] {
///     old.add(before.map(Into::into), after.map(Into::into))?;
/// }
/// assert_eq!((young.change()?, young.new_money()?), (85.into(), 80.into()));
/// assert_eq!(young.new_share_of_change()?, 80.0 / 85.0); // 94 % of the growth hangs on new customers
/// assert_eq!((old.change()?, old.new_share_of_change()?), (50.into(), 0.0));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields"))]
pub struct GrowthSources {
    new: Group,
    kept: Group,
    lost: Group,
}

/// Customers with their money before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Group {
    customers: u64,
    before: Sum,
    after: Sum,
}

impl Group {
    fn and(&self, other: &Self) -> Result<Self> {
        let mut customers = self.customers;
        count::add(&mut customers, other.customers, "a number of customers")?;
        let (mut before, mut after) = (self.before, self.after);
        before.merge(&other.before)?;
        after.merge(&other.after)?;
        Ok(Self { customers, before, after })
    }

    /// after − before.
    fn change(&self) -> Result<Sum> {
        let mut change = self.before.negated()?;
        change.merge(&self.after)?;
        Ok(change)
    }
}

impl GrowthSources {
    /// Adds a customer with what he brought `before` and `after`, of either sign; `None` where he was no customer of the
    /// period.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for one who was no customer of either period;
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond the range of a total. Nothing is added then.
    pub fn add(&mut self, before: Option<Decimal>, after: Option<Decimal>) -> Result<()> {
        let group = match (before, after) {
            (None, Some(_)) => &mut self.new,
            (Some(_), Some(_)) => &mut self.kept,
            (Some(_), None) => &mut self.lost,
            (None, None) => {
                let what = "somebody who was no customer before or after is none at all";
                return Err(Error::inconsistent(what));
            }
        };
        let [before, after] = [before, after].map(|money| Sum::from(money.unwrap_or_default()));
        *group = group.and(&Group { customers: 1, before, after })?;
        Ok(())
    }

    /// The customers of both.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond the range of a total, or of 2⁶⁴ customers.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        Ok(Self {
            new: self.new.and(&other.new)?,
            kept: self.kept.and(&other.kept)?,
            lost: self.lost.and(&other.lost)?,
        })
    }

    /// How many are new, kept and lost.
    #[must_use]
    pub fn customers(&self) -> [u64; 3] {
        [&self.new, &self.kept, &self.lost].map(|group| group.customers)
    }

    /// What all customers brought before.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the total.
    pub fn before(&self) -> Result<Decimal> {
        let mut before = self.kept.before;
        before.merge(&self.lost.before)?;
        before.total()
    }

    /// What all customers bring after.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the total.
    pub fn after(&self) -> Result<Decimal> {
        let mut after = self.kept.after;
        after.merge(&self.new.after)?;
        after.total()
    }

    /// after − before.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the difference.
    pub fn change(&self) -> Result<Decimal> {
        let mut change = self.without_new()?;
        change.merge(&self.new.after)?;
        change.total()
    }

    /// What the new bring.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the total.
    pub fn new_money(&self) -> Result<Decimal> {
        self.new.after.total()
    }

    /// By how much more the kept bring than before; below 0 where it is less.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the difference.
    pub fn kept_change(&self) -> Result<Decimal> {
        self.kept.change()?.total()
    }

    /// What the lost had brought.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the total.
    pub fn lost_money(&self) -> Result<Decimal> {
        self.lost.before.total()
    }

    /// How the firm would have changed without a new customer: the change of the kept − the lost.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the difference.
    pub fn change_without_new(&self) -> Result<Decimal> {
        self.without_new()?.total()
    }

    fn without_new(&self) -> Result<Sum> {
        let mut change = self.kept.change()?;
        change.merge(&self.lost.before.negated()?)?;
        Ok(change)
    }

    /// What share of the growth hangs on new customers: new / change. Above 1 where the firm would have shrunk without
    /// them.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where the firm did not grow; [`Overflow`](crate::ErrorKind::Overflow)
    /// where `Decimal` cannot hold a total.
    pub fn new_share_of_change(&self) -> Result<f64> {
        let change = self.change()?;
        if change > Decimal::ZERO {
            return Ok(to_f64(self.new_money()?) / to_f64(change));
        }
        let reason = format!("the change is {change}");
        Err(Error::undefined("the share of new customers in the growth", reason))
    }

    /// What share of today's money the new bring: new / after.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where nothing is brought after;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a total.
    pub fn new_share_of_after(&self) -> Result<f64> {
        let after = self.after()?;
        if after > Decimal::ZERO {
            return Ok(to_f64(self.new_money()?) / to_f64(after));
        }
        let reason = format!("all customers bring {after}");
        Err(Error::undefined("the share of new customers", reason))
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct Fields {
    new: Group,
    kept: Group,
    lost: Group,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for GrowthSources {
    type Error = Error;

    fn try_from(Fields { new, kept, lost }: Fields) -> Result<Self> {
        let nothing = Sum::default();
        let is_somebodys = |group: &Group| *group == Group::default() || group.customers > 0;
        let stands = [new, kept, lost].iter().all(is_somebodys);
        if stands && new.before == nothing && lost.after == nothing {
            Ok(Self { new, kept, lost })
        } else {
            let what = "money of nobody, of the new before, or of the lost after";
            Err(Error::inconsistent(what))
        }
    }
}
