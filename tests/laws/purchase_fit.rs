//! Fits of purchase models to the CDNOW sample: the optimum, whatever the order, the repetition and the units of the
//! rows. One suite, run by `purchase_fit_laws!`.

use goodwill::{Fit, Histories, Horizon, PurchaseModel, Result, TimeUnit};

use crate::support::{assert_close, rows};

/// (x, `t_x`, T).
pub(crate) type Row = (u32, f64, f64);

/// CDNOW in weeks.
pub(crate) fn cdnow() -> Vec<Row> {
    rows("cdnow_customers.csv").iter().map(|row| (row[1] as u32, row[2], row[3])).collect()
}

pub(crate) fn histories(rows: &[Row], unit: TimeUnit, factor: f64) -> Histories {
    let x: Vec<u32> = rows.iter().map(|row| row.0).collect();
    let recency: Vec<f64> = rows.iter().map(|row| row.1 * factor).collect();
    let age: Vec<f64> = rows.iter().map(|row| row.2 * factor).collect();
    Histories::new(unit, &x, &recency, &age).unwrap()
}

/// What the suite needs of a model of four parameters.
pub(crate) struct Kind<M> {
    pub(crate) fit: fn(&Histories) -> Result<Fit<M>>,
    pub(crate) model: fn(TimeUnit, [f64; 4]) -> Result<M>,
    pub(crate) parameters: fn(&M) -> [(&'static str, f64); 4],
    pub(crate) log_likelihood: fn(&M, &Histories) -> Result<f64>,
    /// Which parameters count units of time.
    pub(crate) counts_time: [bool; 4],
}

impl<M: PurchaseModel + Clone + PartialEq + std::fmt::Debug> Kind<M> {
    pub(crate) fn fit_weeks(&self, rows: &[Row]) -> Fit<M> {
        (self.fit)(&histories(rows, TimeUnit::Week, 1.0)).unwrap()
    }

    fn values(&self, fit: &Fit<M>) -> [f64; 4] {
        (self.parameters)(fit.model()).map(|(_, value)| value)
    }

    /// ln L of rows in weeks at a point.
    fn at(&self, point: [f64; 4], data: &Histories) -> f64 {
        (self.log_likelihood)(&(self.model)(TimeUnit::Week, point).unwrap(), data).unwrap()
    }

    pub(crate) fn is_a_maximum(&self, fit: &Fit<M>, rows: &[Row], steps: [f64; 4]) {
        let values = self.values(fit);
        let data = histories(rows, TimeUnit::Week, 1.0);
        assert_eq!(self.at(values, &data).to_bits(), fit.log_likelihood().to_bits());
        let near = std::array::from_fn(|i| values[i] * steps[i].exp());
        assert!(self.at(near, &data) < fit.log_likelihood());
    }

    /// The covariance is the inverse of the curvature: at one standard error along one parameter, with the others
    /// at their best, ln L is lower by ½. Along all of them together, Σ is checked by the quadratic form.
    pub(crate) fn standard_errors_are_the_curvature(&self, fit: &Fit<M>, rows: &[Row]) {
        let data = histories(rows, TimeUnit::Week, 1.0);
        let values = self.values(fit);
        for (i, own) in fit.covariance().iter().enumerate() {
            // The direction Σeᵢ/√Σᵢᵢ is where the profile lies; ln L falls by ½·h² there.
            let h = 0.02;
            let lower = |sign: f64| {
                let at = std::array::from_fn(|j| values[j] + sign * h * own[j] / own[i].sqrt());
                fit.log_likelihood() - self.at(at, &data)
            };
            let fall = 0.5 * (lower(1.0) + lower(-1.0));
            assert_close(fall, 0.5 * h * h, 1e-3, "the fall of ln L");
            assert!(fit.standard_errors()[i].1 > 0.0);
        }
    }

    pub(crate) fn rows_that_come_twice_count_twice(&self, once: &Fit<M>, rows: &[Row]) {
        let fit = self.fit_weeks(&[rows, rows].concat());
        for (got, want) in self.values(&fit).into_iter().zip(self.values(once)) {
            assert_close(got, want, 1e-9, "parameter");
        }
        assert_close(fit.log_likelihood(), 2.0 * once.log_likelihood(), 1e-13, "ln L");
        assert_close(fit.covariance()[1][1], 0.5 * once.covariance()[1][1], 1e-6, "covariance");
        assert_eq!(fit.customers(), 2 * once.customers());
    }

    /// Parameters rescale, ln L shifts by the density of each purchase, and what is expected stays.
    pub(crate) fn the_unit_of_time_does_not_matter(&self, weeks: &Fit<M>, rows: &[Row]) {
        let purchases: u32 = rows.iter().map(|row| row.0).sum();
        let (data, horizon) = (histories(rows, TimeUnit::Week, 1.0), Horizon::weeks(39.0).unwrap());
        let expected = weeks.model().all_expected_purchases(&data, horizon).unwrap();
        // Days, years, and seconds, for which there is no unit.
        let units =
            [(TimeUnit::Day, 7.0), (TimeUnit::Year, 7.0 / 365.2425), (TimeUnit::Day, 604_800.0)];
        for (unit, factor) in units {
            let data = histories(rows, unit, factor);
            let fit = (self.fit)(&data).unwrap();
            for i in 0..4 {
                let factor = if self.counts_time[i] { factor } else { 1.0 };
                let values = (self.values(&fit)[i], self.values(weeks)[i] * factor);
                assert_close(values.0, values.1, 1e-9, "parameter");
                let errors = (fit.standard_errors()[i].1, weeks.standard_errors()[i].1 * factor);
                assert_close(errors.0, errors.1, 1e-6, "standard error");
            }
            let want = weeks.log_likelihood() - f64::from(purchases) * factor.ln();
            // A sum of some 1e4 that may nearly vanish.
            assert!((fit.log_likelihood() - want).abs() < 1e-8, "{factor}: {want}");
            let horizon = Horizon::new(39.0 * factor, unit).unwrap();
            let got = fit.model().all_expected_purchases(&data, horizon).unwrap();
            for (&got, &want) in got.iter().zip(&expected) {
                assert_close(got, want, 1e-8, "expected purchases");
            }
        }
    }

    pub(crate) fn criteria_follow_from_the_likelihood(fit: &Fit<M>) {
        let (k, n) = (4.0, fit.customers() as f64);
        assert_close(fit.aic(), 2.0 * k - 2.0 * fit.log_likelihood(), 1e-15, "AIC");
        assert_close(fit.bic(), k * n.ln() - 2.0 * fit.log_likelihood(), 1e-15, "BIC");
        assert_eq!((fit.customers(), fit.left_out()), (2_357, 0));
    }

    /// A base of 70,000 distinct histories, which is fitted by way of a part of it: CDNOW at thirty paces.
    pub(crate) fn a_large_base_is_fitted_to_its_own_maximum(&self, rows: &[Row]) {
        let paced = |pace: i32| {
            let factor = 1.0 + f64::from(pace) / 97.0;
            rows.iter().map(move |&(x, recency, age)| (x, recency * factor, age * factor))
        };
        let all: Vec<_> = (0..30).flat_map(paced).collect();
        let data = histories(&all, TimeUnit::Week, 1.0);
        let fit = (self.fit)(&data).unwrap();
        let mut turned = all;
        turned.reverse();
        turned.rotate_left(12_345);
        assert_eq!(self.fit_weeks(&turned), fit);
        assert_eq!(fit.customers(), 30 * rows.len());
        let values = self.values(&fit);
        for i in 0..16 {
            let step = |j: usize| if i >> j & 1 == 0 { 0.999 } else { 1.001 };
            let near = std::array::from_fn(|j| values[j] * step(j));
            assert!(self.at(near, &data) < fit.log_likelihood());
        }
        // And ln L is flat there, along every parameter's direction of doubt.
        for (i, own) in fit.covariance().iter().enumerate() {
            let h = 1e-3;
            let along = |sign: f64| {
                let at = std::array::from_fn(|j| values[j] + sign * h * own[j] / own[i].sqrt());
                self.at(at, &data)
            };
            // The slope of ln L in standard errors, by central differences.
            let slope = (along(1.0) - along(-1.0)) / (2.0 * h);
            assert!(slope.abs() < 1e-3, "ln L still rises by {slope:e} a standard error");
        }
    }
}

/// The suite for one model: its type, and which of its four parameters count units of time.
macro_rules! purchase_fit_laws {
    ($model:ty, $counts_time:expr) => {
        mod fit {
            use std::sync::LazyLock;

            use goodwill::{Fit, TimeUnit};
            use proptest::prelude::*;
            use $crate::purchase_fit::{Kind, Row, cdnow};

            type Model = $model;

            const KIND: Kind<Model> = Kind {
                fit: Model::fit,
                model: |unit: TimeUnit, [a, b, c, d]| Model::new(unit, a, b, c, d),
                parameters: Model::parameters,
                log_likelihood: Model::log_likelihood,
                counts_time: $counts_time,
            };

            static ROWS: LazyLock<Vec<Row>> = LazyLock::new(cdnow);
            static FIT: LazyLock<Fit<Model>> = LazyLock::new(|| KIND.fit_weeks(&ROWS));

            proptest! {
                #![proptest_config(proptest::test_runner::Config { cases: 12, ..$crate::cases(1) })]

                #[test]
                fn the_order_does_not_matter(
                    order in Just((0..ROWS.len()).collect::<Vec<_>>()).prop_shuffle(),
                ) {
                    let mixed: Vec<_> = order.iter().map(|&i| ROWS[i]).collect();
                    // Every number of the report, to the bit.
                    prop_assert_eq!(&KIND.fit_weeks(&mixed), &*FIT);
                }
            }

            proptest! {
                #![proptest_config($crate::cases(256))]

                #[test]
                fn is_a_maximum(steps in [-0.02_f64..0.02, -0.02..0.02, -0.02..0.02, -0.02..0.02]) {
                    prop_assume!(steps.iter().any(|step| step.abs() > 1e-3));
                    KIND.is_a_maximum(&FIT, &ROWS, steps);
                }
            }

            #[test]
            fn standard_errors_are_the_curvature() {
                KIND.standard_errors_are_the_curvature(&FIT, &ROWS);
            }

            #[test]
            fn rows_that_come_twice_count_twice() {
                KIND.rows_that_come_twice_count_twice(&FIT, &ROWS);
            }

            #[test]
            fn the_unit_of_time_does_not_matter() {
                KIND.the_unit_of_time_does_not_matter(&FIT, &ROWS);
            }

            #[test]
            fn criteria_follow_from_the_likelihood() {
                Kind::criteria_follow_from_the_likelihood(&FIT);
            }

            #[test]
            fn a_large_base_is_fitted_to_its_own_maximum() {
                KIND.a_large_base_is_fitted_to_its_own_maximum(&ROWS);
            }
        }
    };
}
pub(crate) use purchase_fit_laws;
