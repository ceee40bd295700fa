//! What matters and what it is worth: `satisfaction/drivers.json` and `samples.json`, the figures of requirement 25, and
//! published tables.

use goodwill::satisfaction::*;
use goodwill::{DiscountRate, Estimate, Probability, TimeUnit};
use serde_json::Value;

use crate::support::{assert_close, assert_kind, assert_message, json, number};

const LEVEL: Probability = Probability::constant(0.95);
/// Speed, courtesy, price, rooms.
const SCORES: [[u8; 12]; 4] = [
    [4, 2, 5, 3, 1, 4, 5, 2, 3, 4, 1, 5],
    [5, 3, 4, 3, 2, 4, 5, 2, 4, 3, 3, 4],
    [3, 4, 4, 2, 3, 5, 2, 2, 3, 1, 5, 3],
    [4, 1, 5, 3, 2, 3, 4, 5, 3, 2, 1, 5],
];
const OVERALL: [f64; 12] = [8.0, 4.0, 9.0, 5.0, 3.0, 8.0, 9.0, 4.0, 6.0, 5.0, 3.0, 10.0];
/// Of those who gave 1 to 5: how many stayed, and how many left.
const COUNTS: [(u8, usize, usize); 5] =
    [(1, 6, 14), (2, 12, 13), (3, 30, 15), (4, 55, 10), (5, 40, 5)];

#[track_caller]
fn assert_all(got: &[f64], want: &Value, rel: f64) {
    assert_eq!(got.len(), want.as_array().unwrap().len());
    for (i, got) in got.iter().enumerate() {
        assert_close(*got, number(&want[i]), rel, &format!("position {i} of {want}"));
    }
}

#[track_caller]
fn assert_interval(got: Estimate, want: &Value, rel: f64) {
    assert_all(&[got.value(), got.lower(), got.upper()], want, rel);
}

fn outcomes() -> (Vec<f64>, Vec<bool>) {
    let rows = COUNTS.iter().flat_map(|&(score, stayed, left)| {
        let both = std::iter::repeat_n(true, stayed).chain(std::iter::repeat_n(false, left));
        both.map(move |stayed| (f64::from(score), stayed))
    });
    rows.unzip()
}

#[test]
fn drivers_of_satisfaction() {
    let exact = json("satisfaction/drivers.json");
    let columns = SCORES.map(|column| column.map(f64::from));
    let columns: Vec<&[f64]> = columns.iter().map(<[f64; 12]>::as_slice).collect();
    let drivers = Drivers::of(&columns, &OVERALL).unwrap();
    assert_all(drivers.correlations(), &exact["correlations"], 1e-14);
    assert_all(drivers.standardised_coefficients(), &exact["coefficients"], 1e-13);
    assert_all(drivers.shares(), &exact["lmg"], 1e-13);
    assert_close(drivers.r_squared(), number(&exact["r2"]), 1e-14, "R²");
}

#[test]
fn penalties_and_rewards() {
    let exact = json("satisfaction/drivers.json");
    let scores: [&[u8]; 2] = [&SCORES[0], &SCORES[3]];
    let found = PenaltyReward::fit(&scores, Scale::ONE_TO_FIVE, 1, &OVERALL, LEVEL).unwrap();
    for (found, name) in found.iter().zip(["speed", "rooms"]) {
        assert_interval(found.penalty, &exact[format!("penalty {name}")], 1e-11);
        assert_interval(found.reward, &exact[format!("reward {name}")], 1e-11);
        assert_interval(found.asymmetry, &exact[format!("asymmetry {name}")], 1e-11);
        // Twelve customers show no asymmetry, whichever way its value lies.
        assert_eq!(found.kind, AttributeKind::Performance);
    }
}

/// Twenty customers show one attribute whose lack weighs more, one whose presence does, and one with as much of both.
#[test]
fn kinds_of_attributes() {
    const SCORES: [[u8; 10]; 3] = [
        [1, 3, 5, 3, 1, 5, 3, 3, 1, 5],
        [3, 5, 1, 3, 5, 3, 1, 3, 1, 5],
        [3, 1, 5, 5, 3, 1, 3, 3, 5, 3],
    ];
    let exact = json("satisfaction/samples.json");
    let overall: Vec<f64> = exact["overall"].as_array().unwrap().iter().map(number).collect();
    let twice = SCORES.map(|column| column.repeat(2));
    let columns: Vec<&[u8]> = twice.iter().map(Vec::as_slice).collect();
    let found = PenaltyReward::fit(&columns, Scale::ONE_TO_FIVE, 1, &overall, LEVEL).unwrap();
    let kinds = [AttributeKind::Basic, AttributeKind::Excitement, AttributeKind::Performance];
    for (i, (found, kind)) in found.iter().zip(kinds).enumerate() {
        assert_interval(found.asymmetry, &exact["asymmetry"][i], 1e-11);
        assert_eq!(found.kind, kind);
    }
}

