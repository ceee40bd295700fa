//! The example `cost_of_churn`, run as a program: what the log decides against `tests/fixtures/cost_of_churn.py`, and every
//! total added up again from the lines that are printed.
// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::process::{Command, Output};

use goodwill::money::{difference, product, sum};
use rust_decimal::Decimal;

fn run(arguments: &[&str]) -> Output {
    let tests = std::env::current_exe().unwrap();
    let binary: PathBuf = tests.ancestors().nth(2).unwrap().join("examples/cost_of_churn");
    Command::new(binary).args(arguments).output().unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The numbers of the line that begins with this name; "-" is 0.
#[track_caller]
fn numbers(report: &str, name: &str) -> Vec<Decimal> {
    let line = report.lines().find(|line| line.trim_start().starts_with(name));
    let line = line.unwrap_or_else(|| panic!("no line {name:?} in\n{report}"));
    let rest = line.trim_start().strip_prefix(name).unwrap();
    let number = |word: &str| match word {
        "-" => Some(Decimal::ZERO),
        word => word.replace(',', "").parse().ok(),
    };
    rest.split_whitespace().filter_map(number).collect()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn the_log_against_a_second_count() {
    let report = text(&[]);
    assert_eq!(numbers(&report, "customers when the year opened"), [2_347.into()]);
    assert_eq!(numbers(&report, "of them lost when it closed"), [1_835.into()]);
    let by_reason = [
        ("moved away *", 184, "9417.11"),
        ("changed trade *", 92, "5914.77"),
        ("bankrupt *", 92, "7684.13"),
        ("better product elsewhere", 368, "27411.66"),
        ("poor service", 460, "27423.31"),
        ("poor product", 275, "13391.50"),
        ("price", 364, "21664.40"),
    ];
    for (reason, customers, revenue) in by_reason {
        assert_eq!(numbers(&report, reason)[..2], [customers.into(), decimal(revenue)], "{reason}");
    }
    let revenue = numbers(&report, "revenue of their last year (memo)");
    assert_eq!(revenue, ["112906.88", "0", "0"].map(decimal));
    // 30 % of it, and a quarter of that; five times 2.00 for each of 1,835; 2.00 less for each.
    assert_eq!(numbers(&report, "margin in it (memo)")[0], decimal("33872.064"));
    assert_eq!(numbers(&report, "margin missing until replaced")[0], decimal("8468.016"));
    assert_eq!(numbers(&report, "winning the successors")[0], 18_350.into());
    assert_eq!(
        numbers(&report, "keeping in touch, no longer spent"),
        [3_670, -3_670, -3_670].map(Into::into)
    );
}

/// The lines add up to both totals; what the model says of a newcomer is in two lines, and they agree.
#[test]
fn the_lines_add_up() {
    for arguments in
        [&[][..], &["--margin", "0.42", "--vacancy", "1", "--keeping", "0", "--years", "1"]]
    {
        let report = text(arguments);
        let line = |name| numbers(&report, name);
        let [lost, new] =
            ["what they would still have brought", "what their successors will bring (memo)"]
                .map(|name| line(name)[0]);
        let names = [
            "revenue of their last year (memo)",
            "margin in it (memo)",
            "once spent to win them, sunk (memo)",
            "what they would still have brought",
            "what their successors will bring (memo)",
            "what the successors bring less",
            "margin missing until replaced",
            "winning the successors",
            "margin of those whom their word keeps away",
            "keeping in touch, no longer spent",
        ];
        let totals = line("TOTAL");
        for (column, total) in [(1, totals[0]), (2, totals[1])] {
            assert_eq!(sum(names.iter().map(|name| line(name)[column])), Ok(total), "{report}");
        }
        let shortfall = line("what the successors bring less")[0];
        assert!(shortfall >= difference(lost, new).unwrap().max(Decimal::ZERO));
        let twice = report.split(" twice: ").next().unwrap().split_whitespace().last().unwrap();
        assert_eq!(difference(lost, shortfall), Ok(decimal(twice)));
        // 1,835 successors, of whom 1,467 follow customers within control: 11 hear it, one in a hundred stays away.
        let word = line("margin of those whom their word keeps away")[0];
        let kept_away = product(word, 1_835.into()).unwrap();
        assert_eq!(kept_away, product(new, decimal("161.37")).unwrap());
    }
}

/// Every assumption names its source, and a flag changes it.
#[test]
fn sources_and_flags() {
    let report = text(&["--hearers", "20", "--draws", "50"]);
    let sources = [
        (
            "margin in revenue",
            "assumption, as for CDNOW by Fader, Hardie and Lee (2005) [--margin]",
        ),
        (
            "residual value of the lost, × model",
            "data: Pareto/NBD and Gamma-Gamma fitted on the log",
        ),
        ("value of a successor, × model", "data: the same models for a newcomer"),
        ("cost of keeping a customer, a year", "assumption of this run [--keeping]"),
        ("winning one costs so many times that", "claim of the articles: five times"),
        ("part of a year until replaced", "assumption of this run [--vacancy]"),
        ("people who hear the complaint", "set for this run by --hearers"),
        (
            "share of them who stay away",
            "assumption of this run: no article gives it [--influenced]",
        ),
    ];
    let lines: Vec<&str> = report.lines().map(str::trim).collect();
    for (name, source) in sources {
        let place = lines.iter().position(|line| line.starts_with(name)).unwrap();
        assert!(lines[place + 1].starts_with(source), "{name}: {}", lines[place + 1]);
        // Once where it comes from, and once in each table of what it moves.
        assert_eq!(lines.iter().filter(|line| line.starts_with(name)).count(), 3, "{name}");
    }
    assert_eq!(numbers(&report, "people who hear the complaint"), [20, 10, 40].map(Into::into));
    assert!(report.contains("Reasons: invented for this run"), "{report}");
    assert_eq!(report.matches("(50 draws, seed 1)").count(), 2);
    assert_eq!(report, text(&["--hearers", "20", "--draws", "50"]), "the same bits again");
}

#[test]
fn reasons_from_a_file_and_errors() {
    let folder = std::env::temp_dir().join(format!("goodwill-cost-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("reasons.csv");
    let write = |reason: &str| {
        let rows: Vec<String> = (1..=2_357).map(|id| format!("{id},{reason}")).collect();
        std::fs::write(&file, format!("customer,reason\n{}\n", rows.join("\n"))).unwrap();
    };
    let path = file.to_str().unwrap();
    write("bankrupt");
    let report = text(&["--reasons", path, "--draws", "10"]);
    assert_eq!(numbers(&report, "bankrupt *")[0], 1_835.into());
    assert_eq!(numbers(&report, "margin of those whom their word keeps away")[0], Decimal::ZERO);
    let told = |arguments: &[&str]| String::from_utf8(run(arguments).stderr).unwrap();
    write("boredom");
    let unknown = "cost_of_churn: \"boredom\" is none of the usual reasons\n";
    assert_eq!(told(&["--reasons", path]), unknown);
    std::fs::write(&file, "customer,reason\n").unwrap();
    assert!(told(&["--reasons", path]).starts_with("cost_of_churn: no reason for customer "));
    assert_eq!(told(&["--margin", "1.5"]), "cost_of_churn: share must lie in [0, 1], but is 1.5\n");
    assert_eq!(
        told(&["--from", "1998-07-01"]),
        "cost_of_churn: a period from 1998-07-01 to 1998-06-30 has no length\n"
    );
    std::fs::remove_dir_all(folder).unwrap();
}
