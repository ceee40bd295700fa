//! What the trade claims of word of mouth: different events, kept apart.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;

/// Who talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Teller {
    /// A satisfied customer: what he says wins customers.
    Satisfied,
    /// A dissatisfied one: what he says loses them.
    Dissatisfied,
}

/// What happens to a person who is counted. Numbers of different events never stand for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum WordEvent {
    /// He hears a complaint.
    HearsComplaint,
    /// He is told of the experience.
    IsTold,
    /// What he thinks of the firm changes.
    IsInfluenced,
    /// His intent to buy changes.
    IntentChanges,
    /// He *says* that he will come. Saying is not coming.
    SaysHeWillCome,
    /// He might buy: a potential deal.
    MightBuy,
    /// He buys: the deal closes.
    Buys,
    /// He becomes a customer.
    BecomesCustomer,
}

/// How a claim means its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Bound {
    /// So many.
    Number,
    /// So many or more.
    AtLeast,
    /// More than so many.
    MoreThan,
}

/// So many people to each customer who talks, in one event, by one source. The constants are claims of the trade without
/// a source, none of them measured by this crate.
///
/// # Example
/// ```
/// use goodwill::churn::{Bound, WordClaim, WordEvent};
///
/// let told = WordClaim::TELLS_MORE_THAN_20;
/// assert_eq!(told.people(10.into())?, 200.into());
/// assert_eq!((told.event(), told.bound()), (WordEvent::IsTold, Bound::MoreThan));
/// assert_eq!(WordClaim::HUNDRED_BRING_25.people(100.into())?, 25.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WordClaim {
    teller: Teller,
    event: WordEvent,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    each: Decimal,
    bound: Bound,
    source: &'static str,
}

const DISSATISFIED: &str = "claim of the trade without a source: a dissatisfied customer";
const SATISFIED: &str = "claim of the trade without a source: a satisfied customer";

impl WordClaim {
    /// A dissatisfied customer complains to 11 people.
    pub const COMPLAINS_TO_11: Self = Self::dissatisfied(WordEvent::HearsComplaint, 11);
    /// A dissatisfied customer tells more than 20.
    pub const TELLS_MORE_THAN_20: Self =
        Self { bound: Bound::MoreThan, ..Self::dissatisfied(WordEvent::IsTold, 20) };
    /// A dissatisfied customer influences 5.
    pub const INFLUENCES_5: Self = Self::dissatisfied(WordEvent::IsInfluenced, 5);
    /// A dissatisfied customer affects the purchase intent of 25.
    pub const AFFECTS_INTENT_OF_25: Self = Self::dissatisfied(WordEvent::IntentChanges, 25);
    /// A satisfied customer tells at least 12.
    pub const TELLS_AT_LEAST_12: Self = Self::satisfied(WordEvent::IsTold, 12, 0, Bound::AtLeast);
    /// Of the 12 whom a satisfied customer tells, more than 10 *say* that they will come.
    pub const MORE_THAN_10_SAY_THEY_COME: Self =
        Self::satisfied(WordEvent::SaysHeWillCome, 10, 0, Bound::MoreThan);
    /// A satisfied customer makes 8 potential deals.
    pub const EIGHT_POTENTIAL_DEALS: Self =
        Self::satisfied(WordEvent::MightBuy, 8, 0, Bound::Number);
    /// Of the 8 potential deals of a satisfied customer, at least one closes.
    pub const ONE_DEAL_CLOSES: Self = Self::satisfied(WordEvent::Buys, 1, 0, Bound::AtLeast);
    /// 100 satisfied customers bring 25 new ones.
    pub const HUNDRED_BRING_25: Self =
        Self::satisfied(WordEvent::BecomesCustomer, 25, 2, Bound::Number);

    const fn dissatisfied(event: WordEvent, each: u32) -> Self {
        let each = Decimal::from_parts(each, 0, 0, false, 0);
        let (teller, bound) = (Teller::Dissatisfied, Bound::Number);
        Self { teller, event, each, bound, source: DISSATISFIED }
    }

    const fn satisfied(event: WordEvent, mantissa: u32, scale: u32, bound: Bound) -> Self {
        let each = Decimal::from_parts(mantissa, 0, 0, false, scale);
        Self { teller: Teller::Satisfied, event, each, bound, source: SATISFIED }
    }

    /// A number of one's own, with where it comes from.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for people below 0.
    pub fn new(
        teller: Teller,
        event: WordEvent,
        each: Decimal,
        bound: Bound,
        source: &'static str,
    ) -> Result<Self> {
        if each < Decimal::ZERO {
            return Err(Error::out_of_domain("people to each customer", each, "[0, ∞)"));
        }
        Ok(Self { teller, event, each, bound, source })
    }

    /// The people in the event, for so many customers who talk. Exact; people are counted once for each who talks to
    /// them.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for tellers below 0;
    /// [`Overflow`](crate::ErrorKind::Overflow) where the product needs more digits than `Decimal` holds.
    pub fn people(&self, tellers: Decimal) -> Result<Decimal> {
        if tellers < Decimal::ZERO {
            return Err(Error::out_of_domain("tellers", tellers, "[0, ∞)"));
        }
        money::product(tellers, self.each)
    }

    /// Who talks.
    #[must_use]
    pub fn teller(&self) -> Teller {
        self.teller
    }

    /// What happens to the people.
    #[must_use]
    pub fn event(&self) -> WordEvent {
        self.event
    }

    /// People to each who talks.
    #[must_use]
    pub fn each(&self) -> Decimal {
        self.each
    }

    /// How the number is meant.
    #[must_use]
    pub fn bound(&self) -> Bound {
        self.bound
    }

    /// Where it comes from.
    #[must_use]
    pub fn source(&self) -> &'static str {
        self.source
    }
}
