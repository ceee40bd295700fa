//! What a fit with covariates found, and whether it could be chance.

use nalgebra::{DMatrix, DVector};

use super::{Effect, EffectOn, Family, WithCovariates, effects::place_of};
use crate::error::{Error, Result};
use crate::estimate::{Estimate, HypothesisTest, two_sided_z};
use crate::lifetime::fit::Fit;
use crate::lifetime::model::finite;
use crate::quantity::Probability;

/// A fitted effect.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct EffectEstimate {
    /// The name of the covariate.
    pub covariate: String,
    /// What it acts on.
    pub on: EffectOn,
    /// γ, per unit of the covariate.
    pub coefficient: f64,
    /// The standard error of γ.
    pub standard_error: f64,
}

impl EffectEstimate {
    /// Whether it has an effect, the others held: Wald's test, (γ/se)² is χ² with one degree of freedom, if not.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where the square leaves the range of `f64`.
    ///
    /// # Example
    /// See [`wald_test_of`](Fit::wald_test_of).
    ///
    /// # Reference
    /// Wald (1943), Transactions of the American Mathematical Society 54, 426–482.
    pub fn wald_test(&self) -> Result<HypothesisTest> {
        let square = finite("Wald's test", (self.coefficient / self.standard_error).powi(2))?;
        HypothesisTest::chi_squared(square, 1.0)
    }

    /// exp γ, by what one more of the covariate multiplies what it acts on, with the interval exp(γ ± z·se).
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1;
    /// [`Undefined`](crate::ErrorKind::Undefined) where it leaves the range of `f64`.
    ///
    /// # Example
    /// See [`wald_test_of`](Fit::wald_test_of).
    pub fn multiplier(&self, level: Probability) -> Result<Estimate> {
        let reach = two_sided_z(level)? * self.standard_error;
        let [value, lower, upper] =
            [0.0, -reach, reach].map(|away| (self.coefficient + away).exp());
        if upper.is_finite() {
            Ok(Estimate::from_interval(value, lower, upper, level))
        } else {
            Err(Error::undefined("multiplier", "it leaves the range of f64"))
        }
    }
}

/// Reports of a fit with covariates.
impl<M: Family> Fit<WithCovariates<M>> {
    /// Every effect with its standard error: those on purchases first, covariates in the caller's order. Effects that
    /// are tied to another are left out.
    ///
    /// # Example
    /// See [`wald_test_of`](Self::wald_test_of).
    #[must_use]
    pub fn effects(&self) -> Vec<EffectEstimate> {
        let estimate = |(i, effect): (usize, &Effect)| EffectEstimate {
            covariate: effect.covariate.clone(),
            on: effect.on,
            coefficient: effect.coefficient,
            standard_error: self.covariance[4 + i][4 + i].sqrt(),
        };
        self.model.effects.iter().enumerate().map(estimate).collect()
    }

    /// Whether a covariate has any effect, the others held: Wald's test of its effects together.
    ///
    /// # Formula
    /// ```text
    /// γ'·V⁻¹·γ ~ χ² with as many degrees of freedom as it has effects
    /// ```
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a covariate that the model does not have, or that acts on
    /// nothing; [`Undefined`](crate::ErrorKind::Undefined) where its effects are too alike for f64 to tell apart.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Covariates, WithCovariates};
    /// use goodwill::{BgNbd, Probability, PurchaseModel, TimeUnit};
    ///
    /// // Customers from a simulation; what is known of them is nothing but their place in the list.
    /// let shop = BgNbd::new(TimeUnit::Week, 0.9, 8.0, 0.8, 2.5)?;
    /// let customers = shop.simulate(&[52.0; 1_000], 1)?;
    /// let odd: Vec<[f64; 1]> = (0..1_000).map(|i| [f64::from(i % 2)]).collect();
    /// let known = Covariates::new(&["odd"], &odd)?;
    ///
    /// let all = WithCovariates::<BgNbd>::fit(&customers, &known)?;
    /// assert_eq!(all.wald_test_of("odd")?.degrees_of_freedom, Some(3.0)); // on the rate, on a and on b
    /// assert!(all.wald_test_of("odd")?.p_value.get() > 0.05);
    /// assert!(all.effects()[0].wald_test()?.p_value.get() > 0.05);
    /// let rate = all.effects()[0].multiplier(Probability::constant(0.95))?;
    /// assert!(rate.lower() < 1.0 && rate.upper() > 1.0);
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// As [`EffectEstimate::wald_test`].
    pub fn wald_test_of(&self, covariate: &str) -> Result<HypothesisTest> {
        place_of(covariate, &self.model.covariates)?;
        let effects = self.model.effects.iter().enumerate();
        let own: Vec<usize> =
            effects.filter(|(_, effect)| effect.covariate == covariate).map(|(i, _)| i).collect();
        if own.is_empty() {
            return Err(Error::inconsistent(format!("covariate {covariate} acts on nothing")));
        }
        let gamma = DVector::from_iterator(
            own.len(),
            own.iter().map(|&i| self.model.effects[i].coefficient),
        );
        let variance =
            DMatrix::from_fn(own.len(), own.len(), |i, j| self.covariance[4 + own[i]][4 + own[j]]);
        let inverse = variance.cholesky().ok_or_else(|| {
            Error::undefined(
                "Wald's test",
                format!("the effects of {covariate} cannot be told apart"),
            )
        })?;
        let square = finite("Wald's test", gamma.dot(&inverse.solve(&gamma)))?;
        HypothesisTest::chi_squared(square, own.len() as f64)
    }

