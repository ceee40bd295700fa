//! Tracking curves, fits by cohort and comparisons.

use goodwill::lifetime::{
    Bdw, Candidate, CohortFits, ConstantRetention, Sbg, Tenures, TrackingCurve, TrackingPeriods,
    compare, likelihood_ratio,
};
use goodwill::{
    BgNbd, Conventions, Fit, FitOptions, Histories, History, Horizon, Ledger, MbgNbd, ParetoNbd,
    Prior, PurchaseModel, TimeUnit,
};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::generate::{DAYS, after, convention, conventions, date, till_rows};
use crate::naive;

fn model() -> BgNbd {
    BgNbd::new(TimeUnit::Day, 0.6, 9.0, 1.4, 2.0).unwrap()
}

/// CDNOW-like customers, so many and from this seed.
fn customers(count: usize, seed: u64) -> Histories {
    let shop = BgNbd::new(TimeUnit::Week, 0.8, 4.0, 0.8, 2.4).unwrap();
    shop.simulate(&vec![39.0; count], seed).unwrap()
}

proptest! {
    #![proptest_config(crate::cases(192))]

    /// Period by period: the purchases of the log, and the sum over customers of what is expected of newcomers.
    #[test]
    fn a_curve_by_its_definition(
        rows in till_rows(),
        rules in conventions(),
        first in 0_u64..6,
        length in 1_u32..6,
        split in 3..DAYS,
        part in 0_u32..6,
    ) {
        let ledger = Ledger::from_transactions(rows.iter().cloned()).unwrap();
        let periods = TrackingPeriods::new(date(first), length, date(split), date(DAYS)).unwrap();
        let usual = convention(rules);
        let curve = TrackingCurve::of(&model(), &ledger, &periods, &usual).unwrap();
        let expected = |days: i64| {
            let horizon = Horizon::days(days.max(0) as f64).unwrap();
            model().expected_purchases_of_newcomer(horizon).unwrap()
        };
        let log = naive::log(&rows);
        let (mut so_far, mut seen, mut end) = (0.0, 0, date(first).pred_opt().unwrap());
        for row in curve.rows() {
            let start = end.succ_opt().unwrap();
            end = after(end, length.into());
            prop_assert_eq!((row.end, row.in_holdout), (end, end > date(split)));
            let (mut want, mut bought) = (0.0, 0);
            for days in log.values() {
                let days = naive::occasions(days, rules.0);
                let Some(&came) = days.first().filter(|&&came| came <= date(split)) else { continue };
                let since = |day: chrono::NaiveDate| day.signed_duration_since(came).num_days();
                want += expected(since(end)) - expected(since(start) - 1);
                bought += days[1..].iter().filter(|day| (start..=end).contains(day)).count() as u64;
            }
            (so_far, seen) = (so_far + want, seen + bought);
            prop_assert_eq!((row.actual, row.actual_to_date), (bought, seen));
            prop_assert!((row.expected - want).abs() <= 1e-12 * (1.0 + so_far));
            prop_assert!((row.expected_to_date - so_far).abs() <= 1e-12 * (1.0 + so_far));
        }
        prop_assert!(after(end, length.into()) > date(DAYS), "no whole period is left");
        // Customers in two shards give the same bits.
        let shard = |own: bool| {
            let rows = rows.iter().filter(|row| (row.customer / 1_000_003 < part) == own);
            let ledger = Ledger::from_transactions(rows.cloned()).unwrap();
            TrackingCurve::of(&model(), &ledger, &periods, &usual).unwrap()
        };
        prop_assert_eq!(shard(true).merge(&shard(false)).unwrap(), curve);
    }
}

