//! The list that a budget is best spent on.

use rust_decimal::Decimal;

use super::exact_list;
use super::limited_list::{self, ContactLimits};
use crate::churn::money_domain::checked_money;
use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;
use crate::money::{self, Sum};

/// Whom to spend a budget on, so that the gain is as large as the budget allows, and how far that may be from the best.
///
/// Takes a gain and a cost per candidate and asks nothing else of them: calls to lost customers
/// ([`WinBackPlan`](super::WinBackPlan)), offers to those at risk, visits to prospects. Who brings no gain, or costs
/// more than the whole budget, is never on the list.
///
/// # Formula
/// ```text
/// max Σ gainᵢ·yᵢ   with   Σ costᵢ·yᵢ ≤ budget,   yᵢ ∈ {0, 1}
/// bound: the same with 0 ≤ yᵢ ≤ 1;   shadow price: gain/cost of the first who no longer fits, 0 where all fit
/// ```
/// In the order of gain/cost, whoever still fits is taken; where a single candidate brings more than that list, he is
/// taken instead. So gain ≥ bound/2, and gain ≥ bound − (the gain of the first who no longer fits). Candidates equal in
/// gain/cost go by the larger gain; those equal in both, by their order in the input.
///
/// # Units
/// Budget and costs are exact money; gains are expectations in the same currency. The shadow price is gain per unit
/// of budget: a budget that is one unit larger brings about so much more.
///
/// # Example
/// ```
/// use goodwill::churn::BestList;
/// use rust_decimal::Decimal;
///
/// let gains = [60.0, 100.0, 120.0, -5.0];
/// let costs = [10, 20, 30, 1].map(Decimal::from);
/// // By gain/cost the first two, which leaves 20 of 50 for nothing that fits; the bound spends it on 2/3 of the third.
/// let list = BestList::new(&gains, &costs, 50.into())?;
/// assert_eq!((list.chosen(), list.gain()), (&[0, 1][..], 160.0));
/// assert_eq!(list.cost(), Decimal::from(30));
/// assert!((list.bound() - 240.0).abs() < 1e-12);
/// assert_eq!(list.shadow_price(), 4.0);
/// // The best list of all: the last two.
/// assert_eq!(BestList::exact(&gains, &costs, 50.into())?.chosen(), [1, 2]);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Dantzig (1957), Operations Research 5, 266–277; Kellerer, Pferschy and Pisinger (2004), Knapsack Problems, sections
/// 2.1 and 2.2.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BestList {
    chosen: Vec<usize>,
    gain: f64,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    cost: Decimal,
    bound: f64,
    shadow_price: f64,
}

impl BestList {
    /// How many search steps [`exact`](BestList::exact) may take.
    pub const EXACT_STEPS: u32 = exact_list::STEPS;
    /// How many candidates who gain and fit [`exact`](BestList::exact) may have.
    pub const EXACT_CANDIDATES: usize = exact_list::CANDIDATES;

    /// The list in the order of gain/cost: one sort, for any number of candidates. One row a candidate.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for columns of other lengths;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a budget or, with its row, a cost below 0, or a gain outside
    /// ±10²⁵⁰; [`Overflow`](crate::ErrorKind::Overflow) where a `Decimal` cannot hold every digit of the total cost.
    pub fn new(gains: &[f64], costs: &[Decimal], budget: Decimal) -> Result<Self> {
        let ranked = Ranked::new(gains, costs, budget, |_| 0)?;
        let relaxed = ranked.relaxed()?;
        let mut spent = Sum::default();
        let mut chosen = Vec::new();
        let mut gain = ExactSum::new();
        for offer in &ranked.offers {
            if ranked.fits(&mut spent, offer)? {
                chosen.push(offer.row);
                gain.add(offer.gain);
            }
        }
        let mut cost = spent.total()?;
        let mut gain = gain.value();
        // Of equal ones the first, so that the order of the ranking decides.
        let best = ranked.offers.iter().reduce(|a, b| if b.gain > a.gain { b } else { a });
        if let Some(best) = best.filter(|best| best.gain > gain) {
            (chosen, gain, cost) = (vec![best.row], best.gain, best.cost.normalize());
        }
        Ok(Self { chosen, gain, cost, bound: relaxed.bound, shadow_price: relaxed.shadow_price })
    }

