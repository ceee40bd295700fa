//! How sure an interval shall be: the level, the fewest answers it may rest on, and the population.

use crate::error::{Error, Result};
use crate::quantity::Probability;

/// What an interval is asked for: its level, the fewest answers it may rest on, and the population they were
/// drawn from.
///
/// # Options
/// | option | default | range |
/// |---|---|---|
/// | [`minimum`](Sampling::minimum) | 10 answers, the fewest of the page on [coverage](crate::coverage) | 2 or more |
/// | [`population`](Sampling::population) | without end | the number of answers or more |
///
/// # Formula
/// ```text
/// n' = n_eff · (N − 1) / (N − n)        finite-population correction; a census, n = N, leaves no doubt
/// ```
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{Answers, Proportion, Sampling, Scale};
///
/// let answers = Answers::from_counts(Scale::ONE_TO_FIVE, vec![2, 4, 14, 50, 30], 0, 0)?;
/// let satisfied = Proportion::top(&answers, 2)?;
/// let few = satisfied.wilson(&Sampling::new(Probability::constant(0.95)).minimum(200)?).unwrap_err();
/// assert_eq!(
///     few.to_string(),
///     "an interval is undefined: it is asked to rest on 200 answers or more, and there are 100"
/// );
/// // 100 of 150 customers answered.
/// let of_150 = Sampling::new(Probability::constant(0.95)).population(150);
/// let share = satisfied.wilson(&of_150)?;
/// assert!((share.upper() - share.lower() - 0.090_572_760_986_768_63).abs() < 1e-14);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Cochran (1977), Sampling Techniques, section 2.6.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Sampling {
    level: Probability,
    minimum: u64,
    population: Option<u64>,
}

impl Sampling {
    /// At this confidence level, from 10 answers up, out of a population without end.
    #[must_use]
    pub const fn new(level: Probability) -> Self {
        Self { level, minimum: 10, population: None }
    }

    /// Refuses fewer answers than this.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) below 2: one answer says nothing of the others.
    pub fn minimum(self, answers: u64) -> Result<Self> {
        if answers < 2 {
            return Err(Error::out_of_domain("minimum of answers", answers, "[2, ∞)"));
        }
        Ok(Self { minimum: answers, ..self })
    }

    /// The answers are of a simple random sample without replacement from this many customers.
    #[must_use]
    pub const fn population(self, customers: u64) -> Self {
        Self { population: Some(customers), ..self }
    }

    /// The confidence level.
    #[must_use]
    pub const fn level(&self) -> Probability {
        self.level
    }

    /// As sure of `count` intervals together as of one: Bonferroni's level for each.
    pub(crate) fn shared_by(&self, count: usize) -> Result<Self> {
        let tail = self.level.complement().get() / count as f64;
        Ok(Self { level: Probability::new(1.0 - tail)?, ..*self })
    }

    /// The n that tells as much without end: ∞ for a census.
    pub(crate) fn corrected(&self, n: u64, effective: f64) -> Result<f64> {
        if n < self.minimum {
            let least = self.minimum;
            let reason =
                format!("it is asked to rest on {least} answers or more, and there are {n}");
            return Err(Error::undefined("an interval", reason));
        }
        match self.population {
            None => Ok(effective),
            Some(population) if population < n => Err(Error::inconsistent(format!(
                "{n} answers are more than the population of {population}"
            ))),
            Some(population) if population == n => Ok(f64::INFINITY),
            Some(population) => Ok(effective * ((population - 1) as f64 / (population - n) as f64)),
        }
    }
}
