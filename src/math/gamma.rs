//! Logarithm of the gamma function, its first two derivatives, and their differences.
//!
//! A difference such as lnΓ(x + n) − lnΓ(x) is never taken between two large numbers: each function
//! is its leading logarithm plus an asymptotic series, and the series are subtracted term by term.

/// ½ ln 2π.
pub(crate) const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// From here on the asymptotic series below reach double precision.
const ASYMPTOTIC_FROM: f64 = 10.0;

/// Coefficients of 1/x, 1/x³, … in Stirling's series of lnΓ: B₂ₖ / (2k (2k − 1)).
const LN_GAMMA_SERIES: [f64; 8] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1_260.0,
    -1.0 / 1_680.0,
    1.0 / 1_188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3_617.0 / 122_400.0,
];

/// Coefficients of 1/x², 1/x⁴, … in ln x − 1/(2x) − ψ(x): B₂ₖ / 2k.
const DIGAMMA_SERIES: [f64; 8] = [
    1.0 / 12.0,
    -1.0 / 120.0,
    1.0 / 252.0,
    -1.0 / 240.0,
    1.0 / 132.0,
    -691.0 / 32_760.0,
    1.0 / 12.0,
    -3_617.0 / 8_160.0,
];

/// Coefficients of 1/x³, 1/x⁵, … in ψ′(x) − 1/x − 1/(2x²): B₂ₖ.
const TRIGAMMA_SERIES: [f64; 8] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2_730.0,
    7.0 / 6.0,
    -3_617.0 / 510.0,
];

/// Σ cₖ tᵏ by Horner's rule.
fn polynomial(coefficients: &[f64; 8], t: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * t + c)
}

/// Value at `v` and divided difference (P(u) − P(v)) / (u − v) of Σ cₖ tᵏ, without a subtraction.
fn divided_difference(coefficients: &[f64; 8], u: f64, v: f64) -> (f64, f64) {
    coefficients
        .iter()
        .rev()
        .fold((0.0, 0.0), |(value, difference), c| (value * v + c, difference * u + value))
}

/// x where x > 0, else NaN.
fn positive_or_nan(x: f64) -> f64 {
    if x > 0.0 { x } else { f64::NAN }
}

/// How many steps of x → x + 1 lead into the asymptotic region (at most 10).
fn steps_up(x: f64) -> u32 {
    if x < ASYMPTOTIC_FROM { (ASYMPTOTIC_FROM - x).ceil().min(ASYMPTOTIC_FROM) as u32 } else { 0 }
}

/// lnΓ(x) for x > 0; +∞ at 0, NaN below.
///
/// Relative error 3.5e-16 (libm) on 1e-3 ≤ x ≤ 1e5.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    if x >= 0.0 { libm::lgamma(x) } else { f64::NAN }
}

/// Binet's function μ(x), what Stirling's formula leaves out, for x > 0.
///
/// # Formula
///
/// ```text
/// μ(x) = lnΓ(x) − (x − ½) ln x + x − ½ ln 2π
/// μ(x) = μ(x+1) + (x + ½) ln(1 + 1/x) − 1 = μ(x+1) + Σ_{k≥1} u²ᵏ / (2k+1),  u = 1/(2x+1)
/// ```
///
/// Relative error 1.0e-15 on 1e-6 ≤ x ≤ 1e6.
///
/// # Reference
///
/// DLMF 5.11.1; Binet's integral 5.9.10.
pub(crate) fn stirling_remainder(x: f64) -> f64 {
    if x < 1.0 {
        return ln_gamma(x) - (x - 0.5) * x.ln() + x - HALF_LN_TWO_PI;
    }
    let mut sum = 0.0;
    let mut shifted = x;
    for _ in 0..steps_up(x) {
        let u = 1.0 / (2.0 * shifted + 1.0);
        let (square, mut power, mut k) = (u * u, u * u, 3.0);
        while power > 1e-19 {
            sum += power / k;
            power *= square;
            k += 2.0;
        }
        shifted += 1.0;
    }
    let u = 1.0 / shifted;
    sum + u * polynomial(&LN_GAMMA_SERIES, u * u)
}

/// Trigamma ψ′(x) for x > 0 (+∞ where 1/x² overflows); NaN elsewhere. Relative error 6.5e-16.
///
/// # Reference
///
/// DLMF 5.15.5, 5.15.8.
pub(crate) fn trigamma(x: f64) -> f64 {
    let (mut shifted, mut below) = (positive_or_nan(x), 0.0);
    for _ in 0..steps_up(x) {
        let u = 1.0 / shifted;
        below += u * u;
        shifted += 1.0;
    }
    let u = 1.0 / shifted;
    let square = u * u;
    below + (u + square * (0.5 + u * polynomial(&TRIGAMMA_SERIES, square)))
}

