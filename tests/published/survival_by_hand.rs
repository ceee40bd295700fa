//! Survival statistics that the reference data do not cover, worked by hand or, at their ends, by
//! `survival/extremes.py`.

use goodwill::survival::{
    Band, CauseTable, Cox, CoxTies, CumulativeIncidence, EventWeights, KaplanMeier, LifeTable,
    log_rank, stratified_log_rank,
};
use goodwill::{Probability, TimeUnit};

use crate::support::assert_close;

const LEVEL: Probability = Probability::constant(0.95);
/// Φ(z) = 0.975.
const Z: f64 = 1.959_963_984_540_054;

fn life(spans: &[(u32, bool)]) -> LifeTable {
    let (days, observed): (Vec<u32>, Vec<bool>) = spans.iter().copied().unzip();
    LifeTable::from_days(&days, &observed).unwrap()
}

/// Five spans: 1, 2, 2+, 3, 5+ (+ censored).
///
/// ```text
/// t  n  d  S              G
/// 1  5  1  4/5            1/20
/// 2  4  1  4/5·3/4 = 3/5  1/20 + 1/12 = 2/15
/// 3  2  1  3/5·1/2 = 3/10 2/15 + 1/2  = 19/30
/// ```
#[test]
fn plain_and_log_bands() {
    let life = life(&[(1, true), (2, true), (2, false), (3, true), (5, false)]);
    let root = (19.0_f64 / 30.0).sqrt();
    let bands = [
        (Band::Plain, 0.3 - Z * 0.3 * root, 0.3 + Z * 0.3 * root),
        (Band::Log, 0.3 * (-Z * root).exp(), 0.3 * (Z * root).exp()),
        // S^exp(± z√G/ln S)
        (
            Band::LogLog,
            0.3_f64.powf((Z * root / -(0.3_f64.ln())).exp()),
            0.3_f64.powf((-Z * root / -(0.3_f64.ln())).exp()),
        ),
    ];
    for (band, lower, upper) in bands {
        let at = KaplanMeier::new(&life, band, LEVEL).unwrap().at(3.0).unwrap();
        assert_close(at.value(), 0.3, 1e-15, "S");
        assert_close(at.lower(), lower, 1e-13, "lower");
        assert_close(at.upper(), upper, 1e-13, "upper");
    }
}

/// The same spans to τ = 4: μ = 1 + 4/5 + 3/5 + 3/10 = 27/10; areas right of 1, 2 and 3 are 17/10, 9/10 and 3/10.
/// Var = (17/10)²/20 + (9/10)²/12 + (3/10)²/2 = 0.1445 + 0.0675 + 0.045 = 0.257
#[test]
fn restricted_mean() {
    let life = life(&[(1, true), (2, true), (2, false), (3, true), (5, false)]);
    let mean = KaplanMeier::new(&life, Band::LogLog, LEVEL).unwrap().restricted_mean(4.0).unwrap();
    assert_close(mean.value(), 2.7, 1e-15, "mean");
    assert_close(mean.upper(), 2.7 + Z * 0.257_f64.sqrt(), 1e-14, "upper");
}

/// So many spans, of which some end by the event at 1 and the others are censored at 2; more than can be listed.
#[cfg(feature = "serde")]
fn many(spans: u64, events: u64) -> LifeTable {
    let change = |time: f64, events: u64, censored: u64| serde_json::json!({"time": time, "events": events, "censored": censored, "entered": 0});
    let changes = [change(1.0, events, 0), change(2.0, 0, spans - events)];
    let json = serde_json::json!({"unit": "day", "initial": spans, "changes": changes});
    serde_json::from_value(json).unwrap()
}

/// Σ 1/(n − j) and Σ 1/(n − j)² over j < d: 11/6 and 49/36 of three, and by `survival/extremes.py`.
#[cfg(feature = "serde")]
#[test]
fn events_in_turn() {
    use goodwill::survival::{NelsonAalen, TiedEvents};

    let large = 1_000_000_000_000_000_000;
    let wants = [
        (3, 3, 11.0 / 6.0, 49.0_f64 / 36.0),
        (1_000, 400, 0.510_492_438_580_749_6, 0.000_665_778_382_715_654_1),
        (2 * large, large, std::f64::consts::LN_2, 5e-19),
        (large, large, 42.023_747_338_794_36, 1.644_934_066_848_226_4),
        (u64::MAX, 0, 0.0, 0.0),
    ];
    for (spans, events, hazard, variance) in wants {
        let curve = NelsonAalen::new(&many(spans, events), TiedEvents::InTurn, LEVEL).unwrap();
        let got = curve.points()[0].cumulative;
        let reach = if hazard > 0.0 { Z * variance.sqrt() / hazard } else { 0.0 };
        assert_close(got.value(), hazard, 1e-15, "H");
        assert_close(got.lower(), hazard * (-reach).exp(), 1e-14, "lower");
        assert_close(got.upper(), hazard * reach.exp(), 1e-14, "upper");
    }
}