    /// Whether the covariates have any effect: twice the rise of ln L over the fit without them is χ² with one degree
    /// of freedom an effect, if none has.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a fit of other customers, one whose ln L is higher, or one
    /// with priors.
    ///
    /// # Example
    /// See [`WithCovariates::fit_with`].
    ///
    /// # Reference
    /// Wilks (1938), Annals of Mathematical Statistics 9, 60–62.
    pub fn likelihood_ratio_test(&self, without: &Fit<M>) -> Result<HypothesisTest> {
        self.ratio_test(without)
    }

    /// Whether this fit explains more than one that is a special case of it: one that lacks some of its effects, or
    /// ties what this one leaves apart.
    ///
    /// # Errors
    /// As [`likelihood_ratio_test`](Self::likelihood_ratio_test), and for a fit that is no special case of this one.
    ///
    /// # Example
    /// ```
    /// use goodwill::lifetime::{Covariates, Effects, WithCovariates};
    /// use goodwill::{BgNbd, FitOptions, PurchaseModel, TimeUnit};
    ///
    /// let shop = BgNbd::new(TimeUnit::Week, 0.9, 8.0, 0.8, 2.5)?;
    /// let customers = shop.simulate(&[52.0; 1_000], 1)?;
    /// let odd: Vec<[f64; 1]> = (0..1_000).map(|i| [f64::from(i % 2)]).collect();
    /// let known = Covariates::new(&["odd"], &odd)?;
    ///
    /// let all = WithCovariates::<BgNbd>::fit(&customers, &known)?;
    /// let rate = Effects::new().on_dropout(&[]);
    /// let rate = WithCovariates::fit_with(&customers, &known, &rate, &FitOptions::new())?;
    /// let dropout = all.likelihood_ratio_test_of_nested(&rate)?;
    /// assert_eq!(dropout.degrees_of_freedom, Some(2.0)); // on a and on b
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// As [`likelihood_ratio_test`](Self::likelihood_ratio_test).
    pub fn likelihood_ratio_test_of_nested(&self, nested: &Self) -> Result<HypothesisTest> {
        if !nested.model.design().is_special_case_of(&self.model.design()) {
            return Err(Error::inconsistent("the other fit is no special case of this one"));
        }
        self.ratio_test(nested)
    }

    fn ratio_test<N>(&self, nested: &Fit<N>) -> Result<HypothesisTest> {
        if self.customers != nested.customers {
            return Err(Error::inconsistent(format!(
                "the fits are of {} and of {} customers",
                self.customers, nested.customers
            )));
        }
        let has_prior = |ln_l: f64, penalised: f64| ln_l.to_bits() != penalised.to_bits();
        if has_prior(self.log_likelihood, self.penalised_log_likelihood)
            || has_prior(nested.log_likelihood, nested.penalised_log_likelihood)
        {
            return Err(Error::inconsistent("a fit with priors has no likelihood-ratio test"));
        }
        let rise = 2.0 * (self.log_likelihood - nested.log_likelihood);
        // Where nothing is gained, rounding may take a little.
        if !(rise >= -1e-9 * (1.0 + nested.log_likelihood.abs())) {
            let what =
                "the fit without effects has the higher likelihood: it is of other customers";
            return Err(Error::inconsistent(what));
        }
        let degrees = self.parameters.len().saturating_sub(nested.parameters.len());
        if degrees == 0 {
            return Err(Error::inconsistent("the fits have as many parameters as each other"));
        }
        HypothesisTest::chi_squared(rise.max(0.0), degrees as f64)
    }
}
