//! Named segments of RFM scores, by rules of which exactly one fits each score.

use std::ops::RangeInclusive;

use crate::error::{Error, Result};
use crate::tiering::value::Value;

use super::grade::checked_groups;
use super::measures::RfmMeasures;
use super::scores::{RfmScore, RfmScores};

/// Which scores belong to a segment: ranges, ends included; what is not narrowed is any score.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SegmentRule {
    name: String,
    recency: Option<[u8; 2]>,
    frequency: Option<[u8; 2]>,
    monetary: Option<[u8; 2]>,
    frequency_and_money: Option<[u8; 2]>,
}

impl SegmentRule {
    /// A segment of every score, to be narrowed.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        let (recency, frequency, monetary, frequency_and_money) = (None, None, None, None);
        Self { name: name.into(), recency, frequency, monetary, frequency_and_money }
    }

    /// Only these scores of recency.
    #[must_use]
    pub fn recency(self, scores: RangeInclusive<u8>) -> Self {
        Self { recency: Some([*scores.start(), *scores.end()]), ..self }
    }

    /// Only these scores of frequency.
    #[must_use]
    pub fn frequency(self, scores: RangeInclusive<u8>) -> Self {
        Self { frequency: Some([*scores.start(), *scores.end()]), ..self }
    }

    /// Only these scores of money.
    #[must_use]
    pub fn monetary(self, scores: RangeInclusive<u8>) -> Self {
        Self { monetary: Some([*scores.start(), *scores.end()]), ..self }
    }

    /// Only these means of frequency and money, as in [`RfmScore::frequency_and_money`].
    #[must_use]
    pub fn frequency_and_money(self, scores: RangeInclusive<u8>) -> Self {
        Self { frequency_and_money: Some([*scores.start(), *scores.end()]), ..self }
    }

    fn axes(&self) -> [(&'static str, Option<[u8; 2]>); 4] {
        [
            ("recency", self.recency),
            ("frequency", self.frequency),
            ("monetary", self.monetary),
            ("frequency and money", self.frequency_and_money),
        ]
    }

    fn fits(&self, score: RfmScore) -> bool {
        let own =
            [score.recency(), score.frequency(), score.monetary(), score.frequency_and_money()];
        let within = |(own, (_, range)): (u8, (_, Option<[u8; 2]>))| {
            range.is_none_or(|[low, high]| (low..=high).contains(&own))
        };
        own.into_iter().zip(self.axes()).all(within)
    }
}

/// Named segments such that every score falls into exactly one; gaps and overlaps are refused when it is made.
///
/// # Example
/// ```
/// use goodwill::tiering::{RfmScore, SegmentRule, Segmentation};
///
/// let classic = Segmentation::classic();
/// let champion = classic.segment_of(RfmScore::new(5, 5, 4)?);
/// assert_eq!(champion.map(|segment| classic.names()[segment]), Some("champions"));
///
/// let own = [SegmentRule::new("active").recency(3..=5), SegmentRule::new("gone").recency(1..=1)];
/// let gap = Segmentation::new(5, own).unwrap_err();
/// assert_eq!(gap.to_string(), "no segment takes the score 211");
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "(u8, Vec<SegmentRule>)", into = "(u8, Vec<SegmentRule>)")
)]
pub struct Segmentation {
    groups: u8,
    rules: Vec<SegmentRule>,
    /// The segment of each score, by R, F, M.
    table: Vec<u8>,
}

impl Segmentation {
    /// Segments of scores from 1 to `groups`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `groups` lies in `[2, 100]`, or for a range that is
    /// empty or leaves `[1, groups]`; [`Inconsistent`](crate::ErrorKind::Inconsistent), naming the score, where
    /// no rule or more than one takes it, and for more than 255 rules.
    ///
    /// # Example
    /// See [`Segmentation`].
    pub fn new(groups: u8, rules: impl IntoIterator<Item = SegmentRule>) -> Result<Self> {
        let groups = checked_groups(groups)?;
        let rules: Vec<SegmentRule> = rules.into_iter().collect();
        if rules.len() > usize::from(u8::MAX) {
            return Err(Error::inconsistent("a segmentation has at most 255 rules"));
        }
        for (row, rule) in rules.iter().enumerate() {
            for (name, [low, high]) in rule.axes().iter().filter_map(|&(n, r)| Some((n, r?))) {
                if !(1 <= low && low <= high && high <= groups) {
                    let text = format!("{low} to {high}");
                    let domain = "a range within [1, groups]";
                    return Err(Error::out_of_domain(name, text, domain).at_row(row));
                }
            }
        }
        let mut table = Vec::with_capacity(usize::from(groups).pow(3));
        for r in 1..=groups {
            for f in 1..=groups {
                for m in 1..=groups {
                    table.push(only_rule(&rules, RfmScore::new(r, f, m)?)?);
                }
            }
        }
        Ok(Self { groups, rules, table })
    }

