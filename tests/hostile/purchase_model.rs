//! What is asked of every purchase model at parameters, histories, horizons and rates of all sizes: a finite number,
//! or `Undefined`.

use std::fmt::Debug;

use goodwill::{
    DiscountRate, Histories, History, Horizon, Probability, PurchaseModel, Result, TimeUnit,
};

use crate::table::{COUNTS, FLOATS, UNITS, horizons};
use crate::{assert_finite, assert_kind, assert_message};

/// Every choice of four parameters from a list.
pub(crate) fn choices(sizes: &[f64]) -> Vec<[f64; 4]> {
    let n = sizes.len();
    let choice = |i: usize| [i, i / n, i / (n * n), i / (n * n * n)].map(|digit| sizes[digit % n]);
    (0..n.pow(4)).map(choice).collect()
}

/// Sizes to the ends of f64, and sizes far from each other of which products still exist.
pub(crate) const ENDS: [f64; 5] = [f64::MIN_POSITIVE, 1e-8, 1.0, 1e8, f64::MAX];
pub(crate) const SIZES: [f64; 5] = [1e-300, 1e-8, 1.0, 1e8, 1e300];

/// Every `step`th model of these sizes, so that each size meets each other.
pub(crate) fn models<M>(sizes: &[f64], step: usize, model: fn([f64; 4]) -> M) -> Vec<M> {
    choices(sizes).into_iter().step_by(step).map(model).collect()
}

/// Histories of the ends of what one may be.
pub(crate) fn histories() -> Vec<History> {
    let times = [f64::MIN_POSITIVE, 1e-8, 1.0, 40.0, 1e8, 1e300];
    let mut all = Vec::new();
    for age in times.into_iter().chain([0.0]) {
        all.extend(History::new(TimeUnit::Week, 0, 0.0, age));
        for x in COUNTS {
            for recency in [age, 0.5 * age, f64::MIN_POSITIVE] {
                all.extend(History::new(TimeUnit::Week, x, recency, age));
            }
        }
    }
    all
}

/// Every float as every parameter: taken if it lies in `(0, ∞)`, else refused by its name.
pub(crate) fn parameters<M: PurchaseModel + Debug>(
    names: [&str; 4],
    model: impl Fn([f64; 4]) -> Result<M>,
    read: impl Fn(&M) -> [f64; 4],
) {
    for (position, name) in names.into_iter().enumerate() {
        for value in FLOATS {
            let mut all = [1.0; 4];
            all[position] = value;
            let got = model(all);
            if value > 0.0 && value.is_finite() {
                let model = got.unwrap();
                assert_eq!(read(&model).map(f64::to_bits), all.map(f64::to_bits));
                assert_eq!(model.unit(), TimeUnit::Week);
            } else {
                assert_message(got, &format!("{name} must lie in (0, ∞), but is {value}"));
            }
        }
    }
}

pub(crate) fn probability_alive_and_likelihood<M: PurchaseModel + Debug>(
    models: &[M],
    log_likelihood: impl Fn(&M, &History) -> Result<f64>,
) {
    for model in models {
        for history in histories() {
            let alive = model.probability_alive(&history).get();
            assert!((0.0..=1.0).contains(&alive), "{model:?} {history:?}: {alive}");
            let what = || format!("{model:?} {history:?}");
            assert_finite(log_likelihood(model, &history), &["Undefined"], what);
        }
    }
}

pub(crate) fn expected_purchases<M: PurchaseModel + Debug>(models: &[M]) {
    let lengths =
        [0.0, 1e-300, 1.0, 39.0, 1e8, 1e300].map(|length| Horizon::weeks(length).unwrap());
    for model in models {
        for horizon in lengths.into_iter().chain([Horizon::FOREVER]) {
            let what = || format!("{model:?} {horizon:?}");
            assert_finite(model.expected_purchases_of_newcomer(horizon), &["Undefined"], what);
            for history in histories() {
                let what = || format!("{model:?} {history:?} {horizon:?}");
                let if_alive = model.expected_purchases_if_alive(&history, horizon);
                for got in [model.expected_purchases(&history, horizon), if_alive] {
                    let got = assert_finite(got, &["Undefined"], what);
                    assert!(got.is_none_or(|got| got >= 0.0), "{}: {got:?}", what());
                }
            }
        }
    }
}

pub(crate) fn probabilities_of_the_future<M: PurchaseModel + Debug>(models: &[M]) {
    let lengths = [0.0, 1e-300, 39.0, 1e300].map(|length| Horizon::weeks(length).unwrap());
    for model in models {
        for horizon in lengths.into_iter().chain([Horizon::FOREVER]) {
            for history in histories().into_iter().step_by(5) {
                let what = || format!("{model:?} {history:?} {horizon:?}");
                let p = model.probability_alive_after(&history, horizon);
                assert_finite(p.map(Probability::get), &["Undefined"], what);
                let p = model.probability_of_purchase(&history, horizon);
                assert_finite(p.map(Probability::get), &["Undefined"], what);
            }
        }
    }
}

