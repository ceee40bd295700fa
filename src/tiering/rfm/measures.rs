//! Recency, frequency and money of the customers, and their scores.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::tiering::pyramid::Ties;
use crate::tiering::value::Value;
use crate::transactions::CustomerSummary;

use super::grade::{Grade, by_cuts, by_groups, checked_groups};
use super::scores::{RfmScore, RfmScores};

/// What RFM looks at: for each customer the days since the last purchase, the purchases and the money.
///
/// A customer who never bought has no recency: he is counted, and has no score.
///
/// # Example
/// ```
/// use goodwill::{Ties, tiering::RfmMeasures};
///
/// let days = vec![3, 200, 40, 90, 10];
/// let purchases = vec![9, 1, 4, 2, 6];
/// let measures = RfmMeasures::new(days, purchases, vec![900.0, 20.0, 310.0, 70.0, 88.0])?;
/// let scores = measures.independent(5, Ties::TogetherUp)?;
/// let texts: Vec<String> = scores.iter().flatten().map(|score| score.to_string()).collect();
/// assert_eq!(texts, ["555", "111", "334", "222", "443"]); // 5 is the best, for recency too
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RfmMeasures<V> {
    days_since_last: Vec<u32>,
    purchases: Vec<u32>,
    revenue: Vec<V>,
    /// Positions, ascending, of the customers who never bought; the columns leave them out.
    never_bought: Vec<usize>,
}

/// Fixed cuts between the scores, for bases that are compared over time: a score then means the same each year.
///
/// # Example
/// ```
/// use goodwill::tiering::{RfmCuts, RfmMeasures};
///
/// let measures = RfmMeasures::new(vec![30, 31, 365], vec![2, 5, 1], vec![100.0, 99.0, -5.0])?;
/// let cuts = RfmCuts::new(vec![30, 90], vec![2, 5], vec![0.0, 100.0])?;
/// let scores = measures.by_cuts(&cuts);
/// let texts: Vec<String> = scores.iter().flatten().map(|score| score.to_string()).collect();
/// assert_eq!(texts, ["323", "232", "111"]);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RfmCuts<V> {
    days_since_last: Vec<u32>,
    purchases: Vec<u32>,
    revenue: Vec<V>,
}

impl<V: Value> RfmCuts<V> {
    /// Cuts, each list ascending: a value that equals a cut gets the better of the two scores.
    ///
    /// `n − 1` cuts make n scores: at most the first number of days is the score n, at least the last number of
    /// purchases and the last amount.
    ///
    /// # Units
    /// Days; purchases; the money of the measures.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a cut; [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for lists
    /// of different lengths; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for more than 99 or a cut that is not
    /// finite; [`Inconsistent`](crate::ErrorKind::Inconsistent), with its row, for a cut not above the one before.
    ///
    /// # Example
    /// See [`RfmCuts`].
    pub fn new(days_since_last: Vec<u32>, purchases: Vec<u32>, revenue: Vec<V>) -> Result<Self> {
        let most_recent = ("days since last", days_since_last.len());
        same_length(most_recent, ("purchases", purchases.len()))?;
        same_length(most_recent, ("revenue", revenue.len()))?;
        if days_since_last.is_empty() {
            return Err(Error::empty("cuts"));
        }
        checked_groups(u8::try_from(revenue.len() + 1).unwrap_or(u8::MAX))?;
        for (row, value) in revenue.iter().enumerate() {
            value.checked().map_err(|error| error.at_row(row))?;
        }
        ascending("days since last", &days_since_last)?;
        ascending("purchases", &purchases)?;
        ascending("revenue", &revenue.iter().map(|cut| cut.key()).collect::<Vec<_>>())?;
        Ok(Self { days_since_last, purchases, revenue })
    }
}

fn same_length(left: (&'static str, usize), right: (&'static str, usize)) -> Result<()> {
    if left.1 == right.1 { Ok(()) } else { Err(Error::length_mismatch(left, right)) }
}

fn ascending<K: Ord>(name: &str, cuts: &[K]) -> Result<()> {
    match cuts.windows(2).position(|pair| pair[0] >= pair[1]) {
        None => Ok(()),
        Some(row) => {
            Err(Error::inconsistent(format!("the cuts of {name} must ascend")).at_row(row + 1))
        }
    }
}

