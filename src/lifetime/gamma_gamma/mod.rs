//! Gamma-Gamma: what customers spend on an occasion.

mod assumption;
mod likelihood;

pub use assumption::{SpendIndependence, Verdict};

use crate::error::{Error, Result};
use crate::lifetime::fit::{Fit, FitOptions, positive};
use crate::lifetime::model::finite;
#[cfg(feature = "rand")]
use crate::lifetime::simulation;
#[cfg(feature = "rand")]
use crate::lifetime::spend_model::sealed::SpendSimulation as _;
use crate::lifetime::spend_model::{SpendModel, sealed};
use crate::transactions::{Spend, Spends};

/// The gamma-gamma model of what customers spend on an occasion.
///
/// # Assumptions
/// 1. What a customer spends varies around his own mean: gamma distributed with shape p and rate ν.
/// 2. Customers differ: ν is gamma distributed with shape q and rate v.
/// 3. How much he spends is independent of how often he buys.
///
/// # Formula
/// ```text
/// f(m̄ | x)   = 1/(m̄·B(px, q)) · (x·m̄/(v + x·m̄))^{px} · (v/(v + x·m̄))^q
/// E[M | x, m̄] = p·(v + x·m̄)/(px + q − 1),   px + q > 1
/// E[M]        = p·v/(q − 1),                q > 1
/// ```
///
/// # Units
/// v, the mean m̄ and the expectations are in the unit of the money; p and q are pure numbers.
///
/// # Example
/// ```
/// use goodwill::{GammaGamma, Spend, SpendModel};
///
/// let model = GammaGamma::new(6.25, 3.74, 15.44)?;
/// assert!((model.expected_spend(&Spend::new(2, 22.35)?)? - 24.6637).abs() < 1e-4);
/// assert!((model.expected_spend_of_newcomer()? - 35.2190).abs() < 1e-4);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary Value", note 025 at brucehardie.com/notes,
/// equations (1a) and (5).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct GammaGamma {
    p: f64,
    q: f64,
    v: f64,
}

impl GammaGamma {
    /// The model with known parameters.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless every parameter lies in `(0, ∞)`.
    pub fn new(p: f64, q: f64, v: f64) -> Result<Self> {
        Ok(Self { p: positive("p", p)?, q: positive("q", q)?, v: positive("v", v)? })
    }

    /// The maximum-likelihood model of the repeat spend, with default options.
    ///
    /// # Errors
    /// As [`fit_with`](GammaGamma::fit_with).
    ///
    /// # Example
    /// See [`fit_with`](GammaGamma::fit_with).
    pub fn fit(spends: &Spends) -> Result<Fit<Self>> {
        Self::fit_with(spends, &FitOptions::default())
    }

    /// The maximum-likelihood model of the repeat spend.
    ///
    /// Customers without a repeat purchase, or whose repeat purchases cost 0 or less on average, say nothing to
    /// this model: they are left out and counted in [`Fit::left_out`].
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) where nobody is left;
    /// [`NotIdentified`](crate::ErrorKind::NotIdentified) where a parameter runs to the edge of its domain;
    /// [`NotConverged`](crate::ErrorKind::NotConverged) where the iterations do not suffice.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{FitOptions, GammaGamma, Ledger, Transaction};
    ///
    /// // customer,date,amount: the CDNOW sample that ships with the crate, to 30 September 1997.
    /// let csv = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow.csv"));
    /// let rows = csv.lines().skip(1).map(|line| {
    ///     let field: Vec<&str> = line.split(',').collect();
    ///     Transaction::new(field[0], field[1].parse().unwrap(), field[2].parse().unwrap())
    /// });
    /// let end = NaiveDate::from_ymd_opt(1997, 9, 30).unwrap();
    /// let ledger = Ledger::from_transactions(rows)?.until(end);
    ///
    /// let fit = GammaGamma::fit_with(&ledger.spends(end)?, &FitOptions::new())?;
    /// assert!((fit.model().p() - 6.249_572_3).abs() < 1e-7);
    /// assert_eq!((fit.customers(), fit.left_out()), (946, 1_411));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn fit_with(spends: &Spends, options: &FitOptions) -> Result<Fit<Self>> {
        likelihood::fit(spends, options)
    }

    /// The natural logarithm of the likelihood of the repeat spend, leaving out whom a fit leaves out.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where it leaves the range of `f64`.
    pub fn log_likelihood(&self, spends: &Spends) -> Result<f64> {
        finite("log-likelihood", likelihood::Sample::new(spends).evaluate(self).value)
    }

    /// p, the shape of a customer's spend: the larger, the less it varies from occasion to occasion.
    #[must_use]
    pub fn p(&self) -> f64 {
        self.p
    }

    /// q, the shape of the differences between customers: the smaller, the more they differ.
    #[must_use]
    pub fn q(&self) -> f64 {
        self.q
    }

    /// v, the scale of spend, in the unit of the money. The paper writes γ.
    #[doc(alias = "gamma")]
    #[must_use]
    pub fn v(&self) -> f64 {
        self.v
    }

    /// The parameters with their names, in the order of the paper.
    #[must_use]
    pub fn parameters(&self) -> [(&'static str, f64); 3] {
        [("p", self.p), ("q", self.q), ("v", self.v)]
    }
}

