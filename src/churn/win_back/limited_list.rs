//! A good list where the number of calls is limited as well: Lagrange's relaxation of the budget.

use super::best_list::{Offer, Ranked, total};
use crate::error::{Error, Result};
use crate::math::root::first_that;
use crate::money::{self, Sum};

/// How many can be called: in all, and through each channel. No limit unless given.
///
/// # Example
/// ```
/// use goodwill::churn::ContactLimits;
///
/// // 40 calls, letters to everybody, and no more than 100 contacts together: channels 0 and 1.
/// let limits = ContactLimits::new().channel(40).channel(usize::MAX).in_all(100);
/// assert_eq!(limits.channels(), [40, usize::MAX]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ContactLimits {
    in_all: usize,
    channels: Vec<usize>,
}

impl Default for ContactLimits {
    fn default() -> Self {
        Self { in_all: usize::MAX, channels: Vec::new() }
    }
}

impl ContactLimits {
    /// No channel yet, and no limit.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The next channel: the first is 0.
    #[must_use]
    pub fn channel(mut self, most: usize) -> Self {
        self.channels.push(most);
        self
    }

    /// How many can be called through all channels together.
    #[must_use]
    pub fn in_all(self, most: usize) -> Self {
        Self { in_all: most, ..self }
    }

    /// How many each channel can take.
    #[must_use]
    pub fn channels(&self) -> &[usize] {
        &self.channels
    }

    /// Whether there is one of these channels for each row.
    pub(super) fn check(&self, channels: &[usize], rows: usize) -> Result<()> {
        if channels.len() != rows {
            return Err(Error::length_mismatch(("gains", rows), ("channels", channels.len())));
        }
        let unknown = channels.iter().position(|&own| own >= self.channels.len());
        unknown.map_or(Ok(()), |row| {
            let domain = "the channels of the limits";
            Err(Error::out_of_domain("channel", channels[row], domain).at_row(row))
        })
    }
}

pub(super) struct Limited {
    /// Places in the ranking, in its order.
    pub(super) taken: Vec<usize>,
    pub(super) bound: f64,
    pub(super) shadow_price: f64,
}

pub(super) fn search(
    ranked: &Ranked,
    channels: &[usize],
    limits: &ContactLimits,
) -> Result<Limited> {
    let priced = Priced { ranked, channels, limits };
    let affordable =
        |price: f64| priced.cost(&priced.best(price)).is_some_and(|cost| cost <= ranked.budget);
    // At a price without end only what costs nothing is taken.
    let price = first_that(affordable).unwrap_or(f64::MAX);
    let mut taken = priced.best(price);
    let bound = priced.bound(price, &taken)?;
    priced.fill(price, &mut taken)?;
    taken.sort_unstable();
    Ok(Limited { taken, bound, shadow_price: price })
}

/// The offers, when the budget has a price.
struct Priced<'a> {
    ranked: &'a Ranked,
    channels: &'a [usize],
    limits: &'a ContactLimits,
}

impl Priced<'_> {
    /// Every place of the ranking with gain − price·cost, the largest first; equal ones in the order of the ranking.
    fn by_value(&self, price: f64) -> Vec<(f64, usize)> {
        let value = |offer: &Offer| offer.gain - price * money::to_f64(offer.cost);
        let places = self.ranked.offers.iter().enumerate();
        let mut all: Vec<(f64, usize)> = places.map(|(place, own)| (value(own), place)).collect();
        all.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        all
    }

    /// The list of the highest Σ (gain − price·cost) within the limits: the best first, whoever the limits allow.
    fn best(&self, price: f64) -> Vec<usize> {
        let mut room = self.room();
        let by_value = self.by_value(price);
        let worth_it = by_value.into_iter().take_while(|(value, _)| *value > 0.0);
        worth_it
            .filter(|&(_, place)| room.takes(self.channel(place)))
            .map(|(_, place)| place)
            .collect()
    }

    /// Adds whoever still fits the budget and the limits, in the order of gain − price·cost.
    fn fill(&self, price: f64, taken: &mut Vec<usize>) -> Result<()> {
        let mut room = self.room();
        let mut is_taken = vec![false; self.ranked.offers.len()];
        let mut spent = Sum::default();
        for &place in &*taken {
            is_taken[place] = true;
            room.takes(self.channel(place));
            spent.add(self.ranked.offers[place].cost)?;
        }
        for (_, place) in self.by_value(price) {
            let offer = &self.ranked.offers[place];
            if !is_taken[place]
                && room.has(self.channel(place))
                && self.ranked.fits(&mut spent, offer)?
            {
                room.takes(self.channel(place));
                taken.push(place);
            }
        }
        Ok(())
    }

    /// λ·budget + Σ (gain − λ·cost) of the best list at this price.
    fn bound(&self, price: f64, best: &[usize]) -> Result<f64> {
        let gain = total(best.iter().map(|&place| self.ranked.offers[place].gain));
        let spent = self.cost(best).ok_or_else(|| Error::overflow("a total of money"))?;
        let most = self.ranked.offers.iter().fold(0.0, |most: f64, offer| most.max(offer.gain));
        // Offers whose values differ by rounding may have changed places, one for each that is taken.
        let rounding = 8.0 * f64::EPSILON * (best.len() + 1) as f64 * most;
        if price > 0.0 {
            let left = price * self.ranked.left(&spent)?;
            Ok(self.ranked.not_below(gain + left + rounding))
        } else {
            Ok(gain)
        }
    }

    fn cost(&self, places: &[usize]) -> Option<Sum> {
        let mut cost = Sum::default();
        places.iter().try_for_each(|&place| cost.add(self.ranked.offers[place].cost)).ok()?;
        Some(cost)
    }

    fn channel(&self, place: usize) -> usize {
        self.channels[self.ranked.offers[place].row]
    }

    fn room(&self) -> Room {
        Room { in_all: self.limits.in_all, channels: self.limits.channels.clone() }
    }
}

/// Calls that are left.
struct Room {
    in_all: usize,
    channels: Vec<usize>,
}

impl Room {
    fn has(&self, channel: usize) -> bool {
        self.in_all > 0 && self.channels[channel] > 0
    }

    /// Whether there is one more, which then is gone.
    fn takes(&mut self, channel: usize) -> bool {
        let has = self.has(channel);
        if has {
            self.in_all -= 1;
            self.channels[channel] -= 1;
        }
        has
    }
}
