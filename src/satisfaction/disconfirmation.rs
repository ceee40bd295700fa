//! Satisfaction as what was perceived against what was expected.

use crate::error::{Error, Result};
use crate::estimate::{Estimate, two_sided_z};
use crate::math::centred::Centred;
use crate::math::distribution::student_quantile;
use crate::math::least_squares::fit;
use crate::quantity::Probability;

use super::mean::student_interval;
use super::scale::{Direction, Scale};
use super::survey::sum;

/// What came of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Outcome {
    /// It was not met.
    Dissatisfied,
    /// It was met.
    Satisfied,
    /// It was surpassed.
    Delighted,
}

/// What was expected and what was perceived, on one scale.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Experience {
    expected: f64,
    perceived: f64,
}

impl Experience {
    /// Two asked-for scores, or their means over an attribute: the *subtractive* form.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for one outside [−10⁶, 10⁶].
    pub fn new(expected: f64, perceived: f64) -> Result<Self> {
        for (name, value) in [("expected", expected), ("perceived", perceived)] {
            if !(-1e6..=1e6).contains(&value) {
                return Err(Error::out_of_domain(name, value, "[-1e6, 1e6]"));
            }
        }
        Ok(Self { expected: expected + 0.0, perceived: perceived + 0.0 })
    }

    /// One answer to "better or worse than expected?", the *direct* form: the middle of the scale is as expected.
    ///
    /// A scale with an even number of points, as 1–10, has no such answer; its middle lies between two.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a score that is not of the scale.
    ///
    /// # Example
    /// ```
    /// use goodwill::satisfaction::{Experience, Scale};
    ///
    /// assert_eq!(Experience::direct(Scale::ONE_TO_FIVE, 5)?.gap(), 2.0);
    /// assert_eq!(Experience::direct(Scale::ONE_TO_TEN, 5)?.gap(), -0.5);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn direct(scale: Scale, score: u8) -> Result<Self> {
        scale.above_worst(score)?;
        let middle = 0.5 * (f64::from(scale.lowest()) + f64::from(scale.highest()));
        let distance = f64::from(score) - middle;
        let better = match scale.direction() {
            Direction::HigherIsBetter => distance,
            Direction::LowerIsBetter => -distance,
        };
        Self::new(middle, middle + better)
    }

    /// Perceived − expected.
    #[must_use]
    pub fn gap(&self) -> f64 {
        self.perceived - self.expected
    }
}

/// When an expectation counts as met, and when as surpassed.
///
/// # Example
/// ```
/// use goodwill::satisfaction::{Experience, Outcome, Rule};
///
/// let as_expected = Experience::new(4.0, 4.0)?;
/// assert_eq!(Rule::KOTLER.judge(&as_expected), Outcome::Satisfied);
/// assert_eq!(Rule::STRICT.judge(&as_expected), Outcome::Dissatisfied);
/// let above = Experience::new(4.0, 5.0)?;
/// assert_eq!(Rule::KOTLER.judge(&above), Outcome::Delighted);
/// assert_eq!(Rule::STRICT.judge(&above), Outcome::Satisfied);
/// assert_eq!(Rule::STRICT.delighted_above(0.5)?.judge(&above), Outcome::Delighted);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Rule {
    equal_satisfies: bool,
    delighted_above: Option<f64>,
}

impl Rule {
    /// Kotler: below the expectation dissatisfied, at it satisfied, above it delighted.
    pub const KOTLER: Self = Self { equal_satisfies: true, delighted_above: Some(0.0) };
    /// Only what is above the expectation satisfies. Nobody is delighted unless
    /// [`delighted_above`](Rule::delighted_above) says from when.
    pub const STRICT: Self = Self { equal_satisfies: false, delighted_above: None };

    /// Delighted are those whose gap is larger than this.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for one outside [0, 10⁶].
    pub fn delighted_above(self, gap: f64) -> Result<Self> {
        if (0.0..=1e6).contains(&gap) {
            Ok(Self { delighted_above: Some(gap + 0.0), ..self })
        } else {
            Err(Error::out_of_domain("gap", gap, "[0, 1e6]"))
        }
    }

    /// What came of it for one customer, or one attribute.
    #[must_use]
    pub fn judge(&self, experience: &Experience) -> Outcome {
        let gap = experience.gap();
        if self.delighted_above.is_some_and(|above| gap > above) {
            Outcome::Delighted
        } else if gap > 0.0 || (self.equal_satisfies && gap == 0.0) {
            Outcome::Satisfied
        } else {
            Outcome::Dissatisfied
        }
    }

