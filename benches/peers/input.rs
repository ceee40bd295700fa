//! What all are measured on: the generator's files, and published data.

use std::fs;
use std::path::Path;

use chrono::{Days, NaiveDate};
use goodwill::{
    Histories, History, Ledger, Opportunities, RfmMeasures, Spends, TimeUnit, Transaction,
};
use rust_decimal::Decimal;

use crate::support;

/// Customers whose purchases make about 5.4 million rows.
pub(crate) const CUSTOMERS: u64 = 965_000;
/// Customers whose histories are fitted and scored.
pub(crate) const HISTORIES: u64 = 1_000_000;
/// Customers of whom about 40,000 buy again.
const SPENDERS: u64 = 55_000;
/// Values of the pyramid.
pub(crate) const VALUES: usize = 10_000_000;

/// The input files: numbers of 64 bits in the order of this machine.
pub(crate) struct Input<'a> {
    pub(crate) folder: &'a Path,
}

impl Input<'_> {
    fn write<T: Copy>(&self, name: &str, values: impl Iterator<Item = T>, bytes: fn(T) -> [u8; 8]) {
        let all: Vec<u8> = values.flat_map(bytes).collect();
        fs::write(self.folder.join(name), all).unwrap();
    }

    fn read<T>(&self, name: &str, number: fn([u8; 8]) -> T) -> Vec<T> {
        let bytes = fs::read(self.folder.join(name)).unwrap();
        bytes.chunks_exact(8).map(|chunk| number(chunk.try_into().unwrap())).collect()
    }

    fn integers(&self, name: &str) -> Vec<i64> {
        self.read(name, i64::from_ne_bytes)
    }

    fn floats(&self, name: &str) -> Vec<f64> {
        self.read(name, f64::from_ne_bytes)
    }

    pub(crate) fn histories(&self) -> Histories {
        let frequency: Vec<u32> =
            self.integers("frequency.i64").iter().map(|&x| x as u32).collect();
        let (recency, age) = (self.floats("recency.f64"), self.floats("age.f64"));
        Histories::new(TimeUnit::Week, &frequency, &recency, &age).unwrap()
    }

    /// The same with a hidden time of day, so that hardly two are equal.
    pub(crate) fn continuous_histories(&self) -> Histories {
        let frequency: Vec<u32> =
            self.integers("frequency.i64").iter().map(|&x| x as u32).collect();
        let (recency, age) =
            (self.floats("recency-continuous.f64"), self.floats("age-continuous.f64"));
        Histories::new(TimeUnit::Week, &frequency, &recency, &age).unwrap()
    }

    pub(crate) fn some_histories(&self, most: usize) -> Histories {
        let frequency = self.integers("frequency.i64");
        let frequency: Vec<u32> = frequency.iter().take(most).map(|&x| x as u32).collect();
        let (recency, age) = (self.floats("recency.f64"), self.floats("age.f64"));
        Histories::new(TimeUnit::Week, &frequency, &recency[..most], &age[..most]).unwrap()
    }

    /// Recency, frequency and money of a million customers.
    pub(crate) fn measures(&self) -> RfmMeasures<f64> {
        let (recency, age) = (self.floats("recency.f64"), self.floats("age.f64"));
        let since = age.iter().zip(recency).map(|(age, last)| ((age - last) * 7.0).round() as u32);
        let purchases = self.integers("frequency.i64").iter().map(|&x| x as u32 + 1).collect();
        let revenue = support::values(age.len());
        RfmMeasures::new(since.collect(), purchases, revenue).unwrap()
    }

    pub(crate) fn rows<C>(&self, id: impl Fn(u64) -> C) -> Vec<Transaction<C>> {
        let (customers, days) = (self.integers("customer.i64"), self.integers("day.i64"));
        let cents = self.integers("cents.i64");
        let date = |day: i64| support::start().checked_add_days(Days::new(day as u64)).unwrap();
        let row = |i: usize| {
            Transaction::new(id(customers[i] as u64), date(days[i]), Decimal::new(cents[i], 2))
        };
        (0..customers.len()).map(row).collect()
    }

    pub(crate) fn spends(&self) -> Spends {
        let frequency: Vec<u32> = self.integers("spend-x.i64").iter().map(|&x| x as u32).collect();
        Spends::new(&frequency, &self.floats("spend-mean.f64")).unwrap()
    }
}

