//! Models at the ends of their parameters, on hostile customers, horizons and rates; fits of hostile data.

use goodwill::{
    BgNbd, DiscountRate, Discounting, ErrorKind, FitOptions, GammaGamma, Histories, History,
    Horizon, Probability, PurchaseModel, Spend, SpendModel, Spends, TimeUnit, Valuation,
    customer_lifetime_value, customer_lifetime_values,
};

use crate::{NUMBERS, assert_out_of_domain, explained, sound};

/// Parameters a model can have, from end to end.
const PARAMETERS: [f64; 7] = [5e-324, 1e-300, 1e-8, 1.0, 1e8, 1e300, f64::MAX];

fn histories() -> Vec<History> {
    let row = |x, recency, age| History::new(TimeUnit::Week, x, recency, age).unwrap();
    vec![
        row(0, 0.0, 0.0),
        row(0, 0.0, f64::MAX),
        row(1, 5e-324, 5e-324),
        row(1, 1.0, f64::MAX),
        row(2, 30.43, 38.86),
        row(u32::MAX, 30.0, 38.0),
        row(u32::MAX, f64::MAX, f64::MAX),
    ]
}

fn horizons() -> Vec<Horizon> {
    let finite = [0.0, 5e-324, 1e-9, 39.0, 1e15, f64::MAX];
    let finite = finite.into_iter().map(|weeks| Horizon::weeks(weeks).unwrap());
    finite.chain([Horizon::FOREVER]).collect()
}

#[test]
fn parameters_are_positive_and_finite() {
    for bad in NUMBERS.into_iter().filter(|&x| !(x > 0.0 && x < f64::INFINITY)) {
        let new = |r, alpha, a, b| BgNbd::new(TimeUnit::Day, r, alpha, a, b);
        assert_out_of_domain(new(bad, 1.0, 1.0, 1.0), "r", None);
        assert_out_of_domain(new(1.0, bad, 1.0, 1.0), "alpha", None);
        assert_out_of_domain(new(1.0, 1.0, bad, 1.0), "a", None);
        assert_out_of_domain(new(1.0, 1.0, 1.0, bad), "b", None);
        assert_out_of_domain(GammaGamma::new(bad, 1.0, 1.0), "p", None);
        assert_out_of_domain(GammaGamma::new(1.0, bad, 1.0), "q", None);
        assert_out_of_domain(GammaGamma::new(1.0, 1.0, bad), "v", None);
    }
}

/// Every model of extreme parameters says something finite, or why not, of every customer.
#[test]
fn extreme_purchase_models_are_finite_or_say_why() {
    let corners = PARAMETERS.into_iter().flat_map(|r| {
        PARAMETERS.into_iter().flat_map(move |alpha| {
            [(5e-324, 1.0), (1.0, 1e300), (1e300, 1e-300), (0.8, 2.4), (f64::MAX, f64::MAX)]
                .map(|(a, b)| BgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap())
        })
    });
    for model in corners {
        for history in histories() {
            let alive = model.probability_alive(&history).get();
            assert!((0.0..=1.0).contains(&alive), "{model:?} {history:?}: {alive}");
            for horizon in horizons() {
                sound(model.expected_purchases(&history, horizon));
                sound(model.expected_purchases_of_newcomer(horizon));
                for n in [0, 1, u32::MAX] {
                    let known = model.purchase_probability(&history, n, horizon);
                    let newcomer = model.purchase_probability_of_newcomer(n, horizon);
                    for result in [known, newcomer] {
                        sound(result.map(Probability::get));
                    }
                }
            }
        }
    }
}

