//! What BG/BB expects of a customer.

use super::BgBb;
use super::likelihood::Silence;
use crate::error::{Error, Result};
use crate::lifetime::contract::{RetentionModel, Sbg, series};
use crate::lifetime::model::{finite, out_of_range, probability};
use crate::math::beta::ln_beta_ratio;
use crate::quantity::Probability;
use crate::time::{DiscountRate, Horizon};
use crate::transactions::OpportunityHistory;

/// What can be asked of one customer. `Horizon`s count from the last of his opportunities that is known.
impl BgBb {
    /// How likely is it that the customer was still with us at his last known opportunity?
    ///
    /// The table of the paper gives it one opportunity later:
    /// [`probability_alive_after`](BgBb::probability_alive_after) one period.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where its terms leave the range of `f64`.
    #[doc(alias = "PAlive")]
    pub fn probability_alive(&self, history: &OpportunityHistory) -> Result<Probability> {
        let Silence { alive, gone } = Silence::of(self, history);
        probability("probability alive", alive / (alive + gone))
    }

    /// How likely is it that he will still be there at the last opportunity of the horizon, as far as we know today?
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a horizon that is not whole periods;
    /// [`Undefined`](crate::ErrorKind::Undefined) as [`probability_alive`](BgBb::probability_alive).
    pub fn probability_alive_after(
        &self,
        history: &OpportunityHistory,
        horizon: Horizon,
    ) -> Result<Probability> {
        let later = self.after(history);
        let stays = match series::periods(horizon, self.period)? {
            Some(count) => ln_beta_ratio(later.gamma, later.delta, count).exp(),
            None => 0.0,
        };
        probability("probability alive", self.probability_alive(history)?.get() * stays)
    }

    /// How likely is it that he buys at least once until the horizon?
    ///
    /// # Formula
    /// ```text
    /// P(alive)·Σ P(the first purchase is at k | alive) for k = 1 …
    /// ```
    ///
    /// # Errors
    /// As [`expected_purchases`](BgBb::expected_purchases).
    pub fn probability_of_purchase(
        &self,
        history: &OpportunityHistory,
        horizon: Horizon,
    ) -> Result<Probability> {
        let name = "probability of a purchase";
        let later = self.after(history);
        let buys = match series::countable(horizon, self.period)? {
            Some(count) => later.first_purchases().take(count as usize).sum(),
            None => series::sum(None, |k| later.first_purchase_after(k))
                .ok_or_else(|| out_of_range(name))?,
        };
        probability(name, self.probability_alive(history)?.get() * buys)
    }

