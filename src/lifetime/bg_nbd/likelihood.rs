//! The likelihood of BG/NBD and MBG/NBD with its derivatives, and its maximum.

use super::{BetaGeometricNbd, Dropout};
use crate::error::Result;
use crate::lifetime::fit::{Estimation, Fit, FitOptions};
use crate::lifetime::model::sealed::Known;
use crate::lifetime::options::Scale;
use crate::lifetime::sample::{Row, Sample};
use crate::math::gamma::{Pochhammer, ln_pochhammer, pochhammer};
use crate::math::growth::ln_growth;
use crate::math::logistic::ln_1p_exp;
use crate::math::newton::Evaluation;
use crate::transactions::Histories;

/// Order of the parameters in gradients and Hessians.
const R: usize = 0;
const ALPHA: usize = 1;
const A: usize = 2;
const B: usize = 3;

/// ln L of one customer.
pub(super) fn log_likelihood<D: Dropout>(model: &BetaGeometricNbd<D>, known: Known) -> f64 {
    let x = known.x();
    let chances = BetaGeometricNbd::<D>::chances(known);
    let aged = -model.r * ln_growth(model.alpha, known.age);
    if known.frequency == 0 && chances > 0.0 {
        // ln(1 − P(at least one purchase)), which counts to its last digit where that is small.
        let none = model.b / (model.a + model.b) * aged.exp_m1();
        if none > -0.5 {
            return none.ln_1p();
        }
    }
    let counts = ln_pochhammer(model.r, x) + ln_pochhammer(model.b, chances)
        - ln_pochhammer(model.a + model.b, chances);
    let active = aged - x * (model.alpha + known.age).ln();
    let gone = if chances > 0.0 { ln_1p_exp(model.ln_odds_gone(known)) } else { 0.0 };
    counts + active + gone
}

/// Σ ln L with its derivatives in (r, α, a, b).
pub(crate) fn evaluate<D: Dropout>(sample: &Sample, model: &BetaGeometricNbd<D>) -> Evaluation<4> {
    let lasts = sample.for_recencies(|recency| Logged::new(model.alpha + recency));
    sample.evaluate(|rows| evaluate_chunk(model, rows, &lasts))
}

/// The same over rows in order of (x, T, `t_x`).
pub(crate) fn evaluate_rows<D: Dropout>(
    model: &BetaGeometricNbd<D>,
    rows: &[Row],
) -> Evaluation<4> {
    evaluate_chunk(model, rows, &[])
}

/// A number with its logarithm and its inverse.
#[derive(Clone, Copy)]
struct Logged {
    ln: f64,
    inverse: f64,
}

impl Logged {
    fn new(number: f64) -> Self {
        Self { ln: number.ln(), inverse: 1.0 / number }
    }
}

fn evaluate_chunk<D: Dropout>(
    model: &BetaGeometricNbd<D>,
    rows: &[Row],
    lasts: &[Logged],
) -> Evaluation<4> {
    let mut sum = Evaluation::ZERO;
    let ln_alpha = model.alpha.ln();
    for same_frequency in rows.chunk_by(|a, b| a.known.frequency == b.known.frequency) {
        let mut weight = 0.0;
        let mut gone = GoneSums::EMPTY;
        let x = same_frequency[0].known.x();
        let chances = BetaGeometricNbd::<D>::chances(same_frequency[0].known);
        let ln_odds = (model.a / (model.b + (chances - 1.0))).ln();
        for same_age in same_frequency.chunk_by(Row::is_as_old) {
            let age = same_age[0].known.age;
            let end = Logged::new(model.alpha + age);
            let here = same_age.iter().map(|row| row.weight).sum();
            add_active(&mut sum, model, (x, age), here, end.ln - ln_alpha);
            weight += here;
            if chances > 0.0 {
                for row in same_age {
                    let recency = row.known.recency;
                    let last = lasts.get(row.recency_rank as usize);
                    let last = last.copied().unwrap_or_else(|| Logged::new(model.alpha + recency));
                    gone.add(row, ln_odds, model.r + x, end, last);
                }
            }
        }
        if chances > 0.0 {
            gone.add_to(&mut sum, model, (x, chances));
        }
        add_counts(&mut sum, model, 1, same_frequency[0].known, weight);
    }
    sum.mirrored()
}

