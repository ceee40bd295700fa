//! `docs/FORECAST.md`: every number of the page is computed here.

use goodwill::lifetime::{
    ActivityHits, Backtest, Baseline, CohortFits, ForecastTest, TrackingCurve, TrackingPeriods,
    active_after,
};
use goodwill::{BgNbd, Conventions, Horizon, PurchaseModel, Share, TimeUnit};

use crate::purchase_model::logged_histories;
use crate::support::{cdnow, cdnow_end, cdnow_split, day, path};

/// A number with so many digits after the point, thousands set apart.
fn told(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    let whole = text.find('.').unwrap_or(text.len());
    if whole > 3 { format!("{},{}", &text[..whole - 3], &text[whole - 3..]) } else { text }
}

#[test]
fn the_page_tells_what_is_computed() {
    let page = std::fs::read_to_string(path("docs/FORECAST.md")).unwrap();
    // Lines are wrapped where they may be.
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    let says =
        |sentence: String| assert!(page.contains(&sentence), "the page does not say: {sentence}");

    let usual = Conventions::default();
    let histories = logged_histories();
    let model = BgNbd::fit(&histories).unwrap().into_model();
    let parts = cdnow().split(cdnow_split(), cdnow_end(), &usual).unwrap();
    let expected = model.all_expected_purchases(&histories, Horizon::weeks(39.0).unwrap()).unwrap();
    let test = ForecastTest::of_purchases(&expected, &parts.holdout).unwrap();
    let errors = test.errors();
    says(format!("{} customers who first bought", told(errors.customers() as f64, 0)));
    let (forecast, actual) = (errors.forecast(), errors.actual());
    says(format!(
        "expected {} repeat purchases in the holdout, and there were {}: the forecast lies {} % low",
        told(forecast, 0),
        told(actual, 0),
        told(100.0 * (1.0 - forecast / actual), 1)
    ));
    says(format!("the forecast is {} purchases too low on average", told(-errors.bias(), 3)));
    says(format!("**Mean absolute error**: {}.", told(errors.mae(), 3)));
    says(format!("**Root mean square error**: {}.", told(errors.rmse(), 3)));

    let hiatus = Horizon::days(183.0).unwrap();
    let baselines = [Baseline::Mean, Baseline::LastPeriod, Baseline::Hiatus(hiatus)];
    let report = Backtest::new(TimeUnit::Week, &baselines)
        .at(&cdnow(), cdnow_split(), cdnow_end(), |_, _| Ok(expected.clone()))
        .unwrap();
    says(format!("| the model | {} | {} | |", told(forecast, 0), told(errors.mae(), 3)));
    let names = [
        "everybody buys like the average customer",
        "everybody repeats the last 39 weeks",
        "silent for more than 183 days is gone, others go on as before",
    ];
    for ((name, (_, own)), (_, skill)) in
        names.into_iter().zip(&report.baselines).zip(report.skills().unwrap())
    {
        says(format!(
            "| {name} | {} | {} | {} % |",
            told(own.forecast(), 0),
            told(own.mae(), 3),
            told(100.0 * skill.mae, 1)
        ));
    }
    let fit = |own: &_| Ok(BgNbd::fit(own)?.into_model());
    let early = Backtest::new(TimeUnit::Week, &[Baseline::LastPeriod])
        .over(&cdnow(), &[day(1997, 6, 30)], 273, cdnow_end(), fit)
        .unwrap();
    let skill = early[0].skills().unwrap()[0].1;
    says(format!(
        "by the mean absolute error (skill −{} %), though not by the root mean square error ({} %)",
        told(-100.0 * skill.mae, 1),
        told(100.0 * skill.rmse, 1)
    ));
    let days = parts.calibration.histories(cdnow_split(), TimeUnit::Day).unwrap();
    let hits = ActivityHits::of(&active_after(&days, hiatus), &parts.holdout).unwrap();
    says(format!(
        "tells {} % of these customers rightly",
        told(100.0 * hits.accuracy().unwrap(), 1)
    ));

    for class in test.by_frequency(&histories, 7).unwrap().rows() {
        says(format!(
            "| {}{} | {} | {} | {} |",
            class.frequency,
            if class.or_more { " or more" } else { "" },
            told(class.customers as f64, 0),
            told(class.expected_mean, 3),
            told(class.actual_mean, 3)
        ));
        assert!(class.expected_mean < class.actual_mean, "somewhat low in every class: {class:?}");
    }
    let best = test.deciles().unwrap()[0];
    says(format!(
        "was to buy {} times, and bought {} times",
        told(best.forecast, 0),
        told(best.actual, 0)
    ));
    let found = test.captured(Share::percent(10).unwrap()).unwrap();
    says(format!("made {} % of all purchases", told(100.0 * found.by_forecast, 1)));
    says(format!("would have made {} %", told(100.0 * found.in_hindsight, 1)));
    says(format!("Kendall's τ is {}", told(test.kendall().unwrap(), 3)));
    says(format!("Spearman's ρ, {},", told(test.spearman().unwrap(), 3)));

    let weeks = TrackingPeriods::new(day(1997, 1, 1), 7, cdnow_split(), cdnow_end()).unwrap();
    let rows = TrackingCurve::of(&model, &cdnow(), &weeks, &usual).unwrap().rows();
    let end = rows[rows.len() - 1];
    let off = 100.0 * (1.0 - end.expected_to_date / end.actual_to_date as f64);
    says(format!("ends {} % low after {} weeks", told(off, 1), rows.len()));

    let months = [day(1997, 1, 1), day(1997, 2, 1), day(1997, 3, 1)];
    let drift = CohortFits::by_acquisition(&histories, &months, BgNbd::fit).unwrap().drift;
    says(format!(
        "statistic is {} at {} degrees of freedom: p = {}",
        told(drift.statistic, 2),
        told(drift.degrees_of_freedom.unwrap(), 0),
        told(drift.p_value.get(), 2)
    ));
}
