//! Customers won or lost by one telling, valued once.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;
use crate::quantity::Share;

use super::claim::{Teller, WordClaim};

/// Customers whom word of mouth wins or loses, and the margin they would bring, counted once. Exact.
///
/// # Formula
/// ```text
/// people = tellers × people to each;   won or lost = people × influenced;   margin = won or lost × margin each
/// ```
///
/// # Units
/// `margin_each` is what such a customer brings over the time looked at: margin, not revenue.
///
/// # Example
/// ```
/// use goodwill::Share;
/// use goodwill::churn::{Teller, WordClaim, WordOfMouth};
///
/// // 200 dissatisfied customers complain to 11 each; 2 % of those who hear it stay away, worth 120 each.
/// let two = Share::percent(2)?;
/// let word = WordOfMouth::new(200.into(), &WordClaim::COMPLAINS_TO_11, two, 120.into())?;
/// assert_eq!((word.teller(), word.people()), (Teller::Dissatisfied, 2_200.into()));
/// assert_eq!((word.customers(), word.margin()), (44.into(), 5_280.into()));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WordOfMouth {
    teller: Teller,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    people: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    customers: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    margin: Decimal,
}

impl WordOfMouth {
    /// `influenced` is the share of the people in the claim's event who are won or lost; no claim says it. Where the
    /// event is that already, it is [`Share::ONE`].
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for tellers or a margin below 0;
    /// [`Overflow`](crate::ErrorKind::Overflow) where a product needs more digits than `Decimal` holds.
    pub fn new(
        tellers: Decimal,
        claim: &WordClaim,
        influenced: Share,
        margin_each: Decimal,
    ) -> Result<Self> {
        Self::of_people(claim.teller(), claim.people(tellers)?, influenced, margin_each)
    }

    fn of_people(
        teller: Teller,
        people: Decimal,
        influenced: Share,
        margin_each: Decimal,
    ) -> Result<Self> {
        if margin_each < Decimal::ZERO {
            return Err(Error::out_of_domain("margin per customer", margin_each, "[0, ∞)"));
        }
        let customers = money::product(people, influenced.get())?;
        let margin = money::product(customers, margin_each)?;
        Ok(Self { teller, people, customers, margin })
    }

    /// Who talks: the satisfied win customers, the dissatisfied lose them.
    #[must_use]
    pub fn teller(&self) -> Teller {
        self.teller
    }

    /// People in the event.
    #[must_use]
    pub fn people(&self) -> Decimal {
        self.people
    }

    /// Customers won or lost, who need not be whole.
    #[must_use]
    pub fn customers(&self) -> Decimal {
        self.customers
    }

    /// What they would bring.
    #[must_use]
    pub fn margin(&self) -> Decimal {
        self.margin
    }
}

/// From complaints to lost customers, by a sum that the trade works in the manner of the studies of the Technical
/// Assistance Research Programs (TARP): for each complaint some are silent, all of them talk, and a share of those who
/// hear it is lost.
///
/// # Formula
/// ```text
/// hearers = complaints·((1 + silent)·told + 1);   lost = hearers·influenced;   margin = lost·margin each
/// ```
/// The 1 is in the sum as it is told: beside those told, one more for each complaint.
///
/// # Example
/// ```
/// use goodwill::churn::TarpRule;
///
/// // (1 + 6)·9 + 1 = 64 hear of it, a quarter of them is lost, 1,000 dollars each.
/// let word = TarpRule::WEBER.word_of_mouth(1, 1_000.into())?;
/// assert_eq!(word.people(), 64.into());
/// assert_eq!(word.customers(), 16.into());
/// assert_eq!(word.margin(), 16_000.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TarpRule {
    /// Customers as dissatisfied who do not complain, for each who does.
    pub silent: u32,
    /// People told by each of them.
    pub told: u32,
    /// The share of those who hear it that is lost.
    pub influenced: Share,
}

impl TarpRule {
    /// Six silent for each complaint, nine told by each, a quarter of the hearers lost: a claim of the trade that goes
    /// about under Weber's name, without a source that can be checked.
    pub const WEBER: Self = Self { silent: 6, told: 9, influenced: Share::QUARTER };

    /// The customers lost by so many complaints.
    ///
    /// # Errors
    /// As [`WordOfMouth::new`].
    pub fn word_of_mouth(&self, complaints: u64, margin_each: Decimal) -> Result<WordOfMouth> {
        let each = (1 + u64::from(self.silent)) * u64::from(self.told);
        let hearers = money::product(complaints.into(), money::sum([each.into(), Decimal::ONE])?)?;
        WordOfMouth::of_people(Teller::Dissatisfied, hearers, self.influenced, margin_each)
    }
}
