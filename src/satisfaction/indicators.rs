//! How content are they, by six indicators of what they say and do? One index, and what moved it.

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;
use crate::math::shares::add_up_to_one;

use super::complaints::SilenceRule;
use super::scale::Direction;

/// The six indicators of satisfaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Indicator {
    /// How many speak well of the brand: a share, or a mean score.
    Reputation,
    /// How many ask for the brand by its name: a share of buyers.
    NamedPurchase,
    /// How many come back: a share of buyers.
    ReturnRate,
    /// How many are discontent, voiced and hidden: a share of customers, see [`ComplaintRate`].
    ComplaintRate,
    /// What a customer spends in a period: money, or a share of his purse.
    PurchaseAmount,
    /// How much demand falls when the price rises: −1 times
    /// [`price_elasticity`](super::price_elasticity).
    PriceSensitivity,
}

impl Indicator {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::Reputation,
        Self::NamedPurchase,
        Self::ReturnRate,
        Self::ComplaintRate,
        Self::PurchaseAmount,
        Self::PriceSensitivity,
    ];

    /// Which way is better: complaints and price sensitivity should be low, the others high.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::ComplaintRate | Self::PriceSensitivity => Direction::LowerIsBetter,
            _ => Direction::HigherIsBetter,
        }
    }
}

/// The share of customers who are discontent.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ComplaintRate {
    /// Those who said so.
    pub voiced: f64,
    /// Those who kept silent.
    pub hidden: f64,
    /// Both.
    pub all: f64,
}

impl ComplaintRate {
    /// From the voiced complaints, by a rule for the silent.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without customers; [`Inconsistent`](crate::ErrorKind::Inconsistent)
    /// where the rule makes more discontent than customers; [`Undefined`](crate::ErrorKind::Undefined) for a
    /// rule by which nobody complains.
    ///
    /// # Example
    /// ```
    /// use goodwill::satisfaction::{ComplaintRate, SilenceRule};
    ///
    /// let rate = ComplaintRate::of(10, 1_000, SilenceRule::FIVE_PERCENT_COMPLAIN)?;
    /// assert_eq!((rate.voiced, rate.hidden, rate.all), (0.01, 0.19, 0.2));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn of(voiced: u64, customers: u64, rule: SilenceRule) -> Result<Self> {
        if customers == 0 {
            return Err(Error::empty("customers"));
        }
        let discontent = rule.dissatisfied(voiced)?;
        let n = customers as f64;
        if discontent.all > n {
            let what = format!("{} discontent are more than {customers} customers", discontent.all);
            return Err(Error::inconsistent(what));
        }
        let (voiced, hidden) = (voiced as f64 / n, discontent.silent / n);
        Ok(Self { voiced, hidden, all: discontent.all / n })
    }
}

/// What was measured of each indicator; those not set are missing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Indicators {
    readings: [Option<f64>; 6],
}

impl Indicators {
    /// Nothing measured yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a reading, in the unit of the indicator's range.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for one outside [−10¹⁰⁰, 10¹⁰⁰].
    pub fn with(mut self, indicator: Indicator, reading: f64) -> Result<Self> {
        if !(-1e100..=1e100).contains(&reading) {
            return Err(Error::out_of_domain("reading", reading, "[-1e100, 1e100]"));
        }
        self.readings[indicator as usize] = Some(reading);
        Ok(self)
    }

    /// What was measured.
    #[must_use]
    pub fn reading(&self, indicator: Indicator) -> Option<f64> {
        self.readings[indicator as usize]
    }
}

/// The lowest and the highest reading of each indicator, in the order of [`Indicator::ALL`]. The worse end, by
/// the indicator's [`direction`](Indicator::direction), is 0 points, and the better 100.
///
/// # Formula
/// ```text
/// higher is better:  100 · (x − low) / (high − low);   lower is better:  100 · (high − x) / (high − low)
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "[(f64, f64); 6]", into = "[(f64, f64); 6]"))]
pub struct IndicatorRanges {
    ranges: [(f64, f64); 6],
}

impl TryFrom<[(f64, f64); 6]> for IndicatorRanges {
    type Error = Error;

