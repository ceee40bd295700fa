//! The crate's side of the comparison with its peers; `benches/peers/run` calls it.
//!
//! `generate FOLDER` writes the input of all, `machine FOLDER` prints what this machine does in a second. Every other
//! job reads the input, does its work once and prints its name, the seconds of the work alone and what it found, so
//! that the peers' answers can be compared, and what it had to do at least.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // a program that times others

mod input;
mod machine;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use goodwill::churn::CohortPeriod;
use goodwill::lifetime::BgBb;
use goodwill::survival::{Band, Cox, CoxTies, KaplanMeier, LifeTable};
use goodwill::tiering::RfmScore;
use goodwill::{
    BgNbd, Concentration, CustomerId, CustomerSummary, Fit, GammaGamma, Histories, Horizon, Ledger,
    MbgNbd, ParetoNbd, Probability, PurchaseModel, Pyramid, Ties, TimeUnit, Transaction, Value,
    money,
};

use input::{CUSTOMERS, HISTORIES, Input, VALUES};
use machine::Work;

/// What a row keeps once it lies with its customer: who, when, how much.
const KEPT: usize = size_of::<u64>() + size_of::<u32>() + size_of::<i64>();

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [job, folder] = arguments.as_slice() else {
        println!("usage: JOB FOLDER (benches/peers/run does it)");
        return;
    };
    let input = Input { folder: Path::new(folder) };
    match job.as_str() {
        "generate" => return input::generate(&input),
        "machine" => return machine::print_speeds(),
        _ => {}
    }
    let done = transactions(job, &input)
        .or_else(|| lifetime(job, &input))
        .or_else(|| tiering(job, &input))
        .or_else(|| churn(job));
    match done {
        Some(done) => done.print(job),
        None => println!("no such job: {job}"),
    }
}

/// A job that was done.
struct Done {
    elapsed: Duration,
    found: f64,
    work: Work,
}

impl Done {
    fn print(self, job: &str) {
        self.work.print();
        println!("{job} {} {}", self.elapsed.as_secs_f64(), self.found);
    }
}

/// Does it, and reads one number from it outside the time.
fn time<T>(work: Work, job: impl FnOnce() -> T, found: impl FnOnce(T) -> f64) -> Done {
    let start = Instant::now();
    let result = job();
    let elapsed = start.elapsed();
    Done { elapsed, found: found(result), work }
}

fn transactions(job: &str, input: &Input<'_>) -> Option<Done> {
    match job {
        "ledger" => Some(ledger(&input.rows(|customer| customer), 0)),
        "ledger-text" => {
            let ids: Vec<String> = (0..CUSTOMERS).map(support::text_id).collect();
            let rows = input.rows(|customer| ids[customer as usize].as_str());
            Some(ledger(&rows, 1))
        }
        "cohorts" => {
            let rows = input.rows(|customer| customer);
            let work = Work { read: size_of_val(&rows[..]), ..grouping(rows.len()) };
            let build = || {
                let ledger = Ledger::from_slice(&rows).unwrap();
                ledger.cohorts(support::end(), CohortPeriod::Month).unwrap()
            };
            Some(time(work, build, |cohorts| cohorts.cells(0).unwrap().len() as f64))
        }
        _ => None,
    }
}

/// Rows in memory to one summary a customer; `strays` of each row's id lie elsewhere.
fn ledger<C: CustomerId>(rows: &[Transaction<C>], strays: usize) -> Done {
    let before = memory_before();
    let group = grouping(rows.len());
    let summaries = CUSTOMERS as usize * size_of::<CustomerSummary<'_, C>>();
    let work = Work {
        read: size_of_val(rows) + group.read,
        fresh: group.fresh + summaries,
        strays: rows.len() * strays,
        ..Work::default()
    };
    let start = Instant::now();
    let ledger = Ledger::from_slice(rows).unwrap();
    let summaries = ledger.summaries(support::end()).unwrap();
    let elapsed = start.elapsed();
    println!("memory {} {}", before, peak_memory());
    Done { elapsed, found: summaries.len() as f64, work }
}

