//! The rules of a tier programme, and one step of one member.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::tiering::value::Value;

/// One level of a programme: what earns it, what keeps it, and what its service costs.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Level<V> {
    name: String,
    /// What a period must bring to enter and to stay; `None` for the base, which is open to all.
    thresholds: Option<(V, V)>,
    service_cost: Decimal,
}

impl<V: Value> Level<V> {
    /// A level that `entry` in a period earns and `stay` keeps: the gap between them holds back those who only waver.
    ///
    /// # Units
    /// `service_cost` is that of one member for one period.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a threshold that is not finite, or a cost below 0;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where to stay asks more than to enter.
    ///
    /// # Example
    /// See [`Programme`].
    pub fn new(name: impl Into<String>, entry: V, stay: V, service_cost: Decimal) -> Result<Self> {
        let (entry, stay) = (entry.checked()?, stay.checked()?);
        if stay > entry {
            let what = format!("to stay must not ask more than to enter: {stay:?} and {entry:?}");
            return Err(Error::inconsistent(what));
        }
        let base = Self::base(name, service_cost)?;
        Ok(Self { thresholds: Some((entry.canonical(), stay.canonical())), ..base })
    }

    /// The level that is open to all.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cost below 0.
    ///
    /// # Example
    /// See [`Programme`].
    pub fn base(name: impl Into<String>, service_cost: Decimal) -> Result<Self> {
        if service_cost < Decimal::ZERO {
            return Err(Error::out_of_domain("service cost", service_cost, "[0, ∞)"));
        }
        Ok(Self { name: name.into(), thresholds: None, service_cost })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What one member costs in one period.
    #[must_use]
    pub fn service_cost(&self) -> Decimal {
        self.service_cost
    }

    fn admits(&self, value: V) -> bool {
        self.thresholds.is_none_or(|(entry, _)| value >= entry)
    }

    fn keeps(&self, value: V) -> bool {
        self.thresholds.is_none_or(|(_, stay)| value >= stay)
    }
}

/// When a member can lose his level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Review {
    /// In every period.
    EveryPeriod,
    /// Only when he has been in his level for a whole number of so many periods.
    Anniversary(u32),
}

/// How far a member falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Demotion {
    /// To the best level that the period's value keeps.
    AsEarned,
    /// One level at a time.
    OneStep,
}

/// The rules of a tier programme.
///
/// In each period a member rises at once to the best level that the period's value enters. A period below what his
/// level asks to stay is a failure; he falls when he has been in the level for the minimum stay, has more failures in a
/// row than the grace period forgives, and a review is due.
///
/// | option | default | range |
/// |---|---|---|
/// | [`minimum_stay`](Programme::minimum_stay) | 0 periods | any |
/// | [`grace`](Programme::grace) | 0 failures | any |
/// | [`review`](Programme::review) | every period | anniversaries of 1 period or more |
/// | [`demotion`](Programme::demotion) | as earned | |
///
/// # Example
/// ```
/// use goodwill::tiering::{Level, Programme, ValueHistory};
/// use rust_decimal::Decimal;
///
/// let gold = |stay| Level::new("gold", 100.0, stay, Decimal::from(3));
/// let base = || Level::base("base", Decimal::ONE);
/// let wavering = ValueHistory::new(6, [100.0, 90.0, 110.0, 95.0, 100.0, 20.0].map(Some).to_vec())?;
///
/// let strict = Programme::new([gold(100.0)?, base()?])?.replay(&wavering)?;
/// assert_eq!((strict.demotions(), strict.flaps(), strict.cost()), (3, 4, Decimal::from(12)));
/// let lenient = Programme::new([gold(80.0)?, base()?])?.replay(&wavering)?;
/// assert_eq!((lenient.demotions(), lenient.flaps(), lenient.cost()), (1, 0, Decimal::from(16)));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Programme<V> {
    levels: Vec<Level<V>>,
    minimum_stay: u32,
    grace: u32,
    review: Review,
    demotion: Demotion,
}

/// Where a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Standing {
    /// His level, 0 being the best.
    pub level: usize,
    /// Periods in this level, this one included.
    pub periods: u32,
    /// Failures in a row.
    pub failures: u32,
}

