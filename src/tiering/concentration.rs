//! How unevenly value is spread over the customers: the 80/20 rule, measured.

use crate::error::{Error, ErrorKind, Result};
use crate::math::exact_sum::ExactSum;
use crate::money;
use crate::quantity::Share;

use super::value::Value;

/// How unevenly value is spread over the customers.
///
/// The rule that 20 % of the customers bring 80 % of the value is a claim; this measures it. Values must be 0
/// or more with a positive sum: with losses a share of the total means nothing.
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
pub struct Concentration<V> {
    /// The values, best first.
    ranked: Vec<V>,
    total: V,
}

impl<V: Value> Concentration<V> {
    /// Ranks the values once; the measures are read from it.
    ///
    /// # Errors
    /// [`Empty`](ErrorKind::Empty) without a value; [`OutOfDomain`](ErrorKind::OutOfDomain) with its row for a
    /// value that is not finite; [`Undefined`](ErrorKind::Undefined) where a value is below 0 or all are 0.
    pub fn of(values: &[V]) -> Result<Self> {
        if values.is_empty() {
            return Err(ErrorKind::Empty { name: "values" }.into());
        }
        let mut total = V::Total::default();
        for (row, value) in values.iter().enumerate() {
            value.checked().map_err(|error| error.at_row(row))?.add_to(&mut total)?;
        }
        if let Some(row) = values.iter().position(|&value| value < V::ZERO) {
            let reason = format!("row {row} has the value {:?}, below 0", values[row]);
            return Err(Error::undefined("concentration", reason));
        }
        let total = V::read(&total)?;
        if !(total > V::ZERO) {
            return Err(Error::undefined("concentration", "all values are 0"));
        }
        let mut ranked = values.to_vec();
        ranked.sort_unstable_by_key(|&value| std::cmp::Reverse(value.key()));
        Ok(Self { ranked, total })
    }

    /// The share of value that the top `share` of the customers brings.
    ///
    /// # Formula
    /// ```text
    /// 1 − L(1 − p): with n·p not whole, the next customer counts in part
    /// ```
    ///
    /// # Errors
    /// [`Overflow`](ErrorKind::Overflow) where a partial total does not fit a decimal.
    pub fn top_share(&self, share: Share) -> Result<f64> {
        let exact = money::to_f64(share.get()) * self.ranked.len() as f64;
        let whole = exact as usize;
        let mut total = V::Total::default();
        for value in &self.ranked[..whole.min(self.ranked.len())] {
            value.add_to(&mut total)?;
        }
        let next =
            self.ranked.get(whole).map_or(0.0, |next| next.to_f64() * (exact - whole as f64));
        Ok((V::read(&total)?.to_f64() + next) / self.total.to_f64())
    }

    /// The fewest customers who together bring at least `share` of the value.
    ///
    /// # Errors
    /// [`Overflow`](ErrorKind::Overflow) where a partial total does not fit a decimal.
    pub fn customers_for_share(&self, share: Share) -> Result<usize> {
        /// Customers between two readings of the total: reading costs as much as many additions.
        const STRIDE: usize = 1024;
        let goal = self.total.part(share)?;
        let mut passed = V::Total::default();
        let mut customers = 0;
        for block in self.ranked.chunks(STRIDE) {
            let mut with_block = passed.clone();
            block.iter().try_for_each(|value| value.add_to(&mut with_block))?;
            if V::read(&with_block)? >= goal {
                break;
            }
            passed = with_block;
            customers += block.len();
        }
        for value in &self.ranked[customers..] {
            if V::read(&passed)? >= goal {
                break;
            }
            value.add_to(&mut passed)?;
            customers += 1;
        }
        Ok(customers)
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
        let (n, total) = (self.ranked.len() as f64, self.total.to_f64());
        // A power of two, so that products of ranks and values near the end of f64 stay inside it.
        let scale = if total > 1e200 { 0.5_f64.powi(200) } else { 1.0 };
        let mut weighted = ExactSum::new();
        for (above, value) in self.ranked.iter().enumerate() {
            weighted.add_product(n - 1.0 - 2.0 * above as f64, value.to_f64() * scale);
        }
        // Rounding must not lift it above the Gini of one customer who has all.
        (weighted.value() / (n * (total * scale))).min((n - 1.0) / n)
    }

    /// The Lorenz curve: for k = 0 … n, (k/n, share of value of the k lowest customers).
    ///
    /// # Errors
    /// [`Overflow`](ErrorKind::Overflow) where a partial total does not fit a decimal.
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
        let (n, total) = (self.ranked.len() as f64, self.total.to_f64());
        let mut curve = Vec::with_capacity(self.ranked.len() + 1);
        curve.push((0.0, 0.0));
        let mut passed = V::Total::default();
        for (below, value) in self.ranked.iter().rev().enumerate() {
            value.add_to(&mut passed)?;
            curve.push(((below + 1) as f64 / n, V::read(&passed)?.to_f64() / total));
        }
        Ok(curve)
    }
}
