//! Maximisation of a concave function of any number of parameters: regressions.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

/// A function's value with its first and second derivatives.
#[derive(Clone, Debug)]
pub(crate) struct Slope {
    pub(crate) value: f64,
    pub(crate) gradient: DVector<f64>,
    /// The negative Hessian.
    pub(crate) information: DMatrix<f64>,
}

impl Slope {
    pub(crate) fn zero(parameters: usize) -> Self {
        Self {
            value: 0.0,
            gradient: DVector::zeros(parameters),
            information: DMatrix::zeros(parameters, parameters),
        }
    }

    /// Adds the other function, derivative by derivative.
    pub(crate) fn add(&mut self, other: &Self) {
        self.value += other.value;
        self.gradient.axpy(1.0, &other.gradient, 1.0);
        self.information.zip_apply(&other.information, |own, other| *own += other);
    }

    pub(crate) fn is_finite(&self) -> bool {
        let derivatives = self.gradient.iter().chain(&self.information);
        self.value.is_finite() && derivatives.into_iter().all(|x| x.is_finite())
    }
}

/// The top of a concave function.
#[derive(Clone, Debug)]
pub(crate) struct Top {
    pub(crate) point: DVector<f64>,
    pub(crate) value: f64,
    /// Inverse of the information.
    pub(crate) covariance: DMatrix<f64>,
}

/// Why no top was reached.
#[derive(Clone, Debug)]
pub(crate) enum NoTop {
    /// Parameter i is flat, or says the same as those before it.
    Flat(usize),
    /// The function still rose here after the last iteration.
    Rising(DVector<f64>),
}

/// Newton's method from 0, each step halved until the function rises. A concave function has one top.
pub(crate) fn maximise(
    parameters: usize,
    max_iterations: usize,
    f: impl Fn(&DVector<f64>) -> Slope,
) -> Result<Top, NoTop> {
    /// Converged when a full step changes no parameter by more; the error then is about its square.
    const STEP_TOLERANCE: f64 = 1e-8;
    /// Losses below this part of the value are rounding.
    const NOISE: f64 = 1e-13;
    /// A parameter's own part of its information that is all rounding.
    const ROUNDING: f64 = 1e-12;
    let mut point = DVector::zeros(parameters);
    let mut here = f(&point);
    // What is flat at the start is flat everywhere; flat farther out is a slope without a top.
    let mut last = factor(&here.information, ROUNDING)?;
    for _ in 0..max_iterations {
        let step = last.solve(&here.gradient);
        let mut fraction = 1.0;
        let next = loop {
            let mut candidate = point.clone();
            candidate.axpy(fraction, &step, 1.0);
            let there = f(&candidate);
            if there.value >= here.value - NOISE * (1.0 + here.value.abs()) {
                break Some((candidate, there));
            }
            fraction *= 0.5;
            if fraction < f64::EPSILON {
                break None;
            }
        };
        let Some((candidate, there)) = next else { return Err(NoTop::Rising(point)) };
        point = candidate;
        here = there;
        let Ok(next) = factor(&here.information, ROUNDING) else { break };
        last = next;
        if step.amax() < STEP_TOLERANCE {
            return Ok(Top { point, value: here.value, covariance: last.inverse() });
        }
    }
    Err(NoTop::Rising(point))
}

/// The Cholesky factor; the first parameter with no more than the part `alike` of its information to itself is flat.
pub(crate) fn factor(information: &DMatrix<f64>, alike: f64) -> Result<Cholesky<f64, Dyn>, NoTop> {
    let flat = |factor: &Cholesky<f64, Dyn>| {
        let pivots = factor.l_dirty().diagonal();
        let own = information.diagonal();
        (0..pivots.len()).find(|&i| !(pivots[i] * pivots[i] > alike * own[i]))
    };
    if let Some(factor) = information.clone().cholesky() {
        return flat(&factor).map_or(Ok(factor), |i| Err(NoTop::Flat(i)));
    }
    // The first leading block that has no factor ends with the parameter at fault.
    let fails =
        |size: usize| information.view((0, 0), (size, size)).into_owned().cholesky().is_none();
    let all = information.nrows();
    Err(NoTop::Flat((1..all).find(|&size| fails(size)).unwrap_or(all).saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// −eˣ + x − y²/2 + y/3: its top is (0, 1/3), with information (1, 1).
    fn hill(at: &DVector<f64>) -> Slope {
        let (x, y) = (at[0] + 1.0, at[1]);
        Slope {
            value: x - x.exp() - 0.5 * y * y + y / 3.0,
            gradient: DVector::from_vec(vec![1.0 - x.exp(), 1.0 / 3.0 - y]),
            information: DMatrix::from_diagonal(&DVector::from_vec(vec![x.exp(), 1.0])),
        }
    }

    #[test]
    fn reaches_the_top() {
        let top = maximise(2, 50, hill).unwrap();
        assert!((top.point[0] + 1.0).abs() < 1e-15 && (top.point[1] - 1.0 / 3.0).abs() < 1e-15);
        assert!((top.covariance[(0, 0)] - 1.0).abs() < 1e-14);
        assert!(matches!(maximise(2, 1, hill), Err(NoTop::Rising(_))));
    }

    #[test]
    fn names_what_is_flat() {
        let twice = |at: &DVector<f64>| Slope {
            value: -(at[0] + at[1]).powi(2),
            gradient: DVector::from_element(2, -2.0 * (at[0] + at[1])),
            information: DMatrix::from_element(2, 2, 2.0),
        };
        assert!(matches!(maximise(2, 50, twice), Err(NoTop::Flat(1))));
        let nothing = |_: &DVector<f64>| Slope::zero(1);
        assert!(matches!(maximise(1, 50, nothing), Err(NoTop::Flat(0))));
    }
}
