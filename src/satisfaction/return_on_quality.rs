//! From retention to money: what more satisfaction is worth, and whether the spending on it pays.

use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::math::exact_sum::ExactSum;
use crate::quantity::Probability;
use crate::time::{DiscountRate, TimeUnit};

use super::retention_link::RetentionLink;

/// What a customer is worth who stays each period with the same chance, and what a rise of that chance brings.
///
/// # Formula
/// ```text
/// value = m·r/(1 + d − r),   dvalue/dr = m·(1 + d)/(1 + d − r)²
/// ```
/// m the margin of a period, first received after one renewal; d the discount rate of a period.
///
/// # Units
/// `slope` is money for a rise of retention from 0 to 1: a hundredth of it is what a point of retention brings.
///
/// # Example
/// ```
/// use goodwill::satisfaction::ValueOfRetention;
/// use goodwill::{DiscountRate, Probability, TimeUnit};
///
/// let rate = DiscountRate::annual(0.10)?;
/// let worth = ValueOfRetention::of(100.0, Probability::constant(0.8), rate, TimeUnit::Year)?;
/// assert!((worth.value - 80.0 / 0.3).abs() < 1e-12);
/// assert!((worth.slope - 110.0 / 0.09).abs() < 1e-9);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Gupta and Lehmann (2003), Journal of Interactive Marketing 17(1), 9–24, for the value.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ValueOfRetention {
    /// Today's worth of the margins to come.
    pub value: f64,
    /// What the worth rises by for each unit of retention.
    pub slope: f64,
}

impl ValueOfRetention {
    /// `margin`, `retention` are of one `period`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a margin outside [−10¹², 10¹²];
    /// [`Undefined`](crate::ErrorKind::Undefined) unless 1 + d > r, where the worth is finite.
    pub fn of(
        margin: f64,
        retention: Probability,
        rate: DiscountRate,
        period: TimeUnit,
    ) -> Result<Self> {
        let (r, rate) = (retention.get(), rate.per(period));
        let margin = checked_margin(margin)?;
        let shrink = checked_shrink(rate, retention.complement().get())?;
        Ok(Self { value: margin * r / shrink, slope: margin * (1.0 + rate) / (shrink * shrink) })
    }
}

/// What a change of satisfaction is worth, through the customers it keeps.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ValueOfSatisfaction {
    /// The rise of the worth of all customers.
    pub total: Estimate,
    /// The rise of each, in the caller's order.
    pub each: Vec<f64>,
    /// The rise of the mean retention.
    pub retention: Estimate,
}

impl ValueOfSatisfaction {
    /// Of customers whose satisfaction goes from `before` to `after`, who bring `margins` a `period`. One row a
    /// customer. The retention link must be fitted on the same period. The intervals hold the doubt of the link.
    ///
    /// # Formula
    /// ```text
    /// Σ mᵢ·(1 + d)·(rᵢ′ − rᵢ) / ((1 + d − rᵢ′)(1 + d − rᵢ)),   r = P(stay | satisfaction)
    /// ```
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without customers; [`LengthMismatch`](crate::ErrorKind::LengthMismatch)
    /// for columns of other lengths; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a satisfaction
    /// outside [−10⁶, 10⁶] or a margin outside [−10¹², 10¹²], and for a level that is not strictly between 0 and 1;
    /// [`Undefined`](crate::ErrorKind::Undefined) where the worth of a customer is not finite.
    ///
    /// # Example
    /// ```
    /// use goodwill::satisfaction::{RetentionLink, ValueOfSatisfaction};
    /// use goodwill::{DiscountRate, Probability, TimeUnit};
    ///
    /// let satisfaction: Vec<f64> = (0..20).map(|i| if i < 10 { 4.0 } else { 5.0 }).collect();
    /// let stayed: Vec<bool> = (0..20).map(|i| i < 5 || (10..19).contains(&i)).collect();
    /// let link = RetentionLink::fit(&satisfaction, &stayed)?;
    /// // One customer of 100 a year goes from 4 to 5: from 100·0.5/0.6 to 100·0.9/0.2.
    /// let (rate, level) = (DiscountRate::annual(0.10)?, Probability::constant(0.95));
    /// let worth = ValueOfSatisfaction::of(&link, &[4.0], &[5.0], &[100.0], rate, TimeUnit::Year, level)?;
    /// assert!((worth.total.value() - (450.0 - 50.0 / 0.6)).abs() < 1e-10);
    /// assert!(worth.total.lower() < 0.0); // twenty customers say little
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Rust, Zahorik and Keiningham (1995), Journal of Marketing 59(2), 58–70, for the chain.
    pub fn of(
        link: &RetentionLink,
        before: &[f64],
        after: &[f64],
        margins: &[f64],
        rate: DiscountRate,
        period: TimeUnit,
        level: Probability,
    ) -> Result<Self> {
        if before.is_empty() {
            return Err(Error::empty("customers"));
        }
        for (name, column) in [("after", after), ("margins", margins)] {
            if column.len() != before.len() {
                let lengths = (("before", before.len()), (name, column.len()));
                return Err(Error::length_mismatch(lengths.0, lengths.1));
            }
        }
        let rate = rate.per(period);
        let growth = 1.0 + rate;
        let parameters = link.coefficients().len();
        let (mut total, mut retention) = (Rise::new(parameters), Rise::new(parameters));
        let mut each = Vec::with_capacity(before.len());
        for (row, margin) in margins.iter().enumerate() {
            let at = |error: Error| error.at_row(row);
            let old = link.chance(before[row]).map_err(at)?;
            let new = link.chance(after[row]).map_err(at)?;
            let margin = checked_margin(*margin).map_err(at)?;
            let [left0, left1] = [&old, &new].map(|own| checked_shrink(rate, own.leave));
            let (left0, left1) = (left0.map_err(at)?, left1.map_err(at)?);
            let kept = new.more_than(&old);
            let rise = margin * growth * kept / (left0 * left1);
            let worth = |left: f64| margin * growth / (left * left);
            let slopes = new.slopes.iter().zip(&old.slopes);
            total.add(rise, slopes.clone().map(|(s1, s0)| worth(left1) * s1 - worth(left0) * s0));
            retention.add(kept, slopes.map(|(s1, s0)| s1 - s0));
            each.push(rise);
        }
        let n = before.len() as f64;
        Ok(Self {
            total: total.estimate(link, 1.0, level)?,
            retention: retention.estimate(link, n, level)?,
            each,
        })
    }
}

