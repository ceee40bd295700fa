//! What to do about those who cost money: turn them first, release them last.

use rust_decimal::Decimal;

use crate::error::Result;
use crate::money;
use crate::quantity::Share;

use super::account::CustomerProfit;

/// How far prices and service can be moved, and what ends with a customer who is let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Levers {
    /// The largest rise of the price that a customer bears, buying as before.
    pub price_rise: Share,
    /// The largest part of the cost to serve that can be saved.
    pub service_cut: Share,
    /// The part of the cost to serve that ends with the customer; the rest is fixed and stays.
    pub avoidable: Share,
}

/// What to do about a loss-maker; the first that works, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Remedy {
    /// A higher price turns him: so much more a period for the same goods.
    RaisePrice(Decimal),
    /// Cheaper service turns him: so much less a period.
    CutService(Decimal),
    /// Only both turn him: the price rises as far as it can, service gives the rest.
    Both {
        /// The largest rise, in money.
        price: Decimal,
        /// What service must save.
        service: Decimal,
    },
    /// Nothing turns him, but what he pays covers more than the costs that would end with him: so much would be
    /// missing if he went.
    Keep(Decimal),
    /// Nothing turns him: let him go, and gain this.
    Release(Decimal),
}

/// One customer who costs money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LossMaker {
    /// His position in the input.
    pub customer: usize,
    /// What he costs, above 0.
    pub loss: Decimal,
    /// What to do.
    pub remedy: Remedy,
}

/// The loss-makers with a remedy each, the largest loss first.
///
/// A turned customer ends at a profit of 0. The price rise supposes that he buys as before: a limit that he bears is
/// the caller's to know.
///
/// # Example
/// ```
/// use goodwill::{Share, tiering::{CustomerProfit, Levers, Remedy, Turnaround}};
///
/// let percent = |percent| Share::percent(percent);
/// let levers =
///     Levers { price_rise: percent(10)?, service_cut: percent(50)?, avoidable: percent(60)? };
/// let customer = |revenue: i64, goods: i64, service: i64| {
///     CustomerProfit::new(revenue.into(), goods.into(), service.into())
/// };
/// let base =
///     [customer(900, 500, 100)?, customer(1_000, 900, 150)?, customer(100, 90, 200)?, customer(0, 0, 9)?];
/// let plan = Turnaround::plan(&base, &levers)?;
/// assert_eq!(plan.loss_makers()[0].remedy, Remedy::Release(110.into())); // of 190, 80 stay
/// assert_eq!(plan.loss_makers()[1].remedy, Remedy::RaisePrice(50.into()));
/// assert_eq!((plan.before(), plan.turned(), plan.released()), (51.into(), 50.into(), "115.4".parse().unwrap()));
/// assert_eq!(plan.after(), "216.4".parse().unwrap());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Turnaround {
    loss_makers: Vec<LossMaker>,
    before: Decimal,
    turned: Decimal,
    released: Decimal,
    after: Decimal,
}

impl Turnaround {
    /// A remedy for every customer with a loss.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where an amount has more digits than `Decimal` holds.
    ///
    /// # Example
    /// See [`Turnaround`].
    pub fn plan(customers: &[CustomerProfit], levers: &Levers) -> Result<Self> {
        let mut loss_makers = Vec::new();
        let (mut turned, mut released) = (money::Sum::default(), money::Sum::default());
        for (customer, own) in customers.iter().enumerate() {
            if own.profit() < Decimal::ZERO {
                let loss = money::difference(Decimal::ZERO, own.profit())?;
                let remedy = remedy(own, loss, levers)?;
                match remedy {
                    Remedy::Keep(_) => {}
                    Remedy::Release(gain) => released.add(gain)?,
                    _ => turned.add(loss)?,
                }
                loss_makers.push(LossMaker { customer, loss, remedy });
            }
        }
        loss_makers.sort_by_key(|own| (std::cmp::Reverse(own.loss), own.customer));
        let before = money::sum(customers.iter().map(CustomerProfit::profit))?;
        let (turned, released) = (turned.total()?, released.total()?);
        let after = money::sum([before, turned, released])?;
        Ok(Self { loss_makers, before, turned, released, after })
    }

    /// The loss-makers, the largest loss first; equal losses in the order of the input.
    #[must_use]
    pub fn loss_makers(&self) -> &[LossMaker] {
        &self.loss_makers
    }

    /// The profit of the base as it is.
    #[must_use]
    pub fn before(&self) -> Decimal {
        self.before
    }

    /// What turning brings.
    #[must_use]
    pub fn turned(&self) -> Decimal {
        self.turned
    }

    /// What letting go brings, after the costs that stay.
    #[must_use]
    pub fn released(&self) -> Decimal {
        self.released
    }

    /// The profit of the base when all is done: before + turned + released.
    #[must_use]
    pub fn after(&self) -> Decimal {
        self.after
    }
}

fn remedy(customer: &CustomerProfit, loss: Decimal, levers: &Levers) -> Result<Remedy> {
    let most = |of: Decimal, share: Share| money::product(of.max(Decimal::ZERO), share.get());
    let price = most(customer.revenue(), levers.price_rise)?;
    if price >= loss {
        return Ok(Remedy::RaisePrice(loss));
    }
    let service = most(customer.cost_to_serve(), levers.service_cut)?;
    if service >= loss {
        return Ok(Remedy::CutService(loss));
    }
    let rest = money::difference(loss, price)?;
    if service >= rest {
        return Ok(Remedy::Both { price, service: rest });
    }
    let gain = customer.release_gain(levers.avoidable)?;
    if gain > Decimal::ZERO {
        Ok(Remedy::Release(gain))
    } else {
        Ok(Remedy::Keep(money::difference(Decimal::ZERO, gain)?))
    }
}
