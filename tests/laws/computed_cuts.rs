//! Natural breaks and computed ABC against every other cut there is.

use goodwill::tiering::{ComputedAbc, ParetoTail, Ranking, Thresholds};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::generate::{log_uniform, shuffled};

/// Whole numbers, close together, far apart and equal.
fn whole() -> impl Strategy<Value = Vec<i64>> {
    let near = -20_i64..20;
    let far = (0_i64..1_000, 0_u32..20).prop_map(|(value, shift)| value << shift);
    prop_oneof![vec(near, 1..12), vec(far, 1..12)]
}

/// n·Σ(x − mean)² of a run, exactly, over its size: the deviations as one fraction.
fn deviations(run: &[i64]) -> f64 {
    let n = run.len() as i128;
    let sum: i128 = run.iter().map(|&x| i128::from(x)).sum();
    let squares: i128 = run.iter().map(|&x| i128::from(x) * i128::from(x)).sum();
    (n * squares - sum * sum) as f64 / n as f64
}

/// The least deviations of any cut into `tiers` runs that are not empty and part no equal values.
fn least(ranked: &[i64], tiers: usize) -> f64 {
    if tiers == 1 {
        return deviations(ranked);
    }
    let cuts = (1..ranked.len()).filter(|&end| ranked[end - 1] != ranked[end]);
    let total = |end: usize| deviations(&ranked[..end]) + least(&ranked[end..], tiers - 1);
    cuts.map(total).fold(f64::INFINITY, f64::min)
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn no_cut_varies_less_than_natural_breaks(
        (values, others) in shuffled(whole()),
        tiers in 1_usize..5,
    ) {
        let mut ranked = values.clone();
        ranked.sort_unstable_by(|a, b| b.cmp(a));
        let mut different = ranked.clone();
        different.dedup();
        let floats: Vec<f64> = values.iter().map(|&value| value as f64).collect();
        let names = || (0..tiers).map(|tier| tier.to_string());
        let got = Thresholds::natural_breaks(&Ranking::of(&floats).unwrap(), names());
        prop_assert_eq!(got.is_ok(), tiers <= different.len());
        let Ok(cuts) = got else { return Ok(()) };
        let tiering = cuts.assign(&floats).unwrap();
        prop_assert!(tiering.tiers().iter().all(|tier| tier.customers > 0), "none is empty");
        let found: f64 = (0..tiers as u32)
            .map(|tier| {
                let own = values.iter().zip(tiering.assignments()).filter(|&(_, &t)| t == tier);
                deviations(&own.map(|(&value, _)| value).collect::<Vec<_>>())
            })
            .sum();
        let best = least(&ranked, tiers);
        prop_assert!(found <= best * (1.0 + 1e-12), "{found} is above {best}");
        let others: Vec<f64> = others.iter().map(|&value| value as f64).collect();
        prop_assert_eq!(Ok(cuts), Thresholds::natural_breaks(&Ranking::of(&others).unwrap(), names()));
    }

    #[test]
    fn computed_abc_finds_the_points_of_the_paper(values in vec(1_u32..2_000, 1..40)) {
        let floats: Vec<f64> = values.iter().map(|&value| value.into()).collect();
        let abc = ComputedAbc::of(&Ranking::of(&floats).unwrap()).unwrap();
        let mut ranked = values.clone();
        ranked.sort_unstable_by(|a, b| b.cmp(a));
        let (n, total) = (values.len() as i128, values.iter().map(|&v| i128::from(v)).sum::<i128>());
        let sums: Vec<i128> = ranked
            .iter()
            .scan(0, |sum, &value| {
                *sum += i128::from(value);
                Some(*sum)
            })
            .collect();
        // (k/n − from/n)² + (1 − Y)² times n²·total², in whole numbers.
        let distance = |k: usize, from: i128| {
            let (x, y) = ((k as i128 - from) * total, (total - sums[k - 1]) * n);
            x * x + y * y
        };
        let nearest = |from: i128| {
            (1..=values.len()).min_by_key(|&k| (distance(k, from), k)).unwrap()
        };
        let pareto = nearest(0);
        let above = ranked.iter().filter(|&&value| i128::from(value) * n > total).count().max(1);
        prop_assert_eq!(abc.break_even().customers, above);
        // Rounding decides only between points of equal distance.
        prop_assert!(
            (distance(abc.pareto().customers, 0) - distance(pareto, 0)) as f64
                <= 1e-12 * distance(pareto, 0) as f64
        );
        let late = above.max(abc.pareto().customers) as i128;
        let want = distance(nearest(late), late);
        prop_assert!(
            (distance(abc.submarginal().customers, late) - want) as f64
                <= 1e-12 * (want as f64).max((n * n * total) as f64 * 1e-3)
        );
        let ends_a = above.min(abc.pareto().customers);
        prop_assert!(abc.submarginal().customers >= ends_a, "B ends behind A");
        let floors = [ends_a, abc.submarginal().customers].map(|k| f64::from(ranked[k - 1]));
        let thresholds = abc.thresholds().unwrap();
        prop_assert_eq!(thresholds.floors(), &floors[..]);
    }

    /// Hill's exponent does not know the currency, and is the mean excess of logarithms, one by one.
    #[test]
    fn the_tail_has_no_unit(
        values in vec(log_uniform(1e-3, 1e6), 2..40),
        factor in log_uniform(1e-3, 1e3),
        k in 1_usize..40,
    ) {
        let base = Ranking::of(&values).unwrap();
        prop_assume!(k < values.len());
        let ranked = base.values();
        prop_assume!(ranked[0] > ranked[k]);
        let tail = ParetoTail::of(&base, k).unwrap();
        let logs: f64 = ranked[..k].iter().map(|x| x.ln() - ranked[k].ln()).sum();
        prop_assert!((tail.exponent() * logs / k as f64 - 1.0).abs() < 1e-9 * (1.0 + 1.0 / logs));
        let error = tail.standard_error() * (k as f64).sqrt();
        prop_assert!((error / tail.exponent() - 1.0).abs() < 1e-14);
        let scaled: Vec<f64> = values.iter().map(|value| value * factor).collect();
        let scaled = ParetoTail::of(&Ranking::of(&scaled).unwrap(), k).unwrap();
        prop_assert!((scaled.exponent() / tail.exponent() - 1.0).abs() < 1e-9 * (1.0 + 1.0 / logs));
        let powers: Vec<f64> = values.iter().map(|value| value * 4.0).collect();
        let powers = ParetoTail::of(&Ranking::of(&powers).unwrap(), k).unwrap();
        prop_assert_eq!(powers.exponent().to_bits(), tail.exponent().to_bits());
    }

    /// Deviations do not depend on where 0 is: far from it, where squares cancel, the cuts are the same.
    #[test]
    fn natural_breaks_do_not_depend_on_zero(values in vec(0_u32..1_000, 3..30), tiers in 2_usize..4) {
        let base = |from: f64| -> Vec<f64> { values.iter().map(|&x| from + f64::from(x)).collect() };
        let cuts = |from: f64| {
            let names = (0..tiers).map(|tier| tier.to_string());
            Thresholds::natural_breaks(&Ranking::of(&base(from)).unwrap(), names)
        };
        let far = 36.0_f64.exp2();
        match (cuts(0.0), cuts(far)) {
            (Ok(near), Ok(away)) => {
                let back: Vec<f64> = away.floors().iter().map(|floor| floor - far).collect();
                prop_assert_eq!(near.floors(), back);
            }
            (near, away) => prop_assert_eq!(near.is_err(), away.is_err()),
        }
    }
}

/// Two points of this curve are equally near to all for nothing: (¼, ½) and (½, ¾). The first is taken.
#[test]
fn of_equally_near_points_the_first() {
    let limits = ComputedAbc::of(&Ranking::of(&[4.0, 2.0, 1.0, 1.0]).unwrap()).unwrap();
    assert_eq!(limits.pareto().customers, 1);
}
