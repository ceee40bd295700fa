//! The report for a terminal: what the models say.

use std::cmp::Ordering;

use crate::format::{count, decimals, id, money_about, parameter, percent, several};
use crate::holdout_text;
use crate::models::Tried;
use crate::report::{Customer, ModelReport, Report};
use crate::text::Text;

/// Rows of each list of customers.
const LIST: usize = 10;
/// Columns for a customer's id.
const ID: usize = 18;

pub(crate) fn write(out: &mut Text, report: &Report) {
    purchases(out, report);
    spend(out, report);
    holdout_text::write(out, report);
    top(out, report);
    calls(out, report);
}

fn purchases(out: &mut Text, report: &Report) {
    let model = &report.purchases;
    out.section("How they buy");
    let Some(named) = fitted(out, model, "") else {
        out.missing(report, "purchases.parameters");
        return;
    };
    let [r, alpha, third, fourth, ..] = named[..] else { return };
    // A purchase is every k-th event of a regular buyer.
    let (alpha, rate) = match named.get(4) {
        Some(k) => (k * alpha, "r / (k alpha)"),
        None => (alpha, "r / alpha"),
    };
    let unit = model.unit;
    let leaving = if model.model == "Pareto/NBD" {
        format!(
            "they leave, silently, at a rate of {} a {unit} on average (s / beta)",
            decimals(third / fourth, 3)
        )
    } else {
        let share = percent(third / (third + fourth));
        format!("after a purchase, {share} of them leave for good (a / (a + b))")
    };
    out.prose(&format!(
        "In words: while they stay, customers buy {} times a {unit} on average ({rate}), that is \
         once in {} {unit}s; {leaving}. Customers differ around both numbers.",
        decimals(r / alpha, 3),
        decimals(alpha / r, 1),
    ));
    if let Some(choice) = model.choice.as_ref().filter(|choice| choice.candidates.len() > 1) {
        let tried = |tried: &Tried| match tried.bic {
            Some(bic) => format!("{} {}", tried.model, decimals(bic, 1)),
            None => format!("{} (no fit)", tried.model),
        };
        let tried: Vec<String> = choice.candidates.iter().map(tried).collect();
        out.line("");
        out.prose(&format!("Chosen because {}: BIC of {}.", choice.why, tried.join(", ")));
    }
}

fn spend(out: &mut Text, report: &Report) {
    let model = &report.spend;
    out.section("What they spend");
    let Some(named) = fitted(out, model, " with repeat purchases that cost more than 0") else {
        out.missing(report, "spend.parameters");
        return;
    };
    let [p, q, v] = named[..] else { return };
    if q > 1.0 {
        out.prose(&format!(
            "In words: the average customer spends {} on a purchase (p v / (q - 1)); the more \
             purchases of a customer are known, the more the customer's own average counts.",
            money_about(p * v / (q - 1.0))
        ));
    } else {
        out.prose(
            "In words: a few customers spend so much that the population has no finite mean (q is 1 \
             or less); only what each customer spent himself says something about him.",
        );
    }
}

/// What was fitted, the table of a fitted model, and its parameters.
fn fitted(out: &mut Text, model: &ModelReport, whose: &str) -> Option<Vec<f64>> {
    let customers = several(model.customers, "customer");
    let verb = if model.parameters.is_some() { "fitted to" } else { "for" };
    out.prose(&format!("The {} model, {verb} {customers}{whose}.", model.model));
    let parameters = &model.parameters.as_ref()?.0;
    let errors = &model.standard_errors.as_ref()?.0;
    out.line("");
    out.line(&format!("  {:<12}{:>14}{:>18}", "parameter", "estimate", "standard error"));
    for ((name, value), (_, error)) in parameters.iter().zip(errors) {
        out.line(&format!("  {name:<12}{:>14}{:>18}", parameter(*value), parameter(*error)));
    }
    if let (Some(likelihood), Some(aic), Some(bic)) = (model.log_likelihood, model.aic, model.bic) {
        out.line("");
        let [likelihood, aic, bic] = [likelihood, aic, bic].map(|number| decimals(number, 2));
        out.prose(&format!("Log-likelihood {likelihood}, AIC {aic}, BIC {bic}."));
    }
    Some(parameters.iter().map(|&(_, value)| value).collect())
}

