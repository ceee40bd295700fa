//! Customer equity: the lifetime values of a base, added up by cohort, tier, or whatever groups it.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::math::count;
use crate::math::exact_sum::ExactSum;
use crate::quantity::Probability;

use super::closed_forms::amount;
use super::model::finite;

/// The lifetime values of a base, added up exactly by group: by cohort, by tier, or by a pair of both.
///
/// Groups are whatever is `Ord`. Order, shards and grouping change no bit of a total: the sums are kept exactly and
/// rounded once, when read. So [`total`](CustomerEquity::total) of the groups is that of the whole.
///
/// # Units
/// That of the values, which are present values on one as-of date.
///
/// # Example
/// ```
/// use goodwill::lifetime::CustomerEquity;
///
/// // Cohort and tier of four customers, and what a model says that they are worth.
/// let groups = [(2023, "gold"), (2023, "iron"), (2024, "gold"), (2024, "iron")];
/// let equity = CustomerEquity::of(&groups, &[120.0, 15.0, 90.0, -5.0])?;
/// assert_eq!((equity.customers(), equity.total()?), (4, 220.0));
/// let by_tier = equity.regrouped(|&(_, tier)| tier).report()?;
/// assert_eq!((by_tier.groups[0].group, by_tier.groups[0].value), ("gold", 210.0));
/// assert_eq!(by_tier.total, 220.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Blattberg and Deighton (1996), Harvard Business Review 74(4), 136–144; Rust, Lemon and Zeithaml (2004), Journal
/// of Marketing 68(1), 109–127.
#[doc(alias = "CE")]
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(
        try_from = "Vec<(G, GroupSum)>",
        into = "Vec<(G, GroupSum)>",
        bound(
            serialize = "G: Clone + serde::Serialize",
            deserialize = "G: Ord + serde::Deserialize<'de>"
        )
    )
)]
pub struct CustomerEquity<G> {
    /// No group has more.
    customers: u64,
    groups: BTreeMap<G, GroupSum>,
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
struct GroupSum {
    customers: u64,
    value: ExactSum,
}

impl GroupSum {
    fn merge(&mut self, other: &Self) {
        self.customers += other.customers;
        self.value.merge(&other.value);
    }
}

impl<G> Default for CustomerEquity<G> {
    fn default() -> Self {
        Self { customers: 0, groups: BTreeMap::new() }
    }
}

impl<G: Ord + Clone> CustomerEquity<G> {
    /// The equity of a base: row i is a customer of `groups[i]` worth `values[i]`.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its
    /// row for a value that is not finite.
    ///
    /// # Example
    /// See [`CustomerEquity`].
    pub fn of(groups: &[G], values: &[f64]) -> Result<Self> {
        if groups.len() != values.len() {
            return Err(Error::length_mismatch(
                ("groups", groups.len()),
                ("lifetime values", values.len()),
            ));
        }
        let mut equity = Self::default();
        for (row, (group, &value)) in groups.iter().zip(values).enumerate() {
            equity.add(group.clone(), value).map_err(|error| error.at_row(row))?;
        }
        Ok(equity)
    }

    /// Adds a customer.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value that is not finite;
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴ − 1 customers.
    pub fn add(&mut self, group: G, value: f64) -> Result<()> {
        let value = amount("lifetime value", value)?;
        self.count(1)?;
        let own = self.groups.entry(group).or_default();
        own.customers += 1;
        own.value.add(value);
        Ok(())
    }

    /// Adds another part of the base.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴ − 1 customers; then nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.count(other.customers)?;
        for (group, sum) in &other.groups {
            self.groups.entry(group.clone()).or_default().merge(sum);
        }
        Ok(())
    }

    fn count(&mut self, more: u64) -> Result<()> {
        count::add(&mut self.customers, more, "the number of customers")
    }

    /// The same base by coarser or other groups: of (cohort, tier), by cohort alone. No bit of the total changes.
    #[must_use]
    pub fn regrouped<H: Ord>(&self, group_of: impl Fn(&G) -> H) -> CustomerEquity<H> {
        let mut groups: BTreeMap<H, GroupSum> = BTreeMap::new();
        for (group, sum) in &self.groups {
            groups.entry(group_of(group)).or_default().merge(sum);
        }
        CustomerEquity { customers: self.customers, groups }
    }

