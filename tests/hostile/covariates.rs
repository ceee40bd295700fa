//! Static covariates: designs, effects and fits that say too little or the same twice, refused by name.

use goodwill::lifetime::{Covariates, Effect, EffectOn, EffectTie, Effects, WithCovariates};
use goodwill::{
    BgNbd, Fit, FitOptions, Histories, Horizon, MbgNbd, ParetoNbd, Prior, Probability, Result,
    TimeUnit,
};

use crate::fits::histories;
use crate::support::rows;
use crate::table::{FLOATS, PARAMETERS, SUBNORMAL};
use crate::{assert_finite, assert_kind, assert_message, row};

fn shop() -> BgNbd {
    BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap()
}

/// Every tenth customer of CDNOW: (x, `t_x`, T).
fn cdnow_rows() -> Vec<(u32, f64, f64)> {
    let rows = rows("cdnow_customers.csv").into_iter().step_by(10);
    rows.map(|row| (row[1] as u32, row[2], row[3])).collect()
}

pub(crate) fn cdnow() -> Histories {
    histories(&cdnow_rows())
}

/// One covariate of those customers.
fn known(of: impl Fn(usize) -> f64) -> Covariates {
    let rows: Vec<[f64; 1]> = (0..cdnow().len()).map(|i| [of(i)]).collect();
    Covariates::new(&["z"], &rows).unwrap()
}

fn flag(i: usize) -> f64 {
    f64::from(i * 7 % 11 < 4)
}

#[test]
fn designs() {
    for value in FLOATS {
        let got = Covariates::new(&["z", "w"], &[[1.0, 2.0], [3.0, value]]);
        if value.is_finite() {
            let got = got.unwrap();
            assert_eq!(got.row(1).unwrap()[1].to_bits(), (value + 0.0).to_bits());
            assert_eq!((got.len(), got.is_empty(), got.row(2)), (2, false, None));
            assert_eq!(got.names(), ["z", "w"]);
        } else {
            assert_eq!(row(got.as_ref().unwrap_err()), Some(1));
            let message = format!("covariate must lie in (-∞, ∞), but is {value} (row 1)");
            assert_message(got, &message);
        }
    }
    let empty: [[f64; 0]; 0] = [];
    assert_message(Covariates::new(&[], &empty), "covariates must not be empty");
    assert_message(Covariates::new(&["a", " "], &empty), "name of a covariate must not be empty");
    assert_message(Covariates::new(&["a", "a"], &empty), "there are two covariates a");
    let ragged = [vec![1.0, 2.0], vec![1.0]];
    assert_message(
        Covariates::new(&["a", "b"], &ragged),
        "a row of covariates holds 1 values, but there are 2: a, b (row 1)",
    );
    let nobody = Covariates::new(&["a"], &empty).unwrap();
    assert!(nobody.is_empty());
    assert_eq!((nobody.row(0), nobody.row(usize::MAX)), (None, None));
}

#[test]
fn known_effects() {
    let new = |effects: &[Effect], tie| WithCovariates::new(shop(), &["z", "w"], tie, effects);
    let rate = |coefficient| Effect::new("z", EffectOn::PurchaseRate, coefficient);
    for value in FLOATS {
        let got =
            new(&[rate(0.1), Effect::new("w", EffectOn::PurchaseRate, value)], EffectTie::Separate);
        if value.is_finite() {
            let model = got.unwrap();
            assert_eq!(model.effects()[1].coefficient.to_bits(), value.to_bits());
            assert_eq!(model.parameters()[5], ("effect on the purchase rate", value));
            assert_eq!((model.base(), model.unit()), (&shop(), TimeUnit::Week));
            assert_eq!((model.tie(), model.covariates().len()), (EffectTie::Separate, 2));
        } else {
            let message = format!("coefficient must lie in (-∞, ∞), but is {value} (row 1)");
            assert_message(got, &message);
        }
    }
    assert_message(
        new(&[Effect::new("v", EffectOn::DropoutA, 1.0)], EffectTie::Same),
        "there is no covariate v; the covariates are z, w",
    );
    assert_message(
        new(&[rate(1.0), rate(2.0)], EffectTie::Same),
        "covariate z has two entries for its effect on the purchase rate",
    );
    for (on, tie) in [
        (EffectOn::DropoutRate, EffectTie::Separate),
        (EffectOn::DropoutB, EffectTie::Same),
        (EffectOn::DropoutB, EffectTie::Opposite),
    ] {
        let name = if on == EffectOn::DropoutB { "b" } else { "the dropout rate" };
        assert_message(
            new(&[Effect::new("z", on, 1.0)], tie),
            &format!("the BG/NBD with covariates model has no free effect on {name}"),
        );
    }
    let pareto = ParetoNbd::new(TimeUnit::Week, 0.5, 10.0, 0.6, 11.0).unwrap();
    assert_message(
        WithCovariates::new(
            pareto,
            &["z"],
            EffectTie::Separate,
            &[Effect::new("z", EffectOn::DropoutA, 1.0)],
        ),
        "the Pareto/NBD with covariates model has no free effect on a",
    );
    let none: [&str; 0] = [];
    assert_message(
        WithCovariates::new(shop(), &none, EffectTie::Separate, &[]),
        "covariates must not be empty",
    );
}

