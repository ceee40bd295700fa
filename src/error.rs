//! The one error of the crate.

use std::fmt;

/// What a function of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something could not be computed.
///
/// The message says what is wrong and why: of a value [outside its domain](ErrorKind::OutOfDomain) the argument, its value
/// and its domain; of other kinds what is empty, unequal, in contradiction, too long, undefined or not identified. What is
/// found in one row of the caller's own input names it, counted from 0. Match on [`kind`](Error::kind) to act on it.
///
/// # Example
/// ```
/// use goodwill::{ErrorKind, Probability};
///
/// let error = Probability::new(1.5).unwrap_err();
/// assert_eq!(error.to_string(), "probability must lie in [0, 1], but is 1.5");
/// assert!(matches!(error.kind(), ErrorKind::OutOfDomain { name: "probability", .. }));
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The kinds of [`Error`].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument lies outside the values it may take.
    #[error("{name} must lie in {domain}, but is {value}{}", row_suffix(*row))]
    OutOfDomain {
        /// The argument.
        name: &'static str,
        /// Its value, as text.
        value: String,
        /// The values it may take.
        domain: &'static str,
        /// The position in the caller's input, counted from 0.
        row: Option<usize>,
    },
    /// Two columns that belong together differ in length.
    #[error("{left} and {right} must have the same length, but have {left_len} and {right_len}")]
    LengthMismatch {
        /// One column.
        left: &'static str,
        /// Its length.
        left_len: usize,
        /// The other column.
        right: &'static str,
        /// Its length.
        right_len: usize,
    },
    /// Something that must hold at least one element holds none.
    #[error("{name} must not be empty")]
    Empty {
        /// What is empty.
        name: &'static str,
    },
    /// Two values that are valid alone contradict each other.
    #[error("{what}{}", row_suffix(*row))]
    Inconsistent {
        /// The contradiction, in words.
        what: String,
        /// The position in the caller's input, counted from 0.
        row: Option<usize>,
    },
    /// A fit ended before it reached an optimum.
    #[error(
        "the {model} fit did not converge in {iterations} iterations{}: {advice}",
        point_text(point)
    )]
    NotConverged {
        /// The model.
        model: &'static str,
        /// Iterations spent.
        iterations: usize,
        /// The parameters it had reached.
        point: Vec<(&'static str, f64)>,
        /// What to try.
        advice: &'static str,
    },
    /// The data cannot identify the model: a parameter runs to the edge of its domain.
    #[error("the data do not identify {} of the {model} model{}: {limit}", parameters.join(", "), point_text(point))]
    NotIdentified {
        /// The model.
        model: &'static str,
        /// The parameters that run away.
        parameters: Vec<&'static str>,
        /// The parameters it had reached; empty where nothing was tried.
        point: Vec<(&'static str, f64)>,
        /// The simpler model that the data point to, or what is missing.
        limit: &'static str,
    },
    /// An exact result needs more digits than its type holds.
    #[error("{what} has more digits than the type holds exactly{}", row_suffix(*row))]
    Overflow {
        /// The total or product.
        what: String,
        /// The position in the caller's input, counted from 0.
        row: Option<usize>,
    },
    /// The quantity does not exist for these values.
    #[error("{quantity} is undefined: {reason}{}", row_suffix(*row))]
    Undefined {
        /// The quantity.
        quantity: &'static str,
        /// Why.
        reason: String,
        /// The position in the caller's input, counted from 0.
        row: Option<usize>,
    },
}

impl Error {
    /// What went wrong, to match on.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    pub(crate) fn out_of_domain(
        name: &'static str,
        value: impl fmt::Display,
        domain: &'static str,
    ) -> Self {
        ErrorKind::OutOfDomain { name, value: value.to_string(), domain, row: None }.into()
    }

    pub(crate) fn length_mismatch(
        left: (&'static str, usize),
        right: (&'static str, usize),
    ) -> Self {
        ErrorKind::LengthMismatch {
            left: left.0,
            left_len: left.1,
            right: right.0,
            right_len: right.1,
        }
        .into()
    }

    pub(crate) fn empty(name: &'static str) -> Self {
        ErrorKind::Empty { name }.into()
    }

    pub(crate) fn inconsistent(what: impl Into<String>) -> Self {
        ErrorKind::Inconsistent { what: what.into(), row: None }.into()
    }

    pub(crate) fn overflow(what: impl Into<String>) -> Self {
        ErrorKind::Overflow { what: what.into(), row: None }.into()
    }

    pub(crate) fn undefined(quantity: &'static str, reason: impl Into<String>) -> Self {
        ErrorKind::Undefined { quantity, reason: reason.into(), row: None }.into()
    }

    /// The same error, said of one row of the caller's input.
    pub(crate) fn at_row(mut self, position: usize) -> Self {
        if let ErrorKind::OutOfDomain { row, .. }
        | ErrorKind::Inconsistent { row, .. }
        | ErrorKind::Overflow { row, .. }
        | ErrorKind::Undefined { row, .. } = &mut *self.0
        {
            *row = Some(position);
        }
        self
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

fn row_suffix(row: Option<usize>) -> String {
    row.map_or_else(String::new, |row| format!(" (row {row})"))
}

fn point_text(point: &[(&'static str, f64)]) -> String {
    let parts: Vec<_> = point.iter().map(|(name, value)| format!("{name} = {value:.6e}")).collect();
    if parts.is_empty() { String::new() } else { format!(", last at {}", parts.join(", ")) }
}
