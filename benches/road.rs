//! The whole road, element by element: how long each step takes, and how it grows.
//!
//! `cargo bench --bench road` runs all; throughput is per row, customer or value, so that growth is visible, and
//! `benches/growth` states it. With `--test` only the smallest base is made.

#![allow(clippy::unwrap_used)] // a bench that cannot make its input has failed
#![allow(missing_docs)] // criterion's macros make public items

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use goodwill::churn::{BestList, CostBasis, WinBackPlan};
use goodwill::lifetime::{Covariates, WithCovariates};
use goodwill::{
    BgNbd, Concentration, GammaGamma, Horizon, Ledger, PurchaseModel, Pyramid, Ties, Transaction,
};

/// Rows, customers or values.
const SIZES: [u32; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// All of them; only the smallest for `--test`.
fn sizes() -> impl Iterator<Item = u32> {
    let only_test = std::env::args().any(|argument| argument == "--test");
    SIZES.into_iter().take(if only_test { 1 } else { SIZES.len() })
}

fn ledger(c: &mut Criterion) {
    let mut group = c.benchmark_group("ledger");
    group.sample_size(10);
    for size in sizes() {
        // About 5.6 rows each.
        let customers = u64::from(size) * 10 / 56;
        let rows = support::transactions(&support::purchases(customers), |customer| customer);
        let text: Vec<String> = (0..customers).map(support::text_id).collect();
        let borrowed: Vec<Transaction<&str>> = rows
            .iter()
            .map(|row| Transaction::new(text[row.customer as usize].as_str(), row.date, row.amount))
            .collect();
        let whole = Ledger::from_slice(&rows).unwrap();
        let (front, back) = rows.split_at(rows.len() / 2);
        let parts = [front, back].map(|part| Ledger::from_slice(part).unwrap());

        group.throughput(Throughput::Elements(rows.len() as u64));
        group.bench_function(BenchmarkId::new("build, integer ids", size), |b| {
            b.iter(|| Ledger::from_slice(black_box(&rows)).unwrap());
        });
        group.bench_function(BenchmarkId::new("build, from an iterator", size), |b| {
            b.iter(|| Ledger::from_transactions(rows.iter().cloned()).unwrap());
        });
        group.bench_function(BenchmarkId::new("build, text ids", size), |b| {
            b.iter(|| Ledger::from_slice(black_box(&borrowed)).unwrap());
        });
        group.bench_function(BenchmarkId::new("merge", size), |b| {
            b.iter(|| parts[0].merge(&parts[1]).unwrap());
        });
        group.bench_function(BenchmarkId::new("summaries", size), |b| {
            b.iter(|| whole.summaries(support::end()).unwrap().len());
        });
    }
    group.finish();
}

fn tiering(c: &mut Criterion) {
    let mut group = c.benchmark_group("tiering");
    group.sample_size(10);
    for size in sizes() {
        let values = support::values(size as usize);
        group.throughput(Throughput::Elements(size.into()));
        group.bench_function(BenchmarkId::new("pyramid", size), |b| {
            b.iter(|| Pyramid::classic().assign(black_box(&values), Ties::TogetherUp).unwrap());
        });
        group.bench_function(BenchmarkId::new("Gini", size), |b| {
            b.iter(|| Concentration::of(black_box(&values)).unwrap().gini());
        });
    }
    group.finish();
}

fn lifetime(c: &mut Criterion) {
    let mut group = c.benchmark_group("lifetime");
    group.sample_size(10);
    for size in sizes() {
        let (histories, spends) = support::histories(size.into());
        let covariates = covariates(histories.len());
        let model = BgNbd::fit(&histories).unwrap().into_model();
        let year = Horizon::years(1.0).unwrap();
        group.throughput(Throughput::Elements(size.into()));
        group.bench_function(BenchmarkId::new("BG/NBD fit", size), |b| {
            b.iter(|| BgNbd::fit(black_box(&histories)).unwrap());
        });
        group.bench_function(BenchmarkId::new("Gamma-Gamma fit", size), |b| {
            b.iter(|| GammaGamma::fit(black_box(&spends)).unwrap());
        });
        group.bench_function(BenchmarkId::new("P(alive)", size), |b| {
            b.iter(|| model.probabilities_alive(black_box(&histories)));
        });
        group.bench_function(BenchmarkId::new("expected purchases", size), |b| {
            b.iter(|| model.all_expected_purchases(black_box(&histories), year).unwrap());
        });
        // A fit takes minutes beyond.
        if size <= 100_000 {
            group.bench_function(BenchmarkId::new("BG/NBD fit with covariates", size), |b| {
                b.iter(|| WithCovariates::<BgNbd>::fit(&histories, &covariates).unwrap());
            });
        }
    }
    group.finish();
}

/// A yes-or-no and a measured covariate, each acting on all three parameters.
fn covariates(customers: usize) -> Covariates {
    let of = |(row, value): (usize, f64)| [f64::from(u8::from(row % 3 == 0)), value.ln_1p()];
    let rows: Vec<[f64; 2]> = support::values(customers).into_iter().enumerate().map(of).collect();
    Covariates::new(&["friend", "basket"], &rows).unwrap()
}

fn win_back(c: &mut Criterion) {
    let mut group = c.benchmark_group("win-back");
    group.sample_size(10);
    for size in sizes() {
        let (gains, costs) = support::offers(size as usize);
        let candidates = support::candidates(size as usize);
        // Enough for about a tenth of them.
        let budget = (size / 4).into();
        group.throughput(Throughput::Elements(size.into()));
        group.bench_function(BenchmarkId::new("best list", size), |b| {
            b.iter(|| BestList::new(black_box(&gains), black_box(&costs), budget).unwrap());
        });
        group.bench_function(BenchmarkId::new("plan", size), |b| {
            b.iter(|| {
                WinBackPlan::new(black_box(&candidates), budget, CostBasis::Expected).unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, ledger, tiering, lifetime, win_back);
criterion_main!(benches);
