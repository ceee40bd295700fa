//! Values of customers: constant retention, cycles, curves and chains against each other, and the equity of a base
//! against its parts.

use chrono::Datelike;
use goodwill::lifetime::{
    CustomerEquity, GrowthStart, Margin, MigrationModel, ProfitCurve, PurchaseCycle,
    RetentionModel, Sbg, customer_lifetime_values_each,
};
use goodwill::tiering::TransitionMatrix;
use goodwill::{
    BgNbd, ConstantRetention, DiscountRate, Discounting, FirstMargin, GammaGamma, Histories,
    Horizon, Probability, Pyramid, SpendModel, Ties, TimeUnit, Valuation, customer_lifetime_value,
    customer_lifetime_values,
};
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::{assert_close, cdnow, cdnow_split, day};

const FIRST: [FirstMargin; 2] = [FirstMargin::Now, FirstMargin::AfterRenewal];
const START: [GrowthStart; 2] = [GrowthStart::AfterFirst, GrowthStart::AtFirst];

fn chance(p: f64) -> Probability {
    Probability::new(p).unwrap()
}

fn years(length: f64) -> Horizon {
    Horizon::years(length).unwrap()
}

fn annual(rate: f64) -> DiscountRate {
    DiscountRate::annual(rate).unwrap()
}

fn yearly(amount: f64) -> Margin {
    Margin::new(amount, TimeUnit::Year).unwrap()
}

/// A chain of some states, none of its chances 0.
fn chain(states: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    let row = prop::collection::vec(0.01_f64..1.0, states).prop_map(|weights| {
        let sum: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / sum).collect::<Vec<f64>>()
    });
    prop::collection::vec(row, states)
}

fn model(rows: &[Vec<f64>], period: Horizon) -> MigrationModel {
    MigrationModel::new(period, TransitionMatrix::new(rows.to_vec()).unwrap()).unwrap()
}

/// Within `rel` of the largest of the terms.
#[track_caller]
fn assert_near(got: f64, want: f64, scale: f64, rel: f64, what: &str) {
    assert!((got - want).abs() <= rel * scale, "{what}: {got:e} is not {want:e}");
}

