//! Amounts of money from text, to the digit or not at all.

use rust_decimal::Decimal;

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Not a plain number.
    NotANumber,
    /// A number with more digits than `Decimal` holds.
    TooManyDigits,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "is not a plain number such as -12.50 or 1e+05",
            Self::TooManyDigits => "has more digits than can be held exactly",
        })
    }
}

/// More significant digits than any `Decimal` has.
const MOST_DIGITS: usize = 30;

/// Reads `-12.50`, `+3`, `.5`, `1e+05`, with spaces around it. The value is exact: trailing zeros are
/// dropped, and a number with more digits than `Decimal` holds is refused, never rounded.
pub(crate) fn parse(text: &[u8]) -> Result<Decimal, Refused> {
    let text = text.trim_ascii();
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (digits, exponent) = match text.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&text[..at], self::exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let (whole, fraction) = match digits.iter().position(|&byte| byte == b'.') {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, &[][..]),
    };
    let all_digits = || whole.iter().chain(fraction);
    if all_digits().next().is_none() || !all_digits().all(u8::is_ascii_digit) {
        return Err(Refused::NotANumber);
    }
    let significant = all_digits().skip_while(|&&digit| digit == b'0').count();
    let zeros = all_digits().rev().take_while(|&&digit| digit == b'0').count();
    if significant == 0 {
        return Ok(Decimal::ZERO);
    }
    if significant - zeros > MOST_DIGITS {
        return Err(Refused::TooManyDigits);
    }
    let kept = whole.len() + fraction.len() - zeros;
    let mantissa =
        all_digits().take(kept).fold(0_i128, |m, digit| m * 10 + i128::from(digit - b'0'));
    let mantissa = if negative { -mantissa } else { mantissa };
    // value = mantissa × 10^power, and the mantissa does not end in 0
    let power = exponent.saturating_add(zeros as i64).saturating_sub(fraction.len() as i64);
    shifted(mantissa, power).ok_or(Refused::TooManyDigits)
}

/// The power of ten after an `e`; huge ones stay huge.
fn exponent(text: &[u8]) -> Result<i64, Refused> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Refused::NotANumber);
    }
    let size = digits
        .iter()
        .fold(0_i64, |size, digit| size.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    Ok(if negative { -size } else { size })
}

/// mantissa × 10^power, where a `Decimal` holds it.
fn shifted(mantissa: i128, power: i64) -> Option<Decimal> {
    let (mantissa, scale) = if power > 0 {
        (mantissa.checked_mul(10_i128.checked_pow(u32::try_from(power).ok()?)?)?, 0)
    } else {
        (mantissa, u32::try_from(-power).ok()?)
    };
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}