/// Spans (entry, end]: (0, 2], (2, 3], (1, 4], all to the event.
///
/// ```text
/// t  at risk              S
/// 2  first, third    = 2  1/2     (the second enters at 2 and is not at risk on it)
/// 3  second, third   = 2  1/4
/// 4  third           = 1  0
/// ```
#[test]
fn left_truncation() {
    let table =
        LifeTable::with_entries(TimeUnit::Day, &[0.0, 2.0, 1.0], &[2.0, 3.0, 4.0], &[true; 3]);
    let curve = KaplanMeier::new(&table.unwrap(), Band::LogLog, LEVEL).unwrap();
    let got: Vec<f64> = curve.points().iter().map(|point| point.survival.value()).collect();
    assert_eq!(got, [0.5, 0.25, 0.0]);
}

/// A: 1, 3. B: 2, 4+.
///
/// ```text
/// t  n  nA  d  in A  S(t−)  expected  V
/// 1  4  2   1  1     1      1/2       1/4
/// 2  3  1   1  0     3/4    1/3       2/9
/// 3  2  1   1  1     1/2    1/2       1/4
/// ```
/// Equal: Z = 1/2 − 1/3 + 1/2 = 2/3, V = 13/18, Z²/V = 8/13.
/// Early (1, 3/4, 1/2): Z = 1/2 − 1/4 + 1/4 = 1/2, V = 1/4 + 1/8 + 1/16 = 7/16, Z²/V = 4/7.
/// Late (0, 1/4, 1/2): Z = −1/12 + 1/4 = 1/6, V = 1/72 + 1/16 = 11/144, Z²/V = 4/11.
#[test]
fn weighted_log_rank() {
    let groups = [life(&[(1, true), (3, true)]), life(&[(2, true), (4, false)])];
    let wants = [
        (EventWeights::EQUAL, 8.0 / 13.0),
        (EventWeights::EARLY, 4.0 / 7.0),
        (EventWeights::LATE, 4.0 / 11.0),
    ];
    for (weights, want) in wants {
        assert_close(log_rank(&groups, weights).unwrap().statistic, want, 1e-14, "χ²");
    }
}

/// The groups above, and a stratum with A: 1 and B: 2, which adds 1/2 to Z and 1/4 to V at t = 1 (at t = 2 only B
/// is at risk): Z = 2/3 + 1/2 = 7/6, V = 13/18 + 1/4 = 35/36, Z²/V = 7/5.
#[test]
fn log_rank_in_strata() {
    let strata = [
        [life(&[(1, true), (3, true)]), life(&[(2, true), (4, false)])],
        [life(&[(1, true)]), life(&[(2, true)])],
    ];
    let got = stratified_log_rank(&strata, EventWeights::EQUAL).unwrap();
    assert_close(got.statistic, 7.0 / 5.0, 1e-14, "χ²");
}

/// 1 by cause 0, 2 by cause 1, 2+, 3 by cause 0, 4+.
///
/// ```text
/// t  n  d0  d1  S(t−)  I0                    I1            S
/// 1  5  1   0   1      1/5                   0             4/5
/// 2  4  0   1   4/5    1/5                   4/5·1/4 = 1/5 3/5
/// 3  2  1   0   3/5    1/5 + 3/5·1/2 = 1/2   1/5           3/10
/// ```
/// Var I0(3) = (3/10)²/20 + (3/10)²/12               (the curve: 0.0045 + 0.0075)
///           + 1·(1·4)/125 + (3/5)²·(1·1)/8          (its own steps: 0.032 + 0.045)
///           − 2·(3/10)·1·1/25                       (both: −0.024)       = 0.065
#[test]
fn competing_causes() {
    let causes = [Some(0), Some(1), None, Some(0), None];
    let table = CauseTable::new(TimeUnit::Month, 2, &[1.0, 2.0, 2.0, 3.0, 4.0], &causes).unwrap();
    let curves = CumulativeIncidence::new(&table, LEVEL).unwrap();
    let [first, second] = [0, 1].map(|cause| curves.points()[2].incidence[cause]);
    assert_close(first.value(), 0.5, 1e-15, "I0");
    assert_close(second.value(), 0.2, 1e-15, "I1");
    assert_close(first.upper(), 0.5 + Z * 0.065_f64.sqrt(), 1e-14, "upper");
    assert_close(first.lower(), 0.5 - Z * 0.065_f64.sqrt(), 1e-11, "lower");
}

/// With x = e^β: spans 1 (z = 1), 2 (z = 0), 3 (z = 1), all to the event.
/// L = x/(2x + 1)·1/(x + 1): 1/(2x + 1) = x/(x + 1), so x = 1/√2; information 2x/(2x + 1)² + x/(x + 1)².
fn three() -> Cox {
    Cox::new(&[1.0, 2.0, 3.0], &[true; 3]).unwrap()
}

