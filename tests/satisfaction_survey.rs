//! The example of the survey, run as a program.

// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

use std::process::Command;

/// What the generator builds in is found, and the plain counts are those of the file.
#[test]
fn it_finds_what_is_built_in() {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let output = Command::new(profile.join("examples/satisfaction_survey")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let share = |name: &str| -> f64 {
        let line = said.lines().find(|line| line.trim().starts_with(&format!("{name}: "))).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    assert!(share("speed") > 50.0, "{said}");
    let rooms = said.lines().find(|line| line.contains("rooms cost ")).unwrap();
    assert!(rooms.ends_with("its lack weighs more"), "{said}");
    assert!(
        said.contains("600 guests") && said.contains("   41 of 600 guests complained"),
        "{said}"
    );
    assert!(said.contains("34 settled, 7 open"), "{said}");
    assert!(said.contains("is worth") && said.contains("brings back"), "{said}");
}
