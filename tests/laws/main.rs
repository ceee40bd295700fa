//! The laws of the crate, as properties of random input: one module a promise, each against a second, naive
//! way to the same answer or against what the answer must obey.
//!
//! The seed is fixed, so that a run is repeatable; `PROPTEST_RNG_SEED=17 PROPTEST_CASES=5000` looks further.
// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod bg_bb;
mod bg_nbd;
mod big;
mod bootstrap;
mod campaign_profit;
mod churn;
mod churn_cost;
mod clv;
mod cnbd_k;
mod computed_cuts;
mod concentration;
mod contract;
mod covariate_outlook;
mod covariates;
mod cuts;
mod discrete_outlook;
mod doubt;
mod drivers;
mod equal_values;
mod estimate;
mod fit_options;
mod forecast;
mod gamma_gamma;
mod gamma_gamma_fit;
mod generate;
mod growth;
mod ids;
mod intervals;
mod ledger;
mod lifetime_value;
mod likelihood;
mod mbg_nbd;
mod migration;
mod model_file;
mod model_tests;
mod money;
mod naive;
mod pareto_nbd;
mod profit;
mod programme;
mod purchase_fit;
mod purchase_model;
mod recovery;
mod retention;
mod retention_profit;
mod retention_rates;
mod rfm;
mod satisfaction;
mod satisfaction_index;
mod simulation;
mod sketch;
mod split;
mod summaries;
mod survival;
mod tiers;
mod time;
mod validation;
mod value_growth;
mod win_back;
mod word_of_mouth;
mod worlds;

use proptest::test_runner::{Config, RngSeed};

/// At least this many cases, from a fixed seed; the environment can ask for more and for another seed.
fn cases(least: u32) -> Config {
    let asked = Config::default();
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(0x0060_0d11),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    Config { cases: asked.cases.max(least), rng_seed, ..asked }
}

/// `got ≤ most`, but for rounding of `slack` relative to the larger.
#[track_caller]
fn assert_at_most(got: f64, most: f64, slack: f64, what: &str) {
    let allowed = slack * got.abs().max(most.abs());
    assert!(got <= most + allowed, "{what}: {got:e} is above {most:e}");
}
