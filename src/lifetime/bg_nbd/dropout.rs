//! After which purchases a customer may leave: all that tells BG models from their modified forms.

/// A customer may leave after a repeat purchase only, as in BG/NBD: who bought once is still a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterRepeatPurchase {}

/// A customer may leave after any purchase, the first among them, as in MBG/NBD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterEveryPurchase {}

pub(crate) mod sealed {
    use std::fmt::Debug;

    /// After which purchases a customer may leave.
    pub trait Dropout: Copy + Debug + PartialEq + Send + Sync + 'static {
        /// The model with purchases at random times.
        const NBD: &'static str;
        /// The same with covariates.
        const WITH_COVARIATES: &'static str;
        /// The model with regular purchases.
        const CNBD: &'static str;
        /// 1 where the first purchase is a chance to leave, otherwise 0.
        const AFTER_FIRST: f64;
    }

    impl Dropout for super::AfterRepeatPurchase {
        const NBD: &'static str = "BG/NBD";
        const WITH_COVARIATES: &'static str = "BG/NBD with covariates";
        const CNBD: &'static str = "BG/CNBD-k";
        const AFTER_FIRST: f64 = 0.0;
    }

    impl Dropout for super::AfterEveryPurchase {
        const NBD: &'static str = "MBG/NBD";
        const WITH_COVARIATES: &'static str = "MBG/NBD with covariates";
        const CNBD: &'static str = "MBG/CNBD-k";
        const AFTER_FIRST: f64 = 1.0;
    }
}
