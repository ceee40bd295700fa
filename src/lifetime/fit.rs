//! What a fit returns, and how it is found.

use nalgebra::DMatrix;

use crate::error::{Error, ErrorKind, Result};
use crate::math::concave::Slope;
use crate::math::newton::{Ascent, Evaluation, Limits, maximise};

pub use super::options::FitOptions;
use super::options::{Checked, LogNormal, Scale};

/// A fitted model with its report. That it exists means that the fit converged to an optimum inside the
/// parameters' domain.
///
/// # Example
/// See [`BgNbd::fit_with`](crate::BgNbd::fit_with).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fit<M> {
    pub(super) model: M,
    pub(super) parameters: Vec<&'static str>,
    pub(super) chosen: usize,
    pub(super) log_likelihood: f64,
    pub(super) penalised_log_likelihood: f64,
    pub(super) covariance: Vec<Vec<f64>>,
    pub(super) customers: usize,
    pub(super) left_out: usize,
    pub(super) evaluations: usize,
}

impl<M> Fit<M> {
    /// The fit of one parameter whose optimum is known; a variance of 0 is an edge of its domain.
    pub(super) fn closed_form(
        name: &'static str,
        model: M,
        (parameter, value): (&'static str, f64),
        log_likelihood: f64,
        variance: f64,
        customers: usize,
    ) -> Result<Self> {
        if !(variance > 0.0) {
            return Err(ErrorKind::NotIdentified {
                model: name,
                parameters: vec![parameter],
                point: vec![(parameter, value)],
                limit: "it lies at the edge of its domain; observe longer",
            }
            .into());
        }
        let (parameters, covariance) = (vec![parameter], vec![vec![variance]]);
        let (left_out, evaluations) = (0, 1);
        Ok(Self {
            model,
            parameters,
            chosen: 0,
            log_likelihood,
            penalised_log_likelihood: log_likelihood,
            covariance,
            customers,
            left_out,
            evaluations,
        })
    }

    /// The fitted model.
    #[must_use]
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The fitted model without its report.
    #[must_use]
    pub fn into_model(self) -> M {
        self.model
    }

    /// The same fit as one of another model.
    pub(super) fn map<N>(self, model: impl Fn(M) -> N) -> Fit<N> {
        Fit {
            model: model(self.model),
            parameters: self.parameters,
            chosen: self.chosen,
            log_likelihood: self.log_likelihood,
            penalised_log_likelihood: self.penalised_log_likelihood,
            covariance: self.covariance,
            customers: self.customers,
            left_out: self.left_out,
            evaluations: self.evaluations,
        }
    }

    /// Says that the data also chose a whole number, which has no standard error but counts as a parameter, in a
    /// search that took so many evaluations.
    pub(super) fn with_chosen(self, evaluations: usize) -> Self {
        Self { chosen: self.chosen + 1, evaluations, ..self }
    }

    /// How many whole numbers the data chose.
    pub(super) fn chosen(&self) -> usize {
        self.chosen
    }

    /// How many parameters the data chose, whole numbers among them.
    #[must_use]
    pub fn free_parameters(&self) -> usize {
        self.parameters.len() + self.chosen
    }

    /// The natural logarithm of the likelihood at the optimum, without the prior.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// What the fit has maximised: the log-likelihood with the penalty of the [`Prior`](crate::Prior)s; without
    /// a prior the log-likelihood.
    #[must_use]
    pub fn penalised_log_likelihood(&self) -> f64 {
        self.penalised_log_likelihood
    }

    /// The estimates' covariance, rows and columns in the order of the model's parameters.
    ///
    /// # Formula
    /// ```text
    /// (−∂² ln L)⁻¹ at the optimum (inverse observed information; with priors, that of the penalised ln L), taken
    /// on log parameters and carried to the parameters by the delta method
    /// ```
    #[must_use]
    pub fn covariance(&self) -> &[Vec<f64>] {
        &self.covariance
    }

    /// The standard error of each parameter, with its name.
    #[must_use]
    pub fn standard_errors(&self) -> Vec<(&'static str, f64)> {
        let own = |(i, &name): (usize, &&'static str)| (name, self.covariance[i][i].sqrt());
        self.parameters.iter().enumerate().map(own).collect()
    }

    /// How many customers the fit used.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.customers
    }

    /// How many customers it had to leave out, by the rule of the model.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// How often the likelihood was evaluated.
    #[must_use]
    pub fn evaluations(&self) -> usize {
        self.evaluations
    }

    /// Akaike's criterion, 2k − 2 ln L: the smaller, the better.
    ///
    /// # Reference
    /// Akaike (1974), IEEE Transactions on Automatic Control 19, 716–723.
    #[must_use]
    pub fn aic(&self) -> f64 {
        2.0 * self.free_parameters() as f64 - 2.0 * self.log_likelihood
    }

    /// Schwarz's criterion, k ln n − 2 ln L, with n the customers used: the smaller, the better.
    ///
    /// # Reference
    /// Schwarz (1978), Annals of Statistics 6, 461–464.
    #[must_use]
    pub fn bic(&self) -> f64 {
        self.free_parameters() as f64 * (self.customers as f64).ln() - 2.0 * self.log_likelihood
    }
}

/// A maximum-likelihood estimation of N positive parameters: everything but the likelihood.
pub(super) struct Estimation<const N: usize> {
    pub(super) model: &'static str,
    pub(super) names: [&'static str; N],
    pub(super) customers: usize,
    pub(super) left_out: usize,
    pub(super) options: FitOptions,
}

/// A parameter that is this many times larger or smaller than its natural scale has run away.
const RUNAWAY: f64 = 1e6;
/// A log parameter with a larger standard error than this is not identified: it could be 10⁴ times larger
/// or smaller.
pub(super) const LOOSE: f64 = 10.0;

impl<const N: usize> Estimation<N> {
    /// Climbs on log parameters from each start in turn until one ends in a proper optimum.
    ///
    /// `scale` is the natural size of each parameter, so that the unit of time or money changes nothing, with
    /// what it counts.
    pub(super) fn maximise<M>(
        &self,
        starts: &[[f64; N]],
        scale: [Scale; N],
        model: impl Fn([f64; N]) -> M,
        f: impl Fn([f64; N]) -> Evaluation<N>,
    ) -> Result<Fit<M>> {
        let options = self.options.checked(self.model, self.names, scale)?;
        let at =
            |logs: [f64; N]| -> [f64; N] { std::array::from_fn(|i| scale[i].size * logs[i].exp()) };
        let limits = limits(&self.options, &options);
        let all = options.start.iter().chain(starts);
        let in_logs = |start: &[f64; N]| (0..N).map(|i| (start[i] / scale[i].size).ln()).collect();
        let logs_of = |logs: &[f64]| -> [f64; N] { std::array::from_fn(|i| logs[i]) };
        let end = first_optimum(all.map(in_logs), &limits, &[LOOSE; N], |logs| {
            let logs = logs_of(logs);
            let mut sum = f(at(logs)).in_logs(at(logs));
            penalise(&mut sum, &options.priors, logs);
            sum.slope()
        });
        let Optimum { end, covariance, evaluations } = end.map_err(|end| {
            let failure = |end: Ascent| {
                failure(
                    self.model,
                    &self.names,
                    &end,
                    &at(logs_of(&end.point)),
                    (limits.bound, &[LOOSE; N]),
                )
            };
            end.map_or_else(|| Error::empty("starts"), failure)
        })?;
        let logs = logs_of(&end.point);
        let mut penalty = Evaluation::ZERO;
        penalise(&mut penalty, &options.priors, logs);
        let point = at(logs);
        let row = |i: usize| -> Vec<f64> {
            (0..N).map(|j| covariance[(j, i)] * point[i] * point[j]).collect()
        };
        Ok(Fit {
            model: model(point),
            parameters: self.names.to_vec(),
            chosen: 0,
            log_likelihood: end.value - penalty.value,
            penalised_log_likelihood: end.value,
            covariance: (0..N).map(row).collect(),
            customers: self.customers,
            left_out: self.left_out,
            evaluations,
        })
    }

