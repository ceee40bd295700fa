//! What is known of customers beside their purchases: [`Covariates`].

use std::collections::HashSet;

use crate::error::{Error, Result};

/// What is known of each customer from the start and never changes: his first basket, his region, how he was won.
///
/// Row i is of customer i; columns go by their names. A category of k values takes k − 1 columns of 0 and 1.
///
/// # Example
/// ```
/// use goodwill::lifetime::Covariates;
///
/// let known = Covariates::new(&["basket", "online"], &[[29.5, 0.0], [9.0, 1.0]])?;
/// assert_eq!(known.row(1), Some(&[9.0, 1.0][..]));
/// let error = Covariates::new(&["basket"], &[[29.5], [f64::NAN]]).unwrap_err();
/// assert_eq!(error.to_string(), "covariate must lie in (-∞, ∞), but is NaN (row 1)");
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct Covariates {
    names: Vec<String>,
    customers: usize,
    /// Row by row.
    values: Vec<f64>,
}

impl Covariates {
    /// The names of the columns, and a row a customer.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a column, and for a name without a letter;
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for a name that comes twice, and for a row with more or fewer
    /// values than names; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a value that is not finite.
    pub fn new<R: AsRef<[f64]>>(names: &[&str], rows: &[R]) -> Result<Self> {
        let names = checked_names(names.iter().map(ToString::to_string).collect())?;
        let mut values = Vec::with_capacity(names.len() * rows.len());
        for (i, row) in rows.iter().enumerate() {
            values.extend(checked_row(row.as_ref(), &names).map_err(|error| error.at_row(i))?);
        }
        Ok(Self { names, customers: rows.len(), values })
    }

    /// The names of the columns, in the order in which they were given.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many customers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.customers
    }

    /// Whether there is no customer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.customers == 0
    }

    /// What is known of customer i, in the order of the names; `None` past the end.
    #[must_use]
    pub fn row(&self, i: usize) -> Option<&[f64]> {
        let width = self.names.len();
        if i < self.customers { self.values.get(i * width..(i + 1) * width) } else { None }
    }

    /// Every row in order.
    pub(in crate::lifetime) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.names.len())
    }

    /// The column of that place.
    pub(super) fn column(&self, place: usize) -> Vec<f64> {
        self.rows().map(|row| row[place]).collect()
    }

    /// One row a customer of these, so many.
    pub(in crate::lifetime) fn must_be_of(&self, customers: usize) -> Result<()> {
        if self.customers == customers {
            return Ok(());
        }
        let given = ("covariates", self.customers);
        Err(Error::length_mismatch(("histories", customers), given))
    }
}

/// Names that tell columns apart.
pub(super) fn checked_names(names: Vec<String>) -> Result<Vec<String>> {
    if names.is_empty() {
        return Err(Error::empty("covariates"));
    }
    let mut seen = HashSet::new();
    for name in &names {
        if name.trim().is_empty() {
            return Err(Error::empty("name of a covariate"));
        }
        if !seen.insert(name) {
            return Err(Error::inconsistent(format!("there are two covariates {name}")));
        }
    }
    Ok(names)
}

/// A finite value for each name; −0 as 0.
pub(super) fn checked_row<'a>(
    row: &'a [f64],
    names: &[String],
) -> Result<impl Iterator<Item = f64> + use<'a>> {
    if row.len() != names.len() {
        let what = format!(
            "a row of covariates holds {} values, but there are {}: {}",
            row.len(),
            names.len(),
            names.join(", ")
        );
        return Err(Error::inconsistent(what));
    }
    match row.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(Error::out_of_domain("covariate", value, "(-∞, ∞)")),
        None => Ok(row.iter().map(|value| value + 0.0)),
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    names: Vec<String>,
    rows: Vec<Vec<f64>>,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for Covariates {
    type Error = Error;

    fn try_from(Fields { names, rows }: Fields) -> Result<Self> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Self::new(&names, &rows)
    }
}

#[cfg(feature = "serde")]
impl From<Covariates> for Fields {
    fn from(all: Covariates) -> Self {
        let rows = all.rows().map(<[f64]>::to_vec).collect();
        Self { names: all.names, rows }
    }
}
