//! Growth: the worked numbers of the trade's own articles, the optimal spends of Blattberg and Deighton (1996) at high
//! precision, and the two firms of the debate on winning or keeping.

use goodwill::churn::BaseChange;
use goodwill::growth::*;
use goodwill::{DiscountRate, ErrorKind, Probability, TimeUnit};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::{assert_close, json, number};

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn response(value: &Value) -> Response {
    let [ceiling, speed] = numbers(value)[..] else { panic!("{value} is no response") };
    Response::new(ceiling, speed).unwrap()
}

/// Golden F of the field's notes: m = 100, d = 0.1, 0.4·(1 − e^{−0.1 A}), 0.7·(1 − e^{−0.06 R}).
fn golden() -> CustomerEquity {
    let [winning, keeping] = [(0.4, 0.1), (0.7, 0.06)].map(|(c, k)| Response::new(c, k).unwrap());
    let rate = DiscountRate::annual(0.1).unwrap();
    CustomerEquity::new(100.0, rate, TimeUnit::Year, winning, keeping).unwrap()
}

/// R15: acquiring *costs* 5 times as much; it takes 6–10 times the *effort*, or 7–11 as the words can be read; ten new
/// customers *make up for* one lost. Three types, which cannot be put in each other's place.
#[test]
fn r15_three_claims() {
    let keeping = Decimal::new(12_345, 2);
    let winning = CostClaim::FIVE_TIMES.acquisition_cost(keeping).unwrap();
    assert_eq!(winning.to_string(), "617.25");
    assert_eq!(EffortClaim::SIX_TO_TEN_TIMES.acquisition_effort(1.0), Ok([6.0, 10.0]));
    assert_eq!(EffortClaim::SIX_TO_TEN_TIMES_MORE.acquisition_effort(1.0), Ok([7.0, 11.0]));
    assert_eq!(ReplacementClaim::TEN_FOR_ONE.needed_for(1), Ok(10));
    // R10's 3,200 lost customers.
    assert_eq!(ReplacementClaim::TEN_FOR_ONE.needed_for(3_200), Ok(32_000));
}

/// R15: a marginal cost five times as high says where money should go; an average five times as high does not.
#[test]
fn r15_marginal_not_average() {
    let levels = |rows: [(i64, u64); 2]| {
        SpendLevels::new(&rows.map(|(spend, customers)| (spend.into(), customers))).unwrap()
    };
    let at = |winning: [(i64, u64); 2], keeping: [(i64, u64); 2]| {
        CostRatio::of(&levels(winning).levels()[1], &levels(keeping).levels()[1]).unwrap()
    };
    // Both spend 500 a customer won and 100 a customer kept on average: five times.
    let tired = at([(40_000, 95), (50_000, 100)], [(6_000, 75), (10_000, 100)]);
    assert_eq!((tired.average, tired.marginal), (5.0, 12.5)); // 2,000 against 160
    assert_eq!(tired.shift(1_000.0, 1_000.0), Ok(BudgetShift::ToRetention));
    let fresh = at([(45_000, 50), (50_000, 100)], [(5_000, 90), (10_000, 100)]);
    assert_eq!((fresh.average, fresh.marginal), (5.0, 0.2)); // 100 against 500
    assert_eq!(fresh.shift(1_000.0, 1_000.0), Ok(BudgetShift::ToAcquisition));
    let even = at([(40_000, 75), (50_000, 100)], [(2_000, 80), (10_000, 100)]);
    assert_eq!((even.average, even.marginal), (5.0, 1.0)); // 400 against 400
    assert_eq!(even.shift(1_000.0, 1_000.0), Ok(BudgetShift::Stay));
    assert_eq!(even.shift(1_001.0, 1_000.0), Ok(BudgetShift::ToAcquisition));
}

/// At 500 a customer, 90 for 40,000, 110 for 50,000 and 130 for 60,000 earn the same 5,000.
#[test]
fn of_equal_levels_the_lowest() {
    let rows = [(40_000, 90), (50_000, 110), (60_000, 130), (70_000, 140)];
    let levels = rows.map(|(spend, customers)| (Decimal::from(spend), customers));
    let levels = SpendLevels::new(&levels).unwrap();
    let best = |value| levels.best(value).unwrap().map(|level| level.customers);
    // 5,000 each of the first three.
    assert_eq!(best(500.0), Some(90));
    assert_eq!(best(500.01), Some(130));
    assert_eq!(best(499.99), Some(90));
    assert_eq!(best(4_000.0 / 9.0), None, "as much as spending nothing");
}

