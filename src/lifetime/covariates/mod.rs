//! Purchase models whose customers differ by what is known of them beside their purchases.

mod design;
mod effects;
mod family;
mod fit;
mod likelihood;
mod report;

use crate::error::{Error, Result};
use crate::lifetime::fit::{Fit, FitOptions};
use crate::lifetime::model::finite;
use crate::quantity::Probability;
use crate::time::{Horizon, TimeUnit};
use crate::transactions::{Histories, History};

pub use design::Covariates;
pub(in crate::lifetime) use effects::EffectDesign;
pub use effects::{Effect, EffectOn, EffectTie, Effects};
pub(in crate::lifetime) use family::sealed::Family;
pub use report::EffectEstimate;

/// [`BgNbd`](crate::BgNbd), [`MbgNbd`](crate::MbgNbd) or [`ParetoNbd`](crate::ParetoNbd) with static covariates: who
/// came by the shop window, or spent much at once, may buy at another rate and leave at another.
///
/// Every customer has a model of his own, with parameters that [`for_covariates`](Self::for_covariates) gives; what
/// that model says of him is what this one says.
///
/// # Assumptions
/// 1. Those of the model, for customers of equal covariates.
/// 2. One more of a covariate z multiplies the rate of purchase, and what it does to dropout, by the same factor
///    whatever the customer: effects are log-linear.
/// 3. Covariates are known when the customer comes, and never change.
///
/// # Formula
/// ```text
/// λᵢ = λ·exp(γ₁·zᵢ),  λ ~ gamma(r, α)    so that αᵢ = α·exp(−γ₁·zᵢ)
/// μᵢ = μ·exp(γ₂·zᵢ),  μ ~ gamma(s, β)    so that βᵢ = β·exp(−γ₂·zᵢ)                     (Pareto/NBD)
/// pᵢ ~ Beta(aᵢ, bᵢ),  aᵢ = a·exp(γ₂·zᵢ),  bᵢ = b·exp(γ₃·zᵢ)                             (BG/NBD, MBG/NBD)
/// ```
/// α, β, a and b are those of a customer whose covariates are all 0. Derivation: c·λ of a gamma(r, α) is
/// gamma(r, α/c).
///
/// # Units
/// A coefficient is per unit of its covariate, and has no unit of time.
///
/// # Example
/// ```
/// use goodwill::lifetime::{Effect, EffectOn, EffectTie, WithCovariates};
/// use goodwill::{BgNbd, TimeUnit};
///
/// let base = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
/// // Who came by a friend buys half as often again.
/// let effect = Effect::new("friend", EffectOn::PurchaseRate, 1.5_f64.ln());
/// let model = WithCovariates::new(base, &["friend"], EffectTie::Separate, &[effect])?;
/// assert!((model.for_covariates(&[1.0])?.alpha() - 4.414 / 1.5).abs() < 1e-15);
/// assert_eq!(model.for_covariates(&[0.0])?, base);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fader and Hardie (2007), "Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models", note 019
/// at brucehardie.com/notes.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(
        try_from = "Fields<M>",
        into = "Fields<M>",
        bound(
            serialize = "M: Family + serde::Serialize",
            deserialize = "M: Family + serde::Deserialize<'de>"
        )
    )
)]
pub struct WithCovariates<M> {
    base: M,
    covariates: Vec<String>,
    tie: EffectTie,
    effects: Vec<Effect>,
}

impl<M: Family> WithCovariates<M> {
    /// The model with known effects: the model of who has 0 of every covariate, the names of the covariates in the
    /// order of the rows to come, and what each does. A pair of a covariate and a target that is not given has no effect.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a covariate; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a
    /// coefficient that is not finite; [`Inconsistent`](crate::ErrorKind::Inconsistent) for a name or an effect that
    /// comes twice, an unknown covariate, and an effect on what the model does not have or what is tied.
    pub fn new(base: M, covariates: &[&str], tie: EffectTie, effects: &[Effect]) -> Result<Self> {
        let names = covariates.iter().map(ToString::to_string).collect();
        Self::checked(base, names, tie, effects.to_vec())
    }

