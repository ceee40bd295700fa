//! What keeping pays: the lifts, the band, break-evens and rewards against second ways to the same answer.

use goodwill::churn::{
    BandVerdict, ChurnCut, CutGain, ProfitBand, RelationProfit, RelationYear, RetentionSpend,
    ReturningProfit, StayingCustomer, SwitchingCost, retention_lift,
};
use goodwill::money::{product, sum, to_f64};
use goodwill::{ChurnCost, DiscountRate, ErrorKind, FirstMargin, Probability, Share};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::generate::{cents, shuffled};
use crate::support::assert_close;

fn probability(value: f64) -> Probability {
    Probability::new(value).unwrap()
}

fn first() -> impl Strategy<Value = FirstMargin> {
    prop_oneof![Just(FirstMargin::Now), Just(FirstMargin::AfterRenewal)]
}

fn yearly(rate: f64) -> DiscountRate {
    DiscountRate::annual(rate).unwrap()
}

/// Σ qᵗ term by term.
fn margins(retention: f64, rate: f64, first: FirstMargin, years: u32) -> f64 {
    let from = match first {
        FirstMargin::Now => 0,
        FirstMargin::AfterRenewal => 1,
    };
    let kept = retention / (1.0 + rate);
    (from..from + years as i32).map(|t| kept.powi(t)).sum()
}

