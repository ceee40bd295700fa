//! The hot paths, once each on a fixed input, for their instructions to be counted; `benches/counts/run` does it.
//!
//! Each path is a function of its own name that is never inlined, so that valgrind can collect in it alone.

#![allow(clippy::unwrap_used)] // a bench that cannot make its input has failed
#![allow(missing_docs)]

mod support;

use std::hint::black_box;

use goodwill::{
    BgNbd, Concentration, GammaGamma, Histories, Horizon, Ledger, PurchaseModel, Pyramid, Spends,
    Ties, TimeUnit, Transaction,
};

type Rows<C> = [Transaction<C>];

#[inline(never)]
fn count_ledger_of_integer_ids(rows: &Rows<u64>) -> Ledger<u64> {
    Ledger::from_transactions(rows.iter().cloned()).unwrap()
}

#[inline(never)]
fn count_ledger_of_text_ids(rows: &Rows<String>) -> Ledger<String> {
    Ledger::from_transactions(rows.iter().cloned()).unwrap()
}

#[inline(never)]
fn count_summaries(ledger: &Ledger<u64>) -> usize {
    ledger.summaries(support::end()).unwrap().len()
}

#[inline(never)]
fn count_merge(parts: &[Ledger<u64>; 2]) -> Ledger<u64> {
    parts[0].merge(&parts[1]).unwrap()
}

#[inline(never)]
fn count_pyramid(values: &[f64]) -> f64 {
    Pyramid::classic().assign(values, Ties::TogetherUp).unwrap().total()
}

#[inline(never)]
fn count_gini(values: &[f64]) -> f64 {
    Concentration::of(values).unwrap().gini()
}

#[inline(never)]
fn count_bg_nbd_fit(histories: &Histories) -> f64 {
    BgNbd::fit(histories).unwrap().log_likelihood()
}

#[inline(never)]
fn count_gamma_gamma_fit(spends: &Spends) -> f64 {
    GammaGamma::fit(spends).unwrap().log_likelihood()
}

#[inline(never)]
fn count_scoring(histories: &Histories) -> f64 {
    let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap();
    let year = Horizon::weeks(52.0).unwrap();
    model.all_alive_and_expected_purchases(histories, year).unwrap().1.iter().sum()
}

fn main() {
    let purchases = support::purchases(10_000);
    let rows = support::transactions(&purchases, |customer| customer);
    let text = support::transactions(&purchases, support::text_id);
    let (front, back) = rows.split_at(rows.len() / 2);
    let parts = [front, back].map(|part| Ledger::from_transactions(part.iter().cloned()).unwrap());
    let (histories, spends) = support::histories(50_000);
    let values = support::values(200_000);
    let ledger = count_ledger_of_integer_ids(black_box(&rows));
    black_box(count_ledger_of_text_ids(black_box(&text)));
    black_box(count_summaries(black_box(&ledger)));
    black_box(count_merge(black_box(&parts)));
    black_box(count_pyramid(black_box(&values)));
    black_box(count_gini(black_box(&values)));
    black_box(count_bg_nbd_fit(black_box(&histories)));
    black_box(count_gamma_gamma_fit(black_box(&spends)));
    black_box(count_scoring(black_box(&histories)));
}
