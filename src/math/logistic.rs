//! Integrals over (0, 1): the trapezoid rule over y = logit p, in logarithms.
//!
//! Every integral over p ∈ (0, 1) that the models need becomes, with p = eʸ/(1 + eʸ), an integral
//! of e^h(y) over the whole line, where h is smooth, has one maximum and two straight ends. There
//! the trapezoid rule converges exponentially (Trefethen and Weideman, "The exponentially
//! convergent trapezoidal rule", SIAM Review 56, 2014, theorem 5.1): with the integrand analytic
//! for |Im y| < d the error falls as e^(−2πd/step).

/// ln(1 + eʸ) for any y, without overflow.
pub(crate) fn ln_1p_exp(y: f64) -> f64 {
    if y > 0.0 { y + (-y).exp().ln_1p() } else { y.exp().ln_1p() }
}

/// One end of the integrand: h(y) is straight beyond `from` and falls outwards by `rate` per unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tail {
    /// κ > 0 in h(y) = −κ |y| + const.
    pub(crate) rate: f64,
    /// Distance: the y beyond which the straight line holds to double precision.
    pub(crate) from: f64,
}

/// How far beyond the last bend of h a straight end may be assumed: e^−36.7 = 1.1e-16.
pub(crate) const STRAIGHT_AFTER: f64 = 36.7;

/// Nodes on either side of the start, a bound that no sensible integrand reaches.
const MAX_NODES: u32 = 20_000;

/// The step that resolves a maximum of curvature `bend` = −h″ between ends of the given rates.
///
/// - 0.21 for an end like exp(κ y − eʸ), which grows beyond |Im y| = π/2: the error is
///   2 |Γ(κ + 2πi/step)| / Γ(κ) < 1e-14 (with ¼ it would be 5e-13 at κ = 4.4).
/// - Half of it where the maximum bends more than such an end does (`bend` > κ): the first order in
///   eʸ cancels, as in exp(κ y − e²ʸ) with −h″ = 2κ, and the strip shrinks to π/4.
/// - At most σ/2, σ = bend^(−1/2), for the bells of large exponents. (σ would do for an exact bell;
///   0.7 σ was measured to leave 4e-9 on skew ones, σ/2 leaves rounding only.)
pub(crate) fn trapezoid_step(bend: f64, left_rate: f64, right_rate: f64) -> f64 {
    let widest: f64 = if bend > left_rate.min(right_rate) { 0.105 } else { 0.21 };
    if bend > 0.0 { widest.min(0.5 / bend.sqrt()) } else { widest }
}

/// ln ∫ e^h(y) dy over the whole line.
///
/// Sums outwards from `start` (near the maximum) until the rest is below 1e-17 of the sum, or
/// closes the geometric series t (1 + e^(−κ·step) + …) once h has become straight. NaN if h is NaN,
/// if a rate is not positive, or if the bound on nodes is reached.
pub(crate) fn ln_integral(
    h: impl Fn(f64) -> f64,
    start: f64,
    step: f64,
    left: Tail,
    right: Tail,
) -> f64 {
    let mut sum = ScaledSum { reference: h(start), sum: 1.0 };
    let sides = [(step, right.rate, right.from - start), (-step, left.rate, start - left.from)];
    for (signed_step, rate, straight_after) in sides {
        if !add_side(&mut sum, &h, start, signed_step, rate, straight_after) {
            return f64::NAN;
        }
    }
    sum.reference + (sum.sum * step).ln()
}

/// Σ e^(hₖ − reference), the reference following the largest term.
struct ScaledSum {
    reference: f64,
    sum: f64,
}

impl ScaledSum {
    /// The new term in units of e^reference, already added.
    fn add(&mut self, h: f64) -> f64 {
        if h - self.reference > 100.0 {
            self.sum *= (self.reference - h).exp();
            self.reference = h;
        }
        let term = (h - self.reference).exp();
        self.sum += term;
        term
    }
}

