//! Two events that each come at a rate of its own, gamma distributed: which is first?
//!
//! While a customer is silent, his next purchase and his leaving race. Everything that Pareto/NBD says of a
//! silence is the chance that one of them wins it, a one-dimensional integral of a positive function.

use crate::math::gauss_legendre::Rule;
use crate::math::growth::ln_growth;
use crate::math::logistic::ln_1p_exp;

/// An event at a constant rate that is gamma distributed: P(not yet at z) = (rate/(rate + z))^shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub(super) shape: f64,
    pub(super) rate: f64,
}

/// A race of two clocks through a span of time.
///
/// # Formula
/// ```text
/// P(first wins at z … z + dz) = s·(b/(b + z))ˢ·(a/(a + z))ⁿ·dz/(b + z),   first (s, b), other (n, a)
/// ```
/// With m = min(a, b) and v = ln(1 + z/m) it is analytic for |Im v| < π, and its logarithm is concave in v. So
/// Gauss–Legendre rules on panels that are short beside π and beside its fall give it to the last digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Race {
    first: Clock,
    other: Clock,
    /// Whether `first` has the smaller rate parameter.
    first_is_near: bool,
    /// The smaller rate parameter over the larger one.
    ratio: f64,
    /// The span in v; infinite for ever.
    length: f64,
    /// n·ln(1 + z/a) + s·ln(1 + z/b) at the end of the span.
    fallen: f64,
}

/// A customer who is silent: his next purchase and his leaving race through a span, or for ever.
#[derive(Clone, Copy, Debug)]
pub(super) struct Silence {
    pub(super) buying: Clock,
    pub(super) leaving: Clock,
    pub(super) span: Option<f64>,
}

impl Silence {
    /// The race for leaving before the next purchase.
    pub(super) fn left(&self) -> Race {
        Race::new(self.leaving, self.buying, self.span)
    }

    /// The odds of being still there, where he did not buy in the span.
    pub(super) fn odds_alive(&self) -> f64 {
        let race = self.left();
        let stayed = race.ln_neither().exp();
        let left = self.left_after_long(stayed);
        let left = left.unwrap_or_else(|| self.leaving.shape * race.won_by_shape());
        if stayed > 0.0 && left > 0.0 {
            stayed / left
        } else {
            (race.ln_neither() - race.ln_won()).exp()
        }
    }

    /// P(he left in the span, before the next purchase), if the span is long enough for it to be told as the
    /// difference of two chances of ever leaving so, from its start and from its end; `stayed` is P(neither).
    fn left_after_long(&self, stayed: f64) -> Option<f64> {
        let span = self.span.filter(|_| stayed < LONG)?;
        let [from_start, from_end] = ever_first(self.leaving, self.buying, span)?;
        let left = from_start - stayed * from_end;
        (left > (1.0 - LONG) * from_start).then_some(left)
    }

    /// ln P(no purchase in the span).
    pub(super) fn ln_no_purchase(&self) -> f64 {
        let bought = Race::new(self.buying, self.leaving, self.span).ln_won().exp();
        if bought < 0.5 {
            return (-bought).ln_1p();
        }
        let left = self.left();
        let (stayed, left) = (left.ln_neither(), left.ln_won());
        stayed.max(left) + ln_1p_exp(-(stayed - left).abs())
    }
}

