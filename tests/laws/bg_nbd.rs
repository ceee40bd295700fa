//! BG/NBD: the suite of purchase models, its own limits, and its likelihood.

use goodwill::{BgNbd, History, Horizon, PurchaseModel, TimeUnit};

use crate::likelihood::likelihood_laws;
use crate::purchase_fit::purchase_fit_laws;
use crate::purchase_model::{
    expectations_end_at, for_ever_without_a_rate_needs_more_than_1, purchase_model_laws, weeks,
};

fn model() -> impl Strategy<Value = BgNbd> {
    let any = || log_uniform(1e-3, 1e3);
    (any(), any(), any(), any())
        .prop_map(|(r, alpha, a, b)| BgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap())
}

/// A customer with a shape of 40 at most, ahead as long as he has been observed: a count that falls by half
/// with each purchase.
fn small() -> impl Strategy<Value = (BgNbd, History, Horizon)> {
    let any = || log_uniform(1e-3, 1e3);
    let part = 0.01_f64..1.0;
    let history = crate::purchase_model::history(30);
    (log_uniform(1e-3, 10.0), any(), any(), any(), history, part).prop_map(
        |(r, alpha, a, b, h, part)| {
            let model = BgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap();
            (model, h, weeks((alpha + h.age()) * part))
        },
    )
}

fn in_days(model: &BgNbd) -> BgNbd {
    BgNbd::new(TimeUnit::Day, model.r(), model.alpha() * 7.0, model.a(), model.b()).unwrap()
}

purchase_model_laws!(model(), small(), in_days);
likelihood_laws!(model(), in_days);
purchase_fit_laws!(goodwill::BgNbd, [false, true, false, false]);

proptest! {
    #![proptest_config(crate::cases(256))]

    /// Nobody leaves but after a repeat purchase.
    #[test]
    fn a_one_time_buyer_is_alive(model in model(), age in log_uniform(1e-2, 1e4)) {
        let h = History::new(TimeUnit::Week, 0, 0.0, age).unwrap();
        prop_assert_eq!(model.probability_alive(&h).get().to_bits(), 1.0_f64.to_bits());
    }
}

/// Where nobody stays for ever, the expectations end: (a + b + x − 1)/(a − 1), reached from below.
fn assert_end(model: &BgNbd, h: &History) {
    let x = f64::from(h.frequency());
    let want =
        (model.a() + model.b() + x - 1.0) / (model.a() - 1.0) * model.probability_alive(h).get();
    expectations_end_at(model, h, want, weeks(1e14 * (model.alpha() + h.age())));
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn for_ever_without_a_rate_needs_a_above_1(
        model in model(),
        h in crate::purchase_model::history(100),
        length in log_uniform(1e-2, 1e6),
    ) {
        for_ever_without_a_rate_needs_more_than_1(&model, ("a", model.a()), &h, length);
    }

    #[test]
    fn expectations_end_where_customers_do(
        r in 2.0_f64..50.0,
        alpha in log_uniform(1e-2, 1e2),
        a in 3.0_f64..50.0,
        b in log_uniform(1e-2, 1e2),
        h in crate::purchase_model::history(50),
    ) {
        assert_end(&BgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap(), &h);
    }
}
