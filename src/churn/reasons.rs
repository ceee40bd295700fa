//! Why customers left, and how much of it could have been helped.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::math::count;
use crate::money::{Sum, to_f64};

/// Whether a firm can do something about a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Control {
    /// It can: a better offer, service, product or price would have kept the customer.
    Within,
    /// It cannot: he moved away, changed his trade, went bankrupt.
    Beyond,
}

/// A reason for leaving.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Reason {
    /// What it is called.
    pub name: String,
    /// Whether the firm can do something about it.
    pub control: Control,
}

impl Reason {
    /// A reason.
    #[must_use]
    pub fn new(name: &str, control: Control) -> Self {
        Self { name: name.to_owned(), control }
    }

    /// The usual seven: three beyond control, four within it.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        let beyond = ["moved away", "changed trade", "bankrupt"];
        let within = ["better product elsewhere", "poor service", "poor product", "price"];
        let beyond = beyond.into_iter().map(|name| Self::new(name, Control::Beyond));
        beyond.chain(within.into_iter().map(|name| Self::new(name, Control::Within))).collect()
    }
}

/// The losses of a period by reason. Two of the same reasons [`merge`](ReasonReport::merge).
///
/// How soon customers leave by each reason, while the others compete, is a
/// [`CauseTable`](crate::survival::CauseTable) with the reasons' positions as causes.
///
/// # Example
/// ```
/// use goodwill::churn::{Control, Reason, ReasonReport};
///
/// let reasons = [Reason::new("price", Control::Within), Reason::new("moved away", Control::Beyond)];
/// let mut report = ReasonReport::new(&reasons)?;
/// for (reason, value) in [(Some(0), 300), (Some(1), 50), (Some(1), 50), (None, 100)] {
///     report.add(reason, value.into())?;
/// }
/// let by_customers = report.by_customers()?;
/// assert_eq!((by_customers[0].reason.as_str(), by_customers[0].customers), ("moved away", 2));
/// let by_money = report.by_money()?;
/// assert_eq!((by_money[0].reason.as_str(), by_money[0].cumulative_share), ("price", 0.75)); // 300 of 400 explained
/// assert_eq!(report.recoverable()?, 300.into());
/// assert_eq!(report.unknown_customers(), 1);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct ReasonReport {
    reasons: Vec<Reason>,
    losses: Vec<Loss>,
    unknown: Loss,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Loss {
    customers: u64,
    value: Sum,
}

impl Loss {
    fn merge(&mut self, other: &Self) -> Result<()> {
        count::add(&mut self.customers, other.customers, "a number of lost customers")?;
        self.value.merge(&other.value)
    }

    /// Refuses what no losses add up to.
    #[cfg(feature = "serde")]
    fn check(&self) -> Result<()> {
        let value = self.value.to_f64();
        if self.value < Sum::default() {
            return Err(Error::out_of_domain("value of lost customers", value, "[0, ∞)"));
        }
        if self.customers == 0 && self.value > Sum::default() {
            let what = format!("losses without a lost customer cannot be worth {value}");
            return Err(Error::inconsistent(what));
        }
        Ok(())
    }
}

/// One reason of a [`ReasonReport`].
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ReasonLine {
    /// The reason.
    pub reason: String,
    /// Whether the firm can do something about it.
    pub control: Control,
    /// Customers lost by it.
    pub customers: u64,
    /// What they were worth.
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    pub value: Decimal,
    /// The share of this reason and those before it in all that is explained: of customers in
    /// [`by_customers`](ReasonReport::by_customers), of money in [`by_money`](ReasonReport::by_money).
    pub cumulative_share: f64,
}

impl ReasonReport {
    /// A report without losses.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without a reason; [`Inconsistent`](crate::ErrorKind::Inconsistent) for
    /// two of one name.
    pub fn new(reasons: &[Reason]) -> Result<Self> {
        if reasons.is_empty() {
            return Err(Error::empty("reasons"));
        }
        check_names(reasons)?;
        let losses = vec![Loss::default(); reasons.len()];
        Ok(Self { reasons: reasons.to_vec(), losses, unknown: Loss::default() })
    }

    /// Adds a lost customer: the position of his reason, `None` where it is not known, and what he was worth (last
    /// year's profit, a lifetime value: the caller's choice).
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a reason that is not in the list, or a value below 0;
    /// [`Overflow`](crate::ErrorKind::Overflow) where money or customers leave the range of a total.
    pub fn add(&mut self, reason: Option<usize>, value: Decimal) -> Result<()> {
        if value < Decimal::ZERO {
            return Err(Error::out_of_domain("value of a lost customer", value, "[0, ∞)"));
        }
        let loss = match reason {
            None => &mut self.unknown,
            Some(reason) => self
                .losses
                .get_mut(reason)
                .ok_or_else(|| Error::out_of_domain("reason", reason, "[0, number of reasons)"))?,
        };
        loss.merge(&Loss { customers: 1, value: value.into() })
    }

