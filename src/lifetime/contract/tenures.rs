//! What is seen of customers under contract: who left at which renewal, and who is still there.

use crate::error::{Error, Result};
use crate::time::TimeUnit;

/// One customer under contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Tenure {
    /// He left at his renewal of this number, 1 the first: the paper's T = t.
    Left(u32),
    /// He is still there after this many renewals, 0 in his first period: the paper's T > t.
    Active(u32),
}

/// The tenures of customers under contract: how many left at each renewal, how many are still there after how many.
///
/// That customers have a contract is said by this type: they leave at a renewal, and it is seen. For shops,
/// where they leave silently, see [`Histories`](crate::Histories). Cohorts of different age simply merge: those
/// still there stand at different renewals.
///
/// # Example
/// ```
/// use goodwill::lifetime::Tenures;
/// use goodwill::TimeUnit;
///
/// // Of 1,000 who began, 631 renewed once, 468 twice; of 500 a year later, 330 once.
/// let older = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468])?;
/// let younger = Tenures::from_survivors(TimeUnit::Year, &[500, 330])?;
/// let all = older.merge(&younger)?;
/// assert_eq!(all.customers(), 1_500);
/// assert_eq!((all.left_at(1), all.left_at(2)), (369 + 170, 163));
/// assert_eq!((all.active_after(1), all.active_after(2)), (330, 468));
///
/// let error = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 632]).unwrap_err();
/// assert_eq!(error.to_string(), "survivors must lie in [0, those of the period before], but is 632 (row 2)");
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fader and Hardie (2007), "How to Project Customer Retention", Journal of Interactive Marketing 21(1), 76–90.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields"))]
pub struct Tenures {
    period: TimeUnit,
    /// In order of the renewal, each once, none empty.
    counts: Vec<Count>,
}

/// What happened at one renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Count {
    pub(super) renewal: u32,
    /// Who left at it.
    pub(super) left: u64,
    /// Who has made it, and no later one yet.
    pub(super) active: u64,
}

impl Tenures {
    /// The tenures of one cohort, from its survivors: how many began, and how many were left after each renewal.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a number; [`OutOfDomain`](crate::ErrorKind::OutOfDomain), with
    /// its row, where nobody began or survivors rise.
    pub fn from_survivors(period: TimeUnit, survivors: &[u64]) -> Result<Self> {
        let (Some(&first), Some(&last)) = (survivors.first(), survivors.last()) else {
            return Err(Error::empty("survivors"));
        };
        if first == 0 {
            return Err(Error::out_of_domain("survivors", first, "[1, ∞)").at_row(0));
        }
        let mut counts = Vec::with_capacity(survivors.len());
        for (row, pair) in survivors.windows(2).enumerate() {
            let left = pair[0].checked_sub(pair[1]).ok_or_else(|| {
                Error::out_of_domain("survivors", pair[1], "[0, those of the period before]")
                    .at_row(row + 1)
            })?;
            counts.push(Count { renewal: row as u32 + 1, left, active: 0 });
        }
        counts.push(Count { renewal: survivors.len() as u32 - 1, left: 0, active: last });
        Self::from_counts(period, counts)
    }