/// The part of ln L that only depends on x, k events making a purchase: ln (r)ₖₓ + ln (b)ₙ − ln (a + b)ₙ.
pub(in crate::lifetime) fn add_counts<D: Dropout>(
    sum: &mut Evaluation<4>,
    model: &BetaGeometricNbd<D>,
    k: u32,
    known: Known,
    weight: f64,
) {
    let chances = BetaGeometricNbd::<D>::chances(known);
    let bought: Pochhammer = pochhammer(model.r, f64::from(k) * known.x());
    let stayed = pochhammer(model.b, chances);
    let could = pochhammer(model.a + model.b, chances);
    sum.value += weight * (bought.ln + stayed.ln - could.ln);
    sum.gradient[R] += weight * bought.d1;
    sum.gradient[A] -= weight * could.d1;
    sum.gradient[B] += weight * (stayed.d1 - could.d1);
    sum.hessian[R][R] += weight * bought.d2;
    sum.hessian[A][A] -= weight * could.d2;
    sum.hessian[B][A] -= weight * could.d2;
    sum.hessian[B][B] += weight * (stayed.d2 - could.d2);
}

/// The part of ln L that depends on T: −r·ln(1 + T/α) − x·ln(α + T).
fn add_active<D: Dropout>(
    sum: &mut Evaluation<4>,
    model: &BetaGeometricNbd<D>,
    (x, age): (f64, f64),
    weight: f64,
    ln_aged: f64,
) {
    let (r, alpha) = (model.r, model.alpha);
    let end = alpha + age;
    sum.value += weight * (-r * ln_aged - x * end.ln());
    sum.gradient[R] -= weight * ln_aged;
    sum.gradient[ALPHA] += weight * (r * age / alpha - x) / end;
    sum.hessian[ALPHA][R] += weight * age / (alpha * end);
    sum.hessian[ALPHA][ALPHA] +=
        weight * (x - r * age * (2.0 * alpha + age) / (alpha * alpha)) / (end * end);
}

/// The part of ln L that depends on `t_x`, ln(1 + eʷ) with w the ln odds of being gone, summed over customers of
/// equal x: g is the chance of being gone, s = ln((α + T)/(α + `t_x`)) and d = 1/(α + T) − 1/(α + `t_x`) its
/// derivative. Logarithms are differences: the digits that this costs are of each, not of the sum.
struct GoneSums {
    value: f64,
    /// Products of 1 + eʷ over rows of weight 0, 1, 2 …, whose logarithms the value still lacks: one for many rows.
    factors: [f64; 16],
    /// Σ g, Σ g·s, Σ g·d, Σ g·d·(1/(α + T) + `1/(α + t_x)`).
    g: f64,
    gs: f64,
    gd: f64,
    gdd: f64,
    /// Σ g·(1 − g) × 1, s, d, s², s·d, d².
    v: f64,
    vs: f64,
    vd: f64,
    vss: f64,
    vsd: f64,
    vdd: f64,
}

impl GoneSums {
    const EMPTY: Self = Self {
        value: 0.0,
        factors: [1.0; 16],
        g: 0.0,
        gs: 0.0,
        gd: 0.0,
        gdd: 0.0,
        v: 0.0,
        vs: 0.0,
        vd: 0.0,
        vss: 0.0,
        vsd: 0.0,
        vdd: 0.0,
    };

    fn add(&mut self, row: &Row, ln_odds: f64, shape: f64, end: Logged, last: Logged) {
        let s = end.ln - last.ln;
        let d = (row.known.recency - row.known.age) * (end.inverse * last.inverse);
        let w = ln_odds + shape * s;
        // The smaller of e^w and e^−w gives both ln(1 + eʷ) and the chance of being gone.
        let small = (-w.abs()).exp();
        let factor = 1.0 + small;
        let inverse = 1.0 / factor;
        let larger = row.weight * inverse;
        let smaller = small * larger;
        let g = if w < 0.0 { smaller } else { larger };
        let v = smaller * inverse;
        self.value += row.weight * w.max(0.0);
        match self.factors.get_mut(row.weight as usize) {
            Some(product) if *product < 1e300 => *product *= factor,
            Some(product) => {
                self.value += row.weight * (*product * factor).ln();
                *product = 1.0;
            }
            None => self.value += row.weight * factor.ln(),
        }
        self.g += g;
        self.gs += g * s;
        self.gd += g * d;
        self.gdd += g * d * (end.inverse + last.inverse);
        self.v += v;
        self.vs += v * s;
        self.vd += v * d;
        self.vss += v * s * s;
        self.vsd += v * s * d;
        self.vdd += v * d * d;
    }

