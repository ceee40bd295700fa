//! Movement reconciles with both days, and a steady state stays.

use goodwill::tiering::{Migration, Snapshot, Thresholds, TransitionMatrix};
use goodwill::{ErrorKind, Pyramid, Share, Tiering, Ties, money};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::generate::cents;

fn pyramid() -> Pyramid {
    let percent = |percent| Share::percent(percent).unwrap();
    let tiers = [("a", percent(20)), ("b", percent(30)), ("c", percent(50))];
    Pyramid::by_share_of_customers(tiers).unwrap()
}

#[derive(Clone, Debug)]
struct Day {
    ids: Vec<u32>,
    values: Vec<Decimal>,
    tiering: Tiering<Decimal>,
}

impl Day {
    fn snapshot(&self) -> Snapshot<'_, u32, Decimal> {
        Snapshot::new(&self.ids, &self.values, &self.tiering).unwrap()
    }
}

/// Those who are there, by their position, and their values.
fn who_is_there(values: &[Option<Decimal>]) -> (Vec<u32>, Vec<Decimal>) {
    let there = values.iter().enumerate().filter_map(|(id, value)| Some((id as u32, (*value)?)));
    there.unzip()
}

/// A day of those who are there; at least one is.
fn day(values: &[Option<Decimal>]) -> Day {
    let (mut ids, mut values) = who_is_there(values);
    if ids.is_empty() {
        (ids, values) = (vec![99], vec![Decimal::ONE]);
    }
    let tiering = pyramid().assign(&values, Ties::TogetherUp).unwrap();
    Day { ids, values, tiering }
}

/// The values of so many customers or more on both days.
fn rows(least: usize) -> impl Strategy<Value = Vec<(Option<Decimal>, Option<Decimal>)>> {
    let value = || proptest::option::weighted(0.8, cents());
    vec((value(), value()), least..40)
}

fn days() -> impl Strategy<Value = (Day, Day)> {
    rows(1).prop_map(|rows| {
        let (before, after): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        (day(&before), day(&after))
    })
}

/// The three tiers, and outside.
fn places() -> impl Iterator<Item = Option<usize>> {
    (0..3).map(Some).chain([None])
}

/// Which states are reached from which, in one step or more.
fn reached(states: usize, step: impl Fn(usize, usize) -> bool) -> Vec<Vec<bool>> {
    let row = |from: usize| (0..states).map(|to| step(from, to)).collect();
    let mut reach: Vec<Vec<bool>> = (0..states).map(row).collect();
    for via in 0..states {
        for from in 0..states {
            for to in 0..states {
                reach[from][to] |= reach[from][via] && reach[via][to];
            }
        }
    }
    reach
}

/// Why this movement has no steady state; `None` where it has one.
fn unsteady(moves: &Migration<Decimal>) -> Option<&'static str> {
    const OUTSIDE: usize = 3;
    let place = |state: usize| (state < OUTSIDE).then_some(state);
    let reach = reached(4, |from, to| moves.customers(place(from), place(to)) > 0);
    let is_empty = |from: usize| places().all(|to| moves.customers(Some(from), to) == 0);
    if moves.entered() > 0 {
        let stuck = |&tier: &usize| reach[OUTSIDE][tier] && !reach[tier][OUTSIDE];
        let first = (0..OUTSIDE).find(stuck)?;
        return Some(if is_empty(first) { "nobody starts in" } else { "and cannot leave" });
    }
    if moves.left() > 0 {
        return Some("the base dies out");
    }
    if (0..OUTSIDE).any(is_empty) {
        return Some("nobody starts in");
    }
    let is_irreducible = reach[..OUTSIDE].iter().all(|own| own[..OUTSIDE].iter().all(|&to| to));
    (!is_irreducible).then_some("cannot be reached from")
}

