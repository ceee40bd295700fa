//! Whether effects stay the same over time.

use super::Residual;
use crate::error::{Error, Result};
use crate::estimate::HypothesisTest;

/// The scale of time on which a trend of the effects is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TimeTransform {
    /// Time as it is.
    Identity,
    /// The order of the events, equal times with the mean of their places.
    #[default]
    Rank,
    /// The logarithm of time, which must be above 0.
    Log,
}

pub(super) fn tests(
    residuals: &[Residual],
    covariance: &[Vec<f64>],
    transform: TimeTransform,
) -> Result<Vec<HypothesisTest>> {
    let mut residuals: Vec<&Residual> = residuals.iter().collect();
    residuals.sort_by(|a, b| a.time.total_cmp(&b.time));
    let events = residuals.len() as f64;
    let times: Vec<f64> = match transform {
        TimeTransform::Identity => residuals.iter().map(|residual| residual.time).collect(),
        TimeTransform::Rank => mean_ranks(&residuals),
        TimeTransform::Log => residuals.iter().map(|residual| residual.time.ln()).collect(),
    };
    // Counted from one of them, equal times are 0 and so is their mean, to the last bit.
    let since: Vec<f64> = times.iter().map(|time| time - times[0]).collect();
    let mean = since.iter().sum::<f64>() / events;
    let away: Vec<f64> = since.iter().map(|time| time - mean).collect();
    let spread: f64 = away.iter().map(|away| away * away).sum();
    if !(spread > 0.0 && spread < f64::INFINITY) {
        let reason = "the events do not spread over (transformed) time";
        return Err(Error::undefined("test of proportional hazards", reason));
    }
    let parameters = covariance.len();
    let trend = |k: usize| residuals.iter().zip(&away).map(|(r, away)| r.of[k] * away).sum::<f64>();
    let trends: Vec<f64> = (0..parameters).map(trend).collect();
    let test = |k: usize| {
        let scaled: f64 = (0..parameters).map(|j| events * covariance[k][j] * trends[j]).sum();
        HypothesisTest::chi_squared(scaled * scaled / (events * covariance[k][k] * spread), 1.0)
    };
    (0..parameters).map(test).collect()
}

/// The places of residuals in order of time, from 1, equal times with the mean of theirs.
fn mean_ranks(residuals: &[&Residual]) -> Vec<f64> {
    let mut before = 0.0;
    let mut ranks = Vec::with_capacity(residuals.len());
    for tied in residuals.chunk_by(|a, b| a.time.to_bits() == b.time.to_bits()) {
        let tied = tied.len();
        ranks.extend(std::iter::repeat_n(before + f64::midpoint(tied as f64, 1.0), tied));
        before += tied as f64;
    }
    ranks
}
