//! What intervals obey: each kind is of what it says, wider levels hold narrower ones, order and units change nothing.

#![allow(clippy::float_cmp)] // what is certain has its value to the bit

use goodwill::lifetime::{
    ConfidenceInterval, Domain, Futures, Interval, MbgCnbdK, Outlook, ParametricBootstrap,
    PredictionInterval, Simulated,
};
use goodwill::{
    BgNbd, Fit, FitOptions, GammaGamma, Histories, History, Horizon, MbgNbd, ParetoNbd, Prior,
    Probability, PurchaseModel, Result, Spend, SpendModel, Spends, TimeUnit,
};

use crate::purchase_model::columns;
use crate::support::assert_close;

const LEVEL: Probability = Probability::constant(0.95);
const LEVELS: [f64; 4] = [0.5, 0.8, 0.95, 0.99];

/// Ages of customers who came over some months.
pub(crate) fn ages(customers: u32) -> Vec<f64> {
    (0..customers).map(|i| 30.0 + f64::from(i % 41)).collect()
}

pub(crate) fn bg_nbd() -> BgNbd {
    BgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5).unwrap()
}

/// A shop's customers, what they spent, and the fits of both.
pub(crate) struct Shop<M> {
    pub(crate) histories: Histories,
    pub(crate) spends: Spends,
    pub(crate) fit: Fit<M>,
    pub(crate) spend_fit: Fit<GammaGamma>,
}

pub(crate) fn shop<M>(histories: Histories, fit: fn(&Histories) -> Result<Fit<M>>) -> Shop<M> {
    let bought: Vec<u32> = histories.iter().map(|history| history.frequency()).collect();
    let spends = GammaGamma::new(6.25, 3.74, 15.44).unwrap().simulate_spends(&bought, 8).unwrap();
    let (fit, spend_fit) = (fit(&histories).unwrap(), GammaGamma::fit(&spends).unwrap());
    Shop { histories, spends, fit, spend_fit }
}

pub(crate) fn a_shop() -> Shop<BgNbd> {
    shop(bg_nbd().simulate(&ages(900), 1).unwrap(), BgNbd::fit)
}

pub(crate) fn weeks(length: f64) -> Horizon {
    Horizon::weeks(length).unwrap()
}

/// One interval holds another.
#[track_caller]
fn assert_within<K: Copy + PartialEq + std::fmt::Debug>(
    narrow: &Interval<K>,
    wide: &Interval<K>,
    ends: fn(&Interval<K>) -> (f64, f64),
) {
    let ((lower, upper), (low, high)) = (ends(narrow), ends(wide));
    assert!(low <= lower && upper <= high, "{narrow:?} is not within {wide:?}");
}

fn confidence_ends(own: &ConfidenceInterval) -> (f64, f64) {
    (own.lower(), own.upper())
}

fn prediction_ends(own: &PredictionInterval) -> (f64, f64) {
    (own.lower(), own.upper())
}

/// Of the base, doubt is less than doubt and chance together, around the same value.
fn confidence_is_narrower_than_prediction<M: Simulated>(shop: &Shop<M>) {
    let futures = Futures::new(3).draws(399);
    let outlook = Outlook::new(&shop.fit, &shop.histories);
    let money = outlook.with_spend(&shop.spend_fit, &shop.spends).unwrap();
    for horizon in [weeks(2.0), weeks(26.0), Horizon::months(12.0).unwrap()] {
        let pairs = [
            (
                outlook.expected_purchases_of_base(horizon, LEVEL).unwrap(),
                outlook.purchases_of_base(horizon, &futures).unwrap(),
            ),
            (
                money.expected_revenue_of_base(horizon, LEVEL).unwrap(),
                money.revenue_of_base(horizon, &futures).unwrap(),
            ),
        ];
        for (expected, counted) in pairs {
            assert_eq!(expected.value().to_bits(), counted.value().to_bits());
            assert!(expected.contains(expected.value()) && counted.contains(counted.value()));
            let (narrow, wide) =
                (expected.upper() - expected.lower(), counted.upper() - counted.lower());
            assert!(narrow < wide, "{expected:?} {counted:?}");
        }
    }
}

