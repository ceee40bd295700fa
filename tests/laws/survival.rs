//! Survival: every statistic against its definition on the spans themselves, and what censoring may not change.

use goodwill::survival::{
    Band, CauseTable, Cox, CoxTies, CumulativeIncidence, EventWeights, KaplanMeier, LifeTable,
    NelsonAalen, TiedEvents, TimeTransform, log_rank, stratified_log_rank,
};
use goodwill::{Probability, TimeUnit};
use proptest::prelude::*;

use crate::assert_at_most;
use crate::support::assert_close;

const LEVEL: Probability = Probability::constant(0.95);

/// A span, when watching began, and whether it ended by the event.
type Span = (f64, f64, bool);

/// Few times, so that many are tied.
fn spans(least: usize) -> impl Strategy<Value = Vec<Span>> {
    let span =
        (1_u32..12, any::<bool>()).prop_map(|(time, observed)| (0.0, f64::from(time), observed));
    proptest::collection::vec(span, least..40)
}

fn late_spans() -> impl Strategy<Value = Vec<Span>> {
    let span = (0_u32..9, 1_u32..9, any::<bool>()).prop_map(|(entry, length, observed)| {
        (f64::from(entry), f64::from(entry + length), observed)
    });
    proptest::collection::vec(span, 1..40)
}

fn columns(spans: &[Span]) -> (Vec<f64>, Vec<f64>, Vec<bool>) {
    let (times, observed): (Vec<_>, Vec<_>) = spans.iter().map(|s| ((s.0, s.1), s.2)).unzip();
    let (entries, durations) = times.into_iter().unzip();
    (entries, durations, observed)
}

fn table(spans: &[Span]) -> LifeTable {
    let (entries, durations, observed) = columns(spans);
    LifeTable::with_entries(TimeUnit::Month, &entries, &durations, &observed).unwrap()
}

fn curve(spans: &[Span]) -> KaplanMeier {
    KaplanMeier::new(&table(spans), Band::LogLog, LEVEL).unwrap()
}

/// How many of the spans are at risk at a time, and how many end by the event.
fn risk_set(spans: &[Span], time: f64) -> (f64, f64) {
    let at_risk = spans.iter().filter(|s| s.0 < time && time <= s.1);
    let events = spans.iter().filter(|s| s.2 && s.1.to_bits() == time.to_bits());
    (at_risk.count() as f64, events.count() as f64)
}

