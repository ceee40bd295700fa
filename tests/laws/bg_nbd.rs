//! BG/NBD: the suite of purchase models, its own limits, and its likelihood.

use goodwill::{BgNbd, ErrorKind, History, Horizon, PurchaseModel, TimeUnit};

use crate::purchase_fit::purchase_fit_laws;
use crate::purchase_model::{
    columns, continuous, expectations_end_at, histories, purchase_model_laws, weeks,
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
        let ever = model.expected_purchases(&h, Horizon::FOREVER);
        let undiscounted = model.discounted_purchases(&h, Horizon::FOREVER, continuous(0.0));
        prop_assert_eq!(&ever, &undiscounted);
        match ever {
            Ok(ever) => {
                prop_assert!(model.a() > 1.0);
                let until = model.expected_purchases(&h, weeks(length)).unwrap();
                crate::assert_at_most(until, ever, 1e-11, "for ever");
            }
            Err(error) => {
                prop_assert!(model.a() <= 1.0);
                prop_assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
                prop_assert!(error.to_string().contains(&format!("a = {}", model.a())), "{error}");
            }
        }
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

    #[test]
    fn the_likelihood_is_the_sum_over_the_customers(model in model(), rows in histories()) {
        let each: Vec<f64> = rows.iter().map(|h| model.log_likelihood_of(h).unwrap()).collect();
        let (sum, size): (f64, f64) = (each.iter().sum(), each.iter().map(|l| l.abs()).sum());
        let got = model.log_likelihood(&columns(&rows)).unwrap();
        prop_assert!((got - sum).abs() <= 1e-12 * (size + 1.0), "{got} is not {sum}");
        let mut turned = rows.clone();
        turned.reverse();
        prop_assert_eq!(model.log_likelihood(&columns(&turned)).unwrap().to_bits(), got.to_bits());
        let twice = model.log_likelihood(&columns(&[rows.as_slice(), &rows].concat())).unwrap();
        prop_assert!((twice - 2.0 * got).abs() <= 1e-12 * (size + 1.0));
    }

    /// L counts purchases at densities per unit of time: days instead of weeks divide each by 7.
    #[test]
    fn the_likelihood_changes_its_unit_as_a_density(
        model in model(),
        h in crate::purchase_model::history(40),
    ) {
        let (weekly, daily) =
            (model.log_likelihood_of(&h).unwrap(), in_days(&model).log_likelihood_of(&h).unwrap());
        let want = weekly - f64::from(h.frequency()) * 7.0_f64.ln();
        prop_assert!((daily - want).abs() <= 1e-11 * (weekly.abs() + 1.0), "{daily} is not {want}");
    }

    /// The likelihood of a customer without a repeat is the probability of none.
    #[test]
    fn no_purchase_has_the_likelihood_of_its_probability(
        model in model(),
        age in log_uniform(1e-2, 1e4),
    ) {
        let silent = History::new(TimeUnit::Week, 0, 0.0, age).unwrap();
        let none = model.purchase_probability_of_newcomer(0, weeks(age)).unwrap().get();
        prop_assert!(
            (model.log_likelihood_of(&silent).unwrap().exp() - none).abs() <= 1e-12 * none
        );
    }
}
