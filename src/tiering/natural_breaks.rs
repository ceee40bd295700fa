//! Natural breaks: the tiers that are the most alike inside.

use crate::error::{Error, Result};

use super::ranking::Ranking;
use super::thresholds::Thresholds;
use super::value::Value;

impl<V: Value> Thresholds<V> {
    /// The cuts that leave the least variation within tiers: Jenks' natural breaks, the exact optimum.
    ///
    /// Tiers are as many as there are names, best first; none is empty. Of several best cuts, the one whose
    /// last tier holds the most values is taken, then the one whose last but one does, and so on. Time grows as
    /// k·n·log n with the n different values, memory as k·n.
    ///
    /// # Formula
    /// ```text
    /// minimise Σ over tiers of Σ (x − mean of the tier)²
    /// ```
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a name; [`Undefined`](crate::ErrorKind::Undefined) for more
    /// names than different values.
    ///
    /// # Example
    /// ```
    /// use goodwill::tiering::{Ranking, Thresholds};
    ///
    /// let base = Ranking::of(&[1.0, 2.0, 3.0, 50.0, 52.0, 900.0])?;
    /// let cuts = Thresholds::natural_breaks(&base, ["top", "middle", "base"])?;
    /// assert_eq!(cuts.floors(), [900.0, 50.0]);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Fisher (1958), Journal of the American Statistical Association 53, 789–798; Jenks (1967), International
    /// Yearbook of Cartography 7, 186–190.
    pub fn natural_breaks<S: Into<String>>(
        base: &Ranking<V>,
        names: impl IntoIterator<Item = S>,
    ) -> Result<Self> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        if names.is_empty() {
            return Err(Error::empty("names"));
        }
        let different: Vec<&[V]> = base.values().chunk_by(|a, b| a.key() == b.key()).collect();
        if names.len() > different.len() {
            let reason = format!(
                "{} tiers need as many values, but {} differ",
                names.len(),
                different.len()
            );
            return Err(Error::undefined("natural breaks", reason));
        }
        let weighted: Vec<(f64, f64)> =
            different.iter().map(|equal| (equal[0].to_f64(), equal.len() as f64)).collect();
        let ends = cut(&Spread::of(&weighted), names.len());
        let floors = ends.iter().map(|&end| different[end - 1][0]).collect();
        Self::from_parts(names, floors)
    }
}

/// A number and the rounding error of the sums it came from: twice the digits of one `f64`.
#[derive(Clone, Copy, Default)]
struct Double(f64, f64);

impl Double {
    /// a + b, with the error of the addition (Knuth).
    fn of_sum(a: f64, b: f64) -> Self {
        let sum = a + b;
        let part = sum - a;
        Self(sum, (a - (sum - part)) + (b - part))
    }

    fn of_product(a: f64, b: f64) -> Self {
        let product = a * b;
        Self(product, a.mul_add(b, -product))
    }

    fn plus(self, other: Self) -> Self {
        let sum = Self::of_sum(self.0, other.0);
        Self::of_sum(sum.0, sum.1 + self.1 + other.1)
    }

    fn minus(self, other: Self) -> Self {
        self.plus(Self(-other.0, -other.1))
    }

    fn times(self, other: Self) -> Self {
        let product = Self::of_product(self.0, other.0);
        Self::of_sum(product.0, product.1 + self.0 * other.1 + self.1 * other.0)
    }
}

/// Sums over the first values, from which the squared deviations of any run are read.
struct Spread {
    weights: Vec<f64>,
    sums: Vec<Double>,
    squares: Vec<Double>,
}

impl Spread {
    /// Of (value, how often) in order. Values are scaled by a power of two, so that no square leaves `f64`.
    fn of(values: &[(f64, f64)]) -> Self {
        let largest = values.iter().fold(0.0_f64, |most, (value, _)| most.max(value.abs()));
        let exponent = libm::frexp(largest).1;
        let (mut weights, mut sums, mut squares) =
            (vec![0.0], vec![Double::default()], vec![Double::default()]);
        let (mut weight, mut sum, mut square) = (0.0, Double::default(), Double::default());
        for &(value, times) in values {
            let value = libm::ldexp(value, -exponent);
            let product = Double::of_product(value, times);
            weight += times;
            sum = sum.plus(product);
            square = square.plus(product.times(Double(value, 0.0)));
            weights.push(weight);
            sums.push(sum);
            squares.push(square);
        }
        Self { weights, sums, squares }
    }

    fn len(&self) -> usize {
        self.weights.len() - 1
    }

    /// Σ (x − mean)² of the values from `start` up to `end`, which comes after it.
    fn within(&self, start: usize, end: usize) -> f64 {
        let weight = self.weights[end] - self.weights[start];
        let sum = self.sums[end].minus(self.sums[start]);
        let square = self.squares[end].minus(self.squares[start]);
        // n·Σx² − (Σx)² before the division, so that little is lost where they nearly cancel.
        let spread = square.times(Double(weight, 0.0)).minus(sum.times(sum)).0 / weight;
        if end - start == 1 { 0.0 } else { spread.max(0.0) }
    }
}

/// Where each tier but the last ends.
fn cut(spread: &Spread, tiers: usize) -> Vec<usize> {
    let n = spread.len();
    // The least deviation of the first `end` values in as many tiers as are done, and where the last of them
    // starts.
    let mut least: Vec<f64> =
        (0..=n).map(|end| if end == 0 { f64::INFINITY } else { spread.within(0, end) }).collect();
    let mut starts: Vec<Vec<u32>> = Vec::with_capacity(tiers);
    for done in 1..tiers {
        let mut next = vec![f64::INFINITY; n + 1];
        let mut start_of = vec![0_u32; n + 1];
        // The best start never falls as the end grows: halve the ends, and each half searches its own starts.
        let mut open = vec![(done + 1, n, done, n - 1)];
        while let Some((first_end, last_end, first_start, last_start)) = open.pop() {
            if first_end > last_end {
                continue;
            }
            let end = first_end.midpoint(last_end);
            let mut best = (f64::INFINITY, first_start);
            let starts = first_start..=last_start.min(end - 1);
            for (start, before) in starts.clone().zip(&least[starts]) {
                let sum = before + spread.within(start, end);
                if sum < best.0 {
                    best = (sum, start);
                }
            }
            (next[end], start_of[end]) = (best.0, best.1 as u32);
            open.push((first_end, end - 1, first_start, best.1));
            open.push((end + 1, last_end, best.1, last_start));
        }
        least = next;
        starts.push(start_of);
    }
    let mut ends = Vec::with_capacity(tiers - 1);
    let mut end = n;
    for start_of in starts.iter().rev() {
        end = start_of[end] as usize;
        ends.push(end);
    }
    ends.reverse();
    ends
}
