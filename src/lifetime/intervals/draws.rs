//! One possible future of a whole base.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::futures::{Drawing, Simulated, SimulatedSpend, Stream};
use crate::error::Result;
use crate::lifetime::fit::Fit;
use crate::lifetime::model::{finite, sealed::Known};
use crate::lifetime::simulation::drawn;
use crate::lifetime::simulation::happens;
use crate::parallel::{map_runs, run_of};
use crate::time::TimeUnit;
use crate::transactions::{Histories, Spend, Spends};

/// Known customers, in an order that only depends on what is known of them: so do the draws.
pub(in crate::lifetime) struct Base {
    rows: Vec<(Known, Spend)>,
    /// Where each row stands in the caller's order.
    places: Vec<usize>,
}

impl Base {
    pub(in crate::lifetime) fn new(
        histories: &Histories,
        spends: Option<&Spends>,
        unit: TimeUnit,
    ) -> Self {
        let spend = |row| spends.and_then(|spends| spends.get(row)).unwrap_or(Spend::UNKNOWN);
        let known = |(row, history)| (Known::new(&history, unit), spend(row));
        let rows: Vec<(Known, Spend)> = histories.iter().enumerate().map(known).collect();
        let mut places: Vec<usize> = (0..rows.len()).collect();
        places.sort_by_key(|&place| key(&rows[place]));
        Self { rows: places.iter().map(|&place| rows[place]).collect(), places }
    }

    /// What `of` makes of each distinct customer, in the caller's order.
    pub(super) fn map_distinct<T: Clone + Send>(
        &self,
        of: impl Fn(Known, &Spend) -> Result<T> + Send + Sync,
    ) -> Result<Vec<T>> {
        let alike: Vec<&[(Known, Spend)]> = self.rows.chunk_by(|a, b| key(a) == key(b)).collect();
        let runs = map_runs(alike.len(), run_of(alike.len()), |run| {
            let one = |same: &&[(Known, Spend)]| of(same[0].0, &same[0].1);
            alike[run].iter().map(one).collect::<Result<Vec<T>>>()
        });
        let mut ordered = Vec::with_capacity(self.rows.len());
        let distinct: Vec<Vec<T>> = runs.into_iter().collect::<Result<_>>()?;
        for (same, value) in alike.iter().zip(distinct.into_iter().flatten()) {
            ordered.extend(same.iter().map(|_| value.clone()));
        }
        let mut values: Vec<(usize, T)> = self.places.iter().copied().zip(ordered).collect();
        values.sort_unstable_by_key(|&(place, _)| place);
        Ok(values.into_iter().map(|(_, value)| value).collect())
    }
}

/// Numbers that are not negative order as their bits do; spends may be negative, where any order will do.
fn key((known, spend): &(Known, Spend)) -> (u32, u64, u64, u32, u64) {
    let (age, recency) = (known.age.to_bits(), known.recency.to_bits());
    (known.frequency, age, recency, spend.frequency(), spend.mean().to_bits())
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

/// What is drawn of one future.
pub(in crate::lifetime) struct World<'a, M, T> {
    models: Vec<M>,
    tally: T,
    base: &'a Base,
    ahead: Ahead,
    drawing: Drawing,
}

impl<'a, M: Simulated, T: Tally> World<'a, M, T> {
    pub(in crate::lifetime) fn new(
        fit: &Fit<M>,
        tally: T,
        base: &'a Base,
        ahead: Ahead,
        drawing: Drawing,
    ) -> Result<Self> {
        let models = drawing.models(fit, Stream::Parameters)?;
        Ok(Self { models, tally, base, ahead, drawing })
    }

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
        let same_history = |a: &(Known, Spend), b: &(Known, Spend)| key(&(a.0, b.1)) == key(b);
        for alike in self.base.rows.chunk_by(same_history) {
            let known = alike[0].0;
            let alive = model.alive(known).get();
            for (_, spend) in alike {
                if !happens(alive, &mut purchases) {
                    continue;
                }
                let times = model.draw_if_alive(known, self.ahead.span(), &mut purchases)?;
                if !times.is_empty() {
                    counts.fill(0);
                    self.ahead.count(times.into_iter(), &mut counts);
                    self.tally.add(draw, spend, &counts, &mut totals, &mut spends)?;
                }
            }
        }
        Ok(totals)
    }

    /// What newcomers do in each period, so many of whom come in each, at random times; their first purchases are
    /// counted or not.
    pub(in crate::lifetime) fn newcomers(
        &self,
        draw: usize,
        plan: &[u32],
        counts_first: bool,
    ) -> Result<Vec<f64>> {
        let model = &self.models[draw];
        let mut purchases = self.drawing.generator(draw, Stream::Newcomers);
        let mut spends = self.drawing.generator(draw, Stream::NewcomerSpend);
        let mut totals = vec![0.0; self.ahead.periods];
        let mut counts = vec![0; self.ahead.periods];
        for (period, &many) in plan.iter().enumerate() {
            for _ in 0..many {
                let start = self.ahead.period * (period as f64 + purchases.random::<f64>());
                let left = (self.ahead.span() - start).max(0.0);
                let times = drawn(model, Known::NEWCOMER, left, &mut purchases)?;
                if counts_first || !times.is_empty() {
                    counts.fill(0);
                    counts[period] += u32::from(counts_first);
                    self.ahead.count(times.into_iter().map(|t| start + t), &mut counts);
                    self.tally.add(draw, &Spend::UNKNOWN, &counts, &mut totals, &mut spends)?;
                }
            }
        }
        Ok(totals)
    }
}
