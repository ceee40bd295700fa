//! The laws of customers under contract: what every retention model obeys, and what ties the models together.

use goodwill::lifetime::{Bdw, Margin, RetentionModel, Sbg, Tenure, Tenures};
use goodwill::{ConstantRetention, DiscountRate, FirstMargin, Horizon, Probability, TimeUnit};
use proptest::prelude::*;

use crate::assert_at_most;
use crate::support::assert_close;

const YEAR: TimeUnit = TimeUnit::Year;

fn sbg(alpha: f64, beta: f64) -> Sbg {
    Sbg::new(YEAR, alpha, beta).unwrap()
}

fn annual(rate: f64) -> DiscountRate {
    DiscountRate::annual(rate).unwrap()
}

fn years(count: u32) -> Horizon {
    Horizon::years(f64::from(count)).unwrap()
}

/// What holds for every model, at a rate above 0.
fn obeys_the_laws(model: &impl RetentionModel, renewals: u32, horizon: u32, rate: f64) {
    let get = |p: goodwill::Result<Probability>| p.unwrap().get();
    assert_close(get(model.survival(0)), 1.0, 0.0, "all begin");
    let mut lost = 0.0;
    for t in 1..=horizon.max(1) {
        let (before, after) = (get(model.survival(t - 1)), get(model.survival(t)));
        assert_at_most(after, before, 1e-15, "survival falls");
        assert_close(get(model.retention(t)) * before, after, 1e-12, "retention");
        let both = get(model.retention(t)) + get(model.churn(t));
        assert_close(both, 1.0, 1e-12, "who does not stay, leaves");
        assert_close(get(model.churn_probability(t)), get(model.churn(t)) * before, 1e-12, "pmf");
        lost += get(model.churn_probability(t));
    }
    assert_close(lost + get(model.survival(horizon.max(1))), 1.0, 1e-12, "pmf sums to 1");

    let discount = annual(rate);
    for end in [years(horizon), Horizon::FOREVER] {
        let next = |count: u32| {
            if end == Horizon::FOREVER { end } else { years(count) }
        };
        let residual = |renewals, count| {
            model.discounted_residual_lifetime(renewals, next(count), discount).unwrap()
        };
        // DEL = 1 + DERL/(1 + d), DERL(n) = r(n)·(1 + DERL(n + 1)/(1 + d)).
        let new = model.discounted_lifetime(next(horizon + 1), discount).unwrap();
        assert_close(new, 1.0 + residual(0, horizon) / (1.0 + rate), 1e-11, "DEL");
        let kept = get(model.retention(renewals + 1));
        let recursion = kept * (1.0 + residual(renewals + 1, horizon) / (1.0 + rate));
        assert_close(residual(renewals, horizon + 1), recursion, 1e-11, "DERL");
    }
    let none = model.discounted_lifetime(years(0), discount).unwrap();
    assert_close(none, 0.0, 0.0, "no period, no payment");
    // The explicit sum.
    let explicit: f64 =
        (0..horizon).map(|t| get(model.survival(t)) * (1.0 + rate).powi(-(t as i32))).sum();
    let got = model.discounted_lifetime(years(horizon), discount).unwrap();
    assert_close(got, explicit, 1e-11, "DEL is its sum");
}

/// The elasticity of what is expected, from its definition: every survivor to come raised by 1 % a renewal.
fn numeric_elasticity(model: &impl RetentionModel, renewals: u32, rate: f64) -> f64 {
    let h = 1e-4;
    let residual = |factor: f64| {
        let (mut sum, mut left) = (0.0, 1.0);
        for t in renewals + 1..renewals + 4_000 {
            left *= factor * model.retention(t).unwrap().get();
            sum += left;
            left /= 1.0 + rate;
        }
        sum
    };
    (residual(1.0 + h) - residual(1.0 - h)) / (2.0 * h * residual(1.0))
}

