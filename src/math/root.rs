//! Where a monotone condition begins to hold.

/// The smallest number in `[0, f64::MAX]` from which a condition holds, `None` where it never does. It must not
/// hold for a while only.
///
/// Non-negative doubles order as their bits do: halving the bits finds the double itself, in 64 steps.
pub(crate) fn first_that(holds: impl Fn(f64) -> bool) -> Option<f64> {
    if !holds(f64::MAX) {
        return None;
    }
    let (mut low, mut high) = (0, f64::MAX.to_bits());
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(f64::from_bits(middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(f64::from_bits(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_all() {
        assert_eq!(first_that(|_| true).map(f64::to_bits), Some(0));
        assert_eq!(first_that(|x| x >= f64::MAX), Some(f64::MAX));
        assert_eq!(first_that(|x| x > 0.0), Some(f64::from_bits(1)));
        assert_eq!(first_that(|x| x * x >= 2.0), Some(2.0_f64.sqrt()));
        assert_eq!(first_that(f64::is_nan), None);
    }
}
