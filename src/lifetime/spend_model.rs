//! What every spend model can say.

use crate::error::{Error, Result};
use crate::lifetime::model::finite;
#[cfg(feature = "rand")]
use crate::lifetime::model::out_of_range;
#[cfg(feature = "rand")]
use crate::math::random::generator;
use crate::transactions::{Spend, Spends};

/// A model of what customers spend on an occasion. Sealed.
pub trait SpendModel: sealed::SpendKernel {
    /// What does the customer spend on an occasion, on average, given what he spent so far?
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where the expectation is infinite, or where repeat purchases
    /// cost nothing on average (spend models are of positive amounts).
    fn expected_spend(&self, spend: &Spend) -> Result<f64> {
        match (spend.frequency(), spend.mean()) {
            (0, _) => self.expected_spend_of_newcomer(),
            (frequency, mean) if mean > 0.0 => {
                finite("expected spend", self.conditional(f64::from(frequency), mean)?)
            }
            (_, mean) => Err(Error::undefined(
                "expected spend",
                format!("the mean repeat spend is {mean}, and the model is of amounts above 0"),
            )),
        }
    }

    /// What does someone of whom no repeat purchase is known spend on an occasion, on average?
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where the expectation is infinite.
    fn expected_spend_of_newcomer(&self) -> Result<f64> {
        finite("expected spend of a newcomer", self.population()?)
    }

    /// [`expected_spend`](SpendModel::expected_spend) of every customer, in order.
    ///
    /// # Errors
    /// As for one customer.
    fn all_expected_spends(&self, spends: &Spends) -> Result<Vec<f64>> {
        spends.iter().map(|spend| self.expected_spend(&spend)).collect()
    }

    /// What do customers spend who buy again so often? Row i is of a customer with `frequencies[i]` repeat purchases.
    ///
    /// Needs the feature `rand`.
    ///
    /// A customer's draws depend on the seed and his row alone. Needs the feature `rand`.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for parameters that the generator cannot draw from, and where a
    /// mean leaves the range of `f64`.
    ///
    /// # Example
    /// ```
    /// use goodwill::{GammaGamma, SpendModel};
    ///
    /// let model = GammaGamma::new(6.25, 3.74, 15.44)?;
    /// let spends = model.simulate_spends(&[1; 4_000], 7)?;
    /// let mean = spends.iter().map(|spend| spend.mean()).sum::<f64>() / 4_000.0;
    /// assert!((mean - 35.22).abs() < 2.0); // p·v/(q − 1) = 35.22
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    #[cfg(feature = "rand")]
    fn simulate_spends(&self, frequencies: &[u32], seed: u64) -> Result<Spends> {
        let draw = |(row, &frequency): (usize, &u32)| {
            if frequency == 0 {
                return Ok(Spend::UNKNOWN);
            }
            let mut generator = generator(seed, row as u64);
            let mean = self.draw_mean(f64::from(frequency), &mut generator)?;
            if mean > 0.0 {
                Spend::new(frequency, finite("simulated spend", mean)?)
            } else {
                Err(out_of_range("simulated spend"))
            }
        };
        frequencies.iter().enumerate().map(draw).collect()
    }
}

pub(super) mod sealed {
    use super::Result;

    /// What a spend model has to compute.
    pub trait SpendKernel {
        /// E[M | x, m̄] for x ≥ 1 and m̄ > 0.
        fn conditional(&self, frequency: f64, mean: f64) -> Result<f64>;
        /// E[M].
        fn population(&self) -> Result<f64>;
        /// A mean of x ≥ 1 purchases of a random customer.
        #[cfg(feature = "rand")]
        fn draw_mean(&self, frequency: f64, generator: &mut rand_chacha::ChaCha8Rng)
        -> Result<f64>;
    }

    /// What a spend model has to draw, so that what known customers will spend can be simulated.
    #[cfg(feature = "rand")]
    pub trait SpendSimulation: SpendKernel {
        /// What is individual of a customer, drawn from what his repeat purchases leave open.
        fn draw_individual(
            &self,
            known: &crate::transactions::Spend,
            generator: &mut rand_chacha::ChaCha8Rng,
        ) -> Result<f64>;
        /// What so many purchases of his cost together, at least one.
        fn draw_total(
            &self,
            individual: f64,
            purchases: f64,
            generator: &mut rand_chacha::ChaCha8Rng,
        ) -> Result<f64>;
    }
}
