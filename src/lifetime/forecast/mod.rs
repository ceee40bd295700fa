//! Forecast of a base: what known customers and newcomers will do, period by period.

mod arrivals;
mod expected;
mod plan;

pub use arrivals::{DescribedPlan, PlanFor};
pub use plan::AcquisitionPlan;

use crate::error::Result;
use crate::time::Horizon;

use arrivals::Arrivals;

use super::intervals::draws::{Ahead, Base, Kind, Purchases, Revenue, Tally};
use super::intervals::futures::{Drawing, Stream};
use super::intervals::outlook::{all_around, intervals, total};
use super::intervals::{
    ConfidenceInterval, CustomersOf, Domain, Futures, Outlook, Parametric, PredictionInterval,
    RevenueOutlook, Simulated, SimulatedSpend,
};
use super::model::{finite, out_of_range};

/// What a base will do, period by period: purchases, or money.
///
/// Needs the feature `rand`.
///
/// The two parts of a line add up to its total, and the lines to the whole, as values; in every drawn future they do
/// too. The ends of intervals do not add up: that all periods turn out low together is less likely than that one does.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BaseForecast {
    /// The length of each period.
    pub period: Horizon,
    /// One after the other, from today.
    pub periods: Vec<ForecastLine>,
    /// All periods together.
    pub whole: ForecastLine,
}

/// A period of a [`BaseForecast`], or all of them.
///
/// Needs the feature `rand`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ForecastLine {
    /// How many newcomers are planned.
    pub newcomers: u64,
    /// Of the customers who are known today.
    pub by_known: Outcome,
    /// Of those who are still to come.
    pub by_newcomers: Outcome,
    /// Of both.
    pub total: Outcome,
}

/// A number of a forecast with its two intervals, around one value: what is expected.
///
/// Needs the feature `rand`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Outcome {
    /// How sure the expectation is.
    pub expected: ConfidenceInterval,
    /// What will be counted.
    pub counted: PredictionInterval,
}

impl<M: Parametric, H: CustomersOf<M>> Outlook<'_, M, H>
where
    H::Own: Simulated,
{
    /// How many purchases come in each period, by known customers and by newcomers?
    ///
    /// Needs the feature `rand`.
    ///
    /// # Formula
    /// ```text
    /// known:     Σ E[Y(kΔ)] − E[Y((k − 1)Δ)] over the customers
    /// newcomers: nₖ + Σ nⱼ·eₖ₋ⱼ over j = 1 … k,   eₗ = ∫₀¹ E[X((l + u)Δ)] − E[X((l − 1 + u)Δ)] du
    /// ```
    /// of nₖ newcomers who come in period k, at random times; the second `E[X]` of e₀ is 0. Where first purchases are not
    /// counted, nₖ is left out. Intervals are those of [`Fit::confidence`](crate::Fit::confidence) and [`Futures`]. With
    /// covariates, newcomers are of several kinds ([`DescribedPlan`]), each with `E[X]` of its own, and added up.
    ///
    /// # Errors
    /// As [`purchases`](Outlook::purchases); [`Undefined`](crate::ErrorKind::Undefined) for periods so short that
    /// their purchases are lost in rounding; with covariates,
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for newcomers without, or with others than the customers'.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{AcquisitionPlan, Futures, Outlook};
    /// use goodwill::{BgNbd, Horizon, PurchaseModel, TimeUnit};
    ///
    /// let shop = BgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5)?;
    /// let histories = shop.simulate(&[39.0; 1_500], 7)?;
    /// let fit = BgNbd::fit(&histories)?;
    /// let (outlook, quarter) = (Outlook::new(&fit, &histories), Horizon::weeks(13.0)?);
    ///
    /// let plan = AcquisitionPlan::new(quarter, &[300, 200])?;
    /// let forecast = outlook.forecast(&plan, &Futures::new(42).draws(199))?;
    /// let whole = &forecast.whole;
    /// assert_eq!(whole.newcomers, 500);
    /// // 500 first purchases, and what follows them.
    /// assert!(whole.by_newcomers.counted.lower() > 500.0);
    /// // Known customers buy less and less, newcomers come to them.
    /// let [first, second] = &forecast.periods[..] else { panic!("two periods") };
    /// assert!(second.by_known.expected.value() < first.by_known.expected.value());
    ///
    /// // The known customers alone.
    /// let nobody = AcquisitionPlan::nobody(quarter, 2)?;
    /// let alone = outlook.forecast(&nobody, &Futures::new(42).draws(199))?;
    /// assert_eq!(alone.whole.total, whole.by_known);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn forecast(&self, plan: &impl PlanFor<H>, futures: &Futures) -> Result<BaseForecast> {
        let (drawing, arrivals) = (futures.checked()?, plan.arrivals(self.histories)?);
        let lines = |model: &M| expected::purchases(model, self.histories, &arrivals);
        let expected = all_around(self.fit, drawing.level, Domain::Positive, lines)?;
        self.draw_forecast(Purchases, &self.base(None), expected, &arrivals, drawing)
    }

    /// The forecast of what a tally counts, around expectations that lie as [`lines`] lays them out.
    fn draw_forecast<T: Tally>(
        &self,
        tally: T,
        base: &Base<'_>,
        expected: Vec<ConfidenceInterval>,
        Arrivals { frame, kinds }: &Arrivals<'_>,
        drawing: Drawing,
    ) -> Result<BaseForecast> {
        let period = frame.period().in_unit(H::unit(self.fit.model()));
        let period = period.ok_or_else(|| out_of_range("period"))?;
        let ahead = Ahead { period, periods: frame.periods() };
        let world = self.world(tally, base, ahead, drawing)?;
        let kinds = kinds.iter().map(|(covariates, plan)| Kind {
            covariates,
            newcomers: plan.all_newcomers(),
            counts_first: plan.counts_first_purchases(),
        });
        let kinds: Vec<Kind<'_>> = kinds.collect();
        let counted = world.futures(|world, draw| {
            lines("drawn future", world.known(draw)?, world.newcomers(draw, &kinds)?)
        })?;
        let outcome = |(place, expected): (usize, ConfidenceInterval)| {
            let counted = counted.iter().map(|future| future[place]).collect();
            Outcome { expected, counted: drawing.interval(expected.value(), counted) }
        };
        let outcomes: Vec<Outcome> = expected.into_iter().enumerate().map(outcome).collect();
        let stretch = frame.periods() + 1;
        let newcomers = (0..frame.periods())
            .map(|period| kinds.iter().map(|kind| u64::from(kind.newcomers[period])).sum());
        let line = |(period, newcomers): (usize, u64)| ForecastLine {
            newcomers,
            by_known: outcomes[period],
            by_newcomers: outcomes[stretch + period],
            total: outcomes[2 * stretch + period],
        };
        let whole = line((frame.periods(), newcomers.clone().sum()));
        Ok(BaseForecast {
            period: frame.period(),
            periods: newcomers.enumerate().map(line).collect(),
            whole,
        })
    }
}