/// A total over customers, with its slopes on the coefficients of the link.
struct Rise {
    value: ExactSum,
    slopes: Vec<ExactSum>,
}

impl Rise {
    fn new(parameters: usize) -> Self {
        Self { value: ExactSum::new(), slopes: vec![ExactSum::new(); parameters] }
    }

    fn add(&mut self, value: f64, slopes: impl Iterator<Item = f64>) {
        self.value.add(value);
        self.slopes.iter_mut().zip(slopes).for_each(|(total, slope)| total.add(slope));
    }

    fn estimate(&self, link: &RetentionLink, over: f64, level: Probability) -> Result<Estimate> {
        let slopes: Vec<f64> = self.slopes.iter().map(|slope| slope.value() / over).collect();
        link.estimate(self.value.value() / over, &slopes, level)
    }
}

/// The share of a market from period to period.
///
/// # Formula
/// ```text
/// next = ((1 − c)·(r·share + w·(1 − share)) + g·A) / (1 − c + g)
/// ```
/// r kept of our customers, w won of the others', c who leave the market, g newcomers for each customer of now, A our
/// share of these.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::Market;
///
/// let [r, w, c, a] = [0.9, 0.05, 0.0, 0.2].map(Probability::constant);
/// let market = Market::new(r, w, c, 0.0, a)?;
/// let shares = market.shares(Probability::constant(0.2), 2)?;
/// assert!((shares[0] - 0.22).abs() < 1e-15); // 0.9 × 0.2 + 0.05 × 0.8
/// assert!((shares[1] - 0.237).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Rust, Zahorik and Keiningham (1995), Journal of Marketing 59(2), 58–70: retained, switchers and newcomers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Market {
    retention: Probability,
    won: Probability,
    leaving: Probability,
    newcomers: f64,
    share_of_newcomers: Probability,
}

impl Market {
    /// `newcomers` is their number for each customer of the market now.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for newcomers outside [0, 10⁶];
    /// [`Undefined`](crate::ErrorKind::Undefined) where all leave and nobody comes.
    pub fn new(
        retention: Probability,
        won: Probability,
        leaving: Probability,
        newcomers: f64,
        share_of_newcomers: Probability,
    ) -> Result<Self> {
        if !(0.0..=1e6).contains(&newcomers) {
            return Err(Error::out_of_domain("newcomers", newcomers, "[0, 1e6]"));
        }
        if !(leaving.complement().get() + newcomers > 0.0) {
            return Err(Error::undefined("a share of the market", "all leave and nobody comes"));
        }
        let newcomers = newcomers + 0.0;
        Ok(Self { retention, won, leaving, newcomers, share_of_newcomers })
    }

    /// The shares after one period, two, … from a share now.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for more than 10⁶ periods.
    pub fn shares(&self, now: Probability, periods: usize) -> Result<Vec<f64>> {
        if periods > 1_000_000 {
            return Err(Error::out_of_domain("periods", periods, "[0, 1e6]"));
        }
        let (stay, new) = (self.leaving.complement().get(), self.newcomers);
        let mut share = now.get();
        let mut next = || {
            let kept = self.retention.get() * share + self.won.get() * (1.0 - share);
            share = (stay * kept + new * self.share_of_newcomers.get()) / (stay + new);
            share
        };
        Ok((0..periods).map(|_| next()).collect())
    }
}

