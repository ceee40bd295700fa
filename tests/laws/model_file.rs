//! Model files: what is read is what was written, bit by bit, and what is written again is the same text.

use goodwill::lifetime::{
    Bdw, BgBb, BgCnbdK, ConstantRetention, Covariates, EffectTie, Effects, MbgCnbdK, ModelFile,
    Sbg, Tenures, WithCovariates,
};
use goodwill::{
    BgNbd, FitOptions, GammaGamma, Histories, MbgNbd, Opportunities, ParetoNbd, Prior, TimeUnit,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::cases;
use crate::purchase_model::columns;
use crate::support::{cdnow, cdnow_split};

/// A fit through text, as a file goes, and back.
macro_rules! round_trip {
    ($model:ty, $fit:expr, $name:expr) => {{
        let fit = $fit.unwrap();
        let file = ModelFile::<$model>::new(fit.clone(), Some(cdnow_split())).warning("a \"test\"");
        let text = serde_json::to_string_pretty(&file).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&value["model"], &value["version"]), (&json!($name), &json!(1)));
        let back: ModelFile<$model> = serde_json::from_str(&text).unwrap();
        assert_eq!(back, file);
        // Every number to its last bit.
        assert_eq!(serde_json::to_string_pretty(&back).unwrap(), text);
        let report = |fit| serde_json::to_string(fit).unwrap();
        assert_eq!(report(back.fit()), report(&fit));
        assert_eq!(back.fit().aic().to_bits(), fit.aic().to_bits());
        assert_eq!(back.fit().bic().to_bits(), fit.bic().to_bits());
        assert_eq!(back.fit().standard_errors(), fit.standard_errors());
        value
    }};
}

/// Every third customer of CDNOW, with the times between his purchases.
fn histories() -> Histories {
    let all = cdnow().until(cdnow_split()).histories(cdnow_split(), TimeUnit::Week).unwrap();
    let rows: Vec<_> = all.iter().step_by(3).collect();
    let logs: Vec<f64> = all.ln_intervals().unwrap().iter().step_by(3).copied().collect();
    columns(&rows).with_ln_intervals(&logs).unwrap()
}

#[test]
fn purchase_models() {
    let histories = histories();
    let bg = round_trip!(BgNbd, BgNbd::fit(&histories), "BG/NBD");
    assert_eq!((&bg["unit"], &bg["as_of"]), (&json!("week"), &json!("1997-09-30")));
    assert_eq!(bg["warnings"], json!(["a \"test\""]));
    round_trip!(MbgNbd, MbgNbd::fit(&histories), "MBG/NBD");
    round_trip!(ParetoNbd, ParetoNbd::fit(&histories), "Pareto/NBD");
    let regular = round_trip!(BgCnbdK, BgCnbdK::fit(&histories, 2), "BG/CNBD-k");
    assert_eq!((&regular["chosen"], &regular["k"]), (&json!(1), &json!(1)));
    let options = FitOptions::new();
    let at_2 = round_trip!(MbgCnbdK, MbgCnbdK::fit_at(&histories, 2, &options), "MBG/CNBD-k");
    assert_eq!((&at_2["chosen"], &at_2["k"]), (&json!(0), &json!(2)));
    let options = FitOptions::new().prior("r", Prior::number(0.25, 0.5).unwrap());
    let prior = round_trip!(BgNbd, BgNbd::fit_with(&histories, &options), "BG/NBD");
    assert_ne!(prior["penalised_log_likelihood"], prior["log_likelihood"]);
}

#[test]
fn models_with_covariates() {
    let histories = histories();
    let known: Vec<[f64; 2]> = (0..histories.len())
        .map(|i| [(i * 29 % 31) as f64 / 10.0, f64::from(i * 7 % 11 < 4)])
        .collect();
    let covariates = Covariates::new(&["basket", "friend"], &known).unwrap();
    let (all, options) = (Effects::new(), FitOptions::new());
    let same = all.clone().tie(EffectTie::Same);
    let rate = all.clone().on_dropout(&[]);
    let bg = WithCovariates::<BgNbd>::fit_with(&histories, &covariates, &all, &options);
    let value = round_trip!(WithCovariates<BgNbd>, bg, "BG/NBD with covariates");
    assert_eq!(value["covariates"], json!(["basket", "friend"]));
    assert_eq!(value["parameters"][5]["covariate"], json!("friend"));
    let mbg = WithCovariates::<MbgNbd>::fit_with(&histories, &covariates, &rate, &options);
    round_trip!(WithCovariates<MbgNbd>, mbg, "MBG/NBD with covariates");
    let pareto = WithCovariates::<ParetoNbd>::fit_with(&histories, &covariates, &same, &options);
    let value = round_trip!(WithCovariates<ParetoNbd>, pareto, "Pareto/NBD with covariates");
    assert_eq!(value["tie"], json!("same"));
}

