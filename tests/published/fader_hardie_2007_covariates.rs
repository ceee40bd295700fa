//! Fader and Hardie (2007), "Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models", note 019:
//! fits of every fifth CDNOW customer by his first basket and month, against the optimum at 40 digits.

use goodwill::lifetime::{
    Candidate, Covariates, EffectEstimate, EffectOn, EffectTie, Effects, WithCovariates, compare,
    likelihood_ratio,
};
use goodwill::{
    BgNbd, Fit, FitOptions, Histories, History, HypothesisTest, Ledger, MbgNbd, ParetoNbd,
    Probability, TimeUnit,
};
use serde_json::Value;

use crate::support::{assert_close, cdnow, cdnow_split, json, number};

/// Every fifth customer, with his first basket in units of ten and whether he came in January.
fn sample() -> (Histories, Covariates) {
    let ledger: Ledger<u32> = cdnow().until(cdnow_split());
    let all = ledger.histories(cdnow_split(), TimeUnit::Week).unwrap();
    let rows: Vec<_> = all.iter().step_by(5).collect();
    let x: Vec<u32> = rows.iter().map(History::frequency).collect();
    let recency: Vec<f64> = rows.iter().map(History::recency).collect();
    let age: Vec<f64> = rows.iter().map(History::age).collect();
    let exact = json("covariates/covariates.json");
    let known: Vec<[f64; 2]> = exact["sample"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| [number(&row[3]), number(&row[4])])
        .collect();
    (
        Histories::new(TimeUnit::Week, &x, &recency, &age).unwrap(),
        Covariates::new(&["basket", "january"], &known).unwrap(),
    )
}

