//! Customers who migrate between states: bought last period, the one before, with a rival, gone.

use nalgebra::{DMatrix, DVector};

use crate::error::{Error, Result};
use crate::quantity::Probability;
use crate::time::{DiscountRate, Horizon};
use crate::transition::{TransitionMatrix, reachable};

use super::closed_forms::{amount, force, positive_days};
use super::contract::series::countable_cycles;
use super::model::finite;
use crate::present_value::FirstMargin;

/// Customers who move between states once a period, with chances that depend on the state alone: a lapse need not be
/// the end.
///
/// States may be how long ago they last bought ([`by_recency`](MigrationModel::by_recency)), tiers
/// ([`Migration::transitions`](crate::tiering::Migration::transitions)), or brands.
///
/// # Example
/// ```
/// use goodwill::lifetime::MigrationModel;
/// use goodwill::{DiscountRate, FirstMargin, Horizon, Probability};
///
/// // Who bought last period buys again with 30 %, then 20, 15 and 5 %; after four silent periods he is let go. A
/// // purchase brings 40, each mailing costs 4, at 20 % a period.
/// let again = [0.3, 0.2, 0.15, 0.05].map(Probability::constant);
/// let model = MigrationModel::by_recency(Horizon::years(1.0)?, &again)?;
/// let margins = [40.0 - 4.0, -4.0, -4.0, -4.0, 0.0];
/// let rate = DiscountRate::annual(0.2)?;
/// let values = model.lifetime_values(&margins, Horizon::FOREVER, rate, FirstMargin::Now)?;
/// assert!((values[0] - 52.320).abs() < 5e-4);
/// // Mailing those who bought four periods ago loses money.
/// assert!((values[3] + 1.820).abs() < 5e-4);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Pfeifer and Carraway (2000), Journal of Interactive Marketing 14(2), 43–55.
#[doc(alias = "Markov chain")]
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MigrationModel {
    period: Horizon,
    chances: TransitionMatrix,
}

impl MigrationModel {
    /// Customers who move by these chances at the end of every period.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a period that is not a finite time above 0.
    ///
    /// # Example
    /// See [`expected_lifetime_value`](MigrationModel::expected_lifetime_value).
    pub fn new(period: Horizon, chances: TransitionMatrix) -> Result<Self> {
        positive_days("period", period)?;
        Ok(Self { period, chances })
    }

    /// Customers by the periods since they last bought: state i, from 0, holds who bought i periods before the last
    /// one, and buys again with `again[i]`. Who is silent once more than there are chances is in the last state, gone.
    ///
    /// # Formula
    /// ```text
    /// pᵢ₀ = again[i],   pᵢ,ᵢ₊₁ = 1 − again[i],   the last state keeps everyone
    /// ```
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a chance; as [`new`](MigrationModel::new).
    ///
    /// # Example
    /// See [`MigrationModel`].
    ///
    /// # Reference
    /// Pfeifer and Carraway (2000).
    pub fn by_recency(period: Horizon, again: &[Probability]) -> Result<Self> {
        if again.is_empty() {
            return Err(Error::empty("chances to buy again"));
        }
        let states = again.len() + 1;
        let mut rows = vec![vec![0.0; states]; states];
        for (i, chance) in again.iter().enumerate() {
            rows[i][i + 1] = chance.complement().get();
            rows[i][0] += chance.get();
        }
        rows[states - 1][states - 1] = 1.0;
        Self::new(period, TransitionMatrix::new(rows)?)
    }

    /// From one move to the next.
    #[must_use]
    pub fn period(&self) -> Horizon {
        self.period
    }

    /// The chances of moving.
    #[must_use]
    pub fn chances(&self) -> &TransitionMatrix {
        &self.chances
    }

