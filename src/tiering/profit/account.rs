//! One customer's profit, line by line in exact decimals.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;
use crate::quantity::Share;

/// How often a customer was served in the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Service {
    /// Orders taken.
    pub orders: u32,
    /// Visits of sales or service people.
    pub visits: u32,
    /// Deliveries made.
    pub deliveries: u32,
    /// Returns handled.
    pub returns: u32,
    /// Days that he takes to pay.
    pub credit_days: u32,
}

/// What each activity costs: the rates of an activity-based costing.
///
/// # Formula
/// ```text
/// cost to serve = orders·c_o + visits·c_v + deliveries·c_d + returns·c_r + revenue·credit days·rate a day
/// ```
///
/// # Example
/// ```
/// use goodwill::tiering::{Service, ServiceRates};
/// use rust_decimal::Decimal;
///
/// let rates = ServiceRates::new()
///     .order(Decimal::from(5))
///     .visit(Decimal::from(80))
///     .credit_day(Decimal::new(3, 4)); // 0.03 % of the revenue a day
/// let service = Service { orders: 12, visits: 2, credit_days: 60, ..Service::default() };
/// let profit = rates.profit(1_000.into(), 700.into(), &service)?;
/// assert_eq!(profit.cost_to_serve(), 238.into()); // 60 + 160 + 18
/// assert_eq!(profit.profit(), 62.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Kaplan and Cooper (1998), Cost and Effect, Harvard Business School Press, chapter 10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ServiceRates {
    order: Decimal,
    visit: Decimal,
    delivery: Decimal,
    returned: Decimal,
    credit_day: Decimal,
}

impl ServiceRates {
    /// Everything free, to be priced activity by activity.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What an order costs to take.
    #[must_use]
    pub fn order(self, order: Decimal) -> Self {
        Self { order, ..self }
    }

    /// What a visit costs.
    #[must_use]
    pub fn visit(self, visit: Decimal) -> Self {
        Self { visit, ..self }
    }

    /// What a delivery costs.
    #[must_use]
    pub fn delivery(self, delivery: Decimal) -> Self {
        Self { delivery, ..self }
    }

    /// What a return costs to handle, the goods apart.
    #[must_use]
    pub fn returned(self, returned: Decimal) -> Self {
        Self { returned, ..self }
    }

    /// What a day of credit costs, as a part of the money lent: 0.0003 is three hundredths of a per cent.
    #[must_use]
    pub fn credit_day(self, credit_day: Decimal) -> Self {
        Self { credit_day, ..self }
    }

    /// What it cost to serve a customer.
    ///
    /// # Units
    /// `revenue` and `service` of the same period.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a rate below 0;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for credit days on a revenue below 0;
    /// [`Overflow`](crate::ErrorKind::Overflow) where a cost has more digits than `Decimal` holds.
    ///
    /// # Example
    /// See [`ServiceRates`].
    pub fn cost_to_serve(&self, revenue: Decimal, service: &Service) -> Result<Decimal> {
        let activities = [
            ("cost of an order", self.order, service.orders),
            ("cost of a visit", self.visit, service.visits),
            ("cost of a delivery", self.delivery, service.deliveries),
            ("cost of a return", self.returned, service.returns),
            ("cost of a credit day", self.credit_day, service.credit_days),
        ];
        for (name, rate, _) in activities {
            if rate < Decimal::ZERO {
                return Err(Error::out_of_domain(name, rate, "[0, ∞)"));
            }
        }
        if service.credit_days > 0 && revenue < Decimal::ZERO {
            let what = format!("a customer with the revenue {revenue} has no credit days");
            return Err(Error::inconsistent(what));
        }
        let mut cost = money::Sum::default();
        for (_, rate, times) in &activities[..4] {
            cost.add(money::product(*rate, (*times).into())?)?;
        }
        let lent = money::product(revenue, service.credit_days.into())?;
        cost.add(money::product(lent, self.credit_day)?)?;
        cost.total()
    }

