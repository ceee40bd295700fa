//! What losing costs and keeping pays: the worked figures of R10 and R13 of the requirements, and chains and years ahead
//! against `churn_economics.py`.

use goodwill::churn::{
    Bound, ChurnLedger, CostLine, CostView, Loss, TarpRule, Teller, WordChain, WordClaim,
    WordEvent, WordOfMouth, YearsAhead,
};
use goodwill::{DiscountRate, Probability, Share};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::{assert_close, json, number};

fn percent(percent: u32) -> Share {
    Share::percent(percent).unwrap()
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

/// R10 as a ledger: 3,200 lost, 128,000,000 revenue and 12,800,000 profit as memo lines, in neither total.
#[test]
fn r10_revenue_and_profit_are_memo_lines() {
    let each = Loss {
        revenue: 40_000.into(),
        margin: 4_000.into(),
        sunk_set_up: 500.into(),
        residual: 15_000.into(),
        successor_residual: 12_000.into(),
        vacant_margin: 1_000.into(),
        acquisition: 2_500.into(),
        word_of_mouth: 640.into(),
        costs_avoided: 300.into(),
    };
    let mut ledger = ChurnLedger::default();
    ledger.add(None, 3_200.into(), &each.times(3_200.into()).unwrap()).unwrap();
    let amount = |line| ledger.amount(line).unwrap().to_string();
    assert_eq!(amount(CostLine::Revenue), "128000000");
    assert_eq!(amount(CostLine::Margin), "12800000");
    // 3,200 · (15,000 + 640 − 300) and 3,200 · (1,000 + 2,500 + 3,000 + 640 − 300).
    assert_eq!(ledger.total(CostView::NotReplaced).unwrap().to_string(), "49088000");
    assert_eq!(ledger.total(CostView::Replaced).unwrap().to_string(), "21888000");
    // What a sum of residual value and replacement would count twice: 3,200 · 12,000.
    assert_eq!(ledger.counted_twice().unwrap().to_string(), "38400000");
    let memo = [CostLine::Revenue, CostLine::Margin, CostLine::SunkSetUp];
    for line in ledger.lines().unwrap().iter().filter(|line| memo.contains(&line.line)) {
        assert_eq!((line.not_replaced, line.replaced), (Decimal::ZERO, Decimal::ZERO));
    }
}

/// R10 over the years, 5 % lost every year: exact but for the factors, which round once.
#[test]
fn r10_over_the_years() {
    let survival: Vec<Probability> =
        (1..=5).map(|t| Probability::new(0.95_f64.powi(t)).unwrap()).collect();
    let rate = DiscountRate::annual(0.10).unwrap();
    let ahead =
        YearsAhead::new(64_000.into(), 40_000.into(), percent(10), &survival, rate).unwrap();
    let want = &json("churn_economics.json")["years"];
    for (year, want) in ahead.years().iter().zip(want.as_array().unwrap()) {
        assert_eq!(year.kept.customers, decimal(&want["customers"]), "{}", year.year);
        assert_eq!(year.gone.margin, decimal(&want["gone_margin"]), "{}", year.year);
        assert_eq!(year.kept.present_value, decimal(&want["kept_value"]), "{}", year.year);
        assert_eq!(year.gone.present_value, decimal(&want["gone_value"]), "{}", year.year);
    }
    assert_eq!(ahead.years().len(), 5);
}

/// R13: the sources' different events, each apart.
#[test]
fn r13_claims() {
    let claims = [
        (WordClaim::COMPLAINS_TO_11, "11", WordEvent::HearsComplaint, Bound::Number),
        (WordClaim::TELLS_MORE_THAN_20, "20", WordEvent::IsTold, Bound::MoreThan),
        (WordClaim::INFLUENCES_5, "5", WordEvent::IsInfluenced, Bound::Number),
        (WordClaim::AFFECTS_INTENT_OF_25, "25", WordEvent::IntentChanges, Bound::Number),
        (WordClaim::TELLS_AT_LEAST_12, "12", WordEvent::IsTold, Bound::AtLeast),
        (WordClaim::MORE_THAN_10_SAY_THEY_COME, "10", WordEvent::SaysHeWillCome, Bound::MoreThan),
        (WordClaim::EIGHT_POTENTIAL_DEALS, "8", WordEvent::MightBuy, Bound::Number),
        (WordClaim::ONE_DEAL_CLOSES, "1", WordEvent::Buys, Bound::AtLeast),
        (WordClaim::HUNDRED_BRING_25, "0.25", WordEvent::BecomesCustomer, Bound::Number),
    ];
    for (row, (claim, each, event, bound)) in claims.into_iter().enumerate() {
        assert_eq!((claim.each().to_string().as_str(), claim.event()), (each, event));
        assert_eq!(claim.bound(), bound);
        let talks = if row < 4 { Teller::Dissatisfied } else { Teller::Satisfied };
        assert_eq!(claim.teller(), talks);
    }
    // No two claims of one teller name one event: their numbers cannot be mistaken for each other.
    for (row, (claim, ..)) in claims.iter().enumerate() {
        let same = |(other, ..): &&(WordClaim, _, _, _)| {
            (other.teller(), other.event()) == (claim.teller(), claim.event())
        };
        assert_eq!(claims.iter().filter(same).count(), 1, "{row}");
    }
    assert_eq!(WordClaim::HUNDRED_BRING_25.people(100.into()).unwrap().to_string(), "25");
    // 8 potential deals of which one closes: 12.5 %.
    let eighth = Share::new(Decimal::new(125, 3)).unwrap();
    let closed = WordOfMouth::new(1.into(), &WordClaim::EIGHT_POTENTIAL_DEALS, eighth, 0.into());
    assert_eq!(closed.unwrap().customers(), WordClaim::ONE_DEAL_CLOSES.each());
}

/// (1 + 6) · 9 + 1 = 64 hear of it; 25 % are 16; at 1,000 dollars each, 16,000 for one complaint.
#[test]
fn r13_tarp() {
    let word = TarpRule::WEBER.word_of_mouth(1, 1_000.into()).unwrap();
    assert_eq!(word.people().to_string(), "64");
    assert_eq!(word.customers().to_string(), "16");
    assert_eq!(word.margin().to_string(), "16000");
    let ten = TarpRule::WEBER.word_of_mouth(10, 1_000.into()).unwrap();
    assert_eq!(ten.margin().to_string(), "160000");
}

/// The recursion and, by Lambert's W, where it settles.
#[test]
fn chains_by_lambert() {
    let all = json("churn_economics.json");
    for (name, settles) in [("chains", true), ("runaway", false)] {
        for row in all[name].as_array().unwrap() {
            let told = number(&row["told"]);
            let passes_on = Probability::new(number(&row["passes_on"])).unwrap();
            let chain = WordChain::new(told, passes_on).unwrap();
            let chain = chain.population(number(&row["population"])).unwrap();
            let tellers = number(&row["tellers"]);
            if settles {
                let want = number(&row["final"]);
                assert_close(chain.reached(tellers).unwrap(), want, 1e-12, "where it settles");
            }
            for (generations, want) in (1..).zip(row["after"].as_array().unwrap()) {
                let followed = chain.generations(generations).unwrap().reached(tellers).unwrap();
                assert_close(followed, number(want), 1e-13, "after some generations");
            }
        }
    }
}