/// P(first comes before the other), ever, of clocks whose rate parameters are near one another: from now, and if
/// neither came until z.
///
/// # Formula
/// ```text
/// N = n + s, m = min(a, b), M = max(a, b), ζ = 1 − m/M:
/// s/N·₂F₁(n, 1; N + 1; ζ) where first is near (b = m),   s/N·(1 − ζ)·₂F₁(s + 1, 1; N + 1; ζ) where it is far
/// ```
/// Later both rate parameters are larger by z and ζ is smaller. All terms are positive and fall faster than ζᵏ.
fn ever_first(first: Clock, other: Clock, z: f64) -> Option<[f64; 2]> {
    let all = first.shape + other.shape;
    let first_is_near = first.rate <= other.rate;
    let (near, far, top) = if first_is_near {
        (first.rate, other.rate, other.shape)
    } else {
        (other.rate, first.rate, first.shape + 1.0)
    };
    let nearness = [near / far, (near + z) / (far + z)];
    let spread = nearness.map(|nearness| 1.0 - nearness);
    if !(spread[0] <= WIDEST && spread[1] <= WIDEST && all < f64::MAX) {
        return None;
    }
    let (mut term, mut sum, mut k) = ([1.0; 2], [1.0; 2], 0.0);
    while term[0] > 0.1 * f64::EPSILON {
        let ratio = (top + k) / (all + 1.0 + k);
        for (term, spread) in term.iter_mut().zip(spread) {
            *term *= ratio * spread;
        }
        for (sum, term) in sum.iter_mut().zip(term) {
            *sum += term;
        }
        k += 1.0;
    }
    let share = first.shape / all;
    Some([0, 1].map(|i| share * sum[i] * if first_is_near { 1.0 } else { nearness[i] }))
}

/// How far one clock has come at some moment of the race.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    /// ln(1 + z/rate).
    pub(super) ln: f64,
    /// z/(rate + z).
    pub(super) part: f64,
}

/// A moment of the race.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) first: Progress,
    pub(super) other: Progress,
    /// (m + z)/(M + z) of the smaller and the larger rate parameter.
    nearness: f64,
}

impl Moment {
    /// ln(1 + z/rate) and z/(rate + z) of the other clock, then of the first.
    pub(super) fn features(&self) -> [f64; 4] {
        [self.other.ln, self.other.part, self.first.ln, self.first.part]
    }
}

/// The longest panel, and the most that the integrand may fall in one.
const LONGEST: f64 = 3.0;
const STEEPEST: f64 = 16.0;
/// The largest chance that a long silence goes on to its end.
const LONG: f64 = 0.75;
/// The widest spread of two rate parameters whose series beats a quadrature.
const WIDEST: f64 = 0.4;
/// What is left of an integral when it may be cut off.
const NEGLIGIBLE: f64 = 1e-18;

impl Race {
    /// A race from now; a span of `None` has no end.
    pub(super) fn new(first: Clock, other: Clock, span: Option<f64>) -> Self {
        let first_is_near = first.rate <= other.rate;
        let (near, far) = if first_is_near { (first, other) } else { (other, first) };
        let growth = |rate: f64| span.map_or(f64::INFINITY, |span| ln_growth(rate, span));
        let length = growth(near.rate);
        Self {
            first,
            other,
            first_is_near,
            ratio: near.rate / far.rate,
            length,
            fallen: near.shape * length + far.shape * growth(far.rate),
        }
    }

    /// ln P(neither comes in the span).
    pub(super) fn ln_neither(&self) -> f64 {
        -self.fallen
    }

    /// ln P(first comes in the span, before the other).
    pub(super) fn ln_won(&self) -> f64 {
        self.first.shape.ln() + self.won_by_shape().ln()
    }

    /// P(first comes in the span, before the other)/s.
    fn won_by_shape(&self) -> f64 {
        let mut sum = 0.0;
        self.visit(|weight, _| sum += weight);
        sum
    }

    /// Calls `visit` with moments of the race and their weights: the sum of `weight`·f(moment)·s is that of f
    /// at the moment at which first wins, taken as 0 where it does not.
    #[inline]
    pub(super) fn visit(&self, mut visit: impl FnMut(f64, &Moment)) {
        let steepness = self.fall_rate(&self.end()) * self.length;
        if let Some(rule) = rule_for(self.length, steepness) {
            self.visit_panel(rule, 0.0, self.length, &mut visit);
        } else {
            self.visit_panels(&mut visit);
        }
    }

