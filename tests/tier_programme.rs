//! The example `tier_programme`, run as a program, against an independent replay of the same file: the numbers are those
//! that `tests/fixtures/tier_programme.py` prints.
// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

use std::process::Command;

#[test]
fn three_policies_on_cdnow() {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let output = Command::new(profile.join("examples/tier_programme")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("2357 customers, 6 quarters\n"), "{text}");
    let numbers = |line: &str| -> Vec<String> {
        let words = line.split_whitespace();
        words.filter(|word| word.parse::<f64>().is_ok()).map(str::to_owned).collect()
    };
    let told: Vec<Vec<String>> = text.lines().map(numbers).collect();
    let wants = [
        (["525", "1007", "632", "5.36", "7101.75"], "585 gold, 864 silver, 12693 member"),
        (["489", "959", "561", "4.76", "7396.75"], "645 gold, 896 silver, 12601 member"),
        (["375", "838", "259", "2.20", "10248.5"], "1041 gold, 1831 silver, 11270 member"),
    ];
    for (want, members) in wants {
        assert!(
            told.iter().any(|line| line.ends_with(&want.map(str::to_owned))),
            "{want:?}\n{text}"
        );
        assert!(text.contains(members), "{members}\n{text}");
    }
}
