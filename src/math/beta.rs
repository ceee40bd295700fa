//! Logarithm of the beta function.

use super::gamma::{HALF_LN_TWO_PI, ln_gamma, ln_gamma_difference, stirling_remainder};

/// ln B(a, b) for a, b > 0, else NaN; relative error 4.9e-15, near the zeros of ln B 6.7e-16
/// absolute.
///
/// # Formula
///
/// ```text
/// p ≤ q the arguments in order, μ Binet's function:
/// p ≥ 10:  ½ ln 2π − ½ ln q − (p − ½) ln(1 + q/p) − q ln(1 + p/q) + μ(p) + μ(q) − μ(p + q)
/// p < 10:  lnΓ(p) − [lnΓ(q + p) − lnΓ(q)], the bracket without cancellation
/// ```
///
/// # Reference
///
/// DLMF 5.12.1, 5.11.1.
pub(crate) fn ln_beta(a: f64, b: f64) -> f64 {
    let (p, q) = (a.min(b), a.max(b));
    if !a.is_finite() || !b.is_finite() || p <= 0.0 {
        return f64::NAN;
    }
    if p < 10.0 {
        return if q < 1.0 {
            // 1/p + 1/q carries the size; Γ(1+p)Γ(1+q)/Γ(1+p+q) is near 1
            ((p + q) / q).ln() - p.ln() + libm::lgamma(1.0 + p) - ln_gamma_difference(1.0 + q, p)
        } else {
            ln_gamma(p) - ln_gamma_difference(q, p)
        };
    }
    let remainder = stirling_remainder(p) + (stirling_remainder(q) - stirling_remainder(p + q));
    HALF_LN_TWO_PI - 0.5 * q.ln() - (p - 0.5) * (q / p).ln_1p() - q * (p / q).ln_1p() + remainder
}

/// ln [B(a, b) / (p₀ᵃ q₀ᵇ)] at the mean p₀ = a/(a+b) = 1 − q₀, for a, b > 0.
///
/// Small even where ln B is large: both its powers cancel in the formula, not in the arithmetic.
///
/// # Formula
///
/// ```text
/// ½ ln 2π + ½ ln((a+b)/(a b)) + μ(a) + μ(b) − μ(a+b),   μ Binet's function
/// ```
pub(crate) fn ln_beta_at_mean(a: f64, b: f64) -> f64 {
    let remainder = stirling_remainder(a) + (stirling_remainder(b) - stirling_remainder(a + b));
    HALF_LN_TWO_PI + 0.5 * (1.0 / a + 1.0 / b).ln() + remainder
}

/// ln [B(a, b + h) / B(a, b)] for a, b > 0 and h ≥ 0: how many of a beta-distributed many are left after h.
///
/// Relative error 1e-13, or 1e-17 absolute: of the size of the result, not of the four lnΓ whose difference it is.
///
/// # Formula
///
/// ```text
/// b ≥ 10, c = a + b, μ Binet's function:
///     −h ln(1 + a/(b+h)) + (b − ½) ln(1 + ah/(b(c+h))) − a ln(1 + h/c) + μ(b+h) − μ(b) + μ(c) − μ(c+h)
/// b < 10: ln [1 − ah/((b+h)(a+b))] + the same at b + 1
/// ```
pub(crate) fn ln_beta_ratio(a: f64, b: f64, h: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && h >= 0.0) {
        return f64::NAN;
    }
    if h <= 0.0 {
        return 0.0;
    }
    let (small, large) = (a.min(h), a.max(h));
    if small < 0.01 && b < 100.0 {
        // Below the rounding of μ, where the two differences are of the size of the result.
        return ln_gamma_difference(b, small) - ln_gamma_difference(b + large, small);
    }
    let (mut shifted, mut below) = (b, 0.0);
    while shifted < 10.0 {
        let lost = (a / (shifted + a)) * (h / (shifted + h));
        below += if lost < 0.5 {
            (-lost).ln_1p()
        } else {
            // b(b + a + h) / ((b + h)(b + a)), each factor by itself
            (shifted / (shifted + h)).ln() + (h / (shifted + a)).ln_1p()
        };
        shifted += 1.0;
    }
    let (b, c) = (shifted, shifted + a);
    let remainder = (stirling_remainder(b + h) - stirling_remainder(b))
        + (stirling_remainder(c) - stirling_remainder(c + h));
    let main = (b - 0.5) * (a / b * (h / (c + h))).ln_1p()
        - h * (a / (b + h)).ln_1p()
        - a * (h / c).ln_1p();
    below + main + remainder
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::grids::grid;

    #[test]
    fn ln_beta_on_the_grid() {
        for row in grid("ln_beta") {
            let (a, b, want) = (row[0], row[1], row[2]);
            let got = ln_beta(a, b);
            assert!((got - want).abs() < 1e-14 * want.abs(), "B({a}, {b}): {got}, not {want}");
            assert_eq!(got.to_bits(), ln_beta(b, a).to_bits());
        }
        assert!((ln_beta(1e-9, 1e9) - ln_beta(1e-9, 1e9 + 1.0)).abs() < 1e-13);
        assert!((ln_beta(1e12, 1.0) + 1e12_f64.ln()).abs() < 1e-13);
    }

    #[test]
    fn ln_beta_ratio_on_the_grid() {
        for row in grid("ln_beta_ratio") {
            let got = ln_beta_ratio(row[0], row[1], row[2]);
            let error = (got - row[3]).abs();
            assert!(error < 1e-13 * row[3].abs() + 1e-17, "{row:?}: {got}, error {error:e}");
        }
        assert_eq!(ln_beta_ratio(2.0, 3.0, 0.0).to_bits(), 0);
        assert!(ln_beta_ratio(2.0, 3.0, -1.0).is_nan() && ln_beta_ratio(2.0, 0.0, 1.0).is_nan());
    }

    #[test]
    fn garbage_is_nan() {
        for bad in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            assert!(ln_beta(bad, 1.0).is_nan() && ln_beta(20.0, bad).is_nan());
        }
    }
}
