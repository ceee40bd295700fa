//! Movement between tiers or states as a Markov chain: where it settles, and how long a tier holds its customers.

use nalgebra::{DMatrix, DVector};

use crate::error::{Error, Result};
use crate::math::shares::add_up_to_one;

/// The chances of moving between tiers in one period, tier by tier: row i sums to 1.
///
/// # Example
/// ```
/// use goodwill::tiering::TransitionMatrix;
///
/// let matrix = TransitionMatrix::new(vec![vec![0.9, 0.1], vec![0.3, 0.7]])?;
/// let settled = matrix.steady_state()?;
/// assert!((settled[0] - 0.75).abs() < 1e-15);
/// assert!((matrix.expected_time_in_tier(1)? - 10.0 / 3.0).abs() < 1e-14);
/// assert!((matrix.prais()? - 0.4).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Vec<Vec<f64>>", into = "Vec<Vec<f64>>"))]
pub struct TransitionMatrix(Vec<Vec<f64>>);

impl TransitionMatrix {
    /// A matrix of known chances; rows that sum to 1 up to rounding are divided by their sum.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a tier; [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for a
    /// matrix that is not square; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its row for a chance outside
    /// `[0, 1]`; [`Inconsistent`](crate::ErrorKind::Inconsistent) for a row whose sum is further than 1e-9 from 1.
    ///
    /// # Example
    /// See [`TransitionMatrix`].
    pub fn new(mut rows: Vec<Vec<f64>>) -> Result<Self> {
        if rows.is_empty() {
            return Err(Error::empty("transition matrix"));
        }
        let tiers = rows.len();
        for (i, row) in rows.iter_mut().enumerate() {
            if row.len() != tiers {
                return Err(Error::length_mismatch(("rows", tiers), ("columns", row.len())));
            }
            if let Some(bad) = row.iter().find(|&chance| !(0.0..=1.0).contains(chance)) {
                return Err(Error::out_of_domain("chance", bad, "[0, 1]").at_row(i));
            }
            let sum: f64 = row.iter().sum();
            if !((sum - 1.0).abs() <= 1e-9) {
                let what = format!("the chances of a row must add up to 1, but add up to {sum}");
                return Err(Error::inconsistent(what).at_row(i));
            }
            let sum = if add_up_to_one(row) { 1.0 } else { sum };
            for chance in row {
                *chance = *chance / sum + 0.0;
            }
        }
        Ok(Self(rows))
    }

    /// The chances, row by row.
    #[must_use]
    pub fn rows(&self) -> &[Vec<f64>] {
        &self.0
    }

    /// How the customers spread over the tiers in the long run, whatever tier they start in.
    ///
    /// # Formula
    /// ```text
    /// π = π·P,  Σ π = 1
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for a reducible chain: where some tier cannot be reached from
    /// another, the long run depends on the start.
    ///
    /// # Example
    /// See [`TransitionMatrix`].
    ///
    /// # Reference
    /// Grassmann, Taksar and Heyman (1985), Operations Research 33(5), 1107–1116: without subtractions.
    pub fn steady_state(&self) -> Result<Vec<f64>> {
        let tiers = self.0.len();
        let one_way = |matrix: &dyn Fn(usize, usize) -> bool| {
            reachable(tiers, [0], matrix).iter().position(|&is_reached| !is_reached)
        };
        let forward = one_way(&|i, j| self.0[i][j] > 0.0);
        let unreached = match forward {
            Some(tier) => Some((tier, 0)),
            None => one_way(&|i, j| self.0[j][i] > 0.0).map(|tier| (0, tier)),
        };
        if let Some((tier, from)) = unreached {
            let reason = format!("tier {tier} cannot be reached from tier {from}");
            return Err(Error::undefined("steady state", reason));
        }
        settle(self.0.clone())
    }

