//! Tiers partition the customers and add up to the base, by every rule for ties.

use goodwill::{ErrorKind, Pyramid, Share, Tiering, Ties, Value, money};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use crate::big::Big;
use crate::generate::{any_money, cents, shuffled};
use crate::support::{assert_kind, assert_message};

const TIES: [Ties; 3] = [Ties::TogetherUp, Ties::TogetherDown, Ties::InputOrder];
/// Shares are whole multiples of 1/PARTS.
const PARTS: u64 = 2_000;

/// Two to five tiers with their cumulative shares in parts; tiers of no customer among them.
fn pyramids() -> impl Strategy<Value = (Pyramid, Vec<u64>)> {
    vec(0..=PARTS, 0..5).prop_map(|mut cumulative| {
        cumulative.push(PARTS);
        cumulative.sort_unstable();
        let below = std::iter::once(&0).chain(&cumulative);
        let share = |(below, above): (&u64, &u64)| Decimal::new((above - below) as i64 * 5, 4);
        let tiers: Vec<(String, Share)> = below
            .zip(&cumulative)
            .enumerate()
            .map(|(i, ends)| (format!("tier {i}"), Share::new(share(ends)).unwrap()))
            .collect();
        (Pyramid::by_share_of_customers(tiers).unwrap(), cumulative)
    })
}

/// Whole numbers of 2⁻¹⁰: few, so that many are equal, or large, so that totals round. Both zeros.
fn floats() -> impl Strategy<Value = Vec<f64>> {
    let few = (-3_i64..4).prop_map(|step| step as f64);
    let small = (-2_000_i64..9_000).prop_map(|step| step as f64 / 1_024.0);
    let large = ((-1_i64 << 52)..(1_i64 << 53), 0_u32..40)
        .prop_map(|(step, shift)| (step >> shift) as f64 / 1_024.0);
    prop_oneof![vec(prop_oneof![few, Just(-0.0)], 1..40), vec(small, 1..40), vec(large, 1..40),]
}

/// The exact sum of multiples of 2⁻¹⁰, rounded once.
fn exact(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| (value * 1_024.0) as i128).sum::<i128>() as f64 / 1_024.0
}

/// How many customers lie above each lower edge, counted from the ranking.
fn planned<V: Value>(values: &[V], cumulative: &[u64], ties: Ties) -> Vec<usize> {
    let mut ranked = values.to_vec();
    ranked.sort_by(|a, b| b.partial_cmp(a).unwrap());
    let n = values.len();
    let above = |&parts: &u64| {
        let doubled = 2 * n as u64 * parts + PARTS;
        let size = (doubled / (2 * PARTS)) as usize;
        if size == 0 || size == n {
            return size;
        }
        let edge = ranked[size - 1];
        match ties {
            Ties::InputOrder => size,
            Ties::TogetherDown if ranked[size] == edge => {
                ranked.iter().filter(|&&v| v > edge).count()
            }
            _ => ranked.iter().filter(|&&v| v >= edge).count(),
        }
    };
    cumulative.iter().map(above).collect()
}

fn sizes<V: Value>(tiering: &Tiering<V>) -> Vec<usize> {
    tiering.tiers().iter().map(|tier| tier.customers).collect()
}

fn members<V: Value>(values: &[V], tiering: &Tiering<V>, tier: usize) -> Vec<V> {
    let own = values.iter().zip(tiering.assignments()).filter(|&(_, &own)| own as usize == tier);
    own.map(|(&value, _)| value).collect()
}

