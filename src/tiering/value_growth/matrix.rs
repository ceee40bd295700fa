//! Two scores against each other: four quadrants, with the boundary declared.

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;

/// Where an axis is cut into low and high.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Boundary {
    /// At a value that is given: a growth of 0, a satisfaction of 4.5.
    At(f64),
    /// At the mean of the customers.
    Mean,
    /// At the median of the customers; of an even number, the mean of the middle two.
    Median,
}

/// Where a score that lies on the boundary belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OnBoundary {
    /// It is high: the benefit of the doubt.
    High,
    /// It is low: only what is above counts.
    Low,
}

/// One axis of a [`Matrix`]: where it is cut, and what lies on the cut.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Axis {
    /// Where it is cut.
    pub boundary: Boundary,
    /// Where a score on the cut belongs.
    pub on_boundary: OnBoundary,
}

impl Axis {
    /// The boundary in numbers.
    fn cut(self, name: &'static str, scores: &[f64]) -> Result<f64> {
        if let Some(row) = scores.iter().position(|score| !score.is_finite()) {
            return Err(Error::out_of_domain(name, scores[row], "(-∞, ∞)").at_row(row));
        }
        match self.boundary {
            Boundary::At(at) if at.is_finite() => Ok(at + 0.0),
            Boundary::At(at) => Err(Error::out_of_domain("boundary", at, "(-∞, ∞)")),
            Boundary::Mean => {
                let mut sum = ExactSum::new();
                for &score in scores {
                    sum.add(score);
                }
                let mean = sum.mean(scores.len() as f64);
                if mean.is_finite() { Ok(mean) } else { Err(Error::overflow("a mean of scores")) }
            }
            Boundary::Median => {
                let mut sorted = scores.to_vec();
                let middle = sorted.len() / 2;
                let (below, &mut upper, _) = sorted.select_nth_unstable_by(middle, f64::total_cmp);
                let lower = below.iter().copied().max_by(f64::total_cmp).unwrap_or(upper);
                let is_odd = scores.len() % 2 == 1;
                Ok(if is_odd { upper } else { 0.5 * lower + 0.5 * upper } + 0.0)
            }
        }
    }

    fn is_high(self, score: f64, cut: f64) -> bool {
        match self.on_boundary {
            OnBoundary::High => score >= cut,
            OnBoundary::Low => score > cut,
        }
    }
}

/// A customer's place in a matrix of two scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Quadrant {
    /// Whether the first score is high.
    pub first_is_high: bool,
    /// Whether the second score is high.
    pub second_is_high: bool,
}

/// What to do with a customer, by his profit (first score) and its growth (second score).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum GrowthAction {
    /// High profit, growing: keep him at any reasonable price.
    Keep,
    /// Low profit, growing: invest, he is the best customer of tomorrow.
    Grow,
    /// High profit, not growing: take the profit, invest no more.
    Harvest,
    /// Low profit, not growing: turn him, or let him go.
    Release,
}

/// What his loyalty is worth, by his satisfaction (first score) and his loyalty (second score).
///
/// # Reference
/// Jones and Sasser (1995), Harvard Business Review 73(6), 88–99.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum LoyaltyType {
    /// Satisfied and loyal: he recommends.
    Loyalist,
    /// Not satisfied, but loyal: false loyalty, for want of a choice.
    Hostage,
    /// Satisfied, but not loyal: he buys where it is cheap.
    Mercenary,
    /// Neither: he leaves, and talks about it.
    Defector,
}

impl Quadrant {
    /// What to do, where the scores are profit and growth.
    #[must_use]
    pub fn growth_action(self) -> GrowthAction {
        match (self.first_is_high, self.second_is_high) {
            (true, true) => GrowthAction::Keep,
            (false, true) => GrowthAction::Grow,
            (true, false) => GrowthAction::Harvest,
            (false, false) => GrowthAction::Release,
        }
    }

    /// What his loyalty is worth, where the scores are satisfaction and loyalty.
    #[must_use]
    pub fn loyalty_type(self) -> LoyaltyType {
        match (self.first_is_high, self.second_is_high) {
            (true, true) => LoyaltyType::Loyalist,
            (false, true) => LoyaltyType::Hostage,
            (true, false) => LoyaltyType::Mercenary,
            (false, false) => LoyaltyType::Defector,
        }
    }
}

/// Two scores of each customer against each other: profit × growth, or satisfaction × loyalty.
///
/// # Example
/// ```
/// use goodwill::tiering::{Axis, Boundary, GrowthAction, Matrix, OnBoundary};
///
/// let profit = [900.0, 850.0, 40.0, 30.0];
/// let growth = [0.12, -0.05, 0.30, 0.0];
/// let matrix = Matrix::of(
///     &profit,
///     &growth,
///     Axis { boundary: Boundary::Mean, on_boundary: OnBoundary::High },
///     Axis { boundary: Boundary::At(0.0), on_boundary: OnBoundary::Low },
/// )?;
/// let actions: Vec<_> = matrix.quadrants().iter().map(|own| own.growth_action()).collect();
/// use GrowthAction::{Grow, Harvest, Keep, Release};
/// assert_eq!(actions, [Keep, Harvest, Grow, Release]);
/// assert_eq!(matrix.boundaries(), (455.0, 0.0));
/// assert_eq!(matrix.customers(matrix.quadrants()[0]), 1);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Matrix {
    quadrants: Vec<Quadrant>,
    boundaries: (f64, f64),
}

impl Matrix {
    /// Puts every customer into a quadrant by two scores.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a customer; [`LengthMismatch`](crate::ErrorKind::LengthMismatch)
    /// where the scores differ in length; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a score, with its row,
    /// or a boundary that is not finite; [`Overflow`](crate::ErrorKind::Overflow) for a mean that is not.
    ///
    /// # Example
    /// See [`Matrix`].
    pub fn of(first: &[f64], second: &[f64], first_axis: Axis, second_axis: Axis) -> Result<Self> {
        if first.len() != second.len() {
            let (left, right) = (("first scores", first.len()), ("second scores", second.len()));
            return Err(Error::length_mismatch(left, right));
        }
        if first.is_empty() {
            return Err(Error::empty("scores"));
        }
        let boundaries =
            (first_axis.cut("first score", first)?, second_axis.cut("second score", second)?);
        let quadrant = |(&one, &other): (&f64, &f64)| Quadrant {
            first_is_high: first_axis.is_high(one, boundaries.0),
            second_is_high: second_axis.is_high(other, boundaries.1),
        };
        Ok(Self { quadrants: first.iter().zip(second).map(quadrant).collect(), boundaries })
    }

    /// Each customer's quadrant, in the order of the input.
    #[must_use]
    pub fn quadrants(&self) -> &[Quadrant] {
        &self.quadrants
    }

    /// The boundaries in numbers, first and second.
    #[must_use]
    pub fn boundaries(&self) -> (f64, f64) {
        self.boundaries
    }

    /// How many customers are in a quadrant.
    #[must_use]
    pub fn customers(&self, quadrant: Quadrant) -> usize {
        self.quadrants.iter().filter(|&&own| own == quadrant).count()
    }
}
