//! The best list of all, for small cases: depth-first branch and bound.

use super::best_list::{Offer, Ranked};
use crate::error::{Error, Result};
use crate::money::{self, Sum};

pub(super) const CANDIDATES: usize = 200;
pub(super) const STEPS: u32 = 1_000_000;

/// The places in the ranking of the best list.
pub(super) fn search(ranked: &Ranked) -> Result<Vec<usize>> {
    let candidates = ranked.offers.len();
    if candidates > CANDIDATES {
        return Err(refused(format!(
            "{candidates} candidates gain and fit, more than {CANDIDATES}; take the list by gain/cost"
        )));
    }
    let mut search = Search { ranked, steps: 0, taken: Vec::new(), best: Vec::new(), most: 0.0 };
    search.step(0, Sum::default(), 0.0)?;
    Ok(search.best)
}

fn refused(reason: String) -> Error {
    Error::undefined("exact list", reason)
}

struct Search<'a> {
    ranked: &'a Ranked,
    steps: u32,
    taken: Vec<usize>,
    best: Vec<usize>,
    most: f64,
}

impl Search<'_> {
    /// Decides on the offer at this place and on those behind it.
    fn step(&mut self, place: usize, spent: Sum, gain: f64) -> Result<()> {
        /// Lists whose gains differ by less are equal: far more than rounding, and what keeps many like candidates
        /// from being tried in every combination.
        const ROUNDING: f64 = 1e-12;
        self.steps += 1;
        if self.steps > STEPS {
            return Err(refused(format!(
                "it takes more than {STEPS} steps; take the list by gain/cost"
            )));
        }
        if gain > self.most * (1.0 + ROUNDING) {
            self.most = gain;
            self.best.clone_from(&self.taken);
        }
        let ranked = self.ranked;
        let Some(offer) = ranked.offers.get(place) else { return Ok(()) };
        let reach = gain + reach(&ranked.offers[place..], ranked.left(&spent)?);
        if !(reach > self.most * (1.0 + ROUNDING)) {
            return Ok(());
        }
        let mut with = spent;
        if ranked.fits(&mut with, offer)? {
            self.taken.push(place);
            self.step(place + 1, with, gain + offer.gain)?;
            self.taken.pop();
        }
        self.step(place + 1, spent, gain)
    }
}

/// The most that these can add with what is left of the budget, if the last may be taken in part.
fn reach(offers: &[Offer], mut left: f64) -> f64 {
    let mut gain = 0.0;
    for offer in offers {
        let cost = money::to_f64(offer.cost);
        if cost > left {
            return gain + offer.gain * (left / cost);
        }
        left -= cost;
        gain += offer.gain;
    }
    gain
}
