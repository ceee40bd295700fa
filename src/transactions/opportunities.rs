//! What the discrete-time purchase model sees of a customer: at how many of his opportunities he bought.

use chrono::NaiveDate;

use crate::error::{Error, Result};
use crate::time::{TimeUnit, day_number};

use super::conventions::Conventions;
use super::customer_id::CustomerId;
use super::ledger::Ledger;

/// One customer with n opportunities to buy since his first purchase, who took x of them, the last one the `t_x`-th.
///
/// # Units
/// All three count opportunities: the years in which a donor could give, the meetings one could come to.
///
/// # Example
/// ```
/// use goodwill::OpportunityHistory;
///
/// // Six yearly appeals; gave in the second and the fourth year.
/// let donor = OpportunityHistory::new(2, 4, 6)?;
/// assert_eq!(donor.frequency(), 2);
/// let error = OpportunityHistory::new(5, 4, 6).unwrap_err();
/// assert_eq!(error.to_string(), "frequency must lie in [0, recency], but is 5");
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "RowFields", into = "RowFields"))]
pub struct OpportunityHistory {
    frequency: u32,
    recency: u32,
    opportunities: u32,
}

/// More opportunities than a day each for 2,700 years.
const MOST: u32 = 1_000_000;

impl OpportunityHistory {
    /// Someone who just bought for the first time.
    pub const NEWCOMER: Self = Self { frequency: 0, recency: 0, opportunities: 0 };

    /// A history from (x, `t_x`, n).
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless x ≤ `t_x` ≤ n ≤ 10⁶;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where one of x and `t_x` is 0, and the other is not.
    pub fn new(frequency: u32, recency: u32, opportunities: u32) -> Result<Self> {
        if opportunities > MOST {
            return Err(Error::out_of_domain("opportunities", opportunities, "[0, 10⁶]"));
        }
        if recency > opportunities {
            return Err(Error::out_of_domain("recency", recency, "[0, opportunities]"));
        }
        if frequency > recency {
            return Err(Error::out_of_domain("frequency", frequency, "[0, recency]"));
        }
        if frequency == 0 && recency > 0 {
            return Err(Error::inconsistent(format!(
                "a customer who took no opportunity cannot have recency {recency}"
            )));
        }
        Ok(Self { frequency, recency, opportunities })
    }

    /// x: opportunities taken.
    #[doc(alias = "x")]
    #[must_use]
    pub fn frequency(&self) -> u32 {
        self.frequency
    }

    /// `t_x`: the number of the last opportunity taken, 0 if none was.
    #[doc(alias = "t_x")]
    #[must_use]
    pub fn recency(&self) -> u32 {
        self.recency
    }

