//! What keeping pays, at the ends of money and of numbers.

use goodwill::churn::{
    ChurnCut, CutGain, ProfitBand, RelationProfit, RelationYear, RetentionSpend, ReturningProfit,
    StayingCustomer, SwitchingCost, retention_lift,
};
use goodwill::{DiscountRate, FirstMargin, Probability, Share};
use rust_decimal::Decimal;

use crate::table::{FLOATS, decimals};
use crate::{assert_finite, assert_kind, assert_message, kind};

const FIRST: [FirstMargin; 2] = [FirstMargin::Now, FirstMargin::AfterRenewal];

fn probabilities() -> Vec<Probability> {
    FLOATS.iter().filter_map(|&value| Probability::new(value).ok()).collect()
}

fn rates() -> Vec<DiscountRate> {
    FLOATS.iter().filter_map(|&value| DiscountRate::annual(value).ok()).collect()
}

#[test]
fn cuts() {
    let shares: Vec<Share> =
        decimals().into_iter().filter_map(|value| Share::new(value).ok()).collect();
    for &churn in &shares {
        for &size in &shares {
            for cut in [ChurnCut::Points(size), ChurnCut::PerCent(size)] {
                match cut.apply(churn) {
                    Ok(left) => assert!(left <= churn),
                    got if cut == ChurnCut::Points(size) && size > churn => {
                        assert_kind(got, "Inconsistent");
                    }
                    got => assert_kind(got, "Overflow"),
                }
                for revenue in decimals() {
                    match CutGain::new(u64::MAX, churn, cut, revenue, Share::ONE) {
                        Ok(gain) => {
                            assert!(gain.customers() >= Decimal::ZERO);
                            assert!(gain.profit() == gain.revenue());
                            assert!(gain.after().lost_profit() <= gain.before().lost_profit());
                        }
                        got if revenue < Decimal::ZERO => assert_kind(got, "OutOfDomain"),
                        Err(error) => {
                            let refused = cut.apply(churn).err();
                            assert!(Some(&error) == refused.as_ref() || kind(&error) == "Overflow");
                        }
                    }
                }
            }
        }
    }
    let [five, ten] = [5, 10].map(|percent| Share::percent(percent).unwrap());
    assert_message(
        ChurnCut::Points(ten).apply(five),
        "a churn of 0.05 cannot be cut by Points(Share(0.1))",
    );
}

#[test]
fn lifts_and_the_band() {
    let five = ChurnCut::Points(Probability::constant(0.05));
    for &rate in &rates() {
        for &churn in &probabilities() {
            for &size in &probabilities() {
                for cut in [ChurnCut::Points(size), ChurnCut::PerCent(size)] {
                    for first in FIRST {
                        let what = || format!("{churn} by {cut:?} at {rate:?}");
                        let kinds = ["OutOfDomain", "Inconsistent", "Undefined"];
                        if let Some(lift) =
                            assert_finite(retention_lift(churn, cut, rate, first), &kinds, what)
                        {
                            assert!(lift >= 0.0, "{}", what());
                        }
                        match ProfitBand::CLAIMED.holds_at(cut, rate, first) {
                            Ok(spans) => assert!(spans.iter().all(|span| span.from <= span.to)),
                            got => assert_kind(got, "OutOfDomain"),
                        }
                    }
                }
            }
        }
    }
    for low in FLOATS {
        for high in FLOATS {
            let valid = low > 0.0 && low <= high && high <= 1e9;
            assert_eq!(ProfitBand::new(low, high).is_ok(), valid, "{low} to {high}");
        }
        if low.is_nan() {
            let message = "lift must lie in [-∞, ∞], but is NaN";
            assert_message(ProfitBand::CLAIMED.verdict(low), message);
        } else {
            ProfitBand::CLAIMED.verdict(low).unwrap();
        }
    }
    assert_message(ProfitBand::new(0.0, 1.0), "low lift must lie in (0, 1e9], but is 0");
    assert_message(ProfitBand::new(2.0, 1.0), "a band from 2 to 1 holds nothing");
    assert_eq!(
        serde_json::from_str::<ProfitBand>("[2.0, 1.0]").unwrap_err().to_string(),
        "a band from 2 to 1 holds nothing"
    );
    let below = DiscountRate::annual(-0.1).unwrap();
    let message = "discount rate must lie in [0, ∞), but is -0.1";
    assert_message(ProfitBand::CLAIMED.holds_at(five, below, FIRST[0]), message);
    assert_message(retention_lift(Probability::ONE, five, below, FIRST[0]), message);
    assert_message(
        retention_lift(Probability::constant(0.05), five, DiscountRate::NONE, FIRST[0]),
        "the lift of profit is undefined: a churn of 0.05, cut by Points(Probability(0.05)), has no worth to compare",
    );
}

