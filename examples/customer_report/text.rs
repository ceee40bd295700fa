//! The report for a terminal: who the customers are, and what losing them costs.

use crate::forecast_text;
use crate::format::{bar, count, decimals, money, money_about, percent, several, wrapped};
use crate::outlook_text;
use crate::profit_text;
use crate::report::{Base, ChurnCost, Concentration, Report, Settings, TierRow, Warning};
use crate::retention_text;

/// The width that the report keeps to, but for long ids and file names.
pub(crate) const WIDTH: usize = 90;

pub(crate) fn write(report: &Report) -> String {
    let mut out = Text::new();
    settings(&mut out, report);
    base(&mut out, report);
    pyramid(&mut out, report);
    concentration(&mut out, report);
    profit_text::segments(&mut out, report);
    profit_text::whale_curve(&mut out, report);
    forecast_text::write(&mut out, report);
    outlook_text::write(&mut out, report);
    retention_text::write(&mut out, report);
    churn_cost(&mut out, report);
    warnings(&mut out, &report.warnings);
    out.text
}

/// The text as far as it is written.
pub(crate) struct Text {
    text: String,
}

impl Text {
    fn new() -> Self {
        Self { text: String::new() }
    }

    /// A heading.
    pub(crate) fn section(&mut self, title: &str) {
        let title = title.to_uppercase();
        self.line(&format!("\n{title}\n{}", "─".repeat(WIDTH)));
    }

    /// One line as it is.
    pub(crate) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Prose, wrapped.
    pub(crate) fn prose(&mut self, prose: &str) {
        self.text.push_str(&wrapped(prose, WIDTH, "  "));
    }

    /// A name and its number, the numbers ending in one column.
    pub(crate) fn number(&mut self, name: &str, number: &str) {
        self.line(&format!("  {name:<44}{number:>18}"));
    }

    /// Why the fields of this part are missing, if they are; the part goes on.
    pub(crate) fn missing(&mut self, report: &Report, field: &str) -> bool {
        let reasons: Vec<&Warning> =
            report.warnings.iter().filter(|own| own.names(field)).collect();
        for warning in &reasons {
            self.prose(&format!("Cannot be computed: {}.", warning.reason));
        }
        !reasons.is_empty()
    }
}

impl Warning {
    fn names(&self, field: &str) -> bool {
        self.fields.split(", ").any(|own| own == field)
    }
}

fn settings(out: &mut Text, report: &Report) {
    let Settings { file, columns, split, as_of, unit, horizon_months, .. } = &report.settings;
    let Settings { annual_discount, margin, lost_after, cuts, .. } = &report.settings;
    out.line("CUSTOMER REPORT");
    out.line(&"═".repeat(WIDTH));
    let mut setting = |name: &str, value: &str| out.line(&format!("  {name:<10}{value}"));
    setting("file", file);
    setting("columns", &format!("{}, {}, {}", columns.customer, columns.date, columns.amount));
    if !columns.costs.is_empty() {
        setting("costs", &columns.costs.join(", "));
    }
    setting("as of", as_of);
    match split {
        Some(split) => {
            setting(
                "split",
                &format!("{split}: the models know the days up to here and score the"),
            );
            setting("", "customers as of this day; the later days test their forecast");
        }
        None => setting("split", "none: the models know all days, and no day is left to test them"),
    }
    let months = several(horizon_months, "month");
    setting("horizon", &format!("{months}; the purchase model counts time in {unit}s"));
    setting("discount", &format!("{} % a year", decimals(annual_discount * 100.0, 2)));
    let meaning = if *margin < 1.0 { "of revenue is profit" } else { "(value is revenue)" };
    setting("margin", &format!("{margin} {meaning}"));
    setting("lost", &format!("after {} without a purchase", several(lost_after, "day")));
    let cuts: Vec<String> = cuts.iter().map(ToString::to_string).collect();
    setting("tiers", &format!("{} % of the customers, best first", cuts.join(" / ")));
    setting("", "(equal customers are ranked in the order of their ids)");
}

fn base(out: &mut Text, report: &Report) {
    let base = &report.base;
    out.section("The customers");
    let Base { customers, buyers, repeat_buyers, .. } = *base;
    out.number("customers", &count(customers));
    if buyers < customers {
        out.number("  who ever bought", &count(buyers));
    }
    out.number("  who came back at least once", &count(repeat_buyers));
    out.number("rows of the purchase log", &count(base.transactions));
    out.number("purchases (days on which a customer bought)", &count(base.occasions));
    match base.revenue {
        Some(revenue) => out.number("revenue, refunds taken off", &money(revenue)),
        None => _ = out.missing(report, "base.revenue"),
    }
    match base.refunds {
        Some(refunds) => out.number("  refunds in it", &money(refunds)),
        None => _ = out.missing(report, "base.refunds"),
    }
    out.number("first row", &base.first);
    out.number("last row", &base.last);
    out.line("");
    if buyers > 0 {
        let back = percent(repeat_buyers as f64 / buyers as f64);
        out.prose(&format!("{back} of those who bought once came back on another day."));
    }
    let read = several(base.rows_read, "row");
    out.prose(&format!(
        "Of {read} read, {} had no customer, {} could not be read, {} came after the as-of day.",
        count(base.rows_without_customer),
        count(base.rows_skipped),
        count(base.rows_after_as_of),
    ));
}

