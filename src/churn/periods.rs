//! A churn rate belongs to a period, and a cut of it to points or to per cent.

use std::fmt::{Debug, Display};

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;
use crate::quantity::{Probability, Share};
use crate::time::{Horizon, TimeUnit};

/// The share of customers that is lost over a period.
///
/// # Formula
/// ```text
/// churn over another period of length L = 1 − (1 − c)^{L / own length}
/// ```
/// A rate is never multiplied: 5 % a month are 46 % a year, not 60 %.
///
/// # Example
/// ```
/// use goodwill::churn::ChurnRate;
/// use goodwill::{Horizon, Probability};
///
/// let monthly = ChurnRate::new(Probability::constant(0.05), Horizon::months(1.0)?)?;
/// assert!((monthly.over(Horizon::years(1.0)?).get() - 0.459_639_912_337_5).abs() < 1e-12);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "(Probability, Horizon)", into = "(Probability, Horizon)")
)]
pub struct ChurnRate {
    lost: Probability,
    days: f64,
    period: Horizon,
}

impl ChurnRate {
    /// The rate of a period.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a period of length 0 or without an end.
    pub fn new(lost: Probability, period: Horizon) -> Result<Self> {
        match period.in_unit(TimeUnit::Day).filter(|days| *days > 0.0) {
            Some(days) => Ok(Self { lost, days, period }),
            None => Err(Error::out_of_domain("period", format!("{period:?}"), "(0, ∞)")),
        }
    }

    /// The share that is lost.
    #[must_use]
    pub fn lost(&self) -> Probability {
        self.lost
    }

    /// The period over which it is.
    #[must_use]
    pub fn period(&self) -> Horizon {
        self.period
    }

    /// The share that the same rate loses over another period; for ever, all, unless nobody is ever lost.
    #[must_use]
    pub fn over(&self, period: Horizon) -> Probability {
        let kept = (-self.lost.get()).ln_1p();
        let times = period.in_unit(TimeUnit::Day).map_or(f64::INFINITY, |days| days / self.days);
        // 0 · ∞ and −∞ · 0: nobody is lost at a rate of 0, nor in no time.
        let ln_kept = if kept < 0.0 && times > 0.0 { kept * times } else { 0.0 };
        Probability::rounded(-ln_kept.exp_m1()).unwrap_or(Probability::ONE)
    }
}

impl TryFrom<(Probability, Horizon)> for ChurnRate {
    type Error = Error;

    fn try_from((lost, period): (Probability, Horizon)) -> Result<Self> {
        Self::new(lost, period)
    }
}

impl From<ChurnRate> for (Probability, Horizon) {
    fn from(rate: ChurnRate) -> Self {
        (rate.lost, rate.period)
    }
}

/// "Five per cent less churn" in its two meanings: 10 % becomes 5 %, or 9.5 %. Of a [`Probability`], or exact of a
/// [`Share`].
///
/// # Example
/// ```
/// use goodwill::churn::ChurnCut;
/// use goodwill::{Probability, Share};
///
/// let (churn, five) = (Probability::constant(0.1), Probability::constant(0.05));
/// assert_eq!(ChurnCut::Points(five).apply(churn)?.get(), 0.05);
/// assert!((ChurnCut::PerCent(five).apply(churn)?.get() - 0.095).abs() < 1e-16);
/// let exact = ChurnCut::PerCent(Share::percent(5)?).apply(Share::percent(10)?)?;
/// assert_eq!(exact.to_string(), "0.095");
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ChurnCut<N = Probability> {
    /// Taken off the rate: 0.05 turns 10 % into 5 %.
    Points(N),
    /// A part of the rate itself: 0.05 turns 10 % into 9.5 %.
    PerCent(N),
}

impl ChurnCut {
    /// The rate after the cut.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where more points are taken off than there are.
    pub fn apply(self, churn: Probability) -> Result<Probability> {
        let left = match self {
            Self::Points(points) => churn.get() - points.get(),
            Self::PerCent(part) => churn.get() * part.complement().get(),
        };
        Probability::new(left).map_err(|_| too_much(churn, &self))
    }
}

impl ChurnCut<Share> {
    /// The rate after the cut, exact.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where more points are taken off than there are;
    /// [`Overflow`](crate::ErrorKind::Overflow) where the product needs more digits than `Decimal` holds.
    pub fn apply(self, churn: Share) -> Result<Share> {
        let left = match self {
            Self::Points(points) => money::difference(churn.get(), points.get())?,
            Self::PerCent(part) => {
                let kept = money::difference(Decimal::ONE, part.get())?;
                money::product(churn.get(), kept)?
            }
        };
        Share::new(left).map_err(|_| too_much(churn, &self))
    }
}

fn too_much(churn: impl Display, cut: &impl Debug) -> Error {
    Error::inconsistent(format!("a churn of {churn} cannot be cut by {cut:?}"))
}