/// What matters as much as it is done well lies on the line: at (4, 3) by hand, on either side of it as asked.
#[test]
fn a_cross_hair_that_is_given() {
    let at = |importance, performance| Attribute::new(importance, performance).unwrap();
    let all = [at(5.0, 2.5), at(4.5, 4.0), at(2.0, 1.0), at(3.5, 5.0), at(4.0, 3.0)];
    let gaps = all.map(|one| one.gap());
    for (got, want) in gaps.into_iter().zip([2.5, 0.5, 1.0, -1.5, 1.0]) {
        assert_close(got, want, 0.0, "importance less performance");
    }
    let cross = CrossHair::At { importance: 4.0, performance: 3.0 };
    let mut want = vec![
        Quadrant::ConcentrateHere,
        Quadrant::KeepUpTheGoodWork,
        Quadrant::LowPriority,
        Quadrant::PossibleOverkill,
        Quadrant::KeepUpTheGoodWork,
    ];
    assert_eq!(quadrants(&all, cross, OnLine::High).unwrap(), want);
    want[4] = Quadrant::LowPriority;
    assert_eq!(quadrants(&all, cross, OnLine::Low).unwrap(), want);
}

#[test]
fn satisfaction_to_retention_to_money() {
    let exact = json("satisfaction/drivers.json");
    let (satisfaction, stayed) = outcomes();
    // The middle of the scores is 3 too.
    let one = RetentionLink::fit(&satisfaction, &stayed).unwrap();
    let two = RetentionLink::fit_asymmetric(&satisfaction, &stayed, 3.0).unwrap();
    let before: Vec<f64> = (0..15).map(|i| if i < 10 { 3.0 } else { 4.0 }).collect();
    let after: Vec<f64> = before.iter().map(|score| score + 1.0).collect();
    let margins: Vec<f64> = (0..15).map(|i| if i < 10 { 100.0 } else { 80.0 }).collect();
    let rate = DiscountRate::annual(0.10).unwrap();
    for (link, name) in [(&one, "one slope"), (&two, "two slopes")] {
        let want = &exact[name];
        assert_all(link.coefficients(), &want["coefficients"], 1e-13);
        let variances = (0..link.coefficients().len()).map(|i| link.covariance()[i][i].sqrt());
        assert_all(&variances.collect::<Vec<_>>(), &want["errors"], 1e-13);
        assert_close(link.log_likelihood(), number(&want["log likelihood"]), 1e-14, "ln L");
        assert_interval(link.retention(4.0, LEVEL).unwrap(), &want["retention at 4"], 1e-13);
        let year = TimeUnit::Year;
        let worth = ValueOfSatisfaction::of(link, &before, &after, &margins, rate, year, LEVEL);
        let worth = worth.unwrap();
        assert_interval(worth.total, &want["worth"], 1e-12);
        assert_interval(worth.retention, &want["retention"], 1e-12);
        let test = link.likelihood_ratio_test().unwrap();
        assert_all(&[test.statistic, test.p_value.get()], &want["likelihood ratio"], 1e-11);
    }
    // A coefficient ± 1.96 of its standard errors.
    let ends = |name: &str, i: usize| -> [f64; 3] {
        let of = |what: &str| number(&exact[name][what][i]);
        let (value, half) = (of("coefficients"), 1.959_963_984_540_054 * of("errors"));
        [value, value - half, value + half]
    };
    for (slope, want) in [
        (one.slope(LEVEL), ends("one slope", 1)),
        (one.slope_below(LEVEL), ends("one slope", 1)),
        (one.slope_above(LEVEL), ends("one slope", 1)),
        (two.slope_below(LEVEL), ends("two slopes", 1)),
        (two.slope_above(LEVEL), ends("two slopes", 2)),
    ] {
        let slope = slope.unwrap();
        for (got, want) in [slope.value(), slope.lower(), slope.upper()].into_iter().zip(want) {
            assert_close(got, want, 1e-13, "slope");
        }
    }
    assert_kind(two.slope(LEVEL), "Undefined");
    let told = "the slope is undefined: there is one below and one above the reference";
    assert_message(two.slope(LEVEL), told);
    let test = two.asymmetry_test().unwrap();
    assert_all(&[test.statistic, test.p_value.get()], &exact["two slopes"]["asymmetry"], 1e-11);
}

