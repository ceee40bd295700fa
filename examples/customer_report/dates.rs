//! Days from text.

use chrono::NaiveDate;
use chrono::format::{Item, Parsed, StrftimeItems, parse};

/// The format that is understood without being told.
pub(crate) const ISO: &str = "%Y-%m-%d";

/// How the dates of the file are written.
#[derive(Clone, Debug)]
pub(crate) struct DateFormat {
    text: String,
    items: Vec<Item<'static>>,
}

impl DateFormat {
    /// A format in the notation of strftime.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let items = StrftimeItems::new(text)
            .parse_to_owned()
            .map_err(|_| "it is not a date format such as %d/%m/%Y".to_owned())?;
        Ok(Self { text: text.to_owned(), items })
    }

    /// The format as it was given.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The day that a text names; a time of day, where the format has one, is passed over. The ISO format
    /// may be followed by a time of day that it does not name.
    pub(crate) fn read(&self, text: &str) -> Option<NaiveDate> {
        let text = text.trim();
        let day = self.read_all(text);
        if day.is_none() && self.text == ISO {
            return self.read_all(before_time(text)?);
        }
        day
    }

    fn read_all(&self, text: &str) -> Option<NaiveDate> {
        let mut parsed = Parsed::new();
        parse(&mut parsed, text, self.items.iter()).ok()?;
        let from_timestamp = |_| parsed.to_naive_datetime_with_offset(0).map(|time| time.date());
        parsed.to_naive_date().or_else(from_timestamp).ok()
    }
}

/// The date of `2024-01-05 12:30:00` or `2024-01-05T12:30:00Z`.
fn before_time(text: &str) -> Option<&str> {
    let (date, time) = text.split_at_checked(10)?;
    match time.as_bytes() {
        [b'T' | b' ', b'0'..=b'2', b'0'..=b'9', b':', ..] => Some(date),
        _ => None,
    }
}
