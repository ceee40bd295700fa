//! What a customer's revenue leaves.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money::{Sum, difference, product};
use crate::quantity::Share;

/// What is left of the revenue of a period: by a rate, or after costs. Where it goes by customer, there is one entry
/// for each of [`Ledger::customers`](crate::Ledger::customers), in that order.
///
/// # Formula
/// ```text
/// profit = rate · revenue,   or   revenue − costs
/// ```
///
/// # Example
/// See [`Ledger::audit`](crate::Ledger::audit).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Margin<'a> {
    /// The same share of everybody's revenue.
    Rate(Share),
    /// A share of each customer's revenue.
    Rates(&'a [Share]),
    /// What each customer cost in the period.
    Costs(&'a [Decimal]),
}

impl Margin<'_> {
    pub(super) fn check(&self, customers: usize) -> Result<()> {
        let (name, length) = match self {
            Self::Rate(_) => return Ok(()),
            Self::Rates(rates) => ("margin rates", rates.len()),
            Self::Costs(costs) => ("costs", costs.len()),
        };
        if length == customers {
            Ok(())
        } else {
            Err(Error::length_mismatch(("customers", customers), (name, length)))
        }
    }

    /// Exactly what is left of one customer's revenue.
    pub(super) fn profit(&self, customer: usize, revenue: &Sum) -> Result<Sum> {
        let revenue = revenue.total()?;
        let profit = match self {
            Self::Rate(rate) => product(revenue, rate.get()),
            Self::Rates(rates) => product(revenue, rates[customer].get()),
            Self::Costs(costs) => difference(revenue, costs[customer]),
        };
        profit.map(Sum::from)
    }
}
