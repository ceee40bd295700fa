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
    if runs.len() > 1 && threads() > 1 {
        use rayon::prelude::*;
        return runs.into_par_iter().map(|index| work(run(index))).collect();
    }
    runs.map(|index| work(run(index))).collect()
}

/// What `work` makes of each part, in order.
pub(crate) fn map_parts<T: Send, R: Send>(
    parts: Vec<T>,
    work: impl Fn(T) -> R + Send + Sync,
) -> Vec<R> {
    #[cfg(feature = "rayon")]
    if parts.len() > 1 && threads() > 1 {
        use rayon::prelude::*;
        return parts.into_par_iter().map(work).collect();
    }
    parts.into_iter().map(work).collect()
}

/// How many threads work at once.
pub(crate) fn threads() -> usize {
    #[cfg(feature = "rayon")]
    return rayon::current_num_threads();
    #[cfg(not(feature = "rayon"))]
    1
}

/// What `work` makes of each position, in order; `None` where it makes nothing of one. `memory` is kept between some.
pub(crate) fn map_each<R: Send, M>(
    positions: usize,
    memory: impl Fn() -> M + Send + Sync,
    work: impl Fn(&mut M, usize) -> Option<R> + Send + Sync,
) -> Option<Vec<R>> {
    #[cfg(feature = "rayon")]
    if threads() > 1 {
        use rayon::prelude::*;
        // Collected as they are, so that each thread writes where the result will lie.
        let all: Vec<Option<R>> = (0..positions).into_par_iter().map_init(memory, work).collect();
        return all.into_iter().collect();
    }
    let mut memory = memory();
    (0..positions).map(|position| work(&mut memory, position)).collect()
}

/// All parts, one after the other.
pub(crate) fn concat<T: Copy + Default + Send + Sync>(parts: Vec<Vec<T>>) -> Vec<T> {
    let mut all = vec![T::default(); parts.iter().map(Vec::len).sum()];
    let mut places = Vec::with_capacity(parts.len());
    let mut rest = all.as_mut_slice();
    for part in parts {
        let (place, later) = rest.split_at_mut(part.len());
        rest = later;
        places.push((place, part));
    }
    map_parts(places, |(place, part): (&mut [T], Vec<T>)| place.copy_from_slice(&part));
    all
}

/// How large to make the runs of [`map_runs`] where their size changes no result: all positions at once on one
/// thread, a few runs a thread on several.
pub(crate) fn run_of(positions: usize) -> usize {
    /// Runs for each thread, so that one that is late does not keep the others waiting.
    const RUNS: usize = 4;
    if threads() == 1 { positions } else { positions.div_ceil(threads() * RUNS) }
}