/// Whether a customer's repeat spend says something to the model.
fn is_informative(spend: &Spend) -> bool {
    spend.frequency() > 0 && spend.mean() > 0.0
}

impl sealed::SpendKernel for GammaGamma {
    fn conditional(&self, frequency: f64, mean: f64) -> Result<f64> {
        let weight = self.p * frequency + (self.q - 1.0);
        if !(weight > 0.0) {
            return Err(Error::undefined(
                "expected spend",
                format!("it is infinite where px + q ≤ 1, and px + q = {}", weight + 1.0),
            ));
        }
        Ok(self.p * (self.v + frequency * mean) / weight)
    }

    fn population(&self) -> Result<f64> {
        if !(self.q > 1.0) {
            return Err(Error::undefined(
                "expected spend of a newcomer",
                format!("the population mean is infinite where q ≤ 1, and q = {}", self.q),
            ));
        }
        Ok(self.p * self.v / (self.q - 1.0))
    }

    #[cfg(feature = "rand")]
    fn draw_mean(&self, frequency: f64, generator: &mut rand_chacha::ChaCha8Rng) -> Result<f64> {
        let rate = self.draw_individual(&Spend::UNKNOWN, generator)?;
        Ok(self.draw_total(rate, frequency, generator)? / frequency)
    }
}

/// A customer is his rate ν: of what he spent so far, ν ~ gamma(q + px, v + x·m̄).
#[cfg(feature = "rand")]
impl sealed::SpendSimulation for GammaGamma {
    fn draw_individual(
        &self,
        known: &Spend,
        generator: &mut rand_chacha::ChaCha8Rng,
    ) -> Result<f64> {
        let x = f64::from(known.frequency());
        Ok(simulation::gamma(self.q + self.p * x, generator)? / (self.v + x * known.mean()))
    }

    fn draw_total(
        &self,
        rate: f64,
        purchases: f64,
        generator: &mut rand_chacha::ChaCha8Rng,
    ) -> Result<f64> {
        Ok(simulation::gamma(self.p * purchases, generator)? / rate)
    }
}

impl SpendModel for GammaGamma {}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    p: f64,
    q: f64,
    v: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for GammaGamma {
    type Error = Error;

    fn try_from(fields: Fields) -> Result<Self> {
        Self::new(fields.p, fields.q, fields.v)
    }
}

#[cfg(feature = "serde")]
impl From<GammaGamma> for Fields {
    fn from(GammaGamma { p, q, v }: GammaGamma) -> Self {
        Self { p, q, v }
    }
}

#[cfg(all(test, feature = "rand"))]
mod tests {
    use super::sealed::SpendSimulation as _;
    use super::*;
    use crate::math::random::generator;

    /// What a known customer spends is drawn from what his purchases leave open: its mean is the model's expectation,
    /// and its variance that of a gamma distribution of a random rate,
    /// n·p/ν²'s mean + n²·Var(p/ν) with ν ~ gamma(q + px, v + x·m̄).
    #[test]
    fn drawn_spend_of_known_customers() {
        let model = GammaGamma::new(6.25, 3.74, 15.44).unwrap();
        for (x, mean, n) in [(0_u32, 0.0, 3.0), (2, 22.35, 1.0), (9, 80.0, 4.0)] {
            let spend = Spend::new(x, mean).unwrap();
            let draw = |i: u64| {
                let mut generator = generator(3, i);
                let rate = model.draw_individual(&spend, &mut generator).unwrap();
                model.draw_total(rate, n, &mut generator).unwrap()
            };
            let draws: Vec<f64> = (0..40_000).map(draw).collect();
            let got = draws.iter().sum::<f64>() / 40_000.0;
            let expected = n * model.expected_spend(&spend).unwrap();
            let (q, v) = (model.q + model.p * f64::from(x), model.v + f64::from(x) * mean);
            let square = v * v / ((q - 1.0) * (q - 2.0));
            let variance = n * model.p * square + n * n * model.p * model.p * square
                - (n * model.p * v / (q - 1.0)).powi(2);
            let error = (variance / 40_000.0).sqrt();
            assert!((got - expected).abs() < 4.5 * error, "{x}: {got} ± {error} of {expected}");
            let spread = draws.iter().map(|d| (d - got).powi(2)).sum::<f64>() / 40_000.0;
            assert!((spread / variance - 1.0).abs() < 0.12, "{x}: {spread} of {variance}");
        }
    }
}
