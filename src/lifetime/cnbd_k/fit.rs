//! The fit at a k, and over all k.

use super::{CnbdK, likelihood::evaluate};
use crate::error::{Error, Result};
use crate::lifetime::bg_nbd::{BetaGeometricNbd, Dropout, likelihood};
use crate::lifetime::fit::{Fit, FitOptions};
use crate::lifetime::sample::Sample;
use crate::math::exact_sum::ExactSum;
use crate::math::gamma::ln_gamma;
use crate::time::TimeUnit;
use crate::transactions::Histories;

/// What the times between purchases add to ln L: (k − 1)·Σ ln Δt − Σ x·lnΓ(k).
pub(super) fn of_intervals(histories: &Histories, k: u32, unit: TimeUnit) -> Result<f64> {
    if k == 1 {
        return Ok(0.0);
    }
    let logs = histories.ln_intervals().ok_or_else(|| {
        let reason = "a k above 1 needs the times between purchases: take the histories from a Ledger, or give them \
                      with_ln_intervals";
        Error::undefined("log-likelihood", reason)
    })?;
    let ln_unit = if unit == histories.unit() { 0.0 } else { unit.per(histories.unit()).ln() };
    let (mut sum, mut purchases) = (ExactSum::new(), ExactSum::new());
    for (history, &ln_product) in histories.iter().zip(logs) {
        sum.add(ln_product);
        purchases.add(f64::from(history.frequency()));
    }
    let (k, purchases) = (f64::from(k), purchases.value());
    Ok((k - 1.0) * (sum.value() + purchases * ln_unit) - purchases * ln_gamma(k))
}

/// The optimum at one k.
pub(super) fn at<D: Dropout>(
    histories: &Histories,
    k: u32,
    options: &FitOptions,
) -> Result<Fit<CnbdK<D>>> {
    let constant = of_intervals(histories, k, histories.unit())?;
    let sum = |sample: &Sample, plain: &BetaGeometricNbd<D>| {
        let mut all = evaluate(sample, plain, k);
        all.value += constant;
        all
    };
    likelihood::fit(histories, options, (D::CNBD, k), sum, |plain| CnbdK { k, plain })
}

/// The best optimum of every k up to `most`.
pub(super) fn best<D: Dropout>(
    histories: &Histories,
    most: u32,
    options: &FitOptions,
) -> Result<Fit<CnbdK<D>>> {
    of_intervals(histories, most, histories.unit())?;
    let mut best = at::<D>(histories, 1, options);
    let mut evaluations = best.as_ref().map_or(0, Fit::evaluations);
    for k in 2..=most {
        let Ok(next) = at::<D>(histories, k, options) else { continue };
        evaluations += next.evaluations();
        if !best.as_ref().is_ok_and(|best| best.log_likelihood() >= next.log_likelihood()) {
            best = Ok(next);
        }
    }
    best.map(|fit| fit.with_chosen(evaluations))
}
