//! Models as lists of parameters, so that these can be moved and redrawn.

use crate::error::{Error, ErrorKind, Result};
use crate::lifetime::bg_nbd::{BetaGeometricNbd, Dropout};
use crate::lifetime::contract::{Bdw, RetentionModel, Sbg};
use crate::lifetime::covariates::{Family, WithCovariates};
use crate::lifetime::fit::Fit;
use crate::lifetime::model::PurchaseModel;
use crate::lifetime::{BgBb, CnbdK, GammaGamma, ParetoNbd};
use nalgebra::DMatrix;

/// A model whose parameters are positive numbers, so that the doubt about them is one about their logarithms; the effects
/// of covariates are any numbers, and the doubt is about themselves. Sealed.
pub trait Parametric: sealed::Parameters {}

impl<M: sealed::Parameters> Parametric for M {}

pub(in crate::lifetime) mod sealed {
    use super::Result;

    /// A model as its parameters, in the order in which a fit reports them.
    pub trait Parameters: Clone + Send + Sync {
        const NAME: &'static str;

        fn values(&self) -> Vec<f64>;

        /// Whether the parameter at a place is positive.
        fn is_positive(_place: usize) -> bool {
            true
        }

        /// The same model at other parameters, as many.
        fn at(&self, values: &[f64]) -> Result<Self>;
    }
}

/// A model by its name, and how to make it anew from `self` at other parameters.
macro_rules! parametric {
    ([$($generic:tt)*] $model:ty, $name:expr, [$($own:ident),+], |$model_of:ident| $again:expr) => {
        impl<$($generic)*> sealed::Parameters for $model {
            const NAME: &'static str = $name;

            fn values(&self) -> Vec<f64> {
                self.parameters().map(|(_, value)| value).to_vec()
            }

            fn at(&self, values: &[f64]) -> Result<Self> {
                let [$($own),+] = values[..] else {
                    let own = ("parameters", self.parameters().len());
                    return Err(Error::length_mismatch(own, ("values", values.len())));
                };
                let $model_of = self;
                $again
            }
        }
    };
}

parametric!([D: Dropout] BetaGeometricNbd<D>, D::NBD, [r, alpha, a, b], |own| Self::new(
    own.unit(), r, alpha, a, b
));
// At its k, which is no number to move.
parametric!([D: Dropout] CnbdK<D>, D::CNBD, [r, alpha, a, b], |own| Self::new(
    own.unit(), own.k(), r, alpha, a, b
));
parametric!([] ParetoNbd, "Pareto/NBD", [r, alpha, s, beta], |own| Self::new(
    own.unit(), r, alpha, s, beta
));
parametric!([] BgBb, "BG/BB", [alpha, beta, gamma, delta], |own| Self::new(
    own.period(), alpha, beta, gamma, delta
));
parametric!([] Sbg, "sBG", [alpha, beta], |own| Self::new(own.period(), alpha, beta));
parametric!([] Bdw, "beta-discrete-Weibull", [alpha, beta, c], |own| Self::new(
    own.period(), alpha, beta, c
));
parametric!([] GammaGamma, "Gamma-Gamma", [p, q, v], |_own| Self::new(p, q, v));

impl<M: Family + sealed::Parameters> sealed::Parameters for WithCovariates<M> {
    const NAME: &'static str = M::WITH_COVARIATES;

    fn values(&self) -> Vec<f64> {
        self.parameters().into_iter().map(|(_, value)| value).collect()
    }

    fn is_positive(place: usize) -> bool {
        place < M::PARAMETERS.len()
    }

    fn at(&self, values: &[f64]) -> Result<Self> {
        let (base, coefficients) = values.split_at(M::PARAMETERS.len().min(values.len()));
        self.with_parameters(self.base().at(base)?, coefficients)
    }
}

/// A fit's parameters on the scales on which they move freely, the logarithms of positive ones: where they are, how far
/// each is moved to see what it does, and the lower Cholesky factor of their covariance.
pub(super) struct Free {
    pub(super) values: Vec<f64>,
    pub(super) steps: Vec<f64>,
    pub(super) factor: DMatrix<f64>,
}

impl Free {
    /// Where the error of a difference of fourth order and the rounding of most quantities meet, of a logarithm and of
    /// a number in standard errors.
    const STEP: f64 = 1.0 / 256.0;
    const STANDARD_STEP: f64 = 1.0 / 16.0;
    /// A log parameter with a larger standard error than this could be 50 times larger or smaller: too little is
    /// known of it for a normal distribution to tell.
    const LOOSE: f64 = 2.0;

    pub(super) fn of<M: Parametric>(fit: &Fit<M>) -> Result<Self> {
        let values = fit.model().values();
        let n = values.len();
        let unit = |i: usize| if M::is_positive(i) { values[i] } else { 1.0 };
        let covariance =
            DMatrix::from_fn(n, n, |i, j| fit.covariance()[i][j] / (unit(i) * unit(j)));
        let names: Vec<&'static str> = fit.standard_errors().iter().map(|own| own.0).collect();
        let loose =
            |&i: &usize| M::is_positive(i) && !(covariance[(i, i)] <= Self::LOOSE * Self::LOOSE);
        let loose: Vec<&'static str> = (0..n).filter(loose).map(|i| names[i]).collect();
        if !loose.is_empty() {
            return Err(ErrorKind::NotIdentified {
                model: M::NAME,
                parameters: loose,
                point: names.into_iter().zip(values).collect(),
                limit: "they could be 50 times larger or smaller, and an interval would say nothing; \
                        more data or a prior is needed",
            }
            .into());
        }
        let step = |i: usize| {
            let standard = covariance[(i, i)].sqrt() * Self::STANDARD_STEP;
            if M::is_positive(i) { Self::STEP } else { standard }
        };
        let steps = (0..n).map(step).collect();
        let factor = covariance.cholesky().ok_or_else(|| {
            Error::undefined(
                "interval",
                "the covariance of the parameters is not positive definite",
            )
        })?;
        let free = |(i, value): (usize, f64)| if M::is_positive(i) { value.ln() } else { value };
        let values = values.into_iter().enumerate().map(free).collect();
        Ok(Self { values, steps, factor: factor.unpack() })
    }

    /// The model at other values on these scales.
    pub(super) fn model<M: Parametric>(fit: &Fit<M>, free: &[f64]) -> Result<M> {
        let own = |(i, &value): (usize, &f64)| if M::is_positive(i) { value.exp() } else { value };
        fit.model().at(&free.iter().enumerate().map(own).collect::<Vec<f64>>())
    }
}
