//! Outlooks on customers of whom more is known than their purchases.

use super::confidence::Domain;
use super::kinds::ConfidenceInterval;
use super::outlook::{Outlook, all_around, total};
use super::parametric::Parametric;
use crate::error::Result;
use crate::lifetime::covariates::{Covariates, Family, WithCovariates};
use crate::quantity::Probability;
use crate::time::Horizon;
use crate::transactions::Histories;

/// Customers with their histories and what is known of them beside: row i of the covariates is of history i.
///
/// # Example
/// See the methods of [`Outlook`] for them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DescribedHistories<'a> {
    pub(super) histories: &'a Histories,
    pub(super) covariates: &'a Covariates,
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

/// Each customer by the model of his covariates.
impl<M: Family + Parametric> Outlook<'_, WithCovariates<M>, DescribedHistories<'_>> {
    /// How likely is each customer still with us, and how sure is that?
    ///
    /// # Errors
    /// As [`Fit::confidence`](crate::Fit::confidence) and [`WithCovariates::probabilities_alive`].
    ///
    /// # Example
    /// See [`expected_purchases_of_base`](Self::expected_purchases_of_base).
    pub fn probabilities_alive(&self, level: Probability) -> Result<Vec<ConfidenceInterval>> {
        let DescribedHistories { histories, covariates } = *self.histories;
        all_around(self.fit, level, Domain::Probability, |model| {
            let all = model.probabilities_alive(histories, covariates)?;
            Ok(all.into_iter().map(Probability::get).collect())
        })
    }

    /// How often is each customer expected to buy until the horizon, and how sure is that?
    ///
    /// # Errors
    /// As [`Fit::confidence`](crate::Fit::confidence) and [`WithCovariates::all_expected_purchases`].
    ///
    /// # Example
    /// See [`expected_purchases_of_base`](Self::expected_purchases_of_base).
    pub fn expected_purchases(
        &self,
        horizon: Horizon,
        level: Probability,
    ) -> Result<Vec<ConfidenceInterval>> {
        all_around(self.fit, level, Domain::Positive, |model| self.of_each(model, horizon))
    }

    /// How often are all customers together expected to buy until the horizon, and how sure is that?
    ///
    /// # Errors
    /// As [`expected_purchases`](Self::expected_purchases).
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
    pub fn expected_purchases_of_base(
        &self,
        horizon: Horizon,
        level: Probability,
    ) -> Result<ConfidenceInterval> {
        self.fit.confidence(level, Domain::Positive, |model| {
            total("expected purchases", &self.of_each(model, horizon)?)
        })
    }

    fn of_each(&self, model: &WithCovariates<M>, horizon: Horizon) -> Result<Vec<f64>> {
        let DescribedHistories { histories, covariates } = *self.histories;
        model.all_expected_purchases(histories, covariates, horizon)
    }
}

#[cfg(feature = "rand")]
mod prediction {
    use super::{DescribedHistories, Family, Outlook, Result, WithCovariates, total};
    use crate::error::Error;
    use crate::lifetime::Simulated;
    use crate::lifetime::intervals::futures::{Futures, Stream};
    use crate::lifetime::intervals::kinds::PredictionInterval;
    use crate::lifetime::intervals::prediction::span;
    use crate::lifetime::model::sealed::Known;
    use crate::lifetime::simulation::drawn;
    use crate::time::{Horizon, TimeUnit};

