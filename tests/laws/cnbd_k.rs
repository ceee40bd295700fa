//! BG/CNBD-k and MBG/CNBD-k: the suite of purchase models, the plain models as k = 1, and simulated customers.

use goodwill::{
    BgCnbdK, BgNbd, FitOptions, Histories, History, Horizon, MbgCnbdK, MbgNbd, PurchaseModel,
    TimeUnit,
};

use crate::purchase_model::{continuous, purchase_model_laws, weeks};
use crate::support::assert_close;

fn weekly(k: u32, [r, alpha, a, b]: [f64; 4]) -> MbgCnbdK {
    MbgCnbdK::new(TimeUnit::Week, k, r, alpha, a, b).unwrap()
}

fn parameters() -> impl Strategy<Value = [f64; 4]> {
    let size = || log_uniform(5e-2, 50.0);
    (size(), log_uniform(5.0, 50.0), size(), size()).prop_map(|(r, alpha, a, b)| [r, alpha, a, b])
}

fn model() -> impl Strategy<Value = MbgCnbdK> {
    (1_u32..6, parameters()).prop_map(|(k, parameters)| weekly(k, parameters))
}

fn small() -> impl Strategy<Value = (MbgCnbdK, History, Horizon)> {
    let history = crate::purchase_model::history(30);
    (1_u32..6, log_uniform(5e-2, 10.0), parameters(), history, 0.01_f64..1.0).prop_map(
        |(k, r, [_, alpha, a, b], h, part)| {
            (weekly(k, [r, alpha, a, b]), h, weeks((alpha + h.age()) * part))
        },
    )
}

fn in_days(model: &MbgCnbdK) -> MbgCnbdK {
    let [r, alpha, a, b] = model.parameters().map(|(_, value)| value);
    MbgCnbdK::new(TimeUnit::Day, model.k(), r, alpha * 7.0, a, b).unwrap()
}

purchase_model_laws!(model(), small(), in_days, remembers_recency);

/// Everything that a model says of a customer.
fn everything(model: &impl PurchaseModel, h: &History, horizon: Horizon) -> Vec<f64> {
    let rate = continuous(0.01);
    let mut all = vec![
        model.probability_alive(h).get(),
        model.probability_alive_after(h, horizon).unwrap().get(),
        model.probability_of_purchase(h, horizon).unwrap().get(),
        model.expected_purchases(h, horizon).unwrap(),
        model.expected_purchases_of_newcomer(horizon).unwrap(),
        model.discounted_purchases(h, horizon, rate).unwrap(),
        model.discounted_purchases(h, Horizon::FOREVER, rate).unwrap(),
    ];
    for n in 0..4 {
        all.push(model.purchase_probability(h, n, horizon).unwrap().get());
    }
    all
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn without_a_rhythm_it_is_the_plain_model(
        [r, alpha, a, b] in parameters(),
        h in crate::purchase_model::history(30),
        length in log_uniform(1e-2, 1e2),
    ) {
        let horizon = weeks(length);
        let plain = BgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap();
        let regular = BgCnbdK::new(TimeUnit::Week, 1, r, alpha, a, b).unwrap();
        prop_assert_eq!(everything(&regular, &h, horizon), everything(&plain, &h, horizon));
        let modified = MbgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap();
        let regular = weekly(1, [r, alpha, a, b]);
        prop_assert_eq!(everything(&regular, &h, horizon), everything(&modified, &h, horizon));
        let one = Histories::new(TimeUnit::Week, &[h.frequency()], &[h.recency()], &[h.age()]).unwrap();
        prop_assert_eq!(regular.log_likelihood(&one), modified.log_likelihood(&one));
    }

    /// L of no repeat is the chance of none.
    #[test]
    fn no_purchase_has_the_likelihood_of_its_probability(
        model in model(),
        age in log_uniform(1e-2, 1e3),
    ) {
        let one = Histories::new(TimeUnit::Week, &[0], &[0.0], &[age]).unwrap();
        let one = one.with_ln_intervals(&[0.0]).unwrap();
        let none = model.purchase_probability_of_newcomer(0, weeks(age)).unwrap().get();
        let got = model.log_likelihood(&one).unwrap().exp();
        prop_assert!((got - none).abs() <= 1e-11 * none, "{got} is not {none}");
    }
}

