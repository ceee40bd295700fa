//! Whom to target: those whom the campaign changes most, not those most likely to leave.

use crate::churn::money_domain::checked_money;
use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;

/// Customers in the order in which a campaign takes them, and what it gains with each further one.
///
/// The list by risk targets who is likely to leave; many of those leave whatever is offered, or are worth less than the
/// offer. The list by gain targets by the profit lift, and no other list of as many customers gains more.
///
/// # Formula
/// ```text
/// gain of the first k = Σ_{i ≤ k} gainᵢ,   gainᵢ the profit lift of customer i
/// ```
/// The lift of an offer to a customer at risk is [`WinBackCandidate::gain`](super::WinBackCandidate::gain) with 1 − P
/// his risk; or the lift that a test measured ([`gains_by_segment`](super::gains_by_segment)) times his value, less
/// the cost.
///
/// # Example
/// ```
/// use goodwill::churn::TargetOrder;
///
/// let risks = [0.9, 0.8, 0.3, 0.2];
/// let gains = [-5.0, 2.0, 40.0, 10.0];
/// let by_gain = TargetOrder::by_gain(&gains)?;
/// assert_eq!((by_gain.customers(), by_gain.best()), (&[2, 3, 1, 0][..], (3, 52.0)));
/// // Two customers by risk lose money, two by gain bring 50.
/// let by_risk = TargetOrder::by_risk(&risks, &gains)?;
/// assert_eq!((by_risk.gains()[2], by_gain.gains()[2]), (-3.0, 50.0));
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Lemmens and Gupta (2020), Marketing Science 39, 956–973; Ascarza (2018), Journal of Marketing Research 55, 80–98.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TargetOrder {
    customers: Vec<usize>,
    gains: Vec<f64>,
}

impl TargetOrder {
    /// The largest gain first; equal ones in the order of the input. One row a customer.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain), with its row, for a gain outside ±10²⁵⁰.
    pub fn by_gain(gains: &[f64]) -> Result<Self> {
        Self::by(gains, gains)
    }

    /// The highest risk first; equal ones by their gain.
    ///
    /// # Errors
    /// As [`by_gain`](TargetOrder::by_gain), for a risk as well; [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for
    /// columns of other lengths.
    pub fn by_risk(risks: &[f64], gains: &[f64]) -> Result<Self> {
        if risks.len() != gains.len() {
            return Err(Error::length_mismatch(("risks", risks.len()), ("gains", gains.len())));
        }
        checked("risk", risks)?;
        Self::by(risks, gains)
    }

    fn by(keys: &[f64], gains: &[f64]) -> Result<Self> {
        checked("gain", gains)?;
        let mut customers: Vec<usize> = (0..gains.len()).collect();
        // −0 and 0 are the same.
        let descending = |a: f64, b: f64| (b + 0.0).total_cmp(&(a + 0.0));
        customers.sort_by(|&a, &b| {
            descending(keys[a], keys[b]).then_with(|| descending(gains[a], gains[b]))
        });
        let mut sum = ExactSum::new();
        let first = |&customer: &usize| {
            sum.add(gains[customer]);
            sum.value()
        };
        let gains = [0.0].into_iter().chain(customers.iter().map(first)).collect();
        Ok(Self { customers, gains })
    }

    /// The rows of the customers, in the order in which the campaign takes them.
    #[must_use]
    pub fn customers(&self) -> &[usize] {
        &self.customers
    }

    /// What the campaign gains with the first 0, 1, 2 … of them.
    #[must_use]
    pub fn gains(&self) -> &[f64] {
        &self.gains
    }

    /// How many of them to target for the largest gain, and that gain; of equal gains with the fewest.
    #[must_use]
    pub fn best(&self) -> (usize, f64) {
        let all = self.gains.iter().copied().enumerate();
        all.reduce(|a, b| if b.1 > a.1 { b } else { a }).unwrap_or((0, 0.0))
    }
}

fn checked(name: &'static str, values: &[f64]) -> Result<()> {
    let check = |(row, &value)| checked_money(name, value).map_err(|error| error.at_row(row));
    values.iter().enumerate().try_for_each(|row| check(row).map(|_| ()))
}
