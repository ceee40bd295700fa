//! What shortens a life, and by how much: Cox regression.

mod concordance;
mod partial_likelihood;
mod proportionality;

use crate::error::{Error, Result};
use crate::estimate::{Estimate, HypothesisTest, two_sided_z};
use crate::math::concave::{NoTop, maximise};
use crate::quantity::Probability;
use crate::survival::life_table::{checked_duration, checked_entry, same_length};

pub use partial_likelihood::CoxTies;
pub use proportionality::TimeTransform;

/// Spans with what is known of each: the data of a Cox regression.
///
/// Columns are given one at a time; all have one row a span, in the same order.
///
/// # Example
/// ```
/// use goodwill::survival::{Cox, CoxTies};
/// use goodwill::Probability;
///
/// // Months until each subscriber left (false: still here), and whether he had been greeted by name.
/// let months = [2.0, 3.0, 3.0, 5.0, 8.0, 9.0, 12.0, 12.0];
/// let left = [true, true, true, true, false, true, false, false];
/// let greeted = [0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0];
/// let fit = Cox::new(&months, &left)?.covariate("greeted", &greeted)?.fit(CoxTies::Efron)?;
/// // Greeted subscribers leave at about a sixth of the rate, as far as eight can say.
/// let ratio = fit.hazard_ratios(Probability::constant(0.95))?[0];
/// assert!((ratio.value() - 0.174_539_591_250_267).abs() < 1e-12);
/// assert!(ratio.upper() > 1.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Cox (1972), Journal of the Royal Statistical Society B 34, 187–220.
#[derive(Clone, Debug)]
pub struct Cox {
    durations: Vec<f64>,
    observed: Vec<bool>,
    /// 0 for all who were watched from the start.
    entries: Vec<f64>,
    /// 0 for all, where there are none.
    strata: Vec<u64>,
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

impl Cox {
    /// Spans, and whether each ended by the event (`true`) or is only known to have lasted so long.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) where the columns differ in length;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `0 ≤ duration < ∞`.
    pub fn new(durations: &[f64], observed: &[bool]) -> Result<Self> {
        same_length(("durations", durations.len()), ("observed", observed.len()))?;
        let rows = durations.iter().enumerate();
        let durations: Vec<f64> =
            rows.map(|(row, &duration)| checked_duration(duration, row)).collect::<Result<_>>()?;
        Ok(Self {
            observed: observed.to_vec(),
            entries: vec![0.0; durations.len()],
            strata: vec![0; durations.len()],
            durations,
            names: Vec::new(),
            columns: Vec::new(),
        })
    }

    /// The time from which each span was watched (left truncation); 0 for one watched from its start.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for another number of rows;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `0 ≤ entry < ∞`; [`Inconsistent`](crate::ErrorKind::Inconsistent)
    /// where a late entry is not before the end.
    pub fn entries(self, entries: &[f64]) -> Result<Self> {
        same_length(("entries", entries.len()), ("durations", self.durations.len()))?;
        let rows = entries.iter().zip(&self.durations).enumerate();
        let checked = rows.map(|(row, (&entry, &duration))| match entry {
            0.0 => Ok(0.0),
            late => checked_entry(late, duration, row),
        });
        Ok(Self { entries: checked.collect::<Result<_>>()?, ..self })
    }

    /// Groups that each have a base hazard of their own: regions, say, that differ anyhow.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for another number of rows.
    pub fn strata(self, strata: &[u64]) -> Result<Self> {
        same_length(("strata", strata.len()), ("durations", self.durations.len()))?;
        Ok(Self { strata: strata.to_vec(), ..self })
    }