    fn checked(
        base: M,
        covariates: Vec<String>,
        tie: EffectTie,
        effects: Vec<Effect>,
    ) -> Result<Self> {
        let covariates = design::checked_names(covariates)?;
        for (i, effect) in effects.iter().enumerate() {
            let Effect { covariate, on, coefficient } = effect;
            effects::place_of(covariate, &covariates)?;
            if !free_targets::<M>(tie).contains(on) {
                let what = format!("the {} model has no free {}", M::WITH_COVARIATES, on.name());
                return Err(Error::inconsistent(what));
            }
            if !coefficient.is_finite() {
                return Err(Error::out_of_domain("coefficient", coefficient, "(-∞, ∞)").at_row(i));
            }
            let same = |other: &Effect| other.covariate == *covariate && other.on == *on;
            if effects[..i].iter().any(same) {
                let what = format!("covariate {covariate} has two entries for its {}", on.name());
                return Err(Error::inconsistent(what));
            }
        }
        Ok(Self { base, covariates, tie, effects })
    }

    /// The same effects of the same covariates, of other sizes on another base.
    pub(in crate::lifetime) fn with_parameters(
        &self,
        base: M,
        coefficients: &[f64],
    ) -> Result<Self> {
        if coefficients.len() != self.effects.len() {
            let effects = ("effects", self.effects.len());
            return Err(Error::length_mismatch(effects, ("coefficients", coefficients.len())));
        }
        let pairs = self.effects.iter().zip(coefficients);
        let effects = pairs.map(|(own, &coefficient)| Effect { coefficient, ..own.clone() });
        Self::checked(base, self.covariates.clone(), self.tie, effects.collect())
    }

    /// The maximum-likelihood model of the histories, every covariate acting on everything, with default options.
    ///
    /// # Errors
    /// As [`fit_with`](Self::fit_with).
    ///
    /// # Example
    /// See [`fit_with`](Self::fit_with).
    pub fn fit(histories: &Histories, covariates: &Covariates) -> Result<Fit<Self>> {
        Self::fit_with(histories, covariates, &Effects::new(), &FitOptions::default())
    }

