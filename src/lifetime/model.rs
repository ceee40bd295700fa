//! What every purchase model and every spend model can say.

use std::collections::hash_map::{Entry, HashMap};

use crate::error::{Error, Result};
use crate::quantity::Probability;
use crate::time::{DiscountRate, Horizon, TimeUnit};
use crate::transactions::{Histories, History, Spend};

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
        self.for_all(histories, "expected purchases", |known| self.purchases_if_alive(known, span))
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
        self.for_all(histories, "discounted purchases", |known| {
            discounted_if_alive(self, known, horizon, discount)
        })
    }
}

/// A model of what customers spend on an occasion. Sealed.
pub trait SpendModel: sealed::SpendKernel {
    /// What does the customer spend on an occasion, on average, given what he spent so far?
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where the expectation is infinite, or where repeat purchases
    /// cost nothing on average (spend models are of positive amounts).
    fn expected_spend(&self, spend: &Spend) -> Result<f64> {
        match (spend.frequency(), spend.mean()) {
            (0, _) => self.expected_spend_of_newcomer(),
            (frequency, mean) if mean > 0.0 => {
                finite("expected spend", self.conditional(f64::from(frequency), mean)?)
            }
            (_, mean) => Err(Error::undefined(
                "expected spend",
                format!("the mean repeat spend is {mean}, and the model is of amounts above 0"),
            )),
        }
    }

    /// What does someone of whom no repeat purchase is known spend on an occasion, on average?
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where the expectation is infinite.
    fn expected_spend_of_newcomer(&self) -> Result<f64> {
        finite("expected spend of a newcomer", self.population()?)
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
    use super::{Entry, Error, HashMap, Histories, History, Probability, Result, TimeUnit, finite};

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
        /// `P(alive | x, t_x, T)`.
        fn alive(&self, known: Known) -> Probability;
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

        /// P(Y(t) = n), whether alive or gone.
        fn probability_of_count(&self, known: Known, n: u32, span: Option<f64>) -> f64 {
            let alive = self.alive(known);
            let gone = if n == 0 { alive.complement().get() } else { 0.0 };
            gone + alive.get() * self.probability_if_alive(known, n, span)
        }

        /// P(alive) × a quantity of customers who are alive, for every customer.
        fn for_all(
            &self,
            histories: &Histories,
            name: &'static str,
            if_alive: impl Fn(Known) -> Result<f64>,
        ) -> Result<Vec<f64>> {
            let mut values_known: HashMap<(u32, u64, u64), f64> = HashMap::new();
            let mut values = Vec::with_capacity(histories.len());
            for (row, history) in histories.iter().enumerate() {
                let known = Known::new(&history, self.time_unit());
                let recency = if Self::REMEMBERS_RECENCY { known.recency } else { 0.0 };
                let key = (known.frequency, recency.to_bits(), known.age.to_bits());
                let later = match values_known.entry(key) {
                    Entry::Occupied(later) => *later.get(),
                    Entry::Vacant(free) => *free.insert(if_alive(known)?),
                };
                let value = finite(name, self.alive(known).get() * later);
                values.push(value.map_err(|error: Error| error.at_row(row))?);
            }
            Ok(values)
        }
    }

    /// What a spend model has to compute.
    pub trait SpendKernel {
        /// E[M | x, m̄] for x ≥ 1 and m̄ > 0.
        fn conditional(&self, frequency: f64, mean: f64) -> Result<f64>;
        /// E[M].
        fn population(&self) -> Result<f64>;
    }
}
