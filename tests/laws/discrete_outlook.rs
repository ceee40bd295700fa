//! What intervals of members who meet opportunities, and of subscribers, obey.

#![allow(clippy::float_cmp)] // what is certain has its value to the bit

use goodwill::lifetime::{
    Bdw, BgBb, Futures, Outlook, ParametricBootstrap, RetentionModel, Sbg, Tenure, Tenures,
};
use goodwill::{Fit, Horizon, Opportunities, OpportunityHistory, Probability, TimeUnit};

const LEVEL: Probability = Probability::constant(0.95);

fn years(length: u32) -> Horizon {
    Horizon::years(f64::from(length)).unwrap()
}

fn donors() -> BgBb {
    BgBb::new(TimeUnit::Year, 1.204, 0.750, 0.657, 2.783).unwrap()
}

/// A fit of so many donors that little doubt is left about the parameters.
fn sure_fit() -> Fit<BgBb> {
    BgBb::fit(&donors().simulate(200_000, 6, 3).unwrap()).unwrap()
}

#[test]
fn chance_comes_to_doubt_around_one_value() {
    let seen = donors().simulate(900, 6, 1).unwrap();
    let fit = BgBb::fit(&seen).unwrap();
    let (outlook, futures) = (Outlook::new(&fit, &seen), Futures::new(3).draws(399));
    for ahead in [1, 5] {
        let sure = outlook.expected_purchases_of_base(years(ahead), LEVEL).unwrap();
        let counted = outlook.purchases_of_base(years(ahead), &futures).unwrap();
        assert_eq!(sure.value(), counted.value());
        assert!(counted.contains(counted.value()) && sure.contains(sure.value()));
        assert!(counted.upper() - counted.lower() > sure.upper() - sure.lower());
        let half = futures.level(Probability::constant(0.5));
        let narrow = outlook.purchases_of_base(years(ahead), &half).unwrap();
        assert!(narrow.lower() > counted.lower() && narrow.upper() < counted.upper());
        // Row by row, and added up.
        let each = outlook.expected_purchases(years(ahead), LEVEL).unwrap();
        let sum: f64 = each.iter().map(goodwill::lifetime::Interval::value).sum();
        assert!((sum / sure.value() - 1.0).abs() < 1e-12);
        let own = fit.model().expected_purchases(&seen.get(7).unwrap(), years(ahead)).unwrap();
        assert_eq!(each[7].value(), own);
        assert_eq!(outlook.purchases(years(ahead), &futures).unwrap()[7].value(), own);
    }
    let alive = outlook.probabilities_alive(LEVEL).unwrap();
    assert_eq!(alive.len(), seen.len());
    for (own, (history, _)) in alive.iter().zip(seen.iter()) {
        assert_eq!(own.value(), fit.model().probability_alive(&history).unwrap().get());
        assert!(own.lower() >= 0.0 && own.contains(own.value()) && own.upper() <= 1.0);
    }
    let subscribers = Sbg::new(TimeUnit::Year, 0.8, 1.3).unwrap().simulate(900, 5, 1).unwrap();
    let fit = Sbg::fit(&subscribers).unwrap();
    let outlook = Outlook::new(&fit, &subscribers);
    let sure = outlook.expected_survivors(years(2), LEVEL).unwrap();
    let counted = outlook.survivors(years(2), &futures).unwrap();
    assert_eq!(sure.value(), counted.value());
    assert!(counted.upper() - counted.lower() > sure.upper() - sure.lower());
    // Of very many there is hardly any chance, but all of the doubt.
    let crowd = [1_000_000, 800_000, 700_000, 600_000, 550_000, 500_000];
    let crowd = Tenures::from_survivors(TimeUnit::Year, &crowd).unwrap();
    let outlook = Outlook::new(&fit, &crowd);
    let doubt = outlook.expected_survivors(years(2), LEVEL).unwrap();
    let both = outlook.survivors(years(2), &futures).unwrap();
    let part = (both.upper() - both.lower()) / (doubt.upper() - doubt.lower());
    assert!((0.8..1.25).contains(&part), "{both:?} is not {doubt:?}");
    let stay = fit.model().survival(7).unwrap().get() / fit.model().survival(5).unwrap().get();
    let want = stay * subscribers.active_after(5) as f64;
    assert!((sure.value() / want - 1.0).abs() < 1e-12, "{sure:?} is not around {want}");
}

