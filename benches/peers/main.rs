//! The crate's side of the comparison with its peers; `benches/peers/run` calls it.
//!
//! `generate FOLDER` writes the input of all. Every other job reads it, does its work once and prints its name, the
//! seconds of the work alone, and what it found, so that the peers' answers can be compared.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // a program that times others

mod support;

use std::fs;
use std::path::Path;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use goodwill::churn::CohortPeriod;
use goodwill::lifetime::BgBb;
use goodwill::survival::{Band, Cox, CoxTies, KaplanMeier, LifeTable};
use goodwill::tiering::RfmScore;
use goodwill::{
    BgNbd, Concentration, Fit, GammaGamma, Histories, Horizon, Ledger, MbgNbd, Opportunities,
    ParetoNbd, Probability, PurchaseModel, Pyramid, RfmMeasures, Spends, Ties, TimeUnit,
    Transaction, Value, money,
};
use rust_decimal::Decimal;

/// Customers whose purchases make about 5.4 million rows.
const CUSTOMERS: u64 = 965_000;
/// Customers whose histories are fitted and scored.
const HISTORIES: u64 = 1_000_000;
/// Customers of whom about 40,000 buy again.
const SPENDERS: u64 = 55_000;
/// Values of the pyramid.
const VALUES: usize = 10_000_000;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [job, folder] = arguments.as_slice() else {
        println!("usage: JOB FOLDER (benches/peers/run does it)");
        return;
    };
    let input = Input { folder: Path::new(folder) };
    match job.as_str() {
        "generate" => generate(&input),
        "ledger" => time(job, || ledger(&input, |customer| customer)),
        "ledger-text" => {
            let ids: Vec<String> = (0..CUSTOMERS).map(support::text_id).collect();
            time(job, || ledger(&input, |customer| ids[customer as usize].as_str()));
        }
        "fit-cdnow" => {
            let histories = cdnow();
            time(job, || fit(&histories));
        }
        "fit" => {
            let histories = input.histories();
            time(job, || fit(&histories));
        }
        "fit-spend" => {
            let spends = input.spends();
            time(job, || {
                let start = Instant::now();
                let fit = GammaGamma::fit(&spends).unwrap();
                (start.elapsed(), fit.log_likelihood())
            });
        }
        "score" => {
            let histories = input.histories();
            let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap();
            time(job, || score(&model, &histories));
        }
        "pyramid" | "pyramid-decimal" | "gini" | "rfm" => tiering(job, &input),
        "pareto-cdnow" => {
            let histories = cdnow();
            time(job, || fit_with(|| ParetoNbd::fit(&histories)));
        }
        "pareto-fit" => {
            let histories = input.some_histories(100_000);
            time(job, || fit_with(|| ParetoNbd::fit(&histories)));
        }
        "mbg-fit" => {
            let histories = input.some_histories(100_000);
            time(job, || fit_with(|| MbgNbd::fit(&histories)));
        }
        "bgbb-fit" => {
            let donations = donations();
            time(job, || fit_with(|| BgBb::fit(&donations)));
        }
        "pareto-score" => {
            let histories = input.histories();
            let model = ParetoNbd::new(TimeUnit::Week, 0.553, 10.578, 0.606, 11.669).unwrap();
            time(job, || score(&model, &histories));
        }
        "kaplan-meier" => {
            let days: Vec<u32> =
                support::values(VALUES).iter().map(|value| (*value as u64 % 1500) as u32).collect();
            let observed = observed(&support::values(VALUES));
            time(job, || survival(|| LifeTable::from_days(&days, &observed)));
        }
        "kaplan-meier-f64" => {
            let values = support::values(VALUES);
            let observed = observed(&values);
            time(job, || survival(|| LifeTable::new(TimeUnit::Day, &values, &observed)));
        }
        "cox" => {
            let values = support::values(VALUES);
            time(job, || cox(&values));
        }
        "cohorts" => {
            let rows = input.rows(|customer| customer);
            time(job, || {
                let start = Instant::now();
                let ledger = Ledger::from_slice(&rows).unwrap();
                let cohorts = ledger.cohorts(support::end(), CohortPeriod::Month).unwrap();
                (start.elapsed(), cohorts.cells(0).unwrap().len() as f64)
            });
        }
        other => println!("no such job: {other}"),
    }
}