pub(crate) fn generate(input: &Input<'_>) {
    fs::create_dir_all(input.folder).unwrap();
    let purchases = support::purchases(CUSTOMERS);
    println!("{} rows of {CUSTOMERS} customers", purchases.len());
    input.write("customer.i64", purchases.iter().map(|p| p.customer), u64::to_ne_bytes);
    input.write("day.i64", purchases.iter().map(|p| u64::from(p.day)), u64::to_ne_bytes);
    input.write("cents.i64", purchases.iter().map(|p| p.cents), i64::to_ne_bytes);
    let (histories, _) = support::histories(HISTORIES);
    let frequency = histories.iter().map(|own| u64::from(own.frequency()));
    input.write("frequency.i64", frequency, u64::to_ne_bytes);
    input.write("recency.f64", histories.iter().map(|own| own.recency()), f64::to_ne_bytes);
    input.write("age.f64", histories.iter().map(|own| own.age()), f64::to_ne_bytes);
    let (recency, age): (Vec<f64>, Vec<f64>) =
        histories.iter().enumerate().map(times_of_day).unzip();
    input.write("recency-continuous.f64", recency.into_iter(), f64::to_ne_bytes);
    input.write("age-continuous.f64", age.into_iter(), f64::to_ne_bytes);
    let (_, spends) = support::histories(SPENDERS);
    let bought_again = || spends.iter().filter(|own| own.frequency() > 0 && own.mean() > 0.0);
    println!("{} repeat buyers", bought_again().count());
    let frequency = bought_again().map(|own| u64::from(own.frequency()));
    input.write("spend-x.i64", frequency, u64::to_ne_bytes);
    input.write("spend-mean.f64", bought_again().map(|own| own.mean()), f64::to_ne_bytes);
    input.write("value.f64", support::values(VALUES).into_iter(), f64::to_ne_bytes);
}

/// When in the day a customer came first and last: fractions of a golden section, the same each time.
fn times_of_day((row, own): (usize, History)) -> (f64, f64) {
    let part = |step: f64| (row as f64 * step).fract() / 7.0;
    let (came, left) = (part(0.618_033_988_749_895), part(0.414_213_562_373_095));
    let recency = if own.frequency() == 0 { 0.0 } else { own.recency() + left };
    (recency, own.age() + left + came)
}

/// The values of the pyramid in cents.
pub(crate) fn decimals() -> Vec<Decimal> {
    let cents = |value: f64| Decimal::new((value * 100.0).round() as i64, 2);
    support::values(VALUES).into_iter().map(cents).collect()
}

pub(crate) fn cdnow() -> Histories {
    let csv = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow.csv"));
    let rows = csv.lines().skip(1).map(|line| {
        let field: Vec<&str> = line.split(',').collect();
        Transaction::new(field[0], field[1].parse().unwrap(), field[2].parse().unwrap())
    });
    let end = NaiveDate::from_ymd_opt(1997, 9, 30).unwrap();
    let ledger = Ledger::from_transactions(rows).unwrap().until(end);
    ledger.histories(end, TimeUnit::Week).unwrap()
}

/// The donors of Fader, Hardie and Shang (2010).
pub(crate) fn donations() -> Opportunities {
    let csv = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/donations.csv"));
    let rows: Vec<Vec<u32>> = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|field| field.parse().unwrap()).collect())
        .collect();
    let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<_>>();
    let weights: Vec<u64> = rows.iter().map(|row| u64::from(row[3])).collect();
    Opportunities::with_weights(TimeUnit::Year, &column(0), &column(1), &column(2), &weights)
        .unwrap()
}
