//! From the ledger to the report; every number is the crate's.

use std::sync::Arc;

use chrono::NaiveDate;
use goodwill::{CustomerSummary, Ledger, Share, Tiering, Ties, money};
use rust_decimal::Decimal;

use crate::arguments::{Arguments, SplitDay};
use crate::format::several;
use crate::reading::{Counts, Purchases};
use crate::report::{
    Base, ChurnCost, ColumnNames, Concentration, Report, Settings, TierRow, Warning,
};
use crate::{profit, retention, scoring};

/// What was known on the as-of day.
pub(crate) struct Observed {
    pub(crate) ledger: Ledger<Arc<str>>,
    /// The costs of the same rows, where they are named.
    pub(crate) costs: Option<Ledger<Arc<str>>>,
    pub(crate) as_of: NaiveDate,
    pub(crate) split: Option<NaiveDate>,
    counts: Counts,
    after_as_of: u64,
    notes: Vec<Warning>,
}

/// Cuts the purchases at the as-of day, and settles where to split them.
pub(crate) fn observe(arguments: &Arguments, purchases: Purchases) -> Result<Observed, String> {
    let Purchases { ledger, costs, counts, first_skipped } = purchases;
    let (Some(first), Some(last)) = (ledger.first_day(), ledger.last_day()) else {
        return Err(format!("{} has no usable row", arguments.file_name()));
    };
    let as_of = arguments.as_of.unwrap_or(last);
    if as_of < first {
        return Err(format!(
            "no row lies on or before the as-of date {as_of}: the first is of {first}"
        ));
    }
    let rows = ledger.rows();
    let cut = |own: Ledger<_>| if as_of < last { own.until(as_of) } else { own };
    let (ledger, costs) = (cut(ledger), costs.map(cut));
    let mut notes = Vec::new();
    if let Some(first_skipped) = first_skipped {
        let reason =
            format!("{} skipped; the first: {first_skipped}", several(counts.skipped, "bad row"));
        notes.push(Warning { fields: "", reason });
    }
    let split = match arguments.split() {
        SplitDay::Given(day) if day >= as_of => {
            return Err(format!("the split {day} must lie before the as-of date {as_of}"));
        }
        SplitDay::Shipped(day) if day >= as_of => {
            let reason = format!("no split: {day}, the shipped file's, is not before {as_of}");
            notes.push(Warning { fields: "", reason });
            None
        }
        SplitDay::Given(day) | SplitDay::Shipped(day) => Some(day),
        SplitDay::Nowhere => None,
    };
    let after_as_of = rows - ledger.rows();
    Ok(Observed { ledger, costs, as_of, split, counts, after_as_of, notes })
}

/// The whole report.
pub(crate) fn analyse<'a>(
    arguments: &Arguments,
    observed: &'a mut Observed,
) -> Result<Report<'a>, String> {
    let mut warnings = Warnings(std::mem::take(&mut observed.notes));
    let observed = &*observed;
    let summaries = observed
        .ledger
        .summaries(observed.as_of)
        .map_err(|error| format!("the purchases cannot be added up: {error}"))?;
    let values: Vec<Decimal> = summaries.iter().map(|summary| summary.net_revenue).collect();
    let base = base(observed, &summaries, &mut warnings);
    let tiering = arguments.cuts.pyramid.assign(&values, Ties::InputOrder);
    let tiering = warnings.keep("pyramid, customers[].tier", tiering);
    let pyramid = tiering.as_ref().map(|tiering| tiers(tiering, &mut warnings));
    let concentration = concentration(&values, &mut warnings);
    let segments = profit::segments(&summaries, &mut warnings);
    let whale_curve = profit::whale_curve(observed, &summaries, &mut warnings);
    let retention = retention::retention(arguments, observed, &summaries, &mut warnings);
    let churn_cost = churn_cost(arguments, observed, &mut warnings);
    let mut scores = scoring::score(arguments, observed, &summaries, &mut warnings)?;
    if let Some(tiering) = &tiering {
        for (customer, &tier) in scores.customers.iter_mut().zip(tiering.assignments()) {
            customer.tier = Some(tiering.tiers()[tier as usize].name.clone());
        }
    }
    Ok(Report {
        settings: settings(arguments, observed),
        base,
        pyramid,
        concentration,
        segments,
        whale_curve,
        purchases: scores.purchases,
        spend: scores.spend,
        holdout: scores.holdout,
        forecast: scores.forecast,
        customers: scores.customers,
        retention,
        churn_cost,
        warnings: warnings.0,
        calls: scores.calls,
    })
}

/// Collects why things are missing.
pub(crate) struct Warnings(Vec<Warning>);

impl Warnings {
    pub(crate) fn add(&mut self, fields: &'static str, reason: impl Into<String>) {
        self.0.push(Warning { fields, reason: reason.into() });
    }

    /// The value, or a warning for the fields that are missing without it.
    pub(crate) fn keep<T>(&mut self, fields: &'static str, got: goodwill::Result<T>) -> Option<T> {
        got.map_err(|error| self.add(fields, error.to_string())).ok()
    }
}

