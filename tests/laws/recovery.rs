//! Fits find the parameters that customers were simulated with: 95 % intervals hold them 95 times of 100.

use goodwill::{
    BgNbd, Fit, FitOptions, GammaGamma, MbgCnbdK, MbgNbd, ParetoNbd, PurchaseModel, Result,
    SpendModel, TimeUnit,
};

/// How often the interval of each parameter holds the truth: ln θ ± 1.96 standard errors of ln θ.
struct Coverage {
    fits: u32,
    held: Vec<u32>,
}

fn coverage<M>(
    truth: &[(&'static str, f64)],
    replicates: u64,
    fit: impl Fn(u64) -> Result<(Fit<M>, Vec<f64>)>,
) -> Coverage {
    let mut seen = Coverage { fits: 0, held: vec![0; truth.len()] };
    for seed in 0..replicates {
        let Ok((fit, estimates)) = fit(seed) else { continue };
        seen.fits += 1;
        let errors = fit.standard_errors();
        for (i, &(_, truth)) in truth.iter().enumerate() {
            let half = 1.959_964 * errors[i].1 / estimates[i];
            seen.held[i] += u32::from((estimates[i] / truth).ln().abs() <= half);
        }
    }
    seen
}

/// Within four binomial standard errors of 95 %, and nearly every replicate can be fitted.
#[track_caller]
#[allow(clippy::print_stdout)] // the long form prints its figures
fn assert_covered(seen: &Coverage, truth: &[(&'static str, f64)], replicates: u64) {
    let n = f64::from(seen.fits);
    assert!(n >= 0.98 * replicates as f64, "{n} of {replicates} fits");
    for (held, (name, _)) in seen.held.iter().zip(truth) {
        let share = f64::from(*held) / n;
        let error = (0.95 * 0.05 / n).sqrt();
        println!("{name}: {share:.4} ± {error:.4} of {n}");
        assert!((share - 0.95).abs() < 4.0 * error, "{name}: {share} ± {error} of {n}");
    }
}

fn values<const N: usize>(parameters: [(&'static str, f64); N]) -> Vec<f64> {
    parameters.map(|(_, value)| value).to_vec()
}

fn bg_nbd(customers: u32, replicates: u64) {
    let model = BgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5).unwrap();
    let ages: Vec<f64> = (0..customers).map(|i| 30.0 + f64::from(i % 71)).collect();
    let seen = coverage(&model.parameters(), replicates, |seed| {
        let fit = BgNbd::fit(&model.simulate(&ages, seed)?)?;
        let estimates = values(fit.model().parameters());
        Ok((fit, estimates))
    });
    assert_covered(&seen, &model.parameters(), replicates);
}

fn mbg_nbd(customers: u32, replicates: u64) {
    let model = MbgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5).unwrap();
    let ages: Vec<f64> = (0..customers).map(|i| 30.0 + f64::from(i % 71)).collect();
    let seen = coverage(&model.parameters(), replicates, |seed| {
        let fit = MbgNbd::fit(&model.simulate(&ages, seed)?)?;
        let estimates = values(fit.model().parameters());
        Ok((fit, estimates))
    });
    assert_covered(&seen, &model.parameters(), replicates);
}

fn pareto_nbd(customers: u32, replicates: u64) {
    let model = ParetoNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 12.0).unwrap();
    let ages: Vec<f64> = (0..customers).map(|i| 60.0 + f64::from(i % 71)).collect();
    let seen = coverage(&model.parameters(), replicates, |seed| {
        let fit = ParetoNbd::fit(&model.simulate(&ages, seed)?)?;
        let estimates = values(fit.model().parameters());
        Ok((fit, estimates))
    });
    assert_covered(&seen, &model.parameters(), replicates);
}

fn mbg_cnbd_k(customers: u32, replicates: u64) {
    let model = MbgCnbdK::new(TimeUnit::Week, 2, 0.8, 2.5, 0.8, 2.5).unwrap();
    let ages: Vec<f64> = (0..customers).map(|i| 30.0 + f64::from(i % 71)).collect();
    let seen = coverage(&model.parameters(), replicates, |seed| {
        let fit = MbgCnbdK::fit_at(&model.simulate(&ages, seed)?, 2, &FitOptions::new())?;
        let estimates = values(fit.model().parameters());
        Ok((fit, estimates))
    });
    assert_covered(&seen, &model.parameters(), replicates);
}

fn gamma_gamma(customers: u32, replicates: u64) {
    let model = GammaGamma::new(6.25, 3.74, 15.44).unwrap();
    let frequencies: Vec<u32> = (0..customers).map(|i| 1 + i % 7).collect();
    let seen = coverage(&model.parameters(), replicates, |seed| {
        let fit = GammaGamma::fit(&model.simulate_spends(&frequencies, seed)?)?;
        let estimates = values(fit.model().parameters());
        Ok((fit, estimates))
    });
    assert_covered(&seen, &model.parameters(), replicates);
}

#[test]
fn bg_nbd_recovers() {
    bg_nbd(1_500, 200);
}

#[test]
fn mbg_nbd_recovers() {
    mbg_nbd(1_500, 200);
}

#[test]
fn pareto_nbd_recovers() {
    pareto_nbd(2_000, 200);
}

#[test]
fn mbg_cnbd_k_recovers() {
    mbg_cnbd_k(1_000, 200);
}

#[test]
fn gamma_gamma_recovers() {
    gamma_gamma(1_000, 200);
}

#[test]
#[ignore = "long; run with --ignored --release"]
fn bg_nbd_recovers_in_the_long_run() {
    bg_nbd(6_000, 2_000);
}

#[test]
#[ignore = "long; run with --ignored --release"]
fn mbg_nbd_recovers_in_the_long_run() {
    mbg_nbd(6_000, 2_000);
}

#[test]
#[ignore = "long; run with --ignored --release"]
fn pareto_nbd_recovers_in_the_long_run() {
    pareto_nbd(6_000, 1_000);
}

#[test]
#[ignore = "long; run with --ignored --release"]
fn gamma_gamma_recovers_in_the_long_run() {
    gamma_gamma(4_000, 2_000);
}
