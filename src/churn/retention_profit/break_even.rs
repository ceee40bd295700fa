//! What a spend on retention must bring: the retention at which it pays, the reward that pays at a retention.

use crate::error::{Error, Result};
use crate::math::root::first_that;
use crate::present_value::{FirstMargin, annuity_due};
use crate::quantity::Probability;
use crate::time::{DiscountRate, TimeUnit};

/// A customer of constant yearly margin who stays another year with the same chance: what is to be spent on his staying.
///
/// | option | meaning | default |
/// |---|---|---|
/// | [`years`](StayingCustomer::years) | margins counted at most | for ever |
/// | [`first`](StayingCustomer::first) | when the first margin comes in | [`FirstMargin::AfterRenewal`] |
///
/// # Formula
/// ```text
/// V(r) = m·A(r),  A(r) = Σ qᵗ over t = 1 … N (after renewal) or 0 … N − 1 (now),  q = r/(1 + d)
/// spend once R:    V(r*) − V(r) = R
/// reward yearly w: (m − w)·A(r*) = m·A(r);  everybody who stays gets it, also those who would have stayed without
/// ```
///
/// # Units
/// Money and retention are of a year.
///
/// # Example
/// ```
/// use goodwill::churn::{RetentionSpend, StayingCustomer};
/// use goodwill::{DiscountRate, Probability};
///
/// // 100 a year, 80 % stay, 10 % discount: worth 266.67. Rewards of 5 a year to all who stay:
/// let customer = StayingCustomer::new(100.0, Probability::constant(0.8), DiscountRate::annual(0.10)?)?;
/// let needed = customer.break_even_retention(RetentionSpend::Yearly(5.0))?;
/// assert!((needed.get() - 0.811_059_907_834_101_4).abs() < 1e-14); // 1.1 points more must stay
/// // If 85 % then stay, the reward may be as high as 21.57 a year, or 73.33 once.
/// let [yearly, once] = customer.largest_spend(Probability::constant(0.85))?;
/// assert!((yearly - 21.568_627_450_980_39).abs() < 1e-12 && (once - 73.333_333_333_333_3).abs() < 1e-12);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct StayingCustomer {
    margin: f64,
    retention: Probability,
    discount: DiscountRate,
    years: Option<u32>,
    first: FirstMargin,
}

/// What is spent on a customer's staying.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum RetentionSpend {
    /// Now, whether he stays or not.
    Once(f64),
    /// Out of every margin that he brings, as long as he stays.
    Yearly(f64),
}

impl StayingCustomer {
    /// A customer without an end.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a margin outside (0, 10¹⁵].
    pub fn new(margin: f64, retention: Probability, discount: DiscountRate) -> Result<Self> {
        if !(margin > 0.0 && margin <= 1e15) {
            return Err(Error::out_of_domain("margin", margin, "(0, 1e15]"));
        }
        Ok(Self { margin, retention, discount, years: None, first: FirstMargin::AfterRenewal })
    }

    /// So many margins at most.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for 0.
    pub fn years(self, years: u32) -> Result<Self> {
        if years == 0 {
            return Err(Error::out_of_domain("years", years, "[1, ∞)"));
        }
        Ok(Self { years: Some(years), ..self })
    }

    /// When the first margin comes in.
    #[must_use]
    pub fn first(self, first: FirstMargin) -> Self {
        Self { first, ..self }
    }

    /// What he is worth.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for ever unless r < 1 + d, or where it leaves the range of `f64`.
    pub fn worth(&self) -> Result<f64> {
        self.worth_at(self.retention)
    }

    /// What he would be worth at another retention.
    ///
    /// # Errors
    /// As [`worth`](StayingCustomer::worth).
    pub fn worth_at(&self, retention: Probability) -> Result<f64> {
        let worth = self.margin * self.margins(retention.get());
        if worth.is_finite() {
            return Ok(worth);
        }
        let rate = self.discount.per(TimeUnit::Year);
        let reason = format!(
            "it has no end, or leaves the range of f64, at retention {retention} and discount {rate}"
        );
        Err(Error::undefined("worth of a customer", reason))
    }

