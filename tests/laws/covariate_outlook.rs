//! What intervals and forecasts of customers with covariates obey.

#![allow(clippy::float_cmp)] // the same futures are the same to the bit

use goodwill::lifetime::{
    AcquisitionPlan, ConfidenceInterval, Covariates, DescribedHistories, DescribedPlan, Domain,
    Effects, Futures, Interval, Outlook, PredictionInterval, WithCovariates,
};
use goodwill::{
    BgNbd, Fit, FitOptions, GammaGamma, Histories, History, Horizon, Probability, PurchaseModel,
    Spend, SpendModel, Spends, TimeUnit,
};
use rand::SeedableRng;
use rand_distr::{Distribution, Gamma};
use rand_pcg::Pcg64Mcg;

use crate::forecast::{assert_middle_is_expected, by_parts, lines, of_newcomer, value};
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

fn money() -> GammaGamma {
    GammaGamma::new(6.25, 3.74, 15.44).unwrap()
}

/// What such customers spent.
fn spends(histories: &Histories) -> Spends {
    let bought: Vec<u32> = histories.iter().map(|history| history.frequency()).collect();
    money().simulate_spends(&bought, 8).unwrap()
}

/// So many newcomers of each kind in two quarters.
fn plan(kinds: &[([f64; 2], [u32; 2])]) -> DescribedPlan {
    let rows: Vec<[f64; 2]> = kinds.iter().map(|kind| kind.0).collect();
    let plan = |kind: &([f64; 2], [u32; 2])| {
        AcquisitionPlan::new(quarter(), &kind.1).unwrap().without_first_purchases()
    };
    let plans: Vec<AcquisitionPlan> = kinds.iter().map(plan).collect();
    DescribedPlan::new(&Covariates::new(&NAMES, &rows).unwrap(), &plans).unwrap()
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
    let (paid, few_paid) = (spends(&histories), spends(&few));
    let spend_fit = GammaGamma::fit(&few_paid).unwrap();
    let in_money = outlook.with_spend(&spend_fit, &paid).unwrap();
    let futures = Futures::new(5);
    let intervals = [
        (
            outlook.expected_purchases_of_base(year, LEVEL).unwrap(),
            outlook.purchases_of_base(year, &futures).unwrap(),
        ),
        (
            in_money.expected_revenue_of_base(year, LEVEL).unwrap(),
            in_money.revenue_of_base(year, &futures).unwrap(),
        ),
    ];

    let rows: Vec<History> = histories.iter().collect();
    let kinds = rows.split_at(2_000);
    let kinds = [(false, columns(kinds.0)), (true, columns(kinds.1))];
    // How often each buys, friends last, as the customers stand; and what that costs, by the conjugate prior.
    let future = |seed: u64| -> [f64; 2] {
        let mut rng = Pcg64Mcg::seed_from_u64(seed);
        let mut gamma = |shape, rate: f64| Gamma::new(shape, 1.0 / rate).unwrap().sample(&mut rng);
        let bought = kinds.iter().flat_map(|(friend, own)| {
            shop(*friend).simulate_future(own, year, 2 * seed + u64::from(*friend)).unwrap()
        });
        let (mut purchases, mut revenue) = (0.0, 0.0);
        for (times, known) in bought.zip(paid.iter()).filter(|own| !own.0.is_empty()) {
            let (n, x) = (times.len() as f64, f64::from(known.frequency()));
            let rate = gamma(money().p() * x + money().q(), money().v() + x * known.mean());
            purchases += n;
            revenue += gamma(money().p() * n, rate);
        }
        [purchases, revenue]
    };
    let drawn: Vec<[f64; 2]> = (0..400).map(future).collect();
    for (place, (sure, counted)) in intervals.into_iter().enumerate() {
        let mean = drawn.iter().map(|own| own[place]).sum::<f64>() / 400.0;
        let square = drawn.iter().map(|own| (own[place] - mean).powi(2)).sum::<f64>();
        assert_eq!(sure.value(), counted.value());
        assert!(counted.lower() < sure.lower() && sure.upper() < counted.upper());
        assert!(counted.contains(mean) && sure.contains(mean), "{mean} is not in {sure:?}");
        let chance = 1.959_963_984_540_054 * (square / 399.0).sqrt();
        let doubt = (sure.upper() - sure.lower()) / 2.0;
        assert!((1.2..6.0).contains(&(doubt / chance)), "{doubt} of doubt, {chance} of chance");
        // 400 futures tell a deviation to 4 %, 999 draws an end to 3 %.
        assert_near((counted.upper() - counted.lower()) / 2.0, doubt.hypot(chance), 0.15);
    }
}