#[test]
fn doubt_is_less_than_doubt_and_chance() {
    let ages = ages(900);
    confidence_is_narrower_than_prediction(&a_shop());
    let model = MbgNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 2.5).unwrap();
    let few = &ages[..600];
    confidence_is_narrower_than_prediction(&shop(model.simulate(few, 2).unwrap(), MbgNbd::fit));
    let model = ParetoNbd::new(TimeUnit::Week, 0.8, 5.0, 0.8, 12.0).unwrap();
    confidence_is_narrower_than_prediction(&shop(model.simulate(few, 1).unwrap(), ParetoNbd::fit));
    let model = MbgCnbdK::new(TimeUnit::Week, 2, 0.8, 2.5, 0.8, 2.5).unwrap();
    let at = |histories: &Histories| MbgCnbdK::fit_at(histories, 2, &FitOptions::new());
    confidence_is_narrower_than_prediction(&shop(model.simulate(few, 1).unwrap(), at));
}

#[test]
fn a_higher_level_holds_a_lower_one() {
    let shop = a_shop();
    let outlook = Outlook::new(&shop.fit, &shop.histories);
    let money = outlook.with_spend(&shop.spend_fit, &shop.spends).unwrap();
    let horizon = weeks(13.0);
    let refit = |model: &BgNbd, seed| BgNbd::fit(&model.simulate(&ages(900), seed)?);
    let bootstrap = ParametricBootstrap::new(&shop.fit, 39, 5, refit).unwrap();
    let at = |level: f64| {
        let level = Probability::new(level).unwrap();
        let futures = Futures::new(3).level(level).draws(199);
        let mut sure = vec![
            outlook.expected_purchases_of_base(horizon, level).unwrap(),
            money.expected_revenue_of_base(horizon, level).unwrap(),
        ];
        sure.extend(outlook.expected_purchases(horizon, level).unwrap());
        sure.extend(outlook.probabilities_alive(level).unwrap());
        sure.extend(money.expected_revenues(horizon, level).unwrap());
        sure.extend(shop.fit.parameter_intervals(level).unwrap().into_iter().map(|own| own.1));
        // 39 samples tell no more than 95 per cent.
        let telling = level.get() <= 0.95;
        sure.push(
            bootstrap
                .confidence(if telling { level } else { LEVEL }, |model| {
                    model.expected_purchases_of_newcomer(horizon)
                })
                .unwrap(),
        );
        let mut counted = vec![
            outlook.purchases_of_base(horizon, &futures).unwrap(),
            money.revenue_of_base(horizon, &futures).unwrap(),
        ];
        counted.extend(outlook.purchases(horizon, &futures).unwrap());
        counted.extend(money.revenues(horizon, &futures).unwrap());
        assert!(sure.iter().all(|own| own.level() == level || !telling));
        assert!(counted.iter().all(|own| own.level() == level));
        (sure, counted)
    };
    let all = LEVELS.map(at);
    for pair in all.windows(2) {
        for (narrow, wide) in pair[0].0.iter().zip(&pair[1].0) {
            assert_within(narrow, wide, confidence_ends);
        }
        for (narrow, wide) in pair[0].1.iter().zip(&pair[1].1) {
            assert_within(narrow, wide, prediction_ends);
        }
        // And not by being the same.
        assert!(pair[0].0[0] != pair[1].0[0] && pair[0].1[0] != pair[1].1[0]);
    }
}

