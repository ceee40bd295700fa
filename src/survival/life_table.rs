//! The state of all survival statistics: how many were at risk, ended and were censored at each time.

use crate::error::{Error, Result};
use crate::time::TimeUnit;

/// How many spans ended, by an event or by censoring, at each time.
///
/// It answers with two numbers a time what all curves need, and two tables [`merge`](LifeTable::merge), so that
/// shards can be counted apart.
///
/// # Example
/// ```
/// use goodwill::survival::LifeTable;
///
/// // Four customers: two left after 3 and 5 days, two are still here after 4 and 5.
/// let table = LifeTable::from_days(&[3, 4, 5, 5], &[true, false, true, false])?;
/// let at_risk: Vec<(f64, u64, u64)> =
///     table.rows().map(|row| (row.time, row.at_risk, row.events)).collect();
/// assert_eq!(at_risk, [(3.0, 4, 1), (4.0, 3, 0), (5.0, 2, 1)]);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct LifeTable {
    unit: TimeUnit,
    /// At risk from the start.
    initial: u64,
    /// In ascending order of time.
    changes: Vec<Change>,
}

/// What happens at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Change {
    time: f64,
    events: u64,
    censored: u64,
    /// At risk after this time.
    entered: u64,
}

/// One time of a [`LifeTable`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LifeTableRow {
    /// From the start of each span.
    pub time: f64,
    /// Under observation just before this time.
    pub at_risk: u64,
    /// Ended by the event.
    pub events: u64,
    /// Observed until here, without the event.
    pub censored: u64,
    /// Observed from here on.
    pub entered: u64,
}

/// A span of 0 or more that lasts until its event or until observation ends.
pub(super) fn checked_duration(duration: f64, row: usize) -> Result<f64> {
    if (0.0..f64::INFINITY).contains(&duration) {
        Ok(duration + 0.0)
    } else {
        Err(Error::out_of_domain("duration", duration, "[0, ∞)").at_row(row))
    }
}

/// When observation began: before it ended.
pub(super) fn checked_entry(entry: f64, duration: f64, row: usize) -> Result<f64> {
    if !(0.0..f64::INFINITY).contains(&entry) {
        return Err(Error::out_of_domain("entry", entry, "[0, ∞)").at_row(row));
    }
    if !(entry < duration) {
        let what = format!("observation cannot begin at {entry} and end at {duration}");
        return Err(Error::inconsistent(what).at_row(row));
    }
    Ok(entry + 0.0)
}

/// Two columns that belong together.
pub(super) fn same_length(left: (&'static str, usize), right: (&'static str, usize)) -> Result<()> {
    if left.1 == right.1 { Ok(()) } else { Err(Error::length_mismatch(left, right)) }
}

impl LifeTable {
    /// The table of whole days, counted without sorting: `observed` says whether the span ended by the event
    /// (`true`) or is only known to have lasted so long.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) where the columns differ in length.
    pub fn from_days(durations: &[u32], observed: &[bool]) -> Result<Self> {
        same_length(("durations", durations.len()), ("observed", observed.len()))?;
        let longest = durations.iter().copied().max().unwrap_or(0) as usize;
        // A few spans of many years would make a long table of zeros.
        if longest > 65_536 + 4 * durations.len() {
            let durations: Vec<f64> = durations.iter().copied().map(f64::from).collect();
            return Self::new(TimeUnit::Day, &durations, observed);
        }
        let mut counts = vec![[0_u64; 2]; longest + 1];
        for (&duration, &observed) in durations.iter().zip(observed) {
            counts[duration as usize][usize::from(observed)] += 1;
        }
        let change = |(day, &[censored, events]): (usize, &[u64; 2])| Change {
            time: day as f64,
            events,
            censored,
            entered: 0,
        };
        let changes = counts.iter().enumerate().filter(|(_, count)| **count != [0, 0]);
        let initial = durations.len() as u64;
        Ok(Self { unit: TimeUnit::Day, initial, changes: changes.map(change).collect() })
    }

