//! The options of a fit: a start, a tolerance, and what is known beforehand.

use goodwill::{
    BgNbd, ErrorKind, Fit, FitOptions, GammaGamma, Histories, Prior, Result, Spend, Spends,
    TimeUnit,
};

use crate::support::{assert_close, json, number, rows};

fn cdnow() -> Histories {
    let rows = rows("cdnow_customers.csv");
    let x: Vec<u32> = rows.iter().map(|row| row[1] as u32).collect();
    let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<f64>>();
    Histories::new(TimeUnit::Week, &x, &column(2), &column(3)).unwrap()
}

fn ten() -> Histories {
    let x = [0, 2, 0, 1, 0, 5, 0, 0, 3, 0];
    let recency = [0.0, 12.0, 0.0, 3.0, 0.0, 30.0, 0.0, 0.0, 9.0, 0.0];
    Histories::new(TimeUnit::Week, &x, &recency, &[39.0; 10]).unwrap()
}

fn shop() -> FitOptions {
    FitOptions::new()
        .prior("r", Prior::number(0.25, 0.5).unwrap())
        .prior("alpha", Prior::time(30.0, TimeUnit::Day, 0.5).unwrap())
        .prior("a", Prior::number(0.8, 0.5).unwrap())
        .prior("b", Prior::number(2.5, 0.5).unwrap())
}

/// Against the optimum at 30 digits.
#[test]
fn the_prior_is_the_one_that_was_stated() {
    let want = json("prior/prior.json");
    let fit = BgNbd::fit_with(&ten(), &shop()).unwrap();
    for (i, (name, got)) in fit.model().parameters().into_iter().enumerate() {
        assert_close(got, number(&want["parameters"][i]), 1e-10, name);
    }
    assert_close(fit.log_likelihood(), number(&want["log_likelihood"]), 1e-13, "ln L");
    assert_close(fit.penalised_log_likelihood(), number(&want["penalised"]), 1e-13, "penalised");
}

