//! Whom to call, whom the budget leaves out, and whom to let go.

use rust_decimal::Decimal;

use super::best_list::{BestList, total};
use super::candidate::{CostBasis, WinBackCandidate};
use super::limited_list::ContactLimits;
use crate::error::Result;
use crate::money;

/// Why calling a customer costs more than it brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum LetGoReason {
    /// Even gone for sure and back for sure, he would not earn the call and the incentive.
    WorthTooLittle,
    /// Gone for sure, he would be worth a call: he probably is still a customer, and needs none.
    ProbablyStillHere,
    /// He would be worth having back, but too few such calls succeed.
    ChanceTooSmall,
}

/// A customer who is not worth calling.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LetGo {
    /// His row among the candidates.
    pub candidate: usize,
    /// Why.
    pub reason: LetGoReason,
    /// What not calling him saves on average; at least 0.
    pub saved: f64,
}

/// Every candidate's place: on the list, worth a call that the budget does not hold, or let go.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::churn::{CostBasis, LetGoReason, ValueIfAlive, WinBackCandidate, WinBackPlan};
///
/// let candidate = |alive, worth: f64| {
///     let [alive, chance] = [alive, 0.4].map(Probability::constant);
///     WinBackCandidate::new(alive, chance, ValueIfAlive::given_alive(worth)?, 5.into())
/// };
/// // Two worth a call of 5, one who probably never left, one who is worth less than the call.
/// let candidates =
///     [candidate(0.1, 100.0)?, candidate(0.1, 200.0)?, candidate(0.99, 300.0)?, candidate(0.1, 4.0)?];
/// let plan = WinBackPlan::new(&candidates, 5.into(), CostBasis::WorstCase)?;
/// assert_eq!((plan.list().chosen(), plan.left_out()), (&[1][..], &[0][..]));
/// assert!((plan.list().gain() - 67.0).abs() < 1e-12); // 0.9·0.4·200 − 5
/// assert!((plan.left_out_gain() - 31.0).abs() < 1e-12); // what a larger budget would bring
/// assert_eq!(plan.let_go()[0].reason, LetGoReason::ProbablyStillHere);
/// assert_eq!(plan.let_go()[1].reason, LetGoReason::WorthTooLittle);
/// assert!((plan.saved() - (3.8 + 3.56)).abs() < 1e-12);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WinBackPlan {
    list: BestList,
    basis: CostBasis,
    wins: f64,
    expected_cost: f64,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    worst_case_cost: Decimal,
    left_out: Vec<usize>,
    left_out_gain: f64,
    let_go: Vec<LetGo>,
}

impl WinBackPlan {
    /// With the list of [`BestList::new`]: one sort. `basis` says what of a call's cost the budget must hold.
    ///
    /// # Errors
    /// As [`BestList::new`]; [`Overflow`](crate::ErrorKind::Overflow) where a cost has more digits than a `Decimal`.
    pub fn new(candidates: &[WinBackCandidate], budget: Decimal, basis: CostBasis) -> Result<Self> {
        Self::by(candidates, basis, |gains, costs| BestList::new(gains, costs, budget))
    }

    /// With the list of [`BestList::exact`]: small cases.
    ///
    /// # Errors
    /// As [`BestList::exact`] and [`new`](WinBackPlan::new).
    pub fn exact(
        candidates: &[WinBackCandidate],
        budget: Decimal,
        basis: CostBasis,
    ) -> Result<Self> {
        Self::by(candidates, basis, |gains, costs| BestList::exact(gains, costs, budget))
    }

    /// With the list of [`BestList::with_limits`]: a limited number of calls, in all and by channel.
    ///
    /// # Errors
    /// As [`BestList::with_limits`] and [`new`](WinBackPlan::new).
    pub fn with_limits(
        candidates: &[WinBackCandidate],
        budget: Decimal,
        basis: CostBasis,
        channels: &[usize],
        limits: &ContactLimits,
    ) -> Result<Self> {
        Self::by(candidates, basis, |gains, costs| {
            BestList::with_limits(gains, costs, budget, channels, limits)
        })
    }

    fn by(
        candidates: &[WinBackCandidate],
        basis: CostBasis,
        list: impl FnOnce(&[f64], &[Decimal]) -> Result<BestList>,
    ) -> Result<Self> {
        let gains: Vec<f64> = candidates.iter().map(WinBackCandidate::gain).collect();
        let costs: Vec<Decimal> =
            candidates.iter().map(|own| own.cost(basis)).collect::<Result<_>>()?;
        let list = list(&gains, &costs)?;
        let mut is_called = vec![false; candidates.len()];
        list.chosen().iter().for_each(|&row| is_called[row] = true);
        let others = || (0..candidates.len()).filter(|&row| !is_called[row]);
        let left_out: Vec<usize> = others().filter(|&row| gains[row] > 0.0).collect();
        let let_go = others().filter(|&row| !(gains[row] > 0.0));
        let let_go = let_go.map(|candidate| {
            let reason = reason(&candidates[candidate]);
            LetGo { candidate, reason, saved: 0.0 - gains[candidate] }
        });
        let called = || list.chosen().iter().map(|&row| &candidates[row]);
        let worst_case_costs: Vec<Decimal> =
            called().map(WinBackCandidate::worst_case_cost).collect::<Result<_>>()?;
        Ok(Self {
            wins: total(called().map(WinBackCandidate::wins)),
            expected_cost: total(called().map(WinBackCandidate::expected_cost)),
            worst_case_cost: money::sum(worst_case_costs)?,
            left_out_gain: total(left_out.iter().map(|&row| gains[row])),
            let_go: let_go.collect(),
            left_out,
            basis,
            list,
        })
    }

    /// Whom to call, with the gain, its bound and the shadow price of the budget.
    #[must_use]
    pub fn list(&self) -> &BestList {
        &self.list
    }

    /// What of a call's cost the budget holds.
    #[must_use]
    pub fn basis(&self) -> CostBasis {
        self.basis
    }

    /// How many customers the calls bring back, on average.
    #[must_use]
    pub fn wins(&self) -> f64 {
        self.wins
    }

    /// What the calls cost on average.
    #[must_use]
    pub fn expected_cost(&self) -> f64 {
        self.expected_cost
    }

    /// What they cost if everybody takes the incentive.
    #[must_use]
    pub fn worst_case_cost(&self) -> Decimal {
        self.worst_case_cost
    }

    /// Those who are worth a call that the budget or the limits do not hold, in the order of the input.
    #[must_use]
    pub fn left_out(&self) -> &[usize] {
        &self.left_out
    }

    /// What calling those as well would bring.
    #[must_use]
    pub fn left_out_gain(&self) -> f64 {
        self.left_out_gain
    }

    /// Those who are not worth a call, in the order of the input.
    #[must_use]
    pub fn let_go(&self) -> &[LetGo] {
        &self.let_go
    }

    /// What not calling those saves, against calling everybody.
    #[must_use]
    pub fn saved(&self) -> f64 {
        total(self.let_go.iter().map(|own| own.saved))
    }
}

fn reason(candidate: &WinBackCandidate) -> LetGoReason {
    let gone = candidate.surely_gone();
    if !(gone.chance_is_certain().gain() > 0.0) {
        LetGoReason::WorthTooLittle
    } else if gone.gain() > 0.0 {
        LetGoReason::ProbablyStillHere
    } else {
        LetGoReason::ChanceTooSmall
    }
}
