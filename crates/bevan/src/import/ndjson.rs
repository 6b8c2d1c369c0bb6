//! NDJSON cut into units of whole lines.

use super::cut::{Content, Unit};
use std::io::{BufRead, Error};

/// Lines of one commit: enough to share an fsync, few enough to be done again after a stop.
const LINES: usize = 1_000;
/// Bytes of one commit, about.
const BYTES: usize = 4 << 20;

/// The units of an NDJSON stream. Where it breaks, the whole lines before are a unit, and the break is the last one.
pub struct Lines<R> {
    reader: R,
    next: u64,
    /// Bytes on disk for each byte read.
    ratio: f64,
    broken: Option<Error>,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    /// Cuts a stream.
    pub fn new(reader: R, ratio: f64) -> Self {
        Self { reader, next: 1, ratio, broken: None, ended: false }
    }

    /// The next lines; fewer than fit before a break or the end.
    fn lines(&mut self) -> (Vec<Vec<u8>>, usize) {
        let (mut lines, mut bytes) = (Vec::new(), 0);
        while !self.ended && lines.len() < LINES && bytes < BYTES {
            match line(&mut self.reader) {
                Ok(Some(line)) => {
                    bytes += line.len() + 1;
                    lines.push(line);
                }
                Ok(None) => self.ended = true,
                // Part of a line may have been read: it is no line.
                Err(error) => (self.broken, self.ended) = (Some(error), true),
            }
        }
        (lines, bytes)
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let first = self.next;
        let (lines, bytes) = self.lines();
        if lines.is_empty() {
            let content = Content::Break(self.broken.take()?);
            return Some(Unit { first, content, bytes_read: 0 });
        }
        self.next += lines.len() as u64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a progress bar may be off by a byte"
        )]
        let bytes_read = (bytes as f64 * self.ratio) as u64;
        Some(Unit { first, content: Content::Lines(lines), bytes_read })
    }
}

/// Reads one line without its end; `None` at the end of the file.
fn line(reader: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Ok(Some(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufReader, Read};

    /// Number of the first line and how many there are; a break has none.
    fn cuts(reader: impl BufRead) -> Vec<(u64, usize)> {
        let held = |unit: Unit| match unit.content {
            Content::Lines(lines) => (unit.first, lines.len()),
            _ => (unit.first, 0),
        };
        Lines::new(reader, 1.0).map(held).collect()
    }

    #[test]
    fn units_are_the_same_on_every_run() {
        let text = "{\"a\":1}\r\n".repeat(2_400);
        assert_eq!(cuts(text.as_bytes()), [(1, 1000), (1001, 1000), (2001, 400)]);
        assert_eq!(cuts(text.as_bytes()), cuts(text.as_bytes()));
    }

    /// Fails when it is read.
    struct Torn;

    impl Read for Torn {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(Error::other("torn"))
        }
    }

    #[test]
    fn whole_lines_before_a_break_are_kept_and_half_a_line_is_not() {
        let torn = |text: &'static str| cuts(BufReader::new(text.as_bytes().chain(Torn)));
        assert_eq!(torn("1\n2\n3\nhal"), [(1, 3), (4, 0)]);
        assert_eq!(torn(""), [(1, 0)]);
    }
}
