//! Three claims of the trade about winning and keeping, which are three different things.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money::product;

use super::within;

/// "Winning a customer *costs* so many times what keeping one does": a claim about money.
///
/// Nobody's average tells where the next unit of money should go: see [`CostRatio`](super::CostRatio).
///
/// # Example
/// ```
/// use goodwill::growth::CostClaim;
///
/// assert_eq!(CostClaim::FIVE_TIMES.acquisition_cost(120.into())?, 600.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CostClaim(
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))] Decimal,
);

impl CostClaim {
    /// Five times the money: a claim of the trade without a source.
    pub const FIVE_TIMES: Self = Self(Decimal::from_parts(5, 0, 0, false, 0));

    /// Winning a customer costs `multiple` times what keeping one does.
    ///
    /// # Units
    /// A plain number: 5 is five times the money.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a multiple below 0.
    pub fn new(multiple: Decimal) -> Result<Self> {
        if multiple < Decimal::ZERO {
            return Err(Error::out_of_domain("multiple", multiple, "[0, ∞)"));
        }
        Ok(Self(multiple))
    }

    /// What winning a customer costs by the claim, where keeping one costs `retention_cost`. Exact.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cost below 0; [`Overflow`](crate::ErrorKind::Overflow) where
    /// `Decimal` cannot hold the product.
    pub fn acquisition_cost(&self, retention_cost: Decimal) -> Result<Decimal> {
        if retention_cost < Decimal::ZERO {
            return Err(Error::out_of_domain("retention cost", retention_cost, "[0, ∞)"));
        }
        product(self.0, retention_cost)
    }
}

/// "Winning a customer takes so many times the *effort*": a claim about work, as a range.
///
/// # Example
/// ```
/// use goodwill::growth::EffortClaim;
///
/// // Two hours to keep one.
/// assert_eq!(EffortClaim::SIX_TO_TEN_TIMES.acquisition_effort(2.0)?, [12.0, 20.0]);
/// assert_eq!(EffortClaim::SIX_TO_TEN_TIMES_MORE.acquisition_effort(2.0)?, [14.0, 22.0]);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct EffortClaim {
    least: f64,
    most: f64,
}

impl EffortClaim {
    /// "6–10 times more effort", a claim of the trade without a source, read as 6 to 10 times as much.
    pub const SIX_TO_TEN_TIMES: Self = Self { least: 6.0, most: 10.0 };
    /// The same words read as 6 to 10 times *on top*: 7 to 11 times as much.
    pub const SIX_TO_TEN_TIMES_MORE: Self = Self { least: 7.0, most: 11.0 };

    /// From `least` to `most` times as much.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a multiple outside [0, 10⁶];
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where the least exceeds the most.
    pub fn new(least: f64, most: f64) -> Result<Self> {
        let multiple = |value| within("multiple", value, 0.0..=1e6, "[0, 1e6]");
        let (least, most) = (multiple(least)?, multiple(most)?);
        if least > most {
            return Err(Error::inconsistent(format!("{least} to {most} times is no range")));
        }
        Ok(Self { least, most })
    }

    /// The least and the most effort of winning one by the claim, in the unit of `retention_effort`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an effort outside [0, 10¹²].
    pub fn acquisition_effort(&self, retention_effort: f64) -> Result<[f64; 2]> {
        let effort = super::cost("retention effort", retention_effort)?;
        Ok([self.least * effort, self.most * effort])
    }
}

/// "So many new customers *make up for* one lost": a claim about customers.
///
/// # Example
/// ```
/// use goodwill::growth::ReplacementClaim;
///
/// assert_eq!(ReplacementClaim::TEN_FOR_ONE.needed_for(32)?, 320);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ReplacementClaim(u32);

impl ReplacementClaim {
    /// Ten new ones make up for one lost, so that keeping one saves the effort of winning ten: a claim of the trade
    /// without a source.
    pub const TEN_FOR_ONE: Self = Self(10);

    /// So many new customers for one lost.
    #[must_use]
    pub const fn new(each: u32) -> Self {
        Self(each)
    }

    /// The new customers who make up for `lost` ones by the claim: also those who need not be won where as many are kept.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴.
    pub fn needed_for(&self, lost: u64) -> Result<u64> {
        let needed = lost.checked_mul(self.0.into());
        needed.ok_or_else(|| Error::overflow("a number of new customers"))
    }
}
