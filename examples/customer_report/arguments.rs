//! The command line.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Parser, ValueEnum};
use goodwill::churn::CohortPeriod;
use goodwill::{DiscountRate, LostAfter, Pyramid, Share, TimeUnit, money};
use rust_decimal::Decimal;

use crate::amount;
use crate::dates::{DateFormat, ISO};
use crate::models::ModelName;

/// The file that is read where none is named, by its path in the project.
const SHIPPED: &str = "examples/data/cdnow.csv";
const SHIPPED_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow.csv");

/// Who the customers in a purchase log are, what they are worth, and what losing them costs.
///
/// Reads a CSV file with a header: one row per purchase, refunds with a negative amount. Spaces around a
/// field are not part of it. Rows without a customer are counted and left out.
#[derive(Debug, Parser)]
#[command(name = "customer_report", version)]
pub(crate) struct Arguments {
    /// The purchase log [default: the CDNOW sample shipped with the project]
    file: Option<PathBuf>,
    /// Column that names the customer
    #[arg(long, value_name = "COL", default_value = "customer")]
    pub(crate) customer: String,
    /// Column with the day of the purchase
    #[arg(long, value_name = "COL", default_value = "date")]
    pub(crate) date: String,
    /// Column with the amount, or a product of two: Quantity*Price
    #[arg(long, value_name = "COL", default_value = "amount")]
    pub(crate) amount: String,
    /// Column with a cost of the row, of goods or of serving the customer; may be named several times
    #[arg(long = "cost", value_name = "COL")]
    pub(crate) costs: Vec<String>,
    /// How dates are written, in the notation of strftime; a time of day is passed over
    #[arg(long, value_name = "FMT", default_value = ISO, value_parser = DateFormat::new)]
    pub(crate) date_format: DateFormat,
    /// What separates the columns: one character, or \t
    #[arg(long, value_name = "C", default_value = ",", value_parser = delimiter)]
    pub(crate) delimiter: u8,
    /// Fit the models on the days up to this one and test their forecast on the rest [default for the
    /// shipped file: 1997-09-30]
    #[arg(long, value_name = "DATE", value_parser = day)]
    split: Option<NaiveDate>,
    /// The day on which the report is made; later rows are cut [default: the last day in the file]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<NaiveDate>,
    /// Unit in which the purchase model counts time
    #[arg(long, value_enum, default_value_t = Unit::Week)]
    unit: Unit,
    /// Model of how customers buy and leave
    #[arg(long, value_enum, default_value_t = ModelName::BgNbd)]
    pub(crate) model: ModelName,
    /// How far ahead to look
    #[arg(long, value_name = "N", default_value = "12", value_parser = months)]
    #[arg(allow_negative_numbers = true)]
    pub(crate) horizon_months: f64,
    /// Newcomers to plan with, in each quarter of the horizon
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) newcomers: u32,
    /// What waiting a year for money costs: 0.10 is ten per cent
    #[arg(long, value_name = "R", default_value = "0.10", value_parser = discount)]
    #[arg(allow_negative_numbers = true)]
    pub(crate) annual_discount: f64,
    /// Profit in each unit of revenue, 0 to 1; at 1, value is revenue
    #[arg(long, value_name = "R", default_value = "1", value_parser = margin)]
    #[arg(allow_negative_numbers = true)]
    pub(crate) margin: Share,
    /// A customer is lost after this many days without a purchase
    #[arg(long, value_name = "DAYS", default_value = "180", value_parser = lost_after)]
    #[arg(allow_negative_numbers = true)]
    pub(crate) lost_after: LostAfter,
    /// Calendar period by which customers are grouped into cohorts
    #[arg(long, value_enum, default_value_t = Cohort::Month)]
    cohort: Cohort,
    /// Sizes of the tiers, best first, in per cent of the customers
    #[arg(long, value_name = "CUTS", default_value = "1,19,30,50", value_parser = Cuts::parse)]
    #[arg(allow_hyphen_values = true)]
    pub(crate) cuts: Cuts,
    /// Count rows that cannot be read and go on, instead of stopping at the first
    #[arg(long)]
    pub(crate) skip_bad_rows: bool,
    /// Print one JSON object instead of the text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Unit {
    Day,
    Week,
    Month,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Cohort {
    Week,
    Month,
    Quarter,
    Year,
}

/// Where to cut the history in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SplitDay {
    /// Asked for.
    Given(NaiveDate),
    /// The shipped file's own.
    Shipped(NaiveDate),
    /// Not at all.
    Nowhere,
}