#[test]
fn relations() {
    for amount in decimals() {
        let year = RelationYear {
            base: amount,
            more_purchases: amount,
            lower_cost: amount,
            referrals: amount,
            price_premium: amount,
        };
        if let Err(error) = year.profit() {
            assert_kind::<()>(Err(error), "Overflow");
        }
        let relation = RelationProfit::new(amount, &[year, year]);
        if amount < Decimal::ZERO {
            assert_kind(relation, "OutOfDomain");
            continue;
        }
        let relation = relation.unwrap();
        for &rate in &rates() {
            for &churn in &probabilities() {
                for first in FIRST {
                    let worth = relation.worth(churn, rate, first).map(|worth| worth.total);
                    assert_finite(worth, &["Undefined"], || {
                        format!("{amount} at {churn}, {rate:?}")
                    });
                    let cut = ChurnCut::PerCent(Probability::ONE);
                    let lift = relation.lift(churn, cut, rate, first);
                    let relative = lift.and_then(|lift| lift.relative());
                    assert_finite(relative, &["Undefined"], || format!("{amount} at {churn}"));
                }
            }
        }
    }
    assert_message(RelationProfit::new(1.into(), &[]), "years of the relation must not be empty");
    assert_message(
        RelationProfit::new(Decimal::NEGATIVE_ONE, &[]),
        "acquisition must lie in [0, ∞), but is -1",
    );
    let none = RelationProfit::new(1.into(), &[RelationYear::default()]).unwrap();
    let halve = ChurnCut::PerCent(Probability::constant(0.5));
    let rate = DiscountRate::annual(0.1).unwrap();
    let lift = none.lift(Probability::constant(0.5), halve, rate, FIRST[0]).unwrap();
    assert_message(
        lift.relative(),
        "the relative lift of profit is undefined: a customer was worth -1 before",
    );
    assert_message(
        none.worth(Probability::ONE, DiscountRate::NONE, FIRST[0]),
        "worth of a customer for ever is undefined: it needs retention < 1 + discount, but has 1 and 0",
    );
}

#[test]
fn break_evens() {
    for margin in FLOATS {
        for &retention in &probabilities() {
            for &rate in &rates() {
                let Ok(customer) = StayingCustomer::new(margin, retention, rate) else {
                    assert!(!(margin > 0.0 && margin <= 1e15));
                    continue;
                };
                let bounded =
                    [customer, customer.years(1).unwrap(), customer.years(u32::MAX).unwrap()];
                for customer in
                    bounded.into_iter().flat_map(|one| FIRST.map(|first| one.first(first)))
                {
                    let what = || format!("{customer:?}");
                    assert_finite(customer.worth(), &["Undefined"], what);
                    assert_finite(customer.worth_of_a_point(), &["Undefined"], what);
                    assert_finite(customer.worth_at(Probability::ONE), &["Undefined"], what);
                    let most = customer.largest_spend(Probability::constant(0.5));
                    for which in [0, 1] {
                        assert_finite(most.clone().map(|most| most[which]), &["Undefined"], what);
                    }
                    for spend in FLOATS {
                        for spend in [RetentionSpend::Once(spend), RetentionSpend::Yearly(spend)] {
                            match customer.break_even_retention(spend) {
                                Ok(even) => assert!(even >= retention),
                                Err(error) => assert!(
                                    ["OutOfDomain", "Undefined"].contains(&kind(&error)),
                                    "{error}"
                                ),
                            }
                        }
                    }
                }
            }
        }
    }
    let rate = DiscountRate::annual(0.1).unwrap();
    let customer = StayingCustomer::new(100.0, Probability::constant(0.8), rate).unwrap();
    assert_message(
        StayingCustomer::new(0.0, Probability::ONE, rate),
        "margin must lie in (0, 1e15], but is 0",
    );
    assert_message(customer.years(0), "years must lie in [1, ∞), but is 0");
    assert_message(
        customer.break_even_retention(RetentionSpend::Once(f64::NAN)),
        "spend must lie in [0, ∞), but is NaN",
    );
    // A customer who always stays is worth 1,000, 733.33 more than now.
    let too_much = RetentionSpend::Once(734.0);
    assert_message(
        customer.break_even_retention(too_much),
        "break-even retention is undefined: Once(734.0) would not pay if everybody stayed",
    );
    assert!(customer.break_even_retention(RetentionSpend::Once(733.0)).unwrap().get() > 0.999);
    assert_kind(customer.break_even_retention(RetentionSpend::Yearly(100.0)), "Undefined");
    assert_kind(customer.years(3).unwrap().worth_of_a_point(), "Undefined");
}

#[test]
fn switching_and_returning() {
    let all = decimals();
    for &amount in &all {
        let cost = SwitchingCost { reward: amount, effort: amount, learning: amount };
        match cost.total() {
            Ok(total) => {
                let kept = all.iter().filter(|offer| **offer <= total).count();
                let share = cost.retention(&all).unwrap().get();
                assert!((share - kept as f64 / all.len() as f64).abs() <= 0.0);
                for stay in 0..=all.len() {
                    match cost.reward_needed(&all, stay) {
                        Ok(more) => assert_eq!(more > Decimal::ZERO, stay > kept),
                        got => assert_kind(got, "Overflow"),
                    }
                }
            }
            got => {
                assert_kind(got, "Overflow");
                assert_kind(cost.retention(&all), "Overflow");
                assert_kind(cost.reward_needed(&all, 1), "Overflow");
            }
        }
        let mut profit = ReturningProfit::default();
        profit.add(true, amount).unwrap();
        let what = || amount.to_string();
        assert_finite(profit.share(), &["Undefined"], what);
        let both = profit.merge(&profit).unwrap();
        assert_finite(both.share(), &["Undefined", "Overflow"], what);
    }
    let none = SwitchingCost::default();
    assert_message(none.retention(&[]), "offers must not be empty");
    assert_message(
        none.reward_needed(&[1.into()], 2),
        "customers to stay must lie in [0, number of offers], but is 2",
    );
    assert_eq!(none.reward_needed(&[], 0), Ok(Decimal::ZERO));
    assert_message(
        ReturningProfit::default().share(),
        "the share of returning customers in profit is undefined: all profit together is 0",
    );
}
