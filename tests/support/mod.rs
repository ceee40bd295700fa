//! What the test crates share. Each uses a part of it.
#![allow(dead_code)]

use std::fmt::Debug;
use std::path::PathBuf;

use chrono::NaiveDate;
use goodwill::{Error, ErrorKind, Ledger, Result, Transaction};
use serde_json::Value;

/// Fails unless `got` is within `rel` of `want`, relatively; where `want` is 0, unless `got` is 0.
#[track_caller]
pub(crate) fn assert_close(got: f64, want: f64, rel: f64, what: &str) {
    let error = relative_error(got, want);
    assert!(error <= rel, "{what}: {got:e} is not {want:e}, relative error {error:e}");
}

/// |got − want| / |want|, 0 where both are 0, infinite where only `want` is; NaN counts as infinite.
pub(crate) fn relative_error(got: f64, want: f64) -> f64 {
    let error = if got.to_bits() == want.to_bits() || got + want == 0.0 && got == 0.0 {
        0.0
    } else {
        ((got - want) / want).abs()
    };
    if error.is_nan() { f64::INFINITY } else { error }
}

/// The name of an error's kind.
pub(crate) fn kind(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::OutOfDomain { .. } => "OutOfDomain",
        ErrorKind::LengthMismatch { .. } => "LengthMismatch",
        ErrorKind::Empty { .. } => "Empty",
        ErrorKind::Inconsistent { .. } => "Inconsistent",
        ErrorKind::NotConverged { .. } => "NotConverged",
        ErrorKind::NotIdentified { .. } => "NotIdentified",
        ErrorKind::Overflow { .. } => "Overflow",
        ErrorKind::Undefined { .. } => "Undefined",
        other => panic!("a kind without a name: {other:?}"),
    }
}

/// Refused with this kind.
#[track_caller]
pub(crate) fn assert_kind<T: Debug>(got: Result<T>, want: &str) {
    match got {
        Ok(value) => panic!("{value:?} is not {want}"),
        Err(error) => assert_eq!(kind(&error), want, "{error}"),
    }
}

/// Refused with this message.
#[track_caller]
pub(crate) fn assert_message<T: Debug>(got: Result<T>, want: &str) {
    assert_eq!(got.unwrap_err().to_string(), want);
}

pub(crate) fn path(relative: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(relative)
}

pub(crate) fn fixture(name: &str) -> String {
    let path = path("tests/fixtures").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn json(name: &str) -> Value {
    serde_json::from_str(&fixture(name)).unwrap()
}

/// The rows of a CSV fixture as numbers, without its header.
pub(crate) fn rows(name: &str) -> Vec<Vec<f64>> {
    let numbers = |line: &str| line.split(',').map(|field| field.parse().unwrap()).collect();
    fixture(name).lines().skip(1).map(numbers).collect()
}

/// A number of a JSON fixture, written as a number or as text.
#[track_caller]
pub(crate) fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_f64().unwrap_or_else(|| panic!("{other} is not a number")),
    }
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// The last day of the calibration of CDNOW.
pub(crate) fn cdnow_split() -> NaiveDate {
    day(1997, 9, 30)
}

/// The last day of the CDNOW sample.
pub(crate) fn cdnow_end() -> NaiveDate {
    day(1998, 6, 30)
}

/// The CDNOW sample that ships with the example.
pub(crate) fn cdnow() -> Ledger<u32> {
    let csv = std::fs::read_to_string(path("examples/data/cdnow.csv")).unwrap();
    let row = |line: &str| {
        let field: Vec<&str> = line.split(',').collect();
        let (customer, date, amount) = (field[0].parse(), field[1].parse(), field[2].parse());
        Transaction::new(customer.unwrap(), date.unwrap(), amount.unwrap())
    };
    Ledger::from_transactions(csv.lines().skip(1).map(row)).unwrap()
}
