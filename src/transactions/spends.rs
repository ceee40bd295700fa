//! What the spend models see of a customer: how many repeat purchases, and their mean.

use chrono::NaiveDate;

use crate::error::{Error, Result};

use super::conventions::Conventions;
use super::customer_id::CustomerId;
use super::ledger::Ledger;

/// The repeat purchases of one customer: how many, and what they cost on average.
///
/// # Units
/// `mean` in the unit of the transactions; it is 0 without a repeat purchase.
///
/// # Example
/// ```
/// use goodwill::Spend;
///
/// let spend = Spend::new(2, 22.35)?;
/// assert_eq!(spend.mean(), 22.35);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "SpendFields", into = "SpendFields"))]
pub struct Spend {
    frequency: u32,
    mean: f64,
}

impl Spend {
    /// A customer who has bought once: nothing is known of what his repeat purchases cost.
    pub const UNKNOWN: Self = Self { frequency: 0, mean: 0.0 };

    /// The mean of `frequency` repeat purchases; refunds can make it negative.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `mean` is finite;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a mean other than 0 of no purchase.
    pub fn new(frequency: u32, mean: f64) -> Result<Self> {
        if !mean.is_finite() {
            return Err(Error::out_of_domain("mean spend", mean, "(-∞, ∞)"));
        }
        if frequency == 0 && mean != 0.0 {
            return Err(Error::inconsistent(format!(
                "a customer without a repeat purchase cannot have a mean spend of {mean}"
            )));
        }
        Ok(Self { frequency, mean: mean + 0.0 })
    }

    /// x: how many repeat purchases.
    #[must_use]
    pub fn frequency(&self) -> u32 {
        self.frequency
    }

    /// m̄: their mean; 0 without one.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct SpendFields {
    frequency: u32,
    mean: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<SpendFields> for Spend {
    type Error = Error;

    fn try_from(fields: SpendFields) -> Result<Self> {
        Self::new(fields.frequency, fields.mean)
    }
}

#[cfg(feature = "serde")]
impl From<Spend> for SpendFields {
    fn from(spend: Spend) -> Self {
        Self { frequency: spend.frequency, mean: spend.mean }
    }
}

/// The repeat spend of a customer base, as columns.
///
/// # Example
/// ```
/// use goodwill::Spends;
///
/// let spends = Spends::new(&[2, 0], &[22.35, 0.0])?;
/// assert_eq!(spends.get(0).unwrap().mean(), 22.35);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "SpendsFields"))]
pub struct Spends {
    frequency: Vec<u32>,
    mean: Vec<f64>,
}

impl Spends {
    /// Repeat spend from columns: row i is (x, m̄) of customer i.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch), or the error of [`Spend::new`] with the first
    /// row that has one.
    pub fn new(frequency: &[u32], mean: &[f64]) -> Result<Self> {
        if frequency.len() != mean.len() {
            return Err(Error::length_mismatch(
                ("frequency", frequency.len()),
                ("mean", mean.len()),
            ));
        }
        let row = |i| Spend::new(frequency[i], mean[i]).map_err(|e: Error| e.at_row(i));
        (0..frequency.len()).map(row).collect()
    }

    /// How many customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frequency.len()
    }

    /// Whether there is no customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frequency.is_empty()
    }

    /// Customer i, or `None` past the end.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<Spend> {
        Some(Spend { frequency: *self.frequency.get(i)?, mean: *self.mean.get(i)? })
    }

    /// Every customer, in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Spend> + '_ {
        self.frequency.iter().zip(&self.mean).map(|(&frequency, &mean)| Spend { frequency, mean })
    }
}

impl FromIterator<Spend> for Spends {
    fn from_iter<I: IntoIterator<Item = Spend>>(rows: I) -> Self {
        let (frequency, mean) = rows.into_iter().map(|row| (row.frequency, row.mean)).unzip();
        Self { frequency, mean }
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct SpendsFields {
    frequency: Vec<u32>,
    mean: Vec<f64>,
}

#[cfg(feature = "serde")]
impl TryFrom<SpendsFields> for Spends {
    type Error = Error;

    fn try_from(fields: SpendsFields) -> Result<Self> {
        Self::new(&fields.frequency, &fields.mean)
    }
}

impl<C: CustomerId> Ledger<C> {
    /// The repeat spend of all customers with a purchase, in the order of their ids, under the default
    /// [`Conventions`]: the same rows as [`histories`](Ledger::histories).
    ///
    /// # Errors
    /// As [`summaries_with`](Ledger::summaries_with).
    pub fn spends(&self, as_of: NaiveDate) -> Result<Spends> {
        self.spends_with(as_of, &Conventions::default())
    }

    /// The repeat spend of all customers with a purchase, in the order of their ids.
    ///
    /// # Errors
    /// As [`summaries_with`](Ledger::summaries_with).
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Conventions, Ledger, Transaction};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let row = |d, amount: i64| Transaction::new("ann", day(d), amount.into());
    /// let ledger = Ledger::from_transactions([row(1, 90), row(8, 20), row(15, 30)])?;
    /// let ann = ledger.spends_with(day(29), &Conventions::default())?.get(0).unwrap();
    /// assert_eq!((ann.frequency(), ann.mean()), (2, 25.0)); // the first purchase is not in it
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn spends_with(&self, as_of: NaiveDate, conventions: &Conventions) -> Result<Spends> {
        let summaries = self.summaries_with(as_of, conventions)?;
        let spend = |frequency, mean: Option<f64>| Spend::new(frequency, mean.unwrap_or(0.0));
        summaries
            .iter()
            .filter_map(|summary| Some(spend(summary.frequency()?, summary.mean_repeat_spend)))
            .collect()
    }
}
