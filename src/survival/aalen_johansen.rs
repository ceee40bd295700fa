//! Several ways of ending: how many end by each cause, while the others compete for them.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};
use crate::quantity::Probability;
use crate::survival::life_table::{LifeTable, same_length};
use crate::time::TimeUnit;

/// How many spans ended by each cause, or were censored, at each time: one [`LifeTable`] a cause, in which the
/// other causes count as censoring. Two tables [`merge`](CauseTable::merge).
///
/// # Example
/// ```
/// use goodwill::survival::CauseTable;
/// use goodwill::TimeUnit;
///
/// // Months until a customer left for a competitor (0) or moved away (1); `None`: still here.
/// let months = [1.0, 2.0, 2.0, 3.0, 4.0];
/// let causes = [Some(0), Some(1), None, Some(0), None];
/// let table = CauseTable::new(TimeUnit::Month, 2, &months, &causes)?;
/// assert_eq!(table.of_cause(0)?.events(), 2);
/// assert_eq!(table.any_cause().events(), 3);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Vec<LifeTable>", into = "Vec<LifeTable>"))]
pub struct CauseTable {
    /// At least one; all with the same times, at risk and entered, and the same sum of events and censored.
    causes: Vec<LifeTable>,
    any: LifeTable,
}

impl CauseTable {
    /// The table of spans that ended by one of `number` causes, counted from 0, or were censored: `None`.
    ///
    /// # Errors
    /// As [`LifeTable::new`]; [`Empty`](crate::ErrorKind::Empty) for no cause;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for more than 1000 causes, or one that is not below their number.
    pub fn new(
        unit: TimeUnit,
        number: usize,
        durations: &[f64],
        causes: &[Option<usize>],
    ) -> Result<Self> {
        same_length(("durations", durations.len()), ("causes", causes.len()))?;
        check_number(number)?;
        let unknown =
            |(row, cause): (usize, &Option<usize>)| Some((row, cause.filter(|&c| c >= number)?));
        if let Some((row, cause)) = causes.iter().enumerate().find_map(unknown) {
            return Err(Error::out_of_domain("cause", cause, "[0, number of causes)").at_row(row));
        }
        let observed: Vec<bool> = causes.iter().map(Option::is_some).collect();
        let any = LifeTable::new(unit, durations, &observed)?;
        let ends = durations.iter().zip(causes);
        let ends = ends.filter_map(|(&duration, &cause)| Some((duration, cause?)));
        Ok(Self { causes: any.by_cause(number, ends), any })
    }

    /// The table of both groups together.
    ///
    /// # Errors
    /// As [`LifeTable::merge`]; [`Inconsistent`](crate::ErrorKind::Inconsistent) for another number of causes.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.causes.len() != other.causes.len() {
            let (own, others) = (self.causes.len(), other.causes.len());
            return Err(Error::inconsistent(format!(
                "a table of {own} causes and one of {others} cannot be merged"
            )));
        }
        let pairs = self.causes.iter().zip(&other.causes);
        Ok(Self {
            causes: pairs.map(|(own, other)| own.merge(other)).collect::<Result<_>>()?,
            any: self.any.merge(&other.any)?,
        })
    }

    /// The number of causes.
    #[must_use]
    pub fn causes(&self) -> usize {
        self.causes.len()
    }

    /// The table of one cause, in which the others count as censoring.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cause that is not below their number.
    pub fn of_cause(&self, cause: usize) -> Result<&LifeTable> {
        let unknown = || Error::out_of_domain("cause", cause, "[0, number of causes)");
        self.causes.get(cause).ok_or_else(unknown)
    }

    /// The table in which every cause is the event.
    #[must_use]
    pub fn any_cause(&self) -> &LifeTable {
        &self.any
    }
}

/// At least one, and no more than can be told apart: each is a table of all times, and a curve.
fn check_number(causes: usize) -> Result<()> {
    match causes {
        0 => Err(Error::empty("causes")),
        1..=1_000 => Ok(()),
        _ => Err(Error::out_of_domain("number of causes", causes, "[1, 1000]")),
    }
}

impl TryFrom<Vec<LifeTable>> for CauseTable {
    type Error = Error;

    fn try_from(causes: Vec<LifeTable>) -> Result<Self> {
        check_number(causes.len())?;
        let any = LifeTable::of_any(&causes)?;
        Ok(Self { causes, any })
    }
}

impl From<CauseTable> for Vec<LifeTable> {
    fn from(table: CauseTable) -> Self {
        table.causes
    }
}

/// One step of [`CumulativeIncidence`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct IncidencePoint {
    /// From here to the next point the curves keep their values.
    pub time: f64,
    /// The share that lasts longer than this.
    pub survival: f64,
    /// The share that has ended by each cause, with its interval.
    pub incidence: Vec<Estimate>,
}

