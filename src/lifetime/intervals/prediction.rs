//! Prediction: what will be counted, by possible futures.

use super::draws::{Ahead, Base, Purchases, Revenue, Tally, World};
use super::futures::{Drawing, Futures, Simulated, SimulatedSpend, Stream};
use super::kinds::PredictionInterval;
use super::outlook::{Outlook, RevenueOutlook, revenue, total};
use crate::error::{Error, Result};
use crate::lifetime::fit::Fit;
use crate::lifetime::model::finite;
use crate::lifetime::simulation::drawn;
use crate::time::{Horizon, TimeUnit};

impl<M: Simulated> Outlook<'_, M> {
    /// How often will each customer buy until the horizon?
    ///
    /// Needs the feature `rand`.
    ///
    /// A customer's interval depends on the seed and on what is known of him, not on who stands beside him. Its ends
    /// are whole numbers.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for options outside their range;
    /// [`NotIdentified`](crate::ErrorKind::NotIdentified) as [`Fit::parameter_intervals`];
    /// [`Undefined`](crate::ErrorKind::Undefined) for ever, and as
    /// [`simulate`](crate::PurchaseModel::simulate) at drawn parameters.
    ///
    /// # Example
    /// See [`purchases_of_base`](Outlook::purchases_of_base).
    pub fn purchases(
        &self,
        horizon: Horizon,
        futures: &Futures,
    ) -> Result<Vec<PredictionInterval>> {
        let expected = self.fit.model().all_expected_purchases(self.histories, horizon)?;
        let base = Base::new(self.histories, None, self.fit.model().unit());
        of_customers(self.fit, &Purchases, (&base, &expected), horizon, futures.checked()?)
    }

    /// How often will all customers together buy until the horizon?
    ///
    /// Needs the feature `rand`.
    ///
    /// # Errors
    /// As [`purchases`](Outlook::purchases).
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Futures, Outlook};
    /// use goodwill::{BgNbd, Horizon, Probability, PurchaseModel, TimeUnit};
    ///
    /// let shop = BgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5)?;
    /// let histories = shop.simulate(&[39.0; 1_500], 7)?;
    /// let fit = BgNbd::fit(&histories)?;
    /// let (outlook, quarter) = (Outlook::new(&fit, &histories), Horizon::weeks(13.0)?);
    ///
    /// let counted = outlook.purchases_of_base(quarter, &Futures::new(42).draws(199))?;
    /// let expected = outlook.expected_purchases_of_base(quarter, Probability::constant(0.95))?;
    /// assert_eq!(counted.value(), expected.value());
    /// // Chance comes to doubt.
    /// assert!(counted.lower() < expected.lower() && counted.upper() > expected.upper());
    /// // What those customers really did.
    /// let truth = shop.simulate_future(&histories, quarter, 9)?;
    /// let bought: usize = truth.iter().map(Vec::len).sum();
    /// assert!(counted.contains(bought as f64));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn purchases_of_base(
        &self,
        horizon: Horizon,
        futures: &Futures,
    ) -> Result<PredictionInterval> {
        let model = self.fit.model();
        let expected = model.all_expected_purchases(self.histories, horizon)?;
        let expected = total("expected purchases", &expected)?;
        let base = Base::new(self.histories, None, model.unit());
        of_base(self.fit, Purchases, (&base, expected), horizon, futures.checked()?)
    }
}

