//! Good customers and bad ones: two scores against each other, and many criteria weighted into one.

mod criteria;
mod matrix;

pub use criteria::{Criterion, Direction, Normalisation, weighted_scores};
pub use matrix::{Axis, Boundary, GrowthAction, LoyaltyType, Matrix, OnBoundary, Quadrant};
