//! Customers under contract: hostile tenures, parameters, renewals, horizons and rates.

use goodwill::lifetime::{Bdw, RetentionModel, Sbg, Tenure, Tenures};
use goodwill::{
    ConstantRetention, DiscountRate, FitOptions, Horizon, Probability, Result, TimeUnit,
};

use crate::fits::assert_honest;
use crate::table::{COUNTS, FLOATS, horizons};
use crate::{assert_finite, assert_kind, assert_message};

const YEAR: TimeUnit = TimeUnit::Year;
const SIZES: [f64; 6] = [f64::MIN_POSITIVE, 1e-8, 0.7, 3.0, 1e8, 1e300];

fn survivors(counts: &[u64]) -> Tenures {
    Tenures::from_survivors(YEAR, counts).unwrap()
}

#[test]
fn tenures() {
    let message = "survivors must lie in [0, those of the period before], but is 10 (row 2)";
    assert_message(Tenures::from_survivors(YEAR, &[10, 9, 10]), message);
    assert_message(Tenures::from_survivors(YEAR, &[]), "survivors must not be empty");
    let message = "survivors must lie in [1, ∞), but is 0 (row 0)";
    assert_message(Tenures::from_survivors(YEAR, &[0, 0]), message);
    let message = "renewal at which he left must lie in [1, ∞), but is 0 (row 1)";
    let bad = [Tenure::Active(0), Tenure::Left(0)];
    assert_message(Tenures::from_customers(YEAR, bad), message);
    let full = survivors(&[u64::MAX, 3]);
    assert_eq!(full.customers(), u64::MAX);
    assert_message(
        full.merge(&survivors(&[1])),
        "the number of customers has more digits than the type holds exactly",
    );
    let monthly = Tenures::from_survivors(TimeUnit::Month, &[5, 4]).unwrap();
    assert_message(
        full.merge(&monthly),
        "tenures in periods of a Year cannot be merged with those of a Month",
    );
    let none = Tenures::from_customers(YEAR, []).unwrap();
    assert_eq!((none.customers(), none.left_at(1), none.active_after(0)), (0, 0, 0));
    let far = Tenures::from_customers(YEAR, [Tenure::Left(u32::MAX)]).unwrap();
    assert_eq!((far.left_at(u32::MAX), far.period()), (1, YEAR));
}

#[test]
fn parameters() {
    for value in FLOATS {
        let good = value > 0.0 && value.is_finite();
        for (position, name) in ["alpha", "beta", "c"].into_iter().enumerate() {
            let mut all = [1.0; 3];
            all[position] = value;
            let bdw = Bdw::new(YEAR, all[0], all[1], all[2]);
            let message = format!("{name} must lie in (0, ∞), but is {value}");
            if good {
                let model = bdw.unwrap();
                assert_eq!(model.parameters()[position].1.to_bits(), value.to_bits());
                let read = [model.alpha(), model.beta(), model.c()];
                assert_eq!(read.map(f64::to_bits), all.map(f64::to_bits));
            } else {
                assert_message(bdw, &message);
            }
            if position < 2 {
                let sbg = Sbg::new(YEAR, all[0], all[1]);
                if good {
                    let model = sbg.unwrap();
                    assert_eq!(model.parameters()[position].1.to_bits(), value.to_bits());
                    assert_eq!(model.alpha().to_bits(), all[0].to_bits());
                    assert_eq!(model.beta().to_bits(), all[1].to_bits());
                } else {
                    assert_message(sbg, &message);
                }
            }
        }
    }
}

