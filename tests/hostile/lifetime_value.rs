//! Margins, cycles, curves, chains and equity of hostile amounts, chances, horizons and rates.

use goodwill::lifetime::{
    Bdw, CustomerEquity, GrowthStart, Margin, MigrationModel, ProfitCurve, PurchaseCycle,
    RetentionModel, Sbg, customer_lifetime_values_each, newcomer_value,
    newcomer_value_less_acquisition, prospect_value,
};
use goodwill::tiering::TransitionMatrix;
use goodwill::{
    BgNbd, ConstantRetention, DiscountRate, FirstMargin, Histories, Horizon, Probability, Result,
    TimeUnit, Valuation,
};
use serde_json::json;

use crate::table::{COUNTS, FLOATS, UNITS, horizons};
use crate::{assert_finite, assert_kind, assert_message};

const YEAR: TimeUnit = TimeUnit::Year;
const FIRST: [FirstMargin; 2] = [FirstMargin::Now, FirstMargin::AfterRenewal];
const KINDS: [&str; 2] = ["OutOfDomain", "Undefined"];
const CHANCES: [f64; 6] = [0.0, f64::MIN_POSITIVE, 0.3, 0.8, 1.0 - f64::EPSILON, 1.0];

fn rates() -> Vec<DiscountRate> {
    FLOATS.iter().filter_map(|&rate| DiscountRate::annual(rate).ok()).collect()
}

fn years(length: f64) -> Horizon {
    Horizon::years(length).unwrap()
}

fn some_horizons() -> Vec<Horizon> {
    horizons().into_iter().step_by(7).chain([years(0.0), years(3.0), Horizon::FOREVER]).collect()
}

fn chance(p: f64) -> Probability {
    Probability::new(p).unwrap()
}

#[test]
fn margins() {
    for amount in FLOATS {
        for growth in FLOATS {
            let margin = Margin::new(amount, YEAR);
            if !amount.is_finite() {
                let want = format!("margin must lie in (-∞, ∞), but is {amount}");
                assert_message(margin, &want);
                continue;
            }
            let grown = margin.unwrap().growing(growth, TimeUnit::Month, GrowthStart::AtFirst);
            if !(growth > -1.0 && growth < f64::INFINITY) {
                let want = format!("growth of the margin must lie in (-1, ∞), but is {growth}");
                assert_message(grown, &want);
                continue;
            }
            let grown = grown.unwrap();
            assert_eq!(grown.growth_start(), GrowthStart::AtFirst);
            assert_eq!(grown.growth_per(TimeUnit::Month).to_bits(), (growth + 0.0).to_bits());
            assert_eq!(grown.per(YEAR).to_bits(), amount.to_bits());
            let models = CHANCES.map(|r| ConstantRetention::new(YEAR, chance(r)));
            for horizon in [years(0.0), years(3.0), years(1e6), years(0.5), Horizon::FOREVER] {
                for first in FIRST {
                    for rate in [-0.999_999, 0.0, 0.1, 1e300] {
                        let rate = DiscountRate::annual(rate).unwrap();
                        let what = || format!("{grown:?} {horizon:?} {rate:?} {first:?}");
                        for model in models {
                            let value = model.lifetime_value(&grown, horizon, rate, first);
                            assert_finite(value, &KINDS, what);
                            let residual = model.residual_lifetime_value(1, &grown, horizon, rate);
                            assert_finite(residual, &KINDS, what);
                        }
                    }
                }
            }
        }
    }
    let refused = serde_json::from_value::<Margin>(json!({
        "amount": 1.0, "period": "year", "growth": {"rate": -1.0, "period": "year"},
        "growth_start": "at_first",
    }));
    assert_eq!(refused.unwrap_err().to_string(), "discount rate must lie in (-1, ∞), but is -1");
    let margin = Margin::new(7.0, TimeUnit::Month).unwrap();
    let margin = margin.growing(0.1, YEAR, GrowthStart::AtFirst).unwrap();
    let text = serde_json::to_string(&margin).unwrap();
    assert_eq!(serde_json::from_str::<Margin>(&text).unwrap(), margin);
}