    /// The best of all lists, by branch and bound, to 12 digits of its gain; of equal ones, the one that is first by
    /// gain/cost. For small cases: at most [`EXACT_CANDIDATES`](BestList::EXACT_CANDIDATES) who gain and fit, and
    /// [`EXACT_STEPS`](BestList::EXACT_STEPS) steps.
    ///
    /// # Errors
    /// As [`new`](BestList::new); [`Undefined`](crate::ErrorKind::Undefined) beyond those limits.
    pub fn exact(gains: &[f64], costs: &[Decimal], budget: Decimal) -> Result<Self> {
        let ranked = Ranked::new(gains, costs, budget, |_| 0)?;
        let taken = exact_list::search(&ranked)?;
        let relaxed = ranked.relaxed()?;
        Self::of(&ranked, &taken, relaxed.bound, relaxed.shadow_price)
    }

    /// A good list where calls are limited too: in all, and by channel; row i goes through `channels[i]`, a place in
    /// the limits. A heuristic: the prices of Lagrange's relaxation of the budget decide, and what is left is filled
    /// up in their order. The bound is that of the relaxation, and no list beats it.
    ///
    /// # Formula
    /// ```text
    /// bound = min over λ ≥ 0 of  λ·budget + max Σ (gainᵢ − λ·costᵢ)·yᵢ  within the limits
    /// ```
    /// The shadow price is the λ of the bound. It takes some 64 sorts.
    ///
    /// # Errors
    /// As [`new`](BestList::new); [`OutOfDomain`](crate::ErrorKind::OutOfDomain), with its row, for a channel that the
    /// limits do not have.
    ///
    /// # Example
    /// ```
    /// use goodwill::churn::{BestList, ContactLimits};
    /// use rust_decimal::Decimal;
    ///
    /// // Three can be reached by phone and two by mail; one call and one letter a day.
    /// let gains = [60.0, 50.0, 40.0, 12.0, 9.0];
    /// let costs = [5, 5, 5, 1, 1].map(Decimal::from);
    /// let limits = ContactLimits::new().channel(1).channel(1);
    /// let list = BestList::with_limits(&gains, &costs, 10.into(), &[0, 0, 0, 1, 1], &limits)?;
    /// assert_eq!((list.chosen(), list.gain(), list.bound()), (&[0, 3][..], 72.0, 72.0));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Fisher (1981), Management Science 27, 1–18; Kellerer, Pferschy and Pisinger (2004), Knapsack Problems, section
    /// 3.8.
    pub fn with_limits(
        gains: &[f64],
        costs: &[Decimal],
        budget: Decimal,
        channels: &[usize],
        limits: &ContactLimits,
    ) -> Result<Self> {
        limits.check(channels, gains.len())?;
        let ranked = Ranked::new(gains, costs, budget, |row| channels[row])?;
        let limited = limited_list::search(&ranked, channels, limits)?;
        Self::of(&ranked, &limited.taken, limited.bound, limited.shadow_price)
    }

    /// Of the places `taken` in the ranking.
    fn of(ranked: &Ranked, taken: &[usize], bound: f64, shadow_price: f64) -> Result<Self> {
        let offers = || taken.iter().map(|&place| &ranked.offers[place]);
        let gain = total(offers().map(|offer| offer.gain));
        let cost = money::sum(offers().map(|offer| offer.cost))?;
        Ok(Self {
            chosen: offers().map(|offer| offer.row).collect(),
            gain,
            cost,
            bound,
            shadow_price,
        })
    }

    /// The rows of those on the list, the best gain/cost first; the single candidate, where he alone is.
    #[must_use]
    pub fn chosen(&self) -> &[usize] {
        &self.chosen
    }

    /// What they bring together, after their cost.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.gain
    }

    /// What of the budget they take.
    #[must_use]
    pub fn cost(&self) -> Decimal {
        self.cost
    }

    /// What no list can exceed: the gain if the last one could be called in part.
    #[must_use]
    pub fn bound(&self) -> f64 {
        self.bound
    }

    /// What one more unit of budget would bring; 0 where the budget is no limit.
    #[must_use]
    pub fn shadow_price(&self) -> f64 {
        self.shadow_price
    }
}

