//! What a fit sees of the histories: equal ones once, with their number.

use crate::error::{Error, Result};
use crate::lifetime::fit::{Estimation, Fit};
use crate::lifetime::model::sealed::Known;
use crate::math::newton::Evaluation;
use crate::math::ranks::Ranks;
use crate::parallel::map_runs;
use crate::time::TimeUnit;
use crate::transactions::Histories;

/// Distinct histories in order of (x, T, `t_x`), with how many customers have each.
#[derive(Debug)]
pub(super) struct Sample {
    rows: Vec<Row>,
    /// The distinct `t_x`, rising, where they are few; else none.
    recencies: Vec<f64>,
}

/// What `weight` customers have in common.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub(super) known: Known,
    pub(super) weight: f64,
    /// Where `t_x` stands among the distinct ones, where these are few.
    pub(super) recency_rank: u32,
}

impl Row {
    /// The bits of numbers that are not negative order as the numbers do.
    fn key(&self) -> (u32, u64, u64) {
        let Known { frequency, recency, age } = self.known;
        (frequency, age.to_bits(), recency.to_bits())
    }

    pub(super) fn is_as_old(&self, other: &Self) -> bool {
        self.known.age.to_bits() == other.known.age.to_bits()
    }
}

impl Sample {
    pub(super) fn new(histories: &Histories, unit: TimeUnit) -> Self {
        let known = || histories.iter().map(|history| Known::new(&history, unit));
        Self::of_few_times(known()).unwrap_or_else(|| Self::of_any_times(known()))
    }

    fn of_any_times(known: impl Iterator<Item = Known>) -> Self {
        Self { rows: rows_of(known), recencies: Vec::new() }
    }

    /// The same where times are whole days, or few for another reason, so that (x, T, `t_x`) fit one integer, which
    /// is faster sorted.
    fn of_few_times(known: impl ExactSizeIterator<Item = Known>) -> Option<Self> {
        let (mut ages, mut recencies) = (Ranks::default(), Ranks::default());
        let mut keys = Vec::with_capacity(known.len());
        for Known { frequency, recency, age } in known {
            let times = ages.place(age)? << Ranks::BITS | recencies.place(recency)?;
            keys.push(u64::from(frequency) << (2 * Ranks::BITS) | times);
        }
        let (ages, age_ranks) = ages.sorted();
        let (recencies, recency_ranks) = recencies.sorted();
        let low = |bits: u64| (bits & ((1 << Ranks::BITS) - 1)) as usize;
        for key in &mut keys {
            let (age, recency) = (age_ranks[low(*key >> Ranks::BITS)], recency_ranks[low(*key)]);
            *key = *key >> (2 * Ranks::BITS) << (2 * Ranks::BITS) | age << Ranks::BITS | recency;
        }
        keys.sort_unstable();
        let row = |same: &[u64]| {
            let (age, recency) = (low(same[0] >> Ranks::BITS), low(same[0]));
            let frequency = (same[0] >> (2 * Ranks::BITS)) as u32;
            let known = Known { frequency, recency: recencies[recency], age: ages[age] };
            Row { known, weight: same.len() as f64, recency_rank: recency as u32 }
        };
        let rows = keys.chunk_by(|a, b| a == b).map(row).collect();
        Some(Self { rows, recencies })
    }

    /// The sample that an estimation fits, with repeat purchases and age of a customer on average; without these where
    /// nobody has bought again, which takes priors on all parameters.
    pub(super) fn to_fit<const N: usize>(
        histories: &Histories,
        estimation: &Estimation<N>,
        lost: &[&'static str],
    ) -> Result<(Self, Option<(f64, f64)>)> {
        if histories.is_empty() {
            return Err(Error::empty("histories"));
        }
        let sample = Self::new(histories, histories.unit());
        let (purchases, exposure) = sample.means(histories.len());
        if purchases > 0.0 && exposure > 0.0 {
            return Ok((sample, Some((purchases, exposure))));
        }
        if estimation.options.know(&estimation.names) {
            return Ok((sample, None));
        }
        let why =
            "no customer has bought again, so that any small rate of purchase fits; observe longer";
        Err(estimation.not_identified(lost, &[], why))
    }

    /// The sum of a likelihood over the rows, which come ordered by (x, T, `t_x`): those with equal x stand
    /// together.
    pub(super) fn evaluate<const N: usize>(
        &self,
        chunk: impl Fn(&[Row]) -> Evaluation<N> + Sync,
    ) -> Evaluation<N> {
        evaluate_rows(&self.rows, chunk)
    }

    /// A function of the distinct `t_x`, by their ranks; empty where these are many.
    pub(super) fn for_recencies<T>(&self, of: impl Fn(f64) -> T) -> Vec<T> {
        self.recencies.iter().copied().map(of).collect()
    }

    /// The fit from the optimum of a part, where there are many rows, and else from the starts.
    pub(super) fn fit_part_first<M, const N: usize>(
        &self,
        starts: &[[f64; N]],
        parameters: impl Fn(&M) -> [(&'static str, f64); N],
        fit: impl Fn(&Self, &[[f64; N]]) -> Result<Fit<M>>,
    ) -> Result<Fit<M>> {
        let part = part_of(&self.rows);
        let part = part.map(|rows| Self { rows, recencies: self.recencies.clone() });
        let near = part.and_then(|part| fit(&part, starts).ok());
        let near = near.map(|fit| parameters(fit.model()).map(|(_, value)| value));
        let starts: Vec<[f64; N]> = near.into_iter().chain(starts.iter().copied()).collect();
        fit(self, &starts)
    }

    /// Repeat purchases and age of a customer, on average: means rather than totals, which ages near the end of
    /// f64 would leave.
    fn means(&self, customers: usize) -> (f64, f64) {
        let customers = customers as f64;
        (self.total(|known| known.x() / customers), self.total(|known| known.age / customers))
    }

    fn total(&self, of: impl Fn(Known) -> f64) -> f64 {
        self.rows.iter().map(|row| row.weight * of(row.known)).sum()
    }
}

/// Distinct histories in order of (x, T, `t_x`), their recencies without ranks.
pub(super) fn rows_of(known: impl Iterator<Item = Known>) -> Vec<Row> {
    let mut rows: Vec<Row> =
        known.map(|known| Row { known, weight: 1.0, recency_rank: 0 }).collect();
    rows.sort_unstable_by_key(Row::key);
    rows.dedup_by(|next, kept| {
        let same = next.key() == kept.key();
        kept.weight += if same { next.weight } else { 0.0 };
        same
    });
    rows
}

/// Every sixteenth row, where there are many: its optimum is next to that of the whole, and costs little to find.
pub(super) fn part_of<R: Copy>(rows: &[R]) -> Option<Vec<R>> {
    const MANY: usize = 20_000;
    (rows.len() > MANY).then(|| rows.iter().step_by(16).copied().collect())
}

/// The sum of a likelihood over rows, by chunks that are added in order, so that it does not depend on how many
/// threads share them.
pub(super) fn evaluate_rows<R: Sync, const N: usize>(
    rows: &[R],
    chunk: impl Fn(&[R]) -> Evaluation<N> + Sync,
) -> Evaluation<N> {
    const CHUNK: usize = 4_096;
    let mut total = Evaluation::ZERO;
    for part in map_runs(rows.len(), CHUNK, |run| chunk(&rows[run])) {
        total.add(&part);
    }
    total
}
