//! Which model describes the customers best? Criteria for all of them, a test for those of which one contains the other.

use std::fmt;

use crate::error::{Error, Result};
use crate::estimate::HypothesisTest;
use crate::lifetime::covariates::EffectDesign;
use crate::lifetime::fit::Fit;
use crate::lifetime::{
    Bdw, BgBb, BgCnbdK, BgNbd, ConstantRetention, GammaGamma, MbgCnbdK, MbgNbd, ParetoNbd,
    PurchaseModel, RetentionModel, Sbg, WithCovariates,
};
use crate::time::TimeUnit;

use super::ratio::{chi_squared, irregular, is_regular};

/// Each model that can be compared, with its name, how it counts time and what it knows of effects: one list for the
/// enum, its text and its types.
macro_rules! kinds {
    ($($kind:ident: $model:ty = $name:literal $(in $unit:ident)? $(by $effects:ident)?),* $(,)?) => {
        /// The models that can be compared.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[non_exhaustive]
        pub enum ModelKind {
            $(
                #[doc = concat!("[`", stringify!($model), "`].")]
                $kind,
            )*
        }

        impl fmt::Display for ModelKind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$kind => $name,)*
                })
            }
        }

        $(
            impl sealed::Kind for $model {
                const KIND: ModelKind = ModelKind::$kind;

                fn counts_time_in(&self) -> Option<TimeUnit> {
                    None$(.or(Some(self.$unit())))?
                }

                fn effect_design(&self) -> Option<EffectDesign> {
                    None$(.or(Some(self.$effects())))?
                }
            }
        )*
    };
}

kinds!(
    BgNbd: BgNbd = "BG/NBD" in unit,
    BgNbdWithCovariates: WithCovariates<BgNbd> = "BG/NBD with covariates" in unit by design,
    MbgNbd: MbgNbd = "MBG/NBD" in unit,
    MbgNbdWithCovariates: WithCovariates<MbgNbd> = "MBG/NBD with covariates" in unit by design,
    ParetoNbd: ParetoNbd = "Pareto/NBD" in unit,
    ParetoNbdWithCovariates: WithCovariates<ParetoNbd> = "Pareto/NBD with covariates" in unit by design,
    BgCnbdK: BgCnbdK = "BG/CNBD-k" in unit,
    MbgCnbdK: MbgCnbdK = "MBG/CNBD-k" in unit,
    BgBb: BgBb = "BG/BB" in period,
    ConstantRetention: ConstantRetention = "constant retention" in period,
    Sbg: Sbg = "sBG" in period,
    Bdw: Bdw = "beta-discrete-Weibull" in period,
    GammaGamma: GammaGamma = "Gamma-Gamma",
);

impl ModelKind {
    /// What the likelihood is of: only likelihoods of the same thing compare.
    fn data(self) -> &'static str {
        match self {
            Self::BgNbd
            | Self::BgNbdWithCovariates
            | Self::MbgNbd
            | Self::MbgNbdWithCovariates
            | Self::ParetoNbd
            | Self::ParetoNbdWithCovariates
            | Self::BgCnbdK
            | Self::MbgCnbdK => "purchases in time",
            Self::BgBb => "purchases by opportunity",
            Self::ConstantRetention | Self::Sbg | Self::Bdw => "tenures",
            Self::GammaGamma => "spend",
        }
    }

    /// Why no likelihood-ratio test tells this model from a larger one; `None` where one does.
    fn obstacle(self, large: Self) -> Option<String> {
        use ModelKind::{
            Bdw, BgCnbdK, BgNbd, BgNbdWithCovariates, ConstantRetention, MbgCnbdK, MbgNbd,
            MbgNbdWithCovariates, ParetoNbd, ParetoNbdWithCovariates, Sbg,
        };
        match (self, large) {
            // sBG is the beta-discrete-Weibull at c = 1, the others are those with covariates where no effect is any:
            // inside the domain.
            (Sbg, Bdw)
            | (BgNbd, BgNbdWithCovariates)
            | (MbgNbd, MbgNbdWithCovariates)
            | (ParetoNbd, ParetoNbdWithCovariates) => None,
            (BgNbd, BgCnbdK) | (MbgNbd, MbgCnbdK) => Some(format!(
                "{self} is {large} at k = 1, the edge of the domain of a whole number, where the ratio is not χ²"
            )),
            (ConstantRetention, Sbg | Bdw) => Some(format!(
                "{self} is {large} where α + β grows without bound, at the edge of its domain, where the ratio is not χ²"
            )),
            (small, large) if small == large => {
                Some(format!("both are {small}; neither has a parameter that the other has not"))
            }
            (small, large) => Some(format!(
                "{small} is not nested in {large}: no value of its parameters makes them equal; compare AIC or BIC"
            )),
        }
    }
}

