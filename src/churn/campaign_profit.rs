//! What a retention campaign earns at best: maximum profit and expected maximum profit of a churn score.

use crate::churn::money_domain::checked_money;
use crate::error::{Error, Result};
use crate::math::exact_sum::ExactSum;
use crate::math::incomplete_beta::incomplete_beta;
use crate::quantity::Probability;

/// What a campaign spends on a customer and what he is worth, in one currency.
///
/// [`CampaignTerms::default`] holds the figures of Verbraken, Verbeke and Baesens (2013) for telecoms: a customer worth
/// 200, an incentive of 10, a contact of 1 (δ = 0.05, φ = 0.005). They are an assumption; yours differ.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CampaignTerms {
    /// His lifetime value if he stays, CLV.
    pub value: f64,
    /// What the incentive costs where it is taken, d = δ·CLV.
    pub incentive: f64,
    /// What it costs to contact him, f = φ·CLV.
    pub contact: f64,
}

impl Default for CampaignTerms {
    fn default() -> Self {
        Self { value: 200.0, incentive: 10.0, contact: 1.0 }
    }
}

impl CampaignTerms {
    fn check(&self) -> Result<()> {
        checked_money("value", self.value)?;
        for (name, cost) in [("incentive", self.incentive), ("contact", self.contact)] {
            if !(checked_money(name, cost)? >= 0.0) {
                return Err(Error::out_of_domain(name, cost, "[0, ∞)"));
            }
        }
        Ok(())
    }
}

/// Whom to target, and what that earns.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CampaignTarget {
    /// Profit per customer of the whole base.
    pub profit: f64,
    /// The share of the base that is targeted; for the expected maximum, its mean.
    pub share: f64,
    /// The customers that make up that share, rounded up to those of equal score.
    pub customers: usize,
    /// Their lowest score; `None` where nobody is targeted.
    pub threshold: Option<f64>,
}

/// The profit of a campaign by how many of the highest scores it targets, in a base whose churners are known by now.
///
/// Of those contacted, a would-be churner takes the incentive and stays with the chance γ; one who would have stayed
/// takes it too. So the campaign that targets the scores from t earns, per customer,
///
/// # Formula
/// ```text
/// P(t; γ) = (1/n)·[Σ churners from t (γ·(Vᵢ − dᵢ) − fᵢ) − Σ others from t (dᵢ + fᵢ)]
///         = CLV·(γ(1 − δ) − φ)·π₀F₀(t) − CLV·(δ + φ)·π₁F₁(t)   where all customers are alike
/// maximum profit:           MPC(γ) = max over t of P(t; γ)
/// expected maximum profit:  EMPC = ∫₀¹ MPC(γ) h(γ) dγ,   γ ~ Beta(α, β)
/// ```
/// P is a straight line in γ for each t. The thresholds that are best for some γ are the upper envelope of those lines,
/// which for equal customers is the convex hull of the ROC curve; between its corners the integral is that of a line
/// against a beta density. Equal scores are targeted together; to target nobody is allowed and earns 0.
///
/// # Example
/// ```
/// use goodwill::churn::{CampaignProfit, CampaignTerms};
/// use goodwill::Probability;
///
/// // Two of five churned; the score found one of them first.
/// let scores = [0.9, 0.8, 0.5, 0.3, 0.1];
/// let churned = [true, false, true, false, false];
/// let campaign = CampaignProfit::new(&scores, &churned, CampaignTerms::default())?;
/// let best = campaign.maximum(Probability::constant(0.3));
/// // The three highest: (2·(0.3·190 − 1) − 11)/5.
/// assert!((best.profit - 20.2).abs() < 1e-13);
/// assert_eq!((best.customers, best.threshold), (3, Some(0.5)));
/// let expected = campaign.expected_maximum(CampaignProfit::ALPHA, CampaignProfit::BETA)?;
/// assert!(expected.profit > best.profit && expected.profit - best.profit < 0.001);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Verbraken, Verbeke and Baesens (2013), IEEE Transactions on Knowledge and Data Engineering 25, 961–973, equations 12
/// to 20; Neslin, Gupta, Kamakura, Lu and Mason (2006), Journal of Marketing Research 43, 204–211.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CampaignProfit {
    customers: usize,
    /// Nobody, then the highest score, the two highest …
    cuts: Vec<Cut>,
    /// The cuts that are best for some γ, each with the γ from which it is.
    envelope: Vec<(f64, usize)>,
}

/// The profit γ·saves − costs of targeting so many customers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
struct Cut {
    threshold: Option<f64>,
    targeted: usize,
    saves: f64,
    costs: f64,
}

impl CampaignProfit {
    /// α of the paper's density of γ.
    pub const ALPHA: f64 = 6.0;
    /// β of the paper's density of γ: with α = 6, three in ten accept on average.
    pub const BETA: f64 = 14.0;

    /// Customers who are all alike. One row a customer: his score, the higher the likelier he churns, and whether he
    /// did. The order of the rows changes no bit.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a customer; [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for
    /// columns of other lengths; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a score that is not finite, a value
    /// outside ±10²⁵⁰, or a cost outside [0, 10²⁵⁰].
    pub fn new(scores: &[f64], churned: &[bool], terms: CampaignTerms) -> Result<Self> {
        terms.check()?;
        Self::by(scores, churned, |_| terms)
    }

    /// Customers who each have a value, an incentive and a contact of their own.
    ///
    /// # Errors
    /// As [`new`](CampaignProfit::new), terms with their row.
    pub fn individual(scores: &[f64], churned: &[bool], terms: &[CampaignTerms]) -> Result<Self> {
        if terms.len() != scores.len() {
            return Err(Error::length_mismatch(("scores", scores.len()), ("terms", terms.len())));
        }
        for (row, own) in terms.iter().enumerate() {
            own.check().map_err(|error| error.at_row(row))?;
        }
        Self::by(scores, churned, |row| terms[row])
    }

