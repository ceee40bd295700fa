//! Customers by their covariates, and the likelihood in the parameters of a climb.

use std::cmp::Ordering;

use super::{Covariates, Family};
use crate::lifetime::model::sealed::Known;
use crate::lifetime::sample::{Row, rows_of};
use crate::math::concave::Slope;
use crate::math::newton::Evaluation;
use crate::parallel::map_runs;
use crate::time::TimeUnit;
use crate::transactions::Histories;

/// The places of the covariates in an order that is not the caller's: by name.
pub(super) fn canonical(names: &[String]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_unstable_by_key(|&place| &names[place]);
    order
}

/// Customers of equal covariates.
#[derive(Debug)]
pub(super) struct Group {
    /// The covariates in canonical order.
    pub(super) z: Vec<f64>,
    pub(super) rows: Vec<Row>,
}

/// Groups in order of their covariates, so that the order of the input changes nothing.
#[derive(Debug)]
pub(super) struct Sample(Vec<Group>);

impl Sample {
    /// Covariates are taken in this order.
    pub(super) fn new(
        histories: &Histories,
        unit: TimeUnit,
        covariates: &Covariates,
        order: &[usize],
    ) -> Self {
        let known = |history| Known::new(&history, unit);
        let of = |row: &[f64]| order.iter().map(|&place| row[place]).collect::<Vec<f64>>();
        let mut customers: Vec<(Vec<f64>, Known)> =
            covariates.rows().map(of).zip(histories.iter().map(known)).collect();
        customers.sort_by(|(a, _), (b, _)| by_covariates(a, b));
        let same = |a: &(Vec<f64>, Known), b: &(Vec<f64>, Known)| by_covariates(&a.0, &b.0).is_eq();
        let group = |customers: &[(Vec<f64>, Known)]| Group {
            z: customers[0].0.clone(),
            rows: rows_of(customers.iter().map(|(_, known)| *known)),
        };
        Self(customers.chunk_by(same).map(group).collect())
    }

    /// The same with other covariates for the group.
    pub(super) fn map_covariates(mut self, of: impl Fn(usize, f64) -> f64) -> Self {
        for group in &mut self.0 {
            group.z.iter_mut().enumerate().for_each(|(column, z)| *z = of(column, *z));
        }
        self
    }

    pub(super) fn groups(&self) -> &[Group] {
        &self.0
    }
}

fn by_covariates(a: &[f64], b: &[f64]) -> Ordering {
    let all = a.iter().zip(b).map(|(a, b)| a.total_cmp(b));
    all.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// The parameters of a climb: how far the logarithm of each of the model's four lies from that of a model without
/// covariates where every column is 0, and then the coefficients.
pub(super) struct Setting {
    pub(super) unit: TimeUnit,
    pub(super) plain: [f64; 4],
    /// The column of each, and what one more of that does to the logarithm of each parameter at a coefficient of 1.
    pub(super) coefficients: Vec<(usize, [f64; 4])>,
}

impl Setting {
    pub(super) fn parameters(&self) -> usize {
        4 + self.coefficients.len()
    }

    /// What each parameter of the climb adds to the logarithms of the model's, for a customer with these covariates.
    pub(super) fn directions(&self, z: &[f64]) -> Vec<[f64; 4]> {
        let own = (0..4).map(|i| std::array::from_fn(|j| if i == j { 1.0 } else { 0.0 }));
        let effect = |(column, slope): &(usize, [f64; 4])| slope.map(|slope| slope * z[*column]);
        own.chain(self.coefficients.iter().map(effect)).collect()
    }

    /// The model's parameters.
    pub(super) fn point(&self, directions: &[[f64; 4]], at: &[f64]) -> [f64; 4] {
        let mut logs = [0.0; 4];
        for (direction, at) in directions.iter().zip(at) {
            logs.iter_mut().zip(direction).for_each(|(log, part)| *log += part * at);
        }
        std::array::from_fn(|i| self.plain[i] * logs[i].exp())
    }

    /// Σ ln L with its derivatives.
    pub(super) fn evaluate<M: Family>(&self, sample: &Sample, at: &[f64]) -> Slope {
        const RUN: usize = 256;
        let part = |run: std::ops::Range<usize>| {
            let mut sum = Slope::zero(self.parameters());
            for Group { z, rows } in &sample.0[run] {
                let directions = self.directions(z);
                let point = self.point(&directions, at);
                if !point.iter().all(|&x| x > 0.0 && x < f64::INFINITY) {
                    sum.value = f64::NAN;
                    break;
                }
                let own = M::unchecked(self.unit, point).evaluate(rows).in_logs(point);
                add(&mut sum, &own, &directions);
            }
            sum
        };
        let mut sum = Slope::zero(self.parameters());
        for part in map_runs(sample.0.len(), RUN, part) {
            sum.add(&part);
        }
        sum.information.fill_upper_triangle_with_lower_triangle();
        sum
    }
}

/// Adds a function of four numbers that are linear in the parameters (lower triangle).
pub(super) fn add(sum: &mut Slope, own: &Evaluation<4>, directions: &[[f64; 4]]) {
    let dot = |a: &[f64; 4], b: &[f64; 4]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    sum.value += own.value;
    for (i, direction) in directions.iter().enumerate() {
        sum.gradient[i] += dot(direction, &own.gradient);
        let curved = own.hessian.map(|row| dot(&row, direction));
        for (j, other) in directions[..=i].iter().enumerate() {
            sum.information[(i, j)] -= dot(other, &curved);
        }
    }
}
