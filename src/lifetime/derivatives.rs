//! Reference derivatives for the tests of the likelihoods.

#![cfg(test)]

use serde_json::Value;

use crate::lifetime::sample::Sample;
use crate::math::newton::Evaluation;
use crate::time::TimeUnit;
use crate::transactions::Histories;

fn number(value: &Value) -> f64 {
    value.as_str().map_or_else(|| value.as_f64(), |text| text.parse().ok()).unwrap()
}

/// Value, gradient and Hessian at points away from the optimum, against numerical differentiation at 60
/// digits of the likelihood as printed: the entry of `tests/fixtures/derivatives.json`. Each within `relative`.
pub(super) fn assert_derivatives<const N: usize>(
    entry: &str,
    relative: f64,
    evaluate: impl Fn(&Sample, [f64; N]) -> Evaluation<N>,
) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/derivatives.json");
    let all: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let reference = &all[entry];
    let rows = reference["histories"].as_array().unwrap().iter();
    let rows: Vec<[f64; 3]> = rows.map(|row| [0, 1, 2].map(|i| number(&row[i]))).collect();
    let frequency: Vec<u32> = rows.iter().map(|row| row[0] as u32).collect();
    let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<f64>>();
    let histories = Histories::new(TimeUnit::Week, &frequency, &column(1), &column(2)).unwrap();
    let sample = Sample::new(&histories, TimeUnit::Week);
    for point in reference["points"].as_array().unwrap() {
        let at: [f64; N] = std::array::from_fn(|i| number(&point["point"][i]));
        let got = evaluate(&sample, at);
        let close = |got: f64, want: &Value, what: &str| {
            let want = number(want);
            let error = ((got - want) / want).abs();
            assert!(error < relative, "{what} at {at:?}: {got} is not {want}, relative {error:e}");
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