proptest! {
    #![proptest_config(crate::cases(8))]

    /// The labels of the groups mean nothing, more groups never fit worse, and the same customers twice do not drift.
    #[test]
    fn cohorts_by_their_fits(seed in 0_u64..1_000_000, labels in vec(0_usize..2, 600)) {
        let all = customers(600, seed);
        let fit = |own: &Histories| BgNbd::fit(own);
        let Ok(fits) = CohortFits::by_group(&all, &labels, 2, fit) else { return Ok(()) };
        prop_assert!(fits.drift.statistic >= 0.0);
        prop_assert_eq!(fits.drift.degrees_of_freedom, Some(4.0));
        let swapped: Vec<usize> = labels.iter().map(|label| 1 - label).collect();
        let other = CohortFits::by_group(&all, &swapped, 2, fit).unwrap();
        prop_assert_eq!(&other.cohorts[0], &fits.cohorts[1]);
        prop_assert!((other.drift.statistic - fits.drift.statistic).abs() < 1e-9);
        let sum: f64 = fits.cohorts.iter().map(Fit::log_likelihood).sum();
        prop_assert!((fits.drift.statistic - 2.0 * (sum - fits.pooled.log_likelihood())).abs() < 1e-9);
        let column = |of: fn(&History) -> f64| -> Vec<f64> {
            all.iter().chain(all.iter()).map(|own| of(&own)).collect()
        };
        let x: Vec<u32> = all.iter().chain(all.iter()).map(|own| own.frequency()).collect();
        let twice =
            Histories::new(TimeUnit::Week, &x, &column(History::recency), &column(History::age)).unwrap();
        let halves: Vec<usize> = (0..1_200).map(|row| usize::from(row >= 600)).collect();
        let same = CohortFits::by_group(&twice, &halves, 2, fit).unwrap();
        prop_assert!(same.drift.statistic < 1e-6 && same.drift.p_value.get() > 0.999_999);
    }

    /// A table is its fits; the order of the candidates changes nothing but the order of the rows.
    #[test]
    fn tables_by_their_fits(seed in 0_u64..1_000_000) {
        let all = customers(1_500, seed);
        let (Ok(bg), Ok(mbg), Ok(pareto)) = (BgNbd::fit(&all), MbgNbd::fit(&all), ParetoNbd::fit(&all)) else {
            return Ok(());
        };
        let candidates = [Candidate::of(&bg), Candidate::of(&mbg), Candidate::of(&pareto)];
        let rows = compare(&candidates).unwrap();
        prop_assert_eq!(rows[0].aic.to_bits(), bg.aic().to_bits());
        prop_assert_eq!(rows[1].bic.to_bits(), mbg.bic().to_bits());
        prop_assert_eq!(rows[2].log_likelihood.to_bits(), pareto.log_likelihood().to_bits());
        let best = rows.iter().map(|row| row.aic).fold(f64::MAX, f64::min);
        for row in &rows {
            prop_assert_eq!(row.parameters, 4);
            prop_assert!(row.aic_behind >= 0.0 && row.bic_behind >= 0.0);
            prop_assert_eq!((row.aic - row.aic_behind).to_bits(), best.to_bits());
        }
        let mut turned = compare(&candidates.iter().rev().cloned().collect::<Vec<_>>()).unwrap();
        turned.reverse();
        prop_assert_eq!(turned, rows);
        // Models that are not nested, or one and the same, have no test.
        for small in &candidates {
            for large in &candidates {
                let told = likelihood_ratio(small, large).unwrap_err().to_string();
                let why = if small == large { "neither has a parameter" } else { "is not nested in" };
                prop_assert!(told.contains(why), "{}", told);
            }
        }
        let prior = FitOptions::new().prior("r", Prior::number(0.5, 1.0).unwrap());
        let halves: Vec<usize> = (0..1_500).map(|row| row % 2).collect();
        let informed = CohortFits::by_group(&all, &halves, 2, |own| BgNbd::fit_with(own, &prior));
        let told = informed.map(|_| ()).unwrap_err().to_string();
        prop_assert!(told.starts_with("test for drift is undefined: a fit with a prior"), "{}", told);
    }

    /// sBG is the beta-discrete-Weibull at c = 1: the larger one never fits worse, and the test is of one parameter.
    #[test]
    fn nested_models_of_tenures(mut lost in vec(1_u64..200, 5..9), rest in 50_u64..500) {
        lost.sort_unstable_by(|a, b| b.cmp(a)); // who stays, stays longer
        let mut left = vec![lost.iter().sum::<u64>() + rest];
        for lost in &lost {
            left.push(left[left.len() - 1] - lost);
        }
        let tenures = Tenures::from_survivors(TimeUnit::Year, &left).unwrap();
        let (Ok(sbg), Ok(bdw)) = (Sbg::fit(&tenures), Bdw::fit(&tenures)) else {
            return Err(TestCaseError::reject("no fit"));
        };
        let test = likelihood_ratio(&Candidate::of(&sbg), &Candidate::of(&bdw)).unwrap();
        prop_assert_eq!(test.degrees_of_freedom, Some(1.0));
        let ratio = 2.0 * (bdw.log_likelihood() - sbg.log_likelihood());
        prop_assert!((test.statistic - ratio.max(0.0)).abs() < 1e-12);
        let constant = Candidate::of(&ConstantRetention::fit(&tenures).unwrap());
        let told = likelihood_ratio(&constant, &Candidate::of(&sbg)).unwrap_err().to_string();
        prop_assert!(told.contains("at the edge of its domain"), "{}", told);
        let backwards = likelihood_ratio(&Candidate::of(&bdw), &Candidate::of(&sbg)).unwrap_err().to_string();
        prop_assert!(backwards.contains("beta-discrete-Weibull is not nested in sBG"), "{}", backwards);
    }
}

/// A curve without customers is flat.
#[test]
fn nobody_is_expected_to_buy() {
    let periods = TrackingPeriods::new(date(1), 7, date(7), date(DAYS)).unwrap();
    let none: Ledger<u32> = Ledger::default();
    let curve = TrackingCurve::of(&model(), &none, &periods, &Conventions::default()).unwrap();
    assert!(curve.rows().iter().all(|row| row.expected_to_date == 0.0 && row.actual_to_date == 0));
}
