//! The example of the survey, run as a program, against an independent analysis of the same file: the lines are those that
//! `tests/fixtures/satisfaction_survey.py` works out.

// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

#[path = "support/mod.rs"]
mod support;

use std::fmt::Write;
use std::process::Command;

use chrono::Days;

use support::{day, json, path};

/// Scores, drivers, complaints and money: every number that is printed, to the digit, in this order.
#[test]
fn it_prints_what_the_file_holds() {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let output = Command::new(profile.join("examples/satisfaction_survey")).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with("600 guests, three waves, two regions\n"), "{said}");
    let wants = json("satisfaction_survey.json");
    let mut lines = said.lines();
    for want in wants.as_array().unwrap() {
        let want = want.as_str().unwrap();
        assert!(lines.any(|line| line == want), "not in its place: {want}\n{said}");
    }
}

/// The generator that `examples/data/satisfaction_survey.py` documents, written once more.
struct Generator(u64);

impl Generator {
    fn uniform(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / 2_f64.powi(53)
    }

    fn normal(&mut self) -> f64 {
        let twelve: f64 = (0..12).map(|_| self.uniform()).sum();
        twelve - 6.0
    }
}

/// The nearest score of 1 to 5.
fn score(value: f64) -> f64 {
    value.round_ties_even().clamp(1.0, 5.0)
}

#[test]
fn the_generator_makes_the_file() {
    let header =
        "wave,region,speed,courtesy,rooms,overall,recommend,stayed,margin,complained,settled\n";
    let (mut made, mut g) = (header.to_owned(), Generator(20_260_301));
    let last = day(2025, 11, 30);
    for (wave, start) in
        [day(2025, 3, 1), day(2025, 7, 1), day(2025, 11, 1)].into_iter().enumerate()
    {
        for guest in 0..200 {
            let region = if guest < 100 { "north" } else { "south" };
            let mood = g.normal();
            let level = if guest < 100 { 3.6 } else { 2.9 + 0.25 * wave as f64 };
            let speed = score(level + 0.6 * mood + 0.8 * g.normal());
            let courtesy = score(level + 0.3 + 0.6 * mood + 0.7 * g.normal());
            let rooms = score(level + 0.4 * mood + 0.9 * g.normal());
            let of_rooms = if rooms < 2.0 {
                -1.0
            } else if rooms > 4.0 {
                0.1
            } else {
                0.0
            };
            let of_service = 0.55 * (speed - 3.4) + 0.15 * (courtesy - 3.6);
            let value = 3.5 + of_service + 0.15 * (rooms - 3.3) + of_rooms;
            let overall = score(value + 0.5 * g.normal());
            let recommend = 2.0 * overall - 0.6 + 1.2 * g.normal();
            let slope = if overall < 3.0 { 1.1 } else { 0.5 };
            let odds = (1.1 + slope * (overall - 3.0)).exp();
            let stayed = u8::from(g.uniform() < odds / (1.0 + odds));
            let margin = (60.0 + 240.0 * g.uniform().powi(2)).round_ties_even();
            let (mut complained, mut settled) = (String::new(), String::new());
            if g.uniform() < if overall <= 2.0 { 0.3 } else { 0.03 } {
                let opened = start + Days::new((28.0 * g.uniform()) as u64);
                let took = 20.0 * g.uniform().powi(2);
                let done = opened + Days::new(1 + (took / (0.2 + g.uniform())) as u64);
                complained = opened.to_string();
                settled = if done <= last { done.to_string() } else { settled };
            }
            let is_silent = g.uniform() < 0.05;
            let told = recommend.round_ties_even().clamp(0.0, 10.0) + 0.0;
            let told = if is_silent { String::new() } else { told.to_string() };
            let scores = format!("{speed},{courtesy},{rooms},{overall},{told}");
            let wave = wave + 1;
            writeln!(made, "{wave},{region},{scores},{stayed},{margin},{complained},{settled}")
                .unwrap();
        }
    }
    let shipped = std::fs::read_to_string(path("examples/data/satisfaction_survey.csv")).unwrap();
    assert!(made == shipped, "the file is not what its generator makes");
}
