//! Computed ABC analysis: where effort stops paying, read from the curve itself.

use crate::error::{Error, Result};

use super::ranking::Ranking;
use super::thresholds::Thresholds;
use super::value::Value;

/// A point of the curve of effort (share of customers) and yield (share of value), best customers first.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CurvePoint {
    /// The best customers up to here.
    pub customers: usize,
    /// Their share of the customers.
    pub effort: f64,
    /// Their share of the value.
    pub yielded: f64,
}

/// ABC analysis with limits that the data give, instead of 80 and 95 %.
///
/// # Formula
/// ```text
/// Pareto point      the k with the least (k/n)² + (1 − Y_k)²,  Y_k = share of value of the best k
/// break-even point  the last k whose step pays more than the average: x₍ₖ₎ > mean
/// A ends at the earlier of the two, B_x is the effort k/n of the later
/// B ends at the k with the least (k/n − B_x)² + (1 − Y_k)²
/// ```
/// On equal distances the first k counts. The points are those of the customers; nothing is interpolated.
///
/// # Example
/// ```
/// use goodwill::tiering::{ComputedAbc, Ranking};
///
/// let base = Ranking::of(&[50.0, 30.0, 10.0, 5.0, 2.0, 1.0, 1.0, 1.0])?;
/// let abc = ComputedAbc::of(&base)?;
/// assert_eq!((abc.pareto().customers, abc.break_even().customers), (2, 2));
/// assert_eq!(abc.submarginal().customers, 3);
/// assert_eq!(abc.thresholds()?.floors(), [30.0, 10.0]);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Ultsch and Lötsch (2015), PLOS One 10(6), e0129767, <https://doi.org/10.1371/journal.pone.0129767>.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ComputedAbc<V> {
    pareto: CurvePoint,
    break_even: CurvePoint,
    submarginal: CurvePoint,
    /// The least values of A and B.
    floors: [V; 2],
}

impl<V: Value> ComputedAbc<V> {
    /// Reads the limits from a base of values above 0.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where a value is 0 or less: give such customers a tier of
    /// their own ([`SpecialCases`](super::SpecialCases)); [`Overflow`](crate::ErrorKind::Overflow) for a
    /// total that does not fit.
    pub fn of(base: &Ranking<V>) -> Result<Self> {
        let values = base.values();
        if let Some(lowest) = values.last().filter(|&&value| !(value > V::ZERO)) {
            let reason = format!("a value is {lowest:?}, not above 0");
            return Err(Error::undefined("computed ABC", reason));
        }
        let (n, whole) = (values.len(), base.total()?);
        let total = whole.to_f64();
        let mut passed = V::Total::default();
        let mut curve = Vec::with_capacity(n);
        for (before, value) in values.iter().enumerate() {
            value.add_to(&mut passed)?;
            let customers = before + 1;
            let yielded = V::read(&passed)?.to_f64() / total;
            curve.push(CurvePoint { customers, effort: customers as f64 / n as f64, yielded });
        }
        let pareto = nearest(&curve, 0.0);
        // A product that does not fit is above a total that does.
        let pays = |value: &V| times(*value, n).map_or(true, |product| product > whole);
        let paying = values.partition_point(pays);
        // Where all are equal, no step pays more than another.
        let break_even = curve[paying.saturating_sub(1)];
        let (early, late) = if break_even.customers < pareto.customers {
            (break_even, pareto)
        } else {
            (pareto, break_even)
        };
        let submarginal = nearest(&curve, late.effort);
        let floors = [values[early.customers - 1], values[submarginal.customers - 1]];
        Ok(Self { pareto, break_even, submarginal, floors })
    }

    /// The point nearest to all of the value for none of the effort.
    #[must_use]
    pub fn pareto(&self) -> CurvePoint {
        self.pareto
    }

    /// The last point at which the next customer brings more than the average customer.
    #[must_use]
    pub fn break_even(&self) -> CurvePoint {
        self.break_even
    }

    /// The point behind which effort brings next to nothing.
    #[must_use]
    pub fn submarginal(&self) -> CurvePoint {
        self.submarginal
    }

    /// The limits as thresholds of the tiers A, B and C.
    ///
    /// # Errors
    /// None for limits that were computed.
    pub fn thresholds(&self) -> Result<Thresholds<V>> {
        Thresholds::new([("A", self.floors[0]), ("B", self.floors[1])], "C")
    }
}

/// n × value, rounded once: by doubling, since totals only add.
fn times<V: Value>(value: V, mut n: usize) -> Result<V> {
    let (mut product, mut power) = (V::Total::default(), V::Total::default());
    value.add_to(&mut power)?;
    while n > 0 {
        if n % 2 == 1 {
            V::merge(&mut product, &power)?;
        }
        let half = power.clone();
        n /= 2;
        if n > 0 {
            V::merge(&mut power, &half)?;
        }
    }
    V::read(&product)
}

/// The first point of the curve nearest to (effort, 1).
fn nearest(curve: &[CurvePoint], effort: f64) -> CurvePoint {
    let distance = |point: &CurvePoint| {
        let (along, short) = (point.effort - effort, 1.0 - point.yielded);
        along * along + short * short
    };
    let mut best = curve[0];
    for point in curve {
        if distance(point) < distance(&best) {
            best = *point;
        }
    }
    best
}