    /// The tenures of customers, one each, in any order.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain), with its row, for one who left before the first renewal.
    ///
    /// # Example
    /// ```
    /// use goodwill::TimeUnit;
    /// use goodwill::lifetime::{Tenure, Tenures};
    ///
    /// let seen = [Tenure::Left(1), Tenure::Active(2), Tenure::Left(1)];
    /// let tenures = Tenures::from_customers(TimeUnit::Month, seen)?;
    /// assert_eq!((tenures.left_at(1), tenures.active_after(2)), (2, 1));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn from_customers(
        period: TimeUnit,
        customers: impl IntoIterator<Item = Tenure>,
    ) -> Result<Self> {
        let count = |(row, tenure)| match tenure {
            Tenure::Left(0) => {
                Err(Error::out_of_domain("renewal at which he left", 0, "[1, ∞)").at_row(row))
            }
            Tenure::Left(renewal) => Ok(Count { renewal, left: 1, active: 0 }),
            Tenure::Active(renewal) => Ok(Count { renewal, left: 0, active: 1 }),
        };
        let counts = customers.into_iter().enumerate().map(count).collect::<Result<_>>()?;
        Self::from_counts(period, counts)
    }

    fn from_counts(period: TimeUnit, mut counts: Vec<Count>) -> Result<Self> {
        counts.retain(|count| count.left > 0 || count.active > 0);
        counts.sort_unstable_by_key(|count| count.renewal);
        let mut merged: Vec<Count> = Vec::new();
        let mut total = 0_u64;
        for count in counts {
            let sum = total.checked_add(count.left).and_then(|sum| sum.checked_add(count.active));
            total = sum.ok_or_else(|| Error::overflow("the number of customers"))?;
            match merged.last_mut() {
                Some(last) if last.renewal == count.renewal => {
                    last.left += count.left;
                    last.active += count.active;
                }
                _ => merged.push(count),
            }
        }
        Ok(Self { period, counts: merged })
    }

    /// The tenures of both, as if they had been given together.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for different periods;
    /// [`Overflow`](crate::ErrorKind::Overflow) for more customers than `u64` counts.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.period != other.period {
            return Err(Error::inconsistent(format!(
                "tenures in periods of a {:?} cannot be merged with those of a {:?}",
                self.period, other.period
            )));
        }
        Self::from_counts(self.period, [self.counts.as_slice(), &other.counts].concat())
    }

    /// From one renewal to the next.
    #[must_use]
    pub fn period(&self) -> TimeUnit {
        self.period
    }

    /// How many customers.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.counts.iter().map(|count| count.left + count.active).sum()
    }

    /// How many left at this renewal, 1 the first.
    #[must_use]
    pub fn left_at(&self, renewal: u32) -> u64 {
        self.at(renewal).map_or(0, |count| count.left)
    }

    /// How many are still there after exactly this many renewals.
    #[must_use]
    pub fn active_after(&self, renewals: u32) -> u64 {
        self.at(renewals).map_or(0, |count| count.active)
    }

    /// Renewals that came up, and how many were made, over all customers.
    ///
    /// Totals of tenures beyond `u64` are the reason for the floats; below 2⁵³ they are exact.
    pub(super) fn renewals(&self) -> (f64, f64) {
        let due = |c: &Count| f64::from(c.renewal) * (c.left as f64 + c.active as f64);
        let due: f64 = self.counts.iter().map(due).sum();
        (due, due - self.left() as f64)
    }

    /// That the tenures count a model's periods.
    pub(in crate::lifetime) fn must_count(&self, period: TimeUnit) -> Result<()> {
        if period == self.period {
            return Ok(());
        }
        Err(Error::inconsistent(format!(
            "a model in periods of a {period:?} cannot judge tenures in periods of a {:?}",
            self.period
        )))
    }

    pub(super) fn left(&self) -> u64 {
        self.counts.iter().map(|count| count.left).sum()
    }

    /// Who is still there: renewals made, and how many customers made so many.
    pub(in crate::lifetime) fn active(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.counts.iter().map(|count| (count.renewal, count.active))
    }

    pub(super) fn counts(&self) -> &[Count] {
        &self.counts
    }

    fn at(&self, renewal: u32) -> Option<&Count> {
        let found = self.counts.binary_search_by_key(&renewal, |count| count.renewal);
        found.ok().map(|place| &self.counts[place])
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct Fields {
    period: TimeUnit,
    counts: Vec<Count>,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for Tenures {
    type Error = Error;

    fn try_from(fields: Fields) -> Result<Self> {
        if let Some(row) = fields.counts.iter().position(|c| c.renewal == 0 && c.left > 0) {
            return Err(Error::out_of_domain("renewal at which he left", 0, "[1, ∞)").at_row(row));
        }
        Self::from_counts(fields.period, fields.counts)
    }
}
