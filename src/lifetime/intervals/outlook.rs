//! What known customers are expected to do, and how sure that is.

use super::confidence::{Domain, around, variances};
use super::customers::CustomersOf;
use super::kinds::ConfidenceInterval;
use super::parametric::Parametric;
use crate::error::{Error, Result};
use crate::estimate::two_sided_z;
use crate::lifetime::fit::Fit;
use crate::lifetime::model::finite;
use crate::lifetime::spend_model::SpendModel;
use crate::math::exact_sum::ExactSum;
use crate::quantity::Probability;
use crate::time::Horizon;
use crate::transactions::{Histories, Spends};

/// Known customers and a model that was fitted to such: what they will do, with intervals.
///
/// Methods that begin with `expected` give [`ConfidenceInterval`]s: how sure the expectation is. The others give
/// [`PredictionInterval`](super::PredictionInterval)s: what will be counted; they need the feature `rand`. Either way
/// the value is the model's expectation. Results list customers in the order in which they are given; totals do not depend
/// on it.
///
/// | customers of | are |
/// |---|---|
/// | a shop | [`Histories`] |
/// | a shop, by [`WithCovariates`](crate::lifetime::WithCovariates) | [`DescribedHistories`](crate::lifetime::DescribedHistories) |
/// | a club, by [`BgBb`](crate::lifetime::BgBb) | [`Opportunities`](crate::Opportunities) |
/// | a subscription | [`Tenures`](crate::lifetime::Tenures) |
///
/// # Example
/// ```
/// use goodwill::lifetime::Outlook;
/// use goodwill::{BgNbd, Horizon, Probability, PurchaseModel, TimeUnit};
///
/// // 1,500 customers of a shop, as the model has them.
/// let shop = BgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5)?;
/// let histories = shop.simulate(&[39.0; 1_500], 7)?;
/// let fit = BgNbd::fit(&histories)?;
///
/// let outlook = Outlook::new(&fit, &histories);
/// let year = Horizon::weeks(52.0)?;
/// let expected = outlook.expected_purchases_of_base(year, Probability::constant(0.95))?;
/// // The expectation at the true parameters lies in it.
/// let truth: f64 = shop.all_expected_purchases(&histories, year)?.iter().sum();
/// assert!(expected.contains(truth));
/// assert!(expected.upper() / expected.lower() < 1.3);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Debug, PartialEq)]
pub struct Outlook<'a, M, H = Histories> {
    pub(in crate::lifetime) fit: &'a Fit<M>,
    pub(in crate::lifetime) histories: &'a H,
}

// References, whatever they refer to.
impl<M, H> Clone for Outlook<'_, M, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, H> Copy for Outlook<'_, M, H> {}

impl<'a, M, H> Outlook<'a, M, H> {
    /// The outlook on these customers: those of the fit, or others.
    #[must_use]
    pub fn new(fit: &'a Fit<M>, histories: &'a H) -> Self {
        Self { fit, histories }
    }
}

impl<'a, M, H: CustomersOf<M>> Outlook<'a, M, H> {
    /// The same in money: row i of `spends` is of the customer of history i.
    ///
    /// A spend model knows nothing of a customer whose repeat purchases cost 0 or less on average; give
    /// [`Spend::UNKNOWN`](crate::Spend::UNKNOWN) for him, and he is taken to spend what a newcomer does.
    /// Covariates say nothing of spend: it is what the spend model makes of his own.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch); [`Inconsistent`](crate::ErrorKind::Inconsistent) for a
    /// spend of another number of repeat purchases than the history has, unless it is of none.
    ///
    /// # Example
    /// See [`RevenueOutlook`].
    pub fn with_spend<S>(
        self,
        fit: &'a Fit<S>,
        spends: &'a Spends,
    ) -> Result<RevenueOutlook<'a, M, S, H>> {
        let histories = self.histories.histories();
        if spends.len() != histories.len() {
            let (histories, spends) = (histories.len(), spends.len());
            return Err(Error::length_mismatch(("histories", histories), ("spends", spends)));
        }
        for (row, (history, spend)) in histories.iter().zip(spends.iter()).enumerate() {
            let (x, own) = (history.frequency(), spend.frequency());
            if own != 0 && own != x {
                let what = format!("a history of {x} repeat purchases has the spend of {own}");
                return Err(Error::inconsistent(what).at_row(row));
            }
        }
        Ok(RevenueOutlook { purchases: self, spend: fit, spends })
    }
}

