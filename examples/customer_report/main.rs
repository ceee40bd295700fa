//! Who the customers in a purchase log are, what they are worth, and what losing them costs.
//!
//! `cargo run --release --example customer_report` reports on the CDNOW sample that is shipped with the
//! project; `-- --help` says how to report on any other CSV file. This program only reads and prints: every
//! number is the crate's.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its terminal")]

mod amount;
mod analysis;
mod arguments;
mod calls;
mod columns;
mod dates;
mod forecast_text;
mod format;
mod holdout;
mod holdout_text;
mod lines;
mod models;
mod outlook;
mod outlook_text;
mod profit;
mod profit_text;
mod reading;
mod report;
mod retention;
mod retention_text;
mod scoring;
mod text;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if !error.use_stderr() => return print(&error.to_string()),
        Err(error) => return fail(&usage(&error.to_string())),
    };
    match report(&arguments) {
        Ok(report) => print(&report),
        Err(message) => fail(&message),
    }
}

/// The report as it is printed, complete before the first byte goes out.
fn report(arguments: &Arguments) -> Result<String, String> {
    let purchases = reading::read(arguments)?;
    let mut observed = analysis::observe(arguments, purchases)?;
    let report = analysis::analyse(arguments, &mut observed)?;
    if !arguments.json {
        return Ok(text::write(&report));
    }
    let mut json = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?;
    json.push('\n');
    Ok(json)
}

fn print(text: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            fail("the reader of the report went away before its end")
        }
        Err(error) => fail(&format!("cannot write the report: {error}")),
    }
}

fn fail(message: &str) -> ExitCode {
    // Nobody is left to tell where standard error is closed too.
    let _ = writeln!(std::io::stderr(), "customer_report: {message}");
    ExitCode::FAILURE
}

/// A usage error of clap on one line.
fn usage(message: &str) -> String {
    let told = message.split("\n\nUsage:").next().unwrap_or(message);
    let told = told.split("\n\nFor more").next().unwrap_or(told);
    let told = told.trim_start_matches("error:").replace("\n\n", ";");
    let words: Vec<&str> = told.split_whitespace().collect();
    format!("{} (see --help)", words.join(" "))
}