    /// How many periods a customer stays in a tier at a stretch, the first included.
    ///
    /// # Formula
    /// ```text
    /// 1 / (1 − pᵢᵢ)
    /// ```
    /// with 1 − pᵢᵢ taken as the sum of the chances of leaving.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a tier that is not there;
    /// [`Undefined`](crate::ErrorKind::Undefined) for one that nobody leaves.
    ///
    /// # Example
    /// See [`TransitionMatrix`].
    ///
    /// # Reference
    /// Prais (1955), Journal of the Royal Statistical Society A 118(1), 56–66.
    pub fn expected_time_in_tier(&self, tier: usize) -> Result<f64> {
        let row = self.0.get(tier);
        let row = row.ok_or_else(|| Error::out_of_domain("tier", tier, "[0, tiers)"))?;
        let leaves = || row.iter().enumerate().filter(|&(other, _)| other != tier);
        let time = 1.0 / leaves().map(|(_, chance)| chance).sum::<f64>();
        if time.is_finite() {
            Ok(time)
        } else {
            Err(Error::undefined("expected time in tier", format!("nobody leaves tier {tier}")))
        }
    }

    /// How much the customers move: 0 where nobody does, 1 where the tier says nothing of the next one.
    ///
    /// # Formula
    /// ```text
    /// (k − tr P) / (k − 1)
    /// ```
    /// Up to k / (k − 1) where nobody stays.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for a single tier.
    ///
    /// # Example
    /// See [`TransitionMatrix`].
    ///
    /// # Reference
    /// Prais (1955), Journal of the Royal Statistical Society A 118(1), 56–66; the index in Shorrocks (1978),
    /// Econometrica 46(5), 1013–1024.
    #[doc(alias = "Shorrocks")]
    pub fn prais(&self) -> Result<f64> {
        let tiers = self.0.len();
        if tiers < 2 {
            return Err(Error::undefined("Prais mobility", "there is only one tier"));
        }
        let movers = |(i, row): (usize, &Vec<f64>)| -> f64 {
            row.iter().enumerate().filter(|&(j, _)| j != i).map(|(_, chance)| chance).sum()
        };
        Ok(self.0.iter().enumerate().map(movers).sum::<f64>() / (tiers - 1) as f64)
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Vec<Vec<f64>>> for TransitionMatrix {
    type Error = Error;

    fn try_from(rows: Vec<Vec<f64>>) -> Result<Self> {
        Self::new(rows)
    }
}

#[cfg(feature = "serde")]
impl From<TransitionMatrix> for Vec<Vec<f64>> {
    fn from(matrix: TransitionMatrix) -> Self {
        matrix.0
    }
}

/// Which states can be reached from the starts, these included.
pub(crate) fn reachable(
    states: usize,
    starts: impl IntoIterator<Item = usize>,
    edge: impl Fn(usize, usize) -> bool,
) -> Vec<bool> {
    let mut seen = vec![false; states];
    let mut open: Vec<usize> = starts.into_iter().collect();
    while let Some(from) = open.pop() {
        if !std::mem::replace(&mut seen[from], true) {
            open.extend((0..states).filter(|&to| !seen[to] && edge(from, to)));
        }
    }
    seen
}

/// The steady state of an irreducible chain, by elimination without subtractions.
pub(crate) fn settle(mut p: Vec<Vec<f64>>) -> Result<Vec<f64>> {
    let states = p.len();
    for last in (1..states).rev() {
        let leaves: f64 = p[last][..last].iter().sum();
        for i in 0..last {
            p[i][last] /= leaves;
            for j in 0..last {
                let detour = p[i][last] * p[last][j];
                p[i][j] += detour;
            }
        }
    }
    let mut weights = vec![1.0; 1];
    for state in 1..states {
        let weight = weights.iter().zip(&p).map(|(weight, row)| weight * row[state]).sum();
        weights.push(weight);
    }
    let sum: f64 = weights.iter().sum();
    if sum.is_finite() {
        Ok(weights.into_iter().map(|weight| weight / sum).collect())
    } else {
        Err(Error::undefined("steady state", "chances so small cannot be told from 0"))
    }
}

/// Periods until a customer who starts in each state is gone: (I − Q)·t = 1.
pub(crate) fn periods_until_gone(q: &[Vec<f64>]) -> Option<Vec<f64>> {
    let states = q.len();
    let matrix = DMatrix::from_fn(states, states, |i, j| f64::from(u8::from(i == j)) - q[i][j]);
    let times = matrix.lu().solve(&DVector::from_element(states, 1.0))?;
    let is_time = |time: &f64| *time >= 1.0 - 1e-9 && time.is_finite();
    times.iter().all(is_time).then(|| times.iter().copied().collect())
}
