//! Customers drawn at random, and what they will do.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution};

use super::BgBb;
use crate::error::{Error, Result};
use crate::lifetime::simulation::{beta, binomial, happens};
use crate::math::random::generator;
use crate::transactions::{Opportunities, OpportunityHistory};

impl BgBb {
    /// Customers drawn at random from the model, each with this many opportunities. Equal seeds give equal customers.
    ///
    /// Needs the feature `rand`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for more than 10⁶ opportunities;
    /// [`Undefined`](crate::ErrorKind::Undefined) for parameters too extreme to draw from.
    pub fn simulate(
        &self,
        customers: usize,
        opportunities: u32,
        seed: u64,
    ) -> Result<Opportunities> {
        let extreme =
            |_| Error::undefined("simulation", "the parameters are too extreme to draw from");
        let buying = Beta::new(self.alpha, self.beta).map_err(extreme)?;
        let leaving = Beta::new(self.gamma, self.delta).map_err(extreme)?;
        let draw = |place: usize| {
            let mut generator = generator(seed, place as u64);
            let (p, theta) = (buying.sample(&mut generator), leaving.sample(&mut generator));
            let (mut frequency, mut recency) = (0, 0);
            for opportunity in 1..=opportunities {
                if generator.random::<f64>() < theta {
                    break;
                }
                if generator.random::<f64>() < p {
                    frequency += 1;
                    recency = opportunity;
                }
            }
            OpportunityHistory::new(frequency, recency, opportunities)
        };
        // An error for too many opportunities before anything is drawn.
        OpportunityHistory::new(0, 0, opportunities)?;
        let histories = (0..customers).map(draw).collect::<Result<_>>()?;
        Ok(Opportunities::of_customers(self.period, histories))
    }

    /// How often a customer takes his next opportunities in one possible future: whether he is still with us, his p
    /// and his θ are drawn from what his history leaves open.
    pub(in crate::lifetime) fn draw_purchases(
        &self,
        history: &OpportunityHistory,
        opportunities: u32,
        generator: &mut ChaCha8Rng,
    ) -> Result<f64> {
        if !happens(self.probability_alive(history)?.get(), generator) {
            return Ok(0.0);
        }
        let later = self.after(history);
        let buys = beta(later.alpha, later.beta, generator)?;
        let leaves = beta(later.gamma, later.delta, generator)?;
        // He meets k more with probability (1 − θ)ᵏ.
        let met = (1.0 - generator.random::<f64>()).ln() / (-leaves).ln_1p();
        binomial(met.min(f64::from(opportunities)) as u64, buys, generator)
    }
}
