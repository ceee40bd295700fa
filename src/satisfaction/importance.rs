//! What matters to customers, by what they say and by what moves their satisfaction, against how well it is done.

use crate::error::{Error, Result};
use crate::math::centred::Centred;
use crate::math::exact_sum::ExactSum;
use crate::math::least_squares::Correlations;

/// How much each driver moves an overall score, measured three ways. Drivers keep the caller's order.
///
/// # Formula
/// ```text
/// correlation: r(xⱼ, y);   standardised coefficient: βⱼ·s(xⱼ)/s(y) of the regression of y on all drivers
/// LMG share of j of p: Σ_{S without j} |S|!·(p − 1 − |S|)!/p! · (R²(S and j) − R²(S))
/// ```
/// The LMG shares (of Lindeman, Merenda and Gold) average what a driver adds to R² over every order in which the
/// drivers can enter, and add up to R². They are exact: all 2ᵖ regressions are made.
///
/// # Example
/// ```
/// use goodwill::satisfaction::Drivers;
///
/// // Two drivers that do not go together, and satisfaction = 2·speed + courtesy: r² is all there is to share.
/// let speed = [1.0, 1.0, 2.0, 2.0];
/// let courtesy = [1.0, 2.0, 1.0, 2.0];
/// let overall = [3.0, 4.0, 5.0, 6.0];
/// let drivers = Drivers::of(&[&speed, &courtesy], &overall)?;
/// assert!((drivers.shares()[0] - 0.8).abs() < 1e-14 && (drivers.shares()[1] - 0.2).abs() < 1e-14);
/// assert!((drivers.r_squared() - 1.0).abs() < 1e-14);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Lindeman, Merenda and Gold (1980), Introduction to Bivariate and Multivariate Analysis; Grömping (2006), Journal
/// of Statistical Software 17(1), 1–27.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Drivers {
    correlations: Vec<f64>,
    coefficients: Vec<f64>,
    shares: Vec<f64>,
    r_squared: f64,
}

impl Drivers {
    /// The most drivers whose shares are computed: 2¹⁵ regressions.
    pub const MOST: usize = 15;

    /// One column a driver and one of overall scores; each row is a customer who answered them all.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a driver; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for more
    /// than 15, or with the row for a score outside [−10⁶, 10⁶];
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch) for columns of other lengths;
    /// [`Undefined`](crate::ErrorKind::Undefined) for fewer rows than drivers and two, a column that does not vary,
    /// or a driver that says the same as those before it.
    pub fn of(drivers: &[&[f64]], overall: &[f64]) -> Result<Self> {
        if drivers.len() > Self::MOST {
            return Err(Error::out_of_domain("number of drivers", drivers.len(), "[1, 15]"));
        }
        let (drivers, overall) = columns("importance", driver, drivers, overall)?;
        let correlations = Correlations::of(&drivers, &overall);
        let regression = correlations.regression().map_err(|j| alike("importance", &driver(j)))?;
        let subsets = correlations.r_squared_of_subsets();
        Ok(Self {
            shares: lmg_shares(drivers.len(), &subsets),
            r_squared: subsets[subsets.len() - 1],
            correlations: correlations.outcome.as_slice().to_vec(),
            coefficients: regression.coefficients.as_slice().to_vec(),
        })
    }

    /// The correlation of each driver with the overall score, from −1 to 1: the others may be behind it.
    #[must_use]
    pub fn correlations(&self) -> &[f64] {
        &self.correlations
    }

    /// The standardised coefficients: by how many standard deviations the overall score rises with one of the
    /// driver, the others held. Drivers that go together make them unsure, and may turn their sign.
    #[must_use]
    pub fn standardised_coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The LMG shares of R²; they add up to it.
    #[must_use]
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// The share of the variance of the overall score that the drivers explain together.
    #[must_use]
    pub fn r_squared(&self) -> f64 {
        self.r_squared
    }
}

fn lmg_shares(count: usize, r_squared: &[f64]) -> Vec<f64> {
    // |S|!(p − 1 − |S|)!/p! = 1/(p·C(p − 1, |S|)).
    let mut weights = vec![1.0 / count as f64; count];
    for size in 1..count {
        weights[size] = weights[size - 1] * size as f64 / (count - size) as f64;
    }
    let share = |j: usize| {
        let mut total = ExactSum::new();
        for subset in (0..r_squared.len()).filter(|subset| subset >> j & 1 == 0) {
            let rise = r_squared[subset | 1 << j] - r_squared[subset];
            total.add(weights[subset.count_ones() as usize] * rise);
        }
        total.value()
    };
    (0..count).map(share).collect()
}

/// The columns of a regression, checked.
pub(super) fn columns(
    quantity: &'static str,
    name: impl Fn(usize) -> String,
    drivers: &[&[f64]],
    overall: &[f64],
) -> Result<(Vec<Centred>, Centred)> {
    if drivers.is_empty() {
        return Err(Error::empty("drivers"));
    }
    let checked = |title: &'static str, column: &[f64]| -> Result<Option<Centred>> {
        if column.len() != overall.len() {
            let lengths = ((title, column.len()), ("overall", overall.len()));
            return Err(Error::length_mismatch(lengths.0, lengths.1));
        }
        let outside = |value: &f64| !(-1e6..=1e6).contains(value);
        match column.iter().position(outside) {
            Some(row) => Err(Error::out_of_domain(title, column[row], "[-1e6, 1e6]").at_row(row)),
            None => Ok(Centred::of(column)),
        }
    };
    let all = drivers.iter().map(|column| checked("driver", column));
    let all = all.collect::<Result<Vec<_>>>()?;
    let overall_scores = checked("overall", overall)?;
    if overall.len() < drivers.len() + 2 {
        let what = format!("{} drivers need {} rows or more", drivers.len(), drivers.len() + 2);
        return Err(Error::undefined(quantity, what));
    }
    let same = |what: String| Error::undefined(quantity, format!("{what} is the same in all rows"));
    let all = all.into_iter().enumerate();
    let all = all.map(|(j, one)| one.ok_or_else(|| same(name(j))));
    let all = all.collect::<Result<Vec<_>>>()?;
    Ok((all, overall_scores.ok_or_else(|| same("the overall score".to_owned()))?))
}

