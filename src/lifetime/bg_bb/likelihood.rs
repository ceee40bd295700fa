//! The likelihood of BG/BB with its derivatives, and its maximum.

use super::BgBb;
use crate::error::{Error, Result};
use crate::lifetime::fit::{Estimation, Fit, FitOptions};
use crate::lifetime::options::Scale;
use crate::lifetime::sample::evaluate_rows;
use crate::math::beta::ln_beta_ratio;
use crate::math::gamma::{ln_pochhammer, pochhammer};
use crate::math::newton::Evaluation;
use crate::transactions::{Opportunities, OpportunityHistory};

/// Order of the parameters in gradients and Hessians.
const ALPHA: usize = 0;
const BETA: usize = 1;
const GAMMA: usize = 2;
const DELTA: usize = 3;

/// Distinct histories in order, with how many customers have each.
pub(super) struct Sample {
    rows: Vec<(OpportunityHistory, f64)>,
}

impl Sample {
    pub(super) fn new(opportunities: &Opportunities) -> Self {
        let mut rows: Vec<_> = opportunities.iter().filter(|&(_, weight)| weight > 0).collect();
        rows.sort_unstable();
        rows.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        Self { rows: rows.into_iter().map(|(history, weight)| (history, weight as f64)).collect() }
    }

    /// Σ ln L with its derivatives in (α, β, γ, δ).
    pub(super) fn evaluate(&self, model: &BgBb) -> Evaluation<4> {
        evaluate_rows(&self.rows, |rows| {
            let mut sum = Evaluation::ZERO;
            for (history, weight) in rows {
                add_until_last(&mut sum, model, history, *weight);
                add_since_last(&mut sum, model, history, *weight);
            }
            sum.mirrored()
        })
    }
}

/// ln L of one customer.
pub(super) fn log_likelihood(model: &BgBb, history: &OpportunityHistory) -> f64 {
    let (x, last) = (f64::from(history.frequency()), f64::from(history.recency()));
    let bought = ln_pochhammer(model.alpha, x) + ln_pochhammer(model.beta, last - x)
        - ln_pochhammer(model.alpha + model.beta, last);
    let silence = Silence::of(model, history);
    bought + ln_beta_ratio(model.gamma, model.delta, last) + (silence.alive + silence.gone).ln()
}

/// What may have happened since the last purchase: the bracket of L over what came before it, in its two parts.
pub(super) struct Silence {
    /// He was there at all opportunities, and took none.
    pub(super) alive: f64,
    /// He left before one of them.
    pub(super) gone: f64,
}

impl Silence {
    pub(super) fn of(model: &BgBb, history: &OpportunityHistory) -> Self {
        let mut steps = Steps::new(model, history);
        let mut gone = 0.0;
        for _ in history.recency()..history.opportunities() {
            gone += steps.leave();
            steps.stay_silent();
        }
        Self { alive: steps.silent, gone }
    }
}

/// A walk through the opportunities since the last purchase.
struct Steps {
    /// P(there at all so far, and silent).
    silent: f64,
    gamma: f64,
    /// β + t − x, α + β + t, δ + t, γ + δ + t at opportunity t.
    b: f64,
    ab: f64,
    d: f64,
    gd: f64,
}

impl Steps {
    fn new(model: &BgBb, history: &OpportunityHistory) -> Self {
        let (x, last) = (f64::from(history.frequency()), f64::from(history.recency()));
        Self {
            silent: 1.0,
            gamma: model.gamma,
            b: model.beta + (last - x),
            ab: model.alpha + model.beta + last,
            d: model.delta + last,
            gd: model.gamma + model.delta + last,
        }
    }

    /// P(silent so far, and leaves before the next).
    fn leave(&self) -> f64 {
        self.silent * (self.gamma / self.gd)
    }

    fn stay_silent(&mut self) {
        self.silent *= self.b / self.ab * (self.d / self.gd);
        for value in [&mut self.b, &mut self.ab, &mut self.d, &mut self.gd] {
            *value += 1.0;
        }
    }
}

/// The part of ln L up to the last purchase: ln (α)ₓ (β)ₜ₋ₓ (δ)ₜ − ln (α + β)ₜ (γ + δ)ₜ with t = `t_x`.
fn add_until_last(
    sum: &mut Evaluation<4>,
    model: &BgBb,
    history: &OpportunityHistory,
    weight: f64,
) {
    let (x, last) = (f64::from(history.frequency()), f64::from(history.recency()));
    let single = [
        (ALPHA, pochhammer(model.alpha, x)),
        (BETA, pochhammer(model.beta, last - x)),
        (DELTA, pochhammer(model.delta, last)),
    ];
    for (i, part) in single {
        sum.value += weight * part.ln;
        sum.gradient[i] += weight * part.d1;
        sum.hessian[i][i] += weight * part.d2;
    }
    let pairs = [
        (ALPHA, BETA, pochhammer(model.alpha + model.beta, last)),
        (GAMMA, DELTA, pochhammer(model.gamma + model.delta, last)),
    ];
    for (i, j, part) in pairs {
        sum.value -= weight * part.ln;
        for k in [i, j] {
            sum.gradient[k] -= weight * part.d1;
            sum.hessian[k][k] -= weight * part.d2;
        }
        sum.hessian[j][i] -= weight * part.d2;
    }
}

