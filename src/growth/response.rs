//! What spending achieves, with falling returns.

use crate::error::{Error, Result};

use super::within;

/// How the chance to win a prospect, or to keep a customer, answers to the money spent on each.
///
/// # Formula
/// ```text
/// rate(s) = C·(1 − e^{−k·s}),   marginal cost(s) = 1/rate′(s) = e^{k·s}/(C·k)
/// ```
/// C the ceiling that no spending exceeds, k the speed at which it is approached.
///
/// # Units
/// The spend is money for each prospect or customer, in one period; the speed is per unit of money.
///
/// # Example
/// ```
/// use goodwill::growth::Response;
///
/// // A manager's answers: at most 40 % would ever come, and the 10 spent on each now bring 25 %.
/// let response = Response::from_point(0.4, 10.0, 0.25)?;
/// assert!((response.speed() - 0.098_082_925_301_172_62).abs() < 1e-15); // −ln(0.15/0.4)/10
/// assert!((response.rate(20.0)? - 0.343_75).abs() < 1e-15); // the next 10 bring 9.4 % only
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Blattberg and Deighton (1996), Harvard Business Review 74(4), 136–144.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "ResponseFields", into = "ResponseFields"))]
pub struct Response {
    ceiling: f64,
    speed: f64,
}

impl Response {
    /// A response with its ceiling C and its speed k.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a ceiling outside [10⁻⁹, 1] or a speed outside
    /// [10⁻⁹, 10⁹].
    pub fn new(ceiling: f64, speed: f64) -> Result<Self> {
        let ceiling = within("ceiling", ceiling, 1e-9..=1.0, "[1e-9, 1]")?;
        let speed = within("speed", speed, 1e-9..=1e9, "[1e-9, 1e9]")?;
        Ok(Self { ceiling, speed })
    }

    /// The response of a ceiling that reaches `rate` at `spend`: what is spent and achieved now.
    ///
    /// # Formula
    /// ```text
    /// k = −ln(1 − rate/C)/spend
    /// ```
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend outside [10⁻⁹, 10¹²], or as [`new`](Response::new);
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a rate that is not above 0 and below the ceiling.
    pub fn from_point(ceiling: f64, spend: f64, rate: f64) -> Result<Self> {
        let spend = within("spend", spend, 1e-9..=1e12, "[1e-9, 1e12]")?;
        let ceiling = within("ceiling", ceiling, 1e-9..=1.0, "[1e-9, 1]")?;
        if !(rate > 0.0 && rate < ceiling) {
            let what =
                format!("a rate of {rate} is not above 0 and below its ceiling of {ceiling}");
            return Err(Error::inconsistent(what));
        }
        Self::new(ceiling, -(-rate / ceiling).ln_1p() / spend)
    }

    /// The ceiling C.
    #[must_use]
    pub fn ceiling(&self) -> f64 {
        self.ceiling
    }

    /// The speed k.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// The share won or kept at a spend for each.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend outside [0, 10¹²].
    pub fn rate(&self, spend: f64) -> Result<f64> {
        Ok(self.reached(super::cost("spend", spend)?))
    }

    /// What one more customer costs at a spend for each, which is more than the average one does.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend outside [0, 10¹²];
    /// [`Undefined`](crate::ErrorKind::Undefined) where the spend is so large that more of it changes nothing.
    pub fn marginal_cost(&self, spend: f64) -> Result<f64> {
        let marginal = 1.0 / self.slope(super::cost("spend", spend)?);
        if marginal.is_finite() {
            Ok(marginal)
        } else {
            let reason = format!("at a spend of {spend} more of it changes nothing");
            Err(Error::undefined("marginal cost", reason))
        }
    }

    /// rate(s).
    pub(super) fn reached(&self, spend: f64) -> f64 {
        -self.ceiling * (-self.speed * spend).exp_m1()
    }

    /// 1 − rate(s), to its last digits.
    pub(super) fn missed(&self, spend: f64) -> f64 {
        (1.0 - self.ceiling) + self.ceiling * (-self.speed * spend).exp()
    }

    /// rate′(s).
    pub(super) fn slope(&self, spend: f64) -> f64 {
        self.ceiling * self.speed * (-self.speed * spend).exp()
    }

    /// The spend at which the last unit of money brings back `back`, when each success is worth `value`: 0 where even
    /// the first brings less.
    pub(super) fn spend_bringing(&self, back: f64, value: f64) -> f64 {
        let first = self.ceiling * self.speed * value;
        if first > back { (first / back).ln() / self.speed } else { 0.0 }
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct ResponseFields {
    ceiling: f64,
    speed: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<ResponseFields> for Response {
    type Error = Error;

    fn try_from(fields: ResponseFields) -> Result<Self> {
        Self::new(fields.ceiling, fields.speed)
    }
}

#[cfg(feature = "serde")]
impl From<Response> for ResponseFields {
    fn from(response: Response) -> Self {
        Self { ceiling: response.ceiling, speed: response.speed }
    }
}
