//! Complaints: how many stand behind each, how soon they are answered, and what answering earns.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::estimate::Estimate;
use crate::money;
use crate::quantity::{Probability, Share};
use crate::survival::{Band, KaplanMeier, LifeTable};

use super::proportion::Proportion;
use super::sampling::Sampling;

/// How many dissatisfied customers stand behind the complaints that were voiced. Two claims of the trade that
/// differ: each preset names its own.
///
/// # Example
/// ```
/// use goodwill::satisfaction::SilenceRule;
///
/// let voiced = SilenceRule::FIVE_PERCENT_COMPLAIN.dissatisfied(10)?;
/// assert_eq!((voiced.silent, voiced.all), (190.0, 200.0));
/// let voiced = SilenceRule::TWENTY_SILENT_EACH.dissatisfied(10)?;
/// assert_eq!((voiced.silent, voiced.all), (200.0, 210.0));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum SilenceRule {
    /// This share of the dissatisfied complains.
    ShareComplains(Share),
    /// So many *more* feel the same for each who complains.
    SilentEach(u32),
}

/// Dissatisfied customers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Dissatisfied {
    /// Those who complained.
    pub voiced: u64,
    /// Those who did not.
    pub silent: f64,
    /// All of them.
    pub all: f64,
}

impl SilenceRule {
    /// 5 % of the dissatisfied complain: a claim of the trade without a source.
    pub const FIVE_PERCENT_COMPLAIN: Self = Self::ShareComplains(Share::FIVE_PERCENT);
    /// Each complaint stands for 20 more customers who feel the same: another claim of the trade without a source.
    pub const TWENTY_SILENT_EACH: Self = Self::SilentEach(20);

    /// Those who stand behind `voiced` complaints of different customers.
    ///
    /// # Formula
    /// ```text
    /// ShareComplains(s):  all = voiced/s, silent = voiced·(1 − s)/s;    SilentEach(k):  silent = k·voiced
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) where nobody complains by the rule.
    pub fn dissatisfied(self, voiced: u64) -> Result<Dissatisfied> {
        let known = voiced as f64;
        match self {
            Self::ShareComplains(share) if share == Share::ZERO => Err(Error::undefined(
                "the number of the dissatisfied",
                "by the rule nobody complains",
            )),
            Self::ShareComplains(share) => {
                let complain = money::to_f64(share.get());
                let silent =
                    known * money::to_f64(money::difference(Decimal::ONE, share.get())?) / complain;
                Ok(Dissatisfied { voiced, silent, all: known / complain })
            }
            Self::SilentEach(each) => {
                let silent = known * f64::from(each);
                Ok(Dissatisfied { voiced, silent, all: known + silent })
            }
        }
    }
}

/// What purchases leave behind, forwards: the dissatisfied, their complaints, and their silence. Exact.
///
/// # Example
/// ```
/// use goodwill::Share;
/// use goodwill::satisfaction::Discontent;
///
/// // One purchase in four dissatisfies, and 5 % of the dissatisfied complain.
/// let left = Discontent::of(1_000, Share::percent(25)?, Share::percent(5)?)?;
/// assert_eq!(left.dissatisfied().to_string(), "250");
/// assert_eq!(left.complaints().to_string(), "12.5");
/// assert_eq!(left.silent().to_string(), "237.5");
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Discontent {
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    dissatisfied: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    complaints: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    silent: Decimal,
}

impl Discontent {
    /// Purchases × the share that dissatisfies × the share of those who complain.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) where a product needs more digits than `Decimal` holds.
    pub fn of(purchases: u64, dissatisfied: Share, complain: Share) -> Result<Self> {
        let dissatisfied = money::product(purchases.into(), dissatisfied.get())?;
        let complaints = money::product(dissatisfied, complain.get())?;
        let silent = money::difference(dissatisfied, complaints)?;
        Ok(Self { dissatisfied, complaints, silent })
    }

    /// Purchases that dissatisfied.
    #[must_use]
    pub fn dissatisfied(&self) -> Decimal {
        self.dissatisfied
    }

    /// Of these, those that are complained of.
    #[must_use]
    pub fn complaints(&self) -> Decimal {
        self.complaints
    }

    /// Of these, those that are not.
    #[must_use]
    pub fn silent(&self) -> Decimal {
        self.silent
    }
}

/// Customers who complained, for every thousand customers, with Wilson's interval.
///
/// # Formula
/// ```text
/// 1000 · complainants/customers, and 1000 times each end of the interval of that share
/// ```
///
/// # Errors
/// As [`Proportion::new`] and [`Proportion::wilson`].
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{Sampling, complaints_per_thousand};
///
/// let sure = Sampling::new(Probability::constant(0.95));
/// assert_eq!(complaints_per_thousand(30, 12_000, &sure)?.value(), 2.5);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Wilson (1927), Journal of the American Statistical Association 22, 209–212, for the interval.
pub fn complaints_per_thousand(
    complainants: u64,
    customers: u64,
    sampling: &Sampling,
) -> Result<Estimate> {
    let rate = Proportion::new(complainants, customers)?.wilson(sampling)?;
    let [value, lower, upper] = [rate.value(), rate.lower(), rate.upper()].map(|of| 1_000.0 * of);
    Ok(Estimate::from_interval(value, lower, upper, sampling.level()))
}

