//! What the log does not say: each assumption with its range and where it comes from, and the ledger that follows.

use goodwill::churn::{
    Bound, ChurnLedger, Control, CostView, InputRange, Loss, Teller, WordClaim, WordEvent,
    WordOfMouth,
};
use goodwill::money::product;
use goodwill::{Result, Share};
use rust_decimal::Decimal;

use crate::Arguments;
use crate::measured::{Group, Measured};

/// Digits behind the point of a drawn assumption.
pub(crate) const PLACES: u32 = 4;

/// Both totals, with a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    NotReplaced,
    Replaced,
}

impl View {
    pub(crate) const BOTH: [Self; 2] = [Self::NotReplaced, Self::Replaced];

    pub(crate) fn cost_view(self) -> CostView {
        match self {
            Self::NotReplaced => CostView::NotReplaced,
            Self::Replaced => CostView::Replaced,
        }
    }
}

pub(crate) struct Assumption {
    pub(crate) range: InputRange,
    pub(crate) source: &'static str,
    pub(crate) flag: Option<&'static str>,
}

pub(crate) struct Assumptions(pub(crate) Vec<Assumption>);

impl Assumptions {
    /// In the order in which [`ledger`] takes them.
    pub(crate) fn of(arguments: &Arguments) -> Result<Self> {
        let tenths = |tenths: i64| Decimal::new(tenths, 1);
        let assumed = |name, base, (low, high), source, flag| {
            let (low, high) = (product(base, tenths(low))?, product(base, tenths(high))?);
            let range = InputRange::triangular(name, low, base, high)?;
            Ok(Assumption { range, source, flag })
        };
        let (fifth, double) = ((8, 12), (5, 20));
        let all = [
            assumed(
                "margin in revenue",
                arguments.margin,
                fifth,
                "assumption, as for CDNOW by Fader, Hardie and Lee (2005)",
                Some("margin"),
            ),
            assumed(
                "residual value of the lost, × model",
                Decimal::ONE,
                fifth,
                "data: Pareto/NBD and Gamma-Gamma fitted on the log; ± 20 % for their error",
                None,
            ),
            assumed(
                "value of a successor, × model",
                Decimal::ONE,
                fifth,
                "data: the same models for a newcomer; ± 20 % for their error",
                None,
            ),
            assumed(
                "cost of keeping a customer, a year",
                arguments.keeping,
                double,
                "assumption of this run",
                Some("keeping"),
            ),
            assumed(
                "winning one costs so many times that",
                arguments.times,
                (6, 20),
                "claim of the articles: five times; they also speak of 6 to 10 times the effort",
                Some("times"),
            ),
            assumed(
                "part of a year until replaced",
                arguments.vacancy,
                double,
                "assumption of this run",
                Some("vacancy"),
            ),
            assumed(
                "people who hear the complaint",
                arguments.hearers,
                double,
                "claim of the articles: a dissatisfied customer complains to 11",
                Some("hearers"),
            ),
            assumed(
                "share of them who stay away",
                arguments.influenced,
                double,
                "assumption of this run: no article gives it",
                Some("influenced"),
            ),
        ];
        Ok(Self(all.into_iter().collect::<Result<_>>()?))
    }

    pub(crate) fn ranges(&self) -> Vec<InputRange> {
        self.0.iter().map(|one| one.range.clone()).collect()
    }
}

/// The ledger of the measured losses under these assumptions, in the order of [`Assumptions::of`].
pub(crate) fn ledger(measured: &Measured, x: &[Decimal]) -> Result<ChurnLedger> {
    let reasons: Vec<_> = measured.groups.iter().map(|group| group.reason.clone()).collect();
    let mut ledger = ChurnLedger::new(&reasons)?;
    for (place, group) in measured.groups.iter().enumerate() {
        let loss = loss(group, measured.newcomer_revenue, x)?;
        ledger.add(Some(place), group.customers.into(), &loss)?;
    }
    Ok(ledger)
}

fn loss(group: &Group, newcomer_revenue: Decimal, x: &[Decimal]) -> Result<Loss> {
    let &[margin, lost_scale, new_scale, keeping, times, vacancy, hearers, influenced] = x else {
        return Ok(Loss::default());
    };
    let customers = Decimal::from(group.customers);
    let year = product(group.revenue, margin)?;
    let newcomer = product(product(newcomer_revenue, margin)?, new_scale)?;
    let acquisition = product(customers, product(keeping, times)?)?;
    // Those who moved away have nothing to complain of.
    let word_of_mouth = match group.reason.control {
        Control::Beyond => Decimal::ZERO,
        Control::Within => {
            let complaint = WordClaim::new(
                Teller::Dissatisfied,
                WordEvent::HearsComplaint,
                hearers,
                Bound::Number,
                WordClaim::COMPLAINS_TO_11.source(),
            )?;
            WordOfMouth::new(customers, &complaint, Share::new(influenced)?, newcomer)?.margin()
        }
    };
    Ok(Loss {
        revenue: group.revenue,
        margin: year,
        sunk_set_up: acquisition,
        residual: product(product(group.residual_revenue, margin)?, lost_scale)?,
        successor_residual: product(customers, newcomer)?,
        vacant_margin: product(year, vacancy)?,
        acquisition,
        word_of_mouth,
        costs_avoided: product(customers, keeping)?,
    })
}
