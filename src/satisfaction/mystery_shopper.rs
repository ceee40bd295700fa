//! What does a customer meet in our outlets? Check-lists of mystery shoppers, by outlet and wave.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;

use super::mean::exact_mean;

/// What becomes of a visit's score when a critical item is not fully met.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum CriticalRule {
    /// The visit scores 0.
    Zero,
    /// The visit scores this at most, in points from 0 to 100.
    AtMost(f64),
    /// The score stands; the failure is reported beside it.
    Report,
}

/// One line of a check-list.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CheckItem {
    /// How much it counts; only the proportions matter.
    pub weight: f64,
    /// Whether no visit is good without it.
    pub critical: bool,
}

impl CheckItem {
    /// A line that counts by its weight.
    #[must_use]
    pub const fn new(weight: f64) -> Self {
        Self { weight, critical: false }
    }

    /// A line that must be met in full.
    #[must_use]
    pub const fn critical(weight: f64) -> Self {
        Self { weight, critical: true }
    }
}

/// A weighted check-list.
///
/// # Formula
/// ```text
/// score = 100 · Σ wᵢ mᵢ / Σ wᵢ   over the items that applied;  mᵢ: how far item i was met, 0 to 1
/// ```
///
/// # Example
/// ```
/// use goodwill::satisfaction::{CheckItem, CheckList, CriticalRule};
///
/// let items = vec![CheckItem::new(3.0), CheckItem::new(1.0), CheckItem::critical(4.0)];
/// let list = CheckList::new(items, CriticalRule::AtMost(60.0))?;
/// // Greeted half-heartedly, no samples to try (does not apply), the receipt was given.
/// let visit = list.score(&[Some(0.5), None, Some(1.0)])?;
/// assert!((visit.score - 100.0 * 5.5 / 7.0).abs() < 1e-12);
/// // Without the receipt.
/// assert_eq!(list.score(&[Some(1.0), Some(1.0), Some(0.0)])?.failed, [2]);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "CheckListFields"))]
pub struct CheckList {
    items: Vec<CheckItem>,
    rule: CriticalRule,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct CheckListFields {
    items: Vec<CheckItem>,
    rule: CriticalRule,
}

#[cfg(feature = "serde")]
impl TryFrom<CheckListFields> for CheckList {
    type Error = Error;

    fn try_from(fields: CheckListFields) -> Result<Self> {
        Self::new(fields.items, fields.rule)
    }
}

/// What one visit scored.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct VisitScore {
    /// From 0 to 100, after the rule for critical items.
    pub score: f64,
    /// From 0 to 100, before that rule.
    pub unruled: f64,
    /// The positions of the critical items that were not met in full.
    pub failed: Vec<usize>,
}

impl CheckList {
    /// The lines, and what a failed critical one does.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without items; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with
    /// the row for a weight outside [10⁻¹⁰⁰, 10¹⁰⁰], or for a rule's points outside 0 to 100.
    pub fn new(items: Vec<CheckItem>, rule: CriticalRule) -> Result<Self> {
        if items.is_empty() {
            return Err(Error::empty("check-list"));
        }
        for (row, item) in items.iter().enumerate() {
            if !(1e-100..=1e100).contains(&item.weight) {
                let domain = "[1e-100, 1e100]";
                return Err(Error::out_of_domain("weight", item.weight, domain).at_row(row));
            }
        }
        match rule {
            CriticalRule::AtMost(points) if !(0.0..=100.0).contains(&points) => {
                Err(Error::out_of_domain("points at most", points, "[0, 100]"))
            }
            _ => Ok(Self { items, rule }),
        }
    }

    /// The score of a visit: for each item how far it was met, 0 to 1; `None` where it did not apply.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) unless there is one mark for each item;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a mark outside 0 to 1;
    /// [`Undefined`](crate::ErrorKind::Undefined) where no item applied.
    pub fn score(&self, marks: &[Option<f64>]) -> Result<VisitScore> {
        if marks.len() != self.items.len() {
            return Err(Error::length_mismatch(
                ("marks", marks.len()),
                ("items", self.items.len()),
            ));
        }
        let (mut met, mut possible) = (ExactSum::new(), ExactSum::new());
        let mut failed = Vec::new();
        for (row, (item, mark)) in self.items.iter().zip(marks).enumerate() {
            let Some(mark) = *mark else { continue };
            if !(0.0..=1.0).contains(&mark) {
                return Err(Error::out_of_domain("mark", mark, "[0, 1]").at_row(row));
            }
            met.add_product(item.weight, mark);
            possible.add(item.weight);
            if item.critical && mark < 1.0 {
                failed.push(row);
            }
        }
        let possible = possible.value();
        if !(possible > 0.0) {
            return Err(Error::undefined("the score of a visit", "no item applied"));
        }
        let unruled = 100.0 * (met.value() / possible);
        let score = match self.rule {
            CriticalRule::Zero if !failed.is_empty() => 0.0,
            CriticalRule::AtMost(points) if !failed.is_empty() => unruled.min(points),
            _ => unruled,
        };
        Ok(VisitScore { score, unruled, failed })
    }
}

