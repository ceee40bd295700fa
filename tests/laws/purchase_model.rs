//! What every purchase model obeys, whatever its parameters: one suite, run by `purchase_model_laws!`.

use goodwill::{
    DiscountRate, ErrorKind, Histories, History, Horizon, Probability, PurchaseModel, TimeUnit,
};
use proptest::prelude::*;

use crate::assert_at_most;
use crate::generate::log_uniform;
use crate::support::assert_close;

/// What rounding may do to an order that holds exactly.
const SLACK: f64 = 1e-11;

/// Histories in weeks: customers who never came back among them, and busy ones.
pub(crate) fn history(most: u32) -> impl Strategy<Value = History> {
    let frequency = prop_oneof![Just(0_u32), 1_u32..5, 1..=most];
    (frequency, 0.001_f64..=1.0, prop_oneof![1 => Just(0.0), 9 => log_uniform(1e-2, 1e4)]).prop_map(
        |(x, part, age)| {
            let x = if age > 0.0 { x } else { 0 };
            History::new(TimeUnit::Week, x, if x > 0 { part * age } else { 0.0 }, age).unwrap()
        },
    )
}

/// Histories of customers, in weeks.
pub(crate) fn histories() -> impl Strategy<Value = Vec<History>> {
    proptest::collection::vec(history(40), 0..20)
}

pub(crate) fn columns(rows: &[History]) -> Histories {
    let x: Vec<u32> = rows.iter().map(History::frequency).collect();
    let recency: Vec<f64> = rows.iter().map(History::recency).collect();
    let age: Vec<f64> = rows.iter().map(History::age).collect();
    Histories::new(TimeUnit::Week, &x, &recency, &age).unwrap()
}

/// Where nobody stays for ever, the expectations end, and a horizon that is far away reaches almost all.
pub(crate) fn expectations_end_at(
    model: &impl PurchaseModel,
    h: &History,
    want: f64,
    far: Horizon,
) {
    let ever = model.expected_purchases(h, Horizon::FOREVER).unwrap();
    assert_close(ever, want, 1e-13, "for ever");
    let near = model.expected_purchases(h, far).unwrap();
    assert_close(near, ever, 1e-6, "a very long horizon");
    let undiscounted = model.discounted_purchases(h, Horizon::FOREVER, continuous(0.0)).unwrap();
    assert_eq!(undiscounted.to_bits(), ever.to_bits());
    let little = model.discounted_purchases(h, Horizon::FOREVER, continuous(1e-15)).unwrap();
    assert_close(little, ever, 1e-5, "a rate that vanishes");
}

/// Without a rate, an expectation for ever exists where this parameter is above 1, and is the end of all others.
pub(crate) fn for_ever_without_a_rate_needs_more_than_1(
    model: &impl PurchaseModel,
    (name, parameter): (&str, f64),
    h: &History,
    length: f64,
) {
    let ever = model.expected_purchases(h, Horizon::FOREVER);
    assert_eq!(ever, model.discounted_purchases(h, Horizon::FOREVER, continuous(0.0)));
    match ever {
        Ok(ever) => {
            assert!(parameter > 1.0);
            let until = model.expected_purchases(h, weeks(length)).unwrap();
            assert_at_most(until, ever, SLACK, "for ever");
        }
        Err(error) => {
            assert!(parameter <= 1.0);
            assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
            assert!(error.to_string().contains(&format!("{name} = {parameter}")), "{error}");
        }
    }
}

pub(crate) fn weeks(length: f64) -> Horizon {
    Horizon::weeks(length).unwrap()
}

/// A rate whose δ is this per week.
pub(crate) fn continuous(delta: f64) -> DiscountRate {
    DiscountRate::new(delta.exp_m1(), TimeUnit::Week).unwrap()
}

/// The same customer, observed for `longer` without a purchase.
fn silent_for(history: &History, longer: f64) -> History {
    let age = history.age() + longer;
    History::new(TimeUnit::Week, history.frequency(), history.recency(), age).unwrap()
}

pub(crate) fn alive_is_a_probability_that_silence_lowers(
    model: &impl PurchaseModel,
    h: &History,
    longer: f64,
) {
    let alive = model.probability_alive(h).get();
    assert!((0.0..=1.0).contains(&alive));
    let later = model.probability_alive(&silent_for(h, longer)).get();
    assert_at_most(later, alive, SLACK, "P(alive) after more silence");
}