    /// How many customers came to each outcome.
    #[must_use]
    pub fn count(&self, experiences: &[Experience]) -> Outcomes {
        self.count_promising_less(experiences, 0.0)
    }

    /// What a lower promise would do: the outcomes had everybody expected `less` points less, and perceived the
    /// same. Whether as many would then have come to buy, it does not say.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for one outside [0, 10⁶].
    ///
    /// # Example
    /// ```
    /// use goodwill::satisfaction::{Experience, Rule};
    ///
    /// let promised = [Experience::new(5.0, 4.0)?, Experience::new(5.0, 5.0)?, Experience::new(4.0, 2.0)?];
    /// assert_eq!(Rule::KOTLER.count(&promised).dissatisfied, 2);
    /// assert_eq!(Rule::KOTLER.with_lower_promise(&promised, 1.0)?.dissatisfied, 1);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn with_lower_promise(&self, experiences: &[Experience], less: f64) -> Result<Outcomes> {
        if (0.0..=1e6).contains(&less) {
            Ok(self.count_promising_less(experiences, less))
        } else {
            Err(Error::out_of_domain("less", less, "[0, 1e6]"))
        }
    }

    fn count_promising_less(&self, experiences: &[Experience], less: f64) -> Outcomes {
        let mut outcomes = Outcomes::default();
        for &Experience { expected, perceived } in experiences {
            let of = match self.judge(&Experience { expected: expected - less, perceived }) {
                Outcome::Dissatisfied => &mut outcomes.dissatisfied,
                Outcome::Satisfied => &mut outcomes.satisfied,
                Outcome::Delighted => &mut outcomes.delighted,
            };
            *of += 1;
        }
        outcomes
    }
}

/// Customers by outcome. Counts of shards [`merge`](Outcomes::merge).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Outcomes {
    /// Their expectation was not met.
    pub dissatisfied: u64,
    /// It was met.
    pub satisfied: u64,
    /// It was surpassed.
    pub delighted: u64,
}

impl Outcomes {
    /// The customers of both.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) beyond 2⁶⁴ customers.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        Ok(Self {
            dissatisfied: sum(self.dissatisfied, other.dissatisfied)?,
            satisfied: sum(self.satisfied, other.satisfied)?,
            delighted: sum(self.delighted, other.delighted)?,
        })
    }
}

/// What a point of shortfall costs, and a point of surplus brings, in points of satisfaction.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct GapEffect {
    /// Satisfaction where the expectation is just met.
    pub as_expected: f64,
    /// The slope below it: what each point of shortfall costs.
    pub shortfall: Estimate,
    /// The slope above it.
    pub surplus: Estimate,
    /// Shortfall − surplus: above 0, losses weigh more than gains.
    pub asymmetry: Estimate,
}

