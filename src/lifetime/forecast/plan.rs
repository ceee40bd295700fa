//! How many new customers are to come, and when.

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;
use crate::time::{Horizon, TimeUnit};

/// Periods ahead, one after the other, with the newcomers who are to come in each: what marketing plans, and no model
/// knows.
///
/// Needs the feature `rand`.
///
/// A newcomer comes with his first purchase, at a random time of his period. It is counted, unless left out.
///
/// # Example
/// ```
/// use goodwill::Horizon;
/// use goodwill::lifetime::AcquisitionPlan;
///
/// // Four quarters of 13 weeks.
/// let plan = AcquisitionPlan::new(Horizon::weeks(13.0)?, &[120, 100, 100, 80])?;
/// assert_eq!((plan.periods(), plan.newcomers(3)), (4, Some(80)));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "PlanFields", into = "PlanFields"))]
pub struct AcquisitionPlan {
    period: Horizon,
    newcomers: Vec<u32>,
    counts_first_purchases: bool,
}

impl AcquisitionPlan {
    /// Periods of equal length with these newcomers: one number for each.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a period; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a
    /// period that does not end, for periods that together leave the range of `f64`, for more than 3,660 periods, or
    /// for more than 10⁷ newcomers in all.
    ///
    /// # Example
    /// See [`AcquisitionPlan`].
    pub fn new(period: Horizon, newcomers: &[u32]) -> Result<Self> {
        /// Ten years of days.
        const MOST_PERIODS: usize = 3_660;
        let days = period.in_unit(TimeUnit::Day).unwrap_or(f64::INFINITY);
        if newcomers.is_empty() {
            return Err(Error::empty("periods"));
        }
        if !(days * newcomers.len() as f64 <= f64::MAX) {
            return Err(Error::out_of_domain("period in days", days, "[0, ∞), all together too"));
        }
        if newcomers.len() > MOST_PERIODS {
            return Err(Error::out_of_domain("periods", newcomers.len(), "[1, 3660]"));
        }
        bearable(newcomers)?;
        Ok(Self { period, newcomers: newcomers.to_vec(), counts_first_purchases: true })
    }

    /// So many periods in which nobody comes: the known customers alone.
    ///
    /// # Errors
    /// As [`new`](AcquisitionPlan::new).
    ///
    /// # Example
    /// See [`Outlook::forecast`](super::super::Outlook::forecast).
    pub fn nobody(period: Horizon, periods: u32) -> Result<Self> {
        // One too many is refused like any larger number.
        Self::new(period, &vec![0; (periods as usize).min(3_661)])
    }

    /// The same plan, first purchases not counted: where they are booked elsewhere, or differ in price from what
    /// follows.
    #[must_use]
    pub fn without_first_purchases(self) -> Self {
        Self { counts_first_purchases: false, ..self }
    }

    /// The length of a period.
    #[must_use]
    pub fn period(&self) -> Horizon {
        self.period
    }

    /// How many periods.
    #[must_use]
    pub fn periods(&self) -> usize {
        self.newcomers.len()
    }

    /// The newcomers of a period, the first being 0; `None` past the last.
    #[must_use]
    pub fn newcomers(&self, period: usize) -> Option<u32> {
        self.newcomers.get(period).copied()
    }

    /// Whether first purchases are counted.
    #[must_use]
    pub fn counts_first_purchases(&self) -> bool {
        self.counts_first_purchases
    }

    pub(super) fn all_newcomers(&self) -> &[u32] {
        &self.newcomers
    }

    pub(super) fn brings_anybody(&self) -> bool {
        self.newcomers.iter().any(|&many| many > 0)
    }

    /// The end of a period, counted from today; the first being 1.
    pub(super) fn end(&self, period: usize) -> Result<Horizon> {
        let days = self.period.in_unit(TimeUnit::Day).unwrap_or(f64::INFINITY);
        Horizon::days(days * period as f64)
    }

    /// The purchases of newcomers in each period, where one makes `by_age` repeat purchases in the period of his
    /// coming, in the one after it, and so on.
    pub(super) fn purchases(&self, by_age: &[f64]) -> Vec<f64> {
        let of = |period: usize| {
            let mut sum = ExactSum::new();
            for (&many, &repeats) in self.newcomers[..=period].iter().rev().zip(by_age) {
                sum.add_product(f64::from(many), repeats);
            }
            if self.counts_first_purchases {
                sum.add(f64::from(self.newcomers[period]));
            }
            sum.value()
        };
        (0..self.newcomers.len()).map(of).collect()
    }
}

/// That no more newcomers come than can be drawn.
pub(super) fn bearable<'a>(newcomers: impl IntoIterator<Item = &'a u32>) -> Result<()> {
    const MOST: u64 = 10_000_000;
    let all: u64 = newcomers.into_iter().map(|&many| u64::from(many)).sum();
    if all > MOST {
        return Err(Error::out_of_domain("newcomers", all, "[0, 10⁷]"));
    }
    Ok(())
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct PlanFields {
    period: Horizon,
    newcomers: Vec<u32>,
    counts_first_purchases: bool,
}

#[cfg(feature = "serde")]
impl TryFrom<PlanFields> for AcquisitionPlan {
    type Error = Error;

    fn try_from(fields: PlanFields) -> Result<Self> {
        let counts_first_purchases = fields.counts_first_purchases;
        Ok(Self { counts_first_purchases, ..Self::new(fields.period, &fields.newcomers)? })
    }
}

#[cfg(feature = "serde")]
impl From<AcquisitionPlan> for PlanFields {
    fn from(plan: AcquisitionPlan) -> Self {
        let AcquisitionPlan { period, newcomers, counts_first_purchases } = plan;
        Self { period, newcomers, counts_first_purchases }
    }
}
