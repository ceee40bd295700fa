//! Cohorts, snapshots, rhythms, rates, reasons and campaigns.

use goodwill::churn::{
    BaseChange, Campaign, ChurnCut, ChurnRate, CohortCell, CohortPeriod, Cohorts, Control,
    ExpectedChurn, LostRule, OneTimeBuyers, OwnRhythm, Reason, ReasonReport, Retention,
    campaign_sample_size, gains_by_segment,
};
use goodwill::{Horizon, Ledger, LostAfter, Probability, Transaction};
use rust_decimal::Decimal;
use serde_json::json;

use crate::support::{assert_close, day};
use crate::table::{FLOATS, dates, decimals, horizons};
use crate::{assert_finite, assert_kind, assert_message};

const LEVEL: Probability = Probability::constant(0.95);
const PERIODS: [CohortPeriod; 4] =
    [CohortPeriod::Week, CohortPeriod::Month, CohortPeriod::Quarter, CohortPeriod::Year];

#[test]
fn cohorts() {
    for first in dates() {
        for later in dates().into_iter().filter(|later| *later >= first) {
            let rows = [first, later].map(|date| Transaction::new("ann", date, Decimal::ONE));
            let ledger = Ledger::from_transactions(rows).unwrap();
            // A triangle has a column a period: half a million years of weeks are not asked for.
            let periods =
                if later.signed_duration_since(first).num_days() > 100_000 { 3..4 } else { 0..4 };
            for period in &PERIODS[periods] {
                let cohorts = ledger.cohorts(later, *period).unwrap();
                assert_eq!((cohorts.as_of(), cohorts.period()), (later, *period));
                assert_eq!(cohorts.starts().len(), 1);
                assert!(cohorts.starts()[0] <= first);
                let cells = cohorts.cells(0).unwrap();
                assert_eq!(cells.len(), cohorts.periods());
                assert!(cells.iter().all(|cell| *cell != CohortCell::Future));
                assert!(cohorts.survivors(0).unwrap().iter().all(|count| *count == 1));
            }
        }
    }
    let none: Cohorts =
        Ledger::<u32>::default().cohorts(day(2024, 1, 1), CohortPeriod::Week).unwrap();
    assert_eq!((none.starts(), none.periods()), (Vec::new(), 0));
    assert_message(none.cells(0), "cohort must lie in [0, number of cohorts), but is 0");
    assert_kind(none.survivors(0), "OutOfDomain");
    let unknown = "retention is undefined: no cohort has been observed for 2 whole periods";
    assert_message(none.mean_retention(2, Retention::Rolling), unknown);
    assert_message(none.pooled_retention(2, Retention::Bounded, LEVEL), unknown);
    assert_message(none.pooled_revenue_retention(2), unknown);
    let late =
        Ledger::from_transactions([Transaction::new(1, day(2024, 1, 2), Decimal::ZERO)]).unwrap();
    assert_kind(late.cohorts(day(2024, 1, 1), CohortPeriod::Week), "Inconsistent");
    assert_message(
        none.merge(&late.cohorts(day(2024, 1, 2), CohortPeriod::Week).unwrap()),
        "cohorts by Week on 2024-01-01 and by Week on 2024-01-02 cannot be merged",
    );
    let free = late.cohorts(day(2024, 1, 8), CohortPeriod::Week).unwrap();
    assert_eq!(free.mean_retention(0, Retention::Bounded).unwrap().to_bits(), 1.0_f64.to_bits());
    assert_kind(free.pooled_retention(0, Retention::Bounded, Probability::ONE), "OutOfDomain");
    assert_message(
        free.pooled_revenue_retention(0),
        "revenue retention is undefined: the cohorts spent 0 in their first period",
    );
    let huge = [1, 2].map(|who| Transaction::new(who, day(2024, 1, 2), Decimal::MAX));
    let huge =
        Ledger::from_transactions(huge).unwrap().cohorts(day(2024, 1, 8), CohortPeriod::Week);
    let huge = huge.unwrap();
    assert_kind(huge.cells(0), "Overflow");
    assert_kind(huge.pooled_revenue_retention(0), "Overflow");
    let CohortCell::Observed(count) = free.cells(0).unwrap()[0] else { panic!("it is over") };
    assert_eq!(count.retention(Retention::Rolling).to_bits(), 1.0_f64.to_bits());
    assert_eq!(free.cells(0).unwrap()[0].observed(), Some(&count));
}

