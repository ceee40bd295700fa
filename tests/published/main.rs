//! Numbers that papers print, and independent high-precision values of their formulas: one module a paper.
// A test that cannot read its own input has failed.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod accuracy;
mod batislam_2007;
mod berger_nasr_1998;
mod blattberg_deighton_1996;
mod churn_economics;
mod churn_figures;
mod cox_1972;
mod delta_method;
mod drivers;
mod extremes;
mod fader_hardie_2007;
mod fader_hardie_2007_covariates;
mod fader_hardie_2010;
mod fader_hardie_2013;
mod fader_hardie_lee_2005;
mod fader_hardie_lee_2005_jmr;
mod fader_hardie_shang_2010;
mod forecast_page;
mod growth;
mod gupta_lehmann_2003;
mod inequality;
mod kaplan_meier_1958;
mod known_defects;
mod mobility;
mod pfeifer_carraway_2000;
mod purchase_model;
mod requirements;
mod reutterer_platzer_schroder_2021;
mod rfm;
mod satisfaction;
mod satisfaction_index;
mod satisfaction_populations;
mod satisfaction_samples;
mod satisfaction_scores;
mod schmittlein_morrison_colombo_1987;
mod small_differences;
mod survival_by_hand;
mod ultsch_loetsch_2015;
mod verbraken_2013;
mod whale_curve;
mod wuebben_wangenheim_2008;

use goodwill::Fit;

use support::{assert_close, json, number};

/// A fit and its report against an entry of `exact_mle.json`, the optimum at high precision.
#[track_caller]
fn assert_exact_fit<M>(fit: &Fit<M>, parameters: &[(&str, f64)], entry: &str) {
    let exact = &json("exact_mle.json")[entry];
    for (i, &(name, got)) in parameters.iter().enumerate() {
        assert_close(got, number(&exact["params"][i]), 1e-10, name);
        assert_close(fit.standard_errors()[i].1, number(&exact["standard_errors"][i]), 1e-8, name);
        for j in 0..parameters.len() {
            assert_close(fit.covariance()[i][j], number(&exact["covariance"][i][j]), 1e-7, name);
        }
    }
    assert_close(fit.log_likelihood(), number(&exact["log_likelihood"]), 1e-13, "ln L");
    assert_close(fit.aic(), number(&exact["aic"]), 1e-13, "AIC");
    assert_close(fit.bic(), number(&exact["bic"]), 1e-13, "BIC");
    assert_close(fit.customers() as f64, number(&exact["customers"]), 0.0, "customers");
}
