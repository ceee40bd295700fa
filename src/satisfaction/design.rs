//! Before the survey: how many to ask. After it: what each answer weighs.

use crate::error::{Error, Result};
use crate::estimate::two_sided_z;
use crate::math::exact_sum::ExactSum;
use crate::quantity::Probability;

/// How many answers of a simple random sample hold a share within ± `margin`.
///
/// `expected` is the share that is expected; ½ where nothing is known, since it asks for most.
///
/// # Formula
/// ```text
/// n₀ = z²·p(1 − p)/e²;   n = n₀ / (1 + (n₀ − 1)/N),   upwards
/// ```
///
/// # Errors
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a margin outside [10⁻⁶, 1), a level that is not strictly
/// between 0 and 1, or a population of 0.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::sample_size;
///
/// let (half, sure) = (Probability::constant(0.5), Probability::constant(0.95));
/// assert_eq!(sample_size(0.05, half, sure, None)?, 385);
/// assert_eq!(sample_size(0.03, half, sure, None)?, 1_068);
/// assert_eq!(sample_size(0.05, half, sure, Some(1_000))?, 278);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Cochran (1977), Sampling Techniques, equations 4.1 and 4.3.
pub fn sample_size(
    margin: f64,
    expected: Probability,
    level: Probability,
    population: Option<u64>,
) -> Result<u64> {
    if !(1e-6..1.0).contains(&margin) {
        return Err(Error::out_of_domain("margin", margin, "[1e-6, 1)"));
    }
    let ratio = two_sided_z(level)? / margin;
    let p = expected.get();
    let open = ratio * ratio * p * (1.0 - p);
    match population {
        None => Ok((open.ceil() as u64).max(1)),
        Some(0) => Err(Error::out_of_domain("population", 0, "[1, ∞)")),
        Some(customers) => {
            let n = open / (1.0 + (open - 1.0) / customers as f64);
            Ok((n.ceil() as u64).clamp(1, customers))
        }
    }
}

/// A part of the population that is sampled by itself: a region, a tier.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Stratum {
    population: u64,
    deviation: f64,
}

impl Stratum {
    /// So many customers, whose scores are expected to have this standard deviation: √(p(1 − p)) for a share.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for 0 customers, or a deviation outside [0, 10⁶].
    pub fn new(population: u64, deviation: f64) -> Result<Self> {
        if population == 0 {
            return Err(Error::out_of_domain("population of a stratum", 0, "[1, ∞)"));
        }
        if !(0.0..=1e6).contains(&deviation) {
            return Err(Error::out_of_domain("standard deviation", deviation, "[0, 1e6]"));
        }
        Ok(Self { population, deviation })
    }
}

/// How the answers are shared out among strata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Allocation {
    /// By their customers.
    Proportional,
    /// By customers × standard deviation, which needs the fewest answers in all.
    Neyman,
}

/// How many answers of each stratum hold the mean of the population within ± `margin`; in the order given.
///
/// Every stratum gives one answer at least. Where Neyman's share is larger than its stratum, all of it is asked
/// and the rest shared out anew.
///
/// # Formula
/// ```text
/// V = (e/z)²,  W = N_h/N.   Proportional: n = Σ W·S² / (V + Σ W·S²/N),   n_h = n·W, upwards
///                           Neyman:       n = (Σ W·S)² / (V + Σ W·S²/N), n_h = n·W·S/Σ W·S, upwards
/// ```
///
/// # Units
/// `margin` is in the unit of the standard deviations.
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without strata; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a
/// margin outside [10⁻⁶, 10⁶], or a level that is not strictly between 0 and 1.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{Allocation, Stratum, stratified_sample_sizes};
///
/// let strata = [Stratum::new(1_000, 10.0)?, Stratum::new(9_000, 30.0)?];
/// let sure = Probability::constant(0.95);
/// assert_eq!(stratified_sample_sizes(&strata, 2.0, sure, Allocation::Proportional)?, [74, 658]);
/// assert_eq!(stratified_sample_sizes(&strata, 2.0, sure, Allocation::Neyman)?, [25, 674]);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Cochran (1977), Sampling Techniques, equations 5.25, 5.45 and 5.50.
pub fn stratified_sample_sizes(
    strata: &[Stratum],
    margin: f64,
    level: Probability,
    allocation: Allocation,
) -> Result<Vec<u64>> {
    if strata.is_empty() {
        return Err(Error::empty("strata"));
    }
    if !(1e-6..=1e6).contains(&margin) {
        return Err(Error::out_of_domain("margin", margin, "[1e-6, 1e6]"));
    }
    let ratio = margin / two_sided_z(level)?;
    let total: f64 = strata.iter().map(|stratum| stratum.population as f64).sum();
    let weight = |stratum: &Stratum| stratum.population as f64 / total;
    let size = |stratum: &Stratum, share: f64| (share.ceil() as u64).clamp(1, stratum.population);
    let spread = |within: &[&Stratum]| -> f64 {
        within.iter().map(|stratum| weight(stratum) * stratum.deviation.powi(2)).sum()
    };
    let all: Vec<&Stratum> = strata.iter().collect();
    if allocation == Allocation::Proportional {
        let n = spread(&all) / (ratio * ratio + spread(&all) / total);
        return Ok(strata.iter().map(|stratum| size(stratum, n * weight(stratum))).collect());
    }
    let mut open = vec![true; strata.len()];
    loop {
        let left: Vec<&Stratum> = strata
            .iter()
            .zip(&open)
            .filter_map(|(stratum, &open)| open.then_some(stratum))
            .collect();
        let reach: f64 = left.iter().map(|stratum| weight(stratum) * stratum.deviation).sum();
        let per_reach = reach / (ratio * ratio + spread(&left) / total);
        let share = |stratum: &Stratum| per_reach * weight(stratum) * stratum.deviation;
        let full = |(position, &stratum): (usize, &Stratum)| {
            (open[position] && share(&stratum) > stratum.population as f64).then_some(position)
        };
        let filled: Vec<usize> = strata.iter().enumerate().filter_map(full).collect();
        if filled.is_empty() {
            let sizes = strata.iter().zip(&open).map(|(stratum, &open)| {
                if open { size(stratum, share(stratum)) } else { stratum.population }
            });
            return Ok(sizes.collect());
        }
        for position in filled {
            open[position] = false;
        }
    }
}

