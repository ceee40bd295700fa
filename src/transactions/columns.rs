//! The ledger's columns while they are made: cells (customer, day) appended in order.

use std::mem::take;

use crate::money::Sum;
use crate::parallel::concat;

use super::amounts::{Amount, Amounts};

/// What one customer did on one day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell<A> {
    pub(super) net: A,
    /// The refunds in `net`, at most 0.
    pub(super) refunds: A,
    pub(super) rows: u32,
    pub(super) purchases: u32,
}

impl<A: Amount> Cell<A> {
    /// One row of the purchase log.
    pub(super) fn of_row(amount: A) -> Self {
        if amount < A::default() {
            Self { net: amount, refunds: amount, rows: 1, purchases: 0 }
        } else {
            Self { net: amount, refunds: A::default(), rows: 1, purchases: 1 }
        }
    }

    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            net: self.net.plus(other.net)?,
            refunds: self.refunds.plus(other.refunds)?,
            rows: self.rows.checked_add(other.rows)?,
            purchases: self.purchases.checked_add(other.purchases)?,
        })
    }
}

/// Columns under construction. Push a customer, then his cells by ascending day; cells of one day add up.
#[derive(Debug)]
pub(super) struct Columns<A> {
    pub(super) offsets: Vec<usize>,
    pub(super) days: Vec<i32>,
    pub(super) rows: Vec<u32>,
    pub(super) purchases: Vec<u32>,
    net: Vec<A>,
    refunds: Vec<A>,
    has_refunds: bool,
}

impl<A: Amount> Columns<A> {
    pub(super) fn with_capacity(cells: usize) -> Self {
        Self {
            offsets: vec![0],
            days: Vec::with_capacity(cells),
            rows: Vec::with_capacity(cells),
            purchases: Vec::with_capacity(cells),
            net: Vec::with_capacity(cells),
            refunds: Vec::new(),
            has_refunds: false,
        }
    }

    /// Appends one customer's cells, sorted by day. `None` where a cell's money overflows.
    pub(super) fn push_customer(
        &mut self,
        cells: impl Iterator<Item = (i32, Cell<A>)>,
    ) -> Option<()> {
        let mut open: Option<(i32, Cell<A>)> = None;
        for (day, cell) in cells {
            open = match open {
                Some((open_day, open_cell)) if open_day == day => {
                    Some((day, open_cell.plus(cell)?))
                }
                finished => {
                    self.push_cell(finished);
                    Some((day, cell))
                }
            };
        }
        self.push_cell(open);
        self.offsets.push(self.days.len());
        Some(())
    }

    fn push_cell(&mut self, cell: Option<(i32, Cell<A>)>) {
        let Some((day, cell)) = cell else { return };
        if cell.refunds < A::default() && !self.has_refunds {
            self.has_refunds = true;
            self.refunds.resize(self.days.len(), A::default());
        }
        if self.has_refunds {
            self.refunds.push(cell.refunds);
        }
        self.days.push(day);
        self.net.push(cell.net);
        self.rows.push(cell.rows);
        self.purchases.push(cell.purchases);
    }

    /// The columns of all parts, one after the other.
    pub(super) fn concat(mut parts: Vec<Self>) -> Self {
        if parts.len() <= 1 {
            return parts.pop().unwrap_or_else(|| Self::with_capacity(0));
        }
        let has_refunds = parts.iter().any(|part| part.has_refunds);
        let mut offsets = vec![0];
        let mut cells = 0;
        for part in &mut parts {
            offsets.extend(part.offsets.iter().skip(1).map(|offset| cells + offset));
            cells += part.days.len();
            if has_refunds {
                part.refunds.resize(part.days.len(), A::default());
            }
        }
        Self {
            offsets,
            days: concat(parts.iter_mut().map(|part| take(&mut part.days)).collect()),
            rows: concat(parts.iter_mut().map(|part| take(&mut part.rows)).collect()),
            purchases: concat(parts.iter_mut().map(|part| take(&mut part.purchases)).collect()),
            net: concat(parts.iter_mut().map(|part| take(&mut part.net)).collect()),
            refunds: concat(parts.into_iter().map(|part| part.refunds).collect()),
            has_refunds,
        }
    }

    /// The finished columns, with the money in its final form.
    pub(super) fn finish(self, form: impl Fn(Vec<A>) -> Amounts) -> Finished {
        Finished {
            refunds: self.has_refunds.then(|| form(self.refunds)),
            net: form(self.net),
            offsets: self.offsets,
            days: self.days,
            rows: self.rows,
            purchases: self.purchases,
        }
    }
}

/// The columns of a ledger but for its customers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Finished {
    /// Where each customer's cells start; one more than there are customers.
    pub(super) offsets: Vec<usize>,
    pub(super) days: Vec<i32>,
    pub(super) rows: Vec<u32>,
    pub(super) purchases: Vec<u32>,
    pub(super) net: Amounts,
    /// Left out while there are none.
    pub(super) refunds: Option<Amounts>,
}

impl Default for Finished {
    fn default() -> Self {
        Self {
            offsets: vec![0],
            days: Vec::new(),
            rows: Vec::new(),
            purchases: Vec::new(),
            net: Amounts::default(),
            refunds: None,
        }
    }
}

impl Finished {
    pub(super) fn customer_cells(&self, customer: usize) -> std::ops::Range<usize> {
        self.offsets[customer]..self.offsets[customer + 1]
    }

    /// Money of both columns as mantissas at one scale, where they are narrow and fit.
    pub(super) fn narrow_cells(&self, scale: u32) -> Option<Vec<Cell<i64>>> {
        let net = rescaled(&self.net, scale)?;
        let refunds = match &self.refunds {
            Some(refunds) => rescaled(refunds, scale)?,
            None => vec![0; net.len()],
        };
        Some(self.cells(&net, &refunds))
    }

    /// Money of both columns as exact sums.
    pub(super) fn wide_cells(&self) -> Vec<Cell<Sum>> {
        let net = self.net.sums();
        let refunds = match &self.refunds {
            Some(refunds) => refunds.sums(),
            None => vec![Sum::default(); net.len()],
        };
        self.cells(&net, &refunds)
    }

    /// The scale at which both columns are whole, where both are narrow.
    pub(super) fn scale(&self) -> Option<u32> {
        let net = self.net.as_narrow()?.0;
        let refunds = match &self.refunds {
            Some(refunds) => refunds.as_narrow()?.0,
            None => 0,
        };
        Some(net.max(refunds))
    }

    fn cells<A: Copy>(&self, net: &[A], refunds: &[A]) -> Vec<Cell<A>> {
        (0..self.days.len())
            .map(|i| Cell {
                net: net[i],
                refunds: refunds[i],
                rows: self.rows[i],
                purchases: self.purchases[i],
            })
            .collect()
    }
}

fn rescaled(amounts: &Amounts, scale: u32) -> Option<Vec<i64>> {
    let (own, mantissas) = amounts.as_narrow()?;
    let unit = 10_i64.checked_pow(scale.checked_sub(own)?)?;
    mantissas.iter().map(|mantissa| mantissa.checked_mul(unit)).collect()
}
