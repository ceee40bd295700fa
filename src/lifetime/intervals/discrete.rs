//! Outlooks in discrete time: on customers who meet opportunities, and on subscribers.

use super::confidence::Domain;
use super::kinds::ConfidenceInterval;
use super::outlook::{Outlook, all_around};
use super::parametric::Parametric;
use crate::error::Result;
use crate::lifetime::BgBb;
use crate::lifetime::contract::{RetentionModel, Tenures, series};
use crate::lifetime::model::finite;
use crate::math::exact_sum::ExactSum;
use crate::quantity::Probability;
use crate::time::Horizon;
use crate::transactions::Opportunities;

/// Horizons count from the last known opportunity of each customer. Equal customers may stand in one row with a weight.
impl Outlook<'_, BgBb, Opportunities> {
    /// How likely is a customer of each row still with us, and how sure is that?
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for opportunities in another period than the model's; as
    /// [`Fit::confidence`](crate::Fit::confidence) and [`BgBb::probability_alive`].
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{BgBb, Outlook};
    /// use goodwill::{Opportunities, Probability, TimeUnit};
    ///
    /// // 600 members could come to four meetings: (times, the last one) of how many.
    /// let (times, last) = ([0, 1, 1, 2, 2, 3, 3, 4], [0, 1, 4, 2, 4, 3, 4, 4]);
    /// let members = [190, 90, 40, 50, 60, 30, 50, 90];
    /// let seen = Opportunities::with_weights(TimeUnit::Month, &times, &last, &[4; 8], &members)?;
    /// let fit = BgBb::fit(&seen)?;
    /// let alive = Outlook::new(&fit, &seen).probabilities_alive(Probability::constant(0.95))?;
    /// // Who came to the first meeting alone is hardly a member any more; who came to the last one may be.
    /// assert!(alive[1].upper() < alive[2].lower());
    /// assert_eq!(alive[1].value(), fit.model().probability_alive(&seen.get(1).unwrap())?.get());
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn probabilities_alive(&self, level: Probability) -> Result<Vec<ConfidenceInterval>> {
        all_around(self.fit, level, Domain::Probability, |model: &BgBb| {
            model.must_judge(self.histories)?;
            let alive = |(own, _)| model.probability_alive(&own).map(Probability::get);
            self.histories.iter().map(alive).collect()
        })
    }

    /// How often is a customer of each row expected to buy until the horizon, and how sure is that?
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for opportunities in another period than the model's; as
    /// [`Fit::confidence`](crate::Fit::confidence) and [`BgBb::expected_purchases`].
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
    /// use goodwill::lifetime::{BgBb, Outlook};
    /// use goodwill::{Horizon, Opportunities, Probability, TimeUnit};
    ///
    /// // 600 members could come to four meetings: (times, the last one) of how many.
    /// let (times, last) = ([0, 1, 1, 2, 2, 3, 3, 4], [0, 1, 4, 2, 4, 3, 4, 4]);
    /// let members = [190, 90, 40, 50, 60, 30, 50, 90];
    /// let seen = Opportunities::with_weights(TimeUnit::Month, &times, &last, &[4; 8], &members)?;
    /// let fit = BgBb::fit(&seen)?;
    /// let outlook = Outlook::new(&fit, &seen);
    /// let (two, level) = (Horizon::months(2.0)?, Probability::constant(0.95));
    /// let all = outlook.expected_purchases_of_base(two, level)?;
    /// let each = outlook.expected_purchases(two, level)?;
    /// let sum: f64 = each.iter().zip(members).map(|(own, many)| own.value() * many as f64).sum();
    /// assert!((all.value() - sum).abs() < 1e-9);
    /// assert!(all.lower() > 0.7 * all.value() && all.upper() < 1.4 * all.value());
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn expected_purchases_of_base(
        &self,
        horizon: Horizon,
        level: Probability,
    ) -> Result<ConfidenceInterval> {
        self.fit.confidence(level, Domain::Positive, |model| self.of_base(model, horizon))
    }

    pub(super) fn of_each(&self, model: &BgBb, horizon: Horizon) -> Result<Vec<f64>> {
        model.must_judge(self.histories)?;
        self.histories.iter().map(|(own, _)| model.expected_purchases(&own, horizon)).collect()
    }

    pub(super) fn of_base(&self, model: &BgBb, horizon: Horizon) -> Result<f64> {
        let mut sum = ExactSum::new();
        for (own, (_, many)) in self.of_each(model, horizon)?.iter().zip(self.histories.iter()) {
            sum.add_product(*own, many as f64);
        }
        finite("expected purchases", sum.value())
    }
}

/// Only those count who are still there; horizons count from the last renewal of each.
impl<M: RetentionModel + Parametric> Outlook<'_, M, Tenures> {
    /// How many are expected to be still there at the end of the horizon, and how sure is that?
    ///
    /// # Formula
    /// ```text
    /// Σ S(n + m)/S(n) over those who have made n renewals, m renewals ahead
    /// ```
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for tenures in another period than the model's;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a horizon that is not whole periods; as
    /// [`Fit::confidence`](crate::Fit::confidence).
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Outlook, Sbg, Tenures};
    /// use goodwill::{Horizon, Probability, TimeUnit};
    ///
    /// // 1,000 subscribers, of whom so many were left after each of four renewals: 326 in the end.
    /// let seen = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468, 382, 326])?;
    /// let fit = Sbg::fit(&seen)?;
    /// let level = Probability::constant(0.95);
    /// let next = Outlook::new(&fit, &seen).expected_survivors(Horizon::years(1.0)?, level)?;
    /// assert!((next.value() - 326.0 * 0.873_9).abs() < 0.1); // r₅ = (β + 4)/(α + β + 4)
    /// assert!(next.contains(289.0)); // so many were left
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn expected_survivors(
        &self,
        horizon: Horizon,
        level: Probability,
    ) -> Result<ConfidenceInterval> {
        self.fit.confidence(level, Domain::Positive, |model| self.staying(model, horizon))
    }

    pub(super) fn staying(&self, model: &M, horizon: Horizon) -> Result<f64> {
        let mut sum = ExactSum::new();
        for (chance, customers) in self.chances(model, horizon)? {
            sum.add_product(chance, customers as f64);
        }
        finite("expected survivors", sum.value())
    }

    /// How likely it is for how many customers to be there at the end of the horizon.
    pub(super) fn chances(&self, model: &M, horizon: Horizon) -> Result<Vec<(f64, u64)>> {
        self.histories.must_count(model.period())?;
        let renewals = series::periods(horizon, model.period())?;
        // For ever, nobody.
        let stays =
            |made: u32| renewals.map_or(0.0, |more| model.ln_survival(f64::from(made), more).exp());
        Ok(self.histories.active().map(|(made, customers)| (stays(made), customers)).collect())
    }
}