/// All that does not depend on how values are added up.
fn assert_partition<V: Value>(
    pyramid: &Pyramid,
    cumulative: &[u64],
    values: &[V],
    ties: Ties,
) -> Tiering<V> {
    let tiering = pyramid.assign(values, ties).unwrap();
    let names: Vec<&str> = tiering.tiers().iter().map(|tier| tier.name.as_str()).collect();
    assert_eq!(names, pyramid.tiers().map(|(name, _)| name).collect::<Vec<_>>());
    assert_eq!(tiering.assignments().len(), values.len());
    assert_eq!(sizes(&tiering).iter().sum::<usize>(), values.len());
    let passed = sizes(&tiering)
        .iter()
        .scan(0, |sum, size| {
            *sum += size;
            Some(*sum)
        })
        .collect::<Vec<_>>();
    assert_eq!(passed, planned(values, cumulative, ties), "{ties:?}");
    for (i, tier) in tiering.tiers().iter().enumerate() {
        let own = members(values, &tiering, i);
        assert_eq!(tier.customers, own.len());
        let lowest = own.iter().copied().reduce(|a, b| if b < a { b } else { a });
        assert_eq!(tier.cutoff, lowest, "the cut-off is the lowest value");
        assert_eq!(tier.mean.is_some(), tier.customers > 0);
        let share = tier.customers as f64 / values.len() as f64;
        assert_eq!(tier.share_of_customers.to_bits(), share.to_bits());
    }
    for (row, (&value, &tier)) in values.iter().zip(tiering.assignments()).enumerate() {
        assert_eq!(tiering.tier_of(row), Some(tier as usize));
        for (other, (&less, &below)) in values.iter().zip(tiering.assignments()).enumerate() {
            assert!(value <= less || tier <= below, "the better value is in no worse tier");
            if value == less {
                match ties {
                    Ties::InputOrder => assert!((row <= other) == (tier <= below) || tier == below),
                    _ => assert_eq!(tier, below, "equal values stay together"),
                }
            }
        }
    }
    assert_eq!(tiering.tier_of(values.len()), None);
    tiering
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn tiers_partition_and_add_up_in_f64(
        (pyramid, cumulative) in pyramids(),
        values in floats(),
        ties in select(&TIES[..]),
    ) {
        let tiering = assert_partition(&pyramid, &cumulative, &values, ties);
        prop_assert_eq!(tiering.total().to_bits(), exact(values.iter().copied()).to_bits());
        for (i, tier) in tiering.tiers().iter().enumerate() {
            let own = members(&values, &tiering, i);
            let value = exact(own.iter().copied());
            prop_assert_eq!(tier.value.to_bits(), value.to_bits());
            prop_assert_eq!(
                tier.mean.map(f64::to_bits),
                (!own.is_empty()).then(|| (value / own.len() as f64).to_bits())
            );
            let share = (tiering.total() > 0.0).then(|| (value / tiering.total()).to_bits());
            prop_assert_eq!(tier.share_of_value.map(f64::to_bits), share);
        }
        if values.iter().all(|value| value.abs() < 1e6) {
            // Nothing has rounded, so the tiers add up to the bit.
            let sum: f64 = tiering.tiers().iter().map(|tier| tier.value).sum();
            prop_assert_eq!((sum + 0.0).to_bits(), tiering.total().to_bits());
        }
    }

    #[test]
    fn tiers_partition_and_add_up_in_decimals(
        (pyramid, cumulative) in pyramids(),
        values in vec(cents(), 1..40),
        ties in select(&TIES[..]),
    ) {
        let tiering = assert_partition(&pyramid, &cumulative, &values, ties);
        prop_assert_eq!(
            money::sum(tiering.tiers().iter().map(|tier| tier.value)),
            Ok(tiering.total())
        );
        prop_assert_eq!(Some(tiering.total()), Big::sum(values.iter().copied()).decimal());
        for (i, tier) in tiering.tiers().iter().enumerate() {
            prop_assert_eq!(Some(tier.value), Big::sum(members(&values, &tiering, i)).decimal());
        }
    }

    /// Overflow is said where the total or the sum of a tier does not fit, and nowhere else.
    #[test]
    fn any_decimals_add_up_or_overflow(
        (pyramid, cumulative) in pyramids(),
        values in vec(any_money(), 1..20),
        ties in select(&TIES[..]),
    ) {
        let mut ranked = values.clone();
        ranked.sort_unstable_by(|a, b| b.cmp(a));
        let ends = planned(&values, &cumulative, ties);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let sum = |(start, &end): (usize, &usize)| Big::sum(ranked[start..end].iter().copied());
        let wants: Vec<Option<Decimal>> = starts.zip(&ends).map(|own| sum(own).decimal()).collect();
        let total = Big::sum(values.iter().copied()).decimal();
        match pyramid.assign(&values, ties) {
            Ok(tiering) => {
                prop_assert_eq!(Some(tiering.total()), total);
                let sums = tiering.tiers().iter().map(|tier| Some(tier.value));
                prop_assert_eq!(sums.collect::<Vec<_>>(), wants);
            }
            Err(error) => {
                prop_assert!(matches!(error.kind(), ErrorKind::Overflow { .. }), "{error}");
                prop_assert!(total.is_none() || wants.contains(&None), "{total:?} {wants:?}");
            }
        }
    }

    #[test]
    fn any_floats_have_totals_without_order(
        (pyramid, _) in pyramids(),
        (values, others) in shuffled(vec(-1e300_f64..1e300, 1..20)),
    ) {
        // A sum of values so large and so different depends on its order where it rounds on the way.
        let one = pyramid.assign(&values, Ties::TogetherUp).unwrap();
        let two = pyramid.assign(&others, Ties::TogetherUp).unwrap();
        prop_assert_eq!(one.tiers(), two.tiers());
        prop_assert_eq!(one.total().to_bits(), two.total().to_bits());
    }

    #[test]
    fn permuted_customers_take_their_tiers_along(
        (pyramid, _) in pyramids(),
        values in floats(),
        key in any::<u64>(),
    ) {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by_key(|&i| (i as u64 + 1).wrapping_mul(key | 1).rotate_left(17));
        let permuted: Vec<f64> = order.iter().map(|&i| values[i]).collect();
        for ties in TIES {
            let before = pyramid.assign(&values, ties).unwrap();
            let after = pyramid.assign(&permuted, ties).unwrap();
            prop_assert_eq!(before.total().to_bits(), after.total().to_bits());
            if ties == Ties::InputOrder {
                let pairs = |values: &[f64], tiering: &Tiering<f64>| {
                    let pair = |(value, tier): (&f64, &u32)| ((value + 0.0).to_bits(), *tier);
                    let mut pairs: Vec<_> =
                        values.iter().zip(tiering.assignments()).map(pair).collect();
                    pairs.sort_unstable();
                    pairs
                };
                prop_assert_eq!(pairs(&values, &before), pairs(&permuted, &after));
            } else {
                let along: Vec<u32> = order.iter().map(|&i| before.assignments()[i]).collect();
                prop_assert_eq!(along, after.assignments());
                prop_assert_eq!(before.tiers(), after.tiers());
                let bits = |tiering: &Tiering<f64>| {
                    tiering
                        .tiers()
                        .iter()
                        .map(|tier| tier.cutoff.map(f64::to_bits))
                        .collect::<Vec<_>>()
                };
                prop_assert_eq!(
                    bits(&before),
                    bits(&after),
                    "−0.0 or 0.0, but not as the order has it"
                );
            }
        }
    }

    /// 1.0 and 1.00 are equal, and are written as one of them whatever the order.
    #[test]
    fn money_is_written_without_trailing_zeros(
        values in vec((0_i64..9, 0_u32..4), 1..20),
        ties in select(&TIES[..]),
    ) {
        let scaled = |&(whole, zeros): &(i64, u32)| Decimal::new(whole * 10_i64.pow(zeros), zeros);
        let values: Vec<Decimal> = values.iter().map(scaled).collect();
        for tier in Pyramid::classic().assign(&values, ties).unwrap().tiers() {
            for amount in std::iter::once(tier.value).chain(tier.cutoff) {
                prop_assert_eq!(amount.scale(), 0, "{}", amount);
            }
        }
    }

    #[test]
    fn together_rules_keep_to_their_side_of_the_plan(
        (pyramid, cumulative) in pyramids(),
        values in floats(),
    ) {
        let passed = |ties| {
            let tiering = pyramid.assign(&values, ties).unwrap();
            sizes(&tiering)
                .iter()
                .scan(0, |sum, size| {
                    *sum += size;
                    Some(*sum)
                })
                .collect::<Vec<_>>()
        };
        let (up, down, plan) =
            (passed(Ties::TogetherUp), passed(Ties::TogetherDown), passed(Ties::InputOrder));
        for i in 0..cumulative.len() {
            prop_assert!(down[i] <= plan[i] && plan[i] <= up[i]);
        }
    }

    #[test]
    fn decimals_and_floats_agree_on_whole_numbers(
        (pyramid, _) in pyramids(),
        values in vec(-9_i32..60, 1..40),
        ties in select(&TIES[..]),
    ) {
        let floats: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
        let decimals: Vec<Decimal> = values.iter().map(|&value| value.into()).collect();
        let one = pyramid.assign(&floats, ties).unwrap();
        let two = pyramid.assign(&decimals, ties).unwrap();
        prop_assert_eq!(one.assignments(), two.assignments());
        for (float, decimal) in one.tiers().iter().zip(two.tiers()) {
            prop_assert_eq!(float.value.to_bits(), money::to_f64(decimal.value).to_bits());
            prop_assert_eq!(float.cutoff, decimal.cutoff.map(money::to_f64));
            prop_assert_eq!(
                (float.mean, float.share_of_value),
                (decimal.mean, decimal.share_of_value)
            );
        }
    }

    #[test]
    fn a_pyramid_survives_json_and_adds_up((pyramid, _) in pyramids(), off in 1_i64..1_000) {
        let text = serde_json::to_string(&pyramid).unwrap();
        prop_assert_eq!(serde_json::from_str::<Pyramid>(&text).unwrap(), pyramid.clone());
        let mut tiers: Vec<(String, Share)> =
            pyramid.tiers().map(|(name, share)| (name.to_owned(), share)).collect();
        tiers.push(("more".to_owned(), Share::new(Decimal::new(off, 4)).unwrap()));
        let total = Decimal::new(10_000 + off, 4).normalize();
        let told = format!("the shares of the tiers must add up to 1, but add up to {total}");
        let refused = Pyramid::by_share_of_customers(tiers);
        assert_kind(refused.clone(), "Inconsistent");
        assert_message(refused, &told);
    }
}