impl Arguments {
    /// The file to read.
    pub(crate) fn path(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(SHIPPED_PATH))
    }

    /// What to call the file.
    pub(crate) fn file_name(&self) -> String {
        self.file.as_ref().map_or_else(|| SHIPPED.to_owned(), |file| file.display().to_string())
    }

    pub(crate) fn split(&self) -> SplitDay {
        let is_shipped =
            || match (self.path().canonicalize(), Path::new(SHIPPED_PATH).canonicalize()) {
                (Ok(own), Ok(shipped)) => own == shipped,
                _ => false,
            };
        match (self.split, NaiveDate::from_ymd_opt(1997, 9, 30)) {
            (Some(day), _) => SplitDay::Given(day),
            (None, Some(day)) if is_shipped() => SplitDay::Shipped(day),
            _ => SplitDay::Nowhere,
        }
    }

    pub(crate) fn unit(&self) -> TimeUnit {
        match self.unit {
            Unit::Day => TimeUnit::Day,
            Unit::Week => TimeUnit::Week,
            Unit::Month => TimeUnit::Month,
        }
    }

    pub(crate) fn cohort(&self) -> CohortPeriod {
        match self.cohort {
            Cohort::Week => CohortPeriod::Week,
            Cohort::Month => CohortPeriod::Month,
            Cohort::Quarter => CohortPeriod::Quarter,
            Cohort::Year => CohortPeriod::Year,
        }
    }

    pub(crate) fn cohort_name(&self) -> &'static str {
        match self.cohort {
            Cohort::Week => "week",
            Cohort::Month => "month",
            Cohort::Quarter => "quarter",
            Cohort::Year => "year",
        }
    }

    pub(crate) fn unit_name(&self) -> &'static str {
        match self.unit {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
        }
    }
}

/// The tiers as they were asked for.
#[derive(Clone, Debug)]
pub(crate) struct Cuts {
    pub(crate) percents: Vec<Decimal>,
    pub(crate) pyramid: Pyramid,
}

impl Cuts {
    fn parse(text: &str) -> Result<Self, String> {
        let percents = text.split(',').map(plain).collect::<Result<Vec<_>, _>>()?;
        let total = money::sum(percents.iter().copied()).map_err(|error| error.to_string())?;
        if total != Decimal::ONE_HUNDRED {
            return Err(format!("the cuts must add up to 100 per cent, but add up to {total}"));
        }
        let classic = Pyramid::classic();
        let names: Vec<String> = if percents.len() == classic.tiers().len() {
            classic.tiers().map(|(name, _)| name.to_owned()).collect()
        } else {
            (1..=percents.len()).map(|tier| format!("tier {tier}")).collect()
        };
        let shares = percents.iter().map(|&percent| percent_share(percent));
        let shares = shares.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
        let pyramid = Pyramid::by_share_of_customers(names.into_iter().zip(shares))
            .map_err(|error| error.to_string())?;
        Ok(Self { percents, pyramid })
    }
}

fn percent_share(percent: Decimal) -> goodwill::Result<Share> {
    Share::new(money::product(percent, Decimal::new(1, 2))?)
}

fn plain(text: &str) -> Result<Decimal, String> {
    amount::parse(text.as_bytes()).map_err(|refused| format!("{text:?} {refused}"))
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        _ if matches!(text, "\\t" | "tab") => Ok(b'\t'),
        [byte] if !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
        _ => Err("it must be one character of one byte, or \\t".to_owned()),
    }
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "it must be a date such as 1997-09-30".to_owned())
}

fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| "it must be a number".to_owned())
}

fn months(text: &str) -> Result<f64, String> {
    let months = number(text)?;
    goodwill::Horizon::months(months).map(|_| months).map_err(|error| error.to_string())
}

fn discount(text: &str) -> Result<f64, String> {
    let rate = number(text)?;
    DiscountRate::annual(rate).map(|_| rate).map_err(|error| error.to_string())
}

fn margin(text: &str) -> Result<Share, String> {
    Share::new(plain(text)?).map_err(|_| "it must lie between 0 and 1".to_owned())
}

fn lost_after(text: &str) -> Result<LostAfter, String> {
    let days: u32 = text.parse().map_err(|_| "it must be a whole number of days".to_owned())?;
    LostAfter::days(days).map_err(|_| "it must be at least 1 day".to_owned())
}