#[test]
fn every_retention_model_has_a_value() {
    let margin = Margin::new(1.0, YEAR).unwrap();
    let margin = margin.growing(0.02, YEAR, GrowthStart::AfterFirst).unwrap();
    let (ten, rate) = (years(10.0), DiscountRate::annual(0.1).unwrap());
    let value = |model: &dyn Fn(FirstMargin, u32) -> [Result<f64>; 2]| {
        for renewals in COUNTS {
            for worth in FIRST.into_iter().flat_map(|first| model(first, renewals)) {
                assert_finite(worth, &KINDS, || format!("{renewals}"));
            }
        }
    };
    for size in [f64::MIN_POSITIVE, 0.7, 1e300] {
        let (sbg, bdw) =
            (Sbg::new(YEAR, size, 1.3).unwrap(), Bdw::new(YEAR, 0.7, size, 1.1).unwrap());
        value(&|first, renewals| {
            [
                sbg.lifetime_value(&margin, ten, rate, first),
                sbg.residual_lifetime_value(renewals, &margin, ten, rate),
            ]
        });
        value(&|first, renewals| {
            [
                bdw.lifetime_value(&margin, ten, rate, first),
                bdw.residual_lifetime_value(renewals, &margin, ten, rate),
            ]
        });
    }
    let loyal = ConstantRetention::new(YEAR, Probability::ONE);
    let growing = margin.growing(0.1, YEAR, GrowthStart::AfterFirst).unwrap();
    assert_message(
        loyal.lifetime_value(&growing, Horizon::FOREVER, rate, FirstMargin::Now),
        "discounted lifetime for ever is undefined: it needs retention < 1 + discount net of growth, but has 1 \
         and 0",
    );
    assert_message(
        loyal.residual_lifetime_value(0, &growing, years(0.5), rate),
        "horizon in periods must lie in the whole numbers, but is 0.5",
    );
    let mad = margin.growing(1e300, TimeUnit::Day, GrowthStart::AfterFirst).unwrap();
    assert_message(
        loyal.lifetime_value(&mad, ten, rate, FirstMargin::Now),
        "discount net of growth is undefined: the value leaves the range of f64",
    );
}

#[test]
fn purchase_cycles() {
    let message = "purchase cycle must lie in (0, ∞) days, but is";
    let half = chance(0.5);
    assert_message(PurchaseCycle::new(Horizon::FOREVER, 1.0, half), &format!("{message} for ever"));
    assert_message(PurchaseCycle::new(years(0.0), 1.0, half), &format!("{message} 0"));
    let yearly = PurchaseCycle::new(years(1.0), 1.0, half).unwrap();
    assert_message(
        yearly.promoted(years(0.0), 1.0),
        "span of promotion must lie in (0, ∞) days, but is 0",
    );
    for amount in FLOATS {
        for (name, got) in [
            ("contribution", PurchaseCycle::new(years(1.0), amount, half).map(|_| 0.0)),
            ("cost of promotion", yearly.promoted(years(1.0), amount).map(|_| 0.0)),
            (
                "acquisition cost",
                yearly.lifetime_value_less_acquisition(amount, years(1.0), DiscountRate::NONE),
            ),
        ] {
            if !amount.is_finite() {
                assert_message(got, &format!("{name} must lie in (-∞, ∞), but is {amount}"));
            }
        }
    }
    for r in CHANCES {
        for cycle in [years(1.0), Horizon::days(1e-300).unwrap(), years(1e300), years(0.25)] {
            for span in [years(0.5), Horizon::days(5e-324).unwrap(), years(1e300)] {
                let cycle = PurchaseCycle::new(cycle, f64::MAX, chance(r)).unwrap();
                let cycle = cycle.promoted(span, -1.0).unwrap();
                for horizon in some_horizons() {
                    for rate in rates() {
                        let what = || format!("{cycle:?} {horizon:?} {rate:?}");
                        assert_finite(cycle.lifetime_value(horizon, rate), &KINDS, what);
                    }
                }
            }
        }
    }
    assert_message(
        yearly.lifetime_value(years(1.5), DiscountRate::NONE),
        "horizon in periods must lie in the whole numbers, but is 1.5",
    );
    let loyal = PurchaseCycle::new(years(2.0), 1.0, Probability::ONE).unwrap();
    assert_message(
        loyal.lifetime_value(Horizon::FOREVER, DiscountRate::NONE),
        "lifetime value for ever is undefined: it needs retention < 1 + discount, but has 1 and 0 a cycle",
    );
}

