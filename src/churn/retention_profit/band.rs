//! "5 % less churn, 25 to 85 % more profit": where it holds.

use crate::churn::periods::ChurnCut;
use crate::error::{Error, Result};
use crate::math::root::first_that;
use crate::present_value::FirstMargin;
use crate::quantity::Probability;
use crate::time::{DiscountRate, TimeUnit};

/// By how much a cut in the yearly churn raises the worth of a customer of constant yearly profit, for ever: 0.25 is 25 %
/// more. It does not depend on the profit.
///
/// # Formula
/// ```text
/// first margin now:           (c − c′)/(d + c′)
/// first margin after renewal: (c − c′)·(1 + d)/((1 − c)·(d + c′))          c the churn before, c′ after
/// ```
///
/// # Errors
/// [`Inconsistent`](crate::ErrorKind::Inconsistent) where more points are cut than there are;
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a discount below 0; [`Undefined`](crate::ErrorKind::Undefined)
/// where neither churn nor discount ends the relation, nobody renews before, or the lift leaves the range of `f64`.
///
/// # Example
/// ```
/// use goodwill::churn::{ChurnCut, retention_lift};
/// use goodwill::{DiscountRate, FirstMargin, Probability};
///
/// let (churn, five) = (Probability::constant(0.10), Probability::constant(0.05));
/// let rate = DiscountRate::annual(0.10)?;
/// let lift = |cut| retention_lift(churn, cut, rate, FirstMargin::AfterRenewal);
/// assert!((lift(ChurnCut::Points(five))? - 11.0 / 27.0).abs() < 1e-15); // 4.5 to 6.333: 41 % more
/// assert!((lift(ChurnCut::PerCent(five))? - 0.031_339_031_339_031_34).abs() < 1e-15); // 3 % more
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// The ratio of two margin multiples of Gupta and Lehmann (2003), Journal of Interactive Marketing 17(1), 9–24, less 1:
/// r/(1 + d − r), or (1 + d)/(1 + d − r) with the first margin now, r = 1 − c.
pub fn retention_lift(
    churn: Probability,
    cut: ChurnCut,
    discount: DiscountRate,
    first: FirstMargin,
) -> Result<f64> {
    cut.apply(churn)?;
    let lift = lift_at(churn.get(), cut, yearly(discount)?, first);
    if lift.is_finite() {
        return Ok(lift);
    }
    let reason = format!("a churn of {churn}, cut by {cut:?}, has no worth to compare");
    Err(Error::undefined("the lift of profit", reason))
}

/// A band of relative lifts, such as the claimed 25 to 85 %.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "(f64, f64)", into = "(f64, f64)"))]
pub struct ProfitBand {
    low: f64,
    high: f64,
}

/// Where a lift lies beside a [`ProfitBand`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum BandVerdict {
    /// Less than claimed.
    Below,
    /// As claimed.
    Within,
    /// More than claimed.
    Above,
}

/// Churns from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ChurnSpan {
    /// The least.
    pub from: Probability,
    /// The most.
    pub to: Probability,
}

impl ProfitBand {
    /// "5 % less churn, 25 % to 85 % more profit", as the trade has it.
    pub const CLAIMED: Self = Self { low: 0.25, high: 0.85 };

    /// Lifts from `low` to `high`, as shares.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an end outside (0, 10⁹];
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where they do not ascend.
    pub fn new(low: f64, high: f64) -> Result<Self> {
        for (name, end) in [("low lift", low), ("high lift", high)] {
            if !(end > 0.0 && end <= 1e9) {
                return Err(Error::out_of_domain(name, end, "(0, 1e9]"));
            }
        }
        if low > high {
            let what = format!("a band from {low} to {high} holds nothing");
            return Err(Error::inconsistent(what));
        }
        Ok(Self { low, high })
    }

