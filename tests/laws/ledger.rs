//! The ledger does not depend on the order of the rows, on how they were split and merged, or on where it has
//! been written down in between.

use goodwill::{Ledger, Transaction};
use proptest::prelude::*;

use crate::generate::{DAYS, date, rows, shuffled};
use crate::naive;

fn ledger(rows: &[Transaction<u32>]) -> Ledger<u32> {
    Ledger::from_transactions(rows.iter().cloned()).unwrap()
}

/// The rows dealt to shards.
fn dealt(rows: &[Transaction<u32>], shards: &[usize], count: usize) -> Vec<Ledger<u32>> {
    let own = |shard: usize| {
        let picked = rows.iter().zip(shards).filter(|&(_, &to)| to == shard);
        ledger(&picked.map(|(row, _)| row.clone()).collect::<Vec<_>>())
    };
    (0..count).map(own).collect()
}

/// Rows with a shard of three for each.
fn sharded() -> impl Strategy<Value = (Vec<Transaction<u32>>, Vec<usize>)> {
    rows().prop_flat_map(|rows| {
        let shards = proptest::collection::vec(0_usize..3, rows.len());
        (Just(rows), shards)
    })
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn the_order_of_the_rows_does_not_matter((rows, others) in shuffled(rows())) {
        prop_assert_eq!(ledger(&rows), ledger(&others));
    }

    #[test]
    fn nor_does_whether_they_are_read_where_they_lie(rows in rows()) {
        prop_assert_eq!(Ledger::from_slice(&rows).unwrap(), ledger(&rows));
    }

    #[test]
    fn nor_does_the_type_of_the_ids(rows in rows()) {
        // Padded numbers order as text, and texts take the other way through the sort.
        let name = |id: u32| format!("{id:010}");
        let renamed =
            rows.iter().map(|row| Transaction::new(name(row.customer), row.date, row.amount));
        let named = Ledger::from_transactions(renamed).unwrap();
        let numbered = ledger(&rows);
        prop_assert_eq!(
            named.customers(),
            numbered.customers().iter().map(|&id| name(id)).collect::<Vec<_>>()
        );
        let columns = |ledger: serde_json::Value| ledger["columns"].clone();
        prop_assert_eq!(
            columns(serde_json::to_value(&named).unwrap()),
            columns(serde_json::to_value(&numbered).unwrap())
        );
    }

    #[test]
    fn it_lists_its_customers_rows_and_days(rows in rows()) {
        let ledger = ledger(&rows);
        let log = naive::log(&rows);
        prop_assert_eq!(ledger.customers(), log.keys().copied().collect::<Vec<_>>());
        prop_assert_eq!(ledger.rows(), rows.len() as u64);
        prop_assert_eq!(ledger.first_day(), rows.iter().map(|row| row.date).min());
        prop_assert_eq!(ledger.last_day(), rows.iter().map(|row| row.date).max());
        for (position, id) in ledger.customers().iter().enumerate() {
            prop_assert_eq!(ledger.position(id), Some(position));
            prop_assert_eq!(ledger.position(&(id + 1)), None);
        }
    }

    #[test]
    fn merging_shards_is_reading_all_rows((rows, shards) in sharded()) {
        let parts = dealt(&rows, &shards, 3);
        let (a, b, c) = (&parts[0], &parts[1], &parts[2]);
        let whole = ledger(&rows);
        let left = a.merge(b).unwrap().merge(c).unwrap();
        prop_assert_eq!(&left, &whole);
        prop_assert_eq!(&a.merge(&b.merge(c).unwrap()).unwrap(), &whole, "associative");
        prop_assert_eq!(&c.merge(&b.merge(a).unwrap()).unwrap(), &whole, "commutative");
        let none = Ledger::default();
        prop_assert_eq!(&whole.merge(&none).unwrap(), &whole, "neutral");
        prop_assert_eq!(&none.merge(&whole).unwrap(), &whole, "neutral");
    }

    #[test]
    fn the_ledger_until_a_day_is_that_of_the_rows_until_it(
        (rows, shards) in sharded(),
        after in 0..=DAYS,
        later in 0..=DAYS,
    ) {
        let (day, later) = (date(after), date(later));
        let whole = ledger(&rows);
        let cut = whole.until(day);
        prop_assert_eq!(&cut, &ledger(&naive::until(&rows, day)));
        prop_assert_eq!(&cut.until(day), &cut, "idempotent");
        prop_assert_eq!(&cut.until(later), &whole.until(later.min(day)), "the earlier day cuts");
        let parts = dealt(&rows, &shards, 3);
        let merged =
            parts.iter().fold(Ledger::default(), |all, part| all.merge(&part.until(day)).unwrap());
        prop_assert_eq!(&merged, &cut, "cut, then merged");
    }

    #[test]
    fn it_survives_json(rows in rows()) {
        let whole = ledger(&rows);
        let text = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Ledger<u32>>(&text).unwrap(), &whole);
        let rows_again: Vec<Transaction<u32>> =
            serde_json::from_str(&serde_json::to_string(&rows).unwrap()).unwrap();
        prop_assert_eq!(&ledger(&rows_again), &whole);
    }
}
