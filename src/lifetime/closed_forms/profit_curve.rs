//! Customers whose yearly profit grows along an S: Berger and Nasr's cases 3 and 4.

use crate::error::{Error, Result};
use crate::lifetime::contract::series::countable;
use crate::lifetime::model::finite;
use crate::quantity::Probability;
use crate::time::{DiscountRate, Horizon, TimeUnit};

use super::amount;

/// A customer's profit per period, as long as he stays: first growing faster and faster, from the turning point on
/// ever more slowly towards a ceiling.
///
/// # Formula
/// ```text
/// π(t) = h·t² + v                           up to the turning point g
///      = h·g² + v + N·(1 − e^{−(t − g)})    after it
/// ```
///
/// # Units
/// Time t in `period`s since the first purchase; v, h and N in money per period (h per period³).
///
/// # Example
/// ```
/// use goodwill::lifetime::ProfitCurve;
/// use goodwill::{DiscountRate, Horizon, Probability, TimeUnit};
///
/// let curve = ProfitCurve::new(TimeUnit::Year, 40.0, 3.0, 4, 20.0)?;
/// assert_eq!((curve.profit(0.0)?, curve.profit(4.0)?), (40.0, 88.0));
/// let (stays, rate) = (Probability::constant(0.8), DiscountRate::annual(0.2)?);
/// let by_year = curve.lifetime_value(stays, Horizon::years(10.0)?, rate)?;
/// assert!((by_year - 166.649_779_094_668).abs() < 1e-9);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Berger and Nasr (1998), Journal of Interactive Marketing 12(1), 17–30, cases 3 and 4.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ProfitCurve {
    period: TimeUnit,
    v: f64,
    h: f64,
    g: u32,
    n: f64,
}

impl ProfitCurve {
    /// A curve from the profit v at the first purchase, the growth h, the turning point g in periods, and the rise N
    /// that is still to come after it.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an amount that is not finite, or a turning point of more
    /// than 10⁶ periods.
    pub fn new(period: TimeUnit, v: f64, h: f64, g: u32, n: f64) -> Result<Self> {
        if g > MOST {
            return Err(Error::out_of_domain("turning point", g, "[0, 10⁶]"));
        }
        let (v, h, n) = (amount("v", v)?, amount("h", h)?, amount("N", n)?);
        Ok(Self { period, v, h, g, n })
    }

    /// The profit per period at time t since the first purchase, in periods.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless t lies in `[0, ∞)`;
    /// [`Undefined`](crate::ErrorKind::Undefined) where it leaves the range of `f64`.
    ///
    /// # Example
    /// See [`ProfitCurve`].
    pub fn profit(&self, t: f64) -> Result<f64> {
        if !(0.0..f64::INFINITY).contains(&t) {
            return Err(Error::out_of_domain("t", t, "[0, ∞)"));
        }
        let g = f64::from(self.g);
        let growing = self.h * t.min(g).powi(2) + self.v;
        finite("profit", growing - self.n * (g - t).min(0.0).exp_m1())
    }

