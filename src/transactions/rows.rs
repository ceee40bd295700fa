//! The rows of a purchase log while a ledger is made of them.

use rust_decimal::Decimal;

use crate::money::Sum;
use crate::time::day_number;

use super::Transaction;
use super::amounts::mantissa_at;

/// One transaction in the ledger's terms.
#[derive(Clone, Debug)]
pub(super) struct Row<C, A> {
    pub(super) customer: C,
    pub(super) day: i32,
    pub(super) amount: A,
}

/// Rows in chunks, so that their memory is given back while they are sorted into buckets.
#[derive(Debug)]
pub(super) struct Chunks<C, A>(Vec<Vec<Row<C, A>>>);

impl<C, A> Chunks<C, A> {
    /// Rows of a chunk.
    const SIZE: usize = 4_096;

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Row<C, A>> {
        self.0.iter().flatten()
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

impl<C, A> IntoIterator for Chunks<C, A> {
    type Item = Row<C, A>;
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Vec<Row<C, A>>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().flatten()
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
        let mut narrow = Narrow { scale: 0, chunks: Chunks(Vec::new()), size: 0 };
        while let Some(transaction) = transactions.next() {
            if let Some(amount) = narrow.mantissa(transaction.amount) {
                narrow.chunks.push(Row::of(transaction, amount));
                continue;
            }
            let Narrow { scale, chunks, .. } = narrow;
            let mut wide: Chunks<C, Sum> =
                chunks.map(|amount| Decimal::from_i128_with_scale(amount.into(), scale).into());
            for transaction in std::iter::once(transaction).chain(transactions) {
                let amount = transaction.amount.into();
                wide.push(Row::of(transaction, amount));
            }
            return Self::Wide(wide);
        }
        Self::Narrow { scale: narrow.scale, chunks: narrow.chunks }
    }
}

impl<C, A> Row<C, A> {
    fn of(transaction: Transaction<C>, amount: A) -> Self {
        Self { customer: transaction.customer, day: day_number(transaction.date), amount }
    }
}

struct Narrow<C> {
    scale: u32,
    chunks: Chunks<C, i64>,
    /// The sum of all mantissas without their signs: while it fits 63 bits, so does every total.
    size: i64,
}

impl<C> Narrow<C> {
    /// The mantissa of one more amount, at the largest scale so far. `None` where 64 bits may not do.
    fn mantissa(&mut self, amount: Decimal) -> Option<i64> {
        if amount.scale() > self.scale {
            self.raise(amount.scale())?;
        }
        let mantissa = mantissa_at(amount, self.scale)?;
        self.size = self.size.checked_add(mantissa.checked_abs()?)?;
        Some(mantissa)
    }

    /// Takes all rows to a larger scale; leaves them as they are where they do not fit it.
    fn raise(&mut self, scale: u32) -> Option<()> {
        let unit = 10_i64.checked_pow(scale - self.scale)?;
        self.size = self.size.checked_mul(unit)?;
        for row in self.chunks.0.iter_mut().flatten() {
            row.amount *= unit;
        }
        self.scale = scale;
        Some(())
    }
}
