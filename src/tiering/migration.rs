//! Movement between tiers: who went up, down, came and left, with his money, and where it leads.

use std::cmp::Ordering;
use std::fmt;

use crate::error::{Error, Result};
use crate::math::count;
use crate::transactions::CustomerId;
use crate::transition::{TransitionMatrix, periods_until_gone, reachable, settle};

use super::pyramid::Tiering;
use super::value::Value;

/// A base on one day: its customers, their values, and their tiers.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot<'a, C, V> {
    customers: &'a [C],
    values: &'a [V],
    tiering: &'a Tiering<V>,
}

impl<'a, C: CustomerId, V: Value> Snapshot<'a, C, V> {
    /// The values that were tiered, and whose they are.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) where customers, values and tiering differ in length;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent), with its row, where the ids do not ascend;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its row for a value that is not finite.
    ///
    /// # Example
    /// See [`Migration`].
    pub fn new(customers: &'a [C], values: &'a [V], tiering: &'a Tiering<V>) -> Result<Self> {
        let own = ("customers", customers.len());
        for other in [("values", values.len()), ("tiering", tiering.assignments().len())] {
            if own.1 != other.1 {
                return Err(Error::length_mismatch(own, other));
            }
        }
        if let Some(row) = customers.windows(2).position(|pair| pair[0] >= pair[1]) {
            return Err(Error::inconsistent("the customers must ascend").at_row(row + 1));
        }
        for (row, value) in values.iter().enumerate() {
            value.checked().map_err(|error| error.at_row(row))?;
        }
        Ok(Self { customers, values, tiering })
    }

    fn names(&self) -> Vec<String> {
        self.tiering.tiers().iter().map(|tier| tier.name.clone()).collect()
    }

    fn place(&self, row: usize) -> (usize, V) {
        (self.tiering.assignments()[row] as usize, self.values[row])
    }
}

/// The customers who moved from one tier, or from outside, to another.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Moves<V> {
    /// How many.
    pub customers: u64,
    /// What they were worth before; 0 for those who entered.
    pub before: V,
    /// What they are worth after; 0 for those who left.
    pub after: V,
}

/// Movement of customers and money between two tierings with the same tiers.
///
/// # Example
/// ```
/// use goodwill::{Pyramid, Share, Ties, tiering::{Migration, Snapshot}};
///
/// let half = Share::percent(50)?;
/// let pyramid = Pyramid::by_share_of_customers([("upper", half), ("lower", half)])?;
/// let (was, is) = ([90.0, 50.0, 20.0, 10.0], [95.0, 15.0, 60.0, 5.0]);
/// let before = pyramid.assign(&was, Ties::TogetherUp)?;
/// let after = pyramid.assign(&is, Ties::TogetherUp)?;
/// let moves = Migration::between(
///     &Snapshot::new(&["ann", "bob", "eve", "ivo"], &was, &before)?,
///     &Snapshot::new(&["ann", "bob", "eve", "zoe"], &is, &after)?,
/// )?;
/// assert_eq!(moves.customers(Some(0), Some(1)), 1); // Bob fell …
/// assert_eq!(moves.moves(Some(0), Some(1))?.after, 15.0); // … from 50 to 15
/// assert_eq!((moves.entered(), moves.left()), (1, 1)); // Zoe, Ivo
/// assert_eq!((moves.upgrade_rate(), moves.downgrade_rate()), (Some(1.0 / 3.0), Some(1.0 / 3.0)));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone)]
pub struct Migration<V: Value> {
    names: Vec<String>,
    /// From and to each tier, outside being the last, row by row.
    cells: Vec<Cell<V>>,
}

#[derive(Clone)]
struct Cell<V: Value> {
    customers: u64,
    before: V::Total,
    after: V::Total,
}

impl<V: Value> Cell<V> {
    fn empty() -> Self {
        Self { customers: 0, before: V::Total::default(), after: V::Total::default() }
    }

    fn read(&self) -> Result<Moves<V>> {
        let Self { customers, before, after } = self;
        Ok(Moves { customers: *customers, before: V::read(before)?, after: V::read(after)? })
    }
}

impl<V: Value> fmt::Debug for Migration<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moves: Vec<_> = self.cells.iter().map(Cell::read).collect();
        f.debug_struct("Migration").field("tiers", &self.names).field("moves", &moves).finish()
    }
}

/// Equal where all that can be read is equal.
impl<V: Value> PartialEq for Migration<V> {
    fn eq(&self, other: &Self) -> bool {
        let same =
            |(a, b): (&Cell<V>, &Cell<V>)| a.customers == b.customers && a.read() == b.read();
        self.names == other.names && self.cells.iter().zip(&other.cells).all(same)
    }
}