    /// How many customers.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.customers
    }

    fn whole(&self) -> ExactSum {
        let mut whole = ExactSum::new();
        self.groups.values().for_each(|group| whole.merge(&group.value));
        whole
    }

    /// What the base is worth. What its customers cost to win is spent, and not in it.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where it leaves the range of `f64`.
    pub fn total(&self) -> Result<f64> {
        finite("customer equity", self.whole().value())
    }

    /// What the base is worth less what its customers cost to win, so much each: what the whole venture brings.
    ///
    /// # Formula
    /// ```text
    /// Σ value − customers·cost, exact and rounded once
    /// ```
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cost that is not finite;
    /// [`Undefined`](crate::ErrorKind::Undefined) where the result leaves the range of `f64`.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::CustomerEquity;
    ///
    /// let equity = CustomerEquity::of(&["a", "a", "b"], &[50.0, 30.0, 10.0])?;
    /// assert_eq!(equity.total_less_acquisition(20.0)?, 30.0);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn total_less_acquisition(&self, cost_per_customer: f64) -> Result<f64> {
        let mut whole = self.whole();
        whole.add_product(-amount("acquisition cost", cost_per_customer)?, self.customers as f64);
        finite("customer equity", whole.value())
    }

    /// Every group in ascending order, with its part of the whole.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where a total leaves the range of `f64`.
    ///
    /// # Example
    /// See [`CustomerEquity`].
    pub fn report(&self) -> Result<EquityReport<G>> {
        let total = self.total()?;
        let group = |(group, sum): (&G, &GroupSum)| {
            let value = finite("customer equity of a group", sum.value.value())?;
            let share = (total > 0.0).then(|| value / total).filter(|share| share.is_finite());
            let mean = value / sum.customers as f64;
            Ok(GroupEquity { group: group.clone(), customers: sum.customers, value, mean, share })
        };
        let groups = self.groups.iter().map(group).collect::<Result<_>>()?;
        Ok(EquityReport { customers: self.customers, total, groups })
    }
}

#[cfg(feature = "serde")]
impl<G> From<CustomerEquity<G>> for Vec<(G, GroupSum)> {
    fn from(equity: CustomerEquity<G>) -> Self {
        equity.groups.into_iter().collect()
    }
}

#[cfg(feature = "serde")]
impl<G: Ord> TryFrom<Vec<(G, GroupSum)>> for CustomerEquity<G> {
    type Error = Error;

    fn try_from(rows: Vec<(G, GroupSum)>) -> Result<Self> {
        let mut equity = Self { customers: 0, groups: BTreeMap::new() };
        for (row, (group, sum)) in rows.into_iter().enumerate() {
            if sum.customers == 0 {
                return Err(Error::out_of_domain("customers of a group", 0, "[1, ∞)").at_row(row));
            }
            count::add(&mut equity.customers, sum.customers, "the number of customers")?;
            if equity.groups.insert(group, sum).is_some() {
                return Err(Error::inconsistent("a group comes twice").at_row(row));
            }
        }
        Ok(equity)
    }
}

/// [`CustomerEquity`], read.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct EquityReport<G> {
    /// How many customers.
    pub customers: u64,
    /// What the base is worth.
    pub total: f64,
    /// The groups, in ascending order.
    pub groups: Vec<GroupEquity<G>>,
}

/// A cohort's or tier's part of the equity.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct GroupEquity<G> {
    /// The cohort or tier.
    pub group: G,
    /// How many customers.
    pub customers: u64,
    /// What they are worth together.
    pub value: f64,
    /// What one of them is worth on average.
    pub mean: f64,
    /// Their part of the whole; below 0 for a group at a loss, `None` unless the whole is worth more than 0.
    pub share: Option<f64>,
}

/// What is someone worth who buys for the first time: this purchase and what is still to come. What it cost to win him
/// is *not* in it; see [`newcomer_value_less_acquisition`].
///
/// # Errors
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an amount that is not finite;
/// [`Undefined`](crate::ErrorKind::Undefined) where the sum leaves the range of `f64`.
///
/// # Example
/// ```
/// use goodwill::lifetime::{newcomer_value, newcomer_value_less_acquisition};
///
/// assert_eq!(newcomer_value(12.0, 30.0)?, 42.0);
/// assert_eq!(newcomer_value_less_acquisition(12.0, 30.0, 25.0)?, 17.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn newcomer_value(first_margin: f64, residual_value: f64) -> Result<f64> {
    let first = amount("first margin", first_margin)?;
    finite("value of a newcomer", first + amount("residual value", residual_value)?)
}

/// [`newcomer_value`] less what it cost to win him.
///
/// # Errors
/// As [`newcomer_value`].
///
/// # Example
/// See [`newcomer_value`].
pub fn newcomer_value_less_acquisition(
    first_margin: f64,
    residual_value: f64,
    acquisition_cost: f64,
) -> Result<f64> {
    let value = newcomer_value(first_margin, residual_value)?;
    finite("value of a newcomer", value - amount("acquisition cost", acquisition_cost)?)
}

/// What is a prospect worth, whom an offer wins with some probability? The equity of acquisition, per prospect.
///
/// # Formula
/// ```text
/// a·V − A,   V the newcomer's value, A the cost per prospect asked, won or not
/// ```
///
/// # Errors
/// As [`newcomer_value`].
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::lifetime::prospect_value;
///
/// assert_eq!(prospect_value(Probability::constant(0.25), 80.0, 15.0)?, 5.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Blattberg and Deighton (1996), Harvard Business Review 74(4), 136–144.
pub fn prospect_value(
    chance: Probability,
    newcomer_value: f64,
    cost_per_prospect: f64,
) -> Result<f64> {
    let value = chance.get() * amount("newcomer value", newcomer_value)?;
    finite("value of a prospect", value - amount("cost per prospect", cost_per_prospect)?)
}