    /// The eleven segments that the trade knows, on scores from 1 to 5: recency against the mean of frequency
    /// and money.
    ///
    /// The trade's lists overlap and leave gaps, and differ from each other; here every cell has one name.
    ///
    /// ```text
    /// R 5 │ new            potential loyalists ····        champions ·······
    ///   4 │ promising      potential loyalists ····        loyal     champions
    ///   3 │ about to sleep about to sleep  need attention  loyal ············
    ///   2 │ hibernating ··············     at risk ·····   at risk   cannot lose
    ///   1 │ lost           hibernating     at risk ·····   at risk   cannot lose
    ///     └ 1              2               3               4         5   frequency and money
    /// ```
    #[must_use]
    pub fn classic() -> Self {
        let rule = |name: &str, r: RangeInclusive<u8>, fm: RangeInclusive<u8>| {
            SegmentRule::new(name).recency(r).frequency_and_money(fm)
        };
        let rules = vec![
            rule("champions", 5..=5, 4..=5),
            rule("champions", 4..=4, 5..=5),
            rule("loyal", 4..=4, 4..=4),
            rule("loyal", 3..=3, 4..=5),
            rule("potential loyalists", 4..=5, 2..=3),
            rule("new", 5..=5, 1..=1),
            rule("promising", 4..=4, 1..=1),
            rule("need attention", 3..=3, 3..=3),
            rule("about to sleep", 3..=3, 1..=2),
            rule("at risk", 1..=2, 3..=4),
            rule("cannot lose", 1..=2, 5..=5),
            rule("hibernating", 2..=2, 1..=2),
            rule("hibernating", 1..=1, 2..=2),
            rule("lost", 1..=1, 1..=1),
        ];
        // A test asks every score; an empty table would give no segment.
        let empty = Self { groups: 5, rules: Vec::new(), table: Vec::new() };
        Self::new(5, rules).unwrap_or(empty)
    }

    /// The names of the segments, in the order in which the rules first name them.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for rule in &self.rules {
            if !names.contains(&rule.name.as_str()) {
                names.push(&rule.name);
            }
        }
        names
    }

    /// The segment of a score, a position in [`names`](Segmentation::names); `None` for a score above the scale.
    #[must_use]
    pub fn segment_of(&self, score: RfmScore) -> Option<usize> {
        let rule = self.rule_of(score)?;
        let name = &self.rules[rule].name;
        self.names().iter().position(|own| own == name)
    }

    fn rule_of(&self, score: RfmScore) -> Option<usize> {
        let n = usize::from(self.groups);
        let [r, f, m] = [score.recency(), score.frequency(), score.monetary()]
            .map(|score| usize::from(score) - 1);
        let is_on_scale = r < n && f < n && m < n;
        let rule = is_on_scale.then(|| self.table.get((r * n + f) * n + m))?;
        rule.copied().map(usize::from)
    }

    /// Puts every customer into his segment, and says what the segments are worth.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for scores on another scale, and with the row for a customer who
    /// never bought by one of measures and scores only;
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) where measures and scores are of different
    /// customers; [`Overflow`](crate::ErrorKind::Overflow) for a total that does not fit.
    ///
    /// # Example
    /// ```
    /// use goodwill::{Ties, tiering::{RfmMeasures, Segmentation}};
    ///
    /// let days = vec![3, 200, 40, 90, 10];
    /// let money = vec![900.0, 20.0, 310.0, 70.0, 88.0];
    /// let measures = RfmMeasures::new(days, vec![9, 1, 4, 2, 6], money)?;
    /// let scores = measures.independent(5, Ties::TogetherUp)?;
    /// let segments = Segmentation::classic().assign(&measures, &scores)?;
    /// let champions = &segments.segments()[0];
    /// assert_eq!((champions.customers, champions.value), (1, 900.0)); // 555
    /// assert_eq!(champions.mean_days_since_last, Some(3.0));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn assign<V: Value>(
        &self,
        measures: &RfmMeasures<V>,
        scores: &RfmScores,
    ) -> Result<RfmSegments<V>> {
        if scores.best() != self.groups {
            let (own, other) = (self.groups, scores.best());
            let what = format!("the segments are of scores to {own}, but the scores go to {other}");
            return Err(Error::inconsistent(what));
        }
        if measures.customers() != scores.customers() {
            let (left, right) = (measures.customers(), scores.customers());
            return Err(Error::length_mismatch(("measures", left), ("scores", right)));
        }
        let mut bought = measures.has_bought().zip(scores.iter());
        if let Some(row) = bought.position(|(has_bought, score)| has_bought != score.is_some()) {
            let what = "only one of measures and scores tells of a customer who bought";
            return Err(Error::inconsistent(what).at_row(row));
        }
        let names = self.names();
        let of_rule: Vec<usize> = self
            .rules
            .iter()
            .filter_map(|rule| names.iter().position(|&name| name == rule.name))
            .collect();
        let mut running: Vec<Running<V>> = names.iter().map(|_| Running::default()).collect();
        let mut assignments = Vec::with_capacity(scores.customers());
        let mut buyers = measures.buyers();
        for score in scores.iter() {
            let segment = score.and_then(|score| Some(of_rule[self.rule_of(score)?]));
            assignments.push(segment.map(|segment| segment as u32));
            if let (Some(segment), Some((days, purchases, revenue))) =
                (segment, segment.and_then(|_| buyers.next()))
            {
                let own = &mut running[segment];
                own.customers += 1;
                own.days += u64::from(days);
                own.purchases += u64::from(purchases);
                revenue.add_to(&mut own.total)?;
            }
        }
        let mut whole = V::Total::default();
        running.iter().try_for_each(|own| V::merge(&mut whole, &own.total))?;
        let total = V::read(&whole)?;
        let share = |value: V| {
            let share = (total > V::ZERO).then(|| value.to_f64() / total.to_f64());
            share.filter(|share| share.is_finite())
        };
        let mut segments = Vec::with_capacity(names.len());
        for (name, own) in names.into_iter().zip(running) {
            let value = V::read(&own.total)?;
            let mean = |sum: f64| (own.customers > 0).then(|| sum / own.customers as f64);
            segments.push(RfmSegment {
                name: name.to_owned(),
                customers: own.customers,
                value,
                share_of_value: share(value),
                mean_days_since_last: mean(own.days as f64),
                mean_purchases: mean(own.purchases as f64),
                mean_value: mean(value.to_f64()),
            });
        }
        Ok(RfmSegments { assignments, segments, total })
    }
}

