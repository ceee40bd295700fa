//! What a programme would have done with a history of values.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;
use crate::tiering::value::Value;

use super::policy::{Programme, Standing};

/// The value of each customer in each period, customer by customer; `None` where he was no customer.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ValueHistory<V> {
    periods: usize,
    values: Vec<Option<V>>,
}

impl<V: Value> ValueHistory<V> {
    /// All periods of the first customer, then of the second, and so on.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a period or a value; [`Inconsistent`](crate::ErrorKind::Inconsistent)
    /// where the values do not fill whole customers; [`OutOfDomain`](crate::ErrorKind::OutOfDomain), with its row,
    /// for one that is not finite.
    ///
    /// # Example
    /// See [`Programme`].
    pub fn new(periods: usize, values: Vec<Option<V>>) -> Result<Self> {
        if periods == 0 || values.is_empty() {
            return Err(Error::empty("history"));
        }
        if !values.len().is_multiple_of(periods) {
            let what =
                format!("{} values are not a whole number of {periods} periods", values.len());
            return Err(Error::inconsistent(what));
        }
        for (row, value) in values.iter().enumerate() {
            if let Some(value) = value {
                value.checked().map_err(|error| error.at_row(row))?;
            }
        }
        Ok(Self { periods, values })
    }

    /// How many customers there are.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.values.len() / self.periods
    }
}

/// How much a level was used in a [`Replay`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LevelUse {
    /// The level.
    pub name: String,
    /// Members × periods.
    pub member_periods: u64,
    /// Their service, exact.
    pub cost: Decimal,
}

/// What a programme did: levels, promotions, demotions, flaps, cost.
///
/// A flap is a move in the direction opposite to the member's last one: a level given and taken back, or taken and given
/// back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Replay {
    periods: usize,
    levels: Vec<Option<u32>>,
    uses: Vec<LevelUse>,
    promotions: u64,
    demotions: u64,
    flaps: u64,
    reviews: u64,
    cost: Decimal,
}

impl<V: Value> Programme<V> {
    /// Runs the programme over a history. A customer who is away for a period starts anew.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for a cost that has more digits than `Decimal` holds.
    ///
    /// # Example
    /// See [`Programme`].
    pub fn replay(&self, history: &ValueHistory<V>) -> Result<Replay> {
        let mut members = vec![0_u64; self.levels().len()];
        let mut levels = Vec::with_capacity(history.values.len());
        let (mut promotions, mut demotions, mut flaps, mut reviews) = (0, 0, 0, 0);
        for own in history.values.chunks_exact(history.periods) {
            let mut standing: Option<Standing> = None;
            let mut last_was_up: Option<bool> = None;
            for value in own {
                let Some(value) = *value else {
                    (standing, last_was_up) = (None, None);
                    levels.push(None);
                    continue;
                };
                let now = self.step(standing, value)?;
                if let Some(before) = standing {
                    reviews += 1;
                    if before.level != now.level {
                        let is_up = now.level < before.level;
                        promotions += u64::from(is_up);
                        demotions += u64::from(!is_up);
                        flaps += u64::from(last_was_up == Some(!is_up));
                        last_was_up = Some(is_up);
                    }
                }
                members[now.level] += 1;
                levels.push(Some(now.level as u32));
                standing = Some(now);
            }
        }
        let mut uses = Vec::with_capacity(members.len());
        for (level, member_periods) in self.levels().iter().zip(members) {
            let cost = money::product(level.service_cost(), member_periods.into())?;
            uses.push(LevelUse { name: level.name().to_owned(), member_periods, cost });
        }
        let cost = money::sum(uses.iter().map(|own| own.cost))?;
        let periods = history.periods;
        Ok(Replay { periods, levels, uses, promotions, demotions, flaps, reviews, cost })
    }
}

impl Replay {
    /// The level of a customer in a period, 0 being the best; `None` where he was no member, or past the end.
    #[must_use]
    pub fn level_of(&self, customer: usize, period: usize) -> Option<usize> {
        let place = customer.checked_mul(self.periods)?.checked_add(period)?;
        let level = self.levels.get(place).filter(|_| period < self.periods)?;
        level.map(|level| level as usize)
    }

    /// How much each level was used, best first.
    #[must_use]
    pub fn uses(&self) -> &[LevelUse] {
        &self.uses
    }

    /// Moves to a better level.
    #[must_use]
    pub fn promotions(&self) -> u64 {
        self.promotions
    }

    /// Moves to a worse level.
    #[must_use]
    pub fn demotions(&self) -> u64 {
        self.demotions
    }

    /// Moves that took back the member's last one.
    #[must_use]
    pub fn flaps(&self) -> u64 {
        self.flaps
    }

    /// Flaps / periods after a member's first, in which he could have moved; `None` where there is none.
    #[must_use]
    pub fn flap_rate(&self) -> Option<f64> {
        (self.reviews > 0).then(|| self.flaps as f64 / self.reviews as f64)
    }

    /// What the service of all levels cost, exact.
    #[must_use]
    pub fn cost(&self) -> Decimal {
        self.cost
    }
}