/// Everything that a retention model can be asked.
fn ask(
    model: &(impl RetentionModel + std::fmt::Debug),
    horizons: &[Horizon],
    rates: &[DiscountRate],
) {
    assert_eq!(model.period(), YEAR);
    let chance = |got: Result<Probability>, what: &dyn Fn() -> String| {
        let _ = assert_finite(got.map(Probability::get), &["Undefined"], what);
    };
    for renewals in COUNTS {
        let what = || format!("{model:?} {renewals}");
        chance(model.survival(renewals), &what);
        if renewals == 0 {
            assert_message(model.retention(0), "renewal must lie in [1, ∞), but is 0");
            assert_kind(model.churn(0), "OutOfDomain");
            assert_kind(model.churn_probability(0), "OutOfDomain");
        } else {
            chance(model.retention(renewals), &what);
            chance(model.churn(renewals), &what);
            chance(model.churn_probability(renewals), &what);
        }
    }
    let positive = |got: Result<f64>, what: &dyn Fn() -> String| {
        let got = assert_finite(got, &["Undefined", "OutOfDomain"], what);
        assert!(got.is_none_or(|got| got >= 0.0), "{}: {got:?}", what());
    };
    for &rate in rates {
        for renewals in [0, 1_000, u32::MAX] {
            let what = || format!("{model:?} {renewals} {rate:?}");
            positive(model.elasticity_of_expected_residual_lifetime(renewals, rate), &what);
            positive(model.mean_elasticity_of_residual_lifetime(renewals, rate), &what);
            for &horizon in horizons {
                let what = || format!("{model:?} {renewals} {rate:?} {horizon:?}");
                positive(model.discounted_residual_lifetime(renewals, horizon, rate), &what);
                positive(model.discounted_lifetime(horizon, rate), &what);
            }
        }
    }
}

fn rates() -> Vec<DiscountRate> {
    let rates = [-0.999_999, 0.0, 1e-300, 1e-8, 0.1, 1e300];
    rates.map(|rate| DiscountRate::annual(rate).unwrap()).to_vec()
}

#[test]
fn questions() {
    let short: Vec<Horizon> = horizons()
        .into_iter()
        .filter(|h| h.in_unit(YEAR).is_none_or(|y| !(1e3..=1e6).contains(&y)))
        .collect();
    let few: Vec<Horizon> = short.iter().copied().step_by(9).chain([Horizon::FOREVER]).collect();
    for alpha in SIZES {
        for beta in SIZES {
            ask(&Sbg::new(YEAR, alpha, beta).unwrap(), &few, &rates());
        }
    }
    for retention in [0.0, f64::MIN_POSITIVE, 0.8, 1.0 - f64::EPSILON, 1.0] {
        ask(&ConstantRetention::new(YEAR, Probability::new(retention).unwrap()), &short, &rates());
    }
}

/// Sums without a closed form, so fewer of them.
#[test]
fn questions_of_bdw() {
    let ends = [Horizon::FOREVER, Horizon::years(0.0).unwrap(), Horizon::years(3.0).unwrap()];
    let rates = &rates()[..];
    for alpha in [f64::MIN_POSITIVE, 0.7, 1e300] {
        for beta in [1e-8, 1e8] {
            for c in [f64::MIN_POSITIVE, 0.3, 1e300] {
                ask(&Bdw::new(YEAR, alpha, beta, c).unwrap(), &ends, &[rates[4]]);
            }
        }
    }
    ask(&Bdw::new(YEAR, 0.7, 1.3, 1.2).unwrap(), &ends, rates);
}

#[test]
fn messages() {
    let sbg = Sbg::new(YEAR, 0.7, 1.3).unwrap();
    assert_message(
        sbg.discounted_lifetime(Horizon::FOREVER, DiscountRate::NONE),
        "discounted lifetime for ever is undefined: customers stay infinitely long on average where α ≤ 1, \
         and α = 0.7",
    );
    assert_message(
        sbg.discounted_lifetime(Horizon::FOREVER, DiscountRate::annual(-0.1).unwrap()),
        "discounted lifetime for ever is undefined: at a negative rate, payments infinitely late are worth \
         infinitely much",
    );
    assert_message(
        Bdw::new(YEAR, 0.7, 1.3, 1.2)
            .unwrap()
            .discounted_lifetime(Horizon::FOREVER, DiscountRate::NONE),
        "discounted lifetime for ever is undefined: at rate 0 that is infinite unless αc > 1, and αc = 0.84",
    );
    assert_message(
        sbg.discounted_lifetime(Horizon::years(2.5).unwrap(), DiscountRate::NONE),
        "horizon in periods must lie in the whole numbers, but is 2.5",
    );
    assert_message(
        sbg.discounted_lifetime(Horizon::years(2e6).unwrap(), DiscountRate::NONE),
        "horizon in periods must lie in [0, 10⁶] or for ever, but is 2000000",
    );
    assert_message(
        sbg.log_likelihood(&Tenures::from_survivors(TimeUnit::Month, &[5, 4]).unwrap()),
        "a model in periods of a Year cannot judge tenures in periods of a Month",
    );
}

