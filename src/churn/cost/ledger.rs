//! The ledger of churn: named lines, two totals, by reason.

use rust_decimal::Decimal;

use crate::churn::reasons::{Reason, ReasonReport, check_names};
use crate::error::{Error, Result};
use crate::money::{self, Sum};

use super::line::{CostLine, CostView, Loss, check_customers};

/// What the customers lost in a period cost, line by line in exact decimals, with two totals that never count a thing
/// twice. Ledgers of the same reasons [`merge`](ChurnLedger::merge).
///
/// A loss is entered once for those who are replaced as one: a customer, or a group. The shortfall is taken per entry, so
/// that lines add up over reasons and shards. Formulas: [`CostLine`].
///
/// # Example
/// ```
/// use goodwill::churn::{ChurnLedger, CostLine, CostView, Loss};
///
/// let mut ledger = ChurnLedger::default(); // without reasons
/// let each = Loss {
///     residual: 100.into(),
///     successor_residual: 70.into(),
///     vacant_margin: 5.into(),
///     acquisition: 40.into(),
///     word_of_mouth: 8.into(),
///     costs_avoided: 3.into(),
///     ..Loss::default()
/// };
/// ledger.add(None, 10.into(), &each.times(10.into())?)?;
/// assert_eq!(ledger.amount(CostLine::Shortfall)?, 300.into());
/// assert_eq!(ledger.total(CostView::NotReplaced)?, 1_050.into()); // 10 · (100 + 8 − 3)
/// assert_eq!(ledger.total(CostView::Replaced)?, 800.into()); // 10 · (5 + 40 + 30 + 8 − 3)
/// // Residual value *and* replacement in one sum would count 70 of each customer twice.
/// assert_eq!(ledger.counted_twice()?, 700.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct ChurnLedger {
    reasons: Vec<Reason>,
    /// Of each reason, then of none.
    groups: Vec<Group>,
}

/// Customers lost, and the amounts in the order of [`CostLine::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Group {
    customers: Sum,
    amounts: [Sum; 10],
}

impl Group {
    fn merge(&mut self, other: &Self) -> Result<()> {
        self.customers.merge(&other.customers)?;
        self.amounts.iter_mut().zip(&other.amounts).try_for_each(|(own, other)| own.merge(other))
    }

    /// What no entries add up to.
    #[cfg(feature = "serde")]
    fn check(&self) -> Result<()> {
        use CostLine::{Acquisition, CostsAvoided, Shortfall, SunkSetUp, WordOfMouth};

        let none = Sum::default();
        let never_below = [SunkSetUp, Shortfall, Acquisition, WordOfMouth, CostsAvoided];
        let mut least_shortfall = self.line(CostLine::ResidualOfSuccessors).negated()?;
        least_shortfall.merge(self.line(CostLine::ResidualOfLost))?;
        if self.customers < none
            || never_below.iter().any(|&line| *self.line(line) < none)
            || *self.line(Shortfall) < least_shortfall
        {
            return Err(Error::inconsistent("no losses add up to this ledger"));
        }
        Ok(())
    }

    fn line(&self, line: CostLine) -> &Sum {
        &self.amounts[line as usize]
    }

    fn lines(&self) -> Result<Vec<LedgerLine>> {
        let line = |line: CostLine| {
            let amount = self.line(line).total()?;
            let signed = |view| money::product(amount, line.sign(view).into());
            let [not_replaced, replaced] = [CostView::NotReplaced, CostView::Replaced].map(signed);
            Ok(LedgerLine { line, amount, not_replaced: not_replaced?, replaced: replaced? })
        };
        CostLine::ALL.into_iter().map(line).collect()
    }

    fn total(&self, view: CostView) -> Result<Decimal> {
        let mut total = Sum::default();
        for line in CostLine::ALL {
            match line.sign(view) {
                0 => {}
                1 => total.merge(self.line(line))?,
                _ => total.merge(&self.line(line).negated()?)?,
            }
        }
        total.total()
    }
}

/// One line of a [`ChurnLedger`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct LedgerLine {
    /// The line.
    pub line: CostLine,
    /// Its amount.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub amount: Decimal,
    /// What it adds to the total of those not replaced.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub not_replaced: Decimal,
    /// What it adds to the total of those replaced.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub replaced: Decimal,
}

/// One reason of a [`ChurnLedger`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ReasonCost {
    /// The reason, `None` where it is not known.
    pub reason: Option<Reason>,
    /// Customers lost by it.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub customers: Decimal,
    /// Their lines, in the order of [`CostLine::ALL`].
    pub lines: Vec<LedgerLine>,
    /// The total if they are not replaced.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub not_replaced: Decimal,
    /// The total if they are.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub replaced: Decimal,
}

impl Default for ChurnLedger {
    /// Without reasons.
    fn default() -> Self {
        Self { reasons: Vec::new(), groups: vec![Group::default()] }
    }
}

impl ChurnLedger {
    /// A ledger by reason, without losses.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for two reasons of one name.
    pub fn new(reasons: &[Reason]) -> Result<Self> {
        check_names(reasons)?;
        Ok(Self { reasons: reasons.to_vec(), groups: vec![Group::default(); reasons.len() + 1] })
    }