proptest! {
    #![proptest_config(crate::cases(128))]

    #[test]
    fn every_model_obeys_the_laws(
        logs in [-4.0_f64..4.0, -4.0..4.0, -1.2..0.9],
        retention in 0.0_f64..=1.0,
        renewals in 0_u32..40,
        horizon in 0_u32..60,
        rate in 0.005_f64..0.5,
    ) {
        let [alpha, beta, c] = logs.map(f64::exp);
        obeys_the_laws(&sbg(alpha, beta), renewals, horizon, rate);
        obeys_the_laws(&Bdw::new(YEAR, alpha, beta, c).unwrap(), renewals.min(5), horizon.min(8), rate);
        let constant = ConstantRetention::new(YEAR, Probability::new(retention).unwrap());
        obeys_the_laws(&constant, renewals, horizon, rate);
    }

    #[test]
    fn retention_of_a_cohort_rises_where_customers_differ(
        logs in [-4.0_f64..6.0, -4.0..6.0],
        t in 1_u32..1_000,
    ) {
        let model = sbg(logs[0].exp(), logs[1].exp());
        prop_assert!(model.retention(t + 1).unwrap() > model.retention(t).unwrap());
        let rate = annual(0.1);
        let of = |renewals| model.discounted_residual_lifetime(renewals, Horizon::FOREVER, rate);
        prop_assert!(of(t).unwrap() > of(t - 1).unwrap());
    }

    #[test]
    fn bdw_at_c_1_is_sbg(
        logs in [-3.0_f64..6.0, -3.0..6.0],
        renewals in 0_u32..60,
        rate in 0.01_f64..0.5,
    ) {
        let [alpha, beta] = logs.map(f64::exp);
        let (plain, bdw) = (sbg(alpha, beta), Bdw::new(YEAR, alpha, beta, 1.0).unwrap());
        let (d, ever) = (annual(rate), Horizon::FOREVER);
        let pairs = [
            (bdw.survival(renewals).unwrap().get(), plain.survival(renewals).unwrap().get()),
            (bdw.churn(renewals + 1).unwrap().get(), plain.churn(renewals + 1).unwrap().get()),
            (
                bdw.discounted_residual_lifetime(renewals, ever, d).unwrap(),
                plain.discounted_residual_lifetime(renewals, ever, d).unwrap(),
            ),
            (
                bdw.elasticity_of_expected_residual_lifetime(renewals, d).unwrap(),
                plain.elasticity_of_expected_residual_lifetime(renewals, d).unwrap(),
            ),
        ];
        for (got, want) in pairs {
            assert_close(got, want, 1e-11, "c = 1");
        }
        let cohort = Tenures::from_survivors(YEAR, &[1_000, 631, 468, 382, 326]).unwrap();
        let (got, want) = (bdw.log_likelihood(&cohort), plain.log_likelihood(&cohort));
        assert_close(got.unwrap(), want.unwrap(), 1e-11, "ln L");
    }

    /// Customers who hardly differ, with mean churn 1 − r.
    #[test]
    fn sbg_of_equal_customers_is_constant_retention(r in 0.05_f64..0.95, rate in 0.01_f64..0.5) {
        let equal = sbg(1e9 * (1.0 - r), 1e9 * r);
        let constant = ConstantRetention::new(YEAR, Probability::new(r).unwrap());
        let (d, ever) = (annual(rate), Horizon::FOREVER);
        for renewals in [0, 1, 7] {
            let pairs = [
                (equal.survival(renewals).unwrap().get(), constant.survival(renewals).unwrap().get()),
                (
                    equal.discounted_residual_lifetime(renewals, ever, d).unwrap(),
                    constant.discounted_residual_lifetime(renewals, ever, d).unwrap(),
                ),
                (
                    equal.elasticity_of_expected_residual_lifetime(renewals, d).unwrap(),
                    constant.elasticity_of_expected_residual_lifetime(renewals, d).unwrap(),
                ),
                (
                    equal.mean_elasticity_of_residual_lifetime(renewals, d).unwrap(),
                    constant.mean_elasticity_of_residual_lifetime(renewals, d).unwrap(),
                ),
            ];
            for (got, want) in pairs {
                assert_close(got, want, 1e-6, "equal customers");
            }
        }
        let hundred = Margin::new(100.0, constant.period()).unwrap();
        let value = constant.lifetime_value(&hundred, ever, d, FirstMargin::Now).unwrap();
        assert_close(100.0 * constant.discounted_lifetime(ever, d).unwrap(), value, 1e-13, "value");
    }

    #[test]
    fn elasticities_are_those_of_their_definitions(
        logs in [-1.0_f64..3.0, -1.0..3.0],
        renewals in 0_u32..9,
        rate in 0.03_f64..0.5,
    ) {
        let model = sbg(logs[0].exp(), logs[1].exp());
        let got = model.elasticity_of_expected_residual_lifetime(renewals, annual(rate)).unwrap();
        assert_close(got, numeric_elasticity(&model, renewals, rate), 1e-4, "of the expectation");
        let mean = model.mean_elasticity_of_residual_lifetime(renewals, annual(rate)).unwrap();
        prop_assert!(mean <= got);
    }

    #[test]
    fn tenures_do_not_depend_on_how_they_were_put_together(
        seen in prop::collection::vec((0_u32..9, any::<bool>()), 1..60),
        cut in 0_usize..60,
    ) {
        let tenure = |&(t, left): &(u32, bool)| match (t, left) {
            (0, _) | (_, false) => Tenure::Active(t),
            (_, true) => Tenure::Left(t),
        };
        let all: Vec<Tenure> = seen.iter().map(tenure).collect();
        let of = |part: &[Tenure]| Tenures::from_customers(YEAR, part.iter().copied()).unwrap();
        let (head, tail) = all.split_at(cut.min(all.len()));
        prop_assert_eq!(of(head).merge(&of(tail)).unwrap(), of(&all));
        prop_assert_eq!(of(tail).merge(&of(head)).unwrap(), of(&all));
        let text = serde_json::to_string(&of(&all)).unwrap();
        prop_assert_eq!(serde_json::from_str::<Tenures>(&text).unwrap(), of(&all));
    }

    /// One cohort as survivors, customer by customer, and as two halves: the same fit, to the bit.
    #[test]
    fn fits_do_not_depend_on_how_cohorts_were_split(parts in [0_u64..=369, 0..=163, 0..=86, 0..=56, 0..=326]) {
        let whole = Tenures::from_survivors(YEAR, &[1_000, 631, 468, 382, 326]).unwrap();
        let counts = [369, 163, 86, 56, 326];
        let cohort = |counts: [u64; 5]| {
            let survivors: Vec<u64> = (0..5).map(|t| counts[t..].iter().sum()).collect();
            Tenures::from_survivors(YEAR, &survivors)
        };
        let rest: [u64; 5] = std::array::from_fn(|i| counts[i] - parts[i]);
        prop_assume!(parts.iter().sum::<u64>() > 0 && rest.iter().sum::<u64>() > 0);
        let merged = cohort(parts).unwrap().merge(&cohort(rest).unwrap()).unwrap();
        prop_assert_eq!(&merged, &whole);
        prop_assert_eq!(Sbg::fit(&merged).unwrap(), Sbg::fit(&whole).unwrap());
        prop_assert_eq!(Bdw::fit(&merged).unwrap(), Bdw::fit(&whole).unwrap());
        prop_assert_eq!(ConstantRetention::fit(&merged), ConstantRetention::fit(&whole));
    }
}

