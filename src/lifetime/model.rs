//! What every purchase model can say.

use crate::error::{Error, Result};
#[cfg(feature = "rand")]
use crate::lifetime::simulation::drawn;
#[cfg(feature = "rand")]
use crate::math::random::generator;
use crate::math::root::first_that;
use crate::quantity::Probability;
#[cfg(feature = "rand")]
use crate::time::is_span;
use crate::time::{DiscountRate, Horizon, TimeUnit};
use crate::transactions::{Histories, History};

use super::shared::Shared;
use sealed::Known;

/// A model of how often customers buy and when they silently leave. Sealed.
///
/// Times are converted to the model's unit by the named day counts of [`TimeUnit`]. Expectations are of
/// purchase *occasions* after the as-of date; the first purchase of a newcomer is not counted.
pub trait PurchaseModel: sealed::PurchaseKernel {
    /// The unit in which the model's parameters count time.
    fn unit(&self) -> TimeUnit {
        self.time_unit()
    }

    /// How likely is it that the customer is still with us?
    #[doc(alias = "PAlive")]
    fn probability_alive(&self, history: &History) -> Probability {
        self.alive(Known::new(history, self.time_unit()))
    }

    /// How likely is it that he is still with us at the end of the horizon, as far as we know today?
    ///
    /// # Formula
    /// ```text
    /// P(alive at T + t | x, t_x, T) = P(alive)·P(alive at T + t | alive at T, x, t_x)
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where its terms leave the range of `f64`.
    fn probability_alive_after(&self, history: &History, horizon: Horizon) -> Result<Probability> {
        let known = Known::new(history, self.time_unit());
        let later = self.still_alive(known, horizon.in_unit(self.time_unit()));
        probability("probability alive", self.alive(known).get() * later)
    }

    /// How likely is it that he buys at least once until the horizon?
    ///
    /// # Formula
    /// ```text
    /// P(alive)·(1 − P(Y(t) = 0 | alive))
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where its terms leave the range of `f64`.
    fn probability_of_purchase(&self, history: &History, horizon: Horizon) -> Result<Probability> {
        let known = Known::new(history, self.time_unit());
        let silence = self.ln_silence(known, horizon.in_unit(self.time_unit()));
        probability("probability of a purchase", -self.alive(known).get() * silence.exp_m1())
    }

