//! Customers under contract drawn at random.

use rand::RngExt;
use rand_distr::{Beta, Distribution};

use crate::error::{Error, Result};
use crate::math::random::generator;

use super::model::RetentionModel;
use super::tenures::{Tenure, Tenures};

/// Customers with churn θ ~ Beta(α, β) who are there at time t with probability (1 − θ)^{clock⁻¹(t)}: `renewals_by`
/// turns a time on the clock of constant churn into renewals.
pub(super) fn tenures(
    model: &impl RetentionModel,
    [alpha, beta]: [f64; 2],
    customers: usize,
    renewals: u32,
    seed: u64,
    renewals_by: impl Fn(f64) -> f64,
) -> Result<Tenures> {
    let extreme = || Error::undefined("simulation", "the parameters are too extreme to draw from");
    let churns = Beta::new(alpha, beta).map_err(|_| extreme())?;
    let draw = |place: usize| {
        let mut generator = generator(seed, place as u64);
        let theta = churns.sample(&mut generator);
        // In (0, 1], so that its logarithm is finite.
        let chance = 1.0 - generator.random::<f64>();
        // The customer is there at t as long as (1 − θ)ᵗ is above the chance.
        let leaves = renewals_by(chance.ln() / (-theta).ln_1p()).floor() + 1.0;
        let stays = !(leaves <= f64::from(renewals));
        if stays { Tenure::Active(renewals) } else { Tenure::Left(leaves as u32) }
    };
    Tenures::from_customers(model.period(), (0..customers).map(draw))
}