/// A market counted year by year, and the worth of flows of money, as fractions.
#[test]
fn market_and_return_on_quality() {
    let exact = json("satisfaction/drivers.json");
    let [r, w, c, a, now] = [0.8, 0.05, 0.1, 0.3, 0.2].map(Probability::constant);
    let market = Market::new(r, w, c, 0.25, a).unwrap();
    assert_all(&market.shares(now, 4).unwrap(), &exact["market"], 1e-14);
    let (rate, profit) = (DiscountRate::annual(0.12).unwrap(), [0.0, 400.0, 700.0, 700.0]);
    let got = ReturnOnQuality::of(&profit, &[900.0, 150.0], rate, TimeUnit::Year).unwrap();
    let want = &exact["return on quality"];
    assert_all(&[got.gain(), got.spend(), got.net(), got.ratio()], want, 1e-13);
    let gain = Estimate::proportion(3, 20, LEVEL).unwrap();
    let back = ReturnOnQuality::interval(&gain, 0.05).unwrap();
    for (got, of) in
        [(back.value(), 0.15), (back.lower(), gain.lower()), (back.upper(), gain.upper())]
    {
        assert_close(got, of / 0.05, 1e-15, "return");
    }
}

/// Heart disease by age, 55 or not, of Hosmer and Lemeshow's hundred patients: 21 of 27 and 22 of 73 have it, counted in
/// their data. The fit goes through both shares: log odds ratio ln(21·51/(6·22)), its variance 1/21 + 1/6 + 1/22 + 1/51.
/// These are the 2.094, 0.529 and −58.98 of Applied Logistic Regression, section 3.2.
#[test]
fn logistic_regression_of_a_text_book() {
    let ages: Vec<f64> = (0..100).map(|i| f64::from(u8::from(i < 27))).collect();
    let ill: Vec<bool> = (0..100).map(|i| i < 21 || (27..49).contains(&i)).collect();
    let fit = RetentionLink::fit(&ages, &ill).unwrap();
    let slope = fit.slope(LEVEL).unwrap().value();
    let error = fit.covariance()[1][1].sqrt();
    assert_close(slope, (21.0_f64 * 51.0 / (6.0 * 22.0)).ln(), 1e-14, "slope");
    assert_close(
        error,
        (1.0 / 21.0 + 1.0 / 6.0 + 1.0 / 22.0 + 1.0 / 51.0_f64).sqrt(),
        1e-14,
        "error",
    );
    let part = |of: f64, n: f64| of * (of / n).ln();
    let ln = part(21.0, 27.0) + part(6.0, 27.0) + part(22.0, 73.0) + part(51.0, 73.0);
    assert_close(fit.log_likelihood(), ln, 1e-14, "ln L");
    assert_eq!(format!("{slope:.3} {error:.3} {ln:.2}"), "2.094 0.529 -58.98");
}

/// Requirement 25: 3 % of revenue on new products, sales + 23.5 %: a margin of 12.77 % breaks even; the customer
/// level + 20 %, revenue + 40 %.
#[test]
fn r25_return_on_improvement() {
    let products = ReturnOnImprovement::new(0.03, 0.235).unwrap();
    assert_close(products.break_even_margin(), 3.0 / 23.5, 1e-15, "margin");
    assert_eq!(format!("{:.2}", 100.0 * products.break_even_margin()), "12.77");
    assert!(products.net(products.break_even_margin()).unwrap().abs() < 1e-17);
    assert_close(revenue_leverage(0.20, 0.40).unwrap(), 2.0, 0.0, "leverage");
    assert_close(ReturnOnImprovement::rise_needed(0.03, 0.2).unwrap(), 0.15, 1e-15, "rise");
    let rise = sales_rise(&[100.0, 250.0, 180.0, 320.0], &[130.0, 290.0, 205.0, 425.0], LEVEL);
    let rise = rise.unwrap();
    assert_interval(rise, &json("satisfaction/drivers.json")["sales rise"], 1e-11);
    let back = ReturnOnImprovement::interval(0.03, &rise, 0.2).unwrap();
    let known = ReturnOnImprovement::new(0.03, rise.value()).unwrap();
    assert_close(back.value(), known.return_at(0.2).unwrap(), 1e-13, "return");
    assert_close(back.lower(), (0.2 * rise.lower() - 0.03) / 0.03, 1e-13, "lower end");
}
