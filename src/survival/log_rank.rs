//! Whether groups last differently long: the log-rank test.

use nalgebra::{DMatrix, DVector};

use crate::error::{Error, Result};
use crate::estimate::HypothesisTest;
use crate::math::concave::factor;
use crate::survival::life_table::LifeTable;

/// Which part of the time a [`log_rank`] test looks at most: an event at t weighs S(t−)^rho·(1 − S(t−))^gamma,
/// with S the Kaplan–Meier curve of all groups together.
///
/// # Reference
/// Harrington and Fleming (1982), Biometrika 69, 553–566.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "(f64, f64)", into = "(f64, f64)"))]
pub struct EventWeights {
    rho: f64,
    gamma: f64,
}

impl EventWeights {
    /// Every event alike: the log-rank test.
    pub const EQUAL: Self = Self { rho: 0.0, gamma: 0.0 };
    /// Early events more: Peto's and Peto's form of Wilcoxon's test.
    pub const EARLY: Self = Self { rho: 1.0, gamma: 0.0 };
    /// Late events more.
    pub const LATE: Self = Self { rho: 0.0, gamma: 1.0 };

    /// Weights with these exponents.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `0 ≤ rho < ∞` and `0 ≤ gamma < ∞`.
    pub fn new(rho: f64, gamma: f64) -> Result<Self> {
        for (name, value) in [("rho", rho), ("gamma", gamma)] {
            if !(0.0..f64::INFINITY).contains(&value) {
                return Err(Error::out_of_domain(name, value, "[0, ∞)"));
            }
        }
        Ok(Self { rho, gamma })
    }

    fn at(self, survival: f64) -> f64 {
        survival.powf(self.rho) * (1.0 - survival).powf(self.gamma)
    }
}

impl TryFrom<(f64, f64)> for EventWeights {
    type Error = Error;

    fn try_from((rho, gamma): (f64, f64)) -> Result<Self> {
        Self::new(rho, gamma)
    }
}

impl From<EventWeights> for (f64, f64) {
    fn from(weights: EventWeights) -> Self {
        (weights.rho, weights.gamma)
    }
}

/// Whether the groups' spans have one distribution: events of each group against those expected if they had.
///
/// # Formula
/// ```text
/// Z = Σ_t w(t)·(d_gt − d_t·n_gt/n_t),   statistic = Zᵀ·V⁻¹·Z ~ χ² with (groups − 1) degrees of freedom
/// V_gh = Σ_t w(t)²·d_t·(n_t − d_t)/(n_t − 1)·n_gt/n_t·(1{g = h} − n_ht/n_t)
/// ```
///
/// # Errors
/// As [`stratified_log_rank`].
///
/// # Example
/// ```
/// use goodwill::survival::{EventWeights, LifeTable, log_rank};
///
/// let called = LifeTable::from_days(&[90, 120, 180, 180], &[true, true, false, false])?;
/// let left_alone = LifeTable::from_days(&[20, 40, 60, 180], &[true, true, true, false])?;
/// let test = log_rank(&[called, left_alone], EventWeights::EQUAL)?;
/// assert_eq!(test.degrees_of_freedom, Some(1.0));
/// assert!((test.statistic - 1.558_480_077_103_7).abs() < 1e-12);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Mantel (1966), Cancer Chemotherapy Reports 50, 163–170; Peto and Peto (1972), JRSS A 135, 185–207.
pub fn log_rank(groups: &[LifeTable], weights: EventWeights) -> Result<HypothesisTest> {
    stratified_log_rank(&[groups], weights)
}

/// [`log_rank`] within strata (regions, say, that differ anyhow): events are compared with those expected in the
/// same stratum, and the differences are added up. Each stratum lists the same groups in the same order; one
/// without customers is an empty table.
///
/// # Errors
/// [`Inconsistent`](crate::ErrorKind::Inconsistent) for fewer than two groups, or strata of different numbers of
/// groups or units of time; [`Undefined`](crate::ErrorKind::Undefined) where the data cannot tell the groups apart:
/// a group without a customer at risk at any event, or groups that are never at risk together.
pub fn stratified_log_rank<G: AsRef<[LifeTable]>>(
    strata: &[G],
    weights: EventWeights,
) -> Result<HypothesisTest> {
    /// A group's own part of its variance that is all rounding.
    const ROUNDING: f64 = 1e-12;
    let groups = strata.first().map_or(0, |groups| groups.as_ref().len());
    if groups < 2 {
        return Err(Error::inconsistent(format!(
            "a comparison needs two groups, and has {groups}"
        )));
    }
    let free = groups - 1;
    let mut excess = DVector::zeros(groups);
    let mut variance = DMatrix::zeros(groups, groups);
    for (row, stratum) in strata.iter().enumerate() {
        let stratum = stratum.as_ref();
        if stratum.len() != groups {
            let what = format!("{} groups here, and {groups} in the first stratum", stratum.len());
            return Err(Error::inconsistent(what).at_row(row));
        }
        add_stratum(stratum, weights, &mut excess, &mut variance)?;
    }
    // The differences add up to 0, so the last group says nothing new.
    let excess = excess.rows(0, free).into_owned();
    let factor = factor(&variance.view((0, 0), (free, free)).into_owned(), ROUNDING).ok();
    let distance = factor.map(|factor| factor.solve(&excess).dot(&excess));
    match distance.filter(|distance| distance.is_finite()) {
        Some(statistic) => HypothesisTest::chi_squared(statistic, free as f64),
        None => Err(Error::undefined("log-rank test", "the events do not tell the groups apart")),
    }
}

fn add_stratum(
    groups: &[LifeTable],
    weights: EventWeights,
    excess: &mut DVector<f64>,
    variance: &mut DMatrix<f64>,
) -> Result<()> {
    let Some((first, others)) = groups.split_first() else { return Ok(()) };
    let all = others.iter().try_fold(first.clone(), |all, group| all.merge(group))?;
    let mut walks: Vec<_> = groups.iter().map(|group| group.rows().peekable()).collect();
    let mut at_risk: Vec<f64> = groups.iter().map(|group| group.initial() as f64).collect();
    let mut survival = 1.0;
    for row in all.rows() {
        let (n, d) = (row.at_risk as f64, row.events as f64);
        let weight = weights.at(survival);
        let spread = if row.at_risk > 1 { d * (n - d) / (n - 1.0) } else { 0.0 };
        for (g, walk) in walks.iter_mut().enumerate() {
            if row.events > 0 {
                let share = at_risk[g] / n;
                excess[g] -= weight * d * share;
                for h in 0..groups.len() {
                    let same = if g == h { 1.0 } else { 0.0 };
                    variance[(g, h)] += weight * weight * spread * share * (same - at_risk[h] / n);
                }
            }
            if let Some(own) = walk.next_if(|own| own.time <= row.time) {
                excess[g] += weight * own.events as f64;
            }
        }
        for (g, walk) in walks.iter_mut().enumerate() {
            if let Some(next) = walk.peek() {
                at_risk[g] = next.at_risk as f64;
            } else {
                at_risk[g] = 0.0;
            }
        }
        if row.events > 0 {
            survival *= (n - d) / n;
        }
    }
    Ok(())
}