impl<V: Value> Programme<V> {
    /// Levels, best first, the last being the base.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a level; [`Inconsistent`](crate::ErrorKind::Inconsistent), with its
    /// row, unless the last and only the last is a base, entry thresholds descend, and those to stay do not rise.
    ///
    /// # Example
    /// See [`Programme`].
    pub fn new(levels: impl IntoIterator<Item = Level<V>>) -> Result<Self> {
        let levels: Vec<Level<V>> = levels.into_iter().collect();
        let Some(last) = levels.len().checked_sub(1) else {
            return Err(Error::empty("programme"));
        };
        for (row, level) in levels.iter().enumerate() {
            if level.thresholds.is_some() == (row == last) {
                let what = "the last level, and no other, must be the base";
                return Err(Error::inconsistent(what).at_row(row));
            }
        }
        for (row, pair) in levels.windows(2).enumerate() {
            if let (Some(upper), Some(lower)) = (pair[0].thresholds, pair[1].thresholds)
                && !(lower.0 < upper.0 && lower.1 <= upper.1)
            {
                let what = "a lower level must ask less to enter, and no more to stay";
                return Err(Error::inconsistent(what).at_row(row + 1));
            }
        }
        let (review, demotion) = (Review::EveryPeriod, Demotion::AsEarned);
        Ok(Self { levels, minimum_stay: 0, grace: 0, review, demotion })
    }

    /// Nobody falls before he has been in his level for so many periods.
    #[must_use]
    pub fn minimum_stay(self, periods: u32) -> Self {
        Self { minimum_stay: periods, ..self }
    }

    /// So many failures in a row are forgiven.
    #[must_use]
    pub fn grace(self, failures: u32) -> Self {
        Self { grace: failures, ..self }
    }

    /// When a member can lose his level; an anniversary of 0 periods is every period.
    #[must_use]
    pub fn review(self, review: Review) -> Self {
        Self { review, ..self }
    }

    /// How far a member falls.
    #[must_use]
    pub fn demotion(self, demotion: Demotion) -> Self {
        Self { demotion, ..self }
    }

    /// The levels, best first.
    #[must_use]
    pub fn levels(&self) -> &[Level<V>] {
        &self.levels
    }

    /// Where a member stands after a period of this value; `None` for one who was no member before.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value that is not finite, or a level that is not there.
    ///
    /// # Example
    /// ```
    /// use goodwill::tiering::{Level, Programme};
    /// use rust_decimal::Decimal;
    ///
    /// let free = Decimal::ZERO;
    /// let levels = [Level::new("gold", 100.0, 80.0, free)?, Level::base("base", free)?];
    /// let programme = Programme::new(levels)?.grace(1);
    /// let entered = programme.step(None, 100.0)?;
    /// let forgiven = programme.step(Some(entered), 10.0)?;
    /// assert_eq!((forgiven.level, forgiven.failures), (0, 1));
    /// assert_eq!(programme.step(Some(forgiven), 10.0)?.level, 1);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn step(&self, before: Option<Standing>, value: V) -> Result<Standing> {
        let value = value.checked()?;
        let base = self.levels.len() - 1;
        let earned = self.levels.iter().position(|level| level.admits(value)).unwrap_or(base);
        let arrived = |level| Standing { level, periods: 1, failures: 0 };
        let Some(before) = before else {
            return Ok(arrived(earned));
        };
        let level = self.levels.get(before.level);
        let level =
            level.ok_or_else(|| Error::out_of_domain("level", before.level, "[0, levels)"))?;
        if earned < before.level {
            return Ok(arrived(earned));
        }
        let periods = before.periods.saturating_add(1);
        if level.keeps(value) {
            return Ok(Standing { level: before.level, periods, failures: 0 });
        }
        let failures = before.failures.saturating_add(1);
        let is_due = match self.review {
            Review::EveryPeriod | Review::Anniversary(0) => true,
            Review::Anniversary(every) => before.periods.is_multiple_of(every),
        };
        if before.periods < self.minimum_stay || failures <= self.grace || !is_due {
            return Ok(Standing { level: before.level, periods, failures });
        }
        let kept = self.levels.iter().skip(before.level + 1).position(|own| own.keeps(value));
        Ok(arrived(match self.demotion {
            Demotion::OneStep => before.level + 1,
            Demotion::AsEarned => kept.map_or(base, |below| before.level + 1 + below),
        }))
    }
}