/// Golden F, to the digits of the notes.
#[test]
fn golden_f() {
    let best = golden().optimum();
    for (got, want) in [
        (best.acquisition_spend, 18.259_596),
        (best.retention_spend, 31.245_830),
        (best.acquisition_rate, 0.335_574_8),
        (best.retention_rate, 0.592_624_7),
        (best.lifetime_value, 155.218_758_2),
        (best.marginal_acquisition_cost, 155.218_758_2),
        (best.marginal_retention_cost, 155.218_758_2),
        (best.equity, 33.827_906_9),
    ] {
        assert_close(got, want, 1e-7, "golden F");
    }
}

#[test]
fn optimal_spends_at_high_precision() {
    let all = json("growth/allocation.json");
    let optima = all["optima"].as_array().unwrap();
    assert_eq!(optima.len(), 7);
    for want in optima {
        let rate = DiscountRate::annual(number(&want["d"])).unwrap();
        let firm = CustomerEquity::new(
            number(&want["margin"]),
            rate,
            TimeUnit::Year,
            response(&want["winning"]),
            response(&want["keeping"]),
        );
        let best = firm.unwrap().optimum();
        for (got, name) in [
            (best.acquisition_spend, "A"),
            (best.retention_spend, "R"),
            (best.acquisition_rate, "a"),
            (best.retention_rate, "r"),
            (best.lifetime_value, "V"),
            (best.equity, "equity"),
            (best.marginal_acquisition_cost, "cost of winning"),
            (best.marginal_retention_cost, "cost of keeping"),
        ] {
            assert_close(got, number(&want[name]), 1e-13, name);
        }
        assert!(best.gap() < 1e-13, "{}", best.gap());
    }
}

#[test]
fn budgets_at_high_precision() {
    let all = json("growth/allocation.json");
    let budgets = all["budgets"].as_array().unwrap();
    assert_eq!(budgets.len(), 9);
    for want in budgets {
        let pool = |pool: &Value| {
            let [n, ceiling, speed, value] = numbers(pool)[..] else { panic!("{pool} is no pool") };
            Pool::new(n, Response::new(ceiling, speed).unwrap(), value).unwrap()
        };
        let pools: Vec<Pool> = want["pools"].as_array().unwrap().iter().map(pool).collect();
        let got = allocate(&pools, number(&want["budget"])).unwrap();
        for (line, each) in got.lines.iter().zip(numbers(&want["each"])) {
            assert_close(line.spend_each, each, 1e-13, "spend for each");
        }
        assert_close(got.spend, number(&want["spend"]), 1e-13, "spend");
        assert_close(got.gain, number(&want["gain"]), 1e-13, "gain");
        assert_close(got.shadow_price, number(&want["shadow"]), 1e-13, "shadow price");
    }
}

/// The debate: one budget, one way of business. A young firm with 10,000 prospects and 1,000 customers gives 84 % of it to
/// the new; an old firm with 1,000 prospects and 10,000 customers 5 %.
#[test]
fn the_young_firm_and_the_old_one() {
    let plan = |prospects, customers| {
        allocate(&golden().pools(prospects, customers).unwrap(), 50_000.0).unwrap()
    };
    let (young, old) = (plan(10_000.0, 1_000.0), plan(1_000.0, 10_000.0));
    let for_the_new = |plan: &Allocation| plan.lines[0].spend / plan.spend;
    assert_close(for_the_new(&young), 0.843_202_810_237_305_1, 1e-13, "young");
    assert_close(for_the_new(&old), 0.047_398_082_232_182_64, 1e-12, "old");
    // With the same split as the other, each would earn less.
    let swapped = |prospects: f64, customers: f64, new: f64| {
        let (winning, keeping) = (50_000.0 * new / prospects, 50_000.0 * (1.0 - new) / customers);
        let value = golden().optimum().lifetime_value;
        let [a, r] = [(0.4, 0.1, winning), (0.7, 0.06, keeping)]
            .map(|(c, k, spend)| c * (1.0 - f64::exp(-k * spend)));
        (prospects * a + customers * r) * value - 50_000.0
    };
    assert!(swapped(10_000.0, 1_000.0, for_the_new(&old)) < 0.5 * young.gain);
    assert!(swapped(1_000.0, 10_000.0, for_the_new(&young)) < 0.5 * old.gain);
    assert_close(swapped(1_000.0, 10_000.0, for_the_new(&old)), old.gain, 1e-13, "old");
}

