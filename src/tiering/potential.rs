//! Who could move up, why, and what that is worth.

use crate::error::{Error, Result};
use crate::quantity::Share;

use super::pyramid::checked;
use super::thresholds::Thresholds;
use super::value::Value;

/// What speaks for a customer's rise, one entry per customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence<'a, V> {
    /// His value of the period before, of the same length: he is expected to change by as much once more.
    Trend(&'a [V]),
    /// What a model expects him to be worth.
    Forecast(&'a [f64]),
    /// The share of all that he spends on such goods which he spends here, where known: he could spend it all
    /// here.
    Wallet(&'a [Option<Share>]),
}

/// Which evidence speaks for a [`Candidate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Reason {
    /// [`Evidence::Trend`].
    Trend,
    /// [`Evidence::Forecast`].
    Forecast,
    /// [`Evidence::Wallet`].
    Wallet,
}

/// A customer who could move up.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Candidate {
    /// His position in the input.
    pub customer: usize,
    /// His tier today, counted from 0 for the best.
    pub from: usize,
    /// The tier that he could reach.
    pub to: usize,
    /// What speaks for it.
    pub reason: Reason,
    /// What he could be worth, in the money of the values.
    pub expected: f64,
    /// What he could be worth more than today.
    pub at_stake: f64,
}

/// The customers whose evidence puts them into a better tier than their value does, most money at stake first.
///
/// Of equal stakes the earlier customer comes first.
///
/// # Formula
/// ```text
/// expected = value + (value − before)   by trend
///          = the forecast               by forecast
///          = value / share of wallet    by wallet
/// at stake = expected − value
/// ```
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without a value; [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for
/// evidence of another length; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its row for a value or
/// forecast that is not finite, or a share of wallet of 0; [`Overflow`](crate::ErrorKind::Overflow) for an
/// expectation beyond the values' type.
///
/// # Example
/// ```
/// use goodwill::tiering::{Evidence, Thresholds, potential};
///
/// let card = Thresholds::new([("gold", 1_000.0), ("silver", 200.0)], "basic")?;
/// let now = [150.0, 400.0, 900.0];
/// let rising = potential(&card, &now, Evidence::Trend(&[120.0, 500.0, 700.0]))?;
/// assert_eq!(rising.len(), 1); // 150 becomes 180, 400 becomes 300, and 900 becomes 1,100: gold
/// assert_eq!((rising[0].customer, rising[0].from, rising[0].to), (2, 1, 0));
/// assert_eq!(rising[0].at_stake, 200.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn potential<V: Value>(
    thresholds: &Thresholds<V>,
    values: &[V],
    evidence: Evidence<'_, V>,
) -> Result<Vec<Candidate>> {
    checked(values)?;
    let (name, len) = match evidence {
        Evidence::Trend(before) => ("values before", before.len()),
        Evidence::Forecast(forecasts) => ("forecasts", forecasts.len()),
        Evidence::Wallet(shares) => ("shares of wallet", shares.len()),
    };
    if len != values.len() {
        return Err(Error::length_mismatch(("values", values.len()), (name, len)));
    }
    let mut candidates = Vec::new();
    for (customer, &value) in values.iter().enumerate() {
        let rise = rise(thresholds, value, customer, evidence);
        let Some(rise) = rise.map_err(|error| error.at_row(customer))? else { continue };
        let Rise { to, reason, expected, at_stake } = rise;
        let from = thresholds.tier_of(value)?;
        if !at_stake.is_finite() {
            return Err(Error::overflow("what a customer could be worth"));
        }
        if to < from {
            candidates.push(Candidate { customer, from, to, reason, expected, at_stake });
        }
    }
    candidates.sort_by(|a, b| b.at_stake.total_cmp(&a.at_stake));
    Ok(candidates)
}

/// What one customer could come to.
struct Rise {
    to: usize,
    reason: Reason,
    expected: f64,
    at_stake: f64,
}

/// `None` where nothing is known.
fn rise<V: Value>(
    thresholds: &Thresholds<V>,
    now: V,
    customer: usize,
    evidence: Evidence<'_, V>,
) -> Result<Option<Rise>> {
    let to_value = |expected: V, reason: Reason| {
        let (to, expected) = (thresholds.tier_of(expected)?, expected.to_f64());
        Ok(Some(Rise { to, reason, expected, at_stake: expected - now.to_f64() }))
    };
    match evidence {
        Evidence::Trend(before) => {
            // now + (now − before), of which no part leaves the range sooner than the whole.
            let fall = before[customer].checked()?.less(now)?;
            to_value(now.less(fall)?, Reason::Trend)
        }
        Evidence::Forecast(forecasts) => {
            let expected = forecasts[customer];
            if !expected.is_finite() {
                return Err(Error::out_of_domain("forecast", expected, "(-∞, ∞)"));
            }
            let to = thresholds.floors().partition_point(|floor| floor.to_f64() > expected);
            let at_stake = expected - now.to_f64();
            Ok(Some(Rise { to, reason: Reason::Forecast, expected, at_stake }))
        }
        Evidence::Wallet(shares) => {
            let Some(share) = shares[customer] else { return Ok(None) };
            if share == Share::ZERO {
                return Err(Error::out_of_domain("share of wallet", share, "(0, 1]"));
            }
            to_value(now.whole_of(share)?, Reason::Wallet)
        }
    }
}
