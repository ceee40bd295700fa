//! Fits of the CDNOW sample: the optimum, whatever the order, the repetition and the units of the rows.

use std::sync::LazyLock;

use goodwill::{
    BgNbd, Fit, GammaGamma, Histories, Horizon, PurchaseModel, SpendModel, Spends, TimeUnit,
};
use proptest::prelude::*;

use crate::support::{assert_close, rows};

/// (x, `t_x`, T) in weeks, and m̄ beside it.
static ROWS: LazyLock<Vec<(u32, f64, f64, f64)>> = LazyLock::new(|| {
    let bought = rows("cdnow_customers.csv");
    let spent = rows("cdnow_customers_monetary.csv");
    bought.iter().zip(spent).map(|(row, spend)| (row[1] as u32, row[2], row[3], spend[4])).collect()
});

static FIT: LazyLock<Fit<BgNbd>> =
    LazyLock::new(|| BgNbd::fit(&histories(&ROWS, TimeUnit::Week, 1.0)).unwrap());
static SPEND: LazyLock<Fit<GammaGamma>> =
    LazyLock::new(|| GammaGamma::fit(&spends(&ROWS, 1.0)).unwrap());

fn histories(rows: &[(u32, f64, f64, f64)], unit: TimeUnit, factor: f64) -> Histories {
    let x: Vec<u32> = rows.iter().map(|row| row.0).collect();
    let recency: Vec<f64> = rows.iter().map(|row| row.1 * factor).collect();
    let age: Vec<f64> = rows.iter().map(|row| row.2 * factor).collect();
    Histories::new(unit, &x, &recency, &age).unwrap()
}

fn spends(rows: &[(u32, f64, f64, f64)], factor: f64) -> Spends {
    let x: Vec<u32> = rows.iter().map(|row| row.0).collect();
    let mean: Vec<f64> = rows.iter().map(|row| row.3 * factor).collect();
    Spends::new(&x, &mean).unwrap()
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 12, ..crate::cases(1) })]

    #[test]
    fn a_fit_does_not_depend_on_the_order(
        order in Just((0..ROWS.len()).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let mixed: Vec<_> = order.iter().map(|&i| ROWS[i]).collect();
        // Every number of the report, to the bit.
        prop_assert_eq!(&BgNbd::fit(&histories(&mixed, TimeUnit::Week, 1.0)).unwrap(), &*FIT);
        prop_assert_eq!(&GammaGamma::fit(&spends(&mixed, 1.0)).unwrap(), &*SPEND);
    }
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn a_fit_is_a_maximum(steps in [-0.02_f64..0.02, -0.02..0.02, -0.02..0.02, -0.02..0.02]) {
        prop_assume!(steps.iter().any(|step| step.abs() > 1e-3));
        let model = FIT.model();
        let at = |i: usize| model.parameters()[i].1 * steps[i].exp();
        let near = BgNbd::new(TimeUnit::Week, at(0), at(1), at(2), at(3)).unwrap();
        let data = histories(&ROWS, TimeUnit::Week, 1.0);
        prop_assert_eq!(
            model.log_likelihood(&data).unwrap().to_bits(),
            FIT.log_likelihood().to_bits()
        );
        prop_assert!(near.log_likelihood(&data).unwrap() < FIT.log_likelihood());

        let model = SPEND.model();
        let at = |i: usize| model.parameters()[i].1 * steps[i].exp();
        let data = spends(&ROWS, 1.0);
        prop_assert_eq!(
            model.log_likelihood(&data).unwrap().to_bits(),
            SPEND.log_likelihood().to_bits()
        );
        if steps[..3].iter().any(|step| step.abs() > 1e-3) {
            let near = GammaGamma::new(at(0), at(1), at(2)).unwrap();
            prop_assert!(near.log_likelihood(&data).unwrap() < SPEND.log_likelihood());
        }
    }
}

/// The covariance is the inverse of the curvature: at one standard error along one parameter, with the others at
/// their best, ln L is lower by ½. Along all of them together, Σ is checked by the quadratic form.
#[test]
fn standard_errors_are_the_curvature() {
    let data = histories(&ROWS, TimeUnit::Week, 1.0);
    let model = FIT.model();
    for i in 0..4 {
        // The direction Σeᵢ/√Σᵢᵢ is where the profile lies; ln L falls by ½·h² there.
        let covariance = FIT.covariance();
        let h = 0.02;
        let lower = |sign: f64| {
            let at = |j: usize| {
                model.parameters()[j].1 + sign * h * covariance[i][j] / covariance[i][i].sqrt()
            };
            let near = BgNbd::new(TimeUnit::Week, at(0), at(1), at(2), at(3)).unwrap();
            FIT.log_likelihood() - near.log_likelihood(&data).unwrap()
        };
        let fall = 0.5 * (lower(1.0) + lower(-1.0));
        assert_close(fall, 0.5 * h * h, 1e-3, "the fall of ln L");
        assert!(FIT.standard_errors()[i].1 > 0.0);
    }
}

#[test]
fn rows_that_come_twice_count_twice() {
    let twice = [ROWS.as_slice(), &ROWS].concat();
    let fit = BgNbd::fit(&histories(&twice, TimeUnit::Week, 1.0)).unwrap();
    for ((name, got), (_, want)) in
        fit.model().parameters().into_iter().zip(FIT.model().parameters())
    {
        assert_close(got, want, 1e-9, name);
    }
    assert_close(fit.log_likelihood(), 2.0 * FIT.log_likelihood(), 1e-13, "ln L");
    assert_close(fit.covariance()[1][1], 0.5 * FIT.covariance()[1][1], 1e-6, "covariance");
    assert_eq!(fit.customers(), 2 * FIT.customers());
}