/// Any covariate at any coefficient and any base: a model inside its domain, or `Undefined`.
#[test]
fn models_of_hostile_customers() {
    for size in PARAMETERS {
        let base = BgNbd::new(TimeUnit::Week, size, size, size, size).unwrap();
        for coefficient in FLOATS.into_iter().filter(|value| value.is_finite()) {
            let effects = [EffectOn::PurchaseRate, EffectOn::DropoutA]
                .map(|on| Effect::new("z", on, coefficient));
            let model = WithCovariates::new(base, &["z"], EffectTie::Opposite, &effects).unwrap();
            for z in FLOATS {
                match model.for_covariates(&[z]) {
                    Ok(own) => {
                        let inside =
                            own.parameters().into_iter().all(|(_, p)| p > 0.0 && p < f64::INFINITY);
                        assert!(inside && z.is_finite(), "{own:?}");
                    }
                    Err(_) if !z.is_finite() => {
                        assert_kind(model.for_covariates(&[z]), "OutOfDomain");
                    }
                    Err(_) => assert_kind(model.for_covariates(&[z]), "Undefined"),
                }
            }
        }
    }
    let effect = Effect::new("z", EffectOn::PurchaseRate, -1.0);
    let model = WithCovariates::new(shop(), &["z"], EffectTie::Separate, &[effect]).unwrap();
    assert_message(
        model.for_covariates(&[1e3]),
        "model for covariates is undefined: alpha leaves the range of f64 at covariates [1000.0]",
    );
    assert_message(
        model.for_covariates(&[1.0, 2.0]),
        "a row of covariates holds 2 values, but there are 1: z",
    );
}

#[test]
fn predictions() {
    let effect = Effect::new("z", EffectOn::PurchaseRate, 0.4);
    let model = WithCovariates::new(shop(), &["z"], EffectTie::Separate, &[effect]).unwrap();
    let histories = Histories::new(TimeUnit::Week, &[2, 0], &[30.43, 0.0], &[38.86; 2]).unwrap();
    let week = Horizon::weeks(1.0).unwrap();
    let short = Covariates::new(&["z"], &[[1.0]]).unwrap();
    let other = Covariates::new(&["w"], &[[1.0], [0.0]]).unwrap();
    let length = "histories and covariates must have the same length, but have 2 and 1";
    let names = "the covariates of the model are z, in this order, but those given are w";
    for (covariates, message) in [(&short, length), (&other, names)] {
        assert_message(model.log_likelihood(&histories, covariates), message);
        assert_message(model.probabilities_alive(&histories, covariates), message);
        assert_message(model.all_expected_purchases(&histories, covariates, week), message);
    }
    for z in [f64::MAX, f64::MIN, SUBNORMAL, 1e3, -1e3, 0.0] {
        let known = Covariates::new(&["z"], &[[0.0], [z]]).unwrap();
        if let Ok(all) = model.all_expected_purchases(&histories, &known, week) {
            assert!(all.iter().all(|x| x.is_finite()), "{z}: {all:?}");
            assert!(model.probabilities_alive(&histories, &known).unwrap()[1] >= Probability::ZERO);
        } else {
            assert_kind(model.all_expected_purchases(&histories, &known, week), "Undefined");
        }
        let got = model.log_likelihood(&histories, &known);
        assert_finite(got, &["Undefined"], || format!("ln L at {z}"));
    }
    let ever = Horizon::FOREVER;
    let known = Covariates::new(&["z"], &[[0.0], [1.0]]).unwrap();
    assert_kind(model.all_expected_purchases(&histories, &known, ever), "Undefined");
    let nobody = Histories::new(TimeUnit::Week, &[], &[], &[]).unwrap();
    let empty: [[f64; 1]; 0] = [];
    let nothing = Covariates::new(&["z"], &empty).unwrap();
    assert_eq!(model.probabilities_alive(&nobody, &nothing).unwrap(), []);
    assert_eq!(model.log_likelihood(&nobody, &nothing).unwrap().to_bits(), 0.0_f64.to_bits());
}

