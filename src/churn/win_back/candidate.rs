//! One customer who may be called, and what the call is worth.

use rust_decimal::Decimal;

use super::value_if_alive::ValueIfAlive;
use crate::error::{Error, Result};
use crate::money;
use crate::quantity::Probability;

/// The trade's rule of thumb for an attempt at a lost customer, 40 %. A claim, never a measurement of your customers.
pub const CLAIMED_CHANCE_LOST_CUSTOMER: Probability = Probability::constant(0.4);

/// The same rule's chance with a new prospect, 5 %. A claim as well.
pub const CLAIMED_CHANCE_NEW_PROSPECT: Probability = Probability::constant(0.05);

/// What of a call's cost a budget must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum CostBasis {
    /// What is spent on average: most calls give no incentive away. A run of luck may cost more than the budget.
    Expected,
    /// The contact and the incentive of everybody: never more than the budget, whatever happens.
    WorstCase,
}

/// A customer who may be gone, and an attempt to win him back.
///
/// # Formula
/// ```text
/// gain = (1 − P)·chance·(V − incentive) − P·taken·incentive − contact
/// expected cost = contact + ((1 − P)·chance + P·taken)·incentive,   worst case = contact + incentive
/// ```
/// P is the probability that he is still a customer, `chance` that he comes back when called if he is not, V what he
/// is worth as a customer ([`ValueIfAlive`]), `taken` the chance that one who never left takes the incentive too.
///
/// The formula serves before he leaves as well: with 1 − P the risk of leaving and `chance` that the call keeps him, it
/// is the profit lift of a retention campaign.
///
/// # Units
/// V, `contact` and `incentive` are of one currency. What is booked is `Decimal`, what is expected `f64`.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::churn::{ValueIfAlive, WinBackCandidate};
/// use rust_decimal::Decimal;
///
/// // Gone with 80 %, back with 40 % of calls, then worth 300; a call costs 5, a voucher 20 that 30 % of those who
/// // never left would take too: 0.8·0.4·280 − 0.2·0.3·20 − 5.
/// let [alive, chance, taken] = [0.2, 0.4, 0.3].map(Probability::constant);
/// let value = ValueIfAlive::given_alive(300.0)?;
/// let customer = WinBackCandidate::new(alive, chance, value, 5.into())?.incentive(20.into(), taken)?;
/// assert!((customer.gain() - 83.4).abs() < 1e-12);
/// assert!((customer.expected_cost() - 12.6).abs() < 1e-13);
/// assert_eq!(customer.worst_case_cost()?, Decimal::from(25));
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Stauss and Friege (1999), Journal of Service Research 1(4), 347–361; Neslin, Gupta, Kamakura, Lu and Mason (2006),
/// Journal of Marketing Research 43, 204–211, for the incentive given to those who never meant to leave.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WinBackCandidate {
    alive: Probability,
    chance: Probability,
    value: ValueIfAlive,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    contact: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    incentive: Decimal,
    taken: Probability,
}

impl WinBackCandidate {
    /// A customer who is still there with the probability `alive`, and a call without an incentive.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a contact that costs less than 0.
    pub fn new(
        alive: Probability,
        chance: Probability,
        value: ValueIfAlive,
        contact: Decimal,
    ) -> Result<Self> {
        let contact = at_least_0("contact", contact)?;
        let (incentive, taken) = (Decimal::ZERO, Probability::ZERO);
        Ok(Self { alive, chance, value, contact, incentive, taken })
    }

    /// Someone who is no customer: a new prospect, or one who gave notice.
    ///
    /// # Errors
    /// As [`new`](WinBackCandidate::new).
    pub fn not_a_customer(
        chance: Probability,
        value: ValueIfAlive,
        contact: Decimal,
    ) -> Result<Self> {
        Self::new(Probability::ZERO, chance, value, contact)
    }

    /// What is given to those who come back, and the chance `taken` that one who never left takes it too.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for an incentive below 0.
    pub fn incentive(self, incentive: Decimal, taken: Probability) -> Result<Self> {
        Ok(Self { incentive: at_least_0("incentive", incentive)?, taken, ..self })
    }

    /// The same customer with another V: the second lifetime value, where those who come back are known to stay for
    /// a shorter or a longer time than before.
    #[must_use]
    pub fn second_lifetime_value(self, value: ValueIfAlive) -> Self {
        Self { value, ..self }
    }

    /// The probability that he is still a customer.
    #[must_use]
    pub fn alive(&self) -> Probability {
        self.alive
    }

    /// What he is worth as a customer.
    #[must_use]
    pub fn value(&self) -> ValueIfAlive {
        self.value
    }

