//! How a fit is asked for: [`FitOptions`] and [`Prior`].

use crate::error::{Error, Result};
use crate::time::TimeUnit;

/// How to fit a model.
///
/// | option | meaning | default | range |
/// |---|---|---|---|
/// | [`start`](FitOptions::start) | where the climb begins | points of the model | each parameter in `(0, ∞)` |
/// | [`tolerance`](FitOptions::tolerance) | converged when a Newton step changes no log parameter by more | 1e-8 | `(0, 1]` |
/// | [`max_iterations`](FitOptions::max_iterations) | Newton steps from each start | 200 | 0 … |
/// | [`prior`](FitOptions::prior) | what is known of a parameter beforehand | nothing | see [`Prior`] |
///
/// An option outside its range is an error of the fit. Parameters go by the names of the model's `parameters()`.
///
/// # Example
/// ```
/// use goodwill::{BgNbd, FitOptions, Histories, Prior, TimeUnit};
///
/// // Ten customers are too few for BG/NBD. With what a larger shop taught us, they will do.
/// let x = [0, 2, 0, 1, 0, 5, 0, 0, 3, 0];
/// let recency = [0.0, 12.0, 0.0, 3.0, 0.0, 30.0, 0.0, 0.0, 9.0, 0.0];
/// let histories = Histories::new(TimeUnit::Week, &x, &recency, &[39.0; 10])?;
/// assert!(BgNbd::fit(&histories).is_err());
///
/// let options = FitOptions::new()
///     .start([("r", 0.25), ("alpha", 4.0), ("a", 0.8), ("b", 2.5)])
///     .prior("r", Prior::number(0.25, 0.5)?)
///     .prior("alpha", Prior::time(30.0, TimeUnit::Day, 0.5)?)
///     .prior("a", Prior::number(0.8, 0.5)?)
///     .prior("b", Prior::number(2.5, 0.5)?);
/// let fit = BgNbd::fit_with(&histories, &options)?;
/// assert!((fit.model().r() - 0.246_174).abs() < 1e-6);
/// assert!(fit.penalised_log_likelihood() < fit.log_likelihood());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitOptions {
    start: Named<f64>,
    tolerance: f64,
    max_iterations: usize,
    priors: Named<Prior>,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { start: Named::NONE, tolerance: 1e-8, max_iterations: 200, priors: Named::NONE }
    }
}

