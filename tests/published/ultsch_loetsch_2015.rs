//! Ultsch and Lötsch (2015), PLOS One 10(6), e0129767: computed ABC analysis.

use goodwill::tiering::{ComputedAbc, Ranking};
use rust_decimal::Decimal;

use crate::support::{assert_close, json, number};

/// Against exact fractions; the script is kept beside the fixture.
#[test]
fn limits_in_exact_fractions() {
    let cases = json("computed_abc.json");
    let cases = cases.as_object().unwrap();
    assert_eq!(cases.len(), 6);
    for (name, case) in cases {
        let values: Vec<Decimal> =
            case["values"].as_array().unwrap().iter().map(|v| v.as_i64().unwrap().into()).collect();
        let abc = ComputedAbc::of(&Ranking::of(&values).unwrap()).unwrap();
        let points = [abc.pareto(), abc.break_even(), abc.submarginal()];
        for (i, (point, key)) in
            points.iter().zip(["pareto", "break_even", "submarginal"]).enumerate()
        {
            assert_close(
                point.customers as f64,
                number(&case[key]),
                0.0,
                &format!("{name}: {key}"),
            );
            assert_close(point.yielded, number(&case["yields"][i]), 1e-15, name);
        }
    }
}

/// The uniform distribution, which the paper draws beside every curve: Y = 2p − p². Its points solve
/// p = 2(1 − p)³, 2 − 2p = 1 and p − ½ = 2(1 − p)³.
#[test]
fn the_uniform_distribution_in_closed_form() {
    let values: Vec<f64> = (1..=100_000).map(f64::from).collect();
    let abc = ComputedAbc::of(&Ranking::of(&values).unwrap()).unwrap();
    let (pareto, end) = (abc.pareto().effort, abc.submarginal().effort);
    assert!((pareto - 2.0 * (1.0 - pareto).powi(3)).abs() < 1e-4, "{pareto}");
    assert_close(abc.break_even().effort, 0.5, 0.0, "break-even");
    assert!((end - 0.5 - 2.0 * (1.0 - end).powi(3)).abs() < 1e-4, "{end}");
}
