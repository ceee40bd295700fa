//! BG/NBD: the table of purchase models, its parameters and its messages.

use goodwill::{BgNbd, Histories, History, Horizon, Probability, PurchaseModel, TimeUnit};

use crate::purchase_model as table;
use crate::table::PARAMETERS;
use crate::{assert_kind, assert_message};

fn model([r, alpha, a, b]: [f64; 4]) -> BgNbd {
    BgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap()
}

fn shop() -> BgNbd {
    model([0.243, 4.414, 0.793, 2.426])
}

#[test]
fn parameters() {
    let new = |[r, alpha, a, b]: [f64; 4]| BgNbd::new(TimeUnit::Week, r, alpha, a, b);
    table::parameters(["r", "alpha", "a", "b"], new, |model| {
        let named = model.parameters().map(|(_, value)| value.to_bits());
        let read = [model.r(), model.alpha(), model.a(), model.b()];
        assert_eq!(read.map(f64::to_bits), named);
        read
    });
}

#[test]
fn probability_alive_and_likelihood() {
    table::probability_alive_and_likelihood(
        &table::models(&PARAMETERS, 1, model),
        BgNbd::log_likelihood_of,
    );
}

#[test]
fn expected_purchases() {
    table::expected_purchases(&table::models(&table::ENDS, 4, model));
}

#[test]
fn probabilities_of_the_future() {
    table::probabilities_of_the_future(&table::models(&table::SIZES, 1, model));
}

#[test]
fn probabilities_of_counts() {
    table::probabilities_of_counts(&table::models(&table::SIZES, 1, model), 5);
}

#[test]
fn discounted_purchases() {
    // An integral each, so one in five of 3⁴ models.
    table::discounted_purchases(&table::models(&[1e-300, 1.0, 1e300], 5, model));
}

#[test]
fn a_shop_in_hostile_surroundings() {
    table::a_shop_in_hostile_surroundings(&shop());
}

#[test]
fn the_batch() {
    table::the_batch(&shop(), BgNbd::log_likelihood);
}

#[test]
fn messages() {
    let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86).unwrap();
    assert_message(
        shop().expected_purchases(&customer, Horizon::FOREVER),
        "expected purchases for ever is undefined: customers stay infinitely long on average where a ≤ 1, \
         and a = 0.793",
    );
    table::a_negative_rate_for_ever(&shop());
}

#[test]
fn the_next_purchase() {
    for model in table::models(&table::SIZES, 1, model) {
        for history in table::histories().into_iter().step_by(7) {
            for probability in [0.0, 1e-300, 0.5, 1.0 - f64::EPSILON, 1.0] {
                let probability = Probability::new(probability).unwrap();
                match model.next_purchase_within(&history, probability) {
                    Ok(None) => {}
                    Ok(Some(horizon)) => {
                        assert!(horizon.in_unit(TimeUnit::Day).is_some_and(f64::is_finite));
                        assert!(probability <= model.probability_alive(&history));
                    }
                    Err(error) => assert_kind::<()>(Err(error), "Undefined"),
                }
            }
        }
    }
}

#[test]
fn simulated_customers() {
    let ages = [0.0, 1e-300, 1e-8, 1.0, 1e8, 1e300];
    let some = table::histories().into_iter().step_by(11).collect::<Vec<_>>();
    let column = |of: fn(&History) -> f64| some.iter().map(of).collect::<Vec<_>>();
    let x: Vec<u32> = some.iter().map(History::frequency).collect();
    let (recency, age) = (column(History::recency), column(History::age));
    let known = Histories::new(TimeUnit::Week, &x, &recency, &age).unwrap();
    for model in table::models(&table::ENDS, 7, model) {
        match model.simulate(&ages, 1) {
            Ok(simulated) => {
                let lives = model.simulate_purchase_times(&ages, 1).unwrap();
                assert_eq!(simulated.len(), lives.len());
            }
            Err(error) => assert_kind::<()>(Err(error), "Undefined"),
        }
        let rows = Histories::new(TimeUnit::Day, &x[..3], &recency[..3], &age[..3]).unwrap();
        for histories in [&rows, &known] {
            match model.simulate_future(histories, Horizon::weeks(1.0).unwrap(), 1) {
                Ok(all) => assert!(all.iter().flatten().all(|t| (0.0..=1.0).contains(t))),
                Err(error) => assert_kind::<()>(Err(error), "Undefined"),
            }
        }
    }
    let model = model([0.243, 4.414, 0.793, 2.426]);
    assert_message(model.simulate(&[1.0, -1.0], 1), "age must lie in [0, ∞), but is -1 (row 1)");
    assert_message(
        model.simulate_future(&known, Horizon::FOREVER, 1),
        "simulation for ever is undefined: it has no end; give a horizon",
    );
}
