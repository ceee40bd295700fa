//! The random numbers of simulations and resampling.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// The numbers of one customer or replicate: they depend on the caller's seed and its place, so that order and
/// threads change nothing.
pub(crate) fn generator(seed: u64, place: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(place);
    generator
}