impl<M: Parametric, H: CustomersOf<M>> Outlook<'_, M, H> {
    /// How likely is each customer still with us, and how sure is that?
    ///
    /// # Errors
    /// As [`Fit::confidence`] and, with covariates,
    /// [`WithCovariates::probabilities_alive`](crate::lifetime::WithCovariates::probabilities_alive).
    ///
    /// # Example
    /// See [`expected_purchases`](Outlook::expected_purchases).
    pub fn probabilities_alive(&self, level: Probability) -> Result<Vec<ConfidenceInterval>> {
        let alive = |model: &M| {
            let all = self.histories.all_alive(model)?;
            Ok(all.into_iter().map(Probability::get).collect())
        };
        all_around(self.fit, level, Domain::Probability, alive)
    }

    /// How often is each customer expected to buy until the horizon, and how sure is that?
    ///
    /// # Errors
    /// As [`Fit::confidence`] and [`PurchaseModel::expected_purchases`](crate::PurchaseModel::expected_purchases); with
    /// covariates, as
    /// [`WithCovariates::all_expected_purchases`](crate::lifetime::WithCovariates::all_expected_purchases).
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::Outlook;
    /// use goodwill::{BgNbd, Histories, Horizon, Probability, PurchaseModel, TimeUnit};
    ///
    /// let shop = BgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5)?;
    /// let fit = BgNbd::fit(&shop.simulate(&[39.0; 1_500], 7)?)?;
    /// // A good customer who was here lately, and one who has not come back.
    /// let two = Histories::new(TimeUnit::Week, &[9, 0], &[38.0, 0.0], &[39.0, 39.0])?;
    /// let (outlook, level) = (Outlook::new(&fit, &two), Probability::constant(0.95));
    /// let expected = outlook.expected_purchases(Horizon::weeks(52.0)?, level)?;
    /// assert!(expected[0].lower() > expected[1].upper());
    /// let alive = outlook.probabilities_alive(level)?;
    /// assert_eq!((alive[1].lower(), alive[1].upper()), (1.0, 1.0)); // by the rule of BG/NBD
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn expected_purchases(
        &self,
        horizon: Horizon,
        level: Probability,
    ) -> Result<Vec<ConfidenceInterval>> {
        let purchases = |model: &M| self.histories.all_expected(model, horizon);
        all_around(self.fit, level, Domain::Positive, purchases)
    }

    /// How often are all customers together expected to buy until the horizon, and how sure is that?
    ///
    /// # Errors
    /// As [`expected_purchases`](Outlook::expected_purchases).
    ///
    /// # Example
    /// See [`Outlook`].
    pub fn expected_purchases_of_base(
        &self,
        horizon: Horizon,
        level: Probability,
    ) -> Result<ConfidenceInterval> {
        self.fit.confidence(level, Domain::Positive, |model| {
            total("expected purchases", &self.histories.all_expected(model, horizon)?)
        })
    }
}