    /// n: opportunities since the first purchase.
    #[doc(alias = "n")]
    #[must_use]
    pub fn opportunities(&self) -> u32 {
        self.opportunities
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct RowFields {
    frequency: u32,
    recency: u32,
    opportunities: u32,
}

#[cfg(feature = "serde")]
impl TryFrom<RowFields> for OpportunityHistory {
    type Error = Error;

    fn try_from(fields: RowFields) -> Result<Self> {
        Self::new(fields.frequency, fields.recency, fields.opportunities)
    }
}

#[cfg(feature = "serde")]
impl From<OpportunityHistory> for RowFields {
    fn from(history: OpportunityHistory) -> Self {
        let OpportunityHistory { frequency, recency, opportunities } = history;
        Self { frequency, recency, opportunities }
    }
}

/// The opportunity histories of a customer base, one period apart, each with how many customers have it.
///
/// # Example
/// ```
/// use goodwill::{Opportunities, TimeUnit};
///
/// let donors = Opportunities::with_weights(TimeUnit::Year, &[0, 2], &[0, 4], &[6, 6], &[3_464, 155])?;
/// assert_eq!((donors.len(), donors.customers()), (2, 3_619));
/// let error = Opportunities::new(TimeUnit::Year, &[0, 2], &[0, 7], &[6, 6]).unwrap_err();
/// assert_eq!(error.to_string(), "recency must lie in [0, opportunities], but is 7 (row 1)");
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields"))]
pub struct Opportunities {
    period: TimeUnit,
    histories: Vec<OpportunityHistory>,
    weights: Vec<u64>,
}

impl Opportunities {
    /// Histories from columns: row i is (x, `t_x`, n) of customer i.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch), or the error of [`OpportunityHistory::new`] with the
    /// first row that has one.
    pub fn new(
        period: TimeUnit,
        frequency: &[u32],
        recency: &[u32],
        opportunities: &[u32],
    ) -> Result<Self> {
        let weights = vec![1; frequency.len()];
        Self::with_weights(period, frequency, recency, opportunities, &weights)
    }

    /// Histories from columns, where row i is that of `weights[i]` customers; 0 is none.
    ///
    /// # Errors
    /// As [`new`](Opportunities::new); [`Overflow`](crate::ErrorKind::Overflow) for more customers than `u64`
    /// counts.
    pub fn with_weights(
        period: TimeUnit,
        frequency: &[u32],
        recency: &[u32],
        opportunities: &[u32],
        weights: &[u64],
    ) -> Result<Self> {
        let rows = frequency.len();
        let others = [
            ("recency", recency.len()),
            ("opportunities", opportunities.len()),
            ("weights", weights.len()),
        ];
        for (name, length) in others {
            if length != rows {
                return Err(Error::length_mismatch(("frequency", rows), (name, length)));
            }
        }
        let row = |i| {
            OpportunityHistory::new(frequency[i], recency[i], opportunities[i])
                .map_err(|error| error.at_row(i))
        };
        let histories = (0..rows).map(row).collect::<Result<_>>()?;
        Self::from_rows(period, histories, weights.to_vec())
    }

    fn from_rows(
        period: TimeUnit,
        histories: Vec<OpportunityHistory>,
        weights: Vec<u64>,
    ) -> Result<Self> {
        let all = weights.iter().try_fold(0_u64, |sum, &weight| sum.checked_add(weight));
        all.ok_or_else(|| Error::overflow("the number of customers"))?;
        Ok(Self { period, histories, weights })
    }

    /// Histories given one by one, each of one customer.
    #[cfg(feature = "rand")]
    pub(crate) fn of_customers(period: TimeUnit, histories: Vec<OpportunityHistory>) -> Self {
        let weights = vec![1; histories.len()];
        Self { period, histories, weights }
    }

    /// From one opportunity to the next.
    #[must_use]
    pub fn period(&self) -> TimeUnit {
        self.period
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.histories.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.histories.is_empty()
    }

    /// How many customers: the sum of the weights.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.weights.iter().sum()
    }

    /// Row i, or `None` past the end.
    #[must_use]
    pub fn get(&self, i: usize) -> Option<OpportunityHistory> {
        self.histories.get(i).copied()
    }

    /// Every row in order, with how many customers have it.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (OpportunityHistory, u64)> + '_ {
        self.histories.iter().copied().zip(self.weights.iter().copied())
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct Fields {
    period: TimeUnit,
    histories: Vec<OpportunityHistory>,
    weights: Vec<u64>,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for Opportunities {
    type Error = Error;

    fn try_from(fields: Fields) -> Result<Self> {
        let (rows, weights) = (fields.histories.len(), fields.weights.len());
        if rows != weights {
            return Err(Error::length_mismatch(("histories", rows), ("weights", weights)));
        }
        Self::from_rows(fields.period, fields.histories, fields.weights)
    }
}

impl<C: CustomerId> Ledger<C> {
    /// The opportunity histories of all customers with a purchase, in the order of their ids, under the default
    /// [`Conventions`].
    ///
    /// # Errors
    /// As [`opportunities_with`](Ledger::opportunities_with).
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Ledger, TimeUnit, Transaction};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let row = |d| Transaction::new("ann", day(d), 7.into());
    /// // After the 1st: twice in the second week, once on the last day of the third.
    /// let ledger = Ledger::from_transactions([row(1), row(9), row(13), row(22)])?;
    /// let ann = ledger.opportunities(day(31), TimeUnit::Week)?.get(0).unwrap();
    /// assert_eq!((ann.frequency(), ann.recency(), ann.opportunities()), (2, 3, 4));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn opportunities(&self, as_of: NaiveDate, period: TimeUnit) -> Result<Opportunities> {
        self.opportunities_with(as_of, period, &Conventions::default())
    }

    /// The opportunity histories of all customers with a purchase, in the order of their ids.
    ///
    /// The periods after a customer's first purchase, each closed at its end, are his opportunities; one is taken if he
    /// bought in it, however often. A period that has not ended by `as_of` is none yet, and what was bought in it is
    /// not seen.
    ///
    /// # Formula
    /// ```text
    /// n = ⌊(as of − first)/period⌋;   a purchase d > 0 days after the first takes opportunity ⌈d/period⌉
    /// ```
    ///
    /// # Errors
    /// As [`summaries_with`](Ledger::summaries_with); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for more than
    /// 10⁶ opportunities.
    pub fn opportunities_with(
        &self,
        as_of: NaiveDate,
        period: TimeUnit,
        conventions: &Conventions,
    ) -> Result<Opportunities> {
        let columns = self.columns_as_of(as_of)?;
        let occasions = columns.occasions(conventions.occasion);
        let end = day_number(as_of);
        let history = |customer: usize| {
            let mut bought = columns.customer_cells(customer).filter(|&cell| occasions[cell]);
            let first = columns.days[bought.next()?];
            let ended = |day: i32| f64::from(day - first) / period.days();
            let opportunities = ended(end).floor() as u32;
            let (mut frequency, mut recency) = (0, 0);
            for cell in bought {
                let taken = ended(columns.days[cell]).ceil() as u32;
                if taken > recency && taken <= opportunities {
                    frequency += 1;
                    recency = taken;
                }
            }
            Some(OpportunityHistory::new(frequency, recency, opportunities))
        };
        let histories = (0..self.customers().len()).filter_map(history);
        let histories: Vec<_> = histories.collect::<Result<_>>()?;
        let weights = vec![1; histories.len()];
        Opportunities::from_rows(period, histories, weights)
    }
}
