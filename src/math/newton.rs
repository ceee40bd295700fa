//! Maximisation of a smooth function of a few parameters by damped Newton steps.

use nalgebra::{DMatrix, DVector};

use super::concave::Slope;

/// A function's value with its first and second derivatives.
#[derive(Clone, Copy, Debug)]
pub struct Evaluation<const N: usize> {
    pub(crate) value: f64,
    pub(crate) gradient: [f64; N],
    /// Symmetric.
    pub(crate) hessian: [[f64; N]; N],
}

impl<const N: usize> Evaluation<N> {
    pub(crate) const ZERO: Self = Self { value: 0.0, gradient: [0.0; N], hessian: [[0.0; N]; N] };

    /// Adds the other function, derivative by derivative.
    pub(crate) fn add(&mut self, other: &Self) {
        self.value += other.value;
        for i in 0..N {
            self.gradient[i] += other.gradient[i];
            for j in 0..N {
                self.hessian[i][j] += other.hessian[i][j];
            }
        }
    }

    /// The same with the lower triangle of the Hessian copied to the upper.
    pub(crate) fn mirrored(mut self) -> Self {
        for i in 0..N {
            for j in 0..i {
                self.hessian[j][i] = self.hessian[i][j];
            }
        }
        self
    }

    /// The same function with the logarithm of each parameter as its parameter.
    pub(crate) fn in_logs(mut self, point: [f64; N]) -> Self {
        for i in 0..N {
            self.gradient[i] *= point[i];
            for j in 0..N {
                self.hessian[i][j] *= point[i] * point[j];
            }
            self.hessian[i][i] += self.gradient[i];
        }
        self
    }

    /// The same for a climb in any number of parameters.
    pub(crate) fn slope(&self) -> Slope {
        Slope {
            value: self.value,
            gradient: DVector::from_column_slice(&self.gradient),
            information: DMatrix::from_fn(N, N, |i, j| -self.hessian[i][j]),
        }
    }
}

/// Where an ascent ended.
#[derive(Clone, Debug)]
pub(crate) struct Ascent {
    pub(crate) point: Vec<f64>,
    pub(crate) value: f64,
    /// Inverse of the information, where that is positive definite.
    pub(crate) covariance: Option<DMatrix<f64>>,
    pub(crate) iterations: usize,
    pub(crate) evaluations: usize,
    pub(crate) converged: bool,
}

/// No step changes a parameter by more than this; on log parameters, a factor of e².
const STEP_CAP: f64 = 2.0;
/// Gains below this part of the value are rounding, and are not used to judge a step.
const NOISE: f64 = 1e-13;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// No parameter leaves ± this.
    pub(crate) bound: f64,
    pub(crate) max_iterations: usize,
    /// Converged when a full Newton step is below this. The error then is about its square.
    pub(crate) tolerance: f64,
}

/// Climbs from `start` until a full Newton step is negligible, a parameter leaves its bound, or the
/// iterations are used up. `f` gives the function with its derivatives; where that is not finite, the step
/// is halved.
pub(crate) fn maximise(
    start: &[f64],
    limits: &Limits,
    mut f: impl FnMut(&[f64]) -> Slope,
) -> Ascent {
    let mut point = start.to_vec();
    let mut here = f(&point);
    let mut evaluations = 1;
    let mut iterations = 0;
    let mut converged = false;
    while iterations < limits.max_iterations
        && here.is_finite()
        && point.iter().all(|x| x.abs() <= limits.bound)
    {
        iterations += 1;
        let (step, is_newton) = ascent_step(&here);
        let longest = step.iter().fold(0.0_f64, |longest, x| longest.max(x.abs()));
        let mut fraction = if longest > STEP_CAP { STEP_CAP / longest } else { 1.0 };
        let slope: f64 =
            step.iter().zip(&here.gradient).map(|(step, gradient)| step * gradient).sum();
        let noise = NOISE * (1.0 + here.value.abs());
        let next = loop {
            let candidate: Vec<f64> =
                point.iter().zip(&step).map(|(x, step)| x + fraction * step).collect();
            let there = f(&candidate);
            evaluations += 1;
            let gain = there.value - here.value;
            if there.is_finite()
                && (gain >= 1e-4 * fraction * slope || gain >= -noise && slope <= noise)
            {
                break Some((candidate, there));
            }
            fraction *= 0.5;
            if fraction * longest < f64::EPSILON {
                break None;
            }
        };
        let Some((candidate, there)) = next else { break };
        point = candidate;
        here = there;
        if is_newton && longest < limits.tolerance {
            converged = true;
            break;
        }
    }
    let covariance = cholesky(&here, 0.0).map(|factor| inverse(&factor));
    Ascent { point, value: here.value, covariance, iterations, evaluations, converged }
}

/// The step that solves (information + μI)·step = gradient for the smallest tried μ that makes the matrix positive
/// definite, and whether that was μ = 0.
fn ascent_step(here: &Slope) -> (Vec<f64>, bool) {
    let size = here.information.iter().fold(f64::MIN_POSITIVE, |size, x| size.max(x.abs()));
    let mut shift = 0.0;
    loop {
        if let Some(factor) = cholesky(here, shift) {
            let mut step = here.gradient.as_slice().to_vec();
            solve(&factor, &mut step);
            return (step, shift <= 0.0);
        }
        shift = if shift > 0.0 { shift * 10.0 } else { size * 1e-6 };
    }
}

