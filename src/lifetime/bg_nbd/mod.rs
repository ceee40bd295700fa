//! BG/NBD and MBG/NBD: buying at random, leaving at random after a purchase.

mod dropout;
pub(super) mod likelihood;

use std::marker::PhantomData;

use crate::error::{Error, Result};
use crate::lifetime::fit::{Fit, FitOptions, positive};
use crate::lifetime::model::{PurchaseModel, finite, sealed, sealed::Known};
use crate::lifetime::sample::Sample;
#[cfg(feature = "rand")]
use crate::lifetime::simulation;
use crate::math::beta::ln_beta;
use crate::math::double_exponential;
use crate::math::gamma::ln_pochhammer;
use crate::math::growth::ln_growth;
use crate::math::hypergeometric::{beta_mean_of_saturation, ln_hypergeometric};
use crate::math::incomplete_beta::incomplete_beta;
use crate::time::TimeUnit;
use crate::transactions::{Histories, History};

pub(super) use dropout::sealed::Dropout;
pub use dropout::{AfterEveryPurchase, AfterRepeatPurchase};

/// The beta-geometric / negative binomial model (BG/NBD) of a shop's customers.
///
/// # Assumptions
/// 1. While active, a customer buys at random times at his own rate λ.
/// 2. Rates differ: λ is gamma distributed with shape r and rate α.
/// 3. After each repeat purchase he leaves, for good and silently, with his own probability p.
/// 4. Dropout probabilities differ: p is beta distributed with parameters a and b.
/// 5. λ and p are independent.
///
/// So a one-time buyer is always still active: nobody leaves but after a repeat purchase.
///
/// # Formula
/// ```text
/// L(x, t_x, T) = (r)ₓ·αʳ·(b)ₓ/(a + b)ₓ · [(α + T)^{−r−x} + 1{x>0}·a/(b + x − 1)·(α + t_x)^{−r−x}]
/// P(alive)     = 1 / (1 + 1{x>0}·a/(b + x − 1)·((α + T)/(α + t_x))^{r+x})
/// E[Y(t)]      = P(alive)·E[(1 − (1 + p·t/(α + T))^{−r−x})/p],   p ~ Beta(a, b + x)
/// dE[Y(t)]/dt  = P(alive)·(r + x)/(α + T)·₂F₁(r + x + 1, a; a + b + x; −t/(α + T))
/// P(X(t) = n)  = B(a, b + n)/B(a, b)·(r)ₙ/n!·(α/(α + t))ʳ·(t/(α + t))ⁿ
///                + 1{n>0}·B(a + 1, b + n − 1)/B(a, b)·I_{t/(α + t)}(n, r)
/// ```
/// Alive at T + t if alive at T: ₂F₁(r + x, a; a + b + x; −t/(α + T)); silent: ((α + T)/(α + T + t))^{r+x}.
/// E[Y(t)] is equation (10) of the paper before its integral over p is taken: it has no singularity at a = 1.
/// The probability of n purchases of a known customer is that of a newcomer with (r + x, α + T, a, b + x).
///
/// # Units
/// α counts [`unit`](PurchaseModel::unit)s of time; r, a and b are pure numbers.
///
/// # Example
/// ```
/// use goodwill::{BgNbd, History, Horizon, PurchaseModel, TimeUnit};
///
/// let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
/// let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86)?;
/// assert!((model.probability_alive(&customer).get() - 0.726_579).abs() < 1e-6);
/// assert!((model.expected_purchases(&customer, Horizon::weeks(39.0)?)? - 1.226_028).abs() < 1e-6);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way", Marketing Science 24(2), 275–284,
/// equations (3), (8) and (10); doi:10.1287/mksc.1040.0098.
pub type BgNbd = BetaGeometricNbd<AfterRepeatPurchase>;

/// BG/NBD or MBG/NBD, by what `D` says of the first purchase: use [`BgNbd`] or [`MbgNbd`](super::MbgNbd).
///
/// The two differ in how many purchases a customer of x repeats could have left after: n = x of BG/NBD,
/// n = x + 1 of MBG/NBD. With n in place of x where it counts chances to leave, their formulas are one:
///
/// # Formula
/// ```text
/// L(x, t_x, T) = (r)ₓ·αʳ·(b)ₙ/(a + b)ₙ · [(α + T)^{−r−x} + 1{n>0}·a/(b + n − 1)·(α + t_x)^{−r−x}]
/// P(alive)     = 1 / (1 + 1{n>0}·a/(b + n − 1)·((α + T)/(α + t_x))^{r+x})
/// λ, p | alive : λ ~ gamma(r + x, α + T),   p ~ Beta(a, b + n)
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields", bound = "D: Dropout"))]
pub struct BetaGeometricNbd<D> {
    unit: TimeUnit,
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
    dropout: PhantomData<D>,
}

