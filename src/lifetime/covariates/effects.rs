//! On what covariates act, and how their effects hang together.

use super::design::Covariates;
use crate::error::{Error, Result};

/// What a covariate acts on. One more of it multiplies this by exp(coefficient).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum EffectOn {
    /// A customer's rate of purchase λ: α falls as it rises.
    PurchaseRate,
    /// A customer's rate of leaving μ, of Pareto/NBD: β falls as it rises.
    DropoutRate,
    /// a of the dropout probabilities of BG/NBD and MBG/NBD: p rises with it.
    DropoutA,
    /// b of the dropout probabilities of BG/NBD and MBG/NBD: p falls as it rises.
    DropoutB,
}

impl EffectOn {
    #[cfg(feature = "serde")]
    pub(in crate::lifetime) const ALL: [Self; 4] =
        [Self::PurchaseRate, Self::DropoutRate, Self::DropoutA, Self::DropoutB];

    /// The effect as a parameter.
    pub(in crate::lifetime) fn name(self) -> &'static str {
        match self {
            Self::PurchaseRate => "effect on the purchase rate",
            Self::DropoutRate => "effect on the dropout rate",
            Self::DropoutA => "effect on a",
            Self::DropoutB => "effect on b",
        }
    }
}

/// Whether the last effect of a covariate follows from the one before it.
///
/// | | Pareto/NBD | BG/NBD, MBG/NBD |
/// |---|---|---|
/// | `Separate` | purchase rate and dropout rate each have their own | purchase rate, a and b each have their own |
/// | `Same` | dropout rate as purchase rate: who buys faster leaves as much sooner | b as a: the mean of p stays, its spread changes |
/// | `Opposite` | dropout rate against purchase rate: who buys faster stays as much longer | b against a: the odds of p's mean move by exp(2γ) |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum EffectTie {
    /// Every effect has a coefficient of its own.
    #[default]
    Separate,
    /// The last has that of the one before it.
    Same,
    /// The last has that of the one before it, with the other sign.
    Opposite,
}

impl EffectTie {
    /// The last effect's coefficient as a multiple of that of the one before it.
    pub(super) fn factor(self) -> f64 {
        match self {
            Self::Separate => 0.0,
            Self::Same => 1.0,
            Self::Opposite => -1.0,
        }
    }
}

/// Which covariates act on what: by default each on everything, with coefficients of its own.
///
/// | option | meaning | default |
/// |---|---|---|
/// | [`on_purchases`](Effects::on_purchases) | the covariates that act on the purchase rate | all |
/// | [`on_dropout`](Effects::on_dropout) | those that act on dropout | all |
/// | [`tie`](Effects::tie) | whether the last effect follows from the one before it | [`Separate`](EffectTie::Separate) |
///
/// # Example
/// ```
/// use goodwill::lifetime::{EffectTie, Effects};
///
/// let effects = Effects::new().on_purchases(&["basket"]).tie(EffectTie::Opposite);
/// assert_eq!(effects, effects.clone().tie(EffectTie::Opposite));
/// assert_ne!(effects, Effects::new());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    purchases: Option<Vec<String>>,
    dropout: Option<Vec<String>>,
    tie: EffectTie,
}

impl Effects {
    /// Every covariate acts on everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only these act on the purchase rate.
    #[must_use]
    pub fn on_purchases(self, names: &[&str]) -> Self {
        Self { purchases: Some(names.iter().map(ToString::to_string).collect()), ..self }
    }

    /// Only these act on dropout.
    #[must_use]
    pub fn on_dropout(self, names: &[&str]) -> Self {
        Self { dropout: Some(names.iter().map(ToString::to_string).collect()), ..self }
    }

    /// Whether the last effect of each covariate follows from the one before it.
    #[must_use]
    pub fn tie(self, tie: EffectTie) -> Self {
        Self { tie, ..self }
    }

    pub(super) fn tied(&self) -> EffectTie {
        self.tie
    }

    /// The places of the covariates that act on purchases, and of those that act on dropout.
    pub(super) fn places(&self, covariates: &Covariates) -> Result<[Vec<usize>; 2]> {
        let names = covariates.names();
        let of = |chosen: &Option<Vec<String>>| {
            let Some(chosen) = chosen else {
                return Ok::<Vec<usize>, Error>((0..names.len()).collect());
            };
            let place = |name: &String| place_of(name, names);
            let mut places = chosen.iter().map(place).collect::<Result<Vec<usize>>>()?;
            places.sort_unstable();
            places.dedup();
            Ok(places)
        };
        let places = [of(&self.purchases)?, of(&self.dropout)?];
        match (0..names.len()).find(|place| !places.iter().flatten().any(|own| own == place)) {
            Some(idle) => {
                Err(Error::inconsistent(format!("covariate {} acts on nothing", names[idle])))
            }
            None => Ok(places),
        }
    }
}

/// Where the covariate of that name stands.
pub(super) fn place_of(name: &str, names: &[String]) -> Result<usize> {
    names.iter().position(|own| own == name).ok_or_else(|| {
        Error::inconsistent(format!(
            "there is no covariate {name}; the covariates are {}",
            names.join(", ")
        ))
    })
}

/// What the covariates of a model act on, whatever the sizes of the effects.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct EffectDesign {
    /// What they can act on; the last may be tied to the one before it.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) targets: &'static [EffectOn],
    pub(super) tie: EffectTie,
    /// Each effect that is not tied to another: the name of the covariate, and what it acts on.
    pub(super) effects: Vec<(String, EffectOn)>,
}

impl EffectDesign {
    /// Whether it is a special case of another: it lacks some of that one's effects, or ties what that one leaves apart.
    pub(super) fn is_special_case_of(&self, large: &Self) -> bool {
        let has = |covariate: &str, on: EffectOn| {
            large.effects.iter().any(|own| own.0 == covariate && own.1 == on)
        };
        let kept = |(covariate, on): &(String, EffectOn)| {
            let follows = match self.targets {
                // What this one ties or leaves apart, the other must tie alike or leave apart.
                [.., before, last] if before == on || last == on => {
                    let apart = large.tie == EffectTie::Separate;
                    large.tie == self.tie || apart && has(covariate, *last)
                }
                _ => true,
            };
            has(covariate, *on) && follows
        };
        self.effects.len() < large.effects.len() && self.effects.iter().all(kept)
    }

    /// Why no likelihood-ratio test tells this one from a larger one of the same model; `None` where one does.
    pub(in crate::lifetime) fn obstacle(&self, large: &Self) -> Option<String> {
        let reason = "neither lacks effects of the other, nor ties what that one leaves apart, so that it would be a \
                      special case; compare AIC or BIC";
        (!self.is_special_case_of(large)).then(|| reason.to_owned())
    }
}

/// What one covariate does to one thing: one more of it multiplies that by exp(coefficient).
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Effect {
    /// The name of the covariate.
    pub covariate: String,
    /// What it acts on.
    pub on: EffectOn,
    /// γ, per unit of the covariate.
    pub coefficient: f64,
}

impl Effect {
    /// Of a covariate on something.
    #[must_use]
    pub fn new(covariate: &str, on: EffectOn, coefficient: f64) -> Self {
        Self { covariate: covariate.to_owned(), on, coefficient }
    }
}
