//! How often a tier programme flaps, and what its service costs: three policies replayed on the CDNOW sample, quarter
//! by quarter.
//!
//! `cargo run --release --example tier_programme`
#![allow(clippy::print_stdout, reason = "a program talks to its terminal")]

use std::collections::BTreeMap;
use std::error::Error;

use chrono::{Datelike, NaiveDate};
use goodwill::money;
use goodwill::tiering::{Demotion, Level, Programme, Replay, ValueHistory};
use rust_decimal::Decimal;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow.csv");
/// From the first quarter of 1997 to the second of 1998.
const QUARTERS: usize = 6;

fn main() -> Result<(), Box<dyn Error>> {
    let history = spend_by_quarter()?;
    println!("{} customers, {QUARTERS} quarters\n", history.customers());
    println!(
        "{:<44}{:>9}{:>9}{:>7}{:>11}{:>11}",
        "policy", "up", "down", "flaps", "flap rate", "cost"
    );
    let policies = [
        ("strict: what enters, keeps", programme(100, 50)?.replay(&history)?),
        ("hysteresis: two thirds keep", programme(66, 33)?.replay(&history)?),
        (
            "all: and stay 2, forgive 1, one step down",
            programme(66, 33)?
                .minimum_stay(2)
                .grace(1)
                .demotion(Demotion::OneStep)
                .replay(&history)?,
        ),
    ];
    for (name, replay) in &policies {
        print(name, replay);
    }
    Ok(())
}

/// Gold from 100 a quarter, silver from 50.
fn programme(keep_gold: i64, keep_silver: i64) -> goodwill::Result<Programme<Decimal>> {
    let level = |name, entry: i64, stay: i64, cents| {
        Level::new(name, entry.into(), stay.into(), Decimal::new(cents, 2))
    };
    Programme::new([
        level("gold", 100, keep_gold, 450)?,
        level("silver", 50, keep_silver, 150)?,
        Level::base("member", Decimal::new(25, 2))?,
    ])
}

/// What each customer spent in each quarter; nothing is 0, and before his first purchase he is no member.
fn spend_by_quarter() -> Result<ValueHistory<Decimal>, Box<dyn Error>> {
    let mut customers: BTreeMap<u32, [money::Sum; QUARTERS]> = BTreeMap::new();
    let mut first: BTreeMap<u32, usize> = BTreeMap::new();
    for row in csv::Reader::from_path(FILE)?.deserialize() {
        let (customer, date, amount): (u32, NaiveDate, Decimal) = row?;
        let quarter = (date.year() - 1997) as usize * 4 + date.month0() as usize / 3;
        customers.entry(customer).or_default()[quarter].add(amount)?;
        let first = first.entry(customer).or_insert(quarter);
        *first = quarter.min(*first);
    }
    let mut values = Vec::new();
    for (customer, quarters) in &customers {
        for (quarter, spent) in quarters.iter().enumerate() {
            let is_member = first[customer] <= quarter;
            values.push(if is_member { Some(spent.total()?) } else { None });
        }
    }
    Ok(ValueHistory::new(QUARTERS, values)?)
}

fn print(name: &str, replay: &Replay) {
    let (up, down, flaps) = (replay.promotions(), replay.demotions(), replay.flaps());
    let rate = replay.flap_rate().unwrap_or(0.0) * 100.0;
    println!("{name:<44}{up:>9}{down:>9}{flaps:>7}{rate:>9.2} %{:>11}", replay.cost());
    let members = replay.uses().iter().map(|own| format!("{} {}", own.member_periods, own.name));
    println!("  member-quarters: {}", members.collect::<Vec<_>>().join(", "));
}
