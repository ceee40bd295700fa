//! What can name a customer.

use std::hash::Hash;
use std::sync::Arc;

/// What can name a customer: anything ordered, hashable and cheap to clone.
///
/// Implemented for the integers, `String`, `&str` and `Arc<str>`; implement it for your own key with an
/// empty body, or give a [`radix_key`](CustomerId::radix_key) for speed. Results list customers in the order
/// of their ids, so they do not depend on the order of the rows.
///
/// # Example
/// ```
/// use goodwill::CustomerId;
///
/// #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
/// struct Account { branch: u16, number: u32 }
///
/// impl CustomerId for Account {
///     fn radix_key(&self) -> Option<u64> {
///         Some(u64::from(self.branch) << 32 | u64::from(self.number))
///     }
/// }
/// assert!(Account { branch: 1, number: 9 }.radix_key() < Account { branch: 2, number: 0 }.radix_key());
/// ```
pub trait CustomerId: Ord + Hash + Clone + Send + Sync {
    /// A number that orders exactly as the ids do and is equal exactly for equal ids; `None` (the default)
    /// where there is none. Either all ids of a type have one or none has.
    fn radix_key(&self) -> Option<u64> {
        None
    }

    /// Bytes that order exactly as the ids do and are equal exactly for equal ids; `None` (the default) where
    /// there are none. Either all ids of a type have them or none has.
    fn sort_bytes(&self) -> Option<&[u8]> {
        None
    }
}

macro_rules! integer_ids {
    ($($integer:ty),*) => {$(
        impl CustomerId for $integer {
            fn radix_key(&self) -> Option<u64> {
                // Counted from the smallest value of the type, signed or not.
                Some(self.abs_diff(Self::MIN).into())
            }
        }
    )*};
}

integer_ids!(u8, u16, u32, u64, i8, i16, i32, i64);

impl CustomerId for usize {
    fn radix_key(&self) -> Option<u64> {
        Some(*self as u64)
    }
}

impl CustomerId for u128 {}
impl CustomerId for i128 {}

macro_rules! text_ids {
    ($($text:ty),*) => {$(
        impl CustomerId for $text {
            fn sort_bytes(&self) -> Option<&[u8]> {
                Some(self.as_bytes())
            }
        }
    )*};
}

text_ids!(String, &str, Arc<str>);
