//! Random input, hostile where the crate is proud: money that tempts to round, ties, days at the same date.

use chrono::{Days, NaiveDate};
use goodwill::{Conventions, Occasion, Refunds, Transaction};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use crate::support::day;

/// Days on which the random rows lie, and one more on either side.
pub(crate) const DAYS: u64 = 16;

/// The day `after` days into the random period.
pub(crate) fn date(after: u64) -> NaiveDate {
    self::after(day(2024, 2, 20), after)
}

/// So many days later.
pub(crate) fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap()
}

/// Amounts of cents, in the range of a till, often equal, often 0.
pub(crate) fn cents() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        3 => (-20_000_i64..60_000).prop_map(|cents| Decimal::new(cents, 2)),
        2 => (-3_i64..6).prop_map(|tens| Decimal::new(tens * 1_000, 2)),
    ]
}

/// 64-bit mantissas at any scale.
pub(crate) fn mixed() -> impl Strategy<Value = Decimal> {
    let scale = 0_u32..=28;
    (any::<i64>(), 0_u32..63, scale).prop_map(|(mantissa, shift, scale)| {
        Decimal::from_i128_with_scale(i128::from(mantissa >> shift), scale)
    })
}

/// 96-bit mantissas at any scale.
pub(crate) fn wide() -> impl Strategy<Value = Decimal> {
    (any::<i128>(), 0_u32..96, 0_u32..=28).prop_map(|(bits, shift, scale)| {
        let magnitude = (bits.unsigned_abs() >> 32) >> shift;
        let mantissa = magnitude as i128 * if bits < 0 { -1 } else { 1 };
        Decimal::from_i128_with_scale(mantissa, scale)
    })
}

/// Amounts at the ends of the type, and those that `Decimal` itself rounds.
pub(crate) fn hostile() -> impl Strategy<Value = Decimal> {
    const TEXTS: [&str; 17] = [
        "7922816251426433759354395033.5",
        "-7922816251426433759354395033.5",
        "0.04",
        "-0.04",
        "0.0000000000000000000000000001",
        "-0.0000000000000000000000000001",
        "79228162514264337593543950335",
        "-79228162514264337593543950335",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "0.9999999999999999999999999999",
        "0",
        "0.0000000000000000000000000000",
        "1000000000000000000000000000",
        "0.1",
        "-1",
    ];
    select(&TEXTS[..]).prop_map(|text| text.parse().unwrap())
}

pub(crate) fn any_money() -> impl Strategy<Value = Decimal> {
    prop_oneof![2 => cents(), 3 => mixed(), 3 => wide(), 3 => hostile()]
}

/// Rows of up to six customers over the random period; each row once more with the other sign now and then,
/// so that money cancels.
pub(crate) fn rows() -> impl Strategy<Value = Vec<Transaction<u32>>> {
    prop_oneof![
        4 => rows_of(cents().boxed(), 60),
        2 => rows_of(mixed().boxed(), 30),
        1 => rows_of(wide().boxed(), 16),
        2 => rows_of(hostile().boxed(), 16),
        2 => rows_of(any_money().boxed(), 20),
    ]
}

/// Rows of money that a till takes.
pub(crate) fn till_rows() -> impl Strategy<Value = Vec<Transaction<u32>>> {
    rows_of(cents().boxed(), 80)
}

fn rows_of(money: BoxedStrategy<Decimal>, most: usize) -> BoxedStrategy<Vec<Transaction<u32>>> {
    let row = (0_u32..6, 1..DAYS, money, prop::bool::weighted(0.15));
    let rows = vec(row, 0..most).prop_map(|rows| {
        let mut all = Vec::new();
        for (customer, after, amount, cancelled) in rows {
            let customer = customer * 1_000_003;
            all.push(Transaction::new(customer, date(after), amount));
            if cancelled {
                let mut back = amount;
                back.set_sign_negative(amount.is_sign_positive());
                all.push(Transaction::new(customer, date(after / 2 + 1), back));
            }
        }
        all
    });
    rows.boxed()
}

/// The same elements in another order.
pub(crate) fn shuffled<T: Clone + std::fmt::Debug + 'static>(
    elements: impl Strategy<Value = Vec<T>>,
) -> impl Strategy<Value = (Vec<T>, Vec<T>)> {
    elements.prop_flat_map(|elements| {
        let shuffled = Just(elements.clone()).prop_shuffle();
        (Just(elements), shuffled)
    })
}

pub(crate) const OCCASIONS: [Occasion; 3] =
    [Occasion::PurchaseDay, Occasion::PaidDay, Occasion::NetPositiveDay];

pub(crate) fn conventions() -> impl Strategy<Value = (Occasion, Refunds)> {
    (select(&OCCASIONS[..]), select(&[Refunds::OnTheDay, Refunds::AgainstEarlier][..]))
}

pub(crate) fn convention((occasion, refunds): (Occasion, Refunds)) -> Conventions {
    Conventions::new().occasion(occasion).refunds(refunds)
}

/// Numbers between two ends, all orders of magnitude alike.
pub(crate) fn log_uniform(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low.ln()..high.ln()).prop_map(f64::exp)
}