    /// What he is worth from his first purchase, with the profit of each period at its start: Berger and Nasr's case
    /// 3. What it cost to win him is not in it.
    ///
    /// # Formula
    /// ```text
    /// Σ π(t)·(r/(1 + d))ᵗ for t = 0 … N
    /// ```
    ///
    /// # Units
    /// That of the profit; N is the horizon in periods, at most 10⁶ unless for ever.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a horizon that is not whole periods;
    /// [`Undefined`](crate::ErrorKind::Undefined) for ever unless r < 1 + d, or where the value leaves the range of
    /// `f64`.
    ///
    /// # Example
    /// See [`ProfitCurve`].
    ///
    /// # Reference
    /// Berger and Nasr (1998), case 3.
    pub fn lifetime_value(
        &self,
        retention: Probability,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<f64> {
        let last = countable(horizon, self.period)?;
        let kappa = self.decay(retention, horizon, discount)?;
        let mut value = 0.0;
        for t in 0..=last.unwrap_or(self.g).min(self.g) {
            let t = f64::from(t);
            value += (self.h * t * t + self.v) * survival(kappa, t);
        }
        // Σ over t = g + 1 … N of the ceiling less what is still missing of it.
        let after = last.map(|last| f64::from(last.saturating_sub(self.g)));
        if after.is_none_or(|count| count > 0.0) {
            let series = |kappa: f64| geometric(kappa, after);
            let g = f64::from(self.g);
            let ceiling = self.h * g * g + self.v + self.n;
            let rest = ceiling * series(kappa) - self.n * series(kappa + 1.0);
            value += rest * survival(kappa, g);
        }
        finite("lifetime value", value)
    }

    /// The same with profit that flows continuously: Berger and Nasr's case 4.
    ///
    /// # Formula
    /// ```text
    /// ∫₀ᴺ π(t)·(r/(1 + d))ᵗ dt
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) as [`lifetime_value`](ProfitCurve::lifetime_value); the horizon
    /// may be any.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::ProfitCurve;
    /// use goodwill::{DiscountRate, Horizon, Probability, TimeUnit};
    ///
    /// let flat = ProfitCurve::new(TimeUnit::Year, 100.0, 0.0, 0, 0.0)?;
    /// let rate = DiscountRate::annual(0.1)?;
    /// let value = flat.continuous_lifetime_value(Probability::constant(0.8), Horizon::FOREVER, rate)?;
    /// assert!((value - 100.0 / (1.1_f64 / 0.8).ln()).abs() < 1e-10);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Berger and Nasr (1998), case 4.
    pub fn continuous_lifetime_value(
        &self,
        retention: Probability,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<f64> {
        let end = horizon.in_unit(self.period);
        let kappa = self.decay(retention, horizon, discount)?;
        if !(kappa < f64::INFINITY) {
            return Ok(0.0); // Nobody stays for a moment.
        }
        let g = f64::from(self.g);
        let until = end.unwrap_or(g).min(g);
        let mut value = self.h * squares(kappa, until) + self.v * annuity(kappa, Some(until));
        let after = end.map(|end| (end - g).max(0.0));
        if after.is_none_or(|span| span > 0.0) {
            let ceiling = self.h * g * g + self.v + self.n;
            let rest = ceiling * annuity(kappa, after) - self.n * annuity(kappa + 1.0, after);
            value += rest * survival(kappa, g);
        }
        finite("lifetime value", value)
    }

    /// κ with e^{−κ} = r/(1 + d).
    fn decay(
        &self,
        retention: Probability,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<f64> {
        let delta = discount.continuous_per(self.period);
        let kappa = delta - (-retention.complement().get()).ln_1p();
        if horizon.in_unit(self.period).is_none() && !(kappa > 0.0) {
            let rate = discount.per(self.period);
            let reason =
                format!("it needs retention < 1 + discount, but has {retention} and {rate}");
            return Err(Error::undefined("lifetime value for ever", reason));
        }
        Ok(kappa)
    }
}

/// The latest turning point.
const MOST: u32 = 1_000_000;

/// e^{−κt}, 1 at 0 even where nobody stays.
fn survival(kappa: f64, t: f64) -> f64 {
    if t > 0.0 { (-kappa * t).exp() } else { 1.0 }
}

/// Σ e^{−κt} for t = 1 … n, or for ever.
fn geometric(kappa: f64, n: Option<f64>) -> f64 {
    let all = n.map_or(1.0, |n| -(-kappa * n).exp_m1());
    let each = kappa.exp_m1();
    match n {
        Some(n) if each == 0.0 => n,
        _ => all / each,
    }
}

/// ∫₀ˢ e^{−κt} dt, or for ever.
fn annuity(kappa: f64, span: Option<f64>) -> f64 {
    match span {
        Some(span) if kappa == 0.0 => span,
        Some(span) => -(-kappa * span).exp_m1() / kappa,
        None => 1.0 / kappa,
    }
}

/// ∫₀ˢ t²·e^{−κt} dt.
fn squares(kappa: f64, span: f64) -> f64 {
    let x = kappa * span;
    if x.abs() < 2.0 {
        // Σ (−x)ʲ/(j!·(j + 3))
        let mut term = 1.0;
        let mut sum = 0.0;
        for j in 0..40 {
            sum += term / (f64::from(j) + 3.0);
            term *= -x / (f64::from(j) + 1.0);
        }
        sum * span.powi(3)
    } else {
        let gone = 1.0 - (-x).exp() * (1.0 + x + 0.5 * x * x);
        2.0 * gone / kappa.powi(3)
    }
}
