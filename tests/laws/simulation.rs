//! Simulated customers buy as the model says, and each from his own stream of random numbers.

use goodwill::{
    BgNbd, ErrorKind, GammaGamma, Histories, Horizon, MbgCnbdK, MbgNbd, ParetoNbd, PurchaseModel,
    Result, SpendModel, TimeUnit,
};

use crate::purchase_model::weeks;

/// The times of purchases, a list a customer.
type Lives = Result<Vec<Vec<f64>>>;

/// A model with the two ways in which it draws.
struct Simulated<M> {
    model: M,
    simulate: fn(&M, &[f64], u64) -> Lives,
    future: fn(&M, &Histories, Horizon, u64) -> Lives,
}

fn bg_nbd() -> Simulated<BgNbd> {
    Simulated {
        model: BgNbd::new(TimeUnit::Week, 0.9, 4.414, 0.793, 2.426).unwrap(),
        simulate: BgNbd::simulate_purchase_times,
        future: BgNbd::simulate_future,
    }
}

fn mbg_nbd() -> Simulated<MbgNbd> {
    Simulated {
        model: MbgNbd::new(TimeUnit::Week, 0.9, 6.183, 0.891, 1.614).unwrap(),
        simulate: MbgNbd::simulate_purchase_times,
        future: MbgNbd::simulate_future,
    }
}

fn mbg_cnbd_k() -> Simulated<MbgCnbdK> {
    Simulated {
        model: MbgCnbdK::new(TimeUnit::Week, 3, 0.9, 2.061, 0.891, 1.614).unwrap(),
        simulate: MbgCnbdK::simulate_purchase_times,
        future: MbgCnbdK::simulate_future,
    }
}

fn pareto_nbd() -> Simulated<ParetoNbd> {
    Simulated {
        model: ParetoNbd::new(TimeUnit::Week, 0.9, 10.578, 0.606, 11.669).unwrap(),
        simulate: ParetoNbd::simulate_purchase_times,
        future: ParetoNbd::simulate_future,
    }
}

/// Counts against the probabilities of counts: each within 4.5 standard errors of its binomial.
fn assert_counts(counts: &[usize], probability: impl Fn(u32) -> f64, what: &str) {
    let n = counts.len() as f64;
    for k in 0..8_usize {
        let share = counts.iter().filter(|&&count| count == k).count() as f64 / n;
        let want = probability(k as u32);
        let error = (want * (1.0 - want) / n).sqrt();
        assert!((share - want).abs() < 4.5 * error, "{what}, {k} purchases: {share} of {want}");
    }
}

fn assert_mean(counts: &[usize], want: f64, what: &str) {
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<usize>() as f64 / n;
    let spread = counts.iter().map(|&count| (count as f64 - mean).powi(2)).sum::<f64>() / n;
    // A count that is hardly ever above 0 has the variance of its mean.
    let error = (spread.max(want) / n).sqrt();
    assert!((mean - want).abs() < 4.5 * error, "{what}: {mean} ± {error} of {want}");
}

fn newcomers_buy_as_expected<M: PurchaseModel>(own: &Simulated<M>) {
    for (length, seed) in [(2.0, 1), (39.0, 2)] {
        let lives = (own.simulate)(&own.model, &vec![length; 40_000], seed).unwrap();
        let counts: Vec<usize> = lives.iter().map(Vec::len).collect();
        let horizon = weeks(length);
        let expected = own.model.expected_purchases_of_newcomer(horizon).unwrap();
        assert_mean(&counts, expected, "newcomers");
        let probability = |n| own.model.purchase_probability_of_newcomer(n, horizon).unwrap().get();
        assert_counts(&counts, probability, "newcomers");
        // And at half the time, by the times themselves.
        let half = 0.5 * length;
        let early = |times: &Vec<f64>| times.iter().filter(|&&t| t <= half).count();
        let counts: Vec<usize> = lives.iter().map(early).collect();
        let expected = own.model.expected_purchases_of_newcomer(weeks(half)).unwrap();
        assert_mean(&counts, expected, "half the time");
        for times in &lives {
            assert!(times.iter().all(|&t| (0.0..=length).contains(&t)) && times.is_sorted());
        }
    }
}

fn known_customers_buy_as_expected<M: PurchaseModel>(own: &Simulated<M>) {
    for (x, recency, age) in [(0, 0.0, 20.0), (2, 30.43, 38.86), (6, 9.0, 38.86)] {
        let many = 40_000;
        let rows =
            Histories::new(TimeUnit::Week, &vec![x; many], &vec![recency; many], &vec![age; many]);
        let histories = rows.unwrap();
        let history = histories.get(0).unwrap();
        let horizon = Horizon::days(273.0).unwrap();
        let futures = (own.future)(&own.model, &histories, horizon, 3).unwrap();
        let counts: Vec<usize> = futures.iter().map(Vec::len).collect();
        let expected = own.model.expected_purchases(&history, horizon).unwrap();
        assert_mean(&counts, expected, "known");
        let probability = |n| own.model.purchase_probability(&history, n, horizon).unwrap().get();
        assert_counts(&counts, probability, "known");
    }
}

