//! One possible future of a whole base.

use std::cmp::Ordering;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::customers::CustomersOf;
use super::futures::{Drawing, Simulated, SimulatedSpend, Stream};
use crate::error::{Error, Result};
use crate::lifetime::model::{finite, sealed::Known};
use crate::lifetime::simulation::drawn;
use crate::lifetime::simulation::happens;
use crate::parallel::{map_runs, run_of};
use crate::time::TimeUnit;
use crate::transactions::{Spend, Spends};

/// What is known of a customer.
#[derive(Clone, Copy)]
pub(super) struct Customer<'a> {
    pub(super) known: Known,
    pub(super) covariates: &'a [f64],
    pub(super) spend: Spend,
    /// Where he stands in the caller's order.
    place: usize,
}

impl Customer<'_> {
    /// Numbers that are not negative order as their bits do; covariates and spends may be negative, where any order
    /// will do.
    fn by_model(&self, other: &Self) -> Ordering {
        let history = |own: &Self| {
            let Known { frequency, recency, age } = own.known;
            (frequency, age.to_bits(), recency.to_bits())
        };
        let bits = |value: &f64| value.to_bits();
        let by_covariates =
            || self.covariates.iter().map(bits).cmp(other.covariates.iter().map(bits));
        history(self).cmp(&history(other)).then_with(by_covariates)
    }

    fn order(&self, other: &Self) -> Ordering {
        let spend = |own: &Self| (own.spend.frequency(), own.spend.mean().to_bits());
        self.by_model(other).then_with(|| spend(self).cmp(&spend(other)))
    }
}

/// Known customers, in an order that only depends on what is known of them: so do the draws.
pub(in crate::lifetime) struct Base<'a> {
    customers: Vec<Customer<'a>>,
}

impl<'a> Base<'a> {
    pub(in crate::lifetime) fn new<M, H: CustomersOf<M>>(
        customers: &'a H,
        spends: Option<&Spends>,
        unit: TimeUnit,
    ) -> Self {
        let spend = |row| spends.and_then(|spends| spends.get(row)).unwrap_or(Spend::UNKNOWN);
        let rows = customers.histories().iter().zip(customers.covariates()).enumerate();
        let customer = |(place, (history, covariates))| Customer {
            known: Known::new(&history, unit),
            covariates,
            spend: spend(place),
            place,
        };
        let mut customers: Vec<Customer<'a>> = rows.map(customer).collect();
        customers.sort_by(Customer::order);
        Self { customers }
    }

    /// What `of` makes of each distinct customer, in the caller's order.
    pub(super) fn map_distinct<T: Clone + Send>(
        &self,
        of: impl Fn(&Customer<'a>) -> Result<T> + Send + Sync,
    ) -> Result<Vec<T>> {
        let alike = self.customers.chunk_by(|a, b| a.order(b).is_eq());
        let alike: Vec<&[Customer<'a>]> = alike.collect();
        let runs = map_runs(alike.len(), run_of(alike.len()), |run| {
            let one = |same: &&[Customer<'a>]| {
                of(&same[0]).map_err(|error: Error| error.at_row(same[0].place))
            };
            alike[run].iter().map(one).collect::<Result<Vec<T>>>()
        });
        let distinct: Vec<Vec<T>> = runs.into_iter().collect::<Result<_>>()?;
        let mut values = Vec::with_capacity(self.customers.len());
        for (same, value) in alike.iter().zip(distinct.into_iter().flatten()) {
            values.extend(same.iter().map(|own| (own.place, value.clone())));
        }
        values.sort_unstable_by_key(|&(place, _)| place);
        Ok(values.into_iter().map(|(_, value)| value).collect())
    }
}

/// What is counted of a customer's purchases.
pub(in crate::lifetime) trait Tally: Sync {
    /// Adds a customer's purchases in each period to the totals of a draw; each counts as one.
    fn add(
        &self,
        _draw: usize,
        _spend: &Spend,
        counts: &[u32],
        totals: &mut [f64],
        _generator: &mut ChaCha8Rng,
    ) -> Result<()> {
        for (total, &count) in totals.iter_mut().zip(counts) {
            *total += f64::from(count);
        }
        Ok(())
    }
}

/// Each purchase counts as one.
pub(in crate::lifetime) struct Purchases;

impl Tally for Purchases {}

/// Each purchase counts as what it costs, by the spend model of the draw.
pub(in crate::lifetime) struct Revenue<S>(pub(in crate::lifetime) Vec<S>);

impl<S: SimulatedSpend> Tally for Revenue<S> {
    fn add(
        &self,
        draw: usize,
        spend: &Spend,
        counts: &[u32],
        totals: &mut [f64],
        generator: &mut ChaCha8Rng,
    ) -> Result<()> {
        let model = &self.0[draw];
        let individual = model.draw_individual(spend, generator)?;
        for (total, &count) in totals.iter_mut().zip(counts) {
            if count > 0 {
                let brought = model.draw_total(individual, f64::from(count), generator)?;
                *total = finite("drawn revenue", *total + brought)?;
            }
        }
        Ok(())
    }
}

/// Periods ahead, one after the other, in the unit of a model.
#[derive(Clone, Copy)]
pub(in crate::lifetime) struct Ahead {
    pub(in crate::lifetime) period: f64,
    pub(in crate::lifetime) periods: usize,
}

impl Ahead {
    fn span(&self) -> f64 {
        self.period * self.periods as f64
    }

    fn count(&self, times: impl Iterator<Item = f64>, counts: &mut [u32]) {
        for time in times {
            counts[((time / self.period) as usize).min(self.periods - 1)] += 1;
        }
    }
}

/// Newcomers of whom the same is known, so many of whom come in each period, at random times; their first purchases
/// are counted or not.
#[derive(Clone, Copy)]
pub(in crate::lifetime) struct Kind<'a> {
    pub(in crate::lifetime) covariates: &'a [f64],
    pub(in crate::lifetime) newcomers: &'a [u32],
    pub(in crate::lifetime) counts_first: bool,
}

/// What is drawn of one future.
pub(in crate::lifetime) struct World<'a, M, O, T> {
    pub(super) models: Vec<M>,
    /// The model of a customer by his covariates.
    pub(super) own: fn(&M, &[f64]) -> Result<O>,
    pub(super) tally: T,
    pub(super) base: &'a Base<'a>,
    pub(super) ahead: Ahead,
    pub(super) drawing: Drawing,
}

