//! Whom do we call tomorrow? From a purchase log to the list of lost customers that a budget is best spent on.
//!
//! `cargo run --release --example win_back` reads the CDNOW sample that ships with the project; `-- --help` names the
//! flag of every assumption. Every number is the crate's.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its terminal")]

mod arguments;
#[path = "../shared/purchase_log.rs"]
mod purchase_log;
mod shop;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use goodwill::churn::{
    CallTiming, ContactLimits, CostBasis, LetGoReason, WinBackCandidate, WinBackPlan,
};

use crate::arguments::Arguments;
use crate::shop::{Customer, Shop, weeks_silent};

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("win_back: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let (ledger, as_of) = arguments.log.read()?;
    let shop = Shop::new(arguments, &ledger, as_of)?;
    let candidates: Vec<WinBackCandidate> =
        shop.customers.iter().map(|own| own.candidate).collect();
    let (budget, basis) = (arguments.budget, arguments.basis.into());
    let plan = match arguments.most_calls {
        None => WinBackPlan::new(&candidates, budget, basis)?,
        Some(most) => {
            let limits = ContactLimits::new().channel(most);
            WinBackPlan::with_limits(
                &candidates,
                budget,
                basis,
                &vec![0; candidates.len()],
                &limits,
            )?
        }
    };
    println!(
        "Whom do we call tomorrow? {} customers, as of {}\n",
        shop.customers.len(),
        shop.as_of
    );
    assumptions(arguments);
    who_is_gone(&shop);
    what_they_are_worth(&shop)?;
    chance_and_cost(&shop)?;
    the_list(&shop, &plan, arguments);
    when_to_call(&shop, &plan)?;
    the_rest(&shop, &plan);
    Ok(())
}

/// Where every number comes from that is not computed.
fn assumptions(arguments: &Arguments) {
    println!("What this rests on");
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let rows = [
        ("purchases", arguments.log.name(), "data"),
        ("who is gone, what he would buy", "MBG/NBD".to_owned(), "fitted on the data"),
        ("what he would spend", "Gamma-Gamma".to_owned(), "fitted on the data"),
        (
            "chance with a customer just lost",
            percent(arguments.chance.get()),
            "the trade's claim: --chance",
        ),
        (
            "chance with a new prospect",
            percent(arguments.prospect_chance.get()),
            "the trade's claim: --prospect-chance",
        ),
        (
            "silence that halves the chance",
            format!("{} weeks", arguments.half_life),
            "assumption: --half-life",
        ),
        ("profit in revenue", percent(arguments.margin), "assumption: --margin"),
        ("value looks ahead", format!("{} years", arguments.years), "assumption: --years"),
        ("discount a year", percent(arguments.discount), "assumption: --discount"),
        (
            "worth after coming back",
            percent(arguments.second_life),
            "assumption, of the former value: --second-life",
        ),
        ("a call", arguments.contact.to_string(), "assumption: --contact"),
        ("the voucher in it", arguments.incentive.to_string(), "assumption: --incentive"),
        ("taken by who never left", percent(arguments.taken.get()), "assumption: --taken"),
        ("budget", arguments.budget.to_string(), "assumption: --budget, --basis"),
    ];
    for (what, value, source) in rows {
        println!("  {what:<34}{value:>12}   {source}");
    }
    println!(
        "  A flag changes an assumption, and your own past attempts beat the trade's claim: ChanceModel fits them.\n"
    );
}

fn who_is_gone(shop: &Shop) {
    let alive = |own: &Customer| own.candidate.alive().get();
    println!("1. Who is probably gone");
    let gone: f64 = shop.customers.iter().map(|own| 1.0 - alive(own)).sum();
    println!(
        "  {gone:.0} of {} customers, by what each did and how long he has been silent",
        shop.customers.len()
    );
    for (from, to, name) in [
        (0.0, 0.05, "almost surely gone"),
        (0.05, 0.5, "probably gone"),
        (0.5, 0.95, "probably here"),
        (0.95, 1.1, "almost surely here"),
    ] {
        let within = |own: &&Customer| (from..to).contains(&alive(own));
        let (count, weeks) =
            shop.customers.iter().filter(within).fold((0_u32, 0.0), |(count, weeks), own| {
                (count + 1, weeks + weeks_silent(&own.history))
            });
        let mean = if count > 0 { weeks / f64::from(count) } else { 0.0 };
        println!("  {count:>6}  {name:<20} silent for {mean:.0} weeks on average");
    }
    println!();
}

fn what_they_are_worth(shop: &Shop) -> goodwill::Result<()> {
    let scored: f64 =
        shop.customers.iter().map(|own| shop.lifetime_value(own)).sum::<Result<_, _>>()?;
    let stake: f64 = shop.customers.iter().map(|own| own.candidate.value_at_stake()).sum();
    println!("2. What each is worth");
    println!("  {scored:>10.2}  profit that is still to be expected of all, as they are");
    println!("  {stake:>10.2}  profit that went with those who are gone");
    println!(
        "  A customer's value as scored has his chance of being gone in it; to win him back counts what he is"
    );
    println!("  worth once he is here. That is the V below.\n");
    Ok(())
}

