//! How much risk has built up: the Nelson–Aalen estimate of the cumulative hazard.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};
use crate::math::gamma::{digamma_difference, trigamma_difference};
use crate::quantity::Probability;
use crate::survival::life_table::LifeTable;
use crate::time::TimeUnit;

/// How several events at one time count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TiedEvents {
    /// All at once, as where time is truly counted in whole steps: d/n, with the binomial variance d·(n − d)/n³.
    #[default]
    AtOnce,
    /// One after the other, as where time was only rounded: Σ 1/(n − j) over j < d, with variance Σ 1/(n − j)²
    /// (Fleming and Harrington).
    InTurn,
}

/// One step of a [`NelsonAalen`] curve.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct HazardPoint {
    /// From here to the next point the curve keeps its value.
    pub time: f64,
    /// The hazard that has built up, with its interval.
    pub cumulative: Estimate,
}

/// The cumulative hazard: its steepness says when spans are most likely to end.
///
/// # Formula
/// ```text
/// H(t) = Σ_{tᵢ ≤ t} dᵢ/nᵢ,   interval H·exp(± z·√Var/H),   Var = Σ dᵢ·(nᵢ − dᵢ)/nᵢ³
/// ```
/// or, with [`TiedEvents::InTurn`], the sums that it names.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::survival::{LifeTable, NelsonAalen, TiedEvents};
///
/// let table = LifeTable::from_days(&[1, 2, 2, 3], &[true, true, true, false])?;
/// let level = Probability::constant(0.95);
/// let at_once = NelsonAalen::new(&table, TiedEvents::AtOnce, level)?;
/// assert!((at_once.points()[1].cumulative.value() - (1.0 / 4.0 + 2.0 / 3.0)).abs() < 1e-15);
/// let in_turn = NelsonAalen::new(&table, TiedEvents::InTurn, level)?;
/// assert!((in_turn.points()[1].cumulative.value() - (1.0 / 4.0 + 1.0 / 3.0 + 1.0 / 2.0)).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Nelson (1969), Journal of Quality Technology 1, 27–52; Aalen (1978), Annals of Statistics 6, 701–726;
/// Fleming and Harrington (1984), Communications in Statistics 13, 2469–2486; variances: Klein (1991),
/// Scandinavian Journal of Statistics 18, 333–340.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct NelsonAalen {
    unit: TimeUnit,
    ties: TiedEvents,
    points: Vec<HazardPoint>,
}

impl NelsonAalen {
    /// The curve of a table, with intervals at the confidence level.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a span; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for
    /// a level that is not strictly between 0 and 1.
    pub fn new(table: &LifeTable, ties: TiedEvents, level: Probability) -> Result<Self> {
        let z = two_sided_z(level)?;
        if table.is_empty() {
            return Err(Error::empty("life table"));
        }
        let (mut hazard, mut variance) = (0.0, 0.0);
        let mut points = Vec::new();
        for row in table.rows().filter(|row| row.events + row.censored > 0) {
            let (n, d) = (row.at_risk as f64, row.events as f64);
            match ties {
                TiedEvents::AtOnce => {
                    hazard += d / n;
                    variance += d * (n - d) / (n * n * n);
                }
                TiedEvents::InTurn => {
                    // Σ 1/(n − j) = ψ(n + 1) − ψ(n − d + 1), and Σ 1/(n − j)² as −ψ′ of the same.
                    let last = (row.at_risk - row.events) as f64 + 1.0;
                    hazard += digamma_difference(last, d);
                    variance -= trigamma_difference(last, d);
                }
            }
            let stretch = if hazard > 0.0 { (z * variance.sqrt() / hazard).exp() } else { 1.0 };
            let (lower, upper) = (hazard / stretch, hazard * stretch);
            points.push(HazardPoint {
                time: row.time,
                cumulative: Estimate::from_interval(hazard, lower, upper, level),
            });
        }
        Ok(Self { unit: table.unit(), ties, points })
    }

    /// The unit of the times.
    #[must_use]
    pub fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// How several events at one time count.
    #[must_use]
    pub fn ties(&self) -> TiedEvents {
        self.ties
    }

    /// The steps in ascending order of time, one where spans end, by an event or by censoring.
    #[must_use]
    pub fn points(&self) -> &[HazardPoint] {
        &self.points
    }
}