/// The jobs of `tiering`.
fn tiering(job: &str, input: &Input<'_>) {
    match job {
        "pyramid" => {
            let values = support::values(VALUES);
            time(job, || pyramid(&values, |value| value));
        }
        "pyramid-decimal" => {
            let values = decimals();
            time(job, || pyramid(&values, money::to_f64));
        }
        "gini" => {
            let values = support::values(VALUES);
            time(job, || {
                let start = Instant::now();
                let gini = Concentration::of(&values).unwrap().gini();
                (start.elapsed(), gini)
            });
        }
        _ => {
            let measures = input.measures();
            time(job, || {
                let start = Instant::now();
                let scores = measures.independent(5, Ties::TogetherUp).unwrap();
                let best = |score: &Option<RfmScore>| score.is_some_and(|own| own.recency() == 5);
                (start.elapsed(), scores.iter().filter(best).count() as f64)
            });
        }
    }
}

type Timed = (std::time::Duration, f64);

fn time(job: &str, work: impl FnOnce() -> Timed) {
    let (elapsed, found) = work();
    println!("{job} {} {found}", elapsed.as_secs_f64());
}

/// The input files: numbers of 64 bits in the order of this machine.
struct Input<'a> {
    folder: &'a Path,
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

    fn histories(&self) -> Histories {
        let frequency: Vec<u32> =
            self.integers("frequency.i64").iter().map(|&x| x as u32).collect();
        let (recency, age) = (self.floats("recency.f64"), self.floats("age.f64"));
        Histories::new(TimeUnit::Week, &frequency, &recency, &age).unwrap()
    }

    fn some_histories(&self, most: usize) -> Histories {
        let frequency = self.integers("frequency.i64");
        let frequency: Vec<u32> = frequency.iter().take(most).map(|&x| x as u32).collect();
        let (recency, age) = (self.floats("recency.f64"), self.floats("age.f64"));
        Histories::new(TimeUnit::Week, &frequency, &recency[..most], &age[..most]).unwrap()
    }

    /// Recency, frequency and money of a million customers.
    fn measures(&self) -> RfmMeasures<f64> {
        let (recency, age) = (self.floats("recency.f64"), self.floats("age.f64"));
        let since = age.iter().zip(recency).map(|(age, last)| ((age - last) * 7.0).round() as u32);
        let purchases = self.integers("frequency.i64").iter().map(|&x| x as u32 + 1).collect();
        let revenue = support::values(age.len());
        RfmMeasures::new(since.collect(), purchases, revenue).unwrap()
    }

    fn rows<C>(&self, id: impl Fn(u64) -> C) -> Vec<Transaction<C>> {
        let (customers, days) = (self.integers("customer.i64"), self.integers("day.i64"));
        let cents = self.integers("cents.i64");
        let date = |day: i64| support::start().checked_add_days(Days::new(day as u64)).unwrap();
        let row = |i: usize| {
            Transaction::new(id(customers[i] as u64), date(days[i]), Decimal::new(cents[i], 2))
        };
        (0..customers.len()).map(row).collect()
    }

    fn spends(&self) -> Spends {
        let frequency: Vec<u32> = self.integers("spend-x.i64").iter().map(|&x| x as u32).collect();
        Spends::new(&frequency, &self.floats("spend-mean.f64")).unwrap()
    }
}

fn generate(input: &Input<'_>) {
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
    let (_, spends) = support::histories(SPENDERS);
    let bought_again = || spends.iter().filter(|own| own.frequency() > 0 && own.mean() > 0.0);
    println!("{} repeat buyers", bought_again().count());
    let frequency = bought_again().map(|own| u64::from(own.frequency()));
    input.write("spend-x.i64", frequency, u64::to_ne_bytes);
    input.write("spend-mean.f64", bought_again().map(|own| own.mean()), f64::to_ne_bytes);
    input.write("value.f64", support::values(VALUES).into_iter(), f64::to_ne_bytes);
}