    /// ∂w/∂(r, α, a, b) = (s, (r + x)·d, 1/a, −1/(b + n − 1)).
    fn add_to<D: Dropout>(
        &self,
        sum: &mut Evaluation<4>,
        model: &BetaGeometricNbd<D>,
        (x, chances): (f64, f64),
    ) {
        let shape = model.r + x;
        let (by_a, by_b) = (1.0 / model.a, -1.0 / (model.b + (chances - 1.0)));
        let lacking = self
            .factors
            .iter()
            .zip(0_u32..)
            .map(|(product, weight)| f64::from(weight) * product.ln());
        sum.value += self.value + lacking.sum::<f64>();
        sum.gradient[R] += self.gs;
        sum.gradient[ALPHA] += shape * self.gd;
        sum.gradient[A] += by_a * self.g;
        sum.gradient[B] += by_b * self.g;
        sum.hessian[R][R] += self.vss;
        sum.hessian[ALPHA][R] += shape * self.vsd + self.gd;
        sum.hessian[ALPHA][ALPHA] += shape * (shape * self.vdd - self.gdd);
        sum.hessian[A][R] += by_a * self.vs;
        sum.hessian[A][ALPHA] += by_a * shape * self.vd;
        sum.hessian[A][A] += by_a * by_a * (self.v - self.g);
        sum.hessian[B][R] += by_b * self.vs;
        sum.hessian[B][ALPHA] += by_b * shape * self.vd;
        sum.hessian[B][A] += by_a * by_b * self.v;
        sum.hessian[B][B] += by_b * by_b * (self.v + self.g);
    }
}

/// The optimum of a likelihood by the model's name, k events making a purchase.
pub(crate) fn fit<D: Dropout, M>(
    histories: &Histories,
    options: &FitOptions,
    (name, k): (&'static str, u32),
    evaluate: impl Fn(&Sample, &BetaGeometricNbd<D>) -> Evaluation<4>,
    model: impl Fn(BetaGeometricNbd<D>) -> M,
) -> Result<Fit<M>> {
    let unit = histories.unit();
    let estimation = Estimation {
        model: name,
        names: ["r", "alpha", "a", "b"],
        customers: histories.len(),
        left_out: 0,
        options: *options,
    };
    let (sample, means) = Sample::to_fit(histories, &estimation, &["r", "a", "b"])?;
    // Where the data say nothing of it, the priors do, from whatever start.
    let interval = means
        .map_or(1.0, |(purchases, exposure)| (exposure / purchases / f64::from(k)).min(f64::MAX));
    let starts = [[0.5, 0.5, 1.0, 2.0], [2.0, 2.0, 0.5, 4.0], [0.2, 0.2, 1.0, 10.0]]
        .map(|[r, alpha, a, b]| [r, alpha * interval, a, b]);
    let scale = [Scale::NUMBER, Scale::time(interval, unit), Scale::NUMBER, Scale::NUMBER];
    let at = |point| BetaGeometricNbd::at(unit, point);
    let fit_to = |sample: &Sample, starts: &[[f64; 4]]| {
        estimation.maximise(starts, scale, at, |point| evaluate(sample, &at(point)))
    };
    Ok(sample.fit_part_first(&starts, BetaGeometricNbd::parameters, fit_to)?.map(model))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::bg_nbd::{AfterEveryPurchase, AfterRepeatPurchase};
    use crate::lifetime::derivatives::assert_derivatives;
    use crate::time::TimeUnit;

    #[test]
    fn derivatives_agree_with_the_printed_likelihood() {
        assert_derivatives("bg_nbd", 1e-11, evaluate_at::<AfterRepeatPurchase>);
        assert_derivatives("mbg_nbd", 1e-11, evaluate_at::<AfterEveryPurchase>);
    }

    fn evaluate_at<D: Dropout>(sample: &Sample, point: [f64; 4]) -> Evaluation<4> {
        evaluate(sample, &BetaGeometricNbd::<D>::at(TimeUnit::Week, point))
    }

    /// At b = 1 nothing may be divided by b + n − 1 for those who had no chance to leave: ln L = −r·ln(1 + T/α).
    #[test]
    fn one_time_buyers_where_b_is_one() {
        let model =
            BetaGeometricNbd::<AfterRepeatPurchase>::at(TimeUnit::Week, [0.5, 4.0, 0.8, 1.0]);
        let histories = Histories::new(TimeUnit::Week, &[0], &[0.0], &[12.0]).unwrap();
        let got = evaluate(&Sample::new(&histories, TimeUnit::Week), &model);
        assert!((got.value + 0.5 * 4_f64.ln()).abs() < 1e-15);
        assert!(got.gradient.iter().chain(got.hessian.iter().flatten()).all(|x| x.is_finite()));
    }
}
