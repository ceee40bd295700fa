//! The example of the contractual road, run as a program: the numbers it tells.

// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

use std::process::Command;

/// The binary that `cargo test` builds beside the tests.
fn said() -> String {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let output = Command::new(profile.join("examples/subscription_value")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The words of the line that starts so.
fn line<'a>(said: &'a str, start: &str) -> Vec<&'a str> {
    let found = said.lines().find(|line| line.trim_start().starts_with(start));
    found.unwrap_or_else(|| panic!("no line {start} in\n{said}")).split_whitespace().collect()
}

/// Fader and Hardie (2014) print the parameters, the survivors and the forecast; the worths are those of
/// `tests/published/fader_hardie_2010.rs` times the margin.
#[test]
fn it_tells_what_the_papers_print() {
    let said = said();
    assert!(said.contains("alpha 0.7637, beta 1.2958"), "{said}");
    assert!(said.contains("log-likelihood -1401.56"), "{said}");
    assert_eq!(line(&said, "0 ")[1..3], ["1000", "1000.0"]);
    for (year, seen, forecast) in [
        ("1", "631", "629.2"),
        ("4", "326", "325.5"),
        ("5", "289*", "284.5"),
        ("10", "194*", "180.9"),
    ] {
        assert_eq!(line(&said, &format!("{year} "))[1..3], [seen, forecast]);
    }
    assert!(said.contains("someone who signs: 3.62 payments, worth 362"), "{said}");
    // Payments to come and their worth, by the renewal that is due: they rise, under one retention they do not.
    let table: Vec<Vec<&str>> = said
        .lines()
        .skip_while(|line| !line.contains("just before renewal"))
        .skip(1)
        .take(5)
        .map(|line| line.split_whitespace().collect())
        .collect();
    let to_come: Vec<&str> = table.iter().map(|row| row[1]).collect();
    assert_eq!(to_come, ["2.88", "3.94", "4.68", "5.24", "5.68"]);
    // 1,807 of 2,481 renewals were made: r (1 + d)/(1 + d − r).
    assert!(table.iter().all(|row| row[3] == table[0][3]));
    assert_eq!(table[0][3], "216");
    assert!(said.contains("before its first renewal: + 6.25 %"), "{said}");
    assert!(said.contains("averaged over subscribers:   + 3.62 %"), "{said}");
}
