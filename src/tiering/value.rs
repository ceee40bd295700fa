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

    use super::{ExactSum, Result, Share, float_key};

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
        /// An exact total of values whose keys begin with the same bits, sign and exponent among them.
        type Lot: Clone + Default;

        fn key(self) -> Self::Key;

        /// The first 16 bits of the nearest `f64`'s key: never the wrong way round, often equal.
        fn coarse_rank(self) -> usize {
            (float_key(self.to_f64()) >> 48) as usize
        }

        /// Refuses what is not a number.
        fn checked(self) -> Result<Self>;
        fn add_to(self, total: &mut Self::Total) -> Result<()>;
        /// Adds values in any order, fastest in theirs.
        fn add_all(values: &[Self], total: &mut Self::Total) -> Result<()> {
            values.iter().try_for_each(|value| value.add_to(total))
        }
        fn merge(total: &mut Self::Total, other: &Self::Total) -> Result<()>;
        /// Adds a value whose key shares its first `bits` with all of the lot.
        fn add_to_lot(self, bits: u32, lot: &mut Self::Lot) -> Result<()>;
        /// Adds the whole lot of so many values whose keys begin with these bits, and how many bits they are.
        fn settle(
            lot: &Self::Lot,
            prefix: (usize, u32),
            values: usize,
            total: &mut Self::Total,
        ) -> Result<()>;
        fn read(total: &Self::Total) -> Result<Self>;
        /// The share of this value, exact for decimals.
        fn part(self, share: Share) -> Result<Self>;
        /// The value of which this is such a share above 0, to the last digit.
        fn whole_of(self, share: Share) -> Result<Self>;
        /// This value less the other, exact for decimals.
        fn less(self, other: Self) -> Result<Self>;
        fn to_f64(self) -> f64;
        /// The one way to write the value: without trailing zeros, and 0 without a sign.
        fn canonical(self) -> Self;
        /// The values, best first, in their canonical form; what is no number first or last.
        fn ranked(values: &[Self]) -> Vec<Self>;
    }
}

/// A number that orders as the `f64`s do; −0.0 is 0.0.
#[inline]
fn float_key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The number of a [`float_key`].
#[inline]
fn float_of_key(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

fn within_range(value: f64) -> Result<f64> {
    if value.is_finite() { Ok(value) } else { Err(Error::overflow("a total of values")) }
}

impl sealed::Value for f64 {
    const ZERO: Self = 0.0;
    type Key = u64;
    type Total = sealed::FloatTotal;
    /// The bits that are not shared, added up as whole numbers: in a lot they all have the same unit.
    type Lot = u128;

    #[inline]
    fn key(self) -> u64 {
        float_key(self)
    }

    #[inline]
    fn checked(self) -> Result<Self> {
        if self.is_finite() {
            Ok(self)
        } else {
            Err(Error::out_of_domain("value", self, "(-∞, ∞)"))
        }
    }

    #[inline]
    fn add_to(self, total: &mut sealed::FloatTotal) -> Result<()> {
        total.0.add(self);
        Ok(())
    }

    fn add_all(values: &[Self], total: &mut sealed::FloatTotal) -> Result<()> {
        total.0.add_weighted(values.iter().map(|&value| (1, value)));
        Ok(())
    }

    fn merge(total: &mut sealed::FloatTotal, other: &sealed::FloatTotal) -> Result<()> {
        total.0.merge(&other.0);
        Ok(())
    }

    #[inline]
    fn add_to_lot(self, bits: u32, lot: &mut u128) -> Result<()> {
        *lot += u128::from((self + 0.0).to_bits() << bits >> bits);
        Ok(())
    }

    fn settle(
        lot: &u128,
        (prefix, bits): (usize, u32),
        values: usize,
        total: &mut sealed::FloatTotal,
    ) -> Result<()> {
        // The least of them in magnitude has no other bits than the shared ones.
        let first_key = (prefix as u64) << (u64::BITS - bits);
        let least = float_of_key(first_key).to_bits() >> (u64::BITS - bits) << (u64::BITS - bits);
        total.0.add_many(f64::from_bits(least), values as u64, *lot);
        Ok(())
    }

    fn read(total: &sealed::FloatTotal) -> Result<Self> {
        within_range(total.0.value())
    }

    fn part(self, share: Share) -> Result<Self> {
        Ok(self * money::to_f64(share.get()))
    }

    fn whole_of(self, share: Share) -> Result<Self> {
        within_range(self / money::to_f64(share.get()))
    }

    fn less(self, other: Self) -> Result<Self> {
        within_range(self - other)
    }

    #[inline]
    fn to_f64(self) -> f64 {
        self
    }

    fn canonical(self) -> Self {
        self + 0.0
    }

    fn ranked(values: &[Self]) -> Vec<Self> {
        let mut falling: Vec<u64> = values.iter().map(|&value| !float_key(value)).collect();
        falling.sort_unstable();
        falling.into_iter().map(|key| float_of_key(!key)).collect()
    }
}

impl sealed::Value for Decimal {
    const ZERO: Self = Decimal::ZERO;
    /// Two whole numbers: comparing them is cheaper than bringing two decimals to one scale.
    type Key = Sum;
    type Total = Sum;
    type Lot = Sum;

    #[inline]
    fn key(self) -> Sum {
        Sum::from(self)
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

    fn add_to_lot(self, _: u32, lot: &mut Sum) -> Result<()> {
        lot.add(self)
    }

    fn settle(lot: &Sum, _: (usize, u32), _: usize, total: &mut Sum) -> Result<()> {
        total.merge(lot)
    }

    fn read(total: &Sum) -> Result<Self> {
        total.total()
    }

    fn part(self, share: Share) -> Result<Self> {
        money::product(self, share.get())
    }

    fn whole_of(self, share: Share) -> Result<Self> {
        self.checked_div(share.get()).ok_or_else(|| Error::overflow("a total of values"))
    }

    fn less(self, other: Self) -> Result<Self> {
        money::difference(self, other)
    }

    fn to_f64(self) -> f64 {
        money::to_f64(self)
    }

    fn canonical(self) -> Self {
        self.normalize()
    }

    fn ranked(values: &[Self]) -> Vec<Self> {
        let mut ranked = values.to_vec();
        // Compared as they came: most bases have one scale, which compares fastest.
        ranked.sort_unstable_by(|a, b| b.cmp(a));
        ranked.into_iter().map(Self::canonical).collect()
    }
}
