//! Who stays, for a terminal: the cohort triangle and the survival curve drawn in characters.

use crate::format::{bar, count, percent, several};
use crate::report::Report;
use crate::retention::{Cell, CohortRow, SurvivalRow};
use crate::text::Text;

/// Columns and rows of the triangle that fit a terminal.
const COLUMNS: usize = 18;
const ROWS: usize = 24;

pub(crate) fn write(out: &mut Text, report: &Report) {
    triangle(out, report);
    curve(out, report);
}

fn triangle(out: &mut Text, report: &Report) {
    let period = report.settings.cohort;
    out.section("Who comes back");
    let Some(rows) = &report.retention.cohorts else {
        out.missing(report, "retention.cohorts");
        return;
    };
    out.prose(&format!(
        "Per cent of the customers who bought again, by the {period} of the first purchase (rows) and {period}s \
         after it (columns). A {period} that still runs on {} is marked with ~ and is in no mean.",
        report.base.as_of
    ));
    out.line("");
    let columns = rows.first().map_or(0, |row| row.cells.len()).min(COLUMNS);
    out.line(&table_row(period, "buyers", (0..columns).map(|age| age.to_string())));
    for row in &rows[rows.len().saturating_sub(ROWS)..] {
        out.line(&cells(row));
    }
    if let Some(pooled) = &report.retention.pooled {
        let buyers: u64 = rows.iter().map(|row| row.customers).sum();
        let shares = pooled.iter().map(|share| whole_percent(*share));
        out.line(&table_row("all", &count(buyers), shares));
    }
    let hidden = rows.len().saturating_sub(ROWS);
    let later = rows.first().map_or(0, |row| row.cells.len()).saturating_sub(COLUMNS);
    if hidden > 0 || later > 0 {
        out.line("");
        out.prose(&format!(
            "Not shown: {} and {}; --json has them all.",
            several(hidden, "earlier cohort"),
            several(later, &format!("later {period}"))
        ));
    }
}

fn cells(row: &CohortRow) -> String {
    let share = |cell: &Cell| {
        let share = whole_percent(cell.share);
        if cell.partial { format!("~{share}") } else { share }
    };
    table_row(&row.start.to_string(), &count(row.customers), row.cells.iter().map(share))
}

fn whole_percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

fn table_row(name: &str, buyers: &str, columns: impl Iterator<Item = String>) -> String {
    let columns: Vec<String> = columns.take(COLUMNS).map(|text| format!("{text:>4}")).collect();
    format!("  {name:<10}{buyers:>6}{}", columns.concat())
}

fn curve(out: &mut Text, report: &Report) {
    /// Lines of the picture.
    const LINES: u32 = 12;
    const BAR: usize = 44;
    out.section("How long they stay");
    let Some(points) = &report.retention.survival else {
        out.missing(report, "retention.survival");
        return;
    };
    out.prose(&format!(
        "Days from the first purchase until a customer counts as lost ({}). Some have not been seen for long enough \
         to be lost: the curve takes them in for as long as they were (Kaplan-Meier, with its 95 % band).",
        report.churn_cost.rule
    ));
    out.line("");
    let end = points.last().map_or(0.0, |last| last.days);
    let step = (end / f64::from(LINES) / 10.0).ceil().max(1.0) * 10.0;
    let times = (0..=LINES).map(|line| f64::from(line) * step).take_while(|time| *time <= end);
    for time in times {
        let reached = points.partition_point(|point| point.days <= time);
        let (staying, band) = match reached.checked_sub(1).map(|last| &points[last]) {
            None => (1.0, String::new()),
            Some(SurvivalRow { staying, lower, upper, .. }) => {
                (*staying, format!("{} to {}", percent(*lower), percent(*upper)))
            }
        };
        let drawn = bar(staying, BAR);
        let blank = " ".repeat(BAR - drawn.chars().count());
        out.line(&format!("  day {time:>5}  {drawn}{blank} {:>8}  {band}", percent(staying)));
    }
    out.line("");
    match report.retention.median_days {
        Some(days) => out.prose(&format!(
            "Half of the customers count as lost {days} days after their first purchase."
        )),
        None => out.prose("Less than half of the customers come to count as lost."),
    }
}
