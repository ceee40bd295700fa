//! The messages of runs that must fail, to the letter; `refusals` has the common ones.

use crate::refusals::refusal_of;
use crate::{file, refusal};

const ROWS: &str = "customer,date,amount\nann,2024-01-05,10\nbob,2024-02-01,20\n";

#[test]
fn files_that_are_no_tables() {
    assert_eq!(refusal_of("\n\r\n\n", &[]), "FILE is empty");
    assert_eq!(refusal_of(b"\xff\xfec\0u\0", &[]), "FILE is in UTF-16; save it as UTF-8");
    let twice = "FILE has two columns named \"date\"";
    assert_eq!(refusal_of("customer,date,amount,date\n", &[]), twice);
    let rows = "customer,date,amount\n,,\nann,x,y\n";
    let unusable = "FILE has no usable row: of 2 read, 1 without a customer, 1 skipped";
    assert_eq!(refusal_of(rows, &["--skip-bad-rows"]), unusable);
}

#[test]
fn fields_that_cannot_be_read() {
    let row =
        |row: &str| refusal_of(format!("customer,date,amount\nann,2024-01-05,10\n{row}\n"), &[]);
    for text in ["1 000", "-", ".", "e5", "1e+", "0x10", "$5", "1.2.3", "1e5.0", "٣"] {
        let plain = "is not a plain number such as -12.50 or 1e+05";
        let said = row(&format!("ann,2024-01-05,{text}"));
        assert_eq!(said, format!("FILE, line 3: amount \"{text}\" {plain}"));
    }
    for text in [
        "79228162514264337593543950336",
        "1e29",
        "-1e99999999999999999999",
        "1.00000000000000000000000000001",
    ] {
        let exactly = "has more digits than can be held exactly";
        let said = row(&format!("ann,2024-01-05,{text}"));
        assert_eq!(said, format!("FILE, line 3: amount \"{text}\" {exactly}"));
    }
    for date in ["2024-02-30", "2024-01-05 yesterday", "2024-01-05x", ""] {
        let said = row(&format!("ann,{date},1"));
        let format = "is not a date written as %Y-%m-%d";
        assert_eq!(said, format!("FILE, line 3: date \"{date}\" {format}"));
    }
    let said = refusal_of(ROWS, &["--date-format", "%d/%m/%Y"]);
    assert_eq!(said, "FILE, line 2: date \"2024-01-05\" is not a date written as %d/%m/%Y");
    assert_eq!(
        row("ann,2024-01-05,10,1"),
        "FILE, line 3: the row has 4 fields, but the header has 3"
    );
    let nines = "9".repeat(60);
    let said = row(&format!("ann,{},1", "9".repeat(200)));
    assert_eq!(
        said,
        format!("FILE, line 3: date \"{nines}...\" is not a date written as %Y-%m-%d")
    );
    // A message stays on its line, whatever the field holds.
    let said = row("ann,\"a\nb\",1");
    assert_eq!(said, "FILE, line 3: date \"a\\nb\" is not a date written as %Y-%m-%d");
    let product = "customer,date,a,b\nann,2024-01-05,1e-20,1e-20\n";
    assert_eq!(
        refusal_of(product, &["--amount", "a*b"]),
        "FILE, line 2: the product 0.00000000000000000001 × 0.00000000000000000001 has more digits \
         than the type holds exactly"
    );
}

#[test]
fn line_numbers_are_those_of_an_editor() {
    let cases: [(&[u8], u64); 6] = [
        (b"customer,date,amount\nann,2024-01-05,1\nann,2024-01-05,x\n", 3),
        (b"customer,date,amount\r\nann,2024-01-05,1\r\nann,2024-01-05,x\r\n", 3),
        (b"customer,date,amount\rann,2024-01-05,1\rann,2024-01-05,x\r", 3),
        (b"\n\ncustomer,date,amount\n\nann,2024-01-05,1\n\r\n\nann,2024-01-05,x", 8),
        (b"customer,date,amount\n\"a\nn\nn\",2024-01-05,1\nann,2024-01-05,x\n", 5),
        (b"\xef\xbb\xbfcustomer,date,amount\r\n\"a\r\nn\",2024-01-05,1\r\nn,2024-01-05,x\r\n", 4),
    ];
    for (content, line) in cases {
        let said = refusal_of(content, &[]);
        assert!(said.starts_with(&format!("FILE, line {line}: amount \"x\" ")), "{line}: {said}");
    }
}

#[test]
fn split_of_the_shipped_file_that_was_asked_for_is_held_to() {
    let asked = ["--split", "1997-09-30", "--as-of", "1997-06-30"];
    let said = "the split 1997-09-30 must lie before the as-of date 1997-06-30";
    assert_eq!(refusal(&asked), said);
}

#[test]
fn money_beyond_the_type_is_refused() {
    let rows = "customer,date,amount\n\
        ann,2024-01-01,79228162514264337593543950335\nann,2024-01-02,1\n";
    let said = refusal_of(rows, &[]);
    assert!(said.starts_with("the purchases cannot be added up: the money of "), "{said}");
}

#[test]
fn options_say_what_they_want() {
    let cases = [
        ("--cuts <CUTS>", "1,19,30", ": the cuts must add up to 100 per cent, but add up to 50"),
        ("--cuts <CUTS>", "50,x", ": \"x\" is not a plain number such as -12.50 or 1e+05"),
        ("--cuts <CUTS>", "-10,110", ": share must lie in [0, 1], but is -0.1"),
        ("--unit <UNIT>", "year", " [possible values: day, week, month]"),
        ("--horizon-months <N>", "-1", ": horizon must lie in [0, ∞), but is -1"),
        ("--annual-discount <R>", "-1", ": discount rate must lie in (-1, ∞), but is -1"),
        ("--margin <R>", "1.01", ": it must lie between 0 and 1"),
        ("--lost-after <DAYS>", "0", ": it must be at least 1 day"),
        ("--lost-after <DAYS>", "1.5", ": it must be a whole number of days"),
        ("--delimiter <C>", "ab", ": it must be one character of one byte, or \\t"),
        ("--date-format <FMT>", "%Q", ": it is not a date format such as %d/%m/%Y"),
        ("--split <DATE>", "30.9.1997", ": it must be a date such as 1997-09-30"),
    ];
    for (option, value, reason) in cases {
        let name = option.split(' ').next().unwrap();
        let said = format!("invalid value '{value}' for '{option}'{reason} (see --help)");
        assert_eq!(refusal(&[name, value]), said);
    }
    let file = file(ROWS);
    let second = "unexpected argument 'two.csv' found (see --help)";
    assert_eq!(refusal(&[&file, "two.csv"]), second);
}

/// A full disk, or a reader that goes away, is a failure and no panic.
#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written() {
    use std::process::{Command, Stdio};
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(crate::binary()).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("customer_report: cannot write the report: No space left"), "{said}");

    let mut child = Command::new(crate::binary())
        .arg("--json")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said, "customer_report: the reader of the report went away before its end\n");
}

#[test]
fn help_and_version_are_no_failures() {
    for (flag, start) in [("--help", "Who the customers"), ("--version", "customer_report ")] {
        assert!(crate::text(&[flag]).starts_with(start));
    }
}
