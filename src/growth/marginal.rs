//! Average against marginal cost: what the last step of spending brought.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money::{difference, to_f64};

use super::{planned, within};

/// What was achieved at several levels of spending: customers won by an acquisition budget, or kept by a retention
/// budget.
///
/// # Example
/// ```
/// use goodwill::growth::SpendLevels;
///
/// // 10,000 bring 100 customers, 20,000 bring 150, 30,000 bring 160.
/// let levels = [(10_000, 100), (20_000, 150), (30_000, 160)].map(|(spend, won)| (spend.into(), won));
/// let levels = SpendLevels::new(&levels)?;
/// let last = levels.levels()[2];
/// assert_eq!(last.average_cost, Some(187.5)); // it looks cheap …
/// assert_eq!(last.marginal_cost, Some(1_000.0)); // … and each of the last ten cost 1,000
/// // Of customers worth 300 each, the second level earns most.
/// assert_eq!(levels.best(300.0)?.map(|level| level.spend), Some(20_000.into()));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SpendLevels {
    levels: Vec<SpendLevel>,
}

/// One level of spending.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SpendLevel {
    /// Money spent in all.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub spend: Decimal,
    /// Customers won or kept in all.
    pub customers: u64,
    /// Spend / customers; `None` without customers.
    pub average_cost: Option<f64>,
    /// What was spent on top of the level below, for each customer on top of it; of the lowest level on top of
    /// nothing. `None` where there were none.
    pub marginal_cost: Option<f64>,
}

impl SpendLevels {
    /// Each level with its spend and the customers it won or kept in all, from the lowest spend to the highest.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a level; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its row
    /// for a spend below 0; [`Inconsistent`](crate::ErrorKind::Inconsistent) with its row for a spend that is not above
    /// the one before, or customers below those before; [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot
    /// hold a difference.
    pub fn new(levels: &[(Decimal, u64)]) -> Result<Self> {
        if levels.is_empty() {
            return Err(Error::empty("levels of spending"));
        }
        let mut below: Option<(Decimal, u64)> = None;
        let mut all = Vec::with_capacity(levels.len());
        for (row, &(spend, customers)) in levels.iter().enumerate() {
            if spend < Decimal::ZERO {
                return Err(Error::out_of_domain("spend", spend, "[0, ∞)").at_row(row));
            }
            if below.is_some_and(|(less, fewer)| spend <= less || customers < fewer) {
                let what = "a level of spending must be above the one before, and win no fewer";
                return Err(Error::inconsistent(what).at_row(row));
            }
            let (less, fewer) = below.unwrap_or_default();
            let cost =
                |money, customers: u64| (customers > 0).then(|| to_f64(money) / customers as f64);
            all.push(SpendLevel {
                spend: spend.normalize(),
                customers,
                average_cost: cost(spend, customers),
                marginal_cost: cost(difference(spend, less)?, customers - fewer),
            });
            below = Some((spend, customers));
        }
        Ok(Self { levels: all })
    }

    /// The levels, lowest spend first.
    #[must_use]
    pub fn levels(&self) -> &[SpendLevel] {
        &self.levels
    }

    /// The level that earns most where each customer is worth `value`: the largest customers × value − spend; of equals
    /// the lowest. `None` where spending nothing earns more than any.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value outside [−10¹², 10¹²].
    pub fn best(&self, value: f64) -> Result<Option<&SpendLevel>> {
        let value = planned("value", value)?;
        let earns = |level: &SpendLevel| level.customers as f64 * value - to_f64(level.spend);
        let mut best = (0.0, None);
        for level in &self.levels {
            let earned = earns(level);
            if earned > best.0 {
                best = (earned, Some(level));
            }
        }
        Ok(best.1)
    }
}

/// How many times as much winning one costs as keeping one: of all customers, and of the last ones.
///
/// That the *average* is five implies nothing. That the *marginal* cost is five means that money in acquisition would do
/// five times as much in retention, where a customer won is worth as much as one kept.
///
/// # Example
/// ```
/// use goodwill::growth::{BudgetShift, CostRatio, SpendLevels};
///
/// let levels = |rows: [(i64, u64); 2]| SpendLevels::new(&rows.map(|(spend, n)| (spend.into(), n)));
/// let winning = levels([(50_000, 100), (60_000, 150)])?; // 400 on average, 200 for each of the last
/// let keeping = levels([(5_000, 100), (15_000, 150)])?; // 100 on average, 200 for each of the last
/// let ratio = CostRatio::of(&winning.levels()[1], &keeping.levels()[1])?;
/// assert_eq!((ratio.average, ratio.marginal), (4.0, 1.0));
/// assert_eq!(ratio.shift(1_000.0, 1_000.0)?, BudgetShift::Stay);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Pfeifer (2005), Journal of Targeting, Measurement and Analysis for Marketing 13(2), 179–188.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CostRatio {
    /// Average acquisition cost / average retention cost.
    pub average: f64,
    /// Marginal acquisition cost / marginal retention cost.
    pub marginal: f64,
}

/// Where the next unit of a budget should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum BudgetShift {
    /// From retention to acquisition.
    ToAcquisition,
    /// It does as much where it is.
    Stay,
    /// From acquisition to retention.
    ToRetention,
}

impl CostRatio {
    /// The ratio at a level of each.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where a level has no customers, or none on top of the level below, or
    /// where its cost is 0.
    pub fn of(acquisition: &SpendLevel, retention: &SpendLevel) -> Result<Self> {
        let ratio =
            |quantity, of: fn(&SpendLevel) -> Option<f64>| match (of(acquisition), of(retention)) {
                (Some(win), Some(keep)) if win > 0.0 && keep > 0.0 => Ok(win / keep),
                _ => Err(Error::undefined(quantity, "a level wins or keeps nobody, or at no cost")),
            };
        Ok(Self {
            average: ratio("the ratio of average costs", |level| level.average_cost)?,
            marginal: ratio("the ratio of marginal costs", |level| level.marginal_cost)?,
        })
    }

    /// Where money should go, given what a customer won and a customer kept are worth: to where value / marginal cost
    /// is larger. The average costs have no say.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value outside [10⁻⁹, 10¹²].
    pub fn shift(&self, value_won: f64, value_kept: f64) -> Result<BudgetShift> {
        let worth = |name, value| within(name, value, 1e-9..=1e12, "[1e-9, 1e12]");
        let (won, kept) = (
            worth("value of a customer won", value_won)?,
            worth("value of a customer kept", value_kept)?,
        );
        Ok(match (self.marginal * kept).total_cmp(&won) {
            Ordering::Less => BudgetShift::ToAcquisition,
            Ordering::Equal => BudgetShift::Stay,
            Ordering::Greater => BudgetShift::ToRetention,
        })
    }
}
