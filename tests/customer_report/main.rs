//! The main job, run as a program: what it prints of the shipped file, of odd files, and when it refuses.
//!
//! The binary is the one that `cargo test` builds beside the tests, or the one that `CUSTOMER_REPORT` names.

// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod costs;
mod forecast;
mod gaps;
mod golden;
mod messages;
mod models;
mod odd_files;
mod reading;
mod refusals;

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

fn binary() -> PathBuf {
    std::env::var_os("CUSTOMER_REPORT").map_or_else(
        || {
            let test = std::env::current_exe().unwrap();
            let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
            profile.join("examples/customer_report")
        },
        PathBuf::from,
    )
}

fn run(arguments: &[&str]) -> Output {
    let binary = binary();
    Command::new(&binary).args(arguments).output().unwrap_or_else(|error| {
        panic!("{}: {error}; `cargo build --example customer_report` makes it", binary.display())
    })
}

/// A CSV file of this text, in a place of its own.
fn file(text: impl AsRef<[u8]>) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("{}-{}.csv", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The JSON of a run that must succeed and say nothing else.
#[track_caller]
fn json(arguments: &[&str]) -> Value {
    let output = run(&[arguments, &["--json"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
    let report = serde_json::from_slice(&output.stdout).unwrap();
    every_null_has_its_warning(&report);
    report
}

/// The text of a run that must succeed and say nothing else.
#[track_caller]
fn text(arguments: &[&str]) -> String {
    let output = run(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// One customer of a report.
#[track_caller]
fn customer<'a>(report: &'a Value, id: &str) -> &'a Value {
    let customers = report["customers"].as_array().unwrap();
    customers.iter().find(|customer| customer["id"] == id).unwrap()
}

/// What a run that must fail says: one line, and nothing on standard output.
#[track_caller]
fn refusal(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(!output.status.success() && output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    let said = said.strip_prefix("customer_report: ").unwrap().strip_suffix('\n').unwrap();
    assert!(!said.contains('\n'), "{said}");
    said.to_owned()
}

/// Every null is named by a warning, but for those that are null by definition.
#[track_caller]
fn every_null_has_its_warning(report: &Value) {
    let warned: Vec<&str> = report["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|warning| warning.as_str().unwrap().split_once(": "))
        .flat_map(|(fields, _)| fields.split(", "))
        .collect();
    let mut nulls = Vec::new();
    find_nulls(report, "", &mut nulls);
    for field in nulls {
        let by_definition = [
            "settings.split",
            "holdout",
            "forecast.holdout",
            "customers[].mean_spend",
            "retention.median_days",
            "whale_curve",
        ];
        assert!(
            by_definition.contains(&field.as_str()) || warned.contains(&field.as_str()),
            "{field} is null without a warning: {warned:?}"
        );
    }
}

fn find_nulls(value: &Value, path: &str, nulls: &mut Vec<String>) {
    match value {
        Value::Null => nulls.push(path.to_owned()),
        Value::Array(items) => {
            for item in items {
                find_nulls(item, &format!("{path}[]"), nulls);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                find_nulls(field, &format!("{path}{dot}{name}"), nulls);
            }
        }
        _ => {}
    }
}
