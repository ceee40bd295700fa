//! Whether spend goes with frequency, which Gamma-Gamma assumes it does not.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};
use crate::math::exact_sum::ExactSum;
use crate::quantity::Probability;
use crate::transactions::Spends;

/// What the data say of the assumption that customers who buy often spend neither more nor less on an occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Verdict {
    /// The whole interval of the correlation is within what is tolerated: use the model.
    Holds,
    /// The interval reaches beyond it: too few customers to say.
    Open,
    /// The whole interval is beyond it: expected spends will be wrong for the busiest customers.
    Fails,
}

/// The correlation of frequency and mean spend among repeat buyers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SpendIndependence {
    /// Pearson's correlation, with Fisher's interval.
    pub correlation: Estimate,
    /// The customers with repeat purchases that cost more than 0.
    pub customers: usize,
    /// The size of a correlation that was declared to be harmless.
    pub tolerated: f64,
    /// What follows.
    pub verdict: Verdict,
}

impl SpendIndependence {
    /// Whether frequency and mean spend go together, among the customers that a Gamma-Gamma fit uses.
    ///
    /// # Formula
    /// ```text
    /// r = Σ (x − x̄)(m − m̄) / √(Σ (x − x̄)²·Σ (m − m̄)²),   interval tanh(artanh r ± z/√(n − 3))
    /// ```
    /// Users of the model hold correlations below 0.3 to be harmless; the interval, not the value, decides.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `0 < tolerated < 1`, or for a level that is not strictly
    /// between 0 and 1; [`Undefined`](crate::ErrorKind::Undefined) for fewer than 4 such customers, or where all have
    /// the same frequency or the same spend.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{SpendIndependence, Verdict};
    /// use goodwill::{Probability, Spends};
    ///
    /// let spends = Spends::new(&[1, 2, 3, 4, 5], &[30.0, 10.0, 20.0, 10.0, 30.0])?;
    /// let test = SpendIndependence::test(&spends, 0.3, Probability::constant(0.95))?;
    /// assert_eq!(test.correlation.value(), 0.0);
    /// assert_eq!(test.verdict, Verdict::Open); // five customers say little: −0.88 to 0.88
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Fader and Hardie (2013), note 025, section 2, for the assumption; Fisher (1921), Metron 1, 3–32.
    pub fn test(spends: &Spends, tolerated: f64, level: Probability) -> Result<Self> {
        let z = two_sided_z(level)?;
        if !(tolerated > 0.0 && tolerated < 1.0) {
            return Err(Error::out_of_domain("tolerated correlation", tolerated, "(0, 1)"));
        }
        let used: Vec<(f64, f64)> = spends
            .iter()
            .filter(|spend| spend.frequency() > 0 && spend.mean() > 0.0)
            .map(|spend| (f64::from(spend.frequency()), spend.mean()))
            .collect();
        let n = used.len() as f64;
        if used.len() < 4 {
            let reason =
                format!("it needs 4 customers with repeat purchases, and has {}", used.len());
            return Err(Error::undefined("correlation of frequency and spend", reason));
        }
        let mean = |of: fn(&(f64, f64)) -> f64| {
            let mut sum = ExactSum::new();
            for row in &used {
                sum.add(of(row) / n);
            }
            sum.value()
        };
        let (mean_x, mean_m) = (mean(|row| row.0), mean(|row| row.1));
        // In units of the largest distance, so that no square leaves the range of f64.
        let far = |of: fn(&(f64, f64)) -> f64, mean: f64| {
            used.iter().map(|row| (of(row) - mean).abs()).fold(0.0, f64::max)
        };
        let (far_x, far_m) = (far(|row| row.0, mean_x), far(|row| row.1, mean_m));
        let (mut xx, mut mm, mut xm) = (ExactSum::new(), ExactSum::new(), ExactSum::new());
        for (x, m) in &used {
            let (x, m) = ((x - mean_x) / far_x, (m - mean_m) / far_m);
            xx.add_product(x, x);
            mm.add_product(m, m);
            xm.add_product(x, m);
        }
        let correlation = xm.value() / (xx.value().sqrt() * mm.value().sqrt());
        if !correlation.is_finite() {
            let reason = "the customers do not differ in frequency or in spend";
            return Err(Error::undefined("correlation of frequency and spend", reason));
        }
        // Beyond 1 by rounding only.
        let correlation = correlation.clamp(-1.0, 1.0);
        let reach = z / (n - 3.0).sqrt();
        let [lower, upper] = [-reach, reach].map(|reach| (correlation.atanh() + reach).tanh());
        let verdict = if lower > tolerated || upper < -tolerated {
            Verdict::Fails
        } else if lower >= -tolerated && upper <= tolerated {
            Verdict::Holds
        } else {
            Verdict::Open
        };
        let correlation = Estimate::from_interval(correlation, lower, upper, level);
        Ok(Self { correlation, customers: used.len(), tolerated, verdict })
    }
}