fn pyramid(out: &mut Text, report: &Report) {
    /// The width of a bar for all value.
    const BAR: usize = 30;
    out.section("The pyramid: who matters");
    let Some(tiers) = &report.pyramid else {
        out.missing(report, "pyramid");
        return;
    };
    out.line(&format!(
        "  {:<10}{:>10}{:>16}{:>12}{:>12}  {}",
        "tier", "customers", "revenue", "mean", "lowest", "share of revenue"
    ));
    for tier in tiers {
        let share = tier.share_of_value.map_or_else(|| "-".to_owned(), percent);
        out.line(&format!(
            "  {:<10}{:>10}{:>16}{:>12}{:>12}  {share:>7} {}",
            tier.tier,
            count(tier.customers),
            tier.value.map_or_else(|| "-".to_owned(), money),
            tier.mean.map_or_else(|| "-".to_owned(), money_about),
            tier.cutoff.map_or_else(|| "-".to_owned(), money),
            bar(tier.share_of_value.unwrap_or(0.0), BAR)
        ));
    }
    out.line("");
    best(out, &report.settings.cuts, tiers);
    out.missing(report, "pyramid[].share_of_value");
    out.missing(report, "pyramid[].mean");
}

/// What the best customers bring, down to each cut.
fn best(out: &mut Text, cuts: &[f64], tiers: &[TierRow]) {
    let (mut customers, mut value) = (0.0, 0.0);
    for (cut, tier) in cuts.iter().zip(tiers).take(tiers.len() - 1) {
        let Some(share) = tier.share_of_value else { return };
        customers += cut;
        value += share;
        let best = format!("The best {} % of the customers", (customers * 1e6).round() / 1e6);
        out.prose(&format!("{best} bring {} of the revenue.", percent(value)));
    }
}

fn concentration(out: &mut Text, report: &Report) {
    let Concentration { gini, top_20_percent_share, customers_for_80_percent } =
        report.concentration;
    out.section("Concentration: does 80/20 hold?");
    if let Some(gini) = gini {
        out.number("Gini coefficient", &decimals(gini, 4));
    } else {
        out.missing(report, "concentration.gini");
        return;
    }
    if let Some(share) = top_20_percent_share {
        out.number("share of revenue of the best 20 %", &percent(share));
    }
    if let Some(most) = customers_for_80_percent {
        out.number("customers who bring 80 % of the revenue", &count(most));
        out.line("");
        let share = percent(most as f64 / report.base.customers as f64);
        out.prose(&format!(
            "80 % of the revenue comes from {share} of the customers. (The Gini coefficient is 0 \
             where all bring the same, and nears 1 where one brings everything.)"
        ));
    }
}

fn churn_cost(out: &mut Text, report: &Report) {
    let ChurnCost { rule, lost_customers, lost_revenue, lost_profit } = &report.churn_cost;
    out.section("What losing customers costs");
    out.prose(&format!("Lost by the rule: {rule}, on {}.", report.base.as_of));
    out.line("");
    let Some(lost) = *lost_customers else {
        out.missing(report, "churn_cost.lost_customers");
        return;
    };
    out.number("lost customers", &count(lost));
    let share = lost as f64 / report.base.buyers.max(1) as f64;
    out.number("  of all who ever bought", &percent(share));
    match lost_revenue {
        Some(revenue) => out.number("lost revenue, a year", &money(*revenue)),
        None => _ = out.missing(report, "churn_cost.lost_revenue"),
    }
    match lost_profit {
        Some(profit) => out.number("lost profit, a year", &money(*profit)),
        None => _ = out.missing(report, "churn_cost.lost_profit"),
    }
    out.line("");
    out.prose(
        "The lost revenue is what the lost customers spent in the 365 days that end with their last \
         purchase; the lost profit is that revenue x the margin.",
    );
}

fn warnings(out: &mut Text, warnings: &[Warning]) {
    out.section("Warnings");
    if warnings.is_empty() {
        out.prose("None.");
    }
    for warning in warnings {
        out.line(wrapped(&format!("- {}.", warning.reason), WIDTH, "  ").trim_end());
    }
}
