//! Runs that must fail: one clear line on standard error, nothing on standard output.

use crate::{file, refusal};

const HEADER: &str = "customer,date,amount\n";

/// What is said of a file, after its name.
#[track_caller]
pub(crate) fn refusal_of(text: impl AsRef<[u8]>, arguments: &[&str]) -> String {
    let file = file(text);
    let said = refusal(&[&[file.as_str()], arguments].concat());
    said.replace(&file, "FILE")
}

#[test]
fn files_that_are_not_there_or_empty() {
    assert!(refusal(&["no/such.csv"]).starts_with("cannot read no/such.csv: "));
    assert_eq!(refusal_of("", &[]), "FILE is empty");
    assert_eq!(refusal_of(HEADER, &[]), "FILE has no rows below its header");
    let empty = format!("{HEADER},2024-01-01,5\n");
    let said = "FILE has no usable row: of 1 read, 1 without a customer, 0 skipped";
    assert_eq!(refusal_of(empty, &[]), said);
}

#[test]
fn columns_that_are_not_there() {
    let said = "FILE has no column \"customer\"; its columns are: who, date, amount";
    assert_eq!(refusal_of("who,date,amount\n", &[]), said);
    let said = "FILE has no column \"Price\"; its columns are: customer, date, amount";
    assert_eq!(refusal_of(HEADER, &["--amount", "amount*Price"]), said);
}

#[test]
fn rows_that_cannot_be_read_name_their_line() {
    let row = |row: &str| refusal_of(format!("{HEADER}ann,2024-01-01,5\n{row}\n"), &[]);
    let date = "FILE, line 3: date \"01.02.2024\" is not a date written as %Y-%m-%d";
    assert_eq!(row("bob,01.02.2024,5"), date);
    let plain = "is not a plain number such as -12.50 or 1e+05";
    for bad in ["five", "1_000", "NaN", "inf", "1e", "--5", "5.5.5", ""] {
        assert_eq!(
            row(&format!("bob,2024-01-01,{bad}")),
            format!("FILE, line 3: amount \"{bad}\" {plain}")
        );
    }
    let digits = "12345678901234567890123456789.5";
    let said =
        format!("FILE, line 3: amount \"{digits}\" has more digits than can be held exactly");
    assert_eq!(row(&format!("bob,2024-01-01,{digits}")), said);
    assert!(row("bob,2024-01-01,1e-29").ends_with("has more digits than can be held exactly"));
    assert_eq!(row("bob,2024-01-01"), "FILE, line 3: the row has 2 fields, but the header has 3");
    // A line break inside quotes counts as a line.
    let quoted = format!("{HEADER}\"ann\nlee\",2024-01-01,5\nbob,2024-01-01,x\n");
    assert!(refusal_of(quoted, &[]).starts_with("FILE, line 4: "));
    let bytes = [HEADER.as_bytes(), b"\xff,2024-01-01,5\n"].concat();
    assert_eq!(refusal_of(bytes, &[]), "FILE, line 2: customer is not valid UTF-8");
}

#[test]
fn dates_that_contradict_each_other() {
    let text = format!("{HEADER}ann,2024-01-01,5\nann,2024-02-01,7\n");
    for split in ["2024-02-01", "2025-01-01"] {
        let said = format!("the split {split} must lie before the as-of date 2024-02-01");
        assert_eq!(refusal_of(&text, &["--split", split]), said);
    }
    let said = "no row lies on or before the as-of date 2023-01-01: the first is of 2024-01-01";
    assert_eq!(refusal_of(&text, &["--as-of", "2023-01-01"]), said);
}

#[test]
fn options_outside_their_domain() {
    let cuts = refusal(&["--cuts", "1,19,30"]);
    assert!(cuts.contains("the cuts must add up to 100 per cent, but add up to 50"), "{cuts}");
    for (option, value) in [
        ("--cuts", "50,x"),
        ("--cuts", "-10,110"),
        ("--margin", "1.5"),
        ("--annual-discount", "-1"),
        ("--annual-discount", "NaN"),
        ("--horizon-months", "-1"),
        ("--lost-after", "0"),
        ("--unit", "year"),
        ("--delimiter", "ab"),
        ("--split", "soon"),
        ("--date-format", "%"),
        ("--nonsense", "1"),
    ] {
        let said = refusal(&[option, value]);
        assert!(said.contains(option), "{said}");
    }
}
