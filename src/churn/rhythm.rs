//! Lost by the customer's own rhythm: who buys monthly is missed sooner than who buys yearly.

use chrono::NaiveDate;

use super::rates::Standing;
use crate::error::{Error, Result};
use crate::math::quantile::quantile;
use crate::quantity::Probability;
use crate::time::day_number;
use crate::transactions::{CustomerId, Ledger};

/// What to say of customers who bought once, so that they have no rhythm of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum OneTimeBuyers {
    /// They are held to the rhythm of the whole base: the same quantile of all its gaps.
    LikeTheBase,
    /// Nothing: they are counted apart.
    Unknown,
}

/// A customer counts as lost once he has been silent for longer than `times` × the `quantile`-quantile of the gaps
/// between his own purchases.
///
/// # Formula
/// ```text
/// lost ⇔ days since the last purchase > times · Q(quantile),   Q of the days between his purchase days
/// ```
/// with the quantile interpolated (Hyndman and Fan's definition 7).
///
/// # Example
/// ```
/// use chrono::NaiveDate;
/// use goodwill::churn::{OneTimeBuyers, OwnRhythm, Standing};
/// use goodwill::{Ledger, Probability, Transaction};
///
/// let day = |month, d| NaiveDate::from_ymd_opt(2024, month, d).unwrap();
/// let row = |who, date| Transaction::new(who, date, 10.into());
/// let ledger = Ledger::from_transactions([
///     row("weekly", day(1, 1)), row("weekly", day(1, 8)), row("weekly", day(1, 15)),
///     row("monthly", day(1, 1)), row("monthly", day(2, 1)), row("once", day(1, 15)),
/// ])?;
/// let rule = OwnRhythm::new(Probability::constant(0.9), 2.0, OneTimeBuyers::Unknown)?;
/// // On 1 March weekly has been silent for 46 days (> 14), monthly for 29 (≤ 62).
/// let standings = ledger.standings(day(3, 1), rule)?;
/// assert_eq!(standings, [Standing::Kept, Standing::Unknown, Standing::Lost]); // monthly, once, weekly
/// // Weekly's gaps are 7 days: on 29 January he has been silent for 14, twice that and no longer; a day later he is lost.
/// let lost = |on| Ok::<_, goodwill::Error>(ledger.until(on).standings(on, rule)?.last() == Some(&Standing::Lost));
/// assert_eq!((lost(day(1, 29))?, lost(day(1, 30))?), (false, true));
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct OwnRhythm {
    quantile: Probability,
    times: f64,
    one_time_buyers: OneTimeBuyers,
}

impl OwnRhythm {
    /// The rule.
    ///
    /// # Errors
    /// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) unless `0 < times < ∞`.
    pub fn new(quantile: Probability, times: f64, one_time_buyers: OneTimeBuyers) -> Result<Self> {
        if times > 0.0 && times < f64::INFINITY {
            Ok(Self { quantile, times, one_time_buyers })
        } else {
            Err(Error::out_of_domain("times", times, "(0, ∞)"))
        }
    }

    /// The quantile of the gaps.
    #[must_use]
    pub fn quantile(&self) -> Probability {
        self.quantile
    }

    /// How many times that gap is waited.
    #[must_use]
    pub fn times(&self) -> f64 {
        self.times
    }

    /// What is said of customers who bought once.
    #[must_use]
    pub fn one_time_buyers(&self) -> OneTimeBuyers {
        self.one_time_buyers
    }

    pub(super) fn standings<C: CustomerId>(
        &self,
        ledger: &Ledger<C>,
        as_of: NaiveDate,
    ) -> Vec<Standing> {
        let today = day_number(as_of);
        let customers = 0..ledger.customers().len();
        let bought = |customer| {
            let days = ledger.days_of(customer).filter(|day| day.bought);
            days.map(|day| day.number).collect::<Vec<i32>>()
        };
        let gaps = |days: &[i32]| {
            let mut gaps: Vec<f64> =
                days.windows(2).map(|two| f64::from(two[1] - two[0])).collect();
            gaps.sort_unstable_by(f64::total_cmp);
            gaps
        };
        let base = match self.one_time_buyers {
            OneTimeBuyers::Unknown => Vec::new(),
            OneTimeBuyers::LikeTheBase => {
                let mut all: Vec<f64> =
                    customers.clone().flat_map(|customer| gaps(&bought(customer))).collect();
                all.sort_unstable_by(f64::total_cmp);
                all
            }
        };
        let standing = |customer| {
            let days = bought(customer);
            let Some(&last) = days.last() else { return Standing::NeverBought };
            let own = gaps(&days);
            let rhythm = if own.is_empty() { &base } else { &own };
            if rhythm.is_empty() {
                return Standing::Unknown;
            }
            let patience = self.times * quantile(rhythm, self.quantile.get());
            if f64::from(today - last) > patience { Standing::Lost } else { Standing::Kept }
        };
        customers.map(standing).collect()
    }
}

impl std::fmt::Display for OwnRhythm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { quantile, times, .. } = self;
        write!(f, "silent for more than {times} times the {quantile} quantile of the own gaps")
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    quantile: Probability,
    times: f64,
    one_time_buyers: OneTimeBuyers,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for OwnRhythm {
    type Error = Error;

    fn try_from(Fields { quantile, times, one_time_buyers }: Fields) -> Result<Self> {
        Self::new(quantile, times, one_time_buyers)
    }
}

#[cfg(feature = "serde")]
impl From<OwnRhythm> for Fields {
    fn from(OwnRhythm { quantile, times, one_time_buyers }: OwnRhythm) -> Self {
        Self { quantile, times, one_time_buyers }
    }
}
