//! BG/BB: buying or not at each opportunity, leaving at random before one.

mod forecast;
mod likelihood;
#[cfg(feature = "rand")]
mod simulate;

use crate::error::{Error, Result};
use crate::lifetime::fit::{Fit, FitOptions, positive};
use crate::lifetime::model::finite;
use crate::time::TimeUnit;
use crate::transactions::{Opportunities, OpportunityHistory};

use likelihood::Sample;

/// The beta-geometric / beta-Bernoulli model: customers who can buy at opportunities one period apart, and leave
/// silently.
///
/// # Assumptions
/// 1. While active, a customer takes each opportunity to buy with his own probability p.
/// 2. Probabilities differ: p is beta distributed with parameters α and β.
/// 3. Before each opportunity he leaves, for good and silently, with his own probability θ.
/// 4. Dropout probabilities differ: θ is beta distributed with parameters γ and δ.
/// 5. p and θ are independent.
///
/// # Formula
/// ```text
/// L(x, t_x, n) = B(α + x, β + n − x)/B(α, β)·B(γ, δ + n)/B(γ, δ)
///                + Σ B(α + x, β + t_x − x + i)/B(α, β)·B(γ + 1, δ + t_x + i)/B(γ, δ) for i = 0 … n − t_x − 1
/// P(alive)     = the first term of L/L
/// alive after m more = P(alive)·B(γ, δ + n + m)/B(γ, δ + n)
/// E[Y(m)]      = P(alive)·(α + x)/(α + β + n)·Σ B(γ, δ + n + k)/B(γ, δ + n) for k = 1 … m
/// discounted   = the same with each term over (1 + d)ᵏ
/// P(X(n) = x)  = C(n, x)·B(α + x, β + n − x)/B(α, β)·B(γ, δ + n)/B(γ, δ)
///                + Σ C(i, x)·B(α + x, β + i − x)/B(α, β)·B(γ + 1, δ + i)/B(γ, δ) for i = x … n − 1
/// ```
/// What a customer does who is alive follows the same model with (α + x, β + n − x, γ, δ + n).
///
/// # Units
/// All four parameters are pure numbers; opportunities are one [`period`](BgBb::period) apart. Horizons must be whole
/// periods; for ever is allowed where it is finite.
///
/// # Example
/// ```
/// use goodwill::lifetime::BgBb;
/// use goodwill::{Horizon, OpportunityHistory, TimeUnit};
///
/// // Donors with six yearly appeals; this one gave in the second and the fourth year.
/// let model = BgBb::new(TimeUnit::Year, 1.204, 0.750, 0.657, 2.783)?;
/// let donor = OpportunityHistory::new(2, 4, 6)?;
/// let next_year = Horizon::years(1.0)?;
/// assert!((model.probability_alive_after(&donor, next_year)?.get() - 0.59).abs() < 5e-3);
/// assert!((model.expected_purchases(&donor, Horizon::years(5.0)?)? - 1.057348).abs() < 1e-6);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fader, Hardie and Shang (2010), "Customer-Base Analysis in a Discrete-Time Noncontractual Setting", Marketing
/// Science 29(6), 1086–1108, equations (5), (7), (8), (11), (13) and (14); doi:10.1287/mksc.1100.0580.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct BgBb {
    period: TimeUnit,
    alpha: f64,
    beta: f64,
    gamma: f64,
    delta: f64,
}

impl BgBb {
    /// The model with known parameters.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless every parameter lies in `(0, ∞)`.
    pub fn new(period: TimeUnit, alpha: f64, beta: f64, gamma: f64, delta: f64) -> Result<Self> {
        Ok(Self {
            period,
            alpha: positive("alpha", alpha)?,
            beta: positive("beta", beta)?,
            gamma: positive("gamma", gamma)?,
            delta: positive("delta", delta)?,
        })
    }