    /// How long until he has bought again with this probability? `None` where that is never so sure, as for who may
    /// be gone.
    ///
    /// # Formula
    /// ```text
    /// the smallest t with P(alive)·(1 − P(Y(t) = 0 | alive)) ≥ probability
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where the span leaves the range of `f64`.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::{BgNbd, History, Probability, PurchaseModel, TimeUnit};
    ///
    /// let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
    /// let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86)?; // active with 72.7 per cent
    /// let half = model.next_purchase_within(&customer, Probability::constant(0.5))?.unwrap();
    /// // 43.274·((1 − 0.5/0.726579)^(−1/2.243) − 1)
    /// assert!((half.in_unit(TimeUnit::Week).unwrap() - 29.478_2).abs() < 1e-4);
    /// let today = NaiveDate::from_ymd_opt(1997, 9, 30).unwrap();
    /// assert_eq!(half.date_after(today)?, NaiveDate::from_ymd_opt(1998, 4, 25));
    /// assert_eq!(model.next_purchase_within(&customer, Probability::constant(0.73))?, None);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    fn next_purchase_within(
        &self,
        history: &History,
        probability: Probability,
    ) -> Result<Option<Horizon>> {
        const QUANTITY: &str = "time of the next purchase";
        let (known, unit) = (Known::new(history, self.time_unit()), self.time_unit());
        // Silence for longer than this is so unlikely.
        let silence = (-probability.get() / self.alive(known).get()).ln_1p();
        let within = |span| self.ln_silence(known, span);
        if probability.get() <= 0.0 {
            return Horizon::new(0.0, unit).map(Some);
        }
        if !(within(None) < silence) {
            return Ok(None);
        }
        first_that(|span| within(Some(span)) <= silence)
            .and_then(|span| Horizon::new(span, unit).ok())
            .map_or_else(|| Err(out_of_range(QUANTITY)), |horizon| Ok(Some(horizon)))
    }

    /// How often will he buy until the horizon?
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for ever, where customers stay infinitely long on average, or
    /// where the value leaves the range of `f64`.
    #[doc(alias = "CET")]
    fn expected_purchases(&self, history: &History, horizon: Horizon) -> Result<f64> {
        let known = Known::new(history, self.time_unit());
        let later = self.purchases_if_alive(known, horizon.in_unit(self.time_unit()))?;
        finite("expected purchases", self.alive(known).get() * later)
    }

    /// How often will someone who just bought for the first time buy again until the horizon?
    ///
    /// # Errors
    /// As [`expected_purchases`](PurchaseModel::expected_purchases).
    fn expected_purchases_of_newcomer(&self, horizon: Horizon) -> Result<f64> {
        let span = horizon.in_unit(self.time_unit());
        let later = self.purchases_if_alive(Known::NEWCOMER, span)?;
        finite("expected purchases of a newcomer", self.alive(Known::NEWCOMER).get() * later)
    }

    /// How likely is it that he buys exactly `n` times until the horizon?
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where its terms leave the range of `f64`.
    fn purchase_probability(
        &self,
        history: &History,
        n: u32,
        horizon: Horizon,
    ) -> Result<Probability> {
        let known = Known::new(history, self.time_unit());
        let n_times = self.probability_of_count(known, n, horizon.in_unit(self.time_unit()));
        probability("purchase probability", n_times)
    }

    /// How likely is it that someone who just bought for the first time buys exactly `n` times more?
    ///
    /// # Errors
    /// As [`purchase_probability`](PurchaseModel::purchase_probability).
    #[doc(alias = "pmf")]
    fn purchase_probability_of_newcomer(&self, n: u32, horizon: Horizon) -> Result<Probability> {
        let span = horizon.in_unit(self.time_unit());
        let n_times = self.probability_of_count(Known::NEWCOMER, n, span);
        probability("purchase probability of a newcomer", n_times)
    }

    /// His expected purchases until the horizon, each counted at its present value: continuous discounting
    /// from the moment of the purchase.
    ///
    /// # Formula
    /// ```text
    /// ∫₀ᴴ e^{−δt} dE[Y(t)],   δ = ln(1 + d)
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for ever at a negative rate, and at rate 0 where customers stay
    /// infinitely long on average.
    #[doc(alias = "DERT")]
    #[doc(alias = "DECT")]
    fn discounted_purchases(
        &self,
        history: &History,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<f64> {
        let known = Known::new(history, self.time_unit());
        let later = discounted_if_alive(self, known, horizon, discount)?;
        finite("discounted purchases", self.alive(known).get() * later)
    }

    /// [`expected_purchases`](PurchaseModel::expected_purchases), if he is still with us: P(alive) is not in it.
    ///
    /// # Errors
    /// As [`expected_purchases`](PurchaseModel::expected_purchases).
    fn expected_purchases_if_alive(&self, history: &History, horizon: Horizon) -> Result<f64> {
        let known = Known::new(history, self.time_unit());
        let later = self.purchases_if_alive(known, horizon.in_unit(self.time_unit()))?;
        finite("expected purchases if alive", later)
    }

    /// [`discounted_purchases`](PurchaseModel::discounted_purchases), if he is still with us: P(alive) is not in it.
    ///
    /// # Errors
    /// As [`discounted_purchases`](PurchaseModel::discounted_purchases).
    fn discounted_purchases_if_alive(
        &self,
        history: &History,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<f64> {
        let known = Known::new(history, self.time_unit());
        let later = discounted_if_alive(self, known, horizon, discount)?;
        finite("discounted purchases if alive", later)
    }

    /// [`probability_alive`](PurchaseModel::probability_alive) of every customer, in order.
    fn probabilities_alive(&self, histories: &Histories) -> Vec<Probability> {
        histories.iter().map(|history| self.probability_alive(&history)).collect()
    }

    /// [`expected_purchases`](PurchaseModel::expected_purchases) of every customer, in order. Customers of
    /// whom the same is known share the work.
    ///
    /// # Errors
    /// As for one customer.
    fn all_expected_purchases(&self, histories: &Histories, horizon: Horizon) -> Result<Vec<f64>> {
        let span = horizon.in_unit(self.time_unit());
        let later = |known| self.purchases_if_alive(known, span);
        self.for_all(histories, "expected purchases", later, |_| ())
    }

    /// [`probabilities_alive`](PurchaseModel::probabilities_alive) and
    /// [`all_expected_purchases`](PurchaseModel::all_expected_purchases) at once, in the time of one of them.
    ///
    /// # Errors
    /// As for one customer.
    ///
    /// # Example
    /// ```
    /// use goodwill::{BgNbd, Histories, Horizon, PurchaseModel, TimeUnit};
    ///
    /// let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
    /// let histories = Histories::new(TimeUnit::Week, &[2, 0], &[30.43, 0.0], &[38.86, 38.86])?;
    /// let (alive, expected) =
    ///     model.all_alive_and_expected_purchases(&histories, Horizon::weeks(39.0)?)?;
    /// assert!((alive[0].get() - 0.726_579).abs() < 1e-6);
    /// assert!((expected[0] - 1.226_028).abs() < 1e-6);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    fn all_alive_and_expected_purchases(
        &self,
        histories: &Histories,
        horizon: Horizon,
    ) -> Result<(Vec<Probability>, Vec<f64>)> {
        let span = horizon.in_unit(self.time_unit());
        let mut probabilities = Vec::with_capacity(histories.len());
        let expected = self.for_all(
            histories,
            "expected purchases",
            |known| self.purchases_if_alive(known, span),
            |alive| probabilities.push(alive),
        )?;
        Ok((probabilities, expected))
    }

    /// [`discounted_purchases`](PurchaseModel::discounted_purchases) of every customer, in order. Customers
    /// of whom the same is known share the work.
    ///
    /// # Errors
    /// As for one customer.
    fn all_discounted_purchases(
        &self,
        histories: &Histories,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<Vec<f64>> {
        let later = |known| discounted_if_alive(self, known, horizon, discount);
        self.for_all(histories, "discounted purchases", later, |_| ())
    }

    /// What do new customers do whom we observe from their first purchase for these ages? Row i is of a customer
    /// of age i, in the model's [`unit`](PurchaseModel::unit).
    ///
    /// Needs the feature `rand`.
    ///
    /// A customer's draws depend on the seed and his row alone. Needs the feature `rand`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an age that is not a span of time;
    /// [`Undefined`](crate::ErrorKind::Undefined) for parameters that the generator cannot draw from, and where a
    /// customer buys more than 10⁶ times.
    ///
    /// # Example
    /// ```
    /// use goodwill::{BgNbd, PurchaseModel, TimeUnit};
    ///
    /// let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
    /// let customers = model.simulate(&[39.0; 1_000], 7)?;
    /// let bought = customers.iter().map(|customer| f64::from(customer.frequency())).sum::<f64>();
    /// assert!((bought / 1_000.0 - 1.20).abs() < 0.3); // 1.20 are expected
    /// assert_eq!(customers.get(3), model.simulate(&[39.0; 4], 7)?.get(3));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    #[cfg(feature = "rand")]
    fn simulate(&self, ages: &[f64], seed: u64) -> Result<Histories>
    where
        Self: sealed::PurchaseSimulation,
    {
        let lives = self.simulate_purchase_times(ages, seed)?;
        let frequency: Vec<u32> = lives.iter().map(|times| times.len() as u32).collect();
        // A purchase at once is a purchase later, however little.
        let last = |times: &Vec<f64>| times.last().map_or(0.0, |&t| t.max(f64::from_bits(1)));
        let recency: Vec<f64> = lives.iter().map(last).collect();
        let ln_gaps = |times: &Vec<f64>| {
            let before = std::iter::once(0.0).chain(times.iter().copied());
            let gaps = times.iter().zip(before).map(|(now, before)| now - before);
            let sum: f64 = gaps.map(|gap| gap.max(f64::from_bits(1)).ln()).sum();
            // Where the gaps are below the least of `f64`, that of equal ones.
            let x = times.len() as f64;
            if x > 0.0 { sum.min(x * (last(times).ln() - x.ln())) } else { 0.0 }
        };
        let ln_intervals: Vec<f64> = lives.iter().map(ln_gaps).collect();
        Histories::new(self.time_unit(), &frequency, &recency, ages)?
            .with_ln_intervals(&ln_intervals)
    }

    /// When do such customers buy? Row i holds the times of the repeat purchases of a customer of age i, since his
    /// first purchase; [`simulate`](PurchaseModel::simulate) counts the same ones.
    ///
    /// Needs the feature `rand`.
    ///
    /// # Errors
    /// As [`simulate`](PurchaseModel::simulate).
    #[cfg(feature = "rand")]
    fn simulate_purchase_times(&self, ages: &[f64], seed: u64) -> Result<Vec<Vec<f64>>>
    where
        Self: sealed::PurchaseSimulation,
    {
        let life = |(row, &age): (usize, &f64)| {
            if !is_span(age, self.time_unit()) {
                return Err(Error::out_of_domain("age", age, "[0, ∞)").at_row(row));
            }
            drawn(self, Known::NEWCOMER, age, &mut generator(seed, row as u64))
        };
        ages.iter().enumerate().map(life).collect()
    }

    /// When will these customers buy until the horizon? Row i holds times after today of one possible future of
    /// customer i, given what is known of him: whether he is active, his rate and his dropout are drawn from what
    /// his history leaves open.
    ///
    /// Needs the feature `rand`.
    ///
    /// # Errors
    /// As [`simulate`](PurchaseModel::simulate); [`Undefined`](crate::ErrorKind::Undefined) for ever.
    #[cfg(feature = "rand")]
    fn simulate_future(
        &self,
        histories: &Histories,
        horizon: Horizon,
        seed: u64,
    ) -> Result<Vec<Vec<f64>>>
    where
        Self: sealed::PurchaseSimulation,
    {
        let Some(span) = horizon.in_unit(self.time_unit()) else {
            return Err(Error::undefined("simulation for ever", "it has no end; give a horizon"));
        };
        let future = |(row, history): (usize, History)| {
            let known = Known::new(&history, self.time_unit());
            drawn(self, known, span, &mut generator(seed, row as u64))
        };
        histories.iter().enumerate().map(future).collect()
    }
}

/// A value that left the range of `f64` is an error, never an infinity or a NaN.
pub(super) fn finite(quantity: &'static str, value: f64) -> Result<f64> {
    if value.is_finite() { Ok(value) } else { Err(out_of_range(quantity)) }
}

pub(super) fn probability(quantity: &'static str, value: f64) -> Result<Probability> {
    Probability::rounded(value).ok_or_else(|| out_of_range(quantity))
}

pub(super) fn out_of_range(quantity: &'static str) -> Error {
    Error::undefined(quantity, "the value leaves the range of f64")
}

fn discounted_if_alive<M: sealed::PurchaseKernel + ?Sized>(
    model: &M,
    known: Known,
    horizon: Horizon,
    discount: DiscountRate,
) -> Result<f64> {
    let span = horizon.in_unit(model.time_unit());
    let delta = discount.continuous_per(model.time_unit());
    if span.is_none() && delta < 0.0 {
        return Err(Error::undefined(
            "discounted purchases",
            "at a negative rate, purchases infinitely late are worth infinitely much",
        ));
    }
    if delta.abs() > 0.0 {
        Ok(model.discounted_if_alive(known, span, delta))
    } else {
        model.purchases_if_alive(known, span)
    }
}

pub(super) mod sealed {
    use super::{Error, Histories, History, Probability, Result, Shared, TimeUnit, finite};

    /// What a purchase model knows of a customer, in its own unit of time.
    #[derive(Clone, Copy, Debug)]
    pub struct Known {
        /// x.
        pub frequency: u32,
        /// `t_x`.
        pub recency: f64,
        /// T.
        pub age: f64,
    }

    impl Known {
        /// Someone who just bought for the first time.
        pub const NEWCOMER: Self = Self { frequency: 0, recency: 0.0, age: 0.0 };

        #[inline]
        pub(crate) fn new(history: &History, unit: TimeUnit) -> Self {
            let own = history.in_unit(unit);
            Self { frequency: own.frequency(), recency: own.recency(), age: own.age() }
        }

        /// x as a number.
        #[must_use]
        pub fn x(&self) -> f64 {
            f64::from(self.frequency)
        }
    }

    /// What a purchase model has to compute, all in its own unit of time; a span of `None` is for ever.
    pub trait PurchaseKernel {
        /// Whether what a customer will do who is alive depends on when he last bought.
        const REMEMBERS_RECENCY: bool = false;

        fn time_unit(&self) -> TimeUnit;
        /// The odds of being alive, `P(alive | x, t_x, T) / P(gone | x, t_x, T)`.
        fn odds_alive(&self, known: Known) -> f64;
        /// P(alive at T + t | alive at T).
        fn still_alive(&self, known: Known, span: Option<f64>) -> f64;
        /// ln P(Y(t) = 0 | alive at T).
        fn ln_silence(&self, known: Known, span: Option<f64>) -> f64;
        /// E[Y(t) | alive at T].
        fn purchases_if_alive(&self, known: Known, span: Option<f64>) -> Result<f64>;
        /// P(Y(t) = n | alive at T).
        fn probability_if_alive(&self, known: Known, n: u32, span: Option<f64>) -> f64;
        /// ∫ e^{−δu} dE[Y(u) | alive at T] for δ ≠ 0, over a finite span or with δ > 0.
        fn discounted_if_alive(&self, known: Known, span: Option<f64>, delta: f64) -> f64;

        /// `P(alive | x, t_x, T)`.
        fn alive(&self, known: Known) -> Probability {
            Probability::of_odds(self.odds_alive(known))
        }

        /// P(Y(t) = n), whether alive or gone.
        fn probability_of_count(&self, known: Known, n: u32, span: Option<f64>) -> f64 {
            let (alive, gone) = Probability::both_of_odds(self.odds_alive(known));
            let silent = if n == 0 { gone.get() } else { 0.0 };
            silent + alive.get() * self.probability_if_alive(known, n, span)
        }

        /// P(alive) × a quantity of customers who are alive, for every customer; `see` is shown P(alive).
        fn for_all(
            &self,
            histories: &Histories,
            name: &'static str,
            if_alive: impl Fn(Known) -> Result<f64>,
            mut see: impl FnMut(Probability),
        ) -> Result<Vec<f64>> {
            let mut shared = Shared::default();
            let mut values = Vec::with_capacity(histories.len());
            for (row, history) in histories.iter().enumerate() {
                let known = Known::new(&history, self.time_unit());
                let later = shared.value(known, Self::REMEMBERS_RECENCY, &if_alive)?;
                let alive = self.alive(known);
                see(alive);
                let value = finite(name, alive.get() * later);
                values.push(value.map_err(|error: Error| error.at_row(row))?);
            }
            Ok(values)
        }
    }

    /// What a purchase model has to draw, so that its customers can be simulated.
    #[cfg(feature = "rand")]
    pub trait PurchaseSimulation: PurchaseKernel {
        /// The times, after T, of the purchases within a span of a customer who is alive at T: what is individual
        /// of him is drawn from what his history leaves open given that. The first purchase of a
        /// [`NEWCOMER`](Known::NEWCOMER) is at T = 0 and is not among them. Draws come from the generator alone.
        fn draw_if_alive(
            &self,
            known: Known,
            span: f64,
            generator: &mut rand_chacha::ChaCha8Rng,
        ) -> Result<Vec<f64>>;
    }
}
