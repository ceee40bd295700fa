//! Where the parameters are known, the ends of predictions are the quantiles of worlds drawn apart from them: purchases
//! by `simulate_future` and `simulate_purchase_times`, money here, from the definition of Gamma-Gamma.

use goodwill::lifetime::{
    AcquisitionPlan, ForecastLine, Futures, Outcome, Outlook, PredictionInterval,
};
use goodwill::{
    BgNbd, Fit, FitOptions, GammaGamma, Histories, Prior, Probability, PurchaseModel, Spend,
    SpendModel, Spends, TimeUnit,
};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Gamma};
use rand_pcg::Pcg64Mcg;

use crate::intervals::{Shop, ages, bg_nbd, known, shop, weeks};

/// As many worlds are drawn as futures.
const WORLDS: u32 = 4_999;
const PERIOD: f64 = 13.0;
const NEWCOMERS: [u32; 3] = [120, 0, 60];
const WHOLE: f64 = 3.0 * PERIOD;

/// When, and for how much.
type Purchase = (f64, f64);
/// Numbers and sums of purchases, by period and of all periods.
type Counted = [[f64; 4]; 2];

fn money() -> GammaGamma {
    GammaGamma::new(6.25, 3.74, 15.44).unwrap()
}

/// A fit of spend whose parameters are hardly in doubt.
fn known_spend(spends: &Spends) -> Fit<GammaGamma> {
    let [p, q, v] = money().parameters().map(|(_, value)| value);
    let options = FitOptions::new()
        .start(money().parameters())
        .prior("p", Prior::number(p, 1e-7).unwrap())
        .prior("q", Prior::number(q, 1e-7).unwrap())
        .prior("v", Prior::money(v, 1e-7).unwrap());
    GammaGamma::fit_with(spends, &options).unwrap()
}

fn sure(histories: Histories, spends: Spends) -> Shop<BgNbd> {
    let (fit, spend_fit) = (known(&bg_nbd(), &histories), known_spend(&spends));
    Shop { histories, spends, fit, spend_fit }
}

/// What each of a customer's next purchases costs: of gamma distributed amounts, at a rate of his own that is gamma
/// distributed given what he spent so far.
fn amounts(spend: &Spend, purchases: usize, rng: &mut Pcg64Mcg) -> Vec<f64> {
    let (money, x) = (money(), f64::from(spend.frequency()));
    let rate = Gamma::new(money.q() + money.p() * x, 1.0 / (money.v() + x * spend.mean())).unwrap();
    let amount = Gamma::new(money.p(), 1.0 / rate.sample(rng)).unwrap();
    (0..purchases).map(|_| amount.sample(rng)).collect()
}

/// What each known customer brings until the end, in purchases and in money: their times, and what they cost.
fn known_customers(
    shop: &Shop<BgNbd>,
    end: f64,
    seed: u64,
    rng: &mut Pcg64Mcg,
) -> Vec<Vec<Purchase>> {
    let times = bg_nbd().simulate_future(&shop.histories, weeks(end), seed).unwrap();
    let rows = times.into_iter().zip(shop.spends.iter());
    rows.map(|(times, spend)| {
        let paid = amounts(&spend, times.len(), rng);
        times.into_iter().zip(paid).collect()
    })
    .collect()
}

/// The purchases of the newcomers, the first ones too.
fn newcomers(seed: u64, rng: &mut Pcg64Mcg) -> Vec<Purchase> {
    let mut starts = Vec::new();
    for (period, many) in NEWCOMERS.into_iter().enumerate() {
        starts.extend((0..many).map(|_| PERIOD * (period as f64 + rng.random::<f64>())));
    }
    let left: Vec<f64> = starts.iter().map(|start| WHOLE - start).collect();
    let later = bg_nbd().simulate_purchase_times(&left, !seed).unwrap();
    let mut all = Vec::new();
    for (start, later) in starts.into_iter().zip(later) {
        let times = [0.0].into_iter().chain(later).map(|time| start + time).collect::<Vec<f64>>();
        let paid = amounts(&Spend::UNKNOWN, times.len(), rng);
        all.extend(times.into_iter().zip(paid));
    }
    all
}

fn by_period(purchases: &[Purchase]) -> Counted {
    let mut sums = [[0.0; 4]; 2];
    for &(time, paid) in purchases {
        for place in [(time / PERIOD) as usize, 3] {
            sums[0][place] += 1.0;
            sums[1][place] += paid;
        }
    }
    sums
}

/// The value is the mean of the worlds, and the ends are their quantiles, but for the chance in both.
#[track_caller]
fn assert_of_worlds(own: &PredictionInterval, mut worlds: Vec<f64>, what: &str) {
    let n = worlds.len() as f64;
    worlds.sort_unstable_by(f64::total_cmp);
    let mean = worlds.iter().sum::<f64>() / n;
    let sigma = (worlds.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / n).sqrt();
    let off = (own.value() - mean) / (sigma / n.sqrt());
    assert!(off.abs() <= 4.5, "{what}: {own:?} is {off} standard errors from {mean}");
    // A share p of as many futures as worlds: its error is √(p(1 − p)/n), in both.
    let p = 0.5 * own.level().complement().get();
    let slack = 4.0 * (2.0 * p * (1.0 - p) / n).sqrt();
    let at = |share: f64| worlds[(n * share) as usize];
    let (low, high) = ((at(p - slack), at(p + slack)), (at(1.0 - p - slack), at(1.0 - p + slack)));
    assert!(low.0 <= own.lower() && own.lower() <= low.1, "{what}: {own:?}, not from {low:?}");
    assert!(high.0 <= own.upper() && own.upper() <= high.1, "{what}: {own:?}, not to {high:?}");
}

