//! Fits of the spend of the CDNOW sample: the optimum, whatever the order and the currency of the rows.

use std::sync::LazyLock;

use goodwill::{Fit, GammaGamma, SpendModel, Spends};
use proptest::prelude::*;

use crate::support::{assert_close, rows};

/// (x, m̄).
static ROWS: LazyLock<Vec<(u32, f64)>> = LazyLock::new(|| {
    rows("cdnow_customers_monetary.csv").iter().map(|row| (row[1] as u32, row[4])).collect()
});

static FIT: LazyLock<Fit<GammaGamma>> =
    LazyLock::new(|| GammaGamma::fit(&spends(&ROWS, 1.0)).unwrap());

fn spends(rows: &[(u32, f64)], factor: f64) -> Spends {
    let x: Vec<u32> = rows.iter().map(|row| row.0).collect();
    let mean: Vec<f64> = rows.iter().map(|row| row.1 * factor).collect();
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
        prop_assert_eq!(&GammaGamma::fit(&spends(&mixed, 1.0)).unwrap(), &*FIT);
    }
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn a_fit_is_a_maximum(steps in [-0.02_f64..0.02, -0.02..0.02, -0.02..0.02]) {
        prop_assume!(steps.iter().any(|step| step.abs() > 1e-3));
        let model = FIT.model();
        let at = |i: usize| model.parameters()[i].1 * steps[i].exp();
        let data = spends(&ROWS, 1.0);
        prop_assert_eq!(
            model.log_likelihood(&data).unwrap().to_bits(),
            FIT.log_likelihood().to_bits()
        );
        let near = GammaGamma::new(at(0), at(1), at(2)).unwrap();
        prop_assert!(near.log_likelihood(&data).unwrap() < FIT.log_likelihood());
    }
}

#[test]
fn a_fit_of_cents_is_the_fit_of_dollars() {
    let fit = GammaGamma::fit(&spends(&ROWS, 100.0)).unwrap();
    for ((i, factor), (name, got)) in
        [1.0, 1.0, 100.0].into_iter().enumerate().zip(fit.model().parameters())
    {
        assert_close(got, FIT.model().parameters()[i].1 * factor, 1e-9, name);
    }
    // A density per cent instead of per dollar.
    let want = FIT.log_likelihood() - FIT.customers() as f64 * 100.0_f64.ln();
    assert_close(fit.log_likelihood(), want, 1e-12, "ln L");
    for (cents, dollars) in spends(&ROWS, 100.0).iter().zip(spends(&ROWS, 1.0).iter()) {
        let (got, want) =
            (fit.model().expected_spend(&cents), FIT.model().expected_spend(&dollars));
        assert_close(got.unwrap(), want.unwrap() * 100.0, 1e-9, "expected spend");
    }
}

#[test]
fn who_never_came_back_is_left_out() {
    assert_eq!(FIT.customers() + FIT.left_out(), 2_357);
}
