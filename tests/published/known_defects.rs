//! What other libraries are known to get wrong in cutting customers, done right.

use goodwill::tiering::{Abc, ComputedAbc, Ranking, SpecialCases, Thresholds, Treatment};
use goodwill::{Pyramid, Ties};
use rust_decimal::Decimal;

use crate::support::{assert_kind, assert_message, cdnow, cdnow_end};

fn sizes<V: goodwill::Value>(tiering: &goodwill::Tiering<V>) -> Vec<usize> {
    tiering.tiers().iter().map(|tier| tier.customers).collect()
}

/// Cuts at quantile + 1 put all of 1,000 amounts between 0 and 1 into one bin, and amounts 1,000 times as large
/// into five: the unit of money must not matter.
#[test]
fn small_amounts_are_cut_as_large_ones() {
    let fifths = Pyramid::quantiles(5).unwrap();
    let small: Vec<Decimal> = (1..=1_000).map(|i| Decimal::new(i * 7_919 % 9_999, 4)).collect();
    let large: Vec<Decimal> = (1..=1_000).map(|i| Decimal::new(i * 7_919 % 9_999, 1)).collect();
    let (one, two) = (
        fifths.assign(&small, Ties::TogetherUp).unwrap(),
        fifths.assign(&large, Ties::TogetherUp).unwrap(),
    );
    assert_eq!(sizes(&one), [200; 5]);
    assert_eq!(one.assignments(), two.assignments());
}

/// Ties broken by the customer's id part equals, and another id moves a customer.
#[test]
fn equal_spend_is_one_tier() {
    let values = [90, 50, 50, 50, 50, 10].map(Decimal::from);
    let halves = Pyramid::quantiles(2).unwrap();
    assert_eq!(sizes(&halves.assign(&values, Ties::TogetherUp).unwrap()), [5, 1]);
    assert_eq!(sizes(&halves.assign(&values, Ties::TogetherDown).unwrap()), [1, 5]);
    // ABC too: half of the value is reached within the equal ones.
    assert_eq!(sizes(&Abc::classic().assign(&values, Ties::TogetherUp).unwrap()), [5, 0, 1]);
}

/// Losses and missing values set to 0 without a word change the curve; here they are refused or have a tier.
#[test]
fn losses_are_not_zeros() {
    let values = [Some(80.0), Some(-20.0), None, Some(20.0), Some(0.0)];
    let present: Vec<f64> = values.iter().flatten().copied().collect();
    let refused = ComputedAbc::of(&Ranking::of(&present).unwrap());
    assert_kind(refused.clone(), "Undefined");
    assert_message(refused, "computed ABC is undefined: a value is -20.0, not above 0");
    let own = |name: &str| Treatment::OwnTier(name.to_owned());
    let cases = SpecialCases::new(own("idle"), own("loss"), own("unknown"));
    let cut = |ranked: &[f64]| ComputedAbc::of(&Ranking::of(ranked)?)?.thresholds()?.assign(ranked);
    let tiering = cases.assign(&values, cut).unwrap();
    let names: Vec<&str> = tiering
        .assignments()
        .iter()
        .map(|&tier| tiering.tiers()[tier as usize].name.as_str())
        .collect();
    assert_eq!(names, ["A", "loss", "unknown", "C", "idle"]);
    assert_eq!(tiering.total().to_bits(), 80.0_f64.to_bits());
}

/// The best value of A belongs to A: a limit is in the tier that it limits.
#[test]
fn the_limit_of_a_is_in_a() {
    let values = [90.0, 5.0, 3.0, 2.0];
    let abc = ComputedAbc::of(&Ranking::of(&values).unwrap()).unwrap();
    assert_eq!(abc.thresholds().unwrap().assign(&values).unwrap().assignments()[0], 0);
}

/// A tier from 0 takes everyone without a loss; a customer exactly at a threshold has reached it.
#[test]
fn a_least_spend_of_0_is_a_threshold() {
    let tiers = [("gold", 1_000), ("silver", 0)].map(|(name, floor)| (name, Decimal::from(floor)));
    let card = Thresholds::new(tiers, "none").unwrap();
    let values = [1_000, 999, 0, -1].map(Decimal::from);
    assert_eq!(card.assign(&values).unwrap().assignments(), [0, 1, 1, 2]);
}

/// More than half of CDNOW bought once: two of the four quartiles share their cut. All four tiers are there, equal
/// customers are together, and the empty tier says that it is empty.
#[test]
fn quartiles_of_cdnow_frequency_do_not_collapse() {
    let ledger = cdnow();
    let summaries = ledger.summaries(cdnow_end()).unwrap();
    let frequency: Vec<f64> = summaries.iter().map(|s| f64::from(s.occasions)).collect();
    let tiering = Pyramid::quantiles(4).unwrap().assign(&frequency, Ties::TogetherUp).unwrap();
    assert_eq!(tiering.tiers().len(), 4);
    // 1,218 of 2,357 bought on one day, 403 on two, 736 on more, counted in the file.
    assert_eq!(sizes(&tiering), [736, 1_621, 0, 0]);
    // The second cut falls among those who bought once, and so does the third: all of them are in the second.
    let (first, second) = (&tiering.tiers()[0], &tiering.tiers()[1]);
    assert_eq!((first.cutoff, second.cutoff), (Some(3.0), Some(1.0)));
    assert_eq!((tiering.tiers()[3].mean, tiering.tiers()[3].cutoff), (None, None));
}