fn fit(covariates: &Covariates) -> Result<Fit<WithCovariates<BgNbd>>> {
    WithCovariates::fit(&cdnow(), covariates)
}

#[test]
fn columns_that_say_nothing_are_refused_by_name() {
    let customers = cdnow();
    let n = customers.len();
    assert_message(fit(&known(|_| 3.0)), "covariate z is the same for all");
    assert_message(
        fit(&known(|i| 1e16 + f64::from(i % 2 == 0))),
        "covariate z is the same for all",
    );
    assert_message(
        fit(&known(|i| if i == 0 { f64::MIN } else { f64::MAX })),
        "covariate z has a range beyond f64",
    );
    let pair = |of: &dyn Fn(usize) -> [f64; 3]| {
        let rows: Vec<[f64; 3]> = (0..n).map(of).collect();
        Covariates::new(&["basket", "friend", "both"], &rows).unwrap()
    };
    let same = pair(&|i| [i as f64, flag(i), 3.0 * i as f64 - 2.0 * flag(i) + 7.0]);
    let message = "covariate both says nothing that those before it do not say";
    assert_message(fit(&same), message);
    let dummies = pair(&|i| [f64::from(i % 3 == 0), f64::from(i % 3 == 1), f64::from(i % 3 == 2)]);
    assert_message(fit(&dummies), message);
    // On purchases and on dropout they may say the same.
    let twin = pair(&|i| [flag(i), i as f64, flag(i)]);
    let apart = Effects::new().on_purchases(&["basket", "friend"]).on_dropout(&["both"]);
    let got: Fit<WithCovariates<BgNbd>> =
        WithCovariates::fit_with(&customers, &twin, &apart, &FitOptions::new()).unwrap();
    assert_eq!(got.effects().len(), 4);

    let of = |effects: &Effects| -> Result<Fit<WithCovariates<BgNbd>>> {
        WithCovariates::fit_with(&customers, &known(flag), effects, &FitOptions::new())
    };
    assert_message(
        of(&Effects::new().on_purchases(&["y"])),
        "there is no covariate y; the covariates are z",
    );
    assert_message(
        of(&Effects::new().on_purchases(&[]).on_dropout(&[])),
        "covariate z acts on nothing",
    );
    let short = Covariates::new(&["z"], &[[1.0]]).unwrap();
    assert_message(
        fit(&short),
        "histories and covariates must have the same length, but have 236 and 1",
    );
    let empty: [[f64; 1]; 0] = [];
    let nobody = Histories::new(TimeUnit::Week, &[], &[], &[]).unwrap();
    assert_message(
        WithCovariates::<MbgNbd>::fit(&nobody, &Covariates::new(&["z"], &empty).unwrap()),
        "histories must not be empty",
    );
    let tied = Effects::new().on_dropout(&[]).tie(EffectTie::Same);
    assert_message(
        WithCovariates::<ParetoNbd>::fit_with(&customers, &known(flag), &tied, &FitOptions::new()),
        "the effects on dropout are tied to those on purchases, so that the same covariates must act on both",
    );
}

/// Nobody with the flag has bought again: his rate may be as small as it likes.
#[test]
fn an_effect_without_an_end_is_named() {
    let customers = cdnow();
    let never =
        |i: usize| f64::from(customers.get(i).unwrap().frequency() == 0 && i.is_multiple_of(3));
    let rate = Effects::new().on_dropout(&[]);
    let got: Result<Fit<WithCovariates<BgNbd>>> =
        WithCovariates::fit_with(&customers, &known(never), &rate, &FitOptions::new());
    let message = got.unwrap_err().to_string();
    let start = "BG/NBD with covariates is undefined: the effect on the purchase rate of covariate z has no end \
                 (it passed -";
    assert!(message.starts_with(start), "{message}");
    assert!(message.ends_with("leave it out, or join categories"), "{message}");
}

