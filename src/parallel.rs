//! Work on parts of a range, on several threads where the feature `rayon` is on.

use std::ops::Range;

/// What `work` makes of each run of `size` positions, in order. The runs are the same on any number of threads.
pub(crate) fn map_runs<R: Send>(
    positions: usize,
    size: usize,
    work: impl Fn(Range<usize>) -> R + Send + Sync,
) -> Vec<R> {
    let size = size.max(1);
    let run = |index: usize| index * size..positions.min((index + 1) * size);
    let runs = 0..positions.div_ceil(size);
    #[cfg(feature = "rayon")]
    if runs.len() > 1 && rayon::current_num_threads() > 1 {
        use rayon::prelude::*;
        return runs.into_par_iter().map(|index| work(run(index))).collect();
    }
    runs.map(|index| work(run(index))).collect()
}

/// How large to make the runs of [`map_runs`] where their size changes no result: all positions at once on one
/// thread, a few runs a thread on several.
pub(crate) fn run_of(positions: usize) -> usize {
    /// Runs for each thread, so that one that is late does not keep the others waiting.
    const RUNS: usize = 4;
    #[cfg(feature = "rayon")]
    let threads = rayon::current_num_threads();
    #[cfg(not(feature = "rayon"))]
    let threads = 1;
    if threads == 1 { positions } else { positions.div_ceil(threads * RUNS) }
}