    /// The error that the data leave parameters open.
    pub(super) fn not_identified(
        &self,
        parameters: &[&'static str],
        point: &[f64],
        limit: &'static str,
    ) -> Error {
        ErrorKind::NotIdentified {
            model: self.model,
            parameters: parameters.to_vec(),
            point: self.names.into_iter().zip(point.iter().copied()).collect(),
            limit,
        }
        .into()
    }
}

/// Adds the priors of log parameters.
fn penalise<const N: usize>(
    sum: &mut Evaluation<N>,
    priors: &[Option<LogNormal>; N],
    logs: [f64; N],
) {
    for i in 0..N {
        if let Some(prior) = priors[i] {
            let (value, slope, curve) = prior.penalty(logs[i]);
            sum.value += value;
            sum.gradient[i] += slope;
            sum.hessian[i][i] += curve;
        }
    }
}

/// When to stop a climb on log parameters in units of their natural sizes.
pub(super) fn limits<const N: usize>(asked: &FitOptions, options: &Checked<N>) -> Limits {
    // Where a prior stands far from the natural size, the climb may go that much further.
    let far = options.priors.iter().flatten().fold(0.0_f64, |far, p| far.max(p.mean.abs()));
    Limits {
        bound: RUNAWAY.ln() + far,
        max_iterations: asked.iterations(),
        tolerance: options.tolerance,
    }
}

/// A proper optimum: the inside of the domain, and every parameter known to some precision.
pub(super) struct Optimum {
    pub(super) end: Ascent,
    pub(super) covariance: DMatrix<f64>,
    /// From all starts that it took.
    pub(super) evaluations: usize,
}

/// Climbs from each start in turn until one ends in a proper optimum, with no standard error beyond the loosest that
/// counts as known; otherwise the highest end.
pub(super) fn first_optimum(
    starts: impl Iterator<Item = Vec<f64>>,
    limits: &Limits,
    loosest: &[f64],
    f: impl Fn(&[f64]) -> Slope,
) -> std::result::Result<Optimum, Option<Ascent>> {
    let is_tight = |covariance: &DMatrix<f64>| {
        loosest.iter().enumerate().all(|(i, most)| covariance[(i, i)] <= most * most)
    };
    let mut evaluations = 0;
    let mut best: Option<Ascent> = None;
    for start in starts {
        let mut end = maximise(&start, limits, &f);
        evaluations += end.evaluations;
        if let Some(covariance) = end.covariance.take_if(|c| end.converged && is_tight(c)) {
            return Ok(Optimum { end, covariance, evaluations });
        }
        if best.as_ref().is_none_or(|best| end.value > best.value) {
            best = Some(end);
        }
    }
    Err(best)
}

/// Why an ascent is no optimum: it has not converged, or parameters ran away or are too loose.
pub(super) fn failure(
    model: &'static str,
    names: &[&'static str],
    end: &Ascent,
    point: &[f64],
    (bound, loosest): (f64, &[f64]),
) -> Error {
    let loose =
        |i: usize| end.covariance.as_ref().is_some_and(|c| !(c[(i, i)] <= loosest[i] * loosest[i]));
    let runaway = |i: usize| end.point[i].abs() > bound;
    let lost: Vec<&'static str> = (0..names.len())
        .filter(|&i| runaway(i) || end.converged && loose(i))
        .map(|i| names[i])
        .collect();
    let point = names.iter().copied().zip(point.iter().copied()).collect();
    if lost.is_empty() {
        return ErrorKind::NotConverged {
            model,
            iterations: end.iterations,
            point,
            advice: "allow more iterations, or check that the data vary",
        }
        .into();
    }
    let limit = "the likelihood rises towards the edge of their domain; \
                 more or more varied data, or a model without them, is needed";
    ErrorKind::NotIdentified { model, parameters: lost, point, limit }.into()
}

/// A model parameter: in `(0, ∞)`.
pub(super) fn positive(name: &'static str, value: f64) -> Result<f64> {
    if value > 0.0 && value < f64::INFINITY {
        Ok(value)
    } else {
        Err(Error::out_of_domain(name, value, "(0, ∞)"))
    }
}
