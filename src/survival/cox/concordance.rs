//! How well the order of the hazards foretells the order of the events.

use super::Cox;

/// Harrell's C of the linear predictor, within strata; `None` without a pair whose order is known.
pub(super) fn concordance(cox: &Cox, risk: &[f64]) -> Option<f64> {
    let mut order: Vec<usize> = (0..risk.len()).collect();
    order.sort_by(|&i, &j| {
        let latest_first = cox.durations[j].total_cmp(&cox.durations[i]);
        cox.strata[i].cmp(&cox.strata[j]).then(latest_first)
    });
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
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0; values.len()];
    for (rank, same) in
        order.chunk_by(|&i, &j| values[i].to_bits() == values[j].to_bits()).enumerate()
    {
        for &i in same {
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