    /// The maximum-likelihood model of the histories, row i of the covariates being of history i.
    ///
    /// The climb begins at the model without covariates; a start and priors of the options are those of its
    /// parameters, the priors for a customer whose covariates are all 0. Covariates may have any size: they are
    /// standardised for the climb.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) unless there is a row a customer;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent), naming the covariate, for one that is unknown, acts on
    /// nothing, is the same for all, or says nothing that those before it do not say;
    /// [`Undefined`](crate::ErrorKind::Undefined), naming it, for an effect without an end, as where nobody with it has
    /// bought again; otherwise as the fit without covariates.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Covariates, Effects, WithCovariates};
    /// use goodwill::{BgNbd, FitOptions, Histories, PurchaseModel, TimeUnit};
    ///
    /// // 4,000 customers from a simulation; every second one came by a friend, and buys twice as often.
    /// let plain = BgNbd::new(TimeUnit::Week, 0.9, 8.0, 0.8, 2.5)?;
    /// let quick = BgNbd::new(TimeUnit::Week, 0.9, 4.0, 0.8, 2.5)?;
    /// let (slow, fast) = (plain.simulate(&[52.0; 2_000], 1)?, quick.simulate(&[52.0; 2_000], 2)?);
    /// let rows: Vec<_> = slow.iter().chain(fast.iter()).collect();
    /// let x: Vec<u32> = rows.iter().map(|row| row.frequency()).collect();
    /// let recency: Vec<f64> = rows.iter().map(|row| row.recency()).collect();
    /// let histories = Histories::new(TimeUnit::Week, &x, &recency, &[52.0; 4_000])?;
    /// let friend: Vec<[f64; 1]> = (0..4_000).map(|i| [f64::from(i / 2_000)]).collect();
    /// let known = Covariates::new(&["friend"], &friend)?;
    ///
    /// let only_rate = Effects::new().on_dropout(&[]);
    /// let fit = WithCovariates::<BgNbd>::fit_with(&histories, &known, &only_rate, &FitOptions::new())?;
    /// let effect = &fit.effects()[0];
    /// assert!((effect.coefficient - 2_f64.ln()).abs() < 2.0 * effect.standard_error);
    /// assert!(effect.wald_test()?.p_value.get() < 1e-6);
    /// let test = fit.likelihood_ratio_test(&BgNbd::fit(&histories)?)?;
    /// assert!(test.p_value.get() < 1e-6);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn fit_with(
        histories: &Histories,
        covariates: &Covariates,
        effects: &Effects,
        options: &FitOptions,
    ) -> Result<Fit<Self>> {
        fit::fit(histories, covariates, effects, options)
    }

    /// The natural logarithm of the likelihood of the histories, time in the model's unit.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) unless there is a row a customer;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for covariates by other names or in another order;
    /// [`Undefined`](crate::ErrorKind::Undefined) where it leaves the range of `f64`.
    pub fn log_likelihood(&self, histories: &Histories, covariates: &Covariates) -> Result<f64> {
        self.must_suit(histories, covariates)?;
        let order = likelihood::canonical(&self.covariates);
        let sample = likelihood::Sample::new(histories, self.base.unit(), covariates, &order);
        let mut value = 0.0;
        for group in sample.groups() {
            let mut row = vec![0.0; order.len()];
            order.iter().zip(&group.z).for_each(|(&place, &z)| row[place] = z);
            value += self.for_covariates(&row)?.evaluate(&group.rows).value;
        }
        finite("log-likelihood", value)
    }

    /// The model of customers with these covariates, in the order of [`covariates`](Self::covariates).
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for more or fewer values than covariates;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for one that is not finite;
    /// [`Undefined`](crate::ErrorKind::Undefined) where a parameter leaves the range of `f64`.
    pub fn for_covariates(&self, z: &[f64]) -> Result<M> {
        let z: Vec<f64> = design::checked_row(z, &self.covariates)?.collect();
        let mut rise = [0.0; 4];
        for Effect { covariate, on, coefficient } in &self.effects {
            let of = z[effects::place_of(covariate, &self.covariates)?] * coefficient;
            for (rise, slope) in rise.iter_mut().zip(slope::<M>(*on, self.tie)) {
                *rise += slope * of;
            }
        }
        let named = self.base.named();
        let point = std::array::from_fn(|i| named[i].1 * rise[i].exp());
        M::checked(self.base.unit(), point).map_err(|_| {
            let at = |i: &usize| !(point[*i] > 0.0 && point[*i] < f64::INFINITY);
            let name = (0..4).find(at).map_or("a parameter", |i| named[i].0);
            let reason = format!("{name} leaves the range of f64 at covariates {z:?}");
            Error::undefined("model for covariates", reason)
        })
    }

    /// How likely is each customer still with us? Row i of the covariates is of history i.
    ///
    /// # Errors
    /// As [`log_likelihood`](Self::log_likelihood) and [`for_covariates`](Self::for_covariates).
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Covariates, Effect, EffectOn, EffectTie, WithCovariates};
    /// use goodwill::{BgNbd, Histories, Horizon, PurchaseModel, TimeUnit};
    ///
    /// let base = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
    /// let effect = Effect::new("friend", EffectOn::PurchaseRate, 0.4);
    /// let model = WithCovariates::new(base, &["friend"], EffectTie::Separate, &[effect])?;
    /// let two = Histories::new(TimeUnit::Week, &[2, 2], &[30.43; 2], &[38.86; 2])?;
    /// let known = Covariates::new(&["friend"], &[[0.0], [1.0]])?;
    /// // Who buys faster has been silent for longer, in his own time.
    /// let alive = model.probabilities_alive(&two, &known)?;
    /// assert!((alive[0].get() - 0.726_579).abs() < 1e-6);
    /// assert!(alive[1] < alive[0]);
    /// let next = model.all_expected_purchases(&two, &known, Horizon::weeks(39.0)?)?;
    /// assert!((next[0] - 1.226_028).abs() < 1e-6);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn probabilities_alive(
        &self,
        histories: &Histories,
        covariates: &Covariates,
    ) -> Result<Vec<Probability>> {
        self.each(histories, covariates, |model, history| Ok(model.probability_alive(history)))
    }

    /// How often will each customer buy until the horizon? Row i of the covariates is of history i.
    ///
    /// # Errors
    /// As [`probabilities_alive`](Self::probabilities_alive) and
    /// [`PurchaseModel::expected_purchases`](crate::PurchaseModel::expected_purchases).
    ///
    /// # Example
    /// See [`probabilities_alive`](Self::probabilities_alive).
    pub fn all_expected_purchases(
        &self,
        histories: &Histories,
        covariates: &Covariates,
        horizon: Horizon,
    ) -> Result<Vec<f64>> {
        self.each(histories, covariates, |model, history| {
            model.expected_purchases(history, horizon)
        })
    }

    /// A quantity of every customer by his own model.
    fn each<T>(
        &self,
        histories: &Histories,
        covariates: &Covariates,
        of: impl Fn(M, &History) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.must_suit(histories, covariates)?;
        let pairs = histories.iter().zip(covariates.rows()).enumerate();
        let one = |(i, (history, z)): (usize, (History, &[f64]))| {
            let model = self.for_covariates(z)?;
            of(model, &history).map_err(|error: Error| error.at_row(i))
        };
        pairs.map(one).collect()
    }

    fn must_suit(&self, histories: &Histories, covariates: &Covariates) -> Result<()> {
        covariates.must_be_of(histories.len())?;
        if covariates.names() == self.covariates {
            return Ok(());
        }
        Err(Error::inconsistent(format!(
            "the covariates of the model are {}, in this order, but those given are {}",
            self.covariates.join(", "),
            covariates.names().join(", ")
        )))
    }

    /// The model of customers with 0 of every covariate.
    #[must_use]
    pub fn base(&self) -> &M {
        &self.base
    }

    /// The names of the covariates, in the order of their rows.
    #[must_use]
    pub fn covariates(&self) -> &[String] {
        &self.covariates
    }

    /// Whether the last effect of each covariate follows from the one before it.
    #[must_use]
    pub fn tie(&self) -> EffectTie {
        self.tie
    }

    /// What the covariates do, tied effects left out.
    #[must_use]
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    pub(in crate::lifetime) fn design(&self) -> EffectDesign {
        let effects = self.effects.iter().map(|effect| (effect.covariate.clone(), effect.on));
        EffectDesign { targets: M::TARGETS, tie: self.tie, effects: effects.collect() }
    }

    /// The unit in which the parameters count time.
    #[must_use]
    pub fn unit(&self) -> TimeUnit {
        self.base.unit()
    }

    /// The parameters with their names: those of the base, then the effects in their order.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, f64)> {
        let effects = self.effects.iter().map(|effect| (effect.on.name(), effect.coefficient));
        self.base.named().into_iter().chain(effects).collect()
    }
}