impl<D: Dropout> BetaGeometricNbd<D> {
    /// The model with known parameters.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless every parameter lies in `(0, ∞)`.
    pub fn new(unit: TimeUnit, r: f64, alpha: f64, a: f64, b: f64) -> Result<Self> {
        positive("r", r)?;
        positive("alpha", alpha)?;
        positive("a", a)?;
        positive("b", b)?;
        Ok(Self::at(unit, [r, alpha, a, b]))
    }

    pub(super) fn at(unit: TimeUnit, [r, alpha, a, b]: [f64; 4]) -> Self {
        Self { unit, r, alpha, a, b, dropout: PhantomData }
    }

    /// The maximum-likelihood model of the histories, with default options.
    ///
    /// # Errors
    /// As [`fit_with`](Self::fit_with).
    ///
    /// # Example
    /// See [`fit_with`](Self::fit_with).
    pub fn fit(histories: &Histories) -> Result<Fit<Self>> {
        Self::fit_with(histories, &FitOptions::default())
    }

    /// The maximum-likelihood model of the histories.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a customer; [`NotIdentified`](crate::ErrorKind::NotIdentified)
    /// where a parameter runs to the edge of its domain; [`NotConverged`](crate::ErrorKind::NotConverged) where
    /// the iterations do not suffice.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{BgNbd, FitOptions, Ledger, TimeUnit, Transaction};
    ///
    /// // customer,date,amount: the CDNOW sample that ships with the crate, to 30 September 1997.
    /// let csv = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow.csv"));
    /// let rows = csv.lines().skip(1).map(|line| {
    ///     let field: Vec<&str> = line.split(',').collect();
    ///     Transaction::new(field[0], field[1].parse().unwrap(), field[2].parse().unwrap())
    /// });
    /// let end = NaiveDate::from_ymd_opt(1997, 9, 30).unwrap();
    /// let ledger = Ledger::from_transactions(rows)?.until(end);
    ///
    /// let histories = ledger.histories(end, TimeUnit::Week)?;
    /// let fit = BgNbd::fit_with(&histories, &FitOptions::new().max_iterations(50))?;
    /// assert!((fit.model().r() - 0.242_594_52).abs() < 1e-8);
    /// assert_eq!(fit.standard_errors()[0].0, "r");
    /// assert!((fit.standard_errors()[0].1 - 0.012_557_38).abs() < 1e-8);
    /// assert_eq!(fit.customers(), 2_357);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn fit_with(histories: &Histories, options: &FitOptions) -> Result<Fit<Self>> {
        likelihood::fit(histories, options, (D::NBD, 1), likelihood::evaluate, |model| model)
    }

    /// The natural logarithm of the likelihood of the histories, time in the model's unit.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where it leaves the range of `f64`.
    pub fn log_likelihood(&self, histories: &Histories) -> Result<f64> {
        let sample = Sample::new(histories, self.unit);
        finite("log-likelihood", likelihood::evaluate(&sample, self).value)
    }

    /// The log-likelihood of one history.
    ///
    /// # Errors
    /// As [`log_likelihood`](Self::log_likelihood).
    pub fn log_likelihood_of(&self, history: &History) -> Result<f64> {
        let known = Known::new(history, self.unit);
        finite("log-likelihood", likelihood::log_likelihood(self, known))
    }

    /// r, the shape of the purchase rates: the smaller, the more they differ.
    #[must_use]
    pub fn r(&self) -> f64 {
        self.r
    }

    /// α, the rate parameter of the purchase rates, in units of time: r/α purchases per unit on average.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// a of the dropout probabilities, whose mean is a/(a + b).
    #[must_use]
    pub fn a(&self) -> f64 {
        self.a
    }

    /// b of the dropout probabilities.
    #[must_use]
    pub fn b(&self) -> f64 {
        self.b
    }

    /// The parameters with their names, in the order of the paper.
    #[must_use]
    pub fn parameters(&self) -> [(&'static str, f64); 4] {
        [("r", self.r), ("alpha", self.alpha), ("a", self.a), ("b", self.b)]
    }

    /// n, the purchases that the customer could have left after.
    pub(super) fn chances(known: Known) -> f64 {
        known.x() + D::AFTER_FIRST
    }

    /// ln of the odds of being gone, for n > 0: `ln a − ln(b + n − 1) + (r + x)·ln((α + T)/(α + t_x))`.
    fn ln_odds_gone(&self, known: Known) -> f64 {
        let silence = ln_growth(self.alpha + known.recency, known.age - known.recency);
        self.a.ln() - (self.b + (Self::chances(known) - 1.0)).ln() + (self.r + known.x()) * silence
    }

    /// What is known of the λ and p of a customer who is alive.
    fn if_alive(&self, known: Known) -> Posterior {
        Posterior {
            shape: self.r + known.x(),
            rate: self.alpha + known.age,
            b: self.b + Self::chances(known),
        }
    }
}

/// λ ~ gamma(shape, rate), p ~ beta(a, b).
struct Posterior {
    shape: f64,
    rate: f64,
    b: f64,
}

