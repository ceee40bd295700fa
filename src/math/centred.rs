//! A column less its mean, and its sums of products: what least squares are read from.

use super::exact_sum::ExactSum;

/// A column less its mean, in units of its largest deviation, so that no square is lost.
#[derive(Clone, Debug)]
pub(crate) struct Centred {
    pub(crate) mean: f64,
    /// The largest deviation from the mean.
    pub(crate) unit: f64,
    values: Vec<f64>,
}

impl Centred {
    /// `None` where the column does not vary, or by no more than rounding. The values are finite.
    pub(crate) fn of(column: &[f64]) -> Option<Self> {
        /// The mean is only known to about 10⁻¹⁶ of the largest value.
        const ROUNDING: f64 = 1e-10;
        let mut total = ExactSum::new();
        for &value in column {
            total.add(value);
        }
        let mean = total.mean(column.len() as f64);
        let most = |of: &dyn Fn(f64) -> f64| column.iter().map(|&x| of(x)).fold(0.0, f64::max);
        let unit = most(&|x| (x - mean).abs());
        if !(unit > ROUNDING * most(&f64::abs) && unit >= f64::MIN_POSITIVE) {
            return None;
        }
        Some(Self {
            mean,
            unit,
            values: column.iter().map(|value| (value - mean) / unit).collect(),
        })
    }

    pub(crate) fn values(&self) -> &[f64] {
        &self.values
    }

    /// The sum of products with another column; the order of the rows changes no bit.
    pub(crate) fn with(&self, other: &Self) -> f64 {
        let mut total = ExactSum::new();
        self.values.iter().zip(&other.values).for_each(|(&a, &b)| total.add_product(a, b));
        total.value()
    }

    /// The correlation with another column.
    pub(crate) fn correlation(&self, other: &Self) -> f64 {
        self.with(other) / (self.with(self) * other.with(other)).sqrt()
    }
}
