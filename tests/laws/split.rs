//! Calibration and holdout against the log cut by hand.

use goodwill::{ErrorKind, Ledger};
use proptest::prelude::*;

use crate::generate::{DAYS, convention, conventions, date, till_rows};
use crate::naive;

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn a_split_is_the_log_before_and_after(
        rows in till_rows(),
        rules in conventions(),
        after in 0..DAYS,
    ) {
        let (split_day, as_of) = (date(after), date(DAYS));
        let ledger = Ledger::from_transactions(rows.iter().cloned()).unwrap();
        let split = ledger.split(split_day, as_of, &convention(rules)).unwrap();
        prop_assert_eq!(&split.calibration, &ledger.until(split_day));
        prop_assert_eq!(u64::from(split.holdout.days), DAYS - after);

        let mut purchases = Vec::new();
        let mut newcomers = 0;
        for days in naive::log(&rows).values() {
            let dates = naive::occasions(days, rules.0);
            let before = dates.iter().filter(|&&date| date <= split_day).count();
            if before > 0 {
                purchases.push((dates.len() - before) as u32);
            } else if !dates.is_empty() {
                newcomers += 1;
            }
        }
        prop_assert_eq!(
            split.holdout.total(),
            purchases.iter().map(|&n| u64::from(n)).sum::<u64>()
        );
        prop_assert_eq!(&split.holdout.purchases, &purchases);
        prop_assert_eq!(split.holdout.newcomers, newcomers);

        // Frequency at the split + purchases in the holdout = frequency at the end, row for row.
        let unit = goodwill::TimeUnit::Day;
        let early = split.calibration.summaries_with(split_day, &convention(rules)).unwrap();
        let late = ledger.summaries_with(as_of, &convention(rules)).unwrap();
        let histories =
            split.calibration.histories_with(split_day, unit, &convention(rules)).unwrap();
        prop_assert_eq!(histories.len(), split.holdout.purchases.len());
        let seen =
            early.iter().filter_map(|summary| Some((summary.customer, summary.frequency()?)));
        for ((id, frequency), bought) in seen.zip(&split.holdout.purchases) {
            let at_the_end = &late[ledger.position(id).unwrap()];
            prop_assert_eq!(at_the_end.frequency(), Some(frequency + bought));
        }
        let all_rows = split.calibration.rows()
            + rows.iter().filter(|row| row.date > split_day).count() as u64;
        prop_assert_eq!(all_rows, ledger.rows());
    }

    #[test]
    fn a_split_needs_a_day_to_hold_out(rows in till_rows(), after in DAYS..DAYS + 9) {
        let ledger = Ledger::from_transactions(rows).unwrap();
        let got = ledger.split(
            date(after),
            date(DAYS),
            &convention((goodwill::Occasion::PurchaseDay, goodwill::Refunds::OnTheDay)),
        );
        let error = got.unwrap_err();
        prop_assert!(matches!(error.kind(), ErrorKind::Inconsistent { .. }), "{error}");
    }
}
