//! Cuts, potential and doubt of hostile values.

use goodwill::tiering::{
    Abc, ComputedAbc, Evidence, ParetoTail, Ranking, SpecialCases, Thresholds, TierDoubt,
    Treatment, cut_stability, gini_with_losses, potential,
};
use goodwill::{Concentration, Error, Probability, Pyramid, Share, Tiering, Ties, Value};
use rust_decimal::Decimal;

use crate::table::{FLOATS, decimals};
use crate::{assert_finite, assert_kind, assert_message, kind, row};

const TIES: [Ties; 3] = [Ties::TogetherUp, Ties::TogetherDown, Ties::InputOrder];

fn assert_tiering<V: Value>(got: Result<Tiering<V>, Error>, kinds: &[&str]) {
    match got {
        Ok(tiering) => {
            for tier in tiering.tiers() {
                let numbers = [tier.mean, tier.share_of_value, Some(tier.share_of_customers)];
                assert!(numbers.into_iter().flatten().all(f64::is_finite), "{tier:?}");
            }
        }
        Err(error) => assert!(kinds.contains(&kind(&error)), "{error}"),
    }
}

/// Everything that is read from a ranking.
fn read<V: Value>(values: &[V]) {
    let Ok(base) = Ranking::of(values) else { return };
    let mut twice = base.clone();
    twice.merge(&base);
    assert_eq!(twice.values().len(), 2 * values.len());
    let all = ["Undefined", "Overflow", "Inconsistent"];
    if let Err(error) = base.total() {
        assert_eq!(kind(&error), "Overflow");
    }
    for ties in TIES {
        assert_tiering(Abc::classic().assign(values, ties), &all);
        let metals = Pyramid::platinum_gold_iron_lead();
        for cuts in [metals.thresholds(&base, ties), Abc::classic().thresholds(&base, ties)] {
            match cuts {
                Ok(cuts) => {
                    assert_eq!(cuts.names().len(), cuts.floors().len() + 1);
                    assert!(cuts.tier_of(values[0]).unwrap() < cuts.names().len());
                    assert_tiering(cuts.assign(values), &["Overflow"]);
                }
                Err(error) => assert!(all.contains(&kind(&error)), "{error}"),
            }
        }
    }
    for tiers in 1..4 {
        match Thresholds::natural_breaks(&base, ["a", "b", "c"].into_iter().take(tiers)) {
            Ok(cuts) => assert_eq!(cuts.floors().len(), tiers - 1),
            got => assert_kind(got, "Undefined"),
        }
    }
    match ComputedAbc::of(&base) {
        Ok(abc) => {
            for point in [abc.pareto(), abc.break_even(), abc.submarginal()] {
                assert!((0.0..=1.0).contains(&point.effort), "{point:?}");
                assert!((0.0..=1.0).contains(&point.yielded), "{point:?}");
            }
            let floors = abc.thresholds().unwrap().floors().to_vec();
            assert!(floors.len() == 2 && floors[0] >= floors[1], "{floors:?}");
        }
        Err(error) => assert!(["Undefined", "Overflow"].contains(&kind(&error)), "{error}"),
    }
    for k in [0, 1, 2, usize::MAX] {
        match ParetoTail::of(&base, k) {
            Ok(tail) => {
                assert_eq!(tail.customers(), k);
                assert!(tail.exponent().is_finite() && tail.exponent() > 0.0, "{tail:?}");
                assert!(tail.standard_error().is_finite() && tail.standard_error() > 0.0);
            }
            Err(error) => assert!(["OutOfDomain", "Undefined"].contains(&kind(&error)), "{error}"),
        }
    }
    let gini = assert_finite(gini_with_losses(values), &["Undefined", "Overflow"], || {
        format!("{values:?}")
    });
    assert!(gini.is_none_or(|gini| (-1e-15..=1.0).contains(&gini)), "{gini:?}");
    if let Ok(concentration) = Concentration::of_ranking(base) {
        let n = values.len() as f64;
        let herfindahl = concentration.herfindahl();
        assert!(herfindahl > 0.0 && herfindahl <= 1.0 + 1e-15, "{values:?}: {herfindahl}");
        let effective = concentration.effective_customers();
        assert!((1.0 - 1e-15..=n * (1.0 + 1e-15)).contains(&effective), "{effective}");
        let theil = concentration.theil();
        assert!((0.0..=n.ln() + 1e-14).contains(&theil), "{values:?}: {theil}");
        let level = Probability::constant(0.9);
        if let Err(error) = concentration.interval(3, 1, level, |sample| Ok(sample.theil())) {
            assert!(["Undefined", "Overflow"].contains(&kind(&error)), "{error}");
        }
    }
}