#[test]
fn tenures_that_say_too_little() {
    let cohorts: [&[u64]; 14] = [
        &[1],
        &[1, 0],
        &[1, 1, 0],
        &[9, 0, 0, 0],
        &[9, 9, 9, 9],
        &[9, 8],
        &[9, 9, 9, 9, 0],
        &[1_000, 500, 250, 125, 62],
        &[1_000, 900, 700, 400, 100, 0],
        &[1_000, 500, 499, 499, 499, 499],
        &[u64::MAX, u64::MAX / 2, u64::MAX / 3],
        &[1_000_000, 1, 1, 1],
        &[3, 2, 1, 0],
        &[2, 2, 2, 1, 1],
    ];
    for cohort in cohorts {
        let tenures = survivors(cohort);
        for iterations in [0, 1, 3, 200] {
            let options = FitOptions::new().max_iterations(iterations);
            assert_honest(Sbg::fit_with(&tenures, &options));
            assert_honest(Bdw::fit_with(&tenures, &options));
        }
        let far = [Tenure::Left(u32::MAX), Tenure::Left(1), Tenure::Active(7)];
        let far = Tenures::from_customers(YEAR, far).unwrap().merge(&survivors(&[9, 8]).clone());
        assert_honest(Sbg::fit(&far.unwrap()));
        if cohort.len() > 1 {
            assert_honest(ConstantRetention::fit(&tenures));
            let level = Probability::constant(0.95);
            let interval = ConstantRetention::interval(&tenures, level).unwrap();
            assert!(interval.lower() <= interval.value() && interval.value() <= interval.upper());
        }
        for (alpha, beta) in [(1e-300, 1e300), (1e300, 1e-300), (0.7, 1.3)] {
            let what = || format!("{alpha} {beta} {cohort:?}");
            let (sbg, bdw) = (Sbg::new(YEAR, alpha, beta), Bdw::new(YEAR, alpha, beta, 2.0));
            assert_finite(sbg.unwrap().log_likelihood(&tenures), &["Undefined"], what);
            assert_finite(bdw.unwrap().log_likelihood(&tenures), &["Undefined"], what);
        }
        for retention in [0.0, 0.5, 1.0] {
            let model = ConstantRetention::new(YEAR, Probability::constant(retention));
            assert_finite(model.log_likelihood(&tenures), &["Undefined"], || format!("{cohort:?}"));
        }
    }
    let none = Tenures::from_customers(YEAR, []).unwrap();
    assert_message(Sbg::fit(&none), "tenures must not be empty");
    assert_message(Bdw::fit(&none), "tenures must not be empty");
    assert_message(ConstantRetention::fit(&none), "renewals that came up must not be empty");
    assert_kind(ConstantRetention::interval(&none, Probability::constant(0.9)), "Empty");
    assert_kind(ConstantRetention::interval(&survivors(&[9, 8]), Probability::ONE), "OutOfDomain");
    assert_message(
        Sbg::fit(&survivors(&[9, 9, 9])),
        "the data do not identify alpha of the sBG model: nobody has left, so that any small chance to leave \
         fits; observe longer",
    );
    assert_message(
        Sbg::fit(&survivors(&[9, 8])),
        "the data do not identify alpha, beta of the sBG model: fewer renewals have been seen than it has \
         parameters; observe longer",
    );
    assert_kind(ConstantRetention::fit(&survivors(&[9, 9])), "NotIdentified");
}

#[test]
fn simulations() {
    for size in SIZES {
        for other in SIZES {
            for renewals in [0, 1, u32::MAX] {
                let models = (Sbg::new(YEAR, size, other), Bdw::new(YEAR, size, other, 0.5));
                let sbg = models.0.unwrap().simulate(20, renewals, 7);
                let bdw = models.1.unwrap().simulate(20, renewals, 7);
                for got in [sbg, bdw] {
                    match got {
                        Ok(tenures) => assert_eq!(tenures.customers(), 20),
                        Err(error) => assert_eq!(crate::kind(&error), "Undefined", "{error}"),
                    }
                }
            }
        }
    }
}
