//! Amounts that a model expects, small enough that no sum of them leaves `f64`.

use crate::error::{Error, Result};

/// An amount within ±10²⁵⁰; −0 becomes 0.
pub(super) fn checked_money(name: &'static str, value: f64) -> Result<f64> {
    if (-1e250..=1e250).contains(&value) {
        Ok(value + 0.0)
    } else {
        Err(Error::out_of_domain(name, value, "[-1e250, 1e250]"))
    }
}
