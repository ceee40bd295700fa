//! Numbers that know their domain: [`Probability`] and [`Share`].

use std::fmt;

use rust_decimal::Decimal;

use crate::error::{Error, Result};

/// A chance, between 0 and 1.
///
/// What a model says about one customer: that he is still active, that he stays another year.
///
/// # Example
/// ```
/// use goodwill::Probability;
///
/// const LOYAL: Probability = Probability::constant(0.8);
/// assert_eq!(LOYAL.complement().get(), 1.0 - 0.8);
/// assert!(Probability::new(f64::NAN).is_err());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "f64", into = "f64"))]
pub struct Probability(f64);

impl Probability {
    /// Never.
    pub const ZERO: Self = Self(0.0);
    /// Always.
    pub const ONE: Self = Self(1.0);

    /// A probability from a number in `[0, 1]`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for anything else, NaN included.
    pub fn new(value: f64) -> Result<Self> {
        if (0.0..=1.0).contains(&value) {
            Ok(Self(value + 0.0)) // −0 becomes 0
        } else {
            Err(Error::out_of_domain("probability", value, "[0, 1]"))
        }
    }

    /// A probability known when the program is compiled.
    ///
    /// # Panics
    /// If the value lies outside `[0, 1]`; in a `const`, the program does not compile.
    #[must_use]
    pub const fn constant(value: f64) -> Self {
        assert!(value >= 0.0 && value <= 1.0, "a probability lies in [0, 1]");
        Self(value + 0.0)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The chance of the opposite, `1 − p`.
    #[must_use]
    pub const fn complement(self) -> Self {
        Self(1.0 - self.0)
    }

    /// p with p/(1 − p) = `odds`: 1/(1 + 1/odds), in `[0, 1]` for odds of 0 to ∞.
    pub(crate) fn of_odds(odds: f64) -> Self {
        Self((1.0 / (1.0 + 1.0 / odds)).max(0.0))
    }

    /// p and 1 − p of such odds: each has its digits however small it is, and they add up to 1.
    pub(crate) fn both_of_odds(odds: f64) -> (Self, Self) {
        if odds < 1.0 {
            let p = Self::of_odds(odds);
            (p, p.complement())
        } else {
            let opposite = Self::of_odds(1.0 / odds);
            (opposite.complement(), opposite)
        }
    }

    /// A computed probability whose last digits may lie outside `[0, 1]` by rounding; `None` for what is
    /// further outside, or not a number.
    pub(crate) fn rounded(value: f64) -> Option<Self> {
        /// Far more than any sum of rounding errors here.
        const ROUNDING: f64 = 1e-9;
        let near = (-ROUNDING..=1.0 + ROUNDING).contains(&value);
        near.then(|| Self(value.clamp(0.0, 1.0)))
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<f64> for Probability {
    type Error = Error;

    fn try_from(value: f64) -> Result<Self> {
        Self::new(value)
    }
}

impl From<Probability> for f64 {
    fn from(value: Probability) -> Self {
        value.0
    }
}

/// An exact part of a whole, between 0 and 1: 0.05 is five per cent, to the digit.
///
/// Cuts of the customer base, a margin, a churn rate that is booked. `Decimal` keeps 0.1 + 0.2 = 0.3,
/// so that shares that should add up to the whole do.
///
/// # Example
/// ```
/// use goodwill::Share;
///
/// assert_eq!(Share::percent(5)?, Share::new("0.05".parse().unwrap())?);
/// assert_eq!(Share::percent(101).unwrap_err().to_string(), "share must lie in [0, 1], but is 1.01");
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "ShareText", into = "ShareText"))]
pub struct Share(Decimal);

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct ShareText(#[serde(with = "rust_decimal::serde::str")] Decimal);

#[cfg(feature = "serde")]
impl TryFrom<ShareText> for Share {
    type Error = Error;

    fn try_from(text: ShareText) -> Result<Self> {
        Self::new(text.0)
    }
}

#[cfg(feature = "serde")]
impl From<Share> for ShareText {
    fn from(share: Share) -> Self {
        Self(share.0)
    }
}

impl Share {
    /// Nothing of it.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// The whole.
    pub const ONE: Self = Self(Decimal::ONE);
    /// 0.05.
    pub(crate) const FIVE_PERCENT: Self = Self(Decimal::from_parts(5, 0, 0, false, 2));
    /// 0.25.
    pub(crate) const QUARTER: Self = Self(Decimal::from_parts(25, 0, 0, false, 2));

    /// A share from a number in `[0, 1]`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for anything else.
    pub fn new(value: Decimal) -> Result<Self> {
        if (Decimal::ZERO..=Decimal::ONE).contains(&value) {
            Ok(Self(value.normalize()))
        } else {
            Err(Error::out_of_domain("share", value, "[0, 1]"))
        }
    }

    /// A share from whole per cent, 0 to 100.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) above 100.
    pub fn percent(percent: u32) -> Result<Self> {
        Self::new(Decimal::new(i64::from(percent), 2))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> Decimal {
        self.0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
