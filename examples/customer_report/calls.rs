//! Who is most worth a call.

use crate::report::{Call, Customer};

/// Repeat buyers by what is lost if they are gone. One-time buyers are not in it: the model calls every one
/// of them certainly alive.
pub(crate) fn calls<'a>(customers: &[Customer<'a>]) -> Vec<Call<'a>> {
    let call = |customer: &Customer<'a>| {
        let frequency = customer.frequency.filter(|&frequency| frequency > 0)?;
        let silence = customer.age? - customer.recency?;
        let probability_alive = customer.probability_alive.filter(|&alive| alive > 0.0)?;
        let value_given_alive = customer.lifetime_value? / probability_alive;
        let at_stake = value_given_alive * (1.0 - probability_alive);
        let call = Call {
            id: customer.id,
            frequency,
            silence,
            probability_alive,
            value_given_alive,
            at_stake,
        };
        (at_stake > 0.0 && at_stake.is_finite()).then_some(call)
    };
    let mut calls: Vec<Call> = customers.iter().filter_map(call).collect();
    calls.sort_by(|a, b| b.at_stake.total_cmp(&a.at_stake));
    calls
}
