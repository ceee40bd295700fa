//! Cuts by share of value, thresholds, quantiles and special cases, each against a second way to say it.

use goodwill::tiering::{
    Abc, Evidence, Ranking, Reason, SpecialCases, Thresholds, Treatment, potential,
};
use goodwill::{Pyramid, Share, Tiering, Ties, Value, money};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use crate::big::Big;
use crate::generate::{cents, shuffled};
use crate::support::{assert_kind, assert_message};

const TIES: [Ties; 3] = [Ties::TogetherUp, Ties::TogetherDown, Ties::InputOrder];
const TOGETHER: [Ties; 2] = [Ties::TogetherUp, Ties::TogetherDown];

/// Cents with losses, zeros and many ties, that add up to more than 0.
fn profits() -> impl Strategy<Value = Vec<Decimal>> {
    vec(cents(), 1..40)
        .prop_filter("a positive sum", |values| money::sum(values.clone()).unwrap() > Decimal::ZERO)
}

/// Two to five per cent shares, adding up to 100, of at least one per cent each.
fn percents() -> impl Strategy<Value = Vec<u32>> {
    vec(1_u32..40, 2..6).prop_map(|parts| {
        let sum: u32 = parts.iter().sum();
        let mut shares: Vec<u32> = parts.iter().map(|part| (part * 90 / sum).max(1)).collect();
        let given: u32 = shares.iter().sum();
        shares[0] += 100 - given;
        shares
    })
}

fn named(percents: &[u32]) -> Vec<(String, Share)> {
    let tier = |(i, &p): (usize, &u32)| (format!("tier {i}"), Share::percent(p).unwrap());
    percents.iter().enumerate().map(tier).collect()
}

fn sizes<V: Value>(tiering: &Tiering<V>) -> Vec<usize> {
    tiering.tiers().iter().map(|tier| tier.customers).collect()
}

/// How many are above each edge but the last: the fewest who reach the share, in whole numbers, moved by the ties.
fn planned_by_value(values: &[Decimal], percents: &[u32], ties: Ties) -> Vec<usize> {
    let mut ranked = values.to_vec();
    ranked.sort_unstable();
    ranked.reverse();
    let sum = |values: &[Decimal]| Big::sum(values.iter().copied()).decimal().unwrap();
    let mut percent = 0;
    let inner = &percents[..percents.len() - 1];
    let edge = |p: &u32| {
        percent += p;
        let goal = Big::product(percent.into(), sum(values));
        let reaches = |&k: &usize| Big::product(Decimal::ONE_HUNDRED, sum(&ranked[..k])) >= goal;
        let k = (0..=values.len()).find(reaches).unwrap();
        let equal = |v: &&Decimal| **v == ranked[k - 1];
        let larger = ranked.iter().filter(|&&v| v > ranked[k - 1]).count();
        let to_the_last = larger + ranked.iter().filter(equal).count();
        match ties {
            Ties::InputOrder => k,
            Ties::TogetherDown if k < to_the_last => larger,
            _ => to_the_last,
        }
    };
    inner.iter().map(edge).collect()
}

/// Partition, order, exact reconciliation and the rule for ties.
fn assert_tiers(values: &[Decimal], tiering: &Tiering<Decimal>, ties: Ties) {
    let own = tiering.assignments();
    assert_eq!(own.len(), values.len());
    for (i, tier) in tiering.tiers().iter().enumerate() {
        let members = || values.iter().zip(own).filter(|&(_, &t)| t as usize == i).map(|(v, _)| *v);
        assert_eq!(tier.customers, members().count());
        assert_eq!(Some(tier.value), Big::sum(members()).decimal());
        assert_eq!(tier.cutoff, members().min());
    }
    assert_eq!(money::sum(tiering.tiers().iter().map(|tier| tier.value)), Ok(tiering.total()));
    for (value, tier) in values.iter().zip(own) {
        for (less, below) in values.iter().zip(own) {
            assert!(value <= less || tier <= below, "the better value is in no worse tier");
            assert!(value != less || tier == below || ties == Ties::InputOrder, "equals part");
        }
    }
}

