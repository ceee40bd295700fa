//! Satisfaction from hostile answers, weights and designs.

use chrono::NaiveDate;
use goodwill::satisfaction::*;
use goodwill::{Probability, Share};

use crate::table::{FLOATS, dates, decimals};
use crate::{assert_finite, assert_kind, assert_message, kind};

const SURE: Sampling = Sampling::new(Probability::constant(0.95));

#[test]
fn answers_and_scores() {
    for (low, high) in [(0, 0), (5, 1), (0, 255), (254, 255), (255, 0)] {
        let scale = Scale::new(low, high, Direction::LowerIsBetter);
        assert_eq!(scale.is_ok(), low < high);
        let Ok(scale) = scale else { continue };
        assert_eq!((scale.lowest(), scale.highest()), (low, high));
        assert_eq!(scale.points(), usize::from(high - low) + 1);
        assert_eq!(scale.direction(), Direction::LowerIsBetter);
        assert!(scale.contains(high));
        let heights = [scale.above_worst(low), scale.above_worst(high)];
        assert_eq!(heights, [Ok(scale.points() - 1), Ok(0)]);
        let mut answers = Answers::new(scale);
        assert_kind(answers.tally(), "Empty");
        assert_kind(Csat::of(&answers), "Empty");
        answers.record(Answer::Score(low)).unwrap();
        assert_eq!(Proportion::top(&answers, 1), Proportion::new(1, 1));
        assert_kind(Proportion::top(&answers, 0), "OutOfDomain");
        assert_kind(Proportion::top(&answers, usize::MAX), "OutOfDomain");
    }
    assert_kind("meh".parse::<Level>(), "OutOfDomain");
    assert_eq!(Level::HighlySatisfied.names()[1].parse::<Level>().unwrap().score(), 5);
    let bad = Answers::from_answers(Scale::ONE_TO_FIVE, [Answer::Missing, Answer::Score(6)]);
    assert_message(bad, "score must lie in the points of its scale, but is 6 (row 1)");
    assert_kind(Answers::from_scores(Scale::ONE_TO_FIVE, &[0]), "OutOfDomain");
    assert_kind(Answers::from_counts(Scale::ONE_TO_FIVE, vec![1], 0, 0), "LengthMismatch");
    let full = Answers::from_counts(Scale::ONE_TO_FIVE, vec![u64::MAX; 5], 3, 2).unwrap();
    assert_eq!((full.dont_know(), full.missing(), full.counts().len()), (3, 2, 5));
    assert_eq!(full.scale(), Scale::ONE_TO_FIVE);
    assert_kind(full.scored(), "Overflow");
    assert_kind(full.merge(&full), "Overflow");
    assert_kind(full.merge(&Answers::new(Scale::EFFORT)), "Inconsistent");
    assert_kind(full.bootstrap(1, 1, SURE.level(), |_| Ok(0.0)), "Overflow");
    let one = Answers::from_scores(Scale::ONE_TO_FIVE, &[5]).unwrap();
    assert_kind(one.bootstrap(1, 1, SURE.level(), |_| Ok(f64::NAN)), "Undefined");
    assert_message(
        Nps::of(&one),
        "the net promoter score needs answers on 0–10 (10 is best), not on 1–5 (5 is best)",
    );
    assert_kind(Nps::with_breaks(&one, 5, 5), "Inconsistent");
    assert_kind(Nps::with_breaks(&one, 0, 255), "Inconsistent");
    assert_kind(effort_1(&one), "Inconsistent");
    assert_kind(Ease::of(&one), "Inconsistent");
    assert_kind(repurchase_intent(&one, &[]), "LengthMismatch");
    let falling = [1.0, 0.0, 0.0, 0.0, 0.0].map(Probability::constant);
    assert_kind(repurchase_intent(&one, &falling), "Inconsistent");
    let mut weighted = WeightedAnswers::new(Scale::ZERO_TO_TEN);
    assert_kind(weighted.tally(), "Empty");
    for weight in FLOATS {
        let got = weighted.record(Answer::Score(9), weight);
        assert_eq!(got.is_ok(), weight == 0.0 || (1e-100..=1e100).contains(&weight), "{weight}");
        assert_eq!(weighted.record(Answer::DontKnow, weight), got);
        assert_eq!(weighted.record(Answer::Missing, weight), got);
        assert_kind(weighted.record(Answer::Score(11), weight), "OutOfDomain");
    }
    let twice = weighted.merge(&weighted).unwrap();
    let tally = twice.tally().unwrap();
    assert_eq!((twice.dont_know(), twice.missing()), (tally.n(), tally.n()));
    assert!(tally.effective().is_finite() && tally.shares()[9] >= 1.0 && tally.n() > 0);
    assert_eq!(tally.scale(), Scale::ZERO_TO_TEN);
    let nps = Nps::of(&weighted).unwrap();
    assert!(nps.promoters() >= 1.0 && nps.passives() <= 0.0 && nps.detractors() <= 0.0);
    assert!(nps.score() >= 100.0 && nps.n() > 0);
}

