//! `docs/ACCURACY.md`: the worst relative error of each model and quantity over the whole grids of reference values.
//!
//! The test compares the committed file with what it computes; `GOODWILL_RENEW_ACCURACY=1` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write;

use goodwill::{BgNbd, MbgNbd, ParetoNbd, TimeUnit};

use crate::fader_hardie_2013;
use crate::purchase_model::{GridError, grid_errors};
use crate::support::path;

/// A model is a row here: its name, and its errors over its grid of reference values.
type Grid = (&'static str, fn() -> Vec<GridError>);

const GRIDS: [Grid; 4] = [
    ("BG/NBD", || {
        let model = |[r, alpha, a, b]: [f64; 4]| BgNbd::new(TimeUnit::Week, r, alpha, a, b);
        grid_errors("bgnbd", model, BgNbd::log_likelihood_of)
    }),
    ("MBG/NBD", || {
        let model = |[r, alpha, a, b]: [f64; 4]| MbgNbd::new(TimeUnit::Week, r, alpha, a, b);
        grid_errors("mbgnbd", model, MbgNbd::log_likelihood_of)
    }),
    ("Pareto/NBD", || {
        let model =
            |[r, alpha, s, beta]: [f64; 4]| ParetoNbd::new(TimeUnit::Week, r, alpha, s, beta);
        grid_errors("paretonbd", model, ParetoNbd::log_likelihood_of)
    }),
    ("Gamma-Gamma", fader_hardie_2013::grid_errors),
];

fn table() -> String {
    let mut text = String::from(
        "# Accuracy\n\n\
         The worst relative error of each closed form over its grid of reference values, awkward parameters included\n\
         (computed with about 20 digits; see `tests/fixtures/README.md`). Written by the test `published::accuracy`.\n\
         The expected spend of a newcomer near q = 1 divides by q − 1: the double nearest to q = 1.0000001 moves it by 6e-10.\n\n\
         | model | quantity | values | worst relative error, below |\n|---|---|---|---|\n",
    );
    for (model, errors) in GRIDS {
        let mut worst: BTreeMap<String, (usize, f64)> = BTreeMap::new();
        for GridError { quantity, error, .. } in errors() {
            let entry = worst.entry(quantity).or_insert((0, 0.0));
            *entry = (entry.0 + 1, entry.1.max(error));
        }
        for (quantity, (values, error)) in worst {
            // Whole powers of ten, so that another machine's last bit does not change the file.
            let power = error.max(1e-16).log10().ceil() as i32;
            writeln!(text, "| {model} | `{quantity}` | {values} | 1e{power} |").unwrap();
        }
    }
    text
}

#[test]
fn the_committed_table_is_the_computed_one() {
    let (file, want) = (path("docs/ACCURACY.md"), table());
    if std::env::var_os("GOODWILL_RENEW_ACCURACY").is_some() {
        std::fs::write(&file, &want).unwrap();
    }
    let cells = |text: &str| {
        let words = text.split(|c: char| c.is_whitespace() || c == '|' || c == '-');
        words.filter(|word| !word.is_empty()).map(str::to_string).collect::<Vec<_>>()
    };
    let got = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(cells(&got), cells(&want), "docs/ACCURACY.md is stale");
}