/// What a customer brought before and after, in cents.
type Row = (Option<i64>, Option<i64>);

/// The same debate seen afterwards: the young firm's growth hangs on the new, the old one's on those who stayed. The
/// figures are those of recurring fees between two snapshots.
#[test]
fn whose_growth_hangs_on_the_new() {
    let money = |amount: i64| Decimal::new(amount, 2);
    let firm = |rows: &[Row]| {
        let mut sources = GrowthSources::default();
        for &(before, after) in rows {
            sources.add(before.map(money), after.map(money)).unwrap();
        }
        let of = |side: fn(&Row) -> Option<i64>| {
            let rows = rows.iter().enumerate();
            rows.filter_map(move |(id, row)| Some((id, money(side(row)?))))
        };
        let change = BaseChange::new(of(|row| row.0), of(|row| row.1), |_| false).unwrap();
        assert_eq!(change.new_revenue.total(), sources.new_money());
        assert_eq!(change.lost_revenue.total(), sources.lost_money());
        assert_eq!(change.closing_revenue().unwrap().total(), sources.after());
        sources
    };
    // Opens with 1,000.00, loses 400.00, wins 3,000.00, and sells 50.00 less to those who stay.
    let young = firm(&[
        (Some(40_000), None),
        (Some(60_000), Some(55_000)),
        (None, Some(200_000)),
        (None, Some(100_000)),
    ]);
    assert_eq!(young.change().unwrap().to_string(), "2550");
    assert_eq!(young.new_share_of_change(), Ok(3_000.0 / 2_550.0)); // 118 %: without them it would have shrunk
    assert_eq!(young.change_without_new().unwrap().to_string(), "-450");
    // Opens with 100,000.00, loses 2,000.00, wins 1,000.00, and sells 5,000.00 more to those who stay.
    let old =
        firm(&[(Some(200_000), None), (Some(9_800_000), Some(10_300_000)), (None, Some(100_000))]);
    assert_eq!(old.change().unwrap().to_string(), "4000");
    assert_eq!(old.new_share_of_change(), Ok(0.25));
    assert_eq!(old.new_share_of_after(), Ok(1_000.0 / 104_000.0));
    let error = firm(&[(Some(1), None)]).new_share_of_change().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Undefined { .. }), "{error}");
}

/// R27 with the articles' chance of 5 % with a new prospect: classed by fit and worth, ordered, and cut by a budget.
#[test]
fn r27_prospects() {
    use ProspectClass::{Court, Leave, Nurture, Take};

    let chance = Probability::constant(0.05);
    let prospect = |fit, value, cost| Prospect::new(fit, chance, value, cost).unwrap();
    let prospects = [
        prospect(0.9, 4_000.0, 150.0), // 200 − 150 = 50
        prospect(0.6, 4_000.0, 40.0),  // 200 − 40 = 160, the best return of those who fit
        prospect(0.8, 8_000.0, 200.0), // 400 − 200 = 200, the largest net of those who fit
        prospect(0.3, 9_000.0, 50.0),  // 450 − 50 = 400, but does not fit
        prospect(1.0, 1_000.0, 60.0),  // 50 − 60 = −10
        prospect(0.1, 1_000.0, 60.0),
    ];
    let rank = |order| ProspectRanking::of(&prospects, 0.5, order).unwrap();
    let rows = |order| rank(order).ranked().iter().map(|one| one.row).collect::<Vec<_>>();
    assert_eq!(rows(ProspectOrder::Net), [2, 1, 0, 3, 4, 5]);
    assert_eq!(rows(ProspectOrder::Return), [1, 2, 0, 3, 4, 5]);
    assert_eq!(rows(ProspectOrder::Fit), [0, 2, 1, 3, 4, 5]);
    let classes: Vec<_> = rank(ProspectOrder::Net).ranked().iter().map(|one| one.class).collect();
    assert_eq!(classes, [Court, Court, Court, Take, Nurture, Leave]);
    let list = rank(ProspectOrder::Return).within(400.0).unwrap();
    assert_eq!((list.rows.as_slice(), list.cost, list.net), (&[1, 2, 0][..], 390.0, 410.0));
    assert_eq!(list.next, Some(3));
    let whole = rank(ProspectOrder::Fit).within(1e6).unwrap();
    assert_eq!((whole.rows.as_slice(), whole.next), (&[0, 2, 1, 3][..], None), "losers stay out");
}