#[test]
fn profit_curves() {
    assert_message(
        ProfitCurve::new(YEAR, 1.0, 1.0, 1_000_001, 1.0),
        "turning point must lie in [0, 10⁶], but is 1000001",
    );
    for amount in FLOATS {
        let curves = [
            ("v", ProfitCurve::new(YEAR, amount, 1.0, 3, 1.0)),
            ("h", ProfitCurve::new(YEAR, 1.0, amount, 3, 1.0)),
            ("N", ProfitCurve::new(YEAR, 1.0, 1.0, 3, amount)),
        ];
        for (name, curve) in curves {
            let Ok(curve) = curve else {
                let want = format!("{name} must lie in (-∞, ∞), but is {amount}");
                assert_message(curve, &want);
                continue;
            };
            for t in FLOATS {
                let profit = curve.profit(t);
                let good = t >= 0.0 && t.is_finite();
                if good {
                    assert_finite(profit, &["Undefined"], || format!("{curve:?} {t}"));
                } else {
                    assert_message(profit, &format!("t must lie in [0, ∞), but is {t}"));
                }
            }
            for r in CHANCES {
                for horizon in some_horizons() {
                    for rate in rates().into_iter().step_by(3) {
                        let what = || format!("{curve:?} {r} {horizon:?} {rate:?}");
                        // A long sum, once is enough.
                        let days = horizon.in_unit(TimeUnit::Day).unwrap_or(0.0);
                        if days < 1e5 {
                            let value = curve.lifetime_value(chance(r), horizon, rate);
                            assert_finite(value, &KINDS, what);
                        }
                        let value = curve.continuous_lifetime_value(chance(r), horizon, rate);
                        assert_finite(value, &KINDS, what);
                    }
                }
            }
        }
    }
    let late = ProfitCurve::new(TimeUnit::Day, 1.0, 1e-9, 1_000_000, 1.0).unwrap();
    let (loyal, ever) = (Probability::ONE, Horizon::FOREVER);
    let message =
        "lifetime value for ever is undefined: it needs retention < 1 + discount, but has 1 and 0";
    assert_message(late.lifetime_value(loyal, ever, DiscountRate::NONE), message);
    assert_message(late.continuous_lifetime_value(loyal, ever, DiscountRate::NONE), message);
    let rate = DiscountRate::annual(0.1).unwrap();
    let what = || "a million days".to_owned();
    assert!(assert_finite(late.lifetime_value(loyal, ever, rate), &[], what).is_some());
    let gone = late.continuous_lifetime_value(Probability::ZERO, ever, rate).unwrap();
    assert_eq!(gone.to_bits(), 0, "nobody stays for a moment");
}

