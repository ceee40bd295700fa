//! Intervals of expectations of the CDNOW sample and of the donors, against derivatives at 40 digits: `delta_method.py` in the fixtures.

use goodwill::lifetime::{ConfidenceInterval, Outlook};
use goodwill::{
    BgNbd, GammaGamma, Histories, Horizon, Opportunities, Probability, Spend, Spends, TimeUnit,
};
use serde_json::Value;

use crate::fader_hardie_shang_2010;
use crate::support::{assert_close, cdnow, cdnow_split, json, number};

const LEVEL: Probability = Probability::constant(0.95);

#[track_caller]
fn assert_interval(got: ConfidenceInterval, want: &Value, what: &str) {
    // The estimates are within 1e-10 of the optimum; what the interval adds has its own digits.
    for (got, place) in [(got.value(), 0), (got.lower(), 1), (got.upper(), 2)] {
        assert_close(got, number(&want[place]), 2e-9, what);
    }
}

#[test]
fn intervals_of_the_cdnow_sample() {
    let (want, end) = (json("delta_method.json"), cdnow_split());
    let known = cdnow().until(end);
    let (histories, spends) =
        (known.histories(end, TimeUnit::Week).unwrap(), known.spends(end).unwrap());
    let (fit, spend_fit) = (BgNbd::fit(&histories).unwrap(), GammaGamma::fit(&spends).unwrap());
    for (name, interval) in fit.parameter_intervals(LEVEL).unwrap() {
        assert_interval(interval, &want["parameters"][name], name);
    }

    let horizon = Horizon::days(273.0).unwrap();
    let outlook = Outlook::new(&fit, &histories);
    let with_spend = outlook.with_spend(&spend_fit, &spends).unwrap();
    let purchases = outlook.expected_purchases_of_base(horizon, LEVEL).unwrap();
    assert_interval(purchases, &want["base"]["expected_purchases"], "purchases of the base");
    let revenue = with_spend.expected_revenue_of_base(horizon, LEVEL).unwrap();
    assert_interval(revenue, &want["base"]["expected_revenue"], "revenue of the base");

    let one = Histories::new(TimeUnit::Week, &[2], &[30.43], &[38.86]).unwrap();
    let paid: Spends = [Spend::new(2, 22.35).unwrap()].into_iter().collect();
    let outlook = Outlook::new(&fit, &one);
    let with_spend = outlook.with_spend(&spend_fit, &paid).unwrap();
    let want = &want["customer"];
    let alive = outlook.probabilities_alive(LEVEL).unwrap()[0];
    assert_interval(alive, &want["probability_alive"], "alive");
    let purchases = outlook.expected_purchases(horizon, LEVEL).unwrap()[0];
    assert_interval(purchases, &want["expected_purchases"], "purchases of one");
    let revenue = with_spend.expected_revenues(horizon, LEVEL).unwrap()[0];
    assert_interval(revenue, &want["expected_revenue"], "revenue of one");
}

#[test]
fn donors_who_are_alive() {
    let fit = fader_hardie_shang_2010::fit();
    let want = &json("delta_method.json")["donors"];
    let want = want.as_array().unwrap();
    let column =
        |place: usize| want.iter().map(|row| number(&row[place]) as u32).collect::<Vec<u32>>();
    let seen =
        Opportunities::new(TimeUnit::Year, &column(0), &column(1), &vec![6; want.len()]).unwrap();
    let alive = Outlook::new(&fit, &seen).probabilities_alive(LEVEL).unwrap();
    assert_eq!(alive.len(), 22);
    for (got, want) in alive.into_iter().zip(want) {
        let interval = want.as_array().unwrap()[2..].to_vec();
        assert_interval(got, &Value::from(interval), &format!("donor {want}"));
    }
}