    /// The table of any spans: `observed` says whether the span ended by the event (`true`) or is only known to
    /// have lasted so long.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) where the columns differ in length;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `0 ≤ duration < ∞`.
    pub fn new(unit: TimeUnit, durations: &[f64], observed: &[bool]) -> Result<Self> {
        same_length(("durations", durations.len()), ("observed", observed.len()))?;
        let mut ends = Vec::with_capacity(durations.len());
        for (row, (&duration, &observed)) in durations.iter().zip(observed).enumerate() {
            // The bits of numbers that are not negative order as the numbers do, and leave the sign's free.
            ends.push(checked_duration(duration, row)?.to_bits() << 1 | u64::from(observed));
        }
        ends.sort_unstable();
        let mut changes: Vec<Change> = Vec::new();
        for end in ends {
            let (time, events) = (f64::from_bits(end >> 1), end & 1);
            let change = Change { time, events, censored: 1 - events, entered: 0 };
            match changes.last_mut().filter(|last| last.time.to_bits() == time.to_bits()) {
                Some(last) => last.add(&change),
                None => changes.push(change),
            }
        }
        Ok(Self { unit, initial: durations.len() as u64, changes })
    }

    /// The table of spans that were not watched from their start: a customer of three years whom we only
    /// know since last year could not have been seen leaving in his first two (left truncation).
    ///
    /// # Errors
    /// As [`new`](LifeTable::new); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `0 ≤ entry < ∞`;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) unless `entry < duration`.
    ///
    /// # Example
    /// ```
    /// use goodwill::survival::LifeTable;
    /// use goodwill::TimeUnit;
    ///
    /// let (entries, durations) = ([0.0, 2.0, 1.0], [2.0, 3.0, 4.0]);
    /// let table = LifeTable::with_entries(TimeUnit::Year, &entries, &durations, &[true; 3])?;
    /// // The second came at 2 and was not at risk on it.
    /// let at_risk: Vec<(f64, u64)> = table.rows().map(|row| (row.time, row.at_risk)).collect();
    /// assert_eq!(at_risk, [(1.0, 1), (2.0, 2), (3.0, 2), (4.0, 1)]);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn with_entries(
        unit: TimeUnit,
        entries: &[f64],
        durations: &[f64],
        observed: &[bool],
    ) -> Result<Self> {
        same_length(("entries", entries.len()), ("durations", durations.len()))?;
        let mut late = Vec::new();
        for (row, (&entry, &duration)) in entries.iter().zip(durations).enumerate() {
            let entry = checked_entry(entry, checked_duration(duration, row)?, row)?;
            if entry > 0.0 {
                late.push(entry.to_bits());
            }
        }
        late.sort_unstable();
        let entered = |group: &[u64]| Change {
            time: f64::from_bits(group[0]),
            events: 0,
            censored: 0,
            entered: group.len() as u64,
        };
        let mut table = Self::new(unit, durations, observed)?;
        table.initial -= late.len() as u64;
        let late: Vec<Change> = late.chunk_by(|a, b| a == b).map(entered).collect();
        table.changes = merged(&table.changes, &late);
        Ok(table)
    }

    /// The table of both groups together.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where they count time in different units;
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴ spans.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.unit != other.unit {
            return Err(Error::inconsistent(format!(
                "a table of {:?}s and one of {:?}s cannot be merged",
                self.unit, other.unit
            )));
        }
        if self.len().checked_add(other.len()).is_none() {
            return Err(Error::overflow("the number of spans"));
        }
        Ok(Self {
            unit: self.unit,
            initial: self.initial + other.initial,
            changes: merged(&self.changes, &other.changes),
        })
    }

    /// The unit of the times.
    #[must_use]
    pub fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// The table of each of `number` causes, in which the others count as censored: `ends` holds the time and the cause
    /// of every event of this table.
    pub(super) fn by_cause(
        &self,
        number: usize,
        ends: impl Iterator<Item = (f64, usize)>,
    ) -> Vec<Self> {
        let mut none = self.clone();
        for change in &mut none.changes {
            change.censored += std::mem::take(&mut change.events);
        }
        let mut tables = vec![none; number];
        for (time, cause) in ends {
            let at = self.changes.partition_point(|change| change.time < time);
            let change = &mut tables[cause].changes[at];
            change.events += 1;
            change.censored -= 1;
        }
        tables
    }

    /// The table in which an event of any of the tables is the event; each counts the same spans by one cause, the
    /// other causes as censored.
    pub(super) fn of_any(causes: &[Self]) -> Result<Self> {
        let refuse = || Error::inconsistent("the tables of the causes do not count the same spans");
        let mut any = causes.first().ok_or_else(|| Error::empty("causes"))?.clone();
        for cause in &causes[1..] {
            let same_start = (any.unit, any.initial, any.changes.len())
                == (cause.unit, cause.initial, cause.changes.len());
            if !same_start {
                return Err(refuse());
            }
            for (any, cause) in any.changes.iter_mut().zip(&cause.changes) {
                let ended = |change: &Change| change.events + change.censored;
                let same = (any.time.to_bits(), ended(any), any.entered)
                    == (cause.time.to_bits(), ended(cause), cause.entered);
                match any.censored.checked_sub(cause.events).filter(|_| same) {
                    Some(censored) => any.censored = censored,
                    None => return Err(refuse()),
                }
                any.events += cause.events;
            }
        }
        Ok(any)
    }

    /// At risk from the start.
    pub(super) fn initial(&self) -> u64 {
        self.initial
    }

    /// How many spans were counted.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.initial + self.changes.iter().map(|change| change.entered).sum::<u64>()
    }

    /// Whether no span was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many of them ended by the event.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.changes.iter().map(|change| change.events).sum()
    }

    /// One row a time at which something happened, in ascending order.
    pub fn rows(&self) -> impl Iterator<Item = LifeTableRow> {
        let mut at_risk = self.initial;
        self.changes.iter().map(move |&Change { time, events, censored, entered }| {
            let row = LifeTableRow { time, at_risk, events, censored, entered };
            at_risk = at_risk + entered - events - censored;
            row
        })
    }
}

