//! Cox (1972) with Efron's (1977) ties and the test of Grambsch and Therneau (1994), on two published data sets,
//! against lifelines 0.30.3.

use goodwill::Probability;
use goodwill::survival::{Cox, CoxFit, CoxTies, TimeTransform};
use serde_json::Value;

use crate::support::{assert_close, fixture, json, number, rows};

/// lifelines ranks equal times in the order of the rows, so this has its own script.
fn proportionality() -> Value {
    json("survival/proportionality.json")
}

fn assert_agrees(fit: &CoxFit, want: &Value, proportional: &Value) {
    let errors = fit.standard_errors();
    let ratios = fit.hazard_ratios(Probability::constant(0.95)).unwrap();
    let tests = fit.proportionality_tests(TimeTransform::Rank).unwrap();
    for (i, name) in fit.names().iter().enumerate() {
        assert_close(fit.coefficients()[i], number(&want["coef"][name]), 1e-7, name);
        assert_close(errors[i], number(&want["se"][name]), 1e-7, name);
        for j in 0..errors.len() {
            let want = number(&want["variance_matrix"][i][j]);
            let got = fit.covariance()[i][j];
            assert!((got - want).abs() <= 1e-7 * errors[i] * errors[j], "{name}: {got} {want}");
        }
        // covariate, coef, exp(coef), se, coef lower and upper, exp lower and upper, …
        let summary = &want["summary"]["rows"][i];
        assert_eq!(summary[0], **name);
        assert_close(ratios[i].value(), number(&summary[2]), 1e-7, name);
        assert_close(ratios[i].lower(), number(&summary[6]), 1e-7, name);
        assert_close(ratios[i].upper(), number(&summary[7]), 1e-7, name);
        assert_close(tests[i].statistic, number(&proportional[name]), 1e-6, name);
    }
    assert_close(fit.log_likelihood(), number(&want["loglik"]), 1e-12, "ln L");
    assert_close(fit.log_likelihood_null(), number(&want["loglik_null"]), 1e-12, "ln L of none");
    let test = fit.likelihood_ratio_test().unwrap();
    assert_close(test.statistic, number(&want["lr_test"]), 1e-10, "likelihood ratio");
    assert_close(fit.concordance().unwrap(), number(&want["concordance"]), 1e-14, "C");
    assert_eq!(fit.spans() as u64, want["n"].as_u64().unwrap());
    assert_eq!(fit.events() as u64, want["events"].as_u64().unwrap());
}

#[test]
fn prisoners() {
    let rows = rows("survival/rossi.csv");
    let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<f64>>();
    let arrested: Vec<bool> = rows.iter().map(|row| row[1] > 0.0).collect();
    let header = fixture("survival/rossi.csv");
    let names: Vec<&str> = header.lines().next().unwrap().split(',').collect();
    let mut cox = Cox::new(&column(0), &arrested).unwrap();
    for (i, name) in names.iter().enumerate().skip(2) {
        cox = cox.covariate(name, &column(i)).unwrap();
    }
    let fit = cox.fit(CoxTies::Efron).unwrap();
    assert_agrees(&fit, &json("survival/rossi.json")["rossi_cox"], &proportionality()["rossi"]);
}

#[test]
fn flies() {
    let text = fixture("survival/waltons.csv");
    let fields: Vec<Vec<&str>> =
        text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let days: Vec<f64> = fields.iter().map(|field| field[0].parse().unwrap()).collect();
    let died: Vec<bool> = fields.iter().map(|field| field[1] == "1").collect();
    let group = |field: &Vec<&str>| if field[2] == "miR-137" { 1.0 } else { 0.0 };
    let group: Vec<f64> = fields.iter().map(group).collect();
    let cox = Cox::new(&days, &died).unwrap().covariate("group", &group).unwrap();
    let fit = cox.fit(CoxTies::Efron).unwrap();
    assert_agrees(
        &fit,
        &json("survival/waltons.json")["waltons_cox"],
        &proportionality()["waltons"],
    );
}