proptest! {
    #![proptest_config(crate::cases(512))]

    #[test]
    fn abc_cuts_where_the_share_is_reached(
        values in profits(),
        percents in percents(),
        ties in select(&TIES[..]),
    ) {
        let abc = Abc::by_share_of_value(named(&percents)).unwrap();
        let tiering = abc.assign(&values, ties).unwrap();
        assert_tiers(&values, &tiering, ties);
        let mut above = 0;
        let passed: Vec<usize> = sizes(&tiering)
            .iter()
            .map(|size| {
                above += size;
                above
            })
            .collect();
        // A lower edge is never above a higher one.
        let mut planned = planned_by_value(&values, &percents, ties);
        planned.push(values.len());
        prop_assert_eq!(passed, planned);
        prop_assert_eq!(abc.tiers().len(), percents.len());
    }

    #[test]
    fn permuting_the_customers_permutes_their_tiers(
        (values, others) in shuffled(profits()),
        percents in percents(),
        ties in select(&TOGETHER[..]),
    ) {
        let abc = Abc::by_share_of_value(named(&percents)).unwrap();
        let (one, two) = (abc.assign(&values, ties).unwrap(), abc.assign(&others, ties).unwrap());
        prop_assert_eq!(one.tiers(), two.tiers());
        let cuts = abc.thresholds(&Ranking::of(&others).unwrap(), ties);
        let pairs = |values: &[Decimal], tiering: &Tiering<Decimal>| {
            let mut pairs: Vec<(Decimal, u32)> =
                values.iter().copied().zip(tiering.assignments().iter().copied()).collect();
            pairs.sort_unstable();
            pairs
        };
        prop_assert_eq!(pairs(&values, &one), pairs(&others, &two));
        prop_assert_eq!(cuts, abc.thresholds(&Ranking::of(&values).unwrap(), ties));
    }

    /// Shards that rank their own, merge, and place their own by the thresholds give the tiers of the whole.
    #[test]
    fn shards_give_the_tiers_of_the_whole(
        values in profits(),
        percents in percents(),
        ties in select(&TOGETHER[..]),
        size in 1_usize..12,
    ) {
        let mut shards = values.chunks(size).map(|shard| Ranking::of(shard).unwrap());
        let mut merged = shards.next().unwrap();
        shards.for_each(|shard| merged.merge(&shard));
        prop_assert_eq!(&merged, &Ranking::of(&values).unwrap());
        let (pyramid, abc) = (
            Pyramid::by_share_of_customers(named(&percents)).unwrap(),
            Abc::by_share_of_value(named(&percents)).unwrap(),
        );
        let cases = [
            (pyramid.thresholds(&merged, ties), pyramid.assign(&values, ties).unwrap()),
            (abc.thresholds(&merged, ties), abc.assign(&values, ties).unwrap()),
        ];
        for (cuts, whole) in cases {
            let Ok(cuts) = cuts else {
                prop_assert_eq!(whole.tiers()[0].customers, 0, "only an empty best tier has no floor");
                continue;
            };
            prop_assert_eq!(&cuts.assign(&values).unwrap(), &whole);
            for (&value, &tier) in values.iter().zip(whole.assignments()) {
                prop_assert_eq!(cuts.tier_of(value), Ok(tier as usize));
            }
        }
        let torn = pyramid.thresholds(&merged, Ties::InputOrder);
        assert_kind(torn.clone(), "Inconsistent");
        assert_message(torn, "thresholds cannot part equal values: ties must stay together");
    }

    #[test]
    fn thresholds_count_the_floors_above(values in profits(), mut floors in vec(cents(), 0..5)) {
        floors.sort_unstable();
        floors.reverse();
        let tiers = floors.iter().map(|&floor| (floor.to_string(), floor));
        let cuts = Thresholds::new(tiers, "rest").unwrap();
        let tiering = cuts.assign(&values).unwrap();
        assert_tiers(&values, &tiering, Ties::TogetherUp);
        for (value, &tier) in values.iter().zip(tiering.assignments()) {
            prop_assert_eq!(tier as usize, floors.iter().filter(|floor| *floor > value).count());
        }
        let text = serde_json::to_string(&cuts).unwrap();
        prop_assert_eq!(serde_json::from_str::<Thresholds<Decimal>>(&text).unwrap(), cuts);
        if let Some(lowest) = floors.last() {
            let above = lowest.checked_add(Decimal::ONE).unwrap();
            let up = Thresholds::new([("a", *lowest), ("b", above)], "rest");
            assert_kind(up.clone(), "Inconsistent");
            let told = format!("the floor {above} of a tier is above that of a better one (row 1)");
            assert_message(up, &told);
        }
    }

    #[test]
    fn quantiles_hold_as_many_each(n in 1_usize..300, count in 1_u16..40) {
        let values: Vec<f64> = (0..n).map(|i| (i * 7_919 % n) as f64).collect();
        let quantiles = Pyramid::quantiles(count).unwrap();
        let tiering = quantiles.assign(&values, Ties::InputOrder).unwrap();
        let mut above = 0;
        for (i, size) in sizes(&tiering).into_iter().enumerate() {
            above += size;
            // ⌊n·i/count + ½⌋ in whole numbers.
            let k = usize::from(count);
            prop_assert_eq!(above, (2 * n * (i + 1) + k) / (2 * k));
        }
    }

    #[test]
    fn special_cases_keep_out_of_the_cut(
        values in vec(prop_oneof![1 => Just(None), 6 => cents().prop_map(Some)], 1..40),
        own in [any::<bool>(), any::<bool>()],
        percents in percents(),
    ) {
        let treat = |own: bool, name: &str| {
            if own { Treatment::OwnTier(name.to_owned()) } else { Treatment::Ranked }
        };
        let missing = Treatment::OwnTier("missing".to_owned());
        let cases = SpecialCases::new(treat(own[0], "zero"), treat(own[1], "loss"), missing);
        let is_special = |value: &Option<Decimal>| match value {
            None => true,
            Some(value) if value.is_zero() => own[0],
            Some(value) => value.is_sign_negative() && own[1],
        };
        let left: Vec<Decimal> =
            values.iter().filter(|value| !is_special(value)).flatten().copied().collect();
        let pyramid = Pyramid::by_share_of_customers(named(&percents)).unwrap();
        let cut = |ranked: &[Decimal]| pyramid.assign(ranked, Ties::TogetherUp);
        let tiering = cases.assign(&values, cut);
        if left.is_empty() {
            assert_kind(tiering, "Empty");
            return Ok(());
        }
        let tiering = tiering.unwrap();
        prop_assert_eq!(Some(tiering.total()), Big::sum(values.iter().flatten().copied()).decimal());
        prop_assert_eq!(money::sum(tiering.tiers().iter().map(|t| t.value)), Ok(tiering.total()));
        prop_assert_eq!(sizes(&tiering).iter().sum::<usize>(), values.len());
        let alone = pyramid.assign(&left, Ties::TogetherUp).unwrap();
        let mut of_the_cut = alone.assignments().iter();
        for (value, &tier) in values.iter().zip(tiering.assignments()) {
            if is_special(value) {
                let name = match value {
                    None => "missing",
                    Some(value) if value.is_zero() => "zero",
                    Some(_) => "loss",
                };
                prop_assert_eq!(&tiering.tiers()[tier as usize].name, name);
            } else {
                prop_assert_eq!(Some(&tier), of_the_cut.next());
            }
        }
        for (got, want) in tiering.tiers().iter().zip(alone.tiers()) {
            prop_assert_eq!((got.customers, got.value, got.cutoff), (want.customers, want.value, want.cutoff));
            let share = want.customers as f64 / values.len() as f64;
            prop_assert_eq!(got.share_of_customers.to_bits(), share.to_bits());
        }
        let refused = SpecialCases::new(Treatment::Refused, Treatment::Refused, Treatment::Refused);
        let special = values.iter().position(|value| value.is_none_or(|v| v <= Decimal::ZERO));
        if let Some(row) = special {
            let value = values[row].map_or("no value".to_owned(), |value| value.to_string());
            let told = format!("the customer has {value}, which is refused (row {row})");
            assert_message(refused.assign(&values, cut), &told);
        } else {
            prop_assert_eq!(refused.assign(&values, cut), cut(&left));
        }
    }

    /// Everyone whose expectation is above a floor that his value is below, and nobody else.
    #[test]
    fn potential_lists_who_could_rise(
        pairs in vec((0_i32..900, 0_i32..900), 1..30),
        mut floors in [1_i32..900, 1_i32..900],
    ) {
        floors.sort_unstable();
        let tiers = [("a", f64::from(floors[1])), ("b", f64::from(floors[0]))];
        let cuts = Thresholds::new(tiers, "c").unwrap();
        let (now, before): (Vec<f64>, Vec<f64>) =
            pairs.iter().map(|&(now, before)| (f64::from(now), f64::from(before))).unzip();
        let forecasts: Vec<f64> = pairs.iter().map(|&(now, before)| (2 * now - before).into()).collect();
        let by_trend = potential(&cuts, &now, Evidence::Trend(&before)).unwrap();
        let by_forecast = potential(&cuts, &now, Evidence::Forecast(&forecasts)).unwrap();
        let mut seen: Vec<usize> = by_trend.iter().map(|candidate| candidate.customer).collect();
        seen.sort_unstable();
        let tier = |value: i32| floors.iter().filter(|&&floor| floor > value).count();
        let rises = |i: &usize| tier(2 * pairs[*i].0 - pairs[*i].1) < tier(pairs[*i].0);
        prop_assert_eq!(seen, (0..pairs.len()).filter(rises).collect::<Vec<_>>());
        for (trend, forecast) in by_trend.iter().zip(&by_forecast) {
            prop_assert_eq!((trend.reason, forecast.reason), (Reason::Trend, Reason::Forecast));
            prop_assert_eq!((trend.customer, trend.from, trend.to), (forecast.customer, forecast.from, forecast.to));
            prop_assert_eq!((trend.expected, trend.at_stake), (forecast.expected, forecast.at_stake));
            prop_assert_eq!(trend.expected.to_bits(), forecasts[trend.customer].to_bits());
            prop_assert_eq!(trend.at_stake.to_bits(), (now[trend.customer] - before[trend.customer]).to_bits());
        }
        prop_assert_eq!(by_trend.len(), by_forecast.len());
        prop_assert!(by_trend.windows(2).all(|pair| pair[0].at_stake >= pair[1].at_stake));
        // Half a wallet: twice the value. Known of every second customer only.
        let known = |i: usize| i.is_multiple_of(2).then(|| Share::percent(50).unwrap());
        let halves: Vec<_> = (0..pairs.len()).map(known).collect();
        let mut want: Vec<(usize, usize, usize, i32)> = (0..pairs.len())
            .step_by(2)
            .map(|i| (i, tier(pairs[i].0), tier(2 * pairs[i].0), pairs[i].0))
            .filter(|&(_, from, to, _)| to < from)
            .collect();
        want.sort_by_key(|&(customer, .., more)| (-more, customer));
        let by_wallet = potential(&cuts, &now, Evidence::Wallet(&halves)).unwrap();
        prop_assert_eq!(by_wallet.len(), want.len());
        for (got, (customer, from, to, more)) in by_wallet.iter().zip(want) {
            prop_assert_eq!((got.customer, got.from, got.to), (customer, from, to));
            prop_assert_eq!((got.reason, got.at_stake), (Reason::Wallet, f64::from(more)));
            prop_assert_eq!(got.expected.to_bits(), f64::from(2 * more).to_bits());
        }
        prop_assert_eq!(potential(&cuts, &now, Evidence::Wallet(&vec![None; now.len()])), Ok(vec![]));
    }
}
