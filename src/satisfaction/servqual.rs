//! SERVQUAL: perceived less expected service, by five dimensions; SERVPERF; the zone of tolerance.

use crate::error::{Error, Result};

use super::mean::MeanScore;
use super::scale::Scale;

/// The number of items.
const ITEMS: usize = 22;

/// The five dimensions of service quality, in the order of the questionnaire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Dimension {
    /// Rooms, equipment, appearance: items 1–4.
    Tangibles,
    /// To keep what was promised: items 5–9.
    Reliability,
    /// To help promptly: items 10–13.
    Responsiveness,
    /// To know one's trade and earn trust: items 14–17.
    Assurance,
    /// To care for the single customer: items 18–22.
    Empathy,
}

impl Dimension {
    /// In the order of the questionnaire.
    pub const ALL: [Self; 5] =
        [Self::Tangibles, Self::Reliability, Self::Responsiveness, Self::Assurance, Self::Empathy];

    /// Where its items stand among the 22, counted from 0.
    #[must_use]
    pub const fn items(self) -> std::ops::Range<usize> {
        match self {
            Self::Tangibles => 0..4,
            Self::Reliability => 4..9,
            Self::Responsiveness => 9..13,
            Self::Assurance => 13..17,
            Self::Empathy => 17..22,
        }
    }

    /// The mean of its items, from 1 to 7.
    fn mean(self, items: &[u8; ITEMS]) -> f64 {
        let of = &items[self.items()];
        of.iter().map(|&score| f64::from(score)).sum::<f64>() / of.len() as f64
    }
}

/// One customer's 22 pairs of answers from 1 to 7, and how he splits 100 points over the five dimensions.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ServiceAnswers {
    expected: [u8; ITEMS],
    perceived: [u8; ITEMS],
    weights: [f64; 5],
}

impl ServiceAnswers {
    /// The dimensions weigh the same.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with the item for a score outside 1 to 7.
    pub fn new(expected: [u8; ITEMS], perceived: [u8; ITEMS]) -> Result<Self> {
        for items in [&expected, &perceived] {
            for (item, &score) in items.iter().enumerate() {
                Scale::ONE_TO_SEVEN.above_worst(score).map_err(|error| error.at_row(item))?;
            }
        }
        Ok(Self { expected, perceived, weights: [0.2; 5] })
    }

    /// With his own points for the dimensions, 100 in all.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where the points are not 100.
    pub fn weighted(self, points: [u8; 5]) -> Result<Self> {
        let total: u32 = points.iter().map(|&point| u32::from(point)).sum();
        if total != 100 {
            return Err(Error::inconsistent(format!("100 points are split, not {total}")));
        }
        Ok(Self { weights: points.map(|point| f64::from(point) / 100.0), ..self })
    }

    fn gap(&self, dimension: Dimension) -> f64 {
        dimension.mean(&self.perceived) - dimension.mean(&self.expected)
    }
}

/// Service quality over customers. Gaps are perceived − expected: below 0, the service falls short.
///
/// # Formula
/// ```text
/// gap of a dimension = mean of its items' P − E, by customer
/// unweighted         = mean of the five gaps, by customer
/// weighted           = Σ points/100 · gap, by customer; not divided by 5 again
/// SERVPERF           = mean of the five dimensions' P, by customer
/// ```
///
/// # Example
/// ```
/// use goodwill::satisfaction::{Servqual, ServiceAnswers};
///
/// let mut perceived = [5; 22];
/// perceived[4..9].fill(4); // reliability
/// let customer = ServiceAnswers::new([6; 22], perceived)?.weighted([10, 60, 10, 10, 10])?;
/// let quality = Servqual::of(&[customer])?;
/// assert!((quality.unweighted.value() + 1.2).abs() < 1e-15); // four gaps of −1, one of −2
/// assert!((quality.weighted.value() + 1.6).abs() < 1e-15);
/// assert!((quality.servperf.value() - 4.8).abs() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Parasuraman, Zeithaml and Berry (1988), Journal of Retailing 64(1), 12–40; Cronin and Taylor (1992), Journal of
/// Marketing 56(3), 55–68.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Servqual {
    /// The gap of each dimension, in the order of [`Dimension::ALL`].
    pub gaps: [MeanScore; 5],
    /// The mean of the five gaps.
    pub unweighted: MeanScore,
    /// The gaps by each customer's own weights.
    pub weighted: MeanScore,
    /// Perceived performance alone, from 1 to 7.
    pub servperf: MeanScore,
}