/// At levels of 95 and 50 per cent.
fn futures() -> [Futures; 2] {
    [0.95, 0.5].map(|level| Futures::new(6).level(Probability::new(level).unwrap()).draws(WORLDS))
}

#[test]
fn a_forecast_is_of_the_worlds_to_come() {
    let histories = bg_nbd().simulate(&ages(400), 1).unwrap();
    let spends = shop(histories.clone(), BgNbd::fit).spends;
    let shop = sure(histories, spends);
    let worlds: Vec<[Counted; 2]> = (0..u64::from(WORLDS))
        .map(|seed| {
            let mut rng = Pcg64Mcg::seed_from_u64(seed);
            let known = known_customers(&shop, WHOLE, seed, &mut rng).concat();
            [by_period(&known), by_period(&newcomers(seed, &mut rng))]
        })
        .collect();
    let plan = AcquisitionPlan::new(weeks(PERIOD), &NEWCOMERS).unwrap();
    let outlook = Outlook::new(&shop.fit, &shop.histories);
    let in_money = outlook.with_spend(&shop.spend_fit, &shop.spends).unwrap();
    let of: [fn(&ForecastLine) -> Outcome; 3] =
        [|line| line.by_known, |line| line.by_newcomers, |line| line.total];
    for futures in futures() {
        let forecasts = [
            outlook.forecast(&plan, &futures).unwrap(),
            in_money.forecast(&plan, &futures).unwrap(),
        ];
        for (kind, forecast) in forecasts.iter().enumerate() {
            for (place, line) in forecast.periods.iter().chain([&forecast.whole]).enumerate() {
                for (part, of) in of.iter().enumerate() {
                    let drawn = |own: &[Counted; 2]| match part {
                        2 => own[0][kind][place] + own[1][kind][place],
                        part => own[part][kind][place],
                    };
                    let what = format!("part {part}, kind {kind}, period {place}");
                    assert_of_worlds(&of(line).counted, worlds.iter().map(drawn).collect(), &what);
                }
            }
        }
    }
}

/// Some of them spend five times what others do, of one nothing is known.
fn of_all_kinds() -> Shop<BgNbd> {
    let rows = [(0, 0.0, 0.0), (2, 30.0, 22.0), (8, 38.0, 160.0), (8, 38.0, 32.0), (6, 9.0, 35.0)];
    let x = rows.map(|row| row.0);
    let histories = Histories::new(TimeUnit::Week, &x, &rows.map(|row| row.1), &[39.0; 5]).unwrap();
    sure(histories, Spends::new(&x, &rows.map(|row| row.2)).unwrap())
}

/// Each customer's purchases and money.
#[test]
fn customers_are_of_the_worlds_to_come() {
    let shop = of_all_kinds();
    let mut rng = Pcg64Mcg::seed_from_u64(0);
    let worlds: Vec<Vec<Vec<Purchase>>> =
        (0..u64::from(WORLDS)).map(|seed| known_customers(&shop, WHOLE, seed, &mut rng)).collect();
    let outlook = Outlook::new(&shop.fit, &shop.histories);
    let in_money = outlook.with_spend(&shop.spend_fit, &shop.spends).unwrap();
    for futures in futures() {
        let purchases = outlook.purchases(weeks(WHOLE), &futures).unwrap();
        let revenues = in_money.revenues(weeks(WHOLE), &futures).unwrap();
        for (row, (purchases, revenue)) in purchases.iter().zip(&revenues).enumerate() {
            let count = worlds.iter().map(|own| own[row].len() as f64).collect();
            let paid = |own: &Vec<Vec<Purchase>>| own[row].iter().map(|one| one.1).sum();
            assert_of_worlds(purchases, count, &format!("purchases of {row}"));
            assert_of_worlds(
                revenue,
                worlds.iter().map(paid).collect(),
                &format!("money of {row}"),
            );
        }
    }
}

/// Who is known to spend five times as much as others is drawn so, in the base too.
#[test]
fn known_spend_is_drawn() {
    let newcomer = money().expected_spend_of_newcomer().unwrap();
    let histories = Histories::new(TimeUnit::Week, &[8; 60], &[38.0; 60], &[39.0; 60]).unwrap();
    let shop = sure(histories, Spends::new(&[8; 60], &[5.0 * newcomer; 60]).unwrap());
    let mut rng = Pcg64Mcg::seed_from_u64(0);
    let worlds: Vec<Vec<Purchase>> = (0..u64::from(WORLDS))
        .map(|seed| known_customers(&shop, 2.0 * PERIOD, seed, &mut rng).concat())
        .collect();
    let outlook = Outlook::new(&shop.fit, &shop.histories);
    let in_money = outlook.with_spend(&shop.spend_fit, &shop.spends).unwrap();
    for futures in futures() {
        let purchases = outlook.purchases_of_base(weeks(2.0 * PERIOD), &futures).unwrap();
        let revenue = in_money.revenue_of_base(weeks(2.0 * PERIOD), &futures).unwrap();
        let paid = |own: &Vec<Purchase>| own.iter().map(|one| one.1).sum();
        assert_of_worlds(&purchases, worlds.iter().map(|own| own.len() as f64).collect(), "count");
        assert_of_worlds(&revenue, worlds.iter().map(paid).collect(), "money");
    }
}
