//! The command line: every assumption is a flag.

use clap::{Parser, ValueEnum};
use goodwill::Probability;
use goodwill::churn::CostBasis;
use rust_decimal::Decimal;

use crate::purchase_log::PurchaseLog;

/// Whom to call tomorrow: lost customers worth winning back, from any purchase log
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) log: PurchaseLog,
    /// Money for the calls
    #[arg(long, default_value = "250")]
    pub(crate) budget: Decimal,
    /// What of a call's cost the budget must hold
    #[arg(long, value_enum, default_value_t = Basis::Expected)]
    pub(crate) basis: Basis,
    /// No more calls than these, whatever the budget
    #[arg(long, value_name = "N")]
    pub(crate) most_calls: Option<usize>,
    /// Profit in each unit of revenue
    #[arg(long, default_value_t = 0.3)]
    pub(crate) margin: f64,
    /// Years that a customer's value looks ahead
    #[arg(long, default_value_t = 2.0)]
    pub(crate) years: f64,
    /// What waiting a year for money costs
    #[arg(long, default_value_t = 0.10)]
    pub(crate) discount: f64,
    /// Chance of winning back a customer who left just now
    #[arg(long, default_value = "0.4", value_parser = probability)]
    pub(crate) chance: Probability,
    /// Weeks of silence that halve this chance
    #[arg(long, value_name = "WEEKS", default_value_t = 26.0)]
    pub(crate) half_life: f64,
    /// Chance of winning a new prospect, for comparison
    #[arg(long, value_name = "CHANCE", default_value = "0.05", value_parser = probability)]
    pub(crate) prospect_chance: Probability,
    /// What a customer who came back is worth, as a part of what he was worth before
    #[arg(long, value_name = "PART", default_value_t = 1.0)]
    pub(crate) second_life: f64,
    /// What a call costs
    #[arg(long, default_value = "1.00")]
    pub(crate) contact: Decimal,
    /// The voucher that a call offers
    #[arg(long, default_value = "5.00")]
    pub(crate) incentive: Decimal,
    /// Chance that a customer who never left takes the voucher too
    #[arg(long, default_value = "0.5", value_parser = probability)]
    pub(crate) taken: Probability,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Basis {
    /// What calls cost on average
    Expected,
    /// What they cost if everybody takes the voucher
    WorstCase,
}

impl From<Basis> for CostBasis {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::Expected => Self::Expected,
            Basis::WorstCase => Self::WorstCase,
        }
    }
}

fn probability(text: &str) -> Result<Probability, String> {
    let number: f64 = text.parse().map_err(|_| "it must be a number".to_owned())?;
    Probability::new(number).map_err(|error| error.to_string())
}