/// Nobody comes back to life, and the chance of a purchase is that of not none.
pub(crate) fn the_future_thins_out(model: &impl PurchaseModel, h: &History, length: f64) {
    let alive = |horizon| model.probability_alive_after(h, horizon).unwrap().get();
    let now = model.probability_alive(h).get();
    assert!((alive(weeks(0.0)) - now).abs() <= SLACK * now, "at once");
    assert_at_most(alive(weeks(length)), now, SLACK, "later");
    assert_at_most(alive(weeks(2.0 * length)), alive(weeks(length)), SLACK, "later still");
    assert_at_most(alive(Horizon::FOREVER), alive(weeks(2.0 * length)), SLACK, "at the end");
    for horizon in [weeks(0.0), weeks(length), Horizon::FOREVER] {
        let some = model.probability_of_purchase(h, horizon).unwrap().get();
        let none = model.purchase_probability(h, 0, horizon).unwrap().get();
        assert!((some + none - 1.0).abs() <= SLACK, "{some} + {none}");
        assert_at_most(some, now, SLACK, "who buys is alive");
    }
}

/// Ever slower, unless the model remembers the last purchase: a regular buyer who just came is not due yet.
pub(crate) fn expectations_start_at_0_and_grow(
    model: &impl PurchaseModel,
    h: &History,
    step: f64,
    ever_slower: bool,
) {
    let at = |k: u32| model.expected_purchases(h, weeks(f64::from(k) * step)).unwrap();
    assert_eq!(at(0).to_bits(), 0, "nothing happens at once");
    let mut rise = f64::INFINITY;
    for k in 1..=6 {
        assert_at_most(at(k - 1), at(k), SLACK, "expected purchases of a longer horizon");
        let next = at(k) - at(k - 1);
        assert!(!ever_slower || next <= rise + SLACK * at(k), "{k}: {next:e} after {rise:e}");
        rise = next;
    }
    let alive = model.probability_alive(h).get();
    assert!(at(6) > 0.0 || alive <= 0.0);
}

/// Σ P(n) = 1 and Σ n·P(n) = E, at a horizon where a few hundred n hold all.
pub(crate) fn probabilities_add_up(model: &impl PurchaseModel, h: &History, horizon: Horizon) {
    let (mut all, mut mean, mut largest) = (0.0, 0.0, 0.0_f64);
    let expected = model.expected_purchases(h, horizon).unwrap();
    for n in 0..3_000_u32 {
        let p = model.purchase_probability(h, n, horizon).unwrap().get();
        assert!((0.0..=1.0).contains(&p));
        all += p;
        mean += p * f64::from(n);
        largest = largest.max(p * f64::from(n));
        if n > 3 && f64::from(n) > expected && p * f64::from(n) < 1e-17 * largest {
            break;
        }
    }
    assert!((all - 1.0).abs() < 1e-10, "the probabilities add up to {all}");
    assert!((mean - expected).abs() <= 1e-9 * expected, "Σ n·P(n) is {mean:e}, E is {expected:e}");
    let at_once = model.purchase_probability(h, 0, weeks(0.0)).unwrap().get();
    assert_eq!(at_once.to_bits(), 1.0_f64.to_bits(), "nothing happens at once");
    assert_eq!(model.purchase_probability(h, 2, weeks(0.0)).unwrap().get().to_bits(), 0);
}

/// The span of the next purchase is the first in which it is as likely as asked.
pub(crate) fn the_next_purchase_is_the_inverse(model: &impl PurchaseModel, h: &History, p: f64) {
    let within = |horizon| model.probability_of_purchase(h, horizon).unwrap().get();
    match model.next_purchase_within(h, Probability::new(p).unwrap()) {
        Ok(Some(horizon)) => {
            let length = horizon.in_unit(TimeUnit::Week).unwrap();
            assert_at_most(p, within(horizon), SLACK, "at the span");
            assert_at_most(within(weeks(length * (1.0 - 1e-9))), p, SLACK, "before the span");
        }
        Ok(None) => assert_at_most(within(Horizon::FOREVER), p, SLACK, "for ever"),
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
            assert_at_most(within(weeks(1e306)), p, SLACK, "beyond f64");
        }
    }
}

pub(crate) fn a_newcomer_has_an_empty_history(model: &impl PurchaseModel, horizon: Horizon) {
    let new = History::new(TimeUnit::Week, 0, 0.0, 0.0).unwrap();
    let expected = |got: goodwill::Result<f64>| got.unwrap().to_bits();
    assert_eq!(
        expected(model.expected_purchases(&new, horizon)),
        expected(model.expected_purchases_of_newcomer(horizon))
    );
    for n in [0, 1, 2, 7] {
        let known = model.purchase_probability(&new, n, horizon);
        assert_eq!(known, model.purchase_probability_of_newcomer(n, horizon));
    }
}

