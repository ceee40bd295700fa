//! The example `win_back`, run as a program, against an independent computation of the same chain on the same file:
//! `tests/fixtures/win_back/example.py`, with the published formulas and the estimates of `exact_mle.json`.
// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

mod support;

use std::process::Command;

use serde_json::Value;

use support::{json, number};

fn output(arguments: &[&str]) -> std::process::Output {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    Command::new(profile.join("examples/win_back")).args(arguments).output().unwrap()
}

fn said(arguments: &[&str]) -> String {
    let output = output(arguments);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The numbers of the first line that holds these words.
fn numbers(said: &str, words: &str) -> Vec<f64> {
    let line = said.lines().find(|line| line.contains(words));
    let line = line.unwrap_or_else(|| panic!("no line with {words:?} in\n{said}"));
    let bare = |word: &str| word.trim_matches([':', ',', ';', '.', '+']).parse().ok();
    line.split_whitespace().filter_map(bare).collect()
}

/// Printed with two digits after the point.
fn assert_printed(got: f64, want: &Value, what: &str) {
    let want = number(want);
    assert!((got - want).abs() <= 0.005_000_1, "{what}: {got} is not {want}");
}

#[test]
fn the_chain_is_that_of_an_independent_computation() {
    let want = json("win_back/example.json");
    let said = said(&["--as-of", "1997-09-30"]);
    assert!(
        said.starts_with("Whom do we call tomorrow? 2357 customers, as of 1997-09-30\n"),
        "{said}"
    );
    // Who is gone, rounded to customers; what they are worth.
    assert!((numbers(&said, "by what each did")[0] - number(&want["gone"])).abs() <= 0.5);
    assert_printed(numbers(&said, "still to be expected of all")[0], &want["scored"], "scored");
    assert_printed(numbers(&said, "that went with those who are gone")[0], &want["stake"], "stake");
    // The list and its totals.
    let table = said.lines().skip_while(|line| !line.contains("customer   silent"));
    let top = want["top"].as_array().unwrap();
    for (line, want) in table.skip(1).zip(top) {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[0], want[0].as_str().unwrap(), "{line}");
        let read = |place: usize| -> f64 { words[place].parse().unwrap() };
        assert!((read(3) - number(&want[2])).abs() <= 0.500_001, "{line}");
        for (place, column) in [(5, 1), (8, 3), (9, 4)] {
            assert_printed(read(place), &want[column], line);
        }
    }
    let calls = numbers(&said, "calls win back");
    assert_eq!(calls[0] as i64, want["calls"].as_i64().unwrap());
    assert_printed(calls[2], &want["gain"], "gain");
    assert_printed(numbers(&said, "of a budget of")[0], &want["cost"], "cost");
    assert_printed(numbers(&said, "No list can gain")[0], &want["bound"], "bound");
    assert_printed(numbers(&said, "One more unit")[0], &want["shadow_price"], "shadow price");
    // The rest.
    let left_out = numbers(&said, "that the budget does not hold");
    assert_eq!(left_out[0] as i64, want["left_out"].as_i64().unwrap());
    assert_printed(left_out[1], &want["left_out_gain"], "left out");
    for (words, of) in [
        ("leave in peace", "still_here"),
        ("hardly to be won", "chance"),
        ("worth less than the call", "worth"),
    ] {
        assert_eq!(numbers(&said, words)[0] as i64, want[of].as_i64().unwrap(), "{words}");
    }
}

/// Every number that is not computed says where it comes from, and a flag changes it.
#[test]
fn every_assumption_names_its_source() {
    let said =
        said(&["--budget", "40", "--basis", "worst-case", "--most-calls", "5", "--chance", "0.3"]);
    let rows: Vec<&str> = said
        .lines()
        .skip_while(|line| *line != "What this rests on")
        .skip(1)
        .take_while(|line| !line.contains("A flag changes"))
        .collect();
    assert_eq!(rows.len(), 14, "{rows:?}");
    for row in rows {
        let sources = ["data", "fitted on the data", "the trade's claim: --", "assumption"];
        assert!(sources.iter().any(|source| row.contains(&format!("   {source}"))), "{row}");
    }
    assert!(said.contains("30 %   the trade's claim: --chance"), "{said}");
    // Five calls at 1 and a voucher of 5 each are at most 30: the calls are the limit, not the money.
    assert_eq!(numbers(&said, "calls win back")[0] as i64, 5);
    assert_eq!(numbers(&said, "at most, of a budget of"), [30.0, 40.0]);
    assert_eq!(numbers(&said, "One more unit"), [0.0]);
}

#[test]
fn what_it_refuses() {
    let told = |arguments: &[&str]| {
        let output = output(arguments);
        assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(told(&["--budget=-1"]), "win_back: budget must lie in [0, ∞), but is -1\n");
    assert_eq!(told(&["--half-life=0"]), "win_back: half-life must lie in (0, ∞] days, but is 0\n");
    assert!(told(&["--chance=1.5"]).contains("probability must lie in [0, 1], but is 1.5"));
    assert!(told(&["/no/such/file"]).starts_with("win_back: cannot read /no/such/file"));
}