    /// What a customer in each state is worth, if being in state i brings `margins[i]` at the start of a period.
    ///
    /// Costs in the middle of the periods, as in Berger and Nasr's case 5, are values of their own: with the costs as
    /// margins, times (1 + d)^{−½}, to be taken off.
    ///
    /// # Formula
    /// ```text
    /// now:           V = Σ (P/(1 + d))ᵗ·R for t = 0 … N − 1;   for ever (I − P/(1 + d))⁻¹·R
    /// after renewal: V = Σ (P/(1 + d))ᵗ·R for t = 1 … N
    /// ```
    /// with d per period. The paper's horizon of T periods with a margin now is N = T + 1.
    ///
    /// # Units
    /// That of the margins; one value a state.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) unless there is one margin a state;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its row for a margin that is not finite, and for a
    /// horizon that is not whole periods or more than 10⁶ of them; [`Undefined`](crate::ErrorKind::Undefined) for
    /// ever where the sum does not converge: among the states from which a margin can be reached, the chances must have
    /// a spectral radius below 1 + d.
    ///
    /// # Example
    /// See [`MigrationModel`].
    ///
    /// # Reference
    /// Pfeifer and Carraway (2000), Journal of Interactive Marketing 14(2), 43–55.
    #[doc(alias = "CLV")]
    pub fn lifetime_values(
        &self,
        margins: &[f64],
        horizon: Horizon,
        discount: DiscountRate,
        first: FirstMargin,
    ) -> Result<Vec<f64>> {
        self.must_be_a_state_each("margins", margins.len())?;
        for (state, &margin) in margins.iter().enumerate() {
            amount("margin", margin).map_err(|error| error.at_row(state))?;
        }
        let days = positive_days("period", self.period)?;
        let force = force(discount, days);
        let rewards = DVector::from_column_slice(margins);
        let mut values = match countable_cycles(horizon, days)? {
            Some(periods) => partial_sum(&self.discounted(force), &rewards, periods),
            None => self.for_ever(&rewards, force)?,
        };
        if first == FirstMargin::AfterRenewal {
            values = plus(&DVector::zeros(values.len()), &self.discounted(force), &values);
        }
        values.iter().map(|&value| finite("lifetime value", value)).collect()
    }

    /// What a customer is worth of whom only the chances of his states are known, summing to 1.
    ///
    /// With brands as states and the time between purchases as the period, this is the lifetime value of brand
    /// switching: the chances of the brand he bought last, and margins that are the own brand's share of a purchase.
    ///
    /// # Formula
    /// ```text
    /// Σᵢ startᵢ·Vᵢ
    /// ```
    ///
    /// # Errors
    /// As [`lifetime_values`](MigrationModel::lifetime_values); [`LengthMismatch`](crate::ErrorKind::LengthMismatch)
    /// unless there is one chance a state; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its row for a chance
    /// outside `[0, 1]`; [`Inconsistent`](crate::ErrorKind::Inconsistent) where they do not add up to 1.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::MigrationModel;
    /// use goodwill::tiering::TransitionMatrix;
    /// use goodwill::{DiscountRate, FirstMargin, Horizon};
    ///
    /// // Two brands; a purchase of ours every half year brings 60.
    /// let switching = TransitionMatrix::new(vec![vec![0.8, 0.2], vec![0.3, 0.7]])?;
    /// let model = MigrationModel::new(Horizon::years(0.5)?, switching)?;
    /// let (three, rate) = (Horizon::years(1.5)?, DiscountRate::annual(0.21)?);
    /// let value =
    ///     model.expected_lifetime_value(&[1.0, 0.0], &[60.0, 0.0], three, rate, FirstMargin::Now)?;
    /// // Three purchases at 10 % in half a year: 60·(1 + 0.8/1.1 + 0.7/1.21).
    /// assert!((value - 60.0 * (1.0 + 0.8 / 1.1 + 0.7 / 1.21)).abs() < 1e-12);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Rust, Lemon and Zeithaml (2004), Journal of Marketing 68(1), 109–127, with a constant volume and margin.
    #[doc(alias = "brand switching")]
    pub fn expected_lifetime_value(
        &self,
        start: &[f64],
        margins: &[f64],
        horizon: Horizon,
        discount: DiscountRate,
        first: FirstMargin,
    ) -> Result<f64> {
        self.must_be_a_state_each("chances of the start", start.len())?;
        for (state, &chance) in start.iter().enumerate() {
            if !(0.0..=1.0).contains(&chance) {
                return Err(Error::out_of_domain("chance", chance, "[0, 1]").at_row(state));
            }
        }
        let sum: f64 = start.iter().sum();
        if !((sum - 1.0).abs() <= 1e-9) {
            let what = format!("the chances of the start must add up to 1, but add up to {sum}");
            return Err(Error::inconsistent(what));
        }
        let values = self.lifetime_values(margins, horizon, discount, first)?;
        finite("lifetime value", start.iter().zip(values).map(|(p, value)| p * value).sum())
    }

