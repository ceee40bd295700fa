//! What a regular buyer who is alive does next.

use super::gaps::LnGap;
#[cfg(feature = "rand")]
use crate::error::Result;
#[cfg(feature = "rand")]
use crate::lifetime::simulation;
use crate::math::beta::ln_beta;
use crate::math::double_exponential::integrate;
use crate::math::gamma::{HALF_LN_TWO_PI, ln_pochhammer, stirling_remainder};
use crate::math::growth::ln_growth;
use crate::math::hypergeometric::ln_hypergeometric_complement;
use crate::math::incomplete_beta::incomplete_beta;
use crate::math::logistic::{STRAIGHT_AFTER, Tail, ln_integral};

/// A customer who is alive at T.
pub(super) struct Ahead {
    k: u32,
    /// α + T.
    rate: f64,
    /// T − `t_x`.
    silent: f64,
    /// p ~ Beta(a, b).
    a: f64,
    b: f64,
    /// Of each number j of unseen events since the last purchase.
    stages: Vec<Stage>,
}

/// j unseen events since the last purchase.
#[derive(Clone, Copy)]
struct Stage {
    chance: f64,
    /// λ ~ gamma(shape, rate).
    shape: f64,
    /// k − j: the events until the next purchase.
    left: f64,
}

/// How many events come, from the `first` number whose chance counts.
struct Counts {
    first: usize,
    chances: Vec<f64>,
}

/// More numbers of events than this are not added up one by one.
const MANY: f64 = 30_000.0;
/// Purchases that are added up one by one before the others are integrated.
const DIRECT: u32 = 64;
/// A logarithm of this size has lost the digits that a rate needs.
const MOST_DIGITS: f64 = 1e6;

impl Ahead {
    pub(super) fn new(k: u32, shape: f64, rate: f64, silent: f64, (a, b): (f64, f64)) -> Self {
        let q = silent / rate;
        let mut logs = vec![0.0];
        for j in 1..k {
            let j = f64::from(j);
            logs.push(logs[logs.len() - 1] + ((shape + (j - 1.0)) / j).ln() + q.ln());
        }
        let largest = logs.iter().fold(0.0_f64, |most, &ln| most.max(ln));
        let all: f64 = logs.iter().map(|ln| (ln - largest).exp()).sum();
        let stage = |(j, ln): (u32, &f64)| Stage {
            chance: (ln - largest).exp() / all,
            shape: shape + f64::from(j),
            left: f64::from(k - j),
        };
        let stages = (0..k).zip(&logs).map(stage).filter(|stage| stage.chance > 0.0).collect();
        Self { k, rate, silent, a, b, stages }
    }

    /// ln P(no purchase until t).
    pub(super) fn ln_silence(&self, t: f64) -> f64 {
        let shape = self.stages[0].shape;
        let lasts =
            |longer: f64| LnGap::new(self.k, shape, self.silent + longer, self.rate + longer).ln;
        if t > 0.0 {
            (lasts(t) - lasts(0.0) - shape * ln_growth(self.rate, t)).min(0.0)
        } else {
            0.0
        }
    }

    pub(super) fn purchases(&self, t: f64) -> f64 {
        self.purchases_of(self.a, t)
    }

    /// P(alive at T + t): 1 − a/(a + b)·E[Y(t)] of Beta(a + 1, b), since he leaves after his next m-th purchase with
    /// probability a·(b)ₘ₋₁/(a + b)ₘ.
    pub(super) fn still_alive(&self, t: f64) -> f64 {
        let leaves = self.a / (self.a + self.b);
        let gone = leaves * self.purchases_of(self.a + 1.0, t);
        if gone < 0.5 {
            return 1.0 - gone;
        }
        match self.all_counts(t) {
            Some(all) => self.mean(&all, &self.stays(self.a, self.most(&all))),
            None if gone < 0.99 => 1.0 - gone,
            None => leaves * integrate(None, t, |more| self.purchase_rate(self.a + 1.0, t + more)),
        }
    }

