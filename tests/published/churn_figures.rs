//! Worked figures of churn that others published.

use goodwill::churn::{BaseChange, ChurnRate, CohortPeriod, Retention};
use goodwill::{Horizon, Ledger, Probability, Transaction};
use rust_decimal::Decimal;

use crate::support::{assert_close, day};

const LEVEL: Probability = Probability::constant(0.95);

/// Odoo's documentation of its subscription reports (pull request 721): 3 of 20 customers lost is a logo churn of
/// 15 %; 56 of 600 dollars of monthly revenue is a revenue churn of 9.33 %.
#[test]
fn odoo_logo_and_revenue_churn() {
    let opening = (0..20).map(|customer| (customer, Decimal::from(30)));
    // 600 dollars, of which one customer takes 30 away with him and another pays 26 less.
    let closing = (0..20).filter_map(|customer| match customer {
        0 => None,
        1 => Some((customer, Decimal::from(4))),
        _ => Some((customer, Decimal::from(30))),
    });
    let change = BaseChange::new(opening, closing, |_| false).unwrap();
    assert_close(change.revenue_churn().unwrap(), 56.0 / 600.0, 1e-15, "revenue churn");
    assert_eq!(format!("{:.2}", 100.0 * change.revenue_churn().unwrap()), "9.33");
    let fees = |customers: std::ops::Range<u32>| customers.map(|c| (c, Decimal::TEN));
    let change = BaseChange::new(fees(0..20), fees(3..20), |_| false).unwrap();
    assert_close(change.customer_churn(LEVEL).unwrap().value(), 0.15, 1e-15, "logo churn");
}

/// `PostHog`'s issue 25998: a cohort of 10 at 20 % and one of 100 at 0 % are 10 % on the mean of the cohorts, and 1.82 %
/// (2 of 110) together.
#[test]
fn posthog_simple_and_pooled_means() {
    let row = |customer: u32, date| Transaction::new(customer, date, Decimal::ONE);
    let january = (0..10).map(|customer| row(customer, day(2024, 1, 15)));
    let stayed = (0..2).map(|customer| row(customer, day(2024, 2, 15)));
    let february = (10..110).map(|customer| row(customer, day(2024, 2, 20)));
    let ledger = Ledger::from_transactions(january.chain(stayed).chain(february)).unwrap();
    let cohorts = ledger.cohorts(day(2024, 3, 31), CohortPeriod::Month).unwrap();
    for retention in [Retention::Bounded, Retention::Rolling] {
        let mean = cohorts.mean_retention(1, retention).unwrap();
        assert_close(mean, 0.1, 1e-15, "mean of the cohorts");
        let pooled = cohorts.pooled_retention(1, retention, LEVEL).unwrap();
        assert_close(pooled.value(), 2.0 / 110.0, 1e-15, "pooled");
        assert_eq!(format!("{:.2}", 100.0 * pooled.value()), "1.82");
    }
}

/// Fight Churn with Data (Gold 2020), chapter 2: annual = 1 − (1 − monthly)^{365/days}; here the mean year and month.
#[test]
fn rates_are_rescaled_by_powers() {
    let monthly = ChurnRate::new(Probability::constant(0.05), Horizon::months(1.0).unwrap());
    let yearly = monthly.unwrap().over(Horizon::years(1.0).unwrap()).get();
    assert_close(yearly, 1.0 - 0.95_f64.powi(12), 1e-14, "12 months");
    let days = ChurnRate::new(Probability::constant(0.2), Horizon::days(90.0).unwrap()).unwrap();
    let yearly = days.over(Horizon::years(1.0).unwrap()).get();
    assert_close(yearly, 1.0 - 0.8_f64.powf(365.2425 / 90.0), 1e-14, "90 days");
}