    /// One more thing that is known of each span.
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for another number of rows;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value that is not finite;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a name that is taken, a column that is the same for all,
    /// or one with a range beyond `f64`.
    pub fn covariate(mut self, name: &str, values: &[f64]) -> Result<Self> {
        same_length(("covariate", values.len()), ("durations", self.durations.len()))?;
        if self.names.iter().any(|taken| taken == name) {
            return Err(Error::inconsistent(format!("there is already a covariate {name}")));
        }
        if let Some(row) = values.iter().position(|value| !value.is_finite()) {
            return Err(Error::out_of_domain("covariate", values[row], "(−∞, ∞)").at_row(row));
        }
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !(most > least) {
            return Err(Error::inconsistent(format!("covariate {name} is the same for all")));
        }
        if !(most - least).is_finite() {
            let what =
                format!("covariate {name} has a range from {least:e} to {most:e}, beyond f64");
            return Err(Error::inconsistent(what));
        }
        self.names.push(name.to_owned());
        self.columns.push(values.to_vec());
        Ok(self)
    }

    /// The coefficients that make the order of the events most likely.
    ///
    /// # Formula
    /// ```text
    /// hazard of i at t = base(t)·exp(Σ βₖ·zᵢₖ)
    /// ln L(β) = Σ_events [β·zᵢ − ln Σ_{j at risk} exp(β·zⱼ)], tied events as `ties` says
    /// ```
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a covariate; [`Undefined`](crate::ErrorKind::Undefined) without an event,
    /// and where a covariate tells the events apart completely, so that its coefficient has no end;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent), naming the covariate, where one says the same as those before it;
    ///
    /// # Reference
    /// Efron (1977), Journal of the American Statistical Association 72, 557–565; Breslow (1974), Biometrics 30,
    /// 89–99.
    pub fn fit(&self, ties: CoxTies) -> Result<CoxFit> {
        /// Newton's method needs about six.
        const ITERATIONS: usize = 40;
        if self.columns.is_empty() {
            return Err(Error::empty("covariates"));
        }
        if !self.observed.contains(&true) {
            return Err(Error::undefined("Cox regression", "no span ended by the event"));
        }
        let sample = partial_likelihood::Sample::new(self, ties);
        let parameters = self.names.len();
        let top = maximise(parameters, ITERATIONS, |at| sample.evaluate(at.as_slice()));
        let top = top.map_err(|no_top| self.failure(no_top, &sample))?;
        let start = sample.evaluate(&vec![0.0; parameters]);
        let risk = sample.linear(top.point.as_slice());
        let fit = CoxFit {
            names: self.names.clone(),
            coefficients: sample.unscaled(top.point.as_slice()),
            covariance: sample.unscaled_covariance(&top.covariance),
            log_likelihood: top.value,
            log_likelihood_null: start.value,
            spans: self.durations.len(),
            events: self.observed.iter().filter(|observed| **observed).count(),
            concordance: concordance::concordance(self, sample.order(), &risk),
            residuals: sample.schoenfeld_residuals(top.point.as_slice()),
        };
        let variances = (0..parameters).map(|i| fit.covariance[i][i]);
        let lost = fit.coefficients.iter().zip(variances).position(|(beta, variance)| {
            !(beta.is_finite() && variance > 0.0 && variance < f64::INFINITY)
        });
        match lost {
            None => Ok(fit),
            Some(i) => Err(Error::undefined(
                "Cox regression",
                format!("the coefficient of {} leaves the range of f64; scale it", self.names[i]),
            )),
        }
    }

    fn failure(&self, no_top: NoTop, sample: &partial_likelihood::Sample) -> Error {
        match no_top {
            NoTop::Flat(i) => Error::inconsistent(format!(
                "covariate {} says nothing that those before it do not say at every event",
                self.names[i]
            )),
            NoTop::Rising(point) => {
                let largest = point.iamax();
                let at = sample.unscaled(point.as_slice())[largest];
                Error::undefined(
                    "Cox regression",
                    format!(
                        "the coefficient of {} has no end (it passed {at:.3e}): the covariate tells events apart \
                         completely",
                        self.names[largest]
                    ),
                )
            }
        }
    }
}

/// What a [`Cox`] regression found. Coefficients come in the order in which the covariates were given.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CoxFit {
    names: Vec<String>,
    coefficients: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    log_likelihood: f64,
    log_likelihood_null: f64,
    spans: usize,
    events: usize,
    concordance: Option<f64>,
    #[cfg_attr(feature = "serde", serde(skip))]
    residuals: Vec<Residual>,
}

