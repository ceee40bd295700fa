//! The ledger's money columns: 64-bit mantissas at one scale while they fit, exact sums where they do not.

use rust_decimal::Decimal;

use crate::money::{self, Sum};

/// Exact money while it is added up: a mantissa at a scale kept beside it, or [`Sum`] at any scale.
pub(super) trait Amount: Copy + Default + Ord + Send + Sync {
    /// `self + other`, `None` where it overflows.
    fn plus(self, other: Self) -> Option<Self>;
    /// `self − other`, `None` where it overflows.
    fn minus(self, other: Self) -> Option<Self>;
    /// The amount at a scale, `None` where a `Decimal` cannot hold it.
    fn decimal(self, scale: u32) -> Option<Decimal>;
}

macro_rules! mantissas {
    ($($integer:ty),*) => {$(
        impl Amount for $integer {
            fn plus(self, other: Self) -> Option<Self> {
                self.checked_add(other)
            }

            fn minus(self, other: Self) -> Option<Self> {
                self.checked_sub(other)
            }

            fn decimal(self, scale: u32) -> Option<Decimal> {
                money::decimal(self.into(), scale)
            }
        }
    )*};
}

mantissas!(i64, i128);

impl Amount for Sum {
    fn plus(mut self, other: Self) -> Option<Self> {
        self.merge(&other).ok()?;
        Some(self)
    }

    fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated().ok()?)
    }

    fn decimal(self, _scale: u32) -> Option<Decimal> {
        self.total().ok()
    }
}

/// A column of exact money. One value has one form: narrow at the smallest scale if every mantissa then
/// fits 64 bits, wide otherwise, so that equal columns compare equal however they were made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub(super) enum Amounts {
    Narrow { scale: u32, mantissas: Vec<i64> },
    Wide(Vec<Sum>),
}

impl Default for Amounts {
    fn default() -> Self {
        Self::Narrow { scale: 0, mantissas: Vec::new() }
    }
}

impl Amounts {
    /// The narrow form of mantissas at a scale, with the scale made as small as it can be.
    pub(super) fn narrow(mut mantissas: Vec<i64>, mut scale: u32) -> Self {
        let zeros = common_zeros(mantissas.iter().copied(), scale);
        if zeros > 0 {
            let unit = 10_i64.pow(zeros.min(18));
            for mantissa in &mut mantissas {
                *mantissa /= unit;
            }
            scale -= zeros;
        }
        Self::Narrow { scale, mantissas }
    }

    /// The form that fits exact sums.
    pub(super) fn of(sums: Vec<Sum>) -> Self {
        let decimals: Option<Vec<Decimal>> = sums.iter().map(|sum| sum.total().ok()).collect();
        let narrow = decimals.and_then(|decimals| {
            let scale = decimals.iter().map(Decimal::scale).max().unwrap_or(0);
            let mantissas: Option<Vec<i64>> =
                decimals.iter().map(|&amount| mantissa_at(amount, scale)).collect();
            mantissas.map(|mantissas| Self::Narrow { scale, mantissas })
        });
        narrow.unwrap_or(Self::Wide(sums))
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::Narrow { mantissas, .. } => mantissas.len(),
            Self::Wide(sums) => sums.len(),
        }
    }

    /// The scale and the mantissas, where the column is narrow.
    pub(super) fn as_narrow(&self) -> Option<(u32, &[i64])> {
        match self {
            Self::Narrow { scale, mantissas } => Some((*scale, mantissas)),
            Self::Wide(_) => None,
        }
    }

    /// One value as an exact sum.
    pub(super) fn sum_at(&self, cell: usize) -> Sum {
        match self {
            Self::Narrow { scale, mantissas } => {
                Decimal::from_i128_with_scale(i128::from(mantissas[cell]), *scale).into()
            }
            Self::Wide(sums) => sums[cell],
        }
    }

    /// Every value as an exact sum.
    pub(super) fn sums(&self) -> Vec<Sum> {
        (0..self.len()).map(|cell| self.sum_at(cell)).collect()
    }
}

/// The mantissa of an amount at a scale, where it fits 64 bits.
pub(super) fn mantissa_at(amount: Decimal, scale: u32) -> Option<i64> {
    if amount.scale() == scale {
        return amount.mantissa().try_into().ok();
    }
    let zeros = scale.checked_sub(amount.scale())?;
    10_i128.checked_pow(zeros)?.checked_mul(amount.mantissa())?.try_into().ok()
}

/// How many trailing zeros all mantissas share, up to `most`; all of them if every mantissa is 0.
fn common_zeros(mantissas: impl Iterator<Item = i64>, most: u32) -> u32 {
    let mut zeros = most;
    for mut mantissa in mantissas.filter(|&mantissa| mantissa != 0) {
        if zeros == 0 {
            break;
        }
        let mut own = 0;
        while own < zeros && mantissa % 10 == 0 {
            mantissa /= 10;
            own += 1;
        }
        zeros = own;
    }
    zeros
}
