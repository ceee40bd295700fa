//! Profit of campaigns: the expected maximum against a fine sum over γ, targets by gain against every other order,
//! chances and moments in any order.

use goodwill::churn::{
    CallMoment, CallTiming, CampaignProfit, CampaignTerms, ChanceModel, FadingChance, TargetOrder,
    ValueIfAlive, WinBackCandidate,
};
use goodwill::{DiscountRate, Horizon, Probability, TimeUnit};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::assert_at_most;
use crate::generate::shuffled;
use crate::support::assert_close;

type Customer = (f64, bool, CampaignTerms);

fn customer() -> impl Strategy<Value = Customer> {
    let terms = (-50.0_f64..400.0, 0.0_f64..40.0, 0.0_f64..6.0);
    (0_u8..12, any::<bool>(), terms).prop_map(|(score, churned, (value, incentive, contact))| {
        (f64::from(score), churned, CampaignTerms { value, incentive, contact })
    })
}

fn campaign(customers: &[Customer], alike: Option<CampaignTerms>) -> CampaignProfit {
    let scores: Vec<f64> = customers.iter().map(|own| own.0).collect();
    let churned: Vec<bool> = customers.iter().map(|own| own.1).collect();
    let terms: Vec<CampaignTerms> = customers.iter().map(|own| own.2).collect();
    match alike {
        Some(alike) => CampaignProfit::new(&scores, &churned, alike).unwrap(),
        None => CampaignProfit::individual(&scores, &churned, &terms).unwrap(),
    }
}

/// Into which the range of γ is cut.
const STEPS: u32 = 2_000;

