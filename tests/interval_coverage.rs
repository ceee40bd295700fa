//! 95 % intervals of a base hold the truth 95 times of 100, where the model holds: of what is expected, and of what is
//! then counted, of purchases and of money.
//!
//! Customers are drawn here, from the assumptions of the models, to the end of the horizon; what they did until today
//! is what the fits see.

// Helpers of tests unwrap as tests do; clippy.toml only knows functions marked #[test].
#![allow(clippy::unwrap_used, clippy::print_stdout)] // the long form prints its figures

use std::time::Instant;

use goodwill::lifetime::{
    BgBb, ConfidenceInterval, Futures, Outlook, PredictionInterval, RetentionModel, Sbg, Simulated,
    Tenures,
};
use goodwill::{
    BgNbd, Fit, GammaGamma, Histories, Horizon, Opportunities, ParetoNbd, Probability, Result,
    Spend, SpendModel, Spends, TimeUnit,
};
use rand::SeedableRng;
use rand_distr::{Beta, Distribution, Exp1, Gamma};
use rand_pcg::Pcg64Mcg;

const HORIZON: f64 = 26.0;

/// A shop whose customers can be drawn.
struct Shop<M> {
    model: M,
    /// The times of repeat purchases until a time.
    life: fn(&M, f64, &mut Pcg64Mcg) -> Vec<f64>,
    fit: fn(&Histories) -> Result<Fit<M>>,
}

fn gamma(shape: f64, rate: f64, rng: &mut Pcg64Mcg) -> f64 {
    Gamma::new(shape, 1.0 / rate).unwrap().sample(rng)
}

fn exponential(rate: f64, rng: &mut Pcg64Mcg) -> f64 {
    let one: f64 = Exp1.sample(rng);
    one / rate
}

fn bg_nbd() -> Shop<BgNbd> {
    let life = |model: &BgNbd, until: f64, rng: &mut Pcg64Mcg| {
        let rate = gamma(model.r(), model.alpha(), rng);
        let leaves = Beta::new(model.a(), model.b()).unwrap().sample(rng);
        let (mut times, mut now) = (Vec::new(), exponential(rate, rng));
        while now <= until {
            times.push(now);
            let chance: f64 = rand::RngExt::random(rng);
            now += if chance < leaves { f64::INFINITY } else { exponential(rate, rng) };
        }
        times
    };
    let model = BgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5).unwrap();
    Shop { model, life, fit: BgNbd::fit }
}

fn pareto_nbd() -> Shop<ParetoNbd> {
    let life = |model: &ParetoNbd, until: f64, rng: &mut Pcg64Mcg| {
        let rate = gamma(model.r(), model.alpha(), rng);
        let stay = exponential(gamma(model.s(), model.beta(), rng), rng);
        let (mut times, mut now) = (Vec::new(), exponential(rate, rng));
        while now <= until.min(stay) {
            times.push(now);
            now += exponential(rate, rng);
        }
        times
    };
    let model = ParetoNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 12.0).unwrap();
    Shop { model, life, fit: ParetoNbd::fit }
}

/// What happened until today, and what comes then.
struct World {
    histories: Histories,
    spends: Spends,
    purchases: f64,
    revenue: f64,
}

fn world<M>(shop: &Shop<M>, money: &GammaGamma, customers: u32, seed: u64) -> World {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let (mut x, mut recency, mut ages, mut spends) = (vec![], vec![], vec![], vec![]);
    let (mut purchases, mut revenue) = (0.0, 0.0);
    for customer in 0..customers {
        let age = 40.0 + f64::from(customer % 61);
        let times = (shop.life)(&shop.model, age + HORIZON, &mut rng);
        let rate = gamma(money.q(), money.v(), &mut rng);
        let paid: Vec<f64> = times.iter().map(|_| gamma(money.p(), rate, &mut rng)).collect();
        let known = times.iter().filter(|&&time| time <= age).count();
        let mean = paid[..known].iter().sum::<f64>() / known.max(1) as f64;
        x.push(known as u32);
        recency.push(times[..known].last().copied().unwrap_or(0.0));
        ages.push(age);
        spends.push(Spend::new(known as u32, mean).unwrap());
        purchases += (times.len() - known) as f64;
        revenue += paid[known..].iter().sum::<f64>();
    }
    let histories = Histories::new(TimeUnit::Week, &x, &recency, &ages).unwrap();
    World { histories, spends: spends.into_iter().collect(), purchases, revenue }
}

