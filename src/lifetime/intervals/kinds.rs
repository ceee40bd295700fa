//! The two kinds of interval, as two types.

use std::marker::PhantomData;

use crate::estimate::Estimate;
use crate::quantity::Probability;

/// Where an *expectation* lies: what would be counted on average, could the same future be lived many times.
///
/// It only holds the doubt about the parameters, and shrinks to nothing as more customers are observed. Not what
/// will be counted: that is a [`PredictionInterval`].
///
/// # Example
/// See [`Fit::confidence`](crate::Fit::confidence).
pub type ConfidenceInterval = Interval<Expectation>;

/// What will be *counted*, once: it holds the doubt about the parameters and the chance in what customers do, which
/// no data take away.
///
/// Its [`value`](Interval::value) is what is expected. Of one customer that may lie above the whole interval: where 0.02
/// purchases are expected, none is made at least 98 times of 100.
///
/// # Example
/// See `Outlook::purchases_of_base`, which needs the feature `rand`.
pub type PredictionInterval = Interval<Prediction>;

/// Says of an [`Interval`] that it is of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {}

/// Says of an [`Interval`] that it is of a count, or of an amount of money, that is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prediction {}

/// An interval that says what it is of: use [`ConfidenceInterval`] or [`PredictionInterval`]. Neither turns into the
/// other.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(into = "Fields", bound = "K: sealed::Kind"))]
pub struct Interval<K> {
    estimate: Estimate,
    kind: PhantomData<K>,
}

impl<K: sealed::Kind> Interval<K> {
    pub(super) fn new(value: f64, lower: f64, upper: f64, level: Probability) -> Self {
        Self { estimate: Estimate::from_interval(value, lower, upper, level), kind: PhantomData }
    }

    /// What is expected.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.estimate.value()
    }

    /// The lower end.
    #[must_use]
    pub fn lower(&self) -> f64 {
        self.estimate.lower()
    }

    /// The upper end.
    #[must_use]
    pub fn upper(&self) -> f64 {
        self.estimate.upper()
    }

    /// How often such intervals hold the truth.
    #[must_use]
    pub fn level(&self) -> Probability {
        self.estimate.level()
    }

    /// Whether a number lies between the ends, or on one.
    #[must_use]
    pub fn contains(&self, number: f64) -> bool {
        (self.lower()..=self.upper()).contains(&number)
    }
}

mod sealed {
    /// A kind of interval, by its name.
    pub trait Kind: Copy {
        const NAME: &'static str;
    }

    impl Kind for super::Expectation {
        const NAME: &'static str = "confidence";
    }

    impl Kind for super::Prediction {
        const NAME: &'static str = "prediction";
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize)]
struct Fields {
    kind: &'static str,
    #[serde(flatten)]
    estimate: Estimate,
}

#[cfg(feature = "serde")]
impl<K: sealed::Kind> From<Interval<K>> for Fields {
    fn from(interval: Interval<K>) -> Self {
        Self { kind: K::NAME, estimate: interval.estimate }
    }
}