/// Each row is written to its customer's place and read there.
fn grouping(rows: usize) -> Work {
    Work { read: rows * KEPT, fresh: rows * KEPT, ..Work::default() }
}

/// The memory this process holds, in KiB, where the system tells; what it held before is forgotten, so that the peak
/// to come is of the work alone.
fn memory_before() -> u64 {
    let _ = fs::write("/proc/self/clear_refs", "5");
    peak_memory()
}

/// The most memory this process has held since, in KiB, where the system tells.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn lifetime(job: &str, input: &Input<'_>) -> Option<Done> {
    let some = || input.some_histories(100_000);
    let done = match job {
        "fit-cdnow" => fit(&input::cdnow(), 1, BgNbd::fit),
        "fit" => fit(&input.histories(), 1, BgNbd::fit),
        "fit-continuous" => fit(&input.continuous_histories(), 1, BgNbd::fit),
        "pareto-cdnow" => fit(&input::cdnow(), 2, ParetoNbd::fit),
        "pareto-fit" => fit(&some(), 2, ParetoNbd::fit),
        "mbg-fit" => fit(&some(), 1, MbgNbd::fit),
        "bgbb-fit" => {
            let donations = input::donations();
            time(Work::default(), || BgBb::fit(&donations).unwrap(), |fit| fit.log_likelihood())
        }
        "fit-spend" => {
            let spends = input.spends();
            let rows = distinct(spends.iter().map(|own| (own.frequency(), own.mean().to_bits())));
            let fit = || GammaGamma::fit(&spends).unwrap();
            counted(1, rows, fit)
        }
        "score" => {
            let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap();
            score(&model, &input.histories())
        }
        "pareto-score" => {
            let model = ParetoNbd::new(TimeUnit::Week, 0.553, 10.578, 0.606, 11.669).unwrap();
            score(&model, &input.histories())
        }
        _ => return None,
    };
    Some(done)
}

/// A fit that needs so many logarithms for each distinct history and evaluation.
fn fit<M>(
    histories: &Histories,
    logarithms: usize,
    fit: impl FnOnce(&Histories) -> goodwill::Result<Fit<M>>,
) -> Done {
    counted(logarithms, distinct_histories(histories), || fit(histories).unwrap())
}

fn counted<M>(logarithms: usize, rows: usize, fit: impl FnOnce() -> Fit<M>) -> Done {
    let start = Instant::now();
    let fit = fit();
    let elapsed = start.elapsed();
    let work = Work { logarithms: logarithms * rows * fit.evaluations(), ..Work::default() };
    Done { elapsed, found: fit.log_likelihood(), work }
}

/// P(alive) and expected purchases over 52 weeks: a power of each distinct history at least, two numbers a customer.
fn score(model: &impl PurchaseModel, histories: &Histories) -> Done {
    let work = Work {
        fresh: 2 * size_of::<f64>() * histories.len(),
        logarithms: 2 * distinct_histories(histories),
        ..Work::default()
    };
    let year = Horizon::weeks(52.0).unwrap();
    let job = || model.all_alive_and_expected_purchases(histories, year).unwrap();
    time(work, job, |(alive, expected)| {
        assert_eq!(alive.len(), expected.len());
        expected.iter().sum()
    })
}

fn distinct_histories(histories: &Histories) -> usize {
    let bits = |time: f64| time.to_bits();
    distinct(histories.iter().map(|own| (own.frequency(), bits(own.recency()), bits(own.age()))))
}

fn distinct<T: Ord>(keys: impl Iterator<Item = T>) -> usize {
    let mut keys: Vec<T> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    keys.len()
}