proptest! {
    #![proptest_config(crate::cases(256))]

    /// A chain of one state that customers leave is constant retention.
    #[test]
    fn one_state_is_constant_retention(
        r in 0.0_f64..=1.0,
        d in 0.001_f64..1.0,
        margin in -1e4_f64..1e4,
        count in prop::option::of(0_u32..80),
        first in select(&FIRST[..]),
    ) {
        let horizon = count.map_or(Horizon::FOREVER, |count| years(f64::from(count)));
        let constant = ConstantRetention::new(TimeUnit::Year, chance(r));
        let want = constant.lifetime_value(&yearly(margin), horizon, annual(d), first).unwrap();
        let chain = model(&[vec![r, 1.0 - r], vec![0.0, 1.0]], years(1.0));
        let got = chain.lifetime_values(&[margin, 0.0], horizon, annual(d), first).unwrap();
        assert_close(got[0], want, 1e-12, "who is there");
        prop_assert_eq!(got[1].to_bits(), 0.0_f64.to_bits(), "who is gone");
        let by_recency = MigrationModel::by_recency(years(1.0), &[chance(r)]).unwrap();
        let again = by_recency.lifetime_values(&[margin, 0.0], horizon, annual(d), first).unwrap();
        assert_close(again[0], want, 1e-12, "by recency");
    }

    /// V = R + P·V/(1 + d), for ever; and with one period less on the right, over a horizon.
    #[test]
    fn a_value_is_its_margin_and_the_value_one_period_later(
        rows in chain(4),
        margins in prop::collection::vec(-1e3_f64..1e3, 4),
        d in 0.01_f64..1.0,
        count in 1_u32..60,
        months in 1_u32..30,
    ) {
        let period = Horizon::months(f64::from(months)).unwrap();
        let model = model(&rows, period);
        let factor = (1.0 + d).powf(-f64::from(months) / 12.0);
        let values = |count: Option<u32>, first| {
            let horizon = |count| Horizon::months(f64::from(count * months)).unwrap();
            let horizon = count.map_or(Horizon::FOREVER, horizon);
            model.lifetime_values(&margins, horizon, annual(d), first).unwrap()
        };
        for (whole, rest) in [(None, None), (Some(count), Some(count - 1))] {
            let (whole, rest) = (values(whole, FirstMargin::Now), values(rest, FirstMargin::Now));
            let scale = 1e3 / (1.0 - factor);
            for (state, row) in rows.iter().enumerate() {
                let later: f64 = row.iter().zip(&rest).map(|(p, value)| p * value).sum();
                assert_near(whole[state], margins[state] + factor * later, scale, 1e-12, "Bellman");
            }
        }
        // After renewal: the next period's value, and no margin now.
        let (now, later) = (values(None, FirstMargin::Now), values(None, FirstMargin::AfterRenewal));
        for state in 0..4 {
            let scale = 1e3 / (1.0 - factor);
            assert_near(later[state], now[state] - margins[state], scale, 1e-12, "after renewal");
        }
    }

    #[test]
    fn a_long_horizon_is_for_ever(
        rows in chain(3),
        margins in prop::collection::vec(-1e3_f64..1e3, 3),
        r in 0.0_f64..=1.0,
        d in 0.05_f64..1.0,
        growth in -0.5_f64..0.04,
        first in select(&FIRST[..]),
        start in select(&START[..]),
    ) {
        // Each payment is at most 1.04/1.05 of the one before: after 5,000 nothing is left.
        let long = years(5_000.0);
        let chain = model(&rows, years(1.0));
        let values = |horizon| chain.lifetime_values(&margins, horizon, annual(d), first).unwrap();
        for (got, want) in values(long).into_iter().zip(values(Horizon::FOREVER)) {
            assert_near(got, want, 1e3 * (1.0 + d) / d, 1e-12, "chain");
        }
        let margin = yearly(100.0).growing(growth, TimeUnit::Year, start).unwrap();
        let constant = ConstantRetention::new(TimeUnit::Year, chance(r));
        let value = |horizon| constant.lifetime_value(&margin, horizon, annual(d), first).unwrap();
        assert_close(value(long), value(Horizon::FOREVER), 1e-13, "constant retention");
        let cycle = PurchaseCycle::new(years(2.0), 80.0, chance(r)).unwrap();
        let cycle = cycle.promoted(years(1.0), 3.0).unwrap();
        let value = |horizon| cycle.lifetime_value(horizon, annual(d)).unwrap();
        assert_close(value(long), value(Horizon::FOREVER), 1e-12, "purchase cycle");
        let curve = ProfitCurve::new(TimeUnit::Year, 10.0, 0.3, 7, 20.0).unwrap();
        let value = |horizon| curve.lifetime_value(chance(r), horizon, annual(d)).unwrap();
        assert_close(value(long), value(Horizon::FOREVER), 1e-12, "profit curve");
        let value = |horizon| curve.continuous_lifetime_value(chance(r), horizon, annual(d)).unwrap();
        assert_close(value(long), value(Horizon::FOREVER), 1e-12, "continuous profit curve");
    }

    /// Growth 0 is the plain multiple, to the bit; growth from the first margin on is 1 + g times growth after it; and
    /// growth is a lower discount.
    #[test]
    fn growth_is_a_lower_discount(
        ends in [0.1_f64..9.0, 0.1..9.0],
        renewals in 0_u32..9,
        d in 0.05_f64..1.0,
        growth in -0.5_f64..0.04,
        count in prop::option::of(0_u32..80),
        first in select(&FIRST[..]),
        start in select(&START[..]),
    ) {
        let horizon = count.map_or(Horizon::FOREVER, |count| years(f64::from(count)));
        let sbg = Sbg::new(TimeUnit::Year, ends[0], ends[1]).unwrap();
        let constant = ConstantRetention::new(TimeUnit::Year, chance(ends[0] / 9.0));
        let (plain, ungrown) =
            (yearly(50.0), yearly(50.0).growing(0.0, TimeUnit::Month, start).unwrap());
        let at = |start| yearly(50.0).growing(growth, TimeUnit::Year, start).unwrap();
        let [after, before] = START.map(at);
        let value = |margin: &Margin, rate: f64| {
            [
                sbg.lifetime_value(margin, horizon, annual(rate), first).unwrap(),
                constant.lifetime_value(margin, horizon, annual(rate), first).unwrap(),
                sbg.residual_lifetime_value(renewals, margin, horizon, annual(rate)).unwrap(),
            ]
        };
        prop_assert_eq!(value(&plain, d).map(f64::to_bits), value(&ungrown, d).map(f64::to_bits));
        for (before, after) in value(&before, d).into_iter().zip(value(&after, d)) {
            assert_close(before, (1.0 + growth) * after, 1e-14, "from the first margin on");
        }
        // Now: m·Σ ((1 + g)/(1 + d))ᵗ·S(t); after renewal the first payment is discounted in full.
        let net = value(&plain, (1.0 + d) / (1.0 + growth) - 1.0);
        let lead = match first {
            FirstMargin::Now => 1.0,
            FirstMargin::AfterRenewal => 1.0 + growth,
        };
        let got = value(&after, d);
        assert_close(lead * got[0], net[0], 1e-12, "sBG");
        assert_close(lead * got[1], net[1], 1e-12, "constant retention");
        assert_close(got[2], net[2], 1e-12, "residual");
        // The multiples of the papers.
        let del = sbg.discounted_lifetime(horizon, annual(d)).unwrap();
        let derl = sbg.discounted_residual_lifetime(renewals, horizon, annual(d)).unwrap();
        if first == FirstMargin::Now {
            assert_close(value(&plain, d)[0], 50.0 * del, 1e-14, "DEL");
        }
        assert_close(value(&plain, d)[2], 50.0 * derl, 1e-14, "DERL");
    }

    /// Case 1 without promotion is constant retention with a margin now, one payment longer; any cycle is that of its
    /// period.
    #[test]
    fn a_purchase_cycle_is_constant_retention(
        r in 0.0_f64..=1.0,
        d in 0.01_f64..1.0,
        count in 0_u32..60,
        cost in -50.0_f64..50.0,
        unit in select(vec![TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year]),
    ) {
        let constant = ConstantRetention::new(unit, chance(r));
        let (one, margin) = (Horizon::new(1.0, unit).unwrap(), Margin::new(100.0, unit).unwrap());
        let span = |count| Horizon::new(f64::from(count), unit).unwrap();
        let cycle = PurchaseCycle::new(one, 100.0, chance(r)).unwrap();
        let value = |count| {
            constant.lifetime_value(&margin, span(count), annual(d), FirstMargin::Now).unwrap()
        };
        let got = cycle.lifetime_value(span(count), annual(d)).unwrap();
        assert_close(got, value(count + 1), 1e-12, "purchases");
        // Promotion in the middle of each period, on those there at its start.
        let promoted = cycle.promoted(one, cost).unwrap();
        let less = promoted.lifetime_value(span(count), annual(d)).unwrap();
        let half = annual(d).continuous_per(unit) / 2.0;
        let want = value(count + 1) - cost / 100.0 * value(count) * (-half).exp();
        assert_near(less, want, value(count + 1), 1e-11, "promotion");
        let bought = promoted.lifetime_value_less_acquisition(7.0, span(count), annual(d)).unwrap();
        prop_assert_eq!(bought.to_bits(), (less - 7.0).to_bits());
    }

    /// A flat curve is a purchase cycle, in steps, and its continuous limit; a curve is its own profits, one by one.
    #[test]
    fn a_profit_curve_is_the_sum_of_its_profits(
        r in 0.0_f64..=1.0,
        d in 0.01_f64..1.0,
        amounts in [-10.0_f64..10.0, -1.0..1.0, -30.0..30.0],
        g in 0_u32..20,
        count in 0_u32..50,
    ) {
        let [v, h, n] = amounts;
        let (until, rate) = (years(f64::from(count)), annual(d));
        let curve = ProfitCurve::new(TimeUnit::Year, v, h, g, n).unwrap();
        let q = r / (1.0 + d);
        let terms: Vec<f64> = (0..=count)
            .map(|t| curve.profit(f64::from(t)).unwrap() * q.powi(t as i32))
            .collect();
        let scale: f64 = terms.iter().map(|term| term.abs()).sum();
        let got = curve.lifetime_value(chance(r), until, rate).unwrap();
        assert_near(got, terms.iter().sum(), scale + n.abs(), 1e-12, "by year");
        let flat = ProfitCurve::new(TimeUnit::Year, 9.0, 0.0, g, 0.0).unwrap();
        let cycle = PurchaseCycle::new(years(1.0), 9.0, chance(r)).unwrap();
        assert_close(
            flat.lifetime_value(chance(r), until, rate).unwrap(),
            cycle.lifetime_value(until, rate).unwrap(),
            1e-12,
            "flat",
        );
        // Simpson's rule in 64 steps a year, apart on either side of the turning point.
        let flow = |t: f64| curve.profit(t).unwrap() * (t * q.ln()).exp();
        let simpson = |from: u32, to: u32| -> f64 {
            let step = 1.0 / 128.0;
            let at = |i: u32| flow(f64::from(from) + f64::from(i) * step);
            let cell = |i| at(2 * i) + 4.0 * at(2 * i + 1) + at(2 * i + 2);
            (0..64 * (to - from)).map(|i| cell(i) * step / 3.0).sum()
        };
        if r > 0.2 {
            let turn = g.min(count);
            let want = simpson(0, turn) + simpson(turn, count);
            let got = curve.continuous_lifetime_value(chance(r), until, rate).unwrap();
            assert_near(got, want, scale + n.abs(), 1e-8, "continuous");
        }
    }

    /// A margin and a rate stated for another period are the same money.
    #[test]
    fn a_margin_is_converted_to_the_period(
        r in 0.0_f64..=1.0,
        growth in -0.5_f64..0.5,
        count in 0_u32..30,
        start in select(&START[..]),
    ) {
        let constant = ConstantRetention::new(TimeUnit::Month, chance(r));
        let value = |margin: Margin| {
            let (horizon, rate) = (years(f64::from(count)), annual(0.1));
            constant.lifetime_value(&margin, horizon, rate, FirstMargin::Now).unwrap()
        };
        let per_year = yearly(1_200.0).growing(growth, TimeUnit::Year, start).unwrap();
        let monthly = (1.0 + growth).powf(1.0 / 12.0) - 1.0;
        let per_month = Margin::new(100.0, TimeUnit::Month).unwrap();
        let per_month = per_month.growing(monthly, TimeUnit::Month, start).unwrap();
        assert_close(value(per_year), value(per_month), 1e-12, "month and year");
        prop_assert_eq!(per_year.growth_start(), start);
    }

    /// Every customer under his own valuation is worth what he is worth alone, to the bit.
    #[test]
    fn each_customer_alone(
        rows in prop::collection::vec((0_usize..3, 0_u32..5, 0_usize..4, 0.0_f64..90.0), 1..30),
    ) {
        let shop = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap();
        let plain = Valuation::new(years(1.0), annual(0.1));
        let kinds = [
            plain,
            Valuation::new(Horizon::months(12.0).unwrap(), annual(0.1)).margin(0.3).unwrap(),
            Valuation::new(Horizon::FOREVER, DiscountRate::new(0.02, TimeUnit::Month).unwrap()),
            plain.discounting(Discounting::EndOfStep(Horizon::months(1.0).unwrap())),
        ];
        let frequency: Vec<u32> = rows.iter().map(|row| row.1).collect();
        let recency: Vec<f64> = frequency.iter().map(|&x| f64::from(x) * 3.0).collect();
        let age: Vec<f64> = rows.iter().map(|row| 15.0 + row.0 as f64).collect();
        let histories = Histories::new(TimeUnit::Week, &frequency, &recency, &age).unwrap();
        let spends: Vec<f64> = rows.iter().map(|row| row.3).collect();
        let own: Vec<Valuation> = rows.iter().map(|row| kinds[row.2]).collect();
        let all = customer_lifetime_values_each(&shop, &spends, &histories, &own).unwrap();
        for (row, got) in all.iter().enumerate() {
            let history = histories.get(row).unwrap();
            let want = customer_lifetime_value(&shop, spends[row], &history, &own[row]).unwrap();
            prop_assert_eq!(got.to_bits(), want.to_bits(), "row {}", row);
        }
    }

    /// Whatever the groups, shards and order, the equity is the exact sum of the values, rounded once.
    #[test]
    fn equity_adds_up_to_the_bit(
        rows in prop::collection::vec((0_u8..4, 0_u8..3, -9_999_i32..9_999, 0_i32..70), 1..80),
        cut in 0_usize..80,
        cost in -1e3_f64..1e3,
    ) {
        let groups: Vec<(u8, u8)> = rows.iter().map(|row| (row.0, row.1)).collect();
        let values: Vec<f64> = rows.iter().map(|row| f64::from(row.2) * f64::from(row.3 - 30).exp2()).collect();
        let equity = CustomerEquity::of(&groups, &values).unwrap();
        let cut = cut.min(rows.len());
        let mut merged = CustomerEquity::of(&groups[cut..], &values[cut..]).unwrap();
        merged.merge(&CustomerEquity::of(&groups[..cut], &values[..cut]).unwrap()).unwrap();
        prop_assert_eq!(&merged, &equity, "shards in the other order");
        let mut reversed = CustomerEquity::default();
        for (group, &value) in groups.iter().zip(&values).rev() {
            reversed.add(*group, value).unwrap();
        }
        prop_assert_eq!(&reversed, &equity, "customers in the other order");

        let whole = CustomerEquity::of(&vec![(); rows.len()], &values).unwrap();
        let total = equity.total().unwrap();
        prop_assert_eq!(total.to_bits(), whole.total().unwrap().to_bits(), "no groups");
        let cohorts = equity.regrouped(|&(cohort, _)| cohort);
        let tiers = equity.regrouped(|&(_, tier)| tier);
        prop_assert_eq!(cohorts.total().unwrap().to_bits(), total.to_bits(), "by cohort");
        prop_assert_eq!(tiers.total().unwrap().to_bits(), total.to_bits(), "by tier");
        prop_assert_eq!(cohorts.regrouped(|_| ()), whole.clone(), "cohorts together");
        let tier_column: Vec<u8> = rows.iter().map(|row| row.1).collect();
        prop_assert_eq!(&CustomerEquity::of(&tier_column, &values).unwrap(), &tiers);

        // Written by one shard, read and merged by another: no bit is lost.
        let shards = [&groups[..cut], &groups[cut..]].into_iter().zip([&values[..cut], &values[cut..]]);
        let mut read = CustomerEquity::default();
        for (groups, values) in shards {
            let text = serde_json::to_string(&CustomerEquity::of(groups, values).unwrap()).unwrap();
            read.merge(&serde_json::from_str(&text).unwrap()).unwrap();
        }
        prop_assert_eq!(&read, &equity, "as JSON");

        // Exactly, in whole multiples of 2⁻³⁰.
        let exact = |own: &[usize]| {
            let sum: i128 = own.iter().map(|&i| i128::from(rows[i].2) << rows[i].3).sum();
            sum as f64 * (-30.0_f64).exp2()
        };
        let all: Vec<usize> = (0..rows.len()).collect();
        prop_assert_eq!(total.to_bits(), exact(&all).to_bits(), "exact");
        let report = equity.report().unwrap();
        prop_assert_eq!(report.customers, rows.len() as u64);
        let mut shares = 0.0;
        for group in &report.groups {
            let own: Vec<usize> =
                (0..rows.len()).filter(|&i| groups[i] == group.group).collect();
            prop_assert_eq!(group.customers, own.len() as u64);
            prop_assert_eq!(group.value.to_bits(), exact(&own).to_bits());
            prop_assert_eq!(group.mean.to_bits(), (group.value / own.len() as f64).to_bits());
            prop_assert_eq!(group.share.is_some(), total > 0.0);
            shares += group.share.unwrap_or(0.0);
        }
        if total > 0.0 {
            let size: f64 = report.groups.iter().map(|group| group.value.abs()).sum();
            assert_near(shares, 1.0, size / total, 1e-14, "shares");
        }
        let less = equity.total_less_acquisition(cost).unwrap();
        let want = total - cost * rows.len() as f64;
        assert_near(less, want, total.abs() + cost.abs() * rows.len() as f64, 1e-15, "cost");
    }
}

