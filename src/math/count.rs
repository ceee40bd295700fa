//! Counts, which grow without bound as summaries merge, and must not wrap around.

use crate::error::{Error, Result};

/// Counts so many more of `what`.
pub(crate) fn add(count: &mut u64, more: u64, what: &str) -> Result<()> {
    *count = count.checked_add(more).ok_or_else(|| Error::overflow(what))?;
    Ok(())
}
