//! Win-back against brute force: the list never exceeds its budget and never beats its bound, whatever the order.

use goodwill::churn::{
    BestList, ContactLimits, CostBasis, LetGoReason, ValueIfAlive, WinBackCandidate, WinBackPlan,
};
use goodwill::{Probability, money};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::assert_at_most;
use crate::generate::log_uniform;
use crate::support::assert_close;

/// Gain and cost; small whole numbers collide often, so that ties matter.
fn offer() -> impl Strategy<Value = (f64, Decimal)> {
    prop_oneof![
        3 => (-2_i32..9, 0_i64..7).prop_map(|(gain, cost)| (f64::from(gain), cost.into())),
        3 => (-10.0_f64..100.0, 1_i64..5_000).prop_map(|(gain, cents)| (gain, Decimal::new(cents, 2))),
        1 => (log_uniform(1e-300, 1e250), 0_i64..50).prop_map(|(gain, cost)| (gain, cost.into())),
        // Gain and cost go together: the hard cases.
        2 => (1_i64..400).prop_map(|cents| (cents as f64 + 1.0, Decimal::new(cents, 1))),
    ]
}

type Offers = Vec<(f64, Decimal)>;

fn offers(most: usize) -> impl Strategy<Value = (Offers, Offers)> {
    crate::generate::shuffled(vec(offer(), 0..most))
}

fn budget() -> impl Strategy<Value = Decimal> {
    (0_i64..12_000).prop_map(|cents| Decimal::new(cents, 2))
}

fn columns(offers: &[(f64, Decimal)]) -> (Vec<f64>, Vec<Decimal>) {
    offers.iter().copied().unzip()
}

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.into_iter().sum()
}

/// The best gain of all subsets that are allowed.
fn best_of_all(
    offers: &[(f64, Decimal)],
    budget: Decimal,
    is_allowed: impl Fn(&[usize]) -> bool,
) -> f64 {
    let mut best = 0.0_f64;
    for subset in 0_u32..1 << offers.len() {
        let rows: Vec<usize> = (0..offers.len()).filter(|row| subset >> row & 1 == 1).collect();
        let cost = money::sum(rows.iter().map(|&row| offers[row].1)).unwrap();
        if cost <= budget && is_allowed(&rows) {
            best = best.max(sum(rows.iter().map(|&row| offers[row].0)));
        }
    }
    best
}

/// What every list obeys, however it was found.
fn is_sound(list: &BestList, offers: &[(f64, Decimal)], budget: Decimal) {
    let mut rows = list.chosen().to_vec();
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows.len(), list.chosen().len(), "nobody twice");
    let cost = money::sum(rows.iter().map(|&row| offers[row].1)).unwrap();
    assert_eq!(list.cost(), cost);
    assert!(cost <= budget, "{cost} of {budget}");
    assert_close(list.gain(), sum(rows.iter().map(|&row| offers[row].0)), 1e-14, "gain");
    assert!(rows.iter().all(|&row| offers[row].0 > 0.0));
    assert!(list.gain() <= list.bound(), "{} beats its bound {}", list.gain(), list.bound());
    assert!(list.shadow_price() >= 0.0 && list.shadow_price().is_finite());
}

/// What does not depend on the order of the input.
fn told(list: &BestList, offers: &[(f64, Decimal)]) -> (Vec<(u64, Decimal)>, [u64; 3], Decimal) {
    let chosen = list.chosen().iter().map(|&row| (offers[row].0.to_bits(), offers[row].1));
    let numbers = [list.gain(), list.bound(), list.shadow_price()].map(f64::to_bits);
    (chosen.collect(), numbers, list.cost())
}