/// Customer i is the same whoever stands beside him; other seeds are other customers.
fn each_has_his_own_stream<M: PurchaseModel>(own: &Simulated<M>) {
    let ages: Vec<f64> = (0..200).map(|i| f64::from(i) * 0.5).collect();
    let all = (own.simulate)(&own.model, &ages, 5).unwrap();
    assert_eq!((own.simulate)(&own.model, &ages, 5).unwrap(), all);
    assert_eq!((own.simulate)(&own.model, &ages[..50], 5).unwrap()[..], all[..50]);
    assert_ne!((own.simulate)(&own.model, &ages, 6).unwrap(), all);
    let mut others = ages.clone();
    others[..100].fill(1.0);
    assert_eq!((own.simulate)(&own.model, &others, 5).unwrap()[100..], all[100..]);
    let error = (own.simulate)(&own.model, &[1.0, f64::NAN], 5).unwrap_err();
    assert_eq!(error.to_string(), "age must lie in [0, ∞), but is NaN (row 1)");
    let one = Histories::new(TimeUnit::Week, &[0], &[0.0], &[1.0]).unwrap();
    let error = (own.future)(&own.model, &one, Horizon::FOREVER, 5).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
}

fn simulates<M: PurchaseModel>(own: &Simulated<M>) {
    newcomers_buy_as_expected(own);
    known_customers_buy_as_expected(own);
    each_has_his_own_stream(own);
}

#[test]
fn bg_nbd_simulates() {
    simulates(&bg_nbd());
}

#[test]
fn mbg_nbd_simulates() {
    simulates(&mbg_nbd());
}

#[test]
fn mbg_cnbd_k_simulates() {
    simulates(&mbg_cnbd_k());
}

#[test]
fn pareto_nbd_simulates() {
    simulates(&pareto_nbd());
}

#[test]
fn histories_count_the_purchase_times() {
    let model = bg_nbd().model;
    let ages: Vec<f64> = (0..500).map(|i| f64::from(i) * 0.1).collect();
    let histories = model.simulate(&ages, 11).unwrap();
    let lives = model.simulate_purchase_times(&ages, 11).unwrap();
    assert_eq!(histories.len(), lives.len());
    for ((history, times), age) in histories.iter().zip(&lives).zip(ages) {
        assert_eq!(history.frequency() as usize, times.len());
        assert_eq!(history.recency().to_bits(), times.last().copied().unwrap_or(0.0).to_bits());
        assert_eq!(history.age().to_bits(), age.to_bits());
    }
}

/// The mean of means is that of the population, and each kind of customer has its spread:
/// Var m̄ = E[p/(xν²)] + Var(p/ν) = p v²/(x (q − 1)(q − 2)) + p² v²/((q − 1)² (q − 2)).
#[test]
fn spends_have_the_mean_and_the_spread_of_the_model() {
    let (p, q, v) = (6.0_f64, 8.0_f64, 20.0_f64);
    let model = GammaGamma::new(p, q, v).unwrap();
    for x in [1_u32, 5] {
        let spends = model.simulate_spends(&vec![x; 40_000], 3).unwrap();
        let means: Vec<f64> = spends.iter().map(|spend| spend.mean()).collect();
        let n = means.len() as f64;
        let mean = means.iter().sum::<f64>() / n;
        let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / n;
        let between = p * p * v * v / ((q - 1.0).powi(2) * (q - 2.0));
        let within = p * v * v / (f64::from(x) * (q - 1.0) * (q - 2.0));
        let want = model.expected_spend_of_newcomer().unwrap();
        assert!((mean - want).abs() < 4.5 * ((between + within) / n).sqrt(), "{mean} of {want}");
        assert!((variance / (between + within) - 1.0).abs() < 0.06, "{variance}");
    }
    let mixed = model.simulate_spends(&[0, 3, 0, 1], 3).unwrap();
    assert_eq!(mixed.iter().map(|s| s.frequency()).collect::<Vec<_>>(), [0, 3, 0, 1]);
    assert_eq!(mixed.get(1), model.simulate_spends(&[7, 3], 3).unwrap().get(1));
    let batch = model.all_expected_spends(&mixed).unwrap();
    let one_by_one = mixed.iter().map(|spend| model.expected_spend(&spend).unwrap());
    assert_eq!(batch, one_by_one.collect::<Vec<_>>());
}
