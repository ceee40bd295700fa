//! Customer lifetime value: what the customer is still going to bring, at today's value.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::time::{DiscountRate, Horizon, TimeUnit};
use crate::transactions::{Histories, History};

use super::model::{PurchaseModel, finite};

/// When a purchase within the horizon is paid, for discounting.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Discounting {
    /// When it happens.
    #[default]
    Continuous,
    /// At the end of the step, of this length, in which it happens: the sums of the older libraries.
    EndOfStep(Horizon),
}

/// How future purchases become a value: how far ahead, at which rate and margin.
///
/// | option | meaning | default | range |
/// |---|---|---|---|
/// | [`margin`](Valuation::margin) | profit per unit of revenue | 1: value is revenue | finite |
/// | [`discounting`](Valuation::discounting) | when a purchase is paid | [`Discounting::Continuous`] | |
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Valuation {
    horizon: Horizon,
    discount: DiscountRate,
    margin: f64,
    discounting: Discounting,
}

impl Valuation {
    /// The value of what happens until the horizon.
    #[must_use]
    pub fn new(horizon: Horizon, discount: DiscountRate) -> Self {
        Self { horizon, discount, margin: 1.0, discounting: Discounting::Continuous }
    }

    /// Profit per unit of revenue.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless it is finite.
    pub fn margin(self, margin: f64) -> Result<Self> {
        if margin.is_finite() {
            Ok(Self { margin, ..self })
        } else {
            Err(Error::out_of_domain("margin", margin, "(-∞, ∞)"))
        }
    }

    /// When a purchase is paid.
    #[must_use]
    pub fn discounting(self, discounting: Discounting) -> Self {
        Self { discounting, ..self }
    }

    /// Discounted purchases of every customer.
    fn purchases(&self, model: &impl PurchaseModel, histories: &Histories) -> Result<Vec<f64>> {
        match self.discounting {
            Discounting::Continuous => {
                model.all_discounted_purchases(histories, self.horizon, self.discount)
            }
            Discounting::EndOfStep(step) => {
                stepwise(self, step, |end| model.all_expected_purchases(histories, end))
            }
        }
    }

    /// What it says but the margin, as a model may read it, in numbers to order by.
    fn timing(&self) -> impl Ord + use<> {
        const UNITS: [TimeUnit; 4] =
            [TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year];
        let spans = |horizon: Horizon| UNITS.map(|unit| horizon.in_unit(unit).map(f64::to_bits));
        let step = match self.discounting {
            Discounting::Continuous => None,
            Discounting::EndOfStep(step) => Some(spans(step)),
        };
        let rates = UNITS.map(|unit| self.discount.continuous_per(unit).to_bits());
        (spans(self.horizon), rates, step)
    }
}

/// What a customer is still going to bring: his residual lifetime value. The purchases he has made, the first
/// one included, are not in it.
///
/// # Formula
/// ```text
/// margin × E[spend] × ∫₀ᴴ e^{−δt} dE[Y(t)],   δ = ln(1 + d)
/// ```
/// With [`Discounting::EndOfStep`] the integral is Σ (E[Y(kΔ)] − E[Y((k − 1)Δ)])·e^{−δkΔ}.
///
/// # Units
/// That of `expected_spend`, the customer's expected spend on an occasion
/// ([`SpendModel::expected_spend`](crate::SpendModel::expected_spend)).
///
/// # Errors
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a spend that is not finite;
/// [`Undefined`](crate::ErrorKind::Undefined) as
/// [`discounted_purchases`](PurchaseModel::discounted_purchases), and for steps that do not fill the horizon.
///
/// # Example
/// ```
/// use goodwill::{BgNbd, DiscountRate, History, Horizon, TimeUnit, Valuation, customer_lifetime_value};
///
/// let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
/// let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86)?;
/// let monthly = DiscountRate::new(0.01, TimeUnit::Month)?;
/// let next_year = Valuation::new(Horizon::months(12.0)?, monthly);
/// // 1.4796 discounted purchases of 24.66 each.
/// let value = customer_lifetime_value(&model, 24.6637, &customer, &next_year)?;
/// assert!((value - 1.4796 * 24.6637).abs() < 2e-3);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fader, Hardie and Lee (2005), "RFM and CLV: Using Iso-Value Curves for Customer Base Analysis", Journal of Marketing
/// Research 42(4), 415–430: margin × spend × discounted expected purchases.
#[doc(alias = "CLV")]
#[doc(alias = "LTV")]
pub fn customer_lifetime_value(
    model: &impl PurchaseModel,
    expected_spend: f64,
    history: &History,
    valuation: &Valuation,
) -> Result<f64> {
    let purchases = match valuation.discounting {
        Discounting::Continuous => {
            model.discounted_purchases(history, valuation.horizon, valuation.discount)?
        }
        Discounting::EndOfStep(step) => {
            stepwise(valuation, step, |end| Ok(vec![model.expected_purchases(history, end)?]))?[0]
        }
    };
    priced(expected_spend, purchases, valuation)
}