#[test]
fn intervals_and_designs() {
    assert_kind(SURE.minimum(1), "OutOfDomain");
    assert_kind(Proportion::new(0, 0), "Empty");
    assert_kind(Proportion::new(2, 1), "OutOfDomain");
    for n in [1, 2, 10, u64::MAX] {
        let p = Proportion::new(n, n).unwrap();
        assert!(p.share() >= 1.0 && p.n() == n && p.effective() > 0.0);
        for population in [0, n, u64::MAX] {
            for level in [0.0, 1e-300, 0.95, 1.0] {
                let of = Sampling::new(Probability::constant(level)).population(population);
                assert_eq!(of.level(), Probability::constant(level));
                let all = [p.wilson(&of), p.adjusted_wald(&of), p.wald(&of)];
                for got in all.into_iter().flatten() {
                    assert!(got.lower() >= 0.0 && got.upper() <= 1.0, "{got:?}");
                }
                if let Ok(change) = p.change_since(&p, &of) {
                    assert_eq!(change.p_value, Probability::ONE);
                }
            }
        }
    }
    let answers = Answers::from_counts(Scale::ZERO_TO_TEN, vec![9; 11], 0, 0).unwrap();
    let nps = Nps::of(&answers).unwrap();
    assert_kind(nps.interval(&SURE.population(5)), "Inconsistent");
    let census = nps.wald_interval(&SURE.population(99)).unwrap();
    assert!(census.lower() >= census.upper());
    for value in FLOATS {
        match MeanScore::of(&[value, 0.0, -value]) {
            Ok(mean) => {
                assert!(mean.value().is_finite() && mean.n() == 3);
                let got = mean.interval(&SURE.minimum(2).unwrap()).map(|got| got.upper());
                assert_finite(got, &["Undefined"], || format!("{value}"));
            }
            got => assert_kind(got, "OutOfDomain"),
        }
        let got = sample_size(value, Probability::constant(0.5), SURE.level(), Some(7));
        assert_eq!(got.is_ok(), (1e-6..1.0).contains(&value), "{value}");
        let got = effective_sample_size(&[value, 1.0]);
        assert_finite(got, &["OutOfDomain"], || format!("{value}"));
        if let Ok(stratum) = Stratum::new(u64::MAX, value) {
            for allocation in [Allocation::Proportional, Allocation::Neyman] {
                let got = stratified_sample_sizes(&[stratum], 1.0, SURE.level(), allocation);
                assert!(got.unwrap()[0] >= 1);
            }
        }
    }
    assert_kind(MeanScore::of(&[]), "Empty");
    assert_kind(Stratum::new(0, 1.0), "OutOfDomain");
    assert_kind(post_stratification_weights(&[1], &[]), "LengthMismatch");
    assert_message(
        post_stratification_weights(&[5, 5], &[1, 0]),
        "0 answers cannot stand for 5 customers (row 1)",
    );
    assert_kind(pairwise(&[] as &[Nps], &SURE), "Undefined");
    assert!(holm(&[]).is_empty());
    assert_kind(complaints_per_thousand(2, 1, &SURE), "OutOfDomain");
    assert_kind(recovery((1, 0), (0, 1), &SURE), "Empty");
}