impl Change {
    fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.censored += other.censored;
        self.entered += other.entered;
    }
}

/// Both lists as one in order, equal times together.
fn merged(left: &[Change], right: &[Change]) -> Vec<Change> {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    let mut both: Vec<Change> = Vec::with_capacity(left.len() + right.len());
    loop {
        let next = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a.time <= b.time => left.next(),
            (Some(_), None) => left.next(),
            _ => right.next(),
        };
        let Some(next) = next else { return both };
        match both.last_mut().filter(|last| last.time.to_bits() == next.time.to_bits()) {
            Some(last) => last.add(next),
            None => both.push(*next),
        }
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    unit: TimeUnit,
    initial: u64,
    changes: Vec<Change>,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for LifeTable {
    type Error = Error;

    fn try_from(Fields { unit, initial, mut changes }: Fields) -> Result<Self> {
        let refuse = |what: String, row| Err(Error::inconsistent(what).at_row(row));
        let mut at_risk = initial;
        let mut all = Some(initial);
        let mut before = None;
        for (row, change) in changes.iter_mut().enumerate() {
            let time = checked_duration(change.time, row)?;
            change.time = time;
            if before.is_some_and(|before| time <= before) {
                return refuse(format!("times must ascend, but {time} comes late"), row);
            }
            before = Some(time);
            all = all.and_then(|all| all.checked_add(change.entered));
            let ended = change.events.checked_add(change.censored);
            let left = ended.and_then(|ended| at_risk.checked_sub(ended));
            match (left, all) {
                (Some(left), Some(_)) => at_risk = left + change.entered,
                _ => return refuse("more spans end than are at risk".to_owned(), row),
            }
        }
        if at_risk > 0 {
            return Err(Error::inconsistent(format!("{at_risk} spans have no end")));
        }
        Ok(Self { unit, initial, changes })
    }
}

#[cfg(feature = "serde")]
impl From<LifeTable> for Fields {
    fn from(LifeTable { unit, initial, changes }: LifeTable) -> Self {
        Self { unit, initial, changes }
    }
}
