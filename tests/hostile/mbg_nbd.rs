//! MBG/NBD: the table of purchase models.

use goodwill::{MbgNbd, TimeUnit};

use crate::purchase_model as table;
use crate::table::PARAMETERS;

fn model([r, alpha, a, b]: [f64; 4]) -> MbgNbd {
    MbgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap()
}

fn shop() -> MbgNbd {
    model([0.525, 6.183, 0.891, 1.614])
}

#[test]
fn parameters() {
    let new = |[r, alpha, a, b]: [f64; 4]| MbgNbd::new(TimeUnit::Week, r, alpha, a, b);
    table::parameters(["r", "alpha", "a", "b"], new, |model| {
        model.parameters().map(|(_, value)| value)
    });
}

#[test]
fn probability_alive_and_likelihood() {
    table::probability_alive_and_likelihood(
        &table::models(&PARAMETERS, 1, model),
        MbgNbd::log_likelihood_of,
    );
}

#[test]
fn everything_else() {
    table::expected_purchases(&table::models(&table::ENDS, 8, model));
    table::probabilities_of_the_future(&table::models(&table::SIZES, 2, model));
    table::probabilities_of_counts(&table::models(&table::SIZES, 4, model), 5);
    table::discounted_purchases(&table::models(&[1e-300, 1.0, 1e300], 5, model));
}

#[test]
fn a_shop_in_hostile_surroundings() {
    table::a_shop_in_hostile_surroundings(&shop());
    table::the_batch(&shop(), MbgNbd::log_likelihood);
    table::a_negative_rate_for_ever(&shop());
}
