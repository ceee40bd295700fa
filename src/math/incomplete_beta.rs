//! The regularized incomplete beta function.

use super::beta::ln_beta;
use super::hypergeometric::ln_hypergeometric_complement;

/// Iₓ(a, b) = P(X ≤ x) of X ~ Beta(a, b), for a, b > 0 and x ∈ [0, 1] given with 1 − x; NaN elsewhere.
///
/// The side of the mean that x is on is computed, the other is its complement. Relative error of the smaller
/// side 3.4e-13 on a, b ≤ 1e3 (down to 1e-290).
///
/// # Formula
///
/// ```text
/// Iₓ(a, b) = xᵃ (1−x)ᵇ / (a B(a, b)) · ₂F₁(a+b, 1; a+1; x),   1 − Iₓ(a, b) = I₁₋ₓ(b, a)
/// ```
///
/// # Reference
///
/// DLMF 8.17.8, 8.17.4.
pub(crate) fn incomplete_beta(a: f64, b: f64, x: f64, one_minus_x: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && a + b < f64::INFINITY && x >= 0.0 && one_minus_x >= 0.0) {
        f64::NAN
    } else if x * b <= one_minus_x * a {
        lower_tail(a, b, x, one_minus_x)
    } else {
        1.0 - lower_tail(b, a, one_minus_x, x)
    }
}

/// Iₓ(a, b) by its hypergeometric form.
fn lower_tail(a: f64, b: f64, x: f64, one_minus_x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let (ln_x, ln_one_minus_x) =
        if x < 0.5 { (x.ln(), (-x).ln_1p()) } else { ((-one_minus_x).ln_1p(), one_minus_x.ln()) };
    let front = a * ln_x + b * ln_one_minus_x - a.ln() - ln_beta(a, b);
    (front + ln_hypergeometric_complement(a + b, 1.0, a + 1.0, x, one_minus_x))
        .exp()
        .clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::grids::grid;

    #[test]
    fn agrees_with_the_grid() {
        for row in grid("incomplete_beta") {
            let (a, b, x, want) = (row[0], row[1], row[2], row[3]);
            let got = incomplete_beta(a, b, x, 1.0 - x);
            let allowed = if want > 1e-290 { 1e-12 * want } else { 1e-290 };
            assert!((got - want).abs() <= allowed, "I({x}; {a}, {b}): {got:e}, not {want:e}");
        }
    }

    #[test]
    fn the_two_sides_add_up() {
        for (a, b, x) in [(2.0, 3.0, 0.1), (0.3, 70.0, 0.02), (800.0, 2.0, 0.999_9)] {
            let sum = incomplete_beta(a, b, x, 1.0 - x) + incomplete_beta(b, a, 1.0 - x, x);
            assert!((sum - 1.0).abs() < 1e-13);
        }
        // I_x(a, 1) = x^a, where 1 − x is below the last digit of x.
        let power = incomplete_beta(6.0, 1.0, 1e-10, 1.0);
        assert!((power / 1e-60 - 1.0).abs() < 1e-12);
        assert_eq!(incomplete_beta(2.0, 3.0, 0.0, 1.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(incomplete_beta(2.0, 3.0, 1.0, 0.0).to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn garbage_is_nan() {
        for bad in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            assert!(incomplete_beta(bad, 2.0, 0.3, 0.7).is_nan(), "{bad}");
            assert!(incomplete_beta(2.0, bad, 0.3, 0.7).is_nan(), "{bad}");
        }
        for bad in [f64::NAN, f64::NEG_INFINITY, -0.1] {
            assert!(incomplete_beta(2.0, 3.0, bad, 1.0 - bad).is_nan());
            assert!(incomplete_beta(2.0, 3.0, 1.0 - bad, bad).is_nan());
        }
    }
}
