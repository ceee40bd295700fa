//! The whale curve reconciles to the digit, and a remedy does what it says.

use goodwill::tiering::{CustomerProfit, Levers, Remedy, Turnaround, WhaleCurve};
use goodwill::{Share, money};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::generate::{cents, shuffled};

fn percent(percent: u32) -> Share {
    Share::percent(percent).unwrap()
}

fn minus(amount: Decimal) -> Decimal {
    money::difference(Decimal::ZERO, amount).unwrap()
}

fn customers() -> impl Strategy<Value = Vec<CustomerProfit>> {
    let positive = || (0_i64..9_000).prop_map(|cents| Decimal::new(cents, 2));
    let customer = (cents(), positive(), positive());
    let customer = customer.prop_map(|(a, b, c)| CustomerProfit::new(a, b, c).unwrap());
    vec(customer, 0..20)
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn a_whale_curve_ends_at_the_total(
        (profits, others) in shuffled(vec(cents(), 1..40)),
        cut in any::<prop::sample::Index>(),
    ) {
        let whale = WhaleCurve::of(&profits).unwrap();
        let curve = whale.curve().unwrap();
        prop_assert_eq!(curve.len(), profits.len() + 1);
        prop_assert_eq!(curve[0], Decimal::ZERO);
        prop_assert_eq!(*curve.last().unwrap(), whale.total());
        prop_assert_eq!(whale.total(), money::sum(profits.iter().copied()).unwrap());
        prop_assert_eq!(curve.iter().copied().max(), Some(whale.peak()));
        prop_assert_eq!(money::sum([whale.peak(), whale.losses()]).unwrap(), whale.total());
        let losses = profits.iter().filter(|&&own| own < Decimal::ZERO);
        prop_assert_eq!(whale.loss_makers(), losses.clone().count());
        prop_assert_eq!(whale.losses(), money::sum(losses.copied()).unwrap());
        // Never steeper than before.
        let steps: Vec<Decimal> =
            curve.windows(2).map(|own| money::difference(own[1], own[0]).unwrap()).collect();
        prop_assert!(steps.windows(2).all(|own| own[0] >= own[1]));
        prop_assert_eq!(WhaleCurve::of(&others).unwrap(), whale.clone());
        let cut = cut.index(profits.len());
        if cut > 0 {
            let (one, other) = profits.split_at(cut);
            let (one, other) = (WhaleCurve::of(one).unwrap(), WhaleCurve::of(other).unwrap());
            prop_assert_eq!(one.merge(&other).unwrap(), whale.clone());
            prop_assert_eq!(other.merge(&one).unwrap(), whale.clone());
        }
        let all = whale.share_of_best(Share::ONE).unwrap();
        prop_assert_eq!(all, (whale.total() > Decimal::ZERO).then_some(1.0));
    }

    #[test]
    fn curves_of_floats_merge_to_the_bit(
        (profits, others) in shuffled(vec(-1e300_f64..1e300, 2..20)),
    ) {
        let whale = WhaleCurve::of(&profits).unwrap();
        let (one, other) = others.split_at(others.len() / 2);
        let merged = WhaleCurve::of(one).unwrap().merge(&WhaleCurve::of(other).unwrap()).unwrap();
        prop_assert_eq!(&merged, &whale);
        prop_assert_eq!(merged.total().to_bits(), whale.total().to_bits());
        prop_assert_eq!(merged.losses().to_bits(), whale.losses().to_bits());
    }

    #[test]
    fn remedies_turn_first_and_release_last(
        customers in customers(),
        (price, service, avoidable) in (0_u32..=100, 0_u32..=100, 0_u32..=100),
    ) {
        let levers = Levers {
            price_rise: percent(price),
            service_cut: percent(service),
            avoidable: percent(avoidable),
        };
        let plan = Turnaround::plan(&customers, &levers).unwrap();
        let losing = customers.iter().filter(|own| own.profit() < Decimal::ZERO).count();
        prop_assert_eq!(plan.loss_makers().len(), losing);
        let mut after = money::sum(customers.iter().map(CustomerProfit::profit)).unwrap();
        prop_assert_eq!(after, plan.before());
        for own in plan.loss_makers() {
            let customer = &customers[own.customer];
            let of = |amount: Decimal, share: Share| money::product(amount, share.get()).unwrap();
            let most_price = of(customer.revenue().max(Decimal::ZERO), levers.price_rise);
            let most_service = of(customer.cost_to_serve(), levers.service_cut);
            prop_assert_eq!(minus(own.loss), customer.profit());
            let gain = match own.remedy {
                Remedy::RaisePrice(by) => {
                    prop_assert!(by == own.loss && by <= most_price);
                    by
                }
                Remedy::CutService(by) => {
                    prop_assert!(by == own.loss && by <= most_service && by > most_price);
                    by
                }
                Remedy::Both { price, service } => {
                    prop_assert!(price == most_price && service <= most_service);
                    prop_assert!(most_price < own.loss && most_service < own.loss);
                    money::sum([price, service]).unwrap()
                }
                Remedy::Release(gain) => {
                    prop_assert!(gain > Decimal::ZERO && gain <= own.loss);
                    prop_assert!(money::sum([most_price, most_service]).unwrap() < own.loss);
                    gain
                }
                Remedy::Keep(missing) => {
                    prop_assert!(missing >= Decimal::ZERO);
                    prop_assert!(money::sum([most_price, most_service]).unwrap() < own.loss);
                    prop_assert_eq!(customer.release_gain(levers.avoidable).unwrap(), minus(missing));
                    Decimal::ZERO
                }
                other => panic!("{other:?}"),
            };
            after = money::sum([after, gain]).unwrap();
        }
        prop_assert_eq!(after, plan.after());
    }

    /// A lever that brings exactly the loss turns him; the smallest coin more, and it does not.
    #[test]
    fn a_lever_that_just_reaches_turns_him(
        (revenue, service) in (1_i64..9_000, 1_i64..9_000),
        (price_rise, service_cut) in (1_u32..=100, 1_u32..=100),
        avoidable in 0_u32..=100,
    ) {
        let (revenue, service) = (Decimal::new(revenue, 2), Decimal::new(service, 2));
        let levers = Levers {
            price_rise: percent(price_rise),
            service_cut: percent(service_cut),
            avoidable: percent(avoidable),
        };
        let price = money::product(revenue, levers.price_rise.get()).unwrap();
        let saved = money::product(service, levers.service_cut.get()).unwrap();
        let both = money::sum([price, saved]).unwrap();
        for reach in [price, saved, both] {
            for coin in [Decimal::ZERO, Decimal::new(1, 4)] {
                let loss = money::sum([reach, coin]).unwrap();
                let goods = money::sum([revenue, minus(service), loss]).unwrap();
                if goods < Decimal::ZERO {
                    continue;
                }
                let customer = CustomerProfit::new(revenue, goods, service).unwrap();
                let plan = Turnaround::plan(&[customer], &levers).unwrap();
                let gain = customer.release_gain(levers.avoidable).unwrap();
                let want = if loss <= price {
                    Remedy::RaisePrice(loss)
                } else if loss <= saved {
                    Remedy::CutService(loss)
                } else if loss <= both {
                    Remedy::Both { price, service: money::difference(loss, price).unwrap() }
                } else if gain > Decimal::ZERO {
                    Remedy::Release(gain)
                } else {
                    Remedy::Keep(minus(gain))
                };
                prop_assert_eq!(plan.loss_makers()[0].remedy, want);
            }
        }
    }
}