impl<M: Simulated, S: SimulatedSpend> RevenueOutlook<'_, M, S> {
    /// How much will each customer bring until the horizon?
    ///
    /// Needs the feature `rand`.
    ///
    /// # Errors
    /// As [`Outlook::purchases`], of both models, and
    /// [`expected_spend`](crate::SpendModel::expected_spend).
    ///
    /// # Example
    /// See [`revenue_of_base`](RevenueOutlook::revenue_of_base).
    pub fn revenues(&self, horizon: Horizon, futures: &Futures) -> Result<Vec<PredictionInterval>> {
        let (drawing, expected) = (futures.checked()?, self.expected(horizon)?);
        let product = |(p, s): (&f64, &f64)| finite("expected revenue", p * s);
        let expected =
            expected.0.iter().zip(&expected.1).map(product).collect::<Result<Vec<_>>>()?;
        let tally = Revenue(drawing.models(self.spend, Stream::SpendParameters)?);
        of_customers(self.purchases.fit, &tally, (&self.base(), &expected), horizon, drawing)
    }

    /// How much will all customers together bring until the horizon?
    ///
    /// Needs the feature `rand`.
    ///
    /// # Errors
    /// As [`revenues`](RevenueOutlook::revenues).
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Futures, Outlook};
    /// use goodwill::{BgNbd, GammaGamma, Horizon, PurchaseModel, SpendModel, TimeUnit};
    ///
    /// let shop = BgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5)?;
    /// let histories = shop.simulate(&[39.0; 1_500], 7)?;
    /// let bought: Vec<u32> = histories.iter().map(|history| history.frequency()).collect();
    /// let spends = GammaGamma::new(6.25, 3.74, 15.44)?.simulate_spends(&bought, 8)?;
    /// let (fit, spend_fit) = (BgNbd::fit(&histories)?, GammaGamma::fit(&spends)?);
    ///
    /// let outlook = Outlook::new(&fit, &histories).with_spend(&spend_fit, &spends)?;
    /// let futures = Futures::new(42).draws(199);
    /// let revenue = outlook.revenue_of_base(Horizon::weeks(13.0)?, &futures)?;
    /// assert!(revenue.contains(revenue.value()));
    /// assert!(revenue.upper() / revenue.lower() < 1.4);
    /// let best = outlook.revenues(Horizon::weeks(13.0)?, &futures)?;
    /// assert_eq!(best.iter().map(|own| own.lower()).fold(f64::MAX, f64::min), 0.0);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn revenue_of_base(
        &self,
        horizon: Horizon,
        futures: &Futures,
    ) -> Result<PredictionInterval> {
        let (drawing, expected) = (futures.checked()?, self.expected(horizon)?);
        let expected = revenue("expected revenue", &expected.0, &expected.1)?;
        let tally = Revenue(drawing.models(self.spend, Stream::SpendParameters)?);
        of_base(self.purchases.fit, tally, (&self.base(), expected), horizon, drawing)
    }

    pub(in crate::lifetime) fn base(&self) -> Base {
        let unit = self.purchases.fit.model().unit();
        Base::new(self.purchases.histories, Some(self.spends), unit)
    }

    /// The expected purchases of every customer, and what he spends on one.
    fn expected(&self, horizon: Horizon) -> Result<(Vec<f64>, Vec<f64>)> {
        let model = self.purchases.fit.model();
        let purchases = model.all_expected_purchases(self.purchases.histories, horizon)?;
        Ok((purchases, self.spend.model().all_expected_spends(self.spends)?))
    }
}

fn of_base<M: Simulated, T: Tally>(
    fit: &Fit<M>,
    tally: T,
    (base, expected): (&Base, f64),
    horizon: Horizon,
    drawing: Drawing,
) -> Result<PredictionInterval> {
    let ahead = Ahead { period: span(horizon, fit.model().unit())?, periods: 1 };
    let world = World::new(fit, tally, base, ahead, drawing)?;
    let counted = world.futures(|world, draw| Ok(world.known(draw)?[0]))?;
    Ok(drawing.interval(expected, counted))
}

fn of_customers<M: Simulated>(
    fit: &Fit<M>,
    tally: &impl Tally,
    (base, expected): (&Base, &[f64]),
    horizon: Horizon,
    drawing: Drawing,
) -> Result<Vec<PredictionInterval>> {
    let span = span(horizon, fit.model().unit())?;
    let models = drawing.models(fit, Stream::Parameters)?;
    let ends = base.map_distinct(|known, spend| {
        let one = |(draw, model): (usize, &M)| {
            let mut purchases = drawing.generator(draw, Stream::Customer);
            let count = drawn(model, known, span, &mut purchases)?.len() as u32;
            let mut total = [0.0];
            if count > 0 {
                let mut spends = drawing.generator(draw, Stream::CustomerSpend);
                tally.add(draw, spend, &[count], &mut total, &mut spends)?;
            }
            Ok(total[0])
        };
        let counted = models.iter().enumerate().map(one).collect::<Result<Vec<f64>>>()?;
        Ok(drawing.ends(counted))
    })?;
    let interval = |(ends, &value)| drawing.around(value, ends);
    Ok(ends.into_iter().zip(expected).map(interval).collect())
}

/// The horizon in the unit of a model; nothing can be drawn for ever.
pub(super) fn span(horizon: Horizon, unit: TimeUnit) -> Result<f64> {
    horizon.in_unit(unit).ok_or_else(endless)
}

pub(super) fn endless() -> Error {
    Error::undefined("prediction for ever", "it has no end; give a horizon")
}
