//! What disappoints when it is bad, and what delights when it is good: penalty and reward.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};
use crate::math::distribution::student_quantile;
use crate::math::least_squares::fit;
use crate::quantity::Probability;

use super::importance::{alike, columns};
use super::mean::student_interval;
use super::scale::Scale;

/// What a bad and what a good attribute do to overall satisfaction, against a middling one.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PenaltyReward {
    /// The change of the overall score where the attribute is bad; below 0 as a rule.
    pub penalty: Estimate,
    /// The change where it is good.
    pub reward: Estimate,
    /// Reward + penalty: below 0, the attribute can lose more than it can win.
    pub asymmetry: Estimate,
    /// What the interval of the asymmetry says.
    pub kind: AttributeKind,
}

/// How an attribute moves satisfaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum AttributeKind {
    /// Taken for granted: its lack costs more than its presence brings.
    Basic,
    /// Neither is shown to weigh more.
    Performance,
    /// A surprise: its presence brings more than its lack costs.
    Excitement,
}

impl PenaltyReward {
    /// Fits overall satisfaction on whether each attribute got one of the `boxes` worst or best scores of its scale.
    /// One column an attribute, in the caller's order; each row is a customer.
    ///
    /// # Formula
    /// ```text
    /// overall = b₀ + Σⱼ (penaltyⱼ·[scoreⱼ among the worst] + rewardⱼ·[scoreⱼ among the best])
    /// ```
    /// by least squares, with Student's intervals at n − 2·attributes − 1 degrees of freedom.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without an attribute; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for
    /// a score that is not of the scale or an overall score outside [−10⁶, 10⁶], with the row, for `boxes` that
    /// leave no middle, and a level that is not strictly between 0 and 1;
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for columns of other lengths;
    /// [`Undefined`](crate::ErrorKind::Undefined) for too few rows, or where no customer, or each, found an
    /// attribute bad, or good, or two of these always go together.
    ///
    /// # Example
    /// ```
    /// use goodwill::Probability;
    /// use goodwill::satisfaction::{AttributeKind, PenaltyReward, Scale};
    ///
    /// // Clean rooms: dirty ones cost about 4 points, spotless ones bring nothing.
    /// let clean = [1, 1, 2, 3, 3, 4, 5, 5, 1, 3, 5, 2];
    /// let overall = [2.0, 3.0, 6.0, 7.0, 6.0, 7.0, 7.0, 6.0, 2.0, 7.0, 6.0, 6.0];
    /// let level = Probability::constant(0.95);
    /// let found = PenaltyReward::fit(&[&clean], Scale::ONE_TO_FIVE, 1, &overall, level)?[0];
    /// assert!((found.penalty.value() - (7.0 / 3.0 - 6.5)).abs() < 1e-13);
    /// assert!((found.reward.value() - (19.0 / 3.0 - 6.5)).abs() < 1e-13);
    /// assert_eq!(found.kind, AttributeKind::Basic);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Brandt (1987), in Surprenant (ed.), Add Value to Your Service, 61–65; Mittal, Ross and Baldasare (1998),
    /// Journal of Marketing 62(1), 33–47.
    pub fn fit(
        scores: &[&[u8]],
        scale: Scale,
        boxes: usize,
        overall: &[f64],
        level: Probability,
    ) -> Result<Vec<Self>> {
        const QUANTITY: &str = "penalty and reward";
        two_sided_z(level)?;
        if !(boxes >= 1 && boxes <= scale.points().saturating_sub(1) / 2) {
            let domain = "[1, (points of the scale − 1)/2]";
            return Err(Error::out_of_domain("boxes", boxes, domain));
        }
        let mut flags = Vec::with_capacity(2 * scores.len());
        for column in scores {
            let heights = column
                .iter()
                .enumerate()
                .map(|(row, &score)| scale.above_worst(score).map_err(|error| error.at_row(row)));
            let heights = heights.collect::<Result<Vec<_>>>()?;
            let column_of = |is: &dyn Fn(usize) -> bool| -> Vec<f64> {
                heights.iter().map(|&height| f64::from(u8::from(is(height)))).collect()
            };
            flags.push(column_of(&|height| height < boxes));
            flags.push(column_of(&|height| height >= scale.points() - boxes));
        }
        let flags: Vec<&[f64]> = flags.iter().map(Vec::as_slice).collect();
        let (flags, overall) = columns(QUANTITY, flag, &flags, overall)?;
        let regression = fit(&flags, &overall).map_err(|j| alike(QUANTITY, &flag(j)))?;
        let t = student_quantile(level.complement().get(), regression.degrees);
        let interval = |value, variance: f64| student_interval(value, variance.sqrt(), t, level);
        let (b, v) = (&regression.coefficients, &regression.covariance);
        let one = |attribute: usize| {
            let (low, high) = (2 * attribute, 2 * attribute + 1);
            let both = v[(low, low)] + v[(high, high)] + 2.0 * v[(low, high)];
            let asymmetry = interval(b[low] + b[high], both)?;
            let kind = if asymmetry.upper() < 0.0 {
                AttributeKind::Basic
            } else if asymmetry.lower() > 0.0 {
                AttributeKind::Excitement
            } else {
                AttributeKind::Performance
            };
            Ok(Self {
                penalty: interval(b[low], v[(low, low)])?,
                reward: interval(b[high], v[(high, high)])?,
                asymmetry,
                kind,
            })
        };
        (0..scores.len()).map(one).collect()
    }
}

fn flag(j: usize) -> String {
    let which = if j.is_multiple_of(2) { "bad" } else { "good" };
    format!("that attribute {} is {which}", j / 2 + 1)
}