/// What has coefficients of its own.
fn free_targets<M: Family>(tie: EffectTie) -> &'static [EffectOn] {
    match (M::TARGETS, tie) {
        ([free @ .., _], EffectTie::Same | EffectTie::Opposite) => free,
        (all, _) => all,
    }
}

/// By how much one more of a covariate with coefficient 1 raises the logarithm of each parameter, with what is tied.
fn slope<M: Family>(on: EffectOn, tie: EffectTie) -> [f64; 4] {
    let own = M::slope(on);
    let tied = match M::TARGETS {
        [.., before, last] if *before == on => M::slope(*last).map(|slope| slope * tie.factor()),
        _ => [0.0; 4],
    };
    std::array::from_fn(|i| own[i] + tied[i])
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<M> {
    base: M,
    covariates: Vec<String>,
    tie: EffectTie,
    effects: Vec<Effect>,
}

#[cfg(feature = "serde")]
impl<M: Family> TryFrom<Fields<M>> for WithCovariates<M> {
    type Error = Error;

    fn try_from(Fields { base, covariates, tie, effects }: Fields<M>) -> Result<Self> {
        Self::checked(base, covariates, tie, effects)
    }
}

#[cfg(feature = "serde")]
impl<M> From<WithCovariates<M>> for Fields<M> {
    fn from(model: WithCovariates<M>) -> Self {
        let WithCovariates { base, covariates, tie, effects } = model;
        Self { base, covariates, tie, effects }
    }
}
