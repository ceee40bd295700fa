//! Win-back of hostile values, gains, costs, budgets and limits.

use goodwill::churn::{
    BestList, ContactLimits, CostBasis, LetGoReason, ValueIfAlive, WinBackCandidate, WinBackPlan,
};
use goodwill::{Probability, money};
use rust_decimal::Decimal;

use crate::table::{FLOATS, SUBNORMAL, decimals};
use crate::{assert_finite, assert_kind, assert_message, kind, row};

fn probabilities() -> Vec<Probability> {
    FLOATS.into_iter().filter_map(|p| Probability::new(p).ok()).collect()
}

fn value(amount: f64) -> ValueIfAlive {
    ValueIfAlive::given_alive(amount).unwrap()
}

#[test]
fn values_if_alive() {
    for amount in FLOATS {
        match ValueIfAlive::given_alive(amount) {
            Ok(value) => assert_eq!(value.get().to_bits(), (amount + 0.0).to_bits()),
            got => {
                let want = format!("value if alive must lie in [-1e250, 1e250], but is {amount}");
                assert_message(got, &want);
            }
        }
        for alive in probabilities() {
            let got = ValueIfAlive::from_scored(amount, alive).map(ValueIfAlive::get);
            let kinds = ["OutOfDomain", "Undefined"];
            if let Some(value) = assert_finite(got, &kinds, || format!("{amount} at {alive}")) {
                assert!(alive.get() > 0.0 && value.abs() >= amount.abs());
            }
        }
    }
    assert_message(
        ValueIfAlive::from_scored(0.0, Probability::ZERO),
        "value if alive is undefined: a P(alive) of 0 leaves nothing of a value to divide",
    );
    assert_message(
        ValueIfAlive::from_scored(f64::NAN, Probability::ONE),
        "lifetime value must lie in [-1e250, 1e250], but is NaN",
    );
}

#[test]
fn candidates() {
    let worth = [-1e250, -1.0, 0.0, SUBNORMAL, 300.0, 1e250].map(value);
    let amounts = decimals();
    for alive in probabilities() {
        for chance in probabilities() {
            for own in worth {
                for (i, &contact) in amounts.iter().enumerate() {
                    let incentive = amounts[(7 * i + 3) % amounts.len()];
                    let Ok(new) = WinBackCandidate::new(alive, chance, own, contact) else {
                        assert!(contact < Decimal::ZERO);
                        continue;
                    };
                    let Ok(new) = new.incentive(incentive, chance) else {
                        assert!(incentive < Decimal::ZERO);
                        continue;
                    };
                    let numbers =
                        [new.gain(), new.wins(), new.value_at_stake(), new.expected_cost()];
                    assert!(numbers.iter().all(|number| number.is_finite()), "{new:?}");
                    assert!(new.expected_cost() >= 0.0 && (0.0..=1.0).contains(&new.wins()));
                    for basis in [CostBasis::Expected, CostBasis::WorstCase] {
                        match new.cost(basis) {
                            Ok(cost) => assert!(cost >= Decimal::ZERO),
                            Err(error) => assert_eq!(kind(&error), "Overflow", "{error}"),
                        }
                    }
                    assert_eq!(new.worst_case_cost(), new.cost(CostBasis::WorstCase));
                    let what = || format!("{new:?}");
                    assert_finite(new.calls_per_win(), &["Undefined"], what);
                    assert_finite(new.cost_per_win(), &["Undefined"], what);
                    if let Some(even) = new.break_even_chance() {
                        assert!(alive.get() < 1.0 && (0.0..=1.0).contains(&even.get()));
                    }
                    let second = new.second_lifetime_value(value(1.0));
                    assert_eq!((second.value(), second.alive()), (value(1.0), alive));
                }
            }
        }
    }
    let half = Probability::constant(0.5);
    let minus = Decimal::NEGATIVE_ONE;
    assert_message(
        WinBackCandidate::not_a_customer(half, value(1.0), minus),
        "contact must lie in [0, ∞), but is -1",
    );
    assert_message(
        WinBackCandidate::new(half, half, value(1.0), Decimal::ONE)
            .and_then(|own| own.incentive(minus, half)),
        "incentive must lie in [0, ∞), but is -1",
    );
    let never = WinBackCandidate::new(Probability::ONE, half, value(1.0), Decimal::ONE).unwrap();
    assert_message(
        never.calls_per_win(),
        "calls per win is undefined: no such call ever brings a customer back",
    );
    assert_message(
        never.cost_per_win(),
        "cost per win is undefined: no such call ever brings a customer back",
    );
    assert_eq!(never.break_even_chance(), None);
}

