//! Whom to court first.

use std::cmp::Ordering;

use crate::error::Result;
use crate::math::exact_sum::ExactSum;
use crate::quantity::Probability;

use super::{cost, planned, within};

/// Somebody who is not a customer yet.
///
/// # Formula
/// ```text
/// net = chance·value − cost,   return = net/cost
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Prospect {
    fit: f64,
    chance: Probability,
    value: f64,
    cost: f64,
}

impl Prospect {
    /// `fit`, how well he matches the customers the firm wants, from 0 to 1
    /// ([`weighted_scores`](crate::tiering::weighted_scores) makes one of many criteria); the `chance` to win him; the
    /// lifetime `value` if he is won; the `cost` of courting him, won or not.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a fit outside [0, 1], a value outside [−10¹², 10¹²] or a cost
    /// outside [0, 10¹²].
    pub fn new(fit: f64, chance: Probability, value: f64, cost_to_win: f64) -> Result<Self> {
        let fit = within("fit", fit, 0.0..=1.0, "[0, 1]")?;
        let value = planned("value", value)?;
        Ok(Self { fit, chance, value, cost: cost("cost to win", cost_to_win)? })
    }

    /// chance·value − cost.
    #[must_use]
    pub fn net(&self) -> f64 {
        self.chance.get() * self.value - self.cost
    }
}

/// What to do with a prospect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ProspectClass {
    /// He fits and pays: court him now.
    Court,
    /// He pays, though he does not fit: take him as he comes.
    Take,
    /// He fits, and does not pay yet: stay in touch until he is cheaper or likelier to win.
    Nurture,
    /// Neither.
    Leave,
}

/// What the prospects of one class are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum ProspectOrder {
    /// The largest chance·value − cost: where time is short.
    Net,
    /// The largest net/cost: where money is short. Whoever costs nothing comes first if he pays, last if he does not.
    Return,
    /// The best fit.
    Fit,
}

/// Prospects classed and ordered, best first.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::growth::{Prospect, ProspectClass, ProspectOrder, ProspectRanking};
///
/// // One in twenty is won.
/// let chance = Probability::constant(0.05);
/// let prospects = [
///     Prospect::new(0.9, chance, 2_000.0, 40.0)?, // brings 60, 1.5 for each unit of cost
///     Prospect::new(0.8, chance, 1_000.0, 10.0)?, // brings 40, 4 for each unit of cost
///     Prospect::new(0.2, chance, 9_000.0, 50.0)?, // brings 400, but does not fit
///     Prospect::new(0.7, chance, 400.0, 30.0)?,   // loses 10
/// ];
/// let ranking = ProspectRanking::of(&prospects, 0.5, ProspectOrder::Return)?;
/// let rows: Vec<usize> = ranking.ranked().iter().map(|ranked| ranked.row).collect();
/// assert_eq!(rows, [1, 0, 2, 3]);
/// assert_eq!(ranking.ranked()[3].class, ProspectClass::Nurture);
/// let list = ranking.within(60.0)?;
/// assert_eq!((list.rows, list.cost, list.net), (vec![1, 0], 50.0, 100.0));
/// assert_eq!(list.next, Some(2)); // another 40 would pay for him too
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ProspectRanking {
    ranked: Vec<RankedProspect>,
}

/// A prospect in his place.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct RankedProspect {
    /// His row in the caller's input.
    pub row: usize,
    /// What to do with him.
    pub class: ProspectClass,
    /// He himself.
    pub prospect: Prospect,
    /// chance·value − cost.
    pub net: f64,
    /// net/cost; `None` where he costs nothing.
    pub net_return: Option<f64>,
}

/// Those whom a budget pays for.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Shortlist {
    /// Their rows in the caller's input, best first.
    pub rows: Vec<usize>,
    /// What courting them costs: never more than the budget.
    pub cost: f64,
    /// What that brings, cost taken off.
    pub net: f64,
    /// The row of the first who pays and for whom the budget does not suffice.
    pub next: Option<usize>,
}

impl ProspectRanking {
    /// Classes prospects by whether they fit (`fit ≥ fit_needed`) and pay (net above 0), and orders them by class, then
    /// by `order`. Equals are ordered by net, the lower cost, fit, chance, value, and last by their row.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a needed fit outside [0, 1].
    pub fn of(prospects: &[Prospect], fit_needed: f64, order: ProspectOrder) -> Result<Self> {
        let fit_needed = within("needed fit", fit_needed, 0.0..=1.0, "[0, 1]")?;
        let ranked = |(row, &prospect): (usize, &Prospect)| {
            let net = prospect.net();
            let class = match (prospect.fit >= fit_needed, net > 0.0) {
                (true, true) => ProspectClass::Court,
                (false, true) => ProspectClass::Take,
                (true, false) => ProspectClass::Nurture,
                (false, false) => ProspectClass::Leave,
            };
            let ratio = net / prospect.cost;
            let net_return = ratio.is_finite().then_some(ratio);
            RankedProspect { row, class, prospect, net, net_return }
        };
        let mut ranked: Vec<_> = prospects.iter().enumerate().map(ranked).collect();
        ranked.sort_by(|a, b| a.class.cmp(&b.class).then_with(|| better_first(a, b, order)));
        Ok(Self { ranked })
    }

    /// The prospects, best first.
    #[must_use]
    pub fn ranked(&self) -> &[RankedProspect] {
        &self.ranked
    }

    /// The prospects who pay, from the first on, until the budget does not suffice for the next: a plain cut of the order,
    /// which passes nobody over. (That a later, cheaper one might still fit is a question for a list by value for money.)
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a budget outside [0, 10¹⁵].
    pub fn within(&self, budget: f64) -> Result<Shortlist> {
        let budget = within("budget", budget, 0.0..=1e15, "[0, 1e15]")?;
        let (mut cost, mut net) = (ExactSum::new(), ExactSum::new());
        let mut list = Shortlist { rows: Vec::new(), cost: 0.0, net: 0.0, next: None };
        for one in self.ranked.iter().filter(|one| one.net > 0.0) {
            cost.add(one.prospect.cost);
            if cost.value() > budget {
                list.next = Some(one.row);
                break;
            }
            net.add(one.net);
            list.rows.push(one.row);
            list.cost = cost.value();
        }
        list.net = net.value();
        Ok(list)
    }
}

/// The order within a class. The sort keeps the rows of equals.
fn better_first(a: &RankedProspect, b: &RankedProspect, order: ProspectOrder) -> Ordering {
    let higher = |of: fn(&RankedProspect) -> f64| of(b).total_cmp(&of(a));
    let net: fn(&RankedProspect) -> f64 = |one| one.net;
    let first = match order {
        ProspectOrder::Net => higher(net),
        ProspectOrder::Return => higher(|one| {
            let free = if one.net > 0.0 { f64::INFINITY } else { f64::NEG_INFINITY };
            one.net_return.unwrap_or(free)
        }),
        ProspectOrder::Fit => higher(|one| one.prospect.fit),
    };
    first
        .then_with(|| higher(net))
        .then_with(|| a.prospect.cost.total_cmp(&b.prospect.cost))
        .then_with(|| higher(|one| one.prospect.fit))
        .then_with(|| higher(|one| one.prospect.chance.get()))
        .then_with(|| higher(|one| one.prospect.value))
}
