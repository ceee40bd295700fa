//! Quantiles of a sample.

/// The quantile of values in ascending order, interpolated between its neighbours: position (n − 1)·p,
/// counted from 0. The values are not empty.
///
/// # Reference
/// Hyndman and Fan (1996), The American Statistician 50(4), 361–365, definition 7.
pub(crate) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len() - 1;
    let position = last as f64 * p;
    let below = (position as usize).min(last);
    let above = (below + 1).min(last);
    let part = position - below as f64;
    sorted[below] * (1.0 - part) + sorted[above] * part
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: position 3·0.25 = 0.75 lies three quarters of the way from 1 to 2.
    #[test]
    fn interpolates_between_neighbours() {
        let values = [1.0, 2.0, 4.0, 8.0];
        let at = |p| quantile(&values, p).to_bits();
        assert_eq!(at(0.0), 1.0_f64.to_bits());
        assert_eq!(at(0.25), 1.75_f64.to_bits());
        assert_eq!(at(0.5), 3.0_f64.to_bits());
        assert_eq!(at(1.0), 8.0_f64.to_bits());
        assert_eq!(quantile(&[5.0], 0.3).to_bits(), 5.0_f64.to_bits());
    }
}
