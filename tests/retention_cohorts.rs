//! Runs the example `retention_cohorts` as a newcomer does.
// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    let tests = std::env::current_exe().unwrap();
    let binary: PathBuf = tests.ancestors().nth(2).unwrap().join("examples/retention_cohorts");
    Command::new(binary).args(arguments).output().unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The counts of the shipped file: 2,357 customers, all of the first quarter of 1997; what `customer_report` is
/// checked for against an independent script is not checked twice.
#[test]
fn the_shipped_file() {
    let report = text(&["--period", "quarter"]);
    assert!(report.starts_with("2357 customers, as of 1998-06-30\n"), "{report}");
    assert_eq!(report.matches("\n  1997-01-01   100.0").count(), 2, "{report}");
    assert!(report.contains("  0: 100.0 %  (99.8 to 100.0)   100.0 % of the first period's money"));
    let monthly = text(&[]);
    assert!(monthly.contains("\n  1997-03-01   100.0"), "{monthly}");
    let early = text(&["--as-of", "1997-02-10", "--period", "month"]);
    assert!(early.contains("1997-02-01  ~100.0"), "a month that still runs\n{early}");
}

#[test]
fn other_files_and_their_errors() {
    let folder = std::env::temp_dir().join(format!("goodwill-cohorts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("log.csv");
    std::fs::write(
        &file,
        "when,who,paid\n2024-01-05,ann,10\n2024-04-05,ann,5\n2024-01-09,bob,10\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let named = ["--customer", "who", "--date", "when", "--amount", "paid", file];
    let report = text(&named);
    assert!(report.contains("2 customers"), "{report}");
    assert!(report.contains("week 13"), "the second purchase came after 13 weeks\n{report}");
    let told = |arguments: &[&str]| String::from_utf8(run(arguments).stderr).unwrap();
    assert_eq!(told(&[file]), format!("retention_cohorts: {file} has no column \"customer\"\n"));
    std::fs::write(file, "customer,date,amount\nann,2024-13-01,1\n").unwrap();
    assert_eq!(told(&[file]), "retention_cohorts: line 2: date \"2024-13-01\" cannot be read\n");
    assert!(told(&["/no/such/file"]).starts_with("retention_cohorts: cannot read /no/such/file"));
    std::fs::remove_dir_all(folder).unwrap();
}
