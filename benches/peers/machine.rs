//! What this machine does in a second, and what a job asks of it at least.

use std::hint::black_box;
use std::time::Instant;

/// The least a job must do, whoever does it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Work {
    /// Bytes read in order.
    pub(crate) read: usize,
    /// Bytes written to memory that nobody used before.
    pub(crate) fresh: usize,
    /// Logarithms and exponentials.
    pub(crate) logarithms: usize,
    /// Reads at places that no cache knows.
    pub(crate) strays: usize,
}

impl Work {
    pub(crate) fn print(self) {
        println!("work {} {} {} {}", self.read, self.fresh, self.logarithms, self.strays);
    }
}

/// Prints how much of each kind of [`Work`] one thread does in a second, the best of some tries.
pub(crate) fn print_speeds() {
    /// Far beyond the caches.
    const BYTES: usize = 1 << 28;
    /// Numbers that stay in the nearest cache.
    const NUMBERS: usize = 1 << 11;
    const ROUNDS: usize = 2_000;
    const STRAYS: usize = 1 << 22;
    let words: Vec<u64> = (0..BYTES as u64 / 8).collect();
    let read = best(BYTES, || words.iter().fold(0_u64, |sum, word| sum.wrapping_add(*word)));
    let fresh = best(BYTES, || vec![black_box(1_u8); BYTES]);
    let numbers: Vec<f64> = (1..=NUMBERS).map(|number| number as f64).collect();
    let logarithms = best(NUMBERS * ROUNDS, || {
        let round = |_| black_box(&numbers).iter().map(|number| number.ln()).sum::<f64>();
        (0..ROUNDS).map(round).sum::<f64>()
    });
    // Any odd multiplier goes through all words; none of the next places is near.
    let place = |step: usize| step.wrapping_mul(0x9e37_79b9_7f4a_7c15) % words.len();
    let strays =
        best(STRAYS, || (0..STRAYS).fold(0_u64, |sum, step| sum.wrapping_add(words[place(step)])));
    println!("work {read:.0} {fresh:.0} {logarithms:.0} {strays:.0}");
}

fn best<T>(amount: usize, work: impl Fn() -> T) -> f64 {
    const TRIES: usize = 5;
    let once = |_| {
        let start = Instant::now();
        black_box(work());
        amount as f64 / start.elapsed().as_secs_f64()
    };
    (0..TRIES).map(once).fold(0.0, f64::max)
}