fn times(spans: &[Span]) -> Vec<f64> {
    let mut times: Vec<f64> = spans.iter().map(|s| s.1).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn curves_are_what_they_are_by_definition(spans in late_spans()) {
        let life = table(&spans);
        let curve = KaplanMeier::new(&life, Band::Plain, LEVEL).unwrap();
        let hazard = NelsonAalen::new(&life, TiedEvents::AtOnce, LEVEL).unwrap();
        let (mut survival, mut cumulative) = (1.0, 0.0);
        prop_assert_eq!(curve.points().len(), times(&spans).len());
        for (i, time) in times(&spans).into_iter().enumerate() {
            let (n, d) = risk_set(&spans, time);
            survival *= 1.0 - d / n;
            cumulative += d / n;
            let point = &curve.points()[i];
            prop_assert_eq!((point.time, point.at_risk as f64, point.events as f64), (time, n, d));
            prop_assert!((point.survival.value() - survival).abs() < 1e-14);
            assert_close(hazard.points()[i].cumulative.value(), cumulative, 1e-14, "H");
        }
    }

    #[test]
    fn without_censoring_the_curve_is_the_share_that_is_left(spans in spans(1)) {
        let spans: Vec<Span> = spans.into_iter().map(|s| (0.0, s.1, true)).collect();
        let curve = curve(&spans);
        for time in 0..14 {
            let time = f64::from(time);
            let left = spans.iter().filter(|s| s.1 > time).count() as f64 / spans.len() as f64;
            prop_assert!((curve.at(time).unwrap().value() - left).abs() < 1e-14);
        }
        let mean = spans.iter().map(|s| s.1.min(7.0)).sum::<f64>() / spans.len() as f64;
        assert_close(curve.restricted_mean(7.0).unwrap().value(), mean, 1e-13, "restricted mean");
        // The smallest time by which the share has ended.
        let ended = |share: f64| curve.quantile(Probability::new(share).unwrap()).value;
        let mut sorted: Vec<f64> = spans.iter().map(|s| s.1).collect();
        sorted.sort_by(f64::total_cmp);
        for (i, time) in sorted.iter().enumerate() {
            prop_assert_eq!(ended((i + 1) as f64 / sorted.len() as f64), Some(*time));
        }
    }

    #[test]
    fn bands_hold_the_curve_and_nest(spans in spans(2), band in 0..3) {
        let band = [Band::Plain, Band::Log, Band::LogLog][band as usize];
        let at = |level: f64| KaplanMeier::new(&table(&spans), band, Probability::new(level).unwrap()).unwrap();
        let (narrow, wide) = (at(0.8), at(0.99));
        for (narrow, wide) in narrow.points().iter().zip(wide.points()) {
            let (narrow, wide) = (narrow.survival, wide.survival);
            assert_at_most(wide.lower(), narrow.lower(), 1e-13, "lower");
            assert_at_most(narrow.lower(), narrow.value(), 1e-13, "below");
            assert_at_most(narrow.value(), narrow.upper(), 1e-13, "above");
            assert_at_most(narrow.upper(), wide.upper(), 1e-13, "upper");
            if band == Band::LogLog {
                prop_assert!(wide.lower() >= 0.0 && wide.upper() <= 1.0);
            }
        }
    }

    #[test]
    fn shards_merge_to_the_whole(left in late_spans(), right in late_spans()) {
        let whole = table(&[left.as_slice(), &right].concat());
        let merged = table(&left).merge(&table(&right)).unwrap();
        prop_assert_eq!(&merged, &whole);
        let json = serde_json::to_value(&whole).unwrap();
        prop_assert_eq!(serde_json::from_value::<LifeTable>(json).unwrap(), whole);
    }

    #[test]
    fn whole_days_count_as_any_numbers(spans in spans(0), far in prop_oneof![Just(0_u32), Just(u32::MAX)]) {
        let mut days: Vec<u32> = spans.iter().map(|s| s.1 as u32).collect();
        let mut observed: Vec<bool> = spans.iter().map(|s| s.2).collect();
        days.push(far);
        observed.push(true);
        let numbers: Vec<f64> = days.iter().copied().map(f64::from).collect();
        prop_assert_eq!(
            LifeTable::from_days(&days, &observed).unwrap(),
            LifeTable::new(TimeUnit::Day, &numbers, &observed).unwrap()
        );
    }

    /// Every event adds to its group what it takes from the others, so that labels do not matter.
    #[test]
    fn the_log_rank_test_ignores_labels_and_order(a in spans(3), b in spans(3), c in spans(3)) {
        let [a, b, c] = [a, b, c].map(|spans| table(&spans));
        for weights in [EventWeights::EQUAL, EventWeights::EARLY, EventWeights::LATE] {
            let one = log_rank(&[a.clone(), b.clone(), c.clone()], weights);
            let two = log_rank(&[c.clone(), a.clone(), b.clone()], weights);
            match (one, two) {
                (Ok(one), Ok(two)) => {
                    prop_assert!((one.statistic - two.statistic).abs() <= 1e-8 * one.statistic + 1e-12);
                    prop_assert_eq!(one.degrees_of_freedom, Some(2.0));
                }
                (one, two) => prop_assert_eq!(one.is_ok(), two.is_ok()),
            }
        }
        // A group against its equal shows no difference; an empty stratum says nothing.
        if let Ok(same) = log_rank(&[a.clone(), a.clone()], EventWeights::EQUAL) {
            prop_assert!(same.statistic < 1e-20);
        }
        if let Ok(one) = log_rank(&[a.clone(), b.clone()], EventWeights::EQUAL) {
            let empty = table(&[]);
            let strata = [vec![a, b], vec![empty.clone(), empty]];
            prop_assert_eq!(stratified_log_rank(&strata, EventWeights::EQUAL).unwrap(), one);
        }
    }

    #[test]
    fn incidences_and_survival_add_up_to_1(
        spans in spans(1),
        causes in proptest::collection::vec(prop_oneof![Just(None), (0_usize..3).prop_map(Some)], 40),
        shards in 0_usize..40,
    ) {
        let durations: Vec<f64> = spans.iter().map(|s| s.1).collect();
        let causes = &causes[..durations.len()];
        let count = |from: usize, to: usize| {
            CauseTable::new(TimeUnit::Week, 3, &durations[from..to], &causes[from..to]).unwrap()
        };
        let whole = count(0, durations.len());
        let curves = CumulativeIncidence::new(&whole, LEVEL).unwrap();
        let survival = KaplanMeier::new(whole.any_cause(), Band::LogLog, LEVEL).unwrap();
        let mut before = [0.0; 3];
        for (point, left) in curves.points().iter().zip(survival.points()) {
            let ended: f64 = point.incidence.iter().map(goodwill::Estimate::value).sum();
            prop_assert!((ended + point.survival - 1.0).abs() < 1e-13);
            prop_assert!((point.survival - left.survival.value()).abs() < 1e-14);
            for (cause, before) in before.iter_mut().enumerate() {
                prop_assert!(point.incidence[cause].value() >= *before);
                *before = point.incidence[cause].value();
            }
        }
        let at = shards.min(durations.len());
        prop_assert_eq!(&count(0, at).merge(&count(at, durations.len())).unwrap(), &whole);
        let json = serde_json::to_value(&whole).unwrap();
        prop_assert_eq!(serde_json::from_value::<CauseTable>(json).unwrap(), whole);
    }

    /// Where all end by one cause, its incidence is what the curve has lost, and so is its variance.
    #[test]
    fn one_cause_is_the_curve_upside_down(spans in spans(1)) {
        let (_, durations, observed) = columns(&spans);
        let causes: Vec<Option<usize>> = observed.iter().map(|&o| o.then_some(0)).collect();
        let causes = CauseTable::new(TimeUnit::Week, 1, &durations, &causes).unwrap();
        let curves = CumulativeIncidence::new(&causes, LEVEL).unwrap();
        let plain = KaplanMeier::new(causes.any_cause(), Band::Plain, LEVEL).unwrap();
        for (point, left) in curves.points().iter().zip(plain.points()) {
            let (incidence, survival) = (point.incidence[0], left.survival);
            prop_assert!((incidence.value() + survival.value() - 1.0).abs() < 1e-13);
            if survival.value() > 0.0 {
                prop_assert!((incidence.lower() + survival.upper() - 1.0).abs() < 1e-7, "{:?} {:?}", incidence, survival);
            }
        }
    }
}

