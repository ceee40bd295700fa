//! How likely it is that a gap between purchases lasts, where k events make a purchase.

/// ln Q with Q = Σ_{j<k} (R)ⱼ/j!·qʲ, R = r + k·x, q = s/(α + T) and s = T − `t_x`, and its derivatives in r and α.
/// Of purchases at random times, k = 1, it is 0.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LnGap {
    pub(super) ln: f64,
    pub(super) r: f64,
    pub(super) alpha: f64,
    pub(super) r_r: f64,
    pub(super) alpha_r: f64,
    pub(super) alpha_alpha: f64,
}

/// Sums are scaled down when a term is above this.
const LARGE: f64 = 1e200;

impl LnGap {
    pub(super) fn new(k: u32, shape: f64, silent: f64, end: f64) -> Self {
        if k == 1 {
            return Self::default();
        }
        let q = silent / end;
        // Of j: the term, and Σ_{i<j} 1/(R + i) and Σ_{i<j} 1/(R + i)², its logarithm's derivatives in R.
        let (mut term, mut first, mut second) = (1.0, 0.0, 0.0);
        // Σ of the term times 1, ∂R, ∂R², j, j∂R and j(j + 1).
        let mut sums = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let mut scale = 0.0;
        for j in 1..k {
            let j = f64::from(j);
            let factor = shape + (j - 1.0);
            term *= factor / j * q;
            first += 1.0 / factor;
            second += 1.0 / (factor * factor);
            let parts = [1.0, first, first * first - second, j, j * first, j * (j + 1.0)];
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += term * part;
            }
            if term > LARGE {
                scale += LARGE.ln();
                term /= LARGE;
                sums = sums.map(|sum| sum / LARGE);
            }
        }
        let [all, r, r_r, stage, stage_r, stages] = sums;
        let (r, stage) = (r / all, stage / all);
        Self {
            ln: all.ln() + scale,
            r,
            alpha: -stage / end,
            r_r: r_r / all - r * r,
            alpha_r: (r * stage - stage_r / all) / end,
            alpha_alpha: (stages / all - stage * stage) / (end * end),
        }
    }
}
