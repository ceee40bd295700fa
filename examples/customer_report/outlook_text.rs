//! The forecast of the base, as text.

use goodwill::lifetime::{BaseForecast, Outcome};

use crate::format::{count, decimals, several};
use crate::outlook::{Forecast, Tested};
use crate::report::Report;
use crate::text::Text;

pub(crate) fn write(out: &mut Text, report: &Report) {
    out.section("What the base will do");
    let Some(forecast) = &report.forecast else {
        out.missing(report, "forecast");
        return;
    };
    let Forecast { from, purchases, revenue, spend_like_newcomers, holdout, .. } = forecast;
    out.prose(&format!(
        "From {from} on, by quarters of the horizon. Two ranges of 95 %, which are not the same: how sure \
         the expectation is, and what will be counted, where chance comes to doubt. Plan with the second.",
    ));
    table(out, "purchases", purchases, forecast);
    match revenue {
        Some(revenue) => table(out, "revenue", revenue, forecast),
        None => _ = out.missing(report, "forecast.revenue"),
    }
    out.line("");
    if *spend_like_newcomers > 0 {
        let whose = several(spend_like_newcomers, "customer");
        out.prose(&format!(
            "The revenue takes {whose}, whose repeat purchases cost 0 or less on average, to spend like \
             a newcomer.",
        ));
    }
    match holdout {
        Some(tested) => verdict(out, tested),
        None => _ = out.missing(report, "forecast.holdout"),
    }
}

fn table(out: &mut Text, what: &str, forecast: &BaseForecast, own: &Forecast) {
    out.line("");
    out.line(&format!(
        "  {what:<22}{:>12}{:>26}{:>26}",
        "expected", "sure to lie in", "will be counted"
    ));
    for (line, until) in forecast.periods.iter().zip(&own.until) {
        let until = until.map_or_else(|| "later".to_owned(), |day| format!("to {day}"));
        row(out, &until, &line.total);
    }
    let whole = &forecast.whole;
    row(out, "all of it", &whole.total);
    if whole.newcomers > 0 {
        row(out, "  customers of today", &whole.by_known);
        row(out, &format!("  {}", several(whole.newcomers, "newcomer")), &whole.by_newcomers);
    }
}

fn row(out: &mut Text, name: &str, outcome: &Outcome) {
    let range = |lower, upper| format!("{} to {}", decimals(lower, 0), decimals(upper, 0));
    let Outcome { expected, counted, .. } = outcome;
    out.line(&format!(
        "  {name:<22}{:>12}{:>26}{:>26}",
        decimals(expected.value(), 0),
        range(expected.lower(), expected.upper()),
        range(counted.lower(), counted.upper()),
    ));
}

fn verdict(out: &mut Text, tested: &Tested) {
    let Tested { days, predicted, actual, held } = tested;
    let side =
        if *held { "inside" } else { "outside: the model does not hold all of what moves them" };
    out.prose(&format!(
        "Tested on the {} after the split: {} to {} repeat purchases were predicted, {} were counted, \
         {side}.",
        several(days, "day"),
        decimals(predicted.lower(), 0),
        decimals(predicted.upper(), 0),
        count(actual),
    ));
}