/// Rows in another order, and rows that part into customers, are the same base: the same bits.
#[test]
fn neither_order_nor_rows_change_a_bit() {
    let (times, last) = ([0, 1, 1, 2, 2, 3, 3, 4], [0, 1, 4, 2, 4, 3, 4, 4]);
    let members = [190, 90, 40, 50, 60, 30, 50, 90];
    let grouped =
        Opportunities::with_weights(TimeUnit::Month, &times, &last, &[4; 8], &members).unwrap();
    let order: Vec<usize> = (0..8).rev().flat_map(|i| vec![i; members[i] as usize]).collect();
    let of = |column: &[u32; 8]| order.iter().map(|&i| column[i]).collect::<Vec<u32>>();
    let single =
        Opportunities::new(TimeUnit::Month, &of(&times), &of(&last), &vec![4; order.len()]);
    let single = single.unwrap();
    let fit = BgBb::fit(&grouped).unwrap();
    let (one, other) = (Outlook::new(&fit, &grouped), Outlook::new(&fit, &single));
    let (ahead, futures) = (Horizon::months(3.0).unwrap(), Futures::new(5).draws(99));
    assert_eq!(
        one.purchases_of_base(ahead, &futures).unwrap(),
        other.purchases_of_base(ahead, &futures).unwrap()
    );
    assert_eq!(
        one.expected_purchases_of_base(ahead, LEVEL).unwrap(),
        other.expected_purchases_of_base(ahead, LEVEL).unwrap()
    );
    // Whoever stands beside him, a customer has his own interval.
    let (grouped, single) =
        (one.purchases(ahead, &futures).unwrap(), other.purchases(ahead, &futures).unwrap());
    assert_eq!(grouped[0], single[single.len() - 1]);
    assert_ne!(grouped[0], grouped[7]);
}

/// Of many donors, refits of simulated ones are as far apart as the delta method says.
#[test]
fn the_bootstrap_of_being_alive() {
    let level = Probability::constant(0.9);
    let fit = BgBb::fit(&donors().simulate(4_000, 6, 1).unwrap()).unwrap();
    let refit = |model: &BgBb, seed| BgBb::fit(&model.simulate(4_000, 6, seed)?);
    let bootstrap = ParametricBootstrap::new(&fit, 399, 5, refit).unwrap();
    assert_eq!(bootstrap.failed(), 0);
    let seen = Opportunities::new(TimeUnit::Year, &[0, 2, 4], &[0, 4, 5], &[6; 3]).unwrap();
    let delta = Outlook::new(&fit, &seen).probabilities_alive(level).unwrap();
    for (own, (history, _)) in delta.iter().zip(seen.iter()) {
        let alive = |model: &BgBb| model.probability_alive(&history).map(Probability::get);
        let drawn = bootstrap.confidence(level, alive).unwrap();
        assert_eq!(drawn.value(), own.value());
        let width = own.upper() - own.lower();
        // An end of 399 samples is right to √(0.05·0.95/399)/0.103 = 0.11 σ, and σ is 0.30 of the width: three of these.
        for (drawn, own) in [(drawn.lower(), own.lower()), (drawn.upper(), own.upper())] {
            assert!((drawn - own).abs() < 0.1 * width, "{drawn} is not {own}, width {width}");
        }
    }
}

/// Nothing happens in no time.
#[test]
fn no_time_changes_nothing() {
    let (fit, now) = (sure_fit(), years(0));
    let seen = donors().simulate(50, 6, 1).unwrap();
    let outlook = Outlook::new(&fit, &seen);
    let counted = outlook.purchases_of_base(now, &Futures::new(1).draws(39)).unwrap();
    let sure = outlook.expected_purchases_of_base(now, LEVEL).unwrap();
    assert_eq!([counted.value(), counted.lower(), counted.upper()], [0.0; 3]);
    assert_eq!([sure.value(), sure.lower(), sure.upper()], [0.0; 3]);
    let tenures = Sbg::new(TimeUnit::Year, 0.8, 1.3).unwrap().simulate(900, 5, 1).unwrap();
    let (fit, all) = (Sbg::fit(&tenures).unwrap(), tenures.active_after(5) as f64);
    let outlook = Outlook::new(&fit, &tenures);
    let counted = outlook.survivors(now, &Futures::new(1).draws(39)).unwrap();
    let sure = outlook.expected_survivors(now, LEVEL).unwrap();
    assert_eq!([counted.value(), counted.lower(), counted.upper()], [all; 3]);
    assert_eq!([sure.value(), sure.lower(), sure.upper()], [all; 3]);
}