/// How far the covariates of a span that ended lay from the mean of those at risk.
#[derive(Clone, Debug, PartialEq)]
struct Residual {
    time: f64,
    of: Vec<f64>,
}

impl CoxFit {
    /// The names of the covariates.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// β: by how much one more of the covariate raises the logarithm of the hazard.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The covariance matrix of the coefficients: the inverse of the observed information.
    #[must_use]
    pub fn covariance(&self) -> &[Vec<f64>] {
        &self.covariance
    }

    /// The standard errors of the coefficients.
    #[must_use]
    pub fn standard_errors(&self) -> Vec<f64> {
        (0..self.names.len()).map(|i| self.covariance[i][i].sqrt()).collect()
    }

    /// exp β, by what one more of the covariate multiplies the hazard, with the interval exp(β ± z·se).
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1;
    /// [`Undefined`](crate::ErrorKind::Undefined) where a ratio leaves the range of `f64`.
    pub fn hazard_ratios(&self, level: Probability) -> Result<Vec<Estimate>> {
        let z = two_sided_z(level)?;
        let errors = self.standard_errors();
        let ratio = |(&beta, error): (&f64, f64)| {
            let reach = z * error;
            let [value, lower, upper] = [beta, beta - reach, beta + reach].map(f64::exp);
            if upper.is_finite() {
                Ok(Estimate::from_interval(value, lower, upper, level))
            } else {
                Err(Error::undefined("hazard ratio", "it leaves the range of f64"))
            }
        };
        self.coefficients.iter().zip(errors).map(ratio).collect()
    }

    /// The natural logarithm of the partial likelihood at the coefficients.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// The same where no covariate has an effect.
    #[must_use]
    pub fn log_likelihood_null(&self) -> f64 {
        self.log_likelihood_null
    }

    /// The spans used.
    #[must_use]
    pub fn spans(&self) -> usize {
        self.spans
    }

    /// Those of them that ended by the event.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events
    }

    /// Harrell's C: of two spans whose order is known, how often the one with the higher hazard ended first (equal
    /// hazards count half). ½ is guessing, 1 perfect; `None` without such a pair.
    ///
    /// # Reference
    /// Harrell, Lee and Mark (1996), Statistics in Medicine 15, 361–387.
    #[must_use]
    pub fn concordance(&self) -> Option<f64> {
        self.concordance
    }

    /// Whether the covariates together have an effect: twice the rise of ln L is χ² with one degree of freedom a
    /// covariate, if none has.
    ///
    /// # Errors
    /// None that a fit leaves possible.
    pub fn likelihood_ratio_test(&self) -> Result<HypothesisTest> {
        let rise = 2.0 * (self.log_likelihood - self.log_likelihood_null).max(0.0);
        HypothesisTest::chi_squared(rise, self.names.len() as f64)
    }

    /// Whether each covariate has an effect, the others held: (β/se)² is χ² with one degree of freedom, if not.
    ///
    /// # Errors
    /// None that a fit leaves possible.
    pub fn wald_tests(&self) -> Result<Vec<HypothesisTest>> {
        let errors = self.standard_errors();
        let test =
            |(beta, error): (&f64, f64)| HypothesisTest::chi_squared((beta / error).powi(2), 1.0);
        self.coefficients.iter().zip(errors).map(test).collect()
    }

    /// Whether the effect of each covariate is the same all the time, as the model says: whether the scaled
    /// Schoenfeld residuals have a trend over transformed time.
    ///
    /// # Formula
    /// ```text
    /// s = d·V·residuals,   statistic_k = (Σ (g − ḡ)·s_k)² / (d·V_kk·Σ (g − ḡ)²) ~ χ² with one degree of freedom
    /// ```
    /// over the d events, g the transformed time, V the covariance of the coefficients.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where all events have one time.
    ///
    /// # Reference
    /// Grambsch and Therneau (1994), Biometrika 81, 515–526.
    pub fn proportionality_tests(&self, transform: TimeTransform) -> Result<Vec<HypothesisTest>> {
        proportionality::tests(&self.residuals, &self.covariance, transform)
    }
}
