//! Profit after the cost to serve: the pattern that the trade reports, R17 and R18 of the requirements.

use goodwill::Share;
use goodwill::tiering::{
    Axis, Boundary, Criterion, CustomerProfit, Direction, GrowthAction, Levers, LoyaltyType,
    Matrix, Normalisation, OnBoundary, Remedy, Service, ServiceRates, Turnaround, WhaleCurve,
    weighted_scores,
};
use rust_decimal::Decimal;

use crate::support::assert_close;

fn percent(percent: u32) -> Share {
    Share::percent(percent).unwrap()
}

/// "20 % of the customers bring 140 % of the profit, another 20 % erode 40 %": `ControllingWiki`, Whale Curve, citing
/// Grey. A base made to that pattern shows it, to the digit.
#[test]
fn a_fifth_brings_140_percent_and_a_fifth_erodes_40() {
    let groups = [(20, 700), (60, 0), (20, -200)];
    let profits: Vec<Decimal> =
        groups.iter().flat_map(|&(n, cents)| vec![Decimal::new(cents, 2); n]).collect();
    let whale = WhaleCurve::of(&profits).unwrap();
    assert_eq!(whale.total().to_string(), "100");
    assert_eq!(whale.peak().to_string(), "140");
    assert_eq!(whale.losses().to_string(), "-40");
    assert_eq!((whale.peak_share(), whale.erosion()), (Some(1.4), Some(0.4)));
    assert_eq!(whale.share_of_best(percent(20)).unwrap(), Some(1.4));
    assert_eq!(whale.share_of_best(percent(80)).unwrap(), Some(1.4));
    assert_eq!((whale.profitable(), whale.loss_makers(), whale.customers()), (20, 20, 100));
}

/// R17: cost to serve; the whale curve; first try to turn (price up, cost down), then let go; cross-subsidy in money.
/// Three customers who buy the same goods for 1,000 at 60 % cost and differ in what serving them takes.
#[test]
fn r17_unprofitable_customers() {
    let rates = ServiceRates::new()
        .order(Decimal::from(10))
        .visit(Decimal::from(100))
        .delivery(Decimal::from(20))
        .returned(Decimal::from(15))
        .credit_day(Decimal::new(5, 4));
    let served = |orders, visits, deliveries, returns, credit_days| {
        let service = Service { orders, visits, deliveries, returns, credit_days };
        rates.profit(1_000.into(), 600.into(), &service).unwrap()
    };
    let base = [
        served(2, 0, 2, 0, 30),  // 20 + 40 + 15 = 75
        served(10, 2, 5, 2, 60), // 100 + 200 + 100 + 30 + 30 = 460
        served(20, 6, 20, 6, 0), // 200 + 600 + 400 + 90 = 1,290
    ];
    let costs = base.map(|own| own.cost_to_serve().to_string());
    assert_eq!(costs, ["75", "460", "1290"]);
    let profits = base.map(|own| own.profit());
    assert_eq!(profits.map(|own| own.to_string()), ["325", "-60", "-890"]);

    let whale = WhaleCurve::of(&profits).unwrap();
    // The good customer pays for the others more than twice what he brings.
    assert_eq!(whale.losses().to_string(), "-950");
    assert_close(whale.cross_subsidy().unwrap(), 950.0 / 325.0, 1e-15, "cross-subsidy");
    assert_eq!(whale.peak_share(), None); // a share of a loss means nothing

    assert_close(base[1].price_rise().unwrap(), 0.06, 1e-15, "price rise");
    assert_close(base[1].service_cut().unwrap(), 60.0 / 460.0, 1e-15, "service cut");
    let levers =
        Levers { price_rise: percent(10), service_cut: percent(40), avoidable: percent(70) };
    let plan = Turnaround::plan(&base, &levers).unwrap();
    // 100 of price and 516 of service do not turn the third. If he goes, 903 of his 1,290 end: 903 + 600 - 1,000.
    assert_eq!(plan.loss_makers()[0].remedy, Remedy::Release(Decimal::from(503)));
    assert_eq!(plan.loss_makers()[1].remedy, Remedy::RaisePrice(Decimal::from(60)));
    assert_eq!(
        (plan.before().to_string(), plan.after().to_string()),
        ("-625".into(), "-62".into())
    );
    // Were less of it avoidable, letting him go would cost money.
    let fixed = Turnaround::plan(&base, &Levers { avoidable: percent(30), ..levers }).unwrap();
    assert_eq!(fixed.loss_makers()[0].remedy, Remedy::Keep(Decimal::from(13)));
    assert_eq!(fixed.released(), Decimal::ZERO);
}