/// Without doubt about the parameters, an interval of one customer is that of the distribution of his purchases.
#[test]
fn a_customer_buys_as_the_model_says() {
    let (fit, draws, slack) = (sure_fit(), 1_999, 0.02);
    let rows: Vec<[u32; 3]> = (0..=6)
        .flat_map(|x| (x..=6).filter(move |&last| (x == 0) == (last == 0)).map(move |l| [x, l, 6]))
        .collect();
    let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<u32>>();
    let seen = Opportunities::new(TimeUnit::Year, &column(0), &column(1), &column(2)).unwrap();
    let futures = Futures::new(9).level(Probability::constant(0.9)).draws(draws);
    let all = Outlook::new(&fit, &seen).purchases(years(5), &futures).unwrap();
    assert_eq!(all.len(), rows.len());
    let mut ends = std::collections::BTreeSet::new();
    for (own, &[x, last, n]) in all.iter().zip(&rows) {
        let history = OpportunityHistory::new(x, last, n).unwrap();
        let up_to = |most: f64| {
            let of = |n| fit.model().purchase_probability(&history, n, years(5)).unwrap().get();
            if most < 0.0 { 0.0 } else { (0..=most as u32).map(of).sum() }
        };
        for (end, share) in [(own.lower(), 0.05), (own.upper(), 0.95)] {
            assert!(up_to(end) >= share - slack, "{own:?} of {history:?}");
            assert!(up_to(end - 1.0) <= share + slack, "{own:?} of {history:?}");
        }
        ends.insert((own.lower() as u32, own.upper() as u32));
    }
    assert!(ends.len() > 4, "customers differ: {ends:?}");
}

/// Without doubt about the parameters, survivors are binomially distributed, by tenure.
#[test]
fn survivors_stay_as_the_model_says() {
    let sbg = Sbg::new(TimeUnit::Year, 0.8, 1.3).unwrap();
    let bdw = Bdw::new(TimeUnit::Year, 0.8, 1.3, 1.4).unwrap();
    // No customer, or one of the very old fit: only these are looked upon.
    let base = |young: usize, old: usize| {
        let left = [Tenure::Left(1), Tenure::Left(3)];
        let there = [vec![Tenure::Active(1); young], vec![Tenure::Active(4); old]].concat();
        Tenures::from_customers(TimeUnit::Year, left.into_iter().chain(there)).unwrap()
    };
    let seen = base(400, 300);
    let futures = Futures::new(4).draws(3_999);
    let check = |chances: [f64; 2], got: goodwill::lifetime::PredictionInterval| {
        let mean = 400.0 * chances[0] + 300.0 * chances[1];
        let spread = |n: f64, p: f64| n * p * (1.0 - p);
        let sigma = (spread(400.0, chances[0]) + spread(300.0, chances[1])).sqrt();
        assert!((got.value() - mean).abs() < 1e-9);
        for (end, want) in [(got.lower(), mean - 1.96 * sigma), (got.upper(), mean + 1.96 * sigma)]
        {
            assert!((end - want).abs() < 0.16 * sigma + 1.0, "{end} is not {want}: {got:?}");
        }
    };
    let chance = |model: &dyn Fn(u32) -> f64| [model(4) / model(1), model(7) / model(4)];
    let fit = Sbg::fit(&sbg.simulate(400_000, 12, 5).unwrap()).unwrap();
    let got = Outlook::new(&fit, &seen).survivors(years(3), &futures).unwrap();
    check(chance(&|t| fit.model().survival(t).unwrap().get()), got);
    let fit = Bdw::fit(&bdw.simulate(400_000, 12, 5).unwrap()).unwrap();
    let got = Outlook::new(&fit, &seen).survivors(years(3), &futures).unwrap();
    check(chance(&|t| fit.model().survival(t).unwrap().get()), got);
    // Who has left stays away.
    let none = Outlook::new(&fit, &base(0, 0)).survivors(years(3), &futures).unwrap();
    assert_eq!([none.value(), none.lower(), none.upper()], [0.0; 3]);
}
