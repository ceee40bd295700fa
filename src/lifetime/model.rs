//! What every purchase model and every spend model can say.

use std::collections::hash_map::{Entry, HashMap};

use crate::error::{Error, Result};
use crate::quantity::Probability;
use crate::time::{DiscountRate, Horizon, TimeUnit};
use crate::transactions::{Histories, History, Spend};

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
        let own = history.in_unit(self.time_unit());
        self.alive(own.frequency(), own.recency(), own.age())
    }

    /// How often will he buy until the horizon?
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for ever, where customers stay infinitely long on average, or
    /// where the value leaves the range of `f64`.
    #[doc(alias = "CET")]
    fn expected_purchases(&self, history: &History, horizon: Horizon) -> Result<f64> {
        let own = history.in_unit(self.time_unit());
        let span = horizon.in_unit(self.time_unit());
        let later = self.purchases_if_alive(own.frequency(), own.age(), span)?;
        finite("expected purchases", self.probability_alive(&own).get() * later)
    }

    /// How often will someone who just bought for the first time buy again until the horizon?
    ///
    /// # Errors
    /// As [`expected_purchases`](PurchaseModel::expected_purchases).
    fn expected_purchases_of_newcomer(&self, horizon: Horizon) -> Result<f64> {
        let span = horizon.in_unit(self.time_unit());
        finite("expected purchases of a newcomer", self.purchases_if_alive(0, 0.0, span)?)
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
        let own = history.in_unit(self.time_unit());
        let span = horizon.in_unit(self.time_unit());
        let alive = self.probability_alive(&own);
        let gone = if n == 0 { alive.complement().get() } else { 0.0 };
        let later = self.probability_if_alive(own.frequency(), own.age(), n, span);
        probability("purchase probability", gone + alive.get() * later)
    }

    /// How likely is it that someone who just bought for the first time buys exactly `n` times more?
    ///
    /// # Errors
    /// As [`purchase_probability`](PurchaseModel::purchase_probability).
    #[doc(alias = "pmf")]
    fn purchase_probability_of_newcomer(&self, n: u32, horizon: Horizon) -> Result<Probability> {
        let span = horizon.in_unit(self.time_unit());
        let later = self.probability_if_alive(0, 0.0, n, span);
        probability("purchase probability of a newcomer", later)
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
        let own = history.in_unit(self.time_unit());
        let later = discounted_if_alive(self, own.frequency(), own.age(), horizon, discount)?;
        finite("discounted purchases", self.probability_alive(&own).get() * later)
    }

    /// [`probability_alive`](PurchaseModel::probability_alive) of every customer, in order.
    fn probabilities_alive(&self, histories: &Histories) -> Vec<Probability> {
        histories.iter().map(|history| self.probability_alive(&history)).collect()
    }

    /// [`expected_purchases`](PurchaseModel::expected_purchases) of every customer, in order. Customers with the
    /// same frequency and age share the work.
    ///
    /// # Errors
    /// As for one customer.
    fn all_expected_purchases(&self, histories: &Histories, horizon: Horizon) -> Result<Vec<f64>> {
        let span = horizon.in_unit(self.time_unit());
        self.for_all(histories, "expected purchases", |frequency, age| {
            self.purchases_if_alive(frequency, age, span)
        })
    }

    /// [`discounted_purchases`](PurchaseModel::discounted_purchases) of every customer, in order. Customers with
    /// the same frequency and age share the work.
    ///
    /// # Errors
    /// As for one customer.
    fn all_discounted_purchases(
        &self,
        histories: &Histories,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<Vec<f64>> {
        self.for_all(histories, "discounted purchases", |frequency, age| {
            discounted_if_alive(self, frequency, age, horizon, discount)
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

fn probability(quantity: &'static str, value: f64) -> Result<Probability> {
    Probability::rounded(value).ok_or_else(|| out_of_range(quantity))
}

fn out_of_range(quantity: &'static str) -> Error {
    Error::undefined(quantity, "the value leaves the range of f64")
}

fn discounted_if_alive<M: sealed::PurchaseKernel + ?Sized>(
    model: &M,
    frequency: u32,
    age: f64,
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
        Ok(model.discounted_if_alive(frequency, age, span, delta))
    } else {
        model.purchases_if_alive(frequency, age, span)
    }
}

pub(super) mod sealed {
    use super::{Entry, Error, HashMap, Histories, Probability, Result, TimeUnit, finite};

    /// What a purchase model has to compute, all in its own unit of time; `None` is for ever.
    pub trait PurchaseKernel {
        fn time_unit(&self) -> TimeUnit;
        /// `P(alive | x, t_x, T)`.
        fn alive(&self, frequency: u32, recency: f64, age: f64) -> Probability;
        /// E[Y(t) | alive at T, x].
        fn purchases_if_alive(&self, frequency: u32, age: f64, span: Option<f64>) -> Result<f64>;
        /// P(Y(t) = n | alive at T, x).
        fn probability_if_alive(&self, frequency: u32, age: f64, n: u32, span: Option<f64>) -> f64;
        /// ∫ e^{−δu} dE[Y(u) | alive at T, x] for δ ≠ 0, over a finite span or with δ > 0.
        fn discounted_if_alive(
            &self,
            frequency: u32,
            age: f64,
            span: Option<f64>,
            delta: f64,
        ) -> f64;

        /// P(alive) × a quantity that only depends on frequency and age, for every customer.
        fn for_all(
            &self,
            histories: &Histories,
            name: &'static str,
            if_alive: impl Fn(u32, f64) -> Result<f64>,
        ) -> Result<Vec<f64>> {
            let mut known: HashMap<(u32, u64), f64> = HashMap::new();
            let mut values = Vec::with_capacity(histories.len());
            for (row, history) in histories.iter().enumerate() {
                let own = history.in_unit(self.time_unit());
                let key = (own.frequency(), own.age().to_bits());
                let later = match known.entry(key) {
                    Entry::Occupied(later) => *later.get(),
                    Entry::Vacant(free) => *free.insert(if_alive(own.frequency(), own.age())?),
                };
                let alive = self.alive(own.frequency(), own.recency(), own.age());
                let value = finite(name, alive.get() * later);
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
