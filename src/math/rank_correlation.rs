//! How far two orders agree: Spearman's ρ and Kendall's τ-b. Whole numbers throughout, rounded once.

/// Spearman's ρ: the correlation of the ranks, equal values at the mean of their ranks. `None` where a column does
/// not vary. The columns are finite and of one length.
///
/// # Reference
/// Spearman (1904), The American Journal of Psychology 15, 72–101.
pub(crate) fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = (centred_ranks(a), centred_ranks(b));
    let product = |x: &[i128], y: &[i128]| -> i128 { x.iter().zip(y).map(|(x, y)| x * y).sum() };
    let squares = product(&a, &a) as f64 * product(&b, &b) as f64;
    (squares > 0.0).then(|| (product(&a, &b) as f64 / squares.sqrt()).clamp(-1.0, 1.0))
}

/// Kendall's τ-b: pairs in the same order less pairs in the opposite one, over the geometric mean of the pairs that
/// each column tells apart. `None` where a column does not vary. The columns are finite and of one length.
///
/// # Reference
/// Kendall (1945), Biometrika 33, 239–251; Knight (1966), Journal of the American Statistical Association 61, 436–439.
pub(crate) fn kendall(a: &[f64], b: &[f64]) -> Option<f64> {
    let mut rows: Vec<(f64, f64)> = a.iter().zip(b).map(|(a, b)| (a + 0.0, b + 0.0)).collect();
    rows.sort_unstable_by(|x, y| x.0.total_cmp(&y.0).then(x.1.total_cmp(&y.1)));
    let tied_a = tied_pairs(&rows, |x, y| x.0.total_cmp(&y.0).is_eq());
    let tied_both =
        tied_pairs(&rows, |x, y| x.0.total_cmp(&y.0).is_eq() && x.1.total_cmp(&y.1).is_eq());
    let mut column: Vec<f64> = rows.iter().map(|row| row.1).collect();
    let mut merged = column.clone();
    let opposite = inversions(&mut column, &mut merged);
    let tied_b = tied_pairs(&column, |x, y| x.total_cmp(y).is_eq());
    let all = pairs(rows.len());
    let (apart_a, apart_b) = (all - tied_a, all - tied_b);
    let agreement = all - tied_a - tied_b + tied_both - 2 * opposite;
    let most = apart_a as f64 * apart_b as f64;
    (most > 0.0).then(|| (agreement as f64 / most.sqrt()).clamp(-1.0, 1.0))
}

/// Twice the rank of each value, less their mean.
fn centred_ranks(values: &[f64]) -> Vec<i128> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    let value = |i: &usize| values[*i] + 0.0;
    order.sort_unstable_by(|i, j| value(i).total_cmp(&value(j)));
    let mut ranks = vec![0; values.len()];
    let mut start = 0;
    for tied in order.chunk_by(|i, j| value(i).total_cmp(&value(j)).is_eq()) {
        let end = start + tied.len();
        for &i in tied {
            ranks[i] = (start + end) as i128 - values.len() as i128;
        }
        start = end;
    }
    ranks
}

fn pairs(n: usize) -> i128 {
    n as i128 * (n as i128 - 1) / 2
}

fn tied_pairs<T>(sorted: &[T], equal: impl Fn(&T, &T) -> bool) -> i128 {
    sorted.chunk_by(equal).map(|tied| pairs(tied.len())).sum()
}

/// Sorts the column and counts the pairs that stood the wrong way round.
fn inversions(column: &mut [f64], spare: &mut [f64]) -> i128 {
    let middle = column.len() / 2;
    if middle == 0 {
        return 0;
    }
    let (left, right) = column.split_at_mut(middle);
    let mut count =
        inversions(left, &mut spare[..middle]) + inversions(right, &mut spare[middle..]);
    let (mut i, mut j) = (0, 0);
    for slot in spare.iter_mut() {
        let take_right = j < right.len() && (i == left.len() || right[j] < left[i]);
        *slot = if take_right { right[j] } else { left[i] };
        if take_right {
            count += (left.len() - i) as i128;
            j += 1;
        } else {
            i += 1;
        }
    }
    column.copy_from_slice(spare);
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: ranks 1, 2.5, 2.5, 4 and 1, 3, 3, 3; 2 of 6 pairs are tied in both or one column, 3 agree.
    #[test]
    fn with_ties() {
        let (a, b) = ([1.0, 2.0, 2.0, 3.0], [0.0, 7.0, 7.0, 7.0]);
        assert!((spearman(&a, &b).unwrap() - 3.0 / 13.5_f64.sqrt()).abs() < 1e-15);
        assert!((kendall(&a, &b).unwrap() - 3.0 / 15.0_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn a_constant_has_no_order() {
        assert_eq!(
            (spearman(&[1.0, 1.0], &[1.0, 2.0]), kendall(&[1.0, 2.0], &[0.0, -0.0])),
            (None, None)
        );
        assert_eq!((spearman(&[], &[]), kendall(&[3.0], &[4.0])), (None, None));
    }
}
