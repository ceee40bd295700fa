//! BG/CNBD-k and MBG/CNBD-k: regular buyers.

mod ahead;
#[cfg(feature = "serde")]
mod fields;
mod fit;
mod gaps;
mod likelihood;

use crate::error::{Error, Result};
use crate::lifetime::bg_nbd::{AfterEveryPurchase, AfterRepeatPurchase, BetaGeometricNbd, Dropout};
use crate::lifetime::fit::{Fit, FitOptions};
use crate::lifetime::model::{PurchaseModel, finite, sealed, sealed::Known};
use crate::lifetime::sample::Sample;
use crate::math::growth::ln_growth;
use crate::time::TimeUnit;
use crate::transactions::Histories;

use ahead::Ahead;
use gaps::LnGap;

/// The BG model of regular buyers (BG/CNBD-k): see [`CnbdK`]. A customer may leave after a repeat purchase.
///
/// # Example
/// ```
/// use goodwill::{BgCnbdK, History, Horizon, PurchaseModel, TimeUnit};
///
/// // Who buys every other week or so, and was here last week.
/// let model = BgCnbdK::new(TimeUnit::Week, 3, 2.0, 1.5, 0.8, 4.0)?;
/// let customer = History::new(TimeUnit::Week, 10, 20.0, 21.0)?;
/// let next = model.expected_purchases(&customer, Horizon::weeks(2.0)?)?;
/// assert!((next - 0.900_108).abs() < 1e-6);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub type BgCnbdK = CnbdK<AfterRepeatPurchase>;

/// The MBG model of regular buyers (MBG/CNBD-k): see [`CnbdK`]. A customer may leave after any purchase.
///
/// # Example
/// ```
/// use goodwill::{History, MbgCnbdK, PurchaseModel, TimeUnit};
///
/// // A regular buyer who stays away for three of his gaps is gone sooner than an irregular one.
/// let customer = History::new(TimeUnit::Week, 10, 20.0, 26.0)?;
/// let alive = |k| MbgCnbdK::new(TimeUnit::Week, k, 2.0, 4.0 / f64::from(k), 0.8, 4.0);
/// assert!((alive(1)?.probability_alive(&customer).get() - 0.545_989).abs() < 1e-6);
/// assert!((alive(4)?.probability_alive(&customer).get() - 0.083_680).abs() < 1e-6);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub type MbgCnbdK = CnbdK<AfterEveryPurchase>;

/// BG/CNBD-k or MBG/CNBD-k, by what `D` says of the first purchase: use [`BgCnbdK`] or [`MbgCnbdK`].
///
/// Where customers buy in a rhythm, silence says more than in [`BgNbd`](super::BgNbd): it soon is too long for the
/// rhythm. k measures the rhythm: 1 is none, and the model then *is* BG/NBD or MBG/NBD.
///
/// # Assumptions
/// Those of [`BgNbd`](super::BgNbd) and [`MbgNbd`](super::MbgNbd), but that the times between a customer's purchases
/// follow Erlang's law of shape k and his rate λ: unseen events come at random times, and every k-th is a purchase.
///
/// # Formula
/// ```text
/// L(x, t_x, T, Π) = Π^{k−1}/Γ(k)ˣ·(r)ₖₓ·αʳ·(b)ₙ/(a + b)ₙ
///                   · [Q·(α + T)^{−R} + 1{n>0}·a/(b + n − 1)·(α + t_x)^{−R}]
/// Q               = Σ_{j<k} (R)ⱼ/j!·qʲ,   q = (T − t_x)/(α + T),   R = r + kx
/// P(alive)        = 1 / (1 + 1{n>0}·a/(b + n − 1)·((α + T)/(α + t_x))ᴿ/Q)
/// P(j | alive)    = (R)ⱼ/j!·qʲ/Q,   λ | alive, j ~ gamma(R + j, α + T),   p | alive ~ Beta(a, b + n)
/// P(M ≥ m)        = Σⱼ P(j | alive)·I_τ(mk − j, R + j),   τ = t/(α + T + t)
/// E[Y(t)]         = P(alive)·Σ_{m≥1} (b + n)ₘ₋₁/(a + b + n)ₘ₋₁·P(M ≥ m)
/// ```
/// n is x of BG and x + 1 of MBG, Π the product of the times between purchases, j the unseen events since the last
/// purchase, and M the purchases that he would make until T + t if he never left.
///
/// Derivation: given λ and p, a gap of length u has the density λᵏ·uᵏ⁻¹·exp(−λu)/Γ(k) and lasts beyond s with
/// probability exp(−λs)·Σ (λs)ʲ/j! over j < k, whose terms are the chances of j unseen events. So the likelihood of
/// being alive and that of having left after the last purchase are
/// ```text
/// Πᵏ⁻¹/Γ(k)ˣ·(1 − p)ⁿ·Σ_{j<k} λ^{kx+j}·sʲ/j!·e^{−λT}   and   Πᵏ⁻¹/Γ(k)ˣ·p·(1 − p)ⁿ⁻¹·λ^{kx}·e^{−λ·t_x}
/// ```
/// with s = T − `t_x`; their means over λ ~ gamma(r, α) and p ~ Beta(a, b) are L's two terms. From T on, the unseen
/// events count as negative binomial of shape R + j, and every (mk − j)-th is a purchase.
///
/// # Units
/// α counts [`unit`](PurchaseModel::unit)s of time for an *unseen event*: a customer buys r/(kα) times a unit on
/// average. k, r, a and b are pure numbers.
///
/// Horizons that may hold many thousands of events are integrated rather than added up; where the digits of `f64` do
/// not suffice for that (parameters beyond 10⁻⁴ to 10⁶, or a horizon above 10¹²·(α + T)), the answer is
/// [`Undefined`](crate::ErrorKind::Undefined).
///
/// # Reference
/// Reutterer, Platzer and Schröder (2021), "Leveraging purchase regularity for predicting customer behavior the easy
/// way", International Journal of Research in Marketing 38(1), 194–215; doi:10.1016/j.ijresmar.2020.09.002. Platzer
/// and Reutterer (2016), "Ticking Away the Moments", Marketing Science 35(5), 779–799.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "fields::Fields", into = "fields::Fields", bound = "D: Dropout")
)]
pub struct CnbdK<D> {
    k: u32,
    plain: BetaGeometricNbd<D>,
}