    pub(super) fn probability(&self, n: u32, span: Option<f64>) -> f64 {
        let (within, beyond) = match span {
            Some(t) => (t / (self.rate + t), self.rate / (self.rate + t)),
            None => (1.0, 0.0),
        };
        if n == 0 {
            return span.map_or(0.0, |t| self.ln_silence(t).exp());
        }
        if within <= 0.0 {
            return 0.0;
        }
        let count = f64::from(n);
        let stays = (ln_pochhammer(self.b, count) - ln_pochhammer(self.a + self.b, count)).exp();
        let leaves =
            (ln_beta(self.a + 1.0, self.b + (count - 1.0)) - ln_beta(self.a, self.b)).exp();
        let of_stage = |stage: &Stage| {
            // The events that make n purchases and no more.
            let least = (count - 1.0) * f64::from(self.k) + stage.left;
            let exactly = |more: u32| {
                let events = least + f64::from(more);
                let ways = ln_pochhammer(stage.shape, events) - ln_pochhammer(1.0, events);
                (ways + stage.shape * beyond.ln() + events * within.ln()).exp()
            };
            let stayed: f64 = (0..self.k).map(exactly).sum();
            let at_least = incomplete_beta(least, stage.shape, within, beyond);
            stage.chance * (stays * stayed + leaves * at_least)
        };
        self.stages.iter().map(of_stage).sum()
    }

    /// ∫₀ᵗ e^{−δu} dE[Y(u)].
    pub(super) fn discounted(&self, t: f64, delta: f64) -> f64 {
        integrate(Some(t), 1.0, |u| match (-delta * u).exp() {
            0.0 => 0.0,
            factor => factor * self.purchase_rate(self.a, u),
        })
    }

    /// ∫ over λ of φ^{k−j}·₂F₁(1, b; a + b; φᵏ) with φ = λ/(λ + δ), the mean of φ^{k−j}/(1 − (1 − p)·φᵏ) over p.
    pub(super) fn discounted_for_ever(&self, delta: f64) -> f64 {
        let k = f64::from(self.k);
        let of_stage = |stage: &Stage| {
            let &Stage { shape, left, .. } = stage;
            let h = |d: f64| {
                let ln_factor = -(delta * self.rate / shape * (-d).exp()).ln_1p();
                let complement = -(k * ln_factor).exp_m1();
                let power = (k * ln_factor).exp();
                shape * (d - d.exp_m1())
                    + left * ln_factor
                    + ln_hypergeometric_complement(1.0, self.b, self.a + self.b, power, complement)
            };
            let step = (0.5 / shape.sqrt()).min(0.105);
            let bend = (delta * self.rate / shape).ln().min(0.0);
            let tails = (
                Tail { rate: shape + left, from: bend - STRAIGHT_AFTER - shape.ln().max(0.0) },
                Tail { rate: 1.0, from: f64::MAX },
            );
            let scale = 0.5 * shape.ln() - HALF_LN_TWO_PI - stirling_remainder(shape);
            stage.chance * (ln_integral(h, 0.0, step, tails.0, tails.1) + scale).exp()
        };
        self.stages.iter().map(of_stage).sum()
    }

    /// The times of purchases within a span: how far the first is, then how often he comes, then whether he stays.
    #[cfg(feature = "rand")]
    pub(super) fn draw<G: rand::Rng>(&self, span: f64, generator: &mut G) -> Result<Vec<f64>> {
        let mut chance = rand::RngExt::random::<f64>(generator);
        let is_drawn = |stage: &&Stage| {
            chance -= stage.chance;
            chance < 0.0
        };
        let stage = self.stages.iter().find(is_drawn).unwrap_or(&self.stages[0]);
        let event_rate = simulation::gamma(stage.shape, generator)? / self.rate;
        let dropout = simulation::beta(self.a, self.b, generator)?;
        let first = simulation::gamma(stage.left, generator)? / event_rate;
        let of_events = |generator: &mut G| {
            (0..self.k).map(|_| simulation::exponential(generator)).sum::<f64>()
        };
        if !(first < span) {
            return Ok(Vec::new());
        }
        if simulation::happens(dropout, generator) {
            return Ok(vec![first]);
        }
        let later = simulation::purchase_times(
            span - first,
            generator,
            |generator| of_events(generator) / event_rate,
            |generator| simulation::happens(dropout, generator),
        )?;
        Ok(std::iter::once(first).chain(later.into_iter().map(|time| first + time)).collect())
    }