/// −0.0 is 0.0, and shares are exact: 0.1 + 0.2 of 1,000 customers are 300, and a half rounds up.
#[test]
fn zeros_tie_and_halves_round_up() {
    let share = |text: &str| Share::new(text.parse().unwrap()).unwrap();
    let halves =
        Pyramid::by_share_of_customers([("a", share("0.5")), ("b", share("0.5"))]).unwrap();
    for values in [[0.0, -0.0], [-0.0, 0.0]] {
        let sizes_by = |ties| sizes(&halves.assign(&values, ties).unwrap());
        assert_eq!(sizes_by(Ties::TogetherUp), [2, 0]);
        assert_eq!(sizes_by(Ties::TogetherDown), [0, 2]);
        let in_order = halves.assign(&values, Ties::InputOrder).unwrap();
        assert_eq!(in_order.assignments(), [0, 1]);
    }
    let thirds = [("a", share("0.1")), ("b", share("0.2")), ("c", share("0.7"))];
    let thirds = Pyramid::by_share_of_customers(thirds).unwrap();
    let values: Vec<f64> = (0..1_005).map(f64::from).collect();
    // 100.5 rounds to 101, 301.5 to 302.
    assert_eq!(sizes(&thirds.assign(&values, Ties::InputOrder).unwrap()), [101, 201, 703]);
}
