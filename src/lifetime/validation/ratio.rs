//! The ratio of two likelihoods, where it has the χ² distribution.

use crate::error::{Error, Result};
use crate::estimate::HypothesisTest;
use crate::lifetime::fit::Fit;

/// Whether a fit is a maximum of the likelihood over parameters that move freely.
pub(super) fn is_regular<M>(fit: &Fit<M>) -> bool {
    let penalty = fit.log_likelihood() - fit.penalised_log_likelihood();
    !(penalty.abs() > 0.0) && fit.chosen() == 0
}

/// The test of a smaller against a larger likelihood.
pub(super) fn chi_squared(
    test: &'static str,
    (small, large): (f64, f64),
    degrees: usize,
) -> Result<HypothesisTest> {
    /// What the last steps of two fits may leave of a likelihood.
    const ROUNDING: f64 = 1e-9;
    let statistic = 2.0 * (large - small);
    if !(statistic >= -ROUNDING * (1.0 + small.abs())) {
        let reason = "the larger model is less likely than the smaller: one fit is no maximum";
        return Err(Error::undefined(test, reason));
    }
    HypothesisTest::chi_squared(statistic.max(0.0), degrees as f64)
}

pub(super) fn irregular(test: &'static str) -> Error {
    let reason =
        "a fit with a prior, or with a whole number that the data chose, has no χ² distribution";
    Error::undefined(test, reason)
}