struct Running<V: Value> {
    customers: usize,
    days: u64,
    purchases: u64,
    total: V::Total,
}

impl<V: Value> Default for Running<V> {
    fn default() -> Self {
        Self { customers: 0, days: 0, purchases: 0, total: V::Total::default() }
    }
}

/// The one rule that fits a score.
fn only_rule(rules: &[SegmentRule], score: RfmScore) -> Result<u8> {
    let mut fitting = rules.iter().enumerate().filter(|(_, rule)| rule.fits(score));
    match (fitting.next(), fitting.next()) {
        (Some((rule, _)), None) => Ok(rule as u8),
        (None, _) => Err(Error::inconsistent(format!("no segment takes the score {score}"))),
        (Some((_, one)), Some((_, other))) => Err(Error::inconsistent(format!(
            "{} and {} both take the score {score}",
            one.name, other.name
        ))),
    }
}

#[cfg(feature = "serde")]
impl TryFrom<(u8, Vec<SegmentRule>)> for Segmentation {
    type Error = Error;

    fn try_from((groups, rules): (u8, Vec<SegmentRule>)) -> Result<Self> {
        Self::new(groups, rules)
    }
}

#[cfg(feature = "serde")]
impl From<Segmentation> for (u8, Vec<SegmentRule>) {
    fn from(own: Segmentation) -> Self {
        (own.groups, own.rules)
    }
}

/// Which segment each customer is in, and what the segments are worth.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RfmSegments<V> {
    assignments: Vec<Option<u32>>,
    segments: Vec<RfmSegment<V>>,
    total: V,
}

/// One segment of [`RfmSegments`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RfmSegment<V> {
    /// Its name.
    pub name: String,
    /// How many customers are in it.
    pub customers: usize,
    /// The money they brought.
    pub value: V,
    /// Its money / the money of all segments; `None` where that is not above 0, or too near it for `f64`.
    pub share_of_value: Option<f64>,
    /// Mean days since the last purchase; `None`, as the other means, for an empty segment.
    pub mean_days_since_last: Option<f64>,
    /// Mean purchases.
    pub mean_purchases: Option<f64>,
    /// Mean money.
    pub mean_value: Option<f64>,
}

impl<V: Value> RfmSegments<V> {
    /// The segments, in the order of the rules.
    #[must_use]
    pub fn segments(&self) -> &[RfmSegment<V>] {
        &self.segments
    }

    /// Each customer's segment, in the order of the measures; `None` for one who never bought.
    #[must_use]
    pub fn assignments(&self) -> &[Option<u32>] {
        &self.assignments
    }

    /// The money of all who bought.
    #[must_use]
    pub fn total(&self) -> V {
        self.total
    }
}