/// A model with a name among its peers. Sealed.
pub trait Comparable: sealed::Kind {}

impl<M: sealed::Kind> Comparable for M {}

mod sealed {
    use super::{EffectDesign, ModelKind, TimeUnit};

    pub trait Kind {
        const KIND: ModelKind;

        fn counts_time_in(&self) -> Option<TimeUnit>;
        fn effect_design(&self) -> Option<EffectDesign>;
    }
}

/// A fitted model as it enters a comparison.
///
/// # Example
/// See [`compare`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Candidate {
    model: ModelKind,
    /// What the covariates act on, where it has any.
    effects: Option<EffectDesign>,
    /// In which the data count time, where they do.
    unit: Option<TimeUnit>,
    parameters: usize,
    log_likelihood: f64,
    aic: f64,
    bic: f64,
    customers: usize,
    /// Whether the fit is a maximum of the likelihood over parameters that move freely.
    is_regular: bool,
}

impl Candidate {
    /// The candidate that a fit is.
    #[must_use]
    pub fn of<M: Comparable>(fit: &Fit<M>) -> Self {
        Self {
            model: M::KIND,
            effects: fit.model().effect_design(),
            unit: fit.model().counts_time_in(),
            parameters: fit.free_parameters(),
            log_likelihood: fit.log_likelihood(),
            aic: fit.aic(),
            bic: fit.bic(),
            customers: fit.customers(),
            is_regular: is_regular(fit),
        }
    }
}

/// One model of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ComparisonRow {
    /// Which model.
    pub model: ModelKind,
    /// How many parameters the data chose.
    pub parameters: usize,
    /// The natural logarithm of the likelihood.
    pub log_likelihood: f64,
    /// Akaike's criterion: the smaller, the better.
    pub aic: f64,
    /// Schwarz's criterion: the smaller, the better.
    pub bic: f64,
    /// How far it lies above the lowest AIC.
    pub aic_behind: f64,
    /// How far it lies above the lowest BIC.
    pub bic_behind: f64,
}

/// Fits of the same customers side by side, in the order given.
///
/// # Formula
/// ```text
/// AIC = 2k − 2 ln L,   BIC = k ln n − 2 ln L
/// ```
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without candidates; [`Inconsistent`](crate::ErrorKind::Inconsistent) where they are
/// not of the same number of customers, not of the same kind of data, or count time in different units, which moves
/// every ln L.
///
/// # Example
/// ```
/// use goodwill::TimeUnit;
/// use goodwill::lifetime::{Bdw, Candidate, Sbg, Tenures, compare, likelihood_ratio};
///
/// // Of 1,000 subscribers, how many are left after each of seven years (Fader and Hardie 2007).
/// let left = [1_000, 869, 743, 653, 593, 551, 517, 491];
/// let tenures = Tenures::from_survivors(TimeUnit::Year, &left)?;
/// let (sbg, bdw) = (Candidate::of(&Sbg::fit(&tenures)?), Candidate::of(&Bdw::fit(&tenures)?));
/// let test = likelihood_ratio(&sbg, &bdw)?; // sBG is the other at c = 1
/// assert_eq!(test.degrees_of_freedom, Some(1.0));
/// let rows = compare(&[sbg, bdw])?;
/// assert!((rows[0].log_likelihood + 1_611.16).abs() < 0.01);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Akaike (1974), IEEE Transactions on Automatic Control 19(6), 716–723; Schwarz (1978), Annals of Statistics 6(2),
/// 461–464.
pub fn compare(candidates: &[Candidate]) -> Result<Vec<ComparisonRow>> {
    let Some(first) = candidates.first() else {
        return Err(Error::empty("candidates"));
    };
    for own in candidates {
        check_alike(first, own)?;
    }
    let least = |of: fn(&Candidate) -> f64| candidates.iter().map(of).fold(f64::INFINITY, f64::min);
    let (aic, bic) = (least(|own| own.aic), least(|own| own.bic));
    let row = |own: &Candidate| ComparisonRow {
        model: own.model,
        parameters: own.parameters,
        log_likelihood: own.log_likelihood,
        aic: own.aic,
        bic: own.bic,
        aic_behind: own.aic - aic,
        bic_behind: own.bic - bic,
    };
    Ok(candidates.iter().map(row).collect())
}

