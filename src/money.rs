//! Exact money: the only place where [`Decimal`]s are added or multiplied.
//!
//! `Decimal`'s own arithmetic rounds silently near 28 digits, so that a sum can depend on its order. Here a sum
//! is kept as whole units and a 28-digit fraction, a product is formed from the factors' digits, and a result
//! that needs more digits than `Decimal` holds is [`Overflow`](crate::ErrorKind::Overflow), never rounded.
//! What a model expects is `f64`. Money becomes `f64` only through [`to_f64`]; a model's number becomes money only through
//! [`round_half_even`], where it is booked to the cent, and [`from_f64`], where it is compared with money.

use rust_decimal::Decimal;

use crate::error::{Error, Result};

/// Digits after the point that a `Decimal` can hold.
const SCALE: u32 = 28;
/// One, in units of the last digit.
const UNIT: i128 = 10_i128.pow(SCALE);
/// 10^i, as far as it is exact in `f64`.
const FLOAT_TENS: [f64; 23] = {
    let mut tens = [1.0; 23];
    let mut i = 1;
    while i < tens.len() {
        tens[i] = tens[i - 1] * 10.0;
        i += 1;
    }
    tens
};
/// 10^i, as far as a `Decimal` has digits after the point.
const TENS: [i128; SCALE as usize + 1] = {
    let mut tens = [1; SCALE as usize + 1];
    let mut i = 1;
    while i < tens.len() {
        tens[i] = tens[i - 1] * 10;
        i += 1;
    }
    tens
};
/// 10^i, as far as 64 bits hold it.
const SMALL_TENS: [i64; 19] = {
    let mut tens = [1; 19];
    let mut i = 1;
    while i < tens.len() {
        tens[i] = tens[i - 1] * 10;
        i += 1;
    }
    tens
};
/// The mantissa of a `Decimal` has 96 bits.
const MANTISSA_LIMIT: u128 = 1 << 96;

/// An exact running total of money.
///
/// Order and grouping do not matter, to the digit; two totals [`merge`](Sum::merge), so shards can be summed
/// apart. The total is read once at the end, and only then must it fit a `Decimal`.
///
/// # Example
/// ```
/// use goodwill::money::Sum;
/// use rust_decimal::Decimal;
///
/// let large: Decimal = "7922816251426433759354395033.5".parse().unwrap();
/// let cents: Decimal = "0.04".parse().unwrap();
/// // `Decimal`'s own `+` gives …33.6 or …33.5 here, as the order has it.
/// let mut sum = Sum::default();
/// for value in [large, cents, cents, -large] {
///     sum.add(value)?;
/// }
/// assert_eq!(sum.total()?, "0.08".parse().unwrap());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "SumText", into = "SumText"))]
pub struct Sum {
    /// The floor of the total.
    whole: i128,
    /// The rest, in units of 10⁻²⁸; at least 0 and below 1.
    fraction: i128,
}

/// The digits as text, since few readers of JSON hold 128 bits.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct SumText {
    whole: String,
    fraction: String,
}

#[cfg(feature = "serde")]
impl TryFrom<SumText> for Sum {
    type Error = Error;

    fn try_from(text: SumText) -> Result<Self> {
        let parse = |digits: &str| {
            digits.parse::<i128>().map_err(|_| Error::out_of_domain("sum", digits, "whole numbers"))
        };
        let sum = Self { whole: parse(&text.whole)?, fraction: parse(&text.fraction)? };
        if (0..UNIT).contains(&sum.fraction) {
            Ok(sum)
        } else {
            Err(Error::out_of_domain("fraction of a sum", sum.fraction, "[0, 10^28)"))
        }
    }
}

#[cfg(feature = "serde")]
impl From<Sum> for SumText {
    fn from(sum: Sum) -> Self {
        Self { whole: sum.whole.to_string(), fraction: sum.fraction.to_string() }
    }
}

impl Sum {
    /// Adds one amount.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond ±1.7 × 10³⁸, nine digits more than one `Decimal` holds.
    pub fn add(&mut self, amount: Decimal) -> Result<()> {
        self.merge(&Self::from(amount))
    }