    fn try_from(ranges: [(f64, f64); 6]) -> Result<Self> {
        Self::new(ranges)
    }
}

impl From<IndicatorRanges> for [(f64, f64); 6] {
    fn from(ranges: IndicatorRanges) -> Self {
        ranges.ranges
    }
}

impl IndicatorRanges {
    /// A pair (low, high) for each indicator.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for an end outside [−10¹⁰⁰, 10¹⁰⁰];
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) with the row unless low < high.
    pub fn new(ranges: [(f64, f64); 6]) -> Result<Self> {
        for (row, &(low, high)) in ranges.iter().enumerate() {
            for end in [low, high] {
                if !(-1e100..=1e100).contains(&end) {
                    let domain = "[-1e100, 1e100]";
                    return Err(Error::out_of_domain("end of a range", end, domain).at_row(row));
                }
            }
            if !(low < high) {
                let what = format!("a range cannot go from {low} to {high}");
                return Err(Error::inconsistent(what).at_row(row));
            }
        }
        Ok(Self { ranges })
    }

    /// Each reading in points from 0 to 100, more is better; `None` where it is missing.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a reading outside its range.
    pub fn points(&self, indicators: &Indicators) -> Result<[Option<f64>; 6]> {
        let mut points = [None; 6];
        for (row, &indicator) in Indicator::ALL.iter().enumerate() {
            let Some(reading) = indicators.readings[row] else { continue };
            let (low, high) = self.ranges[row];
            if !(low..=high).contains(&reading) {
                return Err(Error::out_of_domain("reading", reading, "its range").at_row(row));
            }
            let above = match indicator.direction() {
                Direction::HigherIsBetter => reading - low,
                Direction::LowerIsBetter => high - reading,
            };
            points[row] = Some(100.0 * (above / (high - low)));
        }
        Ok(points)
    }
}

/// How much each indicator weighs. Weights are at or above 0 and sum to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "[f64; 6]", into = "[f64; 6]"))]
pub struct IndicatorWeights {
    weights: [f64; 6],
}

impl TryFrom<[f64; 6]> for IndicatorWeights {
    type Error = Error;

    fn try_from(weights: [f64; 6]) -> Result<Self> {
        Self::new(weights)
    }
}

impl From<IndicatorWeights> for [f64; 6] {
    fn from(weights: IndicatorWeights) -> Self {
        weights.weights
    }
}

impl IndicatorWeights {
    /// Weights that are given; only their proportions matter.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for one below 0 or not finite;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where all are 0.
    pub fn new(weights: [f64; 6]) -> Result<Self> {
        Ok(Self { weights: summing_to_one(weights)? })
    }

    /// Weights by entropy: an indicator in which the rows (outlets, segments, months) differ more weighs more.
    /// One row each, in points or any other unit with a true 0.
    ///
    /// # Formula
    /// ```text
    /// pᵢⱼ = xᵢⱼ / Σᵢ xᵢⱼ,   eⱼ = −Σᵢ pᵢⱼ ln pᵢⱼ / ln n,   wⱼ = (1 − eⱼ) / Σⱼ (1 − eⱼ)
    /// ```
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a number outside [0, 10¹⁰⁰];
    /// [`Undefined`](crate::ErrorKind::Undefined) for fewer than two rows, for an indicator that is 0
    /// throughout, or where no indicator varies.
    ///
    /// # Example
    /// ```
    /// use goodwill::satisfaction::IndicatorWeights;
    ///
    /// let flat = 50.0;
    /// let weights = IndicatorWeights::by_entropy(&[
    ///     [80.0, flat, flat, flat, flat, 20.0],
    ///     [20.0, flat, flat, flat, flat, 80.0],
    /// ])?;
    /// assert_eq!(weights.get(), [0.5, 0.0, 0.0, 0.0, 0.0, 0.5]);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Hwang and Yoon (1981), Multiple Attribute Decision Making, Springer, section 3.2.
    pub fn by_entropy(rows: &[[f64; 6]]) -> Result<Self> {
        for (row, numbers) in rows.iter().enumerate() {
            if let Some(number) = numbers.iter().find(|number| !(0.0..=1e100).contains(*number)) {
                return Err(Error::out_of_domain("number", number, "[0, 1e100]").at_row(row));
            }
        }
        let undefined = |reason| Err(Error::undefined("weights by entropy", reason));
        if rows.len() < 2 {
            return undefined("they need two rows or more");
        }
        let mut divergence = [0.0; 6];
        for (column, divergence) in divergence.iter_mut().enumerate() {
            let numbers = || rows.iter().map(|row| row[column]);
            let largest = numbers().fold(0.0, f64::max);
            if !(largest > 0.0) {
                return undefined("an indicator is 0 throughout");
            }
            let mut total = ExactSum::new();
            numbers().for_each(|number| total.add(number / largest));
            let mean = total.mean(rows.len() as f64);
            if numbers().all(|number| number >= largest) {
                continue; // It does not vary.
            }
            // 1 − e = Σ (r ln r − r + 1) / (n ln n) with r = x / x̄: no term is below 0.
            let mut terms = ExactSum::new();
            for number in numbers() {
                let more = number / largest / mean - 1.0;
                let logarithm = if number > 0.0 { (1.0 + more) * more.ln_1p() } else { 0.0 };
                terms.add((logarithm - more).max(0.0));
            }
            *divergence = terms.value();
        }
        if !divergence.iter().any(|one| *one > 0.0) {
            return undefined("no indicator varies");
        }
        Self::new(divergence)
    }

