//! Pareto/NBD: buying at random, leaving at random at any time.

mod counts;
mod likelihood;
mod race;

use crate::error::{Error, Result};
use crate::lifetime::fit::{Fit, FitOptions, positive};
use crate::lifetime::model::{PurchaseModel, finite, sealed, sealed::Known};
use crate::lifetime::sample::{Row, Sample};
#[cfg(feature = "rand")]
use crate::lifetime::simulation;
use crate::math::double_exponential;
use crate::math::growth::ln_growth;
use crate::math::newton::Evaluation;
use crate::time::TimeUnit;
use crate::transactions::{Histories, History};

use race::{Clock, Silence};

/// The Pareto / negative binomial model of a shop's customers.
///
/// # Assumptions
/// 1. While active, a customer buys at random times at his own rate λ.
/// 2. Rates differ: λ is gamma distributed with shape r and rate α.
/// 3. He leaves, for good and silently, at a random time at his own rate μ: his lifetime is exponential.
/// 4. Rates of leaving differ: μ is gamma distributed with shape s and rate β, so that lifetimes are Pareto.
/// 5. λ and μ are independent.
///
/// Unlike in [`BgNbd`](crate::BgNbd), he may leave at any time, also before his first repeat purchase.
///
/// # Formula
/// ```text
/// L(x, t_x, T) = (r)ₓ·αʳ·βˢ·[(α + T)^{−r−x}·(β + T)^{−s} + s·∫ (α + y)^{−r−x}·(β + y)^{−s−1} dy],  y = t_x … T
/// P(alive)     = the first term's share of the bracket
/// E[Y(t)]      = P(alive)·(r + x)/(α + T)·(β + T)/(s − 1)·[1 − ((β + T)/(β + T + t))^{s−1}]
/// dE[Y(t)]/dt  = P(alive)·(r + x)/(α + T)·((β + T)/(β + T + t))ˢ
/// P(X(t) = n)  = (r)ₙ/n!·[(α/(α + t))ʳ·(t/(α + t))ⁿ·(β/(β + t))ˢ
///                + s·∫ (α/(α + u))ʳ·(u/(α + u))ⁿ·(β/(β + u))ˢ du/(β + u)],   u = 0 … t
/// ```
/// Alive at T + t if alive at T: ((β + T)/(β + T + t))ˢ. At s = 1, E[Y(t)] holds ln((β + T + t)/(β + T)) in place
/// of the quotient, and is smooth there. The probability of n purchases of a known customer who is alive is that
/// of a newcomer with (r + x, α + T, s, β + T).
/// The papers write the integrals as differences of two ₂F₁ with a branch for α ≷ β; here they are taken as they
/// stand, of positive functions, to the last digits on either side of α = β.
///
/// # Units
/// α and β count [`unit`](PurchaseModel::unit)s of time; r and s are pure numbers.
///
/// # Example
/// ```
/// use goodwill::{History, Horizon, ParetoNbd, PurchaseModel, TimeUnit};
///
/// let model = ParetoNbd::new(TimeUnit::Week, 0.553, 10.578, 0.606, 11.669)?;
/// let customer = History::new(TimeUnit::Week, 26, 30.86, 31.0)?;
/// assert!((model.probability_alive(&customer).get() - 0.9979).abs() < 5e-5);
/// assert!((model.expected_purchases(&customer, Horizon::weeks(52.0)?)? - 25.46).abs() < 5e-3);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Schmittlein, Morrison and Colombo (1987), "Counting Your Customers: Who Are They and What Will They Do Next?",
/// Management Science 33(1), 1–24; doi:10.1287/mnsc.33.1.1. Fader, Hardie and Lee (2005), "RFM and CLV: Using
/// Iso-Value Curves for Customer Base Analysis", Journal of Marketing Research 42(4), 415–430;
/// doi:10.1509/jmkr.2005.42.4.415.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct ParetoNbd {
    unit: TimeUnit,
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
}

impl ParetoNbd {
    /// The model with known parameters.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless every parameter lies in `(0, ∞)`.
    pub fn new(unit: TimeUnit, r: f64, alpha: f64, s: f64, beta: f64) -> Result<Self> {
        Ok(Self {
            unit,
            r: positive("r", r)?,
            alpha: positive("alpha", alpha)?,
            s: positive("s", s)?,
            beta: positive("beta", beta)?,
        })
    }

    /// The maximum-likelihood model of the histories, with default options.
    ///
    /// # Errors
    /// As [`fit_with`](ParetoNbd::fit_with).
    ///
    /// # Example
    /// See [`fit_with`](ParetoNbd::fit_with).
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
    /// use goodwill::{Ledger, ParetoNbd, TimeUnit, Transaction};
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
    /// let fit = ParetoNbd::fit(&ledger.histories(end, TimeUnit::Week)?)?;
    /// assert!((fit.model().s() - 0.606_239_99).abs() < 1e-8);
    /// assert!((fit.log_likelihood() + 9_594.976_178_94).abs() < 1e-8);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn fit_with(histories: &Histories, options: &FitOptions) -> Result<Fit<Self>> {
        likelihood::fit(histories, options)
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
    /// As [`log_likelihood`](ParetoNbd::log_likelihood).
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

