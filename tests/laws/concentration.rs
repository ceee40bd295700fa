//! The Lorenz curve, the Gini coefficient and the shares read from them, against their definitions.

use goodwill::tiering::{Ranking, gini_with_losses};
use goodwill::{Concentration, ErrorKind, Share, money};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::assert_at_most;
use crate::big::Big;
use crate::generate::{log_uniform, shuffled};

/// Values of 0 or more with a positive sum: equal ones, zeros, and orders of magnitude apart.
fn values() -> impl Strategy<Value = Vec<f64>> {
    let spread = prop_oneof![1 => Just(0.0), 4 => log_uniform(1e-6, 1e9)];
    let few = (0_u32..5).prop_map(f64::from);
    prop_oneof![vec(spread, 1..40), vec(few, 1..40)]
        .prop_filter("a positive sum", |values| values.iter().any(|&value| value > 0.0))
}

fn cents() -> impl Strategy<Value = Vec<Decimal>> {
    vec((0_i64..99_999).prop_map(|cents| Decimal::new(cents * cents, 2)), 1..40)
        .prop_filter("a positive sum", |values| values.iter().any(|value| !value.is_zero()))
}

fn percent(percent: u32) -> Share {
    Share::percent(percent).unwrap()
}

/// The curve at a share of the customers, by interpolation.
fn lorenz_at(curve: &[(f64, f64)], p: f64) -> f64 {
    let end =
        curve.iter().position(|&(customers, _)| customers >= p - 1e-15).unwrap_or(curve.len() - 1);
    if end == 0 {
        return 0.0;
    }
    let ((x0, y0), (x1, y1)) = (curve[end - 1], curve[end]);
    y0 + (y1 - y0) * (p - x0) / (x1 - x0)
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn the_lorenz_curve_is_convex(values in values()) {
        let curve = Concentration::of(&values).unwrap().lorenz_curve().unwrap();
        prop_assert_eq!(curve.len(), values.len() + 1);
        prop_assert_eq!((curve[0], curve[values.len()]), ((0.0, 0.0), (1.0, 1.0)));
        let rises: Vec<f64> = curve.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
        prop_assert!(rises.iter().all(|&rise| rise >= 0.0));
        prop_assert!(rises.windows(2).all(|pair| pair[0] <= pair[1] + 1e-15), "{rises:?}");
        for (k, &(customers, share)) in curve.iter().enumerate() {
            prop_assert_eq!(customers.to_bits(), (k as f64 / values.len() as f64).to_bits());
            prop_assert!(share <= customers + 1e-15, "below the diagonal");
        }
    }

    #[test]
    fn gini_is_its_pairwise_definition(values in values(), factor in log_uniform(1e-3, 1e3)) {
        let gini = Concentration::of(&values).unwrap().gini();
        let n = values.len() as f64;
        let total: f64 = values.iter().sum();
        let pairs: f64 =
            values.iter().flat_map(|x| values.iter().map(move |y| (x - y).abs())).sum();
        prop_assert!((gini - pairs / (2.0 * n * total)).abs() < 1e-12);
        prop_assert!(gini >= 0.0);
        prop_assert!(gini <= (n - 1.0) / n, "{gini} of {n}");
        // Twice the area between the curve and the diagonal.
        let curve = Concentration::of(&values).unwrap().lorenz_curve().unwrap();
        let area: f64 = curve.windows(2).map(|pair| (pair[0].1 + pair[1].1) / (2.0 * n)).sum();
        prop_assert!((gini - (1.0 - 2.0 * area)).abs() < 1e-12);
        let scaled = |by: f64| {
            Concentration::of(&values.iter().map(|x| x * by).collect::<Vec<_>>()).unwrap().gini()
        };
        prop_assert!((gini - scaled(factor)).abs() < 1e-12);
        prop_assert_eq!(gini.to_bits(), scaled(4.0).to_bits(), "a power of 2 rounds nothing");
        prop_assert_eq!(Concentration::of(&[values[0] + 1.0; 9]).unwrap().gini().to_bits(), 0);
    }

    /// HHI and Theil against their definitions, and a base that is doubled customer by customer.
    #[test]
    fn herfindahl_and_theil_are_their_definitions(values in values()) {
        let base = Concentration::of(&values).unwrap();
        let (n, total) = (values.len() as f64, values.iter().sum::<f64>());
        let herfindahl: f64 = values.iter().map(|x| (x / total).powi(2)).sum();
        prop_assert!((base.herfindahl() / herfindahl - 1.0).abs() < 1e-12);
        prop_assert!(base.herfindahl() >= (1.0 - 1e-15) / n && base.herfindahl() <= 1.0 + 1e-15);
        prop_assert!((base.effective_customers() * herfindahl - 1.0).abs() < 1e-12);
        let entropy = |x: &f64| if *x > 0.0 { x / total * (x * n / total).ln() } else { 0.0 };
        let theil: f64 = values.iter().map(entropy).sum();
        prop_assert!((base.theil() - theil).abs() < 1e-13 * n.max(1.0 + n.ln()));
        prop_assert!(base.theil() >= 0.0 && base.theil() <= n.ln() + 1e-14);
        let twice = Concentration::of(&[values.as_slice(), &values].concat()).unwrap();
        prop_assert!((twice.herfindahl() * 2.0 / base.herfindahl() - 1.0).abs() < 1e-14);
        prop_assert!((twice.theil() - base.theil()).abs() < 1e-13);
        let equal = Concentration::of(&vec![values[0] + 0.1; values.len()]).unwrap();
        prop_assert!(equal.theil() < 1e-30, "{}", equal.theil());
    }

    #[test]
    fn gini_with_losses_is_its_pairwise_definition(
        values in vec(prop_oneof![(-9_i32..9).prop_map(f64::from), -1e6_f64..1e6], 1..40),
    ) {
        prop_assume!(values.iter().any(|value| value.abs() > 0.0));
        let gini = gini_with_losses(&values).unwrap();
        let n = values.len() as f64;
        let pairs: f64 =
            values.iter().flat_map(|x| values.iter().map(move |y| (x - y).abs())).sum();
        let magnitude: f64 = values.iter().map(|x| x.abs()).sum();
        prop_assert!((gini - pairs / (2.0 * n * magnitude)).abs() < 1e-12);
        prop_assert!((-1e-16..=(n - 1.0) / n).contains(&gini));
        let mirrored: Vec<f64> = values.iter().map(|x| -x).collect();
        prop_assert!((gini - gini_with_losses(&mirrored).unwrap()).abs() < 1e-15);
        let gains: Vec<f64> = values.iter().map(|x| x.abs()).collect();
        let ordinary = Concentration::of(&gains).unwrap().gini();
        prop_assert_eq!(gini_with_losses(&gains).unwrap().to_bits(), ordinary.to_bits());
    }

    #[test]
    fn merged_shards_are_as_concentrated_as_the_whole(values in values(), size in 1_usize..12) {
        let mut shards = values.chunks(size).map(|shard| Ranking::of(shard).unwrap());
        let mut merged = shards.next().unwrap();
        shards.for_each(|shard| merged.merge(&shard));
        prop_assert_eq!(Concentration::of_ranking(merged), Concentration::of(&values));
    }

    #[test]
    fn the_order_of_the_customers_does_not_matter(
        (values, others) in shuffled(values()),
        p in 0_u32..=100,
    ) {
        let (one, two) = (Concentration::of(&values).unwrap(), Concentration::of(&others).unwrap());
        prop_assert_eq!(&one, &two);
        prop_assert_eq!(one.gini().to_bits(), two.gini().to_bits());
        prop_assert_eq!(one.lorenz_curve(), two.lorenz_curve());
        prop_assert_eq!(one.top_share(percent(p)), two.top_share(percent(p)));
    }

    #[test]
    fn top_share_is_the_upper_end_of_the_curve(
        values in values(),
        p in 0_u32..=100,
        q in 0_u32..=100,
    ) {
        let concentration = Concentration::of(&values).unwrap();
        let top = |p| concentration.top_share(percent(p)).unwrap();
        let curve = concentration.lorenz_curve().unwrap();
        let want = 1.0 - lorenz_at(&curve, 1.0 - f64::from(p) / 100.0);
        prop_assert!((top(p) - want).abs() < 1e-12, "{} is not {want}", top(p));
        assert_at_most(top(p.min(q)), top(p.max(q)), 1e-15, "monotone");
        assert_at_most(f64::from(p) / 100.0, top(p), 1e-14, "the top brings its part at least");
        prop_assert_eq!((top(0), top(100)), (0.0, 1.0));
    }

    #[test]
    fn the_fewest_customers_are_the_fewest(values in cents(), p in 0_u32..=100) {
        let concentration = Concentration::of(&values).unwrap();
        let got = concentration.customers_for_share(percent(p)).unwrap();
        let mut ranked = values.clone();
        ranked.sort_unstable();
        ranked.reverse();
        // 100 × the top k against p × all, in whole numbers.
        let hundred = Decimal::ONE_HUNDRED;
        let all = Big::sum(values.iter().copied()).decimal().unwrap();
        let reaches = |k: usize| {
            let top = Big::sum(ranked[..k].iter().copied()).decimal().unwrap();
            Big::product(hundred, top) >= Big::product(p.into(), all)
        };
        prop_assert_eq!(Some(got), (0..=values.len()).find(|&k| reaches(k)));
    }

    #[test]
    fn decimals_and_floats_agree_on_whole_numbers(
        values in vec(0_u32..90, 1..40),
        p in 0_u32..=100,
    ) {
        prop_assume!(values.iter().any(|&value| value > 0));
        let floats =
            Concentration::of(&values.iter().map(|&v| f64::from(v)).collect::<Vec<_>>()).unwrap();
        let decimals =
            Concentration::of(&values.iter().map(|&v| v.into()).collect::<Vec<Decimal>>()).unwrap();
        prop_assert_eq!(floats.gini().to_bits(), decimals.gini().to_bits());
        prop_assert_eq!(floats.lorenz_curve(), decimals.lorenz_curve());
        prop_assert_eq!(floats.top_share(percent(p)), decimals.top_share(percent(p)));
        let halves = Share::percent(50).unwrap();
        prop_assert_eq!(floats.customers_for_share(halves), decimals.customers_for_share(halves));
    }

    #[test]
    fn it_is_undefined_for_a_loss_and_for_nothing(
        values in values(),
        at in any::<usize>(),
        loss in log_uniform(1e-9, 1e9),
    ) {
        let mut with_loss = values.clone();
        with_loss.insert(at % (values.len() + 1), -loss);
        let nothing = vec![0.0; values.len()];
        for refused in [with_loss, nothing] {
            let error = Concentration::of(&refused).unwrap_err();
            prop_assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
        }
    }
}

