//! Measures of inequality by hand: Raffinetti, Siletti and Vernizzi (2015), Hill (1975), Theil (1967).

use goodwill::Concentration;
use goodwill::tiering::{ParetoTail, Ranking, gini_with_losses};

use crate::support::assert_close;

/// The attributes −7, −15, 11, −10, 2, 4, 40 that the authors' own software shows: in order they weigh −6, −4, … 6,
/// which adds up to 90 + 40 + 14 + 0 + 8 + 44 + 240 = 436, over n·Σ|x| = 7 · 89.
#[test]
fn gini_with_losses_by_pairs() {
    let values: [f64; 7] = [-7.0, -15.0, 11.0, -10.0, 2.0, 4.0, 40.0];
    let mut pairs = 0.0;
    for (i, x) in values.iter().enumerate() {
        pairs += values[..i].iter().map(|y| (x - y).abs()).sum::<f64>();
    }
    assert_close(pairs, 436.0, 0.0, "pairs");
    assert_close(gini_with_losses(&values).unwrap(), 436.0 / (7.0 * 89.0), 1e-15, "Gini");
    // The polarised base: one makes all the profit, one all the loss.
    for n in [2, 3, 10, 1_000] {
        let mut polarised = vec![0.0; n];
        (polarised[0], polarised[n - 1]) = (70.0, -12.0);
        let most = (n as f64 - 1.0) / n as f64;
        assert_close(gini_with_losses(&polarised).unwrap(), most, 1e-15, "polarised");
    }
}

/// By hand: ln(16/1), ln(4/1) and ln(2/1) are 4, 2 and 1 times ln 2, their mean 7/3 ln 2.
#[test]
fn hill_by_hand() {
    let base = Ranking::of(&[1.0, 16.0, 0.5, 4.0, 2.0]).unwrap();
    let tail = ParetoTail::of(&base, 3).unwrap();
    let want = 3.0 / (7.0 * std::f64::consts::LN_2);
    assert_close(tail.exponent(), want, 1e-15, "exponent");
    assert_close(tail.standard_error(), want / 3.0_f64.sqrt(), 1e-15, "standard error");
    // The quantiles of a Pareto law with α = log 5/log 4: the top fifth brings four fifths of it.
    let alpha = 5.0_f64.ln() / 4.0_f64.ln();
    let n = 100_000;
    let law: Vec<f64> =
        (1..=n).map(|i| ((f64::from(i) - 0.5) / f64::from(n)).powf(-1.0 / alpha)).collect();
    let law = ParetoTail::of(&Ranking::of(&law).unwrap(), 20_000).unwrap();
    assert_close(law.exponent(), alpha, 1e-3, "80/20");
}

/// Two customers of 3 and 1: T = ½(1.5 ln 1.5 + 0.5 ln 0.5), H = 10/16.
#[test]
fn theil_and_herfindahl_by_hand() {
    let base = Concentration::of(&[3.0, 1.0]).unwrap();
    // mpmath: (1.5 log 1.5 + 0.5 log 0.5)/2 to 20 digits.
    assert_close(base.theil(), 0.130_812_035_941_137_04, 1e-15, "Theil");
    assert_close(base.herfindahl(), 0.625, 0.0, "Herfindahl");
    assert_close(base.effective_customers(), 1.6, 0.0, "effective customers");
}
