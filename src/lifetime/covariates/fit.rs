//! The optimum of a likelihood with covariates.

use nalgebra::{DMatrix, DVector};

use super::likelihood::{Sample, Setting, add, canonical};
use super::{Covariates, Effect, EffectOn, Effects, Family, WithCovariates, free_targets, slope};
use crate::error::{Error, Result};
use crate::lifetime::fit::{Fit, FitOptions, LOOSE, Optimum, failure, first_optimum, limits};
use crate::lifetime::options::{Checked, Scale};
use crate::math::centred::Centred;
use crate::math::concave::Slope;
use crate::math::least_squares::{between, told_apart};
use crate::math::newton::{Ascent, Evaluation};
use crate::transactions::Histories;

/// A column's mean and standard deviation, and its largest deviation from the mean.
#[derive(Clone, Copy, Debug)]
struct Measure {
    mean: f64,
    spread: f64,
    most: f64,
}

impl Measure {
    fn standardised(&self, z: f64) -> f64 {
        (z - self.mean) / self.spread
    }
}

/// A coefficient with what it is of.
#[derive(Clone, Copy, Debug)]
struct Sought {
    on: EffectOn,
    /// Among the caller's columns, and in canonical order.
    place: usize,
    column: usize,
}

pub(super) fn fit<M: Family>(
    histories: &Histories,
    covariates: &Covariates,
    effects: &Effects,
    options: &FitOptions,
) -> Result<Fit<WithCovariates<M>>> {
    covariates.must_be_of(histories.len())?;
    let acting = effects.places(covariates)?;
    if histories.is_empty() {
        return Err(Error::empty("histories"));
    }
    let order = canonical(covariates.names());
    let of_caller = measures(covariates, &acting)?;
    let measures: Vec<Measure> = order.iter().map(|&place| of_caller[place]).collect();
    let sought = sought::<M>(effects, &acting, &order)?;
    let plain = M::fit_plain(histories, options)?;
    let (unit, named) = (histories.unit(), plain.model().named());

    let coefficient = |s: &Sought| (s.column, slope::<M>(s.on, effects.tied()));
    let setting = Setting {
        unit,
        plain: named.map(|(_, value)| value),
        coefficients: sought.iter().map(coefficient).collect(),
    };
    let zero: Vec<f64> = measures.iter().map(|measure| measure.standardised(0.0)).collect();
    let at_zero = setting.directions(&zero);
    let sample = Sample::new(histories, unit, covariates, &order)
        .map_covariates(|column, z| measures[column].standardised(z));

    let scale: [Scale; 4] = std::array::from_fn(|i| {
        if M::TIMES[i] { Scale::time(named[i].1, unit) } else { Scale::number(named[i].1) }
    });
    let checked = options.checked(M::WITH_COVARIATES, named.map(|(name, _)| name), scale)?;
    let limits = limits(options, &checked);
    let loosest_effect = |s: &Sought| LOOSE * measures[s.column].spread / measures[s.column].most;
    let loosest: Vec<f64> =
        [LOOSE; 4].into_iter().chain(sought.iter().map(loosest_effect)).collect();
    let start = vec![0.0; setting.parameters()];
    let end = first_optimum(std::iter::once(start), &limits, &loosest, |at| {
        let mut sum = setting.evaluate::<M>(&sample, at);
        penalise(&mut sum, &checked, &at_zero, at);
        sum
    });
    let found = Found { covariates, effects, measures: &measures, sought: &sought };
    let Optimum { end, covariance, evaluations } = end.map_err(|end| {
        let Some(end) = end else { return Error::empty("starts") };
        let limits = (limits.bound, &loosest[..]);
        found.endless::<M>(&end, limits).unwrap_or_else(|| {
            let point = setting.point(&at_zero, &end.point);
            failure(M::WITH_COVARIATES, &named.map(|(name, _)| name), &end, &point, limits)
        })
    })?;

    let mut penalty = Slope::zero(setting.parameters());
    penalise(&mut penalty, &checked, &at_zero, &end.point);
    let point = setting.point(&at_zero, &end.point);
    let base = (0..4)
        .map(|i| DVector::from_iterator(at_zero.len(), at_zero.iter().map(|d| point[i] * d[i])));
    let covariance = found.covariance::<M>(base.collect(), &covariance);
    Ok(Fit {
        parameters: named.into_iter().map(|(name, _)| name).chain(found.names::<M>()).collect(),
        model: found.model(M::checked(unit, point), &end.point, &covariance)?,
        chosen: 0,
        log_likelihood: end.value - penalty.value,
        penalised_log_likelihood: end.value,
        covariance,
        customers: histories.len(),
        left_out: 0,
        evaluations: plain.evaluations() + evaluations,
    })
}

/// How the coefficients of a climb read in the caller's terms.
struct Found<'a> {
    covariates: &'a Covariates,
    effects: &'a Effects,
    measures: &'a [Measure],
    sought: &'a [Sought],
}