impl<M: Send + Sync, O: Simulated, T: Tally> World<'_, M, O, T> {
    /// What `of` makes of every future, in order.
    pub(in crate::lifetime) fn futures<R: Send>(
        &self,
        of: impl Fn(&Self, usize) -> Result<R> + Send + Sync,
    ) -> Result<Vec<R>> {
        let draws = self.drawing.draws;
        let runs = map_runs(draws, run_of(draws), |run| {
            run.map(|draw| of(self, draw)).collect::<Result<Vec<R>>>()
        });
        let runs: Vec<Vec<R>> = runs.into_iter().collect::<Result<_>>()?;
        Ok(runs.into_iter().flatten().collect())
    }

    /// What the known customers do in each period.
    pub(in crate::lifetime) fn known(&self, draw: usize) -> Result<Vec<f64>> {
        let model = &self.models[draw];
        let mut purchases = self.drawing.generator(draw, Stream::Known);
        let mut spends = self.drawing.generator(draw, Stream::KnownSpend);
        let mut totals = vec![0.0; self.ahead.periods];
        let mut counts = vec![0; self.ahead.periods];
        for alike in self.base.customers.chunk_by(|a, b| a.by_model(b).is_eq()) {
            let Customer { known, covariates, .. } = alike[0];
            let own = (self.own)(model, covariates)?;
            let alive = own.alive(known).get();
            for Customer { spend, .. } in alike {
                if !happens(alive, &mut purchases) {
                    continue;
                }
                let times = own.draw_if_alive(known, self.ahead.span(), &mut purchases)?;
                if !times.is_empty() {
                    counts.fill(0);
                    self.ahead.count(times.into_iter(), &mut counts);
                    self.tally.add(draw, spend, &counts, &mut totals, &mut spends)?;
                }
            }
        }
        Ok(totals)
    }

    /// What newcomers of every kind do in each period.
    pub(in crate::lifetime) fn newcomers(
        &self,
        draw: usize,
        kinds: &[Kind<'_>],
    ) -> Result<Vec<f64>> {
        let model = &self.models[draw];
        let mut purchases = self.drawing.generator(draw, Stream::Newcomers);
        let mut spends = self.drawing.generator(draw, Stream::NewcomerSpend);
        let mut totals = vec![0.0; self.ahead.periods];
        let mut counts = vec![0; self.ahead.periods];
        for kind in kinds {
            let own = (self.own)(model, kind.covariates)?;
            for (period, &many) in kind.newcomers.iter().enumerate() {
                for _ in 0..many {
                    let start = self.ahead.period * (period as f64 + purchases.random::<f64>());
                    let left = (self.ahead.span() - start).max(0.0);
                    let times = drawn(&own, Known::NEWCOMER, left, &mut purchases)?;
                    if kind.counts_first || !times.is_empty() {
                        counts.fill(0);
                        counts[period] += u32::from(kind.counts_first);
                        self.ahead.count(times.into_iter().map(|t| start + t), &mut counts);
                        self.tally.add(draw, &Spend::UNKNOWN, &counts, &mut totals, &mut spends)?;
                    }
                }
            }
        }
        Ok(totals)
    }
}
