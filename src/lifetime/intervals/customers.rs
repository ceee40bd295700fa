//! Whom an outlook is on, and which model of purchases is whose.

use crate::error::Result;
use crate::lifetime::model::PurchaseModel;
use crate::quantity::Probability;
use crate::time::{Horizon, TimeUnit};
use crate::transactions::Histories;

/// Customers of whom a model tells what they will buy: [`Histories`], or
/// [`DescribedHistories`](crate::lifetime::DescribedHistories) where the model has covariates. Sealed.
pub trait CustomersOf<M>: sealed::Customers<M> {}

impl<M, H: sealed::Customers<M>> CustomersOf<M> for H {}

pub(in crate::lifetime) mod sealed {
    use super::{Histories, Horizon, Probability, PurchaseModel, Result, TimeUnit};

    /// Customers in rows, each with a model of his own.
    pub trait Customers<M> {
        /// The model of one customer.
        type Own: PurchaseModel;

        /// What they bought.
        fn histories(&self) -> &Histories;
        /// What else is known of each.
        fn covariates(&self) -> impl Iterator<Item = &[f64]>;
        /// The model of a customer of whom this is known.
        fn own(model: &M, covariates: &[f64]) -> Result<Self::Own>;
        /// The unit in which all these models count time.
        fn unit(model: &M) -> TimeUnit;
        /// How likely each is to be still with us.
        fn all_alive(&self, model: &M) -> Result<Vec<Probability>>;
        /// How often each will buy until the horizon.
        fn all_expected(&self, model: &M, horizon: Horizon) -> Result<Vec<f64>>;
    }
}

/// All have the same model.
impl<M: PurchaseModel + Clone> sealed::Customers<M> for Histories {
    type Own = M;

    fn histories(&self) -> &Histories {
        self
    }

    fn covariates(&self) -> impl Iterator<Item = &[f64]> {
        std::iter::repeat_n(&[][..], self.len())
    }

    fn own(model: &M, _covariates: &[f64]) -> Result<M> {
        Ok(model.clone())
    }

    fn unit(model: &M) -> TimeUnit {
        model.unit()
    }

    fn all_alive(&self, model: &M) -> Result<Vec<Probability>> {
        Ok(model.probabilities_alive(self))
    }

    fn all_expected(&self, model: &M, horizon: Horizon) -> Result<Vec<f64>> {
        model.all_expected_purchases(self, horizon)
    }
}