    /// E[Y(t)] where p ~ Beta(a, b).
    fn purchases_of(&self, a: f64, t: f64) -> f64 {
        if t <= 0.0 {
            return 0.0;
        }
        let Some(all) = self.all_counts(t) else {
            return integrate(Some(t), 1.0, |u| self.purchase_rate(a, u));
        };
        let mut expected = vec![0.0];
        for stays in self.stays(a, self.most(&all)) {
            expected.push(expected[expected.len() - 1] + stays);
        }
        self.mean(&all, &expected)
    }

    /// dE[Y(u)]/du where p ~ Beta(a, b).
    fn purchase_rate(&self, a: f64, u: f64) -> f64 {
        let Some(all) = self.all_counts(u) else { return self.purchase_rate_late(a, u) };
        let stays = self.stays(a, self.most(&all));
        let k = self.k as usize;
        let mut rate = 0.0;
        for (stage, counts) in self.stages.iter().zip(&all) {
            // The event after these is a purchase.
            let done = k - stage.left as usize;
            for (i, chance) in counts.chances.iter().enumerate() {
                let events = counts.first + i;
                if (events + done + 1).is_multiple_of(k) {
                    let next = (stage.shape + events as f64) / (self.rate + u);
                    rate += stage.chance * chance * next * stays[(events + done + 1) / k - 1];
                }
            }
        }
        rate
    }

    /// The same where so many events have come that the sum over purchases is smooth: Euler and Maclaurin's, the
    /// first purchases one by one.
    fn purchase_rate_late(&self, a: f64, u: f64) -> f64 {
        let k = f64::from(self.k);
        let (within, ahead) = (-(self.rate / u).ln_1p(), ln_growth(self.rate, u));
        // Where a logarithm has lost the digits that the sum needs, there is no answer rather than a rough one.
        let is_tame = |value: f64| (1e-4..1e6).contains(&value);
        let tame = [a, self.b, self.stages[0].shape].into_iter().all(is_tame);
        if !(tame && self.stages[0].shape * ahead < MOST_DIGITS && u / self.rate < 1e12) {
            return f64::NAN;
        }
        let term = |m: f64| -> f64 {
            let ln_stays = ln_beta(a, self.b + (m - 1.0)) - ln_beta(a, self.b);
            let of_stage = |stage: &Stage| {
                let events = (m - 1.0) * k + stage.left;
                let ln_rate = events * within - stage.shape * ahead - ln_beta(events, stage.shape);
                stage.chance * (ln_rate + ln_stays).exp() / u
            };
            self.stages.iter().map(of_stage).sum()
        };
        let from = f64::from(DIRECT);
        let first: f64 = (1..DIRECT).map(|m| term(f64::from(m))).sum();
        // Derivatives at the start, by central differences of a smooth function.
        let (near, far) =
            ((term(from - 1.0), term(from + 1.0)), (term(from - 2.0), term(from + 2.0)));
        let third = 0.5 * (far.1 - far.0) - (near.1 - near.0);
        let slope = 0.5 * (near.1 - near.0) - third / 6.0;
        let start = 0.5 * term(from) - slope / 12.0 + third / 720.0;
        let mean = self.stages[0].shape * u / self.rate / k;
        let spread = (mean / k).sqrt() * (1.0 + u / self.rate).sqrt();
        let middle = mean.max(from);
        let before = if middle > from {
            integrate(Some(middle - from), 1.0, |m| term(from + m))
        } else {
            0.0
        };
        first + start + before + integrate(None, spread.max(from), |m| term(middle + m))
    }

