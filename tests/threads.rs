//! The number of threads changes no bit. Needs the feature `rayon`.

// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

#[path = "../benches/support/mod.rs"]
mod customers;

use std::fmt::Write as _;

use goodwill::lifetime::{
    Covariates, Effects, Futures, Outlook, ParametricBootstrap, WithCovariates,
};
use goodwill::{
    BgNbd, FitOptions, GammaGamma, Horizon, Ledger, PurchaseModel, TimeUnit, Transaction,
};

/// Everything that is computed on threads, with every bit.
fn everything(rows: &[Transaction<u64>]) -> String {
    let ledger = Ledger::from_transactions(rows.iter().cloned()).unwrap();
    assert_eq!(Ledger::from_slice(rows).unwrap(), ledger);
    let texts = rows
        .iter()
        .map(|row| Transaction::new(customers::text_id(row.customer), row.date, row.amount));
    let end = customers::end();
    let summaries = ledger.summaries(end).unwrap();
    let histories = ledger.histories(end, TimeUnit::Week).unwrap();
    let fit = BgNbd::fit(&histories).unwrap();
    let spend = GammaGamma::fit(&ledger.spends(end).unwrap()).unwrap();
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<u64>>();
    let year = Horizon::years(1.0).unwrap();
    let mut all = format!("{ledger:?} {summaries:?} {fit:?} {spend:?}");
    write!(all, "{:?}", Ledger::from_transactions(texts).unwrap()).unwrap();
    write!(all, "{:?}", bits(&fit.model().all_expected_purchases(&histories, year).unwrap()))
        .unwrap();
    let (outlook, futures) = (Outlook::new(&fit, &histories), Futures::new(1).draws(39));
    write!(all, "{:?}", outlook.purchases_of_base(year, &futures).unwrap()).unwrap();
    write!(all, "{:?}", outlook.purchases(year, &futures).unwrap()).unwrap();
    let again = |model: &BgNbd, seed| BgNbd::fit(&model.simulate(&[39.0; 1_500], seed)?);
    write!(all, "{:?}", ParametricBootstrap::new(&fit, 9, 5, again).unwrap()).unwrap();
    // As many different customers as make several runs of the likelihood.
    let known: Vec<[f64; 1]> = (0..histories.len()).map(|row| [(row % 1_000) as f64]).collect();
    let (known, effects) = (Covariates::new(&["basket"], &known).unwrap(), Effects::new());
    let described =
        WithCovariates::<BgNbd>::fit_with(&histories, &known, &effects, &FitOptions::new());
    write!(all, "{:?}", described.unwrap()).unwrap();
    write!(all, "{:?}", bits(&[fit.log_likelihood(), spend.log_likelihood()])).unwrap();
    all
}

#[test]
fn one_to_four_threads_give_the_same_bits() {
    // Enough customers for several chunks of every likelihood.
    let rows = customers::transactions(&customers::purchases(20_000), |customer| customer);
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| everything(&rows))
    };
    let one = on(1);
    for threads in 2..=4 {
        assert!(on(threads) == one, "{threads} threads differ from one");
    }
}
