//! The distributions that intervals and tests are read from.

use crate::quantity::Probability;

/// The z with Φ(z) − Φ(−z) = level: Newton's method on erfc, whose derivative is the normal density.
pub(crate) fn normal_two_sided(level: Probability) -> f64 {
    /// More than the steps from 0 to any quantile: one step adds at most ½ below and doubles digits near it.
    const STEPS: usize = 100;
    let tail = level.complement().get();
    let mut z = 0.0_f64;
    for _ in 0..STEPS {
        let excess = libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2) - tail;
        let density = (2.0 / std::f64::consts::PI).sqrt() * (-0.5 * z * z).exp();
        let step = excess / density;
        z += step;
        if step.abs() <= 1e-16 * z.abs() {
            break;
        }
    }
    z
}
