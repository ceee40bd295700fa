//! Word that is passed on: a branching process, bounded where it would not end by itself.

use crate::error::{Error, Result};
use crate::math::root::first_that;
use crate::present_value::annuity_due;
use crate::quantity::Probability;

/// Generations that a chain is followed at most.
const MOST_GENERATIONS: u32 = 10_000;

/// How many hear of an experience when some of those who hear pass it on.
///
/// # Assumptions
/// 1. Whoever talks tells `told` people on average, whether he was there or only heard of it.
/// 2. Of those who hear of it, the share `passes_on` talks, once. The *offspring* of a hearer is μ, told times that share.
/// 3. With a population, each telling meets one of it at random; who has heard already is not counted again. The
///    population is large: the number reached is its expectation, without the chance that a chain dies early.
///
/// # Formula
/// ```text
/// unbounded: R = z·told·(1 + μ + μ² + …),  as many terms as generations;  for ever z·told/(1 − μ)
/// bounded:   R₀ = 0,  R_g = N·(1 − exp(−told·(z + passes_on·R_{g−1})/N));  for ever the least R that is its own successor
/// ```
/// z customers who talk, N people who can hear, R reached. With μ ≥ 1 the chain grows without end: it needs both a
/// number of generations and a population.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::churn::WordChain;
///
/// // 100 customers tell 11 each, and 4 % of those who hear pass it on: 1,100/(1 − 0.44) hear of it.
/// let chain = WordChain::new(11.0, Probability::constant(0.04))?;
/// assert!((chain.reached(100.0)? - 1_100.0 / 0.56).abs() < 1e-9);
/// // In a town of 3,000 many would hear it twice.
/// assert!((chain.population(3_000.0)?.reached(100.0)? - 1_275.649_721).abs() < 1e-6);
/// // Where each hearer makes more than one, it must be bounded both ways.
/// let runaway = WordChain::new(11.0, Probability::constant(0.1))?;
/// assert!(runaway.reached(100.0).is_err());
/// let bounded = runaway.population(3_000.0)?.generations(3)?;
/// assert!(bounded.reached(100.0)? < 3_000.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Harris (1963), The Theory of Branching Processes, chapter I, for the means; Daley and Gani (1999), Epidemic
/// Modelling, chapter 2, for the bounded recursion and its final size.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct WordChain {
    told: f64,
    passes_on: Probability,
    generations: Option<u32>,
    population: Option<f64>,
}

impl WordChain {
    /// A chain without bounds.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for people told outside [0, 10⁹].
    pub fn new(told: f64, passes_on: Probability) -> Result<Self> {
        let told = checked("people told", told)?;
        Ok(Self { told, passes_on, generations: None, population: None })
    }

    /// Followed for so many generations: 1 are those whom the customers themselves tell.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for 0 generations or more than 10,000.
    pub fn generations(self, generations: u32) -> Result<Self> {
        if (1..=MOST_GENERATIONS).contains(&generations) {
            return Ok(Self { generations: Some(generations), ..self });
        }
        Err(Error::out_of_domain("generations", generations, "[1, 10000]"))
    }

    /// Among so many people who can hear of it.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a population outside [1, 10¹²].
    pub fn population(self, population: f64) -> Result<Self> {
        if (1.0..=1e12).contains(&population) {
            return Ok(Self { population: Some(population), ..self });
        }
        Err(Error::out_of_domain("population", population, "[1, 1e12]"))
    }

    /// Others whom one who heard of it reaches, on average: μ.
    #[must_use]
    pub fn offspring(&self) -> f64 {
        self.told * self.passes_on.get()
    }

    /// The people who hear of it from so many customers who talk, all generations together.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for tellers outside [0, 10⁹];
    /// [`Undefined`](crate::ErrorKind::Undefined) where μ ≥ 1 and generations or population are not bounded.
    pub fn reached(&self, tellers: f64) -> Result<f64> {
        let tellers = checked("tellers", tellers)?;
        let offspring = self.offspring();
        match (self.population, self.generations) {
            (Some(population), Some(generations)) => {
                Ok(self.followed(tellers, population, generations).last().copied().unwrap_or(0.0))
            }
            _ if !(offspring < 1.0) => Err(self.endless()),
            (Some(population), None) => {
                let settled = |reached: f64| self.next(tellers, population, reached) <= reached;
                Ok(first_that(settled).unwrap_or(population))
            }
            (None, generations) => {
                let shrink = 1.0 - offspring;
                let terms = annuity_due(shrink, generations.map(f64::from));
                terms.map(|terms| tellers * self.told * terms).ok_or_else(|| self.endless())
            }
        }
    }

    /// The people who hear of it first in each generation.
    ///
    /// # Errors
    /// As [`reached`](WordChain::reached); [`Undefined`](crate::ErrorKind::Undefined) too where the generations are
    /// not bounded.
    pub fn by_generation(&self, tellers: f64) -> Result<Vec<f64>> {
        let first = checked("tellers", tellers)?;
        let Some(generations) = self.generations else {
            let reason = "its generations do not end";
            return Err(Error::undefined("the chain by generation", reason));
        };
        let offspring = self.offspring();
        let Some(population) = self.population else {
            if !(offspring < 1.0) {
                return Err(self.endless());
            }
            let first = first * self.told;
            return Ok((0..generations).map(|g| first * offspring.powi(g as i32)).collect());
        };
        let reached = self.followed(first, population, generations);
        let before = std::iter::once(&0.0).chain(&reached);
        Ok(reached.iter().zip(before).map(|(now, before)| now - before).collect())
    }

    /// All reached after each generation.
    fn followed(&self, tellers: f64, population: f64, generations: u32) -> Vec<f64> {
        let mut reached = 0.0;
        (0..generations)
            .map(|_| {
                reached = self.next(tellers, population, reached);
                reached
            })
            .collect()
    }

    /// All reached after one generation more.
    fn next(&self, tellers: f64, population: f64, reached: f64) -> f64 {
        let tellings = self.told * (tellers + self.passes_on.get() * reached);
        -population * (-tellings / population).exp_m1()
    }

    fn endless(&self) -> Error {
        Error::undefined(
            "the reach of a chain of word of mouth",
            format!(
                "each hearer makes {} more, at least one: it needs a number of generations and a population",
                self.offspring()
            ),
        )
    }
}

fn checked(name: &'static str, value: f64) -> Result<f64> {
    if (0.0..=1e9).contains(&value) {
        return Ok(value + 0.0);
    }
    Err(Error::out_of_domain(name, value, "[0, 1e9]"))
}
