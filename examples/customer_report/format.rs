//! Numbers as people read them.

use rust_decimal::{Decimal, RoundingStrategy};

/// A count with separators: 1,234,567.
pub(crate) fn count(number: impl std::fmt::Display) -> String {
    grouped(&number.to_string())
}

/// Exact money, shown to the cent.
pub(crate) fn money(amount: Decimal) -> String {
    let cents = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    grouped(&format!("{cents:.2}"))
}

/// Money that is expected, or a mean.
pub(crate) fn money_about(amount: f64) -> String {
    decimals(amount, 2)
}

/// A number with this many decimals and separators.
pub(crate) fn decimals(number: f64, decimals: usize) -> String {
    grouped(&format!("{number:.decimals$}"))
}

/// A share as per cent with one decimal: 12.3 %.
pub(crate) fn percent(share: f64) -> String {
    format!("{} %", decimals(share * 100.0, 1))
}

/// A number with four significant digits or more, for parameters of any size.
pub(crate) fn parameter(number: f64) -> String {
    let size = number.abs();
    if (0.001..1e6).contains(&size) { format!("{number:.4}") } else { format!("{number:.4e}") }
}

/// How many of something: "1 customer", "2 customers".
pub(crate) fn several(number: impl std::fmt::Display, one: &str) -> String {
    let number = count(number);
    let ending = if number == "1" { "" } else { "s" };
    format!("{number} {one}{ending}")
}

/// A customer's id, fit for a line of a table.
pub(crate) fn id(text: &str, width: usize) -> String {
    let visible = |c: char| if c.is_control() { '?' } else { c };
    let mut shown: String = text.chars().take(width).map(visible).collect();
    if text.chars().count() > width {
        shown.truncate(shown.char_indices().nth(width - 2).map_or(0, |(at, _)| at));
        shown.push_str("..");
    }
    shown
}

/// A bar of `width` for a share of 1; shares outside 0 to 1 are cut to it.
pub(crate) fn bar(share: f64, width: usize) -> String {
    let length = (share.clamp(0.0, 1.0) * width as f64).round() as usize;
    "█".repeat(length)
}

/// Words in lines of at most `width`, each behind `indent`.
pub(crate) fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let own = word.chars().count();
        if length == 0 {
            lines.push_str(indent);
            length = indent.len();
        } else if length + 1 + own > width {
            lines.push('\n');
            lines.push_str(indent);
            length = indent.len();
        } else {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += own;
    }
    lines.push('\n');
    lines
}

fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text.push_str(rest);
    text
}