/// The mean elasticity against quadrature over θ of each customer's own, by the midpoint rule.
#[test]
fn mean_elasticity_is_the_mean_of_own_elasticities() {
    let (alpha, beta, rate): (f64, f64, f64) = (2.0, 3.0, 0.1);
    // Beta(2, 3 + renewals) at renewals 0 and 2, densities ∝ θ(1 − θ)^{β + renewals − 1}.
    for (renewals, c) in [(0, 1.0), (2, 1.0), (0, 1.5), (2, 0.7)] {
        let model = Bdw::new(YEAR, alpha, beta, c).unwrap();
        let from = f64::from(renewals);
        let (mut total, mut weight) = (0.0, 0.0);
        for step in 0..2_000 {
            let theta = (f64::from(step) + 0.5) / 2_000.0;
            let density = theta * (1.0 - theta).powf(beta + from.powf(c) - 1.0);
            let left = |k: u32| {
                let age = (from + f64::from(k)).powf(c) - from.powf(c);
                (1.0 - theta).powf(age) * (1.0 + rate).powi(-(k as i32))
            };
            let (own, sum) = (1..400)
                .fold((0.0, 0.0), |(own, sum), k| (own + f64::from(k) * left(k), sum + left(k)));
            total += density * if sum > 0.0 { own / sum } else { 1.0 };
            weight += density;
        }
        let got = model.mean_elasticity_of_residual_lifetime(renewals, annual(rate)).unwrap();
        assert_close(got, total / weight, 1e-4, "mean elasticity");
    }
}

