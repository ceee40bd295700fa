//! Draws that the models' simulations share.

use rand::{Rng, RngExt};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Exp1, Gamma};

use crate::error::{Error, Result};

use super::model::sealed::{Known, PurchaseSimulation};

/// More purchases of one customer than this are not drawn.
const MOST: usize = 1_000_000;

/// The purchases of a customer within a span, from whether he is there at all.
pub(super) fn drawn<M: PurchaseSimulation + ?Sized>(
    model: &M,
    known: Known,
    span: f64,
    generator: &mut ChaCha8Rng,
) -> Result<Vec<f64>> {
    if happens(model.alive(known).get(), generator) {
        model.draw_if_alive(known, span, generator)
    } else {
        Ok(Vec::new())
    }
}

/// A gamma distributed number of this shape, with rate 1.
pub(super) fn gamma(shape: f64, generator: &mut impl Rng) -> Result<f64> {
    let drawn = Gamma::new(shape, 1.0).map_or(f64::NAN, |gamma| gamma.sample(generator));
    drawable("a gamma distributed number", drawn)
}

/// A beta distributed number, X/(X + Y) of gamma distributed ones: in logarithms, since those of small shapes leave
/// the range of `f64`.
pub(super) fn beta(a: f64, b: f64, generator: &mut impl Rng) -> Result<f64> {
    let (ln_x, ln_y) = (ln_gamma(a, generator)?, ln_gamma(b, generator)?);
    drawable("a beta distributed number", 1.0 / (1.0 + (ln_y - ln_x).exp()))
}

/// The logarithm of a gamma distributed number; of a shape below 1 as one of shape + 1 times U^(1/shape).
fn ln_gamma(shape: f64, generator: &mut impl Rng) -> Result<f64> {
    if shape < 1.0 {
        return Ok(gamma(shape + 1.0, generator)?.ln() - exponential(generator) / shape);
    }
    Ok(gamma(shape, generator)?.ln())
}

/// Of so many, how many something of this probability happens to.
pub(super) fn binomial(n: u64, p: f64, generator: &mut impl Rng) -> Result<f64> {
    /// More are no whole numbers of `f64`.
    const MOST: u64 = 1 << 53;
    let drawn = Binomial::new(n, p).ok().filter(|_| n <= MOST);
    let drawn = drawn.map_or(f64::NAN, |binomial| binomial.sample(generator) as f64);
    drawable("a binomially distributed number", drawn)
}

/// Exponentially distributed, with rate 1.
pub(super) fn exponential(generator: &mut impl Rng) -> f64 {
    Exp1.sample(generator)
}

/// Whether something of this probability happens.
pub(super) fn happens(probability: f64, generator: &mut impl Rng) -> bool {
    generator.random::<f64>() < probability
}

/// The times of purchases within a span: after a gap each, until the customer leaves after one of them.
pub(super) fn purchase_times<G: Rng>(
    span: f64,
    generator: &mut G,
    gap: impl Fn(&mut G) -> f64,
    leaves: impl Fn(&mut G) -> bool,
) -> Result<Vec<f64>> {
    let (mut times, mut now) = (Vec::new(), 0.0);
    loop {
        now += gap(generator);
        if !(now < span) {
            return Ok(times);
        }
        if times.len() == MOST {
            return Err(Error::undefined("simulation", "a customer buys more than 10⁶ times"));
        }
        times.push(now);
        if leaves(generator) {
            return Ok(times);
        }
    }
}

fn drawable(quantity: &'static str, drawn: f64) -> Result<f64> {
    if drawn >= 0.0 && drawn.is_finite() {
        return Ok(drawn);
    }
    Err(Error::undefined(quantity, "its parameters are out of the range of the generator"))
}
