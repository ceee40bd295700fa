//! Who was said to be active, and who was.

use crate::error::{Error, Result};
use crate::math::count;
use crate::transactions::Holdout;

/// Customers who were said to be active or gone, by whether they bought in the holdout: a summary that merges.
///
/// # Example
/// ```
/// use goodwill::lifetime::ActivityHits;
/// use goodwill::{Conventions, Ledger, Transaction};
///
/// let day = |d| chrono::NaiveDate::from_ymd_opt(2024, 3, d).unwrap();
/// let row = |who, d| Transaction::new(who, day(d), 7.into());
/// let ledger = Ledger::from_transactions([row("ann", 1), row("ann", 20), row("bob", 2), row("cat", 2)])?;
/// let split = ledger.split(day(10), day(31), &Conventions::default())?;
/// let hits = ActivityHits::of(&[true, true, false], &split.holdout)?; // ann and bob were said to be active
/// assert_eq!((hits.active_and_bought, hits.active_but_silent, hits.gone_and_silent), (1, 1, 1));
/// assert_eq!(hits.accuracy()?, 2.0 / 3.0);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Wübben and Wangenheim (2008), Journal of Marketing 72(3), 82–93, who count a customer as active where P(alive)
/// is above one half.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ActivityHits {
    /// Said to be active, and bought.
    pub active_and_bought: u64,
    /// Said to be active, but did not buy.
    pub active_but_silent: u64,
    /// Said to be gone, but bought.
    pub gone_but_bought: u64,
    /// Said to be gone, and did not buy.
    pub gone_and_silent: u64,
}

impl ActivityHits {
    /// Counts; the rows are those of [`Holdout::purchases`].
    ///
    /// # Errors
    /// [`LengthMismatch`](crate::ErrorKind::LengthMismatch).
    pub fn of(active: &[bool], holdout: &Holdout) -> Result<Self> {
        let rows = (holdout.purchases.len(), active.len());
        if rows.0 != rows.1 {
            return Err(Error::length_mismatch(("active", rows.1), ("purchases", rows.0)));
        }
        let mut hits = Self::default();
        for (&active, &purchases) in active.iter().zip(&holdout.purchases) {
            *match (active, purchases > 0) {
                (true, true) => &mut hits.active_and_bought,
                (true, false) => &mut hits.active_but_silent,
                (false, true) => &mut hits.gone_but_bought,
                (false, false) => &mut hits.gone_and_silent,
            } += 1;
        }
        Ok(hits)
    }

    /// Takes in the customers of another shard.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for more customers than are counted, which leaves it as it was.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        let mut both = *self;
        for (own, more) in [
            (&mut both.active_and_bought, other.active_and_bought),
            (&mut both.active_but_silent, other.active_but_silent),
            (&mut both.gone_but_bought, other.gone_but_bought),
            (&mut both.gone_and_silent, other.gone_and_silent),
        ] {
            count::add(own, more, "a number of customers")?;
        }
        *self = both;
        Ok(())
    }

    /// The share of customers of whom the right thing was said.
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) without customers.
    pub fn accuracy(&self) -> Result<f64> {
        let right = u128::from(self.active_and_bought) + u128::from(self.gone_and_silent);
        let wrong = u128::from(self.active_but_silent) + u128::from(self.gone_but_bought);
        if right + wrong == 0 {
            return Err(Error::undefined("accuracy", "there is no customer"));
        }
        Ok(right as f64 / (right + wrong) as f64)
    }
}