    /// In the order of [`Indicator::ALL`].
    #[must_use]
    pub fn get(&self) -> [f64; 6] {
        self.weights
    }
}

/// Weights in proportion, with the sum 1.
pub(crate) fn summing_to_one<const N: usize>(weights: [f64; N]) -> Result<[f64; N]> {
    for (position, &weight) in weights.iter().enumerate() {
        if !(0.0..f64::INFINITY).contains(&weight) {
            return Err(Error::out_of_domain("weight", weight, "[0, ∞)").at_row(position));
        }
    }
    let largest = weights.iter().copied().fold(0.0, f64::max);
    if !(largest > 0.0) {
        return Err(Error::inconsistent("all weights are 0"));
    }
    if add_up_to_one(&weights) {
        return Ok(weights.map(|weight| weight + 0.0));
    }
    let parts = weights.map(|weight| weight / largest);
    let total: f64 = parts.iter().sum();
    Ok(parts.map(|part| part / total))
}

/// What to do when an indicator that weighs was not measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum MissingIndicator {
    /// There is no index.
    Refuse,
    /// The others share its weight, in proportion to theirs.
    Spread,
}

/// A satisfaction index of the six indicators.
///
/// # Formula
/// ```text
/// index = Σ partᵢ,  partᵢ = wᵢ · pointsᵢ, kept to 2⁻⁴⁴ points;   contribution to a change = partᵢ after − partᵢ before
/// ```
/// Parts on that grid add and subtract without rounding: contributions add up to the change to the last bit.
///
/// # Example
/// ```
/// use goodwill::satisfaction::*;
///
/// // Shares, a complaint rate to 40 %, 0 to 500 a year, sensitivity 0 to 4.
/// let ranges = [(0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (0.0, 0.4), (0.0, 500.0), (0.0, 4.0)];
/// let weights = IndicatorWeights::new([2.0, 1.0, 2.0, 1.0, 1.0, 1.0])?;
/// let index =
///     IndicatorIndex::new(IndicatorRanges::new(ranges)?, weights, MissingIndicator::Refuse);
/// let before = Indicators::new()
///     .with(Indicator::Reputation, 0.75)?
///     .with(Indicator::NamedPurchase, 0.5)?
///     .with(Indicator::ReturnRate, 0.5)?
///     .with(Indicator::ComplaintRate, 0.2)?
///     .with(Indicator::PurchaseAmount, 250.0)?
///     .with(Indicator::PriceSensitivity, 1.0)?;
/// assert_eq!(index.score(&before)?.index(), 59.375);
/// let after = before.with(Indicator::ComplaintRate, 0.1)?.with(Indicator::ReturnRate, 0.375)?;
/// let change = index.change(&before, &after)?;
/// assert_eq!(change.contribution(Indicator::ComplaintRate), 3.125);
/// assert_eq!(change.contribution(Indicator::ReturnRate), -3.125);
/// assert_eq!(change.total(), 0.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct IndicatorIndex {
    ranges: IndicatorRanges,
    weights: IndicatorWeights,
    missing: MissingIndicator,
}

