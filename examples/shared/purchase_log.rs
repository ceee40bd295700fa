//! A purchase log from a CSV file, as several examples read it.

use std::error::Error;
use std::path::PathBuf;

use chrono::NaiveDate;
use goodwill::{Ledger, Transaction};

const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow.csv");

/// Where the purchases are.
#[derive(Debug, clap::Args)]
pub(crate) struct PurchaseLog {
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
}

impl PurchaseLog {
    /// The name of the file.
    #[allow(dead_code, reason = "not every example names it")]
    pub(crate) fn name(&self) -> String {
        self.file.file_name().map_or_else(String::new, |name| name.display().to_string())
    }

    /// The purchases up to the day on which to look, and that day.
    pub(crate) fn read(&self) -> Result<(Ledger<String>, NaiveDate), Box<dyn Error>> {
        let mut reader = csv::Reader::from_path(&self.file)
            .map_err(|error| format!("cannot read {}: {error}", self.file.display()))?;
        let header = reader.headers()?.clone();
        let find = |name: &str| {
            let place = header.iter().position(|field| field.trim() == name);
            place.ok_or_else(|| format!("{} has no column {name:?}", self.file.display()))
        };
        let (customer, date, amount) =
            (find(&self.customer)?, find(&self.date)?, find(&self.amount)?);
        let mut transactions = Vec::new();
        for record in reader.records() {
            let record = record?;
            let line = record.position().map_or(0, csv::Position::line);
            let field = |place: usize| record.get(place).unwrap_or("").trim();
            let bad =
                |name, place| format!("line {line}: {name} {:?} cannot be read", field(place));
            let day = field(date).parse().map_err(|_| bad("date", date))?;
            let money = field(amount).parse().map_err(|_| bad("amount", amount))?;
            transactions.push(Transaction::new(field(customer).to_owned(), day, money));
        }
        let ledger = Ledger::from_transactions(transactions)?;
        let last = ledger.last_day().ok_or("the file has no purchase")?;
        let as_of = self.as_of.unwrap_or(last);
        Ok((ledger.until(as_of), as_of))
    }
}