/// One who gains and fits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub(super) row: usize,
    pub(super) gain: f64,
    pub(super) cost: Decimal,
}

/// The optimum where the last one may be taken in part.
pub(super) struct Relaxed {
    bound: f64,
    shadow_price: f64,
}

/// Those who gain and fit, the best gain/cost first.
pub(super) struct Ranked {
    pub(super) offers: Vec<Offer>,
    pub(super) budget: Sum,
    rows: usize,
}

impl Ranked {
    /// Those equal in gain and cost go by the channel of their row, then by the row.
    fn new(
        gains: &[f64],
        costs: &[Decimal],
        budget: Decimal,
        channel: impl Fn(usize) -> usize,
    ) -> Result<Self> {
        if gains.len() != costs.len() {
            return Err(Error::length_mismatch(("gains", gains.len()), ("costs", costs.len())));
        }
        if budget < Decimal::ZERO {
            return Err(Error::out_of_domain("budget", budget, "[0, ∞)"));
        }
        let mut ratios = Vec::new();
        for (row, (&gain, &cost)) in gains.iter().zip(costs).enumerate() {
            let gain = checked_money("gain", gain).map_err(|error| error.at_row(row))?;
            if cost < Decimal::ZERO {
                return Err(Error::out_of_domain("cost", cost, "[0, ∞)").at_row(row));
            }
            if gain > 0.0 && cost <= budget {
                // A cost of −0 is none.
                ratios.push((gain / (money::to_f64(cost) + 0.0), row));
            }
        }
        ratios.sort_unstable_by(|&(ratio, row), &(other_ratio, other)| {
            other_ratio.total_cmp(&ratio).then_with(|| {
                let by_gain = gains[other].total_cmp(&gains[row]);
                let by_channel = || channel(row).cmp(&channel(other)).then(row.cmp(&other));
                by_gain.then_with(|| costs[row].cmp(&costs[other])).then_with(by_channel)
            })
        });
        let offer = |(_, row): (f64, usize)| Offer { row, gain: gains[row], cost: costs[row] };
        let offers = ratios.into_iter().map(offer).collect();
        Ok(Self { offers, budget: Sum::from(budget), rows: gains.len() })
    }

    /// Whether one more fits beside what is spent; if so it is spent.
    pub(super) fn fits(&self, spent: &mut Sum, offer: &Offer) -> Result<bool> {
        let mut with = *spent;
        with.add(offer.cost)?;
        let fits = with <= self.budget;
        if fits {
            *spent = with;
        }
        Ok(fits)
    }

    /// The budget that is left.
    pub(super) fn left(&self, spent: &Sum) -> Result<f64> {
        let mut left = spent.negated()?;
        left.merge(&self.budget)?;
        Ok(left.to_f64())
    }

    /// Dantzig's bound.
    pub(super) fn relaxed(&self) -> Result<Relaxed> {
        let mut spent = Sum::default();
        let mut gain = ExactSum::new();
        for offer in &self.offers {
            if !self.fits(&mut spent, offer)? {
                let cost = money::to_f64(offer.cost);
                gain.add(offer.gain * (self.left(&spent)? / cost));
                // gain/cost is known to a few units of the last digit, and so is the order by it.
                let bound = self.not_below(gain.value() * (1.0 + 8.0 * f64::EPSILON));
                return Ok(Relaxed { bound, shadow_price: offer.gain / cost });
            }
            gain.add(offer.gain);
        }
        Ok(Relaxed { bound: gain.value(), shadow_price: 0.0 })
    }

    /// A bound that holds for gains below 10⁻²⁷⁰ too, whose gain/cost may lose its digits.
    pub(super) fn not_below(&self, bound: f64) -> f64 {
        bound + self.rows as f64 * 1e-270
    }
}

pub(super) fn total(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = ExactSum::new();
    values.into_iter().for_each(|value| sum.add(value));
    sum.value()
}