type Make = fn(&[f64], &[Decimal], Decimal) -> goodwill::Result<BestList>;

fn unlimited(gains: &[f64], costs: &[Decimal], budget: Decimal) -> goodwill::Result<BestList> {
    let limits = ContactLimits::new().channel(usize::MAX);
    BestList::with_limits(gains, costs, budget, &vec![0; gains.len()], &limits)
}

const MAKERS: [Make; 3] = [BestList::new, BestList::exact, unlimited];

#[test]
fn lists() {
    for make in MAKERS {
        for a in FLOATS {
            for b in [1.0, SUBNORMAL, -1.0] {
                for cost in decimals() {
                    for budget in decimals() {
                        let (gains, costs) = ([a, b, 1e-300], [cost, Decimal::ONE, Decimal::ONE]);
                        match make(&gains, &costs, budget) {
                            Ok(list) => {
                                assert!(
                                    list.cost() <= budget && list.gain() <= list.bound(),
                                    "{list:?} {budget}"
                                );
                                assert!(
                                    list.bound().is_finite() && list.shadow_price().is_finite()
                                );
                                assert!(list.chosen().iter().all(|&row| gains[row] > 0.0));
                            }
                            Err(error) => match kind(&error) {
                                "OutOfDomain" if row(&error).is_none() => {
                                    assert!(budget < Decimal::ZERO);
                                }
                                "OutOfDomain" => {
                                    let is_bad = !(a.abs() <= 1e250) || cost < Decimal::ZERO;
                                    assert!(is_bad && row(&error) == Some(0), "{error}");
                                }
                                other => assert_eq!(other, "Overflow", "{error}"),
                            },
                        }
                    }
                }
            }
        }
        let none = make(&[], &[], Decimal::ZERO).unwrap();
        assert!(none.chosen().is_empty() && none.cost().is_zero());
        let numbers = [none.gain(), none.bound(), none.shadow_price()];
        assert_eq!(numbers.map(f64::to_bits), [0; 3]);
        assert_message(
            make(&[1.0], &[], Decimal::ONE),
            "gains and costs must have the same length, but have 1 and 0",
        );
        assert_message(
            make(&[1.0, f64::NAN], &[Decimal::ONE; 2], Decimal::ONE),
            "gain must lie in [-1e250, 1e250], but is NaN (row 1)",
        );
        assert_message(
            make(&[1.0, 2.0], &[Decimal::ONE, Decimal::NEGATIVE_ONE], Decimal::ONE),
            "cost must lie in [0, ∞), but is -1 (row 1)",
        );
        assert_message(
            make(&[1.0], &[Decimal::ONE], Decimal::NEGATIVE_ONE),
            "budget must lie in [0, ∞), but is -1",
        );
    }
}

