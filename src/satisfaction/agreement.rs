//! Do the auditors see the same? Cohen's and Fleiss' kappa for categories, intraclass correlation for scores.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;

use super::mean::exact_mean;

/// Agreement beyond what chance alone would bring: 1 is full agreement, 0 no better than chance.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Kappa {
    /// The agreement beyond chance, at most 1.
    pub kappa: f64,
    /// The share of pairs of judgements that agree.
    pub observed: f64,
    /// The share that would agree by chance, given how often each category is used.
    pub expected: f64,
}

impl Kappa {
    /// From shares `agree / pairs` and `chance / squares` in whole numbers.
    fn new((agree, pairs): (u128, u128), (chance, squares): (u128, u128)) -> Result<Self> {
        if chance == squares {
            return Err(Error::undefined("kappa", "all judgements are of one category"));
        }
        let observed = agree as f64 / pairs as f64;
        let expected = chance as f64 / squares as f64;
        // The differences are taken of whole numbers where they fit, so that nothing cancels.
        let beyond = match (agree.checked_mul(squares), chance.checked_mul(pairs)) {
            (Some(seen), Some(by_chance)) => {
                let difference = seen.abs_diff(by_chance) as f64;
                let signed = if seen < by_chance { -difference } else { difference };
                signed / pairs as f64 / squares as f64
            }
            _ => observed - expected,
        };
        Ok(Self {
            kappa: beyond / ((squares - chance) as f64 / squares as f64),
            observed,
            expected,
        })
    }
}

/// Cohen's kappa: how far two auditors agree on the category of the same visits, one row a visit.
///
/// # Formula
/// ```text
/// κ = (pₒ − pₑ) / (1 − pₑ),   pₒ = share of rows that agree,   pₑ = Σ_c share of a in c · share of b in c
/// ```
///
/// # Errors
/// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for other numbers of rows;
/// [`Empty`](crate::ErrorKind::Empty) without rows; [`Undefined`](crate::ErrorKind::Undefined) where both
/// use one and the same category only.
///
/// # Example
/// ```
/// use goodwill::satisfaction::cohen_kappa;
///
/// let a = ["pass", "pass", "fail", "pass", "fail"];
/// let b = ["pass", "pass", "fail", "fail", "fail"];
/// let got = cohen_kappa(&a, &b)?; // 4 of 5 agree, 12 of 25 by chance
/// assert!((got.kappa - 8.0 / 13.0).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Cohen (1960), Educational and Psychological Measurement 20(1), 37–46.
pub fn cohen_kappa<T: Ord>(a: &[T], b: &[T]) -> Result<Kappa> {
    if a.len() != b.len() {
        return Err(Error::length_mismatch(("rows of a", a.len()), ("rows of b", b.len())));
    }
    if a.is_empty() {
        return Err(Error::empty("judgements"));
    }
    let mut used: BTreeMap<&T, [u128; 2]> = BTreeMap::new();
    for (one, other) in a.iter().zip(b) {
        used.entry(one).or_default()[0] += 1;
        used.entry(other).or_default()[1] += 1;
    }
    let n = a.len() as u128;
    let agree = a.iter().zip(b).filter(|(one, other)| one == other).count() as u128;
    let chance = used.values().map(|[by_a, by_b]| by_a * by_b).sum();
    Kappa::new((agree, n), (chance, n * n))
}

/// Fleiss' kappa: how far any number of auditors agree. One row a subject, one column a category; each cell
/// counts the auditors who chose the category. They need not be the same auditors in each row.
///
/// # Formula
/// ```text
/// N rows of n auditors:   P̄ = (Σ nᵢⱼ² − N·n) / (N·n·(n − 1)),   P̄ₑ = Σⱼ (Σᵢ nᵢⱼ / (N·n))²
/// κ = (P̄ − P̄ₑ) / (1 − P̄ₑ)
/// ```
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without rows; [`Inconsistent`](crate::ErrorKind::Inconsistent) with the
/// row where columns or auditors are not as many as in the first row; [`OutOfDomain`](crate::ErrorKind::OutOfDomain)
/// for fewer than two auditors; [`Overflow`](crate::ErrorKind::Overflow) where the squares pass 2¹²⁸;
/// [`Undefined`](crate::ErrorKind::Undefined) where one category alone is used.
///
/// # Example
/// ```
/// use goodwill::satisfaction::fleiss_kappa;
///
/// // Three auditors, four outlets, passed or failed.
/// let got = fleiss_kappa(&[[3, 0], [2, 1], [0, 3], [3, 0]])?;
/// assert!((got.kappa - 0.625).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fleiss (1971), Psychological Bulletin 76(5), 378–382.
pub fn fleiss_kappa<R: AsRef<[u64]>>(rows: &[R]) -> Result<Kappa> {
    let Some(first) = rows.first().map(AsRef::as_ref) else {
        return Err(Error::empty("judgements"));
    };
    let auditors = |row: &[u64]| row.iter().map(|&count| u128::from(count)).sum::<u128>();
    let n = auditors(first);
    if n < 2 {
        return Err(Error::out_of_domain("auditors", n, "[2, ∞)"));
    }
    let overflow = || Error::overflow("the number of pairs of judgements");
    let mut columns = vec![0_u128; first.len()];
    let mut squares = 0_u128;
    for (position, row) in rows.iter().map(AsRef::as_ref).enumerate() {
        if row.len() != columns.len() || auditors(row) != n {
            let what = "each row needs the categories and the auditors of the first";
            return Err(Error::inconsistent(what).at_row(position));
        }
        for (column, &count) in columns.iter_mut().zip(row) {
            let count = u128::from(count);
            *column += count;
            squares = squares.checked_add(count * count).ok_or_else(overflow)?;
        }
    }
    let all = n.checked_mul(rows.len() as u128).ok_or_else(overflow)?;
    let pairs = all.checked_mul(n - 1).ok_or_else(overflow)?;
    let chance = columns
        .iter()
        .try_fold(0_u128, |sum, &column| sum.checked_add(column.checked_mul(column)?));
    let squared = all.checked_mul(all).ok_or_else(overflow)?;
    Kappa::new((squares - all, pairs), (chance.ok_or_else(overflow)?, squared))
}

