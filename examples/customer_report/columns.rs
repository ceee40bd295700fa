//! The columns that are used, and what a row says in them.

use chrono::NaiveDate;
use csv::ByteRecord;
use goodwill::money;
use rust_decimal::Decimal;

use crate::amount;
use crate::arguments::Arguments;
use crate::dates::DateFormat;

/// Where the used columns stand.
pub(crate) struct Columns<'a> {
    width: usize,
    customer: Column,
    date: Column,
    amount: Column,
    /// The second factor of an amount that is a product.
    times: Option<Column>,
    costs: Vec<Column>,
    date_format: &'a DateFormat,
}

struct Column {
    name: String,
    index: usize,
}

/// A row with a customer.
pub(crate) struct Row<'a> {
    pub(crate) customer: &'a str,
    pub(crate) date: NaiveDate,
    pub(crate) amount: Decimal,
    /// All costs of the row.
    pub(crate) cost: Decimal,
}

impl<'a> Columns<'a> {
    /// Finds the columns in the header.
    pub(crate) fn find(arguments: &'a Arguments, header: &ByteRecord) -> Result<Self, String> {
        let file = arguments.file_name();
        if header.is_empty() {
            return Err(format!("{file} is empty"));
        }
        if header[0].starts_with(b"\xff\xfe") || header[0].starts_with(b"\xfe\xff") {
            return Err(format!("{file} is in UTF-16; save it as UTF-8"));
        }
        let find = |name: &str| Column::find(name, header, &file);
        let (amount, times) = match (find(&arguments.amount), arguments.amount.split_once('*')) {
            (Err(_), Some((amount, times))) => (find(amount.trim())?, Some(find(times.trim())?)),
            (amount, _) => (amount?, None),
        };
        Ok(Self {
            width: header.len(),
            customer: find(&arguments.customer)?,
            date: find(&arguments.date)?,
            amount,
            times,
            costs: arguments.costs.iter().map(|name| find(name)).collect::<Result<_, _>>()?,
            date_format: &arguments.date_format,
        })
    }

    /// Reads one row; `None` for one without a customer.
    pub(crate) fn row<'r>(&self, record: &'r ByteRecord) -> Result<Option<Row<'r>>, String> {
        if record.len() != self.width {
            let (found, width) = (record.len(), self.width);
            return Err(format!("the row has {found} fields, but the header has {width}"));
        }
        let customer = self.customer.text(record)?;
        if customer.is_empty() {
            return Ok(None);
        }
        let date = self.date.text(record)?;
        let date = self.date_format.read(date).ok_or_else(|| {
            let format = self.date_format.text();
            format!("{} {} is not a date written as {format}", self.date.name, quoted(date))
        })?;
        let mut amount = self.amount.amount(record)?;
        if let Some(times) = &self.times {
            amount =
                money::product(amount, times.amount(record)?).map_err(|error| error.to_string())?;
        }
        let costs = self.costs.iter().map(|own| own.amount(record));
        let costs = costs.collect::<Result<Vec<_>, _>>()?;
        let cost = money::sum(costs).map_err(|error| error.to_string())?;
        Ok(Some(Row { customer, date, amount, cost }))
    }
}

impl Column {
    fn find(name: &str, header: &ByteRecord, file: &str) -> Result<Self, String> {
        let is_named = |field: &[u8]| field.trim_ascii() == name.trim().as_bytes();
        let mut found = (0..header.len()).filter(|&index| is_named(&header[index]));
        match (found.next(), found.next()) {
            (Some(index), None) => Ok(Self { name: name.to_owned(), index }),
            (Some(_), Some(_)) => Err(format!("{file} has two columns named {name:?}")),
            (None, _) => {
                let text = |field| String::from_utf8_lossy(field).trim().escape_debug().to_string();
                let names: Vec<String> = header.iter().map(text).collect();
                Err(format!("{file} has no column {name:?}; its columns are: {}", names.join(", ")))
            }
        }
    }

    fn text<'r>(&self, record: &'r ByteRecord) -> Result<&'r str, String> {
        let text = std::str::from_utf8(&record[self.index]);
        text.map(str::trim).map_err(|_| format!("{} is not valid UTF-8", self.name))
    }

    fn amount(&self, record: &ByteRecord) -> Result<Decimal, String> {
        let text = self.text(record)?;
        amount::parse(text.as_bytes())
            .map_err(|refused| format!("{} {} {refused}", self.name, quoted(text)))
    }
}

/// A field in a message: quoted, on one line, not too long.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let start: String = text.chars().take(LONGEST).collect();
    let more = if start.len() < text.len() { "..." } else { "" };
    format!("\"{}{more}\"", start.escape_debug())
}