impl GapEffect {
    /// Fits satisfaction on the gap by least squares, with one slope below 0 and one above. The order of the
    /// rows changes no bit.
    ///
    /// # Formula
    /// ```text
    /// satisfaction = b₀ + b₁·min(gap, 0) + b₂·max(gap, 0);   Student's intervals at n − 3 degrees of freedom
    /// ```
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for columns of other lengths;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the row for a satisfaction outside [−10⁶, 10⁶];
    /// [`Undefined`](crate::ErrorKind::Undefined) for fewer than four rows, gaps that do not tell both
    /// slopes, or a satisfaction that does not vary.
    ///
    /// # Example
    /// ```
    /// use goodwill::Probability;
    /// use goodwill::satisfaction::{Experience, GapEffect};
    ///
    /// let rows = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|gap| Experience::new(0.0, gap));
    /// let rows = rows.into_iter().collect::<Result<Vec<_>, _>>()?;
    /// let effect = GapEffect::fit(&rows, &[1.0, 4.0, 6.0, 6.0, 8.0], Probability::constant(0.95))?;
    /// assert!((effect.shortfall.value() - 81.0 / 35.0).abs() < 1e-14);
    /// assert!((effect.surplus.value() - 31.0 / 35.0).abs() < 1e-14);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Anderson and Sullivan (1993), Marketing Science 12(2), 125–143.
    pub fn fit(
        experiences: &[Experience],
        satisfaction: &[f64],
        level: Probability,
    ) -> Result<Self> {
        two_sided_z(level)?;
        if experiences.len() != satisfaction.len() {
            return Err(Error::length_mismatch(
                ("experiences", experiences.len()),
                ("satisfaction", satisfaction.len()),
            ));
        }
        for (row, &value) in satisfaction.iter().enumerate() {
            if !(-1e6..=1e6).contains(&value) {
                let domain = "[-1e6, 1e6]";
                return Err(Error::out_of_domain("satisfaction", value, domain).at_row(row));
            }
        }
        let undefined = |reason| Error::undefined("the effect of a gap", reason);
        if experiences.len() < 4 {
            return Err(undefined("it needs four rows or more"));
        }
        let column = |of: fn(f64, f64) -> f64| -> Option<Centred> {
            let gaps: Vec<f64> = experiences.iter().map(|one| of(one.gap(), 0.0)).collect();
            Centred::of(&gaps)
        };
        let alike = || undefined("the gaps do not tell shortfall and surplus apart");
        let sides = [column(f64::min).ok_or_else(alike)?, column(f64::max).ok_or_else(alike)?];
        let score = Centred::of(satisfaction);
        let score = score.ok_or_else(|| undefined("satisfaction is the same in all rows"))?;
        let regression = fit(&sides, &score).map_err(|_| alike())?;
        let t = student_quantile(level.complement().get(), regression.degrees);
        let slope = |value, variance: f64| student_interval(value, variance.sqrt(), t, level);
        let (b, v) = (&regression.coefficients, &regression.covariance);
        Ok(Self {
            as_expected: score.mean - b[0] * sides[0].mean - b[1] * sides[1].mean,
            shortfall: slope(b[0], v[(0, 0)])?,
            surplus: slope(b[1], v[(1, 1)])?,
            asymmetry: slope(b[0] - b[1], v[(0, 0)] + v[(1, 1)] - 2.0 * v[(0, 1)])?,
        })
    }
}

/// How far two answers to compare can be told apart from noise: the reliability of perceived − expected.
///
/// High correlation between the two leaves their difference mostly noise, however reliable each is.
///
/// # Formula
/// ```text
/// (s_P²·r_PP + s_E²·r_EE − 2·r_PE·s_P·s_E) / (s_P² + s_E² − 2·r_PE·s_P·s_E)
/// ```
///
/// # Errors
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a deviation outside (0, 10⁶], or a correlation outside
/// [−1, 1]; [`Inconsistent`](crate::ErrorKind::Inconsistent) where the correlation is more than the reliabilities
/// allow, `√(r_PP·r_EE)`; [`Undefined`](crate::ErrorKind::Undefined) where the difference does not vary.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::difference_reliability;
///
/// // Equal deviations: ((0.9 + 0.8)/2 − 0.6) / (1 − 0.6).
/// let (perceived, expected) = (Probability::constant(0.9), Probability::constant(0.8));
/// assert!((difference_reliability((1.0, perceived), (1.0, expected), 0.6)? - 0.625).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Peter, Churchill and Brown (1993), Journal of Consumer Research 19(4), 655–662.
pub fn difference_reliability(
    perceived: (f64, Probability),
    expected: (f64, Probability),
    correlation: f64,
) -> Result<f64> {
    for (deviation, _) in [perceived, expected] {
        if !(deviation > 0.0 && deviation <= 1e6) {
            return Err(Error::out_of_domain("standard deviation", deviation, "(0, 1e6]"));
        }
    }
    if !(-1.0..=1.0).contains(&correlation) {
        return Err(Error::out_of_domain("correlation", correlation, "[-1, 1]"));
    }
    let (r_p, r_e) = (perceived.1.get(), expected.1.get());
    if correlation * correlation > r_p * r_e {
        return Err(Error::inconsistent(format!(
            "reliabilities of {r_p} and {r_e} do not allow a correlation of {correlation}"
        )));
    }
    // In units of the larger deviation, so that no square is lost.
    let largest = perceived.0.max(expected.0);
    let (p, e) = (perceived.0 / largest, expected.0 / largest);
    let shared = 2.0 * correlation * p * e;
    let total = p * p + e * e - shared;
    if !(total > 0.0) {
        return Err(Error::undefined("the reliability", "the difference does not vary"));
    }
    Ok((p * p * r_p + e * e * r_e - shared) / total)
}
