//! Pareto/NBD: the suite of purchase models, its own limits, and its likelihood.

use goodwill::{History, Horizon, ParetoNbd, PurchaseModel, TimeUnit};

use crate::likelihood::likelihood_laws;
use crate::purchase_fit::purchase_fit_laws;
use crate::purchase_model::{
    continuous, expectations_end_at, for_ever_without_a_rate_needs_more_than_1,
    purchase_model_laws, weeks,
};
use crate::support::{assert_close, json, number};

fn weekly(r: f64, alpha: f64, s: f64, beta: f64) -> ParetoNbd {
    ParetoNbd::new(TimeUnit::Week, r, alpha, s, beta).unwrap()
}

/// Parameters of all sizes; every third with α and β (nearly) equal or with s (nearly) 1.
fn model() -> impl Strategy<Value = ParetoNbd> {
    let any = || log_uniform(1e-3, 1e3);
    let near = prop_oneof![Just(0.0), log_uniform(1e-16, 1e-2)];
    (any(), any(), any(), any(), near, 0..6).prop_map(
        |(r, alpha, s, beta, near, kind)| match kind {
            0 => weekly(r, alpha, s, alpha * (1.0 + near)),
            1 => weekly(r, alpha, 1.0 + near, beta),
            _ => weekly(r, alpha, s, beta),
        },
    )
}

/// A customer with a shape of 40 at most, ahead as long as he has been observed: a count that falls by half
/// with each purchase.
fn small() -> impl Strategy<Value = (ParetoNbd, History, Horizon)> {
    let any = || log_uniform(1e-3, 1e3);
    let history = crate::purchase_model::history(30);
    (log_uniform(1e-3, 10.0), any(), any(), any(), history, 0.01_f64..1.0).prop_map(
        |(r, alpha, s, beta, h, part)| {
            (weekly(r, alpha, s, beta), h, weeks((alpha + h.age()) * part))
        },
    )
}

fn in_days(model: &ParetoNbd) -> ParetoNbd {
    let [r, alpha, s, beta] = model.parameters().map(|(_, value)| value);
    ParetoNbd::new(TimeUnit::Day, r, alpha * 7.0, s, beta * 7.0).unwrap()
}

purchase_model_laws!(model(), small(), in_days);
likelihood_laws!(model(), in_days);
purchase_fit_laws!(goodwill::ParetoNbd, [false, true, false, true]);

/// Where nobody stays for ever, the expectations end, reached from below: (r + x)/(α + T)·(β + T)/(s − 1).
fn assert_end(model: &ParetoNbd, h: &History) {
    let rate = (model.r() + f64::from(h.frequency())) / (model.alpha() + h.age());
    let stay = (model.beta() + h.age()) / (model.s() - 1.0);
    let want = rate * stay * model.probability_alive(h).get();
    expectations_end_at(model, h, want, weeks(1e8 * (model.beta() + h.age())));
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn for_ever_without_a_rate_needs_s_above_1(
        model in model(),
        h in crate::purchase_model::history(100),
        length in log_uniform(1e-2, 1e6),
    ) {
        for_ever_without_a_rate_needs_more_than_1(&model, ("s", model.s()), &h, length);
    }

    #[test]
    fn expectations_end_where_customers_do(
        r in 2.0_f64..50.0,
        alpha in log_uniform(1e-2, 1e2),
        s in 3.0_f64..50.0,
        beta in log_uniform(1e-2, 1e2),
        h in crate::purchase_model::history(50),
    ) {
        assert_end(&weekly(r, alpha, s, beta), &h);
    }

    /// Everything moves smoothly through s = 1 and α = β: a step of ε moves it by at most some ε.
    #[test]
    fn smooth_where_the_closed_forms_divide_by_zero(
        r in log_uniform(1e-2, 10.0),
        alpha in log_uniform(1e-1, 1e2),
        h in crate::purchase_model::history(30),
        length in log_uniform(1e-2, 1e3),
        step in log_uniform(1e-14, 1e-6),
        lower in any::<bool>(),
    ) {
        let step = if lower { -step } else { step };
        let at = weekly(r, alpha, 1.0, alpha);
        let all = |model: &ParetoNbd| {
            let rate = continuous(0.01);
            [
                model.log_likelihood_of(&h).unwrap(),
                model.probability_alive(&h).get(),
                model.expected_purchases(&h, weeks(length)).unwrap(),
                model.discounted_purchases(&h, Horizon::FOREVER, rate).unwrap(),
                model.purchase_probability(&h, 2, weeks(length)).unwrap().get(),
            ]
        };
        let size = 100.0 * (1.0 + f64::from(h.frequency())) * step.abs() + 1e-12;
        for near in [weekly(r, alpha, 1.0 + step, alpha), weekly(r, alpha, 1.0, alpha * (1.0 + step))] {
            for (got, want) in all(&near).into_iter().zip(all(&at)) {
                prop_assert!((got - want).abs() <= size * want.abs() + 1e-300, "{got} from {want}");
            }
        }
    }

    /// As s falls to 0 nobody leaves, and purchases are negative binomial.
    #[test]
    fn nobody_leaves_as_s_vanishes(
        r in log_uniform(1e-2, 1e2),
        alpha in log_uniform(1e-2, 1e2),
        beta in log_uniform(1e-2, 1e2),
        age in log_uniform(1e-2, 1e2),
        x in 0_u32..20,
        length in log_uniform(1e-2, 1e2),
    ) {
        let model = weekly(r, alpha, 1e-300, beta);
        let h = History::new(TimeUnit::Week, x, if x > 0 { 0.5 * age } else { 0.0 }, age).unwrap();
        prop_assert_eq!(model.probability_alive(&h).get().to_bits(), 1.0_f64.to_bits());
        let (shape, rate) = (r + f64::from(x), alpha + age);
        let expected = model.expected_purchases(&h, weeks(length)).unwrap();
        assert_close(expected, shape / rate * length, 1e-13, "expected purchases");
        // Σ over the first n of the NBD's recurrence P(n + 1)/P(n) = (shape + n)/(n + 1)·t/(rate + t).
        let mut want = (-shape * (length / rate).ln_1p()).exp();
        for n in 0..6_u32 {
            let got = model.purchase_probability(&h, n, weeks(length)).unwrap().get();
            prop_assert!((got - want).abs() <= 1e-12 * want, "{n}: {got} is not {want}");
            want *= (shape + f64::from(n)) / f64::from(n + 1) * length / (rate + length);
        }
        // ln L: (r)ₓ·αʳ/(α + T)^{r + x}
        let ways: f64 = (0..x).map(|i| (r + f64::from(i)).ln()).sum();
        let want = ways - r * (age / alpha).ln_1p() - f64::from(x) * rate.ln();
        let got = model.log_likelihood_of(&h).unwrap();
        prop_assert!((got - want).abs() <= 1e-12 * (1.0 + ways.abs() + want.abs()), "{got} is not {want}");
    }
}

/// The mixture over λ and μ, integrated without the model's formulas.
#[test]
fn counts_are_those_of_the_mixture() {
    for set in json("pareto_nbd.json").as_array().unwrap() {
        let [r, alpha, s, beta] = [0, 1, 2, 3].map(|i| number(&set["params"][i]));
        for row in set["counts"].as_array().unwrap() {
            let (n, t) = (number(&row["n"]) as u32, weeks(number(&row["t"])));
            let got = weekly(r, alpha, s, beta).purchase_probability_of_newcomer(n, t);
            assert_close(got.unwrap().get(), number(&row["p"]), 1e-11, "probability of a count");
        }
    }
}