/// Every customer twice, once on either side of a covariate's mean: it has no effect, and all numbers are those of the
/// plain model.
#[test]
fn an_effect_of_nothing_is_no_effect() {
    let (histories, _) = customers(400);
    let (paid, spend_fit) = (spends(&histories), GammaGamma::fit(&spends(&histories)).unwrap());
    let twice: Vec<History> = histories.iter().flat_map(|own| [own, own]).collect();
    let twice = columns(&twice);
    let twice_paid: Spends = paid.iter().flat_map(|own| [own, own]).collect();
    let sides: Vec<[f64; 1]> = (0..twice.len()).map(|i| [[1.0], [-1.0]][i % 2]).collect();
    let known = Covariates::new(&["side"], &sides).unwrap();
    let effects = Effects::new().on_dropout(&[]);
    let fit: Fit<WithCovariates<BgNbd>> =
        WithCovariates::fit_with(&twice, &known, &effects, &FitOptions::new()).unwrap();
    let plain_fit = BgNbd::fit(&twice).unwrap();
    assert!(fit.effects()[0].coefficient.abs() < 1e-14, "{:?}", fit.effects());

    let described = DescribedHistories::new(&twice, &known).unwrap();
    let (own, plain) = (Outlook::new(&fit, &described), Outlook::new(&plain_fit, &twice));
    let in_money = own.with_spend(&spend_fit, &twice_paid).unwrap();
    let plain_money = plain.with_spend(&spend_fit, &twice_paid).unwrap();
    let futures = Futures::new(3).draws(399);
    let values =
        |all: Vec<ConfidenceInterval>| all.iter().map(Interval::value).collect::<Vec<f64>>();
    let drawn =
        |all: Vec<PredictionInterval>| all.iter().map(Interval::value).collect::<Vec<f64>>();
    for (own, plain) in [
        (
            values(own.probabilities_alive(LEVEL).unwrap()),
            values(plain.probabilities_alive(LEVEL).unwrap()),
        ),
        (
            values(in_money.expected_revenues(quarter(), LEVEL).unwrap()),
            values(plain_money.expected_revenues(quarter(), LEVEL).unwrap()),
        ),
        (
            drawn(in_money.revenues(quarter(), &futures).unwrap()),
            drawn(plain_money.revenues(quarter(), &futures).unwrap()),
        ),
    ] {
        own.iter().zip(&plain).for_each(|(own, plain)| assert_near(*own, *plain, 1e-12));
        assert_eq!(own.len(), plain.len());
    }
    // The two sides together are not in doubt about the effect: their doubts cancel.
    let sides = Covariates::new(&["side"], &[[1.0], [-1.0]]).unwrap();
    let half = AcquisitionPlan::new(quarter(), &[100, 30]).unwrap();
    let kinds = DescribedPlan::new(&sides, &[half.clone(), half]).unwrap();
    let all = AcquisitionPlan::new(quarter(), &[200, 60]).unwrap();
    for (own, plain) in [
        (own.forecast(&kinds, &futures).unwrap(), plain.forecast(&all, &futures).unwrap()),
        (
            in_money.forecast(&kinds, &futures).unwrap(),
            plain_money.forecast(&all, &futures).unwrap(),
        ),
    ] {
        for (own, plain) in lines(&own).zip(lines(&plain)) {
            assert_eq!(own.newcomers, plain.newcomers);
            for (own, plain) in [
                (&own.by_known, &plain.by_known),
                (&own.by_newcomers, &plain.by_newcomers),
                (&own.total, &plain.total),
            ] {
                assert_near(value(own), value(plain), 1e-12);
                assert_near(own.expected.lower(), plain.expected.lower(), 1e-9);
                assert_near(own.expected.upper(), plain.expected.upper(), 1e-9);
                // An end of 399 draws is right to √(0.025·0.975/399)/0.058 = 0.13 σ, a 30th of the width.
                let width = plain.counted.upper() - plain.counted.lower();
                let off = (own.counted.upper() - plain.counted.upper()) / width;
                assert!(off.abs() < 0.15, "{own:?} is not {plain:?}");
            }
        }
    }
}

