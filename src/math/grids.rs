//! Reference grids for the tests of the kernels.

#![cfg(test)]

/// The rows of a grid of `tests/fixtures/special`, without its header; text is NaN.
pub(crate) fn grid(name: &str) -> Vec<Vec<f64>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/special/");
    let text = std::fs::read_to_string(format!("{folder}{name}.csv")).unwrap_or_default();
    let row = |line: &str| line.split(',').map(|v| v.parse().unwrap_or(f64::NAN)).collect();
    let rows: Vec<_> = text.lines().skip(1).map(row).collect();
    assert!(!rows.is_empty(), "{name}.csv is missing");
    rows
}
