//! Who stays: the cohort triangle and the survival curve of the report.

use chrono::NaiveDate;
use goodwill::churn::{CohortCell, CohortPeriod, Retention, Standing};
use goodwill::survival::{Band, KaplanMeier, LifeTable};
use goodwill::{CustomerSummary, Probability, Result};
use serde::Serialize;

use crate::analysis::{Observed, Warnings};
use crate::arguments::Arguments;

/// Bands and intervals hold the truth in 95 of 100 cases.
const LEVEL: Probability = Probability::constant(0.95);

#[derive(Serialize)]
pub(crate) struct RetentionReport {
    /// One row a cohort, by the period of the first purchase.
    pub(crate) cohorts: Option<Vec<CohortRow>>,
    /// Shares of all customers whose period is over, by age in periods.
    pub(crate) pooled: Option<Vec<f64>>,
    /// Days from the first purchase until a customer counts as lost; the others are censored on the as-of day.
    pub(crate) survival: Option<Vec<SurvivalRow>>,
    /// Days by which half are lost, where the curve comes down so far.
    pub(crate) median_days: Option<f64>,
}

#[derive(Serialize)]
pub(crate) struct CohortRow {
    /// The first day of the period.
    pub(crate) start: NaiveDate,
    pub(crate) customers: u64,
    /// By age in periods, the first included, as far as the period has begun.
    pub(crate) cells: Vec<Cell>,
}

#[derive(Serialize)]
pub(crate) struct Cell {
    pub(crate) active: u64,
    pub(crate) staying: u64,
    pub(crate) revenue: String,
    /// Whether the period still runs, so that its numbers are too low.
    pub(crate) partial: bool,
    #[serde(skip)]
    pub(crate) share: f64,
}

#[derive(Serialize)]
pub(crate) struct SurvivalRow {
    pub(crate) days: f64,
    pub(crate) at_risk: u64,
    pub(crate) staying: f64,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

pub(crate) fn retention<C>(
    arguments: &Arguments,
    observed: &Observed,
    summaries: &[CustomerSummary<'_, C>],
    warnings: &mut Warnings,
) -> RetentionReport {
    let triangle = cohorts(observed, arguments.cohort());
    let triangle = warnings.keep("retention.cohorts, retention.pooled", triangle);
    let (cohorts, pooled) = triangle.unzip();
    let curve = survival(arguments, observed, summaries);
    let curve = warnings.keep("retention.survival, retention.median_days", curve);
    let row = |point: &goodwill::survival::SurvivalPoint| SurvivalRow {
        days: point.time,
        at_risk: point.at_risk,
        staying: point.survival.value(),
        lower: point.survival.lower(),
        upper: point.survival.upper(),
    };
    RetentionReport {
        cohorts,
        pooled,
        survival: curve.as_ref().map(|curve| curve.points().iter().map(row).collect()),
        median_days: curve.and_then(|curve| curve.median().value),
    }
}

fn cohorts(observed: &Observed, period: CohortPeriod) -> Result<(Vec<CohortRow>, Vec<f64>)> {
    let cohorts = observed.ledger.cohorts(observed.as_of, period)?;
    let cell = |cell: CohortCell| {
        let (count, partial) = match cell {
            CohortCell::Observed(count) => (count, false),
            CohortCell::Partial(count) => (count, true),
            CohortCell::Future => return None,
        };
        Some(Cell {
            active: count.active,
            staying: count.staying,
            revenue: count.revenue.normalize().to_string(),
            partial,
            share: count.retention(Retention::Bounded),
        })
    };
    let row = |(row, start): (usize, NaiveDate)| {
        let cells: Vec<Cell> = cohorts.cells(row)?.into_iter().filter_map(cell).collect();
        Ok(CohortRow { start, customers: cells[0].active, cells })
    };
    let rows = cohorts.starts().into_iter().enumerate().map(row).collect::<Result<_>>()?;
    let pooled = |age| cohorts.pooled_retention(age, Retention::Bounded, LEVEL).ok();
    let pooled = (0..cohorts.periods()).map_while(pooled).map(|share| share.value()).collect();
    Ok((rows, pooled))
}

fn survival<C>(
    arguments: &Arguments,
    observed: &Observed,
    summaries: &[CustomerSummary<'_, C>],
) -> Result<KaplanMeier> {
    let standings = observed.ledger.standings(observed.as_of, arguments.lost_after)?;
    let (mut days, mut lost) = (Vec::new(), Vec::new());
    for (summary, standing) in summaries.iter().zip(standings) {
        let (Some(first), Some(last)) = (summary.first, summary.last) else { continue };
        let days_to = |day: NaiveDate| day.signed_duration_since(first).num_days() as u32;
        let is_lost = standing == Standing::Lost;
        // He is lost once the rule's days have passed since his last purchase.
        let silent = arguments.lost_after.get();
        days.push(if is_lost { days_to(last) + silent } else { days_to(observed.as_of) });
        lost.push(is_lost);
    }
    KaplanMeier::new(&LifeTable::from_days(&days, &lost)?, Band::LogLog, LEVEL)
}
