//! Gamma-Gamma at parameters and spends of all sizes.

use goodwill::lifetime::SpendIndependence;
use goodwill::{GammaGamma, Probability, Spend, SpendModel, Spends};

use crate::table::{COUNTS, FLOATS, PARAMETERS};
use crate::{assert_finite, assert_kind, assert_message};

#[test]
fn parameters() {
    for (position, name) in ["p", "q", "v"].into_iter().enumerate() {
        for value in FLOATS {
            let mut all = [1.0; 3];
            all[position] = value;
            let got = GammaGamma::new(all[0], all[1], all[2]);
            if value > 0.0 && value.is_finite() {
                let model = got.unwrap();
                let read = [model.p(), model.q(), model.v()];
                assert_eq!(read.map(f64::to_bits), all.map(f64::to_bits));
                assert_eq!(
                    model.parameters().map(|(_, value)| value.to_bits()),
                    all.map(f64::to_bits)
                );
            } else {
                assert_message(got, &format!("{name} must lie in (0, ∞), but is {value}"));
            }
        }
    }
}

#[test]
fn expected_spend_and_likelihood() {
    let spends: Vec<Spend> = COUNTS
        .iter()
        .flat_map(|&x| FLOATS.iter().filter_map(move |&mean| Spend::new(x, mean).ok()))
        .collect();
    for p in PARAMETERS {
        for q in PARAMETERS {
            for v in PARAMETERS {
                let model = GammaGamma::new(p, q, v).unwrap();
                let what = || format!("{model:?}");
                let newcomer = model.expected_spend_of_newcomer();
                // Only where q ≤ 1, or where p·v is too large a number.
                assert_eq!(newcomer.is_err(), q <= 1.0 || p * v > f64::MAX, "{}", what());
                assert_finite(newcomer, &["Undefined"], what);
                for spend in &spends {
                    let what = || format!("{model:?} {spend:?}");
                    let got = assert_finite(model.expected_spend(spend), &["Undefined"], what);
                    assert!(got.is_none_or(|got| got >= 0.0), "{}: {got:?}", what());
                    let likelihood = model.log_likelihood(&[*spend].into_iter().collect());
                    assert_finite(likelihood, &["Undefined"], what);
                }
            }
        }
    }
    let model = GammaGamma::new(6.25, 3.74, 15.44).unwrap();
    assert_eq!(model.log_likelihood(&Spends::default()).unwrap().to_bits(), 0);
}

#[test]
fn messages() {
    let heavy = GammaGamma::new(0.1, 0.5, 15.0).unwrap();
    assert_message(
        heavy.expected_spend_of_newcomer(),
        "expected spend of a newcomer is undefined: the population mean is infinite where q ≤ 1, and q = 0.5",
    );
    assert_message(
        heavy.expected_spend(&Spend::new(1, 5.0).unwrap()),
        "expected spend is undefined: it is infinite where px + q ≤ 1, and px + q = 0.6",
    );
    assert_message(
        heavy.expected_spend(&Spend::new(1, -5.0).unwrap()),
        "expected spend is undefined: the mean repeat spend is -5, and the model is of amounts above 0",
    );
}

#[test]
fn spends_too_large_for_a_number() {
    let reason = "is undefined: the value leaves the range of f64";
    let spend = Spend::new(2, 1e300).unwrap();
    for (p, v) in [(1e300, 1e300), (f64::MAX, 1e8), (1e8, f64::MAX)] {
        let model = GammaGamma::new(p, 2.0, v).unwrap();
        assert_message(
            model.expected_spend_of_newcomer(),
            &format!("expected spend of a newcomer {reason}"),
        );
        assert_message(model.expected_spend(&spend), &format!("expected spend {reason}"));
    }
    let model = GammaGamma::new(1e154, 2.0, 1e154).unwrap();
    assert_eq!(model.expected_spend_of_newcomer(), Ok(1e308));
}

#[test]
fn simulated_spends() {
    for (p, q, v) in PARAMETERS
        .iter()
        .flat_map(|&p| PARAMETERS.map(|q| (p, q)))
        .flat_map(|(p, q)| PARAMETERS.map(|v| (p, q, v)))
    {
        let model = GammaGamma::new(p, q, v).unwrap();
        match model.simulate_spends(&COUNTS, 1) {
            Ok(spends) => {
                assert!(spends.iter().skip(1).all(|s| s.mean() > 0.0 && s.mean().is_finite()));
                if let Ok(all) = model.all_expected_spends(&spends) {
                    assert!(all.iter().all(|mean| mean.is_finite()));
                }
            }
            Err(error) => assert_kind::<Spends>(Err(error), "Undefined"),
        }
    }
}

#[test]
fn independence() {
    let level = Probability::constant(0.95);
    for value in FLOATS {
        let spends = Spends::new(&[1, 2, 3, 4, 5], &[1.0, 2.0, 3.0, 5.0, value]);
        let Ok(spends) = spends else { continue };
        let got = SpendIndependence::test(&spends, 0.3, level);
        let what = || value.to_string();
        if let Some(r) = assert_finite(got.map(|got| got.correlation.value()), &["Undefined"], what)
        {
            assert!((-1.0..=1.0).contains(&r), "{value}: {r}");
        }
        let fine = Spends::new(&[1, 2, 3, 4], &[1.0, 2.0, 3.0, 5.0]).unwrap();
        let got = SpendIndependence::test(&fine, value, level);
        assert_eq!(got.is_ok(), value > 0.0 && value < 1.0, "{value}");
    }
    let few = Spends::new(&[1, 2, 0], &[1.0, 2.0, 0.0]).unwrap();
    assert_message(
        SpendIndependence::test(&few, 0.3, level),
        "correlation of frequency and spend is undefined: it needs 4 customers with repeat purchases, and has 2",
    );
    let same = Spends::new(&[2; 4], &[1.0, 2.0, 3.0, 4.0]).unwrap();
    assert_kind(SpendIndependence::test(&same, 0.3, level), "Undefined");
    assert_kind(SpendIndependence::test(&same, 0.3, Probability::ONE), "OutOfDomain");
}
