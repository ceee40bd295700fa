//! The scales that answers are given on, with their direction.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// Which end of a scale is the good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Direction {
    /// The highest score is the best, as for satisfaction.
    HigherIsBetter,
    /// The lowest score is the best, as for effort.
    LowerIsBetter,
}

/// The whole numbers that an answer may be, and which end of them is good.
///
/// # Example
/// ```
/// use goodwill::satisfaction::{Direction, Scale};
///
/// assert_eq!(Scale::ONE_TO_FIVE.points(), 5);
/// assert!(Scale::ONE_TO_FIVE.contains(5) && !Scale::ONE_TO_FIVE.contains(0));
/// assert_eq!(Scale::new(1, 5, Direction::LowerIsBetter)?, Scale::EFFORT);
/// assert!(Scale::new(5, 1, Direction::HigherIsBetter).is_err());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "ScaleFields"))]
pub struct Scale {
    lowest: u8,
    highest: u8,
    direction: Direction,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct ScaleFields {
    lowest: u8,
    highest: u8,
    direction: Direction,
}

#[cfg(feature = "serde")]
impl TryFrom<ScaleFields> for Scale {
    type Error = Error;

    fn try_from(fields: ScaleFields) -> Result<Self> {
        Self::new(fields.lowest, fields.highest, fields.direction)
    }
}

impl Scale {
    /// 1 to 5, the highest best: satisfaction, and the five named [`Level`]s.
    pub const ONE_TO_FIVE: Self = Self::upwards(1, 5);
    /// 1 to 7, the highest best: SERVQUAL, and "made it easy".
    pub const ONE_TO_SEVEN: Self = Self::upwards(1, 7);
    /// 1 to 10, the highest best: ACSI.
    pub const ONE_TO_TEN: Self = Self::upwards(1, 10);
    /// 0 to 10, the highest best: how likely the customer is to recommend us.
    pub const ZERO_TO_TEN: Self = Self::upwards(0, 10);
    /// 1 to 5, the *lowest* best: how much effort the customer had.
    pub const EFFORT: Self = Self { lowest: 1, highest: 5, direction: Direction::LowerIsBetter };

    const fn upwards(lowest: u8, highest: u8) -> Self {
        Self { lowest, highest, direction: Direction::HigherIsBetter }
    }

    /// The scale of the whole numbers from `lowest` to `highest`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) where `highest` is not above `lowest`.
    pub fn new(lowest: u8, highest: u8, direction: Direction) -> Result<Self> {
        if highest > lowest {
            Ok(Self { lowest, highest, direction })
        } else {
            Err(Error::out_of_domain("highest score", highest, "(lowest score, 255]"))
        }
    }

    /// The lowest score.
    #[must_use]
    pub const fn lowest(self) -> u8 {
        self.lowest
    }

    /// The highest score.
    #[must_use]
    pub const fn highest(self) -> u8 {
        self.highest
    }

    /// Which end is good.
    #[must_use]
    pub const fn direction(self) -> Direction {
        self.direction
    }

    /// How many different scores there are.
    #[must_use]
    pub const fn points(self) -> usize {
        (self.highest - self.lowest) as usize + 1
    }

    /// Whether the score is one of the scale.
    #[must_use]
    pub const fn contains(self, score: u8) -> bool {
        self.lowest <= score && score <= self.highest
    }

    /// How many points a score lies above the worst: 0 for the worst, `points` − 1 for the best.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a score that is not of the scale.
    pub fn above_worst(self, score: u8) -> Result<usize> {
        if !self.contains(score) {
            return Err(Error::out_of_domain("score", score, "the points of its scale"));
        }
        Ok(usize::from(match self.direction {
            Direction::HigherIsBetter => score - self.lowest,
            Direction::LowerIsBetter => self.highest - score,
        }))
    }

    /// The score at a position counted from the lowest.
    pub(crate) fn score(self, position: usize) -> f64 {
        f64::from(self.lowest) + position as f64
    }

    /// The position counted from the lowest, for a score of the scale.
    pub(crate) fn position(self, score: u8) -> Result<usize> {
        self.above_worst(score)?;
        Ok(usize::from(score - self.lowest))
    }

    /// Refuses answers of another scale than `self`.
    pub(crate) fn demand(self, of: Self, measure: &str) -> Result<()> {
        if self == of {
            Ok(())
        } else {
            Err(Error::inconsistent(format!("{measure} needs answers on {self}, not on {of}")))
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let best = match self.direction {
            Direction::HigherIsBetter => self.highest,
            Direction::LowerIsBetter => self.lowest,
        };
        write!(f, "{}–{} ({best} is best)", self.lowest, self.highest)
    }
}

/// The five named levels of satisfaction, of [`Scale::ONE_TO_FIVE`].
///
/// # Example
/// ```
/// use goodwill::satisfaction::Level;
///
/// assert_eq!("高度满意".parse::<Level>()?, Level::HighlySatisfied);
/// assert_eq!("Extremely Dissatisfied".parse::<Level>()?.score(), 1);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub enum Level {
    /// 极不满意
    ExtremelyDissatisfied,
    /// 有些不满意
    SomewhatDissatisfied,
    /// 无意见
    Indifferent,
    /// 一般满意
    SomewhatSatisfied,
    /// 高度满意
    HighlySatisfied,
}

impl Level {
    /// From the worst to the best.
    pub const ALL: [Self; 5] = [
        Self::ExtremelyDissatisfied,
        Self::SomewhatDissatisfied,
        Self::Indifferent,
        Self::SomewhatSatisfied,
        Self::HighlySatisfied,
    ];

    /// 1 for the worst to 5 for the best.
    #[must_use]
    pub const fn score(self) -> u8 {
        self as u8 + 1
    }

    /// The English name, and the Chinese names that are read as the same level; the first is the usual one.
    #[must_use]
    pub const fn names(self) -> [&'static str; 3] {
        match self {
            Self::ExtremelyDissatisfied => ["extremely dissatisfied", "极不满意", "非常不满意"],
            Self::SomewhatDissatisfied => ["somewhat dissatisfied", "有些不满意", "不太满意"],
            Self::Indifferent => ["indifferent", "无意见", "无所谓"],
            Self::SomewhatSatisfied => ["somewhat satisfied", "一般满意", "比较满意"],
            Self::HighlySatisfied => ["highly satisfied", "高度满意", "非常满意"],
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.names()[0])
    }
}

impl FromStr for Level {
    type Err = Error;

    /// Reads any of the [`names`](Level::names); case and outer spaces do not matter.
    fn from_str(text: &str) -> Result<Self> {
        let name = text.trim().to_lowercase();
        let named = |level: &Level| level.names().contains(&name.as_str());
        let unknown =
            || Error::out_of_domain("level of satisfaction", text, "the five named levels");
        Self::ALL.into_iter().find(named).ok_or_else(unknown)
    }
}

impl TryFrom<String> for Level {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Level> for String {
    fn from(level: Level) -> Self {
        level.to_string()
    }
}
