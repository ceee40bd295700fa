//! Campaigns, chances and moments of hostile scores, terms, columns and spans.

use goodwill::churn::{
    CallMoment, CallTiming, CampaignProfit, CampaignTerms, ChanceModel, FadingChance, TargetOrder,
    ValueIfAlive, WinBackCandidate,
};
use goodwill::{DiscountRate, Horizon, Probability, TimeUnit};
use rust_decimal::Decimal;

use crate::table::{FLOATS, horizons};
use crate::{assert_finite, assert_kind, assert_message, kind, row};

const HALF: Probability = Probability::constant(0.5);

fn terms(value: f64, incentive: f64, contact: f64) -> CampaignTerms {
    CampaignTerms { value, incentive, contact }
}

#[test]
fn campaigns() {
    let usual = CampaignTerms::default();
    for a in FLOATS {
        for b in FLOATS {
            let all = [usual, terms(a, b, 1.0), terms(1.0, 1.0, b)];
            let churned = [true, false, a > 0.0];
            match CampaignProfit::individual(&[b, 1.0, 0.5], &churned, &all) {
                Ok(campaign) => {
                    for accept in [Probability::ZERO, HALF, Probability::ONE] {
                        let best = campaign.maximum(accept);
                        assert!(best.profit >= 0.0 && best.profit.is_finite());
                        assert!((0.0..=1.0).contains(&best.share) && best.customers <= 3);
                    }
                    for alpha in FLOATS {
                        let got = campaign.expected_maximum(alpha, 1.0);
                        let profit = got.as_ref().map(|own| own.profit).map_err(Clone::clone);
                        assert_finite(profit, &["OutOfDomain"], || format!("{a} {b} {alpha}"));
                        if let Ok(got) = got {
                            assert!(got.share.is_finite() && got.customers <= 3);
                        }
                    }
                }
                Err(error) => assert_eq!(kind(&error), "OutOfDomain", "{error}"),
            }
        }
    }
    let one = |scores: &[f64], churned: &[bool]| CampaignProfit::new(scores, churned, usual);
    assert_message(one(&[], &[]), "scores must not be empty");
    assert_message(
        one(&[1.0], &[]),
        "scores and churned must have the same length, but have 1 and 0",
    );
    assert_message(
        one(&[1.0, f64::NAN], &[true; 2]),
        "score must lie in (-∞, ∞), but is NaN (row 1)",
    );
    assert_message(
        CampaignProfit::individual(&[1.0], &[true], &[]),
        "scores and terms must have the same length, but have 1 and 0",
    );
    assert_message(
        CampaignProfit::individual(&[1.0; 2], &[true; 2], &[usual, terms(1.0, -1.0, 0.0)]),
        "incentive must lie in [0, ∞), but is -1 (row 1)",
    );
    assert_message(
        CampaignProfit::new(&[1.0], &[true], terms(1.0, 1.0, f64::INFINITY)),
        "contact must lie in [-1e250, 1e250], but is inf",
    );
    let campaign = one(&[1.0], &[true]).unwrap();
    assert_message(campaign.expected_maximum(6.0, 0.0), "beta must lie in (0, 1000], but is 0");
    // Nobody churned, or an incentive that is worth more than the customer: nobody is targeted.
    for idle in [one(&[1.0], &[false]), CampaignProfit::new(&[1.0], &[true], terms(1.0, 2.0, 0.0))]
    {
        let best = idle.unwrap().maximum(Probability::ONE);
        assert_eq!((best.profit, best.customers, best.threshold), (0.0, 0, None));
    }
}

#[test]
fn targets() {
    for a in FLOATS {
        match TargetOrder::by_gain(&[1.0, a]) {
            Ok(order) => {
                assert!(order.gains().iter().all(|gain| gain.is_finite()));
                assert!(order.best().1 >= 1.0);
                let by_risk = TargetOrder::by_risk(&[a, a], &[1.0, a]).unwrap();
                assert_eq!(by_risk, order, "equal risks go by gain");
            }
            Err(error) => {
                assert_eq!((kind(&error), row(&error)), ("OutOfDomain", Some(1)));
                assert_kind(TargetOrder::by_risk(&[a], &[1.0]), "OutOfDomain");
            }
        }
    }
    let none = TargetOrder::by_gain(&[]).unwrap();
    assert_eq!((none.customers().len(), none.gains(), none.best()), (0, &[0.0][..], (0, 0.0)));
    assert_message(
        TargetOrder::by_risk(&[], &[1.0]),
        "risks and gains must have the same length, but have 0 and 1",
    );
}

