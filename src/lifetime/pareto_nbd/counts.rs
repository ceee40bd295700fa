//! The probability of a number of purchases, at least one.

use super::race::{Race, Silence};
use crate::math::double_exponential;
use crate::math::gamma::ln_pochhammer;

/// P(n purchases in the span | alive at its start) for n > 0.
///
/// # Formula
/// ```text
/// λ ~ gamma(ρ, a), μ ~ gamma(s, b):
/// (ρ)ₙ/n!·[(a/(a + t))^ρ·(t/(a + t))ⁿ·(b/(b + t))ˢ + s·∫₀ᵗ (a/(a + u))^ρ·(u/(a + u))ⁿ·(b/(b + u))ˢ du/(b + u)]
/// ```
/// The first term is of those who stay to the end, the integral of those who leave at u.
pub(super) fn probability(silence: &Silence, n: u32) -> f64 {
    let race = silence.left();
    if race.length() <= 0.0 {
        return 0.0;
    }
    let n = f64::from(n);
    let ways = ln_pochhammer(silence.buying.shape, n) - ln_pochhammer(1.0, n);
    let stayed = match silence.span {
        Some(_) => ways + race.ln_neither() + n * race.end().other.part.ln(),
        None => f64::NEG_INFINITY,
    };
    let left = ways + silence.leaving.shape.ln() + Integrand { race, n }.ln_integral();
    stayed.exp() + left.exp()
}

/// The density of leaving at v, times the nth power of the chance u/(a + u) that a purchase is over by then.
///
/// Its logarithm is concave: it has one peak, and beyond a fall of `FALL` from it nothing counts.
struct Integrand {
    race: Race,
    n: f64,
}

/// What lies below e^−42 = 6e-19 of the peak is rounding; a point down to e^−168 is as good to start from.
const FALL: f64 = 42.0;

impl Integrand {
    fn ln(&self, v: f64) -> f64 {
        let moment = self.race.moment(v);
        self.race.ln_density(&moment) + self.n * moment.other.part.ln()
    }

    fn slope(&self, v: f64) -> f64 {
        let moment = self.race.moment(v);
        self.race.slope(&moment) + self.n * self.race.slope_of_ln_part(&moment)
    }

    fn ln_integral(&self) -> f64 {
        let end = self.race.length().min(self.race.straight());
        let peak = self.peak(end);
        let top = self.ln(peak);
        let lower = peak - self.reach(peak, top, -1.0, peak);
        let upper = peak + self.reach(peak, top, 1.0, end - peak);
        let body = |from: f64, to: f64| {
            double_exponential::integrate(Some(to - from), 1.0, |t| (self.ln(from + t) - top).exp())
        };
        let tail = self.race.tail_beyond(upper) * (self.ln(upper) - top).exp();
        top + (body(lower, peak) + body(peak, upper) + tail).ln()
    }

    /// Where the integrand is largest in `(0, end]`.
    fn peak(&self, end: f64) -> f64 {
        if self.slope(end) >= 0.0 {
            return end;
        }
        let mut high = end;
        let mut low = end;
        while self.slope(low) < 0.0 && low > f64::MIN_POSITIVE {
            high = low;
            low *= 0.125;
        }
        for _ in 0..12 {
            let middle = 0.5 * (low + high);
            *(if self.slope(middle) < 0.0 { &mut high } else { &mut low }) = middle;
        }
        high
    }

    /// How far on one side of the peak, at most `most`, the integrand has fallen by about `FALL`.
    fn reach(&self, peak: f64, top: f64, side: f64, most: f64) -> f64 {
        let fall = |reach: f64| top - self.ln(peak + side * reach);
        let mut reach = most.min(peak);
        while fall(reach) > 4.0 * FALL && reach > f64::MIN_POSITIVE {
            reach *= 0.5;
        }
        while fall(reach) < FALL && reach < most {
            reach = most.min(2.0 * reach);
        }
        reach
    }
}
