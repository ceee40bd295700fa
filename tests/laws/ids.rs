//! The kind of the ids and how many rows there are decide how a ledger is sorted, never what is in it.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;

use goodwill::{CustomerId, Ledger, Transaction};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::generate::date;

/// A key of the caller's own, which can only be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
struct Account(i8, String);

impl CustomerId for Account {}

/// The columns of the rows as text, whoever they belong to: the ids come first.
fn columns<C: CustomerId + Serialize>(ledger: &Ledger<C>) -> String {
    let text = serde_json::to_string(ledger).unwrap();
    let at = text.rfind("\"columns\":").unwrap();
    text[at..].to_owned()
}

/// Rows of the ids in turn, on days and of amounts that follow from their position, against the ledger of the
/// ids' ranks.
fn assert_sorted<C: CustomerId + Serialize + Debug>(ids: &[C]) {
    let distinct: Vec<C> = ids.iter().cloned().collect::<BTreeSet<C>>().into_iter().collect();
    let row = |position: usize, id| {
        let day = (position * 7_919) % 31;
        Transaction::new(id, date(day as u64), Decimal::new((position % 997) as i64 - 99, 2))
    };
    let rank = |id: &C| distinct.binary_search(id).unwrap() as u128;
    let rows = ids.iter().enumerate();
    let named = rows.clone().map(|(i, id)| row_of(&row(i, ()), id.clone()));
    let ledger = Ledger::from_transactions(named.clone());
    // Ids of 128 bits have no key and are only compared.
    let ranked = Ledger::from_transactions(rows.map(|(i, id)| row_of(&row(i, ()), rank(id))));
    let (ledger, ranked) = (ledger.unwrap(), ranked.unwrap());
    let in_memory: Vec<_> = named.collect();
    assert_eq!(Ledger::from_slice(&in_memory).unwrap(), ledger);
    assert_eq!(ledger.customers(), distinct);
    assert_eq!(columns(&ledger), columns(&ranked));
    assert!(distinct.iter().enumerate().all(|(i, id)| ledger.position(id) == Some(i)));

    let (left, right) = ids.split_at(ids.len() / 3);
    let part = |ids: &[C], from: usize| {
        let rows = ids.iter().enumerate();
        Ledger::from_transactions(rows.map(|(i, id)| row_of(&row(from + i, ()), id.clone())))
            .unwrap()
    };
    assert_eq!(part(right, left.len()).merge(&part(left, 0)).unwrap(), ledger);
}

fn row_of<C>(row: &Transaction<()>, id: C) -> Transaction<C> {
    Transaction::new(id, row.date, row.amount)
}

/// Texts that begin alike, end early, or hold any byte.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "customer-[0-9]{1,3}",
        "[ab]{0,4}",
        "shared by all of them, and long [0-9]{0,2}",
        "[0-9a-f]{16}",
        "\\PC{0,3}",
        "[\u{0}\u{1}\u{7f}\u{10ffff}é]{0,3}",
    ]
}

/// Whole numbers at both ends of their type and anywhere between.
fn wholes() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        -3_i64..3,
        Just(i64::MIN),
        Just(i64::MAX),
        (any::<i64>(), 0..63).prop_map(|(n, s)| n >> s)
    ]
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn texts_sort_as_texts(ids in vec(texts(), 0..60)) {
        assert_sorted(&ids);
        assert_sorted(&ids.iter().map(String::as_str).collect::<Vec<_>>());
        assert_sorted(
            &ids.iter()
                .map(|id| Account((id.len() as i8).wrapping_mul(77), id.clone()))
                .collect::<Vec<_>>(),
        );
    }

    #[test]
    fn texts_of_one_shape_sort_as_texts(
        ids in prop_oneof![
            vec("[0-9]{1,9}", 0..60).boxed(),
            vec("C[0-9]{7}", 0..60).boxed(),
            vec("[ab]{0,70}", 0..60).boxed(),
            vec("\\PC{0,2}", 0..60).boxed(),
            vec("[a-z]{0,12}@shop.example", 0..60).boxed(),
        ],
    ) {
        assert_sorted(&ids);
    }

    #[test]
    fn whole_numbers_sort_as_numbers(ids in vec(wholes(), 0..60)) {
        assert_sorted(&ids);
        assert_sorted(&ids.iter().map(|&id| id as u64).collect::<Vec<_>>());
        assert_sorted(&ids.iter().map(|&id| id as i8).collect::<Vec<_>>());
        assert_sorted(&ids.iter().map(|&id| id as u16).collect::<Vec<_>>());
        assert_sorted(&ids.iter().map(|&id| i128::from(id) * 3).collect::<Vec<_>>());
    }
}

