//! What covariates need of a model whose parameters they move.

use super::effects::EffectOn;
use crate::lifetime::bg_nbd::{BetaGeometricNbd, Dropout};
use crate::lifetime::pareto_nbd::ParetoNbd;

pub(crate) mod sealed {
    use super::EffectOn;
    use crate::error::Result;
    use crate::lifetime::fit::{Fit, FitOptions};
    use crate::lifetime::model::PurchaseModel;
    use crate::lifetime::sample::Row;
    use crate::math::newton::Evaluation;
    use crate::time::TimeUnit;
    use crate::transactions::Histories;

    /// A purchase model of four positive parameters.
    pub trait Family: PurchaseModel + Copy + std::fmt::Debug + PartialEq + Send + Sync {
        /// The model with covariates.
        const WITH_COVARIATES: &'static str;
        /// What covariates can act on; the last may be tied to the one before it.
        const TARGETS: &'static [EffectOn];
        /// The names of the parameters.
        const PARAMETERS: [&'static str; 4];
        /// Which parameters count time.
        const TIMES: [bool; 4];

        /// By how much one more of a covariate with coefficient 1 raises the logarithm of each parameter.
        fn slope(on: EffectOn) -> [f64; 4];
        /// The parameters with their names.
        fn named(&self) -> [(&'static str, f64); 4];
        /// The model at known parameters.
        fn checked(unit: TimeUnit, point: [f64; 4]) -> Result<Self>;
        /// The same of parameters in their domain.
        fn unchecked(unit: TimeUnit, point: [f64; 4]) -> Self;
        /// The fit without covariates.
        fn fit_plain(histories: &Histories, options: &FitOptions) -> Result<Fit<Self>>;
        /// Σ ln L of rows in order of (x, T, `t_x`), with its derivatives in the parameters.
        fn evaluate(&self, rows: &[Row]) -> Evaluation<4>;
    }
}

use sealed::Family;

use crate::error::Result;
use crate::lifetime::fit::{Fit, FitOptions};
use crate::lifetime::sample::Row;
use crate::math::newton::Evaluation;
use crate::time::TimeUnit;
use crate::transactions::Histories;

impl<D: Dropout> Family for BetaGeometricNbd<D> {
    const WITH_COVARIATES: &'static str = D::WITH_COVARIATES;
    const TARGETS: &'static [EffectOn] =
        &[EffectOn::PurchaseRate, EffectOn::DropoutA, EffectOn::DropoutB];
    const PARAMETERS: [&'static str; 4] = ["r", "alpha", "a", "b"];
    const TIMES: [bool; 4] = [false, true, false, false];

    fn slope(on: EffectOn) -> [f64; 4] {
        match on {
            EffectOn::PurchaseRate => [0.0, -1.0, 0.0, 0.0],
            EffectOn::DropoutA => [0.0, 0.0, 1.0, 0.0],
            EffectOn::DropoutB => [0.0, 0.0, 0.0, 1.0],
            EffectOn::DropoutRate => [0.0; 4],
        }
    }

    fn named(&self) -> [(&'static str, f64); 4] {
        self.parameters()
    }

    fn checked(unit: TimeUnit, [r, alpha, a, b]: [f64; 4]) -> Result<Self> {
        Self::new(unit, r, alpha, a, b)
    }

    fn unchecked(unit: TimeUnit, point: [f64; 4]) -> Self {
        Self::at(unit, point)
    }

    fn fit_plain(histories: &Histories, options: &FitOptions) -> Result<Fit<Self>> {
        Self::fit_with(histories, options)
    }

    fn evaluate(&self, rows: &[Row]) -> Evaluation<4> {
        crate::lifetime::bg_nbd::likelihood::evaluate_rows(self, rows)
    }
}

impl Family for ParetoNbd {
    const WITH_COVARIATES: &'static str = "Pareto/NBD with covariates";
    const TARGETS: &'static [EffectOn] = &[EffectOn::PurchaseRate, EffectOn::DropoutRate];
    const PARAMETERS: [&'static str; 4] = ["r", "alpha", "s", "beta"];
    const TIMES: [bool; 4] = [false, true, false, true];

    fn slope(on: EffectOn) -> [f64; 4] {
        match on {
            EffectOn::PurchaseRate => [0.0, -1.0, 0.0, 0.0],
            EffectOn::DropoutRate => [0.0, 0.0, 0.0, -1.0],
            EffectOn::DropoutA | EffectOn::DropoutB => [0.0; 4],
        }
    }

    fn named(&self) -> [(&'static str, f64); 4] {
        self.parameters()
    }

    fn checked(unit: TimeUnit, [r, alpha, s, beta]: [f64; 4]) -> Result<Self> {
        Self::new(unit, r, alpha, s, beta)
    }

    fn unchecked(unit: TimeUnit, point: [f64; 4]) -> Self {
        Self::at(unit, point)
    }

    fn fit_plain(histories: &Histories, options: &FitOptions) -> Result<Fit<Self>> {
        Self::fit_with(histories, options)
    }

    fn evaluate(&self, rows: &[Row]) -> Evaluation<4> {
        self.evaluate_rows(rows)
    }
}