pub(super) fn alike(quantity: &'static str, name: &str) -> Error {
    Error::undefined(quantity, format!("{name} says the same as those before it"))
}

fn driver(j: usize) -> String {
    format!("driver {}", j + 1)
}

/// How much an attribute matters, and how well it is done.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Attribute {
    importance: f64,
    performance: f64,
}

impl Attribute {
    /// Importance as stated, a mean of answers, or derived, as one of the numbers of [`Drivers`].
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for one outside [−10⁶, 10⁶].
    pub fn new(importance: f64, performance: f64) -> Result<Self> {
        for (name, value) in [("importance", importance), ("performance", performance)] {
            if !(-1e6..=1e6).contains(&value) {
                return Err(Error::out_of_domain(name, value, "[-1e6, 1e6]"));
            }
        }
        Ok(Self { importance: importance + 0.0, performance: performance + 0.0 })
    }

    /// Importance − performance: above 0, it falls short of what it should be. It says something where both were
    /// asked on one scale.
    #[must_use]
    pub fn gap(&self) -> f64 {
        self.importance - self.performance
    }
}

/// What to do with an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Quadrant {
    /// It matters and is done badly.
    ConcentrateHere,
    /// It matters and is done well.
    KeepUpTheGoodWork,
    /// It matters little and is done badly.
    LowPriority,
    /// It matters little and is done well.
    PossibleOverkill,
}

/// Where the lines lie that part high from low.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum CrossHair {
    /// At given values, as the middle of the scale.
    At {
        /// Of importance.
        importance: f64,
        /// Of performance.
        performance: f64,
    },
    /// At the means over the attributes.
    Mean,
    /// At the medians over the attributes.
    Median,
}

/// Where an attribute counts that lies on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum OnLine {
    /// As high.
    High,
    /// As low.
    Low,
}

/// The quadrant of each attribute, in the caller's order. Whether a point lies on a line is decided
/// exactly, not by rounding.
///
/// # Errors
/// [`Empty`](crate::ErrorKind::Empty) without attributes; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a given
/// line outside [−10⁶, 10⁶].
///
/// # Example
/// ```
/// use goodwill::satisfaction::{Attribute, CrossHair, OnLine, Quadrant, quadrants};
///
/// let service = [Attribute::new(4.5, 2.0)?, Attribute::new(4.0, 4.5)?, Attribute::new(2.0, 3.0)?];
/// let middle = CrossHair::At { importance: 3.0, performance: 3.0 };
/// let found = quadrants(&service, middle, OnLine::High)?;
/// assert_eq!(found[0], Quadrant::ConcentrateHere);
/// assert_eq!(found[1], Quadrant::KeepUpTheGoodWork);
/// assert_eq!(found[2], Quadrant::PossibleOverkill); // on the line
/// assert_eq!(quadrants(&service, middle, OnLine::Low)?[2], Quadrant::LowPriority);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Martilla and James (1977), Journal of Marketing 41(1), 77–79.
pub fn quadrants(
    attributes: &[Attribute],
    cross_hair: CrossHair,
    on_line: OnLine,
) -> Result<Vec<Quadrant>> {
    if attributes.is_empty() {
        return Err(Error::empty("attributes"));
    }
    let given = match cross_hair {
        CrossHair::At { importance, performance } => {
            Attribute::new(importance, performance)?;
            Some((importance, performance))
        }
        CrossHair::Mean | CrossHair::Median => None,
    };
    let line = |of: fn(&Attribute) -> f64, given: Option<f64>| {
        let mut values: Vec<f64> = attributes.iter().map(of).collect();
        values.sort_unstable_by(f64::total_cmp);
        let last = values.len() - 1;
        match (given, cross_hair) {
            (Some(given), _) => vec![given],
            (None, CrossHair::Median) => values[last / 2..=values.len() / 2].to_vec(),
            (None, _) => values,
        }
    };
    let importance = line(|one| one.importance, given.map(|at| at.0));
    let performance = line(|one| one.performance, given.map(|at| at.1));
    let quadrant = |one: &Attribute| {
        let matters = is_high(one.importance, &importance, on_line);
        match (matters, is_high(one.performance, &performance, on_line)) {
            (true, false) => Quadrant::ConcentrateHere,
            (true, true) => Quadrant::KeepUpTheGoodWork,
            (false, false) => Quadrant::LowPriority,
            (false, true) => Quadrant::PossibleOverkill,
        }
    };
    Ok(attributes.iter().map(quadrant).collect())
}

/// Whether a value lies above the mean of others: the sign of n·value − Σ others is exact.
fn is_high(value: f64, others: &[f64], on_line: OnLine) -> bool {
    let mut distance = ExactSum::new();
    distance.add_product(others.len() as f64, value);
    for other in others {
        distance.add(-other);
    }
    let distance = distance.value();
    distance > 0.0 || distance == 0.0 && on_line == OnLine::High
}