/// The profit of the best threshold, counted from the customers.
fn best_profit(customers: &[Customer], gamma: f64) -> f64 {
    let profit = |threshold: f64| -> f64 {
        let targeted = customers.iter().filter(|own| own.0 >= threshold);
        let each = targeted.map(|&(_, churned, CampaignTerms { value, incentive, contact })| {
            if churned { gamma * (value - incentive) - contact } else { -incentive - contact }
        });
        each.sum::<f64>() / customers.len() as f64
    };
    customers.iter().map(|own| profit(own.0)).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn the_expected_maximum_is_the_mean_of_the_maxima(
        (customers, others) in shuffled(vec(customer(), 1..30)),
    ) {
        let own = campaign(&customers, None);
        prop_assert_eq!(&own, &campaign(&others, None), "the order does not matter");
        let mut sum = 0.0;
        for step in 0..STEPS {
            let gamma = (f64::from(step) + 0.5) / f64::from(STEPS);
            let got = own.maximum(Probability::new(gamma).unwrap()).profit;
            if step % 50 == 0 {
                prop_assert!((got - best_profit(&customers, gamma)).abs() < 1e-11, "{got}");
            }
            // Beta(2, 3): 12 γ (1 − γ)².
            sum += 12.0 * gamma * (1.0 - gamma) * (1.0 - gamma) * got;
        }
        let mean = sum / f64::from(STEPS);
        let got = own.expected_maximum(2.0, 3.0).unwrap();
        prop_assert!((got.profit - mean).abs() < 3e-4, "{} is not {mean}", got.profit);
        prop_assert!((0.0..=1.0 + 1e-12).contains(&got.share));
        // Knowing γ before the threshold is set is worth something.
        let at_mean = own.maximum(Probability::constant(0.4)).profit;
        assert_at_most(at_mean, got.profit + 1e-12, 1e-12, "convex in γ");
        prop_assert!(got.profit >= -1e-12);
        // Everybody twice is the same base.
        let twice = campaign(&[customers.clone(), customers].concat(), None);
        let twice = twice.expected_maximum(2.0, 3.0).unwrap();
        prop_assert!((twice.profit - got.profit).abs() < 1e-11);
        prop_assert!((twice.share - got.share).abs() < 1e-11 || got.share > 1.0 - 1e-9);
    }

    /// Customers with the same terms each are customers who are alike.
    #[test]
    fn alike_is_a_special_case(customers in vec(customer(), 1..30)) {
        let terms = customers[0].2;
        let same: Vec<Customer> = customers.iter().map(|own| (own.0, own.1, terms)).collect();
        prop_assert_eq!(campaign(&same, None), campaign(&same, Some(terms)));
    }

    #[test]
    fn no_order_beats_that_by_gain(
        customers in vec((0_u8..5, prop_oneof![(-9_i32..9).prop_map(f64::from), -50.0_f64..50.0]), 0..20),
    ) {
        let (risks, gains): (Vec<f64>, Vec<f64>) =
            customers.iter().map(|&(risk, gain)| (f64::from(risk), gain)).unzip();
        let by_gain = TargetOrder::by_gain(&gains).unwrap();
        let by_risk = TargetOrder::by_risk(&risks, &gains).unwrap();
        for order in [&by_gain, &by_risk] {
            let mut rows = order.customers().to_vec();
            rows.sort_unstable();
            prop_assert!(rows.into_iter().eq(0..gains.len()), "everybody once");
            prop_assert_eq!(order.gains().len(), gains.len() + 1);
            let (targeted, most) = order.best();
            prop_assert_eq!(order.gains()[targeted].to_bits(), most.to_bits());
            prop_assert!(order.gains().iter().all(|&gain| gain <= most));
        }
        prop_assert!(by_risk.customers().windows(2).all(|two| risks[two[0]] >= risks[two[1]]));
        for (best, other) in by_gain.gains().iter().zip(by_risk.gains()) {
            prop_assert!(best >= other);
        }
        let worth_it: f64 = gains.iter().filter(|gain| **gain > 0.0).sum();
        prop_assert!((by_gain.best().1 - worth_it).abs() < 1e-12);
        prop_assert_eq!(by_gain.best().0, gains.iter().filter(|gain| **gain > 0.0).count());
    }

    /// At the optimum the expected number of successes is the observed one, in total and along each column.
    #[test]
    fn the_chance_fits_its_attempts(
        (attempts, others) in shuffled(vec(((0_i32..6).prop_map(f64::from), 0_i32..4, any::<bool>()), 8..60)),
        shift in -1_000.0_f64..1_000.0,
        stretch in 1e-3_f64..1e3,
    ) {
        let columns = |rows: &[(f64, i32, bool)], shift: f64, stretch: f64| {
            let one: Vec<f64> = rows.iter().map(|row| row.0).collect();
            let two: Vec<f64> = rows.iter().map(|row| f64::from(row.1) * stretch + shift).collect();
            (one, two, rows.iter().map(|row| row.2).collect::<Vec<bool>>())
        };
        let fit = |rows: &[(f64, i32, bool)], shift: f64, stretch: f64| {
            let (one, two, won) = columns(rows, shift, stretch);
            ChanceModel::fit(&[("one", &one), ("two", &two)], &won)
        };
        match fit(&attempts, 0.0, 1.0) {
            Ok(model) => {
                prop_assert_eq!(&model, &fit(&others, 0.0, 1.0).unwrap(), "the order does not matter");
                let mut score = [0.0; 3];
                for &(one, two, won) in &attempts {
                    let two = f64::from(two);
                    let miss = f64::from(u8::from(won)) - model.chance(&[one, two]).unwrap().get();
                    score = [score[0] + miss, score[1] + miss * one, score[2] + miss * two];
                }
                prop_assert!(score.iter().all(|part| part.abs() < 1e-9), "{score:?}");
                // Other units, same chance.
                if let Ok(other) = fit(&attempts, shift, stretch) {
                    let there = [2.0, 3.0 * stretch + shift];
                    let (a, b) = (model.chance(&[2.0, 3.0]).unwrap(), other.chance(&there).unwrap());
                    prop_assert!((a.get() - b.get()).abs() < 1e-10 * (1.0 + shift.abs() / stretch), "{a} {b}");
                }
            }
            Err(error) => {
                let told = error.to_string();
                let known = ["no end", "same for all", "succeeded and", "does not say", "do not say"];
                prop_assert!(known.iter().any(|part| told.contains(part)), "{told}");
                prop_assert_eq!(told, fit(&others, 0.0, 1.0).unwrap_err().to_string());
            }
        }
    }

    /// Without the doubt whether he is gone, waiting only costs.
    #[test]
    fn who_is_surely_gone_is_called_now(
        chance in 0.0_f64..=1.0,
        value in -50.0_f64..500.0,
        cents in 0_i64..2_000,
        days in vec(0.0_f64..400.0, 1..8),
        half_life in 1.0_f64..1_000.0,
        rate in 0.0_f64..0.5,
    ) {
        let fading = FadingChance::new(
            Probability::new(chance).unwrap(),
            Horizon::days(half_life).unwrap(),
        ).unwrap();
        let rate = DiscountRate::annual(rate).unwrap();
        let contact = rust_decimal::Decimal::new(cents, 2);
        let moments: Vec<CallMoment> = [0.0].iter().chain(&days).map(|&days| {
            let delay = Horizon::days(days).unwrap();
            let value = ValueIfAlive::given_alive(value).unwrap();
            let candidate = WinBackCandidate::not_a_customer(fading.after(delay), value, contact);
            CallMoment { delay, silent: Probability::ONE, candidate: candidate.unwrap() }
        }).collect();
        let timing = CallTiming::of(&moments, rate).unwrap();
        let pays = moments[0].candidate.gain() > 0.0;
        prop_assert_eq!(timing.best(), pays.then_some(0));
        let delta = rate.continuous_per(TimeUnit::Day);
        for (days, gain) in days.iter().zip(&timing.gains()[1..]) {
            let wins = chance * (-days / half_life * 2_f64.ln()).exp() * value;
            let want = (-delta * days).exp() * (wins - cents as f64 / 100.0);
            prop_assert!((gain - want).abs() < 1e-10, "{gain} is not {want}");
        }
        let half = fading.after(Horizon::days(half_life).unwrap()).get();
        assert_close(half, 0.5 * chance, 1e-15, "half-life");
    }
}
