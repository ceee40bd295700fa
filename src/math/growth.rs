//! The logarithm of a growth.

/// ln((from + gap)/from), to the last digit of a small gap and without overflow for a large one.
pub(crate) fn ln_growth(from: f64, gap: f64) -> f64 {
    let growth = gap / from;
    if growth.is_finite() { growth.ln_1p() } else { (from + gap).ln() - from.ln() }
}
