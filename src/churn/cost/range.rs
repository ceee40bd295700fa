//! An assumption with the range in which it may lie.

use rust_decimal::Decimal;

use crate::error::{Error, Result};

/// An assumption of a calculation: what it is taken to be, and how low and how high it may be.
///
/// # Example
/// ```
/// use goodwill::churn::InputRange;
///
/// let hearers = InputRange::triangular("people told", 5.into(), 11.into(), 25.into())?;
/// assert_eq!(hearers.base(), 11.into());
/// assert_eq!(
///     InputRange::uniform("margin", 2.into(), 1.into(), 3.into()).unwrap_err().to_string(),
///     "margin must lie within its own range, but low 2, base 1 and high 3 do not ascend"
/// );
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct InputRange {
    name: String,
    shape: Shape,
    low: Decimal,
    base: Decimal,
    high: Decimal,
}

/// How likely the values in a range are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub(super) enum Shape {
    Triangular,
    Uniform,
}

impl InputRange {
    /// Values near `base` are the most likely, the ends the least.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) unless low ≤ base ≤ high.
    pub fn triangular(name: &str, low: Decimal, base: Decimal, high: Decimal) -> Result<Self> {
        Self::new(name.to_owned(), Shape::Triangular, [low, base, high])
    }

    /// All values of the range are as likely; `base` is the one that is calculated with.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) unless low ≤ base ≤ high.
    pub fn uniform(name: &str, low: Decimal, base: Decimal, high: Decimal) -> Result<Self> {
        Self::new(name.to_owned(), Shape::Uniform, [low, base, high])
    }

    fn new(name: String, shape: Shape, [low, base, high]: [Decimal; 3]) -> Result<Self> {
        if low <= base && base <= high {
            return Ok(Self { name, shape, low, base, high });
        }
        Err(Error::inconsistent(format!(
            "{name} must lie within its own range, but low {low}, base {base} and high {high} do not ascend"
        )))
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The least it may be.
    #[must_use]
    pub fn low(&self) -> Decimal {
        self.low
    }

    /// What it is taken to be.
    #[must_use]
    pub fn base(&self) -> Decimal {
        self.base
    }

    /// The most it may be.
    #[must_use]
    pub fn high(&self) -> Decimal {
        self.high
    }

    #[cfg(feature = "rand")]
    pub(super) fn shape(&self) -> Shape {
        self.shape
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    name: String,
    shape: Shape,
    #[serde(with = "rust_decimal::serde::str")]
    low: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    base: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    high: Decimal,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for InputRange {
    type Error = Error;

    fn try_from(fields: Fields) -> Result<Self> {
        Self::new(fields.name, fields.shape, [fields.low, fields.base, fields.high])
    }
}

#[cfg(feature = "serde")]
impl From<InputRange> for Fields {
    fn from(InputRange { name, shape, low, base, high }: InputRange) -> Self {
        Self { name, shape, low, base, high }
    }
}