#[test]
fn models_of_quality() {
    for value in FLOATS {
        if let Ok(index) = Acsi::new([value, 1.0, 0.0]) {
            assert!(index.weights().iter().all(|weight| (0.0..=1.0).contains(weight)));
            let got = index.index([value.abs(), 10.0, 10.0]);
            assert_finite(got, &["OutOfDomain"], || format!("{value}"));
        }
        if let Ok(one) = Experience::new(value, -value) {
            assert!(one.gap().is_finite());
            let _ = Rule::KOTLER.judge(&one);
            assert_eq!(
                Rule::STRICT.count(&[one]).merge(&Outcomes::default()),
                Ok(Rule::STRICT.count(&[one]))
            );
            assert_kind(GapEffect::fit(&[one; 5], &[value; 5], SURE.level()), "Undefined");
        }
        assert_eq!(Rule::STRICT.delighted_above(value).is_ok(), (0.0..=1e6).contains(&value));
        assert_eq!(
            Rule::KOTLER.with_lower_promise(&[], value).is_ok(),
            (0.0..=1e6).contains(&value)
        );
        let half = Probability::constant(0.5);
        let got = difference_reliability((value, half), (1.0, half), 0.1);
        assert_finite(got, &["OutOfDomain", "Undefined"], || format!("{value}"));
        if let Ok(zone) = ToleranceZone::new(value, 0.0, value) {
            assert!(zone.adequacy().is_finite() && zone.superiority().is_finite());
            assert_ne!(zone.position(), Tolerance::Within);
        }
    }
    assert_kind(Experience::direct(Scale::ONE_TO_TEN, 0), "OutOfDomain");
    assert_kind(Acsi::first_component(&[]), "Undefined");
    assert_kind(Acsi::first_component(&[[5; 3]; 4]), "Undefined");
    assert_kind(Acsi::EQUAL.of(&[[0, 1, 1]]), "OutOfDomain");
    assert_kind(ServiceAnswers::new([8; 22], [1; 22]), "OutOfDomain");
    let one = ServiceAnswers::new([7; 22], [1; 22]).unwrap();
    assert_message(one.weighted([20; 5].map(|x| x + 1)), "100 points are split, not 105");
    assert_kind(Servqual::of(&[]), "Empty");
    assert_eq!(Dimension::Empathy.items(), 17..22);
    let mut table = LoyaltyTable::new(Scale::ONE_TO_FIVE);
    assert_kind(table.record(9, true), "OutOfDomain");
    assert_kind(table.top_box_effect(&SURE), "Empty");
    assert_eq!(table.by_score(), Ok(vec![None; 5]));
    assert_kind(table.matrix(5), "OutOfDomain");
    assert_kind(table.merge(&table).unwrap().matrix(1).unwrap().false_loyalty(), "Empty");
    let full = "a count of answers has more digits than the type holds exactly";
    let one_more = Rule::KOTLER.count(&[Experience::new(1.0, 0.0).unwrap()]);
    let mut many = one_more;
    many.dissatisfied = u64::MAX - 1;
    assert_eq!(many.merge(&one_more).map(|all| all.dissatisfied), Ok(u64::MAX));
    many.dissatisfied = u64::MAX;
    assert_message(many.merge(&one_more), full);
    let mut matrix = table.matrix(1).unwrap();
    (matrix.loyal, matrix.falsely_loyal) = (u64::MAX, 0);
    assert_eq!(matrix.false_loyalty().map(|share| share.n()), Ok(u64::MAX));
    matrix.falsely_loyal = 1;
    assert_message(matrix.false_loyalty(), full);
    // 2⁶³ who gave 5 stayed, and 2⁶³ left.
    table.record(5, true).unwrap();
    table.record(5, false).unwrap();
    let half = (0..63).fold(table, |table, _| table.merge(&table).unwrap());
    assert_message(half.by_score(), full);
    assert_message(half.top_box_effect(&SURE), full);
    assert_message(half.merge(&half), full);
}

#[test]
fn complaints() {
    assert_kind(SilenceRule::ShareComplains(Share::ZERO).dissatisfied(1), "Undefined");
    assert!(SilenceRule::SilentEach(u32::MAX).dissatisfied(u64::MAX).unwrap().all.is_finite());
    for amount in decimals() {
        if let Ok(share) = Share::new(amount)
            && let Ok(left) = Discontent::of(u64::MAX, share, share)
        {
            assert!(
                left.silent() <= left.dissatisfied() && left.complaints() <= left.dissatisfied()
            );
        }
        match ComplaintDesk::new(u64::MAX, Share::ONE, Share::ZERO, amount, amount) {
            Ok(desk) => assert!(desk.net() <= desk.gain() && desk.kept() == u64::MAX.into()),
            Err(error) => assert!(["OutOfDomain", "Overflow"].contains(&kind(&error))),
        }
    }
    for opened in dates() {
        for settled in dates() {
            let Ok(one) = Complaint::new(opened, Some(settled)) else { continue };
            let open = Complaint::new(opened, None).unwrap();
            let all = Resolution::of(&[one, open], NaiveDate::MAX).unwrap();
            assert_eq!((all.settled(), all.open()), (1, 1));
            assert!(all.longest_wait().is_some() && all.median_days().is_none());
            let at_once = Proportion::new(u64::from(settled == opened), 2);
            assert_eq!(all.settled_within(0), at_once);
        }
    }
    let none = Resolution::of(&[], NaiveDate::MIN).unwrap();
    assert_eq!(none.merge(&none).as_ref(), Ok(&none));
    assert_message(
        none.merge(&Resolution::of(&[], NaiveDate::MIN.succ_opt().unwrap()).unwrap()),
        "reports of -262143-01-01 and -262143-01-02 cannot be merged",
    );
    assert_eq!(none.median_days(), None);
    assert_kind(none.settled_within(1), "Empty");
}
