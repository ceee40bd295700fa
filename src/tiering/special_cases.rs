//! Customers without a value, with none to give, and at a loss: a declared place for each.

use crate::error::{Error, Result};

use super::pyramid::{Tier, Tiering};
use super::value::Value;

/// What to do with customers of one special kind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Treatment {
    /// Cut them with the others, by their value. A missing value has none, so it is refused.
    Ranked,
    /// Keep them out of the cut, in a tier of their own below the others.
    OwnTier(String),
    /// An error with the row.
    Refused,
}

/// A declared place for customers whose value is 0, below 0 or missing; they are never silently anything else.
///
/// The tiers of their own come after those of the cut, in the order zeros, losses, missing. Shares of customers
/// are of everybody; a missing value adds nothing to the total.
///
/// # Example
/// ```
/// use goodwill::tiering::{Pyramid, SpecialCases, Ties, Treatment};
///
/// let own = |name: &str| Treatment::OwnTier(name.to_owned());
/// let cases = SpecialCases::new(own("idle"), own("at a loss"), Treatment::Refused);
/// let values = [Some(0.0), Some(8.0), Some(-5.0), Some(2.0)];
/// let halves = Pyramid::quantiles(2)?;
/// let tiering = cases.assign(&values, |ranked| halves.assign(ranked, Ties::TogetherUp))?;
/// assert_eq!(tiering.assignments(), [2, 0, 3, 1]); // the loss has not moved the cut between 8 and 2
/// assert_eq!(tiering.tiers()[3].value, -5.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SpecialCases {
    zeros: Treatment,
    losses: Treatment,
    missing: Treatment,
}

impl SpecialCases {
    /// The treatment of values that are 0, below 0 and missing.
    #[must_use]
    pub fn new(zeros: Treatment, losses: Treatment, missing: Treatment) -> Self {
        Self { zeros, losses, missing }
    }

    /// Cuts the customers that are not special by `cut`, and adds the tiers of those that are.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) with the row of a customer who is refused;
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) with its row for a value that is not finite;
    /// [`Empty`](crate::ErrorKind::Empty) where nobody is left to cut;
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch)
    /// where `cut` answers for another number of customers; what `cut` returns.
    pub fn assign<V: Value>(
        &self,
        values: &[Option<V>],
        cut: impl FnOnce(&[V]) -> Result<Tiering<V>>,
    ) -> Result<Tiering<V>> {
        let kinds = [&self.zeros, &self.losses, &self.missing];
        let mut ranked = Vec::with_capacity(values.len());
        // The customer's kind, or None for one of the cut.
        let mut places = Vec::with_capacity(values.len());
        for (row, &value) in values.iter().enumerate() {
            let kind = match value {
                None => Some(2),
                Some(value) => {
                    value.checked().map_err(|error| error.at_row(row))?;
                    if value < V::ZERO { Some(1) } else { (value == V::ZERO).then_some(0) }
                }
            };
            let kind = match kind.map(|kind| (kind, kinds[kind], value)) {
                None | Some((_, Treatment::Ranked, Some(_))) => None,
                Some((kind, Treatment::OwnTier(_), _)) => Some(kind),
                Some((_, _, value)) => {
                    let value = value.map_or("no value".to_owned(), |value| format!("{value:?}"));
                    let what = format!("the customer has {value}, which is refused");
                    return Err(Error::inconsistent(what).at_row(row));
                }
            };
            if kind.is_none() {
                ranked.extend(value);
            }
            places.push(kind);
        }
        if ranked.is_empty() {
            return Err(Error::empty("values to cut"));
        }
        let tiering = cut(&ranked)?;
        let answered = tiering.assignments().len();
        if answered != ranked.len() {
            return Err(Error::length_mismatch(
                ("values to cut", ranked.len()),
                ("assignments", answered),
            ));
        }
        merge(values, &places, kinds, &tiering)
    }
}

/// The tiering of the cut with the tiers of the special kinds below it.
fn merge<V: Value>(
    values: &[Option<V>],
    places: &[Option<usize>],
    kinds: [&Treatment; 3],
    tiering: &Tiering<V>,
) -> Result<Tiering<V>> {
    let mut total = V::Total::default();
    values.iter().flatten().try_for_each(|value| value.add_to(&mut total))?;
    let base = (values.len(), V::read(&total)?);
    let cut = |tier: &Tier<V>| {
        Tier::new(tier.name.clone(), tier.customers, tier.value, tier.cutoff, base)
    };
    let mut tiers: Vec<Tier<V>> = tiering.tiers().iter().map(cut).collect();
    let mut tier_of_kind = [0; 3];
    for (kind, treatment) in kinds.into_iter().enumerate() {
        let Treatment::OwnTier(name) = treatment else { continue };
        tier_of_kind[kind] = tiers.len() as u32;
        let (mut customers, mut own, mut cutoff) = (0, V::Total::default(), None);
        for (value, _) in values.iter().zip(places).filter(|&(_, place)| *place == Some(kind)) {
            customers += 1;
            let Some(value) = value else { continue };
            value.add_to(&mut own)?;
            cutoff =
                Some(cutoff.map_or(*value, |lowest| if *value < lowest { *value } else { lowest }));
        }
        tiers.push(Tier::new(name.clone(), customers, V::read(&own)?, cutoff, base));
    }
    let mut of_the_cut = tiering.assignments().iter().copied();
    let tier_of = |place: &Option<usize>| {
        place.map_or_else(|| of_the_cut.next(), |kind| Some(tier_of_kind[kind]))
    };
    let assignments = places.iter().filter_map(tier_of).collect();
    Ok(Tiering::new(assignments, tiers, base.1))
}
