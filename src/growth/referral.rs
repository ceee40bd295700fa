//! What a customer is worth who brings others.

use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;
use crate::present_value::discount_factor;
use crate::time::{DiscountRate, Horizon, TimeUnit};

use super::{cost, planned, within};

/// What one customer's referrals bring: those who would not have come otherwise with their whole value, those who would
/// have come anyway with the acquisition cost that they save.
///
/// # Example
/// ```
/// use goodwill::growth::Referrals;
///
/// // He brings two customers worth 300 each who would not have come, and one who would have, at a cost of 80. Each
/// // referral is rewarded with 20.
/// let referrals = Referrals::new(2.0, 300.0)?.came_anyway(1.0, 80.0)?.reward(20.0)?;
/// let worth = referrals.one_step(500.0)?;
/// assert_eq!((worth.own, worth.by_new, worth.by_saving), (500.0, 560.0, 60.0));
/// assert_eq!(worth.total, 1_120.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Kumar, Petersen and Leone (2007), Harvard Business Review 85(10), 139–146: referrals of type one and of type two.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Referrals {
    new: f64,
    value: f64,
    anyway: f64,
    saved: f64,
    reward: f64,
}

/// The value of a customer who refers, by where it comes from, as worth today.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ReferralValue {
    /// His own purchases.
    pub own: f64,
    /// Those who came only by referral (type one), rewards taken off.
    pub by_new: f64,
    /// The acquisition cost of those who would have come anyway (type two), rewards taken off: below 0 where the reward
    /// is dearer than what it saves.
    pub by_saving: f64,
    /// All together.
    pub total: f64,
}

/// The referrals of those who were referred, step by step.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ReferralChain {
    /// What the first customer is worth with all of them.
    pub value: ReferralValue,
    /// Customers who came only by referral, at each step from the first.
    pub new_by_step: Vec<f64>,
    /// Whether the chain ended for want of people.
    pub is_exhausted: bool,
}

impl Referrals {
    /// A customer brings `new_customers` who would not have come otherwise, on average; each has the lifetime `value`.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for customers outside [0, 10⁶] or a value outside
    /// [−10¹², 10¹²].
    pub fn new(new_customers: f64, value: f64) -> Result<Self> {
        let new = within("new customers", new_customers, 0.0..=1e6, "[0, 1e6]")?;
        let value = planned("value", value)?;
        Ok(Self { new, value, anyway: 0.0, saved: 0.0, reward: 0.0 })
    }

    /// He also brings `customers` who would have come anyway, and each saves what winning him would have cost.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for customers outside [0, 10⁶] or a cost outside [0, 10¹²].
    pub fn came_anyway(self, customers: f64, saved_cost: f64) -> Result<Self> {
        let anyway = within("customers who came anyway", customers, 0.0..=1e6, "[0, 1e6]")?;
        Ok(Self { anyway, saved: cost("saved cost", saved_cost)?, ..self })
    }

    /// What each referral costs: nobody can see of which type it is.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a reward outside [0, 10¹²].
    pub fn reward(self, reward: f64) -> Result<Self> {
        Ok(Self { reward: cost("reward", reward)?, ..self })
    }

    /// The value of a customer with those whom he brings himself, all of it now.
    ///
    /// # Formula
    /// ```text
    /// own + n₁·(value − reward) + n₂·(saved − reward)
    /// ```
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an own value outside [−10¹², 10¹²].
    pub fn one_step(&self, own_value: f64) -> Result<ReferralValue> {
        let own = planned("own value", own_value)?;
        Ok(ReferralValue::new(own, self.new * self.by_each_new(), self.by_all_anyway()))
    }

