//! From one period's profit to the next one's, without a remainder.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money::{Sum, difference, rounded_quotient, sum};

use super::groups::{Activity, Audit, AuditGroup};

/// From the profit of the earlier period to that of the later one: the lines add up to the change exactly.
///
/// # Formula
/// ```text
/// each group        P′ − P of its customers; for those retained, three lines:
///   frequency       F′·P/F − P               more or fewer purchases, at the earlier profit a purchase
///   spend           R′·P/R − F′·P/F          more or less money a purchase, at the earlier margin
///   margin          P′ − R′·P/R              more or less profit a unit of money
/// ```
/// F occasions, R revenue, P profit of the retained; ′ marks the later period. The two quotients are rounded once, half
/// to even, and each rounding passes from one line to the next. The order, frequency before spend before margin, decides
/// to whom the joint effects go.
///
/// # Example
/// See [`Ledger::audit`](crate::Ledger::audit).
///
/// # Reference
/// Fader, Hardie and Ross (2022), The Customer-Base Audit, chapter 4, for the parts of profit; the successive
/// substitution is the variance analysis of cost accounting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ProfitBridge {
    /// All profit of the earlier period.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub opening: Decimal,
    /// From customers who lapsed, below 0 where they had brought profit.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub lapsed: Decimal,
    /// From retained customers who bought more or less often.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub frequency: Decimal,
    /// From retained customers who spent more or less on a purchase; with the margin where that is `None`.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub spend: Decimal,
    /// From retained customers whose money left more or less; `None` where their earlier revenue was 0, so that there was
    /// no margin to compare with.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str_option"))]
    pub margin: Option<Decimal>,
    /// From customers who came back.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub reactivated: Decimal,
    /// From new customers.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub new: Decimal,
    /// From refunds and costs of customers who bought in neither period.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub dormant: Decimal,
    /// All profit of the later period.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub closing: Decimal,
}

impl Audit {
    /// The bridge from the earlier profit to the later one; `digits` after the point are kept of its two quotients.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for more than 28 digits;
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a line.
    pub fn bridge(&self, digits: u32) -> Result<ProfitBridge> {
        if digits > Decimal::MAX_SCALE {
            return Err(Error::out_of_domain("digits", digits, "[0, 28]"));
        }
        let group = |group: AuditGroup| &self.groups[group as usize];
        let change = |own: AuditGroup| -> Result<Decimal> {
            difference(group(own).later.profit.total()?, group(own).earlier.profit.total()?)
        };
        let all = |of: fn(&super::groups::Group) -> &Activity| -> Result<Decimal> {
            let mut total = Sum::default();
            self.groups.iter().try_for_each(|own| total.merge(&of(own).profit))?;
            total.total()
        };
        let retained = group(AuditGroup::Retained);
        let (frequency, spend, margin) = effects(&retained.earlier, &retained.later, digits)?;
        Ok(ProfitBridge {
            opening: all(|own| &own.earlier)?,
            lapsed: change(AuditGroup::Lapsed)?,
            frequency,
            spend,
            margin,
            reactivated: change(AuditGroup::Reactivated)?,
            new: change(AuditGroup::New)?,
            dormant: change(AuditGroup::Dormant)?,
            closing: all(|own| &own.later)?,
        })
    }
}

impl ProfitBridge {
    /// The lines between opening and closing, added up: closing − opening.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the total.
    pub fn change(&self) -> Result<Decimal> {
        let lines =
            [self.lapsed, self.frequency, self.spend, self.reactivated, self.new, self.dormant];
        sum(lines.into_iter().chain(self.margin))
    }
}

/// The three lines of the retained customers.
fn effects(
    earlier: &Activity,
    later: &Activity,
    digits: u32,
) -> Result<(Decimal, Decimal, Option<Decimal>)> {
    let (before, after) = (earlier.profit.total()?, later.profit.total()?);
    if earlier.occasions == 0 {
        return Ok((Decimal::ZERO, Decimal::ZERO, Some(Decimal::ZERO))); // nobody stayed
    }
    let purchases = |own: &Activity| Decimal::from(own.occasions);
    let more_often = rounded_quotient(before, purchases(later), purchases(earlier), digits)?;
    let revenue = earlier.revenue.total()?;
    let frequency = difference(more_often, before)?;
    if revenue.is_zero() {
        return Ok((frequency, difference(after, more_often)?, None));
    }
    let same_margin = rounded_quotient(before, later.revenue.total()?, revenue, digits)?;
    let spend = difference(same_margin, more_often)?;
    Ok((frequency, spend, Some(difference(after, same_margin)?)))
}
