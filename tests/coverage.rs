//! How often each interval holds the truth, counted over every possible sample; `docs/COVERAGE.md` keeps the table.
//!
//! The test compares the committed file with what it computes; `GOODWILL_RENEW_ACCURACY=1` writes it anew.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;

use goodwill::satisfaction::{Answers, Comparable, Nps, Proportion, Sampling, Scale};
use goodwill::{Estimate, Probability, Result};

const SIZES: [u64; 4] = [10, 30, 100, 400];

/// ln k! for k to n.
fn ln_factorials(n: u64) -> Vec<f64> {
    (0..=n)
        .scan(0.0, |sum, k| {
            *sum += (k.max(1) as f64).ln();
            Some(*sum)
        })
        .collect()
}

/// How often the interval holds the truth at p = 0.01, 0.02, … 0.99.
fn at_each_p(n: u64, of: fn(&Proportion, &Sampling) -> Result<Estimate>) -> Vec<f64> {
    let sure = Sampling::new(Probability::constant(0.95));
    let ln = ln_factorials(n);
    let intervals: Vec<Estimate> =
        (0..=n).map(|k| of(&Proportion::new(k, n).unwrap(), &sure).unwrap()).collect();
    let at = |step: u32| {
        let p = f64::from(step) / 100.0;
        let mut held = 0.0;
        for k in 0..=n {
            let interval = &intervals[k as usize];
            if interval.lower() <= p && p <= interval.upper() {
                let (k, rest) = (k as usize, (n - k) as usize);
                let choose = ln[n as usize] - ln[k] - ln[rest];
                held += (choose + k as f64 * p.ln() + rest as f64 * (1.0 - p).ln()).exp();
            }
        }
        held
    };
    (1..100).map(at).collect()
}

/// Mean over p = 0.01 … 0.99, least over them, least over 0.05 ≤ p ≤ 0.95.
fn proportions(n: u64, of: fn(&Proportion, &Sampling) -> Result<Estimate>) -> [f64; 3] {
    let held = at_each_p(n, of);
    let least = |of: &[f64]| of.iter().copied().fold(1.0, f64::min);
    [held.iter().sum::<f64>() / 99.0, least(&held), least(&held[4..95])]
}

/// The mean of the plain Wald interval at n = 30 depends on the grid: the finer, the more of p near 0 and 1 is in it.
fn wald_by_grid() -> [f64; 3] {
    let held = at_each_p(30, Proportion::wald);
    let over = |picked: Vec<f64>| picked.iter().sum::<f64>() / picked.len() as f64;
    [
        over(held.clone()),
        over(held.iter().skip(1).step_by(2).copied().collect()),
        over(held[4..95].to_vec()),
    ]
}

/// The same over promoters and detractors of 0.05, 0.15, … with passives of at least 0.1.
fn promoters(n: u64, of: fn(&Nps, &Sampling) -> Result<Estimate>) -> [f64; 3] {
    let sure = Sampling::new(Probability::constant(0.95));
    let ln = ln_factorials(n);
    let mut samples = Vec::new();
    for up in 0..=n {
        for down in 0..=n - up {
            let mut counts = vec![0; 11];
            (counts[10], counts[0], counts[7]) = (up, down, n - up - down);
            let answers = Answers::from_counts(Scale::ZERO_TO_TEN, counts, 0, 0).unwrap();
            let interval = of(&Nps::of(&answers).unwrap(), &sure).unwrap();
            samples.push((up as usize, down as usize, interval.lower(), interval.upper()));
        }
    }
    let (mut total, mut least, mut cases) = (0.0, 1.0_f64, 0.0);
    for i in 0..9 {
        for j in 0..9 - i {
            let (p, d) = (0.05 + 0.1 * f64::from(i), 0.05 + 0.1 * f64::from(j));
            let rest = 1.0 - p - d;
            let truth = 100.0 * (p - d);
            let mut held = 0.0;
            for &(up, down, lower, upper) in &samples {
                if lower <= truth && truth <= upper {
                    let other = n as usize - up - down;
                    let ways = ln[n as usize] - ln[up] - ln[down] - ln[other];
                    let parts =
                        up as f64 * p.ln() + down as f64 * d.ln() + other as f64 * rest.ln();
                    held += (ways + parts).exp();
                }
            }
            total += held;
            cases += 1.0;
            least = least.min(held);
        }
    }
    [total / cases, least, least]
}