fn tiering(job: &str, input: &Input<'_>) -> Option<Done> {
    let done = match job {
        "pyramid" => pyramid(&support::values(VALUES), |value| value),
        "pyramid-decimal" => pyramid(&input::decimals(), money::to_f64),
        "gini" => {
            let values = support::values(VALUES);
            let bytes = size_of_val(&values[..]);
            // Read, written in order, and read again.
            let work = Work { read: 2 * bytes, fresh: bytes, ..Work::default() };
            time(work, || Concentration::of(&values).unwrap().gini(), |gini| gini)
        }
        "rfm" => {
            let measures = input.measures();
            let bytes = HISTORIES as usize * (size_of::<u32>() * 2 + size_of::<f64>());
            let fresh = HISTORIES as usize * size_of::<Option<RfmScore>>();
            let work = Work { read: 2 * bytes, fresh, ..Work::default() };
            let best = |score: &Option<RfmScore>| score.is_some_and(|own| own.recency() == 5);
            let job = || measures.independent(5, Ties::TogetherUp).unwrap();
            time(work, job, |scores| scores.iter().filter(|score| best(score)).count() as f64)
        }
        _ => return None,
    };
    Some(done)
}

/// The cuts and everyone's tier: the values are read to find the cuts and again to place them.
fn pyramid<V: Value>(values: &[V], number: impl Fn(V) -> f64) -> Done {
    let fresh = values.len() * size_of::<u32>();
    let work = Work { read: 2 * size_of_val(values), fresh, ..Work::default() };
    let job = || Pyramid::classic().assign(values, Ties::TogetherUp).unwrap();
    time(work, job, |tiering| number(tiering.tiers()[0].value))
}

fn churn(job: &str) -> Option<Done> {
    let values = support::values(VALUES);
    let done = match job {
        "kaplan-meier" => {
            let day = |value: &f64| (*value as u64 % 1500) as u32;
            let days: Vec<u32> = values.iter().map(day).collect();
            let observed = observed(&values);
            let read = size_of_val(&days[..]) + observed.len();
            let work = Work { read, ..Work::default() };
            survival(work, || LifeTable::from_days(&days, &observed))
        }
        "kaplan-meier-f64" => {
            let observed = observed(&values);
            let bytes = size_of_val(&values[..]) + observed.len();
            // Read, written in order, and read again.
            let work = Work { read: 2 * bytes, fresh: bytes, ..Work::default() };
            survival(work, || LifeTable::new(TimeUnit::Day, &values, &observed))
        }
        "cox" => cox(&values),
        _ => return None,
    };
    Some(done)
}

/// Whether a span ended by the event: a bit of its length.
fn observed(values: &[f64]) -> Vec<bool> {
    values.iter().map(|value| (value * 1000.0) as i64 % 2 == 1).collect()
}

/// The curve with its band, from the spans.
fn survival(work: Work, table: impl FnOnce() -> goodwill::Result<LifeTable>) -> Done {
    let level = Probability::constant(0.95);
    let job = || KaplanMeier::new(&table().unwrap(), Band::LogLog, level).unwrap();
    time(work, job, |curve| curve.points().last().unwrap().survival.value())
}

fn cox(values: &[f64]) -> Done {
    const ROWS: usize = 100_000;
    /// Newton's steps from 0 until 1e-9: a power of e of each row in each.
    const STEPS: usize = 4;
    let durations: Vec<f64> = values[..ROWS].iter().map(|value| value + 1.0).collect();
    let observed = observed(&values[..ROWS]);
    let column = |k: usize| -> Vec<f64> {
        values[k * ROWS..][..ROWS].iter().map(|value| value.floor() % 10.0 / 10.0).collect()
    };
    let columns: Vec<Vec<f64>> = (1..=5).map(column).collect();
    let job = || {
        let mut cox = Cox::new(&durations, &observed).unwrap();
        for (name, column) in ["z1", "z2", "z3", "z4", "z5"].into_iter().zip(&columns) {
            cox = cox.covariate(name, column).unwrap();
        }
        cox.fit(CoxTies::Efron).unwrap()
    };
    let read = STEPS * ROWS * (columns.len() + 2) * size_of::<f64>();
    let work = Work { read, logarithms: STEPS * ROWS, ..Work::default() };
    time(work, job, |fit| fit.log_likelihood())
}
