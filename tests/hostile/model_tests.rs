//! Tracking curves, cohort fits and comparisons that make no sense, and curves at the ends of the calendar.

use chrono::NaiveDate;
use goodwill::lifetime::{
    Candidate, CohortFits, Covariates, EffectTie, Effects, ModelKind, Sbg, Tenures, TrackingCurve,
    TrackingPeriods, WithCovariates, compare, likelihood_ratio,
};
use goodwill::{
    BgCnbdK, BgNbd, Conventions, FitOptions, Histories, History, Ledger, MbgCnbdK, MbgNbd, Prior,
    PurchaseModel, TimeUnit, Transaction,
};

use crate::support::day;
use crate::table::dates;
use crate::{assert_kind, assert_message};

#[test]
fn curves_at_the_ends_of_the_calendar() {
    let dates = dates();
    let rows = dates.iter().enumerate().map(|(i, &date)| Transaction::new(i % 2, date, 1.into()));
    let ledger = Ledger::from_transactions(rows).unwrap();
    let model = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap();
    let usual = Conventions::default();
    for &first in &dates {
        for &split in &dates {
            for &as_of in &dates {
                for length in [0, 1, 10_000_000, u32::MAX] {
                    let Ok(periods) = TrackingPeriods::new(first, length, split, as_of) else {
                        continue;
                    };
                    let known = ledger.until(as_of);
                    let curve = TrackingCurve::of(&model, &known, &periods, &usual).unwrap();
                    let rows = curve.rows();
                    assert!(!rows.is_empty() && length > 0 && first <= as_of);
                    assert!(rows.iter().all(|row| row.expected.is_finite() && row.end <= as_of));
                    assert_eq!(curve.merge(&curve).unwrap().rows().len(), rows.len());
                }
            }
        }
    }
    let periods = |first, length, split, as_of| TrackingPeriods::new(first, length, split, as_of);
    let (one, two) = (day(2024, 3, 1), day(2024, 3, 9));
    assert_message(periods(one, 0, one, two), "days of a period must lie in [1, ∞), but is 0");
    assert_message(periods(one, 10, one, two), "periods must lie in [1, 10^5], but is 0");
    assert_message(periods(two, 7, one, one), "periods must lie in [1, 10^5], but is -1");
    assert_message(
        periods(one, 1, two, one),
        "the split 2024-03-09 lies after the as-of date 2024-03-01",
    );
    assert_kind(periods(NaiveDate::MIN, 1, one, NaiveDate::MAX), "OutOfDomain");
    let week = periods(one, 7, one, two).unwrap();
    assert_kind(TrackingCurve::of(&model, &ledger, &week, &usual), "Inconsistent");
    let none: Ledger<u32> = Ledger::default();
    let curve = |periods| TrackingCurve::of(&model, &none, &periods, &usual).unwrap();
    assert_message(
        curve(week).merge(&curve(periods(one, 8, one, two).unwrap())),
        "tracking curves of different periods cannot be merged",
    );
}

fn customers() -> Histories {
    let shop = BgNbd::new(TimeUnit::Week, 0.8, 4.0, 0.8, 2.4).unwrap();
    shop.simulate(&[39.0; 500], 3).unwrap()
}