    /// Whether a lift is as claimed.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for NaN.
    ///
    /// # Example
    /// ```
    /// use goodwill::churn::{BandVerdict, ProfitBand};
    ///
    /// assert_eq!(ProfitBand::CLAIMED.verdict(0.407)?, BandVerdict::Within);
    /// assert_eq!(ProfitBand::CLAIMED.verdict(0.031)?, BandVerdict::Below);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn verdict(&self, lift: f64) -> Result<BandVerdict> {
        if lift < self.low {
            Ok(BandVerdict::Below)
        } else if lift <= self.high {
            Ok(BandVerdict::Within)
        } else if lift > self.high {
            Ok(BandVerdict::Above)
        } else {
            Err(Error::out_of_domain("lift", lift, "[-∞, ∞]"))
        }
    }

    /// The yearly churns, before the cut, at which the claim holds for a constant yearly profit, in ascending order: none,
    /// one span, or two with a gap between. Two spans occur only for [`ChurnCut::Points`] with
    /// [`FirstMargin::AfterRenewal`], because a cut weighs most where churn is very low or very high.
    ///
    /// Each end is the last number at which [`retention_lift`] lies in the band.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a discount below 0.
    ///
    /// # Example
    /// ```
    /// use goodwill::churn::{ChurnCut, ProfitBand};
    /// use goodwill::{DiscountRate, FirstMargin, Probability};
    ///
    /// let five = Probability::constant(0.05);
    /// let rate = DiscountRate::annual(0.10)?;
    /// let holds = |cut| ProfitBand::CLAIMED.holds_at(cut, rate, FirstMargin::Now);
    /// // Five points less: where 5 to 15 % leave a year.
    /// let spans = holds(ChurnCut::Points(five))?;
    /// assert_eq!(spans.len(), 1);
    /// assert!((spans[0].from.get() - 0.05).abs() < 1e-15 && (spans[0].to.get() - 0.15).abs() < 1e-15);
    /// // Five per cent less: nowhere.
    /// assert!(holds(ChurnCut::PerCent(five))?.is_empty());
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn holds_at(
        &self,
        cut: ChurnCut,
        discount: DiscountRate,
        first: FirstMargin,
    ) -> Result<Vec<ChurnSpan>> {
        let rate = yearly(discount)?;
        let lift = |churn: f64| lift_at(churn, cut, rate, first);
        let pieces: Vec<(f64, f64, bool)> = match (cut, first) {
            (ChurnCut::PerCent(_), _) => vec![(0.0, 1.0, true)],
            (ChurnCut::Points(points), FirstMargin::Now) => vec![(points.get(), 1.0, false)],
            (ChurnCut::Points(points), FirstMargin::AfterRenewal) => {
                // (1 − c)(d + c − p) is largest, and the lift smallest, half-way between its zeros 1 and p − d.
                let least = points.get();
                let turn = (0.5 * (1.0 - rate + least)).max(least);
                vec![(least, turn, false), (turn, 1.0, true)]
            }
        };
        let mut spans: Vec<ChurnSpan> = Vec::new();
        for (from, to, rises) in pieces {
            let Some((from, to)) = self.span(from, to, rises, lift) else { continue };
            match spans.last_mut() {
                Some(before) if before.to.get() >= from => before.to = Probability::new(to)?,
                _ => spans
                    .push(ChurnSpan { from: Probability::new(from)?, to: Probability::new(to)? }),
            }
        }
        Ok(spans)
    }

    /// The churns in [from, to], where the lift rises or falls throughout, at which it lies in the band.
    fn span(
        &self,
        from: f64,
        to: f64,
        rises: bool,
        lift: impl Fn(f64) -> f64,
    ) -> Option<(f64, f64)> {
        let first = |holds: &dyn Fn(f64) -> bool| {
            first_that(|churn| churn > to || churn >= from && holds(lift(churn)))
        };
        let (start, beyond) = if rises {
            (first(&|lift| lift >= self.low), first(&|lift| lift > self.high))
        } else {
            (first(&|lift| lift <= self.high), first(&|lift| lift < self.low))
        };
        let (start, last) = (start?, beyond?.next_down().min(to));
        (start <= last).then_some((start, last))
    }
}

impl TryFrom<(f64, f64)> for ProfitBand {
    type Error = Error;

    fn try_from((low, high): (f64, f64)) -> Result<Self> {
        Self::new(low, high)
    }
}

impl From<ProfitBand> for (f64, f64) {
    fn from(band: ProfitBand) -> Self {
        (band.low, band.high)
    }
}

/// The lift, infinite where there is nothing to compare with.
fn lift_at(churn: f64, cut: ChurnCut, rate: f64, first: FirstMargin) -> f64 {
    let (gap, left) = match cut {
        ChurnCut::Points(points) => (points.get(), churn - points.get()),
        ChurnCut::PerCent(part) => (churn * part.get(), churn * part.complement().get()),
    };
    match first {
        FirstMargin::Now => gap / (rate + left),
        FirstMargin::AfterRenewal => gap * ((1.0 + rate) / (rate + left)) / (1.0 - churn),
    }
}

fn yearly(discount: DiscountRate) -> Result<f64> {
    let rate = discount.per(TimeUnit::Year);
    if rate >= 0.0 {
        Ok(rate)
    } else {
        Err(Error::out_of_domain("discount rate", rate, "[0, ∞)"))
    }
}
