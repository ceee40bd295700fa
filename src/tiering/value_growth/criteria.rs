//! Criteria of different units, made comparable and weighted into one score.

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;

/// Which end of a measure is the good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Direction {
    /// More is better: profit, growth.
    HigherIsBetter,
    /// Less is better: days to pay, returns.
    LowerIsBetter,
}

/// How criteria of different units are made comparable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Normalisation {
    /// (x − min) / (max − min): from 0 for the worst to 1 for the best; one outlier squeezes the rest.
    MinMax,
    /// (x − mean) / σ with σ² = Σ (x − mean)² / n: 0 is the average customer.
    ZScore,
    /// (rank − 1) / (n − 1), equal customers having their mean rank: only the order counts.
    Rank,
}

/// One criterion: a value per customer, how much it counts, and which end is good.
///
/// # Example
/// See [`weighted_scores`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Criterion<'a> {
    values: &'a [f64],
    weight: f64,
    direction: Direction,
}

impl<'a> Criterion<'a> {
    /// A criterion.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a value; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a
    /// weight outside `[0, 1e300]`, and with its row for a value that is not finite.
    ///
    /// # Example
    /// See [`weighted_scores`].
    pub fn new(values: &'a [f64], weight: f64, direction: Direction) -> Result<Self> {
        if values.is_empty() {
            return Err(Error::empty("criterion"));
        }
        if !(0.0..=1e300).contains(&weight) {
            return Err(Error::out_of_domain("weight", weight, "[0, 1e300]"));
        }
        if let Some(row) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::out_of_domain("value", values[row], "(-∞, ∞)").at_row(row));
        }
        Ok(Self { values, weight, direction })
    }

    /// The values made comparable, more being better.
    fn normalised(&self, normalisation: Normalisation) -> Result<Vec<f64>> {
        let sign = if self.direction == Direction::HigherIsBetter { 1.0 } else { -1.0 };
        // By the largest, so that no difference leaves the range of f64.
        let largest = self.values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let scale = if largest > 0.0 { sign / largest } else { 0.0 };
        if !scale.is_finite() {
            return Err(Error::undefined("normalised value", "all values are too near 0"));
        }
        let scaled: Vec<f64> = self.values.iter().map(|value| value * scale).collect();
        let (low, high) = scaled
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &x| (l.min(x), h.max(x)));
        if !(high > low) {
            return Err(Error::undefined("normalised value", "all customers are equal"));
        }
        let n = scaled.len() as f64;
        Ok(match normalisation {
            Normalisation::MinMax => scaled.iter().map(|x| (x - low) / (high - low)).collect(),
            Normalisation::ZScore => {
                let mean = exact(scaled.iter().copied()).mean(n);
                let squares = exact(scaled.iter().map(|x| (x - mean) * (x - mean)));
                let deviation = (squares.value() / n).sqrt();
                scaled.iter().map(|x| (x - mean) / deviation).collect()
            }
            Normalisation::Rank => {
                // Of the values as they are: scaling may make near ones equal.
                let signed: Vec<f64> = self.values.iter().map(|value| sign * value + 0.0).collect();
                let mut sorted = signed.clone();
                sorted.sort_unstable_by(f64::total_cmp);
                let rank = |x: &f64| {
                    let below = sorted.partition_point(|other| other < x);
                    let not_above = sorted.partition_point(|other| other <= x);
                    (below + not_above - 1) as f64 / 2.0 / (n - 1.0)
                };
                signed.iter().map(rank).collect()
            }
        })
    }
}

/// The exact sum, whatever the order.
fn exact(values: impl Iterator<Item = f64>) -> ExactSum {
    let mut sum = ExactSum::new();
    values.for_each(|value| sum.add(value));
    sum
}

/// One score per customer from weighted criteria.
///
/// # Formula
/// ```text
/// Σ w·norm(x) / Σ w
/// ```
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without a criterion; [`LengthMismatch`](crate::ErrorKind::LengthMismatch) where
/// they differ in length; [`Inconsistent`](crate::ErrorKind::Inconsistent) where all weights are 0;
/// [`Undefined`](crate::ErrorKind::Undefined) for a criterion in which all customers are equal.
///
/// # Example
/// ```
/// use goodwill::tiering::{Criterion, Direction, Normalisation, weighted_scores};
///
/// // Profit counts 60 %, growth 40 %.
/// let profit = Criterion::new(&[100.0, 40.0, 0.0], 0.6, Direction::HigherIsBetter)?;
/// let growth = Criterion::new(&[-5.0, 20.0, 10.0], 0.4, Direction::HigherIsBetter)?;
/// let scores = weighted_scores(&[profit, growth], Normalisation::MinMax)?;
/// let rounded: Vec<f64> = scores.iter().map(|score| (score * 1e3).round() / 1e3).collect();
/// assert_eq!(rounded, [0.6, 0.64, 0.24]);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn weighted_scores(
    criteria: &[Criterion<'_>],
    normalisation: Normalisation,
) -> Result<Vec<f64>> {
    let Some(first) = criteria.first() else {
        return Err(Error::empty("criteria"));
    };
    let customers = first.values.len();
    let heaviest = criteria.iter().fold(0.0_f64, |most, criterion| most.max(criterion.weight));
    if !(heaviest > 0.0) {
        return Err(Error::inconsistent("at least one weight must be above 0"));
    }
    let weights: Vec<f64> = criteria.iter().map(|own| own.weight / heaviest).collect();
    let all = exact(weights.iter().copied()).value();
    let mut scores = vec![0.0; customers];
    for (criterion, weight) in criteria.iter().zip(weights) {
        let length = criterion.values.len();
        if length != customers {
            let (left, right) = (("first criterion", customers), ("criterion", length));
            return Err(Error::length_mismatch(left, right));
        }
        for (score, own) in scores.iter_mut().zip(criterion.normalised(normalisation)?) {
            *score += weight / all * own;
        }
    }
    Ok(scores)
}