#[test]
fn chains() {
    let matrix = |rows: Vec<Vec<f64>>| TransitionMatrix::new(rows).unwrap();
    let leaving = matrix(vec![vec![0.8, 0.2], vec![0.0, 1.0]]);
    assert_message(
        MigrationModel::new(years(0.0), leaving.clone()),
        "period must lie in (0, ∞) days, but is 0",
    );
    assert_message(
        MigrationModel::by_recency(years(1.0), &[]),
        "chances to buy again must not be empty",
    );
    let chains = [
        leaving.clone(),
        matrix(vec![vec![1.0]]),
        matrix(vec![vec![0.0, 1.0], vec![1.0, 0.0]]),
        matrix(vec![vec![1.0 - f64::EPSILON, f64::EPSILON], vec![f64::MIN_POSITIVE, 1.0]]),
    ];
    let amounts = [0.0, 1.0, -1.0, f64::MAX, 5e-324];
    for chain in chains {
        for period in [years(1.0), Horizon::days(1e-300).unwrap(), years(1e300)] {
            let model = MigrationModel::new(period, chain.clone()).unwrap();
            assert_eq!((model.period(), model.chances()), (period, &chain));
            for horizon in some_horizons() {
                for rate in rates() {
                    for amount in amounts {
                        let margins = vec![amount; chain.rows().len()];
                        for first in FIRST {
                            let what = || format!("{model:?} {amount} {horizon:?} {rate:?}");
                            let values = model.lifetime_values(&margins, horizon, rate, first);
                            match values {
                                Ok(values) => assert!(values.iter().all(|v| v.is_finite())),
                                Err(error) => {
                                    assert_finite(Err(error), &KINDS, what);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    let model = MigrationModel::new(years(1.0), leaving).unwrap();
    let (ten, rate, now) = (years(10.0), DiscountRate::NONE, FirstMargin::Now);
    let values = |margins: &[f64], horizon| model.lifetime_values(margins, horizon, rate, now);
    assert_message(
        values(&[1.0], ten),
        "margins and states must have the same length, but have 1 and 2",
    );
    assert_message(values(&[1.0, f64::NAN], ten), "margin must lie in (-∞, ∞), but is NaN (row 1)");
    assert_message(
        values(&[1.0, 0.0], years(2e6)),
        "horizon in periods must lie in [0, 10⁶] or for ever, but is 2000000",
    );
    assert_message(
        values(&[0.0, 1.0], Horizon::FOREVER),
        "lifetime value for ever is undefined: margins go on for ever, and a discount of 0 a period does not \
         stop them",
    );
    assert_eq!(values(&[1.0, 2.0], years(0.0)).unwrap(), [0.0, 0.0]);
    let start = |start: &[f64]| model.expected_lifetime_value(start, &[1.0, 0.0], ten, rate, now);
    assert_message(
        start(&[1.0]),
        "chances of the start and states must have the same length, but have 1 and 2",
    );
    assert_message(start(&[f64::NAN, 1.0]), "chance must lie in [0, 1], but is NaN (row 0)");
    assert_message(
        start(&[0.5, 0.25]),
        "the chances of the start must add up to 1, but add up to 0.75",
    );
    for p in FLOATS {
        assert_finite(start(&[p, 1.0 - p]), &["OutOfDomain"], || format!("{p}"));
    }
}

#[test]
fn equity() {
    assert_message(
        CustomerEquity::of(&["a"], &[]),
        "groups and lifetime values must have the same length, but have 1 and 0",
    );
    assert_message(
        CustomerEquity::of(&["a", "b"], &[1.0, f64::NAN]),
        "lifetime value must lie in (-∞, ∞), but is NaN (row 1)",
    );
    let none = CustomerEquity::<u8>::of(&[], &[]).unwrap();
    let report = none.report().unwrap();
    assert_eq!((report.customers, report.total.to_bits(), report.groups.len()), (0, 0, 0));
    assert_eq!(none.total_less_acquisition(5.0).unwrap().to_bits(), 0);
    let mut equity = CustomerEquity::default();
    for value in FLOATS {
        let before = equity.clone();
        let added = equity.add("all", value);
        assert_eq!(added.is_ok(), value.is_finite());
        assert_eq!(added.is_err(), equity == before, "{value}");
        let total = assert_finite(equity.total(), &["Undefined"], || format!("{value}"));
        assert_eq!(total.is_some(), equity.report().is_ok());
        if !value.is_finite() {
            let want = format!("acquisition cost must lie in (-∞, ∞), but is {value}");
            assert_message(before.total_less_acquisition(value), &want);
        }
    }
    let two = CustomerEquity::of(&[1, 2], &[f64::MAX, f64::MAX]).unwrap();
    assert_message(two.total(), "customer equity is undefined: the value leaves the range of f64");
    assert_kind(two.report(), "Undefined");
    // The cost brings it back: only the result is rounded.
    let back = two.total_less_acquisition(f64::MAX / 2.0).unwrap();
    assert_eq!(back.to_bits(), f64::MAX.to_bits());
    let losses = CustomerEquity::of(&["gain", "loss"], &[1.0, -1.0]).unwrap().report().unwrap();
    assert!(losses.groups.iter().all(|group| group.share.is_none()));
    // Doubled 64 times: more customers than are counted.
    let mut many = CustomerEquity::of(&["one"], &[1.0]).unwrap();
    for _ in 0..63 {
        let other = many.clone();
        many.merge(&other).unwrap();
    }
    assert_eq!(many.customers(), 1 << 63);
    let before = many.clone();
    assert_message(
        many.merge(&before),
        "the number of customers has more digits than the type holds exactly",
    );
    assert_eq!(many, before, "nothing is half done");
    assert_eq!(many.regrouped(|_| 0).customers(), 1 << 63);
}

#[test]
fn newcomers_and_prospects() {
    for a in FLOATS {
        for b in FLOATS {
            let what = || format!("{a} {b}");
            let good = a.is_finite() && b.is_finite();
            let values = [
                newcomer_value(a, b),
                newcomer_value_less_acquisition(a, 1.0, b),
                prospect_value(chance(0.5), a, b),
            ];
            for value in values {
                let kinds: &[&str] = if good { &["Undefined"] } else { &["OutOfDomain"] };
                let value = assert_finite(value, kinds, what);
                assert!(good || value.is_none(), "{a} {b}");
            }
        }
    }
    let infinite = newcomer_value_less_acquisition(1.0, 1.0, f64::INFINITY);
    assert_message(infinite, "acquisition cost must lie in (-∞, ∞), but is inf");
    assert_message(
        prospect_value(Probability::ONE, 1.0, f64::NAN),
        "cost per prospect must lie in (-∞, ∞), but is NaN",
    );
}

#[test]
fn each_by_his_own_valuation() {
    let shop = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap();
    let two = Histories::new(TimeUnit::Week, &[0; 2], &[0.0; 2], &[1.0; 2]).unwrap();
    let year = Valuation::new(years(1.0), DiscountRate::NONE);
    assert_message(
        customer_lifetime_values_each(&shop, &[1.0], &two, &[year; 2]),
        "expected spends and histories must have the same length, but have 1 and 2",
    );
    assert_message(
        customer_lifetime_values_each(&shop, &[1.0; 2], &two, &[year; 3]),
        "valuations and histories must have the same length, but have 3 and 2",
    );
    assert_message(
        customer_lifetime_values_each(&shop, &[1.0, f64::NAN], &two, &[year; 2]),
        "expected spend must lie in (-∞, ∞), but is NaN (row 1)",
    );
    let ever = Valuation::new(Horizon::FOREVER, DiscountRate::NONE);
    assert_kind(customer_lifetime_values_each(&shop, &[1.0; 2], &two, &[year, ever]), "Undefined");
    for margin in FLOATS.into_iter().filter_map(|margin| year.margin(margin).ok()) {
        let values = customer_lifetime_values_each(&shop, &[f64::MAX; 2], &two, &[year, margin]);
        let values = values.map(|values| values[1]);
        assert_finite(values, &["Undefined"], || format!("{margin:?}"));
    }
    for unit in UNITS {
        let none = Histories::new(unit, &[], &[], &[]).unwrap();
        assert_eq!(customer_lifetime_values_each(&shop, &[], &none, &[]), Ok(vec![]));
    }
}