/// The part of ln L since the last purchase: the logarithm of a sum of products, with the sums Σ w, Σ w·ℓᵢ and
/// Σ w·(ℓᵢℓⱼ + ℓᵢⱼ) over its terms w with derivatives ℓ of their logarithms.
fn add_since_last(
    sum: &mut Evaluation<4>,
    model: &BgBb,
    history: &OpportunityHistory,
    weight: f64,
) {
    let mut steps = Steps::new(model, history);
    let mut slopes = Slopes::default();
    let mut terms = Evaluation::ZERO;
    for _ in history.recency()..history.opportunities() {
        slopes.add_to(&mut terms, steps.leave(), Some((model.gamma, steps.gd)));
        slopes.step(&steps);
        steps.stay_silent();
    }
    slopes.add_to(&mut terms, steps.silent, None);
    sum.value += weight * terms.value.ln();
    for i in 0..4 {
        let slope = terms.gradient[i] / terms.value;
        sum.gradient[i] += weight * slope;
        for j in 0..=i {
            let product = slope * (terms.gradient[j] / terms.value);
            sum.hessian[i][j] += weight * (terms.hessian[i][j] / terms.value - product);
        }
    }
}

/// First and second derivatives of ln (β + …)ᵢ, ln (α + β + …)ᵢ, ln (δ + …)ᵢ and ln (γ + δ + …)ᵢ.
#[derive(Default)]
struct Slopes {
    b: [f64; 2],
    ab: [f64; 2],
    d: [f64; 2],
    gd: [f64; 2],
}

impl Slopes {
    fn step(&mut self, at: &Steps) {
        let parts = [
            (&mut self.b, at.b),
            (&mut self.ab, at.ab),
            (&mut self.d, at.d),
            (&mut self.gd, at.gd),
        ];
        for (part, factor) in parts {
            let inverse = 1.0 / factor;
            part[0] += inverse;
            part[1] -= inverse * inverse;
        }
    }

    /// Adds a term of the bracket; one in which he leaves has the factor γ/(γ + δ + t) besides.
    fn add_to(&self, terms: &mut Evaluation<4>, term: f64, leaves: Option<(f64, f64)>) {
        let (gamma, end) = leaves.map_or((0.0, 0.0), |(gamma, gd)| (1.0 / gamma, 1.0 / gd));
        let (gd, gd_bend) = (self.gd[0] + end, self.gd[1] - end * end);
        let slope = [-self.ab[0], self.b[0] - self.ab[0], gamma - gd, self.d[0] - gd];
        terms.value += term;
        for i in 0..4 {
            terms.gradient[i] += term * slope[i];
            for j in 0..=i {
                terms.hessian[i][j] += term * slope[i] * slope[j];
            }
        }
        let bends = [
            (ALPHA, ALPHA, -self.ab[1]),
            (BETA, ALPHA, -self.ab[1]),
            (BETA, BETA, self.b[1] - self.ab[1]),
            (GAMMA, GAMMA, -gamma * gamma - gd_bend),
            (DELTA, GAMMA, -gd_bend),
            (DELTA, DELTA, self.d[1] - gd_bend),
        ];
        for (i, j, bend) in bends {
            terms.hessian[i][j] += term * bend;
        }
    }
}

pub(super) fn fit(opportunities: &Opportunities, options: &FitOptions) -> Result<Fit<BgBb>> {
    let sample = Sample::new(opportunities);
    if sample.rows.is_empty() {
        return Err(Error::empty("opportunities"));
    }
    let period = opportunities.period();
    let estimation = Estimation {
        model: "BG/BB",
        names: ["alpha", "beta", "gamma", "delta"],
        customers: opportunities.customers() as usize,
        left_out: 0,
        options: *options,
    };
    let nobody = sample.rows.iter().all(|(history, _)| history.frequency() == 0);
    if nobody && !options.know(&estimation.names) {
        return Err(estimation.not_identified(
            &["alpha", "gamma"],
            &[],
            "no customer has bought again: that nobody ever does fits as well as that all have left; \
             observe longer",
        ));
    }
    let starts = [[1.0, 1.0, 0.5, 2.0], [0.4, 0.8, 1.0, 10.0], [4.0, 8.0, 0.2, 0.4]];
    let model = |[alpha, beta, gamma, delta]: [f64; 4]| BgBb { period, alpha, beta, gamma, delta };
    estimation.maximise(&starts, [Scale::NUMBER; 4], model, |point| sample.evaluate(&model(point)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::newton::reference::{assert_derivatives, numbers, reference};
    use crate::time::TimeUnit;

    #[test]
    fn derivatives_agree_with_the_printed_likelihood() {
        let entry = &reference("derivatives_discrete.json")["bg_bb"];
        let rows: Vec<Vec<f64>> = entry["rows"].as_array().unwrap().iter().map(numbers).collect();
        let column = |i: usize| rows.iter().map(|row| row[i] as u32).collect::<Vec<_>>();
        let seen = Opportunities::new(TimeUnit::Year, &column(0), &column(1), &column(2)).unwrap();
        let sample = Sample::new(&seen);
        assert_derivatives(entry, 1e-11, |[alpha, beta, gamma, delta]| {
            let model = BgBb::new(TimeUnit::Year, alpha, beta, gamma, delta).unwrap();
            let one_by_one: f64 =
                seen.iter().map(|(history, _)| log_likelihood(&model, &history)).sum();
            let all = sample.evaluate(&model);
            assert!((one_by_one / all.value - 1.0).abs() < 1e-13);
            all
        });
    }
}