#[test]
fn chances() {
    let won = [true, false, true, false, false, true];
    for a in FLOATS {
        for b in [1.0, 2.0, 1e15, -1e-300] {
            let column = [a, b, 0.0, 1.0, 0.25, 0.5];
            match ChanceModel::fit(&[("x", &column)], &won) {
                Ok(model) => {
                    assert!(model.standard_errors().iter().all(|error| *error > 0.0));
                    assert!(model.covariance().iter().flatten().all(|value| value.is_finite()));
                    assert!(model.log_likelihood() <= 0.0 && model.coefficients().len() == 2);
                    for x in FLOATS {
                        let what = || format!("{column:?} {x}");
                        let kinds = ["OutOfDomain", "Undefined"];
                        let chance = model.chance(&[x]).map(Probability::get);
                        assert_finite(chance, &kinds, what);
                        let interval = model.chance_interval(&[x], HALF);
                        assert_finite(interval.map(|own| own.upper()), &kinds, what);
                    }
                    assert_message(
                        model.chance(&[]),
                        "known and names must have the same length, but have 0 and 1",
                    );
                    assert_kind(model.chance_interval(&[1.0], Probability::ONE), "OutOfDomain");
                }
                Err(error) => {
                    let kinds = ["OutOfDomain", "Undefined", "Inconsistent"];
                    assert!(kinds.contains(&kind(&error)), "{error}");
                }
            }
        }
    }
    // Nothing known: the share that was won.
    let share = ChanceModel::fit(&[], &won).unwrap();
    assert!((share.chance(&[]).unwrap().get() - 0.5).abs() < 1e-15);
    assert_eq!((share.names().len(), share.attempts(), share.won()), (0, 6, 3));
    assert_message(ChanceModel::fit(&[], &[]), "attempts must not be empty");
    assert_message(
        ChanceModel::fit(&[("x", &[1.0])], &won),
        "known and won must have the same length, but have 1 and 6",
    );
    let up = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    assert_message(ChanceModel::fit(&[("x", &[1.0; 6])], &won), "x is the same for all attempts");
    assert_message(
        ChanceModel::fit(&[("x", &up), ("y", &up.map(|x| 2.0 * x))], &won),
        "y says nothing that the columns before it do not say",
    );
    assert_message(
        ChanceModel::fit(&[("x", &up)], &up.map(|x| x > 3.0)),
        "chance of winning back is undefined: the coefficient of x has no end: success and failure are told apart \
         completely",
    );
    assert_message(
        ChanceModel::fit(&[("x", &up)], &[true; 6]),
        "chance of winning back is undefined: it needs attempts that succeeded and attempts that failed",
    );
}

#[test]
fn moments() {
    let value = ValueIfAlive::given_alive(1e250).unwrap();
    let candidate = WinBackCandidate::new(HALF, HALF, value, Decimal::ONE).unwrap();
    for delay in horizons() {
        for half_life in horizons() {
            match FadingChance::new(HALF, half_life) {
                Ok(fading) => assert!((0.0..=0.5).contains(&fading.after(delay).get())),
                got => {
                    assert_eq!(half_life.in_unit(TimeUnit::Day), Some(0.0));
                    assert_message(got, "half-life must lie in (0, ∞] days, but is 0");
                }
            }
        }
        let moment = CallMoment { delay, silent: HALF, candidate };
        for rate in [-0.999_999, -1e-300, 0.0, 0.1, 1e300] {
            let rate = DiscountRate::annual(rate).unwrap();
            match CallTiming::of(&[moment, moment], rate) {
                Ok(timing) => {
                    assert!(timing.gains().iter().all(|gain| gain.is_finite()));
                    assert!(timing.best().is_none_or(|best| best == 0), "the first of equal ones");
                }
                Err(error) => {
                    assert!(["OutOfDomain", "Undefined"].contains(&kind(&error)), "{error}");
                }
            }
        }
    }
    let never = CallMoment { delay: Horizon::FOREVER, silent: HALF, candidate };
    assert_message(
        CallTiming::of(&[never], DiscountRate::NONE),
        "delay must lie in [0, ∞), but is for ever (row 0)",
    );
    assert_message(CallTiming::of(&[], DiscountRate::NONE), "moments must not be empty");
}
