//! How unevenly value is spread over the customers: the 80/20 rule, measured.

use crate::error::{Error, Result};
#[cfg(feature = "rand")]
use crate::estimate::Estimate;
use crate::math::exact_sum::ExactSum;
use crate::money;
#[cfg(feature = "rand")]
use crate::quantity::Probability;
use crate::quantity::Share;

use super::ranking::Ranking;
use super::value::Value;

/// How unevenly value is spread over the customers.
///
/// The rule that 20 % of the customers bring 80 % of the value is a claim; this measures it. Values must be 0
/// or more with a positive sum: with losses a share of the total means nothing, and [`gini_with_losses`] is
/// what is left.
///
/// # Example
/// ```
/// use goodwill::{Concentration, Share};
///
/// let concentration = Concentration::of(&[70.0, 10.0, 10.0, 5.0, 5.0])?;
/// assert_eq!(concentration.top_share(Share::percent(20)?)?, 0.7);
/// assert_eq!(concentration.customers_for_share(Share::percent(80)?)?, 2);
/// assert!((concentration.gini() - 0.54).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Ranking<V>", into = "Ranking<V>"))]
#[cfg_attr(
    feature = "serde",
    serde(bound(
        serialize = "V: Value + serde::Serialize",
        deserialize = "V: Value + serde::Deserialize<'de>"
    ))
)]
pub struct Concentration<V: Value> {
    ranking: Ranking<V>,
    total: V,
}

impl<V: Value> Concentration<V> {
    /// Ranks the values once; the measures are read from it.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a value; [`OutOfDomain`](crate::ErrorKind::OutOfDomain)
    /// with its row for a
    /// value that is not finite; [`Undefined`](crate::ErrorKind::Undefined) where a value is below 0 or all
    /// are 0.
    pub fn of(values: &[V]) -> Result<Self> {
        Self::of_ranking(Ranking::of(values)?).map_err(|error| {
            let Some(row) = values.iter().position(|&value| value < V::ZERO) else { return error };
            let reason = format!("row {row} has the value {:?}, below 0", values[row]);
            Error::undefined("concentration", reason)
        })
    }

    /// The concentration of values that are ranked already, as merged shards are.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where a value is below 0 or all are 0;
    /// [`Overflow`](crate::ErrorKind::Overflow) for a total that does not fit.
    pub fn of_ranking(ranking: Ranking<V>) -> Result<Self> {
        if let Some(lowest) = ranking.values().last().filter(|&&value| value < V::ZERO) {
            let reason = format!("a value is {lowest:?}, below 0");
            return Err(Error::undefined("concentration", reason));
        }
        let total = ranking.total()?;
        if !(total > V::ZERO) {
            return Err(Error::undefined("concentration", "all values are 0"));
        }
        Ok(Self { ranking, total })
    }

    /// The share of value that the top `share` of the customers brings.
    ///
    /// # Formula
    /// ```text
    /// 1 − L(1 − p): with n·p not whole, the next customer counts in part
    /// ```
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where a partial total does not fit a decimal.
    pub fn top_share(&self, share: Share) -> Result<f64> {
        let exact = money::to_f64(share.get()) * self.ranking.values().len() as f64;
        let whole = exact as usize;
        let mut total = V::Total::default();
        for value in &self.ranking.values()[..whole.min(self.ranking.values().len())] {
            value.add_to(&mut total)?;
        }
        let next = self
            .ranking
            .values()
            .get(whole)
            .map_or(0.0, |next| next.to_f64() * (exact - whole as f64));
        Ok((V::read(&total)?.to_f64() + next) / self.total.to_f64())
    }

    /// The fewest customers who together bring at least `share` of the value.
    ///
    /// # Formula
    /// ```text
    /// the least k with x₍₁₎ + … + x₍ₖ₎ ≥ share · Σx,   x₍ᵢ₎ descending
    /// ```
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where a partial total does not fit a decimal.
    ///
    /// # Example
    /// See [`Concentration`].
    ///
    /// # Reference
    /// The Lorenz curve read the other way: Lorenz (1905), Publications of the American Statistical Association 9, 209–219.
    pub fn customers_for_share(&self, share: Share) -> Result<usize> {
        self.ranking.fewest_for(share, self.total)
    }

    /// The Gini coefficient: 0 where all customers are worth the same, (n − 1)/n where one is worth all.
    ///
    /// # Formula
    /// ```text
    /// G = Σ (2i − n − 1)·x₍ᵢ₎ / (n·Σx),   x₍ᵢ₎ ascending
    /// ```
    ///
    /// # Reference
    /// Gini (1912), Variabilità e mutabilità; the rank form in Sen (1973), On Economic Inequality, §2.7.
    #[must_use]
    pub fn gini(&self) -> f64 {
        gini_of(self.ranking.values(), self.total.to_f64())
    }

