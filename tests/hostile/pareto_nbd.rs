//! Pareto/NBD: the table of purchase models, its parameters and its messages.

use goodwill::{History, Horizon, ParetoNbd, PurchaseModel, TimeUnit};

use crate::assert_message;
use crate::purchase_model as table;
use crate::table::PARAMETERS;

fn model([r, alpha, s, beta]: [f64; 4]) -> ParetoNbd {
    ParetoNbd::new(TimeUnit::Week, r, alpha, s, beta).unwrap()
}

fn shop() -> ParetoNbd {
    model([0.553, 10.578, 0.606, 11.669])
}

#[test]
fn parameters() {
    let new = |[r, alpha, s, beta]: [f64; 4]| ParetoNbd::new(TimeUnit::Week, r, alpha, s, beta);
    table::parameters(["r", "alpha", "s", "beta"], new, |model| {
        let named = model.parameters().map(|(_, value)| value.to_bits());
        let read = [model.r(), model.alpha(), model.s(), model.beta()];
        assert_eq!(read.map(f64::to_bits), named);
        read
    });
}

#[test]
fn probability_alive_and_likelihood() {
    table::probability_alive_and_likelihood(
        &table::models(&PARAMETERS, 37, model),
        ParetoNbd::log_likelihood_of,
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
    table::probabilities_of_counts(&table::models(&table::SIZES, 23, model), 11);
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
    table::the_batch(&shop(), ParetoNbd::log_likelihood);
}

#[test]
fn messages() {
    let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86).unwrap();
    assert_message(
        shop().expected_purchases(&customer, Horizon::FOREVER),
        "expected purchases for ever is undefined: customers stay infinitely long on average where s ≤ 1, \
         and s = 0.606",
    );
    table::a_negative_rate_for_ever(&shop());
}