#[test]
fn what_the_exact_list_does_not_take_on() {
    let many = BestList::EXACT_CANDIDATES + 1;
    let (gains, costs) = (vec![1.0; many], vec![Decimal::ONE; many]);
    assert_message(
        BestList::exact(&gains, &costs, 100.into()),
        "exact list is undefined: 201 candidates gain and fit, more than 200; take the list by gain/cost",
    );
    // As many who do not gain are no candidates, and equal ones are not tried in every combination.
    let list = BestList::exact(&gains[1..], &costs[1..], 100.into()).unwrap();
    assert_eq!(list.chosen(), (0..100).collect::<Vec<_>>());
    assert_eq!(list.gain().to_bits(), 100.0_f64.to_bits());
    // A hundred even costs and an odd budget: gains equal the costs, and no bound tells the lists apart.
    let costs: Vec<Decimal> = (0..100).map(|i| Decimal::from(10_000 + 2 * i)).collect();
    let gains: Vec<f64> = costs.iter().map(|&cost| money::to_f64(cost)).collect();
    assert_message(
        BestList::exact(&gains, &costs, 505_001.into()),
        "exact list is undefined: it takes more than 1000000 steps; take the list by gain/cost",
    );
    assert_eq!(BestList::EXACT_STEPS, 1_000_000);
}

#[test]
fn limits() {
    let limits = ContactLimits::new().channel(1).channel(0);
    assert_eq!(limits.channels(), [1, 0]);
    let (gains, costs) = ([5.0, 4.0, 3.0], [Decimal::ZERO, Decimal::ONE, Decimal::ONE]);
    let of = |channels: &[usize], limits: &ContactLimits| {
        BestList::with_limits(&gains, &costs, 2.into(), channels, limits)
    };
    assert_message(
        of(&[0, 1], &limits),
        "gains and channels must have the same length, but have 3 and 2",
    );
    assert_message(
        of(&[0, 1, 2], &limits),
        "channel must lie in the channels of the limits, but is 2 (row 2)",
    );
    assert_eq!(of(&[1, 0, 0], &limits).unwrap().chosen(), [1]);
    assert_eq!(of(&[0, 1, 1], &limits).unwrap().chosen(), [0]);
    for in_all in [0, 1, usize::MAX] {
        let list = of(&[0, 0, 1], &limits.clone().in_all(in_all)).unwrap();
        assert_eq!(list.chosen().len(), in_all.min(1));
    }
}

#[test]
fn plans() {
    let half = Probability::constant(0.5);
    let basis = CostBasis::WorstCase;
    let none = WinBackPlan::new(&[], Decimal::ZERO, basis).unwrap();
    assert!(none.let_go().is_empty() && none.left_out().is_empty() && none.basis() == basis);
    let numbers = [none.saved(), none.wins(), none.expected_cost(), none.left_out_gain()];
    assert_eq!(numbers.map(f64::to_bits), [0; 4]);
    let largest = WinBackCandidate::not_a_customer(half, value(1.0), Decimal::MAX)
        .and_then(|own| own.incentive(Decimal::ONE, half))
        .unwrap();
    assert_kind(WinBackPlan::new(&[largest], Decimal::MAX, basis), "Overflow");
    assert_kind(WinBackPlan::new(&[], Decimal::NEGATIVE_ONE, basis), "OutOfDomain");
    let two = [value(-1e250), value(1e250)]
        .map(|own| WinBackCandidate::not_a_customer(half, own, Decimal::ONE).unwrap());
    let limits = ContactLimits::new().channel(5);
    let plans = [
        WinBackPlan::new(&two, Decimal::ONE, basis).unwrap(),
        WinBackPlan::exact(&two, Decimal::ONE, basis).unwrap(),
        WinBackPlan::with_limits(&two, Decimal::ONE, basis, &[0, 0], &limits).unwrap(),
    ];
    for plan in plans {
        assert_eq!((plan.list().chosen(), plan.worst_case_cost()), (&[1][..], Decimal::ONE));
        assert_eq!((plan.saved(), plan.wins()), (0.5e250, 0.5));
        assert_eq!(plan.let_go()[0].reason, LetGoReason::WorthTooLittle);
    }
    assert_kind(
        WinBackPlan::with_limits(&two, Decimal::ONE, basis, &[0], &limits),
        "LengthMismatch",
    );
}