/// The share that has ended by each cause. Together with the share that is left they add up to 1, which curves
/// that take the other causes for censoring do not.
///
/// # Formula
/// ```text
/// Iₖ(t) = Σ_{tᵢ ≤ t} S(tᵢ−)·dₖᵢ/nᵢ,   S the Kaplan–Meier curve of all causes
/// Var Iₖ(t) = Σᵢ (Iₖ(t) − Iₖ(tᵢ))²·dᵢ/(nᵢ(nᵢ − dᵢ)) + Σᵢ S(tᵢ−)²·dₖᵢ(nᵢ − dₖᵢ)/nᵢ³
///             − 2·Σᵢ (Iₖ(t) − Iₖ(tᵢ))·S(tᵢ−)·dₖᵢ/nᵢ²
/// ```
/// with the interval Iₖ ± z·√Var, which may leave [0, 1].
///
/// # Example
/// ```
/// use goodwill::survival::{CauseTable, CumulativeIncidence};
/// use goodwill::{Probability, TimeUnit};
///
/// let months = [1.0, 2.0, 2.0, 3.0, 4.0];
/// let causes = [Some(0), Some(1), None, Some(0), None];
/// let table = CauseTable::new(TimeUnit::Month, 2, &months, &causes)?;
/// let curves = CumulativeIncidence::new(&table, Probability::constant(0.95))?;
/// let end = &curves.points()[2];
/// // By hand: 1/5 + 3/5·1/2 = 1/2 and 4/5·1/4 = 1/5; what is left is 3/10.
/// assert!((end.incidence[0].value() - 0.5).abs() < 1e-15);
/// assert!((end.incidence[1].value() - 0.2).abs() < 1e-15);
/// assert!((end.survival - 0.3).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141–150; variance by the delta method:
/// Marubini and Valsecchi (1995), Analysing Survival Data from Clinical Trials, section 10.4.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CumulativeIncidence {
    unit: TimeUnit,
    points: Vec<IncidencePoint>,
}

/// The sums of one cause from which its variance is read at any later time: of d/(n(n − d)) times 1, I and I², of
/// S·dₖ/n² times 1 and I, and of the binomial part.
#[derive(Clone, Copy, Default)]
struct Running {
    incidence: f64,
    risk: f64,
    risk_incidence: f64,
    risk_incidence_squared: f64,
    shared: f64,
    shared_incidence: f64,
    own: f64,
}

impl Running {
    fn variance(&self) -> f64 {
        let now = self.incidence;
        let of_survival =
            now * now * self.risk - 2.0 * now * self.risk_incidence + self.risk_incidence_squared;
        let together = now * self.shared - self.shared_incidence;
        (of_survival + self.own - 2.0 * together).max(0.0)
    }
}

impl CumulativeIncidence {
    /// The curves of a table, with intervals at the confidence level.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a span; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for
    /// a level that is not strictly between 0 and 1.
    pub fn new(table: &CauseTable, level: Probability) -> Result<Self> {
        let z = two_sided_z(level)?;
        if table.any.is_empty() {
            return Err(Error::empty("cause table"));
        }
        let mut survival = 1.0;
        let mut running = vec![Running::default(); table.causes.len()];
        let mut rows: Vec<_> = table.causes.iter().map(LifeTable::rows).collect();
        let mut points = Vec::new();
        for any in table.any.rows() {
            let (n, d) = (any.at_risk as f64, any.events as f64);
            let risk = if any.events < any.at_risk { d / (n * (n - d)) } else { 0.0 };
            let ended =
                rows.iter_mut().map(|rows| rows.next().map_or(0.0, |row| row.events as f64));
            for (sums, d) in running.iter_mut().zip(ended) {
                sums.incidence += survival * d / n;
                let now = sums.incidence;
                sums.risk += risk;
                sums.risk_incidence += risk * now;
                sums.risk_incidence_squared += risk * now * now;
                let shared = survival * d / (n * n);
                sums.shared += shared;
                sums.shared_incidence += shared * now;
                sums.own += survival * survival * d * (n - d) / (n * n * n);
            }
            survival *= (n - d) / n;
            let estimate = |sums: &Running| {
                let (value, reach) = (sums.incidence, z * sums.variance().sqrt());
                Estimate::from_interval(value, value - reach, value + reach, level)
            };
            let incidence = running.iter().map(estimate).collect();
            points.push(IncidencePoint { time: any.time, survival, incidence });
        }
        Ok(Self { unit: table.any.unit(), points })
    }

    /// The unit of the times.
    #[must_use]
    pub fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// The steps in ascending order of time, one where spans end, by an event or by censoring.
    #[must_use]
    pub fn points(&self) -> &[IncidencePoint] {
        &self.points
    }
}
