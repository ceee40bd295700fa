//! Customers of whom more is known than their purchases.

use super::customers::sealed::Customers;
use crate::error::Result;
use crate::lifetime::covariates::{Covariates, Family, WithCovariates};
use crate::quantity::Probability;
use crate::time::{Horizon, TimeUnit};
use crate::transactions::Histories;

/// Customers with their histories and what is known of them beside: row i of the covariates is of history i. An
/// [`Outlook`](super::Outlook) on them gives each the model of his covariates.
///
/// # Example
/// ```
/// use goodwill::lifetime::{Covariates, DescribedHistories, Outlook, WithCovariates};
/// use goodwill::{BgNbd, Horizon, Probability, PurchaseModel, TimeUnit};
///
/// // Customers of a simulation; every other one came by a friend, which changes nothing here.
/// let shop = BgNbd::new(TimeUnit::Week, 0.9, 8.0, 0.8, 2.5)?;
/// let customers = shop.simulate(&[52.0; 1_000], 1)?;
/// let friend: Vec<[f64; 1]> = (0..1_000).map(|i| [f64::from(i % 2)]).collect();
/// let known = Covariates::new(&["friend"], &friend)?;
/// let fit = WithCovariates::<BgNbd>::fit(&customers, &known)?;
///
/// let described = DescribedHistories::new(&customers, &known)?;
/// let (outlook, level) = (Outlook::new(&fit, &described), Probability::constant(0.95));
/// let year = Horizon::weeks(52.0)?;
/// let expected = outlook.expected_purchases_of_base(year, level)?;
/// let truth: f64 = shop.all_expected_purchases(&customers, year)?.iter().sum();
/// assert!(expected.contains(truth));
/// assert!(expected.upper() / expected.lower() < 1.3);
/// let each = outlook.expected_purchases(year, level)?;
/// let sum: f64 = each.iter().map(|own| own.value()).sum();
/// assert!((sum / expected.value() - 1.0).abs() < 1e-12);
/// # Ok::<(), goodwill::Error>(())
/// ```
/// What will be counted of them, in purchases and in money, needs the feature `rand`:
/// ```
/// use goodwill::lifetime::{Covariates, DescribedHistories, Futures, Outlook, WithCovariates};
/// use goodwill::{BgNbd, GammaGamma, Horizon, Probability, PurchaseModel, SpendModel, TimeUnit};
///
/// let shop = BgNbd::new(TimeUnit::Week, 0.9, 8.0, 0.8, 2.5)?;
/// let customers = shop.simulate(&[52.0; 1_000], 1)?;
/// let friend: Vec<[f64; 1]> = (0..1_000).map(|i| [f64::from(i % 2)]).collect();
/// let known = Covariates::new(&["friend"], &friend)?;
/// let fit = WithCovariates::<BgNbd>::fit(&customers, &known)?;
/// let bought: Vec<u32> = customers.iter().map(|history| history.frequency()).collect();
/// let spends = GammaGamma::new(6.25, 3.74, 15.44)?.simulate_spends(&bought, 8)?;
/// let spend_fit = GammaGamma::fit(&spends)?;
///
/// let described = DescribedHistories::new(&customers, &known)?;
/// let (outlook, quarter) = (Outlook::new(&fit, &described), Horizon::weeks(13.0)?);
/// let futures = Futures::new(42).draws(199);
/// let counted = outlook.purchases_of_base(quarter, &futures)?;
/// // What those customers really did.
/// let truth = shop.simulate_future(&customers, quarter, 9)?;
/// assert!(counted.contains(truth.iter().map(Vec::len).sum::<usize>() as f64));
///
/// let money = outlook.with_spend(&spend_fit, &spends)?;
/// let expected = money.expected_revenue_of_base(quarter, Probability::constant(0.95))?;
/// let revenue = money.revenue_of_base(quarter, &futures)?;
/// assert_eq!(revenue.value(), expected.value());
/// assert!(revenue.lower() < expected.lower() && revenue.upper() > expected.upper());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DescribedHistories<'a> {
    pub(in crate::lifetime) histories: &'a Histories,
    pub(in crate::lifetime) covariates: &'a Covariates,
}

impl<'a> DescribedHistories<'a> {
    /// As many histories as rows of covariates.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch).
    pub fn new(histories: &'a Histories, covariates: &'a Covariates) -> Result<Self> {
        covariates.must_be_of(histories.len())?;
        Ok(Self { histories, covariates })
    }
}

/// Each has the model of his covariates.
impl<M: Family> Customers<WithCovariates<M>> for DescribedHistories<'_> {
    type Own = M;

    fn histories(&self) -> &Histories {
        self.histories
    }

    fn covariates(&self) -> impl Iterator<Item = &[f64]> {
        self.covariates.rows()
    }

    fn own(model: &WithCovariates<M>, covariates: &[f64]) -> Result<M> {
        model.for_covariates(covariates)
    }

    fn unit(model: &WithCovariates<M>) -> TimeUnit {
        model.unit()
    }

    fn all_alive(&self, model: &WithCovariates<M>) -> Result<Vec<Probability>> {
        model.probabilities_alive(self.histories, self.covariates)
    }

    fn all_expected(&self, model: &WithCovariates<M>, horizon: Horizon) -> Result<Vec<f64>> {
        model.all_expected_purchases(self.histories, self.covariates, horizon)
    }
}
