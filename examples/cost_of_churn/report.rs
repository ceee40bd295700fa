//! The report, as a shop owner reads it.

use goodwill::churn::{
    ChurnCut, ChurnLedger, Control, CostLine, CostView, CutGain, InputRange, SimulatedTotal,
    Tornado,
};
use goodwill::money::to_f64;
use goodwill::{Probability, Result, Share};
use rust_decimal::Decimal;

use crate::Arguments;
use crate::assumptions::{Assumptions, View};
use crate::format::{count, money, money_about, percent};
use crate::measured::{Measured, Rules};

const LEVEL: Probability = Probability::constant(0.95);

pub(crate) fn header(rules: &Rules, measured: &Measured) {
    println!("What did the churn from {} to {} cost?", rules.from, rules.as_of);
    println!(
        "A customer counts as lost after {} days without a purchase.\n",
        rules.lost_after.get()
    );
    println!("1. Who was lost");
    println!("   {:<44}{:>14}", "customers when the year opened", count(measured.churn.opening));
    println!("   {:<44}{:>14}", "of them lost when it closed", count(measured.churn.lost));
    if let Ok(rate) = measured.churn.rate(LEVEL) {
        let [value, lower, upper] = [rate.value(), rate.lower(), rate.upper()].map(percent);
        println!("   that is {value} (95 % interval {lower} to {upper})");
    }
}

pub(crate) fn assumptions(
    arguments: &Arguments,
    assumptions: &Assumptions,
    measured: &Measured,
    given: impl Fn(&str) -> bool,
) {
    println!("\n2. Where every number comes from");
    println!("   {:<40}{:>10}  low to high", "", "base");
    for one in &assumptions.0 {
        let range = &one.range;
        println!(
            "   {:<40}{:>10}  {} to {}",
            range.name(),
            range.base(),
            range.low(),
            range.high()
        );
        match one.flag {
            Some(flag) if given(flag) => println!("      set for this run by --{flag}"),
            Some(flag) => println!("      {} [--{flag}]", one.source),
            None => println!("      {}", one.source),
        }
    }
    println!("   Counts and revenue: data, exact. Lost: the rule of this run [--lost-after].");
    match &arguments.reasons {
        Some(file) => println!("   Reasons: {} [--reasons].", file.display()),
        None => println!(
            "   Reasons: invented for this run, since the log has none: every 20 lost are dealt to the usual seven [--reasons]."
        ),
    }
    println!(
        "   Residual values: over {} years at {} a year, assumptions of this run [--years, --discount];",
        arguments.years,
        percent(arguments.discount)
    );
    println!("   of a lost customer, had he stayed; of a successor, his first purchase included.");
    let parameters: Vec<String> =
        measured.parameters.iter().map(|(name, value)| format!("{name} {value:.3}")).collect();
    println!("   Fitted on the log: {}.", parameters.join(", "));
}

pub(crate) fn chain(measured: &Measured, ledger: &ChurnLedger, base: &[Decimal]) -> Result<()> {
    println!("\n3. Lost by reason");
    println!(
        "   {:<26}{:>9}{:>14}{:>15}{:>15}",
        "", "customers", "revenue", "not replaced", "replaced"
    );
    for (cost, group) in ledger.by_reason()?.iter().zip(&measured.groups) {
        let beyond = if group.reason.control == Control::Beyond { " *" } else { "" };
        println!(
            "   {:<26}{:>9}{:>14}{:>15}{:>15}",
            format!("{}{beyond}", group.reason.name),
            count(cost.customers),
            money(group.revenue),
            money(cost.not_replaced),
            money(cost.replaced)
        );
    }
    println!("   * beyond control: nobody to blame, and no complaint\n");
    println!("4. The ledger, exact");
    println!("   {:<44}{:>18}{:>18}{:>18}", "", "amount", "if not replaced", "if replaced");
    for line in ledger.lines()? {
        let part = |sign: i8, amount: Decimal| match sign {
            0 => "-".to_owned(),
            _ => amount.to_string(),
        };
        println!(
            "   {:<44}{:>18}{:>18}{:>18}",
            name(line.line),
            line.amount.to_string(),
            part(line.line.sign(CostView::NotReplaced), line.not_replaced),
            part(line.line.sign(CostView::Replaced), line.replaced)
        );
    }
    let [alone, replaced] = [CostView::NotReplaced, CostView::Replaced].map(|v| ledger.total(v));
    let (alone, replaced) = (alone?, replaced?);
    println!("   {:<44}{:>18}{:>18}{:>18}", "TOTAL", "", alone.to_string(), replaced.to_string());
    let lost = measured.lost();
    if lost > 0 {
        let each = |total: Decimal| money_about(to_f64(total) / f64::from(lost));
        println!("   for each customer lost{:>57}{:>18}", each(alone), each(replaced));
    }
    println!(
        "\n   Never add the two. They answer two questions: what is gone if the places stay empty, and"
    );
    println!(
        "   what it costs to fill them. Residual value and replacement in one sum would count"
    );
    println!("   {} twice: what the successors bring back.", ledger.counted_twice()?);
    println!(
        "   Revenue, this year's margin and what was once spent to win them are in neither total."
    );
    less_churn(measured, ledger, base)
}

