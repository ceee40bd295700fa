//! What a customer can be ranked by.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;
use crate::money::{self, Sum};
use crate::quantity::Share;

/// A value per customer: `f64` or [`Decimal`]. Sealed.
///
/// Totals are exact and do not depend on the order of the customers: decimals to the digit, `f64`s as the
/// true sum rounded once.
pub trait Value: sealed::Value {}

impl Value for f64 {}
impl Value for Decimal {}

pub(super) mod sealed {
    use std::fmt::Debug;

    use super::{ExactSum, Result, Share};

    /// The exact total of `f64`s.
    #[derive(Clone, Debug, Default)]
    pub struct FloatTotal(pub(super) ExactSum);

    pub trait Value: Copy + Debug + PartialOrd {
        /// What zero is.
        const ZERO: Self;
        /// Orders as the values do; −0.0 is 0.0.
        type Key: Ord + Copy;
        /// An exact total.
        type Total: Clone + Default;

        fn key(self) -> Self::Key;
        /// Refuses what is not a number.
        fn checked(self) -> Result<Self>;
        fn add_to(self, total: &mut Self::Total) -> Result<()>;
        fn merge(total: &mut Self::Total, other: &Self::Total) -> Result<()>;
        fn read(total: &Self::Total) -> Result<Self>;
        /// The share of this value, exact for decimals.
        fn part(self, share: Share) -> Result<Self>;
        fn to_f64(self) -> f64;
    }
}

impl sealed::Value for f64 {
    const ZERO: Self = 0.0;
    type Key = u64;
    type Total = sealed::FloatTotal;

    fn key(self) -> u64 {
        /// The sign bit of an `f64`.
        const SIGN: u64 = 1 << 63;
        let bits = (self + 0.0).to_bits();
        if bits & SIGN == 0 { bits | SIGN } else { !bits }
    }

    fn checked(self) -> Result<Self> {
        if self.is_finite() {
            Ok(self)
        } else {
            Err(Error::out_of_domain("value", self, "(-∞, ∞)"))
        }
    }

    fn add_to(self, total: &mut sealed::FloatTotal) -> Result<()> {
        total.0.add(self);
        Ok(())
    }

    fn merge(total: &mut sealed::FloatTotal, other: &sealed::FloatTotal) -> Result<()> {
        total.0.merge(&other.0);
        Ok(())
    }

    fn read(total: &sealed::FloatTotal) -> Result<Self> {
        let value = total.0.value();
        if value.is_finite() { Ok(value) } else { Err(Error::overflow("a total of values")) }
    }

    fn part(self, share: Share) -> Result<Self> {
        Ok(self * money::to_f64(share.get()))
    }

    fn to_f64(self) -> f64 {
        self
    }
}

impl sealed::Value for Decimal {
    const ZERO: Self = Decimal::ZERO;
    type Key = Decimal;
    type Total = Sum;

    fn key(self) -> Decimal {
        self
    }

    fn checked(self) -> Result<Self> {
        Ok(self)
    }

    fn add_to(self, total: &mut Sum) -> Result<()> {
        total.add(self)
    }

    fn merge(total: &mut Sum, other: &Sum) -> Result<()> {
        total.merge(other)
    }

    fn read(total: &Sum) -> Result<Self> {
        total.total()
    }

    fn part(self, share: Share) -> Result<Self> {
        money::product(self, share.get())
    }

    fn to_f64(self) -> f64 {
        money::to_f64(self)
    }
}