#[test]
fn cohorts_that_make_no_sense() {
    let all = customers();
    let fit = |own: &Histories| BgNbd::fit(own);
    let group = |groups: &[usize], count| CohortFits::by_group(&all, groups, count, fit);
    assert_message(
        group(&[0], 2),
        "histories and groups must have the same length, but have 500 and 1",
    );
    for count in [0, 1, 501, usize::MAX] {
        assert_kind(group(&[0; 500], count), "OutOfDomain");
    }
    assert_message(group(&[0; 500], 2), "a group of customers must not be empty");
    let mut one_off = [0; 500];
    one_off[7] = 2;
    assert_message(group(&one_off, 2), "group must lie in [0, groups), but is 2 (row 7)");
    one_off[7] = 1;
    assert_kind(group(&one_off, 2), "NotIdentified"); // one customer is no cohort
    assert_message(
        CohortFits::by_acquisition(&all, &[day(2024, 1, 1)], fit),
        "histories without an as-of date have no cohorts: take them from a ledger",
    );
    let row = |who: u32, date| Transaction::new(who, date, 1.into());
    let ledger =
        Ledger::from_transactions([row(1, day(2024, 1, 5)), row(2, day(2024, 2, 5))]).unwrap();
    for unit in [TimeUnit::Day, TimeUnit::Year] {
        let known = ledger.histories(day(2024, 3, 1), unit).unwrap();
        let from = |starts: &[NaiveDate]| CohortFits::by_acquisition(&known, starts, fit);
        assert_message(
            from(&[day(2024, 2, 1), day(2024, 1, 1)]),
            "the starts of the cohorts must ascend",
        );
        assert_message(
            from(&[day(2024, 1, 6), day(2024, 2, 1)]),
            "a customer came on 2024-01-05, before the first cohort (row 0)",
        );
        assert_kind(from(&[]), "Inconsistent");
        assert_kind(from(&[day(2024, 1, 1)]), "OutOfDomain");
        assert_message(
            from(&[day(2024, 1, 5), day(2024, 2, 5), day(2024, 2, 6)]),
            "groups must lie in [2, number of customers], but is 3",
        );
        assert_kind(from(&[day(2024, 1, 5), day(2024, 2, 6)]), "Empty");
        assert_kind(from(&[day(2024, 1, 5), day(2024, 2, 5)]), "NotIdentified");
    }
}

#[test]
fn comparisons_that_make_no_sense() {
    let all = customers();
    let bg = BgNbd::fit(&all).unwrap();
    let prior = FitOptions::new().prior("r", Prior::number(0.5, 1.0).unwrap());
    let mbg = MbgNbd::fit(&all).unwrap();
    let years = Tenures::from_survivors(TimeUnit::Year, &[1_000, 631, 468, 382, 326]).unwrap();
    let sbg = Candidate::of(&Sbg::fit(&years).unwrap());
    let bg = Candidate::of(&bg);
    let mbg = Candidate::of(&mbg);
    assert_message(compare(&[]), "candidates must not be empty");
    assert_message(
        compare(&[bg.clone(), sbg]),
        "BG/NBD is of purchases in time and sBG of tenures: their likelihoods cannot be compared",
    );
    let few = all.iter().take(400).collect::<Vec<_>>();
    let x: Vec<u32> = few.iter().map(History::frequency).collect();
    let column = |of: fn(&History) -> f64| few.iter().map(of).collect::<Vec<f64>>();
    let few = Histories::new(TimeUnit::Week, &x, &column(History::recency), &column(History::age));
    let fewer = Candidate::of(&BgNbd::fit_with(&few.unwrap(), &prior).unwrap());
    assert_message(
        compare(&[bg.clone(), fewer.clone()]),
        "BG/NBD was fitted to 500 customers and BG/NBD to 400: compare fits of the same ones",
    );
    assert_message(
        likelihood_ratio(&bg, &mbg),
        "likelihood-ratio test is undefined: BG/NBD is not nested in MBG/NBD: no value of its parameters \
         makes them equal; compare AIC or BIC",
    );
    assert_message(
        likelihood_ratio(&bg, &fewer),
        "likelihood-ratio test is undefined: both are BG/NBD; neither has a parameter that the other has not",
    );
    let regular = Candidate::of(&BgCnbdK::fit(&all, 3).unwrap());
    assert_message(
        likelihood_ratio(&bg, &regular),
        "likelihood-ratio test is undefined: BG/NBD is BG/CNBD-k at k = 1, the edge of the domain of a whole \
         number, where the ratio is not χ²",
    );
    assert_eq!(compare(&[bg.clone(), regular]).unwrap()[1].parameters, 5);
    let halves: Vec<usize> = (0..500).map(|row| row % 2).collect();
    let no_test = "test for drift is undefined: a fit with a prior, or with a whole number that the data chose, has no \
                   χ² distribution";
    let informed = |own: &_| BgNbd::fit_with(own, &prior);
    assert_message(CohortFits::by_group(&all, &halves, 2, informed), no_test);
    let chosen = |own: &_| MbgCnbdK::fit(own, 2);
    assert_message(CohortFits::by_group(&all, &halves, 2, chosen), no_test);
    let told = |own: &_| MbgCnbdK::fit_at(own, 2, &FitOptions::new());
    let told = CohortFits::by_group(&all, &halves, 2, told).unwrap();
    assert_eq!(told.drift.degrees_of_freedom, Some(4.0));
    assert_eq!(compare(&[mbg]).unwrap()[0].model, ModelKind::MbgNbd);
}