#[test]
fn a_fit_is_a_maximum_with_its_curvature() {
    let cohort =
        Tenures::from_survivors(YEAR, &[1_000, 869, 743, 653, 593, 551, 517, 491]).unwrap();
    let fit = Bdw::fit(&cohort).unwrap();
    let covariance = fit.covariance();
    for (i, own) in covariance.iter().enumerate() {
        let lower = |h: f64| {
            let at = |j: usize| fit.model().parameters()[j].1 + h * own[j] / own[i].sqrt();
            let near = Bdw::new(YEAR, at(0), at(1), at(2)).unwrap();
            fit.log_likelihood() - near.log_likelihood(&cohort).unwrap()
        };
        let h = 0.01;
        assert_close(0.5 * (lower(h) + lower(-h)), 0.5 * h * h, 1e-2, "the fall of ln L");
    }
    // It nests sBG, which nests constant retention.
    let (sbg, constant) = (Sbg::fit(&cohort).unwrap(), ConstantRetention::fit(&cohort).unwrap());
    assert!(fit.log_likelihood() >= sbg.log_likelihood());
    assert!(sbg.log_likelihood() >= constant.log_likelihood());
    // An interval of one standard error is where ln L has fallen by ½, nearly.
    let (_, error) = constant.standard_errors()[0];
    let near = constant.model().retention(1).unwrap().get() + error;
    let near = ConstantRetention::new(YEAR, Probability::new(near).unwrap());
    let fall = constant.log_likelihood() - near.log_likelihood(&cohort).unwrap();
    assert_close(fall, 0.5, 0.05, "one standard error");
}

/// 200 seeded cohorts: within a binomial's reach of 95 % of the intervals hold the truth.
#[test]
fn parameters_are_recovered_from_simulation() {
    let (truth, tiring) = (sbg(0.8, 2.0), Bdw::new(YEAR, 1.5, 8.0, 1.4).unwrap());
    let (mut held, mut held_bdw) = ([0; 2], [0; 3]);
    for seed in 0..200 {
        let fit = Sbg::fit(&truth.simulate(4_000, 12, seed).unwrap()).unwrap();
        for (i, held) in held.iter_mut().enumerate() {
            let (got, want) = (fit.model().parameters()[i].1, truth.parameters()[i].1);
            *held += i32::from((got - want).abs() < 1.96 * fit.standard_errors()[i].1);
        }
        let fit = Bdw::fit(&tiring.simulate(20_000, 12, seed).unwrap()).unwrap();
        for (i, held) in held_bdw.iter_mut().enumerate() {
            let (got, want) = (fit.model().parameters()[i].1, tiring.parameters()[i].1);
            *held += i32::from((got - want).abs() < 1.96 * fit.standard_errors()[i].1);
        }
    }
    // Four standard errors below 190 of 200.
    assert!(held.iter().chain(&held_bdw).all(|&held| held >= 178), "{held:?} {held_bdw:?}");
    assert_eq!(truth.simulate(99, 5, 1).unwrap(), truth.simulate(99, 5, 1).unwrap());
}