/// A complaint from the day it was made to the day it was settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Complaint {
    opened: NaiveDate,
    settled: Option<NaiveDate>,
}

impl Complaint {
    /// Settled on a day, or still open.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) where it was settled before it was made.
    pub fn new(opened: NaiveDate, settled: Option<NaiveDate>) -> Result<Self> {
        match settled {
            Some(day) if day < opened => Err(Error::inconsistent(format!(
                "a complaint of {opened} cannot be settled on {day}"
            ))),
            _ => Ok(Self { opened, settled }),
        }
    }
}

/// How soon complaints are settled. Those still open are counted in every number that they bear on. Reports of one day
/// [`merge`](Resolution::merge).
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use goodwill::satisfaction::{Complaint, Resolution};
///
/// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
/// let complaints = [
///     Complaint::new(day(1), Some(day(3)))?,
///     Complaint::new(day(2), Some(day(8)))?,
///     Complaint::new(day(4), None)?,
/// ];
/// let resolution = Resolution::of(&complaints, day(20))?;
/// assert_eq!((resolution.settled(), resolution.open()), (2, 1));
/// // Without the open one it would be 4 days.
/// assert_eq!(resolution.median_days(), Some(6.0));
/// assert_eq!(resolution.settled_within(5)?.share(), 1.0 / 3.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Resolution {
    /// Days to settle, ascending.
    settled: Vec<u32>,
    /// Days that the open ones have waited, ascending.
    open: Vec<u32>,
    as_of: NaiveDate,
    /// Days since each complaint was made, ascending.
    age: Vec<(u32, Option<u32>)>,
}

impl Resolution {
    /// As known at the end of day `as_of`.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) with the row for a complaint made or settled after
    /// `as_of`.
    pub fn of(complaints: &[Complaint], as_of: NaiveDate) -> Result<Self> {
        let mut age = Vec::with_capacity(complaints.len());
        for (row, &Complaint { opened, settled }) in complaints.iter().enumerate() {
            let last = settled.unwrap_or(opened);
            if last > as_of {
                let what = format!("{last} lies after the day {as_of} of the report");
                return Err(Error::inconsistent(what).at_row(row));
            }
            let days = |to: NaiveDate| to.signed_duration_since(opened).num_days() as u32;
            age.push((days(as_of), settled.map(days)));
        }
        Ok(Self::of_ages(age, as_of))
    }

    fn of_ages(mut age: Vec<(u32, Option<u32>)>, as_of: NaiveDate) -> Self {
        age.sort_unstable();
        let mut settled: Vec<u32> = age.iter().filter_map(|one| one.1).collect();
        settled.sort_unstable();
        let open = age.iter().filter(|one| one.1.is_none()).map(|one| one.0).collect();
        Self { settled, open, as_of, age }
    }

    /// The complaints of both.
    ///
    /// # Errors
    /// [`Inconsistent`](crate::ErrorKind::Inconsistent) for reports of different days.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.as_of != other.as_of {
            let (one, two) = (self.as_of, other.as_of);
            return Err(Error::inconsistent(format!(
                "reports of {one} and {two} cannot be merged"
            )));
        }
        Ok(Self::of_ages([self.age.as_slice(), &other.age].concat(), self.as_of))
    }

    /// How many are settled.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.settled.len() as u64
    }

    /// How many are open.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.open.len() as u64
    }

    /// How long the oldest open complaint has waited, in days.
    #[must_use]
    pub fn longest_wait(&self) -> Option<u32> {
        self.open.last().copied()
    }

    /// The days after which half of *all* complaints are settled, an open one counted as longer than any; `None`
    /// while that is not known: without complaints, or where an open one that has waited less could still come
    /// before.
    #[must_use]
    pub fn median_days(&self) -> Option<f64> {
        let n = self.age.len();
        if n == 0 {
            return None;
        }
        let middle = [(n - 1) / 2, n / 2].map(|rank| self.settled.get(rank).copied());
        let [Some(below), Some(above)] = middle else { return None };
        let known = self.open.first().is_none_or(|&shortest| shortest >= above);
        known.then(|| 0.5 * (f64::from(below) + f64::from(above)))
    }

    /// The days to settle as a life table, an open complaint counted as known to last longer than it has waited.
    ///
    /// # Errors
    /// None that a resolution leaves possible.
    pub fn life_table(&self) -> Result<LifeTable> {
        let rows =
            self.age.iter().map(|&(age, settled)| (settled.unwrap_or(age), settled.is_some()));
        let (days, settled): (Vec<u32>, Vec<bool>) = rows.unzip();
        LifeTable::from_days(&days, &settled)
    }

    /// The share of complaints that takes longer than each number of days: the open ones are neither dropped nor
    /// taken for settled.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) without complaints; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a
    /// level that is not strictly between 0 and 1.
    ///
    /// # Example
    /// ```
    /// use chrono::NaiveDate;
    /// use goodwill::Probability;
    /// use goodwill::satisfaction::{Complaint, Resolution};
    /// use goodwill::survival::Band;
    ///
    /// let day = |d| NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
    /// let settled = [(1, Some(3)), (1, Some(7)), (14, None), (2, Some(11))];
    /// let complaints = settled
    ///     .map(|(opened, settled)| Complaint::new(day(opened), settled.map(day)))
    ///     .into_iter()
    ///     .collect::<Result<Vec<_>, _>>()?;
    /// let curve = Resolution::of(&complaints, day(20))?.curve(Band::LogLog, Probability::constant(0.95))?;
    /// // Settled after 2, 6 and 9 days; one has waited 6: 3/4, then 3/4·2/3 are open for longer.
    /// assert_eq!(curve.at(2.0)?.value(), 0.75);
    /// assert_eq!(curve.at(6.0)?.value(), 0.5);
    /// assert_eq!(curve.median().value, Some(6.0));
    /// # Ok::<(), goodwill::Error>(())
    /// ```
    ///
    /// # Reference
    /// Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457–481.
    pub fn curve(&self, band: Band, level: Probability) -> Result<KaplanMeier> {
        KaplanMeier::new(&self.life_table()?, band, level)
    }

    /// The share settled within `days`, among the complaints made at least so many days ago: for the others it
    /// is not known yet.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) where no complaint is as old.
    pub fn settled_within(&self, days: u32) -> Result<Proportion> {
        let old = || self.age.iter().filter(|one| one.0 >= days);
        let within = old().filter(|one| one.1.is_some_and(|took| took <= days)).count();
        Proportion::new(within as u64, old().count() as u64)
    }
}

