//! Models as lists of positive parameters, so that these can be moved and redrawn.

use crate::error::{Error, ErrorKind, Result};
use crate::lifetime::bg_nbd::{BetaGeometricNbd, Dropout};
use crate::lifetime::contract::{Bdw, RetentionModel, Sbg};
use crate::lifetime::fit::Fit;
use crate::lifetime::model::PurchaseModel;
use crate::lifetime::{BgBb, CnbdK, GammaGamma, ParetoNbd};
use nalgebra::DMatrix;

/// A model whose parameters are positive numbers, so that the doubt about them is one about their logarithms. Sealed.
pub trait Parametric: sealed::Parameters {}

impl<M: sealed::Parameters> Parametric for M {}

pub(in crate::lifetime) mod sealed {
    use super::Result;

    /// A model as its parameters, in the order in which a fit reports them.
    pub trait Parameters: Clone + Send + Sync {
        const NAME: &'static str;

        fn values(&self) -> Vec<f64>;

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

/// The logarithms of a fit's parameters: what they are, and the lower Cholesky factor of their covariance.
pub(super) struct Logs {
    pub(super) values: Vec<f64>,
    pub(super) factor: DMatrix<f64>,
}

impl Logs {
    /// A log parameter with a larger standard error than this could be 50 times larger or smaller: too little is
    /// known of it for a normal distribution to tell.
    const LOOSE: f64 = 2.0;

    pub(super) fn of<M: Parametric>(fit: &Fit<M>) -> Result<Self> {
        let values = fit.model().values();
        let n = values.len();
        let covariance =
            DMatrix::from_fn(n, n, |i, j| fit.covariance()[i][j] / (values[i] * values[j]));
        let names: Vec<&'static str> = fit.standard_errors().iter().map(|own| own.0).collect();
        let loose = |&i: &usize| !(covariance[(i, i)] <= Self::LOOSE * Self::LOOSE);
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
        let factor = covariance.cholesky().ok_or_else(|| {
            Error::undefined(
                "interval",
                "the covariance of the parameters is not positive definite",
            )
        })?;
        Ok(Self { values: values.into_iter().map(f64::ln).collect(), factor: factor.unpack() })
    }
}
