//! BG/BB at parameters, histories, horizons and rates of all sizes: a finite number, or a typed error.

use goodwill::lifetime::BgBb;
use goodwill::{
    DiscountRate, FitOptions, Horizon, Ledger, Opportunities, OpportunityHistory, Probability,
    TimeUnit, Transaction,
};

use crate::fits::assert_honest;
use crate::support::day;
use crate::table::{COUNTS, FLOATS, UNITS, dates, horizons};
use crate::{assert_finite, assert_kind, assert_message, kind};

const YEAR: TimeUnit = TimeUnit::Year;

fn models() -> Vec<BgBb> {
    let sizes = [f64::MIN_POSITIVE, 1e-8, 0.7, 1e8, 1e300];
    let choice = |i: usize| [i, i / 5, i / 25, i / 125].map(|digit| sizes[digit % 5]);
    let model = |[a, b, c, d]: [f64; 4]| BgBb::new(YEAR, a, b, c, d).unwrap();
    (0..625).map(|i| model(choice(i))).collect()
}

fn histories() -> Vec<OpportunityHistory> {
    let rows = [(0, 0, 0), (0, 0, 6), (3, 4, 6), (6, 6, 6), (1, 1, 300), (300, 300, 300)];
    rows.map(|(x, last, n)| OpportunityHistory::new(x, last, n).unwrap()).to_vec()
}

#[test]
fn rows() {
    for x in COUNTS {
        for last in COUNTS {
            for n in COUNTS {
                match OpportunityHistory::new(x, last, n) {
                    Ok(row) => {
                        assert_eq!((row.frequency(), row.recency()), (x, last));
                        assert!(x <= last && last <= n && row.opportunities() == n);
                    }
                    Err(error) => {
                        assert!(["OutOfDomain", "Inconsistent"].contains(&kind(&error)), "{error}");
                    }
                }
            }
        }
    }
    assert_message(
        OpportunityHistory::new(0, 0, 1_000_001),
        "opportunities must lie in [0, 10⁶], but is 1000001",
    );
    assert_message(
        OpportunityHistory::new(0, 3, 6),
        "a customer who took no opportunity cannot have recency 3",
    );
    assert_message(
        Opportunities::new(YEAR, &[1], &[1], &[]),
        "frequency and opportunities must have the same length, but have 1 and 0",
    );
    assert_kind(Opportunities::with_weights(YEAR, &[1], &[1], &[1], &[]), "LengthMismatch");
    assert_message(
        Opportunities::with_weights(YEAR, &[1; 2], &[1; 2], &[1; 2], &[u64::MAX, 1]),
        "the number of customers has more digits than the type holds exactly",
    );
    let none = Opportunities::new(YEAR, &[], &[], &[]).unwrap();
    assert!(none.is_empty() && none.get(0).is_none());
    assert_eq!((none.customers(), none.period()), (0, YEAR));
    assert_eq!([none.len(), none.iter().len()], [0; 2]);
}

#[test]
fn opportunities_of_a_ledger() {
    let row = |date| Transaction::new(1, date, 5.into());
    for first in dates() {
        let ledger = Ledger::from_transactions([row(first)]).unwrap();
        for as_of in dates() {
            for period in UNITS {
                match ledger.opportunities(as_of, period) {
                    Ok(seen) => assert_eq!(seen.get(0).unwrap().frequency(), 0),
                    Err(error) => {
                        assert!(["OutOfDomain", "Inconsistent"].contains(&kind(&error)), "{error}");
                    }
                }
            }
        }
    }
    let ledger = Ledger::from_transactions([row(day(2024, 1, 1)), row(day(2024, 1, 9))]).unwrap();
    let default = goodwill::Conventions::default();
    let seen = ledger.opportunities_with(day(2024, 1, 15), TimeUnit::Week, &default).unwrap();
    assert_eq!(seen.get(0), Some(OpportunityHistory::new(1, 2, 2).unwrap()));
    // The second week has not ended.
    let seen = ledger.opportunities(day(2024, 1, 14), TimeUnit::Week).unwrap();
    assert_eq!(seen.get(0), Some(OpportunityHistory::new(0, 0, 1).unwrap()));
}

#[test]
fn parameters() {
    for (position, name) in ["alpha", "beta", "gamma", "delta"].into_iter().enumerate() {
        for value in FLOATS {
            let mut all = [1.0; 4];
            all[position] = value;
            let got = BgBb::new(YEAR, all[0], all[1], all[2], all[3]);
            if value > 0.0 && value.is_finite() {
                let model = got.unwrap();
                assert_eq!(model.parameters()[position].1.to_bits(), value.to_bits());
                let read = [model.alpha(), model.beta(), model.gamma(), model.delta()];
                assert_eq!(read.map(f64::to_bits), all.map(f64::to_bits));
                assert_eq!(model.period(), YEAR);
            } else {
                assert_message(got, &format!("{name} must lie in (0, ∞), but is {value}"));
            }
        }
    }
}

