//! Verbraken, Verbeke and Baesens (2013): maximum and expected maximum profit, against brute force over thresholds and
//! numerical integration over γ; the chance of winning back against Newton's method at 40 digits.

use goodwill::Probability;
use goodwill::churn::{CampaignProfit, CampaignTerms, ChanceModel};
use serde_json::Value;

use crate::support::{assert_close, json, number};

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(number).collect()
}

fn flags(list: &Value) -> Vec<bool> {
    list.as_array().unwrap().iter().map(|flag| flag.as_bool().unwrap()).collect()
}

fn rows(list: &Value) -> Vec<Vec<f64>> {
    list.as_array().unwrap().iter().map(numbers).collect()
}

fn assert_near(got: f64, want: f64, size: f64, what: &str) {
    assert!((got - want).abs() <= size, "{what}: {got} is not {want}");
}

#[test]
fn expected_maximum_profit() {
    let cases = json("win_back/campaign_profit.json");
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 12);
    for case in cases {
        let (scores, churned) = (numbers(&case["scores"]), flags(&case["churned"]));
        let terms: Vec<CampaignTerms> = rows(&case["terms"])
            .iter()
            .map(|own| CampaignTerms { value: own[0], incentive: own[1], contact: own[2] })
            .collect();
        let campaign = match terms[..] {
            [alike] => CampaignProfit::new(&scores, &churned, alike).unwrap(),
            _ => CampaignProfit::individual(&scores, &churned, &terms).unwrap(),
        };
        let (alpha, beta) = (number(&case["alpha"]), number(&case["beta"]));
        let got = campaign.expected_maximum(alpha, beta).unwrap();
        assert_near(got.profit, number(&case["expected_profit"]), 2e-12, "expected profit");
        assert_near(got.share, number(&case["expected_share"]), 1e-13, "expected share");
        let (n, above) = (scores.len() as f64, |t: f64| scores.iter().filter(|&&s| s >= t).count());
        match got.threshold {
            None => assert_eq!((got.customers, got.share.to_bits()), (0, 0)),
            Some(threshold) => {
                assert_eq!(above(threshold), got.customers);
                assert!(got.customers as f64 >= n * got.share * (1.0 - 1e-12));
            }
        }
        for maximum in rows(&case["maxima"]) {
            let best = campaign.maximum(Probability::new(maximum[0]).unwrap());
            assert_near(best.profit, maximum[1], 1e-13, "profit");
            assert_near(best.share, maximum[2], 1e-15, "share");
            assert_eq!(best.threshold.map_or(0, above), best.customers);
        }
    }
}

/// The paper's figures: a perfect score targets all churners wherever γ > f/(CLV − d), and nobody else.
#[test]
fn a_perfect_score() {
    let churned: Vec<bool> = (0..50).map(|i| i < 10).collect();
    let scores: Vec<f64> = churned.iter().map(|&churned| f64::from(u8::from(churned))).collect();
    let campaign = CampaignProfit::new(&scores, &churned, CampaignTerms::default()).unwrap();
    let best = campaign.maximum(Probability::constant(0.3));
    // 200·(0.3·0.95 − 0.005)·0.2.
    assert_close(best.profit, 11.2, 1e-15, "profit");
    assert_eq!((best.customers, best.threshold), (10, Some(1.0)));
    // γ uniform: 0.2·∫ (190 γ − 1) over γ > 1/190, which is 0.2·(1 − 1/190)²·95.
    let expected = campaign.expected_maximum(1.0, 1.0).unwrap();
    let part = 1.0 - 1.0 / 190.0_f64;
    assert_close(expected.profit, 0.2 * 95.0 * part * part, 1e-14, "expected");
    assert_close(expected.share, 0.2 * part, 1e-14, "share");
    let defaults = (CampaignProfit::ALPHA, CampaignProfit::BETA);
    assert_eq!(defaults, (6.0, 14.0));
    let figures = CampaignTerms { value: 200.0, incentive: 10.0, contact: 1.0 };
    assert_eq!(CampaignTerms::default(), figures);
}

