//! What a fit sees of the histories: equal ones once, with their number.

use crate::lifetime::model::sealed::Known;
use crate::math::newton::Evaluation;
use crate::parallel::map_runs;
use crate::time::TimeUnit;
use crate::transactions::Histories;

/// Distinct histories in order, with how many customers have each.
#[derive(Debug)]
pub(super) struct Sample {
    rows: Vec<Row>,
}

/// What `weight` customers have in common.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) known: Known,
    pub(super) weight: f64,
}

impl Row {
    /// The bits of numbers that are not negative order as the numbers do.
    fn key(&self) -> (u32, u64, u64) {
        let Known { frequency, recency, age } = self.known;
        (frequency, recency.to_bits(), age.to_bits())
    }
}

impl Sample {
    pub(super) fn new(histories: &Histories, unit: TimeUnit) -> Self {
        let rows = histories.iter();
        let mut sorted: Vec<Row> =
            rows.map(|history| Row { known: Known::new(&history, unit), weight: 1.0 }).collect();
        sorted.sort_unstable_by_key(Row::key);
        sorted.dedup_by(|next, kept| {
            let same = next.key() == kept.key();
            kept.weight += if same { next.weight } else { 0.0 };
            same
        });
        Self { rows: sorted }
    }

    /// The sum of a likelihood over the rows, which come ordered by (x, `t_x`, T): those with equal x stand
    /// together.
    pub(super) fn evaluate<const N: usize>(
        &self,
        chunk: impl Fn(&[Row]) -> Evaluation<N> + Sync,
    ) -> Evaluation<N> {
        evaluate_rows(&self.rows, chunk)
    }

    /// Every sixteenth row, where there are many: its optimum is next to that of the whole, and costs little to
    /// find.
    pub(super) fn part(&self) -> Option<Self> {
        const MANY: usize = 50_000;
        let rows = || self.rows.iter().step_by(16).copied().collect();
        (self.rows.len() > MANY).then(|| Self { rows: rows() })
    }

    pub(super) fn total(&self, of: impl Fn(Known) -> f64) -> f64 {
        self.rows.iter().map(|row| row.weight * of(row.known)).sum()
    }
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
