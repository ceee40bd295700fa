//! The closed forms of Berger and Nasr (1998): contributions by purchase cycle with promotion, and profits that grow
//! along a curve. Their fifth case, customers who migrate between states, is [`MigrationModel`](super::MigrationModel).

mod profit_curve;
mod purchase_cycle;

pub use profit_curve::ProfitCurve;
pub use purchase_cycle::PurchaseCycle;

use crate::error::{Error, Result};
use crate::time::{DiscountRate, Horizon, TimeUnit};

/// A length of time above 0, in days.
pub(in crate::lifetime) fn positive_days(name: &'static str, length: Horizon) -> Result<f64> {
    match length.in_unit(TimeUnit::Day) {
        Some(days) if days > 0.0 => Ok(days),
        Some(days) => Err(Error::out_of_domain(name, days, "(0, ∞) days")),
        None => Err(Error::out_of_domain(name, "for ever", "(0, ∞) days")),
    }
}

/// An amount of money that is a number.
pub(in crate::lifetime) fn amount(name: &'static str, value: f64) -> Result<f64> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Error::out_of_domain(name, value, "(-∞, ∞)"))
    }
}

/// ln(1 + d) for a span of days.
pub(in crate::lifetime) fn force(discount: DiscountRate, days: f64) -> f64 {
    discount.continuous_per(TimeUnit::Day) * days
}
