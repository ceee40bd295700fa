//! Movement between classes: a published matrix and its mobility.

use goodwill::tiering::{Level, Programme, TransitionMatrix};
use rust_decimal::Decimal;

use crate::support::assert_close;

/// Prais (1955) and Shorrocks (1978), (k − tr P)/(k − 1), on the incomes of US states by quintile, 1929–2009: the
/// transition counts and the index .19759 are those of the documentation of giddy (`markov_mobility`, measure P).
#[test]
fn shorrocks_index_of_us_incomes() {
    let counts = [
        [729.0, 71.0, 1.0, 0.0, 0.0],
        [72.0, 567.0, 80.0, 3.0, 0.0],
        [0.0, 81.0, 631.0, 86.0, 2.0],
        [0.0, 3.0, 86.0, 573.0, 56.0],
        [0.0, 0.0, 1.0, 57.0, 741.0],
    ];
    let normal = |row: [f64; 5]| row.map(|count| count / row.iter().sum::<f64>()).to_vec();
    let matrix = TransitionMatrix::new(counts.map(normal).to_vec()).unwrap();
    assert!((matrix.prais().unwrap() - 0.197_59).abs() < 5e-6);
    // 1/(1 − p) of the first class: 801 in it, 72 left it.
    assert_close(matrix.expected_time_in_tier(0).unwrap(), 801.0 / 72.0, 1e-14, "time in class");
}

/// Kemeny and Snell (1976), Finite Markov Chains: the weather in the Land of Oz (rain, nice, snow) settles at 2/5, 1/5,
/// 2/5.
#[test]
fn weather_in_the_land_of_oz() {
    let rows = vec![vec![0.5, 0.25, 0.25], vec![0.5, 0.0, 0.5], vec![0.25, 0.25, 0.5]];
    let settled = TransitionMatrix::new(rows).unwrap().steady_state().unwrap();
    for (got, want) in settled.iter().zip([0.4, 0.2, 0.4]) {
        assert_close(*got, want, 1e-15, "share of days");
    }
}

/// `ERPNext` gave a wrong tier where the least spend of a tier was 0, and did not enforce it elsewhere: at a threshold of 0,
/// who spent 0 has it and who returned something has not.
#[test]
fn a_minimum_spend_of_zero_is_a_minimum() {
    let free = Decimal::ZERO;
    let level = |name, least: i64| Level::new(name, least.into(), least.into(), free).unwrap();
    let levels = [level("gold", 100), level("silver", 0), Level::base("base", free).unwrap()];
    let programme = Programme::new(levels).unwrap();
    for (spend, want) in [("100", 0), ("99.99", 1), ("0", 1), ("-0.01", 2)] {
        let spend: Decimal = spend.parse().unwrap();
        assert_eq!(programme.step(None, spend).unwrap().level, want, "{spend}");
    }
}
