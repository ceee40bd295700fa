//! Gupta and Lehmann (2003), "Customers as Assets", Journal of Interactive Marketing 17(1), 9–24: the margin
//! multiple r/(1 + i − r), and with growth r/(1 + i − r(1 + g)).

use goodwill::lifetime::{GrowthStart, Margin, RetentionModel, Sbg};
use goodwill::{ConstantRetention, DiscountRate, FirstMargin, Horizon, Probability, TimeUnit};

use crate::support::{assert_close, json, number};

const ANY: [(FirstMargin, GrowthStart); 4] = [
    (FirstMargin::Now, GrowthStart::AfterFirst),
    (FirstMargin::Now, GrowthStart::AtFirst),
    (FirstMargin::AfterRenewal, GrowthStart::AfterFirst),
    (FirstMargin::AfterRenewal, GrowthStart::AtFirst),
];

fn growing(amount: f64, g: f64, start: GrowthStart) -> Margin {
    Margin::new(amount, TimeUnit::Year).unwrap().growing(g, TimeUnit::Year, start).unwrap()
}

/// 80 % at 10 %: 2.67, growing by 5 % 3.0769 with the first margin ungrown and 3.2308 with it grown; 90 % at 12 %: 4.09.
#[test]
fn margin_multiples() {
    let all = json("lifetime_value.json");
    let cases = all["multiples"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let retention = Probability::new(number(&case["r"])).unwrap();
        let base = ConstantRetention::new(TimeUnit::Year, retention);
        let rate = DiscountRate::annual(number(&case["d"])).unwrap();
        let horizon = match &case["n"] {
            n if n.is_null() => Horizon::FOREVER,
            n => Horizon::years(number(n)).unwrap(),
        };
        for ((first, start), want) in ANY.into_iter().zip(case["values"].as_array().unwrap()) {
            let margin = growing(1.0, number(&case["g"]), start);
            let got = base.lifetime_value(&margin, horizon, rate, first).unwrap();
            assert_close(got, number(want), 1e-14, &case.to_string());
        }
    }
    let multiple = |r, i, g, start| {
        let base = ConstantRetention::new(TimeUnit::Year, Probability::constant(r));
        let rate = DiscountRate::annual(i).unwrap();
        let first = FirstMargin::AfterRenewal;
        base.lifetime_value(&growing(1.0, g, start), Horizon::FOREVER, rate, first).unwrap()
    };
    assert_close(multiple(0.8, 0.10, 0.0, GrowthStart::AtFirst), 8.0 / 3.0, 1e-14, "2.67");
    assert_close(multiple(0.9, 0.12, 0.0, GrowthStart::AtFirst), 45.0 / 11.0, 1e-14, "4.09");
    assert_close(multiple(0.8, 0.10, 0.05, GrowthStart::AfterFirst), 3.0769, 2e-5, "ungrown");
    assert_close(multiple(0.8, 0.10, 0.05, GrowthStart::AtFirst), 3.2308, 2e-5, "grown");
}

/// The same with a retention that differs between customers: sBG, twelve payments of 100 growing by 3 %.
#[test]
fn growing_margins_of_sbg() {
    let all = json("lifetime_value.json");
    let model = Sbg::new(TimeUnit::Year, 0.7637, 1.2958).unwrap();
    let (twelve, rate) = (Horizon::years(12.0).unwrap(), DiscountRate::annual(0.1).unwrap());
    for ((first, start), want) in ANY.into_iter().zip(all["sbg"].as_array().unwrap()) {
        let got = model.lifetime_value(&growing(100.0, 0.03, start), twelve, rate, first).unwrap();
        assert_close(got, number(want), 1e-14, &format!("{first:?} {start:?}"));
    }
}