/// What a fit of any of the three models says.
struct Report {
    parameters: Vec<(&'static str, f64)>,
    standard_errors: Vec<(&'static str, f64)>,
    covariance: Vec<Vec<f64>>,
    log_likelihood: f64,
    effects: Vec<EffectEstimate>,
    ratio: HypothesisTest,
    wald_of_basket: HypothesisTest,
    plain: Candidate,
    own: Candidate,
}

macro_rules! report {
    ($model:ty, $tie:expr) => {{
        let (histories, covariates) = sample();
        let (effects, options) = (Effects::new().tie($tie), FitOptions::new());
        let fit: Fit<WithCovariates<$model>> =
            WithCovariates::fit_with(&histories, &covariates, &effects, &options).unwrap();
        let plain = <$model>::fit(&histories).unwrap();
        let again = fit.model().log_likelihood(&histories, &covariates).unwrap();
        assert_close(again, fit.log_likelihood(), 1e-14, "ln L of the model");
        Report {
            parameters: fit.model().parameters(),
            standard_errors: fit.standard_errors(),
            covariance: fit.covariance().to_vec(),
            log_likelihood: fit.log_likelihood(),
            effects: fit.effects(),
            ratio: fit.likelihood_ratio_test(&plain).unwrap(),
            wald_of_basket: fit.wald_test_of("basket").unwrap(),
            plain: Candidate::of(&plain),
            own: Candidate::of(&fit),
        }
    }};
}

fn report(model: &str, tie: EffectTie) -> Report {
    match model {
        "bg_nbd" => report!(BgNbd, tie),
        "mbg_nbd" => report!(MbgNbd, tie),
        _ => report!(ParetoNbd, tie),
    }
}

/// As the script names them.
fn tie_of(name: &str) -> EffectTie {
    match name {
        "separate" => EffectTie::Separate,
        "same" => EffectTie::Same,
        "opposite" => EffectTie::Opposite,
        other => panic!("no tie is called {other}"),
    }
}

fn effect_on(name: &str) -> EffectOn {
    match name {
        "purchase_rate" => EffectOn::PurchaseRate,
        "dropout_rate" => EffectOn::DropoutRate,
        "dropout_a" => EffectOn::DropoutA,
        "dropout_b" => EffectOn::DropoutB,
        other => panic!("nothing is called {other}"),
    }
}

#[test]
fn the_sample_is_that_of_the_script() {
    let (histories, covariates) = sample();
    let exact = &json("covariates/covariates.json")["sample"];
    assert_eq!((histories.len(), covariates.len()), (472, 472));
    for (i, history) in histories.iter().enumerate() {
        let row = &exact["rows"][i];
        assert_close(f64::from(history.frequency()), number(&row[0]), 0.0, "x");
        assert_close(history.recency(), number(&row[1]), 1e-15, "t_x");
        assert_close(history.age(), number(&row[2]), 1e-15, "T");
    }
}

#[test]
fn every_fit_is_the_exact_optimum() {
    let exact = json("covariates/covariates.json");
    let fits = exact["fits"].as_array().unwrap();
    assert_eq!(fits.len(), 8);
    for fit in fits {
        let (model, tie) = (fit["model"].as_str().unwrap(), fit["tie"].as_str().unwrap());
        let got = report(model, tie_of(tie));
        let what = |name: &str| format!("{name} of {model}, {tie}");
        for (i, &(name, value)) in got.parameters.iter().enumerate() {
            assert_close(value, number(&fit["parameters"][i]), 1e-9, &what(name));
            assert_eq!(got.standard_errors[i].0, name);
            let error = got.standard_errors[i].1;
            assert_close(error, number(&fit["standard_errors"][i]), 1e-8, &what(name));
            for (j, &covariance) in got.covariance[i].iter().enumerate() {
                let want = number(&fit["covariance"][i][j]);
                let size = (got.covariance[i][i] * got.covariance[j][j]).sqrt();
                assert!((covariance - want).abs() < 1e-8 * size, "{}: {covariance}", what(name));
            }
        }
        assert_eq!(got.parameters.len(), fit["parameters"].as_array().unwrap().len());
        assert_close(got.log_likelihood, number(&fit["log_likelihood"]), 1e-13, &what("ln L"));
        check_tests(&got, fit, &exact["plain"][model]);
    }
}

/// χ² by its definition, from the exact fits.
fn check_tests(got: &Report, fit: &Value, plain: &Value) {
    for (i, effect) in got.effects.iter().enumerate() {
        let [on, covariate] = [0, 1].map(|j| fit["effects"][i][j].as_str().unwrap());
        assert_eq!(effect.on, effect_on(on));
        assert_eq!(effect.covariate, covariate);
        let z = number(&fit["parameters"][4 + i]) / number(&fit["standard_errors"][4 + i]);
        let test = effect.wald_test().unwrap();
        assert_close(test.statistic, z * z, 2e-8, "Wald");
        assert_eq!(test.degrees_of_freedom, Some(1.0));
        let multiplier = effect.multiplier(Probability::constant(0.95)).unwrap();
        assert_close(multiplier.value(), effect.coefficient.exp(), 1e-15, "multiplier");
        let reach = 1.959_963_984_540_054 * effect.standard_error;
        assert_close(multiplier.upper() / multiplier.value(), reach.exp(), 1e-14, "its interval");
        assert_close(multiplier.value() / multiplier.lower(), reach.exp(), 1e-14, "its interval");
    }
    let rise = 2.0 * (number(&fit["log_likelihood"]) - number(&plain["log_likelihood"]));
    assert!((got.ratio.statistic - rise).abs() < 1e-9, "{:?}", got.ratio);
    assert_eq!(got.ratio.degrees_of_freedom, Some(got.effects.len() as f64));
    // γ'V⁻¹γ of the effects of one covariate: every second of all.
    let own: Vec<usize> = (0..got.effects.len()).step_by(2).map(|i| 4 + i).collect();
    let at = |i: usize, j: usize| number(&fit["covariance"][own[i]][own[j]]);
    let gamma = |i: usize| number(&fit["parameters"][own[i]]);
    let want = match own.len() {
        1 => gamma(0).powi(2) / at(0, 0),
        2 => {
            let square = gamma(0).powi(2) * at(1, 1) + gamma(1).powi(2) * at(0, 0);
            let cross = 2.0 * gamma(0) * gamma(1) * at(0, 1);
            (square - cross) / (at(0, 0) * at(1, 1) - at(0, 1).powi(2))
        }
        // Solved by Cramer's rule.
        _ => {
            let c = |i: usize, j: usize| {
                let rest = |k: usize| (0..3).filter(move |&l| l != k).collect::<Vec<_>>();
                let (a, b) = (rest(i), rest(j));
                let minor = at(a[0], b[0]) * at(a[1], b[1]) - at(a[0], b[1]) * at(a[1], b[0]);
                if (i + j).is_multiple_of(2) { minor } else { -minor }
            };
            let determinant: f64 = (0..3).map(|j| at(0, j) * c(0, j)).sum();
            let pairs = (0..9).map(|k| (k / 3, k % 3));
            pairs.map(|(i, j)| gamma(i) * gamma(j) * c(i, j)).sum::<f64>() / determinant
        }
    };
    assert_close(got.wald_of_basket.statistic, want, 1e-6, "Wald's test of the basket");
    assert_eq!(got.wald_of_basket.degrees_of_freedom, Some(own.len() as f64));
}

/// Without covariates, with them, and with effects that are tied, side by side; and what the larger explains more.
#[test]
fn comparisons_of_every_fit() {
    let exact = json("covariates/comparison.json");
    let assert_test = |got: HypothesisTest, want: &Value, what: &str| {
        // Twice the rounding of two ln L of 2,000; the chance falls by at most half as much again, relatively.
        assert!((got.statistic - number(&want["statistic"])).abs() < 1e-9, "{what}: {got:?}");
        assert_eq!(got.degrees_of_freedom, want["degrees"].as_f64(), "{what}");
        assert_close(got.p_value.get(), number(&want["p_value"]), 1e-9, what);
    };
    for (model, fits) in exact.as_object().unwrap() {
        let ties: Vec<&String> =
            fits.as_object().unwrap().keys().filter(|&tie| tie != "plain").collect();
        let reports: Vec<Report> = ties.iter().map(|tie| report(model, tie_of(tie))).collect();
        let plain = &reports[0].plain;
        let all: Vec<Candidate> =
            [plain].into_iter().chain(reports.iter().map(|report| &report.own)).cloned().collect();
        let rows = compare(&all).unwrap();
        let least = |of: &str| {
            let every = fits.as_object().unwrap().values().map(|fit| number(&fit[of]));
            every.fold(f64::INFINITY, f64::min)
        };
        let names = ["plain"].into_iter().chain(ties.iter().map(|tie| tie.as_str()));
        for (row, tie) in rows.iter().zip(names) {
            let (want, what) = (&fits[tie], format!("{model}, {tie}"));
            assert_eq!(Some(row.parameters as u64), want["parameters"].as_u64(), "{what}");
            assert_close(row.log_likelihood, number(&want["log_likelihood"]), 1e-13, &what);
            assert_close(row.aic, number(&want["aic"]), 1e-13, &what);
            assert_close(row.bic, number(&want["bic"]), 1e-13, &what);
            let behind = number(&want["aic"]) - least("aic");
            assert!((row.aic_behind - behind).abs() < 1e-9, "{what}: {row:?}");
            assert!((row.bic_behind - number(&want["bic"]) + least("bic")).abs() < 1e-9, "{what}");
        }
        let separate = &report(model, EffectTie::Separate).own;
        for (own, tie) in reports.iter().map(|report| &report.own).zip(&ties) {
            let (want, what) = (&fits[tie.as_str()], format!("{model}, {tie}"));
            assert_test(likelihood_ratio(plain, own).unwrap(), &want["over_plain"], &what);
            if tie.as_str() == "separate" {
                continue;
            }
            assert_test(likelihood_ratio(own, separate).unwrap(), &want["under_separate"], &what);
            let backwards = likelihood_ratio(separate, own).unwrap_err().to_string();
            assert!(backwards.contains("neither lacks effects"), "{backwards}");
        }
    }
}