#[test]
fn rankings_of_hostile_values() {
    for a in FLOATS {
        read(&[a]);
        for b in FLOATS {
            read(&[a, b, 1.0, a]);
            read(&[b, a, 0.0, 2.5, 2.5]);
        }
    }
    for &a in &decimals() {
        for &b in &decimals() {
            read(&[a, b]);
            read(&[Decimal::ONE, a, b, a]);
        }
    }
    let none: [f64; 0] = [];
    assert_message(Ranking::of(&none), "values must not be empty");
    assert_message(
        Ranking::of(&[1.0, f64::INFINITY]),
        "value must lie in (-∞, ∞), but is inf (row 1)",
    );
    assert_message(
        gini_with_losses(&[0.0, -0.0]),
        "Gini coefficient is undefined: all values are 0",
    );
    assert_kind(gini_with_losses(&[f64::MAX, f64::MIN]), "Overflow");
}

#[test]
fn tiers_that_cannot_be_cut() {
    assert_message(Pyramid::quantiles(0), "pyramid must not be empty");
    assert_eq!(Pyramid::quantiles(u16::MAX).unwrap().tiers().len(), usize::from(u16::MAX));
    let none: [(&str, Share); 0] = [];
    assert_kind(Abc::by_share_of_value(none), "Empty");
    assert_kind(Abc::by_share_of_value([("half", Share::percent(50).unwrap())]), "Inconsistent");
    assert_message(
        Abc::classic().assign(&[3.0, -3.0], Ties::TogetherUp),
        "share of value is undefined: the values add up to 0.0, not above 0",
    );
    // A tier without value above the others has nobody in it.
    let idle = [("none", Share::ZERO), ("all", Share::ONE)];
    let idle = Abc::by_share_of_value(idle).unwrap();
    let tiering = idle.assign(&[3.0, 4.0], Ties::TogetherUp).unwrap();
    assert_eq!(tiering.assignments(), [1, 1]);
    let base = Ranking::of(&[3.0, 4.0]).unwrap();
    assert_message(
        idle.thresholds(&base, Ties::TogetherUp),
        "threshold is undefined: nobody of the base is in its best tier",
    );
    assert_message(
        Pyramid::classic().thresholds(&base, Ties::InputOrder),
        "thresholds cannot part equal values: ties must stay together",
    );
    for floor in FLOATS {
        let got = Thresholds::new([("a", floor)], "rest");
        assert_eq!(got.is_ok(), floor.is_finite());
        if let Ok(cuts) = got {
            for value in FLOATS {
                assert_eq!(cuts.tier_of(value).is_ok(), value.is_finite());
            }
        }
    }
    assert_message(
        Thresholds::new([("a", 1.0), ("b", 2.0)], "rest"),
        "the floor 2.0 of a tier is above that of a better one (row 1)",
    );
    let names: [&str; 0] = [];
    assert_kind(Thresholds::natural_breaks(&base, names), "Empty");
    assert_message(
        Thresholds::natural_breaks(&base, ["a", "b", "c"]),
        "natural breaks is undefined: 3 tiers need as many values, but 2 differ",
    );
    let with_zero = Ranking::of(&[1.0, -0.0]).unwrap();
    assert_message(
        ComputedAbc::of(&with_zero),
        "computed ABC is undefined: a value is 0.0, not above 0",
    );
    assert_message(ParetoTail::of(&base, 2), "k must lie in [1, n), but is 2");
    let equal = Ranking::of(&[2.0, 2.0]).unwrap();
    assert_kind(ParetoTail::of(&equal, 1), "Undefined");
    // The product of the best and n does not fit, but he is above the mean all the same.
    let large = Ranking::of(&[1e308, 1.0, 1.0]).unwrap();
    assert_eq!(ComputedAbc::of(&large).unwrap().break_even().customers, 1);
}

#[test]
fn special_cases_of_hostile_values() {
    let own = |name: &str| Treatment::OwnTier(name.to_owned());
    let cut = |ranked: &[f64]| Pyramid::classic().assign(ranked, Ties::TogetherUp);
    let treatments = [own("own"), Treatment::Ranked, Treatment::Refused];
    for treatment in &treatments {
        let cases = SpecialCases::new(treatment.clone(), treatment.clone(), treatment.clone());
        for a in FLOATS {
            for b in FLOATS {
                let values = [Some(a), None, Some(b), Some(1.0)];
                assert_tiering(
                    cases.assign(&values, cut),
                    &["OutOfDomain", "Overflow", "Inconsistent"],
                );
            }
        }
    }
    let refused = SpecialCases::new(own("zero"), own("loss"), Treatment::Refused);
    assert_message(
        refused.assign(&[Some(1.0), None], cut),
        "the customer has no value, which is refused (row 1)",
    );
    let ranked = SpecialCases::new(own("zero"), own("loss"), Treatment::Ranked);
    assert_kind(ranked.assign(&[Some(1.0), None], cut), "Inconsistent");
    let nan = refused.assign(&[Some(0.0), Some(f64::NAN)], cut).unwrap_err();
    assert_eq!((kind(&nan), row(&nan)), ("OutOfDomain", Some(1)));
    assert_message(refused.assign(&[Some(-0.0)], cut), "values to cut must not be empty");
    assert_message(
        refused.assign(&[Some(1.0)], |_| cut(&[1.0, 2.0])),
        "values to cut and assignments must have the same length, but have 1 and 2",
    );
}

