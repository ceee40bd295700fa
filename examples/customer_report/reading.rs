//! From a CSV file to a ledger.

use std::collections::HashSet;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;

use csv::ByteRecord;
use goodwill::{Ledger, Transaction};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::arguments::Arguments;
use crate::columns::Columns;
use crate::lines::Lines;

/// What the file held.
pub(crate) struct Purchases {
    pub(crate) ledger: Ledger<Arc<str>>,
    /// The costs of the same rows, where columns of costs are named.
    pub(crate) costs: Option<Ledger<Arc<str>>>,
    pub(crate) counts: Counts,
    /// What is wrong with the first bad row that was skipped.
    pub(crate) first_skipped: Option<String>,
}

/// Rows by what became of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) read: u64,
    pub(crate) without_customer: u64,
    pub(crate) skipped: u64,
}

/// Reads the file that the arguments name.
pub(crate) fn read(arguments: &Arguments) -> Result<Purchases, String> {
    let path = arguments.path();
    let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
    let bar = progress(&file);
    let purchases = read_rows(arguments, bar.wrap_read(file));
    bar.finish_and_clear();
    purchases
}

fn read_rows(arguments: &Arguments, file: impl Read) -> Result<Purchases, String> {
    let path = arguments.path();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(arguments.delimiter)
        .flexible(true)
        .buffer_capacity(1 << 18)
        .from_reader(Lines::new(file));
    let header = reader.byte_headers().map_err(|error| cannot_read(path, &error))?;
    let columns = Columns::find(arguments, header)?;
    let mut ids = HashSet::new();
    let mut counts = Counts::default();
    let mut first_skipped = None;
    let mut transactions: Vec<Transaction<Arc<str>>> = Vec::new();
    let mut costs = Vec::new();
    let has_costs = !arguments.costs.is_empty();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| cannot_read(path, &error))? {
        counts.read += 1;
        match columns.row(&record) {
            Ok(Some(row)) => {
                let customer = shared(&mut ids, row.customer);
                if has_costs {
                    costs.push(Transaction::new(customer.clone(), row.date, row.cost));
                }
                transactions.push(Transaction::new(customer, row.date, row.amount));
            }
            Ok(None) => counts.without_customer += 1,
            Err(reason) => {
                let start = record.position().map_or(0, csv::Position::byte);
                let line = reader.get_ref().line_of(start);
                let message = format!("{}, line {line}: {reason}", arguments.file_name());
                if !arguments.skip_bad_rows {
                    return Err(message);
                }
                counts.skipped += 1;
                first_skipped.get_or_insert(message);
            }
        }
        let passed = reader.position().byte();
        reader.get_mut().forget(passed);
    }
    if transactions.is_empty() {
        return Err(no_row(&arguments.file_name(), counts));
    }
    drop(ids);
    let ledger = Ledger::from_transactions(transactions).map_err(|error| error.to_string())?;
    let costs = has_costs.then(|| Ledger::from_transactions(costs));
    let costs = costs.transpose().map_err(|error| error.to_string())?;
    Ok(Purchases { ledger, costs, counts, first_skipped })
}

/// One copy of each id, however many rows it has.
fn shared(ids: &mut HashSet<Arc<str>>, id: &str) -> Arc<str> {
    if let Some(known) = ids.get(id) {
        return known.clone();
    }
    let new: Arc<str> = id.into();
    ids.insert(new.clone());
    new
}

fn no_row(file: &str, counts: Counts) -> String {
    let Counts { read, without_customer, skipped } = counts;
    if read == 0 {
        return format!("{file} has no rows below its header");
    }
    format!(
        "{file} has no usable row: of {read} read, {without_customer} without a customer, {skipped} skipped"
    )
}

fn cannot_read(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("cannot read {}: {error}", path.display())
}

/// A bar on standard error where somebody sees it and the file takes a while; hidden otherwise.
fn progress(file: &File) -> ProgressBar {
    /// Bytes that are read in about half a second.
    const LARGE: u64 = 32 << 20;
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    if length < LARGE || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("reading {bar:40} {bytes} of {total_bytes}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