/// Do the data need the larger of two nested models? Only where the smaller one is the larger one at a value inside the
/// domain of its parameters; else the ratio does not have the χ² distribution, and AIC or BIC must do.
///
/// sBG is nested in the beta-discrete-Weibull; BG/NBD, MBG/NBD and Pareto/NBD are in their forms with covariates, where
/// no effect is any; of two such forms, the one is nested that lacks effects of the other, or ties what that leaves
/// apart ([`EffectTie`](crate::lifetime::EffectTie)).
///
/// # Formula
/// ```text
/// 2·(ln L of the larger − ln L of the smaller) ~ χ² with as many degrees of freedom as it has more parameters
/// ```
///
/// # Errors
/// [`Undefined`](crate::ErrorKind::Undefined) with the reason where the models are not nested, or nested at an edge; where
/// a fit has a prior or a whole number chosen by the data; where the larger is less likely.
/// [`Inconsistent`](crate::ErrorKind::Inconsistent) as [`compare`].
///
/// # Example
/// ```
/// use goodwill::lifetime::{Candidate, Covariates, WithCovariates, compare, likelihood_ratio};
/// use goodwill::{BgNbd, PurchaseModel, TimeUnit};
///
/// // Customers of a simulation; what is known of them is nothing but their place in the list.
/// let customers = BgNbd::new(TimeUnit::Week, 0.9, 8.0, 0.8, 2.5)?.simulate(&[52.0; 1_000], 1)?;
/// let odd: Vec<[f64; 1]> = (0..1_000).map(|i| [f64::from(i % 2)]).collect();
/// let known = Covariates::new(&["odd"], &odd)?;
/// let plain = Candidate::of(&BgNbd::fit(&customers)?);
/// let described = Candidate::of(&WithCovariates::<BgNbd>::fit(&customers, &known)?);
///
/// let test = likelihood_ratio(&plain, &described)?;
/// assert_eq!(test.degrees_of_freedom, Some(3.0)); // on the rate, on a and on b
/// assert!(test.p_value.get() > 0.05);
/// assert!(compare(&[plain, described])?[1].bic_behind > 0.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Wilks (1938), Annals of Mathematical Statistics 9, 60–62; Self and Liang (1987), Journal of the American Statistical
/// Association 82, 605–610, for edges.
pub fn likelihood_ratio(small: &Candidate, large: &Candidate) -> Result<HypothesisTest> {
    const TEST: &str = "likelihood-ratio test";
    let obstacle = match (&small.effects, &large.effects) {
        (Some(own), Some(more)) if small.model == large.model => own.obstacle(more),
        _ => small.model.obstacle(large.model),
    };
    if let Some(reason) = obstacle {
        return Err(Error::undefined(TEST, reason));
    }
    check_alike(small, large)?;
    if !(small.is_regular && large.is_regular) {
        return Err(irregular(TEST));
    }
    let degrees = large.parameters.saturating_sub(small.parameters);
    chi_squared(TEST, (small.log_likelihood, large.log_likelihood), degrees)
}

fn check_alike(one: &Candidate, other: &Candidate) -> Result<()> {
    if one.model.data() != other.model.data() {
        return Err(Error::inconsistent(format!(
            "{} is of {} and {} of {}: their likelihoods cannot be compared",
            one.model,
            one.model.data(),
            other.model,
            other.model.data()
        )));
    }
    if one.customers != other.customers {
        return Err(Error::inconsistent(format!(
            "{} was fitted to {} customers and {} to {}: compare fits of the same ones",
            one.model, one.customers, other.model, other.customers
        )));
    }
    if let (Some(own), Some(unit)) = (one.unit, other.unit)
        && own != unit
    {
        return Err(Error::inconsistent(format!(
            "{} counts time by the {own:?} and {} by the {unit:?}: their likelihoods cannot be compared",
            one.model, other.model
        )));
    }
    Ok(())
}
