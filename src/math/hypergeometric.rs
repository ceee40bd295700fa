//! Gauss's hypergeometric function in logarithms, and the mean of a saturating function under a
//! beta law.

use super::beta::{ln_beta, ln_beta_at_mean};
use super::logistic::{STRAIGHT_AFTER, Tail, ln_integral, trapezoid_step};

/// Terms of a power series before the integral is taken instead.
const MAX_TERMS: u32 = 256;

/// ln ₂F₁(a, b; c; z) for a, b, c > 0 and z < 1.
///
/// Where the power series has more than 256 terms, c > min(a, b) is needed for Euler's integral; a
/// smaller c is lifted by up to four contiguous steps. NaN where none of this leads to a value.
///
/// Absolute error of the logarithm (relative error of ₂F₁) 4.6e-13 on the four grids, where |ln
/// ₂F₁| goes to 2,000: two units in its last place; otherwise 2e-14 of 1 + |ln ₂F₁|, parameters up
/// to 1e3.
///
/// # Formula
///
/// ```text
/// 0 ≤ z:  ₂F₁ = Σ (a)ₖ (b)ₖ / ((c)ₖ k!) zᵏ
/// z < 0:  ₂F₁ = (1 − z)^(−a) ₂F₁(a, c−b; c; z/(z−1))
/// else:   ₂F₁ = 1/B(b, c−b) · ∫ e^h(y) dy,
///         h(y) = b y − (c−a) ln(1 + eʸ) − a ln(1 + (1−z) eʸ)
/// ```
///
/// # Reference
///
/// DLMF 15.2.1, 15.8.1, 15.6.1 (with t = eʸ/(1 + eʸ)), 15.5.18.
pub(crate) fn ln_hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    ln_hypergeometric_complement(a, b, c, z, 1.0 - z)
}

/// [`ln_hypergeometric`] for callers who know 1 − z better than the subtraction does.
pub(crate) fn ln_hypergeometric_complement(
    a: f64,
    b: f64,
    c: f64,
    z: f64,
    one_minus_z: f64,
) -> f64 {
    let (a, b) = if a < b { (b, a) } else { (a, b) };
    if !(b > 0.0 && c > 0.0 && one_minus_z > 0.0 && a + c + one_minus_z < f64::INFINITY) {
        return f64::NAN;
    }
    let ln_one_minus_z = if z.abs() < 0.5 { (-z).ln_1p() } else { one_minus_z.ln() };
    let argument = Argument { z, one_minus_z, ln_one_minus_z };
    by_series(a, b, c, &argument)
        .or_else(|| by_integral(a, b, c, &argument))
        .unwrap_or_else(|| by_contiguous_lift(a, b, c, &argument, 4))
}

/// z in the three forms that the methods need.
struct Argument {
    z: f64,
    one_minus_z: f64,
    ln_one_minus_z: f64,
}

/// The power series, where all its terms are positive and few.
fn by_series(a: f64, b: f64, c: f64, argument: &Argument) -> Option<f64> {
    let z = argument.z;
    if z >= 0.0 {
        return ln_positive_series(a, b, c, z);
    }
    if c < b {
        return None;
    }
    let pfaff = -z / argument.one_minus_z;
    // (1−z)^(−a) ₂F₁(a, c−b) or the same with a and b exchanged, whichever has the smaller terms
    let (kept, other) = if c > a && b * (c - a) < a * (c - b) { (b, a) } else { (a, b) };
    let series = ln_positive_series(kept, c - other, c, pfaff)?;
    Some(series - kept * argument.ln_one_minus_z)
}

/// ln Σ (a)ₖ (b)ₖ / ((c)ₖ k!) zᵏ for positive terms; none if it takes more than 256 of them.
fn ln_positive_series(a: f64, b: f64, c: f64, z: f64) -> Option<f64> {
    const LARGE: f64 = 1e280;
    let (mut term, mut sum, mut one, mut scale) = (1.0, 0.0, 1.0, 0.0);
    for k in 0..MAX_TERMS {
        let k = f64::from(k);
        let ratio = (a + k) * (b + k) / ((c + k) * (k + 1.0)) * z;
        term *= ratio;
        sum += term;
        // later ratios lie between this one and z
        let bound = if ratio > z { ratio } else { z };
        if term <= 1e-17 * (one + sum) * (1.0 - bound) {
            return Some(if scale > 0.0 { scale + (one + sum).ln() } else { sum.ln_1p() });
        }
        if sum > LARGE {
            term /= LARGE;
            sum /= LARGE;
            one /= LARGE;
            scale += LARGE.ln();
        }
    }
    None
}

