//! The rows of a purchase log while a ledger is made of them.

use rust_decimal::Decimal;

use crate::money::Sum;
use crate::parallel::map_parts;
use crate::time::day_number;

use super::Transaction;
use super::amounts::{Amount, mantissa_at};
use super::customer_id::CustomerId;

/// One transaction in the ledger's terms.
#[derive(Clone, Debug)]
pub(super) struct Row<C, A> {
    pub(super) customer: C,
    pub(super) day: i32,
    pub(super) amount: A,
}

/// Rows whose customers are read first, and then all of them.
pub(super) trait RowSource<C, A>: Send + Sync {
    fn rows(&self) -> usize;
    fn customers<'a>(&'a self) -> impl Iterator<Item = &'a C>
    where
        C: 'a;
    /// In the same order.
    fn into_rows(self) -> impl Iterator<Item = Row<C, A>>;
}

impl<C: CustomerId, A: Amount> RowSource<C, A> for Chunks<C, A> {
    fn rows(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    fn customers<'a>(&'a self) -> impl Iterator<Item = &'a C>
    where
        C: 'a,
    {
        self.0.iter().flatten().map(|row| &row.customer)
    }

    fn into_rows(self) -> impl Iterator<Item = Row<C, A>> {
        self.0.into_iter().flatten()
    }
}

/// Transactions where they lie, whose money is whole at a scale.
pub(super) struct Slice<'a, C> {
    transactions: &'a [Transaction<C>],
    scale: u32,
}

impl<'a, C: CustomerId> Slice<'a, C> {
    /// The transactions in so many parts, or fewer, of about equal size; `None` where 64 bits may not do.
    pub(super) fn parts(transactions: &'a [Transaction<C>], count: usize) -> Option<Vec<Self>> {
        let size = transactions.len().div_ceil(count).max(1);
        let parts = || transactions.chunks(size).collect::<Vec<_>>();
        let measure = |part: &[Transaction<C>]| {
            part.iter().try_fold(Size::default(), |size, row| size.with(row.amount))
        };
        let sizes: Option<Vec<Size>> = map_parts(parts(), measure).into_iter().collect();
        let scale = sizes?.into_iter().try_fold(Size::default(), Size::plus)?.scale;
        let slice = |transactions| Self { transactions, scale };
        Some(parts().into_iter().map(slice).collect())
    }

    pub(super) fn scale(&self) -> u32 {
        self.scale
    }
}

impl<C: CustomerId> RowSource<C, i64> for Slice<'_, C> {
    fn rows(&self) -> usize {
        self.transactions.len()
    }

    fn customers<'a>(&'a self) -> impl Iterator<Item = &'a C>
    where
        C: 'a,
    {
        self.transactions.iter().map(|row| &row.customer)
    }

    fn into_rows(self) -> impl Iterator<Item = Row<C, i64>> {
        let row = move |row: &Transaction<C>| Row {
            customer: row.customer.clone(),
            day: day_number(row.date),
            // All of them fit: they were added up.
            amount: mantissa_at(row.amount, self.scale).unwrap_or(0),
        };
        self.transactions.iter().map(row)
    }
}

/// Rows in chunks, so that their memory is given back while they are sorted into buckets.
#[derive(Debug)]
pub(super) struct Chunks<C, A>(Vec<Vec<Row<C, A>>>);

impl<C, A> Chunks<C, A> {
    /// Rows of a chunk.
    const SIZE: usize = 4_096;

    /// The same rows in so many parts, or fewer, of about equal size.
    pub(super) fn parts(self, count: usize) -> Vec<Self> {
        let size = self.0.len().div_ceil(count).max(1);
        let mut chunks = self.0.into_iter();
        let part = || Self(chunks.by_ref().take(size).collect());
        std::iter::repeat_with(part).take_while(|part| !part.0.is_empty()).collect()
    }

    fn push(&mut self, row: Row<C, A>) {
        match self.0.last_mut() {
            Some(open) if open.len() < Self::SIZE => open.push(row),
            _ => {
                let mut open = Vec::with_capacity(Self::SIZE);
                open.push(row);
                self.0.push(open);
            }
        }
    }

    /// The same rows with another money.
    fn map<B>(self, amount: impl Fn(A) -> B) -> Chunks<C, B> {
        let row = |row: Row<C, A>| Row {
            customer: row.customer,
            day: row.day,
            amount: amount(row.amount),
        };
        Chunks(self.0.into_iter().map(|chunk| chunk.into_iter().map(row).collect()).collect())
    }
}

/// All rows, their money in 64-bit mantissas at one scale where no total of theirs can overflow.
#[derive(Debug)]
pub(super) enum Rows<C> {
    Narrow { scale: u32, chunks: Chunks<C, i64> },
    Wide(Chunks<C, Sum>),
}

impl<C> Rows<C> {
    pub(super) fn collect(mut transactions: impl Iterator<Item = Transaction<C>>) -> Self {
        let mut narrow = Narrow { chunks: Chunks(Vec::new()), size: Size::default() };
        while let Some(transaction) = transactions.next() {
            if let Some(amount) = narrow.mantissa(transaction.amount) {
                narrow.chunks.push(Row::of(transaction, amount));
                continue;
            }
            let Narrow { chunks, size: Size { scale, .. } } = narrow;
            let mut wide: Chunks<C, Sum> =
                chunks.map(|amount| Decimal::from_i128_with_scale(amount.into(), scale).into());
            for transaction in std::iter::once(transaction).chain(transactions) {
                let amount = transaction.amount.into();
                wide.push(Row::of(transaction, amount));
            }
            return Self::Wide(wide);
        }
        Self::Narrow { scale: narrow.size.scale, chunks: narrow.chunks }
    }
}

impl<C, A> Row<C, A> {
    fn of(transaction: Transaction<C>, amount: A) -> Self {
        Self { customer: transaction.customer, day: day_number(transaction.date), amount }
    }
}

struct Narrow<C> {
    chunks: Chunks<C, i64>,
    size: Size,
}

impl<C> Narrow<C> {
    /// The mantissa of one more amount, at the largest scale so far. `None` where 64 bits may not do.
    fn mantissa(&mut self, amount: Decimal) -> Option<i64> {
        let size = self.size.with(amount)?;
        if size.scale > self.size.scale {
            let unit = 10_i64.checked_pow(size.scale - self.size.scale)?;
            self.chunks.0.iter_mut().flatten().for_each(|row| row.amount *= unit);
        }
        self.size = size;
        mantissa_at(amount, size.scale)
    }
}

/// The sum of all mantissas without their signs, at the largest scale of any: while it fits 63 bits, so does every
/// total.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    scale: u32,
    sum: i64,
}

impl Size {
    #[inline]
    fn with(self, amount: Decimal) -> Option<Self> {
        let Self { scale, sum } = self.at(amount.scale())?;
        Some(Self { scale, sum: sum.checked_add(mantissa_at(amount, scale)?.checked_abs()?)? })
    }

    fn plus(self, other: Self) -> Option<Self> {
        let (own, other) = (self.at(other.scale)?, other.at(self.scale)?);
        Some(Self { scale: own.scale, sum: own.sum.checked_add(other.sum)? })
    }

    /// The same at a scale, where that is larger.
    #[inline]
    fn at(self, scale: u32) -> Option<Self> {
        if scale <= self.scale {
            return Some(self);
        }
        let unit = 10_i64.checked_pow(scale - self.scale)?;
        Some(Self { scale, sum: self.sum.checked_mul(unit)? })
    }
}