impl FitOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Where to begin: every parameter of the model, by name, times in the unit of the data. What a model's
    /// `parameters()` returns is a start. Where no optimum is reached from it, the model's own starts follow.
    #[must_use]
    pub fn start<const N: usize>(mut self, parameters: [(&'static str, f64); N]) -> Self {
        for (name, value) in parameters {
            self.start.set(name, value);
        }
        self
    }

    /// How small a full Newton step must be, on log parameters, for the fit to have converged. The error that
    /// remains is about its square.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// The most Newton steps from each start; a fit that needs more is
    /// [`NotConverged`](crate::ErrorKind::NotConverged).
    #[must_use]
    pub fn max_iterations(self, max_iterations: usize) -> Self {
        Self { max_iterations, ..self }
    }

    /// What is known of a parameter beforehand; a second prior of the same parameter replaces the first.
    #[must_use]
    pub fn prior(mut self, parameter: &'static str, prior: Prior) -> Self {
        self.priors.set(parameter, prior);
        self
    }

    /// Whether each of these parameters has a prior, so that data which say nothing of them leave a proper fit.
    pub(super) fn know(&self, parameters: &[&'static str]) -> bool {
        parameters.iter().all(|name| self.priors.get(name).is_some())
    }

    pub(super) fn iterations(&self) -> usize {
        self.max_iterations
    }

    /// The tolerance, start and priors for a model with these parameters.
    pub(super) fn checked<const N: usize>(
        &self,
        model: &'static str,
        names: [&'static str; N],
        scale: [Scale; N],
    ) -> Result<Checked<N>> {
        if !(self.tolerance > 0.0 && self.tolerance <= 1.0) {
            return Err(Error::out_of_domain("tolerance", self.tolerance, "(0, 1]"));
        }
        let known = |name: &'static str| {
            if names.contains(&name) {
                return Ok(());
            }
            Err(Error::inconsistent(format!(
                "the {model} model has no parameter {name}; its parameters are {}",
                names.join(", ")
            )))
        };
        self.start.names().chain(self.priors.names()).try_for_each(known)?;
        let mut priors = [None; N];
        for (i, name) in names.into_iter().enumerate() {
            if let Some(prior) = self.priors.get(name) {
                priors[i] = Some(prior.on(name, scale[i])?);
            }
        }
        Ok(Checked { tolerance: self.tolerance, start: self.start_of(model, names)?, priors })
    }

    fn start_of<const N: usize>(
        &self,
        model: &'static str,
        names: [&'static str; N],
    ) -> Result<Option<[f64; N]>> {
        if self.start.names().next().is_none() {
            return Ok(None);
        }
        let mut start = [0.0; N];
        for (i, name) in names.into_iter().enumerate() {
            let value = self.start.get(name).ok_or_else(|| {
                Error::inconsistent(format!("the start of the {model} model is without {name}"))
            })?;
            start[i] = super::fit::positive(name, value)?;
        }
        Ok(Some(start))
    }
}

/// Options that suit the model.
pub(super) struct Checked<const N: usize> {
    pub(super) tolerance: f64,
    pub(super) start: Option<[f64; N]>,
    pub(super) priors: [Option<LogNormal>; N],
}

/// What is known of a positive parameter before the data: its logarithm is normal.
///
/// # Formula
/// ```text
/// ln θ ~ N(ln median, sd²);   a fit climbs ln L − ½·Σ ((ln θ − ln median)/sd)²
/// ```
/// An sd of 0.7 says that θ is, with 95 per cent, within a factor of 4 of the median.
///
/// # Units
/// The median states its unit: [`number`](Prior::number), [`time`](Prior::time) or [`money`](Prior::money); a
/// prior of another kind than its parameter is an error of the fit. sd is that of a natural logarithm and has none.
///
/// # Example
/// ```
/// use goodwill::{Prior, TimeUnit};
///
/// let alpha = Prior::time(4.0, TimeUnit::Week, 0.7)?;
/// assert_eq!(alpha, Prior::time(4.0, TimeUnit::Week, 0.7)?);
/// let error = Prior::number(0.0, 0.7).unwrap_err();
/// assert_eq!(error.to_string(), "median of the prior must lie in (0, ∞), but is 0");
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    median: f64,
    sd: f64,
    dimension: Dimension,
}

impl Prior {
    /// Of a parameter that is a pure number: r, a, b, p, q …
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless the median lies in `(0, ∞)` and sd in `(0, 5]`.
    pub fn number(median: f64, sd: f64) -> Result<Self> {
        Self::new(median, sd, Dimension::Number)
    }

    /// Of a parameter that counts time, like α of BG/NBD, in a unit that need not be that of the data.
    ///
    /// # Errors
    /// As [`number`](Prior::number).
    pub fn time(median: f64, unit: TimeUnit, sd: f64) -> Result<Self> {
        Self::new(median, sd, Dimension::Time(unit))
    }

    /// Of a parameter that counts money, like v of Gamma-Gamma, in the unit of the data's money.
    ///
    /// # Errors
    /// As [`number`](Prior::number).
    pub fn money(median: f64, sd: f64) -> Result<Self> {
        Self::new(median, sd, Dimension::Money)
    }

    fn new(median: f64, sd: f64, dimension: Dimension) -> Result<Self> {
        if !(median > 0.0 && median < f64::INFINITY) {
            return Err(Error::out_of_domain("median of the prior", median, "(0, ∞)"));
        }
        if !(sd > 0.0 && sd <= 5.0) {
            return Err(Error::out_of_domain("sd of the prior", sd, "(0, 5]"));
        }
        Ok(Self { median, sd, dimension })
    }

    /// The prior of ln(θ/size).
    fn on(self, name: &'static str, scale: Scale) -> Result<LogNormal> {
        let ln_unit = match (self.dimension, scale.dimension) {
            (Dimension::Time(own), Dimension::Time(data)) => data.per(own).ln(),
            (own, data) if own == data => 0.0,
            (own, data) => {
                let (own, data) = (own.text(), data.text());
                return Err(Error::inconsistent(format!(
                    "the prior of {name} is {own}, but {name} is {data}"
                )));
            }
        };
        Ok(LogNormal { mean: self.median.ln() + ln_unit - scale.size.ln(), sd: self.sd })
    }
}

/// A normal distribution of a logarithm.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogNormal {
    pub(super) mean: f64,
    sd: f64,
}

impl LogNormal {
    /// −½z² at the logarithm, with its first and second derivatives.
    pub(super) fn penalty(self, log: f64) -> (f64, f64, f64) {
        let z = (log - self.mean) / self.sd;
        (-0.5 * z * z, -z / self.sd, -1.0 / (self.sd * self.sd))
    }
}

/// What a parameter counts.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Dimension {
    Number,
    Time(TimeUnit),
    Money,
}

impl Dimension {
    fn text(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Time(_) => "a time",
            Self::Money => "an amount of money",
        }
    }
}

/// The natural size of a parameter, in the unit of the data, and what it counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    pub(super) size: f64,
    dimension: Dimension,
}

impl Scale {
    /// A pure number, of the order of 1.
    pub(super) const NUMBER: Self = Self { size: 1.0, dimension: Dimension::Number };

    pub(super) fn number(size: f64) -> Self {
        Self { size, dimension: Dimension::Number }
    }

    pub(super) fn time(size: f64, unit: TimeUnit) -> Self {
        Self { size, dimension: Dimension::Time(unit) }
    }

    pub(super) fn money(size: f64) -> Self {
        Self { size, dimension: Dimension::Money }
    }
}

/// Values by the names of parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Named<T>([Option<(&'static str, T)>; MOST]);

/// More than any model has, so that a list that is full names a parameter that the model does not have.
const MOST: usize = 8;

impl<T: Copy> Named<T> {
    const NONE: Self = Self([None; MOST]);

    /// Where the list is full, the last one gives way: the fit refuses such a list by a name it does not know.
    fn set(&mut self, name: &'static str, value: T) {
        let free = |slot: &Option<(&str, T)>| slot.is_none_or(|(own, _)| own == name);
        let place = self.0.iter().position(free).unwrap_or(MOST - 1);
        self.0[place] = Some((name, value));
    }

    fn get(&self, name: &str) -> Option<T> {
        self.0.iter().flatten().find(|(own, _)| *own == name).map(|&(_, value)| value)
    }

    fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().flatten().map(|&(name, _)| name)
    }
}
