//! Static covariates: every customer has the plain model at parameters of his own, and where and in what unit a
//! covariate is counted changes only how the same effect is written.

use goodwill::lifetime::{
    Covariates, Effect, EffectOn, EffectTie, Effects, MbgNbd, ParetoNbd, WithCovariates,
};
use goodwill::{BgNbd, Fit, FitOptions, Histories, History, Horizon, PurchaseModel, TimeUnit};
use proptest::prelude::*;

use crate::cases;
use crate::generate::log_uniform;
use crate::purchase_fit::{Row, cdnow, histories};
use crate::purchase_model::{columns, history};
use crate::support::assert_close;

/// The last of these may be tied to the one before it.
const OF_BG: [EffectOn; 3] = [EffectOn::PurchaseRate, EffectOn::DropoutA, EffectOn::DropoutB];
const OF_PARETO: [EffectOn; 2] = [EffectOn::PurchaseRate, EffectOn::DropoutRate];
const NAMES: [&str; 2] = ["basket", "friend"];

fn parameters() -> impl Strategy<Value = [f64; 4]> {
    [log_uniform(0.1, 10.0), log_uniform(0.5, 50.0), log_uniform(0.1, 10.0), log_uniform(0.1, 50.0)]
}

/// Customers with two covariates each, some of them equal.
fn customers() -> impl Strategy<Value = Vec<(History, [f64; 2])>> {
    let z = || prop_oneof![Just(0.0), Just(1.0), -2.0_f64..2.0];
    proptest::collection::vec((history(20), [z(), z()]), 1..20)
}

fn split(customers: &[(History, [f64; 2])]) -> (Histories, Covariates) {
    let (rows, known): (Vec<History>, Vec<[f64; 2]>) = customers.iter().copied().unzip();
    (columns(&rows), Covariates::new(&NAMES, &known).unwrap())
}

fn tie() -> impl Strategy<Value = EffectTie> {
    prop_oneof![Just(EffectTie::Separate), Just(EffectTie::Same), Just(EffectTie::Opposite)]
}

fn gammas() -> impl Strategy<Value = [f64; 6]> {
    std::array::from_fn::<_, 6, _>(|_| -1.0_f64..1.0)
}

/// A coefficient for every free target and covariate.
fn effects(targets: &[EffectOn], tie: EffectTie, gamma: &[f64; 6]) -> Vec<Effect> {
    let free = targets.len() - usize::from(tie != EffectTie::Separate);
    let pair = |i: usize| Effect::new(NAMES[i % 2], targets[i / 2], gamma[i]);
    (0..2 * free).map(pair).collect()
}

