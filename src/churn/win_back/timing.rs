//! When to call: waiting makes surer that he is gone, and the chance of winning him back smaller.

use super::candidate::WinBackCandidate;
use crate::error::{Error, Result};
use crate::present_value::discount_factor;
use crate::quantity::Probability;
use crate::time::{DiscountRate, Horizon, TimeUnit};

/// A chance that halves again and again while a lost customer settles elsewhere.
///
/// # Formula
/// ```text
/// chance after t = chance now · 2^(−t/half-life)
/// ```
///
/// # Example
/// ```
/// use goodwill::churn::FadingChance;
/// use goodwill::{Horizon, Probability};
///
/// let chance = FadingChance::new(Probability::constant(0.4), Horizon::weeks(26.0)?)?;
/// assert!((chance.after(Horizon::weeks(52.0)?).get() - 0.1).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FadingChance {
    now: Probability,
    half_life: Horizon,
}

impl FadingChance {
    /// With a half-life of [`Horizon::FOREVER`] it never fades.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a half-life of 0.
    pub fn new(now: Probability, half_life: Horizon) -> Result<Self> {
        match half_life.in_unit(TimeUnit::Day) {
            Some(days) if !(days > 0.0) => {
                Err(Error::out_of_domain("half-life", days, "(0, ∞] days"))
            }
            _ => Ok(Self { now, half_life }),
        }
    }

    /// The chance of a call after this delay.
    #[must_use]
    pub fn after(&self, delay: Horizon) -> Probability {
        let [delay, half_life] = [delay, self.half_life].map(|span| span.in_unit(TimeUnit::Day));
        let part = match (delay, half_life) {
            (_, None) => 1.0,
            (None, Some(_)) => 0.0,
            (Some(delay), Some(half_life)) => (-delay / half_life).exp2(),
        };
        // A part of at most 1 leaves a probability.
        Probability::new(self.now.get() * part).unwrap_or(Probability::ZERO)
    }
}

/// A day on which a customer may be called, and what will be known of him then if he stays silent until it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CallMoment {
    /// How long from now.
    pub delay: Horizon,
    /// The probability that he stays silent until then; who buys before needs no call.
    /// 1 − [`probability_of_purchase`](crate::PurchaseModel::probability_of_purchase).
    pub silent: Probability,
    /// What is known of him then: P(alive) after the longer silence, the chance by then.
    pub candidate: WinBackCandidate,
}

/// What a call at each moment brings, at today's value, and which moment is best.
///
/// # Formula
/// ```text
/// gain of moment t = (1 + d)^(−t) · P(silent until t) · gain of the candidate at t
/// ```
///
/// # Example
/// ```
/// use goodwill::churn::{CallMoment, CallTiming, FadingChance, ValueIfAlive, WinBackCandidate};
/// use goodwill::{DiscountRate, Horizon, Probability};
///
/// // Alive with 60 % today; after a month of silence with 20 %, which half of such customers keep; after three with 5 %.
/// let chance = FadingChance::new(Probability::constant(0.4), Horizon::months(3.0)?)?;
/// let moment = |months, silent, alive| {
///     let [silent, alive] = [silent, alive].map(Probability::constant);
///     let delay = Horizon::months(months)?;
///     let value = ValueIfAlive::given_alive(100.0)?;
///     let candidate = WinBackCandidate::new(alive, chance.after(delay), value, 2.into())?;
///     let candidate = candidate.incentive(20.into(), Probability::ONE)?;
///     Ok::<_, goodwill::Error>(CallMoment { delay, silent, candidate })
/// };
/// let moments = [moment(0.0, 1.0, 0.6)?, moment(1.0, 0.5, 0.2)?, moment(3.0, 0.42, 0.05)?];
/// let timing = CallTiming::of(&moments, DiscountRate::NONE)?;
/// // Today most vouchers go to customers who never left.
/// assert!((timing.gains()[0] + 1.2).abs() < 1e-12);
/// assert_eq!(timing.best(), Some(1));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CallTiming {
    gains: Vec<f64>,
    best: Option<usize>,
}

impl CallTiming {
    /// Of any moments of one customer, in any order.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a moment; [`OutOfDomain`](crate::ErrorKind::OutOfDomain), with its row,
    /// for a delay without end; [`Undefined`](crate::ErrorKind::Undefined) where a discounted gain leaves the range of
    /// `f64`.
    pub fn of(moments: &[CallMoment], discount: DiscountRate) -> Result<Self> {
        if moments.is_empty() {
            return Err(Error::empty("moments"));
        }
        let mut gains = Vec::with_capacity(moments.len());
        let mut best: Option<(f64, f64, usize)> = None;
        for (row, moment) in moments.iter().enumerate() {
            let Some(days) = moment.delay.in_unit(TimeUnit::Day) else {
                return Err(Error::out_of_domain("delay", "for ever", "[0, ∞)").at_row(row));
            };
            let silent = moment.silent.get() * moment.candidate.gain();
            let gain = discount_factor(discount, moment.delay)? * silent + 0.0; // −0 is 0
            if !gain.is_finite() {
                let reason = "the discounted gain leaves the range of f64";
                return Err(Error::undefined("gain of a moment", reason));
            }
            let is_better = best.is_none_or(|(most, after, _)| {
                gain > most || gain.total_cmp(&most).is_eq() && days < after
            });
            if gain > 0.0 && is_better {
                best = Some((gain, days, row));
            }
            gains.push(gain);
        }
        Ok(Self { gains, best: best.map(|(.., row)| row) })
    }

    /// What a call at each moment brings, in the order of the input.
    #[must_use]
    pub fn gains(&self) -> &[f64] {
        &self.gains
    }

    /// The row of the best moment, the earliest of equal ones; `None` where no call pays.
    #[must_use]
    pub fn best(&self) -> Option<usize> {
        self.best
    }
}
