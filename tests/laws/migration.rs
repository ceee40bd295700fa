//! Movement reconciles with both days, and a steady state stays.

use goodwill::tiering::{Migration, Snapshot, TransitionMatrix};
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

/// A day of those who are there; at least one is.
fn day(values: &[Option<Decimal>]) -> Day {
    let there = values.iter().enumerate().filter_map(|(id, value)| Some((id as u32, (*value)?)));
    let (mut ids, mut values): (Vec<u32>, Vec<Decimal>) = there.unzip();
    if ids.is_empty() {
        (ids, values) = (vec![99], vec![Decimal::ONE]);
    }
    let tiering = pyramid().assign(&values, Ties::TogetherUp).unwrap();
    Day { ids, values, tiering }
}

fn days() -> impl Strategy<Value = (Day, Day)> {
    let value = || proptest::option::weighted(0.8, cents());
    vec((value(), value()), 1..40).prop_map(|rows| {
        let (before, after): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        (day(&before), day(&after))
    })
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
        let places = || (0..3).map(Some).chain([None]);
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

    /// Each shard has some of the customers, in the tiers that the whole base gave them.
    #[test]
    fn movements_of_shards_merge((before, after) in days(), key in any::<u32>()) {
        let whole = Migration::between(&before.snapshot(), &after.snapshot()).unwrap();
        let single = |day: &Day, id: u32| -> Option<Decimal> {
            day.ids.iter().position(|&own| own == id).map(|place| day.values[place])
        };
        let shard = |which: u32| {
            let of = |day: &Day| {
                let own = |id: &u32| if id.wrapping_mul(key | 1).rotate_left(9) % 2 == which {
                    single(day, *id)
                } else {
                    None
                };
                let mut values = vec![None; 100];
                for id in &day.ids {
                    values[*id as usize] = own(id);
                }
                values
            };
            (of(&before), of(&after))
        };
        // Thresholds instead of ranks, so that a tier does not depend on the shard: everybody in one.
        let all = Pyramid::by_share_of_customers([("all", Share::ONE)]).unwrap();
        let one_tier = |(was, is): (Vec<Option<Decimal>>, Vec<Option<Decimal>>)| {
            let day = |values: &[Option<Decimal>]| -> Option<Day> {
                let there = values.iter().enumerate();
                let there = there.filter_map(|(id, value)| Some((id as u32, (*value)?)));
                let (ids, values): (Vec<u32>, Vec<Decimal>) = there.unzip();
                let tiering = all.assign(&values, Ties::TogetherUp).ok()?;
                Some(Day { ids, values, tiering })
            };
            let (was, is) = (day(&was)?, day(&is)?);
            Some(Migration::between(&was.snapshot(), &is.snapshot()).unwrap())
        };
        let (Some(mut merged), Some(other)) = (one_tier(shard(0)), one_tier(shard(1))) else {
            return Ok(());
        };
        merged.merge(&other).unwrap();
        let both = |of: &dyn Fn(Option<usize>, Option<usize>) -> u64| -> u64 {
            (0..3).flat_map(|i| (0..3).map(move |j| (i, j))).map(|(i, j)| of(Some(i), Some(j))).sum()
        };
        prop_assert_eq!(
            merged.customers(Some(0), Some(0)),
            both(&|from, to| whole.customers(from, to))
        );
        prop_assert_eq!((merged.entered(), merged.left()), (whole.entered(), whole.left()));
        let money_of = |of: &Migration<Decimal>, tiers: usize| {
            let tiers = (0..tiers).map(Some);
            let cells = tiers.clone().flat_map(|from| tiers.clone().map(move |to| (from, to)));
            money::sum(cells.map(|(from, to)| of.moves(from, to).unwrap().after)).unwrap()
        };
        prop_assert_eq!(money_of(&merged, 1), money_of(&whole, 3));
    }

    #[test]
    fn a_steady_state_stays(rows in matrix()) {
        let matrix = TransitionMatrix::new(rows).unwrap();
        prop_assert_eq!(&TransitionMatrix::new(matrix.rows().to_vec()).unwrap(), &matrix, "read back");
        let tiers = matrix.rows().len();
        for row in matrix.rows() {
            prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        }
        // Reachable in any number of steps, by squaring.
        let mut reach: Vec<Vec<bool>> =
            matrix.rows().iter().map(|row| row.iter().map(|&chance| chance > 0.0).collect()).collect();
        for via in 0..tiers {
            for from in 0..tiers {
                for to in 0..tiers {
                    reach[from][to] |= reach[from][via] && reach[via][to];
                }
            }
        }
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
        let Ok(steady) = moves.steady_state() else { return Ok(()) };
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
