//! Line numbers for messages: which line of the file a byte lies on.

use std::io::{self, Read};

/// A reader that remembers the bytes it gave since the last row that was understood.
///
/// The CSV parser's own line numbers lag where a row follows blank lines or ends in `\r\n`; this one counts
/// in the bytes themselves, only when a message needs it.
pub(crate) struct Lines<R> {
    inner: R,
    recent: Vec<u8>,
    /// Where `recent` starts: its byte and its line.
    start: u64,
    line: u64,
}

impl<R> Lines<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, recent: Vec::new(), start: 0, line: 1 }
    }

    /// The line of the first row at or after a byte.
    pub(crate) fn line_of(&self, byte: u64) -> u64 {
        let at = self.index(byte);
        let blank = self.recent[at..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let row = at + blank.count();
        self.line + self.ends_before(row)
    }

    /// Lets go of everything before a byte, once it is much.
    pub(crate) fn forget(&mut self, byte: u64) {
        const MUCH: usize = 1 << 20;
        let at = self.index(byte);
        if at >= MUCH {
            self.line += self.ends_before(at);
            self.start += at as u64;
            self.recent.drain(..at);
        }
    }

    fn index(&self, byte: u64) -> usize {
        (byte.saturating_sub(self.start) as usize).min(self.recent.len())
    }

    /// How many lines end before an index: in `\n`, `\r\n` or `\r`.
    fn ends_before(&self, end: usize) -> u64 {
        let ends = |&at: &usize| match self.recent[at] {
            b'\n' => true,
            b'\r' => self.recent.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        (0..end).filter(ends).count() as u64
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.recent.extend_from_slice(&buffer[..length]);
        Ok(length)
    }
}
