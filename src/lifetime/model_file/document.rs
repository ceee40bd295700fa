//! What a model file says, key by key, and whether it can be true.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use nalgebra::DMatrix;

use super::ModelFile;
use super::saved::sealed::{Parameter, Parts, SavedModel};
use crate::error::{Error, Result};
use crate::lifetime::covariates::EffectTie;
use crate::lifetime::fit::Fit;
use crate::time::TimeUnit;

const FORMAT: &str = "goodwill-model";
pub(super) const VERSION: u32 = 1;

/// The keys in the order in which they are written. All are optional here, so that what is wrong first is said first:
/// the format and version, before what another version may not have.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Document {
    format: Option<String>,
    version: Option<u32>,
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<TimeUnit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    k: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    covariates: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tie: Option<EffectTie>,
    parameters: Option<Vec<Parameter>>,
    covariance: Option<Vec<Vec<f64>>>,
    log_likelihood: Option<f64>,
    penalised_log_likelihood: Option<f64>,
    customers: Option<u64>,
    left_out: Option<u64>,
    chosen: Option<u64>,
    evaluations: Option<u64>,
    warnings: Option<Vec<String>>,
    /// Keys that no file has.
    #[allow(clippy::zero_sized_map_values, reason = "serde flattens maps, not sets")]
    #[serde(flatten, skip_serializing)]
    unknown: BTreeMap<String, serde::de::IgnoredAny>,
}

impl<M: SavedModel> From<ModelFile<M>> for Document {
    fn from(file: ModelFile<M>) -> Self {
        let ModelFile { fit, as_of, warnings } = file;
        let Parts { unit, k, covariates, tie, parameters } = fit.model.parts();
        Self {
            format: Some(FORMAT.to_owned()),
            version: Some(VERSION),
            model: Some(M::NAME.to_owned()),
            unit,
            as_of,
            k,
            covariates,
            tie,
            parameters: Some(parameters),
            covariance: Some(fit.covariance),
            log_likelihood: Some(fit.log_likelihood),
            penalised_log_likelihood: Some(fit.penalised_log_likelihood),
            customers: Some(fit.customers as u64),
            left_out: Some(fit.left_out as u64),
            chosen: Some(fit.chosen as u64),
            evaluations: Some(fit.evaluations as u64),
            warnings: Some(warnings),
            unknown: BTreeMap::new(),
        }
    }
}

impl<M: SavedModel> TryFrom<Document> for ModelFile<M> {
    type Error = Error;

    fn try_from(document: Document) -> Result<Self> {
        document.must_be_read_as::<M>()?;
        let Document { unit, as_of, k, covariates, tie, .. } = document;
        let read = present("parameters", document.parameters)?;
        let parts = Parts { unit, k, covariates, tie, parameters: read };
        let model = M::from_parts(&parts)?;
        // What the model would say of itself: anything else in the file belongs to another model.
        parts.must_be(&model.parts(), M::NAME)?;

        let names: Vec<&'static str> = model.names();
        let covariance = present("covariance", document.covariance)?;
        must_be_covariance(&covariance, &names)?;
        let log_likelihood = finite("log_likelihood", document.log_likelihood)?;
        let penalised = finite("penalised_log_likelihood", document.penalised_log_likelihood)?;
        if penalised > log_likelihood {
            return Err(Error::inconsistent(format!(
                "penalised_log_likelihood must not exceed log_likelihood, but is {penalised}, and that {log_likelihood}"
            )));
        }
        let chosen = count("chosen", document.chosen, 0)?;
        if chosen > usize::from(parts.k.is_some()) {
            return Err(Error::inconsistent(format!(
                "the data cannot have chosen {chosen} whole numbers of the {} model",
                M::NAME
            )));
        }
        let fit = Fit {
            model,
            parameters: names,
            chosen,
            log_likelihood,
            penalised_log_likelihood: penalised,
            covariance,
            customers: count("customers", document.customers, 1)?,
            left_out: count("left_out", document.left_out, 0)?,
            evaluations: count("evaluations", document.evaluations, 1)?,
        };
        Ok(Self { fit, as_of, warnings: present("warnings", document.warnings)? })
    }
}

