//! The hot paths, once each on a fixed input, for their instructions to be counted; `benches/counts/run` does it.
//!
//! Each path is a function of its own name that is never inlined, so that valgrind can collect in it alone.

#![allow(clippy::unwrap_used)] // a bench that cannot make its input has failed
#![allow(missing_docs)]

mod support;

use std::hint::black_box;

use goodwill::churn::CohortPeriod;
use goodwill::survival::{Band, Cox, CoxTies, KaplanMeier, LifeTable};
use goodwill::tiering::RfmMeasures;
use goodwill::{
    BgNbd, Concentration, GammaGamma, Histories, Horizon, Ledger, ParetoNbd, Probability,
    PurchaseModel, Pyramid, Spends, Ties, TimeUnit, Transaction, Value,
};
use rust_decimal::Decimal;

type Rows<C> = [Transaction<C>];

#[inline(never)]
fn count_ledger_of_integer_ids(rows: &Rows<u64>) -> Ledger<u64> {
    Ledger::from_slice(rows).unwrap()
}

#[inline(never)]
fn count_ledger_of_text_ids(rows: &Rows<String>) -> Ledger<String> {
    Ledger::from_slice(rows).unwrap()
}

#[inline(never)]
fn count_ledger_from_an_iterator(rows: &Rows<u64>) -> Ledger<u64> {
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
fn count_cohorts(ledger: &Ledger<u64>) -> usize {
    ledger.cohorts(support::end(), CohortPeriod::Month).unwrap().cells(0).unwrap().len()
}

fn pyramid<V: Value>(values: &[V]) -> V {
    Pyramid::classic().assign(values, Ties::TogetherUp).unwrap().total()
}

#[inline(never)]
fn count_pyramid(values: &[f64]) -> f64 {
    pyramid(values)
}

#[inline(never)]
fn count_pyramid_of_decimals(values: &[Decimal]) -> Decimal {
    pyramid(values)
}

#[inline(never)]
fn count_rfm(measures: &RfmMeasures<Decimal>) -> usize {
    measures.independent(5, Ties::TogetherUp).unwrap().customers()
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
fn count_pareto_nbd_fit(histories: &Histories) -> f64 {
    ParetoNbd::fit(histories).unwrap().log_likelihood()
}

fn score(model: &impl PurchaseModel, histories: &Histories) -> f64 {
    let year = Horizon::weeks(52.0).unwrap();
    model.all_alive_and_expected_purchases(histories, year).unwrap().1.iter().sum()
}

#[inline(never)]
fn count_scoring(histories: &Histories) -> f64 {
    score(&BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap(), histories)
}

#[inline(never)]
fn count_pareto_nbd_scoring(histories: &Histories) -> f64 {
    score(&ParetoNbd::new(TimeUnit::Week, 0.553, 10.578, 0.606, 11.669).unwrap(), histories)
}

#[inline(never)]
fn count_kaplan_meier(values: &[f64], ended: &[bool]) -> usize {
    let table = LifeTable::new(TimeUnit::Day, values, ended).unwrap();
    KaplanMeier::new(&table, Band::LogLog, Probability::constant(0.95)).unwrap().points().len()
}

#[inline(never)]
fn count_cox(values: &[f64], ended: &[bool], columns: &[Vec<f64>; 2]) -> f64 {
    let mut cox = Cox::new(values, ended).unwrap();
    for (name, column) in ["z1", "z2"].into_iter().zip(columns) {
        cox = cox.covariate(name, column).unwrap();
    }
    cox.fit(CoxTies::Efron).unwrap().log_likelihood()
}

fn main() {
    let purchases = support::purchases(10_000);
    let rows = support::transactions(&purchases, |customer| customer);
    let text = support::transactions(&purchases, support::text_id);
    let (front, back) = rows.split_at(rows.len() / 2);
    let parts = [front, back].map(|part| Ledger::from_transactions(part.iter().cloned()).unwrap());
    let (histories, spends) = support::histories(50_000);
    let (few, _) = support::histories(2_000);
    let values = support::values(200_000);
    let decimals: Vec<Decimal> =
        values.iter().map(|value| Decimal::new((value * 100.0).round() as i64, 2)).collect();
    let durations: Vec<f64> = values[..20_000].iter().map(|value| value + 1.0).collect();
    let ended: Vec<bool> = (0..durations.len()).map(|row| row % 2 == 0).collect();
    let columns = [20_000, 40_000].map(|from| {
        values[from..][..20_000].iter().map(|value| value.floor() % 10.0).collect::<Vec<f64>>()
    });
    let ledger = count_ledger_of_integer_ids(black_box(&rows));
    black_box(count_ledger_of_text_ids(black_box(&text)));
    black_box(count_ledger_from_an_iterator(black_box(&rows)));
    black_box(count_summaries(black_box(&ledger)));
    black_box(count_cohorts(black_box(&ledger)));
    let measures = RfmMeasures::of_summaries(&ledger.summaries(support::end()).unwrap()).unwrap();
    black_box(count_rfm(black_box(&measures)));
    black_box(count_merge(black_box(&parts)));
    black_box(count_pyramid(black_box(&values)));
    black_box(count_pyramid_of_decimals(black_box(&decimals)));
    black_box(count_gini(black_box(&values)));
    black_box(count_bg_nbd_fit(black_box(&histories)));
    black_box(count_gamma_gamma_fit(black_box(&spends)));
    black_box(count_pareto_nbd_fit(black_box(&few)));
    black_box(count_scoring(black_box(&histories)));
    black_box(count_pareto_nbd_scoring(black_box(&few)));
    black_box(count_kaplan_meier(black_box(&durations), &ended));
    black_box(count_cox(black_box(&durations), &ended, &columns));
}