    /// Adds another total.
    ///
    /// # Errors
    /// As [`add`](Sum::add).
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        let fraction = self.fraction + other.fraction;
        let carry = i128::from(fraction >= UNIT);
        let whole = self
            .whole
            .checked_add(other.whole)
            .and_then(|whole| whole.checked_add(carry))
            .ok_or_else(|| Error::overflow("a total of money"))?;
        *self = Self { whole, fraction: fraction - carry * UNIT };
        Ok(())
    }

    /// The total with the other sign, which −2¹²⁷ has not.
    pub(crate) fn negated(&self) -> Result<Self> {
        if self.fraction > 0 {
            // −whole − 1.
            return Ok(Self { whole: !self.whole, fraction: UNIT - self.fraction });
        }
        let whole = self.whole.checked_neg().ok_or_else(|| Error::overflow("a total of money"))?;
        Ok(Self { whole, fraction: 0 })
    }

    /// The total as a near `f64`, however many digits it has.
    pub(crate) fn to_f64(self) -> f64 {
        self.whole as f64 + self.fraction as f64 / UNIT as f64
    }

    /// The total, without trailing zeros.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where a `Decimal` cannot hold every digit.
    pub fn total(&self) -> Result<Decimal> {
        let (fraction, zeros) = strip_tens(self.fraction, SCALE);
        let scale = SCALE - zeros;
        10_i128
            .checked_pow(scale)
            .and_then(|unit| self.whole.checked_mul(unit))
            .and_then(|whole| whole.checked_add(fraction))
            .and_then(|mantissa| decimal(mantissa, scale))
            .ok_or_else(|| Error::overflow("a total of money"))
    }
}

impl From<Decimal> for Sum {
    fn from(amount: Decimal) -> Self {
        let (mantissa, scale) = (amount.mantissa(), amount.scale());
        // Division of 64 bits is several times cheaper, and most amounts fit.
        let small = i64::try_from(mantissa).ok().zip(SMALL_TENS.get(scale as usize));
        let (whole, rest) = if let Some((small, &unit)) = small {
            (small.div_euclid(unit).into(), small.rem_euclid(unit).into())
        } else {
            let unit = TENS[scale as usize];
            (mantissa.div_euclid(unit), mantissa.rem_euclid(unit))
        };
        Self { whole, fraction: rest * TENS[(SCALE - scale) as usize] }
    }
}

/// The exact sum of amounts, without trailing zeros. See [`Sum`].
///
/// # Errors
/// [`Overflow`](crate::ErrorKind::Overflow) where a `Decimal` cannot hold every digit.
pub fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Result<Decimal> {
    let mut sum = Sum::default();
    amounts.into_iter().try_for_each(|amount| sum.add(amount))?;
    sum.total()
}

/// The exact difference `a − b`, without trailing zeros.
///
/// # Errors
/// [`Overflow`](crate::ErrorKind::Overflow) where a `Decimal` cannot hold every digit.
pub fn difference(a: Decimal, b: Decimal) -> Result<Decimal> {
    let mut sum = Sum::from(b).negated()?;
    sum.add(a)?;
    sum.total()
}

/// The exact product of two amounts, without trailing zeros.
///
/// # Errors
/// [`Overflow`](crate::ErrorKind::Overflow) where a `Decimal` cannot hold every digit.
///
/// # Example
/// ```
/// use goodwill::money::product;
/// use rust_decimal::Decimal;
///
/// assert_eq!(product(Decimal::new(4995, 2), Decimal::from(12))?, Decimal::new(5994, 1));
/// // `Decimal`'s own product of 1e-28 and 0.1 is 0.
/// assert!(product(Decimal::new(1, 28), Decimal::new(1, 1)).is_err());
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn product(a: Decimal, b: Decimal) -> Result<Decimal> {
    if a.is_zero() || b.is_zero() {
        return Ok(Decimal::ZERO);
    }
    let (a_core, a_twos, a_fives) = strip_twos_and_fives(a.mantissa());
    let (b_core, b_twos, b_fives) = strip_twos_and_fives(b.mantissa());
    let (twos, fives) = (a_twos + b_twos, a_fives + b_fives);
    let decimals = i64::from(a.scale()) + i64::from(b.scale());
    // Tens that the digits hold are taken off the scale, and given back where the scale has fewer.
    let tens = twos.min(fives).min(decimals as u32);
    a_core
        .checked_mul(b_core)
        .and_then(|core| core.checked_mul(2_i128.checked_pow(twos - tens)?))
        .and_then(|core| core.checked_mul(5_i128.checked_pow(fives - tens)?))
        .and_then(|mantissa| decimal(mantissa, decimals as u32 - tens))
        .ok_or_else(|| Error::overflow(format!("the product {a} × {b}")))
}