/// Adds the nodes on one side of `start`; false if they do not end.
fn add_side(
    sum: &mut ScaledSum,
    h: &impl Fn(f64) -> f64,
    start: f64,
    signed_step: f64,
    rate: f64,
    straight_after: f64,
) -> bool {
    let step = signed_step.abs();
    // Σ_{k≥1} e^(−κ·step·k)
    let geometric = 1.0 / (rate * step).exp_m1();
    if !(rate > 0.0 && step > 0.0 && straight_after < f64::INFINITY) {
        return false;
    }
    let mut previous = f64::INFINITY;
    for node in 1..=MAX_NODES {
        let distance = f64::from(node) * step;
        let term = sum.add(h(start + f64::from(node) * signed_step));
        if distance > straight_after {
            sum.sum += term * geometric;
            return true;
        }
        // the rest is at most term / (1 − ratio), the ratio of neighbours or that of the far end
        let room = 1.0 - (term / previous);
        if term * (geometric + 1.0) < 1e-17 * sum.sum && term < 1e-17 * sum.sum * room {
            return true;
        }
        if term.is_nan() {
            return false;
        }
        previous = term;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::beta::ln_beta;
    use super::*;

    /// ln B(a, b) as the integral of pᵃ⁻¹ (1−p)ᵇ⁻¹, the start off the mode by `off`.
    fn beta_integral(a: f64, b: f64, off: f64) -> f64 {
        let h = |y: f64| {
            let straight = if y > 0.0 { -b * y } else { a * y };
            straight - (a + b) * (-y.abs()).exp().ln_1p()
        };
        let reach = STRAIGHT_AFTER + (a + b).ln();
        let (left, right) = (Tail { rate: a, from: -reach }, Tail { rate: b, from: reach });
        ln_integral(h, (a / b).ln() + off, trapezoid_step(a * b / (a + b), a, b), left, right)
    }

    #[test]
    fn the_beta_integral() {
        for a in [1e-6, 1e-2, 0.3, 1.0, 7.0, 150.0, 1e4] {
            for b in [1e-6, 0.05, 0.9, 2.0, 40.0, 1e4] {
                for off in [-0.3, 0.0, 0.4] {
                    let (got, want) = (beta_integral(a, b, off), ln_beta(a, b));
                    let allowed = 1e-14 * (10.0 + want.abs());
                    assert!((got - want).abs() < allowed, "B({a}, {b}): {got}, not {want}");
                }
            }
        }
    }

    #[test]
    fn a_start_far_from_the_mode_costs_nodes_only() {
        assert!((beta_integral(2e3, 1e3, 1.5) - ln_beta(2e3, 1e3)).abs() < 1e-11);
    }

    #[test]
    fn slow_ends_are_closed_in_few_nodes() {
        let calls = std::cell::Cell::new(0);
        let h = |y: f64| {
            calls.set(calls.get() + 1);
            -1e-6 * y.abs() - (1.0 + 2e-6) * (-y.abs()).exp().ln_1p()
        };
        let (left, right) = (Tail { rate: 1e-6, from: -40.0 }, Tail { rate: 1e-6, from: 40.0 });
        assert!(ln_integral(h, 0.0, 0.25, left, right).is_finite());
        assert!(calls.get() < 330);
    }

    #[test]
    fn what_does_not_end_is_nan() {
        let tail = |rate, from| Tail { rate, from };
        let flat = |_: f64| 0.0;
        let far = f64::MAX;
        assert!(ln_integral(flat, 0.0, 0.25, tail(1.0, -far), tail(1.0, far)).is_nan());
        assert!(ln_integral(flat, 0.0, 0.25, tail(0.0, -1.0), tail(1.0, 1.0)).is_nan());
        assert!(ln_integral(flat, 0.0, f64::NAN, tail(1.0, -1.0), tail(1.0, 1.0)).is_nan());
        assert!(ln_integral(flat, f64::NAN, 0.25, tail(1.0, -1.0), tail(1.0, 1.0)).is_nan());
        let nan = |_: f64| f64::NAN;
        assert!(ln_integral(nan, 0.0, 0.25, tail(1.0, -40.0), tail(1.0, 40.0)).is_nan());
    }

    #[test]
    fn sums_in_logarithms() {
        let exactly = |got: f64, want: f64| assert_eq!(got.to_bits(), want.to_bits());
        exactly(ln_1p_exp(800.0), 800.0);
        assert!((ln_1p_exp(-40.0) / (-40_f64).exp() - 1.0).abs() < 1e-15);
        assert!((ln_1p_exp(0.0) - 2_f64.ln()).abs() < 1e-16);
    }
}
