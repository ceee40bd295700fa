//! What leaving costs the customer, and the reward that makes it cost enough.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;
use crate::quantity::Probability;

/// What a customer gives up when he leaves. He leaves where a rival's offer is worth more to him than that. Exact.
///
/// # Example
/// ```
/// use goodwill::churn::SwitchingCost;
///
/// let cost = SwitchingCost { reward: 10.into(), effort: 15.into(), learning: 5.into() };
/// assert_eq!(cost.total()?, 30.into());
/// // What the best rival offers each of five customers.
/// let offers = [0, 12, 30, 34, 60].map(Into::into);
/// assert_eq!(cost.retention(&offers)?.get(), 0.6);
/// // 4 more of reward keep four of five.
/// assert_eq!(cost.reward_needed(&offers, 4)?, 4.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SwitchingCost {
    /// The rewards that he forfeits: points, a status, a discount of long standing.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub reward: Decimal,
    /// What the change itself costs him: search, contracts, new equipment.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub effort: Decimal,
    /// What it costs him to get used to another.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub learning: Decimal,
}

impl SwitchingCost {
    /// All that he gives up.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold it.
    pub fn total(&self) -> Result<Decimal> {
        money::sum([self.reward, self.effort, self.learning])
    }

    /// The share of customers who stay, given what the best rival offers each: those to whom it is worth no more than they
    /// would give up.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a customer; [`Overflow`](crate::ErrorKind::Overflow) where `Decimal`
    /// cannot hold the total.
    pub fn retention(&self, offers: &[Decimal]) -> Result<Probability> {
        if offers.is_empty() {
            return Err(Error::empty("offers"));
        }
        let total = self.total()?;
        let stay = offers.iter().filter(|&&offer| offer <= total).count();
        Probability::new(stay as f64 / offers.len() as f64)
    }

    /// The least that must be added to the reward so that at least `stay` of the customers stay; 0 where they do
    /// already.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for more customers than there are offers;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold it.
    pub fn reward_needed(&self, offers: &[Decimal], stay: usize) -> Result<Decimal> {
        let mut ascending = offers.to_vec();
        ascending.sort_unstable();
        let Some(place) = stay.checked_sub(1) else { return Ok(Decimal::ZERO) };
        let offer = ascending.get(place).ok_or_else(|| {
            Error::out_of_domain("customers to stay", stay, "[0, number of offers]")
        })?;
        Ok(money::difference(*offer, self.total()?)?.max(Decimal::ZERO))
    }
}
