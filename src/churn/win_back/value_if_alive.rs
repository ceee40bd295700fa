//! What a customer is worth while he is one.

use crate::churn::money_domain::checked_money;
use crate::error::{Error, Result};
use crate::quantity::Probability;

/// What a customer is worth *if he is one*: V of the win-back formula, without the doubt whether he is still there.
///
/// A lifetime value as scored is P(alive) × V. Who takes it for V multiplies by P(alive) twice and calls nobody who
/// is probably gone, so V is a type of its own, and each way to make one says where the number comes from.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::churn::ValueIfAlive;
///
/// // Scored at 30, alive with 10 %: worth 300 once he is back, not 30.
/// let value = ValueIfAlive::from_scored(30.0, Probability::constant(0.1))?;
/// assert!((value.get() - 300.0).abs() < 1e-12);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ValueIfAlive(f64);

impl ValueIfAlive {
    /// A value that holds no doubt whether he is there:
    /// [`customer_lifetime_value_if_alive`](crate::customer_lifetime_value_if_alive), the value of a newcomer, or the
    /// second lifetime value of customers who came back before.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) outside ±10²⁵⁰.
    ///
    /// # Reference
    /// Stauss and Friege (1999), Journal of Service Research 1(4), 347–361, for the second lifetime value.
    pub fn given_alive(value: f64) -> Result<Self> {
        checked_money("value if alive", value).map(Self)
    }

    /// From a lifetime value as scored ([`customer_lifetime_value`](crate::customer_lifetime_value)) and the
    /// P(alive) of the same model, which is taken out of it.
    ///
    /// # Formula
    /// ```text
    /// V = lifetime value / P(alive)
    /// ```
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value outside ±10²⁵⁰;
    /// [`Undefined`](crate::ErrorKind::Undefined) where P(alive) is 0, or so small that V lies outside.
    pub fn from_scored(lifetime_value: f64, alive: Probability) -> Result<Self> {
        let value = checked_money("lifetime value", lifetime_value)? / alive.get();
        Self::given_alive(value).map_err(|_| {
            let reason = format!("a P(alive) of {alive} leaves nothing of a value to divide");
            Error::undefined("value if alive", reason)
        })
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}
