//! The distributions that intervals and tests are read from.

use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::gamma::checked_gamma_ur;

use super::incomplete_beta::incomplete_beta;

/// The chance that a χ² variable with `degrees` > 0 degrees of freedom exceeds `value`; NaN where it is not
/// defined.
pub(crate) fn chi_squared_upper(value: f64, degrees: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    checked_gamma_ur(0.5 * degrees, 0.5 * value).unwrap_or(f64::NAN)
}

/// The t with P(|T| > t) = `tails`, for Student's T with `degrees` > 0 of freedom; NaN where it is not defined.
pub(crate) fn student_quantile(tails: f64, degrees: f64) -> f64 {
    match StudentsT::new(0.0, 1.0, degrees) {
        Ok(student) if tails > 0.0 && tails < 1.0 => -student.inverse_cdf(0.5 * tails),
        _ => f64::NAN,
    }
}

/// P(|T| > |t|) for Student's T with `degrees` > 0 of freedom; NaN where it is not defined.
pub(crate) fn student_tails(t: f64, degrees: f64) -> f64 {
    if !(degrees > 0.0 && degrees.is_finite() && t.is_finite()) {
        return f64::NAN;
    }
    let square = (t / degrees.sqrt()).powi(2);
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

    /// By mpmath, 30 digits: the root of betainc(v/2, 1/2, 0, v/(v + t²), regularized=True) = tails.
    #[test]
    fn quantiles_of_student() {
        let cases = [
            (5.0, 0.05, 2.570_581_835_636_315_5),
            (1.0, 0.05, 12.706_204_736_174_705),
            (12.5, 0.01, 3.032_436_652_870_563),
            (1_000.0, 0.1, 1.646_378_817_285_464_7),
            (3.0, 1e-6, 130.154_589_558_357_95),
        ];
        for (degrees, tails, want) in cases {
            let got = student_quantile(tails, degrees);
            assert!(((got - want) / want).abs() < 1e-11, "{degrees} {tails}: {got:e} {want:e}");
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
