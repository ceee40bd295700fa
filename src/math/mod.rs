//! Numerical kernels: what the models need and no crate gives to the last digit.

pub(crate) mod beta;
pub(crate) mod centred;
pub(crate) mod concave;
pub(crate) mod count;
pub(crate) mod distribution;
pub(crate) mod double_exponential;
pub(crate) mod equal_parts;
pub(crate) mod exact_sum;
pub(crate) mod gamma;
pub(crate) mod gauss_legendre;
mod grids;
pub(crate) mod growth;
pub(crate) mod hashing;
pub(crate) mod hypergeometric;
pub(crate) mod incomplete_beta;
pub(crate) mod least_squares;
pub(crate) mod logistic;
pub(crate) mod logistic_regression;
pub(crate) mod newton;
pub(crate) mod quantile;
#[cfg(feature = "rand")]
pub(crate) mod random;
pub(crate) mod rank_correlation;
pub(crate) mod ranks;
pub(crate) mod root;
pub(crate) mod shares;