macro_rules! model_laws {
    ($module:ident, $model:ty, $targets:expr) => {
        mod $module {
            use super::*;

            fn model(point: [f64; 4], tie: EffectTie, gamma: &[f64; 6]) -> WithCovariates<$model> {
                let [a, b, c, d] = point;
                let base = <$model>::new(TimeUnit::Week, a, b, c, d).unwrap();
                WithCovariates::new(base, &NAMES, tie, &effects(&$targets, tie, gamma)).unwrap()
            }

            proptest! {
                #![proptest_config(cases(64))]

                #[test]
                fn an_effect_of_0_is_the_plain_model(
                    point in parameters(), tie in tie(), customers in customers(),
                ) {
                    let (histories, covariates) = split(&customers);
                    let model = model(point, tie, &[0.0; 6]);
                    let plain = *model.base();
                    for (_, z) in &customers {
                        prop_assert_eq!(model.for_covariates(z).unwrap(), plain);
                    }
                    let got = model.log_likelihood(&histories, &covariates).unwrap();
                    let want = plain.log_likelihood(&histories).unwrap();
                    let size: f64 =
                        histories.iter().map(|h| plain.log_likelihood_of(&h).unwrap().abs()).sum();
                    prop_assert!((got - want).abs() <= 1e-11 * size + 1e-14, "{} is not {}", got, want);
                    let horizon = Horizon::weeks(10.0).unwrap();
                    prop_assert_eq!(
                        model.probabilities_alive(&histories, &covariates).unwrap(),
                        plain.probabilities_alive(&histories)
                    );
                    prop_assert_eq!(
                        model.all_expected_purchases(&histories, &covariates, horizon).unwrap(),
                        plain.all_expected_purchases(&histories, horizon).unwrap()
                    );
                }

                #[test]
                fn every_customer_has_the_plain_model_of_his_own(
                    point in parameters(), tie in tie(), gamma in gammas(), customers in customers(),
                ) {
                    let (histories, covariates) = split(&customers);
                    let model = model(point, tie, &gamma);
                    let horizon = Horizon::weeks(10.0).unwrap();
                    let alive = model.probabilities_alive(&histories, &covariates).unwrap();
                    let next = model.all_expected_purchases(&histories, &covariates, horizon).unwrap();
                    let (mut sum, mut size) = (0.0, 0.0);
                    for (i, (history, z)) in customers.iter().enumerate() {
                        let own = model.for_covariates(z).unwrap();
                        prop_assert_eq!(own.probability_alive(history), alive[i]);
                        let expected = own.expected_purchases(history, horizon).unwrap();
                        prop_assert_eq!(expected.to_bits(), next[i].to_bits());
                        let ln_l = own.log_likelihood_of(history).unwrap();
                        sum += ln_l;
                        size += ln_l.abs();
                    }
                    let got = model.log_likelihood(&histories, &covariates).unwrap();
                    prop_assert!((got - sum).abs() <= 1e-11 * size + 1e-14, "{} is not {}", got, sum);
                }

                /// λᵢ = λ·exp(γz): one more of the covariate is time that runs faster by exp γ, as far as buying goes.
                #[test]
                fn the_rate_of_purchase_rises_by_the_factor(
                    point in parameters(), gamma in -1.0_f64..1.0, z in -2.0_f64..2.0,
                ) {
                    let model = model(point, EffectTie::Separate, &[gamma, 0.0, 0.0, 0.0, 0.0, 0.0]);
                    let own = model.for_covariates(&[z, 7.0]).unwrap();
                    let rate = |m: &$model| m.r() / m.alpha();
                    assert_close(rate(&own), rate(model.base()) * (gamma * z).exp(), 1e-14, "rate");
                }

                #[test]
                fn the_order_of_customers_changes_no_bit(
                    point in parameters(), tie in tie(), gamma in gammas(),
                    (customers, shuffled) in customers().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
                ) {
                    let model = model(point, tie, &gamma);
                    let value = |customers: &[(History, [f64; 2])]| {
                        let (histories, covariates) = split(customers);
                        model.log_likelihood(&histories, &covariates).unwrap().to_bits()
                    };
                    prop_assert_eq!(value(&customers), value(&shuffled));
                }

                #[test]
                fn json_is_the_same_model(point in parameters(), tie in tie(), gamma in gammas()) {
                    let model = model(point, tie, &gamma);
                    let text = serde_json::to_string(&model).unwrap();
                    prop_assert_eq!(serde_json::from_str::<WithCovariates<$model>>(&text).unwrap(), model);
                }
            }
        }
    };
}

model_laws!(bg_nbd_models, BgNbd, OF_BG);
model_laws!(mbg_nbd_models, MbgNbd, OF_BG);
model_laws!(pareto_nbd_models, ParetoNbd, OF_PARETO);

/// The moves of dropout are those of the documentation.
#[test]
fn dropout_moves_as_documented() {
    let bg = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap();
    let of = |tie: EffectTie| {
        let effect = Effect::new("z", EffectOn::DropoutA, 0.3);
        WithCovariates::new(bg, &["z"], tie, &[effect]).unwrap().for_covariates(&[2.0]).unwrap()
    };
    let mean = |m: &BgNbd| m.a() / (m.a() + m.b());
    let odds = |m: &BgNbd| m.a() / m.b();
    assert_close(of(EffectTie::Separate).a(), 0.793 * 0.6_f64.exp(), 1e-15, "a");
    assert_close(of(EffectTie::Separate).b(), 2.426, 0.0, "b");
    assert_close(mean(&of(EffectTie::Same)), mean(&bg), 1e-15, "mean of p");
    assert!(of(EffectTie::Same).a() > bg.a());
    assert_close(odds(&of(EffectTie::Opposite)), odds(&bg) * 1.2_f64.exp(), 1e-14, "odds of p");
    let pareto = ParetoNbd::new(TimeUnit::Week, 0.553, 10.578, 0.606, 11.669).unwrap();
    let of = |tie: EffectTie| {
        let effect = Effect::new("z", EffectOn::PurchaseRate, 0.3);
        WithCovariates::new(pareto, &["z"], tie, &[effect]).unwrap().for_covariates(&[2.0]).unwrap()
    };
    for (tie, factor) in [(EffectTie::Same, -0.6_f64), (EffectTie::Opposite, 0.6)] {
        assert_close(of(tie).alpha(), 10.578 * (-0.6_f64).exp(), 1e-15, "alpha");
        assert_close(of(tie).beta(), 11.669 * factor.exp(), 1e-15, "beta");
    }
}

