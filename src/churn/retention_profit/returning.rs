//! How much of the profit returning customers bring, measured.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money::{Sum, to_f64};

/// The profit of a period from new and from returning customers. "Returning customers bring 25 to 85 % *of* the profit" is
/// a claim about this share, and not about the lift of a cut in churn. Two groups of rows
/// [`merge`](ReturningProfit::merge).
///
/// # Example
/// ```
/// use goodwill::churn::ReturningProfit;
///
/// let mut profit = ReturningProfit::default();
/// for (returning, amount) in [(false, 30), (true, 50), (true, 20)] {
///     profit.add(returning, amount.into())?;
/// }
/// assert_eq!(profit.share()?, 0.7);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ReturningProfit {
    /// The profit of first purchases.
    pub new: Sum,
    /// The profit of later ones.
    pub returning: Sum,
}

impl ReturningProfit {
    /// Adds a profit, or a loss below 0: of a purchase by somebody who had bought before, or of a first one.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where money leaves the range of a total.
    pub fn add(&mut self, returning: bool, profit: Decimal) -> Result<()> {
        if returning { self.returning.add(profit) } else { self.new.add(profit) }
    }

    /// Adds the other rows.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where money leaves the range of a total.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        let mut both = *self;
        both.new.merge(&other.new)?;
        both.returning.merge(&other.returning)?;
        Ok(both)
    }

    /// The part of all profit that returning customers bring. Above 1 where new ones are served at a loss.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where there is no profit in all;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a total.
    pub fn share(&self) -> Result<f64> {
        let mut all = self.new;
        all.merge(&self.returning)?;
        let (all, returning) = (all.total()?, self.returning.total()?);
        if all > Decimal::ZERO {
            return Ok(to_f64(returning) / to_f64(all));
        }
        let reason = format!("all profit together is {all}");
        Err(Error::undefined("the share of returning customers in profit", reason))
    }
}