/// The Cholesky factor of the information + shift·I, `None` unless it is clearly positive definite.
fn cholesky(here: &Slope, shift: f64) -> Option<DMatrix<f64>> {
    let n = here.gradient.len();
    let mut factor = DMatrix::zeros(n, n);
    for i in 0..n {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| factor[(i, k)] * factor[(j, k)]).sum();
            if i == j {
                let own = shift + here.information[(i, i)];
                let rest = own - known;
                // A pivot that is all rounding is no curvature.
                if !(rest > 1e-14 * own.abs()) {
                    return None;
                }
                factor[(i, i)] = rest.sqrt();
            } else {
                factor[(i, j)] = (here.information[(i, j)] - known) / factor[(j, j)];
            }
        }
    }
    Some(factor)
}

/// Solves L·Lᵀ·x = right, in its place.
fn solve(factor: &DMatrix<f64>, x: &mut [f64]) {
    for i in 0..x.len() {
        for k in 0..i {
            x[i] -= factor[(i, k)] * x[k];
        }
        x[i] /= factor[(i, i)];
    }
    for i in (0..x.len()).rev() {
        for k in i + 1..x.len() {
            x[i] -= factor[(k, i)] * x[k];
        }
        x[i] /= factor[(i, i)];
    }
}

/// (L·Lᵀ)⁻¹.
fn inverse(factor: &DMatrix<f64>) -> DMatrix<f64> {
    let mut inverse = DMatrix::identity(factor.nrows(), factor.nrows());
    for mut column in inverse.column_iter_mut() {
        solve(factor, column.as_mut_slice());
    }
    inverse
}

/// Derivatives against numerical differentiation at 60 digits, of `tests/fixtures`.
#[cfg(test)]
pub(crate) mod reference {
    use super::Evaluation;
    use serde_json::Value;

    pub(crate) fn number(value: &Value) -> f64 {
        value.as_str().map_or_else(|| value.as_f64(), |text| text.parse().ok()).unwrap()
    }

    pub(crate) fn numbers(value: &Value) -> Vec<f64> {
        value.as_array().unwrap().iter().map(number).collect()
    }

    pub(crate) fn reference(name: &str) -> Value {
        let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// Value, gradient and Hessian at every point of an entry, within a relative error.
    pub(crate) fn assert_derivatives<const N: usize>(
        entry: &Value,
        tolerance: f64,
        evaluate: impl Fn([f64; N]) -> Evaluation<N>,
    ) {
        for point in entry["points"].as_array().unwrap() {
            let at: [f64; N] = numbers(&point["point"]).try_into().unwrap();
            let got = evaluate(at);
            let close = |got: f64, want: &Value, what: &str| {
                let error = ((got - number(want)) / number(want)).abs();
                assert!(
                    error < tolerance,
                    "{what} at {at:?}: {got} is not {want}, relative error {error:e}"
                );
            };
            close(got.value, &point["value"], "value");
            for i in 0..N {
                close(got.gradient[i], &point["gradient"][i], "gradient");
                for j in 0..N {
                    close(got.hessian[i][j], &point["hessian"][i][j], "Hessian");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(bound: f64) -> Limits {
        Limits { bound, max_iterations: 1_000, tolerance: 1e-8 }
    }

    /// −(x − 3)² − 2(y + 1)² − xy, with its maximum where the gradient −2(x − 3) − y, −4(y + 1) − x is 0.
    fn quadratic(at: &[f64]) -> Slope {
        let (x, y) = (at[0], at[1]);
        let all = Evaluation {
            value: -(x - 3.0).powi(2) - 2.0 * (y + 1.0).powi(2) - x * y,
            gradient: [-2.0 * (x - 3.0) - y, -4.0 * (y + 1.0) - x],
            hessian: [[-2.0, -1.0], [-1.0, -4.0]],
        };
        all.slope()
    }

    #[test]
    fn quadratic_is_exact() {
        let top = maximise(&[0.0, 0.0], &limits(100.0), quadratic);
        assert!(top.converged);
        assert!((top.point[0] - 4.0).abs() < 1e-15 && (top.point[1] + 2.0).abs() < 1e-15);
        // (−H)⁻¹ = [[4, −1], [−1, 2]] / 7
        let covariance = top.covariance.unwrap();
        assert!((covariance[(0, 1)] + 1.0 / 7.0).abs() < 1e-16);
        assert!((covariance[(1, 1)] - 2.0 / 7.0).abs() < 1e-16);
    }

    #[test]
    fn runaway_stops_at_the_bound() {
        let slope = |at: &[f64]| {
            let rest = (-at[0]).exp();
            Evaluation { value: -rest, gradient: [rest], hessian: [[-rest]] }.slope()
        };
        let end = maximise(&[0.0], &limits(20.0), slope);
        assert!(!end.converged && end.point[0] > 20.0);
    }

    #[test]
    fn not_a_number_ends_at_once() {
        let nan =
            |_: &[f64]| Evaluation { value: f64::NAN, gradient: [0.0], hessian: [[0.0]] }.slope();
        let end = maximise(&[0.0], &limits(20.0), nan);
        assert!(!end.converged && end.iterations == 0 && end.covariance.is_none());
    }
}