    /// s, the shape of the rates of leaving: the smaller, the more they differ.
    #[must_use]
    pub fn s(&self) -> f64 {
        self.s
    }

    /// β, the rate parameter of the rates of leaving, in units of time: half of the customers stay longer than
    /// β·(2^{1/s} − 1).
    #[must_use]
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// The parameters with their names, in the order of the paper.
    #[must_use]
    pub fn parameters(&self) -> [(&'static str, f64); 4] {
        [("r", self.r), ("alpha", self.alpha), ("s", self.s), ("beta", self.beta)]
    }

    pub(super) fn at(unit: TimeUnit, [r, alpha, s, beta]: [f64; 4]) -> Self {
        Self { unit, r, alpha, s, beta }
    }

    /// Σ ln L of rows in order of (x, T, `t_x`), with its derivatives in (r, α, s, β).
    pub(super) fn evaluate_rows(&self, rows: &[Row]) -> Evaluation<4> {
        likelihood::evaluate_rows(self, rows)
    }

    /// What is known at `time` of the λ and μ of a customer who was alive then, and what he will do silently
    /// within the span.
    fn silence(&self, known: Known, time: f64, span: Option<f64>) -> Silence {
        Silence {
            buying: Clock { shape: self.r + known.x(), rate: self.alpha + time },
            leaving: Clock { shape: self.s, rate: self.beta + time },
            span,
        }
    }
}

impl sealed::PurchaseKernel for ParetoNbd {
    fn time_unit(&self) -> TimeUnit {
        self.unit
    }

    fn odds_alive(&self, known: Known) -> f64 {
        self.silence(known, known.recency, Some(known.age - known.recency)).odds_alive()
    }

    fn still_alive(&self, known: Known, span: Option<f64>) -> f64 {
        span.map_or(0.0, |t| (-self.s * ln_growth(self.beta + known.age, t)).exp())
    }

    fn ln_silence(&self, known: Known, span: Option<f64>) -> f64 {
        self.silence(known, known.age, span).ln_no_purchase()
    }

    fn purchases_if_alive(&self, known: Known, span: Option<f64>) -> Result<f64> {
        let Silence { buying, leaving, .. } = self.silence(known, known.age, span);
        let rate = buying.shape / buying.rate;
        match span {
            Some(t) => {
                let growth = ln_growth(leaving.rate, t);
                Ok(rate * leaving.rate * growth * mean_of_decay((self.s - 1.0) * growth))
            }
            None if self.s > 1.0 => Ok(rate * leaving.rate / (self.s - 1.0)),
            None => Err(Error::undefined(
                "expected purchases for ever",
                format!(
                    "customers stay infinitely long on average where s ≤ 1, and s = {}",
                    self.s
                ),
            )),
        }
    }

    fn probability_if_alive(&self, known: Known, n: u32, span: Option<f64>) -> f64 {
        let silence = self.silence(known, known.age, span);
        if n == 0 { silence.ln_no_purchase().exp() } else { counts::probability(&silence, n) }
    }

    fn discounted_if_alive(&self, known: Known, span: Option<f64>, delta: f64) -> f64 {
        let Silence { buying, leaving, .. } = self.silence(known, known.age, span);
        let rate = buying.shape / buying.rate;
        double_exponential::integrate(span, 1.0 / delta, |t| {
            rate * (-delta * t - self.s * ln_growth(leaving.rate, t)).exp()
        })
    }
}

#[cfg(feature = "rand")]
impl sealed::PurchaseSimulation for ParetoNbd {
    fn draw_if_alive(
        &self,
        known: Known,
        span: f64,
        generator: &mut rand_chacha::ChaCha8Rng,
    ) -> Result<Vec<f64>> {
        let Silence { buying, leaving, .. } = self.silence(known, known.age, Some(span));
        let purchase_rate = simulation::gamma(buying.shape, generator)? / buying.rate;
        let dropout_rate = simulation::gamma(leaving.shape, generator)? / leaving.rate;
        let stay = simulation::exponential(generator) / dropout_rate;
        simulation::purchase_times(
            span.min(stay),
            generator,
            |generator| simulation::exponential(generator) / purchase_rate,
            |_| false,
        )
    }
}

impl PurchaseModel for ParetoNbd {}

/// ∫₀¹ e^{−yu} du = (1 − e^{−y})/y, which is 1 at y = 0.
fn mean_of_decay(y: f64) -> f64 {
    if y.abs() > 0.0 { -(-y).exp_m1() / y } else { 1.0 }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    unit: TimeUnit,
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for ParetoNbd {
    type Error = Error;

    fn try_from(fields: Fields) -> Result<Self> {
        Self::new(fields.unit, fields.r, fields.alpha, fields.s, fields.beta)
    }
}

#[cfg(feature = "serde")]
impl From<ParetoNbd> for Fields {
    fn from(model: ParetoNbd) -> Self {
        let ParetoNbd { unit, r, alpha, s, beta } = model;
        Self { unit, r, alpha, s, beta }
    }
}
