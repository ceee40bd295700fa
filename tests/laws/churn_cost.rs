//! The ledger of churn, the years ahead and the doubt about a total: everything reconciles, to the digit.

use goodwill::churn::{
    ChurnLedger, Control, CostLine, CostView, InputRange, Loss, Reason, ReasonReport, Tornado,
    TornadoBar, YearsAhead, simulate_total,
};
use goodwill::money::{difference, product, round_half_even, sum, to_f64};
use goodwill::{DiscountRate, Error, ErrorKind, Probability, Result, Share};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::big::Big;
use crate::generate::{any_money, cents, shuffled};

const VIEWS: [CostView; 2] = [CostView::NotReplaced, CostView::Replaced];

fn reasons() -> Vec<Reason> {
    vec![Reason::new("price", Control::Within), Reason::new("moved away", Control::Beyond)]
}

/// A reason or none, customers, and amounts of a till or at the ends of the type.
fn entries() -> impl Strategy<Value = Vec<(Option<usize>, Decimal, Loss)>> {
    let amount = prop_oneof![4 => cents(), 1 => any_money()];
    let reason = prop_oneof![Just(None), Just(Some(0)), Just(Some(1))];
    let loss = vec(amount, 9).prop_map(|a| Loss {
        revenue: a[0],
        margin: a[1],
        sunk_set_up: a[2].abs(),
        residual: a[3],
        successor_residual: a[4],
        vacant_margin: a[5],
        acquisition: a[6].abs(),
        word_of_mouth: a[7].abs(),
        costs_avoided: a[8].abs(),
    });
    vec((reason, (0_i64..5_000).prop_map(|n| Decimal::new(n, 1)), loss), 0..12)
}

fn ledger(entries: &[(Option<usize>, Decimal, Loss)]) -> Result<ChurnLedger> {
    let mut ledger = ChurnLedger::new(&reasons())?;
    entries
        .iter()
        .try_for_each(|(reason, customers, loss)| ledger.add(*reason, *customers, loss))?;
    Ok(ledger)
}

/// The two totals by their definition, without the crate.
fn naive_totals(entries: &[(Option<usize>, Decimal, Loss)]) -> [Big; 2] {
    let of =
        |amount: fn(&Loss) -> Decimal| Big::sum(entries.iter().map(|(_, _, loss)| amount(loss)));
    let shortfall = entries.iter().fold(Big::ZERO, |sum, (_, _, loss)| {
        let gap = Big::of(loss.residual).minus(&Big::of(loss.successor_residual));
        if gap > Big::ZERO { sum.plus(&gap) } else { sum }
    });
    let both = of(|loss| loss.word_of_mouth).minus(&of(|loss| loss.costs_avoided));
    [
        of(|loss| loss.residual).plus(&both),
        of(|loss| loss.vacant_margin)
            .plus(&of(|loss| loss.acquisition))
            .plus(&shortfall)
            .plus(&both),
    ]
}

fn is_overflow(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Overflow { .. })
}

/// Low, base, high in ascending order.
fn range(name: &str, mut ends: [i64; 3], uniform: bool) -> InputRange {
    ends.sort_unstable();
    let [low, base, high] = ends.map(|cents| Decimal::new(cents, 2));
    if uniform {
        InputRange::uniform(name, low, base, high).unwrap()
    } else {
        InputRange::triangular(name, low, base, high).unwrap()
    }
}

fn ranges() -> impl Strategy<Value = Vec<InputRange>> {
    let ends = [0_i64..50_000, 0_i64..50_000, 0_i64..50_000];
    vec((ends, any::<bool>()), 1..5).prop_map(|all| {
        all.into_iter().map(|(ends, uniform)| range("input", ends, uniform)).collect()
    })
}

/// Σ i·xᵢ + x₀·x₁: each input moves it, the first two together.
fn model(x: &[Decimal]) -> Result<Decimal> {
    let terms = x.iter().zip(1_u32..).map(|(&value, weight)| product(value, weight.into()));
    let linear = sum(terms.collect::<Result<Vec<_>>>()?)?;
    let joint = x.get(1).map_or(Ok(Decimal::ZERO), |&second| product(x[0], second))?;
    sum([linear, joint])
}

fn float_model(x: &[f64]) -> f64 {
    let linear: f64 = x.iter().zip(1_u32..).map(|(value, weight)| value * f64::from(weight)).sum();
    linear + x.get(1).map_or(0.0, |second| x[0] * second)
}