impl RfmMeasures<Decimal> {
    /// The measures of summaries: days since the last purchase, purchase occasions, net revenue.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a summary.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{Ledger, Ties, Transaction, tiering::RfmMeasures};
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let row = |id, d, amount: i64| Transaction::new(id, day(d), amount.into());
    /// let rows = [row("ann", 1, 10), row("ann", 9, 30), row("bob", 2, 20), row("eve", 3, -5)];
    /// let ledger = Ledger::from_transactions(rows)?;
    /// let measures = RfmMeasures::of_summaries(&ledger.summaries(day(9))?)?;
    /// let scores = measures.independent(2, Ties::TogetherUp)?;
    /// let texts: Vec<_> = scores.iter().map(|score| score.map(|score| score.to_string())).collect();
    /// // Eve only returned something: there is no last purchase to score.
    /// assert_eq!(texts, [Some("222".to_owned()), Some("111".to_owned()), None]);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn of_summaries<C>(summaries: &[CustomerSummary<'_, C>]) -> Result<Self> {
        if summaries.is_empty() {
            return Err(Error::empty("summaries"));
        }
        let mut measures = Self {
            days_since_last: Vec::with_capacity(summaries.len()),
            purchases: Vec::with_capacity(summaries.len()),
            revenue: Vec::with_capacity(summaries.len()),
            never_bought: Vec::new(),
        };
        for (position, summary) in summaries.iter().enumerate() {
            if let Some(days) = summary.days_since_last {
                measures.days_since_last.push(days);
                measures.purchases.push(summary.occasions);
                measures.revenue.push(summary.net_revenue);
            } else {
                measures.never_bought.push(position);
            }
        }
        Ok(measures)
    }
}

impl<V: Value> RfmMeasures<V> {
    /// Three columns, one row per customer who bought.
    ///
    /// # Units
    /// Days since the last purchase; purchases, the first included; money.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a row; [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for
    /// columns of different lengths; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its row for 0
    /// purchases, or money that is not finite.
    ///
    /// # Example
    /// See [`RfmMeasures`].
    pub fn new(days_since_last: Vec<u32>, purchases: Vec<u32>, revenue: Vec<V>) -> Result<Self> {
        let rows = ("days since last", days_since_last.len());
        same_length(rows, ("purchases", purchases.len()))?;
        same_length(rows, ("revenue", revenue.len()))?;
        if revenue.is_empty() {
            return Err(Error::empty("customers"));
        }
        if let Some(row) = purchases.iter().position(|&purchases| purchases == 0) {
            return Err(Error::out_of_domain("purchases", 0, "[1, ∞)").at_row(row));
        }
        for (row, value) in revenue.iter().enumerate() {
            value.checked().map_err(|error| error.at_row(row))?;
        }
        Ok(Self { days_since_last, purchases, revenue, never_bought: Vec::new() })
    }

