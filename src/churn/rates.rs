//! Who was lost, where there is no contract, by a declared rule.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::rhythm::OwnRhythm;
use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::math::exact_sum::ExactSum;
use crate::quantity::Probability;
use crate::transactions::{CustomerId, CustomerSummary, Ledger};

/// The rule by which a customer without a contract counts as lost: nothing was bought for this many days,
/// so that the last purchase lies that many days or more before the day of judgement.
///
/// # Example
/// ```
/// use goodwill::LostAfter;
///
/// assert_eq!(LostAfter::days(180)?.to_string(), "no purchase for 180 days or more");
/// assert!(LostAfter::days(0).is_err());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u32", into = "u32"))]
pub struct LostAfter(u32);

impl LostAfter {
    /// Lost after this many days without a purchase.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for 0: everybody would be lost on the day he buys.
    pub fn days(days: u32) -> Result<Self> {
        if days > 0 {
            Ok(Self(days))
        } else {
            Err(Error::out_of_domain("lost after", days, "[1, ∞)"))
        }
    }

    /// The number of days.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }

    /// Whether the rule calls a customer lost; one who never bought is neither lost nor kept: `None`.
    #[must_use]
    pub fn is_lost<C>(self, summary: &CustomerSummary<'_, C>) -> Option<bool> {
        summary.days_since_last.map(|days| days >= self.0)
    }
}

impl std::fmt::Display for LostAfter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no purchase for {} days or more", self.0)
    }
}

impl TryFrom<u32> for LostAfter {
    type Error = Error;

    fn try_from(days: u32) -> Result<Self> {
        Self::days(days)
    }
}

impl From<LostAfter> for u32 {
    fn from(rule: LostAfter) -> Self {
        rule.0
    }
}

/// A rule by which a customer without a contract counts as lost.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum LostRule {
    /// One gap for all.
    After(LostAfter),
    /// Each by his own rhythm.
    OwnRhythm(OwnRhythm),
}

impl From<LostAfter> for LostRule {
    fn from(rule: LostAfter) -> Self {
        Self::After(rule)
    }
}

impl From<OwnRhythm> for LostRule {
    fn from(rule: OwnRhythm) -> Self {
        Self::OwnRhythm(rule)
    }
}

impl std::fmt::Display for LostRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::After(rule) => rule.fmt(f),
            Self::OwnRhythm(rule) => rule.fmt(f),
        }
    }
}

/// What a [`LostRule`] says of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Standing {
    /// Still with us.
    Kept,
    /// Lost.
    Lost,
    /// The rule has nothing to go by: a one-time buyer without a rhythm.
    Unknown,
    /// Only refunds are known of him: neither kept nor lost.
    NeverBought,
}

/// A customer who counts as lost.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LostCustomer {
    /// Where he stands in [`Ledger::customers`].
    pub customer: usize,
    /// What he spent, refunds taken off, in the 365 days that end with his last purchase.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub last_year_revenue: Decimal,
}

/// Customer churn over a period: who was with us when it opened, and who of them was lost when it closed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Churn {
    /// The rule.
    pub rule: LostRule,
    /// Customers who were not lost on the first day; those who came later are not in it.
    pub opening: u64,
    /// Those of them who were lost on the last day.
    pub lost: u64,
    /// Customers of whom the rule could not say on the first day whether they were lost; in neither number.
    pub unknown: u64,
}

impl Churn {
    /// Lost / opening, with Wilson's interval.
    ///
    /// # Errors
    /// As [`Estimate::proportion`]; [`Empty`](crate::ErrorKind::Empty) without an opening customer.
    pub fn rate(&self, level: Probability) -> Result<Estimate> {
        Estimate::proportion(self.lost, self.opening, level)
    }
}

/// Churn where each customer is lost with a probability: the expected number, which need not be whole.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ExpectedChurn {
    /// The customers.
    pub customers: u64,
    /// Σ (1 − P(alive)): how many of them are lost on average.
    pub lost: f64,
    /// The standard deviation of that number, if they leave independently of each other: √Σ P(1 − P).
    pub deviation: f64,
}

impl ExpectedChurn {
    /// The expected churn of customers with these probabilities of still being with us, by a model or a guess.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a customer.
    ///
    /// # Example
    /// ```
    /// use goodwill::Probability;
    /// use goodwill::churn::ExpectedChurn;
    ///
    /// let alive = [0.9, 0.5, 0.6].map(Probability::constant);
    /// let churn = ExpectedChurn::new(&alive)?;
    /// assert_eq!(churn.lost, 1.0);
    /// assert!((churn.deviation - 0.58_f64.sqrt()).abs() < 1e-15);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn new(alive: &[Probability]) -> Result<Self> {
        if alive.is_empty() {
            return Err(Error::empty("customers"));
        }
        let (mut lost, mut variance) = (ExactSum::new(), ExactSum::new());
        for alive in alive {
            lost.add(alive.complement().get());
            variance.add_product(alive.get(), alive.complement().get());
        }
        Ok(Self {
            customers: alive.len() as u64,
            lost: lost.value(),
            deviation: variance.value().sqrt(),
        })
    }
}

