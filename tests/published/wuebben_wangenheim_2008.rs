//! Wübben and Wangenheim (2008), "Instant Customer Base Analysis", Journal of Marketing 72(3), 82–93; and BG/NBD on the
//! 39 weeks that CDNOW's customers are held back, beside the rules of thumb, against an independent script.

use goodwill::lifetime::{
    ActivityHits, Backtest, Baseline, ForecastErrors, ForecastTest, active_after,
};
use goodwill::{
    BgNbd, Conventions, Histories, Horizon, PurchaseModel, Result, Share, Split, TimeUnit,
};
use serde_json::Value;

use crate::support::{assert_close, cdnow, cdnow_end, cdnow_split, day, json, number};

fn parts() -> Split<u32> {
    cdnow().split(cdnow_split(), cdnow_end(), &Conventions::default()).unwrap()
}

fn fitted(histories: &Histories) -> BgNbd {
    BgNbd::fit(histories).unwrap().into_model()
}

fn expected(histories: &Histories, horizon: Horizon) -> Result<Vec<f64>> {
    fitted(histories).all_expected_purchases(histories, horizon)
}

/// The test of BG/NBD on CDNOW, with the histories that it knew.
fn forecast_test() -> (ForecastTest, Histories) {
    let parts = parts();
    let histories = parts.calibration.histories(cdnow_split(), TimeUnit::Week).unwrap();
    let purchases = expected(&histories, Horizon::days(273.0).unwrap()).unwrap();
    (ForecastTest::of_purchases(&purchases, &parts.holdout).unwrap(), histories)
}

fn half_a_year() -> Horizon {
    Horizon::days(183.0).unwrap()
}

/// With a hiatus of half a year, the rule of thumb tells 77 per cent of these customers rightly. The counts are those of
/// the script, by definition; the paper's own table was not at hand, and no number of it is asserted.
#[test]
fn the_hiatus_rule_tells_77_per_cent_rightly() {
    let parts = parts();
    let histories = parts.calibration.histories(cdnow_split(), TimeUnit::Day).unwrap();
    let hits = ActivityHits::of(&active_after(&histories, half_a_year()), &parts.holdout).unwrap();
    let counts = [
        hits.active_and_bought,
        hits.active_but_silent,
        hits.gone_but_bought,
        hits.gone_and_silent,
    ];
    let want = json("validation.json")["hiatus_hits"].clone();
    assert_eq!(serde_json::to_value(counts).unwrap(), want);
    assert_eq!((100.0 * hits.accuracy().unwrap()).round() as i32, 77);
}

fn assert_errors(got: &ForecastErrors, want: &Value, tolerance: f64, what: &str) {
    assert_eq!(got.customers(), 2_357);
    assert_eq!(got.actual().to_bits(), 1_882_f64.to_bits());
    for (name, got) in [
        ("forecast", got.forecast()),
        ("bias", got.bias()),
        ("mae", got.mae()),
        ("rmse", got.rmse()),
    ] {
        assert_close(got, number(&want[name]), tolerance, &format!("{what}: {name}"));
    }
}

#[test]
fn errors_and_skill_beside_the_baselines() {
    let baselines = [Baseline::Mean, Baseline::LastPeriod, Baseline::Hiatus(half_a_year())];
    let test = Backtest::new(TimeUnit::Week, &baselines);
    let report = test.at(&cdnow(), cdnow_split(), cdnow_end(), expected).unwrap();
    let want = json("validation.json");
    assert_eq!(report.newcomers, 0);
    assert_errors(&report.model, &want["model"], 1e-8, "BG/NBD");
    let skills = report.skills().unwrap();
    for (i, name) in ["mean", "last_period", "hiatus"].into_iter().enumerate() {
        let want = &want["baselines"][name];
        assert_errors(&report.baselines[i].1, want, 1e-13, name);
        assert_close(skills[i].1.mae, number(&want["skill"]["mae"]), 1e-8, name);
        assert_close(skills[i].1.rmse, number(&want["skill"]["rmse"]), 1e-8, name);
    }
    let names: Vec<String> = report.baselines.iter().map(|(own, _)| own.to_string()).collect();
    assert_eq!(names, ["mean", "last period repeated", "hiatus of 183 days"]);
    // Of two splits, the first is this one.
    let (fit, early) = (|own: &Histories| Ok(fitted(own)), day(1997, 6, 30));
    let both = test.over(&cdnow(), &[cdnow_split(), early], 273, cdnow_end(), fit).unwrap();
    assert_eq!(both[0], report);
    assert_eq!((both[1].split, both[1].as_of), (early, day(1998, 3, 30)));
}

