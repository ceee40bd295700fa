//! What later money is worth now: discounting and the value of a constant retention.

use crate::error::{Error, Result};
use crate::time::{DiscountRate, Horizon, TimeUnit};

/// When the first margin of a customer comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum FirstMargin {
    /// At once, certain and undiscounted.
    Now,
    /// One period from now, if the customer is retained.
    AfterRenewal,
}

/// Today's worth of one unit of money received at the end of the horizon.
///
/// # Formula
/// ```text
/// (1 + d)^{−t};   for ever: 0 if d > 0, 1 if d = 0
/// ```
///
/// # Errors
/// [`Undefined`](crate::ErrorKind::Undefined) for ever at a negative rate, or so long at one that the factor
/// leaves the range of `f64`.
///
/// # Example
/// ```
/// use goodwill::{DiscountRate, Horizon, present_value};
///
/// let factor = present_value::discount_factor(DiscountRate::annual(0.10)?, Horizon::years(2.0)?)?;
/// assert!((factor - 1.0 / 1.21).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn discount_factor(rate: DiscountRate, horizon: Horizon) -> Result<f64> {
    let delta = rate.continuous_per(TimeUnit::Year);
    match horizon.in_unit(TimeUnit::Year) {
        Some(years) => match (-delta * years).exp() {
            factor if factor.is_finite() => Ok(factor),
            _ => Err(Error::undefined("discount factor", "the value leaves the range of f64")),
        },
        None if delta > 0.0 => Ok(0.0),
        None if delta < 0.0 => Err(Error::undefined(
            "discount factor",
            "at a negative rate, money infinitely late is worth infinitely much",
        )),
        None => Ok(1.0),
    }
}

/// Σ qᵗ for t = 0 … n − 1, or for ever with `None`: payments now and at the end of each period while
/// each is worth q of the one before.
///
/// `shrink` is 1 − q, given apart because it is often known more exactly than q.
pub(crate) fn annuity_due(shrink: f64, periods: Option<f64>) -> Option<f64> {
    match periods {
        Some(n) if shrink == 0.0 => Some(n),
        // ln_1p(−1) is −∞ and exp_m1 of it −1: with q = 0 there is one payment, if any.
        Some(n) if n > 0.0 => Some(-(n * (-shrink).ln_1p()).exp_m1() / shrink),
        Some(_) => Some(0.0),
        None if shrink > 0.0 => Some(1.0 / shrink),
        None => None,
    }
}
