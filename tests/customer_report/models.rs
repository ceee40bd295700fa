//! `--model`: which model the report uses, and that it says why.

use serde_json::Value;

use crate::support::{json as fixture, number, relative_error};
use crate::{json, run};

fn bic(report: &Value) -> f64 {
    report["purchases"]["bic"].as_f64().unwrap()
}

/// Each at the optimum that `exact_mle.json` has of it, with the error that `holdout.json` has there.
#[test]
fn the_model_asked_for() {
    let (exact, holdout) = (fixture("exact_mle.json"), fixture("holdout.json"));
    for (asked, title, entry) in [
        ("bg-nbd", "BG/NBD", "bgnbd"),
        ("mbg-nbd", "MBG/NBD", "mbgnbd"),
        ("pareto-nbd", "Pareto/NBD", "paretonbd"),
    ] {
        let (own, want) = (&exact[format!("{entry}_cdnow_exactdays")], &holdout[entry]);
        let report = json(&["--model", asked]);
        assert_eq!(report["purchases"]["model"], title);
        assert!(relative_error(bic(&report), number(&own["bic"])) < 1e-12, "{asked}");
        assert_eq!(report["purchases"]["choice"]["asked"], asked);
        assert_eq!(report["purchases"]["choice"]["why"], "it was asked for");
        assert!(report["customers"][0]["lifetime_value"].as_f64().unwrap() > 0.0);
        for error in ["mae", "rmse"] {
            let got = number(&report["holdout"][error]);
            assert!(relative_error(got, number(&want[error])) < 1e-9, "{asked}: {error} {got}");
        }
    }
}

/// CDNOW's buyers have no rhythm: k is 1, and counted as a parameter it costs ln 2,357.
#[test]
fn a_rhythm_is_looked_for() {
    let report = json(&["--model", "mbg-cnbd-k"]);
    assert_eq!(report["purchases"]["parameters"]["k"], 1.0);
    let plain = json(&["--model", "mbg-nbd"]);
    assert!(relative_error(bic(&report) - bic(&plain), 2_357.0_f64.ln()) < 1e-8);
}

#[test]
fn auto_takes_the_lowest_bic_and_says_so() {
    let report = json(&["--model", "auto"]);
    let choice = &report["purchases"]["choice"];
    let candidates = choice["candidates"].as_array().unwrap();
    assert!(candidates.len() == 4, "{choice}");
    let lowest = candidates.iter().map(|own| own["bic"].as_f64().unwrap()).fold(f64::MAX, f64::min);
    assert_eq!(bic(&report).to_bits(), lowest.to_bits());
    let model = report["purchases"]["model"].as_str().unwrap();
    assert_eq!(choice["why"], format!("{model} has the lowest BIC"));
    let text = String::from_utf8(run(&["--model", "auto"]).stdout).unwrap();
    assert!(text.contains(&format!("Chosen because {model} has the lowest BIC")), "{text}");
}

#[test]
fn a_model_that_is_not_there() {
    let output = run(&["--model", "crystal-ball"]);
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("crystal-ball") && told.contains("pareto-nbd"), "{told}");
}
