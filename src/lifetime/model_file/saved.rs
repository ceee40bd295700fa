//! What each model says of itself in a file.

use sealed::{Parameter, Parts, SavedModel};

use super::document::present;
use crate::error::{Error, Result};
use crate::lifetime::bg_bb::BgBb;
use crate::lifetime::bg_nbd::{BetaGeometricNbd, Dropout};
use crate::lifetime::cnbd_k::CnbdK;
use crate::lifetime::contract::{Bdw, ConstantRetention, RetentionModel, Sbg};
use crate::lifetime::covariates::{Effect, EffectOn, Family, WithCovariates};
use crate::lifetime::gamma_gamma::GammaGamma;
use crate::lifetime::model::PurchaseModel;
use crate::lifetime::pareto_nbd::ParetoNbd;
use crate::quantity::Probability;
use crate::time::TimeUnit;

/// Every model that can be saved.
pub(super) const NAMES: [&str; 13] = [
    "BG/NBD",
    "MBG/NBD",
    "BG/CNBD-k",
    "MBG/CNBD-k",
    "Pareto/NBD",
    "BG/NBD with covariates",
    "MBG/NBD with covariates",
    "Pareto/NBD with covariates",
    "BG/BB",
    "Gamma-Gamma",
    "sBG",
    "beta-discrete-Weibull",
    "constant retention",
];

pub(crate) mod sealed {
    use crate::error::Result;
    use crate::lifetime::covariates::EffectTie;
    use crate::time::TimeUnit;

    /// A parameter, or an effect of a covariate.
    #[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(crate) struct Parameter {
        pub(crate) name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub(crate) covariate: Option<String>,
        pub(crate) value: f64,
    }

    /// A model as data.
    #[derive(Clone, Debug, Default)]
    pub struct Parts {
        pub(crate) unit: Option<TimeUnit>,
        pub(crate) k: Option<u32>,
        pub(crate) covariates: Option<Vec<String>>,
        pub(crate) tie: Option<EffectTie>,
        pub(crate) parameters: Vec<Parameter>,
    }

    /// A model that can be saved.
    pub trait SavedModel: Clone {
        /// As which it is saved.
        const NAME: &'static str;
        /// The names of its parameters.
        fn names(&self) -> Vec<&'static str>;
        /// The model as data.
        fn parts(&self) -> Parts;
        /// The model of these parts.
        fn from_parts(parts: &Parts) -> Result<Self>;
    }
}

impl Parameter {
    fn title(&self) -> String {
        let of = self.covariate.as_ref().map(|covariate| format!(" of {covariate}"));
        format!("{}{}", self.name, of.unwrap_or_default())
    }
}

impl Parts {
    fn of(unit: Option<TimeUnit>, named: &[(&'static str, f64)]) -> Self {
        let parameter = |&(name, value): &(&'static str, f64)| Parameter {
            name: name.to_owned(),
            covariate: None,
            value,
        };
        let parameters = named.iter().map(parameter).collect();
        Self { unit, parameters, ..Self::default() }
    }

    fn unit(&self) -> Result<TimeUnit> {
        present("unit", self.unit)
    }

    /// The values of parameters of these names, and no others.
    fn values<const N: usize>(&self, model: &'static str, names: [&str; N]) -> Result<[f64; N]> {
        if self.parameters.len() != N {
            let given = ("parameters of the file", self.parameters.len());
            return Err(Error::length_mismatch(("parameters of the model", N), given));
        }
        self.first_values(model, names)
    }

    fn first_values<const N: usize>(
        &self,
        model: &'static str,
        names: [&str; N],
    ) -> Result<[f64; N]> {
        let mut values = [0.0; N];
        for (i, name) in names.into_iter().enumerate() {
            let given = self.parameters.get(i);
            match given {
                Some(own) if own.name == name && own.covariate.is_none() => values[i] = own.value,
                _ => {
                    let what = given.map_or_else(|| "missing".to_owned(), Parameter::title);
                    return Err(Error::inconsistent(format!(
                        "parameter {} of the {model} model is {name}, but in the file it is {what}",
                        i + 1
                    )));
                }
            }
        }
        Ok(values)
    }
}

/// A model whose parameters have fixed names.
macro_rules! saved {
    ($model:ty $(, $dropout:ident)?; $name:expr; $names:expr; $unit:expr; $new:expr) => {
        impl$(<$dropout: Dropout>)? SavedModel for $model {
            const NAME: &'static str = $name;

            fn names(&self) -> Vec<&'static str> {
                $names.to_vec()
            }

            fn parts(&self) -> Parts {
                Parts::of($unit(self), &self.parameters())
            }

            fn from_parts(parts: &Parts) -> Result<Self> {
                let values = parts.values(Self::NAME, $names)?;
                $new(parts, values)
            }
        }
    };
}

saved!(BetaGeometricNbd<D>, D; D::NBD; ["r", "alpha", "a", "b"]; |model: &Self| Some(model.unit());
    |parts: &Parts, [r, alpha, a, b]: [f64; 4]| Self::new(parts.unit()?, r, alpha, a, b));
saved!(ParetoNbd; "Pareto/NBD"; ["r", "alpha", "s", "beta"]; |model: &Self| Some(model.unit());
    |parts: &Parts, [r, alpha, s, beta]: [f64; 4]| Self::new(parts.unit()?, r, alpha, s, beta));
saved!(BgBb; "BG/BB"; ["alpha", "beta", "gamma", "delta"]; |model: &Self| Some(model.period());
    |parts: &Parts, [a, b, c, d]: [f64; 4]| Self::new(parts.unit()?, a, b, c, d));
saved!(GammaGamma; "Gamma-Gamma"; ["p", "q", "v"]; |_: &Self| None;
    |_: &Parts, [p, q, v]: [f64; 3]| Self::new(p, q, v));
saved!(Sbg; "sBG"; ["alpha", "beta"]; |model: &Self| Some(model.period());
    |parts: &Parts, [alpha, beta]: [f64; 2]| Self::new(parts.unit()?, alpha, beta));
saved!(Bdw; "beta-discrete-Weibull"; ["alpha", "beta", "c"]; |model: &Self| Some(model.period());
    |parts: &Parts, [alpha, beta, c]: [f64; 3]| Self::new(parts.unit()?, alpha, beta, c));

impl SavedModel for ConstantRetention {
    const NAME: &'static str = "constant retention";