    fn must_be_a_state_each(&self, name: &'static str, len: usize) -> Result<()> {
        let states = self.chances.rows().len();
        if len == states {
            Ok(())
        } else {
            Err(Error::length_mismatch((name, len), ("states", states)))
        }
    }

    /// P/(1 + d).
    fn discounted(&self, force: f64) -> DMatrix<f64> {
        let (rows, factor) = (self.chances.rows(), (-force).exp());
        DMatrix::from_fn(rows.len(), rows.len(), |i, j| rows[i][j] * factor)
    }

    /// (I − P/(1 + d))⁻¹·R among the states from which a margin can be reached; the others are worth 0.
    fn for_ever(&self, rewards: &DVector<f64>, force: f64) -> Result<DVector<f64>> {
        let rows = self.chances.rows();
        let earning = (0..rows.len()).filter(|&state| rewards[state].abs() > 0.0);
        let counts = reachable(rows.len(), earning, |to, from| rows[from][to] > 0.0);
        let states: Vec<usize> = (0..rows.len()).filter(|&state| counts[state]).collect();
        if states.is_empty() {
            return Ok(DVector::zeros(rows.len()));
        }
        let factor = (-force).exp();
        let system = DMatrix::from_fn(states.len(), states.len(), |i, j| {
            let (i, j) = (states[i], states[j]);
            if i == j {
                // 1 − f·pᵢᵢ from the small 1 − f and the chances of leaving.
                let leaves = rows[i].iter().enumerate().filter(|&(to, _)| to != i);
                -(-force).exp_m1() + factor * leaves.map(|(_, chance)| chance).sum::<f64>()
            } else {
                -factor * rows[i][j]
            }
        });
        let system = system.lu();
        let ones = DVector::from_element(states.len(), 1.0);
        // I − M is invertible by Σ Mᵗ just if that gives every state at least its own 1.
        let converges =
            |sums: &DVector<f64>| sums.iter().all(|&sum| sum >= 1.0 - 1e-9 && sum.is_finite());
        let solved = system.solve(&ones).filter(converges).and_then(|_| {
            system.solve(&DVector::from_iterator(states.len(), states.iter().map(|&i| rewards[i])))
        });
        let Some(solved) = solved else {
            let rate = force.exp_m1();
            let reason = format!(
                "margins go on for ever, and a discount of {rate} a period does not stop them"
            );
            return Err(Error::undefined("lifetime value for ever", reason));
        };
        let mut values = DVector::zeros(rows.len());
        for (&state, &value) in states.iter().zip(&solved) {
            values[state] = value;
        }
        Ok(values)
    }
}

/// Σ Mᵗ·R for t = 0 … n − 1, by doubling.
fn partial_sum(m: &DMatrix<f64>, rewards: &DVector<f64>, n: u32) -> DVector<f64> {
    let mut sum = DVector::zeros(rewards.len());
    let mut power = DMatrix::identity(rewards.len(), rewards.len());
    for bit in (0..u32::BITS - n.leading_zeros()).rev() {
        sum = plus(&sum, &power, &sum);
        power = times(&power, &power);
        if n >> bit & 1 == 1 {
            sum = plus(rewards, m, &sum);
            power = times(m, &power);
        }
    }
    sum
}

/// a + M·b.
fn plus(a: &DVector<f64>, m: &DMatrix<f64>, b: &DVector<f64>) -> DVector<f64> {
    let mut sum = a.clone();
    sum.gemv(1.0, m, b, 1.0);
    sum
}

fn times(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    let mut product = DMatrix::zeros(a.nrows(), b.ncols());
    a.mul_to(b, &mut product);
    product
}