impl<D: Dropout> sealed::PurchaseKernel for BetaGeometricNbd<D> {
    fn time_unit(&self) -> TimeUnit {
        self.unit
    }

    fn odds_alive(&self, known: Known) -> f64 {
        let chances = Self::chances(known);
        if chances <= 0.0 {
            return f64::INFINITY;
        }
        let silence = ln_growth(self.alpha + known.recency, known.age - known.recency);
        let odds_gone =
            self.a / (self.b + (chances - 1.0)) * ((self.r + known.x()) * silence).exp();
        if odds_gone.is_finite() {
            return 1.0 / odds_gone;
        }
        (-self.ln_odds_gone(known)).exp()
    }

    fn still_alive(&self, known: Known, span: Option<f64>) -> f64 {
        let Posterior { shape, rate, b } = self.if_alive(known);
        span.map_or(0.0, |t| ln_hypergeometric(shape, self.a, self.a + b, -t / rate).exp())
    }

    fn ln_silence(&self, known: Known, span: Option<f64>) -> f64 {
        let Posterior { shape, rate, .. } = self.if_alive(known);
        span.map_or(f64::NEG_INFINITY, |t| -shape * ln_growth(rate, t))
    }

    fn purchases_if_alive(&self, known: Known, span: Option<f64>) -> Result<f64> {
        let Posterior { shape, rate, b } = self.if_alive(known);
        match span {
            Some(span) => Ok(beta_mean_of_saturation(self.a, b, shape, span / rate)),
            None if self.a > 1.0 => Ok((self.a + b - 1.0) / (self.a - 1.0)),
            None => Err(Error::undefined(
                "expected purchases for ever",
                format!(
                    "customers stay infinitely long on average where a ≤ 1, and a = {}",
                    self.a
                ),
            )),
        }
    }

    fn probability_if_alive(&self, known: Known, n: u32, span: Option<f64>) -> f64 {
        let Posterior { shape, rate, b } = self.if_alive(known);
        let count = f64::from(n);
        // Chances of a purchase coming before the end of the span, and after it.
        let (within, beyond) = match span {
            Some(span) => (span / (rate + span), rate / (rate + span)),
            None => (1.0, 0.0),
        };
        if n == 0 {
            return (shape * beyond.ln()).exp();
        }
        if within <= 0.0 {
            return 0.0;
        }
        let stayed = ln_pochhammer(b, count) - ln_pochhammer(self.a + b, count);
        let counted = ln_pochhammer(shape, count) - ln_pochhammer(1.0, count);
        let exactly = stayed + counted + shape * beyond.ln() + count * within.ln();
        let left = ln_beta(self.a + 1.0, b + (count - 1.0)) - ln_beta(self.a, b);
        exactly.exp() + left.exp() * incomplete_beta(count, shape, within, beyond)
    }

    fn discounted_if_alive(&self, known: Known, span: Option<f64>, delta: f64) -> f64 {
        let Posterior { shape, rate, b } = self.if_alive(known);
        let purchase_rate = |t: f64| {
            shape / rate * ln_hypergeometric(shape + 1.0, self.a, self.a + b, -t / rate).exp()
        };
        double_exponential::integrate(span, 1.0 / delta, |t| match (-delta * t).exp() {
            // So late that nothing is worth anything, and the rate need not be known.
            0.0 => 0.0,
            factor => factor * purchase_rate(t),
        })
    }
}

#[cfg(feature = "rand")]
impl<D: Dropout> sealed::PurchaseSimulation for BetaGeometricNbd<D> {
    fn draw_if_alive(
        &self,
        known: Known,
        span: f64,
        generator: &mut rand_chacha::ChaCha8Rng,
    ) -> Result<Vec<f64>> {
        let Posterior { shape, rate, b } = self.if_alive(known);
        let purchase_rate = simulation::gamma(shape, generator)? / rate;
        let dropout = simulation::beta(self.a, b, generator)?;
        simulation::purchase_times(
            span,
            generator,
            |generator| simulation::exponential(generator) / purchase_rate,
            |generator| simulation::happens(dropout, generator),
        )
    }
}

impl<D: Dropout> PurchaseModel for BetaGeometricNbd<D> {}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    unit: TimeUnit,
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
}

#[cfg(feature = "serde")]
impl<D: Dropout> TryFrom<Fields> for BetaGeometricNbd<D> {
    type Error = Error;

    fn try_from(fields: Fields) -> Result<Self> {
        Self::new(fields.unit, fields.r, fields.alpha, fields.a, fields.b)
    }
}

#[cfg(feature = "serde")]
impl<D> From<BetaGeometricNbd<D>> for Fields {
    fn from(model: BetaGeometricNbd<D>) -> Self {
        let BetaGeometricNbd { unit, r, alpha, a, b, .. } = model;
        Self { unit, r, alpha, a, b }
    }
}
