//! What the likelihood of every purchase model obeys: one suite, run by `likelihood_laws!`.

use goodwill::{Histories, History, PurchaseModel, TimeUnit};

use crate::purchase_model::{columns, weeks};

/// Of the customers together, in whatever order and however often they stand there.
pub(crate) fn the_likelihood_is_the_sum_over_the_customers(
    of_each: impl Fn(&History) -> f64,
    of_all: impl Fn(&Histories) -> f64,
    rows: &[History],
) {
    let each: Vec<f64> = rows.iter().map(of_each).collect();
    let (sum, size): (f64, f64) = (each.iter().sum(), each.iter().map(|l| l.abs()).sum());
    let got = of_all(&columns(rows));
    assert!((got - sum).abs() <= 1e-12 * (size + 1.0), "{got} is not {sum}");
    let mut turned = rows.to_vec();
    turned.reverse();
    assert_eq!(of_all(&columns(&turned)).to_bits(), got.to_bits());
    let twice = of_all(&columns(&[rows, rows].concat()));
    assert!((twice - 2.0 * got).abs() <= 1e-12 * (size + 1.0), "{twice} is not twice {got}");
}

/// L counts purchases at densities per unit of time: days instead of weeks divide each by 7.
pub(crate) fn the_likelihood_changes_its_unit_as_a_density(weekly: f64, daily: f64, h: &History) {
    let want = weekly - f64::from(h.frequency()) * 7.0_f64.ln();
    assert!((daily - want).abs() <= 1e-11 * (weekly.abs() + 1.0), "{daily} is not {want}");
}

/// The likelihood of a customer without a repeat is the probability of none.
pub(crate) fn no_purchase_has_the_likelihood_of_its_probability(
    model: &impl PurchaseModel,
    of_each: impl Fn(&History) -> f64,
    age: f64,
) {
    let silent = History::new(TimeUnit::Week, 0, 0.0, age).unwrap();
    let none = model.purchase_probability_of_newcomer(0, weeks(age)).unwrap().get();
    let got = of_each(&silent).exp();
    assert!((got - none).abs() <= 1e-12 * none, "{got} is not {none}");
}

/// The suite for one model: `$models` are a strategy of the model at parameters of all sizes, `$in_days` tells the same
/// model with its time counted in days.
macro_rules! likelihood_laws {
    ($models:expr, $in_days:expr) => {
        proptest! {
            #![proptest_config($crate::cases(256))]

            #[test]
            fn the_likelihood_is_the_sum_over_the_customers(
                model in $models,
                rows in $crate::purchase_model::histories(),
            ) {
                $crate::likelihood::the_likelihood_is_the_sum_over_the_customers(
                    |h| model.log_likelihood_of(h).unwrap(),
                    |all| model.log_likelihood(all).unwrap(),
                    &rows,
                );
            }

            #[test]
            fn the_likelihood_changes_its_unit_as_a_density(
                model in $models,
                h in $crate::purchase_model::history(40),
            ) {
                let weekly = model.log_likelihood_of(&h).unwrap();
                let daily = $in_days(&model).log_likelihood_of(&h).unwrap();
                $crate::likelihood::the_likelihood_changes_its_unit_as_a_density(weekly, daily, &h);
            }

            #[test]
            fn no_purchase_has_the_likelihood_of_its_probability(
                model in $models,
                age in log_uniform(1e-2, 1e4),
            ) {
                let of_each = |h: &History| model.log_likelihood_of(h).unwrap();
                $crate::likelihood::no_purchase_has_the_likelihood_of_its_probability(&model, of_each, age);
            }
        }
    };
}
pub(crate) use likelihood_laws;