    /// The value of a customer with the referrals of his referrals, and of theirs, for `steps` of one `period` each.
    /// Only people who would not have come otherwise carry the chain on, and there are `people` of them at most.
    ///
    /// # Formula
    /// ```text
    /// g₀ = 1,  gₖ = min(n₁·gₖ₋₁, people − g₁ − … − gₖ₋₁)
    /// own + Σₖ (gₖ·(value − reward) + gₖ₋₁·n₂·(saved − reward))/(1 + d)ᵏ,  k = 1 … steps
    /// ```
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an own value outside [−10¹², 10¹²], more than 10,000 steps or
    /// people outside [0, 10¹²]; [`Undefined`](crate::ErrorKind::Undefined) where a discount factor leaves the range of
    /// `f64`.
    ///
    /// # Example
    /// ```
    /// use goodwill::growth::Referrals;
    /// use goodwill::{DiscountRate, TimeUnit};
    ///
    /// // Each brings two: 2, 4, 8, and then only 86 of the 100 people are left.
    /// let chain = Referrals::new(2.0, 10.0)?.chain(0.0, 7, 100.0, DiscountRate::NONE, TimeUnit::Year)?;
    /// assert_eq!(chain.new_by_step, [2.0, 4.0, 8.0, 16.0, 32.0, 38.0, 0.0]);
    /// assert!(chain.is_exhausted);
    /// assert_eq!(chain.value.total, 1_000.0);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn chain(
        &self,
        own_value: f64,
        steps: u32,
        people: f64,
        rate: DiscountRate,
        period: TimeUnit,
    ) -> Result<ReferralChain> {
        /// As long as a chain may be.
        const MOST_STEPS: u32 = 10_000;
        let own = planned("own value", own_value)?;
        let mut left = within("people", people, 0.0..=1e12, "[0, 1e12]")?;
        if steps > MOST_STEPS {
            return Err(Error::out_of_domain("steps", steps, "[0, 10000]"));
        }
        let (mut by_new, mut by_saving) = (ExactSum::new(), ExactSum::new());
        let mut new_by_step = Vec::with_capacity(steps as usize);
        let (mut referring, mut is_exhausted) = (1.0, false);
        for step in 1..=steps {
            let factor = discount_factor(rate, Horizon::new(step.into(), period)?)?;
            by_saving.add(referring * self.by_all_anyway() * factor);
            is_exhausted |= self.new * referring > left;
            referring = left.min(self.new * referring);
            left -= referring;
            by_new.add(referring * self.by_each_new() * factor);
            new_by_step.push(referring);
        }
        let value = ReferralValue::new(own, by_new.value(), by_saving.value()).finite()?;
        Ok(ReferralChain { value, new_by_step, is_exhausted })
    }

    /// The value of a customer with the whole chain, without end and without want of people.
    ///
    /// # Formula
    /// ```text
    /// own + (n₁·(value − reward) + n₂·(saved − reward))·v/(1 − n₁·v),   v = 1/(1 + d)
    /// ```
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an own value outside [−10¹², 10¹²];
    /// [`Undefined`](crate::ErrorKind::Undefined) unless n₁ < 1 + d: a chain that grows faster than money is discounted
    /// needs an end ([`chain`](Referrals::chain)).
    ///
    /// # Example
    /// ```
    /// use goodwill::growth::Referrals;
    /// use goodwill::{DiscountRate, TimeUnit};
    ///
    /// // Every second customer brings one, a year later: 0.5/(1.1 − 0.5) of a customer in all.
    /// let rate = DiscountRate::annual(0.10)?;
    /// let worth = Referrals::new(0.5, 300.0)?.endless_chain(300.0, rate, TimeUnit::Year)?;
    /// assert!((worth.total - 550.0).abs() < 1e-12);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn endless_chain(
        &self,
        own_value: f64,
        rate: DiscountRate,
        period: TimeUnit,
    ) -> Result<ReferralValue> {
        let own = planned("own value", own_value)?;
        let rate = rate.per(period);
        // v/(1 − n₁·v) is one over it.
        let shrink = rate + (1.0 - self.new);
        if !(shrink > 0.0) {
            let (new, growth) = (self.new, 1.0 + rate);
            let reason = format!("each brings {new} in a period of 1 + d = {growth}");
            return Err(Error::undefined("an endless chain of referrals", reason));
        }
        let [by_new, by_saving] =
            [self.new * self.by_each_new(), self.by_all_anyway()].map(|step| step / shrink);
        ReferralValue::new(own, by_new, by_saving).finite()
    }

    fn by_each_new(&self) -> f64 {
        self.value - self.reward
    }

    fn by_all_anyway(&self) -> f64 {
        self.anyway * (self.saved - self.reward)
    }
}

impl ReferralValue {
    fn new(own: f64, by_new: f64, by_saving: f64) -> Self {
        Self { own, by_new, by_saving, total: own + by_new + by_saving }
    }

    fn finite(self) -> Result<Self> {
        if self.total.is_finite() {
            Ok(self)
        } else {
            Err(Error::undefined("the value of referrals", "it leaves the range of f64"))
        }
    }
}
