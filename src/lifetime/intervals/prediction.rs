//! Prediction: what will be counted, by possible futures.

use super::customers::CustomersOf;
use super::draws::{Ahead, Base, Purchases, Revenue, Tally, World};
use super::futures::{Drawing, Futures, Simulated, SimulatedSpend, Stream};
use super::kinds::PredictionInterval;
use super::outlook::{Outlook, RevenueOutlook, revenue, total};
use super::parametric::Parametric;
use crate::error::{Error, Result};
use crate::lifetime::model::finite;
use crate::lifetime::simulation::drawn;
use crate::time::Horizon;
use crate::transactions::Spends;

impl<M: Parametric, H: CustomersOf<M>> Outlook<'_, M, H>
where
    H::Own: Simulated,
{
    /// How often will each customer buy until the horizon?
    ///
    /// Needs the feature `rand`.
    ///
    /// A customer's interval depends on the seed and on what is known of him, not on who stands beside him. Its ends
    /// are whole numbers.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for options outside their range;
    /// [`NotIdentified`](crate::ErrorKind::NotIdentified) as [`Fit::parameter_intervals`](crate::Fit::parameter_intervals);
    /// [`Undefined`](crate::ErrorKind::Undefined) for ever, and as
    /// [`simulate`](crate::PurchaseModel::simulate) at drawn parameters; with covariates,
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) as [`expected_purchases`](Outlook::expected_purchases).
    ///
    /// # Example
    /// See [`purchases_of_base`](Outlook::purchases_of_base).
    pub fn purchases(
        &self,
        horizon: Horizon,
        futures: &Futures,
    ) -> Result<Vec<PredictionInterval>> {
        let (drawing, span) = (futures.checked()?, self.span(horizon)?);
        let expected = self.histories.all_expected(self.fit.model(), horizon)?;
        self.of_customers(&Purchases, (&self.base(None), &expected), span, drawing)
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
        let (drawing, span) = (futures.checked()?, self.span(horizon)?);
        let expected = self.histories.all_expected(self.fit.model(), horizon)?;
        let expected = total("expected purchases", &expected)?;
        self.of_base(Purchases, (&self.base(None), expected), span, drawing)
    }

    /// The customers, with what is known of their spend.
    pub(in crate::lifetime) fn base(&self, spends: Option<&Spends>) -> Base<'_> {
        Base::new(self.histories, spends, H::unit(self.fit.model()))
    }

    /// What is drawn of the futures of a base.
    pub(in crate::lifetime) fn world<'b, T: Tally>(
        &self,
        tally: T,
        base: &'b Base<'b>,
        ahead: Ahead,
        drawing: Drawing,
    ) -> Result<World<'b, M, H::Own, T>> {
        let models = drawing.models(self.fit, Stream::Parameters)?;
        Ok(World { models, own: H::own, tally, base, ahead, drawing })
    }

    /// The horizon in the unit of the models; nothing can be drawn for ever.
    fn span(&self, horizon: Horizon) -> Result<f64> {
        horizon.in_unit(H::unit(self.fit.model())).ok_or_else(endless)
    }

    fn of_base<T: Tally>(
        &self,
        tally: T,
        (base, expected): (&Base<'_>, f64),
        span: f64,
        drawing: Drawing,
    ) -> Result<PredictionInterval> {
        let world = self.world(tally, base, Ahead { period: span, periods: 1 }, drawing)?;
        let counted = world.futures(|world, draw| Ok(world.known(draw)?[0]))?;
        Ok(drawing.interval(expected, counted))
    }

    fn of_customers(
        &self,
        tally: &impl Tally,
        (base, expected): (&Base<'_>, &[f64]),
        span: f64,
        drawing: Drawing,
    ) -> Result<Vec<PredictionInterval>> {
        let models = drawing.models(self.fit, Stream::Parameters)?;
        let ends = base.map_distinct(|customer| {
            let one = |(draw, model): (usize, &M)| {
                let mut purchases = drawing.generator(draw, Stream::Customer);
                let own = H::own(model, customer.covariates)?;
                let count = drawn(&own, customer.known, span, &mut purchases)?.len() as u32;
                let mut total = [0.0];
                if count > 0 {
                    let mut spends = drawing.generator(draw, Stream::CustomerSpend);
                    tally.add(draw, &customer.spend, &[count], &mut total, &mut spends)?;
                }
                Ok(total[0])
            };
            let counted = models.iter().enumerate().map(one).collect::<Result<Vec<f64>>>()?;
            Ok(drawing.ends(counted))
        })?;
        let interval = |(ends, &value)| drawing.around(value, ends);
        Ok(ends.into_iter().zip(expected).map(interval).collect())
    }
}

impl<M: Parametric, S: SimulatedSpend, H: CustomersOf<M>> RevenueOutlook<'_, M, S, H>
where
    H::Own: Simulated,
{
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
        let (drawing, span) = (futures.checked()?, self.purchases.span(horizon)?);
        let expected = self.expected(horizon)?;
        let product = |(p, s): (&f64, &f64)| finite("expected revenue", p * s);
        let expected =
            expected.0.iter().zip(&expected.1).map(product).collect::<Result<Vec<_>>>()?;
        let tally = Revenue(drawing.models(self.spend, Stream::SpendParameters)?);
        let base = self.purchases.base(Some(self.spends));
        self.purchases.of_customers(&tally, (&base, &expected), span, drawing)
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
        let (drawing, span) = (futures.checked()?, self.purchases.span(horizon)?);
        let expected = self.expected(horizon)?;
        let expected = revenue("expected revenue", &expected.0, &expected.1)?;
        let tally = Revenue(drawing.models(self.spend, Stream::SpendParameters)?);
        let base = self.purchases.base(Some(self.spends));
        self.purchases.of_base(tally, (&base, expected), span, drawing)
    }

    /// The expected purchases of every customer, and what he spends on one.
    fn expected(&self, horizon: Horizon) -> Result<(Vec<f64>, Vec<f64>)> {
        let Outlook { fit, histories } = self.purchases;
        let purchases = histories.all_expected(fit.model(), horizon)?;
        Ok((purchases, self.spend.model().all_expected_spends(self.spends)?))
    }
}

pub(super) fn endless() -> Error {
    Error::undefined("prediction for ever", "it has no end; give a horizon")
}
