//! A budget parted so that its last unit brings as much everywhere.

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;
use crate::math::root::first_that;

use super::response::Response;
use super::{cost, within};

/// Prospects or customers who answer alike: how many, how they answer to money spent on each, and what each success is
/// worth.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Pool {
    members: f64,
    response: Response,
    value: f64,
}

impl Pool {
    /// So many members, how likely each is won or kept for the money spent on him, and what each success is worth.
    ///
    /// # Units
    /// The value is in the unit of money of the response's spend, and so is the budget of [`allocate`].
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for members or a value outside [0, 10¹²].
    pub fn new(members: f64, response: Response, value: f64) -> Result<Self> {
        let members = within("members", members, 0.0..=1e12, "[0, 1e12]")?;
        Ok(Self { members, response, value: cost("value", value)? })
    }
}

/// A budget parted among pools.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Allocation {
    /// What each pool gets, in the caller's order.
    pub lines: Vec<PoolSpend>,
    /// All that is spent: never more than the budget.
    pub spend: f64,
    /// What it brings: Σ won × value − spend.
    pub gain: f64,
    /// What one more unit of budget would add to the gain; 0 where the budget is more than is worth spending.
    pub shadow_price: f64,
}

/// What one pool gets.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PoolSpend {
    /// Money for each member.
    pub spend_each: f64,
    /// Money for the pool.
    pub spend: f64,
    /// Members won or kept.
    pub won: f64,
    /// What one more of them would cost.
    pub marginal_cost: f64,
    /// What the last unit of money brings back: value / marginal cost.
    pub marginal_return: f64,
}

/// Parts a budget among pools so that the gain is the largest. A pool whose first unit of money brings less than that gets
/// nothing. The order of the pools changes no bit.
///
/// # Formula
/// ```text
/// max Σ n·(rate(s)·V − s)  under  Σ n·s ≤ B:   rate′(s)·V = 1 + λ where s > 0, at most 1 + λ where s = 0
/// ```
/// λ the shadow price of the budget: 0 while it does not bind. The marginal cost is then V/(1 + λ): the same share of the
/// value everywhere, and the value itself only where the budget does not bind.
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without a pool; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a budget outside
/// [0, 10¹⁵].
///
/// # Example
/// ```
/// use goodwill::growth::{Pool, Response, allocate};
///
/// // 1,000 prospects of whom 40 % can be won, 1,000 customers of whom 70 % can be kept; each is worth 155.
/// let winning = Pool::new(1_000.0, Response::new(0.4, 0.1)?, 155.0)?;
/// let keeping = Pool::new(1_000.0, Response::new(0.7, 0.06)?, 155.0)?;
/// let plan = allocate(&[winning, keeping], 20_000.0)?;
/// assert_eq!((plan.lines[0].spend.round(), plan.lines[1].spend.round()), (7_195.0, 12_805.0));
/// // The last unit brings back as much in both, and so would the next one.
/// assert!((plan.lines[0].marginal_return - (1.0 + plan.shadow_price)).abs() < 1e-12);
/// assert!((plan.lines[1].marginal_return - (1.0 + plan.shadow_price)).abs() < 1e-12);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Koopman (1953), Journal of the Operations Research Society of America 1(2), 52–62, for the rule; Blattberg and
/// Deighton (1996) for the response.
pub fn allocate(pools: &[Pool], budget: f64) -> Result<Allocation> {
    if pools.is_empty() {
        return Err(Error::empty("pools"));
    }
    let budget = within("budget", budget, 0.0..=1e15, "[0, 1e15]")?;
    let of_pool = |pool: &Pool, back: f64| pool.response.spend_bringing(back, pool.value);
    let total = |back: f64| sum(pools.iter().map(|pool| pool.members * of_pool(pool, back)));
    let back = if total(1.0) <= budget {
        1.0
    } else {
        // So much that no first unit of money brings it, if not before.
        first_that(|back| total(back) <= budget).unwrap_or(f64::MAX)
    };
    let line = |pool: &Pool| {
        let spend_each = of_pool(pool, back);
        let slope = pool.response.slope(spend_each);
        PoolSpend {
            spend_each,
            spend: pool.members * spend_each,
            won: pool.members * pool.response.reached(spend_each),
            marginal_cost: 1.0 / slope,
            marginal_return: slope * pool.value,
        }
    };
    let lines: Vec<PoolSpend> = pools.iter().map(line).collect();
    let gains = lines.iter().zip(pools).map(|(line, pool)| line.won * pool.value - line.spend);
    let (spend, gain) = (total(back), sum(gains));
    Ok(Allocation { lines, spend, gain, shadow_price: back - 1.0 })
}

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut total = ExactSum::new();
    values.for_each(|value| total.add(value));
    total.value()
}