    fn by(
        scores: &[f64],
        churned: &[bool],
        terms: impl Fn(usize) -> CampaignTerms,
    ) -> Result<Self> {
        if scores.len() != churned.len() {
            let lengths = (("scores", scores.len()), ("churned", churned.len()));
            return Err(Error::length_mismatch(lengths.0, lengths.1));
        }
        if scores.is_empty() {
            return Err(Error::empty("scores"));
        }
        if let Some(row) = scores.iter().position(|score| !score.is_finite()) {
            return Err(Error::out_of_domain("score", scores[row], "(-∞, ∞)").at_row(row));
        }
        let mut rows: Vec<(f64, usize)> = scores.iter().map(|score| score + 0.0).zip(0..).collect();
        rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let n = rows.len() as f64;
        let mut cuts = vec![Cut { threshold: None, targeted: 0, saves: 0.0, costs: 0.0 }];
        let (mut saves, mut costs) = (ExactSum::new(), ExactSum::new());
        let mut targeted = 0;
        for equal in rows.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
            for &(_, row) in equal {
                let CampaignTerms { value, incentive, contact } = terms(row);
                costs.add(contact);
                if churned[row] {
                    saves.add(value);
                    saves.add(-incentive);
                } else {
                    costs.add(incentive);
                }
            }
            targeted += equal.len();
            let threshold = Some(equal[0].0);
            cuts.push(Cut {
                threshold,
                targeted,
                saves: saves.value() / n,
                costs: costs.value() / n,
            });
        }
        let envelope = envelope(&cuts);
        Ok(Self { customers: rows.len(), cuts, envelope })
    }

    /// The most that the campaign earns where would-be churners accept with this chance, and whom it targets for
    /// it; of equal profits, the fewest customers.
    #[must_use]
    pub fn maximum(&self, accept: Probability) -> CampaignTarget {
        let mut best = (0.0, self.cuts[0]);
        for &cut in &self.cuts {
            let profit = accept.get() * cut.saves - cut.costs;
            if profit > best.0 {
                best = (profit, cut);
            }
        }
        let (profit, cut) = best;
        let share = cut.targeted as f64 / self.customers as f64;
        CampaignTarget { profit, share, customers: cut.targeted, threshold: cut.threshold }
    }

    /// The most that it earns on average where nobody knows the chance γ beforehand, but the threshold is set when it
    /// is known: γ ~ Beta(α, β), by default [`ALPHA`](CampaignProfit::ALPHA) and [`BETA`](CampaignProfit::BETA).
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless α and β lie in (0, 1000].
    pub fn expected_maximum(&self, alpha: f64, beta: f64) -> Result<CampaignTarget> {
        for (name, parameter) in [("alpha", alpha), ("beta", beta)] {
            if !(parameter > 0.0 && parameter <= 1_000.0) {
                return Err(Error::out_of_domain(name, parameter, "(0, 1000]"));
            }
        }
        let mean = alpha / (alpha + beta);
        // The chance of γ in a piece: above the mean as a difference of upper tails, which keep their digits there.
        let between = |alpha: f64, from: f64, to: f64| {
            let below = |gamma: f64| incomplete_beta(alpha, beta, gamma, 1.0 - gamma);
            let above = |gamma: f64| incomplete_beta(beta, alpha, 1.0 - gamma, gamma);
            if from * beta > (1.0 - from) * alpha {
                above(from) - above(to)
            } else {
                below(to) - below(from)
            }
        };
        let (mut profit, mut share) = (0.0, 0.0);
        for (i, &(from, cut)) in self.envelope.iter().enumerate() {
            let to = self.envelope.get(i + 1).map_or(1.0, |next| next.0);
            let within = |alpha: f64| between(alpha, from, to);
            let Cut { saves, costs, targeted, .. } = self.cuts[cut];
            profit += saves * mean * within(alpha + 1.0) - costs * within(alpha);
            share += targeted as f64 / self.customers as f64 * within(alpha);
        }
        let reaches =
            |cut: &&Cut| cut.targeted as f64 >= share * self.customers as f64 * (1.0 - 1e-12);
        let cut = self.cuts.iter().find(reaches).unwrap_or(&self.cuts[self.cuts.len() - 1]);
        Ok(CampaignTarget { profit, share, customers: cut.targeted, threshold: cut.threshold })
    }
}

/// The lines γ·saves − costs that are the highest somewhere in 0 ≤ γ ≤ 1, each with the γ from which it is.
fn envelope(cuts: &[Cut]) -> Vec<(f64, usize)> {
    let mut order: Vec<usize> = (0..cuts.len()).collect();
    order.sort_by(|&a, &b| {
        let [a, b] = [a, b].map(|cut| cuts[cut]);
        a.saves.total_cmp(&b.saves).then(a.costs.total_cmp(&b.costs))
    });
    // Of those that rise equally, the one that costs least.
    order.dedup_by(|b, a| cuts[*a].saves >= cuts[*b].saves);
    let mut hull: Vec<(f64, usize)> = Vec::new();
    for cut in order {
        let overtakes = |other: usize| {
            (cuts[cut].costs - cuts[other].costs) / (cuts[cut].saves - cuts[other].saves)
        };
        while hull.last().is_some_and(|&(from, last)| !(overtakes(last) > from)) {
            hull.pop();
        }
        let from = hull.last().map_or(0.0, |&(_, last)| overtakes(last));
        if from < 1.0 {
            hull.push((from, cut));
        }
    }
    hull
}
