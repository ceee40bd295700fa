//! Summaries that merge until their counts do not fit any more.

use goodwill::churn::{Arm, BaseChange, Campaign, CohortPeriod, Reason, ReasonReport, Retention};
use goodwill::growth::GrowthSources;
use goodwill::lifetime::{ActivityHits, ForecastErrors, ForecastTest, FrequencyClasses};
use goodwill::survival::LifeTable;
use goodwill::tiering::{Migration, Snapshot, Thresholds};
use goodwill::transactions::Margin;
use goodwill::{Conventions, Histories, Ledger, Probability, Result, Share, TimeUnit, Transaction};
use rust_decimal::Decimal;
use serde_json::json;

use crate::assert_message;
use crate::json::{read, refused, refused_with};
use crate::support::day;

/// Merged with itself, a summary of one customer has 2^63 after 63 times; one time more is too much.
#[track_caller]
fn doubles_63_times<T: std::fmt::Debug>(one: T, twice: impl Fn(&T) -> Result<T>, what: &str) {
    assert_too_many(twice(&doubled_63_times(one, &twice)), what);
}

#[track_caller]
fn doubled_63_times<T: std::fmt::Debug>(one: T, twice: impl Fn(&T) -> Result<T>) -> T {
    (0..63).fold(one, |many, _| twice(&many).unwrap())
}

#[track_caller]
fn assert_too_many<T: std::fmt::Debug>(got: Result<T>, what: &str) {
    assert_message(got, &format!("{what} has more digits than the type holds exactly"));
}

/// Twice what merges in place.
fn twice<T: Clone>(merge: impl Fn(&mut T, &T) -> Result<()>) -> impl Fn(&T) -> Result<T> {
    move |own| {
        let mut both = own.clone();
        merge(&mut both, own)?;
        Ok(both)
    }
}

#[test]
fn counts_of_validation_and_movement_end_with_an_error() {
    let what = "a number of customers";
    let once = Histories::new(TimeUnit::Day, &[1], &[2.0], &[3.0]).unwrap();
    let test = ForecastTest::new(&[1.0], &[2.0]).unwrap();
    doubles_63_times(test.errors(), twice(ForecastErrors::merge), what);
    let classes = test.by_frequency(&once, 5).unwrap();
    doubles_63_times(classes, twice(FrequencyClasses::merge), what);
    let ledger = Ledger::from_slice(&[Transaction::new(1, day(2024, 1, 1), Decimal::ONE)]).unwrap();
    let split = ledger.split(day(2024, 1, 1), day(2024, 1, 2), &Conventions::default()).unwrap();
    let hits = ActivityHits::of(&[true], &split.holdout).unwrap();
    doubles_63_times(hits, twice(ActivityHits::merge), what);
    let tiers = Thresholds::new([("a", 10.0)], "rest").unwrap();
    let values = [12.0, 3.0];
    let tiering = tiers.assign(&values).unwrap();
    // 2^63 in either cell are too many together.
    let was = Snapshot::new(&[1, 2], &values, &tiering).unwrap();
    let mut moved = Migration::between(&was, &was).unwrap();
    for _ in 0..62 {
        moved = twice(Migration::merge)(&moved).unwrap();
    }
    assert_eq!(moved.customers(Some(0), Some(0)), 1 << 62);
    assert_eq!(moved.stability(), Some(1.0));
    assert_too_many(twice(Migration::merge)(&moved), what);
}

#[test]
fn money_has_no_other_sign_at_its_end() {
    let sum = |whole: i128| json!({"whole": whole.to_string(), "fraction": "0"});
    let none = json!({"customers": 0, "before": sum(0), "after": sum(0)});
    let kept = json!({"customers": 1, "before": sum(i128::MIN), "after": sum(i128::MAX)});
    let sources: GrowthSources = read(&json!({"new": none, "kept": kept, "lost": none})).unwrap();
    assert_too_many(sources.kept_change(), "a total of money");
}

#[test]
fn counts_end_with_an_error() {
    let mut report = ReasonReport::new(&Reason::usual()).unwrap();
    report.add(Some(1), Decimal::ONE).unwrap();
    doubles_63_times(report, |own| own.merge(own), "a number of lost customers");
    let change = BaseChange::new([(1, Decimal::ONE)], [], |_| false).unwrap();
    doubles_63_times(change, |own| own.merge(own), "a number of customers");
    let mut arm = Arm::default();
    arm.add(true, 1, Decimal::ONE).unwrap();
    doubles_63_times(arm, twice(Arm::merge), "the number of customers of an arm");
    let table = LifeTable::new(TimeUnit::Day, &[1.0], &[true]).unwrap();
    doubles_63_times(table, |own| own.merge(own), "the number of spans");
}

#[test]
fn counts_of_a_ledger_end_with_an_error() {
    let rows = [day(2025, 3, 1), day(2026, 3, 1)].map(|at| Transaction::new(1, at, Decimal::ONE));
    let ledger = Ledger::from_slice(&rows).unwrap();
    let (now, usual) = (day(2026, 12, 31), Conventions::default());
    let cohorts = ledger.cohorts(now, CohortPeriod::Year).unwrap();
    doubles_63_times(cohorts, |own| own.merge(own), "the number of customers of a cohort");
    let stack = ledger.cohort_stack(now, CohortPeriod::Year, &usual).unwrap();
    doubles_63_times(stack, |own| own.merge(own), "the number of buyers of a cell");
    let years = [2025, 2026].map(|year| day(year, 1, 1)..=day(year, 12, 31));
    let [earlier, later] = years.map(|year| (year, Margin::Rate(Share::ONE)));
    let audit = ledger.audit(earlier, later, &usual).unwrap();
    doubles_63_times(audit, |own| own.merge(own), "a number of customers");
}

/// Two cohorts of 2^63 customers each, which no merge adds up.
#[test]
fn customers_of_all_cohorts_end_with_an_error() {
    let come = [(1, 2024), (2, 2025)];
    let rows = come.map(|(who, year)| Transaction::new(who, day(year, 3, 1), Decimal::ONE));
    let cohorts = Ledger::from_slice(&rows).unwrap().cohorts(day(2026, 12, 31), CohortPeriod::Year);
    let many = doubled_63_times(cohorts.unwrap(), |own| own.merge(own));
    for retention in [Retention::Bounded, Retention::Rolling] {
        assert_eq!(many.mean_retention(0, retention), Ok(1.0));
        let pooled = many.pooled_retention(0, retention, Probability::constant(0.95));
        assert_too_many(pooled, "the number of customers of the cohorts");
    }
}

#[test]
fn campaigns_read_only_what_customers_add_up_to() {
    let mut campaign = Campaign::default();
    for amount in [Decimal::new(15, 1), Decimal::new(-7, 2)] {
        campaign.treated.add(amount > Decimal::ZERO, 3, amount).unwrap();
    }
    let mut written = serde_json::to_value(&campaign).unwrap();
    assert_eq!(read(&written), Ok(campaign));
    written["treated"]["retained"] = json!(3);
    refused_with::<Campaign>(&written, "customers retained must lie in [0, customers], but is 3");
    written["treated"]["retained"] = json!(1);
    written["treated"]["purchases"]["squares"] = json!(["17.9"]);
    refused_with::<Campaign>(&written, "2 numbers of the sum 6e0 have squares of 1.79e1");
    written["treated"]["purchases"]["squares"] = json!(["18"]);
    assert_eq!(read::<Campaign>(&written).map(|own| own.treated.customers()), Ok(2));
    refused::<Arm>(&[json!(null), json!({"customers": -1}), json!([1, 1])]);
}