proptest! {
    #![proptest_config(crate::cases(512))]

    /// In points and in per cent, what is kept is what the crate says of the two churns, and by hand.
    #[test]
    fn a_cut_keeps_the_difference(
        customers in 0_u64..10_000_000,
        churn in 0_i64..=1_000,
        cut in 0_i64..=1_000,
        each in 0_i64..100_000_000,
        in_points in any::<bool>(),
    ) {
        let share = |thousandths| Share::new(Decimal::new(thousandths, 3)).unwrap();
        let size = share(cut);
        let how = if in_points { ChurnCut::Points(size) } else { ChurnCut::PerCent(size) };
        let (each, margin) = (Decimal::new(each, 2), share(125));
        let got = CutGain::new(customers, share(churn), how, each, margin);
        if in_points && cut > churn {
            let error = got.unwrap_err();
            prop_assert!(matches!(error.kind(), ErrorKind::Inconsistent { .. }), "{error}");
            return Ok(());
        }
        let got = got.unwrap();
        // Points of the churn that are cut, in millionths.
        let points = if in_points { cut * 1_000 } else { churn * cut };
        let kept = product(customers.into(), Decimal::new(points, 6)).unwrap();
        prop_assert_eq!(got.customers(), kept);
        prop_assert_eq!(got.revenue(), product(kept, each).unwrap());
        prop_assert_eq!(got.profit(), product(got.revenue(), margin.get()).unwrap());
        let before = ChurnCost::new(customers, share(churn), each, margin).unwrap();
        prop_assert_eq!(got.before(), &before);
        prop_assert_eq!(
            sum([got.after().lost_profit(), got.profit()]),
            Ok(before.lost_profit())
        );
    }

    /// A relation of constant profit has the closed form's lift, whatever the profit and however it is written.
    #[test]
    fn a_flat_relation_has_the_closed_form(
        churn in 0.01_f64..0.95,
        part in 0.01_f64..1.0,
        rate in 0.001_f64..0.5,
        parts in vec(1_i64..100_000, 5),
        years in 1_usize..8,
        first in first(),
    ) {
        let money = |i: usize| Decimal::new(parts[i], 2);
        let year = RelationYear {
            base: money(0),
            more_purchases: money(1),
            lower_cost: money(2),
            referrals: money(3),
            price_premium: money(4),
        };
        let relation = RelationProfit::new(Decimal::ZERO, &vec![year; years]).unwrap();
        let (churn, rate) = (probability(churn), yearly(rate));
        for cut in [ChurnCut::PerCent(probability(part)), ChurnCut::Points(probability(part * churn.get()))] {
            let lift = relation.lift(churn, cut, rate, first).unwrap();
            let closed = retention_lift(churn, cut, rate, first).unwrap();
            let relative = lift.relative().unwrap();
            prop_assert!((relative - closed).abs() <= 1e-13 * (1.0 + closed), "{relative} is not {closed}");
            prop_assert!(lift.after > lift.before && lift.churn < churn);
        }
        let worth = relation.worth(churn.complement(), rate, first).unwrap();
        let staying = StayingCustomer::new(to_f64(year.profit().unwrap()), churn.complement(), rate);
        assert_close(worth.total, staying.unwrap().first(first).worth().unwrap(), 1e-13, "worth");
        assert_close(worth.referrals / worth.base, to_f64(money(3)) / to_f64(money(0)), 1e-13, "parts");
    }

    /// Later years that bring more raise the lift: Reichheld's point.
    #[test]
    fn growing_profit_raises_the_lift(
        churn in 0.05_f64..0.5,
        base in 1_i64..1_000,
        growth in vec(0_i64..1_000, 1..8),
        rate in 0.01_f64..0.3,
        first in first(),
    ) {
        let of = |growing: bool| {
            let mut more = 0;
            let years: Vec<RelationYear> = growth
                .iter()
                .map(|step| {
                    more += if growing { *step } else { 0 };
                    RelationYear { base: base.into(), more_purchases: more.into(), ..RelationYear::default() }
                })
                .collect();
            RelationProfit::new(Decimal::ZERO, &years).unwrap()
        };
        let cut = ChurnCut::PerCent(probability(0.5));
        let lift = |relation: RelationProfit| {
            relation.lift(probability(churn), cut, yearly(rate), first).unwrap().relative().unwrap()
        };
        let (growing, flat) = (lift(of(true)), lift(of(false)));
        prop_assert!(growing >= flat * (1.0 - 1e-12), "{growing} is below {flat}");
    }

    /// A churn lies in a span exactly where its lift lies in the band.
    #[test]
    fn the_spans_are_where_the_band_holds(
        size in 0.001_f64..=1.0,
        rate in prop_oneof![Just(0.0), 0.0001_f64..1.0],
        in_points in any::<bool>(),
        first in first(),
        ends in [0.01_f64..3.0, 0.01_f64..3.0],
        churns in vec(0.0_f64..=1.0, 24),
    ) {
        let cut = probability(size);
        let cut = if in_points { ChurnCut::Points(cut) } else { ChurnCut::PerCent(cut) };
        let band = ProfitBand::new(ends[0].min(ends[1]), ends[0].max(ends[1])).unwrap();
        let spans = band.holds_at(cut, yearly(rate), first).unwrap();
        prop_assert!(spans.len() <= 2);
        prop_assert!(spans.iter().all(|span| span.from <= span.to));
        prop_assert!(spans.is_sorted_by(|a, b| a.to < b.from));
        let within = |churn: f64| {
            let lift = retention_lift(probability(churn), cut, yearly(rate), first);
            lift.is_ok_and(|lift| band.verdict(lift).unwrap() == BandVerdict::Within)
        };
        let inside = |churn: f64| {
            spans.iter().any(|span| (span.from.get()..=span.to.get()).contains(&churn))
        };
        let near = |churn: f64| {
            let ends = spans.iter().flat_map(|span| [span.from.get(), span.to.get()]);
            ends.into_iter().any(|end| (end - churn).abs() <= 1e-12)
        };
        let middles = spans.iter().map(|span| 0.5 * (span.from.get() + span.to.get()));
        for churn in churns.into_iter().chain(middles).filter(|&churn| !near(churn)) {
            prop_assert_eq!(within(churn), inside(churn), "churn {} in {:?}", churn, spans);
        }
    }

    /// Where points are cut, the lift is least at c = (1 − d + p)/2 and alike on both sides of it: the gap lies around it.
    #[test]
    fn the_gap_lies_around_the_least_lift(
        points in 0.02_f64..0.5,
        rate in 0.001_f64..0.3,
        above in 1.001_f64..1.5,
    ) {
        let (cut, after) = (ChurnCut::Points(probability(points)), FirstMargin::AfterRenewal);
        let middle = 0.5 * (1.0 - rate + points);
        let least = retention_lift(probability(middle), cut, yearly(rate), after).unwrap();
        let edge = retention_lift(probability(points), cut, yearly(rate), after).unwrap();
        prop_assume!(least * above < edge);
        let band = ProfitBand::new(least * above, 1e9).unwrap();
        let spans = band.holds_at(cut, yearly(rate), after).unwrap();
        prop_assert_eq!(spans.len(), 2);
        let (left, right) = (spans[0].to.get(), spans[1].from.get());
        assert_close(0.5 * (left + right), middle, 1e-12, "the middle of the gap");
        // (1 − c)(d + c − p) = largest/above, around the middle.
        let half = 0.5 * (1.0 + rate - points);
        assert_close(0.5 * (right - left), half * (1.0 - 1.0 / above).sqrt(), 1e-9, "half of the gap");
    }

    /// At the break-even the margins pay for the spend, and just so; the largest spend breaks even at its retention.
    #[test]
    fn a_break_even_pays_just_so(
        margin in 1.0_f64..1e4,
        retention in 0.05_f64..0.95,
        rate in 0.01_f64..0.5,
        years in prop_oneof![Just(None), (1_u32..40).prop_map(Some)],
        first in first(),
        part in 0.0_f64..0.9,
        once in any::<bool>(),
    ) {
        let mut customer = StayingCustomer::new(margin, probability(retention), yearly(rate)).unwrap().first(first);
        if let Some(years) = years {
            customer = customer.years(years).unwrap();
        }
        let all = |r: f64| margins(r, rate, first, years.unwrap_or(6_000));
        assert_close(customer.worth().unwrap(), margin * all(retention), 1e-12, "worth");
        let spend = part * margin;
        let (kind, left, needed) = if once {
            (RetentionSpend::Once(spend), margin, margin * all(retention) + spend)
        } else {
            (RetentionSpend::Yearly(spend), margin - spend, margin * all(retention))
        };
        match customer.break_even_retention(kind) {
            Ok(even) => {
                prop_assert!((retention..=1.0).contains(&even.get()));
                assert_close(left * all(even.get()), needed, 1e-10, "pays");
                if even.get() < 1.0 {
                    let [yearly, most] = customer.largest_spend(even).unwrap();
                    let got = if once { most } else { yearly };
                    prop_assert!((got - spend).abs() <= 1e-9 * margin * all(even.get()), "{got} is not {spend}");
                }
            }
            Err(error) => {
                prop_assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
                prop_assert!(left * all(1.0) < needed * (1.0 + 1e-12));
            }
        }
    }

    /// The worth of a point is the slope of the worth.
    #[test]
    fn a_point_is_the_slope(
        margin in 1.0_f64..1e4,
        retention in 0.05_f64..0.9,
        rate in 0.01_f64..0.5,
        first in first(),
    ) {
        let customer = StayingCustomer::new(margin, probability(retention), yearly(rate)).unwrap().first(first);
        let at = |r: f64| customer.worth_at(probability(r)).unwrap();
        let step = 1e-4;
        let slope = (at(retention + step) - at(retention - step)) / (2.0 * step);
        // The third derivative over the first is 6/(1 + d − r)².
        let curve = step * step / (1.0 + rate - retention).powi(2);
        assert_close(customer.worth_of_a_point().unwrap(), 0.01 * slope, 2.0 * curve + 1e-9, "slope");
    }

    /// Who stays is counted by hand; the reward needed keeps so many and a cent less does not.
    #[test]
    fn the_reward_needed_is_the_least(
        (offers, others) in shuffled(vec(cents(), 1..20)),
        parts in [0_i64..5_000, 0_i64..5_000, 0_i64..5_000],
        stay in 0_usize..20,
    ) {
        let [reward, effort, learning] = parts.map(|cents| Decimal::new(cents, 2));
        let cost = SwitchingCost { reward, effort, learning };
        let total = sum([reward, effort, learning]).unwrap();
        prop_assert_eq!(cost.total(), Ok(total));
        let kept = |cost: SwitchingCost| (cost.retention(&offers).unwrap().get() * offers.len() as f64).round() as usize;
        prop_assert_eq!(kept(cost), offers.iter().filter(|offer| **offer <= total).count());
        let stay = stay.min(offers.len());
        let more = cost.reward_needed(&offers, stay).unwrap();
        prop_assert_eq!(cost.reward_needed(&others, stay), Ok(more));
        let with = |more| SwitchingCost { reward: sum([reward, more]).unwrap(), ..cost };
        prop_assert!(kept(with(more)) >= stay);
        if more > Decimal::ZERO {
            prop_assert!(kept(with(sum([more, Decimal::new(-1, 2)]).unwrap())) < stay);
        }
    }

    /// In any order and in shards, and by hand.
    #[test]
    fn the_share_of_returning_customers(rows in vec((any::<bool>(), cents()), 0..30), split in 0_usize..30) {
        let of = |rows: &[(bool, Decimal)]| {
            let mut profit = ReturningProfit::default();
            for &(returning, amount) in rows {
                profit.add(returning, amount).unwrap();
            }
            profit
        };
        let profit = of(&rows);
        let (one, two) = rows.split_at(split.min(rows.len()));
        prop_assert_eq!(of(one).merge(&of(two)).unwrap(), profit);
        let total = |only: fn(&&(bool, Decimal)) -> bool| {
            to_f64(sum(rows.iter().filter(only).map(|row| row.1)).unwrap())
        };
        let (returning, all) = (total(|row| row.0), total(|_| true));
        match profit.share() {
            Ok(share) => prop_assert!((share - returning / all).abs() <= 1e-15 * share.abs() && all > 0.0),
            Err(error) => {
                prop_assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
                prop_assert!(all <= 0.0);
            }
        }
    }
}