/// e^{−δH}·E ≤ D ≤ E: each purchase is paid within the horizon. With a negative rate the other way round.
pub(crate) fn discounting_lies_between_its_ends(
    model: &impl PurchaseModel,
    h: &History,
    length: f64,
    delta: f64,
) {
    let horizon = weeks(length);
    let expected = model.expected_purchases(h, horizon).unwrap();
    let discounted = |delta| model.discounted_purchases(h, horizon, continuous(delta)).unwrap();
    let (now, then) = (discounted(delta), discounted(-delta));
    assert_at_most(now, expected, SLACK, "discounted");
    assert_at_most(expected * (-delta * length).exp(), now, SLACK, "paid at the end");
    assert_at_most(expected, then, SLACK, "at a negative rate");
    assert_at_most(
        then,
        expected * (delta * length).exp(),
        SLACK,
        "paid at the end, at a negative rate",
    );
    let none = model.discounted_purchases(h, horizon, DiscountRate::NONE).unwrap();
    assert_eq!(none.to_bits(), expected.to_bits(), "undiscounted");
    // As δ falls to 0, so does the difference.
    let little = discounted(delta * 1e-6);
    assert!((little - expected).abs() <= 2e-6 * delta * length * expected + SLACK * expected);
    assert_at_most(discounted(2.0 * delta), now, SLACK, "a higher rate");
}

/// The longer the horizon the more, and for ever the most, which no rate of purchase exceeds.
pub(crate) fn for_ever_is_the_end_of_horizons(
    model: &impl PurchaseModel,
    h: &History,
    length: f64,
    delta: f64,
) {
    let rate = continuous(delta);
    let value = |horizon| model.discounted_purchases(h, horizon, rate).unwrap();
    let ever = value(Horizon::FOREVER);
    assert_at_most(value(weeks(length)), value(weeks(2.0 * length)), SLACK, "a longer horizon");
    assert_at_most(value(weeks(2.0 * length)), ever, SLACK, "for ever");
    // After 60/δ all is discounted away; the rate of purchase only falls.
    let long = value(weeks(60.0 / delta));
    assert!((long - ever).abs() <= 1e-9 * ever, "{long:e} is not {ever:e} for ever");
    let error = model.discounted_purchases(h, Horizon::FOREVER, continuous(-delta)).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
}

pub(crate) fn the_batch_is_one_by_one(
    model: &impl PurchaseModel,
    rows: &[History],
    horizon: Horizon,
    delta: f64,
) {
    let column = |of: fn(&History) -> f64| rows.iter().map(of).collect::<Vec<_>>();
    let x: Vec<u32> = rows.iter().map(History::frequency).collect();
    let all = Histories::new(TimeUnit::Week, &x, &column(History::recency), &column(History::age))
        .unwrap();
    let bits = |values: Vec<f64>| values.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    let one_by_one = |of: &dyn Fn(&History) -> f64| bits(rows.iter().map(of).collect());
    assert_eq!(
        bits(model.probabilities_alive(&all).iter().map(|p| p.get()).collect()),
        one_by_one(&|h| model.probability_alive(h).get())
    );
    assert_eq!(
        bits(model.all_expected_purchases(&all, horizon).unwrap()),
        one_by_one(&|h| model.expected_purchases(h, horizon).unwrap())
    );
    let (alive, expected) = model.all_alive_and_expected_purchases(&all, horizon).unwrap();
    assert_eq!(alive, model.probabilities_alive(&all));
    assert_eq!(bits(expected), bits(model.all_expected_purchases(&all, horizon).unwrap()));
    for horizon in [horizon, Horizon::FOREVER] {
        assert_eq!(
            bits(model.all_discounted_purchases(&all, horizon, continuous(delta)).unwrap()),
            one_by_one(&|h| model.discounted_purchases(h, horizon, continuous(delta)).unwrap())
        );
    }
}

/// The same model with its time counted in another unit says the same.
pub(crate) fn the_unit_does_not_matter(
    one: &impl PurchaseModel,
    two: &impl PurchaseModel,
    h: &History,
    length: f64,
    delta: f64,
) {
    let same = |x: f64, y: f64, what| crate::support::assert_close(x, y, 1e-11, what);
    let pair = (one.probability_alive(h).get(), two.probability_alive(h).get());
    same(pair.0, pair.1, "P(alive)");
    let horizon = weeks(length);
    let expected = |x: goodwill::Result<f64>, y: goodwill::Result<f64>, what| {
        same(x.unwrap(), y.unwrap(), what);
    };
    expected(one.expected_purchases(h, horizon), two.expected_purchases(h, horizon), "expected");
    let rate = continuous(delta);
    for horizon in [horizon, Horizon::FOREVER] {
        expected(
            one.discounted_purchases(h, horizon, rate),
            two.discounted_purchases(h, horizon, rate),
            "discounted",
        );
    }
    for n in [0, 1, 5] {
        let p = (one.purchase_probability(h, n, horizon), two.purchase_probability(h, n, horizon));
        let p = (p.0.unwrap().get(), p.1.unwrap().get());
        assert!((p.0 - p.1).abs() <= 1e-11 * p.1.max(1e-250), "{p:?}");
    }
}