    /// The Lorenz curve: for k = 0 … n, (k/n, share of value of the k lowest customers).
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where a partial total does not fit a decimal.
    ///
    /// # Example
    /// ```
    /// use goodwill::Concentration;
    ///
    /// let curve = Concentration::of(&[6.0, 1.0, 1.0])?.lorenz_curve()?;
    /// assert_eq!(curve, [(0.0, 0.0), (1.0 / 3.0, 0.125), (2.0 / 3.0, 0.25), (1.0, 1.0)]);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Lorenz (1905), Publications of the American Statistical Association 9, 209–219.
    pub fn lorenz_curve(&self) -> Result<Vec<(f64, f64)>> {
        let (n, total) = (self.ranking.values().len() as f64, self.total.to_f64());
        let mut curve = Vec::with_capacity(self.ranking.values().len() + 1);
        curve.push((0.0, 0.0));
        let mut passed = V::Total::default();
        for (below, value) in self.ranking.values().iter().rev().enumerate() {
            value.add_to(&mut passed)?;
            curve.push(((below + 1) as f64 / n, V::read(&passed)?.to_f64() / total));
        }
        Ok(curve)
    }

    /// The Herfindahl–Hirschman index: the sum of the squared shares of value; 1/n where all are equal, 1 where
    /// one customer is worth all.
    ///
    /// # Formula
    /// ```text
    /// H = Σ sᵢ²,   sᵢ = xᵢ / Σx
    /// ```
    ///
    /// # Reference
    /// Herfindahl (1950), Concentration in the Steel Industry; Hirschman (1945), National Power.
    #[must_use]
    pub fn herfindahl(&self) -> f64 {
        let total = self.total.to_f64();
        let mut squares = ExactSum::new();
        for value in self.ranking.values() {
            let share = value.to_f64() / total;
            squares.add_product(share, share);
        }
        squares.value()
    }

    /// How many equal customers would be as concentrated: 1 / H.
    ///
    /// # Example
    /// ```
    /// use goodwill::Concentration;
    ///
    /// let base = Concentration::of(&[6.0, 2.0, 2.0])?;
    /// assert!((base.herfindahl() - 0.44).abs() < 1e-15);
    /// assert!((base.effective_customers() - 1.0 / 0.44).abs() < 1e-14);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Adelman (1969), Review of Economics and Statistics 51(1), 99–101.
    #[must_use]
    pub fn effective_customers(&self) -> f64 {
        1.0 / self.herfindahl()
    }

    /// Theil's index: 0 where all are equal, ln n where one customer is worth all.
    ///
    /// # Formula
    /// ```text
    /// T = (1/n) Σ uᵢ ln uᵢ,   uᵢ = xᵢ/x̄,   0 ln 0 = 0
    /// ```
    ///
    /// # Example
    /// ```
    /// use goodwill::Concentration;
    ///
    /// let one_has_all = Concentration::of(&[7.0, 0.0])?;
    /// assert!((one_has_all.theil() - 2.0_f64.ln()).abs() < 1e-15);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Theil (1967), Economics and Information Theory, chapter 4.
    #[must_use]
    pub fn theil(&self) -> f64 {
        let (n, total) = (self.ranking.values().len() as f64, self.total.to_f64());
        let mut sum = ExactSum::new();
        for value in self.ranking.values() {
            let share = value.to_f64() / total;
            // Since Σu = n, u − 1 may be taken off each term: none is below 0 then, and equal ones are 0.
            let above = share * n - 1.0;
            let logarithm = if share > 0.0 { libm::log(share) + libm::log(n) } else { 0.0 };
            let exact = if above.abs() < 0.5 { libm::log1p(above) } else { logarithm };
            sum.add((((1.0 + above) * exact - above) / n).max(0.0));
        }
        sum.value()
    }

    /// A measure with its percentile bootstrap interval: the customers are drawn again with replacement.
    ///
    /// Needs the feature `rand`.
    ///
    /// # Errors
    /// As [`Estimate::bootstrap`]; what `measure` returns; [`Undefined`](crate::ErrorKind::Undefined) where a
    /// sample holds customers without value only.
    ///
    /// # Example
    /// ```
    /// use goodwill::{Concentration, Probability};
    ///
    /// let base = Concentration::of(&[9.0, 7.0, 4.0, 3.0, 2.0, 2.0, 1.0, 1.0])?;
    /// let level = Probability::constant(0.9);
    /// let gini = base.interval(500, 42, level, |sample| Ok(sample.gini()))?;
    /// assert_eq!(gini.value(), base.gini());
    /// assert!((gini.value() - 93.0 / 232.0).abs() < 1e-15); // Σ (2i − 9)·x₍ᵢ₎ = 93 over 8·29
    /// assert!(gini.lower() < gini.value() && gini.value() < gini.upper());
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    #[cfg(feature = "rand")]
    pub fn interval(
        &self,
        replicates: usize,
        seed: u64,
        level: Probability,
        measure: impl Fn(&Self) -> Result<f64>,
    ) -> Result<Estimate> {
        let values = self.ranking.values();
        Estimate::bootstrap(values.len(), replicates, seed, level, |positions| {
            let sample: Vec<V> = positions.iter().map(|&position| values[position]).collect();
            measure(&Self::of_ranking(Ranking::of(&sample)?)?)
        })
    }
}