impl<V: Value> Migration<V> {
    /// Matches the customers of two days by their ids: those of the first only have left, of the second only entered.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where the tiers are not the same.
    ///
    /// # Example
    /// See [`Migration`].
    pub fn between<C: CustomerId>(
        before: &Snapshot<'_, C, V>,
        after: &Snapshot<'_, C, V>,
    ) -> Result<Self> {
        let names = before.names();
        if names != after.names() {
            return Err(Error::inconsistent("both days must have the same tiers"));
        }
        let outside = names.len();
        let mut cells = vec![Cell::empty(); (outside + 1) * (outside + 1)];
        let (mut old, mut new) = (0, 0);
        loop {
            let order = match (before.customers.get(old), after.customers.get(new)) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(was), Some(is)) => was.cmp(is),
            };
            let was = order.is_le().then(|| before.place(old));
            let is = order.is_ge().then(|| after.place(new));
            old += usize::from(was.is_some());
            new += usize::from(is.is_some());
            let tier = |place: Option<(usize, V)>| place.map_or(outside, |(tier, _)| tier);
            let cell: &mut Cell<V> = &mut cells[tier(was) * (outside + 1) + tier(is)];
            cell.customers += 1;
            if let Some((_, value)) = was {
                value.add_to(&mut cell.before)?;
            }
            if let Some((_, value)) = is {
                value.add_to(&mut cell.after)?;
            }
        }
        Ok(Self { names, cells })
    }

    /// Adds the movement of other customers between the same two days, as a shard has it.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where the tiers are not the same;
    /// [`Overflow`](crate::ErrorKind::Overflow) for money or customers beyond the type's reach. Either leaves it as it was.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if self.names != other.names {
            return Err(Error::inconsistent("both movements must have the same tiers"));
        }
        let mut cells = self.cells.clone();
        // All together are a number too, so that no part of them can be none.
        let mut everybody = 0;
        for (own, more) in cells.iter_mut().zip(&other.cells) {
            count::add(&mut own.customers, more.customers, "a number of customers")?;
            count::add(&mut everybody, own.customers, "a number of customers")?;
            V::merge(&mut own.before, &more.before)?;
            V::merge(&mut own.after, &more.after)?;
        }
        self.cells = cells;
        Ok(())
    }

    /// The names of the tiers, best first.
    #[must_use]
    pub fn tiers(&self) -> &[String] {
        &self.names
    }

    /// How many moved from a tier to a tier; `None` is outside, and a tier that is not there has nobody.
    #[must_use]
    pub fn customers(&self, from: Option<usize>, to: Option<usize>) -> u64 {
        self.cell(from, to).map_or(0, |cell| cell.customers)
    }

    fn cell(&self, from: Option<usize>, to: Option<usize>) -> Option<&Cell<V>> {
        let outside = self.names.len();
        let place = |tier: Option<usize>| match tier {
            None => Some(outside),
            Some(tier) => (tier < outside).then_some(tier),
        };
        self.cells.get(place(from)? * (outside + 1) + place(to)?)
    }

    /// Those who moved from a tier to a tier, and their money; `None` is outside.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a tier that is not there;
    /// [`Overflow`](crate::ErrorKind::Overflow) for money that does not fit.
    ///
    /// # Example
    /// See [`Migration`].
    pub fn moves(&self, from: Option<usize>, to: Option<usize>) -> Result<Moves<V>> {
        let last = from.max(to).unwrap_or(0);
        let cell = self.cell(from, to);
        cell.ok_or_else(|| Error::out_of_domain("tier", last, "[0, tiers)"))?.read()
    }

    /// How many entered.
    #[must_use]
    pub fn entered(&self) -> u64 {
        self.count(|from, to| from.is_none() && to.is_some())
    }

    /// How many left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.count(|from, to| from.is_some() && to.is_none())
    }

    /// Those who moved to a better tier / those who were there on both days; `None` where nobody was.
    #[must_use]
    pub fn upgrade_rate(&self) -> Option<f64> {
        self.rate(|from, to| to < from)
    }

    /// Those who moved to a worse tier / those who were there on both days; `None` where nobody was.
    #[must_use]
    pub fn downgrade_rate(&self) -> Option<f64> {
        self.rate(|from, to| to > from)
    }

    /// Those who stayed in their tier / those who were there on both days; `None` where nobody was.
    #[must_use]
    pub fn stability(&self) -> Option<f64> {
        self.rate(|from, to| to == from)
    }

    fn count(&self, is_counted: impl Fn(Option<usize>, Option<usize>) -> bool) -> u64 {
        let tiers = || (0..self.names.len()).map(Some).chain([None]);
        tiers()
            .flat_map(|from| tiers().map(move |to| (from, to)))
            .filter(|&(from, to)| is_counted(from, to))
            .map(|(from, to)| self.customers(from, to))
            .sum()
    }

    fn rate(&self, is_counted: impl Fn(usize, usize) -> bool) -> Option<f64> {
        let both = self.count(|from, to| from.is_some() && to.is_some());
        let counted = self.count(|from, to| from.zip(to).is_some_and(|(f, t)| is_counted(f, t)));
        (both > 0).then(|| counted as f64 / both as f64)
    }

    /// The chances of moving, of those who were there on both days.
    ///
    /// # Formula
    /// ```text
    /// pᵢⱼ = nᵢⱼ / Σⱼ nᵢⱼ over the tiers j
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where nobody of a tier was there on both days.
    ///
    /// # Example
    /// ```
    /// use goodwill::{Pyramid, Share, Ties, tiering::{Migration, Snapshot}};
    ///
    /// let half = Share::percent(50)?;
    /// let pyramid = Pyramid::by_share_of_customers([("upper", half), ("lower", half)])?;
    /// let (was, is) = ([4.0, 3.0, 2.0, 1.0], [4.0, 1.0, 3.0, 2.0]);
    /// let before = pyramid.assign(&was, Ties::TogetherUp)?;
    /// let after = pyramid.assign(&is, Ties::TogetherUp)?;
    /// let ids = [1, 2, 3, 4];
    /// let moves = Migration::between(
    ///     &Snapshot::new(&ids, &was, &before)?,
    ///     &Snapshot::new(&ids, &is, &after)?,
    /// )?;
    /// assert_eq!(moves.transitions()?.rows(), [[0.5, 0.5], [0.5, 0.5]]);
    /// assert_eq!(moves.transitions()?.prais()?, 1.0);
    /// assert_eq!(moves.steady_state()?, [2.0, 2.0]);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Anderson and Goodman (1957), Annals of Mathematical Statistics 28(1), 89–110: the estimate of largest likelihood.
    pub fn transitions(&self) -> Result<TransitionMatrix> {
        let tiers = self.names.len();
        let rows = (0..tiers).map(|from| self.chances(from, (0..tiers).map(Some)));
        TransitionMatrix::new(rows.collect::<Result<_>>()?)
    }

    /// nᵢⱼ over their sum, for these destinations.
    fn chances(&self, from: usize, to: impl Iterator<Item = Option<usize>>) -> Result<Vec<f64>> {
        let counts: Vec<u64> = to.map(|to| self.customers(Some(from), to)).collect();
        let all: u64 = counts.iter().sum();
        if all == 0 {
            let reason = format!("nobody starts in tier {from}, {}", self.names[from]);
            return Err(Error::undefined("chance of moving", reason));
        }
        Ok(counts.into_iter().map(|count| count as f64 / all as f64).collect())
    }

    /// The chances of moving of a tier's customers, leaving being the last destination; they sum to 1.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a tier that is not there;
    /// [`Undefined`](crate::ErrorKind::Undefined) where nobody was in it.
    pub fn chances_from(&self, tier: usize) -> Result<Vec<f64>> {
        if tier >= self.names.len() {
            return Err(Error::out_of_domain("tier", tier, "[0, tiers)"));
        }
        self.chances(tier, (0..self.names.len()).map(Some).chain([None]))
    }

    /// How many customers each tier comes to hold, if every period moves as this one did and as many enter.
    ///
    /// # Formula
    /// ```text
    /// n = n·Q + e: Q the chances of moving with leaving counted, e those who entered, by tier;
    /// without entry and exit, n = n·P with the customers of today
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where customers leave and none enter (the base dies out), where
    /// some enter and cannot leave (it grows for ever), where a tier that is reached was empty, and, without entry and
    /// exit, for a reducible chain.
    ///
    /// # Example
    /// See [`transitions`](Migration::transitions).
    ///
    /// # Reference
    /// Kemeny and Snell (1960), Finite Markov Chains; with entry and exit, Bartholomew (1982), Stochastic Models for Social
    /// Processes, 3rd edition.
    pub fn steady_state(&self) -> Result<Vec<f64>> {
        let tiers = self.names.len();
        let entered: Vec<f64> =
            (0..tiers).map(|to| self.customers(None, Some(to)) as f64).collect();
        if self.entered() == 0 {
            if self.left() > 0 {
                let reason = "customers leave and none enter, so the base dies out";
                return Err(Error::undefined("steady state", reason));
            }
            let base = self.count(|from, _| from.is_some()) as f64;
            let shares = self.transitions()?.steady_state()?;
            return Ok(shares.into_iter().map(|share| share * base).collect());
        }
        // Outside is the first state, which the others follow; only those that are reached count.
        let moves = |from: usize, to: usize| match (from.checked_sub(1), to.checked_sub(1)) {
            (None, None) => 0,
            (from, to) => self.customers(from, to),
        };
        let is_reached = reachable(tiers + 1, [0], |from, to| moves(from, to) > 0);
        let can_leave = reachable(tiers + 1, [0], |to, from| moves(from, to) > 0);
        let states: Vec<usize> = (0..=tiers).filter(|&state| is_reached[state]).collect();
        for &state in &states[1..] {
            if !can_leave[state] {
                self.chances_from(state - 1)?; // Nobody was there to leave: that is the reason.
                let reason = format!("customers enter {} and cannot leave", self.names[state - 1]);
                return Err(Error::undefined("steady state", reason));
            }
        }
        let row = |&from: &usize| {
            let counts = states.iter().map(|&to| moves(from, to) as f64);
            let all = states.iter().map(|&to| moves(from, to)).sum::<u64>() as f64;
            counts.map(|count| count / all).collect()
        };
        let settled = settle(states.iter().map(row).collect())?;
        let scale = entered.iter().sum::<f64>() / settled[0];
        let mut customers = vec![0.0; tiers];
        for (&state, share) in states.iter().zip(&settled).skip(1) {
            customers[state - 1] = share * scale;
        }
        Ok(customers)
    }

    /// How many periods a customer of each tier stays in the base, this one included.
    ///
    /// # Formula
    /// ```text
    /// (I − Q)⁻¹·1
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where some cannot leave, or a tier was empty.
    ///
    /// # Example
    /// ```
    /// use goodwill::{Pyramid, Share, Ties, tiering::{Migration, Snapshot}};
    ///
    /// let whole = Pyramid::by_share_of_customers([("all", Share::ONE)])?;
    /// let before = whole.assign(&[1.0; 4], Ties::TogetherUp)?;
    /// let after = whole.assign(&[1.0; 3], Ties::TogetherUp)?;
    /// let moves = Migration::between(
    ///     &Snapshot::new(&[1, 2, 3, 4], &[1.0; 4], &before)?,
    ///     &Snapshot::new(&[1, 2, 3], &[1.0; 3], &after)?,
    /// )?;
    /// assert_eq!(moves.periods_until_gone()?, [4.0]); // a quarter leaves each period
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Kemeny and Snell (1976), Finite Markov Chains, theorem 3.2.4.
    pub fn periods_until_gone(&self) -> Result<Vec<f64>> {
        let tiers = self.names.len();
        let leavers =
            reachable(tiers + 1, [tiers], |to, from| from < tiers && self.moved(from, to) > 0);
        let mut q = Vec::with_capacity(tiers);
        for tier in 0..tiers {
            let mut row = self.chances_from(tier)?;
            row.truncate(tiers);
            q.push(row);
        }
        if let Some(stuck) = leavers.iter().position(|&leaves| !leaves) {
            let reason = format!("nobody leaves the base from {}", self.names[stuck]);
            return Err(Error::undefined("periods until gone", reason));
        }
        periods_until_gone(&q)
            .ok_or_else(|| Error::undefined("periods until gone", "too few ever leave"))
    }

    /// How many moved, outside being the state after the last tier.
    fn moved(&self, from: usize, to: usize) -> u64 {
        let place = |state: usize| (state < self.names.len()).then_some(state);
        self.customers(place(from), place(to))
    }
}

#[cfg(feature = "serde")]
impl<V: Value + serde::Serialize> serde::Serialize for Migration<V> {
    /// The tiers, and the moves row by row, outside being the last row and column.
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        use serde::ser::{Error as _, SerializeStruct};

        let moves: Result<Vec<Moves<V>>> = self.cells.iter().map(Cell::read).collect();
        let moves = moves.map_err(S::Error::custom)?;
        let mut fields = serializer.serialize_struct("Migration", 2)?;
        fields.serialize_field("tiers", &self.names)?;
        fields.serialize_field("moves", &moves)?;
        fields.end()
    }
}