/// Every fifth customer of CDNOW, with what looks like a number known of him and a flag.
fn shop() -> (Vec<Row>, Vec<[f64; 2]>) {
    let rows: Vec<Row> = cdnow().into_iter().step_by(5).collect();
    let known = |i: usize| [(i * 29 % 31) as f64 / 10.0, f64::from(i * 7 % 11 < 4)];
    let known = (0..rows.len()).map(known).collect();
    (rows, known)
}

macro_rules! fit_laws {
    ($module:ident, $model:ty, $counts_time:expr) => {
        mod $module {
            use super::*;

            type Fitted = Fit<WithCovariates<$model>>;

            /// Fits weeks, covariates as they come from `of`.
            fn fit(
                (rows, known): &(Vec<Row>, Vec<[f64; 2]>),
                names: &[&str; 2],
                of: impl Fn([f64; 2]) -> [f64; 2],
            ) -> Fitted {
                let known: Vec<[f64; 2]> = known.iter().map(|&z| of(z)).collect();
                let covariates = Covariates::new(names, &known).unwrap();
                WithCovariates::fit(&histories(rows, TimeUnit::Week, 1.0), &covariates).unwrap()
            }

            #[test]
            fn shifting_a_covariate_moves_only_the_base() {
                let shop = shop();
                let fit_of = fit(&shop, &NAMES, |z| z);
                let base = fit_of.model().base().parameters();
                for shift in [1.0, -3.5, 100.0] {
                    let moved = fit(&shop, &NAMES, |[z, w]| [z + shift, w]);
                    assert_close(moved.log_likelihood(), fit_of.log_likelihood(), 1e-13, "ln L");
                    for (got, want) in moved.effects().iter().zip(fit_of.effects()) {
                        let slack = 1e-9 * want.standard_error;
                        assert!((got.coefficient - want.coefficient).abs() < slack, "{got:?}");
                        assert_close(got.standard_error, want.standard_error, 1e-8, "its error");
                    }
                    // Who had z = 0 now has z = shift.
                    let back = moved.model().for_covariates(&[shift, 0.0]).unwrap();
                    for ((name, got), (_, want)) in back.parameters().into_iter().zip(base) {
                        assert_close(got, want, 1e-8, name);
                    }
                    let (_, got) = moved.model().base().parameters()[1];
                    assert!((got / base[1].1).ln().abs() > 1e-3, "the base moves");
                }
            }

            #[test]
            fn scaling_a_covariate_scales_its_effect_inversely() {
                let shop = shop();
                let fit_of = fit(&shop, &NAMES, |z| z);
                for scale in [2.0, -1.0, 1e-6, 1e6] {
                    let scaled = fit(&shop, &NAMES, |[z, w]| [z * scale, w]);
                    assert_close(scaled.log_likelihood(), fit_of.log_likelihood(), 1e-13, "ln L");
                    for (got, want) in scaled.effects().iter().zip(fit_of.effects()) {
                        let factor = if got.covariate == NAMES[0] { scale } else { 1.0 };
                        let slack = 1e-9 * want.standard_error;
                        let back = got.coefficient * factor;
                        assert!((back - want.coefficient).abs() < slack, "{scale}: {got:?}");
                        let error = got.standard_error * factor.abs();
                        assert_close(error, want.standard_error, 1e-8, "its error");
                        let tests =
                            [got, &want].map(|effect| effect.wald_test().unwrap().statistic);
                        assert_close(tests[0], tests[1], 1e-7, "Wald");
                    }
                    let bases = [&scaled, &fit_of].map(|fit| fit.model().base().parameters());
                    for i in 0..4 {
                        assert_close(bases[0][i].1, bases[1][i].1, 1e-9, bases[0][i].0);
                    }
                }
            }

            #[test]
            fn the_order_of_rows_and_columns_changes_no_bit() {
                let (rows, known) = shop();
                let fit_of = fit(&(rows.clone(), known.clone()), &NAMES, |z| z);
                let turned: (Vec<Row>, Vec<[f64; 2]>) =
                    rows.iter().copied().zip(known.iter().copied()).rev().unzip();
                assert_eq!(fit(&turned, &NAMES, |z| z), fit_of);
                let swapped = fit(&turned, &[NAMES[1], NAMES[0]], |[z, w]| [w, z]);
                assert_eq!(swapped.log_likelihood().to_bits(), fit_of.log_likelihood().to_bits());
                assert_eq!(swapped.model().base(), fit_of.model().base());
                for effect in fit_of.effects() {
                    assert!(swapped.effects().contains(&effect), "{effect:?}");
                }
                assert_ne!(
                    swapped.effects(),
                    fit_of.effects(),
                    "effects follow the caller's columns"
                );
            }

            #[test]
            fn customers_who_come_twice_count_twice() {
                let (rows, known) = shop();
                let once = fit(&(rows.clone(), known.clone()), &NAMES, |z| z);
                let twice = ([&rows[..], &rows].concat(), [&known[..], &known].concat());
                let twice = fit(&twice, &NAMES, |z| z);
                assert_close(twice.log_likelihood(), 2.0 * once.log_likelihood(), 1e-13, "ln L");
                for (got, want) in twice.effects().iter().zip(once.effects()) {
                    let slack = 1e-9 * want.standard_error;
                    assert!((got.coefficient - want.coefficient).abs() < slack, "{got:?}");
                    assert_close(
                        2.0 * got.standard_error.powi(2),
                        want.standard_error.powi(2),
                        1e-7,
                        "error",
                    );
                }
            }

            #[test]
            fn the_unit_of_time_does_not_matter_to_effects() {
                let (rows, known) = shop();
                let weeks = fit(&(rows.clone(), known.clone()), &NAMES, |z| z);
                let covariates = Covariates::new(&NAMES, &known).unwrap();
                let days = histories(&rows, TimeUnit::Day, 7.0);
                let days: Fitted = WithCovariates::fit(&days, &covariates).unwrap();
                for (got, want) in days.effects().iter().zip(weeks.effects()) {
                    let slack = 1e-9 * want.standard_error;
                    assert!((got.coefficient - want.coefficient).abs() < slack, "{got:?}");
                }
                let bases = [&days, &weeks].map(|fit| fit.model().base().parameters());
                for (i, counts_time) in $counts_time.into_iter().enumerate() {
                    let factor = if counts_time { 7.0 } else { 1.0 };
                    assert_close(bases[0][i].1, bases[1][i].1 * factor, 1e-9, bases[0][i].0);
                }
            }

            /// ln L falls on either side of the optimum along every effect, by ½ h² in standard errors where the rest
            /// follows.
            #[test]
            fn it_is_a_maximum_with_that_curvature() {
                let (rows, known) = shop();
                let fit_of = fit(&(rows.clone(), known.clone()), &NAMES, |z| z);
                let data = histories(&rows, TimeUnit::Week, 1.0);
                let covariates = Covariates::new(&NAMES, &known).unwrap();
                let (model, covariance) = (fit_of.model(), fit_of.covariance());
                for i in 0..covariance.len() {
                    let h = 0.02;
                    let lower = |sign: f64| {
                        let away = |j: usize| sign * h * covariance[i][j] / covariance[i][i].sqrt();
                        let named = model.base().parameters();
                        let [r, alpha, a, b] = std::array::from_fn(|j| named[j].1 + away(j));
                        let base = <$model>::new(TimeUnit::Week, r, alpha, a, b).unwrap();
                        let effects = model.effects().iter().enumerate();
                        let effects: Vec<Effect> = effects
                            .map(|(j, e)| {
                                Effect::new(&e.covariate, e.on, e.coefficient + away(4 + j))
                            })
                            .collect();
                        let near =
                            WithCovariates::new(base, &NAMES, model.tie(), &effects).unwrap();
                        fit_of.log_likelihood() - near.log_likelihood(&data, &covariates).unwrap()
                    };
                    assert!(lower(1.0) > 0.0 && lower(-1.0) > 0.0);
                    let fall = 0.5 * (lower(1.0) + lower(-1.0));
                    assert_close(fall, 0.5 * h * h, 5e-3, "the fall of ln L");
                }
            }

            /// A fit with fewer effects is nested in one with more, and a tied one in a separate one.
            #[test]
            fn more_effects_explain_more() {
                let (rows, known) = shop();
                let data = histories(&rows, TimeUnit::Week, 1.0);
                let covariates = Covariates::new(&NAMES, &known).unwrap();
                let of = |effects: &Effects| -> Fitted {
                    WithCovariates::fit_with(&data, &covariates, effects, &FitOptions::new())
                        .unwrap()
                };
                let all = of(&Effects::new());
                let rate = of(&Effects::new().on_dropout(&[]));
                let same = of(&Effects::new().tie(EffectTie::Same));
                let plain = <$model>::fit(&data).unwrap();
                for nested in [&rate, &same] {
                    let test = all.likelihood_ratio_test_of_nested(nested).unwrap();
                    let rise = 2.0 * (all.log_likelihood() - nested.log_likelihood());
                    assert_close(test.statistic, rise, 0.0, "rise");
                    let more = all.effects().len() - nested.effects().len();
                    assert_eq!(test.degrees_of_freedom, Some(more as f64));
                    let whole = all.likelihood_ratio_test(&plain).unwrap();
                    let part = nested.likelihood_ratio_test(&plain).unwrap();
                    assert_close(whole.statistic, part.statistic + test.statistic, 1e-8, "sum");
                    let refused = nested.likelihood_ratio_test_of_nested(&all).unwrap_err();
                    assert_eq!(refused.to_string(), "the other fit is no special case of this one");
                }
                // Quadratic where effects are small: Wald and likelihood ratio agree.
                let test = all.likelihood_ratio_test(&plain).unwrap();
                assert!(test.p_value.get() > 0.01, "numbers out of the air say nothing: {test:?}");
                let aic = |k: f64, ln_l: f64| 2.0 * k - 2.0 * ln_l;
                let k = 4.0 + all.effects().len() as f64;
                assert_close(all.aic(), aic(k, all.log_likelihood()), 1e-15, "AIC");
            }
        }
    };
}