/// Euler's integral by the trapezoid rule; none if c ≤ b.
fn by_integral(a: f64, b: f64, c: f64, argument: &Argument) -> Option<f64> {
    let (zeta, ln_zeta) = (argument.one_minus_z, argument.ln_one_minus_z);
    let rest = c - b;
    if rest <= 0.0 {
        return None;
    }
    // the slope vanishes at the positive root w = eʸ of ζ (c−b) w² − linear·w − b = 0
    let linear = (a - rest) + (b - a) * zeta;
    let root = (linear * linear + 4.0 * zeta * rest * b).sqrt();
    let w = if linear > 0.0 {
        (linear + root) / (2.0 * zeta * rest)
    } else {
        2.0 * b / (root - linear)
    };
    let v = zeta * w;
    let bend = (c - a) * w / ((1.0 + w) * (1.0 + w)) + a * v / ((1.0 + v) * (1.0 + v));
    let h = |y: f64| {
        // the straight parts by region, so that nothing large cancels in the ends
        let x = y + ln_zeta;
        let straight = match (y > 0.0, x > 0.0) {
            (false, false) => b * y,
            (true, false) => (a - rest) * y,
            (false, true) => (b - a) * y - a * ln_zeta,
            (true, true) => -rest * y - a * ln_zeta,
        };
        straight - (c - a) * (-y.abs()).exp().ln_1p() - a * (-x.abs()).exp().ln_1p()
    };
    let size = (c - a).abs();
    let left = Tail { rate: b, from: -STRAIGHT_AFTER - (size + a * zeta).ln() };
    let right = Tail { rate: rest, from: STRAIGHT_AFTER + (size + a / zeta).ln() };
    let integral = ln_integral(h, w.ln(), trapezoid_step(bend, b, rest), left, right);
    Some(integral - ln_beta(b, rest))
}

/// ₂F₁ at c ≤ b from c + 1 and c + 2.
///
/// # Formula
///
/// ```text
/// c (c+1) (1−z) F(c) = (c+1) [c − (2c+1−a−b) z] F(c+1) + (c+1−a) (c+1−b) z F(c+2)
/// ```
fn by_contiguous_lift(a: f64, b: f64, c: f64, argument: &Argument, depth: u32) -> f64 {
    if depth == 0 {
        return f64::NAN;
    }
    let (z, zeta) = (argument.z, argument.one_minus_z);
    let at = |c: f64| {
        by_series(a, b, c, argument)
            .or_else(|| by_integral(a, b, c, argument))
            .unwrap_or_else(|| by_contiguous_lift(a, b, c, argument, depth - 1))
    };
    let (first, second) = (at(c + 1.0), at(c + 2.0));
    // c − (2c+1−a−b) z = c (1−z) + (a + b − c − 1) z
    let near = (c + 1.0) * (c * zeta + (a + b - c - 1.0) * z);
    let far = (c + 1.0 - a) * (c + 1.0 - b) * z;
    first + (near + far * (second - first).exp()).ln()
        - (c * (c + 1.0)).ln()
        - argument.ln_one_minus_z
}

/// G = E[(1 − (1 + p τ)^(−s)) / p] for p ~ Beta(a, b), with a, b, s > 0 and τ ≥ 0.
///
/// Positive throughout and smooth at a = 1, where the closed form divides zero by zero. Relative
/// error 1.1e-14 on a ≤ 1e3, b ≤ 1e4, s ≤ 6e3, τ ≤ 1e4.
///
/// # Formula
///
/// ```text
/// z = τ/(1+τ):  G = (1−z)^s Σ_{j≥1} (s)ⱼ zʲ / j! · Σ_{i<j} (b)ᵢ / (a+b)ᵢ
/// else:         G = 1/B(a, b) · ∫ e^h(y) dy,
///               h(y) = a y − (a+b) ln(1 + eʸ) + ln[(1 − (1 + p τ)^(−s)) / p],  p = eʸ/(1 + eʸ)
/// a ≠ 1:        G = (a+b−1)/(a−1) · [1 − ₂F₁(s, a−1; a+b−1; −τ)]
/// ```
///
/// The series is E[Σ_{i<N} (1−p)ⁱ] for a negative binomial N with probability generating function
/// E[qᴺ] = (1 + (1−q) τ)^(−s).
pub(crate) fn beta_mean_of_saturation(a: f64, b: f64, s: f64, tau: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && s > 0.0 && tau >= 0.0 && a + b + s + tau < f64::INFINITY) {
        return f64::NAN;
    }
    if tau <= 0.0 {
        return 0.0;
    }
    saturation_by_series(a, b, s, tau).unwrap_or_else(|| saturation_by_integral(a, b, s, tau))
}