/// One churner worth 20 with an incentive of 10: so high a contact pays where γ ~ Beta(6, 14) exceeds 0.9 and more.
/// Exact fractions of `win_back/extremes.py`; the profit is the part (1 − γ)/15 or so of the terms that it is the
/// difference of, which takes up to three digits of the incomplete beta function's 3e-13.
#[test]
fn a_campaign_that_hardly_ever_pays() {
    let wants = [
        (9.0, 4.908_137_16e-12, 7.127_726_32e-11),
        (9.5, 1.891_898_318_862_915_1e-16, 5.589_277_616_882_324e-15),
        (9.7, 9.738_599_986_688_091e-20, 4.825_585_923_404_512e-18),
    ];
    for (contact, profit, share) in wants {
        let terms = CampaignTerms { value: 20.0, incentive: 10.0, contact };
        let campaign = CampaignProfit::new(&[1.0], &[true], terms).unwrap();
        let got = campaign.expected_maximum(CampaignProfit::ALPHA, CampaignProfit::BETA).unwrap();
        assert_close(got.profit, profit, 1e-10, "expected profit");
        assert_close(got.share, share, 1e-12, "expected share");
    }
}

/// A column from `offset` on: whatever it is, the chance is that of `win_back/extremes.py` at 2 of 0 to 9, to the last
/// bit that of the offset 0.
#[test]
fn chances_by_a_column_far_from_0() {
    let won: Vec<bool> = (0..100).map(|i| i * 37 % 100 < 10 * (i % 10) + 5).collect();
    let chance_at = |offset: f64| {
        let column: Vec<f64> = (0..100).map(|i| offset + f64::from(i % 10)).collect();
        let model = ChanceModel::fit(&[("x", &column)], &won).unwrap();
        let interval = model.chance_interval(&[offset + 2.0], Probability::constant(0.95)).unwrap();
        assert_close(model.chance(&[offset + 2.0]).unwrap().get(), interval.value(), 0.0, "chance");
        [interval.value(), interval.lower(), interval.upper()]
    };
    let near = chance_at(0.0);
    let wants = [0.226_710_901_165_880_54, 0.129_351_728_612_502_89, 0.366_502_232_608_560_87];
    for (got, want) in near.into_iter().zip(wants) {
        assert_close(got, want, 1e-13, "chance");
    }
    for offset in [1e6, 1e8, 1e9, 1.7e12, -9e14] {
        assert_eq!(chance_at(offset).map(f64::to_bits), near.map(f64::to_bits), "{offset}");
    }
}

#[test]
fn chances_by_logistic_regression() {
    let cases = json("win_back/chance_model.json");
    for case in cases.as_array().unwrap() {
        let known = rows(&case["known"]);
        let columns: Vec<Vec<f64>> =
            (0..3).map(|j| known.iter().map(|row| row[j]).collect()).collect();
        let named = [("months", &columns[0][..]), ("orders", &columns[1]), ("year", &columns[2])];
        let won = flags(&case["won"]);
        let model = ChanceModel::fit(&named, &won).unwrap();
        assert_eq!(model.names(), ["months", "orders", "year"]);
        assert_eq!(
            (model.attempts(), model.won()),
            (won.len(), won.iter().filter(|w| **w).count())
        );
        let errors = model.standard_errors();
        // The constant stands for the year 0, 100 times as far as the data reach: it keeps two digits less.
        for i in 0..4 {
            let want = |of: &str| number(&case[of][i]);
            assert_close(model.coefficients()[i], want("coefficients"), 1e-11, "coefficient");
            assert_close(errors[i], want("standard_errors"), 1e-11, "standard error");
            for j in 0..4 {
                let want = number(&case["covariance"][i][j]);
                assert_close(model.covariance()[i][j], want, 1e-9, "covariance");
            }
        }
        assert_close(model.log_likelihood(), number(&case["log_likelihood"]), 1e-13, "ln L");
        let new = numbers(&case["new"]);
        let chance = number(&case["chance"]);
        assert_close(model.chance(&new).unwrap().get(), chance, 1e-11, "chance");
        let interval = model.chance_interval(&new, Probability::constant(0.95)).unwrap();
        assert_close(interval.value(), chance, 1e-11, "chance");
        assert_close(interval.lower(), number(&case["lower"]), 1e-9, "lower");
        assert_close(interval.upper(), number(&case["upper"]), 1e-9, "upper");
    }
}