/// "the 12 months after 1997-09-30".
fn ahead(report: &Report) -> String {
    let settings = &report.settings;
    let day = settings.split.as_ref().unwrap_or(&settings.as_of);
    format!("the {} after {day}", several(settings.horizon_months, "month"))
}

fn top(out: &mut Text, report: &Report) {
    out.section("Who is worth most from here on");
    let mut ranked: Vec<(&Customer, f64)> =
        report.customers.iter().filter_map(|own| Some((own, own.lifetime_value?))).collect();
    if ranked.is_empty() {
        out.missing(report, "customers[].lifetime_value");
        return;
    }
    let total: f64 = ranked.iter().map(|&(_, value)| value).sum();
    out.prose(&format!(
        "Lifetime value: what a customer is expected to bring in {}, x the margin, in today's \
         money. All {} customers together: {}.",
        ahead(report),
        count(ranked.len()),
        money_about(total)
    ));
    ranked.sort_by(|(_, a), (_, b)| b.partial_cmp(a).unwrap_or(Ordering::Equal));
    out.line("");
    out.line(&format!(
        "  {:<ID$}{:>9}{:>10}{:>12}{:>14}{:>12}  {}",
        "customer", "repeat", "still", "purchases", "spend on a", "lifetime", "tier"
    ));
    out.line(&format!(
        "  {:<ID$}{:>9}{:>10}{:>12}{:>14}{:>12}",
        "", "buys", "with us", "to come", "purchase", "value"
    ));
    for (customer, value) in ranked.iter().take(LIST) {
        let text = |number: Option<f64>, show: fn(f64) -> String| {
            number.map_or_else(|| "-".to_owned(), show)
        };
        out.line(&format!(
            "  {:<ID$}{:>9}{:>10}{:>12}{:>14}{:>12}  {}",
            id(customer.id, ID - 1),
            customer.frequency.map_or_else(|| "-".to_owned(), count),
            text(customer.probability_alive, percent),
            text(customer.expected_purchases, |number| decimals(number, 2)),
            text(customer.expected_spend, money_about),
            money_about(*value),
            customer.tier.as_deref().unwrap_or("-"),
        ));
    }
}

fn calls(out: &mut Text, report: &Report) {
    out.section("Who is most worth a call");
    if report.calls.is_empty() {
        if report.customers.iter().any(|own| own.lifetime_value.is_some()) {
            out.prose("Nobody: no repeat buyer has value at stake.");
        } else {
            out.prose("Cannot be ranked: there are no lifetime values.");
        }
        return;
    }
    out.prose(
        "Repeat buyers, ranked by value at stake: what they are worth if they are still with us x the \
         chance that they have left. One-time buyers are left out: the model takes each of them for \
         still with us. How likely a call is to help is not weighed: at nearly 100 %, it is \
         a matter of winning back.",
    );
    out.line("");
    let silent = format!("{}s", report.purchases.unit);
    out.line(&format!(
        "  {:<ID$}{:>9}{:>12}{:>12}{:>17}{:>17}",
        "customer", "repeat", silent, "has", "value if still", "value at"
    ));
    out.line(&format!(
        "  {:<ID$}{:>9}{:>12}{:>12}{:>17}{:>17}",
        "", "buys", "silent", "left", "with us", "stake"
    ));
    for call in report.calls.iter().take(LIST) {
        out.line(&format!(
            "  {:<ID$}{:>9}{:>12}{:>12}{:>17}{:>17}",
            id(call.id, ID - 1),
            count(call.frequency),
            decimals(call.silence, 1),
            percent(1.0 - call.probability_alive),
            money_about(call.value_given_alive),
            money_about(call.at_stake),
        ));
    }
}