/// What a customer is going to bring *if he is still with us*: [`customer_lifetime_value`] without P(alive) in it.
///
/// What a customer is worth whom we win back, if he then buys as he did: the value of a call is this times the chance
/// that it succeeds. The lifetime value as scored is P(alive) times this, and would count the doubt twice.
///
/// # Formula
/// ```text
/// margin × E[spend] × ∫₀ᴴ e^{−δt} dE[Y(t) | alive],   lifetime value = P(alive) × this
/// ```
///
/// # Units
/// As [`customer_lifetime_value`].
///
/// # Errors
/// As [`customer_lifetime_value`].
///
/// # Example
/// ```
/// use goodwill::{
///     BgNbd, DiscountRate, History, Horizon, PurchaseModel, TimeUnit, Valuation, customer_lifetime_value,
///     customer_lifetime_value_if_alive,
/// };
///
/// let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
/// let customer = History::new(TimeUnit::Week, 2, 30.43, 38.86)?; // alive with 72.7 per cent
/// let next_year = Valuation::new(Horizon::years(1.0)?, DiscountRate::annual(0.10)?);
/// let scored = customer_lifetime_value(&model, 24.66, &customer, &next_year)?;
/// let if_alive = customer_lifetime_value_if_alive(&model, 24.66, &customer, &next_year)?;
/// assert!((model.probability_alive(&customer).get() - 0.726_579).abs() < 1e-6);
/// assert!((scored - 0.726_579 * if_alive).abs() < 1e-4);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn customer_lifetime_value_if_alive(
    model: &impl PurchaseModel,
    expected_spend: f64,
    history: &History,
    valuation: &Valuation,
) -> Result<f64> {
    let (horizon, discount) = (valuation.horizon, valuation.discount);
    let expected = |end| Ok(vec![model.expected_purchases_if_alive(history, end)?]);
    let purchases = match valuation.discounting {
        Discounting::Continuous => {
            model.discounted_purchases_if_alive(history, horizon, discount)?
        }
        Discounting::EndOfStep(step) => stepwise(valuation, step, expected)?[0],
    };
    priced(expected_spend, purchases, valuation)
}

/// [`customer_lifetime_value`] of every customer, in order; `expected_spends` holds one number per customer.
///
/// # Errors
/// [`LengthMismatch`](crate::ErrorKind::LengthMismatch), or as for one customer.
pub fn customer_lifetime_values(
    model: &impl PurchaseModel,
    expected_spends: &[f64],
    histories: &Histories,
    valuation: &Valuation,
) -> Result<Vec<f64>> {
    if expected_spends.len() != histories.len() {
        return Err(Error::length_mismatch(
            ("expected spends", expected_spends.len()),
            ("histories", histories.len()),
        ));
    }
    let purchases = valuation.purchases(model, histories)?;
    let value = |(row, (&spend, purchases))| {
        priced(spend, purchases, valuation).map_err(|error| error.at_row(row))
    };
    expected_spends.iter().zip(purchases).enumerate().map(value).collect()
}

