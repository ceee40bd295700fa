//! The lines of a ledger of churn, and what a lost customer brings to them.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;

/// How the cost of churn is seen: two answers to two questions, never to be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum CostView {
    /// Nobody takes the place of the lost: what they would still have brought is gone.
    NotReplaced,
    /// Somebody takes it: he must be won, the place stands empty until then, and he may be worth less.
    Replaced,
}

/// A named line of a [`ChurnLedger`](super::ChurnLedger).
///
/// # Formula
/// ```text
/// not replaced = residual of the lost + word of mouth − costs avoided
/// replaced     = vacant margin + acquisition + shortfall + word of mouth − costs avoided
/// shortfall    = max(0, residual of the lost − residual of the successors)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum CostLine {
    /// Memo: the revenue of the last year.
    Revenue,
    /// Memo: the margin in it. Their later margin is in the residual value, or in the vacancy.
    Margin,
    /// Memo: what was once spent to set them up. It is spent, whoever leaves.
    SunkSetUp,
    /// What the lost would still have brought.
    ResidualOfLost,
    /// Memo: what their successors will bring, from the day they come.
    ResidualOfSuccessors,
    /// By how much the successors are worth less. A better successor is no credit: what he brings more is earned by
    /// acquisition, not by the loss.
    Shortfall,
    /// The margin missing while the places stand empty.
    VacantMargin,
    /// What it costs to win the successors.
    Acquisition,
    /// The margin of those whom the word of the lost keeps away: of a
    /// [`WordOfMouth`](crate::churn::WordOfMouth).
    WordOfMouth,
    /// Costs no longer incurred and not already left out of the margin: taken off.
    CostsAvoided,
}

impl CostLine {
    /// All lines, in the order in which a ledger lists them.
    pub const ALL: [Self; 10] = [
        Self::Revenue,
        Self::Margin,
        Self::SunkSetUp,
        Self::ResidualOfLost,
        Self::ResidualOfSuccessors,
        Self::Shortfall,
        Self::VacantMargin,
        Self::Acquisition,
        Self::WordOfMouth,
        Self::CostsAvoided,
    ];

    /// The line's sign in the total of a view: 1, −1 for what is taken off, 0 for what is not in it.
    ///
    /// # Example
    /// ```
    /// use goodwill::churn::{CostLine, CostView};
    ///
    /// // The residual value and its replacement never stand in one total.
    /// assert_eq!(CostLine::ResidualOfLost.sign(CostView::NotReplaced), 1);
    /// assert_eq!(CostLine::ResidualOfLost.sign(CostView::Replaced), 0);
    /// assert_eq!(CostLine::Acquisition.sign(CostView::NotReplaced), 0);
    /// ```
    #[must_use]
    pub const fn sign(self, view: CostView) -> i8 {
        match (self, view) {
            (Self::CostsAvoided, _) => -1,
            (Self::WordOfMouth, _)
            | (Self::ResidualOfLost, CostView::NotReplaced)
            | (Self::Shortfall | Self::VacantMargin | Self::Acquisition, CostView::Replaced) => 1,
            _ => 0,
        }
    }
}

/// What is known of lost customers, in exact money: of one, or of a group in all. What is not named is 0.
///
/// # Example
/// ```
/// use goodwill::churn::Loss;
///
/// let each = Loss { residual: 120.into(), acquisition: 45.into(), ..Loss::default() };
/// let ten = each.times(10.into())?;
/// assert_eq!((ten.residual, ten.acquisition), (1_200.into(), 450.into()));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Loss {
    /// The revenue of the last year.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub revenue: Decimal,
    /// The margin in it.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub margin: Decimal,
    /// What was once spent to set the customer up.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub sunk_set_up: Decimal,
    /// What the lost would still have brought, discounted. Below 0 for a customer who costs more than he brings.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub residual: Decimal,
    /// What the successor will bring from the day he comes, discounted.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub successor_residual: Decimal,
    /// The margin missing until the successor comes.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub vacant_margin: Decimal,
    /// What it costs to win the successor.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub acquisition: Decimal,
    /// The margin of those whom the word of the lost keeps away: of a
    /// [`WordOfMouth`](crate::churn::WordOfMouth).
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub word_of_mouth: Decimal,
    /// Costs no longer incurred, of those that the margin does not already leave out.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub costs_avoided: Decimal,
}

impl Loss {
    /// The loss of so many of these customers, who need not be whole: every amount times their number.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for customers below 0;
    /// [`Overflow`](crate::ErrorKind::Overflow) where a product needs more digits than `Decimal` holds.
    pub fn times(&self, customers: Decimal) -> Result<Self> {
        check_customers(customers)?;
        let times = |amount| money::product(customers, amount);
        Ok(Self {
            revenue: times(self.revenue)?,
            margin: times(self.margin)?,
            sunk_set_up: times(self.sunk_set_up)?,
            residual: times(self.residual)?,
            successor_residual: times(self.successor_residual)?,
            vacant_margin: times(self.vacant_margin)?,
            acquisition: times(self.acquisition)?,
            word_of_mouth: times(self.word_of_mouth)?,
            costs_avoided: times(self.costs_avoided)?,
        })
    }

    /// The amounts by line, in the order of [`CostLine::ALL`].
    pub(super) fn amounts(&self) -> Result<[Decimal; 10]> {
        let costs = [
            ("set-up cost", self.sunk_set_up),
            ("acquisition", self.acquisition),
            ("word of mouth", self.word_of_mouth),
            ("costs avoided", self.costs_avoided),
        ];
        for (name, amount) in costs {
            if amount < Decimal::ZERO {
                return Err(Error::out_of_domain(name, amount, "[0, ∞)"));
            }
        }
        let shortfall = money::difference(self.residual, self.successor_residual)?;
        Ok([
            self.revenue,
            self.margin,
            self.sunk_set_up,
            self.residual,
            self.successor_residual,
            shortfall.max(Decimal::ZERO),
            self.vacant_margin,
            self.acquisition,
            self.word_of_mouth,
            self.costs_avoided,
        ])
    }
}

pub(super) fn check_customers(customers: Decimal) -> Result<()> {
    if customers < Decimal::ZERO {
        return Err(Error::out_of_domain("lost customers", customers, "[0, ∞)"));
    }
    Ok(())
}
