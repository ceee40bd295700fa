//! A fitted model as a file: fit once, keep the JSON, score later without the purchase log.
//!
//! ```sh
//! cargo run --release --example saved_model -- model.json                       # fit the CDNOW sample and save
//! cargo run --release --example saved_model -- model.json --score 2 30.43 38.86  # read it back, and ask
//! ```
//!
//! The file is plain JSON, versioned, and can be read from any language; goodwill validates it when it reads it.

#![allow(clippy::print_stdout)] // a program that tells

use std::error::Error;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Parser;
use goodwill::lifetime::ModelFile;
use goodwill::{BgNbd, History, Horizon, Ledger, PurchaseModel, TimeUnit, Transaction};

const LOG: &str = include_str!("data/cdnow.csv");

/// Fits BG/NBD to the CDNOW sample and saves it, or reads a saved model and scores a customer with it
#[derive(clap::Parser)]
struct Arguments {
    /// The model file, in JSON
    file: PathBuf,
    /// Repeat purchases of a customer, weeks from his first to his last one, weeks since his first one
    #[arg(long, num_args = 3, value_names = ["X", "T_X", "T"])]
    score: Option<Vec<String>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let Some([x, recency, age]) = arguments.score.as_deref() {
        let (x, recency, age) = (x.parse()?, recency.parse()?, age.parse()?);
        let text = std::fs::read_to_string(&arguments.file)?;
        let file: ModelFile<BgNbd> = serde_json::from_str(&text)?;
        return score(&file, &History::new(TimeUnit::Week, x, recency, age)?);
    }
    std::fs::write(&arguments.file, serde_json::to_string_pretty(&fitted()?)? + "\n")?;
    println!("Saved as {}.", arguments.file.display());
    Ok(())
}

/// The model of the first 39 weeks, with what whoever reads it must know.
fn fitted() -> Result<ModelFile<BgNbd>, Box<dyn Error>> {
    let row = |line: &'static str| -> Result<_, Box<dyn Error>> {
        let field: Vec<&str> = line.split(',').collect();
        Ok(Transaction::new(field[0], field[1].parse()?, field[2].parse()?))
    };
    let rows = LOG.lines().skip(1).map(row).collect::<Result<Vec<_>, _>>()?;
    let as_of = NaiveDate::from_ymd_opt(1997, 9, 30).ok_or("no such day")?;
    let histories =
        Ledger::from_transactions(rows)?.until(as_of).histories(as_of, TimeUnit::Week)?;
    let file = ModelFile::new(BgNbd::fit(&histories)?, histories.as_of());
    Ok(file.warning("one cohort, of the first quarter of 1997; later customers may buy otherwise"))
}

fn score(file: &ModelFile<BgNbd>, customer: &History) -> Result<(), Box<dyn Error>> {
    let (fit, model) = (file.fit(), file.fit().model());
    let as_of = file.as_of().map_or_else(|| "an unknown day".to_owned(), |day| day.to_string());
    println!("BG/NBD of {} customers, as they were on {as_of}", fit.customers());
    println!("log-likelihood {:.4}", fit.log_likelihood());
    for warning in file.warnings() {
        println!("note: {warning}");
    }
    println!("still a customer: {:.4}", model.probability_alive(customer).get());
    let year = model.expected_purchases(customer, Horizon::weeks(52.0)?)?;
    println!("expected purchases in 52 weeks: {year:.4}");
    Ok(())
}