const OF_A_SHOP: [&str; 4] =
    ["expected purchases", "purchases counted", "expected revenue", "revenue counted"];
const IN_DISCRETE_TIME: [&str; 4] =
    ["BG/BB expected", "BG/BB counted", "sBG expected", "sBG counted"];

/// In how many replicates each interval held its truth, and how many could be fitted.
fn coverage<M: Simulated>(
    shop: &Shop<M>,
    customers: u32,
    draws: u32,
    seeds: u64,
) -> ([u32; 4], u32) {
    let money = GammaGamma::new(6.25, 3.74, 15.44).unwrap();
    let (horizon, level) = (Horizon::weeks(HORIZON).unwrap(), Probability::constant(0.95));
    let (mut held, mut fits) = ([0; 4], 0);
    for seed in 0..seeds {
        let World { histories, spends, purchases, revenue } = world(shop, &money, customers, seed);
        let Ok(fit) = (shop.fit)(&histories) else { continue };
        let spend_fit = GammaGamma::fit(&spends).unwrap();
        let expected = shop.model.all_expected_purchases(&histories, horizon).unwrap();
        let spend = money.all_expected_spends(&spends).unwrap();
        let of_base: f64 = expected.iter().sum();
        let in_money: f64 = expected.iter().zip(&spend).map(|(e, s)| e * s).sum();

        let outlook = Outlook::new(&fit, &histories);
        let with_spend = outlook.with_spend(&spend_fit, &spends).unwrap();
        let futures = Futures::new(seed).draws(draws);
        let sure: [ConfidenceInterval; 2] = [
            outlook.expected_purchases_of_base(horizon, level).unwrap(),
            with_spend.expected_revenue_of_base(horizon, level).unwrap(),
        ];
        let counted: [PredictionInterval; 2] = [
            outlook.purchases_of_base(horizon, &futures).unwrap(),
            with_spend.revenue_of_base(horizon, &futures).unwrap(),
        ];
        let all = [
            sure[0].contains(of_base),
            counted[0].contains(purchases),
            sure[1].contains(in_money),
            counted[1].contains(revenue),
        ];
        fits += 1;
        for (held, own) in held.iter_mut().zip(all) {
            *held += u32::from(own);
        }
    }
    (held, fits)
}

/// Each share lies between the bounds, of nearly all replicates.
#[track_caller]
fn assert_covered(
    count: impl Fn(u64) -> ([u32; 4], u32),
    replicates: u64,
    bounds: [f64; 2],
    kinds: [&str; 4],
) {
    let start = Instant::now();
    let (held, fits) = count(replicates);
    assert!(f64::from(fits) >= 0.98 * replicates as f64, "{fits} fits of {replicates}");
    let shares = held.map(|held| f64::from(held) / f64::from(fits));
    println!("{kinds:?}: {shares:.3?} of {fits}, in {:.1?}", start.elapsed());
    for (share, kind) in shares.iter().zip(kinds) {
        assert!((bounds[0]..=bounds[1]).contains(share), "{kind}: {share} of {fits}");
    }
}

