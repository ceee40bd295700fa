//! Which assumption moves the total most.

use std::cmp::Reverse;

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;

use super::range::InputRange;

/// How far each assumption alone moves a total, the widest swing first: the others stay at their base.
///
/// # Formula
/// ```text
/// low = f(base, …, lowᵢ, …, base),  high = f(base, …, highᵢ, …, base);   swing = largest − smallest of low, base, high
/// ```
///
/// # Example
/// ```
/// use goodwill::churn::{InputRange, Tornado};
/// use goodwill::money::product;
///
/// let inputs = [
///     InputRange::uniform("customers", 90.into(), 100.into(), 110.into())?,
///     InputRange::uniform("value each", 5.into(), 10.into(), 20.into())?,
/// ];
/// let tornado = Tornado::new(&inputs, |x| product(x[0], x[1]))?;
/// assert_eq!(tornado.base(), 1_000.into());
/// let widest = &tornado.bars()[0];
/// assert_eq!((widest.name.as_str(), widest.low, widest.high), ("value each", 500.into(), 2_000.into()));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tornado {
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    base: Decimal,
    bars: Vec<TornadoBar>,
}

/// One assumption of a [`Tornado`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct TornadoBar {
    /// What it is called.
    pub name: String,
    /// Its position in the caller's list.
    pub input: usize,
    /// The total with the assumption at its low end.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub low: Decimal,
    /// The total with the assumption at its high end.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub high: Decimal,
    /// The largest less the smallest of the totals at low, base and high.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub swing: Decimal,
}

impl Tornado {
    /// `total` takes the assumptions in the order of `inputs`. Equal swings stand in that order too.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without an input; what `total` returns;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a swing.
    pub fn new(
        inputs: &[InputRange],
        total: impl Fn(&[Decimal]) -> Result<Decimal>,
    ) -> Result<Self> {
        if inputs.is_empty() {
            return Err(Error::empty("inputs"));
        }
        let mut values: Vec<Decimal> = inputs.iter().map(InputRange::base).collect();
        let base = total(&values)?;
        let mut bars = Vec::with_capacity(inputs.len());
        for (input, range) in inputs.iter().enumerate() {
            values[input] = range.low();
            let low = total(&values)?;
            values[input] = range.high();
            let high = total(&values)?;
            values[input] = range.base();
            let swing = money::difference(low.max(base).max(high), low.min(base).min(high))?;
            bars.push(TornadoBar { name: range.name().to_owned(), input, low, high, swing });
        }
        bars.sort_by_key(|bar| Reverse(bar.swing));
        Ok(Self { base, bars })
    }

    /// The total with every assumption at its base.
    #[must_use]
    pub fn base(&self) -> Decimal {
        self.base
    }

    /// The assumptions, the widest swing first.
    #[must_use]
    pub fn bars(&self) -> &[TornadoBar] {
        &self.bars
    }
}