/// The CDNOW base by month of acquisition and tier, on two days: who is known on the day, at what was known then.
#[test]
fn equity_on_any_day() {
    let shop = BgNbd::new(TimeUnit::Week, 0.243, 4.414, 0.793, 2.426).unwrap();
    let spend = GammaGamma::new(6.25, 3.74, 15.44).unwrap();
    let valuation = Valuation::new(Horizon::FOREVER, annual(0.15)).margin(0.3).unwrap();
    let mut known = Vec::new();
    for (date, months) in [(day(1997, 2, 14), 2), (cdnow_split(), 3)] {
        let ledger = cdnow().until(date);
        let histories = ledger.histories(date, TimeUnit::Week).unwrap();
        let spends = spend.all_expected_spends(&ledger.spends(date).unwrap()).unwrap();
        let values = customer_lifetime_values(&shop, &spends, &histories, &valuation).unwrap();
        let tiers = Pyramid::classic().assign(&values, Ties::TogetherUp).unwrap();
        let summaries = ledger.summaries(date).unwrap();
        let groups: Vec<(u32, u32)> = summaries
            .iter()
            .zip(tiers.assignments())
            .map(|(customer, &tier)| (customer.first.unwrap().month(), tier))
            .collect();
        let equity = CustomerEquity::of(&groups, &values).unwrap();
        let cohorts = equity.regrouped(|&(month, _)| month).report().unwrap();
        let by_tier = equity.regrouped(|&(_, tier)| tier).report().unwrap();
        assert_eq!((cohorts.groups.len(), by_tier.groups.len()), (months, 4));
        assert_eq!(cohorts.total.to_bits(), by_tier.total.to_bits());
        // The tiering adds the same values up.
        assert_eq!(by_tier.total.to_bits(), tiers.total().to_bits());
        for (group, tier) in by_tier.groups.iter().zip(tiers.tiers()) {
            assert_eq!((group.customers, group.value), (tier.customers as u64, tier.value));
        }
        // Each customer is worth at least his margin on one purchase times the chance of it, and not ten of them.
        let mean = equity.total().unwrap() / equity.customers() as f64;
        assert!((10.0..60.0).contains(&mean), "{mean}");
        known.push(equity.customers());
    }
    assert!(known[0] < known[1]);
    assert_eq!(known[1], 2_357);
}

