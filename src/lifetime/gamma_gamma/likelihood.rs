//! The likelihood of Gamma-Gamma with its derivatives, and its maximum.

use super::{GammaGamma, is_informative};
use crate::error::{Error, Result};
use crate::lifetime::fit::{Estimation, Fit, FitOptions};
use crate::lifetime::options::Scale;
use crate::lifetime::sample::{evaluate_rows, part_of};
use crate::math::beta::ln_beta;
use crate::math::gamma::{digamma_difference, trigamma, trigamma_difference};
use crate::math::growth::ln_growth;
use crate::math::newton::Evaluation;
use crate::transactions::{Spend, Spends};

/// Order of the parameters in gradients and Hessians.
const P: usize = 0;
const Q: usize = 1;
const V: usize = 2;

/// The customers who say something, in order of (x, m̄).
#[derive(Debug)]
pub(super) struct Sample {
    rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    frequency: u32,
    mean: f64,
    ln_mean: f64,
}

impl Sample {
    pub(super) fn new(spends: &Spends) -> Self {
        // The bits of positive numbers order as the numbers do, and one integer is faster sorted than a row.
        let key =
            |spend: Spend| u128::from(spend.frequency()) << 64 | u128::from(spend.mean().to_bits());
        let mut keys: Vec<u128> = spends.iter().filter(is_informative).map(key).collect();
        keys.sort_unstable();
        let row = |key: u128| {
            let mean = f64::from_bits(key as u64);
            Row { frequency: (key >> 64) as u32, mean, ln_mean: mean.ln() }
        };
        Self { rows: keys.into_iter().map(row).collect() }
    }

    /// Σ ln f with its derivatives in (p, q, v).
    pub(super) fn evaluate(&self, model: &GammaGamma) -> Evaluation<3> {
        evaluate_rows(&self.rows, |rows| evaluate_chunk(model, rows))
    }
}

fn evaluate_chunk(model: &GammaGamma, rows: &[Row]) -> Evaluation<3> {
    let mut sum = Evaluation::ZERO;
    let ln_v = model.v.ln();
    for same_frequency in rows.chunk_by(|a, b| a.frequency == b.frequency) {
        let x = f64::from(same_frequency[0].frequency);
        let ln_x_less_ln_v = x.ln() - ln_v;
        let mut spend = SpendSums::default();
        for row in same_frequency {
            spend.add(model.v, x * row.mean, row.ln_mean, ln_x_less_ln_v + row.ln_mean);
        }
        spend.add_to(&mut sum, model, x);
        add_counts(&mut sum, model, x, same_frequency.len() as f64);
    }
    sum.mirrored()
}

/// The part of ln f that only depends on x: −ln B(px, q).
fn add_counts(sum: &mut Evaluation<3>, model: &GammaGamma, x: f64, customers: f64) {
    let (px, q) = (model.p * x, model.q);
    sum.value -= customers * ln_beta(px, q);
    sum.gradient[P] += customers * x * digamma_difference(px, q);
    sum.gradient[Q] += customers * digamma_difference(q, px);
    sum.hessian[P][P] += customers * x * x * trigamma_difference(px, q);
    sum.hessian[Q][P] += customers * x * trigamma(px + q);
    sum.hessian[Q][Q] += customers * trigamma_difference(q, px);
}

/// The part that depends on y = x·m̄, summed over customers of equal x: −px·ln(1 + v/y) − q·ln(1 + y/v) − ln m̄, and
/// for its derivatives u = v/(v + y) and w = y/(v + y).
#[derive(Default)]
struct SpendSums {
    ln_within: f64,
    ln_between: f64,
    ln_mean: f64,
    u: f64,
    w: f64,
    uu: f64,
    uw: f64,
}

impl SpendSums {
    /// The second logarithm is the first + ln(y/v).
    fn add(&mut self, v: f64, y: f64, ln_mean: f64, ln_ratio: f64) {
        let ln_within = ln_growth(y, v);
        let inverse = 1.0 / (v + y);
        let (u, w) = (v * inverse, y * inverse);
        self.ln_within += ln_within;
        self.ln_between += ln_within + ln_ratio;
        self.ln_mean += ln_mean;
        self.u += u;
        self.w += w;
        self.uu += u * u;
        self.uw += u * w;
    }

    fn add_to(&self, sum: &mut Evaluation<3>, model: &GammaGamma, x: f64) {
        let (px, q, v) = (model.p * x, model.q, model.v);
        sum.value -= px * self.ln_within + q * self.ln_between + self.ln_mean;
        sum.gradient[P] -= x * self.ln_within;
        sum.gradient[Q] -= self.ln_between;
        sum.gradient[V] += (q * self.w - px * self.u) / v;
        sum.hessian[V][P] -= x * self.u / v;
        sum.hessian[V][Q] += self.w / v;
        sum.hessian[V][V] += (px * self.uu - q * (self.w + self.uw)) / (v * v);
    }
}

pub(super) fn fit(spends: &Spends, options: &FitOptions) -> Result<Fit<GammaGamma>> {
    let sample = Sample::new(spends);
    let customers = sample.rows.len();
    if customers == 0 {
        return Err(Error::empty("repeat spend above 0"));
    }
    let left_out = spends.len() - customers;
    let mean = sample.rows.iter().map(|row| row.mean / customers as f64).sum::<f64>().min(f64::MAX);
    let estimation = Estimation {
        model: "Gamma-Gamma",
        names: ["p", "q", "v"],
        customers,
        left_out,
        options: *options,
    };
    // p·v/(q − 1), the mean of the population, is the mean of the sample at each start.
    let starts = [[4.0, 3.0], [1.0, 2.0], [30.0, 10.0]].map(|[p, q]| [p, q, mean * (q - 1.0) / p]);
    let scale = [Scale::NUMBER, Scale::NUMBER, Scale::money(mean)];
    let model = |[p, q, v]: [f64; 3]| GammaGamma { p, q, v };
    let fit_to = |sample: &Sample, starts: &[[f64; 3]]| {
        estimation.maximise(starts, scale, model, |point| sample.evaluate(&model(point)))
    };
    let part = part_of(&sample.rows).map(|rows| Sample { rows });
    let near = part.and_then(|part| fit_to(&part, &starts).ok());
    let near = near.map(|fit| [fit.model().p, fit.model().q, fit.model().v]);
    let starts: Vec<[f64; 3]> = near.into_iter().chain(starts).collect();
    fit_to(&sample, &starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::newton::reference::{assert_derivatives, numbers, reference};

    /// Value, gradient and Hessian at points away from the optimum, against numerical differentiation at 60
    /// digits of the likelihood as printed.
    #[test]
    fn derivatives_agree_with_the_printed_likelihood() {
        let entry = &reference("derivatives.json")["gamma_gamma"];
        let rows = entry["spends"].as_array().unwrap().iter().map(numbers);
        let spend = |row: Vec<f64>| Spend::new(row[0] as u32, row[1]).unwrap();
        let sample = Sample::new(&rows.map(spend).collect());
        assert_derivatives(entry, 1e-11, |[p, q, v]| sample.evaluate(&GammaGamma { p, q, v }));
    }
}