/// Where nothing acts on dropout, no tie of dropout matters.
#[test]
fn a_tie_that_binds_nothing_does_not_matter() {
    let (rows, known) = shop();
    let data = histories(&rows, TimeUnit::Week, 1.0);
    let covariates = Covariates::new(&NAMES, &known).unwrap();
    let of = |effects: &Effects| -> Fit<WithCovariates<BgNbd>> {
        WithCovariates::fit_with(&data, &covariates, effects, &FitOptions::new()).unwrap()
    };
    let opposite = of(&Effects::new().tie(EffectTie::Opposite));
    let rate = of(&Effects::new().on_dropout(&[]));
    let test = opposite.likelihood_ratio_test_of_nested(&rate).unwrap();
    assert_eq!(test.degrees_of_freedom, Some(2.0));
    let rise = 2.0 * (opposite.log_likelihood() - rate.log_likelihood());
    assert_close(test.statistic, rise, 0.0, "rise");
    let some = of(&Effects::new().on_purchases(&[NAMES[0]]).tie(EffectTie::Same));
    let refused = opposite.likelihood_ratio_test_of_nested(&some).unwrap_err();
    assert_eq!(refused.to_string(), "the other fit is no special case of this one");
}

fit_laws!(bg_nbd_fits, BgNbd, [false, true, false, false]);
fit_laws!(mbg_nbd_fits, MbgNbd, [false, true, false, false]);
fit_laws!(pareto_nbd_fits, ParetoNbd, [false, true, false, true]);