fn coefficient(cox: &Cox, ties: CoxTies) -> (f64, f64) {
    let fit = cox.fit(ties).unwrap();
    (fit.coefficients()[0], fit.standard_errors()[0])
}

#[test]
fn regression_in_strata() {
    let x = 0.5_f64.sqrt();
    let information = 2.0 * x / (2.0 * x + 1.0).powi(2) + x / (x + 1.0).powi(2);
    let (beta, error) =
        coefficient(&three().covariate("z", &[1.0, 0.0, 1.0]).unwrap(), CoxTies::Efron);
    assert_close(beta, x.ln(), 1e-13, "β");
    assert_close(error, 1.0 / information.sqrt(), 1e-13, "standard error");
    // Twice the same in strata of their own: the same β, twice the information.
    let twice = Cox::new(&[1.0, 2.0, 3.0, 1.0, 2.0, 3.0], &[true; 6]).unwrap();
    let twice = twice.covariate("z", &[1.0, 0.0, 1.0, 1.0, 0.0, 1.0]).unwrap();
    let twice = twice.strata(&[7, 7, 7, 9, 9, 9]).unwrap();
    let (beta, error) = coefficient(&twice, CoxTies::Efron);
    assert_close(beta, x.ln(), 1e-13, "β");
    assert_close(error, 1.0 / (2.0 * information).sqrt(), 1e-13, "standard error");
}

/// A fourth, z = 1, watched from 1.5 to 2.5 without the event, is at risk at 2 only: L = x/(2x + 1)·1/(2x + 1), so
/// 4x = 2x + 1, x = 1/2, and the information is 2·2x/(2x + 1)² = 1/2.
#[test]
fn regression_with_a_late_entry() {
    let cox = Cox::new(&[1.0, 2.0, 3.0, 2.5], &[true, true, true, false]).unwrap();
    let cox = cox.entries(&[0.0, 0.0, 0.0, 1.5]).unwrap();
    let cox = cox.covariate("z", &[1.0, 0.0, 1.0, 1.0]).unwrap();
    let (beta, error) = coefficient(&cox, CoxTies::Efron);
    assert_close(beta, -std::f64::consts::LN_2, 1e-13, "β");
    assert_close(error, std::f64::consts::SQRT_2, 1e-13, "standard error");
}

/// One late entrant outweighs the others e^{0.85·z} times while he is at risk, and is no part of any other risk set:
/// `survival/extremes.py`.
#[test]
fn regression_with_a_late_entry_far_from_all_others() {
    let wants = [
        (20.0, 0.847_629_720_997_228_1, 0.365_592_739_123_621_34, -107.541_631_526_307_78),
        (25.0, 0.847_627_684_942_109_8, 0.365_599_886_335_978_23, -107.541_630_741_812_03),
        (30.0, 0.847_627_647_983_583_6, 0.365_600_049_865_158_5, -107.541_630_730_488_04),
        (35.0, 0.847_627_647_340_867_3, 0.365_600_053_296_508_1, -107.541_630_730_324_58),
    ];
    let group = |i: usize| [0.0, 1.0][i % 2];
    let end = |i: usize| (17 * i % 40 + 1) as f64 / [4.0, 6.0][i % 2];
    let ends: Vec<f64> = (0..40).map(end).chain([5.45]).collect();
    let mut entries = vec![0.0; 41];
    entries[40] = 5.35;
    for (far, beta, error, log_likelihood) in wants {
        let z: Vec<f64> = (0..40).map(group).chain([far]).collect();
        let cox = Cox::new(&ends, &[true; 41]).unwrap().entries(&entries).unwrap();
        let fit = cox.covariate("z", &z).unwrap().fit(CoxTies::Efron).unwrap();
        assert_close(fit.coefficients()[0], beta, 1e-11, "β");
        assert_close(fit.standard_errors()[0], error, 1e-11, "standard error");
        assert_close(fit.log_likelihood(), log_likelihood, 1e-14, "ln L");
    }
}

/// Two events at 1 (z = 1 and z = 0), one at 2 (z = 1).
/// Efron: L = x/((2x + 1)·(2x + 1 − (x + 1)/2)), so 1/(2x + 1) = 3x/(3x + 1), x = 1/√6.
/// Breslow: L = x/(2x + 1)², so x = 1/2.
#[test]
fn regression_with_ties() {
    let cox = Cox::new(&[1.0, 1.0, 2.0], &[true; 3]).unwrap();
    let cox = cox.covariate("z", &[1.0, 0.0, 1.0]).unwrap();
    assert_close(coefficient(&cox, CoxTies::Efron).0, -0.5 * 6.0_f64.ln(), 1e-13, "Efron");
    assert_close(coefficient(&cox, CoxTies::Breslow).0, 0.5_f64.ln(), 1e-13, "Breslow");
}
