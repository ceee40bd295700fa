//! One table of hostile values through every public constructor and function: no panic, no NaN and no infinity
//! in an `Ok`, the right kind of error, and for each kind its whole message.
// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod bg_bb;
mod bg_nbd;
mod campaign_profit;
mod churn;
mod churn_cost;
mod cnbd_k;
mod columns;
mod complete;
mod contract;
mod counts;
mod covariate_outlook;
mod covariates;
mod cuts;
mod drivers;
mod fits;
mod growth;
mod growth_costs;
mod intervals;
mod json;
mod lifetime_value;
mod mbg_nbd;
mod migration;
mod model_file;
mod model_tests;
mod money;
mod pareto_nbd;
mod profit;
mod programme;
mod purchase_model;
mod quantity;
mod retention;
mod retention_profit;
mod rfm;
mod satisfaction;
mod satisfaction_index;
mod satisfaction_json;
mod sketch;
mod spend;
mod survival;
mod table;
mod tiering;
mod transactions;
mod validation;
mod valuation;
mod value_growth;
mod win_back;
mod word_of_mouth;

use goodwill::{Error, ErrorKind, Result};

use support::{assert_kind, assert_message, kind};

/// The position of the bad row.
fn row(error: &Error) -> Option<usize> {
    match error.kind() {
        ErrorKind::OutOfDomain { row, .. } | ErrorKind::Inconsistent { row, .. } => *row,
        _ => None,
    }
}

/// A finite number, or an error of one of these kinds.
#[track_caller]
fn assert_finite(got: Result<f64>, kinds: &[&str], what: impl Fn() -> String) -> Option<f64> {
    match got {
        Ok(value) => {
            assert!(value.is_finite(), "{}: {value}", what());
            Some(value)
        }
        Err(error) => {
            assert!(kinds.contains(&kind(&error)), "{}: {error}", what());
            None
        }
    }
}
