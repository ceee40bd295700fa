//! Prediction in discrete time: what will be counted of customers who meet opportunities, and of subscribers.

use std::collections::BTreeMap;

use super::futures::{Futures, Stream};
use super::kinds::PredictionInterval;
use super::outlook::Outlook;
use super::parametric::Parametric;
use super::prediction::endless;
use crate::error::{Error, Result};
use crate::lifetime::BgBb;
use crate::lifetime::contract::{RetentionModel, Tenures, series};
use crate::lifetime::simulation::binomial;
use crate::time::Horizon;
use crate::transactions::{Opportunities, OpportunityHistory};

/// More customers are not drawn one by one.
const MOST: u64 = 100_000_000;

impl Outlook<'_, BgBb, Opportunities> {
    /// How often will a customer of each row buy until the horizon?
    ///
    /// Needs the feature `rand`.
    ///
    /// His interval depends on the seed and on what is known of him, not on who stands beside him.
    ///
    /// # Errors
    /// As [`expected_purchases`](Self::expected_purchases); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for options
    /// outside their range; [`Undefined`](crate::ErrorKind::Undefined) for ever.
    ///
    /// # Example
    /// See [`purchases_of_base`](Self::purchases_of_base).
    pub fn purchases(
        &self,
        horizon: Horizon,
        futures: &Futures,
    ) -> Result<Vec<PredictionInterval>> {
        let (drawing, ahead) = (futures.checked()?, self.ahead(horizon)?);
        let expected = self.of_each(self.fit.model(), horizon)?;
        let models = drawing.models(self.fit, Stream::Parameters)?;
        let interval = |((history, _), value): ((OpportunityHistory, u64), f64)| {
            let count = |draw: usize, model: &BgBb| {
                model.draw_purchases(
                    &history,
                    ahead,
                    &mut drawing.generator(draw, Stream::Customer),
                )
            };
            drawing.predict(value, &models, count)
        };
        self.histories.iter().zip(expected).map(interval).collect()
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
    /// use goodwill::lifetime::{BgBb, Futures, Outlook};
    /// use goodwill::{Horizon, Opportunities, Probability, TimeUnit};
    ///
    /// let (times, last) = ([0, 1, 1, 2, 2, 3, 3, 4], [0, 1, 4, 2, 4, 3, 4, 4]);
    /// let members = [190, 90, 40, 50, 60, 30, 50, 90];
    /// let seen = Opportunities::with_weights(TimeUnit::Month, &times, &last, &[4; 8], &members)?;
    /// let fit = BgBb::fit(&seen)?;
    /// let (outlook, two) = (Outlook::new(&fit, &seen), Horizon::months(2.0)?);
    /// let counted = outlook.purchases_of_base(two, &Futures::new(42).draws(199))?;
    /// let expected = outlook.expected_purchases_of_base(two, Probability::constant(0.95))?;
    /// assert_eq!(counted.value(), expected.value());
    /// assert!(counted.lower() < expected.lower() && counted.upper() > expected.upper());
    /// // Who came to none of four may come to none of the next two; who came to all, to two.
    /// let each = outlook.purchases(two, &Futures::new(42).draws(199))?;
    /// assert_eq!((each[0].lower(), each[7].upper()), (0.0, 2.0));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn purchases_of_base(
        &self,
        horizon: Horizon,
        futures: &Futures,
    ) -> Result<PredictionInterval> {
        let (drawing, ahead) = (futures.checked()?, self.ahead(horizon)?);
        let expected = self.of_base(self.fit.model(), horizon)?;
        let customers = self.histories.customers();
        if customers > MOST {
            return Err(Error::out_of_domain("customers", customers, "[0, 10⁸]"));
        }
        // In an order that only depends on what is known of the customers: so do the draws.
        let mut base: BTreeMap<_, (OpportunityHistory, u64)> = BTreeMap::new();
        for (own, many) in self.histories.iter() {
            let key = (own.opportunities(), own.frequency(), own.recency());
            base.entry(key).or_insert((own, 0)).1 += many;
        }
        let models = drawing.models(self.fit, Stream::Parameters)?;
        let count = |draw: usize, model: &BgBb| {
            let mut generator = drawing.generator(draw, Stream::Known);
            let mut bought = 0.0;
            for (history, many) in base.values() {
                for _ in 0..*many {
                    bought += model.draw_purchases(history, ahead, &mut generator)?;
                }
            }
            Ok(bought)
        };
        drawing.predict(expected, &models, count)
    }

    fn ahead(&self, horizon: Horizon) -> Result<u32> {
        series::countable(horizon, self.fit.model().period())?.ok_or_else(endless)
    }
}

impl<M: RetentionModel + Parametric> Outlook<'_, M, Tenures> {
    /// How many will be still there at the end of the horizon?
    ///
    /// Needs the feature `rand`.
    ///
    /// # Errors
    /// As [`expected_survivors`](Self::expected_survivors); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for options
    /// outside their range; [`Undefined`](crate::ErrorKind::Undefined) for ever, and for more than 2⁵³ customers.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Futures, Outlook, Sbg, Tenures};
    /// use goodwill::{Horizon, Probability, TimeUnit};
    ///
    /// let seen = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468, 382, 326])?;
    /// let fit = Sbg::fit(&seen)?;
    /// let (outlook, year) = (Outlook::new(&fit, &seen), Horizon::years(1.0)?);
    /// let counted = outlook.survivors(year, &Futures::new(42))?;
    /// let expected = outlook.expected_survivors(year, Probability::constant(0.95))?;
    /// assert!(counted.lower() < expected.lower() && counted.upper() > expected.upper());
    /// assert!(counted.contains(289.0)); // so many were left
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn survivors(&self, horizon: Horizon, futures: &Futures) -> Result<PredictionInterval> {
        let drawing = futures.checked()?;
        let period = self.fit.model().period();
        series::periods(horizon, period)?.ok_or_else(endless)?;
        let expected = self.staying(self.fit.model(), horizon)?;
        let count = |draw: usize, model: &M| {
            let mut generator = drawing.generator(draw, Stream::Known);
            let mut there = 0.0;
            for (chance, customers) in self.chances(model, horizon)? {
                there += binomial(customers, chance, &mut generator)?;
            }
            Ok(there)
        };
        let models = drawing.models(self.fit, Stream::Parameters)?;
        drawing.predict(expected, &models, count)
    }
}