/// A cohort keeps what happened, not every period since it came.
#[test]
fn cohorts_of_long_ago() {
    let first = day(-262_000, 1, 6);
    let weeks = |customer: u32| first.checked_add_days(chrono::Days::new(7 * u64::from(customer)));
    let come = (0..100).map(|who| Transaction::new(who, weeks(who).unwrap(), Decimal::ONE));
    let back = Transaction::new(0, day(2024, 1, 3), Decimal::TEN);
    let ledger = Ledger::from_transactions(come.chain([back])).unwrap();
    let cohorts = ledger.cohorts(day(2024, 1, 7), CohortPeriod::Week).unwrap();
    assert_eq!(cohorts.starts().len(), 100);
    // 400 years are 20,871 weeks; from 2000 to 2024 there are 1,252.
    let last = 660 * 20_871 + 1_252;
    assert_eq!(cohorts.periods(), last + 1);
    assert_eq!(cohorts.mean_retention(0, Retention::Bounded), Ok(1.0));
    assert_eq!(cohorts.mean_retention(1, Retention::Bounded), Ok(0.0));
    assert_eq!(cohorts.mean_retention(last, Retention::Bounded), Ok(1.0));
    assert_eq!(cohorts.pooled_revenue_retention(last), Ok(10.0));
    let rolling = cohorts.pooled_retention(last - 99, Retention::Rolling, LEVEL).unwrap();
    assert!((rolling.value() - 0.01).abs() < 1e-17);
    assert_kind(cohorts.mean_retention(last + 1, Retention::Rolling), "Undefined");
}

#[test]
fn snapshots() {
    for amount in decimals() {
        let change = BaseChange::new([(1, amount)], [(1, Decimal::ONE)], |_| false);
        assert_eq!(change.is_ok(), amount >= Decimal::ZERO, "{amount}");
        let Ok(change) = change else { continue };
        let what = || amount.to_string();
        for rate in [change.revenue_churn(), change.gross_retention(), change.net_retention()] {
            assert_finite(rate, &["Undefined", "Overflow"], what);
        }
        assert_eq!(change.closing_revenue().unwrap(), Decimal::ONE.into());
    }
    assert_message(
        BaseChange::new([(1, Decimal::ONE), (2, -Decimal::ONE)], [], |_| false),
        "recurring revenue must lie in [0, ∞), but is -1 (row 1)",
    );
    assert_message(
        BaseChange::new([], [(1, Decimal::ONE), (1, Decimal::ONE)], |_| false),
        "a customer stands twice in the closing snapshot (row 1)",
    );
    let none = BaseChange::default();
    assert_kind(none.customer_churn(LEVEL), "Empty");
    assert_message(
        none.net_retention(),
        "revenue rate is undefined: the opening customers pay nothing",
    );
    assert_eq!(none.merge(&none), Ok(none));
    let ledger =
        Ledger::from_transactions([Transaction::new(1, day(2024, 1, 2), Decimal::ZERO)]).unwrap();
    let [a, b] = [day(2024, 1, 1)..=day(2024, 1, 5), day(2024, 1, 6)..=day(2024, 1, 9)];
    assert_message(
        ledger.same_customer_revenue(b.clone(), a.clone()),
        "2024-01-06 to 2024-01-09 is not a period before 2024-01-01 to 2024-01-05",
    );
    let backwards = day(2024, 1, 5)..=day(2024, 1, 1);
    assert_kind(ledger.same_customer_revenue(backwards, b.clone()), "Inconsistent");
    let same = ledger.same_customer_revenue(a.clone(), b.clone()).unwrap();
    assert_message(
        same.change(),
        "same-customer revenue change is undefined: the customers spent 0 before",
    );
    assert_eq!((same.customers, same.bought_again), (1, 0));
    // A cent on a thousand million.
    let fee = |at, cents| Transaction::new(1, at, Decimal::new(cents, 2));
    let rows = [fee(day(2024, 1, 2), 100_000_000_000), fee(day(2024, 1, 7), 100_000_000_001)];
    let ledger = Ledger::from_transactions(rows).unwrap();
    let change = ledger.same_customer_revenue(a, b).unwrap().change().unwrap();
    assert_close(change, 1e-11, 1e-15, "same-customer revenue change");
}