/// The article's "5 % less churn", in both meanings, within the year.
fn less_churn(measured: &Measured, ledger: &ChurnLedger, base: &[Decimal]) -> Result<()> {
    let (opening, lost) = (measured.churn.opening, measured.churn.lost);
    if lost == 0 {
        return Ok(());
    }
    let parts = |part: u64| Decimal::from(part);
    let each = ledger.amount(CostLine::Revenue)?.checked_div(parts(lost)).unwrap_or_default();
    let churn = parts(lost).checked_div(parts(opening)).unwrap_or_default();
    let [churn, five] = [Share::new(churn.round_dp(4))?, Share::percent(5)?];
    let kept = |cut| CutGain::new(opening, churn, cut, each.round_dp(2), Share::new(base[0])?);
    println!("\n   5 % less churn, in a year's margin:");
    for (name, cut) in
        [("5 points", ChurnCut::Points(five)), ("5 per cent of it", ChurnCut::PerCent(five))]
    {
        if let Ok(gain) = kept(cut) {
            let (customers, profit) = (count(gain.customers().round_dp(1)), money(gain.profit()));
            println!("   {name:<18}{customers:>9} customers kept, {profit:>12}");
        }
    }
    Ok(())
}

pub(crate) fn sensitivity(
    view: View,
    ranges: &[InputRange],
    tornado: &Tornado,
    drawn: &SimulatedTotal,
    arguments: &Arguments,
) {
    let title = match view {
        View::NotReplaced => "5. Which assumption moves the total most, if nobody is replaced",
        View::Replaced => "6. Which assumption moves the total most, if all are replaced",
    };
    println!("\n{title}");
    println!("   {:<40}{:>14}{:>14}{:>14}", "", "at its low", "at its high", "swing");
    for bar in tornado.bars() {
        let name = ranges[bar.input].name();
        let [low, high, swing] = [bar.low, bar.high, bar.swing].map(money);
        println!("   {name:<40}{low:>14}{high:>14}{swing:>14}");
    }
    let at = |share| money_about(drawn.quantile(Probability::constant(share)));
    println!(
        "   All drawn at once ({} draws, seed {}): mean {}, nine in ten between {} and {}",
        count(arguments.draws),
        arguments.seed,
        money_about(drawn.mean()),
        at(0.05),
        at(0.95)
    );
}

fn name(line: CostLine) -> &'static str {
    match line {
        CostLine::Revenue => "revenue of their last year (memo)",
        CostLine::Margin => "margin in it (memo)",
        CostLine::SunkSetUp => "once spent to win them, sunk (memo)",
        CostLine::ResidualOfLost => "what they would still have brought",
        CostLine::ResidualOfSuccessors => "what their successors will bring (memo)",
        CostLine::Shortfall => "what the successors bring less",
        CostLine::VacantMargin => "margin missing until replaced",
        CostLine::Acquisition => "winning the successors",
        CostLine::WordOfMouth => "margin of those whom their word keeps away",
        CostLine::CostsAvoided => "keeping in touch, no longer spent",
        _ => "another line",
    }
}
