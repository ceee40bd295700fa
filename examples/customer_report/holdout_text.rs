//! The report for a terminal: the forecast against what happened.

use crate::format::{bar, count, decimals, percent};
use crate::holdout::{BaselineRow, Holdout};
use crate::report::Report;
use crate::text::Text;

pub(crate) fn write(out: &mut Text, report: &Report) {
    out.section("Forecast against what happened");
    let Some(holdout) = &report.holdout else {
        out.prose("Not tested: there is no split. Name a day with --split to hold back what came after it.");
        return;
    };
    let Holdout { days, expected_purchases, actual_purchases, mae, rmse, newcomers, .. } = *holdout;
    out.number("days after the split", &count(days));
    if let (Some(expected), Some(mae), Some(rmse)) = (expected_purchases, mae, rmse) {
        out.number("repeat purchases, forecast", &decimals(expected, 1));
        out.number("repeat purchases, actual", &count(actual_purchases));
        out.number("  missed per customer (mean absolute error)", &decimals(mae, 3));
        out.number("  root mean square error", &decimals(rmse, 3));
        out.number("newcomers, whom nobody could forecast", &count(newcomers));
        if actual_purchases > 0 {
            let off = expected / actual_purchases as f64 - 1.0;
            let side = if off < 0.0 { "below" } else { "above" };
            out.line("");
            out.prose(&format!("The forecast lies {} {side} what happened.", percent(off.abs())));
        }
    } else {
        out.number("repeat purchases, actual", &count(actual_purchases));
        out.number("newcomers, whom nobody could forecast", &count(newcomers));
        out.missing(report, "holdout.expected_purchases");
    }
    baselines(out, report, &holdout.baselines);
    classes(out, holdout);
    best(out, holdout);
}

/// The forecasts without a model, and the skill against them.
fn baselines(out: &mut Text, report: &Report, rows: &[BaselineRow]) {
    if rows.is_empty() {
        return;
    }
    out.line("");
    out.line(&format!(
        "  {:<50}{:>10}{:>8}{:>8}{:>12}",
        "without a model", "forecast", "MAE", "RMSE", "skill, MAE"
    ));
    let number = |number: Option<f64>, digits| {
        number.map_or_else(|| "-".to_owned(), |own| decimals(own, digits))
    };
    for row in rows {
        let skill = row.skill_mae.map_or_else(|| "-".to_owned(), percent);
        out.line(&format!(
            "  {:<50}{:>10}{:>8}{:>8}{skill:>12}",
            row.name,
            number(row.expected_purchases, 1),
            number(row.mae, 3),
            number(row.rmse, 3),
        ));
    }
    out.line("");
    if !out.missing(report, "holdout.baselines[].expected_purchases") {
        out.prose(
            "The skill is the part of that rule's error that the model saves: 100 % were perfect, below 0 the \
             rule forecasts better than the model.",
        );
    }
}

/// Forecast and outcome by repeat purchases before the split.
fn classes(out: &mut Text, holdout: &Holdout) {
    let Some(classes) = &holdout.by_frequency else { return };
    out.line("");
    out.line(&format!(
        "  {:<30}{:>10}{:>12}{:>10}",
        "repeat purchases before", "customers", "forecast", "actual"
    ));
    for class in classes.rows() {
        let name = format!("{}{}", class.frequency, if class.or_more { " or more" } else { "" });
        out.line(&format!(
            "  {name:<30}{:>10}{:>12}{:>10}",
            count(class.customers),
            decimals(class.expected_mean, 3),
            decimals(class.actual_mean, 3)
        ));
    }
}

/// What the customers with the best forecasts brought.
fn best(out: &mut Text, holdout: &Holdout) {
    /// The width of a bar for all purchases.
    const BAR: usize = 30;
    if let Some(deciles) = holdout.deciles.as_ref().filter(|_| holdout.actual_purchases > 0) {
        out.line("");
        out.line(&format!(
            "  {:<30}{:>10}{:>12}{:>10}",
            "tenths, best forecast first", "customers", "forecast", "actual"
        ));
        for (i, own) in deciles.iter().enumerate() {
            let share = own.actual / holdout.actual_purchases as f64;
            out.line(&format!(
                "  {:<30}{:>10}{:>12}{:>10}  {}",
                i + 1,
                count(own.customers),
                decimals(own.forecast, 1),
                decimals(own.actual, 1),
                bar(share, BAR)
            ));
        }
        out.line("");
    }
    for row in &holdout.captured {
        if let (Some(found), Some(most)) = (row.by_forecast, row.in_hindsight) {
            out.prose(&format!(
                "The {} % with the highest forecasts made {} of the purchases; the {} % who turned out best \
                 made {}.",
                row.percent_of_customers,
                percent(found),
                row.percent_of_customers,
                percent(most)
            ));
        }
    }
    if let (Some(spearman), Some(kendall)) = (holdout.spearman, holdout.kendall) {
        out.prose(&format!(
            "Agreement of the orders: Spearman {}, Kendall {} (1 is the same order, 0 none).",
            decimals(spearman, 3),
            decimals(kendall, 3)
        ));
    }
}
