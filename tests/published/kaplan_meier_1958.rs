//! Kaplan and Meier (1958), Nelson (1969), Mantel (1966) on two published data sets: walton flies by genotype, and
//! the rearrest of released prisoners (Rossi, Berk and Lenihan 1980), against lifelines 0.30.3.

use goodwill::survival::{
    Band, EventWeights, KaplanMeier, LifeTable, NelsonAalen, SurvivalQuantile, TiedEvents, log_rank,
};
use goodwill::{Probability, TimeUnit};
use serde_json::Value;

use crate::support::{assert_close, fixture, json, number, rows};

const LEVEL: Probability = Probability::constant(0.95);

/// The flies of one genotype, or of both.
fn waltons(group: Option<&str>) -> LifeTable {
    let text = fixture("survival/waltons.csv");
    let lines = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let (durations, observed): (Vec<f64>, Vec<bool>) = lines
        .filter(|field| group.is_none_or(|group| field[2] == group))
        .map(|field| (field[0].parse::<f64>().unwrap(), field[1] == "1"))
        .unzip();
    LifeTable::new(TimeUnit::Day, &durations, &observed).unwrap()
}

fn rossi() -> LifeTable {
    let (weeks, arrested): (Vec<f64>, Vec<bool>) =
        rows("survival/rossi.csv").iter().map(|row| (row[0], row[1] > 0.0)).unzip();
    LifeTable::new(TimeUnit::Week, &weeks, &arrested).unwrap()
}

fn groups() -> [(LifeTable, Value); 4] {
    let (flies, prisoners) = (json("survival/waltons.json"), json("survival/rossi.json"));
    [
        (waltons(None), flies["waltons_all"].clone()),
        (waltons(Some("control")), flies["waltons_control"].clone()),
        (waltons(Some("miR-137")), flies["waltons_miR-137"].clone()),
        (rossi(), prisoners["rossi_km"].clone()),
    ]
}

/// The rows of a table of the reference, without its first, at time 0.
fn table(reference: &Value) -> Vec<Vec<f64>> {
    let rows = reference["rows"].as_array().unwrap().iter().skip(1);
    rows.map(|row| row.as_array().unwrap().iter().map(number).collect()).collect()
}

#[test]
fn event_tables() {
    for (life, want) in groups() {
        // event_at, removed, observed, censored, entrance, at_risk
        let want = table(&want["event_table"]);
        let got = life.rows().map(|row| {
            let counts = [row.events + row.censored, row.events, row.censored, 0, row.at_risk];
            [vec![row.time], counts.map(|count| count as f64).to_vec()].concat()
        });
        assert_eq!(got.collect::<Vec<_>>(), want);
    }
}

#[test]
fn survival_with_log_log_bands() {
    for (life, want) in groups() {
        let curve = KaplanMeier::new(&life, Band::LogLog, LEVEL).unwrap();
        let survival = table(&want["survival"]);
        let bands = table(&want["ci_loglog"]);
        let errors = want["greenwood_std_err_S"].as_array().unwrap();
        // Where the curve reaches 0 its band closes; the reference has no standard error there.
        let error = |i: usize| errors[i].as_f64().unwrap_or(0.0);
        assert_eq!(curve.points().len(), survival.len());
        for (i, point) in curve.points().iter().enumerate() {
            assert_close(point.time, survival[i][0], 0.0, "time");
            assert_close(point.survival.value(), survival[i][1], 1e-12, "S");
            assert_close(point.survival.lower(), bands[i][1], 1e-11, "lower");
            assert_close(point.survival.upper(), bands[i][2], 1e-11, "upper");
            assert_close(point.standard_error, error(i + 1), 1e-11, "standard error");
        }
    }
}

#[test]
fn medians_and_other_quantiles() {
    for (life, want) in groups() {
        let curve = KaplanMeier::new(&life, Band::LogLog, LEVEL).unwrap();
        for (left, time) in want["percentiles"].as_object().unwrap() {
            let ended = 1.0 - left.parse::<f64>().unwrap();
            let got = curve.quantile(Probability::new(ended).unwrap()).value;
            assert_eq!(got, time.as_f64(), "{left}");
        }
        let interval = &want["median_ci"]["rows"][0];
        let SurvivalQuantile { value, lower, upper, .. } = curve.median();
        assert_eq!(value, want["median"].as_f64());
        assert_eq!([lower, upper], [interval[1].as_f64(), interval[2].as_f64()]);
    }
}

#[test]
fn restricted_means() {
    for (life, want) in groups() {
        let curve = KaplanMeier::new(&life, Band::LogLog, LEVEL).unwrap();
        for (limit, mean) in want["rmst_exact_step_area"].as_object().unwrap() {
            let got = curve.restricted_mean(limit.parse().unwrap()).unwrap();
            assert_close(got.value(), number(mean), 1e-14, limit);
        }
    }
}

#[test]
fn cumulative_hazards_by_both_tie_rules() {
    for (life, want) in groups() {
        let rules = [
            (TiedEvents::AtOnce, "nelson_aalen_no_smoothing", "na_ci_no_smoothing"),
            (TiedEvents::InTurn, "nelson_aalen_fleming_harrington_ties", "na_ci_fh"),
        ];
        for (ties, hazard, interval) in rules {
            let curve = NelsonAalen::new(&life, ties, LEVEL).unwrap();
            let (hazard, interval) = (table(&want[hazard]), table(&want[interval]));
            assert_eq!(curve.points().len(), hazard.len());
            for (i, point) in curve.points().iter().enumerate() {
                assert_close(point.time, hazard[i][0], 0.0, "time");
                assert_close(point.cumulative.value(), hazard[i][1], 1e-11, "H");
                assert_close(point.cumulative.lower(), interval[i][1], 1e-10, "lower");
                assert_close(point.cumulative.upper(), interval[i][2], 1e-10, "upper");
            }
        }
    }
}

#[test]
fn the_log_rank_test_of_the_genotypes() {
    let want = &json("survival/waltons.json")["waltons_logrank"];
    let groups = [waltons(Some("control")), waltons(Some("miR-137"))];
    let got = log_rank(&groups, EventWeights::EQUAL).unwrap();
    assert_close(got.statistic, number(&want["chi2"]), 1e-12, "χ²");
    assert_close(got.p_value.get(), number(&want["p"]), 1e-10, "p");
}
