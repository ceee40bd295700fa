//! The segments and the whale curve, as text.

use crate::format::{bar, count, decimals, money, money_about, percent};
use crate::report::Report;
use crate::text::Text;

pub(crate) fn segments(out: &mut Text, report: &Report) {
    /// The width of a bar for all value.
    const BAR: usize = 20;
    out.section("The segments: who they are now");
    let Some(segments) = &report.segments else {
        out.missing(report, "segments");
        return;
    };
    out.line(&format!(
        "  {:<20}{:>10}{:>14}{:>12}{:>12}  {}",
        "segment", "customers", "days since", "purchases", "revenue", "share of revenue"
    ));
    for own in segments {
        let mean = |mean: Option<f64>| mean.map_or_else(|| "-".to_owned(), |own| decimals(own, 1));
        out.line(&format!(
            "  {:<20}{:>10}{:>14}{:>12}{:>12}  {:>7} {}",
            own.segment,
            count(own.customers),
            mean(own.mean_days_since_last),
            mean(own.mean_purchases),
            own.mean_value.map_or_else(|| "-".to_owned(), money_about),
            own.share_of_value.map_or_else(|| "-".to_owned(), percent),
            bar(own.share_of_value.unwrap_or(0.0), BAR)
        ));
    }
    out.line("");
    out.prose(
        "Days, purchases and revenue are means. Each buyer is scored from 1 to 5 by fifths of all \
         buyers: for the last purchase, for how often and for how much; equal buyers share the \
         better score.",
    );
    out.missing(report, "segments[].share_of_value");
}

pub(crate) fn whale_curve(out: &mut Text, report: &Report) {
    if report.settings.columns.costs.is_empty() {
        return;
    }
    out.section("The whale curve: who costs more than he brings");
    let Some(whale) = &report.whale_curve else {
        out.missing(report, "whale_curve");
        return;
    };
    let shown = [
        ("costs", whale.costs),
        ("profit", whale.profit),
        ("  of those who bring a profit", whale.peak),
        ("  of those who bring a loss", whale.losses),
    ];
    for (name, amount) in shown {
        out.number(name, &amount.map_or_else(|| "-".to_owned(), money));
    }
    out.number("customers who bring a profit", &count(whale.profitable));
    out.number("customers who bring a loss", &count(whale.loss_makers));
    if let Some(share) = whale.top_20_percent_share {
        out.number("share of profit of the best 20 %", &percent(share));
    }
    out.line("");
    if let (Some(peak), Some(subsidy)) = (whale.peak_share, whale.cross_subsidy) {
        out.prose(&format!(
            "Those who bring a profit bring {} of the total; {} of it pays for the others.",
            percent(peak),
            percent(subsidy)
        ));
    }
    out.missing(report, "whale_curve.peak_share");
    out.missing(report, "whale_curve.cross_subsidy");
}