#[test]
fn models_of_contracts_opportunities_and_spend() {
    let cohort = Tenures::from_survivors(TimeUnit::Year, &[1_000, 869, 743, 653, 593]).unwrap();
    round_trip!(Sbg, Sbg::fit(&cohort), "sBG");
    let bdw = round_trip!(Bdw, Bdw::fit(&cohort), "beta-discrete-Weibull");
    assert_eq!(bdw["unit"], json!("year"));
    round_trip!(ConstantRetention, ConstantRetention::fit(&cohort), "constant retention");
    let (times, last) = ([0, 1, 1, 2, 2, 3, 3, 4], [0, 1, 4, 2, 4, 3, 4, 4]);
    let members = [19, 9, 4, 5, 6, 3, 5, 9];
    let seen =
        Opportunities::with_weights(TimeUnit::Month, &times, &last, &[4; 8], &members).unwrap();
    let bgbb = round_trip!(BgBb, BgBb::fit(&seen), "BG/BB");
    assert_eq!((&bgbb["unit"], &bgbb["customers"]), (&json!("month"), &json!(60)));
    let spends = cdnow().until(cdnow_split()).spends(cdnow_split()).unwrap();
    let spend = round_trip!(GammaGamma, GammaGamma::fit(&spends), "Gamma-Gamma");
    assert_eq!(spend.get("unit"), None);
    assert_eq!(spend["left_out"], json!(1_411));
}

const NAMES: [&str; 4] = ["r", "alpha", "s", "beta"];

/// Any parameter bits that a model may have.
fn positive() -> impl Strategy<Value = f64> {
    (1_u64..f64::INFINITY.to_bits()).prop_map(f64::from_bits)
}

proptest! {
    #![proptest_config(cases(256))]

    /// Numbers of every size and any last bit.
    #[test]
    fn every_bit_of_every_number_is_kept(
        point in [positive(), positive(), positive(), positive()],
        variances in [positive(), positive(), positive(), positive()],
        ln_l in (0_u64..f64::INFINITY.to_bits()).prop_map(|bits| -f64::from_bits(bits)),
        counts in [1..u64::MAX, 0..u64::MAX, 1..u64::MAX],
    ) {
        let file = json!({
            "format": "goodwill-model",
            "version": 1,
            "model": "Pareto/NBD",
            "unit": "day",
            "as_of": "2024-02-29",
            "parameters": (0..4)
                .map(|i| json!({ "name": NAMES[i], "value": point[i] }))
                .collect::<Vec<_>>(),
            "covariance": (0..4)
                .map(|i| (0..4).map(|j| if i == j { variances[i] } else { 0.0 }).collect())
                .collect::<Vec<Vec<f64>>>(),
            "log_likelihood": ln_l,
            "penalised_log_likelihood": ln_l,
            "customers": counts[0],
            "left_out": counts[1],
            "chosen": 0,
            "evaluations": counts[2],
            "warnings": [],
        });
        let read: ModelFile<ParetoNbd> = serde_json::from_str(&file.to_string()).unwrap();
        let values = read.fit().model().parameters().map(|(_, value)| value.to_bits());
        prop_assert_eq!(values, point.map(f64::to_bits));
        prop_assert_eq!(read.fit().log_likelihood().to_bits(), ln_l.to_bits());
        for (i, variance) in variances.iter().enumerate() {
            prop_assert_eq!(read.fit().covariance()[i][i].to_bits(), variance.to_bits());
        }
        prop_assert_eq!(serde_json::to_value(&read).unwrap(), file);
    }

    /// The order of the keys says nothing.
    #[test]
    fn keys_come_in_any_order(order in Just((0..14).collect::<Vec<usize>>()).prop_shuffle()) {
        let cohort = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468]).unwrap();
        let file = ModelFile::new(Sbg::fit(&cohort).unwrap(), None);
        let value = serde_json::to_value(&file).unwrap();
        let keys: Vec<(&String, &Value)> = value.as_object().unwrap().iter().collect();
        let pairs: Vec<String> = order
            .iter()
            .filter_map(|&i| keys.get(i))
            .map(|(key, value)| format!("{key:?}:{value}"))
            .collect();
        prop_assert_eq!(pairs.len(), keys.len());
        let text = format!("{{{}}}", pairs.join(","));
        prop_assert_eq!(serde_json::from_str::<ModelFile<Sbg>>(&text).unwrap(), file);
    }
}
