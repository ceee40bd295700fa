//! What is known of many customers alike, computed once.

use std::collections::HashMap;

use super::model::sealed::Known;
use crate::error::Result;
use crate::math::hashing::NumberHash;
use crate::math::ranks::Ranks;

/// Values by what is known of a customer.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Those of up to [`FREQUENT`] purchases at one of few ages lie where these say, NaN before they are known;
    /// neighbours in memory are alike.
    ages: Ranks,
    near: Vec<f64>,
    /// The others.
    far: HashMap<(u32, u64, u64), f64, NumberHash>,
}

const FREQUENT: usize = 128;

impl Shared {
    /// The value for (x, T), and for `t_x` too where `with_recency` says so.
    #[inline]
    pub(super) fn value(
        &mut self,
        known: Known,
        with_recency: bool,
        value: impl FnOnce(Known) -> Result<f64>,
    ) -> Result<f64> {
        let x = known.frequency as usize;
        if !with_recency
            && x < FREQUENT
            && let Some(place) = self.ages.place(known.age)
        {
            let index = place as usize * FREQUENT + x;
            if index >= self.near.len() {
                self.near.resize((place as usize + 1) * FREQUENT, f64::NAN);
            }
            let near = &mut self.near[index];
            if near.is_nan() {
                *near = value(known)?;
            }
            return Ok(*near);
        }
        let recency = if with_recency { known.recency } else { 0.0 };
        let key = (known.frequency, recency.to_bits(), known.age.to_bits());
        match self.far.get(&key) {
            Some(&far) => Ok(far),
            None => Ok(*self.far.entry(key).or_insert(value(known)?)),
        }
    }
}