#[test]
fn rules() {
    for times in FLOATS {
        let rule = OwnRhythm::new(LEVEL, times, OneTimeBuyers::LikeTheBase);
        assert_eq!(rule.is_ok(), times > 0.0 && times.is_finite());
        let Ok(rule) = rule else { continue };
        assert_eq!((rule.quantile(), rule.times().to_bits()), (LEVEL, times.to_bits()));
        assert_eq!(rule.one_time_buyers(), OneTimeBuyers::LikeTheBase);
        for date in dates() {
            let rows = dates().into_iter().filter(|day| *day <= date);
            let rows = rows.map(|date| Transaction::new("ann", date, Decimal::ONE));
            let ledger = Ledger::from_transactions(rows).unwrap();
            assert_eq!(ledger.standings(date, rule).unwrap().len(), ledger.customers().len());
        }
    }
    let rule = LostRule::from(OwnRhythm::new(LEVEL, 2.0, OneTimeBuyers::Unknown).unwrap());
    assert_eq!(rule.to_string(), "silent for more than 2 times the 0.95 quantile of the own gaps");
    let fixed = LostRule::from(LostAfter::days(9).unwrap());
    assert_eq!(fixed.to_string(), "no purchase for 9 days or more");
    let late =
        Ledger::from_transactions([Transaction::new(1, day(2024, 1, 2), Decimal::ZERO)]).unwrap();
    assert_kind(late.standings(day(2024, 1, 1), rule), "Inconsistent");
    let churn = late.churn(
        day(2024, 1, 2),
        day(2024, 2, 2),
        OwnRhythm::new(LEVEL, 2.0, OneTimeBuyers::Unknown).unwrap(),
    );
    let churn = churn.unwrap();
    assert_eq!((churn.opening, churn.lost, churn.unknown), (0, 0, 1));
    let refused = serde_json::from_value::<OwnRhythm>(
        json!({"quantile": 0.9, "times": 0.0, "one_time_buyers": "Unknown"}),
    );
    assert_eq!(refused.unwrap_err().to_string(), "times must lie in (0, ∞), but is 0");
    assert_message(ExpectedChurn::new(&[]), "customers must not be empty");
    let sure = ExpectedChurn::new(&[Probability::ZERO; 3]).unwrap();
    assert_eq!((sure.lost.to_bits(), sure.deviation.to_bits()), (3.0_f64.to_bits(), 0));
}

#[test]
fn rates() {
    let chances = [0.0, f64::MIN_POSITIVE, 0.5, 1.0 - f64::EPSILON, 1.0].map(Probability::constant);
    for lost in chances {
        for period in horizons() {
            let rate = ChurnRate::new(lost, period);
            let days = period.in_unit(goodwill::TimeUnit::Day);
            assert_eq!(rate.is_ok(), days.is_some_and(|days| days > 0.0), "{period:?}");
            let Ok(rate) = rate else { continue };
            assert_eq!((rate.lost(), rate.period()), (lost, period));
            for other in horizons() {
                assert!((0.0..=1.0).contains(&rate.over(other).get()));
            }
            assert_eq!(rate.over(Horizon::FOREVER).get() > 0.5, lost.get() > 0.0);
        }
        for part in chances {
            let left = ChurnCut::PerCent(part).apply(lost).unwrap().get();
            let want = lost.get() * (1.0 - part.get());
            assert!((left - want).abs() <= f64::EPSILON * want, "{left} is not {want}");
            assert_eq!(ChurnCut::Points(part).apply(lost).is_ok(), part <= lost);
        }
    }
    let [five, ten] = [0.05, 0.1].map(Probability::constant);
    assert_message(
        ChurnCut::Points(ten).apply(five),
        "a churn of 0.05 cannot be cut by Points(Probability(0.1))",
    );
    assert_kind(ChurnRate::new(five, Horizon::FOREVER), "OutOfDomain");
}

#[test]
fn reasons() {
    assert_message(ReasonReport::new(&[]), "reasons must not be empty");
    let price = Reason::new("price", Control::Within);
    assert_message(
        ReasonReport::new(&[price.clone(), price.clone()]),
        "there are two reasons called price (row 1)",
    );
    let mut report = ReasonReport::new(&[price]).unwrap();
    for value in decimals() {
        let before = report.clone();
        let added = report.add(Some(0), value);
        assert_eq!(added.is_ok(), value >= Decimal::ZERO, "{value}");
        if added.is_err() {
            assert_eq!(report, before, "nothing is half done");
        }
    }
    assert_message(
        report.add(Some(1), Decimal::ONE),
        "reason must lie in [0, number of reasons), but is 1",
    );
    assert_kind(report.by_money(), "Overflow");
    assert_kind(report.by_customers(), "Overflow");
    assert_kind(report.recoverable(), "Overflow");
    let usual = ReasonReport::new(&Reason::usual()).unwrap();
    assert_message(report.merge(&usual), "reports of different reasons cannot be merged");
    assert_eq!((usual.unknown_customers(), usual.unknown_value()), (0, Ok(Decimal::ZERO)));
    assert!(usual.by_money().unwrap().iter().all(|line| line.cumulative_share.to_bits() == 0));
    let mut short = serde_json::to_value(&usual).unwrap();
    short["losses"] = json!([]);
    let refused = serde_json::from_value::<ReasonReport>(short).unwrap_err().to_string();
    assert_eq!(refused, "reasons and losses must have the same length, but have 7 and 0");
    let lost = |customers: u64, whole: &str| json!({"customers": customers, "value": {"whole": whole, "fraction": "0"}});
    for (place, row) in [("/losses/2", " (row 2)"), ("/unknown", "")] {
        let with = |loss| {
            let mut written = serde_json::to_value(&usual).unwrap();
            *written.pointer_mut(place).unwrap() = loss;
            serde_json::from_value::<ReasonReport>(written).map_err(|error| error.to_string())
        };
        for whole in ["0", "5"] {
            let report = with(lost(1, whole)).unwrap();
            let written = serde_json::to_value(&report).unwrap();
            assert_eq!(written.pointer(place), Some(&lost(1, whole)));
        }
        for customers in [0, 1] {
            let want = format!("value of lost customers must lie in [0, ∞), but is -5{row}");
            assert_eq!(with(lost(customers, "-5")).unwrap_err(), want);
        }
        let want = format!("losses without a lost customer cannot be worth 5{row}");
        assert_eq!(with(lost(0, "5")).unwrap_err(), want);
    }
}