/// The base in another order: the same bits of totals, and of each customer.
#[test]
fn order_changes_nothing() {
    let shop = a_shop();
    let n = shop.histories.len();
    let order: Vec<usize> = (0..n).map(|i| (i * 389 + 17) % n).collect();
    let rows: Vec<History> = order.iter().map(|&i| shop.histories.get(i).unwrap()).collect();
    let histories = columns(&rows);
    let spends: Spends = order.iter().map(|&i| shop.spends.get(i).unwrap()).collect();
    let fit = BgNbd::fit(&histories).unwrap();
    assert_eq!(fit.model(), shop.fit.model());
    let (horizon, futures) = (weeks(26.0), Futures::new(3).draws(99));
    let (one, other) = (Outlook::new(&shop.fit, &shop.histories), Outlook::new(&fit, &histories));
    let money = one.with_spend(&shop.spend_fit, &shop.spends).unwrap();
    let other_money = other.with_spend(&shop.spend_fit, &spends).unwrap();
    assert_eq!(
        one.expected_purchases_of_base(horizon, LEVEL),
        other.expected_purchases_of_base(horizon, LEVEL)
    );
    assert_eq!(
        money.expected_revenue_of_base(horizon, LEVEL),
        other_money.expected_revenue_of_base(horizon, LEVEL)
    );
    assert_eq!(
        one.purchases_of_base(horizon, &futures),
        other.purchases_of_base(horizon, &futures)
    );
    assert_eq!(
        money.revenue_of_base(horizon, &futures),
        other_money.revenue_of_base(horizon, &futures)
    );
    let moved = |all: Vec<PredictionInterval>| order.iter().map(|&i| all[i]).collect::<Vec<_>>();
    assert_eq!(
        moved(one.purchases(horizon, &futures).unwrap()),
        other.purchases(horizon, &futures).unwrap()
    );
    assert_eq!(
        moved(money.revenues(horizon, &futures).unwrap()),
        other_money.revenues(horizon, &futures).unwrap()
    );
    // A customer's interval does not know who stands beside him; the seed it knows.
    let alone = columns(&rows[..1]);
    let all = other.purchases(horizon, &futures).unwrap();
    assert_eq!(Outlook::new(&fit, &alone).purchases(horizon, &futures).unwrap()[0], all[0]);
    let seeded = one.purchases_of_base(horizon, &Futures::new(4).draws(99)).unwrap();
    assert_ne!(one.purchases_of_base(horizon, &futures).unwrap(), seeded);
}

/// Days or weeks, cents or dollars: the same intervals.
#[test]
fn units_change_nothing() {
    let shop = a_shop();
    let (mut x, mut recency, mut age) = (vec![], vec![], vec![]);
    for history in shop.histories.iter() {
        x.push(history.frequency());
        recency.push(7.0 * history.recency());
        age.push(7.0 * history.age());
    }
    let in_days = Histories::new(TimeUnit::Day, &x, &recency, &age).unwrap();
    let fit = BgNbd::fit(&in_days).unwrap();
    let in_cents: Spends = shop
        .spends
        .iter()
        .map(|spend| Spend::new(spend.frequency(), 100.0 * spend.mean()).unwrap())
        .collect();
    let spend_fit = GammaGamma::fit(&in_cents).unwrap();
    let (horizon, futures) = (weeks(26.0), Futures::new(3).draws(199));
    let weekly = Outlook::new(&shop.fit, &shop.histories);
    let daily = Outlook::new(&fit, &in_days);
    let (one, other) = (
        weekly.with_spend(&shop.spend_fit, &shop.spends).unwrap(),
        daily.with_spend(&spend_fit, &in_cents).unwrap(),
    );
    let sure = |own: ConfidenceInterval| [own.value(), own.lower(), own.upper()];
    let pairs = [
        (
            sure(weekly.expected_purchases_of_base(horizon, LEVEL).unwrap()),
            sure(daily.expected_purchases_of_base(horizon, LEVEL).unwrap()),
        ),
        (
            sure(one.expected_revenue_of_base(horizon, LEVEL).unwrap()),
            sure(other.expected_revenue_of_base(horizon, LEVEL).unwrap()).map(|own| own / 100.0),
        ),
    ];
    for (own, other) in pairs {
        for (own, other) in own.into_iter().zip(other) {
            assert_close(other, own, 1e-7, "another unit");
        }
    }
    // A purchase at the very end of the horizon may fall on its other side.
    let (own, other) = (
        weekly.purchases_of_base(horizon, &futures).unwrap(),
        daily.purchases_of_base(horizon, &futures).unwrap(),
    );
    assert!(
        (own.lower() - other.lower()).abs() <= 1.0 && (own.upper() - other.upper()).abs() <= 1.0
    );
}