/// What each answer of a stratum weighs, so that the sample has the population's shares; mean 1 over the sample.
///
/// # Formula
/// ```text
/// w_h = (N_h/N) / (n_h/n)
/// ```
///
/// # Errors
/// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for columns of other lengths;
/// [`Empty`](crate::ErrorKind::Empty) without customers or answers; [`Inconsistent`](crate::ErrorKind::Inconsistent)
/// with the row for a stratum with customers and no answer, or more answers than customers.
///
/// # Example
/// ```
/// use goodwill::satisfaction::{effective_sample_size, post_stratification_weights};
///
/// // Half of the customers live in the city, but three quarters of the answers came from there.
/// let weights = post_stratification_weights(&[5_000, 5_000], &[300, 100])?;
/// assert_eq!(weights, [2.0 / 3.0, 2.0]);
/// let of_each: Vec<f64> = [[weights[0]; 300].as_slice(), &[weights[1]; 100]].concat();
/// assert!((effective_sample_size(&of_each)? - 300.0).abs() < 1e-9);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Holt and Smith (1979), "Post Stratification", Journal of the Royal Statistical Society A 142(1), 33–46.
pub fn post_stratification_weights(populations: &[u64], answers: &[u64]) -> Result<Vec<f64>> {
    if populations.len() != answers.len() {
        return Err(Error::length_mismatch(
            ("populations", populations.len()),
            ("answers", answers.len()),
        ));
    }
    let total = |counts: &[u64]| counts.iter().map(|&count| u128::from(count)).sum::<u128>();
    let (customers, sample) = (total(populations), total(answers));
    if customers == 0 {
        return Err(Error::empty("population"));
    }
    if sample == 0 {
        return Err(Error::empty("answers"));
    }
    let weight = |(row, (&population, &answered)): (usize, (&u64, &u64))| {
        if answered > population || (answered == 0 && population > 0) {
            let what = format!("{answered} answers cannot stand for {population} customers");
            return Err(Error::inconsistent(what).at_row(row));
        }
        if population == 0 {
            return Ok(0.0);
        }
        let (part, sampled) =
            (population as f64 / customers as f64, answered as f64 / sample as f64);
        Ok(part / sampled)
    };
    populations.iter().zip(answers).enumerate().map(weight).collect()
}

/// How many equally weighted answers tell as much as these weighted ones; only the proportions matter.
///
/// # Formula
/// ```text
/// (Σ w)² / Σ w²
/// ```
///
/// # Errors
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a weight that is below 0 or not finite;
/// [`Empty`](crate::ErrorKind::Empty) where none is above 0.
///
/// # Example
/// ```
/// use goodwill::satisfaction::effective_sample_size;
///
/// assert!((effective_sample_size(&[3.0, 1.0])? - 1.6).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Kish (1965), Survey Sampling, section 11.7.
pub fn effective_sample_size(weights: &[f64]) -> Result<f64> {
    for (row, &weight) in weights.iter().enumerate() {
        if !(0.0..f64::INFINITY).contains(&weight) {
            return Err(Error::out_of_domain("weight", weight, "[0, ∞)").at_row(row));
        }
    }
    let largest = weights.iter().copied().fold(0.0, f64::max);
    if !(largest > 0.0) {
        return Err(Error::empty("weights"));
    }
    let (mut total, mut squares) = (ExactSum::new(), ExactSum::new());
    for &weight in weights {
        total.add(weight / largest);
        squares.add_product(weight / largest, weight / largest);
    }
    Ok(total.value().powi(2) / squares.value())
}
