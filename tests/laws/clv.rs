//! Lifetime value: linear in what a purchase brings, and its two ways of discounting against each other.

use goodwill::{
    BgNbd, DiscountRate, Discounting, Histories, History, Horizon, PurchaseModel, TimeUnit,
    Valuation, customer_lifetime_value, customer_lifetime_value_if_alive, customer_lifetime_values,
};
use proptest::prelude::*;

use crate::assert_at_most;
use crate::generate::log_uniform;
use crate::purchase_model::history;
use crate::support::assert_close;

fn model() -> impl Strategy<Value = BgNbd> {
    let any = || log_uniform(1e-2, 1e2);
    (any(), any(), any(), any())
        .prop_map(|(r, alpha, a, b)| BgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap())
}

fn months(length: f64) -> Horizon {
    Horizon::months(length).unwrap()
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn value_is_linear_in_margin_and_spend(
        model in model(),
        h in history(60),
        rate in 0.0_f64..0.5,
        margin in -2.0_f64..2.0,
        spend in log_uniform(1e-2, 1e4),
        steps in any::<bool>(),
    ) {
        let rate = DiscountRate::annual(rate).unwrap();
        let plain = Valuation::new(months(12.0), rate);
        let plain =
            if steps { plain.discounting(Discounting::EndOfStep(months(1.0))) } else { plain };
        let value = |valuation: &Valuation, spend| {
            customer_lifetime_value(&model, spend, &h, valuation).unwrap()
        };
        let one = value(&plain, 1.0);
        let with_margin = plain.margin(margin).unwrap();
        assert_close(
            value(&with_margin, spend),
            margin * spend * one,
            1e-14,
            "margin × spend × purchases",
        );
        prop_assert_eq!(value(&plain, -spend).to_bits(), (-value(&plain, spend)).to_bits());
        if !steps {
            let purchases = model.discounted_purchases(&h, months(12.0), rate).unwrap();
            prop_assert_eq!(one.to_bits(), purchases.to_bits());
        }
    }

    /// The value as scored is P(alive) times the value if alive, however it is discounted.
    #[test]
    fn the_doubt_is_counted_once(
        model in model(),
        h in history(60),
        rate in 0.0_f64..0.5,
        spend in log_uniform(1e-2, 1e4),
        steps in any::<bool>(),
    ) {
        let plain = Valuation::new(months(12.0), DiscountRate::annual(rate).unwrap());
        let plain = plain.margin(0.3).unwrap();
        let year =
            if steps { plain.discounting(Discounting::EndOfStep(months(1.0))) } else { plain };
        let scored = customer_lifetime_value(&model, spend, &h, &year).unwrap();
        let if_alive = customer_lifetime_value_if_alive(&model, spend, &h, &year).unwrap();
        let alive = model.probability_alive(&h).get();
        assert_close(scored, alive * if_alive, if steps { 1e-12 } else { 1e-14 }, "P(alive) × V");
    }

    /// A purchase within a step is paid up to a step later: e^{−δΔ}·continuous ≤ stepwise ≤ continuous.
    #[test]
    fn steps_pay_later(
        model in model(),
        h in history(60),
        rate in 0.0_f64..0.5,
        count in 1_u32..24,
    ) {
        let rate = DiscountRate::annual(rate).unwrap();
        let horizon = months(f64::from(count));
        let continuous = Valuation::new(horizon, rate);
        let value =
            |valuation: Valuation| customer_lifetime_value(&model, 1.0, &h, &valuation).unwrap();
        let stepwise = |step| value(continuous.discounting(Discounting::EndOfStep(step)));
        let (most, got) = (value(continuous), stepwise(months(1.0)));
        assert_at_most(got, most, 1e-10, "paid later");
        let delay = (-rate.continuous_per(TimeUnit::Month)).exp();
        assert_at_most(most * delay, got, 1e-10, "by a month at most");
        assert_at_most(stepwise(horizon), got, 1e-10, "one step is the longest delay");
        let expected = model.expected_purchases(&h, horizon).unwrap();
        let undiscounted = Valuation::new(horizon, DiscountRate::NONE)
            .discounting(Discounting::EndOfStep(months(1.0)));
        assert_close(value(undiscounted), expected, 1e-11, "without a rate");
        let whole = expected * (-rate.continuous_per(TimeUnit::Month) * f64::from(count)).exp();
        assert_close(stepwise(horizon), whole, 1e-11, "one step");
    }

    #[test]
    fn the_batch_is_one_by_one(
        model in model(),
        rows in proptest::collection::vec((history(9), -9.0_f64..99.0), 0..8),
        steps in any::<bool>(),
    ) {
        let x: Vec<u32> = rows.iter().map(|(h, _)| h.frequency()).collect();
        let column = |of: fn(&History) -> f64| rows.iter().map(|(h, _)| of(h)).collect::<Vec<_>>();
        let histories =
            Histories::new(TimeUnit::Week, &x, &column(History::recency), &column(History::age))
                .unwrap();
        let spends: Vec<f64> = rows.iter().map(|&(_, spend)| spend).collect();
        let valuation =
            Valuation::new(months(6.0), DiscountRate::annual(0.1).unwrap()).margin(0.3).unwrap();
        let valuation = if steps {
            valuation.discounting(Discounting::EndOfStep(months(0.5)))
        } else {
            valuation
        };
        let all = customer_lifetime_values(&model, &spends, &histories, &valuation).unwrap();
        for ((h, spend), got) in rows.iter().zip(all) {
            let one = customer_lifetime_value(&model, *spend, h, &valuation).unwrap();
            prop_assert_eq!(one.to_bits(), got.to_bits());
        }
    }
}