fn chance_and_cost(shop: &Shop) -> Result<(), Box<dyn Error>> {
    println!("3. Chance and cost of winning back, beside a new prospect");
    let prospect = shop.prospect()?;
    let best = shop
        .customers
        .iter()
        .reduce(|a, b| if b.candidate.gain() > a.candidate.gain() { b } else { a });
    let mut rows = vec![("a new prospect".to_owned(), prospect)];
    rows.extend(best.map(|own| (format!("customer {}", own.id), own.candidate)));
    for (who, call) in rows {
        println!(
            "  {who:<18} {:>6.1} calls for one success, which cost {:>7.2}, for a value of {:>7.2}: {:+.2} a call",
            call.calls_per_win()?,
            call.cost_per_win()?,
            call.value().get(),
            call.gain()
        );
    }
    println!();
    Ok(())
}

fn the_list(shop: &Shop, plan: &WinBackPlan, arguments: &Arguments) {
    const SHOWN: usize = 12;
    let list = plan.list();
    println!("4. The list that fits the budget");
    println!("  customer   silent  P(here)       V   chance    gain    cost");
    for own in list.chosen().iter().take(SHOWN).map(|&row| &shop.customers[row]) {
        println!(
            "  {:<9}{:>5.0} wk{:>8.0} %{:>8.2}{:>7.0} %{:>8.2}{:>8.2}",
            own.id,
            weeks_silent(&own.history),
            100.0 * own.candidate.alive().get(),
            own.candidate.value().get(),
            100.0 * own.chance.get(),
            own.candidate.gain(),
            own.candidate.expected_cost()
        );
    }
    if list.chosen().len() > SHOWN {
        println!("  … and {} more", list.chosen().len() - SHOWN);
    }
    let held = match plan.basis() {
        CostBasis::Expected => "on average",
        CostBasis::WorstCase => "at most",
    };
    println!(
        "  {} calls win back {:.1} customers and gain {:.2}",
        list.chosen().len(),
        plan.wins(),
        list.gain()
    );
    println!("  They cost {:.2} {held}, of a budget of {}", list.cost(), arguments.budget);
    println!(
        "  (on average {:.2}, if everybody takes the voucher {})",
        plan.expected_cost(),
        plan.worst_case_cost()
    );
    println!("  No list can gain more than {:.2}", list.bound());
    println!("  One more unit of budget would bring {:.2}\n", list.shadow_price());
}

fn when_to_call(shop: &Shop, plan: &WinBackPlan) -> goodwill::Result<()> {
    const WEEKS: [f64; 6] = [0.0, 2.0, 4.0, 8.0, 13.0, 26.0];
    println!("5. When to call those on the list");
    println!(
        "  Waiting makes surer that he is gone, but the chance fades. The best day, seen from today:"
    );
    let mut best = [0_u32; WEEKS.len()];
    for own in plan.list().chosen().iter().map(|&row| &shop.customers[row]) {
        let moments = WEEKS.map(|weeks| shop.moment(own, weeks));
        let moments = moments.into_iter().collect::<Result<Vec<_>, _>>()?;
        if let Some(when) = CallTiming::of(&moments, shop.discount)?.best() {
            best[when] += 1;
        }
    }
    for (weeks, count) in WEEKS.iter().zip(best) {
        println!("  {count:>6}  in {weeks:.0} weeks");
    }
    println!();
    Ok(())
}

fn the_rest(shop: &Shop, plan: &WinBackPlan) {
    println!("6. What the rest costs us");
    println!(
        "  {:>6}  worth a call that the budget does not hold: {:.2} forgone",
        plan.left_out().len(),
        plan.left_out_gain()
    );
    for (reason, words) in [
        (LetGoReason::ProbablyStillHere, "leave in peace: probably still customers"),
        (LetGoReason::ChanceTooSmall, "let go: worth having, but hardly to be won"),
        (LetGoReason::WorthTooLittle, "let go: worth less than the call and the voucher"),
    ] {
        let these = plan.let_go().iter().filter(|own| own.reason == reason);
        let (count, saved) =
            these.fold((0, 0.0), |(count, saved), own| (count + 1, saved + own.saved));
        println!("  {count:>6}  {words}; saves {saved:.2}");
    }
    let stake: f64 = shop.customers.iter().map(|own| own.candidate.value_at_stake()).sum();
    let regained: f64 = plan
        .list()
        .chosen()
        .iter()
        .map(|&row| &shop.customers[row].candidate)
        .map(|own| own.wins() * own.value().get())
        .sum();
    println!(
        "  Of the {stake:.2} that went with those who are gone, the list brings back {regained:.2};"
    );
    println!("  {:.2} is gone for good.", stake - regained);
}