impl<D: Dropout> CnbdK<D> {
    /// The model with known parameters.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless k lies in [1, 100] and every other parameter in
    /// `(0, ∞)`.
    pub fn new(unit: TimeUnit, k: u32, r: f64, alpha: f64, a: f64, b: f64) -> Result<Self> {
        Ok(Self { k: regularity(k)?, plain: BetaGeometricNbd::new(unit, r, alpha, a, b)? })
    }

    /// The maximum-likelihood model of the histories among those with k from 1 to `most`, with default options.
    ///
    /// # Errors
    /// As [`fit_with`](Self::fit_with).
    ///
    /// # Example
    /// See [`fit_with`](Self::fit_with).
    pub fn fit(histories: &Histories, most: u32) -> Result<Fit<Self>> {
        Self::fit_with(histories, most, &FitOptions::default())
    }

    /// The maximum-likelihood model of the histories among those with k from 1 to `most`.
    ///
    /// k counts as a parameter in [`aic`](Fit::aic) and [`bic`](Fit::bic); the standard errors are those at the k
    /// found. A k whose other parameters the data do not identify is passed over.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `most` lies in [1, 100];
    /// [`Undefined`](crate::ErrorKind::Undefined) where `most` is above 1 and the histories do not know the
    /// [times between purchases](Histories::ln_intervals); otherwise as [`BgNbd::fit_with`](super::BgNbd::fit_with).
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{FitOptions, Ledger, MbgCnbdK, TimeUnit, Transaction};
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
    /// let fit = MbgCnbdK::fit_with(&histories, 4, &FitOptions::new())?;
    /// assert_eq!(fit.model().k(), 1); // music is not bought in a rhythm
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn fit_with(histories: &Histories, most: u32, options: &FitOptions) -> Result<Fit<Self>> {
        fit::best(histories, regularity(most)?, options)
    }

    /// The maximum-likelihood model of the histories at a known k, which then is no parameter.
    ///
    /// # Errors
    /// As [`fit_with`](Self::fit_with).
    pub fn fit_at(histories: &Histories, k: u32, options: &FitOptions) -> Result<Fit<Self>> {
        fit::at(histories, regularity(k)?, options)
    }

    /// The natural logarithm of the likelihood of the histories, time in the model's unit.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where it leaves the range of `f64`, or where k is above 1 and the
    /// histories do not know the [times between purchases](Histories::ln_intervals).
    pub fn log_likelihood(&self, histories: &Histories) -> Result<f64> {
        let sample = Sample::new(histories, self.plain.unit());
        let known = likelihood::evaluate(&sample, &self.plain, self.k).value;
        finite("log-likelihood", known + fit::of_intervals(histories, self.k, self.plain.unit())?)
    }

