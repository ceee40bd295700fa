//! The partial likelihood with its derivatives.

use std::cmp::{Ordering, Reverse};

use super::{Cox, Residual};
use crate::math::concave::Slope;
use nalgebra::DMatrix;

/// How several events at one time count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum CoxTies {
    /// Those that end together leave the risk set by and by: close to the exact likelihood.
    #[default]
    Efron,
    /// Those that end together are all at risk until the last has ended: simpler, and too near to 0 with many ties.
    Breslow,
}

/// The rows in the order in which they enter the risk sets when time runs backwards: by stratum, latest end first.
pub(super) struct Sample {
    parameters: usize,
    ties: CoxTies,
    rows: Vec<Row>,
    /// Per row in that order, the covariates centred and scaled to unit spread.
    covariates: Vec<f64>,
    /// Positions in `rows` by stratum, latest entry first; only of late entries.
    late: Vec<usize>,
    /// The spread of each covariate.
    scale: Vec<f64>,
    /// Where each row stands in the caller's input.
    position: Vec<usize>,
}

struct Row {
    stratum: u64,
    end: f64,
    entry: f64,
    event: bool,
}

/// The sums over a set of spans of e^η, e^η·z and e^η·z·zᵀ (lower triangle).
struct Sums {
    weight: f64,
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Sums {
    fn new(parameters: usize) -> Self {
        let triangle = parameters * (parameters + 1) / 2;
        Self { weight: 0.0, first: vec![0.0; parameters], second: vec![0.0; triangle] }
    }

    fn clear(&mut self) {
        self.weight = 0.0;
        self.first.fill(0.0);
        self.second.fill(0.0);
    }

    /// The sums of terms that are never negative: of e^η, and of e^η·zₖ² for each k.
    fn sizes(&self) -> impl Iterator<Item = f64> {
        // Row k of the triangle ends with its diagonal.
        let squares = (1..=self.first.len()).map(|rows| self.second[rows * (rows + 1) / 2 - 1]);
        std::iter::once(self.weight).chain(squares)
    }

    /// Adds `weight` times the row; takes it away where the weight is negative.
    fn add(&mut self, weight: f64, z: &[f64]) {
        self.weight += weight;
        let mut place = self.second.iter_mut();
        for (i, zi) in z.iter().enumerate() {
            let weighted = weight * zi;
            self.first[i] += weighted;
            for (zj, place) in z[..=i].iter().zip(&mut place) {
                *place += weighted * zj;
            }
        }
    }
}

/// One time at which spans end: who is at risk, and who of them ends.
struct EventTime<'a> {
    at_risk: &'a Sums,
    ending: &'a Sums,
    /// Positions of the events.
    events: &'a [usize],
}

impl EventTime<'_> {
    /// The share of those ending that has left the risk set, for each event in turn.
    fn left(&self, ties: CoxTies) -> impl Iterator<Item = f64> + use<> {
        let events = self.events.len();
        (0..events).map(move |before| match ties {
            CoxTies::Efron => before as f64 / events as f64,
            CoxTies::Breslow => 0.0,
        })
    }
}

impl Sample {
    pub(super) fn new(cox: &Cox, ties: CoxTies) -> Self {
        let n = cox.durations.len();
        let parameters = cox.columns.len();
        let position = sorted_positions(cox);
        let row = |&i: &usize| Row {
            stratum: cox.strata[i],
            end: cox.durations[i],
            entry: cox.entries[i],
            event: cox.observed[i],
        };
        let rows: Vec<Row> = position.iter().map(row).collect();
        let mut late: Vec<usize> = (0..n).filter(|&i| rows[i].entry > 0.0).collect();
        late.sort_by(|&i, &j| {
            let entry = rows[j].entry.total_cmp(&rows[i].entry);
            rows[i].stratum.cmp(&rows[j].stratum).then(entry)
        });
        let (centre, scale): (Vec<f64>, Vec<f64>) =
            cox.columns.iter().map(|column| centre_and_spread(column, &position)).unzip();
        let scaled = |i: &usize| {
            let i = *i;
            let (centre, scale) = (&centre, &scale);
            (0..parameters).map(move |k| (cox.columns[k][i] - centre[k]) / scale[k])
        };
        let covariates = position.iter().flat_map(scaled).collect();
        Self { parameters, ties, rows, covariates, late, scale, position }
    }