    impl<M: Family + Simulated> Outlook<'_, WithCovariates<M>, DescribedHistories<'_>> {
        /// How often will each customer buy until the horizon?
        ///
        /// Needs the feature `rand`.
        ///
        /// A customer's interval depends on the seed and on what is known of him, not on who stands beside him.
        ///
        /// # Errors
        /// As [`expected_purchases`](Self::expected_purchases); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for
        /// options outside their range; [`Undefined`](crate::ErrorKind::Undefined) for ever, and as
        /// [`simulate`](crate::PurchaseModel::simulate) at drawn parameters.
        ///
        /// # Example
        /// See [`purchases_of_base`](Self::purchases_of_base).
        pub fn purchases(
            &self,
            horizon: Horizon,
            futures: &Futures,
        ) -> Result<Vec<PredictionInterval>> {
            let (drawing, unit) = (futures.checked()?, self.fit.model().unit());
            let span = span(horizon, unit)?;
            let expected = self.of_each(self.fit.model(), horizon)?;
            let models = drawing.models(self.fit, Stream::Parameters)?;
            let interval = |((known, z), value): ((Known, &[f64]), f64)| {
                let count = |draw: usize, model: &WithCovariates<M>| {
                    let mut generator = drawing.generator(draw, Stream::Customer);
                    let own = model.for_covariates(z)?;
                    Ok(drawn(&own, known, span, &mut generator)?.len() as f64)
                };
                drawing.predict(value, &models, count)
            };
            let customers = self.histories.customers(unit).zip(expected).enumerate();
            customers
                .map(|(row, customer)| interval(customer).map_err(|error: Error| error.at_row(row)))
                .collect()
        }

        /// How often will all customers together buy until the horizon?
        ///
        /// Needs the feature `rand`.
        ///
        /// # Errors
        /// As [`purchases`](Self::purchases).
        ///
        /// # Example
        /// ```
        /// use goodwill::lifetime::{Covariates, DescribedHistories, Futures, Outlook, WithCovariates};
        /// use goodwill::{BgNbd, Horizon, Probability, PurchaseModel, TimeUnit};
        ///
        /// let shop = BgNbd::new(TimeUnit::Week, 0.9, 8.0, 0.8, 2.5)?;
        /// let customers = shop.simulate(&[52.0; 1_000], 1)?;
        /// let friend: Vec<[f64; 1]> = (0..1_000).map(|i| [f64::from(i % 2)]).collect();
        /// let known = Covariates::new(&["friend"], &friend)?;
        /// let fit = WithCovariates::<BgNbd>::fit(&customers, &known)?;
        ///
        /// let described = DescribedHistories::new(&customers, &known)?;
        /// let (outlook, quarter) = (Outlook::new(&fit, &described), Horizon::weeks(13.0)?);
        /// let counted = outlook.purchases_of_base(quarter, &Futures::new(42).draws(199))?;
        /// let expected = outlook.expected_purchases_of_base(quarter, Probability::constant(0.95))?;
        /// assert_eq!(counted.value(), expected.value());
        /// assert!(counted.lower() < expected.lower() && counted.upper() > expected.upper());
        /// // What those customers really did.
        /// let truth = shop.simulate_future(&customers, quarter, 9)?;
        /// assert!(counted.contains(truth.iter().map(Vec::len).sum::<usize>() as f64));
        /// # Ok::<(), goodwill::Error>(())
        /// ```
        pub fn purchases_of_base(
            &self,
            horizon: Horizon,
            futures: &Futures,
        ) -> Result<PredictionInterval> {
            let (drawing, unit) = (futures.checked()?, self.fit.model().unit());
            let span = span(horizon, unit)?;
            let expected = total("expected purchases", &self.of_each(self.fit.model(), horizon)?)?;
            let models = drawing.models(self.fit, Stream::Parameters)?;
            // In an order that only depends on what is known of the customers: so do the draws.
            let mut base: Vec<(Known, &[f64])> = self.histories.customers(unit).collect();
            base.sort_by(|(own, z), (other, y)| {
                let key =
                    |known: &Known| (known.frequency, known.age.to_bits(), known.recency.to_bits());
                let bits =
                    |row: &[f64]| row.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
                key(own).cmp(&key(other)).then_with(|| bits(z).cmp(&bits(y)))
            });
            let count = |draw: usize, model: &WithCovariates<M>| {
                let mut generator = drawing.generator(draw, Stream::Known);
                let mut bought = 0.0;
                for &(known, z) in &base {
                    let own = model.for_covariates(z)?;
                    bought += drawn(&own, known, span, &mut generator)?.len() as f64;
                }
                Ok(bought)
            };
            drawing.predict(expected, &models, count)
        }
    }

    impl DescribedHistories<'_> {
        fn customers(&self, unit: TimeUnit) -> impl Iterator<Item = (Known, &[f64])> {
            let known = self.histories.iter().map(move |history| Known::new(&history, unit));
            known.zip(self.covariates.rows())
        }
    }
}
