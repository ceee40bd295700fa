//! Fitted models as files: [`ModelFile`].

mod document;
mod saved;

use chrono::NaiveDate;

use crate::lifetime::fit::Fit;

pub(super) use saved::sealed::SavedModel;

/// A fitted model as a file that any language can read and this crate reads back to the bit.
///
/// It is one JSON object; the crate does no I/O, so that `serde_json` (or another format of `serde`) writes and reads
/// it. Every model of this crate that can be fitted can be saved: BG/NBD, MBG/NBD, BG/CNBD-k, MBG/CNBD-k, Pareto/NBD,
/// the first two and the last with covariates, BG/BB, Gamma-Gamma, sBG, beta-discrete-Weibull, constant retention.
///
/// | key | what it holds |
/// |---|---|
/// | `format`, `version` | `"goodwill-model"` and 1 |
/// | `model` | the model's name, as in `"BG/NBD"` |
/// | `unit` | `"day"`, `"week"`, `"month"` or `"year"`: in what the parameters count time; left out where they do not |
/// | `as_of` | the day up to which the customers were observed, `"1997-09-30"`; left out where it is not known |
/// | `k` | the events a purchase takes, of the CNBD-k models |
/// | `covariates`, `tie` | the columns in their order, and `"separate"`, `"same"` or `"opposite"`, of models with covariates |
/// | `parameters` | a list of `{"name", "value"}` in the order of the paper; effects also name their `"covariate"` |
/// | `covariance` | rows and columns in the order of `parameters` |
/// | `log_likelihood`, `penalised_log_likelihood` | at the optimum, without and with priors |
/// | `customers`, `left_out` | how many the fit used, and had to leave out |
/// | `chosen` | how many whole numbers the data chose beside the parameters (k), for AIC and BIC |
/// | `evaluations` | how often the likelihood was evaluated |
/// | `warnings` | a list of sentences |
///
/// Reading validates everything: unknown and missing keys, another format or version, another model than the one asked
/// for, parameters outside their domain or out of order, a covariance that is not square, symmetric and positive.
///
/// Numbers are written with the fewest digits that name the same `f64`, which JSON readers of other languages take
/// exactly; `serde_json` needs its feature `float_roundtrip` for that, and without it may miss the last bit.
///
/// Needs the feature `serde`.
///
/// # Example
/// ```
/// use goodwill::lifetime::{ModelFile, Sbg, Tenures};
/// use goodwill::TimeUnit;
///
/// let cohort = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468, 382, 326])?;
/// let file = ModelFile::new(Sbg::fit(&cohort)?, None).warning("only four renewals seen");
/// let text = serde_json::to_string(&file)?;
/// let start = r#"{"format":"goodwill-model","version":1,"model":"sBG","unit":"year","parameters":[{"name":"alpha","#;
/// assert!(text.starts_with(start));
///
/// let back: ModelFile<Sbg> = serde_json::from_str(&text)?;
/// assert!((back.fit().model().alpha() - 0.763_665_06).abs() < 1e-8);
/// assert_eq!(back.warnings(), ["only four renewals seen"]);
///
/// let other = serde_json::from_str::<ModelFile<Sbg>>(&text.replace("\"version\":1", "\"version\":2"));
/// let message = other.unwrap_err().to_string();
/// assert!(message.starts_with("version of the model file must lie in [1, 1], but is 2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(
    try_from = "document::Document",
    into = "document::Document",
    bound(serialize = "M: SavedModel", deserialize = "M: SavedModel")
)]
pub struct ModelFile<M> {
    fit: Fit<M>,
    as_of: Option<NaiveDate>,
    warnings: Vec<String>,
}

impl<M: SavedModel> ModelFile<M> {
    /// The version of the files that are written, and the highest that is read.
    pub const VERSION: u32 = document::VERSION;

    /// The file of a fit, and the day up to which its customers were observed, where it is known
    /// ([`Histories::as_of`](crate::Histories::as_of)).
    #[must_use]
    pub fn new(fit: Fit<M>, as_of: Option<NaiveDate>) -> Self {
        Self { fit, as_of, warnings: Vec::new() }
    }

    /// The same with what whoever reads it must know, in a sentence.
    #[must_use]
    pub fn warning(mut self, text: &str) -> Self {
        self.warnings.push(text.to_owned());
        self
    }

    /// The fit.
    #[must_use]
    pub fn fit(&self) -> &Fit<M> {
        &self.fit
    }

    /// The fit without its file.
    #[must_use]
    pub fn into_fit(self) -> Fit<M> {
        self.fit
    }

    /// The day up to which the customers were observed.
    #[must_use]
    pub fn as_of(&self) -> Option<NaiveDate> {
        self.as_of
    }

    /// What whoever reads it must know.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}
