//! What intervals of customers with covariates obey.

#![allow(clippy::float_cmp)] // the same futures are the same to the bit

use goodwill::lifetime::{
    Covariates, DescribedHistories, Domain, Effects, Futures, Outlook, WithCovariates,
};
use goodwill::{
    BgNbd, Fit, FitOptions, Histories, History, Horizon, Probability, PurchaseModel, TimeUnit,
};

use crate::purchase_model::columns;

const LEVEL: Probability = Probability::constant(0.95);
const NAMES: [&str; 2] = ["friend", "basket"];

/// Who came by a friend buys three times as often.
fn shop(friend: bool) -> BgNbd {
    BgNbd::new(TimeUnit::Week, 0.9, if friend { 3.0 } else { 9.0 }, 0.8, 2.5).unwrap()
}

/// So many of either kind; the basket, from 0 to 6, says nothing.
fn customers(each: usize) -> (Histories, Vec<[f64; 2]>) {
    let of = |friend: bool| shop(friend).simulate(&vec![52.0; each], u64::from(friend)).unwrap();
    let rows: Vec<History> =
        [false, true].iter().flat_map(|&own| of(own).iter().collect::<Vec<_>>()).collect();
    let known = |row: usize| [f64::from(u8::from(row >= each)), (row % 7) as f64];
    (columns(&rows), (0..2 * each).map(known).collect())
}

fn fitted(histories: &Histories, known: &Covariates) -> Fit<WithCovariates<BgNbd>> {
    let effects = Effects::new().on_dropout(&[]);
    WithCovariates::fit_with(histories, known, &effects, &FitOptions::new()).unwrap()
}

fn quarter() -> Horizon {
    Horizon::weeks(13.0).unwrap()
}

fn assert_near(got: f64, want: f64, tolerance: f64) {
    assert!((got / want - 1.0).abs() < tolerance, "{got} is not {want}");
}

/// The delta method on the scale of an effect is the effect's own interval.
#[test]
fn an_effect_has_one_interval() {
    let (histories, known) = customers(600);
    let fit = fitted(&histories, &Covariates::new(&NAMES, &known).unwrap());
    let named = fit.parameter_intervals(LEVEL).unwrap();
    for (i, effect) in fit.effects().iter().enumerate() {
        let multiplier = effect.multiplier(LEVEL).unwrap();
        let told = |model: &WithCovariates<BgNbd>| Ok(model.effects()[i].coefficient.exp());
        let own = fit.confidence(LEVEL, Domain::Positive, told).unwrap();
        assert_near(own.lower(), multiplier.lower(), 1e-9);
        assert_near(own.upper(), multiplier.upper(), 1e-9);
        let (_, plain) = named[4 + i];
        assert_near(plain.lower(), multiplier.lower().ln(), 1e-9);
        assert_near(plain.upper(), multiplier.upper().ln(), 1e-9);
    }
    // Who knows that friends buy more is not in doubt about it.
    assert!(named[4].1.lower() > 0.5 && named[4].1.upper() < 1.6);
}

/// Baskets counted in cents, and from another end, are the same baskets.
#[test]
fn the_unit_of_a_covariate_changes_no_interval() {
    let (histories, known) = customers(600);
    let cents: Vec<[f64; 2]> = known.iter().map(|z| [1.0 - z[0], 100.0 * z[1] + 700.0]).collect();
    let [plain, moved] = [&known, &cents].map(|rows| {
        let known = Covariates::new(&NAMES, rows).unwrap();
        let fit = fitted(&histories, &known);
        let described = DescribedHistories::new(&histories, &known).unwrap();
        let outlook = Outlook::new(&fit, &described);
        let mut all = outlook.expected_purchases(quarter(), LEVEL).unwrap();
        all.push(outlook.expected_purchases_of_base(quarter(), LEVEL).unwrap());
        all.extend(outlook.probabilities_alive(LEVEL).unwrap());
        all
    });
    for (plain, moved) in plain.iter().zip(&moved) {
        assert_near(moved.value(), plain.value(), 1e-6);
        assert_near(moved.lower(), plain.lower(), 1e-6);
        assert_near(moved.upper(), plain.upper(), 1e-6);
    }
}

/// What will be counted is as doubtful as the expectation and as chance together, and chance is what the true models
/// of both kinds make of it.
#[test]
fn doubt_and_chance_add_up() {
    let year = Horizon::weeks(52.0).unwrap();
    // Few were fitted, so that doubt weighs more than chance.
    let (few, known_few) = customers(250);
    let fit = fitted(&few, &Covariates::new(&NAMES, &known_few).unwrap());
    let (histories, known) = customers(2_000);
    let known = Covariates::new(&NAMES, &known).unwrap();
    let described = DescribedHistories::new(&histories, &known).unwrap();
    let outlook = Outlook::new(&fit, &described);
    let counted = outlook.purchases_of_base(year, &Futures::new(5)).unwrap();
    let sure = outlook.expected_purchases_of_base(year, LEVEL).unwrap();
    let half = |own: (f64, f64)| (own.1 - own.0) / 2.0;

    let rows: Vec<History> = histories.iter().collect();
    let kinds = rows.split_at(2_000);
    let kinds = [(false, columns(kinds.0)), (true, columns(kinds.1))];
    let future = |seed: u64| -> f64 {
        let bought = |(friend, own): &(bool, Histories)| -> usize {
            let seed = 2 * seed + u64::from(*friend);
            shop(*friend).simulate_future(own, year, seed).unwrap().iter().map(Vec::len).sum()
        };
        kinds.iter().map(bought).sum::<usize>() as f64
    };
    let futures: Vec<f64> = (0..400).map(future).collect();
    let mean = futures.iter().sum::<f64>() / 400.0;
    let sd = (futures.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / 399.0).sqrt();
    assert!(counted.contains(mean) && sure.contains(mean), "{mean} is not in {sure:?}");
    let (doubt, chance) = (half((sure.lower(), sure.upper())), 1.959_963_984_540_054 * sd);
    assert!((1.2..6.0).contains(&(doubt / chance)), "{doubt} of doubt, {chance} of chance");
    let together = doubt.hypot(chance);
    // 400 futures tell a deviation to 4 %, 999 draws an end to 3 %.
    assert_near(half((counted.lower(), counted.upper())), together, 0.15);
}

#[test]
fn neither_order_nor_company_changes_a_bit() {
    let (histories, known) = customers(300);
    let fit = fitted(&histories, &Covariates::new(&NAMES, &known).unwrap());
    let futures = Futures::new(3).draws(99);
    let of = |rows: &[History], known: &[[f64; 2]]| {
        let (rows, known) = (columns(rows), Covariates::new(&NAMES, known).unwrap());
        let described = DescribedHistories::new(&rows, &known).unwrap();
        let outlook = Outlook::new(&fit, &described);
        let each = outlook.purchases(quarter(), &futures).unwrap();
        (each, outlook.purchases_of_base(quarter(), &futures).unwrap())
    };
    let rows: Vec<History> = histories.iter().collect();
    let (each, all) = of(&rows, &known);
    let back: Vec<History> = rows.iter().rev().copied().collect();
    let back_known: Vec<[f64; 2]> = known.iter().rev().copied().collect();
    let (mut each_back, all_back) = of(&back, &back_known);
    each_back.reverse();
    assert_eq!((&each_back, all_back), (&each, all));
    for row in [0, 250, 599] {
        assert_eq!(of(&rows[row..=row], &known[row..=row]).0[0], each[row]);
        assert_eq!((each[row].lower().fract(), each[row].upper().fract()), (0.0, 0.0));
    }
}