impl<M: Parametric, S: SimulatedSpend, H: CustomersOf<M>> RevenueOutlook<'_, M, S, H>
where
    H::Own: Simulated,
{
    /// How much comes in each period, by known customers and by newcomers?
    ///
    /// Needs the feature `rand`.
    ///
    /// As [`Outlook::forecast`], each purchase counted as what it costs: what is expected is purchases × expected
    /// spend, customer by customer. Newcomers spend as the population does, on their first purchase too; where that
    /// has another price, leave it [out](AcquisitionPlan::without_first_purchases).
    ///
    /// # Errors
    /// As [`Outlook::forecast`] and [`revenues`](RevenueOutlook::revenues).
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::lifetime::{AcquisitionPlan, Futures, Outlook};
    /// use goodwill::{BgNbd, GammaGamma, Horizon, Ledger, TimeUnit, Transaction};
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
    /// let plan = AcquisitionPlan::new(Horizon::years(0.25)?, &[300, 200, 200, 300])?;
    /// let forecast = outlook.forecast(&plan, &Futures::new(42).draws(199))?;
    /// let known = forecast.periods.iter().map(|line| line.by_known.expected.value().round());
    /// // As computed without this crate: `customer_report/forecast.py` in the fixtures.
    /// assert_eq!(known.collect::<Vec<_>>(), [22_858.0, 19_737.0, 17_506.0, 15_812.0]);
    /// let whole = forecast.whole;
    /// assert_eq!(whole.by_known.expected.value().round(), 75_913.0);
    /// let parts = whole.by_known.expected.value() + whole.by_newcomers.expected.value();
    /// assert_eq!(whole.total.expected.value(), parts);
    /// assert!(whole.total.counted.contains(parts));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn forecast(&self, plan: &impl PlanFor<H>, futures: &Futures) -> Result<BaseForecast> {
        let Outlook { fit, histories } = self.purchases;
        let (drawing, arrivals) = (futures.checked()?, plan.arrivals(histories)?);
        let lines = |model: &M, spend: &S| {
            expected::revenues(model, histories, (spend, self.spends), &arrivals)
        };
        let values = lines(fit.model(), self.spend.model())?;
        let variances = self.variances(lines)?;
        let expected = intervals(&values, &variances, drawing.level, Domain::Positive)?;
        let tally = Revenue(drawing.models(self.spend, Stream::SpendParameters)?);
        let base = self.purchases.base(Some(self.spends));
        self.purchases.draw_forecast(tally, &base, expected, &arrivals, drawing)
    }
}

/// Known customers, newcomers and both, of each the periods and then the whole.
fn lines(quantity: &'static str, known: Vec<f64>, newcomers: Vec<f64>) -> Result<Vec<f64>> {
    let (of_known, of_newcomers) = (total(quantity, &known)?, total(quantity, &newcomers)?);
    let (known, newcomers) =
        ([known, vec![of_known]].concat(), [newcomers, vec![of_newcomers]].concat());
    let both = known.iter().zip(&newcomers).map(|(a, b)| finite(quantity, a + b));
    let both = both.collect::<Result<Vec<f64>>>()?;
    Ok([known, newcomers, both].concat())
}