/// Rows in memory to one summary a customer.
fn ledger<C: goodwill::CustomerId>(input: &Input<'_>, id: impl Fn(u64) -> C) -> Timed {
    let rows = input.rows(id);
    let before = peak_memory();
    let start = Instant::now();
    let ledger = Ledger::from_slice(&rows).unwrap();
    let summaries = ledger.summaries(support::end()).unwrap();
    let elapsed = start.elapsed();
    println!("memory {} {}", before, peak_memory());
    (elapsed, summaries.len() as f64)
}

/// The most memory this process has held so far, in KiB, where the system tells.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// The values of the pyramid in cents.
fn decimals() -> Vec<Decimal> {
    let cents = |value: f64| Decimal::new((value * 100.0).round() as i64, 2);
    support::values(VALUES).into_iter().map(cents).collect()
}

fn pyramid<V: Value>(values: &[V], number: impl Fn(V) -> f64) -> Timed {
    let start = Instant::now();
    let tiering = Pyramid::classic().assign(values, Ties::TogetherUp).unwrap();
    (start.elapsed(), number(tiering.tiers()[0].value))
}

fn cdnow() -> Histories {
    let csv = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow.csv"));
    let rows = csv.lines().skip(1).map(|line| {
        let field: Vec<&str> = line.split(',').collect();
        Transaction::new(field[0], field[1].parse().unwrap(), field[2].parse().unwrap())
    });
    let end = NaiveDate::from_ymd_opt(1997, 9, 30).unwrap();
    let ledger = Ledger::from_transactions(rows).unwrap().until(end);
    ledger.histories(end, TimeUnit::Week).unwrap()
}

fn fit(histories: &Histories) -> Timed {
    fit_with(|| BgNbd::fit(histories))
}

fn fit_with<M>(fit: impl FnOnce() -> goodwill::Result<Fit<M>>) -> Timed {
    let start = Instant::now();
    let fit = fit().unwrap();
    (start.elapsed(), fit.log_likelihood())
}

/// The donors of Fader, Hardie and Shang (2010).
fn donations() -> Opportunities {
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

/// Whether a span ended by the event: a bit of its length.
fn observed(values: &[f64]) -> Vec<bool> {
    values.iter().map(|value| (value * 1000.0) as i64 % 2 == 1).collect()
}

/// The curve with its band, from the spans.
fn survival(table: impl FnOnce() -> goodwill::Result<LifeTable>) -> Timed {
    let start = Instant::now();
    let level = Probability::constant(0.95);
    let curve = KaplanMeier::new(&table().unwrap(), Band::LogLog, level).unwrap();
    (start.elapsed(), curve.points().last().unwrap().survival.value())
}

fn cox(values: &[f64]) -> Timed {
    const ROWS: usize = 100_000;
    let durations: Vec<f64> = values[..ROWS].iter().map(|value| value + 1.0).collect();
    let observed = observed(&values[..ROWS]);
    let column = |k: usize| -> Vec<f64> {
        values[k * ROWS..][..ROWS].iter().map(|value| value.floor() % 10.0 / 10.0).collect()
    };
    let columns: Vec<Vec<f64>> = (1..=5).map(column).collect();
    let start = Instant::now();
    let mut cox = Cox::new(&durations, &observed).unwrap();
    for (name, column) in ["z1", "z2", "z3", "z4", "z5"].into_iter().zip(&columns) {
        cox = cox.covariate(name, column).unwrap();
    }
    let fit = cox.fit(CoxTies::Efron).unwrap();
    (start.elapsed(), fit.log_likelihood())
}

/// P(alive) and expected purchases over 52 weeks at the published parameters.
fn score(model: &impl PurchaseModel, histories: &Histories) -> Timed {
    let start = Instant::now();
    let year = Horizon::weeks(52.0).unwrap();
    let (alive, expected) = model.all_alive_and_expected_purchases(histories, year).unwrap();
    let elapsed = start.elapsed();
    assert_eq!(alive.len(), expected.len());
    (elapsed, expected.iter().sum())
}