    /// The report of both groups of losses.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for other reasons;
    /// [`Overflow`](crate::ErrorKind::Overflow) where money leaves the range of a total.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.reasons != other.reasons {
            return Err(Error::inconsistent("reports of different reasons cannot be merged"));
        }
        let mut both = self.clone();
        both.losses.iter_mut().zip(&other.losses).try_for_each(|(own, other)| own.merge(other))?;
        both.unknown.merge(&other.unknown)?;
        Ok(both)
    }

    /// The reasons, most customers first, equal numbers in the order of the list.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold a total.
    pub fn by_customers(&self) -> Result<Vec<ReasonLine>> {
        self.lines(|line| line.customers, |customers| customers as f64)
    }

    /// The reasons, most money first, equal amounts in the order of the list.
    ///
    /// # Errors
    /// As [`by_customers`](ReasonReport::by_customers).
    pub fn by_money(&self) -> Result<Vec<ReasonLine>> {
        self.lines(|line| line.value, to_f64)
    }

    fn lines<K: Ord>(
        &self,
        key: impl Fn(&ReasonLine) -> K,
        size: impl Fn(K) -> f64,
    ) -> Result<Vec<ReasonLine>> {
        let line = |(reason, loss): (&Reason, &Loss)| {
            Ok(ReasonLine {
                reason: reason.name.clone(),
                control: reason.control,
                customers: loss.customers,
                value: loss.value.total()?,
                cumulative_share: 0.0,
            })
        };
        let mut lines: Vec<ReasonLine> =
            self.reasons.iter().zip(&self.losses).map(line).collect::<Result<_>>()?;
        lines.sort_by_key(|line| std::cmp::Reverse(key(line)));
        let all: f64 = lines.iter().map(|line| size(key(line))).sum();
        let mut so_far = 0.0;
        for line in &mut lines {
            so_far += size(key(line));
            line.cumulative_share = if all > 0.0 { so_far / all } else { 0.0 };
        }
        Ok(lines)
    }

    /// What the customers were worth who left for reasons within control.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the total.
    pub fn recoverable(&self) -> Result<Decimal> {
        let mut sum = Sum::default();
        let within = self.reasons.iter().zip(&self.losses);
        within
            .filter(|(reason, _)| reason.control == Control::Within)
            .try_for_each(|(_, loss)| sum.merge(&loss.value))?;
        sum.total()
    }

    /// The reasons.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Customers and their value, of each reason and then of none.
    pub(super) fn losses(&self) -> impl Iterator<Item = (Option<usize>, u64, Result<Decimal>)> {
        let known = self.losses.iter().enumerate().map(|(reason, loss)| (Some(reason), loss));
        known
            .chain([(None, &self.unknown)])
            .map(|(reason, loss)| (reason, loss.customers, loss.value.total()))
    }

    /// Customers whose reason is not known: in no line.
    #[must_use]
    pub fn unknown_customers(&self) -> u64 {
        self.unknown.customers
    }

    /// What they were worth.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where `Decimal` cannot hold the total.
    pub fn unknown_value(&self) -> Result<Decimal> {
        self.unknown.value.total()
    }
}

/// No two of one name.
pub(super) fn check_names(reasons: &[Reason]) -> Result<()> {
    for (row, reason) in reasons.iter().enumerate() {
        if reasons[..row].iter().any(|other| other.name == reason.name) {
            let what = format!("there are two reasons called {}", reason.name);
            return Err(Error::inconsistent(what).at_row(row));
        }
    }
    Ok(())
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    reasons: Vec<Reason>,
    losses: Vec<Loss>,
    unknown: Loss,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for ReasonReport {
    type Error = Error;

    fn try_from(Fields { reasons, losses, unknown }: Fields) -> Result<Self> {
        let empty = Self::new(&reasons)?;
        if losses.len() != reasons.len() {
            return Err(Error::length_mismatch(
                ("reasons", reasons.len()),
                ("losses", losses.len()),
            ));
        }
        for (row, loss) in losses.iter().enumerate() {
            loss.check().map_err(|error| error.at_row(row))?;
        }
        unknown.check()?;
        Ok(Self { losses, unknown, ..empty })
    }
}

#[cfg(feature = "serde")]
impl From<ReasonReport> for Fields {
    fn from(ReasonReport { reasons, losses, unknown }: ReasonReport) -> Self {
        Self { reasons, losses, unknown }
    }
}