    /// P(he stays m times), m from 0 to `most`.
    fn stays(&self, a: f64, most: usize) -> Vec<f64> {
        let mut stays = vec![1.0];
        for m in 0..most {
            let m = m as f64;
            stays.push(stays[stays.len() - 1] * ((self.b + m) / (a + self.b + m)));
        }
        stays
    }

    /// The most purchases that the counts make.
    fn most(&self, all: &[Counts]) -> usize {
        let events = all.iter().map(|counts| counts.first + counts.chances.len()).max();
        events.unwrap_or(0) / self.k as usize + 2
    }

    /// The mean of a quantity that depends on the number of purchases.
    fn mean(&self, all: &[Counts], of: &[f64]) -> f64 {
        let k = self.k as usize;
        let of_stage = |(stage, counts): (&Stage, &Counts)| {
            let done = k - stage.left as usize;
            let with = |(i, chance): (usize, &f64)| chance * of[(counts.first + i + done) / k];
            stage.chance * counts.chances.iter().enumerate().map(with).sum::<f64>()
        };
        self.stages.iter().zip(all).map(of_stage).sum()
    }

    /// The events until t, of each stage; none where there are too many to add up.
    fn all_counts(&self, t: f64) -> Option<Vec<Counts>> {
        self.stages.iter().map(|stage| counts(stage.shape, t / self.rate)).collect()
    }
}

/// The negative binomial counts of mean `shape`·`tau`, from the most likely number outwards.
fn counts(shape: f64, tau: f64) -> Option<Counts> {
    let mean = shape * tau;
    let reach = mean + 50.0 * (1.0 + tau) + 12.0 * (mean * (1.0 + tau)).sqrt();
    if !(reach <= MANY) {
        return None;
    }
    let within = tau / (1.0 + tau);
    // P(n + 1)/P(n).
    let ratio = |n: usize| (shape + n as f64) / (n as f64 + 1.0) * within;
    let mode = (((shape - 1.0) * tau).max(0.0)) as usize;
    let mut below = Vec::new();
    let mut chance = 1.0;
    for n in (0..mode).rev() {
        chance /= ratio(n);
        if chance < 1e-60 {
            break;
        }
        below.push(chance);
    }
    let first = mode - below.len();
    let mut chances: Vec<f64> = below.into_iter().rev().collect();
    let mut chance = 1.0;
    for n in mode.. {
        chances.push(chance);
        chance *= ratio(n);
        if !(chance > 1e-24) {
            break;
        }
    }
    let all: f64 = chances.iter().sum();
    for chance in &mut chances {
        *chance /= all;
    }
    Some(Counts { first, chances })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Before it gives way, the sum over events agrees with what takes its place.
    #[test]
    fn the_two_ways_to_the_rate_agree() {
        for k in [2, 3, 7] {
            for (shape, rate, silent) in
                [(0.3, 2.0, 0.0), (1.0, 5.0, 4.0), (4.0, 0.7, 0.3), (60.0, 9.0, 1.0)]
            {
                for (a, b) in [(0.2, 3.0), (1.0, 0.5), (6.0, 20.0)] {
                    let ahead = Ahead::new(k, shape, rate, silent, (a, b));
                    let span = rate * (0.5 * MANY / (shape + 90.0));
                    assert!(ahead.all_counts(span).is_some());
                    let (sum, late) =
                        (ahead.purchase_rate(a, span), ahead.purchase_rate_late(a, span));
                    let error = (late / sum - 1.0).abs();
                    assert!(error < 1e-9, "{k} {shape} {a} {b}: {late:e}, not {sum:e}: {error:e}");
                }
            }
        }
    }
}
