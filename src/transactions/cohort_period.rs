//! The calendar periods in which customers and their money are counted.

use chrono::{Datelike, NaiveDate};

/// The calendar periods in which cohorts are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum CohortPeriod {
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months, from January.
    Quarter,
    /// A calendar year.
    Year,
}

impl CohortPeriod {
    /// The number of the period of a date; one more is the next period.
    pub(crate) fn number(self, date: NaiveDate) -> i32 {
        let month = date.year() * 12 + date.month0() as i32;
        match self {
            // Day 1 of the calendar was a Monday.
            Self::Week => (date.num_days_from_ce() - 1).div_euclid(7),
            Self::Month => month,
            Self::Quarter => month.div_euclid(3),
            Self::Year => date.year(),
        }
    }

    /// The first day of a period, where the calendar has it.
    pub(crate) fn first_day(self, number: i32) -> Option<NaiveDate> {
        let of_month = |month: i32| {
            let (year, month0) = (month.div_euclid(12), month.rem_euclid(12));
            NaiveDate::from_ymd_opt(year, month0 as u32 + 1, 1)
        };
        match self {
            Self::Week => NaiveDate::from_num_days_from_ce_opt(number * 7 + 1),
            Self::Month => of_month(number),
            Self::Quarter => of_month(number * 3),
            Self::Year => NaiveDate::from_ymd_opt(number, 1, 1),
        }
    }
}
