//! Word of mouth at the ends of money and of numbers.

use goodwill::churn::{Bound, TarpRule, Teller, WordChain, WordClaim, WordEvent, WordOfMouth};
use goodwill::{Probability, Share};
use rust_decimal::Decimal;

use crate::table::{COUNTS, FLOATS, decimals};
use crate::{assert_finite, assert_kind, assert_message};

#[test]
fn one_telling() {
    for each in decimals() {
        let claim =
            WordClaim::new(Teller::Dissatisfied, WordEvent::Buys, each, Bound::Number, "a test");
        if each < Decimal::ZERO {
            assert_kind(claim, "OutOfDomain");
            continue;
        }
        let claim = claim.unwrap();
        assert_eq!((claim.each(), claim.source()), (each, "a test"));
        for tellers in decimals() {
            match claim.people(tellers) {
                Ok(people) => assert!(people >= Decimal::ZERO && tellers >= Decimal::ZERO),
                got if tellers < Decimal::ZERO => assert_kind(got, "OutOfDomain"),
                got => assert_kind(got, "Overflow"),
            }
            match WordOfMouth::new(tellers, &claim, Share::ONE, each) {
                Ok(word) => {
                    assert_eq!((word.people(), word.teller()), (word.customers(), claim.teller()));
                    assert!(word.margin() >= Decimal::ZERO);
                }
                got if tellers < Decimal::ZERO => assert_kind(got, "OutOfDomain"),
                got => assert_kind(got, "Overflow"),
            }
        }
    }
    let eleven = WordClaim::COMPLAINS_TO_11;
    assert_eq!((eleven.event(), eleven.bound()), (WordEvent::HearsComplaint, Bound::Number));
    let below = Decimal::NEGATIVE_ONE;
    assert_message(eleven.people(below), "tellers must lie in [0, ∞), but is -1");
    assert_message(
        WordOfMouth::new(1.into(), &eleven, Share::ONE, below),
        "margin per customer must lie in [0, ∞), but is -1",
    );
    assert_message(
        WordClaim::new(Teller::Satisfied, WordEvent::IsTold, below, Bound::MoreThan, ""),
        "people to each customer must lie in [0, ∞), but is -1",
    );
}

#[test]
fn complaints() {
    for silent in COUNTS {
        for told in COUNTS {
            for complaints in [0, 1, u64::MAX] {
                let rule = TarpRule { silent, told, influenced: Share::ONE };
                match rule.word_of_mouth(complaints, Decimal::ONE) {
                    Ok(word) => assert!(word.people() >= complaints.into()),
                    got => assert_kind(got, "Overflow"),
                }
            }
        }
    }
    assert_kind(TarpRule::WEBER.word_of_mouth(1, Decimal::NEGATIVE_ONE), "OutOfDomain");
}

#[test]
fn chains() {
    let shares = [0.0, 5e-324, f64::EPSILON, 0.5, 1.0 - f64::EPSILON, 1.0];
    for told in FLOATS {
        for passes_on in shares.map(Probability::constant) {
            let Ok(chain) = WordChain::new(told, passes_on) else {
                assert!(!(0.0..=1e9).contains(&told));
                continue;
            };
            assert!(chain.offspring() >= 0.0);
            for bound in FLOATS {
                let bounded = chain.population(bound);
                assert_eq!(bounded.is_ok(), (1.0..=1e12).contains(&bound));
                let bounded = bounded.unwrap_or(chain);
                for chain in
                    [bounded, bounded.generations(1).unwrap(), chain.generations(10_000).unwrap()]
                {
                    for tellers in FLOATS {
                        let what = || format!("{chain:?} from {tellers}");
                        let kinds = ["OutOfDomain", "Undefined"];
                        if let Some(reached) = assert_finite(chain.reached(tellers), &kinds, what) {
                            assert!(reached >= 0.0, "{}", what());
                        }
                    }
                }
            }
        }
    }
    let chain = WordChain::new(2.0, Probability::constant(0.5)).unwrap();
    assert_message(
        WordChain::new(f64::NAN, Probability::ONE),
        "people told must lie in [0, 1e9], but is NaN",
    );
    assert_message(chain.generations(0), "generations must lie in [1, 10000], but is 0");
    assert_message(chain.population(0.5), "population must lie in [1, 1e12], but is 0.5");
    assert_message(chain.reached(-1.0), "tellers must lie in [0, 1e9], but is -1");
    let endless = "the reach of a chain of word of mouth is undefined: each hearer makes 1 more, at least one: it needs \
                   a number of generations and a population";
    assert_message(chain.reached(1.0), endless);
    assert_message(chain.generations(3).unwrap().reached(1.0), endless);
    assert_message(chain.generations(3).unwrap().by_generation(1.0), endless);
    assert_message(chain.population(9.0).unwrap().reached(1.0), endless);
    assert_message(
        chain.by_generation(1.0),
        "the chain by generation is undefined: its generations do not end",
    );
    let bounded = chain.population(9.0).unwrap().generations(2).unwrap();
    assert_eq!(bounded.by_generation(0.0), Ok(vec![0.0; 2]));
    assert_kind(bounded.by_generation(f64::INFINITY), "OutOfDomain");
}