#[test]
fn no_time_is_no_purchase() {
    let shop = a_shop();
    let outlook = Outlook::new(&shop.fit, &shop.histories);
    let money = outlook.with_spend(&shop.spend_fit, &shop.spends).unwrap();
    let (now, futures) = (weeks(0.0), Futures::new(3).draws(39));
    let mut sure = outlook.expected_purchases(now, LEVEL).unwrap();
    sure.extend(money.expected_revenues(now, LEVEL).unwrap());
    sure.push(outlook.expected_purchases_of_base(now, LEVEL).unwrap());
    sure.push(money.expected_revenue_of_base(now, LEVEL).unwrap());
    assert!(sure.iter().all(|own| [own.value(), own.lower(), own.upper()] == [0.0; 3]));
    let mut counted = outlook.purchases(now, &futures).unwrap();
    counted.extend(money.revenues(now, &futures).unwrap());
    counted.push(outlook.purchases_of_base(now, &futures).unwrap());
    counted.push(money.revenue_of_base(now, &futures).unwrap());
    assert!(counted.iter().all(|own| [own.value(), own.lower(), own.upper()] == [0.0; 3]));
}

/// Of quantities whose derivatives are known by hand: a parameter, and the logarithm of r/α.
#[test]
fn the_delta_method_by_hand() {
    let fit = a_shop().fit;
    let (model, c) = (fit.model(), fit.covariance());
    let (r, alpha) = (model.r(), model.alpha());
    let by_name = fit.parameter_intervals(LEVEL).unwrap();
    let own = fit.confidence(LEVEL, Domain::Positive, |model| Ok(model.alpha())).unwrap();
    assert_close(own.upper(), by_name[1].1.upper(), 1e-10, "alpha");
    let sigma =
        (c[0][0] / (r * r) - 2.0 * c[0][1] / (r * alpha) + c[1][1] / (alpha * alpha)).sqrt();
    let half = 1.959_963_984_540_054 * sigma;
    let rate = fit.confidence(LEVEL, Domain::Positive, |own| Ok(own.r() / own.alpha())).unwrap();
    assert_close(rate.lower(), r / alpha * (-half).exp(), 1e-10, "r/alpha");
    let log = |own: &BgNbd| Ok((own.r() / own.alpha()).ln());
    let log = fit.confidence(LEVEL, Domain::AnyNumber, log).unwrap();
    assert_close(log.upper(), (r / alpha).ln() + half, 1e-10, "ln r/alpha");
    // ln(p/(1 − p)) of p = a/(a + b) is ln a − ln b.
    let (a, b) = (model.a(), model.b());
    let sigma = (c[2][2] / (a * a) - 2.0 * c[2][3] / (a * b) + c[3][3] / (b * b)).sqrt();
    let odds = a / b * (1.959_963_984_540_054 * sigma).exp();
    let leaves = |own: &BgNbd| Ok(own.a() / (own.a() + own.b()));
    let leaves = fit.confidence(LEVEL, Domain::Probability, leaves).unwrap();
    assert_close(leaves.upper(), odds / (1.0 + odds), 1e-9, "a/(a + b)");
    // What does not depend on the parameters is certain.
    let seven = fit.confidence(LEVEL, Domain::Positive, |_| Ok(7.0)).unwrap();
    assert_eq!([seven.value(), seven.lower(), seven.upper()], [7.0; 3]);
}

/// A fit whose parameters are hardly in doubt.
pub(crate) fn known(model: &BgNbd, histories: &Histories) -> Fit<BgNbd> {
    let mut options = FitOptions::new().start(model.parameters());
    for (name, value) in model.parameters() {
        let prior = match name {
            "alpha" => Prior::time(value, TimeUnit::Week, 1e-7),
            _ => Prior::number(value, 1e-7),
        };
        options = options.prior(name, prior.unwrap());
    }
    BgNbd::fit_with(histories, &options).unwrap()
}

/// Where the parameters are known, a customer's interval is that of the model's own probabilities: the ends are
/// quantiles of his number of purchases.
#[test]
fn known_parameters_leave_the_chance_of_the_model() {
    let rows = [(0, 0.0, 20.0), (2, 30.43, 38.86), (9, 37.0, 38.86), (6, 9.0, 38.86)];
    let rows = rows.map(|(x, recency, age)| History::new(TimeUnit::Week, x, recency, age).unwrap());
    let histories = columns(&rows);
    let fit = known(&bg_nbd(), &histories);
    let horizon = weeks(39.0);
    let futures = Futures::new(11).draws(9_999).level(Probability::constant(0.9));
    let counted = Outlook::new(&fit, &histories).purchases(horizon, &futures).unwrap();
    // Four standard errors of a share of 5 in 100, of 10,000.
    let slack = 0.009;
    for (history, own) in rows.iter().zip(counted) {
        let up_to = |n: f64| {
            let of = |n| fit.model().purchase_probability(history, n, horizon).unwrap().get();
            if n < 0.0 { 0.0 } else { (0..=n as u32).map(of).sum() }
        };
        for (end, share) in [(own.lower(), 0.05), (own.upper(), 0.95)] {
            assert!(up_to(end) >= share - slack, "{own:?} of {history:?}");
            assert!(up_to(end - 1.0) <= share + slack, "{own:?} of {history:?}");
        }
    }
}

