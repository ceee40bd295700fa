//! Scores of one measure: by equal groups of customers, and by fixed cuts.

use std::num::NonZeroU8;

use crate::error::{Error, Result};
use crate::tiering::edges::Edges;
use crate::tiering::pyramid::Ties;
use crate::tiering::selection::Census;
use crate::tiering::value::Value;

/// A score, n being the best.
pub(super) type Grade = NonZeroU8;

/// Refuses scales on which nobody can be told from another, or too many.
pub(super) fn checked_groups(groups: u8) -> Result<u8> {
    if (2..=100).contains(&groups) {
        Ok(groups)
    } else {
        Err(Error::out_of_domain("groups", groups, "[2, 100]"))
    }
}

/// The score above which as many of the edges stand as do not admit the customer.
fn grade_below(groups: u8, edges_above: usize) -> Grade {
    NonZeroU8::new(groups.saturating_sub(edges_above as u8)).unwrap_or(NonZeroU8::MIN)
}

/// Scores by n groups of as equal size as can be, the highest values having the score n.
///
/// The best ⌊N·j/n + ½⌋ customers have the j highest scores; ties at an edge go as `ties` says.
pub(super) fn by_groups<V: Value>(values: &[V], groups: u8, ties: Ties) -> Vec<Grade> {
    let (customers, n) = (values.len() as u128, u128::from(groups));
    let size = |j: u128| ((2 * customers * j + n) / (2 * n)) as usize;
    let ranks: Vec<usize> = (1..n).map(size).collect();
    let census = Census::of(values);
    let edges = Edges::at_ranks(&ranks, ties, |ranks| census.places(values, ranks));
    let below = edges.count_below(values, &census).into_iter();
    below.map(|edges_above| grade_below(groups, edges_above as usize)).collect()
}

/// Scores by fixed cuts, ascending: 1 + how many of them the value reaches.
pub(super) fn by_cuts<V: Value>(values: &[V], cuts: &[V]) -> Vec<Grade> {
    let grade = |value: &V| {
        let reached = cuts.partition_point(|cut| cut.key() <= value.key());
        grade_below(cuts.len() as u8 + 1, cuts.len() - reached)
    };
    values.iter().map(grade).collect()
}