/// The scores of visits by outlet and wave. Those of shards [`merge`](MysteryVisits::merge); the order in which
/// visits were recorded changes nothing.
///
/// # Example
/// ```
/// use goodwill::satisfaction::MysteryVisits;
///
/// let mut visits = MysteryVisits::new();
/// for (wave, score) in [(1, 83.0), (2, 85.0), (3, 88.0)] {
///     visits.record("North Road", wave, score)?;
/// }
/// let trend = visits.trend("North Road")?;
/// assert!((trend.mean - 256.0 / 3.0).abs() < 1e-13);
/// assert_eq!((trend.gain, trend.slope), (5.0, 2.5));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "VisitMap", into = "VisitMap"))]
pub struct MysteryVisits {
    /// The scores of a wave, rising.
    outlets: VisitMap,
}

type VisitMap = BTreeMap<String, BTreeMap<u32, Vec<f64>>>;

impl TryFrom<VisitMap> for MysteryVisits {
    type Error = Error;

    fn try_from(outlets: VisitMap) -> Result<Self> {
        let mut visits = Self::new();
        for (outlet, waves) in &outlets {
            for (&wave, scores) in waves {
                let mut rising = scores.clone();
                rising.sort_unstable_by(f64::total_cmp);
                rising.iter().try_for_each(|&score| visits.record(outlet, wave, score))?;
            }
        }
        Ok(visits)
    }
}

impl From<MysteryVisits> for VisitMap {
    fn from(visits: MysteryVisits) -> Self {
        visits.outlets
    }
}

/// An outlet's place in a wave.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct OutletScore {
    /// The outlet.
    pub outlet: String,
    /// The mean of its visits, from 0 to 100.
    pub score: f64,
    /// How many visits.
    pub visits: u64,
    /// 1 + the number of outlets with a higher score: those that tie share a rank, and the next is left out.
    pub rank: u64,
}

/// How an outlet developed over its waves.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct OutletTrend {
    /// The mean of the waves' means; each wave counts the same.
    pub mean: f64,
    /// The last wave's mean less the first's, in points.
    pub gain: f64,
    /// Points a wave, by least squares on the wave numbers.
    pub slope: f64,
    /// How many waves.
    pub waves: u64,
}

impl MysteryVisits {
    /// No visits yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more visit. Waves are numbered in time; a number may be left out.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a score outside 0 to 100.
    pub fn record(&mut self, outlet: &str, wave: u32, score: f64) -> Result<()> {
        if !(0.0..=100.0).contains(&score) {
            return Err(Error::out_of_domain("score", score, "[0, 100]"));
        }
        let waves = self.outlets.entry(outlet.to_owned()).or_default();
        let scores = waves.entry(wave).or_default();
        let score = score + 0.0; // −0 becomes 0
        scores.insert(scores.partition_point(|&other| other <= score), score);
        Ok(())
    }

    /// The visits of both.
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        let mut all = self.clone();
        for (outlet, waves) in &other.outlets {
            let own = all.outlets.entry(outlet.clone()).or_default();
            for (&wave, scores) in waves {
                let merged = own.entry(wave).or_default();
                merged.extend(scores);
                merged.sort_unstable_by(f64::total_cmp);
            }
        }
        all
    }

    /// The outlets visited in a wave, the best first; those that tie by name.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) for a wave without visits.
    pub fn ranking(&self, wave: u32) -> Result<Vec<OutletScore>> {
        let visited = self.outlets.iter().filter_map(|(outlet, waves)| {
            let scores = waves.get(&wave)?;
            let (score, visits) = (exact_mean(scores.iter().copied()), scores.len() as u64);
            Some(OutletScore { outlet: outlet.clone(), score, visits, rank: 1 })
        });
        let mut all: Vec<OutletScore> = visited.collect();
        if all.is_empty() {
            return Err(Error::empty("visits of the wave"));
        }
        // A stable sort leaves those that tie in the order of their names.
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        for place in 1..all.len() {
            let ties = all[place].score >= all[place - 1].score;
            all[place].rank = if ties { all[place - 1].rank } else { place as u64 + 1 };
        }
        Ok(all)
    }

    /// How an outlet developed.
    ///
    /// # Formula
    /// ```text
    /// slope = Σ (t − t̄)(s − s̄) / Σ (t − t̄)²,   t the wave's number, s its mean score
    /// ```
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) for an outlet without visits;
    /// [`Undefined`](crate::ErrorKind::Undefined) for one with a single wave.
    pub fn trend(&self, outlet: &str) -> Result<OutletTrend> {
        let waves = self.outlets.get(outlet).ok_or_else(|| Error::empty("visits of the outlet"))?;
        let (times, scores): (Vec<f64>, Vec<f64>) = waves
            .iter()
            .map(|(&wave, scores)| (f64::from(wave), exact_mean(scores.iter().copied())))
            .unzip();
        let [first, .., last] = scores[..] else {
            return Err(Error::undefined("the trend of an outlet", "it was visited in one wave"));
        };
        let (t, s) = (exact_mean(times.iter().copied()), exact_mean(scores.iter().copied()));
        let (mut both, mut squares) = (ExactSum::new(), ExactSum::new());
        for (time, score) in times.iter().zip(&scores) {
            both.add_product(time - t, score - s);
            squares.add_product(time - t, time - t);
        }
        let slope = both.value() / squares.value();
        Ok(OutletTrend { mean: s, gain: last - first, slope, waves: scores.len() as u64 })
    }
}