    /// By which opportunity, counted from his last known one, does he buy with at least this probability? `None`
    /// where he never does.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) as [`probability_alive`](BgBb::probability_alive), or where it
    /// takes more than 10⁶ opportunities.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::BgBb;
    /// use goodwill::{OpportunityHistory, Probability, TimeUnit};
    ///
    /// let model = BgBb::new(TimeUnit::Year, 1.204, 0.750, 0.657, 2.783)?;
    /// let donor = OpportunityHistory::new(2, 4, 6)?;
    /// assert_eq!(model.next_purchase(&donor, Probability::constant(0.4))?, Some(3));
    /// // He may have left.
    /// assert_eq!(model.next_purchase(&donor, Probability::constant(0.9))?, None);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn next_purchase(
        &self,
        history: &OpportunityHistory,
        probability: Probability,
    ) -> Result<Option<u32>> {
        const MOST: usize = 1_000_000;
        let (later, alive) = (self.after(history), self.probability_alive(history)?.get());
        let ever = self.probability_of_purchase(history, Horizon::FOREVER)?;
        if ever < probability {
            return Ok(None);
        }
        let mut reached = 0.0;
        for (k, buys) in later.first_purchases().take(MOST).enumerate() {
            if reached >= probability.get() {
                return Ok(Some(k as u32));
            }
            reached += alive * buys;
        }
        Err(Error::undefined("next purchase", "it takes more than a million opportunities"))
    }

    /// How often will he buy until the horizon?
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a horizon that is not whole periods, or more than 10⁶ of
    /// them but not for ever; [`Undefined`](crate::ErrorKind::Undefined) for ever, where customers stay infinitely
    /// long on average, or where the value leaves the range of `f64`.
    #[doc(alias = "CET")]
    pub fn expected_purchases(
        &self,
        history: &OpportunityHistory,
        horizon: Horizon,
    ) -> Result<f64> {
        self.discounted_purchases(history, horizon, DiscountRate::NONE)
    }

    /// How often will someone who just bought for the first time buy again until the horizon?
    ///
    /// # Errors
    /// As [`expected_purchases`](BgBb::expected_purchases).
    pub fn expected_purchases_of_newcomer(&self, horizon: Horizon) -> Result<f64> {
        self.expected_purchases(&OpportunityHistory::NEWCOMER, horizon)
    }

    /// His expected purchases until the horizon, each counted at its present value: the next opportunity is one
    /// period away and discounted by it.
    ///
    /// # Formula
    /// ```text
    /// P(alive)·(α + x)/(α + β + n)·Σ B(γ, δ + n + k)/B(γ, δ + n)·(1 + d)^{−k} for k = 1 …
    /// ```
    ///
    /// # Errors
    /// As [`expected_purchases`](BgBb::expected_purchases); for ever at rate 0 it needs γ > 1.
    #[doc(alias = "DERT")]
    pub fn discounted_purchases(
        &self,
        history: &OpportunityHistory,
        horizon: Horizon,
        discount: DiscountRate,
    ) -> Result<f64> {
        let later = self.after(history);
        let rate = discount.per(self.period);
        let for_ever = horizon.in_unit(self.period).is_none();
        if for_ever && !(rate > 0.0 || rate >= 0.0 && self.gamma > 1.0) {
            return Err(Error::undefined(
                "purchases for ever",
                if rate < 0.0 {
                    "at a negative rate, purchases infinitely late are worth infinitely much".into()
                } else {
                    let gamma = self.gamma;
                    format!(
                        "customers stay infinitely long on average where γ ≤ 1, and γ = {gamma}"
                    )
                },
            ));
        }
        // Before each opportunity he leaves with his own constant probability: sBG.
        let stays = Sbg::new(self.period, later.gamma, later.delta)?;
        let opportunities = stays.discounted_residual_lifetime(0, horizon, discount)?;
        let buys = later.alpha / (later.alpha + later.beta);
        let alive = self.probability_alive(history)?.get();
        finite("expected purchases", alive * buys * opportunities / (1.0 + rate))
    }

    /// How likely is it that he buys exactly `n` times until the horizon?
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a horizon that is not whole periods or more than 10⁶ of
    /// them; [`Undefined`](crate::ErrorKind::Undefined) for ever, or where its terms leave the range of `f64`.
    #[doc(alias = "pmf")]
    pub fn purchase_probability(
        &self,
        history: &OpportunityHistory,
        n: u32,
        horizon: Horizon,
    ) -> Result<Probability> {
        let name = "purchase probability";
        let Some(opportunities) = series::countable(horizon, self.period)? else {
            return Err(Error::undefined(name, "it is of a finite number of opportunities"));
        };
        let Silence { alive, gone } = Silence::of(self, history);
        let left = if n == 0 { gone } else { 0.0 };
        let later = self.after(history).count_probability(n, opportunities);
        probability(name, (left + alive * later) / (alive + gone))
    }

    /// How likely is it that someone who just bought for the first time buys exactly `n` times more?
    ///
    /// # Errors
    /// As [`purchase_probability`](BgBb::purchase_probability).
    pub fn purchase_probability_of_newcomer(
        &self,
        n: u32,
        horizon: Horizon,
    ) -> Result<Probability> {
        self.purchase_probability(&OpportunityHistory::NEWCOMER, n, horizon)
    }

    /// The model of a customer who was alive at his last known opportunity.
    pub(super) fn after(&self, history: &OpportunityHistory) -> Self {
        let (x, n) = (f64::from(history.frequency()), f64::from(history.opportunities()));
        Self { alpha: self.alpha + x, beta: self.beta + (n - x), delta: self.delta + n, ..*self }
    }

    /// P(the first purchase is at opportunity k) for k = 1, 2, …, one from the other.
    fn first_purchases(&self) -> impl Iterator<Item = f64> {
        let (alpha, gamma) = (self.alpha, self.gamma);
        let (mut beta, mut delta, mut silent) = (self.beta, self.delta, 1.0);
        std::iter::repeat_with(move || {
            let there = silent * (delta / (gamma + delta));
            silent = there * (beta / (alpha + beta));
            let buys = there * (alpha / (alpha + beta));
            beta += 1.0;
            delta += 1.0;
            buys
        })
    }

    /// P(the first purchase is at opportunity k + 1).
    fn first_purchase_after(&self, k: f64) -> f64 {
        let there = ln_beta_ratio(self.gamma, self.delta, k + 1.0);
        let silent = ln_beta_ratio(self.alpha, self.beta, k);
        self.alpha / (self.alpha + self.beta + k) * (there + silent).exp()
    }

    /// P(X(n) = x): the terms with i opportunities seen, i = x … n, from a recurrence that starts at 1 and is scaled
    /// where it grows.
    fn count_probability(&self, count: u32, opportunities: u32) -> f64 {
        const LARGE: f64 = 1e280;
        if count > opportunities {
            return 0.0;
        }
        let x = f64::from(count);
        let all_taken =
            ln_beta_ratio(self.beta, self.alpha, x) + ln_beta_ratio(self.gamma, self.delta, x);
        let (both, dropout) = (self.alpha + self.beta, self.gamma + self.delta);
        let (mut term, mut sum, mut scale) = (1.0, 0.0, 0.0);
        for i in count..opportunities {
            let i = f64::from(i);
            sum += term * (self.gamma / (dropout + i));
            let ways = (i + 1.0) / (i + 1.0 - x);
            term *=
                ways * ((self.beta + (i - x)) / (both + i)) * ((self.delta + i) / (dropout + i));
            if term > LARGE {
                term /= LARGE;
                sum /= LARGE;
                scale += LARGE.ln();
            }
        }
        (all_taken + scale + (sum + term).ln()).exp()
    }
}