/// The series over the negative binomial count; none if it needs more than 256 terms.
fn saturation_by_series(a: f64, b: f64, s: f64, tau: f64) -> Option<f64> {
    if s * tau > f64::from(MAX_TERMS) || tau > 16.0 {
        return None;
    }
    let z = tau / (1.0 + tau);
    let (mut probability, mut weight, mut weights, mut sum) = (1.0, 1.0, 0.0, 0.0);
    for j in 0..MAX_TERMS {
        let j = f64::from(j);
        let ratio = (s + j) / (j + 1.0) * z;
        probability *= ratio;
        weights += weight;
        weight *= (b + j) / (a + b + j);
        let term = probability * weights;
        sum += term;
        // the inner sum grows at most as j, the ratio moves towards z
        let bound = if ratio > z { ratio } else { z } * (1.0 + 1.0 / (j + 1.0));
        if term <= 1e-17 * sum * (1.0 - bound) {
            return Some((sum.ln() - s * tau.ln_1p()).exp());
        }
    }
    None
}

/// The integral by the trapezoid rule over d = logit p − ln(a/b), the distance from the mean.
///
/// # Formula
///
/// ```text
/// pᵃ (1−p)ᵇ / (p₀ᵃ q₀ᵇ) = e^(a d) / (p₀ eᵈ + q₀)^(a+b),   p₀ = a/(a+b), q₀ = b/(a+b)
/// ```
///
/// so that for large a + b nothing of their size is left to cancel against ln B(a, b).
fn saturation_by_integral(a: f64, b: f64, s: f64, tau: f64) -> f64 {
    let (p0, q0) = (a / (a + b), b / (a + b));
    let mean = (a / b).ln();
    let h = |d: f64| {
        // the side of p = ½ decides which of p and 1 − p is small
        let below = d + mean < 0.0;
        let (straight, small, large, d) =
            if below { (a * d, p0, q0, d) } else { (-b * d, q0, p0, -d) };
        let (growth, growth_less_1) = exp_and_exp_m1(d);
        let (raised, change) = (small * growth, small * growth_less_1);
        let ln_scale = if change < -0.5 { (large + raised).ln() } else { change.ln_1p() };
        let p = if below { raised } else { large } / (large + raised);
        let saturation = -(-s * (p * tau).ln_1p()).exp_m1();
        straight - (a + b) * ln_scale + (saturation / p).ln()
    };
    let (mode, bend) = saturation_mode(a, b, s, tau);
    let left = Tail { rate: a, from: -STRAIGHT_AFTER - (a + b + (s + 1.0) * tau).ln() - mean };
    let right = Tail { rate: b, from: STRAIGHT_AFTER + (a + b + 1.0).ln() - mean };
    // the first order in eʸ never cancels here: a falling elasticity adds to it
    let step = trapezoid_step(bend, f64::INFINITY, f64::INFINITY);
    (ln_integral(h, mode - mean, step, left, right) - ln_beta_at_mean(a, b)).exp()
}

/// eᵈ and eᵈ − 1, both to full relative precision, for one exponential.
fn exp_and_exp_m1(d: f64) -> (f64, f64) {
    if d < -0.7 {
        let growth = d.exp();
        (growth, growth - 1.0)
    } else {
        let change = d.exp_m1();
        (1.0 + change, change)
    }
}

