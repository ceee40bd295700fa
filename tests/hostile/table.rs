//! The hostile values.

use chrono::NaiveDate;
use goodwill::{Horizon, TimeUnit};
use rust_decimal::Decimal;

/// Numbers of every kind that arithmetic trips over.
pub(crate) const FLOATS: [f64; 26] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -0.0,
    SUBNORMAL,
    -SUBNORMAL,
    f64::MIN_POSITIVE,
    f64::MAX,
    f64::MIN,
    -1.0,
    -1.0 + f64::EPSILON,
    -1.0 - f64::EPSILON,
    1.0,
    1.0 - f64::EPSILON,
    1.0 + f64::EPSILON,
    0.5,
    2.0,
    1e-300,
    1e300,
    -1e300,
    f64::EPSILON,
    9_007_199_254_740_993.0,
    -0.999_999,
    0.1,
    365.242_5,
];

/// The smallest number above 0.
pub(crate) const SUBNORMAL: f64 = 5e-324;

/// Those of the table that a model parameter may be.
pub(crate) const PARAMETERS: [f64; 8] =
    [SUBNORMAL, f64::MIN_POSITIVE, 1e-300, 1e-8, 1.0, 1e8, 1e300, f64::MAX];

pub(crate) const COUNTS: [u32; 6] = [0, 1, 2, 1_000, u32::MAX - 1, u32::MAX];

pub(crate) const UNITS: [TimeUnit; 4] =
    [TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year];

/// Amounts at the ends of the type, and those that tempt `Decimal` to round.
pub(crate) fn decimals() -> Vec<Decimal> {
    let texts = [
        "0",
        "1",
        "-1",
        "0.04",
        "-0.04",
        "0.1",
        "7922816251426433759354395033.5",
        "-7922816251426433759354395033.5",
        "0.0000000000000000000000000001",
        "-0.0000000000000000000000000001",
        "0.9999999999999999999999999999",
        "1.0000000000000000000000000001",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "18446744073709551616",
        "0.00",
        "1.50",
    ];
    let mut all: Vec<Decimal> = texts.iter().map(|text| text.parse().unwrap()).collect();
    let mut minus_zero = Decimal::new(0, 28);
    minus_zero.set_sign_negative(true);
    all.extend([Decimal::MAX, Decimal::MIN, minus_zero]);
    all
}

/// Dates at the ends of chrono's range, beside them, and around the start of the calendar.
pub(crate) fn dates() -> Vec<NaiveDate> {
    let beside = [NaiveDate::MIN.succ_opt(), NaiveDate::MAX.pred_opt()];
    let years = [(0, 12, 31), (1, 1, 1), (-1, 2, 28), (1970, 1, 1), (2024, 2, 29), (9999, 12, 31)];
    let years = years.map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
    let ends = [NaiveDate::MIN, NaiveDate::MAX];
    ends.into_iter().chain(beside.into_iter().chain(years).flatten()).collect()
}

/// Every horizon that the table can make, and for ever.
pub(crate) fn horizons() -> Vec<Horizon> {
    let finite =
        FLOATS.iter().flat_map(|&length| UNITS.map(|unit| Horizon::new(length, unit).ok()));
    finite.flatten().chain([Horizon::FOREVER]).collect()
}
