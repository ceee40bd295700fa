//! Laws of importance and of satisfaction's worth: shares add up, order changes nothing, more is worth more.

use goodwill::satisfaction::*;
use goodwill::{DiscountRate, Probability, TimeUnit};
use proptest::prelude::*;

const LEVEL: Probability = Probability::constant(0.95);

fn survey() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<f64>)> {
    (1_usize..6).prop_flat_map(|drivers| {
        let column = || prop::collection::vec(-5.0_f64..5.0, 30);
        (prop::collection::vec(column(), drivers), column())
    })
}

fn shares(columns: &[Vec<f64>], overall: &[f64]) -> Drivers {
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    Drivers::of(&columns, overall).unwrap()
}

fn answers() -> impl Strategy<Value = (Vec<f64>, Vec<bool>)> {
    // Both outcomes at the middle, so that no slope is endless.
    prop::collection::vec((1_u8..=5, any::<bool>()), 20..60).prop_map(|mut rows| {
        rows.extend([1, 3, 5].iter().flat_map(|&score| [(score, true), (score, false)]));
        rows.into_iter().map(|(score, stayed)| (f64::from(score), stayed)).unzip()
    })
}

proptest! {
    #![proptest_config(crate::cases(128))]

    #[test]
    fn lmg_shares_add_up_and_none_is_below_0((columns, overall) in survey()) {
        let all = shares(&columns, &overall);
        let total: f64 = all.shares().iter().sum();
        prop_assert!((total - all.r_squared()).abs() < 1e-12);
        prop_assert!(all.shares().iter().all(|&share| share > -1e-13));
        prop_assert!(all.r_squared() < 1.0 + 1e-13);
        // Of the standardised regression: R² = Σ coefficient · correlation.
        let both = all.standardised_coefficients().iter().zip(all.correlations());
        prop_assert!((both.map(|(b, r)| b * r).sum::<f64>() - all.r_squared()).abs() < 1e-12);
    }

    #[test]
    fn order_and_units_of_drivers_change_nothing(
        (columns, overall) in survey(), turn in 0_usize..6, unit in 0.01_f64..100.0,
    ) {
        let all = shares(&columns, &overall);
        let turn = turn % columns.len();
        let mut turned = columns.clone();
        turned.rotate_left(turn);
        turned.iter_mut().flatten().for_each(|value| *value = 7.0 + unit * *value);
        let other = shares(&turned, &overall);
        for j in 0..columns.len() {
            let from = (j + turn) % columns.len();
            prop_assert!((other.shares()[j] - all.shares()[from]).abs() < 1e-11);
            let pair = [&other, &all].map(Drivers::standardised_coefficients);
            prop_assert!((pair[0][j] - pair[1][from]).abs() < 1e-11);
        }
        // The rows too, to the bit.
        let mut rows = columns.clone();
        for column in &mut rows {
            column.reverse();
        }
        let reversed: Vec<f64> = overall.iter().rev().copied().collect();
        prop_assert_eq!(shares(&rows, &reversed), all);
    }

    #[test]
    fn quadrants_split_at_their_lines(
        points in prop::collection::vec((0_u8..6, 0_u8..6), 1..30), high in any::<bool>(),
    ) {
        let of = |&(i, p): &(u8, u8)| Attribute::new(0.1 * f64::from(i), 0.1 * f64::from(p)).unwrap();
        let attributes: Vec<Attribute> = points.iter().map(of).collect();
        let on_line = if high { OnLine::High } else { OnLine::Low };
        let found = quadrants(&attributes, CrossHair::Median, on_line).unwrap();
        prop_assert_eq!(found.len(), points.len());
        let mut sorted: Vec<u8> = points.iter().map(|point| point.0).collect();
        sorted.sort_unstable();
        let n = sorted.len();
        let twice_median = sorted[(n - 1) / 2] + sorted[n / 2];
        for (point, quadrant) in points.iter().zip(found) {
            let matters = matches!(quadrant, Quadrant::ConcentrateHere | Quadrant::KeepUpTheGoodWork);
            let twice = 2 * point.0;
            // 0.1·k is no binary number: on the line, rounding may tell apart what the caller wrote alike.
            if twice != twice_median || sorted[(n - 1) / 2] == sorted[n / 2] {
                prop_assert_eq!(matters, twice > twice_median || high && twice == twice_median);
            }
        }
        // All alike lie on every line.
        let alike = vec![attributes[0]; n];
        let want = if high { Quadrant::KeepUpTheGoodWork } else { Quadrant::LowPriority };
        let found = quadrants(&alike, CrossHair::Mean, on_line).unwrap();
        prop_assert!(found.into_iter().all(|quadrant| quadrant == want));
    }

    #[test]
    fn the_link_is_of_the_answers_alone((satisfaction, stayed) in answers(), shift in -50.0_f64..50.0) {
        let link = RetentionLink::fit(&satisfaction, &stayed).unwrap();
        let both = |which: fn(&RetentionLink) -> f64, other: &RetentionLink| (which(&link) - which(other)).abs();
        // The order of the rows to the bit; another zero moves nothing but the reference.
        let (mut s, mut o) = (satisfaction.clone(), stayed.clone());
        s.reverse();
        o.reverse();
        prop_assert_eq!(&RetentionLink::fit(&s, &o).unwrap(), &link);
        let moved: Vec<f64> = satisfaction.iter().map(|score| score + shift).collect();
        let moved = RetentionLink::fit(&moved, &stayed).unwrap();
        prop_assert!(both(|link| link.coefficients()[1], &moved) < 1e-9);
        // The likelihood equations: as many are expected to stay as stayed.
        let expected = satisfaction.iter().map(|&s| link.retention(s, LEVEL).unwrap().value());
        let kept = stayed.iter().filter(|stayed| **stayed).count() as f64;
        prop_assert!((expected.sum::<f64>() - kept).abs() < 1e-9 * kept);
        // Two slopes fit no worse.
        let two = RetentionLink::fit_asymmetric(&satisfaction, &stayed, 3.0).unwrap();
        prop_assert!(two.log_likelihood() >= link.log_likelihood() - 1e-9);
    }

    #[test]
    fn what_satisfaction_is_worth_adds_up((satisfaction, stayed) in answers(), points in 0.1_f64..2.0) {
        let link = RetentionLink::fit_asymmetric(&satisfaction, &stayed, 3.0).unwrap();
        let rate = DiscountRate::annual(0.1).unwrap();
        let after: Vec<f64> = satisfaction.iter().map(|score| score + points).collect();
        let margins = vec![50.0; satisfaction.len()];
        let worth = |before: &[f64], after: &[f64]| {
            ValueOfSatisfaction::of(&link, before, after, &margins, rate, TimeUnit::Year, LEVEL).unwrap()
        };
        let (up, down) = (worth(&satisfaction, &after), worth(&after, &satisfaction));
        let size = up.each.iter().map(|one| one.abs()).sum::<f64>() + 1.0;
        prop_assert!((up.each.iter().sum::<f64>() - up.total.value()).abs() < 1e-12 * size);
        prop_assert!((up.total.value() + down.total.value()).abs() < 1e-12 * size);
        // Each is the difference of two worths at a constant retention.
        let value = |score: f64| {
            let r = Probability::new(link.retention(score, LEVEL).unwrap().value()).unwrap();
            ValueOfRetention::of(50.0, r, rate, TimeUnit::Year).unwrap().value
        };
        let want = value(after[0]) - value(satisfaction[0]);
        prop_assert!((up.each[0] - want).abs() < 1e-9 * size);
    }

    #[test]
    fn shares_of_a_market_stay_shares(
        [r, w, c, a, now] in prop::array::uniform5(0.0_f64..=1.0), newcomers in 0.01_f64..3.0,
    ) {
        let [r, w, c, a, now] = [r, w, c, a, now].map(Probability::constant);
        let market = Market::new(r, w, c, newcomers, a).unwrap();
        prop_assert!(market.shares(now, 20).unwrap().iter().all(|share| (-1e-15..=1.0 + 1e-15).contains(share)));
        let better = Market::new(Probability::ONE, w, c, newcomers, a).unwrap();
        let pairs = market.shares(now, 20).unwrap().into_iter().zip(better.shares(now, 20).unwrap());
        prop_assert!(pairs.into_iter().all(|(less, more)| more >= less - 1e-15) || r < w);
    }
}
