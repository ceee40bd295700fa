//! A row of customers in parts of as equal size as can be.

use crate::error::{Error, Result};

/// Where each of `parts` parts of `n` ends: part k at ⌊n·k/parts + ½⌋.
pub(crate) fn ends(n: usize, parts: usize) -> Result<Vec<usize>> {
    if !(1..=1_000_000).contains(&parts) {
        return Err(Error::out_of_domain("groups", parts, "[1, 10^6]"));
    }
    let (n, twice) = (n as u128, 2 * parts as u128);
    Ok((1..=parts as u128).map(|k| ((2 * n * k + parts as u128) / twice) as usize).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 2,357 customers in tenths end at 235.7, 471.4, 707.1 …
    #[test]
    fn ends_are_rounded_half_up() {
        assert_eq!(ends(2_357, 10).unwrap()[..3], [236, 471, 707]);
        assert_eq!(ends(5, 2).unwrap(), [3, 5]);
        assert_eq!(ends(1, 3).unwrap(), [0, 1, 1]);
        assert_eq!(ends(3, 0).unwrap_err().to_string(), "groups must lie in [1, 10^6], but is 0");
    }
}