#[cfg(feature = "serde")]
impl<V: Value> TryFrom<Ranking<V>> for Concentration<V> {
    type Error = Error;

    fn try_from(ranking: Ranking<V>) -> Result<Self> {
        Self::of_ranking(ranking)
    }
}

#[cfg(feature = "serde")]
impl<V: Value> From<Concentration<V>> for Ranking<V> {
    fn from(concentration: Concentration<V>) -> Self {
        concentration.ranking
    }
}

/// The Gini coefficient of values that may be losses, normalised by Σ|x| so that it stays within 0 and
/// (n − 1)/n, which it reaches where one customer makes all the profit and another all the loss.
///
/// For values of 0 or more it is [`Concentration::gini`]. The ordinary Gini can exceed 1 with losses, and does
/// not exist for a total of 0; this does, while one value is not 0.
///
/// # Formula
/// ```text
/// G = ΣᵢΣⱼ |xᵢ − xⱼ| / (2n·Σ|x|) = Σ (2i − n − 1)·x₍ᵢ₎ / (n·Σ|x|),   x₍ᵢ₎ ascending
/// ```
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without a value; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its
/// row for a value that is not finite; [`Undefined`](crate::ErrorKind::Undefined) where all are 0;
/// [`Overflow`](crate::ErrorKind::Overflow) for a total that does not fit.
///
/// # Example
/// ```
/// use goodwill::tiering::gini_with_losses;
///
/// assert_eq!(gini_with_losses(&[8.0, 0.0, 0.0, -2.0])?, 0.75);
/// # #[cfg(feature = "rand")] {
/// // Its interval, as of any statistic of a sample:
/// use goodwill::{Estimate, Probability};
/// let profit = [90.0, 41.0, 25.0, 8.0, 3.0, 0.0, -4.0, -12.0];
/// let sampled = |rows: &[usize]| gini_with_losses(&rows.iter().map(|&row| profit[row]).collect::<Vec<_>>());
/// let gini = Estimate::bootstrap(8, 1_000, 42, Probability::constant(0.9), sampled)?;
/// assert!((gini.value() - 1_019.0 / 1_464.0).abs() < 1e-15);
/// assert!(gini.lower() < gini.value() && gini.value() < gini.upper());
/// # }
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Raffinetti, Siletti and Vernizzi (2015), Statistical Methods & Applications 24, 507–521,
/// <https://doi.org/10.1007/s10260-014-0293-4>.
pub fn gini_with_losses<V: Value>(values: &[V]) -> Result<f64> {
    let ranking = Ranking::of(values)?;
    let values = ranking.values();
    let (gains, losses) = values.split_at(values.partition_point(|&value| value > V::ZERO));
    let sum = |values: &[V]| -> Result<f64> {
        let mut total = V::Total::default();
        values.iter().try_for_each(|value| value.add_to(&mut total))?;
        Ok(V::read(&total)?.to_f64())
    };
    let magnitude = sum(gains)? - sum(losses)?;
    if !magnitude.is_finite() {
        return Err(Error::overflow("a total of values"));
    }
    if !(magnitude > 0.0) {
        return Err(Error::undefined("Gini coefficient", "all values are 0"));
    }
    Ok(gini_of(values, magnitude))
}

/// The rank form of the Gini coefficient of values, best first, over n times `total`.
fn gini_of<V: Value>(ranked: &[V], total: f64) -> f64 {
    let n = ranked.len() as f64;
    // A power of two, so that products of ranks and values near the end of f64 stay inside it.
    let scale = if total > 1e200 { 0.5_f64.powi(200) } else { 1.0 };
    let mut weighted = ExactSum::new();
    let last = ranked.len() as i64 - 1;
    let weight = |above: usize| last - 2 * above as i64;
    let rows = ranked.iter().enumerate();
    weighted.add_weighted(rows.map(|(above, value)| (weight(above), value.to_f64() * scale)));
    // Rounding must not lift it above the Gini of one customer who has all.
    (weighted.value() / (n * (total * scale))).min((n - 1.0) / n)
}
