//! Reading a ledger back: columns that no ledger has are refused.

use crate::error::{Error, Result};
use crate::money::Sum;

use super::amounts::Amounts;
use super::columns::Finished;

impl Finished {
    /// Refuses columns that no ledger has.
    pub(super) fn validate(&self, customers: usize) -> Result<()> {
        let cells = self.days.len();
        let lengths = [
            ("offsets", self.offsets.len(), customers + 1),
            ("rows", self.rows.len(), cells),
            ("purchases", self.purchases.len(), cells),
            ("net", self.net.len(), cells),
            ("refunds", self.refunds.as_ref().map_or(cells, Amounts::len), cells),
        ];
        if let Some(&(name, got, want)) = lengths.iter().find(|(_, got, want)| got != want) {
            return Err(Error::length_mismatch((name, got), ("ledger", want)));
        }
        if self.offsets.first() != Some(&0) || self.offsets.last() != Some(&cells) {
            return Err(Error::inconsistent(
                "the offsets of a ledger must run from 0 to its cells",
            ));
        }
        if let Some(customer) = self.offsets.windows(2).position(|pair| pair[0] >= pair[1]) {
            return Err(Error::inconsistent("a customer must have a row").at_row(customer));
        }
        for (customer, pair) in self.offsets.windows(2).enumerate() {
            if !self.days[pair[0]..pair[1]].is_sorted_by(|a, b| a < b) {
                return Err(Error::inconsistent("a customer's days must ascend").at_row(customer));
            }
        }
        for cell in 0..cells {
            let day_exists =
                chrono::NaiveDate::from_num_days_from_ce_opt(self.days[cell]).is_some();
            if !day_exists {
                return Err(
                    Error::out_of_domain("day", self.days[cell], "the calendar").at_row(cell)
                );
            }
            if self.rows[cell] == 0 || self.purchases[cell] > self.rows[cell] {
                let what = "a day must have rows, and no more purchases than rows";
                return Err(Error::inconsistent(what).at_row(cell));
            }
        }
        self.validate_money()
    }

    /// Refuses money that is not in its one form, refunds above 0, and refunds without a refund row.
    fn validate_money(&self) -> Result<()> {
        for amounts in [Some(&self.net), self.refunds.as_ref()].into_iter().flatten() {
            if let Some((scale, _)) = amounts.as_narrow().filter(|&(scale, _)| scale > 28) {
                return Err(Error::out_of_domain("scale", scale, "[0, 28]"));
            }
            if Amounts::of(amounts.sums()) != *amounts {
                return Err(Error::inconsistent("a money column must be in its smallest form"));
            }
        }
        let zero = Sum::default();
        let mut any_refund = false;
        for (position, cell) in self.wide_cells().iter().enumerate() {
            any_refund |= cell.refunds < zero;
            let refund_rows = cell.rows - cell.purchases;
            if cell.net < cell.refunds || cell.purchases == 0 && cell.net > cell.refunds {
                let what = "a day's purchases are worth 0 or more, and 0 where there are none";
                return Err(Error::inconsistent(what).at_row(position));
            }
            if cell.refunds > zero || (cell.refunds < zero) != (refund_rows > 0) {
                let what = "refunds are below 0 exactly on days with a refund row";
                return Err(Error::inconsistent(what).at_row(position));
            }
        }
        if self.refunds.is_some() && !any_refund {
            return Err(Error::inconsistent("a ledger without refunds has no refund column"));
        }
        Ok(())
    }
}