/// `a × b ÷ c`, rounded once, half to even, to so many digits after the point.
///
/// # Errors
/// [`Overflow`](crate::ErrorKind::Overflow) where the digits on the way exceed 128 bits; c is not 0.
pub(crate) fn rounded_quotient(a: Decimal, b: Decimal, c: Decimal, digits: u32) -> Result<Decimal> {
    let (top, bottom) = (product(a, b)?, c.normalize());
    if top.is_zero() && !bottom.is_zero() {
        return Ok(Decimal::ZERO); // in units that may be finer than 128 bits have room for
    }
    let unit = |tens: u32| 10_i128.checked_pow(tens);
    let shift = i64::from(bottom.scale()) + i64::from(digits) - i64::from(top.scale());
    let (more, fewer) = (shift.max(0) as u32, (-shift).max(0) as u32);
    let rounded = || {
        let sign = bottom.mantissa().signum();
        let top = (top.mantissa() * sign).checked_mul(unit(more)?)?;
        let bottom = (bottom.mantissa() * sign).checked_mul(unit(fewer)?)?;
        let (floor, rest) = (top.checked_div_euclid(bottom)?, top.checked_rem_euclid(bottom)?);
        // Compared with half of the bottom, without doubling.
        let up = match rest.cmp(&(bottom - rest)) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => floor & 1,
            std::cmp::Ordering::Greater => 1,
        };
        decimal(floor + up, digits)
    };
    rounded().ok_or_else(|| Error::overflow(format!("the quotient {a} × {b} ÷ {c}")))
}

/// The amount as the nearest `f64`: the one crossing from exact money to models.
#[must_use]
pub fn to_f64(amount: Decimal) -> f64 {
    let mantissa = amount.mantissa();
    match FLOAT_TENS.get(amount.scale() as usize) {
        // Both are exact in `f64`, so one division rounds once.
        Some(ten) if mantissa.unsigned_abs() < 1 << f64::MANTISSA_DIGITS => {
            mantissa as i64 as f64 / ten
        }
        // The decimal text of a Decimal is always a number.
        _ => amount.to_string().parse().unwrap_or(f64::NAN),
    }
}

/// A model's number as money: its exact value, rounded to `places` digits after the point, a tie to the even digit.
///
/// # Errors
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a number that is not finite, or more than 28 places;
/// [`Overflow`](crate::ErrorKind::Overflow) where a `Decimal` cannot hold every digit.
///
/// # Example
/// ```
/// use goodwill::money::round_half_even;
/// use rust_decimal::Decimal;
///
/// assert_eq!(round_half_even(1.005, 2)?, Decimal::ONE); // the double lies below 1.005
/// assert_eq!(round_half_even(0.125, 2)?, Decimal::new(12, 2)); // a tie
/// assert_eq!(round_half_even(0.375, 2)?, Decimal::new(38, 2));
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn round_half_even(value: f64, places: u32) -> Result<Decimal> {
    if !value.is_finite() {
        return Err(Error::out_of_domain("amount", value, "(-∞, ∞)"));
    }
    if places > SCALE {
        return Err(Error::out_of_domain("places", places, "[0, 28]"));
    }
    // Formatting rounds the exact value of the double, ties to even.
    let text = format!("{value:.*}", places as usize);
    let digits = if places > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    Decimal::from_str_exact(digits)
        .ok()
        .and_then(|rounded| decimal(rounded.mantissa(), rounded.scale()))
        .ok_or_else(|| Error::overflow(format!("the amount {value:e}")))
}

