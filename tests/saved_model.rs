//! The example `saved_model`, run as a program: the file that it writes, read as plain JSON, and what the file then
//! says of a customer, against the estimates of `exact_mle.json` and the published formulas.
// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

mod support;

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

use support::{assert_close, json, number};

fn run(arguments: &[&str]) -> Output {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    Command::new(profile.join("examples/saved_model")).args(arguments).output().unwrap()
}

fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A place of its own for each test.
fn place(name: &str) -> PathBuf {
    let own = format!("goodwill-saved-model-{}-{name}.json", std::process::id());
    std::env::temp_dir().join(own)
}

#[test]
fn a_model_is_saved_and_read_back() {
    let place = place("round-trip");
    let file = place.to_str().unwrap();
    assert_eq!(said(&[file]), format!("Saved as {file}.\n"));
    let text = std::fs::read_to_string(&place).unwrap();
    let saved: Value = serde_json::from_str(&text).unwrap();
    let exact = &json("exact_mle.json")["bgnbd_cdnow_exactdays"];
    for (i, name) in ["r", "alpha", "a", "b"].into_iter().enumerate() {
        let own = &saved["parameters"][i];
        assert_eq!(own["name"], name);
        assert_close(number(&own["value"]), number(&exact["params"][i]), 1e-10, name);
    }
    assert_close(
        number(&saved["log_likelihood"]),
        number(&exact["log_likelihood"]),
        1e-13,
        "log-likelihood",
    );
    for (key, want) in [
        ("format", Value::from("goodwill-model")),
        ("model", "BG/NBD".into()),
        ("unit", "week".into()),
        ("as_of", "1997-09-30".into()),
        ("customers", 2_357.into()),
        ("left_out", 0.into()),
    ] {
        assert_eq!(saved[key], want, "{key}");
    }
    assert_eq!(saved["warnings"].as_array().unwrap().len(), 1);

    // P(alive) by the formula of Fader, Hardie and Lee (2005), at the estimates of the fixture.
    let [r, alpha, a, b] = [0, 1, 2, 3].map(|i| number(&exact["params"][i]));
    let (x, recency, age) = (2.0, 30.43, 38.86);
    let odds = a / (b + x - 1.0) * ((alpha + age) / (alpha + recency)).powf(r + x);
    let score = said(&[file, "--score", "2", "30.43", "38.86"]);
    for told in [
        "BG/NBD of 2357 customers, as they were on 1997-09-30",
        "note: one cohort",
        &format!("still a customer: {:.4}", 1.0 / (1.0 + odds)),
        &format!("log-likelihood {:.4}", number(&exact["log_likelihood"])),
    ] {
        assert!(score.contains(told), "{told:?} is not in\n{score}");
    }

    // What was written is what is read: a file that was tampered with is not.
    std::fs::write(&place, text.replace("\"week\"", "\"fortnight\"")).unwrap();
    let refused = run(&[file, "--score", "2", "30.43", "38.86"]);
    std::fs::remove_file(&place).unwrap();
    let error = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && error.contains("unknown variant `fortnight`"), "{error}");
}
