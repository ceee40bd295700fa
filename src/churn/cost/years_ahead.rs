//! The years ahead: a group of customers shrinks, and its money with it.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money::{self, round_half_even};
use crate::present_value::discount_factor;
use crate::quantity::{Probability, Share};
use crate::time::{DiscountRate, Horizon};

use super::line::check_customers;

/// Digits of a year's survival and of its discounted survival when they become exact.
const PLACES: u32 = 12;

/// What a group of customers brings in the years ahead while some of them leave, and what those who left no longer
/// bring.
///
/// Of last year's lost customers, `kept` is what they would still have brought. Of the whole base, `gone` is what its
/// churn costs in each year to come if nobody is replaced.
///
/// # Formula
/// ```text
/// customers kept in year t = n·S(t);   revenue = customers·revenue each;   margin = revenue·margin
/// present value            = n·revenue each·margin·S(t)/(1 + d)ᵗ;          gone + kept = n
/// ```
/// S(t), (1 + d)^{−t} and their product are rounded once, half to even, to 12 places; everything else is exact.
///
/// # Units
/// Years count from now: 1 is the year that begins, paid at its end. `revenue_each` is of a year.
///
/// # Example
/// ```
/// use goodwill::churn::YearsAhead;
/// use goodwill::{DiscountRate, Probability, Share};
///
/// // 64,000 customers of 40,000 a year at a margin of 10 %, of whom 5 % are lost every year.
/// let stay = [0.95, 0.95 * 0.95].map(Probability::constant);
/// let (each, margin) = (40_000.into(), Share::percent(10)?);
/// let ahead = YearsAhead::new(64_000.into(), each, margin, &stay, DiscountRate::annual(0.25)?)?;
/// let years = ahead.years();
/// assert_eq!(years[0].gone.customers, 3_200.into());
/// assert_eq!(years[0].gone.margin, 12_800_000.into());
/// assert_eq!(years[0].gone.present_value, 10_240_000.into());
/// assert_eq!(years[1].kept.customers, 57_760.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct YearsAhead {
    years: Vec<YearAhead>,
}

/// One year of [`YearsAhead`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct YearAhead {
    /// The year, from 1.
    pub year: u32,
    /// The share of the customers who are still there.
    pub survival: Probability,
    /// Those who are still there.
    pub kept: Flow,
    /// Those who have left since the start.
    pub gone: Flow,
}

/// Customers and their money in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Flow {
    /// Customers, who need not be whole.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub customers: Decimal,
    /// Their revenue.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub revenue: Decimal,
    /// The margin in it.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub margin: Decimal,
    /// What that margin is worth today.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub present_value: Decimal,
}

impl YearsAhead {
    /// `survival` holds S(1), S(2) …: the share of the customers who are still there after each year.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a year; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for
    /// customers or revenue below 0; [`Inconsistent`](crate::ErrorKind::Inconsistent) with the row where survival
    /// rises; [`Undefined`](crate::ErrorKind::Undefined) where a discount factor leaves the range of `f64`;
    /// [`Overflow`](crate::ErrorKind::Overflow) where a product needs more digits than `Decimal` holds.
    pub fn new(
        customers: Decimal,
        revenue_each: Decimal,
        margin: Share,
        survival: &[Probability],
        discount: DiscountRate,
    ) -> Result<Self> {
        check_customers(customers)?;
        if revenue_each < Decimal::ZERO {
            return Err(Error::out_of_domain("revenue per customer", revenue_each, "[0, ∞)"));
        }
        if survival.is_empty() {
            return Err(Error::empty("survival"));
        }
        let revenue = money::product(customers, revenue_each)?;
        let margin = money::product(revenue, margin.get())?;
        let flow = |share, discounted_share| {
            Ok::<_, Error>(Flow {
                customers: money::product(customers, share)?,
                revenue: money::product(revenue, share)?,
                margin: money::product(margin, share)?,
                present_value: money::product(margin, discounted_share)?,
            })
        };
        let mut before = Probability::ONE;
        let mut years = Vec::with_capacity(survival.len());
        for (row, &survival) in survival.iter().enumerate() {
            if survival > before {
                let what = format!("survival rises from {before} to {survival}");
                return Err(Error::inconsistent(what).at_row(row));
            }
            before = survival;
            let year = row as u32 + 1;
            let factor = discount_factor(discount, Horizon::years(f64::from(year))?)?;
            let kept = round_half_even(survival.get(), PLACES)?;
            let discounted = round_half_even(survival.get() * factor, PLACES)?;
            let gone = money::difference(Decimal::ONE, kept)?;
            let discounted_gone = money::difference(round_half_even(factor, PLACES)?, discounted)?;
            let (kept, gone) = (flow(kept, discounted)?, flow(gone, discounted_gone)?);
            years.push(YearAhead { year, survival, kept, gone });
        }
        Ok(Self { years })
    }

    /// The years, in order.
    #[must_use]
    pub fn years(&self) -> &[YearAhead] {
        &self.years
    }

    /// What those who are kept bring over all the years, at today's worth: of lost customers, their residual value.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold it.
    pub fn present_value_kept(&self) -> Result<Decimal> {
        money::sum(self.years.iter().map(|year| year.kept.present_value))
    }

    /// What those who have left no longer bring over all the years, at today's worth.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold it.
    pub fn present_value_gone(&self) -> Result<Decimal> {
        money::sum(self.years.iter().map(|year| year.gone.present_value))
    }
}
