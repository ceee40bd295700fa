//! Who comes back, from any purchase log: `cargo run --release --example retention_cohorts -- --help`.
//!
//! Without a file it reads the CDNOW sample that ships with the project. Every number is the crate's.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its terminal")]

use std::error::Error;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Parser, ValueEnum};
use goodwill::churn::{CohortCell, CohortPeriod, Cohorts, Retention};
use goodwill::survival::{Band, KaplanMeier, LifeTable};
use goodwill::{Ledger, Probability};

#[path = "../shared/purchase_log.rs"]
mod purchase_log;

use purchase_log::PurchaseLog;

const LEVEL: Probability = Probability::constant(0.95);

/// Who comes back: retention by cohort, and the time until the second purchase
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    log: PurchaseLog,
    /// Calendar period of the cohorts
    #[arg(long, value_enum, default_value_t = Period::Month)]
    period: Period,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Period {
    Week,
    Month,
    Quarter,
    Year,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("retention_cohorts: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let (ledger, as_of) = arguments.log.read()?;
    let period = match arguments.period {
        Period::Week => CohortPeriod::Week,
        Period::Month => CohortPeriod::Month,
        Period::Quarter => CohortPeriod::Quarter,
        Period::Year => CohortPeriod::Year,
    };
    let cohorts = ledger.cohorts(as_of, period)?;
    println!("{} customers, as of {as_of}", ledger.customers().len());
    for (title, retention) in [
        ("Bought in that very period, per cent of the cohort", Retention::Bounded),
        ("Bought in that period or later (the latest are too low)", Retention::Rolling),
    ] {
        println!("\n{title}");
        triangle(&cohorts, retention)?;
    }
    println!(
        "\nAll cohorts together, period after the first: share that bought, with its 95 % interval, and money"
    );
    for age in 0..cohorts.periods() {
        let Ok(share) = cohorts.pooled_retention(age, Retention::Bounded, LEVEL) else { break };
        let [value, lower, upper] =
            [share.value(), share.lower(), share.upper()].map(|x| 100.0 * x);
        let money = match cohorts.pooled_revenue_retention(age) {
            Ok(money) => format!("{:.1} % of the first period's money", 100.0 * money),
            Err(_) => "no money in the first period".to_owned(),
        };
        println!("  {age:>3}: {value:5.1} %  ({lower:.1} to {upper:.1})   {money}");
    }
    second_purchase(&ledger, as_of)
}

fn triangle(cohorts: &Cohorts, retention: Retention) -> goodwill::Result<()> {
    for (row, start) in cohorts.starts().into_iter().enumerate() {
        let cells = cohorts.cells(row)?;
        let text = |cell: &CohortCell| match cell {
            CohortCell::Observed(count) => format!("{:6.1}", 100.0 * count.retention(retention)),
            CohortCell::Partial(count) => {
                format!("{:>6}", format!("~{:.1}", 100.0 * count.retention(retention)))
            }
            CohortCell::Future => "     .".to_owned(),
        };
        let cells: Vec<String> = cells.iter().map(text).collect();
        println!("  {start}  {}", cells.concat());
    }
    Ok(())
}

/// Days from the first purchase to the second: who has not come back yet may still do so.
fn second_purchase(ledger: &Ledger<String>, as_of: NaiveDate) -> Result<(), Box<dyn Error>> {
    let (mut days, mut came_back) = (Vec::new(), Vec::new());
    for customer in ledger.customers() {
        let mut purchases = ledger.purchase_days(customer);
        let Some(first) = purchases.next() else { continue };
        let second = purchases.next();
        let end = second.unwrap_or(as_of);
        days.push(u32::try_from(end.signed_duration_since(first).num_days())?);
        came_back.push(second.is_some());
    }
    let curve = KaplanMeier::new(&LifeTable::from_days(&days, &came_back)?, Band::LogLog, LEVEL)?;
    println!("\nNot back for a second purchase (Kaplan-Meier, with its 95 % band)");
    for weeks in [1, 2, 4, 8, 13, 26, 39, 52, 78] {
        let Ok(share) = curve.at(f64::from(weeks * 7)) else { break };
        let length = (40.0 * share.value()).round() as usize;
        let [value, lower, upper] =
            [share.value(), share.lower(), share.upper()].map(|x| 100.0 * x);
        println!(
            "  week {weeks:>2}  {:<40} {value:5.1} %  ({lower:.1} to {upper:.1})",
            "█".repeat(length)
        );
    }
    Ok(())
}