fn candidate() -> impl Strategy<Value = WinBackCandidate> {
    let p = || prop_oneof![8 => 0.0_f64..=1.0, 1 => Just(0.0), 1 => Just(1.0)];
    let cents = || prop_oneof![4 => 0_i64..3_000, 1 => Just(0)];
    (p(), p(), p(), -20.0_f64..400.0, cents(), cents()).prop_map(
        |(alive, chance, taken, value, contact, incentive)| {
            let [alive, chance, taken] =
                [alive, chance, taken].map(|p| Probability::new(p).unwrap());
            let value = ValueIfAlive::given_alive(value).unwrap();
            WinBackCandidate::new(alive, chance, value, Decimal::new(contact, 2))
                .and_then(|own| own.incentive(Decimal::new(incentive, 2), taken))
                .unwrap()
        },
    )
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn the_list_by_ratio_is_near_the_best((offers, others) in offers(10), budget in budget()) {
        let (gains, costs) = columns(&offers);
        let list = BestList::new(&gains, &costs, budget).unwrap();
        is_sound(&list, &offers, budget);
        let best = best_of_all(&offers, budget, |_| true);
        assert_at_most(list.gain(), best, 1e-14, "the best of all");
        assert_at_most(best, list.bound(), 1e-15, "the bound");
        assert_at_most(0.5 * list.bound(), list.gain(), 1e-14, "half of the bound");
        // Nothing that fits is left.
        let left = money::difference(budget, list.cost()).unwrap();
        if list.chosen().len() > 1 {
            let fits = |row: &usize| offers[*row].0 > 0.0 && offers[*row].1 <= left;
            prop_assert!(!(0..offers.len()).any(|row| fits(&row) && !list.chosen().contains(&row)));
        }
        let (gains, costs) = columns(&others);
        let other = BestList::new(&gains, &costs, budget).unwrap();
        prop_assert_eq!(told(&list, &offers), told(&other, &others), "the order does not matter");
    }

    #[test]
    fn the_exact_list_is_the_best_of_all((offers, others) in offers(12), budget in budget()) {
        let (gains, costs) = columns(&offers);
        let list = BestList::exact(&gains, &costs, budget).unwrap();
        is_sound(&list, &offers, budget);
        let best = best_of_all(&offers, budget, |_| true);
        assert_close(list.gain(), best, 1e-11, "brute force");
        let by_ratio = BestList::new(&gains, &costs, budget).unwrap();
        prop_assert_eq!(list.bound().to_bits(), by_ratio.bound().to_bits());
        let (gains, costs) = columns(&others);
        let other = BestList::exact(&gains, &costs, budget).unwrap();
        prop_assert_eq!(told(&list, &offers), told(&other, &others), "the order does not matter");
    }

    /// Lagrange's bound holds for the best of all lists within the limits, and is Dantzig's where nothing is limited.
    #[test]
    fn lists_within_limits(
        (offers, others) in crate::generate::shuffled(vec((offer(), 0_usize..3), 0..9)),
        budget in budget(),
        caps in proptest::array::uniform3(0_usize..4),
        in_all in 0_usize..7,
    ) {
        let limits = caps.iter().fold(ContactLimits::new(), |all, &cap| all.channel(cap));
        let limits = limits.in_all(in_all);
        let list_of = |rows: &[((f64, Decimal), usize)], limits: &ContactLimits| {
            let (offers, channels): (Vec<_>, Vec<_>) = rows.iter().copied().unzip();
            let (gains, costs) = columns(&offers);
            let list = BestList::with_limits(&gains, &costs, budget, &channels, limits).unwrap();
            (list, offers, channels)
        };
        let (list, plain, channels) = list_of(&offers, &limits);
        is_sound(&list, &plain, budget);
        let within = |rows: &[usize]| {
            let used = |channel: usize| rows.iter().filter(|&&row| channels[row] == channel).count();
            rows.len() <= in_all && (0..3).all(|channel| used(channel) <= caps[channel])
        };
        prop_assert!(within(list.chosen()), "{:?}", list.chosen());
        let best = best_of_all(&plain, budget, within);
        assert_at_most(best, list.bound(), 1e-15, "the bound");
        let (other, others, _) = list_of(&others, &limits);
        let sorted = |list: &BestList, offers: &[(f64, Decimal)]| {
            let (mut chosen, numbers, cost) = told(list, offers);
            chosen.sort_unstable();
            (chosen, numbers, cost)
        };
        prop_assert_eq!(sorted(&list, &plain), sorted(&other, &others), "the order does not matter");
        let unlimited = [usize::MAX; 3].iter().fold(ContactLimits::new(), |all, &cap| all.channel(cap));
        let (list, ..) = list_of(&offers, &unlimited);
        let (gains, costs) = columns(&plain);
        let by_ratio = BestList::new(&gains, &costs, budget).unwrap();
        // Where offers bring 10²⁵⁰ beside 1, the price of the rest is rounding.
        let slack = 1e-13 * gains.iter().fold(0.0, |most: f64, &gain| most.max(gain));
        prop_assert!((list.bound() - by_ratio.bound()).abs() <= slack + 1e-260, "{list:?} {by_ratio:?}");
    }

    /// A larger budget is never worse for the exact list, and brings at most its shadow price.
    #[test]
    fn more_budget_brings_at_most_its_price(
        (offers, _) in offers(10),
        budget in budget(),
        more in 1_i64..2_000,
    ) {
        let (gains, costs) = columns(&offers);
        let more = Decimal::new(more, 2);
        let larger = money::sum([budget, more]).unwrap();
        // Those whom only the larger budget holds are no candidates for the smaller one.
        let fit: Vec<usize> = (0..costs.len()).filter(|&row| costs[row] <= budget).collect();
        let gains: Vec<f64> = fit.iter().map(|&row| gains[row]).collect();
        let costs: Vec<Decimal> = fit.iter().map(|&row| costs[row]).collect();
        let [before, after] = [budget, larger].map(|own| BestList::exact(&gains, &costs, own).unwrap());
        assert_at_most(before.gain(), after.gain(), 1e-11, "more budget");
        let most = before.bound() + before.shadow_price() * money::to_f64(more);
        assert_at_most(after.gain(), most, 1e-12, "its price");
        assert_at_most(after.shadow_price(), before.shadow_price(), 1e-12, "ever less");
    }

    #[test]
    fn a_plan_places_everybody_once(
        candidates in vec(candidate(), 0..14),
        budget in budget(),
        worst_case in any::<bool>(),
    ) {
        let basis = if worst_case { CostBasis::WorstCase } else { CostBasis::Expected };
        let plan = WinBackPlan::new(&candidates, budget, basis).unwrap();
        let mut placed: Vec<usize> = plan.list().chosen().to_vec();
        placed.extend(plan.left_out());
        placed.extend(plan.let_go().iter().map(|own| own.candidate));
        placed.sort_unstable();
        prop_assert!(placed.into_iter().eq(0..candidates.len()));
        prop_assert!(plan.left_out().iter().all(|&row| candidates[row].gain() > 0.0));
        prop_assert!(plan.worst_case_cost() >= money::from_f64(plan.expected_cost() * (1.0 - 1e-12)).unwrap());
        if worst_case {
            prop_assert!(plan.worst_case_cost() <= budget);
            prop_assert_eq!(plan.list().cost(), plan.worst_case_cost());
        } else {
            assert_at_most(plan.expected_cost(), money::to_f64(budget), 1e-13, "expected cost");
            assert_close(money::to_f64(plan.list().cost()), plan.expected_cost(), 1e-13, "set aside");
        }
        // All gains are in one of three places.
        let all = sum(candidates.iter().map(WinBackCandidate::gain));
        let told = plan.list().gain() + plan.left_out_gain() - plan.saved();
        prop_assert!((all - told).abs() < 1e-9, "{all} is not {told}");
        for own in plan.let_go() {
            let candidate = &candidates[own.candidate];
            prop_assert!(own.saved >= 0.0 && own.saved.to_bits() == (0.0 - candidate.gain()).to_bits());
            let gone = |chance| WinBackCandidate::not_a_customer(chance, candidate.value(), Decimal::ZERO);
            let free = gone(Probability::ONE).unwrap().gain();
            match own.reason {
                LetGoReason::WorthTooLittle => {}
                _ => prop_assert!(free > 0.0 && candidate.value().get() > 0.0),
            }
            if candidate.alive().get() <= 0.0 {
                prop_assert!(own.reason != LetGoReason::ProbablyStillHere);
            }
        }
    }

    /// The gain is the mean over what can happen: still here or gone, taken or not, back or not.
    #[test]
    fn the_gain_is_a_mean_over_what_happens(
        candidate in candidate(),
        (alive, chance, taken) in (0.0_f64..=1.0, 0.0_f64..=1.0, 0.0_f64..=1.0),
        (value, contact, incentive) in (-50.0_f64..500.0, 0_i64..5_000, 0_i64..5_000),
    ) {
        let p = |p: f64| Probability::new(p).unwrap();
        let v = ValueIfAlive::given_alive(value).unwrap();
        let (contact, incentive) = (Decimal::new(contact, 2), Decimal::new(incentive, 2));
        let own = WinBackCandidate::new(p(alive), p(chance), v, contact).unwrap();
        let own = own.incentive(incentive, p(taken)).unwrap();
        let (c, i) = (money::to_f64(contact), money::to_f64(incentive));
        let outcomes = [
            (alive * taken, -i, c + i),
            (alive * (1.0 - taken), 0.0, c),
            ((1.0 - alive) * chance, value - i, c + i),
            ((1.0 - alive) * (1.0 - chance), 0.0, c),
        ];
        let gain: f64 = outcomes.iter().map(|(p, brings, _)| p * (brings - c)).sum();
        let cost: f64 = outcomes.iter().map(|(p, _, costs)| p * costs).sum();
        let size = 1e-13 * (value.abs() + c + i);
        prop_assert!((own.gain() - gain).abs() <= size, "{} {gain}", own.gain());
        prop_assert!((own.expected_cost() - cost).abs() <= size);
        prop_assert!(own.cost(CostBasis::Expected).unwrap() <= own.cost(CostBasis::WorstCase).unwrap());
        // At the break-even chance nothing is gained, and with a better one something is.
        if let Some(even) = own.break_even_chance() {
            let at = |chance| WinBackCandidate::new(p(alive), chance, v, contact).unwrap()
                .incentive(incentive, p(taken)).unwrap().gain();
            prop_assert!(at(even).abs() <= size, "{}", at(even));
            prop_assert!(at(Probability::ONE) >= -size);
        } else {
            prop_assert!(own.gain() <= size);
        }
        // A scored value with P(alive) taken out is the same as one that never had it.
        if alive > 1e-6 {
            let scored = ValueIfAlive::from_scored(alive * value, p(alive)).unwrap();
            assert_close(scored.get(), value, 1e-15, "P(alive) taken out");
            let again = own.second_lifetime_value(scored);
            prop_assert!((again.gain() - own.gain()).abs() <= size);
        }
        let wins = candidate.wins();
        if wins > 1e-300 {
            assert_close(candidate.calls_per_win().unwrap() * wins, 1.0, 1e-15, "calls");
            let cost = candidate.cost_per_win().unwrap() * wins;
            assert_close(cost, candidate.expected_cost(), 1e-14, "cost of a win");
        }
    }
}