impl<C: CustomerId> Ledger<C> {
    /// Customer churn from the end of day `from` to the end of day `to`.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where `from` is not before `to`, or a row lies after
    /// `to`.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Ledger, LostAfter, Probability, Transaction};
    ///
    /// let day = |month, d| NaiveDate::from_ymd_opt(2024, month, d).unwrap();
    /// let row = |who, date| Transaction::new(who, date, 7.into());
    /// let ledger = Ledger::from_transactions([
    ///     row("ann", day(1, 5)), row("ann", day(3, 28)), row("bob", day(1, 9)), row("zoe", day(3, 1)),
    /// ])?;
    /// let churn = ledger.churn(day(1, 31), day(3, 31), LostAfter::days(60)?)?;
    /// assert_eq!((churn.opening, churn.lost), (2, 1)); // bob; zoe came later
    /// assert_eq!(churn.rate(Probability::constant(0.95))?.value(), 0.5);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn churn(
        &self,
        from: NaiveDate,
        to: NaiveDate,
        rule: impl Into<LostRule>,
    ) -> Result<Churn> {
        if from >= to {
            return Err(Error::inconsistent(format!("a period from {from} to {to} has no length")));
        }
        let rule = rule.into();
        let opening = self.until(from);
        let mut churn = Churn { rule, opening: 0, lost: 0, unknown: 0 };
        let closing = self.standings(to, rule)?;
        for (customer, before) in opening.customers().iter().zip(opening.standings(from, rule)?) {
            churn.unknown += u64::from(before == Standing::Unknown);
            if before != Standing::Kept {
                continue;
            }
            churn.opening += 1;
            let after = self.position(customer).map(|position| closing[position]);
            churn.lost += u64::from(after == Some(Standing::Lost));
        }
        Ok(churn)
    }

    /// What a rule says of each customer at the end of day `as_of`, in the order of the ids.
    ///
    /// # Errors
    /// As [`summaries`](Ledger::summaries).
    ///
    /// # Example
    /// See [`OwnRhythm`].
    pub fn standings(&self, as_of: NaiveDate, rule: impl Into<LostRule>) -> Result<Vec<Standing>> {
        self.check_as_of(as_of)?;
        let rule = match rule.into() {
            LostRule::OwnRhythm(rule) => return Ok(rule.standings(self, as_of)),
            LostRule::After(rule) => rule,
        };
        let standing = |summary: &CustomerSummary<'_, C>| match rule.is_lost(summary) {
            Some(true) => Standing::Lost,
            Some(false) => Standing::Kept,
            None => Standing::NeverBought,
        };
        Ok(self.summaries(as_of)?.iter().map(standing).collect())
    }

    /// Who counts as lost at the end of day `as_of`, in the order of the ids, and what each spent in the 365
    /// days that end with his last purchase (that day included, 364 days before it the first).
    ///
    /// # Errors
    /// As [`summaries`](Ledger::summaries).
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Ledger, LostAfter, Transaction};
    ///
    /// let day = |year, d| NaiveDate::from_ymd_opt(year, 3, d).unwrap();
    /// let row = |date, amount: i64| Transaction::new("ann", date, amount.into());
    /// let ledger =
    ///     Ledger::from_transactions([row(day(2020, 1), 500), row(day(2022, 1), 30), row(day(2022, 9), 20)])?;
    /// let lost = ledger.lost_customers(day(2023, 1), LostAfter::days(180)?)?;
    /// assert_eq!(lost[0].last_year_revenue, 50.into()); // 2020 is too long ago
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn lost_customers(&self, as_of: NaiveDate, rule: LostAfter) -> Result<Vec<LostCustomer>> {
        /// A year before the last purchase, that day included.
        const YEAR: Days = Days::new(364);
        let summaries = self.summaries(as_of)?;
        let lost = |(customer, summary)| match (rule.is_lost(summary), summary.last) {
            (Some(true), Some(last)) => Some((customer, last)),
            _ => None,
        };
        let lost: Vec<(usize, NaiveDate)> = summaries.iter().enumerate().filter_map(lost).collect();
        let revenue = |(customer, last): (usize, NaiveDate)| {
            let first = last.checked_sub_days(YEAR).unwrap_or(NaiveDate::MIN);
            Ok(LostCustomer { customer, last_year_revenue: self.revenue(customer, first..=last)? })
        };
        lost.into_iter().map(revenue).collect()
    }
}
