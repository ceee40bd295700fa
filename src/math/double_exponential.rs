//! Integrals over a half-line or an interval by the double-exponential rule.

use std::f64::consts::FRAC_PI_2;

/// Relative difference of two step widths at which the integral is taken as found: the error of the finer
/// one is about the square of it.
const TOLERANCE: f64 = 1e-9;
/// The step is halved at most this often: 2¹⁰ nodes a unit.
const HALVINGS: usize = 10;

/// ∫₀ᵘ f(t) dt for a positive f that is smooth inside and decays, if `upper` is `None`, at least
/// exponentially beyond a few times `scale`.
///
/// # Formula
/// ```text
/// finite:  t = u·(1 + tanh(½π sinh v))/2        infinite:  t = scale·exp(½π sinh v)
/// ```
///
/// # Reference
/// Takahasi and Mori (1974), Publications of the RIMS, Kyoto University 9, 721–741.
pub(crate) fn integrate(upper: Option<f64>, scale: f64, f: impl Fn(f64) -> f64) -> f64 {
    let term = |v: f64| {
        let (s, c) = (FRAC_PI_2 * v.sinh(), FRAC_PI_2 * v.cosh());
        let (t, weight) = match upper {
            // (1 + tanh s)/2 and its derivative, from the smaller exponential.
            Some(upper) => {
                let small = (-2.0 * s.abs()).exp();
                let part = if s < 0.0 { small } else { 1.0 } / (1.0 + small);
                (upper * part, upper * 2.0 * c * small / (1.0 + small).powi(2))
            }
            None => (scale * s.exp(), scale * s.exp() * c),
        };
        if weight > 0.0 { weight * f(t) } else { 0.0 }
    };
    let mut step = 0.5;
    let mut sum = side(0.0, step, &term) + side(-step, -step, &term);
    let mut integral = sum * step;
    for _ in 0..HALVINGS {
        sum += side(0.5 * step, step, &term) + side(-0.5 * step, -step, &term);
        step *= 0.5;
        let finer = sum * step;
        let change = (finer - integral).abs();
        integral = finer;
        if !(change > TOLERANCE * finer.abs()) {
            break;
        }
    }
    integral
}

/// Terms from `start` outward, until they no longer count.
fn side(start: f64, step: f64, term: &impl Fn(f64) -> f64) -> f64 {
    /// Beyond |v| = 6.5 both substitutions have left the range of `f64`.
    const REACH: f64 = 6.5;
    let mut sum = 0.0_f64;
    let mut largest = 0.0_f64;
    let mut v = start;
    while v.abs() <= REACH {
        let value = term(v);
        sum += value;
        largest = largest.max(value);
        if value < 1e-18 * largest {
            break;
        }
        v += step;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-13 * want, "{got} is not {want}");
    }

    #[test]
    fn known_integrals() {
        close(integrate(None, 1.0, |t| (-t).exp()), 1.0);
        close(integrate(None, 1e3, |t| (-t).exp()), 1.0);
        // ∫ e^{−t}/√t = √π
        close(integrate(None, 1.0, |t| (-t).exp() / t.sqrt()), std::f64::consts::PI.sqrt());
        close(integrate(Some(2.0), 1.0, |t| t * t), 8.0 / 3.0);
        // ∫₀¹⁰⁰⁰ 1/(1 + t) = ln 1001
        close(integrate(Some(1e3), 1.0, |t| 1.0 / (1.0 + t)), 1001.0_f64.ln());
    }
}
