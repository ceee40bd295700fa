//! Newcomers by what is known of them.

use super::plan::{AcquisitionPlan, bearable};
use crate::error::{Error, Result};
use crate::lifetime::covariates::Covariates;
use crate::lifetime::intervals::DescribedHistories;
use crate::transactions::Histories;

/// Newcomers of several kinds, each known by its covariates, with the plan of each: what marketing plans by channel or
/// by region. Row i of the covariates is of all who come by plan i.
///
/// # Example
/// ```
/// use goodwill::lifetime::{
///     AcquisitionPlan, Covariates, DescribedHistories, DescribedPlan, Futures, Outlook, WithCovariates,
/// };
/// use goodwill::{BgNbd, Horizon, PurchaseModel, TimeUnit};
///
/// let shop = BgNbd::new(TimeUnit::Week, 0.9, 8.0, 0.8, 2.5)?;
/// let customers = shop.simulate(&[52.0; 1_000], 1)?;
/// let friend: Vec<[f64; 1]> = (0..1_000).map(|i| [f64::from(i % 2)]).collect();
/// let known = Covariates::new(&["friend"], &friend)?;
/// let fit = WithCovariates::<BgNbd>::fit(&customers, &known)?;
/// let described = DescribedHistories::new(&customers, &known)?;
/// let outlook = Outlook::new(&fit, &described);
///
/// // In either quarter 100 come by a friend, and fewer and fewer by themselves.
/// let quarter = Horizon::weeks(13.0)?;
/// let kinds = Covariates::new(&["friend"], &[[1.0], [0.0]])?;
/// let plans = [AcquisitionPlan::new(quarter, &[100, 100])?, AcquisitionPlan::new(quarter, &[300, 200])?];
/// let plan = DescribedPlan::new(&kinds, &plans)?;
/// let forecast = outlook.forecast(&plan, &Futures::new(42).draws(199))?;
/// assert_eq!((forecast.periods[1].newcomers, forecast.whole.newcomers), (300, 700));
/// // The known customers alone need no covariates of newcomers.
/// let nobody = AcquisitionPlan::nobody(quarter, 2)?;
/// let alone = outlook.forecast(&nobody, &Futures::new(42).draws(199))?;
/// assert_eq!(alone.whole.total, forecast.whole.by_known);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct DescribedPlan {
    covariates: Covariates,
    /// At least one, all of the same periods.
    plans: Vec<AcquisitionPlan>,
}

impl DescribedPlan {
    /// A row of covariates a plan.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch); [`Empty`](crate::ErrorKind::Empty) without a plan;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a plan of other periods than the first;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for more than 10⁷ newcomers in all.
    ///
    /// # Example
    /// See [`DescribedPlan`].
    pub fn new(covariates: &Covariates, plans: &[AcquisitionPlan]) -> Result<Self> {
        Self::checked(covariates.clone(), plans.to_vec())
    }

    fn checked(covariates: Covariates, plans: Vec<AcquisitionPlan>) -> Result<Self> {
        if covariates.len() != plans.len() {
            let (covariates, plans) = (covariates.len(), plans.len());
            return Err(Error::length_mismatch(("covariates", covariates), ("plans", plans)));
        }
        let Some(first) = plans.first() else {
            return Err(Error::empty("plans"));
        };
        let periods = |plan: &AcquisitionPlan| (plan.period(), plan.periods());
        if let Some(row) = plans.iter().position(|plan| periods(plan) != periods(first)) {
            return Err(
                Error::inconsistent("a plan is of other periods than the first").at_row(row)
            );
        }
        bearable(plans.iter().flat_map(AcquisitionPlan::all_newcomers))?;
        Ok(Self { covariates, plans })
    }

    /// What is known of each kind.
    #[must_use]
    pub fn covariates(&self) -> &Covariates {
        &self.covariates
    }

    /// The plan of each kind.
    #[must_use]
    pub fn plans(&self) -> &[AcquisitionPlan] {
        &self.plans
    }
}

/// A plan of whom is to join customers: [`AcquisitionPlan`] for [`Histories`]; for [`DescribedHistories`], whose
/// newcomers have covariates too, [`DescribedPlan`], or an [`AcquisitionPlan`] by which nobody comes. Sealed.
pub trait PlanFor<H>: sealed::Plan<H> {}

impl<H, P: sealed::Plan<H>> PlanFor<H> for P {}

pub(in crate::lifetime) mod sealed {
    use super::{Arrivals, Result};

    pub trait Plan<H> {
        /// Who comes when, beside these customers.
        fn arrivals(&self, customers: &H) -> Result<Arrivals<'_>>;
    }
}

/// Who comes when.
#[derive(Debug)]
pub struct Arrivals<'a> {
    /// Which periods there are.
    pub(super) frame: &'a AcquisitionPlan,
    /// What is known of each kind of newcomers, and when they come.
    pub(super) kinds: Vec<(&'a [f64], &'a AcquisitionPlan)>,
}

impl<'a> Arrivals<'a> {
    /// Those kinds of which anybody comes.
    fn new(
        frame: &'a AcquisitionPlan,
        kinds: impl Iterator<Item = (&'a [f64], &'a AcquisitionPlan)>,
    ) -> Self {
        Self { frame, kinds: kinds.filter(|(_, plan)| plan.brings_anybody()).collect() }
    }
}

impl sealed::Plan<Histories> for AcquisitionPlan {
    fn arrivals(&self, _customers: &Histories) -> Result<Arrivals<'_>> {
        Ok(Arrivals::new(self, std::iter::once((&[][..], self))))
    }
}

impl sealed::Plan<DescribedHistories<'_>> for AcquisitionPlan {
    fn arrivals(&self, _customers: &DescribedHistories<'_>) -> Result<Arrivals<'_>> {
        if self.brings_anybody() {
            let what =
                "newcomers to customers with covariates need their own: give a DescribedPlan";
            return Err(Error::inconsistent(what));
        }
        Ok(Arrivals::new(self, std::iter::empty()))
    }
}

impl sealed::Plan<DescribedHistories<'_>> for DescribedPlan {
    fn arrivals(&self, customers: &DescribedHistories<'_>) -> Result<Arrivals<'_>> {
        let (own, known) = (self.covariates.names(), customers.covariates.names());
        if own != known {
            return Err(Error::inconsistent(format!(
                "the covariates of the customers are {}, in this order, but those of the plan are {}",
                known.join(", "),
                own.join(", ")
            )));
        }
        let kinds = self.covariates.rows().zip(&self.plans);
        let mut arrivals = Arrivals::new(&self.plans[0], kinds);
        // In an order that only depends on who comes: so do the draws.
        let bits = |row: &[f64]| row.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        arrivals.kinds.sort_by_cached_key(|(row, plan)| {
            (bits(row), plan.all_newcomers(), plan.counts_first_purchases())
        });
        Ok(arrivals)
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    covariates: Covariates,
    plans: Vec<AcquisitionPlan>,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for DescribedPlan {
    type Error = Error;

    fn try_from(Fields { covariates, plans }: Fields) -> Result<Self> {
        Self::checked(covariates, plans)
    }
}

#[cfg(feature = "serde")]
impl From<DescribedPlan> for Fields {
    fn from(DescribedPlan { covariates, plans }: DescribedPlan) -> Self {
        Self { covariates, plans }
    }
}
