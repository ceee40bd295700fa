//! Why buy from us? What an offer delivers: four values less four costs, beside named rivals.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::money;

/// What an offer is made of: four values and four costs, as the customer sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Lever {
    /// What the product does.
    ProductValue,
    /// What the service adds.
    ServiceValue,
    /// How able and willing the people are.
    PersonnelValue,
    /// What the name stands for.
    ImageValue,
    /// What is paid.
    MoneyCost,
    /// The time spent.
    TimeCost,
    /// The effort of body.
    EnergyCost,
    /// Worry and annoyance.
    PsychicCost,
}

impl Lever {
    /// All eight: the values, then the costs.
    pub const ALL: [Self; 8] = [
        Self::ProductValue,
        Self::ServiceValue,
        Self::PersonnelValue,
        Self::ImageValue,
        Self::MoneyCost,
        Self::TimeCost,
        Self::EnergyCost,
        Self::PsychicCost,
    ];

    /// Whether it is a cost, which is better when smaller.
    #[must_use]
    pub const fn is_cost(self) -> bool {
        self as usize >= 4
    }
}

/// What the amounts of an offer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OfferUnit {
    /// Money.
    Money,
    /// Points of one scale for all eight.
    Points,
}

/// One seller's offer, in money or points, exact.
///
/// # Formula
/// ```text
/// delivered value = (product + service + personnel + image value) − (money + time + energy + psychic cost)
/// ```
///
/// # Example
/// ```
/// use goodwill::satisfaction::{DeliveredValue, Lever, LeverMove, Offer, OfferUnit};
///
/// let offer = |name, values: [i64; 4], costs: [i64; 4]| {
///     Offer::new(name, OfferUnit::Points, values.map(Into::into), costs.map(Into::into))
/// };
/// let own = offer("us", [40, 20, 10, 10], [30, 10, 5, 5])?; // delivers 30
/// let rival = offer("Blue", [45, 20, 10, 15], [35, 5, 5, 5])?; // delivers 40
/// let compared = DeliveredValue::of(&own, &[rival])?;
/// assert_eq!((compared.delivered(), compared.shortfall()), (30.into(), 10.into()));
/// assert_eq!(compared.rivals()[0].by_lever(Lever::MoneyCost), 5.into()); // we are cheaper
///
/// // Time can be saved at 1 a point, up to 6 points; the product bettered at 3 a point.
/// let moves = [
///     LeverMove::new(Lever::ProductValue, 3.into(), None)?,
///     LeverMove::new(Lever::TimeCost, 1.into(), Some(6.into()))?,
/// ];
/// let plan = compared.smallest_change(&moves)?;
/// assert_eq!(plan.changes(), [(Lever::TimeCost, 6.into()), (Lever::ProductValue, 4.into())]);
/// assert_eq!(plan.effort(), 18.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Kotler (2000), Marketing Management, millennium edition, chapter 2: customer delivered value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "OfferFields"))]
pub struct Offer {
    name: String,
    unit: OfferUnit,
    values: [Decimal; 4],
    costs: [Decimal; 4],
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct OfferFields {
    name: String,
    unit: OfferUnit,
    values: [Decimal; 4],
    costs: [Decimal; 4],
}

#[cfg(feature = "serde")]
impl TryFrom<OfferFields> for Offer {
    type Error = Error;

    fn try_from(fields: OfferFields) -> Result<Self> {
        Self::new(&fields.name, fields.unit, fields.values, fields.costs)
    }
}

impl Offer {
    /// An offer: values of product, service, personnel, image; costs of money, time, energy, mind.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row among [`Lever::ALL`] for an amount below 0.
    pub fn new(
        name: &str,
        unit: OfferUnit,
        values: [Decimal; 4],
        costs: [Decimal; 4],
    ) -> Result<Self> {
        for (row, amount) in values.iter().chain(&costs).enumerate() {
            if *amount < Decimal::ZERO {
                return Err(Error::out_of_domain("value or cost", amount, "[0, ∞)").at_row(row));
            }
        }
        Ok(Self { name: name.to_owned(), unit, values, costs })
    }

    /// Whose offer it is.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the amounts are.
    #[must_use]
    pub fn unit(&self) -> OfferUnit {
        self.unit
    }

    /// The value or cost of one lever.
    #[must_use]
    pub fn amount(&self, lever: Lever) -> Decimal {
        let position = lever as usize;
        if lever.is_cost() { self.costs[position - 4] } else { self.values[position] }
    }

    /// The four values together.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for more digits than a [`Decimal`] holds.
    pub fn total_value(&self) -> Result<Decimal> {
        money::sum(self.values)
    }

    /// The four costs together.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for more digits than a [`Decimal`] holds.
    pub fn total_cost(&self) -> Result<Decimal> {
        money::sum(self.costs)
    }

    /// Values less costs.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for more digits than a [`Decimal`] holds.
    pub fn delivered(&self) -> Result<Decimal> {
        money::difference(self.total_value()?, self.total_cost()?)
    }
}

/// Our offer beside one rival's: above 0 where ours is better.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GapToRival {
    name: String,
    lead: Decimal,
    by_lever: [Decimal; 8],
}