/// What the complaint desk earns: customers who stay because they were answered well, less what it costs. Exact.
///
/// # Formula
/// ```text
/// kept = answered · (stay if answered − stay if not);   gain = kept · margin each;   net = gain − cost
/// ```
///
/// # Example
/// ```
/// use goodwill::Share;
/// use goodwill::satisfaction::ComplaintDesk;
///
/// // Of 200 answered well 95 % buy again, of those not answered 37 %; 250 of margin each; the desk costs 20,000.
/// let desk = ComplaintDesk::new(200, Share::percent(95)?, Share::percent(37)?, 250.into(), 20_000.into())?;
/// assert_eq!(desk.kept(), 116.into());
/// assert_eq!(desk.gain(), 29_000.into());
/// assert_eq!(desk.net(), 9_000.into());
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ComplaintDesk {
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    kept: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    gain: Decimal,
    #[cfg_attr(feature = "serde", serde(with = "rust_decimal::serde::str"))]
    net: Decimal,
}

impl ComplaintDesk {
    /// The shares are of complainants who buy again.
    ///
    /// # Units
    /// `margin_each` is what a customer who stays brings over the time looked at; `cost` is the desk's for these
    /// complaints.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a cost below 0;
    /// [`Overflow`](crate::ErrorKind::Overflow) where a product needs more digits than `Decimal` holds.
    pub fn new(
        answered: u64,
        stay_if_answered: Share,
        stay_if_not: Share,
        margin_each: Decimal,
        cost: Decimal,
    ) -> Result<Self> {
        if cost < Decimal::ZERO {
            return Err(Error::out_of_domain("cost", cost, "[0, ∞)"));
        }
        let more = money::difference(stay_if_answered.get(), stay_if_not.get())?;
        let kept = money::product(answered.into(), more)?;
        let gain = money::product(kept, margin_each)?;
        Ok(Self { kept, gain, net: money::difference(gain, cost)? })
    }

    /// Customers kept who would have left.
    #[must_use]
    pub fn kept(&self) -> Decimal {
        self.kept
    }

    /// The margin they bring.
    #[must_use]
    pub fn gain(&self) -> Decimal {
        self.gain
    }

    /// The gain less the cost.
    #[must_use]
    pub fn net(&self) -> Decimal {
        self.net
    }
}

/// Service recovery: of those who complained and were answered, how many bought again, against those who were not
/// answered.
///
/// # Formula
/// ```text
/// Δ = bought/answered − bought/not answered
/// ```
/// with the interval and the test of two shares in [`change_since`](super::Comparable::change_since).
///
/// # Errors
/// As [`Proportion::new`] and [`change_since`](super::Comparable::change_since).
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::satisfaction::{Sampling, recovery};
///
/// let sure = Sampling::new(Probability::constant(0.95));
/// let more = recovery((95, 100), (37, 100), &sure)?;
/// assert!((more.difference.value() - 0.58).abs() < 1e-15);
/// assert!(more.p_value.get() < 1e-15);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Newcombe (1998), Statistics in Medicine 17, 873–890, method 10, for the interval.
pub fn recovery(
    answered: (u64, u64),
    not_answered: (u64, u64),
    sampling: &Sampling,
) -> Result<super::Change> {
    use super::Comparable;

    let [with, without] = [answered, not_answered].map(|(bought, of)| Proportion::new(bought, of));
    with?.change_since(&without?, sampling)
}
