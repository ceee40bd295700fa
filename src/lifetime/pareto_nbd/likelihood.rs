//! The likelihood of Pareto/NBD with its derivatives, and its maximum.

use super::ParetoNbd;
use super::race::{Clock, Silence};
use crate::error::{ErrorKind, Result};
use crate::lifetime::fit::{Estimation, Fit, FitOptions};
use crate::lifetime::model::sealed::Known;
use crate::lifetime::options::Scale;
use crate::lifetime::sample::{Row, Sample};
use crate::math::gamma::{ln_pochhammer, pochhammer};
use crate::math::growth::ln_growth;
use crate::math::newton::Evaluation;
use crate::transactions::Histories;

/// Order of the parameters in gradients and Hessians.
const R: usize = 0;
const ALPHA: usize = 1;
const S: usize = 2;
const BETA: usize = 3;

/// ln L of one customer.
pub(super) fn log_likelihood(model: &ParetoNbd, known: Known) -> f64 {
    let x = known.x();
    let last = Last::new(model, known);
    ln_pochhammer(model.r, x) + last.ln_until(model, x) + last.silence().ln_no_purchase()
}

/// Σ ln L with its derivatives in (r, α, s, β).
pub(super) fn evaluate(sample: &Sample, model: &ParetoNbd) -> Evaluation<4> {
    sample.evaluate(|rows| evaluate_rows(model, rows))
}

pub(super) fn evaluate_rows(model: &ParetoNbd, rows: &[Row]) -> Evaluation<4> {
    let mut sum = Evaluation::ZERO;
    for same_frequency in rows.chunk_by(|a, b| a.known.frequency == b.known.frequency) {
        let mut weight = 0.0;
        for row in same_frequency {
            add_times(&mut sum, model, row);
            weight += row.weight;
        }
        let bought = pochhammer(model.r, same_frequency[0].known.x());
        sum.value += weight * bought.ln;
        sum.gradient[R] += weight * bought.d1;
        sum.hessian[R][R] += weight * bought.d2;
    }
    sum.mirrored()
}

/// The part of ln L that depends on the times: ln of the chance to be silent since `t_x`, which is that of having
/// stayed and that of having left, and of what came before.
fn add_times(sum: &mut Evaluation<4>, model: &ParetoNbd, row: &Row) {
    let Row { known, weight, .. } = *row;
    let last = Last::new(model, known);
    let race = last.silence().left();
    let mut gone = Moments::default();
    race.visit(|weight, moment| gone.add(weight, &moment.features()));
    let stayed = race.ln_neither().exp();
    let left = model.s * gone.weight;
    let silent = stayed + left;
    sum.value += weight * (last.ln_until(model, known.x()) + silent.ln());

    let mut end = Moments::default();
    end.add(1.0, &race.end().features());
    let alternatives = [(stayed, &end, 0.0), (left, &gone, 1.0)];
    let scores = alternatives.map(|(chance, moments, leaves)| {
        let share = chance / silent;
        let score = (share > 0.0).then(|| last.score(model, moments, leaves));
        (share, score.unwrap_or(Evaluation::ZERO))
    });
    let [(share, ref here), (other, ref there)] = scores;
    // The log of a sum: the mean of both, and the spread of their gradients.
    let both = weight * share * other;
    for i in 0..4 {
        let mean = share * here.gradient[i] + other * there.gradient[i];
        sum.gradient[i] += weight * mean;
        for j in 0..=i {
            let spread =
                (here.gradient[i] - there.gradient[i]) * (here.gradient[j] - there.gradient[j]);
            let curve = share * here.hessian[i][j] + other * there.hessian[i][j];
            sum.hessian[i][j] += weight * curve + both * spread;
        }
    }
}

/// A customer at his last purchase.
struct Last {
    /// ln(1 + `t_x`/α), ln(1 + `t_x`/β).
    growth: [f64; 2],
    buying: Clock,
    leaving: Clock,
    silent_for: f64,
}

impl Last {
    fn new(model: &ParetoNbd, known: Known) -> Self {
        let ParetoNbd { r, alpha, s, beta, .. } = *model;
        let recency = known.recency;
        Self {
            growth: [ln_growth(alpha, recency), ln_growth(beta, recency)],
            buying: Clock { shape: r + known.x(), rate: alpha + recency },
            leaving: Clock { shape: s, rate: beta + recency },
            silent_for: known.age - recency,
        }
    }

    fn silence(&self) -> Silence {
        Silence { buying: self.buying, leaving: self.leaving, span: Some(self.silent_for) }
    }

    /// ln of the density of buying x times until `t_x`, the last time then, without leaving; but for (r)ₓ.
    fn ln_until(&self, model: &ParetoNbd, x: f64) -> f64 {
        let [bought, left] = self.growth;
        -self.buying.shape * bought - x * model.alpha.ln() - self.leaving.shape * left
    }