/// A discount of 0 stops nothing unless the customers leave; a negative one, unless they leave fast enough.
#[test]
fn what_goes_on_for_ever_has_no_value() {
    let ever = |rows: &[Vec<f64>], margins: &[f64], d| {
        let (rate, first) = (annual(d), FirstMargin::Now);
        model(rows, years(1.0)).lifetime_values(margins, Horizon::FOREVER, rate, first)
    };
    let leaving = [vec![0.8, 0.2], vec![0.0, 1.0]];
    assert_close(ever(&leaving, &[10.0, 0.0], 0.0).unwrap()[0], 50.0, 1e-14, "who leaves");
    assert_close(ever(&leaving, &[10.0, 0.0], -0.1).unwrap()[0], 90.0, 1e-14, "fast enough");
    for (margins, d) in [([10.0, 1.0], 0.0), ([10.0, 0.0], -0.2), ([10.0, 0.0], -0.3)] {
        let error = ever(&leaving, &margins, d).unwrap_err().to_string();
        assert!(
            error.starts_with("lifetime value for ever is undefined: margins go on"),
            "{error}"
        );
    }
    assert_eq!(ever(&leaving, &[0.0, 0.0], -0.5).unwrap(), [0.0, 0.0], "nothing is worth nothing");
    let circle = [vec![0.0, 1.0], vec![1.0, 0.0]];
    let error = ever(&circle, &[1.0, -1.0], 0.0).unwrap_err().to_string();
    assert!(error.contains("a discount of 0 a period does not stop them"), "{error}");
}
