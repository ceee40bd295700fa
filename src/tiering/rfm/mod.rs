//! RFM: who bought lately, often and for much money, as three scores per customer.
//!
//! Scores run from 1 to n and n is always the best, for recency too: the fewest days since the last purchase.

mod break_even;
mod grade;
mod measures;
mod scores;
mod segmentation;

pub use break_even::{BreakEven, MailingResult};
pub use measures::{RfmCuts, RfmMeasures};
pub use scores::{RfmScore, RfmScores, RfmWeights};
pub use segmentation::{RfmSegment, RfmSegments, SegmentRule, Segmentation};
