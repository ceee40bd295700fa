//! Which cells are worth writing to: the break-even response.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;

/// The response that pays for writing to a cell of customers.
///
/// # Formula
/// ```text
/// break-even response = cost per contact / net profit per response
/// ```
///
/// # Units
/// Both amounts in the same money; the response is a share of those contacted.
///
/// # Example
/// ```
/// use goodwill::tiering::BreakEven;
/// use rust_decimal::Decimal;
///
/// // A piece costs 0.55, a sale leaves 40 before it: 1.375 % must answer.
/// let break_even = BreakEven::new(Decimal::new(55, 2), Decimal::from(40))?;
/// assert!((break_even.response() - 0.013_75).abs() < 1e-17);
/// // Of 400 contacted, 11 answer: twice the break-even, an index of 100.
/// let result = break_even.result(400, 11)?;
/// assert_eq!((result.profit, result.index), (Decimal::from(220), Some(100.0)));
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Hughes (2005), Strategic Database Marketing, 3rd ed., McGraw-Hill, chapter 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BreakEven {
    cost_per_contact: Decimal,
    profit_per_response: Decimal,
}

/// What writing to a cell brought.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct MailingResult {
    /// Responses / contacts.
    pub response: f64,
    /// Responses × profit per response − contacts × cost per contact.
    pub profit: Decimal,
    /// How far the response lies above the break-even, in per cent of it; 0 breaks even, −100 is no response.
    /// `None` where contacts cost nothing.
    pub index: Option<f64>,
}

impl BreakEven {
    /// What a contact costs, and what a response leaves before that cost.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cost below 0 or a profit that is not above 0.
    ///
    /// # Example
    /// See [`BreakEven`].
    pub fn new(cost_per_contact: Decimal, profit_per_response: Decimal) -> Result<Self> {
        if cost_per_contact < Decimal::ZERO {
            return Err(Error::out_of_domain("cost per contact", cost_per_contact, "[0, ∞)"));
        }
        if profit_per_response <= Decimal::ZERO {
            let domain = "(0, ∞)";
            return Err(Error::out_of_domain("profit per response", profit_per_response, domain));
        }
        Ok(Self { cost_per_contact, profit_per_response })
    }

    /// The share of those contacted who must answer; above 1 no mailing can pay.
    #[must_use]
    pub fn response(&self) -> f64 {
        money::to_f64(self.cost_per_contact) / money::to_f64(self.profit_per_response)
    }

    /// What a mailing, or a test of a cell, brought.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a contact; [`OutOfDomain`](crate::ErrorKind::OutOfDomain)
    /// for more responses than contacts; [`Overflow`](crate::ErrorKind::Overflow) where the profit has
    /// more digits than `Decimal` holds.
    ///
    /// # Example
    /// See [`BreakEven`].
    pub fn result(&self, contacts: u64, responses: u64) -> Result<MailingResult> {
        if contacts == 0 {
            return Err(Error::empty("contacts"));
        }
        if responses > contacts {
            return Err(Error::out_of_domain("responses", responses, "[0, contacts]"));
        }
        let earned = money::product(responses.into(), self.profit_per_response)?;
        let spent = money::product(contacts.into(), self.cost_per_contact)?;
        let profit = money::difference(earned, spent)?;
        let index =
            (spent > Decimal::ZERO).then(|| money::to_f64(profit) / money::to_f64(spent) * 100.0);
        Ok(MailingResult { response: responses as f64 / contacts as f64, profit, index })
    }
}