impl Document {
    fn must_be_read_as<M: SavedModel>(&self) -> Result<()> {
        let format = present("format", self.format.as_deref())?;
        if format != FORMAT {
            return Err(Error::out_of_domain(
                "format of the model file",
                format,
                "{goodwill-model}",
            ));
        }
        let version = present("version", self.version)?;
        if version != VERSION {
            return Err(Error::out_of_domain("version of the model file", version, "[1, 1]"));
        }
        let model = present("model", self.model.as_deref())?;
        let known = super::saved::NAMES;
        if !known.contains(&model) {
            let what = format!("there is no model {model}; the models are {}", known.join(", "));
            return Err(Error::inconsistent(what));
        }
        if model != M::NAME {
            let what = format!("the model file holds a {model} model, not one of {}", M::NAME);
            return Err(Error::inconsistent(what));
        }
        match self.unknown.keys().next() {
            Some(key) => Err(Error::inconsistent(format!("a model file has no key {key}"))),
            None => Ok(()),
        }
    }
}

pub(super) fn present<T>(key: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| Error::inconsistent(format!("the model file lacks the key {key}")))
}

fn finite(key: &'static str, value: Option<f64>) -> Result<f64> {
    let value = present(key, value)?;
    if value.is_finite() { Ok(value) } else { Err(Error::out_of_domain(key, value, "(-∞, ∞)")) }
}

fn count(key: &'static str, value: Option<u64>, least: u64) -> Result<usize> {
    let value = present(key, value)?;
    let domain = if least == 0 { "[0, ∞)" } else { "[1, ∞)" };
    match usize::try_from(value) {
        Ok(count) if value >= least => Ok(count),
        _ => Err(Error::out_of_domain(key, value, domain)),
    }
}

/// Square, finite, symmetric and positive definite, each but for rounding.
fn must_be_covariance(rows: &[Vec<f64>], names: &[&'static str]) -> Result<()> {
    /// Of a correlation: what inverting a matrix may cost where parameters are hard to tell apart.
    const ROUNDING: f64 = 1e-6;
    let n = names.len();
    for length in std::iter::once(rows.len()).chain(rows.iter().map(Vec::len)) {
        if length != n {
            return Err(Error::length_mismatch(("parameters", n), ("covariance", length)));
        }
    }
    for (i, row) in rows.iter().enumerate() {
        if let Some(entry) = row.iter().find(|entry| !entry.is_finite()) {
            return Err(Error::out_of_domain("covariance", entry, "(-∞, ∞)").at_row(i));
        }
        if !(row[i] > 0.0) {
            return Err(Error::out_of_domain("variance", row[i], "(0, ∞)").at_row(i));
        }
    }
    let spread: Vec<f64> = (0..n).map(|i| rows[i][i].sqrt()).collect();
    let correlation = |i: usize, j: usize| rows[i][j] / spread[i] / spread[j];
    for i in 0..n {
        for j in 0..i {
            if !((correlation(i, j) - correlation(j, i)).abs() <= ROUNDING) {
                return Err(Error::inconsistent(format!(
                    "the covariance must be symmetric, but {} with {} is {}, and the other way {}",
                    names[i], names[j], rows[i][j], rows[j][i]
                )));
            }
        }
    }
    let eased = |i, j| correlation(i, j) + if i == j { ROUNDING } else { 0.0 };
    match DMatrix::from_fn(n, n, eased).cholesky() {
        Some(_) => Ok(()),
        None => Err(Error::inconsistent("the covariance gives a negative variance to some sum")),
    }
}

impl Parts {
    fn must_be(&self, own: &Self, model: &str) -> Result<()> {
        let extra = [
            ("unit", self.unit.is_some() && own.unit.is_none()),
            ("k", self.k.is_some() && own.k.is_none()),
            ("covariates", self.covariates.is_some() && own.covariates.is_none()),
            ("tie", self.tie.is_some() && own.tie.is_none()),
        ];
        match extra.into_iter().find(|(_, is_extra)| *is_extra) {
            Some((key, _)) => Err(Error::inconsistent(format!("the {model} model has no {key}"))),
            None => Ok(()),
        }
    }
}