#[test]
fn a_fit_in_days_is_the_fit_in_weeks() {
    let fit = BgNbd::fit(&histories(&ROWS, TimeUnit::Day, 7.0)).unwrap();
    for (i, factor) in [1.0, 7.0, 1.0, 1.0].into_iter().enumerate() {
        let ((name, got), (_, want)) = (fit.model().parameters()[i], FIT.model().parameters()[i]);
        assert_close(got, want * factor, 1e-9, name);
        let errors = (fit.standard_errors()[i].1, FIT.standard_errors()[i].1);
        assert_close(errors.0, errors.1 * factor, 1e-6, name);
    }
    let purchases: u32 = ROWS.iter().map(|row| row.0).sum();
    let want = FIT.log_likelihood() - f64::from(purchases) * 7.0_f64.ln();
    assert_close(fit.log_likelihood(), want, 1e-12, "ln L");

    let data = histories(&ROWS, TimeUnit::Week, 1.0);
    let horizon = Horizon::weeks(39.0).unwrap();
    let weekly = FIT.model().all_expected_purchases(&data, horizon).unwrap();
    let daily = fit.model().all_expected_purchases(&data, horizon).unwrap();
    for (got, want) in daily.into_iter().zip(weekly) {
        assert_close(got, want, 1e-9, "expected purchases");
    }
}

#[test]
fn a_fit_of_cents_is_the_fit_of_dollars() {
    let fit = GammaGamma::fit(&spends(&ROWS, 100.0)).unwrap();
    for ((i, factor), (name, got)) in
        [1.0, 1.0, 100.0].into_iter().enumerate().zip(fit.model().parameters())
    {
        assert_close(got, SPEND.model().parameters()[i].1 * factor, 1e-9, name);
    }
    // A density per cent instead of per dollar.
    let want = SPEND.log_likelihood() - SPEND.customers() as f64 * 100.0_f64.ln();
    assert_close(fit.log_likelihood(), want, 1e-12, "ln L");
    for (cents, dollars) in spends(&ROWS, 100.0).iter().zip(spends(&ROWS, 1.0).iter()) {
        let (got, want) =
            (fit.model().expected_spend(&cents), SPEND.model().expected_spend(&dollars));
        assert_close(got.unwrap(), want.unwrap() * 100.0, 1e-9, "expected spend");
    }
}

#[test]
fn criteria_follow_from_the_likelihood() {
    let (k, n) = (4.0, FIT.customers() as f64);
    assert_close(FIT.aic(), 2.0 * k - 2.0 * FIT.log_likelihood(), 1e-15, "AIC");
    assert_close(FIT.bic(), k * n.ln() - 2.0 * FIT.log_likelihood(), 1e-15, "BIC");
    assert_eq!((FIT.customers(), FIT.left_out()), (2_357, 0));
    assert_eq!(SPEND.customers() + SPEND.left_out(), 2_357);
}

/// A base of 70,000 distinct histories, which is fitted by way of a part of it: CDNOW at thirty paces.
#[test]
fn a_large_base_is_fitted_to_its_own_maximum() {
    let paced = |pace: i32| {
        let factor = 1.0 + f64::from(pace) / 97.0;
        ROWS.iter().map(move |&(x, recency, age, mean)| (x, recency * factor, age * factor, mean))
    };
    let rows: Vec<_> = (0..30).flat_map(paced).collect();
    let data = histories(&rows, TimeUnit::Week, 1.0);
    let fit = BgNbd::fit(&data).unwrap();
    let mut turned = rows;
    turned.reverse();
    turned.rotate_left(12_345);
    assert_eq!(BgNbd::fit(&histories(&turned, TimeUnit::Week, 1.0)).unwrap(), fit);
    assert_eq!(fit.customers(), 30 * ROWS.len());
    for i in 0..16 {
        let step = |j: i32| if i >> j & 1 == 0 { 0.999 } else { 1.001 };
        let [r, alpha, a, b] = fit.model().parameters().map(|(_, value)| value);
        let near = (r * step(0), alpha * step(1), a * step(2), b * step(3));
        let near = BgNbd::new(TimeUnit::Week, near.0, near.1, near.2, near.3).unwrap();
        assert!(near.log_likelihood(&data).unwrap() < fit.log_likelihood());
    }
    // And ln L is flat there, along every parameter's direction of doubt.
    let model = fit.model();
    let covariance = fit.covariance();
    for (i, own) in covariance.iter().enumerate() {
        let h = 1e-3;
        let along = |sign: f64| {
            let shift = |j: usize| sign * h * own[j] / own[i].sqrt();
            let at = |j: usize| model.parameters()[j].1 + shift(j);
            BgNbd::new(TimeUnit::Week, at(0), at(1), at(2), at(3)).unwrap().log_likelihood(&data)
        };
        // The slope of ln L in standard errors, by central differences.
        let slope = (along(1.0).unwrap() - along(-1.0).unwrap()) / (2.0 * h);
        assert!(slope.abs() < 1e-3, "ln L still rises by {slope:e} a standard error");
    }
}