    /// The rows of the caller by stratum, then from the last end to the first.
    pub(super) fn order(&self) -> &[usize] {
        &self.position
    }

    fn z(&self, row: usize) -> &[f64] {
        &self.covariates[row * self.parameters..][..self.parameters]
    }

    /// β·z of every row, in the order of the sample.
    fn etas(&self, beta: &[f64]) -> Vec<f64> {
        let eta = |row| self.z(row).iter().zip(beta).map(|(z, beta)| z * beta).sum();
        (0..self.rows.len()).map(eta).collect()
    }

    /// β·z of every row but for a constant, in the order of the caller's input.
    pub(super) fn linear(&self, beta: &[f64]) -> Vec<f64> {
        let mut linear = vec![0.0; self.rows.len()];
        for (eta, &position) in self.etas(beta).into_iter().zip(&self.position) {
            linear[position] = eta;
        }
        linear
    }

    /// Coefficients of the covariates as the caller gave them.
    pub(super) fn unscaled(&self, beta: &[f64]) -> Vec<f64> {
        beta.iter().zip(&self.scale).map(|(beta, scale)| beta / scale).collect()
    }

    pub(super) fn unscaled_covariance(&self, covariance: &DMatrix<f64>) -> Vec<Vec<f64>> {
        let row = |i: usize| {
            let of = |j: usize| covariance[(i, j)] / (self.scale[i] * self.scale[j]);
            (0..self.parameters).map(of).collect()
        };
        (0..self.parameters).map(row).collect()
    }