/// Intraclass correlation ICC(2,1): how far one auditor's score is what any auditor would give.
/// 1 is full agreement, level and order; a strict auditor beside a lenient one lowers it.
///
/// One row a subject, one column an auditor; each auditor judged each subject.
///
/// # Formula
/// ```text
/// n subjects, k auditors; mean squares B of subjects, J of auditors, E of the rest:
/// ICC(2,1) = (B − E) / (B + (k − 1)·E + k·(J − E)/n)
/// ```
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without rows; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row
/// for a score outside [−10¹⁰⁰, 10¹⁰⁰]; [`Inconsistent`](crate::ErrorKind::Inconsistent) with the row where
/// auditors are not as many as in the first; [`Undefined`](crate::ErrorKind::Undefined) for fewer than two
/// subjects or auditors, or where the scores do not vary enough to tell.
///
/// # Example
/// ```
/// use goodwill::satisfaction::intraclass_correlation;
///
/// // Two auditors, always two points apart: subjects differ by more than auditors do.
/// let got = intraclass_correlation(&[[83.0, 85.0], [88.0, 90.0], [93.0, 95.0]])?;
/// assert!((got - 25.0 / 27.0).abs() < 1e-14);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Shrout and Fleiss (1979), Psychological Bulletin 86(2), 420–428, case 2.
#[doc(alias = "ICC")]
pub fn intraclass_correlation<R: AsRef<[f64]>>(rows: &[R]) -> Result<f64> {
    let Some(k) = rows.first().map(|row| row.as_ref().len()) else {
        return Err(Error::empty("scores"));
    };
    for (position, row) in rows.iter().map(AsRef::as_ref).enumerate() {
        if row.len() != k {
            let what = "each row needs the auditors of the first";
            return Err(Error::inconsistent(what).at_row(position));
        }
        if let Some(score) = row.iter().find(|score| !(-1e100..=1e100).contains(*score)) {
            return Err(Error::out_of_domain("score", score, "[-1e100, 1e100]").at_row(position));
        }
    }
    let undefined = |reason| Err(Error::undefined("the intraclass correlation", reason));
    let n = rows.len();
    if n < 2 || k < 2 {
        return undefined("it needs two subjects and two auditors or more");
    }
    let subjects: Vec<f64> =
        rows.iter().map(|row| exact_mean(row.as_ref().iter().copied())).collect();
    let auditors: Vec<f64> =
        (0..k).map(|column| exact_mean(rows.iter().map(|row| row.as_ref()[column]))).collect();
    let all = exact_mean(rows.iter().flat_map(|row| row.as_ref().iter().copied()));
    let between = squares(subjects.iter().map(|subject| subject - all)) * k as f64;
    let of_auditors = squares(auditors.iter().map(|auditor| auditor - all)) * n as f64;
    let rest = squares(rows.iter().zip(&subjects).flat_map(|(row, subject)| {
        let left = row.as_ref().iter().zip(&auditors);
        left.map(move |(score, auditor)| (score - subject) - (auditor - all))
    }));
    let largest = rows.iter().flat_map(AsRef::as_ref).fold(0.0, |most: f64, x| most.max(x.abs()));
    // What rounding alone leaves of scores this large.
    let noise = (64.0 * f64::EPSILON * largest).powi(2) * (n * k) as f64;
    if !(between + of_auditors + rest > noise) {
        return undefined("the scores do not vary");
    }
    let (n, k) = (n as f64, k as f64);
    let b = between / (n - 1.0);
    let j = of_auditors / (k - 1.0);
    let e = rest / ((n - 1.0) * (k - 1.0));
    let whole = b + (k - 1.0) * e + k * (j - e) / n;
    let icc = (b - e) / whole;
    if whole > 0.0 && icc.is_finite() { Ok(icc) } else { undefined("no variance is left") }
}

fn squares(values: impl Iterator<Item = f64>) -> f64 {
    let mut total = ExactSum::new();
    values.for_each(|value| total.add(value * value));
    total.value()
}
