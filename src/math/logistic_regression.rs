//! Logistic regression: the chance of an outcome from what is known of a customer.

use nalgebra::DVector;

use super::concave::{NoTop, Slope, Top, maximise};
use super::logistic::ln_1p_exp;

/// Customers of whom the same is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    /// The regressors; 1 for a constant.
    pub(crate) known: Vec<f64>,
    /// Customers with the outcome, and without it.
    pub(crate) with: u64,
    pub(crate) without: u64,
}

/// Λ(η) = 1/(1 + e^−η).
pub(crate) fn logistic(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta).exp())
}

/// The coefficients that make the outcomes most likely. The groups are summed in their order; regressors should be
/// about 1 in size.
pub(crate) fn fit(groups: &[Group], parameters: usize) -> Result<Top, NoTop> {
    /// Newton's method needs about six, and on a slope without a top takes a step of about 1 each.
    const ITERATIONS: usize = 40;
    maximise(parameters, ITERATIONS, |at| log_likelihood(groups, at))
}

fn log_likelihood(groups: &[Group], at: &DVector<f64>) -> Slope {
    let mut all = Slope::zero(at.len());
    for Group { known, with, without } in groups {
        let known = DVector::from_column_slice(known);
        let (with, without) = (*with as f64, *without as f64);
        let eta = known.dot(at);
        let (chance, rest) = (logistic(eta), logistic(-eta));
        all.value -= with * ln_1p_exp(-eta) + without * ln_1p_exp(eta);
        all.gradient.axpy(with * rest - without * chance, &known, 1.0);
        let weight = (with + without) * chance * rest;
        all.information.ger(weight, &known, &known, 1.0);
    }
    all
}