    /// Calls `visit` for each time with events, the latest first, stratum by stratum.
    fn walk(&self, weights: &[f64], mut visit: impl FnMut(&EventTime<'_>)) {
        /// Sums of which a smaller part is left have lost more than three digits.
        const KEPT: f64 = 1e-3;
        let (mut at_risk, mut ending) = (Sums::new(self.parameters), Sums::new(self.parameters));
        let mut late = self.late.iter().copied().peekable();
        let mut events = Vec::new();
        // The largest sizes since the sums at risk were built up, where some were taken away.
        let mut largest = vec![0.0; self.parameters + 1];
        let mut start = 0;
        for stratum in self.rows.chunk_by(|a, b| a.stratum == b.stratum) {
            let first = start;
            at_risk.clear();
            largest.fill(0.0);
            for same_end in stratum.chunk_by(|a, b| a.end.to_bits() == b.end.to_bits()) {
                events.clear();
                ending.clear();
                for row in same_end {
                    at_risk.add(weights[start], self.z(start));
                    if row.event {
                        ending.add(weights[start], self.z(start));
                        events.push(start);
                    }
                    start += 1;
                }
                if events.is_empty() {
                    continue;
                }
                // Who enters at this time or after it is not at risk at it.
                let (here, end) = (stratum[0].stratum, same_end[0].end);
                let not_yet =
                    |&i: &usize| self.rows[i].stratum == here && self.rows[i].entry >= end;
                if late.peek().is_some_and(not_yet) {
                    for (largest, size) in largest.iter_mut().zip(at_risk.sizes()) {
                        *largest = size.max(*largest);
                    }
                    while let Some(i) = late.next_if(not_yet) {
                        at_risk.add(-weights[i], self.z(i));
                    }
                    let kept = |(size, largest): (f64, &f64)| size >= KEPT * largest;
                    if !at_risk.sizes().zip(&largest).all(kept) {
                        at_risk.clear();
                        largest.fill(0.0);
                        let here = (first..start).filter(|&i| self.rows[i].entry < end);
                        here.for_each(|i| at_risk.add(weights[i], self.z(i)));
                    }
                }
                visit(&EventTime { at_risk: &at_risk, ending: &ending, events: &events });
            }
            // Late entries before the first event of the stratum.
            while late.next_if(|&i| self.rows[i].stratum == stratum[0].stratum).is_some() {}
        }
    }

    /// e^(η − max η), and max η.
    fn weights(&self, beta: &[f64]) -> (Vec<f64>, Vec<f64>, f64) {
        let etas = self.etas(beta);
        let top = etas.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights = etas.iter().map(|eta| (eta - top).exp()).collect();
        (etas, weights, top)
    }

    /// ln L of the scaled covariates' coefficients, with its derivatives.
    pub(super) fn evaluate(&self, beta: &[f64]) -> Slope {
        let p = self.parameters;
        let (etas, weights, top) = self.weights(beta);
        let mut sum = Slope::zero(p);
        let mut mean = vec![0.0; p];
        let mut information = vec![0.0; p * (p + 1) / 2];
        self.walk(&weights, |time| {
            for &event in time.events {
                sum.value += etas[event] - top;
                for (gradient, z) in sum.gradient.iter_mut().zip(self.z(event)) {
                    *gradient += z;
                }
            }
            for left in time.left(self.ties) {
                let weight = time.at_risk.weight - left * time.ending.weight;
                let inverse = 1.0 / weight;
                sum.value -= weight.ln();
                for (k, mean) in mean.iter_mut().enumerate() {
                    *mean = (time.at_risk.first[k] - left * time.ending.first[k]) * inverse;
                    sum.gradient[k] -= *mean;
                }
                let sums = time.at_risk.second.iter().zip(&time.ending.second);
                let mut triangle = information.iter_mut().zip(sums);
                for i in 0..p {
                    for (mean_j, (information, (at_risk, ending))) in
                        mean[..=i].iter().zip(&mut triangle)
                    {
                        *information += (at_risk - left * ending) * inverse - mean[i] * mean_j;
                    }
                }
            }
        });
        let mut triangle = information.iter();
        for i in 0..p {
            for (j, own) in (0..=i).zip(&mut triangle) {
                sum.information[(i, j)] = *own;
            }
        }
        sum.information.fill_upper_triangle_with_lower_triangle();
        sum
    }

    /// Of each event the covariates less their mean over those at risk, weighted by their hazards.
    pub(super) fn schoenfeld_residuals(&self, beta: &[f64]) -> Vec<Residual> {
        let (_, weights, _) = self.weights(beta);
        let mut residuals = Vec::new();
        self.walk(&weights, |time| {
            let events = time.events.len() as f64;
            let mean = |k: usize| {
                let of = |left: f64| {
                    let weight = time.at_risk.weight - left * time.ending.weight;
                    (time.at_risk.first[k] - left * time.ending.first[k]) / weight
                };
                time.left(self.ties).map(of).sum::<f64>() / events
            };
            let means: Vec<f64> = (0..self.parameters).map(mean).collect();
            for &event in time.events {
                let away = self.z(event).iter().zip(&means).zip(&self.scale);
                let of = away.map(|((z, mean), scale)| (z - mean) * scale).collect();
                residuals.push(Residual { time: self.rows[event].end, of });
            }
        });
        residuals
    }
}

/// The rows by stratum, then from the last end to the first, then down to the last column, so that the order of the
/// input changes nothing.
fn sorted_positions(cox: &Cox) -> Vec<usize> {
    // Strata and ends lie beside the row: most pairs differ in them, and nothing far away is read.
    let key = |row: usize| (cox.strata[row], Reverse(cox.durations[row].to_bits()), row);
    let mut keys: Vec<_> = (0..cox.durations.len()).map(key).collect();
    let columns = || [&cox.entries].into_iter().chain(&cox.columns);
    keys.sort_unstable_by(|(stratum, end, i), (other, later, j)| {
        stratum.cmp(other).then_with(|| end.cmp(later)).then_with(|| {
            let mut rest = columns().map(|column| column[*i].total_cmp(&column[*j]));
            let rest = || rest.find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
            cox.observed[*i].cmp(&cox.observed[*j]).then_with(rest)
        })
    });
    keys.into_iter().map(|(_, _, row)| row).collect()
}

/// The mean of a column and its standard deviation, summed in an order that is not the caller's.
fn centre_and_spread(column: &[f64], order: &[usize]) -> (f64, f64) {
    let n = column.len() as f64;
    let centre = order.iter().map(|&i| column[i] / n).sum::<f64>();
    let largest = column.iter().map(|x| (x - centre).abs()).fold(0.0, f64::max);
    let square = |&i: &usize| ((column[i] - centre) / largest).powi(2) / n;
    (centre, largest * order.iter().map(square).sum::<f64>().sqrt())
}
