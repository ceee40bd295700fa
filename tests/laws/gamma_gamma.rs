//! Gamma-Gamma: between what the customer spent and what all spend.

use goodwill::{ErrorKind, GammaGamma, Spend, SpendModel, Spends};
use proptest::prelude::*;

use crate::assert_at_most;
use crate::generate::log_uniform;
use crate::support::assert_close;

fn model() -> impl Strategy<Value = GammaGamma> {
    let any = || log_uniform(1e-3, 1e3);
    (any(), any(), any()).prop_map(|(p, q, v)| GammaGamma::new(p, q, v).unwrap())
}

fn spend() -> impl Strategy<Value = Spend> {
    (1_u32..500, log_uniform(1e-2, 1e5)).prop_map(|(x, mean)| Spend::new(x, mean).unwrap())
}

proptest! {
    #![proptest_config(crate::cases(1_024))]

    #[test]
    fn the_expectation_lies_between_the_customer_and_the_population(
        model in model(),
        over in log_uniform(1e-3, 1e3),
        spend in spend(),
    ) {
        // A population has a mean where q > 1.
        let model = GammaGamma::new(model.p(), 1.0 + over, model.v()).unwrap();
        let population = model.expected_spend_of_newcomer().unwrap();
        assert_close(population, model.p() * model.v() / (model.q() - 1.0), 1e-14, "population");
        let unknown = model.expected_spend(&Spend::UNKNOWN).unwrap();
        prop_assert_eq!(unknown.to_bits(), population.to_bits());
        let got = model.expected_spend(&spend).unwrap();
        let px = model.p() * f64::from(spend.frequency());
        let others = model.q() - 1.0;
        let want = (px * spend.mean() + others * population) / (px + others);
        assert_close(got, want, 1e-14, "the weighted mean");
        assert_at_most(spend.mean().min(population), got, 1e-14, "the lower end");
        assert_at_most(got, spend.mean().max(population), 1e-14, "the upper end");
    }

    #[test]
    fn who_spent_more_is_expected_to_spend_more(
        model in model(),
        spend in spend(),
        factor in 1.0_f64..10.0,
    ) {
        let more = Spend::new(spend.frequency(), spend.mean() * factor).unwrap();
        match (model.expected_spend(&spend), model.expected_spend(&more)) {
            (Ok(less), Ok(more)) => assert_at_most(less, more, 1e-15, "a higher mean"),
            (Err(one), Err(two)) => {
                prop_assert!(model.p() * f64::from(spend.frequency()) + model.q() <= 1.0);
                prop_assert_eq!(&one, &two);
                prop_assert!(matches!(one.kind(), ErrorKind::Undefined { .. }), "{one}");
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn many_purchases_speak_for_themselves(
        p in log_uniform(0.1, 1e3),
        q in log_uniform(1e-3, 1e3),
        mean in log_uniform(1e-2, 1e5),
    ) {
        let model = GammaGamma::new(p, q, mean).unwrap();
        let busy = Spend::new(u32::MAX, mean).unwrap();
        assert_close(model.expected_spend(&busy).unwrap(), mean, 1e-5, "the customer's own mean");
    }

    #[test]
    fn the_unit_of_money_does_not_matter(
        model in model(),
        spend in spend(),
        factor in log_uniform(1e-3, 1e3),
    ) {
        let scaled = GammaGamma::new(model.p(), model.q(), model.v() * factor).unwrap();
        let own = Spend::new(spend.frequency(), spend.mean() * factor).unwrap();
        if let Ok(got) = model.expected_spend(&spend) {
            assert_close(
                scaled.expected_spend(&own).unwrap(),
                got * factor,
                1e-13,
                "expected spend",
            );
        }
        let likelihood = |model: &GammaGamma, spend| {
            model.log_likelihood(&[spend].into_iter().collect()).unwrap()
        };
        let (got, want) = (likelihood(&scaled, own), likelihood(&model, spend) - factor.ln());
        prop_assert!((got - want).abs() <= 1e-11 * (want.abs() + 1.0), "{got} is not {want}");
    }

    /// The mean is infinite for newcomers where q ≤ 1, which a purchase can heal.
    #[test]
    fn an_infinite_mean_is_undefined(model in model()) {
        let population = model.expected_spend_of_newcomer();
        prop_assert_eq!(population.is_ok(), model.q() > 1.0);
        if let Err(error) = population {
            prop_assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
        }
    }

    #[test]
    fn the_likelihood_leaves_out_those_without_spend(
        model in model(),
        spend in spend(),
        loss in -9.0_f64..=0.0,
    ) {
        let with: Spends =
            [Spend::UNKNOWN, spend, Spend::new(3, loss).unwrap()].into_iter().collect();
        let without: Spends = [spend].into_iter().collect();
        prop_assert_eq!(
            model.log_likelihood(&with).unwrap().to_bits(),
            model.log_likelihood(&without).unwrap().to_bits()
        );
        let twice: Spends = [spend, spend].into_iter().collect();
        assert_close(
            model.log_likelihood(&twice).unwrap(),
            2.0 * model.log_likelihood(&without).unwrap(),
            1e-12,
            "twice",
        );
        let told = model.expected_spend(&Spend::new(3, loss).unwrap()).unwrap_err().to_string();
        let want = format!("expected spend is undefined: the mean repeat spend is {loss}, and");
        prop_assert!(told.starts_with(&want), "{told}");
    }

    #[test]
    fn a_model_survives_json(model in model(), spend in spend()) {
        let json = serde_json::to_value(model).unwrap();
        prop_assert_eq!(serde_json::from_value::<GammaGamma>(json).unwrap(), model);
        let spends: Spends = [spend, Spend::UNKNOWN].into_iter().collect();
        let json = serde_json::to_value(&spends).unwrap();
        prop_assert_eq!(serde_json::from_value::<Spends>(json).unwrap(), spends);
    }
}

/// The density of m̄ integrates to 1, by the midpoint rule on ln m̄.
#[test]
fn the_density_integrates_to_1() {
    for (x, p, q, v) in [(1, 6.25, 3.74, 15.44), (3, 0.8, 1.5, 2.0), (12, 2.0, 9.0, 300.0)] {
        let model = GammaGamma::new(p, q, v).unwrap();
        let (low, high, steps) = (1e-12_f64.ln(), 1e14_f64.ln(), 20_000);
        let width = (high - low) / f64::from(steps);
        let mass = |i: u32| {
            let mean = (low + (f64::from(i) + 0.5) * width).exp();
            let spend = Spend::new(x, mean).unwrap();
            model.log_likelihood(&[spend].into_iter().collect()).unwrap().exp() * mean * width
        };
        let total: f64 = (0..steps as u32).map(mass).sum();
        assert_close(total, 1.0, 1e-7, "the mass of the density");
    }
}