    #[inline]
    fn visit_panel(
        &self,
        rule: Rule,
        from: f64,
        length: f64,
        visit: &mut impl FnMut(f64, &Moment),
    ) {
        let middle = from + 0.5 * length;
        let growth = middle.exp();
        let logarithms = self.needs_logarithms(from + length);
        for (distance, weight) in rule.pairs() {
            let off = length * distance;
            // eᵛ of both nodes from one exponential.
            let factor = off.exp();
            for (v, growth) in [(middle - off, growth / factor), (middle + off, growth * factor)] {
                let moment =
                    if logarithms { self.moment(v) } else { self.moment_after(v, growth - 1.0) };
                visit(length * weight * self.density(&moment), &moment);
            }
        }
    }

    /// Panel after panel until the end, or until the rest is negligible.
    fn visit_panels(&self, visit: &mut impl FnMut(f64, &Moment)) {
        let end = self.length.min(self.straight());
        let (mut from, mut sum) = (0.0, 0.0);
        while from < end {
            let mut panel = LONGEST.min(end - from);
            let steepest = self.fall_rate(&self.moment(from + panel));
            panel = panel.min(STEEPEST / steepest);
            self.visit_panel(Rule::SIXTEEN, from, panel, &mut |weight, moment| {
                sum += weight;
                visit(weight, moment);
            });
            from += panel;
            let here = self.moment(from);
            if self.density(&here) <= NEGLIGIBLE * -self.slope(&here) * sum {
                return;
            }
        }
        let last = self.moment(end);
        visit(self.tail_beyond(end) * self.density(&last), &last);
    }

    /// The span in v.
    pub(super) fn length(&self) -> f64 {
        self.length
    }

    /// From here on the density is e^{−(n + s)·v} times its value here, to the last digit.
    pub(super) fn straight(&self) -> f64 {
        40.0 - self.ln_ratio()
    }

    /// ln(m/M), also where the ratio itself underflows.
    fn ln_ratio(&self) -> f64 {
        let ln = self.first.rate.ln() - self.other.rate.ln();
        if self.first_is_near { ln } else { -ln }
    }

    /// The integral of the density from v to the end of the span, as a multiple of the density at v, if v is where
    /// it has become straight; else 0.
    pub(super) fn tail_beyond(&self, v: f64) -> f64 {
        let fall = self.first.shape + self.other.shape;
        if v < self.straight() { 0.0 } else { -(-fall * (self.length - v)).exp_m1() / fall }
    }

    /// The end of the race.
    pub(super) fn end(&self) -> Moment {
        self.moment(self.length)
    }

    /// The race at v.
    pub(super) fn moment(&self, v: f64) -> Moment {
        if !self.needs_logarithms(v) {
            return self.moment_after(v, v.exp_m1());
        }
        let beyond = v + self.ln_ratio();
        let ln = ln_1p_exp(beyond);
        let far = Progress { ln, part: -(-ln).exp_m1() };
        self.sorted(Progress { ln: v, part: -(-v).exp_m1() }, far, (beyond - ln).exp())
    }

    /// Whether eᵛ or m/M leave the range of `f64`: then z is far above m wherever it counts beside M.
    #[inline]
    fn needs_logarithms(&self, v: f64) -> bool {
        v > 700.0 || self.ratio < 1e-290
    }

    /// The race at v, where `growth` is eᵛ − 1 = z/m.
    #[inline]
    fn moment_after(&self, v: f64, growth: f64) -> Moment {
        let near = Progress { ln: v, part: growth / (growth + 1.0) };
        let gone = self.ratio * growth;
        let sum = 1.0 + gone;
        let inverse = 1.0 / sum;
        // The logarithm of the rounded sum, and what the rounding lost.
        let ln = sum.ln() + (gone - (sum - 1.0)) * inverse;
        self.sorted(near, Progress { ln, part: gone * inverse }, (self.ratio + gone) * inverse)
    }