/// lnΓ(x + h) − lnΓ(x) for x ≥ 10, h ≥ 0, term by term from Stirling's series.
fn ln_gamma_difference_asymptotic(x: f64, h: f64) -> f64 {
    let (u, v) = (1.0 / x, 1.0 / (x + h));
    let gap = h * u * v;
    let (value, divided) = divided_difference(&LN_GAMMA_SERIES, u * u, v * v);
    // u·P(u²) − v·P(v²), where u − v = gap and u² − v² = gap·(u + v)
    let remainder = gap * (value + u * (u + v) * divided);
    h * (x + h).ln() + ((x - 0.5) * (h * u).ln_1p() - h) - remainder
}

/// lnΓ(x + h) − lnΓ(x) for x > 0 and real h ≥ 0, without cancellation when x is large.
///
/// Below x = 10 both arguments are stepped up by the recurrence of Γ. Error 6.5e-16 of max(1,
/// |value|) on 1e-6 ≤ x, h ≤ 1e10.
pub(crate) fn ln_gamma_difference(x: f64, h: f64) -> f64 {
    let (mut shifted, mut below) = (x, 0.0);
    for _ in 0..steps_up(x) {
        below += (h / shifted).ln_1p();
        shifted += 1.0;
    }
    ln_gamma_difference_asymptotic(shifted, h) - below
}

/// ψ(x + h) − ψ(x) for x > 0, h ≥ 0, without cancellation for h ≪ x or large x; relative error
/// 4.1e-16.
///
/// # Formula
///
/// ```text
/// Σ_{j<m} h / ((x+j)(x+j+h)) + ln(1 + h/(x+m)) + difference of the asymptotic series at x+m
/// ```
pub(crate) fn digamma_difference(x: f64, h: f64) -> f64 {
    let (mut shifted, mut below) = (x, 0.0);
    for _ in 0..steps_up(x) {
        below += h / (shifted + h) / shifted;
        shifted += 1.0;
    }
    let (u, v) = (1.0 / shifted, 1.0 / (shifted + h));
    let gap = h * u * v;
    let (value, divided) = divided_difference(&DIGAMMA_SERIES, u * u, v * v);
    // t·P(t) at u² and v²
    let series = value + u * u * divided;
    (h * u).ln_1p() + gap * (0.5 + (u + v) * series) + below
}

/// ψ′(x + h) − ψ′(x) ≤ 0 for x > 0, h ≥ 0, as [`digamma_difference`]; relative error 5.8e-16.
pub(crate) fn trigamma_difference(x: f64, h: f64) -> f64 {
    let (mut shifted, mut below) = (x, 0.0);
    for _ in 0..steps_up(x) {
        let (u, v) = (1.0 / shifted, 1.0 / (shifted + h));
        below += h * v * u * (u + v);
        shifted += 1.0;
    }
    let (u, v) = (1.0 / shifted, 1.0 / (shifted + h));
    let gap = h * u * v;
    let (value, divided) = divided_difference(&TRIGAMMA_SERIES, u * u, v * v);
    // u³·P(u²) − v³·P(v²) over u − v
    let cubic = (u * u + u * v + v * v) * value + u * u * u * (u + v) * divided;
    -(below + gap * (1.0 + 0.5 * (u + v) + cubic))
}

/// ln (x)ₙ with its first two derivatives in x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pochhammer {
    /// ln (x)ₙ = lnΓ(x + n) − lnΓ(x).
    pub(crate) ln: f64,
    /// ψ(x + n) − ψ(x) ≥ 0.
    pub(crate) d1: f64,
    /// ψ′(x + n) − ψ′(x) ≤ 0.
    pub(crate) d2: f64,
}

/// How many of the n factors x, x + 1, … are multiplied out; the others follow from Stirling's
/// series.
fn direct_factors(x: f64, n: f64) -> u32 {
    if x > 1e100 {
        0
    } else if n <= 16.0 {
        n as u32
    } else {
        steps_up(x)
    }
}

/// ln (x)ₙ, d/dx and d²/dx² for x > 0 and a whole number n ≥ 0, without cancellation.
///
/// On 1e-6 ≤ x ≤ 1e12, n ≤ 1e9: error of the logarithm 3.6e-16 of max(1, |value|), relative errors
/// of the derivatives 4.4e-16 and 7.3e-16.
///
/// # Formula
///
/// ```text
/// (x)ₙ = x (x+1) ⋯ (x+n−1) = Γ(x+n)/Γ(x)
/// ```
pub(crate) fn pochhammer(x: f64, n: f64) -> Pochhammer {
    let direct = direct_factors(x, n);
    let mut factors = LnProduct::ONE;
    let (mut factor, mut d1, mut d2) = (x, 0.0, 0.0);
    for _ in 0..direct {
        factors.multiply(factor);
        let inverse = 1.0 / factor;
        d1 += inverse;
        d2 -= inverse * inverse;
        factor += 1.0;
    }
    let (ln, rest) = (factors.ln(), n - f64::from(direct));
    if rest <= 0.0 {
        return Pochhammer { ln, d1, d2 };
    }
    Pochhammer {
        ln: ln + ln_gamma_difference_asymptotic(factor, rest),
        d1: d1 + digamma_difference(factor, rest),
        d2: d2 + trigamma_difference(factor, rest),
    }
}