/// Known customers and fitted models of their purchases and their spend, which are independent of each other: what
/// they will bring, with intervals. Made by [`Outlook::with_spend`].
///
/// # Units
/// Revenue is in the unit of the spends.
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use goodwill::lifetime::Outlook;
/// use goodwill::{BgNbd, GammaGamma, Horizon, Ledger, Probability, TimeUnit, Transaction};
///
/// // customer,date,amount of the CDNOW record shop, to the end of September 1997.
/// let csv = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/cdnow.csv"));
/// let rows = csv.lines().skip(1).map(|line| {
///     let field: Vec<&str> = line.split(',').collect();
///     Transaction::new(field[0], field[1].parse().unwrap(), field[2].parse().unwrap())
/// });
/// let end = NaiveDate::from_ymd_opt(1997, 9, 30).unwrap();
/// let ledger = Ledger::from_transactions(rows)?.until(end);
/// let (histories, spends) = (ledger.histories(end, TimeUnit::Week)?, ledger.spends(end)?);
/// let (fit, spend_fit) = (BgNbd::fit(&histories)?, GammaGamma::fit(&spends)?);
///
/// let outlook = Outlook::new(&fit, &histories).with_spend(&spend_fit, &spends)?;
/// let (horizon, level) = (Horizon::days(273.0)?, Probability::constant(0.95));
/// let revenue = outlook.expected_revenue_of_base(horizon, level)?;
/// // As 40 digits have it: `delta_method.py` in the fixtures.
/// assert_eq!([revenue.value(), revenue.lower(), revenue.upper()].map(f64::round), [59_932.0, 54_726.0, 65_632.0]);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Debug, PartialEq)]
pub struct RevenueOutlook<'a, M, S, H = Histories> {
    pub(in crate::lifetime) purchases: Outlook<'a, M, H>,
    pub(in crate::lifetime) spend: &'a Fit<S>,
    pub(in crate::lifetime) spends: &'a Spends,
}

impl<M, S, H> Clone for RevenueOutlook<'_, M, S, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M, S, H> Copy for RevenueOutlook<'_, M, S, H> {}