    /// The ledger of a report whose values are what the lost would still have brought: one entry for each reason, and
    /// one for those of unknown reason. The other amounts are `each` times the customers.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where `each` has a residual value too: it would count twice;
    /// as [`Loss::times`] and [`add`](ChurnLedger::add).
    ///
    /// # Example
    /// ```
    /// use goodwill::churn::{ChurnLedger, Control, CostView, Loss, Reason, ReasonReport};
    ///
    /// let mut report = ReasonReport::new(&[Reason::new("price", Control::Within)])?;
    /// report.add(Some(0), 300.into())?;
    /// report.add(None, 50.into())?;
    /// let each = Loss { word_of_mouth: 4.into(), ..Loss::default() };
    /// let ledger = ChurnLedger::by_report(&report, &each)?;
    /// assert_eq!(ledger.by_reason()?[0].not_replaced, 304.into());
    /// assert_eq!(ledger.total(CostView::NotReplaced)?, 358.into());
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    pub fn by_report(report: &ReasonReport, each: &Loss) -> Result<Self> {
        if !each.residual.is_zero() {
            let residual = each.residual;
            return Err(Error::inconsistent(format!(
                "the report holds the residual values, and each has another of {residual}"
            )));
        }
        let mut ledger = Self::new(report.reasons())?;
        for (reason, customers, value) in report.losses() {
            let customers = Decimal::from(customers);
            let loss = Loss { residual: value?, ..each.times(customers)? };
            ledger.add(reason, customers, &loss)?;
        }
        Ok(ledger)
    }

    /// Enters lost customers: the position of their reason, `None` where it is not known, how many they are, and what
    /// they cost in all.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a reason that is not in the list, customers below 0, or
    /// set-up cost, acquisition, word of mouth or costs avoided below 0;
    /// [`Overflow`](crate::ErrorKind::Overflow) where money leaves the range of a total.
    pub fn add(&mut self, reason: Option<usize>, customers: Decimal, loss: &Loss) -> Result<()> {
        check_customers(customers)?;
        let known = self.reasons.len();
        let place = match reason {
            None => known,
            Some(reason) if reason < known => reason,
            Some(reason) => {
                return Err(Error::out_of_domain("reason", reason, "[0, number of reasons)"));
            }
        };
        let entry = Group { customers: customers.into(), amounts: loss.amounts()?.map(Sum::from) };
        let mut both = self.groups[place];
        both.merge(&entry)?;
        self.groups[place] = both;
        Ok(())
    }

    /// The ledger of the losses of both.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for other reasons;
    /// [`Overflow`](crate::ErrorKind::Overflow) where money leaves the range of a total.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.reasons != other.reasons {
            return Err(Error::inconsistent("ledgers of different reasons cannot be merged"));
        }
        let mut both = self.clone();
        both.groups.iter_mut().zip(&other.groups).try_for_each(|(own, other)| own.merge(other))?;
        Ok(both)
    }

    /// Lost customers.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold their number.
    pub fn customers(&self) -> Result<Decimal> {
        self.all()?.customers.total()
    }

    /// The amount of a line.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold it.
    pub fn amount(&self, line: CostLine) -> Result<Decimal> {
        self.all()?.line(line).total()
    }

    /// The total of a view. The two are never added.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold it.
    pub fn total(&self, view: CostView) -> Result<Decimal> {
        self.all()?.total(view)
    }

    /// What a sum of both views' lines would count twice: the residual value that the successors bring back.
    ///
    /// # Formula
    /// ```text
    /// residual of the lost − shortfall
    /// ```
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold it.
    pub fn counted_twice(&self) -> Result<Decimal> {
        let all = self.all()?;
        let [residual, shortfall] =
            [CostLine::ResidualOfLost, CostLine::Shortfall].map(|line| all.line(line).total());
        money::difference(residual?, shortfall?)
    }

    /// The lines in the order of [`CostLine::ALL`], each with what it adds to both totals.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold an amount.
    pub fn lines(&self) -> Result<Vec<LedgerLine>> {
        self.all()?.lines()
    }

    /// The costs by reason, in the order of the list, those of unknown reason last. They add up to the ledger's.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold an amount.
    pub fn by_reason(&self) -> Result<Vec<ReasonCost>> {
        let reasons = self.reasons.iter().cloned().map(Some).chain([None]);
        let cost = |(reason, group): (Option<Reason>, &Group)| {
            Ok(ReasonCost {
                reason,
                customers: group.customers.total()?,
                lines: group.lines()?,
                not_replaced: group.total(CostView::NotReplaced)?,
                replaced: group.total(CostView::Replaced)?,
            })
        };
        reasons.zip(&self.groups).map(cost).collect()
    }

    fn all(&self) -> Result<Group> {
        let mut all = Group::default();
        self.groups.iter().try_for_each(|group| all.merge(group))?;
        Ok(all)
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    reasons: Vec<Reason>,
    groups: Vec<Group>,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for ChurnLedger {
    type Error = Error;

    fn try_from(Fields { reasons, groups }: Fields) -> Result<Self> {
        check_names(&reasons)?;
        if groups.len() != reasons.len() + 1 {
            return Err(Error::length_mismatch(
                ("reasons and unknown", reasons.len() + 1),
                ("groups", groups.len()),
            ));
        }
        groups.iter().try_for_each(Group::check)?;
        Ok(Self { reasons, groups })
    }
}

#[cfg(feature = "serde")]
impl From<ChurnLedger> for Fields {
    fn from(ChurnLedger { reasons, groups }: ChurnLedger) -> Self {
        Self { reasons, groups }
    }
}