/// Newcomers of each kind do what its own model says, and no other: as expected, one by one, and as drawn.
#[test]
fn newcomers_buy_as_their_kind() {
    let (many, of_many) = customers(1_500);
    let fit = fitted(&many, &Covariates::new(&NAMES, &of_many).unwrap());
    let spend_fit = GammaGamma::fit(&spends(&many)).unwrap();
    let (histories, known) = customers(200);
    let (known, paid) = (Covariates::new(&NAMES, &known).unwrap(), spends(&histories));
    let described = DescribedHistories::new(&histories, &known).unwrap();
    let outlook = Outlook::new(&fit, &described);
    let in_money = outlook.with_spend(&spend_fit, &paid).unwrap();
    let kinds = [([0.0, 3.0], [300, 0]), ([1.0, 1.0], [0, 240]), ([1.0, 6.0], [100, 100])];
    let plan = plan(&kinds);
    let futures = Futures::new(6).draws(39);
    let forecast = outlook.forecast(&plan, &futures).unwrap();
    let revenue = in_money.forecast(&plan, &futures).unwrap();
    let each = spend_fit.model().expected_spend_of_newcomer().unwrap();
    for (period, line) in forecast.periods.iter().enumerate() {
        let kind = |(z, comers): &([f64; 2], [u32; 2])| {
            let own = fit.model().for_covariates(z).unwrap();
            by_parts(|age| of_newcomer(&own, age), comers, period)
        };
        let want: f64 = kinds.iter().map(kind).sum();
        assert_near(value(&line.by_newcomers), want, 2e-7);
        assert_near(value(&revenue.periods[period].by_newcomers), want * each, 2e-7);
        assert_eq!(line.newcomers, [400, 340][period]);
    }
    // To the chance of a median comes the bend of what is in doubt, half of its relative variance.
    assert_middle_is_expected(|futures| outlook.forecast(&plan, &futures).unwrap(), 0.2);
    assert_middle_is_expected(|futures| in_money.forecast(&plan, &futures).unwrap(), 0.2);
}

#[test]
fn neither_order_nor_company_changes_a_bit() {
    let (histories, mut known) = customers(300);
    let fit = fitted(&histories, &Covariates::new(&NAMES, &known).unwrap());
    let (paid, futures) = (spends(&histories), Futures::new(3).draws(99));
    let spend_fit = GammaGamma::fit(&paid).unwrap();
    let mut kinds = [([0.0, 3.0], [9, 0]), ([1.0, 1.0], [0, 7]), ([1.0, 6.0], [3, 3])];
    let of = |rows: &[History], known: &[[f64; 2]], paid: &[Spend], kinds: &[_]| {
        let (rows, known) = (columns(rows), Covariates::new(&NAMES, known).unwrap());
        let paid: Spends = paid.iter().copied().collect();
        let described = DescribedHistories::new(&rows, &known).unwrap();
        let outlook = Outlook::new(&fit, &described);
        let in_money = outlook.with_spend(&spend_fit, &paid).unwrap();
        let each = [
            outlook.purchases(quarter(), &futures).unwrap(),
            in_money.revenues(quarter(), &futures).unwrap(),
        ];
        let base = [
            outlook.purchases_of_base(quarter(), &futures).unwrap(),
            in_money.revenue_of_base(quarter(), &futures).unwrap(),
        ];
        let sure = [
            outlook.expected_purchases_of_base(quarter(), LEVEL).unwrap(),
            in_money.expected_revenue_of_base(quarter(), LEVEL).unwrap(),
        ];
        let plan = plan(kinds);
        let forecasts = [
            outlook.forecast(&plan, &futures).unwrap(),
            in_money.forecast(&plan, &futures).unwrap(),
        ];
        (each, (base, sure, forecasts))
    };
    let mut rows: Vec<History> = histories.iter().collect();
    let mut paid: Vec<Spend> = paid.iter().collect();
    // One who is known like another, but for what he spent.
    let twin = rows.iter().position(|own| own.frequency() > 0).unwrap();
    rows.push(rows[twin]);
    known.push(known[twin]);
    paid.push(Spend::new(rows[twin].frequency(), 3.0 * paid[twin].mean()).unwrap());
    let (each, all) = of(&rows, &known, &paid, &kinds);
    kinds.reverse();
    let back: Vec<History> = rows.iter().rev().copied().collect();
    let back_known: Vec<[f64; 2]> = known.iter().rev().copied().collect();
    let back_paid: Vec<Spend> = paid.iter().rev().copied().collect();
    let (mut each_back, all_back) = of(&back, &back_known, &back_paid, &kinds);
    for own in &mut each_back {
        own.reverse();
    }
    assert_eq!((&each_back, all_back), (&each, all));
    for row in [0, 250, 599] {
        let alone = of(&rows[row..=row], &known[row..=row], &paid[row..=row], &kinds).0;
        assert_eq!((alone[0][0], alone[1][0]), (each[0][row], each[1][row]));
        assert_eq!((each[0][row].lower().fract(), each[0][row].upper().fract()), (0.0, 0.0));
    }
}
