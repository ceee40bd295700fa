//! The worked numbers of the requirements that the trade's own articles give.

use goodwill::churn::{
    CLAIMED_CHANCE_LOST_CUSTOMER, CLAIMED_CHANCE_NEW_PROSPECT, ValueIfAlive, WinBackCandidate,
};
use goodwill::lifetime::{Margin, RetentionModel};
use goodwill::{
    ChurnCost, Concentration, ConstantRetention, DiscountRate, FirstMargin, Horizon, Probability,
    Pyramid, Share, Ties, TimeUnit,
};
use rust_decimal::Decimal;

use crate::support::assert_close;

/// R1: 1/19/30/50 on 1,000 customers gives 10/190/300/500, whatever their values and the rule for ties.
#[test]
fn r1_pyramid() {
    let values: Vec<Decimal> = (0..1_000).map(|i| Decimal::new(i * 7_919 % 1_000, 2)).collect();
    for ties in [Ties::TogetherUp, Ties::TogetherDown, Ties::InputOrder] {
        let tiering = Pyramid::classic().assign(&values, ties).unwrap();
        let sizes: Vec<usize> = tiering.tiers().iter().map(|tier| tier.customers).collect();
        assert_eq!(sizes, [10, 190, 300, 500]);
        // The best ten of 0.00 … 9.99.
        assert_eq!(tiering.tiers()[0].value, Decimal::new(9_945, 2));
        assert_eq!(tiering.tiers()[0].cutoff, Some(Decimal::new(990, 2)));
        assert_eq!(tiering.total(), Decimal::new(499_500, 2));
    }
}

/// R2: measured, never assumed: a base made to obey the rule does, an equal one does not.
#[test]
fn r2_eighty_twenty() {
    let twenty = Share::percent(20).unwrap();
    let eighty = Share::percent(80).unwrap();
    // 20 customers of 16 and 80 of 1: the top fifth brings 320 of 400.
    let ruled: Vec<Decimal> =
        [[16; 20].as_slice(), &[1; 80]].concat().into_iter().map(Decimal::from).collect();
    let ruled = Concentration::of(&ruled).unwrap();
    assert_close(ruled.top_share(twenty).unwrap(), 0.8, 0.0, "top share");
    assert_eq!(ruled.customers_for_share(eighty).unwrap(), 20);
    // Two groups: G = share of value − share of customers of the upper.
    assert!((ruled.gini() - 0.6).abs() < 1e-15);

    let equal = Concentration::of(&[Decimal::ONE; 100]).unwrap();
    assert!((equal.top_share(twenty).unwrap() - 0.2).abs() < 1e-15);
    assert_eq!(equal.customers_for_share(eighty).unwrap(), 80);
    assert_close(equal.gini(), 0.0, 0.0, "Gini");
}

/// R4: revenue, undiscounted, full retention: 20 dollars 40 times a year for 10 years are 8,000 dollars;
/// Coca-Cola 220 a year for 50, Marlboro 833.33 for 30, AT&T 2,400 for 30.
#[test]
fn r4_closed_form() {
    let loyal = ConstantRetention::new(TimeUnit::Year, Probability::ONE);
    let cases = [
        (20.0 * 40.0, 10.0, 8_000.0),
        (220.0, 50.0, 11_000.0),
        (25_000.0 / 30.0, 30.0, 25_000.0),
        (2_400.0, 30.0, 72_000.0),
    ];
    for (yearly, years, want) in cases {
        let horizon = Horizon::years(years).unwrap();
        let margin = Margin::new(yearly, TimeUnit::Year).unwrap();
        for first in [FirstMargin::Now, FirstMargin::AfterRenewal] {
            let got = loyal.lifetime_value(&margin, horizon, DiscountRate::NONE, first).unwrap();
            assert_close(got, want, 0.0, "lifetime value");
        }
    }
}

/// R10: 64,000 customers, 5 % lost, 40,000 dollars each, 10 % margin; a quarter lost by the cellular operators.
#[test]
fn r10_churn_cost() {
    let percent = |p| Share::percent(p).unwrap();
    let cost = ChurnCost::new(64_000, percent(5), 40_000.into(), percent(10)).unwrap();
    assert_eq!(cost.lost_customers().to_string(), "3200");
    assert_eq!(cost.lost_revenue().to_string(), "128000000");
    assert_eq!(cost.lost_profit().to_string(), "12800000");
    // To the digit: 33,333 customers, 2.5 % lost, 1,234.56 each, 12.5 % margin.
    let odd = |text: &str| Share::new(text.parse().unwrap()).unwrap();
    let each = Decimal::new(123_456, 2);
    let cost = ChurnCost::new(33_333, odd("0.025"), each, odd("0.125")).unwrap();
    assert_eq!(cost.lost_customers().to_string(), "833.325");
    assert_eq!(cost.lost_revenue().to_string(), "1028789.712");
    assert_eq!(cost.lost_profit().to_string(), "128598.714");
}

/// R16: one attempt in twenty succeeds with a new prospect, four in ten with a lost customer; 10 % to 30 % are lost a
/// year.
#[test]
fn r16_win_back() {
    let of = |chance, value: f64| {
        let value = ValueIfAlive::given_alive(value).unwrap();
        WinBackCandidate::not_a_customer(chance, value, 10.into()).unwrap()
    };
    let new = of(CLAIMED_CHANCE_NEW_PROSPECT, 400.0);
    let lost = of(CLAIMED_CHANCE_LOST_CUSTOMER, 400.0);
    // 20 calls against 2.5; at 10 a call 200 against 25 for one customer; a gain of 10 against 150.
    assert_eq!((new.calls_per_win().unwrap(), lost.calls_per_win().unwrap()), (20.0, 2.5));
    assert_eq!((new.cost_per_win().unwrap(), lost.cost_per_win().unwrap()), (200.0, 25.0));
    assert_eq!((new.gain(), lost.gain()), (10.0, 150.0));
    // From which value on each pays: where the chance is the one that breaks even.
    assert_eq!(of(Probability::ONE, 200.0).break_even_chance(), Some(CLAIMED_CHANCE_NEW_PROSPECT));
    assert_eq!(of(Probability::ONE, 25.0).break_even_chance(), Some(CLAIMED_CHANCE_LOST_CUSTOMER));
    // Of 1,000 customers 100 to 300 are lost; calling them all wins 40 to 120 back, as many as 800 to 2,400 calls to
    // prospects bring.
    for (percent, gone, back, calls) in [(10, 100, 40.0, 800.0), (30, 300, 120.0, 2_400.0)] {
        let churn = Share::percent(percent).unwrap();
        let cost = ChurnCost::new(1_000, churn, Decimal::ONE, Share::ONE).unwrap();
        assert_eq!(cost.lost_customers(), Decimal::from(gone));
        let wins = f64::from(gone) * lost.wins();
        assert_close(wins, back, 0.0, "back");
        assert_close(wins * new.calls_per_win().unwrap(), calls, 0.0, "calls");
    }
}