    /// How many customers there are, those who never bought included.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.revenue.len() + self.never_bought.len()
    }

    /// (days since the last purchase, purchases, money) of those who bought, in order.
    pub(super) fn buyers(&self) -> impl Iterator<Item = (u32, u32, V)> {
        let columns = self.days_since_last.iter().zip(&self.purchases).zip(&self.revenue);
        columns.map(|((&days, &purchases), &revenue)| (days, purchases, revenue))
    }

    /// Whether each customer bought, in order.
    pub(super) fn has_bought(&self) -> impl Iterator<Item = bool> {
        let mut never = self.never_bought.iter().peekable();
        (0..self.customers()).map(move |row| never.next_if(|&&next| next == row).is_none())
    }

    /// Each measure scored for itself, by n groups of as equal size as can be.
    ///
    /// The best ⌊N·j/n + ½⌋ of N buyers have the j highest scores. Where many customers are equal, groups stay empty
    /// rather than split under a `Together` rule, but no score is renumbered: n stays the best and 1 the least.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `groups` lies in `[2, 100]`.
    ///
    /// # Example
    /// See [`RfmMeasures`].
    pub fn independent(&self, groups: u8, ties: Ties) -> Result<RfmScores> {
        let groups = checked_groups(groups)?;
        let recency = by_groups(&self.recency(), groups, ties);
        let frequency = by_groups(&self.frequency(), groups, ties);
        let monetary = by_groups(&self.revenue, groups, ties);
        Ok(self.scores(groups, &recency, &frequency, &monetary))
    }

    /// Recency scored over all, frequency within each recency score, money within each of those cells: cells of as
    /// equal size as can be, made for test mailings.
    ///
    /// # Errors
    /// As [`independent`](RfmMeasures::independent).
    ///
    /// # Example
    /// ```
    /// use goodwill::{Ties, tiering::RfmMeasures};
    ///
    /// let measures =
    ///     RfmMeasures::new(vec![1, 2, 8, 9], vec![3, 5, 2, 1], vec![10.0, 20.0, 30.0, 40.0])?;
    /// let texts = |scores: goodwill::tiering::RfmScores| -> Vec<String> {
    ///     scores.iter().flatten().map(|score| score.to_string()).collect()
    /// };
    /// // The third bought less often than the first two, but most often of those who were long away.
    /// assert_eq!(texts(measures.nested(2, Ties::InputOrder)?)[2], "122");
    /// assert_eq!(texts(measures.independent(2, Ties::InputOrder)?)[2], "112");
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Hughes (2005), Strategic Database Marketing, 3rd ed., McGraw-Hill, chapter 5.
    pub fn nested(&self, groups: u8, ties: Ties) -> Result<RfmScores> {
        let groups = checked_groups(groups)?;
        let n = usize::from(groups);
        let recency = by_groups(&self.recency(), groups, ties);
        let mut cells: Vec<u32> = recency.iter().map(|grade| u32::from(grade.get()) - 1).collect();
        let frequency = within(&cells, n, &self.frequency(), groups, ties);
        for (cell, grade) in cells.iter_mut().zip(&frequency) {
            *cell = *cell * u32::from(groups) + u32::from(grade.get()) - 1;
        }
        let monetary = within(&cells, n * n, &self.revenue, groups, ties);
        Ok(self.scores(groups, &recency, &frequency, &monetary))
    }

    /// Each measure scored by fixed cuts.
    ///
    /// # Example
    /// See [`RfmCuts`].
    #[must_use]
    pub fn by_cuts(&self, cuts: &RfmCuts<V>) -> RfmScores {
        let days: Vec<f64> = cuts.days_since_last.iter().rev().map(|&cut| recency(cut)).collect();
        let purchases: Vec<f64> = cuts.purchases.iter().map(|&cut| f64::from(cut)).collect();
        let groups = cuts.revenue.len() as u8 + 1;
        let recency = by_cuts(&self.recency(), &days);
        let frequency = by_cuts(&self.frequency(), &purchases);
        let monetary = by_cuts(&self.revenue, &cuts.revenue);
        self.scores(groups, &recency, &frequency, &monetary)
    }

    fn recency(&self) -> Vec<f64> {
        self.days_since_last.iter().map(|&days| recency(days)).collect()
    }

    fn frequency(&self) -> Vec<f64> {
        self.purchases.iter().map(|&purchases| f64::from(purchases)).collect()
    }

    fn scores(&self, groups: u8, r: &[Grade], f: &[Grade], m: &[Grade]) -> RfmScores {
        let bought = r.iter().zip(f).zip(m);
        let mut bought = bought.map(|((&r, &f), &m)| RfmScore::of_grades(r, f, m));
        let score = |has_bought| if has_bought { bought.next() } else { None };
        RfmScores::new(groups, self.has_bought().map(score).collect())
    }
}

/// Days as a number of which the highest is the best.
fn recency(days: u32) -> f64 {
    -f64::from(days)
}

/// Scores by groups within each cell; `cells` has one below `count` for each customer.
fn within<V: Value>(
    cells: &[u32],
    count: usize,
    values: &[V],
    groups: u8,
    ties: Ties,
) -> Vec<Grade> {
    let mut ends = vec![0_usize; count];
    for &cell in cells {
        ends[cell as usize] += 1;
    }
    let mut start = 0;
    for end in &mut ends {
        start += std::mem::replace(end, start);
    }
    // Customers by cell, in the order of the input within one; each start moves to its end.
    let mut by_cell = vec![0_u32; cells.len()];
    for (customer, &cell) in cells.iter().enumerate() {
        let place = &mut ends[cell as usize];
        by_cell[*place] = customer as u32;
        *place += 1;
    }
    let mut grades = vec![Grade::MIN; cells.len()];
    let mut own = Vec::new();
    let mut start = 0;
    for end in ends {
        let members = &by_cell[start..end];
        own.clear();
        own.extend(members.iter().map(|&customer| values[customer as usize]));
        if !own.is_empty() {
            for (&customer, grade) in members.iter().zip(by_groups(&own, groups, ties)) {
                grades[customer as usize] = grade;
            }
        }
        start = end;
    }
    grades
}