/// An expected amount as money, where it is set aside or held against a budget: to 15 significant digits at least, as
/// far as `Decimal` has them after the point. [`round_half_even`] rounds to so many places instead.
///
/// # Errors
/// [`Overflow`](crate::ErrorKind::Overflow) beyond the range of `Decimal`, and for what is not a number.
///
/// # Example
/// ```
/// use goodwill::money::from_f64;
/// use rust_decimal::Decimal;
///
/// assert_eq!(from_f64(0.1)?, Decimal::new(1, 1)); // what is written as 0.1, not the double beside it
/// assert_eq!(from_f64(0.1 + 0.2)?, Decimal::new(3, 1));
/// assert!(from_f64(1e30).is_err());
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn from_f64(amount: f64) -> Result<Decimal> {
    let overflow = || Error::overflow(format!("the amount {amount:e}"));
    // Of the usual sizes, 15 digits before the point are exact in `f64`, several times faster than by `Decimal`.
    if (1e-8..1e15).contains(&amount.abs())
        && let Some(scale) = FLOAT_TENS.iter().position(|ten| amount.abs() * ten >= 1e14)
    {
        let mantissa = (amount * FLOAT_TENS[scale]).round() as i128;
        return decimal(mantissa, scale as u32).ok_or_else(overflow);
    }
    Decimal::try_from(amount).map(|decimal| decimal.normalize()).map_err(|_| overflow())
}

/// A `Decimal` of exactly these digits, without trailing zeros.
pub(crate) fn decimal(mantissa: i128, scale: u32) -> Option<Decimal> {
    let (mantissa, zeros) = strip_tens(mantissa, scale);
    let fits = mantissa.unsigned_abs() < MANTISSA_LIMIT && scale - zeros <= SCALE;
    fits.then(|| Decimal::from_i128_with_scale(mantissa, scale - zeros))
}

/// The number without its trailing zeros, at most `most` of them, and how many those were.
fn strip_tens(number: i128, most: u32) -> (i128, u32) {
    if number == 0 {
        return (0, most);
    }
    // Division of 64 bits is several times cheaper, and most amounts fit.
    if let Ok(mut small) = i64::try_from(number) {
        let mut zeros = 0;
        while zeros < most && small % 10 == 0 {
            small /= 10;
            zeros += 1;
        }
        return (small.into(), zeros);
    }
    let mut large = number;
    let mut zeros = 0;
    while zeros < most && large % 10 == 0 {
        large /= 10;
        zeros += 1;
    }
    (large, zeros)
}

/// A number other than 0 as core × 2^twos × 5^fives.
fn strip_twos_and_fives(number: i128) -> (i128, u32, u32) {
    let twos = number.trailing_zeros();
    let mut core = number >> twos;
    let mut fives = 0;
    while core % 5 == 0 {
        core /= 5;
        fives += 1;
    }
    (core, twos, fives)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 7 · 1/8 = 0.875, 5 · 1/8 = 0.625, −0.625, 10/3.
    #[test]
    fn quotients_are_rounded_half_to_even() {
        let text = |a: i64, c: i64, digits| {
            rounded_quotient(a.into(), 1.into(), c.into(), digits).unwrap().to_string()
        };
        assert_eq!(
            [text(7, 8, 2), text(5, 8, 2), text(-5, 8, 2), text(5, -8, 2)],
            ["0.88", "0.62", "-0.62", "-0.62"]
        );
        assert_eq!([text(10, 3, 0), text(-10, 3, 3), text(20, 3, 0)], ["3", "-3.333", "7"]);
        let (cent, third) = (Decimal::new(1, 2), Decimal::new(3, 1));
        assert_eq!(rounded_quotient(cent, cent, third, 6).unwrap().to_string(), "0.000333");
        let finest = Decimal::new(1, 28);
        assert_eq!(rounded_quotient(finest, Decimal::ZERO, finest, 28), Ok(Decimal::ZERO));
        let error = rounded_quotient(Decimal::MAX, Decimal::ONE, finest, 2).unwrap_err();
        assert!(
            error.to_string().starts_with("the quotient 79228162514264337593543950335 × 1 ÷ "),
            "{error}"
        );
    }
}