/// Both arms are m, m and m + 1, whatever m: each mean has the variance ⅔/2/3 = 1/9, so ν = 4 and the reach is
/// t₄(97.5 %)·√(2/9), where t₄ = 2√(cos(⅓ arccos √α)/√α − 1) with α = 4·0.975·0.025.
#[test]
fn amounts_far_from_0() {
    for far in [0_i64, 10_000_000, 100_000_000, 1_000_000_000_000_000] {
        for more in [[0, 0, 1], [0, 1, 1]] {
            let mut campaign = Campaign::default();
            for more in more {
                campaign.treated.add(true, 0, Decimal::from(far + more)).unwrap();
                campaign.control.add(true, 0, Decimal::from(far + more)).unwrap();
            }
            let gain = campaign.money_gain(LEVEL).unwrap();
            assert_close(gain.value(), 0.0, 0.0, "gain");
            assert_close(gain.upper(), 1.308_828_774_318_372, 1e-14, "upper");
            assert_close(gain.lower(), -gain.upper(), 0.0, "lower");
        }
    }
}

#[test]
fn campaigns() {
    let none = Campaign::default();
    assert_kind(none.retention_gain(LEVEL), "Empty");
    assert_message(none.retention_test(), "arm must not be empty");
    assert_message(
        none.money_gain(LEVEL),
        "gain is undefined: an arm has fewer than two customers",
    );
    assert_kind(none.purchase_gain(Probability::ONE), "OutOfDomain");
    for money in decimals() {
        for other in decimals() {
            let mut campaign = Campaign::default();
            for amount in [money, other] {
                campaign.treated.add(true, u32::MAX, amount).unwrap();
                campaign.control.add(true, 0, other).unwrap();
            }
            let what = || format!("{money} {other}");
            for gain in [campaign.money_gain(LEVEL), campaign.purchase_gain(LEVEL)] {
                if let Some(gain) =
                    assert_finite(gain.clone().map(|g| g.value()), &["Undefined"], what)
                {
                    let ends = [gain, gain];
                    assert!(ends.iter().all(|end| end.is_finite()));
                }
            }
            assert_kind(campaign.retention_test(), "Undefined");
            assert_eq!((campaign.treated.customers(), campaign.treated.retained()), (2, 2));
            let mut merged = campaign.treated.clone();
            merged.merge(&campaign.control).unwrap();
            assert_eq!(merged.customers(), 4);
        }
    }
    assert_message(gains_by_segment::<u32>(&[], LEVEL), "segments must not be empty");
    assert_kind(gains_by_segment(&[(1, none)], LEVEL), "Empty");
    let sizes = [0.0, f64::MIN_POSITIVE, 0.3, 0.6, 1.0].map(Probability::constant);
    for base in sizes {
        for gain in sizes {
            for power in sizes {
                for level in sizes {
                    let size = campaign_sample_size(base, gain, power, level).map(|n| n as f64);
                    let kinds = ["OutOfDomain", "Inconsistent", "Undefined"];
                    assert_finite(size, &kinds, || format!("{base} {gain} {power} {level}"));
                }
            }
        }
    }
    let [base, gain, power] = [0.9, 0.2, 0.8].map(Probability::constant);
    assert_message(
        campaign_sample_size(base, gain, power, LEVEL),
        "a retention of 0.9 cannot rise by 0.2",
    );
    assert_message(
        campaign_sample_size(base, Probability::ZERO, power, LEVEL),
        "gain must lie in (0, 1], but is 0",
    );
    assert_message(
        campaign_sample_size(base, gain, Probability::constant(0.5), LEVEL),
        "power must lie in (0.5, 1), but is 0.5",
    );
}
