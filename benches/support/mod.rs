//! Seeded customer bases for the benches: whole-day purchase histories of BG/NBD customers.

#![allow(dead_code)] // each bench uses a part of it

use chrono::{Days, NaiveDate};
use goodwill::churn::{ValueIfAlive, WinBackCandidate};
use goodwill::{Histories, Probability, Spends, TimeUnit, Transaction};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Beta, Distribution, Exp, Gamma};
use rand_pcg::Pcg64;
use rust_decimal::Decimal;

/// Days over which customers come in; each is then observed to the end.
const ARRIVALS: u32 = 365;
/// Days observed in all.
const OBSERVED: u32 = 730;

/// One purchase: customer, day since the start, amount in cents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purchase {
    pub(crate) customer: u64,
    pub(crate) day: u32,
    pub(crate) cents: i64,
}

/// The purchases of `customers` customers, about 5.4 each, shuffled.
pub(crate) fn purchases(customers: u64) -> Vec<Purchase> {
    let mut rng = Pcg64::seed_from_u64(20_050_501);
    let mut all = Vec::new();
    for customer in 0..customers {
        add_customer(customer, &mut all, &mut rng);
    }
    all.shuffle(&mut rng);
    all
}

/// Buys at his own rate until he leaves or the observation ends; a few rows are refunds.
fn add_customer(customer: u64, all: &mut Vec<Purchase>, rng: &mut impl Rng) {
    let rate: f64 = Gamma::new(0.8, 1.0 / 40.0).expect("valid").sample(rng);
    let leaves: f64 = Beta::new(0.8, 4.0).expect("valid").sample(rng);
    let level: f64 = Gamma::new(3.7, 9.0).expect("valid").sample(rng);
    let spend = Gamma::new(6.0, level / 6.0).expect("valid");
    let wait = Exp::new(rate.max(1e-9_f64)).expect("valid");
    let mut time = f64::from(rng.random_range(0..ARRIVALS));
    while time < f64::from(OBSERVED) {
        let amount: f64 = spend.sample(rng);
        let cents = (100.0 * amount).round() as i64;
        all.push(Purchase { customer, day: time as u32, cents });
        if rng.random_bool(0.01) {
            all.push(Purchase { customer, day: time as u32, cents: -cents });
        }
        if rng.random_bool(leaves) {
            break;
        }
        time += wait.sample(rng);
    }
}

/// The day on which the observation starts.
pub(crate) fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 1, 1).expect("a date")
}

/// A day of the observation.
fn day(since_start: u32) -> NaiveDate {
    start().checked_add_days(Days::new(since_start.into())).expect("a date")
}

/// The last day.
pub(crate) fn end() -> NaiveDate {
    day(OBSERVED)
}

/// The purchases as transactions of any id.
pub(crate) fn transactions<C>(
    purchases: &[Purchase],
    id: impl Fn(u64) -> C,
) -> Vec<Transaction<C>> {
    let row = |purchase: &Purchase| {
        let amount = Decimal::new(purchase.cents, 2);
        Transaction::new(id(purchase.customer), day(purchase.day), amount)
    };
    purchases.iter().map(row).collect()
}

/// The id of a customer as text.
pub(crate) fn text_id(customer: u64) -> String {
    format!("customer-{customer:08}")
}

/// Histories in weeks and repeat spend of the same customers, as the ledger of their purchases gives them.
pub(crate) fn histories(customers: u64) -> (Histories, Spends) {
    let rows = transactions(&purchases(customers), |customer| customer);
    let ledger = goodwill::Ledger::from_transactions(rows).expect("a ledger");
    let histories = ledger.histories(end(), TimeUnit::Week).expect("histories");
    (histories, ledger.spends(end()).expect("spends"))
}

/// Gains and costs of calls: three in ten do not pay, costs are cents.
pub(crate) fn offers(candidates: usize) -> (Vec<f64>, Vec<Decimal>) {
    let mut rng = Pcg64::seed_from_u64(19_990_501);
    let worth = Gamma::new(0.7, 60.0).expect("valid");
    let one = |_| {
        let cents = rng.random_range(50..600);
        let gain: f64 = worth.sample(&mut rng);
        (gain - 9.0, Decimal::new(cents, 2))
    };
    (0..candidates).map(one).unzip()
}

/// Customers to win back: gone or not, worth little or much.
pub(crate) fn candidates(count: usize) -> Vec<WinBackCandidate> {
    let mut rng = Pcg64::seed_from_u64(19_990_502);
    let worth = Gamma::new(0.7, 300.0).expect("valid");
    let mut one = || {
        let [alive, chance] = [1.0, 0.4].map(|most| Probability::new(rng.random_range(0.0..most)));
        let value = ValueIfAlive::given_alive(worth.sample(&mut rng)).expect("valid");
        let call = WinBackCandidate::new(
            alive.expect("valid"),
            chance.expect("valid"),
            value,
            Decimal::ONE,
        );
        call.and_then(|call| call.incentive(Decimal::new(500, 2), Probability::constant(0.5)))
            .expect("valid")
    };
    (0..count).map(|_| one()).collect()
}

/// Values per customer: skewed, some of them equal, some 0.
pub(crate) fn values(customers: usize) -> Vec<f64> {
    let mut rng = Pcg64::seed_from_u64(19_970_101);
    let gamma = Gamma::new(0.7, 120.0).expect("valid");
    (0..customers).map(|_| (gamma.sample(&mut rng) * 100.0_f64).round() / 100.0).collect()
}