/// Losses are losses: a package that sets them to 0 reports no erosion at all (`ABCanalysis`, its cleaning of data).
#[test]
fn losses_are_not_set_to_zero() {
    let whale = WhaleCurve::of(&[3.0, 2.0, -4.0]).unwrap();
    assert_eq!((whale.total(), whale.losses(), whale.loss_makers()), (1.0, -4.0, 1));
}

/// R18: the weighted algorithm: profit contribution × growth, not old × new; a loyal old customer in decline is no
/// better than his figures.
#[test]
fn r18_good_and_bad_customers() {
    use GrowthAction::{Grow, Harvest, Keep, Release};

    let profit = [500.0, 420.0, 60.0, 40.0];
    let growth = [0.10, -0.20, 0.40, -0.10];
    let axis = |boundary| Axis { boundary, on_boundary: OnBoundary::High };
    let matrix =
        Matrix::of(&profit, &growth, axis(Boundary::Median), axis(Boundary::At(0.0))).unwrap();
    let actions: Vec<GrowthAction> =
        matrix.quadrants().iter().map(|own| own.growth_action()).collect();
    assert_eq!(actions, [Keep, Harvest, Grow, Release]);

    // Half profit, half growth, each from 0 to 1: (460/460 + 0.3/0.6)/2, (380/460 + 0)/2, (20/460 + 1)/2, (0 + 0.1/0.6)/2.
    let criterion = |values| Criterion::new(values, 0.5, Direction::HigherIsBetter).unwrap();
    let scores =
        weighted_scores(&[criterion(&profit), criterion(&growth)], Normalisation::MinMax).unwrap();
    let want = [0.75, 19.0 / 46.0, 12.0 / 23.0, 1.0 / 12.0];
    for (got, want) in scores.iter().zip(want) {
        assert_close(*got, want, 1e-15, "weighted score");
    }
    // The growing small customer is worth more than the shrinking large one.
    assert!(scores[2] > scores[1]);
}

/// R26: only the highest satisfaction is satisfaction; who stays without it is held, not loyal.
#[test]
fn r26_loyalty_and_satisfaction() {
    use LoyaltyType::{Defector, Hostage, Loyalist, Mercenary};

    let satisfaction = [5.0, 4.0, 5.0, 2.0];
    let loyalty = [0.9, 0.9, 0.3, 0.1];
    let top_box = Axis { boundary: Boundary::At(5.0), on_boundary: OnBoundary::High };
    let half = Axis { boundary: Boundary::At(0.5), on_boundary: OnBoundary::Low };
    let matrix = Matrix::of(&satisfaction, &loyalty, top_box, half).unwrap();
    let types: Vec<LoyaltyType> = matrix.quadrants().iter().map(|own| own.loyalty_type()).collect();
    assert_eq!(types, [Loyalist, Hostage, Mercenary, Defector]);
}

/// Costs that no `f64` holds exactly still add up.
#[test]
fn profits_are_exact() {
    let cent = |cents| Decimal::new(cents, 2);
    let own = CustomerProfit::new(cent(30), cent(10), cent(20)).unwrap();
    assert_eq!(own.profit(), Decimal::ZERO);
    assert_eq!((own.price_rise(), own.service_cut()), (None, None));
    // In f64, 0.3 - 0.1 - 0.2 is below 0, and he would be a loss-maker.
}