fn matrix() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (1_usize..6).prop_flat_map(|tiers| {
        let chance = prop_oneof![2 => 1e-6_f64..1.0, 1 => Just(0.0)];
        vec(vec(chance, tiers), tiers).prop_map(|rows| {
            let normal = |(i, mut row): (usize, Vec<f64>)| {
                row[i] += 1e-3;
                let sum: f64 = row.iter().sum();
                row.into_iter().map(|chance| chance / sum).collect()
            };
            rows.into_iter().enumerate().map(normal).collect()
        })
    })
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn movement_reconciles_with_both_days((before, after) in days()) {
        let moves = Migration::between(&before.snapshot(), &after.snapshot()).unwrap();
        for tier in 0..3 {
            let out: Vec<_> = places().map(|to| moves.moves(Some(tier), to).unwrap()).collect();
            let own = &before.tiering.tiers()[tier];
            prop_assert_eq!(out.iter().map(|own| own.customers).sum::<u64>(), own.customers as u64);
            prop_assert_eq!(money::sum(out.iter().map(|own| own.before)).unwrap(), own.value);
            let into: Vec<_> = places().map(|from| moves.moves(from, Some(tier)).unwrap()).collect();
            let own = &after.tiering.tiers()[tier];
            prop_assert_eq!(into.iter().map(|own| own.customers).sum::<u64>(), own.customers as u64);
            prop_assert_eq!(money::sum(into.iter().map(|own| own.after)).unwrap(), own.value);
            if let Ok(chances) = moves.chances_from(tier) {
                prop_assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-15);
            }
        }
        let new = after.ids.iter().filter(|id| !before.ids.contains(id)).count();
        let gone = before.ids.iter().filter(|id| !after.ids.contains(id)).count();
        prop_assert_eq!((moves.entered(), moves.left()), (new as u64, gone as u64));
        if let (Some(up), Some(down), Some(still)) =
            (moves.upgrade_rate(), moves.downgrade_rate(), moves.stability())
        {
            prop_assert!((up + down + still - 1.0).abs() < 1e-15);
        }
        // The day back is the same movement the other way.
        let back = Migration::between(&after.snapshot(), &before.snapshot()).unwrap();
        for (from, to) in places().flat_map(|from| places().map(move |to| (from, to))) {
            prop_assert_eq!(moves.customers(from, to), back.customers(to, from));
        }
        prop_assert_eq!(moves.upgrade_rate(), back.downgrade_rate());
    }

    /// Each shard has some of the customers, in the tiers that the same floors give them; all sixteen cells are counted by
    /// hand.
    #[test]
    fn movements_of_shards_merge(rows in rows(8), mut floors in [cents(), cents()], key in any::<u32>()) {
        floors.sort_unstable();
        let cuts = Thresholds::new([("a", floors[1]), ("b", floors[0])], "c").unwrap();
        let movement = |is_own: &dyn Fn(usize) -> bool| -> Option<Migration<Decimal>> {
            let day = |value: &dyn Fn(usize) -> Option<Decimal>| {
                let own = (0..rows.len()).map(|id| value(id).filter(|_| is_own(id)));
                let (ids, values) = who_is_there(&own.collect::<Vec<_>>());
                let tiering = cuts.assign(&values).ok()?;
                Some(Day { ids, values, tiering })
            };
            let (before, after) = (day(&|id| rows[id].0)?, day(&|id| rows[id].1)?);
            Some(Migration::between(&before.snapshot(), &after.snapshot()).unwrap())
        };
        let shard = |which: u32| {
            movement(&|id| (id as u32).wrapping_mul(key | 1).rotate_left(9) % 2 == which)
        };
        let (one, other) = (shard(0), shard(1));
        prop_assume!(one.is_some() && other.is_some()); // nobody cannot be cut
        let (mut merged, other) = (one.unwrap(), other.unwrap());
        merged.merge(&other).unwrap();
        prop_assert_eq!(&merged, &movement(&|_| true).unwrap());
        let tier = |value: Decimal| floors.iter().filter(|&&floor| floor > value).count();
        for (from, to) in places().flat_map(|from| places().map(move |to| (from, to))) {
            let is_here = |row: &&(Option<Decimal>, Option<Decimal>)| {
                (row.0.map(tier), row.1.map(tier)) == (from, to) && (row.0.is_some() || row.1.is_some())
            };
            let own = || rows.iter().filter(is_here);
            let moved = merged.moves(from, to).unwrap();
            prop_assert_eq!(moved.customers, own().count() as u64);
            prop_assert_eq!(moved.before, money::sum(own().filter_map(|row| row.0)).unwrap());
            prop_assert_eq!(moved.after, money::sum(own().filter_map(|row| row.1)).unwrap());
        }
        let count = |is: fn(&&(Option<Decimal>, Option<Decimal>)) -> bool| rows.iter().filter(is).count() as u64;
        let entered = count(|row| row.0.is_none() && row.1.is_some());
        let left = count(|row| row.0.is_some() && row.1.is_none());
        prop_assert_eq!((merged.entered(), merged.left()), (entered, left));
    }

    #[test]
    fn a_steady_state_stays(rows in matrix()) {
        let matrix = TransitionMatrix::new(rows).unwrap();
        prop_assert_eq!(&TransitionMatrix::new(matrix.rows().to_vec()).unwrap(), &matrix, "read back");
        let tiers = matrix.rows().len();
        for row in matrix.rows() {
            prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        }
        let reach = reached(tiers, |from, to| matrix.rows()[from][to] > 0.0);
        let is_irreducible = reach.iter().flatten().all(|&reached| reached);
        match matrix.steady_state() {
            Ok(settled) => {
                prop_assert!(is_irreducible);
                prop_assert!((settled.iter().sum::<f64>() - 1.0).abs() < 1e-14);
                for to in 0..tiers {
                    let next: f64 = (0..tiers).map(|from| settled[from] * matrix.rows()[from][to]).sum();
                    prop_assert!((next - settled[to]).abs() <= 1e-14, "{} {}", next, settled[to]);
                    prop_assert!(settled[to] > 0.0);
                }
            }
            Err(error) => {
                prop_assert!(!is_irreducible);
                let is_undefined = matches!(error.kind(), ErrorKind::Undefined { .. });
                prop_assert!(is_undefined);
            }
        }
    }

    /// n = n·Q + e, and every customer who enters in a steady base leaves it.
    #[test]
    fn a_steady_base_keeps_its_size((before, after) in days()) {
        let moves = Migration::between(&before.snapshot(), &after.snapshot()).unwrap();
        let got = moves.steady_state();
        if let Some(reason) = unsteady(&moves) {
            let error = got.unwrap_err();
            let is_undefined = matches!(error.kind(), ErrorKind::Undefined { quantity: "steady state" | "chance of moving", .. });
            prop_assert!(is_undefined && error.to_string().contains(reason), "{error}, not {reason}");
            return Ok(());
        }
        let steady = got.unwrap();
        for to in 0..3 {
            let mut next = moves.customers(None, Some(to)) as f64;
            for (from, customers) in steady.iter().enumerate().filter(|own| *own.1 > 0.0) {
                next += customers * moves.chances_from(from).unwrap()[to];
            }
            if moves.entered() > 0 {
                prop_assert!((next - steady[to]).abs() <= 1e-9 * (1.0 + next), "{}", next);
            }
        }
        // Little: customers in the base = customers who enter × periods they stay.
        if let Ok(periods) = moves.periods_until_gone() {
            let entered = |tier: usize| moves.customers(None, Some(tier)) as f64;
            let stock: f64 = (0..3).map(|tier| entered(tier) * periods[tier]).sum();
            let all: f64 = steady.iter().sum();
            prop_assert!(moves.entered() == 0 || (stock - all).abs() <= 1e-9 * all);
        }
    }

    /// Rows that add up to 1 but for rounding are divided by their sum.
    #[test]
    fn rows_add_up_to_one(rows in matrix(), off in -9e-10_f64..9e-10) {
        let scaled = |row: &Vec<f64>| row.iter().map(|p| (p * (1.0 + off)).min(1.0)).collect();
        let matrix = TransitionMatrix::new(rows.iter().map(scaled).collect()).unwrap();
        for row in matrix.rows() {
            let sum: f64 = row.iter().sum();
            prop_assert!((sum - 1.0).abs() <= 1e-15 * row.len() as f64, "{}", sum);
        }
    }
}