proptest! {
    #![proptest_config(crate::cases(512))]

    /// Both totals are the naive ones; lines, reasons and shards add up to them; nothing is counted twice.
    #[test]
    fn a_ledger_reconciles((entries, others) in shuffled(entries()), split in 0_usize..12) {
        let want = naive_totals(&entries).map(|total| total.decimal());
        let built = match ledger(&entries) {
            Ok(built) => built,
            Err(error) => {
                prop_assert!(is_overflow(&error), "{error}");
                return Ok(());
            }
        };
        prop_assert_eq!(&ledger(&others).unwrap(), &built, "in any order");
        let (one, two) = entries.split_at(split.min(entries.len()));
        let merged = ledger(one).unwrap().merge(&ledger(two).unwrap()).unwrap();
        prop_assert_eq!(&merged, &built, "in shards");
        for (view, want) in VIEWS.into_iter().zip(want) {
            match built.total(view) {
                Ok(total) => prop_assert_eq!(Some(total), want),
                Err(error) => prop_assert!(is_overflow(&error) && want.is_none(), "{error}"),
            }
        }
        let (Ok(lines), Ok(by_reason)) = (built.lines(), built.by_reason()) else { return Ok(()) };
        let [Ok(alone), Ok(replaced)] = VIEWS.map(|view| built.total(view)) else { return Ok(()) };
        prop_assert_eq!(lines.len(), CostLine::ALL.len());
        prop_assert_eq!(sum(lines.iter().map(|line| line.not_replaced)), Ok(alone));
        prop_assert_eq!(sum(lines.iter().map(|line| line.replaced)), Ok(replaced));
        for (place, line) in lines.iter().enumerate() {
            prop_assert_eq!(line.line, CostLine::ALL[place]);
            prop_assert_eq!(built.amount(line.line), Ok(line.amount));
            let of_reasons = by_reason.iter().map(|one| one.lines[place].amount);
            prop_assert_eq!(sum(of_reasons), Ok(line.amount));
        }
        prop_assert_eq!(sum(by_reason.iter().map(|one| one.customers)), built.customers());
        prop_assert_eq!(sum(by_reason.iter().map(|one| one.not_replaced)), Ok(alone));
        prop_assert_eq!(sum(by_reason.iter().map(|one| one.replaced)), Ok(replaced));
        // Residual value and replacement in one sum are too much by what the successors restore.
        let once = [CostLine::VacantMargin, CostLine::Acquisition].map(|l| built.amount(l).unwrap());
        if let (Ok(naive), Ok(twice)) = (sum([alone, once[0], once[1]]), built.counted_twice()) {
            prop_assert_eq!(difference(naive, twice), Ok(replaced));
        }
    }

    /// An equal customer at once and for nothing: only the word of the lost one costs.
    #[test]
    fn an_equal_successor_costs_the_word_of_mouth(
        customers in 0_u32..100_000,
        residual in cents(),
        word in 0_i64..100_000,
        memo in cents(),
    ) {
        let word_of_mouth = Decimal::new(word, 2);
        let each = Loss {
            revenue: memo,
            margin: memo,
            sunk_set_up: memo.abs(),
            residual,
            successor_residual: residual,
            word_of_mouth,
            ..Loss::default()
        };
        let customers = Decimal::from(customers);
        let mut ledger = ChurnLedger::default();
        ledger.add(None, customers, &each.times(customers).unwrap()).unwrap();
        prop_assert_eq!(ledger.total(CostView::Replaced), product(customers, word_of_mouth));
        prop_assert_eq!(
            ledger.total(CostView::NotReplaced),
            sum([residual, word_of_mouth]).and_then(|each| product(customers, each))
        );
        // A better one is no credit.
        let better = Loss { successor_residual: sum([residual, 1.into()]).unwrap(), ..each };
        let mut with_better = ChurnLedger::default();
        with_better.add(None, customers, &better.times(customers).unwrap()).unwrap();
        prop_assert_eq!(with_better.total(CostView::Replaced), ledger.total(CostView::Replaced));
    }

    /// The ledger of a report is that of its customers entered by reason.
    #[test]
    fn a_report_becomes_a_ledger(
        losses in vec((prop_oneof![Just(None), Just(Some(0)), Just(Some(1))], 0_i64..100_000), 0..20),
        word in 0_i64..1_000,
    ) {
        let mut report = ReasonReport::new(&reasons()).unwrap();
        let each = Loss { word_of_mouth: Decimal::new(word, 2), ..Loss::default() };
        let mut ledger = ChurnLedger::new(&reasons()).unwrap();
        for &(reason, value) in &losses {
            let residual = Decimal::new(value, 2);
            report.add(reason, residual).unwrap();
            ledger.add(reason, Decimal::ONE, &Loss { residual, ..each }).unwrap();
        }
        prop_assert_eq!(ChurnLedger::by_report(&report, &each).unwrap(), ledger);
    }

    /// Who is kept and who is gone are all, in customers and in money; money follows the customers.
    #[test]
    fn the_years_ahead_reconcile(
        customers in 0_i64..1_000_000,
        revenue in 0_i64..1_000_000,
        margin in 0_i64..=1_000,
        rates in vec(0.0_f64..=1.0, 1..12),
        rate in -0.2_f64..0.5,
    ) {
        let (customers, each) = (Decimal::new(customers, 1), Decimal::new(revenue, 2));
        let margin = Decimal::new(margin, 3);
        let mut left = 1.0;
        let survival: Vec<Probability> = rates
            .iter()
            .map(|rate| {
                left *= rate;
                Probability::new(left).unwrap()
            })
            .collect();
        let share = Share::new(margin).unwrap();
        let rate = DiscountRate::annual(rate).unwrap();
        let ahead = YearsAhead::new(customers, each, share, &survival, rate).unwrap();
        prop_assert_eq!(ahead.years().len(), survival.len());
        let revenue = product(customers, each).unwrap();
        let [mut kept_worth, mut gone_worth] = [Big::ZERO; 2];
        for (year, survival) in ahead.years().iter().zip(&survival) {
            let (kept, gone) = (year.kept, year.gone);
            prop_assert_eq!(sum([kept.customers, gone.customers]), Ok(customers));
            prop_assert_eq!(sum([kept.revenue, gone.revenue]), Ok(revenue));
            for flow in [kept, gone] {
                prop_assert_eq!(product(flow.revenue, margin), Ok(flow.margin));
                prop_assert_eq!(product(flow.customers, each), Ok(flow.revenue));
                prop_assert!(flow.present_value >= Decimal::ZERO);
            }
            let all = to_f64(revenue) * to_f64(margin);
            let factor = (1.0 + rate.per(goodwill::TimeUnit::Year)).powi(-(year.year as i32));
            let worth = all * survival.get() * factor;
            prop_assert!((to_f64(kept.present_value) - worth).abs() <= all * 1e-12 + worth * 1e-12);
            let worth = all * (1.0 - survival.get()) * factor;
            prop_assert!((to_f64(gone.present_value) - worth).abs() <= all * 2e-12 * factor.max(1.0));
            kept_worth = kept_worth.plus(&Big::of(kept.present_value));
            gone_worth = gone_worth.plus(&Big::of(gone.present_value));
        }
        prop_assert_eq!(Some(ahead.present_value_kept().unwrap()), kept_worth.decimal());
        prop_assert_eq!(Some(ahead.present_value_gone().unwrap()), gone_worth.decimal());
    }

    /// Every bar holds the base, the widest comes first, equal ones in the order of the inputs; each is the total with
    /// one input moved.
    #[test]
    fn a_tornado_is_the_total_with_one_input_moved(ranges in ranges()) {
        let tornado = Tornado::new(&ranges, model).unwrap();
        let base: Vec<Decimal> = ranges.iter().map(InputRange::base).collect();
        prop_assert_eq!(tornado.base(), model(&base).unwrap());
        prop_assert_eq!(tornado.bars().len(), ranges.len());
        let order = |bar: &TornadoBar| (std::cmp::Reverse(bar.swing), bar.input);
        prop_assert!(tornado.bars().is_sorted_by_key(order));
        for bar in tornado.bars() {
            let at = |value| {
                let mut moved = base.clone();
                moved[bar.input] = value;
                model(&moved).unwrap()
            };
            let range = &ranges[bar.input];
            prop_assert_eq!((bar.low, bar.high), (at(range.low()), at(range.high())));
            prop_assert!(bar.low <= tornado.base() && tornado.base() <= bar.high);
            prop_assert_eq!(sum([bar.low, bar.swing]), Ok(bar.high));
        }
    }

    /// The same range several times over moves a plain sum as far each time: the caller's order stays.
    #[test]
    fn equal_swings_keep_the_order(ends in [0_i64..500, 0_i64..500, 0_i64..500], inputs in 2_usize..6) {
        let ranges = vec![range("alike", ends, false); inputs];
        let tornado = Tornado::new(&ranges, |x| sum(x.iter().copied())).unwrap();
        let order: Vec<usize> = tornado.bars().iter().map(|bar| bar.input).collect();
        prop_assert_eq!(order, (0..inputs).collect::<Vec<_>>());
    }

    /// A bar that dips at its ends holds the base too.
    #[test]
    fn a_swing_holds_the_base_of_a_bent_total(ends in [0_i64..500, 0_i64..500, 0_i64..500]) {
        let ranges = [range("bent", ends, true)];
        let bent = |x: &[Decimal]| {
            let off = difference(x[0], ranges[0].base())?;
            difference(Decimal::ZERO, off.abs())
        };
        let tornado = Tornado::new(&ranges, bent).unwrap();
        let bar = &tornado.bars()[0];
        prop_assert_eq!(sum([bar.swing, bar.low.min(bar.high)]), Ok(Decimal::ZERO));
    }

    /// Equal seeds, equal bits; draws stay in their ranges; an input at the end leaves the others as they are; ranges of
    /// one point give the base.
    #[test]
    fn a_simulation_stays_in_its_ranges(ranges in ranges(), seed in any::<u64>()) {
        let run = |ranges: &[InputRange]| simulate_total(ranges, 40, seed, |x| Ok(float_model(x))).unwrap();
        let total = run(&ranges);
        prop_assert_eq!(&total, &run(&ranges));
        let at = |of: fn(&InputRange) -> Decimal| {
            float_model(&ranges.iter().map(|range| to_f64(of(range))).collect::<Vec<_>>())
        };
        let (least, most) = (at(InputRange::low), at(InputRange::high));
        prop_assert!(total.totals().is_sorted() && total.totals().len() == 40);
        prop_assert!(total.totals().iter().all(|total| (least..=most).contains(total)));
        prop_assert!((least..=most).contains(&total.mean()));
        prop_assert_eq!(total.quantile(Probability::ZERO).to_bits(), total.totals()[0].to_bits());
        prop_assert_eq!(total.quantile(Probability::ONE).to_bits(), total.totals()[39].to_bits());

        let first = |x: &[f64]| Ok(x[0]);
        let alone = simulate_total(&ranges[..1], 40, seed, first).unwrap();
        prop_assert_eq!(alone, simulate_total(&ranges, 40, seed, first).unwrap());

        let point = |range: &InputRange| {
            let base = range.base();
            InputRange::triangular("point", base, base, base).unwrap()
        };
        let points: Vec<InputRange> = ranges.iter().map(point).collect();
        let sure = run(&points);
        let base = at(InputRange::base);
        prop_assert!(sure.totals().iter().all(|total| total.to_bits() == base.to_bits()));
        prop_assert!((sure.mean() - base).abs() <= base * 1e-15);
        prop_assert_eq!(Tornado::new(&points, model).unwrap().bars()[0].swing, Decimal::ZERO);
    }

    /// Against the text of the double, exact to the last digit.
    #[test]
    fn a_model_becomes_money_by_its_exact_value(value in -1e9_f64..1e9, places in 0_u32..=12) {
        let got = round_half_even(value, places).unwrap();
        let unit = Decimal::new(1, places);
        // Within half a unit of the exact value, which 60 digits behind the point hold for what is not tiny.
        let text = format!("{value:.28}");
        let exact = Big::of(text.parse().unwrap());
        let off = Big::of(got).minus(&exact);
        let off = if off < Big::ZERO { off.negated() } else { off };
        let limit = Big::product(unit, Decimal::new(5, 1)).plus(&Big::of(Decimal::new(1, 18)));
        prop_assert!(off <= limit, "{value} became {got}");
        prop_assert!(got.scale() <= places);
        prop_assert_eq!(sum([round_half_even(-value, places).unwrap(), got]), Ok(Decimal::ZERO));
    }
}