impl Found<'_> {
    /// The error that an effect has run away or stayed open, if one has.
    fn endless<M: Family>(&self, end: &Ascent, (bound, loosest): (f64, &[f64])) -> Option<Error> {
        let open = |i: usize| {
            let variance = end.covariance.as_ref().map_or(0.0, |c| c[(i, i)]);
            end.point[i].abs() > bound || !(variance <= loosest[i] * loosest[i])
        };
        let i = (4..end.point.len()).find(|&i| open(i))?;
        let Sought { on, place, column } = self.sought[i - 4];
        let reason = format!(
            "the {} of covariate {} has no end (it passed {:.3e}): too few customers who differ by it have bought \
             again; leave it out, or join categories",
            on.name(),
            self.covariates.names()[place],
            end.point[i] / self.measures[column].spread,
        );
        Some(Error::undefined(M::WITH_COVARIATES, reason))
    }

    /// The coefficients by target, and then in the order of the caller's columns.
    fn listed<M: Family>(&self) -> Vec<usize> {
        let mut listed: Vec<usize> = (0..self.sought.len()).collect();
        let key = |&i: &usize| {
            let Sought { on, place, .. } = self.sought[i];
            (M::TARGETS.iter().position(|target| *target == on), place)
        };
        listed.sort_by_key(key);
        listed
    }

    fn names<M: Family>(&self) -> impl Iterator<Item = &'static str> {
        self.listed::<M>().into_iter().map(|i| self.sought[i].on.name())
    }

    /// By the delta method, from how the model's parameters move with those of the climb.
    fn covariance<M: Family>(
        &self,
        mut jacobian: Vec<DVector<f64>>,
        covariance: &DMatrix<f64>,
    ) -> Vec<Vec<f64>> {
        let parameters = covariance.nrows();
        jacobian.extend(self.listed::<M>().into_iter().map(|i| {
            let mut row = DVector::zeros(parameters);
            row[4 + i] = 1.0 / self.measures[self.sought[i].column].spread;
            row
        }));
        let row = |own: &DVector<f64>| {
            let mut with = DVector::zeros(parameters);
            with.gemv(1.0, covariance, own, 0.0);
            jacobian.iter().map(|other| with.dot(other)).collect()
        };
        jacobian.iter().map(row).collect()
    }

    fn model<M: Family>(
        &self,
        base: Result<M>,
        at: &[f64],
        covariance: &[Vec<f64>],
    ) -> Result<WithCovariates<M>> {
        let is_finite = (0..at.len()).all(|i| covariance[i][i] > 0.0)
            && covariance.iter().flatten().all(|x| x.is_finite());
        let (Ok(base), true) = (base, is_finite) else {
            let reason = "a parameter of who has 0 of every covariate, or a variance, leaves the range of f64; count \
                          the covariates from their means, in units of their spread";
            return Err(Error::undefined(M::WITH_COVARIATES, reason));
        };
        let effect = |i: usize| {
            let Sought { on, place, column } = self.sought[i];
            let coefficient = at[4 + i] / self.measures[column].spread;
            Effect::new(&self.covariates.names()[place], on, coefficient)
        };
        let effects = self.listed::<M>().into_iter().map(effect).collect();
        let names = self.covariates.names().to_vec();
        WithCovariates::checked(base, names, self.effects.tied(), effects)
    }
}

/// The measures of every column, in the caller's order; those that act on one thing must be told apart.
fn measures(covariates: &Covariates, acting: &[Vec<usize>; 2]) -> Result<Vec<Measure>> {
    let name = |place: usize| &covariates.names()[place];
    let centred = |place: usize| {
        let column = covariates.column(place);
        let what = |why| Error::inconsistent(format!("covariate {} {why}", name(place)));
        let centred = Centred::of(&column).ok_or_else(|| what("is the same for all"))?;
        if !centred.unit.is_finite() || !centred.mean.is_finite() {
            return Err(what("has a range beyond f64"));
        }
        Ok(centred)
    };
    let columns = (0..covariates.names().len()).map(centred).collect::<Result<Vec<Centred>>>()?;
    for places in acting {
        let together: Vec<Centred> = places.iter().map(|&place| columns[place].clone()).collect();
        told_apart(&between(&together)).map_err(|i| {
            Error::inconsistent(format!(
                "covariate {} says nothing that those before it do not say",
                name(places[i])
            ))
        })?;
    }
    let customers = covariates.len() as f64;
    let measure = |column: &Centred| Measure {
        mean: column.mean,
        spread: column.unit * (column.with(column) / customers).sqrt(),
        most: column.unit,
    };
    Ok(columns.iter().map(measure).collect())
}

/// The coefficients to be found, by target and name.
fn sought<M: Family>(
    effects: &Effects,
    [purchases, dropout]: &[Vec<usize>; 2],
    order: &[usize],
) -> Result<Vec<Sought>> {
    let targets = free_targets::<M>(effects.tied());
    let has_dropout = targets.iter().any(|on| *on != EffectOn::PurchaseRate);
    if !has_dropout && purchases != dropout {
        return Err(Error::inconsistent(
            "the effects on dropout are tied to those on purchases, so that the same covariates must act on both",
        ));
    }
    let of = |&on: &EffectOn| {
        let places = if on == EffectOn::PurchaseRate { purchases } else { dropout };
        let column = |(column, place): (usize, &usize)| Sought { on, place: *place, column };
        let acts = order.iter().enumerate().filter(|(_, place)| places.contains(place));
        acts.map(column).collect::<Vec<_>>()
    };
    Ok(targets.iter().flat_map(of).collect())
}

/// Adds the priors of the logarithms of the model's parameters where every covariate is 0.
fn penalise(sum: &mut Slope, options: &Checked<4>, at_zero: &[[f64; 4]], at: &[f64]) {
    let mut own = Evaluation::ZERO;
    for (i, prior) in options.priors.iter().enumerate() {
        if let Some(prior) = prior {
            let log = at_zero.iter().zip(at).map(|(direction, at)| direction[i] * at).sum();
            let (value, slope, curve) = prior.penalty(log);
            own.value += value;
            own.gradient[i] = slope;
            own.hessian[i][i] = curve;
        }
    }
    add(sum, &own, at_zero);
    sum.information.fill_upper_triangle_with_lower_triangle();
}
