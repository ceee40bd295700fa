//! The two declared rules of reading a ledger: what counts as a purchase, and whose money a refund takes.

/// How a ledger is read: two options, each with its default.
///
/// | option | question | default |
/// |---|---|---|
/// | [`occasion`](Conventions::occasion) | which days count as a purchase? | [`Occasion::PurchaseDay`] |
/// | [`refunds`](Conventions::refunds) | which day's money does a refund reduce? | [`Refunds::OnTheDay`] |
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use goodwill::{Conventions, Ledger, Occasion, Refunds, Transaction};
///
/// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
/// // A gift, two purchases, and 12 paid back.
/// let rows = [(1, 0), (8, 20), (9, 30), (15, -12)];
/// let ledger = Ledger::from_transactions(rows.map(|(d, paid)| Transaction::new("ann", day(d), paid.into())))?;
/// let repeat_spend = |conventions: Conventions| {
///     let ann = ledger.spends_with(day(31), &conventions)?.get(0).unwrap();
///     goodwill::Result::Ok((ann.frequency(), ann.mean()))
/// };
/// assert_eq!(repeat_spend(Conventions::default())?, (2, 25.0)); // after the gift, 20 and 30
/// let paid = Conventions::new().occasion(Occasion::PaidDay);
/// assert_eq!(repeat_spend(paid)?, (1, 30.0)); // after the 20, 30
/// assert_eq!(repeat_spend(paid.refunds(Refunds::AgainstEarlier))?, (1, 18.0)); // 30 − 12
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Conventions {
    pub(crate) occasion: Occasion,
    pub(crate) refunds: Refunds,
}

impl Conventions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Which days count as a purchase.
    #[must_use]
    pub fn occasion(self, occasion: Occasion) -> Self {
        Self { occasion, ..self }
    }

    /// Which day's money a refund reduces.
    #[must_use]
    pub fn refunds(self, refunds: Refunds) -> Self {
        Self { refunds, ..self }
    }
}

/// Which days count as a purchase occasion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Occasion {
    /// A day with at least one purchase, at price 0 too (the convention of the published fits).
    #[default]
    PurchaseDay,
    /// A day whose purchases, before refunds, are worth more than 0.
    PaidDay,
    /// A day that is worth more than 0 after that day's own refunds.
    NetPositiveDay,
}

/// Which day's money a refund reduces. Net revenue is the same under every rule that computes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Refunds {
    /// The day on which it was paid back.
    #[default]
    OnTheDay,
    /// The latest purchases up to that day, as far as they go; the rest is reported as
    /// [`unmatched_refunds`](crate::CustomerSummary::unmatched_refunds).
    AgainstEarlier,
    /// None: a ledger with a refund is an error.
    Refuse,
}
