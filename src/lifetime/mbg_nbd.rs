//! MBG/NBD: BG/NBD whose customers may leave right after their first purchase.

use super::bg_nbd::{AfterEveryPurchase, BetaGeometricNbd};

/// The modified beta-geometric / negative binomial model (MBG/NBD) of a shop's customers.
///
/// # Assumptions
/// Those of [`BgNbd`](super::BgNbd), but that a customer may leave after *every* purchase, the first among them.
/// So a one-time buyer may be gone, and a newcomer, who just bought for the first time, is with us with
/// probability b/(a + b).
///
/// # Formula
/// ```text
/// L(x, t_x, T) = (r)ₓ·αʳ·(b)ₓ₊₁/(a + b)ₓ₊₁ · [(α + T)^{−r−x} + a/(b + x)·(α + t_x)^{−r−x}]
/// P(alive)     = 1 / (1 + a/(b + x)·((α + T)/(α + t_x))^{r+x})
/// E[Y(t)]      = P(alive)·E[(1 − (1 + p·t/(α + T))^{−r−x})/p],   p ~ Beta(a, b + x + 1)
/// dE[Y(t)]/dt  = P(alive)·(r + x)/(α + T)·₂F₁(r + x + 1, a; a + b + x + 1; −t/(α + T))
/// E[X(t)]      = b/(a + b)·E[(1 − (1 + p·t/α)^{−r})/p],   p ~ Beta(a, b + 1)
/// ```
/// E[Y(t)] is without a singularity at a = 1. Of a customer who is alive, all else is as in BG/NBD with
/// (r + x, α + T, a, b + x + 1).
///
/// # Units
/// α counts [`unit`](super::PurchaseModel::unit)s of time; r, a and b are pure numbers.
///
/// # Example
/// ```
/// use goodwill::{History, Horizon, MbgNbd, PurchaseModel, TimeUnit};
///
/// let model = MbgNbd::new(TimeUnit::Week, 0.525, 6.183, 0.891, 1.614)?;
/// let once = History::new(TimeUnit::Week, 0, 0.0, 38.86)?;
/// assert!((model.probability_alive(&once).get() - 0.389_735_081).abs() < 1e-9);
/// assert!((model.expected_purchases(&once, Horizon::weeks(39.0)?)? - 0.154_012_747).abs() < 1e-9);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Batislam, Denizel and Filiztekin (2007), "Empirical validation and comparison of models for customer base
/// analysis", International Journal of Research in Marketing 24(3), 201–209;
/// doi:10.1016/j.ijresmar.2006.12.005. Wagner and Hoppe (2008), "Erratum on the MBG/NBD model", the same
/// journal 25(3), 225–226.
pub type MbgNbd = BetaGeometricNbd<AfterEveryPurchase>;