/// Spans with two covariates that differ.
fn regression() -> impl Strategy<Value = Vec<(Span, f64, f64)>> {
    let span = (0_u32..3, 1_u32..12, any::<bool>(), -2.0_f64..2.0, 0_u8..2);
    let row = span.prop_map(|(entry, length, observed, x, group)| {
        let entry = f64::from(entry);
        ((entry, entry + f64::from(length), observed), x, f64::from(group))
    });
    proptest::collection::vec(row, 25..60)
}

fn cox(rows: &[(Span, f64, f64)], stretch: f64) -> Option<Cox> {
    let spans: Vec<Span> = rows.iter().map(|row| row.0).collect();
    let (entries, durations, observed) = columns(&spans);
    let x: Vec<f64> = rows.iter().map(|row| row.1 * stretch + 5.0).collect();
    let group: Vec<f64> = rows.iter().map(|row| row.2).collect();
    let cox = Cox::new(&durations, &observed).unwrap().entries(&entries).unwrap();
    cox.covariate("x", &x).unwrap().covariate("group", &group).ok()
}

proptest! {
    #![proptest_config(crate::cases(64))]

    #[test]
    fn regression_ignores_the_order_of_rows(rows in regression(), turn in 1_usize..20) {
        let mut turned = rows.clone();
        turned.rotate_left(turn);
        if let (Some(one), Some(two)) = (cox(&rows, 1.0), cox(&turned, 1.0)) {
            for ties in [CoxTies::Efron, CoxTies::Breslow] {
                prop_assert_eq!(one.fit(ties).ok(), two.fit(ties).ok());
            }
        }
    }

    /// A covariate in other units, with another zero, has its coefficient in those units and nothing else.
    #[test]
    fn regression_ignores_units(rows in regression(), stretch in 0.01_f64..100.0) {
        let fit = |stretch| cox(&rows, stretch).and_then(|cox| cox.fit(CoxTies::Efron).ok());
        if let (Some(one), Some(two)) = (fit(1.0), fit(stretch)) {
                assert_close(one.log_likelihood(), two.log_likelihood(), 1e-11, "ln L");
                let errors = (one.standard_errors(), two.standard_errors());
                assert_close(errors.0[0], errors.1[0] * stretch, 1e-6, "standard error");
                prop_assert!(
                    (one.coefficients()[0] - two.coefficients()[0] * stretch).abs() < 1e-6 * errors.0[0]
                );
                prop_assert!(one.log_likelihood() >= one.log_likelihood_null());
                let tests = one.proportionality_tests(TimeTransform::Log);
                prop_assert!(tests.is_ok_and(|tests| tests.len() == 2));
        }
    }

    /// Two strata with one base hazard each are as likely as each alone.
    #[test]
    fn strata_are_fitted_side_by_side(left in regression(), right in regression()) {
        let both = [left.as_slice(), &right].concat();
        let strata: Vec<u64> = (0..both.len()).map(|row| u64::from(row >= left.len())).collect();
        let fit = |cox: Option<Cox>| cox.and_then(|cox| cox.fit(CoxTies::Efron).ok());
        let stratified = cox(&both, 1.0).map(|cox| cox.strata(&strata).unwrap());
        let fits = (fit(cox(&left, 1.0)), fit(cox(&right, 1.0)), fit(stratified));
        if let (Some(one), Some(two), Some(both)) = fits {
                let apart = one.log_likelihood_null() + two.log_likelihood_null();
                assert_close(both.log_likelihood_null(), apart, 1e-12, "ln L of none");
                let apart = one.log_likelihood() + two.log_likelihood();
                assert_at_most(both.log_likelihood(), apart, 1e-12, "ln L");
        }
    }
}
