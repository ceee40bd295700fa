//! Forecast and outcome by how often a customer had bought before.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::error::Result;

use super::errors::ForecastErrors;

/// Forecast and outcome by repeat purchases before the split: a summary that merges.
///
/// # Example
/// See [`ForecastTest::by_frequency`](super::ForecastTest::by_frequency).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(into = "Vec<FrequencyClass>"))]
pub struct FrequencyClasses {
    most: u32,
    classes: BTreeMap<u32, ForecastErrors>,
}

/// The customers of one class.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FrequencyClass {
    /// Repeat purchases before the split.
    pub frequency: u32,
    /// Whether those of more are in it too.
    pub or_more: bool,
    /// How many customers, at least one.
    pub customers: u64,
    /// The conditional expectation, averaged over them.
    pub expected_mean: f64,
    /// What they did, averaged over them.
    pub actual_mean: f64,
    /// How far their forecasts miss.
    pub errors: ForecastErrors,
}

impl FrequencyClasses {
    pub(super) fn new(most: u32) -> Self {
        Self { most, classes: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, frequency: u32, forecast: f64, actual: f64) {
        self.classes
            .entry(frequency.min(self.most))
            .and_modify(|errors| errors.add(forecast, actual))
            .or_insert_with(|| ForecastErrors::one(forecast, actual));
    }

    /// Takes in the customers of another shard. Where the open class of one begins earlier, so does that of both:
    /// nothing finer is known.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for more customers than are counted, which leaves it as it was.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        let mut both = Self::new(self.most.min(other.most));
        for (frequency, errors) in self.classes.iter().chain(&other.classes) {
            match both.classes.entry((*frequency).min(both.most)) {
                Entry::Occupied(mut known) => known.get_mut().merge(errors)?,
                Entry::Vacant(new) => {
                    new.insert(errors.clone());
                }
            }
        }
        *self = both;
        Ok(())
    }

    /// The classes that hold a customer, by rising frequency.
    #[must_use]
    pub fn rows(&self) -> Vec<FrequencyClass> {
        let row = |(&frequency, errors): (&u32, &ForecastErrors)| {
            let n = errors.customers() as f64;
            FrequencyClass {
                frequency,
                or_more: frequency == self.most,
                customers: errors.customers(),
                expected_mean: errors.forecast() / n,
                actual_mean: errors.actual() / n,
                errors: errors.clone(),
            }
        };
        self.classes.iter().map(row).collect()
    }
}

impl From<FrequencyClasses> for Vec<FrequencyClass> {
    fn from(classes: FrequencyClasses) -> Self {
        classes.rows()
    }
}
