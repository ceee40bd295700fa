//! Movements and chains of hostile shape.

use goodwill::tiering::{Migration, Snapshot, TransitionMatrix};
use goodwill::{Pyramid, Share, Tiering, Ties};

use crate::table::FLOATS;
use crate::{assert_finite, assert_kind, assert_message, kind};

fn halves() -> Pyramid {
    let half = Share::percent(50).unwrap();
    Pyramid::by_share_of_customers([("upper", half), ("lower", half)]).unwrap()
}

fn tiering(values: &[f64]) -> Tiering<f64> {
    halves().assign(values, Ties::InputOrder).unwrap()
}

#[test]
fn matrices() {
    assert_message(TransitionMatrix::new(vec![]), "transition matrix must not be empty");
    assert_kind(TransitionMatrix::new(vec![vec![1.0, 0.0]]), "LengthMismatch");
    assert_kind(TransitionMatrix::new(vec![vec![]]), "LengthMismatch");
    for a in FLOATS {
        for b in FLOATS {
            let rows = vec![vec![a, 1.0 - a], vec![b, 1.0 - b]];
            let matrix = match TransitionMatrix::new(rows) {
                Ok(matrix) => matrix,
                Err(error) => {
                    assert!(["OutOfDomain", "Inconsistent"].contains(&kind(&error)), "{error}");
                    continue;
                }
            };
            match matrix.steady_state() {
                Ok(settled) => {
                    assert!(settled.iter().all(|share| (0.0..=1.0).contains(share)), "{a} {b}");
                }
                Err(error) => assert_eq!(kind(&error), "Undefined"),
            }
            for tier in 0..3 {
                let what = || format!("{a} {b} {tier}");
                let kinds = ["Undefined", "OutOfDomain"];
                assert_finite(matrix.expected_time_in_tier(tier), &kinds, what);
            }
            assert!((0.0..=2.0).contains(&matrix.prais().unwrap()));
            assert_eq!(matrix.rows().len(), 2);
        }
    }
    let stuck = TransitionMatrix::new(vec![vec![1.0, 0.0], vec![0.5, 0.5]]).unwrap();
    assert_message(
        stuck.steady_state(),
        "steady state is undefined: tier 1 cannot be reached from tier 0",
    );
    assert_message(
        stuck.expected_time_in_tier(0),
        "expected time in tier is undefined: nobody leaves tier 0",
    );
    assert_message(
        TransitionMatrix::new(vec![vec![0.5, 0.4], vec![0.5, 0.5]]),
        "the chances of a row must add up to 1, but add up to 0.9 (row 0)",
    );
    let alone = TransitionMatrix::new(vec![vec![1.0]]).unwrap();
    assert_eq!(alone.steady_state().unwrap(), [1.0]);
    assert_message(alone.prais(), "Prais mobility is undefined: there is only one tier");
    // Chances so small that their product is 0.
    let small = 5e-324;
    let rows = vec![vec![1.0, small, 0.0], vec![small, 1.0, small], vec![0.0, small, 1.0]];
    if let Ok(settled) = TransitionMatrix::new(rows).unwrap().steady_state() {
        assert!(settled.iter().all(|share| share.is_finite()));
    }
}

#[test]
fn movements() {
    let values = [3.0, 2.0];
    let own = tiering(&values);
    assert_kind(Snapshot::new(&[1_u32], &values, &own), "LengthMismatch");
    assert_kind(Snapshot::new(&[1_u32, 2], &values[..1], &own), "LengthMismatch");
    assert_message(Snapshot::new(&[2_u32, 2], &values, &own), "the customers must ascend (row 1)");
    assert_kind(Snapshot::new(&[1_u32, 2], &[1.0, f64::NAN], &own), "OutOfDomain");
    let day = Snapshot::new(&[1_u32, 2], &values, &own).unwrap();
    let other = Pyramid::classic().assign(&values, Ties::InputOrder).unwrap();
    let other = Snapshot::new(&[1_u32, 2], &values, &other).unwrap();
    assert_message(Migration::between(&day, &other), "both days must have the same tiers");

    let mut still = Migration::between(&day, &day).unwrap();
    assert_eq!((still.entered(), still.left()), (0, 0));
    assert_eq!((still.stability(), still.upgrade_rate()), (Some(1.0), Some(0.0)));
    assert_eq!(still.downgrade_rate(), Some(0.0));
    assert_kind(still.moves(Some(2), None), "OutOfDomain");
    assert_eq!(still.customers(Some(usize::MAX), None), 0);
    assert_eq!(still.tiers(), ["upper", "lower"]);
    assert_kind(still.chances_from(2), "OutOfDomain");
    assert_kind(still.steady_state(), "Undefined");
    assert_kind(still.periods_until_gone(), "Undefined");
    assert_kind(still.merge(&Migration::between(&other, &other).unwrap()), "Inconsistent");

    // Everybody leaves, others come.
    let away = Snapshot::new(&[8_u32, 9], &values, &own).unwrap();
    let renewed = Migration::between(&day, &away).unwrap();
    assert_eq!((renewed.entered(), renewed.left(), renewed.stability()), (2, 2, None));
    assert_kind(renewed.transitions(), "Undefined");
    assert_eq!(renewed.steady_state().unwrap(), [1.0, 1.0]);
    assert_eq!(renewed.periods_until_gone().unwrap(), [1.0, 1.0]);

    // Some leave and none enter; some enter and none leave.
    let fewer = tiering(&values[..1]);
    let fewer = Snapshot::new(&[1_u32], &values[..1], &fewer).unwrap();
    assert_message(
        Migration::between(&day, &fewer).unwrap().steady_state(),
        "steady state is undefined: customers leave and none enter, so the base dies out",
    );
    assert_kind(Migration::between(&fewer, &day).unwrap().steady_state(), "Undefined");

    let large = [f64::MAX, f64::MAX];
    let whole = Pyramid::by_share_of_customers([("all", Share::ONE)]).unwrap();
    let small = whole.assign(&[1.0, 1.0], Ties::InputOrder).unwrap();
    let day = Snapshot::new(&[1_u32, 2], &large, &small).unwrap();
    assert_kind(Migration::between(&day, &day).unwrap().moves(Some(0), Some(0)), "Overflow");
}
