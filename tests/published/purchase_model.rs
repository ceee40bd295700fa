//! What is checked of every purchase model: the closed forms over its grid, and the holdout of CDNOW.

use goodwill::{
    Conventions, DiscountRate, Discounting, Histories, History, Horizon, PurchaseModel, Result,
    TimeUnit, Valuation, customer_lifetime_value,
};
use serde_json::Value;

use crate::support::{
    assert_close, cdnow, cdnow_end, cdnow_split, json, number, relative_error, rows,
};

/// CDNOW as published: weeks with two decimals.
pub(crate) fn published_histories() -> Histories {
    let rows = rows("cdnow_customers.csv");
    let frequency: Vec<u32> = rows.iter().map(|row| row[1] as u32).collect();
    let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<f64>>();
    Histories::new(TimeUnit::Week, &frequency, &column(2), &column(3)).unwrap()
}

/// CDNOW as the purchase log has it: whole days.
pub(crate) fn logged_histories() -> Histories {
    cdnow().until(cdnow_split()).histories(cdnow_split(), TimeUnit::Week).unwrap()
}

/// A row of a grid: its quantity, what it is, and the relative error of the crate's value.
pub(crate) struct GridError {
    pub(crate) quantity: String,
    pub(crate) row: String,
    pub(crate) error: f64,
}

/// Every closed form over the whole grid of `values/{file}.json`.
pub(crate) fn grid_errors<M: PurchaseModel>(
    file: &str,
    model: impl Fn([f64; 4]) -> Result<M>,
    log_likelihood: impl Fn(&M, &History) -> Result<f64>,
) -> Vec<GridError> {
    let reference = json(&format!("values/{file}.json"));
    let names: Vec<&str> =
        reference["param_names"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    let mut errors = Vec::new();
    for (name, set) in reference["sets"].as_object().unwrap() {
        let parameters = [0, 1, 2, 3].map(|i| number(&set["params"][names[i]]));
        let model = model(parameters).unwrap();
        for row in set["rows"].as_array().unwrap() {
            let want = if row["quantity"] == "clv_12m_0.01" {
                &row["discounted_transactions"]
            } else {
                &row["mp"]
            };
            let got = if row["quantity"] == "loglik" {
                log_likelihood(&model, &history(row)).unwrap()
            } else {
                quantity(&model, row)
            };
            // ln 1 is printed with the rounding of some 20 digits.
            let is_nothing = row["quantity"] == "loglik" && number(want).abs() < 1e-25;
            let want = if is_nothing { 0.0 } else { number(want) };
            errors.push(GridError {
                quantity: row["quantity"].as_str().unwrap().to_owned(),
                row: format!("{name} {row}: {got}"),
                error: relative_error(got, want),
            });
        }
    }
    errors
}

/// The same, which has `rows` rows, to 1e-10.
pub(crate) fn assert_grid<M: PurchaseModel>(
    file: &str,
    rows: usize,
    model: impl Fn([f64; 4]) -> Result<M>,
    log_likelihood: impl Fn(&M, &History) -> Result<f64>,
) {
    let errors = grid_errors(file, model, log_likelihood);
    for GridError { row, error, .. } in &errors {
        assert!(*error <= 1e-10, "{row} has relative error {error:e}");
    }
    assert_eq!(errors.len(), rows);
}

fn history(row: &Value) -> History {
    let field = |name: &str| number(&row[name]);
    History::new(TimeUnit::Week, field("x") as u32, field("tx"), field("T")).unwrap()
}

fn quantity(model: &impl PurchaseModel, row: &Value) -> f64 {
    let field = |name: &str| number(&row[name]);
    let horizon = || Horizon::weeks(field("t")).unwrap();
    match row["quantity"].as_str().unwrap() {
        "p_alive" => model.probability_alive(&history(row)).get(),
        "cond_expected" => model.expected_purchases(&history(row), horizon()).unwrap(),
        "cond_pmf" => {
            let n = field("n") as u32;
            model.purchase_probability(&history(row), n, horizon()).unwrap().get()
        }
        "expected" => model.expected_purchases_of_newcomer(horizon()).unwrap(),
        "pmf" => {
            model.purchase_probability_of_newcomer(field("n") as u32, horizon()).unwrap().get()
        }
        "dert" => {
            // The grid's rate is continuous per week.
            let rate = DiscountRate::new(field("d").exp_m1(), TimeUnit::Week).unwrap();
            model.discounted_purchases(&history(row), Horizon::FOREVER, rate).unwrap()
        }
        // Twelve steps of 4.345 weeks at 1 % each, paid at the end of the step.
        "clv_12m_0.01" => {
            let step = Horizon::weeks(4.345).unwrap();
            let rate =
                DiscountRate::new((0.01_f64.ln_1p() / 4.345).exp_m1(), TimeUnit::Week).unwrap();
            let valuation = Valuation::new(Horizon::weeks(12.0 * 4.345).unwrap(), rate)
                .discounting(Discounting::EndOfStep(step));
            customer_lifetime_value(model, 1.0, &history(row), &valuation).unwrap()
        }
        other => panic!("no such quantity: {other}"),
    }
}

/// The 39-week holdout of CDNOW by a model fitted to the log, against the entry of `holdout.json`.
pub(crate) fn assert_holdout<M: PurchaseModel>(entry: &str, fit: impl Fn(&Histories) -> M) {
    let split = cdnow().split(cdnow_split(), cdnow_end(), &Conventions::default()).unwrap();
    let histories = split.calibration.histories(cdnow_split(), TimeUnit::Week).unwrap();
    let model = fit(&histories);
    let expected = model.all_expected_purchases(&histories, Horizon::weeks(39.0).unwrap()).unwrap();

    let exact = &json("holdout.json")[entry];
    assert_eq!(split.holdout.days, 273);
    assert_eq!(split.holdout.newcomers, 0);
    assert_close(split.holdout.total() as f64, number(&exact["sum_actual"]), 0.0, "purchases");
    assert_close(expected.iter().sum(), number(&exact["sum_predicted"]), 1e-9, "sum");
    for (i, want) in exact["first5"].as_array().unwrap().iter().enumerate() {
        assert_close(expected[i], number(want), 1e-9, "expected purchases");
    }
    let errors =
        expected.iter().zip(&split.holdout.purchases).map(|(e, &n)| (e - f64::from(n)).abs());
    let mae = errors.clone().sum::<f64>() / expected.len() as f64;
    let rmse = (errors.map(|e| e * e).sum::<f64>() / expected.len() as f64).sqrt();
    assert_close(mae, number(&exact["mae"]), 1e-9, "MAE");
    assert_close(rmse, number(&exact["rmse"]), 1e-9, "RMSE");
    let alive = model.probabilities_alive(&histories);
    for (i, want) in exact["first5_palive"].as_array().unwrap().iter().enumerate() {
        assert_close(alive[i].get(), number(want), 1e-9, "P(alive)");
    }
    let mean_alive = alive.iter().map(|p| p.get()).sum::<f64>() / alive.len() as f64;
    assert_close(mean_alive, number(&exact["mean_p_alive"]), 1e-9, "mean P(alive)");
}