    /// Gradient and Hessian of ln ∫ αʳ·(α + y)^{−r−x}·βˢ·(β + y)^{−s−k}·sᵏ dy: the mean of the gradient of the
    /// logarithm of the integrand; the mean of its Hessian and the covariance of its gradient. `leaves` is k.
    fn score(&self, model: &ParetoNbd, moments: &Moments, leaves: f64) -> Evaluation<4> {
        let ParetoNbd { r, alpha, s, beta, .. } = *model;
        let (mean, covariance) = moments.mean_and_covariance();
        let [ln_bought, bought, ln_left, left] = mean;
        let (n, k) = (self.buying.shape, s + leaves);
        let (a, b) = (self.buying.rate, self.leaving.rate);
        let mut score = Evaluation::ZERO;
        score.gradient = [
            -self.growth[0] - ln_bought,
            r / alpha - n / a * (1.0 - bought),
            leaves / s - self.growth[1] - ln_left,
            s / beta - k / b * (1.0 - left),
        ];
        let slope = [-1.0, n / a, -1.0, k / b];
        for i in 0..4 {
            for j in 0..=i {
                score.hessian[i][j] = slope[i] * slope[j] * covariance[i][j];
            }
        }
        // E[(1 − part)²]
        let square = |i: usize| (1.0 - mean[i]).powi(2) + covariance[i][i];
        score.hessian[ALPHA][R] += 1.0 / alpha - (1.0 - bought) / a;
        score.hessian[ALPHA][ALPHA] += n / (a * a) * square(1) - r / (alpha * alpha);
        score.hessian[S][S] -= leaves / (s * s);
        score.hessian[BETA][S] += 1.0 / beta - (1.0 - left) / b;
        score.hessian[BETA][BETA] += k / (b * b) * square(3) - s / (beta * beta);
        score
    }
}

/// Weighted sums of the features of moments, and of their products.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    weight: f64,
    first: [f64; 4],
    /// The lower triangle.
    second: [[f64; 4]; 4],
}

impl Moments {
    fn add(&mut self, weight: f64, features: &[f64; 4]) {
        self.weight += weight;
        for i in 0..4 {
            let weighted = weight * features[i];
            self.first[i] += weighted;
            for (sum, feature) in self.second[i].iter_mut().zip(&features[..=i]) {
                *sum += weighted * feature;
            }
        }
    }

    fn mean_and_covariance(&self) -> ([f64; 4], [[f64; 4]; 4]) {
        let mean = self.first.map(|sum| sum / self.weight);
        let of = |i: usize, j: usize| self.second[i][j] / self.weight - mean[i] * mean[j];
        (
            mean,
            std::array::from_fn(|i| std::array::from_fn(|j| if j <= i { of(i, j) } else { 0.0 })),
        )
    }
}

pub(super) fn fit(histories: &Histories, options: &FitOptions) -> Result<Fit<ParetoNbd>> {
    let unit = histories.unit();
    let estimation = Estimation {
        model: "Pareto/NBD",
        names: ["r", "alpha", "s", "beta"],
        customers: histories.len(),
        left_out: 0,
        options: *options,
    };
    let (sample, means) = Sample::to_fit(histories, &estimation, &["r", "s", "beta"])?;
    // Where the data say nothing of it, the priors do, from whatever start.
    let (interval, exposure) = means.map_or((1.0, 1.0), |(purchases, exposure)| {
        ((exposure / purchases).min(f64::MAX), exposure)
    });
    let starts = [[0.5, 0.5, 0.5, 0.5], [2.0, 1.0, 0.2, 2.0], [0.2, 0.1, 2.0, 5.0]]
        .map(|[r, alpha, s, beta]| [r, alpha * interval, s, beta * exposure]);
    let scale =
        [Scale::NUMBER, Scale::time(interval, unit), Scale::NUMBER, Scale::time(exposure, unit)];
    let model = |point| ParetoNbd::at(unit, point);
    let fit_to = |sample: &Sample, starts: &[[f64; 4]]| {
        estimation.maximise(starts, scale, model, |point| evaluate(sample, &model(point)))
    };
    let fit = sample.fit_part_first(&starts, ParetoNbd::parameters, fit_to);
    fit.map_err(|error| match error.kind() {
        ErrorKind::NotIdentified { parameters, point, .. } => {
            let at: Vec<f64> = point.iter().map(|&(_, value)| value).collect();
            estimation.not_identified(parameters, &at, limit(parameters, &at))
        }
        ErrorKind::NotConverged { point, .. } => {
            let at: Vec<f64> = point.iter().map(|&(_, value)| value).collect();
            let leave = at[S] * ln_growth(at[BETA], exposure);
            // So few that ln L no longer shows how few.
            if leave < 1e-6 {
                let lost = ["s", "beta"];
                return estimation.not_identified(&lost, &at, limit(&lost, &at));
            }
            error
        }
        _ => error,
    })
}

/// The simpler model that the parameters run to.
fn limit(parameters: &[&'static str], at: &[f64]) -> &'static str {
    let ran = |name: &str| parameters.contains(&name);
    if ran("r") && at[R] > 1e3 {
        "the rates of purchase do not differ (r and alpha rise together); more customers, or more time, are \
         needed to tell them apart"
    } else if ran("s") && at[S] > 1e3 {
        "the rates of leaving do not differ (s and beta rise together: lifetimes are exponential); more \
         customers, or more time, are needed to tell them apart"
    } else if ran("s") || ran("beta") {
        "nobody seems to leave (s/beta falls to 0, and purchases alone are negative binomial); observe longer, \
         or use the rate of purchase of each"
    } else {
        "the likelihood rises towards the edge of their domain; more or more varied data are needed"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::derivatives::assert_derivatives;
    use crate::time::TimeUnit;

    #[test]
    fn derivatives_agree_with_the_printed_likelihood() {
        assert_derivatives("pareto_nbd", 1e-11, |sample, point| {
            evaluate(sample, &ParetoNbd::at(TimeUnit::Week, point))
        });
    }
}