impl<M, S, H> RevenueOutlook<'_, M, S, H>
where
    M: Parametric,
    S: SpendModel + Parametric,
    H: CustomersOf<M>,
{
    /// How much is each customer expected to bring until the horizon, and how sure is that?
    ///
    /// # Formula
    /// ```text
    /// E[spend]·E[Y(t)]; its variance is the sum of those by the purchase and by the spend parameters
    /// ```
    ///
    /// # Errors
    /// As [`Outlook::expected_purchases`] and [`SpendModel::expected_spend`].
    ///
    /// # Example
    /// See [`RevenueOutlook`].
    pub fn expected_revenues(
        &self,
        horizon: Horizon,
        level: Probability,
    ) -> Result<Vec<ConfidenceInterval>> {
        let revenues = |model: &M, spend: &S| {
            let purchases = self.purchases.histories.all_expected(model, horizon)?;
            let spends = spend.all_expected_spends(self.spends)?;
            let revenue = |(p, s): (&f64, &f64)| finite("expected revenue", p * s);
            purchases.iter().zip(&spends).map(revenue).collect::<Result<Vec<f64>>>()
        };
        let values = revenues(self.purchases.fit.model(), self.spend.model())?;
        intervals(&values, &self.variances(revenues)?, level, Domain::Positive)
    }

    /// How much are all customers together expected to bring until the horizon, and how sure is that?
    ///
    /// # Errors
    /// As [`expected_revenues`](RevenueOutlook::expected_revenues).
    ///
    /// # Example
    /// See [`RevenueOutlook`].
    pub fn expected_revenue_of_base(
        &self,
        horizon: Horizon,
        level: Probability,
    ) -> Result<ConfidenceInterval> {
        self.confidence(level, Domain::Positive, |model, spend| {
            let purchases = self.purchases.histories.all_expected(model, horizon)?;
            revenue("expected revenue", &purchases, &spend.all_expected_spends(self.spends)?)
        })
    }

    /// How sure is a quantity that both models give together: a lifetime value, say?
    ///
    /// # Errors
    /// As [`Fit::confidence`].
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Domain, Outlook};
    /// use goodwill::{
    ///     BgNbd, DiscountRate, GammaGamma, Histories, History, Horizon, Probability, PurchaseModel, Spend,
    ///     SpendModel, Spends, TimeUnit, Valuation, customer_lifetime_value,
    /// };
    ///
    /// let shop = BgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5)?;
    /// let fit = BgNbd::fit(&shop.simulate(&[39.0; 1_500], 7)?)?;
    /// let spend_fit = GammaGamma::fit(
    ///     &GammaGamma::new(6.25, 3.74, 15.44)?.simulate_spends(&[3; 800], 8)?,
    /// )?;
    /// let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86)?;
    /// let spend = Spend::new(2, 22.35)?;
    /// let valuation = Valuation::new(Horizon::years(3.0)?, DiscountRate::annual(0.1)?);
    /// let nobody = Histories::new(TimeUnit::Week, &[], &[], &[])?;
    /// let spends = Spends::default();
    /// let outlook = Outlook::new(&fit, &nobody).with_spend(&spend_fit, &spends)?;
    /// let value = outlook.confidence(Probability::constant(0.95), Domain::Positive, |model, money| {
    ///     customer_lifetime_value(model, money.expected_spend(&spend)?, &customer, &valuation)
    /// })?;
    /// assert!(value.lower() > 0.5 * value.value() && value.upper() < 2.0 * value.value());
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn confidence(
        &self,
        level: Probability,
        domain: Domain,
        quantity: impl Fn(&M, &S) -> Result<f64>,
    ) -> Result<ConfidenceInterval> {
        let z = two_sided_z(level)?;
        let value = quantity(self.purchases.fit.model(), self.spend.model())?;
        let value = finite("quantity", value)?;
        let variance = self.variances(|model, spend| Ok(vec![quantity(model, spend)?]))?[0];
        around(value, variance.sqrt(), domain, z, level)
    }

    /// The variances of quantities of both models, whose parameters are estimated from different data.
    pub(in crate::lifetime) fn variances(
        &self,
        quantities: impl Fn(&M, &S) -> Result<Vec<f64>>,
    ) -> Result<Vec<f64>> {
        let (model, spend) = (self.purchases.fit.model(), self.spend.model());
        let by_purchases = variances(self.purchases.fit, |moved| quantities(moved, spend))?;
        let by_spend = variances(self.spend, |moved| quantities(model, moved))?;
        by_purchases.iter().zip(&by_spend).map(|(p, s)| finite("variance", p + s)).collect()
    }
}

/// The intervals of quantities that a fitted model gives.
pub(in crate::lifetime) fn all_around<M: Parametric>(
    fit: &Fit<M>,
    level: Probability,
    domain: Domain,
    quantities: impl Fn(&M) -> Result<Vec<f64>>,
) -> Result<Vec<ConfidenceInterval>> {
    let values = quantities(fit.model())?;
    intervals(&values, &variances(fit, quantities)?, level, domain)
}

/// The intervals of values with their variances.
pub(in crate::lifetime) fn intervals(
    values: &[f64],
    variances: &[f64],
    level: Probability,
    domain: Domain,
) -> Result<Vec<ConfidenceInterval>> {
    let z = two_sided_z(level)?;
    let interval =
        |(&value, variance): (&f64, &f64)| around(value, variance.sqrt(), domain, z, level);
    values.iter().zip(variances).map(interval).collect()
}

/// The sum, whatever the order.
pub(in crate::lifetime) fn total(quantity: &'static str, values: &[f64]) -> Result<f64> {
    let mut sum = ExactSum::new();
    for &value in values {
        sum.add(value);
    }
    finite(quantity, sum.value())
}

/// Σ purchases × spend, whatever the order.
pub(in crate::lifetime) fn revenue(
    quantity: &'static str,
    purchases: &[f64],
    spends: &[f64],
) -> Result<f64> {
    let mut sum = ExactSum::new();
    for (&purchases, &spend) in purchases.iter().zip(spends) {
        sum.add_product(purchases, spend);
    }
    finite(quantity, sum.value())
}