/// Any numbers as a covariate: finite reports, or a typed error.
#[test]
fn hostile_columns() {
    for (i, one) in FLOATS.into_iter().enumerate() {
        let column: Vec<f64> = FLOATS.into_iter().filter(|x| x.is_finite()).collect();
        let mixed = known(|row| column[(row + i) % column.len()]);
        let two = if one.is_finite() {
            known(|row| if flag(row) > 0.0 { one } else { 1.0 })
        } else {
            mixed.clone()
        };
        for covariates in [mixed, two] {
            match fit(&covariates) {
                Ok(fit) => {
                    let all = fit.covariance().iter().flatten().copied();
                    let effects = fit.effects();
                    let of =
                        |e: &goodwill::lifetime::EffectEstimate| [e.coefficient, e.standard_error];
                    let numbers = all.chain(effects.iter().flat_map(of));
                    assert!(numbers.chain([fit.log_likelihood()]).all(f64::is_finite), "{fit:?}");
                    assert!(effects.iter().all(|effect| effect.standard_error > 0.0));
                }
                Err(error) => {
                    let kinds = ["Inconsistent", "Undefined", "NotIdentified", "NotConverged"];
                    assert!(kinds.contains(&crate::kind(&error)), "{error}");
                    assert!(!error.to_string().contains("NaN"), "{error}");
                }
            }
        }
    }
}

#[test]
fn reports_and_options() {
    let customers = cdnow();
    let covariates = known(flag);
    let fitted = fit(&covariates).unwrap();
    let effect = &fitted.effects()[0];
    for level in [0.0, 1.0] {
        assert_kind(effect.multiplier(Probability::new(level).unwrap()), "OutOfDomain");
    }
    let wide = fit(&known(|i| 1e-5 * flag(i))).unwrap();
    assert_message(
        wide.effects()[0].multiplier(Probability::constant(0.95)),
        "multiplier is undefined: it leaves the range of f64",
    );
    assert_message(fitted.wald_test_of("y"), "there is no covariate y; the covariates are z");
    let few = Histories::new(TimeUnit::Week, &[2; 9], &[30.0; 9], &[39.0; 9]).unwrap();
    let nine: Vec<[f64; 1]> = (0..9).map(|i| [flag(i)]).collect();
    let nine = Covariates::new(&["z"], &nine).unwrap();
    assert_kind(WithCovariates::<BgNbd>::fit(&few, &nine), "NotIdentified");

    let plain = BgNbd::fit(&customers).unwrap();
    let prior = Prior::number(0.25, 0.5).unwrap();
    let with_prior = FitOptions::new().prior("r", prior);
    let penalised: Fit<WithCovariates<BgNbd>> =
        WithCovariates::fit_with(&customers, &covariates, &Effects::new(), &with_prior).unwrap();
    assert!(penalised.penalised_log_likelihood() < penalised.log_likelihood());
    assert!(penalised.log_likelihood() < fitted.log_likelihood());
    assert_eq!(plain.free_parameters(), 4);
    let message = "a fit with priors has no likelihood-ratio test";
    assert_message(penalised.likelihood_ratio_test(&plain), message);
    assert_message(
        fitted.likelihood_ratio_test_of_nested(&penalised),
        "the other fit is no special case of this one",
    );
    let fewer = histories(&cdnow_rows()[..200]);
    assert_message(
        fitted.likelihood_ratio_test(&BgNbd::fit(&fewer).unwrap()),
        "the fits are of 236 and of 200 customers",
    );
    // Purchases that lie closer together have a higher density.
    let dense: Vec<_> = cdnow_rows().iter().map(|&(x, t, age)| (x, t / 52.0, age / 52.0)).collect();
    assert_message(
        fitted.likelihood_ratio_test(&BgNbd::fit(&histories(&dense)).unwrap()),
        "the fit without effects has the higher likelihood: it is of other customers",
    );
    let none = FitOptions::new().max_iterations(0);
    let got: Result<Fit<WithCovariates<BgNbd>>> =
        WithCovariates::fit_with(&customers, &covariates, &Effects::new(), &none);
    assert_kind(got, "NotConverged");
}