fn settings(arguments: &Arguments, observed: &Observed) -> Settings {
    Settings {
        file: arguments.file_name(),
        columns: ColumnNames {
            customer: arguments.customer.clone(),
            date: arguments.date.clone(),
            amount: arguments.amount.clone(),
            costs: arguments.costs.clone(),
        },
        date_format: arguments.date_format.text().to_owned(),
        delimiter: char::from(arguments.delimiter).to_string(),
        split: observed.split.map(|day| day.to_string()),
        as_of: observed.as_of.to_string(),
        unit: arguments.unit_name(),
        horizon_months: arguments.horizon_months,
        annual_discount: arguments.annual_discount,
        margin: money::to_f64(arguments.margin.get()),
        lost_after: arguments.lost_after.get(),
        cohort: arguments.cohort_name(),
        cuts: arguments.cuts.percents.iter().map(|&percent| money::to_f64(percent)).collect(),
        skip_bad_rows: arguments.skip_bad_rows,
        occasions: "a day with at least one purchase, at price 0 too",
        refunds: "an amount below 0, taken off the money of its day",
        ties: "equal customers are ranked in the order of their ids",
    }
}

fn base(
    observed: &Observed,
    summaries: &[CustomerSummary<'_, Arc<str>>],
    warnings: &mut Warnings,
) -> Base {
    let ledger = &observed.ledger;
    let revenue = money::sum(summaries.iter().map(|summary| summary.net_revenue));
    let refunds = money::sum(summaries.iter().map(|summary| summary.refunds));
    let with_occasions = |least| summaries.iter().filter(|own| own.occasions >= least).count();
    let text = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    Base {
        customers: summaries.len(),
        transactions: ledger.rows(),
        occasions: summaries.iter().map(|summary| u64::from(summary.occasions)).sum(),
        revenue: warnings.keep("base.revenue", revenue),
        refunds: warnings.keep("base.refunds", refunds),
        first: text(ledger.first_day()),
        last: text(ledger.last_day()),
        as_of: observed.as_of.to_string(),
        rows_read: observed.counts.read,
        rows_without_customer: observed.counts.without_customer,
        rows_skipped: observed.counts.skipped,
        rows_after_as_of: observed.after_as_of,
        buyers: with_occasions(1),
        repeat_buyers: with_occasions(2),
    }
}

fn tiers(tiering: &Tiering<Decimal>, warnings: &mut Warnings) -> Vec<TierRow> {
    let empty: Vec<&str> = tiering
        .tiers()
        .iter()
        .filter(|tier| tier.customers == 0)
        .map(|tier| tier.name.as_str())
        .collect();
    if !empty.is_empty() {
        let reason = format!("no customer is in these tiers: {}", empty.join(", "));
        warnings.add("pyramid[].mean, pyramid[].cutoff", reason);
    }
    if tiering.total() <= Decimal::ZERO {
        let reason = format!(
            "all customers together bring {}, so there is nothing to share",
            tiering.total()
        );
        warnings.add("pyramid[].share_of_value", reason);
    }
    let tier = |tier: &goodwill::Tier<Decimal>| TierRow {
        tier: tier.name.clone(),
        customers: tier.customers,
        value: Some(tier.value),
        share_of_customers: tier.share_of_customers,
        share_of_value: tier.share_of_value,
        mean: tier.mean,
        cutoff: tier.cutoff,
    };
    tiering.tiers().iter().map(tier).collect()
}

fn concentration(values: &[Decimal], warnings: &mut Warnings) -> Concentration {
    const FIELDS: &str = "concentration.gini, concentration.top_20_percent_share, \
                          concentration.customers_for_80_percent";
    let measured = warnings.keep(FIELDS, goodwill::Concentration::of(values));
    let Some(measured) = measured else {
        return Concentration {
            gini: None,
            top_20_percent_share: None,
            customers_for_80_percent: None,
        };
    };
    let top = Share::percent(20).and_then(|share| measured.top_share(share));
    let most = Share::percent(80).and_then(|share| measured.customers_for_share(share));
    Concentration {
        gini: Some(measured.gini()),
        top_20_percent_share: warnings.keep("concentration.top_20_percent_share", top),
        customers_for_80_percent: warnings.keep("concentration.customers_for_80_percent", most),
    }
}

fn churn_cost(arguments: &Arguments, observed: &Observed, warnings: &mut Warnings) -> ChurnCost {
    const FIELDS: &str =
        "churn_cost.lost_customers, churn_cost.lost_revenue, churn_cost.lost_profit";
    let rule = arguments.lost_after;
    let lost = warnings.keep(FIELDS, observed.ledger.lost_customers(observed.as_of, rule));
    let revenue = lost.as_ref().and_then(|lost| {
        let total = money::sum(lost.iter().map(|customer| customer.last_year_revenue));
        warnings.keep("churn_cost.lost_revenue, churn_cost.lost_profit", total)
    });
    let profit = revenue.and_then(|revenue| {
        warnings.keep("churn_cost.lost_profit", money::product(revenue, arguments.margin.get()))
    });
    ChurnCost {
        rule: rule.to_string(),
        lost_customers: lost.map(|lost| lost.len()),
        lost_revenue: revenue,
        lost_profit: profit,
    }
}