/// [`customer_lifetime_value`] of every customer under his own [`Valuation`], in order: a margin, a discount or a horizon
/// a customer. Customers with the same horizon, discount and discounting share the work.
///
/// # Errors
/// [`LengthMismatch`](crate::ErrorKind::LengthMismatch), or as for one customer.
///
/// # Example
/// ```
/// use goodwill::lifetime::customer_lifetime_values_each;
/// use goodwill::{BgNbd, DiscountRate, Histories, Horizon, TimeUnit, Valuation};
///
/// let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426)?;
/// let twins = Histories::new(TimeUnit::Week, &[2, 2], &[30.43, 30.43], &[38.86, 38.86])?;
/// let plain = Valuation::new(Horizon::years(1.0)?, DiscountRate::annual(0.1)?);
/// let own = [plain, plain.margin(0.25)?];
/// let values = customer_lifetime_values_each(&model, &[20.0, 20.0], &twins, &own)?;
/// assert_eq!(values[1], 0.25 * values[0]);
/// # Ok::<(), goodwill::Error>(())
/// ```
pub fn customer_lifetime_values_each(
    model: &impl PurchaseModel,
    expected_spends: &[f64],
    histories: &Histories,
    valuations: &[Valuation],
) -> Result<Vec<f64>> {
    for (name, len) in
        [("expected spends", expected_spends.len()), ("valuations", valuations.len())]
    {
        if len != histories.len() {
            return Err(Error::length_mismatch((name, len), ("histories", histories.len())));
        }
    }
    for (row, &spend) in expected_spends.iter().enumerate() {
        checked_spend(spend).map_err(|error| error.at_row(row))?;
    }
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (row, valuation) in valuations.iter().enumerate() {
        alike.entry(valuation.timing()).or_default().push(row);
    }
    let mut values = vec![0.0; histories.len()];
    for rows in alike.values() {
        let own: Vec<_> = rows.iter().filter_map(|&row| histories.get(row)).collect();
        let frequency: Vec<u32> = own.iter().map(History::frequency).collect();
        let recency: Vec<f64> = own.iter().map(History::recency).collect();
        let age: Vec<f64> = own.iter().map(History::age).collect();
        let part = Histories::new(histories.unit(), &frequency, &recency, &age)?;
        let purchases = valuations[rows[0]].purchases(model, &part)?;
        for (&row, purchases) in rows.iter().zip(purchases) {
            values[row] = priced(expected_spends[row], purchases, &valuations[row])?;
        }
    }
    Ok(values)
}

fn checked_spend(expected_spend: f64) -> Result<f64> {
    if expected_spend.is_finite() {
        Ok(expected_spend)
    } else {
        Err(Error::out_of_domain("expected spend", expected_spend, "(-∞, ∞)"))
    }
}

fn priced(expected_spend: f64, purchases: f64, valuation: &Valuation) -> Result<f64> {
    finite("lifetime value", valuation.margin * checked_spend(expected_spend)? * purchases)
}

/// Purchases of each step, discounted from its end.
fn stepwise(
    valuation: &Valuation,
    step: Horizon,
    expected: impl Fn(Horizon) -> Result<Vec<f64>>,
) -> Result<Vec<f64>> {
    /// The unit in which steps are laid out.
    const UNIT: TimeUnit = TimeUnit::Day;
    /// More steps than a day each for 2,700 years.
    const MOST: f64 = 1e6;
    let (Some(length), Some(span)) = (step.in_unit(UNIT), valuation.horizon.in_unit(UNIT)) else {
        return Err(Error::undefined("lifetime value by steps", "steps do not end for ever"));
    };
    let steps = (span / length).round();
    if !(steps <= MOST && (steps * length - span).abs() <= 1e-9 * span) {
        let reason = format!("steps of {length} days do not fill a horizon of {span} days");
        return Err(Error::undefined("lifetime value by steps", reason));
    }
    let delta = valuation.discount.continuous_per(UNIT);
    let mut before = expected(Horizon::new(0.0, UNIT)?)?;
    let mut totals = vec![0.0; before.len()];
    for k in 1..=steps as u32 {
        let end = f64::from(k) * length;
        let until = expected(Horizon::new(end, UNIT)?)?;
        let factor = (-delta * end).exp();
        for ((total, until), before) in totals.iter_mut().zip(&until).zip(&before) {
            *total += (until - before) * factor;
        }
        before = until;
    }
    Ok(totals)
}