/// 40,000 simulated customers: what follows 12 weeks, by what was seen in them.
#[test]
fn simulated_customers_do_as_expected() {
    use rand_distr::{Beta, Distribution, Gamma};
    let (k, [r, alpha, a, b]) = (3_u32, [2.0, 1.5, 0.8, 4.0]);
    let mut random = <rand_pcg::Pcg64Mcg as rand::SeedableRng>::seed_from_u64(0x0060_0d11);
    let rates = Gamma::new(r, 1.0 / alpha).unwrap();
    let dropouts = Beta::new(a, b).unwrap();
    let chance = rand_distr::Uniform::new(0.0, 1.0).unwrap();
    let (age, horizon) = (12.0, weeks(6.0));
    let model = weekly(k, [r, alpha, a, b]);
    let mut totals = [0.0_f64; 8];
    let customers = 40_000;
    for _ in 0..customers {
        let lambda: f64 = rates.sample(&mut random);
        let p: f64 = dropouts.sample(&mut random);
        let gaps = Gamma::new(f64::from(k), 1.0 / lambda).unwrap();
        let (mut now, mut x, mut recency, mut later) = (0.0, 0_u32, 0.0, 0_u32);
        let mut is_here = chance.sample(&mut random) >= p;
        // Alive at the age: he leaves after a purchase only.
        let mut here_at_age = is_here;
        while is_here && now < age + 6.0 {
            now += gaps.sample(&mut random);
            if now >= age + 6.0 {
                break;
            }
            is_here = chance.sample(&mut random) >= p;
            if now < age {
                (x, recency, here_at_age) = (x + 1, now, is_here);
            } else {
                later += 1;
            }
        }
        let h = History::new(TimeUnit::Week, x, recency, age).unwrap();
        let alive = model.probability_alive(&h).get();
        let expected = model.expected_purchases(&h, horizon).unwrap();
        let some = model.probability_of_purchase(&h, horizon).unwrap().get();
        let stays = model.probability_alive_after(&h, horizon).unwrap().get();
        let was = |it: bool| if it { 1.0 } else { 0.0 };
        let differences = [
            was(here_at_age) - alive,
            f64::from(later) - expected,
            was(later > 0) - some,
            was(is_here) - stays,
        ];
        for (i, difference) in differences.into_iter().enumerate() {
            totals[i] += difference;
            totals[4 + i] += difference * difference;
        }
    }
    for i in 0..4 {
        // The standard error of a sum of independent differences of mean 0.
        let z = totals[i] / totals[4 + i].sqrt();
        assert!(z.abs() < 3.5, "quantity {i} is off by {z} standard errors");
    }
}

/// The rhythm that customers were simulated with is found, and their parameters with it; in days as in weeks.
#[test]
fn the_rhythm_is_found() {
    let truth = weekly(3, [1.5, 1.2, 0.8, 3.0]);
    let ages: Vec<f64> = (0..3_000).map(|i| 30.0 + f64::from(i % 23)).collect();
    let histories = truth.simulate(&ages, 17).unwrap();
    let fit = MbgCnbdK::fit(&histories, 6).unwrap();
    assert_eq!(fit.model().k(), 3);
    let errors = fit.standard_errors();
    for (i, (name, got)) in fit.model().parameters().into_iter().enumerate() {
        let z = (got - truth.parameters()[i].1) / errors[i].1;
        assert!(z.abs() < 4.0, "{name}: {got} is off by {z} standard errors");
    }
    assert_close(
        fit.model().log_likelihood(&histories).unwrap(),
        fit.log_likelihood(),
        1e-13,
        "ln L",
    );
    assert_close(fit.aic(), 10.0 - 2.0 * fit.log_likelihood(), 1e-15, "AIC");
    for k in [2, 4] {
        let other = MbgCnbdK::fit_at(&histories, k, &FitOptions::new()).unwrap();
        assert!(other.log_likelihood() < fit.log_likelihood() - 10.0);
        assert!(fit.bic() < other.bic());
    }
    let x: Vec<u32> = histories.iter().map(|h| h.frequency()).collect();
    let column =
        |of: fn(&History) -> f64| histories.iter().map(|h| 7.0 * of(&h)).collect::<Vec<_>>();
    let (recency, age) = (column(History::recency), column(History::age));
    let longer = |(&sum, &x): (&f64, &u32)| sum + f64::from(x) * 7.0_f64.ln();
    let logs: Vec<f64> = histories.ln_intervals().unwrap().iter().zip(&x).map(longer).collect();
    let days = Histories::new(TimeUnit::Day, &x, &recency, &age).unwrap();
    let daily = MbgCnbdK::fit(&days.with_ln_intervals(&logs).unwrap(), 6).unwrap();
    assert_eq!(daily.model().k(), 3);
    for (i, factor) in [1.0, 7.0, 1.0, 1.0].into_iter().enumerate() {
        let (got, want) = (daily.model().parameters()[i].1, fit.model().parameters()[i].1);
        assert_close(got, factor * want, 1e-9, "parameter");
    }
    let purchases: u32 = x.iter().sum();
    let want = fit.log_likelihood() - f64::from(purchases) * 7.0_f64.ln();
    assert_close(daily.log_likelihood(), want, 1e-12, "ln L");
}