    /// k: every k-th of a customer's unseen events is a purchase. The larger, the more regular.
    #[must_use]
    pub fn k(&self) -> u32 {
        self.k
    }

    /// r, the shape of the rates of events: the smaller, the more they differ.
    #[must_use]
    pub fn r(&self) -> f64 {
        self.plain.r()
    }

    /// α, the rate parameter of the rates of events, in units of time.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        self.plain.alpha()
    }

    /// a of the dropout probabilities, whose mean is a/(a + b).
    #[must_use]
    pub fn a(&self) -> f64 {
        self.plain.a()
    }

    /// b of the dropout probabilities.
    #[must_use]
    pub fn b(&self) -> f64 {
        self.plain.b()
    }

    /// The parameters but for k with their names, in the order of the paper.
    #[must_use]
    pub fn parameters(&self) -> [(&'static str, f64); 4] {
        self.plain.parameters()
    }

    fn ahead(&self, known: Known) -> Ahead {
        Ahead::new(
            self.k,
            self.r() + f64::from(self.k) * known.x(),
            self.alpha() + known.age,
            known.age - known.recency,
            (self.a(), self.b() + BetaGeometricNbd::<D>::chances(known)),
        )
    }
}

fn regularity(k: u32) -> Result<u32> {
    if (1..=100).contains(&k) { Ok(k) } else { Err(Error::out_of_domain("k", k, "[1, 100]")) }
}

impl<D: Dropout> sealed::PurchaseKernel for CnbdK<D> {
    const REMEMBERS_RECENCY: bool = true;

    fn time_unit(&self) -> TimeUnit {
        self.plain.unit()
    }

    fn odds_alive(&self, known: Known) -> f64 {
        let chances = BetaGeometricNbd::<D>::chances(known);
        if self.k == 1 || chances <= 0.0 {
            return self.plain.odds_alive(known);
        }
        let (shape, last) =
            (self.r() + f64::from(self.k) * known.x(), self.alpha() + known.recency);
        let silent = known.age - known.recency;
        let gap = LnGap::new(self.k, shape, silent, self.alpha() + known.age);
        let ln_odds_gone = self.a().ln() - (self.b() + (chances - 1.0)).ln()
            + (shape * ln_growth(last, silent) - gap.ln);
        (-ln_odds_gone).exp()
    }

    fn still_alive(&self, known: Known, span: Option<f64>) -> f64 {
        match span {
            _ if self.k == 1 => self.plain.still_alive(known, span),
            Some(span) => self.ahead(known).still_alive(span),
            None => 0.0,
        }
    }

    fn ln_silence(&self, known: Known, span: Option<f64>) -> f64 {
        match span {
            _ if self.k == 1 => self.plain.ln_silence(known, span),
            Some(span) => self.ahead(known).ln_silence(span),
            None => f64::NEG_INFINITY,
        }
    }

    fn purchases_if_alive(&self, known: Known, span: Option<f64>) -> Result<f64> {
        match span {
            Some(span) if self.k > 1 => Ok(self.ahead(known).purchases(span)),
            // How often he buys before he leaves does not depend on when.
            _ => self.plain.purchases_if_alive(known, span),
        }
    }

    fn probability_if_alive(&self, known: Known, n: u32, span: Option<f64>) -> f64 {
        if self.k == 1 {
            self.plain.probability_if_alive(known, n, span)
        } else {
            self.ahead(known).probability(n, span)
        }
    }

    fn discounted_if_alive(&self, known: Known, span: Option<f64>, delta: f64) -> f64 {
        match span {
            _ if self.k == 1 => self.plain.discounted_if_alive(known, span, delta),
            Some(span) => self.ahead(known).discounted(span, delta),
            None => self.ahead(known).discounted_for_ever(delta),
        }
    }
}

#[cfg(feature = "rand")]
impl<D: Dropout> sealed::PurchaseSimulation for CnbdK<D> {
    fn draw_if_alive(
        &self,
        known: Known,
        span: f64,
        generator: &mut rand_chacha::ChaCha8Rng,
    ) -> Result<Vec<f64>> {
        self.ahead(known).draw(span, generator)
    }
}

impl<D: Dropout> PurchaseModel for CnbdK<D> {}