#[test]
fn extreme_discounting_is_finite_or_says_why() {
    let rates = [-0.999_999, -1e-12, 0.0, 1e-300, 1e-12, 0.1, 1e300];
    let rates = rates.map(|rate| DiscountRate::annual(rate).unwrap());
    let models = [(0.243, 4.414, 0.793, 2.426), (1e-8, 1e8, 1e-8, 1e8), (1e6, 1e-6, 3.0, 1e-6)]
        .map(|(r, alpha, a, b)| BgNbd::new(TimeUnit::Week, r, alpha, a, b).unwrap());
    for model in models {
        for history in histories() {
            for rate in rates {
                for horizon in horizons() {
                    sound(model.discounted_purchases(&history, horizon, rate));
                    for spend in NUMBERS {
                        let valuation = Valuation::new(horizon, rate).margin(0.5).unwrap();
                        if spend > 0.0 && spend < 1.0 {
                            sound(customer_lifetime_value(&model, spend, &history, &valuation));
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn spend_models_are_finite_or_say_why() {
    for p in PARAMETERS {
        for q in PARAMETERS {
            for v in PARAMETERS {
                let model = GammaGamma::new(p, q, v).unwrap();
                sound(model.expected_spend_of_newcomer());
                for mean in NUMBERS {
                    for frequency in [1, u32::MAX] {
                        let Ok(spend) = Spend::new(frequency, mean) else { continue };
                        sound(model.expected_spend(&spend));
                    }
                }
            }
        }
    }
    let model = GammaGamma::new(2.0, 0.8, 10.0).unwrap();
    let said = model.expected_spend(&Spend::UNKNOWN).unwrap_err().to_string();
    assert!(said.ends_with("the population mean is infinite where q ≤ 1, and q = 0.8"), "{said}");
    let said = model.expected_spend(&Spend::new(3, -1.0).unwrap()).unwrap_err().to_string();
    assert!(said.contains("the mean repeat spend is -1"), "{said}");
}

#[test]
fn values_refuse_what_is_no_number() {
    let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap();
    let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86).unwrap();
    let year = Valuation::new(Horizon::years(1.0).unwrap(), DiscountRate::NONE);
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_out_of_domain(year.margin(bad), "margin", None);
        let value = customer_lifetime_value(&model, bad, &customer, &year);
        assert_out_of_domain(value, "expected spend", None);
    }
    let two = Histories::new(TimeUnit::Week, &[0, 0], &[0.0, 0.0], &[1.0, 2.0]).unwrap();
    let values = customer_lifetime_values(&model, &[1.0, f64::NAN], &two, &year);
    assert_out_of_domain(values, "expected spend", Some(1));
    let short = customer_lifetime_values(&model, &[1.0], &two, &year).unwrap_err();
    assert!(matches!(short.kind(), ErrorKind::LengthMismatch { .. }));
    for step in [0.0, 1e-300, 0.3, f64::MAX] {
        let steps = year.discounting(Discounting::EndOfStep(Horizon::years(step).unwrap()));
        let error = customer_lifetime_value(&model, 1.0, &customer, &steps).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{step}: {error}");
    }
}

#[test]
fn fits_of_hostile_data_end_with_a_reason() {
    let fit = |frequency: &[u32], recency: &[f64], age: &[f64]| {
        let histories = Histories::new(TimeUnit::Week, frequency, recency, age).unwrap();
        BgNbd::fit(&histories)
    };
    assert_eq!(fit(&[], &[], &[]).unwrap_err().to_string(), "histories must not be empty");
    for (frequency, recency, age) in [
        (vec![0; 9], vec![0.0; 9], vec![0.0; 9]),
        (vec![0; 9], vec![0.0; 9], vec![f64::MAX; 9]),
        (vec![1; 9], vec![5e-324; 9], vec![5e-324; 9]),
        (vec![u32::MAX; 9], vec![1.0; 9], vec![1.0; 9]),
        (vec![3; 9], vec![f64::MAX; 9], vec![f64::MAX; 9]),
        (vec![1, 0, 2], vec![1e-300, 0.0, 1e300], vec![1.0, 1.0, 1e300]),
    ] {
        if let Err(error) = fit(&frequency, &recency, &age) {
            explained(&error);
            let text = error.to_string();
            assert!(!text.contains("NaN"), "{text}");
        }
    }
    let spends = |frequency: &[u32], mean: &[f64]| {
        GammaGamma::fit(&Spends::new(frequency, mean).unwrap()).map(|fit| *fit.model())
    };
    let said = spends(&[0, 1, 1], &[0.0, 0.0, -3.0]).unwrap_err().to_string();
    assert_eq!(said, "repeat spend above 0 must not be empty");
    for mean in [5e-324, 1.0, 1e300, f64::MAX] {
        let same = spends(&[3; 9], &[mean; 9]).map_err(|error| explained(&error));
        assert!(same.is_err(), "{mean}: {same:?}");
        let _ = spends(&[1, u32::MAX, 2], &[mean, 1.0, 1e-300]).map_err(|error| explained(&error));
    }
}

#[test]
fn a_fit_that_is_cut_short_is_no_fit() {
    let (x, recency, age) =
        ([0, 1, 2, 6, 1], [0.0, 9.0, 20.0, 25.0, 1.0], [30.0, 28.0, 30.0, 26.0, 30.0]);
    let histories = Histories::new(TimeUnit::Week, &x, &recency, &age).unwrap();
    let error = BgNbd::fit_with(&histories, &FitOptions::new().max_iterations(1)).unwrap_err();
    let ErrorKind::NotConverged { model, iterations, point, .. } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!((*model, *iterations, point.len()), ("BG/NBD", 1, 4));
}