/// Where h is largest, and −h″ there.
///
/// h′ = (1−p) f, f = a − 1 + E(p) − b eʸ, E = d ln(1 − (1+pτ)^(−s)) / d ln p falling from 1 to 0,
/// so f falls and has one root; Newton steps kept inside a bracket.
fn saturation_mode(a: f64, b: f64, s: f64, tau: f64) -> (f64, f64) {
    let mut high = (a / b).ln();
    let mut low = (0.5 * a / b).min(a / ((s + 1.0) * tau)).ln();
    let mut y = 0.5 * (low + high);
    let mut bend = 0.0;
    for _ in 0..60 {
        let w = y.exp();
        let q = 1.0 / (1.0 + w);
        let p = w * q;
        let v = p * tau;
        let relative = s * v / (1.0 + v);
        let elasticity = relative / (s * v.ln_1p()).exp_m1();
        let f = a - 1.0 + elasticity - b * w;
        let fall = b * w - elasticity * (1.0 / (1.0 + v) - relative - elasticity) * q;
        bend = q * fall;
        if f > 0.0 {
            low = y;
        } else {
            high = y;
        }
        let newton = y + f / fall;
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        let done = (next - y).abs() * bend.sqrt().max(1.0) < 0.1;
        y = next;
        if done {
            break;
        }
    }
    (y, bend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::grids::grid;

    #[test]
    fn four_grids_of_the_models() {
        for name in ["hyp2f1_S1", "hyp2f1_S2", "hyp2f1_S4", "hyp2f1_S5"] {
            for row in grid(name) {
                let error = (ln_hypergeometric(row[0], row[1], row[2], row[3]) - row[5]).abs();
                assert!(error < 5e-13, "{name} {row:?}: {error:e}");
            }
        }
    }

    #[test]
    fn far_outside_the_models() {
        for row in grid("hyp2f1_wide") {
            let got = ln_hypergeometric_complement(row[0], row[1], row[2], row[3], row[5]);
            let error = (got - row[4]).abs() / (1.0 + row[4].abs());
            assert!(error < 2e-14, "{row:?}: {error:e}");
        }
    }

    #[test]
    fn elementary_cases() {
        let close = |got: f64, want: f64| assert!((got - want).abs() < 1e-13 * (1.0 + want.abs()));
        for z in [-1e12, -37.0, -1e-9, 0.0, 1e-9, 0.4, 0.999_999] {
            // ₂F₁(a, b; b; z) = (1−z)^(−a) and ₂F₁(1, 1; 2; z) = −ln(1−z)/z
            close(ln_hypergeometric(2.5, 1.5, 2.5, z), -1.5 * (-z).ln_1p());
            if z.abs() > 0.0 {
                close(ln_hypergeometric(1.0, 1.0, 2.0, z), (-(-z).ln_1p() / z).ln());
            }
        }
        let (plain, swapped) =
            (ln_hypergeometric(9.0, 2.0, 5.0, -3.0), ln_hypergeometric(2.0, 9.0, 5.0, -3.0));
        assert_eq!(plain.to_bits(), swapped.to_bits());
    }

    #[test]
    fn saturation_on_the_grid() {
        for row in grid("saturation") {
            let got = beta_mean_of_saturation(row[0], row[1], row[2], row[3]);
            let error = (got / row[4] - 1.0).abs();
            assert!(error < 2e-14, "{row:?}: {error:e}");
        }
    }

    #[test]
    fn the_two_roads_of_saturation_meet() {
        for a in [0.02, 0.9, 1.0, 30.0] {
            for (b, s, tau) in [(0.1, 2.0, 3.0), (5.0, 0.01, 0.5), (80.0, 40.0, 0.7)] {
                let series = saturation_by_series(a, b, s, tau).unwrap_or(f64::NAN);
                let integral = saturation_by_integral(a, b, s, tau);
                assert!((series / integral - 1.0).abs() < 1e-13, "{a} {b} {s} {tau}");
                // dG/dτ = s ₂F₁(s+1, a; a+b; −τ)
                let (up, down) = (1.0001 * tau, 0.9999 * tau);
                let slope = (beta_mean_of_saturation(a, b, s, up)
                    - beta_mean_of_saturation(a, b, s, down))
                    / (up - down);
                let rate = s * ln_hypergeometric(s + 1.0, a, a + b, -tau).exp();
                assert!((slope / rate - 1.0).abs() < 1e-6);
            }
        }
        assert_eq!(beta_mean_of_saturation(2.0, 3.0, 1.0, 0.0).to_bits(), 0);
        assert!((beta_mean_of_saturation(2.0, 3.0, 1.0, 1e-200) / 1e-200 - 1.0).abs() < 1e-13);
    }

    #[test]
    fn garbage_is_nan() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0] {
            assert!(ln_hypergeometric(bad, 1.0, 2.0, 0.5).is_nan());
            assert!(ln_hypergeometric(1.0, bad, 2.0, -5.0).is_nan());
            assert!(ln_hypergeometric(1.0, 2.0, bad, -5.0).is_nan());
            assert!(beta_mean_of_saturation(bad, 1.0, 1.0, 1.0).is_nan());
            assert!(beta_mean_of_saturation(1.0, bad, 1.0, 1.0).is_nan());
            assert!(beta_mean_of_saturation(1.0, 1.0, bad, 1.0).is_nan());
        }
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.0, 2.0] {
            assert!(ln_hypergeometric(1.0, 1.0, 2.0, bad).is_nan());
            assert!(beta_mean_of_saturation(1.0, 1.0, 1.0, -bad).is_nan());
        }
        let _ = ln_hypergeometric(1e300, 1e-300, 1e300, 1.0 - 1e-16);
        let _ = beta_mean_of_saturation(1e300, 1e-300, 1e300, 1e300);
    }
}