    /// The least retention at which the spend pays.
    ///
    /// # Errors
    /// As [`worth`](StayingCustomer::worth); [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend below 0 or not
    /// finite; [`Undefined`](crate::ErrorKind::Undefined) where it would not pay if everybody stayed.
    pub fn break_even_retention(&self, spend: RetentionSpend) -> Result<Probability> {
        let worth = self.worth()?;
        let (amount, left, needed) = match spend {
            RetentionSpend::Once(once) => (once, self.margin, worth + once),
            RetentionSpend::Yearly(yearly) => (yearly, self.margin - yearly, worth),
        };
        if !(0.0..f64::INFINITY).contains(&amount) {
            return Err(Error::out_of_domain("spend", amount, "[0, ∞)"));
        }
        let pays = |retention: f64| left * self.margins(retention) >= needed;
        let least = self.retention.get();
        first_that(|retention| retention > 1.0 || retention >= least && pays(retention))
            .and_then(|retention| Probability::new(retention).ok())
            .ok_or_else(|| {
                let reason = format!("{spend:?} would not pay if everybody stayed");
                Error::undefined("break-even retention", reason)
            })
    }

    /// The most that may be spent on a customer who then stays with another chance: yearly, and once.
    ///
    /// # Formula
    /// ```text
    /// yearly: m·(1 − A(r)/A(r′));   once: V(r′) − V(r)
    /// ```
    /// Below 0 where he would stay less.
    ///
    /// # Errors
    /// As [`worth`](StayingCustomer::worth); [`Undefined`](crate::ErrorKind::Undefined) where he would bring nothing.
    pub fn largest_spend(&self, retention: Probability) -> Result<[f64; 2]> {
        let (now, then) = (self.worth()?, self.worth_at(retention)?);
        let yearly = self.margin * ((then - now) / then);
        let once = then - now;
        if yearly.is_finite() && once.is_finite() {
            return Ok([yearly, once]);
        }
        let reason = format!("at a retention of {retention} the customer brings nothing");
        Err(Error::undefined("largest spend", reason))
    }

    /// What one point more of retention is worth, at the margin: dV/dr of a customer without an end, for each 0.01.
    ///
    /// # Formula
    /// ```text
    /// dV/dr = m·(1 + d)/(1 + d − r)²,  whenever the first margin comes in
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) unless r < 1 + d, where it leaves the range of `f64`, or for a customer
    /// of a number of [`years`](StayingCustomer::years).
    ///
    /// # Example
    /// ```
    /// use goodwill::churn::StayingCustomer;
    /// use goodwill::{DiscountRate, Probability};
    ///
    /// let customer = StayingCustomer::new(100.0, Probability::constant(0.8), DiscountRate::annual(0.10)?)?;
    /// assert!((customer.worth_of_a_point()? - 12.222_222_222_222_22).abs() < 1e-12); // 110/0.09/100
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn worth_of_a_point(&self) -> Result<f64> {
        let rate = self.discount.per(TimeUnit::Year);
        let ends = rate + self.retention.complement().get();
        let point = 0.01 * self.margin * ((1.0 + rate) / ends) / ends;
        if self.years.is_none() && ends > 0.0 && point.is_finite() {
            return Ok(point);
        }
        let reason =
            "it is given for a customer without an end whose retention is below 1 + discount";
        Err(Error::undefined("worth of a point of retention", reason))
    }

    /// A(r); infinite where it has no end.
    fn margins(&self, retention: f64) -> f64 {
        let rate = self.discount.per(TimeUnit::Year);
        let shrink = (rate + (1.0 - retention)) / (1.0 + rate);
        let margins = annuity_due(shrink, self.years.map(f64::from)).unwrap_or(f64::INFINITY);
        match self.first {
            FirstMargin::Now => margins,
            FirstMargin::AfterRenewal => margins * (retention / (1.0 + rate)),
        }
    }
}
