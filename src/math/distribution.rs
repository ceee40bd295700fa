//! The distributions that intervals and tests are read from.

use std::f64::consts::PI;

use statrs::function::gamma::checked_gamma_ur;

use super::gamma::ln_gamma_difference;
use super::growth::fast_ln_1p;
use super::incomplete_beta::incomplete_beta;

/// The chance that a χ² variable with `degrees` > 0 degrees of freedom exceeds `value`; NaN where it is not
/// defined.
pub(crate) fn chi_squared_upper(value: f64, degrees: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    checked_gamma_ur(0.5 * degrees, 0.5 * value).unwrap_or(f64::NAN)
}

/// The t with P(|T| > t) = `tails`, for Student's T with `degrees` > 0 of freedom; NaN where it is not defined or leaves
/// the range in which its square is a number.
///
/// Newton's method on ln P as a function of ln t, which is concave: the first step from the normal quantile, where P is
/// too large, goes beyond the root, and all others come down to it. statrs 0.19 starts from a guess that is 2 % off at
/// 10⁷ degrees, and finds no end at more.
pub(crate) fn student_quantile(tails: f64, degrees: f64) -> f64 {
    /// More than the steps to any quantile; digits double, so that a step of 10⁻⁸ is the last.
    const STEPS: usize = 100;
    if !(tails > 0.0 && tails < 1.0 && degrees > 0.0 && degrees.is_finite()) {
        return f64::NAN;
    }
    // ln of t times the density of |T|, which is 2·Γ((ν+1)/2)/Γ(ν/2)/√(νπ)·(1 + t²/ν)^(−(ν+1)/2).
    let ln_front = ln_gamma_difference(0.5 * degrees, 0.5) - 0.5 * (0.25 * PI * degrees).ln();
    let ln_slope = |t: f64| {
        ln_front + t.ln() - 0.5 * (degrees + 1.0) * fast_ln_1p((t / degrees.sqrt()).powi(2))
    };
    let mut t = normal_two_sided(tails);
    for _ in 0..STEPS {
        let beyond = student_tails(t, degrees);
        let step = (beyond / tails).ln() * beyond / ln_slope(t).exp();
        t *= step.exp();
        if !(step.abs() > 1e-8) {
            break;
        }
    }
    t
}

/// P(|T| > |t|) for Student's T with `degrees` > 0 of freedom; NaN where it is not defined.
pub(crate) fn student_tails(t: f64, degrees: f64) -> f64 {
    /// Above, degrees/2 has no half; √(ν·ln(1 + t²/ν)) is a standard normal but for parts of 1/ν (Wallace 1959).
    const NORMAL: f64 = 4e15;
    if !(degrees > 0.0 && degrees.is_finite() && t.is_finite()) {
        return f64::NAN;
    }
    let square = (t / degrees.sqrt()).powi(2);
    if degrees > NORMAL {
        return libm::erfc((0.5 * degrees * square.ln_1p()).sqrt());
    }
    incomplete_beta(0.5 * degrees, 0.5, 1.0 / (1.0 + square), 1.0 / (1.0 + 1.0 / square))
}

/// The z with 2·Φ(−z) = `tails`, for a level of 1 − tails: Newton's method on erfc, whose derivative is the normal density.
pub(crate) fn normal_two_sided(tails: f64) -> f64 {
    /// More than the steps from 0 to any quantile: one step adds at most ½ below and doubles digits near it.
    const STEPS: usize = 100;
    let mut z = 0.0_f64;
    for _ in 0..STEPS {
        let excess = libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2) - tails;
        let density = (2.0 / std::f64::consts::PI).sqrt() * (-0.5 * z * z).exp();
        let step = excess / density;
        z += step;
        if step.abs() <= 1e-16 * z.abs() {
            break;
        }
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::newton::reference::{numbers, reference};

    /// By mpmath: the root of betainc(v/2, 1/2, 0, v/(v + t²), regularized=True) = tails, at 30 digits, and
    /// `small_differences.json` for few degrees, tiny tails and very many degrees.
    #[test]
    fn quantiles_of_student() {
        let cases = [
            (5.0, 0.05, 2.570_581_835_636_315_5),
            (12.5, 0.01, 3.032_436_652_870_563),
            (1_000.0, 0.1, 1.646_378_817_285_464_7),
            (3.0, 1e-6, 130.154_589_558_357_95),
        ];
        let far = reference("small_differences.json");
        let far = far["student"].as_array().unwrap().iter().map(numbers);
        for (degrees, tails, want) in
            cases.into_iter().chain(far.map(|row| (row[0], row[1], row[2])))
        {
            let got = student_quantile(tails, degrees);
            assert!(((got - want) / want).abs() < 1e-12, "{degrees} {tails}: {got:e} {want:e}");
            let back = student_tails(want, degrees);
            assert!(((back - tails) / tails).abs() < 1e-11, "{degrees} {want}: {back:e} {tails:e}");
        }
    }

    #[test]
    fn quantiles_end_where_their_squares_do() {
        for (degrees, tails) in
            [(0.05, 1e-300), (0.0, 0.05), (f64::INFINITY, 0.05), (3.0, 0.0), (3.0, f64::NAN)]
        {
            assert!(!student_quantile(tails, degrees).is_finite(), "{degrees} {tails}");
        }
    }

    /// By mpmath, 30 digits: gammainc(k/2, x/2, inf, regularized=True).
    #[test]
    fn upper_tails_of_chi_squared() {
        let cases = [
            (1.0, 3.841_458_820_694_124, 0.050_000_000_000_000_06),
            (1.0, 122.249_125_573_006_37, 2.035_983_222_285_322e-28),
            (5.0, 0.01, 0.999_999_469_972_995_7),
            (3.0, 50.0, 7.989_179_244_951_47e-11),
        ];
        for (degrees, value, want) in cases {
            let got = chi_squared_upper(value, degrees);
            assert!(((got - want) / want).abs() < 1e-11, "{degrees} {value}: {got:e} {want:e}");
        }
    }
}
