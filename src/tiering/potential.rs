//! Who could move up, why, and what that is worth.

use crate::error::{Error, Result};
use crate::money;
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
/// expectation beyond `f64`.
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
        let now = value.to_f64();
        let expectation = expected(now, customer, evidence).map_err(|error| error.at_row(customer));
        let Some((expected, reason)) = expectation? else { continue };
        let from = thresholds.tier_of(value)?;
        let to = thresholds.floors().partition_point(|floor| floor.to_f64() > expected);
        let at_stake = expected - now;
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

/// What one customer could be worth; `None` where nothing is known.
fn expected<V: Value>(
    now: f64,
    customer: usize,
    evidence: Evidence<'_, V>,
) -> Result<Option<(f64, Reason)>> {
    match evidence {
        Evidence::Trend(before) => {
            let before = before[customer].checked()?.to_f64();
            Ok(Some((now + (now - before), Reason::Trend)))
        }
        Evidence::Forecast(forecasts) => {
            let forecast = forecasts[customer];
            if !forecast.is_finite() {
                return Err(Error::out_of_domain("forecast", forecast, "(-∞, ∞)"));
            }
            Ok(Some((forecast, Reason::Forecast)))
        }
        Evidence::Wallet(shares) => {
            let Some(share) = shares[customer] else { return Ok(None) };
            if share == Share::ZERO {
                return Err(Error::out_of_domain("share of wallet", share, "(0, 1]"));
            }
            Ok(Some((now / money::to_f64(share.get()), Reason::Wallet)))
        }
    }
}
