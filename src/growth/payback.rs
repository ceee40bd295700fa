//! When a customer has earned back what winning him cost.

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;
use crate::math::root::first_that;
use crate::present_value::{annuity_due, discount_factor};
use crate::quantity::Probability;
use crate::time::{DiscountRate, Horizon, TimeUnit};

use super::{cost, planned};

/// When what was spent on winning a customer is earned back.
///
/// Without a discount rate ([`DiscountRate::NONE`]) money later counts as money now.
///
/// # Example
/// ```
/// use goodwill::growth::Payback;
/// use goodwill::{DiscountRate, Probability, TimeUnit};
///
/// // 250 to win a customer who brings 100 a year, the first year's at once, and stays with a chance of 80 %.
/// let stay = Probability::constant(0.8);
/// let payback = |rate| Payback::constant(250.0, 100.0, stay, rate, TimeUnit::Year);
/// // 100 + 80 + 64 = 244 after two renewals, 295.20 after three.
/// assert_eq!(payback(DiscountRate::NONE)?, Payback::After(3));
/// // With 10 % a year 100 + 72.73 + 52.89 + 38.47 = 264.09 still does.
/// assert_eq!(payback(DiscountRate::annual(0.10)?)?, Payback::After(3));
/// // All his margins together are worth 100·1.2/0.4 = 300 at 20 %.
/// let dear = Payback::constant(300.0, 100.0, stay, DiscountRate::annual(0.20)?, TimeUnit::Year)?;
/// assert_eq!(dear, Payback::Never);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Payback {
    /// With the first margin, which comes when he is won.
    AtOnce,
    /// With the margin that comes after so many periods, at least 1.
    After(u64),
    /// Never; of a list of margins: not within it.
    Never,
}

/// A sum that falls short by less than this part of the cost has reached it: rounding decides no tie.
const ROUNDING: f64 = 1e-12;

impl Payback {
    /// Of expected margins by period, the first when the customer is won, each next a period later. They come from any
    /// model. It is the *first* period in which their sum has reached the cost.
    ///
    /// # Formula
    /// ```text
    /// the smallest n with Σ marginₖ/(1 + d)ᵏ ≥ cost,  k = 0 … n
    /// ```
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cost outside [0, 10¹²], or with its row a margin outside
    /// [−10¹², 10¹²]; [`Undefined`](crate::ErrorKind::Undefined) where a discount factor leaves the range of `f64`.
    pub fn of(
        acquisition_cost: f64,
        margins: &[f64],
        rate: DiscountRate,
        period: TimeUnit,
    ) -> Result<Self> {
        let goal = cost("acquisition cost", acquisition_cost)? * (1.0 - ROUNDING);
        let mut earned = ExactSum::new();
        let mut reached = (goal <= 0.0).then_some(0);
        for (row, &margin) in margins.iter().enumerate() {
            let margin = planned("margin", margin).map_err(|error| error.at_row(row))?;
            if reached.is_some() {
                continue; // the rest is only checked
            }
            earned.add(margin * discount_factor(rate, Horizon::new(row as f64, period)?)?);
            if earned.value() >= goal {
                reached = Some(row as u64);
            }
        }
        Ok(match reached {
            Some(0) => Self::AtOnce,
            Some(periods) => Self::After(periods),
            None => Self::Never,
        })
    }

    /// Of a customer who brings the same margin each period while he stays, and stays each time with the same chance.
    ///
    /// # Formula
    /// ```text
    /// the smallest n with margin·Σ (r/(1 + d))ᵏ ≥ cost,  k = 0 … n;   never where cost ≥ margin·(1 + d)/(1 + d − r)
    /// ```
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cost or a margin outside [0, 10¹²];
    /// [`Undefined`](crate::ErrorKind::Undefined) where it takes more than 2⁵³ periods.
    pub fn constant(
        acquisition_cost: f64,
        margin: f64,
        retention: Probability,
        rate: DiscountRate,
        period: TimeUnit,
    ) -> Result<Self> {
        let price = cost("acquisition cost", acquisition_cost)?;
        let margin = cost("margin", margin)?;
        let goal = price * (1.0 - ROUNDING);
        if margin >= goal {
            return Ok(Self::AtOnce);
        }
        let d = rate.per(period);
        // 1 − r/(1 + d).
        let shrink = (d + retention.complement().get()) / (1.0 + d);
        let earned = |periods: Option<f64>| annuity_due(shrink, periods).map(|sum| margin * sum);
        if margin <= 0.0 || earned(None).is_some_and(|ever| ever * (1.0 - ROUNDING) <= price) {
            return Ok(Self::Never);
        }
        let reached = |renewals: f64| earned(Some(renewals + 1.0)).is_some_and(|sum| sum >= goal);
        match first_that(reached).map(f64::ceil) {
            Some(renewals) if renewals <= (1_u64 << 53) as f64 => Ok(Self::After(renewals as u64)),
            _ => Err(Error::undefined("payback period", "it takes more than 2^53 periods")),
        }
    }
}
