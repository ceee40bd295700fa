//! Parts of a whole.

/// Whether parts add up to 1 but for rounding: to divide them by their sum once more would only move their last digits.
pub(crate) fn add_up_to_one(parts: &[f64]) -> bool {
    let sum: f64 = parts.iter().sum();
    (sum - 1.0).abs() <= parts.len() as f64 * f64::EPSILON
}