#[test]
fn potential_of_hostile_values() {
    let cuts = Thresholds::new([("a", 10.0)], "rest").unwrap();
    for a in FLOATS {
        for b in FLOATS {
            for evidence in [Evidence::Trend(&[b]), Evidence::Forecast(&[b])] {
                match potential(&cuts, &[a], evidence) {
                    Ok(list) => assert!(
                        list.iter().all(|c| c.expected.is_finite() && c.at_stake.is_finite())
                    ),
                    Err(error) => {
                        assert!(["OutOfDomain", "Overflow"].contains(&kind(&error)), "{error}");
                    }
                }
            }
        }
    }
    let none: [f64; 0] = [];
    assert_kind(potential(&cuts, &none, Evidence::Forecast(&[])), "Empty");
    assert_message(
        potential(&cuts, &[1.0], Evidence::Forecast(&[])),
        "values and forecasts must have the same length, but have 1 and 0",
    );
    assert_message(
        potential(&cuts, &[1.0, 2.0], Evidence::Forecast(&[3.0, f64::NAN])),
        "forecast must lie in (-∞, ∞), but is NaN (row 1)",
    );
    assert_message(
        potential(&cuts, &[1.0, 2.0], Evidence::Wallet(&[None, Some(Share::ZERO)])),
        "share of wallet must lie in (0, 1], but is 0 (row 1)",
    );
    // To the digit: neither 120.4 nor 0.4 is one in f64.
    let dec = |text: &str| text.parse::<Decimal>().unwrap();
    let card = Thresholds::new([("a", dec("120.40"))], "rest").unwrap();
    let rises = |before: &str| {
        potential(&card, &[dec("110.30")], Evidence::Trend(&[dec(before)])).unwrap().len()
    };
    assert_eq!((rises("100.20"), rises("100.21")), (1, 0));
    let card = Thresholds::new([("a", dec("0.4"))], "rest").unwrap();
    let share = |text: &str| Some(Share::new(dec(text)).unwrap());
    let whole = |text: &str| potential(&card, &[dec("0.3")], Evidence::Wallet(&[share(text)]));
    assert_eq!((whole("0.75").unwrap().len(), whole("0.7501").unwrap().len()), (1, 0));
    let little = Share::new("0.0000000000000000000000000001".parse().unwrap()).unwrap();
    let got = potential(&cuts, &[1e300], Evidence::Wallet(&[Some(little)]));
    assert_kind(got, "Overflow");
}

#[test]
fn doubt_of_hostile_draws() {
    let cut = |values: &[f64]| Pyramid::classic().assign(values, Ties::TogetherUp);
    let level = Probability::constant(0.9);
    assert_message(TierDoubt::from_draws(&[], level, cut), "draws must not be empty");
    assert_kind(TierDoubt::from_draws(&[vec![]], level, cut), "Empty");
    assert_kind(TierDoubt::from_draws(&[vec![1.0]], Probability::ONE, cut), "OutOfDomain");
    assert_message(
        TierDoubt::from_draws(&[vec![1.0], vec![1.0, 2.0]], level, cut),
        "first draw and a draw must have the same length, but have 1 and 2",
    );
    let short = |_: &[f64]| cut(&[1.0]);
    assert_kind(TierDoubt::from_draws(&[vec![1.0, 2.0]], level, short), "Inconsistent");
    for a in FLOATS {
        match TierDoubt::from_draws(&[vec![a, 1.0], vec![2.0, a]], level, cut) {
            Ok(doubt) => {
                assert!(doubt.probability(0, 0).is_some() && doubt.likeliest(1).is_some());
                assert_eq!(doubt.probability(0, 9).or(doubt.probability(9, 0)), None);
                assert_eq!((doubt.likeliest(2), doubt.rank_interval(2)), (None, None));
                assert!(doubt.too_close_to_call().all(|customer| customer < 2));
            }
            Err(error) => assert!(["OutOfDomain", "Overflow"].contains(&kind(&error)), "{error}"),
        }
    }
    let base = Ranking::of(&[3.0, 4.0]).unwrap();
    let halves = Pyramid::quantiles(2).unwrap();
    let at = |replicates, level| {
        cut_stability(&base, replicates, 1, level, |s| halves.thresholds(s, Ties::TogetherUp))
    };
    assert_kind(at(0, level), "Empty");
    assert_kind(at(5, Probability::ZERO), "OutOfDomain");
    // A sample is cut at 3 where it holds nothing else, at 4 otherwise.
    let stability = at(5, level).unwrap();
    assert!(stability.floors.iter().all(|cut| (3.0..=4.0).contains(&cut.value())), "{stability:?}");
    let uneven = |s: &Ranking<f64>| {
        let names = ["a", "b"].into_iter().take(if s.values() == [4.0, 3.0] { 2 } else { 1 });
        Thresholds::natural_breaks(s, names)
    };
    assert_kind(cut_stability(&base, 50, 1, level, uneven), "Inconsistent");
}
