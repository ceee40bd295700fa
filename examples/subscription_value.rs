//! What a subscriber is worth: the contractual road on a published cohort.
//!
//! 1,000 people began a subscription in the same year; each year some do not renew. From the five numbers that are
//! known, this shows how many will be left, why retention seems to rise, and what a new subscriber and one of each
//! tenure are worth, beside what a constant retention rate would say.
//!
//! ```sh
//! cargo run --release --example subscription_value
//! ```
//!
//! The cohort is that of Fader and Hardie (2007), "How to Project Customer Retention", Journal of Interactive
//! Marketing 21(1), 76–90.

#![allow(clippy::print_stdout)] // a program that tells

use goodwill::lifetime::{Bdw, ConstantRetention, RetentionModel, Sbg, Tenures};
use goodwill::{DiscountRate, Horizon, Probability, Result, TimeUnit};

/// Subscribers at the start, and after each renewal that is known.
const SURVIVORS: [u64; 5] = [1_000, 631, 468, 382, 326];
/// What was seen later, and the models were not told: in per cent of the start.
const LATER: [f64; 8] = [28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3];
/// What a subscriber leaves the firm in a year that he pays for.
const MARGIN: f64 = 100.0;

fn main() -> Result<()> {
    let cohort = Tenures::from_survivors(TimeUnit::Year, &SURVIVORS)?;
    let fit = Sbg::fit(&cohort)?;
    let constant = ConstantRetention::fit(&cohort)?;
    let rate = DiscountRate::annual(0.10)?;

    println!(
        "A cohort of {} subscribers, {} of whom renewed {} times.",
        SURVIVORS[0], SURVIVORS[4], 4
    );
    println!();
    println!("1. Who leaves");
    println!();
    let model = fit.model();
    let [alpha, beta] = model.parameters().map(|(_, value)| value);
    println!("   Churn differs between subscribers (sBG): alpha {alpha:.4}, beta {beta:.4}");
    println!("   mean churn at the first renewal {:.1} %", 100.0 * model.churn(1)?.get());
    println!("   log-likelihood {:.2}, BIC {:.1}", fit.log_likelihood(), fit.bic());
    let interval = ConstantRetention::interval(&cohort, Probability::constant(0.95))?;
    println!(
        "   One retention for all: {:.1} % (95 % interval {:.1} to {:.1} %), BIC {:.1}: far worse",
        100.0 * interval.value(),
        100.0 * interval.lower(),
        100.0 * interval.upper(),
        constant.bic()
    );
    let ageing = Bdw::fit(&cohort)?;
    println!(
        "   Churn that also changes with tenure (BdW): c {:.2}, BIC {:.1}: not needed here",
        ageing.model().c(),
        ageing.bic()
    );
    println!();
    survivors(model, constant.model())?;
    values(model, constant.model(), rate)?;
    leverage(model, rate)
}

/// Who is left, as seen, as fitted and as forecast.
fn survivors(model: &Sbg, constant: &ConstantRetention) -> Result<()> {
    println!("2. Who is left, and the retention of those who are");
    println!();
    println!("   year      seen   forecast   retention     constant");
    let later = LATER.map(|percent| 10.0 * percent);
    let seen: Vec<f64> = SURVIVORS.iter().map(|&count| count as f64).chain(later).collect();
    for (year, seen) in seen.into_iter().enumerate() {
        let year = year as u32;
        let left = 1_000.0 * model.survival(year)?.get();
        let plain = 1_000.0 * constant.survival(year)?.get();
        let retention = match year {
            0 => String::new(),
            _ => format!("{:.1} %", 100.0 * model.retention(year)?.get()),
        };
        let known = if (year as usize) < SURVIVORS.len() { ' ' } else { '*' };
        println!("   {year:>4} {seen:>8.0}{known} {left:>10.1} {retention:>11} {plain:>12.1}");
    }
    println!("   * not shown to the models");
    println!();
    println!("   Nobody grows more loyal: those who tend to leave, have left.");
    println!();
    Ok(())
}

/// What a subscriber is worth by the renewals he has made.
fn values(model: &Sbg, constant: &ConstantRetention, rate: DiscountRate) -> Result<()> {
    println!("3. What a subscriber is worth, at a margin of {MARGIN:.0} a year and 10 % a year");
    println!();
    let new = model.discounted_lifetime(Horizon::FOREVER, rate)?;
    let plain = constant.discounted_lifetime(Horizon::FOREVER, rate)?;
    println!("   someone who signs: {:.2} payments, worth {:.0}", new, MARGIN * new);
    println!("   under one retention for all: {:.2} payments, worth {:.0}", plain, MARGIN * plain);
    println!();
    println!("   just before renewal   payments to come   worth   under one retention");
    for renewals in 0..5 {
        let to_come = model.discounted_residual_lifetime(renewals, Horizon::FOREVER, rate)?;
        let plain = constant.discounted_residual_lifetime(renewals, Horizon::FOREVER, rate)?;
        println!(
            "   {:>19} {to_come:>18.2} {:>7.0} {:>21.0}",
            renewals + 1,
            MARGIN * to_come,
            MARGIN * plain
        );
    }
    println!();
    println!(
        "   The longer someone has stayed, the more he is worth; one retention for all cannot see it."
    );
    println!();
    Ok(())
}

/// What better retention would bring.
fn leverage(model: &Sbg, rate: DiscountRate) -> Result<()> {
    let all = model.elasticity_of_expected_residual_lifetime(0, rate)?;
    let each = model.mean_elasticity_of_residual_lifetime(0, rate)?;
    println!("4. What 1 % more retention brings, for good");
    println!();
    println!("   worth of the whole cohort before its first renewal: + {all:.2} %");
    println!("   worth of a subscriber, averaged over subscribers:   + {each:.2} %");
    Ok(())
}