/// The change of NPS between two waves of `n`, over every pair of the promoters and detractors above: mean and least,
/// among the samples that have an interval.
fn changes(n: u64) -> [f64; 2] {
    let sure = Sampling::new(Probability::constant(0.95));
    let ln = ln_factorials(n);
    let pairs = || (0..=n).flat_map(move |up| (0..=n - up).map(move |down| (up, down)));
    let waves: Vec<Nps> = pairs()
        .map(|(up, down)| {
            let mut counts = vec![0; 11];
            (counts[10], counts[0], counts[7]) = (up, down, n - up - down);
            Nps::of(&Answers::from_counts(Scale::ZERO_TO_TEN, counts, 0, 0).unwrap()).unwrap()
        })
        .collect();
    let truths: Vec<(f64, Vec<f64>)> = (0..9)
        .flat_map(|i| {
            (0..9 - i).map(move |j| (0.05 + 0.1 * f64::from(i), 0.05 + 0.1 * f64::from(j)))
        })
        .map(|(p, d)| {
            let chance = |(up, down): (u64, u64)| {
                let other = n - up - down;
                let ways =
                    ln[n as usize] - ln[up as usize] - ln[down as usize] - ln[other as usize];
                let parts =
                    up as f64 * p.ln() + down as f64 * d.ln() + other as f64 * (1.0 - p - d).ln();
                (ways + parts).exp()
            };
            (100.0 * (p - d), pairs().map(chance).collect())
        })
        .collect();
    let mut held = vec![[0.0, 0.0]; truths.len() * truths.len()];
    for (i, now) in waves.iter().enumerate() {
        for (j, then) in waves.iter().enumerate() {
            // No answer of either wave differs from another, and the scores do: there is no test, and no interval.
            let Ok(change) = now.change_since(then, &sure) else { continue };
            let ends = (change.difference.lower() - 1e-9, change.difference.upper() + 1e-9);
            for (a, (score, chance)) in truths.iter().enumerate() {
                for (b, (before, chance_before)) in truths.iter().enumerate() {
                    let chance = chance[i] * chance_before[j];
                    let [inside, all] = &mut held[a * truths.len() + b];
                    *all += chance;
                    if ends.0 <= score - before && score - before <= ends.1 {
                        *inside += chance;
                    }
                }
            }
        }
    }
    let shares: Vec<f64> = held.into_iter().map(|[inside, all]| inside / all).collect();
    [shares.iter().sum::<f64>() / shares.len() as f64, shares.iter().copied().fold(1.0, f64::min)]
}

#[test]
fn the_table_is_what_the_intervals_do() {
    let mut table = String::from(
        "# Coverage\n\nHow often a 95 % interval holds the truth, in per cent, counted over every possible sample. \
         Proportions: p = 0.01, 0.02, …, 0.99.\nNPS: promoters and detractors of 0.05, 0.15, …, passives of at \
         least 0.1. `cargo test --test coverage` checks every figure.\n\n\
         | interval | n | mean | least | least for 0.05 ≤ p ≤ 0.95 |\n|---|---|---|---|---|\n",
    );
    for n in SIZES {
        let rows = [
            ("Wilson", proportions(n, Proportion::wilson)),
            ("adjusted Wald", proportions(n, Proportion::adjusted_wald)),
            ("Wald", proportions(n, Proportion::wald)),
            ("NPS adjusted Wald", promoters(n, Nps::interval)),
            ("NPS Wald", promoters(n, Nps::wald_interval)),
        ];
        for (name, [mean, least, inner]) in rows {
            let row = [mean, least, inner].map(|share| 100.0 * share);
            writeln!(table, "| {name} | {n} | {:.1} | {:.1} | {:.1} |", row[0], row[1], row[2])
                .unwrap();
            if !name.ends_with("Wald") || name.contains("adjusted") {
                assert!((0.94..=0.97).contains(&mean), "{name} {n}: {mean}");
                assert!(n < 100 || inner >= 0.92, "{name} {n}: {inner}");
            }
        }
    }
    let [all, even, inner] = wald_by_grid().map(|share| 100.0 * share);
    writeln!(
        table,
        "\nThe grid decides the mean of the plain Wald interval, which fails near 0 and 1. At n = 30 it is {all:.1} over p = \
         0.01, 0.02, …, 0.99,\n{even:.1} over p = 0.02, 0.04, …, 0.98, and {inner:.1} over p = 0.05, 0.06, …, 0.95; the least \
         is at p = 0.01."
    )
    .unwrap();
    let [mean, least] = changes(10);
    assert!((0.94..=0.97).contains(&mean) && least >= 0.9, "change of NPS: {mean} {least}");
    writeln!(
        table,
        "\nThe interval of a change of NPS between two waves of 10 answers holds it {:.1} times of 100 on average over the same \
         promoters and\ndetractors of either wave, and {:.1} at least. There is no interval where everybody in wave 1 gave the same kind \
         of answer and everybody in\nwave 2 gave another; those samples are not counted.",
        100.0 * mean,
        100.0 * least
    )
    .unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/COVERAGE.md");
    if std::env::var_os("GOODWILL_RENEW_ACCURACY").is_some() {
        std::fs::write(file, &table).unwrap();
    }
    let kept = std::fs::read_to_string(file).unwrap_or_default();
    assert!(kept == table, "docs/COVERAGE.md is stale; it shall read\n{table}");
}
