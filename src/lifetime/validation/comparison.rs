//! Which model describes the customers best? Criteria for all of them, a test for those of which one contains the other.

use std::fmt;

use crate::error::{Error, Result};
use crate::estimate::HypothesisTest;
use crate::lifetime::fit::Fit;
use crate::lifetime::{
    Bdw, BgBb, BgCnbdK, BgNbd, ConstantRetention, GammaGamma, MbgCnbdK, MbgNbd, ParetoNbd, Sbg,
};

use super::ratio::{chi_squared, irregular, is_regular};

/// Each model that can be compared, with its name: one list for the enum, its text and its types.
macro_rules! kinds {
    ($($model:ident $name:literal),* $(,)?) => {
        /// The models that can be compared.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[non_exhaustive]
        pub enum ModelKind {
            $(
                #[doc = concat!("[`", stringify!($model), "`].")]
                $model,
            )*
        }

        impl fmt::Display for ModelKind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$model => $name,)*
                })
            }
        }

        $(
            impl sealed::Kind for $model {
                const KIND: ModelKind = ModelKind::$model;
            }
        )*
    };
}

kinds!(
    BgNbd "BG/NBD",
    MbgNbd "MBG/NBD",
    ParetoNbd "Pareto/NBD",
    BgCnbdK "BG/CNBD-k",
    MbgCnbdK "MBG/CNBD-k",
    BgBb "BG/BB",
    ConstantRetention "constant retention",
    Sbg "sBG",
    Bdw "beta-discrete-Weibull",
    GammaGamma "Gamma-Gamma",
);

impl ModelKind {
    /// What the likelihood is of: only likelihoods of the same thing compare.
    fn data(self) -> &'static str {
        match self {
            Self::BgNbd | Self::MbgNbd | Self::ParetoNbd | Self::BgCnbdK | Self::MbgCnbdK => {
                "purchases in time"
            }
            Self::BgBb => "purchases by opportunity",
            Self::ConstantRetention | Self::Sbg | Self::Bdw => "tenures",
            Self::GammaGamma => "spend",
        }
    }

    /// Why no likelihood-ratio test tells this model from a larger one; `None` where one does.
    fn obstacle(self, large: Self) -> Option<String> {
        use ModelKind::{Bdw, BgCnbdK, BgNbd, ConstantRetention, MbgCnbdK, MbgNbd, Sbg};
        match (self, large) {
            // sBG is the beta-discrete-Weibull at c = 1, inside its domain.
            (Sbg, Bdw) => None,
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
    pub trait Kind {
        const KIND: super::ModelKind;
    }
}

/// A fitted model as it enters a comparison.
///
/// # Example
/// See [`compare`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Candidate {
    model: ModelKind,
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
/// not of the same number of customers, or not of the same kind of data.
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
/// let rows = compare(&[sbg, bdw])?;
/// assert!((rows[0].log_likelihood + 1_611.16).abs() < 0.01);
/// let test = likelihood_ratio(&sbg, &bdw)?; // sBG is the other at c = 1
/// assert_eq!(test.degrees_of_freedom, Some(1.0));
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
/// See [`compare`].
///
/// # Reference
/// Wilks (1938), Annals of Mathematical Statistics 9, 60–62; Self and Liang (1987), Journal of the American Statistical
/// Association 82, 605–610, for edges.
pub fn likelihood_ratio(small: &Candidate, large: &Candidate) -> Result<HypothesisTest> {
    const TEST: &str = "likelihood-ratio test";
    if let Some(reason) = small.model.obstacle(large.model) {
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
    Ok(())
}
