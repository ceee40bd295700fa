//! `docs/ACCURACY.md`: the worst relative error of each model and quantity over the whole grids of reference values.
//!
//! The test compares the committed file with what it computes; `GOODWILL_RENEW_ACCURACY=1` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write;

use goodwill::lifetime::BgBb;
use goodwill::{BgNbd, Fit, Histories, MbgNbd, ParetoNbd, TimeUnit};
use serde_json::Value;

use crate::purchase_model::{GridError, grid_errors, logged_histories, published_histories};
use crate::support::{json, number, path, relative_error};
use crate::{fader_hardie_2007, fader_hardie_2010, fader_hardie_2013, fader_hardie_shang_2010};

/// A model is a row here: its name, and its errors over its grid of reference values.
type Grid = (&'static str, fn() -> Vec<GridError>);

const GRIDS: [Grid; 6] = [
    ("BG/NBD", || {
        let model = |[r, alpha, a, b]: [f64; 4]| BgNbd::new(TimeUnit::Week, r, alpha, a, b);
        let mut errors = grid_errors("bgnbd", model, BgNbd::log_likelihood_of);
        errors.extend(estimates("bgnbd", both(BgNbd::fit), BgNbd::parameters));
        errors
    }),
    ("MBG/NBD", || {
        let model = |[r, alpha, a, b]: [f64; 4]| MbgNbd::new(TimeUnit::Week, r, alpha, a, b);
        let mut errors = grid_errors("mbgnbd", model, MbgNbd::log_likelihood_of);
        errors.extend(estimates("mbgnbd", both(MbgNbd::fit), MbgNbd::parameters));
        errors
    }),
    ("Pareto/NBD", || {
        let model =
            |[r, alpha, s, beta]: [f64; 4]| ParetoNbd::new(TimeUnit::Week, r, alpha, s, beta);
        let mut errors = grid_errors("paretonbd", model, ParetoNbd::log_likelihood_of);
        errors.extend(estimates("paretonbd", both(ParetoNbd::fit), ParetoNbd::parameters));
        errors
    }),
    ("BG/BB", || {
        let mut errors = fader_hardie_shang_2010::grid_errors();
        let fits = [("donations", fader_hardie_shang_2010::fit())];
        errors.extend(estimates("bgbb", fits, BgBb::parameters));
        errors
    }),
    ("sBG", || {
        let mut errors = fader_hardie_2007::grid_errors();
        errors.extend(fader_hardie_2010::grid_errors());
        errors
    }),
    ("Gamma-Gamma", fader_hardie_2013::grid_errors),
];

/// Fits of CDNOW as published and as the log has it, against the optimum of `exact_mle.json`.
fn estimates<M, const N: usize, const F: usize>(
    entry: &str,
    fits: [(&str, Fit<M>); F],
    parameters: impl Fn(&M) -> [(&'static str, f64); N],
) -> Vec<GridError> {
    let mut errors = Vec::new();
    for (data, fit) in fits {
        let exact = &json("exact_mle.json")[format!("{entry}_{data}")];
        let mut push = |quantity: &str, got: f64, want: &Value| {
            let error = relative_error(got, number(want));
            errors.push(GridError { quantity: quantity.to_owned(), row: data.to_owned(), error });
        };
        for (i, (_, value)) in parameters(fit.model()).into_iter().enumerate() {
            push("fit: parameters", value, &exact["params"][i]);
            push("fit: standard errors", fit.standard_errors()[i].1, &exact["standard_errors"][i]);
        }
        push("fit: ln L", fit.log_likelihood(), &exact["log_likelihood"]);
    }
    errors
}

fn both<M>(fit: impl Fn(&Histories) -> goodwill::Result<Fit<M>>) -> [(&'static str, Fit<M>); 2] {
    [
        ("cdnow_pub", fit(&published_histories()).unwrap()),
        ("cdnow_exactdays", fit(&logged_histories()).unwrap()),
    ]
}

fn table() -> String {
    let mut text = String::from(
        "# Accuracy\n\n\
         The worst relative error of each closed form over its grid of reference values, awkward parameters included\n\
         (computed with about 20 digits; see `tests/fixtures/README.md`). Written by the test `published::accuracy`.\n\
         The expected spend of a newcomer near q = 1 divides by q − 1: the double nearest to q = 1.0000001 moves it by 6e-10.\n\n\
         What the table leaves out is held by other tests, to these relative errors:\n\n\
         - BG/CNBD-k and MBG/CNBD-k, 24 rows of `values/cnbd_k.json`: every quantity to 1e-10, ln L to 1e-12 of 1 + │ln L│.\n\
         - Beta-discrete-Weibull: residual lifetime for ever, discounted, and its elasticity to 1e-12; derivatives of ln L to 1e-10.\n\
         - Fits with covariates: parameters to 1e-9, standard errors to 1e-8, ln L to 1e-13.\n\
         - Fits of Gamma-Gamma and sBG: parameters to 1e-10, standard errors to 1e-8, ln L to 1e-13.\n\
         - Constant retention: the present value of a margin, growing or not, to 1e-14.\n\n\
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

/// A row of the table: what it is of, and the power of ten.
fn row(line: &str) -> Option<(String, i32)> {
    let (what, error) = line.trim_end_matches(" |").rsplit_once("| 1e")?;
    Some((what.split_whitespace().collect::<Vec<_>>().join(" "), error.parse().ok()?))
}

/// No error is larger than the file says, nor smaller by more than the last digit of another machine can make it.
#[test]
fn the_committed_table_is_the_computed_one() {
    let (file, want) = (path("docs/ACCURACY.md"), table());
    if std::env::var_os("GOODWILL_RENEW_ACCURACY").is_some() {
        std::fs::write(&file, &want).unwrap();
    }
    let rows = |text: &str| text.lines().filter_map(row).collect::<Vec<_>>();
    let (told, found) = (rows(&std::fs::read_to_string(&file).unwrap_or_default()), rows(&want));
    assert!(found.len() > 30 && told.len() == found.len(), "docs/ACCURACY.md is stale");
    for ((told_of, told), (found_of, found)) in told.into_iter().zip(found) {
        assert_eq!(told_of, found_of, "docs/ACCURACY.md is stale");
        assert!((told - 1..=told).contains(&found), "{told_of}: 1e{found} is told as 1e{told}");
    }
}
