//! A sketch keeps its bound at every rank, whatever the values, and merges as if it had seen all.

use goodwill::tiering::{Pyramid, QuantileSketch, Ranking, SpecialCases, Ties, Treatment};
use proptest::collection::vec;
use proptest::num::f64 as floats;
use proptest::prelude::*;

/// Money with ties, zeros and losses; and every finite number of normal size.
fn values() -> impl Strategy<Value = Vec<f64>> {
    let money = (-300_i64..2_000).prop_map(|cents| cents as f64 / 100.0);
    let any = floats::POSITIVE | floats::NEGATIVE | floats::NORMAL | floats::ZERO;
    prop_oneof![vec(money, 1..60), vec(any, 1..60)]
}

fn sketch(values: &[f64], relative_error: f64) -> QuantileSketch {
    let mut sketch = QuantileSketch::new(relative_error).unwrap();
    for &value in values {
        sketch.add(value).unwrap();
    }
    sketch
}

/// The values at all ranks, best first, to the bit.
fn read(sketch: &QuantileSketch) -> Vec<u64> {
    (1..=sketch.customers()).map(|rank| sketch.value_at_rank(rank).unwrap().to_bits()).collect()
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn every_rank_is_within_the_bound(values in values(), relative_error in 0.002_f64..0.4) {
        let sketch = sketch(&values, relative_error);
        prop_assert_eq!(sketch.customers(), values.len());
        let base = Ranking::of(&values).unwrap();
        for (above, &exact) in base.values().iter().enumerate() {
            let got = sketch.value_at_rank(above + 1).unwrap();
            // Halves, so that the difference of two large numbers stays finite.
            let off = (got / 2.0 - exact / 2.0).abs();
            let bound = relative_error * (1.0 + 1e-9) * (exact.abs() / 2.0);
            prop_assert!(off <= bound, "{got} for {exact}");
        }
    }

    #[test]
    fn cuts_are_within_the_bound(values in values(), groups in 1_u16..6) {
        let pyramid = Pyramid::quantiles(groups).unwrap();
        let exact = pyramid.thresholds(&Ranking::of(&values).unwrap(), Ties::TogetherUp);
        let got = pyramid.approximate_thresholds(&sketch(&values, 0.01));
        prop_assert_eq!(got.is_ok(), exact.is_ok());
        if let (Ok(got), Ok(exact)) = (got, exact) {
            prop_assert_eq!(got.names(), exact.names());
            for (got, exact) in got.floors().iter().zip(exact.floors()) {
                prop_assert!((got / 2.0 - exact / 2.0).abs() <= 0.010_000_01 * (exact.abs() / 2.0));
            }
        }
    }

    #[test]
    fn shards_merge_to_the_whole(a in values(), b in values(), relative_error in 0.002_f64..0.4) {
        let (mut ab, mut ba) = (sketch(&a, relative_error), sketch(&b, relative_error));
        ab.merge(&sketch(&b, relative_error)).unwrap();
        ba.merge(&sketch(&a, relative_error)).unwrap();
        let whole = read(&sketch(&[a, b].concat(), relative_error));
        prop_assert_eq!(&read(&ab), &whole);
        prop_assert_eq!(&read(&ba), &whole);
    }
}

/// Skewed values of 50,000 customers in seven shards: the classic pyramid puts all but those near a cut where the exact
/// one does; zeros, losses and missing values have their own tiers.
#[test]
fn a_base_in_shards() {
    let spend = |i: u32| (f64::from(i.wrapping_mul(2_654_435_761) >> 8) / 2_f64.powi(24)).powi(-2);
    let values: Vec<Option<f64>> = (1..=50_000)
        .map(|i| match i % 10 {
            0 => Some(0.0),
            1 => Some(-spend(i)),
            2 => None,
            _ => Some(spend(i)),
        })
        .collect();
    let gains: Vec<f64> = values.iter().flatten().copied().filter(|&value| value > 0.0).collect();
    let mut whole = QuantileSketch::new(0.01).unwrap();
    for shard in gains.chunks(5_000) {
        whole.merge(&sketch(shard, 0.01)).unwrap();
    }
    assert_eq!(whole.customers(), gains.len());
    let own = |name: &str| Treatment::OwnTier(name.to_owned());
    let cases = SpecialCases::new(own("idle"), own("at a loss"), own("unknown"));
    let cuts = Pyramid::classic().approximate_thresholds(&whole).unwrap();
    let got = cases.assign(&values, |ranked| cuts.assign(ranked)).unwrap();
    let exact = Pyramid::classic();
    let exact = cases.assign(&values, |ranked| exact.assign(ranked, Ties::TogetherUp)).unwrap();
    let mut moved = 0;
    for (row, value) in values.iter().enumerate() {
        let (got, exact) = (got.tier_of(row).unwrap(), exact.tier_of(row).unwrap());
        if got != exact {
            let near = |cut: &f64| (value.unwrap() / cut - 1.0).abs() <= 0.010_2;
            assert!(cuts.floors().iter().any(near), "row {row}: {got} for {exact}");
            moved += 1;
        }
    }
    // 1 % of value is ½ % of the customers at a cut of this distribution.
    assert!((1..350).contains(&moved), "{moved}");
    for special in [4, 5, 6] {
        assert_eq!(got.tiers()[special].customers, 5_000);
    }
}