    fn names(&self) -> Vec<&'static str> {
        vec!["retention"]
    }

    fn parts(&self) -> Parts {
        Parts::of(Some(self.period()), &[("retention", self.retention.get())])
    }

    fn from_parts(parts: &Parts) -> Result<Self> {
        let [retention] = parts.values(Self::NAME, ["retention"])?;
        Ok(Self::new(parts.unit()?, Probability::new(retention)?))
    }
}

impl<D: Dropout> SavedModel for CnbdK<D> {
    const NAME: &'static str = D::CNBD;

    fn names(&self) -> Vec<&'static str> {
        vec!["r", "alpha", "a", "b"]
    }

    fn parts(&self) -> Parts {
        Parts { k: Some(self.k()), ..Parts::of(Some(self.unit()), &self.parameters()) }
    }

    fn from_parts(parts: &Parts) -> Result<Self> {
        let [r, alpha, a, b] = parts.values(Self::NAME, ["r", "alpha", "a", "b"])?;
        Self::new(parts.unit()?, present("k", parts.k)?, r, alpha, a, b)
    }
}

impl<M: Family> SavedModel for WithCovariates<M> {
    const NAME: &'static str = M::WITH_COVARIATES;

    fn names(&self) -> Vec<&'static str> {
        self.parameters().into_iter().map(|(name, _)| name).collect()
    }

    fn parts(&self) -> Parts {
        let mut parts = Parts::of(Some(self.unit()), &self.parameters());
        let effects = self.effects().iter().map(|effect| Some(effect.covariate.clone()));
        parts.parameters.iter_mut().skip(4).zip(effects).for_each(|(own, of)| own.covariate = of);
        Parts { covariates: Some(self.covariates().to_vec()), tie: Some(self.tie()), ..parts }
    }

    fn from_parts(parts: &Parts) -> Result<Self> {
        let point = parts.first_values(Self::NAME, M::PARAMETERS)?;
        let base = M::checked(parts.unit()?, point)?;
        let effect = |own: &Parameter| {
            let on = EffectOn::ALL.into_iter().find(|on| on.name() == own.name);
            match (on, &own.covariate) {
                (Some(on), Some(covariate)) => Ok(Effect::new(covariate, on, own.value)),
                (Some(_), None) => {
                    Err(Error::inconsistent(format!("an {} must name its covariate", own.name)))
                }
                (None, _) => Err(Error::inconsistent(format!("there is no effect {}", own.name))),
            }
        };
        let effects = parts.parameters[4..].iter().map(effect).collect::<Result<Vec<Effect>>>()?;
        let covariates = present("covariates", parts.covariates.as_ref())?;
        let names: Vec<&str> = covariates.iter().map(String::as_str).collect();
        Self::new(base, &names, present("tie", parts.tie)?, &effects)
    }
}