impl GapToRival {
    fn of(own: &Offer, rival: &Offer) -> Result<Self> {
        let mut by_lever = [Decimal::ZERO; 8];
        for (lead, lever) in by_lever.iter_mut().zip(Lever::ALL) {
            let (ours, theirs) = (own.amount(lever), rival.amount(lever));
            *lead = if lever.is_cost() {
                money::difference(theirs, ours)?
            } else {
                money::difference(ours, theirs)?
            };
        }
        Ok(Self { name: rival.name.clone(), lead: money::sum(by_lever)?, by_lever })
    }

    /// The rival.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How much more we deliver: the sum of the eight levers' leads, exactly.
    #[must_use]
    pub fn lead(&self) -> Decimal {
        self.lead
    }

    /// How much better we are by one lever: more value, or less cost.
    #[must_use]
    pub fn by_lever(&self, lever: Lever) -> Decimal {
        self.by_lever[lever as usize]
    }
}

/// Our offer compared with named rivals. See [`Offer`] for an example.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DeliveredValue {
    own: Offer,
    delivered: Decimal,
    rivals: Vec<GapToRival>,
    shortfall: Decimal,
}

impl DeliveredValue {
    /// Compares with each rival.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without rivals; [`Inconsistent`](crate::ErrorKind::Inconsistent) with
    /// the row for a rival in another unit; [`Overflow`](crate::ErrorKind::Overflow).
    pub fn of(own: &Offer, rivals: &[Offer]) -> Result<Self> {
        if rivals.is_empty() {
            return Err(Error::empty("rivals"));
        }
        if let Some(row) = rivals.iter().position(|rival| rival.unit != own.unit) {
            return Err(Error::inconsistent("money and points cannot be compared").at_row(row));
        }
        let rivals: Vec<_> =
            rivals.iter().map(|rival| GapToRival::of(own, rival)).collect::<Result<_>>()?;
        let least = rivals.iter().map(GapToRival::lead).fold(Decimal::ZERO, Decimal::min);
        let shortfall = money::difference(Decimal::ZERO, least)?;
        Ok(Self { own: own.clone(), delivered: own.delivered()?, rivals, shortfall })
    }

    /// What our offer delivers.
    #[must_use]
    pub fn delivered(&self) -> Decimal {
        self.delivered
    }

    /// Our lead over each rival, in the order given.
    #[must_use]
    pub fn rivals(&self) -> &[GapToRival] {
        &self.rivals
    }

    /// How much the best rival delivers above us; 0 where none does.
    #[must_use]
    pub fn shortfall(&self) -> Decimal {
        self.shortfall
    }

    /// The change of least effort that brings us level with the best rival: levers are moved as far as they go,
    /// the cheapest a point first, those of equal effort in the order given. A cost cannot fall below 0.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a lever given twice;
    /// [`Undefined`](crate::ErrorKind::Undefined) where all moves together leave a gap, which is named;
    /// [`Overflow`](crate::ErrorKind::Overflow).
    pub fn smallest_change(&self, moves: &[LeverMove]) -> Result<ValuePlan> {
        for (row, one) in moves.iter().enumerate() {
            if moves[..row].iter().any(|before| before.lever == one.lever) {
                return Err(Error::inconsistent("a lever is given twice").at_row(row));
            }
        }
        let mut cheapest: Vec<&LeverMove> = moves.iter().collect();
        cheapest.sort_by_key(|one| one.effort);
        let (mut left, mut changes, mut efforts) = (self.shortfall, Vec::new(), Vec::new());
        for one in cheapest {
            let room = if one.lever.is_cost() { Some(self.own.amount(one.lever)) } else { None };
            let most = [one.room, room].into_iter().flatten().fold(left, Decimal::min);
            if most > Decimal::ZERO {
                changes.push((one.lever, most));
                efforts.push(money::product(most, one.effort)?);
                left = money::difference(left, most)?;
            }
        }
        if left > Decimal::ZERO {
            let reason = format!("the moves leave a gap of {left}");
            return Err(Error::undefined("the change that closes the gap", reason));
        }
        Ok(ValuePlan { changes, effort: money::sum(efforts)? })
    }
}

/// How far a lever can be moved, and at what effort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct LeverMove {
    lever: Lever,
    effort: Decimal,
    room: Option<Decimal>,
}

impl LeverMove {
    /// `effort` for each unit that the lever is bettered; `room` is how far it can be, `None` without limit.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an effort or a room below 0.
    pub fn new(lever: Lever, effort: Decimal, room: Option<Decimal>) -> Result<Self> {
        for (name, amount) in [("effort", Some(effort)), ("room", room)] {
            if let Some(amount) = amount
                && amount < Decimal::ZERO
            {
                return Err(Error::out_of_domain(name, amount, "[0, ∞)"));
            }
        }
        Ok(Self { lever, effort, room })
    }
}

/// What to better, and by how much.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ValuePlan {
    changes: Vec<(Lever, Decimal)>,
    effort: Decimal,
}

impl ValuePlan {
    /// Values to raise and costs to lower, the cheapest first; empty where there is no gap.
    #[must_use]
    pub fn changes(&self) -> &[(Lever, Decimal)] {
        &self.changes
    }

    /// What it takes in all.
    #[must_use]
    pub fn effort(&self) -> Decimal {
        self.effort
    }
}
