//! What did last year's churn cost? `cargo run --release --example cost_of_churn -- --help`.
//!
//! From a purchase log (without a file, the CDNOW sample that ships with the project): who was lost, what they brought, what
//! they would still have brought, whom their word keeps away, and what it costs to replace them. Two totals, every line
//! exact; the table at the end says which assumption moves them most. Every number is the crate's; where each assumption
//! comes from is printed beside it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its terminal")]

mod assumptions;
#[allow(dead_code, reason = "shared with customer_report, which prints more kinds of numbers")]
#[path = "../customer_report/format.rs"]
mod format;
mod measured;
#[path = "../shared/purchase_log.rs"]
mod purchase_log;
mod report;

use std::error::Error;
use std::process::ExitCode;

use chrono::{Days, NaiveDate};
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser};
use goodwill::churn::{InputRange, Tornado, simulate_total};
use goodwill::money::{round_half_even, to_f64};
use goodwill::{DiscountRate, Horizon, LostAfter, Share};
use rust_decimal::Decimal;

use assumptions::{Assumptions, PLACES, View};
use measured::{Measured, Rules};
use purchase_log::PurchaseLog;

/// What last year's churn cost, line by line
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    log: PurchaseLog,
    /// The day on which the base is opened [default: 365 days before the day on which to look]
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// Days without a purchase after which a customer counts as lost
    #[arg(long, value_name = "DAYS", default_value_t = 180)]
    lost_after: u32,
    /// CSV file with the columns customer and reason, from an exit survey [default: an invented one]
    #[arg(long, value_name = "FILE")]
    reasons: Option<std::path::PathBuf>,
    /// Profit in each unit of revenue
    #[arg(long, value_name = "SHARE", default_value = "0.30")]
    margin: Decimal,
    /// Years that a residual value looks ahead
    #[arg(long, value_name = "N", default_value_t = 5)]
    years: u32,
    /// What waiting a year for money costs
    #[arg(long, value_name = "RATE", default_value_t = 0.15)]
    discount: f64,
    /// What it costs a year to keep in touch with a customer, not yet in the margin
    #[arg(long, value_name = "MONEY", default_value = "2.00")]
    keeping: Decimal,
    /// How many times that winning a customer costs
    #[arg(long, value_name = "TIMES", default_value = "5")]
    times: Decimal,
    /// Part of a year until a place is filled
    #[arg(long, value_name = "SHARE", default_value = "0.25")]
    vacancy: Decimal,
    /// People to whom a customer lost by our own fault complains
    #[arg(long, value_name = "N", default_value = "11")]
    hearers: Decimal,
    /// Share of those who would have come and now do not
    #[arg(long, value_name = "SHARE", default_value = "0.01")]
    influenced: Decimal,
    /// Draws of the simulation
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    draws: usize,
    /// Seed of the simulation
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    match run(&Arguments::command().get_matches()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cost_of_churn: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(matches: &ArgMatches) -> Result<(), Box<dyn Error>> {
    let arguments = &Arguments::from_arg_matches(matches)?;
    let (purchases, as_of) = arguments.log.read()?;
    let from = match arguments.from {
        Some(day) => day,
        None => as_of.checked_sub_days(Days::new(365)).ok_or("the day lies before the calendar")?,
    };
    let rules = Rules {
        from,
        as_of,
        lost_after: LostAfter::days(arguments.lost_after)?,
        horizon: Horizon::years(f64::from(arguments.years))?,
        discount: DiscountRate::annual(arguments.discount)?,
    };
    let reasons = arguments.reasons.as_deref().map(measured::read_reasons).transpose()?;
    let measured = Measured::of(&purchases, &rules, reasons.as_ref())?;
    Share::new(arguments.margin)?;
    let assumptions = Assumptions::of(arguments)?;
    let ranges = assumptions.ranges();
    let base: Vec<Decimal> = ranges.iter().map(InputRange::base).collect();
    let ledger = assumptions::ledger(&measured, &base)?;
    report::header(&rules, &measured);
    let given = |flag: &str| matches.value_source(flag) == Some(ValueSource::CommandLine);
    report::assumptions(arguments, &assumptions, &measured, given);
    report::chain(&measured, &ledger, &base)?;
    for view in View::BOTH {
        let total = |x: &[Decimal]| assumptions::ledger(&measured, x)?.total(view.cost_view());
        let tornado = Tornado::new(&ranges, total)?;
        let drawn = simulate_total(&ranges, arguments.draws, arguments.seed, |draw| {
            let exact: Vec<Decimal> =
                draw.iter().map(|&x| round_half_even(x, PLACES)).collect::<Result<_, _>>()?;
            total(&exact).map(to_f64)
        })?;
        report::sensitivity(view, &ranges, &tornado, &drawn, arguments);
    }
    Ok(())
}