/// What the data do not identify.
#[track_caller]
fn not_identified<M: std::fmt::Debug>(fit: Result<Fit<M>>) -> Vec<&'static str> {
    match fit.unwrap_err().kind() {
        ErrorKind::NotIdentified { parameters, .. } => parameters.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_prior_makes_every_fit_proper() {
    assert_eq!(not_identified(BgNbd::fit(&ten())), ["b"]);
    let silent = Histories::new(TimeUnit::Week, &[0; 3], &[0.0; 3], &[39.0; 3]).unwrap();
    let unborn = Histories::new(TimeUnit::Week, &[0], &[0.0], &[0.0]).unwrap();
    for data in [&silent, &unborn] {
        assert_eq!(not_identified(BgNbd::fit(data)), ["r", "a", "b"]);
        let fit = BgNbd::fit_with(data, &shop()).unwrap();
        let errors = fit.standard_errors();
        for ((name, got), (_, error)) in fit.model().parameters().into_iter().zip(errors) {
            assert!(error / got <= 0.5 * (1.0 + 1e-9), "{name}: no wider than the prior");
        }
    }
    // Without data, it is the prior that comes back.
    let fit = BgNbd::fit_with(&unborn, &shop()).unwrap();
    for ((name, got), want) in
        fit.model().parameters().into_iter().zip([0.25, 30.0 / 7.0, 0.8, 2.5])
    {
        assert_close(got, want, 1e-12, name);
    }
    let one: Spends = [Spend::new(1, 5.0).unwrap()].into_iter().collect();
    let options = FitOptions::new()
        .prior("p", Prior::number(6.0, 0.5).unwrap())
        .prior("q", Prior::number(4.0, 0.5).unwrap())
        .prior("v", Prior::money(15.0, 0.5).unwrap());
    assert_eq!(not_identified(GammaGamma::fit(&one)), ["p", "q"]);
    GammaGamma::fit_with(&one, &options).unwrap();
}

/// A vague prior leaves the fit alone, a sharp one holds its parameter.
#[test]
fn the_narrower_the_prior_the_more_it_says() {
    let (data, free) = (cdnow(), BgNbd::fit(&cdnow()).unwrap());
    assert_eq!(free.penalised_log_likelihood().to_bits(), free.log_likelihood().to_bits());
    let mut gap = 0.0;
    for sd in [5.0, 0.5, 0.05, 0.005, 0.0005] {
        let options = FitOptions::new().prior("b", Prior::number(1.0, sd).unwrap());
        let fit = BgNbd::fit_with(&data, &options).unwrap();
        let moved = (free.model().b() / fit.model().b()).ln();
        assert!(moved > gap, "sd {sd}: {moved}");
        assert!(fit.log_likelihood() < free.log_likelihood());
        assert!(fit.penalised_log_likelihood() < fit.log_likelihood());
        gap = moved;
        if sd < 0.001 {
            assert_close(fit.model().b(), 1.0, 1e-3, "held");
        }
    }
}

/// In whatever unit the prior is stated, and in whatever unit the data are.
#[test]
fn the_unit_of_a_prior_is_its_own() {
    let fit = |data: &Histories, length: f64, unit| {
        let options = FitOptions::new().prior("alpha", Prior::time(length, unit, 0.1).unwrap());
        BgNbd::fit_with(data, &options).unwrap()
    };
    let weekly = fit(&cdnow(), 2.0, TimeUnit::Week);
    let daily = fit(&cdnow(), 14.0, TimeUnit::Day);
    assert_close(daily.model().alpha(), weekly.model().alpha(), 1e-10, "alpha");
    let x: Vec<u32> = cdnow().iter().map(|h| h.frequency()).collect();
    let recency: Vec<f64> = cdnow().iter().map(|h| h.recency() * 7.0).collect();
    let age: Vec<f64> = cdnow().iter().map(|h| h.age() * 7.0).collect();
    let days = Histories::new(TimeUnit::Day, &x, &recency, &age).unwrap();
    let daily = fit(&days, 2.0, TimeUnit::Week);
    assert_close(daily.model().alpha(), weekly.model().alpha() * 7.0, 1e-10, "alpha in days");
    assert_close(daily.model().r(), weekly.model().r(), 1e-10, "r");
}

#[test]
fn from_any_start_to_the_same_optimum() {
    let (data, free) = (cdnow(), BgNbd::fit(&cdnow()).unwrap());
    let again = FitOptions::new().start(free.model().parameters());
    let near = BgNbd::fit_with(&data, &again).unwrap();
    assert!(near.evaluations() <= 4 && near.evaluations() < free.evaluations());
    for start in [[3.0, 1.0, 3.0, 0.5], [0.01, 90.0, 0.1, 0.1], [1e9, 1e-9, 1e9, 1e-9]] {
        let [r, alpha, a, b] = start;
        let options = FitOptions::new().start([("b", b), ("r", r), ("alpha", alpha), ("a", a)]);
        let fit = BgNbd::fit_with(&data, &options).unwrap();
        for ((name, got), (_, want)) in
            fit.model().parameters().into_iter().zip(free.model().parameters())
        {
            assert_close(got, want, 1e-9, name);
        }
    }
}

/// The error that is left is about the square of the tolerance.
#[test]
fn a_coarse_tolerance_is_cheaper() {
    let (data, free) = (cdnow(), BgNbd::fit(&cdnow()).unwrap());
    let coarse = BgNbd::fit_with(&data, &FitOptions::new().tolerance(1e-2)).unwrap();
    assert!(coarse.evaluations() < free.evaluations());
    assert_close(coarse.model().r(), free.model().r(), 1e-3, "r");
}

#[test]
fn options_that_do_not_suit_the_model_are_refused() {
    let refused = |options: FitOptions| BgNbd::fit_with(&cdnow(), &options).unwrap_err();
    for tolerance in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = refused(FitOptions::new().tolerance(tolerance));
        assert!(
            matches!(error.kind(), ErrorKind::OutOfDomain { name: "tolerance", .. }),
            "{error}"
        );
    }
    let start =
        |r, alpha| FitOptions::new().start([("r", r), ("alpha", alpha), ("a", 1.0), ("b", 1.0)]);
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = refused(start(1.0, bad));
        assert_eq!(error.to_string(), format!("alpha must lie in (0, ∞), but is {bad}"));
    }
    let number = Prior::number(1.0, 1.0).unwrap();
    for (options, message) in [
        (FitOptions::new().start([("r", 1.0)]), "the start of the BG/NBD model is without alpha"),
        (
            start(1.0, 1.0).start([("s", 1.0)]),
            "the BG/NBD model has no parameter s; its parameters are r, alpha, a, b",
        ),
        (
            FitOptions::new().prior("q", number),
            "the BG/NBD model has no parameter q; its parameters are r, alpha, a, b",
        ),
        (
            FitOptions::new().prior("alpha", number),
            "the prior of alpha is a number, but alpha is a time",
        ),
        (
            FitOptions::new().prior("r", Prior::money(1.0, 1.0).unwrap()),
            "the prior of r is an amount of money, but r is a number",
        ),
    ] {
        assert_eq!(refused(options).to_string(), message);
    }
    let many = (0..20).fold(FitOptions::new(), |options, i| {
        let names = ["c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
        options.prior(names[i % 10], number)
    });
    assert!(matches!(refused(many).kind(), ErrorKind::Inconsistent { .. }));
}