/// The suite for one model: `$models` are a strategy of the model at parameters of all sizes, `$small` one whose
/// purchase counts a few hundred terms hold, with a horizon that keeps to that. A model that remembers the last
/// purchase says so.
macro_rules! purchase_model_laws {
    ($models:expr, $small:expr, $in_days:expr) => {
        $crate::purchase_model::purchase_model_laws!(@ $models, $small, $in_days, true);
    };
    ($models:expr, $small:expr, $in_days:expr, remembers_recency) => {
        $crate::purchase_model::purchase_model_laws!(@ $models, $small, $in_days, false);
    };
    (@ $models:expr, $small:expr, $in_days:expr, $ever_slower:expr) => {
        use proptest::prelude::*;
        use $crate::generate::log_uniform;
        use $crate::purchase_model as laws;

        proptest! {
            #![proptest_config($crate::cases(256))]

            #[test]
            fn alive_is_a_probability_that_silence_lowers(
                model in $models,
                h in laws::history(300),
                longer in log_uniform(1e-3, 1e4),
            ) {
                laws::alive_is_a_probability_that_silence_lowers(&model, &h, longer);
            }

            #[test]
            fn the_future_thins_out(
                model in $models,
                h in laws::history(300),
                length in log_uniform(1e-2, 1e3),
            ) {
                laws::the_future_thins_out(&model, &h, length);
            }

            #[test]
            fn expectations_start_at_0_and_grow(
                model in $models,
                h in laws::history(300),
                step in log_uniform(1e-2, 1e3),
            ) {
                laws::expectations_start_at_0_and_grow(&model, &h, step, $ever_slower);
            }

            #[test]
            fn probabilities_add_up((model, h, horizon) in $small) {
                laws::probabilities_add_up(&model, &h, horizon);
            }

            #[test]
            fn the_next_purchase_is_the_inverse(
                model in $models,
                h in laws::history(300),
                p in prop_oneof![0.0_f64..1.0, Just(0.0), Just(1.0)],
            ) {
                laws::the_next_purchase_is_the_inverse(&model, &h, p);
            }

            #[test]
            fn a_newcomer_has_an_empty_history(model in $models, length in log_uniform(1e-2, 1e3)) {
                laws::a_newcomer_has_an_empty_history(&model, laws::weeks(length));
            }

            #[test]
            fn discounting_lies_between_its_ends(
                model in $models,
                h in laws::history(300),
                length in log_uniform(1e-2, 1e3),
                delta in log_uniform(1e-6, 1e-1),
            ) {
                laws::discounting_lies_between_its_ends(&model, &h, length, delta);
            }

            #[test]
            fn for_ever_is_the_end_of_horizons(
                model in $models,
                h in laws::history(300),
                length in log_uniform(1e-2, 1e3),
                delta in log_uniform(1e-6, 1e-1),
            ) {
                laws::for_ever_is_the_end_of_horizons(&model, &h, length, delta);
            }

            #[test]
            fn the_batch_is_one_by_one(
                model in $models,
                rows in proptest::collection::vec(laws::history(9), 0..8),
                length in log_uniform(1e-2, 1e3),
            ) {
                // Twice the same customers, so that the work is shared.
                let rows = [rows.as_slice(), &rows].concat();
                laws::the_batch_is_one_by_one(&model, &rows, laws::weeks(length), 0.002);
            }

            #[test]
            fn the_unit_does_not_matter(
                model in $models,
                h in laws::history(100),
                length in log_uniform(1e-2, 1e3),
                delta in log_uniform(1e-5, 1e-1),
            ) {
                laws::the_unit_does_not_matter(&model, &$in_days(&model), &h, length, delta);
            }

            #[test]
            fn a_model_survives_json(model in $models) {
                let json = serde_json::to_value(model).unwrap();
                prop_assert_eq!(serde_json::from_value(json).ok(), Some(model));
            }
        }
    };
}
pub(crate) use purchase_model_laws;