/// The index, and the points it is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ScoredIndicators {
    points: [Option<f64>; 6],
    parts: [f64; 6],
    index: f64,
}

/// What moved the index.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct IndicatorChange {
    contributions: [f64; 6],
    total: f64,
}

impl IndicatorIndex {
    /// An index by its ranges, weights and rule for what is missing.
    #[must_use]
    pub fn new(
        ranges: IndicatorRanges,
        weights: IndicatorWeights,
        missing: MissingIndicator,
    ) -> Self {
        Self { ranges, weights, missing }
    }

    /// The index of what was measured.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a reading outside its range;
    /// [`Undefined`](crate::ErrorKind::Undefined) where an indicator that weighs is missing and the rule
    /// refuses, or where nothing that weighs was measured.
    pub fn score(&self, indicators: &Indicators) -> Result<ScoredIndicators> {
        /// Parts are at most 100 < 2⁷, so that sums of six keep every bit of this grid. They are rounded down to it: what
        /// rounding made of the weights is less than a step of it, and takes no sum above 100.
        const GRID: f64 = (1_u64 << 44) as f64;
        let points = self.ranges.points(indicators)?;
        let (mut weights, mut is_partial) = (self.weights.weights, false);
        for (row, weight) in weights.iter_mut().enumerate() {
            if points[row].is_none() && *weight > 0.0 {
                if self.missing == MissingIndicator::Refuse {
                    let reason = format!("{:?} was not measured", Indicator::ALL[row]);
                    return Err(Error::undefined("the satisfaction index", reason));
                }
                *weight = 0.0;
                is_partial = true;
            }
        }
        if !weights.iter().any(|weight| *weight > 0.0) {
            let reason = "nothing that weighs was measured";
            return Err(Error::undefined("the satisfaction index", reason));
        }
        if is_partial {
            weights = summing_to_one(weights)?;
        }
        let parts: [f64; 6] = std::array::from_fn(|row| {
            points[row].map_or(0.0, |points| (weights[row] * points * GRID).floor() / GRID)
        });
        Ok(ScoredIndicators { points, parts, index: parts.iter().sum() })
    }

    /// How the index changed, and what each indicator contributed.
    ///
    /// # Errors
    /// As [`score`](IndicatorIndex::score); [`Inconsistent`](crate::ErrorKind::Inconsistent) where an indicator
    /// was measured only once of the two times: the indices are then of different things.
    pub fn change(&self, before: &Indicators, after: &Indicators) -> Result<IndicatorChange> {
        let (old, new) = (self.score(before)?, self.score(after)?);
        for row in 0..Indicator::ALL.len() {
            let differs = old.points[row].is_some() != new.points[row].is_some();
            if differs && self.weights.weights[row] > 0.0 {
                let what = format!("{:?} was measured only once", Indicator::ALL[row]);
                return Err(Error::inconsistent(what));
            }
        }
        let contributions = std::array::from_fn(|row| new.parts[row] - old.parts[row]);
        Ok(IndicatorChange { contributions, total: new.index - old.index })
    }
}

impl ScoredIndicators {
    /// From 0 to 100.
    #[must_use]
    pub fn index(&self) -> f64 {
        self.index
    }

    /// The points of an indicator, from 0 to 100.
    #[must_use]
    pub fn points(&self, indicator: Indicator) -> Option<f64> {
        self.points[indicator as usize]
    }

    /// The part of the index that is the indicator's: its weight times its points.
    #[must_use]
    pub fn part(&self, indicator: Indicator) -> f64 {
        self.parts[indicator as usize]
    }
}

impl IndicatorChange {
    /// What an indicator contributed, in points of the index.
    #[must_use]
    pub fn contribution(&self, indicator: Indicator) -> f64 {
        self.contributions[indicator as usize]
    }

    /// The index after less the index before: exactly the sum of the contributions.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.total
    }
}