/// ln (x)ₙ alone, as in [`pochhammer`].
pub(crate) fn ln_pochhammer(x: f64, n: f64) -> f64 {
    let direct = direct_factors(x, n);
    let mut factors = LnProduct::ONE;
    let mut factor = x;
    for _ in 0..direct {
        factors.multiply(factor);
        factor += 1.0;
    }
    let rest = n - f64::from(direct);
    let ln = factors.ln();
    if rest <= 0.0 { ln } else { ln + ln_gamma_difference_asymptotic(factor, rest) }
}

/// Logarithm of a running product; takes a logarithm only when the product leaves 1e±180.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LnProduct {
    product: f64,
    flushed: f64,
}

impl LnProduct {
    pub(crate) const ONE: Self = Self { product: 1.0, flushed: 0.0 };

    pub(crate) fn multiply(&mut self, factor: f64) {
        self.product *= factor;
        if !(1e-180..=1e180).contains(&self.product) {
            self.flushed += self.product.ln();
            self.product = 1.0;
        }
    }

    pub(crate) fn ln(&self) -> f64 {
        self.flushed + self.product.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::grids::grid;

    /// Largest |got − want| / max(|want|, floor) over the grid.
    fn worst(name: &str, floor: f64, got: impl Fn(&[f64]) -> f64, column: usize) -> f64 {
        let error = |row: &Vec<f64>| (got(row) - row[column]).abs() / row[column].abs().max(floor);
        grid(name).iter().map(error).fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
    }

    #[test]
    fn functions_of_one_argument() {
        assert!(worst("ln_gamma", 0.0, |r| ln_gamma(r[0]), 1) < 4e-16);
        assert!(worst("trigamma", 0.0, |r| trigamma(r[0]), 1) < 1e-15);
        assert!(worst("stirling_remainder", 0.0, |r| stirling_remainder(r[0]), 1) < 2e-15);
    }

    #[test]
    fn differences() {
        assert!(worst("ln_pochhammer", 0.0, |r| ln_pochhammer(r[0], r[1]), 2) < 1e-15);
        assert!(worst("pochhammer", 1.0, |r| pochhammer(r[0], r[1]).ln, 2) < 2e-15);
        assert!(worst("pochhammer", 1.0, |r| ln_pochhammer(r[0], r[1]), 2) < 2e-15);
        assert!(worst("pochhammer", 0.0, |r| pochhammer(r[0], r[1]).d1, 3) < 2e-15);
        assert!(worst("pochhammer", 0.0, |r| pochhammer(r[0], r[1]).d2, 4) < 2e-15);
        assert!(worst("gamma_difference", 1.0, |r| ln_gamma_difference(r[0], r[1]), 2) < 4e-15);
        assert!(worst("gamma_difference", 0.0, |r| digamma_difference(r[0], r[1]), 3) < 2e-15);
        assert!(worst("gamma_difference", 0.0, |r| trigamma_difference(r[0], r[1]), 4) < 2e-15);
    }

    #[test]
    fn small_arguments_and_empty_products() {
        assert_eq!(pochhammer(2.5, 0.0), Pochhammer { ln: 0.0, d1: 0.0, d2: 0.0 });
        assert!((trigamma(1e-150) / 1e300 - 1.0).abs() < 1e-15);
        assert!(trigamma(1e-200).is_infinite());
        assert!((ln_pochhammer(1e-300, 2.0) - 1e-300_f64.ln()).abs() < 1e-13);
        assert!((ln_pochhammer(1e290, 3.0) / (3.0 * 1e290_f64.ln()) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn garbage_ends() {
        for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, f64::MAX] {
            for n in [f64::NAN, f64::INFINITY, -1.0, 0.5, 1e300] {
                let _ = (pochhammer(x, n), ln_pochhammer(x, n), ln_gamma_difference(x, n));
                let _ = (digamma_difference(x, n), trigamma_difference(x, n));
            }
            let _ = (trigamma(x), stirling_remainder(x));
        }
        assert!(trigamma(0.0).is_nan() && ln_gamma(-1.5).is_nan());
        assert!(pochhammer(f64::NAN, 3.0).ln.is_nan() && ln_pochhammer(2.0, f64::NAN).is_nan());
        assert!(stirling_remainder(f64::NAN).is_nan());
    }
}
