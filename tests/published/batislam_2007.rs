//! Batislam, Denizel and Filiztekin (2007), "Empirical validation and comparison of models for customer base
//! analysis", International Journal of Research in Marketing 24(3), 201–209, with the erratum of Wagner and Hoppe
//! (2008), the same journal 25(3), 225–226: MBG/NBD.

use goodwill::{Fit, History, Horizon, MbgNbd, PurchaseModel, TimeUnit};

use crate::assert_exact_fit;
use crate::purchase_model::{assert_grid, assert_holdout, logged_histories, published_histories};
use crate::support::assert_close;

fn fit_published() -> Fit<MbgNbd> {
    MbgNbd::fit(&published_histories()).unwrap()
}

fn assert_exact(fit: &Fit<MbgNbd>, entry: &str) {
    assert_exact_fit(fit, &fit.model().parameters(), entry);
}

/// r .525, α 6.183, a .891, b 1.614 on CDNOW, as the packages BTYD, lifetimes and PyMC-Marketing print them.
#[test]
fn estimates_on_cdnow() {
    let fit = fit_published();
    let printed = [0.525, 6.183, 0.891, 1.614];
    for ((name, got), want) in fit.model().parameters().into_iter().zip(printed) {
        assert!((got - want).abs() < 5e-4, "{name}: {got} is printed as {want}");
    }
}

#[test]
fn exact_estimates_on_the_published_summary() {
    assert_exact(&fit_published(), "mbgnbd_cdnow_pub");
}

#[test]
fn exact_estimates_on_the_purchase_log() {
    assert_exact(&MbgNbd::fit(&logged_histories()).unwrap(), "mbgnbd_cdnow_exactdays");
}

#[test]
fn holdout_of_39_weeks() {
    assert_holdout("mbgnbd", |histories| MbgNbd::fit(histories).unwrap().into_model());
}

/// Every closed form over the whole grid of six parameter sets, a at and near 1, to 1e-10.
#[test]
fn closed_forms_over_the_grid() {
    let model = |[r, alpha, a, b]: [f64; 4]| MbgNbd::new(TimeUnit::Week, r, alpha, a, b);
    assert_grid("mbgnbd", 682, model, MbgNbd::log_likelihood_of);
}

/// Who just bought for the first time has stayed with probability b/(a + b), and one who comes back then has the
/// next purchase at the rate of a customer of whom nothing is known.
#[test]
fn a_newcomer_may_be_gone_at_once() {
    let model = MbgNbd::new(TimeUnit::Week, 0.525, 6.183, 0.891, 1.614).unwrap();
    let new = History::new(TimeUnit::Week, 0, 0.0, 0.0).unwrap();
    let stays = 1.614 / (0.891 + 1.614);
    assert_close(model.probability_alive(&new).get(), stays, 1e-15, "P(alive)");
    let moment = Horizon::weeks(1e-9).unwrap();
    let first = model.expected_purchases_of_newcomer(moment).unwrap();
    assert_close(first, 1e-9 * stays * 0.525 / 6.183, 1e-8, "the first moment");
    let never = model.purchase_probability_of_newcomer(0, Horizon::FOREVER).unwrap().get();
    assert_close(never, 1.0 - stays, 1e-14, "never again");
}
