//! The model as data.

use super::CnbdK;
use crate::error::{Error, Result};
use crate::lifetime::bg_nbd::Dropout;
use crate::lifetime::model::PurchaseModel;
use crate::time::TimeUnit;

#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Fields {
    unit: TimeUnit,
    k: u32,
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
}

impl<D: Dropout> TryFrom<Fields> for CnbdK<D> {
    type Error = Error;

    fn try_from(fields: Fields) -> Result<Self> {
        let Fields { unit, k, r, alpha, a, b } = fields;
        Self::new(unit, k, r, alpha, a, b)
    }
}

impl<D: Dropout> From<CnbdK<D>> for Fields {
    fn from(model: CnbdK<D>) -> Self {
        let [r, alpha, a, b] = model.parameters().map(|(_, value)| value);
        Self { unit: model.unit(), k: model.k, r, alpha, a, b }
    }
}