/// Payback by hand: 250 for 100 at once, and 80 %, 64 %, … of it in later years.
#[test]
fn payback_by_hand() {
    let [tenth, none] = [0.1, 0.0].map(|rate| DiscountRate::annual(rate).unwrap());
    let stay = Probability::constant(0.8);
    let constant = |cost, rate| Payback::constant(cost, 100.0, stay, rate, TimeUnit::Year).unwrap();
    assert_eq!(constant(100.0, none), Payback::AtOnce);
    // 100, 180, 244, 295.2, 336.16; a sum that reaches the cost exactly pays it.
    assert_eq!(constant(180.0, none), Payback::After(1));
    assert_eq!(constant(244.0, none), Payback::After(2));
    assert_eq!(constant(244.01, none), Payback::After(3));
    assert_eq!(constant(336.16, none), Payback::After(4));
    assert_eq!(constant(499.99, none), Payback::After(48)); // 500·0.8⁴⁸ = 0.0112, 500·0.8⁴⁹ = 0.0089
    assert_eq!(constant(500.0, none), Payback::Never);
    // At 10 % all of it is worth 100·1.1/0.3 = 366.67.
    assert_eq!(constant(366.66, tenth), Payback::After(34));
    assert_eq!(constant(366.67, tenth), Payback::Never);
    let margins = [0.0, 100.0, 100.0, 50.0];
    let of = |cost, rate| Payback::of(cost, &margins, rate, TimeUnit::Year).unwrap();
    assert_eq!((of(0.0, none), of(0.0, tenth)), (Payback::AtOnce, Payback::AtOnce));
    assert_eq!((of(200.0, none), of(200.0, tenth)), (Payback::After(2), Payback::After(3)));
    assert_eq!((of(250.0, none), of(250.0, tenth)), (Payback::After(3), Payback::Never));
}

/// A customer worth 600 brings one who would not have come, worth 600 too, with a chance of 50 %; and one who would have
/// come, which saves 100, with a chance of 30 %. A referral costs 20.
#[test]
fn referrals_by_hand() {
    let referrals = Referrals::new(0.5, 600.0).unwrap().came_anyway(0.3, 100.0).unwrap();
    let referrals = referrals.reward(20.0).unwrap();
    let one = referrals.one_step(600.0).unwrap();
    assert_close(one.by_new, 290.0, 1e-15, "type one");
    assert_close(one.by_saving, 24.0, 1e-15, "type two");
    assert_close(one.total, 914.0, 1e-15, "one step");
    // A year between the steps, at 10 %: Σ (0.5/1.1)ᵏ = 0.5/0.6, Σ 0.5ᵏ⁻¹/1.1ᵏ = 1/0.6.
    let rate = DiscountRate::annual(0.1).unwrap();
    let endless = referrals.endless_chain(600.0, rate, TimeUnit::Year).unwrap();
    assert_close(endless.by_new, 580.0 * 0.5 / 0.6, 1e-14, "type one for ever");
    assert_close(endless.by_saving, 24.0 / 0.6, 1e-14, "type two for ever");
    let two = referrals.chain(600.0, 2, 1e6, rate, TimeUnit::Year).unwrap();
    assert_close(two.value.by_new, 290.0 / 1.1 + 145.0 / 1.21, 1e-14, "type one in two years");
    assert_close(two.value.by_saving, 24.0 / 1.1 + 12.0 / 1.21, 1e-14, "type two in two years");
}
