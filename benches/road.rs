//! The whole road, element by element: how long each step takes, and how it grows.
//!
//! `cargo bench --bench road` runs all; throughput is per row, customer or value, so that growth is visible.

#![allow(clippy::unwrap_used)] // a bench that cannot make its input has failed
#![allow(missing_docs)] // criterion's macros make public items

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use goodwill::churn::{BestList, CostBasis, WinBackPlan};
use goodwill::{
    BgNbd, Concentration, GammaGamma, Horizon, Ledger, PurchaseModel, Pyramid, Ties, Transaction,
};

/// Customers of a base; each has about 5.6 rows.
const BASES: [u64; 3] = [2_000, 20_000, 200_000];
/// Values to rank.
const VALUES: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

fn ledger(c: &mut Criterion) {
    let mut group = c.benchmark_group("ledger");
    group.sample_size(10);
    for customers in BASES {
        let rows = support::transactions(&support::purchases(customers), |customer| customer);
        let text: Vec<String> = (0..customers).map(support::text_id).collect();
        let borrowed: Vec<Transaction<&str>> = rows
            .iter()
            .map(|row| Transaction::new(text[row.customer as usize].as_str(), row.date, row.amount))
            .collect();
        let whole = Ledger::from_transactions(rows.iter().cloned()).unwrap();
        let (front, back) = rows.split_at(rows.len() / 2);
        let parts =
            [front, back].map(|part| Ledger::from_transactions(part.iter().cloned()).unwrap());

        group.throughput(Throughput::Elements(rows.len() as u64));
        group.bench_function(BenchmarkId::new("build/integer ids", customers), |b| {
            b.iter(|| Ledger::from_transactions(rows.iter().cloned()).unwrap());
        });
        group.bench_function(BenchmarkId::new("build/text ids", customers), |b| {
            b.iter(|| Ledger::from_transactions(borrowed.iter().cloned()).unwrap());
        });
        group.bench_function(BenchmarkId::new("merge", customers), |b| {
            b.iter(|| parts[0].merge(&parts[1]).unwrap());
        });
        group.bench_function(BenchmarkId::new("summaries", customers), |b| {
            b.iter(|| whole.summaries(support::end()).unwrap().len());
        });
    }
    group.finish();
}

fn tiering(c: &mut Criterion) {
    let mut group = c.benchmark_group("tiering");
    group.sample_size(10);
    for customers in VALUES {
        let values = support::values(customers);
        group.throughput(Throughput::Elements(customers as u64));
        group.bench_function(BenchmarkId::new("pyramid", customers), |b| {
            b.iter(|| Pyramid::classic().assign(black_box(&values), Ties::TogetherUp).unwrap());
        });
        group.bench_function(BenchmarkId::new("gini", customers), |b| {
            b.iter(|| Concentration::of(black_box(&values)).unwrap().gini());
        });
    }
    group.finish();
}

fn lifetime(c: &mut Criterion) {
    let mut group = c.benchmark_group("lifetime");
    group.sample_size(10);
    for customers in BASES {
        let (histories, spends) = support::histories(customers);
        let model = BgNbd::fit(&histories).unwrap().into_model();
        let year = Horizon::years(1.0).unwrap();
        group.throughput(Throughput::Elements(customers));
        group.bench_function(BenchmarkId::new("BG/NBD fit", customers), |b| {
            b.iter(|| BgNbd::fit(black_box(&histories)).unwrap());
        });
        group.bench_function(BenchmarkId::new("Gamma-Gamma fit", customers), |b| {
            b.iter(|| GammaGamma::fit(black_box(&spends)).unwrap());
        });
        group.bench_function(BenchmarkId::new("P(alive)", customers), |b| {
            b.iter(|| model.probabilities_alive(black_box(&histories)));
        });
        group.bench_function(BenchmarkId::new("expected purchases", customers), |b| {
            b.iter(|| model.all_expected_purchases(black_box(&histories), year).unwrap());
        });
    }
    group.finish();
}

fn win_back(c: &mut Criterion) {
    let mut group = c.benchmark_group("win-back");
    group.sample_size(10);
    for count in [10_000, 100_000, 1_000_000_u32] {
        let (gains, costs) = support::offers(count as usize);
        let candidates = support::candidates(count as usize);
        // Enough for about a tenth of them.
        let budget = (count / 4).into();
        group.throughput(Throughput::Elements(count.into()));
        group.bench_function(BenchmarkId::new("best list", count), |b| {
            b.iter(|| BestList::new(black_box(&gains), black_box(&costs), budget).unwrap());
        });
        group.bench_function(BenchmarkId::new("plan", count), |b| {
            b.iter(|| {
                WinBackPlan::new(black_box(&candidates), budget, CostBasis::Expected).unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, ledger, tiering, lifetime, win_back);
criterion_main!(benches);