    /// The maximum-likelihood model of the histories, with default options.
    ///
    /// # Errors
    /// As [`fit_with`](BgBb::fit_with).
    ///
    /// # Example
    /// See [`fit_with`](BgBb::fit_with).
    pub fn fit(opportunities: &Opportunities) -> Result<Fit<Self>> {
        Self::fit_with(opportunities, &FitOptions::default())
    }

    /// The maximum-likelihood model of the histories. Equal rows share the work.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a customer; [`NotIdentified`](crate::ErrorKind::NotIdentified)
    /// where a parameter runs to the edge of its domain; [`NotConverged`](crate::ErrorKind::NotConverged) where
    /// the iterations do not suffice.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::BgBb;
    /// use goodwill::{FitOptions, Opportunities, TimeUnit};
    ///
    /// // 60 members could come to four meetings: (times, the last one) of how many.
    /// let (times, last) = ([0, 1, 1, 2, 2, 3, 3, 4], [0, 1, 4, 2, 4, 3, 4, 4]);
    /// let members = [19, 9, 4, 5, 6, 3, 5, 9];
    /// let seen = Opportunities::with_weights(TimeUnit::Month, &times, &last, &[4; 8], &members)?;
    /// let fit = BgBb::fit_with(&seen, &FitOptions::new())?;
    /// assert_eq!(fit.customers(), 60);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn fit_with(opportunities: &Opportunities, options: &FitOptions) -> Result<Fit<Self>> {
        likelihood::fit(opportunities, options)
    }

    /// The natural logarithm of the likelihood of the histories.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for histories in another period;
    /// [`Undefined`](crate::ErrorKind::Undefined) where it leaves the range of `f64`.
    pub fn log_likelihood(&self, opportunities: &Opportunities) -> Result<f64> {
        self.must_judge(opportunities)?;
        finite("log-likelihood", Sample::new(opportunities).evaluate(self).value)
    }

    /// That the opportunities are as far apart as those of the model.
    pub(in crate::lifetime) fn must_judge(&self, opportunities: &Opportunities) -> Result<()> {
        if opportunities.period() == self.period {
            return Ok(());
        }
        Err(Error::inconsistent(format!(
            "a model in periods of a {:?} cannot judge opportunities a {:?} apart",
            self.period,
            opportunities.period()
        )))
    }

    /// The log-likelihood of one history.
    ///
    /// # Errors
    /// As [`log_likelihood`](BgBb::log_likelihood).
    pub fn log_likelihood_of(&self, history: &OpportunityHistory) -> Result<f64> {
        finite("log-likelihood", likelihood::log_likelihood(self, history))
    }

    /// From one opportunity to the next.
    #[must_use]
    pub fn period(&self) -> TimeUnit {
        self.period
    }

    /// α of the purchase probabilities, whose mean is α/(α + β).
    #[must_use]
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// β of the purchase probabilities.
    #[must_use]
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// γ of the dropout probabilities, whose mean is γ/(γ + δ).
    #[must_use]
    pub fn gamma(&self) -> f64 {
        self.gamma
    }

    /// δ of the dropout probabilities.
    #[must_use]
    pub fn delta(&self) -> f64 {
        self.delta
    }

    /// The parameters with their names, in the order of the paper.
    #[must_use]
    pub fn parameters(&self) -> [(&'static str, f64); 4] {
        [("alpha", self.alpha), ("beta", self.beta), ("gamma", self.gamma), ("delta", self.delta)]
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    period: TimeUnit,
    alpha: f64,
    beta: f64,
    gamma: f64,
    delta: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for BgBb {
    type Error = Error;

    fn try_from(fields: Fields) -> Result<Self> {
        Self::new(fields.period, fields.alpha, fields.beta, fields.gamma, fields.delta)
    }
}

#[cfg(feature = "serde")]
impl From<BgBb> for Fields {
    fn from(model: BgBb) -> Self {
        let BgBb { period, alpha, beta, gamma, delta } = model;
        Self { period, alpha, beta, gamma, delta }
    }
}
