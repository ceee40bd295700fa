//! Forecasts beside what happened: errors, groups, rank agreement, baselines.

use goodwill::lifetime::{
    ActivityHits, Backtest, Baseline, ForecastTest, FrequencyClass, active_after,
};
use goodwill::{BgNbd, Conventions, Histories, Horizon, Ledger, PurchaseModel, Share, TimeUnit};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::generate::{DAYS, after, convention, conventions, date, till_rows};
use crate::support::assert_close;

/// Values that are often equal: forecasts tie, and so do purchases.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => (0_u32..5).prop_map(f64::from),
        2 => -3.0..40.0,
        1 => (0_u32..3).prop_map(|n| f64::from(n) * 1e60),
    ]
}

fn pairs() -> impl Strategy<Value = Vec<(f64, f64)>> {
    vec((value(), value()), 1..60)
}

fn test_of(rows: &[(f64, f64)]) -> ForecastTest {
    let (forecast, actual): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
    ForecastTest::new(&forecast, &actual).unwrap()
}

/// Rows with their frequencies, and the history of such a customer.
fn histories(frequencies: &[u32]) -> Histories {
    let recency: Vec<f64> = frequencies.iter().map(|&x| f64::from(x.min(1))).collect();
    Histories::new(TimeUnit::Week, frequencies, &recency, &vec![2.0; frequencies.len()]).unwrap()
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn errors_are_the_mean_misses(rows in pairs()) {
        let errors = test_of(&rows).errors();
        let n = rows.len() as f64;
        let mean = |of: fn(f64) -> f64| rows.iter().map(|(f, a)| of(f - a)).sum::<f64>() / n;
        assert_close(errors.mae(), mean(f64::abs), 1e-13, "MAE");
        assert_close(errors.rmse(), mean(|e| e * e).sqrt(), 1e-13, "RMSE");
        let size = errors.mae().max(f64::MIN_POSITIVE);
        prop_assert!((errors.bias() - mean(|e| e)).abs() <= 1e-12 * size);
        prop_assert!(errors.bias().abs() <= errors.mae() * (1.0 + 1e-14));
        prop_assert!(errors.mae() <= errors.rmse() * (1.0 + 1e-14));
        prop_assert_eq!(errors.customers(), rows.len() as u64);
    }

    #[test]
    fn perfection_has_skill_1_and_the_baseline_0(rows in pairs(), other in pairs()) {
        let actual: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let of = |forecast: &[f64]| ForecastTest::new(forecast, &actual).unwrap().errors();
        let (baseline, perfect) = (test_of(&rows).errors(), of(&actual));
        prop_assert_eq!((perfect.mae(), perfect.rmse(), perfect.bias()), (0.0, 0.0, 0.0));
        if baseline.mae() > 0.0 {
            let skill = perfect.skill_against(&baseline).unwrap();
            prop_assert_eq!((skill.mae, skill.rmse), (1.0, 1.0));
            let none = baseline.skill_against(&baseline).unwrap();
            prop_assert_eq!((none.mae, none.rmse), (0.0, 0.0));
            // Half of every miss is skill ½.
            let halved: Vec<f64> = rows.iter().map(|(f, a)| a + 0.5 * (f - a)).collect();
            let half = of(&halved).skill_against(&baseline).unwrap();
            prop_assert!((half.mae - 0.5).abs() < 1e-12 && (half.rmse - 0.5).abs() < 1e-12);
        } else {
            let told = perfect.skill_against(&baseline).unwrap_err().to_string();
            prop_assert_eq!(told, "skill is undefined: the error of the baseline is 0");
        }
        if test_of(&other).errors().actual().to_bits() != baseline.actual().to_bits() {
            let told = baseline.skill_against(&test_of(&other).errors()).unwrap_err().to_string();
            prop_assert!(told.contains("cannot be held against"), "{}", told);
        }
    }

    #[test]
    fn neither_order_nor_shards_change_a_bit(
        (rows, mixed) in crate::generate::shuffled(vec((value(), value(), 0_u32..9), 1..60)),
        cut in 0_usize..60,
    ) {
        let plain = |rows: &[(f64, f64, u32)]| -> Vec<(f64, f64)> {
            rows.iter().map(|&(f, a, _)| (f, a)).collect()
        };
        let xs = |rows: &[(f64, f64, u32)]| histories(&rows.iter().map(|r| r.2).collect::<Vec<_>>());
        let (whole, other) = (test_of(&plain(&rows)), test_of(&plain(&mixed)));
        prop_assert_eq!(whole.errors(), other.errors());
        prop_assert_eq!(whole.deciles().unwrap(), other.deciles().unwrap());
        prop_assert_eq!(whole.spearman(), other.spearman());
        prop_assert_eq!(whole.kendall(), other.kendall());
        let share = Share::percent(10).unwrap();
        prop_assert_eq!(whole.captured(share), other.captured(share));
        let classes = whole.by_frequency(&xs(&rows), 5).unwrap();
        prop_assert_eq!(&classes, &other.by_frequency(&xs(&mixed), 5).unwrap());
        // Cut, judged apart, and merged.
        let cut = cut.min(rows.len());
        if cut > 0 && cut < rows.len() {
            let (left, right) = rows.split_at(cut);
            let (a, b) = (test_of(&plain(left)), test_of(&plain(right)));
            let mut errors = a.errors();
            errors.merge(&b.errors()).unwrap();
            prop_assert_eq!(&errors, &whole.errors());
            let mut both = a.by_frequency(&xs(left), 5).unwrap();
            both.merge(&b.by_frequency(&xs(right), 7).unwrap()).unwrap();
            prop_assert_eq!(&both, &classes);
            let mut joined = a;
            joined.merge(&b);
            prop_assert_eq!(&joined, &whole);
        }
    }

    #[test]
    fn groups_part_the_base(rows in pairs(), groups in 1_usize..80) {
        let test = test_of(&rows);
        let parts = test.groups(groups).unwrap();
        let n = rows.len() as f64;
        prop_assert_eq!(parts.len(), groups);
        prop_assert_eq!(parts.iter().map(|part| part.customers).sum::<u64>(), rows.len() as u64);
        for part in &parts {
            prop_assert!((part.customers as f64 - n / groups as f64).abs() <= 1.0);
        }
        let (errors, size) = (test.errors(), rows.iter().map(|r| r.0.abs() + r.1.abs()).sum::<f64>());
        let sum = |of: fn(&goodwill::lifetime::ForecastGroup) -> f64| parts.iter().map(of).sum::<f64>();
        prop_assert!((sum(|part| part.forecast) - errors.forecast()).abs() <= 1e-13 * size);
        prop_assert!((sum(|part| part.actual) - errors.actual()).abs() <= 1e-13 * size);
        // Best forecast first.
        let full: Vec<f64> = parts
            .iter()
            .filter(|part| part.customers > 0)
            .map(|part| part.forecast / part.customers as f64)
            .collect();
        prop_assert!(full.is_sorted_by(|a, b| b - a <= 1e-12 * a.abs().max(b.abs())), "{:?}", full);
    }

    #[test]
    fn no_forecast_finds_more_than_hindsight(rows in pairs(), percent in 0_u32..=100) {
        let test = test_of(&rows);
        let share = Share::percent(percent).unwrap();
        let sum: f64 = rows.iter().map(|row| row.1).sum();
        prop_assume!(sum > 0.0 && rows.iter().all(|row| row.1 >= 0.0));
        let found = test.captured(share).unwrap();
        prop_assert!(found.by_forecast <= found.in_hindsight + 1e-12);
        prop_assert!((0.0..=1.0 + 1e-12).contains(&found.in_hindsight));
        if percent == 100 {
            assert_close(found.by_forecast, 1.0, 1e-13, "all of it");
        }
        // A forecast that is the same for all finds what its share is.
        let blind = ForecastTest::new(
            &vec![7.0; rows.len()],
            &rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        );
        let blind = blind.unwrap().captured(share).unwrap().by_forecast;
        prop_assert!((blind - f64::from(percent) / 100.0).abs() < 1e-12);
    }

    /// Kendall by all pairs, Spearman as Pearson of the mean ranks.
    #[test]
    fn rank_agreement_by_its_definition(rows in pairs()) {
        let test = test_of(&rows);
        let sign = |a: f64, b: f64| i64::from(a > b) - i64::from(a < b);
        let (mut both, mut left, mut right) = (0, 0, 0);
        for (i, x) in rows.iter().enumerate() {
            for y in &rows[..i] {
                let (f, a) = (sign(x.0, y.0), sign(x.1, y.1));
                both += f * a;
                left += f * f;
                right += a * a;
            }
        }
        if left == 0 || right == 0 {
            let told = test.kendall().unwrap_err().to_string();
            prop_assert!(told.starts_with("rank correlation is undefined"), "{}", told);
            prop_assert_eq!(test.spearman().unwrap_err().to_string(), told);
            return Ok(());
        }
        let want = both as f64 / ((left as f64) * (right as f64)).sqrt();
        prop_assert!((test.kendall().unwrap() - want).abs() < 1e-14);
        let rank = |of: fn(&(f64, f64)) -> f64, own: f64| {
            let below = rows.iter().filter(|row| of(row) < own).count();
            let equal = rows.iter().filter(|row| sign(of(row), own) == 0).count();
            below as f64 + 0.5 * (equal as f64 - rows.len() as f64)
        };
        let ranks = |of: fn(&(f64, f64)) -> f64| -> Vec<f64> {
            rows.iter().map(|row| rank(of, of(row))).collect()
        };
        let (f, a) = (ranks(|row| row.0), ranks(|row| row.1));
        let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        let want = dot(&f, &a) / (dot(&f, &f) * dot(&a, &a)).sqrt();
        prop_assert!((test.spearman().unwrap() - want).abs() < 1e-13);
        // Only the order counts, and turned round it changes the sign.
        let turned: Vec<(f64, f64)> = rows.iter().map(|(f, a)| (-f.cbrt(), *a)).collect();
        let turned = test_of(&turned);
        prop_assert!((turned.kendall().unwrap() + test.kendall().unwrap()).abs() < 1e-15);
        prop_assert!((turned.spearman().unwrap() + test.spearman().unwrap()).abs() < 1e-15);
    }

    #[test]
    fn classes_hold_everybody_of_their_frequency(
        rows in vec((value(), value(), 0_u32..12), 1..60),
        most in 0_u32..9,
    ) {
        let plain: Vec<(f64, f64)> = rows.iter().map(|&(f, a, _)| (f, a)).collect();
        let frequencies: Vec<u32> = rows.iter().map(|row| row.2).collect();
        let classes = test_of(&plain).by_frequency(&histories(&frequencies), most).unwrap().rows();
        for FrequencyClass { frequency, or_more, customers, expected_mean, actual_mean, .. } in classes {
            let own: Vec<_> = rows.iter().filter(|row| row.2.min(most) == frequency).collect();
            prop_assert_eq!((customers, or_more), (own.len() as u64, frequency == most));
            let mean = |of: fn(&(f64, f64, u32)) -> f64| {
                own.iter().map(|row| of(row)).sum::<f64>() / own.len() as f64
            };
            let size = own.iter().map(|row| row.0.abs() + row.1.abs()).sum::<f64>();
            prop_assert!((expected_mean - mean(|row| row.0)).abs() <= 1e-13 * size);
            prop_assert!((actual_mean - mean(|row| row.1)).abs() <= 1e-13 * size);
        }
    }

    /// The baselines by what the log says, customer by customer.
    #[test]
    fn baselines_by_the_log(
        rows in till_rows(),
        rules in conventions(),
        split in 2..DAYS,
        length in 1_u32..20,
        silence in 0_u32..20,
    ) {
        let rules = convention(rules);
        let ledger = Ledger::from_transactions(rows).unwrap().until(date(split));
        let day = date(split);
        let unit = TimeUnit::Day;
        let now = ledger.histories_with(day, unit, &rules).unwrap();
        let told = |baseline: Baseline| baseline.forecast(&ledger, day, length, &rules);
        let ages: f64 = now.iter().map(|own| own.age()).sum();
        let purchases: f64 = now.iter().map(|own| f64::from(own.frequency())).sum();
        match told(Baseline::Mean) {
            Ok(mean) => {
                prop_assert_eq!(mean.len(), now.len());
                for own in mean {
                    prop_assert!((own - f64::from(length) * purchases / ages).abs() <= 1e-14 * own);
                }
            }
            Err(error) => {
                prop_assert!(ages <= 0.0);
                prop_assert_eq!(error.to_string(), "mean rate is undefined: nobody was observed for a day");
            }
        }
        let hiatus = Horizon::days(f64::from(silence)).unwrap();
        let active = active_after(&now, hiatus);
        for ((own, told), active) in now.iter().zip(told(Baseline::Hiatus(hiatus)).unwrap()).zip(active) {
            prop_assert_eq!(active, own.age() - own.recency() <= f64::from(silence));
            let rate = if own.frequency() > 0 { f64::from(own.frequency()) / own.age() } else { 0.0 };
            let want = if active { rate * f64::from(length) } else { 0.0 };
            prop_assert!((told - want).abs() <= 1e-14 * want);
        }
        // What was bought since then, from the frequencies on both days.
        let earlier = date(split).checked_sub_days(chrono::Days::new(length.into())).unwrap();
        let before = ledger.until(earlier);
        let frequency = |known: &Ledger<u32>, day, id: &u32| {
            let summaries = known.summaries_with(day, &rules).unwrap();
            known.position(id).and_then(|at| summaries[at].frequency())
        };
        let want: Vec<f64> = ledger
            .customers()
            .iter()
            .filter_map(|id| {
                let now = frequency(&ledger, day, id)?;
                Some(f64::from(now - frequency(&before, earlier, id).unwrap_or(0)))
            })
            .collect();
        prop_assert_eq!(told(Baseline::LastPeriod).unwrap(), want);
    }

    #[test]
    fn a_backtest_is_a_split_each(rows in till_rows(), first in 2..8_u64, second in 2..8_u64) {
        let ledger = Ledger::from_transactions(rows).unwrap();
        let model = BgNbd::new(TimeUnit::Day, 0.5, 10.0, 1.5, 2.0).unwrap();
        let test = Backtest::new(TimeUnit::Day, &[Baseline::LastPeriod]);
        let splits = [date(first), date(second)];
        let Ok(reports) = test.over(&ledger, &splits, 6, date(DAYS), |_| Ok(model)) else {
            let nobody = splits.iter().any(|&day| ledger.until(day).histories(day, TimeUnit::Day).unwrap().is_empty());
            prop_assert!(nobody);
            return Ok(());
        };
        for (report, &split) in reports.iter().zip(&splits) {
            let end = after(split, 6);
            let parts = ledger.until(end).split(split, end, &Conventions::default()).unwrap();
            let known = parts.calibration.histories(split, TimeUnit::Day).unwrap();
            let expected = model.all_expected_purchases(&known, Horizon::days(6.0).unwrap()).unwrap();
            let own = ForecastTest::of_purchases(&expected, &parts.holdout).unwrap();
            prop_assert_eq!(&report.model, &own.errors());
            prop_assert_eq!((report.split, report.as_of), (split, end));
            prop_assert_eq!(report.newcomers, parts.holdout.newcomers);
            prop_assert_eq!(report.baselines[0].1.actual().to_bits(), own.errors().actual().to_bits());
            if report.baselines[0].1.rmse() > 0.0 {
                let skill = own.errors().skill_against(&report.baselines[0].1).unwrap();
                prop_assert_eq!(report.skills().unwrap()[0], (Baseline::LastPeriod, skill));
            }
            // Everybody is said to be right or wrong of, in shards too.
            let says: Vec<bool> = expected.iter().map(|own| *own > 0.3).collect();
            let hits = ActivityHits::of(&says, &parts.holdout).unwrap();
            let right = says.iter().zip(&parts.holdout.purchases).filter(|(s, p)| **s == (**p > 0));
            let share = right.count() as f64 / says.len() as f64;
            prop_assert_eq!(hits.accuracy().unwrap().to_bits(), share.to_bits());
            let mut twice = hits;
            twice.merge(&hits).unwrap();
            prop_assert_eq!(twice.active_and_bought, 2 * hits.active_and_bought);
            prop_assert_eq!(twice.accuracy().unwrap().to_bits(), share.to_bits());
        }
    }
}
