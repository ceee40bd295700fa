//! The laws of BG/BB.

use goodwill::lifetime::{BgBb, RetentionModel, Sbg};
use goodwill::{DiscountRate, Horizon, Opportunities, OpportunityHistory, Probability, TimeUnit};
use proptest::prelude::*;

use crate::assert_at_most;
use crate::support::{assert_close, rows};

const YEAR: TimeUnit = TimeUnit::Year;

fn years(count: u32) -> Horizon {
    Horizon::years(f64::from(count)).unwrap()
}

fn models() -> impl Strategy<Value = BgBb> {
    let log = || -3.0_f64..4.0;
    [log(), log(), log(), log()].prop_map(|logs| {
        let [alpha, beta, gamma, delta] = logs.map(f64::exp);
        BgBb::new(YEAR, alpha, beta, gamma, delta).unwrap()
    })
}

fn histories() -> impl Strategy<Value = OpportunityHistory> {
    (0_u32..30, 0_u32..30, 0_u32..30).prop_map(|(a, b, c)| {
        let mut all = [a, b, c];
        all.sort_unstable();
        let [x, last, n] = all;
        let last = if x == 0 { 0 } else { last };
        OpportunityHistory::new(x, last, n).unwrap()
    })
}

fn get(p: goodwill::Result<Probability>) -> f64 {
    p.unwrap().get()
}

proptest! {
    #![proptest_config(crate::cases(256))]

    #[test]
    fn counts_sum_to_1_and_to_their_mean(model in models(), history in histories(), m in 0_u32..40) {
        let pmf: Vec<f64> =
            (0..=m).map(|n| get(model.purchase_probability(&history, n, years(m)))).collect();
        assert_close(pmf.iter().sum(), 1.0, 1e-11, "Σ P(n)");
        let mean: f64 = pmf.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
        let expected = model.expected_purchases(&history, years(m)).unwrap();
        assert_close(mean, expected, 1e-9, "Σ n·P(n)");
        prop_assert!(get(model.purchase_probability(&history, m + 1, years(m))) <= 0.0);
        let buys = get(model.probability_of_purchase(&history, years(m)));
        prop_assert!((buys - (1.0 - pmf[0])).abs() < 1e-12);
    }

    #[test]
    fn longer_is_more_and_later_is_less(
        model in models(),
        history in histories(),
        m in 0_u32..40,
        rate in 0.01_f64..0.5,
    ) {
        let discount = DiscountRate::annual(rate).unwrap();
        let expected = |m| model.expected_purchases(&history, years(m)).unwrap();
        let alive = |m| get(model.probability_alive_after(&history, years(m)));
        let discounted =
            |horizon| model.discounted_purchases(&history, horizon, discount).unwrap();
        prop_assert!(expected(0) <= 0.0);
        assert_at_most(expected(m), expected(m + 1), 1e-13, "expected purchases");
        assert_at_most(alive(m + 1), alive(m), 1e-13, "alive");
        assert_close(alive(0), get(model.probability_alive(&history)), 1e-15, "now");
        assert_at_most(discounted(years(m)), expected(m), 1e-13, "a rate");
        assert_at_most(discounted(years(m)), discounted(Horizon::FOREVER), 1e-12, "for ever");
        // One opportunity more adds alive then, times the mean chance to take it.
        let (x, n) = (f64::from(history.frequency()), f64::from(history.opportunities()));
        let takes = (model.alpha() + x) / (model.alpha() + model.beta() + n);
        let explicit = (1..=m).map(|k| alive(k) * takes);
        assert_close(explicit.clone().sum(), expected(m), 1e-11, "the sum");
        let paid = explicit.zip(1..).map(|(buys, k)| buys * (1.0 + rate).powi(-k));
        assert_close(paid.sum(), discounted(years(m)), 1e-11, "the discounted sum");
    }

    /// Over all that can happen at n opportunities, likelihoods with their number of ways sum to 1.
    #[test]
    fn likelihoods_sum_to_1(model in models(), n in 0_u32..9) {
        let ways = |x: u32, last: u32| {
            // C(last − 1, x − 1)
            (1..x).fold(1.0, |ways, i| ways * f64::from(last - i) / f64::from(i))
        };
        let mut total = 0.0;
        for last in 0..=n {
            for x in u32::from(last > 0)..=last {
                let history = OpportunityHistory::new(x, last, n).unwrap();
                total += ways(x, last) * model.log_likelihood_of(&history).unwrap().exp();
            }
        }
        assert_close(total, 1.0, 1e-12, "Σ L");
    }

    /// What is known at n, carried one opportunity on, is what is known at n + 1: P(alive), taken or not.
    #[test]
    fn one_opportunity_on(model in models(), history in histories()) {
        let (x, last, n) = (history.frequency(), history.recency(), history.opportunities());
        let silent = OpportunityHistory::new(x, last, n + 1).unwrap();
        let took = OpportunityHistory::new(x + 1, n + 1, n + 1).unwrap();
        let buys = get(model.probability_of_purchase(&history, years(1)));
        let likelihood = |history| model.log_likelihood_of(history).unwrap();
        assert_close((likelihood(&took) - likelihood(&history)).exp(), buys, 1e-10, "takes it");
        let alive = buys + (1.0 - buys) * get(model.probability_alive(&silent));
        let today = get(model.probability_alive_after(&history, years(1)));
        prop_assert!((alive - today).abs() < 1e-11);
        prop_assert!(get(model.probability_alive(&took)) >= 1.0);
    }

    /// Customers who take every opportunity while they are there are under contract, in effect: sBG.
    #[test]
    fn certain_purchase_is_sbg(
        logs in [-2.0_f64..4.0, -2.0..4.0],
        n in 1_u32..30,
        part in 0.0_f64..1.0,
        rate in 0.01_f64..0.5,
    ) {
        let [gamma, delta] = logs.map(f64::exp);
        let certain = BgBb::new(YEAR, 1e15, 1e-3, gamma, delta).unwrap();
        let sbg = Sbg::new(YEAR, gamma, delta).unwrap();
        let still = OpportunityHistory::new(n, n, n).unwrap();
        let likelihood = certain.log_likelihood_of(&still).unwrap();
        assert_close(likelihood.exp(), get(sbg.survival(n)), 1e-10, "S(n)");
        let t = (f64::from(n) * part) as u32;
        let left = OpportunityHistory::new(t, t, n).unwrap();
        let likelihood = certain.log_likelihood_of(&left).unwrap();
        assert_close(likelihood.exp(), get(sbg.churn_probability(t + 1)), 1e-10, "P(T = t + 1)");
        prop_assert!(get(certain.probability_alive(&left)) < 1e-9);
        let discount = DiscountRate::annual(rate).unwrap();
        let got = certain.discounted_purchases(&still, Horizon::FOREVER, discount).unwrap();
        let want = sbg.discounted_residual_lifetime(n, Horizon::FOREVER, discount).unwrap();
        assert_close(got * (1.0 + rate), want, 1e-10, "DERL");
    }

    #[test]
    fn next_purchase_is_where_the_chance_is_reached(
        model in models(),
        history in histories(),
        chance in 0.001_f64..0.6,
    ) {
        let asked = Probability::new(chance).unwrap();
        let by = |m| get(model.probability_of_purchase(&history, years(m)));
        match model.next_purchase(&history, asked) {
            Ok(Some(m)) => {
                prop_assert!(by(m) >= chance - 1e-12);
                prop_assert!(m == 0 || by(m - 1) < chance + 1e-12);
            }
            Ok(None) => {
                let ever = model.probability_of_purchase(&history, Horizon::FOREVER);
                prop_assert!(get(ever) < chance);
                prop_assert!(by(2_000) < chance);
            }
            Err(error) => prop_assert!(by(100_000) < chance, "{error}"),
        }
    }
}

