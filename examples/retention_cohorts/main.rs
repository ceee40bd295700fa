//! Who comes back, from any purchase log: `cargo run --release --example retention_cohorts -- --help`.
//!
//! Without a file it reads the CDNOW sample that ships with the project. Every number is the crate's.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its terminal")]

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Parser, ValueEnum};
use goodwill::churn::{CohortCell, CohortPeriod, Cohorts, Retention};
use goodwill::survival::{Band, KaplanMeier, LifeTable};
use goodwill::{Ledger, Probability, Transaction};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow.csv");
const LEVEL: Probability = Probability::constant(0.95);

/// Who comes back: retention by cohort, and the time until the second purchase
#[derive(Debug, Parser)]
struct Arguments {
    /// The purchase log, a CSV file with a header [default: the CDNOW sample]
    #[arg(default_value = SHIPPED)]
    file: PathBuf,
    /// Column that names the customer
    #[arg(long, value_name = "COL", default_value = "customer")]
    customer: String,
    /// Column with the day of the purchase, as 1997-01-31
    #[arg(long, value_name = "COL", default_value = "date")]
    date: String,
    /// Column with the amount
    #[arg(long, value_name = "COL", default_value = "amount")]
    amount: String,
    /// The day on which to look; later rows are cut [default: the last day in the file]
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
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
    let ledger = read(arguments)?;
    let last = ledger.last_day().ok_or("the file has no purchase")?;
    let as_of = arguments.as_of.unwrap_or(last);
    let ledger = ledger.until(as_of);
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

fn read(arguments: &Arguments) -> Result<Ledger<String>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(&arguments.file)
        .map_err(|error| format!("cannot read {}: {error}", arguments.file.display()))?;
    let header = reader.headers()?.clone();
    let find = |name: &str| {
        let place = header.iter().position(|field| field.trim() == name);
        place.ok_or_else(|| format!("{} has no column {name:?}", arguments.file.display()))
    };
    let (customer, date, amount) =
        (find(&arguments.customer)?, find(&arguments.date)?, find(&arguments.amount)?);
    let mut transactions = Vec::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let field = |place: usize| record.get(place).unwrap_or("").trim();
        let bad = |name, place| format!("line {line}: {name} {:?} cannot be read", field(place));
        let day = field(date).parse().map_err(|_| bad("date", date))?;
        let money = field(amount).parse().map_err(|_| bad("amount", amount))?;
        transactions.push(Transaction::new(field(customer).to_owned(), day, money));
    }
    Ok(Ledger::from_transactions(transactions)?)
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
