//! How well the order of the hazards foretells the order of the events.

use super::Cox;

/// Harrell's C of the linear predictor, within strata; `None` without a pair whose order is known.
///
/// `order` is that of the rows by stratum, then from the last end to the first.
pub(super) fn concordance(cox: &Cox, order: &[usize], risk: &[f64]) -> Option<f64> {
    let ranks = ranks(risk);
    let (mut pairs, mut twice_concordant) = (0_u64, 0_u64);
    for stratum in order.chunk_by(|&i, &j| cox.strata[i] == cox.strata[j]) {
        let mut later = Counts::new(risk.len());
        for together in
            stratum.chunk_by(|&i, &j| cox.durations[i].to_bits() == cox.durations[j].to_bits())
        {
            let (events, censored): (Vec<usize>, Vec<usize>) =
                together.iter().partition(|&&i| cox.observed[i]);
            for i in censored {
                later.add(ranks[i]);
            }
            for &i in &events {
                let (below, up_to) = (later.below(ranks[i]), later.below(ranks[i] + 1));
                pairs += later.all;
                twice_concordant += below + up_to;
            }
            for i in events {
                later.add(ranks[i]);
            }
        }
    }
    (pairs > 0).then(|| twice_concordant as f64 / (2.0 * pairs as f64))
}

/// 0 for the lowest value, equal values alike.
fn ranks(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|(value, _), (other, _)| value.total_cmp(other));
    let mut ranks = vec![0; values.len()];
    for (rank, same) in
        order.chunk_by(|(value, _), (other, _)| value.to_bits() == other.to_bits()).enumerate()
    {
        for &(_, i) in same {
            ranks[i] = rank;
        }
    }
    ranks
}

/// How many of each rank there are, with sums from the lowest: a binary indexed tree.
///
/// # Reference
/// Fenwick (1994), Software: Practice and Experience 24, 327–336.
struct Counts {
    tree: Vec<u64>,
    all: u64,
}

impl Counts {
    fn new(ranks: usize) -> Self {
        Self { tree: vec![0; ranks + 1], all: 0 }
    }

    fn add(&mut self, rank: usize) {
        self.all += 1;
        let mut place = rank + 1;
        while place < self.tree.len() {
            self.tree[place] += 1;
            place += place & place.wrapping_neg();
        }
    }

    /// How many have a rank below this one.
    fn below(&self, rank: usize) -> u64 {
        let mut place = rank;
        let mut count = 0;
        while place > 0 {
            count += self.tree[place];
            place &= place - 1;
        }
        count
    }
}