fn donors() -> Vec<(OpportunityHistory, u64)> {
    let row = |row: &Vec<f64>| {
        let history = OpportunityHistory::new(row[0] as u32, row[1] as u32, row[2] as u32);
        (history.unwrap(), row[3] as u64)
    };
    rows("donations.csv").iter().map(row).collect()
}

fn seen(rows: &[(OpportunityHistory, u64)]) -> Opportunities {
    let column = |of: fn(&OpportunityHistory) -> u32| {
        rows.iter().map(|(history, _)| of(history)).collect::<Vec<_>>()
    };
    let weights: Vec<u64> = rows.iter().map(|&(_, weight)| weight).collect();
    let (x, last) = (column(OpportunityHistory::frequency), column(OpportunityHistory::recency));
    let n = column(OpportunityHistory::opportunities);
    Opportunities::with_weights(YEAR, &x, &last, &n, &weights).unwrap()
}

/// Rows in any order, split into rows of one customer, with rows of nobody: the same report, to the bit.
#[test]
fn a_fit_does_not_depend_on_how_rows_were_put_together() {
    let rows = donors();
    let fit = BgBb::fit(&seen(&rows)).unwrap();
    let mut turned: Vec<_> =
        rows.iter().flat_map(|&(history, weight)| vec![(history, 1); weight as usize]).collect();
    turned.reverse();
    turned.rotate_left(4_321);
    turned.push((OpportunityHistory::new(3, 5, 9).unwrap(), 0));
    assert_eq!(BgBb::fit(&seen(&turned)).unwrap(), fit);
    assert_eq!(
        fit.model().log_likelihood(&seen(&turned)).unwrap().to_bits(),
        fit.log_likelihood().to_bits()
    );
    let text = serde_json::to_string(&seen(&rows)).unwrap();
    assert_eq!(serde_json::from_str::<Opportunities>(&text).unwrap(), seen(&rows));
}

/// 200 seeded bases: within a binomial's reach of 95 % of the intervals hold the truth.
#[test]
fn parameters_are_recovered_from_simulation() {
    let truth = BgBb::new(YEAR, 1.2, 0.75, 0.66, 2.8).unwrap();
    let mut held = [0; 4];
    for seed in 0..200 {
        let fit = BgBb::fit(&truth.simulate(3_000, 8, seed).unwrap()).unwrap();
        for (i, held) in held.iter_mut().enumerate() {
            let (got, want) = (fit.model().parameters()[i].1, truth.parameters()[i].1);
            *held += i32::from((got - want).abs() < 1.96 * fit.standard_errors()[i].1);
        }
    }
    // Four standard errors below 190 of 200.
    assert!(held.iter().all(|&held| held >= 178), "{held:?}");
    assert_eq!(truth.simulate(9, 5, 1).unwrap(), truth.simulate(9, 5, 1).unwrap());
}