/// k is rounded down: of 99 futures, 95 per cent leave out no more than 96 do.
#[test]
fn no_more_futures_are_left_out_than_the_level_allows() {
    let shop = a_shop();
    let outlook = Outlook::new(&shop.fit, &shop.histories);
    let at = |percent: f64| {
        let futures = Futures::new(3).level(Probability::new(percent / 100.0).unwrap()).draws(99);
        prediction_ends(&outlook.purchases_of_base(weeks(13.0), &futures).unwrap())
    };
    assert_eq!(at(95.0), at(96.0));
    assert_ne!(at(95.0), at(94.0));
}

/// The same customers twenty times over leave the estimates where they are, and less doubt about them: the interval of
/// a single customer is narrower.
#[test]
fn doubt_about_parameters_is_in_the_interval_of_one_customer() {
    let few: Vec<History> = bg_nbd().simulate(&ages(300), 11).unwrap().iter().collect();
    let many = columns(&few.repeat(20));
    let (few, horizon) = (columns(&few), weeks(520.0));
    let customers =
        Histories::new(TimeUnit::Week, &[0, 2, 9], &[0.0, 30.0, 38.0], &[0.1, 39.0, 39.0]).unwrap();
    let width = |histories: &Histories| {
        let fit = BgNbd::fit(histories).unwrap();
        let all = Outlook::new(&fit, &customers).purchases(horizon, &Futures::new(3)).unwrap();
        all.iter().map(|own| own.upper() - own.lower()).sum::<f64>()
    };
    let (doubtful, sure) = (width(&few), width(&many));
    assert!(doubtful > 1.05 * sure, "{doubtful} is not wider than {sure}");
}

#[test]
fn samples_that_cannot_be_fitted_widen_the_bootstrap() {
    let fit = a_shop().fit;
    let hopeless = Histories::new(TimeUnit::Week, &[0], &[0.0], &[9.0]).unwrap();
    let refit = |fails: u64| {
        move |model: &BgNbd, seed: u64| {
            if seed % 100 < fails {
                BgNbd::fit(&Histories::new(TimeUnit::Week, &[0], &[0.0], &[9.0]).unwrap())
            } else {
                BgNbd::fit(&model.simulate(&ages(900), seed)?)
            }
        }
    };
    assert!(BgNbd::fit(&hopeless).is_err_and(|error| error.to_string().contains("not identify")));
    let (level, quantity) = (Probability::constant(0.8), |model: &BgNbd| Ok(model.r()));
    let sound = ParametricBootstrap::new(&fit, 99, 5, refit(0)).unwrap();
    let some = ParametricBootstrap::new(&fit, 99, 5, refit(5)).unwrap();
    assert_eq!((sound.failed(), sound.models().len()), (0, 99));
    assert!(some.failed() > 0 && some.models().len() + some.failed() == 99, "{}", some.failed());
    let (narrow, wide) =
        (sound.confidence(level, quantity).unwrap(), some.confidence(level, quantity).unwrap());
    assert_within(&narrow, &wide, confidence_ends);
    assert_ne!(narrow, wide);
    // Most fail: nothing is known.
    let most = ParametricBootstrap::new(&fit, 99, 5, refit(60)).unwrap();
    let said = most.confidence(level, quantity).unwrap_err().to_string();
    assert!(said.contains("could not be fitted, are too few for a level of 0.8"), "{said}");
    // Equal seeds are equal samples.
    assert_eq!(ParametricBootstrap::new(&fit, 99, 5, refit(0)).unwrap(), sound);
}