    #[inline]
    fn sorted(&self, near: Progress, far: Progress, nearness: f64) -> Moment {
        let (first, other) = if self.first_is_near { (near, far) } else { (far, near) };
        Moment { first, other, nearness }
    }

    /// (b/(b + z))ˢ·(a/(a + z))ⁿ·(dz/dv)/(b + z).
    #[inline]
    fn density(&self, moment: &Moment) -> f64 {
        (-self.fall(moment)).exp() * if self.first_is_near { 1.0 } else { moment.nearness }
    }

    /// Its logarithm.
    pub(super) fn ln_density(&self, moment: &Moment) -> f64 {
        let nearness = if self.first_is_near { 0.0 } else { moment.nearness.ln() };
        nearness - self.fall(moment)
    }

    /// d/dv of that, which falls with v.
    pub(super) fn slope(&self, moment: &Moment) -> f64 {
        let rise = if self.first_is_near { 0.0 } else { 1.0 - moment.nearness };
        rise - self.fall_rate(moment)
    }

    /// d/dv of the logarithm of z/(a + z), the part of the other clock.
    pub(super) fn slope_of_ln_part(&self, moment: &Moment) -> f64 {
        if self.first_is_near {
            1.0 / moment.first.part - moment.nearness
        } else {
            1.0 / moment.other.part - 1.0
        }
    }

    /// n·ln(1 + z/a) + s·ln(1 + z/b).
    #[inline]
    fn fall(&self, moment: &Moment) -> f64 {
        self.first.shape * moment.first.ln + self.other.shape * moment.other.ln
    }

    /// d/dv of that, which grows with v.
    #[inline]
    fn fall_rate(&self, moment: &Moment) -> f64 {
        let (near, far) =
            if self.first_is_near { (self.first, self.other) } else { (self.other, self.first) };
        // Above all sense, but not infinite.
        (near.shape + far.shape * moment.nearness).min(f64::MAX)
    }
}

/// The smallest rule that leaves rounding only on a panel of this length in v, in which the integrand falls by at
/// most this steepness (measured on 6,000 races; see the tests).
fn rule_for(length: f64, steepness: f64) -> Option<Rule> {
    let rules = [
        (0.3, 0.5, Rule::SIX),
        (1.0, 2.0, Rule::EIGHT),
        (1.5, 4.0, Rule::TEN),
        (LONGEST, 8.0, Rule::TWELVE),
        (LONGEST, STEEPEST, Rule::SIXTEEN),
    ];
    let fits =
        |&&(longest, steepest, _): &&(f64, f64, Rule)| length <= longest && steepness <= steepest;
    rules.iter().find(fits).map(|&(_, _, rule)| rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chance of having left, as a difference of series and as an integral, whose exponents of up to n·ln(1 + z/a)
    /// round more than the series.
    #[test]
    fn the_two_roads_of_having_left_meet() {
        let steps = |from: f64, to: f64, n: i32| {
            let step = (to / from).powf(1.0 / f64::from(n - 1));
            (0..n).map(move |i| from * step.powi(i))
        };
        let (mut by_series, mut worst) = (0, 0.0_f64);
        for s in steps(0.05, 20.0, 8) {
            for n in steps(0.05, 200.0, 12) {
                for rate in steps(6.0, 16.0, 11) {
                    for span in steps(0.01, 300.0, 20) {
                        let buying = Clock { shape: n, rate: 10.0 };
                        let leaving = Clock { shape: s, rate };
                        let silence = Silence { buying, leaving, span: Some(span) };
                        let race = silence.left();
                        let stayed = race.ln_neither().exp();
                        let Some(left) = silence.left_after_long(stayed) else { continue };
                        let integral = s * race.won_by_shape();
                        worst = worst.max((left / integral - 1.0).abs());
                        by_series += 1;
                    }
                }
            }
        }
        assert!(by_series > 8_000, "{by_series}");
        assert!(worst < 5e-14, "{worst:e}");
    }
}
