//! Reference derivatives for the tests of the likelihoods.

#![cfg(test)]

use crate::lifetime::sample::Sample;
use crate::math::newton::Evaluation;
use crate::math::newton::reference::{self, numbers, reference};
use crate::time::TimeUnit;
use crate::transactions::Histories;

/// The derivatives of a purchase model's likelihood over the histories of an entry of
/// `tests/fixtures/derivatives.json`, each within `relative`.
pub(super) fn assert_derivatives<const N: usize>(
    entry: &str,
    relative: f64,
    evaluate: impl Fn(&Sample, [f64; N]) -> Evaluation<N>,
) {
    let entry = &reference("derivatives.json")[entry];
    let rows: Vec<Vec<f64>> = entry["histories"].as_array().unwrap().iter().map(numbers).collect();
    let frequency: Vec<u32> = rows.iter().map(|row| row[0] as u32).collect();
    let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<f64>>();
    let histories = Histories::new(TimeUnit::Week, &frequency, &column(1), &column(2)).unwrap();
    let sample = Sample::new(&histories, TimeUnit::Week);
    reference::assert_derivatives(entry, relative, |at| evaluate(&sample, at));
}
