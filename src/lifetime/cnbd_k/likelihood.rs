//! The likelihood of regular buyers with its derivatives, but for what the times between purchases say.

use super::gaps::LnGap;
use crate::lifetime::bg_nbd::{BetaGeometricNbd, Dropout, likelihood};
use crate::lifetime::model::sealed::Known;
use crate::lifetime::sample::{Row, Sample};
use crate::math::newton::Evaluation;

/// Order of the parameters in gradients and Hessians.
const R: usize = 0;
const ALPHA: usize = 1;
const A: usize = 2;
const B: usize = 3;

/// Σ ln L with its derivatives in (r, α, a, b).
pub(super) fn evaluate<D: Dropout>(
    sample: &Sample,
    model: &BetaGeometricNbd<D>,
    k: u32,
) -> Evaluation<4> {
    if k == 1 {
        return likelihood::evaluate(sample, model);
    }
    sample.evaluate(|rows| evaluate_chunk(model, k, rows))
}

fn evaluate_chunk<D: Dropout>(model: &BetaGeometricNbd<D>, k: u32, rows: &[Row]) -> Evaluation<4> {
    let mut sum = Evaluation::ZERO;
    let ln_alpha = model.alpha().ln();
    for same_frequency in rows.chunk_by(|a, b| a.known.frequency == b.known.frequency) {
        let mut weight = 0.0;
        for row in same_frequency {
            add_times(&mut sum, model, k, row, ln_alpha);
            weight += row.weight;
        }
        likelihood::add_counts(&mut sum, model, k, same_frequency[0].known, weight);
    }
    sum.mirrored()
}

/// The part of ln L that depends on the times: ln Q − r·ln(1 + T/α) − kx·ln(α + T) + ln(1 + eʷ), with w the ln
/// odds of being gone. Its logarithms are differences of ln α, `ln(α + t_x)` and ln(α + T): the digits that this costs
/// are of each, not of the sum.
fn add_times<D: Dropout>(
    sum: &mut Evaluation<4>,
    model: &BetaGeometricNbd<D>,
    k: u32,
    row: &Row,
    ln_alpha: f64,
) {
    let Row { known, weight, .. } = *row;
    let Known { recency, age, .. } = known;
    let x = f64::from(k) * known.x();
    let chances = BetaGeometricNbd::<D>::chances(known);
    let (r, alpha) = (model.r(), model.alpha());
    let end = alpha + age;
    let ln_end = end.ln();
    let ln_aged = ln_end - ln_alpha;
    sum.value += weight * (-r * ln_aged - x * ln_end);
    sum.gradient[R] -= weight * ln_aged;
    sum.gradient[ALPHA] += weight * (r * age / alpha - x) / end;
    sum.hessian[ALPHA][R] += weight * age / (alpha * end);
    sum.hessian[ALPHA][ALPHA] +=
        weight * (x - r * age * (2.0 * alpha + age) / (alpha * alpha)) / (end * end);
    let gap = LnGap::new(k, r + x, age - recency, end);
    sum.value += weight * gap.ln;
    sum.gradient[R] += weight * gap.r;
    sum.gradient[ALPHA] += weight * gap.alpha;
    sum.hessian[R][R] += weight * gap.r_r;
    sum.hessian[ALPHA][R] += weight * gap.alpha_r;
    sum.hessian[ALPHA][ALPHA] += weight * gap.alpha_alpha;
    if chances <= 0.0 {
        return;
    }
    let last = alpha + recency;
    let b_last = model.b() + (chances - 1.0);
    let silence = ln_end - last.ln();
    let w = (model.a() / b_last).ln() + (r + x) * silence - gap.ln;
    // The smaller of e^w and e^−w gives both ln(1 + eʷ) and the chance of being gone.
    let small = (-w.abs()).exp();
    let gone = if w < 0.0 { small } else { 1.0 } / (1.0 + small);
    // 1/(α + T) − 1/(α + t_x), and the first derivatives of w.
    let apart = (recency - age) / (end * last);
    let slope = [silence - gap.r, (r + x) * apart - gap.alpha, 1.0 / model.a(), -1.0 / b_last];
    sum.value += weight * (w.max(0.0) + (1.0 + small).ln());
    let both = weight * gone * (1.0 - gone);
    for i in 0..4 {
        sum.gradient[i] += weight * gone * slope[i];
        for j in 0..=i {
            sum.hessian[i][j] += both * slope[i] * slope[j];
        }
    }
    let curve = weight * gone;
    sum.hessian[R][R] -= curve * gap.r_r;
    sum.hessian[ALPHA][R] += curve * (apart - gap.alpha_r);
    sum.hessian[ALPHA][ALPHA] -=
        curve * ((r + x) * apart * (1.0 / end + 1.0 / last) + gap.alpha_alpha);
    sum.hessian[A][A] -= curve / (model.a() * model.a());
    sum.hessian[B][B] += curve / (b_last * b_last);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifetime::bg_nbd::{AfterEveryPurchase, AfterRepeatPurchase};
    use crate::lifetime::derivatives::assert_derivatives;
    use crate::time::TimeUnit;

    #[test]
    fn derivatives_agree_with_the_definition() {
        assert_derivatives("bg_cnbd_3", 1e-11, evaluate_at::<AfterRepeatPurchase, 3>);
        assert_derivatives("mbg_cnbd_2", 1e-11, evaluate_at::<AfterEveryPurchase, 2>);
    }

    fn evaluate_at<D: Dropout, const K: u32>(sample: &Sample, point: [f64; 4]) -> Evaluation<4> {
        evaluate(sample, &BetaGeometricNbd::<D>::at(TimeUnit::Week, point), K)
    }
}