/// Past the blocks in which the totals are read.
#[test]
fn the_fewest_of_many() {
    let values: Vec<Decimal> = (1..=5_000_i64).map(|cents| Decimal::new(cents, 2)).collect();
    let concentration = Concentration::of(&values).unwrap();
    for p in [1, 17, 36, 50, 64, 80, 99, 100] {
        let got = concentration.customers_for_share(percent(p)).unwrap() as u64;
        // The top k of 5,000 bring k·(10,001 − k)/2 of 12,502,500.
        let reaches = |k: u64| 100 * k * (10_001 - k) / 2 >= u64::from(p) * 12_502_500;
        assert!(reaches(got) && !reaches(got - 1), "{p} %: {got}");
    }
    assert_eq!(money::sum(values).unwrap(), Decimal::new(12_502_500, 2));
}

/// The most unequal bases there are reach (n − 1)/n and do not pass it by an ulp.
#[test]
fn one_customer_can_have_all() {
    for n in 1..200 {
        for worth in
            [3.414_853_554_992_413e-4, 0.1, 1.0 / 3.0, 9_712_117.971_912_563, 5e-324, 1e308]
        {
            let mut values = vec![0.0; n];
            values[n / 2] = worth;
            let gini = Concentration::of(&values).unwrap().gini();
            let most = (n as f64 - 1.0) / n as f64;
            assert!(gini <= most && gini >= most - 1e-15, "{gini} of {n}");
        }
    }
}