    /// The probability that this call brings back a customer who was gone: (1 − P)·chance.
    #[must_use]
    pub fn wins(&self) -> f64 {
        self.alive.complement().get() * self.chance.get()
    }

    /// What is lost of him by now, on average: (1 − P)·V.
    #[must_use]
    pub fn value_at_stake(&self) -> f64 {
        self.alive.complement().get() * self.value.get()
    }

    /// What the call brings on average, after its cost.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.wins() * self.value_over_incentive() - self.cost_without_a_win() + 0.0 // −0 is 0
    }

    /// What the call costs on average.
    #[must_use]
    pub fn expected_cost(&self) -> f64 {
        self.wins() * money::to_f64(self.incentive) + self.cost_without_a_win()
    }

    /// What the call costs at most: contact and incentive.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where a `Decimal` cannot hold every digit.
    pub fn worst_case_cost(&self) -> Result<Decimal> {
        money::sum([self.contact, self.incentive])
    }

    /// What a budget must hold for this call: money, exact in the worst case; an expectation enters by
    /// [`money::from_f64`].
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where a `Decimal` cannot hold it.
    pub fn cost(&self, basis: CostBasis) -> Result<Decimal> {
        match basis {
            CostBasis::Expected => money::from_f64(self.expected_cost()),
            CostBasis::WorstCase => self.worst_case_cost(),
        }
    }

    /// The chance from which on the call pays; `None` where it never does.
    ///
    /// # Formula
    /// ```text
    /// (contact + P·taken·incentive) / ((1 − P)·(V − incentive))
    /// ```
    #[must_use]
    pub fn break_even_chance(&self) -> Option<Probability> {
        let most = self.alive.complement().get() * self.value_over_incentive();
        let chance = self.cost_without_a_win() / most;
        if most > 0.0 { Probability::new(chance).ok() } else { None }
    }

    /// How many such calls bring one customer back: 1/((1 − P)·chance).
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where none ever does.
    pub fn calls_per_win(&self) -> Result<f64> {
        self.per_win("calls per win", 1.0)
    }

    /// What it costs to bring one customer back: the expected cost of all the calls that takes.
    ///
    /// # Errors
    /// As [`calls_per_win`](WinBackCandidate::calls_per_win).
    ///
    /// # Example
    /// A call of 10 that wins 5 % of new prospects and 40 % of lost customers.
    /// ```
    /// use goodwill::churn::{
    ///     CLAIMED_CHANCE_LOST_CUSTOMER, CLAIMED_CHANCE_NEW_PROSPECT, ValueIfAlive, WinBackCandidate,
    /// };
    ///
    /// let value = ValueIfAlive::given_alive(100.0)?;
    /// let of = |chance| WinBackCandidate::not_a_customer(chance, value, 10.into());
    /// let (new, lost) = (of(CLAIMED_CHANCE_NEW_PROSPECT)?, of(CLAIMED_CHANCE_LOST_CUSTOMER)?);
    /// assert_eq!((new.calls_per_win()?, lost.calls_per_win()?), (20.0, 2.5));
    /// assert_eq!((new.cost_per_win()?, lost.cost_per_win()?), (200.0, 25.0));
    /// assert_eq!((new.gain(), lost.gain()), (-5.0, 30.0));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn cost_per_win(&self) -> Result<f64> {
        self.per_win("cost per win", self.expected_cost())
    }

    fn per_win(&self, quantity: &'static str, each: f64) -> Result<f64> {
        let all = each / self.wins();
        if all.is_finite() {
            Ok(all)
        } else {
            Err(Error::undefined(quantity, "no such call ever brings a customer back"))
        }
    }

    /// V − incentive.
    pub(super) fn value_over_incentive(&self) -> f64 {
        self.value.get() - money::to_f64(self.incentive)
    }

    /// What is spent though nobody comes back.
    pub(super) fn cost_without_a_win(&self) -> f64 {
        let given_away = self.alive.get() * self.taken.get() * money::to_f64(self.incentive);
        given_away + money::to_f64(self.contact)
    }

    /// The same customer, known to be gone.
    pub(super) fn surely_gone(self) -> Self {
        Self { alive: Probability::ZERO, ..self }
    }

    pub(super) fn chance_is_certain(self) -> Self {
        Self { chance: Probability::ONE, ..self }
    }
}

fn at_least_0(name: &'static str, amount: Decimal) -> Result<Decimal> {
    if amount >= Decimal::ZERO {
        Ok(amount.normalize())
    } else {
        Err(Error::out_of_domain(name, amount, "[0, ∞)"))
    }
}