/// A fixed stream of numbers.
fn stream(seed: u64) -> impl Iterator<Item = u64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state ^ (state >> 33)
    })
}

/// Enough rows for many buckets.
#[test]
fn many_rows_sort_as_few_do() {
    let ids = |shift: u32| stream(17).map(move |n| n >> shift).take(20_000).collect::<Vec<u64>>();
    for shift in [0, 20, 50, 56, 63] {
        let ids = ids(shift);
        assert_sorted(&ids);
        assert_sorted(&ids.iter().map(|&id| id as i64).collect::<Vec<_>>());
        assert_sorted(&ids.iter().map(|id| format!("{id}")).collect::<Vec<_>>());
        assert_sorted(&ids.iter().map(|id| format!("C-{id:020}")).collect::<Vec<_>>());
    }
    // One customer has half of the rows.
    let uneven: Vec<u64> = ids(48).into_iter().map(|id| if id % 2 == 0 { 7 } else { id }).collect();
    assert_sorted(&uneven);
    assert_sorted(&vec![u64::MAX; 9_000]);
}

/// The first rows decide into which buckets the rest go, and may know little of them.
#[test]
fn later_rows_sort_as_the_first_do() {
    const FIRST: usize = 65_536;
    let any: Vec<u64> = stream(5).map(|n| n >> 44).take(2 * FIRST).collect();
    assert_sorted(&any);
    let ascending: Vec<u64> = (0..2 * FIRST as u64).map(|i| i / 3).collect();
    assert_sorted(&ascending);
    assert_sorted(&ascending.iter().rev().map(|&id| id as i64 - 9_000).collect::<Vec<_>>());
    let narrow = stream(6).map(|n| 1_000 + n % 1_000).take(FIRST);
    assert_sorted(&narrow.chain(stream(7).take(FIRST / 2)).collect::<Vec<_>>());
    assert_sorted(&vec![u64::MAX; FIRST + 9_000]);
}

/// Money that needs more digits, or more bits, after many rows have been read.
#[test]
fn later_money_is_added_as_the_first_is() {
    let row = |(i, customer): (usize, u64)| {
        let amount = match i {
            66_000 => Decimal::new(12_345, 5),
            70_000 => Decimal::MAX,
            _ => Decimal::new((i % 997) as i64 - 99, 2),
        };
        Transaction::new(customer, date((i % 31) as u64), amount)
    };
    for rows in [65_999, 66_500, 70_500] {
        let rows: Vec<_> = stream(8).map(|n| n % 5_000).take(rows).enumerate().map(row).collect();
        let ledger = Ledger::from_transactions(rows.iter().cloned()).unwrap();
        let shards = rows.chunks(10_000).map(|own| Ledger::from_transactions(own.iter().cloned()));
        let merged = shards.map(Result::unwrap).reduce(|a, b| a.merge(&b).unwrap()).unwrap();
        assert_eq!(ledger.rows(), rows.len() as u64);
        assert_eq!(ledger, merged);
        assert_eq!(ledger, Ledger::from_slice(&rows).unwrap());
    }
}

/// Shared texts name the same customers as owned ones.
#[test]
fn shared_texts_are_ids() {
    let rows = |id: &str| Transaction::new(Arc::<str>::from(id), date(1), Decimal::ONE);
    let ledger = Ledger::from_transactions(["zoe", "ann", "zoe"].map(rows)).unwrap();
    assert_eq!(ledger.customers(), [Arc::from("ann"), Arc::from("zoe")]);
    assert_eq!(ledger.rows(), 3);
}