/// At an early split, when everybody had just come, BG/NBD loses to "everybody repeats the last period" by the mean
/// absolute error (0.942 to 0.888), and wins by the root mean square error (1.967 to 2.077): figures of the script.
#[test]
fn the_last_period_beats_the_model_at_an_early_split() {
    let (early, end) = (day(1997, 6, 30), day(1998, 3, 30));
    let known = cdnow().until(end);
    let test = Backtest::new(TimeUnit::Week, &[Baseline::LastPeriod]);
    let report = test.at(&known, early, end, expected).unwrap();
    let want = &json("validation.json")["early_split"];
    let fit = BgNbd::fit(&known.until(early).histories(early, TimeUnit::Week).unwrap()).unwrap();
    for (i, (name, got)) in fit.model().parameters().into_iter().enumerate() {
        assert_close(got, number(&want["parameters"][i]), 1e-8, name);
    }
    assert_close(fit.log_likelihood(), number(&want["log_likelihood"]), 1e-12, "ln L");
    assert_eq!(report.model.actual().to_bits(), number(&want["actual"]).to_bits());
    for (got, of) in [(&report.model, "model"), (&report.baselines[0].1, "last_period")] {
        for (name, got) in [
            ("forecast", got.forecast()),
            ("bias", got.bias()),
            ("mae", got.mae()),
            ("rmse", got.rmse()),
        ] {
            assert_close(got, number(&want[of][name]), 1e-8, &format!("{of}: {name}"));
        }
    }
    let skill = report.skills().unwrap()[0].1;
    assert!((skill.mae - number(&want["skill"]["mae"])).abs() < 1e-8, "{skill:?}");
    assert!((skill.rmse - number(&want["skill"]["rmse"])).abs() < 1e-8, "{skill:?}");
    assert!(skill.mae < -0.05 && skill.rmse > 0.05, "each wins by one: {skill:?}");
}

#[test]
fn deciles_order_and_captured_value() {
    let (test, _) = forecast_test();
    let want = json("validation.json");
    for (got, want) in test.deciles().unwrap().iter().zip(want["deciles"].as_array().unwrap()) {
        assert_eq!(got.customers, want["customers"].as_u64().unwrap());
        assert_close(got.forecast, number(&want["forecast"]), 1e-9, "forecast");
        assert_close(got.actual, number(&want["actual"]), 1e-13, "actual");
    }
    assert_close(test.spearman().unwrap(), number(&want["spearman"]), 1e-14, "Spearman");
    assert_close(test.kendall().unwrap(), number(&want["kendall"]), 1e-14, "Kendall");
    for percent in [10, 20] {
        let found = test.captured(Share::percent(percent).unwrap()).unwrap();
        let want = &want["captured"][percent.to_string()];
        assert_close(found.by_forecast, number(&want[0]), 1e-14, "captured");
        assert_close(found.in_hindsight, number(&want[1]), 1e-14, "in hindsight");
    }
}

/// Fader, Hardie and Lee (2005), figure 4: conditional expectations by frequency. The actual means are those that the
/// walkthrough of the R package BTYD prints for the same data: 0.2367, 0.6970, 1.3925 …
#[test]
fn conditional_expectations_by_frequency() {
    let (test, histories) = forecast_test();
    let classes = test.by_frequency(&histories, 7).unwrap().rows();
    let printed = [0.2367, 0.6970, 1.3925, 1.56, 2.5323, 2.9474, 3.8621, 6.3594];
    let customers = [1411, 439, 214, 100, 62, 38, 29, 64];
    let want = json("validation.json");
    assert_eq!(classes.len(), 8);
    for (i, (class, want)) in classes.iter().zip(want["classes"].as_array().unwrap()).enumerate() {
        assert_eq!((class.frequency, class.or_more), (i as u32, i == 7));
        assert_eq!(class.customers, customers[i]);
        assert!((class.actual_mean - printed[i]).abs() < 5e-5, "{class:?}");
        assert_close(class.actual_mean, number(&want["actual"]), 1e-14, "actual");
        assert_close(class.expected_mean, number(&want["expected"]), 1e-9, "expected");
    }
}