pub(crate) fn probabilities_of_counts<M: PurchaseModel + Debug>(models: &[M], every: usize) {
    let lengths = [0.0, 1e-300, 39.0, 1e300].map(|length| Horizon::weeks(length).unwrap());
    for model in models {
        for horizon in lengths.into_iter().chain([Horizon::FOREVER]) {
            for n in COUNTS {
                let p = model.purchase_probability_of_newcomer(n, horizon);
                let what = || format!("{model:?} {n} {horizon:?}");
                assert_finite(p.map(Probability::get), &["Undefined"], what);
                for history in histories().into_iter().step_by(every) {
                    let what = || format!("{model:?} {history:?} {n} {horizon:?}");
                    let p = model.purchase_probability(&history, n, horizon);
                    let p = assert_finite(p.map(Probability::get), &["Undefined"], what);
                    assert!(p.is_none_or(|p| (0.0..=1.0).contains(&p)));
                }
            }
        }
    }
}

fn rates() -> Vec<DiscountRate> {
    let rates = [-0.999_999, -1e-300, 0.0, 1e-300, 1e-8, 0.1, 1e300];
    rates.map(|rate| DiscountRate::annual(rate).unwrap()).to_vec()
}

pub(crate) fn discounted_purchases<M: PurchaseModel + Debug>(models: &[M]) {
    let lengths = [0.0, 1e-300, 39.0, 1e300].map(|length| Horizon::weeks(length).unwrap());
    for model in models {
        for horizon in lengths.into_iter().chain([Horizon::FOREVER]) {
            for rate in rates() {
                for history in histories().into_iter().step_by(29) {
                    let what = || format!("{model:?} {history:?} {horizon:?} {rate:?}");
                    let if_alive = model.discounted_purchases_if_alive(&history, horizon, rate);
                    for got in [model.discounted_purchases(&history, horizon, rate), if_alive] {
                        let got = assert_finite(got, &["Undefined"], what);
                        assert!(got.is_none_or(|got| got >= 0.0), "{}: {got:?}", what());
                    }
                }
            }
        }
    }
}

/// The parameters of a shop, and everything else hostile: what is finite is not refused.
pub(crate) fn a_shop_in_hostile_surroundings(model: &impl PurchaseModel) {
    for history in histories().into_iter().filter(|history| history.age() < 1e9) {
        for horizon in horizons() {
            let what = || format!("{history:?} {horizon:?}");
            let got = model.expected_purchases(&history, horizon);
            match assert_finite(got, &["Undefined"], what) {
                Some(expected) => assert!(expected >= 0.0),
                None => assert!(
                    horizon.in_unit(TimeUnit::Day).is_none_or(|days| days > 1e200),
                    "{}",
                    what()
                ),
            }
        }
        for rate in rates() {
            for length in [0.0, 39.0, 1e8, 1e100, 1e300] {
                let horizon = Horizon::weeks(length).unwrap();
                let got = model.discounted_purchases(&history, horizon, rate);
                let loss = rate.per(TimeUnit::Year) < 0.0;
                let what = || format!("{history:?} {horizon:?} {rate:?}");
                let got = assert_finite(got, &["Undefined"], what);
                assert!(got.is_some() || loss || length > 1e100, "{}", what());
            }
        }
    }
}

/// The batch calls at no customer and at all; for ever is `Undefined` for the model of a shop.
pub(crate) fn the_batch<M: PurchaseModel + Debug>(
    model: &M,
    log_likelihood: impl Fn(&M, &Histories) -> Result<f64>,
) {
    let none = Histories::new(TimeUnit::Day, &[], &[], &[]).unwrap();
    assert!(model.probabilities_alive(&none).is_empty());
    assert!(model.all_expected_purchases(&none, Horizon::FOREVER).unwrap().is_empty());
    let rate = DiscountRate::annual(-0.5).unwrap();
    assert!(model.all_discounted_purchases(&none, Horizon::FOREVER, rate).unwrap().is_empty());
    assert_eq!(log_likelihood(model, &none).unwrap().to_bits(), 0);

    let all = histories();
    let column = |of: fn(&History) -> f64| all.iter().map(of).collect::<Vec<_>>();
    let x: Vec<u32> = all.iter().map(History::frequency).collect();
    for unit in UNITS {
        let (recency, age) = (column(History::recency), column(History::age));
        let histories = Histories::new(unit, &x, &recency, &age).unwrap();
        let alive = model.probabilities_alive(&histories);
        assert!(alive.iter().all(|p| (0.0..=1.0).contains(&p.get())));
        let expected = model.all_expected_purchases(&histories, Horizon::weeks(39.0).unwrap());
        assert!(expected.unwrap().iter().all(|expected| expected.is_finite()));
        let both =
            model.all_alive_and_expected_purchases(&histories, Horizon::weeks(39.0).unwrap());
        assert_eq!(both.unwrap().0, alive);
        let what = || format!("{unit:?}");
        assert_finite(log_likelihood(model, &histories), &["Undefined"], what);
    }
    let one = Histories::new(TimeUnit::Week, &[0], &[0.0], &[1.0]).unwrap();
    assert_kind(model.all_expected_purchases(&one, Horizon::FOREVER), "Undefined");
    assert_kind(model.all_alive_and_expected_purchases(&one, Horizon::FOREVER), "Undefined");
    assert_kind(model.all_discounted_purchases(&one, Horizon::FOREVER, rate), "Undefined");
}

pub(crate) fn a_negative_rate_for_ever(model: &impl PurchaseModel) {
    let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86).unwrap();
    let negative = DiscountRate::annual(-0.1).unwrap();
    assert_message(
        model.discounted_purchases(&customer, Horizon::FOREVER, negative),
        "discounted purchases is undefined: at a negative rate, purchases infinitely late are worth \
         infinitely much",
    );
}
