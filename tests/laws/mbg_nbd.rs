//! MBG/NBD: the suite of purchase models and of their fits, and what ties it to BG/NBD.

use goodwill::{BgNbd, History, Horizon, MbgNbd, PurchaseModel, TimeUnit};

use crate::likelihood::likelihood_laws;
use crate::purchase_fit::purchase_fit_laws;
use crate::purchase_model::{continuous, purchase_model_laws, weeks};
use crate::support::assert_close;

fn weekly([r, alpha, a, b]: [f64; 4]) -> MbgNbd {
    MbgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap()
}

fn model() -> impl Strategy<Value = MbgNbd> {
    let any = || log_uniform(1e-3, 1e3);
    (any(), any(), any(), any()).prop_map(|(r, alpha, a, b)| weekly([r, alpha, a, b]))
}

/// A customer with a shape of 40 at most, ahead as long as he has been observed: a count that falls by half
/// with each purchase.
fn small() -> impl Strategy<Value = (MbgNbd, History, Horizon)> {
    let any = || log_uniform(1e-3, 1e3);
    let history = crate::purchase_model::history(30);
    (log_uniform(1e-3, 10.0), any(), any(), any(), history, 0.01_f64..1.0).prop_map(
        |(r, alpha, a, b, h, part)| (weekly([r, alpha, a, b]), h, weeks((alpha + h.age()) * part)),
    )
}

fn in_days(model: &MbgNbd) -> MbgNbd {
    let [r, alpha, a, b] = model.parameters().map(|(_, value)| value);
    MbgNbd::new(TimeUnit::Day, r, alpha * 7.0, a, b).unwrap()
}

purchase_model_laws!(model(), small(), in_days);
likelihood_laws!(model(), in_days);
purchase_fit_laws!(goodwill::MbgNbd, [false, true, false, false]);

/// The BG/NBD of those who did not leave after their first purchase.
fn of_those_who_stayed(model: &MbgNbd) -> BgNbd {
    let [r, alpha, a, b] = model.parameters().map(|(_, value)| value);
    BgNbd::new(TimeUnit::Week, r, alpha, a, b + 1.0).unwrap()
}

proptest! {
    #![proptest_config(crate::cases(256))]

    /// Who came back did not leave after his first purchase, and from then on is a customer of BG/NBD.
    #[test]
    fn who_came_back_is_a_customer_of_bg_nbd(
        model in model(),
        x in 1_u32..100,
        part in 0.001_f64..=1.0,
        age in log_uniform(1e-2, 1e4),
        length in log_uniform(1e-2, 1e3),
    ) {
        let h = History::new(TimeUnit::Week, x, part * age, age).unwrap();
        let stayed = of_those_who_stayed(&model);
        let same = |got: f64, want: f64, what| assert_close(got, want, 1e-12, what);
        let alive = (model.probability_alive(&h).get(), stayed.probability_alive(&h).get());
        same(alive.0, alive.1, "P(alive)");
        let horizon = weeks(length);
        same(
            model.expected_purchases(&h, horizon).unwrap(),
            stayed.expected_purchases(&h, horizon).unwrap(),
            "expected purchases",
        );
        let stays = (model.b() / (model.a() + model.b())).ln();
        let (got, want) = (
            model.log_likelihood_of(&h).unwrap(),
            stayed.log_likelihood_of(&h).unwrap() + stays,
        );
        prop_assert!((got - want).abs() <= 1e-11 * (1.0 + want.abs() + stays.abs()));
    }

    /// Of the newcomers, those who stay are customers of BG/NBD; the others never come back.
    #[test]
    fn a_newcomer_stays_or_leaves_at_once(
        model in model(),
        age in log_uniform(1e-2, 1e4),
        length in log_uniform(1e-2, 1e3),
    ) {
        let (stayed, horizon) = (of_those_who_stayed(&model), weeks(length));
        let (a, b) = (model.a(), model.b());
        let (stays, leaves) = (b / (a + b), a / (a + b));
        let expected = model.expected_purchases_of_newcomer(horizon).unwrap();
        let want = stays * stayed.expected_purchases_of_newcomer(horizon).unwrap();
        assert_close(expected, want, 1e-12, "expected purchases");
        for n in [0, 1, 4] {
            let got = model.purchase_probability_of_newcomer(n, horizon).unwrap().get();
            let want = stays * stayed.purchase_probability_of_newcomer(n, horizon).unwrap().get()
                + if n == 0 { leaves } else { 0.0 };
            // Who is gone is 1 − P(alive), with the digits of 1.
            prop_assert!((got - want).abs() <= 1e-12 * want + 2e-16, "{n}: {got} is not {want}");
        }
        let silent = History::new(TimeUnit::Week, 0, 0.0, age).unwrap();
        let none = stayed.log_likelihood_of(&silent).unwrap().exp();
        let got = model.log_likelihood_of(&silent).unwrap().exp();
        // e to a logarithm of some hundreds has lost three digits.
        assert_close(got, leaves + stays * none, 1e-12, "L of no repeat");
        let alive = model.probability_alive(&silent).get();
        assert_close(alive, stays * none / (leaves + stays * none), 1e-11, "P(alive)");
    }

    #[test]
    fn for_ever_without_a_rate_needs_a_above_1(
        model in model(),
        h in crate::purchase_model::history(100),
    ) {
        let ever = model.expected_purchases(&h, Horizon::FOREVER);
        let undiscounted = model.discounted_purchases(&h, Horizon::FOREVER, continuous(0.0));
        prop_assert_eq!(&ever, &undiscounted);
        if model.a() > 1.0 {
            let (a, n) = (model.a(), f64::from(h.frequency()) + 1.0);
            let alive = model.probability_alive(&h).get();
            let want = alive * (a + model.b() + n - 1.0) / (a - 1.0);
            assert_close(ever.unwrap(), want, 1e-12, "for ever");
        } else {
            let error = ever.unwrap_err().to_string();
            prop_assert!(error.contains(&format!("a = {}", model.a())), "{error}");
        }
    }
}