/// The mean and variance of what is drawn are those of the shapes: (a + b + c)/3 and (a² + b² + c² − ab − ac − bc)/18 of
/// the triangle, (a + b)/2 and (b − a)²/12 of the even range.
#[test]
fn draws_have_their_shapes() {
    let draws = |range: &InputRange| {
        simulate_total(std::slice::from_ref(range), 40_000, 7, |x| Ok(x[0])).unwrap()
    };
    let spread = |range: &InputRange, mean: f64| {
        let squares =
            simulate_total(std::slice::from_ref(range), 40_000, 7, |x| Ok((x[0] - mean).powi(2)));
        squares.unwrap().mean()
    };
    let peaked = range("peaked", [100, 400, 1_300], false);
    let (mean, variance) = (6.0, (1.0 + 16.0 + 169.0 - 4.0 - 13.0 - 52.0) / 18.0);
    // Four standard errors of 40,000 draws.
    assert!((draws(&peaked).mean() - mean).abs() < 4.0 * (variance / 40_000.0_f64).sqrt());
    assert!((spread(&peaked, mean) / variance - 1.0).abs() < 0.03);
    // F(mode) = (c − a)/(b − a) = 1/4.
    assert!((draws(&peaked).quantile(Probability::constant(0.25)) - 4.0).abs() < 0.06);
    let even = range("even", [100, 1_250, 1_300], true);
    assert!((draws(&even).mean() - 7.0).abs() < 4.0 * (12.0_f64 / 40_000.0).sqrt());
    assert!((spread(&even, 7.0) / 12.0 - 1.0).abs() < 0.03);
    assert!((draws(&even).quantile(Probability::constant(0.25)) - 4.0).abs() < 0.1);
}