#[test]
fn questions() {
    let ends = [0.0, 1.0, 52.0].map(|years| Horizon::years(years).unwrap());
    let rates = [-0.5, 0.0, 1e-300, 0.1, 1e300].map(|rate| DiscountRate::annual(rate).unwrap());
    let allowed = ["Undefined"];
    for model in models().into_iter().step_by(2) {
        for history in histories() {
            let what = || format!("{model:?} {history:?}");
            assert_finite(model.log_likelihood_of(&history), &allowed, what);
            let p = model.probability_alive(&history).map(Probability::get);
            assert_finite(p, &allowed, what);
            for horizon in ends.into_iter().chain([Horizon::FOREVER]) {
                let what = || format!("{model:?} {history:?} {horizon:?}");
                let p = model.probability_alive_after(&history, horizon).map(Probability::get);
                assert_finite(p, &allowed, what);
                for n in [0, 1, 52, u32::MAX] {
                    let p = model.purchase_probability(&history, n, horizon);
                    assert_finite(p.map(Probability::get), &allowed, what);
                }
                for rate in rates {
                    let got = model.discounted_purchases(&history, horizon, rate);
                    let got = assert_finite(got, &allowed, what);
                    assert!(got.is_none_or(|got| got >= 0.0), "{}: {got:?}", what());
                }
            }
        }
    }
}

/// Sums for ever without a closed form, so fewer of them.
#[test]
fn next_purchases() {
    for model in models().into_iter().step_by(11) {
        for history in histories().into_iter().step_by(2) {
            let what = || format!("{model:?} {history:?}");
            for horizon in [Horizon::years(3.0).unwrap(), Horizon::FOREVER] {
                let p = model.probability_of_purchase(&history, horizon);
                assert_finite(p.map(Probability::get), &["Undefined"], what);
            }
            for p in [0.0, 1e-300, 0.5, 1.0].map(Probability::constant) {
                let got = model.next_purchase(&history, p);
                assert!(
                    got.is_ok() || kind(got.as_ref().unwrap_err()) == "Undefined",
                    "{}",
                    what()
                );
            }
        }
    }
}

#[test]
fn horizons_of_all_kinds() {
    let model = BgBb::new(YEAR, 1.204, 0.75, 0.657, 2.783).unwrap();
    let donor = OpportunityHistory::new(2, 4, 6).unwrap();
    let allowed = ["Undefined", "OutOfDomain"];
    for horizon in horizons() {
        let what = || format!("{horizon:?}");
        assert_finite(model.expected_purchases(&donor, horizon), &allowed, what);
        assert_finite(model.expected_purchases_of_newcomer(horizon), &allowed, what);
        let p = model.purchase_probability_of_newcomer(1, horizon).map(Probability::get);
        assert_finite(p, &allowed, what);
        let p = model.probability_of_purchase(&donor, horizon).map(Probability::get);
        assert_finite(p, &allowed, what);
    }
    assert_message(
        model.expected_purchases(&donor, Horizon::years(0.5).unwrap()),
        "horizon in periods must lie in the whole numbers, but is 0.5",
    );
    assert_message(
        model.purchase_probability(&donor, 1, Horizon::FOREVER),
        "purchase probability is undefined: it is of a finite number of opportunities",
    );
}

#[test]
fn histories_that_say_too_little() {
    let data: [&[(u32, u32, u32)]; 9] = [
        &[(0, 0, 0)],
        &[(0, 0, 6); 9],
        &[(6, 6, 6); 9],
        &[(1, 1, 1)],
        &[(1, 1, 1), (0, 0, 1)],
        &[(1, 1, 1_000), (0, 0, 1_000)],
        &[(3, 6, 6), (2, 6, 6), (4, 6, 6)],
        &[(1, 1, 6), (2, 2, 6), (3, 3, 6)],
        &[(1_000, 1_000, 1_000), (0, 0, 0), (1, 1_000, 1_000)],
    ];
    for rows in data {
        let column = |of: fn(&(u32, u32, u32)) -> u32| rows.iter().map(of).collect::<Vec<_>>();
        let seen =
            Opportunities::new(YEAR, &column(|r| r.0), &column(|r| r.1), &column(|r| r.2)).unwrap();
        for iterations in [0, 1, 3, 200] {
            assert_honest(BgBb::fit_with(&seen, &FitOptions::new().max_iterations(iterations)));
        }
        for model in models().into_iter().step_by(17) {
            assert_finite(model.log_likelihood(&seen), &["Undefined"], || format!("{model:?}"));
        }
    }
    let none = Opportunities::new(YEAR, &[], &[], &[]).unwrap();
    assert_message(BgBb::fit(&none), "opportunities must not be empty");
    let nobody = Opportunities::new(YEAR, &[0], &[0], &[6]).unwrap();
    assert_message(
        BgBb::fit(&nobody),
        "the data do not identify alpha, gamma of the BG/BB model: no customer has bought again: that nobody \
         ever does fits as well as that all have left; observe longer",
    );
    let weekly = BgBb::new(TimeUnit::Week, 1.0, 1.0, 1.0, 1.0).unwrap();
    assert_message(
        weekly.log_likelihood(&nobody),
        "a model in periods of a Week cannot judge opportunities a Year apart",
    );
}

#[test]
fn simulations() {
    for model in models().into_iter().step_by(7) {
        match model.simulate(5, 9, 3) {
            Ok(seen) => assert_eq!((seen.customers(), seen.len()), (5, 5)),
            Err(error) => assert_eq!(kind(&error), "Undefined", "{error}"),
        }
    }
    let model = BgBb::new(YEAR, 1.0, 1.0, 1.0, 1.0).unwrap();
    assert_kind(model.simulate(0, u32::MAX, 1), "OutOfDomain");
    assert!(model.simulate(0, 5, 1).unwrap().is_empty());
}
