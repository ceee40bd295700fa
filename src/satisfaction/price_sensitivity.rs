//! Who stays when the price rises? The elasticity of demand, from price rises that happened.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};
use crate::math::distribution::student_quantile;
use crate::math::exact_sum::ExactSum;
use crate::money::{self, Sum};
use crate::quantity::Probability;

use super::mean::student_interval;

/// One price rise: the prices, and the quantities sold in an equal time before and after it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PriceRise {
    /// ln(price after / price before).
    x: f64,
    /// ln(quantity after / quantity before).
    y: f64,
}

impl PriceRise {
    /// `price` and `quantity` as (before, after).
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a price not above 0 or a quantity outside
    /// [10⁻¹⁰⁰, 10¹⁰⁰]; [`Inconsistent`](crate::ErrorKind::Inconsistent) where the price did not rise.
    pub fn new(price: (Decimal, Decimal), quantity: (f64, f64)) -> Result<Self> {
        if price.0 <= Decimal::ZERO {
            return Err(Error::out_of_domain("price before", price.0, "(0, ∞)"));
        }
        for (name, value) in [("quantity before", quantity.0), ("quantity after", quantity.1)] {
            if !(1e-100..=1e100).contains(&value) {
                return Err(Error::out_of_domain(name, value, "[1e-100, 1e100]"));
            }
        }
        let mut rise = Sum::from(price.0).negated()?;
        rise.add(price.1)?;
        let x = (rise.to_f64() / money::to_f64(price.0)).ln_1p();
        if !(x > 0.0) {
            let what = format!("the price did not rise: {} to {}", price.0, price.1);
            return Err(Error::inconsistent(what));
        }
        Ok(Self { x, y: (quantity.1 / quantity.0).ln() })
    }
}

/// By how many per cent demand changes when the price rises by one per cent, with its interval. Usually below
/// 0; nearer 0 means customers who mind the price less.
///
/// # Formula
/// ```text
/// xᵢ = ln(p after / p before), yᵢ = ln(q after / q before) of m rises
/// ε = Σ xᵢyᵢ / Σ xᵢ²,   ε ± t₍m−1₎ √( Σ (yᵢ − ε·xᵢ)² / (m − 1) / Σ xᵢ² )
/// ```
///
/// # Errors
/// [`Undefined`](crate::ErrorKind::Undefined) for fewer than two rises, or a level too near 1 for so few;
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{PriceRise, price_elasticity};
///
/// let rises = [
///     PriceRise::new((100.into(), 110.into()), (1_000.0, 900.0))?,
///     PriceRise::new((110.into(), 120.into()), (900.0, 850.0))?,
///     PriceRise::new((50.into(), 60.into()), (400.0, 330.0))?,
/// ];
/// let elasticity = price_elasticity(&rises, Probability::constant(0.95))?;
/// assert!((elasticity.value() - -1.003_862_917_805_012).abs() < 1e-14);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Least squares through the origin: Seber and Lee (2003), Linear Regression Analysis, section 6.2.
pub fn price_elasticity(rises: &[PriceRise], level: Probability) -> Result<Estimate> {
    two_sided_z(level)?;
    if rises.len() < 2 {
        let reason = format!("an interval needs two price rises, not {}", rises.len());
        return Err(Error::undefined("the price elasticity", reason));
    }
    let (mut both, mut squares) = (ExactSum::new(), ExactSum::new());
    for rise in rises {
        both.add_product(rise.x, rise.y);
        squares.add_product(rise.x, rise.x);
    }
    let squares = squares.value();
    let elasticity = both.value() / squares;
    let mut rest = ExactSum::new();
    for rise in rises {
        let residual = rise.y - elasticity * rise.x;
        rest.add_product(residual, residual);
    }
    let degrees = rises.len() as f64 - 1.0;
    let error = (rest.value() / degrees / squares).sqrt();
    student_interval(elasticity, error, student_quantile(level.complement().get(), degrees), level)
}