    /// A customer's profit after the cost to serve him.
    ///
    /// # Errors
    /// As [`cost_to_serve`](ServiceRates::cost_to_serve) and [`CustomerProfit::new`].
    ///
    /// # Example
    /// See [`ServiceRates`].
    pub fn profit(
        &self,
        revenue: Decimal,
        cost_of_goods: Decimal,
        service: &Service,
    ) -> Result<CustomerProfit> {
        CustomerProfit::new(revenue, cost_of_goods, self.cost_to_serve(revenue, service)?)
    }
}

/// What a customer brings: revenue less cost of goods, less the cost to serve him, exact.
///
/// # Example
/// ```
/// use goodwill::{Share, tiering::CustomerProfit};
///
/// let customer = CustomerProfit::new(1_000.into(), 700.into(), 420.into())?;
/// assert_eq!(customer.profit(), (-120).into());
/// assert_eq!(customer.price_rise(), Some(0.12)); // the price must rise by 12 % …
/// assert_eq!(customer.service_cut(), Some(120.0 / 420.0)); // … or service cost fall by two sevenths
/// // Half of what serving him costs stays when he goes: 210 − 120 = 90 are missing then.
/// assert_eq!(customer.release_gain(Share::percent(50)?)?, (-90).into());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CustomerProfit {
    revenue: Decimal,
    cost_of_goods: Decimal,
    cost_to_serve: Decimal,
    profit: Decimal,
}

impl CustomerProfit {
    /// The profit of known costs.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cost to serve below 0 (revenue and cost of goods are
    /// below 0 where returns exceed sales); [`Overflow`](crate::ErrorKind::Overflow) where the profit has more
    /// digits than `Decimal` holds.
    ///
    /// # Example
    /// See [`CustomerProfit`].
    pub fn new(revenue: Decimal, cost_of_goods: Decimal, cost_to_serve: Decimal) -> Result<Self> {
        if cost_to_serve < Decimal::ZERO {
            return Err(Error::out_of_domain("cost to serve", cost_to_serve, "[0, ∞)"));
        }
        let costs = money::sum([cost_of_goods, cost_to_serve])?;
        let profit = money::difference(revenue, costs)?;
        Ok(Self { revenue, cost_of_goods, cost_to_serve, profit })
    }

    /// What he paid.
    #[must_use]
    pub fn revenue(&self) -> Decimal {
        self.revenue
    }

    /// What the goods cost.
    #[must_use]
    pub fn cost_of_goods(&self) -> Decimal {
        self.cost_of_goods
    }

    /// What it cost to serve him.
    #[must_use]
    pub fn cost_to_serve(&self) -> Decimal {
        self.cost_to_serve
    }

    /// Revenue less both costs.
    #[must_use]
    pub fn profit(&self) -> Decimal {
        self.profit
    }

    /// The rise of the price at which a loss becomes 0, he buying as before: loss / revenue. `None` without a loss,
    /// and where there is no revenue to raise.
    #[must_use]
    pub fn price_rise(&self) -> Option<f64> {
        self.needed(self.revenue)
    }

    /// The part of the cost to serve that must go for a loss to become 0: loss / cost to serve. Above 1, no cut can do
    /// it. `None` without a loss, and where there is no such cost.
    #[must_use]
    pub fn service_cut(&self) -> Option<f64> {
        self.needed(self.cost_to_serve)
    }

    fn needed(&self, of: Decimal) -> Option<f64> {
        (self.profit < Decimal::ZERO && of > Decimal::ZERO)
            .then(|| -money::to_f64(self.profit) / money::to_f64(of))
    }

    /// What the firm gains by letting him go, where only a part of the cost to serve goes with him.
    ///
    /// # Formula
    /// ```text
    /// −(profit + cost to serve × (1 − avoidable))
    /// ```
    /// Below 0 where what he pays covers more than the costs that end with him.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where the gain has more digits than `Decimal` holds.
    ///
    /// # Example
    /// See [`CustomerProfit`].
    pub fn release_gain(&self, avoidable: Share) -> Result<Decimal> {
        // −profit − stays = cost of goods + what goes − revenue
        let goes = money::product(self.cost_to_serve, avoidable.get())?;
        money::difference(money::sum([self.cost_of_goods, goes])?, self.revenue)
    }
}