impl Servqual {
    /// Reads one row a customer; their order changes no bit.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without customers.
    pub fn of(customers: &[ServiceAnswers]) -> Result<Self> {
        let mean = |value: &dyn Fn(&ServiceAnswers) -> f64| {
            MeanScore::of(&customers.iter().map(value).collect::<Vec<_>>())
        };
        let gap = |dimension: Dimension| mean(&|one| one.gap(dimension));
        let [tangibles, reliability, responsiveness, assurance, empathy] = Dimension::ALL.map(gap);
        Ok(Self {
            gaps: [tangibles?, reliability?, responsiveness?, assurance?, empathy?],
            unweighted: mean(&|one| {
                Dimension::ALL.iter().map(|&of| one.gap(of)).sum::<f64>() / 5.0
            })?,
            weighted: mean(&|one| {
                Dimension::ALL
                    .iter()
                    .zip(one.weights)
                    .map(|(&of, weight)| weight * one.gap(of))
                    .sum()
            })?,
            servperf: mean(&|one| {
                Dimension::ALL.iter().map(|of| of.mean(&one.perceived)).sum::<f64>() / 5.0
            })?,
        })
    }
}

/// Where perceived service lies between the least that is accepted and what is desired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Tolerance {
    /// Below what is adequate.
    Below,
    /// At least adequate, and below what is desired.
    Within,
    /// At what is desired, or above.
    Above,
}

/// Adequate, perceived and desired service of one item or dimension.
///
/// # Formula
/// ```text
/// adequacy (MSA) = perceived − adequate;   superiority (MSS) = perceived − desired
/// ```
///
/// # Example
/// ```
/// use goodwill::satisfaction::{Tolerance, ToleranceZone};
///
/// let zone = ToleranceZone::new(4.0, 5.5, 6.0)?;
/// assert_eq!((zone.adequacy(), zone.superiority()), (1.5, -0.5));
/// assert_eq!(zone.position(), Tolerance::Within);
/// assert!(ToleranceZone::new(6.0, 5.0, 4.0).is_err());
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Zeithaml, Berry and Parasuraman (1993), Journal of the Academy of Marketing Science 21(1), 1–12.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ToleranceZone {
    adequate: f64,
    perceived: f64,
    desired: f64,
}

impl ToleranceZone {
    /// All three in the same unit.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for one outside [−10⁶, 10⁶];
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where more is adequate than desired.
    pub fn new(adequate: f64, perceived: f64, desired: f64) -> Result<Self> {
        let named = [("adequate", adequate), ("perceived", perceived), ("desired", desired)];
        for (name, value) in named {
            if !(-1e6..=1e6).contains(&value) {
                return Err(Error::out_of_domain(name, value, "[-1e6, 1e6]"));
            }
        }
        if adequate > desired {
            let what = format!("adequate service of {adequate} is above the desired {desired}");
            return Err(Error::inconsistent(what));
        }
        Ok(Self { adequate, perceived, desired })
    }

    /// Perceived − adequate.
    #[must_use]
    pub fn adequacy(&self) -> f64 {
        self.perceived - self.adequate
    }

    /// Perceived − desired.
    #[must_use]
    pub fn superiority(&self) -> f64 {
        self.perceived - self.desired
    }

    /// Where the perceived service lies.
    #[must_use]
    pub fn position(&self) -> Tolerance {
        if self.perceived >= self.desired {
            Tolerance::Above
        } else if self.perceived >= self.adequate {
            Tolerance::Within
        } else {
            Tolerance::Below
        }
    }
}
