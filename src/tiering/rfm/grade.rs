//! Scores of one measure: by equal groups of customers, and by fixed cuts.

use std::num::NonZeroU8;

use crate::error::{Error, Result};
use crate::tiering::pyramid::Ties;
use crate::tiering::selection::places;
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
    struct Edge<K> {
        key: K,
        /// Equal values that still go above it.
        left: usize,
    }

    let (customers, n) = (values.len() as u128, u128::from(groups));
    let size = |j: u128| ((2 * customers * j + n) / (2 * n)) as usize;
    let ranks: Vec<usize> = (1..n).map(size).collect();
    let nobody = ranks.iter().filter(|&&rank| rank == 0).count();
    let edges = places(values, &ranks[nobody..]).into_iter().flatten();
    let mut edges: Vec<Edge<V::Key>> = edges
        .map(|place| Edge {
            key: place.key,
            left: match ties {
                Ties::InputOrder => place.admitted,
                Ties::TogetherDown if place.is_torn => 0,
                Ties::TogetherUp | Ties::TogetherDown => usize::MAX,
            },
        })
        .collect();
    let grade = |value: &V| {
        let key = value.key();
        let mut above = nobody;
        for edge in &mut edges {
            let is_admitted = key == edge.key && edge.left > 0;
            edge.left -= usize::from(is_admitted);
            above += usize::from(!(key > edge.key || is_admitted));
        }
        grade_below(groups, above)
    };
    values.iter().map(grade).collect()
}

/// Scores by fixed cuts, ascending: 1 + how many of them the value reaches.
pub(super) fn by_cuts<V: Value>(values: &[V], cuts: &[V]) -> Vec<Grade> {
    let grade = |value: &V| {
        let reached = cuts.partition_point(|cut| cut.key() <= value.key());
        grade_below(cuts.len() as u8 + 1, cuts.len() - reached)
    };
    values.iter().map(grade).collect()
}