/// Of 1,000 members who met six opportunities, the purchases at the next five; of 1,000 subscribers after five renewals,
/// those still there after three more. Whether expected and counted numbers were held.
fn in_discrete_time(draws: u32, seed: u64) -> Option<[bool; 4]> {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let (level, futures) = (Probability::constant(0.95), Futures::new(seed).draws(draws));
    let truth = BgBb::new(TimeUnit::Year, 1.2, 0.75, 0.66, 2.8).unwrap();
    let beta = |a: f64, b: f64, rng: &mut Pcg64Mcg| Beta::new(a, b).unwrap().sample(rng);
    let happens = |chance: f64, rng: &mut Pcg64Mcg| rand::RngExt::random::<f64>(rng) < chance;
    let (mut x, mut last, mut bought) = (vec![], vec![], 0);
    for _ in 0..1_000 {
        let (buys, leaves) = (beta(1.2, 0.75, &mut rng), beta(0.66, 2.8, &mut rng));
        let (mut times, mut recency, mut there) = (0, 0, true);
        for opportunity in 1..=11 {
            there = there && !happens(leaves, &mut rng);
            if there && happens(buys, &mut rng) {
                if opportunity <= 6 {
                    (times, recency) = (times + 1, opportunity);
                } else {
                    bought += 1;
                }
            }
        }
        x.push(times);
        last.push(recency);
    }
    let seen = Opportunities::new(TimeUnit::Year, &x, &last, &[6; 1_000]).unwrap();
    let fit = BgBb::fit(&seen).ok()?;
    let (outlook, five) = (Outlook::new(&fit, &seen), Horizon::years(5.0).unwrap());
    let sure = outlook.expected_purchases_of_base(five, level).ok()?;
    let counted = outlook.purchases_of_base(five, &futures).unwrap();
    let expected = |(own, many)| truth.expected_purchases(&own, five).unwrap() * many as f64;
    let expected: f64 = seen.iter().map(expected).sum();

    let truth = Sbg::new(TimeUnit::Year, 0.8, 1.6).unwrap();
    let mut survivors = [1_000_u64, 0, 0, 0, 0, 0, 0, 0, 0];
    for _ in 0..1_000 {
        let leaves = beta(0.8, 1.6, &mut rng);
        for left in &mut survivors[1..] {
            if happens(leaves, &mut rng) {
                break;
            }
            *left += 1;
        }
    }
    let seen = Tenures::from_survivors(TimeUnit::Year, &survivors[..6]).unwrap();
    let fit = Sbg::fit(&seen).ok()?;
    let (outlook, three) = (Outlook::new(&fit, &seen), Horizon::years(3.0).unwrap());
    let stay = truth.survival(8).unwrap().get() / truth.survival(5).unwrap().get();
    Some([
        sure.contains(expected),
        counted.contains(f64::from(bought)),
        outlook.expected_survivors(three, level).ok()?.contains(stay * survivors[5] as f64),
        outlook.survivors(three, &futures).unwrap().contains(survivors[8] as f64),
    ])
}

fn discrete_coverage(draws: u32, seeds: u64) -> ([u32; 4], u32) {
    let seen: Vec<[bool; 4]> =
        (0..seeds).filter_map(|seed| in_discrete_time(draws, seed)).collect();
    let held = [0, 1, 2, 3].map(|i| seen.iter().filter(|own| own[i]).count() as u32);
    (held, seen.len() as u32)
}

#[test]
fn intervals_in_discrete_time_hold_the_truth() {
    assert_covered(|seeds| discrete_coverage(79, seeds), 200, [0.90, 0.99], IN_DISCRETE_TIME);
}

#[test]
fn intervals_of_a_base_hold_the_truth() {
    let count = |seeds| coverage(&bg_nbd(), 500, 199, seeds);
    assert_covered(count, 200, [0.90, 0.99], OF_A_SHOP);
}

/// Those of BG/BB are wider than they need to be: 97.4 % were seen.
#[test]
#[ignore = "long; run with --ignored --release"]
fn intervals_in_discrete_time_hold_the_truth_in_the_long_run() {
    assert_covered(|seeds| discrete_coverage(399, seeds), 1_000, [0.935, 0.98], IN_DISCRETE_TIME);
}

#[test]
#[ignore = "long; run with --ignored --release"]
fn intervals_of_a_base_hold_the_truth_in_the_long_run() {
    let count = |seeds| coverage(&bg_nbd(), 2_000, 399, seeds);
    assert_covered(count, 1_000, [0.935, 0.965], OF_A_SHOP);
}

#[test]
#[ignore = "long; run with --ignored --release"]
fn intervals_of_a_pareto_base_hold_the_truth_in_the_long_run() {
    let count = |seeds| coverage(&pareto_nbd(), 2_000, 399, seeds);
    assert_covered(count, 1_000, [0.935, 0.965], OF_A_SHOP);
}
