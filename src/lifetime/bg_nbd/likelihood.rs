//! The likelihood of BG/NBD and MBG/NBD with its derivatives, and its maximum.

use super::{BetaGeometricNbd, Dropout};
use crate::error::{Error, Result};
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
pub(super) fn evaluate<D: Dropout>(sample: &Sample, model: &BetaGeometricNbd<D>) -> Evaluation<4> {
    sample.evaluate(|rows| evaluate_chunk(model, rows))
}

fn evaluate_chunk<D: Dropout>(model: &BetaGeometricNbd<D>, rows: &[Row]) -> Evaluation<4> {
    let mut sum = Evaluation::ZERO;
    let ln_alpha = model.alpha.ln();
    for same_frequency in rows.chunk_by(|a, b| a.known.frequency == b.known.frequency) {
        let mut weight = 0.0;
        for row in same_frequency {
            add_times(&mut sum, model, row, ln_alpha);
            weight += row.weight;
        }
        add_counts(&mut sum, model, same_frequency[0].known, weight);
    }
    sum.mirrored()
}

/// The part of ln L that only depends on x: ln (r)ₓ + ln (b)ₙ − ln (a + b)ₙ.
fn add_counts<D: Dropout>(
    sum: &mut Evaluation<4>,
    model: &BetaGeometricNbd<D>,
    known: Known,
    weight: f64,
) {
    let chances = BetaGeometricNbd::<D>::chances(known);
    let bought: Pochhammer = pochhammer(model.r, known.x());
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

/// The part of ln L that depends on the times: −r·ln(1 + T/α) − x·ln(α + T) + ln(1 + eʷ), with w the ln odds
/// of being gone. Its logarithms are differences of ln α, `ln(α + t_x)` and ln(α + T): the digits that this costs
/// are of each, not of the sum.
fn add_times<D: Dropout>(
    sum: &mut Evaluation<4>,
    model: &BetaGeometricNbd<D>,
    row: &Row,
    ln_alpha: f64,
) {
    let Row { known, weight } = *row;
    let Known { recency, age, .. } = known;
    let x = known.x();
    let chances = BetaGeometricNbd::<D>::chances(known);
    let (r, alpha) = (model.r, model.alpha);
    let end = alpha + age;
    let ln_end = end.ln();
    let ln_aged = ln_end - ln_alpha;
    sum.value += weight * (-r * ln_aged - x * ln_end);
    sum.gradient[R] -= weight * ln_aged;
    sum.gradient[ALPHA] += weight * (r * age / alpha - x) / end;
    sum.hessian[ALPHA][R] += weight * age / (alpha * end);
    sum.hessian[ALPHA][ALPHA] +=
        weight * (x - r * age * (2.0 * alpha + age) / (alpha * alpha)) / (end * end);
    if chances <= 0.0 {
        return;
    }
    let last = alpha + recency;
    let b_last = model.b + (chances - 1.0);
    let silence = ln_end - last.ln();
    let w = (model.a / b_last).ln() + (r + x) * silence;
    // The smaller of e^w and e^−w gives both ln(1 + eʷ) and the chance of being gone.
    let small = (-w.abs()).exp();
    let gone = if w < 0.0 { small } else { 1.0 } / (1.0 + small);
    // 1/(α + T) − 1/(α + t_x), and the first derivatives of w.
    let gap = (recency - age) / (end * last);
    let slope = [silence, (r + x) * gap, 1.0 / model.a, -1.0 / b_last];
    sum.value += weight * (w.max(0.0) + (1.0 + small).ln());
    let both = weight * gone * (1.0 - gone);
    for i in 0..4 {
        sum.gradient[i] += weight * gone * slope[i];
        for j in 0..=i {
            sum.hessian[i][j] += both * slope[i] * slope[j];
        }
    }
    let curve = weight * gone;
    sum.hessian[ALPHA][R] += curve * gap;
    sum.hessian[ALPHA][ALPHA] -= curve * (r + x) * gap * (1.0 / end + 1.0 / last);
    sum.hessian[A][A] -= curve / (model.a * model.a);
    sum.hessian[B][B] += curve / (b_last * b_last);
}

pub(super) fn fit<D: Dropout>(
    histories: &Histories,
    options: &FitOptions,
) -> Result<Fit<BetaGeometricNbd<D>>> {
    if histories.is_empty() {
        return Err(Error::empty("histories"));
    }
    let unit = histories.unit();
    let sample = Sample::new(histories, unit);
    // Means rather than totals, which ages near the end of f64 would leave.
    let customers = histories.len() as f64;
    let purchases = sample.total(|known| known.x() / customers);
    let exposure = sample.total(|known| known.age / customers);
    let estimation = Estimation {
        model: D::NBD,
        names: ["r", "alpha", "a", "b"],
        customers: histories.len(),
        left_out: 0,
        options: *options,
    };
    let varies = purchases > 0.0 && exposure > 0.0;
    if !(varies || options.know(&estimation.names)) {
        return Err(estimation.not_identified(
            &["r", "a", "b"],
            &[],
            "no customer has bought again, so that any small rate of purchase fits; observe longer",
        ));
    }
    // Where the data say nothing of it, the priors do, from whatever start.
    let interval = if varies { (exposure / purchases).min(f64::MAX) } else { 1.0 };
    let starts = [[0.5, 0.5, 1.0, 2.0], [2.0, 2.0, 0.5, 4.0], [0.2, 0.2, 1.0, 10.0]]
        .map(|[r, alpha, a, b]| [r, alpha * interval, a, b]);
    let scale = [Scale::NUMBER, Scale::time(interval, unit), Scale::NUMBER, Scale::NUMBER];
    let model = |point| BetaGeometricNbd::at(unit, point);
    let fit_to = |sample: &Sample, starts: &[[f64; 4]]| {
        estimation.maximise(starts, scale, model, |point| evaluate(sample, &model(point)))
    };
    let near = sample.part().and_then(|part| fit_to(&part, &starts).ok());
    let near = near.map(|fit| fit.model().parameters().map(|(_, value)| value));
    let starts: Vec<[f64; 4]> = near.into_iter().chain(starts).collect();
    fit_to(&sample, &starts)
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
}
