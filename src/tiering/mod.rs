//! Who matters: the customer pyramid and the concentration of value.
//!
//! Tiering takes one value per customer (exact [`Decimal`](rust_decimal::Decimal) or `f64`) and never asks what
//! it is: revenue, profit, or a model's forecast.

mod concentration;
mod pyramid;
mod selection;
mod value;

pub use concentration::Concentration;
pub use pyramid::{Pyramid, Tier, Tiering, Ties};
pub use value::Value;
