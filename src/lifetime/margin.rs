//! What a customer brings in every period: an amount with its period, and how it grows.

use crate::error::{Error, Result};
use crate::time::{DiscountRate, TimeUnit};

/// What a customer brings in per period, and how that grows while he stays.
///
/// # Units
/// `amount` is money per `period`; a model with another period takes the part of it that the named day counts of
/// [`TimeUnit`] give, and the compound equivalent of the growth.
///
/// # Example
/// ```
/// use goodwill::TimeUnit;
/// use goodwill::lifetime::{GrowthStart, Margin};
///
/// let margin = Margin::new(1_200.0, TimeUnit::Year)?.growing(0.05, TimeUnit::Year, GrowthStart::AfterFirst)?;
/// assert!((margin.per(TimeUnit::Month) - 100.0).abs() < 1e-12);
/// assert!((margin.growth_per(TimeUnit::Month) - 0.004_074_123_783_648_3).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "MarginFields", into = "MarginFields"))]
pub struct Margin {
    amount: f64,
    period: TimeUnit,
    /// A compound rate like that of waiting.
    growth: DiscountRate,
    start: GrowthStart,
}

/// Whether the first margin of a growing one has grown already. The two differ by a factor of 1 + g.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum GrowthStart {
    /// The first margin is the stated one; the second has grown once.
    #[default]
    AfterFirst,
    /// The stated margin is that of the period before: the first has grown once.
    AtFirst,
}

impl Margin {
    /// The same amount in every period.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless it is finite.
    pub fn new(amount: f64, period: TimeUnit) -> Result<Self> {
        if !amount.is_finite() {
            return Err(Error::out_of_domain("margin", amount, "(-∞, ∞)"));
        }
        Ok(Self { amount, period, growth: DiscountRate::NONE, start: GrowthStart::AfterFirst })
    }

    /// The same amount to begin with, growing by a compound rate per period; below 0 it shrinks.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `growth` lies in `(−1, ∞)`.
    pub fn growing(self, growth: f64, period: TimeUnit, start: GrowthStart) -> Result<Self> {
        let rate = DiscountRate::new(growth, period)
            .map_err(|_| Error::out_of_domain("growth of the margin", growth, "(-1, ∞)"))?;
        Ok(Self { growth: rate, start, ..self })
    }

    /// The stated amount per another period.
    #[must_use]
    pub fn per(&self, unit: TimeUnit) -> f64 {
        self.amount * self.period.per(unit)
    }

    /// The growth per another period, compound.
    #[must_use]
    pub fn growth_per(&self, unit: TimeUnit) -> f64 {
        self.growth.per(unit)
    }

    /// When the growth starts.
    #[must_use]
    pub fn growth_start(&self) -> GrowthStart {
        self.start
    }

    /// The first margin of a model with this period.
    pub(super) fn first(&self, unit: TimeUnit) -> f64 {
        match self.start {
            GrowthStart::AfterFirst => self.per(unit),
            GrowthStart::AtFirst => self.per(unit) * (1.0 + self.growth_per(unit)),
        }
    }

    /// The rate at which constant margins are worth as much as the growing ones at the rate of discount:
    /// (1 + d)/(1 + g) − 1.
    pub(super) fn net_rate(&self, discount: DiscountRate, unit: TimeUnit) -> Result<f64> {
        let (d, g) = (discount.per(unit), self.growth_per(unit));
        let net = (d - g) / (1.0 + g);
        if net > -1.0 && net < f64::INFINITY {
            Ok(net)
        } else {
            Err(Error::undefined("discount net of growth", "the value leaves the range of f64"))
        }
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct MarginFields {
    amount: f64,
    period: TimeUnit,
    growth: DiscountRate,
    growth_start: GrowthStart,
}

#[cfg(feature = "serde")]
impl TryFrom<MarginFields> for Margin {
    type Error = Error;

    fn try_from(fields: MarginFields) -> Result<Self> {
        let MarginFields { amount, period, growth, growth_start } = fields;
        Ok(Self { growth, start: growth_start, ..Self::new(amount, period)? })
    }
}

#[cfg(feature = "serde")]
impl From<Margin> for MarginFields {
    fn from(margin: Margin) -> Self {
        let Margin { amount, period, growth, start } = margin;
        Self { amount, period, growth, growth_start: start }
    }
}
