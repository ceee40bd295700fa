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

/// Every `step`th of the models, so that each size meets each other.
fn some(sizes: &[f64], step: usize) -> Vec<MbgNbd> {
    table::choices(sizes).into_iter().map(model).step_by(step).collect()
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
    table::probability_alive_and_likelihood(&some(&PARAMETERS, 1), MbgNbd::log_likelihood_of);
}

#[test]
fn everything_else() {
    table::expected_purchases(&some(&[f64::MIN_POSITIVE, 1e-8, 1.0, 1e8, f64::MAX], 8));
    table::probabilities_of_the_future(&some(&[1e-300, 1e-8, 1.0, 1e8, 1e300], 2));
    table::probabilities_of_counts(&some(&[1e-300, 1e-8, 1.0, 1e8, 1e300], 4), 5);
    table::discounted_purchases(&some(&[1e-300, 1.0, 1e300], 5));
}

#[test]
fn a_shop_in_hostile_surroundings() {
    table::a_shop_in_hostile_surroundings(&shop());
    table::the_batch(&shop(), MbgNbd::log_likelihood);
    table::a_negative_rate_for_ever(&shop());
}
