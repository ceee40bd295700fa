//! Numbers that order rows by customer, so that rows can be put into buckets instead of compared.

use super::customer_id::CustomerId;

/// How ids of one log become numbers that never order two ids the wrong way.
#[derive(Debug)]
pub(super) enum SortKeys {
    /// The ids' own radix keys.
    Radix,
    /// The ids' bytes as digits.
    Text(Digits),
    /// Ids that can only be compared: all have the key 0.
    None,
}

impl SortKeys {
    pub(super) fn of<'a, C: CustomerId + 'a, I: Iterator<Item = &'a C>>(
        ids: impl Fn() -> I,
    ) -> Self {
        let Some(first) = ids().next() else { return Self::None };
        if first.radix_key().is_some() {
            Self::Radix
        } else if first.sort_bytes().is_some() {
            Self::Text(Digits::of(|| ids().filter_map(CustomerId::sort_bytes)))
        } else {
            Self::None
        }
    }

    /// The key of an id: a smaller id never has a larger key.
    pub(super) fn key<C: CustomerId>(&self, customer: &C) -> u64 {
        match self {
            Self::Radix => customer.radix_key().unwrap_or(0),
            Self::Text(digits) => digits.key(customer.sort_bytes().unwrap_or(&[])),
            Self::None => 0,
        }
    }

    /// Whether ids are their own keys.
    pub(super) fn is_radix(&self) -> bool {
        matches!(self, Self::Radix)
    }

    /// Whether equal keys mean equal ids.
    pub(super) fn is_exact(&self) -> bool {
        match self {
            Self::Radix => true,
            Self::Text(digits) => digits.is_exact,
            Self::None => false,
        }
    }
}

/// Text read as a number: each byte after the prefix that all ids share is a digit, whose base is the range of
/// the bytes seen in its place (0 for the end of the text). As many digits count as 64 bits hold.
#[derive(Debug)]
pub(super) struct Digits {
    prefix: usize,
    /// Smallest digit and base of each place.
    places: Vec<(u16, u64)>,
    is_exact: bool,
}

impl Digits {
    /// More places than 64 bits hold, but for places that never vary.
    const PLACES: usize = 64;

    fn of<'a, I: Iterator<Item = &'a [u8]>>(ids: impl Fn() -> I) -> Self {
        let first = ids().next().unwrap_or(&[]);
        let mut prefix = first.len();
        let mut longest = 0;
        for id in ids() {
            longest = longest.max(id.len());
            prefix = if id.starts_with(&first[..prefix]) { prefix } else { shared(first, id) };
        }
        // Where all ids end, the place of the end is as good as a varying one.
        let count = (longest - prefix).min(Self::PLACES);
        let mut ranges = vec![(u16::MAX, 0_u16); count];
        for id in ids() {
            for (place, (least, most)) in ranges.iter_mut().enumerate() {
                let digit = digit(id, prefix + place);
                *least = digit.min(*least);
                *most = digit.max(*most);
            }
        }
        let mut size = 1_u64;
        let mut places = Vec::with_capacity(count);
        for (least, most) in ranges {
            let base = u64::from(most - least) + 1;
            let Some(larger) = size.checked_mul(base) else { break };
            size = larger;
            places.push((least, base));
        }
        Self { prefix, is_exact: places.len() == longest - prefix, places }
    }

    fn key(&self, id: &[u8]) -> u64 {
        let mut key = 0;
        for (place, &(least, base)) in self.places.iter().enumerate() {
            key = key * base + u64::from(digit(id, self.prefix + place) - least);
        }
        key
    }
}

/// A byte as a digit, above the 0 of the end of the text.
fn digit(id: &[u8], place: usize) -> u16 {
    id.get(place).map_or(0, |&byte| u16::from(byte) + 1)
}

/// How many bytes two texts begin with together.
fn shared(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}