/// What spending on quality brings, both as worth today.
///
/// # Formula
/// ```text
/// gain = Σₖ profitₖ/(1 + d)ᵏ,   spend = Σₖ spendₖ/(1 + d)ᵏ,  k = 0, 1, …;   return on quality = gain/spend
/// ```
/// Above 1, the spending pays.
///
/// # Example
/// ```
/// use goodwill::satisfaction::ReturnOnQuality;
/// use goodwill::{DiscountRate, TimeUnit};
///
/// let rate = DiscountRate::annual(0.10)?;
/// let quality = ReturnOnQuality::of(&[0.0, 550.0, 605.0], &[800.0], rate, TimeUnit::Year)?;
/// assert!((quality.gain() - 1_000.0).abs() < 1e-12);
/// assert!((quality.ratio() - 1.25).abs() < 1e-15 && (quality.net() - 200.0).abs() < 1e-12);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Rust, Zahorik and Keiningham (1995), Journal of Marketing 59(2), 58–70.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ReturnOnQuality {
    gain: f64,
    spend: f64,
}

impl ReturnOnQuality {
    /// `profit` that there would not be without the spending, and `spend`, by period from now (k = 0).
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a profit outside [−10¹², 10¹²] or a spend
    /// outside [0, 10¹²]; [`Undefined`](crate::ErrorKind::Undefined) where nothing is spent, or a worth leaves the
    /// range of `f64`.
    pub fn of(profit: &[f64], spend: &[f64], rate: DiscountRate, period: TimeUnit) -> Result<Self> {
        for (row, &value) in spend.iter().enumerate() {
            if !(0.0..=1e12).contains(&value) {
                return Err(Error::out_of_domain("spend", value, "[0, 1e12]").at_row(row));
            }
        }
        for (row, &value) in profit.iter().enumerate() {
            checked_money("profit", value).map_err(|error| error.at_row(row))?;
        }
        let delta = rate.continuous_per(period);
        let worth = |flow: &[f64]| {
            let mut total = ExactSum::new();
            for (k, value) in flow.iter().enumerate() {
                total.add(value * (-delta * k as f64).exp());
            }
            total.value()
        };
        let (gain, spend) = (worth(profit), worth(spend));
        if spend > 0.0 && (gain / spend).is_finite() && spend.is_finite() {
            Ok(Self { gain, spend })
        } else {
            let what = "nothing is spent, or a worth leaves the range of f64";
            Err(Error::undefined("return on quality", what))
        }
    }

    /// Today's worth of the profit.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.gain
    }

    /// Today's worth of the spending.
    #[must_use]
    pub fn spend(&self) -> f64 {
        self.spend
    }

    /// Gain − spend.
    #[must_use]
    pub fn net(&self) -> f64 {
        self.gain - self.spend
    }

    /// Gain / spend.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.gain / self.spend
    }

    /// Gain / spend of a measured gain, as [`ValueOfSatisfaction::total`], with its interval.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend outside (0, 10¹²];
    /// [`Undefined`](crate::ErrorKind::Undefined) where the ratio leaves the range of `f64`.
    pub fn interval(gain: &Estimate, spend: f64) -> Result<Estimate> {
        if !(spend > 0.0 && spend <= 1e12) {
            return Err(Error::out_of_domain("spend", spend, "(0, 1e12]"));
        }
        let ends = [gain.value(), gain.lower(), gain.upper()].map(|gain| gain / spend);
        if ends.iter().all(|end| end.is_finite()) {
            Ok(Estimate::from_interval(ends[0], ends[1], ends[2], gain.level()))
        } else {
            Err(Error::undefined("return on quality", "it leaves the range of f64"))
        }
    }
}

fn checked_money(name: &'static str, value: f64) -> Result<f64> {
    if (-1e12..=1e12).contains(&value) {
        Ok(value)
    } else {
        Err(Error::out_of_domain(name, value, "[-1e12, 1e12]"))
    }
}

fn checked_margin(margin: f64) -> Result<f64> {
    checked_money("margin", margin)
}

/// 1 + d − r by d and 1 − r, where a customer's worth is finite.
fn checked_shrink(rate: f64, leaving: f64) -> Result<f64> {
    /// Below, its square has no range or digits left.
    const LEAST: f64 = 1e-9;
    let shrink = rate + leaving;
    if (LEAST..1e100).contains(&shrink) {
        Ok(shrink)
    } else {
        let (growth, r) = (1.0 + rate, 1.0 - leaving);
        let what = format!("1 + d = {growth} is not above a retention of {r}");
        Err(Error::undefined("the worth of a customer", what))
    }
}
