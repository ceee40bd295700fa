//! Sums over the renewals to come.

use crate::error::{Error, Result};
use crate::math::double_exponential::integrate;
use crate::time::{Horizon, TimeUnit};

/// Terms that are added one by one before the rest is integrated.
const DIRECT: u32 = 1_024;
/// The longest finite horizon, in periods: a day each for 2,700 years.
const MOST: f64 = 1e6;

/// A horizon as a number of periods, whole but for rounding of the day counts; `None` for ever.
pub(in crate::lifetime) fn periods(horizon: Horizon, period: TimeUnit) -> Result<Option<f64>> {
    horizon.in_unit(period).map(whole).transpose()
}

/// The same for periods of any length above 0 days.
pub(in crate::lifetime) fn cycles(horizon: Horizon, days: f64) -> Result<Option<f64>> {
    horizon.in_unit(TimeUnit::Day).map(|span| whole(span / days)).transpose()
}

fn whole(periods: f64) -> Result<f64> {
    /// The day counts have eight digits; a dozen products of them stay within this.
    const ROUNDING: f64 = 1e-12;
    let nearest = periods.round();
    if (periods - nearest).abs() <= ROUNDING * nearest {
        Ok(nearest)
    } else {
        Err(Error::out_of_domain("horizon in periods", periods, "the whole numbers"))
    }
}

/// The same for what is added period by period.
pub(in crate::lifetime) fn countable(horizon: Horizon, period: TimeUnit) -> Result<Option<u32>> {
    periods(horizon, period)?.map(counted).transpose()
}

/// [`cycles`] of what is added period by period.
pub(in crate::lifetime) fn countable_cycles(horizon: Horizon, days: f64) -> Result<Option<u32>> {
    cycles(horizon, days)?.map(counted).transpose()
}

fn counted(periods: f64) -> Result<u32> {
    if periods <= MOST {
        Ok(periods as u32)
    } else {
        Err(Error::out_of_domain("horizon in periods", periods, "[0, 10⁶] or for ever"))
    }
}

/// Terms below this part of the sum no longer count.
const NEGLIGIBLE: f64 = 1e-19;

/// Σ f(k) for k = 0, 1, … n − 1, or for ever with `None`; none where that leaves the range of `f64` or
/// converges too slowly to be known.
///
/// `f` is positive, smooth, and falls; for ever, it must be summable.
pub(in crate::lifetime) fn sum(n: Option<u32>, f: impl Fn(f64) -> f64) -> Option<f64> {
    let direct = n.unwrap_or(DIRECT);
    let mut sum = 0.0;
    let mut before = f64::INFINITY;
    for k in 0..direct {
        let term = f(f64::from(k));
        sum += term;
        // What follows a falling ratio is at most its geometric series.
        if k > 0 && term <= NEGLIGIBLE * sum * (1.0 - term / before).max(0.0) {
            return sum.is_finite().then_some(sum);
        }
        before = term;
    }
    let total = sum + if n.is_none() { rest(&f, sum)? } else { 0.0 };
    total.is_finite().then_some(total)
}

/// Σ f(k) for k = M, M + 1, … by Euler and Maclaurin's formula, to be added to `known`.
///
/// # Formula
/// ```text
/// Σ_{k≥M} f(k) = ∫_M^∞ f + f(M)/2 − f′(M)/12 + …,   ∫_M^∞ f = ∫₀^∞ f(M·eˢ)·M·eˢ ds
/// ```
///
/// # Reference
/// DLMF 2.10.1.
fn rest(f: &impl Fn(f64) -> f64, known: f64) -> Option<f64> {
    /// M·eˢ stays within the range of `f64`.
    const FURTHEST: f64 = 690.0;
    let from = f64::from(DIRECT);
    let at = |s: f64| {
        let t = from * s.exp();
        f(t) * t
    };
    let mut end = 1.0;
    while at(end) > NEGLIGIBLE * known && end < FURTHEST {
        end = (2.0 * end).min(FURTHEST);
    }
    let integral = integrate(Some(end), 1.0, at);
    // At the end f is a power of t, if it still counts.
    let decay = (at(end - 1.0) / at(end)).ln();
    let beyond = if at(end) > 0.0 { at(end) / decay } else { 0.0 };
    let slope = 0.5 * (f(from + 1.0) - f(from - 1.0));
    let rest = integral + beyond + 0.5 * f(from) - slope / 12.0;
    (beyond >= 0.0 && beyond <= 1e-2 * (known + rest)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: Option<f64>, want: f64) {
        let error = (got.unwrap() / want - 1.0).abs();
        assert!(error < 1e-13, "{got:?} is not {want}: {error:e}");
    }

    #[test]
    fn known_sums() {
        // Σ 1/(1 + k)² = π²/6, Σ 1/((k + 1)(k + 2)) = 1, Σ qᵏ = 1/(1 − q).
        let sixth = std::f64::consts::PI.powi(2) / 6.0;
        close(sum(None, |k| (1.0 + k).powi(-2)), sixth);
        close(sum(None, |k| 1.0 / ((k + 1.0) * (k + 2.0))), 1.0);
        for rate in [1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 5.0] {
            close(sum(None, |k| (-rate * k).exp()), -1.0 / (-rate).exp_m1());
            close(sum(Some(9_000), |k| (-rate * k).exp()), {
                (-rate * 9_000.0).exp_m1() / (-rate).exp_m1()
            });
        }
        // ζ(1.02, 1) by mpmath
        close(sum(None, |k| (1.0 + k).powf(-1.02)), 50.578_670_041_015_603);
        assert_eq!(sum(Some(0), |_| 1.0), Some(0.0));
        assert_eq!(sum(None, |k| 1.0 / (1.0 + k)), None);
    }
}
