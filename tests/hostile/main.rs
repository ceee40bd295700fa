//! Hostile values through every public constructor and function: nothing panics, nothing that is `Ok` is NaN or
//! infinite, and what is refused says which argument, which value and which row.

// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]
// Amounts with the other sign, and results that are looked at once.
#![allow(clippy::arithmetic_side_effects, clippy::needless_pass_by_value)]

mod lifetime;
mod money_and_tiers;
mod quantities;
mod serialised;
mod transactions;

use goodwill::{Error, ErrorKind, Result};

/// Numbers that break code.
const NUMBERS: [f64; 20] = [
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    0.0,
    -0.0,
    5e-324,
    -5e-324,
    f64::MIN_POSITIVE,
    f64::EPSILON,
    1e-300,
    0.5,
    1.0 - f64::EPSILON,
    1.0,
    1.0 + f64::EPSILON,
    -1.0,
    2.5,
    1e18,
    1e300,
    f64::MAX,
    f64::MIN,
];

/// The number of an `Ok` must be finite; an error must explain itself.
#[track_caller]
fn sound(result: Result<f64>) {
    match result {
        Ok(value) => assert!(value.is_finite(), "{value} in an Ok"),
        Err(error) => explained(&error),
    }
}

#[track_caller]
fn explained(error: &Error) {
    assert!(error.to_string().len() > 10, "{error}");
}

#[track_caller]
fn assert_out_of_domain<T: std::fmt::Debug>(result: Result<T>, name: &str, row: Option<usize>) {
    match result.as_ref().map_err(Error::kind) {
        Err(ErrorKind::OutOfDomain { name: got, row: at, .. }) => {
            assert_eq!((*got, *at), (name, row));
        }
        other => panic!("{name}: {other:?}"),
    }
}
