//! The whale curve: profit added up from the best customer to the worst.

use crate::error::{Error, Result};
use crate::money;
use crate::quantity::Share;
use crate::tiering::value::Value;

/// Profit added up from the best customer to the worst: it climbs above the total, and falls back to it over those who
/// cost money.
///
/// # Formula
/// ```text
/// W(k) = Σ profit of the best k;  peak = max W;  erosion = (peak − W(n)) / W(n)
/// ```
///
/// # Example
/// ```
/// use goodwill::{Share, tiering::WhaleCurve};
///
/// let curve = WhaleCurve::of(&[70.0, 70.0, 0.0, -15.0, -25.0])?;
/// assert_eq!((curve.total(), curve.peak(), curve.losses()), (100.0, 140.0, -40.0));
/// assert_eq!((curve.profitable(), curve.loss_makers()), (2, 2));
/// assert_eq!((curve.peak_share(), curve.erosion()), (Some(1.4), Some(0.4)));
/// assert_eq!(curve.share_of_best(Share::percent(20)?)?, Some(0.7));
/// // Of each unit that the profitable bring, two sevenths pay for the others.
/// assert_eq!(curve.cross_subsidy(), Some(40.0 / 140.0));
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Kaplan and Narayanan (2001), Journal of Cost Management 15(5), 5–15.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WhaleCurve<V> {
    /// The profits, best first.
    ranked: Vec<V>,
    profitable: usize,
    loss_makers: usize,
    peak: V,
    losses: V,
    total: V,
}

impl<V: Value> WhaleCurve<V> {
    /// Ranks the profits once; the measures are read from it.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a profit; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its
    /// row for one that is not finite; [`Overflow`](crate::ErrorKind::Overflow) for a total that does not fit.
    ///
    /// # Example
    /// See [`WhaleCurve`].
    pub fn of(profits: &[V]) -> Result<Self> {
        if profits.is_empty() {
            return Err(Error::empty("profits"));
        }
        for (row, profit) in profits.iter().enumerate() {
            profit.checked().map_err(|error| error.at_row(row))?;
        }
        let mut ranked: Vec<V> = profits.iter().map(|profit| profit.canonical()).collect();
        ranked.sort_unstable_by_key(|&profit| std::cmp::Reverse(profit.key()));
        Self::of_ranked(ranked)
    }

    fn of_ranked(ranked: Vec<V>) -> Result<Self> {
        let profitable = ranked.partition_point(|&profit| profit > V::ZERO);
        let not_losing = ranked.partition_point(|&profit| profit >= V::ZERO);
        let sum = |profits: &[V]| {
            let mut sum = V::Total::default();
            profits.iter().try_for_each(|profit| profit.add_to(&mut sum)).map(|()| sum)
        };
        let (gains, losses) = (sum(&ranked[..profitable])?, sum(&ranked[not_losing..])?);
        let mut all = gains.clone();
        V::merge(&mut all, &losses)?;
        Ok(Self {
            profitable,
            loss_makers: ranked.len() - not_losing,
            peak: V::read(&gains)?,
            losses: V::read(&losses)?,
            total: V::read(&all)?,
            ranked,
        })
    }

    /// The curve of both bases together.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for a total that does not fit.
    ///
    /// # Example
    /// ```
    /// use goodwill::tiering::WhaleCurve;
    ///
    /// let both = WhaleCurve::of(&[5.0, -1.0])?.merge(&WhaleCurve::of(&[3.0])?)?;
    /// assert_eq!(both, WhaleCurve::of(&[3.0, 5.0, -1.0])?);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn merge(&self, other: &Self) -> Result<Self> {
        let mut ranked = Vec::with_capacity(self.ranked.len() + other.ranked.len());
        let mut rest = other.ranked.iter().copied().peekable();
        for &own in &self.ranked {
            while let Some(better) = rest.next_if(|next| next.key() > own.key()) {
                ranked.push(better);
            }
            ranked.push(own);
        }
        ranked.extend(rest);
        Self::of_ranked(ranked)
    }

    /// The profit of all customers.
    #[must_use]
    pub fn total(&self) -> V {
        self.total
    }

    /// The profit of those who bring profit: the top of the curve.
    #[must_use]
    pub fn peak(&self) -> V {
        self.peak
    }

    /// What the loss-makers bring, at most 0: the fall from the peak to the total.
    #[must_use]
    pub fn losses(&self) -> V {
        self.losses
    }

    /// How many customers there are.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.ranked.len()
    }

    /// How many bring a profit above 0.
    #[must_use]
    pub fn profitable(&self) -> usize {
        self.profitable
    }

    /// How many bring a loss.
    #[must_use]
    pub fn loss_makers(&self) -> usize {
        self.loss_makers
    }

    /// The peak / the total, 1.4 for 140 %; `None` where the total is not above 0, or too near it for `f64`.
    #[must_use]
    pub fn peak_share(&self) -> Option<f64> {
        self.share_of_total(self.peak.to_f64())
    }

    /// What the losses take from the total, 0.4 for 40 %: peak share − 1; `None` as there.
    #[must_use]
    pub fn erosion(&self) -> Option<f64> {
        self.share_of_total(-self.losses.to_f64() + 0.0)
    }

    /// The part of what the profitable bring that pays for the loss-makers: |losses| / peak. Above 1 the base as a
    /// whole loses money; `None` where nobody is profitable.
    #[must_use]
    pub fn cross_subsidy(&self) -> Option<f64> {
        let share = (self.profitable > 0).then(|| -self.losses.to_f64() / self.peak.to_f64() + 0.0);
        share.filter(|share| share.is_finite())
    }

    /// What the best `share` of the customers bring / the total, the last of them counted in part; `None` where the
    /// total is not above 0, or too near it for `f64`.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for a total that does not fit.
    ///
    /// # Example
    /// See [`WhaleCurve`].
    pub fn share_of_best(&self, share: Share) -> Result<Option<f64>> {
        let exact = money::to_f64(share.get()) * self.ranked.len() as f64;
        let whole = (exact as usize).min(self.ranked.len());
        let mut passed = V::Total::default();
        self.ranked[..whole].iter().try_for_each(|profit| profit.add_to(&mut passed))?;
        let part = |next: &V| next.to_f64() * (exact - whole as f64);
        let next = self.ranked.get(whole).map_or(0.0, part);
        Ok(self.share_of_total(V::read(&passed)?.to_f64() + next))
    }

    fn share_of_total(&self, profit: f64) -> Option<f64> {
        let share = (self.total > V::ZERO).then(|| profit / self.total.to_f64());
        share.filter(|share| share.is_finite())
    }

    /// W(0), W(1) … W(n): the profit of the best k customers.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for a total that does not fit.
    ///
    /// # Example
    /// ```
    /// use goodwill::tiering::WhaleCurve;
    ///
    /// let curve = WhaleCurve::of(&[-2.0, 5.0, 1.0])?;
    /// assert_eq!(curve.curve()?, [0.0, 5.0, 6.0, 4.0]);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn curve(&self) -> Result<Vec<V>> {
        let mut passed = V::Total::default();
        let mut curve = Vec::with_capacity(self.ranked.len() + 1);
        curve.push(V::ZERO);
        for profit in &self.ranked {
            profit.add_to(&mut passed)?;
            curve.push(V::read(&passed)?);
        }
        Ok(curve)
    }
}