#[test]
fn comparisons_with_covariates_that_make_no_sense() {
    let all = customers();
    let rows: Vec<[f64; 2]> = (0..500_u32).map(|i| [f64::from(i % 2), f64::from(i % 7)]).collect();
    let known = Covariates::new(&["odd", "week"], &rows).unwrap();
    let of = |effects: Effects| {
        let options = FitOptions::new();
        Candidate::of(&WithCovariates::<BgNbd>::fit_with(&all, &known, &effects, &options).unwrap())
    };
    let whole = of(Effects::new());
    let [same, opposite] =
        [EffectTie::Same, EffectTie::Opposite].map(|tie| of(Effects::new().tie(tie)));
    // As many parameters, or effects on other things: neither is a special case of the other.
    let [odd, week] = [["odd"], ["week"]]
        .map(|name| of(Effects::new().on_purchases(&name).on_dropout(&["odd", "week"])));
    let no_case = "likelihood-ratio test is undefined: neither lacks effects of the other, nor ties what that one \
                   leaves apart, so that it would be a special case; compare AIC or BIC";
    for (small, large) in
        [(&whole, &whole), (&whole, &same), (&same, &opposite), (&odd, &week), (&odd, &same)]
    {
        assert_message(likelihood_ratio(small, large), no_case);
    }
    assert!(
        [&same, &opposite, &odd, &week].iter().all(|own| likelihood_ratio(own, &whole).is_ok())
    );
    let [bg, mbg] =
        [Candidate::of(&BgNbd::fit(&all).unwrap()), Candidate::of(&MbgNbd::fit(&all).unwrap())];
    assert_message(
        likelihood_ratio(&mbg, &whole),
        "likelihood-ratio test is undefined: MBG/NBD is not nested in BG/NBD with covariates: no value of its \
         parameters makes them equal; compare AIC or BIC",
    );
    assert_message(
        likelihood_ratio(&whole, &bg),
        "likelihood-ratio test is undefined: BG/NBD with covariates is not nested in BG/NBD: no value of its \
         parameters makes them equal; compare AIC or BIC",
    );
    let prior = FitOptions::new().prior("r", Prior::number(0.5, 1.0).unwrap());
    let informed = Candidate::of(&BgNbd::fit_with(&all, &prior).unwrap());
    assert_message(
        likelihood_ratio(&informed, &whole),
        "likelihood-ratio test is undefined: a fit with a prior, or with a whole number that the data chose, has no χ² \
         distribution",
    );
    // The same customers by the day are not the same likelihood; other customers may be as many.
    let x: Vec<u32> = all.iter().map(|own| own.frequency()).collect();
    let column =
        |of: fn(&History) -> f64| all.iter().map(|own| 7.0 * of(&own)).collect::<Vec<f64>>();
    let daily = Histories::new(TimeUnit::Day, &x, &column(History::recency), &column(History::age));
    let daily = Candidate::of(&BgNbd::fit(&daily.unwrap()).unwrap());
    let units = "BG/NBD counts time by the Day and BG/NBD with covariates by the Week: their likelihoods cannot be \
                 compared";
    assert_message(likelihood_ratio(&daily, &whole), units);
    assert_message(compare(&[daily, whole.clone()]), units);
    let shop = BgNbd::new(TimeUnit::Week, 0.8, 9.0, 0.8, 2.4).unwrap();
    let lazy = Candidate::of(&BgNbd::fit(&shop.simulate(&[39.0; 500], 3).unwrap()).unwrap());
    assert_message(
        likelihood_ratio(&lazy, &whole),
        "likelihood-ratio test is undefined: the larger model is less likely than the smaller: one fit is no maximum",
    );
}
