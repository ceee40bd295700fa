//! Profits, whale curves and remedies of hostile money.

use goodwill::Share;
use goodwill::tiering::{
    CustomerProfit, Levers, Remedy, Service, ServiceRates, Turnaround, WhaleCurve,
};
use rust_decimal::Decimal;

use crate::table::{COUNTS, FLOATS, decimals};
use crate::{assert_kind, assert_message, kind, row};

#[test]
fn accounts() {
    for rate in decimals() {
        let rates = ServiceRates::new().order(rate).visit(rate).delivery(rate);
        let rates = rates.returned(rate).credit_day(rate);
        for count in COUNTS {
            let service = Service {
                orders: count,
                visits: count,
                deliveries: count,
                returns: count,
                credit_days: count,
            };
            for revenue in decimals() {
                match rates.cost_to_serve(revenue, &service) {
                    Ok(cost) => assert!(cost >= Decimal::ZERO),
                    Err(error) => assert!(
                        ["OutOfDomain", "Inconsistent", "Overflow"].contains(&kind(&error)),
                        "{error}"
                    ),
                }
                _ = rates.profit(revenue, rate, &service);
            }
        }
    }
    let credit = Service { credit_days: 1, ..Service::default() };
    assert_message(
        ServiceRates::new().cost_to_serve(Decimal::NEGATIVE_ONE, &credit),
        "a customer with the revenue -1 has no credit days",
    );
    assert_message(
        ServiceRates::new().visit(Decimal::NEGATIVE_ONE).cost_to_serve(Decimal::ONE, &credit),
        "cost of a visit must lie in [0, ∞), but is -1",
    );
    for revenue in decimals() {
        for goods in decimals() {
            for service in decimals() {
                match CustomerProfit::new(revenue, goods, service) {
                    Ok(own) => {
                        let ratios = [own.price_rise(), own.service_cut()];
                        assert!(ratios.into_iter().flatten().all(|x| x.is_finite() && x > 0.0));
                        assert_eq!(own.revenue(), revenue);
                        assert_eq!((own.cost_of_goods(), own.cost_to_serve()), (goods, service));
                        let gain = own.release_gain(Share::ONE);
                        if let Ok(gain) = gain {
                            assert_eq!(gain, -own.profit());
                        }
                    }
                    Err(error) => {
                        assert!(["OutOfDomain", "Overflow"].contains(&kind(&error)), "{error}");
                    }
                }
            }
        }
    }
    assert_kind(
        CustomerProfit::new(Decimal::ONE, Decimal::ONE, Decimal::NEGATIVE_ONE),
        "OutOfDomain",
    );
}

#[test]
fn whale_curves() {
    let none: [f64; 0] = [];
    assert_message(WhaleCurve::of(&none), "profits must not be empty");
    for a in FLOATS {
        for b in FLOATS {
            let profits = [1.0, a, b];
            match WhaleCurve::of(&profits) {
                Ok(curve) => {
                    let shares = [curve.peak_share(), curve.erosion(), curve.cross_subsidy()];
                    assert!(shares.into_iter().flatten().all(f64::is_finite), "{profits:?}");
                    let amounts = [curve.total(), curve.peak(), curve.losses()];
                    assert!(amounts.into_iter().all(f64::is_finite));
                    assert!(curve.profitable() + curve.loss_makers() <= curve.customers());
                    for share in [Share::ZERO, Share::percent(50).unwrap(), Share::ONE] {
                        if let Ok(Some(share)) = curve.share_of_best(share) {
                            assert!(share.is_finite());
                        }
                    }
                    assert_eq!(curve.curve().unwrap().last(), Some(&curve.total()));
                    match curve.merge(&curve) {
                        Ok(both) => assert_eq!(both.customers(), 6),
                        Err(error) => assert_eq!(kind(&error), "Overflow"),
                    }
                }
                Err(error) => match profits.iter().position(|profit| !profit.is_finite()) {
                    Some(bad) => {
                        assert_eq!((kind(&error), row(&error)), ("OutOfDomain", Some(bad)));
                    }
                    None => assert_eq!(kind(&error), "Overflow", "{profits:?}"),
                },
            }
        }
    }
    for a in decimals() {
        for b in decimals() {
            if let Err(error) = WhaleCurve::of(&[a, b]) {
                assert_eq!(kind(&error), "Overflow");
            }
        }
    }
}

#[test]
fn turnarounds() {
    let empty = Turnaround::plan(&[], &levers(0, 0, 0)).unwrap();
    assert!(empty.loss_makers().is_empty());
    for percents in [(0, 0, 0), (100, 100, 100), (10, 20, 0), (0, 0, 100)] {
        let levers = levers(percents.0, percents.1, percents.2);
        for revenue in decimals() {
            for service in decimals() {
                let Ok(own) = CustomerProfit::new(revenue, Decimal::ONE, service) else { continue };
                match Turnaround::plan(&[own, own], &levers) {
                    Ok(plan) => {
                        assert!(plan.after() >= plan.before());
                        assert!(plan.turned() >= Decimal::ZERO && plan.released() >= Decimal::ZERO);
                    }
                    Err(error) => assert_eq!(kind(&error), "Overflow", "{error}"),
                }
            }
        }
    }
    // No revenue to raise, nothing to save, nothing that ends with him: letting go changes nothing.
    let idle = CustomerProfit::new(Decimal::ZERO, Decimal::ZERO, Decimal::ONE).unwrap();
    let plan = Turnaround::plan(&[idle], &levers(100, 0, 0)).unwrap();
    assert_eq!(plan.loss_makers()[0].remedy, Remedy::Keep(Decimal::ZERO));
}

fn levers(price: u32, service: u32, avoidable: u32) -> Levers {
    let percent = |percent| Share::percent(percent).unwrap();
    Levers {
        price_rise: percent(price),
        service_cut: percent(service),
        avoidable: percent(avoidable),
    }
}
